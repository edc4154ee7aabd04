"""Naming: what each node of a graph is called, and how its algebra is written.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> graph = names((a * b + 1).tanh())
>>> [f"{name} = {graph.algebra(node)}" for node, name in graph.items() if node.operands]
['v1 = a·b', 'v2 = v1 + 1', 'L = tanh(v2)']
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain

from autograd_mini.engine import Value
from autograd_mini.engine.graph import doubtful, one_value
from autograd_mini.engine.messages import find_first_bad, refuse_swapped, tell_node
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.sums import affine_sum, sum_of
from autograd_mini.engine.undefined import Undefined
from autograd_mini.notation.algebra import W, write_operation
from autograd_mini.notation.equation import figure
from autograd_mini.notation.notation import SUM
from autograd_mini.notation.numbers import write_number
from autograd_mini.notation.text import Symbol, name_labels, write_label

REST = Symbol.REST
BRIEF = 40  # characters of algebra within a derivative
NESTED = 4  # how far lists in lists are searched for Values that a variable holds

number = write_number


# Graphs -------------------------------------------------------------------------------------------


class Graph(dict[Value, str]):
    """The nodes that an output depends on, in topological order, each with a name of its own.

    It is made once for all that is shown of a computation: what is called ``v1`` in one place is
    called so in every other.
    """

    def __init__(self, output: Value, variables: Mapping[str, object] | None = None) -> None:
        labels = {node: node.label for node in topological_order(one_value(output))}
        self.labels = find_labels(labels, variables)
        super().__init__(zip(labels, name_labels(self.labels.values()), strict=True))
        self.output = output
        self._algebra: dict[Value, Symbol] = {}
        self._partials: tuple[Value | None, list[Symbol | None]] = (None, [])

    @classmethod
    def of(cls, output: "Value | Graph", variables: Mapping[str, object] | None = None) -> "Graph":
        """Return the graph of an output; leave a graph as it is."""
        return output if isinstance(output, Graph) else cls(output, variables)

    @property
    def title(self) -> str:
        """The name of the output."""
        return self[self.output]

    @property
    def typed(self) -> str:
        """What stands for the output in advice to type: ``...`` if its name was made up here."""
        return self.title if self.labels[self.output] else "..."

    @cached_property
    def leaves(self) -> list[Value]:
        """The leaves in the order of their names: ``z2`` before ``z10``."""
        return sorted((node for node, read in self.reads.items() if not read), key=self.rank)

    @cached_property
    def uses(self) -> Counter[Value]:
        """How many edges lead to each node."""
        return Counter(chain.from_iterable(self.reads.values()))

    @cached_property
    def reads(self) -> dict[Value, list[Value]]:
        """The operands of each node that are Values; a leaf has none."""
        return {node: [x for x in node.operands if isinstance(x, Value)] for node in self}

    @property
    def computed(self) -> Iterator[Value]:
        """The nodes that are no leaves, in topological order."""
        return (node for node, read in self.reads.items() if read)

    @property
    def edges(self) -> Iterator[tuple[Value, Value]]:
        """Every node with each operand that is a Value."""
        return ((node, x) for node, read in self.reads.items() for x in read)

    @cached_property
    def first_bad(self) -> Value | None:
        """The first node whose data is not finite."""
        return find_first_bad(self)

    @cached_property
    def edited(self) -> set[Value]:
        """The nodes whose own data, or that of an operand, was written."""
        noted = {node for node in self if "before" in node.notes}
        return {*noted, *(node for node, x in self.edges if x in noted)} if noted else noted

    @cached_property
    def doubtful(self) -> set[Value]:
        """The nodes at which 0 · undefined counts as 0, though that may be wrong."""
        return set(doubtful(self.output))

    def rank(self, node: Value) -> list[tuple[int, str]]:
        """Return what sorts nodes by their names, the numbers in them as numbers."""
        parts = re.split(r"(\d{1,18})", self[node])
        return [(int(x), "") if i % 2 else (0, x) for i, x in enumerate(parts)]

    def symbol(self, node: Value) -> Symbol:
        """Return the name of a node as a Symbol."""
        return Symbol.named(self[node])

    def algebra(self, node: Value) -> Symbol:
        """Return the algebra that was typed to make a node; an empty one for a leaf."""
        if node not in self._algebra:
            self._algebra[node] = write_algebra(node, self)
        return self._algebra[node]

    def call(self, node: Value) -> str:
        """Return the name of a node; one of another graph gets a name that no node here has."""
        if node in self:
            return self[node]
        label = write_label(tell_node(node))
        return f"another {label}" if label in self.values() else label

    def refuse_swapped(self, node: Value) -> None:
        """Raise ValueError if a node is computed from the output: then the two were swapped."""
        refuse_swapped(self.output, [node], self.call)

    def brief(self, node: Value) -> Symbol:
        """Return the algebra of a node; of a long sum its first and its last term."""
        whole = self.algebra(node)
        return whole if len(whole.text) <= BRIEF else write_ends(node, Symbol, self.symbol)

    def derivative(self, node: Value) -> str:
        """Write the derivative of the output with respect to a node: ``∂L/∂a``."""
        return derivative_of(self.title, self[node])

    def local(self, node: Value, operand: Value) -> str:
        """Write the partial of a node with respect to an operand: ``∂c/∂d``.

        Where that would be read as the whole derivative, since the node is the output or the
        operand is used in several places, it says of which operation: ``∂(d·e)/∂d``.
        """
        upper = self.brief(node) if self.is_ambiguous(node, operand) else self.symbol(node)
        return Symbol.write_derivative(upper, Symbol.named(self[operand])).text

    def is_ambiguous(self, node: Value, operand: Value) -> bool:
        """Tell whether the partial of a node would be read as a whole derivative."""
        return node is self.output or self.uses[operand] > 1

    def partials(self, node: Value) -> list[Symbol | None]:
        """Write the partial with respect to each operand of a node; None for a constant."""
        if self._partials[0] is not node:  # one step after the other asks for the same node
            self._partials = node, write_rules(node, self.symbol, Symbol)
        return self._partials[1]


def names(output: Value, variables: Mapping[str, object] | None = None) -> Graph:
    """Name every node that *output* depends on, in topological order; no two names are equal.

    A node is called by its label; without one, by the variable that holds it, or the place in a
    list, if *variables* is a mapping such as ``locals()``. Where several nodes have the same label
    ``w``, the second is called ``w#2``. All others are ``v1``, ``v2``, …, leaving out what is
    taken; an *output* without a label is ``L`` if no label is.

    >>> a = Value(2.0, "a")
    >>> list(names(a * Value(3.0, "a") + 1).values())
    ['a', 'a#2', 'v1', 'L']
    >>> w = [Value(1.0), Value(2.0)]
    >>> list(names(w[0] * w[1], {"w": w}).values())
    ['w[0]', 'w[1]', 'L']

    Raises TypeError for what is not a Value, and where *variables* are no mapping.
    """
    return Graph(output, variables)


def find_labels(
    labels: Mapping[Value, str], variables: Mapping[str, object] | None
) -> Mapping[Value, str]:
    """Return each node's label; without one, the variable that holds it, unless that is taken."""
    held = {} if variables is None else name_variables(variables)
    if not held:  # as usual, and a graph may have a million nodes
        return labels
    taken = {write_label(label) for label in {*labels.values()}}
    free = {node: name for node, name in held.items() if name not in taken}
    return {node: label or free.get(node, "") for node, label in labels.items()}


def name_variables(variables: Mapping[str, object]) -> dict[Value, str]:
    """Name the Values that variables hold, in lists, tuples and dicts too; ``_private`` ones not.

    >>> a, b = Value(1.0), Value(2.0)
    >>> list(name_variables({"layer": {"w": [a, b]}, "a": a}).values())
    ['a', "layer['w'][1]"]
    """
    if not isinstance(variables, Mapping):
        raise TypeError(f"names is a mapping such as locals(), got {type(variables).__name__}")
    found: dict[Value, str] = {}
    level = [(str(name), held) for name, held in variables.items() if str(name)[:1] != "_"]
    for _ in range(NESTED):
        for name, held in level:
            if isinstance(held, Value):
                found.setdefault(held, name)
        level = [inner for name, held in level for inner in elements(name, held)]
    return found


def elements(name: str, held: object) -> Iterator[tuple[str, object]]:
    """Yield what a list, a tuple or a dict holds, with the names one would type."""
    pairs: Iterable[tuple[object, object]] = ()
    if isinstance(held, dict):
        pairs = held.items()
    elif isinstance(held, (list, tuple)):
        pairs = enumerate(held)
    for key, inner in pairs:
        if isinstance(inner, (Value, list, tuple, dict)):
            yield f"{name}[{key!r}]", inner


# Writing ------------------------------------------------------------------------------------------


def factor(x: float) -> str:
    """Write a number that stands to the right of a sign: a negative one in parentheses.

    >>> factor(3.0), factor(-2.0)
    ('3', '(-2)')
    """
    return figure(x).on_the_right(SUM)


def derivative_of(output: str, name: str) -> str:
    """Write a derivative of Leibniz.

    >>> derivative_of("L", "a"), derivative_of("L", "a + b")
    ('∂L/∂a', '∂L/∂(a + b)')
    """
    return Symbol.write_derivative(Symbol.named(output), Symbol.named(name)).text


def write_algebra(node: Value, named: Mapping[Value, str]) -> Symbol:
    """Write the algebra that was typed to make a node, by any names; nothing for a leaf."""
    return write_operation(node.op, node.operands, Symbol, lambda x: Symbol.named(named[x]))


def write_figures(node: Value, kind: type[W]) -> W:
    """Write the algebra of a node with the data of the operands."""
    return write_operation(node.op, node.operands, kind, lambda x: kind.of(x.data))


def write_ends(node: Value, kind: type[W], write: Callable[[Value], W]) -> W:
    """Write the first and the last term of a sum: ``w1·x1 + … + b``; any other operation whole."""
    if node.op not in (affine_sum, sum_of):
        return write_operation(node.op, node.operands, kind, write)
    places = [0, len(node.operands) // 2, -1]  # a sum may be of thousands: no other term is written
    ends = [node.operands[place] for place in places]
    first, second, last = [write(x) if isinstance(x, Value) else kind.of(x) for x in ends]
    if node.op is affine_sum:
        first = first * second
    return first + kind(kind.REST) + last


def write_rules(node: Value, write: Callable[[Value], W], kind: type[W]) -> list[W | None]:
    """Write the rule of each operand of a node, given how to *write* one; None for a constant.

    Where a rule of one's own takes numbers alone, its number is written.
    """
    operands = [write(x) if isinstance(x, Value) else x for x in node.operands]
    wanted = [isinstance(x, Value) for x in node.operands]
    y = write(node)
    try:
        partials = node.op.partials(operands, y, wanted)
        if any(isinstance(partial, Undefined) for partial in partials):
            partials = node.op.partials([*map(kind.of, operands)], y, wanted)
    except TypeError:
        partials = [*node.partials]
    return [None if partial is None else kind.of(partial) for partial in partials]
