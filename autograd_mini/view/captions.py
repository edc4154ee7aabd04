"""Words: what is written in the boxes, on the arrows and in the tooltips of a picture."""

import math
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add
from types import MappingProxyType
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.primitives import power
from autograd_mini.engine.sums import Variadic
from autograd_mini.engine.undefined import Undefined
from autograd_mini.notation.equation import choose_sign, figure, write_equation
from autograd_mini.notation.letters import Letter
from autograd_mini.notation.text import Symbol
from autograd_mini.stepping.modules import Scope
from autograd_mini.stepping.naming import (
    REST,
    factor,
    number,
    write_algebra,
    write_ends,
)
from autograd_mini.stepping.what_if import Outcome
from autograd_mini.view.layout import Layout, Single
from autograd_mini.view.style import is_alarming
from autograd_mini.view.text import LINE, NAME, clip, clip_name

BLANK_TEXT = "____"
MEET = 4  # a sum of more terms is written with its middle left out
WIDE = 32  # the algebra of a longer sum is shortened to its first and last term


def term(adjoint: float, partial: float) -> float:
    """Return adjoint · partial; NaN where the partial does not exist and would be needed."""
    if isinstance(partial, Undefined):
        return 0.0 if adjoint == 0 else math.nan
    return adjoint * partial


def constants(x: Single) -> list[tuple[int, float]]:
    """List the constants among the operands, with their places; not the exponent of a power."""
    shown = x.operands[: 1 if x.node.op is power else None]
    return [(i, number) for i, number in enumerate(shown) if not isinstance(number, Value)]


Blank = tuple[str, Value | None, int]  # "data", "grad" or "term"; the node; an operand's place


class Given(NamedTuple):
    """What a page or a worksheet, or a question of what if, has told of its own picture."""

    blanks: Mapping[Blank, str] = MappingProxyType({})
    """What stands in place of hidden numbers."""
    changes: Mapping[Value, Outcome] = MappingProxyType({})
    """What each node was before, if the picture shows a change."""
    grads: Mapping[Value, float] | None = None
    """The gradients, where they are not those of the nodes."""
    is_page: bool = False
    """Whether it is for a page: no tooltip tells a number early, and other numbers have room."""


NOTHING_GIVEN = Given()


class Words:
    """The texts of one picture: names as seen from a scope, and numbers unless they are hidden."""

    def __init__(self, layout: Layout, given: Given) -> None:
        self.named, self.hidden, self.has_grads = layout.named, layout.hidden, layout.has_grads
        self.blanks, self.changes, _, self.is_page = given

    def head(self, x: Single) -> str:
        """Write ``z = s + b``: the name and the algebra, a long sum in short."""
        name = name_inside(x.name, x.scope)
        if not x.operands:
            return name
        nearby = {y: name_inside(self.named[y], x.scope) for y in self.named.reads[x.node]}
        algebra = write_algebra(x.node, nearby)
        text = algebra.text
        if len(text) > WIDE and isinstance(x.node.op, Variadic):
            text = write_ends(x.node, Symbol, lambda y: Symbol.named(nearby[y])).text
        return f"{name} {choose_sign(name, algebra)} {clip(text, LINE)}"

    def data(self, x: Single) -> str:
        """Write the data of a value; those of a leaf are given, never hidden."""
        if "data" in self.hidden and x.operands:
            return self.blank("data", x.node)
        if x.node in self.changes:
            return flagged(str(self.changes[x.node].data), not math.isfinite(x.data))
        return write_data(x.data, x.node is self.named.first_bad)

    def grad(self, x: float, node: Value | None = None) -> str:
        """Write a gradient, that of a *node* or of a module, with a ! where it explodes."""
        if "grad" in self.hidden:
            return self.blank("grad", node)
        if node is not None and node in self.changes:
            return flagged(str(self.changes[node].grad), is_alarming(x))
        return flagged(number(x), is_alarming(x) or node in self.named.doubtful)

    def blank(self, kind: str, node: Value | None, place: int = 0) -> str:
        """Return what stands in place of a number: the number of its blank, or a line."""
        return self.blanks.get((kind, node, place), BLANK_TEXT)

    def chain(self, adjoint: float, partial: float) -> list[str]:
        """Write what happens on an arrow: ``0.8176 × 0.1491`` and ``= 0.1219``."""
        local = BLANK_TEXT if "partials" in self.hidden else factor(partial)
        if not self.has_grads:
            return [f"× {local}"]
        if "grad" in self.hidden:
            return [f"{BLANK_TEXT} × {local}", f"= {BLANK_TEXT}"]
        result = figure(term(adjoint, partial))
        sign = choose_sign(figure(adjoint) * figure(partial), result)
        return [f"{number(adjoint)} × {local}", f"{sign} {result}"]

    def about(self, x: Single) -> str:
        """Write the tooltip of a box."""
        if self.is_page:
            return ""
        algebra = self.named.algebra(x.node)
        if self.hidden:
            return write_equation(x.name, algebra)
        lines = [write_equation(x.name, algebra, figure(x.data))]
        if self.has_grads:
            lines.append(write_equation(self.named.derivative(x.node), figure(x.grad)))
        return "\n".join(lines)

    def about_arrow(self, x: Single, place: int) -> str:
        """Write one application of the chain rule: in letters, the partial, and in numbers."""
        if self.is_page:
            return ""
        if self.hidden:
            return name_inside(x.name)
        graph, operand = self.named, x.operands[place]
        local, formula = graph.local(x.node, operand), graph.partials(x.node)[place]
        assert formula is not None  # a constant has no arrow
        passed = f"{graph.derivative(operand)} += {graph.derivative(x.node)} · {local}"
        lines = [passed, write_equation(local, formula, figure(x.partials[place]))]
        if self.has_grads:
            lines.append(" ".join(self.chain(x.grad, x.partials[place])))
        return "\n".join(lines)


def tell_key(letters: Mapping[str, Letter]) -> str:
    """Say what a letter with a layer stands for, by the first; nothing where there is none."""
    found = (f"{letter} is {name}, and so on" for name, letter in letters.items() if letter.upper)
    return next(found, "")


def name_inside(name: str, scope: Scope = ()) -> str:
    """Shorten a name to what it is called within a scope."""
    return clip_name(name.removeprefix(".".join((*scope, ""))), NAME)


def write_data(data: float, is_first_bad: bool) -> str:
    """Write data, marked if it is not finite, and if it is the first that is not."""
    first = " first" if is_first_bad else ""
    return f"{flagged(number(data), not math.isfinite(data))}{first}"


def flagged(told: str, alarm: bool) -> str:
    """Put a ! behind a number that is alarming."""
    return f"{told} !" if alarm else told


def write_grad(terms: Sequence[float], grad: float, alarm: bool) -> str:
    """Write a gradient, where several terms meet as the sum that it is, unless it is alarming."""
    if len(terms) > 1 and not alarm and adds_up(grad, [*terms]):
        return write_sum(terms, grad)
    return flagged(number(grad), alarm)


def adds_up(grad: float, terms: list[float]) -> bool:
    """Tell whether a grad is the sum of its terms, but for rounding."""
    total = sum(terms)
    slack = 1e-9 * sum(map(abs, terms))
    return abs(grad - total) <= slack or not math.isfinite(total) or not terms


def write_sum(terms: Sequence[float], total: float) -> str:
    """Write the sum of some terms, with its middle left out where they are many.

    >>> write_sum([9.0, 9.0, -2.0], 16.0), write_sum([1 / 3] * 6, 2.0)
    ('9 + 9 + (-2) = 16', '0.3333 + 0.3333 + … + 0.3333 ≈ 2')
    """
    sides = reduce(add, map(figure, terms)), figure(total)
    if len(terms) <= MEET:
        return write_equation(*sides)
    some = [number(terms[0]), factor(terms[1]), REST, factor(terms[-1])]
    return f"{' + '.join(some)} {choose_sign(*sides)} {number(total)}"
