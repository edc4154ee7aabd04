"""Stepping: explain a computation line by line, walk through it, and say why a gradient is so.

>>> a, b, c, f = (Value(x, label) for x, label in [(2, "a"), (-3, "b"), (10, "c"), (-2, "f")])
>>> explain((a * b + c) * f)
forward
  a                         = 2
  b                         = -3
  v1  = a·b     = 2 × (-3)  = -6
  c                         = 10
  v2  = v1 + c  = -6 + 10   = 4
  f                         = -2
  L   = v2·f    = 4 × (-2)  = -8
<BLANKLINE>
backward
  ∂L/∂L = 1
  ∂L/∂v2 += ∂L/∂L · ∂L/∂v2     L = v2·f, so ∂L/∂v2 = f       1 × (-2) = -2
  ∂L/∂f += ∂L/∂L · ∂L/∂f       L = v2·f, so ∂L/∂f = v2       1 × 4 = 4
  ∂L/∂v1 += ∂L/∂v2 · ∂v2/∂v1   v2 = v1 + c, so ∂v2/∂v1 = 1   -2 × 1 = -2
  ∂L/∂c += ∂L/∂v2 · ∂v2/∂c     v2 = v1 + c, so ∂v2/∂c = 1    -2 × 1 = -2
  ∂L/∂a += ∂L/∂v1 · ∂v1/∂a     v1 = a·b, so ∂v1/∂a = b       -2 × (-3) = 6
  ∂L/∂b += ∂L/∂v1 · ∂v1/∂b     v1 = a·b, so ∂v1/∂b = a       -2 × 2 = -4
<BLANKLINE>
gradients
  ∂L/∂a = 6
  ∂L/∂b = -4
  ∂L/∂c = -2
  ∂L/∂f = 4
"""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from autograd_mini.engine import Value
from autograd_mini.stepping.editing import edits
from autograd_mini.stepping.naming import Names, derivative_of, names, number
from autograd_mini.stepping.steps import Evaluation, Seed, Step, evaluations, steps

WIDEST = 60  # one long entry shall not push the columns of all rows apart


class Text(str):
    """Text that a REPL shows as it is."""

    __slots__ = ()

    __repr__ = str.__str__


def explain(output: Value) -> Text:
    """Tell the forward pass, every application of the chain rule, and the gradients.

    ``print(explain(y))`` prints it; a bare ``explain(y)`` shows it in a REPL. Changes nothing. Data
    that was edited since the forward pass is said first. Where a derivative is needed that does not
    exist, the backward pass ends with the error that ``backward`` raises.
    """
    named = names(output)
    taken, error = taken_until_error(output)
    parts = [
        ("edited", edits(output)),
        ("forward", table((equation(e) for e in evaluations(output)), "  ")),
        ("backward", [str(Seed(output, named)), *table(map(columns, taken), "   "), *error]),
        ("gradients", [] if error else gradients(output, taken, named)),
    ]
    return Text("\n\n".join("\n  ".join([title, *lines]) for title, lines in parts if lines))


def taken_until_error(output: Value) -> tuple[list[Step], list[str]]:
    """Return all steps, or those before a partial that does not exist, and the error."""
    taken: list[Step] = []
    try:
        for step in steps(output):
            taken.append(step)
    except (ArithmeticError, ValueError) as error:
        return taken, [f"{type(error).__name__}: {error}"]
    return taken, []


def equation(evaluation: Evaluation) -> list[str]:
    """Return the columns of a computed node, the signs of equality aligned."""
    name, *rest = evaluation.columns
    return [name, *(x and f"= {x}" for x in rest)]


def columns(step: Step) -> list[str]:
    """Return the columns of a step."""
    return [step.rule, step.reason, step.figures, step.sum]


def gradients(output: Value, taken: Iterable[Step], named: Names) -> list[str]:
    """Return a line for the derivative with respect to each leaf, in the order of *named*."""
    total = {output: 1.0} | {step.operand: step.total for step in taken}
    leaves = [node for node in named if not node.operands]
    return [f"{derivative_of(named[output], named[x])} = {number(total[x])}" for x in leaves]


def table(rows: Iterable[Sequence[str]], gap: str) -> list[str]:
    """Align the columns of the rows."""
    rows = list(rows)
    lengths = (map(len, column) for column in zip_longest(*rows, fillvalue=""))
    widths = [min(max(column), WIDEST) for column in lengths]
    return [gap.join(map(str.ljust, row, widths)).rstrip() for row in rows]
