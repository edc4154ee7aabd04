"""The GPT made of scalars: it learns, stops, goes on, and its programs are its graphs."""

import os
import re
import runpy
import signal
import subprocess
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

[DEMO] = Path(__file__).parents[2].glob("demos/*_gpt.py")


SHORT = ("--longest", "4")  # two short graphs to record, where the course has a dozen


def run(file: Path, *arguments: str) -> dict[str, Any]:
    """Run the demo in this process; return its names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [str(DEMO), "--file", str(file), *SHORT, *arguments])
        return runpy.run_path(str(DEMO))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The names of a short run, and the file that it wrote."""
    return run(tmp_path_factory.mktemp("gpt") / "whole.json", "--steps", "40")


def mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def test_the_loss_falls(trained: dict[str, Any]) -> None:
    losses = trained["losses"]
    assert len(losses) == 40
    assert losses[0] > 3
    assert mean(losses[-10:]) < mean(losses[:10]) - 0.3


def test_it_reads_all_elements_and_stays_short(trained: dict[str, Any]) -> None:
    assert len({*trained["ELEMENTS"]}) == 118
    assert len(trained["parameters"]) == 1280
    code = [line for line in DEMO.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(code) < 150


def test_a_run_that_was_resumed_ends_where_a_whole_one_does(
    trained: dict[str, Any], tmp_path: Path
) -> None:
    run(tmp_path / "two.json", "--steps", "17")
    resumed = run(tmp_path / "two.json", "--steps", "40", "--resume")
    assert resumed["losses"] == trained["losses"][17:]
    whole = trained["options"].file.read_bytes()
    assert (tmp_path / "two.json").read_bytes() == whole


def test_the_gradient_of_every_program_is_the_gradient_of_the_graph(
    trained: dict[str, Any],
) -> None:
    for name in {len(name): name for name in trained["course"]}.values():
        program, letters = trained["programs"][len(name)], trained["spelled"](name)
        found = program.value_and_gradients(*chain(*letters))
        trained["optimiser"].zero_grad()
        output = trained["loss"](trained["weights"], letters)
        output.backward()
        assert found.value == pytest.approx(output.data, rel=1e-12)
        grads = [w.grad for w in program.parameters]
        assert found.parameters == pytest.approx(grads, rel=1e-12, abs=1e-14)
        assert any(grads)


def test_on_numbers_it_computes_what_it_computes_on_values(trained: dict[str, Any]) -> None:
    letters = trained["spelled"]("boron")
    on_values = trained["loss"](trained["weights"], letters)
    on_numbers = trained["loss"](trained["numbers"], letters)
    assert isinstance(on_numbers, float)
    assert on_numbers == pytest.approx(on_values.data, rel=1e-14)


def test_no_score_is_too_large(trained: dict[str, Any]) -> None:
    assert trained["log_sum"]([1000.0, 0.0, -1000.0]) == 1000
    assert trained["softmax"]([-1000.0, 1000.0]) == [0, 1]


def test_the_letters_to_come_do_not_change_the_scores(trained: dict[str, Any]) -> None:
    scores = []
    for name in ("boron", "barium"):
        past: list[Any] = []
        scores.append(
            [trained["logits"](trained["numbers"], x, past) for x in trained["spelled"](name)]
        )
    alike = [first == second for first, second in zip(*scores, strict=False)]
    assert alike == [True, True, False, False, False, False, False]


def test_a_file_that_does_not_fit_is_refused_in_one_line(
    trained: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = trained["options"].file
    cut = tmp_path / "cut.json"
    cut.write_bytes(file.read_bytes()[:-100])
    cases = [(tmp_path / "none.json", "No such file"), (cut, "cannot load"), (file, "of seed 1, ")]
    for path, message in cases:
        with pytest.raises(SystemExit) as exit_:
            run(path, "--resume", "--seed", "2")
        assert exit_.value.code == 2
        assert message in capsys.readouterr().err.splitlines()[-1]


def test_ctrl_c_leaves_a_file_to_go_on_from(tmp_path: Path) -> None:
    file = tmp_path / "stopped.json"
    command = [sys.executable, str(DEMO), "--file", str(file), *SHORT, "--steps", "5000"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=os.environ
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert any(line.startswith("step   50") for line in child.stdout)
        child.send_signal(signal.SIGINT)
        error = child.stderr.read()
    assert child.returncode == 1
    stopped = re.fullmatch(r"stopped after step (\d+); --resume goes on\n", error)
    assert stopped is not None
    steps = int(stopped[1])
    resumed = run(file, "--resume", "--steps", str(steps + 3))
    whole = run(tmp_path / "whole.json", "--steps", str(steps + 3))
    assert resumed["losses"] == whole["losses"][-3:]
    assert file.read_bytes() == (tmp_path / "whole.json").read_bytes()


def test_it_invents_ten_names_the_same_for_the_same_seed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = []
    for file in ("a.json", "b.json"):
        run(tmp_path / file, "--steps", "2", "--seed", "7")
        shown.append(capsys.readouterr().out.splitlines()[-10:])
    assert shown[0] == shown[1]
    assert all(re.fullmatch("[a-z]{0,14}", name) for name in shown[0])
