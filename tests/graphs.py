"""Random expression graphs for property tests, and the sum over paths by brute force."""

import math
from importlib.util import find_spec

from hypothesis import strategies as st

from autograd_mini import Value
from autograd_mini.engine import primitives
from autograd_mini.engine.sums import affine_sum, sum_of

UNARY = [primitives.neg, primitives.tanh, primitives.sin, primitives.sigmoid, primitives.exp]
UNARY += [primitives.relu, primitives.softplus, primitives.absolute, primitives.atan]
BINARY = [primitives.add, primitives.sub, primitives.mul, primitives.maximum, primitives.minimum]
EVERY = [*primitives.TABLE.values(), sum_of, affine_sum]

numbers = st.floats(-2, 2).map(lambda x: round(x, 3))
special = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 1e200, math.inf, -math.inf])
kinds = [float, int]
if find_spec("numpy"):  # the browser's Python has none
    import numpy as np

    kinds[1:1] = [np.float64, np.float32]


@st.composite
def graphs(draw, leaves=3, most=12):
    """Draw a list of leaves and an output whose operands are shared at random.

    These graphs are made to be looked at: all their numbers are finite and short.
    """
    nodes = [Value(draw(numbers), f"x{i}") for i in range(draw(st.integers(1, leaves)))]
    count = len(nodes)
    extend(draw, nodes, UNARY + BINARY, numbers, most)
    output = nodes[-1] * 1.0  # so that the output is never a leaf or a leaf's only name
    for node in nodes[count:-1]:
        if draw(st.booleans()):
            output = output + node
    return nodes[:count], output


@st.composite
def wild_graphs(draw, leaves=3, most=8, *, tame=False):
    """Draw the same of every primitive, sums among them, and of numbers of every kind.

    Leaves and constants are infinities, zeros of either sign, and NaN in one leaf at most; a *tame*
    graph has finite ones alone.
    """
    some = numbers if tame else st.one_of(numbers, special)
    nodes = [Value(draw(some), f"x{i}") for i in range(draw(st.integers(1, leaves)))]
    count = len(nodes)
    if not tame and draw(st.integers(0, 5)) == 0:
        nodes[0].data = math.nan
    extend(draw, nodes, EVERY, some, most)
    return nodes[:count], nodes[-1] * 1.0


def extend(draw, nodes, ops, some, most):
    """Add so many results at most to the nodes; an operation that fails is left out."""
    for _ in range(draw(st.integers(1, most))):
        try:
            nodes.append(apply(draw, draw(st.sampled_from(ops)), nodes, some))
        except (ArithmeticError, ValueError):
            continue


def apply(draw, op, nodes, some):
    """Apply a primitive to operands drawn from the nodes and, among several, from constants."""
    places = {sum_of: draw(st.integers(1, 5)), affine_sum: 2 * draw(st.integers(0, 3)) + 1}
    arity = places[op] if op in places else len(op.rules)
    operands = [draw(st.sampled_from(nodes)) for _ in range(arity)]
    if arity > 1 and draw(st.integers(0, 2)) == 0:
        i = draw(st.integers(1, arity - 1))
        operands[i] = constant(draw, some)
        operands = operands[::-1] if draw(st.booleans()) else operands
    return op(*operands)


def constant(draw, some):
    """Draw a plain number of any kind."""
    x = draw(some)
    return draw(st.sampled_from(kinds if math.isfinite(x) and abs(x) < 1e9 else kinds[:2]))(x)


def sum_over_paths(node, leaf):
    """Return the sum over all paths from node to leaf of the product of their partials."""
    if node is leaf:
        return 1.0
    pairs = zip(node.operands, node.partials, strict=True)
    return sum(d * sum_over_paths(x, leaf) for x, d in pairs if isinstance(x, Value))
