"""Editing: data that was written after the forward pass, found by computing each node again.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> y = a * b
>>> a.data = 10.0
>>> edits(y)
['a was 2 when L = a·b was computed, now 10; recompute(...) brings the graph up to date']
"""

import math
from collections.abc import Collection, Iterator, Mapping

from autograd_mini.engine import Value
from autograd_mini.engine.anew import Anew
from autograd_mini.engine.graph import data_of
from autograd_mini.engine.undefined import Undefined, attempt
from autograd_mini.notation.equation import write_equation
from autograd_mini.notation.numbers import shorten
from autograd_mini.stepping.naming import Graph, number

TRIED_ONE_BY_ONE = 50  # operands that have been edited, above which they are not tried one by one


def edits(output: Value | Graph) -> list[str]:
    """Say which data was written since the forward pass, one sentence for each Value.

    The gradient belongs to the forward pass, whatever was written later. An empty list means that
    every node is what its operands give.
    """
    graph = Graph.of(output)
    advice = f"; recompute({graph.typed}) brings the graph up to date"
    findings: dict[Value | tuple[Value], str] = {}
    for node in find_stale(graph):
        for culprit, finding in told(node, graph).items():
            findings.setdefault(culprit, finding + advice)
    return [*findings.values()]


def require_current(graph: Graph) -> None:
    """Raise ValueError, which says what was written, where data was since the forward pass."""
    for edit in edits(graph):
        raise ValueError(edit)


def find_stale(order: Collection[Value]) -> list[Value]:
    """List the nodes that are not current, given a graph in topological order."""
    try:
        if Anew(order).agrees:
            return []
    except (ArithmeticError, ValueError):
        pass  # so that one at least is not
    return [node for node in order if not is_current(node)]


def is_current(node: Value, earlier: Mapping[Value, float] = {}) -> bool:
    """Tell whether a node's data and partials are what its operands give.

    *earlier* holds data to assume instead, for operands or the node itself.
    """
    if not node.operands:
        return True
    numbers = [earlier.get(x, x.data) if isinstance(x, Value) else x for x in node.operands]
    try:
        y, partials = node.compute(numbers)
    except (ArithmeticError, ValueError):
        return False
    stored, found = (earlier.get(node, node.data), *node.partials), (y, *partials)
    return stored == found or all(map(is_same_number, stored, found))


def is_same_number(x: float | None, y: float | None) -> bool:
    """Compare two numbers or constants' None; NaN is the same as NaN."""
    return x == y or (x is not None and y is not None and math.isnan(x) and math.isnan(y))


def told(node: Value, graph: Graph) -> dict[Value | tuple[Value], str]:
    """Say for a node that is not current which data was written, if that explains the node."""
    equation = write_equation(graph[node], graph.algebra(node))
    for earlier in suspicions(node):
        if is_current(node, earlier):
            return {
                x: f"{graph[x]} was {shown(before, x.data)} when {equation} was computed, "
                f"now {shown(x.data, before)}"
                for x, before in earlier.items()
            }
    now = attempt(node.op.evaluate, [*map(data_of, node.operands)])
    finding = (
        f"{equation} is {shown(node.data, now)}, its operands now give {shown(now, node.data)}"
    )
    return {(node,): finding}


def suspicions(node: Value) -> Iterator[dict[Value, float]]:
    """Yield what may have been written: each that has a note of an edit alone, then all."""
    values = [x for x in (*node.operands, node) if isinstance(x, Value)]
    noted = {x: x.notes.get("before", x.data) for x in values}
    earlier = {x: before for x, before in noted.items() if not is_same_number(before, x.data)}
    if len(earlier) <= TRIED_ONE_BY_ONE:
        yield from ({x: before} for x, before in earlier.items())
    yield earlier


def shown(x: float, other: float) -> str:
    """Write a number, with all its digits where it would look the same as the *other*."""
    alike = x != other and shorten(x) == shorten(other) and not isinstance(x, Undefined)
    return repr(x) if alike else number(x)
