"""Modules: which lines of an explanation stay inside the modules of a network.

>>> scope_of("layer1.neuron2.w1")
('layer1', 'neuron2')
"""

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice

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
    """The ``nodes`` and ``edges`` of a graph that stay inside modules that are not opened.

    Where more than ``READABLE`` lines lead out of such modules, as between two layers of sixteen
    neurons, these lines are not told either.
    """

    def __init__(self, graph: Graph, expand: Sequence[str], folds: bool) -> None:
        scopes = {node: scope_of(label) for node, label in graph.labels.items()}
        opened = open_modules(scopes.values(), expand)
        if not folds or len(graph) <= READABLE:
            opened = [()]  # which every module is inside of
        self.scopes = {
            node: () if any(scope[: len(module)] == module for module in opened) else scope
            for node, scope in scopes.items()
        }
        leaving = [(node, x) for node, x in graph.edges if self.scopes[node] != self.scopes[x]]
        self.is_crowd = sum(bool(self.scopes[node]) for node, _ in leaving) > READABLE
        loose = [x for node, x in leaving if not (self.is_crowd and self.scopes[node])]
        read = {*loose, graph.output}
        self.nodes = {node for node, scope in self.scopes.items() if scope and node not in read}
        self.edges = {
            (node, x)
            for node, x in graph.edges
            if (scope := self.scopes[node]) and (self.is_crowd or scope == self.scopes[x])
        }

    def note(self, hidden: int) -> list[str]:
        """Say that so many lines are not shown, and how to see those of one module."""
        if not hidden:
            return []
        modules = dict.fromkeys(scope for scope in self.scopes.values() if scope)
        where = "inside and between" if self.is_crowd else "inside"
        inside = f"{hidden:,} lines {where} {len(modules):,} modules are folded"
        name = ".".join(min(modules))
        return [f"… {inside}; expand={name!r} opens one, lines=None all"]


def open_modules(scopes: Iterable[Scope], expand: Sequence[str]) -> list[Scope]:
    """Return the modules to open; raise ValueError for one that the graph has not."""
    known = {".".join(module): module for module in find_modules(scopes)}
    for name in expand:
        if name not in known:
            some = ", ".join(islice(sorted(known), 12)) + (", …" if len(known) > 12 else "")
            there = f"there are {some}" if known else "no label of this graph names a module"
            raise ValueError(f"expand: no module is called {name!r}; {there}")
    return [known[name] for name in expand]


def find_modules(scopes: Iterable[Scope]) -> dict[Scope, None]:
    """Return every module, the outer ones too, in the order in which they compute."""
    return dict.fromkeys(s[:n] for s in dict.fromkeys(scopes) for n in range(1, len(s) + 1))
