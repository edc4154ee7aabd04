"""Watching: what happens in a training run, pass by pass and update by update.

No graph is kept. To tell what an update does, the loss of the last pass is computed again from its
numbers, with the new parameters: on the same examples.
"""

import math
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from statistics import fmean
from typing import Any, NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine import primitives as p
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.sums import affine_sum
from autograd_mini.nn import Module, named_leaves

EARLY = 10  # passes that show how a network begins
FLAT = {p.sigmoid: 0.01, p.tanh: 0.04}  # a smaller slope is below 4 % of the steepest
RANGES = {p.sigmoid: (0.0, 1.0), p.tanh: (-1.0, 1.0)}
RANGES |= dict.fromkeys((p.relu, p.softplus, p.exp), (0.0, math.inf))


class Update(NamedTuple):
    """A change of the parameters, and what it does to the loss of the pass before it."""

    before: float
    rise: float
    promise: float  # how far the loss falls at most, if the chain rule holds that far
    stride: float  # the length of the change, in lengths of the parameters and a 1


class Watch:
    """What was seen of the training of a model, or of a list of parameters.

    Raises ValueError if there are no parameters.
    """

    def __init__(self, model: Module | Iterable[Value]) -> None:
        parts = model if isinstance(model, Module) else {"parameters": list(model)}
        self.names = {x: x.label or place for place, x in named_leaves(parts, "")}
        if not self.names:
            raise ValueError("there are no parameters to watch")
        self.passes = self.stale = self.relus = 0
        self.data: dict[Value, float] = {}  # of the last graph, in topological order
        self.grads: dict[Value, float] = {}  # of its parameters
        self.lost = self.names  # the parameters that no pass has reached
        self.updates: list[Update] = []
        self.sizes: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        self.lit: dict[str, int] = {}  # the number of ReLUs seen when a ReLU was last on
        self.misfit = ""

    def close(self) -> bool:
        """Note the update since the last pass, if any; return whether old gradients are left."""
        moved = {x: x.data for x in self.grads if x.data != self.data[x]}
        if moved:
            change = math.hypot(*(data - self.data[x] for x, data in moved.items()))
            promise = math.hypot(*self.grads.values()) * change
            stride = change / math.hypot(1.0, *map(self.data.__getitem__, self.grads))
            *_, before = self.data.values()
            self.data |= moved
            self.updates.append(Update(before, self.replay() - before, promise, stride))
        return any(x.grad == self.grads[x] != 0 for x in moved)

    def replay(self) -> float:
        """Compute the data of the last pass anew, beside its graph, and return the loss."""
        with suppress(ArithmeticError, ValueError):
            for node in self.data:
                if node.depth:
                    numbers: list[Any] = [self.data.get(x, x) for x in node.operands]
                    self.data[node] = node.op.evaluate(numbers)
            *_, loss = self.data.values()
            return loss
        return math.inf

    def look(self, loss: Value) -> None:
        """Take in a graph whose backward pass has just been made, if parameters are in it."""
        order = topological_order(loss)
        grads = {x: x.grad for x in order if x in self.names}
        if grads:
            self.grads, self.data = grads, {x: x.data for x in order}
            self.lost = {x: name for x, name in self.lost.items() if x not in grads}
            self.passes += 1
            relus = [x for x in order if x.op is p.relu and x.label]  # a hinge's has none
            self.relus += len(relus)
            on = {x.label: self.relus for x in relus if x.data > 0}
            self.lit = {x.label: 0 for x in relus} | self.lit | on
            errors = (x for x in order if x.op in (p.power, p.mul, p.absolute))
            self.misfit = self.misfit or next(filter(None, map(misfit, errors)), "")
            for node in order if self.passes <= EARLY else ():
                self.measure(node)

    def measure(self, node: Value) -> None:
        """Take in how flat an activation is, the adjoint of a sum, and what weights multiply."""
        if node.op in FLAT:
            self.sizes["flat", layer_of(node.label)].append(node.partials[0] < FLAT[node.op])
        if node.op is affine_sum:
            self.sizes["adjoint", layer_of(node.label)].append(abs(node.grad))
        if node.op in (p.mul, affine_sum) and node.depth == 1:
            even = len(node.operands) // 2 * 2  # the last of an odd number is a bias
            for i, x in enumerate(node.operands[:even]):
                other = node.operands[(i + even // 2) % even]
                if x in self.names and other not in self.names:
                    self.sizes["input", self.names[x]].append(abs(node.partials[i]))

    def means(self, kind: str) -> dict[str, float]:
        """Return the mean of the sizes of one kind at each place where not all are 0."""
        return {place: fmean(xs) for (k, place), xs in self.sizes.items() if k == kind and any(xs)}


def misfit(node: Value) -> str:
    """Say why an error, squared or absolute, does not fit the output that it judges, if so.

    A sigmoid fits targets of 0 and 1 until it is confidently wrong: so the notes' XOR is learned.
    """
    error, *others = node.operands
    judged = getattr(error, "op", None) is p.sub and (node.op is not p.mul or others == [error])
    for y, target in (error.operands, error.operands[::-1]) if judged else ():
        if getattr(y, "op", None) in RANGES and not getattr(target, "depth", 0):
            (low, high), t = RANGES[y.op], getattr(target, "data", target)
            if not low <= t <= high:
                return f"{y.op.name} gives {low:g} to {high:g}, but a target is {t:g}"
            far = t in (low, high) and abs(y.data - t) > (high - low) / 2
            if far and (slope := y.partials[0]) < 0.1:
                return f"{y.op.name} gave {y.data:.2g} for {t:g}, and its slope is only {slope:.1g}"
    return ""


def layer_of(name: str) -> str:
    """Return the part of a dotted name before the first dot; nothing for one without."""
    return name.partition(".")[0] if "." in name else ""
