"""Checks: derivatives by the rules beside differences of the function itself.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> y = (a * b + 1).tanh()
>>> check_gradients(y, [a, b])
input       by rule  by difference  verdict
a      -0.000544750   -0.000544750  agrees
b       0.000363166    0.000363166  agrees

Differences compute the recorded operations anew, beside the graph: no data and no grad is touched.
"""

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import real, several
from autograd_mini.engine.care import CarefulPass
from autograd_mini.engine.collector import quiet_collector
from autograd_mini.engine.graph import list_inputs, nodes_between, one_value
from autograd_mini.engine.waiting import show_progress
from autograd_mini.notation.equation import figure, write_equation
from autograd_mini.notation.numbers import write_number
from autograd_mini.notation.plain import for_screen
from autograd_mini.stepping.editing import require_current
from autograd_mini.stepping.naming import Graph, derivative_of

EPSILON = sys.float_info.epsilon
SMALLEST = math.ulp(0.0)  # what numbers near 0 are rounded to
LARGEST = sys.float_info.max
STEP = EPSILON ** (1 / 3)  # where the errors of rounding and of the difference are alike
SHARE = 1e-6  # how much of a derivative a good difference may be wrong by
FEWEST_PASSES = 5  # for each input: at x, and on both sides of it at two distances
COARSE = 1e-3  # the share of a number that may be unknown
SCALES = 6  # steps, each a tenth of the one before, from 1 and from the data on
EVALUATIONS = 10**8  # evaluations of a primitive in one check, which take about a minute

AGREES, CORNER, UNCLEAR, WRONG = "agrees", "corner", "unclear", "wrong"


# The function that a graph computes --------------------------------------------------------------


def as_function(a: Value, graph: Graph) -> tuple[Callable[[float], float], list[Value]]:
    """Return the output as a function of the data of one node, and the nodes that move with it.

    The numbers of the nodes stand in a dictionary, so a call touches no Value.
    """
    moving = nodes_between([a], graph)[1:]  # all but the node itself, if it is there at all
    operands = (x for node in moving for x in node.operands)
    numbers: dict[Any, float] = {
        x: x.data for x in {graph.output, *operands} if isinstance(x, Value)
    }
    work = [(node, node.op.evaluate, node.operands) for node in moving]

    def compute(x: float) -> float:
        numbers[a] = x
        for node, evaluate, known in work:  # what has no number there is a constant
            found = [numbers[x] if x in numbers else x for x in known]  # noqa: SIM401 (no calls)
            numbers[node] = evaluate(found, known)
        return numbers[graph.output]

    return compute, moving


def derivatives(careful: CarefulPass, inputs: Sequence[Value], graph: Graph) -> list[float]:
    """Return what ``backward`` computes for the inputs, beside the graph; 0 for a stranger.

    Raises what ``backward`` raises, where that concerns one of the inputs; where it would warn of a
    doubt, the difference will tell.
    """
    if careful.needs:
        careful.needs_in_doubt(set(nodes_between(inputs, graph)))
    return [careful.adjoints.get(x, 0.0) for x in inputs]


# Differences -------------------------------------------------------------------------------------


class Slopes(NamedTuple):
    """The slopes to the left and right of a point; NaN where the function is not defined."""

    left: float
    right: float

    @classmethod
    def of(cls, f: Callable[[float], float], x: float, y: float, h: float) -> "Slopes":
        """Divide differences from y = f(x) by the distance that rounding leaves of *h*."""
        below, above = x - h, x + h
        return cls((y - defined(f, below)) / (x - below), (defined(f, above) - y) / (above - x))

    @property
    def sides(self) -> list[float]:
        """The slopes there are."""
        return [slope for slope in self if not math.isnan(slope)]

    @property
    def central(self) -> float:
        """The central difference; where there is one side only, its slope."""
        return sum(self.sides) / len(self.sides) if self.sides else math.nan


def defined(f: Callable[[float], float], x: float) -> float:
    """Return f(x), or NaN outside the domain of *f*."""
    try:
        return f(x)
    except (ArithmeticError, ValueError):
        return math.nan


class Difference(NamedTuple):
    """Slopes over a step and over half of it, and the rounding error of a slope.

    Not *resolved* are slopes of a function that turns many times within the step.
    """

    coarse: Slopes
    fine: Slopes
    noise: float
    resolved: bool = True

    @property
    def derivative(self) -> float:
        """The better of the two."""
        return self.fine.central

    @property
    def change(self) -> float:
        """What halving the step changed: more than the error that is left (Richardson 1911)."""
        return abs(self.fine.central - self.coarse.central)

    @property
    def error(self) -> float:
        """How wrong the derivative may be."""
        return math.inf if math.isnan(self.change) else self.change + self.noise

    def rank(self) -> tuple[int, float]:
        """Return what sorts the better to the front: both slopes before one, then the error."""
        return -len(self.fine.sides), self.error

    @property
    def settled(self) -> bool:
        """Whether a smaller step would gain nothing."""
        limit = max(0.1 * SHARE * abs(self.derivative), 4 * self.noise)
        return len(self.fine.sides) == 2 and self.change <= limit and not self.cornered

    def is_refuted(self, finer: "Difference") -> bool:
        """Whether halving a smaller step changes more, by more than rounding can; or nothing more.

        Over steps that suit a smooth function the change shrinks as the step does, and where it has
        settled, the slope is what a longer step found, but for the errors.
        """
        apart = abs(finer.derivative - self.derivative) > 10 * (finer.error + self.error)
        grows = finer.change > max(self.change, 4 * finer.noise) and len(finer.fine.sides) == 2
        return grows or (finer.settled and apart)

    @property
    def cornered(self) -> bool:
        """Whether the slopes on both sides stay apart as the step shrinks, or one is missing."""
        apart, before = (abs(slopes.right - slopes.left) for slopes in (self.fine, self.coarse))
        slack = SHARE * max(map(abs, self.fine)) + 100 * self.noise
        return len(self.fine.sides) == 1 or apart > max(0.75 * before, slack)

    @property
    def range(self) -> tuple[float, float]:
        """What a derivative at a corner may be: from the one slope to the other.

        Slopes that still move may move on, unless they grow without bound.
        """
        pairs = zip(self.fine, self.coarse, strict=True)
        moves = (abs(x - y) for x, y in pairs if abs(x) <= 1.2 * abs(y))  # NaN is left out, too
        slack = 10 * self.noise + 4 * max(moves, default=0.0)
        slack += SHARE * max(map(abs, self.fine.sides))  # where all numbers are 0, so is the noise
        return min(self.fine.sides) - slack, max(self.fine.sides) + slack


def steps_at(x: float) -> Iterator[float]:
    """Yield steps, the longest first: from ε^⅓ · max(1, |x|) on, and from ε^⅓ · |x| on."""
    scales = {size / 10**k for size in (max(1.0, abs(x)), abs(x)) for k in range(SCALES)}
    return (STEP * scale for scale in sorted(scales, reverse=True) if scale > sys.float_info.min)


def difference(f: Callable[[float], float], x: float, size: float) -> Difference:
    """Return the best difference at *x* of a function whose largest number is of that *size*.

    Begins with the step that suits smooth functions of size 1, and shrinks it while halving it
    still matters: near a corner, near the end of the domain, where the function bends sharply.
    """
    found, y = [], defined(f, x)
    for h in steps_at(x):
        noise = max(EPSILON * size, SMALLEST) / h
        found.append(Difference(Slopes.of(f, x, y, h), Slopes.of(f, x, y, h / 2), noise))
        if found[-1].settled:
            break
    standing = [d for i, d in enumerate(found) if not any(map(d.is_refuted, found[i + 1 :]))]
    best, first = (min(some, key=Difference.rank) for some in (standing, found))
    lost = EPSILON * size > COARSE * max(1.0, abs(y))
    is_sure = best is first or 10 * best.error <= COARSE * abs(best.derivative)
    return best._replace(resolved=not lost and is_sure)


# Verdicts ----------------------------------------------------------------------------------------


class Comparison(NamedTuple):
    """One derivative by rule, or from elsewhere, and by difference, and the verdict."""

    input: Value
    name: str
    by_rule: float
    by_difference: float
    verdict: str


class Check(tuple[Comparison, ...]):
    """The comparisons for all inputs: true if none is wrong or unclear, printed as a table."""

    judged: str = "by rule"
    """Whose derivatives are judged: the heading of their column."""

    def __bool__(self) -> bool:
        return all(row.verdict in (AGREES, CORNER) for row in self)

    def __repr__(self) -> str:
        rows = [("input", self.judged, "by difference", "verdict")]
        for x in self:
            numbers = write_number(x.by_rule, 6), write_number(x.by_difference, 6)
            rows.append((x.name, *numbers, x.verdict))
        first, second, third = (max(len(row[i]) for row in rows) for i in range(3))
        lines = (f"{n:{first}}  {r:>{second}}  {d:>{third}}  {v}" for n, r, d, v in rows)
        return for_screen("\n".join(lines))


def check_gradients(
    output: Value,
    inputs: Iterable[Value] | None = None,
    gradients: Mapping[Value, float] | Iterable[float] | None = None,
    names: Mapping[str, object] | None = None,
) -> Check:
    """Compare derivatives of *output* by rule with central differences.

    *inputs* are Values, leaves or not, by default all leaves; *gradients* are derivatives from
    elsewhere to be judged in place of those of ``backward``, one for each input in their order, or
    by the input as in ``{x: 3.0}``; *names* are variables, such as ``locals()``, to call Values
    without a label by. The verdicts are

    - agrees: the same up to the error of the difference, which is estimated;
    - corner: the slopes to the left and right differ, or one does not exist, and the rule chose a
      number from the one to the other;
    - unclear: the function is too rough, or too coarsely rounded, to tell;
    - wrong: anything else.

    The step is chosen for each input: ε^⅓ · max(1, |x|), smaller where halving it matters.
    Raises ValueError if data was edited after the forward pass, if an input has no gradient to
    judge, or if the inputs are so many that it would take longer than a minute; and what
    ``backward`` raises, where that concerns one of the inputs.

    >>> x = Value(0.0, "x")
    >>> check_gradients(x.relu() + x, [x])
    input  by rule  by difference  verdict
    x            1            1.5  corner
    >>> bool(check_gradients(x * 2, [x], gradients=[3.0]))
    False
    """
    with quiet_collector():
        graph = Graph.of(output, names)
        xs = list_inputs(output, graph.leaves if inputs is None else inputs)
        if not xs:
            raise ValueError("need at least one input to check, got none")
        for a in xs:
            graph.refuse_swapped(a)
        refuse_too_many(len(xs), sum(bool(node.depth) for node in graph))
        require_current(graph)
        careful = CarefulPass(output)
        if gradients is None:
            given = derivatives(careful, xs, graph)
        else:
            given = list_given(gradients, xs, graph)
        pairs = show_progress(zip(xs, given, strict=True), len(xs), "checking inputs")
        steep = {x: y for x, y in careful.adjoints.items() if not -1 <= y <= 1}
        check = Check(compared(a, graph, number, steep) for a, number in pairs)
        if gradients is not None:
            check.judged = "given"
        return check


def list_given(
    gradients: Mapping[Value, float] | Iterable[float], inputs: Sequence[Value], graph: Graph
) -> list[float]:
    """List the gradients to judge; raise ValueError unless there is one for each input."""
    if isinstance(gradients, Mapping):
        by_input: Mapping[Any, float] = gradients
        for a in inputs:
            if a not in by_input:
                name = graph.call(a)
                raise ValueError(f"no gradient to judge for {name}: give a number for each input")
        gradients = [by_input[a] for a in inputs]
    if isinstance(gradients, str) or not several(gradients):
        raise TypeError(f"need a gradient for each input, as in [3.0], got {gradients!r:.60}")
    given = [real(x) for x in gradients]
    if len(given) != len(inputs):
        names = ", ".join([graph.call(a) for a in inputs[:20]])
        raise ValueError(f"need a gradient for each input ({names}), got {len(given)}")
    return given


def refuse_too_many(inputs: int, operations: int) -> None:
    """Raise ValueError where the differences for so many inputs would take too long."""
    needed = FEWEST_PASSES * inputs * operations
    if needed > EVALUATIONS:
        raise ValueError(
            f"{inputs:,} inputs of a graph of {operations:,} operations need {needed:,} "
            f"evaluations, and the limit is {EVALUATIONS:,}: check fewer at a time, inputs=[…]"
        )


def compared(a: Value, graph: Graph, by_rule: float, steep: Mapping[Any, float]) -> Comparison:
    """Compare the derivative to one input, given the adjoints of all nodes where it is *steep*."""
    f, moving = as_function(a, graph)
    found = difference(f, a.data, largest_size([*moving, graph.output], steep))
    judged = verdict(by_rule, found, abs(graph.output.data))
    return Comparison(a, graph.call(a), by_rule, found.derivative, judged)


def largest_size(nodes: Sequence[Value], steep: Mapping[Any, float]) -> float:
    """Return the largest size of a number, as far as its rounding is seen in the output.

    >>> a, b = Value(-2.0), Value(0.0)
    >>> largest_size([a, b], {}), largest_size([a, b], {a: -10.0, b: math.inf})
    (2.0, 20.0)
    """
    grown = [abs(x.data) * min(abs(steep[x]), LARGEST) for x in nodes if x in steep]
    return max([*[abs(x.data) for x in nodes], *grown])


def verdict(by_rule: float, found: Difference, size: float) -> str:
    """Judge a derivative by a difference of a function of that *size*."""
    tolerance = SHARE * abs(found.derivative) + 10 * found.error
    if not (found.fine.sides and found.resolved):
        return UNCLEAR
    if found.cornered:
        low, high = found.range
        return CORNER if low <= by_rule <= high else WRONG
    if not abs(by_rule - found.derivative) <= tolerance:
        return WRONG
    return AGREES if tolerance <= COARSE * max(abs(found.derivative), size, 1.0) else UNCLEAR


# Nudges ------------------------------------------------------------------------------------------


class Nudge(NamedTuple):
    """What a small change of one node does: predicted by its derivative, and actually."""

    output: str
    input: str
    h: float
    derivative: float
    before: float
    after: float
    depends: bool

    @property
    def predicted(self) -> float:
        """The derivative times the change."""
        return self.derivative * self.h

    @property
    def actual(self) -> float:
        """The change of the output."""
        return self.after - self.before

    @property
    def error(self) -> float:
        """What the prediction missed; it shrinks as the square of the change."""
        return self.actual - self.predicted

    def __repr__(self) -> str:
        change = write_equation(
            f"{derivative_of(self.output, self.input)}·h",
            figure(self.derivative) * figure(self.h),
            figure(self.predicted),
        )
        lines = [
            f"nudge {self.input} by {write_equation('h', figure(self.h))}",
            f"predicted change  {change}",
            f"actual change     {write_number(self.actual)}",
            f"error             {write_number(self.error)}",
        ]
        if not self.depends:
            lines.append(f"{self.output} does not depend on {self.input}: no path leads there")
        return for_screen("\n".join(lines))


def nudge(output: Value, a: Value, h: float, names: Mapping[str, object] | None = None) -> Nudge:
    """Predict what changing *a* by *h* does to *output*, and see: without touching the graph.

    Raises ValueError if *h* is not finite or data was edited after the forward pass, and what the
    primitives raise for the changed number.

    >>> x = Value(3.0, "x")
    >>> nudge(x**2, x, 0.5)
    nudge x by h = 0.5
    predicted change  ∂L/∂x·h = 6 × 0.5 = 3
    actual change     3.25
    error             0.25
    """
    if not math.isfinite(real(h)):
        raise ValueError(f"h is a finite number, got {h}")
    with quiet_collector():
        graph = Graph.of(output, names)
        require_current(graph)
        graph.refuse_swapped(one_value(a))
        f, _ = as_function(a, graph)
        after = f(a.data + h)
        [derivative] = derivatives(CarefulPass(output), [a], graph)
    told = graph.title, graph.call(a)
    return Nudge(*told, float(h), derivative, output.data, after, a in graph)
