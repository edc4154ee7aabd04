"""Ctrl-C at any instruction of the package, once or twice."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


def interrupted(act: Callable[[], Any], first: int, second: int = 0) -> bool:
    """Run a function and press Ctrl-C at its *first* instruction, counted from 1.

    With *second*, press it again that many instructions later, while the first is being handled.
    Tell whether the function got so far.
    """
    points = {first, first + second} if second else {first}
    count = 0

    def trace(frame: Any, event: str, _argument: object) -> Any:
        nonlocal count
        if "autograd_mini" not in frame.f_code.co_filename:
            return None
        frame.f_trace_opcodes = True
        count += event == "opcode"
        if event == "opcode" and count in points:
            raise KeyboardInterrupt
        return trace

    with traced(trace):
        try:
            act()
        except KeyboardInterrupt:
            return True
    return False


@contextmanager
def traced(trace: Callable[..., Any]) -> Iterator[None]:
    """Call a function at each instruction of the block; a coverage run goes on afterwards."""
    tracer, hook = sys.gettrace(), sys.unraisablehook

    def forget_interrupt(unraisable: Any) -> None:
        if unraisable.exc_type is not KeyboardInterrupt:
            hook(unraisable)

    sys._getframe().f_trace_opcodes = True  # Python 3.12 traces opcodes if a frame asked before
    sys.unraisablehook = forget_interrupt  # Python drops one that meets the end of a generator
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(tracer)
        sys.unraisablehook = hook
