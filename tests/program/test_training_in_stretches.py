"""A run takes many steps in one call of machine code: they are those of the loop, one by one."""

from itertools import count, islice

import numpy as np
import pytest

from autograd_mini import Value, exp, log, record, relu, sqrt
from autograd_mini.optim import SGD, Optimiser
from autograd_mini.program import stretches as machine_code
from autograd_mini.program import training
from autograd_mini.program.descent import Machine
from autograd_mini.program.stretches import SPAN, Pace
from autograd_mini.program.training import Training, batches, train
from tests.program.test_training import COLUMNS, OPTIMISERS, kinds, loop, network, state

codes = pytest.mark.parametrize("kernel", [False, True], ids=["lines", "kernel"])


@pytest.fixture
def stretches(monkeypatch):
    """How many steps were taken in arrays in each call, in a list that a run fills."""
    taken, take = [], Training.take_a_stretch

    def counting(self, *arguments):
        losses = take(self, *arguments)
        taken.append(len(losses))
        return losses

    monkeypatch.setattr(Training, "take_a_stretch", counting)
    return taken


@codes
@kinds
def test_a_thousand_steps_with_batches_are_those_of_the_loop(kind, kernel, stretches):
    program, by_hand = network(kind)
    drawn = zip(range(1000), batches(20, 6, seed=3), strict=False)
    losses = [loop(program, by_hand, [c[some] for c in COLUMNS], 1)[0][0] for _, some in drawn]
    program, optimiser = network(kind)
    found = train(program.compile(kernel=kernel), optimiser, COLUMNS, 1000, batch=6, seed=3)
    assert sum(stretches) == 1000
    assert len(stretches) < 100
    np.testing.assert_allclose(found, losses, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(state(optimiser), state(by_hand), rtol=1e-12, atol=1e-12)


FAULTS = {  # a loss of w and x that fails after some steps, at this rate, or this one of Adam's
    "domain": (lambda w, x: log(w - x), 0.05, 0.05),
    "overflow": (lambda w, x: -exp(w - x), 0.1, 30.0),
    "data": (lambda w, x: (x - w) * 0.1, 1e308, 1e307),
}


@codes
@pytest.mark.parametrize("fault", FAULTS)
@kinds
def test_an_error_amid_a_stretch_is_that_of_the_loop_and_leaves_the_same(
    kind, fault, kernel, stretches
):
    def made():
        loss, *rates = FAULTS[fault]
        w, x = Value(1.5, "w"), Value(0.5, "x")
        optimiser = OPTIMISERS[kind]([w])
        optimiser.rate = rates[kind == "Adam"]
        return record(loss(w, x), [x]), optimiser

    xs = [np.array([0.5, 0.1])]
    program, by_hand = made()
    with pytest.raises((ArithmeticError, ValueError)) as expected:
        loop(program, by_hand, xs, 100)
    program, optimiser = made()
    with pytest.raises(expected.type) as found:
        train(program.compile(kernel=kernel), optimiser, xs, 100)
    assert str(found.value) == str(expected.value)
    assert state(optimiser) == pytest.approx(state(by_hand), rel=1e-12)
    assert sum(stretches) == optimiser.steps > len(stretches)  # so it failed amid one


@codes
def test_a_corner_amid_a_stretch_is_taken_alone_and_the_stretch_goes_on(kernel, stretches):
    def made():
        w, x = Value(1.0, "w"), Value(1.0, "x")
        return record(relu(w * x) + sqrt(w * x).maximum(1.0), [x]), SGD([w], 0.001)

    xs = [np.array([1.0, 2.0, 0.0, 4.0])]  # the root is the less where it has no derivative
    program, by_hand = made()
    order = list(islice(batches(4, 1, seed=1), 12))
    losses = [loop(program, by_hand, [xs[0][some]], 1)[0][0] for some in order]
    program, optimiser = made()
    program = program.compile(kernel=kernel)
    found = train(program, optimiser, xs, 12, batch=1, seed=1)
    assert found == pytest.approx(losses, rel=1e-12)
    assert state(optimiser) == pytest.approx(state(by_hand), rel=1e-12)
    assert 12 - order.count([2]) == sum(stretches)


def test_grads_of_what_the_optimiser_does_not_move_add_up_as_in_the_loop(stretches):
    def made():
        w, frozen, x = Value(0.5, "w"), Value(2.0, "frozen"), Value(0.0, "x")
        frozen.grad = 1.0
        return record((frozen * x - w) ** 2, [x]), SGD([Value(3.0), w], 0.01, momentum=0.5), frozen

    xs = [np.array([1.0, 2.0])]
    program, by_hand, other = made()
    losses, _ = loop(program, by_hand, xs, 50)
    program, optimiser, frozen = made()
    assert train(program, optimiser, xs, 50) == pytest.approx(losses, rel=1e-12)
    assert sum(stretches) == 50
    assert state(optimiser) == pytest.approx(state(by_hand), rel=1e-12)
    assert (frozen.data, frozen.grad) == (2.0, pytest.approx(other.grad, rel=1e-12))


def test_an_optimiser_of_your_own_takes_its_steps_in_arrays_too(stretches):
    class Signs(Optimiser):
        """Steps of one length, along the sign of the grad."""

        @staticmethod
        def rule(_t, data, grads, rate):
            """Move by the rate."""
            return ([w - rate * (g / abs(g)) for w, g in zip(data, grads, strict=True)],)

    def made():
        program, optimiser = network()
        return program, Signs(optimiser.parameters, 0.01)

    program, by_hand = made()
    losses, _ = loop(program, by_hand, COLUMNS, 20)
    program, optimiser = made()
    assert train(program, optimiser, COLUMNS, 20) == pytest.approx(losses, rel=1e-12)
    assert state(optimiser) == pytest.approx(state(by_hand), rel=1e-12)
    assert sum(stretches) == 20


@pytest.mark.parametrize("kernel", [False, True, None], ids=["lines", "kernel", "neither"])
def test_a_program_without_inputs_trains(kernel):
    a, b = Value(3.0, "a"), Value(-1.0, "b")
    program, optimiser = record((a * b - 2) ** 2), SGD([a, b], 0.01)
    losses = loop(program, optimiser, [], 20)[0]
    expected = state(optimiser)
    optimiser.changes([3.0, -1.0], [[0.0, 0.0]], 0).make()
    program = program if kernel is None else program.compile(kernel=kernel)
    assert train(program, optimiser, [], 20) == pytest.approx(losses, rel=1e-12)
    assert state(optimiser) == pytest.approx(expected, rel=1e-12)


def test_an_infinite_loss_is_that_of_the_loop_and_its_step_is_taken_once(stretches):
    def made():
        w, x = Value(1.0, "w"), Value(1.0, "x")
        return record(w * x, [x]), SGD([w], 1e-310)

    xs = [np.array([-1.7e308])]
    program, by_hand = made()
    losses, _ = loop(program, by_hand, xs, 12)
    assert np.isinf(losses[-1])
    assert np.isfinite(losses[2])
    program, optimiser = made()
    assert train(program, optimiser, xs, 12) == losses
    assert state(optimiser) == state(by_hand)
    assert 0 < sum(stretches) < 12


FAKE = [
    (TypeError("cannot get the address of the function"), KeyboardInterrupt),
    (SystemError("no address"), KeyboardInterrupt),
    (TypeError("missing a required argument"), TypeError),
    (SystemError("a bug"), SystemError),
]


@pytest.mark.parametrize(("error", "raised"), FAKE)
def test_an_interrupt_that_numba_tells_as_a_mistake_of_its_own_is_one(error, raised, monkeypatch):
    def fail(*_):
        raise error

    monkeypatch.setattr(machine_code, "compile_steps", lambda *_, **__: fail)
    with pytest.raises(raised):
        machine_code.take_compiled(SGD, Machine(None, (), 0), None)


# The pace ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cost", [1e-7, 1e-5, 0.003, 0.07, 2.0])
def test_a_run_comes_back_ten_times_a_second_or_after_each_step(cost):
    now = 0.0

    def take():
        nonlocal now
        now += cost * pace.steps

    pace, taken = Pace(lambda: now), []
    for _ in range(6):
        began, steps = now, pace.steps
        pace.measure(take)
        taken.append(steps)
        assert steps == 1 or now - began <= 0.1
    assert taken[-1] == max(1, round(SPAN / cost))


def test_a_clock_that_stands_still_gives_a_pace_all_the_same():
    pace = Pace(lambda: 0.0)
    assert pace.measure(lambda: "result") == "result"
    assert pace.steps > 1


def test_a_run_is_measured_by_the_clock(monkeypatch):
    ticks = count()
    monkeypatch.setattr(training, "Pace", lambda: Pace(lambda: next(ticks) * SPAN))
    returns, take = [], Training.take_steps
    monkeypatch.setattr(
        Training, "take_steps", lambda *given: returns.append(len(given[-1])) or take(*given)
    )
    train(*network(), COLUMNS, 7)
    assert returns == [1] * 7  # each stretch takes all the time there is


def test_the_progress_is_asked_for_every_step_and_may_end_the_run():
    seen = []

    def progress(items, unit):
        for item in items:
            seen.append((item, unit))
            if item == 500:
                return
            yield item

    program, optimiser = network("Adam")
    losses = train(program, optimiser, COLUMNS, 1000, progress=progress)
    assert seen == [(i, "step") for i in range(501)]
    assert len(losses) == optimiser.steps == 500
    program, by_hand = network("Adam")
    assert losses == pytest.approx(train(program, by_hand, COLUMNS, 500), rel=1e-12)
    assert state(optimiser) == pytest.approx(state(by_hand), rel=1e-12)
