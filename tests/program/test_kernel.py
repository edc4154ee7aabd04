"""One machine runs all programs: its numbers are those of the lines and of Values."""

import math
import pickle
import random
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_mini import Primitive, Value, log, record, relu, sqrt, total, weighted_sum
from autograd_mini.engine import primitives
from autograd_mini.engine.primitives import TABLE
from autograd_mini.engine.undefined import UndefinedWarning
from autograd_mini.optim import SGD
from autograd_mini.program.kernel import (
    ALONE,
    BLOCK,
    compile_machine,
    find_folder,
    import_text,
    write_primitives,
)
from autograd_mini.program.stretches import compile_steps
from tests.graphs import graphs
from tests.program.test_machine import LEAVES, program_of_weights, programs_of_sums

ODD = [0.0, -0.0, 0.5, -1.0, 2.0, 3.5, -7.25, 1e-310, 1e200, 709.0, -1000.0]
ODD += [math.inf, -math.inf, math.nan]


def outcome(act):
    """Return all numbers that a call returns, one after the other, or its error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedWarning)
        try:
            found = act()
        except (ArithmeticError, ValueError) as error:
            return f"{type(error).__name__}: {error}"
    return list(np.hstack([np.ravel(x) for x in (found if isinstance(found, tuple) else [found])]))


def agree(machine, program, inputs):
    """Compare values and derivatives to 1e-12, or the errors."""
    for call in ("__call__", "value_and_gradients"):
        found, expected = (outcome(partial(getattr(p, call), *inputs)) for p in (machine, program))
        if isinstance(found, str) or isinstance(expected, str):
            assert found == expected
        else:
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("op", TABLE.values(), ids=lambda op: op.name)
def test_every_primitive_is_computed_as_by_lines(op):
    leaves = [Value(1.5 if op is primitives.acosh else 0.5, f"x{i}") for i in range(len(op.rules))]
    program = record(op(*leaves) * 1.0, leaves)
    machine = program.compile(kernel=True)
    columns = [[a for a in ODD for _ in ODD], ODD * len(ODD)] if len(leaves) == 2 else [ODD]
    for numbers in zip(*columns, strict=True):
        agree(machine, program, numbers)


@settings(max_examples=25)
@given(graphs(leaves=4, most=25), st.sampled_from([1, 7, 8, 31, 32, 33, 70]))
def test_random_graphs_are_what_they_are_in_lines(graph, n):
    leaves, output = graph
    inputs = [leaf for leaf in leaves[:2] if leaf in record(output).parameters]
    program = record(output, inputs)
    machine = program.compile(kernel=True)
    agree(machine, program, [x.data for x in inputs])
    agree(machine, program, [np.resize([x.data, -1.5, 0.0, 0.25, 2.0, 1.0], n) for x in inputs])


@given(programs_of_sums(), st.integers(1, 40))
def test_sums_of_any_kind_are_what_they_are_in_lines(program, n):
    table = np.linspace(-2, 2, LEAVES * n).reshape(LEAVES, n)
    agree(program.compile(kernel=True), program, table)


@pytest.mark.parametrize("n", [1, 40])
@pytest.mark.parametrize("are_inputs", [True, False], ids=["inputs", "parameters"])
def test_each_of_many_weights_and_inputs_has_a_derivative_of_its_own(are_inputs, n):
    program = program_of_weights(are_inputs=are_inputs)
    samples = np.random.default_rng(3).normal(size=(program.count, n))
    agree(program.compile(kernel=True), program, samples)


def test_it_rounds_as_python_does():
    x, w = Value(0.1, "x"), Value(0.7, "w")
    y = weighted_sum([w, 0.1, w, 0.3, w], [x, x, x * x, 0.2, 3.0], 0.1)
    y = y * x / 3.0 - x**2 + (x * 1e16 + 1.0 - x * 1e16) + total([0.1, x, 0.2, w])
    program = record(y, [x])
    machine = program.compile(kernel=True)
    for x in np.random.default_rng(2).normal(size=50).tolist():
        assert machine.value_and_gradients(x) == program.value_and_gradients(x)


# Doubtful samples --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def doubtful():
    """A program with corners, a gate and two domains."""
    x, gate, w = Value(1.0, "x"), Value(1.0, "gate"), Value(0.5, "w")
    y = relu(x) + abs(x) + x.maximum(0.0) + x**0 + gate * sqrt(x + 1) * w + log(gate + 2)
    program = record(y, [x, gate])
    return program, program.compile(kernel=True)


@pytest.mark.parametrize("n", [3, 40])
@pytest.mark.parametrize("bad", [(-3.0, 1.0), (0.0, -2.0), (-1.0, 1.0), (math.nan, 1.0)])
def test_a_sample_in_doubt_is_what_it_is_among_lines(doubtful, bad, n):
    program, machine = doubtful
    columns = np.random.default_rng(3).uniform(0, 1, (2, n))
    columns[:, n // 2] = bad
    agree(machine, program, columns)


def test_at_the_corner_of_a_branch_a_missing_derivative_is_needed():
    x = Value(1.0, "x")
    machine = record(sqrt(abs(x)) + sqrt(relu(x)), [x]).compile(kernel=True)
    for column in (0.0, np.array([4.0, 0.0]), np.linspace(0.0, 4.0, 40)):
        with pytest.raises(ZeroDivisionError, match=r"^sqrt\(.* has no derivative there"):
            machine.value_and_gradients(column)
    root = record(sqrt(relu(x)), [x]).compile(kernel=True)
    assert root.value_and_gradients(np.array([-1.0, 4.0])).inputs[0].tolist() == [0.0, 0.125]


def test_of_a_value_alone_no_derivatives_are_told(doubtful):
    for program in doubtful:
        value, *derivatives = program.run("value", [0.5, 1.0])
        assert value == pytest.approx(doubtful[0](0.5, 1.0), rel=1e-12)
        assert derivatives == [(), ()]


def test_an_overflow_that_a_later_function_hides_is_told():
    x = Value(1.0, "x")
    machine = record(primitives.tanh(primitives.exp(x)), [x]).compile(kernel=True)
    for column in (1000.0, np.array([1.0, 1000.0]), np.linspace(0, 1000, 50)):
        with pytest.raises(OverflowError, match=r"^exp\(x\) with x = .*too large for a float"):
            machine(column)


@pytest.mark.parametrize("column", [1.0, np.linspace(1, 2, 40)], ids=["alone", "many"])
def test_a_parameter_without_a_derivative_is_told(column):
    x, w = Value(1.0, "x"), Value(0.0, "w")
    machine = record(sqrt(w) + x * w, [x]).compile(kernel=True)
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\(w\) with w = 0 has no derivative"):
        machine.value_and_gradients(column)


def test_no_sample_at_all_is_refused(doubtful):
    with pytest.raises(ValueError, match=r"^need arrays of one length, and at least one sample"):
        doubtful[1](np.ones(0), 1.0)


# What it is lent ---------------------------------------------------------------------------------


@pytest.fixture
def lent():
    """The kernel of a program with a row of each kind: an input, a parameter, 2.0, the results."""
    x, w = Value(1.0, "x"), Value(0.5, "w")
    return record(w * x * 2.0, [x]).compile(kernel=True).machine


def test_the_machine_knows_what_is_the_same_for_all_samples_and_whose_derivative_is_wanted(lent):
    with lent.ready(1) as machine:
        assert machine.tape.fixed.tolist() == [False, True, True, False, False]
        assert machine.tape.wanted.tolist() == [False, True, False, True, True]
        assert machine.inputs == 0
    with lent.ready(1, by_inputs=True) as machine:
        assert machine.tape.wanted.tolist() == [True, True, False, True, True]
        assert machine.inputs == 1


def test_a_few_samples_are_computed_one_by_one_and_more_in_lanes(lent):
    for samples, lanes in ((1, 1), (ALONE - 1, 1), (ALONE, BLOCK), (70, BLOCK)):
        with lent.ready(samples) as machine:
            assert machine.tape.values.shape == (5, lanes)


def test_rows_are_used_again_but_never_by_two_at_once(lent):
    with lent.ready(1) as first, lent.ready(1) as second:
        assert first.tape.values is not second.tape.values
    with lent.ready(1) as third:
        assert third.tape.values is second.tape.values or third.tape.values is first.tape.values


# Size, threads, travel ---------------------------------------------------------------------------


def test_a_hundred_thousand_nodes_are_not_too_many():
    draw = random.Random(1)
    nodes = [Value(draw.uniform(0.9, 1.1)) for _ in range(100)]
    leaves = list(nodes)
    for _ in range(100_000):
        a, b = draw.choice(nodes[-50:]), draw.choice(nodes[-90:])
        nodes.append((a + b) * 0.5 if draw.random() < 0.5 else a * b / (a * b + 0.1))
    output = nodes[-1]
    output.backward()
    program = record(output, leaves[:1]) if leaves[0].grad else record(output)
    machine = program.compile()
    found = machine.value_and_gradients(*[leaves[0].data] * program.count)
    assert found.value == output.data
    grads = [p.grad for p in program.parameters]
    assert found.parameters == pytest.approx(grads, rel=1e-12, abs=1e-12)


def test_threads_do_not_disturb_each_other(doubtful):
    _, machine = doubtful
    columns = [np.random.default_rng(i).uniform(0, 1, (2, 33 * 50)) for i in range(8)]
    alone = [machine(*c) for c in columns]
    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(lambda c: machine(*c), columns * 5)] == alone * 5


def test_a_program_with_a_kernel_travels(doubtful):
    _, machine = doubtful
    there = pickle.loads(pickle.dumps(machine))
    agree(there, machine, [0.5, 1.0])


def test_small_programs_become_lines_and_large_ones_data():
    x = Value(0.5, "x")
    assert not record(x * x, [x]).compile().kernel
    ws = [Value(1.0) for _ in range(101)]
    assert record(total(ws) * x, [x]).compile().kernel


READ = f"""
from autograd_mini.optim import SGD
from autograd_mini.program.kernel import compile_machine
from autograd_mini.program.stretches import compile_steps
for compiled in (compile_machine({BLOCK}), compile_steps(SGD, has_tape=True)):
    print(sum(compiled.stats.cache_hits.values()))
"""


def test_a_later_process_reads_the_machine_from_the_disk():
    compile_machine(BLOCK)
    compile_steps(SGD, has_tape=True)
    run = subprocess.run([sys.executable, "-c", READ], capture_output=True, text=True, check=True)
    assert run.stdout == "1\n1\n"


def test_a_text_is_a_file_that_is_written_once_and_anew_if_it_is_another(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    text = "LETTER = 'é'\n"
    module = import_text(text)
    [path] = tmp_path.glob("*.py")
    assert (module.LETTER, path.stem, path.read_text(encoding="utf-8")) == (
        "é",
        module.__name__,
        text,
    )
    written = path.stat()
    assert import_text(text).LETTER == "é"
    assert path.stat().st_ino == written.st_ino  # another file would have taken its place
    path.write_text("LETTER = 'b'\n", encoding="utf-8")
    assert import_text(text).LETTER == "é"
    import_text("LETTER = 'c'\n")
    assert len([*tmp_path.glob("*.py")]) == 2


# Primitives of one's own -------------------------------------------------------------------------

softsign = Primitive("softsign", lambda a: a / (1 + abs(a)), lambda _a, y: (1 - abs(y)) ** 2)
texts = Primitive("texts", lambda a: float(f"{a}"), lambda _a, _y: 1.0)
middle = Primitive("middle", lambda a, b, c: a + b + c, *[lambda *_: 1.0] * 3)
TAKEN = ("dot", "compute_one", "find_term")  # names of the machine's own functions


def test_a_primitive_of_ones_own_joins_the_kernel():
    x, w = Value(0.5, "x"), Value(2.0, "w")
    program = record(softsign(w * x) + softsign(primitives.tanh(x)), [x])
    column = np.linspace(-2, 2, 40)
    agree(program.compile(kernel=True), program, [column])


@pytest.mark.parametrize(
    ("op", "message"),
    [
        (texts, r"^Numba cannot compile texts: call the program as it is"),
        (middle, r"^the kernel takes primitives of one or two operands, not middle"),
        *(
            (
                Primitive(name, lambda a: 2 * a, lambda _a, _y: 2.0),
                rf"^the kernel has a {name} of its own: give it another name",
            )
            for name in TAKEN
        ),
    ],
)
def test_what_cannot_join_the_kernel_is_named(op, message):
    x = Value(0.5, "x")
    program = record(op(*[x] * len(op.rules)) * x, [x])
    with pytest.raises(ValueError, match=message):
        program.compile(kernel=True)


def test_the_table_is_written_whole():
    text = write_primitives(tuple(TABLE.values()))
    for code, op in enumerate(TABLE.values(), 2):
        assert text.count(f"if code == {code}:") == 2, op


@pytest.mark.parametrize(
    ("variable", "folder"),
    [
        ("NUMBA_CACHE_DIR", "named"),
        ("LOCALAPPDATA", "named/autograd_mini"),
        ("XDG_CACHE_HOME", "named/autograd_mini"),
        ("", "home/.cache/autograd_mini"),
    ],
)
def test_what_is_compiled_is_kept_where_a_system_keeps_such_things(
    variable, folder, monkeypatch, tmp_path
):
    for name in ("NUMBA_CACHE_DIR", "LOCALAPPDATA", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    if variable:
        monkeypatch.setenv(variable, str(tmp_path / "named"))
    assert find_folder() == tmp_path / folder
    assert find_folder().is_dir()
