"""Python's operators, and the functions of the table as methods, spelled once for any operand."""

from collections.abc import Callable
from numbers import Real
from typing import Any, TypeVar

from autograd_mini.engine import primitives as p
from autograd_mini.engine.primitives import Operand, Primitive

A = TypeVar("A", bound="Arithmetic")


def infix(op: Primitive) -> tuple[Callable[[A, A | float], A], Callable[[A, float], A]]:
    """Return the forward and the reflected method of an infix operator."""

    def forward(self: A, other: A | float) -> Any:
        known = isinstance(other, (Real, Arithmetic))
        return self.apply(op, self, other) if known else NotImplemented

    def reflected(self: A, other: float) -> Any:
        return self.apply(op, other, self) if isinstance(other, Real) else NotImplemented

    return forward, reflected


class Arithmetic(Operand):
    """An operand that Python's operators and the functions of the table work on."""

    __slots__ = ()

    __add__, __radd__ = infix(p.add)
    __sub__, __rsub__ = infix(p.sub)
    __mul__, __rmul__ = infix(p.mul)
    __truediv__, __rtruediv__ = infix(p.div)
    __pow__, __rpow__ = infix(p.power)
    __neg__, __abs__, abs = p.neg, p.absolute, p.absolute
    exp, expm1, log, log1p, sqrt, erf = p.exp, p.expm1, p.log, p.log1p, p.sqrt, p.erf
    sin, cos, tan, asin, acos, atan = p.sin, p.cos, p.tan, p.asin, p.acos, p.atan
    sinh, cosh, tanh, asinh, acosh, atanh = p.sinh, p.cosh, p.tanh, p.asinh, p.acosh, p.atanh
    sigmoid, softplus, relu, leaky_relu = p.sigmoid, p.softplus, p.relu, p.leaky_relu
    maximum, minimum = p.maximum, p.minimum
