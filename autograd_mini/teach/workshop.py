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
from autograd_mini.teach import mistakes
from autograd_mini.teach.learner import run_probes
from autograd_mini.teach.mistakes import Found, Mistake
from autograd_mini.teach.stages import STAGES, Facts, Probe, Stage

LEARNERS_FILE = Path("my_engine.py")
FIRST_LINES = '"""My engine, built stage by stage: "workshop check" looks at it."""\n'
USAGE = """python -m autograd_mini workshop [task | check | hint] [--file FILE]

  workshop          make my_engine.py, if it is not there, and give the task
  workshop check    run the tests of every stage up to the one you are at
  workshop hint     the hints for the stage you are at
  workshop task     the task again"""
SAME = 1e-9

# The mistakes that a gradient of a learner's engine can show; edited data is not among them.
MUSEUM: tuple[Mistake, ...] = (
    mistakes.overwrite,
    mistakes.recursion,
    mistakes.same_edge_once,
    mistakes.forgot_chain,
    mistakes.forgot_partial,
    mistakes.swapped_operands,
    mistakes.stale_inner_grads,
)


def main(arguments: Sequence[str]) -> int:
    """Run the command; return 1 if a check fails, and raise ValueError for an unknown word."""
    parser = argparse.ArgumentParser(prog="python -m autograd_mini workshop", usage=USAGE)
    words = "what to do: task, check or hint; nothing begins"
    parser.add_argument("word", nargs="?", default="start", help=words)
    parser.add_argument("--file", type=Path, default=LEARNERS_FILE, help="your engine")
    options = parser.parse_args(arguments)
    if options.word not in COMMANDS:
        raise ValueError(f"the workshop knows {', '.join(COMMANDS)}; got {options.word!r:.40}")
    return COMMANDS[options.word](options.file)


def start(file: Path) -> int:
    """Make the learner's file, if it is not there, and give the task."""
    if not file.exists():
        write_whole(file, FIRST_LINES)
        print(f"wrote {file}: open it in your editor\n")
    return give_task(file)


def give_task(file: Path) -> int:
    """Print the task of the stage that the learner is at."""
    place = find_stage(file)
    if place < len(STAGES):
        stage = STAGES[place]
        print(f"stage {place + 1} of {len(STAGES)}: {stage.title}\n\n{stage.task}")
    else:
        print(DONE)
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


def give_hint(file: Path) -> int:
    """Print the hints of the stage that the learner is at; never the answer."""
    place = find_stage(file)
    if place < len(STAGES):
        print(write_hints(STAGES[place].hints))
    else:
        print(DONE)
    return 0


COMMANDS = {"start": start, "task": give_task, "check": check, "hint": give_hint}
CHECKED = (
    "Change your file and check again; 'workshop hint' helps, 'workshop task' repeats the task."
)
NO_MORE = (
    "There are no more hints for this stage; 'workshop check' says where your engine is wrong."
)
DONE = """All stages are done: your engine records, differentiates and learns.
Now read autograd_mini/engine/value.py: it is the same engine, with all its corners."""


def find_stage(file: Path) -> int:
    """Return the place of the first stage whose tests fail; as many as there are, if none does."""
    for place, stage in enumerate(STAGES):
        if judge_stage(stage, run_probes(file, place)):
            return place
    return len(STAGES)


def write_hints(hints: Sequence[str]) -> str:
    """Write the hints of a stage with their numbers, and that there are no others.

    >>> print(write_hints(["look at the operands", "both may be one node"]))
    hint 1 of 2: look at the operands
    hint 2 of 2: both may be one node
    There are no more hints for this stage; 'workshop check' says where your engine is wrong.
    """
    lines = [f"hint {i} of {len(hints)}: {hint}" for i, hint in enumerate(hints, 1)]
    return "\n".join([*lines, NO_MORE])


# Judging ------------------------------------------------------------------------------------------


def judge_stage(stage: Stage, found: Sequence[Facts]) -> str:
    """Say what the smallest probe that fails shows of a stage; nothing if all is right."""
    told = map(judge_probe, stage.probes, found)
    return next(filter(None, told), "")


def judge_probe(probe: Probe, facts: Facts) -> str:
    """Say what is wrong with the facts of one probe."""
    right = right_gradients(probe) if probe.graph else probe.right
    if has_facts(facts, right):
        return ""
    if "error" in facts:
        return f"on {probe.text} your engine stops:\n  {facts['error']}"
    lines = [f"on {probe.text} your engine {name_slip(probe, facts)}"]
    lines += [write_fact(name, facts.get(name), fact) for name, fact in right.items()]
    return "\n".join([*lines, *(draw_graph(probe) if probe.graph else [])])


def has_facts(mine: Facts, others: Facts) -> bool:
    """Tell whether facts of the learner's are these."""
    return all(is_same(mine.get(name), fact) for name, fact in others.items())


def is_same(mine: Any, right: Any) -> bool:
    """Tell whether a fact is the right one; numbers may differ by rounding."""
    if isinstance(right, (int, float)) and not isinstance(right, bool):
        is_number = isinstance(mine, (int, float)) and not isinstance(mine, bool)
        return is_number and math.isclose(mine, right, rel_tol=SAME, abs_tol=SAME)
    return bool(mine == right)


def right_gradients(probe: Probe) -> dict[str, float]:
    """Return what the right engine finds for the gradients of a probe."""
    output, leaves = build_graph(probe)
    return name_gradients(leaves, mistakes.right(output), probe.passes)


def name_gradients(leaves: SimpleNamespace, found: Found, passes: int) -> dict[str, float]:
    """Return the gradients of the leaves by their names, after so many passes."""
    return {f"{name}.grad": found[leaf] * passes for name, leaf in vars(leaves).items()}


def build_graph(probe: Probe) -> tuple[Value, SimpleNamespace]:
    """Build the graph of a probe with our own engine; its leaves have labels."""
    assert probe.graph is not None
    output, leaves = probe.graph(our_engine)
    for name, leaf in vars(leaves).items():
        leaf.label = name
    return output, leaves


def name_slip(probe: Probe, facts: Facts) -> str:
    """Say what a learner's engine does: a slip of the probe, or a mistake of the museum."""
    told = [slip for slip, wrong in probe.slips.items() if has_facts(facts, wrong)][:1]
    if probe.graph:
        told = [*name_mistakes(probe, facts), *name_plain_slips(probe, facts)]
    return "; or it ".join(told) + ":" if told else "finds another number:"


def name_mistakes(probe: Probe, facts: Facts) -> Iterator[str]:
    """Yield what the museum's engines that find the learner's numbers do."""
    output, leaves = build_graph(probe)
    for engine in MUSEUM:
        passes = probe.passes if engine.passes == 1 else 1
        if has_facts(facts, name_gradients(leaves, engine(output), passes)):
            yield engine.misstep.full


def name_plain_slips(probe: Probe, facts: Facts) -> Iterator[str]:
    """Yield the slips that have no engine: nothing at all, the wrong sign, one pass for two."""
    right = right_gradients(probe)
    if has_facts(facts, dict.fromkeys(right, 0.0)):
        yield "leaves every grad at 0: backward does not reach the leaves"
    if has_facts(facts, {name: -x for name, x in right.items()}):
        yield "has the sign wrong"
    if has_facts(facts, {name: x / probe.passes for name, x in right.items()}):
        yield "forgets the first pass: the grads of leaves add up"


# Text ---------------------------------------------------------------------------------------------


def write_fact(name: str, mine: Any, right: Any) -> str:
    """Write a fact as the learner's engine has it, beside the right one where they differ."""
    sign = "" if is_same(mine, right) else f"   should be {show_fact(right)}"
    return f"  {name} = {show_fact(mine)}{sign}"


def show_fact(fact: Any) -> str:
    """Write a fact: numbers as they are written everywhere."""
    is_number = isinstance(fact, (int, float)) and not isinstance(fact, bool)
    return number(float(fact)) if is_number else str(fact)


def draw_graph(probe: Probe) -> list[str]:
    """Write the graph of a probe: what every node is computed from."""
    output, _ = build_graph(probe)
    return ["", "the graph", *(f"  {line}" for line in evaluations(output))]
