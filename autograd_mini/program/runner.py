"""Running: turn the lines of a listing into a function, given what ``exp``, ``relu``, … mean.

The same lines run on whatever the functions in their *scope* work on: floats, arrays, or Numba's
machine numbers.
"""

import linecache
import math
import weakref
import zlib
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from types import CodeType
from typing import Any

from autograd_mini.engine.primitives import TABLE, Primitive
from autograd_mini.program.arrays import Array
from autograd_mini.program.recording import Progress, without_progress
from autograd_mini.program.source import Function, write_function

LARGE = 60_000  # lines, of 20,000 nodes; Python needs 2 KB of memory for each while it compiles
PIECE = 5000

Globals = Mapping[str, object]
Runner = Callable[[Sequence[Array]], Array]
CONSTANTS = {"inf": math.inf, "nan": math.nan}
RESUMED = """\
def {name}():
    _ = None
    while True:
        [{arguments}] = yield _
        {body}
        _ = {results}
"""


def floats(primitives: Mapping[str, Primitive]) -> dict[str, object]:
    """Return the scope in which the lines compute with floats."""
    return {**CONSTANTS, **{name: op.forward for name, op in primitives.items()}}


def own_floats(primitives: Mapping[str, Primitive]) -> dict[str, object]:
    """Return what computes the primitives of your own, whose functions may be NumPy's, in floats.

    >>> import numpy
    >>> sinc = Primitive("sinc", numpy.sinc, lambda a, y: y)
    >>> own_floats({"sinc": sinc})["sinc"](0.0)
    1.0
    """

    def compute_float(op: Primitive, *numbers: float) -> float:
        return float(op.forward(*numbers))

    own = set(primitives.values()) - set(TABLE.values())
    return {name: partial(compute_float, op) for name, op in primitives.items() if op in own}


def bind(
    function: Function,
    body: Sequence[str],
    scope: Globals,
    progress: Progress = without_progress,
    *,
    waits: bool,
) -> Runner:
    """Give the *body* of a function its *scope*, and make it callable with all its arguments.

    On numbers its frame *waits* for the next call; on arrays it would keep them from being freed.
    """
    if len(body) > LARGE:
        return Pieces(function, body, scope, progress)
    if waits:
        source = RESUMED.format(
            name=function.name,
            arguments=", ".join(function.arguments),
            body="\n        ".join(body or ["pass"]),
            results=function.results,
        )
        return Resumed(define_function(function.name, source, scope))
    source = write_function(function.name, function.arguments, body, function.results)
    f = define_function(function.name, source, scope)
    return lambda arguments: f(*arguments)


def define_function(name: str, source: str, scope: Globals) -> Callable[..., Array]:
    """Define a function in a scope of its own."""
    space: dict[str, Any] = dict(scope)
    exec(compile_source(name, source), space)
    f: Callable[..., Array] = space.pop(name)  # no cycle of a function and its globals
    return f


class Resumed:
    """A function that waits in generators for its next call.

    Python builds and frees the frame of a function at each call; where it holds thousands of
    numbers, that takes as long as the arithmetic. Calls at the same time use generators of their
    own, and one that raises is not used again.
    """

    def __init__(self, start: Callable[[], Generator[Array, Sequence[Array], None]]) -> None:
        self.start = start
        self.waiting: list[Generator[Array, Sequence[Array], None]] = []

    def __call__(self, arguments: Sequence[Array]) -> Array:
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
def compile_source(name: str, source: str) -> CodeType:
    """Compile a source, and show it to tracebacks and ``inspect`` for as long as it is used."""
    file = f"<recorded {name} {zlib.crc32(source.encode()):08x}>"
    code = compile(source, file, "exec")
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    weakref.finalize(code, linecache.cache.pop, file, None)
    return code


class Pieces:
    """A function too large for Python to compile at once: functions that share one dictionary."""

    def __init__(
        self, function: Function, body: Sequence[str], scope: Globals, progress: Progress
    ) -> None:
        sources = progress([*cut(function, body, PIECE)], "piece")
        self.pieces = [define_function("piece", source, scope) for source in sources]
        self.results = compile(function.results, "results", "eval")
        self.arguments = function.arguments

    def __call__(self, arguments: Sequence[Array]) -> Array:
        """Run the pieces, one after the other."""
        known = dict(zip(self.arguments, arguments, strict=True))
        for piece in self.pieces:
            piece(known)
        return eval(self.results, {}, known)


def cut(function: Function, body: Sequence[str], size: int) -> Iterator[str]:
    """Write the *body* of a function as several; each leaves in ``_known`` what others read.

    >>> from autograd_mini.program.source import Line
    >>> a, b = Line("a", ("x",), "x + 1"), Line("b", ("a",), "a * a")
    >>> c, d = Line("c", ("b", "a"), "b * a"), Line("d", ("c", "x"), "c + x")
    >>> f = Function("f", ("x",), (a, b, c, d), "d")
    >>> for piece in cut(f, [line.code for line in f.lines], 3):
    ...     print(*[line.strip() for line in piece.splitlines() if "_known" in line], sep="; ")
    def piece(_known):; x = _known["x"]; _known.update(c=c)
    def piece(_known):; c = _known["c"]; x = _known["x"]; _known.update(d=d)
    """
    last = function.last | dict.fromkeys(function.returned, len(body) + size)
    known = set(function.arguments)
    for end in range(size, len(body) + size, size):
        lines = function.lines[end - size : end]
        reads = {name for line in lines for name in line.reads}
        assigned = {line.target for line in lines}
        read = [f'{name} = _known["{name}"]' for name in sorted(reads & known)]
        left = ", ".join(f"{name}={name}" for name in sorted(assigned) if last[name] >= end)
        known |= assigned
        whole = [*read, *body[end - size : end], f"_known.update({left})"]
        yield write_function("piece", ["_known"], whole, "()")
