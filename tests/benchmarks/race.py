"""A fair race: every contestant in its own process, rounds interleaved, ratios within a round."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from . import reference
from .progress import progress
from .tasks import AbsentError

ROOT = Path(__file__).parents[2]

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}
"""Every contestant computes on one core; the clock counts all threads in any case."""


@dataclass(frozen=True)
class Contestant:
    """One engine on one workload; a step may stand for many *evaluations*."""

    label: str
    engine: str
    workload: str
    evaluations: int = 1


class Worker:
    """A contestant's process."""

    def __init__(self, contestant: Contestant) -> None:
        self.contestant = contestant
        module = f"{__package__}.worker"
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, contestant.engine, contestant.workload],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | ONE_THREAD,
            cwd=ROOT,
        )

    def ask(self, *request: object) -> Any:
        """The reply to one request; raises AbsentError with the words of a worker that failed."""
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended, and its last words say why
            print(*request, file=self.process.stdin, flush=True)
        return self.reply()

    def reply(self) -> Any:
        """The next line, understood."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise AbsentError(f"its process ended with status {self.process.returncode}")
        answer = json.loads(line)
        if "absent" in answer:
            raise AbsentError(answer["absent"])
        return answer["reply"]

    def seconds(self, steps: int, collector: str) -> float:
        """CPU seconds of one evaluation, averaged over so many steps."""
        return float(self.ask("time", steps, collector)) / steps / self.contestant.evaluations

    def steps_for(self, seconds: float, collector: str) -> int:
        """How many steps take about that long."""
        steps = 1
        while (taken := float(self.ask("time", steps, collector))) < seconds / 4:
            steps *= 4
        return max(1, round(steps * seconds / taken))

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()


def verify(contestant: Contestant, answer: Sequence[float]) -> None:
    """Compare value and gradients with the reference to 1e-9; raises WrongAnswerError."""
    pairs = zip(answer, reference.answer(contestant.workload), strict=True)
    errors = [abs(given - right) / max(1.0, abs(right)) for given, right in pairs]
    wrong = [error for error in errors if not error <= 1e-9]  # NaN is wrong, too
    if wrong:
        raise WrongAnswerError(
            f"WRONG: {contestant.label} on {contestant.workload} is off by {wrong[0]:.1e}"
        )


class WrongAnswerError(AbsentError):
    """A contestant's value or gradient is not the reference's."""


Reply = TypeVar("Reply")


class Field:
    """The workers that take part, and why the others do not."""

    def __init__(self, present: list[Worker]) -> None:
        self.present = present
        self.absent: dict[str, str] = {}

    def ask(self, question: Callable[[Worker], Reply]) -> dict[str, Reply]:
        """The reply of each worker to the question; one that fails drops out."""
        replies = {}
        for worker in tuple(self.present):
            try:
                replies[worker.contestant.label] = question(worker)
            except AbsentError as reason:
                self.absent[worker.contestant.label] = str(reason)
                self.present.remove(worker)
        return replies


@contextmanager
def workers(contestants: Sequence[Contestant]) -> Iterator[Field]:
    """A worker for each contestant; those that cannot start or answer rightly are absent."""
    with ExitStack() as processes:
        field = Field([processes.enter_context(Worker(contestant)) for contestant in contestants])
        field.ask(check)
        yield field


def check(worker: Worker) -> None:
    """Have the worker's first answer compared with the reference."""
    contestant = worker.contestant
    progress(f"checking {contestant.label} on {contestant.workload}")
    verify(contestant, worker.ask("answer"))


@dataclass
class Result:
    """The seconds of every contestant in every round, and why some are absent."""

    seconds: dict[str, list[float]]
    absent: dict[str, str] = field(default_factory=dict)

    def ratios(self, slower: str, faster: str) -> list[float]:
        """How many times *faster* is ahead of *slower*, round by round; empty if one is absent."""
        pairs = zip(self.seconds.get(slower, []), self.seconds.get(faster, []), strict=False)
        return [one / other for one, other in pairs]

    def median(self, label: str) -> float:
        """The middle of the rounds."""
        return statistics.median(self.seconds[label])


@dataclass(frozen=True)
class Pace:
    """How many rounds, and about how many seconds each contestant has in each."""

    rounds: int
    seconds: float


def race(contestants: Sequence[Contestant], collector: str, pace: Pace) -> Result:
    """Time all contestants, one after the other in each round."""
    with workers(contestants) as field:
        steps = field.ask(lambda worker: worker.steps_for(pace.seconds, collector))
        rounds = []
        for number in range(pace.rounds):

            def seconds(worker: Worker, number: int = number) -> float:
                label = worker.contestant.label
                progress(f"round {number + 1} of {pace.rounds}: {label}")
                return worker.seconds(steps[label], collector)

            rounds.append(field.ask(seconds))
        labels = [worker.contestant.label for worker in field.present]
        return Result({label: [one[label] for one in rounds] for label in labels}, field.absent)
