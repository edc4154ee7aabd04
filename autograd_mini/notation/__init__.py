"""Notation: a primitive applied to a notation writes itself down.

``notation`` is what all have in common, and Python; ``text`` is what people read, in letters and in
numbers. ``numbers`` says how a number is written, ``equation`` which sign stands between two sides.
"""
