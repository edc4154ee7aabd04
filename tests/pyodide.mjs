// Run tests under the browser's Python, in node: make pyodide. Takes the folder of the built site,
// the top of the repository, the folders of the test packages, and what pytest shall run.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const [site, top, packages, ...wanted] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${site}/pyodide/pyodide.mjs`));
const python = await loadPyodide({ env: { HOME: "/home", NO_COLOR: "1", PYTHONDONTWRITEBYTECODE: "1" } });
for (const [name, place] of [[top, "/top"], [packages, "/packages"]]) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: name }, place);
}
python.globals.set("arguments", python.toPy(wanted));
process.exitCode = python.runPython(`
import os, sys
os.chdir("/top")
sys.path[:0] = ["/packages", "/top"]
import pytest
int(pytest.main([*arguments, "-p", "no:cacheprovider", "-p", "no:faulthandler", "-o", "addopts=", "-W", "ignore::pytest.PytestConfigWarning"]))
`);
