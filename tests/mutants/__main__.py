"""The command line of ``tests.mutants``: try rooms, one after the other."""

import argparse
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import tests.mutants
from tests.mutants.code import OutsideError
from tests.mutants.copy import Copy
from tests.mutants.faults import Fault
from tests.mutants.rooms import OPTIONS, ROOMS, choose, tests_of
from tests.mutants.survivors import reason_of
from tests.mutants.warm import Warm

GOAL = 0.95
OUTPUT = os.fdopen(os.dup(1), "w", encoding="utf-8")  # pytest captures the usual one


def say(text: str) -> None:
    """Print a line at once."""
    print(text, file=OUTPUT, flush=True)


class Trial:
    """The trial of one room's tests on some faults."""

    def __init__(self, room: str, faults: list[Fault], folder: Path) -> None:
        self.room = room
        self.faults = faults
        self.copy = Copy(folder)
        self.survivors: list[Fault] = []
        self.met = False

    def __call__(self, warm: Warm) -> None:
        """Try the faults one by one; say which of them survive, and how many."""
        if warm.failures or not warm.calls:
            say(f"{self.room}: mend first what fails without a fault")
            say("\n".join(f"{test}\n{text}" for test, text in warm.failures.items()))
            return
        for number, fault in enumerate(self.faults, 1):
            if self.survives(warm, fault):
                self.survivors.append(fault)
                say(f"{number}. {fault}\n    {reason_of(fault) or 'a test is missing'}")
        self.conclude()

    def survives(self, warm: Warm, fault: Fault) -> bool:
        """Return whether all tests pass with the fault, in a fork and then afresh."""
        tests = warm.tests(fault)
        with suppress(OutsideError):
            if warm.kills(fault):
                return False
            tests = warm.tests_left(fault)
        limit = 120 + 2 * sum(warm.seconds.get(test, 0.0) for test in tests)
        return not tests or self.copy.survives(fault, [test.nodeid for test in tests], limit)

    def conclude(self) -> None:
        """Say how many were killed, and how many need not be."""
        planted, alive = len(self.faults), len(self.survivors)
        excused = sum(reason_of(fault) is not None for fault in self.survivors)
        share = (planted - alive) / max(planted - excused, 1)
        say(
            f"{self.room}: {planted} planted, {planted - alive} killed, {excused} alive with a "
            f"reason, {alive - excused} without: {share:.1%}"
        )
        self.met = share >= GOAL


def try_room(room: str, options: argparse.Namespace) -> int:
    """Try one room in this process; return 1 if it misses the goal."""
    os.nice(15)  # whoever waits for it does something else meanwhile
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what pytest prints of its progress
    faults = choose(room, options.files, options.sample, options.seed)
    with TemporaryDirectory() as folder:
        trial = Trial(room, faults, Path(folder))
        pytest.main([*OPTIONS, *tests_of(room)], [Warm(trial)])
    return int(not trial.met)


def main() -> int:
    """Try the rooms asked for; return 1 if one of them misses the goal."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants",
        description=tests.mutants.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}; all")
    parser.add_argument("--sample", type=int, default=60, help="faults in each room, 60; 0: all")
    parser.add_argument("--seed", type=int, default=1, help="another seed, another sample")
    parser.add_argument("--files", nargs="*", default=[], help="of these files alone")
    options = parser.parse_args()
    if unknown := set(options.rooms) - set(ROOMS):
        parser.error(f"no room is called {', '.join(sorted(unknown))}")
    if len(options.rooms) == 1:
        return try_room(options.rooms[0], options)
    settings = ["--sample", str(options.sample), "--seed", str(options.seed)]
    settings += ["--files", *options.files] if options.files else []
    commands = [[sys.executable, "-m", "tests.mutants", room] for room in options.rooms or ROOMS]
    return max(subprocess.call([*command, *settings]) for command in commands)


if __name__ == "__main__":
    sys.exit(main())
