"""The benchmarks' command line: run the sections, print their tables, write build/bench.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from .progress import announce, progress
from .race import Pace
from .report import Table, heading, tally, write
from .sections import SECTIONS
from .sections.options import Options

QUICK = Pace(rounds=3, seconds=0.1)
THOROUGH = Pace(rounds=7, seconds=0.5)
REPORT = Path("build/bench.md")


def main() -> int:
    """Run what was asked for; 130 when interrupted, and then no report is written."""
    arguments = parser().parse_args()
    pace = QUICK if arguments.quick else THOROUGH
    options = Options(
        pace,
        slow_peers=not arguments.quick,
        ours=arguments.ours,
        eager=tuple(arguments.workloads),
    )
    try:
        found = [table.markdown() for name in arguments.sections for table in run(name, options)]
    except KeyboardInterrupt:
        announce("Stopped; no report was written.")
        return 130
    tables = "\n".join(found)
    write(REPORT, "\n".join([heading(), tally(tables), tables]))
    announce(f"{tally(tables)}Written to {REPORT}.")
    return 0


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    parsing = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parsing.add_argument(
        "sections",
        nargs="*",
        default=list(SECTIONS),
        metavar="SECTION",
        help=f"some of: {', '.join(SECTIONS)} (all, unless named)",
    )
    parsing.add_argument(
        "--quick",
        action="store_true",
        help="three short rounds, no slow peers: under two minutes, where all takes about eight",
    )
    development_options(parsing)
    return parsing


def development_options(parsing: argparse.ArgumentParser) -> None:
    """What helps whoever changes the engine."""
    parsing.add_argument(
        "--ours",
        default="ours",
        metavar="MODULE:CLASS",
        help="another class with micrograd's interface, in place of our Value",
    )
    parsing.add_argument(
        "--workloads",
        nargs="+",
        default=Options.eager,
        choices=Options.eager,
        help="only these, in the section on the eager engine",
    )


def run(name: str, options: Options) -> Iterator[Table]:
    """The tables of one section, printed as they come."""
    announce(f"{name} …")
    for table in SECTIONS[name](options):
        progress("")
        print(table.markdown(), flush=True)
        yield table


if __name__ == "__main__":
    sys.exit(main())
