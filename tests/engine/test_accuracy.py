"""Derivatives keep their digits in tails, near poles and near 0, as fifty digits of mpmath say."""

import math
import sys

import mpmath
import pytest
from mpmath import mp

from autograd_mini import Value, gradient
from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.primitives import TABLE


def side(a):
    return mp.sqrt((1 - a) * (1 + a))


def bell(a):
    return (mp.sech(a / 2) / 2) ** 2


def gauss(a):
    return 2 / mp.sqrt(mp.pi) * mp.exp(-(a**2))


# The first and the second derivative of each function, in forms that lose no digits.
WITNESS = {
    "exp": (mp.exp, mp.exp),
    "expm1": (mp.exp, mp.exp),
    "log": (lambda a: 1 / a, lambda a: -1 / a**2),
    "log1p": (lambda a: 1 / (1 + a), lambda a: -1 / (1 + a) ** 2),
    "sqrt": (lambda a: 1 / (2 * mp.sqrt(a)), lambda a: -1 / (4 * a * mp.sqrt(a))),
    "sin": (mp.cos, lambda a: -mp.sin(a)),
    "cos": (lambda a: -mp.sin(a), lambda a: -mp.cos(a)),
    "tan": (lambda a: mp.sec(a) ** 2, lambda a: 2 * mp.tan(a) * mp.sec(a) ** 2),
    "asin": (lambda a: side(a) ** -1, lambda a: a * side(a) ** -3),
    "acos": (lambda a: -(side(a) ** -1), lambda a: -a * side(a) ** -3),
    "atan": (lambda a: 1 / (1 + a**2), lambda a: -2 * a / (1 + a**2) ** 2),
    "sinh": (mp.cosh, mp.sinh),
    "cosh": (mp.sinh, mp.cosh),
    "tanh": (lambda a: mp.sech(a) ** 2, lambda a: -2 * mp.sech(a) ** 2 * mp.tanh(a)),
    "sech": (
        lambda a: -mp.sech(a) * mp.tanh(a),
        lambda a: mp.sech(a) * (mp.tanh(a) ** 2 - mp.sech(a) ** 2),
    ),
    "asinh": (lambda a: 1 / mp.hypot(1, a), lambda a: -a / mp.hypot(1, a) ** 3),
    "acosh": (lambda a: 1 / mp.sqrt(a**2 - 1), lambda a: -a / mp.sqrt(a**2 - 1) ** 3),
    "atanh": (lambda a: side(a) ** -2, lambda a: 2 * a * side(a) ** -4),
    "circle": (lambda a: -a / side(a), lambda a: -(side(a) ** -3)),
    "sigmoid": (bell, lambda a: -bell(a) * mp.tanh(a / 2)),
    "softplus": (lambda a: 1 / (1 + mp.exp(-a)), bell),
    "erf": (gauss, lambda a: -2 * a * gauss(a)),
}
FUNCTION = {
    "circle": side,
    "sigmoid": lambda a: 1 / (1 + mp.exp(-a)),
    "softplus": lambda a: mp.log(1 + mp.exp(a)),
}
ONE_TO_ONE, POSITIVE = {"asin", "acos", "atanh", "circle"}, {"log", "sqrt"}

TINY, SMALL = [1e-300, 1e-160, 1e-100, 1e-20, 1e-8, 1e-5], [1e-3, 0.03, 0.2, 0.5, 0.8814, 0.99]
MIDDLE = [
    1.0,
    1.7,
    2.3,
    3.14,
    5.0,
    8.5,
    13.0,
    18.5,
    20.0,
    25.3,
    26.0,
    36.5,
    40.0,
    77.0,
    177.0,
    300.0,
]
LARGE = [353.0, 700.0, 744.0, 1e3, 1e5, 1e8, 1e15, 1e100, 1e149, 1e155, 1e200, 1e300]
NEAR_1 = [1 - 10.0**-k for k in range(1, 16)]


def points(name):
    """Return the numbers at which a function is tried."""
    if name in ONE_TO_ONE:
        found = TINY + SMALL + NEAR_1
    elif name == "acosh":
        return [1 + 10.0**-k for k in range(1, 16)] + MIDDLE[1:] + LARGE
    elif name in {"sin", "cos", "tan"}:
        found = [x for x in TINY + SMALL + MIDDLE + LARGE if x < 1e16]
    else:
        found = TINY + SMALL + MIDDLE + LARGE
    if name in POSITIVE:
        return found
    return found + [-x for x in found if name != "log1p" or x < 1] + [0.0]


def orders(op, x):
    """Return the first and the second derivative; None where they overflow."""
    leaf = Value(x)
    try:
        [first] = gradient(op(leaf), [leaf])
        [second] = gradient(first, [leaf])
    except OverflowError:
        return None
    return first.data, second.data


def is_normal(x):
    return x == 0 or sys.float_info.min * 4 < abs(x) < sys.float_info.max / 4


def ulps(found, true, scale=None):
    """Return how many units in the last place of *scale* a number is off."""
    size = math.ulp(float(abs(true) if scale is None else scale))
    return float(abs(mp.mpf(found) - true) / size)


def allowed(name, x, most):
    """Return how far a derivative may be off; exp multiplies the rounding of a² in erf by a²."""
    return most + x * x if name == "erf" else most


@pytest.mark.parametrize("name", WITNESS)
def test_the_witness_is_the_derivative(name):
    f = FUNCTION.get(name) or getattr(mp, name)
    with mpmath.workdps(50):
        for x in [mp.mpf("1.37")] if name == "acosh" else [mp.mpf("0.37"), mp.mpf("0.81")]:
            for order, witness in enumerate(WITNESS[name], 1):
                assert abs(mp.diff(f, x, order) / witness(x) - 1) < 1e-15


@pytest.mark.parametrize("name", WITNESS)
def test_a_first_derivative_is_right_to_8_ulp_wherever_it_is_a_normal_number(name):
    with mpmath.workdps(50):
        for x in points(name):
            true = WITNESS[name][0](mp.mpf(x))
            found = orders(TABLE[name], x)
            if found and is_normal(true):
                assert ulps(found[0], true) <= allowed(name, x, 8), x


@pytest.mark.parametrize("name", WITNESS)
def test_a_second_derivative_is_right_to_64_ulp(name):
    """Near a zero of it away from 0, the rounding of x itself counts: |x·f‴|·ε."""
    with mpmath.workdps(50):
        for x in points(name):
            second = WITNESS[name][1]
            true = second(mp.mpf(x))
            found = orders(TABLE[name], x)
            if found and is_normal(true):
                crosses = name in {"sin", "cos", "sech"} and x != 0
                scale = abs(true) + (abs(x * mp.diff(second, x)) if crosses else 0)
                assert ulps(found[1], true, scale) <= allowed(name, x, 64), x


def test_a_third_derivative_is_right_at_0():
    for name, expected in {"tanh": -2.0, "sigmoid": -0.125, "asin": 1.0, "atan": -2.0}.items():
        x = Value(0.0)
        y = TABLE[name](x)
        for _ in range(3):
            [y] = gradient(y, [x])
        assert y.data == expected, name


class ByTheBook(Arithmetic):
    """A number to which the rules of the book are applied."""

    by_the_book = True

    def __init__(self, number):
        self.number = number

    @classmethod
    def apply(cls, op, *operands):
        return cls(op(*(x.number if isinstance(x, cls) else x for x in operands)))


@pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
def test_the_rule_that_is_shown_and_the_one_that_is_computed_are_equal(op):
    for a in (1.25, 1.9) if op.name == "acosh" else (0.25, 0.6):
        numbers = (a, 0.75)[: len(op.rules)]
        y = op(*numbers)
        for rule in op.rules:
            shown = rule(*map(ByTheBook, numbers), ByTheBook(y))
            number = shown.number if isinstance(shown, ByTheBook) else shown
            assert number == pytest.approx(rule(*numbers, y), rel=1e-14)
