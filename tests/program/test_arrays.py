import itertools
import math
import sys
import weakref

import numpy as np
import pytest
from hypothesis import given, settings

from autograd_mini import (
    Value,
    erf,
    log,
    maximum,
    minimum,
    record,
    relu,
    sqrt,
    tanh,
    topological_order,
)
from autograd_mini.engine import primitives
from autograd_mini.engine.undefined import UndefinedWarning
from autograd_mini.program import arrays, runner
from tests.engine.test_primitives import CASES, TABLE
from tests.graphs import graphs

CORNERS = [-7.0, -6.0, -1.0, -0.3, -1e-8, -0.0, 0.0, 1e-8, 0.3, 1.0, 5.9, 6.0, 40.0, math.nan]
CORNERS += [math.inf, -math.inf]


def one_by_one(program, *columns):
    """Return value, inputs' and parameters' derivatives of the mean, from floats."""
    n = len(columns[0])
    found = [program.value_and_gradients(*map(float, row)) for row in zip(*columns, strict=True)]
    return (
        sum(result.value for result in found) / n,
        np.array([result.inputs for result in found]).T / n,
        np.sum([result.parameters for result in found], axis=0) / n,
    )


def check(program, result, *columns):
    """Compare with the floats to 1e-12."""
    value, inputs, parameters = one_by_one(program, *columns)
    np.testing.assert_allclose(float(result.value), value, rtol=1e-12, atol=1e-12)
    given = [np.asarray(derivative) for derivative in result.inputs]
    np.testing.assert_allclose(given, inputs, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(
        [float(derivative) for derivative in result.parameters], parameters, rtol=1e-12, atol=1e-12
    )


def dask():
    import dask.array as da

    return lambda column: da.from_array(column, chunks=2)


def jax():
    jnp = pytest.importorskip("jax.numpy", reason="JAX is not installed: pip install jax")
    import jax

    jax.config.update("jax_enable_x64", True)
    return jnp.asarray


def torch():
    torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch")
    return torch.asarray


LIBRARIES = [lambda: np.asarray, dask, jax, torch]
library = pytest.mark.parametrize("library", LIBRARIES, ids=["numpy", "dask", "jax", "torch"])


@given(graphs(leaves=4, most=20))
def test_random_graphs_on_numpy_are_what_they_are_on_floats(graph):
    leaves, output = graph
    inputs = [leaf for leaf in leaves[:2] if leaf in topological_order(output)]
    program = record(output, inputs)
    columns = [np.array([x.data, -1.5, 0.0, 0.25, 2.0]) for x in inputs]
    if inputs:
        check(program, program.value_and_gradients(*columns), *columns)


@settings(max_examples=5)
@given(graphs(leaves=2, most=8))
def test_random_graphs_on_dask_are_what_they_are_on_floats(graph):
    leaves, output = graph
    inputs = [leaf for leaf in leaves if leaf in topological_order(output)]
    columns = [np.array([x.data, -1.5, 0.0, 0.25, 2.0]) for x in inputs]
    program, array = record(output, inputs), dask()
    check(program, program.value_and_gradients(*map(array, columns)), *columns)


@library
def test_every_primitive_on_every_library(library):
    array = library()
    x = Value(0.4, "x")
    w = Value(0.7, "w")
    output = sum(((op(*[x * w + 1.5, w][: len(op.rules)]) - 1) ** 2 for op in TABLE[:6]), w * x)
    for op in TABLE:
        shift = 1.5 if op is primitives.acosh else 0.0
        output = output + op(*[x * w + shift, w * x][: len(op.rules)])
    program = record(output, [x])
    column = np.array([0.05, 0.2, 0.3, 0.5, 0.9])
    check(program, program.value_and_gradients(array(column)), column)
    expected = program.value_and_gradients(column)
    w.grad = 0.0
    assert program.backward(array(column)) == pytest.approx(float(expected.value), rel=1e-12)
    assert w.grad == pytest.approx(float(expected.parameters[0]), rel=1e-12)
    assert float(program(array(column))) == pytest.approx(float(expected.value), rel=1e-12)


def test_a_program_runs_under_jit():
    array = jax()
    from jax import jit

    x, w = Value(0.4, "x"), Value(0.7, "w")
    program = record(relu(w * x) + tanh(x) * w + erf(x), [x, w])
    column = np.array([-0.5, 0.0, 2.0])
    result = jit(program.value_and_gradients)(array(column), 0.7)
    expected = program.value_and_gradients(column, 0.7)
    np.testing.assert_allclose(result.inputs[0], expected.inputs[0], rtol=1e-12)
    assert float(result.inputs[1]) == pytest.approx(expected.inputs[1], rel=1e-12)


@pytest.mark.parametrize(("op", "at"), CASES)
def test_functions_of_arrays_are_those_of_floats(op, at):
    if op.name in arrays.functions(np):
        f = arrays.functions(np)[op.name]
        found = f(*(np.array([x, x]) for x in at))
        assert found == pytest.approx([op(*at)] * 2, rel=1e-14, abs=1e-15)


BRANCHING = [op for op in TABLE if op.name in arrays.corners(np)] + [erf, primitives.absolute]


@pytest.mark.parametrize("op", BRANCHING, ids=lambda op: op.name)
@library
def test_corners_are_the_same_on_arrays(op, library):
    array, f = library(), arrays.functions(arrays.namespace([library()(np.zeros(1))]))[op.name]
    pairs = [(a, b) for a in CORNERS for b in CORNERS][:: 1 if len(op.rules) == 2 else len(CORNERS)]
    columns = [array(np.array(column)) for column in zip(*pairs, strict=True)][: len(op.rules)]
    expected = [op(*pair[: len(op.rules)]) for pair in pairs]
    with np.errstate(invalid="ignore"):
        found = np.asarray(f(*columns))
    np.testing.assert_allclose(found, expected, rtol=1e-15, atol=0)
    known = ~np.isnan(expected) & (op is not primitives.through)  # whose 0 may have either sign
    assert list(np.signbit(found)[known]) == list(np.signbit(expected)[known])


def outcome(f, *operands):
    """Return what a function of floats computes, NaN where it fails."""
    try:
        return f(*operands)
    except (ArithmeticError, ValueError):
        return math.nan


FUNCTIONS = primitives.TABLE | {"pow": primitives.power}


@pytest.mark.parametrize("name", arrays.functions(np))
def test_every_function_of_arrays_is_that_of_floats_and_finite_only_where_that_is(name):
    op = FUNCTIONS[name]
    points = list(itertools.product([*CORNERS, 0.9, 2.0, -2.0], repeat=len(op.rules)))
    expected = np.array([outcome(op.forward, *point) for point in points])
    with np.errstate(all="ignore"):
        found = arrays.functions(np)[name](*map(np.array, zip(*points, strict=True)))
    known = np.isfinite(expected)
    np.testing.assert_allclose(found[known], expected[known], rtol=1e-14, atol=1e-300)
    assert not np.isfinite(found[~known]).any()


def test_what_floats_refuse_is_refused_on_numpy_while_the_lines_run():
    for f, x in ((np.log, 0.0), (np.exp, 1e9), (np.sqrt, -1.0)):
        with arrays.strict(np), pytest.raises(FloatingPointError):
            f(np.array([x]))


def test_the_namespace_is_that_of_the_arrays(monkeypatch):
    column = dask()(np.ones(4))
    assert arrays.namespace([np.ones(1), np.ones(1)]) is np
    assert arrays.namespace([column]).sum(column).compute() == 4.0
    with pytest.raises(TypeError):  # the words are array-api-compat's
        arrays.namespace([np.ones(4), column])
    monkeypatch.setitem(sys.modules, "array_api_compat", None)
    kinds = f"{type(column).__module__}, numpy"
    with pytest.raises(
        ImportError, match=rf"^arrays of {kinds} need: pip install array-api-compat$"
    ):
        arrays.namespace([np.ones(4), column])
    assert arrays.namespace([np.ones(1)]) is np


def test_derivatives_at_corners_follow_the_conventions():
    x = Value(1.0, "x")
    program = record(relu(x) + abs(x) + maximum(x, 0.0) + minimum(x, 0.0) + x**0, [x])
    column = np.array([0.0, math.nan, 2.0])
    at_zero, at_nan, above = program.value_and_gradients(column).inputs[0]
    assert at_zero == pytest.approx((0 + 0 + 0.5 + 0.5 + 0) / 3)
    assert math.isnan(at_nan)
    assert above == pytest.approx((1 + 1 + 1 + 0 + 0) / 3)
    assert math.isnan(program(column))


def test_a_float_among_arrays_is_the_same_for_every_sample():
    x, y = Value(1.0, "x"), Value(1.0, "y")
    program = record(x * y + y, [x, y])
    result = program.value_and_gradients(np.array([1.0, 2.0, 3.0]), 5.0)
    assert result.value == 15.0
    assert list(result.inputs[0]) == pytest.approx([5 / 3] * 3)
    assert result.inputs[1] == pytest.approx(3.0)


def test_samples_without_a_doubt_are_computed_by_lines_whatever_is_a_number_among_them(monkeypatch):
    def refuse(*_):
        raise AssertionError("computed by Values")

    x, c, w, v, u = (Value(0.5 + i, name) for i, name in enumerate("xcwvu"))
    program = record(w * x + v * c + u * (x * c) + tanh(x) * c, [x, c])
    for columns in ((np.array([1.0, 2.0]), 3.0), (1.5, np.array([1.0, 2.0])), (np.ones(2),) * 2):
        expected = one_by_one(program, *np.broadcast_arrays(*columns))
        with monkeypatch.context() as patch:
            patch.setattr(program, "examine", refuse)
            found = program.value_and_gradients(*columns)
        assert found.value == pytest.approx(expected[0], rel=1e-12)
        assert found.parameters == pytest.approx(expected[2], rel=1e-12)
        for derivative, each in zip(found.inputs, expected[1], strict=True):
            assert np.sum(derivative) == pytest.approx(np.sum(each), rel=1e-12)


@pytest.mark.parametrize("column", [np.array([1.0, 2.0]), np.float64(1.5), 1.5], ids=repr)
def test_backward_leaves_plain_numbers_whatever_it_is_given(column):
    x, w, b = Value(1.0, "x"), Value(2.0, "w"), Value(0.5, "b")
    value = record(x * w + b, [x]).backward(column)
    assert [type(number) for number in (value, w.grad, b.grad)] == [float] * 3
    assert (value, w.grad, b.grad) == (3.5, 1.5, 1.0)


def test_whole_numbers_and_truths_are_read_as_fractions():
    x = Value(1.0, "x")
    program = record(x**-1, [x])
    assert program(np.array([1, 2, 4])) == pytest.approx(1.75 / 3)
    assert program(np.array([True])) == 1.0


def test_arrays_of_different_lengths_are_refused():
    x, y = Value(1.0, "x"), Value(1.0, "y")
    program = record(x * y, [x, y])
    with pytest.raises(ValueError, match=r"arrays of one length.* x has 2, y has 3"):
        program(np.ones(2), np.ones(3))
    with pytest.raises(ValueError, match="at least one sample: x has 0"):
        program(np.ones(0), 1.0)
    with pytest.raises(TypeError, match=r"one axis, got an array of shape \(2, 2\)"):
        program(np.ones((2, 2)), 1.0)


def test_a_domain_error_on_numpy_names_the_primitive_and_the_number():
    x = Value(1.0, "x")
    program = record(log(x), [x])
    for call in (program, program.value_and_gradients, program.backward):
        with pytest.raises(ValueError, match=r"^log\(x\) with x = 0: .*needs a positive number"):
            call(np.array([1.0, 0.0, 2.0]))


def test_a_partial_that_does_not_exist_is_needed_only_where_an_adjoint_reaches_it():
    x, gate = Value(4.0, "x"), Value(1.0, "gate")
    program = record(gate * sqrt(x), [x, gate])
    steady = record(maximum(gate - 1, 0.0) * sqrt(x), [x, gate])
    result = steady.value_and_gradients(np.array([0.0, 4.0]), np.array([0.5, 2.0]))
    assert list(result.inputs[0]) == [0.0, 0.125]
    with pytest.raises(ZeroDivisionError, match="no derivative"):
        program.value_and_gradients(np.array([0.0, 4.0]), np.array([1.0, 1.0]))


def test_a_program_says_once_a_call_which_samples_are_in_doubt_and_those_are_nan():
    x, gate, w = Value(4.0, "x"), Value(1.0, "gate"), Value(1.0, "w")
    program = record(gate * sqrt(x) * sqrt(x) + w * gate, [x, gate])
    columns = np.array([0.0, 4.0, 0.0]), np.array([1.0, 1.0, 1.0])
    told = r"^derivatives in doubt, which are NaN, in 2 of 3 samples \(0, 2\): sqrt\(x\) with"
    for call in (program, program.compile()):
        with pytest.warns(UndefinedWarning, match=told) as caught:
            result = call.value_and_gradients(*columns)
        assert [warning.filename for warning in caught] == [__file__]
        assert list(np.isnan(result.inputs[0])) == [True, False, True]
        assert list(result.inputs[1]) == pytest.approx([1 / 3, 5 / 3, 1 / 3])
        assert result.parameters == (1.0,)  # nothing of it is in doubt
        assert program(*columns) == pytest.approx(7 / 3)
    many = np.zeros(7), np.ones(7)
    with pytest.warns(
        UndefinedWarning, match=r"^derivatives .* in 7 of 7 samples \(0, 1, 2, 3, 4, …\)"
    ):
        program.value_and_gradients(*many)
    with pytest.warns(UndefinedWarning, match=r"in 5 of 5 samples \(0, 1, 2, 3, 4\):"):
        program.value_and_gradients(*(column[:5] for column in many))
    with pytest.warns(UndefinedWarning, match=r"^derivatives in doubt, which are NaN, in 1 of 1 s"):
        assert math.isnan(program.value_and_gradients(np.zeros(1), 1.0).inputs[0][0])


def test_of_several_doubts_in_one_sample_each_makes_its_own_derivatives_nan():
    x, z, w = Value(4.0, "x"), Value(4.0, "z"), Value(1.0, "w")
    program = record(sqrt(x) * sqrt(x) + sqrt(z) * sqrt(z) + w * 2, [x, z])
    with pytest.warns(UndefinedWarning, match=r"^derivatives .* in 2 of 2 .*\): sqrt\(x\) with"):
        result = program.value_and_gradients(np.array([0.0, 4.0]), np.array([0.0, 0.0]))
    assert list(np.isnan(result.inputs[0])) == [True, False]
    assert list(np.isnan(result.inputs[1])) == [True, True]
    assert result.parameters == (2.0,)


def test_a_leaf_that_nothing_depends_on_has_the_derivative_0_in_a_sample_in_doubt_too():
    x, flat = Value(4.0, "x"), Value(1.0, "flat")
    program = record(sqrt(x) * sqrt(x) + primitives.above(flat, 0.5), [x, flat])
    for inputs in ((0.0, 1.0), (np.array([0.0, 4.0]), np.array([1.0, 1.0]))):
        with pytest.warns(UndefinedWarning):
            found = program.value_and_gradients(*inputs)
        assert not np.any(found.inputs[1])


def test_nothing_of_a_call_on_arrays_is_kept():
    alive = []

    class Noted(np.ndarray):
        """An array that is noted when it is made."""

        def __array_finalize__(self, _array):
            alive.append(weakref.ref(self))

    x, w = Value(1.0, "x"), Value(2.0, "w")
    program = record(tanh(x * w) * x, [x])
    program.value_and_gradients(np.ones(3).view(Noted))
    assert len(alive) > 3
    assert [array() for array in alive if array() is not None] == []


def test_a_nan_adjoint_never_passes_a_missing_partial():
    x, gate = Value(4.0, "x"), Value(1.0, "gate")
    program = record(gate * sqrt(x), [x, gate])
    for call in (program, program.compile()):
        for inputs in ((0.0, math.nan), (np.array([0.0, 1.0]), np.array([math.nan, 1.0]))):
            with pytest.raises(ZeroDivisionError, match=r"^sqrt\(x\) with x = 0 has no derivative"):
                call.value_and_gradients(*inputs)


def test_the_series_of_erf_is_exact_to_the_last_digits():
    xs = np.linspace(-6.5, 6.5, 2001)
    found = arrays.functions(np)["erf"](xs)
    assert max(map(lambda x, y: math.fabs(math.erf(x) - y), xs, found)) < 2e-15


def test_large_programs_run_on_arrays_too_and_in_pieces(monkeypatch):
    monkeypatch.setattr(runner, "LARGE", 0)
    monkeypatch.setattr(runner, "PIECE", 3)
    x, w = Value(0.4, "x"), Value(0.7, "w")
    program = record(tanh(w * x) + w * w * x, [x])
    column = np.array([-0.5, 0.0, 2.0])
    check(program, program.value_and_gradients(column), column)
    assert {type(run) for run in program.runners.values()} == {runner.Pieces}


def test_a_value_needs_no_derivatives():
    x = Value(4.0, "x")
    program = record(sqrt(x) + 0.5 * (x + 1e200) ** 1 / 1e200, [x])
    assert program(np.array([0.0, 4.0])) == pytest.approx(1.5)
    large = record(sqrt(x) + x * 1e308, [x])
    assert large(np.array([0.0, 100.0])) == math.inf  # infinite on floats, too
