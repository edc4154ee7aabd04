"""Floats: functions of plain numbers that the table needs and Python has not.

Whatever is neither above nor below another number is NaN, and stays it. None of these functions
calls another, since each is compiled alone where a program becomes machine code.
"""

import math


def sigmoid(a: float) -> float:
    """Return 1 / (1 + exp(-a)), without overflow on the way.

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    e = math.exp(-abs(a))  # one exponential for both branches: machine code then needs one, too
    return (1.0 if a > 0 else e) / (1 + e)


def softplus(a: float) -> float:
    """Return log(1 + exp(a)), without overflow on the way."""
    return max(a, 0.0) + math.log1p(math.exp(-abs(a)))


def logaddexp(a: float, b: float) -> float:
    """Return log(exp(a) + exp(b)), without overflow on the way.

    >>> logaddexp(1000.0, -1000.0), logaddexp(-math.inf, -math.inf)
    (1000.0, -inf)
    """
    apart = 0.0 if a == b else -abs(a - b)  # between equal infinities it would be NaN
    return (a if a > b else b) + math.log1p(math.exp(apart))


def portion(a: float, b: float) -> float:
    """Return exp(a) / (exp(a) + exp(b)); between equals, infinite ones too, that is a half.

    >>> portion(1000.0, -1000.0), portion(-math.inf, -math.inf)
    (1.0, 0.5)
    """
    apart = 0.0 if a == b else a - b
    e = math.exp(-abs(apart))
    return (1.0 if apart > 0 else e) / (1 + e)


def sech(a: float) -> float:
    """Return 1 / cosh(a), which overflows nowhere.

    >>> sech(0.0), sech(-1000.0)
    (1.0, 0.0)
    """
    e = math.exp(-abs(a))
    return 2 * e / (1 + e * e)


def circle(a: float) -> float:
    """Return sqrt(1 - a²), the height of the unit circle over a, to the last digits near ±1.

    >>> circle(0.0), circle(0.6), circle(-1.0)
    (1.0, 0.8, 0.0)
    """
    return math.sqrt((1 - a) * (1 + a))


def power_log(a: float, b: float) -> float:
    """Return aᵇ·log(a), and at a = 0 its limit for positive b.

    >>> power_log(1.0, 2.0), power_log(0.0, 2.0)
    (0.0, 0.0)
    """
    return 0.0 if a == 0 and b > 0 else math.pow(a, b) * math.log(a)


def relu(a: float) -> float:
    """Return a positive number as it is, 0 for any other."""
    return 0.0 if a <= 0 else a


def leaky_relu(a: float) -> float:
    """Return a positive number as it is, a hundredth of any other (Maas et al. 2013)."""
    return a if a > 0 else 0.01 * a


def above(a: float, b: float) -> float:
    """Return 1 where a > b, 0 where not.

    >>> above(2.0, 1.0), above(1.0, 1.0), above(math.nan, 1.0)
    (1.0, 0.0, nan)
    """
    return 1.0 if a > b else 0.0 if a <= b else a + b


def equal(a: float, b: float) -> float:
    """Return 1 where a = b, 0 where not.

    >>> equal(math.inf, math.inf), equal(1.0, 2.0)
    (1.0, 0.0)
    """
    return 1.0 if a == b else 0.0 if a < b or a > b else a + b


def through(a: float, b: float) -> float:
    """Return a·b, but 0 where b is 0, whatever a is.

    >>> through(3.0, 0.5), through(math.inf, 0.0)
    (1.5, 0.0)
    """
    return 0.0 if b == 0 else a * b


def maximum(a: float, b: float) -> float:
    """Return the larger number."""
    return a if a > b else b if a <= b else a + b


def minimum(a: float, b: float) -> float:
    """Return the smaller number."""
    return a if a < b else b if a >= b else a + b
