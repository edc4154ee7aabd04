"""Slips: mistakes made with pencil and paper, each a wrong engine that runs over any graph.

Most take a wrong partial somewhere, and are right in all else. None holds a number: what each of
them gives is worked out from the table's own rule.

>>> import math
>>> from autograd_mini.stepping.missteps import POWER_FOR_EXPONENTIAL
>>> a = Value(2.0, "a")
>>> y = (a * a).exp()
>>> power_for_exponential = ENGINES[POWER_FOR_EXPONENTIAL]
>>> right(y)[a] == 4 * math.exp(4), power_for_exponential(y)[a] == 4 * 4 * math.exp(3)
(True, True)
>>> b = Value(3.0, "b")
>>> [x.full for x in leave_out_paths(Graph(a * b + a), a)]
['left out the path L → v1 → a; its share is 3', 'left out the path L → a; its share is 1']
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.undefined import attempt
from autograd_mini.stepping import missteps
from autograd_mini.stepping.missteps import Formula, Misstep, read_part, write_misstep
from autograd_mini.stepping.naming import Graph, number
from autograd_mini.stepping.paths import MOST_LEFT_OUT, Path, count_paths, find_paths
from autograd_mini.stepping.steps import Edge, Worked, edges
from autograd_mini.teach import mistakes
from autograd_mini.teach.mistakes import Edges, Mistake, mistake_of_edges, right


class Slip(NamedTuple):
    """A wrong number: what "you" did to get it, why that is wrong, and what it is counted as."""

    number: float
    told: str
    reason: str = ""
    mistake: str = ""

    @property
    def full(self) -> str:
        """What was done, with the reason."""
        return self.told + self.reason

    @property
    def counted(self) -> str:
        """The mistake under which the statistics of a class count it."""
        return self.mistake or self.told


def slip_of(misstep: Misstep, number: float, where: str = "") -> Slip:
    """Return the slip of a misstep: the number it gives, what was done, and *where*."""
    return Slip(number, misstep.told, misstep.reason + where)


# Partials that are wrong --------------------------------------------------------------------------


def take_partials(wrong: Callable[[Edge], float]) -> Edges:
    """Return what gives each edge of a node the partial that a *wrong* rule gives."""
    return lambda node: [edge._replace(partial=attempt(wrong, edge)) for edge in edges(node)]


def work_out_misstep(misstep: Misstep, edge: Edge) -> float:
    """Return what one finds for the partial of an edge; the right one where it cannot be missed."""
    node = edge.node
    formula = write_misstep(misstep, node.op, edge.position, missteps.constants_of(node))
    if not isinstance(formula, Formula):
        return edge.partial if formula is None else formula
    operands = [Worked(x.data if isinstance(x, Value) else x) for x in node.operands]
    found: float = read_part(formula, operands, Worked(node.data), Worked(edge.partial)).data
    return found


def take_whole(edge: Edge) -> float:
    """Return the derivative of the operation, on all places where the operand stands."""
    return sum(other.partial for other in edges(edge.node) if other.operand is edge.operand)


whole_derivative = mistake_of_edges(missteps.WHOLE_DERIVATIVE, take_partials(take_whole))


# Other wrong engines ------------------------------------------------------------------------------


wrong_sign = Mistake(
    missteps.WRONG_SIGN,
    lambda output: defaultdict(float, {x: -grad for x, grad in right(output).items()}),
    lambda output: not any(right(output).values()),
    edges=take_partials(lambda edge: -edge.partial),
)

added_factors = Mistake(  # beside an adjoint of 1 nobody does more than copy
    missteps.ADDED_FACTORS,
    partial(right, term=lambda adjoint, d: d if adjoint == 1 else adjoint + d),
    lambda output: all(x == 1 for node, x in right(output).items() if node.depth),
)

ENGINES = {
    misstep: mistake_of_edges(misstep, take_partials(partial(work_out_misstep, misstep)))
    for misstep in missteps.OF_RULES
}
ENGINES |= {missteps.WRONG_SIGN: wrong_sign, missteps.SWAPPED_OPERANDS: mistakes.swapped_operands}

# What one does where a single step is asked for, what is wrong with one rule, and what one can do
# all the way from the output to the leaves.
OF_A_STEP = {"own_factor", "product_rule", "result", "took_for_constant"}
AT_A_STEP = (*(x for x in ENGINES.values() if x.misstep.name in OF_A_STEP), whole_derivative)
OF_A_RULE = tuple(engine for engine in ENGINES.values() if engine not in AT_A_STEP)
ON_THE_WAY: tuple[Mistake, ...] = (
    mistakes.overwrite,
    mistakes.recursion,
    mistakes.same_edge_once,
    mistakes.forgot_chain,
    mistakes.forgot_partial,
    added_factors,
    *OF_A_RULE,
)


# Paths that are left out --------------------------------------------------------------------------


def leave_out_paths(graph: Graph, node: Value) -> Iterator[Slip]:
    """Yield the derivative that each choice of paths to a node gives, the fewest left out first.

    At least one path stays. A number that several choices give is told once, for those that leave
    out the fewest. Where there are more than `MOST_LEFT_OUT` paths, yields nothing.
    """
    ways = count_paths(graph, node)
    if ways[graph.output] > MOST_LEFT_OUT:
        return
    paths = [*find_paths(graph, node, ways)]
    found: dict[str, list[Sequence[Path]]] = defaultdict(list)
    for count in range(1, len(paths)):
        for choice in combinations(paths, count):
            key = f"{sum(x.product for x in paths if x not in choice):.9g}"
            if not found[key] or len(found[key][0]) == count:
                found[key].append(choice)
    for key, choices in found.items():
        yield Slip(float(key), *tell_left_out(choices), missteps.LEFT_ONE.told)


def tell_left_out(choices: Sequence[Sequence[Path]]) -> tuple[str, str]:
    """Say which paths were left out, and their shares, or what all of the *choices* share."""
    first = choices[0]
    products = [x.product for x in first]
    routes, shares = " and ".join(x.route for x in first), " and ".join(map(number, products))
    if len(choices) == 1:
        misstep = missteps.LEFT_PATH if len(first) == 1 else missteps.LEFT_PATHS
        return misstep.told.format(routes), misstep.reason.format(shares)
    if len(first) == 1:
        return missteps.LEFT_ONE.told, missteps.LEFT_ONE.reason.format(shares)
    misstep = missteps.LEFT_SOME
    return misstep.told.format(len(first)), misstep.reason.format(number(sum(products)))
