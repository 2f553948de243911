"""A bundle goes from a student's own computer into marking by one command, and only a sound one."""

import json
import re
import warnings
import zipfile
from datetime import datetime, timedelta

import nbformat
import pytest

from course import handin
from course.handin import HandInError, bundle, unanswered
from course.threads import ledger
from tests.marking.classroom import Classroom
from tests.marking.made_up import LESSONS, ROOT, answer_name, key_of, notebook_of, written

LESSON = "03-chip-trade"
NAME = f"{LESSON}.ipynb"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A student's working folder with the released notebook, under a normal login name."""
    monkeypatch.chdir(tmp_path)
    for name in ("JUPYTERHUB_USER", "BINDER_LAUNCH_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(handin.getpass, "getuser", lambda: "ana")
    (tmp_path / NAME).write_bytes((ROOT / "notebooks" / LESSON / NAME).read_bytes())
    return tmp_path


def zips(folder):
    return sorted(path.name for path in folder.glob("*.zip"))


# ---- writing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", LESSONS)
def test_bundle_needs_nothing_but_the_lesson_under_a_normal_login(lesson, place, capsys):
    released = ROOT / "notebooks" / lesson / f"{lesson}.ipynb"
    (place / released.name).write_bytes(released.read_bytes())
    path = bundle(lesson)
    assert re.fullmatch(rf"ana__\d{{4}}-\d\d-\d\dT\d{{6}}Z__{lesson}\.zip", path.name)
    assert zips(place) == [path.name]
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == [f"{path.stem}.ipynb", "bundle.json"]
        assert archive.read(f"{path.stem}.ipynb") == released.read_bytes()
        about = json.loads(archive.read("bundle.json"))
    assert about["student"] == "ana" and about["lesson"] == lesson
    said = capsys.readouterr().out
    assert "Have you saved the notebook?" in said
    asked = [q["id"] for q in key_of(lesson)]
    named = re.search(r"Not answered yet: (.*)\. You can", said)[1].split(", ")
    assert sorted(named) == sorted(asked)


@pytest.mark.parametrize("lesson", LESSONS)
def test_nothing_is_unanswered_in_a_solved_lesson(lesson):
    assert unanswered(notebook_of(lesson).cells) == []


@pytest.mark.parametrize(
    ("source", "blank"),
    [
        ("answer_q1 = None  # a quantity\n# your answer here", True),
        ("answer_q1 = None\nanswer_q1 = 5", False),
        ("answer_q1 = 5\nanswer_q1 = None", True),
        ("answer_q1 = None\nif True:\n    answer_q1 = 5", False),
        ("answer_q1: float = 5", False),
        ("answer_q1 = (", False),
        ("# only words", True),
        ("", True),
        ('def f(x):\n    """Say."""\n    # your answer here', True),
        ('def f(x):\n    """Say."""\n    pass', True),
        ("def f(x):\n    y = None\n    return x", False),
        ('wanted = ["a"]\n\n\ndef f(x):\n    """Say."""', True),
    ],
)
def test_what_counts_as_unanswered(source, blank):
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {"solution": True, "grade_id": "q1"}
    assert unanswered([cell]) == (["q1"] if blank else [])


@pytest.mark.parametrize("who", ["ana", "ben.k", "c_lara", "d@uni.example", 12345, "e-lif"])
def test_ids_of_many_forms(who, place):
    assert bundle(LESSON, student=who).name.startswith(f"{who}__")


@pytest.mark.parametrize(
    "who", ["../x", "..", ".hidden", "a/b", "a\\b", "a__b", "_a", "a+b", "a b", "ä", "x_"]
)
def test_hostile_id_is_refused(who, place):
    with pytest.raises(HandInError, match=r"student is .* begins with a letter or digit"):
        bundle(LESSON, student=who)
    assert zips(place) == [] and zips(place.parent) == []


@pytest.mark.parametrize("who", [None, "", "your-id", "  "])
def test_on_a_shared_account_the_id_is_asked_for(who, place, monkeypatch, capsys):
    monkeypatch.setattr(handin.getpass, "getuser", lambda: "jovyan")
    assert bundle(LESSON, student=who) is None
    assert "Who are you?" in capsys.readouterr().out and zips(place) == []


def test_login_that_is_no_id_is_asked_for(place, monkeypatch, capsys):
    monkeypatch.setattr(handin.getpass, "getuser", lambda: "Ana María")
    assert bundle(LESSON) is None
    assert f'handin.bundle("{LESSON}", student="your-id")' in capsys.readouterr().out


def test_account_without_a_name_is_asked_for(place, monkeypatch, capsys):
    def nobody():
        raise OSError("no user name")

    monkeypatch.setattr(handin.getpass, "getuser", nobody)
    assert bundle(LESSON) is None
    assert "Who are you?" in capsys.readouterr().out


def test_hub_knows_who_and_binder_does_not(place, monkeypatch, capsys):
    monkeypatch.setenv("JUPYTERHUB_USER", "ben.k")
    assert bundle(LESSON).name.startswith("ben.k__")
    monkeypatch.setenv("BINDER_LAUNCH_HOST", "https://mybinder.org/")
    assert bundle(LESSON) is None
    assert "Who are you?" in capsys.readouterr().out


def test_nothing_is_written_while_a_notebook_is_marked(place, monkeypatch, capsys):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert bundle(LESSON, student="ana") is None
    assert zips(place) == [] and capsys.readouterr().out == ""


# ---- refusing --------------------------------------------------------------------------------


def without_checks(text):
    book = nbformat.reads(text, as_version=4)
    book.cells = [cell for cell in book.cells if not cell.id.endswith("-check")]
    return nbformat.writes(book)


def without_one_check(text):
    book = nbformat.reads(text, as_version=4)
    book.cells = [cell for cell in book.cells if cell.id != "q1-check"]
    return nbformat.writes(book)


DAMAGED = {
    "empty": lambda _: "",
    "cut short": lambda text: text[: len(text) // 2],
    "no notebook": lambda _: "{}",
    "a list": lambda _: "[1, 2]",
    "a number": lambda _: "5",
    "text": lambda _: "Dear instructor",
    "cells of another kind": lambda text: text.replace('"cell_type": "code"', '"cell_type": "c"'),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED)
def test_damaged_notebook_is_refused(damage, place):
    text = (place / NAME).read_text(encoding="utf-8")
    (place / NAME).write_text(damage(text), encoding="utf-8")
    with pytest.raises(HandInError, match=f"{NAME} cannot be read"):
        bundle(LESSON)
    assert zips(place) == []


def test_binary_file_is_refused(place):
    (place / NAME).write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(HandInError, match="cannot be read"):
        bundle(LESSON)


def test_missing_notebook_and_unknown_lesson_are_refused(place):
    (place / NAME).unlink()
    with pytest.raises(HandInError, match="no notebook"):
        bundle(LESSON)
    for lesson in ("99-nothing", "", "../03-chip-trade", "03-../../x"):
        with pytest.raises(HandInError, match="no lesson"):
            bundle(lesson)


def test_notebook_of_another_lesson_is_refused(place):
    other = next(lesson for lesson in LESSONS if lesson != LESSON)
    (place / NAME).write_bytes((ROOT / "notebooks" / other / f"{other}.ipynb").read_bytes())
    with pytest.raises(HandInError, match="is not the lesson's notebook"):
        bundle(LESSON)


def test_notebook_without_its_checks_is_refused(place):
    whole = (place / NAME).read_text(encoding="utf-8")
    (place / NAME).write_text(without_checks(whole), encoding="utf-8")
    with pytest.raises(HandInError, match="is not the lesson's notebook"):
        bundle(LESSON)
    (place / NAME).write_text(without_one_check(whole), encoding="utf-8")
    with pytest.raises(HandInError, match=f"has lost the checks of {LESSON[:2]}-q1: fetch"):
        bundle(LESSON)


# ---- marking ---------------------------------------------------------------------------------


class AnHourAgo(datetime):
    """A clock that is an hour slow, since two bundles of one second have one name."""

    @classmethod
    def now(cls, tz=None):
        return super().now(tz) - timedelta(hours=1)


@pytest.mark.cycle
def test_bundles_are_collected_by_one_command_and_marked(place, tmp_path_factory, monkeypatch):
    room = Classroom(tmp_path_factory.mktemp("zips"), LESSON)
    room.nbgrader("generate_assignment", LESSON)
    archive = room.root / "grading" / "downloaded" / LESSON / "archive"
    archive.mkdir(parents=True)

    bundle(LESSON, student="ben.k").rename(archive / "ben.k's own name.zip")
    with monkeypatch.context() as clock:
        clock.setattr(handin, "datetime", AnHourAgo)
        early = bundle(LESSON, student="c_lara")
    early.rename(archive / early.name)
    book = nbformat.read(place / NAME, as_version=4)
    for cell in book.cells:
        for question in key_of(LESSON):
            if cell.id == question["id"] and question["kind"] != "argument":
                code = written(question, answer_name(LESSON, question), "right").code
                cell.source += f"\n{code}"
    nbformat.write(book, place / NAME)
    (place / ledger.FILE).write_text('{"entries": []}\n', encoding="utf-8")
    late = bundle(LESSON, student="c_lara")
    # As a learning platform hands all submissions over: one zip of zips, each in a folder.
    with zipfile.ZipFile(archive / "all submissions.zip", "w") as outer:
        outer.write(late, f"Clara L_4711_assignsubmission_file/{late.name}")
    with zipfile.ZipFile(archive / "..__2026-01-01T000000Z__evil.zip", "w") as hostile:
        hostile.writestr(f"..__2026-01-01T000000Z__{LESSON}.ipynb", (place / NAME).read_bytes())
    (archive / "homework.ipynb").write_bytes((place / NAME).read_bytes())

    log = room.nbgrader("zip_collect", LESSON, "--force").stderr
    submitted = room.root / "grading" / "submitted"
    assert sorted(path.name for path in submitted.iterdir()) == ["ben.k", "c_lara"]
    for student in ("ben.k", "c_lara"):
        here = sorted(path.name for path in (submitted / student / LESSON).iterdir())
        carried = [ledger.FILE] if student == "c_lara" else []
        assert here == [NAME, *carried, "timestamp.txt"]
    assert "homework.ipynb" in log
    assert not (room.root / "grading" / LESSON).exists()
    stamp = (submitted / "c_lara" / LESSON / "timestamp.txt").read_text(encoding="utf-8")
    sent = re.search(r"__(.*?)T(\d\d)(\d\d)(\d\d)Z__", late.name)
    assert stamp == f"{sent[1]} {sent[2]}:{sent[3]}:{sent[4]}"

    room.nbgrader("autograde", LESSON)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the database library's own
        from nbgrader.api import Gradebook

        with Gradebook(room.database) as gradebook:
            scores = {s.student.id: s.score for s in gradebook.assignment_submissions(LESSON)}
    assert scores == {"ben.k": 0, "c_lara": 15}
    room.nbgrader("zip_collect", LESSON, "--force")
