"""Mark a lesson: ``python -m grading.mark 06-megawatts``.

The same submissions as stock ``nbgrader autograde`` marks, into the same gradebook and folders,
with the tests outside the student's process. ``grading/README.md`` says what that protects.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties

from grading.marking import batch, gradebook, sandbox
from grading.marking.rebuilding import Refused
from grading.marking.released import load
from grading.marking.submissions import Submission, handed_in

__all__ = ["main"]

#: So many submissions are written in one transaction.
_BATCH = 20


def _course() -> tuple[CourseDirectory, AssignLatePenalties]:
    """The course's folders and its late penalty, as nbgrader_config.py has them."""
    app = NbGrader()
    app.load_config_file()
    folders = CourseDirectory(config=app.config)
    late = AssignLatePenalties(config=app.config)
    late.init_plugin()
    return folders, late


def main(asked: list[str] | None = None) -> int:
    """Run the command; 1 if a submission could not be marked."""
    parser = argparse.ArgumentParser(prog="python -m grading.mark", description=__doc__)
    parser.add_argument("lesson", help="such as 06-megawatts")
    parser.add_argument("--student", action="append", help="only this one; may be given again")
    parser.add_argument("--force", action="store_true", help="also what is marked and unchanged")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="all cores")
    parser.add_argument("--timeout", type=float, default=60, help="seconds that a cell may take")
    parser.add_argument("--require-sandbox", action="store_true", help="refuse limits alone")
    args = parser.parse_args(asked)
    folders, late = _course()
    root = Path(folders.root)
    lesson = load(args.lesson, root / folders.source_directory, root / folders.release_directory)
    submitted, autograded = root / folders.submitted_directory, root / folders.autograded_directory
    rung = sandbox.best(args.require_sandbox)
    if rung == "limits":
        print(_WARNING.format("; ".join(map(sandbox.why_not, sandbox.RUNGS[:-1]))), file=sys.stderr)
    batch.tidy(autograded, args.lesson)
    roster = gradebook.students(folders.db_url)
    found = list(handed_in(submitted, autograded, args.lesson, roster, args.student))
    refused = [str(one) for one in found if isinstance(one, Refused)]
    given = [one for one in found if isinstance(one, Submission)]
    todo = [one for one in given if args.force or not one.unchanged]
    skipped = len(given) - len(todo)
    began = time.monotonic()
    marked, repaired = 0, []
    pile: list[batch.Done] = []

    def settle() -> None:
        gradebook.write(folders.db_url, args.lesson, [one.result for one in pile], late.plugin_inst)
        batch.settle(pile)
        pile.clear()

    workers = max(1, min(args.workers, len(todo)))
    try:
        for done in batch.marked(todo, lesson, autograded, rung, workers, args.timeout):
            if done.refused:
                refused.append(done.refused)
                continue
            marked += 1
            repaired += done.repairs
            pile.append(done)
            if len(pile) >= _BATCH:
                settle()
    finally:
        settle()
    seconds = time.monotonic() - began
    each = f", {seconds / marked:.2f} s each" if marked else ""
    print(
        f"{args.lesson}: {marked} marked in {seconds:.0f} s{each}; {skipped} unchanged; "
        f"{len(refused)} not marked; sandbox: {rung}"
    )
    for line in [*repaired, *refused]:
        print(f"  {line}")
    return 1 if refused else 0


_WARNING = (
    "WARNING: no sandbox. Students' code runs with your rights: it can read and delete what you "
    "can. Why: {}"
)


if __name__ == "__main__":
    sys.exit(main())
