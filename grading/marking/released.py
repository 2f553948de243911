"""A lesson as it was handed out, with what marking adds: the hidden tests and each cell's part."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat

__all__ = ["NOTEBOOKS", "SOLUTIONS", "ReleasedCell", "ReleasedLesson", "load", "restored"]

SOLUTIONS = Path(__file__).parents[2] / "solutions"
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
_CHECK = re.compile(r'check\("([0-9]{2})-([\w-]+)", (\w+)\)')


@dataclass(frozen=True)
class ReleasedCell:
    """One cell of a lesson.

    Parameters
    ----------
    id : str
        Its cell id, which is also nbgrader's.
    kind : str
        ``code`` or ``markdown``.
    role : str
        ``answer`` (the student's to write), ``test`` (locked) or ``author``.
    source : str
        As students got it.
    full : str
        As marking runs it: a test has its hidden part.
    names : tuple of str
        What an answer's cell is to define; the name that its check looks at comes first.
    metadata : dict
        As released.
    """

    id: str
    kind: str
    role: str
    source: str
    full: str
    names: tuple[str, ...]
    metadata: dict[str, Any]


@dataclass(frozen=True)
class ReleasedLesson:
    """A lesson's cells in order, and the notebook's metadata."""

    name: str
    cells: tuple[ReleasedCell, ...]
    metadata: dict[str, Any]

    @property
    def number(self) -> str:
        """Such as ``"06"``."""
        return self.name.partition("-")[0]

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each id stands."""
        return {cell.id: i for i, cell in enumerate(self.cells)}

    @cached_property
    def answers(self) -> tuple[int, ...]:
        """Where the answers' cells stand."""
        return tuple(i for i, cell in enumerate(self.cells) if cell.role == "answer")

    @cached_property
    def letters(self) -> str:
        """Every sign of its text that is not ASCII, once."""
        signs = {sign for cell in self.cells if not cell.source.isascii() for sign in cell.source}
        return "".join(sorted(sign for sign in signs if not sign.isascii()))


def restored(lesson: str, solutions: Path, notebooks: Path) -> nbformat.NotebookNode:
    """Give the notebook that marking runs: as released, right answers and all tests put back.

    Parameters
    ----------
    lesson : str
        Such as ``"06-megawatts"``.
    solutions, notebooks : pathlib.Path
        Where the solved and the released notebooks lie.

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    LookupError
        If solution and release have different cells.
    """
    solved, book = _both(lesson, solutions, notebooks)
    sources = {cell.id: cell.source for cell in solved.cells}
    for cell in book.cells:
        if "nbgrader" in cell.metadata:
            cell.source = sources[cell.id]
    return book


def load(lesson: str, solutions: Path = SOLUTIONS, notebooks: Path = NOTEBOOKS) -> ReleasedLesson:
    """Read a lesson for marking.

    Parameters
    ----------
    lesson, solutions, notebooks
        As for :func:`restored`.

    Returns
    -------
    ReleasedLesson

    Raises
    ------
    LookupError
        If solution and release have different cells.
    """
    solved, book = _both(lesson, solutions, notebooks)
    full = {cell.id: cell.source for cell in solved.cells}
    checked = {
        question: name
        for cell in book.cells
        for number, question, name in _CHECK.findall(cell.source)
        if number == lesson.partition("-")[0]
    }
    cells = []
    for cell in book.cells:
        mark = cell.metadata.get("nbgrader", {})
        role = "answer" if mark.get("solution") else "test" if mark else "author"
        names = _names(cell.source) if role == "answer" and cell.cell_type == "code" else []
        first = checked.get(cell.id)
        if first in names:
            names = [first, *(name for name in names if name != first)]
        cells.append(
            ReleasedCell(
                id=cell.id,
                kind=cell.cell_type,
                role=role,
                source=cell.source,
                full=full[cell.id] if role == "test" else cell.source,
                names=tuple(names),
                metadata=dict(cell.metadata),
            )
        )
    return ReleasedLesson(lesson, tuple(cells), dict(book.metadata))


def _both(lesson: str, solutions: Path, notebooks: Path) -> list[nbformat.NotebookNode]:
    solved, book = (
        nbformat.read(room / lesson / f"{lesson}.ipynb", as_version=4)
        for room in (solutions, notebooks)
    )
    apart = sorted({cell.id for cell in solved.cells} ^ {cell.id for cell in book.cells})
    if apart:
        raise LookupError(
            f"{lesson}: {', '.join(apart)} is in the solution or in the release, not in both; "
            f"run python -m grading.release {lesson}"
        )
    return [solved, book]


def _names(source: str) -> list[str]:
    """Names that a released answer's cell defines."""
    found = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign):
            found += [target.id for target in node.targets if isinstance(target, ast.Name)]
    return list(dict.fromkeys(found))
