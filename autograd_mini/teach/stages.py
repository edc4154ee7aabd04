"""Stages: the tasks of the workshop, from a number that records to an engine that learns.

Each stage has probes, the smallest first: small programs that run on any class that is called
Value. What the learner's class makes of a probe is held against what the right one makes of it.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias

Facts: TypeAlias = Mapping[str, Any]
"""What a probe found, by name: numbers, text, or whether something is so."""
LearnersEngine: TypeAlias = Any  # what the file defines: nobody knows whether it is all there
LearnersValue: TypeAlias = Any  # a number of the learner's own kind

XOR = ((0.0, 0.0, -1.0), (0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, -1.0))


class Probe(NamedTuple):
    """A small program on an engine, written for the learner, and the slips that it can show.

    *run* takes the module under test, and returns facts, which are held against the *right* ones;
    where none are given, our own engine finds them. *slips* say what "your engine" does that finds
    such wrong facts. A probe of gradients has the *graph* instead, on which wrong engines run, and
    how many *passes* are made over it.
    """

    text: str
    run: Callable[[LearnersEngine], Facts]
    right: Mapping[str, Any] = {}
    slips: Mapping[str, Facts] = {}
    graph: Callable[[LearnersEngine], tuple[LearnersValue, SimpleNamespace]] | None = None
    passes: int = 1


class Stage(NamedTuple):
    """One task: its title, what to write, its hints, and the probes that check it."""

    title: str
    task: str
    hints: Sequence[str]
    probes: Sequence[Probe]


# Probes -------------------------------------------------------------------------------------------


def make_leaves(engine: LearnersEngine, **numbers: float) -> SimpleNamespace:
    """Make a leaf of the engine for each number."""
    return SimpleNamespace(**{name: engine.Value(number) for name, number in numbers.items()})


def name_operands(result: LearnersValue, leaves: SimpleNamespace) -> str:
    """Say which leaves are the operands of a result, in order; a wrong shape is told, too."""
    operands = getattr(result, "operands", None)
    if not isinstance(operands, (tuple, list)):
        return f"operands is {operands!r:.30}"
    known = {id(leaf): name for name, leaf in vars(leaves).items()}
    found = [known.get(id(x), "") for x in operands]
    return " ".join(found) if all(found) else "other objects"


def probe_gradients(
    text: str, build: Callable[[SimpleNamespace], LearnersValue], passes: int = 1, **numbers: float
) -> Probe:
    """Return a probe of the gradients of a graph's leaves after so many passes."""

    def graph(engine: LearnersEngine) -> tuple[LearnersValue, SimpleNamespace]:
        leaves = make_leaves(engine, **numbers)
        return build(leaves), leaves

    def run(engine: LearnersEngine) -> Facts:
        output, leaves = graph(engine)
        for _ in range(passes):
            output.backward()
        return {f"{name}.grad": leaf.grad for name, leaf in vars(leaves).items()}

    return Probe(text, run, graph=graph, passes=passes)


def probe_leaf(engine: LearnersEngine) -> Facts:
    """Look at a leaf."""
    a = engine.Value(3.0)
    return {"a.data": a.data, "a.grad": a.grad, "operands": len(a.operands)}


def probe_operation(apply: Callable[..., LearnersValue], engine: LearnersEngine) -> Facts:
    """Look at the result of an operation."""
    leaves = make_leaves(engine, a=3.0, b=4.0)
    result = apply(leaves.a, leaves.b)
    is_value = isinstance(result, engine.Value)
    return {
        "a Value": is_value,
        "data": result.data if is_value else result,
        "operands": name_operands(result, leaves),
        "a as before": leaves.a.data == 3.0,
    }


def probe_partials(apply: Callable[..., LearnersValue], engine: LearnersEngine) -> Facts:
    """Look at the local partials of an operation."""
    partials = apply(engine.Value(3.0), engine.Value(4.0)).partials
    return {"partials": [float(x) for x in partials], "how many": len(partials)}


def probe_functions(engine: LearnersEngine) -> Facts:
    """Look at tanh and a power: their data and their local partials."""
    t, p = engine.Value(0.5).tanh(), engine.Value(3.0) ** 2
    return {
        "tanh": t.data,
        "tanh partial": float(t.partials[0]),
        "power": p.data,
        "power partial": float(p.partials[0]),
    }


def probe_neuron(engine: LearnersEngine) -> Facts:
    """Look at what a neuron computes, and at its gradients."""
    w = [engine.Value(0.5), engine.Value(-1.0)]
    x = [engine.Value(2.0), engine.Value(0.25)]
    b = engine.Value(0.125)
    out = engine.neuron(w, x, b)
    out.backward()
    return {"out": out.data, "w1.grad": w[0].grad, "x2.grad": x[1].grad, "b.grad": b.grad}


def probe_training(engine: LearnersEngine) -> Facts:
    """Train one weight of a line, and see where it ends."""
    w = engine.Value(0.0)
    losses = [float(x) for x in engine.train(w, [(1.0, 2.0), (2.0, 4.0)], 0.1, 25)]
    return {
        "losses": len(losses),
        "first loss": losses[0],
        "second loss": losses[1],
        "rises": losses[1] > losses[0],
        "last loss is small": losses[-1] < 1e-3,
        "w": round(w.data, 3),
    }


def probe_numbers(engine: LearnersEngine) -> Facts:
    """Look at numbers on both sides of + and *, and at relu on both sides of 0."""
    x = engine.Value(3.0)
    up, down = engine.Value(2.0).relu(), engine.Value(-2.0).relu()
    return {
        "x + 2": (x + 2.0).data,
        "2 + x": (2.0 + x).data,
        "2 * x": (2.0 * x).data,
        "relu(2)": up.data,
        "relu(-2)": down.data,
        "relu partials": [float(up.partials[0]), float(down.partials[0])],
    }


def probe_sanity(engine: LearnersEngine) -> Facts:
    """Compute the expression by which micrograd tests itself (its test_sanity_check)."""
    x = engine.Value(-4.0)
    z = 2.0 * x + 2.0 + x
    q = z.relu() + z * x
    y = (z * z).relu() + q + q * x
    y.backward()
    return {"y": y.data, "x.grad": x.grad}


def probe_xor(engine: LearnersEngine) -> Facts:
    """Train three of the learner's neurons on XOR, and look at the signs of their outputs."""
    rng = Random("XOR")
    layers = [[engine.Value(rng.random()) for _ in range(3)] for _ in range(3)]  # w1, w2, b of each
    parameters = [x for row in layers for x in row]
    for _ in range(200):
        loss = engine.Value(0.0)
        for out, target in run_xor(engine, layers):
            loss = loss + (out + -target) ** 2
        for parameter in parameters:
            parameter.grad = 0.0
        loss.backward()
        for parameter in parameters:
            parameter.data -= 0.1 * parameter.grad
    return {"right of 4": sum(out.data * t > 0 for out, t in run_xor(engine, layers))}


def run_xor(
    engine: LearnersEngine, layers: Sequence[Sequence[LearnersValue]]
) -> list[tuple[LearnersValue, float]]:
    """Return the output of the network for each row of XOR, with its target."""
    *hidden, last = layers
    found = []
    for *numbers, target in XOR:
        x = [engine.Value(number) for number in numbers]
        inner = [engine.neuron(row[:2], x, row[2]) for row in hidden]
        found.append((engine.neuron(last[:2], inner, last[2]), target))
    return found


OPERATION_SLIPS: Mapping[str, Facts] = {
    "returns a plain number: make a Value of the result": {"a Value": False},
    "does not remember the operands: give them to the result": {"operands": ""},
    "remembers the operands in the wrong order": {"operands": "b a"},
    "remembers only the operand on the left": {"operands": "a"},
    "remembers copies: the operands are the very objects that were added or multiplied": {
        "operands": "other objects"
    },
    "changes the operand: make a new Value instead": {"a as before": False},
}
TANH = 0.46211715726000973  # of 0.5

# The stages ---------------------------------------------------------------------------------------

STAGES: tuple[Stage, ...] = (
    Stage(
        "a number that records",
        "Write class Value: Value(3.0) has data 3.0, grad 0.0, and operands ().",
        ["def __init__(self, data, operands=(), partials=()): keep all three, and grad = 0.0"],
        [
            Probe(
                "a = Value(3.0)",
                probe_leaf,
                {"a.data": 3.0, "a.grad": 0.0, "operands": 0},
                {
                    "begins with grad None: begin with 0.0": {"a.grad": None},
                    "begins with grad 1: only the output gets a 1": {"a.grad": 1.0},
                },
            )
        ],
    ),
    Stage(
        "+ and *",
        "a + b and a * b make a new Value; its operands are (a, b), the objects themselves.",
        ["__add__ and __mul__ return Value(a number, (self, other))"],
        [
            Probe(
                "a, b = Value(3.0), Value(4.0); a + b",
                partial(probe_operation, operator.add),
                {"a Value": True, "data": 7.0, "operands": "a b", "a as before": True},
                OPERATION_SLIPS,
            ),
            Probe(
                "a, b = Value(3.0), Value(4.0); a * b",
                partial(probe_operation, operator.mul),
                {"a Value": True, "data": 12.0, "operands": "a b", "a as before": True},
                {"adds where it should multiply": {"data": 7.0}, **OPERATION_SLIPS},
            ),
        ],
    ),
    Stage(
        "the local partials",
        "A result knows partials: how it changes with each operand. For a + b they are (1.0, 1.0); "
        "find those of a * b.",
        ["Nudge a by h in a * b: the product grows by b times h, so the partial is b.data"],
        [
            Probe(
                "(a + b).partials",
                partial(probe_partials, operator.add),
                {"partials": [1.0, 1.0], "how many": 2},
            ),
            Probe(
                "(a * b).partials with a = 3, b = 4",
                partial(probe_partials, operator.mul),
                {"partials": [4.0, 3.0], "how many": 2},
                {
                    "gives each operand its own data: the partial is the other one's": {
                        "partials": [3.0, 4.0]
                    },
                    "takes the rule of a sum for a product": {"partials": [1.0, 1.0]},
                    "gives the product, not its partial": {"partials": [12.0, 12.0]},
                    "knows one partial, but has two operands": {"how many": 1},
                },
            ),
        ],
    ),
    Stage(
        "backward on a chain",
        "y.backward() gives y the grad 1, each operand adjoint · partial, and so on to the leaves.",
        [
            "Start with self.grad = 1.0, then go from result to operands",
            "For each operand and partial: operand.grad = self.grad * partial, then go on from it",
        ],
        [
            probe_gradients("a.backward()", lambda v: v.a, a=3.0),
            probe_gradients("a * b", lambda v: v.a * v.b, a=3.0, b=4.0),
            probe_gradients("(a * b) * c", lambda v: v.a * v.b * v.c, a=3.0, b=4.0, c=2.0),
            probe_gradients(
                "(a * b + c) * d", lambda v: (v.a * v.b + v.c) * v.d, a=2.0, b=-3.0, c=10.0, d=-2.0
            ),
        ],
    ),
    Stage(
        "reuse needs +=",
        "A Value that is used twice gets a term on each way: the terms add up.",
        ["operand.grad += self.grad * partial, and nobody sets a grad that others have filled"],
        [
            probe_gradients("a + a", lambda v: v.a + v.a, a=3.0),
            probe_gradients("a * a", lambda v: v.a * v.a, a=3.0),
            probe_gradients("a * b + a", lambda v: v.a * v.b + v.a, a=3.0, b=4.0),
        ],
    ),
    Stage(
        "an order",
        "A node hands on its grad when all its terms have arrived: results before operands.",
        [
            "List every node after its operands, by depth-first search; go through it backwards",
            "Each node appears once in that list, however often it is used",
        ],
        [
            probe_gradients("c = a * b; c + c", lambda v: (c := v.a * v.b) + c, a=3.0, b=4.0),
            probe_gradients(
                "c = a * b; c * c + c", lambda v: (c := v.a * v.b) * c + c, a=3.0, b=4.0
            ),
            probe_gradients(
                "c = a + b; c * a * c", lambda v: (c := v.a + v.b) * v.a * c, a=3.0, b=4.0
            ),
        ],
    ),
    Stage(
        "tanh and **",
        "Add tanh() and ** for a plain number n, each with its partial; n is no operand.",
        [
            "import math; tanh' is 1 - t * t, where t is the result",
            "The partial of a ** n is n * a.data ** (n - 1)",
        ],
        [
            Probe(
                "a.tanh() and b ** 2 with a = 0.5, b = 3",
                probe_functions,
                {"tanh": TANH, "tanh partial": 1 - TANH**2, "power": 9.0, "power partial": 6.0},
                {
                    "puts the input where the output belongs: 1 - a²": {"tanh partial": 0.75},
                    "gives tanh, not its partial": {"tanh partial": TANH},
                    "forgets the square in 1 - t²": {"tanh partial": 1 - TANH},
                    "forgets the 1 in 1 - t²": {"tanh partial": TANH**2},
                    "forgets the exponent as a factor": {"power partial": 3.0},
                    "does not lower the exponent": {"power partial": 18.0},
                    "gives the power, not its partial": {"power partial": 9.0},
                },
            ),
            probe_gradients("(a * b).tanh() ** 2", lambda v: (v.a * v.b).tanh() ** 2, a=0.5, b=0.7),
        ],
    ),
    Stage(
        "a second backward",
        "After two passes a leaf has twice its gradient; inner nodes begin anew in every pass.",
        ["At the start of a pass set the grad of every node that has operands to 0.0"],
        [
            probe_gradients("a * b, twice", lambda v: v.a * v.b, 2, a=3.0, b=4.0),
            probe_gradients(
                "(a * b) * c, twice", lambda v: v.a * v.b * v.c, 2, a=3.0, b=4.0, c=2.0
            ),
        ],
    ),
    Stage(
        "a neuron",
        "Write neuron(w, x, b): tanh of w1·x1 + … + wn·xn + b, of lists of Values.",
        ["Begin with b, and add w[i] * x[i] for every i"],
        [
            Probe(
                "neuron([0.5, -1], [2, 0.25], 0.125)",
                probe_neuron,
                {"out": 0.7039056039366212, "w1.grad": 1.0090338016968427}
                | {"x2.grad": -0.5045169008484213, "b.grad": 0.5045169008484213},
                {
                    "leaves out the tanh": {"out": 0.875},
                    "leaves out the bias": {"out": 0.6351489523872873},
                    "leaves out the second input": {"out": 0.809301070201781},
                },
            )
        ],
    ),
    Stage(
        "a training loop",
        "Write train(w, points, rate, steps): fit w·x to y by the sum of (w·x - y)². Each step: "
        "set w.grad to 0, compute the loss, backward, w.data -= rate · w.grad. Return the losses.",
        ["The loss of a step is computed before its update; keep loss.data in a list"],
        [
            Probe(
                "train(w, [(1, 2), (2, 4)], 0.1, 25)",
                probe_training,
                {"losses": 25, "first loss": 20.0, "second loss": 0.0, "rises": False}
                | {"last loss is small": True, "w": 2.0},
                {
                    "goes uphill: subtract the gradient": {"rises": True},
                    "never changes w.data": {"w": 0.0},
                    "does not set w.grad to 0 before each pass, so old gradients add up": {
                        "second loss": 0.0,
                        "last loss is small": False,
                    },
                    "takes the mean where the sum was asked for": {"first loss": 10.0},
                },
            )
        ],
    ),
    Stage(
        "numbers, relu, and a network",
        "Let plain numbers stand on both sides of + and *, and add relu(). Then your engine passes "
        "micrograd's own test and learns XOR.",
        [
            "Make a Value of other, unless it is one; __radd__ and __rmul__ are for 2 + a, 2 * a",
            "relu is the number if it is above 0, else 0; its partial is 1 or 0",
        ],
        [
            Probe(
                "x + 2, 2 + x, 2 * x with x = 3, and relu",
                probe_numbers,
                {"x + 2": 5.0, "2 + x": 5.0, "2 * x": 6.0}
                | {"relu(2)": 2.0, "relu(-2)": 0.0, "relu partials": [1.0, 0.0]},
                {
                    "lets the gradient through where relu is off: there its partial is 0": {
                        "relu partials": [1.0, 1.0]
                    },
                    "gives the data of relu, not its partial": {"relu partials": [2.0, 0.0]},
                },
            ),
            Probe("micrograd's test", probe_sanity, {"y": -20.0, "x.grad": 46.0}),
            Probe("200 steps on XOR", probe_xor, {"right of 4": 4}),
        ],
    ),
)
