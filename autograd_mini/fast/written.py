"""Written by ``make generate`` from the table of primitives: change that, not this file.

``Value`` inherits from ``Fast``. Each method does what ``Node`` does in general, for one primitive
and the usual operands: Values and plain numbers. What is out of the ordinary (another kind of
operand, an error, a partial that does not exist) it hands to ``Node``.
"""

# That Value inherits from Fast, so that its methods return what they must, no checker sees:
# mypy: disable-error-code="no-any-return, override, return-value"
# pyright: reportIncompatibleMethodOverride=false, reportReturnType=false

from collections.abc import Sequence
from typing import Any

from autograd_mini.engine import primitives
from autograd_mini.engine.primitives import Primitive
from autograd_mini.engine.sums import Variadic
from autograd_mini.engine.value import Node, Value
from autograd_mini.fast import layers
from autograd_mini.fast.layers import new

POWER = primitives.power
ADD = primitives.add
SUB = primitives.sub
MUL = primitives.mul
DIV = primitives.div
NEG = primitives.neg
ABSOLUTE = primitives.absolute
EXP = primitives.exp
EXPM1 = primitives.expm1
LOG = primitives.log
LOG1P = primitives.log1p
SQRT = primitives.sqrt
ERF = primitives.erf
SIN = primitives.sin
COS = primitives.cos
TAN = primitives.tan
ASIN = primitives.asin
ACOS = primitives.acos
ATAN = primitives.atan
SINH = primitives.sinh
COSH = primitives.cosh
TANH = primitives.tanh
SECH = primitives.sech
ASINH = primitives.asinh
ACOSH = primitives.acosh
ATANH = primitives.atanh
SIGMOID = primitives.sigmoid
SOFTPLUS = primitives.softplus
RELU = primitives.relu
LEAKY_RELU = primitives.leaky_relu
MAXIMUM = primitives.maximum
MINIMUM = primitives.minimum
HYPOT = primitives.hypot
above = primitives.above.forward
acos = primitives.acos.forward
acosh = primitives.acosh.forward
asin = primitives.asin.forward
asinh = primitives.asinh.forward
atan = primitives.atan.forward
atanh = primitives.atanh.forward
circle = primitives.circle.forward
cos = primitives.cos.forward
cosh = primitives.cosh.forward
equal = primitives.equal.forward
erf = primitives.erf.forward
exp = primitives.exp.forward
expm1 = primitives.expm1.forward
hypot = primitives.hypot.forward
leaky_relu = primitives.leaky_relu.forward
log = primitives.log.forward
log1p = primitives.log1p.forward
maximum = primitives.maximum.forward
minimum = primitives.minimum.forward
pow = primitives.power.forward
power_log = primitives.power_log.forward
relu = primitives.relu.forward
sech = primitives.sech.forward
sigmoid = primitives.sigmoid.forward
sin = primitives.sin.forward
sinh = primitives.sinh.forward
softplus = primitives.softplus.forward
sqrt = primitives.sqrt.forward
tan = primitives.tan.forward
tanh = primitives.tanh.forward
through = primitives.through.forward


class Fast(Node):
    """The methods of ``Node``, written out."""

    __slots__ = ()

    def __pow__(self, other: Any, modulus: Any = None) -> Value:
        """Return a^b; its derivatives are b·a^(b - 1) and a^b·log(a)."""
        try:
            if modulus is not None:
                return Node.__pow__(self, other, modulus)
            if other.__class__ is Value:
                node = new()
                node._data = pow(self._data, other._data)
                node._a = self
                node._da = 0.0 if other._data == 0 else self._data ** (other._data - 1) * other._data
                node._b = other
                node._db = power_log(self._data, other._data)
                m = self.depth
                n = other.depth
                node.depth = m + 1 if m > n else n + 1
            else:
                if other.__class__ is int:
                    other = float(other)
                elif other.__class__ is not float:
                    return Node.__pow__(self, other)
                node = new()
                node._data = pow(self._data, other)
                node._a = self
                node._da = 0.0 if other == 0 else self._data ** (other - 1) * other
                node._b = other
                node._db = None
                node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(POWER, self, other)
        node.op = POWER
        node.reached = None
        return node

    def __add__(self, other: Any) -> Value:
        """Return a + b; its derivatives are 1 and 1."""
        try:
            if other.__class__ is Value:
                node = new()
                node._data = self._data + other._data
                node._a = self
                node._da = 1.0
                node._b = other
                node._db = 1.0
                m = self.depth
                n = other.depth
                node.depth = m + 1 if m > n else n + 1
            else:
                if other.__class__ is int:
                    other = float(other)
                elif other.__class__ is not float:
                    return Node.__add__(self, other)
                node = new()
                node._data = self._data + other
                node._a = self
                node._da = 1.0
                node._b = other
                node._db = None
                node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(ADD, self, other)
        node.op = ADD
        node.reached = None
        return node

    def __radd__(self, other: Any) -> Value:
        """Return a + b; its derivatives are 1 and 1."""
        try:
            if other.__class__ is int:
                other = float(other)
            elif other.__class__ is not float:
                return Node.__radd__(self, other)
            node = new()
            node._data = other + self._data
            node._a = other
            node._da = None
            node._b = self
            node._db = 1.0
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(ADD, other, self)
        node.op = ADD
        node.reached = None
        return node

    def __sub__(self, other: Any) -> Value:
        """Return a - b; its derivatives are 1 and -1."""
        try:
            if other.__class__ is Value:
                node = new()
                node._data = self._data - other._data
                node._a = self
                node._da = 1.0
                node._b = other
                node._db = -1.0
                m = self.depth
                n = other.depth
                node.depth = m + 1 if m > n else n + 1
            else:
                if other.__class__ is int:
                    other = float(other)
                elif other.__class__ is not float:
                    return Node.__sub__(self, other)
                node = new()
                node._data = self._data - other
                node._a = self
                node._da = 1.0
                node._b = other
                node._db = None
                node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(SUB, self, other)
        node.op = SUB
        node.reached = None
        return node

    def __rsub__(self, other: Any) -> Value:
        """Return a - b; its derivatives are 1 and -1."""
        try:
            if other.__class__ is int:
                other = float(other)
            elif other.__class__ is not float:
                return Node.__rsub__(self, other)
            node = new()
            node._data = other - self._data
            node._a = other
            node._da = None
            node._b = self
            node._db = -1.0
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(SUB, other, self)
        node.op = SUB
        node.reached = None
        return node

    def __mul__(self, other: Any) -> Value:
        """Return a·b; its derivatives are b and a."""
        try:
            if other.__class__ is Value:
                node = new()
                node._data = self._data * other._data
                node._a = self
                node._da = other._data
                node._b = other
                node._db = self._data
                m = self.depth
                n = other.depth
                node.depth = m + 1 if m > n else n + 1
            else:
                if other.__class__ is int:
                    other = float(other)
                elif other.__class__ is not float:
                    return Node.__mul__(self, other)
                node = new()
                node._data = self._data * other
                node._a = self
                node._da = other
                node._b = other
                node._db = None
                node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(MUL, self, other)
        node.op = MUL
        node.reached = None
        return node

    def __rmul__(self, other: Any) -> Value:
        """Return a·b; its derivatives are b and a."""
        try:
            if other.__class__ is int:
                other = float(other)
            elif other.__class__ is not float:
                return Node.__rmul__(self, other)
            node = new()
            node._data = other * self._data
            node._a = other
            node._da = None
            node._b = self
            node._db = other
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(MUL, other, self)
        node.op = MUL
        node.reached = None
        return node

    def __truediv__(self, other: Any) -> Value:
        """Return a/b; its derivatives are 1/b and -a/b/b."""
        try:
            if other.__class__ is Value:
                node = new()
                node._data = y = self._data / other._data
                node._a = self
                node._da = 1 / other._data
                node._b = other
                node._db = -y / other._data
                m = self.depth
                n = other.depth
                node.depth = m + 1 if m > n else n + 1
            else:
                if other.__class__ is int:
                    other = float(other)
                elif other.__class__ is not float:
                    return Node.__truediv__(self, other)
                node = new()
                node._data = self._data / other
                node._a = self
                node._da = 1 / other
                node._b = other
                node._db = None
                node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(DIV, self, other)
        node.op = DIV
        node.reached = None
        return node

    def __rtruediv__(self, other: Any) -> Value:
        """Return a/b; its derivatives are 1/b and -a/b/b."""
        try:
            if other.__class__ is int:
                other = float(other)
            elif other.__class__ is not float:
                return Node.__rtruediv__(self, other)
            node = new()
            node._data = y = other / self._data
            node._a = other
            node._da = None
            node._b = self
            node._db = -y / self._data
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(DIV, other, self)
        node.op = DIV
        node.reached = None
        return node

    def __rpow__(self, other: Any) -> Value:
        """Return a^b; its derivatives are b·a^(b - 1) and a^b·log(a)."""
        try:
            if other.__class__ is int:
                other = float(other)
            elif other.__class__ is not float:
                return Node.__rpow__(self, other)
            node = new()
            node._data = pow(other, self._data)
            node._a = other
            node._da = None
            node._b = self
            node._db = power_log(other, self._data)
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(POWER, other, self)
        node.op = POWER
        node.reached = None
        return node

    def __neg__(self) -> Value:
        """Return -a; its derivative is -1."""
        try:
            node = new()
            node._data = -self._data
            node._a = self
            node._da = -1.0
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(NEG, self)
        node.op = NEG
        node.reached = None
        return node

    def __abs__(self) -> Value:
        """Return a without its sign; its derivative is [a > 0] - [a < 0]."""
        try:
            node = new()
            node._data = abs(self._data)
            node._a = self
            node._da = above(self._data, 0.0) - above(0.0, self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(ABSOLUTE, self)
        node.op = ABSOLUTE
        node.reached = None
        return node

    def abs(self) -> Value:
        """Return a without its sign; its derivative is [a > 0] - [a < 0]."""
        try:
            node = new()
            node._data = abs(self._data)
            node._a = self
            node._da = above(self._data, 0.0) - above(0.0, self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(ABSOLUTE, self)
        node.op = ABSOLUTE
        node.reached = None
        return node

    def exp(self) -> Value:
        """Return e to the power of a; its derivative is exp(a)."""
        try:
            node = new()
            node._data = y = exp(self._data)
            node._a = self
            node._da = y
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(EXP, self)
        node.op = EXP
        node.reached = None
        return node

    def expm1(self) -> Value:
        """Return exp(a) - 1, exact also where a is near 0; its derivative is expm1(a) + 1."""
        try:
            node = new()
            node._data = expm1(self._data)
            node._a = self
            node._da = exp(self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(EXPM1, self)
        node.op = EXPM1
        node.reached = None
        return node

    def log(self) -> Value:
        """Return the natural logarithm of a; its derivative is 1/a."""
        try:
            node = new()
            node._data = log(self._data)
            node._a = self
            node._da = 1 / self._data
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(LOG, self)
        node.op = LOG
        node.reached = None
        return node

    def log1p(self) -> Value:
        """Return log(1 + a), exact also where a is near 0; its derivative is 1/(1 + a)."""
        try:
            node = new()
            node._data = log1p(self._data)
            node._a = self
            node._da = 1 / (1 + self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(LOG1P, self)
        node.op = LOG1P
        node.reached = None
        return node

    def sqrt(self) -> Value:
        """Return the square root of a; its derivative is 1/(2·sqrt(a))."""
        try:
            node = new()
            node._data = y = sqrt(self._data)
            node._a = self
            node._da = 1 / (2 * y)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(SQRT, self)
        node.op = SQRT
        node.reached = None
        return node

    def erf(self) -> Value:
        """Return the error function of a, 2/√π ≈ 1.128 times the integral of exp(-t²) from 0 to a; its derivative is 1.128·exp(-a·a)."""
        try:
            node = new()
            node._data = erf(self._data)
            node._a = self
            node._da = 1.1283791670955126 * exp(-self._data * self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(ERF, self)
        node.op = ERF
        node.reached = None
        return node

    def sin(self) -> Value:
        """Return the sine of a, an angle in radians; its derivative is cos(a)."""
        try:
            node = new()
            node._data = sin(self._data)
            node._a = self
            node._da = cos(self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(SIN, self)
        node.op = SIN
        node.reached = None
        return node

    def cos(self) -> Value:
        """Return the cosine of a, an angle in radians; its derivative is -sin(a)."""
        try:
            node = new()
            node._data = cos(self._data)
            node._a = self
            node._da = -sin(self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(COS, self)
        node.op = COS
        node.reached = None
        return node

    def tan(self) -> Value:
        """Return the tangent of a, an angle in radians; its derivative is 1 + tan(a)²."""
        try:
            node = new()
            node._data = y = tan(self._data)
            node._a = self
            node._da = 1 + y ** 2
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(TAN, self)
        node.op = TAN
        node.reached = None
        return node

    def asin(self) -> Value:
        """Return the arc sine of a, in radians from -π/2 to π/2; its derivative is 1/sqrt(1 - a²)."""
        try:
            node = new()
            node._data = asin(self._data)
            node._a = self
            node._da = 1 / circle(self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(ASIN, self)
        node.op = ASIN
        node.reached = None
        return node

    def acos(self) -> Value:
        """Return the arc cosine of a, in radians from 0 to π; its derivative is -1/sqrt(1 - a²)."""
        try:
            node = new()
            node._data = acos(self._data)
            node._a = self
            node._da = -1 / circle(self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(ACOS, self)
        node.op = ACOS
        node.reached = None
        return node

    def atan(self) -> Value:
        """Return the arc tangent of a, in radians from -π/2 to π/2; its derivative is 1/(1 + a²)."""
        try:
            node = new()
            node._data = atan(self._data)
            node._a = self
            node._da = (1 / hypot(1.0, self._data)) ** 2
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(ATAN, self)
        node.op = ATAN
        node.reached = None
        return node

    def sinh(self) -> Value:
        """Return the hyperbolic sine of a; its derivative is cosh(a)."""
        try:
            node = new()
            node._data = sinh(self._data)
            node._a = self
            node._da = cosh(self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(SINH, self)
        node.op = SINH
        node.reached = None
        return node

    def cosh(self) -> Value:
        """Return the hyperbolic cosine of a; its derivative is sinh(a)."""
        try:
            node = new()
            node._data = cosh(self._data)
            node._a = self
            node._da = sinh(self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(COSH, self)
        node.op = COSH
        node.reached = None
        return node

    def tanh(self) -> Value:
        """Return the hyperbolic tangent of a; its derivative is 1 - tanh(a)²."""
        try:
            node = new()
            node._data = tanh(self._data)
            node._a = self
            node._da = sech(self._data) ** 2
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(TANH, self)
        node.op = TANH
        node.reached = None
        return node

    def sech(self) -> Value:
        """Return the hyperbolic secant 1/cosh(a); its derivative is -sech(a)·tanh(a)."""
        try:
            node = new()
            node._data = y = sech(self._data)
            node._a = self
            node._da = -y * tanh(self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(SECH, self)
        node.op = SECH
        node.reached = None
        return node

    def asinh(self) -> Value:
        """Return the inverse of the hyperbolic sine at a; its derivative is 1/sqrt(1 + a²)."""
        try:
            node = new()
            node._data = asinh(self._data)
            node._a = self
            node._da = 1 / hypot(1.0, self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(ASINH, self)
        node.op = ASINH
        node.reached = None
        return node

    def acosh(self) -> Value:
        """Return the inverse of the hyperbolic cosine at a; its derivative is 1/sqrt(a² - 1)."""
        try:
            node = new()
            node._data = acosh(self._data)
            node._a = self
            node._da = 1 / (sqrt(self._data - 1) * sqrt(self._data + 1))
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(ACOSH, self)
        node.op = ACOSH
        node.reached = None
        return node

    def atanh(self) -> Value:
        """Return the inverse of the hyperbolic tangent at a; its derivative is 1/(1 - a²)."""
        try:
            node = new()
            node._data = atanh(self._data)
            node._a = self
            node._da = (1 / circle(self._data)) ** 2
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(ATANH, self)
        node.op = ATANH
        node.reached = None
        return node

    def sigmoid(self) -> Value:
        """Return the sigmoid 1/(1 + exp(-a)); its derivative is sigmoid(a)·(1 - sigmoid(a))."""
        try:
            node = new()
            node._data = sigmoid(self._data)
            node._a = self
            node._da = (sech(self._data / 2) / 2) ** 2
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(SIGMOID, self)
        node.op = SIGMOID
        node.reached = None
        return node

    def softplus(self) -> Value:
        """Return log(1 + exp(a)), a smooth relu; its derivative is sigmoid(a)."""
        try:
            node = new()
            node._data = softplus(self._data)
            node._a = self
            node._da = sigmoid(self._data)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(SOFTPLUS, self)
        node.op = SOFTPLUS
        node.reached = None
        return node

    def relu(self) -> Value:
        """Return a where a > 0, else 0; its derivative is [a > 0]."""
        try:
            node = new()
            node._data = 0.0 if self._data <= 0 else self._data
            node._a = self
            node._da = 1.0 if self._data > 0.0 else 0.0 if self._data <= 0.0 else self._data + 0.0
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(RELU, self)
        node.op = RELU
        node.reached = None
        return node

    def leaky_relu(self) -> Value:
        """Return a where a > 0, else a/100; its derivative is 0.01 + 0.99·[a > 0]."""
        try:
            node = new()
            node._data = self._data if self._data > 0 else 0.01 * self._data
            node._a = self
            node._da = 0.01 + 0.99 * above(self._data, 0.0)
            node._b = node._db = None
            node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(LEAKY_RELU, self)
        node.op = LEAKY_RELU
        node.reached = None
        return node

    def maximum(self, other: Any) -> Value:
        """Return the larger of a and b; its derivatives are [a > b] + [a = b]/2 and [b > a] + [a = b]/2."""
        try:
            if other.__class__ is Value:
                node = new()
                node._data = maximum(self._data, other._data)
                node._a = self
                node._da = above(self._data, other._data) + equal(self._data, other._data) / 2
                node._b = other
                node._db = above(other._data, self._data) + equal(self._data, other._data) / 2
                m = self.depth
                n = other.depth
                node.depth = m + 1 if m > n else n + 1
            else:
                if other.__class__ is int:
                    other = float(other)
                elif other.__class__ is not float:
                    return Node.maximum(self, other)
                node = new()
                node._data = maximum(self._data, other)
                node._a = self
                node._da = above(self._data, other) + equal(self._data, other) / 2
                node._b = other
                node._db = None
                node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(MAXIMUM, self, other)
        node.op = MAXIMUM
        node.reached = None
        return node

    def minimum(self, other: Any) -> Value:
        """Return the smaller of a and b; its derivatives are [b > a] + [a = b]/2 and [a > b] + [a = b]/2."""
        try:
            if other.__class__ is Value:
                node = new()
                node._data = minimum(self._data, other._data)
                node._a = self
                node._da = above(other._data, self._data) + equal(self._data, other._data) / 2
                node._b = other
                node._db = above(self._data, other._data) + equal(self._data, other._data) / 2
                m = self.depth
                n = other.depth
                node.depth = m + 1 if m > n else n + 1
            else:
                if other.__class__ is int:
                    other = float(other)
                elif other.__class__ is not float:
                    return Node.minimum(self, other)
                node = new()
                node._data = minimum(self._data, other)
                node._a = self
                node._da = above(other, self._data) + equal(self._data, other) / 2
                node._b = other
                node._db = None
                node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(MINIMUM, self, other)
        node.op = MINIMUM
        node.reached = None
        return node

    def hypot(self, other: Any) -> Value:
        """Return the hypotenuse √(a² + b²) of a right-angled triangle; its derivatives are a/hypot(a, b) and b/hypot(a, b)."""
        try:
            if other.__class__ is Value:
                node = new()
                node._data = y = hypot(self._data, other._data)
                node._a = self
                node._da = self._data / y
                node._b = other
                node._db = other._data / y
                m = self.depth
                n = other.depth
                node.depth = m + 1 if m > n else n + 1
            else:
                if other.__class__ is int:
                    other = float(other)
                elif other.__class__ is not float:
                    return Node.hypot(self, other)
                node = new()
                node._data = y = hypot(self._data, other)
                node._a = self
                node._da = self._data / y
                node._b = other
                node._db = None
                node.depth = self.depth + 1
        except (ArithmeticError, ValueError):
            return Node.apply(HYPOT, self, other)
        node.op = HYPOT
        node.reached = None
        return node

    def accumulate(self, seed: float, leaves: dict[Node, float]) -> None:
        """Give each node the sum of its terms, adjoint · partial, the deepest nodes first."""
        sweep = object()
        levels: list[Any] = [None] * (self.depth + 1)
        self.reached = sweep
        if self.depth:
            self._grad = seed
            levels[self.depth] = [self]
        else:
            leaves[self] = self._grad
            self._grad += seed
        for depth in range(self.depth, 0, -1):
            nodes = levels[depth]
            if nodes is None:
                continue
            levels[depth] = None
            for node in nodes:
                adjoint = node._grad
                a = node._da
                b = node._db
                if a is not None:
                    x = node._a
                    if x.reached is sweep:
                        x._grad += adjoint * a
                    elif depth := x.depth:
                        x.reached = sweep
                        x._grad = adjoint * a
                        level = levels[depth]
                        if level is None:
                            levels[depth] = [x]
                        else:
                            level.append(x)
                    else:
                        x.reached = sweep
                        leaves[x] = x._grad
                        x._grad += adjoint * a
                if b is not None:
                    x = node._b
                    if x.reached is sweep:
                        x._grad += adjoint * b
                    elif depth := x.depth:
                        x.reached = sweep
                        x._grad = adjoint * b
                        level = levels[depth]
                        if level is None:
                            levels[depth] = [x]
                        else:
                            level.append(x)
                    else:
                        x.reached = sweep
                        leaves[x] = x._grad
                        x._grad += adjoint * b
                elif a is None:
                    for operand, partial in zip(node._a, node._b, strict=True):
                        if partial is not None:
                            x = operand
                            if x.reached is sweep:
                                x._grad += adjoint * partial
                            elif depth := x.depth:
                                x.reached = sweep
                                x._grad = adjoint * partial
                                level = levels[depth]
                                if level is None:
                                    levels[depth] = [x]
                                else:
                                    level.append(x)
                            else:
                                x.reached = sweep
                                leaves[x] = x._grad
                                x._grad += adjoint * partial

    weighted_sums = staticmethod(layers.weighted_sums)

    def compute(self, numbers: Sequence[float]) -> tuple[float, tuple[Any, ...]]:
        """Return what data and local partials would be if the operands had these numbers."""
        try:
            return COMPUTE[self.op](self, *numbers)
        except (KeyError, ArithmeticError, ValueError):
            return Node.compute(self, numbers)

    @staticmethod
    def computing(op: Primitive) -> Any:
        """Return what computes the nodes of a primitive, given the node and a number for each."""
        return COMPUTE.get(op) or Node.computing(op)

    @staticmethod
    def apply(op: Primitive, *operands: Any) -> Value:
        """Compute the result of *op* and remember where it came from."""
        if len(operands) == 1 and op in METHODS:
            return METHODS[op](*operands)
        if op.__class__ is Variadic and len(operands) > 2:
            return layers.many(op, operands)
        return Node.apply(op, *operands)


METHODS = {
    NEG: Fast.__neg__,
    ABSOLUTE: Fast.abs,
    EXP: Fast.exp,
    EXPM1: Fast.expm1,
    LOG: Fast.log,
    LOG1P: Fast.log1p,
    SQRT: Fast.sqrt,
    ERF: Fast.erf,
    SIN: Fast.sin,
    COS: Fast.cos,
    TAN: Fast.tan,
    ASIN: Fast.asin,
    ACOS: Fast.acos,
    ATAN: Fast.atan,
    SINH: Fast.sinh,
    COSH: Fast.cosh,
    TANH: Fast.tanh,
    SECH: Fast.sech,
    ASINH: Fast.asinh,
    ACOSH: Fast.acosh,
    ATANH: Fast.atanh,
    SIGMOID: Fast.sigmoid,
    SOFTPLUS: Fast.softplus,
    RELU: Fast.relu,
    LEAKY_RELU: Fast.leaky_relu,
}
"""The method of each function of one operand."""

COMPUTE: dict[Primitive, Any] = {
    POWER: lambda node, a, b: (y := pow(a, b), (None if node._da is None else through(a ** (b - 1), b), None if node._db is None else power_log(a, b),)),
    ADD: lambda node, a, b: (y := a + b, (None if node._da is None else 1.0, None if node._db is None else 1.0,)),
    SUB: lambda node, a, b: (y := a - b, (None if node._da is None else 1.0, None if node._db is None else -1.0,)),
    MUL: lambda node, a, b: (y := a * b, (None if node._da is None else b, None if node._db is None else a,)),
    DIV: lambda node, a, b: (y := a / b, (None if node._da is None else 1 / b, None if node._db is None else -y / b,)),
    NEG: lambda node, a: (y := -a, (-1.0,)),
    ABSOLUTE: lambda node, a: (y := abs(a), (above(a, 0.0) - above(0.0, a),)),
    EXP: lambda node, a: (y := exp(a), (y,)),
    EXPM1: lambda node, a: (y := expm1(a), (exp(a),)),
    LOG: lambda node, a: (y := log(a), (1 / a,)),
    LOG1P: lambda node, a: (y := log1p(a), (1 / (1 + a),)),
    SQRT: lambda node, a: (y := sqrt(a), (1 / (2 * y),)),
    ERF: lambda node, a: (y := erf(a), (1.1283791670955126 * exp(-a * a),)),
    SIN: lambda node, a: (y := sin(a), (cos(a),)),
    COS: lambda node, a: (y := cos(a), (-sin(a),)),
    TAN: lambda node, a: (y := tan(a), (1 + y ** 2,)),
    ASIN: lambda node, a: (y := asin(a), (1 / circle(a),)),
    ACOS: lambda node, a: (y := acos(a), (-1 / circle(a),)),
    ATAN: lambda node, a: (y := atan(a), ((1 / hypot(1.0, a)) ** 2,)),
    SINH: lambda node, a: (y := sinh(a), (cosh(a),)),
    COSH: lambda node, a: (y := cosh(a), (sinh(a),)),
    TANH: lambda node, a: (y := tanh(a), (sech(a) ** 2,)),
    SECH: lambda node, a: (y := sech(a), (-y * tanh(a),)),
    ASINH: lambda node, a: (y := asinh(a), (1 / hypot(1.0, a),)),
    ACOSH: lambda node, a: (y := acosh(a), (1 / (sqrt(a - 1) * sqrt(a + 1)),)),
    ATANH: lambda node, a: (y := atanh(a), ((1 / circle(a)) ** 2,)),
    SIGMOID: lambda node, a: (y := sigmoid(a), ((sech(a / 2) / 2) ** 2,)),
    SOFTPLUS: lambda node, a: (y := softplus(a), (sigmoid(a),)),
    RELU: lambda node, a: (y := relu(a), (above(a, 0.0),)),
    LEAKY_RELU: lambda node, a: (y := leaky_relu(a), (0.01 + 0.99 * above(a, 0.0),)),
    MAXIMUM: lambda node, a, b: (y := maximum(a, b), (None if node._da is None else above(a, b) + equal(a, b) / 2, None if node._db is None else above(b, a) + equal(a, b) / 2,)),
    MINIMUM: lambda node, a, b: (y := minimum(a, b), (None if node._da is None else above(b, a) + equal(a, b) / 2, None if node._db is None else above(a, b) + equal(a, b) / 2,)),
    HYPOT: lambda node, a, b: (y := hypot(a, b), (None if node._da is None else a / y, None if node._db is None else b / y,)),
}
"""What computes the data and the partials of a node of each primitive from other numbers."""
