"""Every lesson in the playground prints what it prints here: ``make playground``, some minutes."""

import re
import sys

import pytest

from autograd_mini.lesson.script import demos_folder, lessons, number_of
from tests.house import test_playground as playground
from tests.house.test_playground import driver, learner, native, opened, site  # noqa: F401

pytestmark = pytest.mark.browser

ON_A_COMPUTER = {23, 28}
NUMBERS = sorted({number_of(path) for path in lessons(demos_folder())} - ON_A_COMPUTER)
CLOCK = re.compile(r"\d[\d,.]* (m?s|seconds|times as fast)\b|0x[0-9a-f]+")
LONG = re.compile(r"-?\d+\.\d{10,}(e-?\d+)?")  # its last digits are those of the system's library
DIGITS = 10


@pytest.fixture(autouse=True)
def without_plots(monkeypatch):
    """Here, too, there is no Matplotlib."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr(playground, "PATIENCE", 300)


def settle(text):
    """Leave out what differs from machine to machine, and from Python 3.13 to 3.14."""
    text = re.sub(r"# begun = [\d.]+", "# begun = ?", text)  # a clock's reading
    text = LONG.sub(lambda found: f"{round(float(found[0]), DIGITS) + 0.0:.{DIGITS}g}", text)
    text = text.replace("float division by zero", "division by zero")
    return CLOCK.sub("?", text.replace(", deprecated=False", ""))  # in the repr of an argument


@pytest.mark.parametrize("number", NUMBERS)
def test_a_lesson_prints_in_the_browser_what_it_prints_here(learner, native, number):  # noqa: F811
    learner.enters(f":lesson {number}")
    assert settle(learner.steps_to_the_end()) == settle(native(number))
