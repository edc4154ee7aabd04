"""Callers: the line of a program that called into the package."""

import sys
from types import FrameType

PACKAGE = __name__.partition(".")[0]


def calling_frame() -> FrameType:
    """Return the innermost frame that runs code from outside the package.

    However many functions of the package lie between, this is the line that its reader wrote.
    Where all of them belong to the package, returns the outermost.
    """
    frame = sys._getframe()
    while frame.f_globals.get("__name__", "").partition(".")[0] == PACKAGE and frame.f_back:
        frame = frame.f_back
    return frame


def calling_line() -> tuple[str, int]:
    """Return the file and the number of the line that called into the package."""
    frame = calling_frame()
    return frame.f_code.co_filename, frame.f_lineno
