"""Counts: what one pass backward costs, beside a pass forward for each input."""

from autograd_mini import Value
from autograd_mini.nn import MLP
from autograd_mini.stepping.counts import count, multiplications


def test_reverse_mode_multiplies_once_an_edge_and_forward_mode_once_an_edge_and_leaf():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    assert multiplications(c * c + 1.0) == (5, [4, 4])


def test_a_chain_costs_the_same_both_ways():
    y = Value(0.5)
    for _ in range(7):
        y = y.tanh()
    assert multiplications(y) == (7, [7])


def test_a_network_shows_why_backward():
    y = MLP(2, [4, 4, 1], "tanh")([1.0, -1.0])
    reverse, forward = multiplications(y)
    assert len(forward) == 37
    assert sum(forward) > 3 * reverse
    assert f"{sum(forward):,}" in count(y)


def test_a_leaf_costs_nothing():
    assert multiplications(Value(1.0)) == (0, [0])
