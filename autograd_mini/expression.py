"""Expressions: arithmetic typed as text becomes a graph, and nothing else that is typed is run.

>>> y = parse("(a*b + c).tanh()", {"a": 2, "b": -3, "c": 10})
>>> f"{y.data:.4f}", y.op, assignments(["a=2", "b=1/3"])
('0.9993', <primitive tanh>, {'a': 2.0, 'b': 0.3333333333333333})

The text is parsed by Python's own ``ast`` and evaluated here node by node, against a list of what
is allowed; it is never given to ``eval``.
"""

import ast
import keyword
import re
import sys
import unicodedata
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from autograd_mini.engine import Value, arguments
from autograd_mini.engine import primitives as p
from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.primitives import Primitive

LONGEST_TEXT = 10_000  # characters; Python's parser is safe from far more, but nobody types them

INFIX: dict[type[ast.operator], Primitive] = {
    ast.Add: p.add,
    ast.Sub: p.sub,
    ast.Mult: p.mul,
    ast.Div: p.div,
    ast.Pow: p.power,
}
FUNCTIONS: dict[str, Primitive] = {
    name: op for name, op in p.TABLE.items() if name in vars(Arithmetic)
}
ALLOWED = "allowed are numbers, given names, + - * / ** and functions, such as exp(a) or a.exp()"

# Signs of handwriting and of our own formulas, and how to type them.
TYPED = dict.fromkeys("·⋅∙×∗", "*") | dict.fromkeys("÷∕⁄", "/") | dict.fromkeys("−–—", "-")
TYPED |= {sign: f"**{figure}" for sign, figure in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True)}
TYPED |= {"^": "**", "√": "sqrt(…)", "½": "1/2"}

# What others call functions that have no name of their own here, or another one.
UNNAMED = {"ln": "log(…)", "log10": "log(…)/log(10)", "log2": "log(…)/log(2)", "pow": "a**b"}

BY_HAND = re.compile(
    r"(?<![\w.])(?!0[xXoObB])((?>\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?))([^\W\d]\w*)"
)
"""A number right before a name, as products are written by hand."""

# What is not allowed, in words.
KINDS: dict[type[ast.AST], str] = {
    ast.Attribute: "an attribute",
    ast.Await: "a word of Python",
    ast.BoolOp: "a logical operator",
    ast.Call: "a call of something without a name (a product has a *)",
    ast.Compare: "a comparison",
    ast.Constant: "what is no real number",
    ast.Dict: "a dictionary",
    ast.IfExp: "a condition",
    ast.JoinedStr: "a string",
    ast.Lambda: "a lambda",
    ast.List: "a list",
    ast.NamedExpr: "an assignment",
    ast.Set: "a set",
    ast.Starred: "a starred operand",
    ast.Subscript: "a subscript",
    ast.Tuple: "a comma (2.5 has a point)",
    ast.keyword: "a keyword argument",
    **dict.fromkeys([ast.DictComp, ast.GeneratorExp, ast.ListComp, ast.SetComp], "a comprehension"),
    ast.BitAnd: "the operator &",
    ast.BitOr: "the operator |",
    ast.FloorDiv: "the operator //",
    ast.Invert: "the operator ~",
    ast.LShift: "the operator <<",
    ast.MatMult: "the operator @",
    ast.Mod: "the operator %",
    ast.Not: "the operator not",
    ast.RShift: "the operator >>",
}


class ExpressionError(ValueError):
    """A text that is no expression of numbers, names and functions of the table."""


def parse(text: str, values: Mapping[str, float]) -> Value:
    """Return the Value of an expression, in which each name stands for one leaf.

    *values* are real numbers by name; those that the text does not use have no leaf. Raises
    ExpressionError, in one line, for a text that holds anything but arithmetic; what the
    primitives raise where one of them fails; TypeError for a value that is no real number.

    >>> parse("a + a", {"a": 2}).operands
    (Value(data=2.0, grad=0.0, label='a'), Value(data=2.0, grad=0.0, label='a'))
    """
    return find_value(Reader(text, values))


def find_value(reader: "Reader") -> Value:
    """Return the Value that a reader finds in its text."""
    try:
        result = reader.evaluate(tree(reader.text))
    except (RecursionError, MemoryError):
        raise ExpressionError(f"the expression {reader.text!r:.40} is nested too deeply") from None
    return result if isinstance(result, Value) else Value(result)


def assignments(texts: Iterable[str]) -> dict[str, float]:
    """Return the numbers by name of texts such as ``a=2``, ``b=-1/3`` or ``c=sqrt(2)``.

    Raises ExpressionError for a text without a name or a number, and for a name that comes twice.
    """
    values: dict[str, float] = {}
    for text in texts:
        name, number = assignment(text)
        if name in values:
            raise ExpressionError(f"{name} is given twice, the second time as {text!r:.40}")
        values[name] = number
    return values


def assignment(text: str) -> tuple[str, float]:
    """Return the name and the number of a text such as ``a=2``."""
    name, sign, number = (part.strip() for part in text.partition("="))
    if not sign:
        raise ExpressionError(f"need name=number, such as a=2, got {text!r:.40}")
    if not name.isidentifier() or keyword.iskeyword(name):
        advice = "a name has letters, digits and _, and is no word of Python's such as lambda"
        raise ExpressionError(f"{name!r:.40} in {text!r:.40} cannot be a name: {advice}")
    try:
        return normal(name), find_value(NumberReader(number, {})).data
    except (ArithmeticError, ValueError) as error:
        raise ExpressionError(f"{name} needs a number, got {text!r:.40}: {error}") from None


def tree(text: str) -> ast.expr:
    """Parse a text as one expression of Python; raise ExpressionError where that cannot be."""
    if not text.strip():
        raise ExpressionError(f"the expression is empty; {ALLOWED}")
    if len(text) > LONGEST_TEXT:
        raise ExpressionError(
            f"the expression has {len(text)} characters, more than {LONGEST_TEXT}"
        )
    for sign in filter(TYPED.get, text):
        raise ExpressionError(f"for {sign} type {TYPED[sign]} (in {text!r:.60}); {ALLOWED}")
    if "#" in text:  # Python would take the rest for a comment
        raise ExpressionError(f"# is not allowed (in {text!r:.60}); {ALLOWED}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Python finds doubtful is no expression here
            return ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        reason = f"{by_hand(text) or error.msg.split('. ')[0]}, column {error.offset or 1}"
    except ValueError as error:  # null characters, lone surrogates
        reason = str(error)
    raise ExpressionError(f"{text!r:.60} is no expression ({reason}); {ALLOWED}")


def by_hand(text: str) -> str:
    """Say how to type what was written as by hand, if there is a product or an equation.

    >>> by_hand("1 + 2a"), by_hand("L = a*b"), by_hand("1e5*a")
    ('for 2a type 2*a', 'an expression has no =', '')
    """
    if found := BY_HAND.search(text):
        return f"for {found[0]} type {found[1]}*{found[2]}"
    return "an expression has no =" if "=" in text else ""


def normal(name: str) -> str:
    """Return a name as Python's parser has it, for which two kinds of μ are one."""
    return unicodedata.normalize("NFKC", name)


class Reader:
    """Evaluates an expression with one leaf for each name."""

    nameless = "give it one: {}=2"

    def __init__(self, text: str, values: Mapping[str, float]) -> None:
        self.text = arguments.text(text, "an expression").strip()
        if not isinstance(values, Mapping):
            told = arguments.described(values)
            raise TypeError(f"the values are a mapping such as {{'a': 2}}, got {told}")
        self.leaves = {normal(name): Value(number, name) for name, number in values.items()}

    def evaluate(self, node: ast.expr) -> Any:
        """Return what a node of the tree stands for: this is the list of what is allowed."""
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                result: Any = self.number(node, number)
            case ast.Name(id=name):
                result = self.leaf(node, name)
            case ast.UnaryOp(op=ast.UAdd(), operand=a):
                result = self.evaluate(a)
            case ast.UnaryOp(op=ast.USub(), operand=a):
                result = self.apply(p.neg, a)
            case ast.BinOp(left=a, op=op, right=b) if type(op) in INFIX:
                result = self.apply(INFIX[type(op)], a, b)
            case ast.Call(func=ast.Name(id=name), args=operands, keywords=[]):
                result = self.apply(self.function(node, name, operands), *operands)
            case ast.Call(func=ast.Attribute(value=a, attr=name), args=others, keywords=[]):
                result = self.apply(self.function(node, name, [a, *others]), a, *others)
            case _:
                culprit = next(iter(getattr(node, "keywords", ())), node)
                raise self.error(culprit, f"{kind(culprit)} is not allowed", ALLOWED)
        return result

    def apply(self, op: Primitive, *operands: ast.expr) -> Any:
        """Apply a primitive to what the operands stand for."""
        return op(*map(self.evaluate, operands))

    def number(self, node: ast.Constant, number: float) -> float:
        """Return a number as a float."""
        try:
            if (x := float(number)) < float("inf"):
                return x
        except OverflowError:  # a whole number of more than 308 digits
            pass
        raise self.error(node, "a number too large for a float", f"at most {sys.float_info.max}")

    def leaf(self, node: ast.Name, name: str) -> Value:
        """Return the leaf of a name."""
        if name in self.leaves:
            return self.leaves[name]
        if name in FUNCTIONS:
            raise self.error(node, f"{name} is a function", f"write {name}(…)")
        problem = f"the name {name!r:.40} has no number"
        if not self.leaves:
            raise self.error(node, problem, self.nameless.format(name))
        product = f"for a product type {'*'.join(name)}; " if self.leaves.keys() >= {*name} else ""
        advice = product or meant(name, self.leaves)
        raise self.error(node, problem, f"{advice}given are {', '.join(self.leaves)}")

    def function(self, node: ast.Call, name: str, operands: Sequence[ast.expr]) -> Primitive:
        """Return the function of that name, if there is one and it takes so many operands."""
        if name in FUNCTIONS:
            op = FUNCTIONS[name]
            if len(operands) == len(op.rules):
                return op
            problem, remedy = f"{name} got {len(operands)} operands", f"it takes {len(op.rules)}"
            match node.func:
                case ast.Attribute(value=ast.Name(id=module)) if module not in self.leaves:
                    problem, remedy = f"{module} has no number", f"write {name}(…)"
        elif name in self.leaves:
            problem, remedy = f"{name} is a number", f"for a product write {name}*(…)"
        else:
            problem = f"no function is called {name!r:.40}"
            advice = f"write {UNNAMED[name]}; " if name in UNNAMED else meant(name, FUNCTIONS)
            remedy = advice + f"there are {', '.join(sorted(FUNCTIONS))}"
        raise self.error(node, problem, remedy)

    def error(self, node: ast.expr | ast.keyword, problem: str, remedy: str) -> ExpressionError:
        """Return the error that names a problem, where it is in the text, and what to do.

        Columns are counted in characters, where ast counts bytes.
        """
        line = self.text.splitlines()[node.lineno - 1].encode()
        column = len(line[: node.col_offset].decode(errors="ignore")) + 1
        segment = ast.get_source_segment(self.text, node)
        return ExpressionError(f"{problem} (column {column}: {segment!r:.40}); {remedy}")


class NumberReader(Reader):
    """Evaluates the number that a name is given, in which there are no names."""

    nameless = "a number is needed here, such as 2, 1/3 or sqrt(2)"


def kind(node: ast.AST) -> str:
    """Say what a node is in words."""
    operation: ast.AST = getattr(node, "op", node)
    return KINDS.get(type(operation)) or KINDS.get(type(node), type(node).__name__)


def meant(name: str, known: Collection[str]) -> str:
    """Ask whether a known name was meant that is close to *name*.

    It has the same letters, or begins with them, or most of them.

    >>> meant("tahn", FUNCTIONS), meant("min", FUNCTIONS), meant("q", ["a"])
    ('did you mean tanh? ', 'did you mean minimum? ', '')
    """
    same = [x for x in known if sorted(x) == sorted(name)]
    longer = [x for x in known if len(name) > 2 and x.startswith(name)]
    close = same or longer or get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}? " if close else ""
