"""The right answers: the value and every gradient of each workload, differentiated by hand.

Every engine is compared with these before it is timed. Those in NumPy are also what a programmer
writes who differentiates on paper, and so a peer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .workloads import (
    BATCHES,
    DECAY,
    HEADS,
    SHAPES,
    WIDTH,
    WIDTHS,
    WORKLOADS,
    XOR,
    gpt_tokens,
    moons,
)

Array = NDArray[np.float64]
Answer = tuple[float, Array]
Pullback = Callable[[Array], Any]


def expression(leaves: Array) -> Answer:
    """Collect terms: e = c - d is 3a + 4b + 3 - 12(ab + b³) - 4 relu(b + a) - relu(b - a)."""
    a, b = (float(leaf) for leaf in leaves)
    right, left = float(b + a > 0), float(b - a > 0)
    e = 3 * a + 4 * b + 3 - 12 * (a * b + b**3) - 4 * right * (b + a) - left * (b - a)
    slope = e - 20 / e**3
    by_a = 3 - 12 * b - 4 * right + left
    by_b = 4 - 12 * (a + 3 * b**2) - 4 * right - left
    return e**2 / 2 + 10 / e**2, np.array([slope * by_a, slope * by_b])


def chain(length: int) -> Callable[[Array], Answer]:
    """x + 1 grows by the same factor in every pair of operations."""
    growth = math.pow(1.0001, length // 2)
    return lambda leaves: (float(leaves[0] + 1) * growth - 1, np.array([growth]))


# Networks: a column of ones carries the biases, so that a layer is one matrix --------------------


def layers(parameters: Array) -> list[Array]:
    """The flat parameters as one matrix a layer: a neuron a row, its bias last."""
    cut, start = [], 0
    for width, neurons in pairwise(WIDTHS):
        stop = start + neurons * (width + 1)
        cut.append(parameters[start:stop].reshape(neurons, width + 1))
        start = stop
    return cut


def with_ones(xs: Array) -> Array:
    """xs and a column of ones."""
    return np.column_stack([xs, np.ones(len(xs))])


def network(matrices: Sequence[Array], points: Array) -> tuple[Array, Pullback]:
    """The scores of the points, and the way back from their adjoints to parameters and points."""
    inputs = [with_ones(points)]
    for matrix in matrices[:-1]:
        inputs.append(with_ones(np.maximum(inputs[-1] @ matrix.T, 0.0)))
    scores = inputs[-1] @ matrices[-1][0]

    def back(adjoints: Array) -> tuple[list[Array], Array]:
        gradients = []
        adjoint = adjoints[:, None]
        for matrix, xs in zip(matrices[:0:-1], inputs[:0:-1], strict=True):
            gradients.append(adjoint.T @ xs)
            adjoint = (adjoint @ matrix[:, :-1]) * (xs[:, :-1] > 0)
        gradients.append(adjoint.T @ inputs[0])
        return gradients[::-1], adjoint @ matrices[0][:, :-1]

    return scores, back


POINTS = np.array(moons())


def mean_hinge(parameters: Array, points: Array) -> Answer:
    """The mean hinge loss of points (x, y, side), and the gradients of the parameters."""
    sides = points[:, 2]
    scores, back = network(layers(parameters), points[:, :2])
    hinges = np.maximum(1 - sides * scores, 0.0)
    gradients, _ = back(np.where(hinges > 0, -sides / len(sides), 0.0))
    return float(hinges.mean()), np.concatenate([gradient.ravel() for gradient in gradients])


def moons_loss(parameters: Array) -> Answer:
    """The mean hinge loss and the weight decay."""
    value, gradients = mean_hinge(parameters, POINTS)
    return value + float(DECAY * parameters @ parameters), gradients + 2 * DECAY * parameters


def repeat_score(leaves: Array) -> Answer:
    """One score: gradients of the parameters and of the point."""
    scores, back = network(layers(leaves[:-2]), leaves[None, -2:])
    gradients, point = back(np.ones(1))
    return float(scores[0]), np.concatenate([*(g.ravel() for g in gradients), point[0]])


def batch_score(parameters: Array, points: Array) -> Answer:
    """The mean score of many points, and the gradients of the parameters."""
    scores, back = network(layers(parameters), points)
    gradients, _ = back(np.full(len(points), 1 / len(points)))
    return float(scores.mean()), np.concatenate([gradient.ravel() for gradient in gradients])


def xor_loss(parameters: Array) -> Answer:
    """Half the squared error, four rows at once."""
    hidden_weights, weights = parameters[:4].reshape(2, 2), parameters[4:]
    rows = np.array(XOR)
    hidden = 1 / (1 + np.exp(-rows[:, :2] @ hidden_weights.T))
    outputs = 1 / (1 + np.exp(-hidden @ weights))
    errors = outputs - rows[:, 2]
    at_output = errors * outputs * (1 - outputs)
    at_hidden = at_output[:, None] * weights * hidden * (1 - hidden)
    gradients = np.concatenate([(at_hidden.T @ rows[:, :2]).ravel(), at_output @ hidden])
    return float(errors @ errors / 2), gradients


# The transformer: each piece returns its result and the way back through it ----------------------


def linear(matrix: Array, xs: Array) -> tuple[Array, Pullback]:
    """The matrix times every row of xs; back to the matrix and to xs."""
    return xs @ matrix.T, lambda adjoint: (adjoint.T @ xs, adjoint @ matrix)


def normalise(xs: Array) -> tuple[Array, Pullback]:
    """Rows divided by the root of their mean square."""
    scale = ((xs * xs).mean(axis=1, keepdims=True) + 1e-5) ** -0.5

    def back(adjoint: Array) -> Array:
        shared = (adjoint * xs).mean(axis=1, keepdims=True)
        return np.asarray(scale * adjoint - scale**3 * shared * xs)

    return xs * scale, back


def softmax(logits: Array) -> tuple[Array, Pullback]:
    """Rows of positive numbers of sum 1."""
    exps = np.exp(logits)
    shares = exps / exps.sum(axis=-1, keepdims=True)

    def back(adjoint: Array) -> Array:
        return np.asarray(shares * (adjoint - (adjoint * shares).sum(axis=-1, keepdims=True)))

    return shares, back


def attention(query: Array, key: Array, value: Array) -> tuple[Array, Pullback]:
    """What every head reads at every position from the positions up to it."""
    size = WIDTH // HEADS
    q, k, v = (split(matrix, size) for matrix in (query, key, value))
    later = np.triu(np.full((len(query), len(query)), -np.inf), 1)
    weights, back_softmax = softmax(q @ k.swapaxes(1, 2) / size**0.5 + later)

    def back(adjoint: Array) -> tuple[Array, Array, Array]:
        reading = split(adjoint, size)
        logits = back_softmax(reading @ v.swapaxes(1, 2)) / size**0.5
        rows = (logits @ k, logits.swapaxes(1, 2) @ q, weights.swapaxes(1, 2) @ reading)
        by_query, by_key, by_value = (join(matrix) for matrix in rows)
        return by_query, by_key, by_value

    return join(weights @ v), back


def split(matrix: Array, size: int) -> Array:
    """One matrix a head."""
    return matrix.reshape(len(matrix), -1, size).swapaxes(0, 1)


def join(heads: Array) -> Array:
    """The heads side by side again."""
    return heads.swapaxes(0, 1).reshape(heads.shape[1], -1)


def surprise(logits: Array, targets: Sequence[int]) -> tuple[float, Array]:
    """The mean -log p of the targets, and its gradient by the logits."""
    shares, _ = softmax(logits)
    wanted = np.eye(logits.shape[1])[list(targets)]
    return float(-np.log((shares * wanted).sum(axis=1)).mean()), (shares - wanted) / len(logits)


def gpt_loss(parameters: Array) -> Answer:
    """The transformer of the workload, all positions at once."""
    weights = matrices(parameters)
    tokens = gpt_tokens()
    here = tokens[:-1]
    xs, back_input = normalise(weights["tokens"][here] + weights["positions"][: len(here)])
    xs, back_attention = attention_block(weights, xs)
    xs, back_feed = feed_block(weights, xs)
    logits, back_logits = linear(weights["unembed"], xs)
    value, adjoint = surprise(logits, tokens[1:])

    gradients = {name: np.zeros_like(matrix) for name, matrix in weights.items()}
    gradients["unembed"], adjoint = back_logits(adjoint)
    adjoint = back_input(back_attention(back_feed(adjoint, gradients), gradients))
    np.add.at(gradients["tokens"], here, adjoint)
    gradients["positions"][: len(here)] = adjoint
    return value, np.concatenate([gradient.ravel() for gradient in gradients.values()])


def matrices(parameters: Array) -> dict[str, Array]:
    """The flat parameters as named matrices."""
    ends = np.cumsum([rows * columns for rows, columns in SHAPES.values()])
    parts = np.split(parameters, ends[:-1])
    return {name: part.reshape(SHAPES[name]) for name, part in zip(SHAPES, parts, strict=True)}


Gradients = dict[str, Array]


def attention_block(weights: Gradients, xs: Array) -> tuple[Array, Callable[..., Array]]:
    """Attention to what was read before, added to xs."""
    names = ("query", "key", "value")
    normal, back_normal = normalise(xs)
    projected = [linear(weights[name], normal) for name in names]
    reading, back_reading = attention(*(result for result, _ in projected))
    mixed, back_mix = linear(weights["mix"], reading)

    def back(adjoint: Array, gradients: Gradients) -> Array:
        gradients["mix"], inner = back_mix(adjoint)
        at_normal = np.zeros_like(xs)
        for name, (_, back_linear), part in zip(names, projected, back_reading(inner), strict=True):
            gradients[name], more = back_linear(part)
            at_normal += more
        return np.asarray(adjoint + back_normal(at_normal))

    return mixed + xs, back


def feed_block(weights: Gradients, xs: Array) -> tuple[Array, Callable[..., Array]]:
    """Two layers with ReLU between, added to xs."""
    normal, back_normal = normalise(xs)
    wide, back_wide = linear(weights["widen"], normal)
    narrow, back_narrow = linear(weights["narrow"], np.maximum(wide, 0.0))

    def back(adjoint: Array, gradients: Gradients) -> Array:
        gradients["narrow"], inner = back_narrow(adjoint)
        gradients["widen"], inner = back_wide(inner * (wide > 0))
        return np.asarray(adjoint + back_normal(inner))

    return narrow + xs, back


REFERENCES: dict[str, Callable[[Array], Answer]] = {
    "expression": expression,
    "moons": moons_loss,
    "xor": xor_loss,
    "gpt": gpt_loss,
    "repeat": repeat_score,
    **{f"chain-{length}": chain(length) for length in (10_000, 100_000, 1_000_000)},
}


BATCH_REFERENCES: dict[str, Callable[[Array, Array], Answer]] = {
    "hinge": mean_hinge,
    "batch": batch_score,
}


def answer(name: str) -> tuple[float, ...]:
    """The value and every gradient of the workload of that name, where it starts."""
    if name in BATCHES:
        parameters, points = (np.array(numbers) for numbers in BATCHES[name].arguments())
        value, gradients = BATCH_REFERENCES[name](parameters, points)
    else:
        value, gradients = REFERENCES[name](np.array(WORKLOADS[name].start()))
    return (value, *gradients)
