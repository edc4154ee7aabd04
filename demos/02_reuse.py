"""What is the derivative of a + a?

2, of course. Yet an engine with one wrong character says 1.
"""

# %% One node, two edges
from autograd_mini import Value, why

a = Value(3.0, "a")
L = a + a
# The operands are a tuple: a stands in it twice, and each place has its own partial.
print("operands:", L.operands, "partials:", L.partials)
L.backward()
print("∂(a + a)/∂a =", a.grad)

# %% = instead of +=
# "Set a.grad to adjoint × partial" is right as long as a is used once. Here the second overwrites
# the first.
from autograd_mini.teach.mistakes import overwrite, same_edge_once

print("= for +=:", overwrite(L)[a])
# A set of operands, instead of a tuple, loses the second place, with the same result.
print("a set of operands:", same_edge_once(L)[a])

# %% Why add? Because paths add
# Nudge a by h: L feels it on each path from a. What it feels in all is the sum.
from autograd_mini import nudge

print(nudge(L, a, 0.01))
# The same where the paths are longer: through b, through c, and directly.
a = Value(3.0, "a")
b, c = 2 * a, a**2
b.label, c.label = "b", "c"
L = b * c + a
L.backward()
from autograd_mini.teach.asking import ask

ask("∂L/∂a", a.grad, hint="three paths: through b, through c, and directly")
print(why(L, a))

# %% Which mistakes show here?
from autograd_mini.teach.mistakes import compare

print(compare(L))

# %% Check, do not trust
# Nobody sees at a glance that 55 is right. A difference of the function does, without any rule:
from autograd_mini import check_gradients

print(check_gradients(L, [a]))
print(check_gradients(L, [a], gradients=overwrite(L)))

# %% Your turn
# In the prompt of this lesson, type:
#
#     from autograd_mini.teach.quiz import quiz
#     quiz(L)
#
# and give a wrong answer on purpose.
