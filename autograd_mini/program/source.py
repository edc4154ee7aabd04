"""Listings: a recording written as Python, one line per operation and per term of the chain rule.

The lines come from the table: a primitive applied to Code is its forward line, a rule applied to
Code the factor of its term.

>>> from autograd_mini.engine.primitives import mul, tanh
>>> print(*templates(tanh, (None,)).forward, *templates(mul, (None, 3.0)).terms)
{y} = tanh({0}) ('{g} * 3.0', '3') ()
"""

import builtins
import keyword
import re
import textwrap
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, count
from typing import Any, ClassVar, NamedTuple

from autograd_mini.engine import primitives
from autograd_mini.engine.arguments import Undefined
from autograd_mini.engine.primitives import Primitive, mul
from autograd_mini.engine.sums import Variadic
from autograd_mini.notation.notation import Notation
from autograd_mini.notation.python import Code
from autograd_mini.notation.text import Symbol
from autograd_mini.program.recording import Progress, Recording, quiet

TERMS = 100  # of a sum on one line; Python's compiler descends one level for every sign
WIDTH = 100  # of a line
LONGEST = 40  # characters of a name
ZERO = {"0", "0.0", "-0.0"}
ONE = {"1", "1.0"}
MINUS_ONE = {"-1", "-1.0"}
TABLE = {op.name for op in vars(primitives).values() if isinstance(op, Primitive)}
RESERVED = {*keyword.kwlist, *dir(builtins), *TABLE, "inf", "nan"}


class Templates(NamedTuple):
    """How an operation is written, with ``{0}``, ``{1}``, … for operands, ``{y}`` and ``{g}``.

    A term is a line's right side and the partial for its comment; empty for a constant, and where
    the partial is 0. *functions* are the primitives that occur.
    """

    forward: tuple[str, ...]
    terms: tuple[tuple[str, str] | tuple[()], ...]
    functions: dict[str, Primitive]


class Noted(Code):
    """Code that notes the primitives that are applied to it."""

    __slots__ = ()
    functions: ClassVar[dict[str, Primitive]]

    @classmethod
    def apply(cls, op: Primitive, *operands: Any) -> Any:
        """Write the operation down, and note the primitive."""
        if not isinstance(op, Variadic):
            cls.functions[op.name] = op
        return super().apply(op, *operands)

    @classmethod
    def write_power(cls, base: Any, exponent: Any) -> Any:
        """Write a power; Python's ``**`` would go on to complex numbers, ``pow`` does not."""
        if exponent.text.removesuffix(".0").isdigit():
            return super().write_power(base, exponent)
        return cls(f"pow({base}, {exponent})")

    @classmethod
    def term(cls, partial: Any) -> str:
        """Write adjoint · partial; a partial of 1 or -1 needs no multiplication."""
        adjoint = cls("{g}")
        if str(partial) in ONE:
            return adjoint.text
        return f"-{adjoint}" if str(partial) in MINUS_ONE else str(mul(adjoint, partial))


@lru_cache(maxsize=4096)
def templates(op: Primitive, constants: tuple[float | None, ...]) -> Templates:
    """Write an operation; operands that are not *constants* are None."""

    class Written(Noted):
        __slots__ = ()
        functions: ClassVar[dict[str, Primitive]] = {}

    code = Written
    forward = code.apply(op, *placed(code, constants)).text
    terms = zip(partials(code, op, constants), partials(Symbol, op, constants), strict=True)
    return Templates(
        tuple(assignments(op, forward)),
        tuple(() if d is None else (code.term(d), Symbol.of(shown).text) for d, shown in terms),
        code.functions,
    )


def placed(kind: type[Notation], constants: Sequence[float | None]) -> list[Any]:
    """Return the operands: placeholders and constants."""
    return [kind(f"{{{i}}}") if x is None else x for i, x in enumerate(constants)]


def partials(kind: type[Notation], op: Primitive, constants: Sequence[float | None]) -> list[Any]:
    """Write the partials; None where the operand is a constant or the partial is 0."""
    operands, wanted = placed(kind, constants), [x is None for x in constants]
    found = op.partials(operands, kind("{y}"), wanted)
    if any(isinstance(d, Undefined) for d in found):  # let it fail where it is needed
        found = op.partials([kind.of(x) for x in operands], kind("{y}"), wanted)
    return [None if d is None or str(d) in ZERO else d for d in found]


def assignments(op: Primitive, right: str) -> Iterator[str]:
    """Write the forward line; a long sum on several."""
    terms = right.split(" + ") if isinstance(op, Variadic) else [right]
    for i in range(0, len(terms), TERMS):
        yield " + ".join([f"{{y}} = {'{y} + ' * (i > 0)}{terms[i]}", *terms[i + 1 : i + TERMS]])


def identifiers(names: Iterable[str], reserved: Collection[str] = ()) -> list[str]:
    """Turn names into identifiers, all different, that are no words of Python's or the table's.

    >>> identifiers(["layer1.w1", "lambda", "exp", "θ", "2x", "a b", "a-b", "__debug__", ""])
    ['layer1_w1', 'lambda_', 'exp_', 'θ', 'v2x', 'a_b', 'a_b_2', 'v__debug__', 'v']
    """
    taken = {*RESERVED, *reserved}
    return [identifier(name, taken) for name in names]


def identifier(name: str, taken: set[str]) -> str:
    """Return one that is not taken, nor is its adjoint's, and take both."""
    letters = unicodedata.normalize("NFKC", name)[:LONGEST]
    word = "".join(x if f"v{x}".isidentifier() else "_" for x in letters)
    word = word if re.match(r"[^\W\d_]", word) else unicodedata.normalize("NFKC", f"v{word}")
    word = f"{word}_" if word in RESERVED else word
    choices = chain([word], (f"{word}_{i}" for i in count(2)))
    found = next(x for x in choices if not {x, f"{x}_grad"} & taken)
    taken |= {found, f"{found}_grad"}
    return found


@dataclass(frozen=True)
class Function:
    """A function of straight lines, not yet compiled; *results* is what it returns."""

    name: str
    arguments: tuple[str, ...]
    lines: tuple[str, ...]
    results: str

    @property
    def head(self) -> list[str]:
        """The lines of the signature."""
        return folded(f"def {self.name}({', '.join(self.arguments)}):", "")

    @property
    def source(self) -> str:
        """The function as Python's compiler reads it."""
        body = [f"    {line}" for line in self.lines]
        whole = f"return {self.results}"
        fits = len(whole) < WIDTH - 4  # a line that is folded needs parentheses to be folded in
        last = folded(whole if fits else f"return ({self.results})", "    ")
        return "\n".join([*self.head, *body, *last, ""])

    @property
    def generator(self) -> str:
        """The same as a generator, which is sent arguments and yields results, again and again."""
        body = [f"[{', '.join(self.arguments)}] = yield _", *self.lines, f"_ = {self.results}"]
        head = [f"def {self.name}():", "    _ = None", "    while True:"]
        return "\n".join([*head, *(f"        {line}" for line in body), ""])


@dataclass(frozen=True)
class Listing:
    """The lines of a program: *forward* computes the *output*, *backward* every adjoint.

    *arguments* names the inputs, then the parameters; *primitives* are those in the lines.
    """

    arguments: tuple[str, ...]
    inputs: int
    output: str
    forward: tuple[str, ...]
    backward: tuple[str, ...]
    primitives: dict[str, Primitive]

    @cached_property
    def value(self) -> Function:
        """The function that computes the output."""
        return Function("value", self.arguments, self.forward, f"{self.output}, (), ()")

    @cached_property
    def value_and_gradients(self) -> Function:
        """The function that computes the output, and its derivatives after it."""
        adjoints = [f"{name}_grad" for name in self.arguments]
        inputs, parameters = tupled(adjoints[: self.inputs]), tupled(adjoints[self.inputs :])
        results = f"{self.output}, {inputs}, {parameters}"
        lines = (*self.forward, *self.backward)
        return Function("value_and_gradients", self.arguments, lines, results)


def tupled(names: Sequence[str]) -> str:
    """Write a tuple."""
    return f"({', '.join(names)}{',' * (len(names) == 1)})"


def folded(line: str, indent: str) -> list[str]:
    """Break a long line where it is inside parentheses."""
    return textwrap.wrap(line, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ")


def listed(recording: Recording, inputs: int, progress: Progress = quiet) -> Listing:
    """Write a recording whose first leaves are the *inputs*, and show *progress*.

    Raises ValueError for a primitive of yours whose name is no identifier or is taken.
    """
    used = functions(recording)
    names = identifiers(progress(recording.names, "name"), used)
    return Listing(
        arguments=tuple(names[: recording.leaves]),
        inputs=inputs,
        output=names[-1],
        forward=tuple(forward_lines(recording, names, progress)),
        backward=tuple(backward_lines(recording, names, progress)),
        primitives=used,
    )


def written(recording: Recording, node: int) -> Templates:
    """Return the templates of the operation that computes a node."""
    op, operands = recording.operation(node)
    return templates(op, tuple(None if isinstance(x, int) else x for x in operands))


def functions(recording: Recording) -> dict[str, Primitive]:
    """Collect the primitives that occur in the lines."""
    found: dict[str, Primitive] = {}
    for node in range(recording.leaves, len(recording.names)):
        for name, op in written(recording, node).functions.items():
            if found.setdefault(name, op) is not op:
                raise ValueError(f"two primitives are called {name}: give one another name")
    for name in found.keys() - TABLE:
        if not name.isidentifier() or name in RESERVED:
            raise ValueError(
                f"a primitive called {name!r} cannot be recorded: give it another name"
            )
    return found


def forward_lines(recording: Recording, names: Sequence[str], progress: Progress) -> Iterator[str]:
    """Write one line for each operation."""
    yield "# forward: one line for each operation"
    for node in progress(range(recording.leaves, len(names)), "operation"):
        operands = [names[x] if isinstance(x, int) else x for x in recording.operation(node)[1]]
        for line in written(recording, node).forward:
            yield line.format(*operands, y=names[node])


def backward_lines(recording: Recording, names: Sequence[str], progress: Progress) -> Iterator[str]:
    """Write one line for each term, adjoint · partial, that somebody needs."""
    output, known = names[-1], {len(names) - 1}
    yield f"# backward: for every y that was computed from x, ∂{output}/∂x += ∂{output}/∂y·∂y/∂x"
    yield f"{output}_grad = 1.0"
    for node, x, (right, partial) in terms(recording, progress):
        y, operand = names[node], names[x]
        operands = [names[i] if isinstance(i, int) else i for i in recording.operation(node)[1]]
        before = f"{operand}_grad + " if x in known else ""
        line = f"{operand}_grad = {before}{right}  # ∂{y}/∂{operand} = {partial}"
        yield line.format(*operands, y=y, g=f"{y}_grad").replace(" + -", " - ", 1)
        known.add(x)
    for x in sorted({*range(recording.leaves)} - known):
        yield f"{names[x]}_grad = 0.0  # ∂{output}/∂{names[x]} = 0"


def terms(recording: Recording, progress: Progress) -> Iterator[tuple[int, int, tuple[str, str]]]:
    """Yield nodes, operands and the templates of their terms in the order of ``backward``."""
    contributes = contributing(recording)
    reached = {len(contributes) - 1}
    for node in progress(recording.order, "operation"):
        operands = recording.operation(node)[1]
        for x, term in zip(operands, written(recording, node).terms, strict=True):
            if term and node in reached and contributes[int(x)]:
                reached.add(int(x))
                yield node, int(x), term


def contributing(recording: Recording) -> list[bool]:
    """Tell which nodes are leaves or have a partial other than 0 on some way to a leaf."""
    found = [True] * recording.leaves
    for node in range(recording.leaves, len(recording.names)):
        operands = recording.operation(node)[1]
        pairs = zip(operands, written(recording, node).terms, strict=True)
        found.append(any(term and found[int(x)] for x, term in pairs))
    return found
