"""Notation: a primitive applied to a notation writes itself down.

``notation`` is what all have in common; ``text`` is what people read, in letters and in
numbers, ``python`` and ``javascript`` what computers run. ``numbers`` says how a number is
written, ``equation`` which sign stands between two sides.
"""
