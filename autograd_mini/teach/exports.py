"""Exports: an exam as a page to fill in, as questions for Moodle, and as a poll.

The numbers are the engine's own, and so is each wrong answer's mistake.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from html import escape
from importlib import resources
from xml.etree import ElementTree

from autograd_mini.stepping import number
from autograd_mini.teach.exercises import Exercise, pose
from autograd_mini.teach.papers import HEADING, Plan, list_questions
from autograd_mini.teach.quiz import Question, close, tolerance
from autograd_mini.view.files import fill_page

DISTRACTORS = 3


def wrong_answers(question: Question) -> dict[str, str]:
    """Return the wrong numbers that have a name, as they are written, with what "you" did.

    >>> from autograd_mini.teach.slips import Slip
    >>> slips = [Slip(-2.0, "have the sign wrong"), Slip(2.0, "were lucky")]
    >>> wrong_answers(Question("", "c", 2.0, "", slips))
    {'-2': 'have the sign wrong'}
    """
    told: dict[str, list[str]] = {}
    for slip in question.slips:
        is_number = slip.number == slip.number and abs(slip.number) < 1e12
        if is_number and not close(slip.number, question.answer):
            told.setdefault(number(slip.number), []).append(slip.full)
    return {text: "; or you ".join(dict.fromkeys(ways)) for text, ways in told.items()}


# Moodle -------------------------------------------------------------------------------------------


def write_moodle(plan: Plan, seeds: Iterable[int]) -> str:
    """Write the questions of several papers as Moodle XML: numerical, with named mistakes.

    The format is described in Moodle's documentation, "Moodle XML format". Each wrong number that
    a mistake gives is an answer of 0 % with that mistake as its feedback.
    """
    root = ElementTree.Element("quiz")
    for place, task, question in every_question(plan, seeds):
        add_question(root, f"{place} {question.prompt}", task, question)
    ElementTree.indent(root, " ")
    content = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{content}\n'


def add_question(root: ElementTree.Element, name: str, task: Exercise, question: Question) -> None:
    """Add one numerical question."""
    element = ElementTree.SubElement(root, "question", type="numerical")
    add_text(element, "name", name)
    given = f"<pre>{escape(pose(task))}</pre><p>{escape(question.prompt)} = ?</p>"
    add_text(element, "questiontext", given, format="html")
    add_text(element, "generalfeedback", escape(question.reason), format="html")
    for tag, fact in (("defaultgrade", "1"), ("penalty", "0.3333333"), ("hidden", "0")):
        ElementTree.SubElement(element, tag).text = fact
    add_answer(element, 100, number(question.answer), "Right.", tolerance(question.answer))
    for text, told in wrong_answers(question).items():
        add_answer(element, 0, text, f"You {told}.", tolerance(float(text)))


def add_answer(
    parent: ElementTree.Element, share: int, text: str, feedback: str, off: float
) -> None:
    """Add an answer, what it is worth in percent, and how far off it may be."""
    answer = ElementTree.SubElement(
        parent, "answer", fraction=str(share), format="moodle_auto_format"
    )
    ElementTree.SubElement(answer, "text").text = text
    add_text(answer, "feedback", escape(feedback), format="html")
    ElementTree.SubElement(answer, "tolerance").text = f"{off:.6g}"


def add_text(parent: ElementTree.Element, tag: str, text: str, **attributes: str) -> None:
    """Add an element that holds a text, as Moodle wants it: in an element of its own."""
    ElementTree.SubElement(ElementTree.SubElement(parent, tag, attributes), "text").text = text


# A poll -------------------------------------------------------------------------------------------


def write_poll(plan: Plan, seeds: Iterable[int]) -> str:
    """Write questions of one choice as CSV: the right answer, three wrong ones, their mistakes.

    Questions with fewer than three wrong numbers that have a name are left out.
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    wrong = [f"{kind} {i}" for i in range(1, DISTRACTORS + 1) for kind in ("wrong", "mistake")]
    table.writerow(["question", "right", *wrong])
    for _, task, question in every_question(plan, seeds):
        known = [*wrong_answers(question).items()][:DISTRACTORS]
        if len(known) == DISTRACTORS:
            given = pose(task).replace("\n", "; ")
            cells = [cell for answer in known for cell in answer]
            table.writerow([f"{given}; {question.prompt} = ?", number(question.answer), *cells])
    return text.getvalue()


def every_question(plan: Plan, seeds: Iterable[int]) -> Iterator[tuple[str, Exercise, Question]]:
    """Yield the questions of several papers, each with the place of its exercise, and that."""
    for seed in seeds:
        for slot, task in enumerate(plan.exercises(seed), 1):
            for question in list_questions(task, plan.ask):
                yield f"{seed}.{slot}", task, question


# A page -------------------------------------------------------------------------------------------


def write_page(paper: str, file: str) -> str:
    """Write a paper as a page: to print, or to fill in and save as the Markdown that is marked.

    *paper* is a paper without answers; *file* the name under which the answers are saved. The page
    needs no network, and its Content-Security-Policy forbids all but its own style and script.
    """
    head, *parts = HEADING.split(paper)
    title = head.splitlines()[0].lstrip("# ")
    sections = [
        f"<section><h2>{place}</h2>{write_section(part)}</section>"
        for place, part in zip(parts[::2], parts[1::2], strict=True)
    ]
    data = json.dumps({"paper": paper, "file": file}, ensure_ascii=False).replace("<", "\\u003c")
    template = resources.files("autograd_mini.teach").joinpath("exam.html").read_text("utf-8")
    facts = {"title": escape(title), "sections": "\n".join(sections), "data": data}
    return fill_page(template, facts)


def write_section(part: str) -> str:
    """Write what is given, and a field for each answer."""
    lines = part.splitlines()
    given = "\n".join(line.strip() for line in lines if line.startswith("    "))
    prompts = [escape(line.removeprefix("- ")) for line in lines if line[:2] == "- "]
    field = '<input autocomplete="off" spellcheck="false">'
    fields = [f"<label><span>{prompt}</span>{field}</label>" for prompt in prompts]
    return "\n".join([f"<pre>{escape(given)}</pre>", *fields])
