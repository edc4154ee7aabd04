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
import runpy
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count, islice
from pathlib import Path
from random import Random
from typing import Any

from autograd_mini.engine import Value
from autograd_mini.engine.primitives import exp
from autograd_mini.engine.sums import total
from autograd_mini.teach.exercises import Exercise, choose, evaluate_text, is_friendly, signature

SAMPLES = 60  # drawn of a task, to find the signature that most of its exercises have
TRIES = 5000  # to draw friendly numbers, before a task is refused
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
    return Choice(texts)


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
        self.signatures = [commonest_signature(task) for task in tasks]

    def exercise(self, seed: int | str, slot: int) -> Exercise:
        """Return the exercise of a seed and a place in the exam."""
        task = self.tasks[slot % len(self.tasks)]
        rng = Random(f"{task.__name__}/{seed}/{slot}")
        wanted = self.signatures[slot % len(self.tasks)]
        drawn = (draw_numbers(task, rng) for _ in count())
        return next(x for x in drawn if x and signature(x.output) == wanted)


def load_tasks(source: str) -> Tasks:
    """Return ready-made tasks by their names, or those of a teacher's own file, which is run.

    The tasks of a file are its functions whose every parameter has a choice. Raises what the file
    raises, and ValueError if it defines no task.

    >>> len(load_tasks("tanh_neuron softmax").tasks)
    2
    """
    if set(source.split()) <= set(READY):
        return Tasks([READY[name] for name in source.split()], "-".join(source.split()))
    path = Path(source)
    if not path.exists():
        raise ValueError(f"there is no file {source}; ready-made tasks are {', '.join(READY)}")
    content = path.read_bytes()
    defined = runpy.run_path(str(path)).values()
    tasks = [x for x in defined if inspect.isfunction(x) and is_task(x)]
    if not tasks:
        advice = "a task is a function such as def line(w=choice(1, 2), x=choice(3)): return w * x"
        raise ValueError(f"{path} defines no task; {advice}")
    return Tasks(tasks, hashlib.sha256(content).hexdigest()[:6])


def is_task(function: Task) -> bool:
    """Tell whether a function has parameters, and each of them a choice of numbers."""
    parameters = inspect.signature(function).parameters.values()
    return bool(parameters) and all(isinstance(x.default, Choice) for x in parameters)


def commonest_signature(task: Task) -> tuple[int, ...]:
    """Return the signature of most exercises of a task, so that all papers are equally hard."""
    rng = Random(f"signatures/{task.__name__}")
    drawn = (draw_numbers(task, rng) for _ in range(TRIES))
    found = Counter(signature(x.output) for x in islice(filter(None, drawn), SAMPLES))
    if not found:
        raise ValueError(
            f"the task {task.__name__} has no short numbers in {TRIES} tries; give it others, "
            'such as choice("log(3)/2") where tanh or exp follows'
        )
    return min(found, key=lambda x: (-found[x], x))


def draw_numbers(task: Task, rng: Random) -> Exercise | None:
    """Draw the numbers of a task; return the exercise if all its other numbers are short."""
    choices = {x.name: x.default for x in inspect.signature(task).parameters.values()}
    texts = {name: choose(rng, numbers) for name, numbers in choices.items()}
    try:
        output = task(**{name: Value(evaluate_text(text), name) for name, text in texts.items()})
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
