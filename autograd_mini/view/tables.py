"""Tables: records for a page's script, in which the names of their parts stand once.

>>> class Point(NamedTuple):
...     x: int
...     y: int = 0
...     name: str = ""
>>> tabulate(Point, [Point(1), Point(2, name="a")])
[('x', 'y', 'name'), [None, 0, ''], [1], [2, None, 'a']]
"""

from collections.abc import Iterable
from typing import Any, NamedTuple


def tabulate(kind: type[NamedTuple], records: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Return the names of the fields, the default of each, and the fields of each record."""
    usual = [kind._field_defaults.get(name) for name in kind._fields]
    return [kind._fields, usual, *(leave_out_usual(record, usual) for record in records)]


def leave_out_usual(record: tuple[Any, ...], usual: list[Any]) -> list[Any]:
    """Return the fields of a record: None in place of each default, and no None at the end."""
    parts = [None if x == y else x for x, y in zip(record, usual, strict=True)]
    while parts and parts[-1] is None:
        del parts[-1]
    return parts
