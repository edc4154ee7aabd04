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
from collections.abc import Iterable

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import real


class Optimiser:
    """What optimisers share: parameters, a rate, and steps that are taken whole or not at all.

    *parameters* are leaves, at least one, none twice; *rate* is above 0 and finite, and may be
    changed between steps. Raises TypeError or ValueError for anything else.
    """

    def __init__(self, parameters: Iterable[Value], rate: float) -> None:
        self.parameters = leaves(parameters)
        self.rate = rate

    @property
    def rate(self) -> float:
        """How far a step goes."""
        return self._rate

    @rate.setter
    def rate(self, rate: float) -> None:
        self._rate = positive(rate, "rate")

    def zero_grad(self) -> None:
        """Set the grad of every parameter to 0, for the next pass to start from."""
        for parameter in self.parameters:
            parameter.grad = 0.0

    def gradients(self) -> list[float]:
        """Return the grad of every parameter; raise ValueError unless all are finite."""
        return self.finite("grad", [parameter.grad for parameter in self.parameters])

    def moved(self, changes: Iterable[float]) -> list[float]:
        """Return the data of the parameters less the changes; raise ValueError unless finite."""
        pairs = zip(self.parameters, changes, strict=True)
        return self.finite("data after the step", [p.data - change for p, change in pairs])

    def finite(self, what: str, numbers: list[float]) -> list[float]:
        """Return the numbers, one for each parameter; raise ValueError unless all are finite."""
        if not all(map(math.isfinite, numbers)):
            i = next(i for i, number in enumerate(numbers) if not math.isfinite(number))
            fault = f"the {what} of {name(self.parameters[i], i)} is {numbers[i]}"
            raise ValueError(f"{fault}, so no parameter was changed; is the rate too high?")
        return numbers

    def write(self, data: list[float]) -> None:
        """Set the data of the parameters."""
        for parameter, number in zip(self.parameters, data, strict=True):
            parameter.data = number


class SGD(Optimiser):
    """Gradient descent: v ← momentum · v + gradient, w ← w - rate · v (Polyak 1964).

    *momentum* is at least 0, where v is the gradient, and below 1. The S is for stochastic: the
    loss may be that of some examples at a time.
    """

    def __init__(
        self, parameters: Iterable[Value], rate: float = 0.01, momentum: float = 0.0
    ) -> None:
        super().__init__(parameters, rate)
        self.momentum = fraction(momentum, "momentum")
        self.velocities = [0.0] * len(self.parameters)

    def step(self) -> None:
        """Move all parameters by their gradients; raise ValueError where one is not finite."""
        rate, momentum = self.rate, self.momentum
        pairs = zip(self.velocities, self.gradients(), strict=True)
        velocities = [momentum * v + g for v, g in pairs]
        data = self.moved([rate * v for v in velocities])
        self.velocities = velocities
        self.write(data)


class Adam(Optimiser):
    """Steps of about the same length for every parameter (Kingma and Ba 2015, algorithm 1).

    m and v are running means of the gradient and of its square, kept by *beta1* and *beta2*, at
    least 0 and below 1; *epsilon*, above 0, keeps the quotient finite:
    w ← w - rate · m̂ / (√v̂ + epsilon), where m̂ = m / (1 - beta1ᵗ) and v̂ = v / (1 - beta2ᵗ).

    >>> from autograd_mini.engine import Value
    >>> a, b = Value(1.0), Value(1.0)
    >>> (1000 * a + 0.001 * b).backward()
    >>> Adam([a, b], rate=0.1).step()
    >>> f"{a.data:.4f}, {b.data:.4f}"
    '0.9000, 0.9000'
    """

    def __init__(
        self,
        parameters: Iterable[Value],
        rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        super().__init__(parameters, rate)
        self.beta1, self.beta2 = fraction(beta1, "beta1"), fraction(beta2, "beta2")
        self.epsilon = positive(epsilon, "epsilon")
        self.steps = 0
        self.means = self.squares = [0.0] * len(self.parameters)

    def step(self) -> None:
        """Move all parameters by their gradients; raise ValueError where one is not finite."""
        gradients = self.gradients()
        means = running(self.beta1, self.means, gradients)
        squares = running(self.beta2, self.squares, [g * g for g in gradients])
        self.finite("mean squared grad", squares)
        data = self.moved(self.changes(means, squares, self.steps + 1))
        self.means, self.squares, self.steps = means, squares, self.steps + 1
        self.write(data)

    def changes(self, means: list[float], squares: list[float], t: int) -> list[float]:
        """Return rate · m̂ / (√v̂ + epsilon) for each parameter, in step *t*."""
        rate, first, second = self.rate, 1 - self.beta1**t, 1 - self.beta2**t
        pairs = zip(means, squares, strict=True)
        return [rate * (m / first) / (math.sqrt(v / second) + self.epsilon) for m, v in pairs]


def running(beta: float, means: list[float], numbers: list[float]) -> list[float]:
    """Return beta · mean + (1 - beta) · number for each."""
    return [beta * m + (1 - beta) * x for m, x in zip(means, numbers, strict=True)]


# Arguments ---------------------------------------------------------------------------------------


def leaves(parameters: Iterable[Value]) -> list[Value]:
    """List the parameters; raise unless they are leaves, at least one, none twice."""
    if not isinstance(parameters, Iterable):
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
    return parameter.label or f"parameter {i + 1}"


def positive(number: float, what: str) -> float:
    """Return the number if it is above 0 and finite."""
    if not 0 < real(number) < math.inf:
        raise ValueError(f"{what} is above 0 and finite, got {number}")
    return float(number)


def fraction(number: float, what: str) -> float:
    """Return the number if it is at least 0 and below 1."""
    if not 0 <= real(number) < 1:
        raise ValueError(f"{what} is at least 0 and below 1, got {number}")
    return float(number)
