"""Watching: what the doctor notes at every backward pass, and between two of them.

No graph is kept but the last one. To tell what an update did, the loss of that graph is computed
again, beside it, with the new parameters: on the same examples.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from autograd_mini import primitives as p
from autograd_mini.engine import Value
from autograd_mini.nn import Module
from autograd_mini.order import topological_order
from autograd_mini.stepping.naming import number
from autograd_mini.stepping.paths import edges
from autograd_mini.sums import affine_sum

EARLY = 10  # passes that show how a network begins
FLAT = 0.04  # of the steepest slope
TINY = 1e-300
STEEPEST = {p.sigmoid: 0.25, p.tanh: 1.0}
RANGES = {p.sigmoid: (0.0, 1.0), p.tanh: (-1.0, 1.0)}
RANGES |= dict.fromkeys((p.relu, p.softplus, p.exp), (0.0, math.inf))


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


class Watch:
    """What was seen of a training run: gathered pass by pass, judged by the doctor."""

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
            for edge in own:
                if node.op is p.mul or edge.operand is not node.operands[-1]:  # a bias has no input
                    self.inputs[edge.operand].add(edge.partial)
        if node.op is p.relu:
            self.lit.setdefault(node.label or "a relu", 0)
            if node.data > 0:
                self.lit[node.label or "a relu"] = self.passes
        hidden = layer_of(node.label) != self.final
        if node.op in STEEPEST and hidden and self.passes <= EARLY:
            self.flat[layer_of(node.label)].add(node.partials[0] < FLAT * STEEPEST[node.op])
        self.misfit = self.misfit or misfit(node)


def names_of(model: Module | Iterable[Value]) -> dict[str, Value]:
    """Name the parameters; raise ValueError if there are none."""
    if isinstance(model, Module):
        named = model.named_parameters()
    else:
        values = list(model)
        uses = Counter(["", "", *(x.label for x in values)])  # no label is none of its own
        labels = (
            x.label if uses[x.label] == 1 else f"parameter {i}" for i, x in enumerate(values, 1)
        )
        named = dict(zip(labels, values, strict=True))
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


def misfit(node: Value) -> str:
    """Say why a squared or absolute error does not fit the output it judges, if so."""
    squared = node.op is p.power or (node.op is p.mul and node.operands[0] is node.operands[1])
    error = node.operands[0] if squared or node.op is p.absolute else None
    if isinstance(error, Value) and error.op is p.sub:
        for output, target in (error.operands, error.operands[::-1]):
            if (
                isinstance(output, Value)
                and output.op in RANGES
                and not getattr(target, "depth", 0)
            ):
                return unlike(output, target.data if isinstance(target, Value) else target)
    return ""


def unlike(output: Value, target: float) -> str:
    """Say why an output does not suit its target: it cannot reach it, or hardly moves there."""
    (low, high), slope = RANGES[output.op], output.partials[0]
    if not low <= target <= high:
        return f"a target is {number(target)}, but {output.op.name} gives {low} to {high}"
    if output.op is p.sigmoid and abs(output.data - target) > 0.5 and slope < 0.1:
        return f"{number(output.data)} for {number(target)} is pulled back by {slope:.1%} only"
    return ""
