"""A fair race: every contestant in its own process, rounds interleaved, ratios within a round."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

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
        self.reply()

    def ask(self, *request: object) -> Any:
        """The reply to one request; raises AbsentError with the words of a worker that failed."""
        assert self.process.stdin is not None
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
            f"{contestant.label} on {contestant.workload} is off by {wrong[0]:.1e}"
        )


class WrongAnswerError(Exception):
    """A contestant's value or gradient is not the reference's."""


@contextmanager
def workers(contestants: Sequence[Contestant]) -> Iterator[tuple[list[Worker], dict[str, str]]]:
    """The workers of those who can take part and answer rightly, and why the others cannot."""
    present: list[Worker] = []
    absent: dict[str, str] = {}
    with ExitStack() as stack:
        for contestant in contestants:
            progress(f"starting {contestant.label} on {contestant.workload}")
            try:
                worker = stack.enter_context(Worker(contestant))
                verify(contestant, worker.ask("answer"))
            except AbsentError as reason:
                absent[contestant.label] = str(reason)
            else:
                present.append(worker)
        yield present, absent


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
    with workers(contestants) as (present, absent):
        steps = [worker.steps_for(pace.seconds, collector) for worker in present]
        result = Result({worker.contestant.label: [] for worker in present}, absent)
        for number in range(pace.rounds):
            for worker, count in zip(present, steps, strict=True):
                label = worker.contestant.label
                progress(f"round {number + 1} of {pace.rounds}: {label}")
                result.seconds[label].append(worker.seconds(count, collector))
        return result
