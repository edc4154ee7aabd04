"""Order: every node after the nodes it depends on."""

from typing import Protocol, TypeVar

from autograd_mini.engine.arguments import no_value


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
    for a chain of a million nodes. A node goes back on the stack, below its operands, until these
    are in the list. Raises TypeError for what is not a node.

    >>> from autograd_mini.engine import Value
    >>> a, b = Value(2.0, "a"), Value(3.0, "b")
    >>> [node.data for node in topological_order(a * b + a)]
    [2.0, 3.0, 6.0, 8.0]
    """
    if not hasattr(output, "operands"):
        raise no_value(output)
    kind = type(output)
    order: dict[N, None] = {}
    entered: set[N] = set()
    stack = [output]
    while stack:
        node = stack.pop()
        if node in entered:
            order[node] = None  # a node that is in the list already keeps its place
        else:
            entered.add(node)
            stack.append(node)
            for x in reversed(node.operands):
                if isinstance(x, kind) and x not in entered:
                    stack.append(x)
    return list(order)
