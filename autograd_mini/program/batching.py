"""Batching: a program's lines on arrays of samples, and what belongs to all samples together.

The value of a batch is the mean over its samples.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from autograd_mini.program.arrays import is_array, is_number, namespace
from autograd_mini.program.source import Function

WORD = re.compile(r"[^\W\d]\w*")
PRODUCT = re.compile(r"(\w+) = (\w+) \* (\w+)")


def argument(x: Any, name: str) -> Any:
    """Return a number as a float and an array as it is.

    >>> argument(True, "x")
    1.0
    """
    if is_number(x.__class__):
        return float(x)
    shape = getattr(x, "shape", None)
    if shape is not None and len(shape) < 2:
        return x
    shown = f"an array of shape {shape}" if is_array(x) else f"{type(x).__name__} {x!r:.40}"
    raise TypeError(f"{name} needs a real number or an array with one axis, got {shown}")


def has_samples(x: Any) -> bool:
    """Tell whether *x* is an array of samples."""
    return getattr(x, "shape", ()) != ()


def samples(inputs: Sequence[Any], names: Sequence[str]) -> int:
    """Return how many samples the inputs hold; ValueError unless it is as many in all arrays."""
    found: set[int] = {x.shape[0] for x in inputs if has_samples(x)} or {1}
    if len(found) > 1 or 0 in found:
        pairs = zip(names, inputs, strict=True)
        given = ", ".join(f"{name} has {x.shape[0]}" for name, x in pairs if has_samples(x))
        raise ValueError(f"need arrays of one length, and at least one sample: {given}")
    return found.pop()


def batched(function: Function, parameters: Collection[str]) -> Function:
    r"""Return the same lines for arrays: each is followed by what makes memory free for the next.

    Names that no later line reads are deleted, and the adjoint of a parameter becomes its mean over
    the samples when it is complete; so most arrays stay in the processor's cache.

    >>> lines = ("w_grad = z_grad * x  # ∂z/∂w = x", "b_grad = z_grad")
    >>> f = Function("f", ("x",), ("z_grad = x + 1.0", *lines), "w_grad, b_grad")
    >>> print(*batched(f, ["w_grad", "b_grad"]).lines, sep="\n")
    z_grad = x + 1.0
    w_grad = _dot(z_grad, x)
    b_grad = z_grad; del z_grad; b_grad = _mean(b_grad)
    """
    code = [line.partition("  #")[0] for line in function.lines if not line.startswith("#")]
    words = [set(WORD.findall(line)) for line in code]
    last = {word: i for i, line in enumerate(words) for word in line}
    kept = {*function.arguments, *WORD.findall(function.results)}
    freed: list[list[str]] = [[] for _ in code]
    for word in {line.partition(" = ")[0]: None for line in code}:
        freed[last[word]].append(word)
    lines = [after(line, names, kept, parameters) for line, names in zip(code, freed, strict=True)]
    return Function(function.name, function.arguments, tuple(lines), function.results)


def after(line: str, names: list[str], kept: set[str], parameters: Collection[str]) -> str:
    """Return a line, and after it what happens to the names that no later line reads."""
    dead = [name for name in names if name not in kept]
    complete = [name for name in names if name in parameters]
    product = PRODUCT.fullmatch(line)
    if product and complete == [product[1]]:
        line, complete = "{} = _dot({}, {})".format(*product.groups()), []
    released = [f"del {', '.join(dead)}"] if dead else []
    return "; ".join([line, *released, *(f"{name} = _mean({name})" for name in complete)])


def means(xp: Any) -> dict[str, Any]:
    """Return what ``_mean`` and ``_dot`` mean: the mean over the samples, of a product too."""

    def mean(x: Any) -> Any:
        return xp.sum(x) / x.shape[0] if has_samples(x) else x

    def dot(a: Any, b: Any) -> Any:
        return a @ b / a.shape[0] if has_samples(a) and has_samples(b) else mean(a * b)

    return {"_mean": mean, "_dot": dot}


def share(xp: Any, derivative: Any, x: Any, n: int) -> Any:
    """Return what a sample's derivative with respect to an input is to the mean's.

    An input that is the same for all samples has one derivative, any other has one per sample.
    """
    if not has_samples(x):
        return means(xp)["_mean"](derivative)
    return derivative / n if has_samples(derivative) else xp.ones_like(x) * (derivative / n)


def numbers(scalars: Sequence[Any]) -> list[float]:
    """Return arrays without an axis as floats, all computed at once."""
    found = [x for x in scalars if is_array(x)]
    if not found:
        return [float(x) for x in scalars]
    import numpy

    plain: list[float] = numpy.asarray(namespace(found).asarray(scalars)).tolist()
    return plain


def rows(columns: Sequence[Any], n: int) -> Iterator[list[float]]:
    """Yield the numbers of each sample."""
    lists = [x.tolist() if has_samples(x) else [float(x)] * n for x in columns]
    return map(list, zip(*lists, strict=True))
