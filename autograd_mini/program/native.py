"""Native: a program's lines compiled by Numba together with the loop over the samples.

On NumPy's arrays this is as fast as the same arithmetic in C. Compiling takes 3 seconds for 250
nodes, 6 to 10 for 1,000, 25 for 1,200 whose operations branch or call functions, 160 for 2,900
(measured once, on two busy cores); above ``LARGEST`` nodes it is not worth the wait.
"""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from inspect import isbuiltin
from typing import Any

from autograd_mini.primitives import Primitive
from autograd_mini.program.batching import has_samples
from autograd_mini.program.listing import Function, Listing
from autograd_mini.program.running import defined, floats

LARGEST = 2000  # nodes; more take minutes to compile
SIGNATURE = "float64(float64[:,::1], float64[::1], float64[:,::1], float64[::1])"

LOOP = """\
def loop(columns, parameters, by_inputs, by_parameters):
    _total = 0.0
{parameters}
    for _i in range(columns.shape[1]):
{body}
    return _total
"""


class Loop:
    """The loop over the samples of a listing, in machine code.

    Raises ValueError if there are too many lines, and ImportError with the line to type where Numba
    is missing.
    """

    def __init__(self, listing: Listing) -> None:
        nodes = len(listing.arguments) + len(listing.forward) - 1  # one line is a comment
        if nodes > LARGEST:
            raise ValueError(
                f"{nodes} nodes are too many to compile, {LARGEST} are the limit: record the loss "
                "of one sample and give samples as arrays, or call the program as it is"
            )
        source = looped(listing.value_and_gradients, listing.inputs, listing.output)
        self.loop = compiled(source, tuple(listing.primitives.items()))
        self.inputs = listing.inputs

    def __call__(
        self, numbers: Sequence[Any], n: int
    ) -> tuple[float, tuple[Any, ...], tuple[float, ...]]:
        """Return the mean over *n* samples and its derivatives; raise where a primitive fails."""
        import numpy

        k = self.inputs
        columns, by_inputs = numpy.empty((k, n)), numpy.empty((k, n))
        by_parameters = numpy.zeros(len(numbers) - k)
        for column, x in zip(columns, numbers, strict=False):
            column[:] = x
        value = self.loop(columns, numpy.array(numbers[k:]), by_inputs, by_parameters)
        if not math.isfinite(value):
            raise ArithmeticError("the value is not finite")
        pairs = zip(by_inputs / n, numbers, strict=False)
        shares = tuple(d if has_samples(x) else d.sum() for d, x in pairs)
        return value / n, shares, tuple((by_parameters / n).tolist())


def looped(function: Function, inputs: int, output: str) -> str:
    """Write the loop over the samples around the lines of a function."""
    given, parameters = function.arguments[:inputs], function.arguments[inputs:]
    body = [
        *(f"{name} = columns[{i}, _i]" for i, name in enumerate(given)),
        *(line.partition("  #")[0] for line in function.lines),
        f"_total += {output}",
        *(f"by_inputs[{i}, _i] = {name}_grad" for i, name in enumerate(given)),
        *(f"by_parameters[{i}] += {name}_grad" for i, name in enumerate(parameters)),
    ]
    return LOOP.format(
        parameters="\n".join(f"    {x} = parameters[{i}]" for i, x in enumerate(parameters)),
        body="\n".join(f"        {line}" for line in body),
    )


@lru_cache(maxsize=16)
def compiled(source: str, primitives: tuple[tuple[str, Primitive], ...]) -> Callable[..., float]:
    """Compile a loop to machine code.

    A product and a sum may become one instruction, which rounds once instead of twice; nothing else
    is relaxed, so NaN and infinity stay what they are.
    """
    njit = compiler()
    scope = floats(dict(primitives))
    functions = {name: machine(f) for name, f in scope.items() if callable(f)}
    loop = defined("loop", source, scope | functions)
    result: Callable[..., float] = njit(SIGNATURE, fastmath={"contract"})(loop)
    return result


def compiler() -> Any:
    """Return Numba's compiler; where it is missing, say which line to type."""
    try:
        from numba import njit
    except ImportError:
        message = "compile needs Numba: pip install 'autograd_mini[native]'"
        raise ImportError(message) from None
    return njit


def machine(f: Callable[..., float]) -> Any:
    """Return a function on machine numbers."""
    return guarded(f) if isbuiltin(f) else compiler()(f, forceinline=True)


def guarded(f: Callable[..., float]) -> Any:
    """Let a function raise that makes no number of numbers, as Python's own do.

    The message does not matter: the program runs again, on Values, for a better one.
    """
    isfinite = math.isfinite

    def guard(*operands: float) -> float:
        y = f(*operands)
        if not isfinite(y):
            for x in operands:
                if not isfinite(x):
                    return y
            raise ValueError
        return y

    return compiler()(guard)
