"""Comparisons of data; each leaves a note of its line, since a recorded program cannot branch.

>>> from autograd_mini.engine import Value
>>> Value(2.0) < 3, bool(Value(0.0)), max(Value(1.0), Value(4.0)).data
(True, False, 4.0)
"""

import operator
from collections.abc import Callable
from numbers import Real
from typing import Any

from autograd_mini.engine.callers import calling_line


def comparison(relation: Callable[[Any, Any], bool]) -> Callable[["Comparable", Any], bool]:
    """Return the method that compares data."""

    def compare(self: "Comparable", other: Any) -> Any:
        if not isinstance(other, (Comparable, Real)):
            return NotImplemented
        return relation(self.asked(), other.asked() if isinstance(other, Comparable) else other)

    return compare


class Comparable:
    """Something that compares by its ``data``; ``==`` and ``hash`` stay those of identity."""

    __slots__ = ("_notes",)
    _notes: dict[str, Any]
    data: float

    __lt__, __le__ = comparison(operator.lt), comparison(operator.le)
    __gt__, __ge__ = comparison(operator.gt), comparison(operator.ge)

    def __bool__(self) -> bool:
        return bool(self.asked())

    def asked(self) -> float:
        """Return the data, and note the line that asked for a comparison."""
        self.note("asked", calling_line())
        return self.data

    @property
    def notes(self) -> dict[str, Any]:
        """What happened: data ``before`` an edit, the line that ``asked``, the ``first bad``."""
        return getattr(self, "_notes", {})

    def note(self, key: str, fact: Any) -> None:
        """Add to the notes; most nodes have none, and so no dictionary."""
        try:
            self._notes[key] = fact
        except AttributeError:
            self._notes = {key: fact}
