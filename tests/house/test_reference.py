"""The reference: it is built, and every public name in it has a text."""

import re
from inspect import getdoc
from pathlib import Path

import pytest

import autograd_mini
from autograd_mini.engine.primitives import Primitive

pytest.importorskip("pdoc", reason="the reference needs pdoc")
reference = pytest.importorskip("tests.reference")

# pdoc gives each name a section, with its text inside.
SECTION = re.compile(r'<section id="(\w+)">(.*?)</section>', re.DOTALL)
TEXT = re.compile(r'<div class="docstring"><p>(.*?)</p>', re.DOTALL)

README = Path(__file__).parents[2] / "README.md"
IMPORT = re.compile(r"^>>> from (autograd_mini[\w.]*) import (.*)$", re.MULTILINE)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder: Path = tmp_path_factory.mktemp("docs")
    reference.write(folder)
    files = {name: folder / f"{name.replace('.', '/')}.html" for name in reference.MODULES}
    return {name: path.read_text("utf-8") for name, path in files.items()}


def test_every_public_name_has_its_place(pages: dict[str, str]) -> None:
    names = [name for name, _ in SECTION.findall(pages["autograd_mini"])]
    assert sorted(names) == sorted(autograd_mini.__all__)


def test_every_public_name_stands_on_the_one_page_of_readme() -> None:
    page = README.read_text("utf-8").partition("## On one page")[2].partition("\n## ")[0]
    written = {word for code in re.findall(r"`([^`]*)`", page) for word in re.findall(r"\w+", code)}
    assert sorted({*autograd_mini.__all__} - written) == []


def test_every_public_name_has_a_text(pages: dict[str, str]) -> None:
    texts = {name: TEXT.findall(inner) for name, inner in SECTION.findall(pages["autograd_mini"])}
    assert [name for name, found in texts.items() if not found] == []


def test_every_public_name_has_an_example_or_a_rule() -> None:
    """A primitive's text is made from the table: it tells the derivative."""
    things = {name: getattr(autograd_mini, name) for name in autograd_mini.__all__}
    silent = [
        name
        for name, thing in things.items()
        if not isinstance(thing, (Primitive, str)) and ">>>" not in (getdoc(thing) or "")
    ]
    assert silent == ["UndefinedWarning"]  # which nobody calls


def test_whatever_readme_imports_is_in_the_reference(pages: dict[str, str]) -> None:
    taught = IMPORT.findall(README.read_text("utf-8"))
    assert len(taught) > 6
    missing = []
    for module, names in taught:
        known = dict(SECTION.findall(pages[module]))
        missing += [(module, n) for n in names.split(", ") if not TEXT.search(known.get(n, ""))]
    assert missing == []
