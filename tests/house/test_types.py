"""What a user writes is run, and both type checkers agree on its types."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

PUBLIC_USE = Path(__file__).with_name("public_use.py")


def test_the_file_of_public_use_runs():
    assert "refused" in runpy.run_path(str(PUBLIC_USE))


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_a_checker_finds_the_types_of_public_use(checker):
    pytest.importorskip(checker, reason=f"{checker} comes with make types")
    command = [sys.executable, "-m", checker, str(PUBLIC_USE)]
    run = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=PUBLIC_USE.parents[2]
    )
    assert run.returncode == 0, run.stdout
