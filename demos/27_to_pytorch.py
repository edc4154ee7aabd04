"""What is the same in PyTorch, and what has another name?

The same expression, the same numbers. What you know of the engine here, you know of that one.
"""

# %% A neuron, here
from autograd_mini import Value, explain

w1, x1 = Value(2.0, "w1"), Value(-3.0, "x1")
w2, x2 = Value(0.5, "w2"), Value(4.0, "x2")
b = Value(4.5, "b")
z = w1 * x1 + w2 * x2 + b
z.label = "z"
y = z.tanh()
y.label = "y"
y.backward()
print(f"y = {y:.12f}")
print({x.label: f"{x.grad:.12f}" for x in (w1, x1, w2, x2, b)})

# %% The same, there
# The script makes the same graph of tensors that hold one number each, and asks for the same
# gradients. It needs PyTorch; where that is missing, read it line by line beside the one above.
script = explain(y).pytorch()
print(script)

# %% Does it say the same?
import subprocess
import sys
from importlib.util import find_spec

answer = ""
if find_spec("torch"):
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    answer = done.stdout
print(answer or "PyTorch is not installed here; pytorch.org says how")

# %% The words
# - Value: a tensor with requires_grad=True; a constant is a tensor without.
# - a.data is a number here; there a.item() is that, and a.data a tensor outside the graph.
# - L.backward() frees the graph there; for a second pass say backward(retain_graph=True).
# - gradient(L, [a]): torch.autograd.grad(L, [a], create_graph=True).
# - optimiser.zero_grad() sets grads to 0 here; there to None.
# - cross_entropy takes scores, and an index, in both; the _with_logits losses, too.
# Both add to the grads of leaves, and both need zero_grad between two passes.

# %% What a tensor is for
# One operation there works on a million numbers; here each is a node. The chain rule is the same:
# a matrix product is many of these sums, and its rule is made of theirs.
from autograd_mini.nn import MLP
from autograd_mini.stepping.naming import names

model = MLP(2, [4, 1])
output = model([1.0, -1.0])
print(f"{len(names(output))} nodes here; there 2 matrix products, 2 sums and 1 function")

# %% The picture
from autograd_mini import draw
from autograd_mini.view.show import pictures, show

with pictures():
    show(draw(y), "27_to_pytorch")
