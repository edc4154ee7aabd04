"""Derivatives keep their digits in tails, near poles and near 0, as fifty digits of mpmath say."""

import math
import sys

import mpmath
import pytest
from hypothesis import assume, given, settings
from mpmath import mp

from autograd_mini import Value, gradient, topological_order
from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.primitives import TABLE
from autograd_mini.engine.sums import halves
from autograd_mini.engine.undefined import Undefined
from tests.graphs import wild_graphs


def side(a):
    return mp.sqrt((1 - a) * (1 + a))


def bell(a):
    return (mp.sech(a / 2) / 2) ** 2


def gauss(a):
    return 2 / mp.sqrt(mp.pi) * mp.exp(-(a**2))


# The first and the second derivative of each function, in forms that lose no digits.
DERIVATIVES = {
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


@pytest.mark.parametrize("name", DERIVATIVES)
def test_the_witness_is_the_derivative(name):
    f = FUNCTION.get(name) or getattr(mp, name)
    with mpmath.workdps(50):
        for x in [mp.mpf("1.37")] if name == "acosh" else [mp.mpf("0.37"), mp.mpf("0.81")]:
            for order, witness in enumerate(DERIVATIVES[name], 1):
                assert abs(mp.diff(f, x, order) / witness(x) - 1) < 1e-15


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_first_derivative_is_right_to_8_ulp_wherever_it_is_a_normal_number(name):
    with mpmath.workdps(50):
        for x in points(name):
            true = DERIVATIVES[name][0](mp.mpf(x))
            found = orders(TABLE[name], x)
            if found and is_normal(true):
                assert ulps(found[0], true) <= allowed(name, x, 8), x


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_second_derivative_is_right_to_64_ulp(name):
    """Near a zero of it away from 0, the rounding of x itself counts: |x·f‴|·ε."""
    with mpmath.workdps(50):
        for x in points(name):
            second = DERIVATIVES[name][1]
            true = second(mp.mpf(x))
            found = orders(TABLE[name], x)
            if found and is_normal(true):
                crosses = name in {"sin", "cos", "sech"} and x != 0
                scale = abs(true) + (abs(x * mp.diff(second, x)) if crosses else 0)
                assert ulps(found[1], true, scale) <= allowed(name, x, 64), x


BASES = [1e-300, 1e-20, 0.003, 0.7, 1 - 1e-9, 1 + 1e-9, 1.3, 10.0, 1e20, 1e150, 1e300]
EXPONENTS = [1e-8, 0.1, 1 / 3, 0.5, 2.0, 3.0, 7.3, 20.0, 333.3, 1000.0, 1e5, 1e6, 1e9]


@pytest.mark.parametrize("b", [*EXPONENTS, *(-b for b in EXPONENTS[1:9])])
def test_the_derivatives_of_a_power_are_off_by_the_rounding_of_its_exponent_alone(b):
    for a in BASES:
        x, n = Value(a), Value(b)
        try:
            first = gradient(x**n, [x, n])
            found = [*first, *gradient(first[0], [x]), *gradient(first[1], [n])]
        except ArithmeticError:
            continue
        with mpmath.workdps(50):
            log = mp.log(mp.mpf(a))
            by_x = [
                b * mp.mpf(a) ** (mp.mpf(b) - 1),
                b * (mp.mpf(b) - 1) * mp.mpf(a) ** (mp.mpf(b) - 2),
            ]
            true = [by_x[0], mp.mpf(a) ** b * log, by_x[1], mp.mpf(a) ** b * log**2]
            rounded = 0 if b.is_integer() else (2 + abs(b)) * abs(log)
            limits = [8 + rounded, 8, 64 + rounded, 64]
            for number, exact, most in zip(found, true, limits, strict=True):
                assert not is_normal(exact) or ulps(number.data, exact) <= most, a


@pytest.mark.parametrize(("b", "sign"), [(2.0**53 - 1, 1), (2.0**53, -1), (2.0**53 + 2, 1)])
def test_of_a_negative_base_the_sign_is_known_up_to_an_exponent_of_2_to_the_53(b, sign):
    x = Value(-1.0)
    (x**b).backward()
    assert x.grad == sign * b  # the last of these should be below 0: see the table


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


# Whole graphs -------------------------------------------------------------------------------------

EXACT = {name: getattr(mp, name) for name in DERIVATIVES if name not in FUNCTION}
EXACT |= FUNCTION | {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "through": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "power_log": lambda a, b: a**b * mp.log(a),
    "neg": lambda a: -a,
    "hypot": mp.hypot,
    "logaddexp": lambda a, b: mp.log(mp.exp(a) + mp.exp(b)),
    "portion": lambda a, b: 1 / (1 + mp.exp(b - a)),
    "total": lambda *v: sum(v),
    "weighted_sum": lambda *v: sum((w * x for w, x in zip(*halves(v), strict=True)), v[-1]),
}


def exactly(leaves, output, numbers):
    """Compute a graph's output in fifty digits."""
    known = dict(zip(leaves, numbers, strict=True))
    for node in topological_order(output):
        if node.depth:
            operands = [known[x] if isinstance(x, Value) else mp.mpf(x) for x in node.operands]
            known[node] = EXACT[node.op.name](*operands)
    return known[output]


@settings(max_examples=60)
@given(wild_graphs(leaves=2, most=5, tame=True))
def test_value_first_and_second_derivative_of_a_graph_are_those_of_fifty_digits(graph):
    leaves, output = graph
    order = topological_order(output)
    x = leaves[-1]
    assume(x in order and {node.op.name for node in order if node.depth} <= {*EXACT})
    assume(not any(isinstance(d, Undefined) for node in order for d in node.partials))

    def along(t):
        return exactly(leaves, output, [mp.mpf(leaf.data) for leaf in leaves[:-1]] + [t])

    [first] = gradient(output, [x])
    [second] = gradient(first, [x])
    with mpmath.workdps(50):
        at, step = mp.mpf(x.data), mp.mpf(10) ** -15
        ahead, here, behind = along(at + step), along(at), along(at - step)
        true = here, (ahead - behind) / (2 * step), (ahead - 2 * here + behind) / step**2
        assume(all(isinstance(t, mp.mpf) and abs(t) < 1e6 for t in true))
        size = 1 + max(abs(node.data) for node in order) + sum(abs(d) for d in true)
    for found, exact in zip((output, first, second), true, strict=True):
        assert found.data == pytest.approx(float(exact), rel=1e-8, abs=float(1e-8 * size**2))
