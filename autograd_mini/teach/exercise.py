"""Exercises: graphs to work out on paper, exams of several, and a marker for what comes back.

The same seed and level give the same bytes, on every machine.

>>> print(posed(exercise(seed=1, level=2)))
a = -3, b = -4
c = a·b
d = a·c
L = d - a
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from random import Random
from textwrap import indent
from typing import Any

from autograd_mini.engine import Value
from autograd_mini.engine import primitives as p
from autograd_mini.engine.order import topological_order
from autograd_mini.stepping import Text, expression, names, number
from autograd_mini.stepping.paths import edges
from autograd_mini.teach.mistakes import overwrite, recursion, right
from autograd_mini.teach.quiz import SIGN, Question, guessed, questions

PLAIN = (p.add, p.sub, p.mul)
TITLE = "# Exam: length {}, seed {}, level {}"
RULES = "Behind each = write a number (three digits), a fraction or an expression such as 2*3 - 1."

# How many leaves and operations an exercise has, of which kinds, and what it must show.
LEVELS: dict[int, tuple[int, int, Sequence[p.Primitive], Callable[[Value], bool]]] = {
    1: (3, 2, PLAIN, overwrite.safe),
    2: (2, 3, PLAIN, lambda y: recursion.safe(y) and not overwrite.safe(y)),
    3: (3, 5, (*PLAIN, p.div, p.neg, p.relu), lambda y: not recursion.safe(y)),
}


def exercise(seed: int, level: int = 2) -> Value:
    """Return a graph whose every number is short: data, partials, gradients.

    *level* is 1 for a tree, 2 for a leaf that is used twice, 3 for a computed node that is used
    twice, among more kinds of operations. Raises ValueError for another.
    """
    if level not in LEVELS:
        raise ValueError(f"level is {', '.join(map(str, LEVELS))}; got {level!r}")
    leaves, operations, kinds, shows = LEVELS[level]
    rng = Random(f"{level}/{seed}")
    drawn = (draw(rng, leaves, operations, kinds) for _ in count())
    return next(y for y in drawn if is_friendly(y, leaves + operations) and shows(y))


def draw(rng: Random, leaves: int, operations: int, kinds: Sequence[p.Primitive]) -> Value:
    """Draw a graph; no operand is 0. Return its last node, which may not reach all others."""
    nodes = [Value(choice(rng, (-4, -3, -2, -1, 2, 3, 4, 5))) for _ in range(leaves)]
    for _ in range(operations):
        op, operands = choice(rng, kinds), [node for node in nodes if node.data]
        nodes.append(op(*(choice(rng, operands) for _ in op.rules)))
    for node, label in zip(nodes, "abcdefgh", strict=False):
        node.label = label
    nodes[-1].label = "L"
    return nodes[-1]


def choice(rng: Random, things: Sequence[Any]) -> Any:
    """Choose one; of a generator's methods only ``random`` is the same in every version."""
    return things[int(rng.random() * len(things))]


def is_friendly(output: Value, size: int) -> bool:
    """Tell whether all that was drawn is used, all numbers are short, and no leaf's gradient 0."""
    if len(nodes := topological_order(output)) < size:
        return False
    found = right(output)
    numbers = [*found.values(), *(x.data for x in nodes)]
    numbers += [edge.partial for x in nodes for edge in edges(x)]
    short = all(abs(x) < 100 and x == round(x, 2) for x in numbers)
    return short and all(found[x] for x in nodes if not x.depth)


def ordered(output: Value) -> tuple[list[Value], list[Value]]:
    """Return the leaves in the order of their labels, and the others after their operands."""
    nodes = sorted(topological_order(output), key=lambda x: (x.depth, x.label))
    return [x for x in nodes if not x.depth], [x for x in nodes if x.depth]


def posed(output: Value) -> str:
    """Write what is given: the leaves and their data, then one line for each operation."""
    named, (leaves, computed) = names(output), ordered(output)
    given = ", ".join(f"{x.label} = {number(x.data)}" for x in leaves)
    return "\n".join([given, *(f"{x.label} = {expression(x, named)}" for x in computed)])


def asked(output: Value) -> list[Question]:
    """Return the questions of an exercise: all data that is computed, the gradients of leaves."""
    leaves, computed = ordered(output)
    by_prompt = {question.prompt: question for question in questions(output)}
    data = [Question("", x.label, x.data, number(x.data), [(-x.data, SIGN)]) for x in computed]
    return data + [by_prompt[f"∂L/∂{x.label}"] for x in leaves]


def exam(n: int, seed: int, level: int = 2) -> tuple[Text, Text]:
    """Return an exam of *n* exercises as Markdown, and the same with the answers, its key.

    Raises ValueError if *n* is less than 1, *seed* less than 0, or there is no such *level*.
    """
    if n < 1 or seed < 0:
        raise ValueError(f"an exam has 1 exercise or more and a seed from 0 on; got {n}, {seed}")
    parts = [TITLE.format(n, seed, level), RULES]
    for i, output in enumerate(exercises(n, seed, level), 1):
        answers = [f"- {x.prompt} = {number(x.answer)}" for x in asked(output)]
        parts += [f"## {i}", indent(posed(output), "    "), "\n".join(answers)]
    key = "\n\n".join(parts) + "\n"
    return Text(re.sub(r"(?m)^(- .* =) .*$", r"\1", key)), Text(key)


def exercises(n: int, seed: int, level: int) -> Iterator[Value]:
    """Yield the exercises of an exam; another seed has others."""
    return (exercise(1000 * seed + i, level) for i in range(n))


def mark(text: str) -> Text:
    """Mark an exam that was filled in: what is right, which mistakes were made, how many points.

    The title says which exam it is. Raises ValueError for a text without it.
    """
    text = "\n".join(text.replace("−", "-").splitlines())  # as word processors have it
    title = re.search(re.escape(TITLE).replace(r"\{\}", r"(\d+)"), text)
    if title is None:
        raise ValueError(f"this is no exam: a title is missing, such as {TITLE.format(5, 1, 2)!r}")
    n, seed, level = map(int, title.groups())
    sections = re.split(r"(?m)^## *\d+ *$", text)[1:]
    if len(sections) != n:
        raise ValueError(f"the exam has {n} exercises, but this text has {len(sections)}")
    lines = []
    pairs = zip(exercises(n, seed, level), sections, strict=True)
    for i, (output, section) in enumerate(pairs, 1):
        if "".join(posed(output).split()) not in "".join(section.split()):
            raise ValueError(f"exercise {i} is not that of the exam in the title")
        lines += [f"{i}. {x.prompt}: {marked(x, section)}" for x in asked(output)]
    points = sum(line.partition(": ")[2].startswith("Right") for line in lines)
    return Text("\n".join([*lines, f"{points} of {len(lines)} right"]))


def marked(question: Question, section: str) -> str:
    """Judge the answer that a section has for a question, and give the right one."""
    line = re.search(rf"(?m)^\s*[-*+]\s*{re.escape(question.prompt)} *= *(.*)$", section)
    answer = line[1].strip() if line else ""
    try:
        verdict = question.verdict(guessed(answer, {}))
    except (ArithmeticError, ValueError) as error:
        verdict = f"No number: {str(error).partition(';')[0]}." if answer else "No answer."
    return verdict if verdict.startswith("Right") else f"{verdict} It is {number(question.answer)}."
