"""Primitives: every function the engine knows, with one rule per operand.

A rule takes the operands ``a`` and ``b`` and the result ``y``, and returns the local partial, the
derivative of ``y`` with respect to one operand. Rules are ordinary arithmetic, so the same rule
serves floats, Values and Symbols:

>>> [rule] = cosh.rules
>>> rule(0.0, 1.0)
0.0

Some rules of the textbooks lose their digits: ``1 - tanh(a)**2`` is 0 from a = 19 on, where the
derivative is 1e-16. They stand as a pair, ``stable(book, computed)``: notations that show a rule
write the first, everything that computes (floats, Values, programs) takes the second.

Corners have one convention each: relu'(0) = 0, abs'(0) = 0, a tie in maximum or minimum is split
½ and ½, also between equal infinities; x⁰ has derivative 0 in x everywhere, 0ᵇ has derivative 0 in
b for b > 0, and 0⁰ has none in b.

**Branches.** The function of relu, abs or maximum consists of straight pieces, so its rules are
made of constants and of the flat functions ``above`` and ``equal``, which notations write as
Iverson's brackets, [a > b] and [a = b]. Where such a partial is 0 the branch is off: the function
is constant there, and nothing comes through, whatever arrives. The product with an infinite
adjoint would be NaN; so a program, which writes its terms out, has ``through`` in its place:

>>> math.inf * above(-1.0, 0.0), through(math.inf, above(-1.0, 0.0))
(nan, 0.0)
"""

import math
import operator
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, Self, TypeAlias, TypeVar, overload

from autograd_mini.engine import floats
from autograd_mini.engine.arguments import described, real, text
from autograd_mini.engine.messages import failure
from autograd_mini.engine.undefined import attempt

# What a rule is applied to, and what it gives: floats, Values or notations, also mixed.
Quantity: TypeAlias = Any


class Operand:
    """Something other than a plain number that primitives can be applied to.

    What is for reading gets every rule *by the book*, anything else the rule that computes best.
    """

    __slots__ = ()
    by_the_book: ClassVar[bool] = False
    """Whether a derivative is written as in a calculus book, or as it is computed."""

    @classmethod
    def apply(cls, op: "Primitive", *operands: Quantity) -> Quantity:
        """Say what it means to apply *op* to operands of this kind."""
        raise NotImplementedError

    def __pos__(self) -> Self:
        """Return the operand itself: +a is a, and no operation."""
        return self


T = TypeVar("T", bound=Operand)
Rule = Callable[..., Quantity]
Needs = str | Callable[..., str]


class Documented:
    """The text of a class, and for each instance the sentence that its rules give."""

    def __init__(self, text: str | None) -> None:
        self.text = text

    def __get__(self, op: "Primitive | None", kind: type) -> str | None:
        """Return what ``help`` shows of the class, or of one primitive."""
        from autograd_mini.notation.words import tell_primitive

        return self.text if op is None else tell_primitive(op)


class Primitive:
    """A function on floats, one rule per operand, and what it *needs* where it fails.

    *needs* is a text, or a function that returns it for the operands. A function of your own is
    one more line; everything else follows from it:

    >>> softsign = Primitive("softsign", lambda a: a / (1 + abs(a)), lambda a, y: (1 - abs(y)) ** 2)
    >>> softsign(-3.0)
    -0.75
    """

    def __init__(self, name: str, forward: Rule, *rules: Rule, needs: Needs = "") -> None:
        self.name = text(name, "the name of a primitive")
        for function in (forward, *rules):
            if not callable(function):
                raise TypeError(f"{name} is made of functions, got {described(function)}")
        self.forward = forward
        self.rules = rules
        self.needs = needs

    @overload
    def __call__(self, a: T, /, *operands: T | float) -> T: ...
    @overload
    def __call__(self, a: float, b: T, /) -> T: ...
    @overload
    def __call__(self, *operands: float) -> float: ...
    def __call__(self, *operands: Quantity) -> Quantity:
        """Apply the function to numbers, or let the first operand that is not one apply it."""
        for operand in operands:
            if isinstance(operand, Operand):
                return operand.apply(self, *operands)
        return self.evaluate([real(x) for x in operands])

    def evaluate(self, numbers: Sequence[float], operands: Sequence[Quantity] = ()) -> float:
        """Compute the function; where it fails, the error names the *operands* and the remedy."""
        try:
            return float(self.forward(*numbers))
        except (ArithmeticError, ValueError) as error:
            raise type(error)(failure(self, operands or numbers, numbers, error)) from None

    def partials(
        self, operands: Sequence[Quantity], y: Quantity, wanted: Iterable[bool]
    ) -> list[Quantity]:
        """Apply the rule of each *wanted* operand; the others have no partial, but None."""
        chosen = zip(self.rules, wanted, strict=True)
        try:
            return [attempt(rule, *operands, y) if want else None for rule, want in chosen]
        except ValueError:  # of zip: what a rule raises is kept for whoever needs the partial
            counts = f"got {len(operands)} operands, and has {len(self.rules)} rules"
            raise TypeError(f"{self.name} {counts}: it needs a rule for each operand") from None

    def __repr__(self) -> str:
        return f"<primitive {self.name}>"

    @property
    def home(self) -> tuple[str, str]:
        """The module to import it from, and its name there; where its rules stand, if it is there.

        >>> tanh.home, power.home
        (('autograd_mini.engine.primitives', 'tanh'), ('autograd_mini.engine.primitives', 'power'))
        """
        rules = [getattr(f, "__module__", None) or "" for f in (*self.rules, self.forward)]
        for module in [name for name in [*rules, *sys.modules] if name in sys.modules]:
            names = getattr(sys.modules[module], "__dict__", {})  # a page's "js" has none
            for name, found in list(names.items()):
                if found is self:
                    return module, name
        return rules[0], self.name

    def __deepcopy__(self, _memo: object) -> Self:
        return self  # as for any function; pickle looks for its name, which takes long

    def __reduce__(self) -> str:
        self.__module__, name = self.home  # where pickle looks for the name
        return name


# help(Primitive) reads the text of the class here, and help(tanh) that of the instance.
Primitive.__doc__ = Documented(Primitive.__doc__)  # type: ignore[assignment]

# What functions need: an error says whether their operands lie outside the domain, or at a pole.


def away_from(*poles: float, needs: str) -> Needs:
    """Return the text of what a function *needs*; for an operand at a pole it says so first.

    >>> away_from(0.0, needs="needs a positive number")(0.0)
    'a pole, where the result would be infinite; needs a positive number'
    """
    return lambda a: f"{POLE}; {needs}" if a in poles else needs


def power_needs(a: float, *_: float) -> str:
    """Say what a power of *a* needs where it fails for another reason than overflow."""
    return f"{POLE}; needs another base" if a == 0 else "a negative base needs a whole exponent"


POLE = "a pole, where the result would be infinite"
FINITE = "needs a finite number"
NO_ZERO = "the divisor must not be 0"
AT_LEAST_0 = "needs a number of at least 0"
FROM_1 = "needs a number from 1 on"
UP_TO_1 = "needs a number from -1 to 1"
POSITIVE = away_from(0.0, needs="needs a positive number")
ABOVE = away_from(-1.0, needs="needs a number above -1")
INSIDE = away_from(-1.0, 1.0, needs="needs a number between -1 and 1")
BASE = "needs a positive base"
EXPONENT = (
    "that with respect to the exponent needs a positive base; a plain number as the exponent, as "
    "in x**2, needs no such derivative, and gradient(y, [x]) asks for that of the base x alone"
)


def stable(book: Rule, computed: Rule) -> Rule:
    """Return a rule that is shown as in the *book*, and *computed* without losing digits.

    Only one of the two is ever applied: the book's may overflow where the other does not.
    """

    def rule(*operands: Quantity) -> Quantity:
        y = operands[-1]  # the result is a notation's own even where the operands are constants
        shown = isinstance(y, Operand) and y.by_the_book
        return (book if shown else computed)(*operands)

    return rule


def power_rule(a: Quantity, b: Quantity, y: Quantity) -> Quantity:
    """Return b·a^(b - 1), and 0 for b = 0, whatever a is: NaN⁰ is 1, as any other.

    >>> power_rule(3.0, 2.0, 9.0), power_rule(0.0, 0.0, 1.0), power_rule(math.nan, 0.0, 1.0)
    (6.0, 0.0, 0.0)
    """
    if isinstance(b, (int, float)):
        return b * a ** (b - 1) if b else 0.0
    try:
        return through(a ** (b - 1), b)
    except ValueError:
        if b > 0:
            raise
        return b * y  # 0⁰ · 0: that 0⁰ has no derivative in b, this has not either


def exponent_rule(a: Quantity, b: Quantity, _: Quantity) -> Quantity:
    """Return aᵇ·log(a); where that does not exist, raise an error that says what to write.

    >>> exponent_rule(-2.0, 2.0, 4.0)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    ValueError: that with respect to the exponent needs a positive base; a plain number as ...
    """
    try:
        return power_log(a, b)
    except ValueError:
        raise ValueError(EXPONENT) from None


# The table: name, function, one rule for each operand ---------------------------------------------

leaf = Primitive("leaf", float)  # the op of a Value that is the result of no operation

# fmt: off
add = Primitive("+", operator.add,     lambda a, b, y: 1.0,   lambda a, b, y: 1.0)
sub = Primitive("-", operator.sub,     lambda a, b, y: 1.0,   lambda a, b, y: -1.0)
mul = Primitive("*", operator.mul,     lambda a, b, y: b,     lambda a, b, y: a)
div = Primitive("/", operator.truediv, lambda a, b, y: 1 / b, lambda a, b, y: -y / b, needs=NO_ZERO)
neg = Primitive("neg", operator.neg,   lambda a, y: -1.0)

exp   = Primitive("exp",   math.exp,   lambda a, y: y)
expm1 = Primitive("expm1", math.expm1, stable(lambda a, y: y + 1, lambda a, y: exp(a)))
log   = Primitive("log",   math.log,   lambda a, y: 1 / a,       needs=POSITIVE)
log1p = Primitive("log1p", math.log1p, lambda a, y: 1 / (1 + a), needs=ABOVE)
sqrt  = Primitive("sqrt",  math.sqrt,  lambda a, y: 1 / (2 * y), needs=AT_LEAST_0)

# A large exponent that is no whole number: the power multiplies the rounding of b - 1, which is an
# ulp of b, by log(a), so the derivative in a is off by up to |b·log(a)| ulp, 709 at most. Above
# 2⁵³, where all floats are even, so is b - 1: of a negative base, which is -1 there but for the
# last digits, the derivative in a has the wrong sign.
power = Primitive("**", math.pow, stable(lambda a, b, y: b * a ** (b - 1), power_rule),
                                  stable(lambda a, b, y: y * log(a), exponent_rule),
                  needs=power_needs)
power_log: Primitive = Primitive("power_log", floats.power_log,  # aᵇ·log(a)
                                 lambda a, b, y: b * power_log(a, b - 1) + a ** (b - 1),
                                 lambda a, b, y: power_log(a, b / 2) ** 2, needs=BASE)

# In a right-angled triangle: the side opposite the right angle, and, where that is 1, a third side.
hypot  = Primitive("hypot",  math.hypot,    lambda a, b, y: a / y, lambda a, b, y: b / y)
circle = Primitive("circle", floats.circle, lambda a, y: -a / y, needs=UP_TO_1)

sin  = Primitive("sin",  math.sin,  lambda a, y: cos(a), needs=FINITE)
cos: Primitive = Primitive("cos", math.cos, lambda a, y: -sin(a), needs=FINITE)
tan  = Primitive("tan",  math.tan,  lambda a, y: 1 + y**2, needs=FINITE)
asin = Primitive("asin", math.asin, stable(lambda a, y: 1 / sqrt(1 - a**2),
                                           lambda a, y: 1 / circle(a)), needs=UP_TO_1)
acos = Primitive("acos", math.acos, stable(lambda a, y: -1 / sqrt(1 - a**2),
                                           lambda a, y: -1 / circle(a)), needs=UP_TO_1)
atan = Primitive("atan", math.atan, stable(lambda a, y: 1 / (1 + a**2),
                                           lambda a, y: (1 / hypot(1.0, a)) ** 2))

sinh  = Primitive("sinh",  math.sinh,  lambda a, y: cosh(a))
cosh: Primitive = Primitive("cosh", math.cosh, lambda a, y: sinh(a))
tanh  = Primitive("tanh",  math.tanh,  stable(lambda a, y: 1 - y**2,
                                              lambda a, y: sech(a) ** 2))
sech: Primitive = Primitive("sech", floats.sech, lambda a, y: -y * tanh(a))
asinh = Primitive("asinh", math.asinh, stable(lambda a, y: 1 / sqrt(1 + a**2),
                                              lambda a, y: 1 / hypot(1.0, a)))
acosh = Primitive("acosh", math.acosh, stable(lambda a, y: 1 / sqrt(a**2 - 1),
                                              lambda a, y: 1 / (sqrt(a - 1) * sqrt(a + 1))),
                  needs=FROM_1)
atanh = Primitive("atanh", math.atanh, stable(lambda a, y: 1 / (1 - a**2),
                                              lambda a, y: (1 / circle(a)) ** 2), needs=INSIDE)

sigmoid  = Primitive("sigmoid",  floats.sigmoid,  stable(lambda a, y: y * (1 - y),
                                                         lambda a, y: (sech(a / 2) / 2) ** 2))
softplus = Primitive("softplus", floats.softplus, lambda a, y: sigmoid(a))
# log(eᵃ + eᵇ), and the portion of eᵃ in the sum.
logaddexp = Primitive("logaddexp", floats.logaddexp, stable(lambda a, b, y: exp(a - y),
                                                            lambda a, b, y: portion(a, b)),
                                                     stable(lambda a, b, y: exp(b - y),
                                                            lambda a, b, y: portion(b, a)))
portion: Primitive = Primitive("portion", floats.portion, lambda a, b, y: y * portion(b, a),
                                                          lambda a, b, y: -y * portion(b, a))

# Where erf' is small, exp multiplies the rounding of a² by a²: 350 ulp at a = 26.
erf      = Primitive("erf",      math.erf,        lambda a, y: 2 / math.sqrt(math.pi) * exp(-a * a))

# Flat functions, [a > b] and [a = b], and what comes through a branch: a·b, and 0 where b is 0.
above   = Primitive("above",   floats.above,   lambda a, b, y: 0.0, lambda a, b, y: 0.0)
equal   = Primitive("equal",   floats.equal,   lambda a, b, y: 0.0, lambda a, b, y: 0.0)
through = Primitive("through", floats.through, lambda a, b, y: b,   lambda a, b, y: a)

relu       = Primitive("relu",       floats.relu,       lambda a, y: above(a, 0.0))
leaky_relu = Primitive("leaky_relu", floats.leaky_relu, lambda a, y: 0.01 + 0.99 * above(a, 0.0))
absolute   = Primitive("abs",        abs,               lambda a, y: above(a, 0.0) - above(0.0, a))
maximum    = Primitive("maximum", floats.maximum, lambda a, b, y: above(a, b) + equal(a, b) / 2,
                                                  lambda a, b, y: above(b, a) + equal(a, b) / 2)
minimum    = Primitive("minimum", floats.minimum, *reversed(maximum.rules))
# fmt: on

TABLE = {op.name: op for op in list(globals().values()) if isinstance(op, Primitive) and op.rules}
"""Every primitive of the table by the name under which it is written."""
