"""Time engines beside each other and print ratios: `python -m tests.benchmarks --ours module:Value`."""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
from typing import Any

from .workloads import WORKLOADS


class Process:
    """A worker, and how to ask it."""

    def __init__(self, engine: str, workload: str) -> None:
        command = [sys.executable, "-m", "tests.benchmarks.worker", engine, workload]
        self.pipe = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def ask(self, *request: Any) -> Any:
        """The worker's reply."""
        assert self.pipe.stdin and self.pipe.stdout
        print(*request, file=self.pipe.stdin, flush=True)
        return json.loads(self.pipe.stdout.readline())

    def close(self) -> None:
        """End the worker."""
        assert self.pipe.stdin
        self.pipe.stdin.close()
        self.pipe.wait()


def check(answers: dict[str, Any]) -> None:
    """All engines agree to 1e-9 in value and gradients."""
    (value, gradients), *others = answers.values()
    for other, others_gradients in others:
        pairs = zip([value, *gradients], [other, *others_gradients], strict=True)
        assert all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in pairs)


def race(engines: list[str], workload: str, collector: str, rounds: int) -> dict[str, list[float]]:
    """Seconds per step of each engine in each round."""
    workers = {engine: Process(engine, workload) for engine in engines}
    check({engine: worker.ask("answer") for engine, worker in workers.items()})
    counts = {
        engine: max(2, round(0.2 / worker.ask("time", 2, collector) * 2))
        for engine, worker in workers.items()
    }
    seconds: dict[str, list[float]] = {engine: [] for engine in engines}
    for _ in range(rounds):
        for engine, worker in workers.items():
            taken = worker.ask("time", counts[engine], collector)
            seconds[engine].append(taken / counts[engine])
    for worker in workers.values():
        worker.close()
    return seconds


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", default="autograd_mini.engine:Value", metavar="MODULE:CLASS")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workloads", nargs="*", default=["expression", "moons", "xor", "gpt"])
    arguments = parser.parse_args()
    engines = ["micrograd", "tuples", arguments.ours]
    for collector in ("on", "off"):
        for workload in arguments.workloads:
            seconds = race(engines, workload, collector, arguments.rounds)
            ours = seconds[arguments.ours]
            line = f"{WORKLOADS[workload].title:30} collector {collector:4}"
            for peer in engines[:2]:
                ratios = [p / o for p, o in zip(seconds[peer], ours, strict=True)]
                low, high = min(ratios), max(ratios)
                line += f"  over {peer}: {statistics.median(ratios):6.2f} ({low:.2f}-{high:.2f})"
            print(line, f"  [{statistics.median(ours) * 1e6:.1f} us]", flush=True)


if __name__ == "__main__":
    main()
