"""Trees: a picture in a terminal, from the output down to the leaves.

What an operation reads stands below it. The largest of its operands goes on in the same column, so
that a deep graph stays narrow; what was shown before is marked with ↑.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from autograd_mini.notation.equation import write_equation
from autograd_mini.notation.letters import choose_letters
from autograd_mini.notation.plain import in_letters
from autograd_mini.notation.screen import columns, fit, paint
from autograd_mini.stepping.naming import write_algebra
from autograd_mini.view.arrows import Arrow
from autograd_mini.view.captions import tell_key
from autograd_mini.view.drawing import Drawing
from autograd_mini.view.layout import Box, Group
from autograd_mini.view.text import clip

BETWEEN = "  "
NARROWEST = 16  # columns of what stands on the left
TEE, END = "├─ ", "└─ "
BELOW = {TEE: "│  ", END: "   "}


class TreeLine(NamedTuple):
    """A line in four columns, and the numbers whose signs colour the last two."""

    head: str
    data: str = ""
    grad: str = ""
    chain: str = ""
    size: float = 0.0
    term: float = 0.0


TITLES = TreeLine("", "data", "grad", "adjoint × partial = term")


def write_tree(drawing: Drawing, width: int | None = None) -> str:
    """Write a picture within so many columns, those of the terminal by default."""
    most = width or columns()
    tree = Tree(drawing)
    lines = [*tree.grow()]
    told = [line for line in lines if line.data or line.grad or line.chain]
    if told:
        lines.insert(0, TITLES)
    texts = zip(*(line[1:4] for line in (TITLES, *told)), strict=True)
    others = [max(map(len, column)) for column in texts]
    longest = max(len(line.head) for line in (TITLES, *told))
    room = most - sum(others) - len(BETWEEN) * len(others)
    widths = [min(longest, max(room, NARROWEST)), *others]
    below = [fit(line, most) for line in (tree.tell_key(), *drawing.legend.notes()) if line]
    return in_letters("\n".join([*(align(line, widths, most) for line in lines), *below]))


class Tree:
    """Grows the lines of a picture."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing, self.layout = drawing, drawing.layout
        self.letters = choose_letters(self.layout.named.values())
        self.names = {node: str(self.letters[name]) for node, name in self.layout.named.items()}
        self.below: dict[Box, list[Arrow]] = defaultdict(list)
        for arrow in drawing.arrows.all:
            self.below[arrow.near].append(arrow)
        self.shown: set[Box] = set()
        self.sizes: dict[Box, int] = {}
        for box in self.layout.shown:  # operands come before what reads them
            self.sizes[box] = 1 + sum(self.sizes.get(x.far, 1) for x in self.below[box])

    def grow(self) -> Iterator[TreeLine]:
        """Yield the lines, from the output on."""
        root = self.layout.folding.box_of[self.layout.output.node]
        waiting: list[tuple[str, str, Box, Arrow | None]] = [("", "", root, None)]
        while waiting:
            rails, sign, box, arrow = waiting.pop()
            if box in self.shown:
                yield self.line(rails + (sign or END), box, arrow)
                continue
            if arrow is not None and not sign:
                yield TreeLine(rails + "│")
            yield self.line(rails + sign, box, arrow)
            self.shown.add(box)
            waiting += reversed([*self.operands(rails + BELOW.get(sign, ""), box)])

    def operands(self, rails: str, box: Box) -> Iterator[tuple[str, str, Box, Arrow]]:
        """Yield what a box reads, the largest last: it goes on in the same column."""
        ordered = sorted(self.below[box], key=lambda x: self.sizes[x.far] if self.goes_on(x) else 0)
        for arrow in ordered[:-1]:
            yield rails, TEE, arrow.far, arrow
        for arrow in ordered[-1:]:
            yield rails, "" if self.goes_on(arrow) else END, arrow.far, arrow

    def goes_on(self, arrow: Arrow) -> bool:
        """Tell whether there is more below an operand that was not shown yet."""
        return bool(self.below[arrow.far]) and arrow.far not in self.shown

    def line(self, rails: str, box: Box, arrow: Arrow | None) -> TreeLine:
        """Write a box, and the arrow that led to it; its name alone if it was shown before."""
        boxes, signs = self.drawing.boxes, self.layout.shows_signs
        chain = " ".join(self.drawing.arrows.chain(arrow)) if arrow else ""
        term = arrow.total if arrow and signs else 0.0
        size = boxes.size(box) if signs else 0.0
        name = box.path if isinstance(box, Group) else self.names[box.node]
        if box in self.shown:
            return TreeLine(f"{rails}{name} ↑", "", "", chain, size, term)
        if isinstance(box, Group):
            _, *more = self.drawing.cards[box].lines
            return TreeLine(rails + ", ".join([name, *more]), "", "", chain, size, term)
        head = write_equation(name, write_algebra(box.node, self.names))
        words = self.drawing.words
        grad = words.grad(box.grad, box.node) if self.layout.has_grads else ""
        return TreeLine(rails + head, words.data(box), grad, chain, size, term)

    def tell_key(self) -> str:
        """Say what a letter stands for that has a layer, if such a name is shown."""
        named = self.layout.named
        boxes = [box.node for box in self.layout.shown if not isinstance(box, Group)]
        told = [named[x] for node in boxes for x in (node, *named.reads[node])]
        return tell_key({name: self.letters[name] for name in told})


def align(line: TreeLine, widths: list[int], most: int) -> str:
    """Write the columns of a line, names to the left and numbers to the right."""
    head, data, grad, chain, size, term = line
    if not (data or grad or chain):  # then there is room
        return clip(head, most)
    left = clip(head, widths[0]).ljust(widths[0])
    numbers = [data.rjust(widths[1]), painted(grad.rjust(widths[2]), size)]
    return BETWEEN.join([left, *numbers, painted(chain, term)]).rstrip()


def painted(text: str, sign: float) -> str:
    """Colour a text, if there is one."""
    return paint(text, sign) if text.strip() else text
