"""Naming: what each node is called, and how its algebra and its numbers are written.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> y = (a * b + 1).tanh()
>>> named = names(y)
>>> [f"{name} = {expression(node, named)}" for node, name in named.items() if node.operands]
['v1 = a·b', 'v2 = v1 + 1', 'L = tanh(v2)']
"""

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from itertools import chain, count
from typing import Any, TypeVar

from autograd_mini.engine import Value
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.sums import Variadic, affine_sum, halves
from autograd_mini.engine.undefined import Undefined
from autograd_mini.notation.figures import Figures
from autograd_mini.notation.notation import ATOM, SUM
from autograd_mini.notation.numbers import write_number
from autograd_mini.notation.text import Symbol

Names = dict[Value, str]
S = TypeVar("S", bound=Symbol)

LONG = 8  # a sum of more terms is written with its middle left out
REST = "…"
number = write_number
ONE_WORD = re.compile(r"[^\s+\-*/^=,·×]+")


def factor(x: float) -> str:
    """Write a number that stands to the right of a sign: a negative one in parentheses.

    >>> factor(3.0), factor(-2.0)
    ('3', '(-2)')
    """
    return Figures.of(x).on_the_right(SUM)


def names(output: Value) -> dict[Value, str]:
    """Name every node that *output* depends on, in topological order; no two names are equal.

    A node is called by its label. Where several nodes have the same label ``w``, the second is
    called ``w#2``. Nodes without a label are ``v1``, ``v2``, …, leaving out what labels take; an
    *output* without a label is ``L`` if no label is.

    >>> a = Value(2.0, "a")
    >>> list(names(a * Value(3.0, "a") + 1).values())
    ['a', 'a#2', 'v1', 'L']

    Raises TypeError for what is not a Value.
    """
    order = topological_order(value(output))
    return dict(zip(order, name_labels([node.label for node in order]), strict=True))


def name_labels(labels: Sequence[str]) -> list[str]:
    """Name nodes by their labels, which are in topological order, as ``names`` says.

    >>> name_labels(["a", "a", "", ""])
    ['a', 'a#2', 'v1', 'L']
    """
    labels = [" ".join(label.split()) for label in labels]
    taken = {*labels}
    choices = {label: chain([label], spare(f"{label}#", 2, taken)) for label in taken}
    choices[""] = chain(spare("v", 1, taken))
    found = [next(choices[label]) for label in labels]
    if not labels[-1] and "L" not in taken:
        found[-1] = "L"
    return found


def value(x: object) -> Value:
    """Return a Value; raise TypeError for anything else."""
    if isinstance(x, Value):
        return x
    advice = "; take one of the list, or total() of it" if isinstance(x, (list, tuple)) else ""
    raise TypeError(f"need one Value, got {type(x).__name__} {x!r:.40}{advice}")


def spare(prefix: str, first: int, taken: set[str]) -> Iterator[str]:
    """Yield the numbered names that are not taken."""
    return (name for i in count(first) if (name := f"{prefix}{i}") not in taken)


def symbol(name: str) -> Symbol:
    """Return the name as a Symbol; a label such as ``a + b`` counts as the sum it looks like.

    >>> print(symbol("a + b") * symbol("w"))
    (a + b)·w
    """
    return Symbol(name, ATOM if ONE_WORD.fullmatch(name) else SUM)


def derivative_of(output: str, name: str) -> str:
    """Write a derivative of Leibniz.

    >>> derivative_of("L", "a"), derivative_of("L", "a + b")
    ('∂L/∂a', '∂L/∂(a + b)')
    """
    return f"∂{symbol(output).inside(ATOM)}/∂{symbol(name).inside(ATOM)}"


def expression(node: Value, named: Names) -> str:
    """Write the algebra that was typed to make a node; nothing for a leaf."""
    return algebra(node, named).text


def algebra(node: Value, named: Names) -> Symbol:
    """Return the algebra that was typed to make a node as a Symbol; an empty one for a leaf."""
    return write_operation(node, Symbol, lambda x: symbol(named[x]))


def figures(node: Value) -> Figures:
    """Return the same with the data of the operands."""
    return write_operation(node, Figures, lambda x: Figures.of(x.data))


def write_operation(node: Value, kind: type[S], write: Callable[[Value], S]) -> S:
    """Write the operation that made a node, given how to *write* an operand."""

    def write_any(x: Any) -> S:
        return write(x) if isinstance(x, Value) else kind.of(x)

    if not node.operands:
        return kind("")
    if node.op is affine_sum:
        return reduce(operator.add, write_weighted(node.operands, kind, write_any))
    if isinstance(node.op, Variadic):
        return reduce(operator.add, write_long(node.operands, kind, write_any))
    return kind.apply(node.op, *map(write_any, node.operands))


def write_weighted(operands: Sequence[Any], kind: type[S], write: Callable[[Any], S]) -> list[S]:
    """Write the terms of a weighted sum; a bias of 0 is what it has where none was given."""
    weights, inputs = halves(operands[:-1])
    pairs = [*zip(weights, inputs, strict=True)]
    products = write_long(pairs, kind, lambda pair: write(pair[0]) * write(pair[1]))
    bias = operands[-1]
    return products if bias == 0.0 else [*products, write(bias)]


def write_long(terms: Sequence[Any], kind: type[S], write: Callable[[Any], S]) -> list[S]:
    """Write the terms of a sum; of a long one the first two and the last, and … between."""
    if len(terms) <= LONG:
        return [write(x) for x in terms]
    return [write(terms[0]), write(terms[1]), kind(REST), write(terms[-1])]


def formulas(node: Value, named: Names) -> list[str]:
    """Write the partial with respect to each operand of a node; for a constant, nothing."""
    operands = [symbol(named[x]) if isinstance(x, Value) else x for x in node.operands]
    wanted = [isinstance(x, Value) for x in node.operands]
    y = symbol(named[node])
    partials = node.op.partials(operands, y, wanted)
    if any(isinstance(partial, Undefined) for partial in partials):
        partials = node.op.partials([*map(Symbol.of, operands)], y, wanted)
    return ["" if partial is None else Symbol.of(partial).text for partial in partials]
