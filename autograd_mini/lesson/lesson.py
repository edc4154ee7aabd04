"""A lesson steps through a demo script inside a real REPL: read, press Enter, look around, go on.

Each statement is shown before it runs, in the namespace that the learner types into. It prints what
it prints in the script, and then what it assigns; an expression alone is not echoed, but one that
the learner types is. ``:back`` runs the statements before it again, unseen, in an emptied
namespace: exact for every kind of object, where copies would not be. Files that they wrote are
written again, with the same contents.
"""

import code
import io
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import ModuleType

from autograd_mini.engine import Value
from autograd_mini.engine.order import topological_order
from autograd_mini.lesson import advice, terminal
from autograd_mini.lesson.progress import forget_progress, keep_progress, read_progress
from autograd_mini.lesson.script import as_main, read_demo
from autograd_mini.notation.plain import for_screen, say
from autograd_mini.notation.screen import is_coloured, reflow
from autograd_mini.stepping.naming import name_variables
from autograd_mini.stepping.paths import why

HINT = "Enter runs the statement shown; or type Python of your own. :help lists the commands."
OVER = "The lesson is over. What it made is still here to look at; or :back, :restart, :quit."
STAYS = "The lesson stays at this statement: Enter runs it again, :restart begins afresh."
LEFT = "Last time you left after {} of {} statements. :resume goes there, :forget forgets it."
WITH_NAMES = (":why", ":draw")
BACK = "Back at statement {}. The names you made are gone; the up arrow brings your lines back."


class Lesson(code.InteractiveConsole):
    """A REPL with the demo at ``path`` at hand; raises what ``read_demo`` raises.

    ``position`` counts the statements that have run; one that fails stays the next.
    """

    def __init__(self, path: Path) -> None:
        self.demo = read_demo(path)
        self.module = ModuleType("__main__")
        self.namespace: dict[str, object] = vars(self.module)
        super().__init__(self.namespace)
        self.stream = sys.stdout
        self.bold, self.erase = (
            ("\x1b[1m{}\x1b[0m", "\x1b[A\x1b[2K") if is_coloured() else ("{}", "")
        )
        self.remember: Callable[[str], None] = terminal.forget
        self.keeps = terminal.asks_a_person()
        self.empty()

    def empty(self) -> None:
        """Go to the start, with the names that Python gives to a script."""
        self.position = 0
        self.touched: list[advice.Touched] = []
        self.namespace.clear()
        self.namespace.update(self.demo.names())

    def converse(self) -> None:
        """Show and ask until the learner leaves."""
        title, *rest = (self.demo.doc or self.demo.path.name).splitlines()
        print(self.bold.format(title), *reflow("\n".join(rest)).splitlines(), "", sep="\n")
        print(reflow(HINT))
        if 0 < self.kept() < len(self.demo.statements):
            say(LEFT.format(self.kept(), len(self.demo.statements)))
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
        if self.keeps and self.position:
            keep_progress(self.demo.path, self.position)

    def kept(self) -> int:
        """Return how many statements ran the last time, as far as that is kept."""
        return read_progress().get(str(self.demo.path), 0) if self.keeps else 0

    def read(self) -> str:
        """Read a line."""
        place = "end" if self.over() else f"{self.position + 1}/{len(self.demo.statements)}"
        prompt = "... " if self.buffer else f"[{place}] "
        return terminal.read(prompt, self.raw_input)

    def answer(self, line: str) -> None:
        """Do what a line asks for: the statement shown, a command, or the learner's own Python."""
        if not self.buffer and not line.strip():
            self.enter()
        elif not self.buffer and line.lstrip().startswith(":"):
            self.command(line.strip())
        else:
            numbers = advice.take_numbers(self.namespace)
            self.push(line)
            known = {(x.value, x.kind) for x in self.touched}
            found = advice.find_touched(numbers)
            self.touched += [x for x in found if (x.value, x.kind) not in known]

    def command(self, line: str) -> None:
        """Run the command that a word, or the beginning of one, stands for; say why it cannot."""
        word, *names = line.split()
        found = [name for name in COMMANDS if name.startswith(word)]
        if len(found) != 1 or (names and found[0] not in WITH_NAMES):
            say(f"{word} is not one command; there are {' '.join(found or COMMANDS)}")
            return
        try:
            COMMANDS[found[0]](self, *names)
        except (ArithmeticError, ImportError, OSError, RuntimeError, ValueError) as error:
            say(error)

    def find_values(self, names: Sequence[str]) -> list[Value]:
        """Return the Values that variables of these names hold; raise ValueError for others."""
        found = {name: value for value, name in name_variables(self.namespace).items()}
        for name in names:
            if name not in found:
                there = ", ".join(found) or "none yet"
                raise ValueError(f"no Value is called {name!r}; there are {there:.200}")
        return [found[name] for name in names]

    def find_output(self, node: Value | None = None) -> Value:
        """Return the Value furthest from the leaves, of those that depend on a node."""
        held = name_variables(self.namespace)
        found = [x for x in held if node is None or node in topological_order(x)[:-1]]
        if not found:
            of = "" if node is None else f" from {held[node]}"
            raise ValueError(f"no Value has been computed{of} yet")
        return max(found, key=lambda x: x.depth)

    def enter(self) -> None:
        """Run the statement shown, then show the next."""
        print(end=self.erase)
        if self.over():
            say(OVER)
        elif self.run_statement():
            self.remember(self.demo.statements[self.position - 1].text)
            self.show()

    def over(self) -> bool:
        """Return whether every statement has run."""
        return self.position == len(self.demo.statements)

    def run_statement(self) -> bool:
        """Run the next statement; move on, and return True, only if it succeeds.

        What the learner's own lines changed is told once, where the statement builds on it.
        """
        statement = self.demo.statements[self.position]
        if told := advice.tell_touched(self.touched, statement.code, self.namespace):
            say(advice.write_note(told))
            self.touched = [x for x in self.touched if x not in told]
        try:
            exec(statement.code, self.namespace)
            for line in statement.values(self.namespace):
                print(line)
        except (Exception, KeyboardInterrupt, SystemExit):
            self.showtraceback()
            self.tell(STAYS)
            return False
        self.position += 1
        return True

    def showtraceback(self) -> None:
        """Show an error, and what may help; of a check that failed only its message."""
        error = sys.exc_info()[1]
        if error is None:
            return
        if is_check(error, str(self.demo.path)):
            self.tell(error)
            return
        super().showtraceback()
        later = {
            name: place
            for place, statement in enumerate(self.demo.statements, 1)
            for name in statement.assigns
        }
        if told := advice.advise(error, self.namespace, later):
            self.tell(told)

    def show(self) -> None:
        """Print what the script says next, and the statement that Enter will run."""
        if self.over():
            say("\n" + "\n\n".join(filter(None, [reflow(self.demo.closing), OVER])))
            return
        statement = self.demo.statements[self.position]
        said = statement.remark or statement.heading or statement.narration
        gap = "\n" if said or self.position == 0 else ""
        print(gap + statement.present(self.bold))

    def rewind(self, count: int) -> None:
        """Go back to where ``count`` statements have run."""
        say(BACK.format(count + 1))
        self.replay(count)

    def replay(self, count: int) -> None:
        """Run the first ``count`` statements, unseen, in an emptied namespace."""
        self.empty()
        unseen = io.StringIO()
        with terminal.listening(on=False), redirect_stdout(unseen), redirect_stderr(unseen):
            while self.position < count and self.run_statement():
                pass
        self.show()

    def write(self, data: str) -> None:
        """Write errors among the results, where they belong, and also during a replay."""
        self.stream.write(data)

    def tell(self, text: object) -> None:
        """Write what a lesson says after an error, fitted to the terminal."""
        self.write(for_screen(f"{text}\n"))

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

    def do_resume(self) -> None:
        """Go to where the lesson was left the last time."""
        if not self.kept():
            raise ValueError("There is nothing to resume: no place in this lesson is kept.")
        self.rewind(min(self.kept(), len(self.demo.statements)))

    def do_forget(self) -> None:
        """Delete what is kept of all lessons, and keep nothing of this one."""
        forget_progress()
        self.keeps = False
        say("Forgotten: no place in any lesson is kept.")

    def do_why(self, *names: str) -> None:
        """Say why a gradient is what it is, such as :why a, or :why L a."""
        values = self.find_values(names)
        if not values:
            raise ValueError("say of which Value, such as :why a")
        output = values[0] if len(values) > 1 else self.find_output(values[-1])
        print(why(output, values[-1], names=self.namespace))

    def do_draw(self, *names: str) -> None:
        """Draw the graph so far, or that of a Value, such as :draw L."""
        values = self.find_values(names)
        output = values[0] if values else self.find_output()
        from autograd_mini.view.draw import draw
        from autograd_mini.view.show import pictures, show

        with pictures():
            show(draw(output, names=self.namespace), "lesson")

    def do_quit(self) -> None:
        """Leave, as Ctrl-D does."""
        raise SystemExit

    def do_help(self) -> None:
        """Show these lines."""
        say(HINT, "Ctrl-C cancels a line, or stops the statement that is running.", sep="\n")
        for name, action in COMMANDS.items():
            say(f"{name:10}{action.__doc__}")


COMMANDS = {
    ":" + name.removeprefix("do_"): method
    for name, method in vars(Lesson).items()
    if name.startswith("do_")
}


def lesson(path: Path | str) -> None:
    """Step through the demo at ``path``; raises OSError or SyntaxError if it cannot be read."""
    console = Lesson(Path(path))
    editing = terminal.editing(console.namespace)
    with as_main(console.module), terminal.listening(), editing as console.remember:
        console.converse()


def is_check(error: BaseException, file: str) -> bool:
    """Tell whether an error is a check of the lesson's own or of the learner's, with a message."""
    if isinstance(error, terminal.UnansweredError):
        return True
    frames = traceback.extract_tb(error.__traceback__)
    is_ours = bool(frames) and frames[-1].filename in (file, "<console>")
    return isinstance(error, AssertionError) and bool(str(error)) and is_ours
