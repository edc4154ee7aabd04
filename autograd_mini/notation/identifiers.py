"""Identifiers: names as Python's programs may use them.

>>> identifiers(["layer1.w1", "lambda", "2x"])
['layer1_w1', 'lambda_', 'v2x']
"""

import keyword
import unicodedata
from collections.abc import Collection, Iterable
from itertools import chain, count

from autograd_mini.engine.primitives import TABLE

LONGEST_NAME = 40  # characters

# What no name may be: words of Python's, of the table's, and of the lines'. The list is fixed, so
# that a graph has one source in whatever shell it is recorded.
BUILTINS = """aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr
classmethod compile complex copyright credits delattr dict dir display divmod enumerate eval exec
exit filter float format frozenset getattr globals hasattr hash help hex id input int isinstance
issubclass iter len license list locals map max memoryview min next object oct open ord pow print
property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple
type vars zip""".split()  # noqa: SIM905 - a list of seventy strings is no easier to read
WORDS = {"leaf", "inf", "nan", "value", "value_and_gradients"}
RESERVED = {*keyword.kwlist, *BUILTINS, *TABLE, *WORDS}


def identifiers(names: Iterable[str], reserved: Collection[str] = ()) -> list[str]:
    """Turn names into identifiers, all different, that are no words of Python's or the table's.

    >>> identifiers(["layer1.w1", "lambda", "exp", "θ", "2x", "a b", "a-b", "__debug__", ""])
    ['layer1_w1', 'lambda_', 'exp_', 'θ', 'v2x', 'a_b', 'a_b_2', 'v__debug__', 'v']
    """
    taken, found = {*RESERVED, *reserved}, []
    for word in map(write_identifier, names):
        choices = chain([word], map(f"{word}_{{}}".format, count(2)))
        free = next(x for x in choices if not {x, f"{x}_grad"} & taken)  # its adjoint's, too
        taken |= {free, f"{free}_grad"}
        found.append(free)
    return found


def write_identifier(name: str) -> str:
    """Write a name with the letters that Python allows; no word of Python's or the table's."""
    letters = unicodedata.normalize("NFKC", name)[:LONGEST_NAME]
    word = "".join(x if f"v{x}".isidentifier() else "_" for x in letters)
    if not word or word[0] == "_" or not word.isidentifier():
        word = unicodedata.normalize("NFKC", f"v{word}")
    return f"{word}_" if word in RESERVED else word
