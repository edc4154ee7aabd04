"""Labels: where an arrow would strike through what stands on another, the label is moved.

Graphviz keeps labels apart from boxes and from one another, but not from all arrows. A label that
is struck through goes to the nearest place beside its own arrow that is free.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from autograd_mini.view.places import (
    EACH_PART,
    PART,
    TEXT,
    Place,
    Point,
    Track,
    read_parts,
    union,
)

SQUARE = 24.0  # points: the width of the squares by which points are looked up
ASIDE = (5.0, 12.0, 20.0)  # points between an arrow and its label
REACH = 200.0  # points: the farthest that a label is moved


class Ground:
    """What is taken on a picture: by boxes, by labels and by the lines of arrows."""

    def __init__(self, svg: str) -> None:
        boxes, self.arrows = read_parts(svg)
        self.boxes = [*boxes.values()]
        self.labels = {key: x.label for key, x in self.arrows.items() if x.label is not None}
        everything = [*self.boxes, *self.labels.values()]
        self.whole = union(everything) if everything else Place(0, 0, 0, 0)

    @cached_property
    def cells(self) -> dict[tuple[int, int], list[tuple[str, Point]]]:
        """The points of all arrows by the squares that they lie in."""
        cells: dict[tuple[int, int], list[tuple[str, Point]]] = defaultdict(list)
        for key, arrow in self.arrows.items():
            for point in arrow.points:
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
        return inside and not any(map(place.overlaps, [*self.boxes, *others]))

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


def places_beside(arrow: Track, label: Place) -> Iterable[Place]:
    """Return the places for a label beside its arrow, the nearest first."""
    origin = label.left, label.top
    places = {(x.left, x.top): x for point in arrow.points for x in places_around(point, label)}
    near = [place for corner, place in places.items() if math.dist(corner, origin) <= REACH]
    return sorted(near, key=lambda place: math.dist((place.left, place.top), origin))


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
    moves = {key: ground.clear(key) for key in ground.labels}
    if not any(map(any, moves.values())):
        return svg
    parts = EACH_PART.split(svg)
    ids = [found[1] if (found := PART.match(part)) else "" for part in parts]
    return "".join(move_text(x, moves.get(i, (0.0, 0.0))) for x, i in zip(parts, ids, strict=True))


def move_text(part: str, move: Point) -> str:
    """Move the lines of text of an arrow."""
    if not any(move):
        return part

    def shift(found: re.Match[str]) -> str:
        x, y = float(found[1]) + move[0], float(found[2]) + move[1]
        return found[0].replace(f'x="{found[1]}" y="{found[2]}"', f'x="{x:.1f}" y="{y:.1f}"', 1)

    return TEXT.sub(shift, part)
