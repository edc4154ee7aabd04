"""Can a small network draw a curved line?

Two half moons, each reaching into the other: no straight line parts them. A network of two hidden
layers learns one that does.
"""

# %% The points
import math
from random import Random

random = Random(1)


def moon(angle, side):
    """Return a point on the upper moon (side 1) or the lower one (-1), a little off."""
    x, y = math.cos(angle), math.sin(angle) - 0.25
    return [x * side + (1 - side) / 2 + random.gauss(0, 0.1), y * side + random.gauss(0, 0.1)]


sides = [1, -1] * 50
points = [moon(random.uniform(0, math.pi), side) for side in sides]
print(len(points), "points, the first:", [round(x, 3) for x in points[0]], "side", sides[0])

# %% The network: 2 inputs, 16 and 16 neurons with relu, one score
# Above 0 the score says upper moon. Hinge loss is content with a point when side·score ≥ 1.
from autograd_mini.losses import hinge
from autograd_mini.nn import MLP

model = MLP(2, [16, 16, 1], seed=1)
print(model, "has", len(model.parameters()), "parameters")


def accuracy():
    """Return the share of points on whose side their score is."""
    right = [side * model(x).data > 0 for x, side in zip(points, sides, strict=True)]
    return sum(right) / len(right)


print(f"before training {accuracy():.0%} are right")

# %% Training
# All points at once, forward and backward; then a step of momentum.
from autograd_mini.optim import SGD
from autograd_mini.view.progress import progress

optimiser = SGD(model.parameters(), rate=0.1, momentum=0.9)
losses = []
for _ in (updates := progress(range(100), "update")):
    loss = hinge([model(x) for x in points], sides)
    losses.append(loss.data)
    updates.set_postfix(loss=loss.data)
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
print(f"after {len(losses)} updates {accuracy():.0%} are right, loss {losses[-1]:.4f}")

# %% The pictures: the loss, and the line
from autograd_mini.view.plot import decision_boundary, loss_curve, sparkline
from autograd_mini.view.show import pictures, show

print(sparkline(losses))
with pictures():
    show(loss_curve(losses, "hinge loss"), "22_moons_loss")
    show(decision_boundary(model, points, sides), "22_moons")
