"""Plots of training through matplotlib, and a sparkline that needs nothing but a terminal.

Each plot takes the Axes to draw on, or makes one, and returns it: give it to the next call, and
the next line joins the first. Lines differ in hue, dash and mark, areas in hue and hatching, so
that grey print and colour-blind readers lose nothing. Raises ModuleNotFoundError, with the line
that installs it, where matplotlib is missing.

>>> sparkline([8.0, 4.0, 2.0, 1.0])
'█▄▂▁'
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, Any

from autograd_mini.engine import Value
from autograd_mini.engine.graph import data_of
from autograd_mini.nn import Module
from autograd_mini.view.style import INK, NEGATIVE, PAPER, POSITIVE, tint

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NEEDED = "plots need matplotlib: pip install matplotlib tqdm"
BARS, NOT_FINITE = "▁▂▃▄▅▆▇█", "!"
FAR_APART = 1000.0  # times the median, where a linear axis would show one loss alone
MARKS = 8  # on a line, at most; between them the dashes can be seen
SIDE = 60  # points a side of the grid that a score is computed on: 3,600 forward passes
MARGIN = 0.1  # around the points of a decision boundary, as a share of their spread
GRID = "#d0d7de"
CONTOURS = (1 / 64, 1 / 16, 1 / 4, 1 / 2, 3 / 4, 1.0)  # of the loss at the start
HATCHES = ["//", "//", "", ""]  # below -1, to 0, to 1, above 1

# Hue, dash and mark of the first line, the second, and so on.
LOOKS: tuple[tuple[str, Any, str], ...] = (
    (POSITIVE.colour, "-", "o"),
    (NEGATIVE.colour, "--", "s"),
    ("#00755a", "-.", "^"),
    ("#8a4f7d", ":", "D"),
    (INK, (0, (8, 1, 1, 1, 1, 1)), "v"),
)


# Plots --------------------------------------------------------------------------------------------


def loss_curve(losses: Sequence[float], label: str = "loss", ax: "Axes | None" = None) -> "Axes":
    """Plot the loss after 0, 1, 2, … updates; *label* names the line in the legend.

    A loss that is not finite leaves a gap, and a run that ends with one ends with a mark. Where the
    largest loss on the Axes is over 1,000 times the median, and all are above 0, their axis is
    logarithmic and says so.
    """
    axes = ax or new_axes()
    add_line(axes, range(len(losses)), losses, label)
    finite = [(i, y) for i, y in enumerate(losses) if math.isfinite(y)]
    if finite and not math.isfinite(losses[-1]):
        hue = axes.lines[-1].get_color()
        axes.scatter(*finite[-1], marker="X", s=90, c=[hue], zorder=3, label="diverged")
        add_legend(axes)
    axes.set(xlabel="updates", ylabel="loss")
    axes.xaxis.get_major_locator().set_params(integer=True)  # type: ignore[call-arg]
    known = [y for line in axes.lines for y in map(float, line.get_ydata()) if math.isfinite(y)]  # type: ignore[arg-type]
    if known and min(known) > 0 and max(known) > FAR_APART * median(known):
        axes.set(ylabel="loss, logarithmic", yscale="log")
    return axes


def gradient_flow(model: Module, label: str = "model", ax: "Axes | None" = None) -> "Axes":
    """Plot the size of the gradient in each layer, after ``backward``, on a logarithmic scale.

    The size is what ``gradient_sizes`` returns; a layer where it is 0 leaves a gap. Raises
    ValueError where it is 0 in all.
    """
    sizes = gradient_sizes(model)
    if not any(sizes):
        raise ValueError(f"every grad of {model!r} is 0: call backward on the loss first")
    axes = ax or new_axes()
    add_line(axes, range(1, len(sizes) + 1), sizes, label)
    axes.set(xlabel="layer, the first reads the inputs", yscale="log")
    axes.set_xticks(layer_ticks(max(len(line.get_xdata()) for line in axes.lines)))  # type: ignore[arg-type]
    axes.set_ylabel("gradient, root mean square over a layer")
    return axes


def decision_boundary(
    score: Callable[[list[float]], Value | float],
    points: Iterable[Sequence[float]],
    classes: Iterable[float],
    ax: "Axes | None" = None,
) -> "Axes":
    """Plot where a score of two inputs changes its sign, and the *points* it was trained on.

    *score* takes two numbers as a list, as a model with one output does. Each point has a class, a
    number above 0 or not. Where the score is beyond 1 or -1 the area is deeper.
    """
    axes = ax or new_axes()
    pairs = list(points)
    shade(axes, score, [spread([pair[i] for pair in pairs]) for i in (0, 1)])
    classified = list(zip(pairs, classes, strict=True))
    scatter(axes, [x for x, c in classified if c > 0], "o", POSITIVE.colour, POSITIVE.colour)
    scatter(axes, [x for x, c in classified if not c > 0], "s", PAPER, NEGATIVE.colour)
    axes.set(xlabel="first input", ylabel="second input", aspect="equal")
    add_legend(axes, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2)
    return axes


def descent(
    loss: Callable[[float, float], Value | float],
    routes: Mapping[str, Sequence[Sequence[float]]],
    ax: "Axes | None" = None,
) -> "Axes":
    """Plot the *routes* of optimisers over the contours of a *loss* of two weights.

    A route is named for the legend, and lists the places, two numbers each, that it comes by.
    Contours are where the loss is what it is at the first place, ¾ of that, ½, ¼, and so on.
    """
    axes = ax or new_axes()
    places = [place for route in routes.values() for place in route]
    xs, ys = (spread([place[i] for place in places]) for i in (0, 1))
    rows = [[data_of(loss(x, y)) for x in xs] for y in ys]
    highest = data_of(loss(*places[0]))
    axes.contour(xs, ys, rows, [highest * k for k in CONTOURS], colors=INK, linewidths=0.6)
    for name, route in routes.items():
        add_line(axes, [x for x, _ in route], [y for _, y in route], name)
    axes.set(xlabel="first weight", ylabel="second weight")
    return axes


def gradient_sizes(model: Module) -> list[float]:
    """Return the root mean square of the parameters' grads in each layer, the first layer first.

    A layer is what the names of its parameters have before their first dot.
    """
    layers = defaultdict(list)
    for name, parameter in model.named_parameters().items():
        layers[name.partition(".")[0]].append(parameter.grad)
    return [math.hypot(*grads) / math.sqrt(len(grads)) for grads in layers.values()]


def sparkline(
    numbers: Iterable[float], width: int = 60, *, ends: tuple[float, float] | None = None
) -> str:
    """Return one bar for each number, or for *width* of them, evenly spaced from first to last.

    The lowest bar is the smallest number, the highest the largest; what is not finite is ``!``. To
    compare several lines give them all the same *ends*, the numbers of the lowest and the highest
    bar; what lies beyond an end gets its bar.

    >>> sparkline([1, 2, 8, math.inf]), sparkline([3, 4, 5], ends=(0, 8))
    ('▁▂█!', '▄▅▅')
    """
    shown = spaced(list(numbers), width)
    finite = [x for x in shown if math.isfinite(x)]
    low, high = ends or (min(finite, default=0.0), max(finite, default=0.0))
    shown = [min(max(x, low), high) if math.isfinite(x) else x for x in shown]
    unit = (high - low) / (len(BARS) - 1) or 1.0
    return "".join(BARS[round((x - low) / unit)] if math.isfinite(x) else NOT_FINITE for x in shown)


# Parts of these -----------------------------------------------------------------------------------


def new_axes() -> "Axes":
    """Make a figure, known to pyplot so that ``plt.show()`` finds it, and return its Axes."""
    try:
        from matplotlib import pyplot
    except ModuleNotFoundError:
        raise ModuleNotFoundError(NEEDED, name="matplotlib") from None
    _, axes = pyplot.subplots(figsize=(6.4, 4.0), layout="constrained")
    return axes


def add_line(axes: "Axes", xs: Iterable[float], ys: Sequence[float], label: str) -> None:
    """Add a line that looks like no other on the Axes."""
    hue, dash, mark = LOOKS[len(axes.lines) % len(LOOKS)]
    every = max(1, math.ceil(len(ys) / MARKS))
    axes.plot(
        list(xs), list(ys), color=hue, linestyle=dash, marker=mark, markevery=every, label=label
    )
    axes.grid(True, color=GRID)
    add_legend(axes)


def add_legend(axes: "Axes", **place: Any) -> None:
    """Name the lines or points, on a ground that lets no other line through."""
    axes.legend(facecolor=PAPER, framealpha=1.0, edgecolor=GRID, handlelength=4.0, **place)


def layer_ticks(count: int) -> list[int]:
    """Return the layers that get a tick: the first, the last, and evenly some between.

    >>> layer_ticks(5), layer_ticks(11)
    ([1, 2, 3, 4, 5], [1, 3, 5, 7, 9, 11])
    """
    every = math.ceil(count / MARKS)
    return [*range(1, count - every + 1, every), count]


def shade(
    axes: "Axes", score: Callable[[list[float]], Value | float], sides: list[list[float]]
) -> None:
    """Colour the plane by the score, hatch it where that is below 0, and draw the line between.

    Hatches are thin, and of a hue that points stand out from.
    """
    import matplotlib

    xs, ys = sides
    rows = [[data_of(score([x, y])) for x in xs] for y in ys]
    depths = ((NEGATIVE, 1.0), (NEGATIVE, 0.5), (POSITIVE, 0.5), (POSITIVE, 1.0))
    colours = [look.tinted(depth) for look, depth in depths]
    settings: Any = {"hatch.color": tint(NEGATIVE.colour, 1.6), "hatch.linewidth": 0.8}
    with matplotlib.rc_context(settings):
        axes.contourf(xs, ys, rows, [-1, 0, 1], colors=colours, extend="both", hatches=HATCHES)
    axes.contour(xs, ys, rows, [0], colors=INK, linewidths=1.5)


def scatter(axes: "Axes", points: list[Sequence[float]], mark: str, fill: str, rim: str) -> None:
    """Add the points of one class."""
    label = {"o": "class above 0", "s": "other class"}[mark]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    axes.scatter(xs, ys, marker=mark, c=fill, edgecolors=rim, label=label, zorder=3)


def spread(numbers: list[float]) -> list[float]:
    """Return evenly spaced numbers, from a little below the smallest to above the largest."""
    low, high = min(numbers), max(numbers)
    margin = MARGIN * (high - low) or 1.0
    step = (high - low + 2 * margin) / (SIDE - 1)
    return [low - margin + step * i for i in range(SIDE)]


def spaced(numbers: list[float], count: int) -> list[float]:
    """Return *count* of the numbers, evenly spaced from first to last, or all if fewer."""
    count = min(count, len(numbers))
    gaps = max(1, count - 1)
    return [numbers[i * (len(numbers) - 1) // gaps] for i in range(count)]
