"""Write the hidden tests of ``solutions/`` from the key: ``python -m grading.hidden [lesson ...]``.

A cell such as ``q3-hidden`` keeps its id, its points and its place; what stands between the marks
of hidden tests is the sealed record of the question's calls. A test compares cells and key.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from pathlib import Path

import nbformat

from course.check.hidden import packed, unpacked
from grading.cases import record
from grading.key import KEYS, KeyFileError, load_key
from upkeep.notebook_form import canonical

__all__ = ["ANNOUNCED", "hidden_record", "record_in", "write"]

SOLUTIONS = Path(__file__).parents[1] / "solutions"
#: What a student sees of a hidden test.
ANNOUNCED = "# More tests run here when your work is marked."
_WIDTH = 96
_CELL = """{announced}
### BEGIN HIDDEN TESTS
# From the key, by python -m grading.hidden {lesson}: change it there.
__import__("course.check.hidden").check.hidden.hidden(
    \"\"\"
{text}
\"\"\",
    globals().get("{name}"),
)
### END HIDDEN TESTS"""


def hidden_record(lesson: str, question: dict) -> dict:
    """The record of a question's calls at marking.

    Parameters
    ----------
    lesson : str
        Such as ``"03-chip-trade"``.
    question : dict
        A function question of its key.

    Returns
    -------
    dict
    """
    name = f"{lesson.partition('-')[0]}-{question['id']}"
    salt = f"chips-watts-reactors {name}"
    return {
        "points": float(question["hidden_points"]),
        "salt": salt,
        **record(question, f"{lesson}, {question['id']}", salt, hidden=True),
    }


def record_in(source: str) -> dict | None:
    """The record in a cell's source; None if it holds none."""
    parts = source.split('"""')
    return unpacked(parts[1]) if len(parts) == 3 else None


def _cell(lesson: str, question: dict, made: dict) -> str:
    text = textwrap.fill(packed(made), _WIDTH)
    return _CELL.format(announced=ANNOUNCED, lesson=lesson, text=text, name=question["name"])


def write(lesson: str, solutions: Path = SOLUTIONS, keys: Path = KEYS) -> list[str]:
    """Write a lesson's hidden tests anew where they are not those of the key.

    Parameters
    ----------
    lesson : str
        Such as ``"03-chip-trade"``.
    solutions, keys : pathlib.Path, optional
        Where the notebooks and the keys lie.

    Returns
    -------
    list of str
        The ids of the cells that changed.

    Raises
    ------
    KeyFileError
        If the key cannot be used, or the notebook has no cell for a question's hidden tests.
    """
    path = solutions / lesson / f"{lesson}.ipynb"
    book = nbformat.read(path, as_version=4)
    cells = {cell.id: cell for cell in book.cells}
    changed = []
    for question in load_key(keys / f"{lesson}.toml")["question"]:
        if question["kind"] != "function" or not question["hidden_points"]:
            continue
        name = f"{question['id']}-hidden"
        if name not in cells:
            raise KeyFileError(f"{path.name}: there is no cell {name}; add it below the check")
        made = hidden_record(lesson, question)
        if record_in(cells[name].source) != made:
            cells[name].source = _cell(lesson, question, made)
            changed.append(name)
    if changed:
        path.write_text(canonical(nbformat.writes(book)), encoding="utf-8", newline="\n")
    return changed


def main() -> None:
    """Write the hidden tests of the lessons named on the command line, or of all."""
    reader = argparse.ArgumentParser(prog="python -m grading.hidden", description=__doc__)
    reader.add_argument("lesson", nargs="*", help="such as 06-megawatts; all if left out")
    known = [path.stem for path in sorted(KEYS.glob("*.toml"))]
    asked = reader.parse_args().lesson
    odd = [name for name in asked if name not in known]
    if odd:
        sys.exit(f"no lesson {', '.join(odd)}; there are {', '.join(known)}")
    for lesson in asked or known:
        try:
            changed = write(lesson)
        except KeyFileError as error:
            sys.exit(f"the key is not usable: {error}")
        print(f"{lesson}: {', '.join(changed) or 'as they were'}")


if __name__ == "__main__":
    main()
