"""Shapes: what a graph alone tells of a network's faults, on both sides of each limit."""

import math
import re

import pytest

from autograd_mini import Value, exp, weighted_sum
from autograd_mini.engine.order import topological_order
from autograd_mini.losses import cross_entropy
from autograd_mini.teach.shapes import (
    TWO_SIGMOIDS,
    TWO_SOFTMAXES,
    is_sigmoid,
    misfit,
    no_number,
    shifted,
    squashed_twice,
    turned_round,
    twins,
)
from autograd_mini.teach.watching import Watch

W = Value(2.0, "w")


def tanh(data):
    return Value(math.atanh(data)).tanh()


def sigmoid(data):
    return Value(math.log(data / (1 - data))).sigmoid()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (tanh(0.5) - 1.0, ""),
        (tanh(0.5) - 1.01, "tanh gives -1 to 1, but a target is 1.01"),
        (tanh(0.5) - -1.01, "tanh gives -1 to 1, but a target is -1.01"),
        (sigmoid(0.5) - -0.1, "sigmoid gives 0 to 1, but a target is -0.1"),
        (1.5 - sigmoid(0.5), "sigmoid gives 0 to 1, but a target is 1.5"),
        (sigmoid(0.5) - Value(1.5), "sigmoid gives 0 to 1, but a target is 1.5"),
        (Value(2.0).relu() - -1.0, "relu gives 0 to inf, but a target is -1"),
        (Value(2.0).softplus() - -1.0, "softplus gives 0 to inf, but a target is -1"),
        (Value(2.0).exp() - 0.0, ""),
        (sigmoid(0.88) - 0.0, ""),
        (sigmoid(0.9) - 0.0, "sigmoid gave 0.9 for 0, and its slope is only 0.09"),
        (sigmoid(0.9) - Value(0.0), "sigmoid gave 0.9 for 0, and its slope is only 0.09"),
        (sigmoid(0.1) - 1.0, "sigmoid gave 0.1 for 1, and its slope is only 0.09"),
        (tanh(-0.96) - 1.0, "tanh gave -0.96 for 1, and its slope is only 0.08"),
        (tanh(-0.94) - 1.0, ""),
        (tanh(0.96) - 1.0, ""),
        (sigmoid(0.9) - 0.1, ""),
        (sigmoid(0.95) - 1.0, ""),
        (tanh(0.5) - W * 3.0, ""),
    ],
)
def test_a_target_fits_an_output_that_can_reach_it_and_still_learns(error, told):
    assert misfit(error**2) == misfit(abs(error)) == misfit(error * error) == told
    assert misfit(error * 0.5) == ""


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (W * math.nan, "the input that w multiplies is nan"),
        (-math.inf * W, "the input that w multiplies is -inf"),
        (W * Value(math.inf), "the input that w multiplies is inf"),
        (Value(2.0) * math.nan, "operand 2 of * is nan"),
        (math.nan - W, "operand 1 of - is nan"),
        (weighted_sum([1.0, W], [1.0, math.nan]), "the input that w multiplies is nan"),
        (weighted_sum([W, 1.0], [1.0, math.nan]), "operand 4 of weighted_sum is nan"),
        (weighted_sum([W], [1.0], math.nan), "operand 3 of weighted_sum is nan"),
        (weighted_sum([1.0], [Value(1.0, "x")], math.nan), "operand 3 of weighted_sum is nan"),
        (Value(math.nan, "p") * 2.0, ""),
        (W * Value(math.nan, "p"), ""),
        (W * 2.0, ""),
    ],
)
@pytest.mark.parametrize("label", ["", "y"])
def test_what_is_no_number_is_told_by_its_weight_or_by_its_place(output, told, label):
    order = topological_order(output)
    parameters = [x for x in order if x.label in ("w", "p")]
    output.label = label
    wanted = re.sub(r"of \S+ is", "of y is", told) if label else told
    assert no_number(order, parameters) == wanted


def test_shifted_is_a_parameter_plus_or_minus_a_plain_number():
    moved = [W - 0.1, W + 0.1]
    others = [0.1 - W, W * 0.1, W - Value(1.0), Value(1.0) - 0.1]
    assert shifted([*moved, *others], [W]) == moved


def test_a_loss_is_turned_round_where_it_is_minus_an_error_that_is_not_below_0():
    error, zero = (W - 1.0) ** 2, abs(W - 2.0)
    for loss in (-error, error * -0.5, -0.5 * error):
        assert turned_round(topological_order(loss)) is error
    assert turned_round(topological_order(-zero)) is zero
    active = W.relu()
    active.label = "layer1.neuron1"
    for loss in (
        error,
        error * 0.0,
        error * 0.5,
        -(error - 5.0),
        -(error - 1.5),
        -(W * 2.0),
        -active,
    ):
        assert turned_round(topological_order(loss)) is None


def test_a_sigmoid_by_hand_is_one_over_one_plus_an_exponential():
    z = exp(-W)
    assert all(map(is_sigmoid, (W.sigmoid(), 1 / (1 + z), 1 / (z + 1), 1.0 / (1.0 + exp(W)))))
    assert not any(map(is_sigmoid, (2 / (1 + z), 1 / (2 + z), 1 / (1 + W), W.tanh(), 1 + z)))


def test_what_is_squashed_before_a_loss_that_squashes_is_told_by_what_squashed_it():
    a, b = exp(W), exp(Value(1.0))
    soft, hard = [a / (a + b), b / (a + b)], [W.sigmoid(), Value(1.0).sigmoid()]

    def told(scores):
        direct = sum((exp(x) for x in scores[1:]), exp(scores[0])).log()
        apart = sum((exp(x - 1.0) for x in scores[1:]), exp(scores[0] - 1.0)).log()
        found = [squashed_twice(topological_order(y)) for y in (direct, apart)]
        assert found[0] == found[1]
        return found[0]

    assert told(soft) == TWO_SOFTMAXES
    assert told(hard) == TWO_SIGMOIDS
    assert [told(x) for x in ([*soft[:1], *hard[:1]], [W, W], [a / b, b / a], soft[:1])] == [""] * 4
    assert squashed_twice([(-W.sigmoid()).softplus()]) == TWO_SIGMOIDS
    assert squashed_twice([W.sigmoid().softplus()]) == TWO_SIGMOIDS
    for right in (0, 1):
        for scores, name in ((soft, TWO_SOFTMAXES), (hard, TWO_SIGMOIDS), ([W, soft[0]], "")):
            for some in (scores, scores[::-1], [*scores, scores[0]]):
                loss = cross_entropy(some, right)
                assert squashed_twice(topological_order(loss)) == name
    assert squashed_twice([W.softplus()]) == squashed_twice([W.sigmoid().exp()]) == ""


def test_units_are_twins_where_their_parameters_compute_the_same_by_either_kind_of_sum():
    def unit(name, weight, plain):
        w, b = Value(weight, f"{name}.w1"), Value(0.5, f"{name}.b")
        z = w * 2.0 + b if plain else weighted_sum([w], [2.0], b)
        z.label = f"{name}.z"
        return z, {w, b}

    for plain in (False, True):
        parts = [unit("n1", 0.3, plain), unit("n2", 0.3, plain), unit("n3", 0.4, plain)]
        parameters = {x for _, own in parts for x in own}
        output = parts[0][0].tanh() + parts[1][0].tanh() + parts[2][0].tanh()
        output.backward()
        assert twins(topological_order(output), parameters) == {frozenset({"n1", "n2"})}
        assert twins(topological_order(output), set()) == set()


def test_units_that_share_a_bias_are_still_two():
    b, weights = Value(0.5, "b"), [Value(0.3, f"n{i}.w") for i in (1, 2)]
    sums = [w * 2.0 + b for w in weights]
    output = sums[0].tanh() + sums[1].tanh()
    output.backward()
    assert twins(topological_order(output), {b, *weights}) == {frozenset({"n1.w", "n2.w"})}


def test_outputs_and_shifted_parameters_are_no_units_and_a_unit_may_have_no_name():
    named, other = Value(0.3, "n1.w"), Value(0.3)

    def found(one, another, joined):
        output = joined(one.tanh(), another.tanh())
        output.backward()
        return twins(topological_order(output), {named, other})

    sums = [weighted_sum([x], [2.0]) for x in (named, other)]
    assert found(*sums, Value.__add__) == {frozenset({"n1.w", "a unit"})}
    assert found(*sums, Value.__mul__) == set()
    assert found(named + 1.0, other + 1.0, Value.__add__) == set()


@pytest.mark.parametrize(
    ("node", "is_flat"),
    [
        (sigmoid(0.011), 0.0),
        (sigmoid(0.009), 1.0),
        (sigmoid(0.991), 1.0),
        (tanh(0.979), 0.0),
        (tanh(0.981), 1.0),
        (tanh(-0.981), 1.0),
    ],
)
def test_an_activation_is_flat_below_a_twentyfifth_of_its_steepest_slope(node, is_flat):
    seen = Watch([W])
    seen.measure(node, {})
    assert [*seen.sizes.values()] == [[is_flat]]
