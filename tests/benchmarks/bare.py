"""The least that an eager engine in plain Python does: one object for each operation, no comfort.

It shows what is within reach on a machine. Nothing is labelled, named or checked; a number among
the operands is a constant and has no node. Only graphs made afresh are differentiated: all their
nodes are younger than the output of the pass before.
"""

from __future__ import annotations

import math
from functools import partial
from itertools import count
from typing import Any

number = count(1).__next__
passes = [0]  # the number of the output of the pass before


class Value:
    """A number, its operands `a` and `b` and their partials; leaves are all number 0."""

    __slots__ = ("a", "b", "da", "data", "db", "grad", "number")

    def __init__(self, data: float) -> None:
        self.data = data
        self.grad = 0.0
        self.number = 0

    def __add__(self, other: Value | float) -> Value:
        y = new()
        y.a = self
        y.da = 1.0
        if other.__class__ is Value:
            y.data = self.data + other.data
            y.b = other
            y.db = 1.0
        else:
            y.data = self.data + other
            y.b = None
        y.grad = 0.0
        y.number = number()
        return y

    def __mul__(self, other: Value | float) -> Value:
        y = new()
        y.a = self
        if other.__class__ is Value:
            y.data = (a := self.data) * (b := other.data)
            y.da = b
            y.b = other
            y.db = a
        else:
            y.data = self.data * other
            y.da = other
            y.b = None
        y.grad = 0.0
        y.number = number()
        return y

    __radd__, __rmul__ = __add__, __mul__

    def __sub__(self, other: Value | float) -> Value:
        if other.__class__ is Value:
            return result(self.data - other.data, self, 1.0, other, -1.0)
        return result(self.data - other, self, 1.0)

    def __rsub__(self, other: float) -> Value:
        return result(other - self.data, self, -1.0)

    def __truediv__(self, other: Value | float) -> Value:
        if other.__class__ is Value:
            y = self.data / (b := other.data)
            return result(y, self, 1.0 / b, other, -y / b)
        return result(self.data / other, self, 1.0 / other)

    def __rtruediv__(self, other: float) -> Value:
        y = other / self.data
        return result(y, self, -y / self.data)

    def __neg__(self) -> Value:
        return result(-self.data, self, -1.0)

    def __pow__(self, exponent: float) -> Value:
        a = self.data
        return result(a**exponent, self, exponent * a ** (exponent - 1))

    def exp(self) -> Value:
        """e to the power of this Value."""
        y = math.exp(self.data)
        return result(y, self, y)

    def log(self) -> Value:
        """The natural logarithm of this Value."""
        return result(math.log(self.data), self, 1.0 / self.data)

    def relu(self) -> Value:
        """This Value where it is positive, otherwise 0."""
        a = self.data
        return result(a, self, 1.0) if a > 0 else result(0.0, self, 0.0)

    def backward(self) -> None:
        """Add the derivative of this Value to the grad of every node below it, youngest first."""
        top, self.grad = self.number, 1.0
        nodes: list[Any] = [None] * (top - passes[0])
        nodes[0] = self
        passes[0] = top
        for y in nodes:
            if y is None:
                continue
            adjoint, a = y.grad, y.a
            a.grad += adjoint * y.da
            if a.number:
                nodes[top - a.number] = a
            b = y.b
            if b is not None:
                b.grad += adjoint * y.db
                if b.number:
                    nodes[top - b.number] = b


def result(data: float, a: Value, da: float, b: Value | None = None, db: float = 0.0) -> Value:
    """A node of one or two operands."""
    y = new()
    y.data = data
    y.a = a
    y.da = da
    y.b = b
    y.db = db
    y.grad = 0.0
    y.number = number()
    return y


new: Any = partial(object.__new__, Value)
