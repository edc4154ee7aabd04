"""How long the living page takes from the change of a leaf until everything is drawn again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")

# Change a leaf to and fro; reading a size makes the browser lay everything out anew.
CHANGES = """
const field = document.querySelector("#leaves [type=number]"), times = [];
[...document.querySelectorAll("#list button")].at(-1).click();
for (let i = 0; i < 60; i++) {
  const start = performance.now();
  field.value = Number(field.value) + (i % 2 ? -0.1 : 0.1);
  field.dispatchEvent(new Event("input"));
  document.body.getBoundingClientRect();
  times.push(performance.now() - start);
}
times.sort((a, b) => a - b);
return [document.querySelectorAll("#pane .node").length, times[30], times[54]]"""


def graph(terms: int) -> Any:
    """Squared sums of so many products, and one more value for each product."""
    value = import_module("autograd_mini").Value
    numbers = iter(value(0.1 * i - 1) for i in range(1, 100))
    y = next(numbers) * next(numbers)
    for _ in range(terms):
        y = y + next(numbers) * next(numbers)
    return y.tanh() ** 2


def measure() -> Iterator[dict[str, float]]:
    """Yield for a page of 15 boxes and one of 60 what a change takes, the median and the worst.

    Raises ImportError without Selenium, and RuntimeError without Chromium.
    """
    selenium = import_module("selenium.webdriver")
    program = shutil.which("chromedriver")
    if program is None:
        raise RuntimeError("there is no chromedriver here")
    options = selenium.ChromeOptions()
    for argument in ARGUMENTS:
        options.add_argument(argument)
    driver = selenium.Chrome(options=options, service=selenium.ChromeService(program))
    try:
        yield from (measure_page(driver, terms) for terms in (2, 14))
    finally:
        driver.quit()


def measure_page(driver: Any, terms: int) -> dict[str, float]:
    """Measure one page."""
    page = import_module("autograd_mini.view.page").page
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "steps.html"
        page(graph(terms), detail="full").save(path)
        driver.get(path.as_uri())
        count, median, worst = driver.execute_script(CHANGES)
        return {"boxes": count, "median": median, "worst": worst, "bytes": path.stat().st_size}
