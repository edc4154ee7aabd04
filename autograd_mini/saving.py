"""Saving: parameters as a JSON file that is either whole and fits, or is refused.

The file holds a format version, the model's description, and each parameter's name and data;
``repr`` of a float, which JSON uses, loses no digit.
"""

import errno
import json
import math
import os
import secrets
import shutil
import stat
from contextlib import suppress
from glob import escape, glob
from typing import Any

PathOrName = str | bytes | os.PathLike[str] | os.PathLike[bytes]

FORMAT, VERSION = "autograd_mini parameters", 1
SPARE = 1_000_000
"""So many bytes a file may have beyond what its parameters need: for spaces, say."""


# Parameters ---------------------------------------------------------------------------------------


def write_parameters(path: PathOrName, model: str, data: dict[str, float]) -> None:
    """Write the parameters of a model to a file; raise ValueError if one is not finite."""
    content = {"format": FORMAT, "version": VERSION, "model": model, "parameters": finite(data)}
    write_whole(path, json.dumps(content, indent=1) + "\n")


def read_parameters(path: PathOrName, model: str, names: list[str]) -> dict[str, float]:
    """Return the data of the parameters *names*; raise ValueError if a file has not just those."""
    most = SPARE + len(json.dumps([model, *names])) + 50 * len(names)
    with open(os.fspath(path), "rb") as file:  # a number would be an open file
        content = file.read(most + 1)  # and no more: it may be a device that never ends
    try:
        if len(content) > most:
            raise ValueError(f"it is longer than {most} bytes, too long for this model")
        return read_data(content, model, names)
    except (ArithmeticError, ValueError, RecursionError) as error:
        raise ValueError(f"cannot load {os.fsdecode(path)}: {error}") from None


def read_data(text: bytes, model: str, names: list[str]) -> dict[str, float]:
    """Return the data of the parameters *names* of a model; raise ValueError if text has others."""
    content = json.loads(text.decode("utf-8"), object_pairs_hook=once)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError("it does not hold parameters that a module saved")
    version = content.get("version")
    if type(version) is not int or version != VERSION:  # JSON has true and 1.0, which equal 1
        raise ValueError(f"its version is {quoted(version)}, known is {VERSION}")
    data = content.get("parameters")
    if not isinstance(data, dict):
        raise ValueError("its parameters are missing")
    require_names(list(data), names)
    if content.get("model") != model:
        found = quoted(content.get("model"))
        raise ValueError(f"it was saved from {found}, this model is {quoted(model)}")
    return finite(data)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs of a JSON object, whose keys must differ."""
    if len(pairs) > len(dict(pairs)):
        raise ValueError("a name appears twice")
    return dict(pairs)


def require_names(found: list[str], needed: list[str]) -> None:
    """Raise ValueError unless the names found are those needed."""
    if wrong := [name for name in needed if name not in set(found)]:
        fault = f"it lacks {quoted(wrong[0])}"
    elif wrong := [name for name in found if name not in set(needed)]:
        fault = f"this model has no {quoted(wrong[0])}"
    else:
        return
    others = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    counts = f"{len(found)} parameters in the file, {len(needed)} in the model"
    raise ValueError(f"{fault}{others} ({counts}); make the model as it was when it was saved")


def finite(data: dict[str, Any]) -> dict[str, float]:
    """Return the data if all of it is finite numbers."""
    for name, number in data.items():
        if not isinstance(number, (int, float)) or isinstance(number, bool):
            raise ValueError(f"{quoted(name)} is {number!r:.40}, not a number")
        if not abs(number) < math.inf:
            raise ValueError(f"{quoted(name)} is {number}, not finite")
    return {name: float(number) for name, number in data.items()}


def quoted(content: object) -> str:
    r"""Write text from a file so that it can neither control the terminal nor fill it.

    >>> print(quoted("MLP"), quoted("\x1b[2J"), len(quoted("a" * 1_000_000)))
    MLP '\x1b[2J' 60
    """
    plain = isinstance(content, str) and content.isprintable()
    written = str(content) if plain else repr(content)
    return written if len(written) <= 60 else written[:59] + "…"


# Files that are whole -----------------------------------------------------------------------------


def write_whole(path: PathOrName, content: str | bytes) -> None:
    """Write a file so that it is never seen half written: beside it first, then in its place.

    A file that is there keeps its permissions. Raises OSError, and leaves it as it was, if it is
    read-only or no ordinary file, if its folder is missing, or if writing fails.
    """
    place = os.path.realpath(os.fsdecode(path))
    beside = f"{place}.{os.getpid()}-{secrets.token_hex(4)}.part"
    try:
        check_place(place)
        remove_leftovers(place)
        with open(beside, "xb") as file:
            if os.path.exists(place):
                shutil.copymode(place, beside)
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, place)
    except BaseException as error:
        with suppress(OSError):
            os.remove(beside)
        if isinstance(error, OSError) and error.errno is not None:  # names the file asked for
            raise type(error)(error.errno, error.strerror, os.fsdecode(path)) from None
        raise


def check_place(place: str) -> None:
    """Raise OSError where no file can be written, or where it would replace one that must stay."""
    folder = os.path.dirname(place)
    if not os.path.isdir(folder):
        raise FileNotFoundError(errno.ENOENT, f"there is no folder {folder}", place)
    if os.path.isdir(place):
        raise IsADirectoryError(errno.EISDIR, "it is a folder", place)
    if os.path.exists(place):
        mode = os.stat(place).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "it is no ordinary file", place)
        if not mode & stat.S_IWUSR or not os.access(place, os.W_OK):
            raise PermissionError(errno.EACCES, "it is read-only", place)


def remove_leftovers(place: str) -> None:
    """Remove what writers of this file left beside it that were killed."""
    for beside in glob(f"{escape(place)}.*-*.part"):
        writer = beside.removeprefix(f"{place}.").partition("-")[0]
        if writer.isdecimal() and not is_running(int(writer)):
            with suppress(OSError):  # on Windows a file that is being written cannot be removed
                os.remove(beside)


def is_running(process: int) -> bool:
    """Tell whether there is a process of that number, so far as the system lets us know."""
    if os.name == "nt":
        return False
    try:
        os.kill(process, 0)  # sends nothing, and fails where there is nobody to send it to
    except (OverflowError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
