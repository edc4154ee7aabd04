"""Scopes: which module a value belongs to.

A label with dots, such as ``layer1.neuron2.w1``, names the modules that a value lies in: the scope
``("layer1", "neuron2")``. A computed value whose label says nothing of the kind belongs to the
module that computed it, which is found from what it reads. So a network keeps its shape when its
output gets a label of its own:

>>> from autograd_mini.engine.sums import weighted_sum
>>> w, b, x = Value(2.0, "n1.w1"), Value(1.0, "n1.b"), Value(3.0, "x")
>>> y = weighted_sum([w], [x], b)
>>> y.label = "y"
>>> loss = (y - 1.0) ** 2
>>> [find_scopes(Graph(loss))[node] for node in (w, x, y, loss)]
[('n1',), (), ('n1',), ()]
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from autograd_mini.engine import Value
from autograd_mini.stepping.modules import Scope, scope_of
from autograd_mini.stepping.naming import Graph

INNER = "z"  # what a network calls the weighted sum of a neuron, which its activation alone reads


def is_parameter(label: str) -> bool:
    """Tell whether a label is that of a weight or a bias inside a module.

    >>> is_parameter("layer1.neuron2.w1"), is_parameter("w1"), is_parameter("data.x1")
    (True, False, False)
    """
    return bool(scope_of(label)) and re.fullmatch(r".*\.(w\d*|b)", label) is not None


def find_scopes(graph: Graph) -> dict[Value, Scope]:
    """Return the scope of every node of a graph."""
    if not any(map(scope_of, graph.labels.values())):
        return dict.fromkeys(graph, ())
    finder = ScopeFinder(graph)
    known = {
        node: scope_of(graph.labels[node]) or finder.computed_in(read)
        for node, read in graph.reads.items()
    }
    known |= finder.unnamed_ends(known)
    around = finder.scopes_of_consumers(known)
    found: dict[Value, Scope] = {}
    for node, read in graph.reads.items():
        shared = around.get(node, ())
        inside = shared and any(found[x] == shared for x in read)
        found[node] = known[node] or (shared if inside and not graph.labels[node] else ())
    return found


class ScopeFinder:
    """Looks at what nodes read, and at their labels."""

    def __init__(self, graph: Graph) -> None:
        self.reads, self.labels = graph.reads, graph.labels
        # the weighted sums of neurons, which nothing outside their neuron reads
        self.inner = {
            node: scope_of(label)
            for node, label in self.labels.items()
            if label.endswith(f".{INNER}") and self.reads[node] and scope_of(label)
        }

    def computed_in(self, operands: Sequence[Value]) -> Scope:
        """Return the module that certainly computed a node of such operands; () if there is none.

        It is the one whose weighted sum the node reads, or whose parameters it combines with
        something else. A sum of squared weights reads parameters only: a penalty, which no module
        computes.
        """
        inner = {self.inner[x] for x in operands if x in self.inner}
        labels = [self.labels[x] for x in operands if not self.reads[x]]
        weights = [scope_of(label) for label in labels if is_parameter(label)]
        if len(weights) < len(operands):
            inner |= {*weights}
        return inner.pop() if len(inner) == 1 else ()

    def unnamed_ends(self, known: Mapping[Value, Scope]) -> dict[Value, Scope]:
        """Return the ends of activations of several steps whose label is a plain name.

        They read the weighted sum of a neuron through nodes without a label.
        """
        through: dict[Value, Scope] = {}
        ends: dict[Value, Scope] = {}
        for node, read in self.reads.items():
            behind = {through.get(x, ()) for x in read} - {()}
            if node in self.inner:
                through[node] = known[node]
            elif len(behind) == 1 and not self.labels[node]:
                through[node] = behind.pop()
            elif len(behind) == 1 and not scope_of(self.labels[node]):
                ends[node] = behind.pop()
        return ends

    def scopes_of_consumers(self, known: Mapping[Value, Scope]) -> dict[Value, Scope]:
        """Return, for each node of unknown scope, the scope that all its consumers share."""
        around: dict[Value, Scope] = {}
        for node in reversed(self.reads):
            scope = known[node] or (() if self.labels[node] else around.get(node, ()))
            for x in self.reads[node]:
                if not self.labels[x] and around.setdefault(x, scope) != scope:
                    around[x] = ()
        return around


def numbers_as_such(scope: Iterable[str]) -> list[tuple[str, int]]:
    """Return a key that sorts ``neuron10`` behind ``neuron9``."""
    parts = (re.fullmatch(r"(.*?)(\d*)", name, re.S) for name in scope)
    return [(part[1], int(part[2] or 0)) for part in parts if part]
