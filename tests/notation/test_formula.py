"""Formulas: what is written is what is computed, with as few parentheses as can be."""

import ast
import math
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd_mini import Primitive, total, weighted_sum
from autograd_mini.engine import primitives
from autograd_mini.engine.sums import affine_sum
from autograd_mini.notation.formula import Code, Symbol, derivative, partial

TABLE = [op for op in vars(primitives).values() if isinstance(op, Primitive) and op.rules]
FUNCTIONS = {op.name: op for op in TABLE if op.name.isidentifier()} | {"nan": math.nan}
SUPERSCRIPTS = re.compile("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
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
    (a + 1 / 3, "a + 0.333333333333"),
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


def python(text):
    """Translate a written formula to Python."""
    text = SUPERSCRIPTS.sub(lambda found: f"**({found[0].translate(DIGITS)})", text)
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


def number_and_text(tree, kind):
    """Return what the primitives compute and what they write."""
    try:
        return grown(tree, LETTERS.get), str(kind.of(grown(tree, kind)))
    except (ArithmeticError, ValueError):
        return assume(False)


@given(EXPRESSIONS)
def test_a_written_formula_evaluates_to_the_number(tree):
    number, text = number_and_text(tree, Symbol)
    assume(abs(number) < 1e9)
    assert value(text, LETTERS) == pytest.approx(number, rel=1e-6, abs=1e-6), text


@given(EXPRESSIONS)
def test_code_evaluates_to_the_number_bit_by_bit(tree):
    number, text = number_and_text(tree, Code)
    assert eval(text, FUNCTIONS | LETTERS) == number, text


@given(EXPRESSIONS)
def test_no_pair_of_parentheses_can_be_left_out(tree):
    _, text = number_and_text(tree, Symbol)
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
@pytest.mark.parametrize("kind", [Symbol, Code])
def test_a_written_rule_of_the_table_evaluates_to_the_rule(op, index, kind):
    x = [1.7, 0.6] if op.name == "acosh" else [0.7, 1.6]
    numbers = x[: len(op.rules)]
    y = op(*numbers)
    text = str(kind.of(partial(op, index, [*map(kind, "ab")][: len(numbers)], kind("y"))))
    letters = {**dict(zip("ab", numbers, strict=False)), "y": y}
    expected = op.rules[index](*numbers, y)
    assert value(text, letters) == pytest.approx(expected, rel=1e-11)
    if kind is Code:
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
        (primitives.relu, 0, "∂relu(a)/∂a = heaviside(a)"),
        (primitives.power, 1, "∂(a^b)/∂b = a^b·log(a)"),
        (primitives.maximum, 0, "∂maximum(a, b)/∂a = (1 + sign(a - b))/2"),
    ],
)
def test_a_derivative_is_written_as_an_equation(op, index, text):
    assert derivative(op, index) == text


def test_a_constant_exponent_makes_the_rule_short():
    assert str(partial(primitives.power, 0, [a, 3.0], b)) == "3·a²"
    assert str(partial(primitives.power, 0, [a, 2.0], b)) == "2·a"
    assert str(partial(primitives.power, 0, [a, 1.0], b)) == "1"
    assert str(partial(primitives.power, 0, [a, 0.0], b)) == "0"


def test_the_rule_of_a_sum_of_any_length_is_written():
    operands = [a, b, c, 2.0, 0.0]
    assert str(partial(affine_sum, 0, operands, Symbol("z"))) == "c"
    assert partial(affine_sum, 1, operands, Symbol("z")) == 2.0
    assert str(partial(affine_sum, 2, operands, Symbol("z"))) == "a"


def test_a_primitive_of_your_own_is_written_by_its_name_and_its_rule():
    softsign = Primitive("softsign", lambda a: a / (1 + abs(a)), lambda *ay: (1 - abs(ay[1])) ** 2)
    assert derivative(softsign) == "∂softsign(a)/∂a = (1 - abs(softsign(a)))²"
