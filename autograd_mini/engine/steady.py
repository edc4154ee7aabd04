"""Steady: what stays the same while the leaves of a graph move a little.

A partial that is made of flat functions alone, as that of relu, is a *branch*: where it is 0 the
branch is off, and what lies behind it has no influence at all, whatever adjoint arrives. But at the
corner itself, relu of 0, it has: there the partial is 0 by convention, and at this point only.

>>> from autograd_mini.engine.primitives import maximum, mul, relu
>>> flat_partials(relu, 1), flat_partials(maximum, 2), flat_partials(mul, 2)
((True,), (True, True), (False, False))
"""

import math
from collections.abc import Container, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.primitives import Operand, Primitive, Quantity

if TYPE_CHECKING:  # which stands above: it is named for checkers alone
    from autograd_mini.engine.value import Node

T = TypeVar("T", bound="Node")


class Unknown(Arithmetic):
    """A number that nothing is known of: nothing is known of what is computed from it, either."""

    __slots__ = ()

    @classmethod
    def apply(cls, _op: Primitive, *_operands: Quantity) -> Quantity:
        """Return that the result is unknown, too."""
        return cls()


class Moving(Unknown):
    """A number that moves with the leaves; a flat function of it does not, except at its step.

    The *number* it is now is NaN where that is not known.
    """

    __slots__ = ("number",)

    def __init__(self, number: float = math.nan) -> None:
        self.number = number

    @classmethod
    def apply(cls, op: Primitive, *operands: Quantity) -> Quantity:
        """Return a plain number where the result is steady: which one does not matter."""
        numbers = [x.number if isinstance(x, cls) else x for x in operands]
        is_at_step = len(numbers) == 2 and numbers[0] == numbers[1]  # of [a > b] and [a = b]
        return 1.0 if is_flat(op, len(operands)) and not is_at_step else cls()


@cache
def is_flat(op: Primitive, count: int) -> bool:
    """Tell whether the partials of a primitive of *count* operands are all 0, as a step's are."""
    partials = trace(op, [Unknown()] * count, Unknown())
    return all(isinstance(partial, float) and partial == 0 for partial in partials)


@cache
def flat_partials(op: Primitive, count: int) -> tuple[bool, ...]:
    """Tell for each of *count* operands whether its partial is made of flat functions alone."""
    return tuple(not moves(partial) for partial in trace(op, [Moving()] * count, Moving()))


def trace(op: Primitive, operands: Sequence[Quantity], y: Quantity) -> list[Quantity]:
    """Apply the rules to moving operands; a rule that asks for their data counts as moving."""
    try:
        return op.partials(operands, y, [True] * len(operands))
    except TypeError:
        return [Moving()] * len(operands)


def moves(partial: Quantity) -> bool:
    """Tell whether a partial that was traced moves, or cannot be computed at all."""
    return isinstance(partial, Operand) or math.isnan(partial)


def moving_adjoints(output: T, adjoints: Mapping[T, float]) -> set[T]:
    """Return the nodes whose adjoint moves with the leaves, given what the adjoints are now.

    A sum of terms is steady if all terms are; a term is, if both its factors are, or if one of
    them is 0 and steady.
    """
    order = topological_order(output)
    steady = steady_nodes(order)
    moving: set[T] = set()
    for node in reversed(order):
        if node in moving or adjoints.get(node, 0.0) != 0:
            for operand, partial, moved in traced_edges(node, steady):
                if moved or (node in moving and partial != 0):
                    moving.add(operand)
    return moving


def steady_nodes(order: Sequence[T]) -> set[T]:
    """Return the computed nodes whose data is steady, given the graph in topological order.

    The data is steady if every operand is, or has a partial that is a steady 0.
    """
    steady: set[T] = set()
    for node in order:
        edges = traced_edges(node, steady)
        if edges and all(x in steady or (d == 0 and not moved) for x, d, moved in edges):
            steady.add(node)
    return steady


def traced_edges(node: T, steady: set[T]) -> list[tuple[T, float, bool]]:
    """List each operand of a node that is one, the stored partial, and whether that moves."""
    triples = zip(node.operands, node.partials, moving_partials(node, steady), strict=True)
    return [triple for triple in triples if triple[1] is not None]


def moving_partials(node: T, steady: Container[T] = ()) -> list[bool]:
    """Tell for each operand of a node whether its partial moves, while *steady* nodes do not."""

    def follow(x: Quantity) -> Quantity:
        return x if isinstance(x, float) else x.data if x in steady else Moving(x.data)

    traced = trace(node.op, [follow(x) for x in node.operands], follow(node))
    return [moves(partial) for partial in traced]
