"""A function of the table is known wherever a function must be; the message names the file."""

import re
from pathlib import Path

import numpy
import pytest

import autograd_mini
from autograd_mini import Value
from autograd_mini.engine.primitives import TABLE
from autograd_mini.notation.pytorch import CALLS
from autograd_mini.notation.words import IN_WORDS
from autograd_mini.program import arrays
from autograd_mini.view.living import known_functions
from tests.engine.test_accuracy import DERIVATIVES
from tests.engine.test_primitives import WITNESS
from tests.stepping.test_documents import TORCH

README = Path(__file__).parents[2] / "README.md"
FUNCTIONS = {name: op for name, op in TABLE.items() if name.isidentifier() and name != "neg"}
ONLY_IN_RULES = {"power_log", "circle", "portion", "above", "equal", "through"}
PUBLIC = set(FUNCTIONS) - ONLY_IN_RULES - {"logaddexp"}  # losses call that one
SMOOTH = {name for name, op in FUNCTIONS.items() if len(op.rules) == 1} - {
    "abs",
    "relu",
    "leaky_relu",
}


def functions_in_readme():
    """Return the names that README's page of everything lists in the lines on functions."""
    lines = [x for x in README.read_text("utf-8").splitlines() if x.startswith("| functions")]
    return set(re.findall(r"\w+", " ".join(lines)))


@pytest.mark.parametrize(
    ("names", "known", "remedy"),
    [
        (FUNCTIONS, IN_WORDS, "say in notation/words.py what it computes"),
        (FUNCTIONS, arrays.functions(numpy), "give it a form on arrays in program/arrays.py"),
        (FUNCTIONS, known_functions(), "write it in view/script/floats.js"),
        (FUNCTIONS, TORCH | set(CALLS), "say in notation/pytorch.py what PyTorch calls it"),
        (FUNCTIONS, WITNESS, "give it an independent source in tests/engine/test_primitives.py"),
        (SMOOTH, DERIVATIVES, "give its derivatives a source in tests/engine/test_accuracy.py"),
        (PUBLIC, {*autograd_mini.__all__, "abs"}, "make it public in autograd_mini/__init__.py"),
        (PUBLIC, dir(Value), "give it a method in engine/operators.py"),
        (PUBLIC, functions_in_readme() | {"abs"}, "list it in README, under 'On one page'"),
    ],
    ids=lambda x: x.rpartition(" ")[2] if isinstance(x, str) else "",
)
def test_a_function_of_the_table_is_known_wherever_a_function_must_be(names, known, remedy):
    assert set(names) <= set(known), f"{sorted(set(names) - set(known))}: {remedy}"
