"""Check the script of the page with ESLint: ``python -m tests.script``, which ``make lint`` runs.

ESLint comes from npm. Where there is no npm, or it cannot fetch, this says so and is content: the
script is tested in Chromium besides.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from autograd_mini.engine.primitives import TABLE
from autograd_mini.view.files import read_resource
from autograd_mini.view.generate import SCRIPT
from autograd_mini.view.living import names_called, write_operation_script

ESLINT = "eslint@9.39.1"
CONFIG = Path(__file__).parents[1] / ".ci" / "eslint.config.mjs"
FOLDER = Path("build") / "script"


def write_scripts(folder: Path) -> None:
    """Write the script, and the operations of the whole table, each a function."""
    operations = [write_operation_script(op, ()) for op in TABLE.values()]
    calls = [f"(({{ {', '.join(names_called(x))} }}) => ({x}))();" for x in operations]
    parts = [read_resource(f"script/{part}.js") for part in SCRIPT]
    folder.mkdir(parents=True, exist_ok=True)
    for name, texts in (("page.js", ["/* global makeOperations */", *parts]), ("table.js", calls)):
        (folder / name).write_text("\n".join(['"use strict";', *texts]), encoding="utf-8")


def main() -> int:
    """Run ESLint, and return its exit status; 0 where it cannot be had."""
    write_scripts(FOLDER)
    shutil.copy(CONFIG, FOLDER)
    if shutil.which("npm") is None:
        print("the page's script was not checked: npm is not here")
        return 0
    run = ["npm", "exec", "--yes", f"--package={ESLINT}", "--"]
    found = subprocess.run([*run, "eslint", "--version"], capture_output=True, check=False)
    if found.returncode:
        print(f"the page's script was not checked: npm could not fetch {ESLINT}")
        return 0
    return subprocess.run(
        [*run, "eslint", "page.js", "table.js"], cwd=FOLDER, check=False
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
