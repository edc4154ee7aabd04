"""Faults: what can be planted into a source, one small change at a time."""

import ast
from collections.abc import Iterator
from typing import NamedTuple

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

    def __str__(self) -> str:
        where = f"{self.file}:{self.number} in {self.function}"
        return f"{where}\n    - {self.line}\n    + {self.change}"

    @property
    def line(self) -> str:
        """Return the line as it is."""
        return self.source.splitlines()[self.number - 1].strip()

    @property
    def change(self) -> str:
        """Return the line as it is with the fault."""
        return self.changed.splitlines()[self.number - 1].strip()


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
        case ast.keyword(arg="help" | "metavar"):  # what a command line says of itself
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
        case ast.Return(value=None | ast.Constant(value=False | None)):
            pass  # without it the function returns None: hardly another answer
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
