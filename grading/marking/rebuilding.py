"""Rebuild a submission: the released notebook with the student's answers put into it.

Nothing else of the file comes along but the authors' cells that the student edited and the cells
that were added, as text. Whatever a file holds, the outcome is a notebook with a list of what was
mended, or one sentence that says why there is none.
"""

from __future__ import annotations

import bisect
import copy
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import nbformat

from grading.marking.matching import Matches, code_in, match, plain, written
from grading.marking.reading import GivenCell, Note, Unreadable, read
from grading.marking.released import ReleasedCell, ReleasedLesson

__all__ = ["Rebuilt", "Refused", "Repair", "rebuild"]

#: Cells that a student added are run, up to as many.
_MOST_ADDED = 500
#: A pasted picture longer than this (in base64) is left out, and so is what is no picture.
_MOST_PICTURE = 4_000_000
_PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
_NUMBER = re.compile(r"""check\(\s*["']([0-9]{2})-""")
#: So many of the authors' own texts show that a notebook is this lesson's.
_ENOUGH = 3
#: What the release says of a marked cell, and a student may have changed.
_MARKS = ("points", "grade", "solution", "locked", "task", "schema_version", "cell_type")


def _printable(sentence: str) -> str:
    """A sentence for a terminal: names of files and keys may hold anything."""
    return "".join(sign if sign.isprintable() else "?" for sign in sentence)


class Repair(NamedTuple):
    """Something that was odd in a submission: whose, where, what, and what was done or must be."""

    student: str
    place: str
    what: str
    mend: str

    def __str__(self) -> str:
        """One sentence for the report."""
        return _printable(f"{self.student}, {self.place}: {self.what}; {self.mend}")


class Refused(NamedTuple):
    """A submission that cannot be marked: whose, which file, why, and the mend."""

    student: str
    place: str
    what: str
    mend: str

    def __str__(self) -> str:
        """One sentence for the report."""
        return _printable(f"{self.student}: {self.place} {self.what}; {self.mend}")


@dataclass(frozen=True)
class Rebuilt:
    """A submission that can be marked.

    Parameters
    ----------
    student, lesson : str
        Whose, and of what.
    notebook : nbformat.NotebookNode
        Valid nbformat 4.5 without outputs. Released cells have their released ids, order, types
        and metadata, tests their hidden part; cells that were added are ``added-1`` ...
    roles : dict of str to str
        For each cell id: ``author``, ``edited`` (an author's cell with the student's changes),
        ``answer``, ``test`` or ``added``.
    answered : int
        Answers in which something was written.
    repairs : list of Repair
        What was mended, and what to look at.
    whole : bool
        False if a part of the file is missing: an earlier submission that was whole should stand.
    """

    student: str
    lesson: str
    notebook: nbformat.NotebookNode
    roles: dict[str, str]
    answered: int
    repairs: list[Repair]
    whole: bool


def rebuild(data: bytes, lesson: ReleasedLesson, student: str, file: str) -> Rebuilt | Refused:
    """Rebuild a submission from the bytes of its file.

    Parameters
    ----------
    data : bytes
        What the file holds, which may be anything.
    lesson : ReleasedLesson
        The lesson as it was handed out.
    student, file : str
        Whose it is and what it is called, for the report.

    Returns
    -------
    Rebuilt or Refused
    """
    try:
        page = read(data, lesson.letters)
    except Unreadable as error:
        return Refused(student, file, error.what, error.mend)
    matches = match(lesson, page.cells)
    if foreign := _foreign(lesson, page.cells, matches):
        return Refused(student, file, *foreign)
    repairs = [Repair(student, *one) for one in _in_file(page.notes, file)]
    told = _Told(lesson, page.cells, matches)
    cells, roles = told.cells()
    book = nbformat.from_dict(
        {
            "cells": cells,
            "metadata": copy.deepcopy(lesson.metadata),
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
    by_id = {cell["id"]: cell["source"] for cell in cells}
    answers = [lesson.cells[place] for place in lesson.answers]
    return Rebuilt(
        student=student,
        lesson=lesson.name,
        notebook=book,
        roles=roles,
        answered=sum(written(by_id[cell.id], cell.source) for cell in answers),
        repairs=repairs + [Repair(student, *one) for one in told.repairs()],
        whole=page.whole or len(matches.found) == len(lesson.cells),
    )


def _in_file(notes: list[Note], file: str) -> Iterator[tuple[str, str, str]]:
    """What is odd about a file, alike things in one sentence."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for place, what, mend in notes:
        alike[what, mend].append(place.removeprefix("cell "))
    for (what, mend), places in alike.items():
        where = "" if places == ["file"] else f", {_listed('cell', places)}"
        yield f"{file}{where}", what, mend


def _listed(one: str, names: list[str], most: int = 8) -> str:
    """Such as ``cell 5`` or ``cells 5, 6 and 12 more``."""
    if not names[0].isdigit():
        return ", ".join(names)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{one}{'s' if len(names) > 1 else ''} {', '.join(names[:most])}{more}"


def _foreign(
    lesson: ReleasedLesson, given: list[GivenCell], matches: Matches
) -> tuple[str, str] | None:
    """Why a notebook is not this lesson's, and the mend; None if it is."""
    numbers = Counter(
        number for cell in given if cell.kind == "code" for number in _NUMBER.findall(cell.source)
    )
    often = max(numbers, key=numbers.__getitem__, default=lesson.number)
    if numbers[often] > numbers[lesson.number]:
        return (
            f"is the notebook of lesson {often}, not of {lesson.name}",
            f"ask the student for the notebook of {lesson.name}",
        )
    own = sum(
        lesson.cells[place].role == "author" and how != "words" and len(given[i].source) >= 40
        for place, how in matches.how.items()
        if (i := matches.found.get(place)) is not None
    )
    answers = sum(place in matches.found for place in lesson.answers)
    if own >= _ENOUGH or numbers[lesson.number] or 2 * answers >= len(lesson.answers):
        return None
    return (
        f"is not the notebook of {lesson.name}: none of its questions is in it",
        f"ask the student for the notebook of {lesson.name}",
    )


class _Told:
    """Puts a notebook together from what was found, and tells what was odd."""

    def __init__(self, lesson: ReleasedLesson, given: list[GivenCell], matches: Matches) -> None:
        self.lesson, self.given, self.matches = lesson, given, matches
        self.notes: list[tuple[str, str, str]] = []

    def cells(self) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """All cells in order as nbformat has them, and each one's role."""
        added = self._added()
        made: list[dict[str, Any]] = []
        roles: dict[str, str] = {}

        def put(name: str, role: str, cell: dict[str, Any]) -> None:
            roles[name] = role
            made.append({"id": name, **cell})

        number = 0
        for place in range(-1, len(self.lesson.cells)):
            if place >= 0:
                cell = self.lesson.cells[place]
                role, source = self._text(place)
                metadata = copy.deepcopy(cell.metadata)
                pictures = self._pictures(place) if cell.role == "answer" else {}
                put(cell.id, role, _cell(cell.kind, source, metadata, pictures))
            for i in added.get(place, ()):
                number += 1
                one = self.given[i]
                kind = "code" if one.kind == "code" else "markdown"
                pictures = self._kept(i) if kind == "markdown" else {}
                put(f"added-{number}", "added", _cell(kind, one.source, {}, pictures))
        return made, roles

    def _text(self, place: int) -> tuple[str, str]:
        """A released cell's role and what is to stand in it."""
        cell = self.lesson.cells[place]
        i = self.matches.found.get(place)
        if cell.role == "test":
            return "test", cell.full
        if place in self.matches.texts:
            return cell.role, self.matches.texts[place]
        if i is None:
            return cell.role, cell.source
        source = self.given[i].source
        if cell.kind == "code" and self.given[i].kind != "code":
            source = code_in(source)
        if plain(source) == plain(cell.source):
            return cell.role, cell.source
        if cell.role == "author" and (self._asked(place) or not source.strip()):
            return "author", cell.source
        return ("edited" if cell.role == "author" else "answer"), source

    def _asked(self, place: int) -> bool:
        """Whether what was written into a question's text has become its answer."""
        return self.matches.how.get(place + 1) == "question"

    # ---- what was added -----------------------------------------------------------------------

    def _added(self) -> dict[int, list[int]]:
        """The given cells that are none of the lesson's, by the released cell they follow."""
        owner = {i: place for place, i in self.matches.found.items()}
        copies = {i: place for place, some in self.matches.copies.items() for i in some}
        found: dict[int, list[int]] = defaultdict(list)
        place, count = -1, 0
        for i, cell in enumerate(self.given):
            if i in owner:
                place = owner[i]
            elif i not in self.matches.used and cell.source.strip():
                same = copies.get(i)
                if same is not None and self._says_nothing(i, self.lesson.cells[same]):
                    continue
                count += 1
                if count <= _MOST_ADDED:
                    found[place].append(i)
        if count > _MOST_ADDED:
            what = f"{count:,} cells were added to the lesson's"
            self._note("cells", what, f"the first {_MOST_ADDED} are kept; look at the file")
        return found

    def _says_nothing(self, i: int, own: ReleasedCell) -> bool:
        """Whether a copy is the released text again: an empty answer, a test, a piece of prose."""
        if own.role == "author" and own.kind == "code":
            return False
        return not written(self.given[i].source, own.source)

    # ---- pictures -----------------------------------------------------------------------------

    def _pictures(self, place: int) -> dict[str, dict[str, str]]:
        i = self.matches.found.get(place)
        if i is None or self.lesson.cells[place].kind != "markdown":
            return {}
        return self._kept(i)

    def _kept(self, i: int) -> dict[str, dict[str, str]]:
        """The pictures that were pasted into a text; what is none is left out."""
        kept: dict[str, dict[str, str]] = {}
        given = self.given[i].attachments
        for name, bundle in given.items():
            if isinstance(bundle, dict):
                pictures = {
                    kind: data
                    for kind, data in bundle.items()
                    if kind in _PICTURES and isinstance(data, str) and len(data) <= _MOST_PICTURE
                }
                if pictures:
                    kept[name] = pictures
        if len(kept) < len(given):
            what = f"{len(given) - len(kept)} of its attachments are no pictures, or too large"
            self._note(f"cell {i + 1}", what, "left out; look at the file")
        return kept

    # ---- what is told -------------------------------------------------------------------------

    def _note(self, place: str, what: str, mend: str) -> None:
        self.notes.append((place, what, mend))

    def _ids(self, places: Iterable[int]) -> str:
        """Names of cells: each answer's, and some of the others'."""
        names = [self.lesson.cells[place].id for place in sorted(places)]
        answers = {self.lesson.cells[place].id for place in self.lesson.answers}
        shown = [name for i, name in enumerate(names) if i < 8 or name in answers]
        more = f" and {len(names) - len(shown)} more" if len(shown) < len(names) else ""
        return ", ".join(shown) + more

    def repairs(self) -> list[tuple[str, str, str]]:
        """What was odd, each with its place and what was done."""
        self._tell_how()
        self._tell_copies()
        self._tell_gone()
        self._tell_changed()
        self._tell_order()
        return self.notes

    def _tell_how(self) -> None:
        """How cells were told, where nbgrader's marks do not tell it."""
        by_how: dict[str, list[int]] = defaultdict(list)
        for place, how in sorted(self.matches.how.items()):
            if self.lesson.cells[place].role != "author":
                by_how[how].append(place)
        for how, by in (("id", "their cell ids"), ("text", "their text")):
            if some := by_how[how]:
                self._note(self._ids(some), "nbgrader's marks were lost", f"found again by {by}")
        for how, by in (("names", "the name that it defines"), ("place", "where it stands")):
            some = [p for p in by_how[how] if self.lesson.cells[p].role == "answer"]
            if some:
                at = self.matches.found | self.matches.elsewhere
                where = _listed("cell", [str(at[p] + 1) for p in some], 40)
                what = f"no mark tells the answer; it was found by {by}, in {where}"
                self._note(self._ids(some), what, "that is marked; look whether it was meant so")
        if some := by_how["question"]:
            what = "the answer stands in the text that asks for it"
            self._note(self._ids(some), what, "that is marked; look whether it was meant so")

    def _tell_copies(self) -> None:
        for role, mend in (
            ("answer", "the last that was written in counts"),
            ("test", "the released one counts"),
            ("author", "the released place counts; copies of code run where they stand"),
        ):
            some = {
                place: copies
                for place, copies in sorted(self.matches.copies.items())
                if self.lesson.cells[place].role == role
            }
            if some:
                each = []
                for place, copies in list(some.items())[:8]:
                    all_of_it = {*copies, self.matches.found.get(place, copies[0])}
                    places = ", ".join(str(i + 1) for i in sorted(all_of_it))
                    each.append(f"{self.lesson.cells[place].id} in cells {places}")
                more = f" and {len(some) - 8} more" if len(some) > 8 else ""
                self._note(self._ids(some), f"copied: {'; '.join(each)}{more}", mend)

    def _tell_gone(self) -> None:
        found = self.matches.found
        gone = [
            place
            for place, cell in enumerate(self.lesson.cells)
            if place not in found
            or (cell.role == "author" and not self.given[found[place]].source.strip())
        ]
        answers = [
            p for p in gone if self.lesson.cells[p].role == "answer" and p not in self.matches.texts
        ]
        others = [p for p in gone if self.lesson.cells[p].role != "answer"]
        if answers:
            what = "no cell of the notebook is this answer"
            self._note(self._ids(answers), what, "put back as released; look for it in the file")
        if others:
            self._note(self._ids(others), "deleted", "put back as released")

    def _tell_changed(self) -> None:
        retyped, marks, tests = [], [], []
        for place, i in self.matches.found.items():
            cell, given = self.lesson.cells[place], self.given[i]
            if given.kind != cell.kind:
                retyped.append(place)
            if cell.role == "test" and written(given.source, cell.source):
                tests.append(place)
            own = cell.metadata.get("nbgrader", {})
            if self.matches.how[place] == "mark" and any(
                given.mark.get(name) != own.get(name) for name in _MARKS
            ):
                marks.append(place)
        for some, what, mend in (
            (retyped, "changed to another type of cell", "changed back"),
            (tests, "the test was edited", "the released one is run"),
            (marks, "nbgrader's marks were changed", "the released ones count"),
        ):
            if some:
                self._note(self._ids(some), what, mend)
        unknown = [
            i
            for i, cell in enumerate(self.given)
            if isinstance(cell.mark.get("grade_id"), str)
            and cell.mark["grade_id"] not in self.lesson.places
        ]
        if unknown:
            what = "marked by nbgrader under ids that the lesson has not"
            where = _listed("cell", [str(i + 1) for i in unknown])
            self._note(where, what, "such marks are left out")

    def _tell_order(self) -> None:
        order = [
            (place, i)
            for place, i in sorted(self.matches.found.items())
            if self.matches.how[place] not in ("names", "place", "question")
        ]
        moved = _out_of_order(order)
        if moved:
            self._note(self._ids(moved), "moved to another place", "put back in the lesson's order")


def _cell(
    kind: str, source: str, metadata: dict[str, Any], pictures: dict[str, dict[str, str]]
) -> dict[str, Any]:
    made: dict[str, Any] = {"cell_type": kind, "metadata": metadata, "source": source}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    elif pictures:
        made["attachments"] = pictures
    return made


def _out_of_order(pairs: list[tuple[int, int]]) -> list[int]:
    """First members of the fewest pairs without which the second members rise."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for number, (_, value) in enumerate(pairs):
        at = bisect.bisect_left(ends, value)
        before.append(last[at - 1] if at else -1)
        ends[at : at + 1], last[at : at + 1] = [value], [number]
    kept = set()
    number = last[-1] if last else -1
    while number >= 0:
        kept.add(number)
        number = before[number]
    return [place for number, (place, _) in enumerate(pairs) if number not in kept]
