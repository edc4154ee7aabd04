"""Explaining: a computation told line by line, forward and backward, and printed in columns."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import require_list
from autograd_mini.notation.equation import write_columns
from autograd_mini.notation.plain import Text, in_letters
from autograd_mini.notation.screen import INDENT, columns, fit, is_terminal, paint
from autograd_mini.stepping.account import MOST, Entry, Part, tell
from autograd_mini.stepping.documents import write_latex, write_markdown, write_mathml
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.paths import tell_other_passes
from autograd_mini.stepping.porting import write_pytorch
from autograd_mini.stepping.steps import Evaluation, Gradient, Seed, Step

WIDEST = 120  # characters of the rows that are aligned where no terminal says how many


class Explanation(Text):
    """The text of an explanation, and the same in other notations.

    These are written of the graph as it is when they are asked for.
    """

    __slots__ = ("graph", "parts")

    graph: Graph
    parts: list[Part]

    def __str__(self) -> str:
        if not is_terminal():
            return super().__str__()
        width = columns()
        return in_letters("\n\n".join(write_part(part, width) for part in self.parts))

    __repr__ = __str__

    def latex(self) -> str:
        r"""Return the same as LaTeX for the package amsmath: an ``align*``.

        Labels in other letters than Latin and Greek need LuaLaTeX or XeLaTeX, and a font.

        >>> a, b = Value(2.0, "a"), Value(-3.0, "b")
        >>> print(explain(a * b).latex().splitlines()[4])
        L &= a \cdot b = 2 \times \left(-3\right) = -6 \\
        """
        return write_latex(self.parts, self.graph)

    def mathml(self) -> str:
        """Return the same as HTML with MathML, which browsers and notebooks show as printed."""
        return write_mathml(self.parts, self.graph)

    def markdown(self) -> str:
        """Return the same as Markdown with formulas, as GitHub and notebooks show it."""
        return write_markdown(self.parts, self.graph)

    def pytorch(self) -> str:
        """Return a script for PyTorch that computes the same value and the same gradients.

        Raises ValueError for a primitive of your own that PyTorch cannot compute.
        """
        return write_pytorch(self.graph)

    def _repr_html_(self) -> str:
        """Show formulas in a notebook where ``explain(L)`` is a cell's last line."""
        return self.mathml()


def explain(
    output: Value,
    names: Mapping[str, object] | None = None,
    lines: int | None = MOST,
    expand: str | Iterable[str] = (),
) -> Explanation:
    """Tell the forward pass, every application of the chain rule, and the gradients.

    ``print(explain(y))`` prints it; a bare ``explain(y)`` shows it in a REPL. Changes nothing. Data
    that was edited since the forward pass is said first, then where the first number that is not
    finite comes from, and where 0 · undefined was counted as 0. Where a derivative is needed that
    does not exist, the backward pass ends with the error that ``backward`` raises.

    Values without a label are called as the variables of *names* that hold them: give it
    ``locals()``. Of a network with more than 40 values, what its modules do inside is folded, but
    for the modules to *expand*, such as "layer2.neuron4"; ValueError for one that is not there.
    Where there are more than *lines* lines, the middle of each part is left out; None leaves
    nothing out, and folds nothing.

    What is returned is a text that has the same as ``.latex()``, ``.mathml()``, ``.markdown()``
    and, to run, ``.pytorch()``.

    >>> a = Value(2.0, "a")
    >>> explain(a * 3)
    forward
      a                  = 2
      L  = a·3  = 2 × 3  = 6
    <BLANKLINE>
    backward
      ∂L/∂L = 1
      ∂L/∂a += ∂L/∂L · ∂(a·3)/∂a   L = a·3, so ∂(a·3)/∂a = 3   1 × 3 = 3
    <BLANKLINE>
    gradients
      ∂L/∂a = 3
    """
    given = [expand] if isinstance(expand, str) else expand
    modules = require_list("expand", "modules", given)
    graph = Graph.of(output, names)
    parts = tell(graph, lines, modules)
    found = Explanation("\n\n".join(map(write_part, parts)))
    found.graph, found.parts = graph, parts
    return found


def write_part(part: Part, width: int | None = None) -> str:
    """Write the lines of a part below its title, their columns aligned.

    For a terminal of a *width* they are coloured by sign; what is too wide is a record: a line, and
    what else there is on lines below it.
    """
    cells, gap = [write_line(x) for x in part.lines], "  " if part.title == "forward" else "   "
    narrow = WIDEST if width is None else width - len("  ")
    rows = align_columns(cells, gap, narrow)
    if width is not None:
        pairs = zip(rows, cells, strict=True)
        rows = [row if len(row) <= narrow else write_record(x, narrow) for row, x in pairs]
        rows = [colour(row, line) for row, line in zip(rows, part.lines, strict=True)]
    return "\n  ".join([part.title, *rows])


def write_record(row: Sequence[str], width: int) -> str:
    """Write the columns of a line on as many lines as they need.

    >>> print(write_record(["∂L/∂a += 1", "L = a·b", "2 × 3 = 6", ""], 20))
    ∂L/∂a += 1   L = a·b
          2 × 3 = 6
    """
    first, *others = filter(None, row)
    lines = [first]
    for cell in others:
        longer = f"{lines[-1]}   {cell}"
        if len(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(INDENT + cell)
    return "\n  ".join(fit(line, width) for line in lines)


def colour(row: str, line: Entry) -> str:
    """Colour the numbers of a line by their sign."""
    match line:
        case Step():
            return row.replace(line.figures, paint(line.figures, line.term))
        case Gradient():
            return paint(row, line.total)
    return row


def write_line(line: Entry) -> Sequence[str]:
    """Write the columns of a line."""
    match line:
        case Evaluation():
            return write_columns(*line.sides)
        case Step():
            return [line.rule, line.reason, line.figures, line.sum]
        case Seed():
            return [line.equation]
        case Gradient(node, graph, total):
            older = tell_other_passes(graph[node], node, total) if node.grad else ""
            return [line.equation, older]
    return [str(line)]


def align_columns(rows: Iterable[Sequence[str]], gap: str, most: int = WIDEST) -> list[str]:
    """Align the columns of the rows, those of at most so many characters among themselves.

    A row of one column is a text, which has nothing to be aligned with.

    >>> align_columns([["a", "= 2"], ["long " * 4, "= 8"], ["L", "= 3"]], " ", 8)
    ['a = 2', 'long long long long  = 8', 'L = 3']
    """
    rows = list(rows)
    widths = [0] * max(map(len, rows), default=0)
    sizes = ([*map(len, row)] for row in rows if len(row) > 1)
    for row in sorted(sizes, key=sum):
        wider = [max(pair) for pair in zip_longest(widths, row, fillvalue=0)]
        if not any(widths) or sum(wider) + len(gap) * (len(wider) - 1) <= most:
            widths = wider
    return [gap.join(map(str.ljust, row, widths)).rstrip() for row in rows]
