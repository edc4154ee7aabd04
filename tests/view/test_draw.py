"""The picture: its DOT text says what the engine knows, and its arguments are checked."""

import html
import math
import os
import re
import subprocess
import sys
from decimal import Decimal

import graphviz
import pytest

from autograd_mini import Value, steps, topological_order, total, weighted_sum, why
from autograd_mini.engine.primitives import Primitive
from autograd_mini.nn import MLP
from autograd_mini.stepping.naming import number
from autograd_mini.view.captions import Given
from autograd_mini.view.draw import draw, draw_fitting
from autograd_mini.view.drawing import draw_card
from autograd_mini.view.options import Options
from autograd_mini.view.style import Scale, tint, tone
from autograd_mini.view.text import clip_name
from autograd_mini.view.worksheet import worksheet
from tests.pictures import chain, labelled, network, neuron

BOX = re.compile(r'^\t+(n\d+) \[label="?(.*?)"? class="?([^"=]*?)"? color', re.M)
ARROW = re.compile(r"^\t+(\w+):\S+ -> (\w+):\S+ \[(.*)\]$", re.M)


def boxes(picture: graphviz.Digraph) -> dict[str, list[str]]:
    return {key: label.split("\\n") for key, label, _ in BOX.findall(picture.source)}


def classes(picture: graphviz.Digraph) -> dict[str, set[str]]:
    return {key: set(names.split()) for key, _, names in BOX.findall(picture.source)}


def attribute(name: str, text: str) -> str:
    found = re.search(rf'\b{name}=(?:"((?:[^"\\]|\\.)*)"|(\S+))', text)
    return found[1] or found[2] or "" if found else ""


def arrows(picture: graphviz.Digraph) -> dict[str, str]:
    return {attribute("id", rest): rest for _, _, rest in ARROW.findall(picture.source)}


def legend(picture: graphviz.Digraph) -> str:
    [line] = re.findall(r"^\tlabel=.*$", picture.source, re.M)
    return attribute("label", line)


def test_every_value_has_a_box_with_its_algebra_data_and_grad():
    loss, v = neuron()
    picture = draw(loss)
    shown = boxes(picture)
    assert len(shown) == len(topological_order(loss))
    assert shown[picture.nodes[v["out"]]] == ["out = sigmoid(z)", "data 0.8176", "grad 0.8176"]
    for node, key in picture.nodes.items():
        assert shown[key][1:] == [f"data {number(node.data)}", f"grad {number(node.grad)}"]


def test_every_arrow_reads_adjoint_times_partial_is_term_and_points_back():
    loss, _ = neuron()
    picture = draw(loss)
    drawn = arrows(picture)
    assert "edge [arrowsize=0.65" in picture.source
    assert "dir=back" in picture.source
    for (node, place), key in picture.arrows.items():
        adjoint, partial = node.grad, node.partials[place]
        label = attribute("label", drawn[key])
        gap = 2 * "&#160;"  # as wide as a digit
        assert all(x.startswith(gap) and x.endswith(gap) for x in label.split("\\l")[:2])
        shown = label.replace("&#160;", "").split("\\l")
        assert shown[1][2:] == number(adjoint * partial)
        exact = [Decimal(x.strip("()")) for x in [*shown[0].split(" × "), shown[1][2:]]]
        assert shown[1][0] == ("=" if exact[0] * exact[1] == exact[2] else "≈")
        assert shown[0].split(" × ")[0] == number(adjoint)
        assert shown[0].split(" × ")[1].strip("()") == number(partial)
    edges = [d for x in picture.nodes for d in x.partials if d is not None]
    assert len(picture.arrows) == len(edges)


def test_ids_are_places_in_topological_order():
    loss, _ = neuron()
    picture = draw(loss)
    order = topological_order(loss)
    assert picture.nodes == {node: f"n{i}" for i, node in enumerate(order)}
    assert picture.arrows[order[-1], 1] == f"e{len(order) - 1}_1"


def test_an_operand_that_is_used_twice_gets_two_arrows():
    a = Value(3.0, "a")
    y = a * a
    y.backward()
    assert sorted(draw(y).arrows.values()) == ["e1_0", "e1_1"]


def test_tooltips_hold_the_chain_rule_in_letters_and_in_numbers():
    loss, v = neuron()
    picture = draw(loss)
    tip = attribute("tooltip", arrows(picture)[picture.arrows[v["out"], 0]])
    assert tip.split("\\n") == [
        "∂L/∂z += ∂L/∂out · ∂out/∂z",
        "∂out/∂z = out·(1 - out) ≈ 0.1491",
        "0.8176 × 0.1491 ≈ 0.1219",
    ]
    assert 'tooltip="out = sigmoid(z) ≈ 0.8176\\n∂L/∂out ≈ 0.8176"' in picture.source


def test_sign_is_told_by_colour_and_by_dash():
    loss, _ = neuron()
    picture = draw(loss)
    drawn = arrows(picture)
    kinds = {
        node.label: drawn[key]
        for (result, place), key in picture.arrows.items()
        for node in [result.operands[place]]
    }
    assert "dashed" in kinds["w2"]
    assert "solid" in kinds["w1"]
    assert attribute("color", kinds["w2"]) != attribute("color", kinds["w1"])


def test_thickness_grows_with_the_size_of_the_term():
    a, b = Value(1.0, "a"), Value(1.0, "b")
    y = 100.0 * a + b
    y.backward()
    picture = draw(y)
    width = {
        node.operands[place]: float(attribute("penwidth", arrows(picture)[key]))
        for (node, place), key in picture.arrows.items()
    }
    assert (width[a], width[b]) == (3.8, 1.8)  # two decades apart, of three
    z = Value(1e-9, "c") + Value(1.0, "d") * 1e-6
    assert {attribute("penwidth", text) for text in arrows(draw(z)).values()} == {"1.2"}
    z.backward(1e-6)
    assert min(attribute("penwidth", text) for text in arrows(draw(z)).values()) == "0.95"


def test_inputs_parameters_constants_and_output_differ():
    loss, v = neuron()
    kinds = classes(draw(loss, parameters=[v["w1"]]))
    keys = draw(loss).nodes
    assert "parameter" in kinds[keys[v["w1"]]]
    assert "input" in kinds[keys[v["x1"]]]
    assert "computed" in kinds[keys[v["z"]]]
    assert "output" in kinds[keys[loss]]
    assert re.search(r"\tc\d+_0 \[label=0.5 class=constant", draw(loss).source)


def test_a_weight_inside_a_module_is_a_parameter_by_its_label():
    w, x = Value(1.0, "layer1.neuron1.w1"), Value(1.0, "data.x1")
    picture = draw(w * x)
    assert "parameter" in classes(picture)[picture.nodes[w]]
    assert "input" in classes(picture)[picture.nodes[x]]


def test_a_dead_relu_is_grey_with_dotted_arrows():
    x = Value(-2.0, "x")
    y = x.relu()
    y.backward()
    picture = draw(y)
    assert "zero" in classes(picture)[picture.nodes[x]]
    drawn = arrows(picture)[picture.arrows[y, 0]]
    assert "dotted" in drawn
    assert "1 × 0" in drawn


@pytest.mark.parametrize("size", [1000.0, -1e9, math.inf, math.nan])
def test_an_exploding_gradient_stands_out(size):
    a = Value(1.0, "a")
    y = a * size
    y.backward()
    picture = draw(y)
    assert "alarm" in classes(picture)[picture.nodes[a]]
    assert boxes(picture)[picture.nodes[a]][2].endswith(" !")
    assert "magenta" in legend(picture)


def test_the_mark_stands_on_the_number_that_is_not_finite():
    bad, good = Value(math.nan, "bad"), Value(6.0, "good")
    y = bad * 2.0 + good
    y.backward()
    picture = draw(y)
    kinds = classes(picture)
    assert {"bad-data"} == kinds[picture.nodes[bad]] & {"bad-data", "bad-grad"}
    assert not kinds[picture.nodes[good]] & {"bad-data", "bad-grad", "alarm"}
    big = Value(1e9, "big") * good
    big.backward()
    assert "bad-grad" in classes(draw(big))[draw(big).nodes[good]]


@pytest.mark.parametrize("partial", [math.inf, -math.inf, math.nan])
def test_an_arrow_that_carries_what_is_not_finite_is_the_thickest(partial):
    a, b = Value(1.0, "a"), Value(2.0, "b")
    y = a * partial + 1e6 * b
    y.backward()
    picture = draw(y)
    width = {
        node.operands[place]: float(attribute("penwidth", arrows(picture)[key]))
        for (node, place), key in picture.arrows.items()
    }
    assert width[a] == max(width.values())


def test_what_is_hidden_gives_no_alarm():
    y = Value(1e200, "a") * 1e200
    y.backward()
    assert {*map(bool, classes(draw(y)).values())} == {True}
    assert "alarm" in set().union(*classes(draw(y, hide="data")).values())  # of the gradient
    kinds = [classes(draw(y, hide=hidden)) for hidden in (["data", "grad"], ["grad"])]
    assert [sum("alarm" in x for x in found.values()) for found in kinds] == [0, 1]


def test_data_that_is_not_finite_stands_out_before_backward_too():
    picture = draw(Value(math.inf, "a") + 1.0)
    assert all("alarm" in found for found in classes(picture).values())
    assert "data inf !" in picture.source


def test_before_backward_no_zeros_are_shown_and_arrows_point_forward():
    a = Value(3.0, "a")
    picture = draw(a * 2.0)
    assert "grad: not computed yet" in legend(picture)
    assert boxes(picture)["n1"][2] == "grad: not computed yet"
    assert boxes(picture)["n0"] == ["a", "data 3"]
    assert "dir=forward" in picture.source
    assert attribute("label", arrows(picture)["e1_0"]).replace("&#160;", "") == "× 2\\l"


def test_a_new_forward_pass_over_old_leaves_counts_as_not_computed():
    a = Value(3.0, "a")
    (a * 2.0).backward()
    assert "not computed yet" in legend(draw(a * 5.0))


def test_the_legend_tells_the_shapes_that_are_in_the_picture():
    w, x = Value(2.0, "w"), Value(3.0, "x")
    kinds = {"input": "round", "parameter": "double", "computed": "square", "output": "thick"}
    for y in (x, w, x * 2, w * 2, w * x):
        told = {kind for kind, shape in kinds.items() if shape in legend(draw(y))}
        assert told == {*kinds} & set().union(*classes(draw(y)).values())


ARROWS = "arrows: the gradient flowing back;  on the arrow: adjoint × partial = its share of "
ARROWS += "the gradient"
SIGNS = "blue, solid: positive;  orange, dashed: negative;  grey, dotted: zero;  thickness, "
SIGNS += "darkness: size"
COLOURS = "blue: positive;  orange: negative;  grey: no path;  thickness, darkness: size"
MODULES = "module: darker = larger gradients of its parameters;  grey = no gradient reaches them"
ALARM = "magenta, !: a gradient of 1,000 or more or in doubt, or a number that is not finite"
LATER = "grad: not computed yet; call backward(), then draw again"


def test_a_legend_tells_arrows_signs_and_shapes_and_above_them_what_was_folded():
    loss, v = neuron()
    shapes = "round: input;  square: computed;  thick frame: the output"
    assert draw(loss).legend == [ARROWS, SIGNS, shapes]
    parameter = shapes.replace("square", "double frame: parameter;  square")
    assert draw(loss, parameters=[v["b"]]).legend[2] == parameter
    assert draw(loss, why=v["w1"]).legend[:3] == [ARROWS, COLOURS, shapes]
    assert draw(Value(math.inf, "a") + 1.0).legend[1] == ALARM
    before = f"{LATER};  on the arrow: ×\u00a0partial"
    assert draw(Value(2.0, "a") * 3.0).legend == [before, shapes]
    folded = "32 values in 11 boxes;  expand=('layer1.neuron1',) opens one,  "
    folded += "detail='full' draws them all"
    whole = [folded, ARROWS, SIGNS, shapes, MODULES]
    assert draw(network(4, 1), detail="neurons").legend == whole
    deep = "3 values in 2 boxes;  depth= goes further back,  detail='full' draws them all"
    assert draw((Value(2.0, "a") * 3.0).exp(), depth=1).legend[0] == deep


def test_what_a_picture_says_to_a_screen_reader_is_its_numbers_or_that_they_are_to_be_found():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    y = a * b
    assert draw(y).description == f"L = -6. {LATER}."
    y.backward()
    assert draw(y).description == "L = -6. ∂L/∂a = -3. ∂L/∂b = 2"
    assert draw(y, hide="grad").description == "A worksheet: the blanks are to be filled in."
    many = total(Value(1.0, f"x{i}") for i in range(25))
    many.backward()
    assert draw(many, detail="full").description.count("∂L/∂x") == 20


def test_a_legend_tells_nothing_of_what_is_not_in_the_picture():
    y = MLP(2, [2, 1], seed=1)([0.5, -1.0])
    folded = " ".join(draw(y, detail="layers").legend)
    assert ("thick frame" in folded, MODULES in folded) == (False, False)
    y.backward()
    assert MODULES in draw(y, detail="layers").legend
    assert MODULES not in draw(y, detail="layers", hide="grad").legend
    many = draw(chain(151), detail="full").legend
    assert many[0] == ARROWS.replace("on the arrow", "in the tooltip of an arrow")
    loss, v = neuron()
    whole, hidden = (draw(loss, why=v["w1"], hide=x).legend for x in ((), "data"))
    [said] = [line for line in whole if line.startswith("1 path")]
    assert whole[whole.index(said) + 1].startswith("① ──── ")
    assert hidden[-1] == said
    alone = Value(2.0, "a")
    alone.grad = 5.0
    assert not [line for line in draw(alone).legend if "grad is 5" in line]


def test_what_is_told_of_the_numbers_is_left_out_with_the_legend():
    a = Value(2.0, "a")
    y = a * 3.0
    a.data = 5.0
    for told in (draw(y).mermaid(), draw(y).text()):
        assert "a was 2" in told
    for left_out in (draw(y, legend=False).mermaid(), draw(y, legend=False).text()):
        assert "a was 2" not in left_out


def test_of_many_edits_the_first_four_are_told_and_the_others_counted():
    leaves = [Value(2.0, f"x{i}") for i in range(6)]
    y = total(leaf * 3.0 for leaf in leaves)
    y.backward()
    for leaf in leaves:
        leaf.data = 9.0
    notes = draw(y).legend[3:]
    assert [note.startswith(f"x{i} was 2 when") for i, note in enumerate(notes[:4])] == [True] * 4
    assert notes[4] == "and 2 more edits"
    for leaf in leaves[4:]:
        leaf.data = 2.0
    assert [note[:2] for note in draw(y).legend[3:]] == ["x0", "x1", "x2", "x3"]
    for leaf in leaves:
        leaf.data = 2.0
    y.backward()
    told = "grad of x0, x1, x2, x3: not the sum of its arrows; passes add up in a leaf"
    assert draw(y).legend[3:] == [told]
    y.backward(5.0)
    assert draw(y).legend[3] == "L.grad is 5, not 1: the pass began elsewhere, or with a seed"


def test_gradients_that_are_given_are_drawn_in_place_of_others_and_0_where_none_is():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = a * b
    y.backward(7.0)
    picture = draw_fitting(y, Options.of(), Given(grads={y: 1.0, a: 3.0}))
    grads = [lines[2] for lines in boxes(picture).values()]
    assert grads == ["grad 3", "grad 0", "grad 1"]


def test_a_gradient_of_zero_is_not_mistaken_for_none():
    a = Value(-1.0, "a")
    y = a.relu()
    (y * 0.0).backward()
    assert boxes(draw(y))["n1"][2] == "grad 0"


def test_edited_data_is_said():
    a = Value(2.0, "a")
    y = a * 3.0
    y.backward()
    assert "recompute" not in legend(draw(y))
    a.data = 10.0
    assert "a was 2 when L = a·3 was computed, now 10" in legend(draw(y))
    assert "was" not in legend(draw(y, hide="grad"))


def test_leaves_that_hold_other_passes_are_said():
    a = Value(2.0, "a")
    y = a * 3.0
    y.backward()
    assert "passes add up" not in legend(draw(y))
    y.backward()
    assert "grad of a: not the sum of its arrows" in legend(draw(y))


def test_another_seed_is_said():
    a = Value(2.0, "a")
    y = a * 3.0
    y.backward(5.0)
    assert "L.grad is 5, not 1" in legend(draw(y))


@pytest.mark.parametrize("hidden", ["grad", "data", "partials"])
def test_what_is_hidden_is_nowhere_in_the_source(hidden):
    a, b = Value(1.25, "a"), Value(3.5, "b")
    mid = labelled(a * b, "m")
    y = 2.0 * mid.sin()
    y.backward()
    [partial] = y.operands[1].partials
    secrets = {"grad": mid.grad, "data": mid.data, "partials": partial}
    secret = number(secrets[hidden])
    assert secret in draw(y).source
    picture = draw(y, hide="grad" if hidden == "grad" else (hidden, "grad"))
    text = picture.source + picture.title + picture.description
    assert secret not in text
    assert "____" in text
    assert not {"positive", "negative"} & set().union(*classes(picture).values())


def test_the_data_of_leaves_are_given_on_a_worksheet():
    a = Value(1.25, "a")
    assert boxes(draw(a * 2.0, hide="data")) == {
        "n0": ["a", "data 1.25"],
        "n1": ["L = a·2", "data ____", "grad: not computed yet"],
    }


def test_variables_name_the_values_that_have_no_label():
    a, p = Value(1.0, "a"), Value(2.0)
    q = a * p
    y = q + 1.0
    assert [lines[0] for lines in boxes(draw(y, names=locals())).values()] == [
        "a",
        "p",
        "q = a·p",
        "y = q + 1",
    ]


def test_a_variable_does_not_take_the_name_of_a_label():
    a = Value(1.0, "a")
    other = Value(2.0)
    names = [lines[0] for lines in boxes(draw(a * other, names={"a": other})).values()]
    assert names == ["a", "v1", "L = a·v1"]


def test_why_lights_the_paths_and_adds_them_up():
    a, b, c = Value(2.0, "a"), Value(3.0, "b"), Value(4.0, "c")
    y = a * b + a * c
    y.backward()
    picture = draw(y, why=a)
    dim = {key for key, names in classes(picture).items() if "dim" in names}
    assert dim == {picture.nodes[b], picture.nodes[c]}
    assert "2 paths from L to a" in legend(picture)
    assert "∂L/∂a = 3 + 4 = 7" in legend(picture)
    drawn = arrows(picture)
    assert {key for key, text in drawn.items() if "class=dim" in text} == {"e2_1", "e4_1"}


def test_why_numbers_the_paths_each_with_its_own_line_and_its_whole_product():
    q, k = Value(0.5, "q"), Value(1.5, "k")
    y = ((q * q + q * k).tanh() * q).exp()
    y.backward()
    picture = draw(y, why=q)
    told = " ".join(texts_of(picture.svg()))
    reason = why(y, q)
    for path, mark in zip(reason.paths, "①②③④", strict=True):
        drawn = [x for x in arrows(picture).values() if mark in attribute("label", x)]
        assert len(drawn) == len(path.edges)
        product = str(path).strip().split(" ")
        assert " ".join(product) in re.sub(" +", " ", told)
    alone = [x for x in arrows(picture).values() if len(re.findall("[①②③④]", x)) == 1]
    kinds = {re.search("way[0-9]", x)[0]: re.search("[①②③④]", x)[0] for x in alone}
    assert len(set(kinds)) == len(set(kinds.values())) == 4


def texts_of(svg: str) -> list[str]:
    return [html.unescape(x).strip() for x in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def test_long_sums_are_short_in_the_box_and_longer_in_the_tooltip():
    w, x = ([Value(1.0, f"{k}{i}") for i in range(1, 9)] for k in ("weight", "x"))
    y = weighted_sum(w, x, Value(0.0, "b"))
    picture = draw(y)
    assert boxes(picture)[picture.nodes[y]][0] == "L = weight1·x1 + … + b"
    assert "weight2·x2" in picture.source
    short = total([Value(1.0, f"long_label{i}") for i in range(5)])
    head = boxes(draw(short))["n5"][0]
    assert head == "L = long_label0 + … + long_label4"


def test_a_label_of_ten_thousand_characters_is_cut():
    picture = draw(Value(1.0, "x" * 10_000) * 2.0)
    assert len(picture.source) < 4000
    assert "…" in boxes(picture)["n0"][0]


def test_a_name_a_line_and_a_sum_are_cut_just_where_they_are_too_long():
    def head(y):
        return boxes(draw(y))[f"n{len(topological_order(y)) - 1}"][0]

    assert [head(Value(1.0, "x" * n)) for n in (28, 29)] == ["x" * 28, "x" * 27 + "…"]
    lines = [head(Value(1.0, "a" * 20) * Value(1.0, "b" * n)) for n in (23, 24)]
    assert [len(line.removeprefix("L = ")) for line in lines] == [44, 44]
    assert [line[-1] for line in lines] == ["b", "…"]
    sums = [head(total([Value(1.0, "a" * n), Value(1.0, "b"), Value(1.0, "c")])) for n in (24, 25)]
    assert sums == [f"L = {'a' * 24} + b + c", f"L = {'a' * 25} + … + c"]


def test_a_tooltip_ends_after_600_letters_and_a_name_keeps_only_a_number_that_tells_it_apart():
    [card] = draw(Value(1.0)).drawing.cards.values()
    for length, shown in ((599, " " + "x" * 599), (600, " " + "x" * 598 + "…")):
        canvas = graphviz.Digraph()
        draw_card(canvas, card._replace(about=" " + "x" * length))
        assert attribute("tooltip", canvas.source) == shown
    assert clip_name("a long label#b", 9) == "a long l…"
    assert clip_name("#1234567", 5) == "#123…"
    assert clip_name("label#12", 8) == "label#12"
    assert clip_name("label#12", 7) == "lab…#12"


def test_a_picture_just_as_wide_as_allowed_is_drawn():
    loss = network(4, 4, 1)
    width = draw(loss, widest=math.inf).width()
    assert draw(loss, widest=width).source == draw(loss, widest=math.inf).source
    assert draw(loss, widest=width - 1).width() < width


def test_a_bold_title_has_a_wider_margin_than_one_that_is_not():
    long = Value(1.0, "x" * 28)
    y = labelled(Value(1.0, "a").tanh(), "y" * 28) * long
    margins = dict(re.findall(r'^\t(n\d) .* margin="([\d.]+),0.06"', draw(y).source, re.M))
    ids = draw(y).nodes
    assert margins[ids[y.operands[0]]] == margins[ids[y]] == "0.14"
    assert 0.2 < float(margins[ids[long]]) < 0.5


def test_labels_may_hold_what_xml_forbids():
    source = draw(Value(1.0, "a\x00\ud800\u202eb\nc") * 2.0).source
    assert not set(source) & set("\x00\ud800\u202e")


def test_a_rule_that_works_on_numbers_only_leaves_the_letters_out():
    cube = Primitive("cube", lambda a: a**3, lambda a, y: math.fabs(3 * a * a) + 0 * y)
    y = cube(Value(2.0, "a"))
    y.backward()
    assert "∂cube(a)/∂a = 12" in attribute("tooltip", arrows(draw(y))["e1_0"])


def test_a_partial_that_does_not_exist_is_shown_as_undefined():
    y = Value(0.0, "a").sqrt()
    assert "× undefined" in draw(y).source
    y.grad = 1.0
    assert " nan" in draw(y).source


def test_the_defaults_are_those_that_the_documentation_tells():
    usual = Options.of()
    assert (usual.detail, usual.direction, usual.legend) == ("auto", "auto", True)
    assert (usual.max_nodes, usual.widest) == (60, 1400.0)
    assert f"draws, {usual.max_nodes} by default" in draw.__doc__
    assert f"draws, {usual.widest:,.0f} by default" in draw.__doc__
    given = [usual.expand, usual.depth, usual.names, usual.hide, usual.parameters, usual.why]
    assert given == [[], None, None, [], [], None]
    assert usual.is_negotiable
    assert not Options.of(detail="full").is_negotiable
    assert not Options.of(expand="a").is_negotiable


def test_a_single_leaf_can_be_drawn():
    assert boxes(draw(Value(2.0, "a"))) == {"n0": ["a", "data 2", "grad: not computed yet"]}


def test_drawing_changes_nothing_and_is_repeatable():
    loss, _ = neuron()
    before = [(x.data, x.grad, x.label) for x in topological_order(loss)]
    assert draw(loss).source == draw(loss).source
    assert before == [(x.data, x.grad, x.label) for x in topological_order(loss)]


def test_the_source_is_the_same_under_every_hash_seed():
    code = (
        "from tests.pictures import network; from autograd_mini.view.draw import draw;"
        "print(draw(network(3, 2, 1, samples=3), max_nodes=20).source)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )  # the seed of this process is another one
    source = draw(network(3, 2, 1, samples=3), max_nodes=20).source
    assert done.stdout == f"{source}\n"
    assert "neuron" in source


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"detail": "all"}, ValueError, "detail is one of 'auto', 'full'"),
        ({"direction": "up"}, ValueError, "direction is one of"),
        ({"hide": "grads"}, ValueError, "hide is one of 'data', 'grad', 'partials'"),
        ({"detial": "full"}, TypeError, "no option is called 'detial': did you mean 'detail'?"),
        ({"zoom": 2, "detial": ""}, TypeError, "no option is called 'zoom': there are detail"),
        ({"widest": True}, TypeError, "widest is a number of points, got True"),
        ({"widest": -0.5}, ValueError, "widest is above 0, got -0.5"),
        ({"zoom": 2}, TypeError, "no option is called 'zoom': there are detail, expand"),
        ({"widest": 0}, ValueError, "widest is above 0, got 0"),
        ({"widest": math.nan}, ValueError, "widest is above 0"),
        ({"widest": "wide"}, TypeError, "widest is a number of points"),
        ({"legend": "no"}, TypeError, "legend is True or False"),
        ({"hide": ["grad", "x"]}, ValueError, "hide is one of 'data', 'grad', 'partials'; got 'x'"),
        ({"depth": 0}, ValueError, "depth is at least 1"),
        ({"depth": 1.5}, TypeError, "depth is a whole number"),
        ({"max_nodes": 0}, ValueError, "max_nodes is at least 1"),
        ({"max_nodes": "60"}, TypeError, "max_nodes is a whole number"),
        ({"expand": 3}, TypeError, "expand needs a list of words, got int 3"),
        ({"parameters": 3}, TypeError, "parameters needs a list of Values, got int 3"),
        ({"names": ["a"]}, TypeError, "names is a mapping such as locals()"),
        ({"parameters": [1.0]}, TypeError, "parameters are Values"),
        ({"why": "a"}, TypeError, "why is the Value"),
        ({"why": Value(1.0)}, ValueError, "why: L does not depend on"),
        ({"expand": "layer9"}, ValueError, "expand: no module is called 'layer9'"),
        ({"detail": "neurons"}, ValueError, "detail='neurons' needs labels such as layer1"),
        ({"detail": "layers"}, ValueError, "detail='layers' needs labels such as layer1"),
    ],
)
def test_bad_arguments_are_refused(arguments, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}"):
        draw(Value(1.0, "a") * 2.0, **arguments)


@pytest.mark.parametrize("given", [1.0, None, "y", [Value(1.0)]])
def test_only_a_value_can_be_drawn(given):
    with pytest.raises(TypeError, match=r"^draw needs the Value"):
        draw(given)


def test_a_chain_is_a_column_with_its_middle_rolled_up():
    picture = draw(chain(20_000))
    assert len(boxes(picture)) == 6
    assert "× 19,995" in picture.source
    assert "19,995 times *" in picture.source
    assert "20,001 values in 7 boxes" in legend(picture)
    assert picture.width() < 300
    blank = draw(chain(100), hide=["data", "grad"]).source
    assert "× 95" in blank
    assert number(1.0001**50) not in blank


def test_where_arrows_meet_the_box_says_the_sum():
    x = Value(3.0, "x")
    y = x * x * x + 2.0 * x
    y.backward()
    assert boxes(draw(y))["n0"][2] == "grad 9 + 2 + 9 + 9 = 29"
    taken = [number(step.term) for step in steps(y) if step.operand is x]
    assert boxes(draw(y))["n0"][2] == f"grad {' + '.join(taken)} = 29"
    assert boxes(draw(y, hide="grad"))["n0"][2] == "grad ____"
    y.backward()
    assert boxes(draw(y))["n0"][2] == "grad 58"
    many = total([x, 2.0 * x, 3.0 * x, 4.0 * x, 5.0 * x])
    x.grad = 0.0
    many.backward()
    [line] = [lines[2] for lines in boxes(draw(many)).values() if lines[0] == "x"]
    taken = [number(step.term) for step in steps(many) if step.operand is x]
    assert line == f"grad {taken[0]} + {taken[1]} + … + {taken[-1]} = 15"
    assert len({*taken}) == 5


def test_the_lines_to_constants_point_nowhere():
    line = re.search(r"^\tc1_1 -> n1 \[(.*)\]$", draw(Value(1.0) * 2.0).source, re.M)[1]
    assert attribute("dir", line) == "none"


def test_without_a_legend_nothing_stands_below():
    picture = draw(neuron()[0], legend=False)
    assert "label=" not in re.sub(r"\[.*?\]", "", picture.source)
    assert "thickness" not in picture.svg()


def test_direction_is_as_asked():
    assert "rankdir=LR" in draw(Value(1.0) * 2.0, direction="LR").source
    assert "rankdir=TB" in draw(Value(1.0) * 2.0).source
    assert "rankdir=LR" in draw(network(4, 1), detail="neurons").source
    assert "rankdir=TB" in draw(network(4, 4, 4, 1)).source  # too wide from left to right


@pytest.mark.parametrize("detail", ["full", "layers"])
def test_without_the_graphviz_package_a_picture_is_the_same_text(monkeypatch, detail):
    y = network(3, 2, 1)
    complete = draw(y, detail=detail)
    monkeypatch.setitem(sys.modules, "graphviz", None)
    monkeypatch.delitem(sys.modules, "autograd_mini.view.render", raising=False)
    picture = draw(y, detail=detail)
    assert (str(picture), picture.mermaid()) == (str(complete), complete.mermaid())
    assert (picture.nodes, picture.arrows) == (complete.nodes, complete.arrows)


def test_without_the_graphviz_package_a_drawing_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    monkeypatch.delitem(sys.modules, "autograd_mini.view.render", raising=False)
    picture = draw(Value(1.0) * 2.0)
    for makes in (picture.svg, picture.pipe, lambda: picture.source, lambda: picture.render("x")):
        with pytest.raises(ModuleNotFoundError, match=r"^draw needs the package graphviz: "):
            makes()
    with pytest.raises(ModuleNotFoundError, match=r"^draw needs the package graphviz: "):
        worksheet(Value(1.0) * 2.0, tmp_path / "sheet.html")
    assert not list(tmp_path.iterdir())


def test_scale_and_tint_tell_sizes_apart():
    scale = Scale([1000.0, 1.0, math.inf])
    sizes = [scale(x) for x in (0.0, 1e-9, 15.0, -50.0, 1000.0, math.inf)]
    assert sizes == sorted(set(sizes))
    assert scale(math.nan) == scale(math.inf) == 1.0
    assert tint("#000000", 1) == "#999999"
    assert tone(-math.inf).name == "alarm"


SOURCE = """digraph {
	bgcolor=white fontcolor="#57606a" fontname=Helvetica fontsize=11 labeljust=l labelloc=b \
newrank=true nodesep=0.25 pad=0.6 rankdir=TB ranksep=0.5
	node [fontname=Helvetica fontsize=11 height=0.3 shape=box style=filled]
	edge [arrowsize=0.65 color="#c3c8cd" dir=back fontname=Helvetica fontsize=10 weight=2]
	n4 [label="v2 = m.out·2.5\\ndata 2.500\\ngrad 1" class="computed positive" \
color="#57606a" fillcolor="#a8cfe5" fontcolor="#1b1f24" id=n4 margin="0.14,0.06" penwidth=1 \
tooltip="v2 = m.out·2.5 ≈ 2.500\\n∂L/∂v2 = 1"]
	c4_1 [label=2.5 class=constant fontcolor="#57606a" height=0 id=c4_1 margin="0.05,0.02" \
shape=plaintext style=""]
	n5 [label="far\\ndata 1\\ngrad 2.718" class="input dim leaf" color="#d0d7de" \
fillcolor="#ffffff" fontcolor="#6e7781" id=n5 margin="0.14,0.06" penwidth=1 \
style="filled,rounded" tooltip="far = 1\\n∂L/∂far ≈ 2.718"]
	n6 [label="v3 = exp(far)\\ndata 2.718\\ngrad 1" class="computed dim" color="#d0d7de" \
fillcolor="#ffffff" fontcolor="#6e7781" id=n6 margin="0.14,0.06" penwidth=1 tooltip="v3 = \
exp(far) ≈ 2.718\\n∂L/∂v3 = 1"]
	n7 [label="L = v2 + v3\\ndata 5.218\\ngrad 1" class="computed positive output" \
color="#57606a" fillcolor="#a8cfe5" fontcolor="#1b1f24" id=n7 margin="0.14,0.06" \
penwidth=2.5 tooltip="L = v2 + v3 ≈ 5.218\\n∂L/∂L = 1"]
	subgraph cluster_0 {
		color="#d0d7de" fillcolor="#f6f8fa" fontcolor="#57606a" label=m labeljust=l \
labelloc=t margin=10 style="rounded,filled"
		n3 [label="out = tanh(v1)\\ndata 1.000\\ngrad 2.5" class="computed positive" \
color="#57606a" fillcolor="#9ac7e1" fontcolor="#1b1f24" id=n3 margin="0.14,0.06" penwidth=1 \
tooltip="m.out = tanh(v1) ≈ 1.000\\n∂L/∂m.out = 2.5"]
	}
	{
		rank=same
		n3 -> n5 [dir=none style=invis]
	}
	{
		rank=same
		n4 -> n6 [dir=none style=invis]
	}
	n3:_ -> n4:_ [label="&#160;&#160;① 1 × 2.5&#160;&#160;\\l&#160;&#160;= \
2.5&#160;&#160;\\l" class="positive way1" color="#0072b2" fontcolor="#0072b2" id=e4_0 \
penwidth=3.8 style=solid tooltip="∂L/∂m.out += ∂L/∂v2 · ∂v2/∂m.out\\n∂v2/∂m.out = 2.5\\n1 × \
2.5 = 2.5"]
	n5:_ -> n6:_ [label="&#160;&#160;1 × 2.718&#160;&#160;\\l&#160;&#160;= \
2.718&#160;&#160;\\l" class=dim color="#c3c8cd" fontcolor="#6e7781" id=e6_0 penwidth=1.2 \
style=solid tooltip="∂L/∂far += ∂L/∂v3 · ∂v3/∂far\\n∂v3/∂far = v3 ≈ 2.718\\n1 × 2.718 = 2.718"]
	n4:_ -> n7:_ [label="&#160;&#160;① 1 × 1&#160;&#160;\\l&#160;&#160;= 1&#160;&#160;\\l" \
class="positive way1" color="#0072b2" fontcolor="#0072b2" id=e7_0 penwidth=3.4 style=solid \
tooltip="∂L/∂v2 += ∂L/∂L · ∂(v2 + v3)/∂v2\\n∂(v2 + v3)/∂v2 = 1\\n1 × 1 = 1"]
	n6:_ -> n7:_ [label="&#160;&#160;1 × 1&#160;&#160;\\l&#160;&#160;= 1&#160;&#160;\\l" \
class=dim color="#c3c8cd" fontcolor="#6e7781" id=e7_1 penwidth=1.2 style=solid \
tooltip="∂L/∂v3 += ∂L/∂L · ∂(v2 + v3)/∂v3\\n∂(v2 + v3)/∂v3 = 1\\n1 × 1 = 1"]
	c4_1 -> n4 [class=constant color="#c3c8cd" dir=none id=e4_1 penwidth=0.8 weight=1]
	more [label="3 more values" class=more id=more shape=plaintext style=""]
	more -> n3 [class=more dir=none style=dotted]
}
"""


def test_the_whole_source_of_a_small_picture():
    w, x = Value(2.0, "m.w1"), Value(3.0, "x")
    y = labelled((w * x).tanh(), "m.out") * 2.5 + Value(1.0, "far").exp()
    y.backward()
    source = draw(y, detail="full", depth=2, legend=False, why=w).source
    assert source.splitlines() == SOURCE.splitlines()


# Micrograd's own drawing code


def trace(root):
    """List nodes and edges, letter for letter as micrograd's notebook does."""
    nodes, edges = set(), set()

    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)

    build(root)
    return nodes, edges


def draw_dot(root):
    """Draw a graph as micrograd's notebook does."""
    dot = graphviz.Digraph(format="svg", graph_attr={"rankdir": "LR"})
    nodes, edges = trace(root)
    for n in nodes:
        uid = str(id(n))
        label = f"{{ {n.label} | data {n.data:.4f} | grad {n.grad:.4f} }}"
        dot.node(name=uid, label=label, shape="record")
        if n._op:
            dot.node(name=uid + n._op, label=n._op)
            dot.edge(uid + n._op, uid)
    for n1, n2 in edges:
        dot.edge(str(id(n1)), str(id(n2)) + n2._op)
    return dot


def test_the_drawing_code_of_micrograd_draws_a_graph():
    a, b = Value(2.0, "a"), Value(-3.0, "b")
    y = (a * b + a * a + 1).tanh()
    source = draw_dot(y).source
    assert source.count("shape=record") == 7
    assert sorted(re.findall(r"label=\"?([*+]|tanh)\"?\]", source)) == ["*", "*", "+", "+", "tanh"]
    assert (a._prev, a._op, y._op, y.operands[0]._prev) == (
        set(),
        "",
        "tanh",
        {*y.operands[0].operands[:1]},
    )
    with pytest.raises(AttributeError, match=r"^property '_prev' of 'Value' object has no setter"):
        y._prev = set()


def test_no_line_of_the_legend_leans_on_spaces_that_svg_does_not_keep():
    loss = network(4, 4, 1)
    assert len(draw(loss).legend) > 3
    assert [line for line in draw(loss).legend if "   " in line] == []
