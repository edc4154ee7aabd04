"""The specialised methods, the unrolled sweep and the layer do what the generic path does."""

import inspect
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given

from autograd_mini import Value, topological_order
from autograd_mini.engine import sums
from autograd_mini.engine import value as engine
from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.primitives import Primitive
from autograd_mini.fast import specialise, unrolled
from tests.graphs import graphs, numbers

PACKAGE = Path(engine.__file__).parents[1]
NAMES = [f"__{side}{name}__" for name in specialise.INFIX for side in ("", "r")]
NAMES += [name for name, op in vars(Arithmetic).items() if isinstance(op, Primitive)]


def outcome(kind, name, operands):
    """Return what a class's method returns, or the class and text of the error it raises."""
    try:
        return getattr(kind, name)(*operands)
    except (ArithmeticError, ValueError) as error:
        return type(error), str(error)


def state(node):
    return repr((node.op, node.data, node.partials, node.depth, node.grad, node.label))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("a", [-1.3, 0.0, 0.6, 2.0, float("nan"), float("inf")])
@pytest.mark.parametrize("b", [Value(0.7), 3, 2.0, 0.0])
def test_a_specialised_method_makes_the_node_of_the_generic_one(name, a, b):
    assert getattr(Value, name) is not getattr(Arithmetic, name)
    unary = (
        isinstance(getattr(Arithmetic, name), Primitive)
        and len(getattr(Arithmetic, name).rules) == 1
    )
    operands = [Value(a)] if unary else [Value(a), b]
    expected, node = (outcome(kind, name, operands) for kind in (Arithmetic, Value))
    if not isinstance(expected, Value):
        assert node == expected
    else:
        assert state(node) == state(expected)
        assert all(x is y or x == y for x, y in zip(node.operands, expected.operands, strict=True))


@given(graphs(), numbers)
def test_the_unrolled_sweep_gives_bit_by_bit_what_the_readable_one_gives(graph, seed):
    _, y = graph
    order = topological_order(y)
    y.backward(seed)
    unrolled_grads = repr([node.grad for node in order])
    y.zero_grad()
    readable = namespace_of_the_readable_engine()
    readable(y, seed, [])
    assert repr([node.grad for node in order]) == unrolled_grads


def namespace_of_the_readable_engine():
    """Return ``accumulate`` as engine.py spells it, before unrolled takes its place."""
    scope = {}
    file = PACKAGE / "engine" / "value.py"
    exec(compile(file.read_text(), str(file), "exec"), scope)
    assert scope["accumulate"] is not engine.accumulate
    return scope["accumulate"]


@pytest.mark.parametrize("inputs", ["values", "numbers", "mixed"])
def test_a_layer_at_once_is_its_neurons_one_by_one(inputs):
    rng = random.Random(4)
    rows = [([Value(rng.random()) for _ in range(3)], Value(rng.random())) for _ in range(4)]
    xs = [Value(rng.random()).tanh() for _ in range(3)]
    if inputs != "values":
        xs = [1, 2.5, xs[0] if inputs == "mixed" else True]
    for node, (ws, b) in zip(unrolled.weighted_sums(rows, xs), rows, strict=True):
        assert state(node) == state(sums.weighted_sum(ws, xs, b))
        assert [type(x) for x in node.operands[3:6]] == [
            type(x) if type(x) is Value else float for x in xs
        ]


def test_a_layer_whose_weights_are_computed_goes_the_generic_way():
    w, x = Value(0.5), Value(2.0)
    deep = w.tanh().tanh()
    [y] = sums.weighted_sums([([deep], Value(0.0))], [x])
    y.backward()
    assert y.depth == 3
    assert w.grad != 0.0
    [y] = sums.weighted_sums([([0.5, 0.5], 1.0)], [x, 3])
    assert (y.data, y.depth) == (3.5, 1)


def test_a_layer_knows_how_deep_an_input_of_a_subclass_is():
    class Named(Value):
        """A Value of another class, as deep as another node."""

    deep = Value(0.5).tanh().tanh()
    x = Named(deep.data)
    x.depth = deep.depth
    [y] = sums.weighted_sums([([Value(2.0)], Value(0.0))], [x])
    assert y.depth == 3


def test_a_bias_is_never_taken_for_a_weight():
    with pytest.raises(ValueError, match="3 weights for 2 inputs"):
        sums.weighted_sums([([Value(1.0), Value(1.0), Value(1.0)], 0.0)], [Value(1.0), Value(1.0)])


def test_the_source_of_a_specialised_method_can_be_read():
    assert "y._da = 1 - d ** 2" in inspect.getsource(Value.tanh)
    assert "x.grad += adjoint * a" in inspect.getsource(engine.accumulate)


WITHOUT = """
import sys
import pytest
sys.modules["autograd_mini.fast.specialise"] = sys.modules["autograd_mini.fast.unrolled"] = None
from autograd_mini import Value
from autograd_mini.engine.operators import Arithmetic
assert Value.__mul__ is Arithmetic.__mul__
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
"""


def test_without_the_two_modules_the_engine_passes_its_tests_slower():
    tests = ["engine", "networks/test_nn.py"]
    files = [str(PACKAGE.parent / "tests" / name) for name in tests]
    arguments = [sys.executable, "-c", WITHOUT, *files, "-k", "not million"]
    run = subprocess.run(arguments, capture_output=True, text=True, check=False, cwd=PACKAGE.parent)
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
    assert " passed" in run.stdout
