"""What is being measured now: one line on standard error, written over by the next."""

from __future__ import annotations

import sys


def progress(message: str) -> None:
    """Say what is going on, where somebody is watching."""
    if sys.stderr.isatty():
        print(f"\r\033[K{message}", end="", file=sys.stderr, flush=True)


def announce(message: str) -> None:
    """Say which part has begun, to watchers and logs alike."""
    progress("")
    print(message, file=sys.stderr, flush=True)
