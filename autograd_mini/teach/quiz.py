"""A quiz: predict each number of the backward pass; a wrong guess is told which mistake gives it.

A guess counts as right to three digits: if it is off by less than half a unit of the third digit
of the answer, and by less than ½.

>>> a, b = Value(2.0, "a"), Value(3.0, "b")
>>> *_, last = questions(b * a + a)
>>> print(last.prompt, last.verdict(1.0), last.verdict(9.0), last.verdict(4.0), sep=chr(10))
∂L/∂a
Wrong: you overwrote instead of adding: a reaches L on 2 paths.
No mistake that I know gives 9.
Right: 1 + 3 = 4.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.expression import parse
from autograd_mini.lesson.terminal import live as at_terminal
from autograd_mini.stepping.chain import Step, evaluations, steps
from autograd_mini.stepping.naming import Names, derivative_of, expression, factor, number
from autograd_mini.teach.mistakes import (
    MISTAKES,
    Found,
    Mistake,
    attempted,
    forgot_chain,
    forgot_partial,
    live,
    live_data,
    overwrite,
    swapped,
    swapped_operands,
    uses,
)

HINT = "Answer with a number, a fraction or an expression; :show tells the answer, :quit leaves."
SIGN = "have the sign wrong"
ADDED = "added the factors: along a path they multiply, and only paths add"


class Slip(NamedTuple):
    """A wrong number and the misconception that gives it, as what "you" did."""

    number: float
    told: str


class Question(NamedTuple):
    """What is given, what is asked, the answer with its reason, and the known ways to miss it."""

    given: str
    prompt: str
    answer: float
    reason: str
    slips: tuple[Slip, ...]

    def is_right(self, guess: float) -> bool:
        """Tell whether a guess is the answer, to three digits."""
        return close(guess, self.answer)

    def verdict(self, guess: float) -> str:
        """Judge a guess; name the mistake that gives it, or those, if it is ambiguous."""
        if self.is_right(guess):
            return f"Right: {self.reason}."
        told = list(dict.fromkeys(slip.told for slip in self.slips if close(guess, slip.number)))
        if not told:
            return f"No mistake that I know gives {number(guess)}."
        several = f"Ambiguous, {len(told)} mistakes give {number(guess)}"
        return f"{several if told[1:] else 'Wrong'}: you {'; or you '.join(told)}."


def close(guess: float, answer: float) -> bool:
    """Tell whether a guess is off by less than half a unit of the third digit, and than ½.

    Nothing is close to what is not finite.

    >>> close(0.143, 1 / 7), close(0.14, 1 / 7), close(1023, 1024)
    (True, False, False)
    """
    if not math.isfinite(answer):
        return False
    third = 10.0 ** (math.floor(math.log10(abs(answer))) - 2) if answer else 0.001
    return guess == answer or abs(guess - answer) < min(third, 1) / 2


# The questions of a graph -----------------------------------------------------------------------


def questions(output: Value) -> Iterator[Question]:
    """Yield a question for every partial, term and gradient in the order of ``backward``.

    Where a node receives one term only, the term is the gradient; where the adjoint is that of the
    output, 1, the partial is the term: neither is asked for twice. Raises what ``backward`` raises.
    """
    found = {engine: attempted(engine, output) for engine in MISTAKES}
    expected, terms = uses(output), defaultdict[Value, list[float]](list)
    for step in steps(output):
        node = step.operand
        terms[node].append(step.term)
        gradient = gradient_question(step.names, node, terms[node], found)
        *before, last = edge_questions(step, output)
        yield from before
        if expected[node] == 1:
            yield last._replace(prompt=gradient.prompt, slips=last.slips + gradient.slips)
            continue
        yield last
        if len(terms[node]) == expected[node]:
            yield gradient


def edge_questions(step: Step, output: Value) -> list[Question]:
    """Ask for the partial of an edge, and for its term where that is something else."""
    partial = partial_question(step)
    if step.node is output:
        return [partial._replace(prompt=f"{partial.prompt} along this edge")]
    return [partial, term_question(step)]


def partial_question(step: Step) -> Question:
    """Ask for the derivative of one operation."""
    place = sum(isinstance(x, Value) for x in step.node.operands[: step.position])
    through = f" through operand {step.position + 1} only" if step.places > 1 else ""
    slips = (
        Slip(swapped(step.node)[place].partial, swapped_operands.told),
        Slip(live(step.node)[place].partial, live_data.told),
        Slip(step.node.data, "gave the data of the result, not its derivative"),
        Slip(-step.partial, SIGN),
    )
    given = f"{step.names[step.node]} = {expression(step.node, step.names)}"
    reason = f"{step.local} = {step.formula}"
    written = number(step.partial)
    reason += "" if step.formula == written else f" = {written}"
    return Question(given, f"{step.local}{through}", step.partial, reason, slips)


def term_question(step: Step) -> Question:
    """Ask for adjoint · partial along one edge."""
    adjoint = derivative_of(step.output, step.names[step.node])
    slips = (
        Slip(step.partial, forgot_chain.told),
        Slip(step.adjoint, forgot_partial.told),
        Slip(step.adjoint + step.partial, ADDED),
        Slip(-step.term, SIGN),
    )
    given = f"{step.rule}, with {adjoint} = {number(step.adjoint)}"
    prompt = f"the term {adjoint} · {step.local}"
    return Question(given, prompt, step.term, step.figures, slips)


def gradient_question(
    named: Names, node: Value, terms: list[float], found: Mapping[Mistake, Found]
) -> Question:
    """Ask for the sum of the terms of a node, given what the wrong engines *found*."""
    output, paths = next(reversed(named.values())), number(found[forgot_partial][node])
    told = {"node": named[node], "output": output, "paths": paths}
    slips = [Slip(found[engine][node], engine.told.format(**told)) for engine in MISTAKES]
    slips += [Slip(term, overwrite.told.format(**told)) for term in terms if len(terms) > 1]
    prompt, answer = derivative_of(output, named[node]), sum(terms)
    written = " + ".join([number(terms[0]), *map(factor, terms[1:])])
    reason = f"{written} = {number(answer)}"
    given = f"{prompt} is the sum of its terms"
    return Question(given, prompt, answer, reason, (*slips, Slip(-answer, SIGN)))


# Asking -----------------------------------------------------------------------------------------


def quiz(output: Value) -> None:
    """Ask for one number of the backward pass after another until the learner has had enough.

    Reads with ``input`` and prints; ``:quit``, the end of input and Ctrl-C all leave. Changes
    nothing. Raises what ``backward`` raises.
    """
    asked = [question for question in questions(output) if math.isfinite(question.answer)]
    print(*evaluations(output), "", HINT, sep="\n")
    score = Counter[str]()
    try:
        for place, question in enumerate(asked, 1):
            print(f"\n{place}/{len(asked)}  {question.given}")
            score[ask(question)] += 1
    except (EOFError, KeyboardInterrupt):
        print("\nLeft.", end=" ")
    print(f"{score['first']} of {len(asked)} right at the first guess, {score['later']} later.")


def ask(question: Question) -> str:
    """Ask until the answer is right or shown; return whether it was at the "first" guess."""
    rank = "first"
    while (line := read(f"{question.prompt} = ")) != ":show":
        try:
            guess = parse(line, {}).data
        except (ArithmeticError, ValueError) as error:
            print(f"{error}\n{HINT}" if line else HINT)
            continue
        print(question.verdict(guess))
        if question.is_right(guess):
            return rank
        rank = "later"
    print(question.reason)
    return "shown"


def read(prompt: str) -> str:
    """Read a line, in a pipe with an echo; raise EOFError where the learner leaves."""
    line = input(prompt).strip()
    if not at_terminal():
        print(line)
    if line == ":quit":
        raise EOFError
    return line
