"""Optimisers: they move parameters against their gradient, so that the loss falls.

A training loop has four lines. The loss it prints is the one before the update: to see the loss
that a step led to, compute it again.

>>> from autograd_mini.engine import Value
>>> w = Value(3.0, "w")
>>> optimiser = SGD([w], rate=0.25)
>>> for _ in range(3):
...     loss = w**2
...     optimiser.zero_grad()
...     loss.backward()
...     optimiser.step()
...     print(loss.data, w.data)
9.0 1.5
2.25 0.75
0.5625 0.375
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Never, overload

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import real, several
from autograd_mini.engine.changes import Changes
from autograd_mini.engine.messages import Origin
from autograd_mini.engine.observers import OBSERVERS
from autograd_mini.engine.refusals import refuse
from autograd_mini.losses import DIVERGED
from autograd_mini.notation.text import name_labels, write_label

FIRST_BAD = "first_bad(loss) finds the node where it began"

# What to write instead of arguments that optimisers have in PyTorch.
OTHER_NAMES = {
    "amsgrad": "the optimisers are SGD and Adam, as their papers have them",
    "betas": "write beta1= and beta2=",
    "eps": "it is called epsilon",
    "learning_rate": "it is called rate",
    "lr": "it is called rate",
    "nesterov": "momentum is Polyak's",
    "params": "the first argument is the parameters",
    "weight_decay": "add what large weights cost to the loss",
}


class Setting:
    """A number of an optimiser, checked whenever it is written: what *suits* is *told* in words."""

    def __init__(self, suits: Callable[[float], bool], told: str) -> None:
        self.suits, self.told = suits, told

    def __set_name__(self, owner: type, name: str) -> None:
        self.name, self.place = name, f"_{name}"

    @overload
    def __get__(self, optimiser: None, owner: type) -> "Setting": ...
    @overload
    def __get__(self, optimiser: object, owner: type) -> float: ...
    def __get__(self, optimiser: object, owner: type) -> Any:
        """Return the number; of the class, the setting itself."""
        return self if optimiser is None else getattr(optimiser, self.place)

    def __set__(self, optimiser: object, number: float) -> None:
        """Keep the number; raise TypeError or ValueError for one that cannot be."""
        if not self.suits(real(number)):
            raise ValueError(f"{self.name} is {self.told}, got {number}")
        setattr(optimiser, self.place, float(number))


def setting_below_one() -> Setting:
    """Return a setting that is a share of what is kept from step to step."""
    return Setting(lambda x: 0 <= x < 1, "at least 0 and below 1")


# Optimisers --------------------------------------------------------------------------------------


Numbers = list[Any]  # one for each parameter, or one array of them all


class Optimiser:
    """What optimisers share: parameters, a rate, and steps that are taken whole or not at all.

    *parameters* are leaves, at least one, none twice; *rate*, how far a step goes, is above 0 and
    finite, and may be changed between steps. Raises TypeError or ValueError for anything else.
    Ctrl-C, the first or a second, finds all parameters before a step or all after it.

    A kind of optimiser is one ``rule``. It takes the number of the step, from 1 on, lists of the
    parameters' data and grads and of what is remembered of them, and the settings, and returns new
    lists of data and of what to remember. A list has a number for each parameter; or it has one
    element, an array of them all: so ``autograd_mini.program.training`` moves them without a loop
    in Python, and in machine code, by the same rule; its ``zip`` is not strict, for Numba's sake.
    ``memories`` names the lists of what is remembered, and says what an error calls it.
    """

    rule: ClassVar[Callable[..., tuple[Numbers, ...]]]
    settings: ClassVar[tuple[str, ...]] = ("rate",)
    memories: ClassVar[dict[str, str]] = {}
    rate = Setting(lambda x: 0 < x < math.inf, "above 0 and finite")

    def __init__(self, parameters: Iterable[Value], rate: float) -> None:
        self.parameters = leaves(parameters)
        self.rate = rate
        self.steps = 0
        for memory in self.memories:
            setattr(self, memory, [0.0] * len(self.parameters))

    def chosen(self) -> tuple[float, ...]:
        """Return the settings as they are now, as the rule takes them."""
        return tuple([getattr(self, setting) for setting in self.settings])

    def zero_grad(self) -> None:
        """Set the grad of every parameter to 0, for the next pass to start from."""
        Changes().grads(self.parameters, [0.0] * len(self.parameters)).make()

    def step(self) -> None:
        """Move all parameters by their gradients; raise ValueError where one is not finite."""
        gradients = self.finite([p._grad for p in self.parameters], "grad")
        before = [p._data for p in self.parameters]
        t = self.steps + 1
        data, *memories = self.rule(t, before, gradients, *self.remembered(), *self.chosen())
        for memory, what in zip(memories, self.memories.values(), strict=True):
            self.finite(memory, what)
        self.finite(data, "data after the step")
        self.changes(data, memories, t).make()
        for observer in OBSERVERS:
            observer.after_step(self)

    def remembered(self) -> list[list[float]]:
        """Return what is remembered of each parameter, a list for each memory."""
        return [getattr(self, memory) for memory in self.memories]

    def changes(
        self, data: Sequence[float], memories: Iterable[list[float]], steps: int
    ) -> Changes:
        """Gather the parameters' data and the optimiser's state after so many *steps*."""
        state = dict(zip(self.memories, memories, strict=True))
        return Changes().data(self.parameters, data).fields(self, **state, steps=steps)

    def finite(self, numbers: Sequence[float], what: str) -> Sequence[float]:
        """Return the numbers, one for each parameter; raise ValueError unless all are finite."""
        if not all_finite(numbers):
            moved = self.fault([p.data for p in self.parameters], "data")
            advice = self.advice(bool(moved)) if what == "grad" else DIVERGED
            fault = moved or self.fault(numbers, what)
            raise ValueError(f"{fault}, so no parameter was changed; {advice}")
        return numbers

    def fault(self, numbers: Sequence[float], what: str) -> str:
        """Say which of the numbers is the first that is not finite, if there is one."""
        names = name_labels([name(p, i) for i, p in enumerate(self.parameters)])
        for number, parameter in zip(numbers, names, strict=True):
            if not math.isfinite(number):
                return f"the {what} of {parameter} is {number}"
        return ""

    def advice(self, has_moved: bool) -> str:
        """Say where the first grad that is not finite comes from, as far as a pass has noted it.

        A number that was given, and is no parameter that *has moved*, is an input of the model.
        """
        bad = [p.notes.get("first bad") for p in self.parameters if not math.isfinite(p._grad)]
        origin = next(filter(None, bad), Origin(FIRST_BAD))
        if origin.given is None or has_moved:
            return f"{origin.told}; {DIVERGED}"
        return f"an input is {origin.given}: {origin.told}"

    @property
    def lr(self) -> Never:
        """PyTorch's name of the rate, which is refused so that nobody sets it in vain."""
        raise AttributeError(f"{type(self).__name__} has no lr: it is called rate")

    @lr.setter
    def lr(self, _: object) -> Never:
        raise AttributeError(f"{type(self).__name__} has no lr: it is called rate")

    def __repr__(self) -> str:
        written = "".join(f", {setting}={getattr(self, setting)}" for setting in self.settings)
        return f"{type(self).__name__}({len(self.parameters)} parameters{written})"


class SGD(Optimiser):
    """Gradient descent: v ← momentum · v + gradient, w ← w - rate · v (Polyak 1964).

    *momentum* is at least 0, where v is the gradient, and below 1. The S is for stochastic: the
    loss may be that of some examples at a time.
    """

    settings = ("rate", "momentum")
    memories: ClassVar[dict[str, str]] = {"velocities": "velocity"}
    momentum = setting_below_one()

    def __init__(
        self,
        parameters: Iterable[Value],
        rate: float = 0.01,
        momentum: float = 0.0,
        **others: Never,
    ) -> None:
        refuse(others, "SGD", OTHER_NAMES)
        super().__init__(parameters, rate)
        self.momentum = momentum

    @staticmethod
    def rule(
        _t: float,
        data: Numbers,
        grads: Numbers,
        velocities: Numbers,
        rate: float,
        momentum: float,
    ) -> tuple[Numbers, Numbers]:
        """Move along the velocities, which are the grads where there is no momentum.

        >>> SGD.rule(1, [1.0], [1.0], [2.0], 0.25, 0.5)
        ([0.5], [2.0])
        """
        vs = list(grads)
        if momentum:
            vs = [momentum * v + g for v, g in zip(velocities, grads)]  # noqa: B905
        return [w - rate * v for w, v in zip(data, vs)], vs  # noqa: B905


class Adam(Optimiser):
    """Steps of about the same length for every parameter (Kingma and Ba 2015, algorithm 1).

    m and v are running means of the gradient and of its square, kept by *beta1* and *beta2*, at
    least 0 and below 1; *epsilon*, at least 1e-300, keeps the quotient finite:
    w ← w - rate · m̂ / (√v̂ + epsilon), where m̂ = m / (1 - beta1ᵗ) and v̂ = v / (1 - beta2ᵗ).

    >>> from autograd_mini.engine import Value
    >>> a, b = Value(1.0), Value(1.0)
    >>> (1000 * a + 0.001 * b).backward()
    >>> Adam([a, b], rate=0.1).step()
    >>> f"{a.data:.4f}, {b.data:.4f}"
    '0.9000, 0.9000'
    """

    settings = ("rate", "beta1", "beta2", "epsilon")
    memories: ClassVar[dict[str, str]] = {"means": "mean grad", "squares": "mean squared grad"}
    beta1, beta2 = setting_below_one(), setting_below_one()
    # The first steps multiply it by √(1 - beta2), which is 1e-8 at least, and do not round it to 0.
    epsilon = Setting(lambda x: 1e-300 <= x < math.inf, "at least 1e-300 and finite")

    def __init__(
        self,
        parameters: Iterable[Value],
        rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        **others: Never,
    ) -> None:
        refuse(others, "Adam", OTHER_NAMES)
        super().__init__(parameters, rate)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon

    @staticmethod
    def rule(  # noqa: PLR0913, PLR0917 - two memories and four settings
        t: float,
        data: Numbers,
        grads: Numbers,
        means: Numbers,
        squares: Numbers,
        rate: float,
        beta1: float,
        beta2: float,
        epsilon: float,
    ) -> tuple[Numbers, Numbers, Numbers]:
        """Move by the mean, over the root of the mean square.

        The corrections of m̂ and √v̂ are the same for all parameters: so rate and epsilon have them,
        once (section 2 of the paper).

        >>> Adam.rule(1, [1.0], [4.0], [0.0], [0.0], 0.25, 0.5, 0.75, 1.0)
        ([0.8], [2.0], [4.0])
        """
        root = (1 - beta2**t) ** 0.5
        pace, least = rate * root / (1 - beta1**t), epsilon * root
        rest1, rest2 = 1 - beta1, 1 - beta2
        ms = [beta1 * m + rest1 * g for m, g in zip(means, grads)]  # noqa: B905
        vs = [beta2 * v + rest2 * (g * g) for v, g in zip(squares, grads)]  # noqa: B905
        moved = zip(data, ms, vs)  # noqa: B905
        return [w - pace * m / (v**0.5 + least) for w, m, v in moved], ms, vs


# Arguments ---------------------------------------------------------------------------------------


def leaves(parameters: Iterable[Value]) -> list[Value]:
    """List the parameters; raise unless they are leaves, at least one, none twice."""
    if not several(parameters):
        raise TypeError(f"need a list of Values such as model.parameters(), got {parameters!r:.60}")
    found: dict[Value, int] = {}
    for i, parameter in enumerate(parameters):
        if not isinstance(parameter, Value):
            raise TypeError(f"parameter {i + 1} is {parameter!r:.60}; need a Value")
        if parameter.operands:
            raise ValueError(f"{name(parameter, i)} is computed from others; need a leaf")
        if found.setdefault(parameter, i) != i:
            raise ValueError(f"{name(parameter, i)} is listed twice, and would move twice")
    if not found:
        raise ValueError("need at least one parameter, got none")
    return list(found)


def name(parameter: Value, i: int) -> str:
    """Return the label of a parameter, or its place in the list.

    >>> name(Value(1.0), 0), name(Value(1.0, "w"), 0)
    ('parameter 1', 'w')
    """
    return write_label(parameter.label) or f"parameter {i + 1}"


def all_finite(numbers: Sequence[float]) -> bool:
    """Tell whether all numbers are finite: so is their sum, unless it alone is too large.

    >>> all_finite([1.0, 1e308, 1e308]), all_finite([1.0, math.nan])
    (True, False)
    """
    return math.isfinite(sum(numbers)) or all(map(math.isfinite, numbers))
