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


class Goal:
    """What a number is held against; this one is held against nothing."""

    def verdict(self, _number: float) -> str:
        """Nothing to say."""
        return ""


@dataclass(frozen=True)
class AtLeast(Goal):
    """A goal that a number should reach."""

    bound: float

    def verdict(self, number: float) -> str:
        """Met or not met, plainly."""
        return f"goal ≥ {brief(self.bound)}: {'met' if number >= self.bound else '**not met**'}"


@dataclass(frozen=True)
class AtMost(Goal):
    """A goal that a number should not exceed."""

    bound: float

    def verdict(self, number: float) -> str:
        """Met or not met, plainly."""
        return f"goal ≤ {brief(self.bound)}: {'met' if number <= self.bound else '**not met**'}"


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
    """When, where and how these figures were made."""
    command = " ".join(["python -m tests.benchmarks", *sys.argv[1:]])
    return f"# Benchmarks\n\n{date.today():%-d %B %Y}; {machine()}; `{command}`\n"


def write(path: Path, text: str) -> None:
    """Write the whole file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, encoding="utf-8", delete=False
    ) as beside:
        beside.write(text)
    os.replace(beside.name, path)
