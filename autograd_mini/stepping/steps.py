"""The chain rule, one application at a time, in the order in which ``backward`` applies it.

>>> d, e = Value(3.0, "d"), Value(-2.0, "e")
>>> c = d * e
>>> c.label = "c"
>>> for step in steps(1.5 * c):
...     print(step)
∂L/∂c += ∂L/∂L · ∂L/∂c
L = 1.5·c, so ∂L/∂c = 1.5
1 × 1.5 = 1.5
∂L/∂d += ∂L/∂c · ∂c/∂d
c = d·e, so ∂c/∂d = e
1.5 × (-2) = -3
∂L/∂e += ∂L/∂c · ∂c/∂e
c = d·e, so ∂c/∂e = d
1.5 × 3 = 4.5
"""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.care import backward_order, product
from autograd_mini.stepping.editing import is_current
from autograd_mini.stepping.naming import (
    Names,
    derivative_of,
    expression,
    factor,
    figures,
    formulas,
    names,
    number,
)


class Step(NamedTuple):
    """One application of the chain rule, along one edge from a node back to an operand.

    ``term`` is ``adjoint`` · ``partial`` and is added to ``before``, what earlier steps gave the
    operand; ``arrival`` counts the terms of the operand up to this one. ``adjoint`` is complete.
    ``formula`` is the partial as the table writes it. ``position`` is the operand's place among the
    node's operands, where it may stand several times (``places``); ``consumers`` counts the nodes
    that have it as an operand.
    """

    node: Value
    operand: Value
    formula: str
    adjoint: float
    partial: float
    term: float
    total: float
    before: float
    arrival: int
    position: int
    places: int
    names: Names
    consumers: int = 1

    @property
    def target(self) -> Value:
        """The node that receives the term."""
        return self.operand

    @property
    def rule(self) -> str:
        """The chain rule in letters: ``∂L/∂d += ∂L/∂c · ∂c/∂d``."""
        result = self.names[self.node]
        received = derivative_of(self.output, self.names[self.operand])
        return f"{received} += {derivative_of(self.output, result)} · {self.local}"

    @property
    def reason(self) -> str:
        """Where the partial comes from: ``c = d·e, so ∂c/∂d = e``."""
        equation = f"{self.names[self.node]} = {expression(self.node, self.names)}"
        return f"{equation}, so {self.local} = {self.formula}{self.restriction}"

    @property
    def restriction(self) -> str:
        """What to say where the local partial has the name of another derivative."""
        if self.places > 1:
            return f" (through operand {self.position + 1} only)"
        shared = self.consumers > 1 and self.names[self.node] == self.output
        return " (along this edge only)" if shared else ""

    @property
    def figures(self) -> str:
        """The numbers: ``1.5 × (-2) = -3``."""
        return f"{number(self.adjoint)} × {factor(self.partial)} = {number(self.term)}"

    @property
    def sum(self) -> str:
        """The running sum, if the operand is used more than once; else nothing."""
        if self.arrival == 1:
            return ""
        terms = f"{number(self.before)} + {factor(self.term)} = {number(self.total)}"
        return f"{self.names[self.operand]} is used more than once: {terms}"

    @property
    def output(self) -> str:
        """The name of what is differentiated."""
        return next(reversed(self.names.values()))

    @property
    def local(self) -> str:
        """The partial in letters: ``∂c/∂d``."""
        return derivative_of(self.names[self.node], self.names[self.operand])

    def __str__(self) -> str:
        return "\n".join(filter(None, (self.rule, self.reason, self.figures, self.sum)))

    def __repr__(self) -> str:
        return f"<Step {self.rule}: {self.figures}>"


class Seed(NamedTuple):
    """The start of the backward pass: the derivative of the output with respect to itself."""

    node: Value
    names: Names
    term: float = 1.0
    total: float = 1.0

    @property
    def target(self) -> Value:
        """The node that receives the 1."""
        return self.node

    def __str__(self) -> str:
        name = self.names[self.node]
        return f"{derivative_of(name, name)} = 1"

    def __repr__(self) -> str:
        return f"<Seed {self}>"


class Evaluation(NamedTuple):
    """The computation of one node in the forward pass."""

    node: Value
    names: Names

    @property
    def target(self) -> Value:
        """The node that is computed."""
        return self.node

    @property
    def columns(self) -> tuple[str, ...]:
        """The name, its algebra, the same in numbers, and the data; empty where there is none."""
        node = self.node
        data = number(node.data)
        numbers = figures(node).text if is_current(node) else ""
        return (
            self.names[node],
            expression(node, self.names),
            "" if numbers == data else numbers,
            data,
        )

    def __str__(self) -> str:
        return " = ".join(filter(None, self.columns))

    def __repr__(self) -> str:
        return f"<Evaluation {self}>"


def evaluations(output: Value) -> Iterator[Evaluation]:
    """Yield the forward pass: every node after its operands, leaves without an expression.

    >>> d, e = Value(3.0, "d"), Value(-2.0, "e")
    >>> [*evaluations(d * e)][-1]
    <Evaluation L = d·e = 3 × (-2) = -6>
    """
    named = names(output)
    return (Evaluation(node, named) for node in named)


def steps(output: Value) -> Iterator[Step]:
    """Yield every application of the chain rule in the order of ``backward``; change nothing.

    Raises what ``backward`` raises, at the step where a partial is needed that does not exist.
    """
    named = names(output)
    totals = {output: 1.0}
    arrivals: Counter[Value] = Counter()
    consumers = Counter(x for node in named for x in {*node.operands} if isinstance(x, Value))
    for node in backward_order(output):
        adjoint, places = totals[node], Counter(node.operands)
        edges = zip(node.operands, node.partials, formulas(node, named), strict=True)
        for position, (operand, partial, formula) in enumerate(edges):
            if partial is None:
                continue
            term = product(adjoint, node, position)
            before = totals.get(operand, nothing(operand))
            totals[operand] = before + term
            arrivals[operand] += 1
            sums = term, totals[operand], before, arrivals[operand]
            place = position, places[operand], named, consumers[operand]
            yield Step(node, operand, formula, adjoint, partial, *sums, *place)


def nothing(node: Value) -> float:
    """Return the 0 to add the first term to: ``backward`` adds to a leaf, but sets other nodes.

    -0.0 + x is x, bit by bit; 0.0 + x is not where x is -0.0.
    """
    return -0.0 if node.operands else 0.0
