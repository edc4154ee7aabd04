r"""Text: what a user calls a variable stays text in DOT and in SVG, and fits into a box.

Everything that a picture says goes through ``dot_text``: Graphviz takes a string between < and >
for markup, which may hold attributes and links, so no such sign is left.

>>> dot_text("<b>&amp;\\n{x|y}")
'&lt;b&gt;&amp;amp;\\\\n{x|y}'
"""

import html
import re
from collections.abc import Iterable
from unicodedata import bidirectional

UNSEEN = re.compile(
    r"[^\S ]|[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
BROKEN = re.compile("[\ud800-\udfff\ufffe\uffff]")
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\\": "\\\\"})
NAME, LINE, TIP = 28, 44, 600


def clip(text: str, width: int) -> str:
    """Leave out the end of a text that is longer than *width*.

    >>> clip("a long label", 7)
    'a long…'
    """
    return text if len(text) <= width else text[: width - 1] + "…"


def clip_name(name: str, width: int) -> str:
    """Shorten a name, but leave the number that tells it from others of the same label.

    >>> clip_name("a long label#2", 9)
    'a long…#2'
    """
    stem, sign, number = name.rpartition("#")
    suffix = sign + number if stem and number.isdigit() else ""
    return clip(name.removesuffix(suffix), width - len(suffix)) + suffix


def visible(text: str) -> str:
    """Replace what has no width, turns the line around, or is forbidden in XML."""
    return BROKEN.sub("\ufffd", UNSEEN.sub(" ", text))


def dot_text(text: str) -> str:
    """Write a text so that Graphviz shows it as it is: no escapes, no entities."""
    return visible(text).translate(ESCAPES)


def dot_lines(lines: Iterable[str], end: str = "\\n") -> str:
    r"""Write lines of text as one label; they end in \n (centred) or \l (to the left)."""
    return "".join(dot_text(line) + end for line in lines).removesuffix("\\n")


def isolate(name: str) -> str:
    """Keep a name from right to left from turning the line that it stands in.

    >>> isolate("w1"), isolate("\u05d0") == "\u2068\u05d0\u2069"
    ('w1', True)
    """
    turns = any(bidirectional(letter) in ("R", "AL") for letter in name)
    return f"\u2068{name}\u2069" if turns else name


def html_text(text: str) -> str:
    r"""Write a text so that a browser shows it as it is.

    >>> html_text("<b>"), html_text("a\u202e")
    ('&lt;b&gt;', 'a ')
    """
    return html.escape(visible(text))


def circled(number: int) -> str:
    """Write a number in a circle; one above 10, for which many fonts have none, in parentheses.

    >>> circled(1), circled(10), circled(11)
    ('①', '⑩', '(11)')
    """
    return chr(ord("①") + number - 1) if 1 <= number <= 10 else f"({number})"


def tell_count(number: int, thing: str) -> str:
    """Write how many of a thing there are.

    >>> tell_count(1, "edge"), tell_count(2000, "edge")
    ('1 edge', '2,000 edges')
    """
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
