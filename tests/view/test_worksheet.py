"""Worksheets: a page with blanks, and its key."""

import base64
import re
from collections import Counter

import pytest

from autograd_mini import Value, recompute
from autograd_mini.nn import MLP
from autograd_mini.notation.letters import choose_letters
from autograd_mini.stepping.naming import Graph, names, number
from autograd_mini.stepping.steps import steps
from autograd_mini.view import worksheet as sheets
from autograd_mini.view.render import Picture
from autograd_mini.view.text import circled
from autograd_mini.view.worksheet import worksheet
from tests.pictures import neuron


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
            assert f'<td>∂L/∂{name} =<td class="blank">{number(node.grad / 2)}\n' in text


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
    assert re.search(r">\s*Name:\s*<", sheet.read_text("utf-8"))
    assert "Name:" not in answers.read_text("utf-8")
    assert "<h1>The gradient of L</h1>" in sheet.read_text("utf-8")
    assert ": the key</h1>" in answers.read_text("utf-8")
    assert ": the key" not in sheet.read_text("utf-8")


def test_an_operand_that_stands_twice_has_two_lines_that_differ(tmp_path):
    a = Value(3.0, "a")
    sheet, _ = worksheet((a * a).tanh(), tmp_path / "sheet.html")
    lines = re.findall(r"<td>∂L/∂a \+= [^(]*\(a·a\)/∂a ([^<]*)", sheet.read_text("utf-8"))
    assert lines == ["(through operand 1 only):", "(through operand 2 only):"]


def test_a_gradient_has_a_line_if_it_is_the_output_s_a_leaf_s_or_a_sum_of_terms(tmp_path):
    for y in (graph(), uneven(), neuron()[0], shared(12)):
        text = worksheet(y, tmp_path / "sheet.html")[1].read_text("utf-8")
        lines = re.findall(r"<td>∂L/∂(\w+) [=≈]<td class=\"blank\">", text.rpartition("<table>")[2])
        uses = Counter(x for node in names(y) for x in node.operands)
        rows = [x for x in names(y) if not x.operands or uses[x] > 1 or x is y]
        assert sorted(lines) == sorted(names(y)[x] for x in rows)


def test_a_worksheet_of_edited_data_is_refused(tmp_path):
    a = Value(2.0, "a")
    y = a * 3
    a.data = 9.0
    with pytest.raises(
        ValueError, match=r"^a was 2 when L = a·3 was computed, now 9; recompute\(\.\.\.\)"
    ):
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


@pytest.mark.parametrize("suffix", ["html", "svg"])
def test_blanks_are_numbered_alike_in_the_picture_and_on_the_lines(tmp_path, suffix):
    y = graph()
    svg = worksheet(y, tmp_path / f"sheet.{suffix}")[0].read_text("utf-8")
    written = " ".join(re.findall(r"<text[^>]*>([^<]*)", svg.partition("</svg>")[0]))
    drawn = re.findall(r"(data|grad)?[ \xa0]*(?:&#160;)*([①-⑩]|\(\d+\))", written)
    computed = sum(1 for x in names(y) if x.operands)
    assert {mark for kind, mark in drawn if kind == "data"} == {
        *map(circled, range(1, computed + 1))
    }
    count = computed + len(list(steps(y)))
    arrows = {mark for kind, mark in drawn if not kind}
    assert arrows == {*map(circled, range(computed + 1, count + 1))}
    assert "____" not in svg
    if suffix == "html":
        rows = re.findall(r"<tr><th>([^<]+)<td>", svg)
        assert rows == [*map(circled, range(1, len(rows) + 1))]
        assert {mark for _, mark in drawn} == {*rows}


def shared(values):
    """Return a graph of so many values that most are used several times: the most lines."""
    nodes = [Value(0.5, "a"), Value(1.5, "b"), Value(-1.0, "c")]
    while len(nodes) < values:
        nodes.append(nodes[-1] * nodes[len(nodes) % 3] if len(nodes) % 2 else nodes[-1] + nodes[0])
    return nodes[-1]


def test_names_of_a_network_are_letters_with_a_key_in_the_order_of_the_leaves(tmp_path):
    y = MLP(2, [2, 1], seed=1)([0.5, -1.0])
    text = worksheet(y, tmp_path / "sheet.html")[0].read_text("utf-8")
    [given] = re.findall(r"<p>(.*)</p>", text)
    told, key = given.split("; ")
    labels = [names(y)[x] for x in Graph(y).leaves]
    letters = choose_letters(names(y).values())
    assert [part.split()[0] for part in told.split(", ")] == [str(letters[x]) for x in labels]
    assert key == "w⁽²⁾₁₁ is layer2.neuron1.w1, and so on"
    assert "layer" not in text[text.index("</svg>") :]


def test_a_worksheet_is_white_on_a_dark_screen_as_well(tmp_path):
    for name in ("sheet.html", "sheet.svg"):
        for file in worksheet(graph(), tmp_path / name):
            assert "prefers-color-scheme" not in file.read_text("utf-8")


PORTRAIT = ["size: portrait }", "max-width: 186mm;", "flex: 1 1 62mm; min-height: 62mm;"]
LANDSCAPE = ["size: landscape }", "max-width: 255mm;", "flex: 1 1 150mm; min-height: 150mm;"]


@pytest.mark.parametrize(("width", "rules"), [(800.0, PORTRAIT), (800.1, LANDSCAPE)])
def test_a_picture_wider_than_800_points_is_printed_across(monkeypatch, tmp_path, width, rules):
    monkeypatch.setattr(Picture, "width", lambda _: width)
    for file in worksheet(graph(), tmp_path / "sheet.html"):
        text = file.read_text("utf-8")
        assert [rule for rule in PORTRAIT + LANDSCAPE if rule in text] == rules


def test_the_picture_of_a_worksheet_has_no_legend_and_its_key_no_numbers_of_blanks(tmp_path):
    for name in ("sheet.html", "sheet.svg"):
        sheet, key = (file.read_text("utf-8") for file in worksheet(graph(), tmp_path / name))
        assert "thick frame" not in sheet + key
        assert not re.search(r"<text[^>]*>[^<]*[①-⑩]", key)


def test_as_many_values_as_a_picture_may_have_boxes_are_filled_in(monkeypatch, tmp_path):
    y = Value(2.0, "a") * Value(3.0, "b")
    monkeypatch.setattr(sheets, "MOST_BOXES_DRAWN", 3)
    assert worksheet(y, tmp_path / "w.svg")
    told = (
        r"^4 values are more than anyone can fill in: make one of a part: worksheet\(node, path\)$"
    )
    with pytest.raises(ValueError, match=told):
        worksheet(y.tanh(), tmp_path / "w.svg")


@pytest.mark.browser
@pytest.mark.parametrize("paper", [(8.27, 11.69), (8.5, 11)], ids=["A4", "Letter"])
@pytest.mark.parametrize("make", [graph, uneven, lambda: neuron()[0], lambda: shared(15)])
def test_up_to_fifteen_values_fit_on_one_page(chromium, tmp_path, make, paper):
    for file in worksheet(make(), tmp_path / "sheet.html"):
        chromium.get(file.as_uri())
        size = {"paperWidth": paper[0], "paperHeight": paper[1]}
        pdf = base64.b64decode(chromium.execute_cdp_cmd("Page.printToPDF", size)["data"])
        assert len(re.findall(rb"/Type /Page\b", pdf)) == 1


def test_what_is_blank_can_be_chosen_and_the_page_has_a_title(tmp_path):
    y = uneven()
    sheet, answers = worksheet(y, tmp_path / "sheet.html", title="Week <3>", blank=["grad"])
    blank, filled = sheet.read_text("utf-8"), answers.read_text("utf-8")
    data, gradients = [{number(x) for x in xs} for xs in ([y.data], [a_grad(y)])]
    assert all(x in blank for x in data)
    assert not any(x in blank for x in gradients)
    assert all(x in filled for x in data | gradients)
    assert "Week &lt;3&gt;</h1>" in blank
    assert "Week &lt;3&gt;: the key</h1>" in filled


def a_grad(y):
    """Return the gradient of the first leaf, which is no term of its sum."""
    y.backward()
    return next(x.grad for x in names(y) if not x.operands)


@pytest.mark.parametrize("blank", [(), ("grads",)])
def test_a_worksheet_with_other_blanks_or_none_is_refused(tmp_path, blank):
    got = " ".join(blank) or "nothing"
    told = f"^a worksheet can leave data, partials, grad blank; got {got}$"
    with pytest.raises(ValueError, match=told):
        worksheet(graph(), tmp_path / "sheet.html", blank=blank)


def test_a_worksheet_has_a_title_and_blanks_of_words_or_is_not_written(tmp_path):
    with pytest.raises(TypeError, match=r"^a title is a string, got int 3$"):
        worksheet(graph(), tmp_path / "x.html", title=3)
    with pytest.raises(TypeError, match=r"^a worksheet needs a list of blanks, got str 'data'$"):
        worksheet(graph(), tmp_path / "x.html", blank="data")
    with pytest.raises(TypeError, match=r"^a blank is a string, got int 1$"):
        worksheet(graph(), tmp_path / "x.html", blank=[1])
    assert not [*tmp_path.iterdir()]


def test_a_worksheet_that_nobody_could_fill_in_is_refused_and_nothing_written(tmp_path):
    y = Value(1.0)
    for _ in range(2_000):
        y = y + 1.0
    with pytest.raises(ValueError, match=r"^2,001 values are more than anyone can fill in: make"):
        worksheet(y, tmp_path / "w.html")
    assert not [*tmp_path.iterdir()]
