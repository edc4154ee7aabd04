import linecache
import math
import operator
import os
import pickle
import re
import subprocess
import sys
import traceback
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_mini
from autograd_mini import (
    Value,
    log,
    maximum,
    minimum,
    relu,
    sqrt,
    tanh,
    topological_order,
    total,
    weighted_sum,
)
from autograd_mini.engine.observers import Observer, observing
from autograd_mini.engine.primitives import Primitive, above, acosh
from autograd_mini.engine.undefined import UndefinedWarning
from autograd_mini.notation.identifiers import identifiers
from autograd_mini.program import program as programs
from autograd_mini.program import record, recording, runner
from tests.engine.test_primitives import CASES, TABLE
from tests.garbage import count_garbage
from tests.graphs import graphs
from tests.injector import interrupted

PACKAGE = Path(autograd_mini.__file__).parent
FUNCTIONS = [op for op in TABLE if len(op.rules) == 1 and op.name.isidentifier()]
softsign = Primitive("softsign", lambda a: a / (1 + abs(a)), lambda _, y: (1 - abs(y)) ** 2)


def weighted_pair(a, b):
    """Return the weighted sum of two, once with either as the weight."""
    return weighted_sum([a, b], [b, a], 1.0)


def both(a, b):
    """Return the total of two."""
    return total([a, b])


def eager(output, leaves):
    """Return what the engine adds to the grads of the leaves."""
    output.zero_grad()
    output.backward()
    return [leaf.grad for leaf in leaves]


@given(graphs(leaves=4, most=30))
def test_a_program_computes_what_the_graph_does_to_the_last_bit(graph):
    leaves, output = graph
    inputs = [leaf for leaf in leaves[:2] if leaf in topological_order(output)]
    program = record(output, inputs)
    result = program.value_and_gradients(*(x.data for x in inputs))
    assert [*result.inputs, *result.parameters] == eager(output, [*inputs, *program.parameters])
    assert result.value == output.data
    assert program(*(x.data for x in inputs)) == output.data


@pytest.mark.parametrize(("op", "at"), CASES)
def test_every_primitive_has_the_derivatives_of_the_engine(op, at):
    leaves = [Value(x, name) for x, name in zip(at, "ab", strict=False)]
    output = 3 * op(*leaves)
    result = record(output, leaves).value_and_gradients(*at)
    assert (result.value, list(result.inputs)) == (output.data, eager(output, leaves))


def test_floats_are_equal_to_the_last_bit():
    x, ws = Value(0.3, "x"), [Value(0.1 * i) for i in range(1, 30)]
    output = total(tanh(w * x + w / (x + i)) for i, w in enumerate(ws)) * ws[0]
    program = record(output, [x])
    result = program.value_and_gradients(0.3)
    assert [*result.inputs, *result.parameters] == eager(output, [x, *program.parameters])
    assert result.value == output.data


def test_parameters_are_read_at_each_call():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    program = record(w * x, [x])
    assert program(5.0) == 15.0
    w.data = 4.0
    assert program(5.0) == 20.0
    assert program.parameters == (w,)


class Onlooker(Observer):
    """Notes what it is told."""

    def __init__(self):
        self.told = []

    def before_pass(self, output):
        self.told.append((output, [p.grad for p in output.parameters]))

    def after_pass(self, output, inputs=()):
        self.told.append((output, inputs, [p.grad for p in output.parameters]))


def test_whoever_looks_on_is_told_before_and_after_a_pass():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    program = record(log(w * x), [x])
    with observing(Onlooker()) as onlooker:
        program.backward(5.0)
        with pytest.raises(ValueError, match=r"^log"):
            program.backward(-1.0)
    third = [1 / 3]
    before, after, again = onlooker.told
    assert before == (program, [0.0])
    assert after == (program, (5.0,), pytest.approx(third))
    assert again == (program, pytest.approx(third))


def test_a_program_shows_its_inputs_and_how_many_nodes_it_has():
    x, y, w = Value(2.0, "x"), Value(1.0, "y"), Value(3.0, "w")
    assert repr(record(w * x + y, [x, y])) == "<program of (x, y): 5 nodes>"


@pytest.mark.parametrize(
    ("leaves", "operations", "kernel"),
    [(100, 1, False), (101, 1, True), (2, 1000, False), (2, 1001, True), (101, 1001, True)],
)
def test_at_most_100_leaves_and_1000_operations_are_compiled_as_lines(
    leaves, operations, kernel, monkeypatch
):
    monkeypatch.setattr(programs, "CompiledProgram", lambda *_, kernel: kernel)
    xs = [Value(1.0, f"x{i}") for i in range(leaves)]
    output = total(xs)
    for _ in range(operations - 1):
        output = output * xs[0]
    assert record(output, xs[:1]).compile() is kernel


@pytest.mark.parametrize("kernel", [None, False, True])
def test_without_numba_it_is_told_at_once_which_line_to_type(kernel, monkeypatch):
    x, w = Value(1.0, "x"), Value(0.123, "w")
    program = record(w * x + 0.123, [x])
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(ImportError, match=r"^compile needs Numba: pip install numba numpy$"):
        program.compile(kernel=kernel)


def test_an_error_names_what_is_computed_as_the_graph_does():
    x = Value(4.0, "x")
    c = x - 3.0
    c.label = "c"
    with pytest.raises(ValueError, match=r"^log\(c\) with c = -1"):
        record(log(c), [x])(2.0)


def test_a_terminal_is_told_how_much_of_a_graph_is_read_unless_a_progress_is_given(monkeypatch):
    shown = []
    monkeypatch.setattr(
        recording, "show_progress", lambda items, *told: shown.append(told) or items
    )
    output, x, _w = chain_of(5)
    record(output, [x])
    assert shown == [(7, "recording")]
    record(output, [x], progress=lambda items, _unit: items)
    assert len(shown) == 1


def test_backward_adds_to_the_parameters_and_touches_nothing_else():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    output = w * x
    program = record(output, [x])
    w.grad = 1.0
    assert program.backward(5.0) == 15.0
    assert (w.grad, x.grad, output.grad) == (6.0, 0.0, 0.0)
    program.value_and_gradients(5.0)
    assert w.grad == 6.0


def test_an_interrupt_at_any_instruction_of_backward_finds_no_grad_added_or_all():
    x, v, w = Value(5.0, "x"), Value(3.0, "v"), Value(4.0, "w")
    program = record(v * x + w * x, [x])
    program.backward(5.0)
    stopped, point = True, 1
    while stopped:
        v.grad = w.grad = 1.0
        stopped = interrupted(lambda: program.backward(5.0), point)
        assert (v.grad, w.grad) in {(1.0, 1.0), (6.0, 6.0)}, point
        point += 1
    assert point > 20


def test_the_source_is_the_program_one_would_write_by_hand():
    d, e = Value(2.0, "d"), Value(3.0, "e")
    c = d * e
    c.label = "c"
    assert record(tanh(c - 1), [d]).source.splitlines() == [
        "from autograd_mini.engine.primitives import sech, tanh",
        "",
        "",
        "def value_and_gradients(d, e):",
        "    # forward: one line for each operation",
        "    c = d * e",
        "    v1 = c - 1.0",
        "    L = tanh(v1)",
        "    # backward: for every y that was computed from x, ∂L/∂x += ∂L/∂y·∂y/∂x",
        "    L_grad = 1.0",
        "    v1_grad = L_grad * sech(v1) ** 2  # ∂L/∂v1 = 1 - L², computed as sech(v1)²",
        "    c_grad = v1_grad  # ∂v1/∂c = 1",
        "    d_grad = c_grad * e  # ∂c/∂d = e",
        "    e_grad = c_grad * d  # ∂c/∂e = d",
        "    return L, (d_grad,), (e_grad,)",
    ]


def test_no_line_computes_an_adjoint_that_nobody_needs():
    a, b = Value(2.0, "a"), Value(3.0, "b")
    flat = above(tanh(a), 0.5)
    source = record(flat * b, [a]).source
    assert "v1_grad" not in source
    assert "a_grad = 0.0" in source
    assert record(flat * b, [a]).value_and_gradients(2.0).inputs == (0.0,)


def test_a_partial_of_minus_1_is_a_sign():
    x = Value(2.0, "x")
    assert "    x_grad = -L_grad  #" in record(x * -1.0, [x]).source


BY_COMPUTATION = [math.inf, -math.inf, math.nan, -0.0, 0.0, 1e200, -1.0]


def same_bits(left, right):
    """Tell whether two numbers are the same to the sign of 0; NaN is NaN."""
    return repr(left) == repr(right)


def on_an_array(program, number):
    """Return what the lines find for a sample; NumPy's mean of -0.0 would be 0.0."""
    with np.errstate(all="ignore"):
        [found], *_ = program.runner(np, "value")([np.array([number])])
    return float(found)


@pytest.mark.parametrize("constant", [0.0, -0.0, 1.0, -1.0, 2.0, math.inf, math.nan])
@pytest.mark.parametrize("op", [operator.add, operator.sub, operator.mul, weighted_pair, both])
def test_no_forward_line_is_simplified(op, constant):
    x = Value(2.0, "x")
    programs = record(op(x, constant), [x]), record(op(constant, x), [x])
    for number in BY_COMPUTATION:
        graphs = op(Value(number), constant), op(constant, Value(number))
        for program, graph in zip(programs, graphs, strict=True):
            assert same_bits(program(number), graph.data)
            assert same_bits(on_an_array(program, number), graph.data)


def test_a_constant_keeps_its_sign_beside_one_that_equals_it():
    x = Value(-0.0, "x")
    assert same_bits(record(x + 0.0, [x])(-0.0), 0.0)
    assert same_bits(record(x + -0.0, [x])(-0.0), -0.0)


def test_numbers_of_numpy_are_numbers_in_a_program():
    x = Value(1.0, "x")
    total_of = record(total([x, np.float64(3.0)]) * np.float32(2.0), [x])
    assert "np" not in total_of.source
    assert type(total_of(1.0)) is float
    assert total_of(1.0) == 8.0


def test_the_source_runs_as_it_is_printed():
    x, w = Value(0.5, "x"), Value(0.7, "w")
    output = total(op(x * w + (1.5 if op is acosh else 0)) for op in FUNCTIONS)
    program = record(output + x**w + maximum(w, x) + minimum(x, math.inf) + abs(x), [x])
    space = {}
    exec(program.source, space)
    assert space["value_and_gradients"](0.5, 0.7) == program.value_and_gradients(0.5)


def test_a_primitive_of_your_own_is_imported_from_where_it_is():
    x = Value(3.0, "x")
    space = {}
    exec(record(softsign(x) * 2, [x]).source, space)
    assert space["value_and_gradients"](3.0) == (1.5, (0.125,), ())


SHELLS = """
import sys, builtins
builtins.get_ipython = builtins.mine = None
from autograd_mini import Value, record
leaves = [Value(1.0, label) for label in ("exit", "display", "mine", "get_ipython", "quit")]
print(record(leaves[0] * leaves[1] * leaves[2] * leaves[3] * leaves[4]).source)
"""


@pytest.mark.parametrize("arguments", [["-S"], []])
def test_one_graph_has_one_source_in_every_shell(arguments):
    path = {"PYTHONPATH": os.pathsep.join([str(PACKAGE.parent), *filter(None, sys.path)])}
    run = subprocess.run(
        [sys.executable, *arguments, "-c", SHELLS],
        env=os.environ | path,
        capture_output=True,
        text=True,
        check=True,
    )
    [head] = [line for line in run.stdout.splitlines() if line.startswith("def")]
    assert head == "def value_and_gradients(exit_, display_, mine, get_ipython, quit_):"


def test_the_sources_of_programs_that_are_gone_are_gone():
    def sources():
        return sum(file.startswith("<recorded") for file in linecache.cache)

    before = sources()
    for i in range(300):
        x = Value(2.0, "x")
        record(x * (i + 0.123), [x])(1.0)
    assert sources() - before <= 128


def test_lines_are_written_when_they_are_asked_for(monkeypatch):
    def refuse(*_):
        raise AssertionError("written")

    monkeypatch.setattr(programs, "write_listing", refuse)
    monkeypatch.setattr(runner, "LARGE", 0)
    output, x, w = chain_of(5)
    program = record(output, [x])
    output.backward()
    assert program.value_and_gradients(1.5) == (output.data, (x.grad,), (w.grad,))
    assert program(1.5) == output.data
    with pytest.raises(AssertionError, match=r"^written"):
        assert program.source


def test_a_large_program_is_compiled_after_a_few_runs(monkeypatch):
    monkeypatch.setattr(runner, "LARGE", 0)
    output, x, _ = chain_of(5)
    program = record(output, [x])
    found = {repr(program.value_and_gradients(1.5)) for _ in range(programs.BY_VALUES)}
    assert "listing" not in vars(program)
    found.add(repr(program.value_and_gradients(1.5)))
    assert "listing" in vars(program)
    assert len(found) == 1


def test_a_sum_of_a_hundred_thousand_is_recorded_and_run():
    xs = [Value(1.0) for _ in range(100_000)]
    program = record(total(xs))
    assert program() == 1e5
    assert program.value_and_gradients().parameters[-1] == 1.0


def test_a_branch_that_is_off_passes_nothing_whatever_arrives():
    x = Value(-1.0, "x")
    big = Value(1e308, "big")
    output = relu(x) * big * 10.0 * 10.0 + big
    program = record(output, [x])
    output.backward()
    assert same_bits(program.value_and_gradients(-1.0).inputs[0], x.grad)


@pytest.mark.parametrize("count", [0, 2], ids=["parameters", "inputs"])
def test_a_branch_that_is_off_hides_what_is_no_number_behind_it(count):
    a, b = Value(math.nan, "a"), Value(0.0, "b")
    output = relu(b - a**b) * 1.0  # and NaN⁰ is 1
    found = record(output, [a, b][:count]).value_and_gradients(*[math.nan, 0.0][:count])
    assert found.inputs + found.parameters == (0.0, 0.0)


def test_the_term_of_a_branch_lets_nothing_through_where_it_is_off():
    x = Value(2.0, "x")
    assert "    x_grad = through(v1_grad, above(x, 0.0))  #" in record(relu(x) * 3.0, [x]).source


HOSTILE = ["lambda", "exp", "x\n    import os", "a#b", "'''", "__debug__", "1x", "π²", "é" * 90]
HOSTILE += [
    "None",
    "print",
    "\u202e",
    "{y}",
    "{0}",
    "a_grad",
    "a",
    "inf",
    "v1",
    "{",
    "L",
    "_",
    "\\",
]


def test_labels_cannot_break_the_source():
    leaves = [Value(1.0 + i, label) for i, label in enumerate([*HOSTILE, *HOSTILE])]
    output = total(leaf * leaf for leaf in leaves)
    program = record(output, leaves)
    result = program.value_and_gradients(*(leaf.data for leaf in leaves))
    assert result.inputs == tuple(2 * leaf.data for leaf in leaves)
    assert all(line.isprintable() for line in program.source.split("\n"))
    assert set(re.findall(r"\w*import\w*", program.source)) <= {
        f"x_import_os{suffix}" for suffix in ("", "_2", "_grad", "_2_grad", "_2_2", "_2_2_grad")
    }


@given(st.lists(st.text(max_size=8), max_size=12))
def test_identifiers_are_different_and_valid(labels):
    found = identifiers(labels)
    adjoints = [f"{name}_grad" for name in found]
    assert len({*found, *adjoints}) == 2 * len(labels)
    space = {}
    exec("\n".join(f"{name} = {i}" for i, name in enumerate(found)), space)
    assert [space[name] for name in found] == list(range(len(found)))


def test_pieces_give_what_one_function_gives(monkeypatch):
    xs = [Value(0.1 * i, f"x{i}") for i in range(1, 40)]
    output = total(tanh(x * x) / x for x in xs)
    whole = record(output, xs[:2])
    expected = whole.value_and_gradients(0.3, 0.4)
    value = whole(0.3, 0.4)
    monkeypatch.setattr(runner, "LARGE", 0)
    monkeypatch.setattr(programs, "BY_VALUES", 0)
    monkeypatch.setattr(runner, "PIECE", 7)
    cut = record(output, xs[:2])
    assert cut.value_and_gradients(0.3, 0.4) == expected
    assert cut(0.3, 0.4) == value


def test_a_sum_of_thousands_is_no_formula_too_deep_for_python():
    xs = [Value(float(i)) for i in range(5000)]
    program = record(weighted_sum(xs, xs, 1.0) + total(xs))
    result = program.value_and_gradients()
    assert result.value == 1 + sum(i * i + i for i in range(5000))
    assert result.parameters == tuple(2.0 * i + 1 for i in range(5000))


def test_a_traceback_shows_the_line_of_the_source():
    x = Value(2.0, "x")
    program = record(log(x), [x])
    value, scope = program.listing.value, runner.floats(program.listing.primitives)
    body = [line.code for line in value.lines]
    lines = runner.bind(value, body, scope, waits=False)
    with pytest.raises(ValueError, match="math domain") as caught:
        lines([0.0])
    shown = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert shown.line == "L = log(x)"
    text = "def value(x):\n    L = log(x)\n    return L, (), ()\n"
    assert "".join(linecache.getlines(shown.filename)) == text


@pytest.mark.parametrize(
    ("make", "number", "error", "message"),
    [
        (log, 0.0, ValueError, r"log\(x\) with x = 0: a pole"),
        (lambda x: 1 / x, 0.0, ZeroDivisionError, "x = 0"),
        (lambda x: x.exp(), 1000.0, OverflowError, "too large for a float"),
        (lambda x: x**0.5, -1.0, ValueError, "x = -1"),
        (lambda x: x**-1, 0.0, ValueError, "x = 0"),
        (lambda x: x**2, 1e200, OverflowError, "x = 1e\\+200"),
    ],
)
def test_domain_errors_are_those_of_the_engine(make, number, error, message):
    x = Value(2.0, "x")
    program = record(make(x), [x])
    with pytest.raises(error, match=message):
        make(Value(number, "x"))
    for call in (program, program.value_and_gradients, program.backward):
        with pytest.raises(error, match=message):
            call(number)


def test_a_partial_that_does_not_exist_raises_only_where_an_adjoint_reaches_it():
    x, gate = Value(4.0, "x"), Value(1.0, "gate")
    program = record(gate * sqrt(x), [x, gate])
    with pytest.warns(UndefinedWarning, match=r"^sqrt\(x\) with x = 0 has no deriv") as caught:
        assert program.value_and_gradients(0.0, 0.0).inputs == (0.0, 0.0)
    assert [warning.filename for warning in caught] == [__file__]
    with pytest.raises(ZeroDivisionError, match=r"sqrt\(x\) with x = 0 has no derivative"):
        program.value_and_gradients(0.0, 1.0)
    assert program(0.0, 1.0) == 0.0


def test_a_constant_base_below_zero_is_no_error_until_its_exponent_needs_a_derivative():
    n, other = Value(2.0, "n"), Value(0.0, "other")
    program = record(other * (-2.0) ** n, [n, other])
    with pytest.warns(UndefinedWarning, match="has no derivative"):
        assert program.value_and_gradients(2.0, 0.0) == (0.0, (0.0, 4.0), ())
    with pytest.raises(ValueError, match="no derivative"):
        program.value_and_gradients(2.0, 1.0)


def test_a_program_works_after_an_error():
    x = Value(2.0, "x")
    program = record(log(x), [x])
    with pytest.raises(ValueError, match="log"):
        program(-1.0)
    assert program(1.0) == 0.0


def test_nan_comes_out_where_nan_goes_in():
    x = Value(2.0, "x")
    result = record(relu(x) + maximum(x, 1.0), [x]).value_and_gradients(math.nan)
    assert math.isnan(result.value)
    assert math.isnan(result.inputs[0])


def test_a_leaf_is_a_program_too():
    x = Value(2.0, "x")
    assert record(x, [x]).value_and_gradients(3.0) == (3.0, (1.0,), ())
    assert record(x).value_and_gradients() == (2.0, (), (1.0,))


def test_a_program_outlives_its_graph_and_travels():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    program = pickle.loads(pickle.dumps(record(tanh(w * x), [x])))
    assert program.value_and_gradients(2.0).value == math.tanh(6.0)
    [w_there] = program.parameters
    w_there.data = 0.0
    assert program(2.0) == 0.0
    assert w.data == 3.0


def test_a_program_is_freed_without_the_collector():
    x = Value(2.0, "x")
    record(tanh(x), [x])(1.0)  # compiled once, and kept
    assert count_garbage(lambda: record(tanh(x), [x])(1.0)) == 0


@pytest.mark.parametrize(
    ("inputs", "error", "message"),
    [
        (lambda x, _: [x, x], ValueError, "^the input x is given twice"),
        (lambda _, y: [y], ValueError, "^an input must be a leaf, but .* is computed from others"),
        (lambda *_: [Value(1.0, "z")], ValueError, "^the output does not depend on the input z"),
        (lambda *_: [2.0], TypeError, "^input 1 is float 2.0; need a Value of the graph"),
    ],
)
def test_wrong_inputs_are_refused(inputs, error, message):
    x = Value(2.0, "x")
    y = x * x
    with pytest.raises(error, match=message):
        record(y + 1, inputs(x, y))


def test_wrong_arguments_are_refused():
    x, y = Value(2.0, "x"), Value(2.0, "y")
    program = record(x * y, [x, y])
    with pytest.raises(TypeError, match=r"the inputs are \(x, y\), but 1 were given"):
        program(1.0)
    told = (
        r"^y needs a real number or an array with one axis, got an array of shape \(1,\) and type c"
    )
    for call in (program, program.backward, program.compile(kernel=True)):
        with pytest.raises(TypeError, match=told):
            call(1.0, np.array([1j]))
    with pytest.raises(TypeError, match="y needs a real number or an array with one axis, got str"):
        program(1.0, "2")
    with pytest.raises(TypeError, match=r"^need one Value, got float"):
        record(2.0)


def test_a_frozen_branch_warns_once_and_names_the_line():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    y = w * x
    if y > 0 and y < 100:
        y = y + 1
    with pytest.warns(UserWarning, match=r"^Values were compared .*test_program.py:") as warned:
        record(y, [x])
    assert len(warned) == 1
    assert warned[0].filename == __file__


def test_a_comparison_that_does_not_depend_on_the_inputs_does_not_warn():
    x, w = Value(2.0, "x"), Value(3.0, "w")
    assert w > 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        record(w * x, [x])


def test_a_primitive_of_your_own_is_recorded():
    x = Value(3.0, "x")
    program = record(softsign(x) * 2, [x])
    assert program.value_and_gradients(3.0) == (1.5, (0.125,), ())


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("exp", r"^a primitive called 'exp' cannot be recorded: give it another name"),
        ("my own", r"^a primitive called 'my own' cannot be recorded: give it another name"),
        ("print", r"^a primitive called 'print' cannot be recorded: give it another name"),
    ],
)
def test_a_primitive_with_an_impossible_name_is_refused(name, told):
    strange = Primitive(name, lambda a: a, lambda *_: 1.0)
    x = Value(3.0, "x")
    with pytest.raises(ValueError, match=told):
        record(strange(x).exp(), [x])


def test_two_primitives_of_one_name_are_refused():
    x, other = Value(3.0, "x"), Primitive("softsign", lambda a: a, lambda *_: 1.0)
    program = record(softsign(x) + other(x), [x])
    with pytest.raises(ValueError, match=r"^two primitives are called softsign: give one another"):
        assert program.source


@pytest.mark.parametrize("n", range(1, 41))
def test_the_source_compiles_however_many_inputs_it_has(n):
    inputs = [Value(1.0 + i, f"x{i}") for i in range(n)]
    weights = [Value(0.5, f"weight{i}") for i in range(n)]
    program = record(weighted_sum(weights, inputs), inputs=inputs)
    compile(program.source, "program", "exec")
    assert program(*[2.0] * n) == n


def chain_of(n):
    """Return a chain of products, and its leaves."""
    x, w = Value(1.5, "x"), Value(0.9, "w")
    output = x
    for _ in range(n):
        output = output * w
    return output, x, w


def test_progress_sees_every_operation_read_and_written_and_every_name_and_piece(monkeypatch):
    monkeypatch.setattr(runner, "LARGE", 0)
    monkeypatch.setattr(programs, "BY_VALUES", 0)
    monkeypatch.setattr(runner, "PIECE", 7)
    seen = []

    def progress(items, unit):
        for item in items:
            seen.append(unit)
            yield item

    output, x, _w = chain_of(5)
    program = record(output, [x], progress=progress)
    assert seen == ["operation"] * 5
    assert program.value_and_gradients(1.5) == record(output, [x]).value_and_gradients(1.5)
    lines = len(program.listing.value_and_gradients.lines)
    assert seen[5:22] == [*["name"] * 7, *["operation"] * 10]
    assert seen[22:] == ["piece"] * -(-lines // 7)
    pickle.loads(pickle.dumps(program))


@pytest.mark.parametrize("unit", ["operation", "piece"])
def test_an_interrupt_while_writing_or_compiling_leaves_everything_as_it_was(monkeypatch, unit):
    monkeypatch.setattr(runner, "LARGE", 0)
    monkeypatch.setattr(programs, "BY_VALUES", 0)
    interrupted = []

    def progress(items, found):
        for item in items:
            if found == unit and not interrupted:
                interrupted.append(found)
                raise KeyboardInterrupt
            yield item

    output, x, w = chain_of(5)
    with pytest.raises(KeyboardInterrupt):
        record(output, [x], progress=progress).backward(1.5)
    assert (interrupted, x.grad, w.grad) == ([unit], 0.0, 0.0)
    program = record(output, [x], progress=progress)
    output.backward()
    expected, w.grad = w.grad, 0.0
    assert (program.backward(1.5), w.grad) == (output.data, expected)


def test_a_call_that_was_interrupted_while_it_compiled_compiles_the_next_time(monkeypatch):
    monkeypatch.setattr(runner, "LARGE", 0)
    monkeypatch.setattr(programs, "BY_VALUES", 0)
    calls = []

    def progress(items, unit):
        calls.append(unit)
        if calls.count("piece") == 1 and unit == "piece":
            raise KeyboardInterrupt
        return items

    output, x, w = chain_of(5)
    program = record(output, [x], progress=progress)
    with pytest.raises(KeyboardInterrupt):
        program.backward(1.5)
    assert w.grad == 0.0
    assert program.backward(1.5) == output.data
