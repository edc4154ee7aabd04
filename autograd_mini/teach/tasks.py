"""Tasks: exercises on a teacher's own graphs, with the numbers that they may take.

A file of tasks holds functions that return a Value; each parameter says what it may be:

>>> def line(w=choice(0.5, 2), x=choice(1, 3), b=choice(-1, "log(2)")):
...     return w * x + b
>>> tasks = Tasks([line])
>>> output, given = tasks.exercise("anna", 0)
>>> sorted(node.label for node in output.operands[0].operands)
['w', 'x']
"""

import hashlib
import inspect
import math
import runpy
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice, product
from pathlib import Path
from random import Random
from typing import Any

from autograd_mini.engine import Value
from autograd_mini.engine.primitives import exp
from autograd_mini.engine.sums import total
from autograd_mini.lesson.advice import advise
from autograd_mini.teach.exercises import Exercise, choose, evaluate_text, is_friendly, signature
from autograd_mini.teach.learner import describe

MOST_EXERCISES = 600  # exercises that are made of one task
TRIES = 5000  # to find friendly numbers for them
SAMPLE_TASK = """
from autograd_mini.teach.tasks import choice


def line(w=choice(2, 3, 4), x=choice(-3, 2, 5)):
    return w * x"""
DECIMALS = 4  # decimals that a friendly number has at most


class Choice(tuple[str, ...]):
    """The numbers that a parameter of a task may take, as they are written."""

    __slots__ = ()


def choice(*numbers: float | str) -> Any:
    """Say which numbers a parameter of a task may take: numbers, or text such as "log(3)/2".

    Raises ValueError for what is no number. The result stands where the parameter's default would.
    """
    if not numbers:
        raise ValueError("choice needs at least one number, got none")
    texts = [x if isinstance(x, str) else f"{x:g}" for x in numbers]
    for text in texts:
        evaluate_text(text)
    return Choice(dict.fromkeys(texts))


Task = Callable[..., Value]


class Tasks:
    """A list of tasks, of which an exam takes one after the other.

    *check* tells one list from another: six hex digits of the text that defines it. Raises
    ValueError for a function that returns no Value, has a parameter without a choice, or takes no
    numbers that keep all others short.
    """

    def __init__(self, tasks: Sequence[Task], check: str = "built-in") -> None:
        if not tasks:
            raise ValueError("there is no task: write functions that return a Value")
        self.tasks, self.check = tuple(tasks), check
        self.groups = [equally_hard(task) for task in tasks]

    def exercise(self, seed: int | str, slot: int) -> Exercise:
        """Return the exercise of a seed and a place in the exam.

        Those of one *slot* are equally hard, whatever the seed. A seed has each exercise of a task
        once, in its own order, before the first comes again.
        """
        turn, place = divmod(slot, len(self.tasks))
        task, groups = self.tasks[place], self.groups[place]
        order = take_turns([len(group) for group in groups])
        kind, i = order[turn % len(order)]
        rng = Random(f"{task.__name__}/{seed}/{kind}")
        shuffled = sorted(groups[kind], key=lambda _: rng.random())
        made = make_exercise(task, shuffled[i])
        assert made is not None  # it was made before, to be grouped
        return made


def load_tasks(source: str) -> Tasks:
    """Return ready-made tasks by their names, or those of a teacher's own file, which is run.

    The tasks of a file are its functions whose every parameter has a choice. Raises ValueError if
    it defines none, and where its own code fails, with the line.

    >>> len(load_tasks("tanh_neuron softmax").tasks)
    2
    """
    if set(source.split()) <= set(READY):
        return Tasks([READY[name] for name in source.split()], "-".join(source.split()))
    path = Path(source)
    if not path.exists():
        raise ValueError(f"there is no file {source}; ready-made tasks are {', '.join(READY)}")
    content = path.read_bytes()
    with told_with_line(str(path)):
        defined = runpy.run_path(str(path)).values()
    tasks = [x for x in defined if inspect.isfunction(x) and is_task(x)]
    if not tasks:
        raise ValueError(f"{path} defines no task; a task is a function such as{SAMPLE_TASK}")
    return Tasks(tasks, hashlib.sha256(content).hexdigest()[:6])


@contextmanager
def told_with_line(file: str) -> Iterator[None]:
    """Make an error of a teacher's own code one that names the file, the line and a remedy."""
    try:
        yield
    except Exception as error:
        told = [f"{file}: {describe(error, file)}", advise(error, {}, {})]
        raise ValueError("; ".join(filter(None, told))) from error


def is_task(function: Task) -> bool:
    """Tell whether a function has parameters, and each of them a choice of numbers."""
    parameters = inspect.signature(function).parameters.values()
    return bool(parameters) and all(isinstance(x.default, Choice) for x in parameters)


Chosen = tuple[str, ...]
"""The numbers of a task's parameters, in order, as they are written."""


def equally_hard(task: Task) -> list[list[Chosen]]:
    """Return the numbers that make short exercises of a task, grouped by their signature.

    The largest group comes first. Raises ValueError if there are no such numbers.
    """
    groups = defaultdict[tuple[int, ...], list[Chosen]](list)
    made = ((numbers, make_exercise(task, numbers)) for numbers in list_numbers(task))
    for numbers, found in islice(((x, y) for x, y in made if y), MOST_EXERCISES):
        groups[signature(found.output)].append(numbers)
    if not groups:
        raise ValueError(
            f"the task {task.__name__} has no short numbers in {TRIES} tries; give it others, "
            'such as choice("log(3)/2") where tanh or exp follows'
        )
    return [groups[key] for key in sorted(groups, key=lambda x: (-len(groups[x]), x))]


def list_numbers(task: Task) -> Iterator[Chosen]:
    """Yield all numbers that a task may take, each once; some of them where they are too many."""
    choices = [x.default for x in inspect.signature(task).parameters.values()]
    rng = Random(f"numbers/{task.__name__}")
    if math.prod(map(len, choices)) <= TRIES:
        yield from sorted(product(*choices), key=lambda _: rng.random())
    else:
        drawn = (tuple(choose(rng, numbers) for numbers in choices) for _ in range(TRIES))
        yield from dict.fromkeys(drawn)


def take_turns(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Return each place (group, index) once, so that every group is spread over the whole list.

    >>> take_turns([4, 2])
    [(0, 0), (1, 0), (0, 1), (0, 2), (1, 1), (0, 3)]
    """
    places = [(kind, i) for kind, size in enumerate(sizes) for i in range(size)]
    return sorted(places, key=lambda x: ((2 * x[1] + 1) / sizes[x[0]], x[0]))


def make_exercise(task: Task, numbers: Chosen) -> Exercise | None:
    """Return the exercise of a task and its numbers if all its other numbers are short."""
    texts = dict(zip(inspect.signature(task).parameters, numbers, strict=True))
    leaves = {name: Value(evaluate_text(text), name) for name, text in texts.items()}
    with told_with_line(inspect.getfile(task)):
        try:
            output = task(**leaves)
        except (ArithmeticError, ValueError):
            return None
    if not isinstance(output, Value):
        raise ValueError(f"the task {task.__name__} returned {output!r:.40}; need a Value")
    given = {name: text for name, text in texts.items() if "(" in text}
    return Exercise(output, given) if is_friendly(output, DECIMALS) else None


# Ready-made ---------------------------------------------------------------------------------------

SMALL = choice(-2, -1, 1, 2)
LEVELLED = choice(
    *(f"log({n})/2 {k}" for n in (3, 9) for k in ("- 4", "- 2", "- 1", "+ 1", "+ 2", "+ 4"))
)
SCORES = choice("0", "log(2)", "log(3)", "log(4)", "log(5)")


def tanh_neuron(w: Value = SMALL, x: Value = SMALL, b: Value = LEVELLED) -> Value:
    """Return the output of one neuron, tanh(w·x + b), where w·x + b is log(3)/2 or log(9)/2."""
    z = w * x + b
    z.label = "z"
    return z.tanh()


def softmax(z1: Value = SCORES, z2: Value = SCORES, z3: Value = SCORES) -> Value:
    """Return the share of the first of three classes, exp(z1) / (exp(z1) + exp(z2) + exp(z3))."""
    first, *others = exp(z1), exp(z2), exp(z3)
    return first / total([first, *others])


def squared_error(
    w: Value = SMALL, x: Value = choice(-3, -2, 2, 3), b: Value = SMALL, t: Value = SMALL
) -> Value:
    """Return half the squared error of a line, (w·x + b - t)² / 2."""
    return (w * x + b - t) ** 2 * 0.5


READY = {task.__name__: task for task in (tanh_neuron, softmax, squared_error)}
