"""Folding: which values share a box, where a graph is too large for one box each.

A label with dots, such as ``layer1.neuron2.w1``, says which module a value belongs to: the scope
``("layer1", "neuron2")``. Nodes without a label belong where they lie between nodes of one scope.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from autograd_mini.engine import Value

Scope = tuple[str, ...]

DEEPEST = 6  # a label with more dots is a text, not a path
FEW = 12  # so many loose values, or fewer, keep a box each


@dataclass(eq=False)
class Group:
    """Several values in one box: a module, values of one name, or loose ones of one kind."""

    title: str
    scope: Scope
    is_module: bool = False

    @property
    def path(self) -> str:
        """Its full name."""
        return ".".join((*self.scope, self.title))


Box = Value | Group


@cache
def scope_of(label: str) -> Scope:
    """Return the modules that a label names.

    >>> scope_of("layer1.neuron2.w1"), scope_of("x1"), scope_of("3.5"), scope_of("a. b")
    (('layer1', 'neuron2'), (), (), ())
    """
    *scope, last = label.split(".")
    path = len(scope) <= DEEPEST and all(part.isidentifier() for part in (*scope, last))
    return tuple(scope) if path else ()


def values(node: Value) -> list[Value]:
    """List the operands that are Values."""
    return [x for x in node.operands if isinstance(x, Value)]


def scopes(order: Sequence[Value]) -> dict[Value, Scope]:
    """Return the scope of every node, given them in topological order."""
    around = scopes_of_consumers(order)
    found: dict[Value, Scope] = {}
    for node in order:
        scope = scope_of(node.label)
        if not node.label and any(found[x] == around.get(node) for x in values(node)):
            scope = around.get(node, ())
        found[node] = scope
    return found


def scopes_of_consumers(order: Sequence[Value]) -> dict[Value, Scope]:
    """Return, for each node without a label, the scope that all its consumers share, if any."""
    around: dict[Value, Scope] = {}
    for node in reversed(order):
        scope = scope_of(node.label) if node.label else around.get(node, ())
        for x in values(node):
            if not x.label and around.setdefault(x, scope) != scope:
                around[x] = ()
    return around


def modules(scope: Mapping[Value, Scope]) -> dict[Scope, None]:
    """Return every module, the outer ones too, in the order in which they compute."""
    return dict.fromkeys(s[:n] for s in dict.fromkeys(scope.values()) for n in range(1, len(s) + 1))


def boxed(scope: Scope, level: int, opened: Iterable[Scope]) -> Scope:
    """Return the module whose box holds the values of a scope; () if they stand alone.

    *level* is the length of the modules' names. An *opened* module shows its inner modules, or
    its values where its inner modules have boxes already.

    >>> boxed(("l1", "n1"), 1, []), boxed(("l1", "n1"), 1, [("l1",)])
    (('l1',), ('l1', 'n1'))
    >>> boxed(("l1", "n1"), 2, [("l1",)])
    ()
    """
    for n in range(level, len(scope) + 1):
        module = scope[:n]
        within = n == level
        if not any(e[:n] == module or (within and module[: len(e)] == e) for e in opened):
            return module
    return scope if 0 < len(scope) < level and scope not in opened else ()


class Folding:
    """The box of every value, at a level: 0 gives each its own, 2 folds ``layer1.neuron2``."""

    def __init__(self, scope: dict[Value, Scope], level: int, opened: Iterable[Scope] = ()) -> None:
        self.level, self.opened = level, tuple(opened)
        self.groups: dict[tuple[str, Scope, str], Group] = {}
        self.where = {s: boxed(s, level, self.opened) for s in dict.fromkeys(scope.values())}
        self.output = next(reversed(scope))
        self.crowded = crowded(scope)
        self.members: dict[Box, list[Value]] = defaultdict(list)
        for node, s in scope.items():
            self.members[self.box(node, s) if level else node].append(node)
        self.members = {alone(box, nodes): nodes for box, nodes in self.members.items()}
        self.box_of = {node: box for box, nodes in self.members.items() for node in nodes}

    def box(self, node: Value, scope: Scope) -> Box:
        """Return the box of one value."""
        if module := self.where[scope]:
            return self.group("module", module[:-1], module[-1])
        if node.label and node is not self.output:
            return self.group("alike", scope, node.label.removeprefix(".".join((*scope, ""))))
        kind = "arithmetic" if node.operands else "inputs"
        apart = scope or node is self.output or kind not in self.crowded
        return node if apart else self.group("loose", (), kind)

    def group(self, kind: str, scope: Scope, title: str) -> Group:
        """Return the group of that name, always the same one."""
        made = Group(title, scope, kind == "module")
        return self.groups.setdefault((kind, scope, title), made)

    def behind(self, box: Box) -> Iterator[Box]:
        """Yield the boxes that hold operands of the values in one."""
        return (self.box_of[x] for node in self.members[box] for x in values(node))


def alone(box: Box, members: Sequence[Value]) -> Box:
    """Return the only value of a group that is no module, as the value it is; else the box."""
    only = isinstance(box, Group) and not box.is_module and len(members) == 1
    return members[0] if only else box


def crowded(scope: Mapping[Value, Scope]) -> set[str]:
    """Tell which kinds of loose values without a label, all but the output, are many."""
    *loose, _ = (node for node in scope)
    kinds = ["arithmetic" if x.operands else "inputs" for x in loose if not (scope[x] or x.label)]
    return {kind for kind in ("arithmetic", "inputs") if kinds.count(kind) > FEW}


def nearest(folding: Folding, output: Box, depth: float, most: int) -> dict[Box, None]:
    """Return the boxes at most *depth* steps behind the output's, and no level that makes *most*.

    If the first level behind the output is too wide already, returns as much of it as fits.
    """
    shown, rim, steps = {output: None}, [output], 0
    while rim and steps < depth:
        reached = dict.fromkeys(x for box in rim for x in folding.behind(box))
        rim = [box for box in reached if box not in shown]
        if len(shown) + len(rim) > most:
            rim = rim[: most - 1] if steps == 0 else []
        shown.update(dict.fromkeys(rim))
        steps += 1
    return shown
