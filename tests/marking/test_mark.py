"""`python -m grading.mark`: the same marks as stock nbgrader, and none that can be forged."""

from __future__ import annotations

import copy
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from grading.marking import sandbox
from tests.marking.classroom import Classroom
from tests.marking.made_up import ROOT

LESSON = "06-megawatts"
HONEST = ["blank", "late", "noisy", "partly", "right", "wrong"]
#: Each stands in place of the first marked answer; everything else is blank.
ATTACKS = {
    "redefines-check": "def check(*_):\n    return 1.0",
    "patches-check": "import course.check\nimport course.check.number\n"
    "course.check.check = course.check.number.judge = lambda *_: 1.0",
    "equals-all": "class Any(float):\n    __eq__ = __le__ = __ge__ = lambda *_: True\n"
    "    __hash__ = float.__hash__\nanswer_q1 = Any(3)",
    "forges-output": "from IPython.display import display\nprint('✓ Right. 1.0')\n"
    "display({'text/plain': '1.0'}, raw=True)\n1.0",
    "hooks-the-shell": "get_ipython().run_cell = lambda *_, **__: 1.0",
    "leaves": "import os\nos._exit(0)",
    "ends-the-room": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
    "never-ends": "while True:\n    try:\n        while True:\n            pass\n"
    "    except BaseException:\n        pass",
    "eats-memory": "hoard = bytearray(10**11)",
    "fills-the-disk": "with open('big', 'wb') as file:\n    while True:\n"
    "        file.write(bytes(10**7))",
    "many-processes": "import os\nfor _ in range(20):\n    if not os.fork():\n"
    "        import time\n        time.sleep(600)",
    "talks-nonsense": "import os, socket\nfor end in range(3, 40):\n    try:\n"
    "        os.write(end, b'\\0' * 8 + b'{}' * 50)\n    except OSError:\n        pass",
    "shouts": "print('x' * 10**7)\nfor _ in range(10**5):\n    print('x' * 100)",
}
#: What a candidate says after trying to see what it should not.
PRYING = """
import os, socket
from pathlib import Path
seen = []
for place in {places!r}:
    try:
        seen.append((place, os.listdir(place) if os.path.isdir(place) else open(place).read(9)))
    except OSError:
        pass
for where in [("127.0.0.1", {port}), ("localhost", {port})]:
    try:
        socket.create_connection(where, 1)
        seen.append(where)
    except OSError:
        pass
for place in ["/engine/course/mine", __import__("course").__file__, os.__file__]:
    try:
        open(place, "a").close()
        seen.append(place)
    except OSError:
        pass
seen += [name for name in os.environ if "TOKEN" in name or "KEY" in name]
print("SEEN", seen)
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A class whose submissions were marked by us, with their marks in a dump."""
    room = Classroom(tmp_path_factory.mktemp("mark"), LESSON)
    room.nbgrader("generate_assignment", LESSON, "--force")
    students = [*HONEST, *ATTACKS, "pries"]
    listed = room.root / "class.csv"
    listed.write_text("\n".join(["id", *students]), encoding="utf-8")
    room.several(
        (None, "db", "student", "import", str(listed)),
        (None, "db", "assignment", "add", LESSON, "--duedate=2027-03-01 18:00:00 UTC"),
    )
    solved = nbformat.read(room.root / "solutions" / LESSON / f"{LESSON}.ipynb", as_version=4)
    right = {cell.id: cell.source for cell in solved.cells}
    released = nbformat.read(room.root / "notebooks" / LESSON / f"{LESSON}.ipynb", as_version=4)
    places = [str(ROOT / "grading"), str(room.root), str(Path.home() / ".ssh")]
    places += ["/etc/passwd", "/home"]
    # Somebody listens here, so that only a wall can keep a candidate from being heard.
    listening = socket.create_server(("127.0.0.1", 0))
    prying = PRYING.format(places=places, port=listening.getsockname()[1])
    for student in students:
        book = copy.deepcopy(released)
        for place, cell in enumerate(book.cells):
            if not cell.metadata.get("nbgrader", {}).get("solution"):
                continue
            code = cell.cell_type == "code"
            if student in ("right", "late", "noisy") or (student == "partly" and place % 3):
                cell.source = right[cell.id]
            if student == "noisy" and code:
                noise = 'import sys, warnings; warnings.warn("w"); print("p", file=sys.stderr)'
                cell.source += f"\n{noise}"
            if student == "wrong" and code and "def " not in cell.source:
                cell.source = cell.source.split(" = ")[0] + " = 7"
            if cell.id == "q1":
                cell.source = ATTACKS.get(student, prying if student == "pries" else cell.source)
        hand_in(room, student, book, late=student == "late")
    with listening:
        done = mark(room, "--workers=1", "--timeout=8")
    return room, done


def hand_in(room: Classroom, student: str, book: nbformat.NotebookNode, late: bool = False) -> None:
    folder = room.root / "grading" / "submitted" / student / LESSON
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(book, folder / f"{LESSON}.ipynb")
    day = "2027-03-04" if late else "2027-02-27"
    (folder / "timestamp.txt").write_text(f"{day} 12:00:00 UTC", encoding="utf-8")


def mark(room: Classroom, *asked: str) -> subprocess.CompletedProcess:
    env = {**os.environ, "PYTHONPATH": str(room.root), "SECRET_TOKEN": "hub"}
    return subprocess.run(
        [sys.executable, "-m", "grading.mark", LESSON, *asked],
        cwd=room.root,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )


def dump(room: Classroom, students: list[str]) -> dict:
    """All that the gradebook says of some students' work."""
    with Gradebook(room.database) as book:
        found = {}
        for student in students:
            submission = book.find_submission(LESSON, student)
            (notebook,) = submission.notebooks
            found[student] = {
                "time": str(submission.timestamp),
                "penalty": notebook.late_submission_penalty,
                "grades": {
                    one.name: (one.auto_score, one.manual_score, one.needs_manual_grade)
                    for one in notebook.grades
                },
                "comments": {one.name: one.auto_comment for one in notebook.comments},
            }
        return found


def marked(room: Classroom, student: str) -> nbformat.NotebookNode:
    path = room.root / "grading" / "autograded" / student / LESSON / f"{LESSON}.ipynb"
    return nbformat.read(path, as_version=4)


def earned(one: dict) -> float:
    """Points for questions; what counts for being made is none of them."""
    return sum(auto or 0 for name, (auto, *_) in one["grades"].items() if name[0] == "q")


def test_every_submission_is_accounted_for(room):
    room, done = room
    assert done.returncode == 0, done.stderr
    assert f"{len(HONEST) + len(ATTACKS) + 1} marked" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_honest_work_has_the_marks_that_stock_gives(room):
    room, _ = room
    ours = dump(room, HONEST)
    assert earned(ours["right"]) == 12
    assert earned(ours["blank"]) == 0
    assert 0 < earned(ours["partly"]) < 12
    for student in HONEST:
        room.nbgrader("autograde", LESSON, "--force", f"--student={student}")
    assert ours == dump(room, HONEST)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_answer_but_a_right_one_earns_a_point(room, attack):
    room, _ = room
    assert earned(dump(room, [attack])[attack]) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="the sandboxes are Linux's own")
def test_a_candidate_sees_nothing_and_reaches_nobody(room):
    room, done = room
    assert "sandbox: limits" not in done.stdout
    outputs = next(cell.outputs for cell in marked(room, "pries").cells if cell.id == "q1")
    said = "".join(one.get("text", "") for one in outputs)
    assert said == "SEEN []\n", said


def test_what_never_ended_is_named(room):
    room, done = room
    assert "never-ends: cell q1 did not end" in done.stdout


def test_what_is_unchanged_is_skipped_and_force_marks_it_again(room):
    room, _ = room
    before = dump(room, HONEST)
    done = mark(room, "--student=right")
    assert "0 marked" in done.stdout and "1 unchanged" in done.stdout
    done = mark(room, "--student=right", "--force")
    assert "1 marked" in done.stdout
    assert dump(room, HONEST) == before


def test_an_id_in_no_class_list_is_named_and_no_student_is_made(room):
    room, _ = room
    hand_in(room, "stranger", marked(room, "right"))
    done = mark(room, "--student=stranger")
    assert done.returncode == 1
    assert "stranger" in done.stdout and "no class list" in done.stdout
    with Gradebook(room.database) as book:
        assert "stranger" not in {student.id for student in book.students}


def test_a_broken_notebook_is_named_and_stops_nobody(room):
    room, _ = room
    broken = room.root / "grading" / "submitted" / "wrong" / LESSON / f"{LESSON}.ipynb"
    whole = broken.read_bytes()
    broken.write_text("no notebook", encoding="utf-8")
    try:
        before = dump(room, ["wrong"])
        done = mark(room, "--student=wrong", "--student=right", "--force")
        assert "wrong: " in done.stdout and "1 marked" in done.stdout
        assert dump(room, ["wrong"]) == before, "what was marked before stands"
    finally:
        broken.write_bytes(whole)


@pytest.mark.parametrize("rung", sandbox.RUNGS[:2])
@pytest.mark.skipif(sys.platform != "linux", reason="the sandboxes are Linux's own")
def test_each_sandbox_works_here(rung):
    assert sandbox.why_not(rung) == ""


def test_required_and_not_to_be_had_a_sandbox_is_refused(monkeypatch):
    monkeypatch.setattr(sandbox, "why_not", lambda rung: "" if rung == "limits" else f"no {rung}")
    assert sandbox.best() == "limits"
    with pytest.raises(sandbox.NoSandbox, match="no bubblewrap; no namespaces"):
        sandbox.best(required=True)


def test_a_marked_notebook_is_light(room):
    room, _ = room
    path = room.root / "grading" / "autograded" / "right" / LESSON / f"{LESSON}.ipynb"
    assert path.stat().st_size < 250_000
    assert json.loads(path.read_text(encoding="utf-8"))["nbformat"] == 4
    assert Path(path.parent / "timestamp.txt").is_file()
