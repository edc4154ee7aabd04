"""What all sections have in common."""

from __future__ import annotations

from dataclasses import dataclass

from ..race import Pace, Result


@dataclass(frozen=True)
class Options:
    """How long to measure, which class is ours, and whether slow peers take part."""

    pace: Pace
    slow_peers: bool
    ours: str = "ours"
    eager: tuple[str, ...] = ("expression", "moons", "xor", "gpt")

    def engine(self, name: str) -> str:
        """The engine behind a contestant's name: "ours" can be any class."""
        return self.ours if name == "ours" else name


def why_absent(*results: Result) -> list[str]:
    """One line for each contestant that did not take part."""
    reasons = {label: why for result in results for label, why in result.absent.items()}
    return [f"- {label}: {why}" for label, why in reasons.items()]
