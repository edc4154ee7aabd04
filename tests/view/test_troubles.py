"""Troubles: the first number that is not finite, and 0 · undefined, are told wherever they show."""

import math
import re

import pytest

from autograd_mini import Value, draw, explain, page, sqrt, tanh, walk
from autograd_mini.optim import SGD, Adam
from tests.view.test_draw import boxes

INFINITE = "the first that is not finite: v1 = a·10 = 1e+308 × 10 ≈ inf"
DOUBT = "0 · undefined at v1 = sqrt(x): it was counted as 0, which may be wrong"


def overflowing():
    a = Value(1e308, "a")
    return a, tanh(a * 10 - 1) * 2


def in_doubt():
    x = Value(0.0, "x")
    y = sqrt(x) ** 2
    with pytest.warns(RuntimeWarning):
        y.backward()
    return x, y


SURFACES = {
    "explain": lambda y: " ".join(explain(y).split()),
    "draw": lambda y: " ".join(re.sub("<[^>]*>", " ", draw(y).svg()).split()),
    "page": lambda y: page(y).html,
}


@pytest.mark.parametrize("show", SURFACES.values(), ids=SURFACES)
def test_the_first_node_that_is_not_finite_is_named_with_its_operands(show):
    _, y = overflowing()
    assert INFINITE in show(y)
    assert "not finite:" not in show(Value(2.0, "a") * 3)


@pytest.mark.parametrize("show", SURFACES.values(), ids=SURFACES)
def test_where_0_times_undefined_counted_as_0_is_named(show):
    _, y = in_doubt()
    assert DOUBT in show(y)
    assert "0 · undefined" not in show(sqrt(Value(1.0, "x")) ** 2)


def test_a_step_in_doubt_says_so():
    x, y = in_doubt()
    assert "∂v1/∂x = 1/(2·v1) (0 · undefined, counted as 0, may be wrong)" in str(walk(y).end())
    assert "may be wrong" not in str(walk(sqrt(x).maximum(1.0)).end())


def test_only_the_data_of_the_first_are_marked_as_such():
    a, y = overflowing()
    y.backward()
    lines = boxes(draw(y))
    marked = {name: [x for x in texts if "!" in x] for name, texts in lines.items()}
    assert [x for x in marked.values() if x] == [["data inf ! first"], ["data inf !"]]
    assert not any("first" in line for line in lines[draw(y).nodes[a]])


def test_a_grad_in_doubt_has_its_mark():
    _, y = in_doubt()
    picture = draw(y)
    assert "grad 0 !" in boxes(picture)[picture.nodes[y.operands[0]]]
    steps = [frame for frame in page(y).html.split('"phase"') if '"grad 0 !"' in frame]
    assert steps


def test_an_infinite_term_is_the_thickest_arrow():
    a, b = Value(1.0, "a"), Value(1e10, "b")
    y = a * math.inf + b * 1e10
    y.backward()
    picture = draw(y)
    widths = dict(re.findall(r"id=(e\d_\d) penwidth=([\d.]+)", picture.source))
    thickest = max(widths, key=lambda key: float(widths[key]))
    assert thickest == picture.arrows[y.operands[0], 0]
    assert sorted(map(float, widths.values()))[-2] < float(widths[thickest])


@pytest.mark.parametrize("kind", [SGD, Adam])
def test_an_optimiser_that_refuses_names_the_first_node_that_is_not_finite(kind):
    w, x = Value(1e10, "w"), Value(1e200, "x")
    (w * x * x - 1.0).backward()
    origin = r"the first node that is not finite is w \* x \* x = inf with w \* x = 1e\+210, "
    with pytest.raises(ValueError, match=f"^the grad of w is inf, so no parameter .*; {origin}"):
        kind([w]).step()


def test_where_only_a_grad_overflows_the_node_is_named():
    w = Value(1e-200, "w")
    (w * 1.0 * 1e200 * 1e200).backward()
    told = r"^the grad of w is inf, .*; all data is finite, but the grad of w \* 1 is inf;"
    with pytest.raises(ValueError, match=told):
        SGD([w]).step()


def test_parameters_of_one_label_are_told_apart():
    first, second = Value(1.0, "w"), Value(2.0, "w")
    second.grad = math.nan
    with pytest.raises(ValueError, match=r"^the grad of w#2 is nan, so no parameter was changed"):
        SGD([first, second]).step()
