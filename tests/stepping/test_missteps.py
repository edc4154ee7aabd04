"""Missteps: what somebody writes for a partial who goes wrong in one way, worked out by hand."""

import pytest

from autograd_mini.engine import primitives
from autograd_mini.notation.text import Symbol
from autograd_mini.stepping import missteps
from autograd_mini.stepping.missteps import OF_RULES, Misstep, read_part, write_misstep

NAMED = {name: found for name, found in vars(missteps).items() if isinstance(found, Misstep)}
ALL = {x.name: x for x in (*OF_RULES, *NAMED.values())}
DONE = ("gave", "passed", "added", "overwrote", "multiplied", "left out", "have", "lost", "took")
DONE += ("forgot", "did not")
NEITHER = (None, None)  # of the operands is a number


@pytest.mark.parametrize("name", ALL)
def test_a_misstep_says_what_was_done_and_then_why_it_is_wrong(name):
    found = ALL[name]
    assert found.told.startswith(DONE)
    assert found.reason.startswith((": ", ", ", "; ")) or not found.reason
    assert found.full == found.told + found.reason


def test_a_misstep_that_has_a_name_here_has_the_same_everywhere():
    assert [x.name for x in NAMED.values()] == [name.lower() for name in NAMED]
    assert len(ALL) == len({*OF_RULES, *NAMED.values()})


@pytest.mark.parametrize(
    ("name", "op", "position", "constants", "text"),
    [
        ("wrong_sign", "tanh", 0, NEITHER, "-p"),
        ("swapped_operands", "*", 0, NEITHER, "a"),
        ("swapped_operands", "/", 0, NEITHER, "-y/b"),
        ("swapped_operands", "tanh", 0, NEITHER, None),
        ("lost_minus", "-", 1, NEITHER, "-p"),
        ("lost_minus", "/", 1, NEITHER, "-p"),
        ("lost_minus", "*", 1, NEITHER, None),
        ("input_for_output", "sigmoid", 0, NEITHER, "a·(1 - a)"),
        ("input_for_output", "exp", 0, NEITHER, "a"),
        ("output_for_input", "sin", 0, NEITHER, "cos(y)"),
        ("forgot_one", "tanh", 0, NEITHER, "y²"),
        ("forgot_one", "sigmoid", 0, NEITHER, "y·y"),
        ("forgot_square", "tanh", 0, NEITHER, "1 - y"),
        ("forgot_square", "**", 0, (None, 3.0), "3·a"),
        ("forgot_square", "/", 1, NEITHER, "p·b"),
        ("power_for_exponential", "exp", 0, NEITHER, "a·exp(a - 1)"),
        ("power_for_exponential", "**", 1, NEITHER, "b·a^(b - 1)"),
        ("power_for_exponential", "**", 0, NEITHER, None),
        ("forgot_exponent", "**", 0, (None, 3.0), "p/3"),
        ("kept_exponent", "**", 0, (None, 3.0), "p·a"),
        ("result_of_function", "sin", 0, NEITHER, "y"),
        ("own_factor", "*", 0, NEITHER, "a"),
        ("own_factor", "*", 1, NEITHER, "b"),
        ("product_rule", "-", 0, NEITHER, "b"),
        ("product_rule", "-", 1, NEITHER, "a"),
        ("result", "*", 0, NEITHER, "y"),
        ("took_for_constant", "*", 0, NEITHER, "0.0"),
    ],
)
def test_a_misstep_is_written_as_somebody_would_write_it(name, op, position, constants, text):
    primitive = primitives.TABLE[op]
    numbers = constants[: len(primitive.rules)]
    written = write_misstep(ALL[name], primitive, position, numbers)
    operands = [x if x is not None else Symbol("ab"[i]) for i, x in enumerate(numbers)]
    found = None if written is None else read_part(written, operands, Symbol("y"), Symbol("p"))
    assert found is None if text is None else str(found) == text
