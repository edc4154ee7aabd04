"""How long our pictures take, beside the graph that they show."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from .footprint import reachable
from .workloads import WIDTHS, moons


def neuron() -> Any:
    """The square of a neuron with three inputs: 15 values."""
    value = import_module("autograd_mini").Value
    x1, x2, x3, w1, w2, w3, b = (value(0.1 * number) for number in range(1, 8))
    return (x1 * w1 + x2 * w2 + x3 * w3 + b).tanh() ** 2


def crowd() -> Any:
    """The scores of one network at many points, added up: about 100,000 values with labels."""
    model = import_module("autograd_mini.nn").MLP(WIDTHS[0], list(WIDTHS[1:]), seed=1)
    scores = [model(list(point[:2])) for point in moons(CROWD)]
    return import_module("autograd_mini").total(scores)


CROWD = 1_533
GRAPHS: dict[str, Callable[[], Any]] = {"neuron": neuron, "crowd": crowd}


def picture(_task: object, name: str) -> dict[str, float]:
    """Seconds to build and differentiate a graph, to draw it the first time, and then again."""
    graph, svg = Remembered(GRAPHS[name]), ""
    build = min(seconds(graph) for _ in range(3))
    draw = import_module("autograd_mini.view.draw").draw

    def make() -> None:
        nonlocal svg
        svg = draw(graph.output).svg()

    first = seconds(make)
    repetitions = max(3, min(20, round(1 / seconds(make))))
    return {
        "values": len(reachable(graph.output)),
        "build": build,
        "first": first,
        "again": min(seconds(make) for _ in range(repetitions)),
        "kilobytes": len(svg.encode()) / 1000,
    }


class Remembered:
    """A graph that is kept when it has been built and differentiated."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self.build = build
        self.output: Any = None

    def __call__(self) -> None:
        self.output = self.build()
        self.output.backward()


def seconds(action: Callable[[], object]) -> float:
    """Seconds by the clock on the wall, since a picture may be laid out by another process."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
