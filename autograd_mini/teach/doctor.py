"""The doctor watches a training run and tells its faults, each with its evidence and a remedy.

The loop stays as it is; every ``backward`` inside the ``with`` is looked at, which makes the loop
about three times slower.

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

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import NamedTuple

from autograd_mini import primitives as p
from autograd_mini.engine import Value
from autograd_mini.naming import number
from autograd_mini.nn import Module
from autograd_mini.order import topological_order
from autograd_mini.paths import edges
from autograd_mini.sums import affine_sum

EARLY = 10  # passes that show how a network begins
LEAP = 4  # times the loss: a parabola ends higher after a step that promises to fall so far
TINY = 1e-300
STEEPEST = {p.sigmoid: 0.25, p.tanh: 1.0}
RANGES = {p.sigmoid: (0.0, 1.0), p.tanh: (-1.0, 1.0)}
RANGES |= dict.fromkeys((p.relu, p.softplus, p.exp), (0.0, math.inf))


class Fault(NamedTuple):
    """A fault by its name, the numbers that show it, and what to do."""

    name: str
    evidence: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name}: {self.evidence}\n  remedy: {self.remedy}"


class Update(NamedTuple):
    """A change of the parameters: the loss of the last pass, also with the new parameters.

    With it the lengths of the gradient, of the change and of the parameters.
    """

    before: float
    after: float
    gradient: float
    change: float
    size: float

    @property
    def rise(self) -> float:
        """What the update did to the loss."""
        return self.after - self.before

    @property
    def promise(self) -> float:
        """How far the update lowers the loss at most, if the chain rule holds that far."""
        return self.gradient * self.change

    @property
    def pull(self) -> float:
        """By how many percent the loss changes at most, if the parameters change by one."""
        return self.gradient * self.size / max(abs(self.before), TINY)


class Mean:
    """The mean and the root of the mean square of numbers as they come."""

    def __init__(self) -> None:
        self.count, self.sum, self.squares = 0, 0.0, 0.0

    def add(self, x: float) -> None:
        """Take in a number."""
        self.count, self.sum, self.squares = self.count + 1, self.sum + x, self.squares + x * x

    @property
    def mean(self) -> float:
        """The mean; 0 of nothing."""
        return self.sum / max(self.count, 1)

    @property
    def root(self) -> float:
        """The root of the mean square; 0 of nothing."""
        return math.sqrt(self.squares / max(self.count, 1))


@contextmanager
def doctor(model: Module | Iterable[Value]) -> Iterator["Doctor"]:
    """Watch the training of a model, or of a list of parameters, while the ``with`` lasts.

    For that time ``Value.backward`` is replaced; all numbers stay what they would be without.
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


class Doctor:
    """What was seen of a training run; ``faults`` says what is wrong with it, causes first."""

    def __init__(self, model: Module | Iterable[Value]) -> None:
        self.named = names_of(model)
        self.layers = {x: layer_of(name) for name, x in self.named.items()}
        self.final = [*self.layers.values()][-1]
        self.passes = self.stale = 0
        self.order: list[Value] = []
        self.constants: dict[Value, float] = {}
        self.data: dict[Value, float] = {}
        self.grads: dict[Value, float] = {}
        self.updates: list[Update] = []
        self.reached: set[Value] = set()
        self.flow: defaultdict[str, Mean] = defaultdict(Mean)
        self.inputs: defaultdict[Value, Mean] = defaultdict(Mean)
        self.flat: defaultdict[str, Mean] = defaultdict(Mean)
        self.lit: dict[str, int] = {}
        self.misfit = ""

    # Looking ------------------------------------------------------------------------------------

    def before(self) -> None:
        """See, before a pass, whether gradients from before the last update are still there."""
        self.stale += any(x.grad and x.grad == self.grads[x] for x in self.moved())
        self.settle()

    def moved(self) -> list[Value]:
        """List the parameters that changed since they were last looked at."""
        return [x for x, data in self.data.items() if x.data != data]

    def settle(self) -> None:
        """Note the update since the last pass, if there was one."""
        if self.moved():
            change = length(x.data - data for x, data in self.data.items())
            gradient, size = length(self.grads.values()), length(self.data.values())
            loss = self.order[-1].data
            self.updates.append(Update(loss, self.replay(), gradient, change, size))
            self.data = {x: x.data for x in self.data}

    def replay(self) -> float:
        """Return the loss of the last pass with the parameters of this moment, beside the graph."""
        data = dict(self.constants)
        try:
            for node in self.order:
                numbers = [data[x] if isinstance(x, Value) else x for x in node.operands]
                data[node] = node.op.evaluate(numbers) if numbers else data.get(node, node.data)
        except (ArithmeticError, ValueError):
            return math.inf
        return data[self.order[-1]]

    def look(self, loss: Value) -> None:
        """Take in a graph whose backward pass has just been made."""
        order = topological_order(loss)
        if self.layers.keys().isdisjoint(order):
            return
        self.passes, self.order = self.passes + 1, order
        self.reached.update(self.layers.keys() & set(order))
        self.constants = {x: x.data for x in order if not x.operands and x not in self.layers}
        self.data = {x: x.data for x in self.layers}
        self.grads = {x: x.grad for x in self.layers}
        for node in order:
            self.take(node)

    def take(self, node: Value) -> None:
        """Take in one node."""
        own = [edge for edge in edges(node) if edge.operand in self.layers]
        for layer in {self.layers[edge.operand] for edge in own}:
            self.flow[layer].add(node.grad)
        if node.depth == 1 and node.op in (p.mul, affine_sum):
            for edge in own[: -1 if node.op is affine_sum else None]:  # the bias has no input
                self.inputs[edge.operand].add(edge.partial)
        if node.op is p.relu:
            self.lit.setdefault(node.label or "a relu", 0)
            if node.data > 0:
                self.lit[node.label or "a relu"] = self.passes
        hidden = layer_of(node.label) != self.final
        if node.op in STEEPEST and hidden and self.passes <= EARLY:
            self.flat[layer_of(node.label)].add(node.partials[0] < 0.04 * STEEPEST[node.op])
        self.misfit = self.misfit or misfit(node)

    # Telling ------------------------------------------------------------------------------------

    @property
    def faults(self) -> list[Fault]:
        """What is wrong, at most eight faults, those first that may be the cause of others."""
        checks = (
            *(self.uncleared, self.unreached, self.unscaled, self.misstepping),
            *(self.unfit, self.saturated, self.dead, self.unsteady),
        )
        return [fault for check in checks for fault in check()]

    def __repr__(self) -> str:
        found = self.faults
        plural = "" if len(found) == 1 else "s"
        passes = f"{self.passes} passes" if self.passes else "no pass through these parameters"
        return "\n".join([f"{len(found) or 'no'} fault{plural} in {passes}", *map(str, found)])

    def uncleared(self) -> Iterator[Fault]:
        """Gradients of several passes were added up, though the parameters moved in between."""
        if self.stale > len(self.updates) / 2:
            evidence = f"after {self.stale} of {len(self.updates)} updates the old gradients stayed"
            remedy = "call zero_grad() before each backward()"
            yield Fault("zero_grad forgotten", evidence, remedy)

    def unreached(self) -> Iterator[Fault]:
        """Parameters are not in the graph of the loss."""
        lost = [name for name, x in self.named.items() if x not in self.reached]
        if lost and self.passes:
            evidence = f"the loss does not depend on {few(lost)}"
            remedy = "compute with the Values themselves, not with their data, and use all of them"
            yield Fault("parameters without gradient", evidence, remedy)

    def unscaled(self) -> Iterator[Fault]:
        """First weights are multiplied by large numbers, or by tiny ones only."""
        sizes = {x: mean.root for x, mean in self.inputs.items()}
        largest = max(sizes, key=sizes.__getitem__, default=None)
        if largest is not None and not 0.01 <= sizes[largest] <= 10:
            name = next(name for name, x in self.named.items() if x is largest)
            evidence = f"what {name} is multiplied by is of size {number(sizes[largest])}"
            remedy = "subtract each input's mean and divide by its standard deviation"
            yield Fault("inputs not normalised", evidence, remedy)

    def unfit(self) -> Iterator[Fault]:
        """Targets are out of the reach of outputs, or wrong outputs are hardly pulled at."""
        if self.misfit:
            remedy = "for classes leave out the last activation and use a loss _with_logits; "
            remedy += "for other targets use a linear output"
            yield Fault("loss does not fit the outputs", self.misfit, remedy)

    def saturated(self) -> Iterator[Fault]:
        """Activations of a hidden layer began where they are flat."""
        for layer, flat in self.flat.items():
            if flat.mean > 0.5:
                share = f"{flat.mean:.0%} of the activations of {layer or 'the graph'}"
                remedy = "smaller weights to begin with, or normalised inputs"
                return (yield Fault("saturated activations", f"{share} began flat", remedy))

    def dead(self) -> Iterator[Fault]:
        """Half of the ReLUs of a layer, or more, were off for every example of late."""
        by_layer = defaultdict[str, list[str]](list)
        for unit in self.lit:
            by_layer[layer_of(unit)].append(unit)
        for units in by_layer.values():
            off = [unit for unit in units if self.lit[unit] <= self.passes / 2]
            if len(off) >= len(units) / 2:
                last = f"in the last {math.ceil(self.passes / 2)} passes"
                evidence = f"{few(off)} gave 0 for every example {last}"
                remedy = "a lower rate, normalised inputs, smaller biases, or leaky_relu"
                return (yield Fault("dead ReLUs", evidence, remedy))

    def unsteady(self) -> Iterator[Fault]:
        """Adjoints shrink or grow by orders of magnitude from the last layer to the first."""
        layers = [layer for layer in dict.fromkeys(self.layers.values()) if self.flow[layer].root]
        first, last = (layers[0], layers[-1]) if layers else ("", "")
        ratio = self.flow[first].root / (self.flow[last].root or 1.0)
        evidence = f"adjoints of size {number(self.flow[last].root)} in {last} are of size "
        evidence += f"{number(self.flow[first].root)} in {first}"
        if 0 < ratio < 1e-3:
            remedy = "relu for sigmoid or tanh, weights that suit the activation, fewer layers"
            yield Fault("vanishing gradients", evidence, remedy)
        if ratio > 100:
            yield Fault("exploding gradients", evidence, "smaller weights to begin with")

    def misstepping(self) -> Iterator[Fault]:
        """Look for updates that leap too far, raise their own loss, or hardly lower it."""
        if len(self.updates) < 3 or any(self.uncleared()):
            return
        early, total = self.updates[:EARLY], len(self.updates)
        scale = sum(abs(x.before) for x in early) / len(early)
        rises = [x for x in self.updates if not x.rise <= 0.01 * scale]
        leaps = [x for x in self.updates if not x.promise <= LEAP * scale]
        if len(rises) > total / 3 or leaps or not sum(x.rise for x in self.updates) <= scale / 20:
            worst = max(leaps or rises or early, key=lambda x: x.rise)
            evidence = f"{len(rises)} of {total} updates raised the loss of their own examples, "
            evidence += f"one took it from {number(worst.before)} to {number(worst.after)}"
            yield Fault("learning rate too high", evidence, "divide the rate by 3 until they fall")
            return
        share = median(x.promise / max(abs(x.before), TINY) for x in self.updates)
        pull = median(x.pull for x in self.updates)
        if share < 1e-4 and pull > 0.1:
            evidence = (
                f"an update lowers the loss by a share of {share:.1g} at most, though 1 % of "
            )
            evidence += f"change in the parameters could lower it by {pull:.2g} %"
            yield Fault("learning rate too low", evidence, "multiply the rate by 10 until it shows")


def names_of(model: Module | Iterable[Value]) -> dict[str, Value]:
    """Name the parameters; raise ValueError if there are none."""
    if isinstance(model, Module):
        named = model.named_parameters()
    else:
        named = {x.label or f"parameter {i}": x for i, x in enumerate(model, 1)}
    if not named:
        raise ValueError("there are no parameters to watch")
    return named


def layer_of(name: str) -> str:
    """Return the part of a dotted name before the first dot; nothing for one without.

    >>> layer_of("layer1.neuron2.w1"), layer_of("w1")
    ('layer1', '')
    """
    return name.partition(".")[0] if "." in name else ""


def length(numbers: Iterable[float]) -> float:
    """Return the Euclidean length."""
    return math.hypot(*numbers)


def few(names: Sequence[str]) -> str:
    """List names, leaving out the middle of a long list.

    >>> few(["a", "b"]), few(["a", "b", "c", "d", "e"])
    ('a, b', 'a, b, … (5)')
    """
    return ", ".join(names) if len(names) < 5 else f"{names[0]}, {names[1]}, … ({len(names)})"


def misfit(node: Value) -> str:
    """Say why a squared or absolute error does not fit the output it judges, if so."""
    error = node.operands[0] if node.op in (p.power, p.mul, p.absolute) else None
    if not isinstance(error, Value) or error.op is not p.sub:
        return ""
    for output, target in (error.operands, error.operands[::-1]):
        if isinstance(output, Value) and output.op in RANGES:
            t = target.data if isinstance(target, Value) else target
            low, high = RANGES[output.op]
            if not low <= t <= high:
                return f"a target is {number(t)}, but {output.op.name} gives {low} to {high}"
            slope = output.partials[0]
            if output.op is p.sigmoid and abs(output.data - t) > 0.5 and slope < 0.1:
                return f"{number(output.data)} for {number(t)} is pulled back by {slope:.1%} only"
    return ""
