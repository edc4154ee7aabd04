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

import warnings
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, NamedTuple

from autograd_mini import arrays
from autograd_mini.engine import Value
from autograd_mini.errors import real
from autograd_mini.listing import Listing, listed
from autograd_mini.order import topological_order
from autograd_mini.recording import Recording, recorded
from autograd_mini.running import bound, floats

DATA = attrgetter("_data")  # the slot behind the property, which is twice as slow


class Gradients(NamedTuple):
    """The value, and its derivatives with respect to the inputs and to the parameters."""

    value: Any
    inputs: tuple[Any, ...]
    parameters: tuple[Any, ...]


class Program:
    """A recorded graph as straight-line Python; made by ``record``.

    ``parameters`` are the leaves that are not inputs, in topological order. Each call takes one
    float for each input, or arrays of one length: then the value is the mean over the samples, and
    the derivatives are those of the mean. A float among arrays is the same for every sample.

    A domain error has the class and the message of the primitive's own. Floats and NumPy's arrays
    raise it; on other arrays the element is NaN or infinite, as their library has it.
    """

    def __init__(
        self, recording: Recording, listing: Listing, parameters: Sequence[Value]
    ) -> None:
        self.recording = recording
        self.listing = listing
        self.parameters = tuple(parameters)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.recording, self.listing, self.parameters)

    def __repr__(self) -> str:
        inputs = ", ".join(self.recording.names[: self.listing.inputs])
        return f"<program of {inputs}: {len(self.recording.names)} nodes>"

    @property
    def source(self) -> str:
        """The program as one would write it by hand: forward, then the chain rule."""
        return self.listing.value_and_gradients.source

    def __call__(self, *inputs: Any) -> Any:
        """Return the value; for arrays, the mean over the samples."""
        numbers = self.numbers(inputs)
        try:
            return self.value(*numbers)
        except (ArithmeticError, ValueError):
            return self.recording.replay(numbers)[-1].data

    def value_and_gradients(self, *inputs: Any) -> Gradients:
        """Return the value and all derivatives, and touch nothing."""
        numbers = self.numbers(inputs)
        try:
            return Gradients._make(self.value_and_derivatives(*numbers))
        except (ArithmeticError, ValueError):
            return self.careful(numbers)

    def backward(self, *inputs: Any) -> float:
        """Add the derivatives to the grad of the parameters, and return the value."""
        value, _, gradients = self.value_and_gradients(*inputs)
        before = [parameter.grad for parameter in self.parameters]
        try:
            for parameter, gradient in zip(self.parameters, gradients, strict=True):
                parameter.grad += gradient
        except BaseException:
            for parameter, grad in zip(self.parameters, before, strict=True):
                parameter.grad = grad
            raise
        return float(value)

    def numbers(self, inputs: Sequence[Any]) -> list[float]:
        """Return the numbers of all leaves; raise TypeError for anything but numbers."""
        if len(inputs) != self.listing.inputs:
            names = ", ".join(self.listing.arguments[: self.listing.inputs])
            raise TypeError(f"the inputs are ({names}), but {len(inputs)} were given")
        return [*map(real, inputs), *map(DATA, self.parameters)]

    def careful(self, numbers: Sequence[float]) -> Gradients:
        """Differentiate by Values, which say what is wrong, and where, if anything is."""
        nodes = self.recording.replay(numbers)
        nodes[-1].backward()
        gradients = [leaf.grad for leaf in nodes[: self.recording.leaves]]
        inputs = self.listing.inputs
        return Gradients(nodes[-1].data, tuple(gradients[:inputs]), tuple(gradients[inputs:]))

    @cached_property
    def value(self) -> Callable[..., Any]:
        """The compiled forward lines."""
        return bound(self.listing.value, floats(self.listing.primitives))

    @cached_property
    def value_and_derivatives(self) -> Callable[..., Any]:
        """The compiled lines."""
        return bound(self.listing.value_and_gradients, floats(self.listing.primitives))


def record(output: Value, inputs: Iterable[Value] = ()) -> Program:
    """Record the graph of *output* as a program of its *inputs*, which are leaves.

    Raises TypeError for what is no Value, and ValueError for inputs that are computed, occur twice
    or do not occur in the graph. Warns if one of the nodes that depend on the inputs was compared:
    a program cannot branch, and goes the way that the graph went.
    """
    inputs = list(inputs)
    order = topological_order(output)
    leaves = [node for node in order if not node.operands]
    check_inputs(inputs, order)
    parameters = [leaf for leaf in leaves if leaf not in inputs]
    recording = recorded(output, [*inputs, *parameters])
    return Program(recording, listed(recording, len(inputs)), parameters)


def check_inputs(inputs: Sequence[Value], order: Sequence[Value]) -> None:
    """Raise unless the inputs are leaves of the graph, each once."""
