"""What happens inside backward, line by line?

The engine is ordinary Python, and a debugger steps through it. This lesson steps through its loop
by itself, and shows where to stop for yourself.
"""

# %% A small graph
import inspect

from autograd_mini import Value, fast, topological_order

a, b = Value(2.0, "a"), Value(-3.0, "b")
c = a * b
L = c + a
c.label, L.label = "c", "L"

# %% What a node holds
# Its data, the operation, the operands, and one partial for each, stored when it was computed.
for node in (c, L):
    partials = [f"{d:g}" for d in node.partials]
    print(
        node.label, "=", node.data, "by", node.op, "of", [x.label for x in node.operands], partials
    )

# %% The engine as it is read
# Usually a faster one runs, written out by machine. With fast.off() it is the one to read, in
# engine/value.py:
with fast.off():
    source = inspect.getsource(Value.accumulate)
print(source)

# %% The loop, taken apart
# From the output down, every node passes its grad on to its operands, times the partials. Any order
# will do in which all consumers of a node come before it, such as the topological one turned round.
grads = dict.fromkeys(topological_order(L), 0.0)
grads[L] = 1.0
for node in reversed(topological_order(L)):
    for operand, partial in zip(node.operands, node.partials, strict=True):
        grads[operand] += grads[node] * partial
        print(f"{node.label} -> {operand.label}: += {grads[node]:g} × {partial:g}")
print({node.label: grad for node, grad in grads.items()})

# %% The same numbers
L.backward()
by_engine = {node.label: node.grad for node in topological_order(L)}
print(by_engine)
assert list(by_engine.values()) == list(grads.values())

# %% Your turn
# In a terminal, with a file of your own that ends in L.backward():
#
#     AUTOGRAD_MINI_PLAIN=1 python -m pdb my_file.py
#     (Pdb) next                        runs the import
#     (Pdb) break Value.accumulate
#     (Pdb) continue
#     (Pdb) next                        one line on; step goes into a call; p node, partial prints
#
# In an editor: set AUTOGRAD_MINI_PLAIN=1, and a breakpoint in accumulate, in engine/value.py.

# %% The picture
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(L), "09_debugger")
