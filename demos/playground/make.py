"""Build the playground, a folder for any static server, into ``build/site``: ``make site``.

Python for the browser (pyodide) and Graphviz for the browser (@viz-js/viz) come from npm, each in
one version whose content is known by its hash; the rest is made from this checkout.
"""

import base64
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import files
from pathlib import Path
from typing import NamedTuple

from autograd_mini.__main__ import DEMO
from autograd_mini.expression import assignments, parse
from autograd_mini.view.page import page

HERE = Path(__file__).parent
TOP = HERE.parents[1]
SOURCES = ["index.html", "play.css", "play.js", "worker.js", "play.py", "frame.html", "frame.js"]
MEGABYTE = 1_000_000
PATIENCE = 60  # seconds until Python must be there
TIMES = """
    const done = arguments[0];
    const look = () => {
        const { ready } = document.body.dataset;
        const [{ loadEventEnd }] = performance.getEntriesByType("navigation");
        ready ? done([loadEventEnd, Number(ready)]) : setTimeout(look, 50);
    };
    look();"""  # when everything the page shows at first is there, and when Python is


class Package(NamedTuple):
    """A package of npm: the hash of its one version, and which files go where in the site."""

    name: str
    version: str
    integrity: str
    folder: str
    wanted: tuple[str, ...]


PACKAGES = [
    Package(
        "pyodide",
        "314.0.7",
        "sha512-0YvXxEhfEdpLfb/XkM2BFAeMROq0iMUX2bzzH9pOttyMcWkwq+HbE5uyuGD82LN7y2q+SNvi/6V5JEsOlD2R1A==",
        "pyodide",
        (
            "pyodide.mjs",
            "pyodide.asm.mjs",
            "pyodide.asm.wasm",
            "python_stdlib.zip",
            "pyodide-lock.json",
        ),
    ),
    Package(
        "@viz-js/viz",
        "3.31.0",
        "sha512-r7zlQdRvcwvIpjHGgs+KNWHeE/P5/Dq7k8ZAKaMCbZqomxCBJV78gVuQYaHzFVca+kB0mX0fMW9UFevCOBG50A==",
        "",
        ("dist/viz.js",),
    ),
]


class CannotFetchError(RuntimeError):
    """What the site needs from npm is not to be had here."""


def build(site: Path, cache: Path) -> None:
    """Build the site into an empty folder; raise CannotFetchError where npm gives nothing."""
    archives = fetch_packages(cache)
    shutil.rmtree(site, ignore_errors=True)
    unpack_packages(archives, site)
    for name in SOURCES:
        shutil.copy(HERE / name, site)
    build_wheel(site)
    pack_graphviz(site)
    expression, *numbers = DEMO
    page(parse(expression, assignments(numbers))).save(site / "demo.html")


def fetch_packages(cache: Path) -> dict[Package, Path]:
    """Return the archives of all packages; raise CannotFetchError where npm gives nothing."""
    return {package: fetch(package, cache) for package in PACKAGES}


def unpack_packages(archives: dict[Package, Path], site: Path) -> None:
    """Copy what is wanted of all packages into a folder."""
    site.mkdir(parents=True, exist_ok=True)
    (site / "LICENCES.txt").unlink(missing_ok=True)
    for package, archive in archives.items():
        unpack(package, archive, site)


def fetch(package: Package, cache: Path) -> Path:
    """Return the archive of a package, from the cache or from npm, if it is the known one."""
    cache.mkdir(parents=True, exist_ok=True)
    stem = package.name.removeprefix("@").replace("/", "-")
    archive = cache / f"{stem}-{package.version}.tgz"
    if not archive.exists():
        ask_npm(package, cache)
    digest = hashlib.sha512(archive.read_bytes()).digest()
    found = f"sha512-{base64.b64encode(digest).decode()}"
    if found != package.integrity:
        archive.unlink()
        what = f"{package.name} {package.version}"
        raise CannotFetchError(f"{what} is not what it was: {found}, not {package.integrity}")
    return archive


def ask_npm(package: Package, cache: Path) -> None:
    """Let npm fetch an archive."""
    what = f"{package.name}@{package.version}"
    npm = shutil.which("npm")
    if npm is None:
        raise CannotFetchError(f"fetching {what} needs npm, which comes with Node.js")
    command = [npm, "pack", "--silent", "--ignore-scripts", "--fetch-retries=1", what]
    done = subprocess.run(command, cwd=cache, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        last = [line for line in done.stderr.splitlines() if "error" in line][:1]
        raise CannotFetchError(f"npm cannot fetch {what}: {' '.join(last) or 'no network?'}")


def unpack(package: Package, archive: Path, site: Path) -> None:
    """Copy the files that are wanted out of an archive, and note their licence."""
    folder = site / package.folder
    folder.mkdir(exist_ok=True)
    with tarfile.open(archive) as packed:
        for name in package.wanted:
            content = packed.extractfile(f"package/{name}")
            (folder / Path(name).name).write_bytes(content.read())
        told = json.load(packed.extractfile("package/package.json"))
    line = f"{told['name']} {told['version']}: {told['license']}, {told['repository']['url']}\n"
    with (site / "LICENCES.txt").open("a", encoding="utf-8") as file:
        file.write(line)


def build_wheel(site: Path) -> None:
    """Build the wheel of this checkout, the same that pip installs."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", site / "wheels"]
    subprocess.run(command, cwd=TOP, check=True, capture_output=True)
    [wheel] = (site / "wheels").glob("*.whl")
    wheel.rename(site / "autograd_mini.whl")
    (site / "wheels").rmdir()


def pack_graphviz(site: Path) -> None:
    """Pack the installed package graphviz, which is pure Python, for the browser."""
    with zipfile.ZipFile(site / "graphviz.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for file in files("graphviz") or []:
            if file.suffix == ".py" or file.name in ("METADATA", "LICENSE.txt"):
                packed.write(file.locate(), file.as_posix())


def count_bytes(site: Path) -> tuple[int, int]:
    """Return the size of the folder, and of what a browser loads when a server compresses it."""
    contents = [path.read_bytes() for path in site.rglob("*") if path.is_file()]
    return sum(map(len, contents)), sum(len(gzip.compress(x, 6)) for x in contents)


@contextmanager
def served(site: Path) -> Iterator[str]:
    """Serve a folder on this machine, and yield its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def measure(site: Path) -> str:
    """Say when the first picture is on screen in Chromium, and when Python is there."""
    driver = shutil.which("chromedriver")
    if not (shutil.which("chromium") and driver):
        return "not measured: there is no chromium with its chromedriver here"
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(flag)
    service = webdriver.ChromeService(driver)
    with served(site) as address, webdriver.Chrome(options, service) as browser:
        browser.get(address)
        browser.set_script_timeout(PATIENCE)
        picture, ready = browser.execute_async_script(TIMES)
    return f"first picture after {picture / 1000:.1f} s, Python after {ready / 1000:.1f} s"


def main() -> int:
    """Build the site, and print how large it is and how quick."""
    site, cache = TOP / "build" / "site", TOP / "build" / "npm"
    try:
        build(site, cache)
    except CannotFetchError as error:
        print(f"no playground: {error}", file=sys.stderr)
        return 1
    whole, compressed = count_bytes(site)
    sizes = f"{whole / MEGABYTE:.1f} MB, {compressed / MEGABYTE:.1f} MB gzipped"
    print(f"built {site.relative_to(TOP)}: {sizes}")
    print(f"on this machine, without a network between: {measure(site)}")
    print("look at it with: make serve")
    return 0


if __name__ == "__main__":
    sys.exit(main())
