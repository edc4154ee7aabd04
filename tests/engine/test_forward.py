"""Forward accumulation: the gradient, found from the other end."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, gradient, maximum, tangent
from autograd_mini.engine.forward import tangents
from autograd_mini.engine.order import topological_order
from tests.graphs import graphs

rates = st.floats(-3, 3)


@given(graphs(), st.lists(rates, min_size=3, max_size=3))
def test_a_tangent_is_the_sum_of_the_gradients_times_the_directions(drawn, numbers):
    leaves, y = drawn
    y.backward()
    expected = sum(x.grad * n for x, n in zip(leaves, numbers, strict=False))
    grads = [x.grad for x in topological_order(y)]
    found = tangent(y, dict(zip(leaves, numbers, strict=False)))
    assert math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    assert [x.grad for x in topological_order(y)] == grads


@given(graphs())
def test_every_node_gets_its_own_derivative(drawn):
    leaves, y = drawn
    for node, rate in tangents(y, {leaves[0]: 1.0}).items():
        [expected] = gradient(node, [leaves[0]])
        assert math.isclose(rate, expected.data, rel_tol=1e-9, abs_tol=1e-9)


def test_an_inner_node_moves_by_itself_and_with_its_operands():
    a = Value(2.0)
    b = a * 3
    assert tangent(b * b, {b: 1.0}) == 12.0
    assert tangent(b * b, {a: 1.0, b: 1.0}) == 48.0


def test_what_the_output_does_not_depend_on_counts_as_0():
    a, b = Value(2.0), Value(3.0)
    assert tangent(a * 2, {b: 1.0}) == 0.0
    assert tangent(a, {a: 1.5}) == 1.5


def test_a_partial_that_does_not_exist_is_an_error_where_something_moves_through_it():
    x = Value(0.0, "x")
    root = x.sqrt()
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\(x\) with x = 0.* tangent 2.5 reaches it"):
        tangent(root + 1, {x: 2.5})
    assert tangent(maximum(root, 1.0), {x: 1.0}) == 0.0
    assert tangent(root + 1, {x: 0.0}) == 0.0


def test_a_factor_that_is_0_at_this_point_only_hides_no_missing_partial():
    x, w = Value(0.0, "x"), Value(0.0, "w")
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\(x\) with x = 0 has no derivative"):
        tangent(x.sqrt() * w, {x: 1.0})


@pytest.mark.parametrize("make", [lambda x: x**2, lambda x: x * x, abs, lambda x: x.relu()])
def test_a_tangent_that_is_0_at_this_point_only_hides_no_missing_partial(make):
    x = Value(0.0, "x")
    with pytest.raises(
        ZeroDivisionError, match=r"^sqrt\(.* derivative there, but the tangent 0.0 "
    ):
        tangent(make(x).sqrt(), {x: 1.0})
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\(x\) with x = 0 has no derivative there"):
        tangent(x.sqrt().relu(), {x: 1.0})
    assert tangent((x - 1).relu().sqrt(), {x: 1.0}) == 0.0


def test_nothing_comes_through_a_branch_that_is_off():
    x = Value(800.0)
    assert tangent(maximum(-(x * math.inf), 1.0), {x: 1.0}) == 0.0


@pytest.mark.parametrize(
    ("directions", "message"),
    [
        ([], r"^need a mapping of Values to numbers such as \{x: 1.0\}, got \[\]"),
        ({"a": 1.0}, r"^a direction belongs to a Value, got 'a'"),
        ({Value(1.0): "x"}, r"^need one real number, got str 'x'"),
    ],
)
def test_what_is_no_direction_is_refused(directions, message):
    with pytest.raises(TypeError, match=message):
        tangent(Value(2.0), directions)
    with pytest.raises(TypeError, match=r"^need a Value to differentiate, got float"):
        tangent(2.0, {})
