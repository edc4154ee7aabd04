"""Telling: how a message writes an operation, and the numbers that it names."""

import pytest

from autograd_mini.engine import Value
from autograd_mini.engine.primitives import div, log, mul, tanh
from autograd_mini.engine.sums import sum_of
from autograd_mini.notation.telling import Teller

a, b, same, three = Value(5.0, "a"), Value(2.0, "b"), Value(7.0, "a"), Value(3.0)
both = Value(7.0, "a + b")
deep = (a * b + 1) * 2 - 0.5
inner, other = tanh(tanh(a / 5) - 1) + 2, tanh(tanh(b) - 1) + 2
nine = [Value(float(i), name) for i, name in enumerate("abcdefghi")]


@pytest.mark.parametrize(
    ("op", "operands", "formula", "numbers"),
    [
        (log, [a], "log(a)", "a = 5"),
        (div, [a, b], "a / b", "a = 5, b = 2"),
        (div, [a, 0.0], "a / 0", "a = 5"),
        (div, [three, b], "3 / b", "b = 2"),
        (div, [a, a], "a / a", "a = 5"),
        (div, [a, same], "a / a#2", "a = 5, a#2 = 7"),
        (mul, [both, b], "(a + b) * b", "a + b = 7, b = 2"),
        (log, [a * b], "log(a * b)", "a * b = 10"),
        (log, [a * b + 1], "log(a * b + 1)", "a * b + 1 = 11"),
        (log, [three * 2 + 1], "log(3 * 2 + 1)", "3 * 2 + 1 = 7"),
        (log, [deep], "log(... * 2 - 0.5)", "... * 2 - 0.5 = 21.5"),
        (mul, [deep, b], "(... * 2 - 0.5) * b", "... * 2 - 0.5 = 21.5, b = 2"),
        (sum_of, nine[:8], "a + b + c + d + e + f + g + h", None),
        (sum_of, nine, "a + b + ... + i", "a = 0, b = 1, ..., i = 8"),
    ],
)
def test_an_operation_is_told_with_the_numbers_that_it_names(op, operands, formula, numbers):
    data = [x.data if isinstance(x, Value) else x for x in operands]
    written, told = Teller(operands).tell_parts(op, operands, data)
    assert written == formula
    assert told == (numbers or "a = 0, b = 1, c = 2, d = 3, e = 4, f = 5, g = 6, h = 7")


def test_operands_that_are_cut_to_one_formula_are_told_by_their_places():
    cut = "(tanh(...) + 2)"
    two = Teller([inner, other])
    assert two.tell_parts(div, [inner, other], [1.0, 2.0]) == (
        f"{cut} / {cut}",
        "operand 1 = 1, operand 2 = 2",
    )
    assert two.tell_parts(sum_of, [a, inner, other], [5.0, 1.0, 2.0])[1] == (
        "a = 5, operand 2 = 1, operand 3 = 2"
    )
    assert two.tell_parts(div, [inner, other], [1.0, 1.0])[1] == f"{cut[1:-1]} = 1"
