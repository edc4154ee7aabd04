"""What the terminal can do for a learner: escape codes, history, completion; none is needed."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any


def asks_a_person() -> bool:
    """Return whether a person at a terminal is asked, and not a file or a pipe."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def read(prompt: str, line_of: Callable[[str], str]) -> str:
    """Read a line through ``line_of``, such as ``input``.

    A person gets a prompt. For a pipe, what was read is printed after the prompt instead.
    """
    line = line_of(prompt if asks_a_person() else "")
    if line.strip() and not asks_a_person():
        print(prompt + line)
    return line


def coloured() -> bool:
    """Return whether the terminal takes escape codes and the learner wants them (NO_COLOR)."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    able = os.name != "nt" or "WT_SESSION" in os.environ  # the older Windows console shows them
    return sys.stdout.isatty() and able and not plain


def forget(_line: str) -> None:
    """Stand in for a history where there is none."""


def editing(namespace: dict[str, Any]) -> AbstractContextManager[Callable[[str], None]]:
    """Give history and completion to a person at a terminal, and nothing to a pipe.

    In a pipe, the mere import of readline may print escape codes.
    """
    return completing(namespace) if asks_a_person() else nullcontext(forget)


@contextmanager
def completing(namespace: dict[str, Any]) -> Iterator[Callable[[str], None]]:
    """Complete the names of ``namespace`` while lines are read; yield what adds to the history."""
    try:
        import readline
    except ImportError:  # Windows, whose console edits lines by itself
        yield forget
        return
    before = readline.get_completer()
    import rlcompleter  # after that look, for its import installs a completer of its own

    readline.set_completer(rlcompleter.Completer(namespace).complete)
    libedit = "libedit" in (readline.__doc__ or "")  # as on macOS
    readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
    try:
        yield readline.add_history
    finally:
        readline.set_completer(before)
