"""Notations: apply a primitive to operands written in a notation, and it writes itself down.

A rule of the table, applied to letters, is so the written derivative. A notation is a small
subclass of ``Notation``: it says how numbers, operators, powers and calls are written.

>>> from autograd_mini.engine.primitives import tanh
>>> class Shouted(Notation):
...     @classmethod
...     def write_call(cls, name, operands):
...         return cls(f"{name.upper()}({', '.join(x.text for x in operands)})")
>>> print(tanh(Shouted("a") + 2.0) * Shouted("b"))
TANH(a + 2.0) * b
"""

import re
from collections.abc import Sequence
from typing import ClassVar, NamedTuple, Self

from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.primitives import Primitive, Quantity
from autograd_mini.engine.sums import Variadic

SUM, PRODUCT, POWER, ATOM = range(4)
ONE_WORD = re.compile(r"[^\s+\-*/^=,·×]+")


class Infix(NamedTuple):
    """How an operator between two operands is written."""

    binding: int  # how tightly it binds: SUM, PRODUCT or POWER
    sign: str  # what stands between the operands
    right: int  # how tightly the right operand must bind to need no parentheses


class Notation(Arithmetic):
    """A written formula, and how tightly its outermost operator binds.

    Its own way of writing is Python's, and computes, bit by bit, what the primitives compute.
    """

    __slots__ = ("binding", "text")

    MINUS: ClassVar[str] = "-"
    REST: ClassVar[str] = "..."  # what stands for what is left out
    INFIX: ClassVar[dict[str, Infix]] = {
        "+": Infix(SUM, " + ", PRODUCT),
        "-": Infix(SUM, " - ", PRODUCT),
        "*": Infix(PRODUCT, " * ", POWER),
        "/": Infix(PRODUCT, " / ", POWER),
    }
    BRACKETS: ClassVar[dict[str, str]] = {}  # comparisons in Iverson's brackets: the sign inside
    LONGEST_SUM: ClassVar[int] = 8  # how many terms a sum may have and be written in full

    def __init__(self, text: str, binding: int = ATOM) -> None:
        self.text = text
        self.binding = binding

    @classmethod
    def apply(cls, op: Primitive, *operands: Quantity) -> Self:
        """Write an operation, with as few parentheses as can be.

        Operands that are plain numbers are written, too; where one is 0 or 1 the formula may get
        shorter (``simplify``). To have a number written in any case, pass ``of(number)``.
        """
        if isinstance(op, Variadic):
            return cls.of(op.forward(*operands))
        short = simplify(op.name, operands)
        if short is not None:
            return cls.of(short)
        return cls.write(op.name, *(cls.of(x) for x in operands))

    @classmethod
    def named(cls, name: str) -> Self:
        """Return a name as a formula; one such as ``a + b`` counts as the sum it looks like.

        >>> print(Notation.named("a + b") * Notation.named("w"))
        (a + b) * w
        """
        return cls(name, ATOM if ONE_WORD.fullmatch(name) else SUM)

    @classmethod
    def of(cls, x: Quantity) -> Self:
        """Write a number; leave what is written already as it is."""
        if isinstance(x, cls):
            return x
        text = cls.write_number(x)
        return cls(text, PRODUCT if text.startswith(cls.MINUS) else ATOM)

    @classmethod
    def write(cls, name: str, *operands: Self) -> Self:
        """Write a primitive, given by its name, as an operator or as a function."""
        if name == "neg":
            return cls(cls.MINUS + operands[0].on_the_right(PRODUCT), PRODUCT)
        if name == "**":
            return cls.write_power(*operands)
        if name in cls.INFIX:
            return cls.write_infix(cls.INFIX[name], *operands)
        if name in cls.BRACKETS:
            return cls.write_bracket(cls.BRACKETS[name], *operands)
        return cls.write_call(name, operands)

    @classmethod
    def write_infix(cls, infix: Infix, left: Self, right: Self) -> Self:
        """Write an operator between its operands."""
        text = left.inside(infix.binding) + infix.sign + right.on_the_right(infix.right)
        return cls(text, infix.binding)

    @classmethod
    def write_bracket(cls, sign: str, left: Self, right: Self) -> Self:
        """Write a comparison as Iverson's bracket."""
        return cls(f"[{left} {sign} {right}]")

    @classmethod
    def write_power(cls, base: Self, exponent: Self) -> Self:
        """Write a power."""
        return cls(f"{base.inside(ATOM)} ** {exponent.inside(ATOM)}", POWER)

    @classmethod
    def write_call(cls, name: str, operands: Sequence[Self]) -> Self:
        """Write a function of its operands."""
        return cls(f"{name}({', '.join(x.text for x in operands)})")

    @classmethod
    def write_number(cls, x: float) -> str:
        """Write a number with all its digits."""
        return repr(x if type(x) is int else float(x))

    @classmethod
    def parenthesise(cls, text: str) -> str:
        """Put a formula in parentheses."""
        return f"({text})"

    def inside(self, binding: int) -> str:
        """Return the text, in parentheses if an operator that binds so tightly would split it."""
        return self.text if self.binding >= binding else self.parenthesise(self.text)

    def on_the_right(self, binding: int) -> str:
        """Return the text for the right of an operator, where a minus needs parentheses too."""
        starts_with_minus = self.text.startswith(self.MINUS)
        return self.parenthesise(self.text) if starts_with_minus else self.inside(binding)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.text}>"


def simplify(name: str, operands: Sequence[Quantity]) -> Quantity:
    """Return the shorter equal where a plain 0 or 1 among the operands leaves one, or None.

    >>> simplify("*", ["a", 1.0]), simplify("*", ["a", 2.0])
    ('a', None)
    """
    numbers = [x if isinstance(x, (int, float)) else None for x in operands]
    match name, *numbers:
        case ("*", 0, _) | ("*", _, 0):
            return 0.0
        case ("*", 1, _) | ("+", 0, _):
            return operands[1]
        case ("*" | "/" | "**", _, 1) | ("+" | "-", _, 0):
            return operands[0]
        case ("**", _, 0):
            return 1.0
    return None


def write_partial(op: Primitive, index: int, operands: Sequence[Quantity], y: Quantity) -> Quantity:
    """Write the rule of one operand: in the notation, or as a number where it is constant.

    *operands* are in the notation and, for constants, numbers; *y* is the name of the result.
    """
    wanted = [i == index for i in range(len(operands))]
    return op.partials(operands, y, wanted)[index]
