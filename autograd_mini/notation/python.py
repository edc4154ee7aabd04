"""Python: formulas as source that computes, bit by bit, what the primitives compute.

>>> from autograd_mini.engine.primitives import tanh
>>> print(tanh(Code("a") * 2.0) ** 2)
tanh(a * 2.0) ** 2
"""

from autograd_mini.notation.notation import Notation


class Code(Notation):
    """A formula in Python's notation, functions by the names that the table gives them."""

    __slots__ = ()
