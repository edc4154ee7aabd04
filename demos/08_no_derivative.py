"""What can be learned from a function without a derivative?

At a corner there are two slopes, on a plateau there is only 0, at a pole there is nothing. Each
needs another answer.
"""

# %% A corner: one of the slopes, by convention
# relu has the slope 0 on the left of 0 and 1 on the right. At 0 itself the table says 0, and any
# number between the two would do: a subgradient.
from autograd_mini import Value, check_gradients, maximum, relu

x = Value(0.0, "x")
corner = relu(x)
corner.backward()
print("relu′(0) =", x.grad)
print(check_gradients(corner, [x]))
# A tie is a corner, too: both operands get half.
a, b = Value(3.0, "a"), Value(3.0, "b")
maximum(a, b).backward()
print("a tie:", a.grad, b.grad)

# %% A step: the derivative is right, and useless
# The share of right answers jumps where an answer turns. Everywhere else it is flat, and its
# derivative 0. So one trains on a loss that sees how wrong an answer is.
from autograd_mini.losses import hinge


def is_right(score):
    """Return 1 if the score is above 0, else 0."""
    return 1.0 if score > 0 else 0.0


w = Value(-0.5, "w")
share = is_right(w * 2.0)
change = is_right((w.data + 1e-3) * 2.0) - share
print("right:", share, "after a small change of w:", share + change)
loss = hinge(w * 2.0, 1.0)
loss.backward()
print(f"hinge loss {loss:g}, gradient {w.grad:g}: to the right")

# %% A plateau: dead
# A relu that is off for every sample passes 0 to all of its weights, and they never change again.
# A leak, a small slope on the left, keeps it alive.
dead, alive = Value(-5.0, "w"), Value(-5.0, "w")
(dead * 1.0).relu().backward()
(alive * 1.0).leaky_relu().backward()
print("relu:", dead.grad, "leaky relu:", alive.grad)

# %% A pole: an error, not a number
# The slope of √x grows beyond all bounds towards 0. No number would be right there.
root = Value(0.0, "x").sqrt()
message = ""
try:
    root.backward()
except ZeroDivisionError as error:
    message = str(error)
print("ZeroDivisionError:", message)
# What lies behind a branch that is off does not matter, though:
safe = Value(0.0, "x")
maximum(safe.sqrt(), 1.0).backward()
print("behind a branch that is off:", safe.grad)

# %% The picture
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(loss), "08_no_derivative")
