"""The film of a stepping page: its picture, and what it says and lights at each step.

``script/film.js`` says the same at other data of the leaves.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Unpack

from autograd_mini.engine import Value
from autograd_mini.notation.equation import choose_sign, write_equation
from autograd_mini.stepping.naming import Graph, factor, number
from autograd_mini.stepping.steps import Evaluation, Seed, Step
from autograd_mini.stepping.walking import Event
from autograd_mini.view.captions import adds_up, flagged, write_data, write_sum
from autograd_mini.view.draw import draw_fitting
from autograd_mini.view.living import more_to_come
from autograd_mini.view.options import Keywords, Options
from autograd_mini.view.style import is_alarming

LineParts = Sequence[tuple[str, str]]  # of a line: a class for the style sheet, and a text


# The picture --------------------------------------------------------------------------------------


class View(NamedTuple):
    """A picture as markup, and the ids of its parts."""

    markup: str
    boxes: Mapping[Value, str]
    arrows: Mapping[tuple[Value, int], str]
    notes: list[str]

    @classmethod
    def of(cls, graph: Graph, **options: Unpack[Keywords]) -> "View":
        """Draw a graph; where nothing here can, say so in place of the picture."""
        try:
            settled = Options.of(**options | Keywords(legend=False))  # the page has its own
            picture = draw_fitting(graph, settled)
            picture.description = "The steps are told above it and listed beside it."
            svg = strip_tooltips(picture.svg())
        except (ImportError, RuntimeError) as error:
            note = html.escape(f"There is no picture here: {error}")
            return cls(f'<p class="note">{note}</p>', {}, {}, [])
        return cls(svg, picture.nodes, picture.arrows, tell_folded(graph, picture.nodes))

    def box(self, node: Value) -> str:
        """Return the id of the box of a node, or of the note that there are more values."""
        return self.boxes.get(node, "more")


def tell_folded(graph: Graph, boxes: Mapping[Value, str]) -> list[str]:
    """Say that values share a box, or have none."""
    total, shown = len(graph), len(set(boxes.values()))
    return [f"{total:,} values in {shown:,} boxes"] * (shown < total)


def strip_tooltips(svg: str) -> str:
    """Take out the tooltips, which would tell numbers too early, and let the boxes be buttons."""
    head, body = svg.split("<g ", 1)
    head = re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', head, count=2)
    head = head.replace('role="img"', 'role="group"', 1)
    body = re.sub(r"<title>.*?</title>\n*", "", body, flags=re.S).replace("&#45;", "-")
    return f"{head}<g {body}"


# The frames ---------------------------------------------------------------------------------------


class Frame(NamedTuple):
    """What the page says and lights at one step; the script reads it.

    A *line* and the *figures* put in have parts; the *answer* ends them. *exact* is the answer with
    all its digits. *text* is what the *box* says from here on. *head* begins the row in the
    list, unless the line does.
    *signs* stand before the figures and before the answer. For predictions: what is *given*, the
    *formula* of the partial, and the *numbers* adjoint, partial, sum before and after, and how many
    terms these are.
    """

    line: LineParts
    phase: str = "backward"
    figures: LineParts = ()
    answer: str = ""
    exact: str = ""
    why: str = ""
    sum: str = ""
    head: str = ""
    box: str = ""
    source: str = ""
    arrows: Sequence[str] = ()
    text: str = ""
    signs: tuple[str, str] = ("=", "=")
    given: str = ""
    formula: str = ""
    numbers: Sequence[Any] = ()

    def unusual(self) -> dict[str, Any]:
        """Return the parts that are not as they are by default."""
        usual = self._field_defaults
        return {key: x for key, x in self._asdict().items() if key not in usual or x != usual[key]}

    @property
    def row(self) -> str:
        """The step as a row in the list."""
        worked = "".join(text for _, text in self.figures if self.phase == "backward")
        ends = [self.signs[1]] if worked and self.answer else []
        head = self.head or self.line[0][1].rstrip()
        return " ".join(filter(None, [head, worked, *ends, self.answer]))


class Film:
    """Makes the frames of a page."""

    def __init__(self, view: View, events: list[Event]) -> None:
        self.view, self.events = view, events
        self.terms: dict[Value, list[float]] = defaultdict(list)

    def frames(self) -> Iterator[Frame]:
        """Yield a frame for every event."""
        for event in self.events:
            match event:
                case Evaluation():
                    yield self.computed(event)
                case Seed():
                    yield self.seeded(event)
                case Step():
                    yield self.applied(event)

    def computed(self, event: Evaluation) -> Frame:
        """Show a node as it is computed."""
        node, (name, algebra, figures, data) = event.node, event.sides
        shows = bool(str(figures)) and str(figures) != str(data)
        line = write_equation(name, algebra)
        places = [(node, i) for i in range(len(node.operands))]
        return Frame(
            [("", line)],
            "forward",
            [("", str(figures))] if shows else [],
            str(data),
            repr(node.data),
            head=f"{line} {choose_sign(algebra, data)}",
            signs=(choose_sign(algebra, figures), choose_sign(figures if shows else algebra, data)),
            box=self.view.box(node),
            arrows=[self.view.arrows[x] for x in places if x in self.view.arrows],
            text=write_data(node, event.graph),
        )

    def seeded(self, event: Seed) -> Frame:
        """Show the start of the way back."""
        name = event.graph.title
        derivative = event.graph.derivative(event.node)
        return Frame(
            [("", derivative)],
            answer="1",
            exact="1.0",
            why=f"the start of the way back: when {name} changes, {name} changes just as much",
            head=f"{derivative} =",
            box=self.view.box(event.node),
            text="grad 1",
        )

    def applied(self, step: Step) -> Frame:
        """Show one application of the chain rule."""
        adjoint, received = step.passed, f"{step.received} += "
        terms = self.terms[step.operand]
        terms.append(step.term)
        arrow = self.view.arrows.get((step.node, step.position))
        alarm = is_alarming(step.total) or step.operand in step.graph.doubtful
        return Frame(
            [("", received), ("adjoint", adjoint), ("", " · "), ("partial", step.local)],
            "backward",
            [("adjoint", number(step.adjoint)), ("", " × "), ("partial", factor(step.partial))],
            number(step.term),
            repr(step.term),
            write_reason(step),
            step.sum or more_to_come(step),
            "",
            self.view.box(step.operand),
            self.view.box(step.node),
            [arrow] if arrow else [],
            f"grad {write_grad(terms, step.total, alarm)}",
            ("=", step.sign),
            write_equation(step.graph[step.node], step.graph.algebra(step.node)),
            step.formula.text,
            [*map(repr, (step.adjoint, step.partial, *step.receipt[:2])), step.arrival],
        )


def write_grad(terms: Sequence[float], total: float, alarm: bool) -> str:
    """Write a gradient as boxes do: as the sum that it is, unless it is alarming."""
    if len(terms) > 1 and not alarm and adds_up(total, [*terms]):
        return write_sum(terms, total)
    return flagged(total, alarm)


def write_reason(step: Step) -> str:
    """Say why the partial is what it is: in letters, then in numbers unless they are the same."""
    figure = number(step.partial)
    return step.reason if str(step.formula) == figure else f"{step.reason}, here {figure}"
