"""Worksheets: a page with blanks, and its key."""

import re

import pytest

from autograd_mini import Value, recompute
from autograd_mini.stepping.naming import names, number
from autograd_mini.stepping.steps import steps
from autograd_mini.view.worksheet import worksheet


def graph():
    a, b = Value(-3.0, "a"), Value(-4.0, "b")
    c = a * b
    c.label = "c"
    return c * c + a - b


def uneven():
    """Return a graph all of whose numbers are unlike any that a picture is drawn with."""
    a, b = Value(1.2345, "a"), Value(6.7891, "b")
    c = a * b
    c.label = "c"
    return c * a + c * 3.1357


def hidden_numbers(y):
    """Return every number that a learner has to find, as it would be written."""
    found = [node.data for node in names(y) if node.operands]
    for step in steps(y):
        found += [step.adjoint, step.partial, step.term, step.total]
    given = {number(x) for x in (1.2345, 6.7891, 3.1357)}
    return {number(x) for x in found} - given - {"0", "1"}


@pytest.mark.parametrize("suffix", ["html", "svg"])
def test_blanks_are_blank_in_the_bytes_and_the_key_has_every_number(tmp_path, suffix):
    y = uneven()
    sheet, answers = worksheet(y, tmp_path / f"sheet.{suffix}")
    assert (sheet.name, answers.name) == (f"sheet.{suffix}", f"sheet-key.{suffix}")
    blank, filled = sheet.read_text("utf-8"), answers.read_text("utf-8")
    hidden = hidden_numbers(y)
    assert len(hidden) > 5
    assert [x for x in hidden if x in blank] == []
    assert [x for x in hidden if x not in filled] == []


def test_the_key_equals_the_engine_and_the_graph_stays_as_it_was(tmp_path):
    y = graph()
    y.backward(2.0)
    grads = {node: node.grad for node in names(y)}
    _, answers = worksheet(y, tmp_path / "sheet.html")
    text = answers.read_text("utf-8")
    for node, name in names(y).items():
        assert node.grad == grads[node]
        if not node.operands:
            assert f'<tr><td>∂L/∂{name} =<td class="blank">{number(node.grad / 2)}\n' in text


def test_a_worksheet_is_the_same_twice_and_asks_nothing_of_the_network(tmp_path):
    sheet, _ = worksheet(graph(), tmp_path / "sheet.html")
    first = sheet.read_bytes()
    worksheet(graph(), sheet)
    assert sheet.read_bytes() == first
    assert b"<script" not in first
    assert not re.search(rb'(src|href)="|@import|url\(', first)
    assert b"@page" in first


def test_a_worksheet_has_room_for_a_name_and_its_key_says_that_it_is_one(tmp_path):
    sheet, answers = worksheet(graph(), tmp_path / "sheet.html")
    assert "Name:" in sheet.read_text("utf-8")
    assert ": the key</h1>" in answers.read_text("utf-8")
    assert ": the key" not in sheet.read_text("utf-8")


def test_an_operand_that_stands_twice_has_two_lines_that_differ(tmp_path):
    a = Value(3.0, "a")
    sheet, _ = worksheet((a * a).tanh(), tmp_path / "sheet.html")
    lines = re.findall(r"<tr><td>∂L/∂a \+= [^(]*\(a·a\)/∂a ([^<]*)", sheet.read_text("utf-8"))
    assert lines == ["(through operand 1 only):", "(through operand 2 only):"]


def test_a_worksheet_of_edited_data_is_refused(tmp_path):
    a = Value(2.0, "a")
    y = a * 3
    a.data = 9.0
    with pytest.raises(ValueError, match=r"edited after the forward pass: recompute\(\)"):
        worksheet(y, tmp_path / "sheet.html")
    recompute(y)
    sheet, _ = worksheet(y, tmp_path / "sheet.html")
    assert "a = 9" in sheet.read_text("utf-8")


@pytest.mark.parametrize("name", ["sheet.pdf", "sheet"])
def test_another_kind_of_worksheet_is_refused_and_nothing_written(tmp_path, name):
    with pytest.raises(ValueError, match=r"is an \.html or an \.svg file, got 'sheet"):
        worksheet(graph(), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_labels_stay_text(tmp_path):
    y = Value(2.0, "<img src=x>") * 3.0
    sheet, answers = worksheet(y, tmp_path / "sheet.html")
    assert "<img" not in sheet.read_text("utf-8") + answers.read_text("utf-8")
