"""What the benchmarks time is right: every workload, on our engine and on the tuple design."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from tests.benchmarks import bare, race, reference, report, worker
from tests.benchmarks.engines import task_of
from tests.benchmarks.footprint import footprint, leftovers
from tests.benchmarks.race import Contestant, Result, WrongAnswerError
from tests.benchmarks.sections import SECTIONS
from tests.benchmarks.sections.eager import BARE, eager_row
from tests.benchmarks.sections.options import Options
from tests.benchmarks.tasks import AbsentError, ValueTask
from tests.benchmarks.values import tuples_maths
from tests.benchmarks.workloads import BATCHES, WORKLOADS

SHALLOW = ["expression", "moons", "hinge", "xor", "gpt", "repeat"]


def answer(engine: str, workload: str) -> list[float]:
    """Value and gradients of one step."""
    return worker.answer(task_of(engine, workload))


@pytest.mark.parametrize("engine", ["ours", "ours-sums", "tuples", "bare"])
@pytest.mark.parametrize("workload", SHALLOW)
def test_every_workload_has_the_value_and_gradients_derived_by_hand(engine, workload):
    assert answer(engine, workload) == pytest.approx(reference.answer(workload), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("workload", ["moons", "repeat"])
def test_our_own_network_is_the_same_network(workload):
    assert answer("ours-nn", workload) == pytest.approx(reference.answer(workload), abs=1e-9)


@pytest.mark.parametrize("engine", ["program", "program-nn"])
def test_a_recorded_program_gives_the_gradients_of_parameters_and_point(engine):
    assert answer(engine, "repeat") == pytest.approx(reference.answer("repeat"), abs=1e-9)


@pytest.mark.parametrize("name", list(BATCHES))
def test_a_program_on_arrays_gives_the_mean_and_its_gradients(name):
    right = reference.answer(name)
    assert answer("program-numpy", name) == pytest.approx(right, rel=1e-9, abs=1e-9)


def test_a_long_chain_grows_by_a_constant_factor():
    assert answer("ours", "chain-10000") == pytest.approx(reference.answer("chain-10000"), rel=1e-9)


@pytest.mark.parametrize("name", list(BATCHES))
def test_a_batch_is_the_mean_of_its_samples(name):
    parameters, points = BATCHES[name].parameters(), BATCHES[name].points()[:5]
    samples = [sample_answer(BATCHES[name].sample, [*parameters, *point]) for point in points]
    means = [sum(column) / len(points) for column in zip(*samples, strict=True)]
    value, gradients = reference.BATCH_REFERENCES[name](np.array(parameters), np.array(points))
    assert means[: len(parameters) + 1] == pytest.approx([value, *gradients], rel=1e-9, abs=1e-9)


def sample_answer(sample, leaves):
    """Value and gradients of one sample at these leaves, by the tuple design."""
    return worker.answer(ValueTask(tuples_maths(), replace(sample, start=lambda: leaves)))


def test_the_transformer_has_as_many_parameters_as_announced():
    assert len(WORKLOADS["gpt"].start()) == 4_192


def test_a_wrong_gradient_keeps_an_engine_from_being_timed():
    right = reference.answer("expression")
    contestant = Contestant("liar", "liar", "expression")
    race.verify(contestant, right)
    with pytest.raises(WrongAnswerError, match="liar on expression is off by 2"):
        race.verify(contestant, [*right[:-1], right[-1] * (1 + 2e-9)])


def test_an_answer_that_is_not_a_number_is_wrong():
    right = reference.answer("expression")
    with pytest.raises(WrongAnswerError):
        race.verify(Contestant("", "", "expression"), [*right[:-1], float("nan")])


def test_ratios_are_taken_inside_each_round():
    result = Result({"slow": [4.0, 9.0], "fast": [2.0, 3.0]})
    assert result.ratios("slow", "fast") == [2.0, 3.0]
    assert result.ratios("nobody", "fast") == []


def test_a_missing_peer_is_reported_as_not_installed():
    with pytest.raises(AbsentError, match="no_such_engine is not installed"):
        task_of("no_such_engine:Value", "expression")


def test_a_part_of_the_project_that_does_not_exist_is_said_so():
    with pytest.raises(AbsentError, match="not yet in the project"):
        task_of("autograd_mini.no_such_module:Value", "expression")


def test_a_goal_is_met_at_its_bound_and_plainly_missed_beyond():
    assert report.judged([2.0, 3.0, 4.0], report.AtLeast(3)).endswith("goal ≥ 3: met")
    assert report.judged([2.0, 2.9, 4.0], report.AtLeast(3)).endswith("goal ≥ 3: **not met**")
    assert report.single(151, report.AtMost(150)).endswith("**not met**")
    assert report.judged([]) == report.NOTHING


def test_the_goals_of_ours_are_neither_met_nor_missed_by_another_engine():
    [goals, *_] = [goals for goals in BARE if goals.workload == "moons"]
    result = Result({"micrograd": [11.0], "tuples": [4.2], "bare": [1.0], "ours": [0.1]})
    cells = eager_row(goals, result, result)
    assert cells[1:3] == ["11 (11–11), 50% of 22", "4.2 (4.2–4.2), 200% of 2.1"]
    assert report.tally(" | ".join(cells)) == "Goals met: 0; not met: 0.\n"
    assert report.NO_GOAL.share().verdict(1.0) == ""


def test_the_bare_design_differentiates_graphs_made_afresh_one_after_the_other():
    a, b = bare.Value(2.0), bare.Value(4.0)
    for times in (1, 2):
        y = (1 - a) / b - 3 / a + a * a - (-b) ** 2 / 8 + (a - b) * 0.5
        y.backward()
        assert y.data == -0.25 - 1.5 + 4 - 2 - 1
        assert (a.grad, b.grad) == (times * (-0.25 + 0.75 + 4 + 0.5), times * (0.0625 - 1 - 0.5))


def test_the_chain_shows_its_growth_with_the_collector_on_and_off(monkeypatch):
    def raced(contestants, collector, _pace):
        """Make the cost per operation grow with the collector on alone."""
        growing = {"on": [1.0, 1.0, 2.0, 9.0, 9.0], "off": [1.0, 1.0, 1.0]}[collector]
        labels = [contestant.label for contestant in contestants]
        return Result({x: [1e-6 * y] for x, y in zip(labels, growing, strict=True)})

    monkeypatch.setattr(import_module("tests.benchmarks.sections.chain"), "race", raced)
    [table] = SECTIONS["chain"](Options(race.Pace(1, 0.0), slow_peers=False))
    assert [row[2].partition(" ")[0] for row in table.rows] == ["1", "1", "2"]
    assert [row[4].partition(" ")[0] for row in table.rows] == ["1", "1", "1"]
    assert table.rows[-1][2].endswith("**not met**")
    assert "goal" not in table.rows[-1][4]


def test_the_tally_counts_met_and_missed_goals():
    cells = [report.single(number, report.AtLeast(3)) for number in (1, 2, 3)]
    assert report.tally(" | ".join(cells)) == "Goals met: 1; not met: 2.\n"


def test_a_report_is_written_whole(tmp_path):
    report.write(tmp_path / "build" / "bench.md", "figures")
    assert (tmp_path / "build" / "bench.md").read_text() == "figures"
    assert len(list((tmp_path / "build").iterdir())) == 1


def test_the_tuple_design_leaves_its_graph_to_the_collector_and_ours_does_not():
    assert leftovers(task_of("tuples", "xor")) > 0
    assert leftovers(task_of("ours", "xor")) == 0


def test_nodes_are_counted_without_parameters_and_constants():
    assert footprint(task_of("ours", "chain-10000"))["nodes"] == 10_000
    assert footprint(task_of("tuples", "xor"))["nodes"] == 4 * (3 * (5 + 8) + 2 + 7) + 5
