"""Collector: Python's search for cycles of objects, and how to have it search less often.

Python starts it whenever some 700 objects more were made than freed. A graph makes one for every
operation, and has no cycles, so each search goes through the whole graph and finds nothing.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS = 100_000  # that are made before a search
SEARCHES = 50, 100  # of the young objects before one of the older, and of these before one of all


@contextmanager
def quiet_collector() -> Iterator[None]:
    """Let Python's cycle collector search less often in a ``with`` block: graphs have no cycles.

    A training step of plain operators takes two thirds of the time, and an operation in a graph of
    a million nodes costs what it costs in one of a thousand. In the block garbage in cycles, such
    as a notebook's, is found later; afterwards all is as it was, also after an error. A collector
    that is off stays off, and one that searches less often already stays as it is. It is the
    collector of the whole process: where blocks in several threads overlap, the one that began
    first ends it.

    >>> import gc
    >>> with quiet_collector():
    ...     gc.get_threshold()
    (100000, 50, 100)
    """
    before = gc.get_threshold()
    if not 0 < before[0] < OBJECTS:
        yield
        return
    try:
        gc.set_threshold(OBJECTS, *SEARCHES)
        yield
    finally:
        gc.set_threshold(*before)
