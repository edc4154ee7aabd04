"""Symbols: apply a primitive to them and it writes itself down.

>>> a, b = Symbol("a"), Symbol("b")
>>> print((a + b) * a**2)
(a + b)·a²

So a rule of the table, applied to Symbols, is the written derivative; applied to Code, which is
the same in Python's notation, it is the source of a program.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.primitives import Primitive
from autograd_mini.engine.sums import Variadic

SUM, PRODUCT, POWER, ATOM = range(4)
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Symbol(Arithmetic):
    """A written formula, and how tightly its outermost operator binds."""

    __slots__ = ("binding", "text")

    # name: how tightly it binds, the sign, and how tightly the right operand must bind
    INFIX: ClassVar[dict[str, tuple[int, str, int]]] = {
        "+": (SUM, " + ", SUM),
        "-": (SUM, " - ", PRODUCT),
        "*": (PRODUCT, "·", PRODUCT),
        "/": (PRODUCT, "/", POWER),
    }

    def __init__(self, text: str, binding: int = ATOM) -> None:
        self.text = text
        self.binding = binding

    @classmethod
    def apply(cls, op: Primitive, *operands: Any) -> Self:
        """Write the operation down, with as few parentheses as can be."""
        if isinstance(op, Variadic):
            return cls.of(op.forward(*operands))
        short = simplified(op.name, operands)
        return cls.of(short) if short is not None else cls.written(op.name, *map(cls.of, operands))

    @classmethod
    def of(cls, x: Any) -> Self:
        """Write a number; leave a Symbol as it is."""
        if isinstance(x, cls):
            return x
        text = cls.number(x)
        return cls(text, PRODUCT if text.startswith("-") else ATOM)

    @classmethod
    def written(cls, name: str, *operands: Self) -> Self:
        """Write a primitive by its name, as an operator or as a function."""
        if name == "neg":
            return cls("-" + operands[0].right(PRODUCT), PRODUCT)
        if name == "**":
            return cls.raised(*operands)
        if name not in cls.INFIX:
            return cls(f"{name}({', '.join(x.text for x in operands)})")
        left, right = operands
        binding, sign, tighter = cls.INFIX[name]
        return cls(left.inside(binding) + sign + right.right(tighter), binding)

    @classmethod
    def raised(cls, base: Self, exponent: Self) -> Self:
        """Write a power: a whole exponent as a superscript."""
        whole = exponent.text.removeprefix("-").isdigit()
        written = exponent.text.translate(SUPERSCRIPT) if whole else "^" + exponent.inside(ATOM)
        return cls(base.inside(ATOM) + written, POWER)

    @staticmethod
    def number(x: float) -> str:
        """Write a number to twelve digits."""
        return f"{x:.12g}"

    def inside(self, binding: int) -> str:
        """Return the text, in parentheses if an operator that binds so tightly would split it."""
        return self.text if self.binding >= binding else f"({self.text})"

    def right(self, binding: int) -> str:
        """Return the text for the right of an operator, where a sign needs parentheses too."""
        return f"({self.text})" if self.text.startswith("-") else self.inside(binding)

    def __str__(self) -> str:
        return self.text


class Code(Symbol):
    """A formula in Python's notation; it computes bit by bit what the primitives compute."""

    __slots__ = ()

    INFIX: ClassVar[dict[str, tuple[int, str, int]]] = {
        "+": (SUM, " + ", PRODUCT),
        "-": (SUM, " - ", PRODUCT),
        "*": (PRODUCT, " * ", POWER),
        "/": (PRODUCT, " / ", POWER),
    }

    @classmethod
    def raised(cls, base: Self, exponent: Self) -> Self:
        """Write a power."""
        return cls(f"{base.inside(ATOM)} ** {exponent.inside(ATOM)}", POWER)

    @staticmethod
    def number(x: float) -> str:
        """Write a number so that Python reads the same one."""
        return repr(x)


def simplified(name: str, operands: Sequence[Any]) -> Any:
    """Return the shorter equal where a plain 0 or 1 among the operands leaves one, or None."""
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


def partial(op: Primitive, index: int, operands: Sequence[Any], y: Any) -> Any:
    """Write the rule of one operand: a Symbol, or a number where the partial is constant.

    *operands* are Symbols and, for constants, numbers; *y* is the Symbol of the result.
    """
    wanted = [i == index for i in range(len(operands))]
    return op.partials(operands, y, wanted)[index]


def derivative(op: Primitive, index: int = 0) -> str:
    """Write one rule of a primitive of the table as an equation.

    >>> from autograd_mini.engine.primitives import mul, tanh
    >>> derivative(tanh)
    '∂tanh(a)/∂a = 1 - tanh(a)²'
    >>> derivative(mul, 1)
    '∂(a·b)/∂b = a'
    """
    operands = [Symbol(letter) for letter in "abcdefgh"[: len(op.rules)]]
    y = Symbol.apply(op, *operands)
    return f"∂{y.inside(ATOM)}/∂{operands[index]} = {Symbol.of(partial(op, index, operands, y))}"
