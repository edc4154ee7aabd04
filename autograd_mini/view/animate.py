"""Animation: the forward pass, then the backward pass, as one SVG that plays by itself.

CSS does it, without a script, in an <img> as well. It plays once and ends on the whole picture;
resting the pointer on it, or reaching it by keyboard, pauses it. Where the reader asked for less
motion, it shows the end.
"""

import os
from typing import NamedTuple, Unpack

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import real
from autograd_mini.engine.order import topological_order
from autograd_mini.stepping.steps import steps
from autograd_mini.view.draw import draw
from autograd_mini.view.files import guarded_svg, write_file
from autograd_mini.view.options import Keywords
from autograd_mini.view.picture import Described

LONGEST_PLAY = 40.0  # seconds of play

STYLE_RULES = """@media (prefers-reduced-motion:no-preference){{
.moving :is(.edge,.node) *{{animation:{total:g}s 1 both}}
.moving:is(:hover,:focus) *{{animation-play-state:paused}}
{rules}}}
"""
AT_ONCE = "animation-timing-function:step-start"
FAINT_LINE = f"opacity:.2;stroke:var(--frame);stroke-dasharray:none;stroke-width:1;{AT_ONCE}"
EMPTY_BOX = f"fill:var(--bare);stroke:#57606a;{AT_ONCE}"


class Moment(NamedTuple):
    """When a part of the picture appears: its kind, its id, and the step."""

    kind: str
    id: str
    step: int
    last: int = 2
    """The last line of a box that tells what was computed; the gradient stands below it."""


class Animation:
    """A picture that plays; it shows itself in a notebook."""

    def __init__(self, svg: str) -> None:
        self._svg = svg

    def svg(self) -> str:
        """Return the SVG, guarded by a policy as a file of its own."""
        return guarded_svg(self._svg)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the SVG to a file, whole or not at all; ValueError for a name such as L.gif."""
        write_file(path, self.svg(), "svg")

    def __repr__(self) -> str:
        return f"<an animation of {len(self._svg)} characters: save(path) writes it as SVG>"

    def _repr_svg_(self) -> str:
        """Show it in a notebook, whose page has a policy of its own and cannot hold another."""
        return self._svg


def animate(y: Value, *, seconds: float = 0.7, **options: Unpack[Keywords]) -> Animation:
    """Return the picture of *y* in which data flow forward, then the gradient back, step by step.

    A step takes *seconds*, fewer where there are many; *options* are those of ``draw``. No number
    is seen before its step. Raises ValueError before ``backward``, or unless *seconds* are
    positive.

    >>> a = Value(2.0, "a")
    >>> y = a * a
    >>> y.backward()
    >>> animate(y, seconds=0.5)  # doctest: +ELLIPSIS
    <an animation of ... characters: save(path) writes it as SVG>
    """
    if not 0 < real(seconds) <= LONGEST_PLAY:
        raise ValueError(f"seconds are above 0 and at most {LONGEST_PLAY:g}, got {seconds!r}")
    picture = draw(y, **options)
    if not y.grad:
        raise ValueError("there is no gradient to animate yet: call backward() first")
    moments = find_moments(y, picture)
    total = 1 + max(moment.step for moment in moments)
    pace = min(seconds, LONGEST_PLAY / total)
    rules = "".join(rule(moment, 100 / total) for moment in moments)
    css = STYLE_RULES.format(total=pace * total, rules=rules)
    start = '<svg tabindex="0" class="moving autograd_mini'
    svg = picture.svg().replace('<svg class="autograd_mini', start)
    return Animation(svg.replace("</style>", css + "</style>"))


def find_moments(y: Value, picture: Described) -> list[Moment]:
    """Return when each part appears: data in the order of computing, then arrows and grads.

    A box of several values tells what it computed when the last of them is there. An arrow appears
    with its first step, a grad with the last: then it is complete.
    """
    nodes, arrows = picture.nodes, picture.arrows
    last = {key: 1 + n for key, n in picture.lines_computed.items()}
    done = {nodes[x]: None for x in reversed(topological_order(y)) if x.operands and x in nodes}
    data = {key: k for k, key in enumerate(reversed(done), 1)}
    k = len(data) + 1
    grads, lines = {nodes[y]: k}, dict[str, int]()
    for step in steps(y):
        arrow = arrows.get((step.node, step.position))
        if arrow is not None:
            k += arrow not in lines
            lines.setdefault(arrow, k)
        if step.operand in nodes:
            grads[nodes[step.operand]] = k
    return [
        *(Moment("data", key, at, last[key]) for key, at in data.items() if last[key] > 1),
        *(Moment("edge", key, at) for key, at in lines.items()),
        *(Moment("grad", key, at, last[key]) for key, at in grads.items()),
    ]


def rule(moment: Moment, share: float) -> str:
    """Write the rules that let one part appear; *share* is that of a step, in percent."""
    kind, key, step, last = moment
    before, after = f"0%,{share * (step - 1):.2f}%", f"{share * step:.2f}%,100%"
    hidden = f"{before}{{opacity:0}}{after}{{opacity:1}}"
    parts = {
        "edge": [
            (key, ":is(text,polygon)", hidden),
            (f"{key}-line", "path", f"{before}{{{FAINT_LINE}}}"),
        ],
        "data": [(key, f"text:nth-of-type(n+2):nth-of-type(-n+{last})", hidden)],
        "grad": [
            (f"{key}-grad", f"text:nth-of-type(n+{last + 1})", hidden),
            (f"{key}-grad-box", ">:is(path,polygon)", f"{before}{{{EMPTY_BOX}}}"),
        ],
    }
    return "".join(
        f"@keyframes {name}{{{frames}}}\n.moving #{key} {part}{{animation-name:{name}}}\n"
        for name, part, frames in parts[kind]
    )
