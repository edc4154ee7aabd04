"""Numbers: how they are written for people, short, and so that one sees what was rounded.

>>> [write_number(x) for x in (3.0, 0.1 + 0.2, 1.0001, 2 / 3)]
['3', '0.3', '1.000', '0.6667']
"""

import math

from autograd_mini.engine.undefined import Undefined

LONGEST_WHOLE = 999_999


def write_number(x: float, digits: int = 4) -> str:
    """Write a number as short as a reader wants it: four *digits*, whole numbers up to six.

    A rounded number keeps its zeros, and one digit behind the point: 1.0001 is ``1.000``, 1234.2
    is ``1234.2``. A number is not called rounded if its short form is equal to it in twelve
    digits: 0.1 + 0.2 is ``0.3``.

    >>> write_number(0.70710678), write_number(-8.0), write_number(-0.0), write_number(123456.0)
    ('0.7071', '-8', '0', '123456')
    >>> write_number(0.5e-7), write_number(1e-7 / 3), write_number(1234567.0)
    ('5e-08', '3.333e-08', '1.235e+06')
    """
    if isinstance(x, Undefined):
        return "undefined"
    short = shorten(x, digits)
    if is_exact(x, short):
        return short
    rounded = f"{x:#.{digits}g}"
    return f"{x:.1f}" if rounded.endswith(".") else rounded


def shorten(x: float, digits: int = 4) -> str:
    """Write the nearest number that has a short form.

    >>> shorten(1.0001), shorten(0.1 + 0.2), shorten(999999.0)
    ('1', '0.3', '999999')
    """
    x += 0.0  # -0.0 is 0
    whole = abs(x) <= LONGEST_WHOLE and is_exact(x, f"{x:.0f}")
    return f"{x:.0f}" if whole else f"{x:.{digits}g}"


def is_exact(x: float, text: str) -> bool:
    """Tell whether a written number is the number, to twelve digits.

    >>> is_exact(0.1 + 0.2, "0.3"), is_exact(1.0001, "1.000")
    (True, False)
    """
    return f"{float(text):.12g}" == f"{x + 0.0:.12g}"


def is_held(x: float) -> bool:
    """Tell whether a number is what its short form says, and not only near it.

    >>> is_held(0.25), is_held(1 / 3), is_held(math.inf)
    (True, False, True)
    """
    return isinstance(x, Undefined) or not math.isfinite(x) or is_exact(x, write_number(x))
