"""Markup: the parts of a living page that are HTML."""

import html
from collections.abc import Sequence

from autograd_mini.stepping.naming import derivative_of
from autograd_mini.view.legend import ALARM_TOLD
from autograd_mini.view.living import Living
from autograd_mini.view.text import html_text

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
    ".node.input": "round: input",
    ".node.parameter": "double frame: parameter",
    ".node.computed": "square: computed",
    ".node.output": "thick frame: output",
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
MANY = 8  # names that a tooltip lists


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
