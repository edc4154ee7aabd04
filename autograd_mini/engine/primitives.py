"""Primitives: every function the engine knows, with one rule per operand.

A rule takes the operands ``a`` and ``b`` and the result ``y``, and returns the local partial, the
derivative of ``y`` with respect to one operand. Rules are ordinary arithmetic, so the same rule
serves floats, Values and Symbols:

>>> [rule] = tanh.rules
>>> rule(0.0, 0.0)
1.0

Corners have one convention each: relu'(0) = 0, abs'(0) = 0, a tie in maximum or minimum is split
½ and ½, x⁰ has derivative 0 everywhere.
"""

import math
import operator
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, overload

from autograd_mini.engine import floats
from autograd_mini.engine.arguments import failure, real
from autograd_mini.engine.undefined import attempt


class Operand:
    """Something other than a plain number that primitives can be applied to."""

    __slots__ = ()

    @classmethod
    def apply(cls, op: "Primitive", *operands: Any) -> Any:
        """Say what it means to apply *op* to operands of this kind."""
        raise NotImplementedError


T = TypeVar("T", bound=Operand)
Rule = Callable[..., Any]
Needs = str | Callable[..., str]


class Primitive:
    """A function on floats, one rule per operand, and what it *needs* where it fails.

    *needs* is a text, or a function that returns it for the operands.
    A function of your own is one more line; everything else follows from it:

    >>> softsign = Primitive("softsign", lambda a: a / (1 + abs(a)), lambda a, y: (1 - abs(y)) ** 2)
    >>> softsign(-3.0)
    -0.75
    """

    def __init__(self, name: str, forward: Rule, *rules: Rule, needs: Needs = "") -> None:
        self.name = name
        self.forward = forward
        self.rules = rules
        self.needs = needs
        self.__module__ = sys._getframe(1).f_globals["__name__"]  # where pickle will look

    @overload
    def __call__(self, a: T, /, *operands: T | float) -> T: ...
    @overload
    def __call__(self, a: float, b: T, /) -> T: ...
    @overload
    def __call__(self, *operands: float) -> float: ...
    def __call__(self, *operands: Any) -> Any:
        """Apply the function to numbers, or let the first operand that is not one apply it."""
        for operand in operands:
            if isinstance(operand, Operand):
                return operand.apply(self, *operands)
        return self.evaluate([real(x) for x in operands])

    def evaluate(self, numbers: Sequence[float], labels: Sequence[str | None] = "") -> float:
        """Compute the function; where it fails, the error names the operands and the remedy."""
        try:
            return float(self.forward(*numbers))
        except (ArithmeticError, ValueError) as error:
            raise type(error)(failure(self.name, numbers, labels, self.needs, error)) from None

    def partials(self, operands: Sequence[Any], y: Any, wanted: Iterable[bool]) -> list[Any]:
        """Apply the rule of each *wanted* operand; the others have no partial, but None."""
        chosen = zip(self.rules, wanted, strict=True)
        return [attempt(rule, *operands, y) if want else None for rule, want in chosen]

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    def __reduce__(self) -> str:
        here = vars(sys.modules[self.__module__]).items()
        return next((name for name, found in here if found is self), self.name)


# What functions need: an error says whether their operands lie outside the domain, or at a pole.


def away_from(*poles: float, needs: str) -> Needs:
    """Return what a function of one operand *needs*, which is infinite at its *poles*.

    >>> away_from(0.0, needs="needs a positive number")(0.0)
    'a pole, where the result would be infinite; needs a positive number'
    """
    return lambda a: f"{POLE}; {needs}" if a in poles else needs


def power_needs(a: float, *_: float) -> str:
    """Return what a power of *a* needs where it fails, but is not too large."""
    return f"{POLE}; needs another base" if a == 0 else "a negative base needs a whole exponent"


POLE = "a pole, where the result would be infinite"

# The table. A leaf of the graph is the result of no operation.

FINITE = "needs a finite number"
NO_ZERO = "the divisor must not be 0"
POSITIVE = away_from(0.0, needs="needs a positive number")
ABOVE = away_from(-1.0, needs="needs a number above -1")
INSIDE = away_from(-1.0, 1.0, needs="needs a number between -1 and 1")

leaf = Primitive("leaf", float)
add = Primitive("+", operator.add, lambda a, b, y: 1.0, lambda a, b, y: 1.0)
sub = Primitive("-", operator.sub, lambda a, b, y: 1.0, lambda a, b, y: -1.0)
mul = Primitive("*", operator.mul, lambda a, b, y: b, lambda a, b, y: a)
div = Primitive("/", operator.truediv, lambda a, b, y: 1 / b, lambda a, b, y: -y / b, needs=NO_ZERO)
power = Primitive(
    "**",
    math.pow,
    lambda a, b, y: b * a ** (b - nonzero(b)),
    lambda a, b, y: y * log(a),
    needs=power_needs,
)
neg = Primitive("neg", operator.neg, lambda a, y: -1.0)

exp = Primitive("exp", math.exp, lambda a, y: y)
expm1 = Primitive("expm1", math.expm1, lambda a, y: y + 1)
log: Primitive = Primitive("log", math.log, lambda a, y: 1 / a, needs=POSITIVE)
log1p = Primitive("log1p", math.log1p, lambda a, y: 1 / (1 + a), needs=ABOVE)
sqrt = Primitive("sqrt", math.sqrt, lambda a, y: 1 / (2 * y), needs="needs a number of at least 0")
erf = Primitive("erf", math.erf, lambda a, y: 2 / math.sqrt(math.pi) * exp(-a * a))

sin = Primitive("sin", math.sin, lambda a, y: cos(a), needs=FINITE)
cos: Primitive = Primitive("cos", math.cos, lambda a, y: -sin(a), needs=FINITE)
tan = Primitive("tan", math.tan, lambda a, y: 1 + y**2, needs=FINITE)
asin = Primitive(
    "asin", math.asin, lambda a, y: 1 / sqrt(1 - a**2), needs="needs a number from -1 to 1"
)
acos = Primitive(
    "acos", math.acos, lambda a, y: -1 / sqrt(1 - a**2), needs="needs a number from -1 to 1"
)
atan = Primitive("atan", math.atan, lambda a, y: 1 / (1 + a * a))
sinh = Primitive("sinh", math.sinh, lambda a, y: cosh(a))
cosh: Primitive = Primitive("cosh", math.cosh, lambda a, y: sinh(a))
tanh = Primitive("tanh", math.tanh, lambda a, y: 1 - y**2)
asinh = Primitive("asinh", math.asinh, lambda a, y: 1 / cosh(y))
acosh = Primitive("acosh", math.acosh, lambda a, y: 1 / sinh(y), needs="needs a number from 1 on")
atanh = Primitive("atanh", math.atanh, lambda a, y: 1 / (1 - a**2), needs=INSIDE)
sigmoid = Primitive("sigmoid", floats.sigmoid, lambda a, y: y * (1 - y))
softplus = Primitive("softplus", floats.softplus, lambda a, y: sigmoid(a))

# Corners: heaviside, sign and nonzero let a rule branch without an if; they are flat themselves.

heaviside = Primitive("heaviside", floats.heaviside, lambda a, y: 0.0)
sign = Primitive("sign", floats.sign, lambda a, y: 0.0)
nonzero: Primitive = Primitive("nonzero", floats.nonzero, lambda a, y: 0.0)
relu = Primitive("relu", lambda a: 0.0 if a <= 0 else a, lambda a, y: heaviside(a))
leaky_relu = Primitive("leaky_relu", floats.leaky_relu, lambda a, y: 0.01 + 0.99 * heaviside(a))
absolute = Primitive("abs", abs, lambda a, y: sign(a))
maximum = Primitive(
    "maximum",
    floats.maximum,
    lambda a, b, y: (1 + sign(a - b)) / 2,
    lambda a, b, y: (1 - sign(a - b)) / 2,
)
minimum = Primitive("minimum", floats.minimum, *reversed(maximum.rules))
