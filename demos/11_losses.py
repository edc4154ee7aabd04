"""How wrong is wrong?

A loss turns outputs and targets into one number, smaller for better outputs. Which one fits
depends on the task; textbooks also differ in factors (½, mean or sum), and so in gradients.
"""

# %% Regression: the targets are any numbers
from autograd_mini import Value
from autograd_mini.losses import half_squared_error, mean_absolute_error, mean_squared_error

one = mean_squared_error(0.8, 1.0)
two = mean_squared_error([0.8, 0.6], [1.0, 0.5])
absolute = mean_absolute_error([0.8, 0.6], [1.0, 0.5])
print(f"(0.8 - 1)² = {one:.12f}, mean of two {two:.12f}, mean of absolutes {absolute:.12f}")

# %% ½, mean, or neither: the same minimum, other gradients
# "The derivative of the squared error is prediction - target" holds for ½(t - y)² only.
halved, plain = Value(0.8, "y"), Value(0.8, "y")
half_squared_error(halved, 1.0).backward()
mean_squared_error(plain, 1.0).backward()
print(f"½(t - y)²: y - t = {halved.grad:.12f};  (y - t)²: 2(y - t) = {plain.grad:.12f}")

# The mean over n outputs divides by n: 2(y - t)/n each.
ys = [Value(0.8), Value(0.6)]
mean_squared_error(ys, [1.0, 0.5]).backward()
print("mean of two:", *[f"{y.grad:.12f}" for y in ys])

# %% Two classes: how surprised is the model by the truth?
# Binary cross-entropy of the probability p for the true class: -log p.
from autograd_mini.losses import binary_cross_entropy, binary_cross_entropy_with_logits

p = Value(0.8, "p")
surprise = binary_cross_entropy(p, 1)
surprise.backward()
print(f"-log 0.8 = {surprise:.12f}, with derivative {p.grad:.12f} for the probability")

# Mostly p = σ(z), where z = log(p / (1 - p)) is the logit. Its derivative is simply p - t.
z = Value(0.8 / (1 - 0.8)).log()
from_logit = binary_cross_entropy_with_logits(z, 1)
from_logit.backward()
print(f"from the logit {from_logit:.12f}, with derivative {z.grad:.12f} for the logit")

# %% Many classes
# One probability for each; the loss is the surprise at the true one. For logits: cross_entropy.
from autograd_mini.losses import categorical_cross_entropy, cross_entropy, hinge

classes = categorical_cross_entropy([0.1, 0.7, 0.2], [0, 1, 0])
logits = cross_entropy([1.0, 2.0, 3.0], 2)
print(f"-log 0.7 = {classes:.12f}, of logits 1, 2, 3 for the third class {logits:.12f}")

# %% A margin instead of a probability
# With classes -1 and 1, hinge asks for t·y ≥ 1 and then is content: loss and gradient are 0.
margins = [hinge(0.3, 1), hinge(1.5, 1), hinge(0.3, -1)]
print("hinge", margins)

# %% Which to choose
# Numbers: mean_squared_error; with outliers, mean_absolute_error. Two classes:
# binary_cross_entropy_with_logits. Many: cross_entropy. Why not the squared error for classes?
# A sigmoid that is sure and wrong hardly learns from it, but fast from cross-entropy:
squared, entropy = Value(-6.0), Value(-6.0)
mean_squared_error(squared.sigmoid(), 1.0).backward()
binary_cross_entropy_with_logits(entropy, 1.0).backward()
print(f"logit -6, truth 1: ∂/∂z {squared.grad:.6f} of the square, {entropy.grad:.6f} of entropy")
