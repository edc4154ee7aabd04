"""Does the program in the note learn XOR?

A note trains a 2-2-1 network of sigmoids, without biases, for 10,000 updates at rate 0.1; numpy
draws the weights with seed 1. Here are the same weights and the same updates, without numpy.
"""

# %% The network
from autograd_mini import Value, sigmoid, weighted_sum

INPUTS, TARGETS = [(0, 0), (0, 1), (1, 0), (1, 1)], [0, 1, 1, 0]
# From input 1 to hidden 1 and 2, from input 2 to hidden 1 and 2, from hidden 1 and 2 to the output:
start = [0.417022004702574, 0.7203244934421581, 0.00011437481734488664, 0.30233257263183977]
start += [0.14675589081711304, 0.0923385947687978]
weights = [Value(number) for number in start]
w1, w2 = [weights[0:2], weights[2:4]], weights[4:6]
b1, b2 = [Value(0.0), Value(0.0)], Value(0.0)  # the note has none: they stay 0 for now


def output(x):
    """Return what the network says to two inputs."""
    hidden = [sigmoid(weighted_sum([w1[0][j], w1[1][j]], x, b1[j])) for j in (0, 1)]
    return sigmoid(weighted_sum(w2, hidden, b2))


# %% The first gradient
# The note adds what lowers ½Σ(t - y)², so its updates are gradient descent on that.
from autograd_mini.losses import half_squared_error, mean_squared_error

half_squared_error([output(x) for x in INPUTS], TARGETS).backward()
first = [w.grad for w in weights]
print("∂E/∂w:", *[f"{g:.12f}" for g in first])

# %% 10,000 updates
from autograd_mini.optim import SGD
from autograd_mini.view.progress import progress


def train(parameters):
    """Update the parameters; return the outputs before each update and after the last."""
    optimiser, history = SGD(parameters, rate=0.1), []
    for _ in progress(range(10_000), "update"):
        outputs = [output(x) for x in INPUTS]
        history.append([y.data for y in outputs])
        optimiser.zero_grad()
        half_squared_error(outputs, TARGETS).backward()
        optimiser.step()
    return [*history, [output(x).data for x in INPUTS]]


history = train(weights)
losses = [mean_squared_error(outputs, TARGETS) for outputs in history]
for updates in (0, 1, 10, 100, 1000, 5000, 10_000):
    print(f"{updates:6} updates: mean squared error {losses[updates]:.12f}")
print("weights:", *[f"{w:.12f}" for w in weights])

# %% Solved? Yes, weakly
# The note prints the outputs from before its last update; they round to 0, 1, 1, 0.
for updates in (9_999, 10_000):
    outputs = history[updates]
    print(updates, *[f"{y:.12f}" for y in outputs], "rounded:", *[round(y) for y in outputs])
wrong = [i for i, outputs in enumerate(history) if [round(y) for y in outputs] != TARGETS]
print("The rounded outputs are wrong for the last time after", wrong[-1], "updates.")

# %% The same, with biases
# Without them a hidden neuron can say nothing but σ(0) = ½ to (0, 0).
for w, data in zip(weights, start, strict=True):
    w.data = data
biased_history = train([*weights, *b1, b2])
biased_losses = [mean_squared_error(outputs, TARGETS) for outputs in biased_history]
print(f"with biases, 10,000 updates: mean squared error {biased_losses[-1]:.12f}")

# %% The picture
from autograd_mini.view.plot import loss_curve, sparkline
from autograd_mini.view.show import pictures, show

print(f"without biases {sparkline(losses)}\nwith biases    {sparkline(biased_losses)}")
with pictures():
    axes = loss_curve(losses, "as in the note, without biases")
    show(loss_curve(biased_losses, "with biases", axes), "14_xor")
