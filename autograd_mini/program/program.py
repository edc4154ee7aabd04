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
    warn_of,
)
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
from autograd_mini.program.runner import Runner, bind, floats, resume
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
        self.runners: dict[Library, Runner] = {}  # by namespace
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
        return self.listing.arguments[: self.count]

    @property
    def source(self) -> str:
        """The program as one would write it by hand: forward, then the chain rule."""
        return self.listing.source

    def __call__(self, *inputs: Array) -> Array:
        """Return the value; for arrays, the mean over the samples."""
        if any(map(is_array, inputs)):
            return self.on_arrays("value", inputs).value
        numbers = self.numbers(inputs)
        if self.waits_for_lines():
            return self.forward(numbers).found.value
        try:
            return self.value(numbers)[0]
        except (ArithmeticError, ValueError):
            return self.forward(numbers).found.value

    def value_and_gradients(self, *inputs: Array) -> Gradients:
        """Return the value and all derivatives, and touch nothing."""
        if any(map(is_array, inputs)):
            return self.on_arrays("value_and_gradients", inputs)
        numbers = self.numbers(inputs)
        if self.waits_for_lines():
            return self.careful(numbers)
        try:
            found = Gradients._make(self.value_and_derivatives(numbers))
        except (ArithmeticError, ValueError):
            return self.careful(numbers)
        finite = math.isfinite(sum(found.inputs) + sum(found.parameters))
        return found if finite else self.careful(numbers)

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

    def numbers(self, inputs: Sequence[Array]) -> list[Array]:
        """Return the numbers of all leaves."""
        return [*self.given(inputs), *self.data]

    def given(self, inputs: Sequence[Array]) -> list[Array]:
        """Return the numbers of the inputs."""
        if len(inputs) != self.count:
            names = ", ".join(self.inputs)
            raise TypeError(f"the inputs are ({names}), but {len(inputs)} were given")
        return [argument(x, partial(self.name_input, i)) for i, x in enumerate(inputs)]

    def name_input(self, i: int) -> str:
        """Return the name of an input, which an error asks for."""
        return self.inputs[i]

    def samples(self, inputs: Sequence[Array]) -> tuple[list[Array], int]:
        """Return the numbers of the inputs, and how many samples they hold."""
        given = self.given(inputs)
        return given, samples(given, lambda: self.inputs)

    def forward(self, numbers: Sequence[float]) -> Sample:
        """Compute one sample by Values, without derivatives."""
        return Sample(Gradients(self.recording.replay(numbers)[-1].data, (), ()))

    def careful(self, numbers: Sequence[float]) -> Gradients:
        """Differentiate by Values, which say what is wrong, and where, if anything is."""
        sample = self.examine(numbers)
        warn_of([sample.doubt])
        return sample.found

    def examine(self, numbers: Sequence[float]) -> Sample:
        """Differentiate one sample by Values."""
        nodes = self.recording.replay(numbers)
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
            one = self.examine if name == "value_and_gradients" else self.forward
            return average(xp, one_by_one(xp, one, rows(numbers, n)), numbers, n)

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

    def differentiate(self, table: Array, data: Array) -> tuple[float, Array]:
        """Return the mean over the samples, and its derivatives by the parameters, as an array.

        *table* is an array with a row for each input, *data* has the numbers of the parameters. In
        doubt, where a number is not finite or a function fails, the value is NaN.
        """
        import numpy

        try:
            if self.machine:
                parameters = data.copy()
                table = numpy.ascontiguousarray(table, dtype=float)
                return self.machine(table, None, parameters), parameters
            with arrays.strict(numpy):
                found = self.runner(numpy, "value_and_gradients")([*table, *data.tolist()])
        except (ArithmeticError, ValueError):
            return math.nan, data
        mean = means(numpy)["_mean"]
        return float(mean(found[0])), numpy.array([mean(d) for d in found[2]])

    @cached_property
    def value(self) -> Runner:
        """The forward lines on floats."""
        return resume(self.listing.value, floats(self.listing.primitives), self.progress)

    @cached_property
    def value_and_derivatives(self) -> Runner:
        """All lines on floats."""
        return resume(
            self.listing.value_and_gradients, floats(self.listing.primitives), self.progress
        )

    def runner(self, xp: Library, name: str) -> Runner:
        """Return a function of the listing on arrays of a namespace."""
        if (xp, name) not in self.runners:
            scope = floats(self.listing.primitives) | arrays.functions(xp) | means(xp)
            function: Function = getattr(self.listing, name)
            body = write_batched(function)
            self.runners[xp, name] = bind(function, body, scope, self.progress)
        return self.runners[xp, name]


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

    def value_and_gradients(self, *inputs: Array) -> Gradients:
        """Return the value and all derivatives, and touch nothing."""
        if self.kernel and not any(map(is_array, inputs)):
            sample = self.alone(self.numbers(inputs))
            warn_of([sample.doubt])
            return sample.found
        return super().value_and_gradients(*inputs)

    def on_arrays(self, name: str, inputs: Sequence[Array]) -> Gradients:
        """Run the machine code; where a sample is in doubt, each alone."""
        import numpy

        if not all(map(is_native, map(type, inputs))):
            return super().on_arrays(name, inputs)
        try:
            table = self.table(inputs)
        except TypeError:  # the lines say it better
            return super().on_arrays(name, inputs)
        value, of_inputs, of_parameters = self.run(table, self.data)
        if math.isfinite(value):
            pairs = zip(of_inputs, inputs, strict=True)
            shares = tuple(d if has_samples(x) else d.sum() for d, x in pairs)
            return Gradients(value, shares, tuple(of_parameters.tolist()))
        numbers = [*self.given(inputs), *self.data]
        one = self.alone if name == "value_and_gradients" else self.forward
        samples = rows([*table, *self.data], table.shape[1])
        return average(numpy, one_by_one(numpy, one, samples), numbers, table.shape[1])

    def run(self, table: Array, data: Sequence[float]) -> tuple[float, Array, Array]:
        """Return what the machine code finds, all in arrays; the value is NaN in doubt."""
        import numpy

        by_inputs, parameters = numpy.empty_like(table), numpy.empty(len(data))
        self.doubles.pack_into(parameters.data, 0, *data)  # three times as fast as numpy.array
        try:
            value = self.machine(table, by_inputs, parameters)
        except (ArithmeticError, ValueError):
            value = math.nan
        return value, by_inputs, parameters

    def alone(self, numbers: Sequence[float]) -> Sample:
        """Differentiate one sample, in doubt by Values, which say what is wrong, if anything is."""
        import numpy

        table = numpy.array(numbers[: self.count]).reshape(-1, 1)
        value, of_inputs, of_parameters = self.run(table, numbers[self.count :])
        if not math.isfinite(value):
            return self.examine(numbers)
        by_inputs, by_parameters = of_inputs[:, 0].tolist(), of_parameters.tolist()
        return Sample(Gradients(value, tuple(by_inputs), tuple(by_parameters)))


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
