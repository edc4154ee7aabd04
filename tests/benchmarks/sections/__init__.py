"""The parts of the report: each races its contestants and yields tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ..report import Table
from .arrays import arrays
from .chain import chain
from .eager import eager
from .memory import memory
from .native import native
from .options import Options
from .pictures import pictures
from .replay import replay
from .training import training

SECTIONS: dict[str, Callable[[Options], Iterable[Table]]] = {
    "eager": eager,
    "chain": chain,
    "memory": memory,
    "replay": replay,
    "arrays": arrays,
    "native": native,
    "training": training,
    "pictures": pictures,
}
"""Every section by its name on the command line, in the order of the report."""
