"""Make the README's pictures again, beside this file: ``make pictures``.

Everything is computed, and drawn by the Graphviz inside Python, so that the same code gives the
same pictures. The screenshot needs Chromium; where there is none, it is left as it was.
"""

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from runpy import run_path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

from autograd_mini import Value, sigmoid, weighted_sum
from autograd_mini.losses import half_squared_error
from autograd_mini.view.animate import animate
from autograd_mini.view.draw import draw
from autograd_mini.view.page import page
from autograd_mini.view.plot import loss_curve
from autograd_mini.view.show import plot_svg

HERE = Path(__file__).parent
SIZE = (1280, 800)
STEP = 11  # the slope of the sigmoid: a partial with a formula of its own
FLAGS = [
    "--headless=new",
    "--hide-scrollbars",
    "--force-prefers-reduced-motion",
    "--force-device-scale-factor=1",
    "--disable-gpu",
    "--no-sandbox",
]


def neuron() -> tuple[Value, list[Value]]:
    """Return the error of one sigmoid neuron, after its backward pass, and its parameters."""
    w1, w2, b = Value(2.0, "w1"), Value(-0.5, "w2"), Value(-1.5, "b")
    z = weighted_sum([w1, w2], [Value(1.0, "x1"), Value(-2.0, "x2")], b)
    y = sigmoid(z)
    error = half_squared_error(y, Value(0.0, "target"))
    z.label, y.label, error.label = "z", "y", "E"
    error.backward()
    return error, [w1, w2, b]


def main() -> None:
    """Make all pictures and say which."""
    error, parameters = neuron()
    draw(error, parameters=parameters).render(outfile=HERE / "neuron.svg", cleanup=True)
    animate(error, parameters=parameters).save(HERE / "neuron-animated.svg")
    made = ["neuron.svg", "neuron-animated.svg", *lessons()]
    if browser := shutil.which("chromium") or shutil.which("google-chrome"):
        made.append("page.png")
        with TemporaryDirectory() as folder:
            stepping = page(error, title="One sigmoid neuron", parameters=parameters)
            photograph(browser, stepping.html, Path(folder))
    else:
        print("chromium not found: page.png is left as it was", file=sys.stderr)
    print("made", *made)


def lessons() -> list[str]:
    """Run the lessons that draw, each in a folder of its own, and keep the picture of each."""
    made = [draw_lesson(name, drawn) for name, drawn in DRAWN.items()]
    for demo in sorted(HERE.parent.glob("[0-9][0-9]_*.py")):
        with TemporaryDirectory() as folder:
            if f"{demo.stem}.svg" in picture_names(demo, folder):
                shutil.copy(Path(folder, "build", f"{demo.stem}.svg"), HERE)
                made.append(f"{demo.stem}.svg")
    return made


def draw_lesson(name: str, drawn: Callable[[dict[str, Any]], Any]) -> str:
    """Run a lesson that draws nothing itself, and draw what it is about."""
    with redirect_stdout(io.StringIO()):
        names = run_path(str(HERE.parent / f"{name}.py"))
    picture = drawn(names)
    text = picture.svg() if hasattr(picture, "svg") else plot_svg(picture)
    (HERE / f"{name}.svg").write_text(text, encoding="utf-8")
    return f"{name}.svg"


def losses_by_rate(names: dict[str, Any]) -> Any:
    """Plot three runs of lesson 21, each with its learning rate."""
    axes = None
    for rate in (0.5, 30.0, 0.00001):
        axes = loss_curve(names["train"](rate=rate)[0], f"rate {rate:g}", axes)
    return axes


def losses_of_names(names: dict[str, Any]) -> Any:
    """Plot the loss of the names in lesson 26: at each, the mean of the last fifty."""
    losses = names["losses"]
    means = [fmean(losses[max(0, i - 49) : i + 1]) for i in range(len(losses))]
    return loss_curve(means, "mean of the last 50 names")


def loss_of_a_point(names: dict[str, Any]) -> Any:
    """Draw what lesson 28 sends to its workers: the loss of one point."""
    x, y, side = (Value(data, label) for data, label in ((1.5, "x"), (-0.5, "y"), (-1.0, "side")))
    loss = names["hinge"](names["MLP"](2, [8, 1], activation="tanh", seed=1)([x, y]), side)
    loss.backward()
    return draw(loss, legend=False)


# What lessons are about that draw nothing themselves, by the names that they leave.
DRAWN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "02_reuse": lambda names: draw(names["L"], legend=False),
    "03_topological_order": lambda names: draw(names["L"], legend=False),
    "04_zero_grad": lambda names: draw(names["y"], legend=False),
    "11_losses": lambda names: draw(names["from_logit"], legend=False),
    "21_learning_rate_faults": losses_by_rate,
    "26_gpt": losses_of_names,
    "28_beyond_one_machine": loss_of_a_point,
}


def picture_names(demo: Path, folder: str) -> list[str]:
    """Run a lesson that calls ``show`` and return the names of the pictures it wrote."""
    if "show(" not in demo.read_text(encoding="utf-8"):
        return []
    subprocess.run([sys.executable, demo], cwd=folder, check=True, capture_output=True)
    return [picture.name for picture in Path(folder, "build").glob("*.svg")]


def photograph(browser: str, text: str, folder: Path) -> None:
    """Save what the browser shows of a page at one of its steps."""
    file, picture = folder / "steps.html", folder / "page.png"
    file.write_text(text, "utf-8")
    window = [f"--window-size={SIZE[0]},{SIZE[1]}", f"--screenshot={picture}"]
    address = f"{file.as_uri()}#step={STEP}"
    subprocess.run([browser, *FLAGS, *window, address], check=True, capture_output=True, timeout=60)
    shutil.move(picture, HERE / picture.name)


if __name__ == "__main__":
    main()
