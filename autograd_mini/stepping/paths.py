"""Paths: why a gradient is what it is, the sum over all ways from the output to a node.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> why(a * b * a, a)
2 paths from L to a
  ∂L/∂v1 · ∂v1/∂a = 2 × (-3) = -6
  ∂L/∂a = -6 (along this edge only)
∂L/∂a = -6 + (-6) = -12
a.grad is 0; L.backward() would make it -12
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.care import product as multiply
from autograd_mini.engine.order import topological_order
from autograd_mini.stepping.naming import REST, Names, derivative_of, factor, names, number, value
from autograd_mini.stepping.steps import Step, steps

UNCOUNTABLE = 10**18  # more paths are not counted: their number would be longer than the graph
SHOWN = 10  # a product of more factors is written with its middle left out


class Edge(NamedTuple):
    """An operand of a node, its stored partial, and its place among the operands."""

    node: Value
    operand: Value
    partial: float
    position: int


class Path(NamedTuple):
    """A way from the output to a node along the edges, and the product of their partials."""

    edges: tuple[Edge, ...]
    product: float
    names: Names

    def __str__(self) -> str:
        letters = [derivative_of(self.names[x.node], self.names[x.operand]) for x in self.edges]
        numbers = [number(x.partial) for x in self.edges[:1]]
        numbers += [factor(x.partial) for x in self.edges[1:]]
        written = [" · ".join(middle_out(letters)), " × ".join(middle_out(numbers))]
        result = [number(self.product)] if len(self.edges) != 1 else []
        return " = ".join(filter(None, written + result))


class Why:
    """Why the derivative of *output* with respect to a node is what it is: the *total*.

    Up to *limit* paths are listed in ``paths``. Where there are more, ``ledger`` lists instead the
    steps in which the node's consumers gave it their terms, which add up to the same.
    """

    def __init__(self, output: Value, node: Value, limit: int) -> None:
        self.output, self.node, self.names = output, value(node), names(output)
        ways = count_paths(self.names, node)
        self.count = ways[output]
        few = self.count <= limit
        self.paths = tuple(find_paths(output, node, ways, self.names)) if few else ()
        self.ledger = () if few else tuple(x for x in steps(output) if x.operand is node)
        self.addends = [x.product for x in self.paths] + [x.term for x in self.ledger]
        self.total = sum(self.addends, 0.0)

    def __str__(self) -> str:
        if not self.count:
            return "\n".join([f"no path from {self.start} to {self.goal}", *self.other_passes()])
        edge = " (along this edge only)" if self.count > 1 else ""
        paths = [f"{path}{edge * (len(path.edges) == 1)}" for path in self.paths]
        reasons = [*paths, *map(entry, self.ledger)]
        return "\n".join(
            ["\n  ".join([self.heading(), *reasons]), self.summed(), *self.other_passes()]
        )

    __repr__ = __str__

    @property
    def start(self) -> str:
        """The name of the output."""
        return self.names[self.output]

    @property
    def goal(self) -> str:
        """The name of the node."""
        return self.names.get(self.node, self.node.label or "that Value")

    def heading(self) -> str:
        """Say how many paths there are, and what is listed."""
        more = "more than " if self.count == UNCOUNTABLE else ""
        plural = "s" if self.count > 1 else ""
        heading = f"{more}{self.count:,} path{plural} from {self.start} to {self.goal}"
        too_many = ", too many to list; the terms of its consumers, adjoint × partial:"
        return heading + (too_many if self.ledger else "")

    def summed(self) -> str:
        """Write the sum of the products, or of the terms."""
        first, *others = self.addends
        terms = middle_out([number(first), *map(factor, others)])
        total = [number(self.total)] if others else []
        return " = ".join([derivative_of(self.start, self.goal), " + ".join(terms), *total])

    def other_passes(self) -> list[str]:
        """Say what else the node's grad holds, if it is not the total."""
        grad, total = self.node.grad, self.total
        if math.isclose(grad, total, rel_tol=1e-9) or (math.isnan(grad) and math.isnan(total)):
            return []
        if not grad:
            make = f"{self.start}.backward() would make it {number(total)}"
            return [f"{self.goal}.grad is 0; {make}"]
        holds = "it holds other passes, added earlier; zero_grad() clears them"
        return [f"{self.goal}.grad is {number(grad)}: {holds}"]


def why(output: Value, node: Value, limit: int = 20) -> Why:
    """Return every path from *output* to *node* with its product of partials, and their sum.

    The sum is the derivative. Where there are more than *limit* paths, lists the terms of the
    node's consumers instead. Raises what ``backward`` raises where a partial on the way does not
    exist.
    """
    return Why(output, node, limit)


def edges(node: Value) -> list[Edge]:
    """Return the edges from a node to those operands that are Values."""
    pairs = enumerate(zip(node.operands, node.partials, strict=True))
    return [Edge(node, x, partial, i) for i, (x, partial) in pairs if isinstance(x, Value)]


def uses(output: Value) -> Counter[Value]:
    """Count how many edges lead to each node."""
    return Counter(edge.operand for node in topological_order(output) for edge in edges(node))


def count_paths(named: Names, node: Value) -> dict[Value, int]:
    """Count the paths to *node* from every node of a graph, given in topological order."""
    ways: dict[Value, int] = {}
    for x in named:
        count = sum(ways[operand] for operand in x.operands if isinstance(operand, Value))
        ways[x] = 1 if x is node else min(count, UNCOUNTABLE)
    return ways


def find_paths(output: Value, node: Value, ways: dict[Value, int], named: Names) -> Iterator[Path]:
    """Yield the paths, from left to right; each is a chain of pairs until it is complete."""
    open_ends: list[tuple[Value, Any, float]] = [(output, (), 1.0)] if ways[output] else []
    while open_ends:
        end, chain, product = open_ends.pop()
        if end is node:
            yield Path(unchained(chain), product, named)
            continue
        for edge in reversed(edges(end)):
            if ways[edge.operand]:
                open_ends.append(
                    (edge.operand, (edge, chain), multiply(product, edge.node, edge.position))
                )


def unchained(chain: Any) -> tuple[Edge, ...]:
    """List the edges of a chain of pairs (edge, chain before it)."""
    found = []
    while chain:
        edge, chain = chain
        found.append(edge)
    return tuple(reversed(found))


def entry(step: Step) -> str:
    """Write a term that a consumer gave."""
    adjoint = derivative_of(step.output, step.names[step.node])
    return f"{adjoint} · {step.local} = {step.figures}"


def middle_out(parts: Sequence[str]) -> Sequence[str]:
    """Leave out the middle of a long list."""
    return [*parts[:4], REST, *parts[-4:]] if len(parts) > SHOWN else parts
