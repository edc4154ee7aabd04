"""Exercises: graphs to work out on paper, all of whose numbers are short.

The same seed and level give the same exercise, on every machine.

>>> print(pose(exercise(seed=1, level=2)))
a = -1, b = 5
c = a - b
d = b·c
L = d - a
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import count
from random import Random
from typing import NamedTuple, TypeVar

from autograd_mini.engine import Value
from autograd_mini.engine import primitives as p
from autograd_mini.engine.order import topological_order
from autograd_mini.expression import parse
from autograd_mini.notation.equation import figure, write_equation
from autograd_mini.stepping import Graph, names
from autograd_mini.stepping.steps import edges
from autograd_mini.teach import mistakes
from autograd_mini.teach.mistakes import ON_PAPER, right
from autograd_mini.teach.quiz import close

T = TypeVar("T")

Shape = tuple[tuple[p.Primitive, tuple[int, ...]], ...]
"""Operations in order, each with the places of its operands among the leaves and the results."""

PLAIN = (p.add, p.sub, p.mul)
LABELS = "abcdefgh"
WHOLE_NUMBERS = ("-4", "-3", "-2", "-1", "2", "3", "4", "5")
LOGARITHMS = ("0", "log(2)", "log(3)", "log(2)/2", "log(3)/2", "-log(3)")
MIXED = (LOGARITHMS, WHOLE_NUMBERS)
SHAPES_DRAWN = 240  # drawn to find those from which exercises are made
FILLS = 40  # tries to give a shape short numbers, before another shape is drawn
SLOTS = 6  # of exercises in one exam; a longer one begins again with the first


class Exercise(NamedTuple):
    """A graph to differentiate, and how the numbers of its leaves are written in the text."""

    output: Value
    given: Mapping[str, str] = {}


class Level(NamedTuple):
    """How many leaves and operations an exercise has, of which kinds, and what it must show."""

    leaves: int
    operations: int
    kinds: Sequence[p.Primitive]
    shows: Callable[[Value], bool]
    numbers: Sequence[Sequence[str]] = (WHOLE_NUMBERS,)  # the last stands for all other leaves
    digits: int = 2


def uses_a_function(output: Value) -> bool:
    """Tell whether a function other than + - * / stands in the graph."""
    return any(node.op.name.isidentifier() for node in topological_order(output) if node.depth)


LEVELS: dict[int, Level] = {
    1: Level(3, 2, PLAIN, mistakes.overwrite.safe),
    2: Level(2, 3, PLAIN, lambda y: mistakes.recursion.safe(y) and not mistakes.overwrite.safe(y)),
    3: Level(3, 5, (*PLAIN, p.div, p.neg, p.relu), lambda y: not mistakes.recursion.safe(y)),
    4: Level(3, 4, (*PLAIN, p.exp, p.tanh, p.sigmoid), uses_a_function, MIXED, digits=4),
}


def exercise(seed: int | str, level: int = 2, slot: int = 0, ops: str = "") -> Exercise:
    """Return an exercise whose every number is short: data, partials, gradients.

    *level* is 1 for a tree, 2 for a leaf that is used twice, 3 for a computed node that is used
    twice, among more kinds of operations, 4 for functions such as tanh, of leaves such as log(3)/2,
    whose results are short. *ops* names other operations, such as ``"+ * relu"``. Exercises of one
    *slot* are equally hard: they have the same `signature`, whatever the seed. Raises ValueError
    for another level, an operation that the table has not, or one that gives no short numbers.
    """
    groups = fair_shapes(level, ops)
    group = groups[slot % len(groups)]
    rng = Random(f"{level}/{seed}/{slot}")
    tries = (fill_shape(rng, choose(rng, group.shapes), level_of(level, ops)) for _ in count())
    return next(x for x in tries if x and signature(x.output) == group.signature)


def choose(rng: Random, things: Sequence[T]) -> T:
    """Choose one; of a generator's methods only ``random`` is the same in every version."""
    return things[int(rng.random() * len(things))]


# How hard an exercise is --------------------------------------------------------------------------


def signature(output: Value) -> tuple[int, ...]:
    """Return what makes two exercises equally hard.

    These are the number of products and quotients, the number of nodes that are used more than
    once, and for each mistake that one can make on paper, how many answers it changes.
    """
    truth = right(output)
    leaves = [node for node in truth if not node.depth]
    products = sum(node.op in (p.mul, p.div) for node in topological_order(output))
    reused = sum(n > 1 for n in Graph(output).uses.values())
    changed = (sum(not close(x(output)[a], truth[a]) for a in leaves) for x in ON_PAPER)
    return products, reused, *changed


class FairShapes(NamedTuple):
    """Shapes from which exercises of one signature can be made."""

    signature: tuple[int, ...]
    shapes: tuple[Shape, ...]


@cache
def fair_shapes(number: int, ops: str = "") -> tuple[FairShapes, ...]:
    """Draw shapes for a level, and group those that have exercises equally hard.

    The commonest signatures come first; those without a product are left out, and at most `SLOTS`
    are kept.
    """
    level = level_of(number, ops)
    rng, found = Random(f"shapes/{number}/{ops}"), defaultdict[tuple[int, ...], list[Shape]](list)
    for _ in range(SHAPES_DRAWN):
        shape = draw_shape(rng, level)
        fills = (fill_shape(rng, shape, level) for _ in range(FILLS))
        first = next((x for x in fills if x), None)
        hard = signature(first.output) if first else (0,)
        if first and (hard[0] or not set(level.kinds) & {p.mul, p.div}):
            found[hard].append(shape)
    if not found:
        raise ValueError(f"no exercise of level {number} with {ops} has only short numbers")
    groups = [FairShapes(key, tuple(dict.fromkeys(shapes))) for key, shapes in found.items()]
    return tuple(sorted(groups, key=lambda x: (-len(x.shapes), x.signature))[:SLOTS])


def level_of(number: int, ops: str = "") -> Level:
    """Return a level, with other operations than its own if *ops* names some."""
    if number not in LEVELS:
        raise ValueError(f"level is {', '.join(map(str, LEVELS))}; got {number!r}")
    level = LEVELS[number]
    if not ops:
        return level
    kinds = tuple(named_op(name) for name in ops.split())
    if not any(len(op.rules) == 2 for op in kinds):
        raise ValueError(f"an exercise needs an operation of two operands, such as +; got {ops!r}")
    needs_logarithms = any(op.name in ("exp", "tanh", "sigmoid", "log") for op in kinds)
    numbers = MIXED if needs_logarithms else (WHOLE_NUMBERS,)
    shows = level.shows if number < 4 else lambda _: True
    return level._replace(kinds=kinds, numbers=numbers, digits=4, shows=shows)


def named_op(name: str) -> p.Primitive:
    """Return the operation of that name; ``^`` is a power, too."""
    table = {op.name: op for op in vars(p).values() if isinstance(op, p.Primitive)}
    op = table.get({"^": "**"}.get(name, name))
    if op is None or op is p.leaf:
        known = " ".join(sorted(set(table) - {"leaf"}))
        raise ValueError(f"no operation is called {name!r}; known are {known}")
    return op


# Drawing ------------------------------------------------------------------------------------------


def draw_shape(rng: Random, level: Level) -> Shape:
    """Draw operations until every leaf and every result is used."""
    size = level.leaves + level.operations
    while True:
        shape = []
        for place in range(level.leaves, size):
            op = choose(rng, level.kinds)
            shape.append((op, tuple(choose(rng, range(place)) for _ in op.rules)))
        if len({place for _, places in shape for place in places}) == size - 1:
            return tuple(shape)


def fill_shape(rng: Random, shape: Shape, level: Level) -> Exercise | None:
    """Draw the numbers of the leaves; return the exercise if it is friendly and fits the level."""
    last = len(level.numbers) - 1
    texts = [choose(rng, level.numbers[min(i, last)]) for i in range(level.leaves)]
    try:
        output = build(texts, shape)
    except (ArithmeticError, ValueError):
        return None
    if not is_friendly(output, level.digits) or not level.shows(output):
        return None
    given = {label: text for label, text in zip(LABELS, texts, strict=False) if "(" in text}
    return Exercise(output, given)


def build(texts: Sequence[str], shape: Shape) -> Value:
    """Build the graph of a shape on leaves whose numbers are given as text; return its output."""
    nodes = [Value(evaluate_text(text)) for text in texts]
    for op, places in shape:
        nodes.append(op(*(nodes[i] for i in places)))
    for node, label in zip(sorted(nodes, key=lambda x: x.depth), LABELS, strict=False):
        node.label = label
    nodes[-1].label = "L"
    return nodes[-1]


@cache
def evaluate_text(text: str) -> float:
    """Return the number that a text such as ``log(3)/2`` stands for."""
    return parse(text, {}).data


def is_friendly(output: Value, digits: int) -> bool:
    """Tell whether all numbers are short, no gradient of a leaf is 0, and one is not 1 or -1."""
    try:
        truth, nodes = right(output), topological_order(output)
    except (ArithmeticError, ValueError):  # a leaf has no gradient, such as n in (-2)^n
        return False
    numbers = [*truth.values(), *(x.data for x in nodes if x.depth)]
    numbers += [edge.partial for x in nodes for edge in edges(x)]
    gradients = [truth[x] for x in nodes if not x.depth]
    short = all(is_short(x, digits) or is_logarithm(x) for x in numbers)
    return short and all(gradients) and any(abs(x) != 1 for x in gradients)


def is_short(x: float, digits: int) -> bool:
    """Tell whether a number is below 100 and has so few decimals."""
    return abs(x) < 100 and abs(x - round(x, digits)) < 1e-9


def is_logarithm(x: float) -> bool:
    """Tell whether a number is half the logarithm of a whole number below 100, or its negative.

    >>> is_logarithm(math.log(3) / 2), is_logarithm(-math.log(8)), is_logarithm(0.7)
    (True, True, False)
    """
    if not abs(x) <= math.log(100) / 2:  # NaN is none, either
        return False
    whole = math.exp(2 * abs(x))
    return abs(whole - round(whole)) < 1e-9


# Text ---------------------------------------------------------------------------------------------


def pose(exercise: Exercise) -> str:
    """Write what is given: the leaves and their data, then one line for each operation."""
    output, given = exercise
    named, (leaves, computed) = names(output), ordered(output)
    data = [write_equation(named[x], given.get(x.label) or figure(x.data)) for x in leaves]
    operations = [write_equation(named[x], named.algebra(x)) for x in computed]
    return "\n".join([", ".join(data), *operations])


def ordered(output: Value) -> tuple[list[Value], list[Value]]:
    """Return the leaves in the order of their names, and the others after their operands."""
    named = names(output)
    nodes = sorted(named, key=lambda x: (x.depth, named.rank(x)))
    return [x for x in nodes if not x.depth], [x for x in nodes if x.depth]
