"""A lesson as the examiner needs it: cells by role, tests put back, names of answers."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbgrader.utils import is_grade, is_locked, is_solution

__all__ = ["Lesson", "load", "role"]

ROOT = Path(__file__).resolve().parents[2]


class Lesson(NamedTuple):
    """What the examiner knows of a lesson.

    ``book`` is the notebook as released with all tests put back, ``opening`` the authors' code
    before the first answer, ``names`` what answers are called.
    """

    name: str
    book: nbformat.NotebookNode
    opening: list[str]
    names: frozenset[str]


def role(cell: nbformat.NotebookNode) -> str:
    """Tell what a cell is: ``test``, ``answer``, ``prose`` or ``author`` (code of the lesson)."""
    if cell.cell_type == "code" and is_grade(cell) and is_locked(cell):
        return "test"
    if is_solution(cell):
        return "answer"
    return "author" if cell.cell_type == "code" else "prose"


def load(name: str, root: Path = ROOT) -> Lesson:
    """Read a lesson.

    Parameters
    ----------
    name : str
        Such as ``"06-megawatts"``.
    root : pathlib.Path, optional
        The course's top folder.

    Returns
    -------
    Lesson

    Raises
    ------
    LookupError
        If release and solution have different cells.
    """
    solved, book = (
        nbformat.read(root / room / name / f"{name}.ipynb", as_version=4)
        for room in ("solutions", "notebooks")
    )
    sources = {cell.id: cell.source for cell in solved.cells}
    apart = sorted(sources.keys() ^ {cell.id for cell in book.cells})
    if apart:
        raise LookupError(
            f"{name}: {', '.join(apart)} is in the solution or in the release, not in both; "
            f"run python -m grading.release {name}"
        )
    names: set[str] = set()
    for cell in book.cells:
        if role(cell) == "test":
            cell.source = sources[cell.id]
        elif role(cell) == "answer" and cell.cell_type == "code":
            names |= _defined(sources[cell.id])
    first = next((i for i, cell in enumerate(book.cells) if role(cell) == "answer"), 0)
    opening = [cell.source for cell in book.cells[:first] if cell.cell_type == "code"]
    return Lesson(name, book, opening, frozenset(names))


def _defined(source: str) -> set[str]:
    """Names that a cell defines at its top level."""
    found: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        found |= {
            one.id
            for one in ast.walk(node)
            if isinstance(one, ast.Name)
            and isinstance(one.ctx, ast.Store)
            and not isinstance(node, (ast.FunctionDef, ast.ClassDef))
        }
    return found
