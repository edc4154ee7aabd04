"""Running: turn the lines of a listing into a function, given what ``exp``, ``relu``, … mean.

The same lines run on whatever the functions in their *scope* work on: floats, arrays, or Numba's
machine numbers.
"""

import linecache
import math
import re
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import lru_cache
from types import CodeType
from typing import Any

from autograd_mini.engine.primitives import Primitive, power
from autograd_mini.program.recording import Progress, quiet
from autograd_mini.program.source import Function

LARGE = 60_000  # lines, of 20,000 nodes; Python needs 2 KB of memory for each while it compiles
PIECE = 5000

WORD = re.compile(r"[^\W\d]\w*")
ASSIGNED = re.compile(r"(?:^|; )(\w+) = ", re.MULTILINE)

Scope = Mapping[str, Any]
Runner = Callable[[Sequence[Any]], Any]
CONSTANTS = {"inf": math.inf, "nan": math.nan}


def floats(primitives: Mapping[str, Primitive]) -> dict[str, Any]:
    """Return the scope in which the lines compute with floats."""
    named = {name: op.forward for name, op in primitives.items() if name.isidentifier()}
    return CONSTANTS | {"pow": power.forward} | named


def bound(function: Function, scope: Scope, progress: Progress = quiet) -> Runner:
    """Give the lines of a function their *scope*, and make it callable with all its arguments."""
    if len(function.lines) > LARGE:
        return Pieces(function, scope, progress)
    f = defined(function.name, function.source, scope)
    return lambda arguments: f(*arguments)


def resumed(function: Function, scope: Scope, progress: Progress = quiet) -> Runner:
    """Do the same for functions that are called often and take numbers."""
    if len(function.lines) > LARGE:
        return Pieces(function, scope, progress)
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
    """A function too large for Python to compile at once: functions that share one dictionary."""

    def __init__(self, function: Function, scope: Scope, progress: Progress) -> None:
        sources = progress([*cut(function, PIECE)], "piece")
        self.pieces = [defined("piece", source, scope) for source in sources]
        self.results = compile(function.results, "results", "eval")
        self.arguments = function.arguments

    def __call__(self, arguments: Sequence[Any]) -> Any:
        """Run the pieces, one after the other."""
        known = dict(zip(self.arguments, arguments, strict=True))
        for piece in self.pieces:
            piece(known)
        return eval(self.results, {}, known)


def cut(function: Function, size: int) -> Iterator[str]:
    r"""Write a function as several; each reads what it needs and leaves what others need.

    >>> f = Function("f", ("x",), ("a = x + 1", "b = a * a", "c = b * a", "d = c + x"), "d")
    >>> print(*cut(f, 3), sep="\n")
    def piece(_known):
        x = _known["x"]
        a = x + 1
        b = a * a
        c = b * a
        _known.update(c=c)
    def piece(_known):
        c = _known["c"]
        x = _known["x"]
        d = c + x
        _known.update(d=d)
    """
    code = [line.partition("#")[0].rstrip() or "pass" for line in function.lines]
    parts = [code[i : i + size] for i in range(0, len(code), size)]
    words = [set(WORD.findall(" ".join(part))) for part in parts]
    last = {word: i for i, some in enumerate(words) for word in some}
    last |= dict.fromkeys(WORD.findall(function.results), len(parts))
    known = set(function.arguments)
    for i, part in enumerate(parts):
        assigned = set(ASSIGNED.findall("\n".join(part)))
        reads = [f'{word} = _known["{word}"]' for word in sorted(words[i] & known)]
        left = ", ".join(f"{word}={word}" for word in sorted(assigned) if last[word] > i)
        known |= assigned
        yield "\n    ".join(["def piece(_known):", *reads, *part, f"_known.update({left})"])
