"""Tables of ratios, each beside its goal, as Markdown."""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import metadata
from pathlib import Path


@dataclass
class Table:
    """A titled table, and what must be known to read it."""

    title: str
    header: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def markdown(self) -> str:
        """The table as GitHub shows it."""
        rule = ["---", *("---:" for _ in self.header[1:])]
        lines = [f"| {' | '.join(row)} |" for row in (self.header, rule, *self.rows)]
        return "\n".join([f"### {self.title}", "", *lines, "", *self.notes, ""])


NOTHING = "–"
MET, NOT_MET = ": met", ": **not met**"


class Goal:
    """What a number is held against; this one is held against nothing."""

    def verdict(self, _number: float) -> str:
        """Nothing to say."""
        return ""

    def share(self) -> Goal:
        """The same goal for what is only set beside: how much of it is reached."""
        return self


@dataclass(frozen=True)
class AtLeast(Goal):
    """A goal that a number should reach."""

    bound: float

    def verdict(self, number: float) -> str:
        """Met or not met, plainly."""
        return f"goal ≥ {brief(self.bound)}{MET if number >= self.bound else NOT_MET}"

    def share(self) -> Goal:
        """How much of the goal is reached."""
        return ShareOf(self.bound)


@dataclass(frozen=True)
class ShareOf(Goal):
    """A goal of ours, that something else is set beside: neither met nor missed."""

    bound: float

    def verdict(self, number: float) -> str:
        """How much of the goal is reached."""
        return f"{number / self.bound:.0%} of {brief(self.bound)}"


@dataclass(frozen=True)
class AtMost(Goal):
    """A goal that a number should not exceed."""

    bound: float

    def verdict(self, number: float) -> str:
        """Met or not met, plainly."""
        return f"goal ≤ {brief(self.bound)}{MET if number <= self.bound else NOT_MET}"


NO_GOAL = Goal()


def judged(numbers: Sequence[float], goal: Goal = NO_GOAL) -> str:
    """The median of the rounds with their range, and whether it meets the goal."""
    if not numbers:
        return NOTHING
    middle = statistics.median(numbers)
    text = f"{brief(middle)} ({brief(min(numbers))}–{brief(max(numbers))})"
    return ", ".join(part for part in (text, goal.verdict(middle)) if part)


def single(number: float, goal: Goal = NO_GOAL) -> str:
    """A number that was counted, not timed, and whether it meets the goal."""
    return ", ".join(part for part in (brief(number), goal.verdict(number)) if part)


def brief(number: float) -> str:
    """Three significant digits, thousands apart."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def machine() -> str:
    """The processor, its cores, the system and the Python, in words."""
    words = f"{processor()}, {os.cpu_count()} cores, {platform.system()}"
    return f"{words}; {platform.python_implementation()} {platform.python_version()}"


def processor() -> str:
    """The processor's name as the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def heading() -> str:
    """When, where, with what and how these figures were made."""
    today = date.today()
    command = " ".join(["python -m tests.benchmarks", *sys.argv[1:]])
    lines = [
        "# Benchmarks",
        f"{today.day} {today:%B %Y}; {machine()}; `{command}`",
        f"Peers: {', '.join(versions())}.",
        "Ratios are medians of interleaved rounds (with their range), each engine in a process "
        "of its own; before, its value and all gradients were compared to 1e-9 with derivatives "
        "made by hand.",
    ]
    return "\n\n".join(lines) + "\n"


def tally(tables: str) -> str:
    """How many goals are met, and how many are not."""
    return f"Goals met: {tables.count(MET)}; not met: {tables.count(NOT_MET)}.\n"


def versions() -> list[str]:
    """The peers that are installed, with their versions."""
    installed = {found.name.lower(): found.version for found in metadata.distributions()}
    return [f"{peer} {installed[peer]}" for peer in PEERS if peer in installed]


PEERS = ("micrograd", "xad", "autograd", "torch", "jax", "casadi", "numpy", "numba")


def write(path: Path, text: str) -> None:
    """Write the whole file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, encoding="utf-8", delete=False
    ) as beside:
        beside.write(text)
    os.replace(beside.name, path)
