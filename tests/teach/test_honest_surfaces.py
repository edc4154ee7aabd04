"""Surfaces: no equation on a page, a sheet, a paper or in a quiz is untrue of what is printed."""

import html
import re

import pytest
from hypothesis import HealthCheck, given, settings

from autograd_mini import Value, draw, page
from autograd_mini.notation.numbers import is_held
from autograd_mini.stepping import names
from autograd_mini.teach.answers import find_answer
from autograd_mini.teach.mistakes import compare
from autograd_mini.teach.papers import exam
from autograd_mini.teach.quiz import questions
from autograd_mini.view.worksheet import worksheet
from tests.graphs import graphs
from tests.stepping.test_honest import assert_honest
from tests.view.living import read_frames

FEW = settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
CELLS = re.compile(r'<tr><th>.*?<td>(.*?)<td class="blank">(.*)')


def text_of(frame):
    """Write a frame of a page as the reader sees it."""
    figures = "".join(frame["figures"])
    equation = f"{figures} {frame['signs'][1]} {frame['answer']}"
    return f"{frame['why']}{frame['here']}\n{equation}\n{frame['sum']}"


@FEW
@given(graphs(most=6))
def test_pages_and_tooltips_are_true(graph):
    _, output = graph
    output.backward()
    made = page(output)
    markup = made.html
    assert_honest(html.unescape("\n".join(re.findall("<button[^>]*>(.*?)</button>", markup))))
    assert_honest("\n".join(map(text_of, read_frames(made))))
    tips = re.findall(r'tooltip="((?:[^"\\]|\\.)*)"', draw(output).source)
    assert_honest("\n".join(tips).replace("\\n", "\n"))


@FEW
@given(graphs(most=6))
def test_a_key_of_a_worksheet_is_true(tmp_path, graph):
    _, output = graph
    _, key = worksheet(output, tmp_path / "w.html")
    rows = [f"{question} {answer}" for question, answer in CELLS.findall(key.read_text())]
    assert rows
    assert_honest(html.unescape("\n".join(rows)))
    output.backward()
    named = names(output)
    for leaf in named.leaves:
        sign = "=" if is_held(leaf.grad) else "≈"
        assert any(row.startswith(f"{named.derivative(leaf)} {sign} ") for row in rows)


@FEW
@given(graphs(most=6))
def test_questions_and_comparisons_are_true(graph):
    _, output = graph
    for question in questions(output):
        assert_honest(f"{question.given}\n{question.reason}\n{question.verdict(0.1234)}")
    assert_honest(str(compare(output)))


@pytest.mark.parametrize("level", [1, 2, 3])
def test_papers_and_their_keys_are_true(level):
    for text in exam(2, seed=7, level=level):
        assert_honest(re.sub("(?m)^- ", "", str(text)))


def test_a_constant_that_is_rounded_is_nearly_equal_everywhere(tmp_path):
    y = Value(2.0, "a") * 0.333333
    assert "L ≈ a·0.3333" in worksheet(y, tmp_path / "w.html")[1].read_text()
    assert "L ≈ a·0.3333 ≈ 0.6667" in draw(y).source
    assert "L ≈ a·0.3333" in page(y).html


@pytest.mark.parametrize("sign", ["=", "≈", "~="])
def test_a_paper_is_read_whatever_sign_its_answers_have(sign):
    assert find_answer(f"- ∂L/∂a {sign} 0.25\n", "∂L/∂a") == "0.25"
