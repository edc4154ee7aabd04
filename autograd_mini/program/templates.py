"""Templates: how an operation of the table is written in Python, forward and for the chain rule.

>>> from autograd_mini.engine.primitives import exp, mul
>>> template = find_template(exp, (None,))
>>> template.forward.right, template.terms[0].right, template.terms[0].partial
('exp({0})', '{g} * {y}', '{y}')
>>> find_template(mul, (None, "3.0")).terms[0].right
'{g} * 3.0'
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Self

from autograd_mini.engine.primitives import (
    Primitive,
    Quantity,
    above,
    add,
    equal,
    mul,
    power,
    through,
)
from autograd_mini.engine.steady import is_flat
from autograd_mini.engine.undefined import Undefined
from autograd_mini.notation.algebra import W
from autograd_mini.notation.notation import ATOM, Notation
from autograd_mini.notation.text import Symbol

ONE = {"1", "1.0"}
MINUS_ONE = {"-1", "-1.0"}


class Template(NamedTuple):
    """The right side of a line, what it *reads*, and for a term the *partial* of its comment.

    Operands are ``{0}``, ``{1}``, …, the result is ``{y}`` and its adjoint ``{g}``.
    """

    right: str
    reads: tuple[str, ...]
    partial: str = ""

    def fill(self, operands: Sequence[str | float], y: str) -> "Template":
        """Put names in place of the placeholders."""

        def filled(text: str) -> str:
            return text.format(*operands, y=y, g=f"{y}_grad")

        return Template(filled(self.right), tuple(map(filled, self.reads)), filled(self.partial))


class Templates(NamedTuple):
    """How an operation is computed, and the term of each operand; None where there is none.

    A constant has no term, nor has an operand whose partial is 0 wherever it is. *functions* are
    the primitives that occur.
    """

    forward: Template
    terms: tuple[Template | None, ...]
    functions: dict[str, Primitive]


class Expression(Notation):
    """Python code that knows which names it reads and which primitives it calls.

    It is *flat* if it is made of flat functions and constants alone: where such a partial is 0, a
    branch is off.
    """

    __slots__ = ("flat", "functions", "reads")

    def __init__(self, text: str, binding: int = ATOM) -> None:
        super().__init__(text, binding)
        self.reads: tuple[str, ...] = ()
        self.functions: dict[str, Primitive] = {}
        self.flat = False

    @classmethod
    def named(cls, name: str) -> Self:
        """Return an operand by its name."""
        operand = cls(name)
        operand.reads = (name,)
        return operand

    @classmethod
    def apply(cls, op: Primitive, *operands: Quantity) -> Self:
        """Write the operation down, simplified where that changes no number: 0 · ∞ is NaN."""
        if op in (mul, add) and 0 in operands:
            return cls.exactly(op, *operands)
        return cls.noting(super().apply(op, *operands), op, operands)

    @classmethod
    def exactly(cls, op: Primitive, *operands: Quantity) -> Self:
        """Write the operation down with nothing left out: ``x * 0.0`` is NaN where x is."""
        return cls.noting(cls.write(op.name, *map(cls.of, operands)), op, operands)

    @classmethod
    def noting(cls, code: Notation, op: Primitive, operands: Sequence[Quantity]) -> Self:
        """Return the code with what is read and called in it."""
        noted = cls(code.text, code.binding)
        parts = [x for x in operands if isinstance(x, cls)]
        noted.reads = tuple(dict.fromkeys(name for part in parts for name in part.reads))
        for part in (code, *parts):
            noted.functions |= getattr(part, "functions", {})
        if op.name.isidentifier():
            noted.functions[op.name] = op
        noted.flat = op in (above, equal) or all(part.flat for part in parts)
        return noted

    @classmethod
    def write_power(cls, base: Any, exponent: Any) -> Any:
        """Write a power; Python's ``**`` would go on to complex numbers, ``pow`` does not."""
        if exponent.text.removesuffix(".0").isdigit():
            return super().write_power(base, exponent)
        called = cls(f"pow({base}, {exponent})")
        called.functions = {"pow": power}
        return called


@lru_cache(maxsize=4096)
def find_template(op: Primitive, constants: tuple[str | None, ...]) -> Templates:
    """Write an operation; *constants* are written numbers, and None for the other operands.

    Numbers are told apart by their text: -0.0 equals 0.0, and NaN does not equal itself.
    """
    operands = [f"{{{i}}}" if x is None else float(x) for i, x in enumerate(constants)]
    forward = Expression.exactly(op, *call_operands(Expression.named, operands))
    partials = write_partials(Expression.named, op, operands, "{y}")
    shown = write_comments(op, operands, "{y}")
    functions = dict(forward.functions)
    for partial in filter(None, partials):
        functions |= partial.functions | ({"through": through} if partial.flat else {})
    terms = [write_term("{g}", *pair) for pair in zip(partials, shown, strict=True)]
    return Templates(Template(forward.text, forward.reads), tuple(terms), functions)


def call_operands(write: Callable[[str], W], operands: Sequence[str | float]) -> list[W | float]:
    """Return the operands of a primitive: names in a notation, and constants as they are."""
    return [write(x) if isinstance(x, str) else x for x in operands]


def write_partials(
    write: Callable[[str], W], op: Primitive, operands: Sequence[str | float], result: str
) -> list[W | None]:
    """Write the partials; None where the operand is a constant, or the function flat in it.

    A partial that is 0 because of another operand, as in ``x * 0.0``, is written: times an infinite
    adjoint it is NaN, in a program as in a graph.
    """
    known, wanted = call_operands(write, operands), [isinstance(x, str) for x in operands]
    y = write(result)
    found = op.partials(known, y, wanted)
    if any(isinstance(d, Undefined) for d in found):  # let it fail where it is needed
        found = op.partials([y.of(x) for x in known], y, wanted)
    if is_flat(op, len(operands)):
        return [None] * len(operands)
    return [None if d is None else y.of(d) for d in found]


class Computed(Symbol):
    """A formula as in a comment, in the form that is computed and not in the book's."""

    __slots__ = ()
    by_the_book = False


def write_comments(op: Primitive, operands: Sequence[str | float], result: str) -> list[str]:
    """Write each partial as in the book; where another form is computed, say so."""
    kinds = (write_partials(kind, op, operands, result) for kind in (Symbol, Computed))
    pairs = (map(str, pair) for pair in zip(*kinds, strict=True))
    return [book if book == own else f"{book}, computed as {own}" for book, own in pairs]


def write_term(adjoint: str, partial: Expression | None, shown: str) -> Template | None:
    """Write adjoint · partial; a partial of 1 or -1 needs no multiplication.

    Nothing comes through a branch that is off, not even an infinite adjoint.
    """
    if partial is None:
        return None
    if partial.text in ONE:
        return Template(adjoint, (adjoint,), shown)
    if partial.text in MINUS_ONE:
        return Template(f"-{adjoint}", (adjoint,), shown)
    term = (through if partial.flat else mul)(Expression.named(adjoint), partial)
    return Template(term.text, term.reads, shown)
