"""Someone who looks at a page in Chromium and acts on it."""

import re

from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser import PATIENCE


class Reader:
    """Someone who looks at a page and acts on it."""

    def __init__(self, driver, folder):
        self.driver, self.folder, self.opened = driver, folder, 0

    def opens(self, made, address="", **window):
        """Open a page, or the text of one, in a window."""
        self.has(**window)
        self.opened += 1  # what has another name is loaded, whatever its address ends with
        file = self.folder / f"steps{self.opened}.html"
        file.write_text(getattr(made, "html", made), "utf-8")
        self.driver.get(f"{file.as_uri()}{address}")
        return self

    def has(self, *, dark=False, still=True, width=1280, height=860):
        """Set up the window."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        features = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce" if still else "no-preference",
        }
        listed = [{"name": name, "value": value} for name, value in features.items()]
        self.emulate("Emulation.setDeviceMetricsOverride", size)
        self.emulate("Emulation.setEmulatedMedia", {"media": "", "features": listed})

    def emulate(self, command, options):
        self.driver.execute_cdp_cmd(command, options)

    def runs(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def finds(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def reads(self, selector):
        """Return the text of all that matches, whatever of it is in view."""
        script = "return [...document.querySelectorAll(arguments[0])].map(x => x.textContent)"
        return self.runs(script, selector)

    def clicks(self, selector):
        self.finds(selector).click()

    def presses(self, *keys, on="body"):
        self.finds(on).send_keys(*keys)

    def waits(self, until):
        return WebDriverWait(self.driver, PATIENCE, 0.05).until(lambda _: until())

    @property
    def step(self):
        return int(re.search(r"step (\d+) of", self.finds("#place").text)[1])

    @property
    def said(self):
        return [self.finds(f"#{part}").text for part in ("line", "figures", "why", "sum")]

    @property
    def in_focus(self):
        return self.runs("return document.activeElement.id")

    def classes(self, selector):
        return self.finds(selector).get_attribute("class").split()
