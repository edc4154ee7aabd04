"""A class: papers that nobody can swap or forge, and what the class got wrong, exactly."""

import csv
import io
import re
from fractions import Fraction
from pathlib import Path

import pytest

from autograd_mini.__main__ import main
from autograd_mini.stepping import names, number
from autograd_mini.teach import classes, mistakes
from autograd_mini.teach.answers import Answer
from autograd_mini.teach.classes import (
    KEYS,
    Returned,
    Student,
    check_of,
    find_papers,
    mark_class,
    read_class,
    title_of,
    write_class,
    write_mistakes,
    write_results,
    write_statistics,
    write_table,
)
from autograd_mini.teach.exercises import ON_PAPER
from autograd_mini.teach.exports import write_page
from autograd_mini.teach.marking import Marked, Marks, Verdict, summarise, write_marks
from autograd_mini.teach.papers import Plan, exam, list_questions, seed_of, write_paper
from autograd_mini.teach.quiz import close
from autograd_mini.teach.tasks import Tasks, choice

PLAN = Plan(3, 2)
SECRET = "owl"
STUDENTS = [Student(str(i), f"Student {i}") for i in range(1, 31)]


def filled(student, plan=PLAN):
    """Return a student's paper with all answers right."""
    title, seed = title_of(plan, SECRET, student, 1), seed_of(SECRET, plan, student)
    return write_paper(plan, title, seed, ["Name:"])[1]


def gradients_of(student, engine):
    """Return a student's paper whose every gradient is what a wrong engine finds."""
    title, *parts = re.split(r"(?m)^(## \d+)$", filled(student))
    tasks = PLAN.exercises(seed_of(SECRET, PLAN, student))
    for i, task in enumerate(tasks):
        found = engine(task.output)
        for node, name in names(task.output).items():
            if not node.operands:
                line, wrong = rf"(?m)^- ∂L/∂{name} = .*$", number(found[node])
                parts[2 * i + 1] = re.sub(line, f"- ∂L/∂{name} = {wrong}", parts[2 * i + 1])
    return title + "".join(parts)


def marks_of(tmp_path, papers, students=STUDENTS):
    for name, text in papers.items():
        path = tmp_path / f"{name}.md"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return mark_class(find_papers([str(tmp_path)]), students, SECRET)


# Who is in the class ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("id,name\n7,Anna\n9,Bo\n", [("7", "Anna"), ("9", "Bo")]),
        ("Name;ID\r\nAnna;7\r\n", [("7", "Anna")]),
        ("Anna\nBo\n", [("1", "Anna"), ("2", "Bo")]),
        ('name\n"Müller, Zoë"\n', [("1", "Müller, Zoë")]),
        ("id\nx1\n", [("x1", "")]),
        ("id,name\n7\n", [("7", "")]),
        ("Anna,\nBo,\n", [("1", "Anna"), ("2", "Bo")]),
        ('name\n"Zoë\nMüller"\n', [("1", "Zoë\nMüller")]),
        ("name\nAnna;B\n", [("1", "Anna;B")]),
        ("# 7; of 2026\n#,Name,id\n1,Anna,7\n  # left: Bo,9\n", [("7", "Anna")]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_class_is_read_as_spreadsheets_write_it(tmp_path, text, expected, encoding):
    file = tmp_path / "names.csv"
    file.write_bytes(text.encode(encoding))
    assert [tuple(x) for x in read_class(file)] == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no students"),
        ("7,Anna\n9,Bo\n", "has several columns: write a line such as id,name"),
        ("id,name\n1,A\n1,B\n", "the id '1' stands 2 times"),
        ("id,name\n../x,A\n", r"the id '\.\./x' has signs other than letters"),
        ("id,name\n..,A\n", r"the id '\.\.' has signs"),
    ],
)
def test_ids_that_cannot_be_files_or_serve_twice_are_refused(tmp_path, text, message):
    file = tmp_path / "names.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_class(file)


def test_an_id_is_at_most_eighty_signs_long(tmp_path):
    file = tmp_path / "names.csv"
    file.write_text(f"id\n{'x' * 80}\n", encoding="utf-8")
    assert read_class(file) == [Student("x" * 80, "")]
    file.write_text(f"id\n{'x' * 81}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"^the id 'x+\S* has signs other than letters"):
        read_class(file)


# Papers -------------------------------------------------------------------------------------------


def test_a_class_gets_a_paper_each_no_two_equal_and_the_keys_in_one_file(tmp_path):
    written = write_class(PLAN, STUDENTS, SECRET, tmp_path / "new" / "exam")
    texts = [path.read_text("utf-8") for path in written[:-1]]
    bodies = {text.split("\n", 1)[1] for text in texts}
    assert len(bodies) == len(STUDENTS)
    assert "seed" not in "".join(texts)
    assert all("Name:" in text and not re.search(r"(?m)^- .* = \S", text) for text in texts)
    assert written[-1].name == KEYS
    assert written[-1].read_text("utf-8").count("# Exam: ") == len(STUDENTS)


def test_the_key_tells_the_name_that_the_paper_leaves_to_be_written(tmp_path):
    students = [Student("1", "Müller,\nZoë"), Student("2", "")]
    *papers, keys = write_class(PLAN, students, SECRET, tmp_path)
    assert re.findall(r"(?m)^Name:.*$", keys.read_text("utf-8")) == ["Name: Müller, Zoë", "Name:"]
    assert all("\nName:\n" in paper.read_text("utf-8") for paper in papers)


def test_a_class_is_written_again_only_where_no_paper_was_changed(tmp_path):
    papers = write_class(PLAN, STUDENTS[:3], SECRET, tmp_path)[:-1]
    assert write_class(PLAN, STUDENTS[:4], SECRET, tmp_path)[:3] == papers
    blank = papers[0].read_bytes()
    papers[2].write_text(papers[2].read_text("utf-8").replace("- c =", "- c = 42"), "utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    told = r"^\S+/{}\.md is there, and is not the blank paper to be written{}: mark it, "
    for plan, first, more in ((PLAN, 3, ""), (Plan(3, 3), 1, r" \(so are 3 more\)")):
        with pytest.raises(FileExistsError, match=told.format(first, more)):
            write_class(plan, STUDENTS[:5], SECRET, tmp_path)
    with pytest.raises(FileExistsError, match=told.format(1, r" \(so are 1 more\)")):
        write_class(Plan(3, 3), STUDENTS[:2], SECRET, tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert before[papers[0]] == blank


def test_a_class_in_which_two_papers_would_be_equal_gets_none(tmp_path):
    def line(w=choice(1, 2), x=choice(3)):
        return w * x

    plan = Plan(4, tasks=Tasks([line]))
    with pytest.raises(ValueError, match=r"^2 would have the same paper as another: of 50"):
        write_class(plan, STUDENTS[:2], SECRET, tmp_path / "exam")
    assert not (tmp_path / "exam").exists()
    assert len(write_class(plan, STUDENTS[:1], SECRET, tmp_path / "exam")) == 2


def test_papers_that_happen_to_be_equal_are_drawn_again_and_marked(tmp_path):
    def line(w=choice(2, 3, 4), x=choice(-3, 2, 5)):
        return w * x

    plan = Plan(2, tasks=Tasks([line]))
    *papers, keys = write_class(plan, STUDENTS[:20], SECRET, tmp_path)
    texts = [path.read_text("utf-8") for path in papers]
    assert len({text.split("\n", 1)[1] for text in texts}) == 20
    again = [place for place, text in enumerate(texts) if ", draw " in text]
    assert again
    answers = re.split(r"(?m)^(?=# Exam)", keys.read_text("utf-8"))[1:]
    papers[again[0]].write_text(answers[again[0]], encoding="utf-8")
    papers[again[-1]].write_text(texts[again[-1]].replace(", draw ", ", draw 1"), encoding="utf-8")
    returned = mark_class(papers, STUDENTS, SECRET, plan.tasks)
    right = returned.marks[STUDENTS[again[0]].id]
    assert right.points == len(right)
    assert [", its check is not" in f", {x.split(': ', 1)[1]}" for x in returned.problems] == [True]


def test_a_paper_that_a_secret_gave_once_it_gives_for_ever():
    """Whoever handed out papers marks them, maybe with a later version."""
    assert seed_of("owl", PLAN, "7") == "d8fd16cf0346"
    assert title_of(PLAN, "owl", "7", 1) == "# Exam: length 3, id 7, check 15933a, level 2"
    assert title_of(PLAN, "owl", "7", 2) == "# Exam: length 3, id 7, draw 2, check ee5fa0, level 2"


def test_as_many_papers_are_drawn_as_are_told(tmp_path, monkeypatch):
    def line(w=choice(2, 3, 4), x=choice(-3, 2, 5)):
        return w * x

    plan = Plan(1, tasks=Tasks([line]))
    monkeypatch.setattr(classes, "DRAWS", 2)
    with pytest.raises(ValueError, match=r"^4 would have the same paper as another: of 2 drawn"):
        write_class(plan, STUDENTS[:4], "fox", tmp_path)
    monkeypatch.setattr(classes, "DRAWS", 3)
    *papers, _ = write_class(plan, STUDENTS[:4], "fox", tmp_path)
    titles = [path.read_text("utf-8").splitlines()[0] for path in papers]
    assert [re.findall(r"draw \d+", title) for title in titles] == [[], [], [], ["draw 3"]]


def test_another_secret_gives_other_papers_and_other_checks():
    assert seed_of("owl", PLAN, "1") != seed_of("fox", PLAN, "1")
    assert check_of("owl", PLAN, "1") != check_of("fox", PLAN, "1")
    assert check_of("owl", PLAN, "1") != check_of("owl", PLAN._replace(level=3), "1")
    assert not seed_of("owl", PLAN, "1").startswith(check_of("owl", PLAN, "1"))
    with pytest.raises(ValueError, match=r"^a class needs a secret word"):
        mark_class([], STUDENTS, " ")


def test_without_a_secret_no_paper_is_written(tmp_path):
    with pytest.raises(ValueError, match=r"^a class needs a secret word"):
        write_class(PLAN, STUDENTS, "", tmp_path / "exam")
    assert not (tmp_path / "exam").exists()


def test_files_folders_and_patterns_are_found_and_keys_are_no_paper(tmp_path):
    write_class(PLAN, STUDENTS[:3], SECRET, tmp_path)
    assert [x.name for x in find_papers([str(tmp_path)])] == ["1.md", "2.md", "3.md"]
    assert [x.name for x in find_papers([str(tmp_path / "[12].md")])] == ["1.md", "2.md"]
    assert [x.name for x in find_papers([str(tmp_path / "2.md")] * 2)] == ["2.md"]
    (tmp_path / "2-copy.md").write_text("", encoding="utf-8")
    in_order = ["1.md", "2.md", "2-copy.md", "3.md"]
    assert [x.name for x in find_papers([str(tmp_path)])] == in_order
    assert [x.name for x in find_papers([str(tmp_path / "*.md")])][:3] == in_order[:3]
    for name in ("4.markdown", "5.txt", "6.csv", "7.html"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [x.name for x in find_papers([str(tmp_path)])] == [*in_order, "4.markdown", "5.txt"]
    with pytest.raises(FileNotFoundError, match=r"^there is no paper at "):
        find_papers([str(tmp_path / "*.docx")])


def spread():
    """Return what came back of a class of five: points 0, 1½, 1½ and 3 of 3, and one missing."""
    [question, *_] = list_questions(next(PLAN.exercises(1)))
    one, half = Fraction(1), Fraction(1, 2)

    def answer(verdict, points=Fraction(0), mistakes=(), text="5"):
        return Marked(1, question, Answer(text, "number", 5.0), verdict, mistakes, points)

    right, follows = answer(Verdict.RIGHT, one), answer(Verdict.FOLLOWED, half)
    both = answer(Verdict.WRONG, mistakes=("added", "overwrote"))
    unread = answer(Verdict.UNREADABLE, text="2 or 3")
    papers = [
        [both, both, unread],
        [right, follows, both],
        [
            right,
            follows,
            right._replace(verdict=Verdict.WRONG, points=Fraction(0), mistakes=("added",)),
        ],
        [right] * 3,
    ]
    marks = {x.id: Marks(paper) for x, paper in zip(STUDENTS, papers, strict=False)}
    return Returned(STUDENTS[:5], marks, ["x.md: this is no exam"]), question.prompt


def test_the_statistics_are_told_whole():
    returned, prompt = spread()
    assert (
        write_statistics(returned)
        == f"""\
4 papers of 5 students; of 3 points the least has 0, the middle 1½, the best 3
2 answers of 2 papers followed from an earlier mistake
   0 points  # 1
   1 points  ## 2
   3 points  # 1

   3 of 4 right (75%)  1. {prompt}
   1 of 4 right (25%)  1. {prompt}
   1 of 4 right (25%)  1. {prompt}

students  answers  alone  mistake
       3        4      1  added
       2        3      0  overwrote

unreadable, and not counted as wrong: 1
  1  1. {prompt}: '2 or 3'

missing: 5 Student 5
x.md: this is no exam"""
    )


def test_of_mistakes_of_as_many_students_those_in_more_answers_come_first():
    [question, *_] = list_questions(next(PLAN.exercises(1)))
    answer = Answer("5", "number", 5.0)
    made = ("b", "c", "c", "a")
    marked = [Marked(1, question, answer, Verdict.WRONG, (mistake,)) for mistake in made]
    rows = write_mistakes({"1": Marks(marked)}).splitlines()[1:]
    assert [row.split() for row in rows] == [
        ["1", n, n, x] for n, x in (("2", "c"), ("1", "a"), ("1", "b"))
    ]


def test_a_class_of_which_nothing_came_back_has_no_statistics_but_who_is_missing():
    nothing = Returned(STUDENTS[:2], {}, [])
    assert (
        write_statistics(nothing) == "0 papers of 2 students\n\nmissing: 1 Student 1, 2 Student 2"
    )


def test_the_table_of_marks_has_a_row_for_each_student():
    returned, prompt = spread()
    asked = [f"1. {prompt}"] * 3
    both = "wrong: added; overwrote"
    assert [*csv.reader(io.StringIO(write_table(returned)))] == [
        ["id", "name", "points", "of", *asked],
        ["1", "Student 1", "0", "3", both, both, "unreadable"],
        ["2", "Student 2", "1.5", "3", "right", "followed", both],
        ["3", "Student 3", "1.5", "3", "right", "followed", "wrong: added"],
        ["4", "Student 4", "3", "3", "right", "right", "right"],
        ["5", "Student 5", "", "", "missing"],
    ]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_no_name_is_a_formula_of_a_spreadsheet(sign):
    returned = Returned([Student("1", f"{sign}A1")], {}, [])
    assert f"1,'{sign}A1,," in write_table(returned)


# Marking ------------------------------------------------------------------------------------------


def test_thirty_scripted_papers_are_marked_exactly_as_they_were_scripted(tmp_path):
    """Each engine of the museum fills in some papers, one is blank, one cannot be read."""
    script = {x.id: ON_PAPER[i % len(ON_PAPER)] for i, x in enumerate(STUDENTS[:24])}
    papers = {student: gradients_of(student, engine) for student, engine in script.items()}
    papers |= {x.id: filled(x.id) for x in STUDENTS[24:28]}
    papers["29"] = re.sub(r"(?m)^(- .* =) .*$", r"\1", filled("29"))
    papers["30"] = re.sub(r"(?m)^(- .* =) .*$", r"\1 2 or 3", filled("30"))
    returned = marks_of(tmp_path, papers)
    assert returned.problems == []
    assert returned.missing == []
    for student, marks in returned.marks.items():
        if student in script:
            check_marks(student, script[student], marks)
    assert all(returned.marks[x.id].points == len(returned.marks[x.id]) for x in STUDENTS[24:28])
    assert {x.verdict for x in returned.marks["29"]} == {Verdict.BLANK}
    assert {x.verdict for x in returned.marks["30"]} == {Verdict.UNREADABLE}


def check_marks(student, engine, marks):
    """Each gradient is right where the engine is right, and else that engine's mistake."""
    truths = [
        (mistakes.right(t.output), engine(t.output))
        for t in PLAN.exercises(seed_of(SECRET, PLAN, student))
    ]
    for marked in marks:
        about = marked.question.about
        if about is None:
            assert marked.verdict == Verdict.RIGHT
            continue
        # the exercise is drawn anew, so its leaf is found by its name
        truth, found = truths[marked.exercise - 1]
        node = next(x for x in truth if x.label == about.label)
        if close(found[node], truth[node]):
            assert marked.verdict == Verdict.RIGHT
        else:
            assert marked.verdict == Verdict.WRONG
            assert engine.misstep.told in marked.mistakes


def test_the_statistics_count_students_and_answers_of_each_mistake(tmp_path):
    papers = {x.id: gradients_of(x.id, mistakes.overwrite) for x in STUDENTS[:4]}
    papers |= {x.id: filled(x.id) for x in STUDENTS[4:6]}
    returned = marks_of(tmp_path, papers, STUDENTS[:7])
    wrong = [x for marks in returned.marks.values() for x in marks if x.mistakes]
    told = [x for x in wrong if mistakes.overwrite.misstep.told in x.mistakes]
    alone = sum(len(x.mistakes) == 1 for x in told)
    text = write_statistics(returned)
    assert "6 papers of 7 students" in text
    assert f"{4:>8}{len(told):>9}{alone:>7}  {mistakes.overwrite.misstep.told}" in text
    assert re.search(r"6 of 6 right \(100%\)  1\. c", text)
    assert "missing: 7 Student 7" in text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("comma", [False, True])
def test_papers_from_any_system_get_all_points(tmp_path, encoding, comma):
    text = filled("1")
    if comma:
        text = re.sub(r"(?m)^(- .* = -?\d+)$", r"\1,0", text)
    if encoding == "cp1252":
        text = text.replace("∂", "?")
    returned = marks_of(tmp_path, {"1": text.encode(encoding)})
    assert returned.marks["1"].points == len(returned.marks["1"])


def test_foreign_doubled_swapped_and_forged_papers_are_flagged_and_not_marked(tmp_path):
    other = Plan(3, 3)
    papers = {
        "a": filled("1"),
        "b": filled("2"),
        "c": filled("1"),
        "d": filled("3", other),
        "e": filled("4").replace("id 4", "id 5"),
        "f": filled("6").replace("level 2", "level 1"),
        "g": filled("7").replace("id 7", "id 99"),
        "h": "shopping",
        "i": filled("8").replace("## 2", "## 9"),
        "j": exam(3, 1)[0],
    }
    returned = marks_of(tmp_path, papers)
    assert set(returned.marks) == {"1", "2"}
    told = {Path(problem.partition(": ")[0]).stem: problem for problem in returned.problems}
    assert f"a second paper of 1; {tmp_path / 'a.md'} is marked" in told["c"]
    assert "belongs to another exam (length 3, level 3)" in told["d"]
    assert "its check is not that of 5" in told["e"]
    assert "its check is not that of 6" in told["f"]
    assert "the class has no student with the id '99'" in told["g"]
    assert "this is no exam" in told["h"]
    assert "exercise 2 is not that of the exam in the title" in told["i"]
    assert "the class has no student with the id ''" in told["j"]
    assert set(told) == set("cdefghij")


def test_results_are_a_table_and_a_file_for_each_student(tmp_path):
    papers = {"1": filled("1"), "2": gradients_of("2", mistakes.forgot_chain)}
    (tmp_path / "in").mkdir()
    students = [Student("1", "=SUM(A1)"), Student("2", "Bo"), Student("3", "Cy")]
    returned, out = marks_of(tmp_path / "in", papers, students), tmp_path / "new" / "out"
    write_results(returned, out)
    written = (out / "marks.csv").read_text("utf-8")
    assert written == f"\ufeff{write_table(returned)}"
    table = [*csv.reader(io.StringIO(written))]
    assert [row[:2] for row in table[1:]] == [["1", "'=SUM(A1)"], ["2", "Bo"], ["3", "Cy"]]
    assert table[1][2] == str(len(returned.marks["1"]))
    assert f"wrong: {mistakes.forgot_chain.misstep.told}" in "".join(table[2])
    assert table[3][4] == "missing"
    assert {path.name for path in (out / "feedback").iterdir()} == {"1.md", "2.md"}


@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize(("name", "heading"), [("Bo", "Bo"), ("", "2")])
def test_feedback_has_the_name_the_points_and_a_line_for_each_answer(
    answers, name, heading, tmp_path
):
    papers = {"2": gradients_of("2", mistakes.forgot_chain)}
    returned = marks_of(tmp_path, papers, [Student("2", name)])
    write_results(returned, tmp_path / "out", answers=answers)
    told, marks = (tmp_path / "out" / "feedback" / "2.md").read_text("utf-8"), returned.marks["2"]
    lines = [f"- {line}" for line in write_marks(marks, answers=answers).splitlines()]
    assert told.splitlines() == [f"# {heading}", "", summarise(marks), "", *lines]
    assert "Wrong: you gave the partial alone" in told
    assert ("It is" in told) is answers


def class_file(tmp_path, capsys):
    """Write a class of two and its papers; return what the command is told of them."""
    names_file = tmp_path / "names.csv"
    names_file.write_text("id,name\n1,Anna\n2,Bo\n", encoding="utf-8")
    who = ["--class", str(names_file), "--secret", SECRET]
    assert main(["exam", "3", *who, "--out", str(tmp_path / "exam"), "--html", "yes"]) == 0
    answers = f"the answers into {tmp_path / 'exam' / KEYS}"
    assert capsys.readouterr().out == f"wrote 2 papers into {tmp_path / 'exam'}, and {answers}\n"
    return who


def test_the_command_writes_a_class_a_page_beside_each_paper(tmp_path, capsys):
    who, out = class_file(tmp_path, capsys), tmp_path / "exam"
    assert {x.name for x in out.iterdir()} == {"1.md", "2.md", "1.html", "2.html", KEYS}
    for student in ("1", "2"):
        page = (out / f"{student}.html").read_text("utf-8")
        assert page == write_page((out / f"{student}.md").read_text("utf-8"), f"{student}.md")
    assert main(["exam", "3", *who]) == 2
    told = "autograd_mini: the papers of a class need a folder: --out FOLDER"
    assert capsys.readouterr().err.splitlines()[-1].startswith(told)
    assert main(["exam", "3", *who[:2], "--out", str(out)]) == 2


def test_the_command_marks_a_class(tmp_path, capsys):
    who, out, marked = class_file(tmp_path, capsys), tmp_path / "exam", tmp_path / "marked"
    (out / "1.md").write_text(filled("1"), encoding="utf-8")
    marking = ["exam", "--mark", str(out), *who]
    assert main([*marking, "--out", str(marked), "--follow", "½"]) == 0
    assert "2 papers of 2 students" in capsys.readouterr().out
    feedback = marked / "feedback" / "2.md"
    assert "No answer. It is " in feedback.read_text("utf-8")
    assert main([*marking, "--out", str(marked), "--no-answers"]) == 0
    assert "No answer.\n" in feedback.read_text("utf-8")
    (out / "x.md").write_text("what", encoding="utf-8")
    assert main(marking) == 1


def test_a_paper_of_a_class_is_not_marked_without_its_secret(tmp_path, capsys):
    file = tmp_path / "1.md"
    file.write_text(filled("1"), encoding="utf-8")
    assert main(["exam", "--mark", str(file)]) == 2
    assert "this paper belongs to a class" in capsys.readouterr().err


def test_points_that_followed_are_counted(tmp_path):
    output = next(PLAN.exercises(seed_of(SECRET, PLAN, "1"))).output
    named = {name: node for node, name in names(output).items()}
    wrong = named["c"].data + 1
    follower = next(x for x in named.values() if named["c"] in x.operands)
    own = follower.op.evaluate([wrong if x is named["c"] else x.data for x in follower.operands])
    text = re.sub(r"(?m)^- c = .*$", f"- c = {wrong}", filled("1"), count=1)
    text = re.sub(rf"(?m)^- {follower.label} = .*$", f"- {follower.label} = {own}", text, count=1)
    returned = marks_of(tmp_path, {"1": text})
    assert returned.marks["1"].count(Verdict.FOLLOWED) == 1
    assert returned.marks["1"].points % 1 == Fraction(1, 2)
    assert write_statistics(returned).startswith("1 paper of 30 students; ")
    assert "1 answer of 1 paper followed from an earlier mistake" in write_statistics(returned)
