"""Places: where the boxes, arrows and labels are in an SVG that Graphviz has drawn.

Graphviz keeps labels apart from boxes and from one another, but not from all arrows. A label that
is struck through goes to the nearest place beside its own arrow that is free.

>>> Place(0, 0, 9, 9).overlaps(Place(8, 8, 20, 20)), Place(0, 0, 9, 9).overlaps(Place(9, 0, 12, 9))
(True, False)
"""

import html
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
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
SQUARE = 24.0  # points: the width of the squares by which points are looked up
ASIDE = (5.0, 12.0, 20.0)  # points between an arrow and its label
REACH = 200.0  # points: the farthest that a label is moved


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


def union(places: Iterable[Place]) -> Place:
    """Return the smallest place that holds several."""
    lefts, tops, rights, bottoms = zip(*places, strict=True)
    return Place(min(lefts), min(tops), max(rights), max(bottoms))


def read_parts(svg: str) -> tuple[dict[str, Place], dict[str, str]]:
    """Return where each box is, and the text of each arrow in the file, by their ids.

    A bare number has no sides, and is where its text is.
    """
    boxes: dict[str, Place] = {}
    arrows: dict[str, str] = {}
    for part in EACH_PART.split(svg):
        found = PART.match(part)
        if found and found[2] == "edge":
            arrows[found[1]] = part
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


# Labels -------------------------------------------------------------------------------------------


class Ground:
    """What is taken on a picture: by boxes, by labels and by the lines of arrows."""

    def __init__(self, svg: str) -> None:
        self.boxes, self.arrows = read_parts(svg)
        found = {key: find_text(part) for key, part in self.arrows.items()}
        self.labels = {key: place for key, place in found.items() if place is not None}

    @cached_property
    def whole(self) -> Place:
        """All that is taken by boxes and labels, before any label is moved."""
        return union([*self.boxes.values(), *self.labels.values()])

    @cached_property
    def cells(self) -> dict[tuple[int, int], list[tuple[str, Point]]]:
        """The points of all arrows by the squares that they lie in."""
        cells: dict[tuple[int, int], list[tuple[str, Point]]] = defaultdict(list)
        for key, arrow in self.arrows.items():
            for point in follow(arrow):
                cells[cell_of(point)].append((key, point))
        return cells

    def struck(self, place: Place) -> set[str]:
        """Return the arrows whose lines pass through a place."""
        left, top = cell_of((place.left, place.top))
        right, bottom = cell_of((place.right, place.bottom))
        cells = [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
        nearby = (item for cell in cells for item in self.cells.get(cell, ()))
        return {key for key, point in nearby if place.holds(point)}

    def has_room(self, place: Place, key: str) -> bool:
        """Tell whether no box takes a place, and no label but that of the arrow *key*."""
        inside = self.whole.left <= place.left and place.right <= self.whole.right
        others = (label for name, label in self.labels.items() if name != key)
        return inside and not any(map(place.overlaps, [*self.boxes.values(), *others]))

    def clear(self, key: str) -> Point:
        """Return how far to move a label that is struck through: 0, 0 where it is well placed.

        Where no place is free of arrows, the one that the fewest pass through is the best.
        """
        label = self.labels[key]
        best, fewest = label, len(self.struck(label) - {key})
        for place in places_beside(self.arrows[key], label) if fewest else ():
            struck = len(self.struck(place))
            if struck < fewest and self.has_room(place, key):
                best, fewest = place, struck
            if not fewest:
                break
        self.labels[key] = best
        return best.left - label.left, best.top - label.top


def cell_of(point: Point) -> tuple[int, int]:
    """Return the square in which a point lies."""
    return math.floor(point[0] / SQUARE), math.floor(point[1] / SQUARE)


def places_beside(arrow: str, label: Place) -> list[Place]:
    """Return the places for a label beside its arrow, the nearest first."""

    def distance(place: Place) -> float:
        return math.dist(place[:2], label[:2])

    places = {place for point in follow(arrow) for place in places_around(point, label)}
    return sorted((x for x in places if distance(x) <= REACH), key=lambda x: (distance(x), x))


def places_around(point: Point, label: Place) -> Iterator[Place]:
    """Yield the places for a label to the right and left of a point, above and below it."""
    x, y = point
    width, height = label.right - label.left, label.bottom - label.top
    for gap in ASIDE:
        sides = x + gap, x - gap - width
        levels = y - gap - height, y + gap
        corners = [(left, y - height / 2) for left in sides]
        corners += [(x - width / 2, top) for top in levels]
        for left, top in corners:
            yield Place(left, top, left + width, top + height)


def clear_labels(svg: str) -> str:
    """Move the labels that are struck through, if there is room for them elsewhere."""
    ground = Ground(svg)
    moves = {key: move for key in ground.labels if any(move := ground.clear(key))}
    return "".join(move_text(part, moves) for part in EACH_PART.split(svg))


def move_text(part: str, moves: Mapping[str, Point]) -> str:
    """Move the lines of text of an arrow whose label is to move."""
    arrow = PART.match(part)
    if arrow is None or arrow[1] not in moves:
        return part
    across, down = moves[arrow[1]]

    def shift(found: re.Match[str]) -> str:
        x, y = float(found[1]) + across, float(found[2]) + down
        return found[0].replace(f'x="{found[1]}" y="{found[2]}"', f'x="{x:.1f}" y="{y:.1f}"')

    return TEXT.sub(shift, part)
