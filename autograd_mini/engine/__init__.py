"""The engine: values that remember how they were computed, and the chain rule that runs back.

Read it in this order: ``primitives``, the table of functions with their rules; ``operators``,
Python's operators; ``value``, the node of the graph and reverse accumulation; ``graph``, what
concerns the graph as a whole. The other modules are what these lean on.
"""

from autograd_mini.engine.value import Value

__all__ = ["Value"]
