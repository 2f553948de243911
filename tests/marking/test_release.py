"""What students get: made from the solutions, complete, silent about answers, and it runs."""

import asyncio
import json
import re
import shutil

import nbformat
import pytest

import course.check.call
from course.check import ASSESSED, NotYet, check
from course.threads import ledger
from course.units import Q
from grading.kernels import Client
from grading.release import lessons, release
from grading.seal import run_code
from tests.marking.made_up import LESSONS, ROOT, answer_name, key_of, notebook_of
from upkeep.notebook_form import canonical, faults


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """Release each lesson once, for marks, into a folder of its own."""
    done = {}

    def make(lesson):
        if lesson not in done:
            out = tmp_path_factory.mktemp("notebooks")
            done[lesson] = release(lesson, out=out, assessed=True)
        return done[lesson]

    return make


def source_lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_every_solution_has_a_key_and_a_released_notebook():
    assert lessons() == LESSONS
    assert sorted(path.parent.name for path in ROOT.glob("notebooks/*/*.ipynb")) == LESSONS


@pytest.mark.cycle
@pytest.mark.parametrize("lesson", LESSONS)
def test_committed_release_is_what_nbgrader_makes_of_the_solution(lesson, released):
    made = released(lesson).read_bytes()
    assert made == (ROOT / "notebooks" / lesson / f"{lesson}.ipynb").read_bytes(), (
        f"run `python -m grading.release {lesson}` and commit notebooks/"
    )


@pytest.mark.parametrize("room", ["solutions", "notebooks"])
@pytest.mark.parametrize("lesson", LESSONS)
def test_notebook_is_in_canonical_form(room, lesson):
    path = ROOT / room / lesson / f"{lesson}.ipynb"
    assert faults(path) == []
    text = path.read_text(encoding="utf-8")
    assert canonical(canonical(text)) == text


@pytest.mark.parametrize("lesson", LESSONS)
def test_folder_of_a_lesson_holds_its_notebook_and_nothing_else(lesson):
    for room in ("solutions", "notebooks"):
        here = [path.name for path in (ROOT / room / lesson).iterdir()]
        assert [name for name in here if name != ".ipynb_checkpoints"] == [f"{lesson}.ipynb"]


def test_canonical_form_drops_outputs_and_keeps_nbgraders_locks():
    cell = nbformat.v4.new_code_cell("1 + 1\n\n", id="sum", execution_count=3)
    cell.outputs = [nbformat.v4.new_output("stream", text="2")]
    cell.metadata = nbformat.from_dict({"deletable": False, "editable": True, "collapsed": True})
    book = nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {}})
    kept = nbformat.reads(canonical(nbformat.writes(book)), as_version=4)
    assert kept.cells[0] == {
        "cell_type": "code", "id": "sum", "metadata": {"deletable": False}, "source": "1 + 1",
        "outputs": [], "execution_count": None,
    }  # fmt: skip
    assert "widgets" not in kept.metadata


@pytest.mark.parametrize("lesson", LESSONS)
def test_released_tests_are_locked_and_answers_cannot_be_deleted(lesson):
    for cell in notebook_of(lesson, "notebooks").cells:
        mark = cell.metadata.get("nbgrader")
        if mark:
            assert cell.metadata.get("deletable") is False, cell.id
            editable = cell.metadata.get("editable", True)
            assert editable == mark["solution"], cell.id


@pytest.mark.parametrize("lesson", LESSONS)
def test_released_notebook_holds_no_solution_and_no_hidden_test(lesson):
    text = "\n".join(cell.source for cell in notebook_of(lesson, "notebooks").cells)
    lines = set(source_lines(text))
    for word in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "*Rubric.*"):
        assert word not in text
    secret = re.compile(r"### BEGIN (SOLUTION|HIDDEN TESTS)\n(.*?)### END \1", re.DOTALL)
    for cell in notebook_of(lesson).cells:
        # A line that the lesson itself shows before the question is no secret.
        for region in secret.findall(cell.source):
            kept = [line for line in source_lines(region[1]) if len(line) > 8]
            shown = [line for line in kept if line in lines]
            assert not shown or len(shown) < len(kept), f"{cell.id} shows {shown}"
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader"):
            assert not lines & set(source_lines(cell.source)), f"{cell.id} shows its answer"


@pytest.mark.parametrize("lesson", LESSONS)
def test_released_notebook_holds_no_right_value_of_the_key(lesson):
    cells = notebook_of(lesson, "notebooks").cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    text = "\n".join(cell.source for cell in cells)
    for question in key_of(lesson):
        if question["kind"] == "number":
            digits = repr(question["answer"])
            if len(digits.replace(".", "").lstrip("0")) >= 4:
                assert not re.search(rf"(?<![\d.]){re.escape(digits)}(?!\d)", text), digits
        if question["kind"] == "choice":
            name = answer_name(lesson, question)
            assert re.search(rf"^{name} = None", code, re.MULTILINE)
            assert f'{name} = "{question["answer"]}"' not in text
        if question["kind"] == "function":
            secrets = [question["right"], *question.get("also_right", [])]
            for one in secrets:
                assert one.strip() not in text, f"{question['id']} shows {one}"
        for row in question.get("rubric", []):
            assert row["full"] not in text


# ---- running ---------------------------------------------------------------------------------


def run(book, folder):
    """Run a notebook top to bottom in a folder that holds nothing else."""
    nbformat.write(book, folder / "lesson.ipynb")
    client = Client(
        book, timeout=120, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    asyncio.run(client.async_execute())
    wrong = {}
    for cell in book.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" or output.get("name") == "stderr":
                wrong[cell.id] = output.get("evalue") or output.get("text")
    return wrong


@pytest.mark.cycle
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_solved_lesson_runs_to_its_end_and_every_check_says_right(lesson, tmp_path):
    """The released lesson runs in tests/setup/test_wheel.py."""
    book = notebook_of(lesson)
    assert run(book, tmp_path) == {}
    said = "\n".join(
        output.get("text") or output.get("data", {}).get("text/plain", "")
        for cell in book.cells
        for output in cell.get("outputs", [])
    )
    assert "→" not in said and "○" not in said
    rights = [q for q in key_of(lesson) if q["kind"] not in ("argument", "prediction")]
    hidden = [question for question in rights if question.get("hidden_points")]
    assert said.count("✓ Right") == len(rights) + len(hidden)
    # A lesson writes nothing but the ledger, and that only where something was given; the solved
    # capstone writes its brief.
    left = {path.name for path in tmp_path.iterdir()} - {"lesson.ipynb", ledger.FILE}
    brief = {"my-brief.html", "my-brief.pdf"} if lesson == "11-capstone" else set()
    assert left == brief


# ---- assessed --------------------------------------------------------------------------------


@pytest.mark.cycle
@pytest.mark.parametrize("lesson", LESSONS)
def test_assessed_release_says_the_same_to_right_and_to_unnamed_wrong_answers(
    lesson, released, tmp_path, monkeypatch
):
    mark = released(lesson).parent / ASSESSED
    assert json.loads(mark.read_text(encoding="utf-8")) == {"lesson": lesson, "confirms": False}
    shutil.copy(mark, tmp_path)
    monkeypatch.chdir(tmp_path)
    shown = []
    monkeypatch.setattr(
        course.check.call, "display", lambda data, **_: shown.append(data["text/plain"])
    )

    def said(question, answer):
        assert check(f"{lesson[:2]}-{question['id']}", answer) is None
        return shown.pop()

    for question in key_of(lesson):
        kind = question["kind"]
        if kind in ("argument", "prediction", "chart", "structure") or not question["points"]:
            continue
        if kind == "number":
            unit, right = question["unit"], question["answer"]
            slipped = [abs(slip["answer"]) for slip in question["slips"]]
            # Far from every slip that has a name.
            off = next(
                right * times
                for times in (17.3 * 1.37**step for step in range(60))
                if all(not 0.8 < abs(right) * times / (one or 1e-9) < 1.25 for one in slipped)
            )
            pairs = [(Q(right, unit), Q(off, unit)), (Q(right, unit), Q(right * 1e3, unit))]
            pairs += [(right, off)] if unit != "percent" else []
            slip = question["slips"][0]
            assert said(question, Q(slip["answer"], unit)) == f"→ Not yet: {slip['says']}"
        elif kind == "choice":
            pairs = [(question["answer"], slip["answer"]) for slip in question["slips"]]
        else:
            right = run_code(question["right"], question["name"])
            pairs = [(right, lambda *_, **__: -17.3)]
        for right, wrong in pairs:
            assert said(question, right) == said(question, wrong)
            assert said(question, right).startswith("○ Recorded.")

        # The Validate button is a student's as well; only marking gives points.
        right, _ = pairs[0]
        monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
        assert said(question, right).startswith("○ Recorded.")
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
        name = f"{lesson[:2]}-{question['id']}"
        assert check(name, right) == question["points"] - question.get("hidden_points", 0)
        with pytest.raises(NotYet):
            check(name, pairs[0][1])
        shown.clear()
        monkeypatch.delenv("NBGRADER_EXECUTION")


def test_warm_ups_of_an_assessed_lesson_still_teach(tmp_path, monkeypatch, capsys):
    (tmp_path / ASSESSED).write_text("{}", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for lesson in LESSONS:
        for question in key_of(lesson):
            if question["kind"] == "choice" and not question["points"]:
                check(f"{lesson[:2]}-{question['id']}", question["answer"])
                assert "✓ Right." in capsys.readouterr().out


def test_release_passes_on_what_nbgrader_says(tmp_path):
    with pytest.raises(RuntimeError, match="could not release 99-nothing"):
        release("99-nothing", out=tmp_path)
