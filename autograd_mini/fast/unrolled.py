"""Unrolled: the sweep, the layer and the call of a function, written out for speed.

They do what ``engine.accumulate``, ``sums.weighted_sums`` and ``Value.apply`` do, step for step,
and take their places when the package is imported. Delete this module and everything works as
before, slower.
"""

from collections.abc import Iterable, Sequence
from textwrap import indent
from typing import Any

from autograd_mini.engine import Value, sums
from autograd_mini.engine import value as engine
from autograd_mini.engine.arguments import real
from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.primitives import Primitive
from autograd_mini.engine.sums import Variadic, affine, affine_partials, affine_sum, weighted_sum
from autograd_mini.fast.specialise import SCOPE, define

new = SCOPE["new"]

SWEEP = """\
def accumulate(output, seed, leaves):
    sweep = object()
    levels = [None] * (output.depth + 1)
{output}
    for depth in range(output.depth, 0, -1):
        nodes = levels[depth] or ()
        levels[depth] = None
        for node in nodes:
            adjoint = node.grad
            a = node._da
            b = node._db
            if a is not None:
{first}
            if b is not None:
{second}
            elif a is None:
                for operand, partial in zip(node._a, node._b):
                    if partial is not None:
{each}
"""
RECEIVE = """\
x = {node}
if x.reached is sweep:
    x.grad += {term}
elif x.depth:
    x.reached = sweep
    x.grad = {term}
    level = levels[x.depth]
    if level is None:
        levels[x.depth] = [x]
    else:
        level.append(x)
else:
    x.reached = sweep
    leaves.append((x, x.grad))
    x.grad += {term}"""


def receive(depth: int, node: str, term: str) -> str:
    """Write how a node receives a term, *depth* blocks deep."""
    return indent(RECEIVE.format(node=node, term=term), "    " * depth)


class Inputs:
    """The inputs of a layer, read once for all of its neurons."""

    def __init__(self, inputs: Sequence[Any]) -> None:
        nodes: list[Any] = [x for x in inputs if x.__class__ is Value]
        self.operands, self.numbers = nodes, [x._data for x in nodes]
        self.constant = len(nodes) < len(inputs)
        if self.constant:
            self.operands = [x if isinstance(x, Value) else real(x) for x in inputs]
            nodes = [x for x in self.operands if isinstance(x, Value)]
            self.numbers = [x._data if isinstance(x, Value) else x for x in self.operands]
        self.depth = max([x.depth for x in nodes], default=0) + 1

    def weighted(self, weights: Sequence[Any], bias: Any) -> Any:
        """Return the weighted sum for one neuron, whose weights are leaves as a rule."""
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


def weighted_sums(rows: Iterable[tuple[Sequence[Any], Any]], inputs: Sequence[Any]) -> list[Any]:
    """Return the weighted sum of the inputs for each row of weights and bias."""
    read = Inputs(inputs)
    try:
        return [read.weighted(weights, bias) for weights, bias in rows]
    except AttributeError:  # a weight or bias that is no Value
        return [weighted_sum(weights, read.operands, bias) for weights, bias in rows]


def many(op: Primitive, operands: Sequence[Any]) -> Value:
    """Return the result of a primitive with many operands."""
    operands = [x if isinstance(x, (Value, float)) else real(x) for x in operands]
    numbers = [x._data if isinstance(x, Value) else x for x in operands]
    depths = [x.depth for x in operands if isinstance(x, Value)]
    data = op.forward(*numbers)
    partials = op.rules[0](*numbers, data)
    if len(depths) < len(operands):
        pairs = zip(partials, operands, strict=True)
        partials = [d if isinstance(x, Value) else None for d, x in pairs]
    return node(op, tuple(operands), tuple(partials), data, max(depths) + 1)


def node(op: Primitive, operands: Any, partials: Any, data: float, depth: int) -> Value:
    """Return the node of a sum."""
    y: Value = new()
    y._a = operands
    y._b = partials
    y._da = y._db = y.reached = None
    y._data = data
    y.depth = depth
    y.op = op
    y.grad = 0.0
    y.label = ""
    return y


def apply(op: Primitive, *operands: Any) -> Any:
    """Compute the result by the method written for the function, or at one go for a sum."""
    if len(operands) == 1 and op in METHODS:
        return METHODS[op](*operands)
    if op.__class__ is Variadic and len(operands) > 2:
        return many(op, operands)
    return GENERIC(op, *operands)


GENERIC = Value.apply
FUNCTIONS = [(name, op) for name, op in vars(Arithmetic).items() if isinstance(op, Primitive)]
METHODS = {op: getattr(Value, name) for name, op in FUNCTIONS if len(op.rules) == 1}

source = SWEEP.format(
    output=receive(1, "output", "seed"),
    first=receive(4, "node._a", "adjoint * a"),
    second=receive(4, "node._b", "adjoint * b"),
    each=receive(6, "operand", "adjoint * partial"),
)
engine.accumulate = define("accumulate", source, {})
sums.weighted_sums = weighted_sums
setattr(Value, "apply", staticmethod(apply))  # noqa: B010 - no checker lets a method be replaced
