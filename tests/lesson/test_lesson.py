"""Lessons, driven through a real pseudo-terminal as a learner would, and through a pipe."""

import io
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import redirect_stdout, suppress
from pathlib import Path
from types import SimpleNamespace

import pexpect
import pytest

from autograd_mini.lesson import terminal
from autograd_mini.lesson.command import lesson_parser, main
from autograd_mini.lesson.lesson import COMMANDS, Lesson, is_check
from autograd_mini.lesson.progress import (
    forget_progress,
    keep_progress,
    progress_file,
    read_progress,
)
from autograd_mini.lesson.script import (
    Demo,
    demos_folder,
    find,
    lessons,
    number_lessons,
    read_comments,
    read_demo,
)

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


# Whole conversations, without a terminal ----------------------------------------------------------

GREETING = """How do a and b make c?

One product, looked at from both sides.

Enter runs the statement shown; or type Python of your own. :help lists the commands.
"""
TO_A = """
Two numbers
-----------

Each factor is the other's partial.

>>> a, b = 2.0, -3.0
"""
STAYS = "The lesson stays at this statement: Enter runs it again, :restart begins afresh.\n"
OVER = "The lesson is over. What it made is still here to look at; or :back, :restart, :quit.\n"
RUN = ">>> def f():\n...     return 1\n>>> b = 2\n# b = 2\n\n"
GONE = "The names you made are gone; the up arrow brings your lines back.\n"


class Scripted(Lesson):
    """A lesson whose learner types lines that are known beforehand; an error is raised instead."""

    def type(self, *lines: str | BaseException) -> None:
        self.typed = iter([*lines, EOFError()])

    def raw_input(self, prompt: str = "") -> str:
        line = next(self.typed)
        sys.stdout.write(prompt)
        if isinstance(line, BaseException):
            raise line
        sys.stdout.write(f"{line}\n")
        return line


Converse = Callable[..., str]


@pytest.fixture
def converse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Converse:
    """Hold a whole conversation about a script with a person who sees 100 columns; return it."""
    monkeypatch.setattr(sys, "platform", "linux")
    for name, text in [("XDG_STATE_HOME", str(tmp_path)), ("COLUMNS", "100"), ("TERM", "xterm")]:
        monkeypatch.setenv(name, text)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def hold(source: str, *lines: str | BaseException, colours: bool = False) -> str:
        path = tmp_path / "own.py"
        path.write_text(source, encoding="utf-8")
        screen = Stream(terminal=True)
        with monkeypatch.context() as patch, redirect_stdout(screen), terminal.listening():
            patch.setenv("NO_COLOR", "" if colours else "1")
            patch.setenv("WT_SESSION", "")
            patch.setattr(sys, "stdin", Stream(terminal=True))
            patch.setattr(sys, "stderr", screen)
            console = Scripted(path)
            console.type(*lines)
            console.converse()
        return screen.getvalue()

    return hold


def test_bold_and_erased_prompts_are_all_that_colours_add(converse: Converse) -> None:
    source = '"""Title."""\n# %% One\na = 1\nb = 2\n'
    coloured = converse(source, "", colours=True)
    assert coloured == (
        "\x1b[1mTitle.\x1b[0m\n\nEnter runs the statement shown; or type Python of your own. "
        ":help lists the commands.\n\n\x1b[1mOne\x1b[0m\n---\n\n\x1b[1m>>> a = 1\x1b[0m\n"
        "[1/2] \n\x1b[A\x1b[2K# a = 1\n\x1b[1m>>> b = 2\x1b[0m\n"
        "[2/2] \nLeft after 1 of 2 statements.\n"
    )
    forget_progress()
    assert converse(source, "") == ESCAPE.sub("", coloured)


def test_a_whole_lesson_is_told_as_it_goes(converse: Converse) -> None:
    assert converse(DEMO, "", "", "", "", "", "") == (
        f"{GREETING}{TO_A}[1/5] \n# a = 2.0\n# b = -3.0\n>>> c = a * b\n[2/5] \n# c = -6.0\n\n"
        f"{one_loop()}[3/5] \npartial of a\npartial of b\n"
        ">>> def double(x):\n...     # twice\n...     return 2 * x\n[4/5] \n"
        ">>> print(double(c))\n[5/5] \n-12.0\n\nNow try other numbers.\n\n"
        f"{OVER}[end] \n{OVER}[end] \nLeft after 5 of 5 statements.\n"
    )


def after(told: str, prompt: str) -> str:
    """Return what is told after the first line typed at this prompt, and before the end."""
    return told.partition(prompt)[2].partition("\n")[2].rpartition("\n[")[0] + "\n"


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ((":list",), ">   1  a = 1\n    2  def f(): ...\n    3  b = 2\n"),
        ((":back",), f"Back at statement 1. {GONE}\n>>> a = 1\n"),
        ((":restart",), f"Back at statement 1. {GONE}\n>>> a = 1\n"),
        ((" :restart ",), f"Back at statement 1. {GONE}\n>>> a = 1\n"),
        ((":resume",), "There is nothing to resume: no place in this lesson is kept.\n"),
        ((":forget",), "Forgotten: no place in any lesson is kept.\n"),
        ((":why",), "say of which Value, such as :why a\n"),
        ((":why q",), "no Value is called 'q'; there are none yet\n"),
        ((":draw",), "no Value has been computed yet\n"),
        ((":re",), ":re is not one command; there are :restart :resume\n"),
        ((":back a",), ":back is not one command; there are :back\n"),
        ((":run",), f"# a = 1\n{RUN}{OVER}"),
        (("def g():", "    return 3", "", "g()"), "...     return 3\n... \n[1/3] g()\n3\n"),
        (("def g():", KeyboardInterrupt(), "4"), "... \nKeyboardInterrupt\n[1/3] 4\n4\n"),
        (("t = '''", ":list", "'''", "t"), "... :list\n... '''\n[1/3] t\n'\\n:list\\n'\n"),
    ],
)
def test_a_line_is_answered_by_what_it_asks_for(
    lines: tuple[str | BaseException, ...], told: str, converse: Converse
) -> None:
    source = "a = 1\ndef f():\n    return 1\nb = 2\n"
    assert after(converse(source, *lines), "[1/3] ") == told


def test_help_tells_of_each_command_what_it_does(converse: Converse) -> None:
    listed = [f"{name:10}{action.__doc__}\n" for name, action in COMMANDS.items()]
    ends = "Ctrl-C cancels a line, or stops the statement that is running.\n"
    assert after(converse("a = 1\n", ":help"), "[1/1] ") == "".join(
        [GREETING.rpartition("\n\n")[2], ends, *listed]
    )


@pytest.mark.parametrize("kept", [0, 1, 2, 3, 4])
def test_a_place_is_offered_and_resumed_if_some_statements_ran_and_some_are_left(
    kept: int, converse: Converse, tmp_path: Path
) -> None:
    keep_progress(tmp_path.resolve() / "own.py", kept)
    told = converse("a = 1\nb = 2\nc = 3\n", ":resume")
    offer = f"\nLast time you left after {kept} of 3 statements. :resume goes there, :forget "
    assert (offer in told) == (kept in {1, 2})
    assert (f"Back at statement {min(kept, 3) + 1}. " in told) == bool(kept)
    assert f"Left after {min(kept, 3)} of 3 statements." in told


def test_who_leaves_before_the_first_statement_loses_no_place(
    converse: Converse, tmp_path: Path
) -> None:
    path = tmp_path.resolve() / "own.py"
    converse("a = 1\nb = 2\n", "")
    assert read_progress() == {str(path): 1}
    converse("a = 1\nb = 2\n")
    assert read_progress() == {str(path): 1}
    converse("a = 1\nb = 2\n", "", ":forget")
    assert read_progress() == {}


def test_who_is_no_person_has_no_place_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    path = (tmp_path / "own.py").resolve()
    path.write_text("a = 1\nb = 2\n", encoding="utf-8")
    console = Scripted(path)
    console.type("")
    console.converse()
    assert read_progress() == {}
    keep_progress(path, 1)
    assert console.kept() == 0
    assert "Last time" not in capsys.readouterr().out


def test_the_history_holds_the_statements_that_ran(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text("a = 1\nb = (\n    2)\nc = no\n", encoding="utf-8")
    console, history = Lesson(path), list[str]()
    console.remember = history.append
    with redirect_stdout(io.StringIO()):
        console.stream = sys.stdout
        for _ in range(4):
            console.enter()
    assert history == ["a = 1", "b = (\n    2)"]


def test_what_runs_again_does_not_ask_the_learner(converse: Converse) -> None:
    source = "from autograd_mini.lesson.terminal import is_listening\nheard = is_listening()\n1\n"
    told = converse(source, "", "", "", ":back", "heard")
    assert "# heard = True\n" in told
    assert "\n[3/3] heard\nFalse\n" in told


VALUES = """from autograd_mini import Value
a, z = Value(2.0, "a"), Value(0.0, "z")
m = a * 3
L = m.tanh()
k = a + z
"""


def test_the_output_of_why_is_the_value_furthest_from_the_leaves(converse: Converse) -> None:
    enters = ("",) * 5
    for names, ends in [("a", "L to a"), ("m a", "m to a"), ("m", "L to m"), ("L a", "L to a")]:
        told = converse(VALUES, *enters, "L.backward()", f":why {names}")
        assert f"[end] :why {names}\n1 path from {ends}\n" in told
    assert "no Value has been computed from L yet\n" in converse(VALUES, *enters, ":why L")


def test_a_value_that_is_zero_has_a_name_too(converse: Converse) -> None:
    told = converse(VALUES, "", "", ":why z")
    assert "no Value has been computed from z yet\n" in told


def test_the_graph_of_a_value_is_drawn_or_all_there_is_so_far(
    converse: Converse, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "autograd_mini.view.show.show", lambda picture, name: shown.append((picture.title, name))
    )
    converse(VALUES, "", "", "", "", "", ":draw m", ":draw k", ":draw")
    assert [(title.partition(":")[0], name) for title, name in shown] == [
        (f"Gradient graph of {x}", "lesson") for x in "mkL"
    ]


def test_a_change_is_told_once_from_the_first_number_to_the_last(converse: Converse) -> None:
    lines = ["", "", "a.data = 5.0", "a.data = 7.0", "", "z.data = 1.0", ""]
    told = converse(VALUES, *lines, "")
    note = "Note: a line of yours changed {}; this builds on it. :restart begins afresh.\n"
    assert [line + "\n" for line in told.splitlines() if line.startswith("Note:")] == [
        note.format("a.data from 2 to 7"), note.format("z.data from 0 to 1")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("raise SystemExit('no')", "\nSystemExit: no\n"),
        ("assert 0", "\nAssertionError\n"),
        ("late\nlate = 1", "'late' comes later in this lesson, with statement 2.\n"),
    ],
)
def test_after_an_error_a_lesson_says_what_helps_and_that_it_stays(
    source: str, told: str, converse: Converse
) -> None:
    found = after(converse(source + "\n", ""), "[1/")
    assert found.startswith("Traceback (most recent call last):\n")
    assert found.endswith(told + STAYS)


def test_of_a_check_that_fails_the_message_alone_is_shown(converse: Converse) -> None:
    assert after(converse("assert 0, 'no'\n", ""), "[1/1]") == f"no\n{STAYS}"


@pytest.mark.parametrize(
    ("source", "file", "checks"),
    [
        ("assert 0, 'no'", "own.py", True),
        ("assert 0, 'no'", "<console>", True),
        ("def f(): assert 0, 'no'\nf()", "own.py", True),
        ("assert 0, 'no'", "other.py", False),
        ("exec(compile('assert 0, 1', 'other.py', 'exec'))", "own.py", False),
        ("assert 0", "own.py", False),
        ("raise ValueError('no')", "own.py", False),
    ],
)
def test_a_check_is_an_assertion_with_a_message_in_the_lesson_or_of_the_learner(
    source: str, file: str, checks: bool
) -> None:
    with pytest.raises((AssertionError, ValueError)) as caught:
        exec(compile(source, file, "exec"), {})
    assert is_check(caught.value, "own.py") == checks


def test_a_question_that_is_left_is_a_check_and_an_error_that_was_not_raised_is_none() -> None:
    assert is_check(terminal.UnansweredError(), "own.py")
    assert not is_check(AssertionError("no"), "own.py")


# What a script is taken apart into ----------------------------------------------------------------


def test_each_comment_belongs_to_the_statement_or_the_cell_that_it_stands_before(
    tmp_path: Path,
) -> None:
    path = tmp_path / "own.py"
    path.write_text(
        "# One\n# and two.\na = 1; b = (2,\n  3); c = 4; d = 5\n# It was.\n# So.\n"
        "# %% [code] More\n#%%  Still\n#  Deep\n\n#\n# down.\n\n"
        "@max\ndef f(): pass\n\n\n#%%\nx.y = z = 6\n# End.\n",
        encoding="utf-8",
    )
    demo = read_demo(path)
    assert [(s.remark, s.heading, s.narration) for s in demo.statements] == [
        ("", "", "One\nand two."),
        ("It was.\nSo.", "More - Still", " Deep\n\n\ndown."),
        ("", "", ""),
    ]
    assert [(s.text, s.assigns, s.opens_cell) for s in demo.statements] == [
        ("a = 1; b = (2,\n  3); c = 4; d = 5", ("d",), False),
        ("@max\ndef f(): pass", (), True),
        ("x.y = z = 6", ("x.y", "z"), True),
    ]
    assert (demo.path, demo.doc, demo.closing) == (path.resolve(), "", "End.")


def test_comments_follow_a_docstring_of_any_length(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text('"""One.\n\nTwo."""\n# Said.\na = 1\n', encoding="utf-8")
    demo = read_demo(path)
    assert (demo.doc, demo.closing) == ("One.\n\nTwo.", "")
    [statement] = demo.statements
    assert (statement.narration, statement.text) == ("Said.", "a = 1")
    assert statement.code.co_filename == str(path.resolve())


def test_comments_without_a_mark_are_all_narration() -> None:
    assert read_comments([]) == ("", "", "")
    assert read_comments(["# a"]) == ("", "", "a")
    assert read_comments(["# a", "# b", "# c"]) == ("", "", "a\nb\nc")
    assert read_comments(["# a", "# b", "# %% T", "# c", "# d"]) == ("a\nb", "T", "c\nd")


def test_what_stands_out_is_the_heading_and_the_statement(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text("# R\n# %% Head\n# N\na = (\n  1)\nb = 2\n", encoding="utf-8")
    first, second = read_demo(path).statements
    assert first.present("<{}>") == "R\n\n<Head>\n----\n\nN\n\n<>>> a = (\n...   1)>"
    assert second.present("<{}>") == "<>>> b = 2>"


def test_the_names_of_a_script_are_those_that_python_gives() -> None:
    for doc, told in [("Title.", "Title."), ("", None)]:
        names = Demo(Path("own.py"), doc, (), "").names()
        assert names == {"__name__": "__main__", "__file__": "own.py", "__doc__": told}


@pytest.mark.parametrize(("columns", "width"), [(None, 100), (60, 60), (140, 100)])
def test_a_value_takes_one_line_of_the_screen_and_never_more_than_100_columns(
    columns: int | None, width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "own.py"
    path.write_text("t = 1\n", encoding="utf-8")
    [statement] = read_demo(path).statements
    monkeypatch.setenv("COLUMNS", str(columns or 40))
    fits = "x " * (width // 2 - 5) + "xx"  # in a line with "# t = '" before and "'" behind
    with redirect_stdout(Stream(terminal=columns is not None)):
        assert [*statement.values({"t": fits})] == [f"# t = {fits!r}"]
        [shown] = statement.values({"t": fits + "x"})
        assert [*statement.values({"t": object()})] == []
    assert re.fullmatch(r"# t = '(x )+\.\.\.", shown)


def test_scripts_are_counted_if_none_has_a_number(tmp_path: Path) -> None:
    for name in ("b.py", "a.py"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert number_lessons(tmp_path) == [(1, tmp_path / "a.py"), (2, tmp_path / "b.py")]
    (tmp_path / "07_c.py").write_text("", encoding="utf-8")
    assert number_lessons(tmp_path) == [(7, tmp_path / "07_c.py")]


def test_what_is_no_lesson_is_named(folder: Path) -> None:
    for path in ("no.py", str(folder / "no"), "a/b"):
        with pytest.raises(FileNotFoundError, match=f"^there is no file {re.escape(path)}$"):
            find(folder, path)
    with pytest.raises(FileNotFoundError, match=r"^no demo 'two'; there are\n   2  Two"):
        find(folder, "two")


# What the command line says -----------------------------------------------------------------------


def test_each_example_of_the_help_is_a_call_that_the_command_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")  # argparse has colours of its own in newer versions
    told = lesson_parser().format_help()
    head, _, examples = told.partition("\nexamples:\n")
    assert head.startswith("usage: python -m autograd_mini lesson [-h] [--notebook] [--slides]")
    assert "\n\nStep through a script in a REPL: read, press Enter, look around, go on.\n\n" in head
    assert " the same, with marks for slides\n" in head
    found = []
    for line in examples.splitlines():
        call = re.split(" {2,}| (?=write )", line.strip())[0]
        assert call.startswith("python -m autograd_mini lesson")
        options = lesson_parser().parse_args(call.split()[4:])
        found.append((options.which, options.last, options.notebook, options.slides))
    assert found == [
        ("", "", False, False),
        ("4", "", False, False),
        ("my_lesson.py", "", False, False),
        ("4", "4.ipynb", True, False),
        ("course/", "", False, False),
    ]


@pytest.mark.usefixtures("folder")
def test_the_command_says_what_it_wrote_or_how_it_is_called(
    capsys: pytest.CaptureFixture[str],
) -> None:
    usage = "usage: python -m autograd_mini lesson [number or path of a demo]; --help says more\n"
    assert main([]) == 0
    assert capsys.readouterr().out.endswith(f"\n  10  Ten?\n\n{usage}")
    assert main(["1", "2"]) == 2
    assert capsys.readouterr().err == f"lesson: there is no folder '1' of lessons\n{usage}"
    for arguments in (["--notebook"], ["--slides", "4"]):
        assert main(arguments) == 2
        assert capsys.readouterr().err == (
            "lesson: say which lesson and which file: lesson --notebook 4 4.ipynb\n"
        )
    assert main(["--notebook", "10", "10.ipynb"]) == 0
    assert capsys.readouterr().out == "wrote 10.ipynb\n"


# What a terminal and a folder do for it -----------------------------------------------------------


@pytest.mark.parametrize("doc", ["Importing this module enables GNU readline.", None, "libedit"])
def test_names_are_completed_in_the_language_of_the_library_that_edits_lines(
    doc: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import rlcompleter

    done: list[object] = []
    library = SimpleNamespace(
        __doc__=doc,
        get_completer=lambda: "before",
        set_completer=lambda function: done.append(getattr(function, "__self__", function)),
        parse_and_bind=done.append,
        add_history=done.append,
    )
    monkeypatch.setitem(sys.modules, "readline", library)
    monkeypatch.setattr(terminal, "asks_a_person", lambda: True)
    with terminal.editing({}) as remember:
        remember("a line")
    completer, *others = done
    assert isinstance(completer, rlcompleter.Completer)
    binding = "bind ^I rl_complete" if doc == "libedit" else "tab: complete"
    assert others == [binding, "a line", "before"]
    monkeypatch.setattr(terminal, "asks_a_person", lambda: False)
    with terminal.editing({}) as remember:
        remember("a line")
    assert len(done) == 4
    monkeypatch.setattr(terminal, "asks_a_person", lambda: True)
    monkeypatch.setitem(sys.modules, "readline", None)
    with terminal.editing({}) as remember:
        assert remember is terminal.forget


@pytest.mark.parametrize("person", [True, False])
def test_a_person_gets_a_prompt_and_a_pipe_a_transcript(
    person: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    prompts: list[str] = []
    lines = iter(["a", "", " ", None, "b"])

    def answer(prompt: str) -> str:
        prompts.append(prompt)
        if (line := next(lines)) is None:
            raise EOFError
        return line

    def dialogue() -> Generator[str, str, list[str]]:
        told = [(yield "1 "), (yield "2 "), (yield "3 ")]
        with suppress(EOFError):
            yield "4 "
        return [*told, (yield "5 ")]

    monkeypatch.setattr(terminal, "asks_a_person", lambda: person)
    assert terminal.hold(dialogue(), answer) == ["a", "", " ", "b"]
    assert prompts == (["1 ", "2 ", "3 ", "4 ", "5 "] if person else [""] * 5)
    assert capsys.readouterr().out == ("" if person else "1 a\n5 b\n")


def test_nobody_listens_but_for_a_while() -> None:
    assert not terminal.is_listening()
    with terminal.listening():
        assert terminal.is_listening()
        with terminal.listening(on=False):
            assert not terminal.is_listening()
        assert terminal.is_listening()
    assert not terminal.is_listening()


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_progress_is_kept_of_any_path_in_a_folder_that_is_made_for_it(
    system: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    for variable in ("XDG_STATE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / variable / "state"))
    used = "LOCALAPPDATA" if system == "win32" else "XDG_STATE_HOME"
    file = tmp_path / used / "state" / "autograd_mini" / "lessons.json"
    for name in ("é.py", "caf\udce9.py"):  # the second, as Python reads it, is no UTF-8
        keep_progress(Path(name), 3)
    keep_progress(Path("é.py"), 4)
    assert read_progress() == {"é.py": 4, "caf\udce9.py": 3}
    assert progress_file() == file
    for _ in range(2):
        forget_progress()
        assert not file.exists()
