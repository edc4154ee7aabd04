"""The lesson command: give a lesson, list those of a folder, or write one as a notebook."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from autograd_mini.lesson.lesson import lesson
from autograd_mini.lesson.script import demos_folder, find, index

USAGE = "usage: python -m autograd_mini lesson [number or path of a demo]; --help says more"
EXAMPLES = """examples:
  %(prog)s                      list the lessons
  %(prog)s 4                    step through lesson 4; :help lists the commands there
  %(prog)s my_lesson.py         step through any script
  %(prog)s course/              list the lessons in a folder; course/ 2 begins the second"""


def main(arguments: Sequence[str]) -> int:
    """Give the lesson that ``arguments`` name, or list lessons; return the exit status."""
    options = lesson_parser().parse_args(arguments)
    try:
        run(options)
    except (OSError, SyntaxError) as error:
        print(f"lesson: {error}", file=sys.stderr)
        return 2
    return 0


def lesson_parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    parser = argparse.ArgumentParser(
        prog="python -m autograd_mini lesson",
        description="Step through a script in a REPL: read, press Enter, look around, go on.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    which = "a number, a script, or a folder of scripts"
    parser.add_argument("which", nargs="?", default="", metavar="LESSON", help=which)
    parser.add_argument("number", nargs="?", default="", help="of a lesson in that folder")
    return parser


def run(options: argparse.Namespace) -> None:
    """Do what the options ask for."""
    is_folder = bool(options.which) and Path(options.which).is_dir()
    folder = Path(options.which) if is_folder else demos_folder()
    which = options.number if is_folder else options.which
    if options.number and not is_folder:
        raise NotADirectoryError(f"there is no folder {options.which!r} of lessons\n{USAGE}")
    if which:
        lesson(find(folder, which))
    else:
        print(index(folder), USAGE, sep="\n\n")
