"""Native: a program's lines compiled by Numba together with a loop over the samples.

The lines are the program's own function, put into the loop by the compiler, which then computes
several samples in one instruction. How long compiling takes depends on the inputs and parameters
first, each of which has a sum of its own in the loop: 1 second for 40 of them, 9 for 340, 57 for
1,120. Lines cost less: 6,000 take 69 seconds where each calls a function such as tanh, 15,000
products take 44 (all measured once). The kernel has nothing to wait for.
"""

import math
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from functools import cache, lru_cache
from importlib import import_module
from inspect import isbuiltin
from typing import Any

from autograd_mini.engine.primitives import TABLE, Primitive
from autograd_mini.program.arrays import Array, is_number
from autograd_mini.program.descent import Machine
from autograd_mini.program.recording import Progress, without_progress
from autograd_mini.program.runner import define_function, floats
from autograd_mini.program.source import Listing

AS_IT_IS = "call the program as it is, it takes arrays, too"
SIGNATURE = "float64(Tuple(()), float64[:,::1], float64[:,::1], float64[::1])"

# The values add up four samples apart. So the compiler takes four at a time and no more: it would
# take sixteen, whose sums do not fit where the processor reads at once, and need twice as long.
LOOP = """\
def loop(_, columns, by_inputs, parameters):
    align_stack()
    n = columns.shape[1]
    share, values = 1.0 / n, zeros(n + 4)
    {begin}
    for i in range(n):
        value, of_inputs, of_parameters = value_and_gradients({arguments})
        values[i + 4] = values[i] + value
        {step}
    {end}
    derivatives = parameters.sum() + by_inputs.sum()
    return values[n:].sum() / n + 0.0 * derivatives  # NaN if one of them is not finite
"""


@lru_cache
def is_native(kind: type) -> bool:
    """Tell whether the loop reads what is of this type: NumPy's arrays, and numbers."""
    return kind.__module__ == "numpy" or is_number(kind)


class Loop:
    """The loop over the samples of a listing, in machine code.

    Raises ValueError where Numba cannot read it, as a primitive that is no function of Python's;
    ImportError with the line to type where Numba is missing. *progress* is asked for the two
    functions that are compiled; the second takes longer.
    """

    def __init__(self, listing: Listing, progress: Progress = without_progress) -> None:
        whole = listing.value_and_gradients
        inputs, parameters = len(whole.of_inputs), len(whole.of_parameters)
        lines, loop = whole.source, write_loop(inputs, parameters)
        signatures = ("float64, " * len(whole.arguments), SIGNATURE)
        try:
            functions = declare_functions(lines, loop, tuple(listing.primitives.items()))
            _, self.loop = functions
            pairs = [*zip(functions, signatures, strict=True)]
            for function, signature in progress(pairs, "function"):
                function.compile(signature)
        except (TypeError, compiler_error()) as error:
            own = ", ".join(sorted(listing.primitives.keys() - TABLE.keys())) or "the lines"
            raise ValueError(f"Numba cannot compile {own}: {AS_IT_IS}") from error
        self.machine = nullcontext(Machine(self.loop, (), inputs))

    def ready(self, _samples: int, **_: bool) -> AbstractContextManager[Machine]:
        """Lend the machine, which differentiates by the inputs, too, whoever asks."""
        return self.machine


def write_loop(inputs: int, parameters: int) -> str:
    """Write the loop; its sums are variables of their own, so that they stay in registers."""
    of_inputs, of_parameters = range(inputs), range(parameters)
    stores = [f"by_inputs[{k}, i] = share * of_inputs[{k}]" for k in of_inputs]
    sums = [f"sum{k} += of_parameters[{k}]" for k in of_parameters]
    columns = [f"columns[{k}, i]" for k in of_inputs]
    return LOOP.format(
        begin=join_statements(f"p{k} = parameters[{k}]; sum{k} = 0.0" for k in of_parameters),
        arguments=", ".join([*columns, *(f"p{k}" for k in of_parameters)]),
        step=join_statements([*stores, *sums]),
        end=join_statements(f"parameters[{k}] = share * sum{k}" for k in of_parameters),
    )


def join_statements(statements: Iterable[str]) -> str:
    """Write statements on one line."""
    return "; ".join(statements) or "pass"


@lru_cache(maxsize=16)
def declare_functions(
    lines: str, loop: str, primitives: tuple[tuple[str, Primitive], ...]
) -> tuple[Array, Array]:
    """Return the *lines* of a program and a *loop* around them as functions yet to be compiled.

    The lines round as Python does, so that what is 0 there is 0 here, where corners are. The sums
    over the samples may be added in any order, as NumPy does it, too. Nothing else is relaxed, so
    NaN and infinity stay what they are.
    """
    njit = compiler()
    from numpy import zeros

    scope = floats(dict(primitives))
    functions = {
        name: guard_builtin(f) if isbuiltin(f) else njit(f, forceinline=True)
        for name, f in scope.items()
        if callable(f)
    }
    sample = define_function("value_and_gradients", lines, scope | functions)
    inlined = njit(forceinline=True)(sample)
    known = {"value_and_gradients": inlined, "zeros": zeros, "align_stack": write_alignment()}
    whole = define_function("loop", loop, known)
    return inlined, njit(fastmath={"reassoc"})(whole)


@cache
def write_alignment() -> Any:
    """Return a function that has its caller's stack begin where a line of the cache does.

    The sums of the loop stand on the stack, four in a row, and there are too many for registers.
    Numba begins the stack at a multiple of 16 bytes; then every second four may lie across two
    lines, and the loop takes up to 1.4 times as long. A number that must begin at a multiple of 64,
    and whose place is shown to an empty line of assembly, so that it is kept, is all it takes.
    """
    from numba import types
    from numba.extending import intrinsic

    ir: Any = import_module("llvmlite.ir")

    def write(_context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        with builder.goto_entry_block():
            place = builder.alloca(ir.DoubleType())
        place.align = 64
        builder.asm(ir.FunctionType(ir.VoidType(), [place.type]), "", "r", [place], True)
        return ir.Constant(ir.IntType(64), 0)

    return intrinsic(lambda _context: (types.int64(), write))


def compiler() -> Any:
    """Return Numba's compiler; where it is missing, say which line to type."""
    try:
        from numba import njit
    except ImportError:
        message = "compile needs Numba: pip install numba numpy"
        raise ImportError(message) from None
    return njit


def compiler_error() -> type[Exception]:
    """Return the error of Numba's compiler."""
    compiler()
    from numba.core.errors import NumbaError

    error: type[Exception] = NumbaError
    return error


def guard_builtin(f: Callable[..., float]) -> Any:
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
