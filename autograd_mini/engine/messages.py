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

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from autograd_mini.engine.order import topological_order

if TYPE_CHECKING:  # which stands above: it is named for checkers alone
    from autograd_mini.engine.primitives import Primitive
    from autograd_mini.engine.value import Node

T = TypeVar("T", bound="Node")


def tell_node(node: "Node") -> str:
    """Return what to call a node of the graph that leads to it.

    >>> from autograd_mini.engine import Value
    >>> a = Value(5.0, "a")
    >>> tell_node(a), tell_node((a - 6) * 2), tell_node(Value(3.0))
    ('a', '(a - 6) * 2', 'Value(data=3.0, grad=0.0)')
    """
    from autograd_mini.notation.telling import Teller

    is_nameless = not (node.label or node.operands)
    return repr(node) if is_nameless else Teller([node]).write(node).text


def refuse_swapped(output: T, inputs: Iterable[T], tell: Callable[[T], str] = tell_node) -> None:
    """Raise ValueError if an input is computed from the output: then the two were swapped.

    *tell* returns what to call a node.
    """
    for x in inputs:
        if x.depth > output.depth and output in topological_order(x):
            told = f"{tell(x)} is computed from {tell(output)}"
            raise ValueError(f"{told}: the output comes first, then what it depends on")


def tell_call(
    op: "Primitive",
    operands: Sequence[object],
    numbers: Sequence[float],
    result: float | None = None,
) -> str:
    """Write a call of a primitive, its *result* if given, and which *numbers* its operands had.

    >>> from autograd_mini.engine import Value
    >>> from autograd_mini.engine.primitives import div, log
    >>> tell_call(div, [Value(1.0, "p"), Value(0.0, "q")], [1.0, 0.0])
    'p / q with p = 1, q = 0'
    >>> tell_call(log, [-0.1], [-0.1]), tell_call(log, [1.0], [1.0], 0.0)
    ('log(-0.1)', 'log(1) = 0.0')
    """
    from autograd_mini.notation.telling import Teller

    formula, known = Teller(operands).tell_parts(op, operands, numbers)
    equation = formula if result is None else f"{formula} = {result}"
    return f"{equation} with {known}" if known else equation


def failure(
    op: "Primitive", operands: Sequence[object], numbers: Sequence[float], error: Exception
) -> str:
    """Say where a primitive failed, and why: its result overflows, or it needs other operands."""
    overflows = isinstance(error, OverflowError)
    remedy = op.needs(*numbers) if callable(op.needs) else op.needs
    cause = "the result is too large for a float" if overflows else remedy or error
    return f"{tell_call(op, operands, numbers)}: {cause}"


def find_first_bad(order: Iterable[T]) -> T | None:
    """Return the first node of a graph in topological order whose data is not finite, or None."""
    return next((node for node in order if not math.isfinite(node.data)), None)


def find_given(bad: "Node") -> float | None:
    """Return the infinity or NaN that was given to a node that is not finite, if one was.

    That is a constant among its operands, or the data of a leaf; all else comes from computing.
    """
    given = [x for x in bad.operands if isinstance(x, float)] if bad.operands else [bad.data]
    return next((x for x in given if not math.isfinite(x)), None)


class Origin(NamedTuple):
    """Where what is not finite began, in words, and the number that was given so, if one was."""

    told: str
    given: float | None = None


def find_origin(order: Sequence["Node"]) -> Origin:
    """Find which node of a graph in topological order is the first that is not finite.

    Where all data is finite, it is the first on the way back whose grad is not.

    >>> from autograd_mini.engine import Value
    >>> a, w = Value(1e308, "a"), Value(2.0, "w")
    >>> find_origin([a, a * 10]).told
    'the first node that is not finite is a * 10 = inf with a = 1e+308'
    >>> find_origin([w, w * math.nan]).given
    nan
    """
    bad = find_first_bad(order)
    if bad is None:
        return find_bad_grad(order)
    if bad.operands:
        numbers = [getattr(x, "data", x) for x in bad.operands]
        told = tell_call(bad.op, bad.operands, numbers, bad.data)
    else:
        told = f"{tell_node(bad)} =" if bad.label else "a leaf without label,"
        told = f"{told} {bad.data}"
    return Origin(f"the first node that is not finite is {told}", find_given(bad))


def find_bad_grad(order: Sequence["Node"]) -> Origin:
    """Find the first node on the way back whose grad is not finite.

    That of a leaf needs no words: whoever asks has seen it.
    """
    computed = [node for node in reversed(order) if node.operands]
    bad = next((node for node in computed if not math.isfinite(node.grad)), None)
    if bad is None:
        return Origin("all data is finite, and so are the grads of all that was computed")
    return Origin(f"all data is finite, but the grad of {tell_node(bad)} is {bad.grad}")
