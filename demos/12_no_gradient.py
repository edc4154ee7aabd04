"""When is what flows backwards not a gradient?

A note on backpropagation shows a network, 2 → 1.5 → 0.8, with weights 0.5 and 0.7 and target 1,
and says: "Gradients flow backwards, 0.04 → 0.028 → 0.014". Are these gradients?
"""

# %% The network
# 2·0.5 is 1, not 1.5, and 1.5·0.7 is not 0.8: the note leaves out the biases, 0.5 and -0.25.
from autograd_mini import Value

x, w1, b1 = Value(2.0, "x"), Value(0.5, "w1"), Value(0.5, "b1")
w2, b2 = Value(0.7, "w2"), Value(-0.25, "b2")


def network():
    """Return the hidden value, the output and the loss, for the weights as they are now."""
    hidden = w1 * x + b1
    output = w2 * hidden + b2
    return hidden, output, (output - 1.0) ** 2


h, out, L = network()
h.label, out.label, L.label = "h", "out", "L"
print(f"h = {h:.12f}, out = {out:.12f}, L = {L:.12f}")

# %% The note's numbers: the loss itself is sent back
# Start at the output with the loss, 0.04, and multiply by the weights: that is what the note does.
out.backward(seed=L.data)
sent_back = [out.grad, h.grad, x.grad]
print("sent back", *[f"{number:.12f}" for number in sent_back])

# %% The gradients
# The start must be ∂L/∂out = 2·(out - 1) = -0.4: how the loss changes, not how large it is.
L.zero_grad()
L.backward()
gradients = [out.grad, h.grad, x.grad]
print("gradients", *[f"{number:.12f}" for number in gradients])
# Another sign, another size. And a weight's gradient needs the input of that weight as well:
print(f"∂L/∂w2 = {w2.grad:.12f}, ∂L/∂w1 = {w1.grad:.12f}")
print(f"∂L/∂b2 = {b2.grad:.12f}, ∂L/∂b1 = {b1.grad:.12f}")

# %% The picture
# The flow that the note wants to show: loss, output, hidden, input, with true numbers.
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(L), "12_no_gradient")

# %% What each update does to the loss
# The note: new weight = 0.5 - 0.1·0.028.
w1.data = 0.5 - 0.1 * sent_back[1]
misled = network()[-1]
print(f"with 0.028:  w1 = {w1:.12f}, loss {L:.12f} -> {misled:.12f}: it rises")

# The gradient of that weight is -0.56.
w1.data = 0.5 - 0.1 * w1.grad
better = network()[-1]
print(f"with ∂L/∂w1: w1 = {w1:.12f}, loss {L:.12f} -> {better:.12f}: it falls")

# And the second weight as well:
w2.data = 0.7 - 0.1 * w2.grad
best = network()[-1]
print(f"both:        w2 = {w2:.12f}, loss {L:.12f} -> {best:.12f}")
