"""Marking argued answers by keyboard: the page in a real Chromium, a class that nbgrader marked."""

from __future__ import annotations

import contextlib
import csv
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlparse

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import find_browser, running_browser
from nbgrader.api import Gradebook
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.exc import SAWarning

from grading.manual.answers import Class
from grading.manual.guide import argued
from grading.manual.server import Server
from tests.marking.classroom import Classroom
from tests.marking.made_up import ROOT

LESSON, QUESTION = "06-megawatts", "q10"
HOSTILE = """**Owned** <script>document.title = "owned"</script>

<img src=x onerror="document.title='owned'">

[press me](javascript:document.title='owned') ![p](http://elsewhere.example/p.png)

<a href="http://elsewhere.example/">go</a> <iframe srcdoc="<script>1</script>">
"""
ANSWERS = {
    "anahit": HOSTILE,
    "boris": "**Claim.** The share grows, the country's use does not double.",
    "chiara": "**Claim.** The share grows, the  country's use\ndoes not double.",
    "dmitri": None,  # left blank
    "elif": "Electricity doubles, says dmitri, and so does elif@uni.example.",
}
SHARED = ["boris", "chiara"]

pytestmark = [pytest.mark.browser, pytest.mark.cycle]


@pytest.fixture(autouse=True)
def _browser_is_here():
    if find_browser() is None:
        message = "no Chromium on this machine: install Debian's package chromium"
        if os.environ.get("COURSE_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture(scope="module")
def class_room(tmp_path_factory):
    """A class that handed in, and was marked by nbgrader's own command."""
    room = Classroom(tmp_path_factory.mktemp("term"), LESSON)
    shutil.copytree(ROOT / "grading" / "guide", room.root / "grading" / "guide")
    room.several(
        *((None, "db", "student", "add", name, f"--email={name}@uni.example") for name in ANSWERS),
        (None, "generate_assignment", LESSON),
    )
    released = room.root / "notebooks" / LESSON / f"{LESSON}.ipynb"
    for student, text in ANSWERS.items():
        book = nbformat.read(released, as_version=4)
        (cell,) = [one for one in book.cells if one.get("id") == QUESTION]
        cell.source = text or cell.source
        folder = room.root / "grading" / "submitted" / student / LESSON
        folder.mkdir(parents=True)
        nbformat.write(book, folder / f"{LESSON}.ipynb")
    room.nbgrader("autograde", LESSON)
    shutil.copy(room.root / "grading" / "gradebook.db", room.home / "unmarked.db")
    return room


@pytest.fixture
def room(class_room):
    """The class with its argued answers unmarked."""
    shutil.copy(class_room.home / "unmarked.db", class_room.root / "grading" / "gradebook.db")
    return class_room


@contextlib.contextmanager
def serving(room: Classroom) -> Iterator[tuple[subprocess.Popen, str]]:
    """Run the command as an instructor does; give its process and the address that it prints."""
    command = [sys.executable, "-m", "grading.manual", LESSON, "--no-browser"]
    log = room.home / "manual.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, cwd=room.root, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        try:
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()
    assert log.read_text() == ""


@dataclass
class Marking:
    """The page, used by keyboard alone."""

    page: Page
    errors: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, browser: Browser, address: str) -> Marking:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(20_000)
        one = cls(page)
        page.on("console", lambda line: one.errors.append(line.text))
        page.on("pageerror", lambda error: one.errors.append(str(error)))
        page.on("dialog", lambda dialog: one.errors.append(f"dialog {dialog.message}"))
        page.on("request", one._watch)
        page.goto(address)
        expect(page.locator("#which")).to_be_focused()
        return one

    def _watch(self, request) -> None:
        if urlparse(request.url).hostname not in ("127.0.0.1", None):
            self.left.append(request.url)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def shows(self, place: str, words: str | re.Pattern) -> None:
        expect(self.page.locator(place)).to_contain_text(words, timeout=20_000)

    def text(self) -> str:
        return self.page.locator("#text").inner_text()

    def to_answer(self, words: str) -> None:
        """Go on with J, from the first answer, until one with these words is shown."""
        self.press(*["k"] * len(ANSWERS))
        self.shows("#notice", "That was the first answer.")
        for _ in ANSWERS:
            if words in self.text():
                return
            before = self.page.locator("#which").inner_text()
            self.press("j")
            expect(self.page.locator("#which")).not_to_have_text(before)
        raise AssertionError(f"no answer has {words!r}")


def stored(room: Classroom) -> dict[str, tuple[float, bool, str | None]]:
    """Of each student score, needs-manual and comment of the argued answer."""
    found = {}
    with Gradebook(room.database) as book:
        for name in ANSWERS:
            place = (QUESTION, LESSON, LESSON, name)
            grade = book.find_grade(*place)
            comment = book.find_comment(*place).manual_comment
            found[name] = grade.score, grade.needs_manual_grade, comment
    return found


def test_a_class_is_marked_by_keyboard_and_nbgrader_knows(room):
    with serving(room) as (_, address), running_browser() as browser:
        marking = Marking.open(browser, address)
        page = marking.page
        marking.shows("#progress", "0 of 4 marked, 1 blank (0 points)")

        # Names stay away: no id and no address, in what is shown and in what was sent.
        marking.to_answer("Electricity doubles")
        assert "says dmitri, and so does [name]." in marking.text()
        # Every row by one key, each going on to the next; a comment; the next by Enter.
        marking.press("f", "h", "n", "f")
        marking.shows("#score", "3 of 5 points")
        marking.press("c")
        page.keyboard.type("Which total?")
        marking.press("Escape")
        marking.shows("#saved", "Comment saved")
        expect(page.locator("#next")).to_be_focused()
        marking.shows("#progress", "1 of 4 marked")
        marking.press("Enter")
        expect(page.locator("#which")).to_be_focused()

        # The same words twice, however they are spaced; the comment again, by its number.
        marking.to_answer("The share grows")
        marking.shows("#about", re.compile(r"The same words as answer \d \(I\)"))
        first = page.locator("#which").inner_text()
        marking.press("f", "f", "f", "f")
        marking.press("r")
        expect(page.locator("#phrases button").first).to_be_focused()
        marking.press("1")
        expect(page.locator("#free")).to_have_value("Which total?")
        marking.shows("#progress", "2 of 4 marked")
        marking.press("i")
        expect(page.locator("#which")).not_to_have_text(first)
        marking.shows("#about", "Not marked")

        # A slip of the finger, and back; the row that was chosen by its number.
        marking.press("n")
        marking.shows("#score", "3 more to choose")
        marking.press("z")
        marking.shows("#about", "Undone. Not marked.")
        marking.shows("#score", "No points yet")
        marking.press("2", "h", "1", "f", "3", "n", "n")
        marking.shows("#score", "2 of 5 points")
        marking.shows("#progress", "3 of 4 marked")

        # What is skipped comes again when nothing else is left, and then all is done.
        marking.press("u")
        marking.shows("#text", "Owned")
        marking.press("s")
        marking.shows("#about", "Not marked.")
        marking.shows("#text", "Owned")
        marking.press("n", "n", "n", "n")
        marking.shows("#progress", "4 of 4 marked")
        marking.press("u")
        marking.shows("#notice", "All answers to this question are marked.")

        # The blank answer is shown when it is asked for.
        assert not page.locator("#blanks").is_checked()
        marking.press("b")
        marking.to_answer("Your answer here")
        marking.shows("#about", "Blank.")
        # Model answers and keys unfold.
        marking.press("m", "?")
        for words in ("Full marks (5)", "Half marks (2.5)", "No marks"):
            marking.shows("#models", words)
        expect(page.locator("#keys table")).to_be_visible()
        assert marking.errors == []
        assert marking.left == []

    found = stored(room)
    assert found["elif"] == (
        3,
        False,
        "- Claim: 1 of 1.\n- Evidence with source: 1 of 2. One of the two with its source.\n"
        "- Caveat: 0 of 1. No caveat.\n- What would change your mind: 1 of 1.\n\nWhich total?",
    )
    assert sorted(found[name][0] for name in SHARED) == [2, 5]
    assert [found[name][:2] for name in ("anahit", "dmitri")] == [(0, False), (0, False)]
    assert found["dmitri"][2] is None

    # nbgrader's own table of marks and feedback pages have it all.
    room.several(
        (None, "export", "--to=marks.csv"), (None, "generate_feedback", LESSON, "--student=elif")
    )
    with (room.root / "marks.csv").open(newline="", encoding="utf-8") as file:
        raw = {row["student_id"]: float(row["raw_score"]) for row in csv.DictReader(file)}
    with Gradebook(room.database) as book:
        for name in ANSWERS:
            submission = book.find_submission(LESSON, name)
            assert raw[name] == submission.score
            assert not submission.needs_manual_grade
    page = re.sub(r"<[^>]+>|\s+", " ", room.page("elif").read_text(encoding="utf-8"))
    said = re.sub(r"\s+", " ", page)
    assert "Evidence with source: 1 of 2. One of the two with its source." in said
    assert "Which total?" in said


def test_an_answer_full_of_scripts_is_text_and_everybody_can_use_the_page(room):
    with serving(room) as (_, address), running_browser() as browser:
        marking = Marking.open(browser, address)
        page = marking.page
        marking.to_answer("Owned")
        text = marking.text()
        for words in ("<script>", "onerror=", "javascript:document.title", "elsewhere.example"):
            assert words in text, "it is shown for what it is"
        page.get_by_text("press me").click()
        page.wait_for_timeout(500)
        assert page.title() == f"Marking {LESSON}"
        alive = "#text :is(script, img, a, iframe, [onerror], [href], [src], [style])"
        assert page.locator(alive).count() == 0
        # Even a script that got in would be stopped by the page's own rules.
        stopped = page.evaluate(
            "() => { try { document.getElementById('text').innerHTML = '<b>x</b>'; } "
            "catch (error) { return error.name; } }"
        )
        assert stopped == "TypeError"
        assert len([line for line in marking.errors if "TrustedHTML" in line]) == len(
            marking.errors
        )
        assert marking.left == []

        # Whoever listens to the page, or goes through it by Tab, finds everything named.
        marking.press("f", "m", "?", "b")
        for width in (1280, 400):
            page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(page).response["violations"]
            grave = [one for one in found if one["impact"] in ("serious", "critical")]
            assert not grave, [(one["id"], one["nodes"][0]["html"][:200]) for one in grave]
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        for name in ("Comment (C)", "Single-letter keys", "Show blank answers (B)"):
            expect(page.get_by_label(name)).to_be_visible()
        row = page.get_by_role("group", name="2. Evidence with source (2)")
        expect(row.get_by_role("radio", name="Half, 1: One of the two")).to_be_visible()
        # Letters can be switched off, for those whose reader uses them itself.
        before = stored(room)
        page.get_by_label("Single-letter keys").focus()
        marking.press("Space", "n", "u")
        page.wait_for_timeout(500)
        assert stored(room) == before


def test_marks_of_formgrader_are_seen_and_stand(room):
    with serving(room) as (_, address), running_browser() as browser:
        marking = Marking.open(browser, address)
        marking.to_answer("Electricity doubles")
        with Gradebook(room.database) as book:  # as Formgrader's handlers do
            place = (QUESTION, LESSON, LESSON, "elif")
            grade = book.find_grade(*place)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 4.25, None, False
            book.find_comment(*place).manual_comment = "Well argued."
            book.db.commit()
        marking.press("n")
        marking.shows("#notice", "marked elsewhere meanwhile")
        marking.shows("#score", "4.25 of 5 points, not by these rows")
        expect(marking.page.locator("#free")).to_have_value("Well argued.")
        assert stored(room)["elif"] == (4.25, False, "Well argued.")
        assert marking.page.locator("#rows input:checked").count() == 0
        # Whoever goes on all the same does so knowingly, and the words stay.
        marking.press("n", "n", "n", "h")
        marking.shows("#score", "0.5 of 5 points")
        assert stored(room)["elif"][2].endswith("\n\nWell argued.")
        marking.press("z", "z", "z", "z")
        marking.shows("#score", "4.25 of 5 points")
        assert stored(room)["elif"] == (4.25, False, "Well argued.")
        # Words that were being typed meanwhile are refused, and not lost.
        marking.press("c")
        with Gradebook(room.database) as book:
            book.find_grade(*place).manual_score = 3.75
            book.db.commit()
        marking.page.keyboard.type(" But how?")
        marking.shows("#notice", "Your comment was: Well argued. But how?")
        marking.shows("#score", "3.75 of 5 points")
        assert stored(room)["elif"] == (3.75, False, "Well argued.")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions or scripts")
def test_the_browser_opens_the_page_and_its_arguments_tell_no_secret(room, tmp_path):
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/asked"\n', encoding="utf-8")
    script.chmod(0o700)
    command = [sys.executable, "-m", "grading.manual", LESSON]
    env = os.environ | {"BROWSER": f"{script} %s"}
    with (
        running_browser() as browser,
        subprocess.Popen(
            command, cwd=room.root, env=env, stdout=subprocess.PIPE, text=True
        ) as process,
    ):
        address = process.stdout.readline().split()[-1]
        asked = tmp_path / "asked"
        for _ in range(100):
            if asked.is_file() and asked.read_text():
                break
            time.sleep(0.1)
        words = asked.read_text().strip()
        path = Path(urllib.request.url2pathname(urlparse(words).path))
        assert address.split("/")[3] not in words
        assert path.stat().st_mode & 0o077 == 0
        marking = Marking.open(browser, words)
        assert marking.page.url == address
        marking.shows("#progress", "0 of 4 marked")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert not path.exists()


def test_nothing_is_lost_when_the_server_dies_or_the_page_is_closed(room):
    with running_browser() as browser:
        with serving(room) as (process, address):
            marking = Marking.open(browser, address)
            marking.to_answer("Electricity doubles")
            marking.press("h", "h", "h", "h")
            marking.shows("#progress", "1 of 4 marked")
            process.send_signal(signal.SIGKILL)
            process.wait()
            assert stored(room)["elif"][:2] == (2.5, False)
            marking.press("c")
            marking.page.keyboard.type("Words that nobody heard")
            marking.shows("#notice", "Not saved: the server does not answer.")
            expect(marking.page.locator("#free")).to_have_value("Words that nobody heard")
            # It does not show a mark that was never written.
            marking.press("Escape", "4", "f")
            expect(marking.page.locator("#row-3-half")).to_be_checked()
        with serving(room) as (_, address):
            marking = Marking.open(browser, address)
            marking.shows("#progress", "1 of 4 marked")
            marking.to_answer("Electricity doubles")
            marking.shows("#score", "2.5 of 5 points")
            # Rows and words of which the server has not heard when the page goes.
            marking.press("1", "f", "f", "c")
            marking.page.keyboard.type("In the middle of", delay=40)
            marking.page.goto("about:blank")
            for _ in range(50):
                if str(stored(room)["elif"][2]).endswith("In the middle of"):
                    break
                marking.page.wait_for_timeout(100)
            score, waits, comment = stored(room)["elif"]
            assert (score, waits) == (4, False)
            assert comment.endswith("\n\nIn the middle of")
            assert "- Claim: 1 of 1.\n- Evidence with source: 2 of 2.\n" in comment


@pytest.fixture
def capstone(tmp_path, monkeypatch):
    """Two students' capstones, with five argued questions, one of them in code."""
    lesson = "11-capstone"
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    source = ROOT / "solutions" / lesson / f"{lesson}.ipynb"
    questions = argued(lesson, source)
    database = f"sqlite:///{tmp_path / 'gradebook.db'}"
    with Gradebook(database) as book, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own way with its database
        book.add_assignment(lesson)
        book.add_notebook(lesson, lesson)
        for one in questions:
            kind = "code" if one.id == "q9" else "markdown"
            book.add_grade_cell(one.id, lesson, lesson, max_score=one.points, cell_type=kind)
            book.add_solution_cell(one.id, lesson, lesson)
        for name in ("ani", "bo"):
            book.add_student(name)
            book.add_submission(lesson, name)
            for grade in book.find_submission(lesson, name).notebooks[0].grades:
                grade.needs_manual_grade = True
            (tmp_path / name).mkdir()
            shutil.copy(source, tmp_path / name)
        book.db.commit()
    group = Class(lesson, database, str(tmp_path / "{student}"))
    with Server(group, questions) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_lesson_with_several_questions_goes_from_one_to_the_next(capstone):
    with running_browser() as browser:
        marking = Marking.open(browser, capstone.address)
        page = marking.page
        # Words in a code cell are shown as they were typed, and the cards are at hand.
        marking.shows("#text pre", 'minister = """')
        marking.press("o")
        marking.shows("#beside", "card_1 = ")
        assert "my_brief" not in page.locator("#beside").inner_text()
        marking.press("f", "f", "f")
        marking.shows("#score", "6 of 6 points")
        marking.press("q")
        marking.shows("#prompt", "operationalisation")
        marking.shows("#text", "I changed no threshold.")
        marking.shows("#progress", "0 of 2 marked")
        marking.shows("#models", "Solved notebook")
        expect(page.locator("#rows fieldset")).to_have_count(3)
        # Undo goes back to where the change was.
        marking.press("z")
        marking.shows("#about", "Undone.")
        expect(page.locator("#question")).to_have_value("q9")
        marking.shows("#score", "1 more to choose")

        # An answer that was handed in again waits with its mark, which can be kept.
        marking.press("3", "n")
        marking.shows("#score", "4 of 6 points")
        with Gradebook(capstone.group.database) as book:  # as nbgrader's SaveAutoGrades does
            for name in ("ani", "bo"):
                grade = book.find_grade("q9", "11-capstone", "11-capstone", name)
                grade.needs_manual_grade = True
            book.db.commit()
        marking.press("j", "k", "k")
        marking.shows("#notice", "That was the first answer.")
        for _ in range(2):
            if "submitted again since" in page.locator("#score").inner_text():
                break
            marking.press("j")
            expect(page.locator("#which")).to_have_text("Answer 2 of 2")
        marking.shows("#score", "4 of 6 points; submitted again since, so it waits for you")
        marking.shows("#progress", "0 of 2 marked")
        marking.press("y")
        marking.shows("#progress", "1 of 2 marked")
        expect(page.locator("#keep")).to_be_hidden()
        assert marking.errors == []


@pytest.mark.parametrize(
    ("lesson", "says"),
    [
        ("00-start", "no lesson 00-start; there are 06-megawatts"),
        ("6", "no lesson 6; there are 06-megawatts"),
    ],
)
def test_a_lesson_that_cannot_be_marked_is_named(room, lesson, says):
    command = [sys.executable, "-m", "grading.manual", lesson]
    done = subprocess.run(command, cwd=room.root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.strip() == says
