"""Training in arrays is the loop of four lines, faster: same numbers, same errors, whole steps."""

import math
import random
import signal
import sys
from contextlib import contextmanager, suppress
from itertools import chain, islice

import numpy as np
import pytest

from autograd_mini import Value, log, record, relu, sqrt, tanh
from autograd_mini.losses import mean_squared_error
from autograd_mini.nn import MLP
from autograd_mini.optim import SGD, Adam
from autograd_mini.program import stretches, training
from autograd_mini.program.training import Training, batches, train
from autograd_mini.teach.doctor import doctor
from tests.injector import interrupted

OPTIMISERS = {
    "SGD": lambda parameters: SGD(parameters, 0.05),
    "momentum": lambda parameters: SGD(parameters, 0.02, momentum=0.9),
    "Adam": lambda parameters: Adam(parameters, 0.01),
}
kinds = pytest.mark.parametrize("kind", OPTIMISERS)
RNG = np.random.default_rng(1)
COLUMNS = [*RNG.normal(size=(2, 20)), RNG.choice([0.0, 1.0], 20)]


def network(kind="SGD"):
    """Return the program of a loss of a small network, and an optimiser of its parameters."""
    model = MLP(2, [3, 1], "tanh", seed=1)
    xs, target = [Value(0.0), Value(0.0)], Value(0.0)
    program = record(mean_squared_error([model(xs)], [target]), [*xs, target])
    return program, OPTIMISERS[kind](model.parameters())


def loop(program, optimiser, columns, steps):
    """Train by hand; return the losses and what everything was before the first and each step."""
    losses, states = [], [state(optimiser)]
    for _ in range(steps):
        optimiser.zero_grad()
        losses.append(program.backward(*columns))
        optimiser.step()
        states.append(state(optimiser))
    return losses, states


def state(optimiser):
    """Return all numbers of the parameters and of the optimiser, one after the other."""
    values = [number for p in optimiser.parameters for number in (p.data, p.grad)]
    return [*values, *(x for memory in optimiser.remembered() for x in memory), optimiser.steps]


@kinds
def test_a_thousand_steps_are_those_of_the_loop(kind):
    losses, states = loop(*network(kind), COLUMNS, 1000)
    program, optimiser = network(kind)
    found = train(program, optimiser, COLUMNS, 400)
    found += train(program, optimiser, np.array(COLUMNS), 600)  # what is remembered goes on
    np.testing.assert_allclose(found, losses, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(state(optimiser), states[-1], rtol=1e-12, atol=1e-12)
    assert {type(x) for x in state(optimiser)} == {float, int}


def test_without_numpy_the_steps_are_taken_on_values(monkeypatch):
    losses, states = loop(*network("Adam"), [0.5, -0.5, 1.0], 20)
    program, optimiser = network("Adam")
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.setattr(training, "find_spec", lambda _: None)
    assert train(program, optimiser, [0.5, -0.5, 1.0], 20) == losses
    assert state(optimiser) == states[-1]


@pytest.mark.parametrize("code", ["NumPy", "lines", "kernel"])
def test_whatever_computes_takes_the_same_steps(code):
    program, first = network()
    start = [p.data for p in first.parameters]
    if code == "NumPy":
        program.machine = None
    else:
        program = program.compile(kernel=code == "kernel")
    for kind, optimiser_of in OPTIMISERS.items():
        losses, states = loop(*network(kind), COLUMNS, 100)
        for p, data in zip(first.parameters, start, strict=True):
            p.data, p.grad = data, 0.0
        optimiser = optimiser_of(first.parameters)
        found = train(program, optimiser, COLUMNS, 100)
        np.testing.assert_allclose(found, losses, rtol=1e-12, atol=1e-12, err_msg=kind)
        np.testing.assert_allclose(state(optimiser), states[-1], rtol=1e-12, atol=1e-12)


def test_a_batch_is_what_the_seed_draws():
    program, optimiser = network("Adam")
    found = train(program, optimiser, COLUMNS, 7, batch=8, seed=5)
    program, by_hand = network("Adam")
    for loss, some in zip(found, batches(20, 8, 5), strict=False):
        columns = [column[some] for column in COLUMNS]
        assert loop(program, by_hand, columns, 1)[0] == pytest.approx([loss], rel=1e-12)
    assert state(optimiser) == pytest.approx(state(by_hand), rel=1e-12)


def test_the_seed_is_0_unless_it_is_given():
    found = train(*network(), COLUMNS, 7, batch=8)
    assert found == train(*network(), COLUMNS, 7, batch=8, seed=0)
    assert found != train(*network(), COLUMNS, 7, batch=8, seed=1)


@pytest.mark.parametrize("batch", [20, 21])
def test_a_batch_of_all_samples_is_none(batch):
    assert train(*network(), COLUMNS, 7, batch=batch) == train(*network(), COLUMNS, 7)


def test_a_table_is_taken_as_it_is_and_a_sample_as_its_numbers():
    program, optimiser = network()
    table = np.array(COLUMNS)
    assert Training(optimiser).table(program, table) is table
    found = train(program, optimiser, np.array([0.5, -0.5, 1.0]), 3)
    assert found == train(*network(), [0.5, -0.5, 1.0], 3)


@pytest.mark.parametrize(("n", "size"), [(1, 1), (7, 3), (6, 3), (3, 7)])
def test_every_sample_comes_once_before_any_comes_again(n, size):
    count = math.ceil(n / size)
    drawn = [*islice(batches(n, size, seed=3), 2 * count)]
    for epoch in (drawn[:count], drawn[count:]):
        assert sorted(chain(*epoch)) == [*range(n)]
        assert max(map(len, epoch)) == min(n, size)
    assert drawn == [*islice(batches(n, size, seed=3), 2 * count)]


def test_samples_come_in_another_order_each_time():
    first, second = islice(batches(20, 20, seed=3), 2)
    assert first != second


def test_numbers_among_the_columns_are_the_same_for_every_sample():
    program, optimiser = network()
    found = train(program, optimiser, [COLUMNS[0], 0.5, 1], 5, batch=6)
    program, optimiser = network()
    columns = [COLUMNS[0], np.full(20, 0.5), np.ones(20)]
    assert found == train(program, optimiser, columns, 5, batch=6)


def test_other_arrays_train_too():
    import dask.array as da

    program, optimiser = network("Adam")
    found = train(program, optimiser, [da.from_array(c, chunks=10) for c in COLUMNS], 3, batch=9)
    program, optimiser = network("Adam")
    assert found == pytest.approx(train(program, optimiser, COLUMNS, 3, batch=9), rel=1e-12)


def test_parameters_that_the_optimiser_does_not_move_collect_their_grads_as_in_the_loop():
    def shared():
        w, frozen, idle = Value(0.5, "w"), Value(2.0, "frozen"), Value(3.0, "idle")
        x = Value(0.0, "x")
        programs = [record((w * x - frozen) ** 2, [x]), record((w * frozen - x) ** 2, [x])]
        return programs, SGD([idle, w], 0.01, momentum=0.5), frozen

    xs = np.array([1.0, 2.0])
    programs, optimiser, frozen = shared()
    with Training(optimiser) as run:
        found = [run.step(program, [xs]) for program in programs * 3]
        assert state(optimiser)[-1] == 0  # the Values have not been written yet
        run.write()
        assert state(optimiser)[-1] == 6
    programs, by_hand, other = shared()
    losses = [loop(program, by_hand, [xs], 1)[0][0] for program in programs * 3]
    assert found == pytest.approx(losses, rel=1e-12)
    assert state(optimiser) == pytest.approx(state(by_hand), rel=1e-12)
    assert (frozen.data, frozen.grad) == (2.0, pytest.approx(other.grad, rel=1e-12))


def test_a_program_that_reads_more_values_may_come_between_two_steps():
    def some():
        x, w, frozen = Value(0.0, "x"), Value(0.5, "w"), Value(2.0, "frozen")
        short, long = record((w * x) ** 2, [x]), record((w * x - frozen) ** 2, [x])
        return (short, long, short), SGD([w], 0.01), frozen

    xs = np.array([1.0, 2.0])
    programs, optimiser, frozen = some()
    with Training(optimiser) as run:
        found = [run.step(program, [xs]) for program in programs]
    programs, by_hand, other = some()
    assert found == pytest.approx([loop(p, by_hand, [xs], 1)[0][0] for p in programs], rel=1e-12)
    assert state(optimiser) == pytest.approx(state(by_hand), rel=1e-12)
    assert frozen.grad == pytest.approx(other.grad, rel=1e-12)


# What stands in the way ---------------------------------------------------------------------------


def failing(w, x):
    """Return losses that fail after some steps, each in another way."""
    return {
        "domain": log(w - x),
        "overflow": ((w + x) * 1e60) ** 5 * 1e60,
        "grad": sqrt(w - x) * 1e300,
        "data": (w - x) * 10.0,
    }


@pytest.mark.parametrize("fault", failing(Value(3.0), Value(1.0)))
@kinds
def test_an_error_is_that_of_the_loop_and_leaves_the_same(kind, fault):
    def made():
        w, x = Value(1.5, "w"), Value(0.5, "x")
        optimiser = OPTIMISERS[kind]([w])
        optimiser.rate = 1e308 if fault == "data" else 0.4
        return record(failing(w, x)[fault], [x]), optimiser

    program, by_hand = made()
    with pytest.raises((ArithmeticError, ValueError)) as expected:
        loop(program, by_hand, [np.array([0.5, 0.1])], 100)
    program, optimiser = made()
    with pytest.raises(expected.type) as found:
        train(program, optimiser, [np.array([0.5, 0.1])], 100)
    assert str(found.value) == str(expected.value)
    assert state(optimiser) == pytest.approx(state(by_hand), rel=1e-12)


def test_a_corner_takes_its_step_and_the_run_goes_on():
    def made():
        w, x = Value(0.0, "w"), Value(1.0, "x")
        return record((relu(w * x) + sqrt(w * x + 0.25) - 2) ** 2, [x]), SGD([w], 0.1)

    xs = np.array([0.0, 1.0, 2.0])
    losses, states = loop(*made(), [xs], 10)
    program, optimiser = made()
    assert train(program, optimiser, [xs], 10) == pytest.approx(losses, rel=1e-12)
    assert state(optimiser) == pytest.approx(states[-1], rel=1e-12)


def test_the_doctor_sees_every_step():
    model = MLP(2, [3, 1], "tanh", seed=1)
    xs, target = [Value(0.0), Value(0.0)], Value(0.0)
    program = record(mean_squared_error([model(xs)], [target]), [*xs, target])
    optimiser = SGD(model.parameters(), 0.05)
    with doctor(model) as report:
        watched = train(program, optimiser, COLUMNS, 12)
    assert report.passes == 12
    assert watched == pytest.approx(train(*network(), COLUMNS, 12), rel=1e-12)


def test_no_steps_change_nothing():
    program, optimiser = network()
    before = [p.data for p in optimiser.parameters]
    assert train(program, optimiser, COLUMNS, 0) == []
    assert [p.data for p in optimiser.parameters] == before


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"program": tanh}, TypeError, r"^need a program that record returned, got Primitive"),
        ({"optimiser": None}, TypeError, r"^need an optimiser such as SGD or Adam, got NoneType"),
        ({"steps": -1}, ValueError, r"^the number of steps is at least 1, got -1"),
        ({"steps": 1.5}, TypeError, r"^the number of steps is a whole number, got 1.5"),
        ({"batch": 0}, ValueError, r"^batch is at least 1, got 0"),
        ({"columns": COLUMNS[:2]}, TypeError, r"^the inputs are \(.*\), but 2 were given"),
        ({"columns": [*COLUMNS[:2], "1"]}, TypeError, r"^v\w+ needs a real number or an array"),
        (
            {"columns": np.ones((3, 4), complex)},
            TypeError,
            r"^v\w+ needs a real .* complex128$",
        ),
        ({"columns": np.full((3, 4), "1")}, TypeError, r"^v\w+ needs a real .* type <U1$"),
        ({"columns": np.ones((3, 0))}, ValueError, r"^need arrays of one length, and at least one"),
    ],
)
def test_mistakes_are_told_before_the_first_step(change, kind, message):
    program, optimiser = network()
    given = {"program": program, "optimiser": optimiser, "columns": COLUMNS, "steps": 5} | change
    before = state(optimiser)
    with pytest.raises(kind, match=message):
        train(**given)
    assert state(optimiser) == before


# Ctrl-C ------------------------------------------------------------------------------------------


@contextmanager
def ringing(seconds):
    """Press Ctrl-C after some time, if the block lasts as long."""
    old = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


# Python drops an interrupt in a callback of its collector, as Hypothesis has one, and says so; one
# in the comparison of two keys, such as Numba's types, it may tell as a KeyError.
@pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("compiled", [False, True], ids=["lines", "machine"])
def test_a_signal_at_any_moment_leaves_a_whole_number_of_steps(compiled, monkeypatch):
    monkeypatch.setattr(stretches, "SPAN", 1e-5)  # so that a short run has many stretches
    program, optimiser = network("Adam")
    if compiled:
        program = program.compile()
    else:
        program.machine = None
    start = state(optimiser)
    train(program, optimiser, COLUMNS, 2)  # what is compiled is compiled now
    reset(optimiser, start)
    _, states = loop(program, optimiser, COLUMNS, 400)
    draw, reached, latest = random.Random(1), set(), 0.02
    for _ in range(50):
        reset(optimiser, start)
        with suppress(KeyboardInterrupt, KeyError), ringing(draw.uniform(latest / 100, latest)):
            train(program, optimiser, COLUMNS, 400)
        found = state(optimiser)
        assert found == pytest.approx(states[found[-1]], rel=1e-12)
        reached.add(found[-1])
        latest *= 0.8 if found[-1] == 400 else 1.1  # however fast the machine is
    assert len(reached) > 3


def reset(optimiser, numbers):
    """Write what ``state`` returned."""
    n = len(optimiser.parameters)
    for i, p in enumerate(optimiser.parameters):
        p.data, p.grad = numbers[2 * i : 2 * i + 2]
    memories = [[0.0] * n for _ in optimiser.memories]
    optimiser.changes([p.data for p in optimiser.parameters], memories, 0).make()


@pytest.mark.parametrize("second", [0, 3])
def test_an_interrupt_at_any_instruction_leaves_a_whole_number_of_steps(second):
    def made():
        w, x = Value(1.0, "w"), Value(1.0, "x")
        return record((w * x - 1) ** 2, [x]), SGD([w, Value(2.0)], 0.1, momentum=0.5)

    columns = [np.array([2.0, 3.0])]
    program, optimiser = made()
    program.backward(*columns)  # the lines are written
    start = [1.0, 0.0, 2.0, 0.0]
    reset(optimiser, start)
    _, states = loop(program, optimiser, columns, 3)
    for point in range(1, 4000, 7):
        reset(optimiser, start)
        if not interrupted(lambda: train(program, optimiser, columns, 3), point, second):
            break
        assert state(optimiser) == pytest.approx(states[optimiser.steps], rel=1e-12)
    else:
        pytest.fail("the run never came to its end")
