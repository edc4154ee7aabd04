"""Do the tests notice a fault? Plant faults, one at a time, and run the room's own tests.

    python -m tests.mutants                      # every room; "make mutants"
    python -m tests.mutants engine view          # these rooms
    python -m tests.mutants program --sample 20 --seed 2

A fault is one small change of the source: another comparison or sign, a number one off, a statement
left out, two arguments exchanged. Tests that still pass have not noticed it: it survives. At least
95 of 100 are to be killed in each room; survivors are listed, each with its reason if we have one.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import NamedTuple

TOP = Path(__file__).parents[1]
GOAL = 0.95

# Where the code of each room lies, below autograd_mini/, and its own tests, below tests/.
ROOMS = {
    "engine": (["engine/*.py"], "engine"),
    "fast": (["fast/*.py"], "fast"),
    "notation": (["notation/*.py"], "notation"),
    "networks": (["nn.py", "losses.py", "optim.py", "saving.py"], "networks"),
    "stepping": (["stepping/*.py"], "stepping"),
    "program": (["program/*.py"], "program"),
    "view": (["view/*.py"], "view"),
    "lesson": (["lesson/*.py"], "lesson/test_lesson.py"),
    "teach": (["teach/*.py"], "teach"),
    "house": (["__init__.py", "__main__.py", "expression.py"], "house"),
}

# Survivors that are no fault of the tests, by file and by the line before and after.
REASONS: dict[tuple[str, str, str], str] = {
    (
        "saving.py",
        'write_whole(path, json.dumps(content, indent=1) + "\\n")',
        'write_whole(path, json.dumps(content, indent=(2)) + "\\n")',
    ): "how far a file is indented is nobody's concern",
}

OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.And: ast.Or,
    ast.Or: ast.And,
}


UNREAD = {"annotation", "returns", "decorator_list"}  # fields of the syntax tree without faults


class Fault(NamedTuple):
    """One change: the file, the function it is in, its line's number, and the text of the file."""

    file: str
    function: str
    number: int
    source: str
    changed: str

    @property
    def line(self) -> str:
        """Return the line as it is."""
        return self.source.splitlines()[self.number - 1].strip()

    @property
    def change(self) -> str:
        """Return the line as it is with the fault."""
        return self.changed.splitlines()[self.number - 1].strip()


# Faults -------------------------------------------------------------------------------------------


def faults(file: str, source: str) -> Iterator[Fault]:
    """Yield every fault that can be planted into a source."""
    for function, node in places(ast.parse(source), "the module"):
        for after in changes(node):
            if after != ast.unparse(node):
                yield Fault(file, function, node.lineno, source, exchanged(source, node, after))


def places(node: ast.AST, function: str) -> Iterator[tuple[str, ast.expr | ast.stmt]]:
    """Yield what computes something, each with the name of the function it is in."""
    for field, part in ast.iter_fields(node):
        for inner in part if isinstance(part, list) else [part]:
            if isinstance(inner, ast.AST) and field not in UNREAD and not is_idle(inner):
                name = getattr(inner, "name", None)
                within = name if isinstance(inner, ast.FunctionDef | ast.ClassDef) else function
                if isinstance(inner, ast.stmt | ast.expr):
                    yield function, inner
                yield from places(inner, str(within))


def is_idle(node: ast.AST) -> bool:
    """Return whether a node is there for readers and type checkers; text in f-strings has no place.

    >>> [is_idle(node) for node in ast.parse("import sys; 'text'; f'{x}'; x = 1").body]
    [True, True, False, False]
    """
    match node:
        case ast.Import() | ast.ImportFrom() | ast.JoinedStr() | ast.Expr(value=ast.Constant()):
            return True
        case ast.keyword(arg="strict"):  # zip: lengths that differ would be our own mistake
            return True
        case ast.If(test=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name in {"TYPE_CHECKING", "__all__"}
        case ast.Call(func=ast.Name(id=name)) | ast.FunctionDef(decorator_list=[ast.Name(id=name)]):
            return name in {"TypeVar", "ParamSpec", "cast", "overload"}
    return False


def changes(node: ast.AST) -> Iterator[str]:
    """Yield what could stand in the place of a node.

    >>> [text for node in ast.walk(ast.parse("f(a < 2, -b)")) for text in changes(node)]
    ['pass', 'f(-b, a < 2)', 'a <= 2', 'b', '3', '1']
    """
    match node:
        case ast.Expr() | ast.AugAssign() | ast.Return() | ast.Raise() | ast.Delete():
            yield "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) | ast.Break() | ast.Continue():
            yield "pass"
        case ast.Constant(value=value):
            yield from other_constants(value)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield ast.unparse(operand)
        case _:
            yield from map(ast.unparse, rearranged(node))


def other_constants(value: object) -> Iterator[str]:
    """Yield what a constant could be mistaken for.

    >>> [list(other_constants(value)) for value in (True, 2, 0.5, "text", "=")]
    [['False'], ['3', '1'], ['1.5', '-0.5'], ["'XXtext'"], []]
    """
    match value:
        case bool():
            yield str(not value)
        case int() | float():
            yield from (str(value + 1), str(value - 1))
        case str() if len(value) > 3:
            yield repr("XX" + value)


def rearranged(node: ast.AST) -> Iterator[ast.AST]:
    """Yield an expression with another operator, or with two of its parts exchanged."""
    match node:
        case ast.Compare(left=left, ops=[op], comparators=others) if type(op) in OTHER:
            yield ast.Compare(left, [OTHER[type(op)]()], others)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OTHER:
            yield ast.BinOp(left, OTHER[type(op)](), right)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(OTHER[type(op)](), values)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.Call(func=f, args=[a, b, *rest], keywords=named) if not is_spread(a, b):
            yield ast.Call(f, [b, a, *rest], named)


def is_spread(*arguments: ast.expr) -> bool:
    """Return whether one of these is an iterable that is spread over several arguments."""
    return any(isinstance(argument, ast.Starred) for argument in arguments)


def exchanged(source: str, node: ast.expr | ast.stmt, text: str) -> str:
    """Return the source with another text in the place of a node.

    >>> node = ast.parse("a * (b - c)").body[0].value.right
    >>> exchanged("a * (b - c)", node, "b + c")
    'a * ((b + c))'
    """
    lines = source.encode().splitlines(keepends=True)  # Python counts columns in bytes
    start = sum(map(len, lines[: node.lineno - 1])) + node.col_offset
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    end = sum(map(len, lines[: node.end_lineno - 1])) + node.end_col_offset
    put = text if isinstance(node, ast.stmt) else f"({text})"
    whole = source.encode()
    return (whole[:start] + put.encode() + whole[end:]).decode()


# Rooms --------------------------------------------------------------------------------------------


def files_of(room: str) -> list[Path]:
    """Return the files of a room's code, in order."""
    package = TOP / "autograd_mini"
    return sorted(path for pattern in ROOMS[room][0] for path in package.glob(pattern))


class Copy:
    """A copy of the repository to plant faults into."""

    def __init__(self, folder: Path, room: str) -> None:
        self.top = folder
        for name in ("autograd_mini", "tests", "demos"):
            skipped = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(TOP / name, folder / name, ignore=skipped)
        for name in ("pyproject.toml", "README.md", "Makefile", "LICENSE"):
            shutil.copy(TOP / name, folder)
        files = [str(path.relative_to(TOP)) for path in files_of(room)]
        self.tests = [f"tests/{ROOMS[room][1]}", *files]  # a room's doctests are its own tests, too

    def passes(self, limit: float) -> bool:
        """Run the room's own tests; what does not end within the limit, in seconds, has failed."""
        options = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not browser and not dot"]
        unwritten = {"PYTHONDONTWRITEBYTECODE": "1"}  # bytecode might be that of the last fault
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", *options, *self.tests],
                cwd=self.top,
                env={**os.environ, **unwritten, "PYTHONPATH": str(self.top)},
                capture_output=True,
                timeout=limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def survives(self, fault: Fault, limit: float) -> bool:
        """Plant a fault, return whether all tests pass nevertheless, and take it out again."""
        path = self.top / "autograd_mini" / fault.file
        whole = path.read_bytes()
        path.write_text(fault.changed, "utf-8")
        try:
            return self.passes(limit)
        finally:
            path.write_bytes(whole)


def try_room(room: str, sample: int, seed: int, processes: int) -> bool:
    """Plant a sample of a room's faults, say which survive, and return whether the goal is met."""
    planted = choose(room, sample, seed)
    with TemporaryDirectory() as folder:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(processes):
            copies.put(Copy(Path(folder, str(number)), room))
        limit = time_of_tests(copies)

        def tried(fault: Fault) -> bool:
            copy = copies.get()
            try:
                return copy.survives(fault, limit)
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(processes) as pool:
            lived = [f for f, lives in zip(planted, pool.map(tried, planted), strict=True) if lives]
    report(room, len(planted), lived)
    return len(lived) <= (1 - GOAL) * len(planted)


def choose(room: str, sample: int, seed: int) -> list[Fault]:
    """Draw a sample of the faults of a room; all of them if the sample is 0."""
    paths = {path.relative_to(TOP / "autograd_mini").as_posix(): path for path in files_of(room)}
    every = [
        fault for name, path in paths.items() for fault in faults(name, path.read_text("utf-8"))
    ]
    return random.Random(seed).sample(every, min(sample, len(every))) if sample else every


def time_of_tests(copies: "SimpleQueue[Copy]") -> float:
    """Run the tests without a fault; return the seconds after which a run has failed.

    Raises RuntimeError if they do not pass.
    """
    copy = copies.get()
    start = time.monotonic()
    if not copy.passes(600):
        raise RuntimeError(f"{copy.tests[0]} fails without a fault: mend that first")
    copies.put(copy)
    return 20 + 4 * (time.monotonic() - start)


def report(room: str, planted: int, survivors: list[Fault]) -> None:
    """Print the share that was killed, and each survivor with its reason."""
    killed = planted - len(survivors)
    print(f"{room}: {killed} of {planted} killed, {killed / max(planted, 1):.1%}", flush=True)
    for fault in survivors:
        reason = REASONS.get((fault.file, fault.line, fault.change), "a test is missing")
        print(f"  {fault.file}:{fault.number} in {fault.function}: {reason}")
        print(f"    - {fault.line}\n    + {fault.change}", flush=True)


def main() -> int:
    """Try the rooms asked for; return 1 if one of them misses the goal."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}; all")
    parser.add_argument("--sample", type=int, default=60, help="faults in each room, 60; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another sample")
    parser.add_argument("--processes", type=int, default=2, help="at a time, 2")
    options = parser.parse_args()
    if unknown := set(options.rooms) - set(ROOMS):
        parser.error(f"no room is called {', '.join(sorted(unknown))}")
    rooms = options.rooms or list(ROOMS)
    met = [try_room(room, options.sample, options.seed, options.processes) for room in rooms]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
