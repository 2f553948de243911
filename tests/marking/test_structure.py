"""Plans, cards, forecasts and briefs are marked part by part, and kindly."""

import copy
import json

import pytest

import course.check.call
from course import brief
from course.check import ASSESSED, NotYet, check
from course.units import Q
from grading.key import KeyFileError, _check_question
from grading.seal import run_code
from tests.marking.made_up import every

STRUCTURES = every("structure")
RIGHT = [
    pytest.param(name, question, code, id=f"{name} right {i}")
    for name, question in STRUCTURES
    for i, code in enumerate([question["right"], *question["also_right"]])
]
WRONG = [
    pytest.param(name, question, slip, id=f"{name} slip {i}")
    for name, question in STRUCTURES
    for i, slip in enumerate(question["slips"])
]


@pytest.fixture(autouse=True)
def _marking(monkeypatch, tmp_path):
    """Nothing is written while a notebook is marked, and no ledger of ours is read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")


@pytest.fixture
def shown(monkeypatch):
    said = []
    monkeypatch.setattr(
        course.check.call, "display", lambda data, **_: said.append(data["text/plain"])
    )
    return said


@pytest.mark.parametrize(("name", "question", "code"), RIGHT)
def test_a_right_structure_earns_every_point(name, question, code, shown):
    points = check(name, run_code(code, "answer"))
    assert type(points) is float and points == question["points"]
    assert shown.pop().startswith("✓ Right: every part is there.")


@pytest.mark.parametrize(("name", "question", "slip"), WRONG)
def test_a_slip_earns_the_parts_that_are_there_and_is_named(name, question, slip, shown):
    answer = run_code(slip["code"], "answer")
    if slip.get("credit", 0) == 0:
        with pytest.raises(NotYet) as caught:
            check(name, answer)
        said = str(caught.value)
    else:
        points = check(name, answer)
        assert type(points) is float and points == pytest.approx(
            question["points"] * slip["credit"]
        )
        said = shown.pop()
        assert said.startswith("→ Not yet: ")
    assert slip["says"] in said


@pytest.mark.parametrize(("name", "question"), STRUCTURES, ids=[name for name, _ in STRUCTURES])
@pytest.mark.parametrize(
    "answer", [None, {}, [], [None, None], 3, "text", Q(3, "MW"), brief.card, object()]
)
def test_any_other_answer_earns_nothing_and_stops_nothing(
    name, question, answer, monkeypatch, shown
):
    with pytest.raises(NotYet):
        check(name, answer)
    monkeypatch.delenv("NBGRADER_EXECUTION")
    assert check(name, answer) is None
    nothing = answer in (None, {}, []) or answer == [None, None]
    assert shown.pop().startswith("○ Not answered yet" if nothing else "→ Not yet: ")


def test_an_empty_card_is_no_answer_of_worth(shown):
    with pytest.raises(NotYet, match="claim is empty"):
        check("11-q2", brief.card())


def test_a_card_that_is_half_done_says_how_much_is_left(shown):
    points = check("11-q2", brief.card("C09", finding="It grew by half in a year."))
    assert points == pytest.approx(0.1 + 0.2 / 2)
    assert shown.pop() == (
        "→ Not yet: number is empty; give the function that computes the number which decides. "
        "(5 more to mend after that.)"
    )


def test_a_lesson_that_is_marked_says_the_same_for_what_is_asked_is_open(tmp_path, shown):
    (tmp_path / ASSESSED).write_text(json.dumps({}), encoding="utf-8")
    name, question = STRUCTURES[0]
    assert check(name, run_code(question["right"], "answer")) == question["points"]
    assert "Right" in shown.pop()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"of": "poem"}, "of is 'poem'; it must be one of plan, card, forecasts, brief"),
        ({"parts": {"pages": 1.0, "cover": 1}}, "cover"),
        ({"parts": {}}, "pages is missing"),
        ({"parts": {"pages": 0.5}}, "they add up to 1"),
        ({"parts": {"pages": "all"}}, "each is a share above 0"),
    ],
)
def test_a_key_with_a_fault_is_refused(change, says):
    question = copy.deepcopy(next(q for _, q in STRUCTURES if q["of"] == "brief")) | change
    with pytest.raises(KeyFileError, match=says):
        _check_question("11-capstone.toml", question)
