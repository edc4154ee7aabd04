"""What the graph of W2 costs to keep, and what is left of it."""

from __future__ import annotations

from collections.abc import Iterator

from ..race import Contestant, Result, workers
from ..report import NO_GOAL, AtMost, Table, single
from .options import Options, name, why_absent


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
    contestants = [Contestant(engine, options.engine(engine), "moons") for engine in names]
    with workers(contestants) as field:
        measured = field.ask(lambda worker: (worker.ask("memory"), worker.ask("leftovers")))
    whole = measured["micrograd"][0] if "micrograd" in measured else None
    for engine, (sizes, left) in measured.items():
        table.rows.append(memory_row(engine, sizes, left, whole))
    table.notes += why_absent(Result({}, field.absent))
    yield table


def memory_row(
    engine: str, sizes: dict[str, int], left: int, whole: dict[str, int] | None
) -> list[str]:
    """One engine's line; only ours has goals."""
    each, third, none = (
        (AtMost(150), AtMost(1 / 3), AtMost(0)) if engine == "ours" else (NO_GOAL,) * 3
    )
    share = [sizes[key] / whole[key] if whole else float("nan") for key in ("graph", "peak")]
    return [
        name(engine),
        f"{sizes['nodes']:,}",
        single(sizes["graph"] / sizes["nodes"], each),
        single(share[0], third),
        single(share[1]),
        single(left, none),
    ]
