"""What if: every number of a graph with other data in its leaves, old beside new."""

import html
import math
from collections.abc import Iterable, Mapping
from copy import deepcopy
from difflib import get_close_matches
from itertools import chain
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import described
from autograd_mini.engine.care import CarefulPass
from autograd_mini.engine.changes import Changes
from autograd_mini.engine.graph import recompute
from autograd_mini.engine.waiting import show_progress
from autograd_mini.notation.equation import figure, write_equation
from autograd_mini.notation.plain import for_screen
from autograd_mini.stepping.editing import is_same_number, require_current, shown
from autograd_mini.stepping.explaining import align_columns
from autograd_mini.stepping.naming import Graph, number
from autograd_mini.stepping.paths import LINES, leave_out_middle


class Change(NamedTuple):
    """A number before and after; written as one number where it is the same."""

    before: float
    after: float

    @property
    def is_one(self) -> bool:
        """Whether the number is another one afterwards."""
        return not is_same_number(self.before, self.after)

    def __str__(self) -> str:
        if not self.is_one:
            return number(self.after)
        return f"{shown(self.before, self.after)} → {shown(self.after, self.before)}"


class Outcome(NamedTuple):
    """One node: its name, its algebra with the name before it, its data, and its gradient."""

    name: str
    equation: str
    data: Change
    grad: Change

    @property
    def is_changed(self) -> bool:
        """Whether the data or the gradient is another one."""
        return self.data.is_one or self.grad.is_one

    @property
    def cells(self) -> list[str]:
        """The cells of its row, with a mark where something changed."""
        head = f"{'*' if self.is_changed else ' '} {self.equation}"
        return [head, str(self.data), str(self.grad)]


class WhatIf:
    """All numbers of a graph before and after some of its leaves were given other data.

    ``rows`` has one row for each node, the leaves first. ``output`` is a copy of the graph with the
    new numbers, and ``changes`` finds the row of each of its nodes.
    """

    def __init__(
        self,
        output: Value,
        given: Iterable[tuple[str | Value, float]],
        names: Mapping[str, object] | None,
    ) -> None:
        graph = Graph(output, names)
        numbers = find_numbers(graph, given)
        require_current(graph)
        twins = copy_graph(graph)
        self.output = twins[output]
        before = differentiate(self.output)
        for leaf, data in numbers.items():
            twins[leaf].data = data
        after = differentiate(recompute(self.output))
        named = Graph(self.output)
        nodes = chain(named.leaves, named.computed)
        self.changes = {
            node: Outcome(
                named[node],
                write_equation(named[node], named.algebra(node)),
                *(Change(x, y) for x, y in zip(before[node], after[node], strict=True)),
            )
            for node in show_progress(nodes, len(named), "comparing rows")
        }
        self.rows = [*self.changes.values()]
        edited = [self.changes[twins[leaf]] for leaf in numbers]
        told = (f"{write_given(x.name, *x.data)} instead of {shown(*x.data)}" for x in edited)
        self.title = f"if {' and '.join(told)}"
        self.heads = ["data", f"∂{named.title}/∂…"]

    def __str__(self) -> str:
        rest = ["  … (rows holds what is left out here)"]
        cells = leave_out_middle(self.rows, lambda row: row.cells, rest, LINES)
        cells.insert(0, ["* changed", *self.heads])
        return for_screen("\n".join([self.title, *align_columns(cells, "  ")]))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Show the table in a notebook, the rows that changed in bold."""
        head = "".join(f"<th>{html.escape(x)}" for x in ("", *self.heads))
        rows = "\n".join(leave_out_middle(self.rows, write_html, "<tr><td>…", LINES))
        caption = f"<caption>{html.escape(self.title)}</caption>"
        return f"<table>{caption}\n<tr>{head}\n{rows}\n</table>"


def what_if(
    output: Value,
    changes: Mapping[str | Value, float] = {},
    /,
    *,
    names: Mapping[str, object] | None = None,
    **numbers: float,
) -> WhatIf:
    """Return every data and gradient as it would be with other numbers in some leaves.

    ``what_if(L, a=3)`` names leaves by their labels; *changes* takes other names and the Values
    themselves, as in ``what_if(L, {"w#2": 3, a: 1})``. Values without a label are called as the
    variables of *names* that hold them, such as ``locals()``. The graph is left as it is;
    ``draw`` takes the result and shows old and new in every box.

    Raises ValueError for a name that no leaf has, for a leaf that is given twice, for a node that
    is computed, without any change, and where data was edited after the forward pass; and what the
    operations raise on the new numbers. A derivative that does not exist is NaN.

    >>> a, b = Value(2.0, "a"), Value(-3.0, "b")
    >>> what_if(a * b, a=4)
    if a = 4 instead of 2
    * changed  data      ∂L/∂…
    * a        2 → 4     -3
    * b        -3        2 → 4
    * L = a·b  -6 → -12  1
    """
    if not isinstance(changes, Mapping):
        raise TypeError(f"the changes are a mapping such as {{a: 3}}, got {described(changes)}")
    given = [*changes.items(), *numbers.items()]
    if not given:
        raise ValueError("nothing changes: say which leaf has which number, as in what_if(L, a=3)")
    return WhatIf(output, given, names)


def find_numbers(graph: Graph, given: Iterable[tuple[str | Value, float]]) -> dict[Value, float]:
    """Return the number that each leaf is given; raise ValueError for one that is given two."""
    numbers: dict[Value, float] = {}
    for key, data in given:
        if (leaf := find_leaf(graph, key)) in numbers:
            raise ValueError(f"{graph[leaf]} is given two numbers, {numbers[leaf]} and {data}")
        numbers[leaf] = data
    return numbers


def find_leaf(graph: Graph, key: str | Value) -> Value:
    """Return the leaf of that name, or that Value; raise ValueError if the graph has no such."""
    by_name = {name: node for node, name in graph.items()}
    node = key if isinstance(key, Value) else by_name.get(key)
    if node is None or node not in graph:
        leaves = [graph[leaf] for leaf in graph.leaves]
        near = get_close_matches(str(key), leaves, n=1)
        there = f"did you mean {near[0]}?" if near else f"its leaves are {', '.join(leaves[:20])}"
        raise ValueError(f"{graph.title} does not depend on {key!r:.40}; {there}")
    if node.operands:
        equation = write_equation(graph[node], graph.algebra(node))
        raise ValueError(f"{equation} is computed: give other numbers to leaves")
    return node


def copy_graph(graph: Graph) -> dict[Value, Value]:
    """Return a copy of every node, which is labelled as the variable that holds the node."""
    twins = dict(zip(graph, Graph(deepcopy(graph.output)), strict=True))
    for node, label in graph.labels.items():
        twins[node].label = label
    return twins


def differentiate(output: Value) -> dict[Value, tuple[float, float]]:
    """Make one backward pass, and return data and gradient of each node; NaN where there is none.

    Where a derivative does not exist, ``backward`` would leave all grads alone.
    """
    output.zero_grad()
    careful = CarefulPass(output)
    if undefined := careful.undefined():
        found = [math.nan if x in undefined else d for x, d in careful.adjoints.items()]
        Changes().grads([*careful.adjoints], found).make()
    else:
        output.backward()
    return {node: (node.data, node.grad) for node in Graph(output)}


# Text ---------------------------------------------------------------------------------------------


def write_given(name: str, before: float, after: float) -> str:
    """Write a number as it is now, in enough digits to tell it from what it was."""
    told = shown(after, before)
    side = figure(after)
    return write_equation(name, side) if told == side.text else write_equation(name, told)


def write_html(row: Outcome) -> str:
    """Write a row for a notebook."""
    cells = [html.escape(row.equation)]
    cells += [f"<b>{x}</b>" if x.is_one else str(x) for x in (row.data, row.grad)]
    return "<tr>" + "".join(f"<td>{cell}" for cell in cells)
