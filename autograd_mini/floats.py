"""Floats: functions of plain numbers that the table needs and Python has not."""

import math
from collections.abc import Callable


def logistic(a: float) -> float:
    """Return 1 / (1 + exp(-a)), without overflow on the way.

    >>> logistic(0.0), logistic(-1000.0)
    (0.5, 0.0)
    """
    return 1 / (1 + math.exp(-a)) if a > 0 else math.exp(a) / (1 + math.exp(a))


def step(a: float) -> float:
    """Return 1 for a positive number, 0 for any other, NaN for NaN."""
    return 1.0 if a > 0 else 0.0 if a <= 0 else a


def unless_nan(f: Callable[..., float]) -> Callable[..., float]:
    """Let NaN pass through *f*, whose comparisons would hide it.

    >>> unless_nan(max)(math.nan, 1.0)
    nan
    """
    return lambda *x: math.nan if any(map(math.isnan, x)) else float(f(*x))
