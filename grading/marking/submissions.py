"""What lies in ``grading/submitted/``: whose it is, which files count, what has been marked."""

from __future__ import annotations

import difflib
import os
import re
import stat
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from course.threads.ledger import FILE as LEDGER
from grading.marking.reading import MOST_BYTES
from grading.marking.rebuilding import Rebuilt, Refused, Repair, rebuild
from grading.marking.released import ReleasedLesson

__all__ = ["CARRIED", "Submission", "contents", "handed_in", "rebuilt"]

#: Files beside the notebook that go into the candidate's folder: the ledger, and a brief that was
#: reviewed. Whatever else is there could stand before a module of the course.
CARRIED = {LEDGER, "their-brief.html"}
_TIME = "timestamp.txt"
_MOST_CARRIED = 4 * 2**20
_MOST_FILES = 200
_NOTEBOOK = re.compile(r".*\.ipynb(?:\.(?:txt|json))?", re.I | re.S)
# Third word of a time: nbgrader looks such a name up in a folder of files.
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*|[+-]?[0-9]{1,5}")
_ODD = re.compile(r"[\W_]+")
_SKIPPED = {".ipynb_checkpoints", "__pycache__", ".DS_Store", "Thumbs.db", "__MACOSX"}


@dataclass(frozen=True)
class Submission:
    """One student's folder for one lesson.

    Parameters
    ----------
    student, lesson : str
        Whose, and of what.
    folder : pathlib.Path
        Where it lies.
    notebooks : tuple of pathlib.Path
        Files that may be the notebook, the likeliest first.
    carried : dict of str to pathlib.Path
        What goes into the candidate's folder, by its name there.
    timestamp : datetime or None
        When it was handed in, in UTC without a zone, as nbgrader keeps it; None if nobody knows.
    unchanged : bool
        Whether stock ``nbgrader autograde`` would skip it as marked.
    marked : bool
        Whether an earlier one was marked.
    repairs : tuple of Repair
        What is odd about the folder.
    """

    student: str
    lesson: str
    folder: Path
    notebooks: tuple[Path, ...]
    carried: dict[str, Path] = field(default_factory=dict)
    timestamp: datetime | None = None
    unchanged: bool = False
    marked: bool = False
    repairs: tuple[Repair, ...] = ()


def handed_in(
    submitted: Path,
    autograded: Path,
    lesson: str,
    roster: Collection[str] | None = None,
    students: Collection[str] | None = None,
) -> Iterator[Submission | Refused]:
    """Go through a class's submissions of one lesson, in the order of the students' ids.

    Parameters
    ----------
    submitted, autograded : pathlib.Path
        nbgrader's folders, with a folder a student in them.
    lesson : str
        Such as ``"06-megawatts"``.
    roster : collection of str, optional
        Ids of the class. An id that is not among them is refused; left out, all are taken.
    students : collection of str, optional
        Only these; all if left out.

    Yields
    ------
    Submission or Refused
    """
    if not submitted.is_dir():
        return
    for place in sorted(submitted.iterdir()):
        student, folder = place.name, place / lesson
        if student.startswith(".") or student in _SKIPPED:
            continue
        if students is not None and student not in students:
            continue
        try:
            if os.path.lexists(folder) or place.is_symlink():
                yield _looked_at(place, folder, autograded / student / lesson, roster)
            elif misplaced := _misplaced(place, lesson):
                what = f"is not where {lesson} is looked for"
                yield Refused(student, misplaced, what, f"put the notebook into {student}/{lesson}")
        except OSError as error:
            what = f"cannot be looked into ({error.strerror or error})"
            yield Refused(student, lesson, what, "look at the folder's permissions")


def _misplaced(place: Path, lesson: str) -> str:
    """What a student's folder holds that has nearly the lesson's name; empty if nothing."""
    names = sorted(path.name for path in place.iterdir()) if place.is_dir() else []
    alike = (name for name in names if _ODD.sub("-", name.casefold()).startswith(lesson))
    return next(alike, "")


def _looked_at(
    place: Path, folder: Path, marked: Path, roster: Collection[str] | None
) -> Submission | Refused:
    student, lesson = place.name, folder.name
    if place.is_symlink() or folder.is_symlink() or not folder.is_dir():
        return Refused(student, lesson, "is no folder of its own", "put the student's files there")
    if roster is not None and student not in roster:
        near = difflib.get_close_matches(student, roster, 1, 0.75)
        mend = f"is it {near[0]}? Then move the folder; else" if near else "if it is right,"
        return Refused(
            student,
            lesson,
            "is of an id that is in no class list",
            f"{mend} add it: nbgrader db student add {student}",
        )
    return _submission(student, lesson, folder, marked)


def _submission(student: str, lesson: str, folder: Path, marked: Path) -> Submission | Refused:
    repairs: list[Repair] = []
    notebooks, carried, left = [], {}, []
    files = sorted(_files(folder))
    for path in files[:_MOST_FILES]:
        name = path.relative_to(folder).as_posix()
        kind = os.lstat(path).st_mode
        if not stat.S_ISREG(kind):
            what = "a link" if stat.S_ISLNK(kind) else "no file but a device or a pipe"
            repairs.append(Repair(student, name, f"it is {what}", "not opened; look at it"))
        elif _NOTEBOOK.fullmatch(path.name):
            notebooks.append(path)
        elif name in CARRIED and path.stat().st_size <= _MOST_CARRIED:
            carried[name] = path
        elif name != _TIME:
            left.append(name)
    if len(files) > _MOST_FILES:
        left.append(f"{len(files) - _MOST_FILES} more files")
    if left:
        names = ", ".join(left[:5]) + (f" and {len(left) - 5} more" if len(left) > 5 else "")
        repairs.append(Repair(student, names, "no part of the lesson", "left aside, not run"))
    if not notebooks:
        return Refused(
            student,
            lesson,
            "has no notebook" + (f", only {names}" if left else ""),
            f"ask the student for {lesson}.ipynb",
        )
    own = f"{lesson}.ipynb"
    notebooks.sort(
        key=lambda path: (
            path != folder / own,
            path.parent != folder,
            not path.name.lower().startswith(lesson),
            -path.stat().st_mtime,
        )
    )
    when, fault = _time(folder / _TIME)
    if fault:
        mend = (
            f"marked without a time, so it is not late; write one such as 2027-02-27 17:45:00 UTC "
            f"into {_TIME} and mark again"
        )
        repairs.append(Repair(student, _TIME, fault, mend))
    before, _ = _time(marked / _TIME)
    newer = when is not None and before is not None and when > before
    return Submission(
        student=student,
        lesson=lesson,
        folder=folder,
        notebooks=tuple(notebooks),
        carried=carried,
        timestamp=when,
        # As nbgrader.converters.base decides: it is there, and no later time says otherwise.
        unchanged=os.path.lexists(marked) and not newer,
        marked=os.path.lexists(marked),
        repairs=tuple(repairs),
    )


def _files(folder: Path) -> Iterator[Path]:
    """Everything in a folder that is no folder itself; links to folders are not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        linked = [name for name in folders if (Path(place) / name).is_symlink()]
        yield from (Path(place) / name for name in [*names, *linked] if name not in _SKIPPED)


def _time(path: Path) -> tuple[datetime | None, str]:
    """The time in a file, None if there is none; and what is wrong with it."""
    if not os.path.lexists(path):
        return None, ""
    try:
        data = contents(path, 1000)
    except OSError as error:
        return None, f"it cannot be read ({error.strerror or error})"
    codec = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    text = data.decode(codec, "replace").strip("\0 \t\r\n")
    if not text:
        return None, "it is empty"
    words = text.split(" ")
    try:
        if len(words) == 3 and not _ZONE.fullmatch(words[2]):
            raise ValueError(words[2])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a zone that is unknown; the time is taken as UTC
            return parse_utc(text), ""
    except (ValueError, OverflowError, TypeError):
        return None, f"{text[:40]!r} is no date"


def contents(path: Path, most: int = MOST_BYTES + 1) -> bytes:
    """Read a file that a student handed in, and no more than so many bytes.

    Parameters
    ----------
    path : pathlib.Path
        The file. A link, a device or a pipe is not opened.
    most : int, optional
        As many bytes are read.

    Returns
    -------
    bytes

    Raises
    ------
    OSError
        If it is no file, or cannot be read.
    """
    # What a name stands for may change before it is opened: what was opened is what is looked at.
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
        flags |= getattr(os, name, 0)
    opened = os.open(path, flags)
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(f"{path.name} is no file")
        return file.read(most)


def rebuilt(submission: Submission, lesson: ReleasedLesson) -> Rebuilt | Refused:
    """Rebuild a submission from the file that holds the most of it.

    The lesson's own name counts. Where that file is missing, cannot be used or holds no answer,
    another one in the folder that does is taken, and the report says so.

    Parameters
    ----------
    submission : Submission
        From :func:`handed_in`.
    lesson : ReleasedLesson
        The lesson as it was handed out.

    Returns
    -------
    Rebuilt or Refused
        With the folder's repairs before the notebook's.
    """
    own = submission.notebooks[0]
    named = own == submission.folder / f"{lesson.name}.ipynb"
    first: Rebuilt | Refused | None = None
    best: Rebuilt | None = None
    taken = own
    for path in submission.notebooks[:10]:
        name = path.relative_to(submission.folder).as_posix()
        try:
            found = rebuild(contents(path), lesson, submission.student, name)
        except OSError as error:
            what = f"cannot be read ({error.strerror or error})"
            found = Refused(submission.student, name, what, "look at the file's permissions")
        first = first or found
        if isinstance(found, Rebuilt):
            if best is None or found.answered > best.answered:
                best, taken = found, path
            if named and path == own and found.answered:
                break
    if best is None:
        return first
    notes = list(submission.repairs)
    name = taken.relative_to(submission.folder).as_posix()
    if not named or taken != own:
        if named:
            why = "has no answer" if isinstance(first, Rebuilt) else first.what
            what = f"{own.name} {why}, and this file beside it has {best.answered}"
        else:
            what = f"the notebook is not called {lesson.name}.ipynb"
        notes.append(Repair(submission.student, name, what, "this file is marked"))
    elif len(submission.notebooks) > 1:
        others = ", ".join(path.name for path in submission.notebooks if path != taken)
        notes.append(
            Repair(submission.student, name, f"{others} lies beside it", "not looked at further")
        )
    best.repairs[:0] = notes
    return best
