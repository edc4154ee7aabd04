"""Watching: what is counted in a run of a few passes, each law on the smallest graph."""

import math

import numpy
import pytest

from autograd_mini import Value, record, weighted_sum
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.sums import total
from autograd_mini.optim import SGD
from autograd_mini.teach.doctor import doctor
from autograd_mini.teach.watching import Watch, is_outdated, replaying


def leaf(number=3.0, label="w"):
    return Value(number, label)


def test_a_parameter_without_a_label_has_its_place_in_the_list_for_a_name():
    assert [*Watch([Value(1.0), leaf()]).names.values()] == ["parameter1", "w"]


def test_a_number_that_the_first_loss_adds_to_a_parameter_is_part_of_the_model():
    w = leaf()
    always, later = Watch([w]), Watch([w])
    for seen, first in ((always, w + 1.0), (later, w * 2.0)):
        for loss in (first, w + 1.0):
            loss.backward()
            seen.look(loss)
    assert always.rebound == ""
    assert later.rebound.startswith(
        "in pass 2 the loss is computed from a parameter minus a number"
    )


@pytest.mark.parametrize(("passes", "told"), [(1, "1 pass"), (2, "2 passes")])
def test_a_report_says_how_many_passes_it_saw(passes, told):
    w = leaf()
    with doctor([w]) as report:
        for _ in range(passes):
            (w * w).backward()
    assert repr(report).splitlines()[0].endswith(f" in {told}")


def test_an_update_is_counted_once_whatever_passes_follow():
    w, other = leaf(), leaf(1.0, "v")
    with doctor([w]) as report:
        (w * w).backward()
        w.data = 2.0
        for _ in range(3):
            (other * 2.0).backward()
    assert (len(report.updates), report.passes) == (1, 1)
    assert (report.strangers, report.late, report.elsewhere) == (3, 3, {other})


def test_passes_that_reach_no_parameter_are_late_only_until_one_does():
    w, other = leaf(), leaf(1.0, "v")
    with doctor([w]) as report:
        (w * w).backward()
        (other * 2.0).backward()
        (w * w).backward()
    assert (report.strangers, report.late, report.passes) == (1, 0, 2)


@pytest.mark.parametrize(("slope", "is_old"), [(1.0, 1), (-1.0, 1), (2.0, 1), (0.0, 0)])
def test_a_gradient_that_stays_after_an_update_is_old_unless_it_is_0(slope, is_old):
    w = leaf()
    with doctor([w]) as report:
        (w * slope).backward()
        w.data -= 0.1
        w.grad = slope
    assert report.updates[0].slope == pytest.approx(-0.1 * slope)
    assert report.stale == 0
    with doctor([w]) as report:
        w.grad = 0.0
        (w * slope).backward()
        w.data -= 0.1
        (w * slope).backward()
    assert report.stale == is_old


def test_only_a_new_pass_over_the_same_loss_adds_its_gradients_once_more():
    w = leaf()
    loss = w * w
    with doctor([w]) as report:
        loss.backward()
        loss.backward()
    assert (report.repeats, report.rebound) == (1, "")
    for again in ("other loss", "update", "clear", "other number"):
        w = leaf()
        loss = w * w
        with doctor([w]) as report:
            loss.backward()
            if again == "update":
                w.data -= 0.1
            if again == "clear":
                w.grad = 0.0
            if again == "other number":
                loss.data = 8.0
            (w * w * 2.0 if again == "other loss" else loss).backward()
        assert report.repeats == 0, again


def test_a_step_is_idle_where_no_pass_came_since_the_last_whosever():
    w, other = leaf(), leaf(1.0, "v")
    own = SGD([w], 0.1)
    with doctor([w]) as report:
        own.step()  # before any pass
        (w * w).backward()
        (w * w).backward()
        own.step()
        (w * w).backward()
        (other * 2.0).backward()
        own.step()
    assert report.steps["idle"] == 1
    with doctor([w]) as report:
        (w * w).backward()
        (other * 2.0).backward()
        own.step()
        own.step()
    assert report.steps["idle"] == 1


def test_a_parameter_made_to_a_new_value_is_told_while_that_is_alive():
    w = leaf()
    with doctor([w]) as report:
        (w * w).backward()
        moved = w - 0.5
        (w * w).backward()
    written = "w - 0.5 was computed as a new Value, and the parameter stayed as it was"
    assert (moved.data, report.rebound) == (2.5, written)


def test_a_relu_is_lit_wherever_it_is_above_0():
    w = leaf(0.5)
    on, off = (w * 1.0).relu(), (w * -1.0).relu()
    on.label, off.label = "layer1.a", "layer1.b"
    with doctor([w]) as report:
        (on + off).backward()
    assert (report.relus, report.lit) == (2, {"layer1.a": 2, "layer1.b": 0})


def test_errors_of_which_a_loss_is_minus_are_noted_one_by_one():
    w = leaf()
    with doctor([w]) as report:
        (-((w - 1.0) ** 2)).backward()
        (-((w - 2.0) ** 2)).backward()
    assert report.turned == [4.0, 1.0]


def test_units_are_twins_that_were_equal_in_all_passes():
    weights = [leaf(0.3 + i // 2, f"n{i + 1}.w") for i in range(4)]
    with doctor(weights) as report:
        for number in (1.3, 1.4):
            weights[3].data = number
            total([weighted_sum([x], [2.0]).tanh() for x in weights]).backward()
    assert report.twins == {frozenset({"n1.w", "n2.w"})}


def test_ten_passes_are_early():
    w = leaf()
    with doctor([w]) as report:
        for _ in range(12):
            (w * 0.5).backward()
    assert report.sizes == {("input", "w"): [0.5] * 10}


def test_what_is_not_what_a_parameter_gives_now_is_outdated():
    w, number = leaf(), Value(1.0)
    square, sum_of_both, other = w * w, w * 2.0 + 1.0, number * 2.0
    w.data, number.data = 4.0, 5.0
    assert [is_outdated(x, {w: "w"}) for x in (square, sum_of_both, other)] == [True, False, False]
    assert is_outdated(sum_of_both.operands[0], {w: "w"})
    root = leaf(4.0).sqrt()
    [w] = root.operands
    w.data = -1.0
    assert is_outdated(root, {w: "w"})
    w.data = math.nan
    assert not is_outdated(root, {w: "w"})


def test_a_graph_is_replayed_from_the_numbers_of_its_parameters_alone():
    w, x = leaf(), Value(5.0)
    again = replaying(topological_order(w * x + w), {w: "w"})
    w.data, x.data = 2.0, 100.0
    assert again() == 2.0 * 5.0 + 2.0


def linear_program():
    """Return the program z·0.5 of z = w·x + b, and its parameters."""
    w, b, x = leaf(3.0, "layer1.w"), leaf(1.0, "layer1.b"), Value(2.0, "x")
    z = weighted_sum([w], [x], b)
    z.label = "layer1.z"
    return record(z * 0.5, [x]), w, b


@pytest.mark.parametrize(("n", "seen"), [(1, 1), (5, 5), (31, 31), (32, 16), (64, 22), (100, 25)])
def test_of_the_samples_of_a_program_at_most_sixty_four_are_looked_at(n, seen):
    program, w, b = linear_program()
    columns = numpy.arange(1.0, n + 1)
    with doctor([w, b]) as report:
        program.backward(columns)
    adjoints, inputs = (report.sizes[x] for x in (("adjoint", "layer1"), ("input", "layer1.w")))
    assert adjoints == [0.5] * seen
    assert inputs == [*columns[:: 1 + n // 32]]
    assert report.passes == 1


def test_a_program_of_other_parameters_reaches_none():
    program, *_ = linear_program()
    with doctor([leaf(1.0, "v")]) as report:
        program.backward(2.0)
    assert (report.passes, report.strangers) == (0, 1)
    assert report.elsewhere == set(program.parameters)
