"""Every primitive of the table, found by its type, so that no rule escapes."""

import math
import pickle
from copy import deepcopy

import mpmath
import pytest

from autograd_mini import Primitive, Value, gradient
from autograd_mini.engine import primitives
from autograd_mini.engine.operators import Arithmetic

TABLE = [*primitives.TABLE.values()]
POINTS = {"acosh": [(1.3,), (4.0,)], "asin": [(0.3,), (-0.8,)], "acos": [(0.3,), (-0.8,)]}
POINTS |= {"atanh": [(0.3,), (-0.8,)], "log": [(0.4,), (7.0,)], "sqrt": [(0.4,), (7.0,)]}
POINTS |= {"circle": [(0.3,), (-0.8,)], "power_log": [(0.7, 1.9), (2.5, -1.3)]}
POINTS |= {"**": [(0.7, 1.9), (2.5, -1.3)], "/": [(0.7, 1.9), (-2.5, 0.4)]}
UNARY, BINARY = [(0.7,), (-1.3,), (-0.5,), (0.05,), (4.0,)], [(0.7, 1.9), (-1.3, 0.4), (2.0, -3.0)]

# An independent source for each function: fifty digits by mpmath, or its definition.
FUNCTIONS = ["exp", "expm1", "log", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan", "erf"]
FUNCTIONS += ["sinh", "cosh", "tanh", "sech", "hypot", "asinh", "acosh", "atanh"]
WITNESS = {name: getattr(mpmath, name) for name in FUNCTIONS}
WITNESS |= {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": lambda a, b: a**b,
    "neg": lambda a: -a,
    "abs": abs,
    "log1p": lambda a: mpmath.log(1 + a),
    "sigmoid": lambda a: 1 / (1 + mpmath.exp(-a)),
    "softplus": lambda a: mpmath.log(1 + mpmath.exp(a)),
    "logaddexp": lambda a, b: mpmath.log(mpmath.exp(a) + mpmath.exp(b)),
    "portion": lambda a, b: mpmath.exp(a) / (mpmath.exp(a) + mpmath.exp(b)),
    "circle": lambda a: mpmath.sqrt(1 - a * a),
    "power_log": lambda a, b: a**b * mpmath.log(a),
    "above": lambda a, b: 1 if a > b else 0,
    "equal": lambda a, b: 1 if a == b else 0,
    "through": lambda a, b: a * b,
    "relu": lambda a: a if a > 0 else 0,
    "leaky_relu": lambda a: a if a > 0 else mpmath.mpf(0.01) * a,
    "maximum": max,
    "minimum": min,
}
CASES = [
    pytest.param(op, at, id=f"{op.name}{at}")
    for op in TABLE
    for at in POINTS.get(op.name, UNARY if len(op.rules) == 1 else BINARY)
    if op.name != "log1p" or at[0] > -1
]


class Dual(Arithmetic):
    """A number and its tangent: forward mode from the same table, a witness for reverse mode."""

    def __init__(self, primal, tangent=0.0):
        self.primal, self.tangent = primal, tangent

    @classmethod
    def apply(cls, op, *operands):
        operands = [x if isinstance(x, Dual) else Dual(x) for x in operands]
        primals = [x.primal for x in operands]
        y = op(*primals)
        partials = op.partials(primals, y, [x.tangent != 0 for x in operands])
        terms = [d * x.tangent for d, x in zip(partials, operands, strict=True) if d is not None]
        return cls(y, sum(terms))


def reverse(op, at):
    """Return the gradient of a primitive by reverse accumulation."""
    leaves = [Value(x) for x in at]
    op(*leaves).backward()
    return [x.grad for x in leaves]


def difference(f, at, i, h=1e-6):
    """Return the central difference of f in its operand i."""
    ahead, behind = list(at), list(at)
    ahead[i] += h
    behind[i] -= h
    return (f(*ahead) - f(*behind)) / (2 * h)


def test_the_table_holds_every_function_it_should():
    names = (
        "exp expm1 log log1p sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf"
    )
    names += " sech hypot logaddexp portion"
    names += " sigmoid softplus relu leaky_relu abs maximum minimum + - * / ** neg"
    assert set(names.split()) <= {op.name for op in TABLE}
    assert set(WITNESS) == {op.name for op in TABLE}


@pytest.mark.parametrize(("op", "at"), CASES)
def test_the_value_is_that_of_an_independent_source(op, at):
    with mpmath.workdps(50):
        expected = float(WITNESS[op.name](*map(mpmath.mpf, at)))
    assert op(*at) == pytest.approx(expected, rel=1e-14, abs=1e-300)
    assert op(*map(Value, at)).data == op(*at)


@pytest.mark.parametrize(("op", "at"), CASES)
def test_each_rule_agrees_with_a_central_difference(op, at):
    for i, derivative in enumerate(reverse(op, at)):
        assert derivative == pytest.approx(difference(op, at, i), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(("op", "at"), CASES)
def test_each_rule_can_be_differentiated_again(op, at):
    leaves = [Value(x) for x in at]
    for i, first in enumerate(gradient(op(*leaves), leaves)):
        for j, second in enumerate(gradient(first, leaves)):
            expected = difference(lambda *xs, i=i: reverse(op, xs)[i], at, j)
            assert second.data == pytest.approx(expected, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize(("op", "at"), CASES)
def test_forward_mode_and_reverse_mode_agree(op, at):
    tangents = [
        op(*(Dual(x, float(i == j)) for j, x in enumerate(at))).tangent for i in range(len(at))
    ]
    assert reverse(op, at) == pytest.approx(tangents, rel=1e-14)


@pytest.mark.parametrize("op", TABLE, ids=lambda op: op.name)
def test_nan_in_gives_nan_out(op):
    leaves = [Value(math.nan) for _ in op.rules]
    y = op(*leaves)
    assert math.isnan(y.data)
    if op.name not in {"above", "equal", "+", "-", "neg"}:  # these are flat or linear
        y.backward()
        assert all(math.isnan(x.grad) for x in leaves)


@pytest.mark.parametrize(
    ("function", "at", "partials"),
    [
        (primitives.relu, (0.0,), [0.0]),
        (primitives.leaky_relu, (0.0,), [0.01]),
        (primitives.absolute, (0.0,), [0.0]),
        (primitives.maximum, (2.0, 2.0), [0.5, 0.5]),
        (primitives.minimum, (2.0, 2.0), [0.5, 0.5]),
        (lambda a: a**0, (0.0,), [0.0]),
        (lambda a: a**0, (3.0,), [0.0]),
        (lambda a: a**1, (0.0,), [1.0]),
        (lambda a: a**2, (0.0,), [0.0]),
        (lambda a: a**-2, (-2.0,), [0.25]),
    ],
)
def test_corners_have_one_convention_each(function, at, partials):
    assert reverse(function, at) == partials


@pytest.mark.parametrize(
    ("function", "x", "value", "derivative"),
    [
        (primitives.tanh, 1000.0, 1.0, 0.0),
        (primitives.sigmoid, -1000.0, 0.0, 0.0),
        (primitives.sigmoid, 1000.0, 1.0, 0.0),
        (primitives.softplus, 1000.0, 1000.0, 1.0),
        (primitives.softplus, -1000.0, 0.0, 0.0),
        (primitives.atan, 1e200, math.pi / 2, 0.0),
        (primitives.erf, 1e200, 1.0, 0.0),
        (primitives.asinh, 1e200, math.asinh(1e200), 1e-200),
        (lambda a: 1 / a, 1e200, 1e-200, 0.0),
    ],
)
def test_large_numbers_neither_overflow_nor_lose_the_derivative(function, x, value, derivative):
    leaf = Value(x)
    y = function(leaf)
    y.backward()
    assert y.data == pytest.approx(value)
    assert leaf.grad == pytest.approx(derivative, rel=1e-12, abs=0.0 if derivative else 1e-300)


def test_derivatives_of_every_order_of_a_power():
    x = Value(0.0)
    y = x**3
    orders = []
    for _ in range(5):
        [y] = gradient(y, [x])
        orders.append(y.data)
    assert orders == [0.0, 0.0, 6.0, 0.0, 0.0]


softsign = Primitive("softsign", lambda a: a / (1 + abs(a)), lambda _, y: (1 - abs(y)) ** 2)


def test_a_primitive_of_ones_own_works_like_those_of_the_table():
    x = Value(-3.0, "x")
    y = softsign(x)
    y.backward()
    [first] = gradient(y, [x])
    [second] = gradient(first, [x])
    assert (softsign(-3.0), y.data, x.grad, first.data) == (-0.75, -0.75, 0.0625, 0.0625)
    assert second.data == pytest.approx(2 / 4**3)


def test_primitives_pickle_and_copy_as_themselves():
    for op in [*TABLE, softsign]:
        assert pickle.loads(pickle.dumps(op)) is op
        assert deepcopy(op) is op


def test_a_primitive_that_is_not_at_the_top_of_a_module_says_so_when_pickled():
    local = Primitive("local", abs, primitives.absolute.rules[0])
    with pytest.raises(pickle.PicklingError, match="local"):
        pickle.dumps(local(Value(1.0)))
