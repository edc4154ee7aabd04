"""What is laid into a picture after its boxes are placed: areas, titles, and the legend below."""

import re
from types import SimpleNamespace

import pytest

from autograd_mini.view.frames import explained, fit_lines, framed, size_of

CORNERS = [(0, 1), (2, 1), (2, 3), (0, 3)]
AREA = re.compile(r'<g class="frame (\w+)" fill="[^"]*">(.*?)</g>')
TITLE = re.compile(r'<text class="title" x="([^"]*)" y="([^"]*)">([^<]*)</text>\n')


def picture(boxes, labels=(), size=(300, 200)):
    """Write an SVG as Graphviz does, of boxes by their sides and labels by where they begin."""
    parts = [
        f'<g id="{key}" class="node">\n<polygon fill="none" points="'
        + " ".join(f"{sides[i]},{sides[j]}" for i, j in CORNERS)
        + '"/>\n</g>\n'
        for key, sides in boxes.items()
    ]
    parts += [
        f'<g id="e{i}" class="edge">\n<text x="{x}" y="{y}">{text}</text>\n</g>\n'
        for i, (x, y, text) in enumerate(labels)
    ]
    width, height = size
    head = (
        f'<svg width="{width}pt" height="{height}pt"\n viewBox="0.00 0.00 {width}.00 {height}.00"'
    )
    return f'{head}>\n<g id="graph0" class="graph">\n{"".join(parts)}</g>\n</svg>\n'


def frame(title, depth, *keys):
    """Return what is asked of the frame of a module."""
    return SimpleNamespace(title=title, depth=depth, ids={*keys})


def areas_of(svg):
    """Read which kind each area is of, and the corners of its parts."""
    read = [(kind, re.findall('points="([^"]*)"', parts)) for kind, parts in AREA.findall(svg)]
    return [
        (kind, [[tuple(map(float, x.split(","))) for x in part.split()] for part in parts])
        for kind, parts in read
    ]


def corners(left, top, right, bottom):
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


BOXES = {"n0": (40, 40, 80, 60), "n1": (20, 100, 60, 120), "n2": (100, 101, 140, 119)}


def test_an_area_is_a_row_after_the_other_and_what_joins_them_and_an_outer_one_has_more_room():
    frames = [frame("inner", 2, "n1", "n2"), frame("gone", 1, "n9"), frame("outer", 1, *BOXES)]
    outer, inner = areas_of(framed(picture(BOXES), frames, sideways=False))
    rows = [corners(30, 17, 90, 70), corners(10, 90, 150, 130)]  # 13 above for a title
    assert outer == ("odd", [*rows, [(30, 70), (90, 70), (150, 90), (10, 90)]])
    assert inner == ("even", [corners(15, 95, 145, 125)])


def test_sideways_an_area_is_a_column_after_the_other():
    turned = {key: (b, a, d, c) for key, (a, b, c, d) in BOXES.items()}
    [(kind, parts)] = areas_of(framed(picture(turned), [frame("m", 1, *turned)], sideways=True))
    assert kind == "odd"
    assert parts == [
        corners(35, 35, 65, 85),
        corners(95, 15, 125, 145),
        [(65, 35), (95, 15), (95, 145), (65, 85)],
    ]


def test_areas_lie_behind_all_else_and_titles_over_it():
    svg = framed(picture(BOXES), [frame("<b>", 1, *BOXES)], sideways=False)
    order = ['<g id="graph0"', '<g class="frame', '<g id="n0"', '<g id="n2"', "&lt;b&gt;", "</svg>"]
    assert [svg.index(x) for x in order] == sorted(svg.index(x) for x in order)
    bare = re.sub(r"\n<g class=\"frame.*?</g>\n", "", svg, flags=re.S)
    assert TITLE.sub("", bare) == picture(BOXES)
    assert framed(picture(BOXES), [], sideways=False) == picture(BOXES)


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ([], 15.0),
        ([(-20, 92, "label")], 15.0),
        ([(10, 92, "abc")], 31.0),
        ([(10, 92, "abc"), (55, 92, "abc")], 79.0),
        ([(i, 92, "label") for i in range(10, 170, 20)], 15.0),
        ([(10, 92, "x" * 18)], 111.0),
        ([(10, 103.9, "abc")], 31.0),
        ([(10, 104, "abc")], 15.0),
        ([(10, 80.1, "abc")], 31.0),
        ([(10, 80, "abc")], 15.0),
        ([(10, 92, "x" * 19)], 15.0),
    ],
)
def test_a_title_stands_on_its_area_at_the_first_place_without_a_label(taken, left):
    svg = framed(picture(BOXES, taken), [frame("title", 1, "n1", "n2")], sideways=False)
    assert TITLE.findall(svg) == [(f"{left}", "92.0", "title")]


def test_a_legend_stands_below_its_picture_in_lines_as_wide_as_that():
    given = picture(BOXES, size=(300, 200))
    svg = explained(given, ["a < b", "c"])
    assert '<svg width="300pt" height="234pt" viewBox="0.00 0.00 300.00 234.00"' in svg
    below = '<g class="legend" fill="#57606a">\n<text x="12" y="208.4">a &lt; b</text>\n'
    assert svg.endswith(f'</g>\n{below}<text x="12" y="222.4">c</text>\n</g>\n</svg>\n')
    assert explained(given, []) == given
    assert explained("<svg></svg>", ["a"]) == "<svg></svg>"
    narrow = explained(picture(BOXES, size=(100, 50)), ["a"])
    assert 'width="260pt" height="70pt" viewBox="0.00 0.00 260.00 70.00"' in narrow
    assert [size_of(x) for x in (narrow, "<svg>")] == [(260.0, 70.0), (0.0, 0.0)]


def test_a_line_of_a_legend_has_as_many_letters_as_are_sure_to_fit_and_no_fewer_than_sixteen():
    assert fit_lines(["x" * 50], 280.0) == ["x" * 45, "  xxxxx"]  # 12 points free on each side
    assert fit_lines(["x" * 50], 281.7) == ["x" * 46, "  xxxx"]
    assert fit_lines(["x" * 20], 20.0) == ["x" * 16, "  xxxx"]
    assert fit_lines(["a\nb \x07c"], 280.0) == ["a b  c"]
