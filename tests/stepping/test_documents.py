"""What is told of a graph, in the notations of print and of PyTorch: true, and readable there."""

import contextlib
import importlib.util
import io
import math
import operator
import re
import sys
import types
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_mini
from autograd_mini import Primitive, Value, explain, gradient, hypot, total, weighted_sum
from autograd_mini.engine.primitives import TABLE
from autograd_mini.nn import MLP
from autograd_mini.notation.equation import write_columns
from autograd_mini.notation.latex import LATEX_HAND
from autograd_mini.notation.screen import INKS
from autograd_mini.stepping.documents import Script
from autograd_mini.stepping.explaining import write_record
from autograd_mini.stepping.naming import Graph
from autograd_mini.stepping.steps import evaluations, steps
from tests.graphs import graphs
from tests.readers import read_latex


def network():
    """Return the loss of a small network whose output has a label of its own."""
    model = MLP(2, [2, 1], activation="tanh", seed=1)
    y = model([Value(0.5, "x1"), Value(-1.0, "x2")])
    y.label = "y"
    return (y - 1.0) ** 2


# LaTeX, MathML, Markdown


@given(graphs())
def test_every_side_of_a_printed_equation_is_worth_the_number_at_its_end(drawn):
    _, output = drawn
    script = Script(Graph(output), LATEX_HAND)
    letters = {script.name(x).text: x.data for x in script.graph}
    for line in evaluations(script.graph):
        _, *sides = script.row(line).sides
        for side in sides:
            # factors of four digits, and functions of them, say what they say to three
            found = read_latex(side.formula.text, letters)
            assert found == pytest.approx(line.node.data, rel=2e-2, abs=2e-2), side


@given(graphs())
def test_equal_and_nearly_stand_where_the_terminal_has_them(drawn):
    _, output = drawn
    graph = Graph(output)
    script = Script(graph, LATEX_HAND)
    for line in evaluations(graph):
        plain = [text[0] for text in write_columns(*line.sides)[1:] if text]
        assert [side.sign for side in script.row(line).sides[1:]] == plain
    for step in steps(graph):
        assert script.row(step).sides[-1].sign == step.sign


def test_latex_is_one_align_with_a_row_for_each_line():
    a, b = Value(2.0, "a1"), Value(-3.0, "b")
    text = explain(a * b).latex()
    assert text.startswith("\\begin{align*}\n\\intertext{forward}\na_{1} &= 2 \\\\\n")
    assert text.endswith("\\frac{\\partial L}{\\partial b} &= 2\n\\end{align*}")
    assert text.count(" \\\\\n") == 7
    assert text.count("{") == text.count("}")


def test_a_computation_is_the_same_lines_in_latex_and_in_markdown():
    told = explain(Value(2.0, "a") * 3.0)
    forward = ["a &= 2", r"L &= a \cdot 3 = 2 \times 3 = 6"]
    gradients = [r"\frac{\partial L}{\partial a} &= 3"]
    backward = [
        r"\frac{\partial L}{\partial L} &= 1",
        r"\frac{\partial L}{\partial a} &= \frac{\partial L}{\partial L} "
        r"\cdot \frac{\partial \left(a \cdot 3\right)}{\partial a} "
        r"= \frac{\partial L}{\partial L} \cdot 3 = 1 \times 3 = 3",
    ]
    parts = {"forward": forward, "backward": backward, "gradients": gradients}
    titled = [rf"\intertext{{{x}}}" + "\n" + " \\\\\n".join(y) for x, y in parts.items()]
    body = " \\\\\n".join(titled)
    assert told.latex() == "\\begin{align*}\n" + body + "\n\\end{align*}"
    blocks = [
        f"**{x}**\n\n$$\n\\begin{{aligned}}\n" + " \\cr\n".join(y) + "\n\\end{aligned}\n$$"
        for x, y in parts.items()
    ]
    assert told.markdown() == "\n\n".join(blocks) + "\n"


def test_of_a_long_equation_the_numbers_have_their_own_line():
    xs = [Value(float(i), f"word{i}") for i in range(12)]
    y = weighted_sum(xs, xs[::-1], 1.0)
    row = r"+ 1 \\" + "\n" + r"& = 0 \times 11 + 1 \times 10"
    assert row in explain(y).latex()
    assert row.replace(r" \\", r" \cr") in explain(y).markdown()


def test_letters_with_a_layer_have_a_key():
    told = explain(network())
    assert r" $w^{(2)}_{11}$ is \texttt{layer2.neuron1.w1}" in told.latex()
    assert " $w^{(2)}_{11}$ is `layer2.neuron1.w1`" in told.markdown()
    assert "<code>layer2.neuron1.w1</code>" in told.mathml()
    assert "Here" not in explain(Value(1.0, "a") * 2).latex()


def test_a_term_of_several_is_added_and_the_operand_is_told():
    a = Value(2.0, "a")
    text = explain(a * a).latex()
    assert text.count(r"\mathrel{+}=") == 2
    assert "(through operand 2 only)" in text
    assert r"\mathrel{+}=" not in explain(a * 2).latex()


def test_a_formula_that_is_computed_otherwise_is_told():
    x = Value(20.0, "x")
    told = explain(x.tanh())
    assert r"computed as }\operatorname{sech}\left(x\right)^{2}" in told.latex()
    assert re.search(r"computed as </mtext>.*<mi>sech</mi>.*<mtext>\)</mtext>", told.mathml())
    assert "computed as" not in explain(Value(0.5, "x").tanh()).latex()


def test_mathml_is_well_formed_and_what_a_notebook_shows():
    told = explain(network())
    html = told.mathml()
    assert told._repr_html_() == html
    root = ElementTree.fromstring(html.replace("&#x2061;", ""))
    tables = [x for x in root.iter() if x.tag.endswith("mtable")]
    of_standard = {*root.iter("{http://www.w3.org/1998/Math/MathML}mtable")}
    assert of_standard == {*tables}
    assert [len(table) for table in tables] == [len(part.lines) for part in told.parts]
    outside = [x for x in root.iter() if x.tag.endswith(("div", "math", "mtable", "mtr", "mtd"))]
    words = [x.text for x in outside] + [x.tail for x in root]
    words += [x.tail for x in outside if not x.tag.endswith("math")]
    assert not "".join(filter(None, words)).strip()


def test_the_rows_of_markdown_are_those_of_latex_and_end_in_letters():
    told = explain(network())
    rows, same = (
        [line.removesuffix(end) for line in text.splitlines() if "&" in line]
        for text, end in [(told.latex(), r" \\"), (told.markdown(), r" \cr")]
    )
    assert rows == same
    assert told.markdown().count("\n\\end{aligned}\n$$\n") == len(told.parts)


def test_markdown_has_no_backslash_that_a_reader_takes_for_an_escape():
    text = explain(network()).markdown()
    assert "\\\\" not in text
    assert text.count("$$") == 6


def test_a_label_cannot_leave_its_place():
    y = Value(2.0, "</math><script>$x$ \\end{align*} `") * 3.0
    told = explain(y)
    assert "<script>" not in told.mathml()
    assert "\\end{align*}" not in told.latex().removesuffix("\\end{align*}")


def test_what_is_left_out_and_what_goes_wrong_is_told_in_print_too():
    y = Value(1.0, "x")
    for _ in range(50):
        y = y * 0.5
    assert "lines are left out here" in explain(y, lines=20).latex()
    assert "lines are left out here" in explain(y, lines=20).mathml()
    root = Value(0.0, "x").sqrt()
    assert "ZeroDivisionError" in explain(root).latex()


# PyTorch: run by PyTorch where it is installed; else by a stand-in that is this package itself,
# under PyTorch's names. The stand-in shows that the script says what the graph says; that PyTorch
# has these names and means the same by them, only PyTorch can show.


class StandIn:
    """A number of PyTorch's, made of a Value."""

    def __init__(self, value):
        self.value = value

    def item(self):
        return self.value if isinstance(self.value, float) else self.value.data

    def backward(self):
        self.value.backward()

    @property
    def grad(self):
        return StandIn(self.value.grad)


def lifted(function):
    """Let a function of Values take and give what stands in for PyTorch's numbers."""

    def call(*operands, **_):
        return StandIn(function(*(getattr(x, "value", x) for x in operands)))

    return call


for name in ("add", "sub", "mul", "truediv", "pow", "neg", "eq"):
    function = getattr(operator, name)
    setattr(StandIn, f"__{name}__", lifted(function))
    if name not in {"neg", "eq"}:
        setattr(StandIn, f"__r{name}__", lifted(lambda a, b, f=function: f(b, a)))


# The functions that PyTorch's documentation has, of those with a name of the table.
TORCH = {
    *("abs", "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "erf", "exp"),
    *("expm1", "hypot", "log", "log1p", "logaddexp", "maximum", "minimum", "relu", "sigmoid"),
    *("sin", "sinh", "sqrt", "tan", "tanh"),
}


def stand_in():
    """Return a module that has what scripts use of PyTorch."""
    functions = {name: TABLE[name] for name in TORCH | {"softplus", "leaky_relu"}}
    functions |= {
        "sign": lambda a: a * 0.0 + ((a.data > 0) - (a.data < 0)),
        "where": lambda condition, a, b: a if condition else b,
    }
    torch = types.SimpleNamespace(**{name: lifted(f) for name, f in functions.items()})
    torch.tensor = lambda x, **_: StandIn(Value(x))
    torch.float64 = float
    inner = {name: lifted(functions[name]) for name in ("softplus", "leaky_relu")}
    torch.nn = types.SimpleNamespace(functional=types.SimpleNamespace(**inner))
    return torch


def run(script, torch):
    """Run a script and return the numbers that it prints, by what stands before them."""
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setitem(sys.modules, "torch", torch)
        exec(script, {})
    lines = [line.rpartition(" = ") for line in printed.getvalue().splitlines()]
    return {name: float(number) for name, _, number in lines}


ENGINES = {"stand-in": stand_in}
if importlib.util.find_spec("torch"):
    ENGINES["PyTorch"] = lambda: importlib.import_module("torch")


def expected(output):
    """Return what a script is to print."""
    graph = Graph(output)
    found = dict.fromkeys(graph, 0.0) | {graph.output: 1.0}
    for step in steps(graph):
        found[step.operand] = step.total
    grads = {graph.derivative(x): found[x] for x in graph.leaves}
    return {graph.title: output.data, **grads}


def zoo():
    """Return a graph with functions that PyTorch calls otherwise, and constants beside them."""
    a, b = Value(0.3, "a"), Value(-1.2, "lambda")
    y = autograd_mini.maximum(a * b, 0.5) + hypot(a, 2.0) + abs(b) ** 1.5 + 2.0**a - b.softplus()
    return (y / a + b.leaky_relu() + (-a).sigmoid() + total([a, b, a, 1.0] * 3)).atan()


@pytest.mark.parametrize("engine", ENGINES)
@given(graphs())
def test_a_script_for_pytorch_computes_the_same_value_and_gradients(engine, drawn):
    _, output = drawn
    assert run(explain(output).pytorch(), ENGINES[engine]()) == pytest.approx(
        expected(output), rel=1e-12, abs=1e-12
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("op", TABLE.values(), ids=str)
def test_each_primitive_is_the_same_in_pytorch(engine, op):
    numbers = (1.5, 1.25) if op.name in {"acosh", "power_log"} else (0.5, 0.25)
    output = op(*map(Value, numbers[: len(op.rules)], "ab"))
    script = explain(output).pytorch()
    assert run(script, ENGINES[engine]()) == pytest.approx(expected(output), rel=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("make", [zoo, network], ids=["zoo", "network"])
def test_what_pytorch_calls_otherwise_is_the_same_there(engine, make):
    output = make()
    script = explain(output).pytorch()
    assert run(script, ENGINES[engine]()) == pytest.approx(expected(output), rel=1e-12)
    assert "def " not in script
    assert script.count("requires_grad=True") == len(Graph(output).leaves)


@pytest.mark.parametrize("label", ["a'", 'the "best"', 'it\'s "a"', "a\\n", "torch"])
def test_a_script_prints_any_label_as_it_is_and_still_has_pytorch(label):
    output = Value(2.0, label).tanh()
    assert run(explain(output).pytorch(), stand_in()) == expected(output)


def test_a_derivative_of_a_flat_function_is_written_for_pytorch():
    a = Value(2.0, "a")
    [slope] = gradient(a.relu() * a, [a])
    assert "torch.sign(torch.relu(a - 0.0))" in explain(slope).pytorch()


def test_a_function_of_ones_own_is_written_out_or_refused():
    softsign = Primitive("softsign", lambda a: a / (1 + abs(a)), lambda _, y: (1 - abs(y)) ** 2)
    assert "L = a / (1.0 + torch.abs(a))" in explain(softsign(Value(2.0, "a"))).pytorch()
    erfc = Primitive("erfc", math.erfc, lambda *_: -1.0)
    with pytest.raises(ValueError, match=r"^PyTorch has no erfc, and its function takes numbers"):
        explain(erfc(Value(2.0, "a"))).pytorch()


def test_a_script_reads_its_numbers_as_they_are():
    script = explain(Value(math.inf, "a") * Value(0.1 + 0.2, "b")).pytorch()
    assert 'a = torch.tensor(float("inf"), ' in script
    assert re.search(r"b = torch\.tensor\(0\.30000000000000004, ", script)


# Large networks, and terminals


def large():
    """Return the loss of a network of more values than anyone reads."""
    return MLP(2, [4, 4, 1], activation="tanh", seed=1)([0.5, -1.0]) ** 2


def test_lines_between_modules_are_folded_too_where_they_are_many():
    model = MLP(2, [16, 16, 1], seed=1)
    loss = (model([0.5, -1.0]) - 1.0) ** 2
    told = str(explain(loss))
    assert len(told.splitlines()) < 20
    assert "… 641 lines inside and between 33 modules are folded; expand='layer1.neuron1'" in told
    opened = str(explain(loss, expand="layer2.neuron3"))
    entering = re.findall(r"∂L/∂layer1.neuron\d+.out \+= ∂L/∂layer2.neuron3.z", opened)
    assert len(entering) == 16


def test_what_modules_do_inside_is_folded_in_a_large_network_and_can_be_opened():
    loss = large()
    loss.backward()
    told = explain(loss)
    assert "layer2.neuron3.out = tanh(layer2.neuron3.z)" in " ".join(told.split())
    assert "\n  layer2.neuron3.z " not in told
    assert "∂L/∂layer2.neuron3.w1 " not in told
    assert "lines inside 9 modules are folded; expand='layer1.neuron1' opens one" in told
    opened = explain(loss, expand="layer2.neuron3")
    assert "\n  layer2.neuron3.z " in opened
    assert "∂L/∂layer2.neuron3.w1 ≈ " in opened
    assert "∂L/∂layer2.neuron4.w1 ≈ " not in opened
    assert "folded" not in explain(loss, lines=None)
    assert "folded" not in explain(network())


@pytest.mark.parametrize("module", [{}, {"expand": "layer2"}, {"expand": ["layer1", "layer3"]}])
def test_a_folded_line_is_shown_or_counted(module):
    loss = large()
    graph, told = Graph(loss), explain(loss, **module)
    hidden = sum(int(x) for x in re.findall(r"… (\d+) lines inside", told))
    shown = sum(len(part.lines) for part in told.parts if part.title[0] in "fb")
    notes = len(re.findall("lines inside", told))
    assert hidden + shown - notes == len(graph) + graph.uses.total() + 1


def test_a_module_that_is_not_there_is_told():
    with pytest.raises(
        ValueError, match=r"^expand: no module is called 'layer9'; there are layer1"
    ):
        explain(network(), expand="layer9")


@pytest.mark.parametrize(("count", "rest"), [(0, None), (12, ""), (13, ", …")])
def test_up_to_twelve_modules_are_offered(count, rest):
    xs = [Value(1.0, f"m{i:02}.w") for i in range(count)]
    there = f"there are {', '.join(f'm{i:02}' for i in range(min(count, 12)))}{rest}"
    told = there if count else "no label of this graph names a module"
    with pytest.raises(ValueError, match=f"^expand: no module is called 'layer'; {told}$"):
        explain(total([*xs, Value(1.0)]), expand="layer")


@pytest.mark.parametrize("width", [50, 80, 120])
@pytest.mark.parametrize("make", [network, lambda: Value(2.0, "a") * 3.0])
def test_a_terminal_gets_what_it_has_room_for(monkeypatch, make, width):
    told = explain(make())
    wide = str(told)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("NO_COLOR", "1")
    text = str(told)
    assert text.split() == wide.split()
    assert all(len(line) <= width or " " not in line.strip() for line in text.splitlines())


@given(st.lists(st.text("abc∂", min_size=1, max_size=9), min_size=1), st.integers(20, 40))
def test_a_record_loses_no_column_and_is_no_wider_than_the_screen(row, width):
    lines = write_record(row, width).split("\n")
    assert " ".join(lines).split() == row
    assert all(len(line) <= width + len("  ") for line in lines)
    assert all(len(f"{a}   {b.split()[0]}") > width for a, b in pairwise(lines))


def test_a_terminal_colours_terms_and_gradients_by_their_sign(monkeypatch):
    told = explain(Value(2.0, "a") * Value(-3.0, "b"))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    text = str(told)
    for ink, coloured in [
        ("negative", "1 × (-3) = -3"),
        ("positive", "1 × 2 = 2"),
        ("positive", "∂L/∂L = 1"),
        ("negative", "∂L/∂a = -3"),
    ]:
        assert f"\x1b[{INKS[ink]}m{coloured}\x1b[0m" in text
    assert re.sub(r"\x1b\[[\d;]*m", "", text) == told[:]
