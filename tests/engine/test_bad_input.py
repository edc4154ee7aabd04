"""Bad input gets an error of the right class that says what was given and what is needed."""

import math
import re

import numpy as np
import pytest

from autograd_mini import (
    Primitive,
    Value,
    acos,
    acosh,
    asin,
    atanh,
    cosh,
    exp,
    expm1,
    gradient,
    log,
    log1p,
    maximum,
    sin,
    sinh,
    sqrt,
    tan,
    total,
    weighted_sum,
)
from autograd_mini.losses import (
    binary_cross_entropy,
    categorical_cross_entropy,
    cross_entropy,
    half_squared_error,
    hinge,
    mean_squared_error,
)
from autograd_mini.nn import MLP, Layer, Neuron
from autograd_mini.optim import SGD, Adam


def leaf(data, label="x"):
    return Value(data, label)


def stepped(gradient_of_x):
    """Return a step of SGD whose parameter has this gradient."""
    x = leaf(1.0)
    x.grad = gradient_of_x
    return SGD([x], 0.1).step()


def assigned(name, given):
    """Assign to an attribute of a Value."""
    return setattr(leaf(1.0), name, given)


NUMBER = "need one real number, got "
LARGE = "the result is too large for a float"
POLE = "a pole, where the result would be infinite; "
POSITIVE = "needs a positive number"

BAD = [
    # What is no real number
    (lambda: Value("2"), TypeError, NUMBER + "str '2'"),
    (lambda: Value(None), TypeError, NUMBER + "NoneType None"),
    (lambda: Value([1, 2]), TypeError, "got list [1, 2]; for several write [Value(x) for x in xs]"),
    (lambda: Value(1 + 2j), TypeError, NUMBER + "complex (1+2j)"),
    (lambda: Value(Value(2.0)), TypeError, NUMBER + "Value"),
    (lambda: Value(np.array([1.0, 2.0])), TypeError, NUMBER + "ndarray"),
    (lambda: Value(2.0, 3), TypeError, "a label is a string, got int 3"),
    (lambda: Value(2.0, ()), TypeError, "a label is a string, got tuple ()"),
    (lambda: Value(10**400), OverflowError, "need a number that a float can hold"),
    (lambda: assigned("data", "2"), TypeError, NUMBER + "str '2'"),
    (lambda: assigned("operands", ()), AttributeError, "operands"),
    (lambda: assigned("colour", "red"), AttributeError, "colour"),
    (lambda: leaf(1.0).backward("1"), TypeError, NUMBER + "str '1'"),
    (lambda: exp("1"), TypeError, NUMBER + "str '1'"),
    (lambda: maximum("a", "b"), TypeError, NUMBER + "str 'a'"),
    (lambda: maximum(leaf(1.0), "b"), TypeError, NUMBER + "str 'b'"),
    (exp, TypeError, "one argument"),
    (lambda: exp(leaf(1.0), leaf(2.0)), TypeError, "one argument"),
    (lambda: leaf(1.0) + "x", TypeError, "unsupported operand type(s) for +: 'Value' and 'str'"),
    (lambda: "x" + leaf(1.0), TypeError, "can only concatenate str"),
    (lambda: leaf(1.0) * None, TypeError, "unsupported operand type(s) for *: 'Value'"),
    (lambda: [1] - leaf(1.0), TypeError, "unsupported operand type(s) for -: 'list' and 'Value'"),
    (lambda: leaf(1.0) / 1j, TypeError, "unsupported operand type(s) for /"),
    (
        lambda: leaf(1.0) < "x",
        TypeError,
        "'<' not supported between instances of 'Value' and 'str'",
    ),
    (lambda: math.exp(leaf(1.0)), TypeError, "a Value is no plain number: x.data"),
    (lambda: float(leaf(1.0)), TypeError, "a Value is no plain number"),
    (lambda: total(["a"]), TypeError, NUMBER + "str 'a'"),
    (lambda: total(1.0), TypeError, "iterable"),
    # What lies outside a function's domain
    (lambda: log(leaf(0.0, "p")), ValueError, f"log(p) with p = 0.0: {POLE}{POSITIVE}"),
    (lambda: log(leaf(-1.0, "p")), ValueError, f"log(p) with p = -1.0: {POSITIVE}"),
    (lambda: log(0.0), ValueError, f"log(a) with a = 0.0: {POLE}{POSITIVE}"),
    (lambda: leaf(0.0).log(), ValueError, "log(x) with x = 0.0"),
    (
        lambda: log1p(leaf(-1.0)),
        ValueError,
        f"log1p(x) with x = -1.0: {POLE}needs a number above -1",
    ),
    (lambda: sqrt(leaf(-1.0)), ValueError, "sqrt(x) with x = -1.0: needs a number of at least 0"),
    (lambda: asin(leaf(1.5)), ValueError, "asin(x) with x = 1.5: needs a number from -1 to 1"),
    (lambda: acos(leaf(-1.5)), ValueError, "acos(x) with x = -1.5: needs a number from -1 to 1"),
    (lambda: acosh(leaf(0.5)), ValueError, "acosh(x) with x = 0.5: needs a number from 1 on"),
    (lambda: atanh(leaf(1.0)), ValueError, f"atanh(x) with x = 1.0: {POLE}needs"),
    (lambda: sin(leaf(math.inf)), ValueError, "sin(x) with x = inf: needs a finite number"),
    (lambda: tan(leaf(math.inf)), ValueError, "tan(x) with x = inf: needs a finite number"),
    (
        lambda: exp(leaf(1000.0, "z")),
        OverflowError,
        f"exp(z) with z = 1000.0: {LARGE}",
    ),
    (lambda: expm1(leaf(1000.0)), OverflowError, f"expm1(x) with x = 1000.0: {LARGE}"),
    (lambda: sinh(leaf(1000.0)), OverflowError, f"sinh(x) with x = 1000.0: {LARGE}"),
    (lambda: cosh(leaf(-1000.0)), OverflowError, f"cosh(x) with x = -1000.0: {LARGE}"),
    (lambda: leaf(1.0, "p") / leaf(0.0, "q"), ZeroDivisionError, "p / q with p = 1.0, q = 0.0"),
    (
        lambda: leaf(1.0, "p") / 0,
        ZeroDivisionError,
        "p / 0 with p = 1.0: the divisor must not be 0",
    ),
    (lambda: 1 / leaf(0.0), ZeroDivisionError, "1 / x with x = 0.0"),
    (
        lambda: leaf(-8.0) ** (1 / 3),
        ValueError,
        "x ** 0.333333 with x = -8.0: a negative base needs a whole",
    ),
    (lambda: leaf(0.0) ** -1, ValueError, f"x ** (-1) with x = 0.0: {POLE}needs another base"),
    (lambda: leaf(1e200) ** 2, OverflowError, f"x ** 2 with x = 1e+200: {LARGE}"),
    (lambda: (-2) ** leaf(0.5), ValueError, "(-2) ** x with x = 0.5"),
    # What has no derivative
    (
        lambda: sqrt(leaf(0.0)).backward(),
        ZeroDivisionError,
        "sqrt(x) with x = 0.0 has no derivative",
    ),
    ((leaf(-2.0) ** leaf(2.0, "n")).backward, ValueError, "has no derivative there"),
    (
        lambda: asin(leaf(1.0)).backward(),
        ZeroDivisionError,
        "asin(x) with x = 1.0 has no derivative",
    ),
    (lambda: gradient(sqrt(leaf(0.0)), []), ZeroDivisionError, "has no derivative"),
    # Sums
    (lambda: weighted_sum([leaf(1.0)], []), ValueError, "1 weights for 0 inputs"),
    (lambda: weighted_sum([leaf(1.0)], ["x"]), TypeError, NUMBER + "str 'x'"),
    # Networks
    (lambda: Neuron(0), ValueError, "0"),
    (lambda: Neuron("2"), TypeError, "'2'"),
    (lambda: Layer(2, 0), ValueError, "0"),
    (lambda: MLP(2, []), ValueError, "at least one layer"),
    (lambda: MLP(2, [1], activation="rely"), ValueError, "no activation is called 'rely'"),
    (lambda: MLP(2, [1], activation=3), TypeError, "an activation is a name or a function"),
    (lambda: MLP(2, [1])([1.0]), ValueError, "2"),
    (lambda: MLP(2, [1])([1.0, 2.0, 3.0]), ValueError, "3"),
    (lambda: MLP(2, [1])(["a", 1.0]), TypeError, "'a'"),
    (lambda: MLP(2, [1])(1.0), TypeError, "needs a list of 2 numbers or Values, got float 1.0"),
    # Losses
    (lambda: mean_squared_error([], []), ValueError, "at least one output, got none"),
    (lambda: mean_squared_error([leaf(1.0)], [1.0, 2.0]), ValueError, "2"),
    (lambda: half_squared_error("a", 1.0), TypeError, "'a'"),
    (lambda: binary_cross_entropy(leaf(0.5), 2.0), ValueError, "2"),
    (lambda: binary_cross_entropy(leaf(1.5, "p"), 1.0), ValueError, "1.5"),
    (lambda: cross_entropy([leaf(1.0), leaf(2.0)], 2), (IndexError, ValueError), "2"),
    (lambda: cross_entropy([leaf(1.0), leaf(2.0)], 0.5), TypeError, "0.5"),
    (lambda: categorical_cross_entropy([leaf(0.5)], [1.0, 0.0]), ValueError, "2"),
    (lambda: hinge(leaf(0.3), 0.0), ValueError, "0.0"),
    # Optimisers
    (lambda: SGD([], 0.1), ValueError, "parameter"),
    (lambda: SGD([leaf(1.0)], 0.0), ValueError, "0"),
    (lambda: SGD([leaf(1.0)], math.nan), ValueError, "nan"),
    (lambda: SGD([leaf(1.0)], "0.1"), TypeError, "'0.1'"),
    (lambda: SGD([1.0], 0.1), TypeError, "1.0"),
    (lambda: SGD([leaf(1.0) * 2], 0.1), ValueError, "computed from others; need a leaf"),
    (lambda: Adam([leaf(1.0)], rate=-1.0), ValueError, "-1.0"),
    (lambda: stepped(math.nan), ValueError, "x"),
    (lambda: stepped(math.inf), ValueError, "x"),
]


@pytest.mark.parametrize(("act", "kind", "message"), BAD)
def test_bad_input_is_refused_where_it_is_given(act, kind, message):
    with pytest.raises(kind, match=re.escape(message)) as caught:
        act()
    text = str(caught.value)
    assert len(text) > 10
    assert "lambda" not in text


def test_a_domain_error_of_ones_own_primitive_names_it_too():
    reciprocal = Primitive("reciprocal", lambda a: 1 / a, lambda a, y: -y / a, needs="needs no 0")
    with pytest.raises(ZeroDivisionError, match=r"^reciprocal\(x\) with x = 0.0: needs no 0$"):
        reciprocal(leaf(0.0))
