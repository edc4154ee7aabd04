"""Drawing graphs, small and large."""

from __future__ import annotations

from collections.abc import Iterator
from operator import methodcaller

from ..living import measure
from ..race import Contestant, Result, workers
from ..report import NO_GOAL, AtMost, Goal, Table, brief, single
from .options import Options, why_absent


def pictures(_options: Options) -> Iterator[Table]:
    """The time to draw, beside the time to build and differentiate what is drawn."""
    table = Table(
        "Pictures as SVG",
        [
            "values",
            "milliseconds",
            "first picture of a process, over later ones",
            "over building and differentiating the graph",
            "kilobytes",
        ],
        notes=["- By the clock on the wall. About a second is read as at most 1.5."],
    )
    goals = {"neuron": (AtMost(10), NO_GOAL), "crowd": (AtMost(1500), AtMost(100))}
    with workers([Contestant("pictures", "ours", "expression")]) as field:
        for name, goal in goals.items():
            costs = field.ask(methodcaller("ask", "picture", name))
            table.rows += [picture_row(cost, *goal) for cost in costs.values()]
    table.notes += why_absent(Result({}, field.absent))
    yield table
    yield living_page()


def living_page() -> Table:
    """The time from the change of a leaf in a page until all is drawn again."""
    header = ["boxes", "milliseconds", "of ten changes the slowest", "kilobytes"]
    table = Table("A leaf is changed in the living page", header)
    table.notes.append("- In Chromium, its layout included: a screen shows 60 pictures a second.")
    try:
        for cost, goal in zip(measure(), (AtMost(16), AtMost(33)), strict=True):
            numbers = brief(cost["worst"]), brief(cost["bytes"] / 1000)
            table.rows.append([f"{cost['boxes']}", single(cost["median"], goal), *numbers])
    except (ImportError, RuntimeError) as error:
        table.notes.append(f"- Not measured: {error}.")
    return table


def picture_row(cost: dict[str, float], time: Goal, size: Goal) -> list[str]:
    """One picture."""
    return [
        f"{cost['values']:,}",
        single(1000 * cost["again"], time),
        brief(cost["first"] / cost["again"]),
        brief(cost["again"] / cost["build"]),
        single(cost["kilobytes"], size),
    ]
