"""Sums: added from left to right, with the same last digit on every Python and along every path."""

import math
import operator
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, record, total, weighted_sum
from autograd_mini.engine.sums import sum_of
from autograd_mini.engine.value import Node
from autograd_mini.losses import mean_squared_error
from autograd_mini.nn import MLP
from autograd_mini.optim import SGD

numbers = st.floats(allow_nan=False, min_value=-1e300, max_value=1e300)
several = st.lists(numbers, min_size=1, max_size=30)


def bits(x):
    """Return a number so that -0.0 and 0.0 differ."""
    return x.hex()


@given(several)
def test_a_total_is_the_left_fold_along_every_path(xs):
    leaves = [Value(x, f"x{i}") for i, x in enumerate(xs)]
    y = total(leaves)
    expected = bits(reduce(operator.add, xs))
    assert bits(y.data) == expected
    assert bits(total(xs)) == expected
    assert bits(Node.apply(sum_of, *leaves).data) == expected
    assert bits(record(y, leaves)(*xs)) == expected


@given(several, numbers)
def test_a_weighted_sum_is_the_left_fold_along_every_path(xs, bias):
    weights = [math.copysign(0.1 * (i + 1), i % 3 - 1) for i in range(len(xs))]
    leaves = [Value(x, f"x{i}") for i, x in enumerate(xs)]
    y = weighted_sum(weights, leaves, bias)
    expected = bits(reduce(operator.add, map(operator.mul, weights, xs)) + bias)
    assert bits(y.data) == expected
    assert bits(weighted_sum(weights, xs, bias)) == expected
    assert bits(record(y, leaves)(*xs)) == expected


def test_rounding_is_not_made_up_for():
    assert total([1e16, 1.0, -1e16]) == 0.0
    assert total([Value(1e16), Value(1.0), Value(-1e16)]).data == 0.0


def test_a_sum_is_one_node_called_as_the_function_that_makes_it():
    x = Value(2.0)
    assert total([x, x, x]).op.name == total.__name__
    assert weighted_sum([x, x], [x, x], x).op.name == weighted_sum.__name__


def test_a_sum_of_nothing_is_nothing():
    assert bits(total([])) == bits(0.0)
    assert bits(weighted_sum([], [Value(1.0)][:0], 2.5)) == bits(2.5)


def test_the_same_seed_gives_the_same_losses_on_every_python():
    """Golden numbers: only + - * / and squares take part, which are rounded alike everywhere."""
    model = MLP(3, [7, 1], activation="relu", seed=7)
    rows = [[0.1 * (i + j) - 0.7 * (i % 3) for j in range(3)] for i in range(12)]
    targets = [0.25 * (i % 4) - 0.3 for i in range(12)]
    optimiser = SGD(model.parameters(), 0.05)
    losses = []
    for _ in range(20):
        loss = mean_squared_error([model(row) for row in rows], targets)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.data)
    golden = ["0x1.628099dee01d7p+0", "0x1.737fbc117f094p-4", "0x1.5acaeadde0193p-4"]
    assert [losses[i].hex() for i in (0, 9, 19)] == golden
