"""Generate: write ``written.py``, the engine with one written-out method per primitive.

The plain methods of ``Arithmetic`` say which primitive each name stands for; the primitive applied
to ``Notation`` is the line that computes it, a rule applied to ``Notation`` the line of a partial,
and a rule applied to ``Symbol`` the formula in the docstring. So a new primitive, or a changed
rule, appears here by itself: ``make generate``, and a test compares the file with the table. What
changes in ``Node.evaluate`` or ``Node.accumulate`` is changed in the templates below as well.

>>> print(*lines_of_node(method_of("tanh"), ["self"]), sep=chr(10))
node = new()
node._data = tanh(self._data)
node._a = self
node._da = sech(self._data) ** 2
node._b = node._db = None
node.depth = self.depth + 1
"""

import ast
import builtins
import re
from collections.abc import Iterable, Iterator
from inspect import getsource, signature
from pathlib import Path
from textwrap import indent
from typing import Any, NamedTuple

from autograd_mini.engine import floats, primitives
from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.primitives import Primitive
from autograd_mini.notation.notation import Notation, write_partial
from autograd_mini.notation.words import tell_primitive

WRITTEN_OUT = 80  # characters of a body at most
FILE = Path(__file__).with_name("written.py")
ATTRIBUTES = {op: name for name, op in vars(primitives).items() if isinstance(op, Primitive)}
BY_NAME = primitives.TABLE | {"pow": primitives.power}

OUTLINE = '''\
"""Written by ``make generate`` from the table of primitives: change that, not this file.

``Value`` inherits from ``Fast``. Each method does what ``Node`` does in general, for one primitive
and the usual operands: Values and plain numbers. What is out of the ordinary (another kind of
operand, an error, a partial that does not exist) it hands to ``Node``.
"""

# That Value inherits from Fast, so that its methods return what they must, no checker sees:
# mypy: disable-error-code="no-any-return, override, return-value"
# pyright: reportIncompatibleMethodOverride=false, reportReturnType=false

from collections.abc import Sequence
from typing import Any

from autograd_mini.engine import primitives
from autograd_mini.engine.primitives import Primitive
from autograd_mini.engine.sums import Variadic
from autograd_mini.engine.value import Node, Value
from autograd_mini.fast import layers
from autograd_mini.fast.layers import new

{constants}


class Fast(Node):
    """The methods of ``Node``, written out."""

    __slots__ = ()

{methods}


METHODS = {{
{unary}
}}
"""The method of each function of one operand."""

COMPUTE: dict[Primitive, Any] = {{
{computing}
}}
"""What computes the data and the partials of a node of each primitive from other numbers."""
'''
METHOD = '''\
def {signature} -> Value:
    """{sentence}"""
    try:
{cases}
    except (ArithmeticError, ValueError):
        return Node.apply({op}, {operands})
    node.op = {op}
    node.reached = None
    return node
'''
OTHER_NUMBER = """\
if other.__class__ is int:
    other = float(other)
elif other.__class__ is not float:
    return Node.{name}(self, other)
{constant}"""
EITHER = """\
if other.__class__ is Value:
{nodes}
else:
{number}"""
REFUSED = """\
if {name} is not None:
    return Node.{method}(self, other, {name})
"""
DEEPER = """\
m = self.depth
n = other.depth
node.depth = m + 1 if m > n else n + 1"""
SWEEP = '''\
def accumulate(self, seed: float, leaves: dict[Node, float]) -> None:
    """Give each node the sum of its terms, adjoint · partial, the deepest nodes first."""
    sweep = object()
    levels: list[Any] = [None] * (self.depth + 1)
    self.reached = sweep
    if self.depth:
        self._grad = seed
        levels[self.depth] = [self]
    else:
        leaves[self] = self._grad
        self._grad += seed
    for depth in range(self.depth, 0, -1):
        nodes = levels[depth]
        if nodes is None:
            continue
        levels[depth] = None
        for node in nodes:
            adjoint = node._grad
            a = node._da
            b = node._db
            if a is not None:
{first}
            if b is not None:
{second}
            elif a is None:
                for operand, partial in zip(node._a, node._b, strict=True):
                    if partial is not None:
{each}
'''
RECEIVE = """\
x = {node}
if x.reached is sweep:
    x._grad += {term}
elif depth := x.depth:
    x.reached = sweep
    x._grad = {term}
    level = levels[depth]
    if level is None:
        levels[depth] = [x]
    else:
        level.append(x)
else:
    x.reached = sweep
    leaves[x] = x._grad
    x._grad += {term}"""
OTHERS = '''\
weighted_sums = staticmethod(layers.weighted_sums)

def compute(self, numbers: Sequence[float]) -> tuple[float, tuple[Any, ...]]:
    """Return what data and local partials would be if the operands had these numbers."""
    try:
        return COMPUTE[self.op](self, *numbers)
    except (KeyError, ArithmeticError, ValueError):
        return Node.compute(self, numbers)

@staticmethod
def computing(op: Primitive) -> Any:
    """Return what computes the nodes of a primitive, given the node and a number for each."""
    return COMPUTE.get(op) or Node.computing(op)

@staticmethod
def apply(op: Primitive, *operands: Any) -> Value:
    """Compute the result of *op* and remember where it came from."""
    if len(operands) == 1 and op in METHODS:
        return METHODS[op](*operands)
    if op.__class__ is Variadic and len(operands) > 2:
        return layers.many(op, operands)
    return Node.apply(op, *operands)
'''


class Method(NamedTuple):
    """A method of ``Arithmetic``: its name, its primitive, and ``self`` and ``other`` in order.

    What is *refused* are arguments that Python may give it, and that lead to an error.
    """

    name: str
    op: Primitive
    operands: list[str]
    refused: list[str]


class Asked(Arithmetic):
    """An operand that answers a method with the primitive and the operands it was applied to."""

    @classmethod
    def apply(cls, op: Primitive, *operands: Any) -> Any:
        """Answer with the question."""
        return op, operands


def method_of(name: str) -> Method:
    """Ask a method of ``Arithmetic`` which primitive it applies, and to what."""
    method = getattr(Arithmetic, name)
    parameters = [*signature(method).parameters.values()][1:]
    needed = [x for x in parameters if x.default is x.empty]
    op, operands = method(Asked(), *[0.0] * len(needed))
    places = ["self" if isinstance(x, Asked) else "other" for x in operands]
    return Method(name, op, places, [x.name for x in parameters if x not in needed])


def methods_of_arithmetic() -> list[Method]:
    """List the methods of ``Arithmetic`` with their primitives; ``+a`` applies none."""
    names = [name for name, method in vars(Arithmetic).items() if callable(method)]
    return [method_of(name) for name in names if name != "__pos__"]


def partial_of(op: Primitive, place: int, numbers: Iterable[str]) -> str:
    """Write the partial with respect to one operand as Python; *numbers* are written so."""
    return Notation.of(write_partial(op, place, [*map(Notation, numbers)], Notation("y"))).text


def lines_of_node(method: Method, nodes: list[str]) -> Iterator[str]:
    """Write the lines that make a node; operands that are not among *nodes* are constants."""
    op, operands = method.op, method.operands
    numbers = [f"{x}._data" if x in nodes else x for x in operands]
    partials = [
        partial_of(op, i, numbers) if x in nodes else "None" for i, x in enumerate(operands)
    ]
    yield "node = new()"
    result = "y = " if any(re.search(r"\by\b", partial) for partial in partials) else ""
    yield f"node._data = {result}{write_out(write_call(op, numbers))}"
    for letter, x, partial in zip("ab", operands, partials, strict=False):
        yield f"node._{letter} = {x}"
        yield f"node._d{letter} = {write_out(partial)}"
    if len(operands) == 1:
        yield "node._b = node._db = None"
    yield from [f"node.depth = {nodes[0]}.depth + 1"] if len(nodes) == 1 else DEEPER.splitlines()


def write_call(op: Primitive, numbers: Iterable[str]) -> str:
    """Write the call of a primitive; Python's ``**`` would go on to complex numbers."""
    name = "pow" if op is primitives.power else op.name
    return Notation.write(name, *map(Notation, numbers)).text


def write_out(text: str) -> str:
    """Write what a function of floats computes in the place of its call, where that is short.

    >>> write_out("relu(a)"), write_out("2 * above(a, 0.0)"), write_out("sigmoid(a)")
    ('0.0 if a <= 0 else a', '2 * (1.0 if a > 0.0 else 0.0 if a <= 0.0 else a + 0.0)', 'sigmoid(a)')
    """
    longer = ast.unparse(Bodies().visit(ast.parse(text, mode="eval")))
    return longer if len(longer) <= WRITTEN_OUT else text


class Bodies(ast.NodeTransformer):
    """Puts the body of a function into the place of a call, if it is one line that calls none."""

    def visit_Call(self, call: ast.Call) -> ast.AST:
        """Return the body with the arguments of the call, or the call."""
        name = ast.unparse(call.func)
        body = find_body(name)
        if not body or "(" in body:
            return call
        arguments = zip(signature(BY_NAME[name].forward).parameters, call.args, strict=True)
        places = {parameter: f"({ast.unparse(argument)})" for parameter, argument in arguments}
        filled = re.sub(r"\b[a-z]\b", lambda parameter: places[parameter[0]], body)
        return ast.parse(filled, mode="eval").body


def find_body(name: str) -> str:
    """Return the expression that a function of floats returns, if that is all it does."""
    function = BY_NAME[name].forward
    if getattr(floats, name, None) is function:
        match ast.parse(getsource(function)).body:
            case [ast.FunctionDef(body=[_, ast.Return(value=ast.expr() as body)])]:
                return ast.unparse(body)
    return ""


def write_computing(method: Method) -> str:
    """Write the function of numbers that returns y and its partials; a constant's is None."""
    op, letters = method.op, "ab"[: len(method.operands)]
    partials = [partial_of(op, i, letters) for i in range(len(letters))]
    if len(letters) > 1:
        pairs = zip(letters, partials, strict=True)
        partials = [f"None if node._d{letter} is None else {found}" for letter, found in pairs]
    result = f"(y := {write_call(op, letters)}, ({', '.join(partials)},))"
    return f"    {constant_name(op)}: lambda node, {', '.join(letters)}: {result},"


def write_method(method: Method) -> str:
    """Write a method: for two Values where it has an *other*, and for a Value and a number."""
    cases = "\n".join(lines_of_node(method, ["self"]))
    if "other" in method.operands:
        cases = OTHER_NUMBER.format(name=method.name, constant=cases)
    if method.operands == ["self", "other"]:
        nodes = "\n".join(lines_of_node(method, ["self", "other"]))
        cases = EITHER.format(nodes=indent(nodes, "    "), number=indent(cases, "    "))
    other = ", other: Any" if "other" in method.operands else ""
    for name in method.refused:
        other += f", {name}: Any = None"
        cases = REFUSED.format(method=method.name, name=name) + cases
    return METHOD.format(
        signature=f"{method.name}(self{other})",
        sentence=tell_primitive(method.op),
        cases=indent(cases, "        "),
        op=constant_name(method.op),
        operands=", ".join(method.operands),
    )


def constant_name(op: Primitive) -> str:
    """Return the name of a primitive in the written module."""
    return ATTRIBUTES[op].upper()


def write_sweep() -> str:
    """Write reverse accumulation, with the receipt of a term in three places."""

    def receive(depth: int, node: str, term: str) -> str:
        return indent(RECEIVE.format(node=node, term=term), "    " * depth)

    return SWEEP.format(
        first=receive(4, "node._a", "adjoint * a"),
        second=receive(4, "node._b", "adjoint * b"),
        each=receive(6, "operand", "adjoint * partial"),
    )


def write_constants(methods: list[Method], text: str) -> str:
    """Define the names of the primitives, and of the functions that the *text* calls."""
    lines = [f"{constant_name(x.op)} = primitives.{ATTRIBUTES[x.op]}" for x in methods]
    for name in sorted(BY_NAME.keys() & {*re.findall(r"\b([a-z]\w*)\(", text)}):
        if BY_NAME[name].forward is not getattr(builtins, name, None):
            lines.append(f"{name} = primitives.{ATTRIBUTES[BY_NAME[name]]}.forward")
    return "\n".join(dict.fromkeys(lines))


def source() -> str:
    """Return the whole text of ``written.py``."""
    found = methods_of_arithmetic()
    methods = [*map(write_method, found), write_sweep(), *OTHERS.split("\n\n")]
    text = indent("\n".join(f"{method.rstrip()}\n" for method in methods), "    ").rstrip()
    forward = [x for x in found if x.operands[0] == "self"]
    computing = "\n".join(dict.fromkeys(map(write_computing, forward)))
    unary = {constant_name(x.op): x.name for x in found if len(x.operands) == 1}
    lines = [f"    {op}: Fast.{name}," for op, name in unary.items()]
    return OUTLINE.format(
        constants=write_constants(found, text + computing),
        methods=text,
        unary="\n".join(lines),
        computing=computing,
    )


if __name__ == "__main__":
    FILE.write_text(source(), encoding="utf-8")
