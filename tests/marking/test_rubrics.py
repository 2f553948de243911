"""A rubric asks what its question asks, and the guide's model answers are marked by it."""

import re

import pytest

from tests.lessons.test_guide import page
from tests.marking.made_up import LESSONS, key_of, notebook_of

ARGUED = [
    pytest.param(lesson, question, id=f"{lesson[:2]}-{question['id']}")
    for lesson in LESSONS
    for question in key_of(lesson)
    if question["kind"] == "argument"
]
# What a rubric may demand, with the words by which a question asks for it.
DEMANDS = {
    r"second(?! hand)": r"second",
    r"two": r"two",
    r"both": r"both",
    r"at least": r"at least",
    r"three|five": r"three|five",
    r"ranges?|intervals?": r"range|interval",
    r"thresholds?": r"threshold",
    r"compar\w+": r"compar",
    r"sources?|table|key": r"source|reference|table",
    r"grades?": r"grade",
    r"units?": r"unit",
    r"probability": r"probability",
    r"percent\w*": r"percent",
    r"`\w+`": r"`moved`",
    r"C\d\d": r"C\d\d",
    r"20\d\d": r"20\d\d",
}


def asked(lesson, question):
    """The question's own text: from its id to its points."""
    text = "\n\n".join(cell.source for cell in notebook_of(lesson).cells)
    found = re.search(rf"\*\*{question['id']}\. Argue.*?\*\(\d+ points.*?\)\*", text, re.S)
    assert found, f"no cell asks {question['id']}"
    return found[0]


def models(lesson, question):
    """The guide's model answers to a question: its heading's points and the marks, by level."""
    part = page(lesson).partition("## Model answers")[2].partition("\n## ")[0]
    part = re.split(r"(?m)^(?=q\d+[:,])", part)
    (own,) = [one for one in part if re.match(rf"{question['id']}\b", one)]
    found = {}
    for level, points, answer in re.findall(r"\*\*(Full|Half) marks \(([\d.]+)\)\.\*\* (.*)", own):
        marks = re.findall(r"([A-Z][\w ]+) \*\*([\d.]+)\*\*: ", answer)
        found[level] = float(points), [(name, float(mark)) for name, mark in marks]
    return own, found


def folded(text):
    return re.sub(r"\s+(?:# )?", " ", text)


@pytest.mark.parametrize(("lesson", "question"), ARGUED)
def test_the_question_names_every_criterion_with_its_points(lesson, question):
    told = asked(lesson, question).rpartition("*(")[2]
    rows = [(row["criterion"].lower(), row["points"]) for row in question["rubric"]]
    for name, points in rows:
        assert f"{name} {points}" in told
    assert f"{question['points']} points" in told
    assert len(re.findall(r"\w \d(?=[,)])", told)) == len(rows), "and no other"


@pytest.mark.parametrize(("lesson", "question"), ARGUED)
def test_the_solution_carries_what_is_full(lesson, question):
    cells = {cell.id: cell.source for cell in notebook_of(lesson).cells}
    source = cells.get(question["id"]) or cells[f"{question['id']}-answer"]
    rubric = folded(source.partition("*Rubric.*")[2].partition("### END")[0]).strip()
    wanted = [f"{row['criterion']} ({row['points']}): {row['full']}" for row in question["rubric"]]
    assert rubric == " ".join(wanted)


@pytest.mark.parametrize(("lesson", "question"), ARGUED)
def test_the_guide_carries_the_whole_rubric(lesson, question):
    own, _ = models(lesson, question)
    for row in question["rubric"]:
        head = f"{row['criterion']} ({row['points']})"
        assert f"| {head} | {row['full']} | {row['half']} | {row['none']} |" in own


@pytest.mark.parametrize(("lesson", "question"), ARGUED)
def test_model_answers_are_marked_row_by_row(lesson, question):
    _, found = models(lesson, question)
    if lesson == "11-capstone" and question["id"] != "q9":
        assert not found, "the solved notebook is the model of the four arguments"
        return
    rows = {row["criterion"]: row["points"] for row in question["rubric"]}
    for points, marks in found.values():
        assert [name for name, _ in marks] == list(rows)
        assert all(mark in (0, rows[name] / 2, rows[name]) for name, mark in marks)
        assert sum(mark for _, mark in marks) == points
    full, half = found["Full"][0], found["Half"][0]
    assert full == question["points"]
    assert abs(half - full / 2) <= 0.5


@pytest.mark.parametrize(("lesson", "question"), ARGUED)
def test_what_is_full_demands_nothing_that_the_question_does_not(lesson, question):
    prompt = asked(lesson, question).rpartition("*(")[0]
    for row in question["rubric"]:
        for demand, request in DEMANDS.items():
            named = re.search(rf"(?<!\w)(?:{demand})(?!\w)", row["full"])
            assert not named or re.search(request, prompt, re.S), (
                f"{row['criterion']} demands {named[0]!r}, and {question['id']} does not ask for it"
            )
