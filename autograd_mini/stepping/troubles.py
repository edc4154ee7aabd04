"""Troubles: the first number that is not finite, and where 0 · undefined was counted as 0.

>>> from autograd_mini.engine import Value
>>> x = Value(0.0, "x")
>>> tell_troubles(Graph(x.sqrt() ** 2))
['0 · undefined at v1 = sqrt(x): it was counted as 0, which may be wrong']
>>> tell_troubles(Graph(Value(1e308, "x") * 10))
['the first that is not finite: L = x·10 = 1e+308 × 10 ≈ inf']
"""

from autograd_mini.notation.equation import write_equation
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.steps import Evaluation

DOUBTS_TOLD = 20  # nodes that are told


def tell_troubles(graph: Graph) -> list[str]:
    """Say what makes the numbers of a graph doubtful, one sentence for each trouble."""
    return [*tell_first_bad(graph), *tell_doubts(graph)]


def tell_first_bad(graph: Graph) -> list[str]:
    """Say which node is the first whose data is not finite, with its operands, if there is one."""
    bad = graph.first_bad
    return [f"the first that is not finite: {Evaluation(bad, graph).equation}"] if bad else []


def tell_doubts(graph: Graph) -> list[str]:
    """Say at which nodes the adjoint is 0 at this point only, and a partial does not exist."""
    found = [node for node in graph if node in graph.doubtful] if graph.doubtful else []
    more = len(found) - DOUBTS_TOLD
    told = [write_equation(graph[node], graph.algebra(node)) for node in found[:DOUBTS_TOLD]]
    lines = [f"0 · undefined at {x}: it was counted as 0, which may be wrong" for x in told]
    return [*lines, f"0 · undefined at {more:,} more nodes"] if more > 0 else lines
