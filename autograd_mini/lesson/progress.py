"""Progress: how far a learner came in each lesson, kept in the user's own state folder."""

import json
import os
import sys
from pathlib import Path

from autograd_mini.saving import write_whole


def progress_file() -> Path:
    """Return the file that holds the progress in all lessons.

    It lies where programs keep such things for the user: in ``$XDG_STATE_HOME`` or
    ``~/.local/state`` (XDG Base Directory Specification), on macOS in
    ``~/Library/Application Support``, on Windows in ``%LOCALAPPDATA%``.
    """
    places = {"win32": "AppData/Local", "darwin": "Library/Application Support"}
    usual = Path.home() / places.get(sys.platform, ".local/state")
    variable = "LOCALAPPDATA" if sys.platform == "win32" else "XDG_STATE_HOME"
    return Path(os.environ.get(variable) or usual) / "autograd_mini" / "lessons.json"


def read_progress() -> dict[str, int]:
    """Return how many statements ran in each lesson; nothing if that cannot be read."""
    try:
        found = json.loads(progress_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {str(path): count for path, count in pairs if isinstance(count, int)}


def keep_progress(lesson: Path, count: int) -> None:
    """Keep how many statements of a lesson ran; a folder that cannot be written keeps nothing."""
    kept = read_progress() | {str(lesson): count}
    try:
        progress_file().parent.mkdir(parents=True, exist_ok=True)
        write_whole(progress_file(), json.dumps(kept))
    except OSError:
        return


def forget_progress() -> None:
    """Delete what is kept of all lessons."""
    progress_file().unlink(missing_ok=True)
