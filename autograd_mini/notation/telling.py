"""Telling: how a message writes a node that it has to name, and the numbers of its operands.

Formulas are written as they are typed, so they can be typed again; numbers have all their digits,
so they are what they are.

>>> from autograd_mini.engine import Value
>>> from autograd_mini.engine.primitives import log
>>> a, b = Value(5.0, "a"), Value(2.0, "b")
>>> y = (a * b + 1) * 2 - 0.5
>>> Teller([y]).tell_parts(log, [y], [y.data])
('log(... * 2 - 0.5)', '... * 2 - 0.5 = 21.5')
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any

from autograd_mini.engine.order import topological_order
from autograd_mini.engine.primitives import Operand, Primitive, Quantity
from autograd_mini.notation.algebra import write_long, write_operation
from autograd_mini.notation.notation import Notation
from autograd_mini.notation.numbers import shorten
from autograd_mini.notation.text import name_labels, write_label

LEVELS_TOLD = 2  # operations of a formula within a message


class Typed(Notation):
    """A formula as one types it, its numbers in their shortest exact form."""

    __slots__ = ()

    @classmethod
    def write_number(cls, x: float) -> str:
        """Write a number such that Python reads the same.

        >>> [Typed.write_number(x) for x in (-1.0, 0.1 + 0.2, 1e200)]
        ['-1', '0.30000000000000004', '1e+200']
        """
        short = shorten(x)
        return short if float(short) == x else repr(float(x)).removesuffix(".0")


class Teller:
    """Writes nodes that are known by what stands below them: *operands*, Values and constants.

    No name is that of two nodes: of several with the label ``w`` the second is ``w#2``.
    """

    def __init__(self, operands: Sequence[Quantity]) -> None:
        nodes: list[Any] = [x for x in operands if isinstance(x, Operand)]
        order = dict.fromkeys(chain.from_iterable(map(topological_order, nodes)))
        labels = {node: label for node in order if write_label(label := node.label)}
        self.named = dict(zip(labels, name_labels(labels.values()), strict=True))

    def write(self, node: Any, levels: int = LEVELS_TOLD) -> Typed:
        """Write a label, or a formula of so many *levels*; a leaf without a label is a number."""
        if node in self.named:
            return Typed.named(self.named[node])
        if not node.operands:
            return Typed.of(node.data)
        if not levels:
            return Typed(Typed.REST)
        return write_operation(node.op, node.operands, Typed, lambda x: self.write(x, levels - 1))

    def tell_parts(
        self, op: Primitive, operands: Sequence[Quantity], numbers: Sequence[float]
    ) -> tuple[str, str]:
        """Write an operation and, apart from it, the numbers of the operands that it names.

        Operands of one formula, since it is cut, and of different numbers are told by their places.
        """
        written = write_operation(op, operands, Typed, self.write)
        named = [
            (i, self.write(x).text, Typed.of(number).text)
            for i, (x, number) in enumerate(zip(operands, numbers, strict=True), 1)
            if self.is_named(x)
        ]
        alike = Counter(name for name, _ in {(name, number) for _, name, number in named})
        told = [f"{x if alike[x] == 1 else f'operand {i}'} = {number}" for i, x, number in named]
        some = write_long([*dict.fromkeys(told)], Typed, Typed)
        return written.text, ", ".join(map(str, some))

    def is_named(self, x: Any) -> bool:
        """Tell whether an operand is written by a label or a formula, and not by its number."""
        return x in self.named or bool(getattr(x, "operands", ()))
