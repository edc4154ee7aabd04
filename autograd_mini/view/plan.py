"""Planning: what a picture will show, decided before anything is drawn."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from typing import Any

from autograd_mini.engine import Value
from autograd_mini.stepping.naming import names
from autograd_mini.stepping.paths import Why, count_paths, why
from autograd_mini.view.captions import Words
from autograd_mini.view.edges import Links
from autograd_mini.view.fold import (
    Box,
    Folding,
    Group,
    Scope,
    modules,
    nearest,
    scope_of,
    scopes,
)
from autograd_mini.view.options import Wishes
from autograd_mini.view.style import is_alarming

LARGEST = 2000  # boxes; a larger picture takes minutes and nobody can read it


@dataclass(eq=False)
class Plan:
    """The boxes of a picture, in order, and what lies behind them."""

    named: dict[Value, str]
    scope: dict[Value, Scope]
    folding: Folding
    shown: dict[Box, None]
    wishes: Wishes

    @property
    def hidden(self) -> Sequence[str]:
        """What is left blank."""
        return self.wishes.hide

    @property
    def output(self) -> Value:
        """The value whose gradient is drawn."""
        return next(reversed(self.named))

    @property
    def has_grads(self) -> bool:
        """Tell whether a backward pass came by: it marks the output, or leaves it a grad."""
        return self.output.reached is not None or self.output.grad != 0

    @cached_property
    def links(self) -> Links:
        """The edges between boxes."""
        return Links(self.folding, self.shown)

    @cached_property
    def words(self) -> Words:
        """The texts of the picture."""
        return Words(self.named, self.scope, self.hidden, self.has_grads)

    @cached_property
    def index(self) -> dict[Value, int]:
        """The place of every node in topological order."""
        return {node: i for i, node in enumerate(self.named)}

    @cached_property
    def ids(self) -> dict[Box, str]:
        """The id of every box shown."""
        number = count()
        return {
            box: f"m{next(number)}" if isinstance(box, Group) else f"n{self.index[box]}"
            for box in self.shown
        }

    @cached_property
    def parameters(self) -> dict[Value, None]:
        """The leaves that are parameters, by their label or because the user said so."""
        given = set(self.wishes.parameters)
        leaves = [node for node in self.named if not node.operands]
        return dict.fromkeys(x for x in leaves if x in given or is_parameter(x.label))

    @cached_property
    def has_modules(self) -> bool:
        """Tell whether there is a box that holds a module."""
        return any(isinstance(box, Group) and box.is_module for box in self.shown)

    @property
    def is_straight(self) -> bool:
        """Tell whether arrows are straight, from side to side: where all modules are closed."""
        return self.has_modules and not self.folding.opened

    @property
    def direction(self) -> str:
        """Where the output lies from the leaves: modules read from left to right."""
        usual = "LR" if self.has_modules else "TB"
        return usual if self.wishes.direction == "auto" else self.wishes.direction

    @property
    def shows_signs(self) -> bool:
        """Tell whether colours and dashes may give the sign of a gradient away."""
        return self.has_grads and "grad" not in self.hidden

    def is_alarming(self, node: Value) -> bool:
        """Tell whether a node stands out: a gradient that explodes, or data that is not finite."""
        data = "data" not in self.hidden and not math.isfinite(node.data)
        return data or (self.shows_signs and is_alarming(node.grad))

    @cached_property
    def reason(self) -> Why | None:
        """Why the gradient of the node that was asked for is what it is."""
        return None if self.wishes.why is None else why(self.output, self.wishes.why)

    @cached_property
    def ways(self) -> dict[Value, int]:
        """The number of paths to the node that was asked for, from every node."""
        return count_paths(self.named, self.wishes.why) if self.wishes.why is not None else {}

    def is_lit_box(self, box: Box) -> bool:
        """Tell whether a box is on a path to the node that was asked for, if any was."""
        return self.wishes.why is None or any(self.ways[x] for x in self.folding.members[box])

    @property
    def beyond(self) -> int:
        """The number of values that are in none of the boxes shown."""
        return len(self.named) - sum(len(self.folding.members[box]) for box in self.shown)


def is_parameter(label: str) -> bool:
    """Tell whether a label is that of a weight or a bias inside a module.

    >>> is_parameter("layer1.neuron2.w1"), is_parameter("w1"), is_parameter("data.x1")
    (True, False, False)
    """
    return bool(scope_of(label)) and re.fullmatch(r".*\.(w\d*|b)", label) is not None


def plan(output: Value, wishes: Wishes) -> Plan:
    """Choose the boxes. Raises ValueError if more than can be drawn were asked for."""
    if not isinstance(output, Value):
        raise TypeError(f"draw needs the Value to differentiate, got {output!r:.60}")
    named = renamed(names(output), wishes.names)
    if wishes.why is not None and wishes.why not in named:
        raise ValueError(f"why: {named[output]} does not depend on {wishes.why!r:.60}")
    scope = scopes([*named])
    folding = folded(scope, wishes, opened(scope, wishes.expand))
    return Plan(named, scope, folding, drawable(folding, output, wishes), wishes)


def renamed(named: dict[Value, str], variables: Mapping[str, Any]) -> dict[Value, str]:
    """Call the values without a label by the names of the variables that hold them."""
    taken = {name for node, name in named.items() if node.label}
    for name, held in reversed([*variables.items()]):
        free = name not in taken and not name.startswith("_")
        if isinstance(held, Value) and held in named and not held.label and free:
            named[held] = name
    return named


def opened(scope: Mapping[Value, Scope], expand: Iterable[str]) -> list[Scope]:
    """Return the modules to open; raise ValueError for one that the graph has not."""
    found = modules(scope)
    known = {".".join(module): module for module in found}
    for name in expand:
        if name not in known:
            some = ", ".join(islice(known, 12)) + (", …" if len(known) > 12 else "")
            there = f"there are {some}" if known else "no label of this graph names a module"
            raise ValueError(f"expand: no module is called {name!r}; {there}")
    return [known[name] for name in expand]


def folded(scope: dict[Value, Scope], wishes: Wishes, expand: list[Scope]) -> Folding:
    """Fold as much as was asked for, or until the boxes are few enough."""
    deepest = max(map(len, scope.values()))
    fixed = {"full": 0, "neurons": deepest, "layers": max(1, deepest - 1)}
    if wishes.detail in ("neurons", "layers") and not deepest:
        needs = "labels such as layer1.neuron2.w1; no label of this graph names a module"
        raise ValueError(f"detail={wishes.detail!r} needs {needs}")
    if wishes.detail in fixed:
        return Folding(scope, fixed[wishes.detail], expand)
    if len(scope) <= wishes.max_nodes or not deepest:
        return Folding(scope, 0)
    tried = (Folding(scope, level) for level in range(deepest, 0, -1))
    level = next((x.level for x in tried if len(x.members) <= wishes.max_nodes), 1)
    return Folding(scope, level, expand)


def drawable(folding: Folding, output: Value, wishes: Wishes) -> dict[Box, None]:
    """Return the boxes to show; what was not asked for by name is left out if it is too much."""
    start, chosen = folding.box_of[output], wishes.detail != "auto" or folding.opened
    limit = max(wishes.max_nodes, LARGEST) if chosen else wishes.max_nodes
    if wishes.depth is None and len(folding.members) <= limit:
        return dict.fromkeys(folding.members)
    reached = nearest(folding, start, wishes.steps, len(folding.members))
    if len(reached) > limit and chosen:
        advice = "ask for fewer with depth= or detail='auto', or raise max_nodes="
        raise ValueError(f"{len(reached):,} boxes are more than anyone can read: {advice}")
    if len(reached) > limit:
        reached = nearest(folding, start, wishes.steps, limit)
    return {box: None for box in folding.members if box in reached}
