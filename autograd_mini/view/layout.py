"""Layout: which boxes a picture has, and which values share one.

A small graph has a box for every value. A larger one is folded: the values of a module share a
box, then those of the module around it, until the boxes are few enough. Values outside of all
modules share a box if they have the same label, or no label at all where they are many. What is
still too much is left out, the farthest from the output first.

    Single    a value, read once: what follows asks the value nothing
    Folding   the box of every value, at one level
    Layout    the boxes that are shown, what lies behind them, and what was asked for
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import Any, NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.messages import tell_node
from autograd_mini.stepping.modules import Scope, find_modules, open_modules
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.paths import Why, count_paths
from autograd_mini.view.options import Options
from autograd_mini.view.scopes import find_scopes, is_parameter
from autograd_mini.view.style import is_alarming

FEW = 12  # so many loose values, or fewer, keep a box each
ROOMY = 8  # a layer with more neurons is one box
ENDS, FEWEST = 3, 4  # boxes at each end of a chain that stay, and the fewest that roll up
MOST_BOXES_DRAWN = 2000  # boxes; a larger picture takes minutes and nobody can read it


# Boxes --------------------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class Single:
    """One value as it was when the picture was made, and its box where it has one of its own."""

    node: Value
    place: int
    """Its place in topological order."""
    name: str
    label: str
    scope: Scope
    kind: str
    """Whether it is "computed", a "parameter" or an "input": a Value itself does not know."""
    operands: tuple[Any, ...]
    partials: tuple[Any, ...]
    data: float
    grad: float


@dataclass(eq=False)
class Group:
    """Several values in one box: a module, values of one name, loose ones of one kind, a chain."""

    title: str
    scope: Scope
    is_module: bool = False
    is_chain: bool = False

    @property
    def path(self) -> str:
        """Its full name."""
        return ".".join((*self.scope, self.title))


Box = Single | Group
GroupKey = tuple[str, Scope, str]  # of a group: its kind, its scope and its title


class Folding:
    """The box of every value, at a level: 0 gives each its own, 2 folds ``layer1.neuron2``."""

    def __init__(
        self,
        values: Sequence[Single],
        level: int,
        opened: Sequence[Scope] = (),
        most: float = math.inf,
        rolls: bool = False,
    ) -> None:
        self.opened, self.rolls = opened, rolls
        scopes = {x.scope for x in values}
        sizes = Counter(module[:-1] for module in find_modules(scopes) if len(module) > 1)
        closed = [x for x, inner in sizes.items() if inner > most and x not in opened]
        self.where = {s: boxed(s, level, opened, closed) for s in scopes}
        self.output = values[-1]
        kinds = Counter(loose_kind(x) for x in values[:-1] if not (x.scope or x.label))
        self.crowded = {kind for kind, many in kinds.items() if many > FEW}
        together: dict[Single | GroupKey, list[Single]] = defaultdict(list)
        for x in values:
            together[self.key(x) if level else x].append(x)
        self.members = {make_box(key, inside): inside for key, inside in together.items()}
        self.box_of = {x.node: box for box, inside in self.members.items() for x in inside}
        if rolls:
            self.roll_up()

    def roll_up(self) -> None:
        """Put the middle of every long chain of boxes into a box of its own."""
        for chain in find_chains(self):
            middle = chain[ENDS:-ENDS]
            group = Group(f"× {len(middle):,}", (), is_chain=True)
            self.members[group] = [x for box in middle for x in self.members.pop(box)]
            self.box_of |= {x.node: group for x in self.members[group]}

    def key(self, x: Single) -> Single | GroupKey:
        """Return what the values of one box have in common; a value apart has only itself."""
        scope = x.scope
        if module := self.where[scope]:
            return "module", module[:-1], module[-1]
        if x.label and x is not self.output:
            return "alike", scope, x.label.removeprefix(".".join((*scope, "")))
        apart = scope or x is self.output or loose_kind(x) not in self.crowded
        return x if apart else ("loose", (), loose_kind(x))

    def behind(self, box: Box) -> Iterator[Box]:
        """Yield the boxes that hold operands of the values in one."""
        operands = (operand for x in self.members[box] for operand in x.operands)
        return (self.box_of[operand] for operand in operands if isinstance(operand, Value))

    def nearest(self, depth: float, most: int) -> dict[Box, None]:
        """Return the boxes at most *depth* steps behind the output's, in order, at most *most*.

        Whole steps are added while there are few enough boxes; of the first, as many as fit.
        """
        start = self.box_of[self.output.node]
        shown, rim, steps = {start: None}, [start], 0
        while rim and steps < depth:
            reached = dict.fromkeys(x for box in rim for x in self.behind(box))
            rim = [box for box in reached if box not in shown]
            if len(shown) + len(rim) > most:
                rim = rim[: most - 1] if steps == 0 else []
            shown.update(dict.fromkeys(rim))
            steps += 1
        return {box: None for box in self.members if box in shown}


def find_chains(folding: Folding) -> Iterator[list[Box]]:
    """Yield the long chains: boxes each of which reads the one before it, and nothing else does."""
    behind = {box: dict.fromkeys(folding.behind(box)) for box in folding.members}
    uses = Counter(x for box, found in behind.items() for x in found if x is not box)
    chains: dict[Box, list[Box]] = {}
    for box, found in behind.items():
        only = next(iter(found)) if len(found) == 1 else None
        chain = chains.pop(only, []) if only is not None and uses[only] == 1 else []
        chain.append(box)  # in place, for chains may be very long
        chains[box] = chain
    return (chain for chain in chains.values() if len(chain) > 2 * ENDS + FEWEST)


def boxed(scope: Scope, level: int, opened: Iterable[Scope], closed: Sequence[Scope] = ()) -> Scope:
    """Return the module whose box holds the values of a scope; () if they stand alone.

    *level* is the length of the modules' names. An *opened* module shows its inner modules, or
    its values where its inner modules have boxes already; a *closed* one shows nothing.

    >>> boxed(("l1", "n1"), 1, []), boxed(("l1", "n1"), 1, [("l1",)])
    (('l1',), ('l1', 'n1'))
    >>> boxed(("l1", "n1"), 2, [("l1",)])
    ()
    """
    for module in closed:
        if scope[: len(module)] == module:
            return module
    for n in range(level, len(scope) + 1):
        module = scope[:n]
        within = n == level
        if not any(e[:n] == module or (within and module[: len(e)] == e) for e in opened):
            return module
    return scope if len(scope) < level and scope not in opened else ()


def make_box(key: Single | GroupKey, members: Sequence[Single]) -> Box:
    """Return a group; a value alone has a box of its own, unless the group is a module."""
    if isinstance(key, Single) or (len(members) == 1 and key[0] != "module"):
        return members[0]
    kind, scope, title = key
    return Group(title, scope, kind == "module")


def loose_kind(x: Single) -> str:
    """Return what a value without a label is among others in one box."""
    return "arithmetic" if x.operands else "inputs"


# The layout ---------------------------------------------------------------------------------------


class Alarms(NamedTuple):
    """Whether a value stands out because of a number that is not finite or in doubt."""

    data: bool
    grad: bool


@dataclass(eq=False)
class Layout:
    """The boxes of a picture, in order, and what lies behind them."""

    named: Graph
    values: dict[Value, Single]
    has_grads: bool
    folding: Folding
    shown: dict[Box, None]
    options: Options
    is_turned: bool = False

    @property
    def hidden(self) -> Sequence[str]:
        """What is left blank."""
        return self.options.hide

    @property
    def output(self) -> Single:
        """The value whose gradient is drawn."""
        return self.folding.output

    @cached_property
    def ids(self) -> dict[Box, str]:
        """The id of every box shown."""
        number = count()
        return {
            box: f"m{next(number)}" if isinstance(box, Group) else f"n{box.place}"
            for box in self.shown
        }

    @cached_property
    def has_modules(self) -> bool:
        """Tell whether there is a box that holds a module."""
        return any(isinstance(box, Group) and box.is_module for box in self.shown)

    @cached_property
    def has_frames(self) -> bool:
        """Tell whether boxes stand inside the frame of an open module."""
        return any(box.scope for box in self.shown)

    @property
    def is_straight(self) -> bool:
        """Tell whether arrows are straight, from side to side: where all modules are closed."""
        return self.has_modules and not self.folding.opened

    @property
    def direction(self) -> str:
        """Where the output lies from the leaves: modules read from left to right."""
        usual = "LR" if self.has_modules and not self.is_turned else "TB"
        return usual if self.options.direction == "auto" else self.options.direction

    @property
    def shows_signs(self) -> bool:
        """Tell whether colours and dashes may give the sign of a gradient away."""
        return self.has_grads and "grad" not in self.hidden

    def alarms(self, x: Single) -> Alarms:
        """Tell by what a value stands out: by its data, by its gradient, or by neither."""
        data = "data" not in self.hidden and not math.isfinite(x.data)
        grad = self.shows_signs and (is_alarming(x.grad) or x.node in self.named.doubtful)
        return Alarms(data, grad)

    @cached_property
    def reason(self) -> Why | None:
        """Why the gradient of the node that was asked for is what it is."""
        return None if self.options.why is None else Why(self.named, self.options.why)

    @cached_property
    def ways(self) -> dict[Value, int]:
        """The number of paths to the node that was asked for, from every node."""
        return count_paths(self.named, self.options.why) if self.options.why is not None else {}

    def is_lit_box(self, box: Box) -> bool:
        """Tell whether a box is on a path to the node that was asked for, if any was."""
        return self.options.why is None or any(self.ways[x.node] for x in self.folding.members[box])

    @property
    def beyond(self) -> int:
        """The number of values that are in none of the boxes shown."""
        return len(self.named) - sum(len(self.folding.members[box]) for box in self.shown)


def find_layouts(
    output: Value | Graph, options: Options, grads: Mapping[Value, float] | None = None
) -> Iterator[Layout]:
    """Yield the layouts that answer a wish, the most detailed first; only "auto" has several.

    *grads* are drawn in place of those of the nodes. Raises ValueError if more than can be drawn
    was asked for.
    """
    if not isinstance(output, (Value, Graph)):
        raise TypeError(f"draw needs the Value to differentiate, got {output!r:.60}")
    named = Graph.of(output, options.names)
    if options.why is not None and options.why not in named:
        raise ValueError(f"why: {named.title} does not depend on {tell_node(options.why)}")
    values = read_values(named, options.parameters, grads)
    last = named.output  # a backward pass marks it, or leaves it a grad
    has_grads = grads is not None or last.reached is not None or last.grad != 0
    opened = open_modules([x.scope for x in values.values()], options.expand)
    for folding in find_foldings([*values.values()], options, opened):
        for shown in find_boxes(folding, options):
            yield (layout := Layout(named, values, has_grads, folding, shown, options))
            if layout.direction == "LR" and options.direction == "auto":
                yield replace(layout, is_turned=True)


def read_values(
    graph: Graph, parameters: Iterable[Value], grads: Mapping[Value, float] | None
) -> dict[Value, Single]:
    """Read every value once. Parameters are so by their label, or because the user said so."""
    given, scopes = {*parameters}, find_scopes(graph)
    found: dict[Value, Single] = {}
    for place, (node, name) in enumerate(graph.items()):
        label, operands = graph.labels[node], node.operands
        kind = "computed"
        if not operands:
            kind = "parameter" if node in given or is_parameter(label) else "input"
        grad = node.grad if grads is None else grads.get(node, 0.0)
        numbers = node.partials, node.data, grad
        found[node] = Single(node, place, name, label, scopes[node], kind, operands, *numbers)
    return found


def find_foldings(
    values: Sequence[Single], options: Options, opened: list[Scope]
) -> Iterator[Folding]:
    """Yield the folding that was asked for; for "auto" several, that with the most boxes first."""
    deepest = max(len(x.scope) for x in values)
    fixed = {"full": 0, "neurons": deepest, "layers": max(1, deepest - 1)}
    if options.detail in ("neurons", "layers") and not deepest:
        needs = "labels such as layer1.neuron2.w1; no label of this graph names a module"
        raise ValueError(f"detail={options.detail!r} needs {needs}")
    if options.detail in fixed:
        yield Folding(values, fixed[options.detail], opened)
        return
    if len(values) <= options.max_nodes and not opened:
        yield Folding(values, 0)
    tried = (Folding(values, n, opened, most=ROOMY) for n in range(deepest, 0, -1))
    yield from (folding for folding in tried if len(folding.members) <= options.max_nodes)
    yield Folding(values, min(1, deepest), opened, most=ROOMY, rolls=True)


def find_boxes(folding: Folding, options: Options) -> Iterator[dict[Box, None]]:
    """Yield the boxes to show; for "auto", where they are too many, fewer and fewer of them."""
    total, chosen = len(folding.members), options.detail != "auto" or folding.opened
    limit = max(options.max_nodes, MOST_BOXES_DRAWN) if chosen else options.max_nodes
    steps = options.depth or math.inf
    whole = options.depth is None  # then the output reaches every box
    reached = dict.fromkeys(folding.members) if whole else folding.nearest(steps, total)
    if len(reached) > limit and chosen:
        advice = "ask for fewer with depth= or detail='auto', or raise max_nodes="
        raise ValueError(f"{len(reached):,} boxes are more than anyone can read: {advice}")
    if len(reached) <= limit:
        yield reached
    most = min(limit, len(reached) - 1)
    while folding.rolls and most >= 1:
        yield folding.nearest(steps, most)
        most = most * 2 // 3
