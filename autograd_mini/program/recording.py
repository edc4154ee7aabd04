"""Recordings: a graph as a plain list of operations, each after the operations it depends on.

This is the list that Wengert (1964) wrote down to differentiate a program. It holds no Values, so
it outlives the graph, and travels.

>>> from autograd_mini.engine.order import topological_order
>>> x, w = Value(2.0, "x"), Value(3.0, "w")
>>> recording = read_graph(topological_order((w * x).tanh()), [x, w])
>>> recording.names, recording.operations
(('x', 'w', 'v1', 'L'), ((<primitive *>, (1, 0)), (<primitive tanh>, (2,))))
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from autograd_mini.engine import Value
from autograd_mini.engine.care import backward_order
from autograd_mini.engine.graph import nodes_between
from autograd_mini.engine.messages import tell_node
from autograd_mini.engine.primitives import Primitive
from autograd_mini.engine.waiting import show_progress
from autograd_mini.notation.text import name_labels
from autograd_mini.stepping.naming import find_labels

Operation = tuple[Primitive, tuple[int | float, ...]]
T = TypeVar("T")


class Progress(Protocol):
    """A function that shows how far a loop is, such as ``progress``."""

    def __call__(self, items: Iterable[T], unit: str, /) -> Iterable[T]:
        """Return the items, to loop over; *unit* is the word for one of them."""
        ...


def without_progress(items: Iterable[T], _unit: str) -> Iterable[T]:
    """Show no progress: return the items, to loop over."""
    return items


@dataclass(frozen=True)
class Recording:
    """The *operations* of a graph, and the *labels* of its nodes, leaves first.

    An operand is the place of a node among the labels, an ``int``, or a constant, a ``float``. The
    last node is the output. *places* lists the nodes in the topological order of the graph, in
    which those without a label are numbered, and *order* those that are computed in the order in
    which ``backward`` visits them: so the terms of a node are added up in the same order.
    """

    labels: tuple[str, ...]
    operations: tuple[Operation, ...]
    places: tuple[int, ...]
    order: tuple[int, ...]

    @property
    def leaves(self) -> int:
        """How many nodes are leaves."""
        return len(self.labels) - len(self.operations)

    @cached_property
    def size(self) -> int:
        """How many lines the program has, at most: one for each operation and for each operand."""
        return len(self.labels) + sum([len(operands) for _, operands in self.operations])

    def operation(self, node: int) -> Operation:
        """Return the operation that computes a node."""
        return self.operations[node - self.leaves]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each node is called, as in the steps and pictures of the graph."""
        found = name_labels([self.labels[i] for i in self.places])
        names = dict(zip(self.places, found, strict=True))
        return tuple(names[i] for i in range(len(self.labels)))

    def replay(self, numbers: Sequence[float]) -> list[Value]:
        """Compute every node as a Value from the numbers of the leaves.

        Slower than a program's lines, but it names the primitive and its operands where one fails.
        """
        nodes = [Value(x, label) for x, label in zip(numbers, self.labels, strict=False)]
        apply = Value.apply  # looked up once: these lines are the first runs of a large program
        for (op, operands), label in zip(self.operations, self.labels[self.leaves :], strict=True):
            node = apply(op, *[nodes[x] if type(x) is int else x for x in operands])
            if label:
                node.label = label
            nodes.append(node)
        return nodes


def read_graph(
    order: Sequence[Value],
    leaves: Sequence[Value],
    progress: Progress = without_progress,
    variables: Mapping[str, object] | None = None,
) -> Recording:
    """Return the operations of the graph in topological *order*, with the *leaves* in theirs.

    Nodes without a label are called as the *variables* that hold them.
    """
    nodes = [*leaves, *(node for node in order if node.depth)]
    places = {node: place for place, node in enumerate(nodes)}
    computed: Iterable[Value] = nodes[len(leaves) :]
    if progress is without_progress:
        computed = show_progress(computed, len(nodes), "recording")
    operations = [
        (node.op, tuple([places[x] if x in places else float(x) for x in node.operands]))
        for node in progress(computed, "operation")
    ]
    labels = find_labels({node: node.label for node in order}, variables)
    return Recording(
        tuple([labels[node] for node in nodes]),
        tuple(operations),
        tuple([places[node] for node in order]),
        tuple([places[node] for node in backward_order(order[-1])]),
    )


def check_inputs(inputs: Sequence[Value], order: Sequence[Value]) -> None:
    """Raise ValueError unless the inputs are leaves of the graph, each named once."""
    graph, seen = set(order), set[Value]()
    for x in inputs:
        if x.operands:
            raise ValueError(f"an input must be a leaf, but {tell_node(x)} is computed from others")
        if x not in graph:
            raise ValueError(f"the output does not depend on the input {tell_node(x)}")
        if x in seen:
            raise ValueError(f"the input {tell_node(x)} is given twice")
        seen.add(x)


def find_branches(inputs: Sequence[Value], order: Sequence[Value]) -> list[str]:
    """Return the lines that compared nodes that depend on the inputs."""
    compared = [node for node in order if "asked" in node.notes]
    depends = set(nodes_between(inputs, order) if compared else ())
    lines = [node.notes["asked"] for node in compared if node in depends]
    return [f"{file}:{line}" for file, line in dict.fromkeys(lines)]
