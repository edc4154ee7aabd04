"""Names: variables call the values without a label alike, wherever a graph is shown."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from autograd_mini import Value, check_gradients, draw, explain, page, record, walk, why
from autograd_mini.stepping.check import nudge
from autograd_mini.view.animate import animate
from autograd_mini.view.worksheet import worksheet


def write_worksheet(y, names):
    with TemporaryDirectory() as folder:
        sheets = worksheet(y, Path(folder, "w.html"), names=names)
        return "".join(sheet.read_text() for sheet in sheets)


def write_page(y, names):
    """Return the page without its script, and without the button that says how one learns."""
    text = re.sub("<script>.*?</script>", "", page(y, names=names).html, flags=re.DOTALL)
    return text.replace("w ← w − η · ∂L/∂w", "")


SURFACES = {
    "draw": lambda y, names: draw(y, names=names).source,
    "draw why": lambda y, names: draw(y, names=names, why=y.operands[1]).source,
    "page": write_page,
    "animate": lambda y, names: animate(y, names=names).svg(),
    "explain": lambda y, names: explain(y, names=names),
    "walk": lambda y, names: str(list(walk(y, names=names))),
    "why": lambda y, names: str(why(y, y.operands[1], names=names)),
    "check": lambda y, names: str(check_gradients(y, [y.operands[1]], names=names)),
    "nudge": lambda y, names: str(nudge(y, y.operands[1], 0.5, names=names)),
    "worksheet": write_worksheet,
    "record": lambda y, names: record(y, names=names).source,
}


@pytest.mark.parametrize("show", SURFACES.values(), ids=SURFACES)
def test_variables_name_values_alike_on_every_surface(show):
    w = [Value(2.0), Value(3.0)]
    held = w[0] * w[1]
    y = held + w[1]
    y.backward()
    text = show(y, {"w": w, "out": held, "loss": y, "_": w[0], "count": 3})
    assert re.search(r"w\[1\]|w_1_", text)
    assert not re.search("v1|∂L|L =", re.sub(r"sha256-\S+", "", text))  # a hash may hold anything
    assert [x.label for x in (*w, held, y)] == [""] * 4


@pytest.mark.parametrize("show", SURFACES.values(), ids=SURFACES)
def test_names_are_a_mapping(show):
    y = Value(2.0, "a") + Value(3.0)
    y.backward()
    with pytest.raises(TypeError, match=r"^names is a mapping such as locals\(\), got list$"):
        show(y, ["a"])


@pytest.mark.parametrize("name", ["draw", "page", "explain", "walk", "worksheet"])
def test_long_names_of_one_label_stay_apart(name):
    y = Value(2.0, "w" * 100) * Value(3.0, "w" * 100)
    y.backward()
    assert re.search(r"w…w*#2|w…#2", SURFACES[name](y, None))
