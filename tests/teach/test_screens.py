"""Screens: no label steers a terminal or fills it, and one without ∂ is written to all the same."""

import io
import sys

import pytest

from autograd_mini import Value, check_gradients, explain, gradient, log, record, sqrt, walk, why
from autograd_mini.nn import MLP, Layer
from autograd_mini.optim import SGD
from autograd_mini.stepping import steps
from autograd_mini.stepping.check import nudge
from autograd_mini.stepping.counts import count
from autograd_mini.stepping.what_if import what_if
from autograd_mini.teach.doctor import doctor
from autograd_mini.teach.mistakes import compare
from autograd_mini.teach.quiz import quiz

LABELS = [
    "\x1b[2J\x1b[31m",
    "a\u202eb\u2066",
    "\x00\x07\b\r\n",
    "\ud800",
    "w" * 10**6,
    "\x9b31m",
    "∂·²é",
]
LONGEST = 20_000  # characters of any text about a graph of a few nodes


def graph(label):
    """A graph whose nodes all have the label, after a pass and an edit."""
    a, b = Value(2.0, label), Value(-3.0, label)
    y = (a * b + a).tanh() * 3.0
    y.label = label
    y.backward()
    y.backward()
    return a, y


def asked(y, answers, monkeypatch, capsys):
    """Return what a quiz prints."""
    lines = iter(answers)
    monkeypatch.setattr("builtins.input", lambda _prompt: next(lines))
    quiz(y)
    return capsys.readouterr().out


def examined(label):
    """Return what the doctor says of a training that stands still."""
    w, x = Value(0.0, label), Value(1.0, label)
    w.label = x.label = label
    with doctor([w]) as report:
        optimiser = SGD([w], rate=0.1)
        for _ in range(3):
            loss = (w * x) ** 2 * float("nan")
            loss.backward()
            w.grad = 0.0
            optimiser.step()
    return str(report)


def refused(act):
    """Return the message of what an act raises."""
    with pytest.raises((ArithmeticError, TypeError, ValueError)) as caught:
        act()
    return str(caught.value)


TEXTS = {
    "explain": lambda _a, y: explain(y),
    "why": lambda a, y: str(why(y, a)),
    "why not": lambda a, y: str(why(y, Value(1.0, a.label))),
    "walk": lambda _a, y: "\n".join(map(str, walk(y))),
    "steps": lambda _a, y: repr(list(steps(y))),
    "check": lambda a, y: str(check_gradients(y, [a])),
    "nudge": lambda a, y: str(nudge(y, a, 0.1)),
    "what if": lambda a, y: str(what_if(y, {a: 3.0})),
    "count": lambda _a, y: str(count(y)),
    "compare": lambda _a, y: str(compare(y)),
    "doctor": lambda a, _y: examined(a.label),
    "record": lambda a, y: repr(record(y, [a])),
}
ERRORS = {
    "domain": lambda a, _y: log(a * 0 - 1),
    "pole": lambda a, _y: 1 / (a - a.data),
    "missing": lambda a, _y: sqrt(a - a.data).backward(),
    "swapped": lambda a, y: nudge(a, y, 0.1),
    "the wrong way round": why,
    "input": lambda _a, y: record(y, [y]),
    "stranger": lambda a, y: record(y, [Value(1.0, a.label)]),
    "optimiser": lambda a, _y: SGD([a, a]),
    "step": lambda a, y: walk(y).to("no" + a.label),
    "layer": lambda a, _y: Layer(2, 1, label=a.label)([1.0]),
    "names": lambda a, y: gradient(y, a),
}


@pytest.mark.parametrize("label", LABELS, ids=range(len(LABELS)))
@pytest.mark.parametrize("name", TEXTS)
def test_no_label_steers_or_fills_a_terminal(name, label):
    text = TEXTS[name](*graph(label))
    assert text.replace("\n", "").isprintable()
    assert len(text) < LONGEST


@pytest.mark.parametrize("label", LABELS, ids=range(len(LABELS)))
@pytest.mark.parametrize("name", ERRORS)
def test_no_label_steers_or_fills_an_error(name, label):
    message = refused(lambda: ERRORS[name](*graph(label)))
    assert message.isprintable()
    assert len(message) < 1000


@pytest.mark.parametrize("label", LABELS, ids=range(len(LABELS)))
def test_no_label_steers_or_fills_a_quiz(label, monkeypatch, capsys):
    _, y = graph(label)
    text = asked(y, ["1", "no", ":hint", ":show", "", ":quit"], monkeypatch, capsys)
    assert text.replace("\n", "").isprintable()
    assert len(text) < LONGEST


def test_what_load_quotes_is_short_and_printable(tmp_path):
    model = MLP(1, [1])
    model.save(tmp_path / "w.json")
    text = (tmp_path / "w.json").read_text()
    for name in ("\\u001b[2J", "w" * 10**5):
        (tmp_path / "x.json").write_text(text.replace("layer1", name))
        message = refused(lambda: model.load(tmp_path / "x.json"))
        assert message.isprintable()
        assert len(message) < 1000


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
@pytest.mark.parametrize("name", [*TEXTS, "quiz"])
def test_a_screen_without_the_signs_of_mathematics_shows_letters(name, encoding, monkeypatch):
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", screen)
    a, y = graph("aé")
    if name == "quiz":
        lines = iter(["1", "2", ":show", ":quit"])
        monkeypatch.setattr("builtins.input", lambda _prompt: next(lines))
        quiz(y)
    else:
        screen.write(str(TEXTS[name](a, y)))
    screen.flush()
    shown = screen.buffer.getvalue().decode(encoding)
    assert len(shown) > 10
    assert "\\u" not in shown
