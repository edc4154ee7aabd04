"""Marking: what is right in a paper that came back, which mistakes were made, how many points.

>>> from autograd_mini.teach.papers import exam
>>> paper, key = exam(1, seed=7, level=1)
>>> print(mark(key).splitlines()[-1])
5 of 5 right (length 1, seed 7, level 1)
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.stepping import Text, names, number
from autograd_mini.teach.answers import Answer, find_answer, read_answer
from autograd_mini.teach.exercises import Exercise
from autograd_mini.teach.mistakes import edges_at, live_data, numbers_at, right
from autograd_mini.teach.papers import Paper, find_answers, list_questions, read_paper
from autograd_mini.teach.quiz import Question, close
from autograd_mini.teach.tasks import Tasks

FULL, HALF = Fraction(1), Fraction(1, 2)
GLOSSARY = "(The adjoint of a node is the derivative of the output with respect to it.)"


class Verdict(StrEnum):
    """What became of an answer."""

    RIGHT = "right"
    FOLLOWED = "followed"
    WRONG = "wrong"
    UNREADABLE = "unreadable"
    BLANK = "blank"


class Marked(NamedTuple):
    """One answer: to which question, what was written, its verdict, its mistakes, its points.

    *source* names the earlier wrong answer from which this one follows.
    """

    exercise: int
    question: Question
    answer: Answer
    verdict: Verdict
    mistakes: tuple[str, ...] = ()
    points: Fraction = Fraction(0)
    source: str = ""


class Marks(tuple[Marked, ...]):
    """The marks of one paper, printed as a line for each answer and one for the whole."""

    __slots__ = ()

    @property
    def points(self) -> Fraction:
        """The sum of the points."""
        return sum((x.points for x in self), Fraction(0))

    def count(self, verdict: object) -> int:
        """Count the answers of a verdict."""
        return sum(x.verdict == verdict for x in self)

    def __str__(self) -> str:
        return write_marks(self)


def mark(
    text: str, tasks: Tasks | None = None, follow: Fraction = HALF, *, answers: bool = True
) -> Text:
    """Mark an exam that was filled in; the title says which exam it is.

    *follow* is what an answer is worth that is right for the learner's own earlier wrong number.
    Without *answers* mistakes are named, but no right number is told. Raises ValueError for a text
    without a title, or whose exercises are not those of its title.
    """
    paper = read_paper(text, tasks)
    if "seed" not in paper.facts:
        raise ValueError("this paper belongs to a class: mark it with --class and --secret")
    marks = mark_paper(paper, paper.facts["seed"], follow)
    facts = ", ".join(f"{name} {fact}" for name, fact in paper.facts.items())
    told = write_marks(marks, answers=answers)
    return Text(f"{told}\n{summarise(marks)} ({facts})")


def mark_paper(paper: Paper, seed: int | str, follow: Fraction = HALF) -> Marks:
    """Mark the exercises of a paper of that seed."""
    found: list[Marked] = []
    for place, task in enumerate(paper.plan.exercises(seed), 1):
        section = find_answers(place, task, paper.sections.get(place, ""))
        found += mark_section(place, task, paper.plan.ask, section, follow)
    return Marks(found)


def mark_section(
    place: int, task: Exercise, kinds: Sequence[str], section: str, follow: Fraction
) -> Iterator[Marked]:
    """Yield the marks of one exercise."""
    asked = list_questions(task, kinds)
    answers = {x.prompt: read_answer(find_answer(section, x.prompt)) for x in asked}
    followed = follow_own_data(task.output, asked, answers)
    for question in asked:
        answer = answers[question.prompt]
        expected, source = followed.get(question.prompt, (math.nan, ""))
        if answer.kind != "number":
            yield Marked(place, question, answer, Verdict(answer.kind))
        elif question.is_right(answer.number):
            yield Marked(place, question, answer, Verdict.RIGHT, points=FULL)
        elif close(answer.number, expected):
            yield Marked(place, question, answer, Verdict.FOLLOWED, (), follow, source)
        else:
            told = tuple(dict.fromkeys(x.counted for x in question.find_slips(answer.number)))
            yield Marked(place, question, answer, Verdict.WRONG, told)


# What follows from an earlier mistake -------------------------------------------------------------


def follow_own_data(
    output: Value, asked: Sequence[Question], answers: Mapping[str, Answer]
) -> dict[str, tuple[float, str]]:
    """Return what is right for the learner's own data, by prompt, and the names of that data.

    A node follows from its operands; a gradient follows from all data that a partial reads.
    """
    computed = {node: name for node, name in names(output).items() if node.depth}
    answered = {x: answers[name] for x, name in computed.items() if name in answers}
    numbers = {node: answer.number for node, answer in answered.items()}
    own = {x: n for x, n in numbers.items() if not math.isnan(n) and not close(n, x.data)}
    found = {}
    for node, name in computed.items():
        sources = [computed[x] for x in dict.fromkeys(node.operands) if x in own]
        if sources:
            found[name] = compute(node, own), ", ".join(sources)
    if own:
        follow = live_data._replace(run=partial(right, edges=partial(edges_at, own=own)))
        gradients = follow(output)  # NaN where that data has no derivative
        everything = ", ".join(computed[x] for x in own)
        about = {x.prompt: gradients[x.about] for x in asked if x.about is not None}
        found |= {prompt: (number, everything) for prompt, number in about.items()}
    return found


def compute(node: Value, own: Mapping[Value, float]) -> float:
    """Compute a node from the learner's data of its operands; NaN where that fails."""
    try:
        return node.op.evaluate(numbers_at(node, own))
    except (ArithmeticError, ValueError):
        return math.nan


# Text ---------------------------------------------------------------------------------------------


def write_marks(marks: Sequence[Marked], *, answers: bool = True) -> str:
    """Write a line for each answer; with *answers* it tells the right number of a wrong one.

    The word that a beginner may not know is explained where it occurs.
    """
    lines = []
    for x in marks:
        line = f"{x.exercise}. {x.question.prompt}: {write_verdict(x)}"
        told = f" It is {number(x.question.answer)}."
        lines.append(line + told if answers and x.verdict != Verdict.RIGHT else line)
    explained = [GLOSSARY] if any("adjoint" in line for line in lines) else []
    return "\n".join(lines + explained)


def write_verdict(marked: Marked) -> str:
    """Write what became of an answer."""
    if marked.verdict == Verdict.BLANK:
        return "No answer."
    if marked.verdict == Verdict.UNREADABLE:
        return f"Unreadable: {marked.answer.text!r:.60}."
    if marked.verdict == Verdict.FOLLOWED:
        points = write_points(marked.points)
        return f"Followed from your {marked.source}, which is wrong ({points} of a point)."
    return marked.question.verdict(marked.answer.number)


def summarise(marks: Marks) -> str:
    """Write the points of a paper, and how many answers were not just right or wrong."""
    others = (Verdict.FOLLOWED, Verdict.UNREADABLE, Verdict.BLANK)
    found = [f"{marks.count(x)} {x}" for x in others if marks.count(x)]
    return ", ".join([f"{write_points(marks.points)} of {len(marks)} right", *found])


def write_points(points: Fraction) -> str:
    """Write points, with halves as a sign: ``7½``, ``½``, ``3``."""
    whole, rest = divmod(points, 1)
    if rest == HALF:
        return f"{whole or ''}½"
    return f"{float(points):g}"
