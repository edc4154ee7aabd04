"""A quiz: predict each number of the backward pass; a wrong guess is told which mistake gives it.

>>> a, b = Value(2.0, "a"), Value(3.0, "b")
>>> *_, last = questions(b * a + a)
>>> say(last.prompt, last.verdict(1.0), last.verdict(9.0), last.verdict(4.0), sep=chr(10))
∂L/∂a
Wrong: you left out the path L → v1 → a; its share is 3.
Wrong: no mistake that I know gives 9.
Right: 1 + 3 = 4.
"""

import math
import operator
from collections import Counter, defaultdict
from collections.abc import Generator, Iterator, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.undefined import Undefined
from autograd_mini.expression import parse
from autograd_mini.lesson import terminal
from autograd_mini.notation.equation import figure, write_equation
from autograd_mini.notation.plain import say
from autograd_mini.stepping import missteps
from autograd_mini.stepping.editing import edits
from autograd_mini.stepping.naming import Graph, names, number
from autograd_mini.stepping.steps import Step, evaluations, steps
from autograd_mini.teach import mistakes
from autograd_mini.teach.mistakes import Found, Mistake
from autograd_mini.teach.slips import (
    AT_A_STEP,
    OF_A_RULE,
    ON_THE_WAY,
    Slip,
    leave_out_paths,
    slip_of,
    wrong_sign,
)

TO_SHOW = ":show tells the answer"
HINT = f"Answer with a number (three digits), a fraction or an expression; {TO_SHOW}, :quit leaves."
ROUND_OFF = 1e-12  # so that 0 is right for 0.1 + 0.2 - 0.3
TOO_MANY = 10_000  # steps; the first question waits until every wrong engine has taken them all
ADJOINT = "how fast {} changes with it, on all paths; times the partial it is a term."
ONCE = (mistakes.overwrite, mistakes.recursion, mistakes.same_edge_once, wrong_sign)


class Question(NamedTuple):
    """What is given and asked, the answer, its reason, and the wrong numbers that have a name.

    *about* is the node whose whole gradient is asked, if that is what is asked.
    """

    given: str
    prompt: str
    answer: float
    reason: str
    slips: Sequence[Slip] = ()
    about: Value | None = None

    def is_right(self, guess: float) -> bool:
        """Tell whether a guess is close to the answer, and not closer to a wrong number.

        A wrong number that four digits do not tell from the answer does not count.
        """
        if not close(guess, self.answer):
            return False
        off, same = abs(guess - self.answer), tolerance(self.answer) / 10
        others = (x.number for x in self.slips if abs(x.number - self.answer) > same)
        return not any(abs(guess - x) < off for x in others)

    def verdict(self, guess: float) -> str:
        """Judge a guess; of a wrong one, name each mistake that gives it."""
        if self.is_right(guess):
            return f"Right: {self.reason}."
        found = self.find_slips(guess)
        if not found:
            return f"Wrong: no mistake that I know gives {number(guess)}."
        if len(found) == 1:
            return f"Wrong: you {found[0].full}."
        told = "; or ".join(slip.told for slip in found)
        return f"Wrong (ambiguous, {len(found)} mistakes give {number(guess)}): you {told}."

    def find_slips(self, guess: float) -> list[Slip]:
        """Return the mistakes that give a guess, each once."""
        found: dict[str, Slip] = {}
        for slip in self.slips:
            if close(guess, slip.number):
                found.setdefault(slip.told, slip)
        return [*found.values()]


def close(guess: float, answer: float) -> bool:
    """Tell whether a guess is off by less than half a unit of the third digit, and than ½.

    >>> close(0.143, 1 / 7), close(0.14, 1 / 7), close(1023, 1024), close(0.0, math.inf)
    (True, False, False, False)
    """
    if not math.isfinite(answer):
        return False
    return guess == answer or abs(guess - answer) < tolerance(answer)


def tolerance(answer: float) -> float:
    """Return half a unit of the third digit of an answer, but at most ½."""
    third = 10.0 ** (math.floor(math.log10(abs(answer))) - 2) if answer else 0.001
    return max(min(third, 1) / 2, ROUND_OFF)


def questions(output: Value | Graph) -> Iterator[Question]:
    """Yield a question for every partial, term and gradient in the order of ``backward``.

    Where a node receives one term only, the term is the gradient; where the adjoint is that of the
    output, 1, the partial is the term: neither is asked for twice. Raises what ``backward`` raises,
    and ValueError where there are more steps than anyone answers.
    """
    graph = Graph.of(output)
    if (needed := graph.uses.total()) > TOO_MANY:
        advice = "ask about a smaller part of the graph, such as the loss of one sample"
        raise ValueError(f"{needed:,} steps are more than anyone answers: {advice}")
    return ask_in_turn(graph)


def ask_in_turn(graph: Graph) -> Iterator[Question]:
    """Yield the questions about a graph."""
    output, truth, explained = graph.output, mistakes.right(graph.output), False
    wrong = {engine: engine(output) for engine in ON_THE_WAY if not engine.safe(output)}
    expected, received = graph.uses, defaultdict[Value, list[float]](list)
    for step in steps(graph):
        received[step.operand].append(step.term)
        is_first, is_alone = step.node is output, expected[step.operand] == 1
        is_both = is_first and is_alone
        whole = [] if is_alone else [slip_of(missteps.WHOLE_GRADIENT, truth[step.operand])]
        last = partial_question(step, step.received if is_both else step.local + step.restriction)
        if not is_first:
            yield last._replace(slips=[*last.slips, *whole])
            last = term_question(step, last.slips, explains=not explained)
            explained = True
        if not is_alone:
            yield last._replace(slips=[*last.slips, *whole])
        if step.arrival == expected[step.operand]:
            gradient = gradient_question(step, received[step.operand], wrong)
            if is_alone:  # the term is the whole gradient, and asked for by that name
                gradient = last._replace(
                    prompt=gradient.prompt,
                    slips=[*last.slips, *gradient.slips],
                    about=gradient.about,
                )
            yield gradient


def partial_question(step: Step, prompt: str) -> Question:
    """Ask for the derivative of one operation."""
    given = write_equation(step.graph[step.node], step.graph.algebra(step.node))
    reason = write_equation(prompt, step.formula, figure(step.partial))
    slips = []
    for engine in (*OF_A_RULE, *AT_A_STEP):
        found = {edge.position: edge.partial for edge in engine.edges(step.node)}
        if not isinstance(found[step.position], Undefined):
            slips.append(slip_of(engine.misstep, found[step.position]))
    slips.append(slip_of(missteps.AHEAD, step.term))
    return Question(given, prompt, step.partial, reason, slips)


def term_question(step: Step, partials: Sequence[Slip], *, explains: bool) -> Question:
    """Ask for adjoint · partial along one edge, given what gives wrong *partials*.

    The first such question *explains* the adjoint.
    """
    adjoint = step.passed
    slips = [
        slip_of(missteps.FORGOT_CHAIN, step.partial),
        slip_of(missteps.FORGOT_PARTIAL, step.adjoint),
        slip_of(missteps.ADDED_FACTORS, step.adjoint + step.partial),
        *(
            x._replace(number=step.adjoint * x.number)
            for x in partials
            if x.told != missteps.AHEAD.told
        ),
    ]
    meant = ADJOINT.format(step.graph.title)
    told = f"{adjoint} is the adjoint of {step.graph[step.node]}: {meant}\n" if explains else ""
    given = f"{told}{step.rule}, with {write_equation(adjoint, figure(step.adjoint))}"
    return Question(given, f"the term {adjoint} · {step.local}", step.term, step.figures, slips)


def gradient_question(step: Step, terms: list[float], wrong: Mapping[Mistake, Found]) -> Question:
    """Ask for the sum of the *terms* of an operand, given what the wrong engines find."""
    graph, answer = step.graph, sum(terms)
    everywhere = f" (at every step from {graph.title} on)"
    slips = [
        slip_of(engine.misstep, found[step.operand], "" if engine in ONCE else everywhere)
        for engine, found in wrong.items()
    ]
    paths = [x for x in leave_out_paths(graph, step.operand) if not close(x.number, answer)]
    prompt = step.received
    reason = write_equation(reduce(operator.add, map(figure, terms)), figure(answer))
    given = f"{prompt} is the sum of its terms"
    return Question(given, prompt, answer, reason, [*slips, *paths], step.operand)


def quiz(output: Value) -> None:
    """Ask for one number of the backward pass after another until the learner has had enough.

    Reads with ``input`` and prints; ``:quit``, the end of input and Ctrl-C all leave. Changes
    nothing. Raises what ``backward`` raises.
    """
    terminal.hold(ask_all(output), input)


def ask_all(output: Value) -> Generator[str, str, None]:
    """Ask all questions, as a dialogue: it yields prompts and is sent answers."""
    asked = [question for question in questions(output) if math.isfinite(question.answer)]
    known = {name: node.data for node, name in names(output).items() if name.isidentifier()}
    say(*evaluations(output), *edits(output), "", HINT, sep="\n")
    score = Counter[str]()
    try:
        for place, question in enumerate(asked, 1):
            say(f"\n{place}/{len(asked)}  {question.given}")
            score[(yield from pose_until_right(question, known))] += 1
    except (EOFError, KeyboardInterrupt):
        say("\nLeft.", end=" ")
    say(f"{score['first']} of {len(asked)} right at the first guess, {score['later']} later.")


def pose_until_right(
    question: Question, known: Mapping[str, float], hint: str = ""
) -> Generator[str, str, str]:
    """Ask until the answer is right or shown; return whether it was at the "first" guess.

    This is a dialogue: it yields the prompt and is sent guesses, each a number or an expression,
    also of the *known* names, behind the prompt or alone. The *hint* is told after the second wrong
    guess, and on ``:hint``.
    """
    misses = 0
    while (line := (yield f"{question.prompt} = ").strip()) != ":show":
        if line in (":quit", ":q", "quit", "exit"):
            raise EOFError
        try:
            guess = parse(line.rpartition("=")[2].replace("−", "-"), known).data
        except (ArithmeticError, ValueError) as error:
            say(help_for(line, hint) or error)
            continue
        say(question.verdict(guess))
        if question.is_right(guess):
            return "later" if misses else "first"
        misses += 1
        if misses > 1:
            say(*filter(None, [hint if misses == 2 else "", TO_SHOW]), sep="\n")
    say(question.reason)
    return "shown"


def help_for(line: str, hint: str) -> str:
    """Return the help that a line asks for, or nothing."""
    if line == ":hint":
        return hint or f"There is no hint; {TO_SHOW}."
    return HINT if line in ("", "?", "help", ":help") else ""
