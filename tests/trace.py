"""Follow one operand through the house: how many calls have it in hand, and in how many modules?

    python -m tests.trace

The operand is ``a`` of ``tanh(a * b + c)``. A call counts if one of its arguments is ``a``, or a
list or tuple with ``a`` in it; the graph as a whole is handed on and does not count. Reading a
property, such as ``a.operands``, is a call. A record made of ``a``, such as a step or the box of a
picture, has what is to be told of it, and does not count; whoever asks ``a`` again does. A copy of
``a`` counts as ``a``: it is told by its label. A move is a call in another module than before.
"""

import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import autograd_mini
from autograd_mini import Value, draw, explain, page, record, tanh

PACKAGE = Path(autograd_mini.__file__).parent


def followed(operand: Value, work: Callable[[], object]) -> list[str]:
    """Do the work, and return the module of each call that has the operand in hand."""
    modules: list[str] = []

    def look(frame: FrameType, event: str, _: Any) -> None:
        path = Path(frame.f_code.co_filename)
        begun = event == "call" and not frame.f_code.co_name.startswith("<")  # a comprehension
        if begun and path.is_relative_to(PACKAGE) and has(frame, operand):
            modules.append(path.relative_to(PACKAGE).with_suffix("").as_posix())

    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(None)
    return modules


def has(frame: FrameType, operand: Value) -> bool:
    """Return whether an argument of a call is the operand or holds it directly."""
    return any(is_or_holds(argument, operand) for argument in frame.f_locals.values())


def is_or_holds(argument: object, operand: Value) -> bool:
    """Return whether an argument is the operand or its copy, or a list or tuple with it.

    >>> a, b = Value(1.0, "a"), Value(1.0, "b")
    >>> [is_or_holds(x, a) for x in (a, b, [b, a], {a: 1}, "a")]
    [True, False, True, False, False]
    """
    holds = isinstance(argument, list | tuple)
    parts = argument if holds else (argument,)
    return any(isinstance(x, Value) and label_of(x) == operand.label for x in parts)


def label_of(x: Value) -> str:
    """Return the label of a node; a copy that is still being made has none."""
    return getattr(x, "label", "")


def count_touches() -> dict[str, tuple[int, int, int]]:
    """Return how many calls, modules and moves each way to look at the graph takes."""
    a, b, c = Value(2.0, "a"), Value(-3.0, "b"), Value(6.5, "c")
    y = tanh(a * b + c)
    ways: dict[str, Callable[[], object]] = {
        "a * b": lambda: a * b,
        "y.backward()": y.backward,
        "explain(y)": lambda: str(explain(y)),
        "draw(y).svg()": lambda: draw(y).svg(),
        "page(y).html": lambda: page(y).html,
        "record(y, [a]).source": lambda: record(y, [a]).source,
    }
    found = {way: followed(a, work) for way, work in ways.items()}
    return {
        way: (len(modules), len(set(modules)), sum(x != y for x, y in pairwise(modules)))
        for way, modules in found.items()
    }


def main() -> None:
    """Print a line for each way to look at the graph."""
    print(f"{'way':22} {'calls':>6} {'modules':>8} {'moves':>6}")
    for way, (calls, modules, moves) in count_touches().items():
        print(f"{way:22} {calls:6} {modules:8} {moves:6}")


if __name__ == "__main__":
    main()
