"""The same program, called with arrays."""

from __future__ import annotations

from collections.abc import Iterator

from ..race import Contestant, race
from ..report import NO_GOAL, AtLeast, Table, judged
from .options import Options, name, why_absent


def arrays(options: Options) -> Iterator[Table]:
    """The same program on 10,000 points in one call."""
    count = 10_000
    batch = [Contestant(engine, engine, "batch", count) for engine in ARRAYS]
    floats = Contestant("program", "program", "repeat")
    result = race([floats, *batch], "on", options.pace)
    table = Table(
        f"The same program on {count:,} points at once",
        ["", "per evaluation, over the replay of floats"],
        notes=["- The mean score and the gradients of all parameters.", *why_absent(result)],
    )
    for engine in result.seconds:
        goal = AtLeast(25) if engine == "program-numpy" else NO_GOAL
        table.rows.append([name(engine), judged(result.ratios("program", engine), goal)])
    yield table


ARRAYS = (
    "program-numpy",
    "program-jax",
    "program-jax-jit",
    "numpy",
    "jax",
    "jax-matrices",
    "casadi-vm",
    "casadi-c",
)
