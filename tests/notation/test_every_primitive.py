"""Whole texts: every primitive, and the numbers at each border of their formats, in each notation.

That what is written is worth what is computed, other tests find out; here stands how it looks.
"""

import math

import pytest

from autograd_mini.engine.primitives import TABLE, tanh
from autograd_mini.notation.javascript import BookScript, JavaScript
from autograd_mini.notation.latex import LATEX_HAND, Latex
from autograd_mini.notation.mathml import MATHML_HAND, MathML
from autograd_mini.notation.notation import Notation, write_partial
from autograd_mini.notation.pytorch import CALLS, PyTorch
from autograd_mini.notation.telling import Typed
from autograd_mini.notation.text import Figures, Symbol

LOW, HIGH = '<mo stretchy="false">', "</mo>"
MINUS = '<mo form="prefix">−</mo>'
IN_BOOKS = {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "maximum": "max"}
IN_BOOKS |= {"minimum": "min"}
COMMANDS = {*IN_BOOKS, "log", "sin", "cos", "tan", "sinh", "cosh", "tanh"}


def call(name, letters):
    """Write a call as Python does."""
    return f"{name}({', '.join(letters)})"


def call_torch(name, letters):
    """Write a call of PyTorch's."""
    return f"torch.{call(name, letters)}"


def call_latex(name, letters):
    """Write a function in LaTeX, upright: by a command, if it has one."""
    escaped = name.replace("_", r"\_")
    word = rf"\{IN_BOOKS.get(name, name)}" if name in COMMANDS else rf"\operatorname{{{escaped}}}"
    return rf"{word}\left({', '.join(letters)}\right)"


def call_mathml(name, letters):
    """Write a function in MathML, with the sign that applies it, which cannot be seen."""
    inside = f"{LOW}({HIGH}{'<mo>,</mo>'.join(letters)}{LOW}){HIGH}"
    return f"<mrow><mi>{IN_BOOKS.get(name, name)}</mi><mo>&#x2061;</mo><mrow>{inside}</mrow></mrow>"


PYTHON = {"+": "a + b", "-": "a - b", "*": "a * b", "/": "a / b", "**": "a ** b", "neg": "-a"}
LETTERS = PYTHON | {"*": "a·b", "/": "a/b", "**": "a^b", "above": "[a > b]", "equal": "[a = b]"}

# For each notation what writes a function, and what is written otherwise.
WRITTEN = {
    Notation: (call, PYTHON),
    Typed: (call, PYTHON),
    JavaScript: (call, PYTHON | {"/": "divide(a, b)", "**": "power(a, b)"}),
    PyTorch: (call_torch, PYTHON | {name: text.format("a", "b") for name, text in CALLS.items()}),
    Symbol: (call, LETTERS),
    Figures: (call, LETTERS | {"*": "a × b", "/": "a / b"}),
    Latex: (
        call_latex,
        LETTERS
        | {"*": r"a \cdot b", "/": r"\frac{a}{b}", "**": "a^{b}", "exp": r"\mathrm{e}^{a}"}
        | {"sqrt": r"\sqrt{a}", "abs": r"\left|a\right|"},
    ),
    MathML: (
        call_mathml,
        {
            "+": "a<mo>+</mo>b",
            "-": "a<mo>−</mo>b",
            "*": "a<mo>·</mo>b",
            "/": "<mfrac><mrow>a</mrow><mrow>b</mrow></mfrac>",
            "**": "<msup><mrow>a</mrow><mrow>b</mrow></msup>",
            "neg": f"{MINUS}a",
            "exp": '<msup><mrow><mi mathvariant="normal">e</mi></mrow><mrow>a</mrow></msup>',
            "sqrt": "<msqrt><mrow>a</mrow></msqrt>",
            "abs": f"<mrow>{LOW}|{HIGH}a{LOW}|{HIGH}</mrow>",
            "above": f"<mrow>{LOW}[{HIGH}a<mo>&gt;</mo>b{LOW}]{HIGH}</mrow>",
            "equal": f"<mrow>{LOW}[{HIGH}a<mo>=</mo>b{LOW}]{HIGH}</mrow>",
        },
    ),
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_every_primitive_is_written_in_every_notation(kind):
    write, otherwise = WRITTEN[kind]
    for name, op in TABLE.items():
        letters = "ab"[: len(op.rules)]
        assert kind.apply(op, *map(kind, letters)).text == otherwise.get(name, write(name, letters))


# Numbers: each as it is written, and as the base of a power, where many need parentheses.

THIRD, MORE = 1 / 3, 0.1 + 0.2
NUMBERS = {
    Notation: [
        *[(2, "2", "2 ** a"), (2.0, "2.0", "2.0 ** a"), (True, "1.0", "1.0 ** a")],
        *[(-0.0, "-0.0", "(-0.0) ** a"), (1e22, "1e+22", "1e+22 ** a")],
        (-THIRD, "-0.3333333333333333", "(-0.3333333333333333) ** a"),
    ],
    Typed: [
        *[(2.0, "2", "2 ** a"), (-0.0, "0", "0 ** a"), (-2.0, "-2", "(-2) ** a")],
        *[(999_999.0, "999999", "999999 ** a"), (1e6, "1e+06", "1e+06 ** a")],
        *[(1_000_001.0, "1000001", "1000001 ** a"), (math.nan, "nan", "nan ** a")],
        *[(MORE, "0.30000000000000004", "0.30000000000000004 ** a")],
    ],
    JavaScript: [
        *[(2.0, "2", "power(2, a)"), (-0.0, "-0", "power(-0, a)")],
        *[(1e6, "1000000", "power(1000000, a)"), (1e-5, "1e-05", "power(1e-05, a)")],
        (-math.inf, "-Infinity", "power(-Infinity, a)"),
    ],
    PyTorch: [
        *[(2, "2.0", "2.0 ** a"), (-2.0, "-2.0", "(-2.0) ** a")],
        *[(x, f'float("{x}")', f'float("{x}") ** a') for x in (math.inf, -math.inf, math.nan)],
    ],
    Symbol: [
        *[(-0.0, "0", "0^a"), (-2.0, "-2", "(-2)^a"), (MORE, "0.3", "0.3^a")],
        *[(THIRD, "0.3333", "0.3333^a"), (-THIRD, "-0.3333", "(-0.3333)^a")],
        *[(999_999.0, "999999", "999999^a"), (1e6, "1e+06", "(1e+06)^a")],
        *[(1_000_001.0, "1.000e+06", "(1.000e+06)^a"), (1e-4, "0.0001", "0.0001^a")],
        *[(1e-5, "1e-05", "(1e-05)^a"), (-1e-5, "-1e-05", "(-1e-05)^a")],
        *[(math.inf, "inf", "inf^a"), (-math.inf, "-inf", "(-inf)^a"), (math.nan, "nan", "nan^a")],
    ],
    Latex: [
        *[(-0.0, "0", "0^{a}"), (-2.0, "-2", r"\left(-2\right)^{a}"), (0.5, "0.5", "0.5^{a}")],
        *[(999_999.0, "999999", "999999^{a}"), (1e-4, "0.0001", "0.0001^{a}")],
        (1e6, r"1 \cdot 10^{6}", r"\left(1 \cdot 10^{6}\right)^{a}"),
        (-1e-5 / 3, r"-3.333 \cdot 10^{-6}", r"\left(-3.333 \cdot 10^{-6}\right)^{a}"),
        (math.nan, r"\text{nan}", r"\text{nan}^{a}"),
    ],
    MathML: [
        (0.5, "<mn>0.5</mn>", "<msup><mrow><mn>0.5</mn></mrow><mrow>a</mrow></msup>"),
        (
            -2.0,
            f"{MINUS}<mn>2</mn>",
            f"<msup><mrow><mrow>{LOW}({HIGH}{MINUS}<mn>2</mn>{LOW}){HIGH}</mrow></mrow>"
            "<mrow>a</mrow></msup>",
        ),
        (
            1e-5,
            "<mn>1</mn><mo>·</mo>"
            f"<msup><mrow><mn>10</mn></mrow><mrow>{MINUS}<mn>5</mn></mrow></msup>",
            f"<msup><mrow><mrow>{LOW}({HIGH}<mn>1</mn><mo>·</mo>"
            f"<msup><mrow><mn>10</mn></mrow><mrow>{MINUS}<mn>5</mn></mrow></msup>"
            f"{LOW}){HIGH}</mrow></mrow><mrow>a</mrow></msup>",
        ),
    ],
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_is_written_alone_and_as_the_base_of_a_power(kind):
    for x, number, power in NUMBERS[kind]:
        written = kind.of(x)
        assert written.text == number
        assert kind.write("**", written, kind("a")).text == power


@pytest.mark.parametrize("kind", WRITTEN)
def test_what_is_written_says_at_a_prompt_which_notation_it_is(kind):
    assert repr(kind("a")) == f"<{kind.__name__} a>"


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (Notation, "sech(a) ** 2"),
        (JavaScript, "power(sech(a), 2)"),
        (BookScript, "1 - power(y, 2)"),
        (PyTorch, "(1.0 / torch.cosh(a)) ** 2.0"),
        (Symbol, "1 - y²"),
        (LATEX_HAND.letters, "1 - y^{2}"),
        (LATEX_HAND.computed, r"\operatorname{sech}\left(a\right)^{2}"),
        (
            MATHML_HAND.letters,
            "<mn>1</mn><mo>−</mo><msup><mrow>y</mrow><mrow><mn>2</mn></mrow></msup>",
        ),
        (
            MATHML_HAND.computed,
            f"<msup><mrow>{call_mathml('sech', 'a')}</mrow><mrow><mn>2</mn></mrow></msup>",
        ),
    ],
)
def test_a_rule_is_written_as_in_a_book_or_as_it_is_computed(kind, rule):
    assert str(write_partial(tanh, 0, [kind("a")], kind("y"))) == rule


@pytest.mark.parametrize(
    ("hand", "product"),
    [(LATEX_HAND, r"2 \times 3"), (MATHML_HAND, "<mn>2</mn><mo>×</mo><mn>3</mn>")],
)
def test_figures_are_multiplied_with_a_cross_in_print(hand, product):
    assert str(hand.figures.of(2.0) * hand.figures.of(3.0)) == product
