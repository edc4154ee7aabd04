"""Files: where pictures and pages are written, and what the pages may do.

A file that we write may run and load nothing but what it holds from the start: browsers call that
a Content-Security-Policy. Labels are escaped wherever they are written; should one ever get
through, it still cannot act.
"""

import base64
import hashlib
import os
import re
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from string import Template

from autograd_mini.saving import write_whole

PICTURES = frozenset({"svg", "png", "pdf", "jpg", "jpeg", "gif", "ps", "eps", "webp", "bmp"})
TEXTS = frozenset({"html", "htm", "gv", "dot", "mmd", "md", "txt", "tex", "csv", "xml", "json"})
ENDINGS = PICTURES | TEXTS | {"ipynb", "py", "docx", "pptx", "xlsx", "mp4", "webm"}
"""What a file's name can end in that says what it holds; any other ending says nothing."""

NONE = "'none'"
XHTML = "http://www.w3.org/1999/xhtml"


def write_file(path: str | os.PathLike[str], content: str | bytes, *own: str) -> None:
    """Write a file, whole or not at all; *own* are the endings that say what it holds.

    Raises what ``require_ending`` and ``require_folder`` raise, and OSError.
    """
    require_ending(path, *own)
    require_folder(path)
    write_whole(path, content)


def ending(path: str | os.PathLike[str]) -> str:
    """Return what a file's name ends in, in small letters; nothing if there is no point in it.

    >>> ending("L.PNG"), ending("L")
    ('png', '')
    """
    return os.path.splitext(path)[1].removeprefix(".").lower()


def require_ending(path: str | os.PathLike[str], *own: str) -> None:
    """Raise ValueError if a name ends as files of another kind than the *own* do.

    >>> require_ending("steps.pdf", "html", "htm")
    Traceback (most recent call last):
        ...
    ValueError: steps.pdf: what is written here is no .pdf file; name it steps.html
    """
    found = ending(path)
    if found in ENDINGS.difference(own):
        better = f"{os.path.splitext(path)[0]}.{own[0]}"
        told = f"what is written here is no .{found} file; name it {better}"
        raise ValueError(f"{os.fspath(path)}: {told}")


def require_folder(path: str | os.PathLike[str]) -> None:
    """Raise FileNotFoundError unless there is a folder to write a file into; none is made."""
    folder = Path(path).parent
    if not folder.is_dir():
        raise FileNotFoundError(f"{os.fspath(path)}: there is no folder {folder}; make it first")


def read_resource(name: str) -> str:
    """Return the text of a file that lies beside this one."""
    return resources.files("autograd_mini.view").joinpath(name).read_text("utf-8")


def read_generated(name: str) -> str:
    """Return what ``make generate`` wrote: all but the first line, which says so."""
    return read_resource(name).partition("\n")[2]


# Policies -----------------------------------------------------------------------------------------


def fill_page(template: str, parts: Mapping[str, str], pictures: str = NONE) -> str:
    """Fill in a page, and last its policy; in what is filled in, nothing is looked for.

    *pictures* says where those may come from that its script makes.

    >>> fill_page("$policy; $title", {"title": "$policy"}).endswith("; $policy")
    True
    """
    text = Template(template).substitute(parts, policy="$policy")
    return text.replace("$policy", policy(text, pictures), 1)


def policy(text: str, pictures: str = NONE) -> str:
    """Return a policy that allows the styles and the scripts that a text holds, and no other."""
    styles, scripts = (
        " ".join(map(fingerprint, re.findall(f"<{kind}>(.*?)</{kind}>", text, re.S)))
        for kind in ("style", "script")
    )
    nothing = "default-src 'none'; base-uri 'none'; form-action 'none'"
    images = "" if pictures == NONE else f"; img-src {pictures}"
    return f"{nothing}; style-src {styles or NONE}; script-src {scripts or NONE}{images}"


def fingerprint(text: str) -> str:
    """Return the hash by which a policy knows a text."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def guarded_svg(svg: str) -> str:
    """Put its policy into an SVG: into a head, which SVG lacks and HTML lends."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(svg)}"/>'
    head = f'<metadata><head xmlns="{XHTML}">{meta}</head></metadata>'
    return svg.replace("<style>", f"{head}<style>")
