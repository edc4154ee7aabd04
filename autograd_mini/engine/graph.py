"""The graph as a whole: compute it anew, differentiate it into new Values, find what went wrong.

>>> x = Value(3.0)
>>> y = x**3
>>> [first] = gradient(y, [x])
>>> [second] = gradient(first, [x])
>>> first.data, second.data
(27.0, 18.0)
"""

from collections.abc import Collection, Iterable, Iterator, Sequence, Set

from autograd_mini.engine.anew import Anew
from autograd_mini.engine.arguments import no_value, several
from autograd_mini.engine.care import CarefulPass, Need, is_off, needs_in_doubt, passes_nothing
from autograd_mini.engine.collector import quiet_collector
from autograd_mini.engine.messages import find_first_bad, refuse_swapped, tell_node
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.steady import moving_adjoints
from autograd_mini.engine.undefined import Undefined
from autograd_mini.engine.value import Value
from autograd_mini.engine.waiting import show_progress


def recompute(output: Value) -> Value:
    """Compute every node of the graph anew from the data of its leaves, and return *output*.

    Raises what the primitives raise, and then leaves the graph as it was, as Ctrl-C does.

    >>> a = Value(2.0)
    >>> y = a * a
    >>> a.data = 5.0
    >>> y.data, recompute(y).data
    (4.0, 25.0)
    """
    with quiet_collector():
        Anew(topological_order(one_value(output))).changes.make()
    return output


def one_value(x: object) -> Value:
    """Return a Value; raise TypeError for anything else."""
    if isinstance(x, Value):
        return x
    raise no_value(x)


def first_bad(output: Value) -> Value | None:
    """Return the first node, in topological order, whose data is not finite; None if all are.

    Its operands are finite, so it is where an infinity or a NaN comes from.

    >>> x = Value(1e308, "x")
    >>> y = (x * 10 - x * 10).tanh()
    >>> first_bad(y), first_bad(x)
    (Value(data=inf, grad=0.0), None)
    """
    return find_first_bad(topological_order(one_value(output)))


def doubtful(output: Value) -> list[Value]:
    """List the nodes at which ``backward`` counts 0 · undefined as 0, though that may be wrong.

    There the node's own adjoint is 0 at this point only, and a partial does not exist.

    >>> x = Value(0.0, "x")
    >>> root = x.sqrt()
    >>> doubtful(root**2) == [root], doubtful(root.maximum(1.0))
    (True, [])
    """
    order = topological_order(one_value(output))
    if not any(isinstance(partial, Undefined) for node in order for partial in node.partials):
        return []
    careful = CarefulPass(output)
    moving = moving_adjoints(output, careful.adjoints)
    needs = {need.node for need in careful.needs if need.adjoint == 0 and need.node in moving}
    return [node for node in order if node in needs]


# The gradient as Values --------------------------------------------------------------------------


def gradient(output: Value, inputs: Iterable[Value]) -> list[Value]:
    """Return the derivatives of *output* as Values, ready to be differentiated again.

    Applies the rules to Values, leaves every ``grad`` alone, and gives 0 for an input that
    *output* does not depend on. Only the nodes between *inputs* and *output* matter.

    Raises ValueError if the data of one of them was edited after the forward pass, or if an input
    is computed from *output*, since the two are swapped; the primitive's own class of error where a
    derivative is needed that does not exist, unlike ``backward`` also where its adjoint is 0 at
    this point only. Raises TypeError unless *output* is a Value and *inputs* are several.

    >>> x, y = Value(3.0), Value(2.0)
    >>> [slope] = gradient(x**3 * y, [x])
    >>> slope.data, gradient(slope, [x, y])[1].data
    (54.0, 27.0)
    """
    xs = list_inputs(output, inputs)
    with quiet_collector():
        refuse_swapped(output, xs)
        adjoints = gather_adjoints(output, nodes_between(xs, topological_order(output)))
    return [as_value(adjoints.get(x, 0.0)) for x in xs]


def gather_adjoints(output: Value, between: Sequence[Value]) -> dict[Value, Value | float]:
    """Return the adjoints of the nodes between some inputs and the output, as Values."""
    wanted = set(between)
    adjoints: dict[Value, Value | float] = {output: 1.0}
    needs: list[Need] = []
    for node in show_progress(reversed(between), len(between), "differentiating"):
        if node in adjoints:
            for operand, term in terms(node, adjoints[node], wanted, needs):
                adjoints[operand] = adjoints[operand] + term if operand in adjoints else term
    if needs:
        numbers = {node: data_of(x) for node, x in adjoints.items()}
        for need in needs_in_doubt(output, needs, numbers):
            need.demand()
    return adjoints


def data_of(x: Value | float) -> float:
    """Return the number of a Value or a constant."""
    return x.data if isinstance(x, Value) else x


def as_value(x: Value | float) -> Value:
    """Return a Value as it is, and a new one for a constant."""
    return x if isinstance(x, Value) else Value(x)


def list_inputs(output: Value, inputs: Iterable[Value]) -> list[Value]:
    """List the inputs; raise TypeError unless they and the output are Values."""
    one_value(output)
    if not several(inputs):  # as a Value
        raise TypeError(f"need a list of inputs, got {inputs!r:.60}; for one write [x]")
    found = list(inputs)
    for i, x in enumerate(found, 1):
        if not isinstance(x, Value):
            raise TypeError(f"input {i} is {type(x).__name__} {x!r:.40}; need a Value of the graph")
    return found


def nodes_between(inputs: Iterable[Value], order: Collection[Value]) -> list[Value]:
    """List the inputs and the nodes computed from them, of a graph in topological *order*."""
    found = set(inputs)
    for node in order:
        if not found.isdisjoint(node.operands):
            found.add(node)
    return [node for node in order if node in found]


def terms(
    node: Value, adjoint: Value | float, wanted: Set[Value], needs: list[Need]
) -> Iterator[tuple[Value, Value | float]]:
    """Yield each *wanted* operand of a node with its term, adjoint · partial.

    It is a Value where it depends on one, else a constant, as the 1 that the pass starts with. A
    branch that is off gives none. A partial that does not exist is added to the *needs*.
    """
    operands = node.operands
    partials = node.op.partials(operands, node, [x in wanted for x in operands])
    for i, (stored, partial) in enumerate(zip(node.partials, partials, strict=True)):
        if partial is None:
            continue
        now = partial._data if isinstance(partial, Value) else partial
        if now == stored != 0:  # as in most nodes
            yield operands[i], adjoint * partial
            continue
        agree(node, float(now), stored)
        if isinstance(stored, Undefined):
            needs.append(Need(node, stored, data_of(adjoint)))
        elif not is_off(node, i):
            yield operands[i], 0.0 if passes_nothing(node, i) else adjoint * partial


def agree(node: Value, now: float, stored: float) -> None:
    """Raise ValueError unless a partial is what it was in the forward pass, to the last bit."""
    if now.hex() != stored.hex():  # -0.0 is not 0.0, but NaN is NaN
        raise ValueError(
            f"the operands of {tell_node(node)} were edited after it was computed: "
            "call recompute first"
        )
