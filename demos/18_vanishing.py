"""Where does the gradient go in a deep network?

On its way back it is multiplied by every layer's slope and weight. Factors below 1 make it vanish,
factors above 1 make it explode.
"""

# %% Sigmoids in a row
# The slope of a sigmoid is at most ¼, at 0. So at best, with weights of 1:
from autograd_mini import Value, relu, sigmoid, tanh

at_best = {depth: 0.25**depth for depth in (1, 5, 10)}
print("gradient by depth, at best:", at_best)


def gradient_of_chain(function, depth):
    """Return the derivative of f(f(… x)), *depth* functions deep, at x = 0.1."""
    x = y = Value(0.1)
    for _ in range(depth):
        y = function(y)
    y.backward()
    return x.grad


# %% Depth 1 to 20
# tanh has slope 1 at 0 but less elsewhere; relu has slope 1 wherever it is not flat.
depths = range(1, 21)
chains = {f.name: [gradient_of_chain(f, d) for d in depths] for f in (sigmoid, tanh, relu)}
for name, sizes in chains.items():
    print(f"{name:8} depth 1: {sizes[0]:.3g}  5: {sizes[4]:.3g}  20: {sizes[19]:.3g}")

# %% Networks of 21 layers
# gradient_sizes gives the size of the gradient in each layer, the root mean square.
from random import Random

from autograd_mini import total
from autograd_mini.nn import MLP
from autograd_mini.view.plot import gradient_sizes

random = Random(0)
inputs = [[random.gauss(0, 1) for _ in range(4)] for _ in range(8)]


def deep(activation, factor=1.0):
    """Return a deep network, its weights times a factor, after a backward pass of 8 inputs."""
    model = MLP(4, [16] * 20 + [1], activation)
    for parameter in model.parameters():
        parameter.data *= factor
    total([model(x) for x in inputs]).backward()
    return model


models = {name: deep(name) for name in ("sigmoid", "tanh", "relu")}
for name, model in models.items():
    sizes = gradient_sizes(model)
    print(f"{name:8} gradient in layer 1: {sizes[0]:.3g}, in layer 21: {sizes[-1]:.3g}")

# %% Why initialisation helps
# An MLP starts with weights that keep signals about as large as they came in. Make them half as
# large, or twice, and 21 layers of relu vanish or explode.
models["relu, weights × ½"] = deep("relu", 0.5)
models["relu, weights × 2"] = deep("relu", 2.0)
first_layer = {name: gradient_sizes(model)[0] for name, model in models.items()}
print(*[f"{name} {size:.2g}" for name, size in first_layer.items()], sep="; ")

# %% Why normalised inputs help
# An input of 20 where 1 would do leaves the first sigmoid no slope, before depth matters.
slopes = {x: sigmoid(x) * (1 - sigmoid(x)) for x in (0.0, 1.0, 20.0)}
print("slope of the sigmoid:", slopes)

# %% The picture
from autograd_mini.view.plot import gradient_flow
from autograd_mini.view.show import pictures, show

with pictures():
    axes = None
    for name, model in models.items():
        axes = gradient_flow(model, name, axes)
    show(axes, "18_vanishing")
