"""What every test relies on: repeatable examples, no screen, and skips that give their reason."""

import gc
import os
import shutil
import signal
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every run and every machine, however slow it is.
settings.register_profile("repeatable", derandomize=True, deadline=None, print_blob=False)
settings.register_profile("brief", settings.get_profile("repeatable"), max_examples=20)
settings.load_profile("repeatable")

# Plots are drawn to files; the demos that tests start inherit this.
os.environ.setdefault("MPLBACKEND", "Agg")

# The kernel is compiled once, and not in the home of whoever runs the tests.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / "build" / "numba"))

# A shell that starts the tests in the background makes them ignore Ctrl-C, and with them every
# program that they start and stop.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Benchmarks are programs: "make bench" runs them, and their peers need not be installed here.
collect_ignore = ["benchmarks"]

# The programs behind each marker, and the Debian packages that hold them.
PROGRAMS = {
    "browser": (("chromium", "chromedriver"), "chromium chromium-driver"),
    "dot": (("dot",), "graphviz"),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests whose programs are missing, and say what to install.

    A machine without a browser or Graphviz can run all the others. CI skips none of these: it
    installs the programs first.
    """
    for marker, (programs, packages) in PROGRAMS.items():
        missing = " and ".join(name for name in programs if shutil.which(name) is None)
        if missing:
            reason = f"{missing} not found; on Debian: apt-get install {packages}"
            skip_marked(items, marker, reason)


def pytest_collection_finish() -> None:
    """Let the collector leave the thousands of tests alone: they stay until the end."""
    gc.freeze()


def skip_marked(items: list[pytest.Item], marker: str, reason: str) -> None:
    """Skip every item that carries the marker."""
    for item in items:
        if item.get_closest_marker(marker):
            item.add_marker(pytest.mark.skip(reason=reason))
