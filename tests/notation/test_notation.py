"""Formulas: what is written is what is computed, with as few parentheses as can be."""

import ast
import math
import re
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd_mini import Primitive, total, weighted_sum
from autograd_mini.engine import primitives
from autograd_mini.engine.sums import affine_sum
from autograd_mini.notation.equation import figure, write_equation
from autograd_mini.notation.javascript import JavaScript
from autograd_mini.notation.notation import ATOM, Notation, write_partial
from autograd_mini.notation.numbers import is_held, shorten, write_number
from autograd_mini.notation.text import Figures, Symbol

TABLE = [*primitives.TABLE.values()]
FUNCTIONS = {op.name: op for op in TABLE if op.name.isidentifier()} | {"nan": math.nan}
SUPERSCRIPTS = re.compile("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
BRACKET = re.compile(r"\[(\S+ [<=>] \S+)\]")
DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")

a, b, c = map(Symbol, "abc")
LETTERS = {"a": 1.3, "b": 0.7, "c": 2.1}

TEXTS = [
    (a + b, "a + b"),
    (a - b, "a - b"),
    (a * b, "a·b"),
    (a / b, "a/b"),
    (-a, "-a"),
    (a**b, "a^b"),
    (a**2, "a²"),
    (a**-1, "a⁻¹"),
    (a**10, "a¹⁰"),
    (a**0.5, "a^0.5"),
    (a**-0.5, "a^(-0.5)"),
    (2**a, "2^a"),
    (a + b + c, "a + b + c"),
    (a + (b + c), "a + b + c"),
    (a - (b - c), "a - (b - c)"),
    (a - (b + c), "a - (b + c)"),
    (a + (b - c), "a + b - c"),
    (a - b * c, "a - b·c"),
    ((a - b) * c, "(a - b)·c"),
    (a * b + c, "a·b + c"),
    (a * (b + c), "a·(b + c)"),
    (a * (b * c), "a·b·c"),
    (a * (b / c), "a·b/c"),
    (a / (b * c), "a/(b·c)"),
    (a / (b / c), "a/(b/c)"),
    (a / b / c, "a/b/c"),
    (a / b**2, "a/b²"),
    (a / (b + c), "a/(b + c)"),
    (-a * b, "-a·b"),
    (a * -b, "a·(-b)"),
    (a + -b, "a + (-b)"),
    (a - -b, "a - (-b)"),
    (-(a + b), "-(a + b)"),
    (-(a * b), "-a·b"),
    ((-a).__neg__(), "-(-a)"),
    (-(a**2), "-a²"),
    ((-a) ** 2, "(-a)²"),
    ((a + b) ** 2, "(a + b)²"),
    ((a * b) ** 2, "(a·b)²"),
    ((a**b) ** c, "(a^b)^c"),
    (a ** (b**c), "a^(b^c)"),
    (a ** (b + c), "a^(b + c)"),
    (a ** (-b), "a^(-b)"),
    (a.tanh(), "tanh(a)"),
    ((a + b).tanh() ** 2, "tanh(a + b)²"),
    (primitives.maximum(a, b - c), "maximum(a, b - c)"),
    (abs(a - b), "abs(a - b)"),
    (a * 2, "a·2"),
    (a * -2, "a·(-2)"),
    (-2 * a, "-2·a"),
    ((-2) ** a, "(-2)^a"),
    (a * 0.1, "a·0.1"),
    (a + 1 / 3, "a + 0.3333"),
    (1 - a, "1 - a"),
    (0 - a, "0 - a"),
    (1 * a, "a"),
    (a * 1, "a"),
    (a / 1, "a"),
    (a**1, "a"),
    (0 + a, "a"),
    (a + 0, "a"),
    (a - 0, "a"),
    (a * 0, "0"),
    (0 * a, "0"),
    (a**0, "1"),
    (total([a, b, c]), "a + b + c"),
    (weighted_sum([a, b], [c, 2.0], -b), "a·c + b·2 + (-b)"),
]


def write_rule(op, index=0):
    """Write one rule of a primitive of the table as an equation."""
    operands = [Symbol(letter) for letter in "abcdefgh"[: len(op.rules)]]
    y = Symbol.apply(op, *operands)
    partial = Symbol.of(write_partial(op, index, operands, y))
    return write_equation(f"∂{y.inside(ATOM)}/∂{operands[index]}", partial)


def python(text):
    """Translate a written formula to Python."""
    text = SUPERSCRIPTS.sub(lambda found: f"**({found[0].translate(DIGITS)})", text)
    text = BRACKET.sub(lambda found: f"(1.0 if {found[1].replace(' = ', ' == ')} else 0.0)", text)
    return text.replace("·", "*").replace("^", "**")


def value(text, letters):
    """Evaluate a written formula with Python's own arithmetic."""
    return eval(python(text), FUNCTIONS | letters)


@pytest.mark.parametrize(("formula", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_an_expression_is_written_as_in_a_book(formula, text):
    assert str(formula) == text
    assert formula.text == text


# Random expressions: a tree is a letter, a number, or a primitive and its branches.

INFIX = [primitives.add, primitives.sub, primitives.mul, primitives.div, primitives.power]
OTHERS = [primitives.neg, primitives.tanh, primitives.absolute, primitives.maximum]
NUMBERS = st.sampled_from([0.0, 1.0, 2.0, 3.0, -1.0, -2.0, 0.5, -0.25, 1e-7])


def branches(trees):
    """Grow a tree by one primitive."""
    ops = st.sampled_from(INFIX * 2 + OTHERS)
    return ops.flatmap(lambda op: st.tuples(st.just(op), *[trees] * len(op.rules)))


EXPRESSIONS = st.recursive(st.sampled_from("abc") | NUMBERS, branches, max_leaves=12)


def grown(tree, leaf):
    """Apply the primitives of a tree to what *leaf* makes of its letters."""
    if isinstance(tree, str):
        return leaf(tree)
    if isinstance(tree, float):
        return tree
    op, *operands = tree
    return op(*(grown(x, leaf) for x in operands))


def number_and_formula(tree, kind):
    """Return what the primitives compute and what they write."""
    try:
        return grown(tree, LETTERS.get), kind.of(grown(tree, kind))
    except (ArithmeticError, ValueError):
        return assume(False)


@given(EXPRESSIONS)
def test_a_formula_without_rounded_numbers_evaluates_to_the_number(tree):
    number, formula = number_and_formula(tree, Symbol)
    assume(abs(number) < 1e9 and formula.is_held)
    assert value(formula.text, LETTERS) == pytest.approx(number, rel=1e-6, abs=1e-6), formula


@given(EXPRESSIONS)
def test_code_evaluates_to_the_number_bit_by_bit(tree):
    number, formula = number_and_formula(tree, Notation)
    assert eval(formula.text, FUNCTIONS | LETTERS) == number, formula


@given(EXPRESSIONS)
def test_no_pair_of_parentheses_can_be_left_out(tree):
    text = number_and_formula(tree, Symbol)[1].text
    for start in [found.start() for found in re.finditer(r"(?<![a-z^])\((?!-)", text)]:
        end = closing(text, start)
        without = text[:start] + text[start + 1 : end] + text[end + 1 :]
        assert parsed(without) != parsed(text), f"{text} could be {without}"


def parsed(text):
    """Return the structure of a formula; a sum of sums is one sum, a product of products one."""
    return structure(ast.parse(python(text), mode="eval").body)


def structure(node):
    """Write a syntax tree with sums and products flat, each term with its sign."""
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            return "sum", *flat(node, (ast.Add, ast.Sub), 1)
        case ast.BinOp(op=ast.Mult() | ast.Div()):
            return "product", *flat(node, (ast.Mult, ast.Div), 1)
        case ast.BinOp():
            return "power", structure(node.left), structure(node.right)
        case ast.UnaryOp():
            return "neg", structure(node.operand)
        case ast.Call():
            return node.func.id, *map(structure, node.args)
    return ast.dump(node)


def flat(node, ops, sign):
    """Yield the terms of a sum, or the factors of a product, with their signs."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ops)):
        yield sign, structure(node)
        return
    yield from flat(node.left, ops, sign)
    yield from flat(node.right, ops, -sign if isinstance(node.op, ops[1]) else sign)


def closing(text, start):
    """Return the place of the parenthesis that closes the one at *start*."""
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if not depth:
            return i
    raise AssertionError(f"unbalanced: {text}")


RULES = [(op, i) for op in TABLE for i in range(len(op.rules))]


@pytest.mark.parametrize(("op", "index"), RULES, ids=[f"{op.name} {i}" for op, i in RULES])
@pytest.mark.parametrize("kind", [Symbol, Notation])
def test_a_written_rule_of_the_table_evaluates_to_the_rule(op, index, kind):
    x = [1.7, 0.6] if op.name == "acosh" else [0.7, 1.6]
    numbers = x[: len(op.rules)]
    y = op(*numbers)
    written = kind.of(write_partial(op, index, [*map(kind, "ab")][: len(numbers)], kind("y")))
    text = written.text
    letters = {**dict(zip("ab", numbers, strict=False)), "y": y}
    expected = op.rules[index](*numbers, y)
    digits = 1e-11 if getattr(written, "is_held", True) else 1e-3
    assert value(text, letters) == pytest.approx(expected, rel=digits)
    if kind is Notation:
        assert value(text, letters) == expected


@pytest.mark.parametrize(
    ("op", "index", "text"),
    [
        (primitives.tanh, 0, "∂tanh(a)/∂a = 1 - tanh(a)²"),
        (primitives.mul, 0, "∂(a·b)/∂a = b"),
        (primitives.mul, 1, "∂(a·b)/∂b = a"),
        (primitives.sub, 1, "∂(a - b)/∂b = -1"),
        (primitives.div, 0, "∂(a/b)/∂a = 1/b"),
        (primitives.div, 1, "∂(a/b)/∂b = -a/b/b"),
        (primitives.neg, 0, "∂(-a)/∂a = -1"),
        (primitives.log, 0, "∂log(a)/∂a = 1/a"),
        (primitives.sin, 0, "∂sin(a)/∂a = cos(a)"),
        (primitives.cos, 0, "∂cos(a)/∂a = -sin(a)"),
        (primitives.sigmoid, 0, "∂sigmoid(a)/∂a = sigmoid(a)·(1 - sigmoid(a))"),
        (primitives.relu, 0, "∂relu(a)/∂a = [a > 0]"),
        (primitives.power, 1, "∂(a^b)/∂b = a^b·log(a)"),
        (primitives.maximum, 0, "∂maximum(a, b)/∂a = [a > b] + [a = b]/2"),
    ],
)
def test_a_derivative_is_written_as_an_equation(op, index, text):
    assert write_rule(op, index) == text


def test_a_constant_exponent_makes_the_rule_short():
    assert str(write_partial(primitives.power, 0, [a, 3.0], b)) == "3·a²"
    assert str(write_partial(primitives.power, 0, [a, 2.0], b)) == "2·a"
    assert str(write_partial(primitives.power, 0, [a, 1.0], b)) == "1"
    assert str(write_partial(primitives.power, 0, [a, 0.0], b)) == "0"


def test_the_rule_of_a_sum_of_any_length_is_written():
    operands = [a, b, c, 2.0, 0.0]
    assert str(write_partial(affine_sum, 0, operands, Symbol("z"))) == "c"
    assert write_partial(affine_sum, 1, operands, Symbol("z")) == 2.0
    assert str(write_partial(affine_sum, 2, operands, Symbol("z"))) == "a"


def test_a_primitive_of_your_own_is_written_by_its_name_and_its_rule():
    softsign = Primitive("softsign", lambda a: a / (1 + abs(a)), lambda *ay: (1 - abs(ay[1])) ** 2)
    assert write_rule(softsign) == "∂softsign(a)/∂a = (1 - abs(softsign(a)))²"


# Numbers


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (1.0001, "1.000"),
        (0.1 + 0.2, "0.3"),
        (1 - 1e-13, "1"),
        (1 - 1e-9, "1.000"),
        (0.5 + 1e-12, "0.5000"),
        (999_999.0, "999999"),
        (1_000_000.0, "1e+06"),
        (1_000_001.0, "1.000e+06"),
        (1234.0001, "1234.0"),
        (99.996, "100.0"),
        (9999.96, "1.000e+04"),
        (-0.0, "0"),
    ],
)
def test_a_rounded_number_keeps_its_zeros(x, text):
    assert write_number(x) == text


@pytest.mark.parametrize(
    ("x", "short", "two"),
    [
        *[(2 / 3, "0.6667", "0.67"), (-2 / 3, "-0.6667", "-0.67"), (1.00006, "1", "1")],
        *[
            (1.0006, "1.001", "1"),
            (123456.0, "123456", "123456"),
            (1234567.0, "1.235e+06", "1.2e+06"),
        ],
        *[(-0.0, "0", "0"), (0.1 + 0.2, "0.3", "0.3"), (math.inf, "inf", "inf")],
    ],
)
def test_the_nearest_short_number_has_four_digits_unless_others_are_asked_for(x, short, two):
    assert (shorten(x), shorten(x, 2)) == (short, two)


@pytest.mark.parametrize(
    ("x", "two"),
    [(2 / 3, "0.67"), (1.001, "1.0"), (1.5, "1.5"), (123.4, "1.2e+02"), (99.4, "99.4")],
)
def test_a_number_may_be_asked_for_with_fewer_digits(x, two):
    assert write_number(x, 2) == two


@given(st.floats(-1e300, 1e300, allow_subnormal=False))
def test_a_number_is_held_if_and_only_if_it_reads_back_to_twelve_digits(x):
    text = write_number(x)
    assert is_held(x) == (f"{float(text):.12g}" == f"{x + 0.0:.12g}")
    assert float(text) == pytest.approx(x, rel=5e-4)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_not_held_shows_a_digit_that_was_rounded(x):
    text = write_number(x)
    if not is_held(x):
        assert "." in text
        assert len(re.sub(r"e.*|\D", "", text).lstrip("0")) >= 4


# Equations


@pytest.mark.parametrize(
    ("sides", "text"),
    [
        ((figure(0.1) * figure(3.0), figure(0.3)), "0.1 × 3 = 0.3"),
        ((figure(1 / 3) * figure(3.0), figure(1.0)), "0.3333 × 3 ≈ 1"),
        ((figure(1.0) * figure(1 / 3), figure(1 / 3)), "1 × 0.3333 = 0.3333"),
        ((figure(1.0) / figure(4.0), figure(0.25)), "1 / 4 = 0.25"),
        ((figure(1.0) / figure(0.0), figure(math.inf)), "1 / 0 ≈ inf"),
        ((figure(0.5) ** figure(2.0), figure(0.25)), "0.5² = 0.25"),
        ((figure(4.0) ** figure(0.5), figure(2.0)), "4^0.5 ≈ 2"),
        ((primitives.tanh(figure(0.0)), figure(0.0)), "tanh(0) ≈ 0"),
        ((figure(1.0) * figure(math.nan), figure(math.nan)), "1 × nan ≈ nan"),
        (("L", figure(2.0)), "L = 2"),
        (("L", figure(1.00001)), "L ≈ 1.000"),
        (("L", a * 0.25), "L = a·0.25"),
        (("L", a * (1 / 3)), "L ≈ a·0.3333"),
        (("L", -a, figure(-3.0), figure(-3.0)), "L = -a = -3"),
        (("a", "", figure(2.0)), "a = 2"),
        (("2", figure(2.0)), "2 = 2"),
    ],
)
def test_equal_stands_where_the_printed_numbers_are_equal_and_nearly_elsewhere(sides, text):
    assert write_equation(*sides) == text


@given(EXPRESSIONS)
def test_a_formula_is_worth_what_its_printed_decimals_give(tree):
    try:
        formula = Figures.of(grown_figures(tree))
    except (ArithmeticError, ValueError):
        return
    if formula.worth is not None:
        exact = eval(with_fractions(formula.text), {"F": Fraction})
        assert exact == formula.worth, formula


def grown_figures(tree):
    """Write a tree in numbers alone."""
    return grown(tree, lambda letter: figure(LETTERS[letter]))


def with_fractions(text):
    """Turn the decimals of a formula in figures into exact fractions, for Python."""
    text = SUPERSCRIPTS.sub(lambda found: f"**({found[0].translate(DIGITS)})", text)
    text = re.sub(r"\d+(\.\d+)?(e[+-]\d+)?", lambda found: f"F('{found[0]}')", text)
    return text.replace("×", "*").replace("^", "**")


@pytest.mark.parametrize(("op", "index"), RULES, ids=[f"{op.name} {i}" for op, i in RULES])
def test_javascript_is_written_for_every_rule(op, index):
    operands = [*map(JavaScript, "ab")][: len(op.rules)]
    rule = JavaScript.of(write_partial(op, index, operands, JavaScript("y")))
    assert "**" not in str(rule)
