"""Style: what a picture asks of Graphviz is what Graphviz knows, and every look has its rule."""

import math
import re

import pytest

from autograd_mini import Value
from autograd_mini.view import arrows, frames, plot, style
from autograd_mini.view.captions import Given
from autograd_mini.view.draw import draw, draw_fitting
from autograd_mini.view.files import read_resource
from autograd_mini.view.options import Options
from tests.pictures import chain, network, neuron

COLOUR = "#[0-9a-f]{6}"
SIZE = r"\d+(\.\d+)?"
SIDE = "[trbl]"
# What may stand behind each attribute, as the reference of Graphviz has it.
ATTRIBUTES = {
    **dict.fromkeys(["color", "fillcolor", "fontcolor"], COLOUR),
    **dict.fromkeys(["arrowsize", "fontsize", "height", "width", "penwidth", "weight"], SIZE),
    **dict.fromkeys(["nodesep", "ranksep", "pad", "nslimit", "nslimit1", "mclimit"], SIZE),
    **dict.fromkeys(["label", "tooltip", "id"], ".*"),
    **dict.fromkeys(["labelloc", "labeljust"], SIDE),
    "bgcolor": "white",
    "class": r"\w[\w -]*",
    "dir": "back|forward|none",
    "fontname": "Helvetica",
    "margin": f"{SIZE}(,{SIZE})?",
    "newrank": "true",
    "peripheries": r"\d",
    "rank": "same",
    "rankdir": "TB|LR|BT|RL",
    "shape": "box|plaintext",
    "splines": "line",
    "style": r"|((filled|rounded|solid|dashed|dotted|invis)(,|$))+",
}
GIVEN = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|[^\s\]]+)')


def pictures():
    """Yield pictures that have, together, everything that a picture can have."""
    loss, v = neuron()
    dead, bad = Value(-1.0, "w").relu(), Value(math.nan, "u") * 2.0
    dead.backward()
    bad.backward()
    yield from (draw(loss), draw(loss, why=v["w1"], parameters=[v["b"]], direction="LR"))
    yield from (draw(dead), draw(bad), draw(Value(1.0, "a") * 2.0), draw(chain(50)))
    yield from (draw(network(4, 1), detail=detail) for detail in ("full", "neurons", "layers"))
    yield from (draw(network(*[1] * 12), max_nodes=8), draw(network(8, 8, 1), detail="full"))
    yield draw_fitting(loss, Options.of(), Given(is_page=True))


@pytest.fixture(scope="module")
def given():
    """Every attribute in pictures with its text."""
    return {
        (name, text.strip('"')) for made in pictures() for name, text in GIVEN.findall(made.source)
    }


def test_every_attribute_of_a_picture_is_one_that_graphviz_knows(given):
    unknown = [x for x in given if not re.fullmatch(ATTRIBUTES.get(x[0], "(?!)"), x[1], re.S)]
    assert unknown == []
    assert {*ATTRIBUTES} - {name for name, _ in given} == set()


def test_every_attribute_in_the_tables_is_one_that_graphviz_knows():
    tables = [x for x in vars(style).values() if isinstance(x, dict)]
    tables = [x for x in tables if all(isinstance(text, str) for text in x.values())]
    assert len(tables) > 8
    for table in (*tables, *style.SHAPES.values()):
        for name, text in table.items():
            assert re.fullmatch(ATTRIBUTES[name], text), (name, text)


def test_every_class_in_a_picture_has_a_rule_or_tells_a_kind(given):
    css = read_resource("picture.css") + read_resource("page.css")
    rules = {*re.findall(r"\.([a-z][\w-]*)", css)}
    kinds = {*style.SHAPES, "output", "way1", "way2", "way3"}  # styles of Graphviz, told apart
    used = {word for name, text in given if name == "class" for word in text.split()}
    assert used - rules - kinds == set()
    ways = [stroke.kind for stroke in arrows.STROKES]
    assert ways == [f"way{i}" for i in range(1, len(ways) + 1)]
    assert {*ways} - kinds <= rules
    assert [stroke.style for stroke in arrows.STROKES[:3]] == ["solid", "dashed", "dotted"]
    assert {stroke.style for stroke in arrows.STROKES[3:]} == {"solid"}  # dashed by the sheet
    assert len({stroke.sample for stroke in arrows.STROKES}) == len(ways)
    assert {len(stroke.sample) for stroke in arrows.STROKES} == {4}


def test_every_colour_is_a_hash_and_six_hexadecimal_digits():
    tones = [x for x in vars(style).values() if isinstance(x, style.Tone)]
    colours = [style.INK, style.MUTED, style.FRAME, style.FAINT, style.PAPER, style.HALO, style.RIM]
    colours += [x for tone in tones for x in (tone.colour, tone.text, tone.frame, tone.fill) if x]
    colours += [plot.GRID, *(hue for hue, _, _ in plot.LOOKS), *frames.AREA_FILLS.values()]
    assert len(tones) == 7
    assert [x for x in colours if not re.fullmatch(COLOUR, x)] == []


def test_the_colours_in_a_picture_are_those_of_its_style_sheet():
    sheet = dict(re.findall(r"--(\w+):(#\w+)", read_resource("picture.css").split("@media")[0]))
    for tone in style.TONES.values():
        assert sheet[tone.name] == tone.colour
    assert (sheet["muted"], sheet["frame"]) == (style.MUTED, style.FRAME)
    assert (sheet["halo"], sheet["rim"]) == (style.HALO, style.RIM)


def test_dashes_tell_the_signs_apart_also_where_colours_do_not():
    lines = [tone.line for tone in (style.POSITIVE, style.NEGATIVE, style.ZERO)]
    assert lines == ["solid", "dashed", "dotted"]
    assert style.ALARM.line == "solid"
    margins = [tone.margin for tone in (style.POSITIVE, style.BLANK, style.ALARM)]
    assert 0.1 < margins[0] == margins[1] < margins[2] < 0.3  # of an inch
    assert float(style.ALARM.width) > 1


def test_an_arrow_on_which_text_would_be_too_pale_has_text_of_its_own_colour():
    for tone in (*style.TONES.values(), style.DIM):
        assert contrast(tone.on_arrow) >= 4.5
        assert contrast(tone.text, tone.tinted(1.0)) >= 4.5


def contrast(text, ground=style.PAPER):
    """Return how much a text stands out, as the guidelines for web content define it."""
    dark, light = sorted(map(luminance, (text, ground)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_sizes_fall_evenly_over_three_decades_down_to_a_twentieth():
    scale = style.Scale([1000.0, -1.0])
    assert [scale(10.0**k) for k in (3, 2, 1)] == pytest.approx([1, 2 / 3, 1 / 3])
    assert [scale(x) for x in (1.0, -1e-300)] == [0.05, 0.05]
    assert style.Scale([math.inf, 10.0])(10.0) == pytest.approx(2 / 3)
    assert (style.Scale([])(1.0), style.Scale([1e308, math.inf]).top) == (
        1.0,
        1.7976931348623157e308,
    )


def test_a_tint_goes_evenly_from_white_towards_its_colour():
    assert style.tint("#0080ff", 0) == "#ffffff"
    assert style.tint("#0080ff", 1) == "#99ccff"
    assert style.tint("#0080ff", 0.5) == "#cce6ff"
    assert style.tint("#000000", 1 / style.DEPTH) == "#000000"
