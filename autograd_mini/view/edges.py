"""Edges: which arrows a picture has, and how much gradient each carries."""

from collections import defaultdict

from autograd_mini.engine import Value
from autograd_mini.view.captions import term
from autograd_mini.view.layout import Box, Layout, Single

OperandPlace = tuple[Value, int]  # a node, and the place of one of its operands


class Arrow:
    """The edges between two boxes: their number, the sum and the size of their terms.

    The first of them leads from the value ``reader`` to the operand at a ``place``: ``first``.
    """

    __slots__ = ("count", "far", "first", "near", "partial", "place", "reader", "size", "total")

    def __init__(self, near: Box, far: Box, reader: Single, place: int) -> None:
        self.near, self.far, self.reader, self.place = near, far, reader, place
        self.first: OperandPlace = reader.node, place
        self.partial = reader.partials[place]
        self.count, self.size, self.total = 0, 0.0, 0.0

    def add(self, adjoint: float, partial: float) -> None:
        """Take in an edge."""
        share = term(adjoint, partial)
        self.count += 1
        self.total += share
        self.size += abs(share)  # what is not finite counts as the largest

    @property
    def is_single(self) -> bool:
        """Tell whether it is one edge of a single value, whose chain rule has room."""
        return self.count == 1 and self.reader is self.near


class Links:
    """The arrows between the boxes shown, and the nodes of each box that others consume.

    ``arrow_of`` holds the arrow that each edge is part of, and ``uses`` the edges that lead to each
    single value, from shown boxes and from others.

    Between two single values every edge is an arrow; those between two other boxes are one.
    """

    def __init__(self, layout: Layout) -> None:
        self.box_of, self.shown, self.values = layout.folding.box_of, layout.shown, layout.values
        self.arrow_of: dict[OperandPlace, Arrow] = {}
        self.between: dict[tuple[Box, Box, int], Arrow] = {}
        self.exits: dict[Box, dict[Single, None]] = defaultdict(dict)
        self.rims: dict[Box, None] = {}
        self.uses: dict[Box, list[tuple[Single, int]]] = defaultdict(list)
        for node, box in self.box_of.items():
            self.add(self.values[node], box)

    def add(self, reader: Single, near: Box) -> None:
        """Take in the edges of one value that lead to other boxes."""
        is_shown = near in self.shown
        for place, operand in enumerate(reader.operands):
            far = self.box_of.get(operand, near)
            if far is near:
                continue
            self.exits[far][self.values[operand]] = None
            if isinstance(far, Single) and far in self.shown:
                self.uses[far].append((reader, place))
            if is_shown and far in self.shown:
                arrow = self.arrow_of[reader.node, place] = self.arrow(near, far, reader, place)
                arrow.add(reader.grad, reader.partials[place])
            elif is_shown:
                self.rims[near] = None

    def arrow(self, near: Box, far: Box, reader: Single, place: int) -> Arrow:
        """Return the arrow that an edge belongs to, a new one if there is none."""
        key = near, far, place if near is reader and isinstance(far, Single) else 0
        found = self.between.get(key)
        if found is None:
            found = self.between[key] = Arrow(near, far, reader, place)
        return found
