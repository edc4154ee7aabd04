"""Callers: the line of a program that called into the package.

A warning points at the line that its reader wrote, and a recorded program says where a Value was
compared. An operator such as ``<`` is not told who called it, so Python's stack of frames is asked.
No depth is counted, as ``stacklevel`` of a warning would have it: the number of functions between
that line and this module differs from path to path, and changes whenever one of them is split.
"""

import sys
from types import FrameType

PACKAGE = __name__.partition(".")[0]


def calling_frame() -> FrameType:
    """Return the innermost frame that runs code from outside the package.

    Where all frames belong to the package, as in a command of its own, returns the outermost.
    """
    frame = sys._getframe()
    while frame.f_globals.get("__name__", "").partition(".")[0] == PACKAGE and frame.f_back:
        frame = frame.f_back
    return frame


def calling_line() -> tuple[str, int]:
    """Return the file and the number of the line that called into the package."""
    frame = calling_frame()
    return frame.f_code.co_filename, frame.f_lineno
