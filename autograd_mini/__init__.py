"""The chain rule, made visible: a scalar reverse-mode autodiff engine for teaching.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> y = tanh(a * b + 6.5)
>>> y.backward()
>>> f"{a.grad:.4f}, {b.grad:.4f}"
'-2.3593, 1.5729'
"""

from contextlib import suppress
from importlib import import_module

from autograd_mini.engine import Value
from autograd_mini.engine.graph import gradient, recompute
from autograd_mini.engine.order import topological_order
from autograd_mini.engine.primitives import (
    Primitive,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    cos,
    cosh,
    erf,
    exp,
    expm1,
    leaky_relu,
    log,
    log1p,
    maximum,
    minimum,
    relu,
    sigmoid,
    sin,
    sinh,
    softplus,
    sqrt,
    tan,
    tanh,
)
from autograd_mini.engine.sums import total, weighted_sum
from autograd_mini.program import record
from autograd_mini.stepping import explain, steps, walk, why
from autograd_mini.stepping.check import check_gradients, nudge
from autograd_mini.view.animate import animate
from autograd_mini.view.draw import draw
from autograd_mini.view.page import page

for _speed in (
    "fast.specialise",
    "fast.unrolled",
):
    with suppress(ModuleNotFoundError):
        import_module(f"autograd_mini.{_speed}")

__all__ = [
    "Primitive",
    "Value",
    "acos",
    "acosh",
    "animate",
    "asin",
    "asinh",
    "atan",
    "atanh",
    "check_gradients",
    "cos",
    "cosh",
    "draw",
    "erf",
    "exp",
    "explain",
    "expm1",
    "gradient",
    "leaky_relu",
    "log",
    "log1p",
    "maximum",
    "minimum",
    "nudge",
    "page",
    "recompute",
    "record",
    "relu",
    "sigmoid",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "steps",
    "tan",
    "tanh",
    "topological_order",
    "total",
    "walk",
    "weighted_sum",
    "why",
]
