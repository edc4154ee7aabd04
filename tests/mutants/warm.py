"""Warm: a room's tests, collected once, tried on one fault after the other in forks."""

import gc
import os
import pty
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from cProfile import Profile
from itertools import zip_longest
from pathlib import Path
from subprocess import Popen
from types import CodeType
from typing import Any, NoReturn

import pytest

from tests.mutants.code import (
    OutsideError,
    Pair,
    Place,
    caches,
    changed_code,
    exchange,
    functions_by_place,
    place_of,
)
from tests.mutants.faults import Fault
from tests.mutants.rooms import PACKAGE, TOP

PASSED, FAILED = 0, 1  # how a fork ends
STARTS = {*map(place_of, (Popen.__init__.__code__, pty.fork.__code__))}  # another process
WAITS = place_of(threading.Condition.wait.__code__)  # for a thread, which a fork has not
JAX = os.path.join("", "jax", "_src", "numpy", "")  # whose threads are not Python's


class Warm:
    """A pytest plugin: it runs the tests once, and then a *trial* in which they are run in forks.

    It knows which functions each test calls, and how long it takes. What a file's tests call to be
    set up counts for all tests of the file, since they may share what was set up.
    """

    def __init__(self, trial: Callable[["Warm"], None]) -> None:
        self.trial = trial
        self.failures: dict[str, str] = {}
        self.seconds: dict[pytest.Item, float] = {}
        self.calls: dict[pytest.Item, set[Place]] = {}
        self.set_up: dict[Path, set[Place]] = {}
        self.collected: set[Place] = set()
        self.names: dict[pytest.Item, dict[str, Any]] = {}
        self.trusted: dict[pytest.Item, bool] = {}
        self.in_fork = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the tests, then the trial."""
        for item, following in zip_longest(session.items, session.items[1:]):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        gc.unfreeze()  # conftest hid from the collector what these two look for
        self.functions, self.caches = functions_by_place(), caches()
        self.unseen = self.collected | {place_of(f.__wrapped__.__code__) for f in self.caches}
        self.trusted.update((item, False) for item in session.items if self.needs_threads(item))
        for item in session.items:
            if item.nodeid in self.failures and self.is_trusted(item):
                del self.failures[item.nodeid]  # it fails only while calls are noted
        self.trial(self)
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Iterator[None]:
        """See which functions are called while modules are imported."""
        with self.seen(self.collected):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        """See which functions are called to set a test up; give a doctest its names once more."""
        if isinstance(item, pytest.DoctestItem):  # which clears them at its end
            names = item.dtest.globs
            names.update(self.names.setdefault(item, dict(names)))
        with self.seen(self.set_up.setdefault(item.path, set())):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """See which functions a test calls, and how long it takes."""
        start = time.monotonic()
        with self.seen(self.calls.setdefault(item, set())):
            yield
        self.seconds.setdefault(item, time.monotonic() - start)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that fails; a fork has then done its duty."""
        if report.failed and self.in_fork:
            os._exit(FAILED)
        if report.failed:
            self.failures[report.nodeid] = report.longreprtext

    @contextmanager
    def seen(self, places: set[Place]) -> Iterator[None]:
        """Note the package's functions that are called in a block; not in a fork."""
        if self.in_fork:
            yield
            return
        profiler = Profile(builtins=False, subcalls=False)  # tests trace: they press Ctrl-C
        try:
            with profiler:
                yield
        finally:
            codes = [entry.code for entry in profiler.getstats()]
            places.update(filter(is_noted, (place_of(x) for x in codes if isinstance(x, CodeType))))

    # What a trial asks ------------------------------------------------------------------------

    def callers(self, places: set[Place]) -> list[pytest.Item]:
        """Return the tests that call any of these functions, the quickest first."""
        found = [
            item
            for item, calls in self.calls.items()
            if places & calls or places & self.set_up.get(item.path, set())
        ]
        return sorted(found, key=lambda item: self.seconds.get(item, 0.0))

    def tests(self, fault: Fault) -> list[pytest.Item]:
        """Return the tests, those first that call most functions of a fault's file."""
        counts: Counter[pytest.Item] = Counter()
        for item, calls in self.calls.items():
            counts[item] = sum(place[0] == str(TOP / fault.file) for place in calls)
        return [item for item, _ in counts.most_common()]

    def kills(self, fault: Fault) -> bool:
        """Return whether a test fails in a fork where the fault's code is exchanged.

        Raises OutsideError where there is no code to exchange.
        """
        pairs = changed_code(fault, str(TOP / fault.file))
        return self.fails(pairs, self.callers(places_of(pairs)))

    def tests_left(self, fault: Fault) -> list[pytest.Item]:
        """Return the tests that may notice what no fork does, if they start afresh.

        Those are tests that need threads or another process, or all where nobody saw who calls the
        function: modules when imported, Numba, which reads its text, or whoever finds its result
        remembered.
        """
        places = places_of(changed_code(fault, str(TOP / fault.file)))
        if places & self.unseen or is_read(fault):
            return self.tests(fault)
        alone = [item for item in self.callers(places) if not self.trusted.get(item, True)]
        return list(dict.fromkeys([*alone, *self.callers(STARTS)]))

    def fails(self, pairs: list[Pair], items: list[pytest.Item]) -> bool:
        """Return whether one of the tests fails in a fork where the code is exchanged."""
        items = [item for item in items if self.trusted.get(item, True)]  # others may wait for ever
        while items:
            number = self.first_failure(items, lambda: exchange(pairs, self.functions))
            if number is None:
                return False
            if self.is_trusted(items[number]):
                return True
            items = items[number + 1 :]
        return False

    def needs_threads(self, item: pytest.Item) -> bool:
        """Return whether a test waits for threads that began before a fork, and are not in it."""
        places = self.calls.get(item, set()) | self.set_up.get(item.path, set())
        return any(place == WAITS or JAX in place[0] for place in places)

    def is_trusted(self, item: pytest.Item) -> bool:
        """Return whether a test passes in a fork without a fault."""
        if item not in self.trusted:
            self.trusted[item] = self.first_failure([item], lambda: None) is None
        return self.trusted[item]

    def first_failure(self, items: list[pytest.Item], prepare: Callable[[], None]) -> int | None:
        """Run tests in a fork; return which is the first to fail, or to take far too long.

        Raises OutsideError if *prepare* does.
        """
        reading, writing = os.pipe()
        process = os.fork()
        if not process:
            self.in_fork = True
            self.live_in_fork(items, prepare, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            begun = len(pipe.read())
        _, status = os.waitpid(process, 0)
        if not begun:
            raise OutsideError
        return begun - 1 if status else None

    def live_in_fork(
        self, items: list[pytest.Item], prepare: Callable[[], None], begun: int
    ) -> NoReturn:
        """Run tests, writing a byte as each begins, and end the process."""
        try:
            prepare()
            for cached in self.caches:
                cached.cache_clear()
            for item, following in zip_longest(items, items[1:]):
                os.write(begun, b".")
                limit = 10 + int(10 * self.seconds.get(item, 0.0))
                signal.setitimer(signal.ITIMER_PROF, limit)  # seconds of work, then it ends
                signal.alarm(2 * limit)  # and of waiting: others may need the machine
                item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        except BaseException:  # of pytest itself, such as its own exit
            os._exit(FAILED)
        os._exit(PASSED)


def places_of(pairs: list[Pair]) -> set[Place]:
    """Return where the functions stand whose code differs."""
    return {place_of(old) for old, _ in pairs}


def is_read(fault: Fault) -> bool:
    """Return whether Numba compiles the text of the fault's file, and not the functions."""
    return fault.file.endswith(("program/machine.py", "program/descent.py"))


def is_noted(place: Place) -> bool:
    """Return whether code is the package's, starts a process, or needs threads."""
    of_interest = place in STARTS or place == WAITS or JAX in place[0]
    return of_interest or place[0].startswith(str(PACKAGE))
