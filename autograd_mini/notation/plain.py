"""Plain: texts for a screen that cannot show ``∂``, such as a classroom's old Windows terminal.

>>> to_ascii("∂L/∂a ≈ 2·x⁻¹⁰ × (-3)")
'dL/da ~= 2*x^-10 * (-3)'
"""

import codecs
import re
import sys

from autograd_mini.notation.screen import fit

RAISED = re.compile("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
PLAIN_DIGITS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
SUBSTITUTES = str.maketrans(
    {"∂": "d", "·": "*", "×": "*", "≈": "~=", "…": "...", "−": "-", "→": "->", "½": "1/2"}
)


class Text(str):
    """A text that a REPL shows as it is, in signs that the screen has."""

    __slots__ = ()

    def __str__(self) -> str:
        return for_screen(self[:])

    __repr__ = __str__


def for_screen(text: str) -> str:
    """Return a text as the screen can show it: in its letters, and fitted to a terminal."""
    return fit(in_letters(text))


def in_letters(text: str) -> str:
    """Return the text if standard output can show it; else the same in plain letters."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return write_plain(text).encode(encoding, "backslashreplace").decode(encoding)
    return text


def say(*texts: object, sep: str = " ", end: str = "\n") -> None:
    """Print texts in signs that the screen has."""
    print(for_screen(sep.join(map(str, texts))), end=end)


def write_unknown(error: UnicodeError) -> tuple[str, int]:
    """Write what an encoding lacks in plain letters: what streams of these *errors* call."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return to_ascii(error.object[error.start : error.end]), error.end


IN_LETTERS = "autograd_mini.plain"
codecs.register_error(IN_LETTERS, write_unknown)


def to_ascii(text: str) -> str:
    """Write a text in ASCII; letters that it has not are escaped."""
    return write_plain(text).encode("ascii", "backslashreplace").decode()


def write_plain(text: str) -> str:
    """Write the signs of mathematics as one types them."""
    raised = RAISED.sub(lambda found: f"^{found[0].translate(PLAIN_DIGITS)}", text)
    return raised.translate(SUBSTITUTES)
