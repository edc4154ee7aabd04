"""How does a token choose what to look at?

Attention by hand: two tokens, two numbers each. Every number can be checked on paper.
"""

# %% Two tokens
# Each has a query (what it looks for), a key (what it offers) and a value (what it says). The
# numbers are chosen so that the weights come out as quarters.
from math import log

from autograd_mini import Value, total

query = [Value(log(3), "q1"), Value(0.0, "q2")]
keys = [[Value(1.0, "k11"), Value(0.0, "k12")], [Value(0.0, "k21"), Value(1.0, "k22")]]
values = [Value(8.0, "value1"), Value(4.0, "value2")]


# %% Scores, weights, a mean
# How well a query fits a key is their dot product. Softmax makes weights of the scores. What the
# token reads is the mean of the values with these weights.
def dot(a, b):
    """Return the sum of the products of two lists of Values."""
    return total([x * y for x, y in zip(a, b, strict=True)])


scores = [dot(query, key) for key in keys]
powers = [score.exp() for score in scores]
together = total(powers)
weights = [power / together for power in powers]  # softmax(scores), written out
read = dot(weights, values)
for i, (score, weight) in enumerate(zip(scores, weights, strict=True), 1):
    score.label, weight.label = f"s{i}", f"p{i}"
    print(f"s{i} = {score:.12f}   p{i} = {weight:.12f}")
read.label = "read"
print(f"read = {read:.12f}, which is ¾·8 + ¼·4 = 7")

# %% What must change so that it reads more?
# A value counts with its weight. A score counts by how much its value is above the mean:
# pᵢ·(vᵢ - read), here ¾·(8 - 7) and ¼·(4 - 7), which add up to 0.
read.backward()
print("∂read/∂v =", [f"{v.grad:.12f}" for v in values])
print("∂read/∂s =", [f"{s.grad:.12f}" for s in scores])
by_hand = [p.data * (v.data - read.data) for p, v in zip(weights, values, strict=True)]
assert all(abs(s.grad - g) < 1e-14 for s, g in zip(scores, by_hand, strict=True))

# %% The query turns towards the key
# Its gradient is the sum of the keys, each times the gradient of its score: towards the first key,
# away from the second.
print("∂read/∂q =", [f"{q.grad:.12f}" for q in query])
print("∂read/∂k1 =", [f"{k.grad:.12f}" for k in keys[0]])

# %% Why divide by the root of the length?
# Dot products of long vectors are large; then softmax puts everything on one token, and the
# gradient of the scores vanishes. Divided by √n they stay as large as for short ones.
from random import Random

from autograd_mini import softmax

random = Random(0)
n = 64
long_query = [random.gauss(0, 1) for _ in range(n)]
long_keys = [[random.gauss(0, 1) for _ in range(n)] for _ in range(2)]
plain = [sum(q * k for q, k in zip(long_query, key, strict=True)) for key in long_keys]
sharp, soft = softmax(plain), softmax([s / n**0.5 for s in plain])
slopes = [p[0] * p[1] for p in (sharp, soft)]
print(f"weights {sharp[0]:.6f} and {sharp[1]:.6f}; divided {soft[0]:.6f} and {soft[1]:.6f}")
print(f"slope of softmax {slopes[0]:.6f}; divided {slopes[1]:.6f}")

# %% The picture
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(read), "25_attention")
