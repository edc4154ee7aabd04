"""Sums: the primitives that take any number of operands, and so one rule for all of them.

>>> weighted_sum([2.0, 3.0], [10.0, 1.0], 0.5), total([1.0, 2.0, 3.0])
(23.5, 6.0)
"""

import operator
from collections.abc import Iterable, Sequence
from typing import Any

from autograd_mini.engine.primitives import Primitive, T


class Variadic(Primitive):
    """A primitive of any number of operands, whose one rule returns all partials at once."""

    def partials(self, operands: Sequence[Any], y: Any, wanted: Iterable[bool]) -> list[Any]:
        """Apply the rule; an operand that is not *wanted* has no partial, but None."""
        partials = self.rules[0](*operands, y)
        return [d if want else None for d, want in zip(partials, wanted, strict=True)]


def affine(weights: Sequence[Any], inputs: Sequence[Any], bias: Any) -> Any:
    """Return w1·x1 + … + wn·xn + b."""
    return sum(map(operator.mul, weights, inputs)) + bias


def affine_partials(weights: Sequence[Any], inputs: Sequence[Any]) -> tuple[Any, ...]:
    """Return the partials with respect to w1, …, wn, x1, …, xn and b."""
    return (*inputs, *weights, 1.0)


def halves(v: Sequence[Any]) -> tuple[Sequence[Any], Sequence[Any]]:
    """Return w1, …, wn and x1, …, xn of w1, …, wn, x1, …, xn, b."""
    n = len(v) // 2
    return v[:n], v[n : 2 * n]


sum_of = Variadic("total", lambda *v: sum(v), lambda *v: (1.0,) * (len(v) - 1))
affine_sum = Variadic(
    "weighted_sum",
    lambda *v: affine(*halves(v), v[-1]),
    lambda *v: affine_partials(*halves(v[:-1])),  # the last is the result
)


def total(values: Iterable[T | float]) -> T:
    """Return the sum of the values as one node; ``sum`` makes a node for every addition."""
    operands: list[Any] = list(values)
    result: T = sum_of(*operands)
    return result


def weighted_sum(
    weights: Sequence[T | float], inputs: Sequence[T | float], bias: T | float = 0.0
) -> T:
    """Return Σ wᵢxᵢ + b as one node: what a neuron computes before its activation.

    Raises ValueError unless there are as many weights as inputs.
    """
    if len(weights) != len(inputs):
        raise ValueError(f"weighted_sum got {len(weights)} weights for {len(inputs)} inputs")
    operands: list[Any] = [*weights, *inputs, bias]
    result: T = affine_sum(*operands)
    return result
