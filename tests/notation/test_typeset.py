"""LaTeX and MathML are read back: what is printed is worth what was computed."""

import math
import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd_mini.engine import primitives
from autograd_mini.engine.undefined import Undefined
from autograd_mini.notation.latex import LATEX_HAND, Latex, escape
from autograd_mini.notation.letters import GREEK, choose_letters, read_letter
from autograd_mini.notation.mathml import MATHML_HAND, MathML
from autograd_mini.notation.notation import write_partial
from autograd_mini.notation.pytorch import PyTorch
from autograd_mini.notation.text import Symbol
from tests.notation.test_notation import EXPRESSIONS, LETTERS, RULES, grown
from tests.readers import CALLS, read_latex, read_mathml

HANDS = {
    "latex": (Latex, Latex, read_latex),
    "mathml": (MathML, lambda x: MathML(f"<mi>{x}</mi>"), read_mathml),
}
NAMES = st.one_of(
    st.from_regex(r"(layer[12]\.(neuron[1-3]\.)?)?(w|theta|θ|out|x_)\d{0,2}", fullmatch=True),
    st.from_regex(r"w(\[[0-2]\]){1,2}", fullmatch=True),
    st.sampled_from(["a + b", "a_b", "w_ij", "x_max", "<b>", "$x$", "50%", "a#2", "{", "\\frac"]),
)


@pytest.mark.parametrize("notation", HANDS)
@given(EXPRESSIONS)
def test_a_typeset_formula_is_worth_what_the_primitives_compute(notation, tree):
    kind, letter, read = HANDS[notation]
    try:
        number, formula = grown(tree, LETTERS.get), kind.of(grown(tree, letter))
    except (ArithmeticError, ValueError):
        return
    assume(abs(number) < 1e9 and formula.is_held)
    assert read(formula.text, LETTERS) == pytest.approx(number, rel=1e-6, abs=1e-6), formula


@pytest.mark.parametrize("notation", HANDS)
@pytest.mark.parametrize(("op", "index"), RULES, ids=[f"{op.name} {i}" for op, i in RULES])
def test_a_typeset_rule_of_the_table_is_worth_the_rule(op, index, notation):
    kind, letter, read = HANDS[notation]
    numbers = ([1.7, 0.6] if op.name == "acosh" else [0.7, 1.6])[: len(op.rules)]
    y = op(*numbers)
    operands = [letter(x) for x in "ab"[: len(numbers)]]
    written = kind.of(write_partial(op, index, operands, letter("y")))
    known = {**dict(zip("ab", numbers, strict=False)), "y": y}
    digits = 1e-11 if written.is_held else 1e-3
    assert read(written.text, known) == pytest.approx(op.rules[index](*numbers, y), rel=digits)


@pytest.mark.parametrize(
    ("name", "plain", "latex"),
    [
        ("w1", "w₁", "w_{1}"),
        ("theta_1", "θ₁", r"\theta_{1}"),
        ("layer2.neuron4.w2", "w⁽²⁾₄₂", "w^{(2)}_{42}"),
        ("layer2.neuron4.w12", "w⁽²⁾_4,12", "w^{(2)}_{4,12}"),
        ("layer1.neuron2.z", "z⁽¹⁾₂", "z^{(1)}_{2}"),
        ("w[0][1]", "w₀₁", "w_{01}"),
        ("x_max", "x_max", "x_{max}"),
        ("loss", "loss", r"\mathit{loss}"),
        ("learning_rate", "learning_rate", r"\text{learning\_rate}"),
        ("a + b", "a + b", r"\text{a + b}"),
        ("a#2", "a#2", r"\text{a\#2}"),
    ],
)
def test_a_name_is_written_as_in_a_book(name, plain, latex):
    assert str(read_letter(name)) == plain
    assert LATEX_HAND.letters.write_letter(read_letter(name)) == latex


@given(st.sets(NAMES, max_size=12))
def test_no_two_names_of_a_graph_are_printed_alike(names):
    letters = choose_letters(names)
    for hand in (LATEX_HAND, MATHML_HAND):
        assert len({hand.letters.write_letter(x) for x in letters.values()}) == len(names)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (5e-8, r"5 \cdot 10^{-8}"),
        (-1234567.0, r"-1.235 \cdot 10^{6}"),
        (-0.5, "-0.5"),
        (float("inf"), r"\infty"),
        (float("-inf"), r"-\infty"),
    ],
)
def test_a_number_is_printed_with_a_power_of_ten(x, text):
    assert LATEX_HAND.figures.of(x).text == text


@pytest.mark.parametrize(
    ("x", "latex", "word"),
    [
        (math.inf, r"\infty", "∞"),
        (math.nan, r"\text{nan}", "nan"),
        (Undefined(ValueError("")), r"\text{undefined}", "undefined"),
    ],
)
def test_what_is_no_number_is_a_word_or_a_sign(x, latex, word):
    assert LATEX_HAND.figures.of(x).text == latex
    assert re.fullmatch(rf"<mi[^<>]*>{word}</mi>", MATHML_HAND.figures.of(x).text)


@pytest.mark.parametrize(("book", "name"), CALLS.items())
def test_a_function_has_the_name_that_books_give_it(book, name):
    op = primitives.TABLE[name]
    letters = "ab"[: len(op.rules)]
    assert op(*map(Latex, letters)).text.startswith(rf"\{book}\left(")
    assert op(*map(MathML, letters)).text.startswith(f"<mrow><mi>{book}</mi>")


@pytest.mark.parametrize(
    ("name", "product", "power"),
    [
        ("w1", r"w_{1} \cdot x", "w_{1}^{2}"),
        ("a#2", r"\text{a\#2} \cdot x", r"\text{a\#2}^{2}"),
        ("a + b", r"\left(\text{a + b}\right) \cdot x", r"\left(\text{a + b}\right)^{2}"),
        (
            "2 w",
            r"\left(\text{2 w}\right) \cdot x",
            r"\left(\text{2 w}\right)^{2}",
        ),
        ("layer1.w1", r"w^{(1)}_{1} \cdot x", r"\left(w^{(1)}_{1}\right)^{2}"),
    ],
)
def test_a_name_is_in_parentheses_where_it_looks_like_more_than_a_letter(name, product, power):
    """What has a layer above it is no base of a power; a text that looks like a sum is one."""
    letter = LATEX_HAND.letters.of_letter(read_letter(name))
    assert (letter * Latex("x")).text == product
    assert (letter**2).text == power


def test_names_that_would_be_printed_alike_stay_texts_and_no_others():
    chosen = choose_letters(["w1", "w_1", "w[1]", "w2", "theta", "θ", "b", "a + b"])
    assert {name for name, letter in chosen.items() if letter.is_text} == {
        *["w1", "w_1", "w[1]", "theta", "θ", "a + b"],
    }
    assert [letter.word for letter in chosen.values()] == [
        *["w1", "w_1", "w[1]", "w", "theta", "θ", "b", "a + b"],
    ]


def test_eulers_number_is_told_from_a_variable_of_that_name():
    assert primitives.exp(Latex("a")).text == r"\mathrm{e}^{a}"
    assert (Latex("e") ** Latex("a")).text == "e^{a}"


def test_a_letter_has_its_unit_below_and_its_layer_above():
    below, above = "<mrow><mn>1</mn></mrow>", "<mrow><mn>(2)</mn></mrow>"
    for name, written in (
        ("w1", f"<msub><mrow><mi>w</mi></mrow>{below}</msub>"),
        ("layer2.w", f"<msup><mrow><mi>w</mi></mrow>{above}</msup>"),
        ("layer2.w1", f"<msubsup><mrow><mi>w</mi></mrow>{below}{above}</msubsup>"),
    ):
        assert MathML.write_letter(read_letter(name)) == written


def test_a_label_is_no_markup():
    assert (
        MATHML_HAND.letters.write_letter(read_letter("<script>"))
        == '<mi mathvariant="normal">&lt;script&gt;</mi>'
    )


@pytest.mark.parametrize("number", [0.0, 0.5, -2.0, 1e-9])
def test_a_number_in_a_bracket_stands_on_the_right_in_every_notation(number):
    written = {
        kind: primitives.TABLE["above"](kind.of(number), kind.named("x"))
        for kind in (Symbol, Latex, MathML)
    }
    assert written[Symbol].text == f"[x < {Symbol.of(number)}]"
    assert written[Latex].text == f"[x < {Latex.of(number)}]"
    assert written[MathML].text.index("x") < written[MathML].text.index("&lt;")


@pytest.mark.parametrize("written", ["a ≈ b", "∂L/∂θ", "2·x⁻¹⁰ × 3 → ½", "w₁₂ − ∞"])
def test_a_remark_needs_no_letters_that_latex_lacks(written):
    assert escape(written).isascii()


def test_an_operator_between_words_keeps_its_spaces():
    """MathML takes a text for space, and then an operator beside it has none."""
    for name in ("a_long_name", "two words", "nan"):
        letter = MathML.of_letter(read_letter(name))
        assert "mtext" not in (letter * MathML.of(float("nan")) + letter).text


def test_a_parenthesis_is_as_high_as_what_is_in_it():
    low, high = MathML("<mi>a</mi>") + 1, MathML("<mi>a</mi>") / MathML("<mi>b</mi>") + 1
    assert (2.0 * low).text.count('stretchy="false"') == 2
    assert "stretchy" not in (2.0 * high).text


def test_a_number_is_no_operand_of_a_function_that_takes_two_in_pytorch():
    text = primitives.maximum(PyTorch("a"), 0.5).text
    assert text == "torch.maximum(a, torch.tensor(0.5, dtype=torch.float64))"


def test_a_primitive_of_your_own_is_written_by_its_function_in_pytorch():
    own = primitives.Primitive("own", lambda a: a * a + 1, lambda a, _y: 2 * a)
    assert own(PyTorch("x")).text == "x * x + 1.0"


def test_infinity_is_a_word_and_with_a_minus_in_parentheses_where_it_is_an_operand():
    x = Latex("x")
    assert primitives.power(Latex.of(math.inf), x).text == r"\infty^{x}"
    assert primitives.power(Latex.of(-math.inf), x).text == r"\left(-\infty\right)^{x}"
    assert primitives.absolute(x).text == r"\left|x\right|"


def test_a_word_in_another_alphabet_is_text_in_latex():
    assert Latex.write_letter(read_letter("größe")) == r"\text{größe}"


def test_the_name_of_a_primitive_cannot_write_markup():
    assert "<mi>&lt;b&gt;</mi>" in MathML.write_function("<b>", ["<mi>a</mi>"])


def test_the_name_of_each_greek_letter_is_its_own():
    for name, letter in GREEK.items():
        size = "SMALL" if name.islower() else "CAPITAL"
        spelt = name.upper().replace("LAMBDA", "LAMDA")  # as Unicode has it
        assert unicodedata.name(letter) == f"GREEK {size} LETTER {spelt}"
        assert read_letter(name).word == letter
        assert Latex.write_letter(read_letter(name)) == f"\\{name}"
