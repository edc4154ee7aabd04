"""Edges: which arrows a picture has, and how much gradient each carries."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from autograd_mini.engine import Value
from autograd_mini.view.captions import term
from autograd_mini.view.layout import Box, Layout

OperandPlace = tuple[Value, int]  # a node, and the place of one of its operands


class Arrow:
    """The edges between two boxes: their number, the sum and the size of their terms.

    ``first`` is the first of them, with its ``partial``.
    """

    __slots__ = ("count", "far", "first", "near", "partial", "size", "total")

    def __init__(self, near: Box, far: Box, node: Value, place: int, partial: float) -> None:
        self.near, self.far = near, far
        self.first, self.partial = (node, place), partial
        self.count, self.size, self.total = 0, 0.0, 0.0

    def add(self, node: Value, partial: float) -> None:
        """Take in an edge."""
        share = term(node.grad, partial)
        self.count += 1
        self.total += share
        self.size += abs(share)  # what is not finite counts as the largest

    @property
    def is_single(self) -> bool:
        """Tell whether it is one edge of a single value, whose chain rule has room."""
        return self.count == 1 and self.first[0] is self.near


class Links:
    """The arrows between the boxes shown, and the nodes of each box that others consume.

    ``uses`` holds the edges that lead to each single value, from shown boxes and from others.

    Between two single values every edge is an arrow; those between two other boxes are one.
    """

    def __init__(self, layout: Layout) -> None:
        self.box_of, self.shown = layout.folding.box_of, layout.shown
        self.between: dict[tuple[Box, Box, int], Arrow] = {}
        self.exits: dict[Box, dict[Value, None]] = defaultdict(dict)
        self.rims: dict[Box, None] = {}
        self.uses: dict[Box, list[OperandPlace]] = defaultdict(list)
        for node, box in self.box_of.items():
            self.add(node, box)

    def add(self, node: Value, near: Box) -> None:
        """Take in the edges of one node that lead to other boxes."""
        is_shown, partials = near in self.shown, node.partials
        for place, operand in enumerate(node.operands):
            far = self.box_of.get(operand, near)
            if far is near:
                continue
            self.exits[far][operand] = None
            if far is operand and far in self.shown:
                self.uses[far].append((node, place))
            if is_shown and far in self.shown:
                self.arrow(near, far, node, place, partials[place]).add(node, partials[place])
            elif is_shown:
                self.rims[near] = None

    def arrow(self, near: Box, far: Box, node: Value, place: int, partial: float) -> Arrow:
        """Return the arrow that an edge belongs to, a new one if there is none."""
        key = near, far, place if near is node and isinstance(far, Value) else 0
        found = self.between.get(key)
        if found is None:
            found = self.between[key] = Arrow(near, far, node, place, partial)
        return found

    def where(self, edge: OperandPlace) -> Arrow | None:
        """Return the arrow that an edge belongs to, if it is shown."""
        node, place = edge
        near, far = self.box_of[node], self.box_of.get(node.operands[place])
        apart = place if near is node and isinstance(far, Value) else 0
        return None if far is None else self.between.get((near, far, apart))


class Ids(Mapping[OperandPlace, str]):
    """The id of the arrow of every edge: looked up, since there may be very many."""

    def __init__(self, links: Links, ids: Mapping[Arrow, str]) -> None:
        self.links, self.ids = links, ids

    def __getitem__(self, edge: OperandPlace) -> str:
        if (arrow := self.links.where(edge)) is None:
            raise KeyError(edge)
        return self.ids[arrow]

    def __iter__(self) -> Iterator[OperandPlace]:
        edges = ((node, i) for node in self.links.box_of for i in range(len(node.operands)))
        return (edge for edge in edges if self.links.where(edge))

    def __len__(self) -> int:
        return sum(arrow.count for arrow in self.links.between.values())
