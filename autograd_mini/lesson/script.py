"""A demo is a plain script, taken apart here: docstring, narration, and statement after statement.

Its comments are the narration; a ``# %%`` line opens a cell and may name it, as editors that show
such scripts as notebooks have it. Nothing here runs a demo: that is the lesson's work.
"""

import ast
import re
import sys
import textwrap
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from types import CodeType, ModuleType

from autograd_mini.notation.screen import columns, is_terminal, reflow

VALUE_WIDTH = 100  # columns of a line that shows a value
CELL = re.compile(r"\s*#\s*%%\s*(?:\[\w+\])?\s*(.*)")


@dataclass(frozen=True)
class Statement:
    """One statement of a demo, with the comments before it and the names that it assigns.

    Where a ``# %%`` line stands before the statement, *heading* is its title, *remark* the comments
    above that line and *narration* those below; elsewhere all comments are narration.
    *opens_cell* tells whether there is such a line.
    """

    remark: str
    heading: str
    narration: str
    text: str
    code: CodeType
    assigns: tuple[str, ...]
    opens_cell: bool

    def present(self, bold: str) -> str:
        """Return the text that a lesson shows; ``bold`` is a format for what is to stand out."""
        rule = "\n" + "-" * len(self.heading)
        heading = self.heading and bold.format(self.heading) + rule
        prompted = ">>> " + "\n... ".join(self.text.splitlines())
        parts = [reflow(self.remark), heading, reflow(self.narration), bold.format(prompted)]
        return "\n\n".join(filter(None, parts))

    def values(self, namespace: dict[str, object]) -> Iterator[str]:
        """Yield a line ``# name = value`` for each name assigned: Python itself prints none."""
        width = min(VALUE_WIDTH, columns()) if is_terminal() else VALUE_WIDTH
        for name in self.assigns:
            first, *rest = name.split(".")
            text = repr(reduce(getattr, rest, namespace[first]))
            if not text.startswith("<"):  # an address teaches nothing
                yield textwrap.shorten(f"# {name} = {text}", width, placeholder=" ...")


@dataclass(frozen=True)
class Demo:
    """A script taken apart; ``closing`` holds the comments after its last statement."""

    path: Path
    doc: str
    statements: tuple[Statement, ...]
    closing: str

    def names(self) -> dict[str, str | None]:
        """Return the names that Python gives a script before it runs."""
        return {"__name__": "__main__", "__file__": str(self.path), "__doc__": self.doc or None}


def read_demo(path: Path) -> Demo:
    """Take the script at ``path`` apart; raises OSError or SyntaxError, as running it would."""
    path = path.resolve()
    with tokenize.open(path) as file:
        source = file.read()
    tree, lines = ast.parse(source, path), source.splitlines()
    doc = ast.get_docstring(tree) or ""
    end = tree.body.pop(0).end_lineno or 0 if doc else 0
    statements = []
    for nodes in share_lines(tree.body):
        start = first_line(nodes[0]) - 1
        between = lines[end:start]
        end = nodes[-1].end_lineno or start
        compiled = compile(ast.Module(nodes, []), path, "exec")  # which prints as the script does
        text = "\n".join(lines[start:end])
        comments, opens = read_comments(between), any(map(CELL.match, between))
        names = assigned_names(nodes[-1])
        statements.append(Statement(*comments, text, compiled, names, opens))
    return Demo(path, doc, tuple(statements), "\n".join(read_comments(lines[end:])).strip())


def share_lines(body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Group the statements that stand on one line, for a line is run as a whole."""
    group: list[ast.stmt] = []
    for node in body:
        if group and node.lineno != group[-1].end_lineno:
            yield group
            group = []
        group.append(node)
    if group:
        yield group


def first_line(node: ast.stmt) -> int:
    """Return the number of the line on which a statement begins, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def read_comments(lines: list[str]) -> tuple[str, str, str]:
    """Return what lines of comments say before a cell, the title of the cell, and the rest.

    >>> read_comments(["# It is 6.", "# %% The product", "# Each factor is the other's partial."])
    ('It is 6.', 'The product', "Each factor is the other's partial.")
    """
    titles = [cell[1].strip() for cell in map(CELL.match, lines) if cell]
    first = next((i for i, line in enumerate(lines) if CELL.match(line)), 0)
    above, below = join_comments(lines[:first]), join_comments(lines[first:])
    return above, " - ".join(filter(None, titles)), below


def join_comments(lines: list[str]) -> str:
    """Return the text of comments."""
    texts = [x.strip().removeprefix("#").removeprefix(" ") for x in lines if not CELL.match(x)]
    return "\n".join(texts).strip("\n")


def assigned_names(node: ast.stmt) -> tuple[str, ...]:
    """Return the names, plain or dotted, to which a statement gives a value.

    >>> assigned_names(ast.parse("w.data, (b, *rest), table[0] = numbers").body[0])
    ('w.data', 'b', 'rest')
    """
    if not isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) or node.value is None:
        return ()
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    parts = [part for target in targets for part in ast.walk(target)]
    names = [ast.unparse(p) for p in parts if isinstance(getattr(p, "ctx", None), ast.Store)]
    return tuple(name for name in names if all(map(str.isidentifier, name.split("."))))


@contextmanager
def as_main(module: ModuleType) -> Iterator[None]:
    """Let a demo's module be ``__main__`` for a while, where pickle looks for its names."""
    saved = sys.modules["__main__"], sys.argv, sys.path
    path = str(module.__file__)
    sys.modules["__main__"], sys.argv = module, [path]
    sys.path = [str(Path(path).parent), *sys.path]
    try:
        yield
    finally:
        sys.modules["__main__"], sys.argv, sys.path = saved


def lessons(folder: Path) -> dict[Path, str]:
    """Return the lessons of a folder in order, each with its docstring's first line.

    These are its numbered scripts, or all, if none has a number. Raises FileNotFoundError if there
    are none.
    """
    scripts = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    numbered = [path for path in scripts if re.match(r"\d+_", path.name)]
    paths = sorted(numbered, key=lambda path: (number_of(path), path.name)) or scripts
    if not paths:
        raise FileNotFoundError(
            f"no demos in {folder}: this copy of autograd_mini came without them; "
            "give the path of a script, or install it anew"
        )
    return {path: read_question(path) for path in paths}


def number_of(path: Path) -> int:
    """Return the number that a demo's file name begins with."""
    return int(path.name.split("_")[0])


def number_lessons(folder: Path) -> list[tuple[int, Path]]:
    """Return the lessons of a folder with their numbers; scripts without one are counted."""
    paths = [*lessons(folder)]
    if re.match(r"\d+_", paths[0].name):
        return [(number_of(path), path) for path in paths]
    return [*enumerate(paths, 1)]


def read_question(path: Path) -> str:
    """Return the first line of a script's docstring, or why there is none."""
    try:
        doc = ast.get_docstring(ast.parse(path.read_bytes()))
    except SyntaxError as error:
        return f"(cannot be read: {error})"
    return (doc or "(no docstring)").splitlines()[0]


def find(folder: Path, which: str) -> Path:
    """Return the demo that a number names, or the script at a path.

    Raises FileNotFoundError if there is no such file or, with a list of what there is, no such
    number.
    """
    if Path(which).is_file():
        return Path(which)
    if Path(which).name != which or Path(which).suffix:
        raise FileNotFoundError(f"there is no file {which}")
    for number, path in number_lessons(folder):
        if which.isdecimal() and number == int(which):
            return path
    raise FileNotFoundError(f"no demo {which!r}; there are\n{index(folder)}")


def index(folder: Path) -> str:
    """Return the list of a folder's demos, one line each."""
    questions = lessons(folder)
    return "\n".join(f"{i:4}  {questions[path]}" for i, path in number_lessons(folder))


def demos_folder() -> Path:
    """Return the folder of the demos: inside an installed package, beside one in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / "demos"
    return inside if inside.is_dir() else package.parent / "demos"
