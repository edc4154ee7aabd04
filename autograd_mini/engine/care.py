"""Care: reverse accumulation where infinities, NaN or missing partials meet a 0.

The sweep of ``backward`` multiplies and adds, and nothing else. Where that ends in an error or in
NaN, the pass is made again here, slower, with what a product cannot know: a branch that is off
passes 0 whatever adjoint arrives, and what lies behind an adjoint that is a steady 0 may have no
derivative.
"""

import math
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TypeVar

from autograd_mini.engine.messages import tell_call
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.steady import (
    flat_partials,
    moving_adjoints,
    moving_partials,
    steady_nodes,
)
from autograd_mini.engine.undefined import Undefined, multiply

if TYPE_CHECKING:  # which stands above: it is named for checkers alone
    from autograd_mini.engine.value import Node

T = TypeVar("T", bound="Node")


class Need(NamedTuple):
    """A partial that does not exist, and the adjoint that reached it."""

    node: "Node"
    partial: Undefined
    adjoint: float

    @property
    def operand(self) -> "Node":
        """The operand that the partial belongs to."""
        pairs = zip(self.node.operands, self.node.partials, strict=True)
        found: Node = next(x for x, partial in pairs if partial is self.partial)
        return found

    @property
    def where(self) -> str:
        """The operation, and the numbers for which it has no derivative."""
        return tell_call(self.node.op, self.node.operands, self.partial.numbers)

    @property
    def warning(self) -> str:
        """What to say where an adjoint that is 0 at this point only reached the partial."""
        counted = "0 · undefined was counted as 0, which may be wrong"
        return f"{self.cause}: {counted} ({self.partial.error})"

    @property
    def cause(self) -> str:
        """Why the term is in doubt."""
        reached = "the adjoint that reaches it is 0 at this point only"
        return f"{self.where} has no derivative there, and {reached}"

    def demand(self) -> NoReturn:
        """Raise the primitive's own class of error, since the adjoint needs this partial."""
        self.partial.demand(self.adjoint, self.where)


class CarefulPass:
    """The adjoints of a graph, and which partials they would need that do not exist.

    With *onto_grads* the terms of a leaf are added to the grad that it has.
    """

    def __init__(self, output: "Node", seed: float = 1.0, *, onto_grads: bool = False) -> None:
        self.output, self.onto_grads = output, onto_grads
        self.needs: list[Need] = []
        self.adjoints: dict[Node, float] = {} if onto_grads else find_adjoints(output, seed)
        if not self.adjoints:
            self.go(seed)

    def go(self, seed: float) -> None:
        """Give every node the sum of its terms, with care."""
        output = self.output
        self.receive(output, seed)
        reached = Reached(output)
        for node in backward_order(output):
            for position, partial in enumerate(node.partials):
                if partial is not None:
                    self.pass_on(node, position, reached)

    def pass_on(self, node: "Node", position: int, reached: "Reached") -> None:
        """Give an operand its term; a partial that does not exist counts as 0, and is a need."""
        partial, adjoint = node.partials[position], self.adjoints[node]
        if reached.reach(node, position) and isinstance(partial, Undefined):
            self.needs.append(Need(node, partial, adjoint))
            adjoint = 0.0
        self.receive(node.operands[position], reached.term(adjoint, node, position))

    def receive(self, node: "Node", term: float) -> None:
        """Add a term to the adjoint of a node."""
        if node in self.adjoints:
            self.adjoints[node] += term
        elif node.depth:
            self.adjoints[node] = term
        else:
            self.adjoints[node] = (node._grad if self.onto_grads else 0.0) + term

    def needs_in_doubt(self, wanted: Container["Node"] | None = None) -> list[Need]:
        """Raise an error for a partial that is needed; return the needs that are in doubt.

        Where only *wanted* nodes matter, a partial to any other is not needed.
        """
        needs = [need for need in self.needs if wanted is None or need.operand in wanted]
        return needs_in_doubt(self.output, needs, self.adjoints)

    def undefined(self) -> set["Node"]:
        """Return the nodes without a derivative: what lies behind each partial that is needed."""
        needed = [need for need in self.needs if need.adjoint != 0]
        return {node for need in needed for node in topological_order(need.operand)}


def find_adjoints(output: "Node", seed: float) -> dict["Node", float]:
    """Return the adjoints where all of them are finite: then no care is needed; else nothing."""
    adjoints = {output: seed if output.depth else 0.0 + seed}
    try:
        for node in backward_order(output):
            adjoint = adjoints[node]
            for x, partial in zip(node.operands, node.partials, strict=True):
                if x in adjoints:
                    adjoints[x] += adjoint * partial
                elif partial is not None:
                    adjoints[x] = adjoint * partial + (-0.0 if x.depth else 0.0)
    except (ArithmeticError, ValueError):
        return {}
    return adjoints if math.isfinite(sum(adjoints.values())) else {}


class Reached:
    """The nodes that have an influence on the output.

    What lies behind branches that are off alone has none: there all terms are 0, whatever the
    partials are. Nor has what does not move at all, where a partial does not exist.
    """

    def __init__(self, output: "Node") -> None:
        self.output, self.nodes = output, {output}

    @cached_property
    def steady(self) -> set["Node"]:
        """The nodes whose data is steady, sought when a partial is found that does not exist."""
        return steady_nodes(topological_order(self.output))

    def leads_on(self, node: "Node", position: int) -> bool:
        """Tell whether the operand at that *position* has an influence on its node."""
        if isinstance(node.partials[position], Undefined):
            return node.operands[position] not in self.steady
        return not is_off(node, position)

    def reach(self, node: "Node", position: int) -> bool:
        """Mark an operand that has an influence through the node; tell whether it has."""
        is_reached = node in self.nodes and self.leads_on(node, position)
        if is_reached:
            self.nodes.add(node.operands[position])
        return is_reached

    def term(self, adjoint: float, node: "Node", position: int) -> float:
        """Return the term that a node's operand at that *position* receives."""
        is_finite = math.isfinite(adjoint) and math.isfinite(node.partials[position])
        if self.reach(node, position) or is_finite:
            return product(adjoint, node, position)
        return 0.0


def passes_nothing(node: "Node", position: int) -> bool:
    """Tell whether an operand's term is 0 whatever adjoint arrives: at a branch's corner, too."""
    is_zero: bool = node.partials[position] == 0
    return is_zero and flat_partials(node.op, len(node.operands))[position]


def is_off(node: "Node", position: int) -> bool:
    """Tell whether an operand has no influence on a node, since the branch to it is off."""
    return passes_nothing(node, position) and not moving_partials(node)[position]


def needs_in_doubt(output: T, needs: Sequence[Need], adjoints: Mapping[T, float]) -> list[Need]:
    """Raise the error of the first need of an adjoint that is not 0; return those in doubt.

    A need is in doubt if its adjoint is 0 at this point only. Where the adjoint is a steady 0, the
    output is constant in what lies behind, and so 0 is right; and so it is where the operand itself
    is steady.
    """
    needed = unsteady(output, needs)
    if not needed:
        return []
    for need in needed:
        if need.adjoint != 0:
            need.demand()
    moving = moving_adjoints(output, adjoints)
    return [need for need in needed if need.node in moving]


def unsteady(output: "Node", needs: Sequence[Need]) -> list[Need]:
    """Return the needs whose operand moves with the leaves: of any other the derivative is 0."""
    if not needs:
        return []
    steady = steady_nodes(topological_order(output))
    return [need for need in needs if need.operand not in steady]


def product(adjoint: float, node: "Node", position: int) -> float:
    """Return the term that a node's operand at that *position* receives.

    Unlike ``adjoint * partial`` it is 0 where a branch passes nothing, also if the adjoint is not
    finite, and 0 where a partial does not exist and the adjoint is 0.
    """
    partial: float = node.partials[position]
    if math.isfinite(adjoint) and not isinstance(partial, Undefined):
        return adjoint * partial
    if passes_nothing(node, position):
        return 0.0
    if isinstance(partial, Undefined) and adjoint != 0:
        Need(node, partial, adjoint).demand()
    return multiply(adjoint, partial)


def backward_order(output: T) -> Iterator[T]:
    """Yield the computed nodes, the deepest first, and of one depth the first reached first.

    All consumers of a node are deeper than the node, so they come before it.
    """
    levels = defaultdict(list, {output.depth: [output]})
    reached = {output}
    for depth in range(output.depth, 0, -1):
        for node in levels.pop(depth, ()):
            yield node
            for operand in node.operands:
                if not isinstance(operand, float) and operand not in reached:
                    reached.add(operand)
                    levels[operand.depth].append(operand)
