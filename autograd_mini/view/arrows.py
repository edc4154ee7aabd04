"""Arrows: they point back, the way the gradient flows, each with its share of the chain rule."""

import math
from dataclasses import dataclass
from typing import Any

from autograd_mini.engine import Value
from autograd_mini.naming import number
from autograd_mini.view.fold import Box, Group
from autograd_mini.view.plan import Plan
from autograd_mini.view.style import BLANK, DIM, FAINT, PORTS, Scale, Tone, tone
from autograd_mini.view.text import TIP, clip, dot_lines, dot_text
from autograd_mini.view.words import constants, term

GAP = "&#160;&#160;"  # between an arrow and its text
MANY = 150  # arrows; above, the chain rule stands in the tooltips only


@dataclass
class Arrow:
    """One or more edges between the same two boxes."""

    near: Box
    far: Box
    edges: list[tuple[Value, int]]

    @property
    def terms(self) -> list[float]:
        """The adjoint · partial of each edge."""
        return [term(node.grad, node.partials[i]) for node, i in self.edges]


class Arrows:
    """Draws the arrows of a plan; ``ids`` tells where each edge, a node and an index, went."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.all = [Arrow(near, far, edges) for (near, far, _), edges in plan.links.between.items()]
        self.scale = Scale(math.fsum(map(abs, filter(math.isfinite, x.terms))) for x in self.all)
        self.ids = {edge: self.id(arrow) for arrow in self.all for edge in arrow.edges}
        self.has_chain = len(self.all) <= MANY

    def id(self, arrow: Arrow) -> str:
        """Return the id of an arrow."""
        ids, (node, i) = self.plan.ids, arrow.edges[0]
        single = node is arrow.near and len(arrow.edges) == 1
        if single:
            return f"e{self.plan.index[node]}_{i}"
        return f"{ids[arrow.near]}-{ids[arrow.far]}"

    def draw(self, picture: Any) -> None:
        """Draw all arrows, the lines to the constants, and those to what is not shown."""
        tips = {box: self.tips(box) for box in self.plan.shown}
        for arrow in self.all:
            self.draw_arrow(picture, arrow, tips[arrow.near])
        for box in self.plan.shown:
            if isinstance(box, Value):
                self.draw_constants(picture, box)
        if self.plan.beyond:
            self.draw_more(picture)

    def tips(self, box: Box) -> list[str]:
        """Return the tooltips of the edges of a single value."""
        return self.plan.words.about_arrows(box) if isinstance(box, Value) else []

    def draw_arrow(self, picture: Any, arrow: Arrow, tips: list[str]) -> None:
        """Draw one arrow."""
        ids, look, about = self.plan.ids, self.look(arrow), self.about(arrow, tips)
        sides = self.plan.is_straight and isinstance(arrow.near, Group)
        start, end = PORTS[self.plan.direction] if sides else ("_", "_")
        picture.edge(
            f"{ids[arrow.far]}:{start}",
            f"{ids[arrow.near]}:{end}",
            label=self.label(arrow),
            id=self.id(arrow),
            color=look.colour,
            fontcolor=look.on_arrow,
            style=look.line,
            penwidth=f"{self.width(arrow):.2f}",
            tooltip=about,
            **{"class": look.name},
        )

    def look(self, arrow: Arrow) -> Tone:
        """Return the look of an arrow: that of the sum of its terms."""
        if not any(self.plan.is_lit(node.operands[i]) for node, i in arrow.edges):
            return DIM
        return tone(sum(arrow.terms)) if self.plan.shows_signs else BLANK

    def width(self, arrow: Arrow) -> float:
        """Return the width of an arrow, by its size."""
        if not self.plan.shows_signs or self.look(arrow) is DIM:
            return 1.2
        return 0.8 + 3 * self.scale(math.fsum(map(abs, arrow.terms)))

    def label(self, arrow: Arrow) -> str:
        """Write the chain rule on an arrow from a single value, if there is room."""
        node, i = arrow.edges[0]
        if len(arrow.edges) > 1 or node is not arrow.near or not self.has_chain:
            return ""
        lines = self.plan.words.chain(node, node.partials[i])
        lines += [""] * (self.plan.direction in ("LR", "RL"))  # lifts the others above the arrow
        return "".join(f"{GAP}{dot_text(line)}{GAP}\\l" for line in lines)

    def about(self, arrow: Arrow, tips: list[str]) -> str:
        """Write the tooltip of an arrow."""
        node, i = arrow.edges[0]
        if len(arrow.edges) == 1 and node is arrow.near:
            return dot_lines(clip(tips[i], TIP).split("\n"))
        count = f"{len(arrow.edges):,} edges"
        return f"{count}, together {number(sum(arrow.terms))}" if self.plan.shows_signs else count

    def draw_constants(self, picture: Any, node: Value) -> None:
        """Draw a thin line to each constant of a node: no gradient flows there."""
        look = {"dir": "forward", "penwidth": "0.8", "color": FAINT, "class": "constant"}
        for i, _ in constants(node):
            at = f"{self.plan.index[node]}_{i}"
            picture.edge(f"c{at}", self.plan.ids[node], id=f"e{at}", **look)

    def draw_more(self, picture: Any) -> None:
        """Draw what is not shown as a number of values."""
        more = {"shape": "plaintext", "style": "", "class": "more"}
        picture.node("more", f"{self.plan.beyond:,} more values", id="more", **more)
        for box in self.plan.links.rims:
            line = {"style": "dotted", "dir": "none", "class": "more"}
            picture.edge("more", self.plan.ids[box], **line)
