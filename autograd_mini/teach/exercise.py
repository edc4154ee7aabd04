"""Exercises: graphs to work out on paper, exams of several, and a marker for what comes back.

The same seed and level give the same bytes, on every machine.

>>> print(posed(exercise(seed=1, level=2)))
a = -3, b = -4
c = a·b
d = a·c
L = d - a
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

from autograd_mini import primitives as p
from autograd_mini.engine import Value
from autograd_mini.expression import parse
from autograd_mini.order import topological_order
from autograd_mini.primitives import Primitive
from autograd_mini.stepping import Text
from autograd_mini.stepping.naming import expression, names, number
from autograd_mini.stepping.paths import edges
from autograd_mini.teach.mistakes import overwrite, recursion, right
from autograd_mini.teach.quiz import Question, questions

T = TypeVar("T")
PLAIN = (p.add, p.sub, p.mul)
LARGEST = 100
TITLE = "# Exam: {} questions, seed {}, level {}"
RULES = "Write a number, a fraction or an expression such as 2*3 - 1 behind each sign of equality."


class Level(NamedTuple):
    """How many leaves and operations an exercise has, of which kinds, and what it must show."""

    leaves: int
    operations: int
    kinds: Sequence[Primitive]
    fits: Callable[[Value], bool]


LEVELS = {
    1: Level(3, 2, PLAIN, overwrite.safe),
    2: Level(2, 3, PLAIN, lambda y: not overwrite.safe(y)),
    3: Level(3, 5, (*PLAIN, p.div, p.neg, p.relu), lambda y: not recursion.safe(y)),
}


def exercise(seed: int, level: int = 2) -> Value:
    """Return a graph whose every number is short: data, partials, gradients.

    *level* is 1 for a tree, 2 for a leaf that is used twice, 3 for a computed node that is used
    twice, among more kinds of operations. Raises ValueError for another.
    """
    if level not in LEVELS:
        raise ValueError(f"level is {', '.join(map(str, LEVELS))}; got {level!r}")
    rng = Random(f"{level}/{seed}")
    drawn = (attempt(rng, LEVELS[level]) for _ in count())
    return next(y for y in drawn if y.op is not p.leaf)


def attempt(rng: Random, level: Level) -> Value:
    """Draw a graph and label it; return a leaf if what was drawn is no exercise."""
    nodes = [Value(choice(rng, (-4, -3, -2, -1, 2, 3, 4, 5))) for _ in range(level.leaves)]
    for _ in range(level.operations):
        op = choice(rng, level.kinds)
        operands = [choice(rng, nodes) for _ in op.rules]
        if (
            operands[0].data == 0
            or operands[-1].data == 0
            or (op is p.sub and len({*operands}) < 2)
        ):
            return Value(0.0)
        nodes.append(op(*operands))
    for node, label in zip(nodes, "abcdefgh", strict=False):
        node.label = label
    nodes[-1].label = "L"
    friendly = len(topological_order(nodes[-1])) == len(nodes) and is_friendly(nodes[-1])
    return nodes[-1] if friendly and level.fits(nodes[-1]) else Value(0.0)


def choice(rng: Random, things: Sequence[T]) -> T:
    """Choose one; of a generator's methods only ``random`` is the same in every version."""
    return things[int(rng.random() * len(things))]


def is_friendly(output: Value) -> bool:
    """Tell whether all numbers are short, and no gradient of a leaf is 0."""
    found = right(output)
    partials = [edge.partial for node in found for edge in edges(node)]
    short = all(map(is_short, [*found.values(), *(node.data for node in found), *partials]))
    return short and all(found[node] for node in found if not node.operands)


def is_short(x: float) -> bool:
    """Tell whether a number has at most two digits before and two behind the point.

    >>> is_short(-2.75), is_short(1 / 3)
    (True, False)
    """
    return abs(x) < LARGEST and x == round(x, 2)


# On paper ---------------------------------------------------------------------------------------


def posed(output: Value) -> str:
    """Write what is given: the leaves and their data, then one line for each operation."""
    named = names(output)
    given = [f"{name} = {number(node.data)}" for node, name in named.items() if not node.operands]
    lines = [f"{name} = {expression(node, named)}" for node, name in named.items() if node.operands]
    return "\n".join([", ".join(sorted(given)), *lines])


def asked(output: Value) -> list[Question]:
    """Return the questions of an exercise: all data that is computed, the gradients of leaves."""
    named, by_prompt = names(output), {question.prompt: question for question in questions(output)}
    data = [
        Question("", n, node.data, number(node.data), ()) for node, n in named.items() if node.depth
    ]
    leaves = [name for node, name in named.items() if not node.operands]
    return data + [by_prompt[f"∂L/∂{name}"] for name in sorted(leaves)]


def exam(n: int, seed: int, level: int = 2) -> Text:
    """Return an exam of *n* questions as Markdown, with nothing behind the signs of equality."""
    return written(n, seed, level, lambda _: "")


def key(n: int, seed: int, level: int = 2) -> Text:
    """Return the same exam with the answers."""
    return written(n, seed, level, lambda question: number(question.answer))


def written(n: int, seed: int, level: int, answer: Callable[[Question], str]) -> Text:
    """Write an exam with what *answer* says to each question."""
    if n < 1 or seed < 0:
        raise ValueError(f"an exam has 1 question or more and a seed from 0 on; got {n}, {seed}")
    parts = [TITLE.format(n, seed, level), RULES]
    for i, output in enumerate(exercises(n, seed, level), 1):
        given = "\n".join("    " + line for line in posed(output).splitlines())
        lines = [f"- {question.prompt} = {answer(question)}".rstrip() for question in asked(output)]
        parts += [f"## {i}", given, "\n".join(lines)]
    return Text("\n\n".join(parts) + "\n")


def exercises(n: int, seed: int, level: int) -> Iterator[Value]:
    """Yield the exercises of an exam; another seed has others."""
    return (exercise(1000 * seed + i, level) for i in range(n))


# Marking ----------------------------------------------------------------------------------------


def mark(text: str) -> Text:
    """Mark an exam that was filled in: what is right, which mistakes were made, how many points.

    The title says which exam it is. Raises ValueError for a text without it.
    """
    title = re.search(re.escape(TITLE).replace(r"\{\}", r"(\d+)"), text)
    if title is None:
        raise ValueError(f"this is no exam: it needs its first line, {TITLE.format(5, 1, 2)!r}")
    n, seed, level = map(int, title.groups())
    sections = re.split(r"^## *\d+ *$", text, flags=re.MULTILINE)[1:]
    if len(sections) != n:
        raise ValueError(f"the exam has {n} questions, but this text has {len(sections)}")
    lines = [
        f"{i}. {question.prompt}: {marked(question, section)}"
        for i, (output, section) in enumerate(
            zip(exercises(n, seed, level), sections, strict=True), 1
        )
        for question in asked(output)
    ]
    points = sum(": Right" in line for line in lines)
    return Text("\n".join([*lines, f"{points} of {len(lines)} right"]))


def marked(question: Question, section: str) -> str:
    """Judge the answer that a section has for a question."""
    pattern = rf"^[-*] *{re.escape(question.prompt)} *= *(.*)$"
    line = re.search(pattern, section, flags=re.MULTILINE)
    if line is None or not line[1].strip():
        return f"no answer; it is {number(question.answer)}"
    try:
        return question.verdict(parse(line[1], {}).data)
    except (ArithmeticError, ValueError):
        return f"{line[1]!r:.40} is no number"


def main(arguments: list[str]) -> int:
    """Print an exam or its key, or mark one; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m autograd_mini exam", description=main.__doc__)
    parser.add_argument("questions", nargs="?", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1, help="another seed, another exam")
    parser.add_argument("--level", type=int, default=2, choices=LEVELS)
    parser.add_argument("--key", action="store_true", help="print the answers, too")
    parser.add_argument("--mark", type=Path, metavar="FILE", help="mark an exam that was filled in")
    options = parser.parse_args(arguments)
    try:
        if options.mark:
            print(mark(options.mark.read_text(encoding="utf-8")))
        else:
            make = key if options.key else exam
            print(make(options.questions, options.seed, options.level), end="")
    except (OSError, ValueError) as error:
        print(f"exam: {error}", file=sys.stderr)
        return 2
    return 0
