"""Mistakes: a museum of wrong engines, each of which runs over any recorded graph.

Each is the right sweep but for one line. It returns the gradient that it would have found for
every node, and changes nothing.

>>> a, b = Value(2.0, "a"), Value(3.0, "b")
>>> s, p = a + b, a * b
>>> compare(s + p + s * p)
                    ∂L/∂a  ∂L/∂b
backward            25     19
overwrite           1      1      wrong: overwrote instead of adding
recursion           29     22     wrong: passed a gradient on before all its terms had arrived
same_edge_once      25     19     agrees, as no operation has the same operand twice
forgot_chain        4      3      wrong: added the partial alone
forgot_partial      4      4      wrong: passed the adjoint on as it was
swapped_operands    20     27     wrong: gave an operand the partial of the other one
stale_inner_grads   100    76     wrong: made a second pass on top of the inner gradients
live_data           25     19     agrees, as no data was edited after the forward pass
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from functools import update_wrapper

from autograd_mini.engine import Value
from autograd_mini.order import topological_order
from autograd_mini.stepping import Text, table
from autograd_mini.stepping.editing import is_current
from autograd_mini.stepping.naming import derivative_of, names, number
from autograd_mini.stepping.paths import Edge, edges

Found = dict[Value, float]
Sweep = Callable[[Value], Found]

MANY_VISITS = 200_000  # what a recursion along every path may take; their number doubles quickly
COLUMNS = 6  # leaves that a comparison has room for


class Mistake:
    """A wrong engine: ``overwrite(y)[a]`` is what it takes for the derivative of y to a.

    It *told* itself a misconception; it agrees with the right engine where *safe* holds, which is
    to say *when*. *passes* is how many passes it makes.
    """

    def __init__(
        self, run: Sweep, told: str, when: str, safe: Callable[[Value], bool], passes: int
    ) -> None:
        update_wrapper(self, run)
        self.name, self.run, self.passes = run.__name__, run, passes
        self.told, self.when, self.safe = told, when, safe

    def __call__(self, output: Value) -> Found:
        """Return the gradient that this engine finds for each node behind *output*."""
        return self.run(output)

    def __repr__(self) -> str:
        return f"<mistake {self.name}>"


def mistake(
    told: str, when: str, safe: Callable[[Value], bool], passes: int = 1
) -> Callable[[Sweep], Mistake]:
    """Put a sweep into the museum, with what there is to say about it."""
    return lambda run: Mistake(run, told, when, safe, passes)


# The right engine, and what the others share with it --------------------------------------------


def right(output: Value, of: Callable[[Value], list[Edge]] = edges) -> Found:
    """Find the gradient of every node along the edges *of* every node, as ``backward`` does."""
    found = start(output)
    for node, operand, partial in edges_backward(output, of):
        found[operand] += found[node] * partial
    return found


def start(output: Value) -> Found:
    """Return gradients that are all 0, but 1 for the output."""
    return defaultdict(float, {output: 1.0})


def edges_backward(output: Value, of: Callable[[Value], list[Edge]] = edges) -> Iterator[Edge]:
    """Yield the edges *of* every node, a node's after those of all its consumers."""
    return (edge for node in reversed(topological_order(output)) for edge in of(node))


def uses(output: Value) -> Counter[Value]:
    """Count how many edges lead to each node."""
    return Counter(edge.operand for edge in edges_backward(output))


def unlike(output: Value, of: Callable[[Value], list[Edge]]) -> bool:
    """Tell whether wrong edges differ from the right ones anywhere."""
    return any(of(node) != edges(node) for node in topological_order(output))


# The museum -------------------------------------------------------------------------------------


@mistake(
    "overwrote instead of adding: {node} reaches {output} on {paths} paths",
    "no node is used twice",
    lambda output: max(uses(output).values(), default=1) == 1,
)
def overwrite(output: Value) -> Found:
    """Write ``=`` for ``+=``, so that the last term to arrive is the only one."""
    found = start(output)
    for node, operand, partial in edges_backward(output):
        found[operand] = found[node] * partial
    return found


@mistake(
    "passed a gradient on before all its terms had arrived, and then passed some on again",
    "no computed node is used twice",
    lambda output: all(n == 1 for node, n in uses(output).items() if node.operands),
)
def recursion(output: Value) -> Found:
    """Visit operands at once, depth first, instead of waiting for their turn in the order.

    Raises ValueError where there are too many paths, for it takes every one of them.
    """
    if not (visits := sum(forgot_partial(output).values())) < MANY_VISITS:
        raise ValueError(f"recursion would take {visits:.3g} steps here, one for each path")
    found = start(output)
    waiting = edges(output)[::-1]
    while waiting:
        node, operand, partial = waiting.pop()
        found[operand] += found[node] * partial
        waiting += edges(operand)[::-1]
    return found


def distinct(node: Value) -> list[Edge]:
    """Return one edge for each operand of a node, as a set of operands would."""
    return [*{edge.operand: edge for edge in reversed(edges(node))}.values()][::-1]


@mistake(
    "counted an operand once that stands twice in one operation",
    "no operation has the same operand twice",
    lambda output: not unlike(output, distinct),
)
def same_edge_once(output: Value) -> Found:
    """Keep operands in a set, so that ``a * a`` has one edge to a."""
    return right(output, distinct)


@mistake(
    "added the partial alone: the chain rule multiplies it by the adjoint",
    "every adjoint on the way is 1",
    lambda output: all(adjoint == 1 for node, adjoint in right(output).items() if node.depth),
)
def forgot_chain(output: Value) -> Found:
    """Forget the factor from above."""
    found = start(output)
    for _, operand, partial in edges_backward(output):
        found[operand] += partial
    return found


@mistake(
    "passed the adjoint on as it was: the chain rule multiplies it by the partial",
    "every partial is 1",
    lambda output: all(edge.partial == 1 for edge in edges_backward(output)),
)
def forgot_partial(output: Value) -> Found:
    """Forget the factor of this edge; what it finds is the number of paths."""
    found = start(output)
    for node, operand, _ in edges_backward(output):
        found[operand] += found[node]
    return found


def swapped(node: Value) -> list[Edge]:
    """Return the edges of a node; where there are two, each with the partial of the other."""
    found = edges(node)
    partials = [edge.partial for edge in (found[::-1] if len(found) == 2 else found)]
    return [Edge(node, edge.operand, d) for edge, d in zip(found, partials, strict=True)]


@mistake(
    "gave an operand the partial of the other one: ∂(a·b)/∂a is b, and ∂(a·b)/∂b is a",
    "the two partials of every operation are equal",
    lambda output: not unlike(output, swapped),
)
def swapped_operands(output: Value) -> Found:
    """Swap the two partials of an operation."""
    return right(output, swapped)


@mistake(
    "made a second pass on top of the inner gradients: only those of leaves add up over passes",
    "there is no inner node between the output and its leaves",
    lambda output: output.depth < 2,
    passes=2,
)
def stale_inner_grads(output: Value) -> Found:
    """Make a second pass without clearing the inner nodes first."""
    found = right(output)
    found[output] = 1.0
    for node, operand, partial in edges_backward(output):
        found[operand] += found[node] * partial
    return found


def live(node: Value) -> list[Edge]:
    """Return the edges of a node with the partials that the data of this moment gives."""
    numbers = [x.data if isinstance(x, Value) else x for x in node.operands]
    wanted = [isinstance(x, Value) for x in node.operands]
    partials = node.op.partials(numbers, node.data, wanted) if numbers else []
    pairs = zip(node.operands, partials, strict=True)
    return [Edge(node, x, partial) for x, partial in pairs if partial is not None]


@mistake(
    "took data as it is now: the gradient belongs to the data of the forward pass",
    "no data was edited after the forward pass",
    lambda output: all(is_current(node) for node in topological_order(output)),
)
def live_data(output: Value) -> Found:
    """Work the partials out in the backward pass, from data that may have been edited since."""
    return right(output, live)


MISTAKES: tuple[Mistake, ...] = (
    *(overwrite, recursion, same_edge_once, forgot_chain),
    *(forgot_partial, swapped_operands, stale_inner_grads, live_data),
)


# Side by side -----------------------------------------------------------------------------------


def attempted(engine: Mistake, output: Value) -> Found:
    """Return what a wrong engine finds; NaN for every node where it fails."""
    try:
        return engine(output)
    except (ArithmeticError, ValueError):
        return defaultdict(lambda: math.nan)


def compare(output: Value) -> Text:
    """Set what every wrong engine finds for the leaves beside what ``backward`` finds.

    Says of each that agrees why it does so here. Raises what ``backward`` raises.
    """
    named, truth = names(output), right(output)
    leaves = [node for node in named if not node.operands]
    rows = [["", *(derivative_of(named[output], named[x]) for x in leaves[:COLUMNS])]]
    rows.append(["backward", *(number(truth[x]) for x in leaves[:COLUMNS])])
    for engine in MISTAKES:
        found = attempted(engine, output)
        verdict = judged(engine, output, [(found[x], truth[x]) for x in leaves])
        rows.append([engine.name, *(number(found[x]) for x in leaves[:COLUMNS]), verdict])
    more = [f"and {len(leaves) - COLUMNS} more leaves"] if len(leaves) > COLUMNS else []
    return Text("\n".join(table([[row[0] + " ", *row[1:]] for row in rows], "  ") + more))


def judged(engine: Mistake, output: Value, pairs: list[tuple[float, float]]) -> str:
    """Say whether a wrong engine agrees, given what it and the right one find, and why."""
    wanted = [(found, truth * engine.passes) for found, truth in pairs]
    if not all(math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-12) for x, y in wanted):
        failed = "found nothing: " if any(math.isnan(found) for found, _ in pairs) else ""
        return f"wrong: {failed}{engine.told.partition(':')[0].partition(',')[0]}"
    twice = " with two right passes" if engine.passes > 1 else ""
    return f"agrees{twice}, as {engine.when}" if engine.safe(output) else f"agrees{twice} by chance"
