"""One Chromium for all tests of the page."""

import pytest


@pytest.fixture(scope="session")
def driver():
    pytest.importorskip("selenium.webdriver", reason="pip install selenium")
    from tests.browser import start_browser

    with start_browser() as started:
        yield started


@pytest.fixture
def reader(driver, tmp_path):
    """A reader whose page asks the network for nothing and complains of nothing."""
    from tests.browser import requests
    from tests.view.reader import Reader

    yield Reader(driver, tmp_path)
    assert driver.get_log("browser") == []
    known = ("file:", "about:", "blob:")
    assert {x for x in requests(driver) if not x.startswith(known)} == set()


@pytest.fixture
def chromium(driver):
    """The browser as it was started, for what needs no reader."""
    from tests.browser import LOGS

    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    yield driver
    for kind in LOGS:
        driver.get_log(kind)  # what was asked for and said is not the next test's
