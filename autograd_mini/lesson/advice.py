"""Advice: what a lesson says after an error, and after a line of the learner's that has effects.

>>> advise(NameError("name 'why' is not defined", name="why"), {}, {})
"'why' is in the package: from autograd_mini import why"
"""

import builtins
import traceback
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from importlib import import_module
from types import CodeType
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.order import topological_order
from autograd_mini.stepping.naming import name_variables, number

HOMES = ("autograd_mini", "autograd_mini.nn", "autograd_mini.losses", "autograd_mini.optim")
ELSEWHERE = {
    "ask": "autograd_mini.teach.asking",
    "choice": "autograd_mini.teach.tasks",
    "compare": "autograd_mini.teach.mistakes",
    "count": "autograd_mini.stepping.counts",
    "doctor": "autograd_mini.teach.doctor",
    "exam": "autograd_mini.teach.papers",
    "quiz": "autograd_mini.teach.quiz",
    "train": "autograd_mini.program",
    "worksheet": "autograd_mini.view.worksheet",
}
MOST_TOLD = 3  # numbers that one note tells


# After an error -----------------------------------------------------------------------------------


def advise(error: BaseException, namespace: Mapping[str, object], later: Mapping[str, int]) -> str:
    """Return what may help after an error; nothing where Python itself says it, or nothing does.

    *later* holds the names that a lesson makes later on, each with the number of its statement.
    """
    name = getattr(error, "name", None)
    if not isinstance(error, NameError | AttributeError) or not name:
        return ""
    if isinstance(error, NameError):
        if home := find_home(name):
            return f"{name!r} is in the package: from {home} import {name}"
        if name in later:
            return f"{name!r} comes later in this lesson, with statement {later[name]}."
        known: Iterable[str] = {*namespace, *dir(builtins)}
    else:
        known = dir(error.obj)
    return did_you_mean(error, name, known)


def did_you_mean(error: BaseException, name: str, known: Iterable[str]) -> str:
    """Ask whether a name that is close was meant, unless Python asks that."""
    near = get_close_matches(name, known, n=1)
    asked = "Did you mean" in "".join(traceback.format_exception(error))
    return f"Did you mean: {near[0]!r}?" if near and not asked else ""


def find_home(name: str) -> str:
    """Return the module from which a public name of the package is imported, or nothing."""
    for home in HOMES:
        module = import_module(home)
        found = vars(module).get(name)
        if name in getattr(module, "__all__", []) or getattr(found, "__module__", "") == home:
            return home
    return ELSEWHERE.get(name, "")


# After a line of the learner's --------------------------------------------------------------------


class Touched(NamedTuple):
    """A number of a Value that a line of the learner's changed."""

    name: str
    value: Value
    kind: str
    before: float

    @property
    def after(self) -> float:
        """What the number is at this moment."""
        found: float = getattr(self.value, self.kind)
        return found

    def __str__(self) -> str:
        return f"{self.name}.{self.kind} from {number(self.before)} to {number(self.after)}"


Taken = Mapping[Value, tuple[str, float, float]]


def take_numbers(namespace: Mapping[str, object]) -> Taken:
    """Return name, data and grad of each Value that a variable holds."""
    held = name_variables(namespace)
    return {value: (name, value.data, value.grad) for value, name in held.items()}


def find_touched(numbers: Taken) -> Iterator[Touched]:
    """Yield what has been changed since the numbers were taken."""
    for value, (name, data, grad) in numbers.items():
        if value.data != data:
            yield Touched(name, value, "data", data)
        if value.grad != grad:
            yield Touched(name, value, "grad", grad)


def tell_touched(
    touched: Iterable[Touched], code: CodeType, namespace: Mapping[str, object]
) -> list[Touched]:
    """Return what was touched of those Values on which a statement's own Values depend."""
    read = {name: namespace[name] for name in code.co_names if name in namespace}
    held = name_variables(read)
    reached = {node for value in held for node in topological_order(value)}
    return [x for x in touched if x.value in reached and x.before != x.after]


def write_note(touched: list[Touched]) -> str:
    """Say which numbers a line of the learner's changed, now that a statement builds on them."""
    told = [str(x) for x in touched[:MOST_TOLD]]
    others = len(touched) - len(told)
    told += [f"{others} more"] if others else []
    listed = " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
    return f"Note: a line of yours changed {listed}; this builds on it. :restart begins afresh."
