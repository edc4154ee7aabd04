"""The workshop: build the engine from an empty file, one stage at a time, checked as you go.

What the learner's engine finds is held against what the right one finds. Where it is another
number, the museum's wrong engines run on the same graph: the one that gives it names the mistake.
"""

import argparse
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from autograd_mini import engine as our_engine
from autograd_mini.engine import Value
from autograd_mini.saving import write_whole
from autograd_mini.stepping import evaluations, number
from autograd_mini.teach.learner import run_probes
from autograd_mini.teach.mistakes import ON_PAPER, stale_inner_grads
from autograd_mini.teach.stages import STAGES, Facts, Probe, Stage

LEARNERS_FILE = Path("my_engine.py")
FIRST_LINES = '"""My engine, built stage by stage: "workshop check" looks at it."""\n'
USAGE = """python -m autograd_mini workshop [task | check | hint] [--file FILE]

  workshop          make my_engine.py, if it is not there, and give the task
  workshop check    run the tests of every stage up to the one you are at
  workshop hint     the hints for the stage you are at
  workshop task     the task again"""
COMMANDS = ("start", "task", "check", "hint")
CHECKED = (
    "Change your file and check again; 'workshop hint' helps, 'workshop task' repeats the task."
)
NO_MORE = (
    "There are no more hints for this stage; 'workshop check' says where your engine is wrong."
)
DONE = """All stages are done: your engine records, differentiates and learns.
Now read autograd_mini/engine/value.py: it is the same engine, with all its corners."""
SAME = 1e-9

# The mistakes that a gradient of a learner's engine can show; edited data is not among them.
MUSEUM = (*ON_PAPER, stale_inner_grads)


def main(arguments: Sequence[str]) -> int:
    """Run the command; return 1 if a check fails, and raise ValueError for an unknown word."""
    parser = argparse.ArgumentParser(prog="python -m autograd_mini workshop", usage=USAGE)
    words = "what to do: task, check or hint; nothing begins"
    parser.add_argument("word", nargs="?", default="start", help=words)
    parser.add_argument("--file", type=Path, default=LEARNERS_FILE, help="your engine")
    options = parser.parse_args(arguments)
    if options.word not in COMMANDS:
        raise ValueError(f"the workshop knows {', '.join(COMMANDS)}; got {options.word!r:.40}")
    if options.word == "check":
        return check(options.file)
    if options.word == "start" and not options.file.exists():
        write_whole(options.file, FIRST_LINES)
        print(f"wrote {options.file}: open it in your editor\n")
    place = find_stage(options.file)
    write = write_hints if options.word == "hint" else write_task
    print(write(place) if place < len(STAGES) else DONE)
    return 0


def check(file: Path) -> int:
    """Run the tests of every stage in turn, and say what the first that fails shows."""
    for place, stage in enumerate(STAGES):
        told = judge_stage(stage, run_probes(file, place))
        if told:
            print(f"stage {place + 1}, {stage.title}: not yet\n\n{told}\n\n{CHECKED}")
            return 1
        print(f"stage {place + 1}, {stage.title}: done")
    print(f"\n{DONE}")
    return 0


def find_stage(file: Path) -> int:
    """Return the place of the first stage whose tests fail; as many as there are, if none does."""
    for place, stage in enumerate(STAGES):
        if judge_stage(stage, run_probes(file, place)):
            return place
    return len(STAGES)


def write_task(place: int) -> str:
    """Write the task of a stage."""
    stage = STAGES[place]
    return f"stage {place + 1} of {len(STAGES)}: {stage.title}\n\n{stage.task}"


def write_hints(place: int) -> str:
    """Write the hints of a stage, and that there are no others; never the answer."""
    hints = STAGES[place].hints
    lines = [f"hint {i} of {len(hints)}: {hint}" for i, hint in enumerate(hints, 1)]
    return "\n".join([*lines, NO_MORE])


# Judging ------------------------------------------------------------------------------------------


def judge_stage(stage: Stage, found: Sequence[Facts]) -> str:
    """Say what the smallest probe that fails shows of a stage; nothing if all is right."""
    told = map(judge_probe, stage.probes, found)
    return next(filter(None, told), "")


def judge_probe(probe: Probe, facts: Facts) -> str:
    """Say what is wrong with the facts of one probe."""
    right = probe.right or probe.run(our_engine)
    if has_facts(facts, right):
        return ""
    if "error" in facts:
        return f"on {probe.text} your engine stops:\n  {facts['error']}"
    told = "; or it ".join(name_slips(probe, facts, right)) or "finds another number"
    lines = [f"on {probe.text} your engine {told}:"]
    lines += [write_fact(name, facts.get(name), fact) for name, fact in right.items()]
    if probe.graph:
        output, _ = build_graph(probe)
        lines += ["", "the graph", *(f"  {line}" for line in evaluations(output))]
    return "\n".join(lines)


def name_slips(probe: Probe, facts: Facts, right: Facts) -> Iterator[str]:
    """Yield what a learner's engine does: a slip of the probe, or mistakes of the museum."""
    yield from [slip for slip, wrong in probe.slips.items() if has_facts(facts, wrong)][:1]
    if not probe.graph:
        return
    output, leaves = build_graph(probe)
    for engine in MUSEUM:
        found, passes = engine(output), probe.passes if engine.passes == 1 else 1
        wrong = {f"{name}.grad": found[x] * passes for name, x in vars(leaves).items()}
        if has_facts(facts, wrong):
            yield engine.misstep.full
    factors = {
        "leaves every grad at 0: backward does not reach the leaves": 0.0,
        "has the sign wrong": -1.0,
        "forgets the first pass: the grads of leaves add up": 1 / probe.passes,
    }
    for slip, factor in factors.items():
        if has_facts(facts, {name: factor * x for name, x in right.items()}):
            yield slip


def build_graph(probe: Probe) -> tuple[Value, SimpleNamespace]:
    """Build the graph of a probe with our own engine; its leaves have labels."""
    assert probe.graph is not None
    output, leaves = probe.graph(our_engine)
    for name, leaf in vars(leaves).items():
        leaf.label = name
    return output, leaves


def has_facts(mine: Facts, others: Facts) -> bool:
    """Tell whether facts of the learner's are these."""
    return all(is_same(mine.get(name), fact) for name, fact in others.items())


def is_same(mine: Any, right: Any) -> bool:
    """Tell whether a fact is the right one; numbers may differ by rounding."""
    if is_numeric(right):
        return is_numeric(mine) and math.isclose(mine, right, rel_tol=SAME, abs_tol=SAME)
    return bool(mine == right)


def is_numeric(fact: Any) -> bool:
    """Tell whether a fact is a number; True and False are none."""
    return isinstance(fact, (int, float)) and not isinstance(fact, bool)


# Text ---------------------------------------------------------------------------------------------


def write_fact(name: str, mine: Any, right: Any) -> str:
    """Write a fact as the learner's engine has it, beside the right one where they differ."""
    shown, wanted = (number(float(x)) if is_numeric(x) else str(x) for x in (mine, right))
    return f"  {name} = {shown}" + ("" if is_same(mine, right) else f"   should be {wanted}")
