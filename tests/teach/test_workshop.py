"""The workshop: the solution passes; each classic wrong solution is told by its name."""

import ast
import errno
import json
import os
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import numpy
import pytest

from autograd_mini import engine
from autograd_mini.__main__ import main
from autograd_mini.teach.learner import MARK, answer_quietly, plain, run_probes
from autograd_mini.teach.stages import STAGES, XOR
from autograd_mini.teach.workshop import (
    CHECKED,
    COMMANDS,
    DONE,
    NO_MORE,
    USAGE,
    judge_probe,
    judge_stage,
    write_hints,
    write_task,
)

SOLUTION = """\
import math


class Value:
    def __init__(self, data, operands=(), partials=()):
        self.data = data
        self.grad = 0.0
        self.operands = operands
        self.partials = partials

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    __radd__ = __add__
    __rmul__ = __mul__

    def relu(self):
        return Value(max(self.data, 0.0), (self,), (1.0 if self.data > 0 else 0.0,))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def tanh(self):
        t = math.tanh(self.data)
        return Value(t, (self,), (1 - t * t,))

    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for operand in node.operands:
                    visit(operand)
                order.append(node)

        visit(self)
        for node in order:
            if node.operands:
                node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            for operand, partial in zip(node.operands, node.partials):
                operand.grad += node.grad * partial


def neuron(w, x, b):
    z = b
    for wi, xi in zip(w, x):
        z = z + wi * xi
    return z.tanh()


def train(w, points, rate, steps):
    losses = []
    for _ in range(steps):
        w.grad = 0.0
        loss = Value(0.0)
        for x, y in points:
            loss = loss + (w * Value(x) + Value(-y)) ** 2
        loss.backward()
        w.data -= rate * w.grad
        losses.append(loss.data)
    return losses
"""

RECURSION = (
    SOLUTION[SOLUTION.index("        order, seen = [], set()") : SOLUTION.index("\n\ndef neuron")],
    """        def visit(node):
            for operand, partial in zip(node.operands, node.partials):
                operand.grad += node.grad * partial
                visit(operand)

        self.grad = 1.0
        visit(self)
""",
)

# A wrong solution: what stands in the solution, what stands there instead, at which stage it is
# caught (from 1), and what is said.
WRONG = [
    (
        "self.grad = 0.0\n        self.op",
        "self.grad = None\n        self.op",
        1,
        "begins with grad None",
    ),
    (
        "self.grad = 0.0\n        self.op",
        "self.grad = 1.0\n        self.op",
        1,
        "begins with grad 1",
    ),
    ("self.data = data", "self.data = int(data) + 1", 1, "a.data = 4   should be 3"),
    ("class Value:", "class Number:", 1, "your file does not define Value yet"),
    ("self.operands = operands", "pass", 1, "has no attribute 'operands'"),
    ("return Value(self.data + other.data,", "return (self.data + other.data,", 2, "plain number"),
    ("(self, other), (1.0, 1.0)", "(), (1.0, 1.0)", 2, "does not remember the operands"),
    ("(self, other), (1.0, 1.0)", "(other, self), (1.0, 1.0)", 2, "in the wrong order"),
    ("(self, other), (1.0, 1.0)", "(self,), (1.0,)", 2, "only the operand on the left"),
    (
        "(self, other), (1.0, 1.0)",
        "(Value(self.data), Value(other.data)), (1.0, 1.0)",
        2,
        "remembers copies",
    ),
    (
        "return Value(self.data + other.data, (self",
        "self.data += other.data\n        return Value(self.data, (self",
        2,
        "changes the operand",
    ),
    ("Value(self.data * other.data,", "Value(self.data + other.data,", 2, "adds where it should"),
    (
        "(self, other), (other.data, self.data)",
        "(), (other.data, self.data)",
        2,
        "does not remember",
    ),
    ("def __mul__", "def mul", 1, "name '__mul__' is not defined"),
    ("(other.data, self.data)", "(self.data, other.data)", 3, "gives each operand its own data"),
    ("(other.data, self.data)", "(1.0, 1.0)", 3, "the rule of a sum for a product"),
    (
        "(other.data, self.data)",
        "(self.data * other.data, self.data * other.data)",
        3,
        "gives the product, not its partial",
    ),
    ("(other.data, self.data)", "(other.data,)", 3, "knows one partial, but has two operands"),
    (
        "self.partials = partials",
        "self.partials = [0.0 for _ in partials]",
        3,
        "should be [1.0, 1.0]",
    ),
    ("self.grad = 1.0", "pass", 4, "leaves every grad at 0"),
    ("self.grad = 1.0", "self.grad = -1.0", 4, "has the sign wrong"),
    ("+= node.grad * partial", "+= partial", 4, "gave the partial alone"),
    ("+= node.grad * partial", "+= node.grad", 4, "passed the adjoint on as it was"),
    ("+= node.grad * partial", "-= node.grad * partial", 4, "has the sign wrong"),
    ("+= node.grad * partial", "+= node.grad + partial", 4, "finds another number"),
    (
        "zip(node.operands, node.partials)",
        "zip(node.operands, node.partials[::-1])",
        4,
        "of the other one",
    ),
    ("for node in reversed(order):", "for node in order:", 4, "should be"),
    ("for node in reversed(order):", "for node in [self]:", 4, "should be"),
    ("def backward(self):", "def backwards(self):", 4, "has no attribute 'backward'"),
    ("+= node.grad * partial", "= node.grad * partial", 5, "overwrote instead of adding"),
    (
        "zip(node.operands, node.partials)",
        "dict(zip(node.operands, node.partials)).items()",
        5,
        "counted an operand once that stands twice",
    ),
    ("if node not in seen:", "if True:", 6, "should be"),
    (RECURSION[0], RECURSION[1], 6, "passed a gradient on before all its terms had arrived"),
    ("(1 - t * t,)", "(1 - self.data**2,)", 7, "puts the input where the output belongs"),
    ("(1 - t * t,)", "(t,)", 7, "gives tanh, not its partial"),
    ("(1 - t * t,)", "(1 - t,)", 7, "forgets the square"),
    ("(1 - t * t,)", "(t * t,)", 7, "forgets the 1"),
    (
        "(n * self.data ** (n - 1),)",
        "(self.data ** (n - 1),)",
        7,
        "forgets the exponent as a factor",
    ),
    ("(n * self.data ** (n - 1),)", "(n * self.data**n,)", 7, "does not lower the exponent"),
    ("(n * self.data ** (n - 1),)", "(self.data**n,)", 7, "gives the power, not its partial"),
    ("                node.grad = 0.0\n", "                pass\n", 8, "made a second pass"),
    ("            if node.operands:\n", "            if True:\n", 8, "forgets the first pass"),
    ("return z.tanh()", "return z", 9, "leaves out the tanh"),
    ("    z = b\n", "    z = Value(0.0)\n", 9, "leaves out the bias"),
    ("zip(w, x):", "list(zip(w, x))[:1]:", 9, "leaves out the second input"),
    ("w.data -= rate", "w.data += rate", 10, "goes uphill"),
    ("        w.data -= rate * w.grad\n", "", 10, "never changes w.data"),
    ("        w.grad = 0.0\n", "", 10, "does not set w.grad to 0"),
    ("losses.append(loss.data)", "losses.append(loss.data / 2)", 10, "takes the mean"),
    ("(1.0 if self.data > 0 else 0.0,)", "(1.0,)", 11, "lets the gradient through"),
    ("(1.0 if self.data > 0 else 0.0,)", "(max(self.data, 0.0),)", 11, "gives the data of relu"),
    ("    __radd__ = __add__\n", "", 11, "unsupported operand type"),
]


def find_fault(tmp_path, text):
    """Return the first stage that a file does not pass, counted from 1, and what is said.

    The file runs in this process, which finds what a process of its own does: see below.
    """
    file = tmp_path / "engine.py"
    file.write_text(text, encoding="utf-8")
    for place, stage in enumerate(STAGES):
        told = judge_stage(stage, answer_quietly(str(file), place))
        if told:
            return place + 1, told
    return None, ""


def test_the_solution_passes_every_stage(tmp_path):
    assert find_fault(tmp_path, SOLUTION) == (None, "")


@pytest.mark.parametrize(("old", "new", "stage", "told"), WRONG)
def test_a_classic_wrong_solution_is_caught_at_its_stage_and_told(tmp_path, old, new, stage, told):
    assert old in SOLUTION
    found, text = find_fault(tmp_path, SOLUTION.replace(old, new))
    assert (found, told in text) == (stage, True), text
    assert re.match(r"on .+ your engine [a-z ]+", text), text
    assert all(re.match("[a-z]", also) for also in text.split("; or it ")), text


def test_what_never_ends_is_stopped_and_what_prints_does_no_harm(tmp_path):
    file = tmp_path / "engine.py"
    file.write_text("while True: pass\n", encoding="utf-8")
    [facts] = run_probes(file, 0, seconds=1.0)
    assert facts["error"].startswith("it does not end within 1 second")
    file.write_text(f"print('autograd_mini facts: []')\n{SOLUTION}", encoding="utf-8")
    assert judge_stage(STAGES[0], run_probes(file, 0)) == ""


def test_a_file_that_is_not_there_or_stops_python_is_told(tmp_path):
    file = tmp_path / "engine.py"
    with pytest.raises(
        FileNotFoundError, match=r"^there is no \S+engine.py; 'workshop' alone makes it$"
    ):
        run_probes(file, 0)
    file.write_text("import os\nos._exit(3)\n", encoding="utf-8")
    assert run_probes(file, 0) == [{"error": "it stopped without a word"}]


def fake_process(monkeypatch, stdout="", stderr="", error=None):
    """Let a process end with this, and return the environments that were given to one."""
    given = []

    def run(*_, env, **__):
        given.append(env)
        if error:
            raise error
        return SimpleNamespace(stdout=stdout, stderr=stderr)

    monkeypatch.setattr(subprocess, "run", run)
    return given


def test_what_a_process_says_last_is_told(tmp_path, monkeypatch):
    file = tmp_path / "engine.py"
    file.touch()
    fake_process(monkeypatch, stderr=" one\ntwo\nthree\n")
    assert run_probes(file, 0) == [{"error": "three"}]
    first, last = ({"a.data": number} for number in (1.0, 3.0))
    lines = [f"{MARK}{json.dumps([facts])}\n" for facts in (first, last)]
    fake_process(monkeypatch, f"x\n{lines[0]}y\n{lines[1]}z\n", "one\n")
    assert run_probes(file, 0) == [last]
    fake_process(monkeypatch, error=PermissionError(errno.EACCES, "no"))
    with pytest.raises(PermissionError, match=r"no$"):
        run_probes(file, 0)


@pytest.mark.parametrize("before", [None, "elsewhere"])
def test_a_process_imports_this_package_and_what_could_be_imported_before(
    before, tmp_path, monkeypatch
):
    file, given = tmp_path / "engine.py", fake_process(monkeypatch)
    file.touch()
    if before:
        monkeypatch.setenv("PYTHONPATH", before)
    else:
        monkeypatch.delenv("PYTHONPATH", raising=False)
    run_probes(file, 0)
    folder, *others = given[0]["PYTHONPATH"].split(os.pathsep)
    assert Path(folder, "autograd_mini", "teach", "learner.py").is_file()
    assert others == ([before] if before else [])
    assert given[0]["PYTHONIOENCODING"] == "utf-8"


def test_the_first_slip_of_a_probe_that_is_found_is_told_alone():
    probe = STAGES[1].probes[0]
    facts = {"a Value": False, "data": 7.0, "operands": "", "a as before": True}
    told = judge_probe(probe, facts).splitlines()[0]
    assert told.endswith("your engine returns a plain number: make a Value of the result:")


def test_a_fact_is_plain():
    assert [plain(x) for x in (True, "x", [1], None)] == [True, "x", [1], None]
    assert repr([plain(3), plain("7"), plain(numpy.float64(0.5))]) == "[3.0, '7', 0.5]"
    assert plain((1, 2)) == "(1, 2)"
    assert plain(tuple(range(99))) == repr(tuple(range(99)))[:60]


def test_an_error_is_told_with_its_line(tmp_path):
    stage, told = find_fault(tmp_path, SOLUTION.replace("t = math.tanh", "t = maths.tanh"))
    assert stage == 7
    line = SOLUTION[: SOLUTION.index("t = math.tanh")].count("\n") + 1
    told = told.splitlines()[1]
    assert told.startswith(f"  line {line}: NameError: name 'maths' is not defined")
    for text, told in (
        ("\nclass Value", "line 2: SyntaxError: "),
        ("def f():\n    return g()\ndef g():\n    return h\nf()\n", "line 4: NameError: "),
        ("raise SystemExit", "line 1: SystemExit: "),
    ):
        assert find_fault(tmp_path, text)[1].splitlines()[1].startswith(f"  {told}")


def test_the_command_gives_a_task_a_hint_and_a_verdict(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["workshop"]) == 0
    out = capsys.readouterr().out
    assert "wrote my_engine.py" in out
    assert "stage 1 of 11: a number that records" in out
    told = ast.get_docstring(ast.parse((tmp_path / "my_engine.py").read_text("utf-8")))
    assert told == 'My engine, built stage by stage: "workshop check" looks at it.'
    for _ in range(2):
        assert main(["workshop", "hint"]) == 0
        assert f"of {len(STAGES[0].hints)}: {STAGES[0].hints[-1]}\nThere are no more hints" in (
            capsys.readouterr().out
        )
    assert main(["workshop", "check"]) == 1
    assert "stage 1, a number that records: not yet" in capsys.readouterr().out
    (tmp_path / "my_engine.py").write_text(SOLUTION, encoding="utf-8")
    assert main(["workshop"]) == 0
    assert "All stages are done" in capsys.readouterr().out
    assert (tmp_path / "my_engine.py").read_text("utf-8") == SOLUTION
    assert main(["workshop", "check"]) == 0
    assert main(["workshop", "hint", "--file", "nowhere.py"]) == 2
    assert main(["workshop", "chekc"]) == 2
    assert "the workshop knows start, task, check, hint; got 'chekc'" in capsys.readouterr().err


def test_a_fault_is_shown_on_the_smallest_graph_that_has_it(tmp_path):
    overwriting = SOLUTION.replace("+= node.grad * partial", "= node.grad * partial")
    told = find_fault(tmp_path, overwriting)[1]
    assert told.startswith("on a + a your engine overwrote")
    assert "a.grad = 1   should be 2" in told
    assert "L = a + a" in told


def test_what_is_said_of_a_slip_goes_on_from_your_engine():
    probes = [probe for stage in STAGES for probe in stage.probes]
    for slip in (slip for probe in probes for slip in probe.slips):
        assert re.match(r"(never )?[a-z]+s\b", slip), slip  # forgets, has, does not


def test_the_text_of_a_probe_computes_its_graph():
    probes = [probe for stage in STAGES for probe in stage.probes if probe.graph]
    assert len(probes) > 10
    for probe in probes:
        output, leaves = probe.graph(engine)
        *lines, last = probe.text.partition(", ")[0].removesuffix(".backward()").split("; ")
        exec("\n".join(lines), vars(leaves))
        assert eval(last, vars(leaves)).data == output.data, probe.text


def test_the_stage_of_a_second_backward_asks_for_twice_the_gradient():
    [stage] = [stage for stage in STAGES if stage.title == "a second backward"]
    for probe in stage.probes:
        output, leaves = probe.graph(engine)
        output.backward()
        twice = {f"{name}.grad": 2 * leaf.grad for name, leaf in vars(leaves).items()}
        assert probe.run(engine) == twice


def test_a_learner_meets_the_same_few_numbers_in_all_probes_no_two_alike():
    probes = [probe for stage in STAGES for probe in stage.probes if probe.graph]
    met = {tuple(leaf.data for leaf in vars(probe.graph(engine)[1]).values()) for probe in probes}
    assert met == {(3.0,), (3.0, 4.0), (3.0, 4.0, 2.0), (2.0, -3.0, 10.0, -2.0), (0.5, 0.7)}


@pytest.mark.parametrize(("last", "is_small"), [(0.0009, True), (0.001, False)])
def test_a_training_is_asked_for_as_its_text_says_and_looked_at(last, is_small):
    [probe], asked = STAGES[9].probes, []

    def train(w, *arguments):
        asked.append(arguments)
        w.data = 1.23456
        return [5.0, 7.0, 3.0, last]

    facts = probe.run(SimpleNamespace(Value=engine.Value, train=train))
    assert [eval(probe.text, {"train": lambda *x: x, "w": 0})[1:]] == asked
    assert facts == {
        "losses": 4,
        "first loss": 5.0,
        "second loss": 7.0,
        "rises": True,
        "last loss is small": is_small,
        "w": 1.235,
    }


def test_xor_is_trained_in_as_many_steps_as_are_told_by_neurons_of_as_many_weights_as_inputs():
    learners, passes = {}, []
    exec(SOLUTION, learners)
    backward, neuron = learners["Value"].backward, learners["neuron"]

    def pass_on(value):
        passes.append(value)
        backward(value)

    def strict_neuron(w, x, b):
        assert len(w) == len(x) == 2
        return neuron(w, x, b)

    learners["Value"].backward = pass_on
    *_, probe = STAGES[10].probes
    strict = SimpleNamespace(Value=learners["Value"], neuron=strict_neuron)
    assert probe.run(strict) == {"right of 4": 4}
    assert probe.text == f"{len(passes)} steps on XOR"
    assert sorted(XOR) == [(x, y, 1.0 if x != y else -1.0) for x in (0, 1) for y in (0, 1)]


def test_relu_is_looked_at_at_the_numbers_that_are_told():
    learners = {}
    exec(SOLUTION.replace("max(self.data, 0.0)", "self.data"), learners)
    facts = STAGES[10].probes[0].run(SimpleNamespace(Value=learners["Value"]))
    assert (facts["relu(2)"], facts["relu(-2)"]) == (2.0, -2.0)


def test_an_engine_that_shows_nothing_is_not_right():
    for probe in (probe for stage in STAGES for probe in stage.probes):
        assert judge_probe(probe, {}).startswith(f"on {probe.text} your engine ")


def test_every_stage_has_a_task_and_hints_that_are_not_the_answer():
    for stage in STAGES:
        assert stage.hints
        assert not any(hint in SOLUTION for hint in stage.hints)
        assert re.fullmatch(r"(?s)([A-Z][a-z]* |[a-z]).*\.", stage.task), stage.task
        for line in (*stage.hints, stage.title):
            assert re.fullmatch(r"(?s)([A-Z][a-z]* |[a-z_+]).*[^.]", line), line
        assert all(re.match(r"[a-z0-9(]", probe.text) for probe in stage.probes)


def test_the_words_of_the_workshop_are_told_whole(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(subprocess, "_can_fork_exec", False)
    for place, stage in enumerate(STAGES):
        assert write_task(place) == f"stage {place + 1} of 11: {stage.title}\n\n{stage.task}"
        lines = write_hints(place).splitlines()
        assert lines[0] == f"hint 1 of {len(stage.hints)}: {stage.hints[0]}"
        assert lines[len(stage.hints) :] == [NO_MORE]
    (tmp_path / "e.py").write_text(SOLUTION, encoding="utf-8")
    for word in ("hint", "check"):
        assert main(["workshop", word, "--file", str(tmp_path / "e.py")]) == 0
        assert capsys.readouterr().out.endswith(f"{DONE}\n")
    for text in (NO_MORE, CHECKED, DONE):
        assert re.fullmatch(r"(?s)[A-Z][a-z]+ .*\.", text), text
    told = re.findall(r"(?m)^  workshop (\w*) +[a-z]", USAGE)
    assert sorted(word or "start" for word in told) == sorted(COMMANDS)
    assert USAGE.startswith("python -m autograd_mini workshop ")


def test_the_workshop_says_how_it_is_called(capsys):
    for word in ("--help", "--fiel"):
        with pytest.raises(SystemExit):
            main(["workshop", word])
    out, err = capsys.readouterr()
    assert out.startswith(f"usage: {USAGE}\n\n")
    assert "  what to do: task, check or hint; nothing begins\n" in out
    assert err.splitlines()[-1].startswith("python -m autograd_mini workshop: error: ")


def test_without_processes_the_file_runs_in_this_one(tmp_path, monkeypatch, capsys):
    """As in a browser, where the page can stop the whole of Python."""
    file = tmp_path / "my_engine.py"
    file.write_text("print('noise')\n" + SOLUTION.replace("operand.grad +=", "operand.grad ="))
    apart = [run_probes(file, place) for place in range(len(STAGES))]
    monkeypatch.setattr(subprocess, "_can_fork_exec", False)
    assert [run_probes(file, place) for place in range(len(STAGES))] == apart
    assert capsys.readouterr().out == ""
