"""Missteps: what one does wrong at a step of the chain rule, in words, and the number it gives.

A wrong rule is a rule as well: a formula, made of the right one, that holds no number. Worked out
in floats it is what one finds who takes it; written in JavaScript a page finds out who did.

>>> from autograd_mini.engine.primitives import mul, tanh
>>> by_name = {misstep.name: misstep for misstep in OF_RULES}
>>> for name in ("input_for_output", "forgot_one", "forgot_square"):
...     wrong = write_misstep(by_name[name], tanh, 0, (None,))
...     print(read_part(wrong, [Symbol("a")], Symbol("y")))
1 - a²
y²
1 - y
>>> own_factor = by_name["own_factor"]
>>> read_part(write_misstep(own_factor, mul, 0, (None, None)), [3.0, 5.0], 15.0), own_factor.told
(3.0, 'gave an operand the partial of the other one')
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import ClassVar, NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.primitives import Primitive, Quantity, add, div, exp, mul, power, sub
from autograd_mini.notation.notation import write_partial
from autograd_mini.notation.text import Symbol

RESULT, PARTIAL = -1, -2  # places of a letter; those of the operands are 0, 1, …

Constants = tuple[float | None, ...]


# Formulas -----------------------------------------------------------------------------------------


class Formula(Arithmetic):
    """An operation on formulas and numbers, kept as it was written: it can be read and changed."""

    __slots__ = ("op", "operands")

    by_the_book: ClassVar[bool] = True

    def __init__(self, op: Primitive, operands: Sequence[Quantity]) -> None:
        self.op, self.operands = op, operands

    @classmethod
    def apply(cls, op: Primitive, *operands: Quantity) -> "Formula":
        """Keep an operation."""
        return Formula(op, operands)


class Placeholder(Formula):
    """A letter in a formula: an operand, the result or the right partial, told by its place."""

    __slots__ = ("place",)

    def __init__(self, place: int) -> None:
        self.place = place


def read_part(
    x: Quantity, operands: Sequence[Quantity], y: Quantity, partial: Quantity = None
) -> Quantity:
    """Apply a formula to operands and their result, in whatever notation; a number is its own."""
    if isinstance(x, Placeholder):
        return {RESULT: y, PARTIAL: partial}[x.place] if x.place < 0 else operands[x.place]
    if isinstance(x, Formula):
        return x.op(*(read_part(part, operands, y, partial) for part in x.operands))
    return x


def change_part(x: Quantity, rule: Callable[[Primitive, Sequence[Quantity]], Quantity]) -> Quantity:
    """Change every operation of a formula by a rule, the inner ones first; a number stays."""
    if isinstance(x, Placeholder) or not isinstance(x, Formula):
        return x
    return rule(x.op, [change_part(part, rule) for part in x.operands])


class AskedPartial(NamedTuple):
    """A partial that is asked for: an operation, and at which of its operands, in letters.

    Where the exponent of a power is a number, so is the operand. The *partial* is the right answer.
    """

    op: Primitive
    position: int
    operands: Sequence[Quantity]
    y: Formula = Placeholder(RESULT)
    partial: Formula = Placeholder(PARTIAL)

    @property
    def own(self) -> Quantity:
        """The operand."""
        return self.operands[self.position]

    @property
    def other(self) -> Quantity:
        """The other one of two operands."""
        return self.operands[1 - self.position]

    def book(self, own: Quantity = None, y: Quantity = None) -> Quantity:
        """Write the rule as in a book, with something else for the operand or for the result.

        A rule that takes numbers alone cannot be written: it stays the right partial.
        """
        operands = [*self.operands]
        operands[self.position] = self.own if own is None else own
        try:
            return write_partial(self.op, self.position, operands, self.y if y is None else y)
        except TypeError:
            return self.partial


# Wrong rules: what one writes, or None where the misstep cannot be made ---------------------------


def lose_minus(asked: AskedPartial) -> Quantity:
    """Leave out the minus that the rule begins with."""
    letters = [Symbol("x") if isinstance(x, Formula) else x for x in asked.operands]
    text = str(read_part(asked.book(), letters, Symbol("x"), Symbol("x")))
    return -asked.partial if text.startswith(Symbol.MINUS) else None


def swap_operands(asked: AskedPartial) -> Quantity:
    """Take the rule of the other one of two operands."""
    is_pair = len(asked.operands) == 2 and isinstance(asked.other, Formula)
    return asked._replace(position=1 - asked.position).book() if is_pair else None


def take_input(asked: AskedPartial) -> Quantity:
    """Take the input where the rule of a function says output."""
    return asked.book(y=asked.own) if len(asked.operands) == 1 else None


def take_output(asked: AskedPartial) -> Quantity:
    """Take the output where the rule of a function says input."""
    return asked.book(own=asked.y) if len(asked.operands) == 1 else None


def leave_out_one(asked: AskedPartial) -> Quantity:
    """Of a sum of 1 and something else, or a difference, take the something else."""

    def take_other(op: Primitive, operands: Sequence[Quantity]) -> Quantity:
        others = [x for x in operands if isinstance(x, Formula)]
        is_beside_one = op in (add, sub) and len(others) == 1 and 1.0 in operands
        return others[0] if is_beside_one else Formula(op, operands)

    return change_part(asked.book(), take_other)


def leave_out_square(asked: AskedPartial) -> Quantity:
    """Do not square; the rule of a quotient is -a/b² in books."""
    if asked.op is div and asked.position == 1:
        return asked.partial * asked.own

    def take_base(op: Primitive, operands: Sequence[Quantity]) -> Quantity:
        return operands[0] if op is power and operands[1] == 2.0 else Formula(op, operands)

    return change_part(asked.book(), take_base)


def take_power_rule(asked: AskedPartial) -> Quantity:
    """Take the rule of a power where the operand is the exponent."""
    if asked.op is exp:
        return asked.own * exp(asked.own - 1)
    is_exponent = asked.op is power and asked.position == 1
    return asked.own * power(asked.operands[0], asked.own - 1) if is_exponent else None


def exponent_of(asked: AskedPartial) -> float | None:
    """Return the exponent of a power, if it is a number and not 0."""
    exponent = asked.operands[-1] if asked.op is power else None
    return None if isinstance(exponent, Formula) else exponent or None


def leave_out_exponent(asked: AskedPartial) -> Quantity:
    """Leave the first factor of the rule of a power out."""
    exponent = exponent_of(asked)
    return asked.partial / exponent if exponent else None


def keep_exponent(asked: AskedPartial) -> Quantity:
    """Keep the exponent of a power as it was."""
    return asked.partial * asked.own if exponent_of(asked) else None


# The missteps ------------------------------------------------------------------------------------


class Misstep(NamedTuple):
    """What one did wrong, as in "you …", why that is wrong, and the rule that one took.

    The *reason* begins with the sign before it. What is not about the rule of an operation has no
    *rule* here: its number is one of those of the step, or of paths.
    """

    name: str
    told: str
    reason: str = ""
    rule: Callable[[AskedPartial], Quantity] | None = None

    @property
    def full(self) -> str:
        """What was done, with the reason."""
        return self.told + self.reason


FORGOT_CHAIN = Misstep(
    "forgot_chain", "gave the partial alone", ": the chain rule multiplies it by the adjoint"
)
FORGOT_PARTIAL = Misstep(
    "forgot_partial",
    "passed the adjoint on as it was",
    ": the chain rule multiplies it by the partial",
)
ADDED_FACTORS = Misstep("added_factors", "added the factors", ": along a path they multiply")
OVERWRITE = Misstep(
    "overwrite", "overwrote instead of adding", ": the terms of several paths add up"
)
AHEAD = Misstep("ahead", "multiplied by the adjoint already", ", which comes next")
WHOLE_GRADIENT = Misstep("whole_gradient", "gave the whole gradient", ", of which this is one term")
WHOLE_DERIVATIVE = Misstep(
    "whole_derivative",
    "gave the whole derivative",
    ": asked is the share of one operand that stands in several places",
)
LEFT_PATH = Misstep("left_path", "left out the path {}", "; its share is {}")
LEFT_PATHS = Misstep("left_paths", "left out the paths {}", "; their shares are {}")
LEFT_ONE = Misstep("left_one", "left out a path", "; its share is {}")
LEFT_SOME = Misstep("left_some", "left out {} paths", "; their shares add up to {}")

WRONG_SIGN = Misstep("wrong_sign", "have the sign wrong", rule=lambda asked: -asked.partial)
SWAPPED_OPERANDS = Misstep(
    "swapped_operands", "gave an operand the partial of the other one", rule=swap_operands
)
POWER_FOR_EXPONENTIAL = Misstep(
    "power_for_exponential", "took the rule of a power for an exponential", rule=take_power_rule
)
GAVE_RESULT = "gave the data of the result", ", not its derivative"

# With each, the rule of any operation may be taken for another.
OF_RULES = (
    WRONG_SIGN,
    SWAPPED_OPERANDS,
    Misstep("lost_minus", "lost a minus sign", rule=lose_minus),
    Misstep("input_for_output", "took the input for the output", rule=take_input),
    Misstep("output_for_input", "took the output for the input", rule=take_output),
    Misstep("forgot_one", "left out the 1 of the rule", rule=leave_out_one),
    Misstep("forgot_square", "forgot the square in the rule", rule=leave_out_square),
    POWER_FOR_EXPONENTIAL,
    Misstep("forgot_exponent", "left out the exponent as a factor", rule=leave_out_exponent),
    Misstep("kept_exponent", "did not lower the exponent", rule=keep_exponent),
    Misstep(
        "result_of_function",
        *GAVE_RESULT,
        rule=lambda asked: asked.y if asked.op.name.isidentifier() else None,
    ),
    SWAPPED_OPERANDS._replace(
        name="own_factor", rule=lambda asked: asked.own if asked.op is mul else None
    ),
    Misstep(
        "product_rule",
        "took the rule of a product",
        ", but this is none",
        lambda asked: asked.other if asked.op in (add, sub) else None,
    ),
    Misstep("result", *GAVE_RESULT, rule=lambda asked: asked.y),
    Misstep("took_for_constant", "took it for a constant", rule=lambda _: 0.0),
)
AT_ANY_STEP = (FORGOT_CHAIN, FORGOT_PARTIAL, ADDED_FACTORS, OVERWRITE, AHEAD, WRONG_SIGN)
AT_SEVERAL = (WHOLE_GRADIENT, WHOLE_DERIVATIVE)
OF_PATHS = (LEFT_PATH, LEFT_PATHS, LEFT_ONE, LEFT_SOME)


def constants_of(node: Value) -> Constants:
    """Return the numbers that a node's rules are written with: the exponent of a power.

    The derivative of x⁰ is 0 everywhere. All other operands have letters: None.
    """
    numbers = (x if isinstance(x, float) else None for x in node.operands)
    return tuple(numbers) if node.op is power else (None,) * len(node.operands)


@lru_cache(maxsize=4096)
def write_misstep(misstep: Misstep, op: Primitive, position: int, constants: Constants) -> Quantity:
    """Write what one takes for the partial of an operation: a formula, a number, or None.

    The formula's letters are the operands, the result and the right partial. None where the misstep
    cannot be made; the right rule where it changes nothing.
    """
    assert misstep.rule is not None
    operands = [Placeholder(i) if x is None else x for i, x in enumerate(constants)]
    return misstep.rule(AskedPartial(op, position, operands))
