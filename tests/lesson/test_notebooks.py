"""Notebooks: the demos, converted as "make notebooks" does it, run in a real Jupyter kernel."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

nbformat = pytest.importorskip("nbformat", reason="notebooks need jupytext")
nbclient = pytest.importorskip("nbclient", reason="notebooks need nbclient")
for needed in ("jupytext", "ipykernel"):
    pytest.importorskip(needed, reason=f"notebooks need {needed}")

TOP = Path(__file__).parents[2]


def recipe(target: str, source: str) -> list[str]:
    """Return what the Makefile runs to convert a demo."""
    [command] = re.findall(r"^\t\$\(PY\) (-m jupytext .*)$", (TOP / "Makefile").read_text(), re.M)
    return command.replace("$@", target).replace("$<", source).split()


@pytest.fixture
def notebook(tmp_path: Path) -> Any:
    """Convert a demo and return the notebook after all of its cells have run."""

    def executed(name: str) -> Any:
        path = tmp_path / f"{name}.ipynb"
        arguments = recipe(str(path), str(TOP / "demos" / f"{name}.py"))
        subprocess.run([sys.executable, *arguments], check=True, timeout=60)
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


def test_a_notebook_shows_the_picture_of_the_chain_rule(notebook: Any, tmp_path: Path) -> None:
    done = notebook("01_chain_rule")
    [svg] = pictures(done)
    assert svg == (tmp_path / "build" / "01_chain_rule.svg").read_text("utf-8")
    assert "grad 6" in svg
    assert "∂L/∂a = 6" in printed(done)


def test_a_notebook_shows_each_plot_once(notebook: Any) -> None:
    done = notebook("22_moons")
    loss, boundary = pictures(done)
    assert "hinge loss" in loss
    assert "class above 0" in boundary
    assert "100% are right" in printed(done)
    assert "update/s" not in printed(done)
