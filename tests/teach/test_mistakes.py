"""The museum: each wrong engine is wrong where theory says so, and nowhere else."""

import ast
import math
import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import autograd_mini
from autograd_mini import Value
from autograd_mini.stepping.check import check_gradients
from autograd_mini.stepping.steps import edges
from autograd_mini.teach import mistakes, slips
from autograd_mini.teach.mistakes import MISTAKES, compare, judged, right
from autograd_mini.teach.slips import ENGINES
from tests.graphs import graphs

OTHERS = [m for m in MISTAKES if m is not mistakes.stale_inner_grads]
PACKAGE = Path(autograd_mini.__file__).parent


def golden():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    s, p = a + b, a * b
    return a, b, s + p + s * p


def same(x, y):
    return math.isclose(x, y, rel_tol=1e-9, abs_tol=1e-9) or (math.isnan(x) and math.isnan(y))


@pytest.mark.parametrize(
    ("engine", "found"),
    [
        (right, (25, 19)),
        (mistakes.recursion, (29, 22)),
        (mistakes.overwrite, (1, 1)),
        (mistakes.forgot_partial, (4, 4)),
        (mistakes.forgot_chain, (4, 3)),
        (mistakes.swapped_operands, (20, 27)),
        (mistakes.stale_inner_grads, (100, 76)),
        (mistakes.same_edge_once, (25, 19)),
        (mistakes.live_data, (25, 19)),
    ],
)
def test_each_engine_finds_its_own_numbers_on_the_golden_graph(engine, found):
    a, b, y = golden()
    gradients = engine(y)
    assert (gradients[a], gradients[b]) == found
    assert a.grad == b.grad == y.grad == 0


@given(graphs())
def test_the_right_sweep_finds_what_backward_finds(drawn):
    leaves, y = drawn
    found = right(y)
    y.backward()
    assert all(same(found[x], x.grad) for x in leaves)


@given(graphs())
def test_a_mistake_agrees_wherever_theory_says_it_is_safe(drawn):
    leaves, y = drawn
    truth = right(y)
    for engine in MISTAKES:
        if engine.safe(y):
            found = engine(y)
            assert all(same(found[x], engine.passes * truth[x]) for x in leaves), (
                engine.misstep.name
            )


def tree():
    """Return (a·b + c)·d, in which nothing is used twice."""
    a, b, c, d = (Value(x, n) for x, n in [(2, "a"), (-3, "b"), (10, "c"), (-2, "d")])
    return (a * b + c) * d


@pytest.mark.parametrize(
    "engine", [mistakes.overwrite, mistakes.recursion, mistakes.same_edge_once, mistakes.live_data]
)
def test_on_a_tree_these_mistakes_go_unnoticed(engine):
    y = tree()
    truth, found = right(y), engine(y)
    assert engine.safe(y)
    assert {node: found[node] for node in truth} == truth


def a_plus_a():
    a = Value(3.0, "a")
    return a + a


def c_plus_c_squared():
    a = Value(3.0, "a")
    c = 2 * a
    return c + c**2


def edited():
    a, b = Value(2.0, "a"), Value(5.0, "b")
    y = a * b
    a.data = 10.0
    return y


SMALLEST = {
    "overwrite": a_plus_a,
    "recursion": c_plus_c_squared,
    "same_edge_once": a_plus_a,
    "forgot_chain": tree,
    "forgot_partial": tree,
    "swapped_operands": tree,
    "stale_inner_grads": tree,
    "live_data": edited,
}


@pytest.mark.parametrize("engine", MISTAKES, ids=lambda m: m.misstep.name)
def test_each_mistake_is_caught_by_check_gradients(engine):
    y = SMALLEST[engine.misstep.name]()
    inputs = [x for x in right(y) if not x.operands]
    found = engine(y)
    for x in inputs:  # a check needs the data of the forward pass
        x.data = x.notes.get("before", x.data)
    assert check_gradients(y, inputs, right(y))
    assert not check_gradients(y, inputs, found)


@given(graphs(), st.sampled_from(OTHERS[:-1]))
def test_a_mistake_that_matters_is_caught_by_check_gradients(drawn, engine):
    leaves, y = drawn
    truth, found = right(y), engine(y)
    assume(all(row.verdict == "agrees" for row in check_gradients(y, leaves)))
    wrong = [x for x in leaves if abs(found[x] - truth[x]) > 1e-2 * max(1, abs(truth[x]))]
    for x in wrong:
        assert not check_gradients(y, [x], {x: found[x]}), engine.misstep.name


def test_a_mistake_is_called_as_in_the_museum_and_told_in_words_that_go_on_from_others():
    for engine in MISTAKES:
        assert getattr(mistakes, engine.misstep.name) is engine
    for engine in (*MISTAKES, *ENGINES.values()):
        assert re.match(r"[a-z]", engine.misstep.told), engine
        assert re.match(r"$|: |, | \(", engine.misstep.reason), engine
        assert re.match(r"$|(no|every|there is no) [a-z]", engine.when), engine


def test_every_mistake_is_safe_in_a_sum_of_two_leaves_and_most_in_a_product():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    assert [engine for engine in MISTAKES if not engine.safe(a + b)] == []
    unsafe = [mistakes.forgot_partial, mistakes.swapped_operands]
    assert [engine for engine in MISTAKES if not engine.safe(a * b)] == unsafe
    assert slips.added_factors.safe(a * b)


def test_slips_that_are_no_matter_of_a_rule_have_engines_of_their_own():
    for engine in (slips.wrong_sign, mistakes.swapped_operands):
        assert ENGINES[engine.misstep] is engine


@given(graphs())
def test_who_takes_the_wrong_sign_finds_minus_each_gradient(drawn):
    leaves, y = drawn
    assert all(same(slips.wrong_sign(y)[x], -right(y)[x]) for x in leaves)


def test_recursion_takes_the_operands_from_the_left_as_whoever_calls_itself_does():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    c = a * b
    y = c * (c + a) * c * b + c
    found = dict.fromkeys(right(y), 0.0)

    def visit(node):
        for edge in edges(node):
            found[edge.operand] += found[node] * edge.partial
            visit(edge.operand)

    found[y] = 1.0
    visit(y)
    assert {x: mistakes.recursion(y)[x] for x in found} == found


@pytest.mark.parametrize(("off", "verdict"), [(5e-10, "agrees"), (2e-9, "wrong")])
def test_numbers_are_the_same_that_differ_by_rounding(off, verdict):
    y = tree()
    assert judged(mistakes.overwrite, y, [(1.0 + off, 1.0), (1e-13, 0.0)]).startswith(verdict)
    assert judged(mistakes.overwrite, y, [(2e-12, 0.0)]).startswith("wrong: overwrote")


def test_live_data_mixes_two_points():
    y = edited()
    a, b = y.operands
    assert (right(y)[b], mistakes.live_data(y)[b]) == (2.0, 10.0)
    assert right(y)[a] == mistakes.live_data(y)[a] == 5.0


def test_forgetting_the_partial_counts_paths():
    x = y = Value(1.0)
    for _ in range(10):
        y = y + y
    assert mistakes.forgot_partial(y)[x] == 1024


def test_recursion_refuses_to_take_a_million_paths():
    y = Value(1.0)
    for _ in range(40):
        y = y + y
    assert math.isnan(mistakes.recursion(y)[y])
    assert "found nothing" in compare(y)


def test_a_constant_receives_nothing():
    a = Value(4.0, "a")
    y = 3 * a - 1
    assert mistakes.swapped_operands(y)[a] == 3.0
    assert mistakes.same_edge_once(y)[a] == 3.0
    assert mistakes.live_data(y)[a] == 3.0


def test_every_engine_takes_a_leaf_and_a_deep_chain():
    x = Value(1.0)
    y = x
    for _ in range(5000):
        y = y + 1
    for engine in MISTAKES:
        assert engine(x)[x] == engine.passes
        assert engine(y)[x] == (5001.0 if engine is mistakes.stale_inner_grads else 1.0)


def test_a_comparison_says_why_an_engine_agrees_here():
    text = compare(tree())
    assert "overwrite           6      -4" in text
    assert "agrees, as no node is used twice" in text
    assert repr(text) == str(text)


def test_a_comparison_knows_agreement_by_chance():
    a = Value(0.0, "a")
    assert "overwrite           1      agrees by chance" in compare(a * 1 + a * 0)


def test_a_comparison_shows_what_two_right_passes_give():
    *_, y = golden()
    assert "100    76     wrong: made a second pass; two right passes give 50, 38" in compare(y)
    assert "leaves; two right passes give 2\n" in compare(Value(3.0, "a") + 1)


def test_where_the_right_number_is_nan_nobody_is_blamed():
    text = compare(Value(math.nan, "a") * Value(3.0, "b"))
    assert "overwrite           3      nan    agrees, as no node is used twice" in text


def test_two_passes_over_a_leaf_add_up():
    a = Value(2.0, "a")
    assert mistakes.stale_inner_grads(a)[a] == 2.0


def test_a_comparison_says_how_far_it_is_by_its_engines(monkeypatch):
    told = []

    def show(engines, number, what):
        told.append((number, what))
        return engines

    monkeypatch.setattr(mistakes, "show_progress", show)
    assert compare(tree())
    assert told == [(len(MISTAKES), "comparing")]


def test_a_comparison_of_many_leaves_shows_some():
    y = sum((Value(i, f"x{i}") for i in range(20)), Value(0.0))
    assert compare(y).endswith("and 15 more leaves")


def test_no_module_of_the_engine_imports_a_wrong_one():
    for path in PACKAGE.glob("*.py"):
        if path.name != "__main__.py":
            for node in ast.walk(ast.parse(path.read_text())):
                named = ast.unparse(node) if isinstance(node, ast.Import | ast.ImportFrom) else ""
                assert "teach" not in named, path


def test_a_graph_that_would_take_minutes_is_refused_before_it_starts(monkeypatch):
    monkeypatch.setattr(mistakes, "MOST_VALUES", 5)
    x = Value(1.0, "x")
    assert "backward" in compare(x * 2.0 * 3.0 * 4.0 * 5.0)
    with pytest.raises(ValueError, match=r"^6 values .*: compare a smaller part of the graph"):
        compare(x * 2.0 * 3.0 * 4.0 * 5.0 * 6.0)
