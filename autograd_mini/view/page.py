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
import re
from itertools import groupby
from typing import NamedTuple, Unpack

from autograd_mini.engine import Value
from autograd_mini.stepping.account import tell_troubles
from autograd_mini.stepping.editing import edits
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.steps import Evaluation
from autograd_mini.stepping.walking import Event, Walk, events
from autograd_mini.view.files import write_file
from autograd_mini.view.film import Film, Frame, View
from autograd_mini.view.living import Living, read_generated, read_resource, tabulate, words_of
from autograd_mini.view.markup import TOOLS, write_leaf_fields, write_legend
from autograd_mini.view.options import Keywords, Options
from autograd_mini.view.policy import policy
from autograd_mini.view.text import isolate, visible

MOST_STEPS = 2000
MOST_BOXES = 150  # more than a picture on paper: the page scrolls to the one that matters
START = "Press next, or the right arrow key."
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
    if length > max_steps:
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
    frames = [*Film(view, walked).frames(), *error]
    name = visible(graph.title)
    heading = visible(title) or f"The gradient of {name}, step by step"
    edited = edits(fit)
    notes = "\n".join(map(visible, (*edited, *tell_troubles(fit)))) or FIRST
    living, obstacle = Living(fit, walked, settled.parameters), OFF
    if live:
        obstacle = tell_obstacle(living, view, bool(error), bool(edited), bool(settled.hide))
    parts = Parts(view, frames, notes, None if obstacle else living, obstacle)
    return Page(name, len(frames), filled(heading, parts))


NOT_LIVE = '<p class="note">{}</p>\n<p id="trouble" role="alert"></p>'
OFF = "This page shows the numbers that it was made with."


def tell_obstacle(living: Living, view: View, stops: bool, is_edited: bool, hides: bool) -> str:
    """Say why a page cannot follow its leaves; nothing where it can."""
    shared = view.boxes and len({*view.boxes.values()}) < len(living.graph)
    reasons = {
        "data was edited after the forward pass": is_edited,
        "the backward pass stops": stops,
        "a partial that does not exist meets an adjoint of 0": living.graph.doubtful,
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


class Parts(NamedTuple):
    """What goes into the file: *living* where the page can follow its leaves, else the obstacle."""

    view: View
    frames: list[Frame]
    notes: str
    living: Living | None
    obstacle: str


def filled(title: str, parts: Parts) -> str:
    """Fill the template in; what is filled in is not looked at again."""
    view, living, frames = parts.view, parts.living, parts.frames
    markup = {
        "title": html.escape(title),
        "last": str(len(frames)),
        "start": START,
        "notes": html.escape(parts.notes),
        "style": read_generated("page.min.css"),
        "picture": view.markup,
        "legend": write_legend(view.notes) if view.boxes else "",
        "tools": TOOLS if view.boxes else "",
        "leaves": write_leaf_fields(living) if living else NOT_LIVE.format(parts.obstacle),
        "list": list_steps(frames),
        "frames": script([words_of(living), tabulate(Frame, frames)]),
        "living": script(living.data if living else None),
        "operations": f"<script>\n{living.script}\n</script>\n" if living else "",
        "script": read_generated("page.min.js"),
    }
    template = read_resource("page.html")
    text = re.sub(r"\{\{(\w+)\}\}", lambda found: markup.get(found[1], found[0]), template)
    return text.replace("{{policy}}", policy(text, pictures="blob:"), 1)


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
