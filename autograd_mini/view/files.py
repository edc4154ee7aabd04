"""Files: where pictures and pages are written."""

import os
from pathlib import Path

from autograd_mini.saving import write_whole


def write_file(path: str | os.PathLike[str], content: str | bytes) -> None:
    """Write a file, whole or not at all. Raises what ``require_folder`` raises, and OSError."""
    require_folder(path)
    write_whole(path, content)


def require_folder(path: str | os.PathLike[str]) -> None:
    """Raise FileNotFoundError unless there is a folder to write a file into; none is made."""
    folder = Path(path).parent
    if not folder.is_dir():
        raise FileNotFoundError(f"{os.fspath(path)}: there is no folder {folder}; make it first")
