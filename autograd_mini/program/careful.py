"""Careful: the derivatives of one sample by Values, which know what a corner does.

A program comes here where its lines find a number that is not finite, or fail. Where 0 meets a
partial that does not exist, and the 0 is there at this point only, the derivative is in doubt: for
floats it counts as 0, as in a graph; among many samples it is NaN. Either is said once a call.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple
from warnings import warn_explicit

from autograd_mini.engine import Value
from autograd_mini.engine.callers import calling_line
from autograd_mini.engine.care import CarefulPass, Need
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.undefined import UndefinedWarning
from autograd_mini.program.arrays import Array, Library

TOLD = 5  # samples in doubt whose numbers are told


class Gradients(NamedTuple):
    """The value, and its derivatives with respect to the inputs and to the parameters."""

    value: Array
    inputs: tuple[Array, ...]
    parameters: tuple[Array, ...]


class Sample(NamedTuple):
    """What was found for one sample, the need that is in doubt, if any, and of which *leaves*."""

    found: Gradients
    doubt: Need | None = None
    leaves: frozenset[int] = frozenset()

    def without_doubt(self) -> Gradients:
        """Return what was found, NaN for the derivatives that are in doubt."""
        value, *parts = self.found
        if not self.leaves:
            return self.found
        known = [math.nan if i in self.leaves else d for i, d in enumerate([*parts[0], *parts[1]])]
        count = len(parts[0])
        return Gradients(value, tuple(known[:count]), tuple(known[count:]))


def differentiate_values(nodes: Sequence[Value], leaves: int, count: int) -> Sample:
    """Differentiate the last of the *nodes*; the first are the *leaves*, *count* of them inputs.

    Raises the primitive's own class of error where a derivative is needed that does not exist.
    """
    careful = CarefulPass(nodes[-1])
    doubts = careful.needs_in_doubt()
    gradients = [careful.adjoints.get(leaf, 0.0) for leaf in nodes[:leaves]]
    found = Gradients(nodes[-1].data, tuple(gradients[:count]), tuple(gradients[count:]))
    if not doubts:
        return Sample(found)
    behind = {node for need in doubts for node in topological_order(need.operand)}
    places = frozenset(i for i, leaf in enumerate(nodes[:leaves]) if leaf in behind)
    return Sample(found, doubts[0], places)


def one_by_one(
    xp: Library, compute: Callable[[Sequence[float]], Sample], samples: Iterable[Sequence[float]]
) -> Gradients:
    """Compute each sample alone, and return arrays; say which samples are in doubt."""
    tried = [*map(compute, samples)]
    warn_of([sample.doubt for sample in tried])
    values, inputs, parameters = zip(*(sample.without_doubt() for sample in tried), strict=True)
    by_inputs, by_parameters = (
        tuple(xp.asarray(column) for column in zip(*part, strict=True))
        for part in (inputs, parameters)
    )
    return Gradients(xp.asarray(values), by_inputs, by_parameters)


def warn_of(doubts: Sequence[Need | None]) -> None:
    """Warn, once, if samples of arrays are in doubt, given the need of each that is."""
    needs = {i: need for i, need in enumerate(doubts) if need}
    if not needs:
        return
    first = next(iter(needs.values()))
    places = [*map(str, needs)]
    listed = ", ".join([*places[:TOLD], *(["…"] if len(places) > TOLD else [])])
    where = f"in {len(places)} of {len(doubts)} samples ({listed})"
    warn(f"derivatives in doubt, which are NaN, {where}: {first.cause} ({first.partial.error})")


def warn(text: str) -> None:
    """Warn at the line that called the package."""
    warn_explicit(text, UndefinedWarning, *calling_line())
