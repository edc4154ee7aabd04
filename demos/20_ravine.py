"""Why remember earlier gradients?

In a ravine, steep across and almost flat along, no rate suits both directions. Momentum keeps one
more number for each weight, Adam two; all of them are there to look at.
"""

# %% A ravine
# 50 times as steep across as along. The rate must stay below 2 / 50 (lesson 13), and with that the
# way along takes hundreds of steps.
from autograd_mini import Value
from autograd_mini.optim import SGD, Adam

START = (-4.0, 1.0)


def loss_of(along, across):
    """Return half of along² + 50·across²."""
    return 0.5 * along**2 + 25.0 * across**2


def descend(make, updates=60):
    """Return the places on an optimiser's way, and the optimiser after the last update."""
    weights = [Value(START[0], "along"), Value(START[1], "across")]
    optimiser, places = make(weights), [START]
    for _ in range(updates):
        optimiser.zero_grad()
        loss_of(*weights).backward()
        optimiser.step()
        places.append(tuple(x.data for x in weights))
    return places, optimiser


# %% Three ways down
makers = {
    "plain": lambda weights: SGD(weights, rate=0.035),
    "momentum": lambda weights: SGD(weights, rate=0.035, momentum=0.8),
    "Adam": lambda weights: Adam(weights, rate=0.3),
}
runs = {name: descend(make) for name, make in makers.items()}
for name, (places, _) in runs.items():
    reached = ", ".join(f"{loss_of(*places[n]):.6f}" for n in (10, 30, 60))
    print(f"{name:9} loss after 10, 30 and 60 updates: {reached}")

# %% v: a running sum of the gradients
# v ← 0.8·v + gradient. Across, where the gradient changes its sign, the terms cancel; along, where
# it keeps it, they add up to 1 / (1 - 0.8) = 5 times the gradient.
v, shown = 0.0, []
for gradient in (1.0, 1.0, 1.0, 1.0):
    v = 0.8 * v + gradient
    shown.append(v)
print("v where the sign stays:  ", [f"{x:.3f}" for x in shown])
v, shown = 0.0, []
for gradient in (1.0, -1.0, 1.0, -1.0):
    v = 0.8 * v + gradient
    shown.append(v)
print("v where the sign changes:", [f"{x:.3f}" for x in shown])
_, momentum = runs["momentum"]
print("the optimiser's own:", [f"{x:.9f}" for x in momentum.velocities])

# %% m / √v: steps of the same length
# Adam keeps a running mean m of the gradient and v of its square. Its first step is -rate times
# the sign, in every direction, however steep.
first, second = runs["Adam"][0][:2]
print("Adam's first step:", [f"{b - a:.6f}" for a, b in zip(first, second, strict=True)])
adam = runs["Adam"][1]
print("m:", [f"{x:.6f}" for x in adam.means], "v:", [f"{x:.6f}" for x in adam.squares])

# %% The picture: the path over the contours
from autograd_mini.view.plot import descent
from autograd_mini.view.show import pictures, show

with pictures():
    show(descent(loss_of, {name: places for name, (places, _) in runs.items()}), "20_ravine")
