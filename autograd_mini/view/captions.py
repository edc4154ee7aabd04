"""Words: what is written in the boxes, on the arrows and in the tooltips of a picture."""

import math
from collections.abc import Mapping, Sequence
from functools import reduce
from operator import add

from autograd_mini.engine import Value
from autograd_mini.engine.primitives import power
from autograd_mini.engine.sums import Variadic
from autograd_mini.engine.undefined import Undefined
from autograd_mini.notation.equation import choose_sign, figure, write_equation
from autograd_mini.notation.text import Symbol
from autograd_mini.stepping.modules import Scope
from autograd_mini.stepping.naming import (
    REST,
    Graph,
    factor,
    number,
    symbol,
    write_algebra,
    write_ends,
)
from autograd_mini.stepping.what_if import Outcome
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


def constants(node: Value) -> list[tuple[int, float]]:
    """List the constants among the operands, with their places; not the exponent of a power."""
    shown = node.operands[: 1 if node.op is power else None]
    return [(i, x) for i, x in enumerate(shown) if not isinstance(x, Value)]


Blanks = Mapping[tuple[str, Value | None, int], str]  # "data", "grad" or "term"; node; place
Outcomes = Mapping[Value, Outcome]  # what each node was before, if the picture shows a change


class Words:
    """The texts of one picture: names as seen from a scope, and numbers unless they are hidden."""

    def __init__(
        self,
        named: Graph,
        scope: Mapping[Value, Scope],
        hidden: Sequence[str] = (),
        has_grads: bool = True,
        blanks: Blanks | None = None,
    ) -> None:
        self.named, self.scope = named, scope
        self.hidden, self.has_grads = hidden, has_grads
        self.blanks = blanks or {}
        self.changes: Outcomes = {}
        self.output = next(reversed(named.values()))

    def name(self, node: Value, scope: Scope = ()) -> str:
        """Return the name of a node as it is called within a scope."""
        inside = ".".join((*scope, ""))
        return clip_name(self.named[node].removeprefix(inside), NAME)

    def head(self, node: Value) -> str:
        """Write ``z = s + b``: the name and the algebra, a long sum in short."""
        scope = self.scope[node]
        name = self.name(node, scope)
        nearby = {x: self.name(x, scope) for x in (*node.operands, node) if isinstance(x, Value)}
        algebra = write_algebra(node, nearby)
        text = algebra.text
        if len(text) > WIDE and isinstance(node.op, Variadic):
            text = write_ends(node, Symbol, lambda x: symbol(nearby[x])).text
        return f"{name} {choose_sign(name, algebra)} {clip(text, LINE)}" if text else name

    def data(self, node: Value) -> str:
        """Write the data of a node; those of a leaf are given, never hidden."""
        shown = "data" not in self.hidden or not node.operands
        if shown and node in self.changes:
            bad = not math.isfinite(node.data)
            return f"data {self.changes[node].data}{' !' if bad else ''}"
        return write_data(node, self.named) if shown else f"data {self.blank('data', node)}"

    def grad(self, x: float, name: str = "grad", node: Value | None = None) -> str:
        """Write a gradient, that of a *node* or of a module, with a ! where it explodes."""
        if not self.has_grads:
            return f"{name}: not computed yet"
        hidden = "grad" in self.hidden
        if node is not None and node in self.changes and not hidden:
            return f"{name} {self.changes[node].grad}{' !' if is_alarming(x) else ''}"
        alarm = is_alarming(x) or node in self.named.doubtful
        return f"{name} {self.blank('grad', node) if hidden else flagged(x, alarm)}"

    def blank(self, kind: str, node: Value | None, place: int = 0) -> str:
        """Return what stands in place of a number: the number of its blank, or a line."""
        return self.blanks.get((kind, node, place), BLANK_TEXT)

    def chain(self, node: Value, partial: float) -> list[str]:
        """Write what happens on an arrow: ``0.8176 × 0.1491`` and ``= 0.1219``."""
        local = BLANK_TEXT if "partials" in self.hidden else factor(partial)
        if not self.has_grads:
            return [f"× {local}"]
        if "grad" in self.hidden:
            return [f"{BLANK_TEXT} × {local}", f"= {BLANK_TEXT}"]
        result = figure(term(node.grad, partial))
        sign = choose_sign(figure(node.grad) * figure(partial), result)
        return [f"{number(node.grad)} × {local}", f"{sign} {result}"]

    def about(self, node: Value) -> str:
        """Write the tooltip of a box."""
        graph = self.named
        name, algebra = graph[node], graph.algebra(node)
        if self.hidden:
            return write_equation(name, algebra)
        lines = [write_equation(name, algebra, figure(node.data))]
        if self.has_grads:
            lines.append(write_equation(graph.derivative(node), figure(node.grad)))
        return "\n".join(lines)

    def about_arrow(self, node: Value, place: int, chain: list[str]) -> str:
        """Write one application of the chain rule: in letters, the partial, and in numbers."""
        if self.hidden:
            return self.name(node)
        graph, operand = self.named, node.operands[place]
        local, formula = graph.local(node, operand), graph.partials(node)[place]
        assert formula is not None  # a constant has no arrow
        passed = f"{graph.derivative(operand)} += {graph.derivative(node)} · {local}"
        lines = [passed, write_equation(local, formula, figure(node.partials[place]))]
        return "\n".join([*lines, " ".join(chain)] if self.has_grads else lines)


def write_data(node: Value, graph: Graph) -> str:
    """Write the data of a node, marked if it is not finite, and if it is the first that is not."""
    first = " first" if node is graph.first_bad else ""
    return f"data {flagged(node.data, not math.isfinite(node.data))}{first}"


def flagged(x: float, alarm: bool) -> str:
    """Write a number, with a ! behind it where it is alarming."""
    return f"{number(x)} !" if alarm else number(x)


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
