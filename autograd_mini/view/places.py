"""Places: where the boxes, arrows and labels are in an SVG that Graphviz has drawn.

>>> Place(0, 0, 9, 9).overlaps(Place(8, 8, 20, 20)), Place(0, 0, 9, 9).overlaps(Place(9, 0, 12, 9))
(True, False)
"""

import html
import itertools
import math
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, Self

Point = tuple[float, float]

EACH_PART = re.compile(r'(?=<g id="[^"]*" class="(?:node|edge)[ "]|<(?:text|g) class=)')
PART = re.compile(r'<g id="([^"]*)" class="(node|edge)')
SHAPE = re.compile(r'<(?:polygon|path|ellipse)[^>]*? (?:points|d)="([^"]*)"')
TEXT = re.compile(r'<text [^>]*?\bx="([^"]*)" y="([^"]*)"[^>]*>([^<]*)</text>')
ANCHORED = 'text-anchor="middle"'
COORDINATE = re.compile(r"-?\d+(?:\.\d+)?")
LETTER, ASCENT, DESCENT = 5.6, 9.0, 3.0  # of a text, in points: wide enough for every font
NEAR = 6.0  # points between two that are looked at on an arrow


class Place(NamedTuple):
    """Where something is: its sides, y growing downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def grown(self, by: float) -> Self:
        """Return the place with a margin around it."""
        left, top, right, bottom = self
        return type(self)(left - by, top - by, right + by, bottom + by)

    def moved(self, x: float, y: float) -> Self:
        """Return the place so far to the right and so far down."""
        left, top, right, bottom = self
        return type(self)(left + x, top + y, right + x, bottom + y)

    def overlaps(self, other: "Place") -> bool:
        """Tell whether two places have more than a side in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, point: Point) -> bool:
        """Tell whether a point is inside."""
        return self.left < point[0] < self.right and self.top < point[1] < self.bottom


class Track:
    """An arrow: where its label is, if it has one, and points along its line."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.label = find_text(part)

    @cached_property
    def points(self) -> list[Point]:
        """Points along its line, found when they are asked for."""
        return follow(self.part)


def union(places: Iterable[Place]) -> Place:
    """Return the smallest place that holds several."""
    lefts, tops, rights, bottoms = zip(*places, strict=True)
    return Place(min(lefts), min(tops), max(rights), max(bottoms))


def find_places(svg: str) -> dict[str, Place]:
    """Return where each box is, by its id; a bare number has no sides, and is where its text is."""
    return read_parts(svg)[0]


def read_parts(svg: str) -> tuple[dict[str, Place], dict[str, Track]]:
    """Return where each box is, and each arrow, by their ids."""
    boxes: dict[str, Place] = {}
    arrows: dict[str, Track] = {}
    for part in EACH_PART.split(svg):
        found = PART.match(part)
        if found and found[2] == "edge":
            arrows[found[1]] = Track(part)
        elif found and (place := place_of(part)):
            boxes[found[1]] = place
    return boxes, arrows


def place_of(part: str) -> Place | None:
    """Return where the shapes of a box are, or where its text is if it has no shape."""
    points = [point for shape in SHAPE.findall(part) for point in read_points(shape)]
    return union(Place(x, y, x, y) for x, y in points) if points else find_text(part)


def find_text(part: str) -> Place | None:
    """Return where the lines of text of a box or of an arrow are; None where there are none."""
    lines = [
        place_line(float(x), float(y), html.unescape(text), ANCHORED in part)
        for x, y, text in TEXT.findall(part)
        if html.unescape(text).strip()
    ]
    return union(lines) if lines else None


def place_line(x: float, y: float, text: str, is_centred: bool = False) -> Place:
    """Return where a line of text is, of which a point is known, without the spaces around it.

    Where behind it there are more of them than before it, these are room for a longer text.
    """
    start = x - len(text) * LETTER / 2 if is_centred else x
    gap = len(text) - len(text.lstrip())
    start += gap * LETTER / 2  # a space is half as wide
    room = max(0, len(text) - len(text.rstrip()) - gap)
    width = (len(text.strip()) + room / 2) * LETTER
    return Place(start, y - ASCENT, start + width, y + DESCENT)


def read_points(shape: str) -> list[Point]:
    """Return the points that the attribute of a shape lists."""
    numbers = [float(x) for x in COORDINATE.findall(shape)]
    return [*zip(numbers[::2], numbers[1::2], strict=True)]


def follow(part: str) -> list[Point]:
    """Return points along the line of an arrow, and the corners of its head."""
    points: list[Point] = []
    for shape in SHAPE.findall(part):
        ends = read_points(shape)
        if "C" not in shape:
            points += ends
            continue
        for i in range(0, len(ends) - 3, 3):
            points += follow_curve(ends[i : i + 4])
    return points


def follow_curve(corners: list[Point]) -> Iterator[Point]:
    """Yield points along a cubic curve of Bézier's with these four corners."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
    length = sum(itertools.starmap(math.dist, itertools.pairwise(corners)))
    count = max(1, math.ceil(length / NEAR))
    for i in range(count + 1):
        t, s = i / count, 1 - i / count
        a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
        yield a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy
