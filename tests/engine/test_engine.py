"""Values, reverse accumulation and the graph as a whole."""

import math
import pickle
from copy import deepcopy
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from autograd_mini import Value, gradient, recompute, topological_order, total, weighted_sum
from autograd_mini.engine.primitives import exp, log, sqrt, tanh
from tests.garbage import count_garbage
from tests.graphs import graphs, sum_over_paths


def readme_expression():
    a, b = Value(-4.0, "a"), Value(2.0, "b")
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return a, b, g


def grads(leaves):
    return [x.grad for x in leaves]


def zero(leaves):
    for x in leaves:
        x.grad = 0.0


# Golden numbers


def test_micrograds_readme_expression():
    a, b, g = readme_expression()
    g.backward()
    assert g.data == pytest.approx(24.704081632653, abs=1e-12)
    assert a.grad == pytest.approx(138.833819241983, abs=1e-12)
    assert b.grad == pytest.approx(645.577259475219, abs=1e-12)


def test_micrograds_sanity_check():
    x = Value(-4.0)
    z = 2 * x + 2 + x
    q = z.relu() + z * x
    y = (z * z).relu() + q + q * x
    y.backward()
    assert (y.data, x.grad) == (-20.0, 46.0)


def test_the_expression_of_the_lecture():
    a, b, c, f = Value(2.0), Value(-3.0), Value(10.0), Value(-2.0)
    e = a * b
    d = e + c
    loss = d * f
    loss.backward()
    assert (loss.data, grads([a, b, c, d, e, f])) == (-8.0, [6.0, -4.0, -2.0, -2.0, -2.0, 4.0])


# Reverse accumulation


@given(graphs())
def test_the_gradient_is_the_sum_over_all_paths(graph):
    leaves, y = graph
    assume(math.isfinite(y.data))
    y.backward()
    assert grads(leaves) == pytest.approx(
        [sum_over_paths(y, x) for x in leaves], rel=1e-9, abs=1e-9
    )


@given(graphs(), st.integers(1, 4), st.floats(-3, 3))
def test_leaves_add_up_over_passes_and_inner_nodes_do_not(graph, passes, seed):
    leaves, y = graph
    y.backward(seed)
    once, inner = grads(leaves), [node.grad for node in topological_order(y) if node.operands]
    for _ in range(passes):
        y.backward(seed)
    assert grads(leaves) == pytest.approx([(passes + 1) * g for g in once], nan_ok=True)
    assert [node.grad for node in topological_order(y) if node.operands] == inner


@given(graphs())
def test_the_gradient_as_values_equals_backward_and_leaves_every_grad_alone(graph):
    leaves, y = graph
    before = [node.grad for node in topological_order(y)]
    derivatives = gradient(y, leaves)
    assert [node.grad for node in topological_order(y)] == before
    y.backward()
    assert [d.data for d in derivatives] == pytest.approx(grads(leaves), rel=1e-9, abs=1e-12)


def test_a_shared_node_receives_the_sum_of_its_terms():
    a = Value(3.0)
    (a + a).backward()
    assert a.grad == 2.0
    a.grad = 0.0
    b = a * a
    (b + b).backward()
    assert a.grad == 12.0


def test_a_second_pass_adds_to_leaves_once():
    a, b = Value(3.0), Value(2.0)
    e = (a + b) * 1
    e.backward()
    e.backward()
    assert (a.grad, b.grad, e.grad) == (2.0, 2.0, 1.0)


def test_backward_of_a_leaf_adds_the_seed():
    a = Value(5.0)
    a.backward()
    a.backward(2.5)
    assert a.grad == 3.5


def test_the_seed_scales_the_gradient():
    a = Value(3.0)
    (a * a).backward(0.5)
    assert a.grad == 3.0


def test_zero_grad_clears_every_node_behind():
    a, b, g = readme_expression()
    g.backward()
    g.zero_grad()
    assert {node.grad for node in topological_order(g)} == {0.0}
    g.backward()
    assert a.grad == pytest.approx(138.833819241983)
    assert b.grad != 0.0


def test_a_gradient_without_a_path_is_zero():
    x, z = Value(1.0), Value(2.0)
    assert [d.data for d in gradient(x * x, [z, x])] == [0.0, 2.0]


def test_two_operands_that_are_one_node_are_two_edges():
    a = Value(3.0)
    y = a * a
    assert (y.operands, y.partials) == ((a, a), (3.0, 3.0))


# Constants


def test_a_constant_has_no_node_and_no_partial():
    a = Value(3.0)
    y = 2 * a
    assert (y.operands, y.partials) == ((2.0, a), (None, 2.0))
    assert topological_order(y) == [a, y]


def test_a_constant_exponent_asks_for_no_logarithm():
    a = Value(-2.0)
    y = a**2
    y.backward()
    assert (y.data, a.grad) == (4.0, -4.0)


@pytest.mark.parametrize("two", [2, 2.0, True + 1, Fraction(2)])
def test_every_kind_of_real_number_works_on_either_side(two):
    a = Value(6.0)
    results = [a + two, two + a, a - two, two - a, a * two, two * a, a / two, two / a, a**2, two**a]
    assert [type(y.data) for y in results] == [float] * 10
    assert [y.data for y in results] == [8.0, 8.0, 4.0, -4.0, 12.0, 12.0, 3.0, 1 / 3, 36.0, 64.0]
    assert Value(two).data == 2.0
    assert type(Value(two).data) is float


def test_numpy_numbers_functions_and_arrays_of_values():
    np = pytest.importorskip("numpy", reason="pip install numpy")
    for kind in (np.float64, np.float32, np.int64):
        test_every_kind_of_real_number_works_on_either_side(kind(2))
    a = Value(0.5)
    assert np.exp(a).data == math.exp(0.5)
    assert np.tanh(a).op is tanh
    products = np.array([1.0, 2.0]) * a
    assert [y.data for y in products] == [0.5, 1.0]
    assert [y.data for y in a * np.array([1.0, 2.0])] == [0.5, 1.0]
    assert np.float64(3) - a < 3


# Python's manners


def test_comparisons_are_of_data_and_equality_is_of_identity():
    a, b = Value(1.0), Value(1.0)
    assert a <= b
    assert a >= 1
    assert not a < b
    assert not a > 1.0
    assert a < 2
    assert a != b
    assert len({a, b, a}) == 2
    assert max(a, Value(4.0), b).data == 4.0
    assert sorted([Value(3.0), a])[0] is a
    assert bool(a)
    assert not Value(0.0)


def test_a_comparison_notes_the_line_that_asked():
    a = Value(1.0)
    assert a.notes == {}
    assert a < 2
    file, line = a.notes["asked"]
    assert file == __file__
    assert "assert a < 2" in Path(file).read_text().splitlines()[line - 1]


def test_text_shows_what_a_value_is():
    a = Value(2.0, "a")
    assert repr(a) == "Value(data=2.0, grad=0.0, label='a')"
    assert repr(Value(2)) == "Value(data=2.0, grad=0.0)"
    assert f"{a:.3f}" == "2.000"
    assert f"{a}" == repr(a)


def test_in_place_operators_make_a_new_node():
    a = before = Value(1.0)
    a += 1
    assert (a is before, before.data, a.data) == (False, 1.0, 2.0)


def test_operators_leave_what_they_do_not_know_to_the_other_side():
    class Other:
        def __radd__(self, left):
            return "added"

    assert Value(1.0) + Other() == "added"


# Sums


def test_sums_of_any_number_of_operands_are_one_node():
    a, b, c = Value(1.0), Value(2.0), Value(3.0)
    y = total([a, b, c, a, 4.0])
    y.backward()
    assert (y.data, grads([a, b, c]), y.depth) == (11.0, [2.0, 1.0, 1.0], 1)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5])
def test_a_weighted_sum_is_its_plain_sum(n):
    ws, xs, b = [Value(i + 1.0) for i in range(n)], [Value(2.0 * i) for i in range(n)], Value(0.5)
    y = weighted_sum(ws, xs, b)
    y.backward()
    assert y.data == sum((w.data * x.data for w, x in zip(ws, xs, strict=True)), 0.5)
    assert grads([*ws, *xs, b]) == [*(x.data for x in xs), *(w.data for w in ws), 1.0]
    assert y.depth == 1


def test_sums_of_numbers_are_numbers():
    assert total([1, 2.5]) == 3.5
    assert weighted_sum([1.0], [2.0]) == 2.0
    assert total([]) == 0.0


# No silent wrong gradient


def test_editing_data_does_not_change_the_gradient_of_the_pass_that_was_made():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    c = a * b
    a.data = 10.0
    c.backward()
    assert (a.grad, b.grad, c.data) == (3.0, 2.0, 6.0)


def test_a_refused_edit_leaves_no_trace():
    a = Value(2.0)
    with pytest.raises(TypeError):
        a.data = "3"
    assert (a.data, a.notes) == (2.0, {})


def test_recompute_brings_data_and_partials_up_to_date():
    a, b = Value(2.0), Value(3.0)
    c = (a * b).tanh() + total([a, b, a])
    a.data = 0.1
    assert recompute(c) is c
    c.backward()
    assert c.data == pytest.approx(math.tanh(0.3) + 3.2)
    assert b.grad == pytest.approx(0.1 * (1 - math.tanh(0.3) ** 2) + 1)


@given(graphs())
def test_recompute_of_an_unedited_graph_changes_nothing(graph):
    _, y = graph
    order = topological_order(y)
    before = [(node.data, node.partials) for node in order]
    recompute(y)
    assert repr([(node.data, node.partials) for node in order]) == repr(before)


def test_a_recompute_that_fails_leaves_the_graph_as_it_was():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = log(a * b) + b
    inner = [node for node in topological_order(y) if node.operands]
    before = [(node.data, node.partials) for node in inner]
    a.data = -1.0
    with pytest.raises(ValueError, match=r"^log\(a \* b\) with a \* b = -3: needs a pos"):
        recompute(y)
    assert [(node.data, node.partials) for node in inner] == before


def test_gradient_refuses_a_graph_whose_data_was_edited():
    a = Value(2.0, "a")
    y = a**3
    a.data = 5.0
    with pytest.raises(ValueError, match="edited after it was computed: call recompute"):
        gradient(y, [a])
    assert gradient(recompute(y), [a])[0].data == 75.0


def test_a_partial_that_does_not_exist_raises_only_where_an_adjoint_reaches_it():
    x = Value(0.0, "x")
    root = sqrt(x)
    (root * 0.0).backward()
    assert x.grad == 0.0
    with pytest.raises(ZeroDivisionError, match=r"sqrt\(x\) with x = 0 has no derivative there"):
        root.backward()
    assert [d.data for d in gradient(root * 0.0, [x])] == [0.0]
    with pytest.raises(ZeroDivisionError, match=r"sqrt\(x\)"):
        gradient(root, [x])


def test_a_backward_that_fails_leaves_all_leaves_alone():
    a, x = Value(3.0), Value(0.0, "x")
    a.grad = 7.0
    y = a * a * a + sqrt(x)
    with pytest.raises(ZeroDivisionError):
        y.backward()
    assert (a.grad, x.grad) == (7.0, 0.0)


def test_the_base_of_a_power_may_be_negative_if_the_exponent_is_not_asked_for():
    a, b = Value(-2.0, "a"), Value(3.0, "b")
    y = a**b
    assert y.data == -8.0
    with pytest.raises(ValueError, match=r"a \*\* b with a = -2, b = 3 has no derivative"):
        y.backward()


def test_nan_reaches_every_leaf_it_should():
    a, b = Value(math.nan), Value(2.0)
    (a * b).relu().backward()
    assert math.isnan(a.grad)
    assert math.isnan(b.grad)


# Deep graphs, memory, copies


def test_a_chain_of_a_million_operations_works():
    x = y = Value(1.0, "x")
    for _ in range(1_000_000):
        y = y * 1.0
    y.backward()
    assert x.grad == 1.0
    x.data = 2.0
    assert recompute(y).data == 2.0
    assert len(topological_order(y)) == 1_000_001


def test_a_chain_of_a_hundred_thousand_has_a_gradient_of_values():
    x = y = Value(1.0)
    for _ in range(100_000):
        y = y * 1.0
    [d] = gradient(y, [x])
    assert d.data == 1.0


def test_a_dropped_graph_leaves_nothing_for_the_collector():
    def use():
        a, b, g = readme_expression()
        y = total([tanh(g), weighted_sum([a, b], [b, a], 1.0), exp(a)])
        y.backward()
        [first] = gradient(y, [a])
        gradient(first, [b])
        recompute(y)

    assert count_garbage(use) == 0


@pytest.mark.parametrize("duplicate", [deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_copies_keep_sharing_and_take_part_in_new_expressions(duplicate):
    a, b, g = readme_expression()
    g.backward()
    a2, g2 = duplicate([a, g])
    assert a2 in topological_order(g2)
    assert (a2.grad, g2.data, a2.label) == (a.grad, g.data, "a")
    y = g2 * a2 + total([a2, g2, a2])
    y.zero_grad()
    y.backward()
    expected = g * a + total([a, g, a])
    expected.zero_grad()
    expected.backward()
    assert (y.data, a2.grad) == (expected.data, a.grad)
    assert b not in topological_order(y)
