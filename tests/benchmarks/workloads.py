"""What is measured: each workload is one loss, written once, in plain arithmetic, for every engine.

A workload never names an engine. It is given `maths` (the few functions that engines spell in their
own way) and its leaves, arranges them once, and returns the loss, which builds the output.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Protocol

Number = Any
"""A float, a Value of any engine, a symbol or a traced array: whatever obeys + - * / **."""


class Maths(Protocol):
    """The operations that engines spell differently."""

    def constant(self, number: float) -> Number:
        """An input: a number that takes part in the graph."""

    def exp(self, x: Number) -> Number:
        """e to the power of x."""

    def log(self, x: Number) -> Number:
        """The natural logarithm of x."""

    def relu(self, x: Number) -> Number:
        """x where it is positive, otherwise 0."""

    def dot(self, ws: Sequence[Number], xs: Sequence[Number]) -> Number:
        """The sum of products w * x."""

    def linear(self, rows: Sequence[Sequence[Number]], xs: Sequence[Number]) -> list[Number]:
        """The sum of products with xs for each row."""

    def weighted_sum(self, ws: Sequence[Number], xs: Sequence[Number], bias: Number) -> Number:
        """The sum of products w * x, and the bias."""

    def total(self, values: Sequence[Number]) -> Number:
        """The sum of the values."""

    def network(self, parameters: Sequence[Number]) -> Network:
        """MLP(2, [16, 16, 1]) with these parameters: a function from inputs to the score."""


Network = Callable[[Sequence[Number]], Number]
Loss = Callable[[], Number]


@dataclass(frozen=True)
class Workload:
    """A loss over leaves that start at `start()`, and what one step does to them afterwards."""

    name: str
    title: str
    start: Callable[[], list[float]]
    model: Callable[[Maths, Sequence[Number]], Loss]
    update: str = "none"


# W1: the expression of micrograd's README --------------------------------------------------------


def expression(maths: Maths, leaves: Sequence[Number]) -> Loss:
    """The README expression of micrograd: 24.704081632653 at a = -4, b = 2."""

    def loss() -> Number:
        a, b = leaves
        c = a + b
        d = a * b + b**3
        c += c + 1
        c += 1 + c + (-a)
        d += d * 2 + maths.relu(b + a)
        d += 3 * d + maths.relu(b - a)
        e = c - d
        f = e**2
        g = f / 2.0
        return g + 10.0 / f

    return loss


# W2: two moons -----------------------------------------------------------------------------------

WIDTHS = (2, 16, 16, 1)
DECAY = 1e-4


@cache
def moons(count: int = 100) -> list[tuple[float, float, float]]:
    """Points (x, y, side) of two interleaved half circles, with a little noise; side is -1 or 1."""
    noise = random.Random(7)
    points = []
    for index in range(count):
        angle = math.pi * (index // 2) / (count // 2 - 1)
        side = 1 if index % 2 else -1
        x, y = math.cos(angle), math.sin(angle)
        x, y = (1 - x, 0.5 - y) if side > 0 else (x, y)
        points.append((x + noise.gauss(0, 0.1), y + noise.gauss(0, 0.1), float(side)))
    return points


def moons_start() -> list[float]:
    """The network's 337 parameters, neuron by neuron, each neuron's weights before its bias."""
    draw = random.Random(1337)
    parameters: list[float] = []
    for width, neurons in pairwise(WIDTHS):
        for _ in range(neurons):
            parameters += [draw.uniform(-1, 1) for _ in range(width)] + [draw.uniform(-0.1, 0.1)]
    return parameters


class PlainNetwork:
    """MLP(2, [16, 16, 1]) in plain arithmetic: ReLU inside, linear at the end."""

    def __init__(self, maths: Maths, parameters: Sequence[Number]) -> None:
        rest = iter(parameters)
        self.maths = maths
        self.layers = [
            [([next(rest) for _ in range(width)], next(rest)) for _ in range(neurons)]
            for width, neurons in pairwise(WIDTHS)
        ]

    def __call__(self, xs: Sequence[Number]) -> Number:
        *inner, last = self.layers
        for layer in inner:
            xs = [self.maths.relu(self.maths.weighted_sum(ws, xs, bias)) for ws, bias in layer]
        ((ws, bias),) = last
        return self.maths.weighted_sum(ws, xs, bias)


def mean_hinge(maths: Maths, parameters: Sequence[Number]) -> Loss:
    """The mean hinge loss over the points."""
    network = maths.network(parameters)

    def hinge(x: float, y: float, side: float) -> Number:
        score = network([maths.constant(x), maths.constant(y)])
        return maths.relu(1 + -side * score)

    def loss() -> Number:
        hinges = [hinge(*point) for point in moons()]
        return maths.total(hinges) * (1.0 / len(hinges))

    return loss


def moons_loss(maths: Maths, parameters: Sequence[Number]) -> Loss:
    """The mean hinge loss over the points, and the weight decay."""
    mean = mean_hinge(maths, parameters)
    return lambda: mean() + DECAY * maths.dot(parameters, parameters)


def point_hinge(maths: Maths, leaves: Sequence[Number]) -> Loss:
    """The hinge loss of one point: the last three leaves are x, y and the side it is on."""
    network = maths.network(leaves[:-3])
    x, y, side = leaves[-3:]
    return lambda: maths.relu(1 - side * network([x, y]))


def point_start() -> list[float]:
    """The parameters, and the first point with its side."""
    return [*moons_start(), *moons()[0]]


# W3: XOR -----------------------------------------------------------------------------------------

XOR = ((0.0, 0.0, 0.0), (0.0, 1.0, 1.0), (1.0, 0.0, 1.0), (1.0, 1.0, 0.0))


def sigmoid_neuron(maths: Maths, ws: Sequence[Number], xs: Sequence[Number]) -> Number:
    """The sigmoid of the sum of products, without a bias."""
    return 1 / (1 + maths.exp(-maths.dot(ws, xs)))


def xor_loss(maths: Maths, parameters: Sequence[Number]) -> Loss:
    """Half the squared error of a 2-2-1 network, summed over the four rows of XOR."""
    first, second, last = (parameters[i : i + 2] for i in (0, 2, 4))

    def error(x1: float, x2: float, target: float) -> Number:
        xs = [maths.constant(x1), maths.constant(x2)]
        hidden = [sigmoid_neuron(maths, first, xs), sigmoid_neuron(maths, second, xs)]
        return 0.5 * (target - sigmoid_neuron(maths, last, hidden)) ** 2

    return lambda: maths.total([error(*row) for row in XOR])


# W4: a deep chain --------------------------------------------------------------------------------


def chain(length: int) -> Workload:
    """x * 1.0001 + 0.0001, repeated until the chain has `length` operations."""

    def model(_maths: Maths, leaves: Sequence[Number]) -> Loss:
        return lambda: grow(leaves[0], length // 2)

    return Workload(f"chain-{length}", f"W4 chain of {length:,}", lambda: [1.0], model)


def grow(x: Number, times: int) -> Number:
    """x * 1.0001 + 0.0001, so many times over."""
    for _ in range(times):
        x = x * 1.0001 + 0.0001
    return x


# W5: one training step of a GPT ------------------------------------------------------------------

VOCABULARY, WIDTH, HEADS, CONTEXT = 27, 16, 4, 16
BOUNDARY = 26
DOCUMENT = "emma"
SHAPES = {
    "tokens": (VOCABULARY, WIDTH),
    "positions": (CONTEXT, WIDTH),
    "query": (WIDTH, WIDTH),
    "key": (WIDTH, WIDTH),
    "value": (WIDTH, WIDTH),
    "mix": (WIDTH, WIDTH),
    "widen": (4 * WIDTH, WIDTH),
    "narrow": (WIDTH, 4 * WIDTH),
    "unembed": (VOCABULARY, WIDTH),
}
"""Rows and columns of each weight matrix: 4,192 parameters."""

Matrix = list[Sequence[Number]]


def gpt_start() -> list[float]:
    """The parameters, matrix by matrix, row by row."""
    draw = random.Random(42)
    return [draw.gauss(0, 0.08) for rows, columns in SHAPES.values() for _ in range(rows * columns)]


def gpt_tokens() -> list[int]:
    """The document as numbers, a boundary on either side."""
    return [BOUNDARY, *(ord(letter) - ord("a") for letter in DOCUMENT), BOUNDARY]


def matrices(parameters: Sequence[Number]) -> dict[str, Matrix]:
    """The flat parameters, cut into named matrices of rows."""
    cut: dict[str, Matrix] = {}
    start = 0
    for name, (rows, columns) in SHAPES.items():
        cut[name] = [
            parameters[start + r * columns : start + (r + 1) * columns] for r in range(rows)
        ]
        start += rows * columns
    return cut


class Transformer:
    """One layer of a GPT, reading one token at a time and remembering keys and values."""

    def __init__(self, maths: Maths, parameters: Sequence[Number]) -> None:
        self.maths = maths
        self.weights = matrices(parameters)
        self.keys: Matrix = []
        self.values: Matrix = []

    def forget(self) -> None:
        """Start a new document."""
        self.keys, self.values = [], []

    def linear(self, name: str, xs: Sequence[Number]) -> list[Number]:
        """The matrix of that name, times xs."""
        return self.maths.linear(self.weights[name], xs)

    def normalise(self, xs: Sequence[Number]) -> list[Number]:
        """xs divided by the root of their mean square."""
        scale = (self.maths.dot(xs, xs) / len(xs) + 1e-5) ** -0.5
        return [x * scale for x in xs]

    def softmax(self, logits: Sequence[Number]) -> list[Number]:
        """Positive numbers of sum 1, in proportion to the exponentials of the logits."""
        exps = [self.maths.exp(logit) for logit in logits]
        whole = self.maths.total(exps)
        return [e / whole for e in exps]

    def head(self, query: Sequence[Number], lane: slice) -> list[Number]:
        """What one head reads from the values so far, weighted by how each key suits the query."""
        scale = (lane.stop - lane.start) ** 0.5
        logits = [self.maths.dot(query[lane], key[lane]) / scale for key in self.keys]
        weights = self.softmax(logits)
        columns = zip(*(value[lane] for value in self.values), strict=True)
        return [self.maths.dot(weights, column) for column in columns]

    def attention(self, xs: Sequence[Number]) -> list[Number]:
        """Every head's reading, mixed."""
        query = self.linear("query", xs)
        self.keys.append(self.linear("key", xs))
        self.values.append(self.linear("value", xs))
        size = WIDTH // HEADS
        lanes = [slice(h * size, (h + 1) * size) for h in range(HEADS)]
        return self.linear("mix", [x for lane in lanes for x in self.head(query, lane)])

    def __call__(self, token: int, position: int) -> list[Number]:
        """The logits of the token that follows."""
        pairs = zip(self.weights["tokens"][token], self.weights["positions"][position], strict=True)
        xs = self.normalise([t + p for t, p in pairs])
        xs = [a + x for a, x in zip(self.attention(self.normalise(xs)), xs, strict=True)]
        wide = [self.maths.relu(x) for x in self.linear("widen", self.normalise(xs))]
        xs = [n + x for n, x in zip(self.linear("narrow", wide), xs, strict=True)]
        return self.linear("unembed", xs)


def gpt_loss(maths: Maths, parameters: Sequence[Number]) -> Loss:
    """The mean surprise, -log p, of each next letter of the document."""
    model = Transformer(maths, parameters)
    tokens = gpt_tokens()

    def surprise(position: int, target: int) -> Number:
        return -maths.log(model.softmax(model(tokens[position], position))[target])

    def loss() -> Number:
        model.forget()
        surprises = [surprise(position, target) for position, target in enumerate(tokens[1:])]
        return maths.total(surprises) * (1 / len(surprises))

    return loss


# W6: one score, again and again ------------------------------------------------------------------


def repeat_start() -> list[float]:
    """The parameters of the network of W2, and one point."""
    return [*moons_start(), *moons()[0][:2]]


def repeat_score(maths: Maths, leaves: Sequence[Number]) -> Loss:
    """The network's score at the point that the last two leaves hold."""
    network, xs = maths.network(leaves[:-2]), leaves[-2:]
    return lambda: network(xs)


WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("expression", "W1 README expression", lambda: [-4.0, 2.0], expression),
        Workload("moons", "W2 moons", moons_start, moons_loss, "sgd"),
        Workload("xor", "W3 XOR epoch", lambda: [0.2, -0.4, 0.7, 0.1, -0.3, 0.6], xor_loss, "sgd"),
        *(chain(length) for length in (10_000, 100_000, 1_000_000)),
        Workload("gpt", "W5 one GPT training step", gpt_start, gpt_loss, "adam"),
        Workload("hinge", "W2, the mean hinge loss alone", moons_start, mean_hinge),
        Workload("point", "W2, the hinge loss of one point", point_start, point_hinge),
        Workload("repeat", "W6 one score again and again", repeat_start, repeat_score, "input"),
    )
}


@dataclass(frozen=True)
class Batch:
    """The mean of one sample's workload over many points; a sample's last leaves are its point."""

    sample: Workload
    points: Callable[[], list[tuple[float, ...]]]

    def parameters(self) -> list[float]:
        """The leaves that all points share."""
        return self.sample.start()[: -len(self.points()[0])]

    def arguments(self) -> tuple[list[float], list[tuple[float, ...]]]:
        """The shared parameters, and the points."""
        return self.parameters(), self.points()


BATCHES = {
    "hinge": Batch(WORKLOADS["point"], lambda: [*moons()]),
    "batch": Batch(WORKLOADS["repeat"], lambda: [point[:2] for point in moons(10_000)]),
}
"""What engines of arrays evaluate in one call; others have a workload of that name, if any."""
