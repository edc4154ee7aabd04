"""The command line: ``python -m autograd_mini "(a*b + c).tanh()" a=2 b=-3 c=10``.

Explains an expression in the terminal, draws it, and opens lessons and quizzes. What only some of
these need is imported where it is used, so that the text appears with nothing installed.
"""

import argparse
import io
import os
import re
import sys
import webbrowser
from collections.abc import Callable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from pathlib import Path

from autograd_mini.engine import Value
from autograd_mini.engine.order import topological_order
from autograd_mini.expression import ExpressionError, assignments, parse
from autograd_mini.notation.plain import IN_LETTERS
from autograd_mini.stepping import explain

DEMO = ["(a*b + c)*f", "a=2", "b=-3", "c=10", "f=-2"]

USAGE = """%(prog)s [EXPRESSION NAME=NUMBER ...] [options]
       %(prog)s lesson [NUMBER, script or folder]; see lesson --help
       %(prog)s quiz EXPRESSION NAME=NUMBER ...
       %(prog)s worksheet EXPRESSION NAME=NUMBER ... [--out FILE]; see worksheet --help
       %(prog)s workshop [task | check | hint]
       %(prog)s exam [LENGTH] [--seed N] [--key | --mark PATH ...]; see exam --help"""

EXAMPLES = """examples:
  %(prog)s                                          the demo, drawn into build/
  %(prog)s "(a*b + c).tanh()" a=2 b=-3 c=10         explain an expression
  %(prog)s "exp(-x**2 / 2)" x=1/3 --svg bell.svg    and draw it
  %(prog)s "w*x + b" w=0.5 x=2 b=-1 --open          and step through it in the browser
  %(prog)s lesson                                   list the lessons
  %(prog)s lesson 1                                 step through the first
  %(prog)s quiz "a*b + a" a=2 b=-3                  predict, then look
  %(prog)s worksheet "(a + b)*a" a=2 b=-3           a page to print, and its key
  %(prog)s exam 5 --seed 7                          a paper to fill in; --key has the answers

An expression has numbers, names, + - * / **, and functions such as exp(a), a.exp() or
maximum(a, b). Quote it, so that the shell does not take it apart."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status: 2 if what was asked cannot be done."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=IN_LETTERS)  # a terminal that has no ∂ shows a d
    try:
        return dispatch(sys.argv[1:] if arguments is None else list(arguments))
    except BrokenPipeError:  # whoever reads our output, say head, has seen enough
        return silenced(1)
    except OSError as error:
        print(f"autograd_mini: cannot print: {error.strerror}", file=sys.stderr)
        return silenced(2)
    except KeyboardInterrupt:
        return 130


def silenced(status: int) -> int:
    """Drop what is still to be printed, which Python would try once more, and return *status*."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return status


def dispatch(arguments: list[str]) -> int:
    """Run the command that the first argument names, or explain, and send all output on its way."""
    command = COMMANDS.get(arguments[0]) if arguments else None
    try:
        return command(arguments[1:]) if command else explanation(arguments)
    except BrokenPipeError:
        raise
    except (ArithmeticError, ImportError, OSError, RuntimeError, ValueError) as error:
        advice = meant_command(arguments) if isinstance(error, ExpressionError) else ""
        sys.stdout.flush()
        print(f"autograd_mini: {error}{advice}", file=sys.stderr)
        return 2
    finally:
        sys.stdout.flush()  # here, where it still can fail


def meant_command(arguments: list[str]) -> str:
    """Ask whether a command was meant, where the first argument is close to its name.

    >>> meant_command(["lesso", "4"]), meant_command(["a*b"])
    ('; did you mean the command lesson?', '')
    """
    first = arguments[0] if arguments else ""
    close = [] if first in COMMANDS else get_close_matches(first, COMMANDS, n=1, cutoff=0.75)
    return f"; did you mean the command {close[0]}?" if close else ""


# The commands -------------------------------------------------------------------------------------


def run_main(module: str, arguments: list[str]) -> int:
    """Run a command that has a module of its own."""
    status: int = import_module(f"autograd_mini.{module}").main(arguments)
    return status


def quiz(arguments: list[str]) -> int:
    """Ask about an expression, the demo by default."""
    parser = argparse.ArgumentParser(prog="python -m autograd_mini quiz", description=quiz.__doc__)
    add_expression(parser)
    options = parser.parse_intermixed_args([*map(as_positional, arguments or DEMO)])
    output = parse(options.expression, assignments(options.values))

    from autograd_mini.teach.quiz import quiz as ask

    ask(output)
    return 0


def worksheet(arguments: list[str]) -> int:
    """Write a worksheet of an expression, to print and fill in, and its key."""
    name = "python -m autograd_mini worksheet"
    parser = argparse.ArgumentParser(prog=name, description=worksheet.__doc__)
    add_expression(parser)
    out = Path("worksheet.html")
    parser.add_argument("--out", type=Path, default=out, metavar="FILE", help=".html or .svg")
    parser.add_argument("--title", default="", help="what stands on top of the page")
    blank = "data grad partials"
    parser.add_argument("--blank", default=blank, metavar="WORDS", help=f"of {blank}; all of them")
    options = parser.parse_intermixed_args([*map(as_positional, arguments)])
    output = parse(options.expression, assignments(options.values))

    from autograd_mini.view.worksheet import worksheet as write

    paths = write(output, options.out, title=options.title, blank=options.blank.split())
    print("wrote", " and ".join(map(str, paths)))
    return 0


def explanation(arguments: list[str]) -> int:
    """Explain an expression, the demo by default, and write the files asked for.

    Without arguments the files are those of the demo, so far as what is installed can make them.
    """
    options = parser().parse_intermixed_args([*map(as_positional, arguments)])
    if options.expression is None:
        options.expression, *options.values = DEMO
    output = differentiated(options.expression, assignments(options.values))
    files = wanted(options) if arguments else DEMO_FILES
    print(explain(output), end="\n\n" if files else "\n")
    write = save if arguments else write_picture
    written = [path for kind, path in files.items() if write(output, kind, path)]
    if options.open:
        show(written[-1])
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "exam": partial(run_main, "teach.exam"),
    "lesson": partial(run_main, "lesson.command"),
    "quiz": quiz,
    "worksheet": worksheet,
    "workshop": partial(run_main, "teach.workshop"),
}


# Arguments ----------------------------------------------------------------------------------------


def parser() -> argparse.ArgumentParser:
    """Return the parser of everything but the commands."""
    from autograd_mini import __version__

    made = argparse.ArgumentParser(
        prog="python -m autograd_mini",
        usage=USAGE,
        description="Explain the chain rule on any expression, forward and backward.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument("--version", action="version", version=f"autograd_mini {__version__}")
    add_expression(made, nargs="?")
    made.add_argument("--svg", type=Path, metavar="FILE", help="draw the graph")
    made.add_argument("--page", type=Path, metavar="FILE", help="write a page to step through it")
    made.add_argument("--animate", type=Path, metavar="FILE", help="draw the backward pass moving")
    made.add_argument("--open", action="store_true", help="show the file, or a page, in a browser")
    return made


def add_expression(parser: argparse.ArgumentParser, nargs: str | None = None) -> None:
    """Let a command take an expression, optional where *nargs* is "?", and the numbers in it."""
    quoted = "arithmetic, in quotes"
    parser.add_argument("expression", nargs=nargs, metavar="EXPRESSION", help=quoted)
    parser.add_argument("values", nargs="*", metavar="NAME=NUMBER", help="such as a=2 or b=-1/3")


def as_positional(argument: str) -> str:
    """Keep argparse from taking an expression such as ``-a*b`` for an option.

    >>> as_positional("-a*b"), as_positional("-h"), as_positional("--svg")
    (' -a*b', '-h', '--svg')
    """
    return f" {argument}" if re.match(r"-[^-]", argument) and argument != "-h" else argument


def wanted(options: argparse.Namespace) -> dict[str, Path]:
    """Return the paths of the files asked for by kind; what is only to be opened is a page."""
    asked = {kind: path for kind in FILES if (path := getattr(options, kind))}
    return asked or ({"page": DEMO_FILES["page"]} if options.open else {})


def differentiated(expression: str, values: dict[str, float]) -> Value:
    """Return the Value of an expression after its backward pass; note the names not in it."""
    output = parse(expression, values)
    labels = {node.label for node in topological_order(output)}
    for name in filter(lambda name: name not in labels, values):
        print(f"note: {name} is not in the expression", file=sys.stderr)
    with suppress(ArithmeticError, ValueError):  # the explanation will say why
        output.backward()
    return output


# Files --------------------------------------------------------------------------------------------


def save_svg(output: Value, path: Path) -> None:
    """Write the picture."""
    from autograd_mini.view.draw import draw
    from autograd_mini.view.files import write_file

    write_file(path, draw(output).svg(), "svg")


def save_page(output: Value, path: Path) -> None:
    """Write the stepping page."""
    from autograd_mini.view.page import page

    page(output).save(path)


def save_animation(output: Value, path: Path) -> None:
    """Write the picture of the backward pass that moves."""
    from autograd_mini.view.animate import animate

    animate(output).save(path)


FILES = {"svg": save_svg, "animate": save_animation, "page": save_page}
BUILD = Path("build")
DEMO_FILES = {"svg": BUILD / "chain_rule.svg", "page": BUILD / "chain_rule.html"}


def save(output: Value, kind: str, path: Path) -> bool:
    """Write a file, and say so; of folders only ``build``, which is for this, is made."""
    try:
        if path.parent == BUILD:
            BUILD.mkdir(exist_ok=True)
        FILES[kind](output, path)
    except OSError as error:
        told = f"{path}: {error.strerror}" if error.strerror else error
        raise OSError(f"cannot write {told}") from None
    print(f"wrote {path}")
    return True


def write_picture(output: Value, kind: str, path: Path) -> bool:
    """Write a file, or say what is needed for it, and go on."""
    try:
        return save(output, kind, path)
    except (ImportError, RuntimeError) as error:
        print(f"could not write {path}: {error}")
        return False


def show(path: Path) -> None:
    """Open a file in the browser."""
    if not webbrowser.open(path.absolute().as_uri()):
        print(f"found no browser to open {path} in")


if __name__ == "__main__":
    sys.exit(main())
