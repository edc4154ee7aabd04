"""Worksheets: a page to fill in with a pencil, and the same page filled in, in a file of its own.

Blanks hold nothing, not even hidden: each has a number, in the picture and on the line to fill in.
Up to 15 values fit on one page, A4 or Letter, and print in grey.
"""

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import require_list, text
from autograd_mini.notation.equation import choose_sign, figure, write_equation
from autograd_mini.notation.letters import choose_letters
from autograd_mini.notation.text import Figures, Symbol
from autograd_mini.stepping import Graph, steps
from autograd_mini.stepping.editing import require_current
from autograd_mini.stepping.steps import Evaluation
from autograd_mini.view.captions import Blank, Given, tell_key
from autograd_mini.view.draw import draw_fitting
from autograd_mini.view.files import fill_page, read_resource, write_file
from autograd_mini.view.layout import MOST_BOXES_DRAWN
from autograd_mini.view.options import Options
from autograd_mini.view.text import circled, html_text

if TYPE_CHECKING:
    from autograd_mini.view.render import Picture

BLANKS = {"data": "data", "term": "partials", "grad": "grad"}  # rows, and what draw hides
ALL_BLANK = tuple(BLANKS.values())
PORTRAIT = {"size": "portrait", "across": "186mm", "tall": "62mm"}
LANDSCAPE = {"size": "landscape", "across": "255mm", "tall": "150mm"}
ACROSS = 800.0  # points: a wider picture is printed across


def worksheet(
    output: Value,
    path: str | os.PathLike[str],
    *,
    title: str = "",
    blank: Sequence[str] = ALL_BLANK,
    names: Mapping[str, object] | None = None,
) -> tuple[Path, Path]:
    """Write a worksheet and its key, and return where they are: ``x.html`` and ``x-key.html``.

    *title* stands on top of the page. What is *blank*, to be filled in, is "data", the results of
    the operations, "partials", the steps backward, "grad", the gradients, or several of them. A
    path that ends in ``.svg`` gets the picture alone. Values without a label are called as the
    variables of *names* that hold them, such as ``locals()``.

    Raises ValueError for any other kind of file, for other blanks or none, and where data was
    edited after the forward pass, or the values are too many; what ``backward`` and ``draw``
    raise; OSError where the files cannot be written.
    """
    blank = require_list("a worksheet", "blanks", blank)
    wrong = [text(word, "a blank") for word in blank if word not in ALL_BLANK]
    if wrong or not blank:
        got = " ".join(wrong) or "nothing"
        raise ValueError(f"a worksheet can leave {', '.join(ALL_BLANK)} blank; got {got}")
    sheet = Path(path)
    kind = sheet.suffix.lower()
    if kind not in MAKERS:
        raise ValueError(f"a worksheet is an .html or an .svg file, got {sheet.name!r}")
    key = sheet.with_stem(sheet.stem + "-key")
    graph = Graph(output, names)
    if len(graph) > MOST_BOXES_DRAWN:
        advice = "make one of a part: worksheet(node, path)"
        raise ValueError(f"{len(graph):,} values are more than anyone can fill in: {advice}")
    require_current(graph)
    graph = deepcopy(graph)  # so that the pass writes into no grad of the caller's
    graph.output.zero_grad()
    graph.output.backward()
    for file, hidden in ((sheet, blank), (key, ())):
        write_file(file, MAKERS[kind](Sheet(graph, hidden, text(title, "a title"))), kind[1:])
    return sheet, key


class Row(NamedTuple):
    """A line to fill in: the blank it is about, the question, and the answer."""

    blank: Blank
    question: str
    answer: str


def write_row(blank: Blank, sides: Sequence[Symbol | str]) -> Row:
    """Write a row of the sides of an equation: the last is the answer, figures before it a help."""
    *question, answer = sides
    letters = [side for side in question if not isinstance(side, Figures)]
    sign = choose_sign(next(filter(str, reversed(question))), answer)
    return Row(blank, f"{write_equation(*letters)} {sign}", str(answer))


def shorten_names(graph: Graph) -> tuple[Graph, str]:
    """Return a graph whose names are letters where they were paths in a network, and the key."""
    letters = choose_letters(graph.values())
    inside = {node: str(letters[name]) for node, name in graph.items() if letters[name].upper}
    shorter = Graph(graph.output)
    shorter.update(graph | inside)
    if len({*shorter.values()}) < len(shorter):
        return graph, ""
    shorter.leaves = graph.leaves  # in the order that they have everywhere
    return shorter, tell_key(letters)


class Sheet:
    """A worksheet about a graph that has been differentiated: three lists of rows, numbered as one.

    What is *hidden* is left blank.
    """

    def __init__(self, graph: Graph, hidden: Sequence[str], title: str) -> None:
        self.graph, self.hidden, self.title = graph, hidden, title
        named, self.key = shorten_names(graph)
        self.named = named
        taken = list(steps(named))
        several = {x for x, count in Counter(step.operand for step in taken).items() if count > 1}
        self.data = [
            write_row(("data", x, 0), Evaluation(x, named).sides) for x in named if x.operands
        ]
        self.terms = [
            Row(("term", x.node, x.position), f"{x.rule}{x.restriction}:", x.figures) for x in taken
        ]
        self.sums = [
            write_row(("grad", x, 0), (named.derivative(x), figure(x.grad)))
            for x in [*named.computed, *named.leaves]
            if not x.operands or x in several or x is named.output
        ]
        rows = [*self.data, *self.terms, *self.sums]
        self.marks = {row.blank: circled(i) for i, row in enumerate(rows, 1)}
        self.blanks: dict[Blank, str] = {**self.marks}
        for step in taken:  # a grad of one term has the number of that term
            mark = self.marks["term", step.node, step.position]
            self.blanks.setdefault(("grad", step.operand, 0), mark)

    def draw(self) -> "Picture":
        """Draw a box for every value, with the numbers of the blanks where something is hidden."""
        options = Options.of(detail="full", hide=self.hidden, legend=False)
        drawn = draw_fitting(self.graph, options, Given(self.blanks if self.hidden else {}))
        drawn.is_for_paper = True
        return drawn

    def svg(self) -> str:
        """Return the picture alone."""
        return self.draw().svg()

    def html(self) -> str:
        """Return the page."""
        named, drawn = self.named, self.draw()
        given = ", ".join(write_equation(named[x], figure(x.data)) for x in named.leaves)
        heading = self.title or f"The gradient of {named.title}"
        parts = {
            "title": html_text(heading if self.hidden else f"{heading}: the key"),
            "name": "Name:" if self.hidden else "",
            "given": html_text(f"{given}; {self.key}" if self.key else given),
            "picture": drawn.svg(),
            "forward": self.table(self.data),
            "backward": self.table(self.terms),
            "gradients": self.table(self.sums),
        }
        paper = LANDSCAPE if drawn.width() > ACROSS else PORTRAIT
        return fill_page(read_resource("worksheet.html"), parts | paper)

    def table(self, rows: Iterable[Row]) -> str:
        """Write a table of numbered questions, with their answers unless they are hidden."""
        lines = [
            f"<tr><th>{self.marks[row.blank]}<td>{html_text(row.question)}<td "
            f'class="blank">{"" if BLANKS[row.blank[0]] in self.hidden else html_text(row.answer)}'
            for row in rows
        ]
        return "\n".join(["<table>", *lines, "</table>"])


MAKERS = {".svg": Sheet.svg, ".html": Sheet.html}
