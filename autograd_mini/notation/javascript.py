"""JavaScript: formulas as source for a page, functions by their names in the table.

>>> from autograd_mini.engine.primitives import tanh
>>> print(tanh(JavaScript("a")) ** 2.0 / JavaScript("b"))
divide(power(tanh(a), 2), b)
"""

import math
from collections.abc import Sequence
from typing import ClassVar, Self

from autograd_mini.notation.notation import Infix, Notation


class JavaScript(Notation):
    """A formula in JavaScript.

    A quotient and a power are calls as well: JavaScript would give Infinity or NaN where Python
    raises an error, and whoever runs the formula defines functions that do not.
    """

    __slots__ = ()

    INFIX: ClassVar[dict[str, Infix]] = {sign: Notation.INFIX[sign] for sign in "+-*"}

    @classmethod
    def write_power(cls, base: Self, exponent: Self) -> Self:
        """Write a power; ``**`` would not take a minus on its left."""
        return cls(f"power({base}, {exponent})")

    @classmethod
    def write_call(cls, name: str, operands: Sequence[Self]) -> Self:
        """Write a function that is called by its name."""
        return super().write_call("divide" if name == "/" else name, operands)

    @classmethod
    def write_number(cls, x: float) -> str:
        """Write a number so that JavaScript reads the same one."""
        if math.isnan(x):
            return "NaN"
        if math.isinf(x):
            return "Infinity" if x > 0 else "-Infinity"
        return repr(float(x)).removesuffix(".0")


class BookScript(JavaScript):
    """The rules as a calculus book has them, to find out where they lose their digits."""

    __slots__ = ()

    by_the_book: ClassVar[bool] = True
