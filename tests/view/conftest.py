"""One Chromium for all tests of the page."""

import shutil

import pytest


@pytest.fixture(scope="session")
def driver():
    selenium = pytest.importorskip("selenium.webdriver", reason="pip install selenium")
    from tests.view.reader import ARGUMENTS, LOGS

    options = selenium.ChromeOptions()
    for argument in ARGUMENTS:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", LOGS)
    service = selenium.ChromeService(shutil.which("chromedriver"))
    started = selenium.Chrome(options=options, service=service)
    yield started
    started.quit()


@pytest.fixture
def reader(driver, tmp_path):
    """A reader whose page asks the network for nothing and complains of nothing."""
    from tests.view.reader import Reader, requests

    yield Reader(driver, tmp_path)
    assert driver.get_log("browser") == []
    known = ("file:", "about:", "blob:")
    assert {x for x in requests(driver) if not x.startswith(known)} == set()


@pytest.fixture
def chromium(driver):
    """The browser as it was started, for what needs no reader."""
    from tests.view.reader import LOGS

    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    yield driver
    for kind in LOGS:
        driver.get_log(kind)  # what was asked for and said is not the next test's
