"""Advice in lessons: where a name is, what was meant, and what a learner's line changed."""

import re
import subprocess
import sys
import traceback
from importlib import import_module
from pathlib import Path

import pytest

import autograd_mini
from autograd_mini import Value
from autograd_mini.lesson.advice import (
    ELSEWHERE,
    Touched,
    advise,
    did_you_mean,
    find_home,
    find_touched,
    take_numbers,
    tell_touched,
    write_note,
)
from autograd_mini.lesson.lesson import COMMANDS, WITH_NAMES

TOLD = re.compile(r"`(\w+)\([^`]*`\s+from\s+`(autograd_mini[\w.]+)`")


@pytest.mark.parametrize("name", [*ELSEWHERE, "Value", "MLP", "mean_squared_error", "SGD", "tanh"])
def test_a_name_is_in_the_module_that_is_advised(name: str) -> None:
    assert callable(getattr(import_module(find_home(name)), name))


def test_a_name_that_readme_imports_is_told_where_it_is() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    imports = re.findall(r"from (autograd_mini[.\w]+)\s+import ([\w, ]+)", readme)
    imports += [(home, name) for name, home in TOLD.findall(readme)]
    homes = {name: home for home, names in imports for name in names.split(", ")}
    assert len(homes) > 20
    assert {name: find_home(name) for name in homes} == homes
    for name, home in homes.items():
        with pytest.raises(ImportError, match=f"^{name} is in {home}: from {home} import {name}$"):
            getattr(autograd_mini, name)


def test_a_name_that_is_nowhere_and_the_name_of_a_module_are_no_import_errors() -> None:
    for name in ("MPL", "_private", "__wrapped__", "Sequence"):
        assert not hasattr(autograd_mini, name)
    asked = "import autograd_mini, sys; hasattr(autograd_mini, 'losses')"
    code = f"{asked}; print('autograd_mini.lesson' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_name_that_a_module_only_uses_is_not_at_home_there() -> None:
    assert find_home("Callable") == find_home("nothing") == ""
    assert find_home("MLP") == "autograd_mini.nn"


def test_a_close_name_is_asked_about_unless_python_asks() -> None:
    error = NameError("name 'lenght' is not defined")
    assert did_you_mean(error, "lenght", ["length", "lengths"]) == "Did you mean: 'length'?"
    assert did_you_mean(error, "lenght", ["width"]) == ""
    asked = NameError("name 'lenght' is not defined. Did you mean: 'length'?")
    assert did_you_mean(asked, "lenght", ["length"]) == ""


def changes(count: int) -> list[Touched]:
    """Make so many Values whose data a learner changed from 1 to 2."""
    return [Touched(f"w{i}", Value(2.0), "data", 1.0) for i in range(1, count + 1)]


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "w1.data from 1 to 2"),
        (2, "w1.data from 1 to 2 and w2.data from 1 to 2"),
        (3, "w1.data from 1 to 2, w2.data from 1 to 2 and w3.data from 1 to 2"),
        (5, "w1.data from 1 to 2, w2.data from 1 to 2, w3.data from 1 to 2 and 2 more"),
    ],
)
def test_a_note_tells_three_numbers_and_counts_the_others(count: int, told: str) -> None:
    note = f"Note: a line of yours changed {told}; this builds on it. :restart begins afresh."
    assert write_note(changes(count)) == note


def test_a_number_is_told_where_a_statement_reads_what_depends_on_it() -> None:
    [moved] = changes(1)
    same = Touched("same", Value(2.0), "data", 2.0)
    other = Touched("other", Value(2.0), "data", 1.0)
    namespace = {"y": moved.value * same.value, "other": other.value}
    code = compile("print(y)", "<lesson>", "exec")
    assert tell_touched([moved, same, other], code, namespace) == [moved]


def test_commands_that_take_names_are_commands() -> None:
    assert set(WITH_NAMES) < set(COMMANDS)


def raised(source: str, namespace: dict[str, object]) -> BaseException:
    """Return the error of a line."""
    try:
        exec(source, namespace)
    except Exception as error:
        return error
    raise AssertionError(f"{source} has no error")


def python_asks(error: BaseException) -> bool:
    """Tell whether Python itself asks what was meant, as it may or may not in each version."""
    return "Did you mean" in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("why", "'why' is in the package: from autograd_mini import why"),
        ("late", "'late' comes later in this lesson, with statement 7."),
        ("lenght", "Did you mean: 'length'?"),
        ("prnt", "Did you mean: 'print'?"),
        ("length.rael", "Did you mean: 'real'?"),
        ("length.why", ""),  # the length has no such attribute, wherever why is
        ("length.late", ""),
        ("zzzzzz", ""),
        ("import why", ""),  # a module of that name, which there is not
        ("1 / 0", ""),
        ("raise NameError", ""),
    ],
)
def test_advice_is_given_on_names_that_are_not_there_and_on_nothing_else(
    line: str, told: str
) -> None:
    namespace: dict[str, object] = {"length": 3}
    error = raised(line, namespace)
    if told.startswith("Did you mean") and python_asks(error):
        told = ""
    assert advise(error, namespace, {"late": 7}) == told


def test_each_number_that_changes_is_told_with_what_it_was_and_is() -> None:
    a, b, c = Value(2.0), Value(3.0), Value(4.0)
    numbers = take_numbers({"a": a, "b": b, "c": c, "two": 2.0})
    a.data, a.grad, b.grad = 5.0, 6.0, 7.0
    found = [*find_touched(numbers)]
    assert found == [
        Touched("a", a, "data", 2.0), Touched("a", a, "grad", 0.0), Touched("b", b, "grad", 0.0)
    ]  # fmt: skip
    assert [x.after for x in found] == [5.0, 6.0, 7.0]
    assert [*map(str, found)] == [
        "a.data from 2 to 5", "a.grad from 0 to 6", "b.grad from 0 to 7"
    ]  # fmt: skip
