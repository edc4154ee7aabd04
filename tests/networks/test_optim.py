import math
from collections.abc import Callable
from typing import Any

import pytest

from autograd_mini import Value
from autograd_mini.engine.observers import Observer, observing
from autograd_mini.losses import mean_squared_error
from autograd_mini.nn import MLP
from autograd_mini.optim import SGD, Adam, Optimiser
from tests.injector import interrupted

OPTIMISERS: list[Callable[[list[Value]], Any]] = [
    lambda parameters: SGD(parameters, 0.1),
    lambda parameters: SGD(parameters, 0.1, momentum=0.9),
    lambda parameters: Adam(parameters, 0.1),
]
XOR = [([0.0, 0.0], 0.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], 0.0)]


def data(optimiser: Optimiser) -> list[float]:
    return [parameter.data for parameter in optimiser.parameters]


def state(optimiser: Any) -> dict[str, Any]:
    return {name: list(x) if isinstance(x, list) else x for name, x in vars(optimiser).items()}


def after(optimiser: Any, gradients: list[float]) -> list[float]:
    """The data of the only parameter after each step along the gradients."""
    [w] = optimiser.parameters
    seen = []
    for w.grad in gradients:
        optimiser.step()
        seen.append(w.data)
    return seen


@pytest.mark.parametrize("make", OPTIMISERS)
def test_who_looks_on_is_told_of_each_step_once_it_is_made(make: Callable[..., Any]) -> None:
    class Onlooker(Observer):
        def after_step(self, optimiser: Any) -> None:
            seen.append(data(optimiser))

    seen: list[list[float]] = []
    optimiser = make([Value(1.0)])
    with observing(Onlooker()):
        moved = after(optimiser, [1.0, -2.0])
    assert seen == [[x] for x in moved]


# Steps computed by hand --------------------------------------------------------------------------


def test_sgd_subtracts_the_rate_times_the_gradient() -> None:
    assert after(SGD([Value(0.5)], 0.1), [-0.56]) == [pytest.approx(0.556, abs=1e-15)]


def test_momentum_keeps_a_share_of_the_last_step() -> None:
    steps = after(SGD([Value(1.0)], 0.5, momentum=0.5), [1.0, 1.0, 0.0, -2.0])
    assert steps == [0.5, -0.25, -0.625, 0.1875]


def test_momentum_that_is_switched_on_takes_up_the_last_gradient() -> None:
    optimiser = SGD([Value(1.0)], 0.5)
    after(optimiser, [1.0])
    optimiser.momentum = 0.5
    assert after(optimiser, [0.0]) == [0.25]


def test_adam_follows_algorithm_1() -> None:
    optimiser = Adam([Value(1.0)], 0.1, 0.5, 0.75, 0.25)
    g, steps = [0.5, -1.0, 3.0], after(optimiser, [0.5, -1.0, 3.0])
    m = [0.5 * g[0], 0.25 * g[0] + 0.5 * g[1], 0.125 * g[0] + 0.25 * g[1] + 0.5 * g[2]]
    v = [0.25 * 0.25, 0.75 * 0.0625 + 0.25, 0.5625 * 0.0625 + 0.75 * 0.25 + 0.25 * 9]
    w, expected = 1.0, []
    for t in (1, 2, 3):
        w -= 0.1 * (m[t - 1] / (1 - 0.5**t)) / (math.sqrt(v[t - 1] / (1 - 0.75**t)) + 0.25)
        expected.append(w)
    assert steps == pytest.approx(expected, rel=1e-14)
    assert (optimiser.means, optimiser.squares) == ([m[-1]], [v[-1]])


def test_adam_has_the_defaults_of_the_paper() -> None:
    optimiser = Adam([Value(1.0)])
    settings = (optimiser.rate, optimiser.beta1, optimiser.beta2, optimiser.epsilon)
    assert settings == (0.001, 0.9, 0.999, 1e-8)


def test_adam_without_gradient_stays() -> None:
    assert after(Adam([Value(1.0)]), [0.0, 0.0]) == [1.0, 1.0]


def test_parameters_move_independently() -> None:
    a, b = Value(1.0), Value(2.0)
    a.grad, b.grad = 1.0, -4.0
    SGD([a, b], 0.5, momentum=0.25).step()
    assert (a.data, b.data) == (0.5, 4.0)


def test_zero_grad_clears_the_parameters_only() -> None:
    a, b = Value(2.0), Value(3.0)
    (a * b).backward()
    SGD([a]).zero_grad()
    assert (a.grad, b.grad) == (0.0, 2.0)


def test_the_rate_may_be_changed_between_steps() -> None:
    optimiser = SGD([Value(1.0)], 0.5)
    after(optimiser, [1.0])
    optimiser.rate = 0.25
    assert after(optimiser, [1.0]) == [0.25]


@pytest.mark.parametrize("make", OPTIMISERS)
def test_a_network_learns_xor(make: Callable[[list[Value]], Any]) -> None:
    model = MLP(2, [4, 1], activation="tanh", seed=3)
    optimiser = make(model.parameters())

    def loss() -> Value:
        return mean_squared_error([model(x) for x, _ in XOR], [t for _, t in XOR])

    for _ in range(300):
        optimiser.zero_grad()
        loss().backward()
        optimiser.step()
    assert loss().data < 0.01


# All or nothing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("make", OPTIMISERS)
@pytest.mark.parametrize("grad", [math.nan, math.inf, -math.inf])
def test_a_gradient_that_is_not_finite_changes_nothing(
    make: Callable[[list[Value]], Any], grad: float
) -> None:
    a, b = Value(1.0, "a"), Value(2.0, "layer1.neuron1.b")
    optimiser = make([a, b])
    a.grad, b.grad = 1.0, 0.5
    optimiser.step()
    before = data(optimiser), state(optimiser)
    b.grad = grad
    with pytest.raises(ValueError, match=rf"the grad of layer1.neuron1.b is {grad}, so no param"):
        optimiser.step()
    assert (data(optimiser), state(optimiser)) == before


@pytest.mark.parametrize("optimiser", [SGD([Value(1.0), Value(-1e308)], 10.0)])
def test_a_step_beyond_all_numbers_changes_nothing(optimiser: SGD) -> None:
    for parameter in optimiser.parameters:
        parameter.grad = 1e308
    before = data(optimiser), state(optimiser)
    with pytest.raises(ValueError, match=r"^the data after the step of parameter 1 is -inf"):
        optimiser.step()
    assert (data(optimiser), state(optimiser)) == before


def test_a_square_beyond_all_numbers_does_not_stop_adam_silently() -> None:
    optimiser = Adam([Value(1.0, "w")])
    before = state(optimiser)
    with pytest.raises(ValueError, match=r"^the mean squared grad of w is inf"):
        after(optimiser, [1e200])
    assert state(optimiser) == before


# Mistakes ----------------------------------------------------------------------------------------

w = Value(1.0, "w")


@pytest.mark.parametrize("make", [SGD, Adam])
@pytest.mark.parametrize(
    ("arguments", "kind", "message"),
    [
        (([],), ValueError, r"^need at least one parameter"),
        ((iter([]),), ValueError, r"^need at least one parameter"),
        ((w,), TypeError, r"^need a list of Values such as model.parameters\(\), got Value"),
        (
            (MLP(1, [1]),),
            TypeError,
            r"^need a list of Values such as model.parameters\(\), got MLP",
        ),
        (
            (MLP(1, [1]).named_parameters(),),
            TypeError,
            r"^parameter 1 is 'layer1.neuron1.w1'; need a Value",
        ),
        (([w, 2.0],), TypeError, r"^parameter 2 is 2.0; need a Value"),
        (([w, w],), ValueError, r"^w is listed twice"),
        (([Value(1.0), w, w],), ValueError, r"^w is listed twice"),
        (([w * 2],), ValueError, r"^parameter 1 is computed from others; need a leaf"),
        (([w], 0), ValueError, r"^rate is above 0 and finite, got 0"),
        (([w], -0.1), ValueError, r"^rate is above 0 and finite, got -0.1"),
        (([w], math.nan), ValueError, r"^rate is above 0 and finite, got nan"),
        (([w], math.inf), ValueError, r"^rate is above 0 and finite, got inf"),
        (([w], "0.1"), TypeError, r"^need one real number, got str '0.1'"),
        (([w], 0.1, 1.0), ValueError, r"^{} is at least 0 and below 1, got 1.0"),
        (([w], 0.1, -0.1), ValueError, r"^{} is at least 0 and below 1, got -0.1"),
        (([w], 0.1, math.nan), ValueError, r"^{} is at least 0 and below 1, got nan"),
    ],
)
def test_mistakes_are_told(
    make: Any, arguments: tuple[Any, ...], kind: type[Exception], message: str
) -> None:
    share = "momentum" if make is SGD else "beta1"  # the third argument
    with pytest.raises(kind, match=message.replace("{}", share)):
        make(*arguments)


def test_mistakes_in_adams_own_settings_are_told() -> None:
    with pytest.raises(ValueError, match=r"^beta2 is at least 0 and below 1, got 1"):
        Adam([w], beta2=1)
    with pytest.raises(ValueError, match=r"^epsilon is at least 1e-300 and finite, got 0"):
        Adam([w], epsilon=0)


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("amsgrad", "the optimisers are SGD and Adam, as their papers have them"),
        ("betas", "write beta1= and beta2="),
        ("eps", "it is called epsilon"),
        ("learning_rate", "it is called rate"),
        ("lr", "it is called rate"),
        ("nesterov", "momentum is Polyak's"),
        ("params", "the first argument is the parameters"),
        ("weight_decay", "add what large weights cost to the loss"),
    ],
)
@pytest.mark.parametrize("kind", [SGD, Adam])
def test_what_an_argument_of_pytorch_is_called_here_is_told(
    kind: Any, name: str, instead: str
) -> None:
    with pytest.raises(TypeError, match=f"^{kind.__name__} has no argument {name}: {instead}$"):
        kind([w], **{name: 0.5})


def test_pytorchs_name_of_the_rate_is_refused_to_readers_and_writers() -> None:
    optimiser: Any = SGD([w])
    with pytest.raises(AttributeError, match=r"^SGD has no lr: it is called rate$"):
        _ = optimiser.lr
    with pytest.raises(AttributeError, match=r"^SGD has no lr: it is called rate$"):
        optimiser.lr = 0.5


def test_an_optimiser_shows_its_settings() -> None:
    assert repr(SGD([w], 0.5, 0.25)) == "SGD(1 parameters, rate=0.5, momentum=0.25)"
    shown = "Adam(1 parameters, rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-08)"
    assert repr(Adam([w])) == shown


def test_a_rate_is_checked_when_it_is_changed() -> None:
    optimiser = SGD([w], 0.5)
    with pytest.raises(ValueError, match=r"^rate is above 0"):
        optimiser.rate = -1.0
    assert optimiser.rate == 0.5


# Ctrl-C ------------------------------------------------------------------------------------------


def snapshot(optimiser: Any) -> Any:
    kept = {name: x for name, x in state(optimiser).items() if name != "parameters"}
    return data(optimiser), [p.grad for p in optimiser.parameters], kept


@pytest.mark.parametrize("act", [lambda o: o.step(), lambda o: o.zero_grad()])
@pytest.mark.parametrize("make", OPTIMISERS)
def test_an_interrupt_at_any_instruction_finds_all_before_or_all_after(
    make: Callable[[list[Value]], Any], act: Callable[[Any], None]
) -> None:
    def fresh() -> Any:
        optimiser = make([Value(1.0), Value(2.0), Value(-3.0)])
        for i, parameter in enumerate(optimiser.parameters):
            parameter.grad = 0.5 + i
        return optimiser

    done = fresh()
    act(done)
    whole = [snapshot(fresh()), snapshot(done)]
    point = 1
    while True:
        optimiser = fresh()
        stopped = interrupted(lambda o=optimiser: act(o), point)  # type: ignore[misc]
        assert snapshot(optimiser) in whole, point
        if not stopped:
            break
        point += 1
    assert point > 20


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("wrap", [float, Value])
def test_an_input_that_is_not_finite_is_told_as_such_and_not_blamed_on_the_rate(
    bad: float, wrap: Callable[[float], Any]
) -> None:
    w = Value(2.0, "w")
    (w * wrap(bad)).backward()
    with pytest.raises(ValueError, match=f"^the grad of w is .*; an input is {bad}: ") as caught:
        SGD([w]).step()
    assert "rate" not in str(caught.value)


def test_a_parameter_that_is_not_finite_is_no_input() -> None:
    w = Value(2.0, "w")
    w.data = math.inf
    (w * w).backward()
    with pytest.raises(ValueError, match=r"^the data of w is inf.*try a lower rate") as caught:
        SGD([w]).step()
    assert "an input" not in str(caught.value)


@pytest.mark.parametrize("label", ["", "w"])
def test_a_refusal_calls_a_parameter_by_its_name_and_by_nothing_else(label: str) -> None:
    a, w = Value(1.0, "a"), Value(0.0, label)
    (a + w * 1e200 * 1e200 * 0.5).backward()
    name = label or "parameter 2"
    told = f"^the grad of {name} is inf, so .*; all data is finite, and so are the grads of all"
    with pytest.raises(ValueError, match=told):
        SGD([a, w]).step()
    w.data, w.grad = math.nan, 0.0
    (w * w).backward()
    leaf = "w = nan" if label else "a leaf without label, nan"
    told = f"^the data of {name} is nan, so .*; the first node that is not finite is {leaf};"
    with pytest.raises(ValueError, match=told):
        SGD([a, w]).step()


def test_no_epsilon_that_is_taken_is_rounded_to_0_in_the_first_step():
    w = Value(1.0, "w")
    with pytest.raises(ValueError, match=r"^epsilon is at least 1e-300 and finite, got 5e-324"):
        Adam([w], epsilon=5e-324)
    Adam([w], beta2=math.nextafter(1.0, 0.0), epsilon=1e-300).step()  # its grad is 0
    assert w.data == 1.0
