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
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import takewhile
from statistics import fmean
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.observers import observing
from autograd_mini.nn import Module
from autograd_mini.notation.plain import for_screen
from autograd_mini.teach.shapes import TWO_SIGMOIDS, TWO_SOFTMAXES
from autograd_mini.teach.watching import EARLY, Watch, layer_of

Finding = tuple[str, str]  # the name of a fault, and the numbers that show it

LEAPS = "learning rate too high"
INTO_DATA = "write into the parameter, p.data -= rate * p.grad, or use an optimiser"
IN_LOOP = {  # faults of the loop: what the numbers show beside them is their effect
    "NaN in the data": "look through inputs and targets, and leave out what is no number",
    "another model is watched": "give the doctor the model that is trained",
    "backward forgotten": "call loss.backward(), with its parentheses, before each step()",
    "parameter rebound": f"{INTO_DATA}: p = p - ... makes a new Value",
    "graph cut off": "compute the loss from the outputs of this model, and not from their data",
    "graph not rebuilt": "compute the loss inside the loop, or recompute(loss) after each update",
    "optimiser of other parameters": "give it the parameters() of the model whose loss it is",
    "gradients cleared before the step": "call zero_grad() before backward(), not after it",
    "parameters never changed": f"call step() after backward(); by hand, {INTO_DATA}",
    "zero_grad forgotten": "call zero_grad() before each backward()",
    "backward called twice": "call backward() once for each loss",
    "updates go uphill": "subtract the gradient, and lower the error, not minus the error",
}
FROM_START = {  # what is wrong from the first pass on, whatever the rate
    TWO_SIGMOIDS: "give the loss what the sigmoid was given: it squashes that itself",
    TWO_SOFTMAXES: "give cross_entropy the scores: it takes their softmax itself",
    "equal weights": "start from different random weights: nothing tells equal units apart",
    "parameters without gradient": "use every one, and compute with the Value, not with its data",
    "inputs not normalised": "subtract each input's mean and divide by its standard deviation",
}
IN_COURSE = {  # what shows in the course of a run
    LEAPS: "divide the rate by 3, and watch again",
    "learning rate too low": "multiply the rate by 10 until it shows",
    "loss does not fit the outputs": "a linear output; for classes, with a loss _with_logits",
    "saturated activations": "smaller weights to begin with, or normalised inputs and targets",
    "dead ReLUs": "a lower rate, normalised inputs, smaller biases, or leaky_relu",
    "vanishing gradients": "relu for sigmoid or tanh, larger weights, fewer layers",
    "exploding gradients": "smaller weights to begin with",
    "all gradients are 0": "look in explain(loss) where the adjoints become 0, and why",
}
REMEDIES = IN_LOOP | FROM_START | IN_COURSE  # causes first


class Fault(NamedTuple):
    """A fault by its name, the numbers that show it, and what to do."""

    name: str
    evidence: str
    remedy: str

    def __str__(self) -> str:
        return for_screen(f"{self.name}: {self.evidence}\n  remedy: {self.remedy}")


@contextmanager
def doctor(model: Module | Iterable[Value]) -> Iterator["Doctor"]:
    """Watch the training of a model, or of a list of parameters, while the ``with`` lasts.

    Backward passes, of Values and of recorded programs, and steps of optimisers tell the doctor. No
    number changes, but a loop takes over twice as long; of a program's arrays at most 64 samples
    are looked at in each pass. Raises ValueError if there are no parameters, and TypeError for what
    is neither a model nor a list of parameters.
    """
    report = Doctor(model)
    try:
        with observing(report):
            yield report
    except BaseException:
        report.failed = True
        raise
    finally:
        report.close()
        report.forget()


class Doctor(Watch):
    """What was seen of a training run; ``faults`` says what is wrong with it."""

    @property
    def faults(self) -> list[Fault]:
        """What is wrong, at most eight faults, those first that may be the cause of others."""
        found: dict[str, str] = {}
        for check in (reached, unmoved, moved, shaped, begun, stepped, passed):
            found = dict(check(self)) | found
        known = [Fault(name, found[name], cure) for name, cure in REMEDIES.items() if name in found]
        if any(name in IN_LOOP for name in found):
            return [fault for fault in known if fault.name not in IN_COURSE][:8]
        causes = list(takewhile(lambda fault: fault.name != LEAPS, known))
        return known[: len(causes) + 1][:8]  # what follows a leap may be its effect

    def __repr__(self) -> str:
        n = len(self.faults)
        faults = f"{n or 'no'} {'fault' if n == 1 else 'faults'}"
        passes = f"{self.passes} {'pass' if self.passes == 1 else 'passes'}"
        return for_screen("\n".join([f"{faults} in {passes}", *map(str, self.faults)]))


# The loop ----------------------------------------------------------------------------------------


def reached(seen: Watch) -> Iterator[Finding]:
    """Find why backward passes do not reach the parameters, or are not made."""
    n, passes = len(seen.names), seen.passes + seen.strangers
    own, idle = seen.steps["own"], seen.steps["idle"]
    if seen.elsewhere & seen.foreign and not seen.passes:
        yield "another model is watched", f"the run trained {len(seen.foreign)} other parameters"
    elif idle > own / 2 or not (passes or seen.failed):
        steps = f"{idle} of {own} steps had no backward pass before them"
        yield "backward forgotten", steps if own else "no backward pass was made"
    elif passes and not seen.passes:
        yield "graph cut off", f"{passes} losses, and none depends on any of the {n} parameters"
    elif seen.late > seen.passes:
        last = f"the last {seen.late} losses do not depend on the {n} parameters any more"
        yield "parameter rebound", f"{last}, the first {seen.passes} did"


def unmoved(seen: Watch) -> Iterator[Finding]:
    """Find why the parameters did not change, though they had gradients."""
    own, foreign, cleared = (seen.steps[kind] for kind in ("own", "foreign", "cleared"))
    if seen.updates or not seen.passes:
        return
    if seen.rebound:
        yield "parameter rebound", seen.rebound
    elif foreign and not own:
        steps = f"{foreign} steps moved {len(seen.foreign)} parameters"
        yield "optimiser of other parameters", f"{steps}, none of the {len(seen.names)} watched"
    elif cleared > own / 2:
        yield "gradients cleared before the step", f"in {cleared} of {own} steps all were 0"
    elif seen.passes > EARLY and seen.alive:
        stayed = f"they are what they were, after {seen.passes} passes"
        yield "parameters never changed", f"{stayed} and {own} steps"


def moved(seen: Watch) -> Iterator[Finding]:
    """Find loops that move the parameters by wrong gradients, or the wrong way."""
    total = len(seen.updates)
    if seen.wrong:
        yield "NaN in the data", seen.wrong
    if seen.unbuilt > seen.passes / 4:
        passes = f"{seen.unbuilt} of {seen.passes} passes"
        yield "graph not rebuilt", f"in {passes} the loss was older than the parameters"
    if seen.stale > total / 2:
        yield "zero_grad forgotten", f"after {seen.stale} of {total} updates old gradients stayed"
    if seen.repeats > seen.passes / 4:
        again = f"{seen.repeats} of {seen.passes} passes"
        yield "backward called twice", f"{again} added the same gradients once more"
    rising = sum(u.slope > 0 for u in seen.updates)
    if total > 1 and rising > 0.9 * total:
        yield "updates go uphill", f"{rising} of {total} updates went along the gradient"
    errors = seen.turned
    if total > 1 and len(errors) >= seen.passes and errors[-1] > errors[0]:
        risen = f"an error that rose from {errors[0]:.3g} to {errors[-1]:.3g}"
        yield "updates go uphill", f"the loss is minus {risen}"


# The network -------------------------------------------------------------------------------------


def shaped(seen: Watch) -> Iterator[Finding]:
    """Find what the graphs of the first passes show: of losses and of weights."""
    if seen.twice:
        outputs = "probabilities" if seen.twice == TWO_SOFTMAXES else "sigmoids"
        yield seen.twice, f"the loss expects scores of any size, but its outputs are {outputs}"
    groups = sorted(map(sorted, seen.twins or ()))
    if groups:
        alike = f"{len(groups[0])} units, such as {' and '.join(groups[0][:2])}"
        yield "equal weights", f"{alike}, have computed the same in every pass"
    if seen.passes and (lost := [*seen.lost.values()]):
        yield "parameters without gradient", f"{len(lost)} of {len(seen.names)}, such as {lost[0]}"


def begun(seen: Watch) -> Iterator[Finding]:
    """Find what the first passes show: of inputs, activations and adjoints."""
    inputs, adjoints = seen.means("input").items(), seen.means("adjoint")
    weight, size = max(inputs, key=lambda item: item[1], default=("", 1.0))
    if size < 0.01 or 10 < size < math.inf:  # NaN or infinite is something else than too large
        yield "inputs not normalised", f"the input that {weight} multiplies is of size {size:.3g}"
    first, last = next(iter(adjoints), ""), next(reversed(adjoints), "")
    hidden = {x: share for x, share in seen.means("flat").items() if x not in ("", last)}
    flat = [f"{share:.0%} of {layer}" for layer, share in hidden.items() if share > 0.5]
    if flat:
        yield "saturated activations", f"in the first passes {', '.join(flat)} was flat"
    ratio = adjoints.get(first, 1.0) / adjoints.get(last, 1.0)
    apart = f"adjoints in {first} are {ratio:.1g} times as large as in {last}"
    if ratio < 1e-3:
        yield "vanishing gradients", apart
    elif not ratio <= 100:
        yield "exploding gradients", apart


# The course --------------------------------------------------------------------------------------


def stepped(seen: Watch) -> Iterator[Finding]:
    """Find updates that raise, miss or hardly lower their own loss."""
    updates, total = seen.updates, len(seen.updates)
    if not updates:
        return
    scale = fmean(abs(u.before) for u in updates[:EARLY])
    rises = [u for u in updates if not u.rise <= 0.01 * scale]
    leaps = [u for u in updates if u.stride > 1 and not -u.rise > u.promise / 10]
    creeps = [u for u in updates if scale * u.stride / 10 < u.promise < 1e-4 * scale]
    if leaps:
        _, rise, promise, stride, _ = leaps[0]
        step = f"one update moved by {stride:.2g} times the parameters' own length"
        change = f"to fall by up to {promise:.2g} changed by {rise:+.2g}"
        yield LEAPS, f"{step}; the loss that was {change}"
    elif len(rises) >= max(3, total / 2):
        yield LEAPS, f"{len(rises)} of {total} updates raised the loss of their own examples"
    elif len(creeps) > total / 2 and sum(u.promise for u in updates) < scale / 10:
        most = max(u.promise for u in creeps)
        yield "learning rate too low", f"updates lower a loss of {scale:.2g} by {most:.1g} at most"


def passed(seen: Watch) -> Iterator[Finding]:
    """Find what all passes together show: of outputs, ReLUs and gradients."""
    if seen.passes > EARLY and not seen.alive:
        yield "all gradients are 0", f"of {len(seen.names)} parameters, in {seen.passes} passes"
    if seen.misfit:
        yield "loss does not fit the outputs", seen.misfit
    units, half = Counter(map(layer_of, seen.lit)), seen.relus // 2
    off = Counter(layer_of(unit) for unit, last in seen.lit.items() if last <= half)
    dead = [f"{n} of {units[x]} in {x or 'all'}" for x, n in off.items() if n >= units[x] / 2]
    if dead and half >= 10 * len(seen.lit):
        yield "dead ReLUs", f"{', '.join(dead)} gave only 0 in the second half of the run"
