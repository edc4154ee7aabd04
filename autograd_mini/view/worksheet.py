"""Worksheets: a page to fill in with a pencil, and the same page filled in, in a file of its own.

Blanks hold nothing, not even hidden. The pages fit A4 and Letter, and print in grey.
"""

import os
from collections.abc import Iterable
from copy import deepcopy
from importlib import resources
from pathlib import Path
from string import Template

from autograd_mini.engine import Value
from autograd_mini.engine.order import topological_order
from autograd_mini.stepping import derivative_of, expression, names, number, steps
from autograd_mini.stepping.editing import is_current
from autograd_mini.view.draw import draw
from autograd_mini.view.files import write_text
from autograd_mini.view.policy import policy
from autograd_mini.view.text import html_text

HIDDEN = ("data", "grad", "partials")
Rows = Iterable[tuple[str, str]]


def worksheet(output: Value, path: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Write a worksheet and its key, and return where they are: ``x.html`` and ``x-key.html``.

    A path that ends in ``.svg`` gets the picture alone. Raises ValueError for any other kind of
    file, and where data was edited after the forward pass; what ``backward`` and ``draw`` raise;
    OSError where the files cannot be written.
    """
    sheet = Path(path)
    kind = sheet.suffix.lower()
    if kind not in MAKERS:
        raise ValueError(f"a worksheet is an .html or an .svg file, got {sheet.name!r}")
    key = sheet.with_stem(sheet.stem + "-key")
    if not all(map(is_current, topological_order(output))):
        raise ValueError("data was edited after the forward pass: recompute() the graph first")
    graph = deepcopy(output)
    graph.zero_grad()
    graph.backward()
    texts = {sheet: MAKERS[kind](graph, HIDDEN), key: MAKERS[kind](graph, ())}
    for file, text in texts.items():
        write_text(file, text)
    return sheet, key


def picture(graph: Value, hidden: Iterable[str]) -> str:
    """Draw the graph, which has been differentiated, without what is *hidden*."""
    return draw(graph, hide=hidden).svg()


def page(graph: Value, hidden: Iterable[str]) -> str:
    """Write the page, with blanks where something is *hidden*."""
    named = names(graph)
    leaves = [node for node in named if not node.operands]
    data = [(f"{named[x]} = {expression(x, named)} =", number(x.data)) for x in named if x.operands]
    terms = [(f"{step.rule}{step.restriction}:", step.figures) for step in steps(graph)]
    sums = [(f"{derivative_of(named[graph], named[x])} =", number(x.grad)) for x in leaves]
    template = resources.files("autograd_mini.view").joinpath("worksheet.html").read_text("utf-8")
    text = Template(template).substitute(
        title=html_text(f"The gradient of {named[graph]}{'' if hidden else ': the key'}"),
        name="Name:" if hidden else "",
        given=html_text(", ".join(f"{named[x]} = {number(x.data)}" for x in leaves)),
        picture=picture(graph, hidden),
        forward=table(data, hidden),
        backward=table(terms, hidden),
        gradients=table(sums, hidden),
    )
    return text.replace("$policy", policy(text), 1)


def table(rows: Rows, hidden: Iterable[str]) -> str:
    """Write a table of questions, with their answers unless they are hidden."""
    cells = [
        (html_text(question), "" if hidden else html_text(answer)) for question, answer in rows
    ]
    lines = [f'<tr><td>{question}<td class="blank">{answer}' for question, answer in cells]
    return "\n".join(["<table>", *lines, "</table>"])


MAKERS = {".svg": picture, ".html": page}
