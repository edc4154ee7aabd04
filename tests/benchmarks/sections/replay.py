"""W6: a program recorded once and called with floats."""

from __future__ import annotations

from collections.abc import Iterator

from ..race import Contestant, race
from ..report import NO_GOAL, AtLeast, Table, judged
from .options import Options, name, why_absent


def replay(options: Options) -> Iterator[Table]:
    """W6: a program recorded once, called with another point each time."""
    names = ["micrograd", "tuples", "ours", "ours-nn", *PROGRAMS, "numpy", "casadi-vm", "casadi-c"]
    names += ["jax"] if options.slow_peers else []
    result = race([Contestant(n, options.engine(n), "repeat") for n in names], "on", options.pace)
    table = Table(
        "W6: a recorded program on floats, one score and 339 gradients",
        ["", "over micrograd", "over ours, eager, plain operators"],
        notes=why_absent(result),
    )
    for engine in result.seconds:
        goals = GOALS if engine in PROGRAMS else {}
        ratios = ((base, result.ratios(base, engine)) for base in GOALS)
        cells = (judged(numbers, goals.get(base, NO_GOAL)) for base, numbers in ratios)
        table.rows.append([name(engine), *cells])
    yield table


PROGRAMS = ("program", "program-nn")

GOALS = {"micrograd": AtLeast(28), "ours": AtLeast(4)}
"""How far ahead a program should be."""
