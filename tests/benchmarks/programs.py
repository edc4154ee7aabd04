"""Adapters of our recorded programs: on floats, on arrays of NumPy and JAX, and compiled."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import cycle
from typing import Any

from .footprint import reachable
from .tasks import Answer, Task
from .values import PlainMaths, our_maths
from .workloads import BATCHES, WORKLOADS, Workload, moons


class Recorded:
    """The program of a workload, its last leaves the inputs, and how to read its gradients."""

    def __init__(self, maths: PlainMaths, workload: Workload, inputs: int) -> None:
        leaves = [maths.value(number) for number in workload.start()]
        first = len(leaves) - inputs
        self.inputs, self.parameters = leaves[first:], leaves[:first]
        loss = workload.model(maths, leaves)()
        self.program = import_module("autograd_mini.program").record(loss, inputs=self.inputs)

    def of_parameters(self, gradients: Sequence[Any]) -> list[float]:
        """The gradients of the program's parameters in the order of the workload's leaves."""
        found = dict(zip(self.program.parameters, gradients, strict=True))
        return [float(found[parameter]) for parameter in self.parameters]


class FloatTask:
    """W6: one point in each call, as floats."""

    def __init__(self, maths: Callable[[], PlainMaths], name: str) -> None:
        self.recorded = Recorded(maths(), WORKLOADS[name], 2)
        self.points = cycle([point[:2] for point in moons()])

    def step(self) -> Any:
        """One call."""
        return self.recorded.program.value_and_gradients(*next(self.points))

    def answer(self) -> Answer:
        """The score, the gradients of the parameters, those of the point."""
        value, inputs, parameters = self.step()
        return float(value), [*self.recorded.of_parameters(parameters), *map(float, inputs)]


class ArrayTask:
    """All points in one call, an array for each input."""

    def __init__(
        self, name: str, array: Callable[[Any], Any], finish: Callable[[Any], Any]
    ) -> None:
        points = BATCHES[name].points()
        self.columns = [array(column) for column in zip(*points, strict=True)]
        self.recorded = Recorded(our_maths(), BATCHES[name].sample, len(self.columns))
        self.function = finish(self.recorded.program)

    def step(self) -> Any:
        """One call."""
        return self.function(*self.columns)

    def answer(self) -> Answer:
        """The mean, and the gradients of the parameters."""
        value, _inputs, parameters = self.step()
        return float(value), self.recorded.of_parameters(parameters)


def as_it_is(program: Any) -> Any:
    """The program's own function."""
    return program.value_and_gradients


def numpy_task(name: str) -> Task:
    """Arrays of NumPy."""
    return ArrayTask(name, import_module("numpy").array, as_it_is)


def jax_task(name: str, finish: Callable[[Any], Any] = as_it_is) -> Task:
    """Arrays of JAX; each call waits until its results are there."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)

    def waiting(program: Any) -> Callable[..., Any]:
        function = finish(program)
        return lambda *columns: jax.block_until_ready(function(*columns))

    return ArrayTask(name, import_module("jax.numpy").array, waiting)


def jit_task(name: str) -> Task:
    """Arrays of JAX, under jit."""
    return jax_task(name, lambda program: import_module("jax").jit(as_it_is(program)))


def compiled_task(name: str) -> Task:
    """Arrays of NumPy, through the program compiled to machine code."""
    return ArrayTask(
        name, import_module("numpy").array, lambda program: as_it_is(program.compile(kernel=False))
    )


def machine_task(name: str) -> Task:
    """The machine code alone, its numbers in arrays already, as the C has them."""
    numpy = import_module("numpy")
    task = ArrayTask(name, numpy.array, lambda program: program.compile(kernel=False))
    program, columns = task.recorded.program, numpy.array(task.columns)
    loop, numbers = task.function.machine.loop, numpy.array(program.data)
    by_inputs, parameters = numpy.empty_like(columns), numpy.empty_like(numbers)

    def call(*_columns: Any) -> tuple[float, Any, Any]:
        parameters[:] = numbers  # the loop writes the derivatives over them
        return loop((), columns, by_inputs, parameters), by_inputs, parameters

    task.function = call
    return task


def compile_cost(_task: object, width: str) -> dict[str, float]:
    """Size of MLP(2, [width, width, 1]) at one point, and seconds to record and to compile it."""
    mlp = import_module("autograd_mini.nn").MLP(2, [int(width), int(width), 1], seed=1)
    xs = [import_module("autograd_mini").Value(number) for number in (0.5, -0.5)]
    score = mlp(xs)
    start = time.perf_counter()
    program = import_module("autograd_mini.program").record(score, inputs=xs)
    middle = time.perf_counter()
    compiled = program.compile(kernel=False)
    compiled.value_and_gradients(*(import_module("numpy").ones(100) for _ in xs))
    return {
        "nodes": len(reachable(score)),
        "leaves": len(program.listing.value_and_gradients.arguments),
        "record": middle - start,
        "compile": time.perf_counter() - middle,
    }
