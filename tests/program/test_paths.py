"""One graph, many paths: each finds the same value, derivatives and errors, to the last bit."""

import math
import warnings
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import assume, given, settings

from autograd_mini import Primitive, Value, fast, gradient, record, topological_order
from autograd_mini.engine.graph import doubtful
from autograd_mini.engine.undefined import UndefinedWarning
from autograd_mini.stepping.steps import steps
from tests.graphs import wild_graphs

FAILURES = ArithmeticError, ValueError


def bits(numbers):
    """Write numbers with all their digits and signs; NaN has none."""
    return ["nan" if math.isnan(x) else float(x).hex() for x in numbers]


@contextmanager
def in_silence():
    """Leave out the warnings of 0 · undefined and NumPy's."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", UndefinedWarning)
        yield


def outcome(find, *arguments):
    """Return the bits that a path finds, or the class of its error."""
    with in_silence():
        try:
            return bits(find(*arguments))
        except FAILURES as error:
            return type(error)


def eager(leaves, output):
    """Return value and gradients by a pass onto cleared grads."""
    output.zero_grad()
    output.backward()
    return [output.data, *(x.grad for x in leaves)]


def rebuilt(leaves, output):
    """Apply the same primitives again, to new leaves."""
    new = {leaf: Value(leaf.data, leaf.label) for leaf in leaves}
    for node in topological_order(output):
        if node.depth:
            new[node] = node.op(*(new.get(x, x) for x in node.operands))
    return [new[leaf] for leaf in leaves], new[output]


def plain(leaves, output):
    """Return what the plain engine finds."""
    with fast.off():
        return eager(*rebuilt(leaves, output))


def recorded(leaves, output):
    """Return what a program finds on floats; of a leaf that does not occur, nothing."""
    used = [x for x in leaves if x in topological_order(output)]
    found = record(output, used).value_and_gradients(*(x.data for x in used))
    known = dict(zip(used, found.inputs, strict=True))
    return [found.value, *(0.0 + known.get(x, 0.0) for x in leaves)]  # as grads, which start at 0


def walked(leaves, output):
    """Return the gradients that the steps add up to."""
    totals = {output: 1.0} | {step.operand: step.total for step in steps(output)}
    return [output.data, *(0.0 + totals.get(x, 0.0) for x in leaves)]


def as_values(leaves, output):
    """Return the derivatives that ``gradient`` finds."""
    return [output.data, *(0.0 + d.data for d in gradient(output, leaves))]


@settings(max_examples=150)
@given(wild_graphs())
def test_the_plain_engine_finds_what_the_written_one_finds_to_the_last_bit(graph):
    assert outcome(plain, *graph) == outcome(eager, *graph)


@settings(max_examples=150)
@given(wild_graphs())
def test_a_program_finds_what_the_graph_finds_to_the_last_bit(graph):
    assert outcome(recorded, *graph) == outcome(eager, *graph)


@settings(max_examples=100)
@given(wild_graphs())
def test_the_steps_add_up_to_what_backward_finds_to_the_last_bit(graph):
    found = outcome(eager, *graph)
    if isinstance(found, list):
        assert outcome(walked, *graph) == found


@settings(max_examples=150)
@given(wild_graphs())
def test_the_gradient_as_values_is_that_of_backward_or_an_error_where_it_warns(graph):
    found, derivatives = outcome(eager, *graph), outcome(as_values, *graph)
    if derivatives != found:
        assert doubtful(graph[1]) or close(found, derivatives), graph[1]


def close(found, expected):
    """Tell whether numbers are equal but for the order in which terms were added."""
    if isinstance(found, type) or isinstance(expected, type):
        return found == expected
    pairs = [
        [float("nan") if x == "nan" else float.fromhex(x) for x in xs] for xs in (found, expected)
    ]
    return bool(np.allclose(*pairs, rtol=1e-9, atol=1e-300, equal_nan=True))


def on_arrays(leaves, output, machine=False):
    """Return what a program finds for two samples that are alike."""
    used = [x for x in leaves if x in topological_order(output)]
    program = record(output, used)
    program = program.compile(kernel=True) if machine else program
    found = program.value_and_gradients(*(np.array([x.data, x.data]) for x in used))
    known = dict(zip(used, (2 * d[0] for d in found.inputs), strict=True))
    return [found.value, *(known.get(x, 0.0) for x in leaves)]


@settings(max_examples=100)
@given(wild_graphs(most=4))
def test_arrays_find_what_the_graph_finds_but_for_the_last_digits(graph):
    assume(not doubtful(graph[1]))
    found = outcome(eager, *graph)
    assert close(outcome(on_arrays, *graph), found)


@settings(max_examples=100)
@given(wild_graphs(most=8))
def test_machine_code_finds_what_the_graph_finds_but_for_the_last_digits(graph):
    assume(not doubtful(graph[1]))
    found = outcome(eager, *graph)
    assert close(outcome(on_arrays, *graph, True), found)


@pytest.mark.parametrize("exponent", [0.0, -0.0, None], ids=["constant", "minus 0", "a leaf"])
def test_nan_to_0_is_1_and_its_derivative_0_on_every_path(exponent):
    for a in (math.nan, 2.0):
        x, b = Value(a, "x"), Value(0.0, "b")
        y = x ** (b if exponent is None else exponent)
        graph = [x], y * 1.0
        expected = [1.0, 0.0]
        for path in (eager, plain, recorded, walked, as_values, on_arrays):
            assert path(*graph) == expected, path
        assert on_arrays(*graph, machine=True) == expected


OWN = [
    Primitive("step", lambda a: a // 1, lambda _a, _y: 0),
    Primitive("squared", np.square, lambda a, _y: np.float64(2) * a),
    Primitive("level", lambda _a: 5, lambda a, _y: 0 * a),
    Primitive("copied", lambda a: a, lambda a, _y: a * 0 + 1),
]


@pytest.mark.parametrize("data", [2.5, -0.0, math.inf, math.nan])
@pytest.mark.parametrize("op", OWN, ids=lambda op: op.name)
def test_a_primitive_of_ones_own_gives_the_same_floats_on_every_path(op, data):
    x = Value(data, "x")
    graph = [x], op(x) * x
    found = outcome(eager, *graph)
    assert {type(number) for number in (x.grad, *graph[1].operands[0].partials)} == {float}
    with in_silence():
        assert type(record(graph[1], [x])(data)) is float
    for path in (plain, recorded, walked, as_values):
        assert outcome(path, *graph) == found, path
    assert close(outcome(on_arrays, *graph), found)


def test_what_numpy_computes_in_a_program_is_divided_by_as_a_float():
    x = Value(1.0, "x")
    program = record(1 / OWN[1](x), [x])
    with pytest.raises(ZeroDivisionError, match=r"^1 / squared\(x\) with squared\(x\) = 0: "):
        program(0.0)
