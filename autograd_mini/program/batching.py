"""Batching: a program's lines on arrays of samples, and what belongs to all samples together.

The value of a batch is the mean over its samples.
"""

from collections.abc import Callable, Iterator, Sequence, Set

from autograd_mini.engine.arguments import described, real
from autograd_mini.program.arrays import Array, Library, is_array, is_number, namespace
from autograd_mini.program.source import Function, Line

REAL = "biufO"  # what NumPy calls truths, whole numbers, fractions, and Python's own


def argument(x: Array, i: int, names: Callable[[], Sequence[str]]) -> Array:
    """Return a number as a float and an array as it is; input *i* has a name where it is neither.

    >>> argument(True, 0, lambda: ["x"])
    1.0
    """
    if is_number(x.__class__):
        return real(x)
    shape, dtype = getattr(x, "shape", None), getattr(x, "dtype", None)
    if shape is not None and len(shape) < 2 and holds_reals(x):
        return x
    shown = f"an array of shape {shape} and type {dtype}" if is_array(x) else described(x)
    raise TypeError(f"{names()[i]} needs a real number or an array with one axis, got {shown}")


def holds_reals(x: Array) -> bool:
    """Tell whether an array's numbers are real, as far as its library tells their kind."""
    return getattr(getattr(x, "dtype", None), "kind", "f") in REAL


def has_samples(x: Array) -> bool:
    """Tell whether *x* is an array of samples."""
    return getattr(x, "shape", ()) != ()


def samples(inputs: Sequence[Array], names: Callable[[], Sequence[str]]) -> int:
    """Return how many samples the inputs hold; ValueError unless it is as many in all arrays."""
    found: set[int] = {x.shape[0] for x in inputs if has_samples(x)} or {1}
    if len(found) > 1 or 0 in found:
        pairs = zip(names(), inputs, strict=True)
        given = ", ".join(f"{name} has {x.shape[0]}" for name, x in pairs if has_samples(x))
        raise ValueError(f"need arrays of one length, and at least one sample: {given}")
    return found.pop()


def write_batched(function: Function) -> list[str]:
    r"""Write the lines for arrays: after each, what no later line reads is deleted.

    The adjoint of a parameter becomes its mean over the samples when it is complete; so most
    arrays stay in the processor's cache.

    >>> lines = Line("z_grad", ("x",), "x + 1.0"), Line("w_grad", ("z_grad", "x"), "z_grad * x")
    >>> lines = *lines, Line("b_grad", ("z_grad",), "z_grad")
    >>> f = Function("f", ("x",), (), "x", lines, (), ("w_grad", "b_grad"))
    >>> print(*write_batched(f), sep="\n")
    z_grad = x + 1.0
    w_grad = _dot(z_grad, x)
    b_grad = z_grad; del z_grad; b_grad = _mean(b_grad)
    """
    last = function.last
    kept, means = {*function.arguments, *function.returned}, {*function.of_parameters}
    freed: list[list[str]] = [[] for _ in function.lines]
    for name in dict.fromkeys(line.target for line in function.lines):
        freed[last[name]].append(name)
    return [
        write_last([*names], line, kept, means)
        for line, names in zip(function.lines, freed, strict=True)
    ]


def write_last(names: Sequence[str], line: Line, kept: Set[str], means: Set[str]) -> str:
    """Write a line, and after it what happens to the *names* that no later line reads."""
    dead = [name for name in names if name not in kept]
    complete = [name for name in names if name in means]
    code = line.code
    if complete == [line.target] and line.right == " * ".join(line.reads) != line.reads[0]:
        code, complete = f"{line.target} = _dot({', '.join(line.reads)})", []
    released = [f"del {', '.join(dead)}"] if dead else []
    return "; ".join([code, *released, *(f"{name} = _mean({name})" for name in complete)])


def means(xp: Library) -> dict[str, Array]:
    """Return what ``_mean`` and ``_dot`` mean: the mean over the samples, of a product too."""

    def mean(x: Array) -> Array:
        return xp.sum(x) / x.shape[0] if has_samples(x) else x

    def dot(a: Array, b: Array) -> Array:
        return a @ b / a.shape[0] if has_samples(a) and has_samples(b) else mean(a * b)

    return {"_mean": mean, "_dot": dot}


def share(xp: Library, derivative: Array, x: Array, n: int) -> Array:
    """Turn the derivative of each sample into that of the mean: divide it by the number *n*.

    An input that is the same for all samples has one derivative, any other has one per sample.
    """
    if not has_samples(x):
        return means(xp)["_mean"](derivative)
    return derivative / n if has_samples(derivative) else xp.ones_like(x) * (derivative / n)


def numbers(scalars: Sequence[Array]) -> list[float]:
    """Return arrays without an axis as floats, all computed at once."""
    if {*map(type, scalars)} == {float}:  # as a rule, and soon told
        return [*scalars]
    found = [x for x in scalars if is_array(x)]
    if not found:
        return [float(x) for x in scalars]
    import numpy

    plain: list[float] = numpy.asarray(namespace(found).asarray(scalars)).tolist()
    return plain


def rows(columns: Sequence[Array], n: int) -> Iterator[list[float]]:
    """Yield the numbers of each sample."""
    lists = [x.tolist() if has_samples(x) else [float(x)] * n for x in columns]
    return map(list, zip(*lists, strict=True))
