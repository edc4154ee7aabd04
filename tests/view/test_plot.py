"""Plots: what they show, that they are told apart without colour, and what happens without them."""

import math
import sys
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini import Value, draw
from autograd_mini.nn import MLP
from autograd_mini.view import style
from autograd_mini.view.plot import (
    BARS,
    GRID,
    LOOKS,
    decision_boundary,
    descent,
    gradient_flow,
    gradient_sizes,
    layer_ticks,
    loss_curve,
    shade,
    spaced,
    sparkline,
)
from autograd_mini.view.progress import progress
from autograd_mini.view.show import pictures, show
from autograd_mini.view.style import PAPER

pyplot = pytest.importorskip("matplotlib.pyplot", reason="plots need matplotlib")


@pytest.fixture(autouse=True)
def no_figures_left() -> Iterator[None]:
    """Close the figures that a test makes."""
    yield
    pyplot.close("all")


def legend_of(axes: Any) -> list[str]:
    """Return the names in the legend."""
    return [text.get_text() for text in axes.get_legend().get_texts()]


def same_color(one: Any, other: Any) -> bool:
    """Tell whether two colours are the same, however they are written."""
    from matplotlib.colors import to_rgba

    return bool(to_rgba(one) == pytest.approx(to_rgba(other)))


# Loss curve ---------------------------------------------------------------------------------------


def test_a_loss_curve_shows_each_loss_at_its_number_of_updates() -> None:
    axes = loss_curve([4.0, 2.0, 1.0], "my loss")
    [line] = axes.lines
    assert list(line.get_xdata()) == [0, 1, 2]
    assert list(line.get_ydata()) == [4.0, 2.0, 1.0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("updates", "loss")
    assert legend_of(axes) == ["my loss"]


def test_a_plot_draws_on_the_axes_it_is_given_and_returns_them() -> None:
    _, mine = pyplot.subplots()
    model = MLP(2, [2, 1])
    model([1.0, 2.0]).backward()
    assert loss_curve([1.0, 2.0], ax=mine) is mine
    assert gradient_flow(model, ax=mine) is mine
    assert decision_boundary(model, [[0, 0], [1, 1]], [1, -1], ax=mine) is mine
    assert len(pyplot.get_fignums()) == 1


def test_lines_on_the_same_axes_differ_in_hue_in_dash_and_in_mark() -> None:
    axes = None
    for i in range(len(LOOKS)):
        axes = loss_curve([1.0, 0.5], f"run {i}", axes)
    assert legend_of(axes) == [f"run {i}" for i in range(len(LOOKS))]
    for a, b in combinations(axes.lines, 2):
        assert a.get_color() != b.get_color()
        assert (a.get_linestyle(), a._unscaled_dash_pattern) != (
            b.get_linestyle(),
            b._unscaled_dash_pattern,
        )
        assert a.get_marker() != b.get_marker()


def test_marks_leave_room_for_the_dashes_between_them() -> None:
    for count, marks in ((1, 1), (8, 8), (9, 5), (16, 8), (17, 6), (1000, 8)):
        [line] = loss_curve([1.0] * count).lines
        assert math.ceil(count / line.get_markevery()) == marks


def luminance(hue: str) -> float:
    """Return the relative luminance of a colour, as the guidelines for web content define it."""
    parts = [int(hue[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(share * x for share, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_plot_is_called_by_what_it_shows_unless_another_label_is_given() -> None:
    model = MLP(2, [2, 1])
    model([1.0, 2.0]).backward()
    assert legend_of(loss_curve([1.0])) == ["loss"]
    assert legend_of(gradient_flow(model)) == ["model"]


def test_every_line_stands_out_from_paper() -> None:
    assert all(1.05 / (luminance(hue) + 0.05) >= 4.5 for hue, _, _ in LOOKS)


def test_a_loss_that_is_not_finite_leaves_a_gap() -> None:
    axes = loss_curve([1.0, math.nan, math.inf, 2.0])
    assert axes.lines[0].get_ydata()[3] == 2.0
    assert axes.get_ylim()[1] < 3


def test_a_run_that_dwarfs_the_others_makes_the_axis_logarithmic_and_ends_with_a_mark() -> None:
    losses = [1.0, 0.9, 0.8, 0.7]
    axes = loss_curve(losses)
    assert (axes.get_yscale(), axes.get_ylabel()) == ("linear", "loss")
    loss_curve([1.0, 1e9, 1e80, math.inf], "rate 9", axes)
    assert (axes.get_yscale(), axes.get_ylabel()) == ("log", "loss, logarithmic")
    [mark] = axes.collections
    assert same_color(mark.get_facecolor()[0], axes.lines[1].get_color())  # type: ignore[index]
    assert not same_color(mark.get_facecolor()[0], axes.lines[0].get_color())  # type: ignore[index]
    assert mark.get_zorder() > axes.lines[1].get_zorder()
    assert list(mark.get_offsets()[0]) == [2.0, 1e80]  # type: ignore[index]
    named = [text.get_text() for text in axes.get_legend().get_texts()]  # type: ignore[union-attr]
    assert named == ["loss", "rate 9", "diverged"]
    assert loss_curve([1e9, 0.0, 0.0]).get_yscale() == "linear"
    assert loss_curve([1.0, 1.0, 1.0, 1000.0]).get_yscale() == "linear"
    assert loss_curve([1.0, 1.0, 1.0, 1000.1]).get_yscale() == "log"


def test_the_line_after_the_last_look_looks_like_the_first_again() -> None:
    axes = None
    for _ in range(len(LOOKS) + 1):
        axes = loss_curve([1.0, 0.5], ax=axes)
    assert axes is not None
    assert axes.lines[-1].get_color() == axes.lines[0].get_color()
    assert axes.lines[-2].get_color() != axes.lines[0].get_color()


def test_a_plot_has_a_faint_grid_and_a_legend_that_hides_what_is_behind_it() -> None:
    axes = loss_curve([1.0, 0.5])
    lines = [*axes.xaxis.get_gridlines(), *axes.yaxis.get_gridlines()]
    assert all(line.get_visible() and same_color(line.get_color(), GRID) for line in lines)
    box = axes.get_legend().get_frame()  # type: ignore[union-attr]
    assert same_color(box.get_facecolor(), PAPER)
    assert same_color(box.get_edgecolor(), GRID)
    assert box.get_alpha() == 1.0
    width, height = axes.figure.get_size_inches()  # type: ignore[union-attr]
    assert width / height == pytest.approx(1.6)
    assert 6 < width <= 6.5  # of a page with margins
    assert type(axes.figure.get_layout_engine()).__name__ == "ConstrainedLayoutEngine"  # type: ignore[union-attr]


@pytest.mark.parametrize("count", [1, 2, 3, 8, 11, 30, 100])
def test_the_first_and_the_last_layer_have_a_tick(count: int) -> None:
    ticks = layer_ticks(count)
    assert (ticks[0], ticks[-1]) == (1, count)
    assert len(ticks) <= 9
    gaps = [b - a for a, b in pairwise(ticks)]
    every = math.ceil(count / 8)
    assert {*gaps[:-1]} <= {every}
    assert all(every <= gap < 2 * every for gap in gaps[-1:])


def test_ticks_stand_at_whole_updates_and_layers() -> None:
    model = MLP(2, [2, 2, 1])
    model([1.0, 2.0]).backward()
    for axes in (loss_curve([1.0, 0.5, 0.2]), gradient_flow(model)):
        assert all(tick == round(tick) for tick in axes.get_xticks())


# Gradient flow ------------------------------------------------------------------------------------


def test_gradient_sizes_are_root_mean_squares_over_the_parameters_of_a_layer() -> None:
    model = MLP(2, [2, 1], "tanh")
    model([1.0, -2.0]).backward()
    for layer, size in zip(model.layers, gradient_sizes(model), strict=True):
        grads = [parameter.grad for parameter in layer.parameters()]
        assert size == pytest.approx(math.sqrt(sum(g * g for g in grads) / len(grads)), rel=1e-14)
        assert size > 0


def test_gradient_flow_shows_the_size_of_each_layer_on_a_logarithmic_scale() -> None:
    model = MLP(2, [4] * 5 + [1], "sigmoid")
    model([1.0, -2.0]).backward()
    axes = gradient_flow(model, "sigmoid")
    assert list(axes.lines[0].get_xdata()) == [1, 2, 3, 4, 5, 6]
    assert list(axes.lines[0].get_ydata()) == gradient_sizes(model)
    assert axes.get_yscale() == "log"
    assert axes.get_xlabel() == "layer, the first reads the inputs"
    assert axes.get_ylabel() == "gradient, root mean square over a layer"
    assert gradient_flow(model, "again", axes) is axes
    assert len(axes.lines) == 2


def test_a_model_without_gradients_is_told_to_go_backward() -> None:
    with pytest.raises(ValueError, match=r"^every grad of MLP.* is 0: call backward on the loss"):
        gradient_flow(MLP(2, [2, 1]))
    assert not pyplot.get_fignums()


# Decision boundary --------------------------------------------------------------------------------

CORNERS = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]


def test_the_boundary_is_where_the_score_is_zero() -> None:
    axes = decision_boundary(lambda x: x[0] - 0.3, CORNERS, [-1, -1, 1, 1])
    _, boundary = [part for part in axes.collections if hasattr(part, "levels")]
    [path] = boundary.get_paths()
    assert 1 < boundary.get_linewidths()[0] < 2
    assert len(path.vertices) > 10
    assert all(x == pytest.approx(0.3) for x, _ in path.vertices)


def test_the_boundary_of_a_model_takes_values_as_numbers() -> None:
    weights = Value(1.0), Value(-2.0)
    axes = decision_boundary(lambda x: weights[0] * x[0] + weights[1] * x[1], CORNERS, [0, 0, 1, 0])
    boundary = [part for part in axes.collections if hasattr(part, "levels")][1]
    assert all(x == pytest.approx(2 * y) for x, y in boundary.get_paths()[0].vertices)


def test_the_legend_of_a_boundary_covers_no_data() -> None:
    axes = decision_boundary(lambda xy: xy[0] - xy[1], [[0, 1], [1, 0]], [0, 1])
    axes.figure.canvas.draw()
    legend = axes.get_legend()
    assert legend is not None
    box, whole = legend.get_window_extent(), axes.get_window_extent()
    assert not box.shrunk(0.99, 0.99).overlaps(whole)
    assert 0 <= box.x0 - whole.x0 < 20  # pixels: it stands on the left corner
    assert 0 <= box.y0 - whole.y1 < 20
    assert len({text.get_window_extent().y0 for text in legend.get_texts()}) == 1


def test_classes_differ_in_shape_and_in_filling() -> None:
    axes = decision_boundary(lambda x: x[0] - 0.5, CORNERS, [-1, 0, 1, 5])
    above, other = [part for part in axes.collections if hasattr(part, "get_sizes")]
    assert above.get_offsets().tolist() == [[1.0, 0.0], [1.0, 1.0]]
    assert other.get_offsets().tolist() == [[0.0, 0.0], [0.0, 1.0]]
    assert above.get_paths()[0].vertices.shape != other.get_paths()[0].vertices.shape
    assert above.get_facecolors().tolist() != other.get_facecolors().tolist()
    assert legend_of(axes) == ["class above 0", "other class"]
    assert same_color(above.get_facecolors()[0], style.POSITIVE.colour)
    assert same_color(other.get_facecolors()[0], PAPER)
    assert same_color(other.get_edgecolors()[0], style.NEGATIVE.colour)
    assert above.get_zorder() > max(part.get_zorder() for part in axes.collections[:2])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("first input", "second input")
    assert axes.get_aspect() == 1.0


def test_the_area_below_zero_is_hatched() -> None:
    axes = decision_boundary(lambda x: x[0] - 0.5, CORNERS, [-1, -1, 1, 1])
    area = next(part for part in axes.collections if hasattr(part, "levels"))
    assert [bool(hatch) for hatch in area.hatches] == [True, True, False, False]
    fills = [style.NEGATIVE.tinted(1.0), style.NEGATIVE.tinted(0.5)]
    fills += [style.POSITIVE.tinted(0.5), style.POSITIVE.tinted(1.0)]
    assert all(map(same_color, area.get_facecolors(), fills))
    assert len(area.get_facecolors()) == 4
    assert [x for x in area.levels if abs(x) <= 1] == [-1, 0, 1]


def test_hatches_are_thin_and_of_a_hue_between_that_of_the_area_and_that_of_the_points() -> None:
    found: list[tuple[float, str]] = []

    def contourf(*_: object, **__: object) -> None:
        found.append((pyplot.rcParams["hatch.linewidth"], pyplot.rcParams["hatch.color"]))

    axes: Any = SimpleNamespace(contourf=contourf, contour=lambda *_, **__: None)
    shade(axes, lambda x: x[0], [[0.0, 1.0], [0.0, 1.0]])
    [(width, hue)] = found
    assert 0.5 < width <= 1.0
    shades = [style.NEGATIVE.colour, hue, style.NEGATIVE.tinted(1.0)]
    assert luminance(shades[0]) < luminance(shades[1]) < luminance(shades[2])


def test_all_points_lie_inside_the_plot_also_on_a_line() -> None:
    for points in (CORNERS, [[2.0, 0.0], [2.0, 1.0]], [[5.0, 5.0]]):
        axes = decision_boundary(lambda x: x[0] - 2.0, points, [1] * len(points))
        (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
        assert all(left < x < right and bottom < y < top for x, y in points)


@pytest.mark.parametrize(
    ("points", "left", "right"), [(CORNERS, -0.1, 1.1), ([[2.0, 0.5], [2.0, 0.5]], 1.0, 3.0)]
)
def test_a_score_is_asked_on_an_even_grid_a_little_larger_than_the_points(
    points: list[list[float]], left: float, right: float
) -> None:
    asked: list[tuple[float, float]] = []

    def score(place: list[float]) -> float:
        asked.append((place[0], place[1]))
        return place[0] - sum(place)

    decision_boundary(score, points, [1] * len(points))
    across = sorted({x for x, _ in asked})
    assert len(asked) == len({*asked}) == len(across) ** 2 == 3600
    assert (across[0], across[-1]) == (pytest.approx(left), pytest.approx(right))
    gaps = [b - a for a, b in pairwise(across)]
    assert max(gaps) == pytest.approx(min(gaps))


def test_the_sample_of_a_line_in_a_legend_shows_its_dashes_twice() -> None:
    axes = None
    for _ in LOOKS:
        axes = loss_curve([1.0, 0.5], ax=axes)
    assert axes is not None
    for line in axes.get_legend().get_lines():  # type: ignore[union-attr]
        start, dashes = line._dash_pattern
        assert start == 0
        sample = max(line.get_xdata()) - min(line.get_xdata())
        assert sample >= 2 * sum(dashes or [0])
        assert all(dashes or [True])


def test_points_and_classes_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="shorter"):
        decision_boundary(lambda x: x[0] - 0.5, CORNERS, [1, 0])


# Sparkline ----------------------------------------------------------------------------------------


def test_a_descent_shows_each_route_over_the_contours_of_the_loss() -> None:
    routes = {"one": [(2.0, 1.0), (1.0, 0.0)], "two": [(2.0, 1.0), (0.0, 0.0), (0.0, 1.0)]}
    axes = descent(lambda a, b: Value(a) ** 2 + 3 * b, routes)
    assert legend_of(axes) == ["one", "two"]
    drawn = [[*zip(*line.get_data(), strict=True)] for line in axes.lines]
    assert drawn == [*routes.values()]
    [contours] = axes.collections
    assert list(contours.levels) == [7.0 * k for k in (1 / 64, 1 / 16, 1 / 4, 1 / 2, 3 / 4, 1)]
    assert 0.3 < contours.get_linewidths()[0] < 1
    for level, path in zip(contours.levels, contours.get_paths(), strict=True):
        xs, ys = path.vertices.T
        assert [*(xs**2 + 3 * ys)] == pytest.approx([level] * len(xs), abs=0.01)
    assert (min(ys), max(xs)) == (pytest.approx((7 - 2.2**2) / 3), pytest.approx(2.2))
    assert max(ys) == pytest.approx(1.1)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("first weight", "second weight")


def test_a_sparkline_rises_with_the_numbers() -> None:
    assert sparkline(range(8)) == BARS
    assert sparkline([3.0, 3.0]) == "▁▁"
    assert sparkline([]) == ""
    assert sparkline([0.0, math.nan, -math.inf, 1.0]) == "▁!!█"


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=200))
def test_a_sparkline_has_a_bar_for_each_number_up_to_its_width(numbers: list[float]) -> None:
    line = sparkline(numbers, width=50)
    assert len(line) == min(len(numbers), 50)
    assert set(line) <= set(BARS)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=60))
def test_a_sparkline_keeps_order_and_reaches_both_ends(numbers: list[int]) -> None:
    bars = [BARS.index(bar) for bar in sparkline(numbers)]
    ranked = sorted(zip(numbers, bars, strict=True))
    assert [bar for _, bar in ranked] == sorted(bars)
    assert bars[numbers.index(max(numbers))] == (7 if max(numbers) > min(numbers) else 0)


def test_a_long_sparkline_shows_the_first_and_the_last_number() -> None:
    numbers = [9.0, *[0.0] * 500, 9.0]
    assert sparkline(numbers) == "█" + "▁" * 58 + "█"
    assert spaced([*range(101)], 11) == [*range(0, 101, 10)]
    assert spaced([*range(11)], 11) == spaced([*range(11)], 99) == [*range(11)]
    assert [spaced([7, 8, 9], count) for count in (0, 1, 2)] == [[], [7], [7, 9]]
    assert sparkline([3.0], width=1) == "▁"


# Showing ------------------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_show_writes_the_svg_says_where_and_closes_the_figure(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show(loss_curve([2.0, 1.0]), "curve")
    assert capsys.readouterr().out == "picture: build/curve.svg\n"
    svg = (here / "build" / "curve.svg").read_text("utf-8")
    assert ">updates</text>" in svg  # text that can be read, searched and copied
    assert "<title>loss against updates</title>" in svg
    assert not pyplot.get_fignums()


def test_a_picture_is_the_same_text_every_time(here: Path) -> None:
    texts = []
    for _ in range(2):
        show(decision_boundary(lambda x: x[0] - 0.5, CORNERS, [0, 0, 1, 1]), "plane")
        texts.append((here / "build" / "plane.svg").read_bytes())
    assert texts[0] == texts[1]


def test_show_takes_what_draw_returns(here: Path) -> None:
    y = Value(2.0, "x") ** 2
    show(draw(y), "square")
    assert (here / "build" / "square.svg").read_text("utf-8") == draw(y).svg()


def test_a_notebook_shows_the_picture_with_what_a_screen_reader_says(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    display = SimpleNamespace(display=lambda *given, **named: shown.append((given, named)))
    kernel = SimpleNamespace(kernel="a notebook's")
    notebook = SimpleNamespace(get_ipython=lambda: kernel, display=display)
    monkeypatch.setitem(sys.modules, "IPython", notebook)  # type: ignore[arg-type]
    picture = draw(Value(2.0, "x") ** 2)
    show(picture, "square")
    kind = "image/svg+xml"
    alt = {kind: {"alt": picture.description}}
    assert shown == [(({kind: picture.svg()},), {"metadata": alt, "raw": True})]
    show(loss_curve([2.0, 1.0]), "curve")
    assert shown[1][1]["metadata"] == {kind: {"alt": "curve"}}
    monkeypatch.setattr(notebook, "get_ipython", lambda: None)
    show(picture, "square")
    assert len(shown) == 2
    assert (here / "build" / "curve.svg").exists()


def test_a_picture_that_cannot_be_written_leaves_the_old_one(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(loss_curve([2.0, 1.0]), "curve")
    before = (here / "build" / "curve.svg").read_bytes()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        show(loss_curve([3.0, 1.0]), "curve")
    assert (here / "build" / "curve.svg").read_bytes() == before
    assert [path.name for path in (here / "build").iterdir()] == ["curve.svg"]


@pytest.mark.parametrize("plot", [loss_curve, gradient_flow, decision_boundary])
def test_without_matplotlib_a_plot_says_what_to_install(
    plot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    model = MLP(1, [1])
    model([1.0]).backward()
    arguments = {
        loss_curve: ([1.0],),
        gradient_flow: (model,),
        decision_boundary: (sum, CORNERS, [1, 1, 0, 0]),
    }
    with pytest.raises(
        ModuleNotFoundError, match=r"^plots need matplotlib: pip install matplotlib tqdm$"
    ):
        plot(*arguments[plot])


def test_pictures_goes_on_where_something_is_not_installed_and_only_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pictures():
        raise ModuleNotFoundError("plots need matplotlib")
    assert capsys.readouterr().out == "No picture here: plots need matplotlib\n"
    with pytest.raises(ZeroDivisionError), pictures():
        raise ZeroDivisionError


def test_pictures_goes_on_without_graphviz(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("graphviz", "autograd_mini.view.render"):
        monkeypatch.setitem(sys.modules, name, None)
    with pictures():
        show(draw(Value(1.0) + 1), "sum")
    assert "pip install" in capsys.readouterr().out


# Progress -----------------------------------------------------------------------------------------


def test_progress_is_quiet_in_a_pipe(capfd: pytest.CaptureFixture[str]) -> None:
    for i in (epochs := progress(range(3))):
        epochs.set_postfix(loss=i)
    assert i == 2
    assert tuple(capfd.readouterr()) == ("", "")


def test_progress_without_tqdm_is_the_items(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    epochs = progress(range(3))
    epochs.set_postfix(loss=1.0)
    assert list(epochs) == [0, 1, 2]
    assert tuple(capfd.readouterr()) == ("", "")


def test_progress_counts_in_epochs_on_a_bar_that_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    tqdm = SimpleNamespace(tqdm=lambda *given, **named: (given, named))
    monkeypatch.setitem(sys.modules, "tqdm", tqdm)  # type: ignore[arg-type]
    usual = {"disable": None, "leave": False}
    assert progress([1, 2]) == (([1, 2],), {"unit": " epoch"} | usual)
    assert progress([1], unit="step") == (([1],), {"unit": " step"} | usual)


def test_progress_shows_count_numbers_and_time_left_on_a_terminal() -> None:
    pexpect = pytest.importorskip("pexpect", reason="a terminal is needed")
    pytest.importorskip("tqdm", reason="the bar needs tqdm")
    code = (
        "import time; from autograd_mini.view.progress import progress\n"
        "for i in (epochs := progress(range(4))):\n"
        "    epochs.set_postfix(loss=0.25); time.sleep(0.15)\n"
    )
    child = pexpect.spawn(sys.executable, ["-c", code], encoding="utf-8", timeout=60)
    child.expect(r"2/4 \[[\d:]+<[\d:]+.*loss=0.25")
    child.expect(pexpect.EOF)
    assert child.wait() == 0
