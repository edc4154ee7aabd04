"""Slips: mistakes made with pencil and paper, each a wrong engine that runs over any graph.

Most take a wrong partial somewhere, and are right in all else. None holds a number: what each of
them gives is worked out from the table's own rule.

>>> a = Value(2.0, "a")
>>> y = (a * a).exp()
>>> right(y)[a] == 4 * math.exp(4), power_for_exponential(y)[a] == 4 * 4 * math.exp(3)
(True, True)
>>> b = Value(3.0, "b")
>>> ["".join(x[1:]) for x in leave_out_paths(Graph(a * b + a), a)]
['left out the path L → v1 → a; its share is 3', 'left out the path L → a; its share is 1']
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import Any, NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.primitives import Primitive, add, div, exp, mul, power, sub
from autograd_mini.engine.undefined import attempt
from autograd_mini.notation.notation import write_partial
from autograd_mini.notation.text import Symbol
from autograd_mini.stepping.naming import REST, Graph, number, symbol, write_rules
from autograd_mini.stepping.paths import Path, count_paths, find_paths, leave_out_middle
from autograd_mini.stepping.steps import Edge, Worked, edges
from autograd_mini.teach.mistakes import (
    Edges,
    Found,
    Mistake,
    are_right,
    forgot_chain,
    forgot_partial,
    overwrite,
    recursion,
    right,
    same_edge_once,
    swapped_operands,
)

MOST_PATHS = 6  # of a node: of so many, all choices of paths to leave out are tried


# Partials that are wrong --------------------------------------------------------------------------


def take_partials(wrong: Callable[[Edge], float]) -> Edges:
    """Return what gives each edge of a node the partial that a *wrong* rule gives."""
    return lambda node: [edge._replace(partial=attempt(wrong, edge)) for edge in edges(node)]


def mistake_of_rule(name: str, wrong: Callable[[Edge], float], told: str, when: str) -> Mistake:
    """Return the engine whose partials are those of a *wrong* rule."""
    taken = take_partials(wrong)
    return Mistake(
        name, partial(right, edges=taken), told, partial(are_right, other=taken), when, edges=taken
    )


def rework(
    edge: Edge,
    kind: type[Worked] = Worked,
    operand: float | None = None,
    result: float | None = None,
) -> float:
    """Work the book's rule of an edge out, with another *operand* or *result*, or in another kind.

    A rule that takes nothing but floats has no other form: its own partial stands.
    """
    node = edge.node
    operands = [
        kind(x.data if operand is None else operand) if isinstance(x, Value) else x
        for x in node.operands
    ]
    try:
        y = kind(node.data if result is None else result)
        found = write_partial(node.op, edge.position, operands, y)
    except TypeError:
        return edge.partial
    partial: float = found.data if isinstance(found, Worked) else found
    return partial


class WithoutOne(Worked):
    """A rule as it is worked out by who leaves out a ``1 -`` or ``1 +``."""

    @classmethod
    def apply(cls, op: Primitive, *operands: Any) -> Any:
        """Work an operation out; of 1 and something else, take the something else."""
        others = [x for x in operands if isinstance(x, cls)]
        if op in (add, sub) and len(others) == 1 and 1.0 in operands:
            return others[0]
        return super().apply(op, *operands)


class WithoutSquare(Worked):
    """A rule as it is worked out by who does not square."""

    @classmethod
    def apply(cls, op: Primitive, *operands: Any) -> Any:
        """Work an operation out; take the base for its square."""
        return operands[0] if op is power and operands[1] == 2.0 else super().apply(op, *operands)


def lose_minus(edge: Edge) -> float:
    """Return the partial without the minus that its rule begins with."""
    found = write_rules(edge.node, lambda _: symbol("x"), Symbol)[edge.position]
    return -edge.partial if str(found).startswith(Symbol.MINUS) else edge.partial


def take_input(edge: Edge) -> float:
    """Return the partial of a function with its input where the rule says output."""
    is_function = len(edge.node.operands) == 1
    return rework(edge, result=edge.operand.data) if is_function else edge.partial


def take_output(edge: Edge) -> float:
    """Return the partial of a function with its output where the rule says input."""
    is_function = len(edge.node.operands) == 1
    return rework(edge, operand=edge.node.data) if is_function else edge.partial


def leave_out_square(edge: Edge) -> float:
    """Return the partial without squaring; the rule of a quotient is -a/b² in books."""
    if edge.node.op is div and edge.position == 1:
        return edge.partial * edge.operand.data
    return rework(edge, WithoutSquare)


def take_power_rule(edge: Edge) -> float:
    """Return the partial that the rule of a power gives where the operand is the exponent."""
    node, x = edge.node, edge.operand.data
    if node.op is exp:
        return x * math.exp(x - 1)
    if node.op is power and edge.position == 1:
        base = node.operands[0]
        return x * math.pow(getattr(base, "data", base), x - 1)
    return edge.partial


def constant_exponent(edge: Edge) -> float | None:
    """Return the exponent of a power, if it is a number."""
    exponent = edge.node.operands[-1]
    is_power = edge.node.op is power and isinstance(exponent, float)
    return exponent if is_power else None


def leave_out_exponent(edge: Edge) -> float:
    """Return the partial of a power without its first factor."""
    return edge.partial / (constant_exponent(edge) or 1.0)


def keep_exponent(edge: Edge) -> float:
    """Return the partial of a power with the exponent that it had."""
    return edge.partial * (1.0 if constant_exponent(edge) is None else edge.operand.data)


def take_result(edge: Edge) -> float:
    """Return the result of the operation."""
    return edge.node.data


def take_result_of_function(edge: Edge) -> float:
    """Return the result where the operation is a function such as tanh."""
    return edge.node.data if edge.node.op.name.isidentifier() else edge.partial


def take_product_rule(edge: Edge) -> float:
    """Return the other operand where the operation is a sum."""
    if edge.node.op not in (add, sub):
        return edge.partial
    other = edge.node.operands[1 - edge.position]
    return float(getattr(other, "data", other))


def take_own_factor(edge: Edge) -> float:
    """Return the operand itself where the operation is a product."""
    return edge.operand.data if edge.node.op is mul else edge.partial


def take_whole(edge: Edge) -> float:
    """Return the derivative of the operation, on all places where the operand stands."""
    return sum(other.partial for other in edges(edge.node) if other.operand is edge.operand)


lost_minus = mistake_of_rule(
    "lost_minus", lose_minus, "lost a minus sign", "no rule begins with a minus"
)
input_for_output = mistake_of_rule(
    "input_for_output",
    take_input,
    "took the input for the output",
    "no function has a rule of its output",
)
output_for_input = mistake_of_rule(
    "output_for_input",
    take_output,
    "took the output for the input",
    "no function has a rule of its input",
)
forgot_one = mistake_of_rule(
    "forgot_one",
    lambda edge: rework(edge, WithoutOne),
    "left out the 1 of the rule",
    "no rule adds or subtracts a 1",
)
forgot_square = mistake_of_rule(
    "forgot_square", leave_out_square, "forgot the square in the rule", "no rule has a square"
)
power_for_exponential = mistake_of_rule(
    "power_for_exponential",
    take_power_rule,
    "took the rule of a power for an exponential",
    "no operand is an exponent",
)
forgot_exponent = mistake_of_rule(
    "forgot_exponent",
    leave_out_exponent,
    "left out the exponent as a factor",
    "there is no power",
)
kept_exponent = mistake_of_rule(
    "kept_exponent", keep_exponent, "did not lower the exponent", "there is no power"
)
result_of_function = mistake_of_rule(
    "result_of_function",
    take_result_of_function,
    "gave the data of the result, not its derivative",
    "every function is its own derivative",
)
result = mistake_of_rule(
    "result",
    take_result,
    result_of_function.told,
    "every result is its own derivative",
)
took_for_constant = mistake_of_rule(
    "took_for_constant", lambda _: 0.0, "took it for a constant", "every partial is 0"
)
product_rule = mistake_of_rule(
    "product_rule",
    take_product_rule,
    "took the rule of a product, but this is none",
    "there is no sum",
)
own_factor = mistake_of_rule(
    "own_factor", take_own_factor, swapped_operands.told, "there is no product"
)
whole_derivative = mistake_of_rule(
    "whole_derivative",
    take_whole,
    "gave the whole derivative: asked is the share of one operand that stands in several places",
    "no operation has the same operand twice",
)


# Other wrong engines ------------------------------------------------------------------------------


def negate(output: Value) -> Found:
    """Find every gradient with the wrong sign."""
    return defaultdict(float, {node: -grad for node, grad in right(output).items()})


wrong_sign = Mistake(
    "wrong_sign",
    negate,
    "have the sign wrong",
    lambda output: not any(right(output).values()),
    "every gradient is 0",
    edges=take_partials(lambda edge: -edge.partial),
)


def add_factors(adjoint: float, partial: float) -> float:
    """Return the sum of the factors; beside an adjoint of 1 nobody does more than copy."""
    return partial if adjoint == 1 else adjoint + partial


added_factors = Mistake(
    "added_factors",
    partial(right, term=add_factors),
    "added the factors: along a path they multiply",
    lambda output: all(x == 1 for node, x in right(output).items() if node.depth),
    "every adjoint on the way is 1",
)

# What one can do all the way from the output to the leaves, what is wrong with one rule, and what
# one does where a single step is asked for.
OF_A_RULE: tuple[Mistake, ...] = (
    wrong_sign,
    swapped_operands,
    lost_minus,
    input_for_output,
    output_for_input,
    forgot_one,
    forgot_square,
    power_for_exponential,
    forgot_exponent,
    kept_exponent,
    result_of_function,
)
AT_A_STEP: tuple[Mistake, ...] = (
    own_factor,
    whole_derivative,
    product_rule,
    result,
    took_for_constant,
)
ON_THE_WAY: tuple[Mistake, ...] = (
    overwrite,
    recursion,
    same_edge_once,
    forgot_chain,
    forgot_partial,
    added_factors,
    *OF_A_RULE,
)


# Paths that are left out --------------------------------------------------------------------------


class LeftOut(NamedTuple):
    """The derivative that one finds who leaves paths out, which, and their shares."""

    number: float
    told: str
    reason: str


def leave_out_paths(graph: Graph, node: Value) -> Iterator[LeftOut]:
    """Yield the derivative that each choice of paths to a node gives, the fewest left out first.

    At least one path stays. A number that several choices give is told once, for those that leave
    out the fewest. Where there are more than `MOST_PATHS` paths, yields nothing.
    """
    ways = count_paths(graph, node)
    if ways[graph.output] > MOST_PATHS:
        return
    paths = [*find_paths(graph, node, ways)]
    found: dict[str, list[Sequence[Path]]] = defaultdict(list)
    for count in range(1, len(paths)):
        for choice in combinations(paths, count):
            key = f"{sum(x.product for x in paths if x not in choice):.9g}"
            if not found[key] or len(found[key][0]) == count:
                found[key].append(choice)
    for key, choices in found.items():
        yield LeftOut(float(key), *tell_left_out(choices))


def tell_left_out(choices: Sequence[Sequence[Path]]) -> tuple[str, str]:
    """Say which paths were left out, and their shares, or what all of the *choices* share."""
    first = choices[0]
    products = [x.product for x in first]
    if len(first) == 1:
        which = f"the path {write_route(first[0])}" if len(choices) == 1 else "a path"
        return f"left out {which}", f"; its share is {number(products[0])}"
    if len(choices) == 1:
        shares = " and ".join(map(number, products))
        routes = " and ".join(map(write_route, first))
        return f"left out the paths {routes}", f"; their shares are {shares}"
    return f"left out {len(first)} paths", f"; their shares add up to {number(sum(products))}"


def write_route(path: Path) -> str:
    """Write the nodes of a path, and through which operand it goes where that is not clear."""
    stops = leave_out_middle(path.edges, lambda edge: write_stop(path, edge), REST)
    return " → ".join([path.graph.title, *stops])


def write_stop(path: Path, edge: Edge) -> str:
    """Write the operand to which an edge leads."""
    name = path.graph[edge.operand]
    several = sum(x is edge.operand for x in edge.node.operands) > 1
    return f"{name} (through operand {edge.position + 1})" if several else name
