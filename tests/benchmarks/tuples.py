"""A peer design, written here for comparison: every node stores its local partials in a tuple.

Many small engines share this layout: `__slots__`, a tuple of operands, a tuple of local partials, a
recursive depth-first sort. Constants become nodes; `-` and `/` are built from `+`, `*` and `**`.
"""

from __future__ import annotations

import math


class Value:
    """A number that remembers its operands and the local partial of each."""

    __slots__ = ("data", "grad", "operands", "partials")

    def __init__(
        self,
        data: float,
        operands: tuple[Value, ...] = (),
        partials: tuple[float, ...] = (),
    ) -> None:
        self.data = data
        self.grad = 0.0
        self.operands = operands
        self.partials = partials

    def __add__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other: Value | float) -> Value:
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent: float) -> Value:
        partial = exponent * self.data ** (exponent - 1)
        return Value(self.data**exponent, (self,), (partial,))

    def exp(self) -> Value:
        """e to the power of this Value."""
        result = math.exp(self.data)
        return Value(result, (self,), (result,))

    def log(self) -> Value:
        """The natural logarithm of this Value."""
        return Value(math.log(self.data), (self,), (1.0 / self.data,))

    def relu(self) -> Value:
        """This Value where it is positive, otherwise 0."""
        return Value(max(0.0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self) -> Value:
        return self * -1

    def __radd__(self, other: float) -> Value:
        return self + other

    def __sub__(self, other: Value | float) -> Value:
        return self + (-other)

    def __rsub__(self, other: float) -> Value:
        return other + (-self)

    def __rmul__(self, other: float) -> Value:
        return self * other

    def __truediv__(self, other: Value | float) -> Value:
        return self * other**-1

    def __rtruediv__(self, other: float) -> Value:
        return other * self**-1

    def backward(self) -> None:
        """Add the derivative of this Value to the grad of every node below it."""
        order: list[Value] = []
        seen: set[Value] = set()

        def visit(node: Value) -> None:
            if node not in seen:
                seen.add(node)
                for operand in node.operands:
                    visit(operand)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            adjoint = node.grad
            for operand, partial in zip(node.operands, node.partials, strict=True):
                operand.grad += partial * adjoint
