"""Wishes: the arguments of ``draw``, checked where they come in."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import at_least_one

DETAILS = ("auto", "full", "neurons", "layers")
HIDEABLE = ("data", "grad", "partials")
DIRECTIONS = ("auto", "TB", "LR", "BT", "RL")


@dataclass(frozen=True)
class Wishes:
    """What the user wants to see; making one raises TypeError or ValueError for bad arguments."""

    detail: str
    expand: Sequence[str]
    depth: int | None
    max_nodes: int
    names: Mapping[str, Any]
    hide: Sequence[str]
    direction: str
    parameters: Sequence[Value]
    why: Value | None

    def __post_init__(self) -> None:
        one_of("detail", self.detail, DETAILS)
        one_of("direction", self.direction, DIRECTIONS)
        at_least_one(self.max_nodes, "max_nodes")
        if self.depth is not None:
            at_least_one(self.depth, "depth")
        for what in self.hide:
            one_of("hide", what, HIDEABLE)
        if not isinstance(self.names, Mapping):
            raise TypeError(f"names is a mapping such as locals(), got {type(self.names).__name__}")
        if not isinstance(self.why, (Value, type(None))):
            raise TypeError(f"why is the Value to explain the grad of, got {self.why!r:.60}")
        for parameter in self.parameters:
            if not isinstance(parameter, Value):
                raise TypeError(f"parameters are Values, got {parameter!r:.60}")

    @property
    def steps(self) -> float:
        """How many steps to go back from the output."""
        return math.inf if self.depth is None else self.depth


def listed(names: Iterable[str]) -> list[str]:
    """List names, or the only one."""
    return [names] if isinstance(names, str) else list(names)


def one_of(argument: str, given: str, known: Sequence[str]) -> None:
    """Raise ValueError unless what was given is known."""
    if given not in known:
        raise ValueError(f"{argument} is one of {', '.join(map(repr, known))}; got {given!r}")
