"""Every engine by name: what a worker process is asked to run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from . import peers, programs, training, values
from .tasks import AbsentError, Task, ValueTask
from .workloads import WORKLOADS


def of_values(maths: Callable[[], values.PlainMaths], workload: str) -> Task:
    """An engine of `Value` objects."""
    return ValueTask(maths(), WORKLOADS[workload])


def of_functions(task: Callable[..., Task], workload: str) -> Task:
    """An engine that differentiates functions."""
    return task(WORKLOADS[workload])


ENGINES: dict[str, Callable[[str], Task]] = {
    "micrograd": partial(of_values, values.micrograd_maths),
    "tuples": partial(of_values, values.tuples_maths),
    "bare": partial(of_values, values.bare_maths),
    "ours": partial(of_values, values.our_maths),
    "ours-sums": partial(of_values, values.SumsMaths),
    "ours-nn": partial(of_values, values.NetworkMaths),
    "xad": partial(of_functions, peers.xad_task),
    "autograd": partial(of_functions, peers.autograd_task),
    "torch": partial(of_functions, peers.torch_task),
    "program": partial(programs.FloatTask, values.our_maths),
    "program-nn": partial(programs.FloatTask, values.NetworkMaths),
    "program-numpy": programs.numpy_task,
    "program-jax": programs.jax_task,
    "program-jax-jit": programs.jit_task,
    "compiled": programs.compiled_task,
    "machine": programs.machine_task,
    "numpy": peers.numpy_task,
    "c": lambda workload: peers.c_task(workload, *peers.VECTORISE_FIRST),
    "c-plain": peers.c_task,
    "jax": peers.jax_task,
    "jax-matrices": peers.jax_matrices_task,
    "casadi-vm": lambda workload: peers.casadi_task(workload, lambda function: function),
    "casadi-c": lambda workload: peers.casadi_task(workload, peers.generated_c),
    **training.training_tasks("SGD"),
    **training.training_tasks("Adam"),
}


def task_of(engine: str, workload: str) -> Task:
    """The engine's task; raises AbsentError with the reason where the engine cannot be had.

    Any other engine with micrograd's interface is named `module:Class`.
    """
    with absences():
        if ":" in engine:
            return of_values(lambda: values.named_maths(engine), workload)
        return ENGINES[engine](workload)


@contextmanager
def absences() -> Iterator[None]:
    """Turn the absence of a library, or of a part of the project, into an AbsentError."""
    try:
        yield
    except (AttributeError, ImportError) as error:
        raise AbsentError(missing(error)) from error


def missing(error: AttributeError | ImportError) -> str:
    """What it means that a module or a name does not exist; raises *error* if that is a mistake."""
    if "autograd_mini" in f"{error.name} {type(getattr(error, 'obj', None))} {error}":
        return f"not yet in the project: {error}"
    if isinstance(error, ModuleNotFoundError):
        return f"{error.name} is not installed"
    raise error
