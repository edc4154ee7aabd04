"""Words: what stands in a box and on an arrow, of numbers that add up and of those that do not."""

import math

import pytest

from autograd_mini import Value, sqrt, what_if
from autograd_mini.engine.undefined import Undefined
from autograd_mini.view.captions import adds_up, constants, term, write_data, write_grad, write_sum
from autograd_mini.view.draw import draw
from autograd_mini.view.layout import find_layouts
from autograd_mini.view.options import Options

UNDEFINED = sqrt(Value(0.0)).partials[0]


def test_an_adjoint_of_0_lets_nothing_through_even_where_there_is_no_partial():
    assert isinstance(UNDEFINED, Undefined)
    assert term(0.0, UNDEFINED) == term(-0.0, UNDEFINED) == 0.0
    assert all(math.isnan(term(adjoint, UNDEFINED)) for adjoint in (1.0, -1.0, math.nan))
    assert (term(3.0, 0.5), term(-0.25, 4.0)) == (1.5, -1.0)


@pytest.mark.parametrize(
    ("make", "shown"),
    [
        (lambda x: x**3, []),
        (lambda x: 3.0 * x, [(0, 3.0)]),
        (lambda x: x - 3.0, [(1, 3.0)]),
        (lambda x: 3.0**x, [(0, 3.0)]),
        (lambda x: x**x, []),
    ],
)
def test_constants_stand_beside_a_box_but_for_an_exponent_which_its_algebra_shows(make, shown):
    layout = next(find_layouts(make(Value(2.0, "x")), Options.of()))
    assert constants(layout.output) == shown


@pytest.mark.parametrize(
    ("grad", "terms", "holds"),
    [
        (0.3, [0.1, 0.2], True),
        (0.3001, [0.1, 0.2], False),
        (-0.3, [0.1, 0.2], False),
        (0.0, [0.0], True),
        (1e12 + 900, [1e12], True),
        (1e12 + 1100, [1e12], False),
        (1e-12, [1e-12 + 1e-22], True),
        (1e-12, [1e-12 + 1e-20], False),
        (900.0, [1e12, -1e12], True),
        (5.0, [math.inf, 1.0], True),
        (5.0, [math.nan], True),
        (5.0, [], True),
    ],
)
def test_a_grad_is_the_sum_of_its_terms_but_for_rounding(grad, terms, holds):
    assert adds_up(grad, terms) == holds


@pytest.mark.parametrize(
    ("terms", "grad", "alarm", "text"),
    [
        ([], 3.0, False, "3"),
        ([3.0], 3.0, False, "3"),
        ([1.0, 2.0], 3.0, False, "1 + 2 = 3"),
        ([1.0, 2.0], 3.0, True, "3 !"),
        ([1.0, 2.0], 4.0, False, "4"),
        ([1.0, -2.0, 3.0, 4.0], 6.0, False, "1 + (-2) + 3 + 4 = 6"),
        ([1.0, -2.0, 3.0, 4.0, -5.0], 1.0, False, "1 + (-2) + … + (-5) = 1"),
        ([1 / 3] * 5, 5 / 3, False, "0.3333 + 0.3333 + … + 0.3333 ≈ 1.667"),
    ],
)
def test_a_grad_is_written_as_its_sum_if_several_terms_meet_and_no_alarm_is_told(
    terms, grad, alarm, text
):
    assert write_grad(terms, grad, alarm) == text
    if len(terms) > 1 and " = " in text:
        assert write_sum(terms, grad) == text


def test_data_that_are_not_finite_are_marked_and_the_first_of_them_as_such():
    assert write_data(2.5, is_first_bad=False) == "2.5"
    assert write_data(-math.inf, is_first_bad=False) == "-inf !"
    assert write_data(math.nan, is_first_bad=True) == "nan ! first"


def test_a_change_is_told_with_a_mark_at_each_number_that_is_alarming():
    a, b = Value(2.0, "a"), Value(5e307, "b")
    y = a * b
    lines = {
        card.lines[0]: card.lines[1:] for card in draw(what_if(y, {a: 10.0})).drawing.cards.values()
    }
    assert [lines[name][0] for name in ("a", "b")] == ["data 2 → 10", "data 5e+307"]
    assert lines["L = a·b"][0].endswith("→ inf !")
    assert [line.endswith(" !") for line in (lines["a"][1], lines["b"][1])] == [True, False]


@pytest.mark.parametrize(
    ("hidden", "before", "after"),
    [
        ((), "× 4", ["2 × 4", "= 8"]),
        (("data",), "× 4", ["2 × 4", "= 8"]),
        (("partials",), "× ____", ["2 × ____", "= 8"]),
        (("grad",), "× 4", ["____ × 4", "= ____"]),
        (("grad", "partials"), "× ____", ["____ × ____", "= ____"]),
    ],
)
def test_on_an_arrow_stands_what_is_not_hidden(hidden, before, after):
    y = Value(3.0, "a") * Value(4.0, "b")
    words = draw(y, hide=hidden).drawing.words
    assert words.chain(2.0, 4.0) == [before]
    y.backward()
    assert draw(y, hide=hidden).drawing.words.chain(2.0, 4.0) == after
