"""Equations: the one place where ``=`` or ``≈`` is chosen, for every line that is shown.

>>> write_equation("L", Symbol("a") * Symbol("b"), figure(2.0) * figure(-3.0), figure(-6.0))
'L = a·b = 2 × (-3) = -6'
>>> write_equation("∂L/∂a", figure(1 / 3) * figure(3.0), figure(1.0))
'∂L/∂a ≈ 0.3333 × 3 ≈ 1'
"""

from autograd_mini.notation.text import Figures, Symbol

EQUAL, NEARLY = "=", "≈"


def figure(x: float) -> Figures:
    """Write a number as a side of an equation, to be reckoned with."""
    return Figures.of(x)


def choose_sign(left: Symbol | str, right: Symbol | str) -> str:
    """Return ``=`` if the two sides are equal as they are printed, else ``≈``.

    Two sides of numbers are worked out exactly, as decimals under + − × ÷ and whole powers; what
    holds a function cannot be, and is nearly equal to its result. Where a side has letters, the
    sides are equal if no number was rounded. A plain string counts as letters.

    >>> choose_sign(figure(0.25) * figure(4.0), figure(1.0)), choose_sign("a", figure(2 / 3))
    ('=', '≈')
    """
    sides = [Symbol(side) if isinstance(side, str) else side for side in (left, right)]
    if not all(isinstance(side, Figures) for side in sides):
        return EQUAL if all(side.is_held for side in sides) else NEARLY
    first, second = (side.worth for side in sides)
    return EQUAL if first is not None and first == second else NEARLY


def write_equation(*sides: Symbol | str) -> str:
    """Write the sides one after the other, the right sign between each two.

    Sides are letters (a string or a ``Symbol``) and figures (``figure``). An empty side is left
    out, and so is a formula that looks like the one after it.

    >>> write_equation("∂L/∂a", Symbol.of(2.0), figure(2.0)), write_equation("a", "", figure(0.1))
    ('∂L/∂a = 2', 'a = 0.1')
    """
    return " ".join(filter(None, write_columns(*sides)))


def write_columns(*sides: Symbol | str) -> list[str]:
    """Write the same as a column for each side, its sign before it; empty for what is left out.

    >>> write_columns("a", "", figure(0.1))
    ['a', '', '= 0.1']
    """
    return [f"{sign} {side}" if sign else str(side) for sign, side in relate(*sides)]


def relate(*sides: Symbol | str) -> list[tuple[str, Symbol | str]]:
    """Return each side with the sign before it: none before the first, and for what is left out.

    >>> relate("a", "", "2·b")
    [('', 'a'), ('', ''), ('=', '2·b')]
    """
    related: list[tuple[str, Symbol | str]] = []
    before: Symbol | str = ""
    for side, after in zip(sides, [*sides[1:], ""], strict=True):
        if not str(side) or (isinstance(side, Symbol) and side.text == str(after)):
            related.append(("", ""))
            continue
        related.append((choose_sign(before, side) if str(before) else "", side))
        before = side
    return related
