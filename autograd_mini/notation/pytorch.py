"""PyTorch: formulas as source that PyTorch runs, on numbers of one element.

>>> from autograd_mini.engine.primitives import maximum, tanh
>>> print(maximum(tanh(PyTorch("a")) * 2.0, 0.5))
torch.maximum(torch.tanh(a) * 2.0, torch.tensor(0.5, dtype=torch.float64))
"""

import math
import sys
from collections.abc import Sequence
from typing import ClassVar, Self

from autograd_mini.engine.primitives import TABLE, Primitive, Quantity
from autograd_mini.notation.notation import ATOM, Notation

# What PyTorch calls otherwise, or has not. Flat functions stay joined to their operands, so that
# PyTorch gives these a gradient of 0, and not none.
CALLS = {
    "softplus": "torch.nn.functional.softplus({0}, threshold=40.0)",
    "leaky_relu": "torch.nn.functional.leaky_relu({0})",
    "sech": "(1.0 / torch.cosh({0}))",
    "circle": "torch.sqrt((1.0 - {0}) * (1.0 + {0}))",
    "portion": "torch.sigmoid({0} - {1})",
    "power_log": "({0} ** {1} * torch.log({0}))",
    "above": "torch.sign(torch.relu({0} - {1}))",
    "equal": "(1.0 - torch.sign(torch.abs({0} - {1})))",
    "through": "torch.where({1} == 0.0, 0.0 * {1}, {0} * {1})",
}

UNKNOWN = (
    "PyTorch has no {name}, and its function takes numbers alone: build it from functions of the "
    "table, such as tanh or maximum"
)


class PyTorch(Notation):
    """A formula in PyTorch; ``is_number`` tells whether it is a plain number."""

    __slots__ = ("is_number",)

    LONGEST_SUM: ClassVar[int] = sys.maxsize

    def __init__(self, text: str, binding: int = ATOM) -> None:
        super().__init__(text, binding)
        self.is_number = False

    @classmethod
    def apply(cls, op: Primitive, *operands: Quantity) -> Self:
        """Write an operation as it is; nothing is left out, for gradients flow through all.

        A primitive of one's own is written by its function, if that is arithmetic.
        """
        if TABLE.get(op.name) is op:
            return cls.write(op.name, *map(cls.of, operands))
        try:
            return cls.of(op.forward(*operands))
        except (TypeError, ValueError, AttributeError):
            raise ValueError(UNKNOWN.format(name=op.name)) from None

    @classmethod
    def of(cls, x: Quantity) -> Self:
        """Write a number; leave what is written already as it is."""
        if isinstance(x, cls):
            return x
        written = super().of(x)
        written.is_number = True
        return written

    @classmethod
    def write_number(cls, x: float) -> str:
        """Write a number so that Python reads the same one."""
        return repr(float(x)) if math.isfinite(x) else f'float("{x}")'

    @classmethod
    def write_call(cls, name: str, operands: Sequence[Self]) -> Self:
        """Write a function; those of two operands take no plain numbers."""
        if name not in TABLE:
            raise ValueError(UNKNOWN.format(name=name))
        if name in CALLS:
            return cls(CALLS[name].format(*(x.inside(ATOM) for x in operands)))
        texts = [
            f"torch.tensor({x}, dtype=torch.float64)" if x.is_number else x.text for x in operands
        ]
        return cls(f"torch.{name}({', '.join(texts)})")
