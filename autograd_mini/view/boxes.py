"""Boxes: a value with its algebra, data and grad, or a module with what matters of it."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from autograd_mini.engine import Value
from autograd_mini.engine.care import backward_order
from autograd_mini.engine.primitives import relu
from autograd_mini.notation.equation import write_equation
from autograd_mini.stepping.naming import number, write_algebra
from autograd_mini.view.captions import Words, constants, name_inside, term, write_grad
from autograd_mini.view.edges import Links
from autograd_mini.view.layout import Alarms, Box, Group, Layout, Single
from autograd_mini.view.picture import Canvas
from autograd_mini.view.scopes import numbers_as_such
from autograd_mini.view.sketch import BoxSketch, Card
from autograd_mini.view.style import (
    ALARM,
    BLANK,
    DIM,
    MODULE,
    SHAPES,
    ZERO,
    Scale,
    Tone,
    tone,
)
from autograd_mini.view.text import NAME, TIP, clip, dot_lines

BOLD = 0.005  # inches: how much wider the margin is for each letter of a bold title
NUMBER, SUM, TERM, TERMS = 1.05, 0.6, 0.7, 3  # inches of a usual number, sum, term; most terms
OPERATIONS_TOLD = 3  # operations of a box of several values that are told


def rms(values: Iterable[Single]) -> float:
    """Return the root of the mean square of some gradients; 0 of none."""
    grads = [x.grad for x in values]
    return math.hypot(*grads) / math.sqrt(len(grads) or 1)


def tell_operations(members: Iterable[Value]) -> str:
    """Say how often each operation made one of the values; of more than three, the commonest.

    >>> a = Value(2.0)
    >>> tell_operations([a, a * 3.0, a * a, a.tanh()])
    '2 times *, 1 time tanh'
    """
    kinds = Counter(node.op.name for node in members if node.operands)
    some = [
        f"{n:,} time{'s' if n > 1 else ''} {name}" for name, n in kinds.most_common(OPERATIONS_TOLD)
    ]
    return ", ".join([*some, *(["…"] if len(kinds) > OPERATIONS_TOLD else [])])


def margin_of(card: Card) -> str:
    """Return a wider margin where a bold title, for which Graphviz knows no width, is long."""
    length = len(card.lines[0])
    is_bold = not {"leaf", "module"}.isdisjoint(card.classes)
    more = BOLD * length if is_bold and length >= max(map(len, card.lines)) else 0.0
    return f"{card.look.margin + more:.2f},0.06"


class Boxes:
    """Draws the boxes of a layout."""

    def __init__(self, layout: Layout, words: Words, links: Links) -> None:
        self.layout, self.words, self.links = layout, words, links
        shown = layout.shown
        self.sizes = Scale(box.grad for box in shown if isinstance(box, Single))
        self.lines_computed: dict[str, int] = {}
        self.modules = Scale(rms(self.parameters(x)) for x in shown if isinstance(x, Group))

    def draw(self, parent: Canvas, box: Box) -> None:
        """Draw one box into a graph or into the frame of a module, and its constants beside it."""
        key = self.layout.ids[box]
        card = self.group(box) if isinstance(box, Group) else self.value(box)
        parent.node(
            key,
            dot_lines(card.lines),
            id=key,
            tooltip=dot_lines(clip(card.about, TIP).split("\n")),
            fillcolor=card.fill,
            color=card.look.frame,
            fontcolor=card.look.text,
            penwidth=card.look.width,
            margin=margin_of(card),
            width=self.room(box),
            **{"class": " ".join((card.kind, card.look.name, *card.classes))} | SHAPES[card.kind],
        )
        if isinstance(box, Single):
            self.draw_constants(parent, box)

    def room(self, box: Box) -> str | None:
        """Return the width that a page keeps free for numbers such as -8.888; else None."""
        if isinstance(box, Group) or not self.words.is_page:
            return None
        terms = min(len(self.links.uses[box]), TERMS)
        return f"{NUMBER + (SUM + TERM * (terms - 1) if terms > 1 else 0):.2f}"

    def draw_constants(self, parent: Canvas, box: Single) -> None:
        """Draw the constants of a value as bare numbers."""
        look = SHAPES["bare"] | {"class": "constant", "margin": "0.05,0.02", "height": "0"}
        for i, x in constants(box):
            key = f"c{box.place}_{i}"
            parent.node(key, dot_lines([number(x)]), id=key, **look)

    def sketch(self, box: Box, named: Mapping[Value, str]) -> BoxSketch:
        """Return a box as a record; *named* are the letters that a line for a terminal uses."""
        shows_signs = self.layout.shows_signs
        if isinstance(box, Group):
            card, size = self.group(box), rms(self.parameters(box)) if shows_signs else 0.0
            return BoxSketch(card, box.path, ", ".join([box.path, *card.lines[1:]]), size=size)
        name = named[box.node]
        head = write_equation(name, write_algebra(box.node, named))
        data = self.words.data(box).removeprefix("data ")
        grad = self.words.grad(box.grad, of=box).removeprefix("grad ")
        numbers = data, grad if self.layout.has_grads else ""
        return BoxSketch(self.value(box), name, head, *numbers, box.grad if shows_signs else 0.0)

    # A single value

    def value(self, x: Single) -> Card:
        """Return the card of one value."""
        words, alarms = self.words, self.layout.alarms(x)
        look = self.look(x, alarms)
        is_output = x is self.layout.output
        lines = [words.head(x), words.data(x)]
        if self.layout.has_grads or is_output:
            lines.append(self.grad(x, alarms))
        if is_output:
            look = look._replace(width="2.5")
        classes = tuple(self.classes(x, alarms))
        return Card(x.kind, lines, words.about(x), look, self.sizes(x.grad), classes)

    def grad(self, x: Single, alarms: Alarms) -> str:
        """Write the gradient, and where arrows meet the sum that it is."""
        if not self.layout.shows_signs or x.node in self.words.changes:
            return self.words.grad(x.grad, of=x)
        uses = self.links.uses[x]
        if len(uses) > 1:
            uses = sorted(uses, key=lambda edge: (self.turns[edge[0].node], edge[1]))
        terms = [term(reader.grad, reader.partials[place]) for reader, place in uses]
        return write_grad(terms, x.grad, alarms.grad)

    @cached_property
    def turns(self) -> dict[Value, int]:
        """The order in which ``backward`` comes by the nodes."""
        return {node: i for i, node in enumerate(backward_order(self.layout.output.node))}

    def classes(self, x: Single, alarms: Alarms) -> Iterator[str]:
        """Yield the classes by which the style sheet knows what is special about a value."""
        if not x.operands:
            yield "leaf"
        if x is self.layout.output:
            yield "output"
        if alarms.data:
            yield "bad-data"
        if alarms.grad:
            yield "bad-grad"

    def look(self, x: Single, alarms: Alarms) -> Tone:
        """Return the look of a value."""
        if not self.layout.is_lit_box(x):
            return DIM
        if any(alarms):
            return ALARM
        return tone(x.grad) if self.layout.shows_signs else BLANK

    # Several values

    def group(self, group: Group) -> Card:
        """Return the card of a module or of values of one name."""
        members = self.layout.folding.members[group]
        computed = [*filter(None, self.computed(group, members))]
        gradients = filter(None, self.gradients(group, members))
        self.lines_computed[self.layout.ids[group]] = len(computed)
        lines = [clip(group.title, NAME), *computed, *gradients]
        told = f"{clip(group.path, NAME)}: {len(members):,} values"
        about = "" if self.words.is_page else told
        size = rms(self.parameters(group))
        classes = ("module",) if group.is_module else ()
        return Card("group", lines, about, self.group_look(group), self.modules(size), classes)

    def group_look(self, group: Group) -> Tone:
        """Return the look of a group: by its parameters' gradients, grey if they are all 0."""
        parameters = self.parameters(group)
        if not self.layout.is_lit_box(group):
            return DIM
        if not (self.layout.shows_signs and parameters):
            return BLANK
        look = tone(rms(parameters))
        return look if look in (ZERO, ALARM) else MODULE

    def computed(self, group: Group, members: list[Single]) -> Iterator[str]:
        """Yield the lines about the values in a group that tell nothing of gradients."""
        if group.first is not None:
            yield from self.rolled(members)
            return
        yield self.sizes_inside(group, members)
        exits = self.exits(group, members)
        if len(exits) == 1:
            yield self.words.data(exits[0]).replace("data", "out", 1)
        elif not self.parameters(group):
            yield f"{len(members):,} values"
            yield tell_operations(x.node for x in members)

    def gradients(self, group: Group, members: list[Single]) -> Iterator[str]:
        """Yield the lines about the gradients in a group, and the relu that let none through."""
        if group.first is not None:
            ends = [number(x.grad) for x in (members[0], members[-1])]
            yield f"grad {' … '.join(ends)}" if self.layout.shows_signs else ""
            return
        exits, parameters = self.exits(group, members), self.parameters(group)
        if len(exits) == 1 and self.layout.has_grads:
            yield self.words.grad(exits[0].grad)
        if parameters:
            size = self.words.grad(rms(parameters), "rms grad") if self.layout.has_grads else ""
            yield ", ".join(filter(None, (f"{len(parameters):,} parameters", size)))
        yield self.off(members)

    def exits(self, group: Group, members: list[Single]) -> list[Single]:
        """List the values of a module that others read; the last one where there are none."""
        return [*self.links.exits.get(group, members[-1:])] if group.is_module else []

    def sizes_inside(self, group: Group, members: list[Single]) -> str:
        """Tell how many modules a module holds; nothing if it holds one or none."""
        depth = len(group.scope) + 1
        inner = {x.scope[depth] for x in members if len(x.scope) > depth}
        kinds = Counter(stem for stem, _ in numbers_as_such(inner))
        several = [(kind, count) for kind, count in kinds.items() if group.is_module and count > 1]
        return ", ".join(f"{count:,} {kind}s" for kind, count in several)

    def rolled(self, members: list[Single]) -> Iterator[str]:
        """Yield what is computed in the middle of a chain."""
        first, last = members[0], members[-1]
        yield f"{name_inside(first.name)} … {name_inside(last.name)}"
        yield tell_operations(x.node for x in members)
        if "data" not in self.layout.hidden:
            yield f"data {number(first.data)} … {number(last.data)}"

    def off(self, members: list[Single]) -> str:
        """Tell how many relu are off, which let no gradient through."""
        rectified = [x for x in members if x.node.op is relu]
        off = sum(x.partials == (0.0,) for x in rectified)
        hidden = "partials" in self.layout.hidden or not off
        return "" if hidden else f"relu off: {off} of {len(rectified)}"

    def parameters(self, group: Group) -> list[Single]:
        """List the parameters in a group."""
        return [x for x in self.layout.folding.members[group] if x.kind == "parameter"]
