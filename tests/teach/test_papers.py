"""Papers and marks: an exam goes out, comes back as people changed it, and is marked fairly."""

import io
import re
import shlex
import sys
from fractions import Fraction
from functools import cache

import pexpect
import pytest

from autograd_mini import Value
from autograd_mini.__main__ import main
from autograd_mini.stepping.naming import names, number
from autograd_mini.stepping.paths import why
from autograd_mini.stepping.steps import steps
from autograd_mini.teach import exam as exam_command
from autograd_mini.teach.answers import Answer, canonical
from autograd_mini.teach.exam import EXAMPLES, OPTIONS, SHARES, make_parser
from autograd_mini.teach.exercises import LEVELS, ON_PAPER, Exercise, exercise
from autograd_mini.teach.marking import (
    GLOSSARY,
    Marked,
    Verdict,
    mark,
    mark_paper,
    mark_section,
    write_marks,
    write_points,
)
from autograd_mini.teach.papers import ASKED, Plan, exam, list_questions, read_paper
from autograd_mini.teach.slips import Slip
from autograd_mini.teach.tasks import load_tasks

TOTAL = re.compile(r"(\d+) of \1 right")


def blank(*arguments, **options):
    return exam(*arguments, **options)[0]


def key(*arguments, **options):
    return exam(*arguments, **options)[1]


def answered(text, prompt, answer):
    """Return the exam with another answer to its first question of that prompt."""
    filled, count = re.subn(rf"(?m)^- {prompt} [=≈].*$", f"- {prompt} = {answer}", text, count=1)
    assert count == 1
    return filled


def marks_of(text, **options):
    paper = read_paper(text)
    return mark_paper(paper, paper.facts["seed"], **options)


# The paper ---------------------------------------------------------------------------------------


def test_an_exam_has_nothing_behind_its_signs_of_equality():
    answers = [line for line in blank(5, 1, 3).splitlines() if line.startswith("- ")]
    assert len(answers) == sum(len(list_questions(exercise(1, 3, slot))) for slot in range(5))
    assert all(line.endswith("=") for line in answers)


def test_the_same_exam_has_the_same_bytes_and_another_seed_another_exam():
    assert blank(3, 7, 3) == blank(3, 7, 3)
    assert len({blank(2, seed) for seed in range(12)}) == 12


@pytest.mark.parametrize("kind", ASKED)
def test_what_is_asked_can_be_chosen_and_its_key_is_right(kind):
    paper, filled = exam(3, 5, 3, ask=[kind])
    assert f"ask {kind}" in paper.splitlines()[0]
    assert TOTAL.search(mark(filled))
    assert "- " in paper


def test_without_answers_mistakes_are_named_and_no_right_number_is_told(tmp_path, capsys):
    text = re.sub(r"(?m)^(- .*) [=≈] .*$", r"\1 = 9999", key(2, 7))
    told = mark(text)
    hidden = re.sub(r" It is \S+\.$", "", told, flags=re.M)
    assert hidden != told
    assert mark(text, answers=False) == hidden
    file = tmp_path / "paper.md"
    file.write_text(text, encoding="utf-8")
    assert main(["exam", "--mark", str(file), "--no-answers"]) == 0
    assert capsys.readouterr().out == f"{file}\n{hidden}\n"


def test_an_exam_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"^an exam has 1 to 1000 exercises; got 0"):
        exam(0, 1)
    with pytest.raises(ValueError, match=r"^a seed is at least 0, got -1"):
        exam(1, -1)
    with pytest.raises(TypeError, match=r"^a seed is a whole number, got 3.5"):
        exam(1, 3.5)
    with pytest.raises(TypeError, match=r"^the length is a whole number, got 1.5"):
        exam(1.5, 1)
    with pytest.raises(TypeError, match=r"^the level is a whole number, got 'easy'"):
        exam(1, 1, "easy")
    with pytest.raises(TypeError, match=r"^ops is a string, got int 3"):
        exam(1, 1, ops=3)
    with pytest.raises(TypeError, match=r"^what an exam asks is a string, got int 3"):
        exam(1, 1, ask=[3])
    with pytest.raises(TypeError, match=r"^an exam needs a list of questions, got str 'forward'"):
        exam(1, 1, ask="forward")
    with pytest.raises(ValueError, match=r"^an exam can ask forward, gradients, .*; got hessian"):
        exam(1, 1, ask=["hessian"])


def test_an_exam_that_nobody_describes_is_of_level_2_and_asks_for_data_and_gradients():
    assert blank(1, 0).startswith("# Exam: length 1, seed 0, level 2\n")
    assert Plan() == (5, 2, "", ("forward", "gradients"), None)
    task = exercise(1)
    asked = [x.prompt for x in list_questions(task)]
    assert asked == [x.prompt for x in list_questions(task, ["gradients", "forward"])]
    with pytest.raises(ValueError, match=r"^an exam can ask forward, gradients, .*; got nothing$"):
        exam(1, 1, ask=[])


def test_an_exam_of_other_operations_tells_them_in_its_title_and_is_marked_by_them():
    for ops in ("+ * relu", "+ *"):
        title, rest = key(1, 3, 1, ops=ops).split("\n", 1)
        assert title == f"# Exam: length 1, seed 3, level 1, ops {ops}"
        facts = title[2:]
        for written in (title, facts, f"{title} ##", f"**{facts}**", f"# **{facts}**  "):
            assert TOTAL.search(mark(f"{written}\n{rest}"))


def test_every_partial_is_asked_for_once_in_the_order_of_the_steps():
    for seed in range(4):
        task = exercise(seed, 3)
        asked = [question.prompt for question in list_questions(task, ["partials"])]
        assert asked == [*dict.fromkeys(x.local + x.restriction for x in steps(task.output))]


def test_the_products_along_paths_are_asked_for_where_a_leaf_has_several():
    a, b, c = Value(2.0, "a"), Value(3.0, "b"), Value(5.0, "c")
    asked = list_questions(Exercise(a * b + a * c * b), ["paths"])
    routes = ("L → v1 → a", "L → v3 → v2 → a", "L → v1 → b", "L → v3 → b")
    assert [x.prompt for x in asked] == [f"the product along {route}" for route in routes]
    assert [x.answer for x in asked] == [3.0, 15.0, 2.0, 10.0]
    assert [x.verdict(-x.answer) for x in asked] == ["Wrong: you have the sign wrong."] * 4
    paths = [*why(a * b + a * c * b, a).paths]
    assert [len(paths), asked[3].verdict(10.0)[:7]] == [2, "Right: "]


def test_a_sign_of_data_that_is_wrong_is_told():
    [c, *_] = list_questions(exercise(1, 2), ["forward"])
    assert c.verdict(-c.answer) == "Wrong: you have the sign wrong."
    assert c.verdict(c.answer) == f"Right: {number(c.answer)}."


@pytest.mark.parametrize("option", ["--out", "--secret"])
def test_what_is_for_a_class_alone_is_refused_without_one(option, capsys):
    assert main(["exam", "3", option, "x"]) == 2
    told = rf"^autograd_mini: {option} is for a class: name its list with --class CSV\n$"
    assert re.match(told, capsys.readouterr().err)


def test_a_paper_can_be_marked_whatever_whole_numbers_it_was_made_of():
    assert exam(True, True, True) == exam(1, 1, 1)


@pytest.mark.parametrize("asked", [["3"], ["--length", "3"], []])
def test_the_length_is_given_by_itself_or_by_name(asked, capsys):
    assert main(["exam", *asked, "--seed", "4"]) == 0
    assert capsys.readouterr().out.startswith(f"# Exam: length {3 if asked else 5}, seed 4, ")


# Fairness ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("engine", ON_PAPER, ids=lambda engine: engine.misstep.name)
def test_a_wrong_engine_scores_the_same_on_every_paper_of_an_exam(engine, level):
    scores = [score(engine, paper) for paper in papers(level)]
    assert max(scores) - min(scores) <= 1


@cache
def papers(level):
    """Return forty papers of a level: each exercise's output, and the questions about gradients."""
    return [
        [(task.output, list_questions(task, ["gradients"])) for task in Plan(5, level).exercises(n)]
        for n in range(40)
    ]


def score(engine, paper):
    """Return how many gradients a wrong engine gets right on a paper."""
    points = 0
    for output, questions in paper:
        found = engine(output)
        points += sum(question.is_right(found[question.about]) for question in questions)
    return points


# Marking -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", LEVELS)
def test_the_key_gets_all_points(level):
    assert TOTAL.search(mark(key(4, 2, level)).splitlines()[-1])


def test_an_empty_exam_gets_none_and_learns_the_answers():
    marks = marks_of(blank(2, 1))
    assert {x.verdict for x in marks} == {Verdict.BLANK}
    assert marks.points == 0
    assert str(marks).count("No answer. It is ") == len(marks)


@pytest.mark.parametrize("engine", ON_PAPER, ids=lambda engine: engine.misstep.name)
def test_a_mistake_is_named_and_never_another_one_alone(engine):
    for seed in range(12):
        output = exercise(seed, 3).output
        found, text = engine(output), key(1, seed, 3)
        for node, name in names(output).items():
            if not node.operands:
                text = answered(text, f"∂L/∂{name}", f"{found[node]!r}")
        for marked in marks_of(text):
            if marked.verdict == Verdict.WRONG:
                assert engine.misstep.told in marked.mistakes


def test_answers_that_cannot_be_read_are_listed_apart_from_wrong_ones():
    text = answered(answered(key(1, 1), "c", "2 or 3"), "d", "1e9")
    verdicts = [x.verdict for x in marks_of(text)]
    assert verdicts[:2] == [Verdict.UNREADABLE, Verdict.WRONG]
    assert "1 unreadable" in mark(text)
    assert "Unreadable: '2 or 3'. It is " in mark(text)


def test_what_follows_from_an_earlier_mistake_gets_the_share_that_was_asked_for():
    output = exercise(1, 2, 1).output
    text = key(2, 1, 2)
    first, second = text.split("## 2")
    named = {name: node for node, name in names(output).items()}
    wrong = named["c"].data + 1
    second = answered(second, "c", wrong)
    follower = next(x for x in named.values() if named["c"] in x.operands)
    numbers = [wrong if x is named["c"] else x.data for x in follower.operands]
    second = answered(second, follower.label, follower.op.evaluate(numbers))
    for follow in (Fraction(0), Fraction(1, 2), Fraction(1)):
        marked = marks_of(f"{first}## 2{second}", follow=follow)
        [follows] = [x for x in marked if x.verdict == Verdict.FOLLOWED]
        assert (follows.points, follows.source) == (follow, "c")
        assert marked.points == sum(x.verdict == Verdict.RIGHT for x in marked) + follow
    assert "Followed from your c, which is wrong (½ of a point)." in mark(f"{first}## 2{second}")


def test_a_gradient_follows_from_all_data_that_its_partials_read():
    output = exercise(3, 2, 1).output
    named = {name: node for node, name in names(output).items()}
    text = key(2, 3, 2)
    first, second = text.split("## 2")
    off = {x: x.data + 2 for x in named.values() if x.depth == 1}
    for node, data in off.items():
        second = answered(second, node.label, data)
    marked = marks_of(f"{first}## 2{second}")
    right = [x for x in marked if x.exercise == 2 and x.question.about is not None]
    assert all(x.verdict == Verdict.RIGHT for x in right), "the true gradients stay right"


def marks_in(output, answers):
    """Return the verdicts of an exercise's answers by prompt, each with what it follows from."""
    section = "\n".join(f"- {prompt} = {answer}" for prompt, answer in answers.items())
    marked = mark_section(1, Exercise(output), ASKED[:2], section, Fraction(1, 2))
    return {x.question.prompt: (x.verdict.value, x.source) for x in marked}


def test_only_data_that_is_wrong_is_told_as_a_source_and_each_name_once():
    a, b, c = Value(2.0, "a"), Value(3.0, "b"), Value(5.0, "c")
    answers = {"v1": 7, "v2": 8, "L": 56, "∂L/∂b": 23, "∂L/∂a": 24, "∂L/∂c": 7}
    found = marks_in((a * b) * (b + c), answers)
    assert (found["v1"], found["v2"]) == (("wrong", ""), ("right", ""))
    assert found["L"] == ("followed", "v1")
    assert found["∂L/∂b"] == found["∂L/∂c"] == ("followed", "v1, L")
    assert found["∂L/∂a"] == ("right", "")
    v1 = a * b
    assert marks_in(v1 * v1, {"v1": 7, "L": 49})["L"] == ("followed", "v1")
    followed = {"v1": 7, "v2": 9, "L": 63, "∂L/∂b": 25}
    assert marks_in((a * b) * (b + c), followed)["L"] == ("followed", "v1, v2")
    assert marks_in((a * b) * (b + c), followed)["∂L/∂b"] == ("followed", "v1, v2, L")


def test_from_data_that_has_no_gradient_nothing_follows():
    a, b, c = Value(1.0, "a"), Value(3.0, "b"), Value(8.0, "c")
    answers = {"v1": 0, "L": 2, "∂L/∂a": -0.5, "∂L/∂b": 9, "∂L/∂c": 0.25}
    verdicts = [verdict for verdict, _ in marks_in(c / (a + b), answers).values()]
    assert verdicts == ["wrong", "right", "right", "wrong", "right"]


def test_marks_are_not_to_be_had_by_writing_right():
    text = re.sub(r"(?m)^(- .* =).*$", r"\1 : Right", blank(2, 1))
    assert marks_of(text).points == 0


@pytest.mark.parametrize(
    "change",
    [
        *(("\n- ", "\n  - "), ("\n- ", "\n* "), ("-", "−"), ("\n", "\r\n")),
        *(("·", "*"), ("∂", "?"), ("∂", "d"), ("²", "^2"), ("## ", "### ")),
    ],
)
def test_what_editors_and_systems_change_does_no_harm(change):
    title, rest = key(2, 3, 3).split("\n", 1)
    assert TOTAL.search(mark(f"{title}\n{rest.replace(*change)}"))


def test_a_text_that_is_no_exam_is_refused():
    with pytest.raises(ValueError, match=r"^this is no exam: a title is missing, such as"):
        mark("# Shopping")
    with pytest.raises(ValueError, match=r"^the exam has 2 exercises, but this text has 1"):
        mark(blank(2, 1).replace("## 2", ""))
    with pytest.raises(ValueError, match=r"^the exam has 1 exercise, but this text has 2"):
        mark(blank(2, 1).replace("length 2", "length 1"))
    with pytest.raises(ValueError, match=r"^exercise 1 is not that of the exam in the title"):
        mark(blank(2, 1).replace("seed 1", "seed 2"))
    title = Plan(1, tasks=load_tasks("softmax")).title(seed=1)
    with pytest.raises(ValueError, match=r"^this exam was made from tasks softmax: mark it"):
        mark(title)
    with pytest.raises(ValueError, match=r"^this exam was made from no tasks: mark it with the"):
        mark(blank(1, 1), load_tasks("softmax"))
    with pytest.raises(ValueError, match=r"^this paper belongs to a class: mark it with --class"):
        mark(blank(1, 1).replace("seed 1", "id 1"))


def test_each_answer_is_judged_in_a_line_and_a_hard_word_is_explained_below():
    [question, *_] = list_questions(exercise(1, 2))

    def line(verdict, text="", points=Fraction(0), source=""):
        answer = Answer(text, "number", question.answer + 5)
        marked = Marked(2, question, answer, verdict, (), points, source)
        [found, *_] = write_marks([marked], answers=False).splitlines()
        return found.removeprefix(f"2. {question.prompt}: ")

    assert line(Verdict.BLANK) == "No answer."
    assert line(Verdict.UNREADABLE, "x" * 99) == f"Unreadable: 'xxx{'x' * 56}."
    assert line(Verdict.FOLLOWED, points=Fraction(1, 2), source="c, d") == (
        "Followed from your c, d, which is wrong (½ of a point)."
    )
    assert line(Verdict.WRONG) == question.verdict(question.answer + 5)
    wrong = question._replace(slips=[Slip(7.0, "passed the adjoint on")], answer=9.0)
    marked = Marked(1, wrong, Answer("7", "number", 7.0), Verdict.WRONG)
    told = f"1. {question.prompt}: Wrong: you passed the adjoint on. It is 9."
    assert write_marks([marked]).splitlines() == [told, GLOSSARY]
    assert re.fullmatch(r"\(The adjoint of .*\.\)", GLOSSARY)


def test_points_are_written_with_halves():
    assert [write_points(Fraction(x, 4)) for x in (0, 2, 4, 6, 3)] == ["0", "½", "1", "1½", "0.75"]


def test_the_help_of_the_exam_says_what_each_option_is_and_what_it_is_by_itself(capsys):
    assert all(re.match(r"[a-z]", title) for title in OPTIONS)
    for name, facts in (item for group in OPTIONS.values() for item in group.items()):
        assert re.match(r"[a-z1]", facts["help"]), name
        told = re.search(r" \((\d+|½)\)$", facts["help"])
        if told and "default" in facts:
            assert told[1] == str(facts["default"])
        assert facts.get("metavar", "FILE") in ("FILE", "CSV", "WORD", "FOLDER", "PATH", "1|½|0")
    with pytest.raises(SystemExit):
        main(["exam", "--help"])
    shown = capsys.readouterr().out
    assert shown.startswith("usage: python -m autograd_mini exam")
    assert "\n\nPrint an exam or its key, write those of a class, mark what comes back.\n" in shown
    assert "\n\nexamples:\n  python -m autograd_mini exam 5 --seed 7 > paper.md  " in shown


def test_every_example_in_the_help_of_the_exam_can_be_called():
    heading, *lines = EXAMPLES.splitlines()
    assert heading == "examples:"
    for line in lines:
        program, *words = shlex.split(re.split(r" {2,}|>", line.strip())[0])
        options = make_parser().parse_args(words)
        assert program == "%(prog)s"
        assert (options.length or options.named_length) in (3, 5)
        assert load_tasks(options.tasks) if options.tasks else options.seed in (1, 7)


@pytest.mark.parametrize(
    ("text", "worth"), [("1", 1), ("½", 0.5), ("1/2", 0.5), ("0.5", 0.5), ("0", 0)]
)
def test_what_followed_is_worth_what_follow_says(text, worth):
    assert SHARES[text] == worth


@pytest.mark.parametrize("seed", ["-1", "1.5", "x", ""])
def test_a_seed_that_is_no_whole_number_is_refused(seed, capsys):
    with pytest.raises(SystemExit):
        main(["exam", f"--seed={seed}"])
    told = f"argument --seed: a seed is a whole number from 0 on, got {seed!r}"
    assert told in capsys.readouterr().err


# At a terminal -----------------------------------------------------------------------------------


def test_the_command_prints_an_exam_its_key_and_marks_it(tmp_path, capsys):
    assert main(["exam", "2", "--seed", "3", "--level", "1"]) == 0
    assert capsys.readouterr().out == blank(2, 3, 1)
    assert main(["exam", "2", "--seed", "3", "--level", "1", "--key"]) == 0
    returned = tmp_path / "returned.md"
    returned.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["exam", "--mark", str(returned)]) == 0
    out = capsys.readouterr().out
    assert TOTAL.search(out)
    assert "(length 2, seed 3, level 1)" in out


class Terminal(io.TextIOWrapper):
    """A stream that says that it is a terminal."""

    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "becomes"), [(io.TextIOWrapper, "utf-8"), (Terminal, "cp1252")])
def test_what_is_no_terminal_gets_papers_in_utf_8(stream, becomes, monkeypatch):
    content = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", stream(content, "cp1252", newline="\n"))
    assert main(["exam", "1"]) == 0
    sys.stdout.flush()
    assert sys.stdout.encoding == becomes
    paper = content.getvalue().decode(becomes)
    assert canonical(paper) == canonical(blank(1, 1))
    assert (paper == blank(1, 1)) is (becomes == "utf-8")


def test_the_command_marks_the_papers_of_own_tasks(tmp_path, capsys):
    tasks = ["--tasks", "tanh_neuron softmax"]
    assert main(["exam", "2", "--seed", "3", "--key", *tasks]) == 0
    returned = tmp_path / "returned.md"
    returned.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["exam", "--mark", str(returned), *tasks]) == 0
    assert TOTAL.search(capsys.readouterr().out)
    assert main(["exam", "--mark", str(returned)]) == 2
    assert "mark it with the same --tasks" in capsys.readouterr().err


def test_at_a_terminal_an_exam_is_printed_and_a_returned_one_marked(tmp_path):
    returned = tmp_path / "returned.md"
    returned.write_text(answered(key(1, 1), "d", "77"), encoding="utf-8")
    command, shown = ["-m", "autograd_mini", "exam"], []
    for arguments in (["1"], ["--mark", str(returned)]):
        child = pexpect.spawn(
            sys.executable, [*command, *arguments], encoding="utf-8", dimensions=(24, 60)
        )
        child.expect(pexpect.EOF, timeout=60)
        shown.append(child.before.replace("\r", ""))
    assert shown[0] == blank(1, 1)
    told = " ".join(shown[1].split())  # marks are read, and fit the screen; a paper is filled in
    assert "1. d: Wrong: no mistake that I know gives 77." in told
    assert "4 of 5 right" in told


def test_the_command_says_how_many_exercises_differ_if_some_are_equal(tmp_path, capsys):
    tasks = tmp_path / "tasks.py"
    tasks.write_text(
        "from autograd_mini.teach.tasks import choice\n\n"
        "def line(w=choice(1, 2), x=choice(3)): return w * x\n",
        encoding="utf-8",
    )
    for arguments, told in (
        (["2"], ""),
        (["4"], "only 2 of these 4 exercises differ: the tasks have too few numbers\n"),
        (["1", "--papers", "3", "--poll", str(tmp_path / "poll")], "only 1 of these 3 exercises"),
    ):
        assert main(["exam", *arguments, "--tasks", str(tasks)]) == 0
        err = capsys.readouterr().err
        assert err.startswith(f"autograd_mini: {told}") if told else not err


def test_exercises_that_are_equal_without_tasks_are_told_with_another_remedy(capsys, monkeypatch):
    monkeypatch.setattr(exam_command, "pose", lambda _: "the same")
    assert main(["exam", "2"]) == 0
    told = "autograd_mini: only 1 of these 2 exercises differ: other --ops give others\n"
    assert capsys.readouterr().err == told


def test_the_command_says_what_is_wrong(tmp_path, capsys):
    returned = tmp_path / "returned.md"
    returned.write_text(key(1, 1), encoding="utf-8")
    odd = tmp_path / "odd.md"
    odd.write_text("nothing", encoding="utf-8")
    assert main(["exam", "--mark", str(odd), str(returned)]) == 2
    out, err = capsys.readouterr()
    assert f"{odd} cannot be marked: this is no exam" in err
    assert "5 of 5 right" in out
    assert main(["exam", "--mark", str(tmp_path / "nothing.md")]) == 2
    assert capsys.readouterr().err.startswith("autograd_mini: there is no paper at ")
    assert main(["exam", "0"]) == 2
