"""Descent: a run of training steps, as plain loops and sums that Numba compiles.

A step is what it is in a loop of four lines: grads of 0, the derivatives of the loss added to them,
the optimiser's ``rule``. It is taken whole or not at all. ``stretches.py`` gives this text the rule
of an optimiser and has it compiled, once for each kind.
"""

from math import isfinite, nan
from typing import Any, NamedTuple

from autograd_mini.program.arrays import Array


class Machine(NamedTuple):
    """What computes the loss and its derivatives from samples and parameters.

    *function* takes its *code*, a table of samples, an array to write the derivatives by the first
    *inputs* of the table into, and the numbers of the parameters, which it writes derivatives over.
    """

    function: Any
    code: Any
    inputs: int


class Samples(NamedTuple):
    """A *table* with a row for each input, and which of its samples each step takes.

    Those of step k are ``places[ends[k]:ends[k + 1]]``; without any places, every step takes all.
    """

    table: Any
    places: Array
    ends: Array


class State(NamedTuple):
    """All that a step changes: of the optimiser's parameters first, then of what else is read.

    Each of the *memories* is alone in a tuple, a list of one, as the optimisers' rules take it.
    """

    data: Array
    grads: Array
    memories: tuple[tuple[Array], ...]
    steps: int

    def copy(self) -> "State":
        """Return the same numbers in arrays of their own, to write into."""
        memories = tuple((memory.copy(),) for (memory,) in self.memories)
        return State(self.data.copy(), self.grads.copy(), memories, self.steps)


def rule(_t: float, _data: Any, _grads: Any, *_others: Any) -> Any:
    """Return the parameters' new data and memories in step t: the rule of an optimiser."""
    raise NotImplementedError


def take_steps(  # noqa: PLR0913, PLR0917 - Numba takes no function in a tuple
    function: Any,
    code: Any,
    inputs: int,
    samples: Samples,
    there: Array,
    settings: tuple[float, ...],
    state: State,
    losses: Array,
) -> int:
    """Take a step for each of the *losses*, and write them; return how many were taken.

    It ends before a step in which a function may have failed or a number is not finite. *there*
    tells where the program's parameters stand in the state.
    """
    for k in range(losses.shape[0]):
        table = pick(samples, k)
        loss = take_step(
            function, code, inputs, table, there, settings, state, state.steps + k + 1.0
        )
        if not isfinite(loss):
            return k
        losses[k] = loss
    return int(losses.shape[0])


def pick(samples: Samples, k: int) -> Any:
    """Return the table of the samples that step k takes.

    >>> from numpy import array
    >>> samples = Samples(array([[1.0, 2.0, 3.0]]), array([2, 0, 1]), array([0, 2, 3]))
    >>> pick(samples, 0).tolist(), pick(samples, 1).tolist()
    ([[3.0, 1.0]], [[2.0]])
    """
    if samples.places.shape[0] == 0:
        return samples.table
    return samples.table[:, samples.places[samples.ends[k] : samples.ends[k + 1]]]


def take_step(  # noqa: PLR0913, PLR0917
    function: Any,
    code: Any,
    inputs: int,
    table: Any,
    there: Array,
    settings: tuple[float, ...],
    state: State,
    t: float,
) -> float:
    """Take step t, and return the loss before it; in doubt change nothing, and return NaN."""
    found = state.data[there]
    loss = find_loss(function, code, inputs, table, found)
    if not isfinite(loss):
        return nan
    n = state.memories[0][0].shape[0]
    grads = collect(state.grads, n, there, found)
    moved = rule(t, (state.data[:n],), (grads[:n],), *state.memories, *settings)
    doubt = 0.0
    for part in moved:
        doubt += add_doubts(part[0])
    if not isfinite(doubt):
        return nan
    state.grads[:] = grads
    state.data[:n] = moved[0][0]
    for i in range(len(state.memories)):
        state.memories[i][0][:] = moved[i + 1][0]
    return loss


def find_loss(function: Any, code: Any, inputs: int, table: Any, parameters: Array) -> float:
    """Return the loss, NaN in doubt, and write its derivatives over the parameters."""
    by_inputs = table[:inputs].copy()  # room for the derivatives
    try:
        return call(function, code, table, by_inputs, parameters)
    except Exception:  # machine code knows no other; Values will say what it is
        return nan


def call(function: Any, code: Any, table: Any, by_inputs: Any, parameters: Array) -> float:
    """Call the function with its code; Numba does not read this inside a ``try``."""
    loss: float = function(*code, table, by_inputs, parameters)
    return loss


def collect(grads: Array, n: int, there: Array, found: Array) -> Array:
    """Return the grads after a pass: those of the n parameters anew, the others add up.

    >>> from numpy import array
    >>> collect(array([5.0, 5.0, 5.0]), 2, array([2, 0]), array([1.0, 2.0])).tolist()
    [2.0, 0.0, 6.0]
    """
    collected = grads.copy()
    collected[:n] = 0.0
    for i in range(there.shape[0]):
        collected[there[i]] += found[i]
    return collected


def add_doubts(numbers: Array) -> float:
    """Return 0, or NaN where a number is not finite.

    >>> add_doubts([1.0, 2.0]), add_doubts([1.0, float("inf")])
    (0.0, nan)
    """
    doubt = 0.0
    for x in numbers:
        doubt += 0.0 * x
    return doubt
