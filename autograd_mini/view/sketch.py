"""Sketches: what a picture shows, as records for notations that are no SVG."""

from collections.abc import Sequence
from typing import NamedTuple


class BoxSketch(NamedTuple):
    """A box: its lines, its look, and for the terminal a name, one line and its numbers."""

    lines: list[str]
    look: str
    colour: str
    fill: str
    is_round: bool
    name: str
    head: str
    data: str
    grad: str
    size: float
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
