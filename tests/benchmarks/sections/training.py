"""Training in arrays, and programs of any size in the kernel."""

from __future__ import annotations

from collections.abc import Iterator
from operator import methodcaller

from ..race import Contestant, Result, race, workers
from ..report import NO_GOAL, AtLeast, AtMost, Goal, Table, judged, single
from ..training import training_tasks
from .options import Options, why_absent

# How many times as long the others should take at least: the loop as it is now, which is a third
# faster than the one that the goal was set against.
GOALS: dict[str, Goal] = {
    "loop": AtLeast(13),
    "train": NO_GOAL,
    "train, kernel": NO_GOAL,
    "NumPy by hand": AtLeast(3.5),
    "JAX, scan": AtLeast(1),
    "C, whole loop": AtLeast(0.5),
}


def training(options: Options) -> Iterator[Table]:
    """W2 trained by SGD and by Adam, then digits and a chain in the kernel."""
    for kind in ("SGD", "Adam"):
        field = [Contestant(engine, engine, "hinge") for engine in training_tasks(kind)]
        result = race(field, "on", options.pace)
        table = Table(
            f"W2, trained by {kind}: 100 points, 337 parameters, a thousand steps a call",
            ["", "its time over that of train, lines compiled"],
            notes=why_absent(result),
        )
        for engine in result.seconds:
            goal = GOALS[engine.partition(" ")[2]]
            table.rows.append([engine, judged(result.ratios(engine, f"{kind} train"), goal)])
        yield table
    yield kernel(options)


def kernel(options: Options) -> Table:
    """The kernel on programs that are too large for lines of machine code."""
    table = Table(
        "The kernel, all ways in one process, tried in turn",
        ["", "ratio"],
        notes=["- The digits are random pixels; values and gradients were compared to 1e-9 first."],
    )
    with workers([Contestant("compiled", "ours", "expression")]) as field:
        seconds = options.pace.rounds * options.pace.seconds * 3
        costs = [*field.ask(methodcaller("ask", "kernel", seconds)).values()]
    for cost in costs:
        table.rows += [[title, single(cost[name], goal)] for name, (title, goal) in ROWS.items()]
    table.notes += why_absent(Result({}, field.absent))
    return table


ROWS: dict[str, tuple[str, Goal]] = {
    "digits gradient": ("digits, gradient of 100 images, over lines", AtLeast(12)),
    "digits step": ("digits, 15 steps of Adam, an epoch, over the loop", AtLeast(10)),
    "gpt gradient": ("GPT, gradient of one name, over lines", AtLeast(3)),
    "gpt step": ("GPT, 15 steps of Adam, over the loop", AtLeast(6)),
    "first": ("10⁵ nodes, compile() to first gradient", AtMost(3)),
}
"""The rows of the kernel's table, by what ``kernel_cost`` calls their numbers."""
