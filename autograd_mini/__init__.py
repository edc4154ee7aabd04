"""The chain rule, made visible: a scalar reverse-mode autodiff engine for teaching.

>>> a, b = Value(2.0, "a"), Value(-3.0, "b")
>>> y = tanh(a * b + 6.5)
>>> y.backward()
>>> f"{a.grad:.4f}, {b.grad:.4f}"
'-2.3593, 1.5729'

The engine is imported at once; what explains, draws, checks and records only when it is first asked
for, so that ``import autograd_mini`` is quick.
"""

import os
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from autograd_mini import fast
from autograd_mini.engine import Value
from autograd_mini.engine.graph import first_bad, gradient, recompute
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
    hypot,
    leaky_relu,
    log,
    log1p,
    maximum,
    minimum,
    relu,
    sech,
    sigmoid,
    sin,
    sinh,
    softplus,
    sqrt,
    tan,
    tanh,
)
from autograd_mini.engine.sums import total, weighted_sum
from autograd_mini.engine.undefined import UndefinedWarning

if TYPE_CHECKING:  # what __getattr__ imports, as type checkers and editors see it
    from autograd_mini.engine.collector import quiet_collector
    from autograd_mini.engine.forward import tangent
    from autograd_mini.losses import softmax
    from autograd_mini.program import record
    from autograd_mini.stepping import explain, steps, walk, why
    from autograd_mini.stepping.check import check_gradients, nudge
    from autograd_mini.stepping.what_if import what_if
    from autograd_mini.view.animate import animate
    from autograd_mini.view.draw import draw
    from autograd_mini.view.page import page

if os.environ.get("AUTOGRAD_MINI_PLAIN") != "1":
    fast.install()  # the same engine, written out for speed: see README, "Read the code"

__version__ = "0.2.0"
__all__ = [
    "Primitive",
    "UndefinedWarning",
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
    "first_bad",
    "gradient",
    "hypot",
    "leaky_relu",
    "log",
    "log1p",
    "maximum",
    "minimum",
    "nudge",
    "page",
    "quiet_collector",
    "recompute",
    "record",
    "relu",
    "sech",
    "sigmoid",
    "sin",
    "sinh",
    "softmax",
    "softplus",
    "sqrt",
    "steps",
    "tan",
    "tangent",
    "tanh",
    "topological_order",
    "total",
    "walk",
    "weighted_sum",
    "what_if",
    "why",
]

# The module of each public name that is imported when it is first asked for.
_MODULES = {
    "animate": "view.animate",
    "check_gradients": "stepping.check",
    "draw": "view.draw",
    "explain": "stepping",
    "nudge": "stepping.check",
    "page": "view.page",
    "quiet_collector": "engine.collector",
    "record": "program",
    "softmax": "losses",
    "steps": "stepping",
    "tangent": "engine.forward",
    "walk": "stepping",
    "what_if": "stepping.what_if",
    "why": "stepping",
}


def __getattr__(name: str) -> Any:
    """Import the public name that is asked for and keep it, so that this happens once.

    Raises ImportError for a name that another module of the package has: an import statement would
    leave out what an AttributeError says.
    """
    if name not in _MODULES:
        if not name.startswith("_") and not find_spec(f"{__name__}.{name}"):  # a module's own name
            from autograd_mini.lesson.advice import find_home

            if home := find_home(name):
                raise ImportError(f"{name} is in {home}: from {home} import {name}", name=__name__)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names, imported or not, and what every module has."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
