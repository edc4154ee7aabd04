"""Generate: write ``page.min.js`` and ``page.min.css``, the script and the style that pages have.

People read and change ``script/*.js`` and ``page.css``. ``make generate`` has esbuild leave out of
them what is for people alone, and shorten the names in the script. esbuild comes from npm, and
nothing else needs it: the two files are part of the package. Their first line has a fingerprint of
the sources and of what follows it, by which a test finds what is stale.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from autograd_mini.view.files import read_generated, read_resource

# The parts that compute and write, without a page, and then the others, in the order in which one
# would explain them.
PURE = ["floats", "numbers", "figures", "looks", "computing", "film"]
OF_THE_PICTURE = ["data", "picture", "camera", "leaves", "predicting", "mistakes"]
OF_THE_PAGE = ["address", "stepping", "saving", "start"]
SCRIPT = [*PURE, *OF_THE_PICTURE, *OF_THE_PAGE]
ESBUILD = "esbuild@0.28.2"
HEAD = '/* Written by "make generate" from {}: change that, not this file. {} */\n'


def join_script() -> str:
    """Return the parts of the script as one function, so that their names can be changed."""
    parts = [read_resource(f"script/{part}.js") for part in SCRIPT]
    return "\n".join(["(() => {", '"use strict";', *parts, "})();"])


def sources() -> dict[str, tuple[str, str]]:
    """Return for each file where its source is, and the source itself."""
    return {
        "page.min.js": ("script/*.js", join_script()),
        "page.min.css": ("page.css", read_resource("page.css")),
    }


def put_together(place: str, source: str, text: str) -> str:
    """Return a file whose first line says where it comes from, with the fingerprint of it all."""
    digest = hashlib.sha256("\0".join([ESBUILD, source, text]).encode()).hexdigest()
    return HEAD.format(place, digest) + text


def minify(source: str, kind: str) -> str:
    """Return a script or a style sheet without what is for people alone."""
    esbuild = ["npm", "exec", "--yes", f"--package={ESBUILD}", "--", "esbuild"]
    options = ["--minify", "--charset=utf8", f"--loader={kind}"]
    done = subprocess.run(
        [*esbuild, *options], input=source, stdout=subprocess.PIPE, encoding="utf-8", check=True
    )
    return done.stdout


def list_stale() -> list[str]:
    """List the files that do not belong to their sources any more."""
    return [
        name
        for name, (place, source) in sources().items()
        if read_resource(name) != put_together(place, source, read_generated(name))
    ]


def main() -> None:
    """Write what is stale; say what is missing where npm is not there to do so."""
    stale = list_stale()
    if stale and shutil.which("npm") is None:
        sys.exit(f"npm, which fetches esbuild to write {stale[0]}, is not here: install Node.js")
    for name in stale:
        place, source = sources()[name]
        whole = put_together(place, source, minify(source, name.rpartition(".")[2]))
        Path(__file__).with_name(name).write_text(whole, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
