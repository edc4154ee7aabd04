"""Learner: run a learner's engine on the probes of a stage, in a process of its own.

The process is started by ``run_probes``; what the learner's file prints does not disturb the
answer, and a file that never ends is stopped. Where Python can start no processes, as in a browser,
the file is run in this one: whoever runs it there can stop it.
"""

import contextlib
import errno
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from runpy import run_path
from typing import Any

from autograd_mini.teach.stages import STAGES, Facts, Probe

SECONDS = 10.0  # that all probes of a stage may take together
MARK = "autograd_mini facts: "


def run_probes(file: Path, stage: int, seconds: float = SECONDS) -> list[Facts]:
    """Return what the probes of a stage find in the learner's file, up to the first that fails.

    A probe that raises, or does not end in time, has the fact "error". Raises FileNotFoundError if
    there is no such file.
    """
    if not file.is_file():
        raise FileNotFoundError(f"there is no {file}; 'workshop' alone makes it")
    try:
        return run_apart(file, stage, seconds)
    except subprocess.TimeoutExpired:
        return [{"error": f"it does not end within {seconds:g} seconds"}]
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        return answer_quietly(str(file), stage)


def run_apart(file: Path, stage: int, seconds: float) -> list[Facts]:
    """Run the probes in a process of their own, and return what they find."""
    folder = str(Path(__file__).parents[2])
    paths = os.pathsep.join([folder, *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(file), str(stage)],
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
        env=os.environ | {"PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"},
    )
    answers = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if not answers:
        told = (done.stderr.strip().splitlines() or ["it stopped without a word"])[-1]
        return [{"error": told}]
    found: list[Facts] = json.loads(answers[-1].removeprefix(MARK))
    return found


def answer_quietly(file: str, stage: int) -> list[Facts]:
    """Run the probes, and let what the learner's file prints appear among the errors."""
    with contextlib.redirect_stdout(sys.stderr):
        return answer(file, stage)


class Engine:
    """What the learner's file defines; what it does not define is told by name."""

    def __init__(self, defined: dict[str, object]) -> None:
        self.__dict__.update(defined)

    def __getattr__(self, name: str) -> Any:
        raise NameError(f"your file does not define {name} yet")


def answer(file: str, stage: int) -> list[Facts]:
    """Run the learner's file, and the probes of a stage on what it defines."""
    try:
        engine = Engine(run_path(file))
    except (Exception, SystemExit) as error:
        return [{"error": describe(error, file)}]
    return [find_facts(probe, engine, file) for probe in STAGES[stage].probes]


def find_facts(probe: Probe, engine: Any, file: str) -> Facts:
    """Return the facts of one probe; what the learner's engine raises is a fact."""
    try:
        return {name: plain(fact) for name, fact in probe.run(engine).items()}
    except (Exception, SystemExit) as error:
        return {"error": describe(error, file)}


def plain(fact: Any) -> Any:
    """Return a fact as JSON can hold it: a number as a float, anything strange as its text."""
    if isinstance(fact, (bool, str, list, type(None))):
        return fact
    try:
        return float(fact)
    except (TypeError, ValueError):
        return repr(fact)[:60]


def describe(error: BaseException, file: str) -> str:
    """Write an error with the line of the learner's file where it happened."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == file]
    if isinstance(error, SyntaxError):
        lines = [error.lineno]
    where = f"line {lines[-1]}: " if lines and lines[-1] else ""
    return f"{where}{type(error).__name__}: {error}"


if __name__ == "__main__":
    facts = answer_quietly(sys.argv[1], int(sys.argv[2]))
    print(MARK + json.dumps(facts))
