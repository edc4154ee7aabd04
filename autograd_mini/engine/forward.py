"""Forward: the chain rule from the leaves to the output, in the direction of the computation.

>>> a, b = Value(2.0, "a"), Value(3.0, "b")
>>> y = a * b + a
>>> tangent(y, {a: 1.0}), tangent(y, {b: 1.0}), tangent(y, {a: 1.0, b: 10.0})
(4.0, 2.0, 24.0)
"""

from collections.abc import Iterable, Mapping

from autograd_mini.engine.arguments import real
from autograd_mini.engine.care import Need, is_off, passes_nothing
from autograd_mini.engine.messages import refuse_swapped
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.steady import steady_nodes
from autograd_mini.engine.undefined import Undefined
from autograd_mini.engine.value import Value

Tangent = float | Need
"""How fast a node changes; or, where that does not exist, the partial that was needed for it."""


def tangent(output: Value, directions: Mapping[Value, float]) -> float:
    """Return how fast *output* changes when each Value of *directions* changes at its own rate.

    ``tangent(y, {x: 1.0})`` is ∂y/∂x. Each node gets the sum of its operands' tangents times the
    same stored partials that ``backward`` multiplies by: one pass forward finds the derivatives of
    every node along one direction, one pass backward those of one output to every node (Griewank
    and Walther 2008, chapter 3). Changes nothing; a Value that *output* does not depend on counts
    as 0.

    Raises TypeError unless *directions* maps Values to real numbers, ValueError for one that is
    computed from *output*, and the primitive's own class of error where a derivative is needed that
    does not exist: not behind a branch that is off.

    >>> x, y = Value(3.0), Value(2.0)
    >>> tangent(x * y, {x: 1.0})
    2.0
    """
    found = tangents(output, directions)[output]
    if isinstance(found, Need):
        error = found.partial.error
        reached = f"the tangent {found.adjoint} reaches it"
        raise type(error)(f"{found.where} has no derivative there, but {reached}: {error}")
    return found


def tangents(output: Value, directions: Mapping[Value, float]) -> dict[Value, Tangent]:
    """Return the tangent of every node that *output* depends on, in topological order."""
    seeds = check_directions(output, directions)
    refuse_swapped(output, seeds)
    order = topological_order(output)
    lacks = any(isinstance(partial, Undefined) for node in order for partial in node.partials)
    steady = steady_nodes(order) if lacks else set()
    moved = {x for x, rate in seeds.items() if rate != 0}
    found: dict[Value, Tangent] = {}
    for node in order:
        edges = enumerate(zip(node.operands, node.partials, strict=True))
        ways = [i for i, (x, d) in edges if x in moved and (d != 0 or not is_off(node, i))]
        if ways and node not in steady:
            moved.add(node)
        found[node] = add_terms(node, ways, seeds.get(node, 0.0), found)
    return found


def check_directions(output: Value, directions: Mapping[Value, float]) -> dict[Value, float]:
    """Return the directions as floats; raise TypeError for what is no direction."""
    if not isinstance(output, Value):
        raise TypeError(f"need a Value to differentiate, got {type(output).__name__}")
    if not isinstance(directions, Mapping):
        advice = "such as {x: 1.0}"
        raise TypeError(f"need a mapping of Values to numbers {advice}, got {directions!r:.60}")
    for x in directions:
        if not isinstance(x, Value):
            raise TypeError(f"a direction belongs to a Value, got {x!r:.60}")
    return {x: real(number) for x, number in directions.items()}


def add_terms(
    node: Value, ways: Iterable[int], seed: float, found: Mapping[Value, Tangent]
) -> Tangent:
    """Return *seed* plus the terms of the operands in these places, or the Need of one."""
    total: float = seed
    operands, partials = node.operands, node.partials
    for i in ways:
        rate, partial = found[operands[i]], partials[i]
        if isinstance(rate, Need):
            return rate
        if isinstance(partial, Undefined):
            return Need(node, partial, rate)
        total += rate * partial if partial != 0 or not passes_nothing(node, i) else 0.0
    return total
