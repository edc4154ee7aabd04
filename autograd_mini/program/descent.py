"""Descent: a run of training steps, as plain loops and sums that Numba compiles.

A step is what it is in a loop of four lines: grads of 0, the derivatives of the loss added to them,
the optimiser's ``rule``. It is taken whole or not at all. ``stretches.py`` gives this text the rule
of an optimiser and has it compiled, once for each kind.
"""

from math import isfinite, nan
from typing import Any, NamedTuple

from autograd_mini.program.arrays import Array


class Machine(NamedTuple):
    """What computes the mean of the output over samples, and its derivatives.

    *function* takes its *tape*, a table with a row of samples for each input, an array to write the
    derivatives by the first *inputs* of them into, and the numbers of the parameters, which it
    writes derivatives over. It returns the mean, NaN in doubt, or raises.
    """

    function: Any
    tape: Any
    inputs: int


class Course(NamedTuple):
    """What a run of steps is given: samples, where the program's parameters stand, and settings.

    *table* has a row for each input. Step k takes the samples ``places[ends[k]:ends[k + 1]]``;
    without any places, every step takes all. *there* tells where the program's parameters stand in
    the state, and the optimiser moves the first *moved* numbers there.
    """

    table: Any
    places: Array
    ends: Array
    there: Array
    moved: int
    settings: tuple[float, ...]


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


def run_steps(  # noqa: PLR0913, PLR0917 - a machine in one would hide its function from Numba
    function: Any, tape: Any, inputs: int, course: Course, state: State, losses: Array
) -> int:
    """Take steps by the rule that Numba compiles with them."""
    return take_steps(rule, Machine(function, tape, inputs), course, state, losses)


def take_steps(rule: Any, machine: Machine, course: Course, state: State, losses: Array) -> int:
    """Take a step for each of the *losses*, and write them; return how many were taken.

    It ends before a step in which a function may have failed or a number is not finite.
    """
    for k in range(len(losses)):
        losses[k] = take_step(rule, machine, course, state, k)
        if not isfinite(losses[k]):
            return k
    return len(losses)


def take_step(rule: Any, machine: Machine, course: Course, state: State, k: int) -> float:
    """Take step k, and return the loss before it; in doubt change nothing, and return NaN."""
    found, n = state.data[course.there], course.moved
    table = pick(course.table, course.places, course.ends, k)
    loss = find_loss(machine, table, found)
    if not isfinite(loss):
        return nan
    grads = state.grads.copy()
    grads[:n] = 0.0  # those of what does not move add up, as in a loop
    grads[course.there] += found
    t = state.steps + k + 1.0
    moved = rule(t, (state.data[:n],), (grads[:n],), *state.memories, *course.settings)
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


def pick(table: Any, places: Array, ends: Array, k: int) -> Any:
    """Return the table of the samples that step k takes.

    >>> from numpy import array
    >>> table, places, ends = array([[1.0, 2.0, 3.0]]), array([2, 0, 1]), array([0, 2, 3])
    >>> pick(table, places, ends, 0).tolist(), pick(table, places, ends, 1).tolist()
    ([[3.0, 1.0]], [[2.0]])
    """
    if not len(places):
        return table
    return table[:, places[ends[k] : ends[k + 1]]].copy()  # row by row, as NumPy has it only now


def find_loss(machine: Machine, table: Any, parameters: Array) -> float:
    """Return the loss, NaN in doubt, and write its derivatives over the parameters."""
    by_inputs = table[: machine.inputs].copy()  # room for the derivatives
    try:
        loss: float = machine.function(machine.tape, table, by_inputs, parameters)
    except Exception:  # machine code knows no other; Values will say what it is
        return nan
    return loss


def add_doubts(numbers: Array) -> float:
    """Return 0, or NaN where a number is not finite, or not even their sum.

    >>> from numpy import array
    >>> add_doubts(array([1.0, 2.0])), add_doubts(array([1.0, float("nan")]))
    (0.0, nan)
    """
    return float(0.0 * numbers.sum())
