"""The exam command: print a paper, write those of a class, mark what comes back, export."""

import argparse
import io
import sys
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograd_mini.notation.plain import in_letters
from autograd_mini.teach import classes, exports
from autograd_mini.teach.answers import decode
from autograd_mini.teach.exercises import LEVELS, pose
from autograd_mini.teach.marking import HALF, mark
from autograd_mini.teach.papers import ASKED, Plan, check_plan, count_things, write_paper
from autograd_mini.teach.tasks import READY, Tasks, load_tasks
from autograd_mini.view.files import write_file

EXAMPLES = """examples:
  %(prog)s 5 --seed 7 > paper.md                    a paper; --key has the answers
  %(prog)s --mark paper.md                          mark it, and name the mistakes
  %(prog)s --class names.csv --secret WORD --out exam
  %(prog)s --mark exam --class names.csv --secret WORD --out marked
  %(prog)s 3 --tasks "tanh_neuron softmax"          of ready-made graphs, or your own file
  %(prog)s 5 --moodle pool.xml --papers 60          questions for Moodle"""

SHARES = {"1": Fraction(1), "½": HALF, "1/2": HALF, "0.5": HALF, "0": Fraction(0)}
LEVEL_TEXT = "1: a tree; 2 (usual): a leaf used twice; 3: a computed node; 4: tanh, exp, sigmoid"
SEED_TEXT = "a whole number: each stands for one paper, always the same (1)"
CLASS_TEXT = (
    "write a paper for each student of this file: columns headed id and name, or one name a line; "
    "a line that begins with # is a comment"
)
SECRET_TEXT = "a word that only you know: who has it can make all keys; --mark needs the same"
HTML_TEXT = "write a page to print or fill in; with --class one beside each paper, whatever FILE is"
TASKS_TEXT = f"a file of your own graphs, or some of {', '.join(READY)}"
MARK_TEXT = "mark files, folders, or patterns such as *.md"
FOLLOW_TEXT = "what an answer is worth that follows from an earlier wrong one (½)"
PAPERS_TEXT = "take the questions for Moodle and polls from so many papers (20)"


def whole(text: str) -> int:
    """Read a seed."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 on, got {text!r}")
    return int(text)


OPTIONS: dict[str, dict[str, dict[str, Any]]] = {
    "the paper": {
        "length": {"nargs": "?", "type": int, "help": "how many exercises a paper has (5)"},
        "--length": {
            "dest": "named_length",
            "type": int,
            "default": 5,
            "help": "the same, by name",
        },
        "--seed": {"type": whole, "default": 1, "help": SEED_TEXT},
        "--level": {"type": int, "default": 2, "choices": LEVELS, "help": LEVEL_TEXT},
        "--ops": {"default": "", "help": 'other operations than the level has: "+ * relu"'},
        "--ask": {"default": " ".join(ASKED[:2]), "help": f"some of {', '.join(ASKED)}"},
        "--tasks": {"metavar": "FILE", "help": TASKS_TEXT},
        "--key": {"action": "store_true", "help": "print the paper with its answers"},
    },
    "a class, and other forms": {
        "--class": {"dest": "students", "type": Path, "metavar": "CSV", "help": CLASS_TEXT},
        "--secret": {"default": "", "metavar": "WORD", "help": SECRET_TEXT},
        "--out": {"type": Path, "metavar": "FOLDER", "help": "the folder for papers or marks"},
        "--html": {"type": Path, "metavar": "FILE", "help": HTML_TEXT},
        "--moodle": {"type": Path, "metavar": "FILE", "help": "write questions as Moodle XML"},
        "--poll": {"type": Path, "metavar": "FILE", "help": "write questions of one choice as CSV"},
        "--papers": {"type": int, "default": 20, "help": PAPERS_TEXT},
    },
    "marking": {
        "--mark": {"nargs": "+", "metavar": "PATH", "help": MARK_TEXT},
        "--follow": {"choices": SHARES, "default": "½", "metavar": "1|½|0", "help": FOLLOW_TEXT},
        "--no-answers": {"action": "store_true", "help": "name mistakes, tell no answer"},
    },
}


def main(arguments: Sequence[str]) -> int:
    """Run the command and return the exit status: 1 if a paper could not be marked.

    Raises ValueError or OSError for what cannot be done.
    """
    options = make_parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")  # for a file or a pipe, on every system
    for name in ("out", "secret"):
        if getattr(options, name) and not options.students:
            raise ValueError(f"--{name} is for a class: name its list with --class CSV")
    tasks = load_tasks(options.tasks) if options.tasks else None
    if options.mark:
        return mark_returned(options, tasks)
    asked = tuple(options.ask.split())
    length = options.named_length if options.length is None else options.length
    plan = check_plan(Plan(length, options.level, options.ops, asked, tasks))
    if options.students:
        return write_for_class(plan, options)
    return write_one(plan, options)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m autograd_mini exam",
        description="Print an exam or its key, write those of a class, mark what comes back.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for title, options in OPTIONS.items():
        group = parser.add_argument_group(title)
        for name, facts in options.items():
            group.add_argument(name, **facts)
    return parser


# Writing ------------------------------------------------------------------------------------------


def write_one(plan: Plan, options: argparse.Namespace) -> int:
    """Print a paper or its key, or write it in the forms that were asked for."""
    paper, key = write_paper(plan, plan.title(seed=options.seed), options.seed)
    seeds = range(options.seed, options.seed + options.papers)
    forms: list[tuple[Path | None, str, Callable[[], str]]] = [
        (options.html, "html", lambda: exports.write_page(paper, f"exam-{options.seed}.md")),
        (options.moodle, "xml", lambda: exports.write_moodle(plan, seeds)),
        (options.poll, "csv", lambda: exports.write_poll(plan, seeds)),
    ]
    for path, kind, write in forms:
        if path:
            write_file(path, write(), kind)
            print(f"wrote {path}")
    if not any(path for path, *_ in forms):  # as it is, for it is to be filled in and read again
        print(in_letters((key if options.key else paper)[:]), end="")
    tell_repeats(plan, seeds if options.moodle or options.poll else [options.seed])
    return 0


def tell_repeats(plan: Plan, seeds: Iterable[int]) -> None:
    """Say on standard error how many exercises differ, if some papers repeat one."""
    posed = [pose(exercise) for seed in seeds for exercise in plan.exercises(seed)]
    different = len(set(posed))
    if different < len(posed):
        advice = "the tasks have too few numbers" if plan.tasks else "other --ops give others"
        told = f"only {different} of these {len(posed)} exercises differ: {advice}"
        print(f"autograd_mini: {told}", file=sys.stderr)


def write_for_class(plan: Plan, options: argparse.Namespace) -> int:
    """Write a paper for each student, as a page as well if --html was given."""
    if options.out is None:
        raise ValueError("the papers of a class need a folder: --out FOLDER")
    students = classes.read_class(options.students)
    *papers, keys = classes.write_class(plan, students, options.secret, options.out)
    for paper in papers if options.html else ():
        page = exports.write_page(paper.read_text("utf-8"), paper.name)
        write_file(paper.with_suffix(".html"), page, "html")
    written = count_things(len(papers), "paper")
    print(f"wrote {written} into {options.out}, and the answers into {keys}")
    return 0


# Marking ------------------------------------------------------------------------------------------


def mark_returned(options: argparse.Namespace, tasks: Tasks | None) -> int:
    """Mark the papers of a class, or papers that say their seed, one by one."""
    if not options.students:
        return max([mark_file(x, tasks, options) for x in classes.find_papers(options.mark)])
    students = classes.read_class(options.students)
    files = classes.find_papers(options.mark)
    follow = SHARES[options.follow]
    returned = classes.mark_class(files, students, options.secret, tasks, follow)
    if options.out:
        classes.write_results(returned, options.out, answers=not options.no_answers)
    print(classes.write_statistics(returned))
    return 1 if returned.problems else 0


def mark_file(file: Path, tasks: Tasks | None, options: argparse.Namespace) -> int:
    """Print the marks of a paper, or what is wrong with the file; return the exit status."""
    try:
        text, tells = decode(file.read_bytes()), not options.no_answers
        print(f"{file}\n{mark(text, tasks, SHARES[options.follow], answers=tells)}")
    except (OSError, ValueError) as error:
        print(f"autograd_mini: {file} cannot be marked: {error}", file=sys.stderr)
        return 2
    return 0
