"""What a class hands in is found, whatever it is called, and nothing else is opened."""

import contextlib
import functools
import os
import shutil
import socket
import time

import nbformat
import pytest

from grading.marking.rebuilding import Rebuilt, Refused, rebuild
from grading.marking.released import load
from grading.marking.submissions import Submission, handed_in, rebuilt
from tests.marking.classroom import Classroom
from tests.marking.made_up import ROOT
from tests.marking.mangles import MANGLES, answered, as_bytes

LESSON = "03-chip-trade"
NAME = f"{LESSON}.ipynb"
lesson_of = functools.cache(load)
GOOD = as_bytes(answered(LESSON))
UNTOUCHED = (ROOT / "notebooks" / LESSON / NAME).read_bytes()


class Room:
    """A folder with submissions, in nbgrader's layout."""

    def __init__(self, home):
        self.submitted, self.autograded = home / "submitted", home / "autograded"
        self.submitted.mkdir()

    def files(self, student, files):
        """Hand files in, by their names; the folder is there without any."""
        folder = self.submitted / student / LESSON
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def look(self, **asked):
        return list(handed_in(self.submitted, self.autograded, LESSON, **asked))

    def one(self, **asked):
        (found,) = self.look(**asked)
        return found

    def made(self):
        return rebuilt(self.one(), lesson_of(LESSON))


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path)


def said(made):
    return "\n".join(map(str, made.repairs))


def test_a_submission_with_its_ledger_and_time(room):
    ledger = b'{"entries": []}'
    when = b"2027-02-27 17:45:00 UTC"
    folder = room.files("ana", {NAME: GOOD, "my-ledger.json": ledger, "timestamp.txt": when})
    found = room.one()
    assert (found.student, found.lesson, found.folder) == ("ana", LESSON, folder)
    assert found.notebooks == (folder / NAME,)
    assert found.carried == {"my-ledger.json": folder / "my-ledger.json"}
    assert str(found.timestamp) == "2027-02-27 17:45:00"
    assert not found.unchanged and found.repairs == ()
    made = rebuilt(found, lesson_of(LESSON))
    assert isinstance(made, Rebuilt) and made.repairs == []


@pytest.mark.parametrize(
    "name",
    [
        "03-CHIP-TRADE.IPYNB",
        "03-chip-trade.Ipynb",
        "03-chip-trade (1).ipynb",
        "03-chip-trade-Copy1.ipynb",
        "Untitled.ipynb",
        "my work é.ipynb",
        "03-chip-trade.ipynb.txt",
        "03-chip-trade.ipynb.json",
        "03-chip-trade/03-chip-trade.ipynb",
        "line\nbreak.ipynb",
    ],
)
def test_a_notebook_of_another_name_is_found_and_named(name, room):
    room.files("ana", {name: GOOD})
    made = room.made()
    assert isinstance(made, Rebuilt) and made.answered == 17
    assert "the notebook is not called 03-chip-trade.ipynb; this file is marked" in said(made)
    assert all("\n" not in str(one) for one in made.repairs)


def test_a_filled_copy_beside_an_untouched_notebook_is_marked(room):
    room.files("ana", {NAME: UNTOUCHED, "03-chip-trade-Copy1.ipynb": GOOD})
    made = room.made()
    assert made.answered == 17
    assert "03-chip-trade.ipynb has no answer, and this file beside it has 17" in said(made)


def test_a_filled_copy_beside_a_damaged_notebook_is_marked(room):
    room.files("ana", {NAME: b"", "03-chip-trade (1).ipynb": GOOD})
    made = room.made()
    assert made.answered == 17 and "03-chip-trade.ipynb is empty, and this file" in said(made)


def test_the_lessons_own_name_counts_before_a_copy(room):
    one = answered(LESSON)
    cell = next(cell for cell in one["cells"] if cell["id"] == "q3")
    cell["source"] = "answer_q3 = 1"
    room.files("ana", {NAME: as_bytes(one), "03-chip-trade-Copy1.ipynb": GOOD})
    made = room.made()
    assert next(c.source for c in made.notebook.cells if c.id == "q3") == "answer_q3 = 1"
    assert "03-chip-trade-Copy1.ipynb lies beside it" in said(made)


def test_of_files_with_other_names_the_fullest_is_marked(room):
    half = MANGLES["cut short early"](LESSON).data
    room.files("ana", {"a.ipynb": UNTOUCHED, "b.ipynb": half, "c.ipynb": GOOD, "d.ipynb": b"x"})
    assert room.made().answered == 17


def test_a_folder_without_a_notebook_is_refused(room):
    room.files("ana", {"homework.docx": b"PK", "my-ledger.json": b"{}"})
    assert str(room.one()) == (
        "ana: 03-chip-trade has no notebook, only homework.docx; ask the student for "
        "03-chip-trade.ipynb"
    )
    room.files("ben", {})
    assert "ben: 03-chip-trade has no notebook;" in str(room.look()[1])


def test_files_that_are_no_part_of_the_lesson_are_left_aside(room):
    files = {NAME: GOOD, "pandas.py": b"x", "course/check/__init__.py": b"x", "a.so": b"\x7fELF"}
    room.files("ana", files)
    found = room.one()
    assert found.carried == {} and found.notebooks[0].name == NAME
    assert str(found.repairs[0]) == (
        "ana, a.so, course/check/__init__.py, pandas.py: no part of the lesson; left aside, not run"
    )


def test_what_editors_leave_behind_is_not_seen(room):
    files = {NAME: GOOD, ".ipynb_checkpoints/03-chip-trade-checkpoint.ipynb": UNTOUCHED}
    files |= {".DS_Store": b"x", "__MACOSX/._x.ipynb": b"x"}
    found = room.files("ana", files) and room.one()
    assert len(found.notebooks) == 1 and found.repairs == ()
    (room.submitted / ".ipynb_checkpoints" / LESSON).mkdir(parents=True)
    assert len(room.look()) == 1


@pytest.mark.parametrize("what", ["file", "nothing", "device", "itself", "folder"])
def test_a_link_is_not_followed(what, room, tmp_path):
    folder = room.files("ana", {})
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(GOOD)
    to = {
        "file": secret,
        "nothing": tmp_path / "no",
        "device": "/dev/zero",
        "itself": folder / NAME,
        "folder": tmp_path,
    }
    (folder / NAME).symlink_to(to[what])
    found = room.one()
    assert isinstance(found, Refused) and "has no notebook" in str(found)
    room.files("ana", {"other.ipynb": GOOD})
    made = room.made()
    assert made.answered == 17 and f"{NAME}: it is a link; not opened" in said(made)


def test_a_pipe_or_a_socket_does_not_stop_the_class(room, monkeypatch):
    folder = room.files("ana", {})
    os.mkfifo(folder / NAME)
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as listening:
        monkeypatch.chdir(folder)  # a socket's path may not be long
        listening.bind("a.ipynb")
    os.mkfifo(folder / "timestamp.txt")
    room.files("ben", {NAME: GOOD})
    first, second = room.look()
    assert isinstance(first, Refused) and isinstance(second, Submission)
    room.files("ana", {"other.ipynb": GOOD})
    made = rebuilt(room.look()[0], lesson_of(LESSON))
    assert made.answered == 17 and "no file but a device or a pipe" in said(made)


def test_a_folder_called_like_a_notebook_is_no_notebook(room):
    (room.files("ana", {}) / NAME).mkdir()
    assert "has no notebook" in str(room.one())


def test_a_student_folder_that_is_a_link_is_refused(room, tmp_path):
    room.files("ana", {NAME: GOOD})
    (room.submitted / "ben").symlink_to(room.submitted / "ana")
    (room.submitted / "cem").mkdir()
    (room.submitted / "cem" / LESSON).symlink_to(room.submitted / "ana" / LESSON)
    (room.submitted / "dee").mkdir()
    (room.submitted / "dee" / LESSON).write_bytes(b"a file")
    (room.submitted / "notes.txt").write_bytes(b"of the instructor")
    found = room.look()
    assert [one.student for one in found] == ["ana", "ben", "cem", "dee"]
    assert all("is no folder of its own" in str(one) for one in found[1:])


def test_a_notebook_that_becomes_a_link_while_we_look_is_not_followed(room, tmp_path):
    folder = room.files("ana", {NAME: GOOD})
    found = room.one()
    (tmp_path / "secret").write_bytes(GOOD)
    (folder / NAME).unlink()
    (folder / NAME).symlink_to(tmp_path / "secret")
    made = rebuilt(found, lesson_of(LESSON))
    assert isinstance(made, Refused) and "cannot be read" in str(made)


@pytest.mark.parametrize("name", ["03_Chip_Trade/x.ipynb", NAME, "03-chip-trade (1)/x.ipynb"])
def test_a_notebook_beside_the_lessons_folder_is_named(name, room):
    place = room.submitted / "ana" / name
    place.parent.mkdir(parents=True)
    place.write_bytes(GOOD)
    (room.submitted / "ben" / "04-counterfactuals").mkdir(parents=True)
    assert str(room.one()) == (
        f"ana: {name.partition('/')[0]} is not where 03-chip-trade is looked for; put the notebook "
        "into ana/03-chip-trade"
    )


def test_an_id_in_no_class_list_is_named_and_the_nearest_asked_for(room):
    for student in ("ana", "Ben.k", "stranger"):
        room.files(student, {NAME: GOOD})
    found = {one.student: one for one in room.look(roster={"ana", "ben.k", "c_lara"})}
    assert isinstance(found["ana"], Submission)
    assert str(found["Ben.k"]) == (
        "Ben.k: 03-chip-trade is of an id that is in no class list; is it ben.k? Then move the "
        "folder; else add it: nbgrader db student add Ben.k"
    )
    assert "if it is right, add it" in str(found["stranger"])
    assert [one.student for one in room.look(students={"ana"})] == ["ana"]
    assert [one.student for one in room.look(students={"absent"})] == []


@pytest.mark.parametrize(
    ("when", "says"),
    [
        (b"yesterday", "'yesterday' is no date"),
        (b"", "it is empty"),
        (b"\xff\xfe\x00\xd8", "is no date"),
        (b"9" * 5000, "is no date"),
        (b"0000-00-00 00:00:00 UTC", "is no date"),
        (b"2027-02-30 10:00:00 UTC", "is no date"),
        (b"99999-01-01 10:00:00", "is no date"),
        (b"2027-02-27 17:45:00 /etc/passwd", "is no date"),
        (b"2027-02-27 17:45:00 ../../x", "is no date"),
        (b"2027-02-27 17:45:00 999999999999", "is no date"),
        (b"\0" * 40, "it is empty"),
    ],
)
def test_a_time_that_is_no_date_is_named_and_the_work_is_marked(when, says, room):
    room.files("ana", {NAME: GOOD, "timestamp.txt": when})
    made = room.made()
    assert made.answered == 17 and room.one().timestamp is None
    assert "ana, timestamp.txt: " in said(made) and says in said(made)
    assert "marked without a time, so it is not late" in said(made)


@pytest.mark.parametrize(
    "when",
    [
        b"2027-02-27 17:45:00 UTC",
        b"2027-02-27 17:45:00",
        b"\xef\xbb\xbf2027-02-27 17:45:00\r\n",
        "2027-02-27 17:45:00".encode("utf-16"),
        b"2027-02-27T17:45:00Z",
        b"2027-02-27 19:45:00 +0200",
        b"2027-02-27 18:45:00 Europe/Rome",
    ],
)
def test_times_of_many_forms(when, room):
    room.files("ana", {NAME: GOOD, "timestamp.txt": when})
    found = room.one()
    # Zones by number are read as nbgrader reads them, in seconds.
    assert found.timestamp is not None and found.repairs == ()
    if b"+0200" not in when:
        assert str(found.timestamp) == "2027-02-27 17:45:00"


@pytest.mark.parametrize(
    ("new", "old", "unchanged"),
    [
        (b"2027-02-27 17:45:00", None, False),
        (b"2027-02-27 17:45:00", b"2027-02-27 17:45:00", True),
        (b"2027-02-27 17:45:01", b"2027-02-27 17:45:00", False),
        (b"2027-02-27 17:44:00", b"2027-02-27 17:45:00", True),
        (b"yesterday", b"2027-02-27 17:45:00", True),
        (b"2027-02-27 17:45:00", b"", True),
    ],
)
def test_what_was_marked_and_is_no_newer_is_unchanged(new, old, unchanged, room):
    room.files("ana", {NAME: GOOD, "timestamp.txt": new})
    if old is not None:
        (room.autograded / "ana" / LESSON).mkdir(parents=True)
        (room.autograded / "ana" / LESSON / "timestamp.txt").write_bytes(old)
    assert room.one().unchanged is unchanged


def test_three_hundred_folders_are_found_quickly(room):
    for i in range(300):
        room.files(f"s{i:03}", {NAME: b"{}", "timestamp.txt": b"2027-02-27 17:45:00 UTC"})
    began = time.process_time()
    assert len(room.look()) == 300
    assert time.process_time() - began < 2


@pytest.mark.cycle
def test_stock_marks_a_rebuilt_notebook_as_it_marks_a_whole_one(tmp_path):
    """Three mangled notebooks, put together again, earn all that a whole one earns."""
    room = Classroom(tmp_path, LESSON)
    mangled = {
        "lost": "marks and ids lost, format 3",
        "moved": "answers at the end",
        "stripped": "nothing but answers",
    }
    submitted = room.root / "grading" / "submitted"
    for student, how in {"whole": "as saved", **mangled}.items():
        made = rebuild(MANGLES[how](LESSON).data, lesson_of(LESSON), student, NAME)
        folder = submitted / student / LESSON
        folder.mkdir(parents=True)
        nbformat.write(made.notebook, folder / NAME)
    room.several((None, "generate_assignment", LESSON), (None, "autograde", LESSON))

    from nbgrader.api import Gradebook

    with Gradebook(room.database) as book:
        scores = {s.student.id: s.score for s in book.assignment_submissions(LESSON)}
        waiting = [s.needs_manual_grade for s in book.assignment_submissions(LESSON)]
    assert scores == dict.fromkeys(["whole", *mangled], 15) and all(waiting)
    # What stock has marked is unchanged in our eyes, too, until something newer comes.
    autograded = room.root / "grading" / "autograded"
    assert all(one.unchanged for one in handed_in(submitted, autograded, LESSON))
    shutil.rmtree(autograded / "lost")
    found = {one.student: one.unchanged for one in handed_in(submitted, autograded, LESSON)}
    assert found.pop("lost") is False and all(found.values())
