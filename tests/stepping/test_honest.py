"""What is printed is true: every equation is read back, every name belongs to one node."""

import io
import math
import re
import sys
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, gradient, total, weighted_sum, what_if
from autograd_mini.engine import waiting
from autograd_mini.engine.order import topological_order
from autograd_mini.stepping import explain, names, steps, walk, why
from autograd_mini.stepping.check import check_gradients, nudge
from autograd_mini.stepping.editing import is_current
from autograd_mini.stepping.explaining import align_columns
from autograd_mini.stepping.naming import number
from autograd_mini.stepping.steps import in_floats
from tests.graphs import graphs

SUPERSCRIPT = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
FIGURE = re.compile(r"\d+(?:\.\d+)?(?:e[+-]\d+)?")
SIDES = re.compile(r"\s+(=|≈)\s+")


def worth(side):
    """Return what a side gives as it is printed; None where it holds letters or a function."""
    text = side.replace("×", "*")
    text = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda m: f"**({m[0].translate(SUPERSCRIPT)})", text)
    if re.search(r"[^\W\de]|∂|…|\^", FIGURE.sub("", text)):
        return None
    try:
        return eval(FIGURE.sub(lambda m: f"F('{m[0]}')", text), {"F": Fraction})
    except (NameError, SyntaxError, ZeroDivisionError):
        return None


def equations(text):
    """Yield each pair of neighbouring sides of figures in a text, with the sign between."""
    for line in text.splitlines():
        for part in re.split(r", so |: |   ", line):
            sides = SIDES.split(part)
            for left, sign, right in zip(sides[::2], sides[1::2], sides[2::2], strict=False):
                if worth(left) is not None and worth(right) is not None:
                    yield left, sign, right


def assert_honest(text):
    for left, sign, right in equations(text):
        assert (sign == "=") == (worth(left) == worth(right)), (left, sign, right)


@given(graphs())
def test_every_printed_equation_is_true_of_the_printed_numbers(graph):
    leaves, output = graph
    texts = [explain(output), *map(str, steps(output)), *(str(why(output, x)) for x in leaves)]
    texts += [str(nudge(output, leaves[0], 0.25)), *(str(walk(output).to(i)) for i in range(4))]
    for text in texts:
        assert_honest(text)


def test_a_false_equation_is_found():
    with pytest.raises(AssertionError):
        assert_honest("∂L/∂a = 3 × 1 = 3.001")
    with pytest.raises(AssertionError):
        assert_honest("3 × 1 ≈ 3")


def test_a_power_is_worked_out_where_its_result_may_be_written_exactly():
    worked = (
        "1¹⁰¹ = 1",
        "(-1)¹⁰⁰⁰¹ = -1",
        "1^(1e+300) = 1",
        "0¹⁰¹ = 0",
        "10²⁰¹ = 1e+201",
        "2¹⁰¹ ≈ 2.535e+30",
    )
    for base, exponent, told in zip(
        (1, -1, 1, 0, 10, 2), (101, 10001, 1e300, 101, 201, 101), worked, strict=True
    ):
        assert told in " ".join(explain(Value(base, "x") ** exponent).split())


def test_a_number_that_is_only_nearly_whole_looks_like_one():
    x = Value(3.0, "x")
    text = explain(x * 1.0001 * 1.0001)
    assert "L ≈ v1·1.000" in " ".join(text.split())
    assert "∂L/∂x ≈ 1.000" in text


def test_a_function_is_nearly_equal_to_its_result():
    assert "L = tanh(x) = tanh(0) ≈ 0" in " ".join(explain(Value(0.0, "x").tanh()).split())


@given(graphs())
def test_a_local_partial_never_has_the_name_of_the_whole_derivative(graph):
    _, output = graph
    whole = {names(output).derivative(x) for x in topological_order(output)}
    assert not whole & {step.local for step in steps(output)}


def test_a_derivative_that_is_computed_in_another_way_says_so():
    assert "(computed as sech(x)²)" in explain(Value(20.0, "x").tanh())
    assert "computed as" not in explain(Value(0.5, "x").tanh())


@given(graphs())
def test_no_formula_stands_beside_a_number_that_an_edit_has_changed_without_a_word(drawn):
    xs, y = drawn
    for x in xs:
        x.data += 1.0
    for step in steps(y):
        now = in_floats(step.edge)
        is_same = number(now) == number(step.partial)
        was = f", which was {number(step.partial)}"
        assert is_same or step.remark == was or is_current(step.node)
        assert not (is_same and was in step.reason)


def test_what_an_edit_changed_is_told_in_every_notation():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    for y in (a * b, weighted_sum([a, Value(1.0, "c")], [b, 1.0])):
        a.data = 5.0
        told = explain(y)
        assert "= a, which was 2" in told
        assert "(the partial was 2)" in told.latex()
        assert "(the partial was 2)" in told.mathml()
        assert "computed as" not in told + told.latex() + told.mathml()
        a.data = 2.0


def test_a_formula_without_a_number_is_told_its_limit():
    told = explain(Value(0.0, "x") ** Value(2.0, "n"))
    assert "= L·log(x), which has the limit 0 here" in told
    assert "power_log" not in told + told.latex() + told.mathml()


def test_a_formula_that_is_a_number_has_no_limit():
    assert "limit" not in explain(Value(0.0, "x") ** 0)


@given(graphs())
def test_a_gradient_s_leaves_are_those_of_the_graph_and_no_seed(drawn):
    xs, y = drawn
    for slope in gradient(y, xs):
        assert {*names(slope).leaves} <= {*xs, slope}


# Names


def test_a_label_is_stronger_than_a_variable_and_no_name_is_given_twice():
    a, b = Value(1.0, "b"), Value(2.0)
    assert [*names(a * b, {"a": a, "b": b}).values()] == ["b", "v1", "L"]
    with pytest.raises(TypeError, match=r"^names is a mapping such as locals"):
        explain(a, names=["a"])


def test_a_label_with_an_ellipsis_keeps_its_formula():
    xs = [Value(float(i), f"x{i}…") for i in range(12)]
    assert "L = x0… + x1… + … + x11… " in " ".join(explain(total(xs)).split())


def test_leaves_stand_in_the_order_of_their_names():
    x = {i: Value(1.0, f"z{i}") for i in (10, 2, 1)}
    lines = explain(x[10] * x[2] + x[1]).splitlines()
    assert [line.split()[0] for line in lines[1:4]] == ["z1", "z2", "z10"]
    assert [line.split()[0] for line in lines[-3:]] == ["∂L/∂z1", "∂L/∂z2", "∂L/∂z10"]


# Grads of older passes


def test_explain_says_when_a_grad_holds_older_passes():
    a = Value(2.0, "a")
    y = a * a
    y.backward()
    assert "holds other passes" not in explain(y)
    y.backward()
    assert "a.grad is 8: it holds other passes, added earlier; zero_grad() clears them" in explain(
        y
    )


# Screens and lengths


@pytest.mark.parametrize(
    ("task", "act"),
    [
        ("explaining", explain),
        ("checking inputs", check_gradients),
        ("looking for terms", lambda y: why(y, y.operands[0], limit=0)),
        ("comparing rows", lambda y: what_if(y, x=0.6)),
        ("walking", lambda y: walk(y).end()),
        ("walking back", lambda y: walk(y).end().start()),
    ],
)
def test_whoever_waits_is_told_for_what_and_the_share_of_all_there_is(monkeypatch, task, act):
    lengths = {}

    def tell(items, count, task, _):
        items = [*items]
        lengths[task] = (len(items), count)
        return items

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(waiting, "tell_share", tell)
    act(Value(0.5, "x").tanh() * Value(2.0, "w"))
    length, count = lengths[task]
    assert length == count > 0


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_a_screen_without_the_signs_of_mathematics_shows_letters(monkeypatch, encoding):
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    a = Value(2.0, "aé")
    y = (a**2 * 0.3333333).tanh()
    monkeypatch.setattr(sys, "stdout", screen)
    for told in (explain(y), why(y, a), walk(y).end(), next(steps(y)), nudge(y, a, 0.1)):
        screen.write(str(told))
    screen.flush()
    shown = screen.buffer.getvalue().decode(encoding)
    assert all(sign in shown for sign in ("dL/d", "^2", "~= ", " * "))
    assert not set(shown) & set("∂·×²≈")


def test_control_characters_are_escaped_and_long_labels_cut():
    a = Value(2.0, "\x1b[31m\u202ea" + "b" * 10**6)
    text = explain(a * a) + str(why(a * a, a)) + str(walk(a * a).end())
    assert text.replace("\n", "").isprintable()
    assert r"\x1b[31m\u202ea" in text
    assert len(text) < 10_000


def test_a_long_text_loses_its_middle_and_says_how_to_see_all():
    y = Value(0.5, "x")
    for _ in range(2000):
        y = y * 1.0
    text = explain(y)
    assert text.count("\n") <= 1000
    assert "lines are left out here; lines=None shows all" in text
    assert "∂L/∂v1 · ∂v1/∂x" in text
    assert "L = v1999·1" in " ".join(text.split())
    assert "left out" not in explain(y, lines=None)
    assert math.isclose(float(text.rpartition(" = ")[2]), 1.0)


@given(
    st.lists(st.lists(st.integers(1, 30), min_size=3, max_size=3), min_size=1), st.integers(20, 99)
)
def test_short_lines_stay_aligned_whatever_long_ones_stand_between(sizes, most):
    rows = [["x" * size for size in row] for row in sizes]
    short = [row for row in rows if sum(map(len, row)) <= most // 3]
    alone = align_columns(short, " ", most)
    if all(len(row) <= most for row in alone):
        begins = {row.index("x", len(x[0])) for row, x in zip(alone, short, strict=True)}
        assert len(begins) <= 1
        shown = align_columns(rows, " ", most)
        among = [row for row, x in zip(shown, rows, strict=True) if x in short]
        assert len({row.index("x", len(x[0])) for row, x in zip(among, short, strict=True)}) <= 1


def test_a_text_among_the_lines_moves_no_column():
    rows, text = (
        [["a", "= 2"], ["Loss", "= 3"]],
        "… 5 lines are left out here; lines=None shows all",
    )
    assert align_columns([rows[0], [text], rows[1]], " ") == ["a    = 2", text, "Loss = 3"]
