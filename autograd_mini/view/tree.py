"""Trees: a picture in a terminal, from the output down to the leaves.

What an operation reads stands below it. The largest of its operands goes on in the same column, so
that a deep graph stays narrow; what was shown before is marked with ↑.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from autograd_mini.notation.plain import in_letters
from autograd_mini.notation.screen import columns, fit, paint
from autograd_mini.view.sketch import ArrowSketch, Sketch
from autograd_mini.view.text import clip

TITLES = ("", "data", "grad", "adjoint × partial = term")
BETWEEN = "  "
NARROWEST = 16  # columns of what stands on the left
TEE, END = "├─ ", "└─ "
BELOW = {TEE: "│  ", END: "   "}


class Branch(NamedTuple):
    """A line: what stands to its left, the box, the arrow that led here, whether it was shown."""

    rails: str
    key: str
    arrow: ArrowSketch | None
    is_known: bool = False


def write_tree(sketch: Sketch, width: int | None = None) -> str:
    """Write a picture within so many columns, those of the terminal by default."""
    most = width or columns()
    branches = [*Tree(sketch).grow()]
    rows = [cells(sketch, branch) for branch in branches]
    widths = [max(map(len, column)) for column in zip(TITLES, *rows, strict=True)]
    widths[0] = max((len(row[0]) for row in rows if any(row[1:])), default=0)
    room = most - sum(widths[1:]) - len(BETWEEN) * (len(TITLES) - 1)
    widths[0] = min(widths[0], max(room, NARROWEST))
    signs = [tones(sketch, branch) for branch in branches]
    lines = [align(row, x, widths, most) for row, x in zip(rows, signs, strict=True)]
    if any(any(row[1:]) for row in rows):
        lines.insert(0, align(TITLES, (0.0, 0.0), widths, most))
    below = [fit(line, most) for line in (sketch.key, *sketch.notes) if line]
    return in_letters("\n".join([*lines, *below]))


class Tree:
    """Grows the lines of a picture."""

    def __init__(self, sketch: Sketch) -> None:
        self.below: dict[str, list[ArrowSketch]] = defaultdict(list)
        for arrow in sketch.arrows:
            self.below[arrow.near].append(arrow)
        self.root = sketch.root
        self.shown: set[str] = set()
        self.sizes: dict[str, int] = {}
        for key in sketch.boxes:  # operands come before what reads them
            self.sizes[key] = 1 + sum(self.sizes.get(x.far, 1) for x in self.below[key])

    def grow(self) -> Iterator[Branch]:
        """Yield the lines, from the output on."""
        waiting: list[tuple[str, str, str, ArrowSketch | None]] = [("", "", self.root, None)]
        while waiting:
            rails, sign, key, arrow = waiting.pop()
            if key in self.shown:
                yield Branch(rails + (sign or END), key, arrow, is_known=True)
                continue
            if arrow is not None and not sign:
                yield Branch(rails + "│", "", None)
            yield Branch(rails + sign, key, arrow)
            self.shown.add(key)
            waiting += reversed([*self.operands(rails + BELOW.get(sign, ""), key)])

    def operands(self, rails: str, key: str) -> Iterator[tuple[str, str, str, ArrowSketch]]:
        """Yield what a box reads, the largest last: it goes on in the same column."""
        ordered = sorted(self.below[key], key=lambda x: self.sizes[x.far] if self.goes_on(x) else 0)
        for arrow in ordered[:-1]:
            yield rails, TEE, arrow.far, arrow
        for arrow in ordered[-1:]:
            yield rails, "" if self.goes_on(arrow) else END, arrow.far, arrow

    def goes_on(self, arrow: ArrowSketch) -> bool:
        """Tell whether there is more below an operand that was not shown yet."""
        return bool(self.below[arrow.far]) and arrow.far not in self.shown


def cells(sketch: Sketch, branch: Branch) -> tuple[str, str, str, str]:
    """Return the columns of a line."""
    if not branch.key:
        return branch.rails, "", "", ""
    box, arrow = sketch.boxes[branch.key], branch.arrow
    chain = " ".join(arrow.chain) if arrow else ""
    if branch.is_known:
        return f"{branch.rails}{box.name} ↑", "", "", chain
    return branch.rails + box.head, box.data, box.grad, chain


def tones(sketch: Sketch, branch: Branch) -> tuple[float, float]:
    """Return the numbers whose signs colour the gradient and the term of a line."""
    grad = sketch.boxes[branch.key].size if branch.key else 0.0
    return grad, branch.arrow.total if branch.arrow else 0.0


def align(row: Sequence[str], signs: tuple[float, float], widths: list[int], most: int) -> str:
    """Write the columns of a line, names to the left and numbers to the right."""
    name, data, grad, chain = row
    if not (data or grad or chain):  # then there is room
        return clip(name, most)
    left = clip(name, widths[0]).ljust(widths[0])
    numbers = [data.rjust(widths[1]), painted(grad.rjust(widths[2]), signs[0])]
    return BETWEEN.join([left, *numbers, painted(chain, signs[1])]).rstrip()


def painted(text: str, sign: float) -> str:
    """Colour a text, if there is one."""
    return paint(text, sign) if text.strip() else text
