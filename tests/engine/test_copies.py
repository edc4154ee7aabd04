"""Copies: a graph that is copied or pickled is the same, shares the same, and touches nothing."""

import pickle
import sys
from copy import copy, deepcopy
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_mini import Value, exp, sqrt, topological_order, total, weighted_sum
from autograd_mini.engine.copies import RECORDS, new_node
from autograd_mini.engine.primitives import Primitive
from autograd_mini.nn import MLP
from tests.graphs import graphs


def through_pickle(x):
    return pickle.loads(pickle.dumps(x))


def in_python(x):
    """Pickle with the classes that Python's library has in Python, as other picklers do."""
    return pickle._loads(pickle._dumps(x, 5))


DUPLICATES = (deepcopy, through_pickle, in_python)
WAYS = pytest.mark.parametrize("duplicate", DUPLICATES)


def state(node):
    """Return all that a node holds but its operands, with every digit."""
    facts = (node.op, node.data, node.partials, node.grad, node.label, node.depth, node.notes)
    return type(node), repr(facts)


def shape(order):
    """Return what a graph shares: the operands of each node as places in its order."""
    places = {node: place for place, node in enumerate(order)}
    return [[places.get(x, x) for x in node.operands] for node in order]


@settings(max_examples=50)
@given(graphs(), st.randoms(use_true_random=False))
def test_copies_are_equal_and_share_what_was_shared_whatever_comes_first(graph, random):
    leaves, y = graph
    y.backward()
    leaves[0].data = 0.125
    y = y + total([*leaves, 1.0]) + weighted_sum([0.5, leaves[0]], [y, y], y)
    order = topological_order(y)
    before = [(state(node), node.reached) for node in order]
    chosen = random.sample(order, len(order))
    for duplicate in DUPLICATES:
        copies = dict(zip(chosen, duplicate(chosen), strict=True))
        found = [copies[node] for node in order]
        assert [*map(state, found)] == [*map(state, order)]
        assert shape(found) == shape(order)
        assert found == topological_order(copies[y])
        assert not {*found} & {*order}
        assert [(state(node), node.reached) for node in order] == before


@WAYS
def test_a_graph_far_deeper_than_pythons_stack_is_copied(duplicate):
    x = y = Value(1.0, "x")
    for _ in range(3000):
        y = y + 1.0
    x2, y2 = duplicate([x, y])
    y2.backward()
    assert (y2.data, y2.depth, x2.grad, x.grad) == (3001.0, 3000, 1.0, 0.0)


def test_what_was_written_is_forgotten_with_the_pickle():
    pickle.dumps([Value(1.0) * 2.0, Value(1.0) * 2.0])
    assert len(RECORDS) == 0


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_every_protocol_of_pickle_will_do(protocol):
    y = Value(3.0, "x") * 2.0
    assert state(pickle.loads(pickle.dumps(y, protocol))) == state(y)


def test_a_shallow_copy_shares_its_operands_at_any_depth_but_not_its_notes():
    y = Value(2.0)
    for _ in range(10_000):
        y = y * 1.0
    y.data = 3.0
    twin = copy(y)
    assert (state(twin), twin.operands) == (state(y), y.operands)
    twin.data = 4.0
    assert (y.data, y.notes) == (3.0, {"before": 2.0})


class Named(Value):
    """A Value of a class of one's own, with an attribute and a slot."""

    __slots__ = ("__dict__", "unit")


@WAYS
def test_a_class_of_ones_own_keeps_its_class_and_its_attributes(duplicate):
    x = Named(2.0, "x")
    x.unit, x.source = "m", "a table"
    y = copy(x) * x
    [operand, other] = duplicate(y).operands
    assert {type(operand), type(other)} == {Named}
    assert (other.unit, other.source, operand.unit) == ("m", "a table", "m")
    assert operand is not other


class Tagged(Value):
    """A Value of a class of one's own, and so is all that is computed from it."""

    __slots__ = ("__dict__",)

    @staticmethod
    def apply(op, *operands):
        made = Value.apply(op, *operands)
        return new_node(Tagged, {"origin": operands}, made.__getstate__()[1])


@WAYS
@pytest.mark.parametrize("first", ["leaf", "output"])
def test_an_attribute_may_lead_to_any_node(duplicate, first):
    x = Tagged(2.0, "x")
    inner = Tagged.apply(exp, x)
    y = Tagged.apply(exp, inner)
    x.loss, inner.loss, y.inner = y, y, [inner]
    if first == "leaf":
        [x2, y2] = duplicate([x, y])
    else:
        [y2, x2] = duplicate([y, x])
    [inner2] = y2.inner
    assert [type(node) for node in (x2, inner2, y2)] == [Tagged] * 3
    assert x2.loss is inner2.loss is y2
    assert y2.origin[0] is y2.operands[0] is inner2
    assert inner2.origin[0] is inner2.operands[0] is x2
    assert not {x, inner, y} & {x2, inner2, y2}
    y2.backward()
    assert (x2.grad > 0, x.grad) == (True, 0.0)


@WAYS
def test_a_model_and_its_loss_still_belong_together(duplicate):
    model = MLP(2, [3, 1])
    loss = model([0.5, -1.0]) ** 2
    loss.backward()
    model2, loss2 = duplicate((model, loss))
    assert [p.grad for p in model2.parameters()] == [p.grad for p in model.parameters()]
    assert {*model2.parameters()} <= {*topological_order(loss2)}


@WAYS
def test_a_copy_keeps_a_partial_that_does_not_exist(duplicate):
    x2, y2 = duplicate([Value(0.0, "x"), sqrt(Value(0.0, "x"))])
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\(x\)"):
        y2.backward()
    assert x2.grad == 0.0


class Scaled(Primitive):
    """A primitive of one's own that is made from a number."""

    def __init__(self, factor):
        super().__init__(f"times {factor:g}", lambda a: factor * a, lambda *_: factor)


@WAYS
def test_a_primitive_of_ones_own_is_found_in_the_module_that_holds_it(duplicate, monkeypatch):
    elsewhere = ModuleType("elsewhere")
    elsewhere.doubled = Scaled(2.0)
    monkeypatch.setitem(sys.modules, "elsewhere", elsewhere)
    y = elsewhere.doubled(Value(3.0))
    assert duplicate(y).op is elsewhere.doubled
