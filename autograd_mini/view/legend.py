"""The legend: what the signs of a picture mean, what was folded, and what was edited."""

import math
from collections import defaultdict

from autograd_mini.engine import Value
from autograd_mini.stepping.editing import edits
from autograd_mini.stepping.naming import derivative_of, number
from autograd_mini.view import style
from autograd_mini.view.arrows import Arrows
from autograd_mini.view.fold import Box, Group
from autograd_mini.view.plan import Plan
from autograd_mini.view.text import NAME, clip, visible

SIGNS = (
    "blue, solid: positive     orange, dashed: negative     grey, dotted: zero     "
    "thickness, darkness: size"
)
ALARM = "magenta, !: a gradient of 1,000 or more, or a number that is not finite"
SHAPES = "round: input     double frame: parameter     square: computed     thick frame: the output"
MODULES = "module: darker = larger gradients of its parameters     grey = no gradient reaches them"
WIDE, FEW, MANY = 120, 4, 20  # characters in a line; edits, and leaves, that are told
BEFORE = "grad: not computed yet; call backward(), then draw again"


def legend(plan: Plan, arrows: Arrows) -> list[str]:
    """List the lines below the picture."""
    lines = [*folded(plan), arrow_line(plan, arrows), *signs(plan, arrows), *shapes(plan)]
    return [*lines, *reason(plan), *(warnings(plan, arrows) if not plan.hidden else [])]


def reason(plan: Plan) -> list[str]:
    """Say why the gradient of the node that was asked for is what it is."""
    if plan.reason is None:
        return []
    lines = str(plan.reason).split("\n")
    return [clip(line, WIDE) for line in (lines[:1] if plan.hidden else lines)]


def warnings(plan: Plan, arrows: Arrows) -> list[str]:
    """Say where the numbers are not what one would take them for."""
    edited = any("before" in node.notes for node in plan.named)
    found = edits(plan.output) if edited else []
    more = [f"and {len(found) - FEW} more edits"] if len(found) > FEW else []
    passes = [*other_seed(plan), *other_passes(plan, arrows)] if plan.has_grads else []
    return [clip(line, WIDE) for line in (*found[:FEW], *more, *passes)]


def other_seed(plan: Plan) -> list[str]:
    """Say so if the pass did not start with 1 at the output."""
    output, name = plan.output, clip(plan.words.output, NAME)
    if output.grad == 1 or not output.operands:
        return []
    return [
        f"{name}.grad is {number(output.grad)}, not 1: the pass began elsewhere, or with a seed"
    ]


def other_passes(plan: Plan, arrows: Arrows) -> list[str]:
    """Say so if leaves hold more than what the arrows bring, where all arrows are shown."""
    if len(plan.shown) < len(plan.named):
        return []
    terms: dict[Box, list[float]] = defaultdict(list)
    for arrow in arrows.all:
        terms[arrow.far].append(arrow.total)
    odd = [x for x in plan.named if not (x.operands or adds_up(x.grad, terms[x]))]
    some = ", ".join(plan.words.name(x) for x in odd[:FEW])
    return [f"grad of {some}: not the sum of its arrows; passes add up in a leaf"] if odd else []


def adds_up(grad: float, terms: list[float]) -> bool:
    """Tell whether a grad is the sum of its terms, but for rounding."""
    total = sum(terms)
    slack = 1e-9 * sum(map(abs, terms))
    return abs(grad - total) <= slack or not math.isfinite(total) or not terms


def folded(plan: Plan) -> list[str]:
    """Say what was folded and how to see more."""
    total, boxes = len(plan.named), len(plan.shown)
    if boxes == total:
        return []
    groups = [box for box in plan.shown if isinstance(box, Group) and box.is_module]
    hints = [f"expand=({min(x.path for x in groups)!r},) opens one"] if groups else []
    hints += ["depth= goes further back"] if plan.beyond else []
    hints += ["detail='full' draws them all"]
    return [f"{total:,} values in {boxes:,} boxes;  {',  '.join(hints)}"]


def arrow_line(plan: Plan, arrows: Arrows) -> str:
    """Say what stands on the arrows."""
    if not plan.has_grads:
        return f"{BEFORE};  on the arrow: × partial"
    how = "on the arrow" if arrows.has_chain else "in the tooltip of an arrow"
    return (
        f"arrows: the gradient flowing back;  {how}: adjoint × partial = its share of the gradient"
    )


def signs(plan: Plan, arrows: Arrows) -> list[str]:
    """Say what colours, dashes and thickness mean."""
    boxes = any(plan.is_alarming(box) for box in plan.shown if isinstance(box, Value))
    alarm = boxes or any(arrows.look(arrow) is style.ALARM for arrow in arrows.all)
    return [SIGNS] * plan.shows_signs + [ALARM] * alarm


def shapes(plan: Plan) -> list[str]:
    """Say what the shapes mean."""
    return [SHAPES] + [MODULES] * (plan.has_modules and plan.shows_signs)


def title(plan: Plan) -> str:
    """Name the picture, for a screen reader."""
    name, boxes = clip(plan.words.output, NAME), len(plan.shown)
    return visible(f"Gradient graph of {name}: {len(plan.named):,} values in {boxes:,} boxes")


def description(plan: Plan) -> str:
    """Tell the gradients of the leaves, for a screen reader."""
    if plan.hidden:
        return "A worksheet: the blanks are to be filled in."
    name = clip(plan.words.output, NAME)
    start = f"{name} = {number(plan.output.data)}"
    if not plan.has_grads:
        return visible(f"{start}. {BEFORE}.")
    leaves = [box for box in plan.shown if isinstance(box, Value) and not box.operands]
    some = (f"{derivative_of(name, plan.words.name(x))} = {number(x.grad)}" for x in leaves[:MANY])
    return visible(". ".join([start, *some]))
