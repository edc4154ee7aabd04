"""Layers: nodes of many operands, a layer's weighted sums among them, made at one go.

What is out of the ordinary goes to the plain engine, ``Node``, which finds the words of an error.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from autograd_mini.engine.arguments import real
from autograd_mini.engine.primitives import Primitive, Quantity
from autograd_mini.engine.sums import affine, affine_partials, affine_sum, weighted_sum
from autograd_mini.engine.value import Node, Value

new = partial(object.__new__, Value)  # a Value without __init__: whoever calls it fills the slots


def as_operand(x: Quantity) -> Quantity:
    """Return a Value as it is, and a number of any kind as a float."""
    return x if x.__class__ is float or isinstance(x, Value) else real(x)


class Inputs:
    """The inputs of a layer, read once for all of its neurons."""

    def __init__(self, inputs: Sequence[Quantity]) -> None:
        nodes: list[Any] = [x for x in inputs if x.__class__ is Value]
        self.operands, self.numbers = nodes, [x._data for x in nodes]
        self.constant = len(nodes) < len(inputs)
        if self.constant:
            self.operands = [as_operand(x) for x in inputs]
            nodes = [x for x in self.operands if isinstance(x, Value)]
            self.numbers = [x._data if isinstance(x, Value) else x for x in self.operands]
        self.depth = max([x.depth for x in nodes], default=0) + 1

    def weighted(self, weights: Sequence[Quantity], bias: Quantity) -> Quantity:
        """Return the weighted sum for one neuron, whose weights are usually leaves."""
        leaves = [p._data for p in weights if not p.depth]
        constant = bias.__class__ is float
        if not len(weights) == len(leaves) == len(self.numbers) or (not constant and bias.depth):
            return weighted_sum(weights, self.operands, bias)
        data = affine(leaves, self.numbers, bias if constant else bias._data)
        partials = affine_partials(self.for_nodes(leaves), self.numbers)
        partials = (*partials[:-1], None) if constant else partials
        return node(affine_sum, (*weights, *self.operands, bias), partials, data, self.depth)

    def for_nodes(self, weights: list[float]) -> Sequence[float | None]:
        """Return the partials with respect to the inputs: none for constants."""
        if not self.constant:
            return weights
        pairs = zip(weights, self.operands, strict=True)
        return [w if isinstance(x, Value) else None for w, x in pairs]


def weighted_sums(
    rows: Sequence[tuple[Sequence[Quantity], Quantity]], inputs: Sequence[Quantity]
) -> list[Value]:
    """Return the weighted sum of the inputs for each row of weights and bias."""
    read = Inputs(inputs)
    try:
        return [read.weighted(weights, bias) for weights, bias in rows]
    except AttributeError:  # a weight or bias that is no Value
        return [weighted_sum(weights, read.operands, bias) for weights, bias in rows]


def many(op: Primitive, operands: Sequence[Quantity]) -> Value:
    """Return the result of a primitive with many operands."""
    known = [as_operand(x) for x in operands]
    numbers = [x._data if isinstance(x, Value) else x for x in known]
    depths = [x.depth for x in known if isinstance(x, Value)]
    try:
        data = float(op.forward(*numbers))
        partials = op.rules[0](*numbers, data)
    except (ArithmeticError, ValueError):
        return Node.apply(op, *known)
    if not len(depths) == len(known) == len(partials):
        pairs = zip(partials, known, strict=True)
        partials = [d if isinstance(x, Value) else None for d, x in pairs]
    return node(op, tuple(known), tuple(partials), data, max(depths) + 1)


def node(op: Primitive, operands: Any, partials: Any, data: float, depth: int) -> Value:
    """Return the node of a sum."""
    y = new()
    y._a = operands
    y._b = partials
    y._da = y._db = y.reached = None
    y._data = data
    y.depth = depth
    y.op = op
    return y
