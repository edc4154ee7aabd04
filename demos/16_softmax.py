"""Why is the gradient of a classifier just p - y?

Softmax makes probabilities of scores, cross-entropy asks how surprising the truth is. Together
they have the simplest gradient there is.
"""

# %% Three scores become three probabilities
# The exponentials are positive, and their sum divides them: scores whose exponentials are 1, 2
# and 5 make eighths.
from math import log

from autograd_mini import Value, softmax

z = [Value(log(k), f"z{i}") for i, k in enumerate((1, 2, 5), 1)]
p = softmax(z)
print("p =", [f"{x:.12f}" for x in p])

# %% One surprise
# The truth is class 2. Its probability is ¼, so the loss is -log ¼ = log 4.
y = [0.0, 1.0, 0.0]
L = -p[1].log()
L.label = "L"
L.backward()
by_hand = [x.grad for x in z]
print(f"L = {L:.12f}, log 4 = {log(4):.12f}")
print("∂L/∂z =", [f"{x:.12f}" for x in by_hand])

# %% p - y
# Take the truth off the probabilities: the same numbers, without any chain rule.
print("p - y =", [f"{pi.data - yi:.12f}" for pi, yi in zip(p, y, strict=True)])
assert all(abs(pi.data - yi - g) < 1e-15 for pi, yi, g in zip(p, y, by_hand, strict=True))

# %% Where the rest has gone
# L = log(e^z1 + e^z2 + e^z3) - z2. The derivative of that logarithm to a score is the score's own
# share of the sum, and that is p. The -z2 takes 1 off the true one.
from autograd_mini import exp, total, why

scores = [Value(x.data, x.label) for x in z]
loss = total([exp(x) for x in scores]).log() - scores[1]
loss.label = "L"
loss.backward()
print(why(loss, scores[1]))

# %% Never too large
# e^1000 is no float. cross_entropy takes the same loss from the scores themselves, safely, and
# its gradient is p - y there as well.
from autograd_mini.losses import cross_entropy

large = [Value(1000.0, "z1"), Value(998.0, "z2"), Value(0.0, "z3")]
surprise = cross_entropy(large, 1)
surprise.backward()
print(f"loss {surprise:.12f}", [f"{x.grad:.12f}" for x in large])

# %% Why not the squared error?
# Its gradient has one factor more, the slope of softmax, which is almost 0 where the network is
# sure. Here it is sure, and wrong: from the squared error it learns almost nothing.
sure = [Value(10.0, "z1"), Value(0.0, "z2")]
squared = (softmax(sure)[0] - 0.0) ** 2 + (softmax(sure)[1] - 1.0) ** 2
squared.backward()
of_squares = sure[0].grad
sure[0].grad = 0.0
cross_entropy(sure, 1).backward()
print(f"squared error {of_squares:.12f}, cross-entropy {sure[0].grad:.12f}")

# %% The picture
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(loss), "16_softmax")
