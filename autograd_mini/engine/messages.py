"""Messages: what an error calls a node, and where and why a primitive failed.

A node is called by its label. One without a label is told by the formula that was typed, in
Python's notation, cut after two levels; a leaf without a label, by its number.

>>> from autograd_mini.engine import Value
>>> a = Value(5.0, "a")
>>> (a - 6).log()
Traceback (most recent call last):
    ...
ValueError: log(a - 6) with a - 6 = -1: needs a positive number

Formulas are written by ``notation``, which stands above the engine: it is imported here alone, and
only when there is something to say.
"""

from collections.abc import Sequence
from typing import Any


def tell_node(node: Any) -> str:
    """Return what to call a node of the graph that leads to it.

    >>> from autograd_mini.engine import Value
    >>> a = Value(5.0, "a")
    >>> tell_node(a), tell_node((a - 6) * 2), tell_node(Value(3.0))
    ('a', '(a - 6) * 2', 'Value(data=3.0, grad=0.0)')
    """
    from autograd_mini.notation.telling import Teller

    is_nameless = not (node.label or node.operands)
    return repr(node) if is_nameless else Teller([node]).write(node).text


def tell_call(op: Any, operands: Sequence[Any], numbers: Sequence[float]) -> str:
    """Write a call of a primitive, and which *numbers* its operands had.

    >>> from autograd_mini.engine import Value
    >>> from autograd_mini.engine.primitives import div, log
    >>> tell_call(div, [Value(1.0, "p"), Value(0.0, "q")], [1.0, 0.0])
    'p / q with p = 1, q = 0'
    >>> tell_call(log, [-0.1], [-0.1])
    'log(-0.1)'
    """
    from autograd_mini.notation.telling import Teller

    return Teller(operands).tell_call(op, operands, numbers)


def failure(op: Any, operands: Sequence[Any], numbers: Sequence[float], error: Exception) -> str:
    """Say where a primitive failed, and why: its result overflows, or it needs other operands."""
    overflows = isinstance(error, OverflowError)
    remedy = op.needs(*numbers) if callable(op.needs) else op.needs
    cause = "the result is too large for a float" if overflows else remedy or error
    return f"{tell_call(op, operands, numbers)}: {cause}"
