"""Naming: what each node is called, and how its algebra and its numbers are written.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> y = (a * b + 1).tanh()
>>> named = names(y)
>>> [f"{name} = {expression(node, named)}" for node, name in named.items() if node.operands]
['v1 = a·b', 'v2 = v1 + 1', 'L = tanh(v2)']
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, count
from typing import Any, ClassVar, Self, TypeVar

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import Undefined
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.primitives import Primitive
from autograd_mini.engine.sums import affine_sum, sum_of
from autograd_mini.notation.formula import ATOM, POWER, PRODUCT, SUM, Symbol

Names = dict[Value, str]
S = TypeVar("S", bound=Symbol)

LONG = 8  # a sum of more terms is written with its middle left out
REST = "…"
ONE_WORD = re.compile(r"[^\s+\-*/^=,·×]+")


def number(x: float) -> str:
    """Write a number as short as a reader wants it: four digits, whole numbers up to six.

    >>> number(0.70710678), number(-8.0), number(-0.0), number(123456.0), number(0.5e-7)
    ('0.7071', '-8', '0', '123456', '5e-08')
    """
    if isinstance(x, Undefined):
        return "undefined"
    whole = abs(x) < 1e6 and x == int(x)
    return f"{x + 0.0:.0f}" if whole else f"{x:.4g}"


def factor(x: float) -> str:
    """Write a number that stands to the right of a sign: a negative one in parentheses.

    >>> factor(3.0), factor(-2.0)
    ('3', '(-2)')
    """
    return Figures.of(x).right(SUM)


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
    labels = [" ".join(node.label.split()) for node in order]
    taken = {*labels}
    choices = {label: chain([label], spare(f"{label}#", 2, taken)) for label in taken}
    choices[""] = chain(spare("v", 1, taken))
    named = {node: next(choices[label]) for node, label in zip(order, labels, strict=True)}
    if not labels[-1] and "L" not in taken:
        named[output] = "L"
    return named


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


class Figures(Symbol):
    """A formula of short numbers, as one works it out on paper.

    >>> from autograd_mini.engine.primitives import mul
    >>> print(Figures.apply(mul, Figures.of(1 / 3), Figures.of(-2.0)))
    0.3333 × (-2)
    """

    __slots__ = ()

    INFIX: ClassVar[dict[str, tuple[int, str, int]]] = Symbol.INFIX | {
        "*": (PRODUCT, " × ", PRODUCT),
        "/": (PRODUCT, " / ", POWER),
    }
    number = staticmethod(number)

    @classmethod
    def of(cls, x: Any) -> Self:
        """Write a number; one with an exponent binds like the product it is: ``(2e-08)²``."""
        figure = super().of(x)
        return cls(figure.text, PRODUCT) if "e-" in figure.text or "e+" in figure.text else figure


def expression(node: Value, named: Names) -> str:
    """Write the algebra that was typed to make a node; nothing for a leaf."""
    return written(node, lambda x: symbol(named[x]) if isinstance(x, Value) else Symbol.of(x))


def figures(node: Value) -> str:
    """Write the same with the data of the operands."""
    return written(node, lambda x: Figures.of(x.data if isinstance(x, Value) else x))


def written(node: Value, write: Callable[[Any], S]) -> str:
    """Write the operation that made a node, given how to *write* an operand."""
    if not node.operands:
        return ""
    operands = shortened(node.op, node.operands)
    kind = type(write(operands[0]))
    parts: list[Any] = [kind(x) if x is REST else write(x) for x in operands]
    if node.op is affine_sum and operands[-1] == 0.0:
        parts[-1] = 0.0  # no bias was given: Symbols leave out a plain 0
    formula = kind.apply(node.op, *parts)
    return re.sub(f"{REST}.*{REST}", REST, formula.text)


def shortened(op: Primitive, operands: Sequence[Any]) -> Sequence[Any]:
    """Leave out the middle of a long sum."""
    if op is sum_of and len(operands) > LONG:
        return [*operands[:2], REST, operands[-1]]
    if op is affine_sum and len(operands) > 2 * LONG + 1:
        n = len(operands) // 2
        weights, inputs = operands[:n], operands[n:-1]
        return [*weights[:2], REST, weights[-1], *inputs[:2], REST, *inputs[-1:], operands[-1]]
    return operands


def formulas(node: Value, named: Names) -> list[str]:
    """Write the partial with respect to each operand of a node; for a constant, nothing."""
    operands = [symbol(named[x]) if isinstance(x, Value) else x for x in node.operands]
    wanted = [isinstance(x, Value) for x in node.operands]
    y = symbol(named[node])
    partials = node.op.partials(operands, y, wanted)
    if any(isinstance(partial, Undefined) for partial in partials):
        partials = node.op.partials([*map(Symbol.of, operands)], y, wanted)
    return ["" if partial is None else Symbol.of(partial).text for partial in partials]
