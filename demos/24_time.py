"""How does a loop over time learn from what was long ago?

A recurrent network uses the same weight at every step. The gradient has one path for each step,
and the path to what was n steps ago has n factors.
"""

# %% One weight, four steps
from autograd_mini import Value, draw, why

w = Value(0.5, "w")
h0 = Value(1.0, "h0")
inputs = [0.0, 1.0, 0.0, 0.0]


def unroll(weight, start, inputs):
    """Return the states h ← w·h + x, one for each input."""
    states = [start]
    for t, x in enumerate(inputs, 1):
        states.append(weight * states[-1] + x)
        states[-1].label = f"h{t}"
    return states


*_, last = states = unroll(w, h0, inputs)
last.backward()
print([f"{h.label} = {h:g}" for h in states])

# %% One path for each step
# w was used four times, and so it reaches h4 on four paths: at each step through the state of that
# time, and then through all later steps.
print(why(last, w))

# %% It vanishes, it explodes
# How much does the first state still count? w to the power of the number of steps.
reach = {}
for weight in (0.5, 0.9, 1.0, 1.1, 2.0):
    for steps in (5, 50):
        start = Value(1.0)
        unroll(Value(weight), start, [0.0] * steps)[-1].backward()
        reach[weight, steps] = start.grad
    print(f"w = {weight}: after 5 steps {reach[weight, 5]:.3g}, after 50 {reach[weight, 50]:.3g}")

# %% With tanh
# The factor of a step is w·(1 - h²). The slope is at most 1, so a large weight explodes less, and
# where the state is near 1 or -1 everything vanishes.
h = start = Value(0.1)
recurrent = Value(2.0)
for _ in range(20):
    h = (recurrent * h).tanh()
h.backward()
print(f"20 steps of tanh with w = 2: ∂h20/∂h0 = {start.grad:.3g}, h20 = {h:.6f}")

# %% Clipped
# An exploded gradient still has the right direction. It is shortened to a length that the rate is
# made for: only the length is given up.
from math import hypot


def clip(gradients, longest):
    """Return the gradients, shortened together if they are longer than that."""
    length = hypot(*gradients)
    return [g * min(1.0, longest / length) for g in gradients]


weight, start = Value(2.0), Value(1.0)
unroll(weight, start, [0.0] * 50)[-1].backward()
exploded = [weight.grad, start.grad]
clipped = clip(exploded, 1.0)
print([f"{g:.3g}" for g in exploded], "->", [f"{g:.9f}" for g in clipped])

# %% The picture: four paths
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(last, why=w), "24_time")
