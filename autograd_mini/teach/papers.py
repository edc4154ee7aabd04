"""Papers: exams in Markdown, drawn from a plan, to be filled in and read again.

>>> print(exam(1, seed=7, level=1)[0])
# Exam: length 1, seed 7, level 1
<BLANKLINE>
Write behind each = a number (three digits), a fraction or, say, 2*3 - 1.
<BLANKLINE>
## 1
<BLANKLINE>
    a = 2, b = 2, c = 3
    d = a + c
    L = d·b
<BLANKLINE>
- d =
- L =
- ∂L/∂a =
- ∂L/∂b =
- ∂L/∂c =
<BLANKLINE>
"""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import require_list, text, whole_number
from autograd_mini.notation.equation import figure, write_equation
from autograd_mini.stepping import Text, names, number
from autograd_mini.stepping.missteps import WRONG_SIGN
from autograd_mini.stepping.paths import why
from autograd_mini.stepping.steps import steps
from autograd_mini.teach.answers import canonical, tidy
from autograd_mini.teach.exercises import Exercise, exercise, ordered, pose
from autograd_mini.teach.quiz import Question, partial_question, questions
from autograd_mini.teach.slips import slip_of
from autograd_mini.teach.tasks import Tasks

HOW_TO_ANSWER = "Write behind each = a number (three digits), a fraction or, say, 2*3 - 1."
EXAMPLE = "# Exam: length 5, seed 1, level 2"
LONGEST_PAPER = 1000  # exercises
ASKED = ("forward", "gradients", "partials", "paths")
HEADING = re.compile(r"(?m)^ {0,3}#{1,6} *(\d+) *$")


class Plan(NamedTuple):
    """What an exam is made of: so many exercises, of a level or of a teacher's own tasks.

    *ops* names other operations than the level's; *ask* says what is asked: the data that is
    computed (forward), the gradients of the leaves, the partials of each operation, the product
    along each path to a leaf that has several.
    """

    length: int = 5
    level: int = 2
    ops: str = ""
    ask: tuple[str, ...] = ASKED[:2]
    tasks: Tasks | None = None

    def exercises(self, seed: int | str) -> Iterator[Exercise]:
        """Yield the exercises of a paper; another seed has others, which are equally hard."""
        for slot in range(self.length):
            if self.tasks:
                yield self.tasks.exercise(seed, slot)
            else:
                yield exercise(seed, self.level, slot, self.ops)

    def title(self, **identity: object) -> str:
        """Write the title, from which the paper can be made again and marked."""
        kind = {"tasks": self.tasks.check} if self.tasks else {"level": self.level}
        facts = {"length": self.length} | identity | kind
        facts |= {"ops": self.ops} if self.ops else {}
        facts |= {"ask": " ".join(self.ask)} if self.ask != ASKED[:2] else {}
        return "# Exam: " + ", ".join(f"{name} {fact}" for name, fact in facts.items())


def check_plan(plan: Plan) -> Plan:
    """Return the plan; raise ValueError unless it has an exercise and asks for what there is."""
    if not 1 <= plan.length <= LONGEST_PAPER:
        raise ValueError(f"an exam has 1 to {LONGEST_PAPER} exercises; got {plan.length}")
    wrong = [word for word in plan.ask if word not in ASKED]
    if wrong or not plan.ask:
        raise ValueError(f"an exam can ask {', '.join(ASKED)}; got {' '.join(wrong) or 'nothing'}")
    return plan


def exam(
    n: int, seed: int, level: int = 2, *, ops: str = "", ask: Sequence[str] = ASKED[:2]
) -> tuple[Text, Text]:
    """Return an exam of *n* exercises as Markdown, and the same with the answers, its key.

    Raises TypeError for what is no whole number, ValueError unless *n* is 1 to 1000 and *seed* at
    least 0, or if there is no such *level*, operation or kind of question.
    """
    length, level = whole_number(n, "the length"), whole_number(level, "the level")
    asked = tuple(text(x, "what an exam asks") for x in require_list("an exam", "questions", ask))
    plan = check_plan(Plan(length, level, text(ops, "ops"), asked))
    seed = whole_number(seed, "a seed", 0)
    return write_paper(plan, plan.title(seed=seed), seed)


def write_paper(
    plan: Plan, title: str, seed: int | str, head: Sequence[str] = ()
) -> tuple[Text, Text]:
    """Write a paper as Markdown, and the same with its answers; *head* follows the title."""
    paper, key = [title, *head, HOW_TO_ANSWER], [title, *head, HOW_TO_ANSWER]
    for i, task in enumerate(plan.exercises(seed), 1):
        given, asked = indent(pose(task), "    "), list_questions(task, plan.ask)
        paper += [f"## {i}", given, "\n".join(f"- {x.prompt} =" for x in asked)]
        answers = (f"- {write_equation(x.prompt, figure(x.answer))}" for x in asked)
        key += [f"## {i}", given, "\n".join(answers)]
    return Text("\n\n".join(paper) + "\n"), Text("\n\n".join(key) + "\n")


# Questions ----------------------------------------------------------------------------------------


def list_questions(task: Exercise, kinds: Sequence[str] = ASKED[:2]) -> list[Question]:
    """Return the questions of an exercise, in the order of the paper."""
    return [question for kind in ASKED if kind in kinds for question in ASKERS[kind](task.output)]


def ask_forward(output: Value) -> list[Question]:
    """Ask for all data that is computed."""
    named = names(output)
    return [
        Question("", named[x], x.data, number(x.data), [slip_of(WRONG_SIGN, -x.data)])
        for x in ordered(output)[1]
    ]


def ask_gradients(output: Value) -> list[Question]:
    """Ask for the gradient of each leaf."""
    found = {x.about: x for x in questions(output) if x.about is not None}
    return [found[leaf] for leaf in ordered(output)[0] if leaf in found]


def ask_partials(output: Value) -> list[Question]:
    """Ask for the partial of each operation with respect to each operand."""
    found = [partial_question(step, step.local + step.restriction) for step in steps(output)]
    return [*{question.prompt: question for question in reversed(found)}.values()][::-1]


def ask_paths(output: Value) -> list[Question]:
    """Ask for the product along each path to a leaf that has several."""
    named, found = names(output), {}
    for leaf in ordered(output)[0]:
        paths = why(output, leaf).paths
        for path in paths if len(paths) > 1 else ():
            stops = [named[output], *(named[edge.operand] for edge in path.edges)]
            prompt = f"the product along {' → '.join(stops)}"
            slips = [slip_of(WRONG_SIGN, -path.product)]
            found[prompt] = Question("", prompt, path.product, str(path), slips)
    return [*found.values()]


ASKERS = {
    "forward": ask_forward,
    "gradients": ask_gradients,
    "partials": ask_partials,
    "paths": ask_paths,
}


# Reading a paper ----------------------------------------------------------------------------------


class Paper(NamedTuple):
    """A paper that came back: the plan that its title names, whose it is, and its sections."""

    plan: Plan
    facts: Mapping[str, str]
    sections: Mapping[int, str]


def parse_title(text: str) -> dict[str, str]:
    """Return the facts in the title of a paper; raise ValueError for a text without one.

    >>> parse_title("# Exam: length 5, level 2, id 7, check 3fa2c1")["id"]
    '7'
    """
    found = re.search(r"(?m)^\W*?(\**)Exam: *(length .*?)\1[ #]*$", text)
    facts = dict(re.findall(r"(\w+) ([^,]+?)\s*(?:,|$)", found[2])) if found else {}
    if not found or not facts.get("length", "").isdigit():
        raise ValueError(f"this is no exam: a title is missing, such as {EXAMPLE!r}")
    return facts


def read_paper(text: str, tasks: Tasks | None = None) -> Paper:
    """Read a paper of an exam; a text whose sections are not those of its title is refused.

    *tasks* are those that the paper was made from, if its title says that it was.
    """
    text = "\n".join(text.splitlines())
    facts = parse_title(text)
    if facts.get("tasks") != (tasks.check if tasks else None):
        needed = f"tasks {facts['tasks']}" if "tasks" in facts else "no tasks"
        raise ValueError(f"this exam was made from {needed}: mark it with the same --tasks")
    level = facts.get("level", "2")
    asked = tuple(facts.get("ask", " ".join(ASKED[:2])).split())
    plan = Plan(int(facts["length"]), int(level), facts.get("ops", ""), asked, tasks)
    parts = HEADING.split(text)[1:]
    sections = {int(i): part for i, part in zip(parts[::2], parts[1::2], strict=True)}
    if len(sections) != plan.length:
        counts = f"has {count_things(plan.length, 'exercise')}, but this text has {len(sections)}"
        raise ValueError(f"the exam {counts}")
    return Paper(check_plan(plan), facts, sections)


def count_things(n: int, thing: str) -> str:
    """Write how many things there are: ``1 exercise``, ``5 exercises``."""
    return f"{n} {thing}{'s' if n != 1 else ''}"


def find_answers(place: int, task: Exercise, section: str) -> str:
    """Return the lines of a section that are not given; raise ValueError if it poses another."""
    posed = pose(task).splitlines()
    if flatten("".join(posed)) not in flatten(section):
        raise ValueError(f"exercise {place} is not that of the exam in the title")
    given = {flatten(line) for line in posed}
    return "\n".join(line for line in section.splitlines() if flatten(line) not in given)


def flatten(text: str) -> str:
    """Return a text without what systems and editors change: spaces, kinds of signs.

    >>> flatten("c = a·b²") == flatten("c  = a*b**2")
    True
    """
    return canonical("".join(map(tidy, text.splitlines())))


# A class's papers ---------------------------------------------------------------------------------


def sign(secret: str, what: str, plan: Plan, student: str) -> str:
    """Return a number that only who has the *secret* can compute: HMAC with SHA-256 (RFC 2104)."""
    message = "|".join([what, student, plan.title()]).encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def seed_of(secret: str, plan: Plan, student: str) -> str:
    """Return the seed of a student's paper, which its title does not tell."""
    return sign(secret, "seed", plan, student)[:12]


def check_of(secret: str, plan: Plan, student: str) -> str:
    """Return the six hex digits that say that a paper is this student's."""
    return sign(secret, "check", plan, student)[:6]
