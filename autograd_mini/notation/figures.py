"""Figures: formulas in numbers alone, as one works them out on paper: ``2 × (-3)``.

>>> print(Figures.of(1 / 3) * Figures.of(-2.0))
0.3333 × (-2)
"""

from typing import ClassVar

from autograd_mini.notation.notation import POWER, PRODUCT, Infix
from autograd_mini.notation.text import Symbol


class Figures(Symbol):
    """A formula of short numbers."""

    __slots__ = ()

    INFIX: ClassVar[dict[str, Infix]] = Symbol.INFIX | {
        "*": Infix(PRODUCT, " × ", PRODUCT),
        "/": Infix(PRODUCT, " / ", POWER),
    }
