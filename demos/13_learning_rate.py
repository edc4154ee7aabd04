"""How large should a step be?

The network 2 → 1.5 → 0.8 of lesson 12 again, with only its first weight learning: w ← w - η·∂L/∂w.
What does the learning rate η do?
"""

# %% The note's three rates
# It takes 0.028 for the gradient, and says that 0.0001 leads to 0.49997. It leads to:
note = {rate: 0.5 - rate * 0.028 for rate in (0.0001, 0.1, 1.0)}
print(*[f"rate {rate}: w = {weight:.12f}" for rate, weight in note.items()], sep="; ")
# For 0.49997 the gradient would have to be 0.3.
print(f"{0.5 - 0.0001 * 0.3:.12f}")

# %% The true gradient
from autograd_mini import Value


def loss_of(w):
    """Return the loss of the network whose first weight is w."""
    hidden = w * 2.0 + 0.5
    output = hidden * 0.7 - 0.25
    return (output - 1.0) ** 2


w = Value(0.5, "w")
L = loss_of(w)
L.backward()
print(f"∂L/∂w = {w.grad:.12f}")
steps = {rate: 0.5 - rate * w.grad for rate in (0.0001, 0.1, 1.0)}
after = {rate: loss_of(weight) for rate, weight in steps.items()}
for rate, weight in steps.items():
    print(f"rate {rate}: w = {weight:.12f}, loss {L:.6f} -> {after[rate]:.12f}")

# %% Where does it begin to diverge?
# L is a parabola in w. Each step multiplies the distance to its lowest point by 1 - η·L″, which
# must stay between -1 and 1: η < 2 / L″. The second derivative: differentiate the gradient.
from autograd_mini import gradient

[first] = gradient(loss_of(w), [w])
[second] = gradient(first, [w])
limit = 2 / second.data
print(f"L″ = {second:.12f}, so the limit is 2 / L″ = {limit:.12f}")


# %% Twenty updates with each of five rates
def descend(rate):
    """Return the loss before the first update, and after each of 20."""
    weight, losses = Value(0.5), []
    for _ in range(21):
        loss = loss_of(weight)
        losses.append(loss.data)
        weight.grad = 0.0
        loss.backward()
        weight.data -= rate * weight.grad
    return losses


from autograd_mini.view.plot import loss_curve, sparkline

runs = {rate: descend(rate) for rate in (0.0001, 0.1, 0.4, 0.5, 0.52)}
# All on one scale, from 0 to twice the first loss:
ends = (0.0, 2 * runs[0.1][0])
for rate, losses in runs.items():
    print(f"rate {rate:6}  {sparkline(losses, ends=ends)}  {losses[0]:.4f} -> {losses[-1]:.3g}")

# %% The picture
from autograd_mini.view.show import pictures, show

with pictures():
    axes = None
    for rate, losses in runs.items():
        axes = loss_curve(losses, f"rate {rate}", axes)
    axes.set_yscale("log")
    show(axes, "13_learning_rate")
