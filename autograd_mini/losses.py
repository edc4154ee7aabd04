"""Losses: how far outputs are from targets, as one Value to differentiate.

Every loss takes one output and its target, or as many outputs as targets, and is the mean over
them; only ``half_squared_error`` is a sum. Outputs and targets are Values or numbers; of numbers
alone the loss is a number. Raises TypeError for what is no number, and ValueError for nothing,
for unequally many, and for a target that cannot be.

>>> from autograd_mini.engine import Value
>>> y = Value(0.8)
>>> E = half_squared_error(y, 1.0)
>>> E.backward()
>>> f"E = {E:.2f}, dE/dy = {y.grad:.1f}"
'E = 0.02, dE/dy = -0.2'
"""

import operator
from collections.abc import Callable, Iterable, Sequence
from functools import reduce, wraps
from typing import Any, Protocol, SupportsIndex, cast, overload

from autograd_mini.engine import Value
from autograd_mini.engine.arguments import real, require_list, several
from autograd_mini.engine.graph import data_of
from autograd_mini.engine.primitives import absolute, exp, log, logaddexp, power, relu, softplus
from autograd_mini.engine.sums import total

Number = Value | float
Term = Callable[[Number, Number], Number]
Combine = Callable[[Sequence[Number]], Number]

DIVERGED = "has the training diverged? try a lower rate"
INDEX = (
    "the target of a row is the index of its class, and of rows a list of these; for targets such "
    "as [0, 1, 0] use categorical_cross_entropy(softmax(row), target)"
)
LOGITS = "for scores of any size use binary_cross_entropy_with_logits or cross_entropy"


class Loss(Protocol):
    """A loss of outputs and targets: a Value, or of numbers alone a number."""

    @overload  # a float may stand for a Value, but not the other way round
    def __call__(  # type: ignore[overload-overlap]
        self, outputs: float | Iterable[float], targets: float | Iterable[float]
    ) -> float: ...
    @overload
    def __call__(
        self, outputs: Number | Iterable[Number], targets: Number | Iterable[Number]
    ) -> Value: ...


# From the term of one pair to the loss of many ---------------------------------------------------


def add(terms: Sequence[Number]) -> Number:
    """Return the sum of the terms; of an only one, itself."""
    return total(terms) if len(terms) > 1 else terms[0]


def mean(terms: Sequence[Number]) -> Number:
    """Return the mean of the terms; of an only one, itself."""
    return total(terms) / len(terms) if len(terms) > 1 else terms[0]


def combined(combine: Combine) -> Callable[[Term], Loss]:
    """Make a loss from the term of one output and its target, and from how terms combine."""

    def decorate(term: Term) -> Loss:
        @wraps(term, ("__module__", "__name__", "__qualname__", "__doc__"))
        def loss(outputs: Number | Iterable[Number], targets: Number | Iterable[Number]) -> Number:
            many = several(outputs) or several(targets)
            pairs = matched(term.__name__, outputs, targets) if many else [(outputs, targets)]
            try:
                return combine([term(operand(y), operand(t)) for y, t in pairs])
            except OverflowError as error:
                raise OverflowError(f"{error}; {DIVERGED}") from None

        del loss.__wrapped__  # help shows the signature of the loss, and not of one term
        return cast(Loss, loss)

    return decorate


def matched(name: str, outputs: Any, targets: Any) -> list[tuple[Any, Any]]:
    """Pair outputs with targets; raise unless there are as many, and at least one."""
    ys, ts = require_list(name, "outputs", outputs), require_list(name, "targets", targets)
    if len(ys) != len(ts):
        raise ValueError(f"{name} needs as many outputs as targets, got {len(ys)} and {len(ts)}")
    if not ys:
        raise ValueError(f"{name} needs at least one output, got none")
    return list(zip(ys, ts, strict=True))


def operand(x: object) -> Number:
    """Return a Value as it is, and a number as a float; raise TypeError for anything else."""
    return x if isinstance(x, Value) else real(x)


# Regression: targets are any numbers -------------------------------------------------------------


@combined(mean)
def mean_squared_error(output: Number, target: Number) -> Number:
    """Return the mean of (y - t)².

    >>> f"{mean_squared_error([0.8, 0.6], [1.0, 0.5]):.3f}"
    '0.025'
    """
    return power(output - target, 2.0)


@combined(add)
def half_squared_error(output: Number, target: Number) -> Number:
    """Return E = Σ ½(t - y)², so that ∂E/∂y = y - t; a sum, as textbooks write it, not a mean.

    >>> f"{half_squared_error([0.8, 0.6], [1.0, 0.5]):.3f}"
    '0.025'
    """
    return 0.5 * power(target - output, 2.0)


@combined(mean)
def mean_absolute_error(output: Number, target: Number) -> Number:
    """Return the mean of |y - t|.

    >>> f"{mean_absolute_error([0.8, 0.6], [1.0, 0.5]):.2f}"
    '0.15'
    """
    return absolute(output - target)


# Two classes -------------------------------------------------------------------------------------


@combined(mean)
def binary_cross_entropy(output: Number, target: Number) -> Number:
    """Return the mean of -(t·log p + (1 - t)·log(1 - p)), for probabilities p and targets t.

    Where t is the number 0 or 1 only one of the logarithms counts, and only that one is computed.

    >>> f"{binary_cross_entropy(0.8, 1):.12f}"
    '0.223143551314'
    """
    p, t = probability(output, "an output"), probability(target, "a target")
    return weighted(t, surprise, p) + weighted(1 - t, surprise, 1 - p)


@combined(mean)
def binary_cross_entropy_with_logits(output: Number, target: Number) -> Number:
    """Return the mean binary cross-entropy of p = sigmoid(z), for any z and targets t from 0 to 1.

    Since -log p = softplus(-z) and -log(1 - p) = softplus(z), no z is too large.

    >>> binary_cross_entropy_with_logits([1000.0, -1000.0], [0, 0])
    500.0
    """
    z, t = output, probability(target, "a target")
    return weighted(t, softplus, -z) + weighted(1 - t, softplus, z)


@combined(mean)
def hinge(output: Number, target: Number) -> Number:
    """Return the mean of max(0, 1 - t·y), for targets t of -1 or 1.

    >>> hinge([0.5, 0.5], [1, -1])
    1.0
    """
    if data_of(target) not in (-1, 1):
        raise ValueError(f"a target of hinge is -1 or 1, got {target!r}")
    return relu(1 - target * output)


# Many classes ------------------------------------------------------------------------------------


@overload  # a float may stand for a Value, but not the other way round
def cross_entropy(  # type: ignore[overload-overlap]
    logits: Iterable[float], index: SupportsIndex
) -> float: ...
@overload
def cross_entropy(  # type: ignore[overload-overlap]
    logits: Iterable[Iterable[float]], index: Iterable[SupportsIndex]
) -> float: ...
@overload
def cross_entropy(logits: Iterable[Number], index: SupportsIndex) -> Value: ...
@overload
def cross_entropy(logits: Iterable[Iterable[Number]], index: Iterable[SupportsIndex]) -> Value: ...
def cross_entropy(logits: Any, index: Any) -> Any:
    """Return -log softmax(z)ᵢ = log Σ exp zⱼ - zᵢ, for logits z and the *index* i of the class.

    It is computed as softplus(log Σ exp(zⱼ - zᵢ)) over all *other* classes j, which so stand for
    one: the loss of two classes, with minus this logarithm as the logit. No logit is too large, a
    small loss keeps its digits, and a logit of -inf, a mask, counts for nothing. With rows of
    logits and a list of indices, returns the mean. Raises IndexError for an index that no logit
    has.

    >>> f"{cross_entropy([1.0, 2.0, 3.0], 2):.12f}"
    '0.407605964444'
    >>> cross_entropy([[1000.0, -1000.0], [0.0, 1000.0]], [1, 1])
    1000.0
    """
    if several(index):
        pairs = matched("cross_entropy", logits, index)
        if not all(several(row) for row, _ in pairs):
            raise TypeError(f"cross_entropy got one row of logits and several targets; {INDEX}")
        return mean([cross_entropy(*pair) for pair in pairs])
    row = require_list("cross_entropy", "logits", logits)
    if several(row[0] if row else 0.0):
        raise TypeError(f"cross_entropy got rows of logits and one target, {index!r:.40}; {INDEX}")
    zs: list[Any] = [operand(z) for z in row]
    i = position(index, len(zs))
    ahead = [z - zs[i] for j, z in enumerate(zs) if j != i]
    return softplus(reduce(logaddexp, ahead))


@overload
def categorical_cross_entropy(  # type: ignore[overload-overlap]
    probabilities: Iterable[float], one_hot: Iterable[float]
) -> float: ...
@overload
def categorical_cross_entropy(  # type: ignore[overload-overlap]
    probabilities: Iterable[Iterable[float]], one_hot: Iterable[Iterable[float]]
) -> float: ...
@overload
def categorical_cross_entropy(
    probabilities: Iterable[Number], one_hot: Iterable[Number]
) -> Value: ...
@overload
def categorical_cross_entropy(
    probabilities: Iterable[Iterable[Number]], one_hot: Iterable[Iterable[Number]]
) -> Value: ...
def categorical_cross_entropy(probabilities: Any, one_hot: Any) -> Any:
    """Return -Σ t·log p, for the probability p of each class and targets t that add up to 1.

    Logarithms whose t is the number 0 are not computed. With rows of both, returns the mean.

    >>> f"{categorical_cross_entropy([0.1, 0.7, 0.2], [0, 1, 0]):.12f}"
    '0.356674943939'
    """
    pairs = matched("categorical_cross_entropy", probabilities, one_hot)
    if several(pairs[0][1]):
        return mean([categorical_cross_entropy(*pair) for pair in pairs])
    ps = [probability(operand(p), "an output") for p, _ in pairs]
    ts = [probability(operand(t), "a target") for _, t in pairs]
    if not abs(sum(map(data_of, ts)) - 1) < 1e-6:
        raise ValueError(f"targets add up to 1, got {ts}")
    return add([weighted(t, surprise, p) for p, t in zip(ps, ts, strict=True)])


@overload
def softmax(scores: Iterable[float]) -> list[float]: ...  # type: ignore[overload-overlap]
@overload
def softmax(scores: Iterable[Number]) -> list[Value]: ...
def softmax(scores: Any) -> Any:
    """Return exp zᵢ / Σ exp zⱼ for each score z: probabilities, which add up to 1.

    *scores* are at least one, of any size; -inf has the probability 0. From all of them
    log Σ exp zⱼ is taken off first, which cancels out, so that none is too large. Raises TypeError
    for what is no number, ValueError for no scores.

    >>> softmax([0.0, 0.0]), softmax([1000.0, -1000.0])
    ([0.5, 0.5], [1.0, 0.0])
    """
    zs: list[Any] = [operand(z) for z in require_list("softmax", "scores", scores)]
    if not zs:
        raise ValueError("softmax needs at least one score, got none")
    shift = reduce(logaddexp, zs)
    weights = [exp(z - shift) for z in zs]
    together = add(weights)
    return [weight / together for weight in weights]


# Parts of these ----------------------------------------------------------------------------------


def surprise(p: Number) -> Number:
    """Return -log p: the less probable, the more surprising (Shannon's information content)."""
    try:
        return -log(p)
    except ValueError as error:
        raise ValueError(f"{error}; {LOGITS}") from None


def weighted(weight: Number, function: Callable[..., Number], x: Number) -> Number:
    """Return weight · function(x), and 0 without looking at x where the weight is the number 0."""
    return 0.0 if not isinstance(weight, Value) and weight == 0 else weight * function(x)


def probability(p: Number, what: str) -> Number:
    """Return a probability; raise ValueError for a number that is none."""
    if data_of(p) < 0 or data_of(p) > 1:
        raise ValueError(f"{what} is a probability, 0 to 1, got {p!r}; {LOGITS}")
    return p


def position(index: SupportsIndex, count: int) -> int:
    """Return the index of one of *count* classes; raise IndexError where there is none."""
    if count < 2:
        raise ValueError(f"cross_entropy needs the logits of at least 2 classes, got {count}")
    try:
        i = operator.index(index)
    except TypeError:
        raise TypeError(f"the index of a class is a whole number, got {index!r}") from None
    if not 0 <= i < count:
        raise IndexError(f"the index of one of {count} classes is 0 to {count - 1}, got {i}")
    return i
