"""Changes: several things become new at once, so that Ctrl-C finds all of them new or none.

Python asks for interrupts between two of its own instructions. Whoever changes several things
computes them all first, gathers them here, and has them made in one call that runs no instruction
of Python: ``map`` feeds ``setattr``, and a ``deque`` that keeps nothing drains it.

>>> from autograd_mini.engine import Value
>>> a, b = Value(1.0), Value(2.0)
>>> Changes().data([a, b], [10.0, 20.0]).grads([a], [0.5]).make()
>>> a, b
(Value(data=10.0, grad=0.5), Value(data=20.0, grad=0.0))
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, repeat
from operator import attrgetter, setitem
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:  # which stands above: it is named for checkers alone
    from autograd_mini.engine.value import Node

notes_of = attrgetter("_notes")


class Changes:
    """What shall be written where; nothing is written before ``make``.

    An interrupt, the first or a second, leaves either all as it was or all changed. Targets are
    written in the order in which they were gathered, so of two changes of one field the last holds.
    """

    def __init__(self) -> None:
        self._calls: list[Iterator[object]] = []  # of functions that are written in C

    def write(self, targets: Sequence[object], field: str, contents: Iterable[object]) -> Self:
        """Gather one content for one *field* of each target; raise ValueError where one lacks.

        A field that is a property would run Python's instructions: name the slot behind it.
        """
        contents = list(contents)
        if len(targets) != len(contents):
            raise ValueError(f"need one {field} for each of {len(targets)}, got {len(contents)}")
        self._calls.append(map(setattr, targets, repeat(field), contents))
        return self

    def data(self, nodes: Sequence["Node"], numbers: Iterable[float]) -> Self:
        """Gather the new data of Values, floats; each then has a note of the data before."""
        before = [node._data for node in nodes]
        self._calls.append(map(setitem, notes(nodes), repeat("before"), before))
        return self.write(nodes, "_data", numbers)

    def grads(self, nodes: Sequence["Node"], numbers: Iterable[float]) -> Self:
        """Gather the new grads of Values, floats."""
        return self.write(nodes, "_grad", numbers)

    def fields(self, target: object, **contents: object) -> Self:
        """Gather the new contents of attributes of one object."""
        for field, content in contents.items():
            self.write([target], field, [content])
        return self

    def make(self) -> None:
        """Make all changes, in one call that no interrupt can split."""
        deque(chain.from_iterable(self._calls), maxlen=0)


def notes(nodes: Sequence["Node"]) -> list[dict[str, object]]:
    """Return the notes of each node, to be written into; those without any get empty ones."""
    try:
        return list(map(notes_of, nodes))
    except AttributeError:
        for node in nodes:
            node._notes = node.notes
        return list(map(notes_of, nodes))
