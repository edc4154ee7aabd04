"""The doctor: every planted fault is found by name, a healthy run is left in peace."""

import math
import re
from collections import Counter
from contextlib import suppress
from random import Random

import numpy
import pytest

from autograd_mini import Value, exp, recompute, record, sigmoid, softmax, weighted_sum
from autograd_mini.engine.observers import OBSERVERS
from autograd_mini.losses import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    half_squared_error,
    hinge,
    mean_squared_error,
)
from autograd_mini.nn import MLP
from autograd_mini.optim import SGD, Adam
from autograd_mini.teach.doctor import LEAPS, REMEDIES, Doctor, doctor
from autograd_mini.teach.shapes import TWO_SIGMOIDS, TWO_SOFTMAXES
from autograd_mini.teach.watching import Update

mse = mean_squared_error
SEEDS = range(5)
XOR = [((0.0, 0.0), 0), ((0.0, 1.0), 1), ((1.0, 0.0), 1), ((1.0, 1.0), 0)]
SINE = [((x / 4,), math.sin(x / 4)) for x in range(-8, 9, 2)]


def moons(seed, n=10):
    """Return n points on two interleaved half circles, with classes 0 and 1."""
    rng, points = Random(seed), []
    for i in range(n):
        t, sign, shift = math.pi * rng.random(), 1 - 2 * (i % 2), i % 2
        x, y = shift + sign * math.cos(t), shift / 2 + sign * math.sin(t)
        points.append(((x + rng.gauss(0, 0.1), y + rng.gauss(0, 0.1)), i % 2))
    return points


def signed_hinge(outputs, targets):
    """Return the hinge loss for classes 0 and 1."""
    return hinge(outputs, [2 * t - 1 for t in targets])


def rows_of(data, size):
    """Return the examples of each pass: *size* at a time, over and over."""
    while True:
        for i in range(0, len(data), size):
            yield data[i : i + size]


def train(  # noqa: PLR0913 (a test names what differs from the plainest run)
    model,
    data=XOR,
    loss=binary_cross_entropy_with_logits,
    *,
    rate=0.1,
    steps=20,
    size=100,
    scale=1.0,
    optimiser=None,
    clear=True,
):
    """Train in the plainest of loops, and return what the doctor says."""
    optimiser = optimiser or SGD(model.parameters(), rate)
    batches = rows_of(data, size)
    with doctor(model) as report:
        for _ in range(steps):
            rows = next(batches)
            outputs = [model([scale * v for v in x]) for x, _ in rows]
            error = loss(outputs, [t for _, t in rows])
            if clear:
                optimiser.zero_grad()
            error.backward()
            optimiser.step()
    return report


def names(report):
    return [fault.name for fault in report.faults]


# Healthy runs ------------------------------------------------------------------------------------


def xor(seed):
    return train(MLP(2, [4, 1], "tanh", seed=seed), rate=0.5, steps=40)


def xor_with_squared_error(seed):
    model = MLP(2, [4, 1], "sigmoid", "sigmoid", seed=seed)
    return train(model, loss=half_squared_error, rate=0.5, steps=40)


def xor_with_momentum(seed):
    model = MLP(2, [4, 1], "tanh", seed=seed)
    return train(model, optimiser=SGD(model.parameters(), 0.2, momentum=0.9), steps=60)


def xor_example_by_example(seed):
    model = MLP(2, [5, 1], "tanh", seed=seed)
    return train(model, optimiser=Adam(model.parameters(), 0.02), steps=150, size=1)


def xor_far_beyond_the_solution(seed):
    model = MLP(2, [4, 1], "tanh", seed=seed)
    return train(model, optimiser=Adam(model.parameters(), 0.05), steps=150)


def two_moons(seed):
    model = MLP(2, [6, 1], seed=seed)
    return train(model, moons(seed), signed_hinge, steps=30)


def two_moons_in_batches(seed):
    model = MLP(2, [6, 1], seed=seed)
    optimiser = SGD(model.parameters(), 0.02, momentum=0.9)
    return train(model, moons(seed), optimiser=optimiser, steps=60, size=3)


def sine(seed):
    return train(MLP(1, [5, 1], "tanh", seed=seed), SINE, mean_squared_error, rate=0.05, steps=30)


def line_from_nothing(seed):
    """Fit a line to large targets: from weights of 0 a good step is many times their length."""
    rng, model = Random(seed), MLP(2, [1])
    for x in model.parameters():
        x.data = 0.0
    data = [((rng.gauss(0, 1), rng.gauss(0, 1)), 500 + rng.gauss(0, 200)) for _ in range(12)]
    return train(model, data, mean_squared_error, rate=0.3, steps=30)


def two_moons_long_solved(seed):
    rows = [(x, t) for x, t in moons(seed) if (x[1] > 0.25) == (t == 0)][:4]
    return train(MLP(2, [6, 1], "tanh", seed=seed), rows, signed_hinge, rate=0.5, steps=100)


def two_moons_for_a_moment(seed):
    return train(MLP(2, [6, 1], seed=seed), moons(seed), rate=0.05, steps=6, size=1)


def sine_with_adam(seed):
    """Swing past the solution on the way to it: two updates of five raise the loss."""
    model = MLP(1, [5, 1], "tanh", seed=seed)
    return train(model, SINE, mse, optimiser=Adam(model.parameters(), 0.05), steps=30)


HEALTHY = [
    xor,
    xor_with_squared_error,
    xor_with_momentum,
    xor_example_by_example,
    xor_far_beyond_the_solution,
    two_moons,
    two_moons_in_batches,
    sine,
    line_from_nothing,
    two_moons_long_solved,
    two_moons_for_a_moment,
    sine_with_adam,
]


@pytest.mark.parametrize("run", HEALTHY, ids=lambda run: run.__name__)
def test_a_healthy_run_is_left_in_peace(run):
    for seed in SEEDS:
        report = run(seed)
        assert names(report) == [], (seed, report)
        assert repr(report).startswith("no faults in ")


def test_the_program_of_the_note_is_healthy_though_it_stays_on_its_plateau():
    start = [0.417022004702574, 0.7203244934421581, 0.00011437481734488664, 0.30233257263183977]
    w = [Value(x) for x in [*start, 0.14675589081711304, 0.0923385947687978]]
    with doctor(w) as report:
        for _ in range(300):
            hidden = [[sigmoid(weighted_sum([w[j], w[2 + j]], x)) for j in (0, 1)] for x, _ in XOR]
            outputs = [sigmoid(weighted_sum(w[4:], h)) for h in hidden]
            for p in w:
                p.grad = 0.0
            half_squared_error(outputs, [t for _, t in XOR]).backward()
            for p in w:
                p.data -= 0.1 * p.grad
    assert report.faults == []
    assert report.passes == 300


# Planted faults ----------------------------------------------------------------------------------


def network(seed, activation="tanh", output="linear", sizes=(4, 1), **changes):
    """Make a network; *changes* multiply weights or set biases of the first layer, or all."""
    model = MLP(2, list(sizes), activation, output, seed=seed)
    for x in model.layers[0].parameters():
        x.data *= changes.get("first", 1.0)
    for x in model.parameters():
        x.data *= changes.get("all", 1.0)
    for neuron in model.layers[0].neurons:
        neuron.b.data = changes.get("bias", 0.0)
    return model


def with_unused_parameter(seed):
    model = network(seed)
    model.unused = Value(1.0)
    return model


def confidently_wrong(seed, output="sigmoid"):
    model = network(seed, output=output)
    model.layers[-1].neurons[0].b.data = 4.0
    return model


def cut(seed):
    """Train a network whose second layer reads the data of the first, and not its Values."""
    model = network(seed)
    with doctor(model) as report:
        for _ in range(3):
            hidden = [x.data for x in model.layers[0].outputs([1.0, -1.0])]
            model.layers[1](hidden).backward()
            model.zero_grad()
    return report


def targets(data, change):
    return [(x, change(t)) for x, t in data]


def leaping(seed, activation, loss, data=XOR):
    """Train a network that is saturated by its first update, and then stands still."""
    return train(MLP(2, [4, 1], activation, activation, seed=seed), data, loss, rate=500)


DEEP = {"sizes": [4] * 6 + [1], "all": 8.0}
PLANTED = {
    "zero_grad forgotten": [
        lambda s: train(network(s), clear=False),
        lambda s: train(network(s, "relu"), moons(s), signed_hinge, clear=False),
        lambda s: train(network(s), moons(s), size=1, clear=False),
        lambda s: train(network(s, "sigmoid"), rate=0.5, clear=False),
    ],
    "learning rate too high": [
        lambda s: train(network(s), rate=20),
        lambda s: train(network(s), rate=1000),
        lambda s: train(network(s, "relu"), moons(s), signed_hinge, rate=20),
        lambda s: train(MLP(1, [5, 1], "tanh", seed=s), SINE, mean_squared_error, rate=3),
        lambda s: leaping(s, "sigmoid", half_squared_error),
        lambda s: leaping(s, "sigmoid", mse, moons(s)),
        lambda s: leaping(s, "tanh", mse),
    ],
    "learning rate too low": [
        lambda s: train(network(s), rate=1e-5),
        lambda s: train(network(s, "relu"), moons(s), signed_hinge, rate=1e-5),
        lambda s: train(network(s, "relu"), moons(s), rate=1e-6, size=1),
        lambda s: train(MLP(1, [5, 1], "tanh", seed=s), SINE, mean_squared_error, rate=1e-6),
    ],
    "vanishing gradients": [
        lambda s: train(network(s, "sigmoid", sizes=[3] * 8 + [1]), steps=4),
        lambda s: train(network(s, "tanh", sizes=[3] * 6 + [1], all=0.1), moons(s), steps=4),
    ],
    "exploding gradients": [
        lambda s: train(network(s, "linear", **DEEP), rate=1e-9, steps=4),
        lambda s: train(network(s, "leaky_relu", **DEEP), rate=1e-9, steps=4),
    ],
    "dead ReLUs": [
        lambda s: train(network(s, "relu", bias=-100.0), steps=6),
        lambda s: train(network(s, "relu", sizes=(4, 3, 1), bias=-50.0), moons(s), size=1),
    ],
    "saturated activations": [
        lambda s: train(network(s, first=100.0), steps=6),
        lambda s: train(network(s, "sigmoid", first=100.0), moons(s)),
    ],
    "inputs not normalised": [
        lambda s: train(network(s), scale=255.0),
        lambda s: train(network(s, "relu"), moons(s), signed_hinge, scale=100.0),
        lambda s: train(network(s), scale=1 / 255),
    ],
    "loss does not fit the outputs": [
        lambda s: train(network(s, output="sigmoid"), targets(XOR, lambda t: 3 * t), mse),
        lambda s: train(network(s, output="tanh"), targets(XOR, lambda t: 4 * t - 2), mse),
        lambda s: train(network(s, output="relu"), targets(XOR, lambda t: t - 2), mse),
        lambda s: train(confidently_wrong(s), moons(s), half_squared_error),
        lambda s: train(confidently_wrong(s, "tanh"), targets(moons(s), lambda t: 2 * t - 1), mse),
    ],
    "parameters without gradient": [
        lambda s: train(with_unused_parameter(s)),
        cut,
    ],
}


@pytest.mark.parametrize(
    ("name", "run"), [(name, run) for name, runs in PLANTED.items() for run in runs]
)
def test_a_planted_fault_is_found_by_name_every_time(name, run):
    for seed in SEEDS:
        assert name in names(run(seed)), seed


def test_at_most_eight_faults_are_told_each_with_evidence_and_remedy():
    report = train(network(0, first=1e3), moons(0), rate=1e4, scale=1e3, clear=False)
    assert 1 <= len(report.faults) <= 8
    for fault in report.faults:
        assert fault.evidence
        assert fault.remedy
        assert str(fault) in repr(report)


# What it leaves alone ----------------------------------------------------------------------------


def trained(watch):
    """Train a network, watched or not; return its parameters and the last loss."""
    model = network(3)
    optimiser = Adam(model.parameters(), 0.05)
    for i in range(12):
        error = mean_squared_error([model(x) for x, _ in XOR], [t for _, t in XOR])
        optimiser.zero_grad()
        if watch and i % 2 == 0:
            with doctor(model):
                error.backward(2.0)
        else:
            error.backward(2.0)
        optimiser.step()
    return [x.data for x in model.parameters()], error.data


def test_watching_changes_no_number():
    assert trained(watch=True) == trained(watch=False)


def test_nobody_looks_on_any_more_even_when_the_loop_fails():
    with pytest.raises(ZeroDivisionError), doctor([Value(1.0)]):
        1 / 0  # noqa: B018
    assert OBSERVERS == []


def test_of_what_was_watched_no_graph_is_kept():
    w = Value(3.0, "w")
    with doctor([w]) as report:
        (w * w).backward()
        assert (report.again(), len(report.seen)) == (9.0, 2)
    assert math.isnan(report.again())
    assert report.seen == set()


def diverge(w):
    """Square w at too high a rate, until the optimiser refuses an infinite gradient."""
    optimiser = SGD([w], 1e30)
    while True:
        error = w**2
        optimiser.zero_grad()
        error.backward()
        optimiser.step()


def test_a_run_that_ends_in_an_error_is_still_told():
    w = Value(1.0, "w")
    with pytest.raises((ArithmeticError, ValueError)), doctor([w]) as report:
        diverge(w)
    assert names(report) == ["learning rate too high"]


def test_gradients_added_up_on_purpose_are_no_forgotten_zero_grad():
    model = network(1)
    optimiser = SGD(model.parameters(), 0.5)
    with doctor(model) as report:
        for _ in range(10):
            optimiser.zero_grad()
            for x, t in XOR:
                (binary_cross_entropy_with_logits(model(x), t) / 4).backward()
            optimiser.step()
    assert report.faults == []


def test_a_gradient_that_is_set_to_something_else_before_a_pass_is_not_an_old_one():
    model = network(1)
    optimiser = SGD(model.parameters(), 0.5)
    with doctor(model) as report:
        for _ in range(10):
            for p in model.parameters():
                p.grad = 1e-3 * p.data  # weight decay
            outputs = [model(x) for x, _ in XOR]
            binary_cross_entropy_with_logits(outputs, [t for _, t in XOR]).backward()
            optimiser.step()
    assert report.faults == []


def test_a_pass_through_another_graph_is_not_counted():
    w = Value(1.0, "w")
    with doctor([w]) as report:
        (w * 3.0).backward()
        (Value(2.0) * 3).backward()
    assert report.faults == []
    assert report.passes == 1


# Faults of the loop ------------------------------------------------------------------------------

TASKS = [
    (1, "tanh", lambda _: SINE, mse),
    (2, "tanh", lambda _: XOR, binary_cross_entropy_with_logits),
    (2, "relu", moons, signed_hinge),
]


class Run:
    """A training run of which each part may be planted with a fault, by replacing a method."""

    def __init__(self, task, seed):
        inputs, activation, data, self.error = task
        self.model = MLP(inputs, [5, 1], activation, seed=seed)
        self.rows = list(data(seed))
        self.optimiser = SGD(self.model.parameters(), 0.05)
        self.watched, self.steps = self.model, 14

    def outputs(self):
        return [self.model(x) for x, _ in self.rows]

    def loss(self):
        return self.error(self.outputs(), [t for _, t in self.rows])

    def clear(self):
        self.optimiser.zero_grad()

    def backward(self, loss):
        loss.backward()

    def update(self):
        self.optimiser.step()

    def descend(self):
        for _ in range(self.steps):
            loss = self.loss()
            self.clear()
            self.backward(loss)
            self.update()

    def report(self):
        with doctor(self.watched) as report, suppress(ArithmeticError, ValueError):
            self.descend()
        return report


class LossMadeOnce(Run):
    def loss(self):
        self.made = getattr(self, "made", None) or super().loss()
        return self.made


class OutputsCutOff(Run):
    def outputs(self):
        return [Value(y.data) for y in super().outputs()]


class NoBackward(Run):
    def backward(self, loss):
        pass


class TwoPasses(Run):
    def backward(self, loss):
        loss.backward()
        loss.backward()


class NoClear(Run):
    def clear(self):
        pass


class ClearedTooLate(Run):
    def update(self):
        self.optimiser.zero_grad()
        super().update()


class OtherParameters(Run):
    def __init__(self, task, seed):
        super().__init__(task, seed)
        self.optimiser = SGD(MLP(2, [3, 1], seed=seed).parameters(), 0.05)

    def clear(self):
        self.model.zero_grad()


class OtherModelWatched(Run):
    def __init__(self, task, seed):
        super().__init__(task, seed)
        self.watched = MLP(2, [3, 1], seed=seed)


class Rebound(Run):
    def descend(self):
        for _ in range(self.steps):
            self.clear()
            self.loss().backward()
            for p in self.model.parameters():
                p = p - 0.05 * p.grad  # noqa: PLW2901 (that is the fault)


class Uphill(Run):
    def update(self):
        for p in self.model.parameters():
            p.data += 0.05 * p.grad


class ErrorTurnedRound(Run):
    def loss(self):
        return -super().loss()


class SigmoidTwice(Run):
    def loss(self):
        outputs = [y.sigmoid() for y in self.outputs()]
        return binary_cross_entropy_with_logits(outputs, [float(t > 0.5) for _, t in self.rows])


class SigmoidTwiceByHand(Run):
    def loss(self):
        outputs = [1 / (1 + exp(-y)) for y in self.outputs()]
        return binary_cross_entropy_with_logits(outputs, [float(t > 0.5) for _, t in self.rows])


class SoftmaxTwice(Run):
    def loss(self):
        outputs = [softmax([y, -y]) for y in self.outputs()]
        return cross_entropy(outputs, [int(t > 0.5) for _, t in self.rows])


class EqualWeights(Run):
    def __init__(self, task, seed):
        super().__init__(task, seed)
        for x in self.model.parameters():
            x.data = 0.3 if ".w" in x.label else 0.0


class ZeroWeights(EqualWeights):
    def __init__(self, task, seed):
        super().__init__(task, seed)
        for x in self.model.parameters():
            x.data = 0.0


class NoNumber(Run):
    def __init__(self, task, seed):
        super().__init__(task, seed)
        (_, *others), target = self.rows[seed % 4]
        self.rows[seed % 4] = (math.nan, *others), target


CAUSES = {
    LossMadeOnce: "graph not rebuilt",
    OutputsCutOff: "graph cut off",
    NoBackward: "backward forgotten",
    TwoPasses: "backward called twice",
    NoClear: "zero_grad forgotten",
    ClearedTooLate: "gradients cleared before the step",
    OtherParameters: "optimiser of other parameters",
    OtherModelWatched: "another model is watched",
    Rebound: "parameter rebound",
    Uphill: "updates go uphill",
    ErrorTurnedRound: "updates go uphill",
    SigmoidTwice: "sigmoid before a loss of logits",
    SigmoidTwiceByHand: "sigmoid before a loss of logits",
    SoftmaxTwice: "softmax before cross_entropy",
    EqualWeights: "equal weights",
    ZeroWeights: "equal weights",
    NoNumber: "NaN in the data",
}


@pytest.mark.parametrize("run", CAUSES, ids=lambda run: run.__name__)
def test_the_cause_is_told_first_whatever_the_task(run):
    for task in TASKS:
        for seed in range(2):
            report = run(task, seed).report()
            assert names(report)[:1] == [CAUSES[run]], (task, seed, report)


def test_a_loop_without_a_planted_fault_has_none():
    for task in TASKS:
        for seed in range(5):
            assert names(Run(task, seed).report()) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (LossMadeOnce, NoClear),
        (OutputsCutOff, SigmoidTwice),
        (NoBackward, EqualWeights),
        (OtherParameters, NoClear),
        (Rebound, EqualWeights),
        (NoNumber, NoClear),
        (Uphill, SigmoidTwice),
        (ClearedTooLate, EqualWeights),
    ],
)
def test_of_two_faults_the_one_that_hides_the_other_comes_first(first, second):
    both = type("Both", (first, second), {})
    for task in TASKS:
        for seed in range(2):
            assert names(both(task, seed).report())[:1] == [CAUSES[first]], (task, seed)


def test_with_a_rate_too_high_a_fault_of_the_loop_is_still_the_cause():
    for task in TASKS:
        run = LossMadeOnce(task, 0)
        run.optimiser.rate = 5.0
        assert names(run.report()) == ["graph not rebuilt"]


def test_a_parameter_replaced_by_a_new_leaf_is_rebound():
    w = Value(3.0, "w")
    with doctor([w]) as report:
        for _ in range(6):
            (w**2).backward()
            w = Value(w.data - 0.1 * w.grad)
    [fault] = report.faults
    last = "the last 5 losses do not depend on the 1 parameters any more, the first 1 did"
    assert fault == ("parameter rebound", last, REMEDIES["parameter rebound"])


def test_a_parameter_replaced_by_a_difference_is_rebound():
    w = Value(3.0, "w")
    with doctor([w]) as report:
        for _ in range(6):
            (w**2).backward()
            w = w - 0.1 * w.grad
    [fault] = report.faults
    computed = "in pass 6 the loss is computed from a parameter minus a number"
    told = f"{computed}, and the parameter stayed as it was"
    assert fault == ("parameter rebound", told, REMEDIES["parameter rebound"])


def test_the_new_value_that_a_parameter_was_made_to_is_told():
    [fault, *_] = Rebound(TASKS[0], 0).report().faults
    assert fault.name == "parameter rebound"
    assert re.fullmatch(
        r"layer\S+ - \S+ was computed as a new Value, and the parameter stayed as it was",
        fault.evidence,
    )


def test_a_rebound_parameter_is_told_even_where_it_is_in_no_loss():
    run = Rebound(TASKS[0], 0)
    run.model.unused = Value(1.0)
    assert names(run.report()) == ["parameter rebound", "parameters without gradient"]


def test_a_run_that_fails_before_its_first_pass_did_not_forget_it():
    with pytest.raises(ZeroDivisionError), doctor([Value(1.0)]) as report:
        raise ZeroDivisionError
    assert names(report) == []


def test_steps_without_new_backward_passes_are_told():
    run = Run(TASKS[1], 0)
    run.update = lambda: [run.optimiser.step() for _ in range(3)]
    assert names(run.report())[:1] == ["backward forgotten"]


def test_two_optimisers_may_share_a_model():
    run = Run(TASKS[1], 0)
    parts = [SGD(layer.parameters(), 0.05) for layer in run.model.layers]
    run.update = lambda: [part.step() for part in parts]
    assert names(run.report()) == []


def test_where_all_gradients_are_0_no_step_is_blamed():
    w = Value(-1.0, "w")
    optimiser = SGD([w], 0.1)
    with doctor([w]) as report:
        for _ in range(20):
            w.relu().backward()
            optimiser.step()
    assert names(report) == ["all gradients are 0"]


def test_a_loss_of_rewards_may_be_minus_something():
    w = Value(0.1, "w")
    with doctor([w]) as report:
        for _ in range(20):
            w.grad = 0.0
            (-(w.sigmoid() * 2.0)).backward()
            w.data -= 0.1 * w.grad
    assert names(report) == []


# Recorded programs -------------------------------------------------------------------------------


def program_run(seed, *, rate=0.3, clear=True, squash=False, array=False):
    """Train XOR by a recorded program, on arrays or example by example."""
    model, target = network(seed), Value(1.0, "t")
    inputs = [Value(1.0, "x1"), Value(1.0, "x2")]
    y = model(inputs)
    logit = y.sigmoid() if squash else y
    program = record(
        target * (-logit).softplus() + (1 - target) * logit.softplus(), [*inputs, target]
    )
    optimiser = SGD(model.parameters(), rate)
    columns = [numpy.array(column) for column in ([0.0, 0, 1, 1], [0.0, 1, 0, 1], [0.0, 1, 1, 0])]
    calls = [columns] if array else [[float(v) for v in row] for row in zip(*columns, strict=True)]
    with doctor(model) as report, suppress(ArithmeticError, ValueError):
        for _ in range(15):
            for call in calls:
                if clear:
                    optimiser.zero_grad()
                program.backward(*call)
                optimiser.step()
    return report


@pytest.mark.parametrize("array", [False, True])
def test_recorded_programs_are_seen(array):
    for seed in range(3):
        assert names(program_run(seed, array=array)) == []
        assert names(program_run(seed, array=array, clear=False))[:1] == ["zero_grad forgotten"]
        assert names(program_run(seed, array=array, rate=1e3)) == ["learning rate too high"]
        assert names(program_run(seed, array=array, rate=1e-6)) == ["learning rate too low"]
        squashed = ["sigmoid before a loss of logits"]
        assert names(program_run(seed, array=array, squash=True))[:1] == squashed


def descend_in_place(rate, passes):
    """Lower (2w - 19)² from w = 10, computed anew in its place before each pass."""
    w = Value(10.0, "w")
    loss = (w * 2.0 - 19.0) ** 2
    with doctor([w]) as report:
        for _ in range(passes):
            recompute(loss).zero_grad()
            loss.backward()
            w.data -= rate * w.grad
    return report


def test_a_graph_that_is_computed_anew_in_its_place_is_watched_as_a_new_one():
    assert names(descend_in_place(0.2, 6)) == []
    [fault] = descend_in_place(0.26, 6).faults
    assert fault.name == "learning rate too high"
    assert fault.evidence.startswith("6 of 6 updates raised the loss")


def test_two_rises_are_not_yet_a_rate_too_high_but_one_leap_is():
    assert names(descend_in_place(0.26, 2)) == []
    assert names(descend_in_place(2.6, 1)) == ["learning rate too high"]


def test_a_parameter_beside_a_parameter_is_no_input():
    assert looked_at(lambda w: (w * w) * 1e-6) == []
    v = Value(500.0, "v")
    with doctor([v, w := Value(1.0, "w")]) as report:
        (w * v).backward()
    assert names(report) == []


def test_parameters_that_never_change_are_told():
    model = MLP(2, [3, 1], "tanh")
    with doctor(model) as report:
        for _ in range(20):
            model.zero_grad()
            ((model([1.0, -1.0]) - 0.5) ** 2).backward()
    assert names(report) == ["parameters never changed"]


def test_a_plateau_after_progress_is_no_rate_too_low():
    model = MLP(2, [8, 1], "tanh", seed=1)
    optimiser = SGD(model.parameters(), rate=0.1)
    points = [(0.0, (7 * i % 11) / 5.5 - 1) for i in range(11)]
    with doctor(model) as report:
        for _ in range(200):
            losses = [(model([a, b]) - b * b) ** 2 / 11 for a, b in points]
            optimiser.zero_grad()
            sum(losses[1:], losses[0]).backward()
            optimiser.step()
    assert names(report) == []


def test_dead_relus_of_all_layers_are_told():
    model = MLP(2, [4, 3, 1], "relu", seed=1)
    for layer in model.layers[:2]:
        for neuron in layer.neurons:
            neuron.b.data = -20.0
    with doctor(model) as report:
        for i in range(40):
            model.zero_grad()
            ((model([1.0, 0.1 * i]) - 0.5) ** 2).backward()
            model.layers[-1].neurons[0].b.data += 0.001
    [dead] = [fault for fault in report.faults if fault.name == "dead ReLUs"]
    assert "4 of 4 in layer1, 3 of 3 in layer2" in dead.evidence


def test_what_a_rate_too_high_brings_about_is_not_told_beside_it():
    model = MLP(2, [4, 1], "tanh", seed=1)
    with doctor(model) as report:
        for _ in range(20):
            model.zero_grad()
            losses = [(model([a, b]) - (a != b)) ** 2 for a in (0, 1) for b in (0, 1)]
            sum(losses[1:], losses[0]).backward()
            for x in model.parameters():
                x.data -= 30 * x.grad
    assert report.means("flat")["layer1"] > 0.5
    assert names(report) == ["learning rate too high"]


def test_to_bounce_about_the_lowest_point_by_a_hair_is_no_rate_too_high():
    w = Value(1.003, "w")
    with doctor([w]) as report:
        for _ in range(20):
            w.grad = 0.0
            (abs(w - 1.0) + 1.0).backward()
            w.data -= 0.008 * w.grad
    assert report.faults == []


def fall_off_the_logarithm(w):
    """Take a step to where there is no logarithm."""
    for _ in range(2):
        w.grad = 0.0
        (w - w.log() / 2).backward()
        w.data -= 9.0 * w.grad


def test_an_update_after_which_the_loss_cannot_be_computed_is_a_rate_too_high():
    w = Value(1.0, "w")
    with pytest.raises(ValueError, match="log"), doctor([w]) as report:
        fall_off_the_logarithm(w)
    assert names(report) == ["learning rate too high"]


def test_gradients_that_stay_on_parameters_at_rest_are_no_forgotten_zero_grad():
    model = network(1)
    optimiser = SGD(model.layers[1].parameters(), 0.5)
    with doctor(model) as report:
        for _ in range(10):
            optimiser.zero_grad()
            model([1.0, -1.0]).tanh().backward()
            optimiser.step()
    assert report.faults == []


def test_what_is_flat_after_many_passes_did_not_begin_so():
    model = network(1)
    with doctor(model) as report:
        for i in range(60):
            model([1.0, -1.0]).backward()
            model.zero_grad()
            for neuron in model.layers[0].neurons:
                neuron.b.data = 5.0 * (i > 15)
    assert "saturated activations" not in names(report)


def test_an_output_may_be_sure_from_the_first():
    for output in ("sigmoid", "linear"):
        model = network(1, output=output)
        model.layers[1].neurons[0].b.data = 9.0
        with doctor(model) as report:
            y = model([1.0, -1.0])
            (y if output == "sigmoid" else y.sigmoid()).backward()
        assert report.faults == []


def test_there_must_be_parameters_to_watch():
    with pytest.raises(ValueError, match=r"^there are no parameters to watch$"), doctor([]):
        pass


def test_what_is_neither_model_nor_list_is_refused():
    for wrong in (3, Value(1.0)):
        with pytest.raises(TypeError, match=r"^need a model, or a list of Values such as"):
            doctor(wrong).__enter__()


def test_plain_arithmetic_without_labels_is_watched_too():
    w, b = Value(0.5), Value(0.0)
    with doctor([w, b]) as report:
        for _ in range(10):
            error = ((w * 500.0 + b) - 1) ** 2
            w.grad = b.grad = 0.0
            error.backward()
            w.data -= 1e-7 * w.grad
    assert names(report) == ["inputs not normalised"]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_an_input_that_is_no_number_is_not_called_one_of_another_size(bad):
    assert "inputs not normalised" not in looked_at(lambda w: weighted_sum([w], [bad], 1.0))


def test_a_parameter_without_a_label_is_called_by_its_place():
    [fault] = train(with_unused_parameter(0)).faults
    assert fault.evidence == "1 of 18, such as unused"


def test_parameters_with_the_same_label_are_watched_one_by_one():
    a, b = Value(1.0, "w"), Value(2.0, "w")
    with doctor([a, b]) as report:
        (a * 3.0).backward()
    [fault] = report.faults
    assert fault.evidence == "1 of 2, such as w"


def looked_at(output):
    """Return what the doctor says of one backward pass of a graph with a parameter."""
    w = Value(1.0, "w")
    with doctor([w]) as report:
        (output(w) * 1.0).backward()
    return names(report)


def times_itself(x):
    return x * x


def test_only_an_error_that_is_squared_or_absolute_tells_of_a_target():
    far = ["loss does not fit the outputs"]
    assert looked_at(lambda w: (w.tanh() - 3.0) ** 2) == far
    assert looked_at(lambda w: abs(Value(3.0) - w.tanh())) == far
    assert looked_at(lambda w: times_itself(w.tanh() - 3.0)) == far
    assert looked_at(lambda w: (w.tanh() - 3.0) * 0.5) == []
    assert looked_at(lambda w: (w.tanh() - w * 4.0) ** 2) == []  # no target, but another output
    assert looked_at(lambda w: (w.tanh() + 3.0) ** 2) == []


def test_a_wrong_sign_is_a_fault_of_the_loss_only_where_targets_are_classes():
    far = ["loss does not fit the outputs"]
    assert looked_at(lambda w: ((w * 3.0).tanh() - -1.0) ** 2) == far
    assert looked_at(lambda w: ((w * 3.0).tanh() - -0.9) ** 2) == []
    assert looked_at(lambda w: (w.tanh() - -1.0) ** 2) == []  # wrong, but not confidently


def test_a_weight_before_a_constant_bias_is_a_weight():
    assert looked_at(lambda w: weighted_sum([w], [500.0])) == ["inputs not normalised"]
    assert looked_at(lambda w: weighted_sum([1.0], [2.0], w)) == []


def test_an_input_that_is_no_number_is_told_by_the_weight_that_multiplies_it():
    model = MLP(3, [2, 1])
    for place, weight in enumerate(("w1", "w2", "w3")):
        inputs = [1.0, 1.0, 1.0]
        inputs[place] = math.nan
        with doctor(model) as report:
            model(inputs).backward()
        fault = report.faults[0]
        assert (
            fault.evidence == f"the input that layer1.neuron1.{weight} multiplies is nan in pass 1"
        )


# Limits ------------------------------------------------------------------------------------------

FALL = Update(before=1.0, rise=-0.1, promise=0.2, stride=0.5, slope=-0.2)
CLIMB = FALL._replace(slope=0.2)
LEAP = FALL._replace(rise=-0.01, stride=1.1)
RISE = FALL._replace(rise=0.011)
CREEP = Update(before=1.0, rise=-5e-5, promise=5e-5, stride=1e-4, slope=-5e-5)
SWING = FALL._replace(promise=1e-3)  # promises little for its length, and is no creep
W, OTHER = Value(1.0, "w"), Value(1.0, "v")
NOTHING = {"passes": 0, "updates": []}
STRANGE = NOTHING | {"strangers": 9}
UNITS = {f"layer1.neuron{i}": 60 for i in (1, 2, 3)}


def course(*parts):
    """What was seen of a run with these updates, each given with how many there were."""
    return {"updates": [update for update, times in parts for _ in range(times)]}


def idle(**steps):
    """What was seen of a run without updates, by these steps of optimisers."""
    return {"updates": [], "passes": 4, "steps": Counter(steps)}


def seen_of(kind, **sizes):
    """What was seen of the sizes of one kind at these places, in order."""
    return {"sizes": {(kind, place): list(xs) for place, xs in sizes.items()}}


def off(*last, relus=60):
    """What was seen of the three ReLUs of a layer, each on the last time when so many had been."""
    return {"relus": relus, "lit": dict(zip(UNITS, last, strict=True))}


def uphill(*errors, times=2):
    """What was seen of a loss that is minus an error, in three passes."""
    return {"passes": 3, "turned": list(errors), **course((FALL, times))}


# A fault, what is seen of a run that just has not got it, of one that has, and what is said.
LIMITS = [
    (
        "NaN in the data",
        {"wrong": ""},
        {"wrong": "the input that w multiplies is nan in pass 1"},
        "the input that w multiplies is nan in pass 1",
    ),
    (
        "another model is watched",
        {"elsewhere": {OTHER}, "foreign": {OTHER}},
        {"elsewhere": {OTHER}, "foreign": {OTHER}, **STRANGE},
        "the run trained 1 other parameters",
    ),
    (
        "another model is watched",
        {"elsewhere": {OTHER}, "foreign": {W}, **STRANGE},
        {"elsewhere": {OTHER, W}, "foreign": {OTHER, W}, **STRANGE},
        "the run trained 2 other parameters",
    ),
    (
        "backward forgotten",
        {"steps": Counter(own=4, idle=2)},
        {"steps": Counter(own=4, idle=3)},
        "3 of 4 steps had no backward pass before them",
    ),
    (
        "backward forgotten",
        {**NOTHING, "failed": True},
        NOTHING,
        "no backward pass was made",
    ),
    (
        "graph cut off",
        {"passes": 1, "strangers": 3},
        {**STRANGE, "strangers": 3},
        "3 losses, and none depends on any of the 1 parameters",
    ),
    (
        "parameter rebound",
        {"passes": 2, "late": 2},
        {"passes": 2, "late": 3},
        "the last 3 losses do not depend on the 1 parameters any more, the first 2 did",
    ),
    (
        "parameter rebound",
        {**idle(own=1), "rebound": ""},
        {**idle(own=1), "rebound": "w - 1 was computed as a new Value"},
        "w - 1 was computed as a new Value",
    ),
    (
        "optimiser of other parameters",
        {**idle(own=1, foreign=3), "foreign": {OTHER}},
        {**idle(foreign=3), "foreign": {OTHER}},
        "3 steps moved 1 parameters, none of the 1 watched",
    ),
    (
        "gradients cleared before the step",
        idle(own=4, cleared=2),
        idle(own=4, cleared=3),
        "in 3 of 4 steps all were 0",
    ),
    (
        "parameters never changed",
        {**idle(own=2), "passes": 10},
        {**idle(own=2), "passes": 11},
        "they are what they were, after 11 passes and 2 steps",
    ),
    (
        "graph not rebuilt",
        {"unbuilt": 5},
        {"unbuilt": 6},
        "in 6 of 20 passes the loss was older than the parameters",
    ),
    (
        "zero_grad forgotten",
        {"stale": 2},
        {"stale": 3},
        "after 3 of 4 updates old gradients stayed",
    ),
    (
        "backward called twice",
        {"repeats": 5},
        {"repeats": 6},
        "6 of 20 passes added the same gradients once more",
    ),
    (
        "updates go uphill",
        course((CLIMB, 9), (FALL, 1)),
        course((CLIMB, 10), (FALL, 1)),
        "10 of 11 updates went along the gradient",
    ),
    (
        "updates go uphill",
        course((CLIMB._replace(slope=0.0), 2)),
        course((CLIMB._replace(slope=1e-9), 2)),
        "2 of 2 updates went along the gradient",
    ),
    (
        "updates go uphill",
        course((CLIMB, 1)),
        course((CLIMB, 2)),
        "2 of 2 updates went along the gradient",
    ),
    (
        "updates go uphill",
        uphill(1.0, 3.0),
        uphill(1.0, 0.5, 3.0),
        "the loss is minus an error that rose from 1 to 3",
    ),
    (
        "updates go uphill",
        uphill(1.0, 3.0, 1.0),
        uphill(1.0, 3.0, 1.1),
        "the loss is minus an error that rose from 1 to 1.1",
    ),
    (
        "updates go uphill",
        uphill(1.0, 0.5, 3.0, times=1),
        uphill(1.0, 0.5, 3.0),
        "the loss is minus an error that rose from 1 to 3",
    ),
    (
        TWO_SIGMOIDS,
        {"twice": ""},
        {"twice": TWO_SIGMOIDS},
        "the loss expects scores of any size, but its outputs are sigmoids",
    ),
    (
        TWO_SOFTMAXES,
        {"twice": ""},
        {"twice": TWO_SOFTMAXES},
        "the loss expects scores of any size, but its outputs are probabilities",
    ),
    (
        "equal weights",
        {"twins": set()},
        {"twins": {frozenset(UNITS)}},
        "3 units, such as layer1.neuron1 and layer1.neuron2, have computed the same in every pass",
    ),
    (
        "parameters without gradient",
        {"lost": {W: "w"}, **NOTHING, "failed": True},
        {"lost": {W: "w"}},
        "1 of 1, such as w",
    ),
    (
        "inputs not normalised",
        seen_of("input", v=[1.0], w=[10.0]),
        seen_of("input", v=[1.0], w=[10.0, 10.2], x=[1.0]),
        "the input that w multiplies is of size 10.1",
    ),
    (
        "inputs not normalised",
        seen_of("input", w=[0.01]),
        seen_of("input", v=[0.001], w=[0.0099]),
        "the input that w multiplies is of size 0.0099",
    ),
    (
        "inputs not normalised",
        seen_of("input", w=[math.inf]),
        seen_of("input", w=[1e300]),
        "the input that w multiplies is of size 1e+300",
    ),
    (
        "saturated activations",
        seen_of("flat", layer1=[True, False]),
        seen_of("flat", layer1=[True, True, False]),
        "in the first passes 67% of layer1 was flat",
    ),
    (
        "saturated activations",
        {"sizes": {("flat", "layer1"): [True], ("adjoint", "layer1"): [1.0]}},
        {"sizes": {("flat", "layer1"): [True], ("adjoint", "layer2"): [1.0]}},
        "in the first passes 100% of layer1 was flat",
    ),
    (
        "vanishing gradients",
        seen_of("adjoint", layer1=[0.002], layer2=[0.1], layer3=[2.0]),
        seen_of("adjoint", layer1=[0.0018], layer2=[0.1], layer3=[2.0]),
        "adjoints in layer1 are 0.0009 times as large as in layer3",
    ),
    (
        "exploding gradients",
        seen_of("adjoint", layer1=[100.0], layer2=[1.0]),
        seen_of("adjoint", layer1=[101.0], layer2=[1.0]),
        "adjoints in layer1 are 1e+02 times as large as in layer2",
    ),
    (
        LEAPS,
        course((FALL, 9), (LEAP._replace(stride=1.0), 1)),
        course((FALL, 9), (LEAP, 1), (LEAP._replace(stride=3.0), 1)),
        "one update moved by 1.1 times the parameters' own length; "
        "the loss that was to fall by up to 0.2 changed by -0.01",
    ),
    (
        LEAPS,
        course((FALL, 9), (LEAP._replace(promise=1.0, rise=-0.11), 1)),
        course((FALL, 9), (LEAP._replace(promise=1.0, rise=-0.1), 1)),
        "one update moved by 1.1 times the parameters' own length; "
        "the loss that was to fall by up to 1 changed by -0.1",
    ),
    (
        LEAPS,
        course((RISE, 2), (FALL, 1)),
        course((RISE, 3), (FALL, 1)),
        "3 of 4 updates raised the loss of their own examples",
    ),
    (
        LEAPS,
        course((RISE, 3), (FALL, 4)),
        course((RISE, 4), (FALL, 4)),
        "4 of 8 updates raised the loss of their own examples",
    ),
    (
        LEAPS,
        course((RISE._replace(before=2.0, rise=0.02), 4)),
        course((RISE._replace(before=2.0, rise=0.021), 4)),
        "4 of 4 updates raised the loss of their own examples",
    ),
    (
        "learning rate too low",
        course((CREEP._replace(before=2.0, promise=2e-4), 3)),
        course((CREEP._replace(before=2.0, promise=1.9e-4), 3)),
        "updates lower a loss of 2 by 0.0002 at most",
    ),
    (
        LEAPS,
        course((RISE._replace(rise=0.01), 4)),
        course((RISE, 4)),
        "4 of 4 updates raised the loss of their own examples",
    ),
    (
        "learning rate too low",
        course((CREEP, 2), (SWING, 2)),
        course((CREEP, 3), (SWING, 2)),
        "updates lower a loss of 1 by 5e-05 at most",
    ),
    (
        "learning rate too low",
        course((CREEP._replace(promise=2**-15), 2), (FALL._replace(promise=0.1 - 2**-14), 1)),
        course((CREEP._replace(promise=2**-15), 2), (FALL._replace(promise=0.095), 1)),
        "updates lower a loss of 1 by 3e-05 at most",
    ),
    (
        "learning rate too low",
        course((CREEP._replace(promise=1e-4), 3)),
        course((CREEP._replace(promise=9e-5), 3)),
        "updates lower a loss of 1 by 9e-05 at most",
    ),
    (
        "learning rate too low",
        course((CREEP._replace(stride=5e-4), 3)),
        course((CREEP._replace(stride=4.8e-4), 3)),
        "updates lower a loss of 1 by 5e-05 at most",
    ),
    (
        "all gradients are 0",
        {"alive": False, "passes": 10},
        {"alive": False, "passes": 11},
        "of 1 parameters, in 11 passes",
    ),
    (
        "loss does not fit the outputs",
        {"misfit": ""},
        {"misfit": "tanh gives -1 to 1, but a target is 3"},
        "tanh gives -1 to 1, but a target is 3",
    ),
    (
        "dead ReLUs",
        off(0, 0, 0, relus=59),
        off(0, 0, 0),
        "3 of 3 in layer1 gave only 0 in the second half of the run",
    ),
    (
        "dead ReLUs",
        off(30, 31, 60),
        off(30, 30, 60),
        "2 of 3 in layer1 gave only 0 in the second half of the run",
    ),
    (
        "dead ReLUs",
        {"relus": 40, "lit": {"r": 21, "s": 40}},
        {"relus": 40, "lit": {"r": 20, "s": 40}},
        "1 of 2 in all gave only 0 in the second half of the run",
    ),
]


def concluded(seen):
    """Return what the doctor concludes of a healthy run of which this was seen instead."""
    report = Doctor([W])
    vars(report).update({"passes": 20, "alive": True, "lost": {}, **course((FALL, 4)), **seen})
    return {fault.name: fault.evidence for fault in report.faults}


@pytest.mark.parametrize(("name", "before", "beyond", "evidence"), LIMITS)
def test_a_fault_is_told_beyond_its_limit_with_all_its_numbers_and_not_at_it(
    name, before, beyond, evidence
):
    assert name not in concluded(before)
    assert concluded(beyond) == {name: evidence}


def test_every_fault_but_none_else_has_a_limit_and_a_remedy_that_goes_on_from_a_colon():
    assert {name for name, *_ in LIMITS} == {*REMEDIES}
    assert all(re.match(r"[a-z]", remedy) for remedy in REMEDIES.values())


@pytest.mark.parametrize("alive", [True, False])
def test_of_more_than_eight_faults_the_first_eight_causes_are_told(alive):
    flat, far, large = ("flat", "layer1"), ("adjoint", "layer1"), ("input", "w")
    seen = {
        "twice": TWO_SIGMOIDS,
        "twins": {frozenset(UNITS)},
        "lost": {W: "w"},
        "misfit": "no",
        "sizes": {flat: [True], far: [1e-9], ("adjoint", "layer2"): [1.0], large: [99.0]},
        **off(0, 0, 0),
    }
    if alive:
        seen |= {"wrong": "w is nan", "unbuilt": 9, "stale": 4, "repeats": 9, "late": 30}
    told = [*concluded({**seen, "alive": alive, **course((CLIMB if alive else CREEP, 4))})]
    assert len(told) == 8
    assert told == [name for name in REMEDIES if name in told]


def test_nothing_is_counted_before_it_is_seen():
    seen = Doctor([W])
    counted = (seen.passes, seen.strangers, seen.late, seen.stale, seen.unbuilt, seen.repeats)
    assert (*counted, seen.relus, len(seen.steps)) == (0,) * 8
    assert not any((seen.still, seen.failed, seen.alive, seen.misfit, seen.twice, seen.wrong))
    assert math.isnan(seen.before)
    assert math.isnan(seen.again())
    assert repr(seen).startswith("1 fault in 0 passes\nbackward forgotten: no backward pass")


def test_a_step_is_counted_by_whose_it_was_and_what_it_had_to_go_by():
    w, v = Value(3.0, "w"), Value(1.0, "v")
    own, foreign = SGD([w], 0.1), SGD([v], 0.1)
    with doctor([w]) as report:
        (w**2).backward()
        own.step()  # by a gradient
        own.step()  # by the same one again
        (w**2).backward()
        own.zero_grad()
        own.step()  # by one that was cleared
        v.grad = 1.0
        foreign.step()
    assert report.steps == Counter(own=3, foreign=1, idle=1, cleared=1)
    assert report.foreign == {v}


def test_what_a_weight_multiplies_and_what_a_sum_receives_is_measured_by_its_place():
    w, b = Value(-3.0, "layer1.w"), Value(1.0, "layer1.b")
    inner = weighted_sum([w], [-4.0], b)
    inner.label = "layer1.z"
    with doctor([w, b]) as report:
        (inner * -2.0).backward()
    assert report.sizes == {("adjoint", "layer1"): [2.0], ("input", "layer1.w"): [4.0]}


def test_an_update_is_measured_by_what_the_chain_rule_promised():
    w, v = Value(3.0, "w"), Value(1.0, "v")
    with doctor([w, v]) as report:
        (w * v).backward()
        w.data, v.data = 2.0, 3.0
    [update] = report.updates
    assert (update.before, update.rise) == (3.0, 6.0 - 3.0)
    assert update.promise == pytest.approx(math.hypot(1, 3) * math.hypot(1, 2))
    assert update.stride == pytest.approx(math.hypot(1, 2) / math.hypot(1, 3, 1))
    assert update.slope == 1.0 * -1.0 + 3.0 * 2.0
