"""Text: formulas as people read them, in letters: ``(a + b)·a²``.

>>> a, b = Symbol("a"), Symbol("b")
>>> print((a + b) * a**2)
(a + b)·a²
"""

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain, count
from math import isfinite
from typing import Any, ClassVar, Self

from autograd_mini.notation.notation import ATOM, POWER, PRODUCT, SUM, Infix, Notation
from autograd_mini.notation.numbers import is_held, write_number

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LARGEST_EXPONENT = 400  # of a power that is worked out: of 10 it is too large for a float
LONGEST = 60  # characters of a label

TURNED = "below"  # the primitive "above" where a number is on its left: [a < 0], not [0 > a]

ARITHMETIC: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": operator.pow,
    "neg": operator.neg,
}


class Symbol(Notation):
    """A formula of letters and short numbers, as in a book.

    ``is_held`` tells whether every number in it is what it looks like, rather than rounded;
    ``worth`` is what the formula gives as it is printed, if it has only decimals and arithmetic.
    """

    __slots__ = ("is_held", "worth")

    by_the_book: ClassVar[bool] = True
    REST: ClassVar[str] = "…"
    INFIX: ClassVar[dict[str, Infix]] = {
        "+": Infix(SUM, " + ", SUM),
        "-": Infix(SUM, " - ", PRODUCT),
        "*": Infix(PRODUCT, "·", PRODUCT),
        "/": Infix(PRODUCT, "/", POWER),
    }
    BRACKETS: ClassVar[dict[str, str]] = {"above": ">", TURNED: "<", "equal": "="}

    def __init__(self, text: str, binding: int = ATOM) -> None:
        super().__init__(text, binding)
        self.is_held = True
        self.worth: Fraction | None = None

    @classmethod
    def of(cls, x: Any) -> Self:
        """Write a number in few digits."""
        if isinstance(x, cls):
            return x
        short = write_number(x)
        written = cls.write_decimal(short)
        written.is_held = is_held(x)
        written.worth = Fraction(short) if isfinite(x) else None
        return written

    @classmethod
    def write_decimal(cls, short: str) -> Self:
        """Write a number given in short; one with an exponent is no base: ``(2e-08)²``."""
        has_exponent = "e-" in short or "e+" in short
        return cls(short, PRODUCT if short.startswith("-") else POWER if has_exponent else ATOM)

    @classmethod
    def write(cls, name: str, *operands: Self) -> Self:
        """Write a primitive, and work it out if it can be."""
        if name == "above" and operands[0].worth is not None and operands[1].worth is None:
            name, operands = TURNED, operands[::-1]
        written = super().write(name, *operands)
        written.is_held = all(x.is_held for x in operands)
        written.worth = work_out(name, [x.worth for x in operands])
        return written

    @classmethod
    def write_power(cls, base: Self, exponent: Self) -> Self:
        """Write a power: a whole exponent as a superscript."""
        whole = exponent.worth is not None and exponent.text.removeprefix("-").isdigit()
        raised = exponent.text.translate(SUPERSCRIPT) if whole else "^" + exponent.inside(ATOM)
        return cls(base.inside(ATOM) + raised, POWER)

    @classmethod
    def write_derivative(cls, upper: "Symbol", lower: "Symbol") -> Self:
        """Write a derivative of Leibniz: ``∂L/∂(a + b)``."""
        return cls(f"∂{upper.inside(ATOM)}/∂{lower.inside(ATOM)}", POWER)


class Figures(Symbol):
    """A formula in short numbers alone, as one works them out on paper: ``2 × (-3)``.

    >>> print(Figures.of(1 / 3) * Figures.of(-2.0))
    0.3333 × (-2)
    """

    __slots__ = ()

    INFIX: ClassVar[dict[str, Infix]] = Symbol.INFIX | {
        "*": Infix(PRODUCT, " × ", PRODUCT),
        "/": Infix(PRODUCT, " / ", POWER),
    }


def write_label(label: str) -> str:
    r"""Write a label on one short line: what cannot be seen is escaped, a long middle left out.

    >>> write_label("learning\n  rate"), write_label("\x1b[31mred"), len(write_label("w" * 10**6))
    ('learning rate', '\\x1b[31mred', 60)
    """
    ends = 2 * LONGEST  # more of a label is not even looked at
    seen = label[:ends] + label[ends:][-ends:]
    text = " ".join(seen.split())
    if not text.isprintable():
        text = "".join(x if x.isprintable() else ascii(x)[1:-1] for x in text)
    half = LONGEST // 2
    return text if len(text) <= LONGEST else f"{text[:half]}…{text[1 - half :]}"


def name_labels(labels: Iterable[str]) -> list[str]:
    """Name nodes by their labels, which are in topological order, as ``names`` says.

    >>> name_labels(["a", "a", "", ""])
    ['a', 'a#2', 'v1', 'L']
    """
    labels = [*labels]
    written = {label: write_label(label) for label in {*labels}}  # most nodes have the same: none
    taken = {*written.values()}
    choices = {label: chain([label], spare(f"{label}#", 2, taken)) for label in taken}
    choices[""] = chain(spare("v", 1, taken))
    found = [next(choices[written[label]]) for label in labels]
    if labels and not labels[-1] and "L" not in taken:
        found[-1] = "L"
    return found


def spare(prefix: str, first: int, taken: set[str]) -> Iterator[str]:
    """Yield the numbered names that are not taken."""
    return (name for i in count(first) if (name := f"{prefix}{i}") not in taken)


def is_worked_out(base: Fraction, exponent: Fraction) -> bool:
    """Tell whether a power is: its exponent is whole, and not so large that it takes long.

    >>> is_worked_out(Fraction(2), Fraction(10**6)), is_worked_out(Fraction(-1), Fraction(10**6))
    (False, True)
    """
    few = abs(exponent) <= LARGEST_EXPONENT or base in (-1, 0, 1)
    return exponent.denominator == 1 and few


def work_out(name: str, numbers: Sequence[Fraction | None]) -> Fraction | None:
    """Return the exact result of + − × ÷ and of a whole power; None for anything else.

    >>> work_out("*", [Fraction("0.1"), Fraction(3)]), work_out("tanh", [Fraction(0)])
    (Fraction(3, 10), None)
    """
    if name not in ARITHMETIC or None in numbers:
        return None
    if name == "**" and not is_worked_out(*numbers):  # type: ignore[arg-type]
        return None
    try:
        result: Fraction = ARITHMETIC[name](*numbers)
    except ZeroDivisionError:
        return None
    return result
