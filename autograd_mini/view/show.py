"""Showing: a picture goes to build/ as SVG, and into the notebook where there is one.

What a lesson needs to go on without a picture where the library that draws it is missing:

>>> with pictures():
...     raise ModuleNotFoundError("plots need matplotlib")
No picture here: plots need matplotlib
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from autograd_mini.saving import write_whole

FOLDER = "build"


@contextmanager
def pictures() -> Iterator[None]:
    """In a ``with`` block: where a picture cannot be drawn, say what to install, and go on."""
    try:
        yield
    except lacks() as error:
        print(f"No picture here: {error}")


def lacks() -> tuple[type[Exception], ...]:
    """Return the errors that say that something is not installed."""
    try:
        from graphviz import ExecutableNotFound
    except ModuleNotFoundError:
        return (ModuleNotFoundError,)
    return (ModuleNotFoundError, ExecutableNotFound)


def show(picture: Any, name: str) -> None:
    """Write a picture, made by ``draw`` or by a plot, to ``build/name.svg``, and print that path.

    A notebook shows it as well. A plot's figure is closed. Raises what drawing raises, and OSError.
    """
    text = picture.svg() if hasattr(picture, "svg") else plot_svg(picture)
    os.makedirs(FOLDER, exist_ok=True)
    path = f"{FOLDER}/{name}.svg"
    write_whole(path, text)
    print(f"picture: {path}")
    display(text, "image/svg+xml", alt=getattr(picture, "description", name))


def plot_svg(axes: Any) -> str:
    """Return a plot as SVG, the same text on every run, and close its figure."""
    import matplotlib
    from matplotlib import pyplot

    settings: Any = {"svg.hashsalt": FOLDER, "svg.fonttype": "none"}  # text stays text
    title = f"{axes.get_ylabel()} against {axes.get_xlabel()}"  # what a screen reader says
    file = io.StringIO()
    with matplotlib.rc_context(settings):
        metadata = {"Date": None, "Title": title}
        axes.figure.savefig(file, format="svg", metadata=metadata, bbox_inches="tight")
    pyplot.close(axes.figure)
    return file.getvalue()


def is_notebook() -> bool:
    """Tell whether this runs in a notebook."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def display(content: str, kind: str, **metadata: str) -> None:
    """Show the content in a notebook, if this is one; ``alt=`` is what a screen reader says."""
    if is_notebook():
        sys.modules["IPython"].display.display({kind: content}, metadata={kind: metadata}, raw=True)
