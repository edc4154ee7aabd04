"""Arrows: they point back, the way the gradient flows, each with its share of the chain rule.

The paths to the value that was asked for are numbered, each with a line of its own.
"""

from collections import defaultdict
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.stepping.naming import factor, number
from autograd_mini.view.captions import Words, term
from autograd_mini.view.layout import Box, Group, Layout, Single
from autograd_mini.view.style import BLANK, DIM, PORTS, Canvas, Scale, Tone, tone
from autograd_mini.view.text import TIP, circled, clip, dot_lines, dot_text, tell_count

OperandPlace = tuple[Value, int]  # a node, and the place of one of its operands

SPACE = "&#160;"  # half as wide as a digit
GAP = 2 * SPACE  # between an arrow and its text
MOST_ARROWS_LABELLED = 150  # arrows; above, the chain rule stands in the tooltips only


# Which arrows there are ---------------------------------------------------------------------------


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
    """The arrows between the boxes shown: between two single values, or other boxes, one each.

    ``arrow_of`` holds the arrow that each edge is part of, ``exits`` the values of each box that
    others consume, and ``uses`` the edges that lead to each box, shown or not.
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


# The paths to what was asked for ------------------------------------------------------------------


class Stroke(NamedTuple):
    """How the arrows of one path look: a style of Graphviz, a class, and a sample for the legend.

    Graphviz knows three styles; for the others the style sheet sets the dashes by the class.
    """

    style: str
    kind: str
    sample: str


STROKES = (
    Stroke("solid", "way1", "────"),
    Stroke("dashed", "way2", "╴╴╴╴"),
    Stroke("dotted", "way3", "····"),
    Stroke("solid", "way4", "─·─·"),
    Stroke("solid", "way5", "─··─"),
    Stroke("solid", "way6", "━ ━ "),
)
SHARED = Stroke("solid", "ways", "")


class Routes:
    """The numbers of the paths that each edge is part of; none where no value was asked for."""

    def __init__(self, layout: Layout) -> None:
        self.paths = () if layout.reason is None else layout.reason.paths
        self.numbers: dict[OperandPlace, list[int]] = defaultdict(list)
        for i, path in enumerate(self.paths, 1):
            for edge in path.edges:
                self.numbers[edge.node, edge.position].append(i)

    def marks(self, edge: OperandPlace) -> str:
        """Return the numbers of the paths through an edge: ``①③``."""
        return "".join(map(circled, self.numbers.get(edge, ())))

    def line(self, edge: OperandPlace) -> Stroke | None:
        """Return how an edge is drawn; None if it is on no numbered path."""
        numbers = self.numbers.get(edge, [])
        if not numbers:
            return None
        return SHARED if len(numbers) > 1 else stroke_of(numbers[0])

    def legend(self, lines: list[str]) -> list[str]:
        """Put number and line before the paths among the lines that tell the reason."""
        heads = [f"{circled(i)} {stroke_of(i).sample} " for i in range(1, len(self.paths) + 1)]
        return [
            f"{head}{line.strip()}"
            for head, line in zip(["", *heads, *[""] * len(lines)], lines, strict=False)
        ]


def stroke_of(number: int) -> Stroke:
    """Return the line of the path of that number."""
    return STROKES[(number - 1) % len(STROKES)]


# How they look ------------------------------------------------------------------------------------


class Arrows:
    """Draws the arrows of a layout; ``ids`` tells where each edge, a node and a place, went."""

    def __init__(self, layout: Layout, words: Words, links: Links) -> None:
        self.layout, self.words = layout, words
        self.all = list(links.between.values())
        self.routes = Routes(layout)
        self.scale = Scale(arrow.size for arrow in self.all)
        self.has_chain = len(self.all) <= MOST_ARROWS_LABELLED
        self.keys = {arrow: self.id(arrow) for arrow in self.all}
        self.ids = {edge: self.keys[arrow] for edge, arrow in links.arrow_of.items()}

    def id(self, arrow: Arrow) -> str:
        """Return the id of an arrow."""
        if arrow.is_single:
            return f"e{arrow.reader.place}_{arrow.place}"
        return f"{self.layout.ids[arrow.near]}-{self.layout.ids[arrow.far]}"

    def draw(self, canvas: Canvas, arrow: Arrow) -> None:
        """Draw one arrow; where many meet at a group, without a head."""
        look, at_group = self.look(arrow), isinstance(arrow.near, Group)
        straight = at_group and self.layout.is_straight
        start, end = PORTS[self.layout.direction] if straight else ("_", "_")  # "_" is any side
        line = self.routes.line(arrow.first) if arrow.is_single else None
        canvas.edge(
            f"{self.layout.ids[arrow.far]}:{start}",
            f"{self.layout.ids[arrow.near]}:{end}",
            label=self.label(arrow),
            id=self.keys[arrow],
            color=look.colour,
            fontcolor=look.on_arrow,
            style=line.style if line else look.line,
            penwidth=f"{self.width(arrow):.2g}",
            dir="none" if at_group and not self.has_chain else None,
            tooltip=self.about(arrow),
            **{"class": f"{look.name} {line.kind}" if line else look.name},
        )

    def look(self, arrow: Arrow) -> Tone:
        """Return the look of an arrow: that of the sum of its terms."""
        if not (self.layout.is_lit_box(arrow.near) and self.layout.is_lit_box(arrow.far)):
            return DIM
        return tone(arrow.total) if self.layout.shows_signs else BLANK

    def width(self, arrow: Arrow) -> float:
        """Return the width of an arrow, by its size."""
        if self.look(arrow) in (BLANK, DIM):
            return 1.2
        return 0.8 + 3 * self.scale(arrow.size)

    def label(self, arrow: Arrow) -> str:
        """Write the chain rule on an arrow, if there is any."""
        chain = self.chain(arrow)
        if not chain:
            return ""
        lines = [*chain]
        if ("term", *arrow.first) in self.words.blanks:
            lines = [self.words.blank("term", *arrow.first)]
        if marks := self.routes.marks(arrow.first):
            lines[0] = f"{marks} {lines[0]}"
        if self.layout.direction in ("LR", "RL"):
            lines.append("")  # lifts the others above the arrow
        written = [f"{GAP}{dot_text(line)}{GAP}" for line in lines]
        if self.words.is_page:
            written[0] += 2 * self.more_to_write(arrow, chain[0]) * SPACE
        return "".join(f"{line}\\l" for line in written)

    def more_to_write(self, arrow: Arrow, line: str) -> int:
        """Return how many signs more than a line there are where numbers are like -8.888."""
        is_first = arrow.reader is self.layout.output  # where the adjoint stays 1
        formula = self.words.named.partials(arrow.reader.node)[arrow.place]
        partial = factor(arrow.partial) if str(formula) == number(arrow.partial) else "(-8.888)"
        usual = f"{'1' if is_first else '-8.888'} × {partial}"
        return max(0, len(usual) - len(line))

    def chain(self, arrow: Arrow) -> list[str]:
        """Return the lines on an arrow; none where it is of several edges, or there are many."""
        single = arrow.is_single and self.has_chain
        return self.words.chain(arrow.reader.grad, arrow.partial) if single else []

    def about(self, arrow: Arrow) -> str:
        """Write the tooltip of an arrow."""
        if arrow.is_single:
            told = self.words.about_arrow(arrow.reader, arrow.place)
            return dot_lines(clip(told, TIP).split("\n"))
        if self.words.is_page:
            return ""
        count = tell_count(arrow.count, "edge")
        return f"{count}, together {number(arrow.total)}" if self.layout.shows_signs else count
