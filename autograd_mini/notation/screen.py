"""Screen: how wide the terminal is, whether it has colours, and how lines are fitted to it.

>>> print(fit("a long line of many words", 12))
a long line
    of many
    words
"""

import os
import re
import shutil
import sys
import textwrap

NARROW = 80  # columns where nobody says how many there are
INDENT = "    "
INKS = {"positive": "38;5;32", "negative": "38;5;166", "zero": "38;5;244", "alarm": "38;5;162"}
"""Colours of 256, those of the pictures: blue, orange, grey and magenta."""
EXPLODES = 1000.0


def is_terminal() -> bool:
    """Tell whether what is printed goes to a terminal, and not to a file or a pipe."""
    return bool(getattr(sys.stdout, "isatty", bool)())


def columns() -> int:
    """Return how many columns the screen has; 80 where it does not say."""
    return shutil.get_terminal_size((NARROW, 24)).columns


def is_coloured() -> bool:
    """Tell whether the terminal takes escape codes and the reader wants them (NO_COLOR)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    able = os.name != "nt" or "WT_SESSION" in os.environ  # the older Windows console shows them
    return bool(os.environ.get("FORCE_COLOR")) or (is_terminal() and able)


def paint(text: str, x: float) -> str:
    """Colour a text by the sign of a number where the terminal has colours."""
    if not is_coloured():
        return text
    return f"\x1b[{INKS[sign_of(x)]}m{text}\x1b[0m"


def sign_of(x: float) -> str:
    """Name the sign of a gradient; one that explodes or is no number is an alarm.

    >>> sign_of(2.0), sign_of(-0.5), sign_of(0.0), sign_of(float("nan"))
    ('positive', 'negative', 'zero', 'alarm')
    """
    if not abs(x) < EXPLODES:
        return "alarm"
    return "positive" if x > 0 else "negative" if x < 0 else "zero"


def fit(text: str, width: int | None = None, indent: str = INDENT) -> str:
    """Break lines that are wider than the terminal at spaces; no word is split.

    What goes on is indented further than its line. Without a *width*, text that does not go to a
    terminal stays as it is.
    """
    if width is None:
        if not is_terminal():
            return text
        width = columns()
    return "\n".join(fit_line(line, width, indent) for line in text.split("\n"))


def fit_line(line: str, width: int, indent: str) -> str:
    """Break one line."""
    if len(line) <= width:
        return line
    start = re.match(r"\s*", line)[0]  # type: ignore[index]  # it always matches
    lines = textwrap.wrap(
        line.strip(),
        max(width, len(start) + 2 * len(INDENT)),
        initial_indent=start,
        subsequent_indent=start + indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines)


def reflow(text: str) -> str:
    """Fill the paragraphs of a text anew where they are wider than the terminal.

    Lines that are indented, or begin with a sign, stand as they are: code, lists and tables.
    """
    if not is_terminal() or max(map(len, text.split("\n"))) <= columns():
        return text
    paragraphs = map(join_prose, text.split("\n\n"))
    return "\n\n".join(fit(x, indent=INDENT if "\n" in x.strip("\n") else "") for x in paragraphs)


def join_prose(paragraph: str) -> str:
    r"""Join the lines of a paragraph of prose; leave any other.

    >>> join_prose("One line\nand another."), join_prose("- a list\n- of two")
    ('One line and another.', '- a list\n- of two')
    """
    lines = paragraph.strip("\n").split("\n")
    is_prose = all(line[:1].isalnum() or line[:1] in {*"'\"(`∂"} for line in lines)
    return paragraph.replace("\n".join(lines), " ".join(lines)) if is_prose else paragraph
