"""The parts of the report: each races its contestants and yields tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from .race import Contestant, Pace, Result, race, workers
from .report import NO_GOAL, AtLeast, AtMost, Goal, Table, judged, single
from .workloads import WORKLOADS


@dataclass(frozen=True)
class Options:
    """How long to measure, which class is ours, and whether slow peers take part."""

    pace: Pace
    slow_peers: bool
    ours: str = "ours"
    eager: tuple[str, ...] = ("expression", "moons", "xor", "gpt")

    def engine(self, name: str) -> str:
        """The engine behind a contestant's name: "ours" can be any class."""
        return self.ours if name == "ours" else name


def why_absent(*results: Result) -> list[str]:
    """One line for each contestant that did not take part."""
    reasons = {label: why for result in results for label, why in result.absent.items()}
    return [f"- {label}: {why}" for label, why in reasons.items()]


# Eager -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class EagerGoals:
    """One line of the table: a variant of ours on a workload, and the three goals."""

    workload: str
    variant: str
    how: str
    over_micrograd: Goal
    over_tuples: Goal
    collector_off: Goal = NO_GOAL


EAGER = (
    EagerGoals("expression", "ours", "", AtLeast(6), AtLeast(3.3)),
    EagerGoals("moons", "ours", ", plain operators", AtLeast(22), AtLeast(2.1), AtLeast(3.2)),
    EagerGoals("moons", "ours-nn", ", own nn.MLP", AtLeast(90), AtLeast(7.5)),
    EagerGoals("xor", "ours", "", AtLeast(7), AtLeast(3.2)),
    EagerGoals("gpt", "ours", ", plain operators", AtLeast(18), AtLeast(1.8), AtLeast(3.4)),
    EagerGoals("gpt", "ours-sums", ", weighted sums", AtLeast(70), AtLeast(6.5)),
)

OTHERS = {"xad": "XAD", "autograd": "HIPS autograd", "torch": "PyTorch"}


def eager(options: Options) -> Iterator[Table]:
    """Build the graph, differentiate, update: the same code on every engine."""
    main = Table(
        "Eager: how many times faster ours is",
        ["workload", "over micrograd", "over the tuple design", "collector off, over micrograd"],
    )
    others = Table("Eager, plain operators, beside other engines", ["workload", *OTHERS.values()])
    for workload in options.eager:
        on = race(eager_contestants(workload, options, others_too=True), "on", options.pace)
        off = race(eager_contestants(workload, options, others_too=False), "off", options.pace)
        main.rows += [eager_row(goals, on, off) for goals in EAGER if goals.workload == workload]
        title = WORKLOADS[workload].title
        others.rows.append([title, *(judged(on.ratios(peer, "ours")) for peer in OTHERS)])
        main.notes = list(dict.fromkeys([*main.notes, *why_absent(on, off)]))
    yield main
    yield others


TOO_SLOW = {"autograd": {"gpt"}}
"""Where a step takes longer than a whole run should."""

SLOW = {"autograd": {"gpt", "moons"}, "torch": {"gpt", "moons"}}
"""Where a step takes so long that a quick run leaves it out."""


def eager_contestants(workload: str, options: Options, *, others_too: bool) -> list[Contestant]:
    """micrograd, the tuple design, our variants, and other engines where they are not too slow."""
    variants = [goals.variant for goals in EAGER if goals.workload == workload]
    names = ["micrograd", "tuples", *variants]
    if others_too:
        names += [peer for peer in OTHERS if bearable(peer, workload, options)]
    return [Contestant(name, options.engine(name), workload) for name in names]


def bearable(peer: str, workload: str, options: Options) -> bool:
    """Whether a step of the peer is short enough for this run."""
    return workload not in (TOO_SLOW if options.slow_peers else SLOW).get(peer, set())


def eager_row(goals: EagerGoals, on: Result, off: Result) -> list[str]:
    """One line of the main table."""
    return [
        WORKLOADS[goals.workload].title + goals.how,
        judged(on.ratios("micrograd", goals.variant), goals.over_micrograd),
        judged(on.ratios("tuples", goals.variant), goals.over_tuples),
        judged(off.ratios("micrograd", goals.variant), goals.collector_off),
    ]


# A deep chain ------------------------------------------------------------------------------------

LENGTHS = (10_000, 100_000, 1_000_000)


def chains(options: Options) -> Iterator[Table]:
    """Forward, backward and release of a chain, per operation."""
    ours = [chain_of("ours", options, length) for length in LENGTHS]
    peers = [chain_of(peer, options, 10_000) for peer in ("micrograd", "tuples")]
    result = race([*ours, *peers], "on", options.pace)
    table = Table(
        "W4: a deep chain, forward, backward and release",
        ["operations", "µs per operation", "cost per operation over that at 10,000"],
        notes=[
            *ratio_notes(result, [contestant.label for contestant in peers], ours[0].label),
            "- Flat is read as: at most 1.5 times the cost at 10,000. micrograd and the tuple "
            "design recurse; they were given a recursion limit far above Python's own.",
            *why_absent(result),
        ],
    )
    for length, contestant in zip(LENGTHS, ours, strict=True):
        label = contestant.label
        microseconds = [1e6 * seconds for seconds in result.seconds.get(label, [])]
        goal = AtMost(1.2) if length == LENGTHS[-1] else NO_GOAL
        flat = AtMost(1.5) if length == LENGTHS[-1] else NO_GOAL
        growth = result.ratios(label, ours[0].label)
        table.rows.append([f"{length:,}", judged(microseconds, goal), judged(growth, flat)])
    yield table


def chain_of(name: str, options: Options, length: int) -> Contestant:
    """An engine on a chain; one evaluation is one operation."""
    return Contestant(f"{name}, {length:,}", options.engine(name), f"chain-{length}", length)


def ratio_notes(result: Result, slower: Sequence[str], faster: str) -> list[str]:
    """How far *faster* is ahead of each of the others, a line each."""
    return [
        f"- {faster} over {label}: {judged(result.ratios(label, faster))}"
        for label in slower
        if label in result.seconds
    ]


# Memory ------------------------------------------------------------------------------------------


def memory(options: Options) -> Iterator[Table]:
    """The graph of W2: bytes by tracemalloc, and what is left for the collector."""
    table = Table(
        "Memory of W2's graph",
        [
            "engine",
            "nodes",
            "bytes per node",
            "whole graph, over micrograd's",
            "peak of backward, over micrograd's",
            "objects left for the collector",
        ],
        notes=["Bytes by tracemalloc, parameters aside, for each engine's own nodes."],
    )
    names = ["micrograd", "tuples", "ours", "ours-nn"]
    contestants = [Contestant(name, options.engine(name), "moons") for name in names]
    with workers(contestants) as (present, absent):
        measured = {
            worker.contestant.label: (worker.ask("memory"), worker.ask("leftovers"))
            for worker in present
        }
    whole = measured["micrograd"][0] if "micrograd" in measured else None
    for name, (sizes, left) in measured.items():
        table.rows.append(memory_row(name, sizes, left, whole))
    table.notes += why_absent(Result({}, absent))
    yield table


def memory_row(
    name: str, sizes: dict[str, int], left: int, whole: dict[str, int] | None
) -> list[str]:
    """One engine's line; only ours has goals."""
    each, third, none = (
        (AtMost(150), AtMost(1 / 3), AtMost(0)) if name == "ours" else (NO_GOAL,) * 3
    )
    share = [sizes[key] / whole[key] if whole else float("nan") for key in ("graph", "peak")]
    return [
        name,
        f"{sizes['nodes']:,}",
        single(sizes["graph"] / sizes["nodes"], each),
        single(share[0], third),
        single(share[1]),
        single(left, none),
    ]


SECTIONS: dict[str, Callable[[Options], Iterable[Table]]] = {
    "eager": eager,
    "chain": chains,
    "memory": memory,
}
"""Every section by its name on the command line, in the order of the report."""
