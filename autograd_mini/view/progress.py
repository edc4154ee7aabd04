"""Progress: how far a long training has come, on terminals where tqdm is installed.

>>> for epoch in (epochs := progress(range(3))):
...     epochs.set_postfix(loss=0.5**epoch)
"""

from collections.abc import Iterable, Iterator
from typing import Any


class Quiet:
    """What stands in for tqdm where it is not installed: the items, and nothing on the screen."""

    def __init__(self, items: Iterable[Any]) -> None:
        self.items = items

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def set_postfix(self, **numbers: float) -> None:
        """Say nothing of the numbers."""


def progress(items: Iterable[Any], unit: str = "epoch") -> Any:
    """Return the items, to loop over with a bar on the terminal: how many are done, time left.

    ``set_postfix(loss=…)`` on what is returned adds numbers to the bar. A pipe gets no bar, and one
    that is complete vanishes.
    """
    try:
        from tqdm import tqdm
    except ModuleNotFoundError:
        return Quiet(items)
    return tqdm(items, unit=f" {unit}", disable=None, leave=False)
