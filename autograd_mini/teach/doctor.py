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

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from statistics import fmean
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.value import watchers
from autograd_mini.nn import Module
from autograd_mini.teach.watching import EARLY, Watch, layer_of

LEAPS = "learning rate too high"
REMEDIES = {  # those of causes first
    "zero_grad forgotten": "call zero_grad() before each backward()",
    "parameters never changed": "call step() after backward(), and zero_grad() before it",
    "parameters without gradient": "use every one, and compute with the Value, not with its data",
    "inputs not normalised": "subtract each input's mean and divide by its standard deviation",
    LEAPS: "divide the rate by 3, and watch again",
    "learning rate too low": "multiply the rate by 10 until it shows",
    "loss does not fit the outputs": "a linear output; for classes, with a loss _with_logits",
    "saturated activations": "smaller weights to begin with, or normalised inputs and targets",
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


@contextmanager
def doctor(model: Module | Iterable[Value]) -> Iterator["Doctor"]:
    """Watch the training of a model, or of a list of parameters, while the ``with`` lasts.

    For that time the doctor is one of the engine's ``watchers``: no number changes, but a loop
    takes over twice as long. Recorded programs are not seen. Raises ValueError if there are no
    parameters.
    """
    report = Doctor(model)
    watchers.append(report)
    try:
        yield report
    finally:
        watchers.remove(report)
        report.close()


class Doctor(Watch):
    """What was seen of a training run; ``faults`` says what is wrong with it."""

    def before(self, _: Value) -> None:
        """Note the update since the last pass, and whether old gradients stayed."""
        self.stale += self.close()

    def after(self, output: Value) -> None:
        """Take in the graph of a backward pass that has just been made."""
        self.look(output)

    @property
    def faults(self) -> list[Fault]:
        """What is wrong, at most eight faults, those first that may be the cause of others."""
        found = dict(finding for check in (begun, stepped, passed) for finding in check(self))
        known = [Fault(name, found[name], cure) for name, cure in REMEDIES.items() if name in found]
        after_leaps = [fault.name for fault in known].index(LEAPS) + 1 if LEAPS in found else None
        return known[:after_leaps]  # the rest may be its effects

    def __repr__(self) -> str:
        if not self.passes:
            return "no pass through these parameters; what a recorded program computes is not seen"
        n = len(self.faults)
        heading = f"{n or 'no'} fault{'' if n == 1 else 's'} in {self.passes} passes"
        return "\n".join([heading, *map(str, self.faults)])


def begun(seen: Watch) -> Iterator[tuple[str, str]]:
    """Find what the first passes show: of inputs, activations and adjoints."""
    inputs, adjoints = seen.means("input").items(), seen.means("adjoint")
    weight, size = max(inputs, key=lambda item: item[1], default=("", 1.0))
    if not 0.01 <= size <= 10:
        yield "inputs not normalised", f"the input that {weight} multiplies is of size {size:.3g}"
    first, last = next(iter(adjoints), ""), next(reversed(adjoints), "")
    hidden = {x: share for x, share in seen.means("flat").items() if x not in ("", last)}
    flat = [f"{share:.0%} of {layer}" for layer, share in hidden.items() if share > 0.5]
    if flat:
        yield "saturated activations", f"in the first passes {', '.join(flat)} was flat"
    ratio = adjoints.get(first, 1.0) / adjoints.get(last, 1.0)
    if not 1e-3 <= ratio <= 100:
        name = "vanishing gradients" if ratio < 1 else "exploding gradients"
        yield name, f"adjoints in {first} are {ratio:.1g} times as large as in {last}"


def stepped(seen: Watch) -> Iterator[tuple[str, str]]:
    """Find updates by old gradients, and such that raise, miss or hardly lower their own loss."""
    updates, total = seen.updates, len(seen.updates)
    scale = fmean([abs(u.before) for u in updates[:EARLY]] or [0.0])
    rises = [u for u in updates if not u.rise <= 0.01 * scale]
    leaps = [u for u in updates if u.stride > 1 and not -u.rise > u.promise / 10]
    creeps = [u for u in updates if scale * u.stride / 10 < u.promise < 1e-4 * scale]
    if seen.passes > EARLY and not updates:
        yield "parameters never changed", f"they are what they were, after {seen.passes} passes"
    elif seen.stale > total / 2:
        yield "zero_grad forgotten", f"after {seen.stale} of {total} updates old gradients stayed"
    elif leaps:
        _, rise, promise, stride = leaps[0]
        step = f"one update moved by {stride:.2g} times the parameters' own length"
        change = f"to fall by up to {promise:.2g} changed by {rise:+.2g}"
        yield LEAPS, f"{step}; the loss that was {change}"
    elif len(rises) >= max(3, total / 2):
        yield LEAPS, f"{len(rises)} of {total} updates raised the loss of their own examples"
    elif len(creeps) > total / 2 and sum(u.promise for u in updates) < scale / 10:
        most = max(u.promise for u in creeps)
        yield "learning rate too low", f"updates lower a loss of {scale:.2g} by {most:.1g} at most"


def passed(seen: Watch) -> Iterator[tuple[str, str]]:
    """Find what all passes together show: of parameters, outputs and ReLUs."""
    if seen.passes and (lost := [*seen.lost.values()]):
        yield "parameters without gradient", f"{len(lost)} of {len(seen.names)}, such as {lost[0]}"
    if seen.misfit:
        yield "loss does not fit the outputs", seen.misfit
    units, half = Counter(map(layer_of, seen.lit)), seen.relus // 2
    off = Counter(layer_of(unit) for unit, last in seen.lit.items() if last <= half)
    dead = [f"{n} of {units[x]} in {x or 'all'}" for x, n in off.items() if n >= units[x] / 2]
    if dead and half >= 10 * len(seen.lit):
        yield "dead ReLUs", f"{', '.join(dead)} gave only 0 in the second half of the run"
