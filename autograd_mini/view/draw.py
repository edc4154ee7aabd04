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

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack, cast

from autograd_mini.engine import Value
from autograd_mini.engine.collector import quiet_collector
from autograd_mini.notation.letters import Letter, choose_letters
from autograd_mini.stepping.modules import Scope
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.what_if import WhatIf
from autograd_mini.view.arrows import MOST_ARROWS_LABELLED, Arrows
from autograd_mini.view.boxes import Boxes
from autograd_mini.view.captions import NOTHING_GIVEN, Given, Words
from autograd_mini.view.edges import Links
from autograd_mini.view.frames import OpenModule
from autograd_mini.view.layout import Box, Group, Layout, Single, find_layouts
from autograd_mini.view.legend import Legend
from autograd_mini.view.options import Keywords, Options
from autograd_mini.view.picture import Canvas, TextPicture
from autograd_mini.view.rows import draw_rows, find_levels, find_rows
from autograd_mini.view.scopes import numbers_as_such
from autograd_mini.view.sketch import FrameSketch, Sketch
from autograd_mini.view.style import (
    EDGE,
    FRAME_OF_MODULE,
    FRAMED,
    GRAPH,
    IN_PAGE,
    MODULES,
    NODE,
    QUICK,
    STRAIGHT,
    VALUES,
)
from autograd_mini.view.text import NAME, clip, dot_lines

if TYPE_CHECKING:
    from autograd_mini.view.render import Picture

MOST_PASSED = 40_000  # rows of boxes that arrows pass: about three seconds of Graphviz


def draw(y: Value | WhatIf, **options: Unpack[Keywords]) -> "Picture":
    """Draw the graph behind *y* as a graphviz.Digraph, with the gradient flowing back.

    Of what ``what_if`` returns, the boxes show every number that changes as old → new, and the
    arrows the new ones.

    The options, all by keyword:

    - *detail*: "full" for one box per value, "neurons" or "layers" for one per module, "auto" (the
      default) for as much as fits;
    - *expand*: names of modules to open in place, such as "layer2.neuron4";
    - *depth*: how many steps to go back from *y*, at least 1;
    - *max_nodes*: the largest number of boxes that "auto" draws, 60 by default;
    - *widest*: the width in points of the widest picture that "auto" draws, 1,400 by default;
    - *names*: variables, such as locals(), that name the values without a label;
    - *hide*: what to leave blank, of "data", "grad" and "partials";
    - *direction*: "TB" (the leaves on top), "LR", "BT" or "RL";
    - *parameters*: leaves to draw as such, besides those whose labels say that they are;
    - *why*: a Value whose paths from *y* are lit, with their products and their sum;
    - *legend*: False leaves out what stands below the picture.

    Without the package graphviz the picture is text: ``print`` and ``mermaid()`` work, and
    whatever needs more raises ModuleNotFoundError. Raises TypeError or ValueError for bad
    arguments, and ValueError if more than 2,000 boxes, or *max_nodes*, were asked for.

    >>> a, b = Value(2.0, "a"), Value(-3.0, "b")
    >>> print(draw(a * b, direction="LR").description)
    L = -6. grad: not computed yet; call backward(), then draw again.
    """
    return draw_fitting(y, Options.of(**options))


@quiet_collector()  # each value has a record here, and there may be a million
def draw_fitting(
    y: Value | Graph | WhatIf, options: Options, given: Given = NOTHING_GIVEN
) -> "Picture":
    """Draw the most detailed picture that fits."""
    if isinstance(y, WhatIf):
        return draw_fitting(Graph(y.output, options.names), options, Given(changes=y.changes))
    layouts = find_layouts(y, options, given.grads)
    picture = Drawing(next(layouts), given).finished()
    while options.is_negotiable and picture.width() > options.widest:
        following = next(layouts, None)
        if following is None:
            break
        picture = Drawing(following, given).finished()
    return picture


def blank_picture() -> "Picture":
    """Return a Picture to fill; graphviz is imported here, so that text can do without it."""
    try:
        from autograd_mini.view.render import Picture
    except ModuleNotFoundError:
        return cast("Picture", TextPicture())
    return Picture(format="svg")


class Drawing:
    """One picture in the making."""

    def __init__(self, layout: Layout, given: Given) -> None:
        self.layout, self.picture, words = layout, blank_picture(), Words(layout, given)
        links = self.links = Links(layout)
        require_little(layout, links)
        self.boxes, self.arrows = Boxes(layout, words, links), Arrows(layout, words, links)
        self.legend = Legend(layout, words, self.arrows)
        self.values = IN_PAGE if given.is_page else VALUES

    def finished(self) -> "Picture":
        """Draw everything."""
        layout, picture = self.layout, self.picture
        picture.attr(**self.spacing())
        picture.attr("node", **NODE)
        picture.attr("edge", dir="back" if layout.has_grads else "forward", **EDGE)
        self.draw_frame(picture, (), Frames(layout))
        draw_rows(picture, find_rows(layout, self.links), layout.ids)
        self.arrows.draw(picture)
        if layout.options.legend:
            picture.explain(self.legend.lines())
        picture.sideways = layout.direction in ("LR", "RL")
        picture.title, picture.description = self.legend.title(), self.legend.description()
        members = layout.folding.members
        picture.nodes = {x.node: layout.ids[box] for box in layout.shown for x in members[box]}
        picture.arrows, picture.lines_computed = self.arrows.ids, self.boxes.lines_computed
        picture.make_sketch = self.sketch
        return picture

    def sketch(self) -> Sketch:
        """Return what is shown as records, for other notations."""
        layout, frames = self.layout, Frames(self.layout)
        letters = choose_letters(layout.named.values())
        named = {node: str(letters[name]) for node, name in layout.named.items()}
        boxes = [box for box in layout.shown if isinstance(box, Single)]
        told = [x for box in boxes for x in (box.node, *layout.named.reads[box.node])]
        return Sketch(
            title=self.legend.title(),
            direction=layout.direction,
            has_grads=layout.has_grads,
            root=layout.ids[layout.folding.box_of[layout.output.node]],
            boxes={layout.ids[box]: self.boxes.sketch(box, named) for box in layout.shown},
            arrows=[*map(self.arrows.sketch, self.arrows.all)],
            whole=self.sketch_frame((), frames),
            key=tell_key({layout.named[x]: letters[layout.named[x]] for x in told}),
            notes=self.legend.notes(),
        )

    def sketch_frame(self, scope: Scope, frames: "Frames") -> FrameSketch:
        """Return what stands in the frame of a module."""
        boxes = [self.layout.ids[box] for box in frames.boxes[scope]]
        inner = [self.sketch_frame(x, frames) for x in frames.inner[scope]]
        return FrameSketch(scope[-1] if scope else "", boxes, inner)

    def spacing(self) -> dict[str, str]:
        """Return what tells Graphviz how to place boxes and arrows."""
        layout = self.layout
        attributes = {"rankdir": layout.direction, **GRAPH}
        attributes |= MODULES if layout.has_modules else self.values
        attributes |= STRAIGHT if layout.is_straight else {}
        attributes |= FRAMED if layout.has_frames else {}
        return attributes | (QUICK if len(self.arrows.all) > MOST_ARROWS_LABELLED else {})

    def draw_frame(self, parent: Canvas, scope: Scope, frames: "Frames") -> None:
        """Draw the boxes of a module and, inside a frame each, its inner modules."""
        for box in frames.boxes[scope]:
            self.boxes.draw(parent, box)
        for inner in frames.inner[scope]:
            title = clip(inner[-1], NAME)
            with parent.subgraph(name=f"cluster_{frames.ids[inner]}") as frame:
                frame.attr(label=dot_lines([title]), **FRAME_OF_MODULE)
                self.draw_frame(frame, inner, frames)
            within = [
                x for s, boxes in frames.boxes.items() if s[: len(inner)] == inner for x in boxes
            ]
            ids = {self.layout.ids[x] for x in within}
            self.picture.frames.append(OpenModule(title, len(inner), ids))


def tell_key(letters: Mapping[str, Letter]) -> str:
    """Say what a letter with a layer stands for, by the first; nothing where there is none."""
    for name, letter in letters.items():
        if letter.upper:
            return f"{letter} is {name}, and so on"
    return ""


class Frames:
    """The boxes of every module, and its inner modules, in the order of their numbers."""

    def __init__(self, layout: Layout) -> None:
        self.boxes: dict[Scope, list[Box]] = defaultdict(list)
        self.inner: dict[Scope, list[Scope]] = defaultdict(list)
        self.ids: dict[Scope, int] = {}
        for box in sorted(layout.shown, key=by_number):
            self.boxes[box.scope].append(box)
        outer = (scope[:n] for scope in self.boxes for n in range(1, len(scope) + 1))
        for number, scope in enumerate(sorted(dict.fromkeys(outer), key=numbers_as_such)):
            self.inner[scope[:-1]].append(scope)
            self.ids[scope] = number


def by_number(box: Box) -> Any:
    """Order modules by their numbers, before the other boxes, which keep their order."""
    return (0, numbers_as_such((box.title,))) if isinstance(box, Group) and box.is_module else (1,)


def require_little(layout: Layout, links: Links) -> None:
    """Raise ValueError if arrows pass so many other boxes that placing them takes many seconds."""
    levels = find_levels(layout.shown, links)
    passed = sum(levels[near] - levels[far] for near, far, _ in links.between if levels)
    if passed > MOST_PASSED:
        raise ValueError(
            f"the arrows of {len(layout.shown):,} boxes pass {passed:,} rows of boxes, which takes "
            "too long to place: ask for fewer with depth=, or for detail='auto'"
        )
