"""W4: a deep chain, per operation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..race import Contestant, Result, race
from ..report import NO_GOAL, AtMost, Goal, Table, judged
from .options import Options, why_absent

LENGTHS = (10_000, 100_000, 1_000_000)


def chain(options: Options) -> Iterator[Table]:
    """Forward, backward and release of a chain, per operation."""
    ours = [chain_of("ours", options, length) for length in LENGTHS]
    peers = [chain_of(peer, options, 10_000) for peer in ("micrograd", "tuples")]
    result = race([*ours, *peers], "on", options.pace)
    off = race(ours, "off", options.pace)
    table = Table(
        "W4: a deep chain, forward, backward and release",
        ["operations", *COSTS, *(f"collector off, {cost}" for cost in COSTS)],
        notes=[
            *ratio_notes(result, [contestant.label for contestant in peers], ours[0].label),
            "- Flat is read as: at most 1.5 times the cost at 10,000. micrograd and the tuple "
            "design recurse; they were given a recursion limit far above Python's own.",
            "- The growth with the collector on is the collector's: each time there are a quarter "
            "more nodes than before, it passes over all of them again.",
            *why_absent(result, off),
        ],
    )
    for length, contestant in zip(LENGTHS, ours, strict=True):
        goals = (AtMost(1.2), AtMost(1.5)) if length == LENGTHS[-1] else (NO_GOAL, NO_GOAL)
        on_cells = costs(result, contestant.label, ours[0].label, goals)
        off_cells = costs(off, contestant.label, ours[0].label, (NO_GOAL, NO_GOAL))
        table.rows.append([f"{length:,}", *on_cells, *off_cells])
    yield table


COSTS = ("µs per operation", "over that at 10,000")


def costs(result: Result, label: str, shortest: str, goals: tuple[Goal, Goal]) -> list[str]:
    """Microseconds per operation, and their growth over the shortest chain."""
    microseconds = [1e6 * seconds for seconds in result.seconds.get(label, [])]
    growth = result.ratios(label, shortest)
    return [judged(microseconds, goals[0]), judged(growth, goals[1])]


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
