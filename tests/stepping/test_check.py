import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import (
    Primitive,
    Value,
    acosh,
    asin,
    exp,
    log,
    log1p,
    maximum,
    relu,
    sigmoid,
    sin,
    sqrt,
    topological_order,
    total,
)
from autograd_mini.losses import cross_entropy, hinge
from autograd_mini.nn import MLP
from autograd_mini.stepping.check import (
    EPSILON,
    Difference,
    Slopes,
    check_gradients,
    difference,
    nudge,
    refuse_too_many,
)
from autograd_mini.stepping.check import verdict as judge

cheat = Primitive("cheat", math.sin, lambda a, y: y)  # noqa: ARG005 (its rule is wrong on purpose)
late = Primitive("late", math.log, lambda a, y: 1.001 / a)  # noqa: ARG005


def verdict(f: Callable[[Value], Value], x: float, by_rule: float | None = None) -> str:
    a = Value(x, "a")
    y = f(a)
    [row] = check_gradients(y, [a], gradients=None if by_rule is None else {a: by_rule})
    return row.verdict


def facts(y: Value) -> list[Any]:
    return [(id(n), n.data, n.grad, n.partials, n.notes, n.label) for n in topological_order(y)]


# Verdicts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda a: a * a + 3, 2.0),
        (lambda a: a * 0, 2.0),
        (sin, 1e6),
        (lambda a: sin(1e4 * a), 1.0),
        (log, 1e-9),
        (lambda a: log(a) + 1, 1e-4),
        (lambda a: 1 / a, -1e-3),
        (exp, 300.0),
        (exp, -300.0),
        (lambda a: a**50, 1.5),
        (lambda a: 1e-20 * sin(a), 0.5),
        (lambda a: 1e20 * sin(a), 0.5),
        (sqrt, 1e-6),
        (relu, 1e-7),
        (relu, -1e-7),
        (relu, -3.0),
        (abs, 1e-3),
        (lambda a: maximum(a, 2.0), 2.0 + 1e-8),
        (lambda a: a - a, 1.0),
        (lambda a: a, 1.0),
        (sigmoid, 40.0),
        (lambda a: a**3, 0.0),
        (lambda a: a * abs(a), 0.0),
        # Rounding that a steep function enlarges, numbers near 0, and corners that are not here.
        (lambda a: acosh(1 + a), 1e-6),
        (lambda a: asin(1 - a), 1e-8),
        (lambda a: log1p(a - 1), 1e-8),
        (lambda a: 1 / a, 1e-22),
        (relu, 1e-22),
        (abs, -1e-200),
        (lambda a: a * 5e-324, 2.0),
    ],
)
def test_a_right_rule_agrees_and_a_wrong_one_does_not(
    f: Callable[[Value], Value], x: float
) -> None:
    assert verdict(f, x) == "agrees"
    a = Value(x)
    f(a).backward()
    for wrong in (a.grad * 1.001 + 1e-6 * max(1.0, abs(f(a).data)), math.nan, math.inf):
        assert verdict(f, x, wrong) == "wrong"


@pytest.mark.parametrize("op", [cheat, late])
def test_a_primitive_with_a_wrong_rule_is_found(op: Primitive) -> None:
    a = Value(0.7, "a")
    report = check_gradients(op(a) * 2, [a])
    assert not report
    assert report[0].verdict == "wrong"


@pytest.mark.parametrize(
    ("f", "x", "allowed", "wrong"),
    [
        (relu, 0.0, [0.0, 0.5, 1.0], [-0.1, 1.1]),
        (abs, 0.0, [-1.0, 0.0, 1.0], [1.01, math.nan]),
        (lambda a: maximum(a, 2 * a - 3), 3.0, [1.0, 1.5, 2.0], [0.9, 2.1]),
        (lambda a: -relu(a - 1) * 5 + sin(a), 1.0, [math.cos(1)], [math.cos(1) + 0.1]),
        (lambda a: a**1.5, 0.0, [0.0], [0.5]),
        (lambda a: hinge(a, 1), 1.0, [0.0, -1.0], [0.5]),
    ],
)
def test_a_corner_is_not_wrong_unless_the_rule_leaves_its_range(
    f: Callable[[Value], Value], x: float, allowed: list[float], wrong: list[float]
) -> None:
    assert verdict(f, x) == "corner"
    assert {verdict(f, x, d) for d in allowed} == {"corner"}
    assert {verdict(f, x, d) for d in wrong} == {"wrong"}


def test_what_cannot_be_told_is_unclear() -> None:
    assert verdict(lambda a: (a + 1e15) - 1e15, 1.0) == "unclear"
    assert verdict(lambda a: a * math.nan, 1.0, 1.0) == "unclear"


@pytest.mark.parametrize("k", [10.0**n for n in range(3, 17)])
def test_a_function_that_turns_within_every_step_is_not_called_wrong(k: float) -> None:
    x = Value(2.0, "x")
    y = (x * k).sin()
    [right] = check_gradients(y, [x])
    assert right.verdict == ("agrees" if k <= 1e8 else "unclear")
    [wrong] = check_gradients(y, [x], gradients=[7.0])
    assert wrong.verdict == ("wrong" if k <= 1e8 else "unclear")


@pytest.mark.parametrize("data", [1e-9, 1.0, -1e9])
@pytest.mark.parametrize("sharpness", [1e5, 1e8])
def test_what_turns_within_a_small_share_of_its_data_is_told(data: float, sharpness: float) -> None:
    x = Value(data, "x")
    y = ((x / data - 1) * sharpness + 0.5).tanh()
    [right] = check_gradients(y, [x])
    assert right.verdict == "agrees"
    [wrong] = check_gradients(y, [x], gradients=[right.by_rule * 1.1])
    assert wrong.verdict == "wrong"


def test_a_change_that_rounding_explains_refutes_nothing() -> None:
    def halved(change: float) -> Difference:
        return Difference(Slopes(1.0, 1.0), Slopes(1.0 + change, 1.0 + change), noise=1e-6)

    best, by_rounding, beyond = halved(1e-8), halved(3e-6), halved(5e-6)
    assert not best.is_refuted(by_rounding)
    assert best.is_refuted(beyond)
    assert not beyond.is_refuted(by_rounding)
    assert not best.is_refuted(halved(3.5e-6))
    assert best.is_refuted(halved(4.5e-6))


def halving(coarse: float, fine: float, noise: float = 0.0) -> Difference:
    return Difference(Slopes(coarse, coarse), Slopes(fine, fine), noise)


def test_a_step_is_small_enough_if_half_of_it_changes_a_ten_millionth_or_what_rounding_does() -> (
    None
):
    assert halving(0.0, 0.0).settled
    assert halving(1.0, 1.0 + 0.9e-7).settled
    assert not halving(1.0, 1.0 + 1.1e-7).settled
    assert halving(1.0, 1.35, 0.1).settled
    assert not halving(1.0, 1.45, 0.1).settled
    assert not Difference(Slopes(math.nan, 1.0), Slopes(math.nan, 1.0), 0.0).settled


def test_a_corner_has_one_slope_or_two_that_stay_apart_by_more_than_rounding() -> None:
    def cornered(before: float, apart: float, noise: float = 0.0) -> bool:
        return Difference(Slopes(0.0, before), Slopes(0.0, apart), noise).cornered

    assert [cornered(1.0, apart) for apart in (0.5, 0.74, 0.76, 1.0)] == [False, False, True, True]
    assert [cornered(0.0, apart, 0.01) for apart in (0.98, 1.02)] == [False, True]
    assert cornered(math.nan, math.nan)


def test_what_is_lost_to_rounding_is_a_thousandth_of_the_result_and_1() -> None:
    for y in (0.0, 50.0):
        least = 1e-3 * max(1.0, y) / EPSILON  # of the numbers on the way
        assert difference(lambda x, y=y: y + x, 0.0, 0.9 * least).resolved  # type: ignore[misc]
        assert not difference(lambda x, y=y: y + x, 0.0, 1.1 * least).resolved  # type: ignore[misc]


def test_the_points_that_are_asked_are_no_more_than_are_needed() -> None:
    asked: list[float] = []

    def turning(x: float) -> float:
        asked.append(x)
        return math.sin(300 * x)

    difference(turning, 0.5, 1.0)
    assert len(asked) == 1 + 4 * 3


def test_a_hundred_million_evaluations_are_the_most() -> None:
    refuse_too_many(1_000, 20_000)
    with pytest.raises(ValueError, match=r"^1,001 inputs of a graph of 20,000 operations need"):
        refuse_too_many(1_001, 20_000)


def test_of_many_inputs_without_a_gradient_twenty_are_named() -> None:
    xs = [Value(1.0, f"x{i}") for i in range(30)]
    with pytest.raises(ValueError, match=r"^need a gradient for each input \(x0, .*, x19\), got 1"):
        check_gradients(total(xs), xs, gradients=[1.0])


def test_slopes_that_settle_may_go_on_and_those_that_grow_without_bound_may_not() -> None:
    settling = Difference(Slopes(-1.1, 1.0), Slopes(-1.0, 1.0), noise=0.0)
    growing = Difference(Slopes(-1.0, 1.0), Slopes(-2.0, 2.0), noise=0.0)
    assert settling.range == pytest.approx((-1.4, 1.4), abs=1e-5)
    assert growing.range == pytest.approx((-2.0, 2.0), abs=1e-5)
    for growth, moves in ((1.15, 0.15), (1.25, 0.0)):
        low, _ = Difference(Slopes(-1.0, 1.0), Slopes(-growth, 1.0), noise=0.01).range
        assert low == pytest.approx(-growth - 4 * moves - 0.1, abs=1e-5)


@pytest.mark.parametrize("slope", [0.0, 20.0])
@pytest.mark.parametrize("size", [0.0, 0.5, 10.0])
def test_what_is_uncertain_by_a_thousandth_of_all_its_numbers_and_1_is_unclear(
    slope: float, size: float
) -> None:
    largest = max(slope, size, 1.0)
    for share, told in ((0.95e-3, "agrees"), (1.05e-3, "unclear")):
        rounded = Difference(Slopes(slope, slope), Slopes(slope, slope), noise=share * largest / 10)
        assert judge(slope, rounded, size) == told


def test_the_roughest_function_is_asked_at_so_many_points() -> None:
    asked: list[float] = []

    def rough(x: float) -> float:
        asked.append(x)
        return math.sin(1e30 * x) * 1e30

    difference(rough, 0.3, 1.0)
    assert len({*asked}) == len(asked) == 1 + 4 * 2 * 6  # both sides of 0.3, whole and half steps


@given(st.lists(st.floats(-9, 9), min_size=2, max_size=2))
def test_gradients_in_the_order_of_the_inputs_are_judged_as_by_their_names(
    numbers: list[float],
) -> None:
    a, b = Value(2.0, "a"), Value(3.0, "b")
    by_name = dict(zip((a, b), numbers, strict=True))
    assert check_gradients(a * b, [a, b], numbers) == check_gradients(a * b, [a, b], by_name)


def test_without_inputs_all_leaves_are_checked() -> None:
    a, b = Value(2.0, "a"), Value(3.0, "b")
    assert [row.input for row in check_gradients(a * b + a)] == [a, b]


def test_what_is_missing_elsewhere_in_the_graph_does_not_stop_a_check() -> None:
    x, n = Value(-2.0, "x"), Value(2.0, "n")
    [row] = check_gradients(x**n * n, [x])
    assert (row.by_rule, row.verdict) == (-8.0, "agrees")
    assert nudge(x**n * n, x, 0.5).derivative == -8.0
    for of_exponent in (lambda: check_gradients(x**n, [n]), lambda: nudge(x**n, n, 1.0)):
        with pytest.raises(ValueError, match=r"^x \*\* n with .* with respect to the exponent"):
            of_exponent()


def test_a_check_is_true_unless_something_is_wrong_or_unclear() -> None:
    a, b = Value(0.0, "a"), Value(2.0, "b")
    y = relu(a) + b
    assert check_gradients(y, [a, b])
    assert check_gradients(y, [a, b], gradients={a: 0.3, b: 1.0})
    assert not check_gradients(y, [a, b], gradients={a: 0.3, b: 2.0})
    c = Value(1.0)
    assert not check_gradients((c + 1e15) - 1e15, [c])


def test_the_table_shows_every_input() -> None:
    a, b, c, f = (Value(x, n) for x, n in zip((2.0, -3.0, 10.0, -2.0), "abcf", strict=True))
    report = check_gradients((a * b + c) * f, [a, b, c, f])
    assert repr(report) == (
        "input  by rule  by difference  verdict\n"
        "a            6        6.00000  agrees\n"
        "b           -4             -4  agrees\n"
        "c           -2             -2  agrees\n"
        "f            4              4  agrees"
    )


def test_inner_nodes_and_strangers_can_be_checked() -> None:
    a, stranger = Value(3.0, "a"), Value(1.0)
    s = a * a
    y = s * s + a
    report = check_gradients(y, [s, a, y, stranger])
    assert [row.by_rule for row in report] == [18.0, 109.0, 1.0, 0.0]
    assert [row.name for row in report] == ["v1", "a", "L", "Value(data=1.0, grad=0.0)"]
    assert {row.verdict for row in report} == {"agrees"}


def test_a_wrong_engine_is_judged_by_its_gradients() -> None:
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = (a + b) + a * b + (a + b) * a * b
    assert check_gradients(y, [a, b], gradients={a: 25.0, b: 19.0})
    recursion = check_gradients(y, [a, b], gradients={a: 29.0, b: 19.0})
    assert [row.verdict for row in recursion] == ["wrong", "agrees"]
    heading, *_ = repr(recursion).splitlines()
    assert heading.split() == ["input", "given", "by", "difference", "verdict"]  # by no rule


@pytest.mark.parametrize(
    "activation", ["relu", "tanh", "sigmoid", "softplus", "leaky_relu", "linear"]
)
def test_the_gradients_of_networks_agree(activation: str) -> None:
    model, x = MLP(2, [3, 3], activation=activation), [Value(0.5), Value(-1.5)]
    y = cross_entropy(model(x), 1)
    assert {row.verdict for row in check_gradients(y, [*model.parameters(), *x])} == {"agrees"}


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=4))
def test_smooth_functions_agree_everywhere(data: list[float]) -> None:
    xs = list(map(Value, data))
    y = total([sin(x) * sigmoid(xs[0]) for x in xs]) / (1 + xs[-1] ** 2)
    assert {row.verdict for row in check_gradients(y, xs)} == {"agrees"}


# Nothing is touched ------------------------------------------------------------------------------


def graph() -> tuple[Value, Value, Value]:
    a, b = Value(2.0, "a"), Value(0.0, "b")
    y = (a * b + relu(b)).tanh() + log(a)
    y.backward()
    y.backward(0.1)
    a.grad += 1 / 3
    return y, a, b


def test_checks_and_nudges_leave_everything_alone() -> None:
    y, a, b = graph()
    before = facts(y)
    check_gradients(y, [a, b, y])
    nudge(y, a, 0.1)
    assert facts(y) == before


def test_grads_of_earlier_passes_do_not_count() -> None:
    y, a, _ = graph()
    assert a.grad != 0.5
    [row] = check_gradients(y, [a])
    assert (row.by_rule, row.verdict) == (0.5, "agrees")
    assert nudge(y, a, 1.0).predicted == 0.5


def test_errors_leave_everything_alone_too() -> None:
    y, a, _ = graph()
    before = facts(y)
    with pytest.raises(ValueError, match=r"^log\(a\) with a = -3: needs a positive number"):
        nudge(y, a, -5.0)
    assert facts(y) == before
    b = Value(0.0, "b")
    z = sqrt(b) + 3 * b
    b.grad = 7.0
    before = facts(z)
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\(b\) with b = 0 has no derivative"):
        check_gradients(z, [b])
    assert facts(z) == before


def test_no_number_is_right_where_the_slope_is_infinite() -> None:
    assert verdict(sqrt, 0.0, 5.0) == "wrong"


# Nudges ------------------------------------------------------------------------------------------


def test_a_number_that_a_nudge_makes_impossible_is_told_by_its_formula() -> None:
    x = Value(0.0, "x")
    with pytest.raises(ValueError, match=r"^log\(x \+ 1\) with x \+ 1 = -1: needs a positive"):
        nudge(log(x + 1), x, -2.0)


def test_a_nudge_of_what_the_output_does_not_depend_on_says_so() -> None:
    a, b = Value(2.0, "a"), Value(3.0, "b")
    flat = a * 0.0
    flat.label = "y"
    assert repr(nudge(flat, b, 0.01)).endswith("\ny does not depend on b: no path leads there")
    assert "depend" not in repr(nudge(flat, a, 0.01))


def test_a_nudge_tells_prediction_and_truth() -> None:
    x, w = Value(3.0, "x"), Value(2.0, "w")
    found = nudge(w * x * x, x, 0.5)
    assert (found.predicted, found.actual, found.error) == (6.0, 6.5, 0.5)
    assert str(found) == (
        "nudge x by h = 0.5\n"
        "predicted change  ∂L/∂x·h = 12 × 0.5 = 6\n"
        "actual change     6.5\n"
        "error             0.5"
    )


def test_halving_the_nudge_quarters_the_error() -> None:
    x = Value(0.7, "x")
    errors = [nudge(sin(x), x, h).error for h in (0.01, 0.005)]
    assert errors[0] / errors[1] == pytest.approx(4, rel=0.01)


def test_inner_nodes_and_strangers_can_be_nudged() -> None:
    a = Value(3.0, "a")
    s = a * 2
    assert (nudge(s * s, s, 1.0).predicted, nudge(s * s, s, 1.0).actual) == (12.0, 13.0)
    assert (nudge(s, Value(1.0), 1.0).predicted, nudge(s, Value(1.0), 1.0).actual) == (0.0, 0.0)


# Mistakes ----------------------------------------------------------------------------------------

x = Value(1.0, "x")
edited = Value(2.0, "e")
stale = edited * x
edited.data = 10.0


@pytest.mark.parametrize(
    ("mistake", "kind", "message"),
    [
        (
            lambda: check_gradients(x * 2, x),
            TypeError,
            r"need a list of inputs, got Value.*write \[x\]",
        ),
        (
            lambda: check_gradients(x * 2, []),
            ValueError,
            "need at least one input to check, got none",
        ),
        (lambda: check_gradients(x * 2, [1.0]), TypeError, "input 1 is float 1.0; need a Value"),
        (lambda: check_gradients(2.0, [x]), TypeError, "need one Value, got float 2.0"),
        (lambda: check_gradients([x * 2], [x]), TypeError, "need one Value, got list"),
        (
            lambda: check_gradients(x * 2, [x], gradients={}),
            ValueError,
            "no gradient to judge for x: give a number for each input",
        ),
        (
            lambda: check_gradients(x * 2, [x], gradients=[1.0, 2.0]),
            ValueError,
            r"need a gradient for each input \(x\), got 2",
        ),
        (
            lambda: check_gradients(x * 2, [x], gradients=2.0),
            TypeError,
            r"need a gradient for each input, as in \[3.0\], got 2.0",
        ),
        (
            lambda: check_gradients(x * 2, [x], gradients={x: "2"}),
            TypeError,
            "need one real number, got str",
        ),
        (lambda: check_gradients(stale, [x]), ValueError, "e was 2 when .* now 10; recompute"),
        (lambda: nudge(stale, x, 0.1), ValueError, "e was 2 when .* now 10; recompute"),
        (lambda: nudge(x * 2, 1.0, 0.1), TypeError, "need one Value, got float 1.0"),
        (lambda: nudge(2.0, x, 0.1), TypeError, "need one Value, got float 2.0"),
        (lambda: nudge(x * 2, x, math.nan), ValueError, "h is a finite number, got nan"),
        (lambda: nudge(x * 2, x, "1"), TypeError, "need one real number, got str"),
    ],
)
def test_mistakes_are_told(mistake: Callable[[], Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=f"^{message}"):
        mistake()


@pytest.mark.parametrize("factor", [0.1, 0.3, 0.5, 0.7, 1.0, 2.0])
def test_a_corner_where_every_number_is_zero_is_a_corner(factor: float) -> None:
    x = Value(0.0, "x")
    [row] = check_gradients(factor * x.leaky_relu() + x, [x])
    assert row.verdict == "corner"


@pytest.mark.parametrize(("off", "verdict"), [(0.0, "agrees"), (1e-7, "agrees"), (1e-4, "wrong")])
def test_a_derivative_is_wrong_from_a_ten_thousandth_on(off: float, verdict: str) -> None:
    x = Value(1.5, "x")
    y = x.exp() * x
    y.backward()
    [row] = check_gradients(y, [x], gradients={x: x.grad * (1 + off)})
    assert row.verdict == verdict


@pytest.mark.parametrize(("chosen", "verdict"), [(1.0, "corner"), (1.7, "wrong"), (-0.7, "wrong")])
def test_at_a_corner_a_derivative_lies_between_the_slopes(chosen: float, verdict: str) -> None:
    x = Value(0.0, "x")
    [row] = check_gradients(x.relu() * 1.5, [x], gradients={x: chosen})
    assert row.verdict == verdict


def test_a_check_that_would_take_too_long_is_refused_before_it_starts() -> None:
    x = y = Value(0.5, "x")
    for _ in range(20_000):
        y = y + 1.0
    assert check_gradients(y, [x])
    with pytest.raises(
        ValueError, match=r"^1,001 inputs of a graph of 20,000 operations need 100,"
    ):
        check_gradients(y, [x] * 1001)
    assert check_gradients(total([x] * 1001), [x] * 1001)  # one operation, whatever its operands


def test_an_output_and_an_input_that_were_swapped_are_refused() -> None:
    x = Value(2.0, "x")
    y = x * 3.0
    y.label = "y"
    with pytest.raises(ValueError, match=r"^y is computed from x: the output comes first"):
        check_gradients(x, [y])
