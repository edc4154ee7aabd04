"""Values remember how they were computed; reverse accumulation differentiates them.

>>> a, b = Value(2.0), Value(3.0)
>>> y = a * b + a
>>> y.backward()
>>> a.grad, b.grad
(4.0, 2.0)
"""

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any, Never, Self, SupportsIndex
from warnings import warn_explicit

from autograd_mini.engine.arguments import real, text
from autograd_mini.engine.callers import calling_line
from autograd_mini.engine.care import CarefulPass
from autograd_mini.engine.changes import Changes
from autograd_mini.engine.comparisons import Comparable
from autograd_mini.engine.copies import new_node, write_node
from autograd_mini.engine.messages import find_origin
from autograd_mini.engine.observers import OBSERVERS
from autograd_mini.engine.operators import Arithmetic
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.primitives import Primitive, Quantity, leaf
from autograd_mini.engine.refusals import KEYWORDS, OPERANDS, TORCH, Refusals, refuse
from autograd_mini.engine.sums import weighted_sum
from autograd_mini.engine.undefined import Undefined, UndefinedWarning


class Node(Arithmetic, Comparable, Refusals):
    """All that a ``Value`` does, in plain Python: ``Value`` is this class under its public name.

    What you read here is what ``autograd_mini.fast`` writes out for speed. Its ``install`` puts
    ``Fast`` between ``Value`` and this class, and so ``Fast`` runs; the plain methods are always
    there beside it, by the name of this class: ``Node.apply(mul, a, b)``.

    Up to two operands and their partials have a slot each, ``_a``, ``_b``, ``_da`` and ``_db``,
    since tuples would double the work of Python's collector. More operands are a tuple in ``_a``,
    and their partials one in ``_b``. ``depth`` is the longest way to a leaf, and ``reached`` the
    token of the last sweep that visited the node. What is not written takes no time: ``_label`` is
    unset where there is no label, and ``_grad`` before the first pass.
    """

    __slots__ = ("_a", "_b", "_da", "_data", "_db", "_grad", "_label", "depth", "op", "reached")

    def __init__(self, data: float, label: str = "", *others: Never, **unknown: Never) -> None:
        if not isinstance(self, Value):
            raise TypeError(
                f"{type(self).__name__} is the engine inside Value: use Value({data!r})"
            )
        if others:
            raise TypeError(OPERANDS)
        if unknown:
            refuse(unknown, "Value", KEYWORDS)
        if label != "":
            self._label = text(label, "a label")
        self._data = real(data)
        self._grad = 0.0
        self.op: Primitive = leaf
        self.depth = 0
        self._a: Any = None
        self._b: Any = None
        self._da: Any = None
        self._db: Any = None
        self.reached: object = None

    @staticmethod
    def apply(op: Primitive, *operands: Quantity) -> "Value":
        """Compute the result of *op* and remember where it came from."""
        known = tuple(x if isinstance(x, Value) else real(x) for x in operands)
        node = Value(0.0)
        node.op = op
        node.depth = 1 + max(x.depth for x in known if isinstance(x, Value))
        node._a, node._b = (*known, None)[:2] if len(known) < 3 else (known, ())
        node.evaluate()
        return node

    def evaluate(self) -> None:
        """Compute data and local partials from the operands as they are now."""
        numbers = [x._data if isinstance(x, Value) else x for x in self.operands]
        self._data, partials = Node.compute(self, numbers)
        if isinstance(self._a, tuple):
            self._b = partials
        else:
            self._da, self._db = (*partials, None)[:2]

    def compute(self, numbers: Sequence[float]) -> tuple[float, tuple[Any, ...]]:
        """Return what data and local partials would be if the operands had these numbers."""
        y = self.op.evaluate(numbers, self.operands)
        wanted = [isinstance(x, Value) for x in self.operands]
        pairs = zip(self.op.partials(numbers, y, wanted), wanted, strict=True)
        return y, tuple([d if type(d) in PARTIALS or not want else real(d) for d, want in pairs])

    @staticmethod
    def computing(_op: Primitive) -> Callable[..., tuple[float, tuple[Any, ...]]]:
        """Return what computes the nodes of a primitive, given the node and a number for each."""
        return lambda node, *numbers: Node.compute(node, numbers)

    @property
    def data(self) -> float:
        """The number; writing it leaves the partials of the pass that was made as they were."""
        return self._data

    @data.setter
    def data(self, number: float) -> None:
        before = self._data
        self._data = number if number.__class__ is float else real(number)
        self.note("before", before)

    @property
    def grad(self) -> float:
        """The derivative that ``backward`` added up; 0 before there was a pass."""
        try:
            return self._grad
        except AttributeError:
            return 0.0

    @grad.setter
    def grad(self, number: float) -> None:
        if number is None:  # as PyTorch clears it
            raise TypeError("a grad is a number: to clear it write 0.0 instead of None")
        self._grad = number if number.__class__ is float else real(number)

    @grad.deleter
    def grad(self) -> None:
        raise AttributeError("a Value always has a grad: to clear it write 0.0")

    @property
    def label(self) -> str:
        """The name in text and pictures; "" is none."""
        try:
            return self._label
        except AttributeError:
            return ""

    @label.setter
    def label(self, label: str) -> None:
        self._label = text(label, "a label")

    @property
    def operands(self) -> tuple[Any, ...]:
        """The Values and constants that the operation was applied to, in order."""
        if self._b is None:
            return () if self._a is None else (self._a,)
        return self._a if isinstance(self._a, tuple) else (self._a, self._b)

    @property
    def partials(self) -> tuple[Any, ...]:
        """The local partial with respect to each operand; None for a constant."""
        if self._b is None:
            return () if self._a is None else (self._da,)
        return self._b if isinstance(self._a, tuple) else (self._da, self._db)

    # The names by which notebooks made for micrograd draw a graph.

    @property
    def _prev(self) -> set["Value"]:
        """The operands that are nodes."""
        return {x for x in self.operands if isinstance(x, Value)}

    @property
    def _op(self) -> str:
        """The name of the operation; nothing for a leaf."""
        return self.op.name if self.operands else ""

    def backward(self, seed: float = 1.0, **others: Never) -> None:
        """Add the derivative of this Value, times *seed*, to the grad of every leaf.

        The grads of inner nodes are those of this pass alone. Where a derivative is needed that
        does not exist, raises the primitive's own class of error and leaves all leaves alone.

        Ctrl-C during the pass leaves all leaves alone, too. A second Ctrl-C, while they get back
        what they had, may leave some with terms of this pass: then call ``zero_grad``.
        """
        if others:
            refuse(others, "backward", TORCH)
        for observer in OBSERVERS:
            observer.before_pass(self)
        self.add_gradient(seed if seed.__class__ is float else real(seed))
        for observer in OBSERVERS:
            observer.after_pass(self)

    def add_gradient(self, seed: float) -> None:
        """Sweep through the graph; start anew, with care, where that ends in an error or NaN."""
        leaves: dict[Node, float] = {}
        try:
            self.accumulate(seed, leaves)
            total = 0.0  # is finite only if all grads are
            for node in leaves:
                total += node._grad
        except (ArithmeticError, ValueError):
            total = math.nan
        except BaseException:
            give_back(leaves)
            raise
        if not math.isfinite(total):
            self.look_into(seed, leaves, total)

    def look_into(self, seed: float, leaves: dict["Node", float], total: float) -> None:
        """Start anew where there is NaN; note with each grad that is not finite where it began."""
        if math.isnan(total):
            give_back(leaves)
            self.add_gradient_with_care(seed)
        bad = [node for node in leaves if not math.isfinite(node._grad)]
        origin = find_origin(topological_order(self)) if bad else None
        for node in bad:
            node.note("first bad", origin)

    def add_gradient_with_care(self, seed: float) -> None:
        """Do the same where NaN or a missing partial turned up: see the module ``care``.

        Warns of each 0 · undefined that was counted as 0, though that may be wrong.
        """
        careful = CarefulPass(self, seed, onto_grads=True)
        for need in careful.needs_in_doubt():
            warn_explicit(need.warning, UndefinedWarning, *calling_line())
        nodes = [*careful.adjoints]
        changes = Changes().grads(nodes, careful.adjoints.values())
        changes.write(nodes, "reached", repeat(object(), len(nodes))).make()

    def accumulate(self, seed: float, leaves: dict["Node", float]) -> None:
        """Give each node the sum of its terms, adjoint · partial, the deepest nodes first.

        All consumers of a node are deeper than the node, so by its turn its adjoint is complete:
        this is reverse accumulation. *leaves* collects each leaf with the grad it had before.
        """
        sweep = object()
        levels: defaultdict[int, list[Node]] = defaultdict(list)

        def receive(node: Node, term: float) -> None:
            if node.reached is sweep:
                node._grad += term
            elif node.depth:
                node.reached, node._grad = sweep, term
                levels[node.depth].append(node)
            else:
                leaves[node] = node._grad
                node.reached, node._grad = sweep, node._grad + term

        receive(self, seed)
        for depth in range(self.depth, 0, -1):
            for node in levels.pop(depth, ()):
                for operand, partial in zip(node.operands, node.partials, strict=True):
                    if partial is not None:
                        receive(operand, node._grad * partial)

    @staticmethod
    def weighted_sums(
        rows: Sequence[tuple[Sequence[Any], Any]], inputs: Sequence[Any]
    ) -> list["Value"]:
        """Return the weighted sum of the same inputs for each row of weights and bias: a layer.

        >>> a, b = Value(10.0), Value(1.0)
        >>> [y.data for y in Value.weighted_sums([([2.0, 3.0], 0.5), ([1.0, 1.0], 0.0)], [a, b])]
        [23.5, 11.0]
        """
        return [weighted_sum(weights, inputs, bias) for weights, bias in rows]

    def zero_grad(self) -> None:
        """Set the grad of every node that this Value depends on to 0."""
        nodes = topological_order(self)
        Changes().grads(nodes, repeat(0.0, len(nodes))).make()

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    def __repr__(self) -> str:
        label = f", label={self.label!r}" if self.label else ""
        return f"Value(data={self._data}, grad={self.grad}{label})"

    def __getstate__(self) -> Any:
        state: Any = super().__getstate__()
        attributes, slots = state
        if "_notes" in slots:
            slots["_notes"] = dict(slots["_notes"])
        return attributes, slots

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        return write_node(self) if self.depth else super().__reduce_ex__(protocol)

    def __copy__(self) -> Self:
        twin: Self = new_node(type(self), *self.__getstate__())
        return twin


class Value(Node):
    """A real number and the operation that produced it: a node of the computation graph.

    *data* is a real number of any kind, kept as a float; *label* is its name in text and pictures.
    Python's operators and the functions of the table make new Values, which know their operands
    and local partials; a plain number among the operands is a constant, without node or partial.
    ``backward`` adds derivatives to ``grad``.

    >>> x = Value(3.0, "x")
    >>> y = x * x + 1
    >>> y.backward()
    >>> y.data, x.grad
    (10.0, 6.0)
    """

    __slots__ = ()


PARTIALS = {float, Undefined}  # a rule of your own may return others


def give_back(leaves: dict[Node, float]) -> None:
    """Give each leaf the grad it had."""
    Changes().grads([*leaves], leaves.values()).make()
