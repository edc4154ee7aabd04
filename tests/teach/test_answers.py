"""Answers: read as people write them; what cannot be read is not taken for wrong."""

import math
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_mini.teach.answers import (
    canonical,
    decode,
    find_answer,
    read_answer,
    tidy,
    without_words,
)

MINUS_TWO = """−2|- 2|(-2)|-2.0|-4/2|-1 + (-1) = -2|-2e0|-2 # why|∂L/∂a = -2|-2,0|–2|2·(-1)
2×(-1)|-2,|-2;|-2 because|-2 (c and d)|≈ -2|**-2**|`-2`|$-2$|__-2__|-(2^1)|-4 · ½|-2\u200b
-2\u00a0|\\frac{-4}{2}|$\\approx -2{,}0$|-5/2,5|-2 (because 1-3)|minus 2|= -2|~ -2|-2 .
c·d = 2·(-1) = -2|-sqrt(4)|-2 (since c = 3)
$\\left(-2\\right)$|\\displaystyle -2|-2\\,|2 \\cdot (-1)|-1 \\times 2|\\dfrac{4}{-2}
$\\frac{\\partial L}{\\partial a} = -2$|**∂L/∂a = -2**"""
UNREADABLE = """2 or 3|a:=1|eight|-2 (or 3)|2, 3|1/0|?|-2 because 1-3|2 == 2|-2?|2..3|1,000,000
nan|1e999|__import__('os')|-2 -|x|(2"""


@pytest.mark.parametrize("text", MINUS_TWO.replace("\n", "|").split("|"))
def test_minus_two_is_read_however_it_is_written(text):
    assert read_answer(text).number == -2.0


@pytest.mark.parametrize("text", UNREADABLE.replace("\n", "|").split("|"))
def test_what_may_mean_two_things_or_none_is_left_to_a_person(text):
    answer = read_answer(text)
    assert (answer.kind, answer.text) == ("unreadable", text)
    assert math.isnan(answer.number)


@pytest.mark.parametrize("text", ["", "  ", "____", "**  **", "$$", "\u200b"])
def test_a_blank_is_blank(text):
    assert read_answer(text).kind == "blank"


@given(st.text(max_size=60))
def test_no_text_whatever_raises(text):
    assert read_answer(text).kind in ("number", "blank", "unreadable")


@given(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)))
def test_a_number_is_read_with_point_comma_and_any_minus(x):
    for text in (repr(x), repr(x).replace(".", ","), repr(x).replace("-", "−"), f"**{x!r}**"):
        if "e" not in text:
            assert read_answer(text).number == x


def test_fractions_and_powers_of_one_sign_are_read():
    assert [read_answer(x).number for x in ("½", "2²", "2³", "10⁻²")] == [0.5, 4.0, 8.0, 0.01]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_files_of_every_system_are_read(encoding):
    text = "- ∂L/∂a = ½"
    content = text.encode(encoding)
    if encoding == "utf-16-le":
        content = b"\xff\xfe" + content
    assert decode(content) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("-5 because (1 - 6) is less", "-5"),
        ("-5 as computed (3·2) twice (at 0)", "-5"),
        ("-5 because 1 - 6", ""),
        ("-5 because 1 is taken from it", ""),
        ("-5 (or 6)", ""),
        ("-5 is it?", ""),
    ],
)
def test_a_number_is_doubtful_if_a_number_follows_that_is_in_no_parentheses(text, found):
    assert without_words(text) == found


def test_a_file_in_cp1252_is_read_and_bytes_without_meaning_do_not_stop():
    assert decode("c = a·b – 2".encode("cp1252")) == "c = a·b – 2"
    assert decode(b"\x81\xff") != ""
    assert decode("c".encode("utf-16") + b"\x01") == "c\ufffd"


@pytest.mark.parametrize(
    "label",
    [
        *("∂L/∂a", "dL/da", "?L/?a", "∂L / ∂a", "$∂L/∂a$", "**∂L/∂a**", "`dL/da`"),
        *(r"\partial L/\partial a", r"\frac{\partial L}{\partial a}"),
        r"$\frac{\partial L}{\partial a}$",
    ],
)
def test_every_spelling_of_a_derivative_is_one_label(label):
    for start in ("- ", "* ", "  - ", "1. ", ""):
        section = f"- c = 1\n{start}{label} = 5\n- ∂L/∂b = 7"
        assert find_answer(section, "∂L/∂a") == "5"
    assert canonical(label).strip("*") == "dL/da"


def test_an_answer_may_stand_on_the_next_line_but_is_not_the_next_answer():
    assert find_answer("- c =\n  -2\n- d = 1", "c") == "-2"
    assert find_answer("- c =\n- d = 1", "c") == ""
    assert find_answer("- c =\n\n- d = 1", "c") == ""
    assert find_answer("- c =\n## 2", "c") == ""


def test_an_answer_is_kept_as_it_is_written():
    assert find_answer("- c = 1 ≈ 1", "c") == "1 ≈ 1"
    assert find_answer("- c ≈ 1 = 1", "c") == "1 = 1"
    assert find_answer("- **c = 1**", "c") == "1"
    assert find_answer("- c = 2·c", "c") == "2·c"


def test_letters_are_read_as_they_are():
    assert tidy(string.ascii_letters) == canonical(string.ascii_letters) == string.ascii_letters


def test_an_answer_is_looked_at_up_to_two_hundred_signs():
    long = "1" + "+0" * 98 + "+12"
    assert len(long) == 200
    assert read_answer(long).number == read_answer(f"{long}3").number == 13.0


def test_only_a_lone_comma_between_digits_is_a_point():
    assert tidy("2,5") == "2.5"
    assert tidy("1,2,3") == "1,2,3"
    assert tidy("1,234.5") == "1,234.5"
