"""The screen: how wide it is, whether it shows colours, and what is broken to fit it."""

import io
import math
import os
import re
import sys
import types

import pytest

from autograd_mini.notation import screen
from autograd_mini.notation.plain import IN_LETTERS, Text, for_screen, say, to_ascii

PROSE = "One line of a paragraph\nand another one."


@pytest.fixture
def unknown(monkeypatch):
    """Make the output thirty columns wide, and nothing else known of it."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM", "WT_SESSION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "30")


@pytest.fixture
def terminal(unknown, monkeypatch):  # noqa: ARG001  # it comes first
    """Make the output a terminal."""
    monkeypatch.setattr(screen, "is_terminal", lambda: True)


def test_a_screen_that_does_not_say_how_wide_it_is_has_80_columns(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(sys, "__stdout__", None)
    assert screen.columns() == 80
    monkeypatch.setenv("COLUMNS", "33")
    assert screen.columns() == 33


@pytest.mark.parametrize(
    ("variables", "system", "is_coloured"),
    [
        ({}, "posix", True),
        ({}, "nt", False),
        ({"WT_SESSION": "1"}, "nt", True),
        ({"NO_COLOR": "1"}, "posix", False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, "posix", False),
        ({"TERM": "dumb"}, "posix", False),
        ({"TERM": "xterm"}, "posix", True),
        ({"FORCE_COLOR": "1"}, "nt", True),
    ],
)
@pytest.mark.usefixtures("terminal")
def test_colours_are_for_terminals_that_show_them(variables, system, is_coloured, monkeypatch):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(os, "name", system)
    found = screen.is_coloured()
    texts = [screen.paint("x", number) for number in (2.0, -2.0, 0.0, math.nan)]
    monkeypatch.undo()
    assert found is is_coloured
    assert len({*texts}) == (4 if is_coloured else 1)
    painted = r"\x1b\[38;5;\d+mx\x1b\[0m" if is_coloured else "x"
    assert all(re.fullmatch(painted, text) for text in texts)


@pytest.mark.usefixtures("unknown")
def test_without_a_terminal_there_are_no_colours_unless_they_are_forced(monkeypatch):
    monkeypatch.setattr(sys, "stdout", types.SimpleNamespace())  # such as an editor's
    assert not screen.is_coloured()
    assert screen.fit("a " * 40) == "a " * 40
    assert screen.reflow("a " * 40) == "a " * 40
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert screen.is_coloured()
    monkeypatch.delenv("FORCE_COLOR")
    monkeypatch.setattr(sys, "stdout", types.SimpleNamespace(isatty=lambda: True))
    assert screen.is_terminal() is screen.is_coloured() is True


@pytest.mark.parametrize(
    ("x", "sign"),
    [
        *[(0.0, "zero"), (5e-324, "positive"), (999.0, "positive"), (1000.0, "alarm")],
        *[(-0.0, "zero"), (-5e-324, "negative"), (-999.0, "negative"), (-1000.0, "alarm")],
        *[(math.inf, "alarm"), (-math.inf, "alarm"), (math.nan, "alarm")],
    ],
)
def test_a_gradient_has_a_sign_until_it_explodes(x, sign):
    assert screen.sign_of(x) == sign


@pytest.mark.parametrize(
    ("line", "width", "lines"),
    [
        ("as wide as it may be", 20, ["as wide as it may be"]),
        ("a  table\twide  ", 17, ["a  table\twide  "]),  # what fits stays as it is
        ("a  table\twide  ", 15, ["a  table\twide  "]),
        ("as wide as it may be", 19, ["as wide as it may", "    be"]),
        ("  keeps its indent of two", 16, ["  keeps its", "      indent of", "      two"]),
        ("no-word-is-ever-split at all", 12, ["no-word-is-ever-split", "    at all"]),
        ("    ab cd ef", 6, ["    ab cd ef"]),  # there is room for a word or two
        ("    deep down there", 6, ["    deep", "        down", "        there"]),
    ],
)
def test_a_line_is_broken_at_spaces_and_goes_on_further_in(line, width, lines):
    assert screen.fit(line, width) == "\n".join(lines)


@pytest.mark.usefixtures("terminal")
def test_prose_is_filled_anew_and_code_is_not():
    assert screen.reflow(PROSE) == PROSE  # it fits
    full = f"short\n{'thirty columns and not one more':.30}"
    assert screen.reflow(full) == full
    listed = "- a list of more than thirty\n- columns"
    filled = "One line of a paragraph and\nanother one. It goes on far."
    assert screen.reflow(f"{PROSE} It goes on far.\n\n{listed}") == f"{filled}\n\n{listed}"
    assert screen.reflow("- x = 1\n- y = 2, and more than thirty columns").splitlines() == [
        "- x = 1",
        "- y = 2, and more than thirty",
        "    columns",
    ]


@pytest.mark.parametrize("first", ['"quoted"', "'so'", "(in", "`code`", "∂L", "7"])
def test_prose_may_begin_with_a_quote_a_parenthesis_or_a_formula(first):
    assert screen.join_prose(f"{first} text\nand more.") == f"{first} text and more."


@pytest.mark.usefixtures("unknown")
def test_a_screen_gets_the_letters_that_it_has(monkeypatch):
    text = "∂L/∂ä → Ж²"
    for encoding, shown in [("ascii", r"dL/d\xe4 -> \u0416^2"), ("latin-1", r"dL/dä -> \u0416^2")]:
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding))
        assert for_screen(text) == shown
    assert to_ascii(text).encode() == text.encode("ascii", IN_LETTERS)
    monkeypatch.setattr(sys, "stdout", types.SimpleNamespace())  # which has no encoding
    assert for_screen(text) == text
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode(errors=IN_LETTERS)


@pytest.mark.usefixtures("unknown")
def test_a_text_is_shown_and_printed_in_the_letters_that_the_screen_has(monkeypatch):
    for encoding, shown in [("ascii", "dL/da ~= 2"), ("utf-8", "∂L/∂a ≈ 2")]:
        output = io.TextIOWrapper(io.BytesIO(), encoding)
        monkeypatch.setattr(sys, "stdout", output)
        text = Text("∂L/∂a ≈ 2")
        assert (str(text), repr(text), f"{text}"[:]) == (shown, shown, shown)
        say(text, 3)
        say("∂L/∂a", "≈", 2, sep=" ", end="|")
        say("a", "b", sep="-", end="")
        output.flush()
        assert output.buffer.getvalue().decode(encoding) == f"{shown} 3\n{shown}|a-b"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("∂L/∂a ≈ 2·x⁻¹⁰", "dL/da ~= 2*x^-10"),
        ("2 × 3 − 1 → ½ …", "2 * 3 - 1 -> 1/2 ..."),
        ("x⁰¹²³⁴ + y⁵⁶⁷⁸⁹", "x^01234 + y^56789"),
        ("w₁ = é", r"w\u2081 = \xe9"),
        ("a + b", "a + b"),
    ],
)
def test_signs_of_mathematics_are_typed_on_a_plain_screen(text, plain):
    assert to_ascii(text) == plain
