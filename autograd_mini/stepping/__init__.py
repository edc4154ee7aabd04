"""Stepping: what the engine did and why, one application of the chain rule at a time."""

from autograd_mini.notation.plain import Text
from autograd_mini.stepping.editing import edits
from autograd_mini.stepping.explaining import align_columns, explain
from autograd_mini.stepping.naming import Graph, derivative_of, factor, names, number
from autograd_mini.stepping.paths import why
from autograd_mini.stepping.steps import Step, evaluations, steps
from autograd_mini.stepping.walking import walk

__all__ = [
    "Graph",
    "Step",
    "Text",
    "align_columns",
    "derivative_of",
    "edits",
    "evaluations",
    "explain",
    "factor",
    "names",
    "number",
    "steps",
    "walk",
    "why",
]
