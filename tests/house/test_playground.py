"""The playground, built and driven in Chromium: Python in a page, and what it must never do."""

import json
import os
import re
import shutil
from contextlib import redirect_stdout
from html import unescape
from io import StringIO

import pytest

from autograd_mini import draw, explain
from autograd_mini.expression import parse
from autograd_mini.lesson.lesson import HINT, Lesson
from autograd_mini.lesson.script import demos_folder, find
from demos.playground.make import TOP, CannotFetchError, build, served

selenium = pytest.importorskip("selenium.webdriver", reason="pip install selenium")
from selenium.common.exceptions import StaleElementReferenceException  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.wait import WebDriverWait  # noqa: E402

pytestmark = pytest.mark.browser

ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
LOGS = {"browser": "ALL", "performance": "ALL"}
PATIENCE = 60  # seconds: Python takes three to start, on a machine with nothing else to do
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
    options = selenium.ChromeOptions()
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", LOGS)
    service = selenium.ChromeService(shutil.which("chromedriver"))
    with selenium.Chrome(options=options, service=service) as started:
        yield started


@pytest.fixture(scope="module")
def opened(driver, site):
    """The playground in a browser, with Python there: starting it takes most of the time."""
    learner = Learner(driver, site)
    driver.get(site)
    learner.waits(lambda: driver.execute_script("return document.body.dataset.ready"))
    return learner


@pytest.fixture
def learner(opened):
    """The playground as it is at first; it asks for nothing outside and complains of nothing."""
    opened.enters(":leave")
    opened.script("document.getElementById('log').replaceChildren()")
    yield opened
    opened.driver.switch_to.default_content()
    assert opened.driver.get_log("browser") == []
    asked = {x for x in requests(opened.driver) if not x.startswith(("blob:", "data:", "about:"))}
    assert {x for x in asked if not x.startswith(opened.site)} == set()


def requests(driver):
    """Yield the addresses of everything the browser asked for."""
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            yield message["params"]["request"]["url"]


class Learner:
    """Someone who types into the playground and looks at it."""

    def __init__(self, driver, site):
        self.driver, self.site = driver, site

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def waits(self, until):
        wait = WebDriverWait(self.driver, PATIENCE, 0.05, [StaleElementReferenceException])
        return wait.until(lambda _: until())

    def finds(self, selector):
        return self.driver.find_element("css selector", selector)

    def types(self, *keys):
        self.finds("#line").send_keys(*keys)

    def enters(self, *entries):
        """Type entries, and wait until Python has dealt with each."""
        for entry in entries:
            before = self.script("return document.body.dataset.done ?? 0")
            self.types(entry, Keys.ENTER)
            self.waits(lambda last=before: self.script("return document.body.dataset.done") != last)

    @property
    def log(self):
        return self.script("return document.getElementById('log').textContent")

    def sees(self, text):
        self.waits(lambda: text in self.log)

    def framed(self, script):
        """Run a script in the closed frame until it returns something."""
        try:
            return self.waits(lambda: self.enter_frame() or self.script(script))
        finally:
            self.driver.switch_to.default_content()

    def enter_frame(self):
        self.driver.switch_to.default_content()
        self.driver.switch_to.frame(self.finds("#stage iframe"))


def native(number, path):
    """Return what a lesson prints here, stepped to its end, in a folder of its own."""
    console, printed = Lesson(find(demos_folder(), str(number))), StringIO()
    before = os.getcwd()
    os.chdir(path)
    try:
        with redirect_stdout(printed):
            console.stream = printed
            printed.write(f"{console.demo.doc}\n\n{HINT}\n")
            console.show()
            while not console.over():
                console.answer("")
    finally:
        os.chdir(before)
    return printed.getvalue()


def test_a_page_to_step_through_is_there_before_python_is(opened):
    ready = int(opened.script("return document.body.dataset.ready"))
    first = opened.script("return performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert 0 < first < ready


def test_an_expression_is_explained_and_drawn_with_the_numbers_of_the_engine(learner):
    y = parse("(a*b + c).tanh()*a", {"a": 0.5, "b": -3, "c": 2})
    y.backward()
    learner.enters("(a*b + c).tanh()*a a=0.5 b=-3 c=2")
    assert learner.log.endswith(f"{explain(y)}\n")
    learner.finds("#views [value=picture]").click()
    shown = {x.strip() for x in learner.framed(TEXTS)}
    drawn = {unescape(x).strip() for x in re.findall(r"<text[^>]*>([^<]*)<", draw(y).svg())}
    assert len(shown) > 20
    assert shown <= drawn


def test_a_lesson_stepped_to_its_end_prints_what_it_prints_here(learner, tmp_path):
    learner.enters(":lesson 1")
    place = learner.log.index("How much")
    assert learner.finds("#log .said:last-of-type .statement").text.startswith(">>> from")
    while "The lesson is over" not in learner.log:
        learner.enters("")
    assert learner.log[place:] == native(1, tmp_path)
    learner.enters(":back")
    assert "Back at statement" in learner.log


def test_an_endless_loop_leaves_the_page_alive_and_stop_keeps_what_was_typed(learner):
    learner.enters(":lesson 2", "", "", "mine = 1")
    learner.types("while True: print(mine)", Keys.ENTER)
    learner.waits(lambda: learner.finds("#state").text == "running …")
    learner.finds("#stop").click()
    learner.sees("Back at statement 3")
    learner.enters("1 + 1")
    assert learner.log.endswith(">>> 1 + 1\n2\n")
    learner.types(Keys.ARROW_UP, Keys.ARROW_UP)
    assert learner.finds("#line").get_property("value") == "while True: print(mine)"
    learner.script("document.getElementById('line').value = ''")
