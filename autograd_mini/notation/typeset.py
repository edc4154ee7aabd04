"""Typeset: what the notations of printed mathematics have in common.

A quotient is a fraction, an exponent stands above, a root and an absolute value have signs of their
own, and a number with an exponent is a product. A notation that is typeset says how each is
written; ``latex`` and ``mathml`` are two.
"""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar, NamedTuple, Self

from autograd_mini.notation.letters import Letter
from autograd_mini.notation.notation import ATOM, ONE_WORD, POWER, PRODUCT, SUM
from autograd_mini.notation.text import Figures, Symbol

BOOK = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "maximum": "max", "minimum": "min"}
"""Functions that books call otherwise than Python."""


class Typeset(Symbol):
    """A formula that is printed as in a book."""

    __slots__ = ()

    SIGNS: ClassVar[dict[str, str]]  # how =, ≈ and += between two sides are written
    WORDS: ClassVar[dict[str, str]]  # how numbers that have no digits are written
    TIMES: ClassVar[str]  # what stands between a number and its power of ten
    PARTIAL: ClassVar[str]  # the ∂ of a derivative
    EULER: ClassVar[str]  # Euler's number, upright: a variable of that name is not

    POWER_FORM: ClassVar[str]  # where base and exponent of a power stand, and so on
    FRACTION: ClassVar[str]
    ROOT: ClassVar[str]
    DIGITS: ClassVar[str]

    @classmethod
    @abstractmethod
    def put_between(cls, left: str, text: str, right: str) -> str:
        """Put a formula between signs that are as high as it is."""

    @classmethod
    @abstractmethod
    def write_function(cls, name: str, operands: Sequence[str]) -> str:
        """Write a function of its operands."""

    @classmethod
    @abstractmethod
    def write_letter(cls, letter: Letter) -> str:
        """Write a letter with its indices, or a text."""

    @classmethod
    def of_letter(cls, letter: Letter) -> Self:
        """Return a name as a formula; what has a layer above it is no base of a power."""
        binding = POWER if letter.upper else ATOM
        if letter.is_text and not ONE_WORD.fullmatch(letter.word):
            binding = SUM
        return cls(cls.write_letter(letter), binding)

    @classmethod
    def parenthesise(cls, text: str) -> str:
        """Put a formula in parentheses."""
        return cls.put_between("(", text, ")")

    @classmethod
    def write_decimal(cls, short: str) -> Self:
        """Write a number that is given in short: ``5e-08`` as a product with a power of ten."""
        size = short.removeprefix("-")
        minus = cls.MINUS if size != short else ""
        if size in cls.WORDS:
            return cls(minus + cls.WORDS[size], PRODUCT if minus else ATOM)
        digits, _, exponent = size.partition("e")
        written = minus + cls.DIGITS.format(digits)
        if not exponent:
            return cls(written, PRODUCT if minus else ATOM)
        above = cls.write_decimal(str(int(exponent))).text
        power = cls.POWER_FORM.format(cls.DIGITS.format("10"), above)
        return cls(written + cls.TIMES + power, PRODUCT)

    @classmethod
    def write_power(cls, base: Self, exponent: Self) -> Self:
        """Write a power."""
        return cls(cls.POWER_FORM.format(base.inside(ATOM), exponent.text), POWER)

    @classmethod
    def write_call(cls, name: str, operands: Sequence[Self]) -> Self:
        """Write a function of its operands: some have a sign of their own, a quotient a bar."""
        texts = [x.text for x in operands]
        match name:
            case "/":
                return cls(cls.FRACTION.format(*texts), POWER)
            case "sqrt":
                return cls(cls.ROOT.format(texts[0]))
            case "abs":
                return cls(cls.put_between("|", texts[0], "|"))
            case "exp":
                return cls(cls.POWER_FORM.format(cls.EULER, texts[0]), POWER)
        return cls(cls.write_function(BOOK.get(name, name), texts))

    @classmethod
    def write_derivative(cls, upper: Symbol, lower: Symbol) -> Self:
        """Write a derivative of Leibniz as a fraction."""
        sides = (cls.PARTIAL + x.inside(POWER) for x in (upper, lower))
        return cls(cls.FRACTION.format(*sides), POWER)


class Hand(NamedTuple):
    """The classes by which a notation writes formulas."""

    letters: type[Typeset]  # in letters, derivatives as in a calculus book
    computed: type[Typeset]  # in letters, derivatives as they are computed
    figures: type[Figures]  # in numbers alone
