"""Account: what there is to say of a computation, as records that each notation writes its way.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> for part in tell(Graph(a * b)):
...     print(part.title, part.lines[:2])
forward [<Evaluation a = 2>, <Evaluation b = -3>]
backward [<Seed ∂L/∂L = 1>, <Step ∂L/∂a += ∂L/∂L · ∂(a·b)/∂a: 1 × (-3) = -3>]
gradients [<Gradient ∂L/∂a = -3>, <Gradient ∂L/∂b = 2>]
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import whole_number
from autograd_mini.engine.waiting import show_progress
from autograd_mini.notation.equation import write_equation
from autograd_mini.stepping.editing import edits
from autograd_mini.stepping.modules import Folded
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.steps import Evaluation, Gradient, Seed, Step, evaluations, steps

MOST = 1000  # lines of a text
FEWEST = 4  # lines of a part whose middle is left out
DOUBTS_TOLD = 20  # nodes that are told

Entry = Evaluation | Gradient | Step | str


class Part(NamedTuple):
    """The lines that belong under one title; a text says where some are left out."""

    title: str
    lines: list[Entry]


def tell(graph: Graph, lines: int | None = MOST, expand: Sequence[str] = ()) -> list[Part]:
    """Return what was edited, what is in doubt, forward and backward pass, and the gradients.

    Where a derivative is needed that does not exist, the backward pass ends with the error, and
    there are no gradients. In a large network, what modules do inside is left out, but for those to
    *expand*. Where there are more than *lines* lines, the middle of each part is left out, too;
    None leaves nothing out.
    """
    if lines is not None:
        whole_number(lines, "lines", 0)
    folded = Folded(graph, expand, lines is not None)
    forward = [x for x in evaluations(graph) if x.node not in folded.nodes]
    leaves = [x for x in graph.leaves if x not in folded.nodes]
    edges = sum(edge not in folded.edges for edge in graph.edges)
    needed = len(forward) + edges + len(leaves)
    share = needed + FEWEST if lines is None or needed <= lines else max(lines // 4, FEWEST)
    totals, error = {graph.output: 1.0}, list[Entry]()
    seen = (x for x in take(graph, totals, error) if (x.node, x.operand) not in folded.edges)
    backward = keep_ends(seen, share)
    gradients = [] if error else [Gradient(x, graph, totals[x]) for x in leaves]
    hidden = graph.uses.total() - edges
    parts = [
        Part("edited", keep_ends(edits(graph), share)),
        Part("troubles", keep_ends(tell_troubles(graph), share)),
        Part("forward", [*keep_ends(forward, share), *folded.note(len(graph) - len(forward))]),
        Part("backward", [Seed(graph), *backward, *folded.note(hidden), *error]),
        Part("gradients", keep_ends(gradients, share)),
    ]
    return [part for part in parts if part.lines]


def tell_troubles(graph: Graph) -> list[str]:
    """Say what makes the numbers of a graph doubtful, one sentence for each trouble.

    >>> x = Value(0.0, "x")
    >>> tell_troubles(Graph(x.sqrt() ** 2))
    ['0 · undefined at v1 = sqrt(x): it was counted as 0, which may be wrong']
    >>> tell_troubles(Graph(Value(1e308, "x") * 10))
    ['the first that is not finite: L = x·10 = 1e+308 × 10 ≈ inf']
    """
    return [*tell_first_bad(graph), *tell_doubts(graph)]


def tell_first_bad(graph: Graph) -> list[str]:
    """Say which node is the first whose data is not finite, with its operands, if there is one."""
    bad = graph.first_bad
    return [f"the first that is not finite: {Evaluation(bad, graph).equation}"] if bad else []


def tell_doubts(graph: Graph) -> list[str]:
    """Say at which nodes the adjoint is 0 at this point only, and a partial does not exist."""
    found = [node for node in graph if node in graph.doubtful] if graph.doubtful else []
    more = len(found) - DOUBTS_TOLD
    told = [write_equation(graph[node], graph.algebra(node)) for node in found[:DOUBTS_TOLD]]
    lines = [f"0 · undefined at {x}: it was counted as 0, which may be wrong" for x in told]
    return [*lines, f"0 · undefined at {more:,} more"] if more > 0 else lines


def take(graph: Graph, totals: dict[Value, float], error: list[Entry]) -> Iterator[Step]:
    """Yield the steps, those before a partial that does not exist, and keep sums and the error."""
    try:
        for step in show_progress(steps(graph), graph.uses.total(), "explaining"):
            totals[step.operand] = step.total
            yield step
    except (ArithmeticError, ValueError) as raised:
        error.append(f"{type(raised).__name__}: {raised}")


def keep_ends(items: Iterable[Any], most: int) -> list[Any]:
    """List the items; of more than *most* the first and the last, and between them a note.

    >>> keep_ends(range(10), 4)
    [0, 1, '… 6 lines are left out here; lines=None shows all', 8, 9]
    """
    coming = iter(items)
    first = [*islice(coming, most - most // 2)]
    last, others = deque[Any](maxlen=most // 2), 0
    for item in coming:
        last.append(item)
        others += 1
    left_out = others - len(last)
    note = [f"… {left_out:,} lines are left out here; lines=None shows all"] if left_out else []
    return [*first, *note, *last]
