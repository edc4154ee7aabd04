"""One engine, one workload, in a process of its own: `python -m tests.benchmarks.worker ENGINE WORKLOAD`.

It reads one request a line and writes one line of JSON: `answer` gives the loss and every gradient,
`time 5 on` the CPU seconds of five steps with the cycle collector on.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from typing import Any

from .engines import Task, micrograd_maths, named_maths, tuples_maths
from .workloads import WORKLOADS


def main() -> None:
    """Serve requests until the input ends."""
    sys.setrecursionlimit(100_000)
    engine, workload = sys.argv[1:]
    task = Task(maths(engine), WORKLOADS[workload])
    for line in sys.stdin:
        print(json.dumps(serve(task, *line.split())), flush=True)


def maths(engine: str) -> Any:
    """The engine of that name."""
    if engine == "micrograd":
        return micrograd_maths()
    if engine == "tuples":
        return tuples_maths()
    return named_maths(engine)


def serve(task: Task, request: str, *arguments: str) -> Any:
    """The reply to one request."""
    if request == "answer":
        return task.answer()
    repetitions, collector = arguments
    return timed(task, int(repetitions), collector)


def timed(task: Task, repetitions: int, collector: str) -> float:
    """CPU seconds of so many steps, with the collector on or off."""
    if collector == "off":
        gc.collect()
        gc.disable()
    start = time.process_time()
    for _ in range(repetitions):
        task.step()
    elapsed = time.process_time() - start
    gc.enable()
    return elapsed


if __name__ == "__main__":
    main()
