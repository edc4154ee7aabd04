"""Networks: neurons, layers of them, and layers in a row.

>>> model = MLP(2, [3, 1], activation="tanh")
>>> model
MLP(2, [3, 1], activation='tanh', output='linear')
>>> len(model.parameters())
13
>>> y = model([1.0, -2.0])
>>> y.backward()
>>> y.label, model.layers[0].neurons[1].w[0].label
('layer2.neuron1.out', 'layer1.neuron2.w1')

Weights start uniform in ±bound and biases at 0. The bound suits the activation: √(6 / inputs) for
relu, leaky_relu and softplus, a variance of 2 / inputs (He, Zhang, Ren and Sun 2015, equation 10);
√(6 / (inputs + outputs)) for everything else, a variance of 2 / (inputs + outputs) (Glorot and
Bengio 2010, equation 16).

The same seed gives the same weights on every machine. A network draws from a generator of its own:
two networks are equal unless their seeds differ. Neurons and layers that are made one by one draw
from one generator, one after the other, so that no two are equal:

>>> a, b = Neuron(2), Neuron(2)
>>> a.w[0].data == b.w[0].data
False
"""

import math
import operator
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from random import Random
from typing import Any, Never

from autograd_mini.engine import Value, primitives
from autograd_mini.engine.arguments import described, several, text, whole_number
from autograd_mini.engine.changes import Changes
from autograd_mini.engine.sums import weighted_sum
from autograd_mini.notation.text import write_label
from autograd_mini.saving import read_parameters, write_parameters

Activation = Callable[[Value], Value]

SEED = 0
"""The seed of every network that is not given another."""

ONE_BY_ONE = Random(SEED)
"""The generator of the neurons and layers that are not given another."""


# Activations --------------------------------------------------------------------------------------


def linear(z: Value) -> Value:
    """Return the weighted sum as it is."""
    return z


# Called as methods, which is the fastest way to apply a primitive to a Value.
ACTIVATIONS: dict[str, Activation] = {"linear": linear} | {
    name: operator.methodcaller(name)
    for name, op in primitives.TABLE.items()
    if len(op.rules) == 1 and name in dir(Value)
}

RECTIFIERS = frozenset({"relu", "leaky_relu", "softplus"})


def activation_name(activation: str | Activation) -> str:
    """Return the name of an activation, given by name or as a function.

    micrograd's nonlin=True and nonlin=False are relu and linear.
    """
    if isinstance(activation, bool):
        return "relu" if activation else "linear"
    if isinstance(activation, str):
        return activation
    return str(getattr(activation, "name", getattr(activation, "__name__", repr(activation))))


def activation_function(activation: str | Activation) -> Activation:
    """Return the function that an activation stands for; raise where there is none."""
    if callable(activation):
        return activation
    if not isinstance(activation, (str, bool)):
        raise TypeError(f"an activation is a name or a function of a Value, got {activation!r}")
    name = activation_name(activation)
    if name not in ACTIVATIONS:
        close = get_close_matches(name.lower(), ACTIVATIONS, n=1)
        meant = f"did you mean {close[0]!r}? Known" if close else "known"
        known = f"{meant} are {', '.join(sorted(ACTIVATIONS))}, or give a function"
        raise ValueError(f"no activation is called {name!r}; {known}")
    return ACTIVATIONS[name]


def weight_bound(name: str, inputs: int, outputs: int) -> float:
    """Return the largest weight that a layer with the activation of that name starts with.

    >>> weight_bound("relu", 6, 18), weight_bound("tanh", 6, 18)
    (1.0, 0.5)
    """
    return math.sqrt(6 / inputs) if name in RECTIFIERS else math.sqrt(6 / (inputs + outputs))


# Modules ------------------------------------------------------------------------------------------


class Module:
    """Something with parameters: the leaves of the graph that training changes.

    Parameters are found in the attributes: Values that are leaves, modules, and lists and
    dictionaries of these; names that begin with an underscore are left out.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.ends = Value(2.0), [Value(0.0), Value(1.0)]
    >>> list(Line().named_parameters())
    ['slope', 'end1', 'end2']
    """

    def named_parameters(self) -> dict[str, Value]:
        """Return the parameters by their place in the module, such as ``layer1.neuron2.w1``.

        Raises ValueError if two places have the same name.
        """
        named: dict[str, Value] = {}
        for name, parameter in named_leaves(self, ""):
            if name in named:
                raise ValueError(
                    f"two parameters are called {name}: give an attribute another name"
                )
            named[name] = parameter
        return named

    def parameters(self) -> list[Value]:
        """Return the parameters; one that has two places is listed once."""
        return list(dict.fromkeys(self.named_parameters().values()))

    def zero_grad(self) -> None:
        """Set the grad of every parameter to 0, for the next pass to start from."""
        parameters = self.parameters()
        Changes().grads(parameters, [0.0] * len(parameters)).make()

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the parameters to a JSON file; where that fails, the old file stays as it was.

        Raises ValueError if a parameter is not finite.
        """
        data = {name: parameter.data for name, parameter in self.named_parameters().items()}
        write_parameters(path, repr(self), data)

    def load(self, path: str | os.PathLike[str]) -> None:
        """Set the parameters to those of a file that ``save`` wrote, all or none.

        Raises FileNotFoundError if there is none; ValueError if it is damaged or does not fit.
        """
        parameters = self.named_parameters()
        data = read_parameters(path, repr(self), list(parameters))
        Changes().data([*parameters.values()], [data[name] for name in parameters]).make()

    def __repr__(self) -> str:
        return f"{type(self).__name__} with {len(self.parameters())} parameters"


def named_leaves(part: object, name: str) -> Iterator[tuple[str, Value]]:
    """Yield every leaf within a part of a module, with its name."""
    if isinstance(part, Value) and not part.operands:
        yield name, part
    elif isinstance(part, (Module, dict)):
        for key, inner in (part if isinstance(part, dict) else vars(part)).items():
            if not str(key).startswith("_"):
                yield from named_leaves(inner, within(name, str(key)))
    elif isinstance(part, (list, tuple)):
        for number, inner in enumerate(part, 1):
            yield from named_leaves(inner, f"{name.removesuffix('s')}{number}")


def within(outer: str, inner: str) -> str:
    """Write the name of a part of something, or of a part of nothing in particular.

    >>> within("layer1", "neuron2"), within("", "w1")
    ('layer1.neuron2', 'w1')
    """
    return f"{outer}.{inner}" if outer else inner


class Neuron(Module):
    """An activation of a weighted sum: f(w1·x1 + … + wn·xn + b).

    *inputs* is their number, at least 1; *activation* a name or a function of a Value; *rng* the
    generator of the weights, such as ``random.Random(7)``; *outputs* how many neurons the layer
    has.

    >>> neuron = Neuron(2, "sigmoid", label="n")
    >>> neuron.w[0].data, neuron.w[1].data = 1.0, -1.0
    >>> y = neuron([3.0, 3.0])
    >>> y.data, y.label, y.operands[0].label
    (0.5, 'n.out', 'n.z')
    """

    def __init__(  # noqa: PLR0913 (nonlin is micrograd's)
        self,
        inputs: int,
        activation: str | Activation = "relu",
        label: str = "",
        rng: Random | None = None,
        *,
        outputs: int = 1,
        nonlin: bool = True,
    ) -> None:
        activation = activation if nonlin else "linear"
        self.activation = activation_function(activation)
        self._name = activation_name(activation)
        self._label = label
        self._z, self._out = within(text(label, "a label"), "z"), within(label, "out")
        bound = weight_bound(self._name, whole_number(inputs, "the number of inputs", 1), outputs)
        draw = generator(rng).uniform
        names = (within(label, f"w{i}") for i in range(1, inputs + 1))
        self.w = [Value(draw(-bound, bound), name) for name in names]
        self.b = Value(0.0, within(label, "b"))

    def __call__(self, inputs: Iterable[Value | float], *others: Never) -> Value:
        """Return the output of the neuron."""
        one_list(others)
        xs = require_inputs(inputs, len(self.w), self._label or type(self).__name__)
        return self.fire(weighted_sum(self.w, xs, self.b))

    def fire(self, z: Value) -> Value:
        """Apply the activation to the weighted sum; where they are the same, it is the output."""
        z.label = self._z
        out = self.activation(z)
        if not isinstance(out, Value):
            raise TypeError(f"the activation {self._name} returned {out!r}; need a Value")
        out.label = self._out
        return out

    def __repr__(self) -> str:
        return f"{type(self).__name__}({len(self.w)}, activation={self._name!r})"


class Network(Module):
    """Neurons side by side, or layers of them: what it returns is a list, if it is several."""

    def outputs(self, inputs: Iterable[Value | float]) -> list[Value]:
        """Return the outputs as a list, also that of an only neuron."""
        raise NotImplementedError

    def __call__(self, inputs: Iterable[Value | float], *others: Never) -> Value:
        """Return the output of the only neuron, or the list of the outputs of several.

        Type checkers take it for a Value; for what is always a list ask ``outputs``.
        """
        one_list(others)
        values: Any = self.outputs(inputs)
        output: Value = values if len(values) > 1 else values[0]
        return output


class Layer(Network):
    """Neurons that read the same inputs; the arguments are those of a neuron, and their number.

    >>> [y.label for y in Layer(2, 3)([1.0, 2.0])]
    ['neuron1.out', 'neuron2.out', 'neuron3.out']
    """

    def __init__(  # noqa: PLR0913 (nonlin is micrograd's)
        self,
        inputs: int,
        outputs: int,
        activation: str | Activation = "relu",
        label: str = "",
        rng: Random | None = None,
        *,
        nonlin: bool = True,
    ) -> None:
        rng = generator(rng)
        count = whole_number(outputs, "the number of outputs", 1)
        names = (within(label, f"neuron{i}") for i in range(1, count + 1))
        self.neurons = [
            Neuron(inputs, activation, name, rng, outputs=outputs, nonlin=nonlin) for name in names
        ]
        self._label = text(label, "a label")

    def outputs(self, inputs: Iterable[Value | float]) -> list[Value]:
        """Return the outputs as a list, also that of an only neuron."""
        neurons = self.neurons
        xs = require_inputs(inputs, len(neurons[0].w), self._label or type(self).__name__)
        zs = Value.weighted_sums([(neuron.w, neuron.b) for neuron in neurons], xs)
        return [neuron.fire(z) for neuron, z in zip(neurons, zs, strict=True)]

    def __repr__(self) -> str:
        neuron = self.neurons[0]
        arguments = f"{len(neuron.w)}, {len(self.neurons)}, activation={neuron._name!r}"
        return f"{type(self).__name__}({arguments})"


class MLP(Network):
    """A multi-layer perceptron: each layer reads what the one before it returns.

    *sizes* are the numbers of neurons, at least one; all layers have the *activation*, but the
    last has *output*; *seed* is that of the weights (0 by default).
    """

    def __init__(
        self,
        inputs: int,
        sizes: Sequence[int],
        activation: str | Activation = "relu",
        output: str | Activation = "linear",
        seed: int = SEED,
    ) -> None:
        rng = Random(seed)
        widths = [inputs, *layer_sizes(sizes)]
        activations = [activation] * (len(widths) - 2) + [output]
        shapes = zip(widths[:-1], widths[1:], activations, strict=True)
        self.layers = [
            Layer(reads, has, kind, f"layer{i}", rng)
            for i, (reads, has, kind) in enumerate(shapes, 1)
        ]
        activation_function(activation)  # a wrong one is an error even where no layer has it
        self._activations = activation_name(activation), activation_name(output)

    def outputs(self, inputs: Iterable[Value | float]) -> list[Value]:
        """Return the outputs of the last layer as a list, also that of an only neuron."""
        first, *others = self.layers
        values = first.outputs(inputs)
        for layer in others:
            values = layer.outputs(values)
        return values

    def __repr__(self) -> str:
        inputs, sizes = len(self.layers[0].neurons[0].w), [len(x.neurons) for x in self.layers]
        activation, output = self._activations
        arguments = f"{inputs}, {sizes}, activation={activation!r}, output={output!r}"
        return f"{type(self).__name__}({arguments})"


# Arguments ----------------------------------------------------------------------------------------


def layer_sizes(sizes: Sequence[int]) -> Sequence[int]:
    """Return the sizes if they are the sizes of at least one layer."""
    if not isinstance(sizes, Sequence) or isinstance(sizes, str):
        raise TypeError(f"the sizes of the layers are a list such as [16, 16, 1], got {sizes!r}")
    if not sizes:
        raise ValueError("a network needs at least one layer, got no sizes")
    return sizes


def generator(rng: Random | None) -> Random:
    """Return the generator of the weights, the common one where none was given."""
    if rng is not None and not isinstance(rng, Random):
        raise TypeError(f"rng is a generator such as random.Random(7), got {rng!r:.40}")
    return rng or ONE_BY_ONE


def one_list(others: Sequence[object]) -> None:
    """Raise TypeError if a module was called with more than one argument."""
    if others:
        raise TypeError("the inputs are one list: write model([1.0, 2.0]) for model(1.0, 2.0)")


def require_inputs(inputs: Iterable[Value | float], need: int, where: str) -> list[Value | float]:
    """List the inputs; raise unless there are as many as needed."""
    where = write_label(where)
    if isinstance(inputs, str) or not several(inputs):
        given = described(inputs)
        raise TypeError(f"{where} needs a list of {need} numbers or Values, got {given}")
    values = list(inputs)
    if len(values) != need:
        raise ValueError(f"{where} got {len(values)} inputs, but has {need} weights per neuron")
    return values
