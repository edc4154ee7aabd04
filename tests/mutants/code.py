"""Code: what a fault changes in the functions of a module that is imported already."""

import gc
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from inspect import CO_OPTIMIZED
from types import CodeType, FunctionType
from typing import Any

from tests.mutants.faults import Fault

Place = tuple[str, int, str, int | None]
Pair = tuple[CodeType, CodeType]


class OutsideError(Exception):
    """A fault changes more than the code of functions: the module has to be imported anew."""


def place_of(code: CodeType) -> Place:
    """Return what tells a function's code from all other code: where it stands."""
    columns = (column for _, _, column, _ in code.co_positions() if column)
    return code.co_filename, code.co_firstlineno, code.co_qualname, next(columns, None)


def functions_by_place() -> dict[Place, list[FunctionType]]:
    """Find the functions there are, several of one code among them: closures."""
    found: dict[Place, list[FunctionType]] = {}
    for x in gc.get_objects():
        if type(x) is FunctionType:  # a weak proxy claims the type of what is gone
            found.setdefault(place_of(x.__code__), []).append(x)
    return found


def caches() -> list["_lru_cache_wrapper[Any]"]:
    """Find the package's functions that remember their results, and those of its tests."""
    found = [x for x in gc.get_objects() if type(x) is _lru_cache_wrapper]
    return [x for x in found if x.__module__.startswith(("autograd_mini.", "tests."))]


def changed_code(fault: Fault, path: str) -> list[Pair]:
    """Return each function's code that a fault changes, and what it becomes.

    Raises OutsideError where the fault is not inside a function.
    """
    whole, changed = (compile(text, path, "exec") for text in (fault.source, fault.changed))
    return list(differing(whole, changed))


def differing(old: CodeType, new: CodeType) -> Iterator[Pair]:
    """Yield the pairs of functions' code that differ, what stands inside others included."""
    if shape(old) != shape(new):
        if not old.co_flags & CO_OPTIMIZED:  # the body of a module or a class
            raise OutsideError
        yield old, new
    for inner, other in zip(codes_in(old), codes_in(new), strict=False):
        found = [*differing(inner, other)]
        if found and old.co_flags & CO_OPTIMIZED and shape(old) == shape(new):
            yield old, new  # functions that it makes from now on are made of the new code
        yield from found


def codes_in(code: CodeType) -> list[CodeType]:
    """Return the code that is written inside other code."""
    return [x for x in code.co_consts if isinstance(x, CodeType)]


def shape(code: CodeType) -> tuple[Any, ...]:
    """Return all that makes a difference when code runs, but for the code inside it."""
    constants = [None if isinstance(x, CodeType) else (type(x), repr(x)) for x in code.co_consts]
    names = code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
    return code.co_code, code.co_exceptiontable, code.co_flags, names, constants


def exchange(pairs: list[Pair], functions: dict[Place, list[FunctionType]]) -> None:
    """Give all functions of the old code the new code.

    Raises OutsideError where there is no such function, or it does not fit.
    """
    found = [(f, new) for old, new in pairs for f in functions.get(place_of(old), [])]
    if not found:
        raise OutsideError
    try:
        for function, new in found:
            function.__code__ = new
    except ValueError:  # another number of variables of the function around it
        raise OutsideError from None
