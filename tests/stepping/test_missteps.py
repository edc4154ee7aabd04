"""Missteps: what somebody writes for a partial who goes wrong in one way, worked out by hand."""

import pytest

from autograd_mini.engine import primitives
from autograd_mini.notation.text import Symbol
from autograd_mini.stepping import missteps
from autograd_mini.stepping.missteps import Misstep, read_part, write_misstep

ALL = {name: found for name, found in vars(missteps).items() if isinstance(found, Misstep)}
DONE = ("gave", "passed", "added", "overwrote", "multiplied", "left out", "have", "lost", "took")
DONE += ("forgot", "did not")
NEITHER = (None, None)  # of the operands is a number


@pytest.mark.parametrize("name", ALL)
def test_a_misstep_says_what_was_done_and_then_why_it_is_wrong(name):
    found = ALL[name]
    assert found.name == (name.lower() if name != "GAVE_RESULT" else "result")
    assert found.told.startswith(DONE)
    assert found.reason.startswith((": ", ", ", "; ")) or not found.reason
    assert found.full == found.told + found.reason


@pytest.mark.parametrize(
    ("name", "op", "position", "constants", "text"),
    [
        ("WRONG_SIGN", "tanh", 0, NEITHER, "-p"),
        ("SWAPPED_OPERANDS", "*", 0, NEITHER, "a"),
        ("SWAPPED_OPERANDS", "/", 0, NEITHER, "-y/b"),
        ("SWAPPED_OPERANDS", "tanh", 0, NEITHER, None),
        ("LOST_MINUS", "-", 1, NEITHER, "-p"),
        ("LOST_MINUS", "/", 1, NEITHER, "-p"),
        ("LOST_MINUS", "*", 1, NEITHER, None),
        ("INPUT_FOR_OUTPUT", "sigmoid", 0, NEITHER, "a·(1 - a)"),
        ("INPUT_FOR_OUTPUT", "exp", 0, NEITHER, "a"),
        ("OUTPUT_FOR_INPUT", "sin", 0, NEITHER, "cos(y)"),
        ("FORGOT_ONE", "tanh", 0, NEITHER, "y²"),
        ("FORGOT_ONE", "sigmoid", 0, NEITHER, "y·y"),
        ("FORGOT_SQUARE", "tanh", 0, NEITHER, "1 - y"),
        ("FORGOT_SQUARE", "**", 0, (None, 3.0), "3·a"),
        ("POWER_FOR_EXPONENTIAL", "exp", 0, NEITHER, "a·exp(a - 1)"),
        ("POWER_FOR_EXPONENTIAL", "**", 1, NEITHER, "b·a^(b - 1)"),
        ("POWER_FOR_EXPONENTIAL", "**", 0, NEITHER, None),
        ("FORGOT_EXPONENT", "**", 0, (None, 3.0), "p/3"),
        ("KEPT_EXPONENT", "**", 0, (None, 3.0), "p·a"),
        ("RESULT_OF_FUNCTION", "sin", 0, NEITHER, "y"),
        ("OWN_FACTOR", "*", 0, NEITHER, "a"),
        ("OWN_FACTOR", "*", 1, NEITHER, "b"),
        ("PRODUCT_RULE", "-", 0, NEITHER, "b"),
        ("PRODUCT_RULE", "-", 1, NEITHER, "a"),
        ("GAVE_RESULT", "*", 0, NEITHER, "y"),
        ("TOOK_FOR_CONSTANT", "*", 0, NEITHER, "0.0"),
    ],
)
def test_a_misstep_is_written_as_somebody_would_write_it(name, op, position, constants, text):
    primitive = primitives.TABLE[op]
    numbers = constants[: len(primitive.rules)]
    written = write_misstep(ALL[name], primitive, position, numbers)
    operands = [x if x is not None else Symbol("ab"[i]) for i, x in enumerate(numbers)]
    found = None if written is None else read_part(written, operands, Symbol("y"), Symbol("p"))
    assert found is None if text is None else str(found) == text
