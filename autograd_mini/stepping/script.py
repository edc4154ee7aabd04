r"""Script: the lines of a computation as they are typeset, in LaTeX and MathML.

>>> from autograd_mini.notation.latex import LATEX_HAND
>>> a, b = Value(2.0, "a1"), Value(-3.0, "b")
>>> script = Script(Graph(a * b), LATEX_HAND)
>>> for side in script.row(Evaluation(script.graph.output, script.graph)).sides:
...     print(*side)
 L
= a_{1} \cdot b
= 2 \times \left(-3\right)
= -6
"""

from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.notation.algebra import write_operation
from autograd_mini.notation.equation import EQUAL, relate
from autograd_mini.notation.letters import choose_letters
from autograd_mini.notation.text import Figures, Symbol
from autograd_mini.notation.typeset import Hand, Typeset
from autograd_mini.stepping.editing import is_current
from autograd_mini.stepping.naming import BRIEF, Graph, write_ends, write_rules
from autograd_mini.stepping.steps import Evaluation, Gradient, Seed, Step

ADDS = "+="

Told = Evaluation | Seed | Step | Gradient


class Side(NamedTuple):
    """A side of an equation, with the sign before it; none before the first."""

    sign: str
    formula: Symbol

    def __str__(self) -> str:
        return f"{self.sign} {self.formula}"


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

    def row(self, line: Told) -> Equation:
        """Return what a line says, in this notation."""
        match line:
            case Evaluation():
                return Equation(self.evaluation(line.node))
            case Step():
                return self.step(line)
        return Equation(equate(self.derivative(line.node), self.figure(line.total)))

    def evaluation(self, node: Value) -> list[Side]:
        """Return the name of a node, its algebra, the same in numbers, and its data."""
        numbers = self.hand.figures("")
        if is_current(node):
            numbers = write_operation(
                node.op, node.operands, self.hand.figures, lambda x: self.figure(x.data)
            )
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
