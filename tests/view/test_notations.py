"""A picture in a terminal and in Mermaid: what it shows, within its width, and readable there."""

import math
import re
import sys

import pytest
from hypothesis import given

from autograd_mini import UndefinedWarning, Value, draw
from autograd_mini.nn import MLP
from autograd_mini.notation import screen
from autograd_mini.stepping.naming import names
from autograd_mini.view.style import NEGATIVE, POSITIVE, ZERO
from tests.graphs import graphs
from tests.pictures import labelled

WIDTH = 80
CHAIN = re.compile(r"(\S+) × \(?(-?[^\s)]+)\)? [=≈] (\S+)$")


def network(widths=(2, 1)):
    """Return the squared output of a network, after its backward pass."""
    loss = MLP(2, [*widths], activation="tanh", seed=1)([Value(0.5, "x1"), Value(-1.0, "x2")]) ** 2
    loss.backward()
    return loss


def deep():
    """Return a graph that is deep in both operands of every operation."""
    y = Value(1.0, "a")
    for _ in range(18):
        y = (y * 0.5).tanh() + y
    y.backward()
    return y


def edges(output):
    """List who reads whom in a graph, once for each place where an operand stands."""
    return [(node, x) for node in names(output) for x in node.operands if isinstance(x, Value)]


# In a terminal


@given(graphs())
def test_a_terminal_shows_every_value_once_and_every_arrow(drawn):
    _, output = drawn
    output.backward()
    picture = draw(output, detail="full")
    lines = picture.text(200).splitlines()[1:]
    heads = [line for line in lines if re.search(r"\w", line) and "↑" not in line]
    assert len(heads) == len(names(output))
    assert sum(bool(CHAIN.search(line)) for line in lines) == len(edges(output))


@pytest.mark.parametrize(
    "make", [network, deep, lambda: network((4, 4, 1)), lambda: network((40, 1))]
)
@pytest.mark.parametrize("width", [80, 100])
def test_no_line_is_wider_than_the_terminal(make, width):
    text = draw(make()).text(width)
    assert max(map(len, text.splitlines())) <= width


def test_the_numbers_of_an_operand_stand_once_and_a_mark_where_it_comes_again():
    a = Value(2.0, "a")
    y = a * a + a
    y.backward()
    text = draw(y).text()
    assert text == str(draw(y))
    assert text.count("a ↑") == 2
    assert len(re.findall(r"\ba +2 +5 ", text)) == 1


def test_names_are_letters_and_one_is_told():
    text = draw(network()).text()
    assert "w⁽²⁾₁₁" in text
    assert text.endswith("w⁽²⁾₁₁ is layer2.neuron1.w1, and so on")


def test_a_folded_network_has_whole_lines_and_no_key_to_letters_that_are_not_there():
    model = MLP(2, [4, 4, 1], seed=1)
    output = model([0.5, -1.0])
    output.backward()
    first, *lines = draw(output).text(80).splitlines()
    assert first.startswith("layer3.neuron1, out ")
    assert len(lines) == 4 + 16 + 1
    assert all("↑" in line or line == "│" or "rms grad" in line for line in lines)
    assert "w⁽³⁾₁₁ is" in draw(output, detail="full").text(80).splitlines()[-1]


def test_what_is_hidden_is_in_no_notation():
    a, b = Value(1.2345, "a"), Value(6.7891, "b")
    y = a * b
    y.backward()
    picture = draw(y, hide=("data", "grad", "partials"))
    shown = picture.text() + picture.mermaid()
    assert f"{y.data:.4g}" not in shown
    assert "1.234 ×" not in shown
    assert "stroke-dasharray" not in picture.mermaid()


def test_colours_are_those_of_the_signs_and_only_for_a_terminal(monkeypatch):
    y = Value(2.0, "a") * Value(-3.0, "b")
    y.backward()
    plain = draw(y).text()
    assert "\x1b" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("TERM", raising=False)
    coloured = draw(y).text()
    assert f"\x1b[{screen.INKS['negative']}m1 × (-3) = -3\x1b[0m" in coloured
    assert f"\x1b[{screen.INKS['negative']}m  -3\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert draw(y).text() == plain


@pytest.mark.parametrize(
    ("x", "sign"),
    [(2.0, "positive"), (-1.0, "negative"), (-0.0, "zero"), (math.nan, "alarm"), (1e3, "alarm")],
)
def test_a_sign_has_the_colour_of_the_picture(x, sign):
    assert screen.sign_of(x) == sign


def test_numbers_of_a_column_end_below_one_another_under_its_title():
    loss = network()
    title, *lines = draw(loss).text(120).splitlines()
    assert title.split() == ["data", "grad", "adjoint", "×", "partial", "=", "term"]
    ends = [title.index(word) + len(word) for word in ("data", "grad")]
    rows = [line for line in lines[:-1] if line[: ends[0]].strip("│├└─ ") and "↑" not in line]
    assert len(rows) > 10
    for line in rows:
        data, grad = line[: ends[0]].split()[-1], line[ends[0] : ends[1]].strip()
        assert all(re.fullmatch(r"-?\d+(\.\d+)?", x) for x in (data, grad)), line
        assert line[ends[0]] == " "
        assert line[ends[1] :][:3] in ("", f"  {line[ends[1] + 2 : ends[1] + 3]}")


def test_the_operand_with_more_below_it_goes_on_in_the_same_column():
    a, b = Value(1.0, "a"), Value(2.0, "b")
    long, short = labelled((a * b).tanh().exp(), "long"), labelled(b.tanh(), "short")
    for y in (short * long, long * short, long - short):
        lines = draw(y).text(100).splitlines()
        [aside] = [line for line in lines if "short = " in line]
        [below] = [line for line in lines if "long = " in line]
        assert aside.startswith("├─ short")
        assert below.startswith("long")
        assert lines.index(aside) < lines.index(below)


def test_a_narrow_terminal_leaves_sixteen_columns_for_the_names():
    text = draw(network()).text(20)
    heads = [line[:16] for line in text.splitlines()[1:] if "…" in line]
    assert heads
    assert all(len(head) == 16 and head.endswith("…") for head in heads)


def test_a_gradient_that_explodes_is_marked_in_a_tree_without_any_doubt_about_it():
    a = Value(1.0, "a")
    y = a * 5000.0
    y.backward()
    *_, line = str(draw(y)).splitlines()
    assert line.split() == ["└─", "a", "1", "5000", "!", "1", "×", "5000", "=", "5000"]


BEFORE = """\
                  data  grad  adjoint × partial = term
L = v₃·2        -1.999
│
v₃ = tanh(v₂)  -0.9993        × 2
│
v₂ = v₁ + a         -4        × 0.001341
├─ a                 2        × 1
│
v₁ = a·b            -6        × 1
├─ a ↑                        × (-3)
└─ b                -3        × 2"""
AFTER = """\
                  data       grad  adjoint × partial = term
L = v₃·2        -1.999          1
│
v₃ = tanh(v₂)  -0.9993          2  1 × 2 = 2
│
v₂ = v₁ + a         -4   0.002682  2 × 0.001341 = 0.002682
├─ a                 2  -0.005364  0.002682 × 1 = 0.002682
│
v₁ = a·b            -6   0.002682  0.002682 × 1 = 0.002682
├─ a ↑                             0.002682 × (-3) = -0.008046
└─ b                -3   0.005364  0.002682 × 2 = 0.005364"""
GROUPS = """\
                                        data      grad  adjoint × partial = term
L = v₁²                                1.031         1
│
v₁ = out⁽²⁾₁ - 1                      -1.016    -2.031  1 × (-2.031) = -2.031
│
layer2, out -0.01554, grad -2.031, …                    -2.031 × 1 = -2.031
│
layer1, 2 neurons, 6 parameters, rms grad 0.01514, relu off: 1 of 2
├─ x₁                                      0  -0.03322
└─ x₂                                      1   0.03156
out⁽²⁾₁ is layer2.neuron1.out, and so on"""


def test_the_whole_tree_of_a_small_graph_before_and_after_backward():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    y = (a * b + a).tanh() * 2.0
    assert draw(y).text().splitlines() == BEFORE.splitlines()
    y.backward()
    assert draw(y).text().splitlines() == AFTER.splitlines()


def test_a_tree_of_modules_has_their_lines_and_is_cut_at_the_width():
    model = MLP(2, [2, 1], "relu", seed=1)
    y = (model([Value(0.0, "x1"), Value(1.0, "x2")]) - 1.0) ** 2
    y.backward()
    assert draw(y, detail="layers").text(80).splitlines() == GROUPS.splitlines()
    y = labelled(Value(1.0, "m.w1") * Value(2.0, "m.x"), "m.y")
    assert draw(y, detail="layers").text(80) == "m, out 2, 1 parameter"
    assert draw(y, detail="layers").text(12) == "m, out 2, 1…"


def test_no_colour_gives_a_hidden_sign_away(monkeypatch):
    y = Value(2.0, "a") * Value(-3.0, "b")
    y.backward()
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("TERM", raising=False)
    hidden = draw(y, hide="grad").text()
    assert {*re.findall(r"\x1b\[([\d;]+)m", hidden)} == {"0", screen.INKS["zero"]}
    title = draw(y).text().splitlines()[0]
    assert {*re.findall(r"\x1b\[([\d;]+)m", title)} == {"0", screen.INKS["zero"]}


FLOWCHART = """\
%%{init: {"flowchart": {"rankSpacing": 50, "wrappingWidth": 400}}}%%
flowchart BT
  n1(["x<br/>data 3.5<br/>grad -1"]):::negative
  n3["L = #35;#quot;#lt;#gt;#amp;#96;#92;·0.5<br/>data -3<br/>grad 1"]:::positive
  subgraph cluster_0["m"]
    n0["w1<br/>data -2<br/>grad 1.5"]:::positive
    n2["#35;#quot;#lt;#gt;#amp;#96;#92; = w1·x<br/>data -6<br/>grad 0.5"]:::positive
  end
  n2 -->|"0.5 × 3<br/>= 1.5"| n0
  linkStyle 0 stroke:#0072b2,stroke-width:3.8px
  n2 -->|"0.5 × (-2)<br/>= -1"| n1
  linkStyle 1 stroke:#c2510a,stroke-width:3.6px,stroke-dasharray:6 4
  n3 -->|"1 × 0.5<br/>= 0.5"| n2
  linkStyle 2 stroke:#0072b2,stroke-width:3.3px
  classDef positive stroke:#0072b2,color:#1b1f24
  classDef negative stroke:#c2510a,color:#1b1f24
  style n0 fill:#99c7e0
  style n1 fill:#e8bda3
  style n2 fill:#a9d0e5
  style n3 fill:#9fcae2
  notes["x was 3 when"]
  style notes fill:none,stroke:none,text-align:left
"""


def test_the_whole_flowchart_of_a_small_graph():
    w, x = Value(-2.0, "m.w1"), Value(3.0, "x")
    y = labelled(w * x, '#"<>&`\\') * 0.5
    y.backward()
    x.data = 3.5
    text = draw(y).mermaid()
    [note] = re.findall(r'notes\["(.*?)"\]', text)
    assert note.startswith("x was 3 when ")
    assert text.replace(note, "x was 3 when").splitlines() == FLOWCHART.splitlines()


# In Mermaid, by a reader of the part of its grammar that is used

LINE = {
    "box": re.compile(r' *(\w+)(?:\(\["(.*)"\]\)|\["(.*)"\]):::(\w+)'),
    "frame": re.compile(r' *subgraph (\w+)\["(\w+)"\]'),
    "end": re.compile(r" *end"),
    "arrow": re.compile(r'  (\S+) -->(?:\|"([^"]*)"\|)? (\S+)'),
    "look": re.compile(r"  linkStyle (\d+) stroke:#\w{6},stroke-width:[\d.]+px(,stroke-dash.*)?"),
    "class": re.compile(r"  classDef (\w+) stroke:#\w{6},color:#\w{6}"),
    "fill": re.compile(r"  style (\w+) fill:#\w{6}"),
}


def read_mermaid(text):
    """Return what a flowchart says, by kind; raise for a line of no kind."""
    settings, first, *lines = text.splitlines()
    assert re.fullmatch(r"%%\{init: \{.*\}\}%%", settings)
    assert re.fullmatch(r"flowchart (TB|BT|LR|RL)", first)
    found = {kind: [] for kind in LINE}
    for line in lines:
        kind, match = next((k, m) for k, p in LINE.items() if (m := p.fullmatch(line)))
        found[kind].append(match)
    return found


@given(graphs())
def test_mermaid_has_a_box_for_every_value_and_an_arrow_for_every_edge(drawn):
    _, output = drawn
    output.backward()
    picture = draw(output, detail="full")
    found = read_mermaid(picture.mermaid())
    boxes = {match[1] for match in found["box"]}
    assert boxes == {*picture.nodes.values()}
    ids = picture.nodes
    drawn_edges = [(ids[node], ids[x]) for node, x in edges(output)]
    assert sorted((match[1], match[3]) for match in found["arrow"]) == sorted(drawn_edges)
    assert [int(match[1]) for match in found["look"]] == [*range(len(drawn_edges))]
    assert {match[4] for match in found["box"]} == {match[1] for match in found["class"]}


def test_an_arrow_points_back_once_there_is_a_gradient():
    a = Value(2.0, "a")
    y = a.tanh()
    assert "  n0 -->" in draw(y).mermaid()
    assert draw(y).mermaid().splitlines()[1] == "flowchart TB"
    y.backward()
    assert "  n1 -->" in draw(y).mermaid()
    assert draw(y).mermaid().splitlines()[1] == "flowchart BT"


def test_an_open_module_is_a_subgraph_in_mermaid():
    found = read_mermaid(draw(network((2, 2, 1)), expand=["layer1", "layer1.neuron1"]).mermaid())
    titles = [match[2] for match in found["frame"]]
    assert titles[:3] == ["layer1", "neuron1", "neuron2"]
    assert len(found["end"]) == len({match[1] for match in found["frame"]}) == len(titles)


def test_shapes_dashes_and_spacing_in_mermaid_are_those_of_the_picture():
    w, x = Value(2.0, "w"), Value(-3.0, "x")
    y = w * x + x.relu()
    y.backward()
    text, ids = draw(y, parameters=[w]).mermaid(), draw(y).nodes
    kinds = dict(re.findall(r"^  (n\d)(\(\[|\[)", text, re.M))
    assert [kinds[ids[node]] for node in (w, x, y)] == ["[", "([", "["]
    look = r"stroke:(#\w+),stroke-width:[\d.]+px(?:,stroke-dasharray:([\d ]+))?"
    dashes = dict(re.findall(look, text))
    assert dashes == {POSITIVE.colour: "", NEGATIVE.colour: "6 4", ZERO.colour: "1 4"}
    assert '"rankSpacing": 50' in text
    assert '"rankSpacing": 120' in draw(y, direction="LR").mermaid()
    fills = dict(re.findall(r"^  style (\w+) fill:(\S+)$", text, re.M))
    assert fills == dict(re.findall(r'(\w+) \[label=.*? fillcolor="(#\w+)"', draw(y).source))


def test_a_label_is_no_markup_in_mermaid():
    y = Value(2.0, '"]; click n0 "javascript:x" <script>`#') * 3.0
    text = draw(y).mermaid()
    read_mermaid(text)
    assert "<script>" not in text


# Lines that are too long for a terminal


def as_terminal(monkeypatch, width):
    """Let standard output be a terminal of that width."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(width))


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_long_line_is_broken_at_spaces_and_a_short_one_is_not(width):
    text = "short\n  a line of " + " ".join(f"word{i}" for i in range(30))
    fitted = screen.fit(text, width)
    assert fitted.split() == text.split()
    assert max(map(len, fitted.splitlines())) <= width
    assert fitted.startswith("short\n  a line")
    assert screen.fit("word" * 30, 20) == "word" * 30


def test_only_what_goes_to_a_terminal_is_broken(monkeypatch):
    prose = "One line that is long.\nAnd another, longer still."
    assert screen.fit(prose * 9) == prose * 9
    assert screen.reflow(prose) == prose
    as_terminal(monkeypatch, 24)
    assert screen.reflow(prose) == "One line that is long.\nAnd another, longer\nstill."


# What the numbers are not


def test_a_tree_and_a_flowchart_say_what_the_legend_says_of_the_numbers():
    a, x = Value(2.0, "a"), Value(0.0, "x")
    edited, doubtful, bad = a * 3, x.sqrt() ** 2, Value(1e308, "b") * 10
    with pytest.warns(UndefinedWarning):
        doubtful.backward()
    assert "was" not in str(draw(edited)) + draw(edited).mermaid()
    a.data = 5.0
    for y, told in [(edited, "a was 2"), (doubtful, "0 · undefined"), (bad, "is not finite")]:
        picture = draw(y)
        assert told in " ".join(str(picture).split())
        assert told in picture.mermaid()
        assert told not in str(draw(y, hide="data")) + draw(y, hide="data").mermaid()
