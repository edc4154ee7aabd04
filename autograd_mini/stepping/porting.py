"""Porting: the same graph as a script for PyTorch, so that what was learned carries over.

>>> print(write_pytorch(Graph(Value(2.0, "a").tanh())))
import torch
<BLANKLINE>
# leaves
a = torch.tensor(2.0, dtype=torch.float64, requires_grad=True)
<BLANKLINE>
# forward
L = torch.tanh(a)
<BLANKLINE>
# backward
L.backward()
<BLANKLINE>
print("L =", L.item())
print("∂L/∂a =", a.grad.item())
"""

import json

from autograd_mini.engine import Value
from autograd_mini.notation.algebra import write_operation
from autograd_mini.notation.identifiers import identifiers
from autograd_mini.notation.pytorch import PyTorch
from autograd_mini.stepping.naming import Graph


def write_pytorch(graph: Graph) -> str:
    """Write a graph as a script for PyTorch: a leaf a line, an operation a line, one backward.

    Raises ValueError for a primitive of your own whose function PyTorch cannot compute.
    """
    words = dict(zip(graph, identifiers(graph.values(), {"torch"}), strict=True))

    def write(node: Value) -> PyTorch:
        return PyTorch(words[node])

    leaves = [
        f"{words[x]} = torch.tensor({PyTorch.of(x.data)}, dtype=torch.float64, requires_grad=True)"
        for x in graph.leaves
    ]
    computed = [*graph.computed]
    lines = [f"{words[x]} = {write_operation(x.op, x.operands, PyTorch, write)}" for x in computed]
    output = words[graph.output]
    results = [write_print(graph.title, f"{output}.item()")]
    results += [write_print(graph.derivative(x), f"{words[x]}.grad.item()") for x in graph.leaves]
    parts = [
        ["import torch"],
        ["# leaves", *leaves],
        ["# forward", *lines] if lines else [],
        ["# backward", f"{output}.backward()"],
        results,
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def write_print(name: str, number: str) -> str:
    r"""Write the line that prints a number after its name, whatever characters the name has.

    >>> print(write_print('say "x"', "x.item()"))
    print("say \"x\" =", x.item())
    """
    return f"print({json.dumps(f'{name} =', ensure_ascii=False)}, {number})"
