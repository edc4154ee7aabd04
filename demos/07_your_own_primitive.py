"""How do you teach the engine a function that it does not know?

Everything it knows about a function is one line: a name, how to compute it, and a rule for each
operand, its local partial. Backward, pictures, formulas and checks follow from that line.
"""

# %% Swish: x·σ(x)
# A rule takes the operand a and the result y. (a·σ(a))′ = σ(a) + a·σ(a)·(1 - σ(a)), and that is
# y + σ(a)·(1 - y).
from autograd_mini import Primitive, Value, sigmoid

swish = Primitive(
    "swish",
    lambda a: a * sigmoid(a),
    lambda a, y: y + sigmoid(a) * (1 - y),
)

# %% It works on numbers and on Values
print("swish(2) =", swish(2.0))
x = Value(2.0, "x")
y = swish(x)
y.label = "y"
y.backward()
print("y =", y.data, " ∂y/∂x =", x.grad)

# %% It explains itself: the formula is the rule, applied to a name instead of a number
from autograd_mini import explain

print(explain(y))

# %% Is the rule right? Compare it with differences
from autograd_mini import check_gradients

right = check_gradients(y, [x])
print(right)

# %% What a wrong rule looks like
# Forgetting that σ(a) depends on a, too:
wrong_swish = Primitive("wrong_swish", lambda a: a * sigmoid(a), lambda a, _: sigmoid(a))
wrong = check_gradients(wrong_swish(x), [x])
print(wrong)

# %% Second derivatives come with it
# The rule is ordinary arithmetic, so the engine can differentiate the rule.
from autograd_mini import gradient

[first] = gradient(swish(x), [x])
[second] = gradient(first, [x])
print("second derivative at 2:", second.data)

# %% Two operands, two rules
# The length of the hypotenuse: c = √(a² + b²), so ∂c/∂a = a / c and ∂c/∂b = b / c.
import math

hypotenuse = Primitive("hypot", math.hypot, lambda a, _, c: a / c, lambda _, b, c: b / c)
a, b = Value(3.0, "a"), Value(4.0, "b")
c = hypotenuse(a, b)
c.label = "c"
c.backward()
print("c =", c.data, " ∂c/∂a =", a.grad, " ∂c/∂b =", b.grad)

# %% As an activation, and in a picture
from autograd_mini import draw
from autograd_mini.nn import Neuron
from autograd_mini.view.show import pictures, show

neuron = Neuron(2, swish, label="neuron")
out = neuron([Value(0.5, "x1"), Value(-1.0, "x2")])
out.backward()
with pictures():
    show(draw(out), "07_your_own_primitive")
