"""Asking: what a lesson's question does where nobody answers; test_lesson has the rest."""

import math
import sys
from types import ModuleType

import pytest

from autograd_mini import Value
from autograd_mini.lesson.terminal import UnansweredError, listening
from autograd_mini.teach import asking
from autograd_mini.teach.asking import ask
from autograd_mini.teach.quiz import HINT, TO_SHOW


def chain():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    y = a * b + b
    y.backward()
    return a, b, y


def replies(monkeypatch, *lines):
    """Let these lines be typed."""
    waiting = iter(lines)
    monkeypatch.setattr("builtins.input", lambda _prompt: next(waiting))


def test_a_script_prints_the_answer(capsys):
    ask("∂L/∂b", 3.0, hint="two paths")
    assert capsys.readouterr().out == "∂L/∂b = 3\n"


def test_a_mistake_is_named_by_the_graph_of_the_variable_in_the_prompt(monkeypatch, capsys):
    _, b, y = chain()
    module = ModuleType("__main__")
    module.y = y
    monkeypatch.setitem(sys.modules, "__main__", module)
    replies(monkeypatch, "2", "3")
    with listening():
        ask("∂y/∂b", b.grad)
    assert "or left out the path y → b." in capsys.readouterr().out


def test_who_leaves_a_question_is_told_how_it_goes_on(monkeypatch, capsys):
    _, b, y = chain()
    replies(monkeypatch, ":quit")
    told = r"^∂L/∂b is still asked: Enter asks again, :show there tells the answer\.$"
    with listening(), pytest.raises(UnansweredError, match=told):
        ask("∂L/∂b", b.grad, of=y)
    assert capsys.readouterr().out.splitlines()[0] == HINT


def test_a_hint_is_told_after_the_second_wrong_answer_and_once(monkeypatch, capsys):
    _, b, y = chain()
    replies(monkeypatch, "0.5", "0.6", "0.7", "3")
    with listening():
        ask("∂L/∂b", b.grad, "there are two paths", of=y)
    lines = [x for x in capsys.readouterr().out.splitlines()[1:] if "∂L/∂b =" not in x]
    wrong = [f"Wrong: no mistake that I know gives {x}." for x in ("0.5", "0.6", "0.7")]
    shown = ["there are two paths", TO_SHOW]
    assert lines == [wrong[0], wrong[1], *shown, wrong[2], TO_SHOW, "Right: 1 + 2 = 3."]


@pytest.mark.parametrize("hint", ["", "look at a < b"])
def test_in_a_notebook_hint_and_answer_are_folded(hint, monkeypatch):
    shown = []
    monkeypatch.setattr(asking, "is_notebook", lambda: True)
    monkeypatch.setattr(asking, "display", lambda *made: shown.append(made))
    ask("a < b", -0.5, hint)
    folded = "<details><summary>hint</summary>look at a &lt; b</details>" if hint else ""
    answer = "<details><summary>answer</summary>-0.5</details>"
    assert shown == [(f"<p><b>a &lt; b = ?</b></p>{folded}{answer}", "text/html")]


def test_a_question_about_no_graph_knows_the_sign(monkeypatch, capsys):
    replies(monkeypatch, "-7", "7")
    with listening():
        ask("how many", 7)
    out = capsys.readouterr().out
    assert "Wrong: you have the sign wrong." in out
    assert "Right: how many = 7." in out


def test_a_number_that_is_not_the_graphs_is_not_judged_by_it(monkeypatch, capsys):
    _, _, y = chain()
    replies(monkeypatch, "3", "6")
    with listening():
        ask("∂L/∂b", 6.0, of=y)
    assert "Wrong: no mistake that I know gives 3." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        (Value(2.0), TypeError, r"^the answer is one number, such as a.grad or a.data, got Value"),
        (True, TypeError, r"^the answer is one number, such as a.grad or a.data, got bool"),
        (math.nan, ValueError, r"^the answer is a finite number, got nan"),
    ],
)
def test_an_answer_that_is_no_number_is_refused(answer, error, message):
    with pytest.raises(error, match=message):
        ask("a", answer)
