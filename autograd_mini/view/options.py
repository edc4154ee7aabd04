"""Options: what the user wants to see; ``draw``, ``page`` and ``animate`` all take these keywords.

>>> Options.of(detial="full")
Traceback (most recent call last):
TypeError: no option is called 'detial': did you mean 'detail'?
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import TypedDict, Unpack

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import require_list, whole_number

DETAILS = ("auto", "full", "neurons", "layers")
HIDEABLE = ("data", "grad", "partials")
DIRECTIONS = ("auto", "TB", "LR", "BT", "RL")


class Keywords(TypedDict, total=False):
    """The keywords as a caller writes them; ``draw`` says what each one means."""

    detail: str
    expand: Iterable[str]
    depth: int | None
    max_nodes: int
    widest: float
    names: Mapping[str, object] | None
    hide: Iterable[str]
    direction: str
    parameters: Iterable[Value]
    why: Value | None
    legend: bool


@dataclass(frozen=True)
class Options:
    """What a picture is to show, as ``draw`` says of each option.

    Making one raises TypeError or ValueError for bad arguments.
    """

    detail: str = "auto"
    expand: Sequence[str] = ()
    depth: int | None = None
    max_nodes: int = 60
    widest: float = 1400.0
    names: Mapping[str, object] | None = None
    hide: Sequence[str] = ()
    direction: str = "auto"
    parameters: Sequence[Value] = ()
    why: Value | None = None
    legend: bool = True

    @classmethod
    def of(cls, **given: Unpack[Keywords]) -> "Options":
        """Make options of keywords; raise TypeError for one that does not exist."""
        known = [field.name for field in fields(cls)]
        unknown = [name for name in given if name not in known]
        if unknown:
            near = get_close_matches(unknown[0], known, 1)
            advice = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
            raise TypeError(f"no option is called {unknown[0]!r}: {advice}")
        return cls(**given)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        for name in ("expand", "hide"):
            given = getattr(self, name)
            several = [given] if isinstance(given, str) else require_list(name, "words", given)
            object.__setattr__(self, name, several)
        parameters = require_list("parameters", "Values", self.parameters)
        object.__setattr__(self, "parameters", parameters)
        self.check_values()
        require_one_of("detail", self.detail, DETAILS)
        require_one_of("direction", self.direction, DIRECTIONS)
        for what in self.hide:
            require_one_of("hide", what, HIDEABLE)
        whole_number(self.max_nodes, "max_nodes", 1)
        if isinstance(self.widest, bool) or not isinstance(self.widest, (int, float)):
            raise TypeError(f"widest is a number of points, got {self.widest!r:.60}")
        if not self.widest > 0:
            raise ValueError(f"widest is above 0, got {self.widest!r}")
        if self.depth is not None:
            whole_number(self.depth, "depth", 1)

    def check_values(self) -> None:
        """Raise TypeError for what should be a Value, or hold Values, and does not."""
        if not isinstance(self.names, (Mapping, type(None))):
            raise TypeError(f"names is a mapping such as locals(), got {type(self.names).__name__}")
        if not isinstance(self.why, (Value, type(None))):
            raise TypeError(f"why is the Value to explain the grad of, got {self.why!r:.60}")
        if not isinstance(self.legend, bool):
            raise TypeError(f"legend is True or False, got {self.legend!r:.60}")
        for parameter in self.parameters:
            if not isinstance(parameter, Value):
                raise TypeError(f"parameters are Values, got {parameter!r:.60}")

    @property
    def is_negotiable(self) -> bool:
        """Whether another picture may be better: where nothing was asked for by name."""
        return self.detail == "auto" and not self.expand


def require_one_of(argument: str, given: str, known: Sequence[str]) -> None:
    """Raise ValueError unless what was given is known."""
    if given not in known:
        raise ValueError(f"{argument} is one of {', '.join(map(repr, known))}; got {given!r}")
