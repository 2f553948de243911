"""Mark a class: workers that each keep a room for candidates, and one writer.

Each worker is a process of its own, started anew and not copied. It lays the marked notebook down
beside its place and hands back the marks as plain data. The writer first writes a batch's marks in
one transaction, then moves its notebooks into place. Whatever stops it in between, the next run
takes up each submission whose notebook is not in its place, and writing its marks again does no
harm.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from grading.marking.gradebook import Result, result_of
from grading.marking.rebuilding import Refused
from grading.marking.released import ReleasedLesson
from grading.marking.submissions import Submission, contents, rebuilt

__all__ = ["Done", "marked", "settle", "tidy"]

_AHEAD = 3
_LAID = ".laid-"
_TIME = "timestamp.txt"


class Done(NamedTuple):
    """What became of one submission: its marks or why there are none, and what was odd.

    ``laid`` is the folder of the marked notebook, still to be moved to its ``place``.
    """

    student: str
    result: Result | None = None
    refused: str = ""
    repairs: tuple[str, ...] = ()
    laid: Path | None = None
    place: Path | None = None


def marked(
    submissions: Iterable[Submission],
    lesson: ReleasedLesson,
    autograded: Path,
    rung: str,
    workers: int,
    seconds: float,
) -> Iterator[Done]:
    """Mark submissions, in whatever order they are done.

    Parameters
    ----------
    submissions : iterable of Submission
    lesson : ReleasedLesson
    autograded : pathlib.Path
        nbgrader's folder of marked work.
    rung : str
        Of `grading.marking.sandbox.RUNGS`.
    workers : int
        Processes.
    seconds : float
        How long a cell may take.

    Yields
    ------
    Done
    """
    if workers == 1:
        _begin(lesson, rung, seconds)
        try:
            for submission in submissions:
                yield _one(submission, autograded)
        finally:
            _end()
        return
    waiting: set[Future[Done]] = set()
    with ProcessPoolExecutor(
        workers, get_context("spawn"), _begin, (lesson, rung, seconds)
    ) as pool:
        try:
            for submission in submissions:
                waiting.add(pool.submit(_one, submission, autograded))
                # Few at a time, so that a large class takes no more memory than a small one.
                while len(waiting) >= workers * _AHEAD:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (one.result() for one in done)
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (one.result() for one in done)
        finally:
            for one in waiting:
                one.cancel()


_worker: dict[str, Any] = {}


def _begin(lesson: ReleasedLesson, rung: str, seconds: float) -> None:
    from grading.marking.examiner import Examiner

    _worker["lesson"], _worker["examiner"] = lesson, Examiner(lesson, rung, seconds)


def _end() -> None:
    _worker.pop("examiner").close()


def _one(submission: Submission, autograded: Path) -> Done:
    lesson = _worker["lesson"]
    found = rebuilt(submission, lesson)
    if isinstance(found, Refused):
        return Done(submission.student, refused=str(found))
    odd = [*map(str, found.repairs)]
    files: dict[str, bytes] = {}
    for name, path in submission.carried.items():
        try:
            files[name] = contents(path)
        except OSError as error:
            odd.append(f"{submission.student}: {name} cannot be read ({error}); left aside")
    if not found.whole and submission.marked:
        says = "a part of the file is missing; what was marked before stands"
        return Done(submission.student, refused=f"{submission.student}: {says}")
    try:
        done = _worker["examiner"].mark(found.notebook, found.roles, files)
    except Exception as error:  # noqa: BLE001 - one submission stops no other, and is named
        _worker["examiner"].close()
        says = f"could not be marked ({type(error).__name__}: {error}); tell who keeps the course"
        return Done(submission.student, refused=f"{submission.student}: {says}"[:500])
    place = autograded / submission.student / lesson.name
    odd += [f"{submission.student}: {note}" for note in done.notes]
    return Done(
        submission.student,
        result_of(submission.student, submission.timestamp, done.book, done.scores),
        repairs=tuple(odd),
        laid=_lay(done.book, submission, place, files),
        place=place,
    )


def _lay(
    book: nbformat.NotebookNode, submission: Submission, place: Path, files: dict[str, bytes]
) -> Path:
    """Write the marked notebook and what goes with it into a folder beside its place."""
    place.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f"{_LAID}{submission.lesson}-", dir=place.parent))
    nbformat.write(book, made / f"{submission.lesson}.ipynb")
    for name, data in files.items():
        (made / name).write_bytes(data)
    if submission.timestamp is not None:
        (made / _TIME).write_text(f"{submission.timestamp} UTC", encoding="utf-8")
    made.chmod(0o755)
    return made


def settle(done: list[Done]) -> None:
    """Move marked notebooks to where stock nbgrader puts them, once their marks are written.

    Parameters
    ----------
    done : list of Done
    """
    for one in done:
        if one.laid is None:
            continue
        old = one.laid.with_name(f"{one.laid.name}-old")
        if one.place.exists():
            one.place.replace(old)
        one.laid.replace(one.place)
        shutil.rmtree(old, ignore_errors=True)


def tidy(autograded: Path, lesson: str) -> None:
    """Remove what an earlier run that was stopped has laid down and not settled.

    Parameters
    ----------
    autograded : pathlib.Path
    lesson : str
    """
    for left in autograded.glob(f"*/{_LAID}{lesson}-*"):
        shutil.rmtree(left, ignore_errors=True)
