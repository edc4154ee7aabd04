"""Exercises: short numbers, equally hard, the same on every machine."""

import hashlib
import math
import os
import re
import subprocess
import sys
from collections import Counter
from inspect import Parameter, Signature
from pathlib import Path
from textwrap import indent

import pytest

from autograd_mini import Value
from autograd_mini.engine.sums import total
from autograd_mini.stepping.naming import names
from autograd_mini.stepping.paths import edges
from autograd_mini.stepping.steps import steps
from autograd_mini.teach import mistakes
from autograd_mini.teach.exercises import (
    LEVELS,
    SLOTS,
    evaluate_text,
    exercise,
    fair_shapes,
    is_logarithm,
    is_short,
    level_of,
    ordered,
    pose,
    signature,
)
from autograd_mini.teach.tasks import (
    READY,
    SAMPLE_TASK,
    TRIES,
    Tasks,
    choice,
    list_numbers,
    load_tasks,
    take_turns,
)

ALL = [(seed, level) for level in LEVELS for seed in range(12)]


@pytest.mark.parametrize(("seed", "level"), ALL)
def test_every_number_of_an_exercise_is_short(seed, level):
    y = exercise(seed, level).output
    found = [node.data for node in names(y) if node.depth]
    found += [edge.partial for node in names(y) for edge in edges(node)]
    found += [n for step in steps(y) for n in (step.adjoint, step.term)]
    digits = LEVELS[level].digits
    assert all(abs(x - round(x, digits)) < 1e-9 or is_logarithm(x) for x in found)
    assert level == 4 or not any(abs(x - round(x, 2)) > 1e-9 for x in found)


@pytest.mark.parametrize(("seed", "level"), ALL)
def test_an_exercise_shows_what_its_level_is_about(seed, level):
    y = exercise(seed, level).output
    if level < 4:
        assert mistakes.overwrite.safe(y) is (level == 1)
        assert mistakes.recursion.safe(y) is (level < 3)
    else:
        assert {node.op.name for node in names(y)} & {"tanh", "exp", "sigmoid"}
    assert all(mistakes.right(y)[x] for x in names(y) if not x.operands)


@pytest.mark.parametrize(("seed", "level"), ALL)
def test_a_line_of_an_exercise_uses_only_what_stands_above_it(seed, level):
    given, *lines = pose(exercise(seed, level)).splitlines()
    known = set(re.findall(r"\b([a-h]) =", given))
    for line in lines:
        name, _, expression = line.partition(" = ")
        assert set(re.findall(r"\b[a-hL]\b", expression)) <= known, line
        known.add(name)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("slot", range(3))
def test_exercises_of_one_slot_are_equally_hard(level, slot):
    drawn = [exercise(seed, level, slot).output for seed in range(20)]
    assert len({signature(y) for y in drawn}) == 1
    assert signature(drawn[0])[0] > 0, "no product"


def test_a_signature_counts_products_reused_nodes_and_what_each_mistake_changes():
    y = exercise(1, 2).output
    products, reused, *changed = signature(y)
    assert products == sum(node.op.name == "*" for node in names(y))
    uses = Counter(x for node in names(y) for x in node.operands)
    assert reused == sum(n > 1 for n in uses.values())
    assert signature(exercise(1, 1).output)[1] == 0
    wrong, truth = mistakes.overwrite(y), mistakes.right(y)
    assert changed[0] == sum(wrong[x] != truth[x] for x in names(y) if not x.operands)


def test_all_numbers_that_an_exercise_draws_from_are_some_and_short():
    for level in LEVELS.values():
        for text in (text for texts in level.numbers for text in texts):
            assert is_short(evaluate_text(text), 0) or is_logarithm(evaluate_text(text)), text


@pytest.mark.parametrize(
    ("x", "digits", "expected"),
    [
        *((99.0, 0, True), (100.0, 2, False), (0.12, 2, True), (0.123, 2, False), (0.123, 3, True)),
        *((2.0 + 9e-10, 0, True), (2.0 + 2e-9, 0, False), (-99.5, 1, True)),
    ],
)
def test_a_short_number_is_below_100_and_has_few_decimals(x, digits, expected):
    assert is_short(x, digits) is expected


@pytest.mark.parametrize("name", ["exp", "tanh", "sigmoid", "log", "relu", "sqrt", "abs", "*"])
def test_where_a_function_needs_it_an_exercise_has_logarithms_among_its_numbers(name):
    needs = name in ("exp", "tanh", "sigmoid", "log")
    assert level_of(1, f"+ {name}").numbers == (LEVELS[4].numbers if needs else LEVELS[1].numbers)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        *((math.log(99) / 2, True), (math.log(101) / 2, False), (math.log(2.5) / 2, False)),
        *((0.0, True), (-math.log(3), True), (math.nan, False)),
    ],
)
def test_half_the_logarithm_of_a_whole_number_below_100_is_written_short(x, expected):
    assert is_logarithm(x) is expected


def test_leaves_are_in_the_order_of_the_numbers_in_their_names():
    labels = ["x10", "x2", "b", "x1y10", "x1y9"]
    leaves, [product] = ordered(total([Value(2.0, name) for name in labels]))
    assert [x.label for x in leaves] == ["b", "x1y9", "x1y10", "x2", "x10"]
    assert product.depth == 1


DRAW = """
import hashlib
from autograd_mini.teach.exercises import LEVELS, exercise, pose
from autograd_mini.teach.tasks import READY, Tasks
tasks = Tasks([*READY.values()])
drawn = [exercise(seed, level) for level in LEVELS for seed in range(4)]
drawn += [tasks.exercise(seed, slot) for slot in range(3) for seed in range(4)]
text = "".join(map(pose, drawn))
"""


@pytest.mark.parametrize("hash_seed", ["1", "12345"])
def test_a_seed_gives_the_same_bytes_on_every_machine_and_in_every_version(hash_seed):
    """Whoever has printed papers marks them, maybe with a later version: both are of one seed."""
    done = subprocess.run(
        [sys.executable, "-c", f"{DRAW}print(hashlib.sha256(text.encode()).hexdigest()[:16])"],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "e8b516eb574cda5f\n"


def test_every_exercise_that_was_ever_printed_is_drawn_again():
    """Of all levels and slots, of other operations, and of the ready-made tasks."""
    places = [(level, slot) for level in LEVELS for slot in range(SLOTS)]
    drawn = [exercise(seed, *place) for place in places for seed in ("anna", 3)]
    others = ((1, "+ * relu"), (3, "/ + tanh"), (4, "* exp"))
    drawn += [exercise(1, level, 1, ops) for level, ops in others]
    numbers = [Tasks([task]).groups for task in READY.values()]
    text = f"{''.join(map(pose, drawn))}{numbers}"
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "febe14b0014c8807"


def test_an_operation_whose_derivative_is_undefined_at_many_numbers_can_be_asked_for():
    y = exercise(1, 2, ops="- ^").output  # (-2)^n has none with respect to n
    assert any(node.op.name == "**" for node in names(y))
    assert all(math.isfinite(n) for n in mistakes.right(y).values())


@pytest.mark.parametrize("level", LEVELS)
def test_an_exam_has_at_most_six_kinds_of_exercises_and_then_begins_again(level):
    kinds = [group.signature for group in fair_shapes(level)]
    assert len(set(kinds)) == len(kinds) <= 6
    posed = [exercise(1, level, slot).output for slot in range(2 * len(kinds))]
    assert [signature(y) for y in posed] == kinds * 2


def test_without_a_word_an_exercise_is_the_first_of_level_2_with_its_own_operations():
    assert pose(exercise(5)) == pose(exercise(5, 2, 0, ""))


def test_another_seed_gives_another_exercise():
    assert len({pose(exercise(seed)) for seed in range(30)}) > 25


def test_a_leaf_such_as_half_a_logarithm_is_posed_as_it_is_written():
    texts = {pose(exercise(seed, 4, slot)) for seed in range(5) for slot in range(3)}
    assert any(re.search(r"\b[a-c] = -?log\([23]\)", text) for text in texts)
    assert not any("0.693" in text or "0.549" in text for text in texts)


def test_other_operations_can_be_asked_for():
    y = exercise(1, 2, ops="+ * relu").output
    assert {node.op.name for node in names(y) if node.depth} <= {"+", "*", "relu"}


def test_a_level_or_an_operation_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match=r"^level is 1, 2, 3, 4; got 5"):
        exercise(1, 5)
    for name in ("tan2", "leaf"):
        told = rf"^no operation is called '{name}'; known are \* \*\* \+ ((?!leaf ).)*$"
        with pytest.raises(ValueError, match=told):
            exercise(1, 1, ops=f"+ {name}")
    with pytest.raises(ValueError, match=r"^an exercise needs an operation of two operands"):
        exercise(1, 1, ops="sin")
    with pytest.raises(ValueError, match=r"^no exercise of level 1 with \+ atan has only short"):
        exercise(1, 1, ops="+ atan")


def test_shapes_are_grouped_by_signature_the_commonest_first():
    sizes = [len(group.shapes) for group in fair_shapes(2)]
    assert sizes == sorted(sizes, reverse=True)
    assert len({group.signature for group in fair_shapes(2)}) == len(sizes)


# Tasks of a teacher's own -------------------------------------------------------------------------

OWN = """
from autograd_mini.teach.tasks import choice

def line(w=choice(0.5, 2, -3), x=choice(1, 3), b=choice(-1, "log(2)")):
    return (w * x + b) ** 2

def helper(a, b):
    return a
"""


def test_a_file_of_tasks_is_read_and_its_numbers_are_drawn_by_the_seed(tmp_path):
    file = tmp_path / "tasks.py"
    file.write_text(OWN, encoding="utf-8")
    tasks = load_tasks(str(file))
    assert [task.__name__ for task in tasks.tasks] == ["line"]
    posed = {pose(tasks.exercise(seed, 0)) for seed in range(12)}
    assert len(posed) > 3
    assert all(re.match(r"b = \S+, w = (0\.5|2|-3), x = [13]\nv1 = w·x\n", text) for text in posed)


def product_of_two(w=choice(1, 2, 3), x=choice(3, 4)):
    return w * x


@pytest.mark.parametrize("task", [product_of_two, *READY.values()], ids=lambda task: task.__name__)
def test_a_paper_has_each_exercise_of_a_task_once_and_each_slot_is_equally_hard(task):
    tasks = Tasks([task])
    size = sum(map(len, tasks.groups[0]))
    papers = [[tasks.exercise(seed, slot) for slot in range(size)] for seed in (1, 2)]
    assert all(len({pose(x) for x in paper}) == size for paper in papers)
    assert [pose(x) for x in papers[0]] != [pose(x) for x in papers[1]]
    assert [signature(x.output) for x in papers[0]] == [signature(x.output) for x in papers[1]]
    assert pose(tasks.exercise(1, size)) == pose(papers[0][0])


@pytest.mark.parametrize("numbers", [(1, 2), (2, 1), (1, 2, 2)])
def test_all_numbers_of_a_choice_are_used_in_whatever_order_they_stand(numbers):
    def line(w=choice(*numbers), x=choice(3)):
        return w * x

    posed = {pose(Tasks([line]).exercise(1, slot)) for slot in range(2)}
    assert posed == {"w = 1, x = 3\nL = w·x", "w = 2, x = 3\nL = w·x"}


def test_of_too_many_numbers_some_are_drawn():
    def long_sum(**values):
        return total([*values.values()]) * 2

    many = choice(*range(1, 10))
    names = [Parameter(f"x{i}", Parameter.KEYWORD_ONLY, default=many) for i in range(6)]
    long_sum.__signature__ = Signature(names)
    [groups] = Tasks([long_sum]).groups
    assert sum(map(len, groups)) == 600
    assert {text for group in groups for numbers in group for text in numbers} == set(many)


@pytest.mark.parametrize(("sizes", "some"), [((50, 100), False), ((3, 1667), True)])
def test_all_numbers_are_taken_of_up_to_five_thousand_and_each_once_of_more(sizes, some):
    a, b = (choice(*range(size)) for size in sizes)

    def line(w=a, x=b):
        return w * x

    listed = [*list_numbers(line)]
    assert len(set(listed)) == len(listed)
    assert set(listed) <= {(x, y) for x in a for y in b}
    assert (len(listed) < TRIES) is some
    assert len(listed) > TRIES / 2
    assert listed == [*list_numbers(line)] != sorted(listed)


@pytest.mark.parametrize("sizes", [[4, 2], [5, 3, 1], [20, 7, 3], [30, 1], [9, 9, 4, 2]])
def test_every_group_is_spread_over_the_whole_list(sizes):
    order = take_turns(sizes)
    assert sorted(order) == [(kind, i) for kind, size in enumerate(sizes) for i in range(size)]
    for n in range(1, len(order) + 1):
        counts = Counter(kind for kind, _ in order[:n])
        shares = (size * n / len(order) for size in sizes)
        assert all(abs(counts[kind] - share) < 1 for kind, share in enumerate(shares))
    assert [i for kind, i in order if kind == 0] == [*range(sizes[0])]


@pytest.mark.parametrize(("number", "is_short"), [("0.0001", True), ("0.00001", False)])
def test_numbers_of_a_task_have_at_most_four_decimals(number, is_short):
    def line(w=choice(2), x=choice(number)):
        return w * x

    if is_short:
        assert pose(Tasks([line]).exercise(1, 0)) == "w = 2, x = 0.0001\nL = w·x"
    else:
        with pytest.raises(ValueError, match=r"^the task line has no short numbers in 5000 tries;"):
            Tasks([line])


def test_numbers_for_which_a_task_fails_or_has_no_gradient_are_left_out():
    def root(a=choice(-4, 0, 4), b=choice(0, 2)):
        return a.sqrt() / b

    assert pose(Tasks([root]).exercise(1, 0)).startswith("a = 4, b = 2\n")


def test_a_list_of_tasks_is_told_from_others_by_its_check(tmp_path):
    file = tmp_path / "tasks.py"
    file.write_text(OWN, encoding="utf-8")
    own = load_tasks(str(file)).check
    assert own == hashlib.sha256(file.read_bytes()).hexdigest()[:6]
    assert load_tasks("tanh_neuron softmax").check == "tanh_neuron-softmax"
    assert Tasks([product_of_two]).check == "built-in"


@pytest.mark.parametrize("name", READY)
def test_ready_made_tasks_have_short_numbers_and_leaves_in_order(name):
    tasks = load_tasks(name)
    texts = {pose(tasks.exercise(seed, 0)) for seed in range(20)}
    assert len(texts) > 5
    assert all(("\nz = " in text) is (name == "tanh_neuron") for text in texts)
    leaves, _ = ordered(tasks.exercise(1, 0).output)
    assert [x.label for x in leaves] == sorted(x.label for x in leaves)


def test_what_is_no_task_is_refused(tmp_path):
    empty = tmp_path / "empty.py"
    empty.write_text("x = 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"^\S+empty.py defines no task; a task is a function"):
        load_tasks(str(empty))
    with pytest.raises(ValueError, match=r"^there is no file nowhere.py; ready-made tasks are "):
        load_tasks("nowhere.py")
    with pytest.raises(ValueError, match=r"^the task odd has no short numbers"):
        Tasks([odd])
    with pytest.raises(ValueError, match=r"^the task number returned 1.0; need a Value"):
        Tasks([number])
    with pytest.raises(ValueError, match=r"^choice needs at least one number"):
        choice()


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "\ndef line(w=choice(2)):\n    return w\n",
            "line 2: NameError: name 'choice' is not defined; 'choice' is in the package: "
            "from autograd_mini.teach.tasks import choice",
        ),
        ("def line(:\n", "line 1: SyntaxError: invalid syntax"),
        (OWN + "\n\ndef bad(a=choice(1)):\n    return a.tahn()\n", "line [0-9]+: AttributeError: "),
        ("raise ValueError('no')\n", "line 1: ValueError: no"),
    ],
)
def test_where_the_code_of_a_task_fails_file_and_line_are_told_in_one_line(tmp_path, code, told):
    file = tmp_path / "tasks.py"
    file.write_text(code, encoding="utf-8")
    with pytest.raises(ValueError, match=f"^{re.escape(str(file))}: {told}") as caught:
        load_tasks(str(file))
    assert "\n" not in str(caught.value)


def test_the_sample_of_a_task_is_one(tmp_path):
    file = tmp_path / "tasks.py"
    file.write_text(SAMPLE_TASK, encoding="utf-8")
    assert [task.__name__ for task in load_tasks(str(file)).tasks] == ["line"]
    readme = Path(__file__).parents[2].joinpath("README.md").read_text("utf-8")
    assert indent(SAMPLE_TASK, "  ") in readme


def odd(a=choice(0.3)):
    return a.sin()


def number(a=choice(1)):
    return a.data
