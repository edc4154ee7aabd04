"""Floats: functions of plain numbers that the table needs and Python has not.

Whatever is neither above nor below another number is NaN, and stays it.
"""

import math


def sigmoid(a: float) -> float:
    """Return 1 / (1 + exp(-a)), without overflow on the way.

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    return 1 / (1 + math.exp(-a)) if a > 0 else math.exp(a) / (1 + math.exp(a))


def softplus(a: float) -> float:
    """Return log(1 + exp(a)), without overflow on the way."""
    return max(a, 0.0) + math.log1p(math.exp(-abs(a)))


def leaky_relu(a: float) -> float:
    """Return a positive number as it is, a hundredth of any other (Maas et al. 2013)."""
    return a if a > 0 else 0.01 * a


def heaviside(a: float) -> float:
    """Return 1 for a positive number, 0 for 0 and below."""
    return 1.0 if a > 0 else 0.0 if a <= 0 else a


def sign(a: float) -> float:
    """Return 1, 0 or -1."""
    return 1.0 if a > 0 else -1.0 if a < 0 else 0.0 * a


def nonzero(a: float) -> float:
    """Return 0 for 0 and 1 for any other number."""
    return 1.0 if a > 0 or a < 0 else 0.0 * a


def maximum(a: float, b: float) -> float:
    """Return the larger number."""
    return a if a > b else b if a <= b else a + b


def minimum(a: float, b: float) -> float:
    """Return the smaller number."""
    return a if a < b else b if a >= b else a + b
