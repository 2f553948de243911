"""Marks by hand reach nbgrader's gradebook, and nothing else does."""

import itertools
import json
import os
import shutil
import sqlite3
import sys
import threading
import urllib.error
import urllib.request
import warnings
from http.client import HTTPConnection
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from grading.manual import prose
from grading.manual.answers import Changed, Class
from grading.manual.guide import argued
from grading.manual.rubric import LEVELS, Row, read, total, written
from grading.manual.server import Server
from tests.marking.made_up import LESSONS, ROOT, key_of

LESSON = "06-megawatts"
QUESTION = "q10"
# Not in the order of the alphabet: theirs would tell who is who.
NAMES = [f"student-{letter}" for letter in "abcdefghij"]
ROWS = (
    Row("Claim", 1, "Says it.", "Blurs it.", "Repeats it."),
    Row("Evidence with source", 2, "Both.", "One of the two.", "Neither."),
    Row("Caveat", 1, "A limit.", "Any doubt.", "None."),
)


@pytest.fixture(scope="module")
def question():
    (one,) = argued(LESSON, ROOT / "solutions" / LESSON / f"{LESSON}.ipynb")
    return one


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A class as autograding leaves it: each answer waits, but the last student's is blank."""
    folder = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        # nbgrader calls alembic by its bare name.
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        book = Gradebook(f"sqlite:///{folder / 'gradebook.db'}")
    with book, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own way with its database
        book.add_assignment(LESSON)
        book.add_notebook(LESSON, LESSON)
        book.add_grade_cell(QUESTION, LESSON, LESSON, max_score=5, cell_type="markdown")
        book.add_solution_cell(QUESTION, LESSON, LESSON)
        for name in NAMES:
            book.add_student(name, first_name=f"First{name[-1]}", last_name="Petrosyan")
            book.add_submission(LESSON, name)
            hand_in(folder, name, f"My answer {name[-1]}.")
            book.find_grade(QUESTION, LESSON, LESSON, name).needs_manual_grade = True
        blank = book.find_grade(QUESTION, LESSON, LESSON, NAMES[-1])
        blank.auto_score, blank.needs_manual_grade = 0, False
        book.db.commit()
    return folder


@pytest.fixture
def group(course, tmp_path):
    shutil.copytree(course, tmp_path, dirs_exist_ok=True)
    database = f"sqlite:///{tmp_path / 'gradebook.db'}"
    return Class(LESSON, database, str(tmp_path / "{student}"))


def hand_in(folder, student, text, name=QUESTION):
    cell = nbformat.v4.new_markdown_cell(text)
    cell.metadata["nbgrader"] = {"grade_id": name, "solution": True, "grade": True}
    (folder / student).mkdir(exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / student / f"{LESSON}.ipynb")


def stored(group, student=None, answer=None):
    """Score, needs-manual and comment of an answer, by nbgrader's own eyes."""
    with Gradebook(group.database) as book:
        if answer:
            student = book.find_submission_notebook_by_id(answer).student.id
        grade = book.find_grade(QUESTION, LESSON, LESSON, student)
        comment = book.find_comment(QUESTION, LESSON, LESSON, student)
        return grade.score, grade.needs_manual_grade, comment.comment


def unmarked(group, question):
    return [one for one in group.answers(question) if one.mark.waits]


def formgrader(group, answer, score, comment):
    """Mark an answer as Formgrader's handlers do."""
    with Gradebook(group.database) as book:
        (grade,) = book.find_submission_notebook_by_id(answer).grades
        (said,) = book.find_submission_notebook_by_id(answer).comments
        grade.manual_score, grade.needs_manual_grade = score, False
        said.manual_comment = comment
        book.db.commit()


def test_a_comment_gives_back_the_rows_and_words_that_it_was_made_of():
    words = ("", "Which total?\nWhich year?", "- Claim: well said.")
    for levels, free in itertools.product(itertools.product([*LEVELS, None], repeat=3), words):
        assert read(ROWS, written(ROWS, levels, free)) == (list(levels), free)


def test_students_read_which_row_lost_points_and_why():
    said = written(ROWS, ["full", "half", "none"], "Which total?")
    assert said == (
        "- Claim: 1 of 1.\n- Evidence with source: 1 of 2. One of the two.\n"
        "- Caveat: 0 of 1. None.\n\nWhich total?"
    )
    assert total(ROWS, ["full", "half", "none"]) == 2
    assert total(ROWS, ["full", None, "none"]) is None


HOSTILE = [
    "<script>document.title = 'owned'</script>",
    '<img src=x onerror="document.title=1">',
    "[here](javascript:alert(1))",
    "![p](http://elsewhere.example/p.png)",
    "<a href='javascript:alert(1)'>x</a> text",
    "[ref][1]\n\n[1]: data:text/html,<script>1</script>",
    "<iframe srcdoc='<script>1</script>'></iframe>",
    "> " * 3000 + "deep",
    "| a |\n|---|\n| <b onclick=x>b</b> |",
    "```html\n<script>1</script>\n```",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_an_answer_becomes_texts_in_harmless_elements(text):
    def walk(part, depth):
        assert depth < 3 * prose.DEEPEST
        if isinstance(part, str):
            return
        assert part[0] in prose.TAGS
        for inner in part[1:]:
            walk(inner, depth + 1)

    for part in prose.parts(text):
        walk(part, 0)
    # What was written is there to be read.
    for word in ("owned", "onerror", "alert(1)", "elsewhere.example", "iframe", "deep"):
        assert (word in text) == (word in json.dumps(prose.parts(text)))


@pytest.mark.parametrize("lesson", LESSONS)
def test_beside_every_argued_question_stand_its_text_its_rows_and_models(lesson):
    found = argued(lesson, ROOT / "solutions" / lesson / f"{lesson}.ipynb")
    asked = [one for one in key_of(lesson) if one["kind"] == "argument"]
    assert [one.id for one in found] == [one["id"] for one in asked]
    for one in found:
        assert one.prompt.startswith(f"**{one.id}. Argue")
        assert "points, marked by your instructor" in one.prompt
        assert sum(row.points for row in one.rows) == one.points
        assert all(len(text) > 40 and "*Rubric.*" not in text for _, text in one.models)
        assert len(one.models) == (1 if lesson == "11-capstone" and one.id != "q9" else 3)
    # The capstone's brief bears its author's name.
    assert not any("q10" in one.beside for one in found if lesson == "11-capstone")


def test_rows_are_written_as_formgrader_writes_a_score(group, question):
    one = unmarked(group, question)[0]
    mark = group.set_levels(one.id, question, one.mark.version, ["full", None, None, None], "")
    assert stored(group, answer=one.id) == (0, True, "- Claim: 1 of 1.")
    levels = ["full", "half", "none", "full"]
    mark = group.set_levels(one.id, question, mark.version, levels, "Which total?")
    score, waits, comment = stored(group, answer=one.id)
    assert (score, waits) == (3, False)
    assert read(question.rows, comment) == (levels, "Which total?")
    assert mark.version == next(
        each.mark.version for each in group.answers(question) if each.id == one.id
    )


def test_a_blank_answer_has_its_0_whatever_is_begun_with_it(group, question):
    (one,) = [each for each in group.answers(question) if each.mark.blank]
    assert one.student == NAMES[-1]
    group.set_levels(one.id, question, one.mark.version, ["half", None, None, None], "")
    assert stored(group, answer=one.id)[:2] == (0, False)


def test_an_answer_that_was_marked_elsewhere_is_not_overwritten(group, question):
    one = unmarked(group, question)[0]
    formgrader(group, one.id, 4.25, "By hand.")
    for change in (
        lambda: group.set_levels(one.id, question, one.mark.version, ["full"] * 4, ""),
        lambda: group.set_comment(one.id, question, one.mark.version, "Mine."),
        lambda: group.keep(one.id, question, one.mark.version),
    ):
        with pytest.raises(Changed):
            change()
    assert stored(group, answer=one.id) == (4.25, False, "By hand.")


def test_of_two_who_mark_at_the_same_moment_one_is_told(group, question):
    other = Class(LESSON, group.database, group.folder)
    for number in range(12):
        one = unmarked(group, question)[0]
        start, told = threading.Barrier(2), []

        def mark(who, words, one=one, start=start, told=told):
            start.wait()
            try:
                who.set_comment(one.id, question, one.mark.version, words)
            except Changed:
                told.append(words)

        both = [
            threading.Thread(target=mark, args=(who, f"{name} {number}"))
            for who, name in ((group, "one"), (other, "two"))
        ]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        assert len(told) == 1
        assert stored(group, answer=one.id)[2] not in told


def test_undo_takes_changes_back_one_by_one_and_nothing_of_others(group, question):
    first, second, *_ = unmarked(group, question)
    mark = group.set_levels(first.id, question, first.mark.version, ["full"] * 4, "")
    mark = group.set_comment(first.id, question, mark.version, "Wh")
    group.set_comment(first.id, question, mark.version, "Which?", goes_on=True)
    assert group.undo() == (first.id, question)
    assert stored(group, answer=first.id)[2].endswith("mind: 1 of 1.")
    group.set_levels(second.id, question, second.mark.version, ["none"] * 4, "")
    formgrader(group, second.id, 2, "No, two.")
    with pytest.raises(Changed):
        group.undo()
    assert stored(group, answer=second.id) == (2, False, "No, two.")
    assert group.undo() == (first.id, question)
    assert stored(group, answer=first.id) == (0, True, None)
    assert group.undo() is None


def test_a_page_that_is_closed_need_not_have_heard_of_its_own_last_changes(group, question):
    one = unmarked(group, question)[0]
    first = group.set_levels(one.id, question, one.mark.version, ["half"] * 4, "")
    mark = group.set_comment(one.id, question, first.version, "Wh")
    group.set_comment(one.id, question, mark.version, "Which", goes_on=True)
    with pytest.raises(Changed):
        group.set_comment(one.id, question, mark.version, "Which?")
    group.set_comment(one.id, question, mark.version, "Which?", goes_on=True, closing=True)
    assert stored(group, answer=one.id)[2].endswith("\n\nWhich?")
    # Of others' changes it has to have heard.
    formgrader(group, one.id, 2, "Two.")
    with pytest.raises(Changed):
        group.set_levels(one.id, question, first.version, ["full"] * 4, "", closing=True)
    assert stored(group, answer=one.id) == (2, False, "Two.")


def test_a_mark_from_before_a_new_submission_waits_and_can_be_kept(group, question):
    one = unmarked(group, question)[0]
    group.set_levels(one.id, question, one.mark.version, ["half"] * 4, "")
    with Gradebook(group.database) as book:  # as SaveAutoGrades does
        (grade,) = book.find_submission_notebook_by_id(one.id).grades
        grade.needs_manual_grade = True
        book.db.commit()
    (one,) = [each for each in group.answers(question) if each.id == one.id]
    assert (one.mark.waits, one.mark.score) == (True, 2.5)
    group.keep(one.id, question, one.mark.version)
    assert stored(group, answer=one.id)[:2] == (2.5, False)


def test_comments_given_before_come_most_used_first(group, question):
    both = ["Which total?\nName the year.", "Name the year.\nWhich total?"]
    said = ["Short.", "Which total?", *both]
    for one, words in zip(unmarked(group, question), said, strict=False):
        group.set_levels(one.id, question, one.mark.version, ["half"] * 4, words)
    assert group.phrases(question) == ["Which total?", "Name the year.", "Short."]


def test_the_order_stays_and_is_not_that_of_names(group, question):
    order = [one.student for one in group.answers(question)]
    again = Class(LESSON, group.database, group.folder)
    assert [one.student for one in again.answers(question)] == order
    assert sorted(order) == NAMES
    assert order not in (NAMES, NAMES[::-1])


def test_a_student_without_a_marked_notebook_is_counted_and_keeps_nobody_up(
    group, question, tmp_path
):
    (tmp_path / NAMES[0] / f"{LESSON}.ipynb").unlink()
    (tmp_path / NAMES[1] / f"{LESSON}.ipynb").write_text("{}", encoding="utf-8")
    hand_in(tmp_path, NAMES[2], "Another cell.", name="q9")
    assert len(group.answers(question)) == len(NAMES) - 3
    assert group.unread == set(NAMES[:3])
    hand_in(tmp_path, NAMES[0], "Here I am.")
    assert len(group.answers(question)) == len(NAMES) - 2
    assert group.unread == set(NAMES[1:3])


@pytest.fixture
def server(group, question):
    with Server(group, [question]) as one:
        thread = threading.Thread(target=one.serve_forever)
        thread.start()
        yield one
        one.shutdown()
        thread.join()


def ask(server, place, sent=None, secret=None, **headers):
    """Send one request; give the status, the headers and the text."""
    own = {"Host": f"127.0.0.1:{server.server_port}"}
    if sent is not None:
        own |= {"Content-Type": "application/json", "Origin": f"http://{own['Host']}"}
    own |= headers
    line = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    line.request(
        "GET" if sent is None else "POST",
        f"/{server.secret if secret is None else secret}/{place}",
        body=None if sent is None else json.dumps(sent),
        headers={name: value for name, value in own.items() if value is not None},
    )
    answer = line.getresponse()
    text = answer.read().decode()
    line.close()
    return answer.status, answer.headers, text


def mark_of(server, question, free="Mine."):
    one = unmarked(server.group, question)[0]
    return {"question": QUESTION, "answer": one.id, "seen": one.mark.version, "free": free}


STRANGERS = {
    "no secret": {"secret": ""},
    "a wrong secret": {"secret": "A" * 43},
    "no text in the secret": {"secret": "%ff%00"},
    "another host": {"Host": "marks.example"},
    "the same host on another port": {"Host": "127.0.0.1:80"},
    "another page": {"Origin": "http://elsewhere.example"},
    "a page without an address": {"Origin": "null"},
    "no page": {"Origin": None},
    "a page that the browser calls foreign": {"Sec-Fetch-Site": "cross-site"},
    "a form": {"Content-Type": "text/plain"},
}


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS)
def test_strangers_are_refused_and_write_nothing(server, question, stranger):
    sent = mark_of(server, question)
    status, _, text = ask(server, "comment", sent, **stranger)
    assert status == (415 if "Content-Type" in stranger else 403)
    assert "My answer" not in text
    assert stored(server.group, answer=sent["answer"]) == (0, True, None)
    # The same request from the page itself is answered.
    assert ask(server, "comment", sent)[0] == 200
    assert stored(server.group, answer=sent["answer"]) == (0, True, "Mine.")


@pytest.mark.parametrize("stranger", list(STRANGERS)[:7])
def test_strangers_read_nothing(server, question, stranger):
    headers = STRANGERS[stranger]
    for place in (f"class?question={QUESTION}", "lesson"):
        assert ask(server, place, **headers)[0] == 403
        assert ask(server, place)[0] == 200


def test_what_is_no_mark_is_refused_with_its_reason(server, question):
    sent = mark_of(server, question)
    for change, status in (
        ({"levels": ["full"]}, 400),
        ({"levels": ["full", "full", "full", "most"]}, 400),
        ({"levels": [[], {}, 1, None]}, 400),
        ({"free": 7}, 400),
        ({"question": "q99"}, 404),
        ({"question": ["q10"]}, 400),
        ({"answer": "nobody"}, 404),
        ({"free": "x" * 70_000}, 413),
    ):
        got, _, text = ask(server, "levels", sent | {"levels": ["full"] * 4} | change)
        assert (got, bool(text)) == (status, True)
    assert ask(server, "levels", [])[0] == 400
    assert ask(server, "elsewhere", sent)[0] == 404
    assert ask(server, "../server.py")[0] == 404
    assert stored(server.group, answer=sent["answer"]) == (0, True, None)


def test_a_gradebook_in_use_is_said_and_nothing_is_half_written(server, question):
    sent = mark_of(server, question) | {"levels": ["full"] * 4}
    other = sqlite3.connect(server.group.database.removeprefix("sqlite:///"))
    other.execute("BEGIN IMMEDIATE")
    status, _, text = ask(server, "levels", sent)
    other.rollback()
    other.close()
    assert (status, "Try again" in text) == (503, True)
    assert stored(server.group, answer=sent["answer"]) == (0, True, None)
    assert ask(server, "levels", sent)[0] == 200


def test_no_name_is_sent_to_the_page(server, question, tmp_path):
    hand_in(tmp_path, NAMES[0], "I am Firsta Petrosyan, student-a; student-ab is no name.")
    places = ("", "page.js", "lesson", f"class?question={QUESTION}")
    sent = [ask(server, place)[2] for place in places]
    for one in server.group.answers(question):
        sent.append(ask(server, f"answer?question={QUESTION}&answer={one.id}")[2])
    together = " ".join(sent)
    assert "I am [name], [name]; student-ab is no name." in together
    for name in NAMES:
        assert name not in together.replace("student-ab", "")
    assert "Petrosyan" not in together


def test_every_answer_of_the_server_forbids_scripts_of_others(server):
    for place, status in (("", 200), ("page.css", 200), ("lesson", 200), ("nowhere", 404)):
        got, headers, _ = ask(server, place)
        assert got == status
        rules = headers["Content-Security-Policy"]
        assert "default-src 'none'" in rules
        assert "script-src 'self';" in rules
        assert "unsafe" not in rules
        assert headers["Referrer-Policy"] == "no-referrer"
    page = ask(server, "")[2]
    assert page.count("<script") == page.count('<script src="page.js"') == 1
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/")
