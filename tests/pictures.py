"""Graphs that the tests of the pictures share."""

from autograd_mini import Value, total
from autograd_mini.nn import MLP


def labelled(node: Value, label: str) -> Value:
    node.label = label
    return node


def neuron() -> tuple[Value, dict[str, Value]]:
    """One sigmoid neuron with half a squared error, after backward."""
    leaves = {"w1": 2.0, "x1": 1.0, "w2": -0.5, "x2": -2.0, "b": -1.5, "target": 0.0}
    v = {name: Value(data, name) for name, data in leaves.items()}
    v["z"] = labelled(v["w1"] * v["x1"] + v["w2"] * v["x2"] + v["b"], "z")
    v["out"] = labelled(v["z"].sigmoid(), "out")
    loss = 0.5 * (v["out"] - v["target"]) ** 2
    loss.backward()
    return loss, v


def network(*sizes: int, samples: int = 1) -> Value:
    """The mean squared error of a network on some samples, after backward."""
    model = MLP(2, list(sizes), "relu", seed=1)
    points = [(Value(i / samples, "x1"), Value(1 - i, "x2")) for i in range(samples)]
    loss = total((model(list(point)) - 1.0) ** 2 for point in points) / samples
    loss.backward()
    return loss


def chain(length: int) -> Value:
    """A product of many factors, after backward."""
    y = Value(1.0, "x")
    for _ in range(length):
        y = y * 1.0001
    y.backward()
    return y
