"""Boxes: a value with its algebra, data and grad, or a module with what matters of it."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.care import backward_order
from autograd_mini.engine.primitives import relu
from autograd_mini.stepping.naming import number
from autograd_mini.view.arrows import Links
from autograd_mini.view.captions import Words, constants, name_inside, term, write_grad
from autograd_mini.view.layout import Alarms, Box, Group, Layout, Single
from autograd_mini.view.scopes import numbers_as_such
from autograd_mini.view.style import ALARM, BLANK, DIM, MODULE, ZERO, Scale, Tone, tone
from autograd_mini.view.text import NAME, clip, tell_count

BOLD = 0.005  # inches: how much wider the margin is for each letter of a bold title
NUMBER, SUM, TERM, TERMS = 1.05, 0.6, 0.7, 3  # inches of a usual number, sum, term; most terms
OPERATIONS_TOLD = 3  # operations of a box of several values that are told


class Card(NamedTuple):
    """All that a picture has of one box, in whatever notation it is written."""

    key: str
    kind: str
    lines: list[str]
    about: str
    """What its tooltip tells."""
    look: Tone
    depth: float
    """How dark it is filled, from 0 to 1."""
    classes: list[str]
    """The classes by which the style sheet knows what is special about it."""
    computed: int = 1
    """How many lines below the first tell nothing of gradients."""
    width: str | None = None
    """The inches that a page keeps free for numbers such as -8.888."""
    constants: Sequence[tuple[str, float]] = ()
    """The constants beside it, each after its place."""

    @property
    def fill(self) -> str:
        """The colour that it is filled with."""
        return self.look.tinted(self.depth)

    @property
    def margin(self) -> str:
        """The inches around its text: more at a bold title, whose width Graphviz does not know."""
        length = len(self.lines[0])
        is_bold = not {"leaf", "module"}.isdisjoint(self.classes)
        more = BOLD * length if is_bold and length >= max(map(len, self.lines)) else 0.0
        return f"{self.look.margin + more:.2f},0.06"


def tell_operations(members: Iterable[Value]) -> str:
    """Say how often each operation made one of the values; of more than three, the commonest.

    >>> a = Value(2.0)
    >>> tell_operations([a, a * 3.0, a * a, a.tanh()])
    '2 times *, 1 time tanh'
    """
    kinds = Counter(node.op.name for node in members if node.operands)
    common = kinds.most_common(OPERATIONS_TOLD)
    told = [f"{tell_count(n, 'time')} {name}" for name, n in common]
    return ", ".join([*told, "…"] if len(kinds) > len(told) else told)


class Boxes:
    """Says what stands in the boxes of a layout, and how they look."""

    def __init__(self, layout: Layout, words: Words, links: Links) -> None:
        self.layout, self.words, self.links = layout, words, links
        groups = [box for box in layout.shown if isinstance(box, Group)]
        self.sizes = Scale(box.grad for box in layout.shown if isinstance(box, Single))
        self.sizes_of_groups = Scale(map(self.size, groups))

    def card(self, box: Box) -> Card:
        """Return all that is shown of a box."""
        return self.group(box) if isinstance(box, Group) else self.value(box)

    def size(self, box: Box) -> float:
        """Return the gradient that a box looks like: of a group, the rms of its parameters'."""
        if isinstance(box, Single):
            return box.grad
        grads = [x.grad for x in self.parameters(box)]
        return math.hypot(*grads) / math.sqrt(len(grads) or 1)

    # A single value

    def value(self, x: Single) -> Card:
        """Return the card of one value."""
        layout, alarms = self.layout, self.layout.alarms(x)
        is_output = x is layout.output
        lines = [self.words.head(x), f"data {self.words.data(x)}"]
        if layout.has_grads:
            lines.append(f"grad {self.grad(x, alarms)}")
        elif is_output:
            lines.append("grad: not computed yet")
        classes = {
            "leaf": not x.operands,
            "output": is_output,
            "bad-data": alarms.data,
            "bad-grad": alarms.grad,
        }
        return Card(
            layout.ids[x],
            x.kind,
            lines,
            self.words.about(x),
            self.look(x, alarms),
            self.sizes(x.grad),
            [name for name, holds in classes.items() if holds],
            width=self.room(x) if self.words.is_page else None,
            constants=[(f"{x.place}_{i}", constant) for i, constant in constants(x)],
        )

    def room(self, x: Single) -> str:
        """Return the width of usual numbers, and of the sum that the gradient may be."""
        terms = min(len(self.links.uses[x]), TERMS)
        return f"{NUMBER + (SUM + TERM * (terms - 1) if terms > 1 else 0):.2f}"

    def grad(self, x: Single, alarms: Alarms) -> str:
        """Write the gradient, and where arrows meet the sum that it is."""
        if not self.layout.shows_signs or x.node in self.words.changes:
            return self.words.grad(x.grad, x.node)
        uses = sorted(self.links.uses[x], key=lambda edge: self.turns[edge[0].node])
        terms = [term(reader.grad, reader.partials[place]) for reader, place in uses]
        return write_grad(terms, x.grad, alarms.grad)

    @cached_property
    def turns(self) -> dict[Value, int]:
        """The order in which ``backward`` comes by the nodes."""
        return {node: i for i, node in enumerate(backward_order(self.layout.output.node))}

    def look(self, x: Single, alarms: Alarms) -> Tone:
        """Return the look of a value; the output has a thick frame."""
        look = tone(x.grad) if self.layout.shows_signs else BLANK
        if any(alarms):
            look = ALARM
        if not self.layout.is_lit_box(x):
            look = DIM
        return look._replace(width="2.5") if x is self.layout.output else look

    # Several values

    def group(self, group: Group) -> Card:
        """Return the card of a module, of values of one name, or of the middle of a chain."""
        members = self.layout.folding.members[group]
        told = self.rolled(members) if group.is_chain else self.folded(group, members)
        computed, gradients = ([*filter(None, lines)] for lines in told)
        about = f"{clip(group.path, NAME)}: {len(members):,} values"
        return Card(
            self.layout.ids[group],
            "group",
            [clip(group.title, NAME), *computed, *gradients],
            "" if self.words.is_page else about,
            self.group_look(group),
            self.sizes_of_groups(self.size(group)),
            ["module"] if group.is_module else [],
            len(computed),
        )

    def group_look(self, group: Group) -> Tone:
        """Return the look of a group: by its parameters' gradients, grey if they are all 0."""
        if not self.layout.is_lit_box(group):
            return DIM
        if not (self.layout.shows_signs and self.parameters(group)):
            return BLANK
        look = tone(self.size(group))
        return look if look in (ZERO, ALARM) else MODULE

    def rolled(self, members: list[Single]) -> tuple[list[str], list[str]]:
        """Tell what is computed in the middle of a chain, and the gradients at its ends."""
        first, last = members[0], members[-1]
        computed = [f"{name_inside(first.name)} … {name_inside(last.name)}"]
        computed.append(tell_operations(x.node for x in members))
        if "data" not in self.layout.hidden:
            computed.append(f"data {number(first.data)} … {number(last.data)}")
        signs = self.layout.shows_signs
        return computed, [f"grad {number(first.grad)} … {number(last.grad)}"] if signs else []

    def folded(self, group: Group, members: list[Single]) -> tuple[list[str], list[str]]:
        """Tell what a group computes, and the gradients in it; the last value is read by none."""
        words, has_grads = self.words, self.layout.has_grads
        exits = [*self.links.exits.get(group, members[-1:])] if group.is_module else []
        parameters = self.parameters(group)
        computed, gradients = [self.sizes_inside(group, members)], list[str]()
        if len(exits) == 1:
            computed.append(f"out {words.data(exits[0])}")
            gradients += [f"grad {words.grad(exits[0].grad)}"] if has_grads else []
        elif not parameters:
            computed += [f"{len(members):,} values", tell_operations(x.node for x in members)]
        if parameters:
            size = [f"rms grad {words.grad(self.size(group))}"] if has_grads else []
            gradients.append(", ".join([tell_count(len(parameters), "parameter"), *size]))
        return computed, [*gradients, self.off(members)]

    def sizes_inside(self, group: Group, members: list[Single]) -> str:
        """Tell how many modules a module holds; nothing if it holds one or none."""
        depth = len(group.scope) + 1
        inner = {x.scope[depth] for x in members if len(x.scope) > depth}
        kinds = Counter(stem for stem, _ in numbers_as_such(inner))
        several = [(kind, count) for kind, count in kinds.items() if group.is_module and count > 1]
        return ", ".join(tell_count(count, kind) for kind, count in several)

    def off(self, members: list[Single]) -> str:
        """Tell how many relu are off, which let no gradient through."""
        rectified = [x for x in members if x.node.op is relu]
        off = sum(x.partials == (0.0,) for x in rectified)
        hidden = "partials" in self.layout.hidden or not off
        return "" if hidden else f"relu off: {off} of {len(rectified)}"

    def parameters(self, group: Group) -> list[Single]:
        """List the parameters in a group."""
        return [x for x in self.layout.folding.members[group] if x.kind == "parameter"]
