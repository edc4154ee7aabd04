"""Ctrl-C at any instruction of the package, once or twice."""

import sys
from collections.abc import Callable
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

    before = sys.gettrace()  # that of a coverage run, which goes on afterwards
    sys.settrace(trace)
    try:
        act()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(before)
    return False
