"""Arrows: they point back, the way the gradient flows, each with its share of the chain rule."""

from autograd_mini.stepping.naming import factor, number
from autograd_mini.view.captions import Words
from autograd_mini.view.edges import Arrow, Links
from autograd_mini.view.layout import Group, Layout
from autograd_mini.view.routes import Routes
from autograd_mini.view.style import BLANK, DIM, PORTS, Canvas, Scale, Tone, tone
from autograd_mini.view.text import TIP, clip, dot_lines, dot_text

SPACE = "&#160;"  # half as wide as a digit
GAP = 2 * SPACE  # between an arrow and its text
MOST_ARROWS_LABELLED = 150  # arrows; above, the chain rule stands in the tooltips only


class Arrows:
    """Draws the arrows of a layout; ``ids`` tells where each edge, a node and a place, went."""

    def __init__(self, layout: Layout, words: Words, links: Links) -> None:
        self.layout, self.words, self.links = layout, words, links
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

    def draw(self, canvas: Canvas) -> None:
        """Draw all arrows."""
        for arrow in self.all:
            self.draw_arrow(canvas, arrow)

    def draw_arrow(self, canvas: Canvas, arrow: Arrow) -> None:
        """Draw one arrow."""
        look, (start, end) = self.look(arrow), self.sides(arrow)
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
            dir=self.head(arrow),
            tooltip=self.about(arrow),
            **{"class": f"{look.name} {line.kind}" if line else look.name},
        )

    def sides(self, arrow: Arrow) -> tuple[str, str]:
        """Return the sides of the boxes where an arrow ends; "_" leaves that to Graphviz."""
        sideways = self.layout.is_straight and isinstance(arrow.near, Group)
        return PORTS[self.layout.direction] if sideways else ("_", "_")

    def head(self, arrow: Arrow) -> str | None:
        """Say which end has a head: where many arrows meet at a module, none."""
        return "none" if isinstance(arrow.near, Group) and not self.has_chain else None

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
        count = f"{arrow.count:,} edges"
        return f"{count}, together {number(arrow.total)}" if self.layout.shows_signs else count
