"""Exercises, exams, worksheets and counts: what a teacher hands out, and what comes back."""

import hashlib
import re
import subprocess
import sys

import pexpect
import pytest

from autograd_mini import Value, recompute
from autograd_mini.__main__ import main
from autograd_mini.nn import MLP
from autograd_mini.stepping.counts import count, multiplications
from autograd_mini.stepping.naming import names, number
from autograd_mini.stepping.paths import edges
from autograd_mini.stepping.steps import steps
from autograd_mini.teach import mistakes
from autograd_mini.teach.exercise import LEVELS, asked, exam, exercise, mark, posed
from autograd_mini.view.worksheet import worksheet

ALL = [(seed, level) for level in LEVELS for seed in range(15)]


# Exercises ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seed", "level"), ALL)
def test_every_number_of_an_exercise_is_short(seed, level):
    y = exercise(seed, level)
    shown = [node.data for node in names(y)] + [e.partial for node in names(y) for e in edges(node)]
    shown += [n for step in steps(y) for n in (step.adjoint, step.term)]
    assert all(x == round(x, 2) and len(number(x)) <= 6 for x in shown)


@pytest.mark.parametrize(("seed", "level"), ALL)
def test_an_exercise_shows_what_its_level_is_about(seed, level):
    y = exercise(seed, level)
    assert mistakes.overwrite.safe(y) is (level == 1)
    assert mistakes.recursion.safe(y) is (level < 3)
    assert all(mistakes.right(y)[x] for x in names(y) if not x.operands)


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed():
    text = "".join("".join(exam(3, 7, level)) for level in LEVELS)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "86067e98ab50a0f6"
    code = "from autograd_mini.teach.exercise import *; print(exam(3, 7, 3)[0], end='')"
    for hash_seed in ("0", "12345"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        assert done.stdout == blank(3, 7, 3)


@pytest.mark.parametrize(("seed", "level"), ALL)
def test_a_line_of_an_exercise_uses_only_what_stands_above_it(seed, level):
    given, *lines = posed(exercise(seed, level)).splitlines()
    known = set(re.findall(r"([a-h]) =", given))
    for line in lines:
        name, _, expression = line.partition(" = ")
        assert set(re.findall(r"\b[a-hL]\b", expression)) <= known, line
        known.add(name)


def test_another_seed_gives_another_exercise():
    assert len({posed(exercise(seed)) for seed in range(20)}) > 15


def test_a_level_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="level is 1, 2, 3; got 4"):
        exercise(1, 4)


def blank(*exercises):
    return exam(*exercises)[0]


def key(*exercises):
    return exam(*exercises)[1]


def answered(text, prompt, answer):
    """Return the exam with another answer to its first question of that prompt."""
    filled, count = re.subn(rf"(?m)^- {prompt} = .*$", f"- {prompt} = {answer}", text, count=1)
    assert count == 1
    return filled


# Exams -------------------------------------------------------------------------------------------


def test_an_exam_has_nothing_behind_its_signs_of_equality():
    answers = [line for line in blank(5, 1, 3).splitlines() if line.startswith("- ")]
    assert len(answers) == sum(len(asked(exercise(1000 + i, 3))) for i in range(5))
    assert all(line.endswith("=") for line in answers)


@pytest.mark.parametrize("level", LEVELS)
def test_the_key_gets_all_points(level):
    report = mark(key(4, 2, level))
    total = len(report.splitlines()) - 1
    assert report.endswith(f"{total} of {total} right")


def test_an_empty_exam_gets_none_and_learns_the_answers():
    report, questions = mark(blank(2, 1)), asked(exercise(1000))
    for question in questions:
        assert f"1. {question.prompt}: No answer. It is {number(question.answer)}." in report
    assert report.endswith(f"0 of {len(report.splitlines()) - 1} right")


def test_a_mistake_in_an_exam_is_named_and_the_right_number_given():
    y = exercise(1000)
    a = next(x for x in names(y) if x.label == "a")
    found, truth = number(mistakes.overwrite(y)[a]), number(mistakes.right(y)[a])
    assert found != truth
    report = mark(answered(key(1, 1), "∂L/∂a", found))
    assert re.search(rf"1\. ∂L/∂a: .*you overwrote .* It is {truth}\.\n", report)


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("{}/1", "Right"),
        ("  2 * {} - {} ", "Right"),
        ("−(0 - {})", "Right"),
        ("2 − 2 = {}", "Right"),
        ("eight", "No number: the name 'eight' has no number (column 1: 'eight'). It is {}."),
        ("__import__('os')", "No number: no function is called '__import__'"),
        ("1/0", "the divisor must not be 0. It is {}."),
        ("4,0", "No number: a comma (2.5 has a point) is not allowed"),
        ("", "No answer. It is {}."),
        ("1e9", "Wrong: no mistake that I know gives 1e+09. It is {}."),
    ],
)
def test_answers_are_numbers_fractions_or_expressions_of_them(answer, verdict):
    y = exercise(1000)
    truth = next(number(d) for x, d in mistakes.right(y).items() if x.label == "a")
    text = answered(key(1, 1), "∂L/∂a", answer.replace("{}", truth))
    [line] = [line for line in mark(text).splitlines() if "∂L/∂a" in line]
    assert verdict.replace("{}", truth) in line


def test_marks_are_not_to_be_had_by_writing_right():
    text = re.sub(r"(?m)^(- .* =).*$", r"\1 : Right", blank(2, 1))
    assert mark(text).endswith("\n0 of 10 right")


@pytest.mark.parametrize(
    "change", [("\n- ", "\n  - "), ("\n- ", "\n* "), ("-", "−"), ("\n", "\r\n")]
)
def test_what_editors_change_does_no_harm(change):
    title, rest = key(2, 3, 3).split("\n", 1)
    assert re.search(r"(\d+) of \1 right", mark(f"{title}\n{rest.replace(*change)}"))


def test_a_text_that_is_no_exam_is_refused():
    with pytest.raises(ValueError, match="this is no exam"):
        mark("# Shopping")
    with pytest.raises(ValueError, match="has 2 exercises, but this text has 1"):
        mark(blank(2, 1).replace("## 2", ""))
    with pytest.raises(ValueError, match="exercise 1 is not that of the exam in the title"):
        mark(blank(2, 1).replace("seed 1", "seed 2"))
    with pytest.raises(ValueError, match="1 exercise or more"):
        exam(0, 1)


def test_the_command_prints_an_exam_its_key_and_marks_it(tmp_path, capsys):
    assert main(["exam", "2", "--seed", "3", "--level", "1"]) == 0
    assert capsys.readouterr().out == blank(2, 3, 1)
    assert main(["exam", "2", "--seed", "3", "--level", "1", "--key"]) == 0
    returned = tmp_path / "returned.md"
    returned.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["exam", "--mark", str(returned), str(returned)]) == 0
    out = capsys.readouterr().out
    assert len(re.findall(r"(\d+) of \1 right", out)) == out.count(f"{returned}\n") == 2


def test_at_a_terminal_an_exam_is_printed_and_a_returned_one_marked(tmp_path):
    returned = tmp_path / "returned.md"
    returned.write_text(answered(key(1, 1), "d", "77"), encoding="utf-8")
    command, shown = ["-m", "autograd_mini", "exam"], []
    for arguments in (["1"], ["--mark", str(returned)]):
        child = pexpect.spawn(sys.executable, [*command, *arguments], encoding="utf-8")
        child.expect(pexpect.EOF, timeout=30)
        shown.append(child.before.replace("\r", ""))
    assert shown[0] == blank(1, 1)
    assert "1. d: Wrong: no mistake that I know gives 77." in shown[1]
    assert "4 of 5 right" in shown[1]


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    returned = tmp_path / "returned.md"
    returned.write_text(key(1, 1), encoding="utf-8")
    assert main(["exam", "--mark", str(tmp_path / "nothing.md"), str(returned)]) == 2
    assert main(["exam", "0"]) == 2
    out, err = capsys.readouterr()
    assert err.count("autograd_mini: ") == 2
    assert f"{tmp_path / 'nothing.md'} cannot be marked: " in err
    assert "5 of 5 right" in out


# Worksheets --------------------------------------------------------------------------------------


def uneven():
    """Return a graph all of whose numbers are unlike any that a picture is drawn with."""
    a, b = Value(1.2345, "a"), Value(6.7891, "b")
    c = a * b
    c.label = "c"
    return c * a + c * 3.1357


def hidden_numbers(y):
    """Return every number that a learner has to find, as it would be written."""
    found = [node.data for node in names(y) if node.operands]
    for step in steps(y):
        found += [step.adjoint, step.partial, step.term, step.total]
    given = {number(x) for x in (1.2345, 6.7891, 3.1357)}
    return {number(x) for x in found} - given - {"0", "1"}


@pytest.mark.parametrize("suffix", ["html", "svg"])
def test_blanks_are_blank_in_the_bytes_and_the_key_has_every_number(tmp_path, suffix):
    y = uneven()
    sheet, answers = worksheet(y, tmp_path / f"sheet.{suffix}")
    assert (sheet.name, answers.name) == (f"sheet.{suffix}", f"sheet-key.{suffix}")
    blank, filled = sheet.read_text("utf-8"), answers.read_text("utf-8")
    hidden = hidden_numbers(y)
    assert len(hidden) > 5
    assert [x for x in hidden if x in blank] == []
    assert [x for x in hidden if x not in filled] == []


def test_the_key_equals_the_engine_and_the_graph_stays_as_it_was(tmp_path):
    y = exercise(5, 3)
    y.backward(2.0)
    grads = {node: node.grad for node in names(y)}
    _, answers = worksheet(y, tmp_path / "sheet.html")
    text = answers.read_text("utf-8")
    for node, name in names(y).items():
        assert node.grad == grads[node]
        if not node.operands:
            assert f'<tr><td>∂L/∂{name} =<td class="blank">{number(node.grad / 2)}\n' in text


def test_a_worksheet_is_the_same_twice_and_asks_nothing_of_the_network(tmp_path):
    sheet, _ = worksheet(exercise(5, 2), tmp_path / "sheet.html")
    first = sheet.read_bytes()
    worksheet(exercise(5, 2), sheet)
    assert sheet.read_bytes() == first
    assert b"<script" not in first
    assert not re.search(rb'(src|href)="|@import|url\(', first)
    assert b"@page" in first


def test_a_worksheet_has_room_for_a_name_and_its_key_says_that_it_is_one(tmp_path):
    sheet, answers = worksheet(exercise(5, 2), tmp_path / "sheet.html")
    assert "Name:" in sheet.read_text("utf-8")
    assert ": the key</h1>" in answers.read_text("utf-8")
    assert ": the key" not in sheet.read_text("utf-8")


def test_an_operand_that_stands_twice_has_two_lines_that_differ(tmp_path):
    a = Value(3.0, "a")
    sheet, _ = worksheet((a * a).tanh(), tmp_path / "sheet.html")
    lines = re.findall(r"<tr><td>∂L/∂a \+= [^(]*([^<]*)", sheet.read_text("utf-8"))
    assert lines == ["(through operand 1 only):", "(through operand 2 only):"]


def test_a_worksheet_of_edited_data_is_refused(tmp_path):
    a = Value(2.0, "a")
    y = a * 3
    a.data = 9.0
    with pytest.raises(ValueError, match=r"edited after the forward pass: recompute\(\)"):
        worksheet(y, tmp_path / "sheet.html")
    recompute(y)
    sheet, _ = worksheet(y, tmp_path / "sheet.html")
    assert "a = 9" in sheet.read_text("utf-8")


@pytest.mark.parametrize("name", ["sheet.pdf", "sheet"])
def test_another_kind_of_worksheet_is_refused_and_nothing_written(tmp_path, name):
    with pytest.raises(ValueError, match=r"is an \.html or an \.svg file, got 'sheet"):
        worksheet(exercise(1), tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_labels_stay_text(tmp_path):
    y = Value(2.0, "<img src=x>") * 3.0
    sheet, answers = worksheet(y, tmp_path / "sheet.html")
    assert "<img" not in sheet.read_text("utf-8") + answers.read_text("utf-8")


# Counts ------------------------------------------------------------------------------------------


def test_reverse_mode_multiplies_once_an_edge_and_forward_mode_once_an_edge_and_leaf():
    a, b = Value(2.0), Value(3.0)
    c = a * b
    assert multiplications(c * c + 1.0) == (5, [4, 4])


def test_a_chain_costs_the_same_both_ways():
    y = Value(0.5)
    for _ in range(7):
        y = y.tanh()
    assert multiplications(y) == (7, [7])


def test_a_network_shows_why_backward():
    y = MLP(2, [4, 4, 1], "tanh")([1.0, -1.0])
    reverse, forward = multiplications(y)
    assert len(forward) == 37
    assert sum(forward) > 3 * reverse
    assert f"{sum(forward):,}" in count(y)


def test_a_leaf_costs_nothing():
    assert multiplications(Value(1.0)) == (0, [0])
