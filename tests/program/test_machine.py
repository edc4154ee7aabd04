"""The machine's text run by Python itself, two lanes at a time: each of its lines is right."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_mini import Value, record, relu, total, weighted_sum
from autograd_mini.program import machine
from autograd_mini.program.kernel import OPS, Kernel, write_functions, write_primitives

LEAVES = 3
SAMPLES = st.integers(1, 5)


@st.composite
def programs_of_sums(draw, most=9):
    """Draw the program of sums whose operands are leaves, constants, and results of each kind."""
    xs = [Value(0.5, f"x{i}") for i in range(LEAVES)]
    ws = [Value(1.5 + i, f"w{i}") for i in range(LEAVES)]

    def operand(i):
        x, w = xs[i % LEAVES], ws[i % LEAVES]
        found = {"input": x, "parameter": w, "constant": 0.1 * i - 0.3, "result": relu(x)}
        kinds = st.sampled_from(["input", "parameter", "constant", "result", "product"])
        return (found | {"product": x * w})[draw(kinds)]

    terms = draw(st.integers(0, most))
    weights, others = ([operand(i) for i in range(terms)] for _ in range(2))
    return record(weighted_sum(weights, others, ws[0]) + total([*others, *xs]), xs)


def program_of_weights(*, are_inputs):
    """Return the program of a sum of seven products, of parameters by inputs or by parameters."""
    ws, xs = ([Value(0.25 * i - 1.0, f"{name}{i}") for i in range(7)] for name in "wx")
    b, scale = Value(0.5, "b"), Value(1.0, "scale")
    return record(weighted_sum(ws, xs, b) * scale, [scale, *xs] if are_inputs else [scale])


@pytest.fixture(scope="module", autouse=True)
def primitives():
    """Give the machine's text what is written from the table, as the kernel does."""
    space = dict(vars(machine))
    exec(f"{write_functions(OPS)}\n\n\n{write_primitives(OPS)}", space)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("compute_row", "add_to_operand"):
            patch.setattr(machine, name, space[name])
        yield


def run(program, table, *, by_inputs=True, tape=None):
    """Return what the machine finds for a table of samples, all in one list, and its tape."""
    kernel = Kernel(program.recording, program.count)
    kernel.waiting[machine.LANES] = [tape] if tape else []
    tape = kernel.borrow(machine.LANES)
    tape.wanted[: kernel.inputs] = by_inputs
    room = np.empty_like(table) if by_inputs else np.empty((0, 0))
    parameters = np.array(program.data)
    with np.errstate(all="ignore"):
        value = machine.run_samples(tape, table, room, parameters)
    return [value, *room.ravel(), *parameters], tape


def expected(program, table):
    """Return what the lines find, all in one list."""
    value, inputs, parameters = program.value_and_gradients(*table)
    return [value, *np.ravel(inputs), *parameters]


@settings(max_examples=60)
@given(programs_of_sums(), SAMPLES)
def test_sums_of_any_kind_are_what_they_are_in_lines(program, n):
    table = np.linspace(-2, 2, LEAVES * n).reshape(LEAVES, n)
    found, _ = run(program, table)
    np.testing.assert_allclose(found, expected(program, table), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("are_inputs", [True, False], ids=["inputs", "parameters"])
@pytest.mark.parametrize("n", [1, 3])
def test_each_of_many_weights_and_inputs_has_a_derivative_of_its_own(are_inputs, n):
    program = program_of_weights(are_inputs=are_inputs)
    table = np.random.default_rng(3).normal(size=(program.count, n))
    found, _ = run(program, table)
    np.testing.assert_allclose(found, expected(program, table), rtol=1e-12, atol=1e-12)
    without, _ = run(program, table, by_inputs=False)
    assert without == [found[0], *found[1 + table.size :]]


@given(st.lists(st.booleans(), min_size=4, max_size=4))
def test_four_are_marked_if_each_of_them_is(marks):
    unmarked = 4  # stands before and after them
    places = [unmarked, *range(4), unmarked]
    assert machine.all_four([*marks, False], places, 1) == all(marks)


def test_sums_begin_with_the_one_number_that_changes_no_other():
    x, w = Value(1.0, "x"), Value(1.0, "w")
    for sum_of_two in (weighted_sum([w], [x], -0.0), total([x, x])):
        program = record(sum_of_two, [x])
        _, tape = run(program, np.array([[-0.0]]))
        assert math.copysign(1.0, tape.values[-1, 0]) == -1.0


@pytest.mark.parametrize("place", ["input", "parameter"])
@pytest.mark.parametrize("number", [0.0, 1.0])
def test_a_derivative_that_is_not_finite_makes_the_value_nan(place, number):
    x, w = Value(1.0, "x"), Value(number if place == "parameter" else 1.0, "w")
    program = record((w if place == "parameter" else x).sqrt() + x * w, [x])
    found, _ = run(program, np.array([[number if place == "input" else 1.0]]))
    assert math.isnan(found[0]) == (number == 0.0)


def test_rows_that_were_used_before_change_nothing():
    program = program_of_weights(are_inputs=True)
    table = np.random.default_rng(3).normal(size=(program.count, 3))
    first, tape = run(program, table)
    assert run(program, table, tape=tape)[0] == first
