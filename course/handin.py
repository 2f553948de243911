"""Hand in without a hub: one zip that an instructor's ``nbgrader zip_collect`` takes as it is."""

from __future__ import annotations

import ast
import getpass
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from course.check.call import questions
from course.slips import Slip, called
from course.threads import ledger

__all__ = ["HandInError", "bundle"]

# Two underscores part the id from the time; a leading dot could name another folder.
_STUDENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9@.-]*(?:_[A-Za-z0-9@.-]+)*")
_LESSON = re.compile(r"[0-9]{2}-[a-z0-9-]+")
# What stands in a lesson's last cell until the student writes an id there.
PLACEHOLDER = "your-id"
# Accounts that everybody on a shared machine has: they say nothing about who hands in.
_SHARED = {"jovyan", "root", "user", "student", "admin", "ubuntu"}


class HandInError(Slip):
    """Why nothing was bundled, and what to do."""


@called("handin.bundle")
def bundle(
    lesson: str, student: str | int | None = None, folder: str | Path | None = None
) -> Path | None:
    """Write a zip with your notebook and your ledger, ready to be sent to your instructor.

    Parameters
    ----------
    lesson : str
        The assignment, such as ``"03-chip-trade"``.
    student : str or int, optional
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
    who = _login() if student is None else str(student).strip()
    if who is None or who in ("", PLACEHOLDER):
        print(f'Who are you? Put your student id in: handin.bundle("{lesson}", student="your-id")')
        return None
    cells = _cells(lesson, place)
    if not _STUDENT.fullmatch(who):
        raise HandInError(
            f"student is {who!r}; an id begins with a letter or digit and has letters, digits, "
            "@ . - and single _"
        )
    now = datetime.now(UTC)
    time = f"{now:%Y-%m-%dT%H%M%SZ}"  # a form that nbgrader can read
    stem = f"{who}__{time}__{lesson}"
    carried = ledger.path(place)
    notebook = place / f"{lesson}.ipynb"
    path = place / f"{stem}.zip"
    about = {"student": who, "lesson": lesson, "bundled": f"{now:%Y-%m-%dT%H:%M:%SZ}"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{stem}.ipynb", notebook.read_bytes())
        archive.writestr("bundle.json", json.dumps(about, indent=1) + "\n")
        if carried.is_file():
            archive.writestr(f"{who}__{time}__{ledger.FILE}", carried.read_bytes())
    path.write_bytes(buffer.getvalue())

    blank = unanswered(cells)
    if blank:
        print(f"Not answered yet: {', '.join(blank)}. You can answer them and bundle again.")
    print(f"Wrote {path.name} for {who}. Have you saved the notebook? Then send this file.")
    return path


def _login() -> str | None:
    if os.environ.get("BINDER_LAUNCH_HOST"):
        return None  # Binder makes up a name for each visit
    name = os.environ.get("JUPYTERHUB_USER")
    if name is None:
        try:
            name = getpass.getuser()
        except (OSError, KeyError, ImportError):  # no name on this machine, as in some containers
            return None
    return None if name in _SHARED or not _STUDENT.fullmatch(name) else name


def _cells(lesson: str, place: Path) -> list[nbformat.NotebookNode]:
    number = lesson.partition("-")[0]
    if not _LESSON.fullmatch(lesson) or not any(
        name.startswith(f"{number}-") for name in questions()
    ):
        lessons = sorted({name[:2] for name in questions()})
        raise HandInError(f"no lesson {lesson!r}; there are lessons {', '.join(lessons)}")
    path = place / f"{lesson}.ipynb"
    if not path.is_file():
        raise HandInError(f"no notebook {path.name} in {place}: run this beside the notebook")
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except (ValueError, KeyError, AttributeError, nbformat.ValidationError):
        # What nbformat raises for a file cut short, an empty one, or JSON of another kind.
        raise HandInError(
            f"{path.name} cannot be read: save it again, or fetch the "
            "lesson anew and copy your answers over"
        ) from None
    found = _graded(notebook.cells)
    wanted = {name for name in questions() if name.startswith(f"{number}-")}
    checked = set(re.findall(r'check\(\s*["\']([\w-]+)["\']', "\n".join(found.values())))
    everywhere = "\n".join(cell.source for cell in notebook.cells)
    if not any(f'"{name}"' in everywhere for name in wanted):
        raise HandInError(
            f"{path.name} is not the lesson's notebook: none of its questions is in it"
        )
    lost = sorted(name for name in wanted - checked if questions()[name]["points"] > 0)
    if lost:
        raise HandInError(
            f"{path.name} has lost the checks of {', '.join(lost)}: fetch the lesson again and "
            "copy your answers over"
        )
    return notebook.cells


def _graded(cells: list[nbformat.NotebookNode]) -> dict[str, str]:
    marks = [(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source) for cell in cells]
    return {name: source for name, source in marks if name}


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
    # The stub says `answer_q1 = None` and students write below it: the last word counts.
    last: dict[str, bool] = {}
    for node in sorted(_statements(tree.body), key=lambda node: node.lineno):
        if isinstance(node, ast.FunctionDef):
            body = [part for part in node.body if not _is_docstring(part)]
            last[node.name] = all(isinstance(part, ast.Pass) for part in body)
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                last[ast.unparse(target)] = _is_none(node.value)
    return any(last.values()) or not tree.body


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements in order, those inside if, for, with and try too, a function's own left out."""
    for node in body:
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            for inner in ast.iter_child_nodes(node):
                if isinstance(inner, ast.stmt):
                    yield from _statements([inner])


def _is_none(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
