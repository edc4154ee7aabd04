"""Notebook: a lesson as a Jupyter notebook, its comments as prose and its statements as cells.

The format is nbformat 4.5 (nbformat.readthedocs.io). The comments are taken as the Markdown that
they may be; slide marks are those that nbconvert reads.
"""

import json
from collections.abc import Iterator
from typing import NamedTuple

from autograd_mini.lesson.script import Demo

SLIDE, SAME, FRAGMENT = "slide", "-", "fragment"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Cell(NamedTuple):
    """A cell: "markdown" or "code", its text, and where it stands in a show of slides.

    A cell that *goes on* belongs to the code before it.
    """

    kind: str
    text: str
    slide: str = SAME
    goes_on: bool = False


def write_notebook(demo: Demo, *, slides: bool = False) -> str:
    """Write a lesson as a notebook; with *slides*, each heading begins a slide."""
    cells = [write_json(i, cell, slides=slides) for i, cell in enumerate(join_code(demo), 1)]
    notebook = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def write_json(place: int, cell: Cell, *, slides: bool) -> dict[str, object]:
    """Return a cell as the format has it."""
    written: dict[str, object] = {
        "cell_type": cell.kind,
        "id": f"cell-{place}",
        "metadata": {"slideshow": {"slide_type": cell.slide}} if slides else {},
        "source": cell.text.splitlines(keepends=True),
    }
    if cell.kind == "code":
        written |= {"execution_count": None, "outputs": []}
    return written


def join_code(demo: Demo) -> list[Cell]:
    """Return the cells of a lesson; statements between which nothing stands share one."""
    joined: list[Cell] = []
    for cell in list_cells(demo):
        if cell.goes_on and joined and joined[-1].kind == "code":
            joined[-1] = Cell("code", f"{joined[-1].text}\n{cell.text}")
        else:
            joined.append(cell)
    return joined


def list_cells(demo: Demo) -> Iterator[Cell]:
    """Yield the title, if a docstring gives one, and for each statement its prose and itself.

    A remark closes the cell before a statement; heading and narration open its own.
    """
    if demo.doc:
        yield Cell("markdown", f"# {demo.doc}", SLIDE)
    for statement in demo.statements:
        if statement.remark:
            yield Cell("markdown", statement.remark, FRAGMENT)
        heading = f"## {statement.heading}" if statement.heading else ""
        prose = "\n\n".join(filter(None, [heading, statement.narration]))
        if prose:
            yield Cell("markdown", prose, SLIDE if heading else FRAGMENT)
        yield Cell("code", statement.text, goes_on=not statement.opens_cell)
    if demo.closing:
        yield Cell("markdown", demo.closing, FRAGMENT)
