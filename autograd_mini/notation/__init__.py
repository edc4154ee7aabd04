"""Notation: a primitive applied to a notation writes itself down."""
