"""What goes wrong without zero_grad?

backward() adds to the gradients of the leaves. A loop that never clears them adds for ever.
"""

# %% Gradients add up
from autograd_mini import Value

w = Value(3.0, "w")
L = w**2
L.backward()
print("one pass:", w.grad)
# A second pass adds the same again: 12, not 6.
L.backward()
print("two passes:", w.grad)
# That is useful on purpose: the gradient of a sum of losses, one loss after the other.
L.zero_grad()
print("cleared:", w.grad)


# %% A loop that forgets
# w² is lowest at 0. Every update should bring w closer.
def descend(clear):
    """Return w after each of 12 updates, with or without clearing the gradient before."""
    w, path = Value(3.0, "w"), []
    for _ in range(12):
        if clear:
            w.grad = 0.0
        (w**2).backward()
        w.data -= 0.1 * w.grad
        path.append(round(w.data, 3))
    return path


print("with zero_grad   ", descend(clear=True))
print("without          ", descend(clear=False))
# It runs past the lowest point: the gradients of earlier updates are still in the sum, and it
# changes its sign only long after w has. A lower rate does not mend that.

# %% Inner nodes are another matter
# Should those add up, too? An engine that lets them gives more than twice on the second pass.
from autograd_mini.teach.mistakes import stale_inner_grads

a = Value(2.0, "a")
y = (a * 3.0) ** 2
print("inner gradients left:", stale_inner_grads(y)[a], "twice the right one:", 2 * 36.0)
# Ours sets inner nodes anew in every pass, and adds only to leaves:
y.backward()
y.backward()
print("two passes here:", a.grad)

# %% The doctor sees it
# Whether gradients are left from before an update cannot be read from the loss. It can be watched:
from autograd_mini.nn import MLP
from autograd_mini.optim import SGD
from autograd_mini.teach.doctor import doctor

model = MLP(2, [4, 1], "tanh")
optimiser = SGD(model.parameters(), rate=0.05)
with doctor(model) as report:
    for _ in range(10):
        loss = (model([1.0, -1.0]) - 0.5) ** 2
        loss.backward()
        optimiser.step()
print(report)
