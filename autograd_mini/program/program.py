"""Programs: a graph recorded once, called as often as you like, on numbers or on whole arrays.

>>> x, target = Value(2.0, "x"), Value(1.0, "target")
>>> w = Value(0.5, "w")
>>> program = record((w * x - target) ** 2, inputs=[x, target])
>>> print(program.source)
def value_and_gradients(x, target, w):
    # forward: one line for each operation
    v1 = w * x
    v2 = v1 - target
    L = v2 ** 2.0
    # backward: for every y that was computed from x, ∂L/∂x += ∂L/∂y·∂y/∂x
    L_grad = 1.0
    v2_grad = L_grad * (2.0 * v2)  # ∂L/∂v2 = 2·v2
    v1_grad = v2_grad  # ∂v2/∂v1 = 1
    target_grad = -v2_grad  # ∂v2/∂target = -1
    w_grad = v1_grad * x  # ∂v1/∂w = x
    x_grad = v1_grad * w  # ∂v1/∂x = w
    return L, (x_grad, target_grad), (w_grad,)
<BLANKLINE>
>>> program(3.0, 1.0)
0.25
>>> program.backward(3.0, 1.0), w.grad
(0.25, 3.0)

The program does what the graph did, in the same order, without its bookkeeping. Its parameters,
all leaves that are not inputs, are live: their data is read at each call. What Python decided
while the graph was built, an ``if`` on ``.data``, say, is decided once and for all; ``relu``,
``maximum`` and ``abs`` are operations, and decide anew for each sample.
"""

import math
import operator
import warnings
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property, partial
from struct import Struct
from typing import Any

from autograd_mini.engine import Value
from autograd_mini.engine.changes import Changes
from autograd_mini.engine.collector import quiet_collector
from autograd_mini.engine.graph import list_inputs
from autograd_mini.engine.observers import OBSERVERS
from autograd_mini.engine.order import topological_order
from autograd_mini.notation.plain import for_screen
from autograd_mini.program import arrays, runner
from autograd_mini.program.arrays import Array, Library, is_array
from autograd_mini.program.batching import (
    argument,
    has_samples,
    means,
    numbers,
    rows,
    samples,
    share,
    write_batched,
)
from autograd_mini.program.careful import (
    Gradients,
    Sample,
    differentiate_values,
    one_by_one,
    warn,
)
from autograd_mini.program.descent import Machine
from autograd_mini.program.kernel import Kernel
from autograd_mini.program.native import Loop, is_native
from autograd_mini.program.recording import (
    Progress,
    Recording,
    check_inputs,
    find_branches,
    read_graph,
    without_progress,
)
from autograd_mini.program.runner import Runner, bind, floats, own_floats
from autograd_mini.program.source import Function, Listing, check_primitives, write_listing

BY_VALUES = 20  # runs of a large program that are not worth to compile it

BRANCHED = (
    "Values were compared before this was recorded ({}): what was chosen there stays so for all "
    "other inputs; relu, maximum, minimum and abs decide anew"
)


class Program:
    """A recorded graph as straight-line Python; made by ``record``.

    ``parameters`` are the leaves that are not inputs, in topological order. Each call takes one
    float for each input, or arrays of one length: then the value is the mean over the samples, and
    the derivatives are those of the mean. A float among arrays is the same for every sample.

    A domain error has the class and the message of the primitive's own. Floats and NumPy's arrays
    raise it; on other arrays the element is NaN or infinite, as their library has it. Where a
    derivative is not finite, the sample is computed anew by Values: they know what a corner does.
    Where 0 meets a derivative that does not exist, an ``UndefinedWarning`` says so, once a call;
    among arrays it says in which samples, and their derivatives in doubt are NaN.
    """

    def __init__(
        self,
        recording: Recording,
        count: int,
        parameters: Sequence[Value],
        progress: Progress = without_progress,
    ) -> None:
        self.recording = recording
        self.count = count  # of the inputs
        self.parameters = tuple(parameters)
        self.progress = progress  # does not travel
        self.runners: dict[tuple[Library, str], Runner] = {}  # by namespace, None for floats
        self.runs = 0  # on floats

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.recording, self.count, self.parameters)

    def __repr__(self) -> str:
        inputs, nodes = ", ".join(self.inputs), len(self.recording.labels)
        return for_screen(f"<program of ({inputs}): {nodes} nodes>")

    @cached_property
    def listing(self) -> Listing:
        """The lines, written when they are first asked for."""
        return write_listing(self.recording, self.count, self.progress)

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the inputs."""
        return self.listing.value_and_gradients.arguments[: self.count]

    @property
    def source(self) -> str:
        """The program as one would write it by hand: forward, then the chain rule."""
        return self.listing.source

    def __call__(self, *inputs: Array) -> Array:
        """Return the value; for arrays, the mean over the samples."""
        return self.run("value", inputs).value

    def value_and_gradients(self, *inputs: Array) -> Gradients:
        """Return the value and all derivatives, and touch nothing.

        JAX, PyTorch and Dask report no errors. What does not exist is infinite or NaN on them; and
        a branch at its corner counts as off, so of sqrt(|x|) they give the derivative 0 at 0.
        """
        return self.run("value_and_gradients", inputs)

    def run(self, name: str, inputs: Sequence[Array]) -> Gradients:
        """Run a function of the listing on numbers or on arrays."""
        if any(map(is_array, inputs)):
            return self.on_arrays(name, inputs)
        return self.on_floats(name, [*self.given(inputs), *self.data])

    def backward(self, *inputs: Array) -> float:
        """Add the derivatives to the grad of the parameters, all or none; return the value."""
        for observer in OBSERVERS:
            observer.before_pass(self)
        result = self.value_and_gradients(*inputs)
        value, *gradients = numbers([result.value, *result.parameters])
        before = [parameter._grad for parameter in self.parameters]
        Changes().grads(self.parameters, map(operator.add, before, gradients)).make()
        for observer in OBSERVERS:
            observer.after_pass(self, inputs)
        return value

    def compile(self, *, kernel: bool | None = None) -> "CompiledProgram":
        """Return the same program in machine code, for NumPy's arrays.

        With *kernel* it is data for the one machine that runs programs of any size, and is ready at
        once, but that the machine is compiled the first time it is needed on a computer. Without,
        its lines are compiled with a loop around them: two to six times as fast, after 2 seconds
        for 100 inputs and parameters and 9 for 340. Unless you say, it is the lines for at most
        100 of them and 1,000 operations. It shows the progress that ``record`` was given.

        It computes with 64 bits, whatever the arrays have. Among lines an overflow that a later
        function hides, as in ``tanh(x**2)``, stays hidden. A program with a kernel uses it for
        floats, too.

        Raises ValueError for a primitive of your own that Numba cannot read, and ImportError
        without Numba.
        """
        if kernel is None:
            kernel = self.recording.leaves > 100 or len(self.recording.operations) > 1000
        return CompiledProgram(
            self.recording, self.count, self.parameters, self.progress, kernel=kernel
        )

    def waits_for_lines(self) -> bool:
        """Tell whether a program is so large that it shall run by Values.

        To write its lines and compile them takes as long as some fifty runs, so the first few runs
        do without.
        """
        self.runs += 1
        return self.recording.size > runner.LARGE and self.runs <= BY_VALUES

    @property
    def data(self) -> list[float]:
        """The numbers of the parameters as they are now."""
        return [p._data for p in self.parameters]  # the slot behind the property, twice as fast

    def given(self, inputs: Sequence[Array]) -> list[Array]:
        """Return the numbers of the inputs."""
        if len(inputs) != self.count:
            names = ", ".join(self.inputs)
            raise TypeError(f"the inputs are ({names}), but {len(inputs)} were given")
        return [
            x if x.__class__ is float else argument(x, i, self.name_inputs)
            for i, x in enumerate(inputs)
        ]

    def name_inputs(self) -> tuple[str, ...]:
        """Return the names of the inputs, which an error asks for."""
        return self.inputs

    def samples(self, inputs: Sequence[Array]) -> tuple[list[Array], int]:
        """Return the numbers of the inputs, and how many samples they hold."""
        given = self.given(inputs)
        return given, samples(given, self.name_inputs)

    def on_floats(self, name: str, numbers: Sequence[float]) -> Gradients:
        """Run a function of the listing on the numbers of the leaves; in doubt, run Values."""
        if not self.waits_for_lines():
            try:
                found = self.runner(None, name)(numbers)
                if math.isfinite(sum(found[1]) + sum(found[2])):
                    return Gradients._make(found)
            except (ArithmeticError, ValueError):
                pass
        return self.careful(name, numbers)

    def careful(self, name: str, numbers: Sequence[float]) -> Gradients:
        """Compute one sample by itself, and say if it is in doubt."""
        sample = self.examine(name, numbers)
        if sample.doubt:
            warn(sample.doubt.warning)
        return sample.found

    def examine(self, name: str, numbers: Sequence[float]) -> Sample:
        """Compute one sample by Values, which say what is wrong, and where, if anything is."""
        nodes = self.recording.replay(numbers)
        if name == "value":
            return Sample(Gradients(nodes[-1].data, (), ()))
        return differentiate_values(nodes, self.recording.leaves, self.count)

    def on_arrays(self, name: str, inputs: Sequence[Array]) -> Gradients:
        """Run a function of the listing on arrays, and return what belongs to the mean."""
        xp = arrays.namespace([*filter(is_array, inputs)])
        given, n = self.samples(inputs)
        numbers = [*(x * 1.0 for x in given), *self.data]  # whole numbers have no fractions
        try:
            with arrays.strict(xp):
                found = self.runner(xp, name)(numbers)
            return average(xp, found, numbers, n)
        except (ArithmeticError, ValueError):
            return self.one_by_one(xp, name, numbers, n)

    def one_by_one(self, xp: Library, name: str, numbers: Sequence[Array], n: int) -> Gradients:
        """Compute each of *n* samples by itself, and return what belongs to the mean."""
        found = one_by_one(xp, partial(self.examine, name), rows(numbers, n))
        return average(xp, found, numbers, n)

    def table(self, inputs: Sequence[Array]) -> Array:
        """Return inputs that NumPy reads as one array, with a row for each of them."""
        import numpy

        given, n = self.samples(inputs)
        table = numpy.empty((len(given), n))
        for row, x in zip(table, given, strict=True):
            numpy.copyto(row, x)  # refuses what is no number
        return table

    @cached_property
    def machine(self) -> "Kernel | Loop | None":
        """What runs the program in machine code, if anything does."""
        try:
            return Kernel(self.recording, self.count)
        except (ImportError, ValueError):
            return None

    def ready(self, samples: int) -> AbstractContextManager[Machine]:
        """Lend what computes the mean over so many samples, and its derivatives."""
        if self.machine:
            return self.machine.ready(samples)
        return nullcontext(Machine(self.run_lines, (), 0))

    def run_lines(self, _tape: object, table: Array, _: object, parameters: Array) -> float:
        """Return the mean over the samples, and write its derivatives by the parameters."""
        import numpy

        with arrays.strict(numpy):
            run = self.runner(numpy, "value_and_gradients")
            value, _, derivatives = run([*table, *parameters.tolist()])
        mean = means(numpy)["_mean"]
        parameters[:] = [mean(derivative) for derivative in derivatives]
        return float(mean(value))

    def runner(self, xp: Library, name: str) -> Runner:
        """Return a function of the listing on floats, or on arrays of a namespace."""
        run = self.runners.get((xp, name))
        if run is None:
            function: Function = getattr(self.listing, name)
            scope = floats(self.listing.primitives)
            if xp is None:
                body = [line.code for line in function.lines]
                scope |= own_floats(self.listing.primitives)
            else:
                scope |= arrays.functions(xp) | means(xp)
                body = write_batched(function)
            run = bind(function, body, scope, self.progress, waits=xp is None)
            self.runners[xp, name] = run
        return run


class CompiledProgram(Program):
    """A program in machine code for NumPy's arrays; made by ``compile``."""

    machine: Kernel | Loop

    def __init__(self, *contents: Any, kernel: bool) -> None:
        super().__init__(*contents)
        self.kernel = kernel
        self.doubles = Struct(f"{len(self.parameters)}d")
        if kernel:
            self.machine = Kernel(self.recording, self.count)
        else:
            self.machine = Loop(self.listing, self.progress)

    def __reduce__(self) -> tuple[object, ...]:
        return partial(type(self), kernel=self.kernel), super().__reduce__()[1]

    def on_floats(self, name: str, numbers: Sequence[float]) -> Gradients:
        """Run the kernel, if there is one, or the lines."""
        run = self.careful if self.kernel else super().on_floats
        return run(name, numbers)

    def on_arrays(self, name: str, inputs: Sequence[Array]) -> Gradients:
        """Run the machine code; where a sample is in doubt, each alone."""
        import numpy

        if not all(map(is_native, map(type, inputs))):
            return super().on_arrays(name, inputs)
        try:
            table = self.table(inputs)
        except TypeError:  # the lines say it better
            return super().on_arrays(name, inputs)
        value, of_inputs, of_parameters = self.run_machine(table, self.data)
        if math.isfinite(value):
            pairs = zip(of_inputs, inputs, strict=True)
            shares = tuple(d if has_samples(x) else d.sum() for d, x in pairs)
            return Gradients(value, shares, tuple(of_parameters.tolist()))
        return self.one_by_one(numpy, name, [*self.given(inputs), *self.data], table.shape[1])

    def examine(self, name: str, numbers: Sequence[float]) -> Sample:
        """Differentiate one sample, in doubt by Values, which say what is wrong, if anything is."""
        import numpy

        table = numpy.array(numbers[: self.count])[:, None]
        value, of_inputs, of_parameters = self.run_machine(table, numbers[self.count :])
        if not math.isfinite(value):
            return super().examine(name, numbers)
        if name == "value":
            return Sample(Gradients(value, (), ()))
        by_inputs, by_parameters = of_inputs.ravel().tolist(), of_parameters.tolist()
        return Sample(Gradients(value, tuple(by_inputs), tuple(by_parameters)))

    def run_machine(self, table: Array, data: Sequence[float]) -> tuple[float, Array, Array]:
        """Return what the machine code finds, all in arrays; the value is NaN in doubt."""
        import numpy

        by_inputs, parameters = numpy.empty_like(table), numpy.empty(len(data))
        self.doubles.pack_into(parameters.data, 0, *data)  # three times as fast as numpy.array
        try:
            with self.machine.ready(table.shape[1], by_inputs=True) as machine:
                value = machine.function(machine.tape, table, by_inputs, parameters)
        except (ArithmeticError, ValueError):
            value = math.nan
        return value, by_inputs, parameters


def average(xp: Library, found: Array, numbers: Sequence[Array], n: int) -> Gradients:
    """Turn what was found for each of *n* samples into what belongs to their mean."""
    value, derivatives, parameters = found
    mean = means(xp)["_mean"]
    pairs = zip(derivatives, numbers, strict=False)  # the forward lines alone have none
    shares = (share(xp, derivative, x, n) for derivative, x in pairs)
    return Gradients(mean(value), tuple(shares), tuple(map(mean, parameters)))


def record(
    output: Value,
    inputs: Iterable[Value] = (),
    *,
    names: Mapping[str, object] | None = None,
    progress: Progress = without_progress,
) -> Program:
    """Record the graph of *output* as a program of its *inputs*, which are leaves.

    Raises TypeError for what is no Value, and ValueError for inputs that are computed, occur twice
    or do not occur in the graph. Warns if one of the nodes that depend on the inputs was compared:
    a program cannot branch, and goes the way that the graph went.

    Values without a label are called as the variables of *names* that hold them, such as
    ``locals()``.

    Under ``jax.jit`` the parameters' data are constants of the trace, read once: to train there,
    give the weights as inputs.

    *progress* wraps what is looped over: ``progress(items, unit)``, such as the function of
    ``autograd_mini.view.progress``. It is asked while operations are read and lines are written,
    when a program of more than 20,000 nodes is first called, which takes seconds for 100,000, and
    by ``compile``.

    >>> x, w = Value(2.0, "x"), Value(3.0, "w")
    >>> program = record(w * x, inputs=[x])
    >>> program(5.0)
    15.0
    """
    inputs = list_inputs(output, inputs)
    order = topological_order(output)
    check_inputs(inputs, order)
    if lines := find_branches(inputs, order):
        warnings.warn(BRANCHED.format(", ".join(lines)), stacklevel=2)
    chosen = set(inputs)
    parameters = [node for node in order if not node.operands and node not in chosen]
    with quiet_collector():
        recording = read_graph(order, [*inputs, *parameters], progress, names)
    check_primitives({op for op, _ in recording.operations})
    return Program(recording, len(inputs), parameters, progress)
