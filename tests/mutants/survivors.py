"""Survivors that are no fault of the tests, each with its reason."""

from tests.mutants.faults import Fault

# By file, and by the line before and after.
REASONS: dict[tuple[str, str, str], str] = {
    (
        "saving.py",
        'write_whole(path, json.dumps(content, indent=1) + "\\n")',
        'write_whole(path, json.dumps(content, indent=(2)) + "\\n")',
    ): "how far a file is indented is nobody's concern",
}


def reason_of(fault: Fault) -> str | None:
    """Return why a fault need not be noticed, or None."""
    return REASONS.get((fault.file.removeprefix("autograd_mini/"), fault.line, fault.change))
