"""Algebra: how the operation that made a node is written, in any notation.

>>> from autograd_mini.engine import Value
>>> from autograd_mini.notation.text import Symbol
>>> y = Value(2.0, "a") * Value(3.0, "b") - 1
>>> print(write_operation(y.op, y.operands, Symbol, lambda x: Symbol(x.label or "v1")))
v1 - 1
"""

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from typing import TypeVar

from autograd_mini.engine.primitives import Operand, Primitive, Quantity
from autograd_mini.engine.sums import Variadic, affine_sum, halves, sum_of
from autograd_mini.notation.notation import Notation

W = TypeVar("W", bound=Notation)


def write_operation(
    op: Primitive, operands: Sequence[Quantity], kind: type[W], write: Callable[[Quantity], W]
) -> W:
    """Write an operation, given how to *write* an operand that is a node; of a leaf, nothing."""

    def write_any(x: Quantity) -> W:
        return write(x) if isinstance(x, Operand) else kind.of(x)

    if not operands:
        return kind("")
    if op is affine_sum:
        return reduce(operator.add, write_weighted(operands, kind, write_any))
    if op is sum_of:
        return reduce(operator.add, write_long(operands, kind, write_any))
    if isinstance(op, Variadic):
        return kind.write_call(op.name, write_long(operands, kind, write_any))
    return kind.apply(op, *map(write_any, operands))


def write_weighted(
    operands: Sequence[Quantity], kind: type[W], write: Callable[[Quantity], W]
) -> list[W]:
    """Write the terms of a weighted sum; a bias of 0 is what it has where none was given."""
    weights, inputs = halves(operands[:-1])
    pairs = [*zip(weights, inputs, strict=True)]
    products = write_long(pairs, kind, lambda pair: write(pair[0]) * write(pair[1]))
    bias = operands[-1]
    return products if bias == 0.0 and products else [*products, write(bias)]


def write_long(terms: Sequence[Quantity], kind: type[W], write: Callable[[Quantity], W]) -> list[W]:
    """Write terms; of more than a few the first two and the last, and … between."""
    if len(terms) <= kind.LONGEST_SUM:
        return [write(x) for x in terms]
    return [write(terms[0]), write(terms[1]), kind(kind.REST), write(terms[-1])]
