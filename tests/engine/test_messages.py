"""Messages: what an error calls a node belongs to that node, and the number it tells is right."""

import ast
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_mini import Value, asin, gradient, hypot, log, recompute, sqrt, total
from autograd_mini.engine import primitives
from autograd_mini.engine.messages import find_origin
from autograd_mini.engine.order import topological_order
from autograd_mini.program import record
from autograd_mini.stepping import names
from tests.graphs import graphs

FUNCTIONS = {op.name: op for op in primitives.TABLE.values() if op.name.isidentifier()}
TOLD = re.compile(r"(\S.*?) = (\S+?)(?:, |: | has no )")
LABELS = st.lists(st.sampled_from(["", "", "w", "a", "layer 1"]), min_size=20, max_size=20)

PLANTS = {
    "log": lambda x: log(x - (x.data + 1)),
    "pole": lambda x: 1 / (x - x.data),
    "power": lambda x: (x - (x.data + 2)) ** 0.5,
    "overflow": lambda x: (x + 1000).exp(),
    "derivative": lambda x: sqrt(x - x.data).backward(),
    "product": lambda x: log(x * -1 + (x.data - 1)),
}


def label(nodes, labels):
    """Give the nodes of a graph these labels, in turn; what has none keeps none."""
    for node, text in zip(nodes, labels, strict=False):
        node.label = text


def check_names(formula, named):
    """Check that no name occurs but those of the nodes, and return the formula with their data."""
    for node, name in sorted(named.items(), key=lambda x: -len(x[1])):
        formula = re.sub(rf"(?<![\w#.]){re.escape(name)}(?![\w#(])", f"({node.data!r})", formula)
    used = {node.id for node in ast.walk(ast.parse(formula)) if isinstance(node, ast.Name)}
    assert used <= set(FUNCTIONS), formula
    return formula


@settings(max_examples=60)
@given(graphs(), LABELS, st.sampled_from([*PLANTS]), st.data())
def test_a_message_names_nodes_by_their_labels_and_tells_their_numbers(graph, labels, plant, data):
    nodes = topological_order(graph[1])
    label(nodes, labels)
    node = data.draw(st.sampled_from(nodes))
    named = {x: name for x, name in names(node).items() if x.label}
    with pytest.raises((ArithmeticError, ValueError)) as caught:
        PLANTS[plant](node)
    message = str(caught.value)
    call, _, rest = message.partition(" with ")
    found = TOLD.findall(rest)
    assert found, message
    for formula, number in found:
        worked = check_names(formula, named)
        assert "..." in worked or eval(worked, FUNCTIONS) == float(number), message
    check_names(call, named)


def test_an_operand_without_a_label_is_told_by_its_formula():
    a, b = Value(5.0, "a"), Value(2.0, "b")
    with pytest.raises(ValueError, match=r"^log\(a - 6\) with a - 6 = -1: needs a positive"):
        log(a - 6)
    with pytest.raises(ValueError, match=r"^log\(\(\.\.\. \+ 1\) \* \(-2\)\) with \(\.\.\. \+ 1"):
        log((a * b + 1) * -2)
    with pytest.raises(ValueError, match=r"^log\(-1\): needs a positive number$"):
        log(Value(-1.0))
    a.data = -1.0
    with pytest.raises(ValueError, match=r"^log\(a \+ a \+ \.\.\. \+ a\) with a \+ a \+ \.\.\."):
        log(total([a] * 9))
    with pytest.raises(ZeroDivisionError, match=r"^a / a#2 with a = -1, a#2 = 0: "):
        a / Value(0.0, "a")


def test_operands_whose_formulas_are_cut_alike_are_told_by_their_places():
    a, c = Value(1.0, "a"), Value(0.0, "c")
    up, down = ((a + 1) * 2).log(), ((c + 0.5) * 2).log()
    with pytest.raises(ZeroDivisionError, match=r"2\) with operand 1 = 1.386\d+, operand 2 = 0: "):
        up / down
    with pytest.raises(ZeroDivisionError, match=r"^c \* a / \(c \* a\) with c \* a = 0: "):
        (c * a) / (c * a)
    product = c * a
    with pytest.raises(ZeroDivisionError, match=r"^c \* a / \(c \* a\) with c \* a = 0: "):
        product / product


def test_a_number_that_is_told_is_the_one_for_which_there_was_no_derivative():
    x = Value(0.0, "x")
    y = sqrt(x)
    x.data = 5.0
    with pytest.raises(ZeroDivisionError, match=r"^sqrt\(x\) with x = 0 has no derivative there"):
        y.backward()
    x.data = -4.0
    with pytest.raises(ValueError, match=r"^sqrt\(x\) with x = -4: "):
        recompute(y)


@pytest.mark.parametrize(
    "make",
    [
        sqrt,
        asin,
        lambda x: hypot(x, 0.0),
        lambda x: x**0.5,
        lambda x: x ** Value(0.5),
        lambda x: gradient(sqrt(x + 0.0), [x])[0],
    ],
)
def test_a_slope_that_is_infinite_is_told_with_a_remedy(make):
    x = Value(1.0 if make is asin else 0.0, "x")
    told = r"^\S.* has no derivative there, but the adjoint 1.0 reaches it: its rule divides by 0"
    with pytest.raises(ZeroDivisionError, match=told) as caught:
        make(x).backward()
    assert "slope is infinite" in str(caught.value)
    assert str(caught.value).endswith("keep the operands a little away, such as 1e-9")


def test_where_an_infinity_began_is_told_whatever_a_label_holds():
    price = Value(1e308, "price with tax")
    told = find_origin(topological_order(price * 10)).told
    assert told.endswith(" is (price with tax) * 10 = inf with price with tax = 1e+308")
    for label, leaf in [("w", "w = inf"), ("", "a leaf without label, inf")]:
        told = find_origin([Value(math.inf, label)]).told
        assert told == f"the first node that is not finite is {leaf}"


def test_a_label_is_shown_on_one_line_of_a_sane_length():
    x = Value(-1.0, "\x1b[31m" + "w" * 10**6 + "\n")
    y = x * 1
    for act in (lambda: log(x), lambda: record(y, [y]), lambda: record(x * 2, [Value(1.0), x, x])):
        with pytest.raises(ValueError, match=r"^") as caught:
            act()
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 400


def test_an_edited_graph_is_named_by_its_formula():
    a = Value(2.0, "a")
    y = a * a
    a.data = 3.0
    with pytest.raises(ValueError, match=r"^the operands of a \* a were edited after it"):
        gradient(y, [a])


def test_where_all_data_is_finite_the_first_bad_grad_on_the_way_back_is_named():
    w = Value(1e200, "w")
    half = w * 0.5
    half.label = "half"
    y = half * 2.0 + 1.0
    order = topological_order(y)
    assert find_origin(order).told == (
        "all data is finite, and so are the grads of all that was computed"
    )
    y.backward(math.inf)
    assert find_origin(order).told == "all data is finite, but the grad of half * 2 + 1 is inf"
    for node in order[2:]:
        node.grad = 1.0
    assert find_origin(order).told == "all data is finite, but the grad of half is inf"
