"""Adapters of the engines made of `Value` objects: micrograd, the tuple design, and ours."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, cast

from .workloads import WIDTHS, Network, Number, PlainNetwork


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

    def linear(self, rows: Sequence[Sequence[Number]], xs: Sequence[Number]) -> list[Number]:
        """Row by row."""
        return [self.dot(row, xs) for row in rows]

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
    Value = import_module("micrograd.engine").Value  # noqa: N806

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


def bare_maths() -> PlainMaths:
    """The bare design of `bare.py`."""
    from .bare import Value

    return PlainMaths(Value)


def named_maths(name: str) -> PlainMaths:
    """Any class with micrograd's interface and exp, log, relu, written `module:Class`."""
    module, _, attribute = name.partition(":")
    return PlainMaths(getattr(import_module(module), attribute))


def our_maths() -> PlainMaths:
    """Our engine, plain operators: the same code as micrograd's."""
    return named_maths("autograd_mini.engine:Value")


class SumsMaths(PlainMaths):
    """Our engine with its variadic functions: a sum of products is one node."""

    def __init__(self) -> None:
        self.engine: Any = import_module("autograd_mini")
        super().__init__(self.engine.Value)

    def dot(self, ws: Sequence[Number], xs: Sequence[Number]) -> Number:
        """One node."""
        return self.engine.weighted_sum(ws, xs, 0.0)

    def linear(self, rows: Sequence[Sequence[Number]], xs: Sequence[Number]) -> list[Number]:
        """One node a row, the inputs read once."""
        sums: list[Number] = self.engine.Value.weighted_sums([(row, 0.0) for row in rows], xs)
        return sums

    def weighted_sum(self, ws: Sequence[Number], xs: Sequence[Number], bias: Number) -> Number:
        """One node."""
        return self.engine.weighted_sum(ws, xs, bias)

    def total(self, values: Sequence[Number]) -> Number:
        """One node."""
        return self.engine.total(values)


class NetworkMaths(SumsMaths):
    """Our engine with its own networks, too."""

    def network(self, parameters: Sequence[Number]) -> Network:
        """`nn.MLP`, its parameters replaced by the ones given, which come in the same order."""
        model: Any = import_module("autograd_mini.nn").MLP(WIDTHS[0], list(WIDTHS[1:]))
        rest = iter(parameters)
        for layer in model.layers:
            for neuron in layer.neurons:
                neuron.w = [next(rest) for _ in neuron.w]
                neuron.b = next(rest)
        return cast(Network, model)
