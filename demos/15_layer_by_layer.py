"""Is the textbook's algorithm, layer by layer, the same as the chain rule on a graph?

It computes an error δ for every neuron, the last layer first, then each weight's gradient as error
times previous activation. The engine knows no layers, only one rule for each operation.
"""

# %% Forward: aᵢ = f(Σⱼ wᵢⱼ·aⱼ + bᵢ), layer by layer
from autograd_mini.losses import half_squared_error
from autograd_mini.nn import MLP

model = MLP(2, [3, 2], activation="sigmoid", output="sigmoid", seed=1)
inputs, targets = [0.5, -1.0], [1.0, 0.0]
layer1, layer2 = model.layers
hidden = layer1(inputs)
outputs = layer2(hidden)
E = half_squared_error(outputs, targets)
E.label = "E"
print("hidden", *[f"{a:.6f}" for a in hidden], "outputs", *[f"{a:.6f}" for a in outputs])

# %% The engine's way
# The adjoint ∂E/∂z of each neuron's weighted sum z is what the textbook calls its error δ.
E.backward()
z1 = [a.operands[0] for a in hidden]
z2 = [a.operands[0] for a in outputs]
print("adjoints of layer 2:", *[f"{z.grad:.12f}" for z in z2])
print("adjoints of layer 1:", *[f"{z.grad:.12f}" for z in z1])


# %% The textbook's way
# The derivative of σ, written with the activation a = σ(z), is a·(1 - a).
def slope(a):
    """Return the derivative of the sigmoid where its value is a."""
    return a * (1 - a)


# A trap: slope takes the activation. Given z = 0.5 itself, it is wrong.
from autograd_mini import Value, relu, sigmoid

z = Value(0.5)
sigmoid(z).backward()
print(f"σ′(0.5) = {z.grad:.12f} = slope(σ(0.5)) = {slope(sigmoid(0.5)):.12f}, not {slope(0.5)}")

# Output layer: error = (prediction - target) · f′.
delta2 = [(a.data - t) * slope(a.data) for a, t in zip(outputs, targets, strict=True)]
print("errors of layer 2:  ", *[f"{d:.12f}" for d in delta2])

# Hidden layer: the errors of the next layer, back through its weights, times f′.
w2 = [neuron.w for neuron in layer2.neurons]
delta1 = [
    sum(delta * row[j].data for delta, row in zip(delta2, w2, strict=True)) * slope(a.data)
    for j, a in enumerate(hidden)
]
print("errors of layer 1:  ", *[f"{d:.12f}" for d in delta1])

# %% Weights: error times previous activation; biases: the error
by_hand = [delta * x for delta in delta1 for x in inputs]
by_hand += [delta * a.data for delta in delta2 for a in hidden]
by_engine = [w.grad for layer in model.layers for neuron in layer.neurons for w in neuron.w]
largest = max(abs(g - h) for g, h in zip(by_engine, by_hand, strict=True))
print(f"{len(by_engine)} weights; largest difference between the two ways: {largest:.1e}")

# %% Another activation changes f′ and nothing else
# ReLU: 1 if its input is above 0, else 0, also exactly at 0, where the corner has no slope.
corners = [Value(-1.0), Value(0.0), Value(1.0)]
for corner in corners:
    relu(corner).backward()
print("relu′ at -1, 0, 1:", [corner.grad for corner in corners])

# %% The picture: one box a neuron, the first one opened
# The grad of its z is its error δ. The arrows are the errors on their way back.
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(E, detail="neurons", expand=["layer1.neuron1"]), "15_layer_by_layer")
