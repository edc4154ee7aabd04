"""One engine on one workload: `python -m tests.benchmarks.worker ENGINE WORKLOAD`.

It reads one request a line and writes one line of JSON: `answer` gives value and gradients,
`time 5 on` the CPU seconds of five steps with the cycle collector on, `memory` and `leftovers` what
`footprint.py` says.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from .drawing import picture
from .engines import absences, task_of
from .footprint import footprint, leftovers
from .programs import compile_cost
from .tasks import AbsentError, Task
from .training import kernel_cost


def main() -> None:
    """Serve requests until the input ends."""
    sys.setrecursionlimit(3_000_000)  # the recursive designs need it on long chains
    engine, workload = sys.argv[1:]
    try:
        task = task_of(engine, workload)
        for line in sys.stdin:
            reply(serve(task, *line.split()))
    except AbsentError as reason:
        print(json.dumps({"absent": str(reason)}), flush=True)
    except Exception as error:
        print(json.dumps({"absent": f"failed, {type(error).__name__}: {error}"}), flush=True)
        raise
    except KeyboardInterrupt:
        sys.exit(130)


def reply(answer: Any) -> None:
    """One line, at once."""
    print(json.dumps({"reply": answer}), flush=True)


def serve(task: Any, request: str, *arguments: str) -> Any:
    """The answer to one request."""
    with absences():
        return REQUESTS[request](task, *arguments)


def answer(task: Task) -> list[float]:
    """The value, then every gradient."""
    value, gradients = task.answer()
    return [value, *gradients]


def timed(task: Task, steps: str, collector: str) -> float:
    """CPU seconds of so many steps, with the collector on or off."""
    if collector == "off":
        gc.collect()
        gc.disable()
    start = time.process_time()
    for _ in range(int(steps)):
        task.step()
    elapsed = time.process_time() - start
    gc.enable()
    return elapsed


REQUESTS: dict[str, Callable[..., Any]] = {
    "answer": answer,
    "time": timed,
    "memory": footprint,
    "leftovers": leftovers,
    "compile": compile_cost,
    "picture": picture,
    "kernel": kernel_cost,
}

if __name__ == "__main__":
    main()
