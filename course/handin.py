"""Hand in without a hub: one zip that an instructor's ``nbgrader zip_collect`` takes as it is."""

from __future__ import annotations

import ast
import getpass
import io
import json
import os
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from course.check import _questions

__all__ = ["HandInError", "bundle"]

_STUDENT = re.compile(r"[A-Za-z0-9@.-]+(?:_[A-Za-z0-9@.-]+)*")
# Accounts that everybody on a shared machine has: they say nothing about who hands in.
# What stands in a lesson's last cell until the student writes an id there.
PLACEHOLDER = "your-id"
_SHARED = {"jovyan", "root", "user", "student", "admin", "ubuntu"}


class HandInError(ValueError):
    """Why nothing was bundled, and what to do."""


def bundle(
    lesson: str, student: str | None = None, folder: str | Path | None = None
) -> Path | None:
    """Write a zip with your notebook, ready to be sent to your instructor.

    Parameters
    ----------
    lesson : str
        The assignment, such as ``"03-chip-trade"``.
    student : str, optional
        Your id in the course. Left out, the name you are logged in with on a hub or on your own
        computer is taken.
    folder : str or pathlib.Path, optional
        Where the notebook lies; the working folder if left out.

    Returns
    -------
    pathlib.Path or None
        The zip. None while a notebook is being marked, and where nobody can tell who you are:
        then a message asks for ``student``.

    Raises
    ------
    HandInError
        If there is no such lesson, no notebook, a notebook that cannot be read, or one that is
        not this lesson's.
    """
    if os.environ.get("NBGRADER_EXECUTION"):
        return None
    place = Path(folder) if folder is not None else Path.cwd()
    who = student or _login()
    if who is None or who == PLACEHOLDER:
        print(f'Who are you? Put your student id in: handin.bundle("{lesson}", student="your-id")')
        return None
    cells = _cells(lesson, place)
    if not _STUDENT.fullmatch(who):
        raise HandInError(
            f"student is {who!r}; an id has letters, digits, and @ . - or single _ between them"
        )
    now = datetime.now(UTC)
    stem = f"{who}__{now:%Y-%m-%d-%H-%M-%S}__{lesson}"
    notebook = place / f"{lesson}.ipynb"
    path = place / f"{stem}.zip"
    about = {"student": who, "lesson": lesson, "bundled": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{stem}.ipynb", notebook.read_bytes())
        archive.writestr("bundle.json", json.dumps(about, indent=1) + "\n")
    path.write_bytes(buffer.getvalue())

    blank = unanswered(cells)
    if blank:
        print(f"Not answered yet: {', '.join(blank)}. You can answer them and bundle again.")
    print(f"Wrote {path.name} for {who}. Have you saved the notebook? Then send this file.")
    return path


def _login() -> str | None:
    name = os.environ.get("JUPYTERHUB_USER")
    if name is None:
        try:
            name = getpass.getuser()
        except (OSError, KeyError):  # no name on this machine, as in some containers
            return None
    return None if name in _SHARED else name


def _cells(lesson: str, place: Path) -> list[nbformat.NotebookNode]:
    number = lesson.partition("-")[0]
    if not any(name.startswith(f"{number}-") for name in _questions()):
        lessons = sorted({name[:2] for name in _questions()})
        raise HandInError(f"no lesson {lesson!r}; there are lessons {', '.join(lessons)}")
    path = place / f"{lesson}.ipynb"
    if not path.is_file():
        raise HandInError(f"no notebook {path.name} in {place}: run this beside the notebook")
    try:
        notebook = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError) as error:
        raise HandInError(f"{path.name} cannot be read ({type(error).__name__}): save it") from None
    found = _graded(notebook.cells)
    wanted = {name for name in _questions() if name.startswith(f"{number}-")}
    checked = set(re.findall(r'check\(\s*["\']([\w-]+)["\']', "\n".join(found.values())))
    if not wanted & checked:
        raise HandInError(
            f"{path.name} is not the lesson's notebook: none of its questions is in it"
        )
    lost = sorted(name for name in wanted - checked if _questions()[name]["points"] > 0)
    if lost:
        raise HandInError(
            f"{path.name} has lost the checks of {', '.join(lost)}: fetch the lesson again and "
            "copy your answers over"
        )
    return notebook.cells


def _graded(cells: list[nbformat.NotebookNode]) -> dict[str, str]:
    return {
        cell.metadata["nbgrader"]["grade_id"]: cell.source
        for cell in cells
        if "nbgrader" in cell.metadata
    }


def unanswered(cells: list[nbformat.NotebookNode]) -> list[str]:
    """Name the answers that still stand as they were released.

    Parameters
    ----------
    cells : list of notebook cells
        A lesson's cells.

    Returns
    -------
    list of str
        Ids of solution cells that are empty or still hold None, an empty function or the stub.
    """
    blank = []
    for cell in cells:
        mark = cell.metadata.get("nbgrader", {})
        if not mark.get("solution"):
            continue
        if cell.cell_type == "markdown":
            words = cell.source.strip()
            if not words or words.startswith("*Your answer here"):
                blank.append(mark["grade_id"])
        elif _still_blank(cell.source):
            blank.append(mark["grade_id"])
    return blank


def _still_blank(source: str) -> bool:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return False  # something was written, right or wrong
    written = False
    for node in tree.body:
        if isinstance(node, ast.Assign) and _is_none(node.value):
            return True
        if isinstance(node, ast.FunctionDef):
            body = [part for part in node.body if not _is_docstring(part)]
            if not body or all(isinstance(part, ast.Pass) for part in body):
                return True
        written = True
    return not written


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
