"""Notebook: a lesson as a Jupyter notebook, its comments as prose and its statements as cells.

The format is nbformat 4.5 (nbformat.readthedocs.io). The comments are taken as the Markdown that
they may be; slide marks are those that nbconvert reads.
"""

import json
from collections.abc import Iterator
from typing import NamedTuple

from autograd_mini.lesson.script import Demo, Statement

SLIDE, SAME, FRAGMENT = "slide", "-", "fragment"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class Cell(NamedTuple):
    """A cell: "markdown" or "code", its text, and where it stands in a show of slides."""

    kind: str
    text: str
    slide: str = SAME


def write_notebook(demo: Demo, *, slides: bool = False) -> str:
    """Write a lesson as a notebook; with *slides*, each heading begins a slide."""
    cells = [write_json(i, cell, slides=slides) for i, cell in enumerate(join_code(demo), 1)]
    notebook = {"cells": cells, "metadata": METADATA, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def write_json(place: int, cell: Cell, *, slides: bool) -> dict[str, object]:
    """Return a cell as the format has it."""
    code: dict[str, object] = (
        {"execution_count": None, "outputs": []} if cell.kind == "code" else {}
    )
    return {
        "cell_type": cell.kind,
        "id": f"cell-{place}",
        "metadata": {"slideshow": {"slide_type": cell.slide}} if slides else {},
        "source": cell.text.splitlines(keepends=True),
        **code,
    }


def join_code(demo: Demo) -> Iterator[Cell]:
    """Yield the cells of a lesson; statements without prose between them share one."""
    waiting: list[str] = []
    for cell in list_cells(demo):
        if cell.kind == "code":
            waiting.append(cell.text)
            continue
        if waiting:
            yield Cell("code", "\n".join(waiting))
        waiting = []
        yield cell
    if waiting:
        yield Cell("code", "\n".join(waiting))


def list_cells(demo: Demo) -> Iterator[Cell]:
    """Yield the title, and for each statement its prose and itself."""
    title, _, text = (demo.doc or demo.path.stem).partition("\n")
    yield Cell("markdown", f"# {title}\n{text}".rstrip(), SLIDE)
    for statement in demo.statements:
        yield from list_prose(statement)
        yield Cell("code", statement.text)
    if demo.closing:
        yield Cell("markdown", demo.closing, FRAGMENT)


def list_prose(statement: Statement) -> Iterator[Cell]:
    """Yield what closes the cell before a statement, and what opens its own."""
    if statement.remark:
        yield Cell("markdown", statement.remark, FRAGMENT)
    heading = f"## {statement.heading}" if statement.heading else ""
    prose = "\n\n".join(filter(None, [heading, statement.narration]))
    if prose:
        yield Cell("markdown", prose, SLIDE if heading else FRAGMENT)
