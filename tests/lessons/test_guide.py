"""The instructor's guide has a page a lesson that keeps to the lesson."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from grading.key import KEYS, load_key

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "grading" / "guide"
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*/*.ipynb"))
HEADINGS = ["Aims", "Timing", "What students get wrong", "To discuss", "Model answers", "Leads"]


def page(lesson: str) -> str:
    return (GUIDE / f"{lesson}.md").read_text(encoding="utf-8")


def opening(lesson: str) -> str:
    path = ROOT / "notebooks" / lesson / f"{lesson}.ipynb"
    return nbformat.read(path, as_version=4).cells[0].source


def test_the_guide_has_a_page_a_lesson_and_its_index_leads_to_each():
    assert sorted(path.stem for path in GUIDE.glob("[0-9]*.md")) == LESSONS
    index = (GUIDE / "README.md").read_text(encoding="utf-8")
    for lesson in LESSONS:
        assert f"]({lesson}.md)" in index


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_page_has_the_lessons_title_and_its_parts_in_order(lesson):
    title = opening(lesson).splitlines()[0].partition("·")[2].strip()
    assert page(lesson).startswith(f"# {lesson[:2]} · {title}\n")
    found = re.findall(r"^## (.+)$", page(lesson), flags=re.M)
    assert [one for one in found if one in HEADINGS] == [one for one in HEADINGS if one in found]
    wanted = set(HEADINGS) - ({"Model answers", "Leads"} if lesson == "00-start" else set())
    assert wanted <= set(found) | ({"Leads"} if lesson == "11-capstone" else set())


@pytest.mark.parametrize("lesson", [name for name in LESSONS[1:] if name != "11-capstone"])
def test_the_warm_up_has_the_questions_that_are_announced(lesson):
    path = ROOT / "notebooks" / lesson / f"{lesson}.ipynb"
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    part = text.partition("## Warm-up\n")[2].partition("\n## ")[0]
    asked = re.findall(r"^\*\*(w\d)\.\*\*", part, flags=re.M)
    assert f"warm-up {asked[0]}-{asked[-1]} " in page(lesson)
    words = {"one": 1, "the last": 1, "two": 2, "the last two": 2, "three": 3, "four": 4}
    said = re.search(r"(\w+) questions look back[;,] (one|the last two|the last) ", part)
    if not said:
        return
    back, slips = words[said[1].lower()], words[said[2]]
    questions = load_key(KEYS / f"{lesson}.toml")["question"]
    zoo = [one["id"] for one in questions if one["id"] in asked and one.get("zoo")]
    assert len(zoo) == slips
    if said[2].startswith("the last"):
        assert asked[-slips:] == zoo
        assert back + slips == len(asked)


@pytest.mark.parametrize("lesson", [name for name in LESSONS if name != "11-capstone"])
def test_the_minutes_add_up_to_the_lessons_time(lesson):
    timing = page(lesson).partition("## Timing")[2].partition("\n## ")[0]
    minutes = sum(int(one) for one in re.findall(r"^\| (\d+) \|", timing, flags=re.M))
    said = re.search(r"\*\*Time\*\* (?:about )?(\d*)(½?) (hour|minute)", opening(lesson))
    assert said, "the lesson says its time"
    time = (int(said[1] or 0) + (0.5 if said[2] else 0)) * (60 if said[3] == "hour" else 1)
    assert minutes == time
    assert "In a hurry" in timing


@pytest.mark.parametrize("lesson", LESSONS)
def test_questions_that_a_page_names_are_in_the_key(lesson):
    known = {question["id"] for question in load_key(KEYS / f"{lesson}.toml")["question"]}
    named = set(re.findall(r"\b([qpwi]\d{1,2})\b", page(lesson)))
    assert named <= known


@pytest.mark.parametrize("lesson", [name for name in LESSONS if name != "00-start"])
def test_model_answers_stand_at_three_levels(lesson):
    answers = page(lesson).partition("## Model answers")[2].partition("\n## ")[0].lower()
    # The capstone has five argued parts: a table gives the levels of each.
    capstone = lesson == "11-capstone"
    levels = ("| full | half | none |",) if capstone else ("full marks", "half marks", "no marks")
    assert all(level in answers for level in levels)
