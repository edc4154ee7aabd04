"""What if: all numbers as they would be, and the graph as it is."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, draw, recompute, what_if
from autograd_mini.engine.order import topological_order
from tests.graphs import graphs, numbers


def graph():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    return a, b, a * b + b


def hexed(y):
    """Return every number of a graph, to the last bit."""
    return [(x.data.hex(), x.grad.hex(), x.partials) for x in topological_order(y)]


@given(graphs(), st.data())
def test_the_new_numbers_are_those_of_the_graph_with_other_data(drawn, data):
    leaves, y = drawn
    if leaves[0] not in topological_order(y):
        return
    number = data.draw(numbers)
    before = hexed(y)
    found = what_if(y, {leaves[0]: number})
    assert hexed(y) == before

    y.backward()
    old = {x: (x.data, x.grad) for x in topological_order(y)}
    leaves[0].data = number
    recompute(y).zero_grad()
    y.backward()
    for x, twin in zip(topological_order(y), topological_order(found.output), strict=True):
        row = found.changes[twin]
        assert (row.data.before, row.grad.before) == old[x]
        assert (row.data.after, row.grad.after) == (x.data, x.grad)
        assert row.is_changed is (old[x] != (x.data, x.grad))


def test_what_changes_is_marked_in_the_text_and_bold_in_a_notebook():
    *_, y = graph()
    found = what_if(y, b=4)
    assert str(found).splitlines() == [
        "if b = 4 instead of -3",
        "* changed     data     ∂L/∂…",
        "* a           2        -3 → 4",
        "* b           -3 → 4   3",
        "* v1 = a·b    -6 → 8   1",
        "* L = v1 + b  -9 → 12  1",
    ]
    assert "\n<tr><td>a<td>2<td><b>-3 → 4</b>" in found._repr_html_()


def test_what_stays_is_not_marked():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    found = what_if(a + b, a=3)
    assert [line[0] for line in str(found).splitlines()[2:]] == ["*", " ", "*"]
    assert [x.name for x in found.rows if x.is_changed] == ["a", "L"]


def test_numbers_that_look_alike_are_told_with_all_their_digits():
    a = Value(1.0, "a")
    assert "1.0 → 1.0000001" in str(what_if(a * 2, a=1.0000001))
    assert what_if(a * 2, a=1.0000001).title == "if a = 1.0000001 instead of 1.0"
    assert what_if(a * 2, a=1).title == "if a = 1 instead of 1"


def test_a_name_or_a_label_cannot_write_markup():
    a = Value(1.0, "<b>")
    assert "<td>&lt;b&gt;<td>" in what_if(a * 2, {a: 3})._repr_html_()


def test_values_without_a_label_are_called_as_the_variables_that_hold_them():
    weight = Value(2.0)
    found = what_if(weight * 3, names={"weight": weight}, weight=5.0)
    assert "* weight        2 → 5" in str(found)
    assert weight.label == ""


def test_the_picture_shows_old_and_new_numbers():
    *_, y = graph()
    source = draw(what_if(y, a=3)).source
    assert "data 2 → 3" in source
    assert "grad 3 → 4" in source
    assert "data -3" in source


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, r"^nothing changes: say which leaf has which number"),
        ({"c": 1}, r"^L does not depend on 'c'; its leaves are a, b"),
        ({"v1": 1}, r"^v1 = a·b is computed: give other numbers to leaves"),
        ({"a": "x"}, r"^need one real number, got str 'x'"),
    ],
)
def test_what_cannot_change_is_refused(changes, message):
    *_, y = graph()
    with pytest.raises((TypeError, ValueError), match=message):
        what_if(y, **changes)


def test_a_value_of_another_graph_is_refused():
    *_, y = graph()
    with pytest.raises(ValueError, match=r"^L does not depend on Value\(data=1.0, grad=0.0\); its"):
        what_if(y, {Value(1.0): 2.0})


def test_a_name_that_is_nearly_right_is_offered():
    with pytest.raises(ValueError, match=r"^L does not depend on 'wight'; did you mean weight\?"):
        what_if(Value(1.0, "weight") * 2, wight=2)


def test_a_graph_whose_data_was_edited_is_refused():
    a, _, y = graph()
    a.data = 5.0
    with pytest.raises(
        ValueError, match=r"^a was 2 when v1 = a·b was computed, now 5; recompute\(\.\.\.\)"
    ):
        what_if(y, a=3)


def test_numbers_that_an_operation_does_not_take_raise_what_it_raises():
    x = Value(2.0, "x")
    y = x.log()
    with pytest.raises(ValueError, match=r"^log\(x\) with x = -1: "):
        what_if(y, x=-1)
    assert x.data == 2.0


def test_of_a_long_table_the_middle_is_left_out() -> None:
    y = Value(1.0, "x")
    for _ in range(3_000):
        y = y + 1.0
    found = what_if(y, x=2.0)
    assert len(found.rows) == 3_001
    assert str(found).count("\n") <= 1_001
    assert found._repr_html_().count("<tr>") <= 1_001
    assert found._repr_html_().count("\n<tr><td>…\n") == 1
    assert "\n  … (rows holds what is left out here)\n" in str(found)


def test_a_derivative_that_does_not_exist_is_nan_and_all_others_are_told():
    x, m = Value(-2.0, "x"), Value(1.0, "m")
    n = m + 1.0
    found = what_if(x**n, m=2.0)
    grads = {row.name: tuple(row.grad) for row in found.rows}
    assert grads["x"] == (-4.0, 12.0)
    assert all(map(math.isnan, (*grads["m"], *grads["v1"])))
    assert (x.grad, m.grad, n.grad) == (0.0, 0.0, 0.0)
