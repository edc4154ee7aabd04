"""The lesson command: give a lesson, list those of a folder, or write one as a notebook."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from autograd_mini.lesson.lesson import lesson
from autograd_mini.lesson.notebook import write_notebook
from autograd_mini.lesson.script import demos_folder, find, index, read_demo
from autograd_mini.notation.plain import for_screen, say
from autograd_mini.view.files import write_file

USAGE = "usage: python -m autograd_mini lesson [number or path of a demo]; --help says more"
EXAMPLES = """examples:
  %(prog)s                      list the lessons
  %(prog)s 4                    step through lesson 4; :help lists the commands there
  %(prog)s my_lesson.py         step through any script
  %(prog)s --notebook 4 4.ipynb write it as a notebook; --slides has marks for slides
  %(prog)s course/              list the lessons in a folder; course/ 2 begins the second"""


def main(arguments: Sequence[str]) -> int:
    """Give the lesson that ``arguments`` name, or list lessons; return the exit status."""
    options = lesson_parser().parse_args(arguments)
    try:
        run(options)
    except (OSError, SyntaxError, ValueError) as error:
        print(for_screen(f"lesson: {error}"), file=sys.stderr)
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
    last = "a number in that folder, or the notebook's file"
    parser.add_argument("last", nargs="?", default="", metavar="NUMBER or FILE", help=last)
    write = "write the lesson as a Jupyter notebook"
    parser.add_argument("--notebook", action="store_true", help=write)
    parser.add_argument("--slides", action="store_true", help="the same, with marks for slides")
    return parser


def run(options: argparse.Namespace) -> None:
    """Do what the options ask for."""
    if options.notebook or options.slides:
        save_notebook(options)
        return
    is_folder = bool(options.which) and Path(options.which).is_dir()
    folder = Path(options.which) if is_folder else demos_folder()
    which = options.last if is_folder else options.which
    if options.last and not is_folder:
        raise NotADirectoryError(f"there is no folder {options.which!r} of lessons\n{USAGE}")
    if which:
        lesson(find(folder, which))
    else:
        say(index(folder), USAGE, sep="\n\n")


def save_notebook(options: argparse.Namespace) -> None:
    """Write a lesson as a notebook, and say where."""
    if not options.which or not options.last:
        raise FileNotFoundError("say which lesson and which file: lesson --notebook 4 4.ipynb")
    demo, path = read_demo(find(demos_folder(), options.which)), Path(options.last)
    write_file(path, write_notebook(demo, slides=options.slides), "ipynb")
    print(f"wrote {path}")
