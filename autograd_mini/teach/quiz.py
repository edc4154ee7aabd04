"""A quiz: predict each number of the backward pass; a wrong guess is told which mistake gives it.

>>> a, b = Value(2.0, "a"), Value(3.0, "b")
>>> *_, last = questions(b * a + a)
>>> print(last.prompt, last.verdict(1.0), last.verdict(9.0), last.verdict(4.0), sep=chr(10))
∂L/∂a
Wrong: you overwrote instead of adding: a reaches L on 2 paths.
Wrong: no mistake that I know gives 9.
Right: 1 + 3 = 4.
"""

import math
import operator
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

from autograd_mini.engine import Value, primitives
from autograd_mini.expression import parse
from autograd_mini.lesson import terminal
from autograd_mini.notation.equation import figure, write_equation
from autograd_mini.stepping.editing import edits
from autograd_mini.stepping.naming import names, number
from autograd_mini.stepping.paths import uses
from autograd_mini.stepping.steps import Step, evaluations, steps
from autograd_mini.teach import mistakes
from autograd_mini.teach.mistakes import MISTAKES, Found, Mistake

SHOW = ":show tells the answer"
HINT = f"Answer with a number (three digits), a fraction or an expression; {SHOW}, :quit leaves."
ROUND_OFF = 1e-12  # so that 0 is right for 0.1 + 0.2 - 0.3
SIGN = "have the sign wrong"
WHOLE_SHORT = "gave the whole gradient"
WHOLE = f"{WHOLE_SHORT}, of which this is one term"
ADDED = "added the factors: along a path they multiply"


class Slip(NamedTuple):
    """A wrong number, what "you" did to get it, and, where that says more, the mistake in short."""

    number: float
    told: str
    mistake: str = ""


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
        """Tell whether a guess is close to the answer, and not closer to another wrong number."""
        off, shown = abs(guess - self.answer), number(self.answer)
        others = (slip.number for slip in self.slips if number(slip.number) != shown)
        return close(guess, self.answer) and not any(abs(guess - x) < off for x in others)

    def verdict(self, guess: float) -> str:
        """Judge a guess; name the mistake that gives it, or those, if it is ambiguous."""
        if self.is_right(guess):
            return f"Right: {self.reason}."
        told = [slip.told for slip in self.find_slips(guess)]
        if not told:
            return f"Wrong: no mistake that I know gives {number(guess)}."
        several = f" (ambiguous, {len(told)} mistakes give {number(guess)})" if told[1:] else ""
        return f"Wrong{several}: you {'; or you '.join(told)}."

    def find_slips(self, guess: float) -> list[Slip]:
        """Return the mistakes that give a guess, each once."""
        found = {slip.told: slip for slip in self.slips if close(guess, slip.number)}
        return [x for x in found.values() if not any(x.told.startswith(f"{y} (") for y in found)]


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


def questions(output: Value) -> Iterator[Question]:
    """Yield a question for every partial, term and gradient in the order of ``backward``.

    Where a node receives one term only, the term is the gradient; where the adjoint is that of the
    output, 1, the partial is the term: neither is asked for twice. Raises what ``backward`` raises.
    """
    wrong = {engine: engine(output) for engine in MISTAKES if not engine.safe(output)}
    expected, received = uses(output), defaultdict[Value, list[float]](list)
    truth, paths = mistakes.right(output), mistakes.forgot_partial(output)
    for step in steps(output):
        received[step.operand].append(step.term)
        gradient = gradient_question(step, received[step.operand], paths[step.operand], wrong)
        last = partial_question(step, step.local + step.restriction)
        if step.node is not output:
            yield last
            last = term_question(step)
        if expected[step.operand] == 1:
            if step.node is output:
                last = partial_question(step, step.received)
            slips = [*last.slips, *gradient.slips]
            yield last._replace(prompt=gradient.prompt, slips=slips, about=step.operand)
            continue
        yield last._replace(slips=[*last.slips, Slip(truth[step.operand], WHOLE, WHOLE_SHORT)])
        if step.arrival == expected[step.operand]:
            yield gradient


def partial_question(step: Step, prompt: str) -> Question:
    """Ask for the derivative of one operation."""
    given = write_equation(step.graph[step.node], step.graph.algebra(step.node))
    reason = write_equation(prompt, step.formula, figure(step.partial))
    slips = [*partial_slips(step)]
    return Question(given, prompt, step.partial, reason, slips)


def partial_slips(step: Step) -> Iterator[Slip]:
    """Yield what else comes of a derivative in a hurry."""
    node, a = step.node, step.operand.data
    place = sum(isinstance(x, Value) for x in node.operands[: step.position])
    yield Slip(-step.partial, SIGN)
    if node.op is primitives.power and isinstance(n := node.operands[1], float) and n:
        yield Slip(step.partial / n, "left out the exponent as a factor")
        yield Slip(step.partial * a, "did not lower the exponent")
    if node.op in (primitives.add, primitives.sub):
        b = node.operands[1 - step.position]
        yield Slip(getattr(b, "data", b), "took the rule of a product, but this is none")
    yield slip_of(mistakes.swapped_operands, mistakes.swapped(node)[place].partial)
    if node.op is primitives.mul:
        yield slip_of(mistakes.swapped_operands, a)
    yield slip_of(mistakes.live_data, mistakes.live(node)[place].partial)
    yield Slip(node.data, "gave the data of the result, not its derivative")
    yield Slip(step.term, "multiplied by the adjoint already, which comes next")
    yield Slip(0.0, "took it for a constant")


def term_question(step: Step) -> Question:
    """Ask for adjoint · partial along one edge."""
    adjoint = step.passed
    slips = [
        Slip(-step.term, SIGN),
        slip_of(mistakes.forgot_chain, step.partial),
        slip_of(mistakes.forgot_partial, step.adjoint),
        Slip(step.adjoint + step.partial, ADDED, ADDED.partition(":")[0]),
    ]
    given = f"{step.rule}, with {write_equation(adjoint, figure(step.adjoint))}"
    return Question(given, f"the term {adjoint} · {step.local}", step.term, step.figures, slips)


def gradient_question(
    step: Step, terms: list[float], paths: float, wrong: Mapping[Mistake, Found]
) -> Question:
    """Ask for the sum of the *terms* of an operand, given what the wrong engines find."""
    graph, answer = step.graph, sum(terms)
    told = {"node": graph[step.operand], "output": graph.title, "paths": f"{paths:,.0f}"}
    ways = dict.fromkeys(wrong, f" (all the way from {graph.title})") | {mistakes.overwrite: ""}
    slips = [
        Slip(found[step.operand], x.told.format(**told) + ways[x], x.short)
        for x, found in wrong.items()
    ]
    slips += [slip_of(mistakes.overwrite, term, **told) for term in terms if len(terms) > 1]
    slips += [Slip(-answer, SIGN)]
    prompt = step.received
    reason = write_equation(reduce(operator.add, map(figure, terms)), figure(answer))
    given = f"{prompt} is the sum of its terms"
    return Question(given, prompt, answer, reason, slips, step.operand)


def slip_of(mistake: Mistake, number: float, **told: str) -> Slip:
    """Return a number that a wrong engine gives, and what it did, filled in with what is *told*."""
    return Slip(number, mistake.told.format(**told) if told else mistake.told, mistake.short)


def quiz(output: Value) -> None:
    """Ask for one number of the backward pass after another until the learner has had enough.

    Reads with ``input`` and prints; ``:quit``, the end of input and Ctrl-C all leave. Changes
    nothing. Raises what ``backward`` raises.
    """
    asked = [question for question in questions(output) if math.isfinite(question.answer)]
    known = {name: node.data for node, name in names(output).items() if name.isidentifier()}
    print(*evaluations(output), *edits(output), "", HINT, sep="\n")
    score = Counter[str]()
    try:
        for place, question in enumerate(asked, 1):
            print(f"\n{place}/{len(asked)}  {question.given}")
            score[ask(question, known)] += 1
    except (EOFError, KeyboardInterrupt):
        print("\nLeft.", end=" ")
    print(f"{score['first']} of {len(asked)} right at the first guess, {score['later']} later.")


def ask(question: Question, known: Mapping[str, float]) -> str:
    """Ask until the answer is right or shown; return whether it was at the "first" guess.

    A guess is a number or an expression, also of the *known* names.
    """
    rank = "first"
    while (line := terminal.read(f"{question.prompt} = ", input).strip()) != ":show":
        if line in (":quit", ":q", "quit", "exit"):
            raise EOFError
        try:
            guess = guessed(line, known)
        except (ArithmeticError, ValueError) as error:
            print(HINT if line in ("", "?", "help", ":help") else error)
            continue
        print(question.verdict(guess))
        if question.is_right(guess):
            return rank
        if rank == "later":
            print(SHOW)
        rank = "later"
    print(question.reason)
    return "shown"


def guessed(text: str, known: Mapping[str, float]) -> float:
    """Return the number of an answer that may have the prompt before it, or a typeset minus."""
    return parse(text.rpartition("=")[2].replace("−", "-"), known).data
