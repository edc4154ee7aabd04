"""What a user writes is run; "make types" has both type checkers read it."""

import runpy
import tomllib
from pathlib import Path

PUBLIC_USE = Path(__file__).with_name("public_use.py")
TOP = PUBLIC_USE.parents[2]


def test_the_file_of_public_use_runs():
    assert "refused" in runpy.run_path(str(PUBLIC_USE))


def test_both_checkers_read_the_package_and_the_file_of_public_use():
    tools = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["tool"]
    read = ["autograd_mini", PUBLIC_USE.relative_to(TOP).as_posix()]
    assert tools["mypy"]["files"] == tools["pyright"]["include"] == read
