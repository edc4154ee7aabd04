"""Tests under the browser's Python, in node: ``make pyodide``; it is the newest Python there is.

What the tests need is fetched without machine code, which this Python could not run; NumPy, which
is machine code, is not there, and the tests that need it skip.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from demos.playground.make import TOP, CannotFetchError, fetch_packages, unpack_packages

NEEDED = ["graphviz", "hypothesis>=6.100", "mpmath", "pytest>=8.4"]
TESTS = ["-q", "-ra", "tests/engine", "tests/stepping"]
PURE = ["--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none"]
# Chains of many thousand operations are deep for the stack of the machine inside.
NODE = "ulimit -s unlimited; exec node --stack-size=1000000"


def main(arguments: list[str]) -> int:
    """Run the tests that the arguments name, those of the engine and the steps by default."""
    folder = TOP / "build" / "pyodide"
    if shutil.which("node") is None:
        print("no node here, which comes from Node.js", file=sys.stderr)
        return 1
    try:
        unpack_packages(fetch_packages(TOP / "build" / "npm"), folder)
    except CannotFetchError as error:
        print(error, file=sys.stderr)
        return 1
    install(folder / "packages")
    places = [Path(__file__).with_suffix(".mjs"), folder, TOP, folder / "packages"]
    command = ["bash", "-c", f'{NODE} "$@"', "node", *places, *(arguments or TESTS)]
    return subprocess.run(command, cwd=TOP, check=False).returncode


def install(folder: Path) -> None:
    """Install what the tests need into a folder, unless it is there."""
    if not folder.exists():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--no-compile", "--target", folder]
        subprocess.run([*pip, "--python-version=3.14", *PURE, *NEEDED], check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
