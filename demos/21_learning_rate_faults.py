"""Is the learning rate too high, too low, or is it something else?

A loss that does not fall has many causes. The doctor watches the loop and says which it is.
"""

# %% A healthy run
from autograd_mini.losses import binary_cross_entropy_with_logits
from autograd_mini.nn import MLP
from autograd_mini.optim import SGD
from autograd_mini.teach.doctor import doctor
from autograd_mini.view.plot import sparkline

INPUTS, TARGETS = [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)], [0, 1, 1, 0]


def train(rate, inputs=INPUTS, activation="tanh", updates=60):
    """Train XOR; return the loss before each update, and what the doctor saw."""
    model = MLP(2, [4, 1], activation)
    optimiser, losses = SGD(model.parameters(), rate), []
    with doctor(model) as report:
        for _ in range(updates):
            loss = binary_cross_entropy_with_logits([model(x) for x in inputs], TARGETS)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.data)
    return losses, report


losses, report = train(rate=0.5)
print(sparkline(losses), f"{losses[0]:.3f} -> {losses[-1]:.3f}")
print(report)

# %% Too high
# Each update is computed for a small step. A leap lands where the gradient meant nothing: the
# doctor computes the loss of the same examples again after each update, and sees it rise.
losses, report = train(rate=30.0)
print(sparkline(losses), f"{losses[0]:.3f} -> {losses[-1]:.3f}")
print(report)

# %% Too low
# The loss falls at every update, so nothing looks wrong. But how much can it fall?
# At most |gradient| · |change|, says the chain rule.
losses, report = train(rate=0.00001)
print(sparkline(losses), f"{losses[0]:.6f} -> {losses[-1]:.6f}")
print(report)

# %% Neither
# The same rate as in the healthy run, but inputs of 0 and 255, as in a picture. The rate seems too
# high; the fault told first is the cause. With a lower rate the biases would hardly learn.
losses, report = train(rate=0.5, inputs=[(255 * x, 255 * y) for x, y in INPUTS], activation="relu")
print(sparkline(losses), f"{losses[0]:.3f} -> {losses[-1]:.3f}")
print(report)

# %% One sweep
# What the doctor names at each of several rates. Between too low and too high, many rates work.
for rate in (1e-6, 1e-4, 1e-2, 0.1, 1.0, 10.0, 100.0):
    losses, report = train(rate)
    names = [fault.name for fault in report.faults] or ["healthy"]
    print(f"rate {rate:<8g} {losses[0]:.3f} -> {losses[-1]:8.3f}  {', '.join(names)}")
