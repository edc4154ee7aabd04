"""Training: a whole run in arrays, with the numbers of the loop of four lines, and its checks.

>>> from autograd_mini.engine import Value
>>> from autograd_mini.optim import SGD
>>> from autograd_mini.program import record
>>> x, target, w = Value(1.0, "x"), Value(1.0, "target"), Value(0.0, "w")
>>> program = record((w * x - target) ** 2, inputs=[x, target])
>>> import numpy
>>> xs = numpy.array([1.0, 2.0, 3.0])
>>> losses = train(program, SGD([w], rate=0.05), [xs, 2 * xs], steps=8)
>>> f"loss {losses[0]:.1f} → {losses[-1]:.6f}, w {w.data:.3f}"
'loss 18.7 → 0.002812, w 1.987'

In that loop the arithmetic is a twentieth of the time; the rest is numbers that go from Values into
arrays and back. Here they stay in arrays until the end, or until Ctrl-C; and where Numba is, many
steps are taken in one call of machine code.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from itertools import islice, repeat
from random import Random
from typing import Self

from autograd_mini.engine.arguments import described, whole_number
from autograd_mini.engine.observers import OBSERVERS
from autograd_mini.optim import Optimiser
from autograd_mini.program.arrays import Array
from autograd_mini.program.batching import has_samples, holds_reals
from autograd_mini.program.descent import Course, State, take_steps
from autograd_mini.program.native import is_native
from autograd_mini.program.program import Program
from autograd_mini.program.recording import Progress, without_progress
from autograd_mini.program.stretches import COMPILED, Pace, gather, take_compiled


def train(  # noqa: PLR0913 - three may be left out, and are named
    program: Program,
    optimiser: Optimiser,
    columns: Sequence[Array],
    steps: int,
    *,
    batch: int | None = None,
    seed: int = 0,
    progress: Progress = without_progress,
) -> list[float]:
    """Take so many *steps* and return their losses, each from before its step.

    The same as so many times ``optimiser.zero_grad()``, ``program.backward(*columns)`` and
    ``optimiser.step()``, with the same errors. The Values get their data and grads at the end, and
    on Ctrl-C those after the last whole step. To look at them in between, train in parts: what the
    optimiser remembers goes on.

    *columns* are what the program is called with: an array of samples for each input, or a number;
    or one array with a row for each input. They are read with 64 bits, whatever they have. A step
    takes all samples, or the next *batch* of them: every sample once, in an order that *seed*
    draws, then all of them again in another. ``batches`` returns what is drawn. *progress* is asked
    for the steps, as in ``record``, a twentieth of a second at a time: so change the optimiser's
    settings between runs, or the steps of a ``Training``, but not there.

    Raises what the program and the optimiser raise, TypeError for what is none of these, and
    ValueError for columns that do not fit the program, or a number of steps below 0.
    """
    if steps != 0:
        whole_number(steps, "the number of steps", 1)
    with Training(optimiser) as training:
        given = training.table(program, columns)
        n = program.samples(given)[1]
        size = n if batch is None else whole_number(batch, "batch", 1)
        picks: Iterator[list[int] | None] = repeat(None) if size >= n else batches(n, size, seed)
        items, pace, losses = iter(progress(range(steps), "step")), Pace(), list[float]()
        while some := [pick for _, pick in zip(islice(items, pace.steps), picks, strict=False)]:
            losses += pace.measure(partial(training.take_steps, program, given, some))
    return losses


def batches(n: int, size: int, seed: int) -> Iterator[list[int]]:
    """Yield, for ever, which of *n* samples a step takes: each once before any comes again.

    >>> from itertools import islice
    >>> list(islice(batches(5, 2, seed=1), 3))
    [[1, 0], [4, 3], [2]]
    """
    random = Random(seed)
    while True:
        order = random.sample(range(n), n)
        yield from (order[i : i + size] for i in range(0, n, size))


def is_table(columns: Array) -> bool:
    """Tell whether columns are one array of real numbers, with a row for each input.

    >>> import numpy
    >>> is_table(numpy.zeros((2, 3))), is_table(numpy.zeros((2, 3), complex)), is_table([1.0])
    (True, False, False)
    """
    return getattr(columns, "ndim", 0) == 2 and holds_reals(columns)


def pick_samples(columns: Sequence[Array], samples: list[int]) -> list[Array]:
    """Return some of the samples of each column."""
    return [x[samples] if has_samples(x) else x for x in columns]


class Training:
    """A ``with`` block in which an optimiser's parameters live in arrays.

    >>> from autograd_mini.engine import Value
    >>> from autograd_mini.optim import Adam
    >>> from autograd_mini.program import record
    >>> x, w = Value(1.0, "x"), Value(3.0, "w")
    >>> short, long = record((w * x) ** 2, inputs=[x]), record((w * x) ** 4, inputs=[x])
    >>> with Training(optimiser := Adam([w], rate=0.5)) as training:
    ...     for program in (short, long, short):
    ...         print(f"{training.step(program, [1.0]):.4f}")
    ...         optimiser.rate /= 2
    9.0000
    39.0625
    5.2846
    >>> f"{w.data:.4f}"
    '2.2154'

    In the block the Values keep their numbers, until ``write`` or the end of the block, also by an
    error or Ctrl-C: then they get those after the last whole step. A step may take another program
    than the one before, and the optimiser's settings may be changed between steps.
    """

    def __init__(self, optimiser: Optimiser) -> None:
        if not isinstance(optimiser, Optimiser):
            raise TypeError(f"need an optimiser such as SGD or Adam, got {described(optimiser)}")
        self.optimiser = optimiser
        self.in_arrays = find_spec("numpy") is not None  # else Values take the steps
        self.values = list(optimiser.parameters)  # and what else the programs read
        self.places: dict[Program, Array] = {}
        self.state: State | None = None  # None as long as the Values have the newest numbers

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.write()

    def step(self, program: Program, columns: Sequence[Array]) -> float:
        """Take a step along the gradient of the program's loss, and return the loss before it.

        *columns* are an array or a number for each input of the program, or one array with a row
        for each. Where a number is not finite, or somebody observes, the step is taken on Values:
        they know what a corner does, and what to say.
        """
        [loss] = self.take_steps(program, self.table(program, columns), [None])
        return loss

    def take_steps(
        self, program: Program, columns: Array, picks: Sequence[list[int] | None]
    ) -> list[float]:
        """Take a step for each of the *picks*, the samples of a step or None for all of them.

        Arrays take as many as they can; where one is in doubt, Values take it.
        """
        losses: list[float] = []
        while len(losses) < len(picks):
            losses += self.take_a_stretch(program, columns, picks[len(losses) :])
            if len(losses) < len(picks):
                pick = picks[len(losses)]
                some = columns if pick is None else pick_samples(columns, pick)
                losses.append(self.step_on_values(program, some))
        return losses

    def take_a_stretch(
        self, program: Program, columns: Array, picks: Sequence[list[int] | None]
    ) -> list[float]:
        """Take steps in arrays, up to one in doubt, and return their losses."""
        if OBSERVERS or not hasattr(columns, "shape"):
            return []
        from numpy import empty, errstate

        kind, there = type(self.optimiser), self.find(program)
        state, losses = (self.state or self.read()).copy(), empty(len(picks))
        native = len(picks) > 1 and kind in COMPILED and program.machine  # a call takes long
        take = partial(take_compiled, kind) if native else partial(take_steps, self.optimiser.rule)
        n, settings = len(self.optimiser.parameters), self.optimiser.chosen()
        samples = len(picks[0]) if picks[0] else columns.shape[1]
        with program.ready(samples) as machine, errstate(over="ignore", invalid="ignore"):
            course = Course(*gather(columns, picks), there, n, settings)
            taken = take(machine, course, state, losses)
        if taken:
            self.state = state._replace(steps=state.steps + taken)
        found: list[float] = losses[:taken].tolist()
        return found

    def write(self) -> None:
        """Write all numbers into the Values and the optimiser, or, when interrupted, none."""
        if state := self.state:
            n = len(self.optimiser.parameters)
            memories = [memory.tolist() for [memory] in state.memories]
            changes = self.optimiser.changes(state.data[:n].tolist(), memories, state.steps)
            changes.grads(self.values, state.grads.tolist()).fields(self, state=None).make()

    def read(self) -> State:
        """Return the numbers of the Values and of the optimiser."""
        from numpy import array

        data, grads = ([getattr(v, slot) for v in self.values] for slot in ("_data", "_grad"))
        memories = tuple((array(memory),) for memory in self.optimiser.remembered())
        return State(array(data), array(grads), memories, self.optimiser.steps)

    def table(self, program: Program, columns: Array) -> Array:
        """Return columns of numbers as one array with a row for each input, others as they are."""
        if not isinstance(program, Program):
            raise TypeError(f"need a program that record returned, got {described(program)}")
        if not self.in_arrays:
            return columns
        if is_table(columns) and len(columns) == program.count and columns.size:
            return columns
        columns = list(columns)
        return program.table(columns) if all(map(is_native, map(type, columns))) else columns

    def find(self, program: Program) -> Array:
        """Return where the parameters of a program stand among the Values."""
        if program not in self.places:
            from numpy import array

            if not set(program.parameters) <= set(self.values):
                self.write()
                self.values = list(dict.fromkeys([*self.values, *program.parameters]))
            place = {value: i for i, value in enumerate(self.values)}
            self.places[program] = array([place[p] for p in program.parameters], dtype=int)
        return self.places[program]

    def step_on_values(self, program: Program, columns: Sequence[Array]) -> float:
        """Take a step on Values, as in a loop; so errors are those of the loop."""
        self.write()
        self.optimiser.zero_grad()
        loss = program.backward(*columns)
        self.optimiser.step()
        return loss
