"""Adapters of the engines whose numbers are `Value` objects: micrograd, the tuple design, and ours."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import count
from typing import Any

from .workloads import Network, Number, PlainNetwork, Workload, moons

RATE = 1e-9
"""The learning rate of timed steps: so small that the set of active ReLUs, and so the work, stays."""


class PlainMaths:
    """Plain arithmetic over one `Value` class that has the methods exp, log and relu."""

    def __init__(self, value: Callable[[float], Any]) -> None:
        self.value = value

    def constant(self, number: float) -> Number:
        """An input is a Value, as in micrograd's own demo."""
        return self.value(number)

    def exp(self, x: Number) -> Number:
        """The method."""
        return x.exp()

    def log(self, x: Number) -> Number:
        """The method."""
        return x.log()

    def relu(self, x: Number) -> Number:
        """The method."""
        return x.relu()

    def dot(self, ws: Sequence[Number], xs: Sequence[Number]) -> Number:
        """Products, then Python's own `sum`."""
        return sum(w * x for w, x in zip(ws, xs, strict=True))

    def weighted_sum(self, ws: Sequence[Number], xs: Sequence[Number], bias: Number) -> Number:
        """Products summed on top of the bias, as micrograd's neuron does."""
        return sum((w * x for w, x in zip(ws, xs, strict=True)), bias)

    def total(self, values: Sequence[Number]) -> Number:
        """Python's own `sum`."""
        return sum(values)

    def network(self, parameters: Sequence[Number]) -> Network:
        """The network in plain arithmetic."""
        return PlainNetwork(self, parameters)


def micrograd_maths() -> PlainMaths:
    """The micrograd package, with exp and log added in its own style: closures."""
    from micrograd.engine import Value

    def exp(self: Any) -> Any:
        out = Value(math.exp(self.data), (self,), "exp")

        def _backward() -> None:
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    def log(self: Any) -> Any:
        out = Value(math.log(self.data), (self,), "log")

        def _backward() -> None:
            self.grad += out.grad / self.data

        out._backward = _backward
        return out

    Value.exp, Value.log = exp, log
    return PlainMaths(Value)


def tuples_maths() -> PlainMaths:
    """The tuple design of `tuples.py`."""
    from .tuples import Value

    return PlainMaths(Value)


def named_maths(name: str) -> PlainMaths:
    """Any class with micrograd's interface and exp, log, relu, written `module:Class`."""
    module, _, attribute = name.partition(":")
    return PlainMaths(getattr(import_module(module), attribute))


class Task:
    """One workload on one such engine: build, differentiate, update."""

    def __init__(self, maths: PlainMaths, workload: Workload) -> None:
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

    def answer(self) -> tuple[float, list[float]]:
        """The loss and every gradient of one step."""
        loss = self.step()
        return loss, [float(leaf.grad) for leaf in self.leaves]


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
    """Adam, in plain Python (Kingma and Ba, 2015)."""
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
    turns = count(1)

    def update() -> None:
        x, y, _side = moons()[next(turns) % len(moons())]
        leaves[-2].data, leaves[-1].data = x, y

    return update


UPDATES = {"none": no_update, "sgd": sgd, "adam": adam, "input": next_input}
