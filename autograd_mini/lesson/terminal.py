"""What the terminal can do for a learner: escape codes, history, completion; none is needed."""

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from autograd_mini.notation.plain import for_screen, say

T = TypeVar("T")


def asks_a_person() -> bool:
    """Return whether a person at a terminal is asked, and not a file or a pipe."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class UnansweredError(AssertionError):
    """A lesson's question that the learner left."""


_listening: ContextVar[bool] = ContextVar("listening", default=False)


@contextmanager
def listening(*, on: bool = True) -> Iterator[None]:
    """Let the statements of a lesson ask the learner for a while, or not."""
    token = _listening.set(on)
    try:
        yield
    finally:
        _listening.reset(token)


def is_listening() -> bool:
    """Return whether a learner sits in a lesson and answers."""
    return _listening.get()


def read(prompt: str, line_of: Callable[[str], str]) -> str:
    """Read a line through ``line_of``, such as ``input``.

    A person gets a prompt. For a pipe, what was read is printed after the prompt instead.
    """
    line = line_of(for_screen(prompt) if asks_a_person() else "")
    if line.strip() and not asks_a_person():
        say(prompt + line)
    return line


def hold(dialogue: Generator[str, str, T], line_of: Callable[[str], str]) -> T:
    """Hold a dialogue at the terminal, and return what it returns in the end.

    A dialogue yields prompts and is sent lines, so that it can be held elsewhere, too: in a web
    page, where nothing may wait. Ctrl-C and the end of input are raised in it, where it waits.
    """
    try:
        prompt = next(dialogue)
        while True:
            try:
                line = read(prompt, line_of)
            except (EOFError, KeyboardInterrupt) as left:
                prompt = dialogue.throw(left)
            else:
                prompt = dialogue.send(line)
    except StopIteration as end:
        result: T = end.value
        return result


def forget(_line: str) -> None:
    """Stand in for a history where there is none."""


@contextmanager
def editing(namespace: dict[str, object]) -> Iterator[Callable[[str], None]]:
    """Complete the names of ``namespace`` while lines are read; yield what adds to the history.

    In a pipe, the mere import of readline may print escape codes: it gets neither.
    """
    if not asks_a_person():
        yield forget
        return
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
