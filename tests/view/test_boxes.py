"""What stands in a box of several values, and how wide the margins and the room are."""

import re

import pytest

from autograd_mini import Value, sqrt, total
from autograd_mini.nn import MLP
from autograd_mini.view.boxes import Card, tell_operations
from autograd_mini.view.captions import Given
from autograd_mini.view.draw import draw, draw_fitting
from autograd_mini.view.options import Options
from autograd_mini.view.style import ALARM, POSITIVE
from tests.pictures import chain, labelled


def lines_of(picture):
    """Return the lines of the boxes of several values."""
    return [card.lines for card in picture.drawing.cards.values() if card.kind == "group"]


def model(activation, *sizes):
    return MLP(2, [*sizes], activation, seed=1)([Value(0.5, "x1"), Value(1.0, "x2")])


def blocks(first=2, second=3):
    """Return a value of three modules inside one another: a block of two parts with units."""
    outs = []
    for part, unit in [(1, i + 1) for i in range(first)] + [(2, i + 1) for i in range(second)]:
        w, x = Value(1.0 + unit, f"block.part{part}.unit{unit}.w1"), Value(0.1, "x")
        outs.append(labelled((w * x).tanh(), f"block.part{part}.unit{unit}.out"))
    y = labelled(total(outs).exp(), "block.y")
    y.backward()
    return y


def two_exits(sign=1.0):
    """Return a value that reads two results of one module, which has no parameters."""
    u, v = (labelled(Value(i, f"m.a{i}") * sign, f"m.{name}") for i, name in ((1, "u"), (2, "v")))
    y = u * v + u / v
    y.backward()
    return y


def test_a_module_tells_its_result_its_modules_and_the_gradients_of_its_parameters():
    y = model("relu", 3, 1)
    assert lines_of(draw(y, detail="layers")) == [
        ["layer2", "out 0.2117", "4 parameters"],
        ["layer1", "3 neurons", "9 parameters", "relu off: 2 of 3"],
    ]
    y.backward()
    assert lines_of(draw(y, detail="layers")) == [
        ["layer2", "out 0.2117", "grad 1", "4 parameters, rms grad 0.5756"],
        ["layer1", "3 neurons", "9 parameters, rms grad 0.1857", "relu off: 2 of 3"],
    ]
    assert lines_of(draw(y, detail="layers", hide=["data", "grad", "partials"])) == [
        ["layer2", "out ____", "grad ____", "4 parameters, rms grad ____"],
        ["layer1", "3 neurons", "9 parameters, rms grad ____"],
    ]


def test_a_module_tells_how_many_modules_it_holds_if_they_are_several():
    inner = lines_of(draw(blocks(), detail="neurons"))
    assert [lines[0] for lines in inner] == [
        "unit1",
        "x",
        "unit2",
        "unit1",
        "unit2",
        "unit3",
        "block",
    ]
    assert inner[0][3].startswith("1 parameter, rms grad ")
    assert [lines[:-1] for lines in lines_of(draw(blocks(), detail="layers"))] == [
        ["part1", "2 units"],
        ["x"],
        ["part2", "3 units"],
        ["block", "out 3.886"],
    ]
    [block, others] = lines_of(draw(blocks(), max_nodes=4))
    assert block[:2] == ["block", "2 parts"]
    assert block[2].startswith("5 parameters, rms grad ")
    assert others == ["x", "5 values"]


def test_a_module_of_more_than_eight_modules_is_one_box_and_only_that():
    found = {
        tuple(lines[:2]) if lines[1].endswith("units") else lines[0]
        for lines in lines_of(draw(blocks(9, 2), max_nodes=20, widest=9999.0))
    }
    assert found == {("part1", "9 units"), "unit1", "unit2", "x", "block"}
    eight = lines_of(draw(blocks(8, 2), max_nodes=20, widest=9999.0))
    assert sorted(lines[0] for lines in eight if "unit" in lines[0]) == [
        *["unit1", "unit1", "unit2", "unit2"],
        *(f"unit{i}" for i in range(3, 9)),
    ]


def test_modules_are_written_before_other_boxes():
    picture = draw(model("tanh", 2, 1) * 2.0, detail="layers")
    assert "".join(card.key[0] for card in picture.drawing.whole.cards) == "mmnnn"


def test_a_group_without_parameters_or_a_single_result_tells_its_operations():
    assert lines_of(draw(two_exits(), detail="layers")) == [["m", "4 values", "2 times *"]]
    first = Value(2.0, "m.w1") * Value(3.0, "x")
    y = labelled(first, "m.u") + labelled(first.tanh(), "m.v")
    assert lines_of(draw(y, detail="layers")) == [["m", "1 parameter"]]


def test_a_rolled_chain_tells_of_its_numbers_those_that_are_not_hidden():
    title = ["× 15", "v3 … v17", "15 times *"]
    data, grad = "data 1.000 … 1.002", "grad 1.002 … 1.000"
    told = {"": [data, grad], "data": [grad], "grad": [data], "partials": [data, grad]}
    for hidden, numbers in told.items():
        picture = draw(chain(20), max_nodes=8, hide=[hidden] if hidden else [])
        assert lines_of(picture) == [[*title, *numbers]]


def test_of_the_operations_of_several_values_the_three_commonest_are_told():
    a = Value(2.0, "a")
    three = [a, a * 2.0, a.tanh(), a * a, a.exp()]
    assert tell_operations(three) == "2 times *, 1 time tanh, 1 time exp"
    assert tell_operations([*three, a.sin()]) == "2 times *, 1 time tanh, 1 time exp, …"
    assert tell_operations([a * 2.0] * 1000) == "1,000 times *"
    assert tell_operations([a]) == ""


@pytest.mark.parametrize(
    ("title", "classes", "margin"),
    [
        (20, ["leaf"], "0.24,0.06"),
        (20, ["output", "module"], "0.24,0.06"),
        (20, ["output"], "0.14,0.06"),
        (10, ["leaf"], "0.19,0.06"),
        (9, ["leaf"], "0.14,0.06"),
    ],
)
def test_the_margin_grows_with_a_title_that_is_bold_and_the_longest_line(title, classes, margin):
    card = Card("n0", "input", ["x" * title, "data 1.234"], "", POSITIVE, 1.0, classes)
    assert card.margin == margin
    wider = card._replace(look=ALARM).margin
    assert float(wider.partition(",")[0]) == pytest.approx(float(margin[:4]) + 0.06)


def test_a_sum_tells_the_terms_of_one_operation_in_the_order_of_its_operands():
    x = Value(4.0, "x")
    y = x / x
    y.backward()
    [lines, _] = [card.lines for card in draw(y).drawing.cards.values()]
    assert lines == ["x", "data 4", "grad 0.25 + (-0.25) = 0"]


def test_a_tooltip_tells_how_many_values_a_module_has_but_on_a_page_nothing_early():
    y = model("relu", 3, 1)
    y.backward()
    cards = draw(y, detail="neurons").drawing.cards.values()
    assert [card.about for card in cards if card.kind == "group"] == [
        "layer2.neuron1: 5 values",
        *(f"layer1.neuron{i}: 5 values" for i in (1, 2, 3)),
    ]
    given = Given(is_page=True, grads={})
    on_page = draw_fitting(y, Options.of(detail="neurons"), given)
    assert {card.about for card in on_page.drawing.cards.values()} == {""}
    assert {*re.findall(r'tooltip="?(.*?)"?[] ]', on_page.source)} == {""}


def looks_of(picture):
    return [card.look.name for card in picture.drawing.cards.values() if card.kind == "group"]


def test_a_group_looks_like_the_gradients_of_its_parameters_if_it_has_any():
    y = model("relu", 3, 1)
    assert looks_of(draw(y, detail="layers")) == ["blank", "blank"]
    y.backward()
    assert looks_of(draw(y, detail="neurons")) == ["module", "module", "zero", "zero"]
    assert looks_of(draw(y, detail="neurons", hide="grad")) == ["blank"] * 4
    assert looks_of(draw(two_exits(), detail="layers")) == ["blank"]


def test_where_a_partial_does_not_exist_and_is_not_needed_its_term_is_0():
    x = Value(0.0, "x")
    y = sqrt(x).maximum(1.0) + x
    y.backward()
    picture = draw(y)
    [lines] = [card.lines for card in picture.drawing.cards.values() if card.lines[0] == "x"]
    assert lines == ["x", "data 0", "grad 1 + 0 = 1"]
    totals = {arrow.first[0].op.name: arrow.total for arrow in picture.drawing.arrows.all}
    assert totals == {"sqrt": 0.0, "maximum": 0.0, "+": 1.0}
