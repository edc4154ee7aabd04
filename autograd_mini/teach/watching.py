"""Watching: what happens in a training run, pass by pass and update by update.

No graph is kept. To tell what an update does, the loss of the last pass is computed again from its
numbers, with the new parameters: on the same examples.
"""

import gc
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from statistics import fmean
from typing import Any, NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine import primitives as p
from autograd_mini.engine.graph import data_of
from autograd_mini.engine.observers import Observer
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.sums import affine_sum
from autograd_mini.nn import Module, named_leaves
from autograd_mini.notation.text import write_label
from autograd_mini.optim import Optimiser
from autograd_mini.program.batching import rows
from autograd_mini.program.program import Program
from autograd_mini.teach.shapes import misfit, no_number, shifted, squashed_twice, turned_round
from autograd_mini.teach.shapes import twins as equal_units

EARLY = 10  # passes that show how a network begins
LOOKED_AT = 32  # of a program's arrays, that are looked at in each pass
FLAT = {p.sigmoid: 0.01, p.tanh: 0.04}  # a smaller slope is below 4 % of the steepest


class Update(NamedTuple):
    """A change of the parameters, and what it does to the loss of the pass before it."""

    before: float
    rise: float
    promise: float  # how far the loss falls at most, if the chain rule holds that far
    stride: float  # the length of the change, in lengths of the parameters and a 1
    slope: float  # Σ gradient · change, by which the chain rule says that the loss rises


class Watch(Observer):
    """What was seen of the training of a model, or of a list of parameters.

    Raises ValueError if there are no parameters, and TypeError for what is neither.
    """

    passes = strangers = late = 0  # those that reach parameters, that do not, and those at the end
    stale = unbuilt = relus = 0  # old gradients, outdated losses, ReLUs computed
    repeats = 0  # passes that added the gradients of the pass before once more
    still = failed = False  # no update since the last pass; the run ended in an error
    alive = False  # whether a gradient was ever other than 0
    before = math.nan  # the last loss
    misfit = twice = wrong = rebound = ""
    shifts = -1  # how many parameters plus a number the first loss had
    twins: set[frozenset[str]] | None = None  # units that were equal in all passes

    def __init__(self, model: Module | Iterable[Value]) -> None:
        if not isinstance(model, Module | Iterable):
            wanted = "a model, or a list of Values such as model.parameters()"
            raise TypeError(f"need {wanted}, got {model!r:.60}")
        parts = model if isinstance(model, Module) else {"parameters": list(model)}
        self.names = {x: write_label(x.label) or place for place, x in named_leaves(parts, "")}
        if not self.names:
            raise ValueError("there are no parameters to watch")
        self.data: dict[Value, float] = {}  # of the parameters of the last pass
        self.grads: dict[Value, float] = {}  # of the same
        self.again: Callable[[], float] = lambda: math.nan  # computes the last loss anew
        self.seen: set[int] = set()  # the nodes of the last graph, by id
        self.lost = self.names  # the parameters that no pass has reached
        self.updates: list[Update] = []
        self.steps: Counter[str] = Counter()  # by what they were: own, foreign, idle, cleared
        self.last: dict[int, int] = {}  # the passes there were at the last step of an optimiser
        self.foreign: set[Value] = set()  # parameters of other optimisers
        self.elsewhere: set[Value] = set()  # leaves of the last pass that reached no parameter
        self.sizes: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        self.lit: dict[str, int] = {}  # the number of ReLUs seen when a ReLU was last on
        self.turned: list[float] = []  # the errors that a loss was minus of

    # What an observer is told

    def before_pass(self, _output: Any) -> None:
        """Note the update since the last pass, before grads change again."""
        updates = len(self.updates)
        self.stale += self.close()
        self.still = len(self.updates) == updates

    def after_pass(self, output: Any, inputs: Sequence[Any] = ()) -> None:
        """Take in a pass, if parameters are in it."""
        if isinstance(output, Program):
            self.look_at_program(output, inputs)
        else:
            self.look(output)

    def after_step(self, optimiser: Optimiser) -> None:
        """Take in a step: whose it was, and whether there were gradients to take it by."""
        own = [x for x in optimiser.parameters if x in self.names]
        if not own:
            self.foreign.update(optimiser.parameters)
        cleared = own and any(map(self.grads.get, own)) and not any(x.grad for x in own)
        idle = own and self.last.get(id(optimiser), 0) == self.passes + self.strangers
        self.last[id(optimiser)] = self.passes + self.strangers
        self.steps.update(own=bool(own), foreign=not own, idle=bool(idle), cleared=bool(cleared))

    # Updates

    def close(self) -> bool:
        """Note the update since the last pass, if any; return whether old gradients are left."""
        moved = {x: x.data for x in self.grads if x.data != self.data[x]}
        if moved:
            changes = {x: data - self.data[x] for x, data in moved.items()}
            change = math.hypot(*changes.values())
            promise = math.hypot(*self.grads.values()) * change
            stride = change / math.hypot(1.0, *self.data.values())
            slope = sum(self.grads[x] * d for x, d in changes.items())
            rise = self.repeated() - self.before
            self.updates.append(Update(self.before, rise, promise, stride, slope))
            self.data |= moved
        elif self.grads and self.passes in (1, 2) and not self.steps["own"]:
            self.rebound = self.rebound or self.heir()
        return any(x.grad == self.grads[x] != 0 for x in moved)

    def forget(self) -> None:
        """Let go of the last graph, when nothing more will be watched."""
        self.again, self.seen = lambda: math.nan, set()

    def repeated(self) -> float:
        """Compute the loss of the last pass with the parameters as they are now."""
        with suppress(ArithmeticError, ValueError):
            return self.again()
        return math.inf

    def heir(self) -> str:
        """Say which new Value was made of a parameter in place of a change, if one is alive."""
        found = [x for x in gc.get_referrers(*self.names) if isinstance(x, Value)]
        for node in shifted(found, self.names):
            parameter, number = node.operands
            if id(node) not in self.seen:
                written = f"{self.names[parameter]} {node.op.name} {number:.3g}"
                return f"{written} was computed as a new Value, and the parameter stayed as it was"
        return ""

    # Passes

    def look(self, loss: Value) -> None:
        """Take in a graph whose backward pass has just been made, if parameters are in it."""
        order = topological_order(loss)
        grads = {x: x.grad for x in order if x in self.names}
        if not grads:
            self.miss(order)
            return
        self.unbuilt += any(is_outdated(node, self.names) for node in order)
        same = id(loss) in self.seen and loss.data == self.before
        self.repeats += same and self.still and grads != self.grads
        self.again, self.before = replaying(order, self.names), loss.data
        self.seen = {id(x) for x in order}
        shifts = len(shifted(order, self.names))
        self.shifts = shifts if self.shifts < 0 else self.shifts
        if shifts > self.shifts and not self.updates:
            self.rebound = f"in pass {self.passes + 1} the loss is computed from a parameter"
            self.rebound += " minus a number, and the parameter stayed as it was"
        self.reach(grads)
        self.examine(order, self.names)

    def look_at_program(self, program: Program, inputs: Sequence[Any]) -> None:
        """Take in a pass of a recorded program: some of its samples, computed as Values."""
        grads = {x: x.grad for x in program.parameters if x in self.names}
        if not grads:
            self.miss(program.parameters)
            return
        given, n = program.samples(inputs)
        self.again = lambda: float(program(*inputs))
        self.before, self.seen = self.repeated(), set()
        self.reach(grads)
        samples = [*rows([*given, *program.data], n)]
        for numbers in samples[:: 1 + n // LOOKED_AT]:
            nodes = program.recording.replay(numbers)
            nodes[-1].accumulate(1.0, {})
            own = zip(nodes[len(given) :], program.parameters, strict=False)
            self.examine(nodes, {x: self.names[y] for x, y in own if y in self.names})

    def miss(self, order: Iterable[Value]) -> None:
        """Take in a pass that reached none of the parameters."""
        self.strangers += 1
        self.late += bool(self.passes)
        self.elsewhere = {x for x in order if not x.depth}

    def reach(self, grads: dict[Value, float]) -> None:
        """Take in which parameters a pass reached, and with which gradients."""
        self.grads, self.data = grads, {x: x.data for x in grads}
        self.lost = {x: name for x, name in self.lost.items() if x not in grads}
        self.alive = self.alive or any(grads.values())
        self.passes += 1
        self.late = 0

    def examine(self, order: Sequence[Value], names: dict[Value, str]) -> None:
        """Take in what the graph of a pass shows, in which the parameters have these *names*."""
        relus = [x for x in order if x.op is p.relu and x.label]  # a hinge's has none
        self.relus += len(relus)
        on = {write_label(x.label): self.relus for x in relus if x.data > 0}
        self.lit = {write_label(x.label): 0 for x in relus} | self.lit | on
        errors = (x for x in order if x.op in (p.power, p.mul, p.absolute))
        self.misfit = self.misfit or next(filter(None, map(misfit, errors)), "")
        if found := no_number(order, names):
            self.wrong = self.wrong or f"{found} in pass {self.passes}"
        if (error := turned_round(order)) is not None:
            self.turned.append(error.data)
        if self.passes <= EARLY:
            self.twice = self.twice or squashed_twice(order)
            equal = equal_units(order, names)
            self.twins = equal if self.twins is None else self.twins & equal
            for node in order:
                self.measure(node, names)

    def measure(self, node: Value, names: dict[Value, str]) -> None:
        """Take in how flat an activation is, the adjoint of a sum, and what weights multiply."""
        layer = layer_of(write_label(node.label))
        if node.op in FLAT:
            self.sizes["flat", layer].append(node.partials[0] < FLAT[node.op])
        if node.op is affine_sum:
            self.sizes["adjoint", layer].append(abs(node.grad))
        if node.op in (p.mul, affine_sum) and node.depth == 1:
            even = len(node.operands) // 2 * 2  # the last of an odd number is a bias
            for i, x in enumerate(node.operands[:even]):
                other = node.operands[(i + even // 2) % even]
                if x in names and other not in names:
                    self.sizes["input", names[x]].append(abs(node.partials[i]))

    def means(self, kind: str) -> dict[str, float]:
        """Return the mean of the sizes of one kind at each place where not all are 0."""
        return {place: fmean(xs) for (k, place), xs in self.sizes.items() if k == kind and any(xs)}


def is_outdated(node: Value, parameters: dict[Value, str]) -> bool:
    """Tell whether a node is not what its operands, parameters among them, give now."""
    if not any(x in parameters for x in node.operands):
        return False
    with suppress(ArithmeticError, ValueError):
        now = node.op.evaluate([*map(data_of, node.operands)])
        return now != node.data and not math.isnan(now)
    return True


def replaying(order: Sequence[Value], parameters: Collection[Value]) -> Callable[[], float]:
    """Return a function that computes a graph beside itself, from its parameters as they are."""
    leaves = {x: x.data for x in order if not x.depth and x not in parameters}

    def again() -> float:
        data: dict[Any, float] = dict(leaves)
        for node in order:
            numbers = [data[x] if isinstance(x, Value) else x for x in node.operands]
            data.setdefault(node, node.op.evaluate(numbers) if node.depth else node.data)
        return data[order[-1]]

    return again


def layer_of(name: str) -> str:
    """Return the part of a dotted name before the first dot; nothing for one without."""
    return name.partition(".")[0] if "." in name else ""
