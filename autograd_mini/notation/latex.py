r"""LaTeX: formulas for slides and papers, as amsmath sets them.

>>> a, b = Latex("a"), Latex("b")
>>> print((a + b) * a**2 / 3.0)
\frac{\left(a + b\right) \cdot a^{2}}{3}
>>> print(LatexFigures.of(2e-7) * LatexFigures.of(-3.0))
2 \cdot 10^{-7} \times \left(-3\right)
"""

from collections.abc import Sequence
from typing import ClassVar

from autograd_mini.notation.letters import GREEK, Letter
from autograd_mini.notation.notation import PRODUCT, Infix
from autograd_mini.notation.text import Figures, Symbol
from autograd_mini.notation.typeset import Hand, Typeset

COMMANDS = {letter: f"\\{name}" for name, letter in GREEK.items()}
KNOWN = set("arccos arcsin arctan cos cosh log max min sin sinh tan tanh".split())  # noqa: SIM905
MATHEMATICS = {"≈": r"\approx", "∂": r"\partial", "−": "-", "·": r"\cdot", "×": r"\times"}
MATHEMATICS |= {"∞": r"\infty", "→": r"\to", "≠": r"\ne", "≤": r"\le", "≥": r"\ge", "⁻": "^{-}"}
MATHEMATICS |= {"½": r"\frac{1}{2}"} | {x: f"^{{{i}}}" for i, x in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
MATHEMATICS |= {sign: f"_{{{i}}}" for i, sign in enumerate("₀₁₂₃₄₅₆₇₈₉")}
PRINTED = str.maketrans(
    {x: f"\\{x}" for x in "{}$&#_%"}
    | {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
    | {"<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}"}
    | {sign: f"${command}$" for sign, command in (COMMANDS | MATHEMATICS).items()}
)


class Latex(Typeset):
    """A formula in LaTeX's mathematics, which needs the package amsmath."""

    __slots__ = ()

    INFIX: ClassVar[dict[str, Infix]] = {
        "+": Symbol.INFIX["+"],
        "-": Symbol.INFIX["-"],
        "*": Infix(PRODUCT, r" \cdot ", PRODUCT),
    }
    SIGNS: ClassVar[dict[str, str]] = {"=": "=", "≈": r"\approx", "+=": r"\mathrel{+}="}
    WORDS: ClassVar[dict[str, str]] = {
        "inf": r"\infty",
        "nan": r"\text{nan}",
        "undefined": r"\text{undefined}",
    }
    TIMES = r" \cdot "
    PARTIAL = r"\partial "
    EULER = r"\mathrm{e}"
    REST = r"\dots"
    POWER_FORM = "{}^{{{}}}"
    FRACTION = r"\frac{{{}}}{{{}}}"
    ROOT = r"\sqrt{{{}}}"
    DIGITS = "{}"

    @classmethod
    def put_between(cls, left: str, text: str, right: str) -> str:
        """Put a formula between signs that are as high as it is."""
        return rf"\left{left}{text}\right{right}"

    @classmethod
    def write_function(cls, name: str, operands: Sequence[str]) -> str:
        """Write a function of its operands."""
        command = f"\\{name}" if name in KNOWN else rf"\operatorname{{{escape(name)}}}"
        return command + cls.parenthesise(", ".join(operands))

    @classmethod
    def write_letter(cls, letter: Letter) -> str:
        """Write a letter with its indices, or a text; a word is no product of its letters."""
        if letter.word in COMMANDS:
            word = COMMANDS[letter.word]
        elif letter.is_text or not letter.word.isascii():
            word = rf"\text{{{escape(letter.word)}}}"
        else:
            word = letter.word if len(letter.word) == 1 else rf"\mathit{{{letter.word}}}"
        above = f"^{{({letter.upper})}}" if letter.upper else ""
        below = f"_{{{letter.indices}}}" if letter.lower else ""
        return word + above + below


class LatexAsComputed(Latex):
    """A formula as it is computed, where a book writes a shorter one."""

    __slots__ = ()

    by_the_book: ClassVar[bool] = False


class LatexFigures(Latex, Figures):
    """A formula of short numbers in LaTeX."""

    __slots__ = ()

    INFIX: ClassVar[dict[str, Infix]] = Latex.INFIX | {"*": Infix(PRODUCT, r" \times ", PRODUCT)}


LATEX_HAND = Hand(Latex, LatexAsComputed, LatexFigures)


def escape(text: str) -> str:
    r"""Write a text so that LaTeX prints it as it is, its signs of mathematics as such.

    >>> print(escape("a_1 & b ≈ 2²"))
    a\_1 \& b $\approx$ 2$^{2}$
    """
    return text.translate(PRINTED)
