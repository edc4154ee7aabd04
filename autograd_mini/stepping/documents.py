r"""Documents: what is told of a computation as LaTeX, as HTML with MathML, and as Markdown.

>>> from autograd_mini.engine import Value
>>> from autograd_mini.stepping.account import tell
>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> graph = Graph(a * b)
>>> print(write_latex(tell(graph)[-1:], graph))
\begin{align*}
\intertext{gradients}
\frac{\partial L}{\partial a} &= -3 \\
\frac{\partial L}{\partial b} &= 2
\end{align*}
"""

import html
from collections.abc import Callable, Iterable

from autograd_mini.notation.latex import LATEX_HAND, escape
from autograd_mini.notation.mathml import MATHML_HAND
from autograd_mini.notation.text import Figures
from autograd_mini.stepping.account import Part
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.script import Equation, Script

LONGEST_ROW = 180  # characters of LaTeX; of a longer equation the numbers have their own line
NAMESPACE = "http://www.w3.org/1998/Math/MathML"


def write_key(script: Script, letter: str, write: Callable[[str], str]) -> list[str]:
    """Say what letters with a layer stand for, put into *letter*; nothing where there are none."""
    known = [f"{letter.format(x)} is {write(name)}" for x, name in script.key().items()]
    return [f"Here {', '.join(known)}, and so on."] if known else []


# LaTeX -------------------------------------------------------------------------------------------


def write_latex(parts: Iterable[Part], graph: Graph) -> str:
    """Write the parts as one ``align*`` with their titles between."""
    script = Script(graph, LATEX_HAND)
    rows: list[str] = []
    for part in parts:
        first, *others = latex_rows(part, script)
        rows += [f"\\intertext{{{part.title}}}\n{first}", *others]
    body = " \\\\\n".join(rows)
    key = "\n".join(
        rf"\intertext{{{line}}}"
        for line in write_key(script, "${}$", lambda name: rf"\texttt{{{escape(name)}}}")
    )
    return "\n".join(filter(None, [r"\begin{align*}", body, key, r"\end{align*}"]))


def latex_rows(part: Part, script: Script) -> list[str]:
    """Write the rows of a part, aligned at the first sign."""
    return [
        rf"&\text{{{escape(line)}}}" if isinstance(line, str) else latex_row(script.row(line))
        for line in part.lines
    ]


def latex_row(row: Equation) -> str:
    """Write one equation; a long one on several lines."""
    first, *others = row.sides
    is_long = sum(len(side.formula.text) for side in others) > LONGEST_ROW
    numbers = next((x for x in others[1:] if isinstance(x.formula, Figures)), None)
    sides = [f"{LATEX_HAND.letters.SIGNS[side.sign]} {side.formula}" for side in others]
    if is_long and numbers is not None:
        sides.insert(others.index(numbers), "\\\\\n&")
    return f"{first.formula} &{' '.join(sides)}{latex_remark(row)}"


def latex_remark(row: Equation) -> str:
    """Write what a row needs to be told besides."""
    if row.formula is None:
        return rf" \quad\text{{{row.remark}}}" if row.remark else ""
    return rf" \quad\text{{{row.remark} }}{row.formula}\text{{)}}"


# Markdown ----------------------------------------------------------------------------------------


def write_markdown(parts: Iterable[Part], graph: Graph) -> str:
    r"""Write each part as a title and a block of formulas.

    Rows end in ``\cr``: some readers take ``\\`` for an escape of Markdown's.
    """
    script = Script(graph, LATEX_HAND)
    blocks = []
    for part in parts:
        rows = " \\cr\n".join(latex_rows(part, script)).replace(r" \\", r" \cr")
        aligned = "\n".join(["$$", r"\begin{aligned}", rows, r"\end{aligned}", "$$"])
        blocks += [f"**{part.title}**", aligned]
    return "\n\n".join([*blocks, *write_key(script, "${}$", "`{}`".format)]) + "\n"


# HTML --------------------------------------------------------------------------------------------


def write_mathml(parts: Iterable[Part], graph: Graph) -> str:
    """Write each part as a title and a table of formulas, a column for each side."""
    script = Script(graph, MATHML_HAND)
    blocks = [f"<p>{part.title}</p>\n{mathml_table(part, script)}" for part in parts]
    letter = f'<math xmlns="{NAMESPACE}">{{}}</math>'
    key = write_key(script, letter, lambda name: f"<code>{html.escape(name)}</code>")
    told = [f"<p>{line}</p>" for line in key]
    return "\n".join(['<div style="overflow-x:auto">', *blocks, *told, "</div>"])


def mathml_table(part: Part, script: Script) -> str:
    """Write the rows of a part."""
    rows = [
        [f"<mtext>{html.escape(line)}</mtext>"]
        if isinstance(line, str)
        else mathml_cells(script.row(line))
        for line in part.lines
    ]
    cell = '<mtd style="text-align:left">{}</mtd>'
    lines = [f"<mtr>{''.join(map(cell.format, row))}</mtr>" for row in rows]
    table = "\n".join(['<mtable displaystyle="true">', *lines, "</mtable>"])
    return f'<math xmlns="{NAMESPACE}" displaystyle="true">{table}</math>'


def mathml_cells(row: Equation) -> list[str]:
    """Write the sides of an equation, and the remark."""
    signs = {"": "", **MATHML_HAND.letters.SIGNS}
    cells = [f"{signs[side.sign]}{side.formula}" for side in row.sides]
    if row.formula is not None:
        told = f"<mtext>{row.remark} </mtext>{row.formula}<mtext>)</mtext>"
        return [*cells, told]
    return [*cells, f"<mtext>{row.remark}</mtext>"] if row.remark else cells
