"""Running: turn the lines of a listing into a function, given what ``exp``, ``relu``, … mean.

The same lines run on whatever the functions in their *scope* work on: floats, arrays, or Numba's
machine numbers.
"""

import linecache
import math
import zlib
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

from autograd_mini.listing import Function
from autograd_mini.primitives import Primitive, power

LARGE = 20_000  # lines; while Python compiles one function it needs several KB for each
PIECE = 5_000

Scope = Mapping[str, Any]
Runner = Callable[[Sequence[Any]], Any]
CONSTANTS = {"inf": math.inf, "nan": math.nan}


def floats(primitives: Mapping[str, Primitive]) -> dict[str, Any]:
    """Return the scope in which the lines compute with floats."""
    named = {name: op.forward for name, op in primitives.items() if name.isidentifier()}
    return CONSTANTS | {"pow": power.forward} | named


def bound(function: Function, scope: Scope) -> Runner:
    """Give the lines of a function their *scope*, and make it callable with all its arguments."""
    if len(function.lines) > LARGE:
        return Pieces(function, scope)
    f = defined(function.name, function.source, scope)
    return lambda arguments: f(*arguments)


def resumed(function: Function, scope: Scope) -> Runner:
    """Do the same for functions that are called often and take numbers."""
    if len(function.lines) > LARGE:
        return Pieces(function, scope)
    return Resumed(defined(function.name, function.generator, scope))


def defined(name: str, source: str, scope: Scope) -> Callable[..., Any]:
    """Define a function in a scope of its own."""
    space = dict(scope)
    exec(compiled(name, source), space)
    f: Callable[..., Any] = space.pop(name)  # no cycle of a function and its globals
    return f


class Resumed:
    """A function that waits in generators for its next call.

    Python builds and frees the frame of a function at each call; where it holds thousands of
    numbers, that takes as long as the arithmetic. Calls at the same time use generators of their
    own, and one that raises is not used again.
    """

    def __init__(self, start: Callable[[], Generator[Any, Sequence[Any], None]]) -> None:
        self.start = start
        self.waiting: list[Generator[Any, Sequence[Any], None]] = []

    def __call__(self, arguments: Sequence[Any]) -> Any:
        """Send the arguments to a generator that waits, or to a new one."""
        try:
            generator = self.waiting.pop()
        except IndexError:
            generator = self.start()
            next(generator)
        result = generator.send(arguments)
        self.waiting.append(generator)
        return result


@lru_cache(maxsize=128)
def compiled(name: str, source: str) -> CodeType:
    """Compile the source of a function, and show it to tracebacks."""
    return compile(source, shown(name, source), "exec")


def shown(name: str, source: str) -> str:
    """Put a source where tracebacks and ``inspect`` look for it; return its file's name."""
    file = f"<recorded {name} {zlib.crc32(source.encode()):08x}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    return file


class Pieces:
    """A function too large for Python to compile at once: pieces that share one dictionary."""

    def __init__(self, function: Function, scope: Scope) -> None:
        self.codes = pieces(function)
        self.results = compile(function.results, "results", "eval")
        self.scope = scope
        self.arguments = function.arguments

    def __call__(self, arguments: Sequence[Any]) -> Any:
        """Run the pieces, one after the other."""
        space = dict(self.scope) | dict(zip(self.arguments, arguments, strict=True))
        for code in self.codes:
            exec(code, space)
        return eval(self.results, space)


@lru_cache(maxsize=8)
def pieces(function: Function) -> list[CodeType]:
    """Compile the lines of a function piece by piece, each where it stands in the source."""
    file, head = shown(function.name, function.source), len(function.head)
    return [
        compile("\n" * (head + i) + "\n".join(function.lines[i : i + PIECE]), file, "exec")
        for i in range(0, len(function.lines), PIECE)
    ]
