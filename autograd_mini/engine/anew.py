"""Anew: what the nodes of a graph would hold if they were computed once more from its leaves.

>>> from autograd_mini.engine.order import topological_order
>>> a = Value(2.0, "a")
>>> y = a * a
>>> a.data = 5.0
>>> anew = Anew(topological_order(y))
>>> anew.data, anew.agrees, y
([25.0], False, Value(data=4.0, grad=0.0))
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from autograd_mini.engine.changes import Changes
from autograd_mini.engine.primitives import Primitive
from autograd_mini.engine.value import Node, Value
from autograd_mini.engine.waiting import show_progress

Functions = Mapping[Primitive, Callable[..., tuple[float, tuple[Any, ...]]]]
"""For each primitive what computes its nodes, given the node and a number for each operand."""


class Anew:
    """New contents for the computed *nodes* of a graph, which is given in topological order.

    ``data``, ``first`` and ``second`` are the data, and the partials with respect to the first and
    the second operand, one for each node; ``many`` has the partials of each node of more operands.
    Nothing is written. Raises what the primitives raise.
    """

    def __init__(self, order: Collection[Value]) -> None:
        ops = {node.op for node in order}
        try:
            self._compute(order, {op: Value.computing(op) for op in ops})
        except (ArithmeticError, ValueError):  # once more, for the words, and partials that lack
            self._compute(order, {op: Node.computing(op) for op in ops})

    def _compute(self, order: Collection[Value], functions: Functions) -> None:
        """Compute one node after the other; it runs a million times, and is written for that."""
        found = {node: node._data for node in order if not node.depth}
        find: Any = found.get  # find(x, x) is the number of a node, and a constant itself
        self.nodes = [node for node in order if node.depth]
        data, first, second, many = [], [], [], {}
        for node in show_progress(self.nodes, len(self.nodes), "computing"):
            a, b = node._a, node._b
            da = db = None
            if b is None:
                y, (da,) = functions[node.op](node, find(a, a))
            elif isinstance(a, tuple):
                y, many[node] = functions[node.op](node, *map(find, a, a))
            else:
                y, (da, db) = functions[node.op](node, find(a, a), find(b, b))
            found[node] = y
            data.append(y)
            first.append(da)
            second.append(db)
        self.data, self.first, self.second, self.many = data, first, second, many

    @property
    def agrees(self) -> bool:
        """Whether the nodes hold these contents already; False where one of them is NaN."""
        return (
            [node._data for node in self.nodes] == self.data
            and [node._da for node in self.nodes] == self.first
            and [node._db for node in self.nodes] == self.second
            and all(node._b == partials for node, partials in self.many.items())
        )

    @property
    def changes(self) -> Changes:
        """What is to be written into the nodes."""
        changes = Changes().write(self.nodes, "_data", self.data)
        changes.write(self.nodes, "_da", self.first).write(self.nodes, "_db", self.second)
        return changes.write([*self.many], "_b", self.many.values())
