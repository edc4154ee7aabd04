"""Files: where pictures and pages are written."""

import os
from pathlib import Path

from autograd_mini.saving import write_whole

PICTURES = frozenset({"svg", "png", "pdf", "jpg", "jpeg", "gif", "ps", "eps", "webp", "bmp"})
TEXTS = frozenset({"html", "htm", "gv", "dot", "mmd", "md", "txt", "tex", "csv", "xml", "json"})
ENDINGS = PICTURES | TEXTS | {"ipynb", "py", "docx", "pptx", "xlsx", "mp4", "webm"}
"""What a file's name can end in that says what it holds; any other ending says nothing."""


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
