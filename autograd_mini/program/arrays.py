"""Arrays: the functions of the table on any library that follows the array API standard.

NumPy 2 and JAX bring their namespace along; for PyTorch and Dask it comes from array-api-compat.
A number that is no array is the same for all samples, and stays a plain number on the way. Corners
are those of the table, and NaN gives NaN.

>>> import numpy
>>> relu = functions(numpy)["relu"]
>>> relu(numpy.asarray([-1.0, 0.0, 2.0])), relu(2.0)
(array([0., 0., 2.]), 2.0)
"""

import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache, lru_cache, reduce
from numbers import Real
from typing import Any, TypeAlias

from autograd_mini.engine import primitives

# NumPy's or another library's, none of which need be installed, or a number that all samples share.
Array: TypeAlias = Any
Library: TypeAlias = Any  # the functions of such a library, by the standard's names
ArrayFunction = Callable[..., Array]
EXPONENTIAL = ("exp", "expm1", "log", "log1p", "sqrt", "abs")
TRIGONOMETRIC = ("sin", "cos", "tan", "asin", "acos", "atan")
HYPERBOLIC = ("sinh", "cosh", "tanh", "asinh", "acosh", "atanh")
STANDARD = EXPONENTIAL + TRIGONOMETRIC + HYPERBOLIC
ERF_TERMS = 125  # enough for 1e-16 up to 6, where erf is 1 to the last digit


@cache
def functions(xp: Library) -> dict[str, ArrayFunction]:
    """Return every function of the table for arrays of the namespace *xp* and for floats."""
    array = {name: getattr(xp, name) for name in STANDARD}
    array |= corners(xp) | smooth(xp) | parts_of_rules(xp)
    table = primitives.TABLE | {"pow": primitives.power}
    return {name: either(table[name].forward, f) for name, f in array.items()}


def either(on_floats: ArrayFunction, on_arrays: ArrayFunction) -> ArrayFunction:
    """Return a function that computes with floats where all operands are floats."""

    def f(*operands: Array) -> Array:
        plain = all(isinstance(x, (float, int)) for x in operands)
        return (on_floats if plain else on_arrays)(*operands)

    return f


def corners(xp: Library) -> dict[str, ArrayFunction]:
    """Return the functions that branch, which arrays do by ``where``."""
    where = xp.where

    def maximum(a: Array, b: Array) -> Array:
        return where(a > b, a, where(a <= b, b, a + b))

    return {
        "above": lambda a, b: where(a > b, 1.0, where(a <= b, 0.0, a + b)),
        "equal": lambda a, b: where(a == b, 1.0, where((a < b) | (a > b), 0.0, a + b)),
        "through": lambda a, b: where(b == 0, 0.0, as_array(xp, a, b)) * b,  # never infinity · 0
        "relu": lambda a: where(a <= 0, 0.0, a),
        "leaky_relu": lambda a: where(a > 0, a, 0.01 * a),
        "maximum": maximum,
        "minimum": lambda a, b: -maximum(-a, -b),
    }


def smooth(xp: Library) -> dict[str, ArrayFunction]:
    """Return the smooth functions that the standard does not have."""

    def sigmoid(a: Array) -> Array:
        e = xp.exp(-abs(a))
        return xp.where(a > 0, 1.0, e) / (1 + e)

    def erf(a: Array) -> Array:
        large = abs(a) >= 6
        return xp.where(large, xp.sign(a), erf_series(xp, xp.where(large, 0.0, a)))

    return {
        "sigmoid": sigmoid,
        "softplus": lambda a: xp.where(a > 0, a, 0.0) + xp.log1p(xp.exp(-abs(a))),
        "erf": erf,
        "pow": lambda a, b: a**b,
        "hypot": lambda a, b: xp.hypot(as_array(xp, a, b), as_array(xp, b, a)),
        "logaddexp": lambda a, b: xp.logaddexp(as_array(xp, a, b), as_array(xp, b, a)),
    }


def parts_of_rules(xp: Library) -> dict[str, ArrayFunction]:
    """Return the functions that the rules of others are made of."""
    sigmoid = smooth(xp)["sigmoid"]

    def sech(a: Array) -> Array:
        e = xp.exp(-abs(a))
        return 2 * e / (1 + e * e)

    def power_log(a: Array, b: Array) -> Array:
        base = xp.where((a == 0) & (b > 0), 1.0, as_array(xp, a, b))
        return base**b * xp.log(base)

    def portion(a: Array, b: Array) -> Array:
        return sigmoid(xp.where(a == b, 0.0, a) - xp.where(a == b, 0.0, b))

    return {
        "sech": sech,
        "circle": lambda a: xp.sqrt((1 - a) * (1 + a)),
        "power_log": power_log,
        "portion": portion,
    }


def as_array(xp: Library, x: Array, like: Array) -> Array:
    """Return an array as it is, and a number as an array *like* the other operand."""
    return x if is_array(x) else xp.full_like(like, x)


def erf_series(xp: Library, a: Array) -> Array:
    """Return 2a/√π · exp(-a²) · Σ (2a²)ⁿ / (1·3·…·(2n + 1)); no term is negative.

    This is Kummer's series (Abramowitz and Stegun, 7.1.6), summed from the last term inwards.
    """
    t = 2 * a * a
    total = reduce(lambda s, n: 1 + t / (2 * n + 1) * s, range(ERF_TERMS, 0, -1), 1.0)
    return 2 / math.sqrt(math.pi) * a * xp.exp(-a * a) * total


@lru_cache
def is_number(kind: type) -> bool:
    """Tell whether a type is one of real numbers; ``isinstance`` takes long to say no."""
    return issubclass(kind, Real)


def is_array(x: Array) -> bool:
    """Tell whether *x* is an array; NumPy's scalars are numbers."""
    return hasattr(x, "shape") and not is_number(x.__class__)


def namespace(arrays: Sequence[Array]) -> Library:
    """Return the namespace of the arrays.

    Raises TypeError for arrays of several libraries, and ImportError with the line to type where
    a library needs array-api-compat.
    """
    if all(hasattr(x, "__array_namespace__") for x in arrays):
        found = {x.__array_namespace__() for x in arrays}
        if len(found) == 1:
            return found.pop()
    try:
        from array_api_compat import array_namespace
    except ImportError:
        kinds = ", ".join(sorted({type(x).__module__ for x in arrays}))
        raise ImportError(f"arrays of {kinds} need: pip install array-api-compat") from None
    return array_namespace(*arrays)


def strict(xp: Library) -> AbstractContextManager[object]:
    """Let domain errors raise where the library can: NumPy can, the others give NaN or infinity."""
    state: Callable[..., AbstractContextManager[object]] | None = getattr(xp, "errstate", None)
    return state(divide="raise", over="raise", invalid="raise") if state else nullcontext()
