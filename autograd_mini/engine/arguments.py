"""Arguments: what a function was given is checked, and refused in words that say what to write."""

import math
import operator
from numbers import Real
from typing import Any


def real(x: object) -> float:
    """Return a real number of any kind as a float.

    Raises TypeError for anything else, and OverflowError for a number that no float can hold.

    >>> real(True), real(2)
    (1.0, 2.0)
    """
    if x.__class__ is float:  # the usual case: to ask an abstract class takes longer
        return x  # pyright: ignore[reportReturnType]
    if not isinstance(x, (float, Real)):
        raise TypeError(f"need one real number, got {described(x)}{remedy(x)}")
    try:
        number = float(x)
    except OverflowError:
        number = math.inf
    if math.isinf(number) and abs(x) != math.inf:  # NumPy's longer numbers do not raise
        kind = type(x).__name__
        message = f"need a number that a float can hold, up to 1.8e308, got a larger {kind}"
        raise OverflowError(message)
    return number


def text(x: object, what: str) -> str:
    """Return a string as it is; raise TypeError for anything else, telling *what* it is for.

    >>> text("w1", "a label")
    'w1'
    """
    if not isinstance(x, str):
        raise TypeError(f"{what} is a string, got {described(x)}")
    return x


def described(x: object) -> str:
    """Write what was given and of which class it is, cut where it is long.

    >>> described("2"), described(int)
    ("str '2'", "type <class 'int'>")
    """
    kind, text = type(x).__name__, f"{x!r:.40}"
    return text if text.startswith(f"{kind}(") else f"{kind} {text}"


def remedy(x: object) -> str:
    """Say what to write instead of something that is not a real number.

    >>> from decimal import Decimal
    >>> remedy("2"), remedy(Decimal("2.5")), remedy([1, 2])
    (': for text write float(x)', ': write float(x)', '; for several write [Value(x) for x in xs]')
    """
    if isinstance(x, (str, bytes)):
        return ": for text write float(x)"
    if hasattr(x, "operands"):
        return ": write x.data for its number, or use it as it is"
    if isinstance(x, (list, tuple)) and any(hasattr(y, "operands") for y in x):
        return "; for a function of each write [f(x) for x in xs]"
    if several(x):
        return "; for several write [Value(x) for x in xs]"
    return ": write float(x)" if hasattr(x, "__float__") else ""


def several(x: Any) -> bool:
    """Tell whether something can be gone through; an array of no dimensions cannot.

    >>> several([1]), several(1.0)
    (True, False)
    """
    try:
        iter(x)
    except TypeError:
        return False
    return True


def whole_number(x: Any, what: str, least: int | None = None) -> int:
    """Return a whole number, at *least* so large; raise TypeError or ValueError for anything else.

    >>> whole_number(True, "the number of inputs", 1)
    1
    """
    try:
        number = operator.index(x)
    except TypeError:
        raise TypeError(f"{what} is a whole number, got {x!r:.60}") from None
    if least is not None and number < least:
        raise ValueError(f"{what} is at least {least}, got {x}")
    return number


def require_list(name: str, what: str, given: Any) -> list[Any]:
    """Return what was given as a list; raise TypeError for what is not several.

    >>> require_list("softmax", "scores", range(2))
    [0, 1]
    """
    if isinstance(given, str) or not several(given):
        raise TypeError(f"{name} needs a list of {what}, got {described(given)}")
    return list(given)


def no_value(x: object) -> TypeError:
    """Return the error for what should have been one Value."""
    advice = "; take one of the list, or total() of it" if isinstance(x, (list, tuple)) else ""
    return TypeError(f"need one Value, got {described(x)}{advice}")
