"""Why backward, when forward would do?

The chain rule works from the leaves to the output, too. It gives the same numbers, at another
price.
"""

# %% A rate for every node
# Let a change at the rate 1, and all other leaves stand still. Each node then changes at the rate
# of its operands, times the partials: its tangent.
from autograd_mini import Value, tangent, tanh
from autograd_mini.engine.forward import tangents

a, b, c = Value(2.0, "a"), Value(-3.0, "b"), Value(5.5, "c")
p = a * b
s = p + c
y = tanh(s)
p.label, s.label, y.label = "p", "s", "y"
for node, rate in tangents(y, {a: 1.0}).items():
    print(f"{node.label} = {node.data:8.5f}   changes at {rate:8.5f}")

# %% The same numbers
# The partials are those that backward uses: they were stored when y was computed.
y.backward()
forward = [tangent(y, {x: 1.0}) for x in (a, b, c)]
backward = [x.grad for x in (a, b, c)]
print("forward: ", [f"{x:.12f}" for x in forward])
print("backward:", [f"{x:.12f}" for x in backward])
assert all(abs(f - g) < 1e-15 for f, g in zip(forward, backward, strict=True))

# %% Another price
# One pass forward answers for one leaf, one pass backward for all of them. Here that is 3 passes
# beside 1; a network with a million weights would need a million.
from autograd_mini.stepping.counts import count

print(count(y))

# %% Where forward wins
# With one leaf and many outputs it is the other way round: one pass forward finds how fast
# everything changes that depends on the leaf.
t = Value(0.5, "t")
orbit = [t.cos(), t.sin(), 2 * t.cos() * t.sin()]
velocity = [tangent(x, {t: 1.0}) for x in orbit]
print("position:", [f"{x:.6f}" for x in orbit])
print("velocity:", [f"{x:.6f}" for x in velocity])

# %% In any direction
# A tangent takes several leaves at once: how fast does y change if a and b both grow, b five times
# as fast? Backward would find two gradients first, and add them up.
both = tangent(y, {a: 1.0, b: 5.0})
print(f"{both:.12f} = {a.grad + 5 * b.grad:.12f}")

# %% The picture
# The gradient flows back along the arrows; a tangent would flow down them, times the same partials.
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(y), "05_forward")
