"""Animation: the backward pass as one SVG that plays by itself, in an <img> as well.

CSS does it, without a script; where the reader asked for less motion, it shows the end.
"""

import os
from collections.abc import Mapping
from typing import Unpack

from autograd_mini.engine import Value
from autograd_mini.stepping.steps import steps
from autograd_mini.view.draw import draw
from autograd_mini.view.files import write_text
from autograd_mini.view.options import Keywords
from autograd_mini.view.policy import guarded_svg

LONGEST, HOLD, TIMES = 40.0, 3.0, 3  # seconds of play, seconds at the end, how often it plays

RULES = """@media (prefers-reduced-motion:no-preference){{
.moving :is(.edge,.node>*){{animation:{total:g}s {times} both}}
{rules}}}
"""
SHOW = "@keyframes {key}{{0%,{start:.2f}%{{opacity:0}}{end:.2f}%,100%{{opacity:1}}}}\n"
FILL = (
    "@keyframes {key}-box{{0%,{start:.2f}%{{fill:#fff;stroke:#57606a;"
    "animation-timing-function:step-start}}}}\n"
)
NAMES = {
    "e": ".moving #{key}{{animation-name:{key}}}\n",
    "n": ".moving #{key} text:nth-of-type(3){{animation-name:{key}}}"
    ".moving #{key}>:is(path,polygon):first-of-type{{animation-name:{key}-box}}\n",
}


class Animation:
    """A picture that plays; it shows itself in a notebook."""

    def __init__(self, svg: str) -> None:
        self._svg = svg

    def svg(self) -> str:
        """Return the SVG."""
        return self._svg

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the SVG to a file, whole or not at all."""
        write_text(path, self._svg)

    def _repr_svg_(self) -> str:
        return self._svg


def animate(y: Value, *, seconds: float = 0.7, **options: Unpack[Keywords]) -> Animation:
    """Return the picture of *y* in which the gradient flows back, one step after another.

    A step takes *seconds*, fewer where there are many; *options* are those of ``draw``. Raises
    ValueError before ``backward``, or unless *seconds* are positive.
    """
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"seconds are above 0 and at most {LONGEST:g}, got {seconds!r}")
    picture = draw(y, **options)
    if not y.grad:
        raise ValueError("there is no gradient to animate yet: call backward() first")
    moments, taken = appearances(y, picture.nodes, picture.arrows)
    pace = min(seconds, LONGEST / (taken + 1))
    total = pace * (taken + 1) + HOLD
    rules = (rule(key, 100 * pace * k / total, 100 * pace / total) for key, k in moments.items())
    css = RULES.format(total=round(total, 2), times=TIMES, rules="".join(rules))
    svg = picture.svg().replace('class="autograd_mini', 'class="moving autograd_mini', 1)
    return Animation(guarded_svg(svg.replace("</style>", css + "</style>", 1)))


def appearances(
    y: Value, nodes: dict[Value, str], arrows: Mapping[tuple[Value, int], str]
) -> tuple[dict[str, int], int]:
    """Return the step at which each part appears, and the number of steps.

    An arrow appears with its first step, a box is filled with the last: its grad is complete.
    """
    moments, k = {nodes[y]: 0}, 0
    for step in steps(y):
        arrow = arrows.get((step.node, step.position))
        if arrow is not None:
            k += arrow not in moments
            moments.setdefault(arrow, k)
            moments[nodes[step.operand]] = k
    return moments, k


def rule(key: str, start: float, length: float) -> str:
    """Write the rules that let one part appear, between two percentages of the whole."""
    box = key.isalnum()
    parts = SHOW + FILL * box + NAMES["n" if box else "e"]
    return parts.format(key=key, start=start, end=start + length)
