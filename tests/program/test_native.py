import math
import pickle
import re
from fractions import Fraction

import numpy as np
import pytest

from autograd_mini import (
    Value,
    log,
    record,
    relu,
    sqrt,
    total,
)
from autograd_mini.engine import primitives
from autograd_mini.engine.undefined import UndefinedWarning
from autograd_mini.program import native
from tests.engine.test_primitives import TABLE


def every_primitive(x, w):
    """Return a sum of all functions of the table, each within its domain for x and w in (0, 1)."""
    shift = {primitives.acosh: 1.5}
    terms = [op(*[x * w + shift.get(op, 0.0), w * x - w][: len(op.rules)]) for op in TABLE]
    return total(terms) + w**3 + (x - w) ** 2 + 2.0**x


@pytest.fixture(scope="module")
def programs():
    """One large program that holds every primitive, and its machine code."""
    x, w = Value(0.4, "x"), Value(0.7, "w")
    program = record(every_primitive(x, w), [x])
    return program, program.compile(kernel=False)


def agree(found, expected):
    """Compare two results to 1e-12."""
    pairs = [(found.value, expected.value), *zip(found.inputs, expected.inputs, strict=True)]
    for left, right in [*pairs, (found.parameters, expected.parameters)]:
        np.testing.assert_allclose(left, right, rtol=1e-12, atol=1e-12)


def test_every_primitive_is_the_same_in_machine_code(programs):
    program, machine = programs
    column = np.array([0.05, 0.2, 0.3, 0.5, 0.7, 0.9])
    agree(machine.value_and_gradients(column), program.value_and_gradients(column))
    agree(machine.value_and_gradients(column[::2]), program.value_and_gradients(column[::2]))
    assert machine(column) == pytest.approx(program(column), rel=1e-12)


def test_floats_and_other_arrays_take_the_way_they_took(programs):
    import dask.array as da

    program, machine = programs
    assert machine.value_and_gradients(0.3) == program.value_and_gradients(0.3)
    lazy = machine.value_and_gradients(da.from_array(np.array([0.2, 0.3]), chunks=1))
    assert float(lazy.value) == pytest.approx(program(np.array([0.2, 0.3])), rel=1e-12)


@pytest.fixture(scope="module")
def corner():
    """A small program with corners, a gate and a domain."""
    x, gate = Value(1.0, "x"), Value(1.0, "gate")
    output = relu(x) + abs(x) + x.maximum(0.0) + x**0 + gate * sqrt(x + 1) + log(gate + 2)
    program = record(output, [x, gate])
    return program, program.compile(kernel=False)


ODD = [
    (np.array([1, 2]), np.array([3, 4])),
    (np.array([True, True]), 0.5),
    (np.array(2), np.array([3.0, 4.0, 5.0])),
    (np.float32(0.5), np.arange(12.0)[1::5]),
    (Fraction(1, 2), np.ones(1)),
]


@pytest.mark.parametrize("inputs", ODD)
def test_numbers_and_arrays_of_every_kind_are_read_as_the_program_reads_them(corner, inputs):
    program, machine = corner
    found, expected = (x.value_and_gradients(*inputs) for x in (machine, program))
    assert [np.shape(d) for d in found.inputs] == [np.shape(d) for d in expected.inputs]
    for left, right in zip(found.inputs, expected.inputs, strict=True):
        np.testing.assert_allclose(left, right, rtol=1e-12)
    assert (found.value, found.parameters) == (pytest.approx(expected.value, rel=1e-12), ())


@pytest.mark.parametrize(
    "column", [np.array(["1", "2"]), np.array([None]), np.ones((2, 2)), [1.0], None, np.ones(0)]
)
def test_what_is_no_number_is_refused_as_the_program_refuses_it(corner, column):
    program, machine = corner
    with pytest.raises((TypeError, ValueError)) as expected:
        program.value_and_gradients(column, np.ones(2))
    with pytest.raises(expected.type, match=re.escape(str(expected.value))):
        machine.value_and_gradients(column, np.ones(2))


def test_backward_adds_to_the_live_parameters(programs):
    program, machine = programs
    column = np.array([0.2, 0.3])
    [w] = program.parameters
    w.grad = 1.0
    value = machine.backward(column)
    expected = program.value_and_gradients(column)
    assert value == pytest.approx(expected.value, rel=1e-12)
    assert w.grad == pytest.approx(1 + expected.parameters[0], rel=1e-12)


def test_corners_follow_the_conventions_in_machine_code(corner):
    program, machine = corner
    xs = np.array([0.0, -0.5, 2.0, math.inf])
    agree(machine.value_and_gradients(xs[:3], 1.0), program.value_and_gradients(xs[:3], 1.0))
    found = machine.value_and_gradients(np.array([0.0, math.nan]), 1.0)
    assert math.isnan(found.value)
    assert math.isnan(found.inputs[0][1])
    assert found.inputs[0][0] == program.value_and_gradients(0.0, 1.0).inputs[0] / 2
    assert machine(xs, 1.0) == math.inf


@pytest.mark.parametrize("corner", [abs, relu, primitives.leaky_relu], ids=str)
def test_what_is_0_before_a_corner_is_0_in_machine_code(corner):
    w, x, t = Value(0.3, "w"), Value(1.0, "x"), Value(1.0, "t")
    program = record(corner(w * x - t), [x, t])
    xs = np.arange(1, 50) / 10  # where 0.3·x is rounded, a product that is not would differ from it
    expected = program.value_and_gradients(xs, xs * 0.3)
    found = program.compile(kernel=False).value_and_gradients(xs, xs * 0.3)
    assert expected.value == 0.0
    agree(found, expected)


def test_a_derivative_that_is_not_finite_is_computed_with_more_care():
    x, w = Value(0.5, "x"), Value(2.0, "w")
    machine = record(primitives.minimum(x**3, 1.0) * w, [x]).compile()
    with pytest.raises(OverflowError, match=r"x \*\* 3 with x = 1e\+200"):
        machine.value_and_gradients(np.array([1e200, 1.0]))


def test_a_primitive_that_numba_cannot_read_is_named():
    sine = primitives.Primitive("sine", np.sin, lambda a, _y: primitives.cos(a))
    x, w = Value(0.5, "x"), Value(2.0, "w")
    program = record(sine(x) * w, [x])
    with pytest.raises(ValueError, match=r"^Numba cannot compile sine: call the program as it is"):
        program.compile(kernel=False)


def test_lines_that_numba_cannot_read_are_named_too(monkeypatch):
    def refuse(*_):
        raise TypeError

    monkeypatch.setattr(native, "declare_functions", refuse)
    x = Value(0.5, "x")
    with pytest.raises(ValueError, match=r"^Numba cannot compile the lines: call the program as"):
        record(x * x, [x]).compile(kernel=False)


def test_a_domain_error_in_machine_code_names_the_primitive(corner):
    _, machine = corner
    with pytest.raises(ValueError, match=r"sqrt.* needs a number of at least 0"):
        machine.value_and_gradients(np.array([0.0, -3.0]), 1.0)
    with pytest.raises(ValueError, match=r"^log.* = 0: .*needs a positive number"):
        machine(np.array([0.0, 3.0]), -2.0)


def test_a_missing_partial_is_needed_only_where_an_adjoint_reaches_it(corner):
    program, machine = corner
    gate = np.array([0.0, 1.0])
    told = (
        r"^derivatives in doubt, .* in 1 of 2 samples \(0\)"  # the adjoint is 0 at this gate only
    )
    with pytest.warns(UndefinedWarning, match=told):
        agree(
            machine.value_and_gradients(np.array([-1.0, 3.0]), gate),
            program.value_and_gradients(np.array([-1.0, 3.0]), gate),
        )
    with pytest.raises(ZeroDivisionError, match="no derivative"):
        machine.value_and_gradients(np.array([-1.0, 3.0]), 1.0)


def test_wrong_arrays_are_refused(corner):
    _, machine = corner
    with pytest.raises(ValueError, match="arrays of one length"):
        machine(np.ones(2), np.ones(3))
    with pytest.raises(TypeError, match="gate needs a real number"):
        machine(np.ones(2), "1")


def test_machine_code_travels(corner):
    program, machine = corner
    there = pickle.loads(pickle.dumps(machine))
    column = np.array([0.5, 2.0])
    agree(there.value_and_gradients(column, 1.0), program.value_and_gradients(column, 1.0))


def test_an_interrupted_compile_starts_again_the_next_time():
    seen = []

    def progress(items, unit):
        for item in items:
            seen.append(unit)
            if unit == "function" and seen.count(unit) == 2:
                raise KeyboardInterrupt
            yield item

    x, w = Value(2.0, "x"), Value(3.0, "w")
    program = record(w * x - 4.0, [x])
    program.progress = progress
    with pytest.raises(KeyboardInterrupt):
        program.compile(kernel=False)
    assert program.compile(kernel=False).backward(np.array([1.0, 3.0])) == 2.0
    assert (w.grad, seen.count("function")) == (2.0, 4)


def test_the_stack_of_the_loop_begins_where_a_line_of_the_cache_does(corner):
    _, machine = corner
    [code] = machine.machine.loop.inspect_llvm().values()
    aligned = re.findall(r"(%\S+) = alloca double, align 64\b", code)
    kept = [line.split() for line in code.splitlines() if " asm sideeffect " in line]
    assert any(f"{place})" in words for words in kept for place in aligned)
