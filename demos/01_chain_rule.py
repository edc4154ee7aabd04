"""How much does each number contribute to the result?

Four numbers make one: L = (a·b + c)·f. Backpropagation finds, for every number on the way, how
fast L changes when that number changes: its gradient.
"""

# %% Forward: compute the result
# A Value is a number that remembers how it was computed. The text is its label.
from autograd_mini import Value

a = Value(2.0, "a")
b = Value(-3.0, "b")
c = Value(10.0, "c")
f = Value(-2.0, "f")
e = a * b
d = e + c
L = d * f
e.label, d.label, L.label = "e", "d", "L"
print("L =", L.data)

# %% Backward: from the result to the numbers
# Start at L, where ∂L/∂L = 1. At every operation the chain rule multiplies the gradient that
# arrives by the local partial, how fast the operation's result changes with that operand:
#   L = d·f      ∂L/∂d = 1·f  = -2      ∂L/∂f = 1·d  =  4
#   d = e + c    ∂L/∂e = -2·1 = -2      ∂L/∂c = -2·1 = -2
#   e = a·b      ∂L/∂a = -2·b =  6      ∂L/∂b = -2·a = -4
L.backward()
print("a", a.grad, " b", b.grad, " c", c.grad, " d", d.grad, " e", e.grad, " f", f.grad)

# %% The same, step by step
# explain tells every line of both passes, for any expression.
from autograd_mini import explain

print(explain(L))

# %% The same, as a picture
# On every arrow: gradient that arrives × local partial = what passes on. show writes the picture
# to a file for the browser; "with pictures()" goes on where a program to draw it is missing.
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(L), "01_chain_rule")

# %% What a gradient is for
# It predicts. ∂L/∂a = 6, so adding 0.01 to a should add about 0.06 to L.
nudged = ((a + 0.01) * b + c) * f
print(f"predicted {a.grad * 0.01:.6f}, actual {nudged.data - L.data:.6f}")
