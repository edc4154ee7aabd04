"""W1, W2, W3 and W5: build, differentiate, update, the same code on every engine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..race import Contestant, Result, race
from ..report import NO_GOAL, AtLeast, Goal, Table, judged
from ..workloads import WORKLOADS
from .options import Options, name, why_absent


@dataclass(frozen=True)
class EagerGoals:
    """One line of the table: a variant of ours on a workload, and the three goals."""

    workload: str
    variant: str
    how: str
    over_micrograd: Goal
    over_tuples: Goal
    collector_off: Goal = NO_GOAL

    def of(self, variant: str) -> EagerGoals:
        """How much of the same goals another engine reaches."""
        found = (self.over_micrograd, self.over_tuples, self.collector_off)
        return EagerGoals(self.workload, variant, self.how, *(goal.share() for goal in found))


EAGER = (
    EagerGoals("expression", "ours", "", AtLeast(6), AtLeast(3.3)),
    EagerGoals("moons", "ours", ", plain operators", AtLeast(22), AtLeast(2.1), AtLeast(3.2)),
    EagerGoals("moons", "ours-nn", ", own nn.MLP", AtLeast(90), AtLeast(7.5)),
    EagerGoals("xor", "ours", "", AtLeast(7), AtLeast(3.2)),
    EagerGoals("gpt", "ours", ", plain operators", AtLeast(18), AtLeast(1.8), AtLeast(3.4)),
    EagerGoals("gpt", "ours-sums", ", weighted sums, layer by layer", AtLeast(70), AtLeast(6.5)),
)

BARE = tuple(goals.of("bare") for goals in EAGER if goals.variant == "ours")

HEADER = ("workload", "over micrograd", "over the tuple design", "collector off, over micrograd")

OTHERS = ("xad", "autograd", "torch")


def eager(options: Options) -> Iterator[Table]:
    """Build the graph, differentiate, update: the same code on every engine."""
    main = Table("Eager: how many times faster ours is", HEADER)
    bare = Table(
        "What plain Python can reach here: the bare design, which gives up all comfort",
        HEADER,
        notes=[
            "- Beside the goals for ours. No labels, no names of operations, no checks; graphs "
            "made afresh only (`tests/benchmarks/bare.py`)."
        ],
    )
    others = Table("Eager, plain operators, beside other engines", ["workload", *map(name, OTHERS)])
    for workload in options.eager:
        on = race(eager_contestants(workload, options, others_too=True), "on", options.pace)
        off = race(eager_contestants(workload, options, others_too=False), "off", options.pace)
        main.notes += first_goal(workload, on)
        main.rows += [eager_row(goals, on, off) for goals in EAGER if goals.workload == workload]
        bare.rows += [eager_row(goals, on, off) for goals in BARE if goals.workload == workload]
        title = WORKLOADS[workload].title
        others.rows.append([title, *(judged(on.ratios(peer, "ours")) for peer in OTHERS)])
        main.notes = list(dict.fromkeys([*main.notes, *why_absent(on, off)]))
    yield main
    yield bare
    yield others


def eager_contestants(workload: str, options: Options, *, others_too: bool) -> list[Contestant]:
    """micrograd, two designs, our variants, and other engines where they are not too slow."""
    variants = [goals.variant for goals in EAGER if goals.workload == workload]
    names = ["micrograd", "tuples", "bare", *variants]
    if others_too:
        names += [peer for peer in OTHERS if bearable(peer, workload, options)]
    return [Contestant(engine, options.engine(engine), workload) for engine in names]


TOO_SLOW = {"autograd": {"gpt"}}
"""Where a step takes longer than a whole run should."""

SLOW = {"autograd": {"gpt", "moons"}, "torch": {"gpt", "moons"}}
"""Where a step takes so long that a quick run leaves it out."""


def bearable(peer: str, workload: str, options: Options) -> bool:
    """Whether a step of the peer is short enough for this run."""
    return workload not in (TOO_SLOW if options.slow_peers else SLOW).get(peer, set())


def eager_row(goals: EagerGoals, on: Result, off: Result) -> list[str]:
    """One line of the table of ours, or of the bare design's."""
    return [
        WORKLOADS[goals.workload].title + goals.how,
        judged(on.ratios("micrograd", goals.variant), goals.over_micrograd),
        judged(on.ratios("tuples", goals.variant), goals.over_tuples),
        judged(off.ratios("micrograd", goals.variant), goals.collector_off),
    ]


def first_goal(workload: str, on: Result) -> list[str]:
    """What the engine had to reach before it was made fast."""
    ratios = on.ratios("micrograd", "ours") if workload == "moons" else []
    return [f"- W2's first goal, over micrograd: {judged(ratios, AtLeast(5))}"] if ratios else []
