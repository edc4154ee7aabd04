"""Recordings: a graph as a plain list of operations, each after the operations it depends on.

This is the list that Wengert (1964) wrote down to differentiate a program. It holds no Values, so
it outlives the graph, and travels.

>>> from autograd_mini.engine.order import topological_order
>>> x, w = Value(2.0, "x"), Value(3.0, "w")
>>> recording = recorded(topological_order((w * x).tanh()), [x, w])
>>> recording.names, recording.operations
(('x', 'w', 'v1', 'L'), ((<primitive *>, (1, 0)), (<primitive tanh>, (2,))))
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_mini.engine import Value
from autograd_mini.engine.primitives import Primitive
from autograd_mini.stepping.naming import names
from autograd_mini.stepping.steps import backward_order

Operation = tuple[Primitive, tuple[int | float, ...]]
Progress = Callable[[Iterable[Any], str], Iterable[Any]]


def quiet(items: Iterable[Any], _unit: str) -> Iterable[Any]:
    """Show no progress: return the items, to loop over."""
    return items


@dataclass(frozen=True)
class Recording:
    """The *names* of all nodes, leaves first, and the *operations* that computed the others.

    An operand is the place of a node among the names, an ``int``, or a constant, a ``float``. The
    last node is the output. *order* holds the computed nodes as ``backward`` comes by.
    """

    names: tuple[str, ...]
    operations: tuple[Operation, ...]
    order: tuple[int, ...]

    @property
    def leaves(self) -> int:
        """How many nodes are leaves."""
        return len(self.names) - len(self.operations)

    def operation(self, node: int) -> Operation:
        """Return the operation that computes a node."""
        return self.operations[node - self.leaves]

    def replay(self, numbers: Sequence[float]) -> list[Value]:
        """Compute every node as a Value from the numbers of the leaves.

        Slow, but it names the primitive and its operands where one of them fails.
        """
        nodes = [Value(x, name) for x, name in zip(numbers, self.names, strict=False)]
        for (op, operands), name in zip(self.operations, self.names[self.leaves :], strict=True):
            node = Value.apply(op, *(nodes[x] if isinstance(x, int) else x for x in operands))
            node.label = name
            nodes.append(node)
        return nodes


def recorded(
    order: Sequence[Value], leaves: Sequence[Value], progress: Progress = quiet
) -> Recording:
    """Return the operations of the graph in topological *order*, with the *leaves* in theirs."""
    output, computed = order[-1], [node for node in order if node.operands]
    named = names(output)
    nodes = [*leaves, *computed]
    place = {node: index for index, node in enumerate(nodes)}
    operations = [
        (node.op, tuple(place[x] if isinstance(x, Value) else x for x in node.operands))
        for node in progress(computed, "operation")
    ]
    backward = [place[node] for node in backward_order(output)]
    return Recording(tuple(named[node] for node in nodes), tuple(operations), tuple(backward))


def check_inputs(inputs: Sequence[Value], order: Sequence[Value]) -> None:
    """Raise ValueError unless the inputs are leaves of the graph, each named once."""
    graph, seen = set(order), set[Value]()
    for x in inputs:
        if x.operands:
            raise ValueError(f"an input must be a leaf, but {x!r} was computed by {x.op.name}")
        if x not in graph:
            raise ValueError(f"the output does not depend on the input {x!r}")
        if x in seen:
            raise ValueError(f"the input {x!r} is given twice")
        seen.add(x)


def branches(inputs: Sequence[Value], order: Sequence[Value]) -> list[str]:
    """Return the lines that compared nodes that depend on the inputs."""
    depends = set(inputs)
    for node in order:
        if not depends.isdisjoint(node.operands):
            depends.add(node)
    notes = [node.notes for node in order if node in depends]
    return [
        f"{file}:{line}" for file, line in dict.fromkeys(n["asked"] for n in notes if "asked" in n)
    ]
