"""The plain engine, which is read: what it computes is worked out here by hand."""

import math
from copy import deepcopy

import pytest

from autograd_mini import Primitive, Value, gradient, topological_order, weighted_sum
from autograd_mini.engine import primitives
from autograd_mini.engine.anew import Anew
from autograd_mini.engine.care import CarefulPass, backward_order, product
from autograd_mini.engine.changes import Changes
from autograd_mini.engine.graph import doubtful
from autograd_mini.engine.messages import find_given
from autograd_mini.engine.observers import Observer, observing
from autograd_mini.engine.primitives import TABLE, Operand, add, exp, mul, power_rule, relu, sqrt
from autograd_mini.engine.refusals import Instead, Refusals
from autograd_mini.engine.steady import flat_partials, is_flat
from autograd_mini.engine.sums import sum_of
from autograd_mini.engine.undefined import UndefinedWarning, multiply
from autograd_mini.engine.value import Node
from autograd_mini.notation.text import Symbol
from tests.injector import interrupted

# What other libraries' attributes of a Value called a are here.
ELSEWHERE = {
    "_backward": "each operation's rule is in its Primitive; node by node: walk(y).next()",
    "_children": "what a Value was computed from is called operands",
    "clone": "copy.copy(a) is a copy, a + 0 a new node of the graph",
    "cpu": "a Value is a float of Python's: a.data",
    "detach": "Value(a.data) is a new leaf, cut off from the graph of a",
    "item": "the number is a.data",
    "numpy": "the number is a.data",
    "pow": "write a ** 2",
    "requires_grad": "every Value has a gradient; for a constant write a plain number",
    "requires_grad_": "every Value has a gradient; for a constant write a plain number",
    "retain_grad": "every Value keeps its grad",
    "shape": "a Value is one number; several are a list of Values",
    "tolist": "the number is a.data",
}


def test_a_node_remembers_what_it_was_made_of_and_how():
    a = Value(2.0, "a")
    y = Node.apply(mul, Node.apply(add, a, 3), a)
    assert (y.data, y.partials, y.depth, y.op) == (10.0, (2.0, 5.0), 2, mul)
    [inner, last] = y.operands
    assert last is a
    assert (inner.operands, inner.partials, inner.depth) == ((a, 3.0), (1.0, None), 1)


def test_a_sum_of_many_remembers_its_operands_in_order():
    a, b, c = Value(2.0, "a"), Value(-3.0, "b"), Value(0.5, "c")
    y = Node.apply(sum_of, a, 4.0, b)
    assert (y.data, y.operands, y.partials) == (3.0, (a, 4.0, b), (1.0, None, 1.0))
    [row] = Node.weighted_sums([([a], c)], [b])
    assert (row.data, row.operands, row.partials) == (-5.5, (a, b, c), (-3.0, 2.0, 1.0))


@pytest.mark.parametrize("seed", [1.0, -2.0])
def test_the_plain_sweep_adds_adjoint_times_partial_deepest_nodes_first(seed):
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    a.grad = 100.0
    inner = a * b
    y = inner * a + inner  # ∂y/∂a = 2ab + b, ∂y/∂b = a² + a
    inner.grad = y.grad = 7.0  # of an older pass, which no inner node keeps
    leaves = {}
    Node.accumulate(y, seed, leaves)
    assert (a.grad, b.grad) == (100.0 - 15.0 * seed, 6.0 * seed)
    assert (y.grad, inner.grad) == (seed, 3.0 * seed)
    assert leaves == {a: 100.0, b: 0.0}


def test_the_sweep_of_a_leaf_reaches_it_alone():
    a, leaves = Value(2.0), {}
    Node.accumulate(a, 3.0, leaves)
    assert (a.grad, leaves) == (3.0, {a: 0.0})


def test_a_node_that_nobody_named_edited_or_reached_keeps_no_label_note_or_grad():
    x = Value(2.0) * 3.0
    assert (x.label, x.notes, x.grad) == ("", {}, 0.0)
    assert not any(hasattr(x, slot) for slot in ("_label", "_notes"))
    x.label = "x"
    x.data = 5.0
    assert (x.label, x.notes) == ("x", {"before": 6.0})


def test_primitives_say_what_they_are():
    assert primitives.tanh.__doc__ == (
        "Return the hyperbolic tangent of a; its derivative is 1 - tanh(a)²."
    )
    assert Primitive.__doc__.startswith("A function on floats, one rule per operand, and what it")
    assert repr(Value(1.0).op) == "<primitive leaf>"
    with pytest.raises(ValueError, match=r"^power_log\(-1, 2\): needs a positive base$"):
        primitives.power_log(-1.0, 2.0)


def test_a_primitive_without_a_name_is_at_home_where_its_first_rule_is():
    assert Primitive("s", math.sin, lambda _a, _y: 0.0).home == (__name__, "s")
    assert Primitive("s", math.sin, math.hypot).home == ("math", "s")


def test_what_operands_of_a_kind_do_is_for_the_kind_to_say():
    with pytest.raises(NotImplementedError):
        Operand.apply(add, Operand(), 1.0)


@pytest.mark.parametrize("place", [0, 1])
def test_a_rule_is_shown_by_the_book_where_other_operands_are_constants(place):
    operands = [1.0, 1.0]
    operands[place] = Symbol("x")
    rule = TABLE["logaddexp"].rules[place]
    assert rule(*operands, Symbol("y")).text == "exp(x - y)"


def test_a_step_is_flat_and_a_sum_is_not():
    flat = {name for name in ("above", "equal", "+", "*") if is_flat(TABLE[name], 2)}
    assert flat == {"above", "equal"}


def test_a_missing_partial_refuses_adjoints_but_for_a_zero():
    missing = sqrt(Value(0.0)).partials[0]
    with pytest.raises(ZeroDivisionError, match=r"^an operation has no derivative there, but the "):
        2.0 * missing
    assert multiply(0.0, missing) == 0.0
    assert math.isnan(multiply(0.0, math.inf))


def test_what_is_computed_from_data_counts_as_moving():
    op = Primitive("wave", math.sin, lambda a, _y: math.cos(a))  # no rule for Values
    assert not is_flat(op, 1)
    assert flat_partials(op, 1) == (False,)
    x = Value(0.0, "x")
    y = op(sqrt(x)) * 0.0
    y.backward()
    assert x.grad == 0.0


def test_a_steady_0_stays_one_whatever_it_is_multiplied_by():
    x, w = Value(0.0, "x"), Value(3.0, "w")
    y = sqrt(x) * w * 0.0
    y.backward()
    assert (x.grad, w.grad) == (0.0, 0.0)
    assert [found.data for found in gradient(y, [x, w])] == [0.0, 0.0]
    assert doubtful(y) == doubtful(x * w) == []


def test_a_partial_that_is_0_by_underflow_is_0_at_this_point_only():
    x = Value(0.0, "x")
    y = exp(sqrt(x) - 1000.0)
    with pytest.warns(UndefinedWarning, match=r"^sqrt\(x\) with x = 0 has no derivative there"):
        y.backward()
    assert doubtful(y) == [y.operands[0].operands[0]]


def test_an_interrupt_of_a_pass_stays_one_and_leaves_the_leaves_alone():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    y, point, stopped = a * b + a, 1, True
    while stopped:
        a.grad, b.grad = 5.0, 7.0
        stopped = interrupted(y.backward, point)
        assert (a.grad, b.grad) in {(5.0, 7.0), (3.0, 9.0)}
        point += 1
    assert point > 100


def test_behind_a_branch_that_is_off_a_term_is_0_and_a_node_has_a_derivative():
    x = Value(0.0, "x")
    off = (sqrt(x) - 1.0).relu()
    assert product(math.inf, off, 0) == 0.0
    assert CarefulPass(sqrt(x) + off).undefined() == {x}
    assert CarefulPass(off * sqrt(x)).undefined() == set()


def test_the_way_back_visits_computed_nodes_alone_and_each_once():
    a = Value(2.0, "a")
    inner = a * 3
    y = inner * inner + a
    assert list(backward_order(y)) == [y, y.operands[0], inner]


def test_new_data_is_noted_with_the_data_before():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    Changes().data([a, b], [5.0, 7.0]).make()
    assert (a.data, b.data) == (5.0, 7.0)
    assert (a.notes["before"], b.notes["before"]) == (2.0, 3.0)


def test_what_is_shared_at_every_step_is_copied_once():
    y = Value(1.0)
    for _ in range(60):
        y = y + y  # 2⁶⁰ paths
    assert deepcopy(y).data == y.data == 2.0**60


def test_a_zero_in_doubt_is_told_as_one():
    x = Value(0.0, "x")
    told = r"^sqrt\(x\) with x = 0 .* 0.0 reaches it, which may be 0 at this point only: its rule"
    with pytest.raises(ZeroDivisionError, match=told):
        gradient(sqrt(x) ** 2, [x])


def test_a_careful_pass_beside_the_graph_knows_no_older_pass():
    x = Value(3.0, "x")
    x.grad = 100.0
    assert CarefulPass(x * x).adjoints[x] == 6.0
    assert x.grad == 100.0


def test_what_other_libraries_have_is_told_with_its_remedy():
    told = r"^backward has no argument retain_graph: a graph is never freed; call backward again"
    with pytest.raises(TypeError, match=told):
        (Value(1.0) * 2).backward(retain_graph=True)
    attributes = {x for x, found in vars(Refusals).items() if isinstance(found, Instead)}
    assert attributes == set(ELSEWHERE)
    for name, advice in ELSEWHERE.items():
        assert getattr(Value, name).__doc__ == f"Not here: {advice}."
        with pytest.raises(AttributeError, match=f"^'Value' object has no attribute '{name}': "):
            getattr(Value(1.0, "a"), name)


def test_the_engine_inside_a_value_is_not_made_alone():
    with pytest.raises(TypeError, match=r"^Node is the engine inside Value: use Value\(1.0\)$"):
        Node(1.0)


def test_what_was_given_and_is_not_finite_is_told_apart_from_what_was_computed():
    w, bad = Value(2.0, "w"), Value(math.inf, "bad")
    assert find_given(bad) == find_given(w * math.inf) == math.inf
    assert find_given(Value(1e308) * 10) is None


def test_a_missing_partial_counts_only_for_the_nodes_that_are_asked_for():
    x, w = Value(0.0, "x"), Value(2.0, "w")
    careful = CarefulPass(sqrt(x) * w)
    assert careful.needs_in_doubt({w}) == []
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\(x\) with x = 0 has no derivative there"):
        careful.needs_in_doubt({x})


def test_a_term_is_adjoint_times_partial_and_that_of_a_leaf_the_seed():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    y = a * b
    assert [product(5.0, y, place) for place in (0, 1)] == [-15.0, 10.0]
    assert CarefulPass(a, 3.0).adjoints == {a: 3.0}
    assert CarefulPass(y, 5.0).adjoints == {y: 5.0, a: -15.0, b: 10.0}
    a.grad = 7.0
    assert CarefulPass(y, 5.0, onto_grads=True).adjoints == {y: 5.0, a: -8.0, b: 10.0}


def test_a_careful_pass_gives_a_zero_the_sign_that_the_sweep_gives_it():
    x = Value(-1.0, "x")
    for output in (x, x * 2.0, relu(x)):
        output.backward(-0.0)
        for node, adjoint in CarefulPass(output, -0.0).adjoints.items():
            assert repr(adjoint) == repr(node.grad)
    assert repr(product(-5.0, relu(x), 0)) == "-0.0"


def test_a_term_that_needs_a_missing_partial_is_refused_with_its_node():
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\(x\) with x = 0 has no derivative there"):
        product(2.0, sqrt(Value(0.0, "x")), 0)


def test_a_grad_that_is_not_finite_is_noted_with_where_it_began():
    w, x = Value(1e200, "w"), Value(1.0, "x")
    (w * w * w + x).backward()
    assert w.notes["first bad"].told == (
        "the first node that is not finite is w * w = inf with w = 1e+200"
    )
    assert "first bad" not in x.notes


def test_a_notebook_made_for_micrograd_finds_the_operands_and_the_operation():
    a = Value(2.0)
    y = a * 3.0
    assert (y._prev, y._op, a._prev, a._op) == ({a}, "*", set(), "")


@pytest.mark.parametrize("name", ["asin", "acos", "atan", "asinh", "acosh", "atanh"])
def test_numpy_finds_an_inverse_function_by_its_own_name(name):
    a = Value(1.0 if name == "acosh" else 0.5)
    assert getattr(a, f"arc{name[1:]}")().data == getattr(a, name)().data


def test_a_power_of_0_has_no_derivative_where_its_exponent_is_below_1():
    with pytest.raises(ValueError, match=r"^0 \*\* \(0\.5 - 1\)"):
        power_rule(Value(0.0), Value(0.5), Value(0.0))


def test_0_to_the_power_of_a_0_that_is_a_value_has_the_derivative_0_in_its_base():
    a, b = Value(0.0, "a"), Value(0.0, "b")
    [derivative] = gradient(a**b, [a])
    assert derivative.data == 0.0


def test_an_observer_is_told_of_what_happens_in_its_block_alone():
    class Counter(Observer):
        begun = passes = 0

        def before_pass(self, _output):
            self.begun += 1

        def after_pass(self, *_told):
            self.passes += 1

    y = Value(2.0) * 3.0
    with observing(Counter()) as counter:
        y.backward()
    y.backward()
    assert (counter.begun, counter.passes) == (1, 1)


def test_a_change_lacks_no_content():
    with pytest.raises(ValueError, match=r"^need one _data for each of 1, got 2"):
        Changes().write([Value(1.0)], "_data", [1.0, 2.0])


def test_contents_computed_anew_agree_until_data_or_a_partial_is_another():
    x, w = Value(0.0, "x"), Value(2.0, "w")
    order = topological_order(weighted_sum([x, x], [w, 3.0], 1.0) * w + x)
    assert Anew(order).agrees
    w.data = 5.0  # no sum is another, since x is 0, but partials are
    assert not Anew(order).agrees
