"""Say which figures have no entry or a wrong one: ``python -m tests.figures 03-chip-trade``."""

from __future__ import annotations

import sys

from course.tables import files
from tests.figures.registry import LESSONS, faults_of_documents, faults_of_table, lesson_faults


def main(asked: list[str]) -> int:
    """Print the faults of the lessons, tables or ``documents`` named; all if none is."""
    known = [resource["name"] for resource in files.package()["resources"]]
    said = []
    for name in asked or [*LESSONS, *known, "documents"]:
        if name in LESSONS:
            said += [f"{name}: {fault}" for fault in lesson_faults(name)]
        elif name in known:
            said += [f"{name}: {fault}" for fault in faults_of_table(name)]
        elif name == "documents":
            said += faults_of_documents()
        else:
            sys.exit(f"{name!r} is no lesson and no table")
    print("\n".join(said) or "every figure is what it is worked out from")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
