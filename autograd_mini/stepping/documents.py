r"""Documents: what is told of a computation as LaTeX, as HTML with MathML, and as Markdown.

>>> from autograd_mini.stepping.account import tell
>>> a, b = Value(2.0, "a1"), Value(-3.0, "b")
>>> graph = Graph(a * b)
>>> print(write_latex(tell(graph)[-1:], graph))
\begin{align*}
\intertext{gradients}
\frac{\partial L}{\partial a_{1}} &= -3 \\
\frac{\partial L}{\partial b} &= 2
\end{align*}
"""

import html
from collections.abc import Callable, Iterable
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.notation.algebra import write_operation
from autograd_mini.notation.equation import EQUAL, relate
from autograd_mini.notation.latex import LATEX_HAND, escape
from autograd_mini.notation.letters import choose_letters
from autograd_mini.notation.mathml import MATHML_HAND
from autograd_mini.notation.text import Figures, Symbol
from autograd_mini.notation.typeset import Hand, Typeset
from autograd_mini.stepping.account import Entry, Part
from autograd_mini.stepping.editing import is_current
from autograd_mini.stepping.naming import BRIEF, Graph, write_ends, write_figures, write_rules
from autograd_mini.stepping.steps import Evaluation, Gradient, Step

ADDS = "+="
LONGEST_ROW = 180  # characters of LaTeX; of a longer equation the numbers have their own line
NAMESPACE = "http://www.w3.org/1998/Math/MathML"


# Equations ----------------------------------------------------------------------------------------


class Side(NamedTuple):
    """A side of an equation, with the sign before it; none before the first."""

    sign: str
    formula: Symbol


class Equation(NamedTuple):
    """A line in a notation: the sides of an equation, and a remark in words."""

    sides: list[Side]
    remark: str = ""
    formula: Symbol | None = None
    """What the remark ends with before its parenthesis closes, if it ends with a formula."""


class Script:
    """Writes the lines of a graph by the hand of a notation."""

    def __init__(self, graph: Graph, hand: Hand) -> None:
        self.graph, self.hand = graph, hand
        self.alphabet = choose_letters(graph.values())

    def name(self, node: Value) -> Typeset:
        """Write the name of a node."""
        return self.hand.letters.of_letter(self.alphabet[self.graph[node]])

    def figure(self, x: float) -> Figures:
        """Write a number."""
        return self.hand.figures.of(x)

    def algebra(self, node: Value) -> Typeset:
        """Write the algebra that was typed to make a node; nothing for a leaf."""
        return write_operation(node.op, node.operands, self.hand.letters, self.name)

    def derivative(self, node: Value) -> Typeset:
        """Write the derivative of the output with respect to a node."""
        return self.hand.letters.write_derivative(self.name(self.graph.output), self.name(node))

    def local(self, node: Value, operand: Value) -> Typeset:
        """Write a local partial: of the operation, where the node's name could be misread."""
        ambiguous = self.graph.is_ambiguous(node, operand)
        is_long = len(self.graph.algebra(node).text) > BRIEF
        whole = write_ends(node, self.hand.letters, self.name) if is_long else self.algebra(node)
        upper = whole if ambiguous else self.name(node)
        return self.hand.letters.write_derivative(upper, self.name(operand))

    def rule(self, step: Step, kind: type[Typeset]) -> Typeset:
        """Write the partial of a step by a class of the hand."""
        rules = write_rules(
            step.node, lambda x: kind(self.name(x).text, self.name(x).binding), kind
        )
        return kind.of(rules[step.position])

    def key(self) -> dict[str, str]:
        """Return what letters with a layer stand for, one example for each word: letter, name."""
        first: dict[str, str] = {}
        for name, letter in self.alphabet.items():
            if letter.upper:
                first.setdefault(letter.word, name)
        write = self.hand.letters.of_letter
        return {write(self.alphabet[name]).text: name for name in first.values()}

    def row(self, line: Entry) -> Equation:
        """Return what a line says, in this notation; a text is a remark on no equation."""
        match line:
            case str():
                return Equation([], line)
            case Evaluation(node):
                return Equation(self.evaluation(node))
            case Gradient(node, _, total):
                return Equation(equate(self.derivative(node), self.figure(total)))
        return self.step(line)

    def evaluation(self, node: Value) -> list[Side]:
        """Return the name of a node, its algebra, the same in numbers, and its data."""
        figures = self.hand.figures
        numbers = write_figures(node, figures) if is_current(node) else figures("")
        return equate(self.name(node), self.algebra(node), numbers, self.figure(node.data))

    def step(self, step: Step) -> Equation:
        """Return one application of the chain rule; a term of several is added."""
        passed, several = self.derivative(step.node), self.graph.uses[step.operand] > 1
        chain, *others = equate(
            passed * self.local(step.node, step.operand),
            passed * self.rule(step, self.hand.letters),
            self.figure(step.adjoint) * self.figure(step.partial),
            self.figure(step.term),
        )
        received = Side("", self.derivative(step.operand))
        sides = [received, Side(ADDS if several else EQUAL, chain.formula), *others]
        return Equation(sides, *self.remark(step))

    def remark(self, step: Step) -> tuple[str, Symbol | None]:
        """Return what a step needs to be told besides, and the formula that this ends with."""
        if not step.is_computed_otherwise:
            return step.restriction.lstrip(), None
        if step.worth:
            return f"{step.restriction} (the partial {step.worth})".lstrip(), None
        told = f"{step.restriction} (computed as".lstrip()
        return told, self.rule(step, self.hand.computed)


def equate(*sides: Symbol) -> list[Side]:
    """Return the sides that are not empty, with the sign before each."""
    return [Side(sign, side) for sign, side in relate(*sides) if isinstance(side, Symbol)]


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
        first, *others = [latex_row(script.row(line)) for line in part.lines]
        rows += [f"\\intertext{{{part.title}}}\n{first}", *others]
    body = " \\\\\n".join(rows)
    key = "\n".join(
        rf"\intertext{{{line}}}"
        for line in write_key(script, "${}$", lambda name: rf"\texttt{{{escape(name)}}}")
    )
    return "\n".join(filter(None, [r"\begin{align*}", body, key, r"\end{align*}"]))


def latex_row(row: Equation) -> str:
    """Write one equation, aligned at the first sign; a long one on several lines."""
    if not row.sides:
        return rf"&\text{{{escape(row.remark)}}}"
    first, *others = row.sides
    is_long = sum(len(side.formula.text) for side in others) > LONGEST_ROW
    numbers = next((x for x in others if isinstance(x.formula, Figures)), None)
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
        rows = " \\cr\n".join(latex_row(script.row(line)) for line in part.lines)
        rows = rows.replace(r" \\", r" \cr")
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
    rows = [mathml_cells(script.row(line)) for line in part.lines]
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
    return [*cells, f"<mtext>{html.escape(row.remark)}</mtext>"] if row.remark else cells
