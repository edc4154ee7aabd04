"""The written-out engine, Fast, does what the plain one, Node, does; and is written from the table.

The two are compared side by side, without a switch: ``Node.apply`` and ``Node.accumulate`` are the
plain engine, whatever Value inherits from.
"""

import os
import shutil
import subprocess
import sys
from importlib import import_module
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

import autograd_mini
from autograd_mini import Value, fast, topological_order
from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.primitives import acosh
from autograd_mini.engine.value import Node
from autograd_mini.fast import generate
from tests.graphs import graphs, numbers, wild_graphs

PACKAGE = Path(autograd_mini.__file__).parent
METHODS = {method.name: method for method in generate.methods_of_arithmetic()}


def kinds():
    """Name the classes that Value's methods are looked up in, down to the plain engine."""
    names = [kind.__name__ for kind in Value.__mro__]
    return names[: names.index("Node") + 1]


def outcome(call, *arguments):
    """Return the state of the node that a call makes, or the class and text of its error."""
    try:
        return state(call(*arguments))
    except (ArithmeticError, ValueError) as error:
        return type(error), str(error)


def state(node):
    """Return all that a node holds; operands are told by their identity, or as constants."""
    operands = [id(x) if isinstance(x, Value) else (type(x), repr(x)) for x in node.operands]
    facts = (node.op, node.data, node.partials, node.depth, node.grad, node.label, node.reached)
    return type(node), operands, repr(facts)


# The same numbers


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("a", [-1.3, -0.0, 0.6, 2.0, 1e200, float("nan"), float("inf")])
def test_each_method_makes_the_node_that_the_plain_engine_makes(name, a):
    op, order = METHODS[name].op, METHODS[name].operands
    x = Value(a, "x")
    others = [Value(0.7), Value(0.0).exp().exp(), 3, True, 2.0, 0.0, -0.0, np.float64(2.5)]
    for other in others if "other" in order else [None]:
        if order != ["other", "self"] or not isinstance(other, Value):
            given = {"self": x, "other": other}
            arguments = [given[place] for place in sorted(order, reverse=True)]
            plain = outcome(Node.apply, op, *(given[place] for place in order))
            assert outcome(getattr(Value, name), *arguments) == plain


@pytest.mark.parametrize("name", METHODS)
def test_each_primitive_computes_from_other_numbers_what_the_plain_engine_computes(name):
    op, order = METHODS[name].op, METHODS[name].operands
    mixed = [[Value(0.7, "x"), 0.3], [0.3, Value(0.7, "x")], [Value(0.7, "x"), Value(0.6)]]
    operands = mixed if len(order) == 2 else [[Value(1.0 if op is acosh else 0.7)]]
    tried = [-1.3, -0.0, 0.0, 1.0, 2.0, 1e200, float("nan"), float("inf")]
    for node in [op(*chosen) for chosen in operands]:
        for at in product(tried, repeat=len(order)):
            plain = outcome_of(Node.compute, node, at)
            assert outcome_of(Value.compute, node, at) == plain


def outcome_of(compute, node, numbers):
    """Write what is computed with all its digits, or the class and text of the error."""
    try:
        return repr(compute(node, numbers))
    except (ArithmeticError, ValueError) as error:
        return repr(error)


@given(wild_graphs())
def test_every_node_of_a_graph_is_the_plain_engines(graph):
    _, y = graph
    for node in topological_order(y):
        if node.operands:
            assert state(node) == state(Node.apply(node.op, *node.operands))


@given(graphs(), numbers)
def test_the_sweep_gives_every_node_the_grad_that_the_plain_one_gives(graph, seed):
    _, y = graph
    order = topological_order(y)
    y.backward(seed)
    written = repr([node.grad for node in order])
    y.zero_grad()
    leaves = {}
    Node.accumulate(y, seed, leaves)
    assert repr([node.grad for node in order]) == written
    assert {*leaves} == {node for node in order if not node.operands}


@pytest.mark.parametrize("two", [2, True, np.float64(2.0), np.float32(2.0), np.int64(2)])
def test_numbers_of_every_kind_become_floats_in_every_method(two):
    x = Value(0.5)
    for name, (_, _, order, _) in METHODS.items():
        if "other" in order:
            assert {type(operand) for operand in getattr(x, name)(two).operands} == {Value, float}


# One switch


def test_value_runs_the_written_engine_unless_the_plain_one_is_asked_for():
    plain = "AUTOGRAD_MINI_PLAIN" in os.environ
    assert kinds() == (["Value", "Node"] if plain else ["Value", "Fast", "Node"])


def test_off_runs_the_plain_engine_in_its_block_and_nests():
    before = kinds()
    with fast.off():
        assert kinds() == ["Value", "Node"]
        with fast.off():
            assert kinds() == ["Value", "Node"]
        assert kinds() == ["Value", "Node"]
        assert Value.__mul__ is Node.__mul__
    assert kinds() == before


def test_off_ends_with_its_block_whatever_is_raised_there():
    before = kinds()
    with pytest.raises(KeyboardInterrupt), fast.off():
        raise KeyboardInterrupt
    assert kinds() == before


def test_a_graph_may_be_half_plain_and_half_written_out():
    a, b = Value(2.0), Value(-3.0)
    with fast.off():
        half = (a * b).tanh()
    y = half * a + half.exp()
    y.backward()
    grads = a.grad, b.grad
    y.zero_grad()
    Node.accumulate(y, 1.0, {})
    assert (a.grad, b.grad) == grads


def test_the_plain_engine_is_used_as_value():
    with pytest.raises(TypeError, match=r"^Node is the engine inside Value: use Value\(1.0\)"):
        Node(1.0)


def run_plain(*arguments, **options):
    """Run Python with the plain engine."""
    environment = os.environ | {"AUTOGRAD_MINI_PLAIN": "1"}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=options.get("cwd", PACKAGE.parent),
    )


def test_the_variable_leaves_the_plain_engine_and_loads_no_written_one():
    code = "import sys, autograd_mini as a; print(a.Value.__base__.__name__, *sys.modules)"
    run = run_plain("-c", code)
    base, *modules = run.stdout.split()
    assert base == "Node", run.stderr
    assert "autograd_mini.fast.written" not in modules


@pytest.mark.skipif("AUTOGRAD_MINI_PLAIN" in os.environ, reason="this is the plain engine")
def test_the_plain_engine_passes_the_engines_tests():
    # few examples: above, node by node, it is held against the written one with all of them
    tests = ["tests/engine", "tests/networks/test_nn.py", "--hypothesis-profile=brief"]
    run = run_plain(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests, "-k", "not thousand and not million"
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-1000:]
    assert " passed" in run.stdout


# Written from the table


def test_the_written_file_is_what_the_table_says():
    said = "the table or a rule changed: write the file anew with make generate"
    assert generate.FILE.read_text(encoding="utf-8") == generate.source(), said


def test_a_broken_file_can_be_written_anew(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "autograd_mini")
    written = tmp_path / "autograd_mini" / "fast" / "written.py"
    written.write_text("((broken", encoding="utf-8")
    environment = os.environ | {"AUTOGRAD_MINI_PLAIN": "1", "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "autograd_mini.fast.generate"]
    subprocess.run(command, check=True, cwd=tmp_path, env=environment)
    assert written.read_bytes() == generate.FILE.read_bytes()


def test_a_rule_that_reads_its_result_names_it_and_another_does_not():
    assert "node._data = y = exp(self._data)" in generate.write_method(METHODS["exp"])
    assert "node._data = sin(self._data)" in generate.write_method(METHODS["sin"])


# Help


@pytest.mark.parametrize("name", METHODS)
def test_help_finds_each_method_by_its_own_name_in_both_engines(name):
    for kind in Value, Node, Arithmetic:
        method = getattr(kind, name)
        assert method.__name__ == name
        assert method.__qualname__.endswith(f".{name}")
        assert getattr(sys.modules[method.__module__], method.__qualname__.partition(".")[0])


def test_every_method_of_arithmetic_is_written_out():
    assert set(METHODS) <= set(vars(import_module("autograd_mini.fast.written").Fast))
