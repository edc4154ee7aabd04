"""Bad input is refused where it is written: by the right class, in words that say what to do.

Each line of a table is what somebody may write, the class of the error, and its message from the
first word on; … stands for any text. A number in a message may be written in any number of digits.
"""

import cmath
import copy
import math
from decimal import Decimal
from fractions import Fraction
from numbers import Real

import pytest

from autograd_mini import (
    Primitive,
    Value,
    acos,
    acosh,
    asin,
    atanh,
    check_gradients,
    cos,
    cosh,
    exp,
    explain,
    expm1,
    first_bad,
    gradient,
    log,
    log1p,
    maximum,
    minimum,
    recompute,
    record,
    sin,
    sinh,
    sqrt,
    tan,
    tangent,
    tanh,
    topological_order,
    total,
    walk,
    weighted_sum,
    what_if,
    why,
)
from autograd_mini.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    categorical_cross_entropy,
    cross_entropy,
    half_squared_error,
    hinge,
    mean_absolute_error,
    mean_squared_error,
)
from autograd_mini.nn import MLP, Layer, Module, Neuron
from autograd_mini.optim import SGD, Adam
from autograd_mini.stepping.check import nudge
from tests.messages import opening

np = pytest.importorskip("numpy", reason="its numbers are refused, too: pip install numpy")


class Scalar:
    """One number as another library has it: an array or tensor without dimensions."""

    def __float__(self):
        return 0.5

    def __iter__(self):
        raise TypeError("iteration over a 0-d tensor")

    def __repr__(self):
        return "tensor(0.5)"


@Real.register
class Longer:
    """A number of 1e4000, as NumPy's longer floats have it, which do not fail as floats."""

    def __float__(self):
        return math.inf

    def __abs__(self):
        return 10**4000


def leaf(data=1.0, label="x"):
    return Value(data, label)


def step(make, gradient=0.0, data=1.0):
    """Take a step of an optimiser whose only parameter has this gradient."""
    x = leaf(data)
    x.grad = gradient
    return make([x]).step()


def write(target, name, content):
    """Write an attribute."""
    setattr(target, name, content)


a, b = leaf(2.0, "a"), leaf(3.0, "b")
NUMBER = "need one real number, got "
PLAIN = "a Value is no plain number: x.data is its number, and exp(x) stays in the graph"
ROUND = "a Value is no plain number: write round(x.data); a rounded Value would have no gradient"
LARGE = "the result is too large for a float"
POLE = "a pole, where the result would be infinite; "
SEVERAL = "; for several write [Value(x) for x in xs]"
SCALE = "for scores of any size use binary_cross_entropy_with_logits or cross_entropy"
DIVERGED = "has the training diverged? try a lower rate"

LIST = "weighted_sum needs a list of numbers or Values, got "
ONE = "need one Value, got "

NO_NUMBER = [
    (lambda: Value("2"), TypeError, NUMBER + "str '2': for text write float(x)"),
    (lambda: Value(b"2"), TypeError, NUMBER + "bytes b'2': for text write float(x)"),
    (lambda: Value(None), TypeError, NUMBER + "NoneType None"),
    (lambda: Value(...), TypeError, NUMBER + "ellipsis Ellipsis"),
    (lambda: Value(float), TypeError, NUMBER + "type <class 'float'>"),
    (lambda: Value([1, 2]), TypeError, NUMBER + "list [1, 2]" + SEVERAL),
    (lambda: Value((1, 2)), TypeError, NUMBER + "tuple (1, 2)" + SEVERAL),
    (lambda: Value({}), TypeError, NUMBER + "dict {}" + SEVERAL),
    (lambda: Value(range(3)), TypeError, NUMBER + "range(0, 3)" + SEVERAL),
    (lambda: Value(1 + 2j), TypeError, NUMBER + "complex (1+2j)"),
    (lambda: Value(np.array([1.0, 2.0])), TypeError, NUMBER + "ndarray array([1., 2.])" + SEVERAL),
    (lambda: Value(np.array([1.0])), TypeError, NUMBER + "ndarray array([1.])" + SEVERAL),
    (lambda: Value(np.complex128(1)), TypeError, NUMBER + "complex128"),
    # one number of another kind
    (
        lambda: Value(Value(2.0)),
        TypeError,
        NUMBER + "Value(data=2.0, …: write x.data for its number, or use it as it is",
    ),
    (lambda: Value(Decimal("2.5")), TypeError, NUMBER + "Decimal('2.5'): write float(x)"),
    (lambda: Value(np.array(1.0)), TypeError, NUMBER + "ndarray array(1.): write float(x)"),
    (lambda: Value(Scalar()), TypeError, NUMBER + "Scalar tensor(0.5): write float(x)"),
    # numbers that no float holds
    (lambda: Value(10**400), OverflowError, "need a number that a float can hold, up to 1.8e308"),
    (lambda: Value(10**5000), OverflowError, "need a number that a float can hold, …larger int"),
    (lambda: Value(Fraction(10**400)), OverflowError, "need a number that a float…larger Fraction"),
    (lambda: Value(Longer()), OverflowError, "need a number that a float can hold…larger Longer"),
    (lambda: leaf() * Longer(), OverflowError, "need a number that a float can hold"),
    (lambda: record(p := leaf(), [p])(Longer()), OverflowError, "need a number that a float can h"),
    (lambda: record(p := leaf(), [p])(10**400), OverflowError, "need a number that a float can h"),
    (lambda: leaf() * 10**400, OverflowError, "need a number that a float can hold"),
    (lambda: 10**400 - leaf(), OverflowError, "need a number that a float can hold"),
    (lambda: leaf() ** 10**400, OverflowError, "need a number that a float can hold"),
    (lambda: leaf().backward(10**400), OverflowError, "need a number that a float can hold"),
    (
        lambda: write(leaf(), "data", -(10**400)),
        OverflowError,
        "need a number that a float can hold",
    ),
    (lambda: exp(10**400), OverflowError, "need a number that a float can hold"),
    (lambda: total([leaf(), 10**400]), OverflowError, "need a number that a float can hold"),
    # to functions
    (lambda: exp("1"), TypeError, NUMBER + "str '1': for text write float(x)"),
    (lambda: exp(None), TypeError, NUMBER + "NoneType None"),
    (lambda: exp([leaf()]), TypeError, NUMBER + "list [Value("),
    (lambda: tanh(Decimal(1)), TypeError, NUMBER + "Decimal('1'): write float(x)"),
    (lambda: maximum("a", "b"), TypeError, NUMBER + "str 'a'"),
    (lambda: maximum(leaf(), "b"), TypeError, NUMBER + "str 'b'"),
    (lambda: minimum("b", leaf()), TypeError, NUMBER + "str 'b'"),
    (lambda: maximum(leaf(), None), TypeError, NUMBER + "NoneType None"),
    (lambda: leaf().maximum([1]), TypeError, NUMBER + "list [1]" + SEVERAL),
    (lambda: total(["a"]), TypeError, NUMBER + "str 'a'"),
    (lambda: total([leaf(), [leaf()]]), TypeError, NUMBER + "list [Value("),
    (lambda: total(1.0), TypeError, "total needs a list of numbers or Values, got float 1.0"),
    (lambda: total(leaf()), TypeError, "total needs a list of numbers or Values, got Value("),
    (lambda: weighted_sum([leaf()], ["x"]), TypeError, NUMBER + "str 'x'"),
    (lambda: weighted_sum([leaf()], [1.0], "b"), TypeError, NUMBER + "str 'b'"),
    (lambda: weighted_sum([leaf()], []), ValueError, "weighted_sum got 1 weights for 0 inputs"),
    (lambda: weighted_sum((x for x in [a]), [1.0]), TypeError, f"{LIST}generator <gener"),
    (lambda: weighted_sum([a], map(float, [1])), TypeError, f"{LIST}map <map object"),
    (lambda: weighted_sum({a, b}, [1.0, 2.0]), TypeError, f"{LIST}set {{Value("),
    (lambda: weighted_sum(a, b), TypeError, f"{LIST}Value(data=2.0"),
    (lambda: weighted_sum([], [1.0, 2.0]), ValueError, "weighted_sum got 0 weights for 2 inputs"),
    # to operators
    (lambda: leaf() + "x", TypeError, "unsupported operand type(s) for +: 'Value' and 'str'"),
    (lambda: "x" + leaf(), TypeError, "can only concatenate str"),
    (lambda: leaf() + None, TypeError, "unsupported operand type(s) for +: 'Value' and 'NoneType'"),
    (lambda: leaf() * None, TypeError, "unsupported operand type(s) for *: 'Value' and 'NoneType'"),
    (lambda: [1] - leaf(), TypeError, "unsupported operand type(s) for -: 'list' and 'Value'"),
    (lambda: leaf() / 1j, TypeError, "unsupported operand type(s) for /: 'Value' and 'complex'"),
    (lambda: leaf() ** "2", TypeError, "unsupported operand type(s) for **"),
    (lambda: leaf() + Decimal(1), TypeError, "unsupported operand type(s) for +: 'Value' and 'dec"),
    (lambda: leaf() @ leaf(), TypeError, "unsupported operand type(s) for @: 'Value' and 'Value'"),
    (lambda: leaf() < "x", TypeError, "'<' not supported between instances of 'Value' and 'str'"),
    (lambda: max(leaf(), None), TypeError, "'>' not supported between instances of 'NoneType' and"),
    (lambda: sum(leaf()), TypeError, "'Value' object is not iterable"),
    (lambda: len(leaf()), TypeError, "object of type 'Value' has no len()"),
    (lambda: leaf()[0], TypeError, "'Value' object is not subscriptable"),
    (lambda: [*leaf()], TypeError, "Value after * must be an iterable, not Value"),
    (lambda: leaf()(1.0), TypeError, "'Value' object is not callable"),
]

WHOLE = "a Value is no whole number: as an index or a count write int(x.data)"
PLAIN_NUMBERS = [
    (lambda: float(leaf()), TypeError, PLAIN),
    (lambda: int(leaf()), TypeError, PLAIN),
    (lambda: complex(leaf()), TypeError, PLAIN),
    (lambda: range(leaf()), TypeError, WHOLE),
    (lambda: [1, 2][leaf()], TypeError, WHOLE),
    (lambda: [1, 2] * leaf(), TypeError, WHOLE),
    (lambda: "%.2f" % leaf(), TypeError, PLAIN),  # noqa: UP031 - as learners write it
    (lambda: f"{leaf():d}", ValueError, "Unknown format code 'd'"),
    (lambda: math.exp(leaf()), TypeError, PLAIN),
    (lambda: math.sqrt(leaf()), TypeError, PLAIN),
    (lambda: math.tanh(leaf()), TypeError, PLAIN),
    (lambda: math.log(leaf()), TypeError, PLAIN),
    (lambda: math.hypot(leaf(), 1.0), TypeError, PLAIN),
    (lambda: math.isclose(leaf(), 1.0), TypeError, PLAIN),
    (lambda: math.isnan(leaf()), TypeError, PLAIN),
    (lambda: math.fsum([leaf()]), TypeError, PLAIN),
    (lambda: math.pow(leaf(), 2), TypeError, PLAIN),
    (lambda: cmath.exp(leaf()), TypeError, PLAIN),
    (lambda: np.asarray([leaf()], float), TypeError, PLAIN),
    (lambda: np.array([1.0, leaf()], dtype=float), TypeError, PLAIN),
    (lambda: np.float64(leaf()), TypeError, PLAIN),
    (
        lambda: math.exp(Value(1.0)),
        TypeError,
        "a Value is no plain number: value.data is its number",
    ),
    (lambda: math.exp(leaf(1.0, "w.x")), TypeError, "a Value is no plain number: value.data is"),
    (lambda: round(leaf()), TypeError, ROUND),
    (lambda: round(leaf(), 2), TypeError, ROUND),
    (lambda: math.floor(leaf()), TypeError, "a Value is no plain number: write math.floor(x.dat"),
    (lambda: math.ceil(leaf()), TypeError, "a Value is no plain number: write math.ceil(x.data);"),
    (lambda: math.trunc(leaf()), TypeError, "a Value is no plain number: write math.trunc(x.dat"),
    (lambda: leaf() % 2, TypeError, "% jumps where its derivative says nothing: …write x.data % …"),
    (lambda: 7 % leaf(), TypeError, "% jumps where its derivative says nothing: …… % x.data"),
    (lambda: leaf() // 2, TypeError, "// jumps where its derivative says nothing: …x.data // …"),
    (lambda: 7 // leaf(), TypeError, "// jumps where its derivative says nothing: …… // x.data"),
    (lambda: divmod(leaf(), 2), TypeError, "divmod jumps where … write divmod(x.data, …)"),
    (lambda: divmod(7, leaf()), TypeError, "divmod jumps where … write divmod(…, x.data)"),
    (lambda: pow(leaf(), 2, 3), TypeError, "pow with a modulus jumps …: write x ** b"),
    (lambda: leaf() ^ 2, TypeError, "^ is no power in Python: write x ** 2"),
    (lambda: 2 ^ leaf(), TypeError, "^ is no power in Python"),
]

NO = "'Value' object has no attribute "
ATTRIBUTES = [
    (lambda: leaf().item(), AttributeError, NO + "'item': the number is x.data"),
    (lambda: leaf().numpy(), AttributeError, NO + "'numpy': the number is x.data"),
    (lambda: leaf().tolist(), AttributeError, NO + "'tolist': the number is x.data"),
    (lambda: leaf().detach(), AttributeError, NO + "'detach': Value(x.data) is a new leaf"),
    (lambda: leaf().clone(), AttributeError, NO + "'clone': copy.copy(x) is a copy"),
    (lambda: leaf().pow(2), AttributeError, NO + "'pow': write x ** 2"),
    (lambda: leaf().requires_grad, AttributeError, NO + "'requires_grad': every Value has a grad"),
    (lambda: leaf().shape, AttributeError, NO + "'shape': a Value is one number"),
    (lambda: leaf()._backward, AttributeError, NO + "'_backward': each operation's rule is in its"),
    (lambda: leaf()._backward(), AttributeError, NO + "'_backward': …walk(y).next()"),
    (lambda: leaf()._children, AttributeError, NO + "'_children': …called operands"),
    (lambda: Value(2.0).item(), AttributeError, NO + "'item': the number is value.data"),
    (lambda: leaf().grd, AttributeError, NO + "'grd'"),
    (lambda: leaf().colour, AttributeError, NO + "'colour'"),
    (lambda: copy.copy(leaf()).nothing, AttributeError, NO + "'nothing'"),
    (lambda: write(leaf(), "colour", "red"), AttributeError, NO + "'colour'"),
    (
        lambda: write(leaf(), "operands", ()),
        AttributeError,
        "property 'operands' of 'Value' object",
    ),
    (
        lambda: write(leaf(), "partials", ()),
        AttributeError,
        "property 'partials' of 'Value' object",
    ),
    (lambda: write(leaf(), "data", "2"), TypeError, NUMBER + "str '2'"),
    (lambda: write(leaf(), "data", None), TypeError, NUMBER + "NoneType None"),
    (lambda: write(leaf(), "data", leaf()), TypeError, NUMBER + "Value(data=1.0, …write x.data"),
    (lambda: write(leaf(), "data", [1.0]), TypeError, NUMBER + "list [1.0]" + SEVERAL),
    (lambda: Value(2.0, 3), TypeError, "a label is a string, got int 3"),
    (lambda: Value(2.0, ()), TypeError, "a label is a string, got tuple ()"),
    (lambda: Value(2.0, None), TypeError, "a label is a string, got NoneType None"),
    (lambda: Value("a", 2.0), TypeError, "a label is a string, got float 2.0"),
    (
        lambda: Value(2.0, (a,), (1.0,)),
        TypeError,
        "a Value is made of a number and a label; …Primi",
    ),
    (
        lambda: Value(2.0, (a, b), "+"),
        TypeError,
        "a Value is made of a number and a label; what it",
    ),
    (lambda: write(leaf(), "label", 3), TypeError, "a label is a string, got int 3"),
    (lambda: write(leaf(), "label", None), TypeError, "a label is a string, got NoneType None"),
    (lambda: write(leaf() * 2, "label", b"y"), TypeError, "a label is a string, got bytes b'y'"),
    (lambda: write(leaf(), "grad", "x"), TypeError, NUMBER + "str 'x': for text write float(x)"),
    (lambda: write(leaf(), "grad", [0.0]), TypeError, NUMBER + "list [0.0]" + SEVERAL),
    (lambda: write(leaf(), "grad", leaf()), TypeError, NUMBER + "Value(data=1.0, …write x.data"),
    (lambda: write(leaf() * 2, "grad", 1j), TypeError, NUMBER + "complex 1j"),
    (lambda: write(leaf(), "grad", None), TypeError, "a grad is a number: to clear it write 0.0"),
    (lambda: write(leaf(), "grad", 10**400), OverflowError, "need a number that a float can hold"),
    (
        lambda: delattr(leaf(), "grad"),
        AttributeError,
        "a Value always has a grad: to clear it write",
    ),
    (
        lambda: delattr(leaf(), "data"),
        AttributeError,
        "property 'data' of 'Value' object has no de",
    ),
    (
        lambda: delattr(leaf(), "label"),
        AttributeError,
        "property 'label' of 'Value' object has no d",
    ),
    (
        lambda: leaf().backward(retain_graph=True),
        TypeError,
        "backward has no argument retain_graph: ",
    ),
    (
        lambda: leaf().backward(create_graph=True),
        TypeError,
        "backward has no argument create_graph: gradient(y, xs) returns derivatives that can be "
        "differentiated again",
    ),
    (
        lambda: leaf().backward(gradient=2.0),
        TypeError,
        "backward has no argument gradient: it is ca",
    ),
    (
        lambda: leaf().backward(sed=2.0),
        TypeError,
        "backward has no argument sed; see help(backward)",
    ),
    (lambda: leaf().backward("1"), TypeError, NUMBER + "str '1'"),
    (lambda: leaf().backward(None), TypeError, NUMBER + "NoneType None"),
    (lambda: leaf().backward([1.0]), TypeError, NUMBER + "list [1.0]"),
]

DOMAINS = [
    (lambda: log(leaf(0.0, "p")), ValueError, f"log(p) with p = …: {POLE}needs a positive number"),
    (lambda: log(leaf(-1.0, "p")), ValueError, "log(p) with p = -1…: needs a positive number"),
    (lambda: log(0.0), ValueError, f"log(0): {POLE}needs a positive number"),
    (lambda: leaf(0.0).log(), ValueError, f"log(x) with x = …: {POLE}needs a positive number"),
    (lambda: log(leaf(-math.inf)), ValueError, "log(x) with x = -inf: needs a positive number"),
    (
        lambda: log1p(leaf(-1.0)),
        ValueError,
        f"log1p(x) with x = -1…: {POLE}needs a number above -1",
    ),
    (lambda: log1p(leaf(-2.0)), ValueError, "log1p(x) with x = -2…: needs a number above -1"),
    (lambda: sqrt(leaf(-1.0)), ValueError, "sqrt(x) with x = -1…: needs a number of at least 0"),
    (lambda: asin(leaf(1.5)), ValueError, "asin(x) with x = 1.5: needs a number from -1 to 1"),
    (lambda: acos(leaf(-1.5)), ValueError, "acos(x) with x = -1.5: needs a number from -1 to 1"),
    (lambda: acosh(leaf(0.5)), ValueError, "acosh(x) with x = 0.5: needs a number from 1 on"),
    (lambda: atanh(leaf(1.0)), ValueError, f"atanh(x) with x = 1…: {POLE}needs a number between"),
    (lambda: atanh(leaf(-1.0)), ValueError, f"atanh(x) with x = -1…: {POLE}needs a number between"),
    (lambda: atanh(leaf(2.0)), ValueError, "atanh(x) with x = 2…: needs a number between -1 and 1"),
    (lambda: sin(leaf(math.inf)), ValueError, "sin(x) with x = inf: needs a finite number"),
    (lambda: cos(leaf(-math.inf)), ValueError, "cos(x) with x = -inf: needs a finite number"),
    (lambda: tan(leaf(math.inf)), ValueError, "tan(x) with x = inf: needs a finite number"),
    (
        lambda: leaf(-8.0) ** (1 / 3),
        ValueError,
        "x ** 0.333…with x = -8…: a negative base needs a wh",
    ),
    (
        lambda: (-2) ** leaf(0.5),
        ValueError,
        "(-2) ** x with x = 0.5: a negative base needs a whole",
    ),
    (lambda: leaf(0.0) ** -1, ValueError, f"x ** (-1) with x = …: {POLE}needs another base"),
    (lambda: 0 ** leaf(-2.0), ValueError, f"0 ** x with x = …: {POLE}needs another base"),
    (lambda: leaf() / 0, ZeroDivisionError, "x / 0 with x = …: the divisor must not be 0"),
    (lambda: 1 / leaf(0.0), ZeroDivisionError, "1 / x with x = …: the divisor must not be 0"),
    (
        lambda: leaf(1.0, "p") / leaf(0.0, "q"),
        ZeroDivisionError,
        "p / q with p = 1…, q = 0…: the div",
    ),
    # too large for a float
    (lambda: exp(leaf(1000.0, "z")), OverflowError, f"exp(z) with z = 1000…: {LARGE}"),
    (lambda: exp(1000.0), OverflowError, f"exp(1000): {LARGE}"),
    (lambda: expm1(leaf(1000.0)), OverflowError, f"expm1(x) with x = 1000…: {LARGE}"),
    (lambda: sinh(leaf(1000.0)), OverflowError, f"sinh(x) with x = 1000…: {LARGE}"),
    (lambda: cosh(leaf(-1000.0)), OverflowError, f"cosh(x) with x = -1000…: {LARGE}"),
    (lambda: leaf(1e200) ** 2, OverflowError, f"x ** 2 with x = 1e+200: {LARGE}"),
    (lambda: leaf(-1e200) ** 3, OverflowError, f"x ** 3 with x = -1e+200: {LARGE}"),
    (lambda: 10 ** leaf(400.0), OverflowError, f"10 ** x with x = 400…: {LARGE}"),
    # what has no derivative
    (lambda: sqrt(leaf(0.0)).backward(), ZeroDivisionError, "sqrt(x) with x = …has no derivative"),
    ((leaf(-2.0) ** leaf(2.0, "n")).backward, ValueError, "x ** n with x = …has no derivative"),
    (lambda: asin(leaf(1.0)).backward(), ZeroDivisionError, "asin(x) with x = …has no derivative"),
    (
        lambda: acosh(leaf(1.0)).backward(),
        ZeroDivisionError,
        "acosh(x) with x = …has no derivative",
    ),
]

NETWORKS = [
    (lambda: Neuron(0), ValueError, "the number of inputs is at least 1, got 0"),
    (lambda: Neuron(-1), ValueError, "the number of inputs is at least 1, got -1"),
    (lambda: Neuron("2"), TypeError, "the number of inputs is a whole number, got '2'"),
    (lambda: Neuron(2.0), TypeError, "the number of inputs is a whole number, got 2.0"),
    (lambda: Neuron(leaf()), TypeError, "the number of inputs is a whole number, got Value("),
    (lambda: Neuron(2, rng=7), TypeError, "rng is a generator such as random.Random(7), got 7"),
    (lambda: Layer(2, 0), ValueError, "the number of outputs is at least 1, got 0"),
    (lambda: Layer(2, None), TypeError, "the number of outputs is a whole number, got None"),
    (
        lambda: Layer(2, 2, rng="7"),
        TypeError,
        "rng is a generator such as random.Random(7), got '7",
    ),
    (lambda: MLP(2, []), ValueError, "a network needs at least one layer, got no sizes"),
    (lambda: MLP(2, 3), TypeError, "the sizes of the layers are a list such as [16, 16, 1], got 3"),
    (lambda: MLP(2, "31"), TypeError, "the sizes of the layers are a list such as [16, 16, 1]"),
    (lambda: MLP(2, [3, 0]), ValueError, "the number of outputs is at least 1, got 0"),
    (lambda: MLP(2, [3, "1"]), TypeError, "the number of outputs is a whole number, got '1'"),
    (
        lambda: MLP(2, [1], activation="rellu"),
        ValueError,
        "no activation is called 'rellu'; did you mean 'relu'? Known are a",
    ),
    (lambda: MLP(2, [1], output="sigmod"), ValueError, "no activation is called 'sigmod'; did you"),
    (lambda: Neuron(2, "qqq"), ValueError, "no activation is called 'qqq'; known are a"),
    (lambda: Neuron(2, "backward"), ValueError, "no activation is called 'backward'; known are"),
    (
        lambda: MLP(2, [1], activation=3),
        TypeError,
        "an activation is a name or a function of a Val",
    ),
    (lambda: Neuron(1, math.tanh)([1.0]), TypeError, "a Value is no plain number: z.data is its"),
    (
        lambda: Neuron(1, lambda _: 1.0)([1.0]),
        TypeError,
        "the activation <lambda> returned 1.0; nee",
    ),
    (lambda: MLP(2, [1])([1.0]), ValueError, "layer1 got 1 inputs, but has 2 weights per neuron"),
    (
        lambda: MLP(2, [1])([1.0] * 3),
        ValueError,
        "layer1 got 3 inputs, but has 2 weights per neuron",
    ),
    (lambda: MLP(2, [1])(["a", 1.0]), TypeError, NUMBER + "str 'a'"),
    (lambda: MLP(2, [1])([[1.0, 2.0]]), ValueError, "layer1 got 1 inputs, but has 2 weights"),
    (lambda: MLP(1, [1])([[1.0]]), TypeError, NUMBER + "list [1.0]" + SEVERAL),
    (
        lambda: MLP(2, [1])(1.0),
        TypeError,
        "layer1 needs a list of 2 numbers or Values, got float 1.0",
    ),
    (
        lambda: MLP(2, [1])("ab"),
        TypeError,
        "layer1 needs a list of 2 numbers or Values, got str 'ab'",
    ),
    (
        lambda: MLP(2, [1])(leaf()),
        TypeError,
        "layer1 needs a list of 2 numbers or Values, got Value",
    ),
    (
        lambda: MLP(2, [1])(np.array(1.0)),
        TypeError,
        "layer1 needs a list of 2 numbers or Values, go",
    ),
    (lambda: MLP(2, [1])(1, 2), TypeError, "the inputs are one list: write model([1.0, 2.0])"),
    (lambda: Layer(2, 1)(1, 2), TypeError, "the inputs are one list: write model([1.0, 2.0])"),
    (lambda: Neuron(2)(1, 2), TypeError, "the inputs are one list: write model([1.0, 2.0])"),
    (lambda: Neuron(2)([1.0]), ValueError, "Neuron got 1 inputs, but has 2 weights per neuron"),
    (lambda: MLP(1, [1]).load("no such file"), FileNotFoundError, "[Errno 2]"),
    (lambda: MLP(1, [1]).save("no such/file"), FileNotFoundError, "[Errno 2] there is no folder "),
]

LOSSES = [
    (
        lambda: mean_squared_error([], []),
        ValueError,
        "mean_squared_error needs at least one output",
    ),
    (
        lambda: mean_squared_error([leaf()], [1.0, 2.0]),
        ValueError,
        "mean_squared_error needs as many",
    ),
    (
        lambda: mean_squared_error([leaf()], 1.0),
        TypeError,
        "mean_squared_error needs a list of targ",
    ),
    (
        lambda: mean_squared_error(leaf(), [1.0]),
        TypeError,
        "mean_squared_error needs a list of outpu",
    ),
    (lambda: mean_squared_error([[1.0]], [[1.0]]), TypeError, NUMBER + "list [1.0]" + SEVERAL),
    (lambda: mean_squared_error(leaf(), None), TypeError, NUMBER + "NoneType None"),
    (
        lambda: mean_squared_error(np.array(0.5), 1),
        TypeError,
        NUMBER + "ndarray array(0.5): write fl",
    ),
    (lambda: half_squared_error("a", 1.0), TypeError, "half_squared_error needs a list of outputs"),
    (lambda: half_squared_error(1.0, "a"), TypeError, "half_squared_error needs a list of outputs"),
    (
        lambda: mean_absolute_error(Decimal(1), 1),
        TypeError,
        NUMBER + "Decimal('1'): write float(x)",
    ),
    (lambda: mean_squared_error(leaf(1e200), 0), OverflowError, f"…: {LARGE}; {DIVERGED}"),
    (lambda: half_squared_error([leaf(1e200)], [0]), OverflowError, f"…: {LARGE}; {DIVERGED}"),
    (lambda: mean_squared_error(1e200, 0), OverflowError, f"…: {LARGE}; {DIVERGED}"),
    (lambda: binary_cross_entropy(leaf(0.5), 2.0), ValueError, "a target is a probability, 0 to 1"),
    (
        lambda: binary_cross_entropy(leaf(0.5), -1),
        ValueError,
        "a target is a probability, 0 to 1, go",
    ),
    (
        lambda: binary_cross_entropy(leaf(1.5, "p"), 1.0),
        ValueError,
        "an output is a probability, 0",
    ),
    (lambda: binary_cross_entropy(-0.1, 1), ValueError, f"an output is a probability…; {SCALE}"),
    (lambda: binary_cross_entropy(leaf(0.0, "p"), 1), ValueError, f"log(p) with p = …; {SCALE}"),
    (
        lambda: binary_cross_entropy(leaf(1.0, "p"), 0),
        ValueError,
        f"log(1 - p) with 1 - p = 0: …; {SCALE}",
    ),
    (
        lambda: binary_cross_entropy_with_logits(5.0, 2),
        ValueError,
        "a target is a probability, 0 to",
    ),
    (
        lambda: cross_entropy([leaf(), leaf()], 2),
        IndexError,
        "the index of one of 2 classes is 0 to 1",
    ),
    (
        lambda: cross_entropy([leaf(), leaf()], -1),
        IndexError,
        "the index of one of 2 classes is 0 to",
    ),
    (
        lambda: cross_entropy([leaf(), leaf()], 0.5),
        TypeError,
        "the index of a class is a whole number",
    ),
    (
        lambda: cross_entropy([leaf()], 0),
        ValueError,
        "cross_entropy needs the logits of at least 2",
    ),
    (
        lambda: cross_entropy([], 0),
        ValueError,
        "cross_entropy needs the logits of at least 2 classe",
    ),
    (
        lambda: cross_entropy(leaf(), 0),
        TypeError,
        "cross_entropy needs a list of logits, got Value",
    ),
    (lambda: cross_entropy([1.0, None], 0), TypeError, NUMBER + "NoneType None"),
    (
        lambda: cross_entropy([[1.0, 2.0]], [0, 1]),
        ValueError,
        "cross_entropy needs as many outputs",
    ),
    (
        lambda: categorical_cross_entropy([leaf(0.5)], [1, 0]),
        ValueError,
        "categorical_cross_entropy ",
    ),
    (
        lambda: categorical_cross_entropy([0.5, 0.5], [1, 1]),
        ValueError,
        "targets add up to 1, got [1",
    ),
    (lambda: categorical_cross_entropy([0.0, 1.0], [1, 0]), ValueError, f"log(0): …; {SCALE}"),
    (
        lambda: categorical_cross_entropy([1.5, 0.5], [1, 0]),
        ValueError,
        "an output is a probability",
    ),
    (
        lambda: categorical_cross_entropy(0.5, [1]),
        TypeError,
        "categorical_cross_entropy needs a lis",
    ),
    (lambda: hinge(leaf(0.3), 0.0), ValueError, "a target of hinge is -1 or 1, got 0.0"),
    (lambda: hinge([0.3], [0.5]), ValueError, "a target of hinge is -1 or 1, got 0.5"),
]

FINITE = "so no parameter was changed; "
GRAPHS = [
    (lambda: gradient(a * b, [2]), TypeError, "input 1 is int 2; need a Value of the graph"),
    (
        lambda: gradient(a * b, a),
        TypeError,
        "need a list of inputs, got Value(…; for one write [x]",
    ),
    (lambda: gradient(2.0, [a]), TypeError, ONE + "float 2.0"),
    (lambda: recompute(2), TypeError, ONE + "int 2"),
    (lambda: first_bad([a]), TypeError, ONE + "list [Value(…; take one of the list, or total() of"),
    (lambda: record(a * b, a), TypeError, "need a list of inputs, got Value(…; for one write [x]"),
    (lambda: record(a * b, "a"), TypeError, "input 1 is str 'a'; need a Value of the graph"),
    (lambda: explain([a * b]), TypeError, ONE + "list [Value(…; take one of the list, or total()"),
    (lambda: why(a * b, "a"), TypeError, ONE + "str 'a'"),
    (lambda: nudge(a, a * b, 0.1), ValueError, "a * b is computed from a: the output comes first"),
    (lambda: nudge(a * b, a, b), TypeError, NUMBER + "Value(data=3.0"),
    (lambda: check_gradients(a, [a * b]), ValueError, "a * b is computed from a: the output comes"),
    (lambda: check_gradients(a * b, a), TypeError, "need a list of inputs, got Value(…write [x]"),
]

OPTIMISERS = [
    (lambda: SGD([], 0.1), ValueError, "need at least one parameter, got none"),
    (
        lambda: SGD(leaf(), 0.1),
        TypeError,
        "need a list of Values such as model.parameters(), got Va",
    ),
    (
        lambda: SGD(MLP(1, [1])),
        TypeError,
        "need a list of Values such as model.parameters(), got ML",
    ),
    (
        lambda: SGD(MLP(1, [1]).parameters),
        TypeError,
        "need a list of Values such as model.parameters",
    ),
    (lambda: SGD([1.0], 0.1), TypeError, "parameter 1 is 1.0; need a Value"),
    (lambda: SGD("w", 0.1), TypeError, "parameter 1 is 'w'; need a Value"),
    (
        lambda: SGD([leaf() * 2], 0.1),
        ValueError,
        "parameter 1 is computed from others; need a leaf",
    ),
    (lambda: SGD([a, b, a]), ValueError, "a is listed twice, and would move twice"),
    (lambda: SGD([a], 0.0), ValueError, "rate is above 0 and finite, got 0.0"),
    (lambda: SGD([a], -0.1), ValueError, "rate is above 0 and finite, got -0.1"),
    (lambda: SGD([a], math.nan), ValueError, "rate is above 0 and finite, got nan"),
    (lambda: SGD([a], math.inf), ValueError, "rate is above 0 and finite, got inf"),
    (lambda: SGD([a], "0.1"), TypeError, NUMBER + "str '0.1': for text write float(x)"),
    (lambda: SGD([a], Decimal("0.1")), TypeError, NUMBER + "Decimal('0.1'): write float(x)"),
    (lambda: SGD([a], leaf(0.1)), TypeError, NUMBER + "Value(data=0.1"),
    (lambda: SGD([a], 0.1, 1.0), ValueError, "momentum is at least 0 and below 1, got 1.0"),
    (
        lambda: SGD([a], 0.1, momentum=-0.1),
        ValueError,
        "momentum is at least 0 and below 1, got -0.1",
    ),
    (lambda: SGD([a], lr=0.1), TypeError, "SGD has no argument lr: it is called rate"),
    (
        lambda: SGD([a], learning_rate=0.1),
        TypeError,
        "SGD has no argument learning_rate: it is called",
    ),
    (
        lambda: SGD([a], nesterov=True),
        TypeError,
        "SGD has no argument nesterov: momentum is Polyak's",
    ),
    (lambda: SGD([a], weight_decay=0.1), TypeError, "SGD has no argument weight_decay: add what"),
    (lambda: SGD([a], speed=0.1), TypeError, "SGD has no argument speed; see help(SGD)"),
    (lambda: SGD([a]).lr, AttributeError, "SGD has no lr: it is called rate"),
    (lambda: write(SGD([a]), "lr", 0.1), AttributeError, "SGD has no lr: it is called rate"),
    (lambda: write(SGD([a]), "rate", 0), ValueError, "rate is above 0 and finite, got 0"),
    (
        lambda: write(SGD([a]), "momentum", 2),
        ValueError,
        "momentum is at least 0 and below 1, got 2",
    ),
    (lambda: write(Adam([a]), "beta1", None), TypeError, NUMBER + "NoneType None"),
    (
        lambda: write(Adam([a]), "epsilon", 0),
        ValueError,
        "epsilon is at least 1e-300 and finite, got 0",
    ),
    (lambda: Adam([a], rate=-1.0), ValueError, "rate is above 0 and finite, got -1.0"),
    (
        lambda: Adam([a], betas=(0.9, 0.99)),
        TypeError,
        "Adam has no argument betas: write beta1= and",
    ),
    (lambda: Adam([a], eps=1e-8), TypeError, "Adam has no argument eps: it is called epsilon"),
    (lambda: Adam([a], lr=1e-3), TypeError, "Adam has no argument lr: it is called rate"),
    (lambda: Adam([a], beta2=1), ValueError, "beta2 is at least 0 and below 1, got 1"),
    (
        lambda: step(SGD, math.nan),
        ValueError,
        f"the grad of x is nan, {FINITE}first_bad(loss) finds the node where it began; {DIVERGED}",
    ),
    (lambda: step(Adam, math.inf), ValueError, f"the grad of x is inf, {FINITE}first_bad(loss) "),
    (
        lambda: step(Adam, 1e200),
        ValueError,
        f"the mean squared grad of x is inf, {FINITE}{DIVERGED}",
    ),
    (
        lambda: step(SGD, -1e308, 1.79e308),
        ValueError,
        f"the data after the step of x is inf, {FINITE}",
    ),
    (lambda: step(SGD, math.nan, math.nan), ValueError, f"the data of x is nan, {FINITE}first_bad"),
    (lambda: step(SGD, 0.0, math.inf), ValueError, f"the data of x is inf, {FINITE}{DIVERGED}"),
]

COUNT = "is a whole number, got "


def apply(forward, *rules):
    return Primitive("cube", forward, *rules)(leaf())


PARTS = [
    (lambda: apply(lambda a: a**3), TypeError, "cube got 1 operands, and has 0 rules: it needs a"),
    (lambda: apply(abs, max, max), TypeError, "cube got 1 operands, and has 2 rules: it needs a r"),
    (lambda: apply(abs, lambda *_: None), TypeError, NUMBER + "NoneType None"),
    (lambda: apply(abs, lambda *_: "2"), TypeError, NUMBER + "str '2'"),
    (lambda: gradient(a, [a * b]), ValueError, "a * b is computed from a: the output comes first"),
    (
        lambda: tangent(a, {a * b: 1}),
        ValueError,
        "a * b is computed from a: the output comes first",
    ),
    (lambda: what_if(a * b, {a: 1}, a=3), ValueError, "a is given two numbers, 1 and 3"),
    (lambda: exp([a]), TypeError, NUMBER + "list [Value(…; for a function of each write [f(x) for"),
    (
        lambda: exp([1.0]),
        TypeError,
        NUMBER + "list [1.0]; for several write [Value(x) for x in xs]",
    ),
    (
        lambda: Value(2.0, requires_grad=True),
        TypeError,
        "Value has no argument requires_grad: every Value has a gradient; for a constant write a",
    ),
    (
        lambda: Value(2.0, _children=(a,)),
        TypeError,
        "Value has no argument _children: a Value is m",
    ),
    (lambda: Value(2.0, _op="+"), TypeError, "Value has no argument _op: a Value is made of"),
    (lambda: Value(2.0, grad=1.0), TypeError, "Value has no argument grad: backward finds it; a"),
    (lambda: Value(2.0, dtype=float), TypeError, "Value has no argument dtype: every Value is a"),
    (lambda: Value(2.0, name="a"), TypeError, "Value has no argument name: it is called label"),
    (lambda: Value(2.0, size=1), TypeError, "Value has no argument size; see help(Value)"),
    (
        lambda: cross_entropy([a, b], [1, 0]),
        TypeError,
        "cross_entropy got one row of logits and se",
    ),
    (
        lambda: cross_entropy([[a, b]], 1),
        TypeError,
        "cross_entropy got rows of logits and one target, 1; the target of a row is the index of",
    ),
    (lambda: topological_order(None), TypeError, ONE + "NoneType None"),
    (lambda: topological_order([a]), TypeError, ONE + "list [Value(…; take one of the list"),
    (lambda: gradient(a * b, np.array(2.0)), TypeError, "need a list of inputs, got array(2.)"),
    (lambda: SGD(np.array(2.0)), TypeError, "need a list of Values such as model.parameters(), go"),
    (lambda: explain(a * b, expand=3), TypeError, "expand needs a list of modules, got int 3"),
    (lambda: explain(a * b, lines="9"), TypeError, f"lines {COUNT}'9'"),
    (lambda: explain(a * b, lines=-1), ValueError, "lines is at least 0, got -1"),
    (lambda: why(a * b, a, limit=math.nan), TypeError, f"limit {COUNT}nan"),
    (
        lambda: what_if(a * b, [a, 3.0]),
        TypeError,
        "the changes are a mapping such as {a: 3}, got",
    ),
    (lambda: walk(a * b).to(a), TypeError, f"a step that is told by no name {COUNT}Value("),
    (lambda: walk(a * b).to(""), ValueError, "no step after 0 is about a node called ''"),
    (lambda: Primitive(3, math.exp), TypeError, "the name of a primitive is a string, got int 3"),
    (lambda: Primitive("cube", 3), TypeError, "cube is made of functions, got int 3"),
    (lambda: Primitive("cube", math.exp, None), TypeError, "cube is made of functions, got None"),
    (lambda: Neuron(2, label=3), TypeError, "a label is a string, got int 3"),
    (lambda: Layer(2, 1, label=None), TypeError, "a label is a string, got NoneType None"),
]

BAD = [
    *NO_NUMBER,
    *PLAIN_NUMBERS,
    *ATTRIBUTES,
    *DOMAINS,
    *NETWORKS,
    *LOSSES,
    *GRAPHS,
    *OPTIMISERS,
    *PARTS,
]


@pytest.mark.parametrize(("act", "kind", "message"), BAD)
def test_bad_input_is_refused_where_it_is_written(act, kind, message):
    with pytest.raises(kind, match=opening(message)) as caught:
        act()
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600


def test_the_tables_are_long_enough_to_be_believed():
    assert len(BAD) >= 200
    assert len({(message, kind) for _, kind, message in BAD}) > 150


def test_advice_on_training_is_given_by_losses_and_optimisers_only():
    for act, kind, _ in [*NO_NUMBER, *PLAIN_NUMBERS, *ATTRIBUTES, *DOMAINS]:
        with pytest.raises(kind) as caught:
            act()
        assert not any(word in str(caught.value) for word in ("loss", "_with_logits", "diverged"))


def test_what_is_refused_has_changed_nothing():
    x = leaf(2.0)
    x.grad = 3.0
    for name, content in [("data", "2"), ("grad", None), ("label", 3), ("operands", ()), ("z", 1)]:
        with pytest.raises((TypeError, AttributeError)):
            write(x, name, content)
    assert (x.data, x.grad, x.label, x.notes) == (2.0, 3.0, "x", {})


def test_a_domain_error_of_ones_own_primitive_names_it_too():
    reciprocal = Primitive("reciprocal", lambda a: 1 / a, lambda a, y: -y / a, needs="needs no 0")
    with pytest.raises(ZeroDivisionError, match=r"^reciprocal\(x\) with x = 0.*: needs no 0$"):
        reciprocal(leaf(0.0))


def test_a_primitive_that_says_nothing_of_its_needs_says_what_python_says():
    reciprocal = Primitive("reciprocal", lambda a: 1 / a, lambda a, y: -y / a)
    with pytest.raises(ZeroDivisionError, match=r"^reciprocal\(x\) with x = 0.*: .*division"):
        reciprocal(leaf(0.0))


# What looks like bad input and is not ------------------------------------------------------------


@pytest.mark.parametrize("number", [True, 2, Fraction(1, 2), np.float32(0.5), np.int64(3)])
def test_real_numbers_of_every_kind_are_numbers(number):
    assert type(Value(number).data) is float
    assert (leaf(1.0) * number).data == float(number)
    assert maximum(leaf(-5.0), number).data == float(number)


@pytest.mark.parametrize("name", ["sin", "cos", "tan", "sinh", "cosh", "tanh"])
def test_the_inverse_functions_of_numpy_work_on_values(name):
    x = leaf(1.5 if name == "cosh" else 0.5)
    y = getattr(np, f"arc{name}")(x)
    assert isinstance(y, Value)
    assert y.operands == (x,)
    assert y.data == pytest.approx(float(getattr(np, f"arc{name}")(x.data)))


def test_a_value_still_shows_its_number_in_formats_arrays_and_sums():
    assert f"{leaf(2.5):.3f} {np.array([a, b]).sum().data} {sum([a, b]).data}" == "2.500 5.0 5.0"
    assert np.exp(leaf(0.0)).data == 1.0


def test_a_module_of_ones_own_may_have_any_attribute():
    class Net(Module):
        def __init__(self):
            self.lr, self.shape = 0.1, (2, 3)

    assert Net().parameters() == []


def test_what_only_says_what_to_write_instead_is_neither_there_nor_listed():
    a = Value(2.0, "a")
    assert not hasattr(a, "item")
    assert {"tanh", "arctan", "data"} <= set(dir(a))
    assert not {"item", "detach", "numpy", "shape"} & set(dir(a))
    with pytest.raises(AttributeError, match=r"^'Value' object has no attribute 'requires_grad'"):
        a.requires_grad = False


def test_a_value_has_no_getattr_which_would_slow_down_every_attribute():
    assert not hasattr(Value, "__getattr__")
    assert Value.__getattribute__ is object.__getattribute__
