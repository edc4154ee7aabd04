"""Rooms: where the code of each lies, which tests are its own, and a sample of its faults."""

import random
from pathlib import Path

from tests.mutants.faults import Fault, faults

TOP = Path(__file__).parents[2]
PACKAGE = TOP / "autograd_mini"

# Where the code of each room lies, below autograd_mini/, and its own tests, below tests/.
ROOMS = {
    "engine": (["engine/*.py"], "engine"),
    "fast": (["fast/*.py"], "fast"),
    "notation": (["notation/*.py"], "notation"),
    "networks": (["nn.py", "losses.py", "optim.py", "saving.py"], "networks"),
    "stepping": (["stepping/*.py"], "stepping"),
    "program": (["program/*.py"], "program"),
    "view": (["view/*.py"], "view"),
    "lesson": (
        ["lesson/*.py"],
        "lesson/test_lesson.py",
        "lesson/test_advice.py",
        "lesson/test_notebooks.py",
    ),
    "teach": (["teach/*.py"], "teach"),
    "house": (["__init__.py", "__main__.py", "expression.py"], "house"),
}

OPTIONS = ["-q", "-p", "no:cacheprovider", "--assert=plain", "-m", "not browser and not dot"]
"""What pytest is told: the code is to stay as it is, and a browser takes longer than all the rest.
"""


def files_of(room: str) -> list[Path]:
    """Return the files of a room's code, in order; what is generated is compared by a test."""
    found = sorted(path for pattern in ROOMS[room][0] for path in PACKAGE.glob(pattern))
    return [path for path in found if path.name != "written.py"]


def tests_of(room: str) -> list[str]:
    """Return the files and folders of a room's own tests; its doctests are among them."""
    own = [path.relative_to(TOP).as_posix() for path in files_of(room)]
    return [*(f"tests/{name}" for name in ROOMS[room][1:]), *own]


def choose(room: str, names: list[str], sample: int, seed: int) -> list[Fault]:
    """Draw a sample of the faults of a room, or of its files of these *names*; 0 means all."""
    paths = [path for path in files_of(room) if not names or path.name in names]
    every = [
        fault
        for path in paths
        for fault in faults(path.relative_to(TOP).as_posix(), path.read_text("utf-8"))
    ]
    return random.Random(seed).sample(every, min(sample, len(every))) if sample else every
