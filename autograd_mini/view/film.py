"""The film of a stepping page: its picture, and what it says and lights at each step.

``script/film.js`` says the same at other data of the leaves.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from autograd_mini.engine import Value
from autograd_mini.notation.equation import choose_sign, write_equation
from autograd_mini.stepping.naming import Graph, factor, number
from autograd_mini.stepping.steps import Evaluation, Seed, Step
from autograd_mini.stepping.walking import Event
from autograd_mini.view.captions import Given, write_data, write_grad
from autograd_mini.view.draw import draw_fitting
from autograd_mini.view.living import more_to_come
from autograd_mini.view.options import Options
from autograd_mini.view.style import is_alarming

MORE = "more"  # the id of the note that there are more values: of those that have no box
SCOPE = ".autograd_mini "  # of a picture's style; nothing else on the page has parts of that name


# The picture --------------------------------------------------------------------------------------


class View(NamedTuple):
    """A picture as markup, and the ids of its parts."""

    markup: str
    boxes: Mapping[Value, str]
    arrows: Mapping[tuple[Value, int], str]
    notes: list[str]

    @classmethod
    def of(cls, graph: Graph, options: Options, grads: Mapping[Value, float]) -> "View":
        """Draw a graph; where nothing here can, say so in place of the picture.

        There are no tooltips, which would tell numbers too early.
        """
        try:
            picture = draw_fitting(graph, options, Given(grads=grads, is_page=True))
            picture.description = "The steps are told above it and listed beside it."
            svg = fit_into_page(picture.svg())
        except (ImportError, RuntimeError) as error:
            note = html.escape(f"There is no picture here: {error}")
            return cls(f'<p class="note">{note}</p>', {}, {}, [])
        total, shown = len(graph), len(set(picture.nodes.values()))
        notes = [f"{total:,} values in {shown:,} boxes"] if shown < total else []
        return cls(svg, picture.nodes, picture.arrows, notes)


def fit_into_page(svg: str) -> str:
    """Let the boxes of a picture be buttons of the page."""
    head, body = svg.split("<g ", 1)
    head = re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', head)
    head = head.replace('role="img"', 'role="group"')
    return f"{head.replace(SCOPE, '')}<g {body.replace('&#45;', '-')}"


# The frames ---------------------------------------------------------------------------------------


class Frame(NamedTuple):
    """What the page says and lights at one step; the script reads it.

    A *line* and the *figures* put in have parts, of which the second is an adjoint and the fourth a
    partial; the *answer* ends them. *exact* is the answer with all its digits, where it is rounded.
    *text* is what the *box* says from here on. *head* begins the row in the list, unless the line
    does. *signs* stand before the figures and before the answer. *why* holds whatever the numbers
    are, *here* for these. For predictions: what is *given*, the *formula* of the partial, and the
    *numbers* adjoint, partial, sum before and after, and how many terms these are.
    """

    line: Sequence[str]
    figures: Sequence[str] = ()
    answer: str = ""
    exact: str = ""
    box: str = ""
    arrows: Sequence[str] = ()
    text: str = ""
    phase: str = "backward"
    head: str = ""
    signs: tuple[str, str] = ("=", "=")
    source: str = ""
    why: str = ""
    here: str = ""
    given: str = ""
    formula: str = ""
    numbers: Sequence[object] = ()
    sum: str = ""

    @property
    def row(self) -> str:
        """The step as a row in the list."""
        worked = "".join(self.figures) if self.phase == "backward" else ""
        ends = [self.signs[1]] if worked and self.answer else []
        head = self.head or self.line[0].rstrip()
        return " ".join(filter(None, [head, worked, *ends, self.answer]))


class Film:
    """The frames of a page: one for every event, and *more* at the end."""

    def __init__(self, view: View, events: Iterable[Event], more: Iterable[Frame]) -> None:
        self.view = view
        self.terms: dict[Value, list[float]] = defaultdict(list)
        self.frames = [*map(self.shot, events), *more]

    def shot(self, event: Event) -> Frame:
        """Return the frame of an event."""
        match event:
            case Evaluation():
                return self.computed(event)
            case Seed():
                return self.seeded(event)
            case Step():
                return self.applied(event)

    def computed(self, event: Evaluation) -> Frame:
        """Show a node as it is computed."""
        node, (name, algebra, figures, data) = event.node, event.sides
        shows = bool(str(figures)) and str(figures) != str(data)
        line = write_equation(name, algebra)
        places = [(node, i) for i in range(len(node.operands))]
        return Frame(
            [line],
            [str(figures)] if shows else [],
            str(data),
            digits_of(node.data, str(data)),
            self.view.boxes.get(node, MORE),
            [self.view.arrows[x] for x in places if x in self.view.arrows],
            f"data {write_data(node.data, node is event.graph.first_bad)}",
            "forward",
            f"{line} {choose_sign(algebra, data)}",
            (choose_sign(algebra, figures), choose_sign(figures if shows else algebra, data)),
        )

    def seeded(self, event: Seed) -> Frame:
        """Show the start of the way back."""
        name = event.graph.title
        derivative = event.graph.derivative(event.node)
        return Frame(
            [derivative],
            answer="1",
            why=f"the start of the way back: when {name} changes, {name} changes just as much",
            head=f"{derivative} =",
            box=self.view.boxes.get(event.node, MORE),
            text="grad 1",
        )

    def applied(self, step: Step) -> Frame:
        """Show one application of the chain rule."""
        self.terms[step.operand].append(step.term)
        arrow = self.view.arrows.get((step.node, step.position))
        alarm = is_alarming(step.total) or step.operand in step.graph.doubtful
        answer, partial = number(step.term), number(step.partial)
        here = "" if step.formula.text == partial else f", here {partial}"
        return Frame(
            [f"{step.received} += ", step.passed, " · ", step.local],
            ["", number(step.adjoint), " × ", factor(step.partial)],
            answer,
            digits_of(step.term, answer),
            self.view.boxes.get(step.operand, MORE),
            [arrow] if arrow else [],
            f"grad {write_grad(self.terms[step.operand], step.total, alarm)}",
            signs=("=", step.sign),
            source=self.view.boxes.get(step.node, MORE),
            why=step.derivation,
            here=step.remark + step.doubt + here,
            given=write_equation(step.graph[step.node], step.graph.algebra(step.node)),
            formula=step.formula.text,
            numbers=[
                *map(repr, (step.adjoint, step.partial, step.before, step.total)),
                step.arrival,
            ],
            sum=step.sum or more_to_come(step),
        )


def digits_of(x: float, answer: str) -> str:
    """Return a number with all its digits, unless the answer has them."""
    return "" if float(answer) == x else repr(x)
