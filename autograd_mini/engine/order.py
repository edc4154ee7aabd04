"""Order: every node after the nodes it depends on."""

from collections.abc import Iterator
from typing import Protocol, TypeVar


class HasOperands(Protocol):
    """Something computed from operands, some of which are nodes themselves."""

    @property
    def operands(self) -> tuple[object, ...]:
        """What it was computed from, in order."""
        ...


N = TypeVar("N", bound=HasOperands)


def topological_order(output: N) -> list[N]:
    """List every node that *output* depends on, each after its operands, *output* last.

    Depth first, operands from left to right, with a stack of its own: Python's would be too small
    for a chain of a million nodes.

    >>> from autograd_mini.engine import Value
    >>> a, b = Value(2.0, "a"), Value(3.0, "b")
    >>> [node.data for node in topological_order(a * b + a)]
    [2.0, 3.0, 6.0, 8.0]
    """
    kind = type(output)
    order: list[N] = []
    seen = {output}
    path: list[tuple[N, Iterator[object]]] = [(output, iter(output.operands))]
    while path:
        node, operands = path[-1]
        for operand in operands:
            if isinstance(operand, kind) and operand not in seen:
                seen.add(operand)
                path.append((operand, iter(operand.operands)))
                break
        else:
            order.append(node)
            path.pop()
    return order
