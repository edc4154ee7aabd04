"""Adapters of our recorded programs: on floats, on arrays of NumPy and JAX, and compiled."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from itertools import cycle
from types import SimpleNamespace
from typing import Any

from .footprint import reachable
from .tasks import Answer, ReplayTask, Task
from .values import PlainMaths, our_maths
from .workloads import BATCHES, WORKLOADS, Workload, moons


def recorded(maths: PlainMaths, workload: Workload, inputs: int) -> Any:
    """The program of a workload whose last leaves are its inputs."""
    leaves = [maths.value(number) for number in workload.start()]
    loss = workload.model(maths, leaves)()
    return import_module("autograd_mini.program").record(loss, inputs=leaves[-inputs:])


def flat(result: Any) -> Answer:
    """The value and the gradients as the reference orders them."""
    value, gradients = result
    return float(value), [float(gradient) for gradient in gradients]


class ProgramTask(ReplayTask):
    """A program, called for its value and gradients."""

    def __init__(
        self, program: Any, arguments: Callable[[], tuple[Any, ...]], gradients: int
    ) -> None:
        super().__init__(program.value_and_gradients, arguments)
        self.gradients = gradients

    def answer(self) -> Answer:
        """The value, then the gradients of parameters and inputs that the reference knows."""
        return flat(self.step())


def float_task(maths: Callable[[], PlainMaths], name: str) -> Task:
    """W6: one point in each call, as floats."""
    workload = WORKLOADS[name]
    points = cycle([point[:2] for point in moons()])
    program = recorded(maths(), workload, 2)
    return ProgramTask(program, lambda: next(points), len(workload.start()))


def array_task(name: str, array: Callable[[Any], Any], finish: Callable[[Any], Any]) -> Task:
    """All points in one call, an array for each input."""
    parameters, points = BATCHES[name].arguments()
    columns = tuple(array(column) for column in zip(*points, strict=True))
    program = recorded(our_maths(), BATCHES[name].sample, len(columns))
    return ProgramTask(finish(program), lambda: columns, len(parameters))


def numpy_task(name: str) -> Task:
    """Arrays of NumPy."""
    return array_task(name, import_module("numpy").array, lambda program: program)


def jax_task(name: str) -> Task:
    """Arrays of JAX."""
    import_module("jax").config.update("jax_enable_x64", True)
    return array_task(name, import_module("jax.numpy").array, lambda program: program)


def jit_task(name: str) -> Task:
    """Arrays of JAX, under jit."""
    jit = import_module("jax").jit
    import_module("jax").config.update("jax_enable_x64", True)
    return array_task(
        name,
        import_module("jax.numpy").array,
        lambda program: SimpleNamespace(value_and_gradients=jit(program.value_and_gradients)),
    )


def compiled_task(name: str) -> Task:
    """Arrays of NumPy, through the program compiled to machine code."""
    return array_task(name, import_module("numpy").array, lambda program: program.compile())


def compile_cost(_task: object, width: str) -> dict[str, float]:
    """Nodes of MLP(2, [width, width, 1]) at one point, and seconds to record and to compile it."""
    mlp = import_module("autograd_mini.nn").MLP(2, [int(width), int(width), 1], seed=1)
    xs = [import_module("autograd_mini").Value(number) for number in (0.5, -0.5)]
    score = mlp(xs)
    start = time.perf_counter()
    program = import_module("autograd_mini.program").record(score, inputs=xs)
    middle = time.perf_counter()
    compiled = program.compile()
    compiled.value_and_gradients(*(import_module("numpy").ones(100) for _ in xs))
    return {
        "nodes": len(reachable(score)),
        "record": middle - start,
        "compile": time.perf_counter() - middle,
    }
