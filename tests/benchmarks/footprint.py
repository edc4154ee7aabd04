"""What a graph costs to keep, and what is left of it when it is dropped."""

from __future__ import annotations

import gc
import tracemalloc
from typing import Any

from .tasks import ValueTask


def footprint(task: ValueTask) -> dict[str, int]:
    """Bytes of one graph, bytes at the peak of its backward pass, nodes; all without parameters."""
    gc.collect()
    tracemalloc.start()
    try:
        loss = task.loss()
        graph, _ = tracemalloc.get_traced_memory()
        loss.backward()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return {"graph": graph, "peak": peak, "nodes": len(reachable(loss)) - len(task.leaves)}


def reachable(output: Any) -> set[Any]:
    """Every node that the output depends on, and itself."""
    found = {output}
    waiting = [output]
    while waiting:
        node = waiting.pop()
        fresh = set(operands(node)) - found
        found |= fresh
        waiting += fresh
    return found


def operands(node: Any) -> list[Any]:
    """The operands of a node, which micrograd calls `_prev`, without plain numbers."""
    found = node._prev if hasattr(node, "_prev") else node.operands
    return [operand for operand in found if hasattr(operand, "backward")]


def leftovers(task: ValueTask) -> int:
    """How many objects of a dropped graph wait for the cycle collector."""
    gc.collect()
    gc.disable()
    try:
        task.loss().backward()
        return gc.collect()
    finally:
        gc.enable()
