"""Modules: which lines of an explanation stay inside the modules of a network.

>>> scope_of("layer1.neuron2.w1")
('layer1', 'neuron2')
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice

from autograd_mini.engine import Value
from autograd_mini.stepping.naming import Graph

Scope = tuple[str, ...]

DEEPEST = 6  # a label with more dots is a text, not a path
READABLE = 40  # values; a network with more is told without what its modules do inside


@cache
def scope_of(label: str) -> Scope:
    """Return the modules that a label names.

    >>> scope_of("layer1.neuron2.w1"), scope_of("x1"), scope_of("3.5"), scope_of("a. b")
    (('layer1', 'neuron2'), (), (), ())
    """
    *scope, last = label.split(".")
    path = len(scope) <= DEEPEST and all(part.isidentifier() for part in (*scope, last))
    return tuple(scope) if path else ()


class Folded:
    """The modules of a graph that are not opened, and which of their values others read.

    Where more than ``READABLE`` lines lead out of such modules, as between two layers of sixteen
    neurons, these lines are not told either.
    """

    def __init__(self, graph: Graph, expand: Sequence[str] = (), folds: bool = True) -> None:
        scopes = {node: scope_of(node.label) for node in graph}
        opened = open_modules(scopes.values(), expand)
        is_large = folds and len(graph) > READABLE
        self.scopes = {
            node: scope if is_large and scope[:1] and not is_in(scope, opened) else ()
            for node, scope in scopes.items()
        }
        leaving = [(node, x) for node, x in graph.edges if self.scopes[node] != self.scopes[x]]
        self.is_crowd = sum(bool(self.scopes[node]) for node, _ in leaving) > READABLE
        loose = [x for node, x in leaving if not (self.is_crowd and self.scopes[node])]
        self.read = {*loose, graph.output}

    def hides(self, node: Value) -> bool:
        """Tell whether a value stays inside a folded module, or among them where they are many."""
        return bool(self.scopes[node]) and node not in self.read

    def hides_edge(self, node: Value, operand: Value) -> bool:
        """Tell whether an edge stays inside a folded module, or among them where they are many."""
        is_inside = self.is_crowd or self.scopes[node] == self.scopes[operand]
        return bool(self.scopes[node]) and is_inside

    def note(self, hidden: int) -> list[str]:
        """Say that so many lines are not shown, and how to see those of one module."""
        if not hidden:
            return []
        modules = dict.fromkeys(scope for scope in self.scopes.values() if scope)
        where = "inside and between" if self.is_crowd else "inside"
        inside = f"{hidden:,} lines {where} {len(modules):,} modules are folded"
        name = ".".join(min(modules))
        return [f"… {inside}; expand={name!r} opens one, lines=None all"]


def is_in(scope: Scope, opened: Iterable[Scope]) -> bool:
    """Tell whether a module is one of those opened, or inside one."""
    return any(scope[: len(module)] == module for module in opened)


def open_modules(scopes: Iterable[Scope], expand: Sequence[str]) -> list[Scope]:
    """Return the modules to open; raise ValueError for one that the graph has not."""
    known = {".".join(s[:n]) for s in scopes for n in range(1, len(s) + 1)}
    for name in expand:
        if name not in known:
            some = ", ".join(islice(sorted(known), 12))
            there = f"there are {some}" if known else "no label of this graph names a module"
            raise ValueError(f"expand: no module is called {name!r}; {there}")
    return [tuple(name.split(".")) for name in expand]
