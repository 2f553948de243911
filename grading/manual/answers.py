"""A class's argued answers as autograded, and their marks in nbgrader's gradebook.

Texts come from the autograded notebooks, marks from the gradebook and go back there by nbgrader's
own ORM, with the fields that Formgrader sets. A mark is written only over the one that was shown.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)

from grading.manual.guide import Question
from grading.manual.rubric import read, total, written

__all__ = ["Answer", "Changed", "Class", "Mark"]


class Changed(RuntimeError):
    """The gradebook holds another mark than the one that was shown."""


class Mark(NamedTuple):
    """What the gradebook holds of an answer."""

    auto: float | None
    manual: float | None
    extra: float | None
    waits: bool
    comment: str | None

    @property
    def score(self) -> float | None:
        """Points as nbgrader counts them; None where there are none yet."""
        own = self.auto if self.manual is None else self.manual
        return None if own is None else own + (self.extra or 0)

    @property
    def blank(self) -> bool:
        """Whether autograding found the answer untouched, and nobody has to look at it."""
        return self.auto is not None and not self.waits

    @property
    def version(self) -> str:
        """A word that changes with whatever a marker may change."""
        return hashlib.sha256(repr(tuple(self)).encode()).hexdigest()[:16]


class Answer(NamedTuple):
    """One student's answer to one question; `student` never leaves this machine's memory."""

    id: str
    student: str
    #: Each of the student's answer cells by its id: what kind of cell, and its text.
    cells: dict[str, tuple[str, str]]
    mark: Mark


class Class:
    """The answers of one lesson.

    Parameters
    ----------
    lesson : str
        The assignment's name.
    database : str
        Address of nbgrader's gradebook.
    folder : str
        Where autograded work lies, with ``{student}`` for the student's id.
    """

    def __init__(self, lesson: str, database: str, folder: str) -> None:
        self.lesson, self.database, self.folder = lesson, database, folder
        self._read: dict[Path, tuple[tuple[int, int], dict[str, tuple[str, str]]]] = {}
        self._done: list[tuple[str, Question, Mark, Mark]] = []
        # Of each answer the versions that were written here one upon the other.
        self._own: dict[tuple[str, str], list[str]] = {}
        #: Students whose marked notebook is not there or cannot be read, for the terminal.
        self.unread: set[str] = set()

    def answers(self, question: Question) -> list[Answer]:
        """All answers to a question, in an order that is the same each time and tells nothing.

        nbgrader gives each submission a random id and keeps it; that is the order.
        """
        found = []
        with Gradebook(self.database) as book:
            comments = self._comments(book, question)
            for submission, student, grade in self._grades(book, question):
                cells = self._cells(student)
                if cells is None or question.id not in cells:
                    self.unread.add(student.id)
                    continue
                self.unread.discard(student.id)
                _, said = comments.get(submission, (None, None))
                mark = _mark(grade, said)
                found.append(Answer(submission, student.id, cells, mark))
        return sorted(found, key=lambda one: one.id)

    def set_levels(
        self,
        answer: str,
        question: Question,
        seen: str,
        levels: Sequence[str | None],
        free: str,
        closing: bool = False,
    ) -> Mark:
        """Give a level to each row, or to some, and write score and comment.

        While a row has no level the answer has no score and waits, as an unmarked one does.

        Parameters
        ----------
        answer : str
            Its id.
        question : Question
            What it answers.
        seen : str
            The version of the mark that was shown.
        levels : sequence of str or None
            One a row of the rubric.
        free : str
            The marker's own words.
        closing : bool, optional
            Whether the page is going, and may not have heard of its own last changes any more.

        Returns
        -------
        Mark
            As it stands in the gradebook now.

        Raises
        ------
        Changed
            If the gradebook holds another mark than was shown; nothing is written.
        LookupError
            If there is no such answer.
        """

        def change(old: Mark) -> Mark:
            score = total(question.rows, levels)
            waits = score is None and old.auto is None  # as Formgrader does
            comment = written(question.rows, levels, free)
            return old._replace(manual=score, waits=waits, comment=comment)

        return self._write(answer, question, seen, change, closing=closing)

    def set_comment(
        self,
        answer: str,
        question: Question,
        seen: str,
        free: str,
        goes_on: bool = False,
        closing: bool = False,
    ) -> Mark:
        """Write the marker's own words; rows and score stay as they are.

        Parameters and errors are those of :meth:`set_levels`; with `goes_on` this and the last
        change are undone together, as one text that was typed.
        """

        def change(old: Mark) -> Mark:
            levels, _ = read(question.rows, old.comment)
            return old._replace(comment=written(question.rows, levels, free))

        return self._write(answer, question, seen, change, goes_on, closing)

    def keep(self, answer: str, question: Question, seen: str) -> Mark:
        """Let a mark from before a new submission stand; an answer without one goes on waiting.

        Parameters and errors are those of :meth:`set_levels`.
        """

        def change(old: Mark) -> Mark:
            return old._replace(waits=old.manual is None and old.auto is None)

        return self._write(answer, question, seen, change)

    def undo(self) -> tuple[str, Question] | None:
        """Take the last change back; give what it was a change of, or None if there is none.

        Raises
        ------
        Changed
            If the mark was changed elsewhere since; it is left alone.
        """
        if not self._done:
            return None
        answer, question, before, after = self._done.pop()
        self._write(answer, question, after.version, lambda _: before)
        self._done.pop()
        return answer, question

    def phrases(self, question: Question) -> list[str]:
        """Lines of the comments given so far to a question, the most used first."""
        with Gradebook(self.database) as book:
            comments = [said for _, said in self._comments(book, question).values()]
        used = Counter(
            line.strip()
            for comment in comments
            for line in set(read(question.rows, comment)[1].splitlines())
            if line.strip()
        )
        return sorted(used, key=lambda line: (-used[line], line))

    def _write(
        self,
        answer: str,
        question: Question,
        seen: str,
        change: Callable[[Mark], Mark],
        goes_on: bool = False,
        closing: bool = False,
    ) -> Mark:
        own = self._own.setdefault((answer, question.id), [])
        with Gradebook(self.database) as book:
            grade = next(
                (one for found, _, one in self._grades(book, question) if found == answer), None
            )
            comment, said = self._comments(book, question).get(answer, (None, None))
            if grade is None or comment is None:
                raise LookupError("that answer is not in the gradebook; autograde the lesson again")
            old = _mark(grade, said)
            if own[-1:] != [old.version]:
                own[:] = [old.version]
            if seen != old.version and not (closing and seen in own):
                raise Changed("marked elsewhere meanwhile")
            new = change(old)
            # Written only where the old values still stand, whoever writes at the same time.
            there = book.db.query(Comment).filter(
                Comment.id == comment, Comment.manual_comment.is_not_distinct_from(old.comment)
            )
            one = there.update({"manual_comment": new.comment}, synchronize_session=False)
            there = book.db.query(Grade).filter(
                Grade.id == grade.id,
                Grade.manual_score.is_not_distinct_from(old.manual),
                Grade.extra_credit.is_not_distinct_from(old.extra),
                Grade.needs_manual_grade == old.waits,
            )
            two = there.update(
                {"manual_score": new.manual, "needs_manual_grade": new.waits},
                synchronize_session=False,
            )
            if (one, two) != (1, 1):
                book.db.rollback()
                raise Changed("marked elsewhere meanwhile")
            book.db.commit()
        own.append(new.version)
        if goes_on and self._done and self._done[-1][:2] == (answer, question):
            old = self._done.pop()[2]
        self._done.append((answer, question, old, new))
        return new

    def _grades(self, book: Gradebook, question: Question) -> list[Any]:
        """Of each answer its id, its student and its row among the grades."""
        asked = book.db.query(SubmittedNotebook.id, Student, Grade).select_from(Grade)
        return self._ours(asked, Grade, question).all()

    def _comments(self, book: Gradebook, question: Question) -> dict[str, tuple[str, str | None]]:
        """Of each answer its comment's id and what it says."""
        asked = book.db.query(SubmittedNotebook.id, Comment.id, Comment.manual_comment)
        found = self._ours(asked.select_from(Comment), Comment, question).all()
        return {answer: (comment, said) for answer, comment, said in found}

    def _ours(self, asked: Any, table: Any, question: Question) -> Any:
        return (
            asked.join(BaseCell, table.cell_id == BaseCell.id)
            .join(SubmittedNotebook, table.notebook_id == SubmittedNotebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Student, SubmittedAssignment.student_id == Student.id)
            .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
            .join(Assignment, Notebook.assignment_id == Assignment.id)
            .filter(BaseCell.name == question.id)
            .filter(Notebook.name == self.lesson, Assignment.name == self.lesson)
        )

    def _cells(self, student: Student) -> dict[str, tuple[str, str]] | None:
        """A student's answer cells, read again when the file has changed."""
        path = Path(self.folder.format(student=student.id)) / f"{self.lesson}.ipynb"
        try:
            state = path.stat()
            version = state.st_mtime_ns, state.st_size
            if self._read.get(path, (None,))[0] != version:
                book = json.loads(path.read_text(encoding="utf-8"))
                self._read[path] = version, _answer_cells(book, _nameless(student))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return self._read[path][1]


def _mark(grade: Grade, comment: str | None) -> Mark:
    return Mark(
        grade.auto_score,
        grade.manual_score,
        grade.extra_credit,
        grade.needs_manual_grade,
        comment,
    )


def _answer_cells(book: dict[str, Any], nameless) -> dict[str, tuple[str, str]]:
    found = {}
    for cell in book["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("solution"):
            found[about["grade_id"]] = cell["cell_type"], nameless("".join(cell["source"]))
    return found


def _nameless(student: Student):
    """What takes a student's id, whole name and address out of a text."""
    first, last = student.first_name, student.last_name
    whole = [f"{first} {last}", f"{last} {first}", f"{last}, {first}"] if first and last else []
    # A shorter id may be a word or a number that the answer is about.
    known = [name for name in (student.id, student.email) if name and len(name) > 3]
    names = [*known, *whole]
    if not names:
        return lambda text: text
    pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return lambda text: re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", "[name]", text)
