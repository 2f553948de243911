"""Make ``notebooks/`` from ``solutions/`` with nbgrader: ``python -m grading.release``.

Runs stock ``nbgrader generate_assignment`` for each lesson, then writes the released notebook in
canonical form. ``--assessed`` releases lessons whose checks name slips but confirm no answer.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from course.check import ASSESSED
from upkeep.notebook_form import canonical

__all__ = ["ROOT", "lessons", "release"]

ROOT = Path(__file__).resolve().parents[1]


def lessons(root: Path = ROOT) -> list[str]:
    """Names of all lessons, in order."""
    return sorted(
        path.parent.name
        for path in (root / "solutions").glob("*/*.ipynb")
        if path.stem == path.parent.name
    )


def release(
    lesson: str, root: Path = ROOT, out: Path | None = None, assessed: bool = False
) -> Path:
    """Release one lesson.

    Parameters
    ----------
    lesson : str
        The assignment's name.
    root : pathlib.Path, optional
        The course's folder, with ``nbgrader_config.py`` and ``solutions/``.
    out : pathlib.Path, optional
        Folder to release into; ``notebooks/`` if left out.
    assessed : bool, optional
        Whether checks keep silent about right answers.

    Returns
    -------
    pathlib.Path
        The released notebook.

    Raises
    ------
    RuntimeError
        If nbgrader refuses; its own words are passed on.
    """
    target = out or root / "notebooks"
    with tempfile.TemporaryDirectory() as spare:
        # A gradebook of its own: releasing for a look must not touch the class's.
        database = (
            [f"--CourseDirectory.db_url=sqlite:///{Path(spare) / 'release.db'}"] if out else []
        )
        done = subprocess.run(
            [
                *(sys.executable, "-m", "nbgrader", "generate_assignment", lesson, "--force"),
                f"--CourseDirectory.release_directory={target}",
                *database,
            ],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"nbgrader could not release {lesson}:\n{done.stderr}")
    notebook = target / lesson / f"{lesson}.ipynb"
    notebook.write_text(
        canonical(notebook.read_text(encoding="utf-8")), encoding="utf-8", newline="\n"
    )
    if assessed:
        mark = json.dumps({"lesson": lesson, "confirms": False}) + "\n"
        (notebook.parent / ASSESSED).write_text(mark, encoding="utf-8")
    return notebook


def main() -> None:
    """Release the lessons named on the command line, or all."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("lesson", nargs="*", help="lessons to release (all if none is named)")
    reader.add_argument("--assessed", action="store_true", help="checks confirm no right answer")
    asked = reader.parse_args()
    known = lessons()
    odd = [name for name in asked.lesson if name not in known]
    if odd:
        sys.exit(f"no lesson {', '.join(odd)}; there are {', '.join(known)}")
    for name in asked.lesson or known:
        print(release(name, assessed=asked.assessed).relative_to(ROOT))


if __name__ == "__main__":
    main()
