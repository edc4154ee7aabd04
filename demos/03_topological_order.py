"""Why must the backward pass wait for a topological order?

The chain rule goes back along every edge. What happens if it goes at once, as far as it can?
"""

# %% The smallest graph that breaks
# c is computed, and two operations use it. That is all it takes.
from autograd_mini import Value

a = Value(3.0, "a")
c = 2 * a
c.label = "c"
L = c + c**2
# By hand: L = 2a + 4a², so ∂L/∂a = 2 + 8a = 26.
L.backward()
print("∂L/∂a by backward:", a.grad)

# %% An engine without an order
# It adds the first term to c's gradient and goes on to a at once. Then it adds the second term to
# c's gradient and goes on to a again, with both terms, though a has the first one already.
from autograd_mini.teach.mistakes import recursion

print("∂L/∂a by recursion:", recursion(L)[a])
# 2·1 from the first visit, and 2·(1 + 12) from the second: the first term was counted twice.

# %% What an order is for
# Every node comes after its operands. Backward goes through the list from its end, so that a node
# has all of its terms before it passes anything on.
from autograd_mini import topological_order
from autograd_mini.stepping import names

named = names(L)
print("the order:", [named[node] for node in topological_order(L)])
from autograd_mini import explain

print(explain(L))

# %% When does nobody notice?
# A leaf passes nothing on, so it may be visited twice without harm. Here only a leaf is, namely a:
b = Value(5.0, "b")
tree = (a * b + a) * 2
print("by recursion:", recursion(tree)[a], "right:", 2 * (5 + 1))
# A test of the engine on such graphs would have found nothing. Compare all mistakes on both:
from autograd_mini.teach.mistakes import compare

print(compare(tree))
print(compare(L))


# %% And if it passes on only the new term?
# Then nothing is counted twice, and the sum over all paths is right:
def follow(node, term, found):
    """Add a term to a node, and follow every path on from there."""
    found[node] = found.get(node, 0.0) + term
    for operand, partial in zip(node.operands, node.partials, strict=True):
        if isinstance(operand, Value):
            follow(operand, term * partial, found)
    return found


print("∂L/∂a by paths:", follow(L, 1.0, {})[a])

# %% Right, and slow
# But it takes every path. c + c doubles their number each time: after 16 lines, 65,536.
x = y = Value(1.0, "x")
for _ in range(16):
    y = y + y
# An engine that forgets the partials adds up a 1 for every path, and so counts them:
from autograd_mini.teach.mistakes import forgot_partial

print(f"{forgot_partial(y)[x]:,.0f} paths, {len(topological_order(y))} nodes")
