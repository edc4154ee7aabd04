"""Write the reference of the package: every public name with its text. ``make docs``."""

import inspect
import sys
from importlib import import_module
from pathlib import Path

import pdoc

from autograd_mini import Primitive

# The package, and what README imports from elsewhere.
MODULES = [
    "autograd_mini",
    "autograd_mini.nn",
    "autograd_mini.losses",
    "autograd_mini.optim",
    "autograd_mini.saving",
    "autograd_mini.stepping.counts",
    "autograd_mini.view.plot",
    "autograd_mini.view.worksheet",
    "autograd_mini.teach.asking",
    "autograd_mini.teach.quiz",
    "autograd_mini.teach.papers",
    "autograd_mini.teach.mistakes",
    "autograd_mini.teach.doctor",
]


def described(name: str) -> pdoc.doc.Module:
    """Return what pdoc knows of a module; each primitive keeps its own text.

    pdoc takes a primitive for a variable, because it is an object that is called.
    """
    imported = import_module(name)
    for public in getattr(imported, "__all__", []):
        getattr(imported, public)  # pdoc looks only at what has been imported
    module = pdoc.doc.Module(imported)
    for member in module.variables:
        found = getattr(module.obj, member.name, None)
        if isinstance(found, Primitive):
            member.docstring = inspect.getdoc(found) or ""
    return module


def write(folder: Path) -> None:
    """Write a page for each module, and the page that lists them; what has no text is left out."""
    pdoc.render.configure(include_undocumented=False)
    modules = {name: described(name) for name in MODULES}
    pages = {
        f"{n.replace('.', '/')}.html": pdoc.render.html_module(m, modules)
        for n, m in modules.items()
    }
    pages |= {"index.html": pdoc.render.html_index(modules)}
    pages |= {"search.js": pdoc.render.search_index(modules)}
    for name, page in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    print(f"wrote {folder / 'index.html'}")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
