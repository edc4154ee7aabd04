"""The doctor watches a training run and tells its faults, each with its evidence and a remedy.

The loop stays as it is; every ``backward`` inside the ``with`` is looked at, which makes the loop
about five times slower.

>>> from autograd_mini.nn import MLP
>>> model = MLP(2, [3, 1], "tanh")
>>> with doctor(model) as report:
...     for _ in range(6):
...         model([1.0, -1.0]).backward()
...         for p in model.parameters():
...             p.data -= 0.1 * p.grad
>>> report
1 fault in 6 passes
zero_grad forgotten: after 5 of 6 updates the old gradients stayed
  remedy: call zero_grad() before each backward()
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.nn import Module
from autograd_mini.stepping.naming import number
from autograd_mini.teach.watching import EARLY, TINY, Watch, layer_of

LEAP = 4  # times the loss: a parabola ends higher after a step that promises to fall so far


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

    For that time ``Value.backward`` is replaced; all numbers stay what they would be without. What
    a recorded program computes is not seen. Raises ValueError if there are no parameters.
    """
    from unittest.mock import patch  # slow to import

    report, backward = Doctor(model), Value.backward

    def watched(output: Value, seed: float = 1.0) -> None:
        report.before()
        backward(output, seed)
        report.look(output)

    with patch.object(Value, "backward", watched):
        try:
            yield report
        finally:
            report.settle()


class Doctor(Watch):
    """What was seen of a training run; ``faults`` says what is wrong with it, causes first."""

    @property
    def faults(self) -> list[Fault]:
        """What is wrong, at most eight faults, those first that may be the cause of others."""
        return [fault for check in CHECKS for fault in check(self)]

    def __repr__(self) -> str:
        found = self.faults
        plural = "" if len(found) == 1 else "s"
        passes = f"{self.passes} passes" if self.passes else "no pass through these parameters"
        return "\n".join([f"{len(found) or 'no'} fault{plural} in {passes}", *map(str, found)])


# The checks ---------------------------------------------------------------------------------------


def uncleared(seen: Watch) -> Iterator[Fault]:
    """Gradients of several passes were added up, though the parameters moved in between."""
    if seen.stale > len(seen.updates) / 2:
        evidence = f"after {seen.stale} of {len(seen.updates)} updates the old gradients stayed"
        remedy = "call zero_grad() before each backward()"
        yield Fault("zero_grad forgotten", evidence, remedy)


def unreached(seen: Watch) -> Iterator[Fault]:
    """Parameters are not in the graph of the loss."""
    lost = [name for name, x in seen.named.items() if x not in seen.reached]
    if lost and seen.passes:
        evidence = f"the loss does not depend on {few(lost)}"
        remedy = "compute with the Values themselves, not with their data, and use all of them"
        yield Fault("parameters without gradient", evidence, remedy)


def unscaled(seen: Watch) -> Iterator[Fault]:
    """First weights are multiplied by large numbers, or by tiny ones only."""
    sizes = {x: mean.root for x, mean in seen.inputs.items()}
    largest = max(sizes, key=sizes.__getitem__, default=None)
    if largest is not None and not 0.01 <= sizes[largest] <= 10:
        name = next(name for name, x in seen.named.items() if x is largest)
        evidence = f"what {name} is multiplied by is of size {number(sizes[largest])}"
        remedy = "subtract each input's mean and divide by its standard deviation"
        yield Fault("inputs not normalised", evidence, remedy)


def unfit(seen: Watch) -> Iterator[Fault]:
    """Targets are out of the reach of outputs, or wrong outputs are hardly pulled at."""
    if seen.misfit:
        remedy = "for classes leave out the last activation and use a loss _with_logits; "
        remedy += "for other targets use a linear output"
        yield Fault("loss does not fit the outputs", seen.misfit, remedy)


def saturated(seen: Watch) -> Iterator[Fault]:
    """Activations of a hidden layer began where they are flat."""
    found = [(flat.mean, layer) for layer, flat in seen.flat.items() if flat.mean > 0.5]
    for share, layer in found[:1]:
        evidence = f"{share:.0%} of the activations of {layer or 'the graph'} began flat"
        remedy = "smaller weights to begin with, or normalised inputs"
        yield Fault("saturated activations", evidence, remedy)


def dead(seen: Watch) -> Iterator[Fault]:
    """Half of the ReLUs of a layer, or more, were off for every example of late."""
    units = Counter(map(layer_of, seen.lit))
    off = [unit for unit, last in seen.lit.items() if last <= seen.passes / 2]
    found = [layer for layer, n in Counter(map(layer_of, off)).items() if n >= units[layer] / 2]
    for layer in found[:1]:
        names = few([unit for unit in off if layer_of(unit) == layer])
        evidence = f"{names} gave 0 for every example in the last {seen.passes // 2} passes"
        remedy = "a lower rate, normalised inputs, smaller biases, or leaky_relu"
        yield Fault("dead ReLUs", evidence, remedy)


def unsteady(seen: Watch) -> Iterator[Fault]:
    """Adjoints shrink or grow by orders of magnitude from the last layer to the first."""
    layers = [layer for layer in dict.fromkeys(seen.layers.values()) if seen.flow[layer].root]
    first, last = (layers[0], layers[-1]) if layers else ("", "")
    ratio = seen.flow[first].root / (seen.flow[last].root or 1.0)
    evidence = f"adjoints of size {number(seen.flow[last].root)} in {last} are of size "
    evidence += f"{number(seen.flow[first].root)} in {first}"
    if 0 < ratio < 1e-3:
        remedy = "relu for sigmoid or tanh, weights that suit the activation, fewer layers"
        yield Fault("vanishing gradients", evidence, remedy)
    if ratio > 100:
        yield Fault("exploding gradients", evidence, "smaller weights to begin with")


def misstepping(seen: Watch) -> Iterator[Fault]:
    """Look for updates that leap too far, raise their own loss, or hardly lower it."""
    if len(seen.updates) < 3 or any(uncleared(seen)):
        return
    early, total = seen.updates[:EARLY], len(seen.updates)
    scale = sum(abs(x.before) for x in early) / len(early)
    rises = [x for x in seen.updates if not x.rise <= 0.01 * scale]
    leaps = [x for x in seen.updates if not x.promise <= LEAP * scale]
    if len(rises) > total / 3 or leaps or not sum(x.rise for x in seen.updates) <= scale / 20:
        worst = max(leaps or rises or early, key=lambda x: x.rise)
        evidence = f"{len(rises)} of {total} updates raised the loss of their own examples, "
        evidence += f"one took it from {number(worst.before)} to {number(worst.after)}"
        yield Fault("learning rate too high", evidence, "divide the rate by 3 until they fall")
        return
    share = median(x.promise / max(abs(x.before), TINY) for x in seen.updates)
    pull = median(x.pull for x in seen.updates)
    if share < 1e-4 and pull > 0.1:
        evidence = f"an update lowers the loss by a share of {share:.1g} at most, though 1 % of "
        evidence += f"change in the parameters could lower it by {pull:.2g} %"
        yield Fault("learning rate too low", evidence, "multiply the rate by 10 until it shows")


CHECKS = (
    *(uncleared, unreached, unscaled, misstepping),
    *(unfit, saturated, dead, unsteady),
)


def few(names: Sequence[str]) -> str:
    """List names, leaving out the middle of a long list.

    >>> few(["a", "b"]), few(["a", "b", "c", "d", "e"])
    ('a, b', 'a, b, … (5)')
    """
    return ", ".join(names) if len(names) < 5 else f"{names[0]}, {names[1]}, … ({len(names)})"
