"""Layers and sums made at one go are those of the plain engine."""

import random

import numpy as np
import pytest

from autograd_mini import Value, total
from autograd_mini.engine import sums
from autograd_mini.engine.value import Node
from autograd_mini.fast import layers
from tests.fast.test_written import outcome, state


@pytest.mark.parametrize("inputs", ["values", "numbers", "mixed"])
@pytest.mark.parametrize("bias", [Value(0.3), 0.25, 2, np.float64(0.5)])
def test_a_layer_at_once_is_its_neurons_one_by_one(inputs, bias):
    rng = random.Random(4)
    rows = [([Value(rng.random()) for _ in range(3)], bias) for _ in range(4)]
    xs = [Value(rng.random()).tanh() for _ in range(3)]
    if inputs != "values":
        xs = [np.float64(1.5), 2.5, xs[0] if inputs == "mixed" else True]
    at_once = layers.weighted_sums(rows, xs)
    plain = [Node.apply(sums.affine_sum, *ws, *xs, b) for ws, b in rows]
    assert [state(node) for node in at_once] == [state(node) for node in plain]
    assert {type(x) for node in at_once for x in node.operands} <= {Value, float}


def test_a_layer_whose_weights_are_computed_goes_the_plain_way():
    w, x = Value(0.5), Value(2.0)
    deep = w.tanh().tanh()
    [y] = Value.weighted_sums([([deep], Value(0.0))], [x])
    y.backward()
    assert y.depth == 3
    assert w.grad != 0.0
    [y] = Value.weighted_sums([([0.5, 0.5], 1.0)], [x, 3])
    assert (y.data, y.depth) == (3.5, 1)


def test_a_layer_knows_how_deep_an_input_of_a_subclass_is():
    class Named(Value):
        """A Value of another class, as deep as another node."""

    deep = Value(0.5).tanh().tanh()
    x = Named(deep.data)
    x.depth = deep.depth
    [y] = Value.weighted_sums([([Value(2.0)], Value(0.0))], [x])
    assert y.depth == 3


def test_a_bias_is_never_taken_for_a_weight():
    row = [Value(1.0), Value(1.0), Value(1.0)], 0.0
    with pytest.raises(ValueError, match=r"^weighted_sum got 3 weights for 2 inputs"):
        Value.weighted_sums([row], [Value(1.0), Value(1.0)])


@pytest.mark.parametrize("number", [1, True, 0.5, np.float64(0.5), np.float32(0.5), np.int64(3)])
def test_a_sum_holds_plain_floats(number):
    y = total([Value(1.0), number, Value(2.0)])
    assert state(y) == state(Node.apply(sums.sum_of, *y.operands))
    assert [type(x) for x in y.operands] == [Value, float, Value]
    assert type(y.data) is float


def test_a_sum_that_fails_says_what_the_plain_engine_says():
    inverses = sums.Variadic(
        "inverses", lambda *v: sum(1 / x for x in v), lambda *v: [-1 / x**2 for x in v[:-1]]
    )
    for operands in [Value(1.0), Value(0.0, "b"), 2.0], [Value(1.0), Value(1e-200), 3.0]:
        assert outcome(layers.many, inverses, operands) == outcome(Node.apply, inverses, *operands)
    with pytest.raises(ZeroDivisionError, match=r"^inverses\(1, 0, 2\): "):
        inverses(Value(1.0), Value(0.0), 2.0)
