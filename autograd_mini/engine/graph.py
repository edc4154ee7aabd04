"""The graph as a whole: compute it anew, differentiate it into new Values, find what was edited.

>>> x = Value(3.0)
>>> y = x**3
>>> [first] = gradient(y, [x])
>>> [second] = gradient(first, [x])
>>> first.data, second.data
(27.0, 18.0)
"""

import math
from collections.abc import Iterator, Sequence

from autograd_mini.engine.arguments import Undefined
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.value import Value


def recompute(output: Value) -> Value:
    """Compute every node of the graph anew from the data of its leaves, and return *output*.

    Raises what the primitives raise, and then leaves the graph as it was.

    >>> a = Value(2.0)
    >>> y = a * a
    >>> a.data = 5.0
    >>> y.data, recompute(y).data
    (4.0, 25.0)
    """
    computed = [node for node in topological_order(output) if node.operands]
    before = [(node, node._data, node._da, node._b, node._db) for node in computed]
    try:
        for node in computed:
            node.evaluate()
    except BaseException:
        for node, *slots in before:
            node._data, node._da, node._b, node._db = slots
        raise
    return output


def gradient(output: Value, inputs: Sequence[Value]) -> list[Value]:
    """Return the derivatives of *output* as Values, ready to be differentiated again.

    Applies the rules to Values, leaves every ``grad`` alone, and gives 0 for an input that
    *output* does not depend on. Raises ValueError if data was edited after the forward pass.
    """
    adjoints = {output: Value(1.0)}
    for node in reversed(topological_order(output)):
        if node in adjoints:
            for operand, term in terms(node, adjoints[node]):
                adjoints[operand] = adjoints[operand] + term if operand in adjoints else term
    return [adjoints.get(x, Value(0.0)) for x in inputs]


def terms(node: Value, adjoint: Value) -> Iterator[tuple[Value, Value]]:
    """Yield each operand of a node with its term, adjoint · partial, as a Value."""
    wanted = [isinstance(x, Value) for x in node.operands]
    partials = node.op.partials(node.operands, node, wanted)
    for operand, stored, partial in zip(node.operands, node.partials, partials, strict=True):
        if isinstance(stored, Undefined):
            adjoint.data * stored  # raises unless the adjoint is 0
        elif stored is not None:
            agree(node, partial, stored)
            yield operand, adjoint * partial


def agree(node: Value, partial: Value | float, stored: float) -> None:
    """Raise ValueError unless a partial is what it was in the forward pass."""
    now = partial.data if isinstance(partial, Value) else partial
    if now != stored and not (math.isnan(now) and math.isnan(stored)):
        raise ValueError(
            f"the operands of {node!r} were edited after it was computed: call recompute first"
        )
