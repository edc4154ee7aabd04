"""Progress: a line on a terminal, after half a second, that is gone in the end; nowhere else."""

import io
from types import SimpleNamespace

import pytest

from autograd_mini import (
    Value,
    check_gradients,
    explain,
    gradient,
    recompute,
    record,
    walk,
    what_if,
    why,
)
from autograd_mini.engine import waiting
from autograd_mini.engine.waiting import show_progress
from autograd_mini.teach.mistakes import compare


class Terminal(io.StringIO):
    """A terminal that shows what is written when it is told to."""

    flushed = ""

    def flush(self):
        self.flushed = self.getvalue()

    def isatty(self):
        return True

    @property
    def screen(self):
        """What is left of the last line once the cursor has gone to and fro."""
        shown = ""
        for part in self.flushed.split("\r"):
            shown = part + shown[len(part) :]
        return shown.rstrip()


@pytest.fixture
def terminal(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(waiting, "sys", SimpleNamespace(stderr=stream))
    return stream


@pytest.fixture
def clock(monkeypatch):
    """Make the clock go on by a fifth of a second whenever somebody looks at it."""
    ticks = iter(range(10**9))
    monkeypatch.setattr(waiting, "monotonic", lambda: next(ticks) / 5)


@pytest.mark.usefixtures("clock")
def test_a_terminal_is_told_the_share_and_keeps_no_line(terminal):
    seen = []
    for done, item in enumerate(show_progress("abcdefghij", 10, "spelling")):
        seen.append(item)
        told = terminal.screen.removeprefix("spelling: ").removesuffix("0%") or "0"
        assert int(told) <= done
    assert "".join(seen) == "abcdefghij"
    assert "spelling: 90%" in terminal.getvalue()
    assert terminal.screen == ""


def test_the_first_half_second_is_silent(terminal, monkeypatch):
    now = 0.0
    monkeypatch.setattr(waiting, "monotonic", lambda: now)
    for now in show_progress((0.1, 0.2, 0.5, 0.6), 4, "waiting"):  # noqa: B007 - the clock's time
        assert terminal.getvalue() == ""
    assert terminal.getvalue() == ""


def test_the_line_is_written_ten_times_a_second(terminal, monkeypatch):
    now = 0.0
    monkeypatch.setattr(waiting, "monotonic", lambda: now)
    for done in show_progress(range(400), 400, "waiting"):
        now = done / 100
    assert 30 <= terminal.getvalue().count("waiting: ") <= 35


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_the_line_vanishes_after_an_error_too(error, terminal):
    def act():
        for place, _ in enumerate(show_progress(range(100), 100, "counting")):
            if place == 50:
                assert terminal.screen.startswith("counting: ")
                raise error

    with pytest.raises(error):
        act()
    assert terminal.screen == ""


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_whoever_does_not_look_on_gets_the_items_themselves(stream, monkeypatch):
    monkeypatch.setattr(waiting, "sys", SimpleNamespace(stderr=stream))
    items = [1, 2, 3]
    assert show_progress(items, 3, "adding") is items


LONG = {
    "computing": recompute,
    "differentiating": lambda y: gradient(y, [y.operands[1]]),
    "checking inputs": check_gradients,
    "explaining": explain,
    "looking for terms": lambda y: why(y, y.operands[1], limit=0),
    "walking": lambda y: walk(y).end(),
    "walking back": lambda y: walk(y).end().start(),
    "comparing": compare,
    "recording": record,
    "comparing rows": lambda y: what_if(y, x=0.6),
}


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("task", LONG)
def test_what_takes_long_on_a_million_nodes_tells_how_far_it_has_come(task, terminal):
    x = y = Value(0.5, "x")
    ws = [Value(0.1 * i, f"w{i}") for i in range(9)]
    for i in range(1000):
        y = y * ws[i % 9]
    LONG[task](y * x)
    assert f"\r{task}: " in terminal.getvalue()
    assert terminal.screen == ""
