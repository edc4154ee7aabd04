"""What a worker repeats: a task has `step()`, which is timed, and `answer()`, which is checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count, cycle
from typing import Any, Protocol

from .workloads import Workload, moons

RATE = 1e-9
"""The learning rate of timed steps: so small that the same ReLUs stay active in all of them."""

Answer = tuple[float, Sequence[float]]


class AbsentError(Exception):
    """An engine cannot do a workload here; the message says why."""


class Task(Protocol):
    """One engine's way to do one workload."""

    def step(self) -> object:
        """What is timed: build, differentiate, update."""

    def answer(self) -> Answer:
        """The value and every gradient at the start, or one step further."""


# What follows the gradient -----------------------------------------------------------------------

Update = Callable[[], None]


def no_update(_leaves: list[Any]) -> Update:
    """Nothing is learnt."""
    return lambda: None


def sgd(leaves: list[Any]) -> Update:
    """Gradient descent."""

    def update() -> None:
        for leaf in leaves:
            leaf.data -= RATE * leaf.grad

    return update


def adam(leaves: list[Any]) -> Update:
    """Adam in plain Python (Kingma and Ba, 2015)."""
    means, squares, ages = [0.0] * len(leaves), [0.0] * len(leaves), count(1)

    def update() -> None:
        age = next(ages)
        first, second = 1 - 0.85**age, 1 - 0.99**age
        for i, leaf in enumerate(leaves):
            means[i] = 0.85 * means[i] + 0.15 * leaf.grad
            squares[i] = 0.99 * squares[i] + 0.01 * leaf.grad**2
            leaf.data -= RATE * (means[i] / first) / ((squares[i] / second) ** 0.5 + 1e-8)

    return update


def next_input(leaves: list[Any]) -> Update:
    """The next point, in the last two leaves."""
    points = cycle(moons())

    def update() -> None:
        leaves[-2].data, leaves[-1].data, _side = next(points)

    return update


UPDATES = {"none": no_update, "sgd": sgd, "adam": adam, "input": next_input}


# Three kinds of engine ---------------------------------------------------------------------------


class ValueTask:
    """An engine of `Value` objects: build the graph, call `backward()`, read each `grad`."""

    def __init__(self, maths: Any, workload: Workload) -> None:
        self.leaves = [maths.value(number) for number in workload.start()]
        self.loss = workload.model(maths, self.leaves)
        self.update = UPDATES[workload.update](self.leaves)

    def step(self) -> float:
        """One step as a user writes it; its loss."""
        for leaf in self.leaves:
            leaf.grad = 0.0
        loss = self.loss()
        loss.backward()
        self.update()
        return float(loss.data)

    def answer(self) -> Answer:
        """The loss and every gradient of one step."""
        return self.step(), [float(leaf.grad) for leaf in self.leaves]


class Leaf:
    """A number and its gradient, for engines that keep neither."""

    __slots__ = ("data", "grad")

    def __init__(self, data: float) -> None:
        self.data = data
        self.grad = 0.0


class FunctionTask:
    """An engine that differentiates a function of a list of numbers."""

    def __init__(
        self, workload: Workload, differentiate: Callable[[Sequence[float]], Answer]
    ) -> None:
        self.leaves = [Leaf(number) for number in workload.start()]
        self.differentiate = differentiate
        self.update = UPDATES[workload.update](self.leaves)

    def step(self) -> float:
        """Differentiate, and put each gradient beside its number."""
        value, gradients = self.differentiate([leaf.data for leaf in self.leaves])
        for leaf, gradient in zip(self.leaves, gradients, strict=True):
            leaf.grad = gradient
        self.update()
        return value

    def answer(self) -> Answer:
        """The loss and every gradient of one step."""
        return float(self.step()), [float(leaf.grad) for leaf in self.leaves]


class ReplayTask:
    """A recorded function, called again and again; *arguments* gives what each call receives."""

    def __init__(
        self, function: Callable[..., Any], arguments: Callable[[], tuple[Any, ...]]
    ) -> None:
        self.function = function
        self.arguments = arguments

    def step(self) -> Any:
        """One call."""
        return self.function(*self.arguments())

    def answer(self) -> Answer:
        """The value, and every gradient as plain floats."""
        value, gradients = self.step()
        return float(value), [float(gradient) for gradient in gradients]
