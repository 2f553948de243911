"""A whole class through nbgrader's own commands, from release to the table of marks."""

import csv
import html
import re
import shutil
import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime

import nbformat
import pytest

from tests.marking.classroom import Classroom
from tests.marking.made_up import LESSONS, answer_name, key_of, notebook_of, written

pytestmark = pytest.mark.cycle

MIXED = ["right", "bare", "slip 1", "blank", "also"]


def everything_right(_):
    return "right"


# Each student's way with the questions; ids of many forms.
CLASS = {
    "ana": lambda _: "slip 2",  # submits again after the due date: all right
    "c_lara": lambda _: "blank",
    "ben.k": lambda _: "slip 0",
    "dmitri@uni.example": lambda _: "slip -1",
    "e-lif": lambda i: MIXED[i % len(MIXED)],
    "late": lambda _: "noisy",
    "broken": lambda _: "broken",
    "tamper": lambda _: "also",
    "renamed": lambda _: "right",
}
ABSENT = "absent"
UNMARKED = {"renamed", ABSENT}
# One lesson meets everybody; the others meet one student who has all right, one who hands in
# nothing, and one of each kind of answer. `grading.trial` tries every answer of every lesson.
MEET_ALL = ("03-chip-trade",)
FEW = ("ana", "c_lara", "e-lif")
ARGUED = "A claim with evidence, a caveat, and what would change my mind. " * 3
COMMENT = "Evidence (2): the source is missing."


@dataclass
class Term:
    """What came out of one lesson's cycle."""

    lesson: str
    room: Classroom
    expected: dict[str, dict[str, float | None]] = field(default_factory=dict)
    says: dict[str, list[str]] = field(default_factory=dict)
    marks: dict[str, dict[str, float | None]] = field(default_factory=dict)
    waiting: dict[str, set[str]] = field(default_factory=dict)
    before: dict[str, float | None] = field(default_factory=dict)
    log: str = ""
    rows: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def students(self):
        return list(CLASS) if self.lesson in MEET_ALL else list(FEW)

    @property
    def marked(self):
        return [name for name in self.students if name not in UNMARKED]

    @property
    def argued(self):
        """Points of each argued question."""
        return {q["id"]: q["points"] for q in key_of(self.lesson) if q["kind"] == "argument"}

    def total(self, expected):
        """Points of a student, with the half that was given by hand for what was argued."""
        return sum(
            self.argued[name] / 2 if points is None else points for name, points in expected.items()
        )


with_everybody = pytest.mark.parametrize("term", MEET_ALL, indirect=True)


def answer(term, path, student, how):
    """Write a student's answers into a fetched notebook and note what they are worth."""
    book = nbformat.read(path, as_version=4)
    cells = {cell.id: cell for cell in book.cells}
    expected, says = {}, []
    for i, question in enumerate(key_of(term.lesson)):
        name = question["id"]
        if question["kind"] == "argument":
            blank = how(i) == "blank"
            # The capstone's words for the minister stand in a code cell.
            code = cells[name].cell_type == "code"
            said = f"{cells[name].source}\n# {ARGUED}" if code else ARGUED
            cells[name].source = cells[name].source if blank else said
            expected[name] = 0 if blank else None
            continue
        done = written(question, answer_name(term.lesson, question), how(i))
        cells[name].source += f"\n{done.code}"
        if question["points"]:
            expected[f"{name}-check"] = done.points
            says += [done.says] if done.says else []
        if question.get("hidden_points"):
            expected[f"{name}-hidden"] = done.hidden
    term.expected[student], term.says[student] = expected, says
    nbformat.write(book, path)


def tamper(term, path, student):
    """Delete tests, with and without their answer; rewrite another, worth a hundred points."""
    book = nbformat.read(path, as_version=4)
    questions = [q for q in key_of(term.lesson) if q["points"] and q["kind"] != "argument"]
    alone, both, third, *_ = (q["id"] for q in questions if q["kind"] == "number")
    hidden = next(q["id"] for q in questions if q.get("hidden_points"))
    gone = {f"{alone}-check", both, f"{both}-check", f"{hidden}-hidden"}
    book.cells = [cell for cell in book.cells if cell.id not in gone]
    for cell in book.cells:
        if cell.id == f"{third}-check":
            cell.source = "100.0"
            cell.metadata["nbgrader"]["points"] = 100
    nbformat.write(book, path)
    term.expected[student][f"{both}-check"] = 0


def read_marks(term):
    """Each student's marks, and the cells that wait for the instructor."""
    from nbgrader.api import Gradebook

    term.marks, term.waiting = {}, {}
    with Gradebook(term.room.database) as book:
        for submission in book.assignment_submissions(term.lesson):
            student, grades = submission.student.id, submission.notebooks[0].grades
            term.marks[student] = {grade.name: grade.auto_score for grade in grades}
            term.waiting[student] = {g.name for g in grades if g.needs_manual_grade}


def mark_by_hand(term):
    """Give half the points and a comment for what was argued, as formgrader does."""
    from nbgrader.api import Gradebook

    with Gradebook(term.room.database) as book:
        for student in term.waiting.keys() - UNMARKED:
            for name in term.waiting[student]:
                place = (name, term.lesson, term.lesson, student)
                grade = book.find_grade(*place)
                grade.manual_score = term.argued[name] / 2
                grade.needs_manual_grade = False
                book.find_comment(*place).manual_comment = COMMENT
        book.db.commit()


@pytest.fixture(scope="module", params=LESSONS)
def term(request, tmp_path_factory):
    """One lesson from release to the table of marks."""
    lesson = request.param
    room = Classroom(tmp_path_factory.mktemp("term"), lesson)
    term = Term(lesson, room)
    roster = room.home / "class.csv"
    roster.write_text("id\n" + "\n".join([*term.students, ABSENT]) + "\n", encoding="utf-8")

    course = ("--course", "chips-watts-reactors")
    room.several(
        (None, "generate_assignment", lesson),
        (None, "release_assignment", lesson),
        (None, "db", "student", "import", str(roster)),
        ("ana", "fetch_assignment", lesson, *course),
    )
    fetched = room.folder("ana") / lesson / f"{lesson}.ipynb"

    def submit(student):
        # Everybody here is one system user, hence the id.
        return (student, "submit", lesson, *course, f"--student={student}")

    for student in set(term.students) - {"ana"}:
        shutil.copytree(fetched.parent, room.folder(student) / lesson)
    for student in term.students:
        how = CLASS[student]
        if student == "ana" and lesson not in MEET_ALL:
            how = everything_right
        path = room.folder(student) / lesson / fetched.name
        answer(term, path, student, how)
        if student == "tamper":
            tamper(term, path, student)
        if student == "renamed":
            path.rename(path.with_name("homework.ipynb"))
    room.several(*(submit(name) for name in term.students if name != "late"))
    due = f"--duedate={datetime.now(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
    # One notebook has another name: nbgrader says so, marks the others, and exits with 1.
    term.log = room.several(
        *(submit(name) for name in term.students if name == "late"),
        (None, "db", "assignment", "add", lesson, due),
        (None, "collect", lesson),
        (None, "autograde", lesson),
        fails="renamed" in term.students,
    ).stderr
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the database library's own
        read_marks(term)
        mark_by_hand(term)
        if lesson in MEET_ALL:
            term.before = term.marks["ana"]
            answer(term, fetched, "ana", lambda _: "right")
            room.several(submit("ana"), (None, "collect", lesson, "--update"))
            shutil.rmtree(room.root / "grading" / "submitted" / "renamed")
            room.nbgrader("autograde", lesson)
            read_marks(term)
            assert term.waiting["ana"], "marks by hand wait again after a second submission"
            mark_by_hand(term)

    room.several(
        (None, "generate_feedback", lesson),
        (None, "release_feedback", lesson),
        ("ana", "fetch_feedback", lesson, *course),
        (None, "export", "--to=marks.csv"),
    )
    with (room.root / "marks.csv").open(encoding="utf-8") as file:
        term.rows = {row["student_id"]: row for row in csv.DictReader(file)}
    return term


def test_each_cell_earns_what_the_key_says(term):
    for student in term.marked:
        assert term.marks[student] == term.expected[student], student


def test_all_right_earns_everything_and_nothing_earns_0(term):
    worth = sum(question["points"] for question in key_of(term.lesson))
    argued = sum(term.argued.values())
    assert worth == {"00-start": 0, "11-capstone": 40}.get(term.lesson, 20)
    assert term.total(term.expected["ana"]) + argued / 2 == worth
    assert term.total(term.expected["c_lara"]) == 0


@with_everybody
def test_second_submission_replaces_the_first(term):
    assert sum(points or 0 for points in term.before.values()) < 12
    assert sum(points or 0 for points in term.marks["ana"].values()) == 15


def test_table_of_marks_has_everybody(term):
    worth = sum(question["points"] for question in key_of(term.lesson))
    assert set(term.rows) == {*term.students, ABSENT}
    for student, expected in term.expected.items():
        row = term.rows[student]
        earned = 0 if student in UNMARKED else term.total(expected)
        assert float(row["score"]) == float(row["raw_score"]) == earned, student
        assert float(row["max_score"]) == worth
        assert float(row["late_submission_penalty"] or 0) == 0
    assert float(term.rows[ABSENT]["score"]) == 0


@with_everybody
def test_late_submission_is_recorded_and_costs_nothing_by_itself(term):
    late = {name for name, row in term.rows.items() if row["timestamp"] > row["duedate"]}
    assert late == {"late", "ana"}, "a second submission counts by its own time"
    assert re.search(r"late.* is [\d.]+ seconds late", term.log)


@with_everybody
def test_unknown_notebook_and_deleted_cells_are_named_in_the_log(term):
    assert "Skipping unknown notebook" in term.log and "homework.ipynb" in term.log
    assert re.search(r"error processing assignment '.*' for student 'renamed'", term.log)
    assert term.log.count("it is put back as released") == 4
    assert "checksum" in term.log


def test_blank_argument_waits_for_nobody_and_written_ones_wait(term):
    for student, waiting in term.waiting.items():
        if student not in UNMARKED:
            assert waiting <= term.argued.keys()
    for argued in term.argued:
        assert term.marks["c_lara"][argued] == 0


# ---- feedback pages --------------------------------------------------------------------------


def words(page):
    """A page's text, as it is read."""
    body = page.read_text(encoding="utf-8").partition("<body")[2]
    return html.unescape(re.sub(r"<[^>]*>", "", body))


def test_feedback_page_says_what_the_check_said(term):
    kinds = {question["kind"] for question in key_of(term.lesson)}
    for student in term.marked:
        text = words(term.room.page(student))
        for said in term.says[student]:
            assert said in text, student
        if None in term.expected[student].values():
            assert COMMENT in text, student
        if student == "broken":
            assert "it broke" in text
        if student == "c_lara":
            assert "Not answered yet" in text or kinds <= {"argument", "prediction"}
            assert "No prediction yet" in text or "prediction" not in kinds


def test_feedback_page_shows_no_hidden_test(term):
    secrets = [
        line.strip()
        for cell in notebook_of(term.lesson).cells
        if cell.id.endswith("-hidden")
        for line in re.search(r"BEGIN HIDDEN TESTS\n(.*)### END HIDDEN", cell.source, re.DOTALL)[
            1
        ].splitlines()
    ]
    for student in term.marked:
        text = words(term.room.page(student))
        shown = {line.strip() for line in text.splitlines()}
        assert "HIDDEN TESTS" not in text
        for line in secrets:
            # Lines that any Python may have, such as `try:` or an import, give nothing away.
            if len(line) > 24 and "import" not in line:
                assert line not in text
            assert not line.startswith("expect(") or line not in shown


def test_feedback_page_shows_no_answer_of_the_key(term):
    text = words(term.room.page("c_lara"))
    folder = term.room.root / "grading" / "autograded" / "c_lara" / term.lesson
    book = nbformat.read(folder / f"{term.lesson}.ipynb", as_version=4)
    lesson = str(
        [
            cell.outputs
            for cell in book.cells
            if not cell.metadata.get("nbgrader", {}) and cell.cell_type == "code"
        ]
    )
    for question in key_of(term.lesson):
        if question["kind"] == "number" and len(repr(question["answer"]).lstrip("0.")) > 4:
            digits = repr(question["answer"])
            # What the lesson's own tables show to everybody is no secret.
            found = re.search(rf"(?<![\d.]){re.escape(digits)}(?!\d)", text)
            assert not found or digits in lesson, question["id"]
        for code in [question.get("right"), *question.get("also_right", [])]:
            assert question["kind"] != "function" or code.strip() not in text
        if question["kind"] == "choice":
            assert question["because"] not in text


def test_feedback_page_shows_charts_as_pictures(term):
    cells = notebook_of(term.lesson).cells
    shown = sum(len(re.findall(r"^charts\.show\(", cell.source, re.MULTILINE)) for cell in cells)
    for student in ("ana", "c_lara"):
        page = term.room.page(student).read_text(encoding="utf-8")
        assert page.count("data:image/png;base64,") >= shown > 0
        assert "Chart without" not in page


def test_student_fetches_the_page_that_was_released(term):
    found = list((term.room.folder("ana") / term.lesson / "feedback").glob("*/*.html"))
    assert len(found) == 1
    assert found[0].read_bytes() == term.room.page("ana").read_bytes()
