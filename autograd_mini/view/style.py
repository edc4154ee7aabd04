"""Style: how a number looks; its sign in hue, dash and shade, its size in thickness and depth.

The hues are told apart by colour-blind readers, the dashes in grey print as well; text on any
of the fills has a contrast of at least 4.5 : 1.

>>> tone(0.5).line, tone(-0.5).line, tone(float("nan")).name
('solid', 'dashed', 'alarm')
"""

import math
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

from autograd_mini.notation.screen import sign_of

FONT = "Helvetica"  # a name for which every build of Graphviz has the widths built in
INK, MUTED, FRAME, FAINT, PAPER = "#1b1f24", "#57606a", "#57606a", "#c3c8cd", "#ffffff"
HALO, RIM = "#f6f8fa", "#d0d7de"
DECADES = 3
DEPTH = 0.4  # of a hue in a fill, at most: black text on it stays legible


class Tone(NamedTuple):
    """One look: a class for the style sheet, a colour, a line, and the fill of zero and alarm."""

    name: str
    colour: str
    line: str
    fill: str = ""
    text: str = INK
    frame: str = FRAME
    width: str = "1"
    margin: float = 0.14  # inches beside the text; a bold one needs more

    @property
    def on_arrow(self) -> str:
        """The colour of text on an arrow: that of the arrow, unless it is too pale."""
        return self.colour if self.text == INK else self.text

    def tinted(self, depth: float) -> str:
        """Return the fill of a box: its own, or a tint by the size of its number, from 0 to 1."""
        return self.fill or tint(self.colour, depth)


POSITIVE = Tone("positive", "#0072b2", "solid")
NEGATIVE = Tone("negative", "#c2510a", "dashed")
ZERO = Tone("zero", "#707070", "dotted", "#edeff1", MUTED, "#aeb4ba")
ALARM = Tone("alarm", "#b3005e", "solid", "#f9cfe2", INK, "#b3005e", "2.5", 0.2)
BLANK = Tone("blank", FRAME, "solid", PAPER)
DIM = Tone("dim", FAINT, "solid", PAPER, "#6e7781", RIM)
TONES = {look.name: look for look in (POSITIVE, NEGATIVE, ZERO, ALARM)}
MODULE = Tone("module", "#6f42c1", "solid")

Canvas = Any  # a graphviz.Digraph, or what stands in the frame of a module in one
GRAPH = {
    "bgcolor": "white",
    "fontname": FONT,
    "fontsize": "11",
    "fontcolor": MUTED,
    "pad": "0.2",
    "nodesep": "0.25",
    "labelloc": "b",
    "labeljust": "l",
}
VALUES = {"ranksep": "0.5"}
IN_PAGE = {"ranksep": "0.28", "pad": "0.05"}  # close, so that more of it is on the screen
MODULES = {"ranksep": "1.3"}
FRAMED = {"newrank": "true", "pad": "0.6"}  # rows go across frames; room for their titles
STRAIGHT = {"splines": "line"}  # curves between all pairs of boxes are knots
QUICK = STRAIGHT | {"nslimit": "0.5", "nslimit1": "0.5", "mclimit": "0.1"}  # for many arrows
PORTS = {"LR": ("e", "w"), "RL": ("w", "e"), "TB": ("s", "n"), "BT": ("n", "s")}
NODE = {
    "shape": "box",
    "style": "filled",
    "height": "0.3",
    "fontname": FONT,
    "fontsize": "11",
}
EDGE = {"fontname": FONT, "fontsize": "10", "arrowsize": "0.65", "color": FAINT, "weight": "2"}
TO_CONSTANT = {"penwidth": "0.8", "color": FAINT, "class": "constant", "weight": "1"}
FRAME_OF_MODULE = {
    "style": "rounded,filled",
    "color": RIM,
    "fillcolor": HALO,
    "fontcolor": MUTED,
    "labelloc": "t",
    "labeljust": "l",
    "margin": "10",
}
SHAPES = {
    "computed": {},
    "input": {"style": "filled,rounded"},
    "parameter": {"peripheries": "2"},
    "group": {"style": "filled,rounded"},
    "bare": {"shape": "plaintext", "style": "", "fontcolor": MUTED},
}


def is_alarming(x: float) -> bool:
    """Tell whether a gradient explodes: not finite, or at least 1,000 in size."""
    return sign_of(x) == "alarm"


def tone(x: float) -> Tone:
    """Return the look of a gradient."""
    return TONES[sign_of(x)]


class Scale:
    """Sizes of gradients as 0 to 1: logarithmic, three decades down from the largest.

    What is not finite is 1, and a decade above the largest that is.

    >>> scale = Scale([100.0, -1.0])
    >>> scale(0.0), scale(-100.0), round(scale(10.0), 2), scale(1e-9)
    (0.0, 1.0, 0.67, 0.05)
    """

    def __init__(self, numbers: Iterable[float]) -> None:
        sizes = [abs(x) for x in numbers if x]
        self.top = max(filter(math.isfinite, sizes), default=1.0)
        if not all(map(math.isfinite, sizes)):
            self.top = min(10 * self.top, sys.float_info.max)

    def __call__(self, x: float) -> float:
        """Return the size of a gradient: 0 for 0, else 0.05 to 1."""
        if x == 0 or not math.isfinite(x):
            return float(x != 0)
        decades = math.log10(abs(x)) - math.log10(self.top)
        return max(0.05, min(1.0, 1 + decades / DECADES))


def tint(colour: str, depth: float) -> str:
    """Mix a colour with white; *depth* 0 is white, 1 the deepest that a fill may be.

    >>> tint("#0072b2", 0), tint("#0072b2", 1)
    ('#ffffff', '#99c7e0')
    """
    hues = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 + (hue - 255) * DEPTH * depth):02x}" for hue in hues)
