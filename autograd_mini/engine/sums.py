"""Sums: the primitives that take any number of operands, and so one rule for all of them.

>>> weighted_sum([2.0, 3.0], [10.0, 1.0], 0.5), total([1.0, 2.0, 3.0])
(23.5, 6.0)

A sum is added from left to right, as its formula is read and as a program computes it, so it has
the same last digit everywhere:

>>> total([0.1] * 10), 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1 + 0.1
(0.9999999999999999, 0.9999999999999999)
"""

import operator
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, overload

from autograd_mini.engine.arguments import described, require_list
from autograd_mini.engine.primitives import Primitive, Quantity, T

if TYPE_CHECKING:  # for the sake of mypy, which finds no T in a list of Values and numbers
    from autograd_mini.engine.value import Value


NUMBERS = "numbers or Values"


class Variadic(Primitive):
    """A primitive of any number of operands, whose one rule returns all partials at once."""

    def partials(
        self, operands: Sequence[Quantity], y: Quantity, wanted: Iterable[bool]
    ) -> list[Quantity]:
        """Apply the rule; an operand that is not *wanted* has no partial, but None."""
        partials = self.rules[0](*operands, y)
        return [d if want else None for d, want in zip(partials, wanted, strict=True)]


class NothingYet(float):
    """What a sum starts with, so that ``sum`` adds plainly.

    From Python 3.12 on ``sum`` makes up for rounding where it starts with a float, but not where
    it starts with another class of number (CPython issue 100425).
    """

    __slots__ = ()


NOTHING_YET = NothingYet(-0.0)  # the one number that changes no other, not even -0.0


def add_up(numbers: Iterable[Quantity]) -> Quantity:
    """Return the sum from left to right.

    >>> add_up([1e16, 1.0, -1e16]), add_up([-0.0, -0.0]), add_up([])
    (0.0, -0.0, 0.0)
    """
    found = sum(numbers, NOTHING_YET)
    return 0.0 if found is NOTHING_YET else found


def affine(weights: Sequence[Quantity], inputs: Sequence[Quantity], bias: Quantity) -> Quantity:
    """Return w1·x1 + … + wn·xn + b."""
    return sum(map(operator.mul, weights, inputs), NOTHING_YET) + bias


def affine_partials(
    weights: Sequence[Quantity], inputs: Sequence[Quantity]
) -> tuple[Quantity, ...]:
    """Return the partials with respect to w1, …, wn, x1, …, xn and b."""
    return (*inputs, *weights, 1.0)


def halves(v: Sequence[Quantity]) -> tuple[Sequence[Quantity], Sequence[Quantity]]:
    """Return w1, …, wn and x1, …, xn of w1, …, wn, x1, …, xn, b."""
    n = len(v) // 2
    return v[:n], v[n : 2 * n]


sum_of = Variadic("total", lambda *v: add_up(v), lambda *v: (1.0,) * (len(v) - 1))
affine_sum = Variadic(
    "weighted_sum",
    lambda *v: affine(*halves(v), v[-1]),
    lambda *v: affine_partials(*halves(v[:-1])),  # the last is the result
)


@overload
def total(values: Iterable[float]) -> float: ...  # type: ignore[overload-overlap]
@overload
def total(values: Iterable["Value | float"]) -> "Value": ...
@overload
def total(values: Iterable[T | float]) -> T: ...
def total(values: Iterable[Quantity]) -> Quantity:
    """Return the sum of the values as one node; ``sum`` makes a node for every addition.

    Raises TypeError for what is not a list, nor anything else that can be gone through.

    >>> from autograd_mini.engine import Value
    >>> total([Value(1.0), Value(2.0), 4.0]).data
    7.0
    """
    return sum_of(*require_list("total", NUMBERS, values))


@overload
def weighted_sum(  # type: ignore[overload-overlap]
    weights: Sequence[float], inputs: Sequence[float], bias: float = 0.0
) -> float: ...
@overload
def weighted_sum(
    weights: Sequence["Value | float"],
    inputs: Sequence["Value | float"],
    bias: "Value | float" = 0.0,
) -> "Value": ...
@overload
def weighted_sum(
    weights: Sequence[T | float], inputs: Sequence[T | float], bias: T | float = 0.0
) -> T: ...
def weighted_sum(
    weights: Sequence[Quantity], inputs: Sequence[Quantity], bias: Quantity = 0.0
) -> Quantity:
    """Return Σ wᵢxᵢ + b as one node: what a neuron computes before its activation.

    Raises TypeError unless both are lists, and ValueError unless they are as long.

    >>> from autograd_mini.engine import Value
    >>> w, x = [Value(2.0), Value(-1.0)], [3.0, 4.0]
    >>> weighted_sum(w, x, 0.5).data
    2.5
    """
    for given in (weights, inputs):
        if not hasattr(given, "__getitem__"):  # a set has no order, a generator no length
            raise TypeError(f"weighted_sum needs a list of {NUMBERS}, got {described(given)}")
    if len(weights) != len(inputs):
        raise ValueError(f"weighted_sum got {len(weights)} weights for {len(inputs)} inputs")
    return affine_sum(*weights, *inputs, bias)
