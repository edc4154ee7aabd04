"""A lesson steps through a demo script inside a real REPL: read, press Enter, look around, go on.

Each statement is shown before it runs, in the namespace that the learner types into. ``:back``
runs the statements before it again, unseen, in an emptied namespace: exact for every kind of
object, where copies would not be. Files that they wrote are written again, with the same contents.
"""

import code
import io
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any

from autograd_mini.lesson.script import as_main, demos_folder, find, index, lessons, read_demo
from autograd_mini.lesson.terminal import coloured, editing, forget, read

__all__ = ["Lesson", "demos_folder", "find", "lesson", "lessons", "main"]

USAGE = "usage: python -m autograd_mini lesson [number or path of a demo]"
HINT = "Enter runs the statement shown; or type Python of your own. :help lists the commands."
OVER = "The lesson is over. What it made is still here to look at; or :back, :restart, :quit."
STAYS = "The lesson stays at this statement: Enter runs it again, :restart begins afresh."
BACK = "Back at statement {}. The names you made are gone; the up arrow brings your lines back."


class Lesson(code.InteractiveConsole):
    """A REPL with the demo at ``path`` at hand; raises what ``read_demo`` raises.

    ``position`` counts the statements that have run; one that fails stays the next.
    """

    def __init__(self, path: Path) -> None:
        self.demo = read_demo(path)
        self.module = ModuleType("__main__")
        self.namespace: dict[str, Any] = vars(self.module)
        super().__init__(self.namespace)
        self.stream = sys.stdout
        self.bold, self.erase = ("\x1b[1m{}\x1b[0m", "\x1b[A\x1b[2K") if coloured() else ("{}", "")
        self.remember: Callable[[str], None] = forget
        self.empty()

    def empty(self) -> None:
        """Go to the start, with the names that Python gives to a script."""
        self.position = 0
        self.namespace.clear()
        self.namespace.update(self.demo.names())

    def converse(self) -> None:
        """Show and ask until the learner leaves."""
        title, *rest = (self.demo.doc or self.demo.path.name).splitlines()
        print(self.bold.format(title), *rest, "", HINT, sep="\n")
        self.show()
        while True:
            try:
                self.answer(self.read())
            except KeyboardInterrupt:
                self.resetbuffer()
                self.write("\nKeyboardInterrupt\n")
            except (EOFError, SystemExit):
                break
        print(f"\nLeft after {self.position} of {len(self.demo.statements)} statements.")

    def read(self) -> str:
        """Read a line."""
        place = "end" if self.over() else f"{self.position + 1}/{len(self.demo.statements)}"
        prompt = "... " if self.buffer else f"[{place}] "
        return read(prompt, self.raw_input)

    def answer(self, line: str) -> None:
        """Do what a line asks for: the statement shown, a command, or the learner's own Python."""
        if not self.buffer and not line.strip():
            self.enter()
        elif not self.buffer and line.lstrip().startswith(":"):
            self.command(line.strip())
        else:
            self.push(line)

    def command(self, word: str) -> None:
        """Run the command that ``word``, or the beginning of its name, stands for."""
        found = [name for name in COMMANDS if name.startswith(word)]
        if len(found) == 1:
            COMMANDS[found[0]](self)
        else:
            print(f"{word} is not one command; there are {' '.join(found or COMMANDS)}")

    def enter(self) -> None:
        """Run the statement shown, then show the next."""
        print(end=self.erase)
        if self.over():
            print(OVER)
        elif self.run_statement():
            self.remember(self.demo.statements[self.position - 1].text)
            self.show()

    def over(self) -> bool:
        """Return whether every statement has run."""
        return self.position == len(self.demo.statements)

    def run_statement(self) -> bool:
        """Run the next statement; move on, and return True, only if it succeeds."""
        statement = self.demo.statements[self.position]
        try:
            exec(statement.code, self.namespace)
            for line in statement.values(self.namespace):
                print(line)
        except (Exception, KeyboardInterrupt, SystemExit):
            self.showtraceback()
            self.write(STAYS + "\n")
            return False
        self.position += 1
        return True

    def show(self) -> None:
        """Print what the script says next, and the statement that Enter will run."""
        if self.over():
            print("\n" + "\n\n".join(filter(None, [self.demo.closing, OVER])))
            return
        statement = self.demo.statements[self.position]
        said = statement.remark or statement.heading or statement.narration
        gap = "\n" if said or self.position == 0 else ""
        print(gap + statement.present(self.bold))

    def rewind(self, count: int) -> None:
        """Run the first ``count`` statements again, unseen, in an emptied namespace."""
        print(BACK.format(count + 1))
        self.empty()
        with io.StringIO() as unseen, redirect_stdout(unseen), redirect_stderr(unseen):
            while self.position < count and self.run_statement():
                pass
        self.show()

    def write(self, data: str) -> None:
        """Write errors among the results, where they belong, and also during a replay."""
        self.stream.write(data)

    def do_back(self) -> None:
        """Go back one statement; those before it run again, unseen."""
        self.rewind(max(self.position - 1, 0))

    def do_list(self) -> None:
        """List the statements, the next one marked."""
        for place, statement in enumerate(self.demo.statements):
            first, *rest = statement.text.splitlines()
            mark = ">" if place == self.position else " "
            print(f"{mark} {place + 1:3}  {first}{' ...' if rest else ''}")

    def do_run(self) -> None:
        """Run all that is left; an error stops it."""
        while not self.over() and self.run_statement():
            self.show()

    def do_restart(self) -> None:
        """Go back to the first statement."""
        self.rewind(0)

    def do_quit(self) -> None:
        """Leave, as Ctrl-D does."""
        raise SystemExit

    def do_help(self) -> None:
        """Show these lines."""
        print(HINT, "Ctrl-C cancels a line, or stops the statement that is running.", sep="\n")
        for name, action in COMMANDS.items():
            print(f"{name:10}{action.__doc__}")


COMMANDS = {
    ":" + name.removeprefix("do_"): method
    for name, method in vars(Lesson).items()
    if name.startswith("do_")
}


def lesson(path: Path | str) -> None:
    """Step through the demo at ``path``; raises OSError or SyntaxError if it cannot be read."""
    console = Lesson(Path(path))
    with as_main(console.module), editing(console.namespace) as console.remember:
        console.converse()


def main(arguments: list[str]) -> int:
    """Give the lesson that ``arguments`` name, or the list of lessons; return the exit status."""
    if len(arguments) > 1:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        if arguments:
            lesson(find(demos_folder(), arguments[0]))
        else:
            print(index(demos_folder()), USAGE, sep="\n\n")
    except (OSError, SyntaxError) as error:
        print(f"lesson: {error}", file=sys.stderr)
        return 2
    return 0
