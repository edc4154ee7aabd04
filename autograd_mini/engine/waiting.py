"""Waiting: whoever waits at a terminal for a long answer sees how far it has come.

>>> sum(show_progress([1, 2, 3], 3, "adding"))
6
"""

import sys
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import TextIO, TypeVar

PATIENCE = 0.5  # seconds until something is shown
PAUSE = 0.1  # seconds until it is shown anew

T = TypeVar("T")


def show_progress(items: Iterable[T], count: int, task: str) -> Iterable[T]:
    """Return the items, *count* in all, to loop over; a terminal is told how many are done.

    The line says the *task*, such as "explaining", and the share in percent. It appears after half
    a second where ``stderr`` is a terminal, and nowhere else, and is wiped out in the end, after an
    error or Ctrl-C too.
    """
    shows = bool(getattr(sys.stderr, "isatty", bool)())
    return tell_share(items, count, task, sys.stderr) if shows else items


def tell_share(items: Iterable[T], count: int, task: str, stream: TextIO) -> Iterator[T]:
    """Yield the items, and tell every now and then what share of them is done."""
    line, due = "", monotonic() + PATIENCE
    try:
        for done, item in enumerate(items):
            if monotonic() > due:
                line, due = f"{task}: {done / count:.0%}", monotonic() + PAUSE
                stream.write(f"\r{line}")
                stream.flush()
            yield item
    finally:
        if line:
            stream.write(f"\r{' ' * len(line)}\r")
            stream.flush()
