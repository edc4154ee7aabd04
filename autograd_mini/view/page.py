"""The stepping page: one HTML file that goes through the chain rule, forward and backward.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> page(a * b + a)
<Page of L: 7 steps; .save("steps.html") writes it>

The file needs no network: its Content-Security-Policy forbids everything but its own style and
script. Its steps are those of ``walk``, its texts those of ``steps``, its picture that of ``draw``.
"""

import html
import json
import math
import os
from collections.abc import Sequence
from itertools import groupby
from typing import Unpack

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import text, whole_number
from autograd_mini.stepping.account import tell_troubles
from autograd_mini.stepping.editing import edits
from autograd_mini.stepping.naming import Graph, derivative_of
from autograd_mini.stepping.steps import Evaluation
from autograd_mini.stepping.walking import Event, Walk, events
from autograd_mini.view.files import fill_page, read_generated, read_resource, write_file
from autograd_mini.view.film import Film, Frame, View
from autograd_mini.view.legend import ALARM_TOLD, SHAPES_TOLD
from autograd_mini.view.living import Living, tabulate, words_of
from autograd_mini.view.options import Keywords, Options
from autograd_mini.view.text import html_text, isolate, visible

MOST_STEPS = 2000
MOST_BOXES = 150  # more than a picture on paper: the page scrolls to the one that matters
FIRST = "First the values flow forward, then the gradients flow back."
HEADINGS = {"forward": "Forward: values", "backward": "Backward: gradients"}


def page(
    y: Value,
    *,
    title: str = "",
    max_steps: int = MOST_STEPS,
    live: bool = True,
    **options: Unpack[Keywords],
) -> "Page":
    """Return a page that steps through the computation of *y* and one backward pass from it.

    *title* stands on top; *max_steps* is the largest number of steps. Every leaf is a field and a
    slider, and all numbers follow, unless *live* is False; where they cannot, the page says why.
    The other options are those of ``draw``, but for *max_nodes*, 150 by default, and *widest*,
    without limit: the picture can be zoomed. No grad is touched: the page shows the gradient of
    this pass alone, whatever passes were made before. Where nothing can draw, the page has the list
    of steps and says what to install.

    Raises TypeError for what is not a Value, and ValueError for more than *max_steps* steps.

    >>> a = Value(2.0, "a")
    >>> page(a * a, title="A square", max_steps=10)
    <Page of L: 4 steps; .save("steps.html") writes it>
    """
    graph = Graph.of(y, options.get("names"))
    length = len(Walk(graph))
    if length > whole_number(max_steps, "max_steps", 1):
        raise ValueError(
            f"{length:,} steps are more than anyone takes one by one: page a smaller part of "
            f"the graph, such as the loss of one sample, or raise max_steps={max_steps}"
        )
    usual = Keywords(max_nodes=MOST_BOXES, widest=math.inf)
    settled = Options.of(**usual | options | Keywords(legend=False))  # the page has its own
    fit = isolate_names(graph)
    walked, error = taken(fit)
    grads = {x.target: x.total for x in walked if not isinstance(x, Evaluation)}
    view = View.of(graph, settled, grads)
    film = Film(view, walked, error)
    name = visible(graph.title)
    heading = visible(text(title, "a title")) or f"The gradient of {name}, step by step"
    edited = edits(fit)
    notes = "\n".join(map(visible, (*edited, *tell_troubles(fit)))) or FIRST
    living, obstacle = Living(fit, walked, settled.parameters), OFF
    if live:
        obstacle = tell_obstacle(living, view, bool(error), bool(edited), bool(settled.hide))
    return Page(name, len(film.frames), filled(heading, film, notes, living, obstacle))


OFF = "This page shows the numbers that it was made with."


def tell_obstacle(living: Living, view: View, stops: bool, is_edited: bool, hides: bool) -> str:
    """Say why a page cannot follow its leaves; nothing where it can."""
    shared = view.boxes and len({*view.boxes.values()}) < len(living.graph)
    reasons = {
        "data was edited after the forward pass": is_edited,
        "the backward pass stops": stops,
        "a partial does not exist at this point": living.lacks_a_partial,
        "several values share a box; detail='full' gives each its own": shared,
        "numbers are hidden": hides,
        living.tell_missing(): True,
    }
    first = next(reason for reason, holds in reasons.items() if holds)
    return html.escape(f"The numbers cannot be changed here: {first}.") if first else ""


class Page:
    """A page; ``html`` is its text, which shows itself in a notebook inside a closed frame."""

    def __init__(self, name: str, length: int, text: str) -> None:
        self.name, self.length, self.html = name, length, text

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the page to a file, which is never seen half written."""
        write_file(path, self.html, "html", "htm")

    def _repr_html_(self) -> str:
        """Show the page in a notebook."""
        return (
            f'<iframe srcdoc="{html.escape(self.html)}" sandbox="allow-scripts" '
            f'title="{html.escape(self.name)}, step by step" '
            'style="width:100%;height:40rem;border:1px solid #8884;border-radius:6px"></iframe>'
        )

    def __repr__(self) -> str:
        return f'<Page of {self.name}: {self.length} steps; .save("steps.html") writes it>'


# Walking ------------------------------------------------------------------------------------------


def taken(graph: Graph) -> tuple[list[Event], list[Frame]]:
    """Take all steps, or those before a partial that does not exist, and a frame that says so."""
    found: list[Event] = []
    try:
        found.extend(events(graph))
    except (ArithmeticError, ValueError) as error:
        why = f"{type(error).__name__}: {error}"
        return found, [Frame(["The backward pass stops here."], why=why)]
    return found, []


# Names --------------------------------------------------------------------------------------------


def isolate_names(graph: Graph) -> Graph:
    """Return a graph in which no name turns a line around."""
    names = {node: isolate(name) for node, name in graph.items()}
    if names == graph:
        return graph
    fit = Graph(graph.output)
    fit.update(names)
    return fit


# The file -----------------------------------------------------------------------------------------


TOOLS = """
<button id="farther" title="zoom out: -" aria-label="zoom out">−</button>
<button id="fit" title="0: the whole picture, or what can be read" aria-pressed="false">fit</button>
<button id="closer" title="zoom in: +" aria-label="zoom in">+</button>
<button id="svg" title="save the whole picture">SVG</button>
<button id="png" title="save the whole picture">PNG</button>"""

# What a line of the legend explains, as a selector: it is there while that is on screen.
KEY_OF_PICTURE = {
    ".edge.plain": "grey arrow, forward: values",
    ".edge:not(.plain, .constant, .more)": "coloured arrow, back: adjoint × partial = share; "
    "thick: large",
    ".edge.positive:not(.plain)": "blue, solid: positive",
    ".edge.negative:not(.plain)": "orange, dashed: negative",
    ".edge.zero:not(.plain)": "grey, dotted: zero",
    ".alarm:not(.plain, .todo)": ALARM_TOLD,
    ".node.now": "gold: computed or added to now",
    ".node.from": "purple: gives the adjoint",
    **{f".node.{kind}": told for kind, told in SHAPES_TOLD.items()},
}
FIELD = """<li data-place="{key}" data-slope="{slope}">
<label for="leaf{key}">{name}</label>
<input type="range" aria-label="{name}, slider">
<input type="number" step="any" id="leaf{key}" autocomplete="off">
<span class="slope"></span>"""
FIELDS = """<h2>Leaves: change them</h2>
<ul>
{rows}
</ul>
<div id="learning" role="group" aria-label="learning">
<button id="learn" title="one step of gradient descent for {names}">\
w ← w − η · {rule}</button>
<label for="rate">η</label>
<input type="number" step="any" id="rate" value="0.1" aria-label="learning rate" \
autocomplete="off">
<button id="undo" disabled>undo</button>
</div>
<p id="trouble" role="alert"></p>
<p id="promise" role="status" hidden></p>
<p id="trace" hidden><svg viewBox="0 0 100 26" preserveAspectRatio="none" aria-hidden="true">\
<polyline fill="none"/></svg><span></span></p>"""
NOT_LIVE = '<p class="note">{}</p>\n<p id="trouble" role="alert"></p>'
MANY = 8  # names that a tooltip lists


def filled(title: str, film: Film, notes: str, living: Living, obstacle: str) -> str:
    """Fill the template in; an *obstacle* is why the page cannot follow its leaves."""
    view, frames, followed = film.view, film.frames, None if obstacle else living
    parts = {
        "title": html.escape(title),
        "last": str(len(frames)),
        "notes": html.escape(notes),
        "style": read_generated("page.min.css"),
        "picture": view.markup,
        "legend": write_legend(view.notes) if view.boxes else "",
        "tools": TOOLS if view.boxes else "",
        "leaves": NOT_LIVE.format(obstacle) if obstacle else write_leaf_fields(living),
        "list": list_steps(frames),
        "frames": script([words_of(followed), tabulate(Frame, frames)]),
        "living": script(followed and followed.data),
        "operations": "" if obstacle else f"<script>\n{living.script}\n</script>\n",
        "script": read_generated("page.min.js"),
    }
    return fill_page(read_resource("page.html"), parts, pictures="blob:")


def list_steps(frames: list[Frame]) -> str:
    """List all steps, each a button, under the heading of its pass."""
    lists = []
    for phase, group in groupby(frames, lambda frame: frame.phase):
        rows = "\n".join(f"<li><button>{html.escape(x.row)}</button>" for x in group)
        lists.append(f"<h2>{HEADINGS[phase]}</h2>\n<ol>\n{rows}\n</ol>")
    return "\n".join(lists)


def script(data: object) -> str:
    """Write data for the script, such that none of it can end the element that holds it."""
    compact = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return compact.replace("<", "\\u003c")


def write_legend(notes: Sequence[str]) -> str:
    """Write the lines that explain the picture, and the notes about it."""
    items = [
        f'<li data-shows="{html_text(x)}">{html_text(text)}' for x, text in KEY_OF_PICTURE.items()
    ]
    items += [f"<li>{html_text(note)}" for note in notes]
    return '<ul id="legend" class="legend">\n' + "\n".join(items) + "\n</ul>"


def write_leaf_fields(living: Living) -> str:
    """Write a field and a slider for each leaf, and the buttons that learn and undo."""
    graph = living.graph
    rows = [
        FIELD.format(
            name=html.escape(graph[leaf]),
            key=living.place[leaf],
            slope=html.escape(graph.derivative(leaf)),
        )
        for leaf in graph.leaves
    ]
    rule = derivative_of(graph.title, "w")
    learners = [graph[x] for x in living.learners]
    names = ", ".join(learners[:MANY]) + ", …" * (len(learners) > MANY)
    return FIELDS.format(rows="\n".join(rows), names=html.escape(names), rule=html.escape(rule))
