"""Bounds: what is done to a whole graph takes so many calls of functions for each node."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, check_gradients, gradient, nudge, recompute, topological_order
from autograd_mini.engine.care import CarefulPass
from autograd_mini.stepping.editing import find_stale, is_current
from tests.graphs import numbers, wild_graphs


def chain(nodes):
    """Return a chain of three operations over and over, and the two leaves that it is made of."""
    x, w = Value(0.5, "x"), Value(0.3, "w")
    y = x
    for _ in range(nodes // 3):
        y = (y * w + x).tanh()
    return y, x


def count_calls(act):
    """Count the calls of functions, of Python's own among them, while another one runs."""
    calls = 0

    def profile(_frame, event, _argument):
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(profile)
    try:
        act()
    finally:
        sys.setprofile(None)
    return calls


def calls_per_node(act):
    """Return how many calls each node of a long graph takes more than each of a short one."""
    short, long = (count_calls(lambda n=n: act(*chain(n))) for n in (300, 900))
    made = 4  # calls that make three nodes of the chain
    return (long - short) / 600 - made / 3


@pytest.mark.parametrize(
    ("act", "most"),
    [
        (lambda y, _x: topological_order(y), 11),
        (lambda y, _x: y.zero_grad(), 11),
        (lambda y, _x: y.backward(), 2),
        (lambda y, _x: recompute(y), 19),
        (lambda y, x: gradient(y, [x]), 34),
        (lambda y, x: nudge(y, x, 0.001), 46),
        (lambda y, x: check_gradients(y, [x]), 64),
    ],
)
def test_each_of_a_million_nodes_takes_so_many_calls(act, most):
    assert calls_per_node(act) <= most


@given(wild_graphs())
def test_adjoints_that_need_no_care_are_those_of_the_careful_pass(graph):
    _, y = graph
    y.zero_grad()
    try:
        careful = CarefulPass(y, onto_grads=True).adjoints
    except (ArithmeticError, ValueError):
        return
    found = CarefulPass(y).adjoints
    assert [*map(float.hex, found.values())] == [*map(float.hex, careful.values())]
    assert [*found] == [*careful]


@given(wild_graphs(), st.data())
def test_what_is_stale_is_what_is_not_current_one_by_one(graph, data):
    _, y = graph
    order = topological_order(y)
    for _ in range(data.draw(st.integers(0, 2))):
        data.draw(st.sampled_from(order)).data = data.draw(numbers)
    assert find_stale(order) == [node for node in order if not is_current(node)]
