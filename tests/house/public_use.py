"""What a user writes, with the types that a checker must find; ``make types`` reads it.

``tests/house/test_types.py`` runs it, so that what is written here is also true.
"""

import math
from typing import assert_type

from autograd_mini import Value, exp, gradient, maximum, recompute, tanh, total, weighted_sum
from autograd_mini.losses import cross_entropy, half_squared_error, mean_squared_error, softmax
from autograd_mini.nn import MLP, Neuron
from autograd_mini.optim import SGD

a, b = Value(2.0, "a"), Value(-3.0, "b")

# Operators, with Values and with plain numbers on either side.
assert_type(a + b, Value)
assert_type(a - 1, Value)
assert_type(a * 2, Value)
assert_type(a / 2.0, Value)
assert_type(a**2, Value)
assert_type(2**a, Value)
assert_type(1 - a, Value)
assert_type(2.0 * a, Value)
assert_type(1 / a, Value)
assert_type(-a, Value)
assert_type(abs(a), Value)
assert_type(a < b, bool)

# Functions, as methods and by name; of numbers they give numbers.
assert_type(a.tanh(), Value)
assert_type(a.maximum(b), Value)
assert_type(a.maximum(0.0), Value)
assert_type(tanh(a * b + 6.5), Value)
assert_type(exp(1.0), float)
assert_type(maximum(a, 1.0), Value)
assert_type(maximum(1.0, a), Value)
assert_type(maximum(1.0, 2.0), float)

# Sums.
assert_type(total([a, 1.0]), Value)
assert_type(total([a, b]), Value)
assert_type(total([1.0, 2.0]), float)
assert_type(weighted_sum([a], [2.0], b), Value)
assert_type(weighted_sum([a], [2.0]), Value)
assert_type(weighted_sum([1.0], [2.0]), float)

# The graph.
y = a * b
y.backward()
assert_type(a.data, float)
assert_type(a.grad, float)
assert_type(gradient(y, [a, b]), list[Value])
assert_type(recompute(y), Value)


# Networks.
neuron = Neuron(2)
assert_type(neuron([a, 1.0]), Value)
model = MLP(2, [3, 1])
assert_type(model([a, 1.0]), Value)
assert_type(model.outputs([1.0, b]), list[Value])
assert_type(model.parameters(), list[Value])

# Losses: of numbers they give numbers.
loss = mean_squared_error(model([1.0, 2.0]), 1.0)
assert_type(loss, Value)
assert_type(half_squared_error([a, b], [1.0, 0.0]), Value)
assert_type(mean_squared_error([0.8], [1.0]), float)
assert_type(mean_squared_error(0.8, 1.0), float)
assert_type(cross_entropy([a, 1.0], 0), Value)
assert_type(cross_entropy([2.0, 1.0], 0), float)
assert_type(softmax([a, b]), list[Value])
assert_type(softmax([1.0, 2.0]), list[float])

# A step of training.
optimiser = SGD(model.parameters(), rate=0.1)
optimiser.zero_grad()
loss.backward()
optimiser.step()


def refused() -> None:
    """What stays an error; an ignore that nothing needs is one too."""
    math.exp(a)  # type: ignore[arg-type]
    float(a)  # type: ignore[arg-type]
    a + "1"  # type: ignore[arg-type]
    a.maximum("x")  # type: ignore[arg-type]
    tanh("x")  # type: ignore[call-overload]
