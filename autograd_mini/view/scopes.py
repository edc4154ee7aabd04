"""Scopes: which module a value belongs to.

A label with dots, such as ``layer1.neuron2.w1``, names the modules that a value lies in: the scope
``("layer1", "neuron2")``. A computed value whose label says nothing of the kind belongs to the
module that computed it, which is found from what it reads. So a network keeps its shape when its
output gets a label of its own:

>>> from autograd_mini.engine.order import topological_order
>>> from autograd_mini.engine.sums import weighted_sum
>>> w, b, x = Value(2.0, "n1.w1"), Value(1.0, "n1.b"), Value(3.0, "x")
>>> y = weighted_sum([w], [x], b)
>>> y.label = "y"
>>> loss = (y - 1.0) ** 2
>>> [find_scopes(topological_order(loss))[node] for node in (w, x, y, loss)]
[('n1',), (), ('n1',), ()]
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from autograd_mini.engine import Value
from autograd_mini.stepping.modules import Scope, scope_of

INNER = "z"  # what a network calls the weighted sum of a neuron, which its activation alone reads


def is_parameter(label: str) -> bool:
    """Tell whether a label is that of a weight or a bias inside a module.

    >>> is_parameter("layer1.neuron2.w1"), is_parameter("w1"), is_parameter("data.x1")
    (True, False, False)
    """
    return bool(scope_of(label)) and re.fullmatch(r".*\.(w\d*|b)", label) is not None


def values(node: Value) -> list[Value]:
    """List the operands that are Values."""
    return [x for x in node.operands if isinstance(x, Value)]


def find_scopes(order: Sequence[Value]) -> dict[Value, Scope]:
    """Return the scope of every node, given them in topological order."""
    known = {node: scope_of(node.label) or computed_in(node) for node in order}
    known |= unnamed_ends(order, known)
    around = scopes_of_consumers(order, known)
    found: dict[Value, Scope] = {}
    for node in order:
        shared = around.get(node, ())
        inside = shared and any(found[x] == shared for x in values(node))
        found[node] = known[node] or (shared if inside and not node.label else ())
    return found


def computed_in(node: Value) -> Scope:
    """Return the module that certainly computed a node, by its operands; () if there is none.

    It is the one whose weighted sum the node reads, or whose parameters it combines with something
    else. A sum of squared weights reads parameters only: a penalty, which no module computes.
    """
    operands = values(node)
    inner = {scope_of(x.label) for x in operands if is_inner(x)}
    weights = [x for x in operands if not x.operands and is_parameter(x.label)]
    if len(weights) < len(operands):
        inner |= {scope_of(x.label) for x in weights}
    return inner.pop() if len(inner) == 1 else ()


def is_inner(node: Value) -> bool:
    """Tell whether a node is the weighted sum of a neuron, which nothing outside it reads."""
    return bool(node.operands) and node.label.endswith(f".{INNER}") and bool(scope_of(node.label))


def unnamed_ends(order: Sequence[Value], known: Mapping[Value, Scope]) -> dict[Value, Scope]:
    """Return the ends of activations of several steps whose label is a plain name.

    They read the weighted sum of a neuron through nodes without a label.
    """
    reads: dict[Value, Scope] = {}
    ends: dict[Value, Scope] = {}
    for node in order:
        behind = {reads.get(x, ()) for x in values(node)} - {()}
        if is_inner(node):
            reads[node] = known[node]
        elif len(behind) == 1 and not node.label:
            reads[node] = behind.pop()
        elif len(behind) == 1 and not scope_of(node.label):
            ends[node] = behind.pop()
    return ends


def scopes_of_consumers(order: Sequence[Value], known: Mapping[Value, Scope]) -> dict[Value, Scope]:
    """Return, for each node of unknown scope, the scope that all its consumers share, if any."""
    around: dict[Value, Scope] = {}
    for node in reversed(order):
        scope = known[node] or (() if node.label else around.get(node, ()))
        for x in values(node):
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
