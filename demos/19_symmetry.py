"""Why must weights begin different?

Neurons that begin equal get equal gradients, and so stay equal for ever: many do the work of one.
"""

# %% Two hidden neurons that begin equal
from autograd_mini import Value, tanh
from autograd_mini.losses import mean_squared_error
from autograd_mini.optim import SGD

XOR = {(0.0, 0.0): 0.0, (0.0, 1.0): 1.0, (1.0, 0.0): 1.0, (1.0, 1.0): 0.0}
NAMES = ["a1", "a2", "b1", "b2", "c1", "c2", "bias_a", "bias_b", "bias_out"]


def predict(weights, x1, x2):
    """Return the output of two tanh neurons, a and b, and one that adds them up."""
    a1, a2, b1, b2, c1, c2, bias_a, bias_b, bias_out = weights
    a = tanh(a1 * x1 + a2 * x2 + bias_a)
    b = tanh(b1 * x1 + b2 * x2 + bias_b)
    return c1 * a + c2 * b + bias_out


def loss_of(weights):
    """Return the mean squared error on XOR."""
    outputs = [predict(weights, *inputs) for inputs in XOR]
    return mean_squared_error(outputs, list(XOR.values()))


def train(start, updates=2000):
    """Return the weights after some updates, each a step against the gradient."""
    weights = [Value(x, name) for x, name in zip(start, NAMES, strict=True)]
    optimiser = SGD(weights, rate=0.2)
    for _ in range(updates):
        optimiser.zero_grad()
        loss_of(weights).backward()
        optimiser.step()
    return weights


# %% Equal gradients
equal = [1.5, -1.2, 1.5, -1.2, 0.7, 0.7, 0.1, 0.1, 0.0]
weights = [Value(x, name) for x, name in zip(equal, NAMES, strict=True)]
L = loss_of(weights)
L.label = "L"
L.backward()
print("neuron a:", [f"{x.grad:.12f}" for x in (weights[0], weights[1], weights[6])])
print("neuron b:", [f"{x.grad:.12f}" for x in (weights[2], weights[3], weights[7])])

# %% And so for ever
# After 2,000 updates they are still equal, to the last bit: one neuron, counted twice, and one
# neuron cannot learn XOR.
stuck = train(equal)
print(f"a1 = {stuck[0]:.12f} = b1 = {stuck[2]:.12f}, loss {loss_of(stuck):.6f}")

# %% All zero: worse
# Then the hidden outputs are 0, and so are the weights behind them: no path has a factor that is
# not 0. Nothing learns but the last bias.
zeros = train([0.0] * 9, updates=100)
print("all zero:", [f"{x.data:g}" for x in zeros])

# %% A little difference is enough
# Random numbers break the symmetry. Here it is one weight, changed by a tenth.
different = [1.6, *equal[1:]]
free = train(different)
print(f"a1 = {free[0]:.3f}, b1 = {free[2]:.3f}, loss {loss_of(free):.12f}")

# %% The picture: two halves of a network that are one
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(predict(weights, 1.0, 0.0)), "19_symmetry")
