"""Words: help says of each primitive what it computes, and its derivative."""

import math
import pydoc
import re

import pytest

from autograd_mini import Value, exp, maximum, minimum, tanh
from autograd_mini.engine.primitives import TABLE, Primitive
from autograd_mini.notation.text import name_labels
from autograd_mini.notation.words import IN_WORDS

OPERATORS = {"+", "-", "*", "/", "**", "neg"}


def test_every_function_has_words_of_its_own():
    assert set(IN_WORDS) == set(TABLE) - OPERATORS
    assert len({op.__doc__ for op in TABLE.values()}) == len(TABLE)


@pytest.mark.parametrize("op", TABLE.values(), ids=str)
def test_each_text_is_one_sentence_with_the_derivative(op):
    assert op.__doc__.startswith("Return ")
    assert op.__doc__.endswith(".")
    assert "; its derivative" in op.__doc__


def test_the_words_go_on_as_a_sentence_or_begin_with_a_formula():
    begins = re.compile(r"the |e to |a (to|where|without) |a·b|1 where|(exp|log)\(|√\(")
    for name, words in IN_WORDS.items():
        assert begins.match(words), name
        assert TABLE[name].__doc__.startswith(f"Return {words}; its")


def test_an_angle_lies_between_the_limits_that_its_words_name():
    limits = {"-π/2": -math.pi / 2, "0": 0.0, "π/2": math.pi / 2, "π": math.pi}
    told = [(TABLE[name], words) for name, words in IN_WORDS.items() if "radians from" in words]
    assert {op.name for op, _ in told} == {"asin", "acos", "atan"}
    for op, words in told:
        low, high = words.rpartition("from ")[2].split(" to ")
        far = 1e300 if op.name == "atan" else 1.0
        ends = sorted([op.forward(-far), op.forward(far)])
        assert ends == pytest.approx([limits[low], limits[high]])


@pytest.mark.parametrize("op", [maximum, minimum], ids=str)
def test_of_two_numbers_the_words_name_the_one_that_is_taken(op):
    named = max if "the larger of" in op.__doc__ else min
    assert op.forward(2.0, 3.0) == named(2.0, 3.0)


def test_help_of_a_function_and_of_a_method_say_the_same():
    sentence = "Return the hyperbolic tangent of a; its derivative is 1 - tanh(a)²."
    assert tanh.__doc__ == Value.tanh.__doc__ == sentence
    assert sentence in pydoc.plain(pydoc.render_doc(tanh))
    assert exp.__doc__ != Primitive.__doc__


def test_a_function_of_one_s_own_has_a_text_too():
    cube = Primitive("cube", lambda a: a**3, lambda a, _y: 3 * a**2)
    assert cube.__doc__ == "Return cube(a); its derivative is 3·a²."
    sine = Primitive("sine", math.sin, lambda a, _y: math.cos(a))
    assert sine.__doc__ == "Return sine(a)."


def test_the_output_is_called_l_unless_it_or_another_node_has_that_name():
    assert name_labels([""]) == ["L"]
    assert name_labels(["", "y"]) == ["v1", "y"]
    assert name_labels(["L", ""]) == ["L", "v1"]
