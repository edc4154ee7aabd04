"""The doctor watches a training run and tells its faults, each with its evidence and a remedy.

>>> w = Value(3.0, "w")
>>> with doctor([w]) as report:
...     for _ in range(6):
...         (w**2).backward()
...         w.data -= 0.1 * w.grad
>>> report
1 fault in 6 passes
zero_grad forgotten: after 5 of 6 updates old gradients stayed
  remedy: call zero_grad() before each backward()
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from statistics import fmean
from typing import NamedTuple
from unittest.mock import patch

from autograd_mini import primitives as p
from autograd_mini.engine import Value
from autograd_mini.nn import Module, named_leaves
from autograd_mini.order import topological_order
from autograd_mini.sums import affine_sum

EARLY = 10  # passes that show how a network begins
FLAT = {p.sigmoid: 0.01, p.tanh: 0.04}  # a smaller slope is below 4 % of the steepest
RANGES = {p.sigmoid: (0.0, 1.0), p.tanh: (-1.0, 1.0)}
RANGES |= dict.fromkeys((p.relu, p.softplus, p.exp), (0.0, math.inf))
REMEDIES = {  # those of causes first
    "zero_grad forgotten": "call zero_grad() before each backward()",
    "parameters without gradient": "use every one, and compute with the Value, not with its data",
    "inputs not normalised": "subtract each input's mean and divide by its standard deviation",
    "learning rate too high": "divide the rate by 3 until the loss falls",
    "learning rate too low": "multiply the rate by 10 until it shows",
    "loss does not fit the outputs": "a linear output; for classes, with a loss _with_logits",
    "saturated activations": "smaller weights to begin with, or normalised inputs",
    "dead ReLUs": "a lower rate, normalised inputs, smaller biases, or leaky_relu",
    "vanishing gradients": "relu for sigmoid or tanh, larger weights, fewer layers",
    "exploding gradients": "smaller weights to begin with",
}


class Fault(NamedTuple):
    """A fault by its name, the numbers that show it, and what to do."""

    name: str
    evidence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name}: {self.evidence}\n  remedy: {self.remedy}"


class Update(NamedTuple):
    """A change of the parameters, and what it does to the loss of the pass before it."""

    before: float
    rise: float
    promise: float  # how far the loss falls at most, if the chain rule holds that far
    stride: float  # the length of the change, in lengths of the parameters and a 1


@contextmanager
def doctor(model: Module | Iterable[Value]) -> Iterator["Doctor"]:
    """Watch the training of a model, or of a list of parameters, while the ``with`` lasts.

    For that time ``Value.backward`` also looks: no number changes, but a loop takes over twice as
    long. Recorded programs are not seen. Raises ValueError if there are no parameters.
    """
    report, backward = Doctor(model), Value.backward

    def watched(output: Value, seed: float = 1.0) -> None:
        report.stale += report.close()
        backward(output, seed)
        report.look(output)

    with patch.object(Value, "backward", watched), closing(report):
        yield report


class Doctor:
    """What was seen of a training run; ``faults`` says what is wrong with it."""

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

    @property
    def faults(self) -> list[Fault]:
        """What is wrong, at most eight faults, those first that may be the cause of others."""
        found = dict(finding for check in (begun, stepped, passed) for finding in check(self))
        return [Fault(name, found[name], cure) for name, cure in REMEDIES.items() if name in found]

    def __repr__(self) -> str:
        if not self.passes:
            return "no pass through these parameters; what a recorded program computes is not seen"
        n = len(self.faults)
        heading = f"{n or 'no'} fault{'' if n == 1 else 's'} in {self.passes} passes"
        return "\n".join([heading, *map(str, self.faults)])

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
                    self.data[node] = node.op.evaluate([self.data.get(x, x) for x in node.operands])
            return self.data[node]
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
            for x, partial in zip(node.operands[:even], node.partials[:even], strict=True):
                if x in self.names:
                    self.sizes["input", self.names[x]].append(abs(partial))

    def means(self, kind: str) -> dict[str, float]:
        """Return the mean of the sizes of one kind at each place where not all are 0."""
        return {place: fmean(xs) for (k, place), xs in self.sizes.items() if k == kind and any(xs)}


def begun(seen: Doctor) -> Iterator[tuple[str, str]]:
    """Find what the first passes show: of inputs, activations and adjoints."""
    inputs, adjoints = seen.means("input").items(), seen.means("adjoint")
    weight, size = max(inputs, key=lambda item: item[1], default=("", 1.0))
    if not 0.01 <= size <= 10:
        yield "inputs not normalised", f"what {weight} is multiplied by is of size {size:.3g}"
    first, last = next(iter(adjoints), ""), next(reversed(adjoints), "")
    for layer, share in seen.means("flat").items():
        if share > 0.5 and layer not in ("", last):
            yield "saturated activations", f"{share:.0%} of the activations of {layer} began flat"
    ratio = adjoints.get(first, 1.0) / adjoints.get(last, 1.0)
    if not 1e-3 <= ratio <= 100:
        name = "vanishing gradients" if ratio < 1 else "exploding gradients"
        yield name, f"adjoints in {first} are {ratio:.1g} times as large as in {last}"


def stepped(seen: Doctor) -> Iterator[tuple[str, str]]:
    """Find updates by old gradients, and such that raise, miss or hardly lower their own loss."""
    updates, total = seen.updates, len(seen.updates)
    scale = fmean([abs(u.before) for u in updates[:EARLY]] or [0.0])
    rises = [u for u in updates if not u.rise <= 0.01 * scale]
    leaps = [u for u in updates if u.stride > 1 and not -u.rise > u.promise / 10]
    creeps = [u for u in updates if scale * u.stride / 10 < u.promise < 1e-4 * scale]
    if seen.stale > total / 2:
        yield "zero_grad forgotten", f"after {seen.stale} of {total} updates old gradients stayed"
    elif leaps or len(rises) >= max(3, total / 2):
        bad = max(leaps or rises, key=lambda u: u.rise)
        step = f"a step over {bad.stride:.2g} times the parameters' length brought {bad.rise:+.2g}"
        yield "learning rate too high", f"{len(rises)} of {total} updates raised their loss, {step}"
    elif len(creeps) > total / 2:
        most = max(u.promise for u in creeps)
        yield "learning rate too low", f"updates lower a loss of {scale:.2g} by {most:.1g} at most"


def passed(seen: Doctor) -> Iterator[tuple[str, str]]:
    """Find what all passes together show: of parameters, outputs and ReLUs."""
    if seen.passes and (lost := [*seen.lost.values()]):
        yield "parameters without gradient", f"{len(lost)} of {len(seen.names)}, such as {lost[0]}"
    if seen.misfit:
        yield "loss does not fit the outputs", seen.misfit
    units, half = Counter(map(layer_of, seen.lit)), seen.relus // 2
    off = Counter(layer_of(unit) for unit, last in seen.lit.items() if last <= half)
    for layer, n in off.items():
        if n >= units[layer] / 2 and half >= 10 * len(seen.lit):
            yield "dead ReLUs", f"{n} of {units[layer]} in {layer or 'all'} off in the second half"


def misfit(node: Value) -> str:
    """Say why an error, squared or absolute, does not fit the output that it judges, if so.

    A sigmoid fits targets of 0 and 1 until it is confidently wrong: so the notes' XOR is learned.
    """
    error, *others = node.operands
    judged = getattr(error, "op", None) is p.sub and (node.op is not p.mul or others == [error])
    for y, target in (error.operands, error.operands[::-1]) if judged else ():
        if getattr(y, "op", None) in RANGES and not getattr(target, "depth", 0):
            (low, high), t = RANGES[y.op], getattr(target, "data", target)
            wrong = t in (low, high) and abs(y.data - t) > 0.89 * (high - low)
            if wrong or not low <= t <= high:
                return f"{y.op.name} gave {y.data:.3g} for {t:g}, and can give {low:g} to {high:g}"
    return ""


def layer_of(name: str) -> str:
    """Return the part of a dotted name before the first dot; nothing for one without."""
    return name.partition(".")[0] if "." in name else ""
