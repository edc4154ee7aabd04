"""The same program, compiled."""

from __future__ import annotations

from collections.abc import Iterator
from operator import methodcaller

from ..race import Contestant, Result, race, workers
from ..report import NO_GOAL, AtLeast, Goal, Table, brief, judged
from .options import Options, name, why_absent


def native(options: Options) -> Iterator[Table]:
    """W2 by the compiled program, beside everything else that is fast."""
    result = race([Contestant(n, options.engine(n), "hinge") for n in NATIVE], "on", options.pace)
    table = Table(
        "W2, compiled: the mean hinge loss of 100 points and its 337 gradients",
        ["", "its time over that of ours, compiled", "speed over ours, eager"],
        notes=[
            "- The weight decay and the update are left to the caller everywhere. gcc 12 unrolls "
            "the inner loops of the C before it vectorises them, unless it is told not to.",
            "- The C is given arrays. Our machine code alone, given arrays, too, takes "
            f"{judged(result.ratios('machine', 'c'))} times as long. The rest of a call checks the "
            "inputs, reads 337 numbers from Values and makes 337 floats.",
            *why_absent(result),
        ],
    )
    for engine in result.seconds:
        table.rows.append(
            [
                name(engine),
                judged(result.ratios(engine, "compiled"), NATIVE[engine]),
                judged(result.ratios("ours", engine)),
            ]
        )
    yield table
    yield from compile_times(options)


NATIVE: dict[str, Goal] = {
    "ours": NO_GOAL,
    "compiled": NO_GOAL,
    "machine": NO_GOAL,
    "c": AtLeast(1 / 1.5),
    "c-plain": AtLeast(1 / 1.5),
    "numpy": AtLeast(1),
    "casadi-vm": AtLeast(1),
    "casadi-c": AtLeast(1),
    "jax": AtLeast(1),
    "jax-matrices": AtLeast(1),
}
"""How much of a peer's speed the compiled program should have at least."""


def compile_times(options: Options) -> Iterator[Table]:
    """What compiling costs as the program grows."""
    table = Table(
        "What compile() costs: MLP(2, [n, n, 1]), one point",
        ["n", "nodes", "leaves", "seconds to record", "seconds to compile", "ms a leaf"],
        notes=["- Leaves: inputs and parameters, each of which has a sum in the compiled loop."],
    )
    widths = (4, 8, 16, 24) if options.slow_peers else (4, 8)
    with workers([Contestant("compiled", "ours", "expression")]) as field:
        costs = [field.ask(methodcaller("ask", "compile", width)) for width in widths]
    for width, cost in zip(widths, costs, strict=True):
        table.rows += [compile_row(width, one) for one in cost.values()]
    table.notes += why_absent(Result({}, field.absent))
    yield table


def compile_row(width: int, cost: dict[str, float]) -> list[str]:
    """One size."""
    each = 1e3 * cost["compile"] / cost["leaves"]
    return [
        str(width),
        f"{cost['nodes']:,}",
        f"{cost['leaves']:,}",
        *(brief(number) for number in (cost["record"], cost["compile"], each)),
    ]
