"""Notebooks: the lessons, written as "make notebooks" does it, run in a real Jupyter kernel."""

import json
from pathlib import Path
from typing import Any

import pytest

from autograd_mini.lesson.command import main
from autograd_mini.lesson.notebook import write_notebook
from autograd_mini.lesson.script import demos_folder, lessons, read_demo

nbformat = pytest.importorskip("nbformat", reason="notebooks need nbclient")
nbclient = pytest.importorskip("nbclient", reason="notebooks need nbclient")
pytest.importorskip("ipykernel", reason="notebooks need ipykernel")

LESSON = '''\
"""Is it so?

It is."""

# %% One
# A *number*.
a = 1
b = 2
# It is one.
# %% Two
print(a)
from autograd_mini.teach.asking import ask
ask("a", 1.0, hint="count <it>")

# The end.
'''

PLOTS = '''\
"""Two plots, and progress?"""

# %% The loop
from autograd_mini.view.progress import progress
for _ in progress(range(3), "update"):
    print("turn")

# %% The pictures
from autograd_mini.view.plot import loss_curve
from autograd_mini.view.show import show

show(loss_curve([2.0, 1.0], "falling"), "first")
show(loss_curve([1.0, 2.0], "rising"), "second")
'''


@pytest.fixture
def notebook(tmp_path: Path) -> Any:
    """Convert a demo and return the notebook after all of its cells have run."""

    def executed(name: str) -> Any:
        path = tmp_path / f"{name}.ipynb"
        source = demos_folder() / f"{name}.py" if "_" in name else tmp_path / f"{name}.py"
        assert main(["--notebook", str(source), str(path)]) == 0
        found = nbformat.read(path, as_version=4)
        client = nbclient.NotebookClient(
            found, timeout=100, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
        )
        return client.execute()

    return executed


def pictures(notebook: Any) -> list[str]:
    """Return the pictures among the outputs."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = [output.data for output in outputs if "data" in output]
    return [data[kind] for data in shown for kind in data if kind.startswith("image/")]


def printed(notebook: Any) -> str:
    """Return what the cells print."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.text for output in outputs if output.output_type == "stream")


def test_statements_that_share_lines_are_one_cell_of_python(tmp_path: Path) -> None:
    code = "a = 1; b = (2,\n    3); c = 4"
    path = tmp_path / "shared.py"
    path.write_text(f'"""Shared lines."""\n\n# %% One\n{code}\n', encoding="utf-8")
    assert [statement.text for statement in read_demo(path).statements] == [code]
    written = json.loads(write_notebook(read_demo(path)))
    assert "".join(written["cells"][-1]["source"]) == code
    assert written["metadata"]["language_info"] == {"name": "python"}


def test_a_notebook_shows_the_picture_of_the_chain_rule_with_its_description(
    notebook: Any, tmp_path: Path
) -> None:
    done = notebook("01_chain_rule")
    [svg] = pictures(done)
    assert svg == (tmp_path / "build" / "01_chain_rule.svg").read_text("utf-8")
    assert "grad 6" in svg
    assert "∂L/∂a = 6" in printed(done)
    outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
    [said] = [x.metadata["image/svg+xml"]["alt"] for x in outputs if x.get("metadata")]
    assert said.startswith("L = -8. ∂L/∂a = 6. ")


def test_a_notebook_shows_each_plot_once_and_no_bar(notebook: Any, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(PLOTS, encoding="utf-8")
    done = notebook("own")
    first, second = pictures(done)
    assert "falling" in first
    assert "rising" in second
    assert printed(done).count("turn") == 3
    assert "update/s" not in printed(done)


def test_a_question_in_a_notebook_has_its_hint_and_answer_folded(
    notebook: Any, tmp_path: Path
) -> None:
    (tmp_path / "own.py").write_text(LESSON, encoding="utf-8")
    done = notebook("own")
    [folded] = [
        output.data["text/html"]
        for cell in done.cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    assert folded.startswith("<p><b>a = ?</b></p><details><summary>hint</summary>count &lt;it&gt;")


def test_prose_becomes_markdown_and_statements_without_prose_between_share_a_cell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "own.py", tmp_path / "new.ipynb"
    source.write_text(LESSON, encoding="utf-8")
    assert main(["--notebook", str(source), str(target), "--slides"]) == 0
    assert capsys.readouterr().out == f"wrote {target}\n"
    cells = json.loads(target.read_text("utf-8"))["cells"]
    found = [(cell["cell_type"], "".join(cell["source"]), slide_of(cell)) for cell in cells]
    assert found == [
        ("markdown", "# Is it so?\n\nIt is.", "slide"),
        ("markdown", "## One\n\nA *number*.", "slide"),
        ("code", "a = 1\nb = 2", "-"),
        ("markdown", "It is one.", "fragment"),
        ("markdown", "## Two", "slide"),
        ("code", LESSON.partition("Two\n")[2].partition("\n\n#")[0], "-"),
        ("markdown", "The end.", "fragment"),
    ]


def cells_of(tmp_path: Path, source: str) -> list[tuple[str, str]]:
    """Return kind and text of the cells of a lesson's notebook."""
    path = tmp_path / "own.py"
    path.write_text(source, encoding="utf-8")
    cells = json.loads(write_notebook(read_demo(path)))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def test_a_mark_opens_a_cell_though_it_has_no_title(tmp_path: Path) -> None:
    cells = cells_of(tmp_path, "x = 1\n# %%\nprint(x)\ny = 2\n# %%\n\n\nprint(y)\n")
    assert cells == [("code", "x = 1"), ("code", "print(x)\ny = 2"), ("code", "print(y)")]


def test_only_a_docstring_makes_a_title(tmp_path: Path) -> None:
    cells = cells_of(tmp_path, "# %% [markdown]\n# # My lesson\n# %%\nx = 1\n")
    assert cells == [("markdown", "# My lesson"), ("code", "x = 1")]


def slide_of(cell: dict[str, Any]) -> str:
    return str(cell["metadata"]["slideshow"]["slide_type"])


@pytest.mark.parametrize("path", lessons(demos_folder()), ids=lambda path: path.stem)
def test_each_lesson_is_a_notebook_with_prose_and_all_its_code(path: Path) -> None:
    demo = read_demo(path)
    notebook = nbformat.reads(write_notebook(demo), as_version=4)
    nbformat.validate(notebook)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert code == "\n".join(statement.text for statement in demo.statements)
    assert sum(cell.cell_type == "markdown" for cell in notebook.cells) > 2
    assert not any(cell.metadata for cell in notebook.cells)


def test_a_notebook_needs_a_lesson_and_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--notebook", "4"]) == 2
    assert "say which lesson and which file" in capsys.readouterr().err
    for flag in ("--notebook", "--slides"):
        assert main([flag, "nosuch.py", "x.ipynb"]) == 2
        assert capsys.readouterr().err == "lesson: there is no file nosuch.py\n"
    assert main(["--slides", "4", "x.html"]) == 2
    assert capsys.readouterr().err.startswith("lesson: x.html: what is written here is no .html")


WORDS = '''\
"""Is it é?"""
# One
# and two.
a = 1

b = (
    2)
# It was two.
# %% Three
c = 3
'''


@pytest.mark.parametrize("slides", [True, False])
def test_a_notebook_holds_what_the_format_asks_for_and_nothing_else(
    slides: bool, tmp_path: Path
) -> None:
    path = tmp_path / "own.py"
    path.write_text(WORDS, encoding="utf-8")
    text = write_notebook(read_demo(path), slides=slides)
    assert "é" in text
    assert text.endswith("\n}\n")

    def written(place: int, kind: str, lines: list[str], slide: str) -> dict[str, Any]:
        run: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
        marks = {"slideshow": {"slide_type": slide}} if slides else {}
        common = {"id": f"cell-{place}", "cell_type": kind, "metadata": marks, "source": lines}
        return common | run

    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    found = json.loads(text)
    assert found == {
        "cells": [
            written(1, "markdown", ["# Is it é?"], "slide"),
            written(2, "markdown", ["One\n", "and two."], "fragment"),
            written(3, "code", ["a = 1\n", "b = (\n", "    2)"], "-"),
            written(4, "markdown", ["It was two."], "fragment"),
            written(5, "markdown", ["## Three"], "slide"),
            written(6, "code", ["c = 3"], "-"),
        ],
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    nbformat.validate(nbformat.reads(text, as_version=4))
