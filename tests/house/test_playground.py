"""The playground, built and driven in Chromium: Python in a page, and what it must never do."""

import re
from contextlib import redirect_stdout
from html import unescape
from io import StringIO

import pytest

from autograd_mini import draw, explain
from autograd_mini.expression import parse
from autograd_mini.lesson import terminal
from autograd_mini.lesson.lesson import HINT, Lesson
from autograd_mini.lesson.script import as_main, demos_folder, find
from demos.playground.make import TOP, CannotFetchError, build, served

pytest.importorskip("selenium.webdriver", reason="pip install selenium")
from selenium.common import exceptions
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser import PATIENCE, requests, start_browser

pytestmark = pytest.mark.browser

FOLLOWED = "return document.body.dataset.followed === location.hash"
# What the driver says of a part of the page, or of a frame, that is just being replaced.
REPLACED = [
    exceptions.NoSuchElementException,
    exceptions.NoSuchFrameException,
    exceptions.NoSuchWindowException,
    exceptions.StaleElementReferenceException,
    exceptions.TimeoutException,  # of one question; a new one is asked then
]
TEXTS = "return [...document.querySelectorAll('.node text, .edge text')].map(x => x.textContent)"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site, and its address on this machine."""
    folder = tmp_path_factory.mktemp("playground") / "site"
    try:
        build(folder, TOP / "build" / "npm")
    except CannotFetchError as error:
        pytest.skip(str(error))
    with served(folder) as address:
        yield address


@pytest.fixture(scope="module")
def driver():
    with start_browser() as started:
        started.set_script_timeout(PATIENCE)
        yield started


@pytest.fixture(scope="module")
def opened(driver, site):
    """The playground in a browser, with Python there: starting it takes most of the time."""
    return Learner(driver, site).opens()


@pytest.fixture
def learner(opened):
    """The playground as it is at first; it asks for nothing outside and complains of nothing."""
    opened.looks(1280)
    opened.enters(":leave")
    opened.script("document.getElementById('log').replaceChildren()")
    yield opened
    opened.driver.switch_to.default_content()
    assert opened.driver.get_log("browser") == []
    asked = {x for x in requests(opened.driver) if not x.startswith(("blob:", "data:", "about:"))}
    assert {x for x in asked if not x.startswith(opened.site)} == set()


class Learner:
    """Someone who types into the playground and looks at it."""

    def __init__(self, driver, site):
        self.driver, self.site = driver, site

    def opens(self, link=""):
        """Open the playground anew, and wait for Python and for what the link asks."""
        self.driver.get("about:blank")
        self.driver.get(link or self.site)
        self.waits(lambda: self.script(FOLLOWED))
        return self

    def goes(self, link):
        """Follow a link where Python is there already, and wait for what it asks."""
        self.script("location.hash = arguments[0]", link.partition("#")[2])
        self.waits(lambda: self.script(FOLLOWED))

    def looks(self, width, *, dark=False):
        """Look at it in a window of a width, by day or by night."""
        size = {"width": width, "height": 860, "deviceScaleFactor": 1, "mobile": False}
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        emulate = self.driver.execute_cdp_cmd
        emulate("Emulation.setDeviceMetricsOverride", size)
        emulate("Emulation.setEmulatedMedia", {"media": "", "features": [scheme]})

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def waits(self, until):
        wait = WebDriverWait(self.driver, PATIENCE, 0.05, REPLACED)
        return wait.until(lambda _: until())

    def finds(self, selector):
        return self.driver.find_element("css selector", selector)

    def types(self, *keys):
        self.finds("#line").send_keys(*keys)

    def enters(self, *entries):
        """Type entries, and wait until Python has dealt with each and with what came before."""
        for entry in entries:
            self.script("document.getElementById('line').value = arguments[0]", entry)
            self.types(Keys.ENTER)
            self.settles()

    def settles(self):
        """Wait until what was asked for is answered and shown."""
        self.waits(lambda: self.script("return document.body.dataset.acting === '0'"))

    def steps_to_the_end(self):
        """Step through a lesson that has just begun, with all answers shown; return the log."""
        self.looks(4000)  # where no line is broken
        while "The lesson is over" not in self.log[-300:]:
            self.enters("" if self.finds("#prompt").text == ">>>" else ":show")
        return self.log.partition("\n")[2]

    @property
    def log(self):
        return self.script("return document.getElementById('log').textContent")

    def sees(self, text):
        self.waits(lambda: text in self.log)

    def framed(self, script):
        """Run a script in the closed frame until it returns something.

        A script that was begun in a frame that went away is never answered: it is asked again.
        """
        self.settles()
        self.driver.set_script_timeout(PATIENCE / 6)
        try:
            return self.waits(lambda: self.enter_frame() or self.script(script))
        finally:
            self.driver.set_script_timeout(PATIENCE)
            self.driver.switch_to.default_content()

    def enter_frame(self):
        self.driver.switch_to.default_content()
        self.driver.switch_to.frame(self.finds("#stage iframe"))


# Whether each line of what was printed last stands on one line.
STANDS = """
const { textContent, offsetHeight } = document.getElementById("log").lastElementChild;
const { lineHeight } = getComputedStyle(document.getElementById("log").lastElementChild);
const lines = textContent.trimEnd().split("\\n").length;
return Math.round(offsetHeight / parseFloat(lineHeight)) === lines"""
LINKS = [
    ["(a*b + c)*f a=2 b=-3 c=10 f=-2"],
    ["θ = Value(0.5, 'θ')", "y = L * sin(θ)\nprint('done')", "y.data"],
    [":lesson 2", "", "", ""],
]
IN_BAR = "the link is in the address bar"


@pytest.fixture
def native(tmp_path, monkeypatch):
    """What a lesson prints here, stepped to its end in a folder of its own, its questions shown."""

    def prints(number):
        console, printed = Lesson(find(demos_folder(), str(number))), StringIO()
        with redirect_stdout(printed), terminal.listening(), as_main(console.module):
            console.stream = printed
            printed.write(f"{console.demo.doc}\n\n{HINT}\n")
            console.show()
            while not console.over():
                console.answer("")
        return printed.getvalue()

    monkeypatch.setattr("builtins.input", lambda _prompt: ":show")
    monkeypatch.chdir(tmp_path)
    return prints


def test_a_page_to_step_through_is_there_before_python_is(opened):
    ready = int(opened.script("return document.body.dataset.ready"))
    first = opened.script("return performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert 0 < first < ready


def test_a_link_brings_back_what_was_there(learner):
    """An expression, then lines of code after it, then a place in a lesson."""
    links = []
    for entries in LINKS:
        learner.enters(*entries)
        learner.finds("#link").click()
        learner.waits(lambda: learner.finds("#state").text in ("link copied", IN_BAR))
        links.append((learner.driver.current_url, learner.log.rstrip().splitlines()[-1]))
    for link, last in links:
        learner.script("document.getElementById('log').replaceChildren()")
        goes = learner.opens if "#code=" in link else learner.goes
        goes(link)
        learner.waits(lambda last=last: learner.log.rstrip().endswith(last))
        assert learner.driver.current_url == link
    assert "#expr=" in links[0][0]


def test_an_expression_is_explained_and_drawn_with_the_numbers_of_the_engine(learner):
    y = parse("(a*b + c).tanh()*a", {"a": 0.5, "b": -3, "c": 2})
    y.backward()
    learner.looks(4000)
    learner.enters("(a*b + c).tanh()*a a=0.5 b=-3 c=2")
    assert learner.log.endswith(f"{explain(y)}\n")
    learner.looks(1280)
    learner.enters("explain(L)")
    told = learner.log.rpartition(">>> explain(L)\n")[2]
    assert told.split() == str(explain(y)).split()
    assert learner.script(STANDS)
    learner.finds("#views [value=picture]").click()
    shown = {x.strip() for x in learner.framed(TEXTS)}
    drawn = {unescape(x).strip() for x in re.findall(r"<text[^>]*>([^<]*)<", draw(y).svg())}
    assert len(shown) > 20
    assert shown <= drawn


@pytest.mark.parametrize("number", [1, 2], ids=["which draws", "which asks"])
def test_a_lesson_stepped_to_its_end_prints_what_it_prints_here(learner, native, number):
    learner.enters(f":lesson {number}")
    assert learner.finds("#log .now").text.startswith(">>> from")
    assert learner.steps_to_the_end() == native(number)
    learner.enters(":back")
    assert "Back at statement" in learner.log


def test_a_link_into_a_lesson_opens_it_as_if_nobody_had_been_here(learner):
    learner.goes("#lesson=4&at=7")
    learner.settles()
    assert "names you made" not in learner.log
    assert "The picture beside is alive" not in learner.log
    assert "Statements 1 to 7 have run already." in learner.log
    assert len(learner.framed(TEXTS)) > 5
    assert not learner.finds("#explanation").is_displayed()


def test_nothing_in_the_talk_has_to_be_scrolled_sideways(learner):
    wide = "const log = document.getElementById('log'); return log.scrollWidth - log.clientWidth"
    for entry in ("print('word ' * 90)", "print('x' * 300)", ":lesson 2", "explain(Value(2) * 3)"):
        learner.enters(entry)
        assert learner.script(wide) <= 0, entry


def test_errors_and_output_come_in_the_order_in_which_they_were_printed(learner):
    learner.enters(
        "import sys\nfor i in range(40): print(i, file=[sys.stdout, sys.stderr][i % 2])\n"
    )
    printed = learner.log.partition("\n")[2].rpartition("sys.stderr][i % 2])\n")[2]
    assert printed.split() == [*map(str, range(40))]


def test_the_lit_tab_names_what_is_shown_and_a_choice_is_no_answer(learner):
    lit = "return document.querySelector('#views [aria-pressed=true]').value"
    learner.enters("a*b a=2 b=-3")
    learner.finds("#views [value=explanation]").click()
    learner.settles()
    assert learner.script(lit) == "explanation"
    learner.enters(":quiz")
    assert learner.script(lit) == "picture"
    learner.finds("#activity option[value=':exam 3']").click()
    learner.settles()
    assert ">>> :exam 3\n" in learner.log
    assert learner.script(lit) == "explanation"
    learner.finds("#views [value=page]").click()
    learner.settles()


def test_an_endless_loop_leaves_the_page_alive_and_stop_keeps_what_was_typed(learner):
    learner.enters(":lesson 2", "", "", "mine = 1")
    learner.types("while True: print(mine)", Keys.ENTER)
    learner.waits(lambda: learner.finds("#state").text == "running …")
    learner.finds("#stop").click()
    learner.sees("Statements 1 to 2 have run already.")
    learner.enters("1 + 1")
    learner.sees(">>> 1 + 1\n2\n")
    learner.types(Keys.ARROW_UP, Keys.ARROW_UP)
    assert learner.finds("#line").get_property("value") == "while True: print(mine)"
    learner.script("document.getElementById('line').value = ''")


def test_what_is_typed_by_keyboard_alone_is_completed_continued_and_recalled(learner):
    learner.types("UndefinedW", Keys.TAB)
    learner.waits(lambda: learner.finds("#line").get_property("value") == "UndefinedWarning")
    learner.types(Keys.ENTER)
    learner.sees("<class 'autograd_mini.engine.undefined.UndefinedWarning'>")
    learner.types("for i in range(2):", Keys.ENTER)
    learner.waits(lambda: learner.finds("#line").get_property("value").endswith(":\n    "))
    learner.types("print('round', i)", Keys.ENTER, Keys.ENTER)
    learner.sees("round 0\nround 1\n")
    learner.enters("1/0", "x = Value(3, 'x')", "x.")
    learner.sees("ZeroDivisionError: division by zero")
    learner.sees("SyntaxError")
    learner.types(Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_UP)
    assert learner.finds("#line").get_property("value") == "1/0"
    learner.types(Keys.TAB, Keys.TAB, Keys.TAB)
    assert (
        learner.script("return document.activeElement.id") == "line"
    )  # 1/0 has no name to complete
    learner.script("document.getElementById('line').value = ''")


def test_quiz_doctor_exam_and_workshop_work(learner):
    learner.enters("a*b a=2 b=-3", ":quiz")
    assert "grad -3" not in " ".join(learner.framed(TEXTS))  # the picture does not tell
    learner.enters("7", "-3")
    learner.sees("Wrong: no mistake that I know gives 7.")
    learner.sees("Right")
    learner.enters(":quit")
    learner.sees("Left. 0 of 2 right at the first guess, 1 later.")
    learner.enters("from autograd_mini.teach.quiz import quiz", "quiz(L)")
    assert learner.finds("#prompt").text.startswith("∂L/∂")
    learner.enters(":exam 1")
    learner.finds("#tools button").click()
    learner.sees("0 of 5 right, 5 blank")
    learner.enters(":workshop")
    learner.finds("#paper").send_keys(Keys.END, "\nclass Value: pass")
    learner.finds("#tools button").click()
    learner.sees("on a = Value(3.0) your engine stops:")
    learner.enters(DOCTOR)
    learner.sees("zero_grad forgotten")


def test_where_python_breaks_off_it_starts_afresh(learner):
    """Letting go of a long chain is too deep for the browser's stack, and the end of its Python."""
    learner.enters("y = Value(1, 'x')", "for i in range(20000): y = y * 1.0001\n", "y = None")
    learner.sees("Python broke off: a chain of thousands of operations")
    learner.enters("1 + 1")
    learner.sees(">>> 1 + 1\n2\n")
    told = learner.driver.get_log("browser")
    assert "Pyodide has suffered a fatal error" in told[0]["message"]


def test_a_lesson_that_cannot_run_here_says_that_it_needs_a_computer(learner):
    learner.enters(":lesson 23")
    learner.sees("lesson 23 needs a computer: ")
    listed = learner.script(
        "return [...document.querySelectorAll('#lessons option:disabled')].map(x => x.textContent)"
    )
    assert len(listed) == 2
    assert all("(needs a computer: " in text for text in listed)


DOCTOR = """\
from autograd_mini.nn import MLP
from autograd_mini.optim import SGD
from autograd_mini.teach.doctor import doctor
model = MLP(1, [1], seed=1)
optimiser = SGD(model.parameters(), rate=0.1)
with doctor(model) as report:
    for _ in range(5):
        loss = (model([1.0]) - 1) ** 2
        loss.backward()
        optimiser.step()
print(report)
"""
HOSTILE = [
    "#expr=__import__('os').system('x')&a=2",
    "#expr=a*b&a=<img src=x onerror=document.title='acted'>",
    "#lesson=../../etc/passwd&at=x",
    "#code=%ff&expr=%",
    "#code=AAAA",
    "#at=1",
]


@pytest.mark.parametrize("link", HOSTILE)
def test_a_hostile_link_is_refused_kindly_and_nothing_of_it_acts(learner, link):
    learner.goes(link)
    learner.enters("1 + 1")
    assert learner.log.endswith("2\n")
    assert learner.driver.title == "autograd_mini: the chain rule, made visible"
    assert not learner.driver.find_elements("css selector", "#log img")


ESCAPES = """\
from browser import tell
tell("html", "<script>parent.document.title = 'acted'; fetch('https://example.org/x')</script>")
"""


def test_code_from_a_link_reaches_neither_the_page_nor_the_network(learner):
    learner.enters("x = Value(2, '<img src=x onerror=alert(1)>')", "x * 3", ESCAPES)
    learner.enters("import js; js.fetch('https://example.org/y')")
    learner.enters("js.document")
    learner.sees("AttributeError: document")
    assert learner.driver.title == "autograd_mini: the chain rule, made visible"
    told = [entry["message"] for entry in learner.driver.get_log("browser")]
    assert len(told) >= 2
    assert all("Content Security Policy" in x or "cross-origin frame" in x for x in told), told


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 420])
def test_axe_finds_no_fault(learner, width, dark):
    axe = pytest.importorskip("axe_core_python.selenium", reason="pip install axe-core-python")
    learner.looks(width, dark=dark)
    learner.enters(":lesson 2", "", "1/0", ":workshop", "a*")
    assert axe.Axe().run(learner.driver)["violations"] == []
    assert learner.script("return document.documentElement.scrollWidth") <= width
    learner.looks(1280)
