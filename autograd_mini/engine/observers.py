"""Observers: whoever looks on is told of every backward pass and of every step of an optimiser.

The list is empty unless somebody watches, and then asking it costs next to nothing.

>>> from autograd_mini.engine import Value
>>> class Counter(Observer):
...     passes = 0
...     def after_pass(self, output, inputs=()):
...         self.passes += 1
>>> with observing(Counter()) as counter:
...     Value(2.0).backward()
>>> counter.passes
1
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar


class Observer:
    """Somebody who looks on; does nothing, so that a subclass says only what it wants to know."""

    def before_pass(self, output: Any) -> None:
        """Look at what is about to be differentiated: a Value, or a recorded program."""

    def after_pass(self, output: Any, inputs: Sequence[Any] = ()) -> None:
        """Look at what has been differentiated; a program was given the *inputs*."""

    def after_step(self, optimiser: Any) -> None:
        """Look at the parameters of an optimiser, which have just been moved."""


OBSERVERS: list[Observer] = []
Onlooker = TypeVar("Onlooker", bound=Observer)


@contextmanager
def observing(observer: Onlooker) -> Iterator[Onlooker]:
    """Let somebody look on for as long as the ``with`` lasts."""
    OBSERVERS.append(observer)
    try:
        yield observer
    finally:
        OBSERVERS.remove(observer)
