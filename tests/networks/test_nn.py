import json
import math
import os
import pickle
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from autograd_mini import Value
from autograd_mini.engine import sums
from autograd_mini.engine.primitives import Primitive, relu, tanh
from autograd_mini.nn import MLP, Layer, Module, Neuron, linear

FIRST_WEIGHTS = [0.9741721072087511, 0.72960523022406]
"""Of MLP(2, [1]): √2 · (2u - 1), u the first two numbers of Python's generator seeded with 0."""


def numbers(model: Module) -> list[float]:
    return [parameter.data for parameter in model.parameters()]


# What a model computes ---------------------------------------------------------------------------


def test_a_neuron_is_an_activation_of_a_weighted_sum() -> None:
    neuron = Neuron(2, "tanh")
    neuron.w[0].data, neuron.w[1].data, neuron.b.data = 2.0, -3.0, 0.5
    assert neuron([0.25, 0.5]).data == math.tanh(2 * 0.25 - 3 * 0.5 + 0.5)


def test_the_weighted_sum_of_a_neuron_is_one_node() -> None:
    neuron, x = Neuron(3, "tanh"), [Value(1.0), Value(2.0), Value(3.0)]
    z = neuron(x).operands[0]
    assert z.op is sums.affine_sum
    assert z.operands == (*neuron.w, *x, neuron.b)


def test_a_network_computes_layer_after_layer() -> None:
    model = MLP(2, [3, 2], activation="relu", output="sigmoid", seed=7)
    values: list[float] = [0.5, -1.5]
    for layer, f in zip(
        model.layers, (relu, Primitive("s", lambda a: 1 / (1 + math.exp(-a)))), strict=True
    ):
        zs = [sum(w.data * x for w, x in zip(n.w, values, strict=True)) for n in layer.neurons]
        values = [f(z + n.b.data) for z, n in zip(zs, layer.neurons, strict=True)]
    assert [y.data for y in model([0.5, -1.5])] == pytest.approx(values, rel=1e-15)


def test_the_gradient_reaches_every_parameter_and_the_inputs() -> None:
    model, x = MLP(2, [3, 1], activation="tanh"), [Value(1.0), Value(-2.0)]
    model(x).backward()
    assert all(p.grad != 0 for p in [*model.parameters(), *x])


def test_zero_grad_clears_the_parameters() -> None:
    model = MLP(2, [3, 1], activation="tanh")
    model([1.0, 2.0]).backward()
    model.zero_grad()
    assert [p.grad for p in model.parameters()] == [0.0] * 13


def test_a_layer_asks_for_all_its_sums_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def count(rows: Any, inputs: Sequence[Any]) -> list[Any]:
        calls.append(len(rows))
        return [sums.weighted_sum(ws, inputs, b) for ws, b in rows]

    monkeypatch.setattr(Value, "weighted_sums", staticmethod(count))
    MLP(2, [5, 4, 1])([1.0, 2.0])
    assert calls == [5, 4, 1]


# micrograd's interface ---------------------------------------------------------------------------


def test_micrograds_network_works_by_changing_the_import() -> None:
    model = MLP(2, [16, 16, 1])
    assert len(model.parameters()) == 337
    score = model(list(map(Value, [1.0, -1.0])))
    loss = (1 + -1 * score).relu()
    model.zero_grad()
    loss.backward()
    for p in model.parameters():
        p.data -= 0.1 * p.grad
    assert isinstance(score, Value)
    assert model([1.0, -1.0]).data > score.data


def test_the_last_layer_is_linear_and_the_others_relu() -> None:
    z = MLP(2, [2, 1])([1.0, 2.0])
    assert z.op is sums.affine_sum
    assert {x.op for x in z.operands if x.operands} == {relu}


def test_a_layer_of_one_neuron_returns_its_output_and_others_a_list() -> None:
    assert isinstance(Layer(2, 1)([1.0, 2.0]), Value)
    assert len(Layer(2, 3)([1.0, 2.0])) == 3
    assert len(MLP(1, [1]).outputs([1.0])) == 1


def test_a_layer_of_one_neuron_may_stand_in_the_middle() -> None:
    assert len(MLP(2, [1, 2])([1.0, 2.0])) == 2


@pytest.mark.parametrize("neuron", [Neuron(2, False), Neuron(2, nonlin=False), Neuron(2, "linear")])
def test_nonlin_false_is_linear(neuron: Neuron) -> None:
    assert neuron.activation is linear


def test_nonlin_true_is_relu() -> None:
    for neuron in (Neuron(2), Neuron(2, True), Layer(2, 3, nonlin=True).neurons[0]):
        assert neuron([0.0, 1.0]).op is relu
    assert Layer(2, 1, nonlin=False)([0.0, 1.0]).op is sums.affine_sum


# Names -------------------------------------------------------------------------------------------


def test_parameters_are_labelled_by_their_place() -> None:
    names = ["layer1.neuron1.w1", "layer1.neuron1.w2", "layer1.neuron1.b"]
    names += ["layer1.neuron2.w1", "layer1.neuron2.w2", "layer1.neuron2.b"]
    names += ["layer2.neuron1.w1", "layer2.neuron1.w2", "layer2.neuron1.b"]
    model = MLP(2, [2, 1])
    assert list(model.named_parameters()) == names
    assert [p.label for p in model.parameters()] == names


def test_what_a_neuron_computes_is_labelled() -> None:
    y = MLP(1, [1, 1])([1.0])
    out = y.operands[1]
    assert [y.label, out.label] == ["layer2.neuron1.out", "layer1.neuron1.out"]
    assert out.operands[0].label == "layer1.neuron1.z"


def test_a_neuron_alone_has_short_labels() -> None:
    neuron = Neuron(2)
    assert list(neuron.named_parameters()) == ["w1", "w2", "b"]
    assert [neuron([1.0, 1.0]).label, Neuron(2, label="n").b.label] == ["out", "n.b"]


def test_a_module_of_ones_own_finds_its_parameters() -> None:
    class Net(Module):
        def __init__(self) -> None:
            self.encoder = MLP(1, [1])
            self.scales = (Value(1.0), Value(2.0))
            self.computed = self.scales[0] * 2
            self._input = Value(3.0)
            self.rate = 0.1
            self.offset = {"x": Value(0.0), 2: [Value(0.5)], "_y": Value(9.0)}

    names = ["encoder.layer1.neuron1.w1", "encoder.layer1.neuron1.b", "scale1", "scale2"]
    assert list(Net().named_parameters()) == [*names, "offset.x", "offset.21"]
    assert repr(Net()) == "Net with 6 parameters"


def test_two_parameters_never_share_a_name() -> None:
    class Net(Module):
        def __init__(self) -> None:
            self.end, self.ends = [Value(1.0)], [Value(2.0)]

    with pytest.raises(ValueError, match=r"^two parameters are called end1: give an attribute"):
        Net().parameters()


def test_a_parameter_with_two_places_is_listed_once() -> None:
    class Tied(Module):
        def __init__(self) -> None:
            self.encoder = self.decoder = Value(2.0)

    assert len(Tied().named_parameters()) == 2
    assert len(Tied().parameters()) == 1


def test_parameters_may_be_exchanged() -> None:
    neuron = Neuron(1, "linear")
    neuron.w, neuron.b = [Value(5.0)], Value(1.0)
    assert neuron.parameters() == [*neuron.w, neuron.b]
    assert neuron([2.0]).data == 11.0


def test_a_model_shows_how_it_is_made() -> None:
    assert repr(MLP(2, [3, 1], "tanh", output=math.sin)) == (
        "MLP(2, [3, 1], activation='tanh', output='sin')"
    )
    assert repr(Layer(2, 3)) == "Layer(2, 3, activation='relu')"
    assert repr(Neuron(2, tanh)) == "Neuron(2, activation='tanh')"


# Beginnings --------------------------------------------------------------------------------------


def test_weights_are_those_of_the_documented_seed_and_rule() -> None:
    assert numbers(MLP(2, [1])) == pytest.approx([*FIRST_WEIGHTS[:2], 0.0], rel=1e-15)


def test_the_same_seed_gives_the_same_weights_in_another_process() -> None:
    script = (
        "from autograd_mini.nn import MLP\n"
        "print([p.data for p in MLP(3, [4, 2], seed=5).parameters()])"
    )
    environment = os.environ | {"PYTHONHASHSEED": "99"}
    other = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, env=environment
    )
    assert json.loads(other.stdout) == numbers(MLP(3, [4, 2], seed=5))


def test_another_seed_gives_other_weights() -> None:
    assert numbers(MLP(3, [4, 2], seed=5)) != numbers(MLP(3, [4, 2], seed=6))


def test_the_global_generator_is_neither_used_nor_moved() -> None:
    random.seed(1)
    before = random.getstate()
    weights = numbers(MLP(3, [4, 2]))
    assert random.getstate() == before
    random.seed(2)
    assert numbers(MLP(3, [4, 2])) == weights


@pytest.mark.parametrize(
    ("activation", "bound"),
    [("relu", 0.5), ("leaky_relu", 0.5), ("softplus", 0.5), (relu, 0.5)]
    + [(kind, math.sqrt(6 / 224)) for kind in ("tanh", "sigmoid", "linear", tanh, math.sin)],
)
def test_weights_fill_the_range_that_suits_the_activation(activation: Any, bound: float) -> None:
    layer = Layer(24, 200, activation)
    weights = [w.data for neuron in layer.neurons for w in neuron.w]
    assert 0.99 * bound < max(weights) <= bound
    assert -bound <= min(weights) < -0.99 * bound
    assert sum(w * w for w in weights) / len(weights) == pytest.approx(bound**2 / 3, rel=0.05)


def test_biases_begin_at_zero() -> None:
    assert {neuron.b.data for neuron in Layer(3, 5).neurons} == {0.0}


def test_neurons_of_a_layer_begin_differently() -> None:
    layer = Layer(2, 3)
    assert len({neuron.w[0].data for neuron in layer.neurons}) == 3


# Activations -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("activation", "y"),
    [
        ("relu", 2.0),
        ("tanh", math.tanh(2)),
        ("sigmoid", 1 / (1 + math.exp(-2))),
        ("softplus", math.log(1 + math.exp(2))),
        ("leaky_relu", 2.0),
        ("linear", 2.0),
        ("sin", math.sin(2)),
        (tanh, math.tanh(2)),
        (lambda z: z * z, 4.0),
        (Primitive("double", lambda a: 2 * a, lambda *_: 2.0), 4.0),
    ],
)
def test_an_activation_is_a_name_or_a_function(activation: Any, y: float) -> None:
    neuron = Neuron(1, activation)
    neuron.w[0].data = 2.0
    assert neuron([1.0]).data == pytest.approx(y, rel=1e-15)


def test_models_pickle_with_their_parameters() -> None:
    model = MLP(2, [3, 1], "tanh")
    copy = pickle.loads(pickle.dumps(model))
    assert copy([1.0, 2.0]).data == model([1.0, 2.0]).data
    assert not set(copy.parameters()) & set(model.parameters())


# Mistakes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mistake", "kind", "message"),
    [
        (
            lambda: MLP(2, [3, 1])([1.0]),
            ValueError,
            r"^layer1 got 1 inputs, but has 2 weights per neuron",
        ),
        (lambda: MLP(2, [3, 1])([1.0] * 3), ValueError, r"^layer1 got 3 inputs"),
        (lambda: Neuron(2)([1.0]), ValueError, r"^Neuron got 1 inputs"),
        (lambda: Neuron(2, label="n")([1.0]), ValueError, r"^n got 1 inputs"),
        (
            lambda: MLP(1, [1])(1.0),
            TypeError,
            r"^layer1 needs a list of 1 numbers or Values, got float 1.0",
        ),
        (lambda: MLP(1, [1])(Value(1.0)), TypeError, r"^layer1 needs a list of 1"),
        (
            lambda: MLP(2, [1])("ab"),
            TypeError,
            r"^layer1 needs a list of 2 numbers or Values, got str 'ab'",
        ),
        (lambda: MLP(2, [1])([1.0, "2"]), TypeError, r"^need one real number, got str '2'"),
        (lambda: MLP(2, [1])([None, 1.0]), TypeError, r"^need one real number, got NoneType None"),
        (lambda: MLP(0, [1]), ValueError, r"^the number of inputs is at least 1, got 0"),
        (lambda: MLP(2, [3, 0]), ValueError, r"^the number of outputs is at least 1, got 0"),
        (lambda: MLP(2, [-3, 1]), ValueError, r"^the number of outputs is at least 1, got -3"),
        (lambda: MLP(2, []), ValueError, r"^a network needs at least one layer"),
        (
            lambda: MLP(2, 3),
            TypeError,
            r"^the sizes of the layers are a list such as \[16, 16, 1\], got 3",
        ),
        (lambda: MLP(2, "31"), TypeError, r"^the sizes of the layers are a list such as"),
        (lambda: MLP(2.5, [1]), TypeError, r"^the number of inputs is a whole number, got 2.5"),
        (lambda: MLP(2, [1.0]), TypeError, r"^the number of outputs is a whole number, got 1.0"),
        (lambda: Layer(2, "3"), TypeError, r"^the number of outputs is a whole number, got '3'"),
        (
            lambda: Neuron(2, "rleu"),
            ValueError,
            r"^no activation is called 'rleu'; did you mean 'relu'\? Known are .*relu",
        ),
        (
            lambda: MLP(2, [1], activation="ReLU"),
            ValueError,
            r"^no activation is called 'ReLU'; did you mean 'relu'\?",
        ),
        (lambda: Neuron(2, "leaf"), ValueError, r"^no activation is called 'leaf'"),
        (lambda: Neuron(2, "data"), ValueError, r"^no activation is called 'data'"),
        (
            lambda: Neuron(2, None),
            TypeError,
            r"^an activation is a name or a function of a Value, got None",
        ),
        (
            lambda: Neuron(2, math.tanh)([1.0, 2.0]),
            TypeError,
            r"^a Value is no plain number: z.data",
        ),
        (
            lambda: Neuron(2, lambda _: 1.0)([1.0, 2.0]),
            TypeError,
            r"^the activation <lambda> returned 1.0; need a Value",
        ),
    ],
)
def test_mistakes_are_told(mistake: Callable[[], Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        mistake()


# Files -------------------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "model.json"
    MLP(2, [2, 1], seed=1).save(path)
    return path


def test_a_loaded_model_has_every_digit_of_the_saved_one(tmp_path: Path) -> None:
    model, copy = MLP(2, [2, 1], seed=1), MLP(2, [2, 1], seed=2)
    for parameter, number in zip(
        model.parameters(), [0.1, 5e-324, -0.0, 1 / 3, 1e308], strict=False
    ):
        parameter.data = number
    model.save(tmp_path / "m.json")
    copy.load(str(tmp_path / "m.json"))
    assert list(map(repr, numbers(copy))) == list(map(repr, numbers(model)))


def test_the_file_is_json_with_a_version_and_names(saved: Path) -> None:
    content = json.loads(saved.read_text())
    assert (content["format"], content["version"]) == ("autograd_mini parameters", 1)
    assert list(content["parameters"]) == list(MLP(2, [2, 1]).named_parameters())


def test_a_missing_file_stays_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        MLP(2, [2, 1]).load(tmp_path / "none.json")


def edited(**changes: Any) -> Callable[[str], str]:
    return lambda text: json.dumps(json.loads(text) | changes)


def with_bias(number: str) -> Callable[[str], str]:
    return lambda text: text.replace('neuron1.b": 0.0', f'neuron1.b": {number}')


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda _: "", r"^cannot load .*Expecting value"),
        (lambda text: text[:-20], r"^cannot load .*(?:Expecting|delimiter|Unterminated)"),
        (lambda _: "[" * 100_000, r"^cannot load .*recursion"),
        (lambda _: "[]", r"^cannot load .*does not hold parameters"),
        (lambda _: "3", r"^cannot load .*does not hold parameters"),
        (lambda _: "{}", r"^cannot load .*does not hold parameters"),
        (edited(format="other"), r"^cannot load .*does not hold parameters"),
        (edited(version=2), r"^cannot load .*its version is 2, known is 1"),
        (edited(parameters=[1.0]), r"^cannot load .*its parameters are missing"),
        (
            edited(parameters={}),
            r"^cannot load .*it lacks layer1.neuron1.w1 and 8 more \(0 parameters in the file, 9",
        ),
        (
            lambda text: text.replace("neuron2.w1", "neuron2.w7"),
            r"^cannot load .*it lacks layer1.neuron2.w1 ",
        ),
        (
            lambda text: text.replace('"parameters": {', '"parameters": {"x": 1,'),
            r"^cannot load .*this model has no x",
        ),
        (
            lambda text: text.replace('"parameters": {', '"parameters": {"x": 1, "x": 2,'),
            r"^cannot load .*twice",
        ),
        (
            lambda text: text.replace("relu", "tanh"),
            r"^cannot load .*saved from MLP.*tanh.*this model is MLP.*relu",
        ),
        (with_bias("NaN"), r"^cannot load .*layer1.neuron1.b is nan, not finite"),
        (with_bias("Infinity"), r"^cannot load .*layer1.neuron1.b is inf, not finite"),
        (with_bias("1e999"), r"^cannot load .*layer1.neuron1.b is inf, not finite"),
        (with_bias("9" * 400), r"^cannot load .*too large"),
        (with_bias("true"), r"^cannot load .*layer1.neuron1.b is True, not a number"),
        (with_bias("null"), r"^cannot load .*layer1.neuron1.b is None, not a number"),
        (with_bias('"0"'), r"^cannot load .*layer1.neuron1.b is '0', not a number"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_changes_nothing(
    saved: Path, damage: Callable[[str], str], message: str
) -> None:
    text = saved.read_text()
    saved.write_text(damage(text))
    assert saved.read_text() != text
    model = MLP(2, [2, 1], seed=2)
    before = numbers(model)
    with pytest.raises(ValueError, match=message) as caught:
        model.load(saved)
    assert str(caught.value).startswith(f"cannot load {saved}: ")
    assert numbers(model) == before


def test_a_file_that_is_not_text_is_refused(saved: Path) -> None:
    saved.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"^cannot load"):
        MLP(2, [2, 1]).load(saved)


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_model_that_is_not_finite_is_not_saved(saved: Path, number: float) -> None:
    before = saved.read_text()
    model = MLP(2, [2, 1])
    model.layers[0].neurons[1].b.data = number
    with pytest.raises(ValueError, match=r"^layer1.neuron2.b is (nan|inf), not finite"):
        model.save(saved)
    assert saved.read_text() == before


def test_where_writing_fails_the_old_file_stays(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError("no space left on device")

    before = saved.read_text()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"^no space"):
        MLP(2, [2, 1], seed=9).save(saved)
    assert saved.read_text() == before
    assert os.listdir(saved.parent) == [saved.name]


def test_saving_into_a_missing_directory_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        MLP(1, [1]).save(tmp_path / "none" / "model.json")


def test_saving_replaces_the_file_a_link_points_to(saved: Path) -> None:
    link = saved.with_name("link.json")
    link.symlink_to(saved)
    before = saved.read_text()
    MLP(2, [2, 1], seed=9).save(link)
    assert link.is_symlink()
    assert saved.read_text() != before
