"""Drawings: what one picture shows, before it is written as DOT, as text or in another notation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from autograd_mini.stepping.modules import Scope
from autograd_mini.stepping.naming import number
from autograd_mini.view import style
from autograd_mini.view.arrows import MOST_ARROWS_LABELLED, Arrows, Links
from autograd_mini.view.boxes import Boxes, Card
from autograd_mini.view.captions import Given, Words
from autograd_mini.view.layout import Box, Group, Layout
from autograd_mini.view.legend import Legend
from autograd_mini.view.rows import draw_rows, find_levels, find_rows
from autograd_mini.view.scopes import numbers_as_such
from autograd_mini.view.text import NAME, TIP, clip, dot_lines

MOST_PASSED = 40_000  # rows of boxes that arrows pass: about three seconds of Graphviz


@dataclass
class ModuleFrame:
    """An open module, or the whole picture: its boxes, and the frames of the modules in it."""

    id: str
    title: str = ""
    depth: int = 0
    cards: list[Card] = field(default_factory=list)
    inner: list["ModuleFrame"] = field(default_factory=list)

    def unfold(self) -> Iterator["ModuleFrame"]:
        """Yield the frame, and all frames in it."""
        yield self
        for frame in self.inner:
            yield from frame.unfold()

    @property
    def ids(self) -> set[str]:
        """The ids of all boxes in it."""
        return {card.key for frame in self.unfold() for card in frame.cards}


class Drawing:
    """One picture in the making."""

    def __init__(self, layout: Layout, given: Given) -> None:
        self.layout, self.words, self.links = layout, Words(layout, given), Links(layout)
        self.levels = find_levels(layout.shown, self.links)
        require_little(self.levels, self.links)
        self.arrows = Arrows(layout, self.words, self.links)
        self.boxes = Boxes(layout, self.words, self.links)
        self.legend = Legend(layout, self.arrows)
        self.cards = {box: self.boxes.card(box) for box in layout.shown}
        self.whole = self.find_frames()

    def find_frames(self) -> ModuleFrame:
        """Return the picture as a frame with others in it, all in the order of their numbers."""
        scopes = [box.scope for box in self.cards]
        outer = dict.fromkeys(scope[: n + 1] for scope in scopes for n in range(len(scope)))
        frames: dict[Scope, ModuleFrame] = {(): ModuleFrame("")}  # the whole needs no id
        for i, scope in enumerate(sorted(outer, key=numbers_as_such)):
            frames[scope] = ModuleFrame(f"cluster_{i}", clip(scope[-1], NAME), len(scope))
            frames[scope[:-1]].inner.append(frames[scope])
        for box in sorted(self.cards, key=by_number):
            frames[box.scope].cards.append(self.cards[box])
        return frames[()]

    # In DOT

    def draw(self, canvas: style.Canvas) -> None:
        """Draw everything but the legend."""
        layout = self.layout
        canvas.attr(**self.spacing())
        canvas.attr("node", **style.NODE)
        canvas.attr("edge", dir="back" if layout.has_grads else "forward", **style.EDGE)
        draw_frame(canvas, self.whole)
        draw_rows(canvas, find_rows(layout, self.levels), layout.ids)
        for arrow in self.arrows.all:
            self.arrows.draw(canvas, arrow)
        # thin lines to constants: no gradient flows there, none pulls
        for at, key in ((at, card.key) for card in self.cards.values() for at, _ in card.constants):
            canvas.edge(f"c{at}", key, id=f"e{at}", dir="none", **style.TO_CONSTANT)
        if layout.beyond:
            self.draw_more(canvas)

    def spacing(self) -> dict[str, str]:
        """Return what tells Graphviz how to place boxes and arrows."""
        layout = self.layout
        values = style.IN_PAGE if self.words.is_page else style.VALUES
        attributes = {"rankdir": layout.direction, **style.GRAPH}
        attributes |= style.MODULES if layout.has_modules else values
        attributes |= style.STRAIGHT if layout.is_straight else {}
        attributes |= style.FRAMED if layout.has_frames else {}
        return attributes | (style.QUICK if len(self.arrows.all) > MOST_ARROWS_LABELLED else {})

    def draw_more(self, canvas: style.Canvas) -> None:
        """Draw what is not shown as a number of values."""
        more = {"shape": "plaintext", "style": "", "class": "more"}
        canvas.node("more", f"{self.layout.beyond:,} more values", id="more", **more)
        for box in self.links.rims:
            line = {"style": "dotted", "dir": "none", "class": "more"}
            canvas.edge("more", self.layout.ids[box], **line)


def draw_frame(canvas: style.Canvas, frame: ModuleFrame) -> None:
    """Draw the boxes of a frame and, inside a frame each, its inner modules."""
    for card in frame.cards:
        draw_card(canvas, card)
    for inner in frame.inner:
        with canvas.subgraph(name=inner.id) as part:
            part.attr(label=dot_lines([inner.title]), **style.FRAME_OF_MODULE)
            draw_frame(part, inner)


def draw_card(canvas: style.Canvas, card: Card) -> None:
    """Draw a box, and the constants beside it as bare numbers."""
    canvas.node(
        card.key,
        dot_lines(card.lines),
        id=card.key,
        tooltip=dot_lines(clip(card.about, TIP).split("\n")),
        fillcolor=card.fill,
        color=card.look.frame,
        fontcolor=card.look.text,
        penwidth=card.look.width,
        margin=card.margin,
        width=card.width,
        **{"class": " ".join((card.kind, card.look.name, *card.classes))} | style.SHAPES[card.kind],
    )
    bare = style.SHAPES["bare"] | {"class": "constant", "margin": "0.05,0.02", "height": "0"}
    for at, x in card.constants:
        canvas.node(f"c{at}", dot_lines([number(x)]), id=f"c{at}", **bare)


def by_number(box: Box) -> tuple[object, ...]:
    """Order modules by their numbers, before the other boxes, which keep their order."""
    if isinstance(box, Group) and box.is_module:
        return False, numbers_as_such([box.title])
    return True, []


def require_little(levels: Mapping[Box, int], links: Links) -> None:
    """Raise ValueError if arrows pass so many other boxes that placing them takes many seconds."""
    passed = sum(levels[near] - levels[far] for near, far, _ in links.between if levels)
    if passed > MOST_PASSED:
        raise ValueError(
            f"the arrows of {len(levels):,} boxes pass {passed:,} rows of boxes, which takes "
            "too long to place: ask for fewer with depth=, or for detail='auto'"
        )
