"""Copy: the repository once more, to plant faults into; its tests start afresh for each."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.faults import Fault
from tests.mutants.rooms import OPTIONS, TOP


class Copy:
    """A copy of the repository in a folder."""

    def __init__(self, folder: Path) -> None:
        self.top = folder
        skipped = shutil.ignore_patterns("__pycache__", ".*")
        for name in ("autograd_mini", "tests", "demos"):
            shutil.copytree(TOP / name, folder / name, ignore=skipped)
        for name in ("pyproject.toml", "README.md", "Makefile", "LICENSE"):
            shutil.copy(TOP / name, folder)

    def passes(self, tests: Sequence[str], limit: float) -> bool:
        """Run tests; what does not end within the limit, in seconds, has failed."""
        unwritten = {"PYTHONDONTWRITEBYTECODE": "1"}  # bytecode might be that of the last fault
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-x", *OPTIONS, *tests],
                cwd=self.top,
                env={**os.environ, **unwritten, "PYTHONPATH": str(self.top)},
                capture_output=True,
                timeout=limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def survives(self, fault: Fault, tests: Sequence[str], limit: float) -> bool:
        """Plant a fault, return whether all tests pass nevertheless, and take it out again."""
        path = self.top / fault.file
        whole = path.read_bytes()
        path.write_text(fault.changed, "utf-8")
        try:
            return self.passes(tests, limit)
        finally:
            path.write_bytes(whole)
