"""Exports: a page to fill in, questions for Moodle, a poll; all say what the engines say."""

import csv
import io
import json
import math
import re
from html import unescape
from xml.etree import ElementTree

import pytest

from autograd_mini.__main__ import main
from autograd_mini.stepping import number
from autograd_mini.teach.exercises import exercise, pose
from autograd_mini.teach.exports import write_moodle, write_page, write_poll, wrong_answers
from autograd_mini.teach.marking import mark
from autograd_mini.teach.papers import Plan, exam, list_questions, write_paper
from autograd_mini.teach.quiz import Question, close, tolerance
from autograd_mini.teach.slips import Slip
from autograd_mini.teach.tasks import load_tasks

PLAN = Plan(3, 2)
TAB, ENTER = "\ue004", "\ue007"  # the keys, as WebDriver names them


def test_wrong_answers_have_a_name_and_are_never_close_to_the_right_one():
    for seed in range(10):
        for question in list_questions(exercise(seed, 3)):
            for text, told in wrong_answers(question).items():
                assert not close(float(text), question.answer)
                assert told


@pytest.mark.parametrize(
    ("answer", "numbers", "told"),
    [
        (2.0, (math.nan, math.inf, -math.inf, 1e12), {}),
        (2.0, (-9e11,), {"-900000000000": "have a; or you have b"}),
        (2.0, (999_999_999_999.0,), {"999999999999": "have a; or you have b"}),
        (1.001, (0.998,), {}),
    ],
)
def test_a_wrong_answer_can_be_typed_is_not_close_and_has_all_its_names(answer, numbers, told):
    slips = [Slip(x, "have ", name) for x in numbers for name in ("a", "b", "a")]
    assert wrong_answers(Question("", "c", answer, "", slips)) == {
        number(float(text)): names for text, names in told.items()
    }


# Moodle: the elements that its documentation of the format requires of a numerical question


def test_every_question_of_the_pool_has_what_the_format_requires():
    root = ElementTree.fromstring(write_moodle(PLAN, range(4)))
    questions = root.findall("question")
    assert root.tag == "quiz"
    assert len(questions) == sum(
        len(list_questions(t)) for s in range(4) for t in PLAN.exercises(s)
    )
    for question in questions:
        assert question.get("type") == "numerical"
        for path in ("name/text", "questiontext/text"):
            assert question.findtext(path)
        assert question.find("questiontext").get("format") == "html"
        assert [float(question.findtext(x)) for x in ("defaultgrade", "hidden")] == [1, 0]
        assert 0 < float(question.findtext("penalty")) < 1
        assert question.find("generalfeedback").get("format") == "html"
        answers = question.findall("answer")
        assert [x.get("fraction") for x in answers] == ["100"] + ["0"] * (len(answers) - 1)
        for answer in answers:
            float(answer.findtext("text"))
            assert float(answer.findtext("tolerance")) > 0
            assert answer.findtext("feedback/text")
            assert answer.get("format") == "moodle_auto_format"
            assert answer.find("feedback").get("format") == "html"


def test_the_pool_tells_right_answers_and_mistakes_as_the_engine_does():
    task = exercise(0, 2)
    question = list_questions(task)[-1]
    content = write_moodle(Plan(1, 2), [0])
    root = ElementTree.fromstring(content)
    [*_, last] = root.findall("question")
    assert content.count('\n <question type="numerical">\n  <name>\n') == len(list_questions(task))
    given = unescape(last.findtext("questiontext/text"))
    assert given == f"<pre>{pose(task)}</pre><p>{question.prompt} = ?</p>"
    assert unescape(last.findtext("generalfeedback/text")) == question.reason
    for answer in last.findall("answer"):
        off = tolerance(float(answer.findtext("text")))
        assert float(answer.findtext("tolerance")) == pytest.approx(off)
    told = {x.findtext("text"): x.findtext("feedback/text") for x in last.findall("answer")}
    assert told.pop(number(question.answer)) == "Right."
    assert len(told) > 2
    for text, feedback in told.items():
        assert question.verdict(float(text)).startswith("Wrong")
        assert feedback.startswith("You ")


def test_names_of_questions_differ():
    root = ElementTree.fromstring(write_moodle(PLAN, range(5)))
    named = [x.findtext("name/text") for x in root.findall("question")]
    assert len(named) == len(set(named))
    places = [name.partition(" ")[0] for name in dict.fromkeys(named)]
    assert [*dict.fromkeys(places)] == [f"{n}.{slot}" for n in range(5) for slot in (1, 2, 3)]


def test_a_poll_has_three_wrong_answers_each_with_its_mistake():
    header, *rows = csv.reader(io.StringIO(write_poll(PLAN, range(5))))
    assert header[:4] == ["question", "right", "wrong 1", "mistake 1"]
    assert len(rows) > 10
    known = [
        (task, x) for n in range(5) for task in PLAN.exercises(n) for x in list_questions(task)
    ]
    wrong = {f"{pose(task)}; {x.prompt} = ?".replace("\n", "; "): x for task, x in known}
    for row in rows:
        question = wrong[row[0]]
        assert row[1] == number(question.answer)
        assert [*zip(row[2::2], row[3::2], strict=True)] == [*wrong_answers(question).items()][:3]
        assert len(row) == len(header) == 8
        choices = [row[1], *row[2::2]]
        assert len(set(choices)) == 4
        assert all(row[3::2])


# The page -----------------------------------------------------------------------------------------


def test_a_page_holds_no_answer_asks_nothing_of_the_network_and_escapes():
    paper, _ = exam(2, 3, 3)
    page = write_page(paper, "x.md")
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])
    assert data == {"paper": paper, "file": "x.md"}
    assert page.count(paper.splitlines()[0].removeprefix("# ")) > 1
    assert f"<title>{paper.splitlines()[0].removeprefix('# ')}" in page
    assert not re.search(r'(src|href)="|@import|url\(', page)
    assert "default-src 'none'" in page
    hostile = write_page(paper.replace("## 1", "## 1\n\n    <script>alert(1)</script>"), "x.md")
    assert "<script>alert" not in hostile


@pytest.mark.parametrize("plan", [PLAN, Plan(3, 4), Plan(2, tasks=load_tasks("softmax"))])
def test_a_page_gives_all_that_the_paper_gives(plan):
    paper, _ = write_paper(plan, plan.title(seed=7), 7)
    page = write_page(paper, "x.md")
    asked = re.findall(r"<label><span>(.*?)</span><input .*?></label>", page)
    assert [unescape(x) for x in asked] == ["Name", *re.findall(r"(?m)^- (.*)$", paper)]
    assert re.findall(r"<section><h2>(.*?)</h2>", page) == [str(n + 1) for n in range(plan.length)]
    given = re.findall(r"<pre>(.*?)</pre>", page, re.S)
    assert [unescape(text) for text in given] == [pose(task) for task in plan.exercises(7)]


def test_the_command_writes_pages_pools_and_polls(tmp_path, capsys):
    files = {kind: tmp_path / f"x.{kind}" for kind in ("html", "moodle", "poll")}
    options = [word for kind, file in files.items() for word in (f"--{kind}", str(file))]
    assert main(["exam", "2", "--papers", "2", *options]) == 0
    assert capsys.readouterr().out == "".join(f"wrote {file}\n" for file in files.values())
    plan, paper = Plan(2, 2), exam(2, 1)[0]
    written = [file.read_text("utf-8") for file in files.values()]
    pools = [write_moodle(plan, [1, 2]), write_poll(plan, [1, 2])]
    assert written == [write_page(paper, "exam-1.md"), *pools]


@pytest.mark.parametrize("option", ["html", "moodle", "poll"])
def test_the_command_writes_no_file_of_another_kind(option, tmp_path, capsys):
    assert main(["exam", "1", f"--{option}", str(tmp_path / "x.pdf")]) == 2
    named = {"html": "html", "moodle": "xml", "poll": "csv"}[option]
    assert f"is no .pdf file; name it {tmp_path / 'x'}.{named}" in capsys.readouterr().err


@pytest.fixture
def browser(tmp_path):
    """Chromium, which saves what it downloads beside the test's files."""
    pytest.importorskip("selenium.webdriver", reason="pip install selenium")
    from tests.browser import start_browser

    with start_browser(**{"download.default_directory": str(tmp_path)}) as started:
        yield started


@pytest.mark.browser
def test_a_page_filled_in_by_keyboard_and_saved_is_marked(tmp_path, browser):
    from axe_core_python.selenium import Axe
    from selenium.webdriver.support.wait import WebDriverWait

    from tests.browser import PATIENCE

    paper, key = exam(2, 3, 2)
    file = tmp_path / "exam.html"
    file.write_text(write_page(paper, "answers.md"), encoding="utf-8")
    browser.get(file.as_uri())
    assert Axe().run(browser)["violations"] == []
    browser.find_element("id", "name").send_keys("Zoë", TAB)
    for answer in re.findall(r"(?m)^- .* = (.*)$", key):
        browser.switch_to.active_element.send_keys(answer, TAB)
    browser.switch_to.active_element.send_keys(ENTER)
    answers = tmp_path / "answers.md"
    wait = WebDriverWait(browser, PATIENCE, 0.05)
    saved = wait.until(lambda _: answers.exists() and answers.read_text("utf-8"))
    assert re.search(r"(\d+) of \1 right", mark(saved))
    assert "Saved as answers.md." in browser.find_element("id", "told").text
    assert browser.get_log("browser") == []
