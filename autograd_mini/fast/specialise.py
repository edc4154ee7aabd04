"""Specialise: Value's operators, written out from the table when the package is imported.

The generic path asks at every operation what its operands are. Here each rule is applied to Code
once and becomes a method that does one thing, the way ``dataclasses`` writes methods. What is out
of the ordinary (another kind of operand, a domain error, a missing partial) goes the generic path.

>>> import inspect
>>> from autograd_mini.engine import Value
>>> [line.strip() for line in inspect.getsource(Value.tanh).splitlines() if "y._d" in line]
['y._data = d = tanh(a)', 'y._da = 1 - d ** 2', 'y._b = y._db = None']
"""

import linecache
from collections.abc import Iterator
from functools import partial
from textwrap import indent
from typing import Any

from autograd_mini.engine import Value, primitives
from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.primitives import Primitive
from autograd_mini.notation.notation import write_partial
from autograd_mini.notation.python import Code

INFIX = {"add": primitives.add, "sub": primitives.sub, "mul": primitives.mul}
INFIX |= {"truediv": primitives.div, "pow": primitives.power}
SCOPE = {op.name: op.forward for op in vars(primitives).values() if isinstance(op, Primitive)}
SCOPE |= {"Value": Value, "new": partial(object.__new__, Value), "pow": primitives.power.forward}

CONSTANT = "{0} if {0}.__class__ is float else float({0})"
METHOD = """\
def method({parameters}):
    try:
{cases}
    except (ArithmeticError, ValueError):
        return generic({parameters})
    y.op = op
    y.grad = 0.0
    y.label = ""
    y.reached = None
    return y
"""
FORWARD = """\
if other.__class__ is Value:
{nodes}
elif other.__class__ is float or other.__class__ is int:
{constant}
else:
    return generic(self, other)"""
UNARY = "{constant}"
REFLECTED = """\
if other.__class__ is not float and other.__class__ is not int:
    return generic(self, other)
{constant}"""


def case(op: Primitive, operands: list[str], nodes: list[str]) -> Iterator[str]:
    """Write the lines that make a node; *operands* that are not *nodes* are constants."""
    letters = [Code(letter) for letter in "ab"[: len(operands)]]
    call = "pow" if op is primitives.power else op.name  # ** would go on to complex numbers
    yield "y = new()"
    for letter, x in zip(letters, operands, strict=True):
        yield f"{letter} = {x}._data" if x in nodes else f"{letter} = {CONSTANT.format(x)}"
    yield f"y._data = d = {Code.write(call, *letters)}"
    for i, (letter, x) in enumerate(zip(letters, operands, strict=True)):
        rule = write_partial(op, i, letters, Code("d"))
        yield f"y._{letter} = {x if x in nodes else letter}"
        yield f"y._d{letter} = {Code.of(rule) if x in nodes else None}"
    if len(operands) == 1:
        yield "y._b = y._db = None"
    if len(nodes) == 1:
        yield f"y.depth = {nodes[0]}.depth + 1"
    else:
        yield "m = self.depth; n = other.depth"
        yield "y.depth = m + 1 if m > n else n + 1"


def written(op: Primitive, template: str, operands: list[str]) -> str:
    """Write a method for the case that all *operands* are nodes and that only self is one."""
    cases = template.format(
        nodes=indent("\n".join(case(op, operands, operands)), "    "),
        constant=indent("\n".join(case(op, operands, ["self"])), "    " * (template is FORWARD)),
    )
    parameters = ", ".join(sorted(operands, reverse=True))  # self comes first
    return METHOD.format(parameters=parameters, cases=indent(cases, "        "))


def define(name: str, source: str, scope: dict[str, Any]) -> Any:
    """Run the definition of a function; tracebacks and ``inspect`` find its source."""
    file = f"<specialised {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    namespace = SCOPE | scope
    exec(compile(source, file, "exec"), namespace)
    return namespace[source.split()[1].partition("(")[0]]


def specialise(name: str, op: Primitive, template: str, operands: list[str]) -> None:
    """Replace a method of Value."""
    attribute = getattr(Arithmetic, name)
    generic = partial(Value.apply, op) if attribute is op else attribute
    source = written(op, template, operands)
    setattr(Value, name, define(name, source, {"op": op, "generic": generic}))


for name, op in INFIX.items():
    specialise(f"__{name}__", op, FORWARD, ["self", "other"])
    specialise(f"__r{name}__", op, REFLECTED, ["other", "self"])
for name, op in vars(Arithmetic).items():
    if isinstance(op, Primitive) and len(op.rules) == 1:
        specialise(name, op, UNARY, ["self"])
    elif isinstance(op, Primitive):
        specialise(name, op, FORWARD, ["self", "other"])
