"""A thousand steps of training on W2's points, by SGD or Adam: ours, by hand, in JAX and in C."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from .peers import VECTORISE_FIRST, shared_library
from .programs import Recorded
from .reference import mean_hinge
from .tasks import RATE, Answer, Task
from .values import SumsMaths, our_maths
from .workloads import BATCHES, WORKLOADS

STEPS = 1000
EPOCH = 15  # steps, as in lesson 23


class OwnTask:
    """Ours: *way* takes so many steps with a program and an optimiser."""

    def __init__(self, kind: str, way: Callable[..., Any], *, kernel: bool | None) -> None:
        numpy = import_module("numpy")
        points = BATCHES["hinge"].points()
        self.columns = numpy.array([*zip(*points, strict=True)])
        self.recorded = Recorded(our_maths(), BATCHES["hinge"].sample, len(self.columns))
        program = self.recorded.program
        self.program = program if kernel is None else program.compile(kernel=kernel)
        optimiser = getattr(import_module("autograd_mini.optim"), kind)
        self.optimiser = optimiser(self.recorded.parameters, rate=RATE)
        self.way = way

    def step(self) -> Any:
        """Take the steps."""
        return self.way(self.program, self.optimiser, self.columns, STEPS)

    def answer(self) -> Answer:
        """The loss before the first step, and its gradients."""
        losses = self.way(self.program, self.optimiser, self.columns, 1)
        return losses[0], [p.grad for p in self.recorded.parameters]


def loop(program: Any, optimiser: Any, columns: Any, steps: int) -> list[float]:
    """The loop that ``train`` stands for."""
    losses = []
    for _ in range(steps):
        optimiser.zero_grad()
        losses.append(program.backward(*columns))
        optimiser.step()
    return losses


def train(*arguments: Any) -> list[float]:
    """In arrays."""
    losses: list[float] = import_module("autograd_mini.program").train(*arguments)
    return losses


class ByHandTask:
    """NumPy: the derivatives made by hand, and the update in arrays."""

    def __init__(self, kind: str) -> None:
        numpy = import_module("numpy")
        self.kind, self.t = kind, 0
        self.parameters, self.points = map(numpy.array, BATCHES["hinge"].arguments())
        self.m, self.v = numpy.zeros_like(self.parameters), numpy.zeros_like(self.parameters)
        self.sqrt = numpy.sqrt

    def step(self) -> None:
        """Take the steps."""
        for _ in range(STEPS):
            self.update(mean_hinge(self.parameters, self.points)[1])

    def update(self, g: Any) -> None:
        """Follow the gradient once."""
        if self.kind == "SGD":
            self.parameters -= RATE * g
            return
        self.t += 1
        self.m += 0.1 * (g - self.m)
        self.v += 0.001 * (g * g - self.v)
        root = self.sqrt(self.v / (1 - 0.999**self.t)) + 1e-8
        self.parameters -= RATE * (self.m / (1 - 0.9**self.t)) / root

    def answer(self) -> Answer:
        """The loss and its gradients."""
        value, gradients = mean_hinge(self.parameters, self.points)
        return float(value), gradients.tolist()


class CTask(ByHandTask):
    """The whole loop in C."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        library = shared_library(Path(__file__).with_name("limit.c"), *VECTORISE_FIRST)
        self.train, self.gradient = library.train, self.m.copy()
        self.train.restype = ctypes.c_double

    def step(self) -> float:
        """Take the steps."""
        return self.run(STEPS, RATE)

    def run(self, steps: int, rate: float) -> float:
        """Take so many steps, and return the last loss."""
        arrays = (self.parameters, self.points, self.m, self.v, self.gradient)
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in arrays]
        adam = int(self.kind == "Adam")
        numbers = len(self.points), steps, adam, ctypes.c_double(rate)
        loss: float = self.train(*pointers, *numbers)
        return loss

    def answer(self) -> Answer:
        """The loss and its gradients."""
        return self.run(1, 0.0), self.gradient.tolist()


class ScanTask(ByHandTask):
    """JAX: all steps in one compiled scan."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        jax = import_module("jax")
        jax.config.update("jax_enable_x64", True)
        self.jax, self.differentiate = jax, jax.value_and_grad(self.loss)
        self.whole = jax.jit(lambda carry: jax.lax.scan(self.body, carry, None, length=STEPS)[0])
        zeros = jax.numpy.zeros(len(self.parameters))
        self.carry = (jax.numpy.array(self.parameters), zeros, zeros, 0.0)

    def loss(self, parameters: Any) -> Any:
        """The mean hinge loss, written with matrices."""
        from .reference import layers

        jnp = self.jax.numpy
        *inner, last = layers(parameters)
        xs = self.points[:, :2]
        for matrix in inner:
            xs = jnp.maximum(xs @ matrix[:, :-1].T + matrix[:, -1], 0.0)
        scores = xs @ last[0, :-1] + last[0, -1]
        return jnp.maximum(1 - self.points[:, 2] * scores, 0.0).mean()

    def body(self, carry: Any, _: Any) -> Any:
        """One step."""
        parameters, m, v, t = carry
        loss, g = self.differentiate(parameters)
        if self.kind == "SGD":
            return (parameters - RATE * g, m, v, t), loss
        t, m, v = t + 1, 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        root = self.jax.numpy.sqrt(v / (1 - 0.999**t)) + 1e-8
        return (parameters - RATE * (m / (1 - 0.9**t)) / root, m, v, t), loss

    def step(self) -> None:
        """Take the steps, and wait for them."""
        self.jax.block_until_ready(self.whole(self.carry))

    def answer(self) -> Answer:
        """The loss and its gradients."""
        value, gradients = self.differentiate(self.jax.numpy.array(self.parameters))
        return float(value), gradients.tolist()


def training_tasks(kind: str) -> dict[str, Callable[[str], Task]]:
    """The engines of one kind of optimiser, by name."""
    return {
        f"{kind} loop": lambda _: OwnTask(kind, loop, kernel=False),
        f"{kind} train": lambda _: OwnTask(kind, train, kernel=False),
        f"{kind} train, kernel": lambda _: OwnTask(kind, train, kernel=None),
        f"{kind} NumPy by hand": lambda _: ByHandTask(kind),
        f"{kind} JAX, scan": lambda _: ScanTask(kind),
        f"{kind} C, whole loop": lambda _: CTask(kind),
    }


# Programs that are too large for lines of machine code -------------------------------------------


def digits() -> tuple[Any, Any]:
    """The program of lesson 23, and 100 images of random pixels."""
    value = import_module("autograd_mini").Value
    model = import_module("autograd_mini.nn").MLP(64, [32, 10], "tanh", seed=1)
    losses = import_module("autograd_mini.losses")
    inputs = [value(0.0) for _ in range(74)]
    loss = losses.binary_cross_entropy_with_logits(model(inputs[:64]), inputs[64:])
    columns = import_module("numpy").random.default_rng(1).random((74, 100))
    return import_module("autograd_mini").record(loss, inputs=inputs), columns


def gpt() -> tuple[Any, Any]:
    """The program of W5, a GPT's loss of one name, which has no inputs; so a table without rows."""
    program = Recorded(SumsMaths(), WORKLOADS["gpt"], 0).program
    return program, import_module("numpy").empty((0, 1))


def kernel_cost(_task: object, seconds: str) -> dict[str, float]:
    """How many times as fast the kernel is as the lines, and what its first gradient costs."""
    lasting = float(seconds) / 2
    epoch, step = (faster(*made, lasting) for made in (digits(), gpt()))
    found = {f"digits {name}": ratio for name, ratio in epoch.items()}
    found |= {f"gpt {name}": ratio for name, ratio in step.items()}
    return found | {"first": first_gradient(100_000)}


def faster(program: Any, columns: Any, seconds: float) -> dict[str, float]:
    """How many times as fast the kernel is as the lines, for a gradient and for a step of Adam."""
    data = import_module("numpy").array(program.data)
    expected = program.value_and_gradients(*columns).parameters
    assert max(abs(differentiate(program, columns, data) - expected)) < 1e-9
    optimiser = import_module("autograd_mini.optim").Adam(program.parameters, rate=1e-9)
    ways = {
        "lines": lambda: program.value_and_gradients(*columns),
        "kernel": lambda: differentiate(program, columns, data),
        "loop": lambda: loop(program, optimiser, columns, EPOCH),
        "train": lambda: train(program, optimiser, columns, EPOCH),
    }
    times = interleaved(ways, seconds)
    return {
        "gradient": times["lines"] / times["kernel"],
        "step": times["loop"] / times["train"],
    }


def differentiate(program: Any, columns: Any, data: Any) -> Any:
    """The derivatives by the parameters, in the kernel."""
    found = data.copy()
    with program.ready(columns.shape[1]) as machine:
        import_module("autograd_mini.program.descent").find_loss(machine, columns, found)
    return found


def interleaved(ways: dict[str, Callable[[], Any]], seconds: float) -> dict[str, float]:
    """The least CPU seconds of each way, tried in turn for so long."""
    found: dict[str, float] = {}
    for way in ways.values():
        way()  # the first time, things are compiled
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for name, way in ways.items():
            begin = time.process_time()
            way()
            took = time.process_time() - begin
            found[name] = min(took, found.get(name, took))
    return found


def first_gradient(nodes: int) -> float:
    """From compile() to the first gradient of a chain, over building its graph."""
    package = import_module("autograd_mini")
    begin = time.process_time()
    x = y = package.Value(0.5)
    for i in range(nodes):
        y = y * x + 0.25 if i % 2 else y - x
    built = time.process_time() - begin
    program = package.record(y, inputs=[x])
    begin = time.process_time()
    value, _, _ = program.compile(kernel=True).value_and_gradients(0.5)
    took = time.process_time() - begin
    assert abs(value - y.data) < 1e-9
    return took / built
