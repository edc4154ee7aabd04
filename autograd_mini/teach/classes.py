"""Classes: a paper for each student, and what the whole class got right and wrong.

Nobody can find out another's paper, or a paper's answers, without the teacher's secret word: the
seed of a paper and the check in its title are made from it.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from statistics import median, mode
from typing import NamedTuple

from autograd_mini.notation.plain import Text
from autograd_mini.saving import write_whole
from autograd_mini.teach import marking
from autograd_mini.teach.answers import decode
from autograd_mini.teach.marking import HALF, Marked, Marks, Verdict
from autograd_mini.teach.papers import (
    Paper,
    Plan,
    check_of,
    count_things,
    parse_title,
    read_paper,
    seed_of,
    write_paper,
)
from autograd_mini.teach.tasks import Tasks

SUFFIXES = (".md", ".markdown", ".txt")
COMMENT = re.compile(r"\s*#\s*[^\s,;]")  # a column of numbers may be headed # alone
SAFE = re.compile(r"[\w.-]{1,80}")
DRAWS = 50  # of a paper, to find one that no other student has
NAME = "Name:"
KEYS, MARKS, FEEDBACK = "keys.md", "marks.csv", "feedback"


class Student(NamedTuple):
    """A student: the id that stands on the paper, and the name."""

    id: str
    name: str


def read_class(path: Path) -> list[Student]:
    """Read the students of a class from a CSV file with a column "name", or "id", or both.

    A file of names alone needs no heading; ids are then 1, 2, 3, …. Lines that begin with ``#``
    are comments. Raises ValueError for a file without students, for several columns without a
    heading, and for ids that occur twice or cannot be the name of a file.
    """
    rows = read_rows(decode(path.read_bytes()))
    heads = [cell.strip().lower() for cell in rows[0]] if rows else []
    titled = {"name", "id"} & set(heads)
    if not titled and any(any(row[1:]) for row in rows):
        raise ValueError(f"{path} has several columns: write a line such as id,name above them")
    columns = {head: i for i, head in enumerate(heads)} if titled else {"name": 0}
    students = []
    for place, row in enumerate(rows[bool(titled) :], 1):
        cells = {head: row[i].strip() if i < len(row) else "" for head, i in columns.items()}
        students.append(Student(cells.get("id") or str(place), cells.get("name", "")))
    return check_students(path, students)


def read_rows(text: str) -> list[list[str]]:
    """Return the cells of the lines that hold some and are no comments."""
    lines = [line for line in text.splitlines(keepends=True) if not COMMENT.match(line)]
    delimiter = next((sign for sign in ";\t" if sign in "".join(lines[:1])), ",")
    return [row for row in csv.reader(lines, delimiter=delimiter) if any(row)]


def check_students(path: Path, students: list[Student]) -> list[Student]:
    """Return the students; raise ValueError unless there are some and each id serves for one."""
    if not students:
        raise ValueError(f"{path} names no students: write one name a line, or columns id,name")
    for student, times in Counter(x.id for x in students).items():
        if times > 1:
            raise ValueError(f"the id {student!r:.40} stands {times} times in {path}")
        if not SAFE.fullmatch(student) or student.strip(".") == "":
            raise ValueError(f"the id {student!r:.40} has signs other than letters, digits, . _ -")
    return students


# Papers -------------------------------------------------------------------------------------------


def title_of(plan: Plan, secret: str, student: str, draw: int) -> str:
    """Write the title of a student's paper; of a *draw* after the first it tells the number."""
    identity = {"id": student} | ({"draw": str(draw)} if draw > 1 else {})
    return plan.title(**identity, check=check_of(secret, plan, name_draw(identity)))


def name_draw(facts: Mapping[str, str]) -> str:
    """Name the draw that a title tells: the id, and the number if there is one, behind a ``/``."""
    return "/".join(facts[x] for x in ("id", "draw") if x in facts)


def write_class(plan: Plan, students: Sequence[Student], secret: str, out: Path) -> list[Path]:
    """Write one paper for each student, ``out/<id>.md``, and all answers, ``out/keys.md``.

    Raises, before anything is written, ValueError for a secret that is none and if two students
    would have the same exercises, and FileExistsError where another paper lies than the one to be
    written, such as one that was filled in.
    """
    check_secret(secret)
    papers, keys, taken = dict[Path, Text](), list[Text](), set[str]()
    for student in students:
        paper, key = write_student(plan, student, secret, taken)
        papers[out / f"{student.id}.md"] = paper
        keys.append(key)
    changed = [x for x, paper in papers.items() if x.exists() and x.read_bytes() != paper.encode()]
    if changed:
        told = f"{changed[0]} is there, and is not the blank paper to be written"
        more = f" (so are {len(changed) - 1} more)" if changed[1:] else ""
        advice = "mark it, move it, or give --out another folder"
        raise FileExistsError(f"{told}{more}: {advice}; nothing was written")
    out.mkdir(parents=True, exist_ok=True)
    for place, paper in papers.items():
        write_whole(place, paper)
    write_whole(out / KEYS, "\n".join(keys))
    return [*papers, out / KEYS]


def write_student(plan: Plan, student: Student, secret: str, taken: set[str]) -> tuple[Text, Text]:
    """Write the paper of a student and its key, with other exercises than any that is *taken*.

    The key tells the name, which the paper leaves to be written.
    """
    for draw in range(1, DRAWS + 1):
        title = title_of(plan, secret, student.id, draw)
        seed = seed_of(secret, plan, name_draw(parse_title(title)))
        paper, key = write_paper(plan, title, seed, [NAME])
        body = paper.partition("\n")[2]
        if body not in taken:
            taken.add(body)
            named = " ".join([NAME, *student.name.split()])
            return paper, Text(key.replace(NAME, named))
    raise ValueError(
        f"{student.id} would have the same paper as another: of {DRAWS} drawn none was new; "
        "ask for more exercises, or give the tasks more numbers"
    )


def check_secret(secret: str) -> None:
    """Raise ValueError for a secret that is none."""
    if not secret.strip():
        raise ValueError("a class needs a secret word: --secret WORD, the same for --mark")


# Marking ------------------------------------------------------------------------------------------


class Returned(NamedTuple):
    """What came back from a class: marks by student, and papers that are not marked, with why."""

    students: Sequence[Student]
    marks: dict[str, Marks]
    problems: list[str]

    @contextmanager
    def noting(self, file: Path) -> Iterator[None]:
        """Note what is wrong with a file as a problem, and go on."""
        try:
            yield
        except (OSError, ValueError) as error:
            self.problems.append(f"{file}: {error}")

    @property
    def missing(self) -> list[Student]:
        """The students whose paper did not come back."""
        return [x for x in self.students if x.id not in self.marks]


def find_papers(places: Iterable[str]) -> list[Path]:
    """Return the files of a list of files, folders and patterns such as ``exam/*.md``.

    A folder stands for the papers in it, but not for the keys, and ``7.md`` comes before
    ``7-copy.md``. Raises FileNotFoundError for a place where nothing is.
    """
    found: dict[Path, None] = {}
    for place in places:
        path = Path(place)
        if path.is_dir():
            files = [x for x in path.iterdir() if x.suffix in SUFFIXES and x.name != KEYS]
        elif path.exists():
            files = [path]
        else:
            is_pattern = re.search(r"[*?\[]", path.name)
            files = [*path.parent.glob(path.name)] if is_pattern else []
        if not files:
            raise FileNotFoundError(f"there is no paper at {place}")
        found |= dict.fromkeys(sorted(files, key=lambda x: (x.stem, x.suffix)))
    return list(found)


def mark_class(
    files: Iterable[Path],
    students: Sequence[Student],
    secret: str,
    tasks: Tasks | None = None,
    follow: Fraction = HALF,
) -> Returned:
    """Mark the papers of a class; what is doubled, foreign or no paper is a problem, not marked.

    All papers belong to one exam: that of most of them.
    """
    check_secret(secret)
    returned = Returned(students, {}, [])
    papers, sources = dict[Path, Paper](), dict[str, Path]()
    for file in files:
        with returned.noting(file):
            papers[file] = read_own_paper(file, {x.id for x in students}, secret, tasks)
    exam = mode(paper.plan for paper in papers.values()) if papers else None
    for file, paper in papers.items():
        student = paper.facts["id"]
        with returned.noting(file):
            if student in sources:
                raise ValueError(f"a second paper of {student}; {sources[student]} is marked")
            if paper.plan != exam:
                raise ValueError(f"belongs to another exam ({paper.plan.title()[8:]})")
            seed = seed_of(secret, paper.plan, name_draw(paper.facts))
            returned.marks[student] = marking.mark_paper(paper, seed, follow)
            sources[student] = file
    return returned


def read_own_paper(file: Path, known: set[str], secret: str, tasks: Tasks | None) -> Paper:
    """Read a paper; raise ValueError for one that is not the class's own."""
    paper = read_paper(decode(file.read_bytes()), tasks)
    student = paper.facts.get("id", "")
    if student not in known:
        raise ValueError(f"the class has no student with the id {student!r:.40}")
    if paper.facts.get("check") != check_of(secret, paper.plan, name_draw(paper.facts)):
        raise ValueError(f"its check is not that of {student}: a changed or forged title")
    return paper


# Results ------------------------------------------------------------------------------------------


def write_results(returned: Returned, out: Path, *, answers: bool = True) -> None:
    """Write ``out/marks.csv`` and, for each student, ``out/feedback/<id>.md``.

    Without *answers* the feedback names mistakes, but no right number.
    """
    (out / FEEDBACK).mkdir(parents=True, exist_ok=True)
    for student in returned.students:
        if student.id in returned.marks:
            marks = returned.marks[student.id]
            text = "\n\n".join([f"# {student.name or student.id}", marking.summarise(marks)])
            lines = marking.write_marks(marks, answers=answers).replace("\n", "\n- ")
            write_whole(out / FEEDBACK / f"{student.id}.md", f"{text}\n\n- {lines}\n")
    write_whole(out / MARKS, "\ufeff" + write_table(returned))


def write_table(returned: Returned) -> str:
    """Write the marks as CSV: id, name, points, and for each question verdict and mistakes."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    first = next(iter(returned.marks.values()), Marks())
    questions = [f"{x.exercise}. {x.question.prompt}" for x in first]
    table.writerow(["id", "name", "points", "of", *questions])
    for student in returned.students:
        marks = returned.marks.get(student.id)
        known = [student.id, guard(student.name)]
        if marks is None:
            table.writerow([*known, "", "", "missing"])
        else:
            points = f"{float(marks.points):g}"
            cells = (f"{x.verdict}: {'; '.join(x.mistakes)}".removesuffix(": ") for x in marks)
            table.writerow([*known, points, len(marks), *cells])
    return text.getvalue()


def guard(cell: str) -> str:
    """Keep a spreadsheet from taking a name for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell


def write_statistics(returned: Returned) -> str:
    """Write what the class got right, and each mistake with how many made it."""
    parts = [
        write_distribution(returned),
        write_shares(returned.marks),
        write_mistakes(returned.marks),
        list_unreadable(returned.marks),
        list_problems(returned),
    ]
    return "\n\n".join(part for part in parts if part)


def write_distribution(returned: Returned) -> str:
    """Write how many papers came back, the points, and how many papers have so many."""
    students = count_things(len(returned.students), "student")
    papers = f"{count_things(len(returned.marks), 'paper')} of {students}"
    points = sorted(x.points for x in returned.marks.values())
    if not points:
        return papers
    size = max(map(len, returned.marks.values()))
    low, middle, high = (
        marking.write_points(Fraction(x)) for x in (points[0], median(points), points[-1])
    )
    followed = [x.count(Verdict.FOLLOWED) for x in returned.marks.values()]
    lines = [
        f"{papers}; of {size} points the least has {low}, the middle {middle}, the best {high}"
    ]
    if any(followed):
        many = sum(n > 0 for n in followed)
        told = f"{count_things(sum(followed), 'answer')} of {count_things(many, 'paper')}"
        lines.append(f"{told} followed from an earlier mistake")
    counts = Counter(int(x) for x in points)
    lines += [f"{n:>4} points  {'#' * counts[n]} {counts[n]}" for n in sorted(counts)]
    return "\n".join(lines)


def write_shares(marks: Mapping[str, Marks]) -> str:
    """Write the share of each question that was right."""
    lines = []
    for answers in zip(*marks.values(), strict=True):
        right = sum(x.verdict == Verdict.RIGHT for x in answers)
        share = f"{right:>4} of {len(answers)} right ({right / len(answers):.0%})"
        lines.append(f"{share}  {answers[0].exercise}. {answers[0].question.prompt}")
    return "\n".join(lines)


def write_mistakes(marks: Mapping[str, Marks]) -> str:
    """Write each mistake: how many students made it, in how many answers, in how many alone."""
    students = defaultdict[str, set[str]](set)
    answers, alone = Counter[str](), Counter[str]()
    for student, marked in every_answer(marks):
        for mistake in marked.mistakes:
            students[mistake].add(student)
            answers[mistake] += 1
            alone[mistake] += len(marked.mistakes) == 1
    if not answers:
        return ""
    rows = sorted(answers, key=lambda x: (-len(students[x]), -answers[x], x))
    lines = ["students  answers  alone  mistake"]
    lines += [f"{len(students[x]):>8}{answers[x]:>9}{alone[x]:>7}  {x}" for x in rows]
    return "\n".join(lines)


def every_answer(marks: Mapping[str, Marks]) -> Iterator[tuple[str, Marked]]:
    """Yield every answer of a class with the id of the student."""
    return ((student, marked) for student, all_marks in marks.items() for marked in all_marks)


def list_unreadable(marks: Mapping[str, Marks]) -> str:
    """List the answers that a person should look at, word for word."""
    found = [
        f"  {student}  {x.exercise}. {x.question.prompt}: {x.answer.text!r:.100}"
        for student, x in every_answer(marks)
        if x.verdict == Verdict.UNREADABLE
    ]
    return "\n".join(
        [f"unreadable, and not counted as wrong: {len(found)}", *found] if found else []
    )


def list_problems(returned: Returned) -> str:
    """List the students whose paper is missing, and the papers that are not marked."""
    missing = ", ".join(f"{x.id} {x.name}".strip() for x in returned.missing)
    return "\n".join([*([f"missing: {missing}"] if missing else []), *returned.problems])
