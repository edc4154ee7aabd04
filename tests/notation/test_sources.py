"""Sources: formulas as PyTorch and JavaScript read them, and sums in any notation."""

import math
import string
import types

import pytest

from autograd_mini.engine import floats, primitives
from autograd_mini.engine.primitives import TABLE
from autograd_mini.engine.sums import Variadic, affine_sum, sum_of
from autograd_mini.notation.algebra import write_long, write_operation
from autograd_mini.notation.equation import EQUAL, NEARLY, figure
from autograd_mini.notation.identifiers import identifiers
from autograd_mini.notation.javascript import JavaScript
from autograd_mini.notation.latex import PRINTED, Latex, escape
from autograd_mini.notation.mathml import MathML
from autograd_mini.notation.pytorch import PyTorch
from autograd_mini.notation.text import Symbol, write_label


def softplus(a, threshold):
    """Return what PyTorch's function of that name does: above the threshold, its operand."""
    return a if a > threshold else floats.softplus(a)


# What PyTorch calls so, on floats.
FUNCTIONS = {name: op.forward for name, op in TABLE.items() if name.isidentifier()}
for name in ("sech", "circle", "portion", "power_log", "above", "equal", "through", "leaky_relu"):
    del FUNCTIONS[name]
TORCH = types.SimpleNamespace(
    **{name: f for name, f in FUNCTIONS.items() if name != "softplus"},
    sign=lambda a: float((a > 0) - (a < 0)),
    where=lambda test, yes, no: yes if test else no,
    tensor=lambda x, **_: x,
    float64=float,
    nn=types.SimpleNamespace(
        functional=types.SimpleNamespace(softplus=softplus, leaky_relu=floats.leaky_relu)
    ),
)


@pytest.mark.parametrize("at", [(0.7, 0.3), (0.3, 0.7), (0.3, 0.3), (0.4, 0.0), (0.9, 2.0)])
@pytest.mark.parametrize("op", TABLE.values(), ids=str)
def test_a_function_in_pytorch_is_worth_the_primitive(op, at):
    numbers = at[: len(op.rules)] if op.name != "acosh" else [1 + at[0]]
    if op.name == "/" and at[1] == 0:
        return
    letters = {x: PyTorch(f"({x} + 0.0)") for x in "ab"[: len(numbers)]}
    text = op(*letters.values()).text
    found = eval(text, {"torch": TORCH, **dict(zip(letters, numbers, strict=True))})
    assert found == pytest.approx(op(*numbers), rel=1e-12), text


def test_a_softplus_in_pytorch_is_exact_far_out_too():
    assert TABLE["softplus"](PyTorch("a")).text == (
        "torch.nn.functional.softplus(a, threshold=40.0)"
    )


def test_what_pytorch_lacks_and_takes_no_formula_is_refused():
    with pytest.raises(ValueError, match=r"^PyTorch has no largest, and its function takes number"):
        write_operation(Variadic("largest", max, lambda *v: v), [a, b], PyTorch, lambda x: x)
    erfc = primitives.Primitive("erfc", math.erfc, lambda *_: -1.0)
    with pytest.raises(ValueError, match=r"^PyTorch has no erfc, and its function takes numbers"):
        erfc(PyTorch("a"))


@pytest.mark.parametrize(
    ("x", "text"), [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity"), (2.0, "2")]
)
def test_javascript_has_names_of_its_own_for_what_is_not_finite(x, text):
    assert JavaScript.write_number(x) == text


def test_signs_of_mathematics_are_commands_in_a_text_for_latex():
    assert "a·b ≈ -c × ∂".translate(PRINTED) == r"a$\cdot$b $\approx$ -c $\times$ $\partial$"
    assert "x → ∞, ½ ≠ 2⁻¹, w₀".translate(PRINTED) == (
        r"x $\to$ $\infty$, $\frac{1}{2}$ $\ne$ 2$^{-}$$^{1}$, w$_{0}$"
    )
    assert "<{|~^\\".translate(PRINTED) == (
        r"\textless{}\{\textbar{}\textasciitilde{}\textasciicircum{}\textbackslash{}"
    )


@pytest.mark.parametrize(("kind", "dots"), [(Latex, r"\dots"), (MathML, "<mo>…</mo>")])
def test_the_middle_of_a_long_sum_is_dots_in_print(kind, dots):
    letters = [kind(x) for x in "abcdefghi"]
    first, *_, last = write_long(letters, kind, lambda x: x)
    assert [x.text for x in write_long(letters, kind, lambda x: x)] == ["a", "b", dots, "i"]
    assert (first.text, last.text) == ("a", "i")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Latex, r"\frac{\partial L}{\partial a}"),
        (MathML, "<mfrac><mrow><mo>∂</mo>L</mrow><mrow><mo>∂</mo>a</mrow></mfrac>"),
        (Symbol, "∂L/∂a"),
    ],
)
def test_a_derivative_is_a_fraction_in_print(kind, text):
    assert kind.write_derivative(kind("L"), kind("a")).text == text


def test_of_a_long_label_nothing_is_read_twice():
    assert write_label("x" + " " * 60 + "y" + " " * 80) == "x y"


@pytest.mark.parametrize("length", [242, 300, 1000])
def test_of_a_long_label_only_its_ends_are_looked_at(length):
    ends = [0, 119, length - 120, length - 1]
    assert {write_label(f"{' ' * i}x{' ' * (length - 1 - i)}") for i in ends} == {"x"}
    assert {write_label(f"{' ' * i}x{' ' * (length - 1 - i)}") for i in (120, length - 121)} == {""}


@pytest.mark.parametrize(("length", "is_whole"), [(59, True), (60, True), (61, False), (99, False)])
def test_a_label_has_at_most_sixty_characters_its_middle_left_out(length, is_whole):
    label = "".join(chr(ord("A") + i % 50) for i in range(length))
    shown = write_label(label)
    assert shown == (label if is_whole else f"{label[:30]}…{label[-29:]}")
    assert len(shown) == min(length, 60)


@pytest.mark.parametrize(
    ("base", "exponent", "is_known"),
    [
        *[(10, 400, True), (10, 401, False), (-10, -400, True), (0.1, -401, False)],
        *[(1, 401, True), (-1, 401, True), (0, 401, True)],
        *[(2, 0.5, False), (1, 0.5, False), (0, -1, False)],
    ],
)
def test_powers_are_worked_out_as_far_as_floats_reach_and_further_where_it_is_easy(
    base, exponent, is_known
):
    assert ((figure(base) ** exponent).worth is not None) == is_known


a, b, c, d, e = map(Symbol, "abcde")


@pytest.mark.parametrize(
    ("op", "operands", "text"),
    [
        (affine_sum, [a, b, c, d, e], "a·c + b·d + e"),
        (affine_sum, [a, b, c, d, 0.0], "a·c + b·d"),
        (affine_sum, [a, b, c, d, 1.0], "a·c + b·d + 1"),
        (affine_sum, [a, 2.0, -1.0], "a·2 + (-1)"),
        (affine_sum, [e], "e"),
        (affine_sum, [0.0], "0"),
        (affine_sum, [*[a, b, c] * 3, *[d] * 8, e, 0.0], "a·d + b·d + … + c·e"),
        (sum_of, [a, b, 0.5], "a + b + 0.5"),
        (sum_of, [*[a, b, c, d] * 2, 0.5], "a + b + … + 0.5"),
        (sum_of, [a, b, c, d] * 2, "a + b + c + d + a + b + c + d"),
        (Variadic("largest", max, lambda *v: v), [*[a, b, c, d] * 2, 2.0], "largest(a, b, …, 2)"),
        (primitives.tanh, [a], "tanh(a)"),
        (primitives.leaf, [], ""),
    ],
)
def test_an_operation_is_written_with_the_middle_of_many_operands_left_out(op, operands, text):
    written = [x.text if isinstance(x, Symbol) else x for x in operands]
    assert write_operation(op, operands, Symbol, lambda x: x).text == text, written


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (["a", "a_", "_a", "_"], ["a", "a_", "v_a", "v_"]),
        (["a", "a", "a", "a_2"], ["a", "a_2", "a_3", "a_2_2"]),
        (["a", "a_grad", "a"], ["a", "a_grad_2", "a_2"]),
        (["a_grad", "a"], ["a_grad", "a_2"]),
        (["if", "sum", "tanh", "inf", "leaf"], ["if_", "sum_", "tanh_", "inf_", "leaf_"]),
        (["abs", "aiter", "zip", "nan"], ["abs_", "aiter_", "zip_", "nan_"]),
        (["value", "value_and_gradients", "values"], ["value_", "value_and_gradients_", "values"]),
        (["2", "w.1", "x-y", "", " "], ["v2", "w_1", "x_y", "v", "v_"]),
        (["ﬁ", "x²", "größe"], ["fi", "x2", "größe"]),
        (["w" * 39, "u" * 40, "v" * 41, "v" * 40], ["w" * 39, "u" * 40, "v" * 40, "v" * 40 + "_2"]),
    ],
)
def test_names_are_identifiers_and_so_are_those_of_their_adjoints(names, written):
    assert identifiers(names) == written


def test_an_identifier_is_none_that_is_reserved():
    assert identifiers(["a", "b"], reserved=["a", "b_grad"]) == ["a_2", "b_2"]


@pytest.mark.parametrize(
    ("kind", "equal", "nearly", "added"),
    [
        (Latex, "=", r"\approx", r"\mathrel{+}="),
        (MathML, "<mo>=</mo>", "<mo>≈</mo>", "<mo>+=</mo>"),
    ],
)
def test_two_sides_are_equal_nearly_equal_or_added_in_print(kind, equal, nearly, added):
    assert {EQUAL: equal, NEARLY: nearly, "+=": added} == kind.SIGNS


def test_a_text_for_latex_has_each_sign_of_a_keyboard_as_it_is():
    plain = f"{string.ascii_letters}{string.digits} !\"'()*+,-./:;=?@[]`"
    assert escape(plain) == plain
    escaped = {x: f"\\{x}" for x in "{}$&#_%"}
    words = {"\\": "backslash", "^": "asciicircum", "~": "asciitilde", "<": "less", ">": "greater"}
    escaped |= {x: rf"\text{word}{{}}" for x, word in [*words.items(), ("|", "bar")]}
    assert {x: escape(x) for x in string.printable[:95] if x not in plain} == escaped
