"""Chromium without a screen, for every test that looks at a page."""

import json
import shutil

from selenium import webdriver

FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
LOGS = {"browser": "ALL", "performance": "ALL"}
PATIENCE = 60  # seconds: much longer than anything takes, so that a busy machine fails no test


def start_browser(**preferences):
    """Start Chromium, which notes what is asked for and said; whoever starts it ends it."""
    options = webdriver.ChromeOptions()
    for flag in FLAGS:
        options.add_argument(flag)
    options.add_experimental_option("prefs", preferences)
    options.set_capability("goog:loggingPrefs", LOGS)
    return webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))


def requests(driver):
    """Yield the addresses of everything the browser asked for."""
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            yield message["params"]["request"]["url"]
