"""Routes: the paths to the value that was asked for, numbered, each with a line of its own."""

from collections import defaultdict
from typing import NamedTuple

from autograd_mini.view.edges import OperandPlace
from autograd_mini.view.layout import Layout
from autograd_mini.view.text import circled


class Stroke(NamedTuple):
    """How the arrows of one path look: a style of Graphviz, a class, and a sample for the legend.

    Graphviz knows three styles; for the others the style sheet sets the dashes by the class.
    """

    style: str
    kind: str
    sample: str


STROKES = (
    Stroke("solid", "way1", "────"),
    Stroke("dashed", "way2", "╴╴╴╴"),
    Stroke("dotted", "way3", "····"),
    Stroke("solid", "way4", "─·─·"),
    Stroke("solid", "way5", "─··─"),
    Stroke("solid", "way6", "━ ━ "),
)
SHARED = Stroke("solid", "ways", "")


class Routes:
    """The numbers of the paths that each edge is part of; none where no value was asked for."""

    def __init__(self, layout: Layout) -> None:
        self.paths = () if layout.reason is None else layout.reason.paths
        self.numbers: dict[OperandPlace, list[int]] = defaultdict(list)
        for number, path in enumerate(self.paths, 1):
            for edge in path.edges:
                self.numbers[edge.node, edge.position].append(number)

    def marks(self, edge: OperandPlace) -> str:
        """Return the numbers of the paths through an edge: ``①③``."""
        return "".join(map(circled, self.numbers.get(edge, ())))

    def line(self, edge: OperandPlace) -> Stroke | None:
        """Return how an edge is drawn; None if it is on no numbered path."""
        numbers = self.numbers.get(edge, [])
        if not numbers:
            return None
        return SHARED if len(numbers) > 1 else line_of(numbers[0])

    def legend(self, lines: list[str]) -> list[str]:
        """Put number and line before the paths among the lines that tell the reason."""
        heads = [f"{circled(i)} {line_of(i).sample} " for i in range(1, len(self.paths) + 1)]
        return [
            f"{head}{line.strip()}"
            for head, line in zip(["", *heads, *[""] * len(lines)], lines, strict=False)
        ]


def line_of(number: int) -> Stroke:
    """Return the line of the path of that number."""
    return STROKES[(number - 1) % len(STROKES)]
