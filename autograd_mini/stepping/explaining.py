"""Stepping: explain a computation line by line, walk through it, and say why a gradient is so.

>>> a, b, c, f = (Value(x, label) for x, label in [(2, "a"), (-3, "b"), (10, "c"), (-2, "f")])
>>> explain((a * b + c) * f)
forward
  a                         = 2
  b                         = -3
  c                         = 10
  f                         = -2
  v1  = a·b     = 2 × (-3)  = -6
  v2  = v1 + c  = -6 + 10   = 4
  L   = v2·f    = 4 × (-2)  = -8
<BLANKLINE>
backward
  ∂L/∂L = 1
  ∂L/∂v2 += ∂L/∂L · ∂(v2·f)/∂v2   L = v2·f, so ∂(v2·f)/∂v2 = f   1 × (-2) = -2
  ∂L/∂f += ∂L/∂L · ∂(v2·f)/∂f     L = v2·f, so ∂(v2·f)/∂f = v2   1 × 4 = 4
  ∂L/∂v1 += ∂L/∂v2 · ∂v2/∂v1      v2 = v1 + c, so ∂v2/∂v1 = 1    -2 × 1 = -2
  ∂L/∂c += ∂L/∂v2 · ∂v2/∂c        v2 = v1 + c, so ∂v2/∂c = 1     -2 × 1 = -2
  ∂L/∂a += ∂L/∂v1 · ∂v1/∂a        v1 = a·b, so ∂v1/∂a = b        -2 × (-3) = 6
  ∂L/∂b += ∂L/∂v1 · ∂v1/∂b        v1 = a·b, so ∂v1/∂b = a        -2 × 2 = -4
<BLANKLINE>
gradients
  ∂L/∂a = 6
  ∂L/∂b = -4
  ∂L/∂c = -2
  ∂L/∂f = 4
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from typing import Any, TypeVar

from autograd_mini.engine import Value
from autograd_mini.notation.equation import figure, write_equation
from autograd_mini.notation.plain import Text
from autograd_mini.stepping.editing import edits
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.paths import tell_other_passes
from autograd_mini.stepping.steps import Seed, Step, evaluations, steps

WIDEST = 60  # one long entry shall not push the columns of all rows apart
MOST = 1000  # lines of a text
FEWEST = 4  # lines of a part whose middle is left out

T = TypeVar("T")


def explain(
    output: Value, names: Mapping[str, Any] | None = None, lines: int | None = MOST
) -> Text:
    """Tell the forward pass, every application of the chain rule, and the gradients.

    ``print(explain(y))`` prints it; a bare ``explain(y)`` shows it in a REPL. Changes nothing. Data
    that was edited since the forward pass is said first. Where a derivative is needed that does not
    exist, the backward pass ends with the error that ``backward`` raises.

    Values without a label are called as the variables of *names* that hold them: give it
    ``locals()``. Where there are more than *lines* lines, the middle of each part is left out; None
    leaves nothing out.
    """
    graph = Graph.of(output, names)
    known = edits(graph)
    share = share_of(lines, len(known) + len(graph) + graph.uses.total() + len(graph.leaves))
    applied, totals, error = backward_part(graph, share)
    parts = [
        ("edited", write_part(known, lambda edit: [edit], "", share)),
        ("forward", write_part(evaluations(graph), lambda x: x.columns, "  ", share)),
        ("backward", [str(Seed(graph)), *applied, *error]),
        ("gradients", [] if error else gradient_part(graph, totals, share)),
    ]
    return Text("\n\n".join("\n  ".join([title, *rows]) for title, rows in parts if rows))


def share_of(lines: int | None, needed: int) -> int:
    """Return how many lines each part of a text may have: a quarter where there are too many."""
    return needed + FEWEST if lines is None or needed <= lines else max(lines // 4, FEWEST)


def backward_part(graph: Graph, share: int) -> tuple[list[str], dict[Value, float], list[str]]:
    """Write the steps, or those before a partial that does not exist, and the error.

    Returns the derivatives with respect to all nodes, too.
    """
    totals, error = {graph.output: 1.0}, []

    def take() -> Iterator[Step]:
        try:
            for step in steps(graph):
                totals[step.operand] = step.total
                yield step
        except (ArithmeticError, ValueError) as raised:
            error.append(f"{type(raised).__name__}: {raised}")

    rows = write_part(take(), lambda x: [x.rule, x.reason, x.figures, x.sum], "   ", share)
    return rows, totals, error


def gradient_part(graph: Graph, totals: Mapping[Value, float], share: int) -> list[str]:
    """Write the derivative with respect to each leaf, and what else its grad holds."""

    def columns(leaf: Value) -> list[str]:
        told = write_equation(graph.derivative(leaf), figure(totals[leaf]))
        older = tell_other_passes(graph[leaf], leaf, totals[leaf]) if leaf.grad else ""
        return [told, older]

    return write_part(graph.leaves, columns, "   ", share)


def write_part(
    items: Iterable[T], write: Callable[[T], Sequence[str]], gap: str, share: int
) -> list[str]:
    """Write a row for each item, its columns aligned; more than *share* rows lose their middle."""
    first, last, left_out = keep_ends(items, share)
    rows = table([write(item) for item in (*first, *last)], gap)
    note = [f"… {left_out:,} lines are left out here; lines=None shows all"] if left_out else []
    return [*rows[: len(first)], *note, *rows[len(first) :]]


def keep_ends(items: Iterable[T], most: int) -> tuple[list[T], list[T], int]:
    """Return the first and the last items, *most* in all, and how many lie between.

    >>> keep_ends(range(10), 4)
    ([0, 1], [8, 9], 6)
    """
    coming = iter(items)
    first = [*islice(coming, most - most // 2)]
    last, others = deque[T](maxlen=most // 2), 0
    for item in coming:
        last.append(item)
        others += 1
    return first, [*last], others - len(last)


def table(rows: Iterable[Sequence[str]], gap: str) -> list[str]:
    """Align the columns of the rows."""
    rows = list(rows)
    lengths = (map(len, column) for column in zip_longest(*rows, fillvalue=""))
    widths = [min(max(column), WIDEST) for column in lengths]
    return [gap.join(map(str.ljust, row, widths)).rstrip() for row in rows]
