"""Fast: the engine once more, one written-out method per primitive, with the same numbers.

``Value`` inherits from ``Node``, which is the engine that one reads. ``install`` puts ``Fast``
between the two: a class of the same methods in ``written.py``, which ``make generate`` writes from
the table. ``Value.__mro__`` shows which of them runs.

>>> from autograd_mini import Value
>>> with off():
...     [kind.__name__ for kind in Value.__mro__[:2]]
['Value', 'Node']
"""

from collections.abc import Iterator
from contextlib import contextmanager

from autograd_mini.engine.value import Node, Value


def install() -> None:
    """Let Value inherit from the written-out engine, in the whole process."""
    from autograd_mini.fast.written import Fast  # here, so that a broken file can be written anew

    Value.__bases__ = (Fast,)


@contextmanager
def off() -> Iterator[None]:
    """Let Value run the plain engine in a block: a ``print`` put into it prints.

    The switch holds for the whole process, every thread of it. It is for a session or a lesson,
    not for a loop: from the five-hundredth on, Python 3.13 runs every method of Value at half the
    speed until the process ends. The plain engine is also there without a switch, as ``Node``.
    """
    before = Value.__bases__
    Value.__bases__ = (Node,)
    try:
        yield
    finally:
        Value.__bases__ = before
