"""The legend: what the signs of a picture mean, what was folded, and what was edited."""

from collections import defaultdict
from collections.abc import Iterator

from autograd_mini.notation.equation import figure, write_equation
from autograd_mini.stepping.account import tell_doubts, tell_first_bad
from autograd_mini.stepping.editing import edits
from autograd_mini.stepping.naming import derivative_of, number
from autograd_mini.view import style
from autograd_mini.view.arrows import Arrows
from autograd_mini.view.captions import adds_up, name_inside
from autograd_mini.view.layout import Box, Group, Layout, Single
from autograd_mini.view.text import clip, visible

SIGNS_TOLD = (
    "blue, solid: positive;  orange, dashed: negative;  grey, dotted: zero;  "
    "thickness, darkness: size"
)
COLOURS = "blue: positive;  orange: negative;  grey: no path;  thickness, darkness: size"
ALARM_TOLD = "magenta, !: a gradient of 1,000 or more or in doubt, or a number that is not finite"
SHAPES_TOLD = {
    "input": "round: input",
    "parameter": "double frame: parameter",
    "computed": "square: computed",
    "output": "thick frame: the output",
}
MODULES_TOLD = (
    "module: darker = larger gradients of its parameters;  grey = no gradient reaches them"
)
WIDE, LONG = 120, 1000  # characters in a line, and in one that tells a product
FEW, MANY = 4, 20  # edits, and leaves, that are told
BEFORE = "grad: not computed yet; call backward(), then draw again"


class Legend:
    """Writes the lines below a picture, its title, and its description."""

    def __init__(self, layout: Layout, arrows: Arrows) -> None:
        self.layout, self.arrows = layout, arrows
        self.output = name_inside(layout.named.title)

    def lines(self) -> list[str]:
        """List the lines below the picture."""
        lines = [self.arrow_line(), *self.signs(), *self.shapes(), *self.reason()]
        return [*self.folded(), *lines, *self.notes()]

    # What the signs mean

    def folded(self) -> list[str]:
        """Say what was folded and how to see more."""
        layout = self.layout
        total, boxes = len(layout.named), len(layout.shown)
        if boxes == total:
            return []
        groups = [box for box in layout.shown if isinstance(box, Group) and box.is_module]
        hints = [f"expand=({min(x.path for x in groups)!r},) opens one"] if groups else []
        hints += ["depth= goes further back"] if layout.beyond else []
        hints += ["detail='full' draws them all"]
        return [f"{total:,} values in {boxes:,} boxes;  {',  '.join(hints)}"]

    def arrow_line(self) -> str:
        """Say what stands on the arrows."""
        if not self.layout.has_grads:
            return f"{BEFORE};  on the arrow: ×\u00a0partial"
        how = "on the arrow" if self.arrows.has_chain else "in the tooltip of an arrow"
        rule = "adjoint × partial = its share of the gradient"
        return f"arrows: the gradient flowing back;  {how}: {rule}"

    def signs(self) -> Iterator[str]:
        """Say what colours, dashes and thickness mean."""
        layout, arrows = self.layout, self.arrows
        if layout.shows_signs:
            yield COLOURS if arrows.routes.paths else SIGNS_TOLD
        boxes = any(any(layout.alarms(box)) for box in layout.shown if isinstance(box, Single))
        if boxes or any(arrows.look(arrow) is style.ALARM for arrow in arrows.all):
            yield ALARM_TOLD

    def shapes(self) -> list[str]:
        """Say what the shapes in the picture mean."""
        layout = self.layout
        kinds = {box.kind for box in layout.shown if isinstance(box, Single)}
        kinds |= {"output"} if layout.output in layout.shown else set()
        told = ";  ".join(text for kind, text in SHAPES_TOLD.items() if kind in kinds)
        darker = layout.has_modules and layout.shows_signs
        return [*filter(None, [told]), *([MODULES_TOLD] if darker else [])]

    def reason(self) -> list[str]:
        """Say why the gradient of the node that was asked for is what it is."""
        if self.layout.reason is None:
            return []
        lines = self.layout.reason.text.split("\n")
        told = lines[:1] if self.layout.hidden else self.arrows.routes.legend(lines)
        return [clip(line, LONG) for line in told]

    # Where the numbers are not what one would take them for

    def notes(self) -> list[str]:
        """Tell of edits, of what is not finite or in doubt, of another seed and of older passes.

        A worksheet, which hides the numbers, tells nothing of them.
        """
        if self.layout.hidden or not self.layout.options.legend:
            return []
        graph = self.layout.named
        found = edits(graph) if graph.edited else []
        more = [f"and {len(found) - FEW} more edits"] if len(found) > FEW else []
        doubts = [*tell_doubts(graph), *self.other_seed(), *self.other_passes()]
        doubts = doubts if self.layout.has_grads else []
        told = (*found[:FEW], *more, *tell_first_bad(graph), *doubts)
        return [clip(line, WIDE) for line in told]

    def other_seed(self) -> list[str]:
        """Say so if the pass did not start with 1 at the output."""
        output = self.layout.output
        if output.grad == 1 or not output.operands:
            return []
        began = "the pass began elsewhere, or with a seed"
        return [f"{self.output}.grad is {number(output.grad)}, not 1: {began}"]

    def other_passes(self) -> list[str]:
        """Say so if leaves hold more than what the arrows bring, where all arrows are shown."""
        layout = self.layout
        if len(layout.shown) < len(layout.named):
            return []
        terms: dict[Box, list[float]] = defaultdict(list)
        for arrow in self.arrows.all:
            terms[arrow.far].append(arrow.total)
        leaves = [x for x in layout.values.values() if not x.operands]
        odd = [x for x in leaves if not adds_up(x.grad, terms[x])]
        some = ", ".join(name_inside(x.name) for x in odd[:FEW])
        told = f"grad of {some}: not the sum of its arrows; passes add up in a leaf"
        return [told] if odd else []

    # For a screen reader

    def title(self) -> str:
        """Name the picture."""
        total, boxes = len(self.layout.named), len(self.layout.shown)
        return visible(f"Gradient graph of {self.output}: {total:,} values in {boxes:,} boxes")

    def description(self) -> str:
        """Tell the gradients of the leaves."""
        layout, name = self.layout, self.output
        if layout.hidden:
            return "A worksheet: the blanks are to be filled in."
        start = write_equation(name, figure(layout.output.data))
        if not layout.has_grads:
            return visible(f"{start}. {BEFORE}.")
        leaves = [x for x in layout.shown if isinstance(x, Single) and not x.operands][:MANY]
        some = (
            write_equation(derivative_of(name, name_inside(x.name)), figure(x.grad)) for x in leaves
        )
        return visible(". ".join([start, *some]))
