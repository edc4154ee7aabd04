"""Copies: a graph is written as a list, so that the deepest one can be pickled and copied.

Pickle and ``deepcopy`` go from an object on to what it holds; in a chain of a thousand nodes they
would run out of Python's stack. So a computed node says no more than where it stands in a record
of the graph. Reading the record makes all its nodes first, blank, and fills them afterwards, so
nothing goes on from node to node.

>>> from copy import deepcopy
>>> from autograd_mini.engine import Value
>>> a = Value(2.0, "a")
>>> a2, y2 = deepcopy([a, a * a])
>>> y2.backward()
>>> a2, a
(Value(data=2.0, grad=4.0, label='a'), Value(data=2.0, grad=0.0, label='a'))
"""

import operator
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

if TYPE_CHECKING:  # which stands above: it is named for checkers alone
    from autograd_mini.engine.value import Node

RECORDS: "WeakValueDictionary[int, Record]" = WeakValueDictionary()
"""The record that a node, told by its ``id``, is being written in.

Whoever pickles or copies keeps what was written until all is done. So long the record lives, and
what is written together shares the nodes that it shared, whatever comes first.
"""


class Record:
    """The computed nodes that an output depends on, but for those that another record holds."""

    def __init__(self, output: "Node") -> None:
        self.nodes = [output]
        found = {output}
        for node in self.nodes:  # which grows meanwhile
            for x in node.operands:
                if not isinstance(x, float) and x.depth and x not in found and id(x) not in RECORDS:
                    found.add(x)
                    self.nodes.append(x)
        self.places = {node: place for place, node in enumerate(self.nodes)}
        for node in self.nodes:
            RECORDS[id(node)] = self

    def __reduce__(self) -> tuple[Any, ...]:
        kinds = [type(node) for node in self.nodes]
        return Nodes, (kinds,), [node.__getstate__() for node in self.nodes]


class Nodes(list[Any]):
    """The nodes that a record is read into: blank at first, and filled when all of them are there.

    So what a node or a leaf holds besides its operands, such as an attribute of a class of one's
    own, may lead to any node of the record.
    """

    def __init__(self, kinds: Iterable[type]) -> None:
        super().__init__([object.__new__(kind) for kind in kinds])

    def __setstate__(self, written: Iterable[tuple[Any, dict[str, Any]]]) -> None:
        for node, (attributes, slots) in zip(self, written, strict=True):
            write_state(node, attributes, slots)


def write_node(node: Any) -> tuple[Any, ...]:
    """Say for ``pickle`` and ``deepcopy`` where a computed node stands in a record."""
    record = RECORDS.get(id(node)) or Record(node)
    return operator.getitem, (record, record.places[node])


def new_node(kind: type, attributes: dict[str, Any] | None, slots: dict[str, Any]) -> Any:
    """Return a node of that state."""
    node: Any = object.__new__(kind)
    write_state(node, attributes, slots)
    return node


def write_state(node: Any, attributes: dict[str, Any] | None, slots: dict[str, Any]) -> None:
    """Write the state of a node into it."""
    for name, content in {**(attributes or {}), **slots}.items():
        setattr(node, name, content)
