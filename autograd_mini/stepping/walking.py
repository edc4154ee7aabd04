"""Walking: a computation and its backward pass, forward and back, on the real grads.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> w = walk(a * b + a)
>>> w.next()
forward, step 1 of 7
v1 = a·b = 2 × (-3) = -6
>>> w.to("a")
backward, step 5 of 7
∂L/∂a += ∂L/∂L · ∂(v1 + a)/∂a
L = v1 + a, so ∂(v1 + a)/∂a = 1
1 × 1 = 1
a.grad: 0 -> 1
>>> w.back().back().step
<Seed ∂L/∂L = 1>
>>> a.grad, w.end().position, a.grad
(0.0, 7, -2.0)
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import whole_number
from autograd_mini.engine.changes import Changes
from autograd_mini.engine.waiting import show_progress
from autograd_mini.notation.numbers import write_number
from autograd_mini.notation.plain import for_screen
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.steps import Evaluation, Seed, Step, steps

Event = Evaluation | Seed | Step
STRIDE = 1000  # steps of a long way that are taken together, so that Ctrl-C keeps most of them


class Walk:
    """A place in the computation of a Value and its backward pass; it starts before step 1.

    Steps forward change the grads of the nodes as ``backward`` does, one term at a time; steps
    back restore them bit by bit. A loop over a walk takes all the steps that are left.
    """

    def __init__(self, output: Value | Graph, names: Mapping[str, object] | None = None) -> None:
        self.graph = Graph.of(output, names)
        self._length = 1 + sum(bool(read) + len(read) for read in self.graph.reads.values())
        self._known: list[Event] = []  # the steps drawn so far: those taken, and those undone
        self._coming: Iterator[Event] = events(self.graph)
        self._position = 0
        self._before: tuple[Any, ...] = ()  # the grad before the last step, and those before it

    @property
    def position(self) -> int:
        """The number of steps taken."""
        return self._position

    @property
    def step(self) -> Event:
        """The step taken last; LookupError before the first."""
        if not self._position:
            raise LookupError("no step has been taken yet: call next() first")
        return self._known[self.position - 1]

    def next(self) -> "Walk":
        """Take one step forward; at the end, stay.

        Raises what ``backward`` raises where a partial does not exist, and then stays.
        """
        return self._forward(min(self.position + 1, len(self)))

    def _forward(self, stop: int) -> "Walk":
        """Take the steps up to that number; where one raises an error, stop before it."""
        grads: dict[Value, float] = {}
        before = self._before
        for position in range(self._position, stop):
            try:
                event = self._draw(position)
            except (ArithmeticError, ValueError):
                self._change(grads, position, before)
                raise
            grad = grads.get(event.target, event.target.grad)
            before = (grad, before)
            if not isinstance(event, Evaluation):  # a leaf's adds up over passes, no other does
                grads[event.target] = event.total if event.target.operands else grad + event.term
        self._change(grads, stop, before)
        return self

    def _change(self, grads: dict[Value, float], position: int, before: tuple[Any, ...]) -> None:
        """Change the grads and the place together, so that Ctrl-C leaves the walk at a step."""
        changes = Changes().grads([*grads], grads.values())
        changes.fields(self, _position=position, _before=before).make()

    def _draw(self, position: int) -> Event:
        """Return the step after that many."""
        while len(self._known) <= position:
            length = len(self._known)
            self._known.extend(islice(self._coming, 1))
            if len(self._known) == length:  # an error or Ctrl-C has ended the generator
                self._coming = islice(events(self.graph), length, None)
        return self._known[position]

    def back(self) -> "Walk":
        """Undo one step; at the start, stay."""
        if self._position:
            grad, before = self._before
            self._change({self.step.target: grad}, self._position - 1, before)
        return self

    def to(self, stop: str | int) -> "Walk":
        """Go to the step of that number, or on to the next that is about the node of that name.

        A step is about the node that it computes or whose grad it changes. Raises IndexError or
        ValueError, and stays, if there is no such step.
        """
        if isinstance(stop, str):
            for position in range(self.position, len(self)):
                target = self._draw(position).target
                if stop and stop in (self.graph[target], target.label):
                    return self.to(position + 1)
            raise ValueError(f"no step after {self.position} is about a node called {stop!r:.60}")
        number = whole_number(stop, "a step that is told by no name")
        if not 0 <= number <= len(self):
            raise IndexError(f"the steps are 1 to {len(self)}, and 0 is the start: got {number}")
        onward, backward = range(self.position, number, STRIDE), range(self.position, number, -1)
        for place in show_progress(onward, len(onward), "walking"):
            self._forward(min(place + STRIDE, number))
        for _ in show_progress(backward, len(backward), "walking back"):
            self.back()
        return self

    def start(self) -> "Walk":
        """Undo all steps."""
        return self.to(0)

    def end(self) -> "Walk":
        """Take all steps that are left."""
        return self.to(len(self))

    def __iter__(self) -> Iterator[Event]:
        while self.position < len(self):
            yield self.next().step

    def __len__(self) -> int:
        """Return how many steps there are: one for each computed node, the seed, each edge."""
        return self._length

    def __str__(self) -> str:
        if not self._position:
            return f"before step 1 of {len(self)}; next() takes it"
        event = self.step
        place = f"step {self.position} of {len(self)}"
        if isinstance(event, Evaluation):
            return for_screen(f"forward, {place}\n{event}")
        change = f"{write_number(self._before[0])} -> {write_number(event.target.grad)}"
        earlier = event.target.grad - event.total
        older = (
            f" ({write_number(earlier)} of it is from before this walk)" if abs(earlier) > 0 else ""
        )
        grad = f"{self.graph[event.target]}.grad: {change}{older}"
        return for_screen(f"backward, {place}\n{event}\n{grad}")

    __repr__ = __str__


def walk(output: Value, names: Mapping[str, object] | None = None) -> Walk:
    """Return a walk through the computation of *output* and its backward pass.

    Values without a label are called as the variables of *names* that hold them, such as
    ``locals()``.

    >>> a, b = Value(2.0, "a"), Value(-3.0, "b")
    >>> walk(a * b).end()
    backward, step 4 of 4
    ∂L/∂b += ∂L/∂L · ∂(a·b)/∂b
    L = a·b, so ∂(a·b)/∂b = a
    1 × 2 = 2
    b.grad: 0 -> 2
    """
    return Walk(output, names)


def events(graph: Graph) -> Iterator[Event]:
    """Yield the computation of every node, the seed, and every application of the chain rule."""
    yield from (Evaluation(node, graph) for node in graph.computed)
    yield Seed(graph)
    yield from steps(graph)
