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

Reads = dict[Value, list[Value]]  # every node in topological order, with its operands

INNER = "z"  # what a network calls the weighted sum of a neuron, which its activation alone reads


def is_parameter(label: str) -> bool:
    """Tell whether a label is that of a weight or a bias inside a module.

    >>> is_parameter("layer1.neuron2.w1"), is_parameter("w1"), is_parameter("data.x1")
    (True, False, False)
    """
    return bool(scope_of(label)) and re.fullmatch(r".*\.(w\d*|b)", label) is not None


def find_scopes(graph: Graph) -> dict[Value, Scope]:
    """Return the scope of every node of a graph."""
    reads = graph.reads
    known = {node: scope_of(node.label) or computed_in(read) for node, read in reads.items()}
    known |= unnamed_ends(reads, known)
    around = scopes_of_consumers(reads, known)
    found: dict[Value, Scope] = {}
    for node, read in reads.items():
        shared = around.get(node, ())
        inside = shared and any(found[x] == shared for x in read)
        found[node] = known[node] or (shared if inside and not node.label else ())
    return found


def computed_in(operands: Sequence[Value]) -> Scope:
    """Return the module that certainly computed a node of such operands; () if there is none.

    It is the one whose weighted sum the node reads, or whose parameters it combines with something
    else. A sum of squared weights reads parameters only: a penalty, which no module computes.
    """
    inner = {scope_of(x.label) for x in operands if is_inner(x)}
    weights = [x for x in operands if not x.operands and is_parameter(x.label)]
    if len(weights) < len(operands):
        inner |= {scope_of(x.label) for x in weights}
    return inner.pop() if len(inner) == 1 else ()


def is_inner(node: Value) -> bool:
    """Tell whether a node is the weighted sum of a neuron, which nothing outside it reads."""
    return bool(node.operands) and node.label.endswith(f".{INNER}") and bool(scope_of(node.label))


def unnamed_ends(reads: Reads, known: Mapping[Value, Scope]) -> dict[Value, Scope]:
    """Return the ends of activations of several steps whose label is a plain name.

    They read the weighted sum of a neuron through nodes without a label.
    """
    through: dict[Value, Scope] = {}
    ends: dict[Value, Scope] = {}
    for node, read in reads.items():
        behind = {through.get(x, ()) for x in read} - {()}
        if is_inner(node):
            through[node] = known[node]
        elif len(behind) == 1 and not node.label:
            through[node] = behind.pop()
        elif len(behind) == 1 and not scope_of(node.label):
            ends[node] = behind.pop()
    return ends


def scopes_of_consumers(reads: Reads, known: Mapping[Value, Scope]) -> dict[Value, Scope]:
    """Return, for each node of unknown scope, the scope that all its consumers share, if any."""
    around: dict[Value, Scope] = {}
    for node in reversed(reads):
        scope = known[node] or (() if node.label else around.get(node, ()))
        for x in reads[node]:
            if not x.label and around.setdefault(x, scope) != scope:
                around[x] = ()
    return around


def find_modules(scope: Mapping[Value, Scope]) -> dict[Scope, None]:
    """Return every module, the outer ones too, in the order in which they compute."""
    return dict.fromkeys(s[:n] for s in dict.fromkeys(scope.values()) for n in range(1, len(s) + 1))


def numbers_as_such(scope: Iterable[str]) -> list[tuple[str, int]]:
    """Return a key that sorts ``neuron10`` behind ``neuron9``."""
    parts = (re.fullmatch(r"(.*?)(\d*)", name, re.S) for name in scope)
    return [(part[1], int(part[2] or 0)) for part in parts if part]
