"""Random expression graphs for property tests, and the sum over paths by brute force."""

from hypothesis import strategies as st

from autograd_mini import Value
from autograd_mini.engine import primitives

UNARY = [primitives.neg, primitives.tanh, primitives.sin, primitives.sigmoid, primitives.exp]
UNARY += [primitives.relu, primitives.softplus, primitives.absolute, primitives.atan]
BINARY = [primitives.add, primitives.sub, primitives.mul, primitives.maximum, primitives.minimum]

numbers = st.floats(-2, 2).map(lambda x: round(x, 3))


@st.composite
def graphs(draw, leaves=3, most=12):
    """Draw a list of leaves and an output whose operands are shared at random."""
    nodes = [Value(draw(numbers), f"x{i}") for i in range(draw(st.integers(1, leaves)))]
    count = len(nodes)
    for _ in range(draw(st.integers(1, most))):
        op = draw(st.sampled_from(UNARY + BINARY))
        pool = nodes if len(op.rules) == 1 else [*nodes, draw(numbers)]
        operands = [draw(st.sampled_from(pool)) for _ in op.rules]
        if not any(isinstance(x, Value) for x in operands):
            operands[0] = nodes[-1]
        nodes.append(op(*operands))
    output = nodes[-1] * 1.0  # so that the output is never a leaf or a leaf's only name
    for node in nodes[count:-1]:
        if draw(st.booleans()):
            output = output + node
    return nodes[:count], output


def sum_over_paths(node, leaf):
    """Return the sum over all paths from node to leaf of the product of their partials."""
    if node is leaf:
        return 1.0
    pairs = zip(node.operands, node.partials, strict=True)
    return sum(d * sum_over_paths(x, leaf) for x, d in pairs if isinstance(x, Value))
