"""Corners: one convention each, at infinities too, in first and in mixed second derivatives."""

import itertools
import math

import pytest

from autograd_mini import Value, gradient, maximum, minimum, record, relu
from autograd_mini.losses import cross_entropy

INF = math.inf


def slopes(f, *at):
    """Return the gradient of a function by reverse accumulation."""
    leaves = [Value(x) for x in at]
    f(*leaves).backward()
    return [x.grad for x in leaves]


@pytest.mark.parametrize("x", [INF, -INF, 0.0, 3.0])
@pytest.mark.parametrize("f", [maximum, minimum])
def test_a_tie_is_split_in_halves_between_infinities_too(f, x):
    assert slopes(f, x, x) == [0.5, 0.5]
    assert slopes(lambda a: f(a, x), x) == [0.5]
    assert slopes(lambda b: f(x, b), x) == [0.5]
    a, b = Value(x, "a"), Value(x, "b")
    assert record(f(a, b), [a, b]).value_and_gradients(x, x).inputs == (0.5, 0.5)


def test_a_mask_of_minus_infinity_leaves_the_other_logits_their_gradients():
    for masked in itertools.permutations([-INF, -INF, 1.0]):
        zs = [Value(z) for z in masked]
        cross_entropy(zs, masked.index(1.0)).backward()
        assert [z.grad for z in zs] == [0.0, 0.0, 0.0]


def test_nan_in_one_operand_only_gives_nan_out_and_in_every_gradient():
    for op in (maximum, minimum):
        for at in ([math.nan, 1.0], [1.0, math.nan], [math.nan, INF], [-INF, math.nan]):
            assert math.isnan(op(*at))
            assert all(map(math.isnan, slopes(op, *at)))


@pytest.mark.parametrize("b", [0.5, 1.0, 2.0, 3.7])
def test_a_power_of_0_has_derivative_0_in_a_positive_exponent(b):
    assert slopes(lambda b: 0.0**b, b) == [0.0]
    x, n = Value(0.0, "x"), Value(b, "n")
    y = x**n
    if b >= 1:
        y.backward()
        assert [x.grad, n.grad] == [float(b == 1), 0.0]


def test_where_only_the_base_is_asked_for_the_way_to_it_is_told_and_works():
    x, n = Value(-2.0, "x"), Value(2.0, "n")
    y = x**n
    with pytest.raises(ValueError, match=r"^x \*\* n with x = -2, n = 2 has no .*") as caught:
        y.backward()
    told = str(caught.value)
    assert told.endswith("and gradient(y, [x]) asks for that of the base x alone")
    assert [found.data for found in gradient(y, [x])] == [-4.0]


def test_0_to_the_0_has_no_derivative_in_the_exponent():
    y = 0.0 ** Value(0.0, "n")
    with pytest.raises(ValueError, match=r"^0 \*\* n with n = 0 has no derivative there"):
        y.backward()


@pytest.mark.parametrize("x", [0.0, -0.0, 2.0, -2.0, INF])
def test_the_0th_power_is_flat_everywhere(x):
    leaf = Value(x)
    [first] = gradient(leaf**0, [leaf])
    [second] = gradient(first, [leaf])
    assert (first.data, second.data) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("at", "mixed"),
    [((2.0, 0.0), 0.5), ((2.0, 1.0), 1 + math.log(2)), ((0.0, 2.0), 0.0), ((0.0, 3.0), 0.0)],
)
def test_mixed_second_derivatives_of_a_power_are_symmetric(at, mixed):
    a, b = (Value(x) for x in at)
    for x, other in ((a, b), (b, a)):
        [first] = gradient(a**b, [x])
        assert gradient(first, [other])[0].data == pytest.approx(mixed)


@pytest.mark.parametrize("at", [(1.0, 1.0), (0.0, 0.0), (2.0, -1.0)])
@pytest.mark.parametrize("op", [maximum, minimum], ids=lambda op: op.name)
def test_mixed_second_derivatives_at_ties_are_symmetric(op, at):
    a, b = (Value(x) for x in at)
    first = gradient(op(a, b) ** 2, [a, b])
    hessian = [[second.data for second in gradient(d, [a, b])] for d in first]
    assert hessian[0][1] == pytest.approx(hessian[1][0], abs=1e-15)


@pytest.mark.parametrize("huge", [INF, -INF])
def test_a_program_lets_nothing_through_a_branch_that_is_off(huge):
    x = Value(-1.0, "x")
    program = record(relu(x) * huge * 0.5 + maximum(x, -3.0), [x])
    assert program.value_and_gradients(-1.0).inputs == (1.0,)


def test_plus_a_is_a():
    a = Value(2.0)
    assert +a is a


@pytest.mark.parametrize("choose", [maximum, minimum])
@pytest.mark.parametrize(("a", "b"), [(3.0, 3.0), (-INF, -INF), (0.0, -0.0), (-0.0, 0.0)])
def test_of_two_equal_numbers_the_second_is_chosen_with_its_sign(choose, a, b):
    assert repr(choose(Value(a), b).data) == repr(b)


def test_a_relu_has_no_negative_zero():
    assert repr(relu(Value(-0.0)).data) == "0.0"
