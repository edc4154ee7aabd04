"""Rows: neurons stand 1…n, parameters w1…wn and b, inputs x1…xn, in every direction.

Graphviz orders boxes so that few arrows cross. What has numbers keeps their order: boxes that are
as many steps from the leaves form a row, and invisible edges inside a row fix who comes first.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from autograd_mini.view.arrows import Links
from autograd_mini.view.layout import Box, Group, Layout
from autograd_mini.view.scopes import numbers_as_such
from autograd_mini.view.style import Canvas

Family = tuple[Any, ...]


def find_rows(layout: Layout, levels: Mapping[Box, int]) -> Iterator[list[Box]]:
    """Yield lists of two boxes and more that stand side by side in this order."""
    families: dict[Family, list[Box]] = defaultdict(list)
    for box, level in levels.items():
        if family := family_of(layout, box):
            families[level, *family].append(box)
    whole: dict[Any, list[Box]] = defaultdict(list)
    for (level, *_), boxes in sorted(families.items(), key=lambda item: rank_of(*item[0])):
        ordered = sorted(boxes, key=key_of)
        whole[level if layout.has_frames else ordered[0]] += ordered
    return (row for row in whole.values() if len(row) > 1)


def rank_of(_: int, kind: str, *__: str) -> tuple[bool, bool]:
    """Return what orders the families of a row: inputs, what is in frames, all else."""
    return kind == "rest", kind != "label"


def find_levels(shown: Iterable[Box], links: Links) -> dict[Box, int]:
    """Return how many steps each box is from the leaves, and each leaf's just above its consumers.

    Returns nothing where boxes go round in a circle, as those of a network that feeds itself do.
    """
    behind: dict[Box, list[Box]] = {box: [] for box in shown}
    for near, far, _ in links.between:
        behind[near].append(far)
    levels: dict[Box, int] = {}
    try:
        for box in TopologicalSorter(behind).static_order():
            levels[box] = 1 + max((levels[x] for x in behind[box]), default=-1)
    except CycleError:
        return {}
    levels = {box: levels[box] for box in sorted(behind, key=levels.__getitem__)}  # row by row
    above: dict[Box, int] = {}
    for near, far, _ in links.between:
        above[far] = min(above.get(far, levels[near]), levels[near])
    return levels | {box: level - 1 for box, level in above.items() if not behind[box]}


def family_of(layout: Layout, box: Box) -> Family:
    """Return what the boxes that are told apart by numbers have in common; () for others."""
    if isinstance(box, Group):
        if box.is_module:
            return ("module", *stems((*box.scope, box.title)))
        return ("rest",) if layout.has_frames else ()
    if scope := box.scope:
        return ("value", *stems(scope))
    [(stem, number)] = numbers_as_such([box.label])
    if number and stem:
        return ("label", stem)
    return ("rest",) if layout.has_frames else ()


def stems(scope: Iterable[str]) -> list[str]:
    """Return names without the numbers behind them."""
    return [stem for stem, _ in numbers_as_such(scope)]


def key_of(box: Box) -> Any:
    """Return what orders the boxes of a family: module, then w before b, then number."""
    if isinstance(box, Group):
        return numbers_as_such((*box.scope, box.title))
    last = box.label.rpartition(".")[2]
    return numbers_as_such(box.scope), last == "b", numbers_as_such([last])


def draw_rows(canvas: Canvas, rows: Iterable[list[Box]], ids: Mapping[Box, str]) -> None:
    """Write the rows into a picture: each a rank of its own with invisible edges."""
    for row in rows:
        with canvas.subgraph() as rank:
            rank.attr(rank="same")
            for left, right in itertools.pairwise(row):
                rank.edge(ids[left], ids[right], style="invis", dir="none")
