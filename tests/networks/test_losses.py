import inspect
import math
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, gradient, recompute, sigmoid, topological_order
from autograd_mini.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    cross_entropy,
    half_squared_error,
    hinge,
    mean,
    mean_absolute_error,
    mean_squared_error,
    softmax,
)

PAIRWISE = [
    mean_squared_error,
    half_squared_error,
    mean_absolute_error,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    hinge,
]
TARGETS = {hinge: [1, -1, 1]}
"""Those of the other losses are 0, 1, 1."""

numbers = st.floats(-20, 20)


def grads(loss: Value, *inputs: Value) -> list[float]:
    """The derivatives of a loss, which is backpropagated."""
    loss.backward()
    return [x.grad for x in inputs]


# The numbers of the seeds ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (mean_squared_error(0.8, 1.0), 0.04),
        (mean_squared_error([0.8, 0.6], [1.0, 0.5]), 0.025),
        (half_squared_error(0.8, 1.0), 0.02),
        (half_squared_error([0.8, 0.6], [1.0, 0.5]), 0.025),
        (mean_absolute_error(0.8, 1.0), 0.2),
        (mean_absolute_error([0.8, 0.6], [1.0, 0.5]), 0.15),
        (binary_cross_entropy(0.8, 1), 0.223143551314),
        (binary_cross_entropy(0.8, 0), 1.609437912434),
        (binary_cross_entropy(0.8, 0.5), 0.916290731874),
        (binary_cross_entropy([0.8, 0.2], [1, 0]), 0.223143551314),
        (binary_cross_entropy_with_logits(math.log(4), 1), 0.223143551314),
        (binary_cross_entropy_with_logits(0.0, 0.25), 0.693147180560),
        (cross_entropy([1.0, 2.0, 3.0], 2), 0.407605964444),
        (cross_entropy([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]], [2, 0]), 0.753109126556),
        (categorical_cross_entropy([0.1, 0.7, 0.2], [0, 1, 0]), 0.356674943939),
        (categorical_cross_entropy([[0.5, 0.5], [0.5, 0.5]], [[1, 0], [0.5, 0.5]]), math.log(2)),
        (hinge(0.25, 1), 0.75),
        (hinge([0.25, 0.25, 3.0], [1, -1, 1]), 2 / 3),
    ],
)
def test_losses_have_the_values_computed_by_hand(loss: float, expected: float) -> None:
    assert isinstance(loss, float)
    assert loss == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        (lambda y: mean_squared_error(y, 1.0), -0.4),
        (lambda y: mean_squared_error([y, 0.6], [1.0, 0.5]), -0.2),
        (lambda y: half_squared_error(y, 1.0), -0.2),
        (lambda y: half_squared_error([y, 0.6], [1.0, 0.5]), -0.2),
        (lambda y: mean_absolute_error(y, 1.0), -1.0),
        (lambda y: mean_absolute_error(y, 0.8), 0.0),
        (lambda y: binary_cross_entropy(y, 1), -1.25),
        (lambda y: binary_cross_entropy(y, 0), 5.0),
        (lambda y: binary_cross_entropy_with_logits(y, 1), 1 / (1 + math.exp(-0.8)) - 1),
        (lambda y: cross_entropy([y, 0.8], 0), -0.5),
        (lambda y: categorical_cross_entropy([y, 0.2], [1, 0]), -1.25),
        (lambda y: hinge(y, 1), -1.0),
        (lambda y: hinge(y, -1), 1.0),
        (lambda y: hinge(y + 1, 1), 0.0),
    ],
)
def test_losses_have_the_derivatives_computed_by_hand(
    loss: Callable[[Value], Value], expected: float
) -> None:
    y = Value(0.8)
    assert grads(loss(y), y) == [pytest.approx(expected, abs=1e-12)]


def test_the_derivative_to_the_logit_is_output_minus_target() -> None:
    z = Value(math.log(4))  # sigmoid(z) = 0.8
    assert grads(binary_cross_entropy(sigmoid(z), 1), z) == [pytest.approx(-0.2, abs=1e-12)]
    w = Value(math.log(4))
    assert grads(binary_cross_entropy_with_logits(w, 1), w) == [pytest.approx(-0.2, abs=1e-12)]


@pytest.mark.parametrize("loss", PAIRWISE)
def test_several_pairs_are_combined_as_documented(loss: Any) -> None:
    outputs, targets = [0.3, 0.6, 0.2], TARGETS.get(loss, [0, 1, 1])
    together = sum(loss(y, t) for y, t in zip(outputs, targets, strict=True))
    assert loss(outputs, targets) * (1 if loss is half_squared_error else 3) == pytest.approx(
        together
    )


@pytest.mark.parametrize("loss", PAIRWISE)
def test_values_and_numbers_give_the_same_loss(loss: Any) -> None:
    outputs, targets = [0.3, 0.6, 0.2], TARGETS.get(loss, [0, 1, 1])
    nodes = loss(list(map(Value, outputs)), targets)
    assert isinstance(nodes, Value)
    assert nodes.data == loss(outputs, targets)
    assert loss(tuple(map(Value, outputs)), map(Value, targets)).data == pytest.approx(nodes.data)


@pytest.mark.parametrize("loss", PAIRWISE)
def test_a_list_of_one_is_that_one(loss: Any) -> None:
    assert loss([0.5], [1]) == loss(0.5, 1)


def test_targets_may_have_gradients_too() -> None:
    y, t = Value(0.8), Value(0.5)
    expected = -math.log(0.8) + math.log(0.2)
    assert grads(binary_cross_entropy(y, t), t) == [pytest.approx(expected, abs=1e-12)]


# Extremes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "target", "loss", "grad"),
    [
        (1000.0, 1, 0.0, 0.0),
        (1000.0, 0, 1000.0, 1.0),
        (-1000.0, 1, 1000.0, -1.0),
        (-1000.0, 0, 0.0, 0.0),
        (1000.0, 0.25, 750.0, 0.75),
        (-1000.0, 0.25, 250.0, -0.25),
    ],
)
def test_large_logits_of_two_classes_stay_finite(
    z: float, target: float, loss: float, grad: float
) -> None:
    logit = Value(z)
    y = binary_cross_entropy_with_logits(logit, target)
    assert (y.data, *grads(y, logit)) == (loss, grad)


@pytest.mark.parametrize(
    ("logits", "index", "loss", "expected"),
    [
        ([1000.0, -1000.0], 0, 0.0, [0.0, 0.0]),
        ([1000.0, -1000.0], 1, 2000.0, [1.0, -1.0]),
        ([-1000.0, -1000.0], 0, math.log(2), [-0.5, 0.5]),
        ([1000.0, 1000.0, -1e30], 2, 1e30, [0.5, 0.5, -1.0]),
        ([-1e30, 0.5, 0.5], 1, math.log(2), [0.0, -0.5, 0.5]),
    ],
)
def test_large_logits_of_many_classes_stay_finite(
    logits: list[float], index: int, loss: float, expected: list[float]
) -> None:
    zs = list(map(Value, logits))
    y = cross_entropy(zs, index)
    assert y.data == pytest.approx(loss, rel=1e-15)
    assert grads(y, *zs) == pytest.approx(expected, abs=1e-15)


def test_a_graph_computed_anew_overflows_as_little_as_one_made_anew() -> None:
    zs = [Value(0.0), Value(1.0)]
    y = cross_entropy(zs, 0)
    zs[0].data = 5000.0
    assert recompute(y).data == 0.0
    zs[1].data = 9000.0
    assert recompute(y).data == 4000.0
    assert grads(y, *zs) == [-1.0, 1.0]


@given(st.lists(numbers, min_size=2, max_size=5), st.data())
def test_the_gradient_of_cross_entropy_is_softmax_minus_one_hot(
    logits: list[float], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(logits) - 1))
    zs = list(map(Value, logits))
    weights = [math.exp(z) for z in logits]
    expected = [w / sum(weights) - (i == index) for i, w in enumerate(weights)]
    assert grads(cross_entropy(zs, index), *zs) == pytest.approx(expected, abs=1e-12)


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=6), st.floats(-1e6, 1e6), st.data())
def test_the_loss_and_each_derivative_keep_their_digits_wherever_the_logits_lie(
    logits: list[float], offset: float, data: st.DataObject
) -> None:
    i = data.draw(st.integers(0, len(logits) - 1))
    zs = [Value(z + offset) for z in logits]
    loss = cross_entropy(zs, i)
    found = [loss.data, *grads(loss, *zs), *[p.data for p in softmax(zs)]]
    with mpmath.workdps(400):
        weights = [mpmath.exp(mpmath.mpf(z.data) - zs[i].data) for z in zs]
        ps = [w / sum(weights) for w in weights]
        to_others = [p if j != i else -sum(ps[:i] + ps[i + 1 :]) for j, p in enumerate(ps)]
        true = [
            float(x) for x in (mpmath.log1p(sum(weights[:i] + weights[i + 1 :])), *to_others, *ps)
        ]
    worst = 4e-15 * (1 + max(logits) - min(logits))  # exp multiplies the rounding of a difference
    assert found == pytest.approx(true, rel=worst, abs=1e-16)


def test_a_mask_of_minus_infinity_leaves_first_and_second_derivatives_whole() -> None:
    zs = [Value(z) for z in (-math.inf, -math.inf, 1.0, 2.0)]
    free = zs[2:]
    for y, alone in [
        (cross_entropy(zs, 2), cross_entropy(free, 0)),
        (softmax(zs)[3], softmax(free)[1]),
    ]:
        first = gradient(y, zs)
        hessian = [[x.data for x in gradient(d, zs)] for d in first]
        expected = gradient(alone, free)
        assert [d.data for d in first] == [0.0, 0.0, *(d.data for d in expected)]
        for row, d in zip(hessian[2:], expected, strict=True):
            assert row[2:] == pytest.approx([x.data for x in gradient(d, free)], rel=1e-14)
        assert all(x == 0 for i, row in enumerate(hessian) for x in (row if i < 2 else row[:2]))


def test_a_loss_of_many_classes_is_a_short_chain_without_residues() -> None:
    zs = [Value(z) for z in (3.0, 1.0, 2.0)]
    y = cross_entropy(zs, 0)
    computed = [node.op.name for node in topological_order(y) if node.depth]
    assert computed == ["-", "-", "logaddexp", "softplus"]
    far = [Value(50.0), Value(0.0)]
    loss = cross_entropy(far, 0)
    assert grads(loss, *far) == [-sigmoid(-50.0), sigmoid(-50.0)]


@given(numbers, st.floats(0, 1))
def test_both_forms_of_binary_cross_entropy_agree(z: float, target: float) -> None:
    y = binary_cross_entropy_with_logits(z, target)
    assert y == pytest.approx(binary_cross_entropy(sigmoid(z), target), rel=1e-6, abs=1e-9)


@given(st.floats(-30, 30))
def test_a_small_binary_loss_keeps_its_digits(z: float) -> None:
    y = binary_cross_entropy_with_logits(z, 1)
    assert y == pytest.approx(math.log1p(math.exp(-z)), rel=1e-14, abs=0)


def test_second_derivatives_go_through_a_loss() -> None:
    z = Value(0.3)
    [first] = gradient(binary_cross_entropy_with_logits(z, 1), [z])
    [second] = gradient(first, [z])
    p = 1 / (1 + math.exp(-0.3))
    assert second.data == pytest.approx(p * (1 - p), rel=1e-12)


@pytest.mark.parametrize("target", [0, 1])
def test_a_sure_and_right_output_costs_nothing(target: int) -> None:
    assert repr(binary_cross_entropy(float(target), target)) == "0.0"
    assert repr(binary_cross_entropy(Value(target), target).data) == "0.0"
    assert categorical_cross_entropy([target, 1 - target], [target, 1 - target]) == 0.0


def test_nan_is_not_hidden() -> None:
    for loss in PAIRWISE:
        assert math.isnan(loss(math.nan, 1))
    assert math.isnan(cross_entropy([math.nan, 1.0], 1))


# Mistakes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", PAIRWISE)
@pytest.mark.parametrize(
    ("outputs", "targets", "kind", "message"),
    [
        ([], [], ValueError, "{} needs at least one output, got none"),
        ([0.1, 0.2], [1], ValueError, "{} needs as many outputs as targets, got 2 and 1"),
        (
            [0.1, 0.2],
            1,
            TypeError,
            "{} needs a list of targets, got int 1",
        ),
        (
            Value(0.1),
            [1],
            TypeError,
            "{} needs a list of outputs, got Value",
        ),
        ("a", "b", TypeError, "{} needs a list of outputs, got str 'a'"),
        (["a"], [1], TypeError, "need one real number, got str 'a'"),
        ([None], [1], TypeError, "need one real number, got NoneType None"),
        (None, 1, TypeError, "need one real number, got NoneType None"),
        (0.5, "1", TypeError, "{} needs a list of outputs, got float 0.5"),
    ],
)
def test_pairs_that_do_not_match_are_told(
    loss: Any, outputs: Any, targets: Any, kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        loss(outputs, targets)
    assert str(caught.value).startswith(message.format(loss.__name__))


@pytest.mark.parametrize(
    ("mistake", "kind", "message"),
    [
        (
            lambda: binary_cross_entropy(1.2, 1),
            ValueError,
            r"^an output is a probability, .* 1.2; .*logits",
        ),
        (lambda: binary_cross_entropy(Value(-0.1), 1), ValueError, r"^an output is a probability"),
        (
            lambda: binary_cross_entropy(0.2, -1),
            ValueError,
            r"^a target is a probability, 0 to 1, got -1",
        ),
        (
            lambda: binary_cross_entropy_with_logits(5.0, 2),
            ValueError,
            r"^a target is a probability",
        ),
        (
            lambda: binary_cross_entropy(Value(0.0, "p"), 1),
            ValueError,
            r"^log.p. with p = 0: .*_with_logits",
        ),
        (lambda: hinge(0.3, 0), ValueError, r"^a target of hinge is -1 or 1, got 0"),
        (
            lambda: hinge([0.3, 0.1], [1, Value(0.5)]),
            ValueError,
            r"^a target of hinge is -1 or 1, got Value",
        ),
        (
            lambda: cross_entropy([1.0, 2.0], 2),
            IndexError,
            r"^the index of one of 2 classes is 0 to 1, got 2",
        ),
        (
            lambda: cross_entropy([1.0, 2.0], -1),
            IndexError,
            r"^the index of one of 2 classes is 0 to 1, got -1",
        ),
        (
            lambda: cross_entropy([1.0, 2.0], 1.0),
            TypeError,
            r"^the index of a class is a whole number, got 1.0",
        ),
        (
            lambda: cross_entropy([1.0, 2.0], "1"),
            TypeError,
            r"^cross_entropy needs a list of targets, got str '1'",
        ),
        (
            lambda: cross_entropy([], 0),
            ValueError,
            r"^cross_entropy needs the logits of at least 2 classes, got 0",
        ),
        (
            lambda: cross_entropy([1.0], 0),
            ValueError,
            r"^cross_entropy needs the logits of at least 2 classes, got 1",
        ),
        (
            lambda: cross_entropy(1.0, 0),
            TypeError,
            r"^cross_entropy needs a list of logits, got float 1.0",
        ),
        (
            lambda: cross_entropy([[1.0, 2.0]], [0, 1]),
            ValueError,
            r"^cross_entropy needs as many outputs as targets, got 1 and 2",
        ),
        (lambda: cross_entropy([], []), ValueError, r"^cross_entropy needs at least one output"),
        (lambda: cross_entropy([1.0, "2"], 0), TypeError, r"^need one real number, got str '2'"),
        (
            lambda: categorical_cross_entropy([0.5, 0.5], [1, 1]),
            ValueError,
            r"^targets add up to 1",
        ),
        (
            lambda: categorical_cross_entropy([0.5, 0.5], [2, -1]),
            ValueError,
            r"^a target is a probability",
        ),
        (
            lambda: categorical_cross_entropy([1.5, 0.5], [1, 0]),
            ValueError,
            r"^an output is a probability",
        ),
        (
            lambda: categorical_cross_entropy([0.5, 0.5], [1]),
            ValueError,
            r"^categorical_cross_entropy needs as many outputs as targets, got 2 and 1",
        ),
        (
            lambda: categorical_cross_entropy([], []),
            ValueError,
            r"^categorical_cross_entropy needs at least one",
        ),
        (
            lambda: categorical_cross_entropy([0.5, 0.5], 1),
            TypeError,
            r"^categorical_cross_entropy needs a list of targets, got int 1",
        ),
    ],
)
def test_what_cannot_be_is_told(
    mistake: Callable[[], Any], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        mistake()


# Softmax -----------------------------------------------------------------------------------------


@given(st.lists(numbers, min_size=1, max_size=5), st.data())
def test_the_derivatives_of_softmax_are_those_of_the_book(
    scores: list[float], data: st.DataObject
) -> None:
    i = data.draw(st.integers(0, len(scores) - 1))
    zs = list(map(Value, scores))
    ps = softmax(zs)
    assert sum(p.data for p in ps) == pytest.approx(1, abs=1e-14)
    assert softmax(scores) == [p.data for p in ps]
    p = [x.data for x in ps]
    expected = [p[i] * ((i == j) - p[j]) for j in range(len(p))]
    assert grads(ps[i], *zs) == pytest.approx(expected, abs=1e-14)


def test_a_masked_score_has_no_probability_and_no_gradient() -> None:
    zs = [Value(1.0), Value(-math.inf), Value(1.0)]
    ps = softmax(zs)
    assert [p.data for p in ps] == [0.5, 0.0, 0.5]
    assert grads(ps[0], *zs) == pytest.approx([0.25, 0.0, -0.25], abs=1e-15)


def test_softmax_needs_scores() -> None:
    with pytest.raises(ValueError, match=r"^softmax needs at least one score, got none$"):
        softmax([])
    with pytest.raises(TypeError, match=r"^softmax needs a list of scores, got float 1.0$"):
        softmax(1.0)  # type: ignore[call-overload]


@pytest.mark.parametrize("loss", [mean_squared_error, binary_cross_entropy, hinge])
def test_the_signature_of_a_loss_says_that_it_takes_several(loss: Callable[..., Any]) -> None:
    parameters = inspect.signature(loss).parameters.values()
    assert [x.name for x in parameters] == ["outputs", "targets"]
    assert all("Iterable" in str(x.annotation) for x in parameters)


@pytest.mark.parametrize("loss", [mean_squared_error, half_squared_error])
def test_an_error_too_large_to_square_asks_whether_the_training_diverged(loss: Any) -> None:
    told = r"^\((y - 0|0 - y)\) \*\* 2 .*; has the training diverged\? try a lower rate$"
    with pytest.raises(OverflowError, match=told):
        loss(Value(1e200, "y"), 0.0)


def test_the_mean_of_one_term_is_that_term_and_no_node() -> None:
    y = Value(3.0, "y")
    assert mean([y]) is y
    assert mean([y, y]).op.name == "/"
