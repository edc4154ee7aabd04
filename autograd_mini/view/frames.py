"""Frames: what is added to an SVG after Graphviz has placed its boxes.

Graphviz would order modules in frames as it likes. So boxes are placed without them, and an area
is laid behind those of a module afterwards: a row of boxes after the other, and what lies between.
The legend is written below, in lines as long as the picture is wide.
"""

import html
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from textwrap import wrap

from autograd_mini.view.drawing import ModuleFrame
from autograd_mini.view.places import LETTER, Ground, Place, Point, place_line, union
from autograd_mini.view.text import visible

SIZE = re.compile(r'width="([\d.]+)pt" height="([\d.]+)pt"\s+viewBox="0.00 0.00 ([\d.]+) ([\d.]+)"')
PADDING, TITLE, RISE, STEP = 5.0, 13.0, 3.0, 8
LINE, MARGIN, NARROWEST = 14.0, 12.0, 260.0  # of the legend, in points


def size_of(svg: str) -> tuple[float, float]:
    """Return the width and the height of an SVG, in points."""
    found = SIZE.search(svg)
    return (float(found[3]), float(found[4])) if found else (0.0, 0.0)


def rows_of(places: Iterable[Place], sideways: bool) -> list[Place]:
    """Join the places that Graphviz put side by side, in one row or, *sideways*, one column."""
    rows: dict[int, list[Place]] = defaultdict(list)
    for place in places:
        centre = place.left + place.right if sideways else place.top + place.bottom
        rows[round(centre / 4)].append(place)
    return [union(row) for _, row in sorted(rows.items())]


def between(first: Place, second: Place, sideways: bool) -> list[Point]:
    """Return the corners of what joins two rows."""
    if sideways:
        corners = [(first.right, first.top), (second.left, second.top)]
        return [*corners, (second.left, second.bottom), (first.right, first.bottom)]
    corners = [(first.left, first.bottom), (first.right, first.bottom)]
    return [*corners, (second.right, second.top), (second.left, second.top)]


def corners_of(place: Place) -> list[Point]:
    """Return the corners of a place."""
    left, top, right, bottom = place
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def write_polygon(corners: Iterable[Point]) -> str:
    """Write an area."""
    return f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}"/>'


def framed(svg: str, frames: Sequence[ModuleFrame], sideways: bool) -> str:
    """Lay an area behind the boxes of each open module, and write its title over the arrows."""
    if not frames:
        return svg
    ground = Ground(svg)
    deepest = max(frame.depth for frame in frames)
    areas, titles = [], []
    for frame in sorted(frames, key=lambda frame: frame.depth):
        inside = [ground.boxes[key] for key in frame.ids if key in ground.boxes]
        if not inside:
            continue
        margin = PADDING * (1 + deepest - frame.depth)
        rows = [row.grown(margin) for row in rows_of(inside, sideways)]
        rows[0] = rows[0]._replace(top=rows[0].top - TITLE * (deepest - frame.depth))
        joints = [between(a, b, sideways) for a, b in itertools.pairwise(rows)]
        shapes = "".join(map(write_polygon, [*map(corners_of, rows), *joints]))
        kind = "odd" if frame.depth % 2 else "even"
        areas.append(f'<g class="frame {kind}" fill="{AREA_FILLS[kind]}">{shapes}</g>\n')
        titles.append(place_title(visible(frame.title), rows[0], ground))
    head, tail = svg.index(">", svg.index('<g id="graph0"')) + 1, svg.rindex("</g>")
    return f"{svg[:head]}\n{''.join(areas)}{svg[head:tail]}{''.join(titles)}{svg[tail:]}"


def place_title(title: str, row: Place, ground: Ground) -> str:
    """Write the title of a module over its first row, where no label of an arrow stands."""
    first = place_line(row.left, row.top - RISE, title)
    across = range(0, math.floor(row.right - first.right), STEP)
    free = (x for x in across if not any(map(first.moved(x, 0).overlaps, ground.labels.values())))
    left = row.left + next(free, 0)
    return (
        f'<text class="title" x="{left:.1f}" y="{row.top - RISE:.1f}">{html.escape(title)}</text>\n'
    )


AREA_FILLS = {"odd": "#f0f3f6", "even": "#e4e9ee"}


def explained(svg: str, lines: Sequence[str]) -> str:
    """Write the legend below a picture, no wider than the picture."""
    width, height = size_of(svg)
    if not lines or not width:
        return svg
    room = max(width, NARROWEST)
    told = fit_lines(lines, room)
    total = height + LINE * len(told) + MARGIN / 2
    written = "".join(
        f'<text x="{MARGIN:g}" y="{height + LINE * (i + 0.6):.1f}">{html.escape(line)}</text>\n'
        for i, line in enumerate(told)
    )
    size = f'width="{room:.0f}pt" height="{total:.0f}pt" viewBox="0.00 0.00 {room:.2f} {total:.2f}"'
    whole = SIZE.sub(size, svg)
    end = whole.rindex("</svg>")
    return f'{whole[:end]}<g class="legend" fill="#57606a">\n{written}</g>\n{whole[end:]}'


def fit_lines(lines: Sequence[str], width: float) -> list[str]:
    """Wrap lines such that each fits into a width in points; no word is lost.

    >>> fit_lines(["blue: positive     grey: zero"], 100.0)
    ['blue: positive', '  grey: zero']
    """
    letters = max(16, math.floor((width - 2 * MARGIN) / LETTER))
    return [visible(part) for line in lines for part in wrap(line, letters, subsequent_indent="  ")]
