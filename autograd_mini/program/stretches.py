"""Stretches: many training steps in one call of machine code, a twentieth of a second at a time.

>>> clock = iter([0.0, 0.01, 1.0, 1.05, 2.0, 2.2]).__next__
>>> pace = Pace(clock)
>>> for _ in range(3):
...     pace.measure(lambda: None)
...     print(pace.steps)
5
5
1
"""

import inspect
import textwrap
from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from itertools import accumulate, chain
from time import perf_counter
from typing import Any, TypeVar

from autograd_mini.optim import SGD, Adam, Optimiser
from autograd_mini.program import descent
from autograd_mini.program.arrays import Array
from autograd_mini.program.descent import Course, Machine, State
from autograd_mini.program.kernel import compile_module, declare_machine, import_text

COMPILED = SGD, Adam  # an optimiser of your own takes its steps in NumPy
SPAN = 0.05  # seconds
GROWTH = 100
T = TypeVar("T")


class Pace:
    """How many *steps* a stretch has: as many as take about a twentieth of a second.

    So a run comes back to Python, for Ctrl-C and the progress, ten times a second at least.
    """

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self.clock = clock
        self.steps = 1

    def measure(self, act: Callable[[], T]) -> T:
        """Take a stretch of so many steps, and choose how many the next one has."""
        begin = self.clock()
        result = act()
        took = self.clock() - begin
        more = min(SPAN / took, GROWTH) if took > 0 else GROWTH
        self.steps = max(1, round(self.steps * more))
        return result


# Machine code -------------------------------------------------------------------------------------


def gather(table: Any, picks: Sequence[list[int] | None]) -> tuple[Array, Array, Array]:
    """Return a table of samples, and the places and ends of those that each step takes.

    None stands for all.

    >>> import numpy
    >>> _, places, ends = gather(numpy.zeros((2, 9)), [[3, 1], [4]])
    >>> places.tolist(), ends.tolist()
    ([3, 1, 4], [0, 2, 3])
    """
    from numpy import array, ascontiguousarray

    chosen = [pick for pick in picks if pick is not None]
    ends = array([0, *accumulate(map(len, chosen))], dtype="int64")
    places = array([*chain.from_iterable(chosen)], dtype="int64")
    return ascontiguousarray(table, dtype=float), places, ends


def take_compiled(kind: Any, machine: Machine, *others: Any) -> int:
    """Take steps in machine code; Ctrl-C while Numba looks its function up is one here, too.

    Numba does that in Python, and tells of the interrupt as of a mistake in its own call.
    """
    take = compile_steps(kind, has_tape=bool(machine.tape))
    try:
        return take(*machine, *others)
    except (SystemError, TypeError) as error:
        if "address" in str(error):
            raise KeyboardInterrupt from error
        raise


@cache
def compile_steps(kind: type[Optimiser], *, has_tape: bool) -> Callable[..., int]:
    """Compile ``run_steps`` with a kind's rule, or read it from the disk.

    *has_tape* says whether the machine is the kernel, whose function takes a program as data.
    """
    text = textwrap.indent(inspect.getsource(kind.rule), "# ")  # another rule is another file
    module = import_text(f"{inspect.getsource(descent)}\n\n{text}")
    vars(module)["rule"] = kind.rule
    machine, types = declare_machine(has_tape=has_tape), import_module("numba").types
    tape, table, _, numbers = machine.args
    number, places = types.int64, types.int64[::1]
    settings = types.UniTuple(types.float64, len(kind.settings))
    memories = types.UniTuple(types.UniTuple(numbers, 1), len(kind.memories))
    signature = (
        types.FunctionType(machine),
        tape,
        number,
        types.NamedTuple([table, places, places, places, number, settings], Course),
        types.NamedTuple([numbers, numbers, memories, number], State),
        numbers,
    )
    compiled: Callable[..., int] = compile_module(module, "run_steps", signature, keep=True)
    return compiled
