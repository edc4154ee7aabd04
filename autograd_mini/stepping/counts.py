"""Counts: why backward? What one reverse pass costs, beside a forward pass for each input.

>>> a, b = Value(2.0, "a"), Value(3.0, "b")
>>> count((a * b + a).tanh())
          passes  multiplications
backward       1                5
forward        2                7
"""

from autograd_mini.engine import Value
from autograd_mini.engine.order import topological_order
from autograd_mini.notation.plain import Text
from autograd_mini.stepping.steps import edges


def multiplications(output: Value) -> tuple[int, list[int]]:
    """Count products with a partial: those of one reverse pass, and of a forward pass per leaf.

    Reverse accumulation makes one for each edge. Forward accumulation carries the derivative to
    one leaf at a time, and makes one for each edge that depends on that leaf.
    """
    leaves: list[Value] = []
    below: dict[Value, int] = {}  # one bit for each leaf that a node depends on
    carried: list[int] = []
    for node in topological_order(output):
        below[node] = 0
        for edge in edges(node):
            carried.append(below[edge.operand])
            below[node] |= below[edge.operand]
        if not node.operands:
            below[node] = 1 << len(leaves)
            leaves.append(node)
    return len(carried), [sum(bits >> i & 1 for bits in carried) for i in range(len(leaves))]


def count(output: Value) -> Text:
    """Set the multiplications of ``backward`` beside those of forward passes, as a small table."""
    reverse, forward = multiplications(output)
    rows = [("backward", 1, reverse), ("forward", len(forward), sum(forward))]
    lines = [f"{name:9}{passes:7,}{products:17,}" for name, passes, products in rows]
    return Text("\n".join(["          passes  multiplications", *lines]))
