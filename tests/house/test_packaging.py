"""The wheel: what a user installs has the package and its lessons, and every command of README."""

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import autograd_mini

TOP = Path(__file__).parents[2]
PACKAGE = TOP / "autograd_mini"
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
COMMAND = re.compile(r"python -m autograd_mini\b[^`#\n]*")
# "pip install" in a message, and the packages after it
ADVICE = re.compile(r"pip install ((?:[a-z-]+(?=[ ;\"')]) ?|\"[a-z\[\]-]+\" ?)+)")

for needed in ("build", "hatchling", "twine"):
    pytest.importorskip(needed, reason=f"building a wheel needs {needed}")


def run(*command: str | Path, **settings: object) -> str:
    """Run a command that must succeed, and return what it prints."""
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, **settings)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a source distribution, and of the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, TOP)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    [path] = built.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment into which the wheel was installed, without what it depends on."""
    pytest.importorskip("pip", reason="installing a wheel needs pip")
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", folder]
    run(*pip, "install", "-q", "--no-index", "--no-deps", wheel)
    return folder


@pytest.fixture(scope="module")
def equipped(environment: Path) -> Path:
    """The environment, with all other packages lent by this one: a test has no network.

    A .pth file in a folder that a .pth file names is not read, so this checkout stays out of it.
    """
    paths = {"base": str(environment), "platbase": str(environment)}
    site = Path(sysconfig.get_path("purelib", "venv", vars=paths))
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "lent.pth").write_text("\n".join(lent), "utf-8")
    return environment


def shell(environment: Path, folder: Path, command: str, answers: str = "") -> str:
    """Type a command where the environment's python comes first on PATH; return what it prints."""
    binaries = sysconfig.get_path("scripts", "venv", vars={"base": str(environment)})
    unset = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}
    settings = {name: value for name, value in os.environ.items() if name not in unset}
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    settings |= {"PATH": path, "BROWSER": "true", "PYTHONIOENCODING": "utf-8"}
    return run("sh", "-c", command, cwd=folder, env=settings, input=answers, timeout=120)


def commands() -> list[str]:
    """List the commands that README tells a user to type, each once."""
    found = COMMAND.findall((TOP / "README.md").read_text("utf-8"))
    return list(dict.fromkeys(command.strip() for command in found))


def test_the_version_stands_in_one_place(wheel: Path) -> None:
    assert wheel.name == f"autograd_mini-{autograd_mini.__version__}-py3-none-any.whl"


def test_a_registry_would_take_what_was_built(built: Path) -> None:
    printed = run(sys.executable, "-m", "twine", "check", "--strict", *built.iterdir())
    assert printed.count("PASSED") == 2


def test_the_wheel_is_the_package_and_its_lessons_and_nothing_else(wheel: Path) -> None:
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    sources = {
        path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts
    }
    lessons = {f"autograd_mini/demos/{path.name}" for path in (TOP / "demos").glob("*.py")}
    assert len(lessons) > 10
    assert packed == {path.relative_to(TOP).as_posix() for path in sources} | lessons


def test_with_nothing_else_installed_it_explains_and_lists_its_lessons(
    environment: Path, tmp_path: Path
) -> None:
    where = "import autograd_mini; print(autograd_mini.__file__)"
    assert Path(shell(environment, tmp_path, f"python -c '{where}'")).is_relative_to(environment)
    assert "∂L/∂a = 3" in shell(environment, tmp_path, "python -m autograd_mini 'a*b' a=2 b=3")
    listed = shell(environment, tmp_path, "python -m autograd_mini lesson")
    assert "How much does each number contribute to the result?" in listed
    assert list(tmp_path.iterdir()) == []


def test_a_lesson_runs_from_the_wheel(environment: Path, tmp_path: Path) -> None:
    typed = ":run\n:quit\n"
    printed = shell(environment, tmp_path, "python -m autograd_mini lesson 2", typed)
    assert "One node, two edges" in printed


def test_every_command_of_readme_works_from_an_empty_folder(equipped: Path, tmp_path: Path) -> None:
    typed = commands()
    assert len(typed) > 6
    for command in typed:
        shell(equipped, tmp_path, command, answers=":quit\n")
    assert (tmp_path / "graph.svg").read_text("utf-8").startswith("<svg")
    assert "∂L/∂a" in (tmp_path / "steps.html").read_text("utf-8")


def test_what_messages_say_to_install_is_what_the_extras_install() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    known = {package for extra in extras.values() for package in extra} | {"graphviz"}
    sources = [*PACKAGE.rglob("*.py"), *(TOP / "demos").glob("*.py")]
    advice = [line for path in sources for line in ADVICE.findall(path.read_text("utf-8"))]
    assert len(advice) > 4
    for line in advice:
        packages = {package.strip('"') for package in line.split()}
        assert packages <= known, line


def test_every_list_of_supported_pythons_is_the_same() -> None:
    classifiers = " ".join(PROJECT["project"]["classifiers"])
    workflow = (TOP / ".github" / "workflows" / "check.yml").read_text("utf-8")
    script = (TOP / ".ci" / "run").read_text("utf-8")
    [matrix] = re.findall(r"python: \[(.*)\]", workflow)
    supported = re.findall(r"Python :: (3\.\d+)", classifiers)
    assert re.findall(r"3\.\d+", matrix) == supported
    assert re.findall(r"python(3\.\d+)", script) == supported
    assert PROJECT["project"]["requires-python"] == f">={supported[0]}"


def test_only_what_is_asked_for_is_imported() -> None:
    """unittest.mock alone would cost as much as the engine."""
    script = "import sys, autograd_mini; print(*sorted(sys.modules))"
    plain = {name: x for name, x in os.environ.items() if not name.startswith("COV")}
    modules = set(run(sys.executable, "-c", script, env=plain).split())
    assert not modules & {"unittest", "asyncio", "inspect", "graphviz", "pathlib", "dataclasses"}
    rooms = {name.split(".")[1] for name in modules if name.startswith("autograd_mini.")}
    assert rooms <= {"engine", "fast", "notation"}


@pytest.mark.parametrize("name", autograd_mini.__all__)
def test_every_public_name_is_there_and_listed(name: str) -> None:
    assert getattr(autograd_mini, name) is getattr(autograd_mini, name)
    assert name in dir(autograd_mini)


def test_a_name_that_is_not_there_is_refused_as_python_does() -> None:
    with pytest.raises(AttributeError, match=r"^module 'autograd_mini' has no attribute 'drow'"):
        autograd_mini.drow  # noqa: B018


PICTURE = re.compile(
    r'<img src="(demos/pictures/[^"]+)" width="\d+" alt="([^"]*)">|!\[(.*?)\]\((demos/[^)]+)\)'
)


def test_every_picture_of_readme_is_there_and_says_what_is_seen():
    found = PICTURE.findall((TOP / "README.md").read_text("utf-8"))
    files = [path or other for path, _, _, other in found]
    texts = [alt or title for _, alt, title, _ in found]
    assert [path for path in files if not (TOP / path).is_file()] == []
    assert len(set(texts)) == len(files) == len(set(files)) > 20
    assert [text for text in texts if len(text.split()) < 6] == []


def test_every_lesson_has_a_picture_in_readme():
    found = {
        Path(path).stem for path, *_ in PICTURE.findall((TOP / "README.md").read_text("utf-8"))
    }
    assert {demo.stem for demo in TOP.glob("demos/[0-9][0-9]_*.py")} <= found
