"""Mistakes: a museum of wrong engines, each of which runs over any recorded graph.

Each is the right sweep but for one part. It returns the gradient that it would have found for
every node, and changes nothing.

>>> a, b = Value(2.0, "a"), Value(3.0, "b")
>>> s, p = a + b, a * b
>>> compare(s + p + s * p)
                    ∂L/∂a  ∂L/∂b
backward            25     19
overwrite           1      1      wrong: overwrote instead of adding
recursion           29     22     wrong: passed a gradient on before all its terms had arrived
same_edge_once      25     19     agrees, as no operation has the same operand twice
forgot_chain        4      3      wrong: gave the partial alone
forgot_partial      4      4      wrong: passed the adjoint on as it was
swapped_operands    20     27     wrong: gave an operand the partial of the other one
stale_inner_grads   100    76     wrong: made a second pass; two right passes give 50, 38
live_data           25     19     agrees, as no data was edited after the forward pass
"""

import math
import operator
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.undefined import multiply
from autograd_mini.engine.waiting import show_progress
from autograd_mini.stepping import Text, align_columns, derivative_of, missteps, names, number
from autograd_mini.stepping.editing import is_current
from autograd_mini.stepping.missteps import Misstep
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.steps import Edge, edges

Found = dict[Value, float]
Edges = Callable[[Value], list[Edge]]
EdgeRule = Callable[[float, float], float]

MANY_VISITS = 200_000  # what a recursion along every path may take; their number doubles quickly
MOST_VALUES = 200_000  # that all engines can go through in some ten seconds
COLUMNS = 6  # leaves that a comparison has room for


class Mistake(NamedTuple):
    """A wrong engine: ``overwrite(y)[a]`` is what it takes for the derivative of y to a.

    What it does is told by a *misstep*; where it is *safe*, that is *when*, it agrees with the
    right engine. The partials that it takes are those of its *edges*.
    """

    misstep: Misstep
    run: Callable[[Value], Found]
    safe: Callable[[Value], bool]
    when: str = ""
    passes: int = 1
    edges: Edges = edges

    def __call__(self, output: Value) -> Found:
        """Return the gradient that this engine finds for each node; NaN where it fails."""
        try:
            return self.run(output)
        except (ArithmeticError, ValueError):
            return defaultdict(lambda: math.nan)


def right(
    output: Value,
    edges: Edges = edges,
    term: EdgeRule = multiply,
    add: EdgeRule = operator.add,
    passes: int = 1,
) -> Found:
    """Find the gradient of every node as ``backward`` does, unless one of the parts is another."""
    found: Found = defaultdict(float)
    for _ in range(passes):
        found[output] = 1.0 if output.depth else found[output] + 1.0
        for node in reversed(topological_order(output)):
            for _, operand, local, _ in edges(node):
                found[operand] = add(found[operand], term(found[node], local))
    return found


def depth_first(output: Value) -> Found:
    """Visit operands at once instead of waiting for their turn in the order, on every path."""
    if not sum(forgot_partial(output).values()) < MANY_VISITS:
        raise OverflowError("there are too many paths to take")
    found: Found = defaultdict(float, {output: 1.0})
    waiting = edges(output)[::-1]
    while waiting:
        node, operand, local, _ = waiting.pop()
        found[operand] += multiply(found[node], local)
        waiting += edges(operand)[::-1]
    return found


def distinct(node: Value) -> list[Edge]:
    """Return one edge for each operand of a node, as a set of operands would."""
    return [*{edge.operand: edge for edge in reversed(edges(node))}.values()][::-1]


def swapped(node: Value) -> list[Edge]:
    """Return the edges of a node; where there are two, each with the partial of the other."""
    found = edges(node)
    partials = [edge.partial for edge in (found[::-1] if len(found) == 2 else found)]
    return [edge._replace(partial=d) for edge, d in zip(found, partials, strict=True)]


def edges_at(node: Value, own: Mapping[Value, float]) -> list[Edge]:
    """Return the edges of a node with the partials at other data: *own*, where that has it."""
    wanted = [isinstance(x, Value) for x in node.operands]
    y = own.get(node, node.data)
    partials = node.op.partials(numbers_at(node, own), y, wanted) if node.operands else []
    known = [partial for partial in partials if partial is not None]
    return [edge._replace(partial=d) for edge, d in zip(edges(node), known, strict=True)]


def numbers_at(node: Value, own: Mapping[Value, float]) -> list[float]:
    """Return the data of a node's operands, from *own* where that has it."""
    return [own.get(x, x.data) if isinstance(x, Value) else x for x in node.operands]


def mistake_of_edges(misstep: Misstep, wrong: Edges, when: str = "") -> Mistake:
    """Return the engine that goes along *wrong* edges; it is safe where they are the right ones."""

    def agrees(output: Value) -> bool:
        return all(wrong(node) == edges(node) for node in topological_order(output))

    return Mistake(misstep, partial(right, edges=wrong), agrees, when, edges=wrong)


overwrite = Mistake(
    missteps.OVERWRITE,
    partial(right, add=lambda _, term: term),
    lambda output: max(Graph(output).uses.values(), default=1) == 1,
    "no node is used twice",
)
recursion = Mistake(
    Misstep(
        "recursion",
        "passed a gradient on before all its terms had arrived",
        ", and then passed some on again",
    ),
    depth_first,
    lambda output: all(n == 1 for node, n in Graph(output).uses.items() if node.operands),
    "no computed node is used twice",
)
same_edge_once = mistake_of_edges(
    Misstep("same_edge_once", "counted an operand once that stands twice in one operation"),
    distinct,
    "no operation has the same operand twice",
)
forgot_chain = Mistake(
    missteps.FORGOT_CHAIN,
    partial(right, term=lambda _, partial: partial),
    lambda output: all(adjoint == 1 for node, adjoint in right(output).items() if node.depth),
    "every adjoint on the way is 1",
)
forgot_partial = Mistake(  # what it finds is the number of paths
    missteps.FORGOT_PARTIAL,
    partial(right, term=lambda adjoint, _: adjoint),
    lambda output: all(x.partial == 1 for node in topological_order(output) for x in edges(node)),
    "every partial is 1",
)
swapped_operands = mistake_of_edges(
    missteps.SWAPPED_OPERANDS, swapped, "no operation has two Values whose partials differ"
)
stale_inner_grads = Mistake(
    Misstep(
        "stale_inner_grads",
        "made a second pass",
        ": it added to old inner gradients, and only those of leaves add up",
    ),
    partial(right, passes=2),
    lambda output: output.depth < 2,
    "there is no inner node between the output and its leaves",
    passes=2,
)
live_data = Mistake(
    Misstep(
        "live_data",
        "took data as it is now",
        ": the gradient belongs to the data of the forward pass",
    ),
    partial(right, edges=partial(edges_at, own={})),
    lambda output: all(map(is_current, topological_order(output))),
    "no data was edited after the forward pass",
)

# What one can do wrong with pencil and paper; nobody makes a second pass there or edits data.
ON_PAPER = (overwrite, recursion, same_edge_once, forgot_chain, forgot_partial, swapped_operands)
MISTAKES = (*ON_PAPER, stale_inner_grads, live_data)


def compare(output: Value) -> Text:
    """Set what every wrong engine finds for the leaves beside what ``backward`` finds.

    Says of each that agrees why it does so here. Raises what ``backward`` raises, and ValueError
    for more than 200,000 values, which would take minutes.
    """
    named = names(output)
    if len(named) > MOST_VALUES:
        advice = "compare a smaller part of the graph, such as the loss of one sample"
        raise ValueError(f"{len(named):,} values would keep nine engines busy too long: {advice}")
    truth = right(output)
    leaves = [node for node in named if not node.operands]
    shown = leaves[:COLUMNS]
    rows = [["", *(derivative_of(named[output], named[x]) for x in shown)]]
    rows.append(["backward ", *(number(truth[x]) for x in shown)])
    for engine in show_progress(MISTAKES, len(MISTAKES), "comparing"):
        found = engine(output)
        verdict = judged(engine, output, [(found[x], truth[x] * engine.passes) for x in leaves])
        rows.append([f"{engine.misstep.name} ", *(number(found[x]) for x in shown), verdict])
    more = [f"and {len(leaves) - COLUMNS} more leaves"] if leaves != shown else []
    return Text("\n".join(align_columns(rows, "  ", most=sys.maxsize) + more))


def judged(engine: Mistake, output: Value, pairs: list[tuple[float, float]]) -> str:
    """Say whether a wrong engine agrees, given what it and the right one find, and why."""
    wanted = ", ".join(number(truth) for _, truth in pairs[:COLUMNS])
    twice = f"; two right passes give {wanted}" if engine.passes > 1 else ""
    known = [(found, truth) for found, truth in pairs if not math.isnan(truth)]
    if not all(math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12) for x, y in known):
        failed = "found nothing: " if any(math.isnan(found) for found, _ in known) else ""
        return f"wrong: {failed}{engine.misstep.told}{twice}"
    return f"agrees{f', as {engine.when}' if engine.safe(output) else ' by chance'}{twice}"
