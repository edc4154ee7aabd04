"""Sketches: what a picture shows, as records for notations that are no SVG."""

from collections.abc import Sequence
from typing import NamedTuple

from autograd_mini.view.style import Tone, fill


class Card(NamedTuple):
    """One box: its kind, its lines, what its tooltip tells, its look, and classes for the style."""

    kind: str
    lines: list[str]
    about: str
    look: Tone
    depth: float
    """How dark it is filled, from 0 to 1."""
    classes: tuple[str, ...] = ()

    @property
    def fill(self) -> str:
        """The colour that it is filled with."""
        return fill(self.look, self.depth)

    @property
    def is_round(self) -> bool:
        """Whether its corners are."""
        return self.kind in ("input", "group")


class BoxSketch(NamedTuple):
    """A box, and for the terminal a name, one line and its numbers."""

    card: Card
    name: str
    head: str
    data: str = ""
    grad: str = ""
    size: float = 0.0
    """The gradient that its look is made of."""


class ArrowSketch(NamedTuple):
    """An arrow: the boxes at its ends, the chain rule on it, and its look."""

    near: str
    far: str
    chain: list[str]
    colour: str
    line: str
    width: float
    total: float


class FrameSketch(NamedTuple):
    """The frame of an open module, or the whole picture: what stands in it."""

    title: str
    boxes: list[str]
    inner: list["FrameSketch"]


class Sketch(NamedTuple):
    """A whole picture; ``direction`` says where its output lies from the leaves."""

    title: str
    direction: str
    has_grads: bool
    root: str
    """The box of the output."""
    boxes: dict[str, BoxSketch]
    arrows: list[ArrowSketch]
    whole: FrameSketch
    key: str = ""
    """What letters with indices stand for."""
    notes: Sequence[str] = ()
    """Where the numbers are not what one would take them for."""
