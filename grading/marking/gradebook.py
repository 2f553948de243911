"""Write marks into nbgrader's own database: a batch in one transaction.

What stands there afterwards is what stock ``nbgrader autograde`` leaves: automatic scores, which
answers wait for a reader, "No response." at untouched answers, the time of the submission and the
late penalty by its plugin. Scores and comments given by hand stay.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import nbformat
from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.plugins import BasePlugin
from nbgrader.utils import compute_checksum, is_grade, is_solution

__all__ = ["Result", "result_of", "students", "write"]

_UNTOUCHED = "No response."


class Result(NamedTuple):
    """A submission's marks: scores and automatic comments by the cell's grade id."""

    student: str
    time: datetime | None
    scores: dict[str, float | None]
    comments: dict[str, str | None]


def result_of(
    student: str,
    time: datetime | None,
    book: nbformat.NotebookNode,
    scores: dict[str, float | None],
) -> Result:
    """Gather what is written of one submission.

    Parameters
    ----------
    student : str
    time : datetime.datetime or None
        When it was handed in, in UTC without a zone, as nbgrader keeps it.
    book : nbformat.NotebookNode
        The marked notebook.
    scores : dict
        Points of each marked cell; None where a reader has to give them.

    Returns
    -------
    Result
    """
    comments = {
        cell.metadata.nbgrader["grade_id"]: _UNTOUCHED if _untouched(cell) else None
        for cell in book.cells
        if is_solution(cell)
    }
    marked = {cell.metadata.nbgrader["grade_id"] for cell in book.cells if is_grade(cell)}
    return Result(student, time, {name: scores.get(name, 0.0) for name in marked}, comments)


def _untouched(cell: nbformat.NotebookNode) -> bool:
    return cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)


def students(db_url: str) -> set[str]:
    """Give the ids of the class list, which is the gradebook's."""
    with Gradebook(db_url) as gradebook:
        return {student.id for student in gradebook.students}


def write(db_url: str, lesson: str, results: list[Result], late: BasePlugin) -> None:
    """Write a batch of results, all or none.

    Parameters
    ----------
    db_url : str
        Of the gradebook.
    lesson : str
        The assignment, which has one notebook of its name.
    results : list of Result
        A student's later result takes the place of the earlier.
    late : nbgrader.plugins.BasePlugin
        Says what lateness costs.

    Raises
    ------
    nbgrader.api.MissingEntry
        If the lesson or a student is not in the gradebook; then nothing is written.
    """
    with Gradebook(db_url) as gradebook:
        try:
            for result in results:
                _write(gradebook, lesson, result, late)
            gradebook.db.commit()
        except BaseException:
            gradebook.db.rollback()
            raise


def _write(gradebook: Gradebook, lesson: str, result: Result, late: BasePlugin) -> None:
    try:
        submission = gradebook.find_submission(lesson, result.student)
    except MissingEntry:
        submission = _new(gradebook, lesson, result.student)
    if result.time is not None:
        submission.timestamp = result.time
    (notebook,) = submission.notebooks
    for grade in notebook.grades:
        if grade.name in result.scores:
            grade.auto_score = result.scores[grade.name]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
    for comment in notebook.comments:
        if comment.name in result.comments:
            comment.auto_comment = result.comments[comment.name]
    gradebook.db.flush()
    gradebook.db.expire(notebook)
    notebook.late_submission_penalty = None
    if submission.total_seconds_late > 0:
        penalty = late.late_submission_penalty(
            result.student, notebook.score, submission.total_seconds_late
        )
        if penalty is not None:
            notebook.late_submission_penalty = min(max(penalty, 0), notebook.score)
    gradebook.db.flush()


def _new(gradebook: Gradebook, lesson: str, student: str) -> SubmittedAssignment:
    """A submission's empty rows, without a commit of their own."""
    submission = SubmittedAssignment(
        assignment=gradebook.find_assignment(lesson), student=gradebook.find_student(student)
    )
    for notebook in submission.assignment.notebooks:
        own = SubmittedNotebook(notebook=notebook, assignment=submission)
        for cell in notebook.grade_cells:
            Grade(cell_id=cell.id, notebook=own)
        for cell in notebook.solution_cells:
            Comment(cell_id=cell.id, notebook=own)
    gradebook.db.add(submission)
    gradebook.db.flush()
    return submission
