"""Listings: a recording written as Python, one line per operation and per term of the chain rule.

A line is a record until the very end: what it assigns, what it reads, and the right side.

>>> line = Line("d_grad", ("c_grad", "e"), "c_grad * e", "∂c/∂d = e")
>>> print(line)
d_grad = c_grad * e  # ∂c/∂d = e
"""

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from autograd_mini.engine.primitives import TABLE, Primitive, mul
from autograd_mini.engine.sums import Variadic, affine_sum, halves
from autograd_mini.notation.identifiers import RESERVED, identifiers
from autograd_mini.notation.notation import PRODUCT
from autograd_mini.program.recording import Operation, Progress, Recording, without_progress
from autograd_mini.program.templates import (
    Expression,
    Template,
    Templates,
    call_operands,
    find_template,
    write_comments,
    write_partials,
    write_term,
)

TERMS = 100  # of a sum on one line; Python's compiler descends one level for every sign
WIDTH = 100  # of a line
COMPUTES = "forward: one line for each operation"
DIFFERENTIATES = "backward: for every y that was computed from x, ∂{0}/∂x += ∂{0}/∂y·∂y/∂x"


class Line(NamedTuple):
    """A line of a program: it assigns to the *target* what the *right* side computes."""

    target: str
    reads: tuple[str, ...]
    right: str
    comment: str = ""

    def __str__(self) -> str:
        return f"{self.code}  # {self.comment}" if self.comment else self.code

    @property
    def code(self) -> str:
        """The line without its comment."""
        return f"{self.target} = {self.right}"


@dataclass(frozen=True)
class Function:
    """A function of straight lines, not yet compiled.

    It returns the *output*, and a tuple each of what belongs to the inputs and to the parameters.
    """

    name: str
    arguments: tuple[str, ...]
    forward: tuple[Line, ...]
    output: str
    backward: tuple[Line, ...] = ()
    of_inputs: tuple[str, ...] = ()
    of_parameters: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, forward and backward."""
        return self.forward + self.backward

    @property
    def returned(self) -> tuple[str, ...]:
        """The names that it returns."""
        return (self.output, *self.of_inputs, *self.of_parameters)

    @property
    def last(self) -> dict[str, int]:
        """The number of the last line that reads or assigns each name."""
        return {name: i for i, line in enumerate(self.lines) for name in (*line.reads, line.target)}

    @property
    def results(self) -> str:
        """What it returns, as Python reads it."""
        return f"{self.output}, {write_tuple(self.of_inputs)}, {write_tuple(self.of_parameters)}"

    @property
    def source(self) -> str:
        """The function as one would write it by hand."""
        body = [f"# {COMPUTES}", *map(str, self.forward)]
        if self.backward:
            body += [f"# {DIFFERENTIATES.format(self.output)}", *map(str, self.backward)]
        return write_function(self.name, self.arguments, body, self.results)


def write_function(name: str, arguments: Iterable[str], body: Iterable[str], results: str) -> str:
    """Write a function as Python's compiler reads it."""
    head = fold(f"def {name}({', '.join(arguments)}):", "")
    last = fold(f"return {results}", "    ")
    if len(last) > 1:  # a line that is folded needs parentheses to be folded in
        last = fold(f"return ({results})", "    ")
    return "\n".join([*head, *(f"    {line}" for line in body), *last, ""])


def write_tuple(names: Sequence[str]) -> str:
    """Write a tuple."""
    return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def fold(line: str, indent: str) -> list[str]:
    """Break a long line where it is inside parentheses."""
    return textwrap.wrap(line, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ")


@dataclass(frozen=True)
class Listing:
    """The lines of a program, *value_and_gradients*, and what they call.

    *primitives* are those in the lines, and *constants* tells which of ``inf`` and ``nan`` are.
    """

    value_and_gradients: Function
    primitives: dict[str, Primitive]
    constants: tuple[str, ...] = ()

    @property
    def value(self) -> Function:
        """The function that computes the output alone."""
        whole = self.value_and_gradients
        return Function("value", whole.arguments, whole.forward, whole.output)

    @property
    def source(self) -> str:
        """All lines, after the imports that they need."""
        imports = [*import_lines(self.primitives, self.constants)]
        blank = ["", ""] if imports else []
        return "\n".join([*imports, *blank, self.value_and_gradients.source])


def import_lines(functions: Mapping[str, Primitive], constants: Iterable[str]) -> Iterator[str]:
    """Write the imports of functions and of constants that are no literals of Python's."""
    maths = sorted([*constants, *({"pow"} & functions.keys())])
    if maths:
        yield f"from math import {', '.join(maths)}"
    modules: dict[str, list[str]] = {}
    for name in sorted(functions.keys() - {"abs", "neg", "pow"}):
        modules.setdefault(functions[name].home[0], []).append(name)
    for module, names in sorted(modules.items()):
        yield f"from {module} import {', '.join(names)}"


# Lines -------------------------------------------------------------------------------------------


def write_listing(
    recording: Recording, inputs: int, progress: Progress = without_progress
) -> Listing:
    """Write a recording whose first leaves are the *inputs*, and show *progress*."""
    used = find_primitives(recording.operations)
    names = identifiers(progress(recording.names, "name"), used)
    adjoints = tuple(f"{name}_grad" for name in names[: recording.leaves])
    whole = Function(
        name="value_and_gradients",
        arguments=tuple(names[: recording.leaves]),
        forward=tuple(forward_lines(recording, names, progress)),
        output=names[-1],
        backward=tuple(backward_lines(recording, names, progress)),
        of_inputs=adjoints[:inputs],
        of_parameters=adjoints[inputs:],
    )
    return Listing(whole, used, tuple(find_constants(recording.operations)))


def find_constants(operations: Iterable[Operation]) -> list[str]:
    """Return which of ``inf`` and ``nan`` are among the constants."""
    odd = {abs(x) for _, operands in operations for x in operands if not math.isfinite(x)}
    return sorted({"nan" if math.isnan(x) else "inf" for x in odd})


def find_templates(op: Primitive, operands: Sequence[int | float]) -> Templates:
    """Return the templates of an operation."""
    return find_template(op, tuple([None if isinstance(x, int) else repr(x) for x in operands]))


def find_primitives(operations: Iterable[Operation]) -> dict[str, Primitive]:
    """Collect the primitives that occur in the lines."""
    found: dict[str, Primitive] = {}
    for op, operands in operations:
        functions = {} if isinstance(op, Variadic) else find_templates(op, operands).functions
        for name, function in functions.items():
            if found.setdefault(name, function) is not function:
                raise ValueError(f"two primitives are called {name}: give one another name")
    return found


def check_primitives(used: Iterable[Primitive]) -> None:
    """Raise ValueError for a primitive of yours whose name is no identifier or is taken."""
    known = {*TABLE.values()}
    for op in used:
        own = op not in known and not isinstance(op, Variadic)
        if own and (not op.name.isidentifier() or op.name in RESERVED):
            raise ValueError(
                f"a primitive called {op.name!r} cannot be recorded: give it another name"
            )


def name_places(operands: Sequence[int | float], names: Sequence[str]) -> list[str | float]:
    """Return the operands by their names; constants stay numbers."""
    return [names[x] if isinstance(x, int) else x for x in operands]


def forward_lines(recording: Recording, names: Sequence[str], progress: Progress) -> Iterator[Line]:
    """Write one line for each operation; a long sum takes several."""
    for node in progress(range(recording.leaves, len(names)), "operation"):
        op, operands = recording.operation(node)
        name = str(names[node])
        if isinstance(op, Variadic):
            yield from sum_lines(name, write_addends(op, name_places(operands, names)))
        else:
            template = find_templates(op, operands).forward
            right, reads, _ = template.fill(name_places(operands, names), name)
            yield Line(name, reads, right)


def write_addends(op: Variadic, operands: Sequence[str | float]) -> list[Expression]:
    """Write what a sum adds up."""
    named = call_operands(Expression.named, operands)
    if op is not affine_sum:
        return [Expression.of(x) for x in named]
    products = map(partial(Expression.exactly, mul), *halves(named[:-1]))
    return [*products, Expression.of(named[-1])]


def sum_lines(target: str, addends: Sequence[Expression]) -> Iterator[Line]:
    """Write a sum from left to right, so many terms on a line."""
    for i in range(0, len(addends), TERMS):
        some = [*([Expression.named(target)] if i else []), *addends[i : i + TERMS]]
        right = " + ".join([some[0].text, *(x.on_the_right(PRODUCT) for x in some[1:])])
        yield Line(target, tuple(dict.fromkeys(name for x in some for name in x.reads)), right)


def backward_lines(
    recording: Recording, names: Sequence[str], progress: Progress
) -> Iterator[Line]:
    """Write one line for each term, adjoint · partial, that somebody needs."""
    output, known = names[-1], {len(names) - 1}
    yield Line(f"{output}_grad", (), "1.0")
    for node, x, term in find_terms(recording, names, progress):
        line = Line(
            f"{names[x]}_grad",
            term.reads,
            term.right,
            f"∂{names[node]}/∂{names[x]} = {term.partial}",
        )
        yield add_term(line) if x in known else line
        known.add(x)
    for x in sorted({*range(recording.leaves)} - known):
        yield Line(f"{names[x]}_grad", (), "0.0", f"∂{output}/∂{names[x]} = 0")


def add_term(line: Line) -> Line:
    """Let a line add to what its target is; a term with a minus is taken off."""
    target, reads, right, comment = line
    total = f"{target} - {right[1:]}" if right.startswith("-") else f"{target} + {right}"
    return Line(target, (target, *reads), total, comment)


def find_terms(
    recording: Recording, names: Sequence[str], progress: Progress
) -> Iterator[tuple[int, int, Template]]:
    """Yield nodes, operands and the written terms in the order of ``backward``."""
    contributes = find_contributing(recording)
    reached = {len(contributes) - 1}
    for node in progress(recording.order, "operation"):
        operands = recording.operation(node)[1]
        for x, term in zip(operands, write_terms(recording, node, names), strict=True):
            if term and node in reached and contributes[int(x)]:
                reached.add(int(x))
                yield node, int(x), term


def write_terms(recording: Recording, node: int, names: Sequence[str]) -> list[Template | None]:
    """Write the term of each operand of a node, adjoint · partial; None where there is none."""
    op, operands = recording.operation(node)
    y, named = names[node], name_places(operands, names)
    if not isinstance(op, Variadic):
        terms = find_templates(op, operands).terms
        return [term and term.fill(named, y) for term in terms]
    partials = write_partials(Expression.named, op, named, y)
    shown = write_comments(op, named, y)
    return [write_term(f"{y}_grad", *pair) for pair in zip(partials, shown, strict=True)]


def find_contributing(recording: Recording) -> list[bool]:
    """Tell which nodes are leaves or have a partial other than 0 on some way to a leaf."""
    found = [True] * recording.leaves
    for op, operands in recording.operations:
        terms = operands if isinstance(op, Variadic) else find_templates(op, operands).terms
        pairs = zip(operands, terms, strict=True)
        found.append(any(isinstance(x, int) and term is not None and found[x] for x, term in pairs))
    return found
