"""Paths: why a gradient is what it is, the sum over all ways from the output to a node."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import add, mul
from typing import NamedTuple, TypeVar

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import whole_number
from autograd_mini.engine.care import Reached
from autograd_mini.engine.care import product as multiply
from autograd_mini.engine.graph import one_value
from autograd_mini.engine.waiting import show_progress
from autograd_mini.notation.equation import figure, write_equation
from autograd_mini.notation.numbers import write_number
from autograd_mini.notation.plain import for_screen
from autograd_mini.notation.text import Figures
from autograd_mini.stepping.naming import REST, Graph, derivative_of
from autograd_mini.stepping.steps import Edge, Step, edges, steps

UNCOUNTABLE = 10**18  # more paths are not counted: their number would be longer than the graph
MOST_LEFT_OUT = 6  # paths to a node, of which all choices to leave out are tried
SHOWN = 10  # a product of more factors is written with its middle left out

LISTED = 20  # paths to a node; of more, the terms of its consumers
LINES = 1000  # of a text; limit= says how many paths are listed at all
LEFT_OUT = "… (paths and ledger hold what is left out here)"

T = TypeVar("T")
R = TypeVar("R")


class Path(NamedTuple):
    """A way from the output to a node along the edges, and the product of their partials."""

    edges: tuple[Edge, ...]
    product: float
    graph: Graph

    @property
    def equation(self) -> str:
        """The product in letters, in numbers, and worked out."""
        locals_ = leave_out_middle(self.edges, lambda x: self.graph.local(x.node, x.operand), REST)
        factors = leave_out_middle(self.edges, lambda x: figure(x.partial), Figures(REST))
        sides = [reduce(mul, factors), figure(self.product)] if self.edges else [figure(1.0)]
        return write_equation(" · ".join(locals_), *sides)

    @property
    def route(self) -> str:
        """The nodes on the way; where they leave it open, also which operand it goes through."""
        stops = leave_out_middle(self.edges, lambda edge: write_stop(self.graph, edge), REST)
        return " → ".join([self.graph.title, *stops])

    def __str__(self) -> str:
        return for_screen(self.equation)


def write_stop(graph: Graph, edge: Edge) -> str:
    """Write the operand to which an edge leads."""
    name = graph[edge.operand]
    several = sum(x is edge.operand for x in edge.node.operands) > 1
    return f"{name} (through operand {edge.position + 1})" if several else name


class Why:
    """Why the derivative of *output* with respect to a node is what it is: the *total*.

    Up to *limit* paths are listed in ``paths``. Where there are more, ``ledger`` lists instead the
    steps in which the node's consumers gave it their terms, which add up to the same.
    """

    def __init__(
        self,
        output: Value | Graph,
        node: Value,
        limit: int = LISTED,
        names: Mapping[str, object] | None = None,
    ) -> None:
        self.node = one_value(node)
        self.graph = Graph.of(output, names)
        self.goal = self.graph.call(node)
        self.graph.refuse_swapped(node)
        self.output = self.graph.output
        ways = count_paths(self.graph, node)
        self.count = ways[self.output]
        few = self.count <= whole_number(limit, "limit", 0)
        self.paths = tuple(find_paths(self.graph, node, ways)) if few else ()
        found = show_progress(steps(self.graph), self.graph.uses.total(), "looking for terms")
        self.ledger = () if few else tuple(x for x in found if x.operand is node)
        self.addends = [x.product for x in self.paths] + [x.term for x in self.ledger]
        self.total = sum(self.addends, 0.0)

    @property
    def text(self) -> str:
        """All that there is to say, a path a line."""
        if not self.count:
            nothing = f"no path from {self.graph.title} to {self.goal}"
            return "\n".join([nothing, *self.other_passes()])
        found: list[Path | Step] = [*self.paths, *self.ledger]
        reasons = leave_out_middle(found, tell_reason, LEFT_OUT, LINES)
        terms = reduce(add, leave_out_middle(self.addends, figure, Figures(REST)))
        derivative = derivative_of(self.graph.title, self.goal)
        summed = write_equation(derivative, terms, figure(self.total))
        return "\n".join(["\n  ".join([self.heading(), *reasons]), summed, *self.other_passes()])

    def __str__(self) -> str:
        return for_screen(self.text)

    __repr__ = __str__

    def heading(self) -> str:
        """Say how many paths there are, and what is listed."""
        more = "more than " if self.count == UNCOUNTABLE else ""
        plural = "s" if self.count > 1 else ""
        heading = f"{more}{self.count:,} path{plural} from {self.graph.title} to {self.goal}"
        too_many = ", too many to list; the terms of its consumers, adjoint × partial:"
        return heading + (too_many if self.ledger else "")

    def other_passes(self) -> list[str]:
        """Say what else the node's grad holds, if it is not the total."""
        if not self.node.grad and self.total:
            named = self.graph.labels[self.output]
            cause = f"{self.graph.title}.backward()" if named else "a backward pass"
            told = [f"{self.goal}.grad is 0; {cause} would make it {write_number(self.total)}"]
            if not self.graph.labels[self.node]:
                advice = "why(..., names=locals()) calls it as your variable"
                told.append(f"{self.goal} has no label: {advice}")
            return told
        return [*filter(None, [tell_other_passes(self.goal, self.node, self.total)])]


def tell_other_passes(name: str, node: Value, total: float) -> str:
    """Say what a node's grad holds if it is not the *total* of one pass; nothing if it is."""
    grad = node.grad
    if math.isclose(grad, total, rel_tol=1e-9) or (math.isnan(grad) and math.isnan(total)):
        return ""
    holds = "it holds other passes, added earlier; zero_grad() clears them"
    return f"{name}.grad is {write_number(grad)}: {holds}"


def tell_reason(reason: Path | Step) -> str:
    """Write a path, or a term that a consumer gave."""
    if isinstance(reason, Path):
        return reason.equation
    sides = reason.product, figure(reason.term)
    return write_equation(f"{reason.passed} · {reason.local}", *sides)


def why(
    output: Value, node: Value, limit: int = LISTED, names: Mapping[str, object] | None = None
) -> Why:
    """Return every path from *output* to *node* with its product of partials, and their sum.

    The sum is the derivative. Where there are more than *limit* paths, lists the terms of the
    node's consumers instead. Values without a label are called as the variables of *names* that
    hold them, such as ``locals()``. Raises what ``backward`` raises where a partial on the way does
    not exist, and ValueError where *output* and *node* were swapped.

    >>> a = Value(2.0, "a")
    >>> why(a * 3 + a, a)
    2 paths from L to a
      ∂(v1 + a)/∂v1 · ∂(a·3)/∂a = 1 × 3 = 3
      ∂(v1 + a)/∂a = 1
    ∂L/∂a = 3 + 1 = 4
    a.grad is 0; a backward pass would make it 4
    """
    return Why(output, node, limit, names)


def count_paths(order: Iterable[Value], node: Value) -> dict[Value, int]:
    """Count the paths to *node* from every node of a graph, given in topological order."""
    ways: dict[Value, int] = {}
    for x in order:
        count = sum(ways[operand] for operand in x.operands if isinstance(operand, Value))
        ways[x] = 1 if x is node else min(count, UNCOUNTABLE)
    return ways


def find_paths(graph: Graph, node: Value, ways: Mapping[Value, int]) -> Iterator[Path]:
    """Yield the paths, from left to right; the *trail* leads to where the search stands."""
    trail: list[Edge] = []
    reached = Reached(graph.output)
    open_ends: list[tuple[Value, list[Edge], int, float, bool]] = [(graph.output, [], 0, 1.0, True)]
    while open_ends and ways[graph.output]:
        end, last, length, product, is_on = open_ends.pop()
        trail[length:] = last
        if end is node:
            yield Path(tuple(trail), product, graph)  # and no edge leads back to it
        for edge in reversed(edges(end)):
            if ways[edge.operand]:
                goes_on = is_on and reached.leads_on(edge.node, edge.position)
                counts = goes_on or math.isfinite(edge.partial)  # behind a branch that is off: 0
                longer = multiply(product, edge.node, edge.position) if counts else 0.0
                open_ends.append((edge.operand, [edge], len(trail), longer, goes_on))


def leave_out_middle(
    items: Sequence[T], write: Callable[[T], R], rest: R, most: int = SHOWN
) -> list[R]:
    """Write the items; of more than *most*, the first and the last few, and *rest* between.

    >>> leave_out_middle("abcdefgh", str.upper, "…", most=4)
    ['A', '…', 'H']
    """
    few = most // 2 - 1
    if len(items) <= most:
        return [write(x) for x in items]
    return [*(write(x) for x in items[:few]), rest, *(write(x) for x in items[-few:])]
