"""A living page: what its script computes is what Python computes, to the last sign."""

import math
import random
import re
import shutil

import pytest

from autograd_mini import Value, sqrt, weighted_sum
from autograd_mini.engine.primitives import TABLE, Primitive, above
from autograd_mini.stepping import number
from autograd_mini.stepping.missteps import AT_SEVERAL, SWAPPED_OPERANDS, WHOLE_GRADIENT
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.steps import steps
from autograd_mini.teach.quiz import partial_question
from autograd_mini.teach.slips import leave_out_paths
from autograd_mini.view.files import read_resource
from autograd_mini.view.film import View
from autograd_mini.view.living import (
    WORDS_OF_PYTHON,
    Letters,
    Living,
    known_functions,
    needs_of,
)
from autograd_mini.view.page import page
from autograd_mini.view.style import DECADES, Scale
from tests.view.living import (
    EXPONENTS,
    FOLLOW,
    follow_all,
    follow_in_python,
    parts_of,
    random_cases,
    read_data,
    run_node,
)

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs node")

PICTURE = {"box", "source", "arrows", "exact", "numbers"}  # ids, and digits beyond those shown


@pytest.fixture
def undrawn(monkeypatch):
    """Pages without a picture, which takes longest."""
    view = View('<p class="note"></p>', {}, {}, [])
    monkeypatch.setattr(View, "of", lambda *_, **__: view)


def told(frames):
    return [{k: x for k, x in frame.items() if k not in PICTURE} for frame in frames]


@pytest.mark.filterwarnings("ignore::autograd_mini.UndefinedWarning")
@pytest.mark.usefixtures("undrawn")
def test_at_new_data_the_script_says_what_python_s_page_says():
    cases = list(random_cases(seed=4, count=40))
    answers = follow_all([(made, inputs) for _, made, inputs, _ in cases])
    steps = left = 0
    for (y, _, inputs, place), found in zip(cases, answers, strict=True):
        for leaves, frames in zip(inputs, found, strict=True):
            if is_left_to_python(frames):
                left += 1
                continue
            expected = follow_in_python(y, leaves, place)
            if isinstance(expected, str) or isinstance(frames, str):
                assert shape(frames) == shape(expected)
                continue
            steps += len(frames)
            assert told(frames) == told(expected)
    assert steps > 500
    assert left < 5


def is_left_to_python(frames):
    """Tell whether a script says that only Python knows whether a partial is needed there."""
    return isinstance(frames, str) and frames.startswith("UndefinedWarning: ")


@pytest.mark.usefixtures("undrawn")
def test_where_a_partial_does_not_exist_the_script_claims_nothing_of_what_may_stand_still():
    def say(make, *numbers):
        leaves = [Value(2.0, "a"), Value(1.0, "b")][: len(numbers)]
        [[said]] = follow_all([(page(make(*leaves)), [[*enumerate(numbers)]])])
        return said.partition(" has no derivative there, ")

    reached = "and the adjoint 1.0 reaches it: make the page at this point to see more"
    for make in (above, lambda a, b: above(a, b) * a.relu()):
        name, _, told = say(lambda a, b, make=make: sqrt(make(a, b)), -1.0, 1.0)
        assert name.startswith("UndefinedWarning: sqrt(")
        assert told == reached
    for make in (lambda a: sqrt(a * 3.0), lambda a: sqrt(a.tanh() * 2.0)):
        name, _, told = say(make, 0.0)
        assert name.startswith("ZeroDivisionError: sqrt(")
        assert told.startswith("but the adjoint 1.0 reaches it: its rule divides by 0, ")
    assert say(lambda a: sqrt(a) * 0.0, 0.0)[2].startswith("and the adjoint 0.0 reaches it: ")


PAIRS = ((0.25, 1.0), (1.0, 0.25), (0.75, 0.75), (0.0, 0.5))


def examples():
    """Yield each primitive, a long sum, and powers to a number, of one leaf or of two."""
    for op in TABLE.values():
        start = 1.5 if op.name == "acosh" else 0.5
        leaves = [Value(start, "a"), Value(0.25, "b")][: len(op.rules)]
        yield leaves, op(*leaves)
    a, b = leaves = [Value(0.5, "a"), Value(0.25, "b")]
    yield leaves, weighted_sum([a, b] * 3, [1.0, b, 2.0, a, 0.5, b], 1.0)
    for exponent in EXPONENTS:
        a = Value(0.5, "a")
        yield [a], a**exponent


@pytest.mark.usefixtures("undrawn")
def test_the_script_says_of_every_primitive_what_python_s_page_says():
    cases = [(leaves, y, page(y)) for leaves, y in examples()]
    inputs = [[[*enumerate(xs[: len(leaves)])] for xs in PAIRS] for leaves, _, _ in cases]
    answers = follow_all([(made, some) for (*_, made), some in zip(cases, inputs, strict=True)])
    for (leaves, y, _), some, found in zip(cases, inputs, answers, strict=True):
        for numbers, frames in zip(some, found, strict=True):
            expected = follow_in_python(y, numbers, {x: i for i, x in enumerate(leaves)})
            if isinstance(expected, str) or isinstance(frames, str):
                assert shape(frames) == shape(expected)
            else:
                assert told(frames) == told(expected)


def shape(refusal):
    """Return the words of a refusal: its numbers may differ in the last of all digits."""
    assert isinstance(refusal, str), refusal
    return [x for x in refusal.split() if not x.strip(":;,").replace(".", "").isdigit()]


def test_numbers_are_written_as_in_python():
    rng = random.Random(5)
    numbers = [rng.uniform(-1, 1) * 10 ** rng.randint(-12, 14) for _ in range(4000)]
    numbers += [k / 2**j for k in range(1, 400, 7) for j in range(1, 14)]  # ties
    numbers += [k + 0.25 for k in range(1000, 1400)] + [-(k + 0.5) for k in range(1000, 9999, 9)]
    numbers += [0.0, -0.0, 9999.5, 999.96, 999999.5, 1e6, 1e16, 1e22, 5e-324, 1e-4, 9.9995]
    asks = "JSON.stringify([xs.map(number), xs.map(repr)])"
    [[short, whole]] = run_node([{"xs": numbers, "asks": asks}])
    assert short == [number(x) for x in numbers]
    assert whole == [repr(x) for x in numbers]


GRID = [k / 8 for k in range(-240, 241)] + [710.0, -710.0, 1e-9, -1e-9, 1e300, -1e300]
KNOWN = [op for op in TABLE.values() if op.name in known_functions()]


def test_the_script_has_every_primitive_of_the_table():
    assert {op.name for op in TABLE.values() if op.name.isidentifier()} == {
        *known_functions(),
        "neg",
    }


def test_every_primitive_is_within_4_units_of_the_last_place_and_fails_where_python_fails():
    rng = random.Random(6)
    pairs = [[rng.choice(GRID), rng.choice(GRID)] for _ in range(1000)]
    grids = {op: [[x] for x in GRID] if len(op.rules) == 1 else pairs for op in KNOWN}
    grids[TABLE["**"]] = pairs
    cases = []
    for op, operands in grids.items():
        name = op.name if op.name.isidentifier() else "pow"
        asks = f"JSON.stringify(xs.map(x => {{ try {{ return repr(library.{name}(...x)); }} "
        asks += "catch (error) { return error.name; } }))"
        cases.append({"xs": operands, "words": {}, "living": {"needs": {}}, "asks": asks})
    for (op, operands), found in zip(grids.items(), run_node(cases), strict=True):
        for xs, text in zip(operands, found, strict=True):
            assert is_near(text, evaluated(op, xs)), (op, xs, text)


def evaluated(op, xs):
    try:
        return op.evaluate(xs)
    except (ArithmeticError, ValueError) as error:
        return type(error).__name__


def is_near(text, expected):
    if isinstance(expected, str) or text.endswith("Error"):
        return text == expected
    return float(text) == expected or abs(float(text) - expected) <= 4 * math.ulp(expected)


softsign = Primitive("softsign", lambda a: a / (1 + abs(a)), lambda _, y: (1 - abs(y)) ** 2)


@pytest.mark.usefixtures("undrawn")
def test_a_primitive_of_one_s_own_is_followed_too():
    x = Value(3.0, "x")
    y = softsign(x) * 2
    [[frames]] = follow_all([(page(y), [[[0, -1.0]]])])
    assert told(frames) == told(follow_in_python(y, [[0, -1.0]], {x: 0, y: 2}))


def test_the_operations_are_written_once_for_each_kind():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    _, living, operations = parts_of(page(a * b * a + b * b))
    assert operations.count("forward:") == 2
    assert [node["operation"] for node in living["nodes"]] == [0, 0, 0, 1]


MISTAKES = """
const data = [];
for (const [place, text] of living.leaves) data[place] = toFloat(text);
const found = run(data);
const told = ([x, ...words]) => [repr(x), words.join("")];
const atStep = (step, { partial }) =>
  rulesMistaken(step, partial).map(([x, name]) => told([x, ...missteps[name]]));
const ofRules = living.steps.map((step, k) => found.receipts[k] && atStep(step, found.receipts[k]));
const ofPaths = Object.keys(living.paths).map(place => [place, leaveOutPaths(place).map(told)]);
JSON.stringify([ofRules, ofPaths])
"""


def mistakes_on(made):
    """Return what the script of a page has for wrong answers to each step, and to each sum."""
    frames, living, operations = parts_of(made)
    known = {"frames": frames, "living": living, "words": living["words"]}
    known["missteps"] = read_data(made, "frames")[0]
    asks = f"{read_resource('script/mistakes.js')}\n{operations}\n{FOLLOW}\n{MISTAKES}"
    [(of_rules, of_paths)] = run_node([known | {"asks": asks}])
    return of_rules, of_paths


def rounded(slips):
    """Return wrong numbers with what is told of them, to the digits that two languages share."""
    return {(f"{float(x):.6g}", told) for x, told in slips if math.isfinite(float(x))}


@pytest.mark.usefixtures("undrawn")
def test_the_page_knows_the_mistakes_of_the_quiz_by_the_same_names():
    seen = set()
    for y, made, _, place in random_cases(seed=11, count=12, inputs=0):
        of_rules, of_paths = mistakes_on(made)
        graph, node = Graph(y), {i: x for x, i in place.items()}
        for step, found in zip(steps(y), filter(None, of_rules), strict=True):
            *slips, _ = partial_question(step, step.local).slips  # the last: one step too far
            quizzed = rounded((x.number, x.full) for x in slips)
            right = f"{step.partial:.6g}"
            extra = {told for x, told in rounded(found) - quizzed if x != right}
            assert {x for x in quizzed - rounded(found) if x[0] != right} == set()
            assert extra <= {SWAPPED_OPERANDS.full, WHOLE_GRADIENT.full}
            seen |= {told for _, told in found}
        for i, found in of_paths:
            left_out = leave_out_paths(graph, node[int(i)])
            assert rounded(found) == rounded((x.number, x.told + x.reason) for x in left_out)
            seen |= {told.partition(" ")[0] for _, told in found}
    assert len(seen) > 12


def test_sizes_are_scaled_as_in_the_picture_whatever_is_not_finite():
    known = {"living": {"looks": {"decades": DECADES}}, "words": {}, "frames": []}
    given = [[1000.0, 1.0], [1000.0, 1.0, math.inf], [0.0, math.nan], [1e308, -math.inf]]
    asked = [0.0, 1.0, 15.0, -50.0, 1000.0, math.inf]
    rows = str([*given, asked]).replace("inf", "Infinity").replace("nan", "NaN")
    asks = f"const rows = {rows}, asked = rows.pop();\n"
    asks += "JSON.stringify(rows.map(x => asked.map(scale(x))))"
    (found,) = run_node([known | {"asks": asks}])
    assert found == [pytest.approx([*map(Scale(x), asked)]) for x in given]


def test_a_constant_has_neither_a_rule_nor_a_wrong_one():
    script = Living(Graph(Value(2.0, "x") ** 3 + 1.5), []).script
    assert len(re.findall(r"partials: \[.*, null\], ", script)) == 1
    assert len(re.findall(r"  wrong: \[\(a, b, y, p\) => .*, null\] }", script)) == 1


def test_the_slope_of_a_power_whose_exponent_is_0_is_0_everywhere():
    script = Living(Graph(Value(0.0, "x") ** 0), []).script
    assert "partials: [(a, b, y) => 0, null]" in script


POLES = {"log": {"0"}, "log1p": {"-1"}, "**": {"0"}, "atanh": {"1", "-1"}}


def test_what_python_says_where_it_has_no_result_is_told_and_at_poles_that_they_are_such():
    assert not [x for x in WORDS_OF_PYTHON.values() if "there is a result" in x or not x]
    told = {op.name: needs_of(op) for op in TABLE.values() if op.needs}
    found = {name: {*words} - {"otherwise"} for name, words in told.items()}
    assert {name: poles for name, poles in found.items() if poles} == POLES
    for name, poles in POLES.items():
        assert all(told[name][x].startswith("a pole, where the result would be") for x in poles)
    assert told["**"]["otherwise"] == "a negative base needs a whole exponent"


@pytest.mark.parametrize(("count", "call"), [(8, "(a, b, c, d, e, f, g, h, y)"), (9, "(...x)")])
def test_up_to_eight_operands_have_letters(count, call):
    letters = Letters.of(count)
    assert len(letters.operands) == count
    assert letters.write("1", "y") == f"{call} => 1"
    names = [*letters.operands, letters.y, letters.partial]
    assert len({*names}) == count + 2
    assert letters.write_all(["null", "2"]) == f"[null, {letters.write('2')}]"


def test_of_several_terms_is_told_only_where_a_value_is_used_more_than_once():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    several = {x.name for x in AT_SEVERAL}
    for y, holds in ((a, False), (a * b, False), (a * a, True), (a * b + a, True)):
        told = {x.name for x in Living(Graph(y), []).missteps()}
        assert several <= told if holds else not several & told


@pytest.mark.parametrize(("uses", "told"), [(1, 0), (2, 2), (6, 6), (7, 0)])
def test_the_paths_to_a_value_are_told_if_they_are_two_to_six(uses, told):
    a = Value(2.0, "a")
    y = Value(1.0, "b")
    for _ in range(uses):
        y = y + a
    paths = Living(Graph(y), []).paths()
    assert [len(found) for found in paths.values()] == [told] * bool(told)
