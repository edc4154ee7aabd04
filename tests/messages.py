"""Messages are matched from their first word: a wrong opening is a wrong message."""

import re


def opening(message: str) -> str:
    """The pattern of a text that begins with a message, in which … stands for any text."""
    return "^" + ".*".join(map(re.escape, message.split("…")))
