"""Saving: parameters as a JSON file that is either whole and fits, or is refused.

The file holds a format version, the model's description, and each parameter's name and data;
``repr`` of a float, which JSON uses, loses no digit.
"""

import json
import math
import os
import secrets
from typing import Any

FORMAT, VERSION = "autograd_mini parameters", 1


def write_parameters(path: str | os.PathLike[str], model: str, data: dict[str, float]) -> None:
    """Write the parameters of a model to a file; raise ValueError if one is not finite."""
    content = {"format": FORMAT, "version": VERSION, "model": model, "parameters": finite(data)}
    write_whole(path, json.dumps(content, indent=1) + "\n")


def read_parameters(path: str | os.PathLike[str], model: str, names: list[str]) -> dict[str, float]:
    """Return the data of the parameters *names*; raise ValueError if a file has not just those."""
    with open(path, "rb") as file:
        content = file.read()
    try:
        return parse(content, model, names)
    except (ArithmeticError, ValueError, RecursionError) as error:
        raise ValueError(f"cannot load {os.fspath(path)}: {error}") from None


def write_whole(path: str | os.PathLike[str], text: str) -> None:
    """Write a file so that it is never seen half written: beside it first, then in its place."""
    place = os.path.realpath(path)
    beside = f"{place}.{secrets.token_hex(4)}.part"
    try:
        with open(beside, "x", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, place)
    except BaseException:
        if os.path.exists(beside):
            os.remove(beside)
        raise


def parse(text: bytes, model: str, names: list[str]) -> dict[str, float]:
    """Return the data of the parameters *names* of a model; raise ValueError if text has others."""
    content = json.loads(text.decode("utf-8"), object_pairs_hook=once)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError("it does not hold parameters that a module saved")
    if content.get("version") != VERSION:
        raise ValueError(f"its version is {content.get('version')!r}, known is {VERSION}")
    data = content.get("parameters")
    if not isinstance(data, dict):
        raise ValueError("its parameters are missing")
    fitting(list(data), names)
    if content.get("model") != model:
        raise ValueError(f"it was saved from {content.get('model')}, this model is {model}")
    return finite(data)


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs of a JSON object, whose keys must differ."""
    if len(pairs) > len(dict(pairs)):
        raise ValueError("a name appears twice")
    return dict(pairs)


def fitting(found: list[str], needed: list[str]) -> None:
    """Raise ValueError unless the names found are those needed."""
    if wrong := [name for name in needed if name not in set(found)]:
        fault = f"it lacks {wrong[0]}"
    elif wrong := [name for name in found if name not in set(needed)]:
        fault = f"this model has no {wrong[0]}"
    else:
        return
    others = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
    counts = f"{len(found)} parameters in the file, {len(needed)} in the model"
    raise ValueError(f"{fault}{others} ({counts}); make the model as it was when it was saved")


def finite(data: dict[str, Any]) -> dict[str, float]:
    """Return the data if all of it is finite numbers."""
    for name, number in data.items():
        if not isinstance(number, (int, float)) or isinstance(number, bool):
            raise ValueError(f"{name} is {number!r:.40}, not a number")
        if not math.isfinite(number):
            raise ValueError(f"{name} is {number}, not finite")
    return {name: float(number) for name, number in data.items()}
