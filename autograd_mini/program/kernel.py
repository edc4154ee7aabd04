"""Kernel: one machine for programs of any size; it is written from the table and compiled once.

A program for it is data, which takes no longer to make than the graph took. The machine's text is
``machine.py`` and, after that, what each primitive of the table computes and the terms of its
chain rule. Numba compiles it when it is first needed, in some twenty seconds, and keeps the result
in a folder of your home; any later process reads it in less than one.

It rounds as Python does, but for the sums over samples, which are added in lanes.

>>> print(write_primitives((primitives.tanh,)).partition("def add_to_operand")[0].rstrip())
def compute_row(code, y, a, b):
    for j in range(LANES):
        y[j] = compute_one(code, a[j], b[j])
    return find_doubt(y)
<BLANKLINE>
<BLANKLINE>
def compute_one(code, a, b):
    if code == 2:
        return tanh(a)
    return nan
"""

import hashlib
import inspect
import math
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from itertools import accumulate, chain
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import ModuleType
from typing import Any

from autograd_mini.engine import floats, primitives
from autograd_mini.engine.primitives import TABLE, Primitive
from autograd_mini.engine.sums import Variadic, affine_sum, sum_of
from autograd_mini.program import machine
from autograd_mini.program.arrays import Array
from autograd_mini.program.descent import Machine
from autograd_mini.program.machine import Tape
from autograd_mini.program.native import AS_IT_IS, compiler, compiler_error
from autograd_mini.program.recording import Recording
from autograd_mini.program.templates import Templates, find_template

BLOCK = 32  # lanes of a batch; eight times what a processor computes at once
ALONE = 8  # samples; fewer are computed one by one

# Loops over these are so short that several lanes are computed in one instruction.
SHORT = [primitives.add, primitives.sub, primitives.mul, primitives.div, primitives.neg]
SHORT += [primitives.above, primitives.equal, primitives.through, primitives.relu]
SHORT += [primitives.leaky_relu, primitives.absolute, primitives.maximum, primitives.minimum]
FLOATS = [f for f in vars(floats).values() if inspect.isfunction(f)]
OPS = tuple(TABLE.values())
NEVER_FAILS = [op for op in SHORT if op not in {primitives.div, primitives.through}]

CALLED = {"compute_one", "find_term"}  # everything else becomes one function
SUMMING = {"add_lanes", "add_doubts", "dot", "four_dots", "find_doubt"}


# The text ----------------------------------------------------------------------------------------


ROW = """\
    if code == {code}:
        for j in range(LANES):
            y[j] = {right}
        return {doubt}
"""
LANE = """\
    if code == {code}:
        return {right}
"""
ROW_TERM = """\
        if i == {i}:
            for j in range(LANES):
                x[j] += {right}
"""
LANE_TERM = """\
        if i == {i}:
            return {right}
"""
DISPATCH = """\
def compute_row(code, y, a, b):
{rows}    for j in range(LANES):
        y[j] = compute_one(code, a[j], b[j])
    return find_doubt(y)


def compute_one(code, a, b):
{lanes}    return nan


def add_to_operand(code, i, x, a, b, y, g):
{row_terms}    for j in range(LANES):
        x[j] += find_term(code, i, a[j], b[j], y[j], g[j])


def find_term(code, i, a, b, y, g):
{lane_terms}    return nan
"""


def write_primitives(ops: Sequence[Primitive]) -> str:
    """Write what the primitives compute, and the terms of their operands, by their codes."""
    parts: defaultdict[str, str] = defaultdict(str)
    for code, op in enumerate(ops, 2):
        known, doubt = templates(op), "0.0" if op in NEVER_FAILS else "find_doubt(y)"
        kind, case, term_case = ("row", ROW, ROW_TERM) if op in SHORT else ("lane", LANE, LANE_TERM)
        right = fill_template(known.forward.right, kind)
        parts[f"{kind}s"] += case.format(code=code, right=right, doubt=doubt)
        rights = [fill_template(term.right, kind) if term else "0.0" for term in known.terms]
        terms = [term_case.format(i=i, right=right) for i, right in enumerate(rights)]
        end = "        return\n" if kind == "row" else ""
        parts[f"{kind}_terms"] += "".join([f"    if code == {code}:\n", *terms, end])
    return DISPATCH.format_map(parts)


def templates(op: Primitive) -> Templates:
    """Return how a primitive and its terms are written; raise ValueError for one of many operands.

    >>> templates(primitives.exp).forward.right
    'exp({0})'
    """
    if isinstance(op, Variadic) or len(op.rules) > 2:
        raise ValueError(f"the kernel takes primitives of one or two operands, not {op.name}")
    return find_template(op, (None,) * len(op.rules))


def fill_template(text: str, kind: str) -> str:
    """Write a template for the numbers of one lane, or for lane j of whole rows."""
    lane = "[j]" if kind == "row" else ""
    return text.format(*(f"{x}{lane}" for x in "ab"), y=f"y{lane}", g=f"g{lane}")


def write_functions(ops: Sequence[Primitive]) -> str:
    """Write the functions of the table that Python has not, and where it has the others."""
    used = find_functions(ops)
    own = [inspect.getsource(op.forward) for op in used.values() if op.forward in FLOATS]
    maths = ["inf", "nan", *(name for name in used if hasattr(math, name) and name != "pow")]
    return "\n\n\n".join([f"import math\nfrom math import {', '.join(maths)}", *own])


def find_functions(ops: Sequence[Primitive]) -> dict[str, Primitive]:
    """Return the primitives that are called where these are computed, by name.

    Negation is an operator, and ``through`` the machine's own.
    """
    found: dict[str, Primitive] = {}
    for op in ops:
        found |= templates(op).functions
    written = {primitives.neg, primitives.through}
    return {name: op for name, op in sorted(found.items()) if op not in written}


# The machine -------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def compile_machine(lanes: int, ops: tuple[Primitive, ...] = OPS) -> Callable[..., float]:
    """Compile the machine with these primitives, or read it from the disk.

    With primitives of your own it stays in this process. Raises ImportError with the line to type
    where Numba is missing.
    """
    own = [op for op in ops if op not in OPS]
    parts = write_functions(ops), write_primitives(ops), f"LANES = {lanes}\n"
    module = import_text("\n\n\n".join([inspect.getsource(machine), *parts]))
    vars(module).update((name, op.forward) for name, op in find_functions(own).items())
    return compile_module(module, "run_samples", declare_machine(), keep=not own, _nrt=False)


def declare_machine(*, has_tape: bool = True) -> Any:
    """Return the types of the result and the arguments of a machine, or of a compiled loop."""
    types: Any = import_module("numba").types  # whose classes have no annotations
    places, truths, rows = types.int64[::1], types.boolean[::1], types.float64[:, ::1]
    tape = types.NamedTuple([*[places] * 4, *[truths] * 2, *[rows] * 2], Tape)
    return types.float64(tape if has_tape else types.Tuple(()), rows, rows, types.float64[::1])


def check_own(op: Primitive) -> None:
    """Raise ValueError for a primitive of your own that the machine cannot take."""
    templates(op)
    if hasattr(machine, op.name) or op.name in CALLED:
        raise ValueError(f"the kernel has a {op.name} of its own: give it another name")
    try:
        compiler()(op.forward).compile(f"({'float64, ' * len(op.rules)})")
    except (TypeError, ValueError, compiler_error()) as error:
        raise ValueError(f"Numba cannot compile {op.name}: {AS_IT_IS}") from error


def compile_module(
    module: ModuleType, entry: str, signature: object, *, keep: bool, **options: bool
) -> Callable[..., Array]:
    """Compile the functions of a module, and return the *entry*; *keep* it on the disk or not.

    The functions round as Python does; the sums over samples may be added in any order. Where all
    rows belong to the caller, Numba need not count who uses them, which takes as long as the rest:
    the option ``_nrt=False``.
    """
    njit, space = compiler(), vars(module)
    relaxed = {"error_model": "numpy", **options}
    for name, f in [*space.items()]:
        if inspect.isfunction(f) and name != entry:
            fastmath: object = {"reassoc", "contract"} if name in SUMMING else False
            inline = f.__module__ == module.__name__ and name not in CALLED
            space[name] = njit(fastmath=fastmath, forceinline=inline, **relaxed)(f)
    compiled = njit(signature, cache=keep, nogil=True, **relaxed)
    run: Callable[..., Array] = compiled(space[entry])
    return run


def import_text(text: str) -> ModuleType:
    """Write a text into a file called by its contents, and import it: Numba keeps its code beside.

    So another text, of another version of this package or of Python's functions, is another file.
    """
    name = f"kernel_{hashlib.sha256(f'{sys.version}{text}'.encode()).hexdigest()[:16]}"
    path = find_folder() / f"{name}.py"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        with NamedTemporaryFile("w", dir=path.parent, encoding="utf-8", delete=False) as beside:
            beside.write(text)
        os.replace(beside.name, path)
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[name] = module = module_from_spec(spec)  # where Numba looks for it
    spec.loader.exec_module(module)
    return module


def find_folder() -> Path:
    """Return the folder of what is compiled: Numba's, if you named one, or one in your home."""
    home = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    named = os.environ.get("NUMBA_CACHE_DIR") or Path(home).expanduser() / "autograd_mini"
    path = Path(named)
    path.mkdir(parents=True, exist_ok=True)
    return path


# A program for it --------------------------------------------------------------------------------


class Kernel:
    """A recording for the machine: its operations as arrays of numbers, and rows to compute in.

    Raises ImportError with the line to type where Numba is missing, and ValueError for a primitive
    of your own that the machine cannot take.
    """

    def __init__(self, recording: Recording, inputs: int) -> None:
        from numpy import array, ones, zeros

        ops = [op for op, _ in recording.operations]
        lists = [operands for _, operands in recording.operations]
        self.ops = choose_table({*ops} - {sum_of, affine_sum})
        codes: dict[Primitive, int] = {affine_sum: machine.WEIGHTED_SUM, sum_of: machine.TOTAL}
        codes |= {op: code for code, op in enumerate(self.ops, 2)}
        self.inputs, self.leaves = inputs, recording.leaves
        operands, self.constants = number_rows(lists, self.leaves)
        starts = array([0, *accumulate(map(len, lists))], int)
        order = array(recording.order, int) + len(self.constants)
        self.operations = array([codes[op] for op in ops], int), starts, operands, order
        first = self.leaves + len(self.constants)
        self.fixed, self.wanted = zeros(first + len(ops), bool), ones(first + len(ops), bool)
        self.fixed[self.inputs : first] = True
        self.wanted[self.leaves : first] = False
        self.waiting: dict[int, list[Tape]] = {1: [], BLOCK: []}

    @contextmanager
    def ready(self, samples: int, *, by_inputs: bool = False) -> Iterator[Machine]:
        """Lend the machine for so many samples, with rows to compute in that nobody else uses.

        It differentiates by the parameters, and *by_inputs* if you say.
        """
        lanes = 1 if samples < ALONE else BLOCK
        tape = self.borrow(lanes)
        tape.wanted[: self.inputs] = by_inputs
        yield Machine(compile_machine(lanes, self.ops), tape, self.inputs if by_inputs else 0)
        self.waiting[lanes].append(tape)

    def borrow(self, lanes: int) -> Tape:
        """Return the program, with rows that nobody else uses, in any thread."""
        from numpy import array, empty, zeros

        try:
            return self.waiting[lanes].pop()
        except IndexError:
            shape = len(self.fixed), lanes
            values, adjoints = empty(shape), zeros(shape)
            end = self.leaves + len(self.constants)
            values[self.leaves : end] = array(self.constants)[:, None]
            return Tape(*self.operations, self.fixed, self.wanted.copy(), values, adjoints)


def choose_table(used: Set[Primitive]) -> tuple[Primitive, ...]:
    """Return the primitives of a machine: the table, or those *used*, if some are your own."""
    compiler()  # where it is missing, that is told at once
    if used <= {*OPS}:
        return OPS
    for op in used - {*OPS}:
        check_own(op)
    return tuple(sorted(used, key=lambda op: op.name))


def number_rows(lists: Iterable[Sequence[int | float]], leaves: int) -> tuple[Array, list[float]]:
    """Return the row of every operand, and the constants, whose rows come after the leaves'.

    >>> rows, constants = number_rows([(0, 2.0), (2, 2.0), (3, 1)], 2)
    >>> rows.tolist(), constants
    ([0, 2, 3, 2, 4, 1], [2.0])
    """
    import numpy

    constants: dict[str, int] = {}  # by their digits: -0.0 equals 0.0, and NaN not even itself
    places = [
        x if type(x) is int else -1 - constants.setdefault(float(x).hex(), len(constants))
        for x in chain.from_iterable(lists)
    ]
    rows = numpy.array(places, dtype=numpy.int64)
    rows[rows >= leaves] += len(constants)
    return numpy.where(rows < 0, leaves - 1 - rows, rows), list(map(float.fromhex, constants))
