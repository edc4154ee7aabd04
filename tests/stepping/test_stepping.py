"""Stepping: what the steps say is what backward does."""

import math
import re
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, log, maximum, recompute, sqrt, total, weighted_sum
from autograd_mini.engine.order import topological_order
from autograd_mini.notation.text import Symbol
from autograd_mini.stepping import (
    edits,
    evaluations,
    explain,
    factor,
    names,
    number,
    steps,
    walk,
    why,
)
from autograd_mini.stepping.modules import scope_of
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.steps import Seed
from tests.graphs import graphs, sum_over_paths


def labelled(**data):
    return [Value(x, label) for label, x in data.items()]


def golden():
    """Return the lecture's L = (a·b + c)·f and its leaves."""
    a, b, c, f = leaves = labelled(a=2, b=-3, c=10, f=-2)
    e = a * b
    d = e + c
    e.label, d.label = "e", "d"
    return d * f, leaves


def bits(*numbers):
    """Return the numbers bit by bit: -0.0 is not 0.0, and NaN is itself."""
    return struct.pack(f"{len(numbers)}d", *numbers)


def grads(output):
    return bits(*(node.grad for node in topological_order(output)))


def chain(length):
    x = y = Value(0.5, "x")
    for _ in range(length):
        y = y * 1.0
    return x, y


# Numbers and names


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-8.0, "-8"),
        (1 / 3, "0.3333"),
        (-1e-9, "-1e-09"),
        (123456.0, "123456"),
        (1234567.0, "1.235e+06"),
        (12345.6, "1.235e+04"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (-math.inf, "-inf"),
    ],
)
def test_numbers_are_short(x, text):
    assert number(x) == text


@pytest.mark.parametrize(("x", "text"), [(2.0, "2"), (-2.0, "(-2)"), (-0.0, "0"), (1e-9, "1e-09")])
def test_a_negative_factor_is_in_parentheses(x, text):
    assert factor(x) == text


def named(output):
    return list(names(output).values())


def test_nodes_without_a_label_are_counted_in_topological_order_and_the_output_is_l():
    a, b = labelled(a=2, b=3)
    assert named((a * b + a).tanh()) == ["a", "b", "v1", "v2", "L"]


def test_names_that_labels_use_are_left_out():
    taken = Value(1.0, "v1") * Value(2.0, "L")
    assert named(taken.tanh()) == ["v1", "L", "v2", "v3"]


def test_a_labelled_output_keeps_its_label():
    y = Value(1.0, "a") * 2
    y.label = "loss"
    assert named(y) == ["a", "loss"]


def test_nodes_of_one_label_are_told_apart():
    w = [Value(i, label) for i, label in enumerate(["w", "w", "w#2", "w", " w "])]
    assert named(total(w)) == ["w", "w#3", "w#2", "w#4", "w#5", "L"]


def test_spaces_in_labels_do_not_break_lines():
    assert named(Value(1.0, "learning\n  rate") * 2) == ["learning rate", "L"]
    assert named(Value(1.0, " \n") * 2) == ["v1", "L"]


@given(graphs(), st.lists(st.sampled_from(["", "w", "w#2", "v1", "L", "v2"]), min_size=20))
def test_no_two_nodes_have_one_name(graph, labels):
    _, output = graph
    order = topological_order(output)
    for node, label in zip(order, labels, strict=False):
        node.label = label
    assert len({*named(output)}) == len(order)
    assert list(names(output)) == order
    assert named(output) == named(output)


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ([Value(1.0)], r"^need one Value, got list .*total\(\)"),
        (3.0, "^need one Value, got float 3.0"),
    ],
)
@pytest.mark.parametrize("tell", [names, explain, walk, edits, lambda y: next(steps(y))])
def test_only_a_value_can_be_explained(tell, what, message):
    with pytest.raises(TypeError, match=message):
        tell(what)


def test_why_asks_for_values():
    with pytest.raises(TypeError, match=r"^need one Value, got float"):
        why(Value(1.0) * 2, 3.0)


# Expressions


def x_and(make):
    x, y = labelled(x=0.5, y=2.0)
    return make(x, y)


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda x, y: x * y, "x·y"),
        (lambda x, _: x * 1, "x·1"),
        (lambda x, _: x + 0, "x + 0"),
        (lambda x, _: 0 * x, "0·x"),
        (lambda x, _: x**1, "x¹"),
        (lambda x, _: x**-2, "x⁻²"),
        (lambda x, _: -2 * x, "-2·x"),
        (lambda x, _: x * -2, "x·(-2)"),
        (lambda x, _: (-2) ** (x - x), "(-2)^v1"),
        (lambda x, _: -x, "-x"),
        (lambda x, y: x / y, "x/y"),
        (lambda x, _: 1 / x, "1/x"),
        (lambda x, _: x.tanh(), "tanh(x)"),
        (lambda x, _: maximum(x, 0), "maximum(x, 0)"),
        (lambda x, y: weighted_sum([x, y], [3.0, 1.0], y), "x·3 + y·1 + y"),
        (lambda x, y: total([x, y, 1]), "x + y + 1"),
        (lambda x, y: total([x] * 50 + [y]), "x + x + … + y"),
        (lambda x, y: weighted_sum([x] * 50, [y] * 50, 1), "x·y + x·y + … + x·y + 1"),
        (lambda x, _: x, ""),
    ],
)
def test_an_expression_is_the_algebra_that_was_typed(make, text):
    output = x_and(make)
    assert str(names(output).algebra(output)) == text


def test_a_long_sum_within_a_derivative_has_its_ends_and_any_other_operation_is_whole():
    a, b, c, d, e = (Value(1.0, f"{letter}_with_a_longer_label") for letter in "abcde")
    for y, brief in [
        (total([a, b, c]), "a + … + c"),
        (weighted_sum([a, b], [c, d], e), "a·c + … + e"),
        (a * b, "a·b"),
    ]:
        told = re.sub(r"\b[a-e]\b", r"\g<0>_with_a_longer_label", f"∂({brief})/∂a")
        assert next(steps(y)).local == told


def test_a_label_that_is_a_sum_is_written_as_one():
    s, w = Value(2.0, "x1*w1 + b"), Value(3.0, "w")
    [*_, product] = evaluations(s * w)
    assert str(product) == "L = (x1*w1 + b)·w = 2 × 3 = 6"
    assert next(steps(s * w)).rule == "∂L/∂(x1*w1 + b) += ∂L/∂L · ∂((x1*w1 + b)·w)/∂(x1*w1 + b)"
    assert str(Symbol.named("layer1.neuron2.w1") ** 2) == "layer1.neuron2.w1²"


def test_the_forward_pass_is_told_in_letters_and_numbers():
    output, _ = golden()
    assert [str(x) for x in evaluations(output)] == [
        "a = 2",
        "b = -3",
        "c = 10",
        "f = -2",
        "e = a·b = 2 × (-3) = -6",
        "d = e + c = -6 + 10 = 4",
        "L = d·f = 4 × (-2) = -8",
    ]
    assert repr([*evaluations(output)][-1]) == "<Evaluation L = d·f = 4 × (-2) = -8>"


def test_numbers_are_left_out_where_they_are_the_result_or_no_longer_give_it():
    x = Value(3.0, "x")
    assert str([*evaluations(-x)][-1]) == "L = -x = -3"
    y = x * 2
    x.data = 5.0
    assert str([*evaluations(y)][-1]) == "L = x·2 = 6"


def test_small_numbers_bind_like_products():
    assert str([*evaluations(Value(2e-8, "x") ** 2)][-1]) == "L = x² = (2e-08)² = 4e-16"


# Steps


def test_a_step_reads_letters_then_reason_then_numbers():
    d, e = labelled(d=3, e=-2)
    c = d * e
    c.label = "c"
    told = "∂L/∂d += ∂L/∂c · ∂c/∂d\nc = d·e, so ∂c/∂d = e\n1.5 × (-2) = -3"
    assert told in [str(step) for step in steps(c * 1.5)]


def test_on_reuse_a_step_tells_the_running_sum():
    d, e = labelled(d=3, e=-2)
    *_, last = steps(e * d + 4 * d)
    assert last.sum == "d is used more than once: -2 + 4 = 2"
    assert str(last).endswith(f"\n{last.figures}\n{last.sum}")


@given(graphs(), st.floats(-3, 3))
def test_steps_replayed_are_backward_bit_by_bit(graph, earlier):
    leaves, output = graph
    for leaf in leaves:
        leaf.grad = earlier
    replayed = {leaf: leaf.grad for leaf in leaves} | {output: 1.0}
    taken = [*steps(output)]
    assert [leaf.grad for leaf in leaves] == [earlier] * len(leaves)
    for step in taken:
        assert bits(step.adjoint) == bits(replayed[step.node])
        assert bits(step.term) == bits(step.adjoint * step.partial)
        known = step.operand in replayed
        replayed[step.operand] = replayed[step.operand] + step.term if known else step.term
    output.backward()
    assert {x: bits(x.grad) for x in replayed} == {x: bits(g) for x, g in replayed.items()}


@given(graphs())
def test_totals_are_the_gradients_of_one_pass_bit_by_bit(graph):
    _, output = graph
    totals = {step.operand: step.total for step in steps(output)}
    output.backward()
    assert {x: bits(x.grad) for x in totals} == {x: bits(total) for x, total in totals.items()}


@given(graphs())
def test_a_node_passes_on_only_when_its_adjoint_is_complete(graph):
    _, output = graph
    received = {}
    for i, step in enumerate(steps(output)):
        received[step.operand] = i
        assert received.get(step.node, -1) < i
    passed = {}
    for i, step in enumerate(steps(output)):
        passed.setdefault(step.node, i)
    assert all(received[x] < passed[x] for x in passed if x is not output)


@given(graphs())
def test_there_is_one_step_for_every_edge_and_none_for_a_constant(graph):
    _, output = graph
    order = topological_order(output)
    edges = [(x, i) for x in order for i, d in enumerate(x.partials) if d is not None]
    taken = [(step.node, step.position) for step in steps(output)]
    assert len({*taken}) == len(taken)
    assert {*taken} == {*edges}
    assert all(step.operand is step.node.operands[step.position] for step in steps(output))


def test_a_grad_of_minus_zero_is_added_to_a_leaf_and_set_at_any_other_node():
    y = (Value(2.0, "a") * 1.0) * -0.0
    before_and_total = [bits(step.before, step.total) for step in steps(y)]
    assert before_and_total == [bits(-0.0, -0.0), bits(0.0, 0.0)]


def test_the_golden_steps():
    output, leaves = golden()
    assert [repr(step) for step in steps(output)] == [
        "<Step ∂L/∂d += ∂L/∂L · ∂(d·f)/∂d: 1 × (-2) = -2>",
        "<Step ∂L/∂f += ∂L/∂L · ∂(d·f)/∂f: 1 × 4 = 4>",
        "<Step ∂L/∂e += ∂L/∂d · ∂d/∂e: -2 × 1 = -2>",
        "<Step ∂L/∂c += ∂L/∂d · ∂d/∂c: -2 × 1 = -2>",
        "<Step ∂L/∂a += ∂L/∂e · ∂e/∂a: -2 × (-3) = 6>",
        "<Step ∂L/∂b += ∂L/∂e · ∂e/∂b: -2 × 2 = -4>",
    ]
    totals = {step.operand: step.total for step in steps(output)}
    assert output.data == -8
    assert [totals[x] for x in leaves] == [6, -4, -2, 4]
    assert all(x.grad == 0 for x in topological_order(output))


def test_an_operand_used_twice_in_one_place_has_two_steps_that_say_which():
    a = Value(3.0, "a")
    first, second = steps(a * a)
    assert first.reason == "L = a·a, so ∂(a·a)/∂a = a (through operand 1 only)"
    assert second.reason == "L = a·a, so ∂(a·a)/∂a = a (through operand 2 only)"
    assert first.sum == ""
    assert second.sum == "a is used more than once: 3 + 3 = 6"


def test_a_partial_is_written_with_the_names_of_the_nodes():
    x = Value(0.5, "x")
    h = (x**3).tanh()
    h.label = "h"
    formulas = {step.local: str(step.formula) for step in steps(h * 2)}
    assert formulas == {"∂(h·2)/∂h": "2", "∂h/∂v1": "1 - h²", "∂v1/∂x": "3·x²"}


def test_a_leaf_as_output_has_no_steps():
    a = Value(3.0, "a")
    assert [*steps(a)] == []
    assert explain(a).endswith("backward\n  ∂a/∂a = 1\n\ngradients\n  ∂a/∂a = 1")


def test_a_partial_that_does_not_exist_raises_as_backward_does():
    p = Value(0.0, "p")
    y = sqrt(p) * 3 + p
    with pytest.raises(ZeroDivisionError) as expected:
        y.backward()
    taken = []
    with pytest.raises(ZeroDivisionError) as raised:
        taken.extend(steps(y))
    assert str(raised.value) == str(expected.value)
    assert len([*zip(range(3), steps(y), strict=False)]) == 3


def test_a_partial_that_does_not_exist_is_fine_where_the_adjoint_is_0():
    p = Value(0.0, "p")
    [*_, last] = steps(sqrt(p) * 0.0)
    assert last.figures == "0 × undefined ≈ 0"
    assert str(last.formula) == "1/(2·v1)"


def test_the_rule_is_written_even_where_it_cannot_be_applied():
    e = Value(2.0, "e")
    [*_, last] = steps(((-2) ** e) * 0.0)
    assert str(last.formula) == "v1·log(-2)"


def test_nan_stays_nan():
    x = Value(math.nan, "x")
    assert [step.figures for step in steps(x * 2 + 1)] == ["1 × 1 = 1", "1 × 2 = 2"]
    assert [step.figures for step in steps(x * x)] == ["1 × nan ≈ nan", "1 × nan ≈ nan"]
    assert edits(x * 2 + 1) == []


def test_steps_of_a_chain_of_20_000_take_no_recursion():
    _, y = chain(20_000)
    assert sum(step.total for step in steps(y)) == 20_000


# Walks


def places(output):
    """Return all grads before each step of a walk and after the last."""
    w = walk(output)
    found = [grads(output)]
    for _ in w:
        found.append(grads(output))
    return w, found


@given(graphs(), st.floats(-3, 3))
def test_a_walk_to_the_end_is_backward_bit_by_bit(graph, earlier):
    leaves, output = graph
    for leaf in leaves:
        leaf.grad = earlier
    walk(output).end()
    walked = grads(output)
    for leaf in leaves:
        leaf.grad = earlier
    output.backward()
    assert grads(output) == walked


@given(graphs(), st.floats(-3, 3), st.booleans())
def test_a_walk_forward_and_back_is_the_identity(graph, earlier, passed):
    leaves, output = graph
    if passed:
        output.backward()
    leaves[0].grad = earlier
    w, found = places(output)
    for before in reversed(found[:-1]):
        assert w.back() is w
        assert grads(output) == before
    assert w.position == 0
    assert grads(output) == found[0]


@given(graphs(), st.lists(st.integers(0, 10_000), max_size=6))
def test_a_place_in_a_walk_does_not_depend_on_the_way_there(graph, stops):
    _, output = graph
    w, found = places(output)
    for stop in stops:
        w.to(stop % len(found))
        assert grads(output) == found[stop % len(found)]


def test_a_walk_takes_the_forward_pass_the_seed_and_the_steps():
    output, _ = golden()
    taken = [repr(x) for x in walk(output)]
    computed = [repr(x) for x in evaluations(output) if x.node.operands]
    assert taken == [*computed, "<Seed ∂L/∂L = 1>", *map(repr, steps(output))]
    assert len(walk(output)) == len(taken) == 10


def test_a_walk_shows_where_it_is():
    output, (a, *_) = golden()
    a.grad = 6.0
    w = walk(output)
    assert repr(w) == "before step 1 of 10; next() takes it"
    assert repr(w.next()) == "forward, step 1 of 10\ne = a·b = 2 × (-3) = -6"
    assert repr(w.to("a")).splitlines() == [
        "backward, step 9 of 10",
        "∂L/∂a += ∂L/∂e · ∂e/∂a",
        "e = a·b, so ∂e/∂a = b",
        "-2 × (-3) = 6",
        "a.grad: 6 -> 12 (6 of it is from before this walk)",
    ]
    assert repr(w.to(4)) == "backward, step 4 of 10\n∂L/∂L = 1\nL.grad: 0 -> 1"
    assert a.grad == 6.0


def test_a_walk_stops_at_each_step_about_a_label():
    output, _ = golden()
    w = walk(output)
    assert [w.to("d").position, w.to("d").position] == [2, 5]
    with pytest.raises(ValueError, match=r"^no step after 5 is about a node called 'd'"):
        w.to("d")
    assert w.position == 5
    assert w.start().to("L").to("L").step == Seed(w.graph)


def test_a_walk_finds_every_node_of_a_label_and_the_names_of_nodes_without():
    y = Value(1.0, "w") * Value(2.0, "w") + 1
    w = walk(y)
    assert [w.to("w").position, w.to("w").position] == [5, 6]
    assert w.start().to("w#2").position == 6
    assert w.start().to("v1").position == 1


@pytest.mark.parametrize(
    ("stop", "error", "message"),
    [
        (11, IndexError, "^the steps are 1 to 10, and 0 is the start: got 11"),
        (-1, IndexError, "^the steps are 1 to 10, and 0 is the start: got -1"),
        ("q", ValueError, "^no step after 3 is about a node called 'q'"),
        (2.5, TypeError, "^a step that is told by no name is a whole number, got 2.5"),
    ],
)
def test_a_stop_that_does_not_exist_is_refused_and_nothing_moves(stop, error, message):
    output, _ = golden()
    w = walk(output).to(3)
    before = grads(output)
    with pytest.raises(error, match=message):
        w.to(stop)
    assert (w.position, grads(output)) == (3, before)


def test_a_walk_stays_at_its_ends():
    output, _ = golden()
    w = walk(output)
    with pytest.raises(LookupError, match=r"^no step has been taken yet"):
        _ = w.back().step
    assert w.back().position == 0
    assert w.end().next().position == len(w)
    assert [*w] == []


def test_a_walk_stays_before_a_partial_that_does_not_exist():
    p = Value(0.0, "p")
    y = sqrt(p) * 3
    w = walk(y).to(4)
    for _ in range(2):
        with pytest.raises(
            ZeroDivisionError, match=r"^sqrt\(p\) with p = 0 has no derivative there"
        ):
            w.next()
        assert (w.position, p.grad) == (4, 0.0)
    assert w.back().next().position == 4
    assert w.start().position == 0
    assert grads(y) == bits(0.0, 0.0, 0.0)


def test_a_walk_through_a_leaf_adds_its_seed():
    a = Value(3.0, "a")
    a.grad = 0.5
    assert repr(walk(a).next()).endswith("a.grad: 0.5 -> 1.5 (0.5 of it is from before this walk)")


def test_a_walk_through_a_chain_of_20_000():
    x, y = chain(20_000)
    w = walk(y).end()
    assert (w.position, x.grad) == (40_001, 1.0)
    assert (w.start().position, x.grad, y.grad) == (0, 0.0, 0.0)


# explain


def test_explain_shows_itself_in_a_repl_and_prints_the_same():
    output, _ = golden()
    text = explain(output)
    assert repr(text) == str(text) == f"{text}"
    assert text.startswith("forward\n  a ")


def test_explain_aligns_its_columns():
    output, _ = golden()
    blocks = explain(output).split("\n\n")
    assert [block.split("\n")[0] for block in blocks] == ["forward", "backward", "gradients"]
    forward, backward, gradients = (block.split("\n")[1:] for block in blocks)
    assert len({line.rindex("=") for line in forward}) == 1
    rows = [*zip(backward[1:], steps(output), strict=True)]
    assert len({line.index(step.reason) for line, step in rows}) == 1
    assert len({line.index(step.figures) for line, step in rows}) == 1
    assert [line.strip() for line in gradients] == [
        "∂L/∂a = 6",
        "∂L/∂b = -4",
        "∂L/∂c = -2",
        "∂L/∂f = 4",
    ]
    assert not any(line.endswith(" ") for line in explain(output).split("\n"))


@given(graphs())
def test_explain_tells_every_step_and_every_node_and_changes_nothing(graph):
    _, output = graph
    before = grads(output)
    text = explain(output)
    assert all(line in text for step in steps(output) for line in str(step).splitlines())
    assert all(name in text for name in named(output))
    assert grads(output) == before


def test_explain_ends_with_the_error_that_backward_raises():
    p = Value(0.0, "p")
    y = sqrt(p) * 3
    with pytest.raises(ZeroDivisionError) as error:
        y.backward()
    text = explain(y)
    assert text.endswith(f"\n  ZeroDivisionError: {error.value}")
    assert "gradients" not in text
    assert "1 × 3 = 3" in text


def test_explain_takes_thousands_of_nodes():
    _, y = chain(2_000)
    leaves = [Value(1.0) for _ in range(2_000)]
    y = y * total(leaves)
    assert explain(y).count("\n") < 1_000
    text = explain(y, lines=None)
    assert text.count("\n") > 10_000
    assert " = 0.5\n" in text


def test_a_text_has_a_thousand_lines_and_of_more_each_part_a_quarter():
    _, y = chain(499)  # 500 lines forward, 499 back, one gradient
    assert "left out" not in explain(y)
    assert "left out" in explain(chain(497)[1] * Value(1.0, "w"))
    assert "left out" not in explain(y, lines=1_000)
    assert "left out" in explain(y, lines=999)
    wide = total([Value(1.0) for _ in range(99)])
    for lines, share in ((80, 20), (3, 4)):
        sizes = [len(part.lines) for part in explain(wide, lines=lines).parts]
        assert sizes == [share + 1, 1 + share + 1, share + 1]  # a note in each, and the seed


# Data that was edited


def test_an_edited_leaf_is_told_with_what_it_was():
    a, b = labelled(a=2, b=-3)
    c = a * b
    c.label = "c"
    y = c + 1
    assert edits(y) == []
    a.data = 10
    told = "a was 2 when c = a·b was computed, now 10; recompute(...) brings the graph up to date"
    assert edits(y) == [told]
    assert explain(y).startswith(f"edited\n  {told}\n\nforward\n")
    recompute(y)
    assert edits(y) == []
    assert explain(y).startswith("forward")


def test_data_edited_before_the_forward_pass_is_no_edit():
    a = Value(2.0, "a")
    a.data = 5.0
    assert edits(a * a) == []


def test_data_edited_and_put_back_is_no_edit():
    a = Value(2.0, "a")
    y = a * a
    a.data = 5.0
    a.data = 2.0
    assert edits(y) == []


def test_what_was_edited_and_what_reads_it_is_marked():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = (product := a * b) + b
    a.data = 5.0
    assert Graph(y).edited == {a, product}


def test_several_edits_are_told_one_by_one():
    a, b = labelled(a=2, b=-3)
    y = a * b
    a.data, b.data = 10, 7
    assert [text.split(" when")[0] for text in edits(y)] == ["a was 2", "b was -3"]


def test_only_the_operand_that_was_edited_since_is_told():
    a, b = labelled(a=2, b=-3)
    b.data = 4.0
    y = a * b
    a.data = 10.0
    assert [text.split(" when")[0] for text in edits(y)] == ["a was 2"]


def test_an_edit_is_told_once_however_often_the_value_is_used():
    a = Value(2.0, "a")
    y = a * a + a.tanh() + a
    a.data = 3.0
    assert len(edits(y)) == 1


def test_an_edit_that_only_a_partial_shows_is_told():
    a, b = labelled(a=2, b=0)
    y = a * b
    a.data = 5.0
    assert edits(y)[0].startswith("a was 2 when L = a·b was computed, now 5")


def test_an_edited_inner_node_is_told():
    a = Value(2.0, "a")
    c = a * 3
    c.label = "c"
    y = c.tanh()
    c.data = 0.5
    assert edits(y) == [
        "c was 6 when c = a·3 was computed, now 0.5; recompute(...) brings the graph up to date"
    ]


def test_an_edit_that_cannot_be_traced_is_told_by_its_effect():
    a = Value(2.0, "a")
    y = a * 3
    a.data = 5.0
    a.data = 7.0
    told = "L = a·3 is 6, its operands now give 21"
    assert edits(y) == [f"{told}; recompute(...) brings the graph up to date"]


def test_an_edit_that_the_primitive_cannot_take_is_told():
    a = Value(2.0, "a")
    y = log(a)
    a.data = -1.0
    assert edits(y)[0].startswith("a was 2 when L = log(a) was computed, now -1")
    a.data = -2.0
    assert "its operands now give undefined" in edits(y)[0]


def test_numbers_that_look_the_same_are_written_out():
    a = Value(2.0, "a")
    y = a * 3
    a.data = 2.000001
    assert edits(y)[0].startswith("a was 2.0 when L = a·3 was computed, now 2.000001")


def test_edits_of_many_operands_are_told():
    xs = [Value(float(i), f"x{i}") for i in range(200)]
    y = total(xs)
    for x in xs:
        x.data = x.data + 1
    assert len(edits(y)) == 200


@given(graphs())
def test_a_fresh_graph_has_no_edits(graph):
    assert edits(graph[1]) == []


@given(graphs(), st.floats(-2, 2))
def test_no_news_of_edits_means_that_recompute_changes_nothing(graph, data):
    leaves, output = graph
    leaves[0].data = data
    news = edits(output)
    before = [(x.data, x.partials) for x in topological_order(output)]
    recompute(output)
    same = before == [(x.data, x.partials) for x in topological_order(output)]
    assert same == (news == [])


# why


@given(graphs())
def test_the_gradient_is_the_sum_over_all_paths(graph):
    leaves, output = graph
    output.zero_grad()
    output.backward()
    for leaf in leaves:
        reasons = why(output, leaf, limit=10**6)
        assert reasons.total == pytest.approx(sum_over_paths(output, leaf), rel=1e-12, abs=1e-12)
        assert reasons.total == pytest.approx(leaf.grad, rel=1e-12, abs=1e-12)
        assert reasons.count == len(reasons.paths) == count_by_brute_force(output, leaf)
        assert all(path_is_whole(path, output, leaf) for path in reasons.paths)


def count_by_brute_force(node, leaf):
    operands = [x for x in node.operands if isinstance(x, Value)]
    return 1 if node is leaf else sum(count_by_brute_force(x, leaf) for x in operands)


def path_is_whole(path, output, leaf):
    links = all(upper.operand is lower.node for upper, lower in pairwise(path.edges))
    nodes = [output, *(x.operand for x in path.edges)]
    return links and nodes[-1] is leaf and all(x.node in nodes for x in path.edges)


@given(graphs())
def test_above_the_limit_the_ledger_adds_up_to_the_same(graph):
    leaves, output = graph
    for leaf in leaves:
        listed, ledger = why(output, leaf, limit=10**6), why(output, leaf, limit=0)
        assert ledger.count == listed.count
        assert ledger.total == pytest.approx(listed.total, rel=1e-12, abs=1e-12)
        assert ledger.paths == ()


def test_why_lists_the_golden_path():
    output, (a, *_) = golden()
    output.backward()
    assert str(why(output, a)).splitlines() == [
        "1 path from L to a",
        "  ∂(d·f)/∂d · ∂d/∂e · ∂e/∂a = -2 × 1 × (-3) = 6",
        "∂L/∂a = 6",
    ]
    assert why(output, a).total == 6


def test_why_adds_the_paths():
    a, b = labelled(a=2, b=-3)
    y = a * b + a
    y.backward()
    assert repr(why(y, a)).splitlines() == [
        "2 paths from L to a",
        "  ∂(v1 + a)/∂v1 · ∂(a·b)/∂a = 1 × (-3) = -3",
        "  ∂(v1 + a)/∂a = 1",
        "∂L/∂a = -3 + 1 = -2",
    ]


def test_branches_that_do_not_lead_to_the_node_are_not_searched():
    a, bush = Value(1.0, "a"), Value(1.0, "b")
    for _ in range(60):
        bush = bush + bush
    assert why(bush + a, a).count == 1  # searching 2⁶⁰ ways to b would never end


def test_two_edges_to_one_operand_are_two_paths():
    a = Value(3.0, "a")
    assert [path.product for path in why(a * a, a).paths] == [3.0, 3.0]


def test_a_route_says_through_which_operand_where_two_are_the_same():
    a, b = labelled(a=3, b=2)
    assert [path.route for path in why(a * b, a).paths] == ["L → a"]
    assert [path.route for path in why(a * a, a).paths] == [
        "L → a (through operand 1)",
        "L → a (through operand 2)",
    ]


def test_a_variable_names_values_in_lists_up_to_three_deep():
    a = Value(2.0)
    assert [*names(a * 2.0, {"w": [[[a]]]}).values()] == ["w[0][0][0]", "L"]
    assert [*names(a * 2.0, {"w": [[[[a]]]]}).values()] == ["v1", "L"]


def test_a_label_of_up_to_six_modules_is_a_path_and_of_more_a_text():
    assert scope_of("a.b.c.d.e.f.w") == ("a", "b", "c", "d", "e", "f")
    assert scope_of("a.b.c.d.e.f.g.w") == ()


def test_of_many_values_in_doubt_twenty_are_named():
    doubts = [sqrt(Value(0.0, f"x{i}")) ** 2 for i in range(22)]
    for count, rest in ((20, []), (21, ["1 more"]), (22, ["2 more"])):
        lines = str(explain(total(doubts[:count]), lines=None)).splitlines()
        told = [line for line in lines if line.startswith("  0 · undefined at")]
        assert lines[: len(told) + 1] == ["troubles", *told]
        assert "sqrt(x19)" in told[19]
        assert told[20:] == [f"  0 · undefined at {more}" for more in rest]


def test_why_above_the_limit_says_so_and_gives_the_ledger():
    x = y = Value(1.0, "x")
    for _ in range(40):
        y = y + y * 1.0
    y.backward()
    lines = str(why(y, x)).splitlines()
    assert lines[0].startswith("1,099,511,627,776 paths from L to x, too many to list; the terms")
    assert lines[1:3] == [
        "  ∂L/∂v2 · ∂(x + v1)/∂x ≈ 5.498e+11 × 1 = 5.498e+11",
        "  ∂L/∂v1 · ∂(x·1)/∂x ≈ 5.498e+11 × 1 = 5.498e+11",
    ]
    assert lines[3] == "∂L/∂x ≈ 5.498e+11 + 5.498e+11 ≈ 1.100e+12"
    assert why(y, x).total == 2.0**40


def test_the_limit_is_stated():
    x = Value(1.0, "x")
    y = total([x] * 21)
    assert (len(why(y, x).paths), len(why(y, x).ledger)) == (0, 21)
    assert (len(why(total([x] * 20), x).paths), len(why(total([x] * 20), x).ledger)) == (20, 0)
    assert (len(why(y, x, limit=21).paths), len(why(y, x, limit=21).ledger)) == (21, 0)


def test_of_more_than_a_thousand_paths_the_middle_is_left_out():
    x = Value(1.0, "x")
    for count, is_short in ((1_000, False), (1_001, True)):
        lines = str(why(total([x] * count), x, limit=count)).splitlines()
        assert ("  … (paths and ledger hold what is left out here)" in lines) is is_short


def test_paths_beyond_counting_are_called_more():
    x = y = Value(1.0, "x")
    for _ in range(500):
        y = y + y * 0.0
    assert str(why(y, x)).startswith("more than 1,000,000,000,000,000,000 paths from L to x")


def test_no_path_is_said():
    z = Value(3.0, "z")
    y = Value(2.0, "a") * 2
    assert str(why(y, z)) == "no path from L to z"
    assert (why(y, z).paths, why(y, z).total) == ((), 0.0)
    assert str(why(y, Value(3.0))) == "no path from L to Value(data=3.0, grad=0.0)"
    z.grad = 4.0
    assert "\nz.grad is 4: it holds other passes" in str(why(y, z))


def test_output_and_node_the_wrong_way_round_are_refused():
    a = Value(2.0, "a")
    y = a * 3
    y.label = "y"
    with pytest.raises(ValueError, match=r"^y is computed from a: the output comes first, then"):
        why(a, y)
    other = why(a * 1, y)  # neither is computed from the other
    assert str(other) == "no path from L to y"


@pytest.mark.parametrize("x", [5e-324, 0.0])
def test_whatever_lies_behind_a_branch_that_is_off_its_path_gives_0(x):
    z, u = Value(x, "z"), Value(1.0, "u")
    far = 1 / z if x else sqrt(z)  # a partial that is infinite, or does not exist
    y = u * far.minimum(-1.0) + (far * 2).minimum(-1.0)
    reason = why(y, z)
    assert [path.product for path in reason.paths] == [0.0, 0.0]
    y.backward()
    assert reason.total == z.grad == 0.0


def test_the_output_itself_is_one_path():
    y = Value(2.0, "a") * 2
    assert (why(y, y).count, why(y, y).total) == (1, 1.0)
    assert "1 path from L to L\n  1\n∂L/∂L = 1\n" in str(why(y, y))


def test_passes_added_earlier_are_said():
    output, (a, *_) = golden()
    assert str(why(output, a)).endswith("a.grad is 0; a backward pass would make it 6")
    output.backward()
    assert str(why(output, a)).endswith("∂L/∂a = 6")
    output.backward()
    assert str(why(output, a)).endswith(
        "a.grad is 12: it holds other passes, added earlier; zero_grad() clears them"
    )


def test_a_gradient_of_nan_is_explained():
    x = Value(math.nan, "x")
    y = x * x
    y.backward()
    assert str(why(y, x)).endswith("∂L/∂x = nan + nan ≈ nan")


@pytest.mark.parametrize(("data", "grad"), [(math.nan, 3.0), (2.0, math.nan)])
def test_of_a_grad_and_a_derivative_one_may_be_nan_and_the_grad_holds_other_passes(data, grad):
    x = Value(data, "x")
    y = x * x
    x.grad = grad
    assert f"\nx.grad is {number(grad)}: it holds other passes" in str(why(y, x))


def test_a_path_with_a_partial_that_does_not_exist_raises():
    p = Value(0.0, "p")
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\(p\) with p = 0 has no derivative there"):
        why(sqrt(p) * 3, p)
    assert why(sqrt(p) * 0.0, p).total == 0.0


def test_a_long_path_is_written_with_its_middle_left_out():
    x, y = chain(20_000)
    [path] = why(y, x).paths
    assert len(path.edges) == 20_000
    assert len(str(path)) < 300
    assert str(path).startswith("∂(v19999·1)/∂v19999 · ")
    assert " · … · " in str(path)
    assert str(path).endswith(" · ∂v1/∂x = 1 × 1 × 1 × 1 × … × 1 × 1 × 1 × 1 ≈ 1")


def test_a_step_in_doubt_says_so_behind_its_reason():
    [*_, last] = steps(sqrt(Value(0.0, "x")) ** 2)
    assert last.reason == f"{last.derivation} (0 · undefined, counted as 0, may be wrong)"


def test_a_step_counts_the_terms_of_its_operand_and_adds_them_up():
    a, b = labelled(a=2.0, b=-3.0)
    arrivals = [(x.operand, x.arrival, x.total) for x in steps(a * b + a) if x.operand is a]
    assert arrivals == [(a, 1, 1.0), (a, 2, -2.0)]


def test_a_variable_that_is_private_names_nothing():
    hidden, shown = Value(2.0), Value(3.0)
    graph = names(hidden * shown, {"_x": hidden, "_": hidden, "w": shown})
    assert (graph[shown], graph[hidden]) == ("w", "v1")


@pytest.mark.parametrize("label", ["", "L", "loss"])
@pytest.mark.parametrize("held", [False, True])
def test_what_is_advised_to_be_typed_has_no_name_that_was_made_up(label, held):
    x, w = Value(3.0), Value(2.0, "w")
    result = (x**2 + x) * w
    result.label = label
    known = {"result": result, "x": x} if held else None
    name = label or ("result" if held else "")
    told = str(why(result, x, names=known))
    graph = names(result, known)
    w.data = 5.0
    [edit] = edits(graph)
    assert f"; recompute({name or '...'}) brings" in edit
    assert f"print(*steps({name or '...'})) shows all" in repr(steps(graph))
    cause = f"{name}.backward()" if name else "a backward pass"
    assert f".grad is 0; {cause} would make it 14" in told
    assert (": why(..., names=locals()) calls it" in told) == (not held)
    assert "names=locals()" not in str(why(result, w))


def test_a_repl_says_what_the_steps_are_and_how_to_see_them():
    taken = steps(Value(2.0, "a") * 3.0)
    how = "print(*steps(...)) shows all, explain(...) in a table"
    assert repr(taken) == f"<the steps of L: {how}>"
    assert [step.term for step in taken] == [3.0]
    with pytest.raises(TypeError):
        steps("a")
