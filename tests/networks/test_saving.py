"""Files: whole or not at all, no longer than they need be, and nothing left beside them."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograd_mini import Value
from autograd_mini.nn import MLP
from autograd_mini.saving import FORMAT, quoted, read_parameters, write_parameters, write_whole
from tests.injector import interrupted

NAMES = ["layer1.neuron1.w1", "layer1.neuron1.b"]


@pytest.fixture
def model() -> MLP:
    return MLP(1, [1])


@pytest.fixture
def saved(tmp_path: Path, model: MLP) -> Path:
    path = tmp_path / "model.json"
    model.save(path)
    return path


def rewritten(path: Path, **changes: Any) -> Path:
    """The file with some of its entries changed."""
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    return path


# Files that are whole ----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_a_file_keeps_its_permissions(saved: Path, model: MLP, mode: int) -> None:
    saved.chmod(mode)
    model.save(saved)
    assert stat.S_IMODE(saved.stat().st_mode) == mode


def test_a_new_file_has_the_permissions_of_any_new_file(saved: Path) -> None:
    other = saved.with_name("other")
    other.touch()
    assert saved.stat().st_mode == other.stat().st_mode


def test_a_read_only_file_is_not_replaced(saved: Path) -> None:
    before = saved.read_text()
    saved.chmod(0o444)
    with pytest.raises(PermissionError, match=r"^\[Errno 13\] it is read-only: '.*/model.json'$"):
        MLP(1, [1], seed=9).save(saved)
    assert saved.read_text() == before


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="needs /dev/null, as on Linux")
def test_a_device_is_not_replaced_by_a_file(model: MLP) -> None:
    with pytest.raises(OSError, match=r"^\[Errno 22\] it is no ordinary file: '/dev/null'$"):
        model.save("/dev/null")
    assert not Path("/dev/null").is_file()


def test_a_folder_is_not_replaced_by_a_file(tmp_path: Path, model: MLP) -> None:
    with pytest.raises(IsADirectoryError, match=r"^\[Errno 21\] it is a folder: "):
        model.save(tmp_path)


@pytest.mark.parametrize("kind", [str, os.fsencode])
def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path, kind: Any) -> None:
    path = tmp_path / "none" / "x.html"
    with pytest.raises(FileNotFoundError) as caught:
        write_whole(kind(str(path)), "text")
    message = f"there is no folder {path.parent}"
    assert str(caught.value) == f"[Errno 2] {message}: {str(path)!r}"
    assert list(tmp_path.iterdir()) == []


def test_a_path_of_bytes_is_a_path(tmp_path: Path, model: MLP) -> None:
    path = os.fsencode(tmp_path / "model.json")
    model.save(path)
    model.load(path)
    assert [file.name for file in tmp_path.iterdir()] == ["model.json"]


KILLED = """
import os, signal
from autograd_mini.nn import MLP
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
MLP(1, [1]).save({path!r})
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs kill -9, as on POSIX")
def test_the_next_save_removes_what_a_killed_one_left(saved: Path, model: MLP) -> None:
    before = saved.read_text()
    script = KILLED.format(path=str(saved))
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert saved.read_text() == before
    MLP(1, [1], seed=2).save(saved.with_name("another.json"))
    assert len(list(saved.parent.glob("model.json*"))) == 2
    model.save(saved)
    assert [file.name for file in saved.parent.glob("model.json*")] == ["model.json"]


def test_what_another_process_is_writing_is_left_alone(saved: Path, model: MLP) -> None:
    theirs = saved.with_name(f"{saved.name}.{os.getppid()}-0a1b2c3d.part")
    mine = saved.with_name("model.json.backup-2.part")
    theirs.touch()
    mine.touch()
    model.save(saved)
    assert theirs.exists()
    assert mine.exists()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a file not closed
def test_an_interrupt_at_any_instruction_leaves_one_whole_file(saved: Path) -> None:
    points, stopped = 0, True
    while stopped:
        write_whole(saved, "old")
        points += 1
        stopped = interrupted(lambda: write_whole(saved, "new"), points)
        assert saved.read_text() in {"old", "new"}, points
    assert points > 100


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("second", [0, 1, 5])
def test_an_interrupt_at_any_instruction_of_load_finds_all_parameters_before_or_all_after(
    saved: Path, second: int
) -> None:
    loaded = MLP(1, [1], seed=1)
    loaded.load(saved)
    whole = [[*map(state, MLP(1, [1], seed=2).parameters())], [*map(state, loaded.parameters())]]
    point, stopped = 1, True
    while stopped:
        model = MLP(1, [1], seed=2)
        stopped = interrupted(lambda m=model: m.load(saved), point, second)  # type: ignore[misc]
        assert [*map(state, model.parameters())] in (whole[0], whole[1]), point
        point += 3
    assert point > 100


def state(x: Value) -> tuple[float, float]:
    """Return the data and the grad."""
    return x.data, x.grad


# Files that fit ----------------------------------------------------------------------------------


def test_a_file_of_the_first_version_is_read(tmp_path: Path) -> None:
    path = tmp_path / "first.json"
    path.write_text(
        '{"format": "autograd_mini parameters", "version": 1, "model": "m", '
        '"parameters": {"w": 0.1, "b": 2}}'
    )
    assert read_parameters(path, "m", ["w", "b"]) == {"w": 0.1, "b": 2.0}


def test_a_number_is_no_path(model: MLP) -> None:
    for act in (model.save, model.load):
        with pytest.raises(TypeError, match=r"^expected str, bytes or os.PathLike object, not int"):
            act(1)  # type: ignore[arg-type]
    os.fstat(1)  # standard output is still open


@pytest.mark.parametrize("version", [True, 1.0, "1", 0, 2, None, [1]])
def test_another_version_is_refused(saved: Path, model: MLP, version: Any) -> None:
    with pytest.raises(ValueError, match=r"^cannot load .*: its version is .*, known is 1$"):
        model.load(rewritten(saved, version=version))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero, as on Linux")
def test_a_device_that_never_ends_is_not_read_to_its_end(model: MLP) -> None:
    with pytest.raises(ValueError, match=r"^cannot load /dev/zero: it is longer than \d+ bytes, "):
        model.load("/dev/zero")


def test_a_file_that_is_laid_out_by_hand_is_read(saved: Path, model: MLP) -> None:
    saved.write_text(json.dumps(json.loads(saved.read_text()), indent=400))
    model.load(saved)


def test_a_model_of_long_names_reads_its_own_file(tmp_path: Path) -> None:
    from autograd_mini import Value
    from autograd_mini.nn import Module

    class Long(Module):
        def __init__(self) -> None:
            self.weights = {
                "\N{GREEK SMALL LETTER THETA}" * 400 + str(i): Value(i) for i in range(999)
            }

    Long().save(tmp_path / "long.json")
    assert (tmp_path / "long.json").stat().st_size > 2_000_000
    Long().load(tmp_path / "long.json")


HOSTILE = "\x1b[2J\u202e" + "a" * 1_000


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": HOSTILE}, "it was saved from '\\x1b[2J\\u202eaaa"),
        ({"version": HOSTILE}, "its version is '\\x1b[2J\\u202eaaa"),
        (
            {"parameters": dict.fromkeys([*NAMES, HOSTILE], 0.5)},
            "this model has no '\\x1b[2J\\u202eaaa",
        ),
        ({"parameters": dict.fromkeys(NAMES, HOSTILE)}, f"{NAMES[0]} is '\\x1b[2J\\u202eaaa"),
        ({"format": HOSTILE}, "it does not hold parameters that a module saved"),
    ],
)
def test_what_a_file_says_is_told_escaped_and_cut(
    saved: Path, model: MLP, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=r"^cannot load ") as caught:
        model.load(rewritten(saved, **changes))
    text = str(caught.value).removeprefix(f"cannot load {saved}: ")
    assert text.startswith(message)
    assert text.isprintable()
    assert len(text) < 300
    assert FORMAT in saved.read_text() or "format" in changes


@pytest.mark.parametrize("length", [59, 60, 61])
def test_what_is_quoted_of_a_file_is_cut_at_sixty_characters(length: int) -> None:
    whole = "ab" * 30 + "a"
    text = whole[:length]
    assert quoted(text) == (text if length <= 60 else whole[:59] + "…")


def test_a_file_may_be_a_million_bytes_longer_than_its_parameters_need(tmp_path: Path) -> None:
    path, names = tmp_path / "w.json", ["w"]
    write_parameters(path, "MLP", {"w": 1.0})
    most = 1_000_000 + len(json.dumps(["MLP", "w"])) + 50
    path.write_text(path.read_text("utf-8").ljust(most), "utf-8")
    assert read_parameters(path, "MLP", names) == {"w": 1.0}
    path.write_text(path.read_text("utf-8") + " ", "utf-8")
    with pytest.raises(ValueError, match=r"^cannot load .*w.json: it is longer than 10000"):
        read_parameters(path, "MLP", names)
