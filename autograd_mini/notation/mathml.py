"""MathML: formulas for pages and notebooks, which browsers set by themselves.

>>> print(MathML("<mi>a</mi>") ** 2)
<msup><mrow><mi>a</mi></mrow><mrow><mn>2</mn></mrow></msup>
"""

import html
from collections.abc import Sequence
from typing import ClassVar, Self

from autograd_mini.notation.letters import Letter
from autograd_mini.notation.notation import PRODUCT, SUM, Infix
from autograd_mini.notation.text import Figures
from autograd_mini.notation.typeset import Hand, Typeset


def put_in(kind: str, *parts: str) -> str:
    """Put parts into an element of MathML, each in a row of its own."""
    return f"<{kind}>{''.join(f'<mrow>{part}</mrow>' for part in parts)}</{kind}>"


class MathML(Typeset):
    """A formula in MathML: elements one after the other."""

    __slots__ = ()

    MINUS = '<mo form="prefix">−</mo>'
    INFIX: ClassVar[dict[str, Infix]] = {
        "+": Infix(SUM, "<mo>+</mo>", SUM),
        "-": Infix(SUM, "<mo>−</mo>", PRODUCT),
        "*": Infix(PRODUCT, "<mo>·</mo>", PRODUCT),
    }
    SIGNS: ClassVar[dict[str, str]] = {sign: f"<mo>{sign}</mo>" for sign in ("=", "≈", "+=")}
    WORDS: ClassVar[dict[str, str]] = {
        "inf": "<mi>∞</mi>",
        "nan": '<mi mathvariant="normal">nan</mi>',
        "undefined": '<mi mathvariant="normal">undefined</mi>',
    }
    TIMES = "<mo>·</mo>"
    PARTIAL = "<mo>∂</mo>"
    EULER = '<mi mathvariant="normal">e</mi>'
    REST = "<mo>…</mo>"
    POWER_FORM = put_in("msup", "{}", "{}")
    FRACTION = put_in("mfrac", "{}", "{}")
    ROOT = put_in("msqrt", "{}")
    DIGITS = "<mn>{}</mn>"

    @classmethod
    def put_between(cls, left: str, text: str, right: str) -> str:
        """Put a formula between signs, which grow as high as it is if it holds a fraction.

        A sign that may stretch has space around it, in some fonts, even where it does not.
        """
        kind = "<mo>" if "<mfrac>" in text else '<mo stretchy="false">'
        return f"<mrow>{kind}{left}</mo>{text}{kind}{right}</mo></mrow>"

    @classmethod
    def write_function(cls, name: str, operands: Sequence[str]) -> str:
        """Write a function of its operands."""
        inside = cls.parenthesise("<mo>,</mo>".join(operands))
        return f"<mrow><mi>{html.escape(name)}</mi><mo>&#x2061;</mo>{inside}</mrow>"

    @classmethod
    def write_letter(cls, letter: Letter) -> str:
        """Write a letter with its indices, or a text."""
        upright = ' mathvariant="normal"' if letter.is_text else ""  # a text would need no space
        word = f"<mi{upright}>{html.escape(letter.word)}</mi>"
        below, above = f"<mn>{letter.indices}</mn>", f"<mn>({letter.upper})</mn>"
        if letter.lower and letter.upper:
            return put_in("msubsup", word, below, above)
        if letter.upper:
            return put_in("msup", word, above)
        return put_in("msub", word, below) if letter.lower else word

    @classmethod
    def write_bracket(cls, sign: str, left: Self, right: Self) -> Self:
        """Write a comparison as Iverson's bracket."""
        return cls(cls.put_between("[", f"{left}<mo>{html.escape(sign)}</mo>{right}", "]"))


class MathMLAsComputed(MathML):
    """A formula as it is computed, where a book writes a shorter one."""

    __slots__ = ()

    by_the_book: ClassVar[bool] = False


class MathMLFigures(MathML, Figures):
    """A formula of short numbers in MathML."""

    __slots__ = ()

    INFIX: ClassVar[dict[str, Infix]] = MathML.INFIX | {"*": Infix(PRODUCT, "<mo>×</mo>", PRODUCT)}


MATHML_HAND = Hand(MathML, MathMLAsComputed, MathMLFigures)
