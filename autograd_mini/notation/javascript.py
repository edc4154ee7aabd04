"""JavaScript: formulas as source for a page, functions by their names in ``Math`` or the table.

>>> from autograd_mini.engine.primitives import tanh
>>> print(tanh(JavaScript("a")) ** 2.0)
Math.pow(Math.tanh(a), 2)
"""

import math
from collections.abc import Sequence
from typing import ClassVar, Self

from autograd_mini.notation.notation import Notation


class JavaScript(Notation):
    """A formula in JavaScript."""

    __slots__ = ()

    MATH: ClassVar[frozenset[str]] = frozenset(vars(math)) | {"abs", "sign"}
    """Functions of ``Math``; any other is called by its name, and whoever runs it defines it."""

    @classmethod
    def write_power(cls, base: Self, exponent: Self) -> Self:
        """Write a power; ``**`` would not take a minus on its left."""
        return cls(f"Math.pow({base}, {exponent})")

    @classmethod
    def write_call(cls, name: str, operands: Sequence[Self]) -> Self:
        """Write a function of ``Math``, or one of one's own."""
        return super().write_call(f"Math.{name}" if name in cls.MATH else name, operands)

    @classmethod
    def write_number(cls, x: float) -> str:
        """Write a number so that JavaScript reads the same one."""
        if math.isnan(x):
            return "NaN"
        if math.isinf(x):
            return "Infinity" if x > 0 else "-Infinity"
        return repr(float(x)).removesuffix(".0")
