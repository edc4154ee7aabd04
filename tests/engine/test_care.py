"""Where 0 meets a partial that does not exist, or an infinity: no silent wrong gradient."""

import math
import re
import sys
import threading
import warnings

import pytest
from hypothesis import given

from autograd_mini import Value, gradient, maximum, minimum, record, steps, total, weighted_sum, why
from autograd_mini.engine.care import CarefulPass
from autograd_mini.engine.graph import doubtful, first_bad
from autograd_mini.engine.primitives import (
    acos,
    acosh,
    asin,
    cos,
    cosh,
    equal,
    exp,
    log,
    relu,
    sqrt,
)
from autograd_mini.engine.undefined import Undefined, UndefinedWarning
from tests.garbage import count_garbage
from tests.graphs import graphs

# Each is 0 · undefined at its point, and its derivative is not 0 there.
DOUBTFUL = [
    pytest.param(0.0, lambda x: sqrt(x) ** 2, id="the square of a root"),
    pytest.param(0.0, lambda x: (x**0.5) ** 2, id="the square of a power of a half"),
    pytest.param(0.0, lambda x: sqrt(x) * sqrt(x), id="the product of two roots"),
    pytest.param(0.0, lambda x: sqrt(x * 3) ** 2, id="the root of a product"),
    pytest.param(0.0, lambda x: sqrt(x * x) ** 2, id="the square of a norm"),
    pytest.param(0.0, lambda x: sqrt(x) * Value(0.0), id="a leaf that happens to be 0"),
    pytest.param(0.0, lambda x: (0.0 - sqrt(x)) ** 2, id="the square of a root below 0"),
    pytest.param(0.0, lambda x: exp(root := sqrt(x)) - root, id="two slopes that cancel"),
    pytest.param(0.0, lambda x: relu(sqrt(x)), id="a relu at its corner"),
    pytest.param(0.0, lambda x: abs(sqrt(x)), id="an absolute value at its corner"),
    pytest.param(0.0, lambda x: relu(x) * sqrt(x), id="times a relu at its corner"),
    pytest.param(1.0, lambda x: cosh(acosh(x)), id="cosh of acosh"),
    pytest.param(1.0, lambda x: cos(acos(x)), id="cos of acos"),
]
# Here the output is constant in what has no derivative, and 0 is right.
STEADY = [
    pytest.param(lambda x: maximum(sqrt(x), 1.0), id="a maximum that is off"),
    pytest.param(lambda x: minimum(sqrt(x), -1.0), id="a minimum that is off"),
    pytest.param(lambda x: relu(sqrt(x) - 1) ** 2, id="a relu that is off, squared"),
    pytest.param(lambda x: relu(Value(-1.0)) * sqrt(x), id="times a relu that is off"),
    pytest.param(lambda x: Value(0.0) * maximum(sqrt(x), 1.0), id="off, behind a leaf that is 0"),
    pytest.param(lambda x: sqrt(relu(x - 1)), id="the root of a relu that is off"),
    pytest.param(lambda x: sqrt(x) * 0.0, id="times the constant 0"),
    pytest.param(lambda x: weighted_sum([0.0, 1.0], [sqrt(x), x]), id="a weight that is 0"),
    pytest.param(lambda x: (r := sqrt(x)) - r, id="less itself"),
    pytest.param(lambda x: asin(equal(x, x)), id="a function of a flat one"),
    pytest.param(lambda x: asin(x * 0.0 + 1.0), id="a function of a constant"),
]


@pytest.mark.parametrize(("data", "make"), DOUBTFUL)
def test_a_zero_at_this_point_only_warns_every_time_and_names_the_node(data, make):
    x = Value(data, "x")
    y = make(x)
    for _ in range(2):
        with pytest.warns(UndefinedWarning, match=r"has no derivative there") as caught:
            y.backward()
        assert {warning.filename for warning in caught} == {__file__}


@pytest.mark.parametrize(("data", "make"), DOUBTFUL)
def test_the_gradient_as_values_raises_where_backward_warns(data, make):
    x = Value(data, "x")
    with pytest.raises((ZeroDivisionError, ValueError), match="may be 0 at this point only"):
        gradient(make(x), [x])


@pytest.mark.parametrize("make", STEADY)
def test_what_is_constant_nearby_leaves_zero_in_silence(make):
    x = Value(0.0, "x")
    y = make(x)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        y.backward()
    assert [d.data for d in gradient(y, [x])] == [x.grad]
    assert [step.total for step in steps(y) if step.operand is x][-1] == x.grad
    assert doubtful(y) == []


@pytest.mark.parametrize("make", [abs, relu, lambda x: maximum(x, 0.0)])
def test_at_its_corner_a_branch_is_neither_off_nor_steady(make):
    x = Value(0.0, "x")
    y = sqrt(make(x))
    for find in (y.backward, lambda: gradient(y, [x]), lambda: [*steps(y)], lambda: why(y, x)):
        with pytest.raises(ZeroDivisionError, match=r"^sqrt\(.* has no derivative there, but"):
            find()
    assert why(sqrt(relu(x - 1)), x).total == 0.0  # off, and steady
    make(x).backward(math.inf)
    assert x.grad in {0.0, math.inf}  # of a tie a half comes through, of a 0 nothing


def test_a_warning_tells_the_node_the_doubt_and_what_to_do():
    told = (
        "sqrt(x) with x = 0 has no derivative there, and the adjoint that reaches it is 0 at this "
        "point only: 0 · undefined was counted as 0, which may be wrong (its rule divides by 0, "
        "since the slope is infinite there or jumps; keep the operands a little away, such as 1e-9)"
    )
    with pytest.warns(UndefinedWarning, match=f"^{re.escape(told)}$"):
        (sqrt(Value(0.0, "x")) ** 2).backward()


def test_the_node_in_doubt_is_known_before_a_pass_and_no_grad_is_touched():
    x = Value(0.0, "x")
    root = sqrt(x)
    y = root**2 + sqrt(x) * 0.0
    assert doubtful(y) == [root]
    assert (x.grad, root.grad) == (0.0, 0.0)


def test_the_hessian_at_the_minimum_of_a_squared_norm_is_refused():
    a, b = Value(1.0, "a"), Value(2.0, "b")
    distance = sqrt((a - 1) ** 2 + (b - 2) ** 2)
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\("):
        gradient(distance**2 / 2, [a, b])


def test_a_nan_adjoint_never_passes_a_missing_partial():
    x, bad = Value(0.0, "x"), Value(math.nan)
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\(x\) with x = 0 has"):
        (sqrt(x) * bad).backward()


@pytest.mark.parametrize("adjoint", [math.inf, -math.inf])
@pytest.mark.parametrize(
    "off",
    [
        relu,
        lambda x: maximum(x, 5.0),
        lambda x: maximum(Value(5.0), x),
        lambda x: minimum(x, -5.0),
    ],
)
def test_a_branch_that_is_off_passes_zero_whatever_arrives(adjoint, off):
    x, on = Value(-1.0, "x"), Value(2.0, "on")
    y = total([off(x), on, on])
    y.backward(adjoint)
    assert (x.grad, on.grad) == (0.0, adjoint)
    [first] = gradient(y * y * math.inf, [x])
    assert first.data == 0.0


def test_behind_a_branch_that_is_off_infinite_partials_do_no_harm():
    x = Value(5e-310, "x")  # 1 / x overflows
    for y in (relu(log(x)), maximum(log(x), 0.0), maximum(1.0, log(x)) ** 2):
        x.grad = 0.0
        y.backward()
        assert (x.grad, [d.data for d in gradient(y, [x])]) == (0.0, [0.0])
        assert record(y, [x]).value_and_gradients(x.data).inputs == (0.0,)
        assert {step.total for step in steps(y) if step.operand is x} == {0.0}


def test_an_infinity_times_a_zero_that_is_no_branch_is_nan():
    x, z = Value(1.0), Value(0.0)
    (x * z).backward(math.inf)
    assert math.isnan(x.grad)


def test_a_careful_pass_adds_to_the_grads_that_leaves_have():
    x, a = Value(0.0, "x"), Value(3.0, "a")
    a.grad = 7.0
    (a * a + maximum(sqrt(x), 1.0)).backward()
    assert (a.grad, x.grad) == (13.0, 0.0)


def test_only_nodes_between_the_inputs_and_the_output_matter():
    x, q = Value(3.0, "x"), Value(0.0, "q")
    [d] = gradient(x * x + sqrt(q), [x])
    assert d.data == 6.0
    edited = q * 2.0
    q.data = 5.0
    assert gradient(x * x + edited, [x])[0].data == 6.0


def test_gradient_says_what_it_needs():
    x = Value(2.0, "x")
    with pytest.raises(TypeError, match=r"^input 1 is int 2; need a Value"):
        gradient(x * x, [2])
    for one in (x, 2.0):
        with pytest.raises(TypeError, match=r"^need a list of inputs, got .*; for one write \[x\]"):
            gradient(x * x, one)
    with pytest.raises(TypeError, match=r"^need one Value, .*; take one of the list, or total\(\)"):
        gradient([x * x], [x])
    with pytest.raises(TypeError, match=r"^need one Value, got float 2.0"):
        gradient(2.0, [x])


@pytest.mark.parametrize("new", [-0.0, math.nan, 1e-300])
def test_an_edit_of_one_bit_is_an_edit(new):
    a, b = Value(0.0, "a"), Value(1.0, "b")
    y = a * b
    a.data = new
    with pytest.raises(ValueError, match=r"^the operands of .* were edited"):
        gradient(y, [b])


def test_nan_beside_nan_is_no_edit():
    a, b = Value(math.nan), Value(1.0)
    assert math.isnan(gradient(a * b, [b])[0].data)


def test_the_first_bad_node_is_where_an_infinity_comes_from():
    x = Value(1e308, "x")
    big = x * 10
    assert first_bad((big - big).tanh() + x) is big
    assert first_bad(x * 1.0) is None
    assert first_bad(Value(math.nan, "n") * 0.0).label == "n"


def test_a_missing_partial_leaves_nothing_to_the_collector():
    def use():
        for _ in range(3):
            assert isinstance(sqrt(Value(0.0)).partials[0], Undefined)
            Value(-2.0) ** Value(2.0) + Value(1.0).acosh()

    assert count_garbage(use) == 0


@given(graphs())
def test_a_careful_pass_finds_to_the_last_bit_what_the_sweep_finds(graph):
    _, y = graph
    careful = CarefulPass(y)
    y.backward()
    swept = {x: x.grad.hex() for x in careful.adjoints}
    assert swept == {x: adjoint.hex() for x, adjoint in careful.adjoints.items()}


@pytest.mark.skipif(sys.platform == "emscripten", reason="a browser's Python has no threads")
def test_threads_that_share_no_node_are_independent():
    def work(k, results):
        x = Value(1.0 + k)
        for _ in range(50):
            x.grad = 0.0
            y = (x * x + x).tanh() * x
            y.backward()
        results[k] = (y.data, x.grad)

    alone, together = {}, {}
    for k in range(8):
        work(k, alone)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work, args=(k, together)) for k in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert together == alone


def test_the_truth_of_a_value_is_a_question_that_is_noted():
    a = Value(1.0)
    assert a
    assert a.notes["asked"][0] == __file__


def test_an_exponent_without_a_derivative_is_told_as_such_and_with_a_remedy():
    x, n = Value(-2.0, "x"), Value(2.0, "n")
    with pytest.raises(ValueError, match=r"^x \*\* n with x = -2, n = 2 has no") as caught:
        (x**n).backward()
    told = str(caught.value)
    assert "the exponent needs a positive base" in told
    assert "x**2" in told
    assert "power_log" not in told
    assert (x.grad, n.grad) == (0.0, 0.0)
