"""Worksheets: a page to fill in with a pencil, and the same page filled in, in a file of its own.

Blanks hold nothing, not even hidden. The pages fit A4 and Letter, and print in grey.
"""

import os
from collections.abc import Iterable
from copy import deepcopy
from html import escape
from pathlib import Path

from autograd_mini.engine import Value
from autograd_mini.saving import write_whole
from autograd_mini.stepping.chain import steps
from autograd_mini.stepping.naming import derivative_of, expression, factor, names, number
from autograd_mini.teach.mistakes import right
from autograd_mini.view.draw import draw

HIDDEN = ("data", "grad", "partials")
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
@page {{ margin: 15mm }}
body {{ font: 11pt/1.5 Helvetica, Arial, sans-serif; color: #000; background: #fff;
  max-width: 175mm; margin: auto }}
h1 {{ font-size: 16pt; margin: 0 }}
h2 {{ font-size: 12pt; margin: 4mm 0 0; break-after: avoid }}
svg {{ display: block; max-width: 100%; max-height: 120mm; margin: auto; filter: grayscale(1);
  color-scheme: light }}
table {{ border-collapse: collapse }}
tr {{ break-inside: avoid }}
td {{ padding: 0.6mm 5mm 0 0 }}
td.blank {{ min-width: 35mm; border-bottom: 0.3mm solid #777; text-align: center }}
</style>
<h1>{title}</h1>
<p>{given}</p>
{picture}
<h2>Forward</h2>
{forward}
<h2>Backward: adjoint × partial = term</h2>
{backward}
<h2>Gradients: the sums of the terms</h2>
{gradients}
</html>
"""

Rows = Iterable[tuple[str, str]]


def worksheet(output: Value, path: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Write a worksheet and its key, and return where they are: ``x.html`` and ``x-key.html``.

    A path that ends in ``.svg`` gets the picture alone, any other a page. Raises what ``backward``
    and ``draw`` raise, OSError where the files cannot be written, and then leaves old ones alone.
    """
    sheet = Path(path)
    key = sheet.with_stem(sheet.stem + "-key")
    graph = deepcopy(output)
    graph.zero_grad()
    graph.backward()
    make = picture if sheet.suffix == ".svg" else page
    texts = {sheet: make(graph, HIDDEN), key: make(graph, ())}
    for file, text in texts.items():
        write_whole(file, text)
    return sheet, key


def picture(graph: Value, hidden: Iterable[str]) -> str:
    """Draw the graph, which has been differentiated, without what is *hidden*."""
    return draw(graph, hide=hidden).svg()


def page(graph: Value, hidden: Iterable[str]) -> str:
    """Write the page, with blanks where something is *hidden*."""
    named, found = names(graph), right(graph)
    title = f"The gradient of {named[graph]}"
    leaves = [node for node in named if not node.operands]
    data = [(f"{named[x]} = {expression(x, named)} =", number(x.data)) for x in named if x.operands]
    terms = [
        (f"{x.rule}:", f"{number(x.adjoint)} × {factor(x.partial)} = {number(x.term)}")
        for x in steps(graph)
    ]
    sums = [(f"{derivative_of(named[graph], named[x])} =", number(found[x])) for x in leaves]
    return PAGE.format(
        title=escape(title),
        given=escape(", ".join(f"{named[x]} = {number(x.data)}" for x in leaves)),
        picture=picture(graph, hidden),
        forward=table(data, hidden),
        backward=table(terms, hidden),
        gradients=table(sums, hidden),
    )


def table(rows: Rows, hidden: Iterable[str]) -> str:
    """Write a table of questions, with their answers unless they are hidden."""
    cells = [(escape(question), "" if hidden else escape(answer)) for question, answer in rows]
    lines = [f'<tr><td>{question}<td class="blank">{answer}' for question, answer in cells]
    return "\n".join(["<table>", *lines, "</table>"])
