"""Shapes: what a graph alone tells of a network's faults, whatever the numbers of a run.

>>> y = Value(0.5).sigmoid()
>>> squashed_twice([y.softplus()])
'sigmoid before a loss of logits'
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from autograd_mini.engine import Value
from autograd_mini.engine import primitives as p
from autograd_mini.engine.sums import affine_sum, sum_of
from autograd_mini.notation.text import write_label

RANGES = {p.sigmoid: (0.0, 1.0), p.tanh: (-1.0, 1.0)}
RANGES |= dict.fromkeys((p.relu, p.softplus, p.exp), (0.0, math.inf))
SUMS = (p.add, sum_of, affine_sum)
ERRORS = (p.softplus, p.power, p.absolute, p.log, p.relu)

TWO_SIGMOIDS = "sigmoid before a loss of logits"
TWO_SOFTMAXES = "softmax before cross_entropy"


# Losses ------------------------------------------------------------------------------------------


def misfit(node: Value) -> str:
    """Say why an error, squared or absolute, does not fit the output that it judges, if so.

    A sigmoid fits targets of 0 and 1 until it is confidently wrong: so the notes' XOR is learned.
    """
    error, *others = node.operands
    judged = operation(error) is p.sub and (node.op is not p.mul or others == [error])
    for y, target in (error.operands, error.operands[::-1]) if judged else ():
        if operation(y) in RANGES and not getattr(target, "depth", 0):
            (low, high), t = RANGES[y.op], getattr(target, "data", target)
            if not low <= t <= high:
                return f"{y.op.name} gives {low:g} to {high:g}, but a target is {t:g}"
            far = t in (low, high) and abs(y.data - t) > (high - low) / 2
            if far and (slope := y.partials[0]) < 0.1:
                return f"{y.op.name} gave {y.data:.2g} for {t:g}, and its slope is only {slope:.1g}"
    return ""


def squashed_twice(order: Iterable[Value]) -> str:
    """Name what stands before a loss that expects any numbers, and squashes them itself, if so."""
    for node in order:
        if node.op is p.softplus and is_sigmoid(unsigned(node.operands[0])):
            return TWO_SIGMOIDS
        if scores := scores_of(node):
            if all(map(is_softmax, scores)):
                return TWO_SOFTMAXES
            if all(map(is_sigmoid, scores)):
                return TWO_SIGMOIDS
    return ""


def is_sigmoid(x: Any) -> bool:
    """Tell whether a node is a sigmoid, by name or written as 1 / (1 + exp(-z))."""
    if operation(x) is not p.div:
        return operation(x) is p.sigmoid
    above, below = x.operands
    return above == 1 and 1 in addends(below) and p.exp in map(operation, addends(below))


def is_softmax(x: Any) -> bool:
    """Tell whether a node is exp zᵢ / Σ exp zⱼ."""
    if operation(x) is not p.div:
        return False
    above, below = x.operands
    several = addends(below)
    return above in several and all(operation(y) is p.exp for y in several)


def scores_of(node: Value) -> list[Any]:
    """Return the scores of a loss of many classes: log Σ exp z, or softplus(log Σ exp(z - zᵢ))."""
    if node.op is p.log:
        return exponents(node.operands[0])
    ahead = joined_by(node.operands[0], p.logaddexp) if node.op is p.softplus else []
    if not ahead or any(operation(x) is not p.sub for x in ahead):
        return []
    return [*(x.operands[0] for x in ahead), ahead[0].operands[1]]


def exponents(x: Any) -> list[Any]:
    """Return the scores z of a sum of two or more exp z, each without what was subtracted."""
    several = addends(x)
    if len(several) < 2 or any(operation(y) is not p.exp for y in several):
        return []
    inner = [y.operands[0] for y in several]
    return [z.operands[0] if operation(z) is p.sub else z for z in inner]


def addends(x: Any) -> list[Any]:
    """Return what is added up in a sum, of sums too."""
    return joined_by(x, p.add, sum_of)


def joined_by(x: Any, *joints: p.Primitive) -> list[Any]:
    """Return what these primitives join, however deep; of what none of them computed, itself."""
    if operation(x) not in joints:
        return [x]
    return [y for operand in x.operands for y in joined_by(operand, *joints)]


def unsigned(x: Any) -> Any:
    """Return the operand of a minus, and anything else as it is."""
    return x.operands[0] if operation(x) is p.neg else x


def turned_round(order: Sequence[Value]) -> Value | None:
    """Return the error that a loss is minus of, if it is: to lower the loss raises the error."""
    loss = order[-1]
    if loss.op is p.neg:
        [error] = loss.operands
    elif loss.op is p.mul and any(isinstance(x, float) and x < 0 for x in loss.operands):
        [error] = [x for x in loss.operands if isinstance(x, Value)]
    else:
        return None
    judges = any(x.op in ERRORS and not x.label for x in order)  # an activation has a label
    return error if judges and error.data >= 0 else None


# Data and parameters -----------------------------------------------------------------------------


def no_number(order: Iterable[Value], parameters: Collection[Value]) -> str:
    """Say which constant or leaf that is no parameter is NaN or infinite, if there is one."""
    for node in order:
        for i, x in enumerate(node.operands):
            plain = x if isinstance(x, float) else 0.0 if x.depth or x in parameters else x.data
            if not math.isfinite(plain):
                return f"{tell_operand(node, i)} is {plain}"
    return ""


def tell_operand(node: Value, position: int) -> str:
    """Say what an operand is: the input that a weight multiplies, or which one of which node.

    A weighted sum has the weights first, then as many inputs, then the bias.
    """
    operands = node.operands
    pairs = len(operands) // 2 if node.op is affine_sum else 1
    partner = operands[(position + pairs) % (2 * pairs)] if position < 2 * pairs else None
    if node.op in (p.mul, affine_sum) and isinstance(partner, Value) and partner.label:
        return f"the input that {write_label(partner.label)} multiplies"
    return f"operand {position + 1} of {write_label(node.label) or node.op.name}"


def shifted(order: Iterable[Value], parameters: Collection[Value]) -> list[Value]:
    """List the nodes that are a parameter plus or minus a plain number."""
    return [
        node
        for node in order
        if node.op in (p.sub, p.add)
        and node.operands[0] in parameters
        and isinstance(node.operands[1], float)
    ]


def twins(order: Sequence[Value], parameters: Collection[Value]) -> set[frozenset[str]]:
    """Return the groups of hidden units that compute the same and are told the same.

    A unit is known by its parameters. Units that nothing tells apart stay equal in any training.
    """
    sums = [x for x in order if x.op is affine_sum or (x.op in SUMS and x.depth > 1)]
    units: defaultdict[tuple[Value, ...], list[tuple[float, float]]] = defaultdict(list)
    names, depths = {}, [x.depth for x in sums]
    for node in sums:
        own = tuple(weights(node, parameters))
        if own and node.depth < max(depths):
            units[own].append((node.data, node.grad))
            name = write_label(node.label).rpartition(".")[0]
            names[own] = name or write_label(own[0].label) or "a unit"
    groups: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for own, seen in units.items():
        groups[len(own), *seen].append(names[own])
    return {frozenset(group) for group in groups.values() if len(set(group)) > 1}


def weights(node: Value, parameters: Collection[Value]) -> Iterator[Value]:
    """Yield the parameters that a sum, or a sum of products, is made of."""
    for x in node.operands:
        if x in parameters:
            yield x
        elif operation(x) in (*SUMS, p.mul) and node.op is not affine_sum:
            yield from weights(x, parameters)


def operation(x: Any) -> Any:
    """Return what computed a node; None for a plain number."""
    return getattr(x, "op", None)
