"""The course works on everything it says: claims, omissions, forecasts, slips and pitfalls."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import nbformat
import pytest

from course import tables
from grading.key import load_keys

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*/*.ipynb"))
# Cells that only list what a lesson is about.
LISTING = {"title", "claims-on-trial", "claims", "sources"}


def cells(lesson: str) -> list[nbformat.NotebookNode]:
    """A lesson's cells as students get them."""
    path = ROOT / "notebooks" / lesson / f"{lesson}.ipynb"
    return nbformat.read(path, as_version=4).cells


def works_on(lesson: str, name: str) -> bool:
    """Whether a lesson speaks of a claim or an omission in more than a list."""
    texts = [cell.source for cell in cells(lesson) if cell.id not in LISTING]
    return any(re.search(rf"\b{name}\b", text) for text in texts)


def asked(thread: str) -> dict[str, list[str]]:
    """In which lessons the key's questions work on a slip or a pitfall, and the notebook asks."""
    found: dict[str, list[str]] = {}
    for key in load_keys():
        lesson = key["lesson"]
        checks = "\n".join(cell.source for cell in cells(lesson))
        for question in key["question"]:
            argued = question["kind"] == "argument"
            if argued or f'check("{lesson[:2]}-{question["id"]}"' in checks:
                for name in question.get(thread, []):
                    found.setdefault(name, []).append(lesson)
    return found


def test_all_twelve_lessons_are_there():
    assert [lesson[:2] for lesson in LESSONS] == [f"{number:02}" for number in range(12)]


@pytest.mark.parametrize(
    ("table", "key", "count"), [("claims", "claim_id", 39), ("omissions", "omission_id", 8)]
)
def test_each_claim_and_omission_is_worked_in_every_lesson_that_its_table_names(table, key, count):
    rows = tables.load(table)
    assert len(rows) == count
    missing = [
        f"{name} in {lesson}"
        for name, lessons in zip(rows[key], rows["lessons"], strict=True)
        for lesson in lessons.split("|")
        if not works_on(lesson, name)
    ]
    assert missing == []


def test_each_forecast_enters_the_ledger_in_lesson_1_and_can_in_lesson_10():
    wanted = {f"F{number}" for number in range(1, 10)}
    for lesson in LESSONS:
        if lesson[:2] in ("01", "10"):
            entered = set()
            for cell in cells(lesson):
                if cell.cell_type == "code" and "forecasts.give(" in cell.source:
                    for node in ast.walk(ast.parse(cell.source)):
                        if isinstance(node, ast.Call):
                            entered |= {one.arg for one in node.keywords}
            assert entered >= wanted, lesson
            still_open = set(tables.load("forecasts").query("open_ended")["forecast_id"])
            assert lesson[:2] != "10" or entered >= still_open


def test_a_lesson_that_tells_a_forecasts_outcome_closes_it_first():
    closed = {
        lesson[:2]: forecast
        for lesson in LESSONS
        for cell in cells(lesson)
        for forecast in re.findall(r'forecasts\.close\("(F\d)"\)', cell.source)
    }
    assert closed == {"02": "F1", "06": "F7", "08": "F2", "09": "F5"}


def test_each_lesson_that_tries_claims_locks_a_threshold_before_the_data_and_reveals_it():
    for lesson in LESSONS:
        if "01" <= lesson[:2] <= "09":
            order = [cell.id for cell in cells(lesson)]
            code = {cell.id: cell.source for cell in cells(lesson)}
            locked = set(re.findall(r'claims\.lock\(\s*"(C\d\d)"', code["lock"]))
            shown = set(re.findall(r'"(C\d\d)"', code["reveal"]))
            assert locked and locked <= shown, lesson
            assert order.index("lock") < order.index("round-1") < order.index("reveal"), lesson


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_threshold_is_shown_before_it_is_asked_for(lesson):
    listed = cells(lesson)
    order = [cell.id for cell in listed]
    before = listed[: order.index("lock")] if "lock" in order else []
    shown = [cell.id for cell in before if re.search(r"would_(support|undermine)", cell.source)]
    assert shown == []


def test_each_slip_of_the_zoo_is_used():
    slips = {name for name in tables.load("number_zoo")["zoo_id"] if name.startswith("Z")}
    assert len(slips) == 16
    assert slips - asked("zoo").keys() == set()


def pitfalls(lesson: str) -> list[str]:
    """The checklist as a lesson prints it."""
    recap = next(cell.source for cell in cells(lesson) if "Pitfalls of the course" in cell.source)
    line = next(part for part in recap.split("\n\n") if "Pitfalls of the course" in part)
    return re.findall(r"[A-Z][^?]*\?", line.partition("tick off.")[2])


@pytest.mark.parametrize("lesson", [name for name in LESSONS if name[:2] not in ("00", "11")])
def test_each_lesson_prints_the_same_checklist(lesson):
    assert pitfalls(lesson) == pitfalls("06-megawatts")
    assert len(pitfalls(lesson)) == 21


def test_each_pitfall_is_asked_again_in_a_later_lesson_than_the_one_that_taught_it():
    found = asked("pitfalls")
    assert found.keys() <= set(pitfalls("06-megawatts")), "the checklist's own words"
    once = [name for name in pitfalls("06-megawatts") if len(set(found.get(name, []))) < 2]
    assert once == []
