"""Words: what a primitive computes, as one sentence with its derivatives.

The derivatives come from the table, so the sentence is as true as they are; it is what ``help``
shows for a method of ``Value`` and for the function of the same name.

>>> from autograd_mini.engine.primitives import maximum, tanh
>>> print(tell_primitive(tanh))
Return the hyperbolic tangent of a; its derivative is 1 - tanh(a)².
>>> print(tell_primitive(maximum))
Return the larger of a and b; its derivatives are [a > b] + [a = b]/2 and [b > a] + [a = b]/2.
"""

from string import ascii_lowercase

from autograd_mini.engine.primitives import Primitive
from autograd_mini.notation.notation import write_partial
from autograd_mini.notation.text import Symbol

IN_WORDS = {
    "exp": "e to the power of a",
    "expm1": "exp(a) - 1, exact also where a is near 0",
    "log": "the natural logarithm of a",
    "log1p": "log(1 + a), exact also where a is near 0",
    "sqrt": "the square root of a",
    "hypot": "the hypotenuse √(a² + b²) of a right-angled triangle",
    "circle": "√(1 - a²), the height of the unit circle over a",
    "sin": "the sine of a, an angle in radians",
    "cos": "the cosine of a, an angle in radians",
    "tan": "the tangent of a, an angle in radians",
    "asin": "the arc sine of a, in radians from -π/2 to π/2",
    "acos": "the arc cosine of a, in radians from 0 to π",
    "atan": "the arc tangent of a, in radians from -π/2 to π/2",
    "sinh": "the hyperbolic sine of a",
    "cosh": "the hyperbolic cosine of a",
    "tanh": "the hyperbolic tangent of a",
    "sech": "the hyperbolic secant 1/cosh(a)",
    "asinh": "the inverse of the hyperbolic sine at a",
    "acosh": "the inverse of the hyperbolic cosine at a",
    "atanh": "the inverse of the hyperbolic tangent at a",
    "sigmoid": "the sigmoid 1/(1 + exp(-a))",
    "softplus": "log(1 + exp(a)), a smooth relu",
    "logaddexp": "log(exp(a) + exp(b))",
    "portion": "exp(a)/(exp(a) + exp(b)), the portion of a",
    "erf": "the error function of a, 2/√π ≈ 1.128 times the integral of exp(-t²) from 0 to a",
    "above": "1 where a > b, else 0",
    "equal": "1 where a = b, else 0",
    "through": "a·b, and 0 where b is 0, whatever a is",
    "power_log": "a to the power of b, times log(a)",
    "relu": "a where a > 0, else 0",
    "leaky_relu": "a where a > 0, else a/100",
    "abs": "a without its sign",
    "maximum": "the larger of a and b",
    "minimum": "the smaller of a and b",
}
"""What functions are called in words; of any other, the formula is told."""


def tell_primitive(op: Primitive) -> str:
    """Write in one sentence what a primitive computes, and its derivatives.

    >>> softsign = Primitive("softsign", lambda a: a / (1 + abs(a)), lambda a, y: 1 - abs(y))
    >>> print(tell_primitive(softsign))
    Return softsign(a); its derivative is 1 - abs(softsign(a)).
    """
    letters = [Symbol(letter) for letter in ascii_lowercase[: len(op.rules)]]
    result = Symbol.apply(op, *letters)
    sentence = f"Return {IN_WORDS.get(op.name, result)}"
    try:
        partials = [write_partial(op, i, letters, result) for i in range(len(letters))]
    except TypeError:  # a rule of one's own that takes numbers only
        return f"{sentence}."
    told = " and ".join(str(Symbol.of(x)) for x in partials)
    return f"{sentence}; its {'derivative is' if len(partials) == 1 else 'derivatives are'} {told}."
