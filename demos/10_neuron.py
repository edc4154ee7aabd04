"""How does a neuron learn from one mistake?

One neuron with one input: z = w·x + b, y = σ(z). Its target is t, its error E = ½(t - y)².
"""

# %% Forward: the neuron's answer, and how wrong it is
from autograd_mini import Value, sigmoid
from autograd_mini.losses import half_squared_error

x = 2.0
t = 0.0
w = Value(0.75, "w")
b = Value(-0.5, "b")
z = w * x + b
y = sigmoid(z)
E = half_squared_error(y, t)
print(f"z = {z:.6f}, y = σ(z) = {y:.12f}, E = {E:.12f}")

# %% Backward by hand: three derivatives
# 1. of the error with respect to the output: ∂E/∂y = y - t
# 2. of the output with respect to the weighted sum: ∂y/∂z = σ(z)·(1 - σ(z)) = y·(1 - y)
# 3. of the weighted sum with respect to the weight: ∂z/∂w = x
slope_of_error = y.data - t
slope_of_sigmoid = y.data * (1 - y.data)
slope_of_sum = x
# The chain rule multiplies them.
by_hand = slope_of_error * slope_of_sigmoid * slope_of_sum
print(f"by hand   {slope_of_error:.6f} · {slope_of_sigmoid:.6f} · {slope_of_sum} = {by_hand:.12f}")

# %% Backward by the engine
# It multiplies the same three, from the error back to the weight.
E.backward()
print(f"by engine ∂E/∂y = {y.grad:.12f}, ∂E/∂z = {z.grad:.12f}, ∂E/∂w = {w.grad:.12f}")

# %% The picture
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

y.label, z.label, E.label = "y", "z", "E"
with pictures():
    show(draw(E), "10_neuron")

# %% One update
# The gradient says which way is up. To make E smaller, step down: w ← w - η·∂E/∂w.
rate = 0.5
w.data -= rate * w.grad
b.data -= rate * b.grad
print(f"w = {w:.12f}, b = {b:.12f}")

# %% Did it learn?
after = half_squared_error(sigmoid(w * x + b), t)
print(f"E was {E:.12f}, now {after:.12f}")
