"""The chain rule, one application at a time, in the order in which ``backward`` applies it.

>>> d, e = Value(3.0, "d"), Value(-2.0, "e")
>>> c = d * e
>>> c.label = "c"
>>> for step in steps(1.5 * c):
...     print(step)
∂L/∂c += ∂L/∂L · ∂(1.5·c)/∂c
L = 1.5·c, so ∂(1.5·c)/∂c = 1.5
1 × 1.5 = 1.5
∂L/∂d += ∂L/∂c · ∂c/∂d
c = d·e, so ∂c/∂d = e
1.5 × (-2) = -3
∂L/∂e += ∂L/∂c · ∂c/∂e
c = d·e, so ∂c/∂e = d
1.5 × 3 = 4.5
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.care import Reached, backward_order
from autograd_mini.engine.primitives import Primitive, Quantity
from autograd_mini.engine.sums import Variadic
from autograd_mini.engine.undefined import Undefined
from autograd_mini.notation.equation import choose_sign, figure, write_equation
from autograd_mini.notation.notation import write_partial
from autograd_mini.notation.numbers import write_number
from autograd_mini.notation.plain import for_screen
from autograd_mini.notation.text import Figures, Symbol
from autograd_mini.stepping.editing import is_current
from autograd_mini.stepping.naming import Graph, write_figures, write_rules


class Edge(NamedTuple):
    """The way from a node back to one of its operands."""

    node: Value
    """The node that was computed."""
    operand: Value
    """What it was computed from."""
    partial: float
    """The local partial, which was stored in the forward pass."""
    position: int
    """The operand's place among the node's operands, from 0 on."""


@dataclass(frozen=True)
class Step:
    """One application of the chain rule, along one edge from a node back to an operand.

    Its texts are written when they are first asked for, and once.
    """

    graph: Graph
    """What the nodes are called."""
    edge: Edge
    """Where the step leads."""
    adjoint: float
    """The derivative of the output with respect to the node, complete."""
    term: float
    """adjoint · partial, which the operand receives."""
    before: float
    """The sum of the terms that the operand has received in earlier steps."""
    total: float
    """The sum with the term of this step."""
    arrival: int
    """How many terms these are: 1 for the first."""

    @property
    def node(self) -> Value:
        """The node that passes its adjoint on."""
        return self.edge.node

    @property
    def operand(self) -> Value:
        """The operand that receives the term."""
        return self.edge.operand

    target = operand

    @property
    def partial(self) -> float:
        """The local partial, a number."""
        return self.edge.partial

    @property
    def position(self) -> int:
        """The operand's place among the node's operands, from 0 on."""
        return self.edge.position

    @cached_property
    def formula(self) -> Symbol:
        """The local partial as a calculus book writes it: ``e``."""
        found = self.graph.partials(self.node)[self.edge.position]
        assert found is not None  # a constant has no step
        return found

    @cached_property
    def local(self) -> str:
        """The local partial in letters: ``∂c/∂d``."""
        return self.graph.local(self.node, self.operand)

    @cached_property
    def received(self) -> str:
        """The derivative that grows: ``∂L/∂d``."""
        return self.graph.derivative(self.operand)

    @cached_property
    def passed(self) -> str:
        """The adjoint in letters: ``∂L/∂c``."""
        return self.graph.derivative(self.node)

    @cached_property
    def rule(self) -> str:
        """The chain rule in letters: ``∂L/∂d += ∂L/∂c · ∂c/∂d``."""
        return f"{self.received} += {self.passed} · {self.local}"

    @cached_property
    def reason(self) -> str:
        """Where the partial comes from, and what is to be said of its number."""
        return f"{self.derivation}{self.remark}{self.doubt}"

    @cached_property
    def derivation(self) -> str:
        """Where the partial comes from: ``c = d·e, so ∂c/∂d = e``."""
        equation = write_equation(self.graph[self.node], self.graph.brief(self.node))
        partial = write_equation(self.local, self.formula)
        return f"{equation}, so {partial}{self.restriction}"

    @cached_property
    def restriction(self) -> str:
        """What to say where the operand stands in several places of the operation."""
        used = self.graph.uses[self.operand] > 1
        several = used and sum(x is self.operand for x in self.node.operands) > 1
        return f" (through operand {self.edge.position + 1} only)" if several else ""

    @cached_property
    def is_computed_otherwise(self) -> bool:
        """Whether the book's formula, worked out in floats, gives another number."""
        is_edited = self.node in self.graph.edited
        if isinstance(self.node.op, Variadic) and not is_edited:  # which has but one form
            return False
        figure = write_number(self.partial)
        return figure not in (self.formula.text, write_number(in_floats(self.edge)))

    @cached_property
    def remark(self) -> str:
        """What to say where the book's formula, with the data of now, gives another number."""
        if not self.is_computed_otherwise:
            return ""
        return f", which {self.worth}" if self.worth else self.computed_as

    @cached_property
    def worth(self) -> str:
        """What the formula was before an edit, or its limit where it has no number; or nothing."""
        if not is_current(self.node):
            return f"was {write_number(self.partial)}"
        book = in_floats(self.edge)
        has_none = isinstance(book, Undefined) and not isinstance(book.error, OverflowError)
        return f"has the limit {write_number(self.partial)} here" if has_none else ""

    @cached_property
    def computed_as(self) -> str:
        """The formula that is computed, in parentheses."""
        [*computed] = write_rules(self.node, lambda x: AsComputed.named(self.graph[x]), AsComputed)
        return f" (computed as {computed[self.position]})"

    @cached_property
    def doubt(self) -> str:
        """What to say where the adjoint is 0 at this point only, and the partial does not exist."""
        is_missing = isinstance(self.partial, Undefined) and self.node in self.graph.doubtful
        return " (0 · undefined, counted as 0, may be wrong)" if is_missing else ""

    @cached_property
    def product(self) -> Figures:
        """The term before it is worked out: ``1.5 × (-2)``."""
        return figure(self.adjoint) * figure(self.partial)

    @cached_property
    def sign(self) -> str:
        """The sign between the product and the term, as they are printed."""
        return choose_sign(self.product, figure(self.term))

    @cached_property
    def figures(self) -> str:
        """The numbers: ``1.5 × (-2) = -3``."""
        return f"{self.product} {self.sign} {figure(self.term)}"

    @cached_property
    def sum(self) -> str:
        """The running sum, if the operand is used more than once; else nothing."""
        if self.arrival == 1:
            return ""
        terms = write_equation(figure(self.before) + figure(self.term), figure(self.total))
        return f"{self.graph[self.operand]} is used more than once: {terms}"

    def __str__(self) -> str:
        lines = filter(None, (self.rule, self.reason, self.figures, self.sum))
        return for_screen("\n".join(lines))

    def __repr__(self) -> str:
        return for_screen(f"<Step {self.rule}: {self.figures}>")


class AsComputed(Symbol):
    """A formula as it is computed, where a book writes a shorter one."""

    __slots__ = ()

    by_the_book: ClassVar[bool] = False


class Worked(Symbol):
    """A formula of the book that is worked out in floats while it is written."""

    __slots__ = ("data",)

    def __init__(self, data: float) -> None:
        self.data = data

    @classmethod
    def apply(cls, op: Primitive, *operands: Quantity) -> Quantity:
        """Work an operation out."""
        return cls(op.evaluate([x.data if isinstance(x, cls) else x for x in operands]))


def in_floats(edge: Edge) -> float:
    """Work the book's formula of a partial out; a rule that takes numbers alone has no other."""
    node, position = edge.node, edge.position
    operands = [Worked(x.data) if isinstance(x, Value) else x for x in node.operands]
    try:
        found = write_partial(node.op, position, operands, Worked(node.data))
    except TypeError:
        return edge.partial
    return found.data if isinstance(found, Worked) else found


@dataclass(frozen=True, repr=False)
class Equated(ABC):
    """A line that is one equation, about one node."""

    node: Value
    graph: Graph

    @property
    def target(self) -> Value:
        """The node that the line is about."""
        return self.node

    @property
    @abstractmethod
    def sides(self) -> Sequence[Symbol | str]:
        """The sides of the equation; empty where there is nothing to say."""

    @property
    def equation(self) -> str:
        """The sides, one after the other."""
        return write_equation(*self.sides)

    def __str__(self) -> str:
        return for_screen(self.equation)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self}>"


@dataclass(frozen=True, repr=False)
class Gradient(Equated):
    """The derivative of the output with respect to a node, the sum of all its terms."""

    total: float

    @property
    def sides(self) -> tuple[str, Figures]:
        """The derivative and its number."""
        return self.graph.derivative(self.node), figure(self.total)


class Seed(Gradient):
    """The start of the backward pass: the derivative of the output with respect to itself."""

    term = 1.0

    def __init__(self, graph: Graph) -> None:
        super().__init__(graph.output, graph, self.term)


class Evaluation(Equated):
    """One line of the forward pass: a leaf's number, or the operation that made a node."""

    @property
    def sides(self) -> tuple[str, Symbol, Symbol, Figures]:
        """The name, its algebra, the same in numbers, and the data; empty where there is none."""
        node, graph = self.node, self.graph
        if not graph.reads[node]:
            return graph[node], Symbol(""), Figures(""), figure(node.data)
        numbers = write_figures(node, Figures) if is_current(node) else Figures("")
        return graph[node], graph.algebra(node), numbers, figure(node.data)


def evaluations(output: Value | Graph) -> Iterator[Evaluation]:
    """Yield the forward pass: the leaves by their names, then every node after its operands.

    >>> d, e = Value(3.0, "d"), Value(-2.0, "e")
    >>> [*evaluations(d * e)][-1]
    <Evaluation L = d·e = 3 × (-2) = -6>
    """
    graph = Graph.of(output)
    yield from (Evaluation(node, graph) for node in graph.leaves)
    yield from (Evaluation(node, graph) for node in graph.computed)


class Steps(Iterator[Step]):
    """The steps of a graph, each taken when it is asked for; a REPL says how."""

    def __init__(self, graph: Graph) -> None:
        self.graph, self.coming = graph, make_steps(graph)

    def __next__(self) -> Step:
        return next(self.coming)

    def __repr__(self) -> str:
        typed = self.graph.typed
        how = f"print(*steps({typed})) shows all, explain({typed}) in a table"
        return f"<the steps of {self.graph.title}: {how}>"


def steps(output: Value | Graph) -> Steps:
    """Yield every application of the chain rule in the order of ``backward``; change nothing.

    Raises what ``backward`` raises, at the step where a partial is needed that does not exist;
    TypeError at once for what is no Value.

    >>> a, b = Value(2.0, "a"), Value(-3.0, "b")
    >>> for step in steps(a * b):
    ...     print(step.rule)
    ∂L/∂a += ∂L/∂L · ∂(a·b)/∂a
    ∂L/∂b += ∂L/∂L · ∂(a·b)/∂b
    """
    return Steps(Graph.of(output))


def make_steps(graph: Graph) -> Iterator[Step]:
    """Yield the steps of a graph."""
    totals = {graph.output: 1.0}
    arrivals: Counter[Value] = Counter()
    reached = Reached(graph.output)
    for node in backward_order(graph.output):
        adjoint = totals[node]
        for edge in edges(node):
            operand, term = edge.operand, reached.term(adjoint, node, edge.position)
            # Backward adds to a leaf, but sets other nodes: -0.0 + x is x, 0.0 + -0.0 is not.
            before = totals.get(operand, -0.0 if graph.reads[operand] else 0.0)
            totals[operand] = before + term
            arrivals[operand] += 1
            yield Step(graph, edge, adjoint, term, before, totals[operand], arrivals[operand])


def edges(node: Value) -> list[Edge]:
    """Return the edges from a node to those operands that are Values."""
    pairs = enumerate(zip(node.operands, node.partials, strict=True))
    return [Edge(node, x, partial, i) for i, (x, partial) in pairs if isinstance(x, Value)]
