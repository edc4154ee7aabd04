"""Asking: a lesson's own question, to whoever steps through it.

>>> from autograd_mini.engine import Value
>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> L = a * b
>>> L.backward()
>>> ask("∂L/∂a", a.grad, hint="look at the other factor", of=L)
∂L/∂a = -3
"""

import html
import math
import re
import sys
from collections.abc import Mapping

from autograd_mini.engine import Value
from autograd_mini.lesson import terminal
from autograd_mini.notation.equation import figure, write_equation
from autograd_mini.notation.plain import say
from autograd_mini.stepping.missteps import WRONG_SIGN
from autograd_mini.stepping.naming import Graph, number
from autograd_mini.teach.quiz import HINT, Question, close, pose_until_right, questions
from autograd_mini.teach.slips import slip_of
from autograd_mini.view.show import display, is_notebook

DERIVATIVE = re.compile(r"∂(\w+)/∂")
STILL = "{} is still asked: Enter asks again, :show there tells the answer."


def ask(prompt: str, answer: float, hint: str = "", *, of: Value | None = None) -> None:
    """Ask for a number of which the *answer* is known, such as ``ask("∂L/∂a", a.grad)``.

    In a lesson at the terminal the learner answers: a wrong number is told as the mistake that
    gives it, as in a quiz, if the prompt names a derivative of a Value: of *of*, or of the script's
    variable of that name. The *hint* comes after the second wrong answer, and on ``:hint``;
    ``:show`` tells the answer. In a notebook the answer is folded below the question. A script that
    is run prints it. Raises TypeError for an answer that is no number, ValueError for one that is
    not finite.
    """
    if isinstance(answer, bool) or not isinstance(answer, (int, float)):
        kind = type(answer).__name__
        raise TypeError(f"the answer is one number, such as a.grad or a.data, got {kind}")
    if not math.isfinite(answer):
        raise ValueError(f"the answer is a finite number, got {answer}")
    question, known = find_question(prompt, answer, of)
    if terminal.is_listening():
        put_to_learner(question, known, hint)
    elif is_notebook():
        show_folded(prompt, answer, hint)
    else:
        say(write_equation(prompt, figure(answer)))


def find_question(
    prompt: str, answer: float, of: Value | None
) -> tuple[Question, Mapping[str, float]]:
    """Return the question, with the mistakes that its graph knows of it, and the graph's numbers.

    The graph is that of a Value among the variables of the script, if it is not given.
    """
    variables, known = vars(sys.modules["__main__"]), {}
    named = DERIVATIVE.match(prompt)
    output = variables.get(named[1]) if named and of is None else of
    if isinstance(output, Value):
        graph = Graph(output, variables)
        known = {name: node.data for node, name in graph.items()}
        for question in questions(graph):
            if question.prompt == prompt and close(question.answer, answer):
                return question, known
    reason = write_equation(prompt, figure(answer))
    return Question("", prompt, answer, reason, [slip_of(WRONG_SIGN, -answer)]), known


def put_to_learner(question: Question, known: Mapping[str, float], hint: str) -> None:
    """Ask until the answer is right or shown; who leaves comes back to the lesson's prompt."""
    say(HINT)
    try:
        terminal.hold(pose_until_right(question, known, hint), input)
    except EOFError:
        raise terminal.UnansweredError(STILL.format(question.prompt)) from None


def show_folded(prompt: str, answer: float, hint: str) -> None:
    """Show the question in a notebook, its hint and its answer folded."""
    parts = {"hint": html.escape(hint), "answer": html.escape(number(answer))}
    folded = "".join(
        f"<details><summary>{word}</summary>{text}</details>"
        for word, text in parts.items()
        if text
    )
    display(f"<p><b>{html.escape(prompt)} = ?</b></p>{folded}", "text/html")
