"""The legend: what the signs of a picture mean, what was folded, and what was edited."""

from autograd_mini.engine import Value
from autograd_mini.naming import derivative_of, number
from autograd_mini.view.arrows import Arrows
from autograd_mini.view.fold import Group
from autograd_mini.view.plan import Plan
from autograd_mini.view.style import is_alarming
from autograd_mini.view.text import NAME, clip

SIGNS = (
    "blue, solid: positive     orange, dashed: negative     grey, dotted: zero     "
    "thickness, darkness: size"
)
ALARM = "magenta, !: a gradient of 1,000 or more, or a number that is not finite"
SHAPES = "round: input     double frame: parameter     square: computed     thick frame: the output"
MODULES = "module: darker = larger gradients of its parameters     grey = no gradient reaches them"
BEFORE = "grad: not computed yet; call backward(), then draw again"


def legend(plan: Plan, arrows: Arrows) -> list[str]:
    """List the lines below the picture."""
    return [*folded(plan), arrow_line(plan, arrows), *signs(plan), *shapes(plan)]


def folded(plan: Plan) -> list[str]:
    """Say what was folded and how to see more."""
    total, boxes = len(plan.named), len(plan.shown)
    if boxes == total:
        return []
    groups = [box for box in plan.shown if isinstance(box, Group) and box.is_module]
    hints = [f"expand=({groups[0].path!r},) opens one"] if groups else []
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


def signs(plan: Plan) -> list[str]:
    """Say what colours, dashes and thickness mean."""
    alarming = any(is_alarming(node.grad) or is_alarming_data(node) for node in plan.named)
    return [SIGNS] * plan.shows_signs + [ALARM] * (plan.shows_signs and alarming)


def is_alarming_data(node: Value) -> bool:
    """Tell whether a node's data is not finite."""
    return not abs(node.data) < float("inf")


def shapes(plan: Plan) -> list[str]:
    """Say what the shapes mean."""
    return [SHAPES] + [MODULES] * (plan.has_modules and plan.shows_signs)


def title(plan: Plan) -> str:
    """Name the picture, for a screen reader."""
    name = clip(plan.words.output, NAME)
    return f"Gradient graph of {name}: {len(plan.named):,} values in {len(plan.shown):,} boxes"


def description(plan: Plan) -> str:
    """Tell the gradients of the leaves, for a screen reader."""
    words = plan.words
    leaves = [box for box in plan.shown if isinstance(box, Value) and not box.operands]
    start = f"{clip(words.output, NAME)} = {number(plan.output.data)}"
    if not plan.shows_signs:
        return f"{start}. The gradients are not shown."
    some = (f"{derivative_of(words.output, words.name(x))} = {number(x.grad)}" for x in leaves[:20])
    return ". ".join([start, *some])
