"""Adapters of the peers whose numbers are not `Value` objects with a `backward()`."""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import cycle
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from .tasks import AbsentError, Answer, FunctionTask, ReplayTask, Task
from .values import PlainMaths
from .workloads import BATCHES, WORKLOADS, Number, Workload, moons

VECTORISE_FIRST = ("--param", "max-completely-peel-times=8")
"""Without it gcc 12 unrolls the inner loops before it vectorises them, and is five times slower."""

OPTIMISED = ["-O3", "-march=native", "-shared", "-fPIC"]


library: Callable[[str], Any] = import_module
"""A peer is imported where it is used, and none of them need be installed."""


class FunctionMaths(PlainMaths):
    """Maths of an engine with functions instead of methods, where a constant is a plain float."""

    def __init__(
        self,
        exp: Callable[[Number], Number],
        log: Callable[[Number], Number],
        relu: Callable[[Number], Number],
    ) -> None:
        super().__init__(float)
        self.functions = SimpleNamespace(exp=exp, log=log, relu=relu)

    def exp(self, x: Number) -> Number:
        """The engine's exp."""
        return self.functions.exp(x)

    def log(self, x: Number) -> Number:
        """The engine's log."""
        return self.functions.log(x)

    def relu(self, x: Number) -> Number:
        """The engine's relu."""
        return self.functions.relu(x)


# Engines that record a new graph every time ------------------------------------------------------


def xad_task(workload: Workload) -> Task:
    """XAD: a tape in C++."""
    adjoint, functions = library("xad.adj_1st"), library("xad.math")
    maths = FunctionMaths(functions.exp, functions.log, lambda x: x if x > 0 else adjoint.Real(0.0))
    tape = adjoint.Tape()
    tape.activate()

    def differentiate(numbers: Sequence[float]) -> Answer:
        tape.clearAll()
        leaves = [adjoint.Real(number) for number in numbers]
        for leaf in leaves:
            tape.registerInput(leaf)
        tape.newRecording()
        loss = workload.model(maths, leaves)()
        tape.registerOutput(loss)
        loss.setDerivative(1.0)
        tape.computeAdjoints()
        return loss.getValue(), [leaf.getDerivative() for leaf in leaves]

    return FunctionTask(workload, differentiate)


def autograd_task(workload: Workload) -> Task:
    """HIPS autograd: a traced function of a tuple, as its manual asks."""
    traced = library("autograd.numpy")
    maths = FunctionMaths(traced.exp, traced.log, lambda x: x if x > 0 else 0.0 * x)
    both = library("autograd").value_and_grad(lambda leaves: workload.model(maths, leaves)())

    def differentiate(numbers: Sequence[float]) -> Answer:
        value, gradients = both(tuple(numbers))
        return value, gradients

    return FunctionTask(workload, differentiate)


def torch_task(workload: Workload) -> Task:
    """PyTorch: one tensor of 64 bits a number."""
    torch = library("torch")
    torch.set_num_threads(1)
    maths = FunctionMaths(torch.exp, torch.log, torch.relu)

    def differentiate(numbers: Sequence[float]) -> Answer:
        leaves = [torch.tensor(n, dtype=torch.float64, requires_grad=True) for n in numbers]
        loss = workload.model(maths, leaves)()
        loss.backward()
        return loss.item(), [0.0 if leaf.grad is None else leaf.grad.item() for leaf in leaves]

    return FunctionTask(workload, differentiate)


# Engines that record once and replay -------------------------------------------------------------


def numpy_task(name: str) -> Task:
    """NumPy, differentiated by hand."""
    numpy = library("numpy")
    from .reference import batch_score, mean_hinge, repeat_score

    if name == "repeat":
        return ReplayTask(repeat_score, PointAfterPoint())
    parameters, points = (numpy.array(numbers) for numbers in BATCHES[name].arguments())
    function = {"hinge": mean_hinge, "batch": batch_score}[name]
    return ReplayTask(function, lambda: (parameters, points))


class PointAfterPoint:
    """The arguments of W6's calls: one array of leaves, its last two another point in each call."""

    def __init__(self) -> None:
        numpy = library("numpy")
        self.leaves = numpy.array(WORKLOADS["repeat"].start())
        self.points = cycle(numpy.array(moons())[:, :2])

    def __call__(self) -> tuple[Any]:
        self.leaves[-2:] = next(self.points)
        return (self.leaves,)


def c_task(name: str, *flags: str) -> Task:
    """The same arithmetic in C."""
    numpy = library("numpy")
    if name != "hinge":
        raise AbsentError("written for W2 only")
    parameters, points = (numpy.array(numbers) for numbers in BATCHES[name].arguments())
    gradient = numpy.empty_like(parameters)
    function = shared_library(Path(__file__).with_name("limit.c"), *flags).loss_and_gradient
    function.restype = ctypes.c_double
    places = [array.ctypes.data_as(ctypes.c_void_p) for array in (parameters, points, gradient)]
    size = ctypes.c_int(len(points))

    def call() -> Answer:
        return function(places[0], places[1], size, places[2]), gradient

    return ReplayTask(call, tuple)


def shared_library(source: Path, *flags: str) -> ctypes.CDLL:
    """The source, compiled and loaded; the file may go once it is in memory."""
    with tempfile.TemporaryDirectory() as folder:
        return ctypes.CDLL(str(compiled(source, Path(folder), *flags)))


def compiled(source: Path, folder: Path, *flags: str) -> Path:
    """The source, compiled to a shared library in the folder."""
    target = folder / f"{source.stem}.so"
    subprocess.run(["gcc", *OPTIMISED, *flags, "-o", target, source], check=True)
    return target


def jax_task(name: str) -> Task:
    """JAX: value_and_grad, vectorised over the points of a batch, compiled."""
    jax, traced = library("jax"), library("jax.numpy")
    jax.config.update("jax_enable_x64", True)
    maths = FunctionMaths(traced.exp, traced.log, lambda x: traced.maximum(x, 0.0))

    if name not in BATCHES:
        workload = WORKLOADS[name]
        both = jax.jit(jax.value_and_grad(lambda leaves: workload.model(maths, [*leaves])()))
        return ReplayTask(lambda leaves: jax.block_until_ready(both(leaves)), PointAfterPoint())

    sample = BATCHES[name].sample

    def mean(parameters: Any, points: Any) -> Any:
        score = jax.vmap(lambda point: sample.model(maths, [*parameters, *point])())
        return score(points).mean()

    both = jax.jit(jax.value_and_grad(mean))
    parameters, points = (traced.array(numbers) for numbers in BATCHES[name].arguments())
    return ReplayTask(lambda: jax.block_until_ready(both(parameters, points)), tuple)


def jax_matrices_task(name: str) -> Task:
    """JAX as its users write it: a layer is a matrix, the points a batch; jit."""
    from .reference import layers

    jax, traced = library("jax"), library("jax.numpy")
    jax.config.update("jax_enable_x64", True)

    def mean(parameters: Any, points: Any) -> Any:
        *inner, last = layers(parameters)
        xs = points[:, :2]
        for matrix in inner:
            xs = traced.maximum(xs @ matrix[:, :-1].T + matrix[:, -1], 0.0)
        scores = xs @ last[0, :-1] + last[0, -1]
        hinges = traced.maximum(1 - points[:, -1] * scores, 0.0)
        return {"batch": scores, "hinge": hinges}[name].mean()

    both = jax.jit(jax.value_and_grad(mean))
    parameters, points = (traced.array(numbers) for numbers in BATCHES[name].arguments())
    return ReplayTask(lambda: jax.block_until_ready(both(parameters, points)), tuple)


# CasADi ------------------------------------------------------------------------------------------


def casadi_task(name: str, finish: Callable[[Any], Any]) -> Task:
    """CasADi: a symbolic graph; *finish* makes of the function what is called in the end."""
    if name in BATCHES:
        return casadi_batch(name, finish)
    function = finish(casadi_function(WORKLOADS[name], 0))
    arguments = PointAfterPoint()
    call = Buffered(function, [arguments.leaves])

    def differentiate(_leaves: Any) -> Answer:
        value, gradient = call()
        return value[0], gradient

    return ReplayTask(differentiate, arguments)


def casadi_batch(name: str, finish: Callable[[Any], Any]) -> Task:
    """One function, mapped over the points, its results summed."""
    numpy = library("numpy")
    arrays = [numpy.array(numbers) for numbers in BATCHES[name].arguments()]
    size = len(arrays[1])
    sample = casadi_function(BATCHES[name].sample, arrays[1].shape[1])
    call = Buffered(finish(sample.map("mapped", "serial", size, [0], [0, 1], {})), arrays)

    def differentiate() -> Answer:
        value, gradient = call()
        return value[0] / size, gradient / size

    return ReplayTask(differentiate, tuple)


def casadi_function(workload: Workload, inputs: int) -> Any:
    """The value and the gradient of all leaves but the last *inputs*, as a function of both."""
    casadi = library("casadi")
    maths = FunctionMaths(casadi.exp, casadi.log, lambda x: casadi.fmax(x, 0.0))
    leaves = casadi.SX.sym("p", len(workload.start()) - inputs)
    point = casadi.SX.sym("x", inputs)
    both = [*casadi.vertsplit(leaves), *(casadi.vertsplit(point) if inputs else [])]
    value = workload.model(maths, both)()
    arguments = [leaves, point] if inputs else [leaves]
    return casadi.Function("f", arguments, [value, casadi.gradient(value, leaves)])


class Buffered:
    """CasADi's fastest call: from and to the memory of arrays, which live as long as this."""

    def __init__(self, function: Any, arrays: Sequence[Any]) -> None:
        numpy = library("numpy")
        self.arrays = arrays
        self.results = [numpy.empty(function.numel_out(i)) for i in range(function.n_out())]
        self.buffer, self.trigger = function.buffer()
        for i, array in enumerate(arrays):
            self.buffer.set_arg(i, memoryview(array))
        for i, result in enumerate(self.results):
            self.buffer.set_res(i, memoryview(result))

    def __call__(self) -> list[Any]:
        """The results, overwritten by the next call."""
        self.trigger()
        return self.results


def generated_c(function: Any) -> Any:
    """The function, written in C by CasADi and compiled by gcc."""
    casadi = library("casadi")
    generator = casadi.CodeGenerator("generated.c")
    generator.add(function)
    with tempfile.TemporaryDirectory() as folder:
        generator.generate(f"{folder}/")
        target = compiled(Path(folder, "generated.c"), Path(folder))
        return casadi.external(function.name(), str(target))
