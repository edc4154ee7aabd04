"""Python's operators, and the functions of the table as methods, spelled once for any operand.

Each asks the operand to ``apply`` a primitive: a Value computes, a formula writes itself.
"""

from collections.abc import Callable
from numbers import Real
from typing import Any, Self, TypeVar

from autograd_mini.engine import primitives as p
from autograd_mini.engine.primitives import Operand, Primitive
from autograd_mini.engine.refusals import MODULUS, called

A = TypeVar("A", bound="Arithmetic")


def unary(op: Primitive) -> Callable[[A], A]:
    """Return the method that applies a function of one operand."""

    def method(self: A) -> Any:
        return self.apply(op, self)

    return method


def binary(op: Primitive) -> Callable[[A, A | float], A]:
    """Return the method that applies a function of two operands."""

    def method(self: A, other: A | float) -> Any:
        return self.apply(op, self, other)

    return method


def infix(op: Primitive) -> Callable[[A, A | float], A]:
    """Return the method of an operator with self on its left."""

    def method(self: A, other: A | float) -> Any:
        known = isinstance(other, (Real, Arithmetic))
        return self.apply(op, self, other) if known else NotImplemented

    return method


def reflected(op: Primitive) -> Callable[[A, float], A]:
    """Return the method of an operator with self on its right, and a plain number on its left."""

    def method(self: A, other: float) -> Any:
        return self.apply(op, other, self) if isinstance(other, Real) else NotImplemented

    return method


def named(kind: type[A]) -> type[A]:
    """Give each method of a class the name of its attribute, for ``help`` and tracebacks."""
    for name, method in vars(kind).items():
        if callable(method):
            method.__name__, method.__qualname__ = name, f"{kind.__name__}.{name}"
    return kind


@named
class Arithmetic(Operand):
    """An operand that Python's operators and the functions of the table work on."""

    __slots__ = ()

    def __pow__(self, other: Self | float, modulus: None = None) -> Self:
        """Return the power; refuse the third argument that Python's ``pow`` may have."""
        if modulus is not None:
            raise TypeError(MODULUS.format(a=called(getattr(self, "label", ""))))
        if not isinstance(other, (Real, Arithmetic)):
            return NotImplemented
        result: Self = self.apply(p.power, self, other)
        return result

    __add__, __radd__ = infix(p.add), reflected(p.add)
    __sub__, __rsub__ = infix(p.sub), reflected(p.sub)
    __mul__, __rmul__ = infix(p.mul), reflected(p.mul)
    __truediv__, __rtruediv__ = infix(p.div), reflected(p.div)
    __rpow__ = reflected(p.power)
    __neg__, __abs__, abs = unary(p.neg), unary(p.absolute), unary(p.absolute)
    exp, expm1, log, log1p = unary(p.exp), unary(p.expm1), unary(p.log), unary(p.log1p)
    sqrt, erf = unary(p.sqrt), unary(p.erf)
    sin, cos, tan = unary(p.sin), unary(p.cos), unary(p.tan)
    asin, acos, atan = unary(p.asin), unary(p.acos), unary(p.atan)
    sinh, cosh, tanh, sech = unary(p.sinh), unary(p.cosh), unary(p.tanh), unary(p.sech)
    asinh, acosh, atanh = unary(p.asinh), unary(p.acosh), unary(p.atanh)
    sigmoid, softplus = unary(p.sigmoid), unary(p.softplus)
    relu, leaky_relu = unary(p.relu), unary(p.leaky_relu)
    maximum, minimum, hypot = binary(p.maximum), binary(p.minimum), binary(p.hypot)
