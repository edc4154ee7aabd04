"""Lessons, driven through a real pseudo-terminal as a learner would, and through a pipe."""

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pexpect
import pytest

from autograd_mini.lesson import terminal
from autograd_mini.lesson.command import main
from autograd_mini.lesson.lesson import Lesson
from autograd_mini.lesson.progress import (
    forget_progress,
    keep_progress,
    progress_file,
    read_progress,
)
from autograd_mini.lesson.script import demos_folder, find, lessons, read_comments, read_demo

DEMO = '''\
"""How do a and b make c?

One product, looked at from both sides.
"""

# %% Two numbers
# Each factor is the other's partial.
a, b = 2.0, -3.0
c = a * b

# %%
# Both at once:
for name in ("a", "b"):
    print("partial of", name)

def double(x):
    # twice
    return 2 * x

print(double(c))

# Now try other numbers.
'''
START = "import sys; from autograd_mini.lesson.command import main; sys.exit(main(sys.argv[1:]))"
PROMPT = re.compile(r"\[(\d+/\d+|end)\] ")
ESCAPE = re.compile(r"\x1b\[[?\d;]*[a-zA-Z]")


class Learner:
    """Someone at a terminal, with a demo open."""

    def __init__(self, path: Path, start: str = START, **settings: str) -> None:
        state = {"XDG_STATE_HOME": str(path.parent / "state")}
        environment = {
            **os.environ,
            "TERM": "xterm",
            "NO_COLOR": "1",
            "COLUMNS": "120",
            **state,
            **settings,
        }
        self.child = pexpect.spawn(
            sys.executable,
            ["-c", start, str(path)],
            encoding="utf-8",
            env=environment,
            dimensions=(50, 120),
            timeout=60,
        )
        self.child.delaybeforesend = None
        self.child.ptyproc.delayafterclose = 0  # it has ended by then: see leave
        self.greeting = self.answer()

    def raw(self, prompt: re.Pattern[str] = PROMPT) -> str:
        self.child.expect(prompt)
        return str(self.child.before)

    def answer(self) -> str:
        return ESCAPE.sub("", self.raw()).replace("\r", "")

    def place(self) -> str:
        return str(self.child.match[1])

    def type(self, *lines: str) -> str:
        """Type lines and Enter; return what is answered, without the first line's echo."""
        for line in lines:
            self.child.send(line + "\r")
        return self.answer().partition("\n")[2]

    def enter(self, times: int = 1) -> str:
        return "".join(self.type("") for _ in range(times))

    def interrupt(self) -> str:
        self.child.sendintr()
        return self.answer()

    def leave(self) -> tuple[str, int]:
        self.child.sendeof()
        self.child.expect(pexpect.EOF)
        text = ESCAPE.sub("", self.child.before)
        self.child.wait()  # before it is closed, which would end what is slow to end
        self.child.close()
        return text, self.child.exitstatus


Open = Callable[..., Learner]


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Open]:
    """Open lessons on scripts written for the test; close what is still open after it."""
    learners: list[Learner] = []

    def begin(source: str = DEMO, start: str = START, **settings: str) -> Learner:
        path = tmp_path / "04_product.py"
        path.write_text(source, encoding="utf-8")
        learners.append(Learner(path, start, **settings))
        return learners[-1]

    yield begin
    for one in learners:
        if not one.child.closed:
            one.leave()


def test_enter_alone_goes_through_a_whole_demo(learner: Open) -> None:
    one = learner()
    assert one.greeting == (
        "How do a and b make c?\n\nOne product, looked at from both sides.\n\n"
        "Enter runs the statement shown; or type Python of your own. :help lists the commands.\n\n"
        "Two numbers\n-----------\n\nEach factor is the other's partial.\n\n>>> a, b = 2.0, -3.0\n"
    )
    assert one.enter() == "# a = 2.0\n# b = -3.0\n>>> c = a * b\n"
    assert one.enter() == (
        "# c = -6.0\n\nBoth at once:\n\n"
        '>>> for name in ("a", "b"):\n...     print("partial of", name)\n'
    )
    assert one.enter() == (
        "partial of a\npartial of b\n>>> def double(x):\n...     # twice\n...     return 2 * x\n"
    )
    assert one.enter() == ">>> print(double(c))\n"
    over = one.enter()
    assert over.startswith("-12.0\n\nNow try other numbers.\n\nThe lesson is over.")
    assert one.place() == "end"
    assert one.enter().startswith("The lesson is over.")
    assert one.type("double(a)") == "4.0\n"


def test_a_lesson_prints_what_the_script_prints_and_what_it_assigns(tmp_path: Path) -> None:
    path = tmp_path / "shown.py"
    path.write_text(
        "words = []\nwords.pop\nfor n in (1, 2):\n    n.bit_length()\nprint(n); abs(n)\n"
    )
    printed = io.StringIO()
    with redirect_stdout(printed):
        console = Lesson(path)
        while not console.over():
            console.run_statement()
    assert printed.getvalue() == "# words = []\n2\n"


def test_what_is_typed_shares_the_names_of_the_demo_and_leaves_its_place(learner: Open) -> None:
    one = learner()
    one.enter()
    assert one.type("a * 10") == "20.0\n"
    assert one.type("b = 5.0") == ""
    assert one.place() == "2/5"
    assert one.enter().startswith("# c = 10.0\n")


def test_a_block_of_several_lines_can_be_typed(learner: Open) -> None:
    one = learner()
    one.type("def half(x):", "    return x / 2", "")
    assert one.place() == "1/5"
    assert one.type("half(3)") == "1.5\n"


def test_back_forgets_the_statement_and_what_was_typed(learner: Open) -> None:
    one = learner()
    one.enter(4)
    one.type("mine = a = 7")
    told = one.type(":back")
    assert one.place() == "4/5"
    assert "The names you made are gone" in told
    assert "partial of a" not in told
    assert "# c" not in told
    assert told.endswith("return 2 * x\n")
    assert "NameError" in one.type("mine")
    assert "NameError" in one.type("double")
    assert one.type("a, c, name") == "(2.0, -6.0, 'b')\n"


def test_what_runs_again_is_not_heard_again(learner: Open) -> None:
    one = learner("import sys\nsys.stderr.write('l' + 'oud')\nprint('l' + 'oud')\n")
    assert one.type(":run").count("loud") == 2
    assert "loud" not in one.type(":back")
    assert one.place() == "3/3"


def test_back_at_the_first_statement_stays_there(learner: Open) -> None:
    one = learner()
    told = one.type(":back")
    assert told.startswith("Back at statement 1. ")
    assert told.endswith(">>> a, b = 2.0, -3.0\n")
    assert one.place() == "1/5"


def test_a_statement_that_fails_when_run_again_is_where_back_stops(learner: Open) -> None:
    one = learner("import os\nos.mkdir(__file__ + '.d')\nb = 1\nc = 2\n")
    one.enter(3)
    told = one.type(":back")
    assert "FileExistsError" in told
    assert one.place() == "2/4"
    assert one.type("os.rmdir(__file__ + '.d')") == ""
    assert one.enter() == ">>> b = 1\n"


def test_ctrl_c_stops_a_rewinding_at_the_statement_it_was_in(learner: Open, tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    slow = f"import time, pathlib\npathlib.Path({str(begun)!r}).touch(); time.sleep(time.pause)\n"
    one = learner(slow + "b = 1\n")
    one.type("import time; time.pause = 0")
    one.enter(3)
    one.type("time.pause = 60")
    begun.unlink()
    one.child.send(":back\r")
    wait_for(begun)
    assert "KeyboardInterrupt" in one.interrupt()
    assert one.place() == "2/3"


def wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.01)


def test_a_typo_loses_nothing(learner: Open) -> None:
    one = learner()
    one.enter()
    one.type("mine = 1")
    assert "NameError: name 'aa' is not defined" in one.type("aa")
    assert "SyntaxError" in one.type("a = = 1")
    assert one.place() == "2/5"
    assert one.type("mine, a") == "(1, 2.0)\n"
    assert one.enter() == "# c = -6.0\n\n" + one_loop()


def one_loop() -> str:
    return 'Both at once:\n\n>>> for name in ("a", "b"):\n...     print("partial of", name)\n'


def test_an_error_of_the_demo_is_shown_with_its_line_and_can_be_repaired(learner: Open) -> None:
    one = learner("a = 1\nb = a / nothing\nc = 3\n")
    one.enter()
    told = one.enter()
    assert '04_product.py", line 2, in <module>\n    b = a / nothing\n' in told
    assert "NameError" in told
    assert "The lesson stays at this statement" in told
    assert "lesson.py" not in told
    assert one.place() == "2/3"
    one.type("nothing = 4")
    assert one.enter() == "# b = 0.25\n>>> c = 3\n"


def test_a_demo_that_asks_to_exit_says_why_and_stays(learner: Open) -> None:
    one = learner("raise SystemExit('pip install more')\n")
    assert "SystemExit: pip install more" in one.enter()
    assert one.place() == "1/1"


def test_ctrl_c_cancels_the_line(learner: Open) -> None:
    one = learner()
    one.child.send("def f(x):\r    retu")
    one.child.expect("retu")
    assert "KeyboardInterrupt" in one.interrupt()
    assert one.place() == "1/5"
    assert one.type("1 + 1") == "2\n"


def test_ctrl_c_stops_the_statement_that_runs_and_goes_on(learner: Open) -> None:
    one = learner("total = 0\nwhile True:\n    total += 1\n    if total == 9: print('begun')\n")
    one.enter()
    one.child.send("\r")
    one.child.expect("\nbegun")
    told = one.interrupt()
    assert "KeyboardInterrupt" in told
    assert "The lesson stays at this statement" in told
    assert one.place() == "2/2"
    assert one.type("total > 8") == "True\n"


def test_ctrl_c_stops_what_the_learner_runs_and_goes_on(learner: Open) -> None:
    one = learner()
    one.child.send("while True: a = print('begun') if 'a' not in vars() else 1\r\r")
    one.child.expect("\nbegun")
    assert "KeyboardInterrupt" in one.interrupt()
    assert one.place() == "1/5"


def test_end_of_input_leaves_politely(learner: Open) -> None:
    one = learner()
    one.enter()
    assert one.leave() == ("\r\nLeft after 1 of 5 statements.\r\n", 0)


@pytest.mark.parametrize("farewell", [":quit", ":q", "exit()"])
def test_quit_and_exit_leave_politely(learner: Open, farewell: str) -> None:
    one = learner()
    one.child.send(farewell + "\r")
    one.child.expect("Left after 0 of 5 statements.")
    one.child.expect(pexpect.EOF)
    assert one.child.wait() == 0
    one.child.close()


def test_tab_completes_the_names_of_the_demo(learner: Open) -> None:
    one = learner("momentum = 0.9\nb = 1\n")
    one.enter()
    assert one.type("mome\t + 1") == "1.9\n"
    one.type(":back")
    one.type("momentous = 3")
    assert one.type("mome\t * 2") == "6\n"


def test_the_up_arrow_brings_back_what_was_typed_and_what_was_run(learner: Open) -> None:
    one = learner()
    one.enter()
    one.type("a = 5.0")
    one.enter()
    one.type(":back")
    up = "\x1b[A"
    assert one.type(up * 3) == ""
    assert one.type("a") == "5.0\n"
    one.type(":restart")
    one.enter()
    assert one.type(up) == ""
    assert one.type("a") == "2.0\n"


def test_list_marks_the_next_statement(learner: Open) -> None:
    one = learner()
    one.enter(2)
    assert one.type(":list") == (
        "    1  a, b = 2.0, -3.0\n"
        "    2  c = a * b\n"
        '>   3  for name in ("a", "b"): ...\n'
        "    4  def double(x): ...\n"
        "    5  print(double(c))\n"
    )


def test_run_goes_to_the_end_and_restart_to_the_beginning(learner: Open) -> None:
    one = learner()
    told = one.type(":run")
    assert "partial of b\n" in told
    assert "\n-12.0\n" in told
    assert one.place() == "end"
    assert one.type(":restart").endswith("Two numbers\n-----------\n\n" + first_step())
    assert one.place() == "1/5"
    assert "NameError" in one.type("a")


def first_step() -> str:
    return "Each factor is the other's partial.\n\n>>> a, b = 2.0, -3.0\n"


def test_run_stops_at_an_error(learner: Open) -> None:
    one = learner("a = 1\nb = a / 0\nc = 3\n")
    assert "ZeroDivisionError" in one.type(":run")
    assert one.place() == "2/3"


def test_help_names_every_command_and_a_wrong_one_is_answered(learner: Open) -> None:
    one = learner()
    told = one.type(":help")
    commands = [":back", ":list", ":run", ":restart", ":resume", ":forget", ":why", ":draw"]
    commands += [":quit", ":help"]
    assert re.findall(r"^:\w+", told, re.MULTILINE) == commands
    assert one.type(":r") == ":r is not one command; there are :run :restart :resume\n"
    assert one.type(":foo") == f":foo is not one command; there are {' '.join(commands)}\n"


def test_what_a_lesson_says_keeps_to_the_terminal_s_width(learner: Open) -> None:
    one = learner("x = 1\nnumbers = [0.1234567] * 40\nassert not x, 'no'\n", COLUMNS="50")
    said = one.greeting + one.type("") + one.type("") + one.type("")
    said += "".join(
        map(one.type, (":foo", ":help", ":resume", ":why q", ":forget", ":back", ":list"))
    )
    assert "[0.1234567, 0.1234567" in said
    assert "begins afresh.\n" in said
    assert "There is nothing to resume: no place" in said
    assert not [line for line in said.split("\n") if len(line) > 50]


def test_nothing_is_resumed_where_no_place_is_kept(learner: Open) -> None:
    one = learner()
    one.type("a = 5")
    told = "There is nothing to resume: no place in this lesson is kept.\n"
    assert one.type(":resume") == told
    assert one.type("a") == "5\n"


def test_the_list_of_lessons_keeps_to_the_terminal_s_width() -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "autograd_mini", "lesson"],
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "60"},
        dimensions=(50, 60),
        timeout=60,
    )
    child.expect(pexpect.EOF)
    lines = child.before.replace("\r", "").split("\n")
    child.wait()
    assert "usage:" in child.before
    assert not [line for line in lines if len(line) > 60]


def test_statements_are_bold_unless_no_color_is_set(learner: Open) -> None:
    bold = "\x1b[1m>>> b = 2"
    assert bold in send_enter(learner("a = 1\nb = 2\n", NO_COLOR=""))
    plain = send_enter(learner("a = 1\nb = 2\n", NO_COLOR="1"))
    assert ">>> b = 2" in plain
    assert "\x1b[1m" not in plain
    assert "\x1b" not in send_enter(learner("a = 1\nb = 2\n", NO_COLOR="", TERM="dumb"))


def send_enter(one: Learner) -> str:
    one.child.send("\r")
    return one.raw()


def test_the_prompt_of_a_statement_that_runs_is_erased_where_escape_codes_work(
    learner: Open,
) -> None:
    erased = "\r\n\x1b[A\x1b[2K# a = 1"
    assert erased in send_enter(learner("a = 1\nb = 2\n", NO_COLOR=""))
    assert erased not in send_enter(learner("a = 1\nb = 2\n", NO_COLOR="1"))


def test_a_lesson_inside_a_session_leaves_that_as_it_was(learner: Open) -> None:
    start = (
        "import readline, sys; from autograd_mini.lesson.lesson import lesson; mine = print;"
        "before = sys.path; readline.set_completer(mine); lesson(sys.argv[1]);"
        "print(sys.argv[0], sys.modules['__main__'].mine, before is sys.path,"
        "readline.get_completer() is mine)"
    )
    text, _ = learner(start=start).leave()
    assert text.endswith("-c <built-in function print> True True\r\n")


class Stream(io.StringIO):
    """A stream that is a terminal, or not."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        """Tell which it is."""
        return self.terminal


@pytest.mark.parametrize("types", [True, False])
@pytest.mark.parametrize("sees", [True, False])
def test_a_person_is_asked_who_types_and_sees(
    types: bool, sees: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", Stream(types))
        patch.setattr(sys, "stdout", Stream(sees))
        asks = terminal.asks_a_person()
    assert asks == (types and sees)


def test_a_lesson_needs_no_readline(learner: Open) -> None:
    one = learner(start="import sys; sys.modules['readline'] = None; " + START)
    assert one.enter() == "# a = 2.0\n# b = -3.0\n>>> c = a * b\n"
    assert one.type("a") == "2.0\n"


def test_the_namespace_is_that_of_a_script(learner: Open, tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("found = 'beside'\n")
    one = learner(
        '"""Title."""\nimport beside, pickle, sys\n'
        "class Node: data = 3\n"
        "print(pickle.loads(pickle.dumps(Node())).data)\n"
        'if __name__ == "__main__":\n    print(beside.found, __doc__, sys.argv == [__file__])\n'
    )
    one.enter(2)
    assert one.enter().startswith("3\n>>> if")
    assert one.enter().startswith("beside Title. True\n")


def in_a_pipe(path: Path, typed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", START, str(path)],
        input=typed,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "TERM": "xterm", "PYTHONIOENCODING": "utf-8"},
        timeout=60,
        check=False,
    )


def test_a_pipe_gets_a_transcript_without_prompts_or_escapes(tmp_path: Path) -> None:
    path = tmp_path / "demo.py"
    path.write_text("a = 2\n# Twice.\nb = 2 * a\nprint(b)\n", encoding="utf-8")
    done = in_a_pipe(path, "\n\na + b\n1/0\n\n")
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout == (
        "demo.py\n\n"
        "Enter runs the statement shown; or type Python of your own. :help lists the commands.\n\n"
        ">>> a = 2\n# a = 2\n\nTwice.\n\n>>> b = 2 * a\n# b = 4\n>>> print(b)\n"
        "[3/3] a + b\n6\n"
        "[3/3] 1/0\n" + division() + "4\n\n"
        "The lesson is over. What it made is still here to look at; or :back, :restart, :quit.\n\n"
        "Left after 3 of 3 statements.\n"
    )


def test_a_pipe_never_imports_readline(tmp_path: Path) -> None:
    path = tmp_path / "demo.py"
    path.write_text("import sys\nprint('readline' in sys.modules)\n", encoding="utf-8")
    assert ">>> print('readline' in sys.modules)\nFalse\n" in in_a_pipe(path, "\n\n").stdout


def division() -> str:
    try:
        exec("1/0")
    except ZeroDivisionError as error:
        said = error
    return (
        "Traceback (most recent call last):\n"
        '  File "<console>", line 1, in <module>\n'
        f"ZeroDivisionError: {said}\n"
    )


def test_a_demo_without_statements_is_over_at_once(tmp_path: Path) -> None:
    path = tmp_path / "demo.py"
    path.write_text('"""Only words."""\n# Quite so.\n', encoding="utf-8")
    told = in_a_pipe(path, "").stdout
    assert told.startswith("Only words.\n\nEnter runs")
    assert "\n\nQuite so.\n\nThe lesson is over." in told
    assert told.endswith("Left after 0 of 0 statements.\n")


def test_a_demo_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "demo.py"
    path.write_text("a = 1\nb = (\n", encoding="utf-8")
    done = in_a_pipe(path, "")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "lesson: '(' was never closed (demo.py, line 2)\n"


def test_what_is_wrong_at_the_end_of_a_demo_is_said_before_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "demo.py"
    path.write_text("print('begun')\nreturn 1\n", encoding="utf-8")
    done = in_a_pipe(path, "\n")
    assert done.stdout == ""
    assert done.stderr == "lesson: 'return' outside function (demo.py, line 2)\n"


def statements(tmp_path: Path, source: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
    path = tmp_path / "demo.py"
    path.write_text(source, encoding="utf-8")
    return [(s.heading, s.narration, s.text, s.assigns) for s in read_demo(path).statements]


def test_decorators_and_lines_that_are_shared_belong_to_one_statement(tmp_path: Path) -> None:
    source = (
        "# said\n@staticmethod\ndef f(x):\n    return x\na = 1; b = 2  # both\nc = [\n    3,\n]\n"
    )
    assert statements(tmp_path, source) == [
        ("", "said", "@staticmethod\ndef f(x):\n    return x", ()),
        ("", "", "a = 1; b = 2  # both", ("b",)),
        ("", "", "c = [\n    3,\n]", ("c",)),
    ]


@pytest.mark.parametrize(
    ("source", "assigns"),
    [
        ("w.data -= 0.1 * w.grad", ("w.data",)),
        ("a, (b, *c) = d[0] = f().e = 1, (2, 3)", ("a", "b", "c")),
        ("a: float = 1.0", ("a",)),
        ("a: float", ()),
        ("print(a)", ()),
    ],
)
def test_the_names_whose_values_are_shown_are_those_assigned(
    tmp_path: Path, source: str, assigns: tuple[str, ...]
) -> None:
    assert statements(tmp_path, source)[0][3] == assigns


def test_a_long_value_is_shortened_and_an_address_left_out(tmp_path: Path) -> None:
    path = tmp_path / "demo.py"
    path.write_text("numbers, thing = many\n", encoding="utf-8")
    (statement,) = read_demo(path).statements
    (line,) = statement.values({"numbers": list(range(1000)), "thing": object()})
    assert line.startswith("# numbers = [0, 1, 2, 3,")
    assert re.search(r"\d, \.\.\.$", line)
    assert len(line) <= 100


def test_cell_marks_may_have_titles_and_kinds() -> None:
    assert read_comments(["# %%", "# said"]) == ("", "", "said")
    assert read_comments(["#%% [markdown] A title ", "#", "# one", "#", "#  two"]) == (
        "",
        "A title",
        "one\n\n two",
    )


def test_what_is_said_before_a_cell_closes_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "demo.py"
    path.write_text("a = 2\n# That was two.\n\n# %% Three\n# It is odd.\nb = 3\n", encoding="utf-8")
    _, statement = read_demo(path).statements
    shown = statement.present("{}")
    assert shown == "That was two.\n\nThree\n-----\n\nIt is odd.\n\n>>> b = 3"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of demos beside the package, as in a checkout, while we are somewhere else."""
    demos = tmp_path / "demos"
    demos.mkdir()
    (tmp_path / "elsewhere").mkdir()
    for name, source in [
        ("10_last.py", '"""Ten?\n\nMore."""\n'),
        ("2_first.py", '"""Two?"""\n'),
        ("03_none.py", "a = 1\n"),
        ("04_wrong.py", "a = (\n"),
        ("helper.py", '"""No lesson."""\n'),
    ]:
        (demos / name).write_text(source, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "elsewhere")
    script = tmp_path / "autograd_mini" / "lesson" / "script.py"
    monkeypatch.setattr("autograd_mini.lesson.script.__file__", str(script))
    return demos


def test_lessons_are_listed_in_order_with_their_questions(folder: Path) -> None:
    told = lessons(folder)
    assert [path.name for path in told] == [
        "2_first.py", "03_none.py", "04_wrong.py", "10_last.py"
    ]  # fmt: skip
    first, second, third, last = told.values()
    assert (first, second, last) == ("Two?", "(no docstring)", "Ten?")
    assert third.startswith("(cannot be read: '(' was never closed")


def test_a_lesson_is_found_by_number_or_path(folder: Path) -> None:
    assert find(folder, "10") == find(folder, "010") == folder / "10_last.py"
    assert find(folder, str(folder / "helper.py")) == folder / "helper.py"
    with pytest.raises(FileNotFoundError, match=r"^no demo '7'; there are\n   2  Two\?\n   3 "):
        find(folder, "7")


def test_the_command_line_lists_and_explains(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demos_folder() == folder
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("   2  Two?\n   3  (no docstring)\n")
    assert main(["7"]) == 2
    assert "no demo '7'" in capsys.readouterr().err
    assert main(["1", "2"]) == 2
    assert "usage:" in capsys.readouterr().err
    for path in folder.iterdir():
        path.unlink()
    assert main([]) == 2
    assert f"no demos in {folder}: this copy of autograd_mini came without them" in (
        capsys.readouterr().err
    )


def test_an_installed_package_carries_its_demos_whatever_lies_beside_it(folder: Path) -> None:
    assert demos_folder() == folder
    inside = folder.parent / "autograd_mini" / "demos"
    inside.mkdir(parents=True)
    assert demos_folder() == inside


# Help on the way ----------------------------------------------------------------------------------

CHAIN = '''\
"""What is the slope?"""
from autograd_mini import Value
from autograd_mini.teach.asking import ask

a, b = Value(2.0, "a"), Value(3.0, "b")
L = a * b + b
L.backward()
ask("∂L/∂b", b.grad, hint="b reaches L on two paths")
print("the sum is", a.grad + b.grad)
slope = 1
assert slope == 3, "look at b once more"
last = 1
'''
UNASKED = CHAIN.replace(', hint="b reaches L on two paths"', "").replace("ask(", "print(")


def test_a_wrong_answer_is_told_as_its_mistake_and_the_hint_comes_after_the_second(
    learner: Open,
) -> None:
    one = learner(CHAIN)
    one.enter(5)
    one.child.send("\r")
    one.raw(re.compile("∂L/∂b = $"))
    one.child.send("2\r")
    told = " ".join(one.raw(re.compile("∂L/∂b = $")).split())  # as wide as the terminal
    assert "or left out the path L → b." in told
    one.child.send("17\r")
    told = one.raw(re.compile("∂L/∂b = $"))
    assert "no mistake that I know gives 17" in told
    assert "b reaches L on two paths" in told
    one.child.send("a + 1\r")
    assert "Right: 1 + 2 = 3." in one.answer()
    assert one.place() == "7/10"


def test_the_hint_and_the_answer_come_when_asked_for(learner: Open) -> None:
    one = learner(CHAIN)
    one.enter(5)
    one.child.send("\r")
    one.raw(re.compile("∂L/∂b = $"))
    one.child.send(":hint\r")
    assert "b reaches L on two paths" in one.raw(re.compile("∂L/∂b = $"))
    assert "1 + 2 = 3" in one.type(":show")


def test_who_leaves_a_question_comes_back_to_it(learner: Open) -> None:
    one = learner(CHAIN)
    one.enter(5)
    one.child.send("\r")
    one.raw(re.compile("∂L/∂b = $"))
    told = one.type(":quit")
    assert told.startswith("∂L/∂b is still asked: Enter asks again")
    assert "Traceback" not in told
    assert one.place() == "6/10"


def test_a_check_that_fails_shows_its_message_and_no_traceback(learner: Open) -> None:
    one = learner(UNASKED)
    told = one.enter(9)
    assert told.endswith(
        "look at b once more\nThe lesson stays at this statement: Enter runs it again, "
        ":restart begins afresh.\n"
    )
    assert "Traceback" not in told
    one.type("slope = 3")
    assert one.enter().endswith(">>> last = 1\n")


def test_an_error_deeper_down_still_has_its_traceback(learner: Open) -> None:
    one = learner("def f():\n    raise ValueError('no')\nf()\n")
    assert "Traceback" in one.enter(2)


def test_an_extra_backward_is_told_where_the_next_number_builds_on_it(learner: Open) -> None:
    one = learner(UNASKED)
    one.enter(5)
    one.type("L.backward()")
    told = one.enter(2)
    assert "Note: a line of yours changed" in told
    assert "b.grad from 3 to 6" in told
    assert told.count("b.grad from") == 1
    assert "Note:" not in one.enter()


def test_what_the_learner_undoes_is_not_told(learner: Open) -> None:
    one = learner(UNASKED)
    one.enter(5)
    one.type("L.backward()")
    one.type("L.zero_grad(); L.backward()")
    assert "Note:" not in one.enter(2)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("b.dat", "Did you mean: 'data'?"),
        ("prnt(b)", "Did you mean: 'print'?"),
        ("why(L, b)", "'why' is in the package: from autograd_mini import why"),
        ("MLP(2, [1])", "'MLP' is in the package: from autograd_mini.nn import MLP"),
        ("last", "'last' comes later in this lesson, with statement 10."),
    ],
)
def test_a_name_that_is_not_there_is_answered(learner: Open, typed: str, told: str) -> None:
    one = learner(CHAIN)
    one.enter(4)
    assert told in one.type(typed)
    assert one.place() == "5/10"


def test_why_and_draw_speak_of_the_learners_values(learner: Open, tmp_path: Path) -> None:
    one = learner(
        CHAIN, START.replace("import sys;", f"import os, sys; os.chdir({str(tmp_path)!r});")
    )
    one.enter(5)
    assert "2 paths from L to b" in one.type(":why b")
    assert "1 path from L to a" in one.type(":why L a")
    assert "no Value is called 'z'; there are a, b, L" in one.type(":why z")
    assert "no Value has been computed from L yet" in one.type(":why L")
    assert "say of which Value" in one.type(":why")
    assert "picture: build/lesson.svg" in one.type(":draw")
    assert "grad 3" in (tmp_path / "build" / "lesson.svg").read_text("utf-8").replace("≈", "")


def test_the_place_is_kept_between_sittings_until_it_is_forgotten(learner: Open) -> None:
    one = learner()
    one.enter(2)
    one.leave()
    one = learner()
    assert "Last time you left after 2 of 5 statements. :resume goes there" in one.greeting
    one.type(":resume")
    assert one.place() == "3/5"
    assert one.type("c") == "-6.0\n"
    assert "Forgotten" in one.type(":forget")
    one.leave()
    assert "Last time" not in learner().greeting


@pytest.mark.parametrize("kept", ["", "[1]", '{"x": "y"}', "\xff"])
def test_a_state_that_cannot_be_read_is_no_state(
    kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    progress_file().parent.mkdir(parents=True)
    progress_file().write_bytes(kept.encode("latin-1"))
    assert read_progress() == {}
    keep_progress(Path("x.py"), 3)
    assert read_progress() == {"x.py": 3}
    forget_progress()
    assert not progress_file().exists()


def test_a_state_that_cannot_be_written_stops_no_lesson(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(sys, "platform", "linux")
    (tmp_path / "file").write_text("")
    keep_progress(Path("x.py"), 3)
    assert read_progress() == {}


def test_a_folder_of_ones_own_lessons_is_listed_and_begun_by_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("b_second", "a_first", "_helper"):
        (tmp_path / f"{name}.py").write_text(f'"""Is this {name}?"""\n', encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    listed = capsys.readouterr().out
    assert listed.startswith("   1  Is this a_first?\n   2  Is this b_second?\n\n")
    monkeypatch.setattr("builtins.input", lambda _prompt: raise_end())
    assert main([str(tmp_path), "2"]) == 0
    assert "Is this b_second?" in capsys.readouterr().out


def raise_end() -> str:
    raise EOFError


def test_help_on_the_command_says_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "list the lessons in a folder" in told
    assert "LESSON a number, a script, or a folder of scripts NUMBER or FILE a number in" in told
    assert "--notebook write the lesson as a Jupyter notebook --slides the same, with" in told


def test_a_folder_may_hold_one_lesson(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "07_alone.py").write_text('"""Is it the only one?"""\n', encoding="utf-8")
    assert main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.startswith("   7  Is it the only one?\n")


@pytest.mark.parametrize(
    ("system", "folder"),
    [
        ("linux", ".local/state"),
        ("darwin", "Library/Application Support"),
        ("win32", "AppData/Local"),
    ],
)
def test_the_place_is_kept_where_a_system_keeps_such_things(
    system: str, folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(variable, raising=False)
    assert progress_file() == tmp_path / folder / "autograd_mini" / "lessons.json"


def test_names_of_the_lesson_are_completed_while_it_runs_and_nobody_listens_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    readline = pytest.importorskip("readline", reason="Windows edits lines by itself")
    before = readline.get_completer()
    monkeypatch.setattr(terminal, "asks_a_person", lambda: True)
    with terminal.listening(), terminal.editing({"alphabet": 1}):
        assert terminal.is_listening()
        assert readline.get_completer()("alphab", 0) == "alphabet"
    assert readline.get_completer() is before
    assert not terminal.is_listening()
