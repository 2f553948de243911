"""The key, the notebooks and the checks say the same, and a check is kind to any answer."""

import ast
import contextlib
import json
import math
import re
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pint
import pytest

import course.check.call
from course.check import NotYet, check, number, seal
from course.check.borrowing import borrowed
from course.check.digits import EXACT, reach, rounded, shorter
from course.units import Q
from grading.hidden import hidden_record, record_in
from grading.key import KEYS, KeyFileError, load_key, load_keys
from grading.seal import CHECKS, _number, run_code, sealed
from tests.marking.made_up import (
    LESSONS,
    every,
    guess,
    key_of,
    needs_unit,
    notebook_of,
)

NUMBERS = every("number")
CHOICES = every("choice")
FUNCTIONS = every("function")
PREDICTIONS = every("prediction")
#: A registry of the student's own.
ELSEWHERE = pint.UnitRegistry()
ELSEWHERE.define("FLOP = [computation]")
ELSEWHERE.define("USD = [money]")


def ids(questions):
    return [name for name, *_ in questions]


def slips(questions):
    """Each slip of each question, as pytest parameters."""
    return [
        pytest.param(name, question, slip, id=f"{name} slip {i}")
        for name, question in questions
        for i, slip in enumerate(question.get("slips", []))
    ]


def variants(questions):
    """Each right answer's code of each question, as pytest parameters."""
    return [
        pytest.param(name, question, code, id=f"{name} right {i}")
        for name, question in questions
        for i, code in enumerate([question.get("right"), *question.get("also_right", [])])
        if code is not None
    ]


@pytest.fixture
def ask(monkeypatch):
    """Run a check as a student does, then as nbgrader does; give points and message of each."""

    def run(name, answer):
        shown = []
        monkeypatch.setattr(course.check.call, "display", lambda data, **_: shown.append(data))
        monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
        assert check(name, answer) is None, "a student's session shows a message, no number"
        said = shown.pop()["text/plain"][2:]
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
        try:
            points = check(name, answer)
        except NotYet as error:
            points = 0.0
            assert str(error) == said
        else:
            assert shown.pop()["text/plain"][2:] == said
        monkeypatch.delenv("NBGRADER_EXECUTION")
        assert points is None or type(points) is float, "nbgrader reads nothing but a plain float"
        return points, said

    return run


def worth(question, share):
    """Points of the visible check; a warm-up gives none."""
    visible = question["points"] - question.get("hidden_points", 0)
    return visible * share if question["points"] else None


# ---- key, notebook, checks.json --------------------------------------------------------------


def test_every_key_loads():
    assert [key["lesson"] for key in load_keys()] == LESSONS


@pytest.mark.parametrize("lesson", LESSONS)
def test_points_of_key_and_notebook_are_the_same(lesson):
    marks = {}
    for cell in notebook_of(lesson).cells:
        mark = cell.metadata.get("nbgrader")
        if mark and mark["grade"]:
            marks[mark["grade_id"]] = mark["points"]
    wanted = {}
    for question in key_of(lesson):
        name, hidden = question["id"], question.get("hidden_points", 0)
        if question["kind"] == "argument":
            wanted[name] = question["points"]
        elif question["points"]:
            wanted[f"{name}-check"] = question["points"] - hidden
            wanted |= {f"{name}-hidden": hidden} if hidden else {}
    assert marks == wanted


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_12_automatic_5_argued_and_3_prediction_points(lesson):
    """The capstone has 10 automatic points and 30 for a reader; the start has none."""
    totals = {"auto": 0, "argument": 0, "prediction": 0}
    for question in key_of(lesson):
        totals[question["kind"] if question["kind"] in totals else "auto"] += question["points"]
    wanted = {"00-start": (0, 0, 0), "11-capstone": (10, 30, 0)}.get(lesson, (12, 5, 3))
    assert totals == dict(zip(totals, wanted, strict=True))


@pytest.mark.parametrize("lesson", LESSONS)
def test_notebook_asks_each_question_of_the_key_once(lesson):
    cells = "\n".join(c.source for c in notebook_of(lesson).cells if c.cell_type == "code")
    called = sorted(re.findall(r'^check\("([\w-]+)"', cells, re.MULTILINE))
    wanted = [q["id"] for q in key_of(lesson) if q["kind"] != "argument"]
    assert called == sorted(f"{lesson[:2]}-{name}" for name in wanted)


def test_checks_json_is_made_from_the_keys():
    assert json.loads(CHECKS.read_text(encoding="utf-8")) == sealed(), (
        "run `python -m grading.seal` and commit course/check/checks.json"
    )


def test_checks_json_holds_no_answer_in_clear():
    stored = json.loads(CHECKS.read_text(encoding="utf-8"))
    for name, question in NUMBERS:
        assert stored[name].keys() == {
            "kind", "points", "salt", "unit", "digits", "right", "around", "near", "near_credit",
            "hint", "slips",
        }  # fmt: skip
        for one in [*stored[name]["right"], stored[name]["around"]]:
            if one is None:
                continue
            assert one.keys() == {"offset", "width", "hash"}
            assert question["answer"] not in one.values()


def test_checks_json_looks_alike_for_every_letter_of_a_choice():
    stored = json.loads(CHECKS.read_text(encoding="utf-8"))
    lengths = set()
    for name, question in CHOICES:
        assert stored[name].keys() == {"kind", "points", "salt", "envelopes"}
        envelopes = stored[name]["envelopes"]
        assert sorted(envelopes) == sorted(question["options"])
        assert len(set(envelopes.values())) == len(envelopes)
        lengths |= {len(one) for one in envelopes.values()}
        for letter in envelopes:
            opened = set()
            for other, envelope in envelopes.items():
                with contextlib.suppress(ValueError):
                    seal.open_with(letter, envelope, stored[name]["salt"])
                    opened.add(other)
            assert opened == {letter}, "each opens its own"
    assert len(lengths) == 1, "a longer message would show"


# ---- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=ids(NUMBERS))
def test_right_number_to_the_digits_that_are_asked_for_or_to_more(ask, name, question):
    right, digits, unit = question["answer"], question["digits"], question["unit"]
    more = [] if digits == EXACT else [rounded(right, one) for one in range(digits, digits + 6)]
    edge = reach(right, digits)
    for value in (right, right - edge, right + edge, *more):
        assert ask(name, Q(value, unit)) == (worth(question, 1), "Right."), value
    for value in (right - 1.001 * edge, right + 1.001 * edge):
        points, said = ask(name, Q(value, unit))
        assert said != "Right." and (points is None or points < worth(question, 1))


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=ids(NUMBERS))
def test_a_number_of_fewer_digits_is_nearly_right(ask, name, question):
    foreseen = [slip["answer"] for slip in question.get("slips", [])]
    for value in shorter(question["answer"], question["digits"]):
        points, said = ask(name, Q(value, question["unit"]))
        if all(abs(value - one) > reach(one, question["digits"]) for one in foreseen):
            assert said.startswith(f"Nearly: give {question['digits']} digits")
            assert points == worth(question, question.get("nearly_credit", 0))


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=ids(NUMBERS))
def test_a_number_is_read_however_it_is_written(ask, name, question):
    right, unit = question["answer"], question["unit"]
    forms = [
        np.array(right), pd.Series([right]), Decimal(repr(right)), Fraction(right), str(right),
        [right],
    ]  # fmt: skip
    with_unit = [Q(form, unit) for form in forms[:1]] + [
        ELSEWHERE.Quantity(right, unit),
        Q(right**0.5, unit) * right**0.5 if right > 0 else Q(-right, unit) * -1,
        f"{right!r} {unit}".strip(),
        pd.Series([Q(right, unit)]),
    ]
    for form in with_unit:
        assert ask(name, form) == (worth(question, 1), "Right."), form
    bare = 0.5 if needs_unit(question) else 1
    for form in forms:
        assert ask(name, form)[0] == worth(question, bare), form


def test_a_warm_up_speaks_of_no_points(ask):
    warm = [(name, question) for name, question in NUMBERS if question["points"] == 0]
    assert warm
    for name, question in warm:
        said = ask(name, question["answer"])[1]
        assert "points" not in said and "half" not in said


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=ids(NUMBERS))
def test_numbers_also_right(ask, name, question):
    assert question.get("also_right"), "write one more right answer into the key"
    for code in question["also_right"]:
        assert ask(name, eval(code, {"Q": Q, "np": np})) == (worth(question, 1), "Right."), code


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=ids(NUMBERS))
def test_right_number_without_its_unit_earns_half(ask, name, question):
    points, said = ask(name, question["answer"])
    if needs_unit(question):
        assert points == worth(question, 0.5)
        assert f'Q(number, "{question["unit"]}")' in said
    else:
        assert (points, said) == (worth(question, 1), "Right.")


@pytest.mark.parametrize(("name", "question", "slip"), slips(NUMBERS))
def test_slip_of_a_number(ask, name, question, slip):
    told = (worth(question, slip.get("credit", 0)), f"Not yet: {slip['says']}")
    assert ask(name, Q(slip["answer"], question["unit"])) == told
    if not (question["unit"] == "percent" and abs(slip["answer"]) <= 1):
        assert ask(name, slip["answer"]) == told, "the same slip without a unit"


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=ids(NUMBERS))
def test_a_slip_is_told_to_no_number_far_from_it(ask, name, question):
    """Nor where one digit will do, of which half a unit may be half of the slip."""
    known = question.get("slips", [])
    for slip in known:
        value = 1.06 * slip["answer"]
        near = {one["says"] for one in known if math.isclose(value, one["answer"], rel_tol=0.055)}
        said = ask(name, Q(value, question["unit"]))[1].removeprefix("Not yet: ")
        assert said != slip["says"] or said in near, value


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=ids(NUMBERS))
def test_numbers_have_slips_and_no_message_gives_the_answer_away(ask, name, question):
    assert question["points"] == 0 or len(question.get("slips", [])) >= 3
    right, edge = question["answer"], reach(question["answer"], question["digits"])
    said = [question["hint"], *(slip["says"] for slip in question.get("slips", []))]
    tries = [right * 1000, right / 1000, -right, right * 7 + 1, right * 1.5, 1e300]
    said += [ask(name, Q(value, question["unit"]))[1] for value in tries]
    for text in said:
        for figure in re.findall(r"-?\d[\d,  ]*(?:\.\d+)?", text):
            value = float(re.sub(r"[,  ]", "", figure))
            assert abs(value - right) > edge, f"{text!r} gives the answer away"


@pytest.mark.parametrize(("name", "question"), NUMBERS, ids=ids(NUMBERS))
def test_power_of_ten_sign_and_share_are_named(ask, name, question):
    unit, right, digits = question["unit"], question["answer"], question["digits"]
    foreseen = [slip["answer"] for slip in question.get("slips", [])]
    prefix = "the prefix is not" if unit and unit != "percent" else "How many zeros"
    wrong = [(right * 1000, prefix), (right * 1e-6, prefix), (-right, "Which way")]
    wrong += [(right * 10, "decimal point")]
    if unit == "percent":
        wrong += [(right / 100, "A share, or a percentage?"), (100 * right, "A share, or a")]
    for value, words in wrong:
        if all(abs(value - one) > reach(one, digits) for one in foreseen):
            assert words in ask(name, Q(value, unit))[1]


def proportion(right, unit, digits=2):
    """A question that asks for a proportion, as its check sees it."""
    question = {"unit": unit, "answer": right, "digits": digits, "hint": "Think.", "slips": []}
    return {**_number(question, "salt"), "points": 1.0, "salt": "salt"}


@pytest.mark.parametrize(
    ("right", "unit", "given", "words"),
    [
        (41.2, "percent", Q(0.412, "percent"), "A share, or a percentage?"),
        (41.2, "percent", Q(41.2, ""), "A share, or a percentage?"),
        (0.412, "", 41.2, "A share, or a percentage?"),
        (1.7, "", 170, "A share, or a percentage?"),
        (41.2, "percent", Q(58.8, "percent"), "other part"),
        (0.412, "", 0.588, "other part"),
        (-30.2, "percent", Q(69.8, "percent"), "100 percent apart"),
        (71.6, "percent", Q(171.6, "percent"), "100 percent apart"),
        (1.7, "", 0.7, "1 apart"),
        (41.2, "percent", Q(242.7, "percent"), "turned round"),
        (1.25, "", 0.8, "turned round"),
        (41.2, "percent", Q(41.2, "percentage_point"), "Percentage points"),
        (41.2, "percent", "41 points", "Percentage points"),
        (55, "", 54, "left out"),
        (55, "", 54.77, "counted is whole"),
        (5200, "", 52, "decimal point"),
    ],
)
def test_share_percentage_points_and_ratio_are_told_apart(right, unit, given, words):
    verdict = number.judge(proportion(right, unit, "exact" if right == 55 else 2), given)
    assert words in verdict.says and verdict.share < 1
    assert len(verdict.says) <= 160


@pytest.mark.parametrize("given", [4231, 4233, -4231])
def test_a_large_plain_number_is_taken_for_no_share_of_a_whole(given):
    assert "apart" not in number.judge(proportion(4232, "", 4), given).says


def test_a_bare_number_up_to_one_is_the_percentage_that_fits():
    assert number.judge(proportion(41.2, "percent"), 0.41).says == "Right."
    assert number.judge(proportion(0.41, "percent"), Q(0.41, "percent")).says == "Right."
    assert number.judge(proportion(0.41, "percent"), 0.41).share == 0.5
    assert number.judge(proportion(100, "percent"), 1).share == 1


def test_the_nearest_of_two_slips_is_told():
    question = {"unit": "", "answer": 5, "digits": 2, "hint": "Think."}
    slips = [{"answer": 3.0, "says": "three"}, {"answer": 3.07, "says": "more"}]
    record = {**_number({**question, "slips": slips}, "s"), "points": 1.0, "salt": "s"}
    assert number.judge(record, 3.04).says == "Not yet: more"
    assert number.judge(record, 3.01).says == "Not yet: three"


def test_a_percentage_that_is_a_slip_is_no_plain_number():
    question = {"unit": "", "answer": -1.946, "digits": 3, "hint": "Think."}
    slips = [{"answer": -194.6, "says": "No percentage."}]
    for known, says in ((slips, "Not yet: No percentage."), ([], "Right.")):
        record = {**_number({**question, "slips": known}, "s"), "points": 1.0, "salt": "s"}
        assert number.judge(record, Q(-194.6, "percent")).says == says
        assert number.judge(record, "-195 %").says == says
        assert number.judge(record, -1.946).says == "Right."


def test_a_number_that_is_a_little_off_is_told_so():
    question = {"unit": "", "answer": 4232, "digits": 4, "hint": "Think.", "slips": []}
    record = {**_number(question, "s"), "points": 1.0, "salt": "s"}
    for given, words in ((4225.5, "near, and"), (4331, "near, and"), (4335, "Think.")):
        verdict = number.judge(record, given)
        assert words in verdict.says and verdict.share == 0


def test_hours_taken_for_days_are_asked_about():
    question = {"unit": "GWh", "answer": 175.2, "digits": 2, "hint": "Think.", "slips": []}
    record = {**_number(question, "s"), "points": 1.0, "salt": "s"}
    for given in (175.2 / 365, 175.2 / 8760, 175.2 * 24, 175.2 * 3600):
        assert "stretch of time" in number.judge(record, Q(given, "GWh")).says


# ---- choices, predictions --------------------------------------------------------------------


@pytest.mark.parametrize(("name", "question"), CHOICES, ids=ids(CHOICES))
def test_right_letter(ask, name, question):
    letter = question["answer"]
    forms = (
        letter,
        f" {letter.upper()} ",
        f"({letter})",
        f"{letter}.",
        f"Answer {letter}",
        [letter],
    )
    for form in (*forms, f"{letter}) what stands there"):
        assert ask(name, form) == (worth(question, 1), f"Right. {question['because']}")


@pytest.mark.parametrize(("name", "question", "slip"), slips(CHOICES))
def test_slip_of_a_choice(ask, name, question, slip):
    told = (worth(question, slip.get("credit", 0)), f"Not yet: {slip['says']}")
    assert ask(name, slip["answer"]) == told
    assert not re.search(rf"\b{question['answer']}\)|\"{question['answer']}\"", slip["says"])


@pytest.mark.parametrize("answer", [print, 5, 2.5, {"a": 1}, object(), "e", "a) or b)", "ab"])
def test_what_is_no_letter_is_told_how_to_write_one(ask, answer):
    points, said = ask(CHOICES[0][0], answer)
    assert not points and 'Write one letter in quotation marks, as in "a".' in said
    assert isinstance(answer, str) or "Python takes a letter for a name" in said


@pytest.mark.parametrize(("name", "question"), PREDICTIONS, ids=ids(PREDICTIONS))
def test_any_prediction_counts(ask, name, question):
    points, said = ask(name, eval(guess(question), {"Q": Q}))
    assert points == worth(question, 1) and said.startswith("Noted: ")
    if question["unit"] == "letter":
        assert ask(name, f"({question['options'][0].upper()})") == (points, said)
        return
    for value in (question["from"], question["to"], (question["from"] + question["to"]) / 2):
        points, said = ask(name, Q(value, question["unit"]))
        assert points == worth(question, 1) and "believe" not in said
    for value in (-3 * question["to"] - 100, 10 * question["to"]):
        points, said = ask(name, Q(value, question["unit"]))
        assert points == worth(question, 1) and "That is hard to believe. Is it" in said


def test_a_percentage_for_a_count_is_asked_about(ask):
    for name, question in PREDICTIONS:
        if question["unit"] == "" and question["to"] > 2:
            points, said = ask(name, Q(20, "percent"))
            assert points == worth(question, 1) and "Which plain number do you mean?" in said


def test_what_is_no_prediction_yet_is_told_what_to_type(ask):
    letters = {name for name, question in PREDICTIONS if question["unit"] == "letter"}
    for name, _ in PREDICTIONS:
        said = ask(name, None)[1]
        assert said.startswith("No prediction yet.") and len(said) <= 160
        assert ('such as "a" with its quotation marks' in said) == (name in letters)


@pytest.mark.parametrize(("name", "question"), PREDICTIONS, ids=ids(PREDICTIONS))
def test_no_example_of_a_prediction_is_hard_to_believe(ask, name, question):
    """What the prose offers, such as months where years are asked for; a comment shows a form."""
    lesson = next(one for one in LESSONS if one.startswith(name[:2]))
    cells = notebook_of(lesson, "notebooks").cells
    place = next(i for i, cell in enumerate(cells) if cell.id == question["id"])
    typed = re.findall(r"Q\([^()]*\)", cells[place - 1].source)
    for code in typed:
        assert "believe" not in ask(name, eval(code, {"Q": Q}))[1], code


def test_a_prediction_in_percent_says_how_a_bare_number_was_read(ask):
    percent = [(one, question) for one, question in PREDICTIONS if question["unit"] == "percent"]
    name = next(one for one, question in percent if question.get("small"))
    assert ask(name, 0.5)[1].startswith("Noted: 0.5 percent. Read as 0.5 percent. If you mean 50")
    assert ask(name, Q(0.5, "percent"))[1] == "Noted: 0.5 percent."
    name = next(one for one, question in percent if question["from"] >= 1)
    assert ask(name, 0.5)[1].startswith("Noted: 50 percent. ")
    assert ask(name, "50 %")[1] == "Noted: 50 percent."


# ---- functions -------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "question", "code"), variants(FUNCTIONS))
def test_right_function(ask, name, question, code):
    points, said = ask(name, run_code(code, question["name"]))
    assert points == worth(question, 1) and said.startswith("Right")


@pytest.mark.parametrize(("name", "question", "slip"), slips(FUNCTIONS))
def test_slip_of_a_function(ask, name, question, slip):
    told = (worth(question, slip.get("credit", 0)), f"Not yet: {slip['says']}")
    assert ask(name, run_code(slip["code"], question["name"])) == told


@pytest.mark.parametrize(("name", "question"), FUNCTIONS, ids=ids(FUNCTIONS))
def test_function_has_another_right_way_and_hidden_tests(name, question):
    assert question.get("also_right"), "write one more right answer into the key"
    lesson = next(lesson for lesson in LESSONS if lesson.startswith(name[:2]))
    cells = {cell.id: cell.source for cell in notebook_of(lesson).cells}
    assert (f"{question['id']}-hidden" in cells) == (question["hidden_points"] > 0)


@pytest.mark.parametrize("lesson", LESSONS)
def test_hidden_tests_are_made_from_the_key(lesson):
    cells = {cell.id: cell.source for cell in notebook_of(lesson).cells}
    made = {
        f"{one['id']}-hidden": hidden_record(lesson, one)
        for one in key_of(lesson)
        if one["kind"] == "function" and one["hidden_points"]
    }
    assert {name for name in cells if name.endswith("-hidden")} == set(made)
    for name, record in made.items():
        assert record_in(cells[name]) == record, f"run python -m grading.hidden {lesson}"


@pytest.mark.parametrize("lesson", LESSONS)
def test_hidden_tests_read_nothing_of_the_students_but_the_answer(lesson):
    """They run between the student's cells, in names that a student may have given anew."""
    for cell in notebook_of(lesson).cells:
        if cell.id.endswith("-hidden"):
            tree = ast.parse(cell.source)
            assert [type(node) for node in tree.body] == [ast.Expr], "no name is left behind"
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert names == {"__import__", "globals"}


# ---- unusual answers -------------------------------------------------------------------------


class Own:
    """A thing that a student's cell may leave in an answer."""

    magnitude = 5

    def to(self, _unit):
        raise RuntimeError("this has nothing to do with units")


UNUSUAL = {
    "None": None,
    "text": "about the same",
    "empty text": "",
    "long text": "x" * 10_000,
    "nan": float("nan"),
    "inf": float("inf"),
    "minus inf": -np.inf,
    "list": [1, 2],
    "tuple": (128, "MW"),
    "dict": {"a": 1},
    "bool": True,
    "numpy bool": np.True_,
    "huge int": 10**400,
    "huge quantity": Q(10**400, "MW"),
    "complex": 3 + 4j,
    "numpy array": np.arange(3),
    "series": pd.Series([1.0, 2.0]),
    "table": pd.DataFrame({"x": [1, 2]}),
    "NA": pd.NA,
    "wrong dimension": Q(5, "kg"),
    "money per energy": Q(5, "USD/MWh"),
    "quantity of an array": Q(np.arange(3), "MW"),
    "quantity of nan": Q(float("nan"), "MW"),
    "other registry": pint.UnitRegistry()(" 5 kg"),
    "quantity's class": Q,
    "a class": Own,
    "an object": Own(),
    "a function": len,
    "a lambda": lambda *_: 5,
    "an exception": ValueError("x"),
    "a type": int,
    "Ellipsis": ...,
}


@pytest.mark.parametrize("answer", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_answers_get_a_kind_message(ask, answer):
    for name in sealed():
        points, said = ask(name, answer)
        assert points in (None, 0.0, 1.0)
        assert said.startswith(("Not yet", "Not answered yet", "No prediction yet", "Noted: "))
        assert len(said) < 420 and "Traceback" not in said and "object at 0x" not in said


def test_what_can_be_read_as_one_number_is_judged_as_that_number(ask):
    """A text with the right digits and the unit is right, and so is a container of one number."""
    for name, question in NUMBERS:
        unit = question["unit"] if needs_unit(question) else ""
        answer = float(question["answer"])
        digits = np.format_float_positional(answer, trim="-")
        ways = [f"{digits} {unit}".strip()]
        ways += [] if unit else [np.array(answer), pd.Series([answer]), pd.DataFrame([answer])]
        for given in ways:
            assert ask(name, given) == (worth(question, 1), "Right."), given
        wrong = f"{np.format_float_positional(answer * 1.37 + 1, trim='-')} {unit}".strip()
        assert ask(name, wrong)[0] in (None, *(worth(question, one) for one in shares(question)))


def shares(question):
    """What a wrong answer may earn: nothing, or what the key gives for a slip or a near miss."""
    slips = [slip.get("credit", 0) for slip in question.get("slips", [])]
    return {0.0, question.get("nearly_credit", 0), *slips}


def test_numpy_scalars_and_fractions_are_numbers(ask):
    from fractions import Fraction

    for name, question in NUMBERS:
        for kind in (np.float64, Fraction):
            answer = kind(question["answer"])
            points, said = ask(name, answer if not needs_unit(question) else
                               Q(float(answer), question["unit"]))  # fmt: skip
            assert (points, said) == (worth(question, 1), "Right.")


def _raises(*_args, **_kwargs):
    raise RuntimeError("it broke\nand more lines")


def _stops(*_args, **_kwargs):
    raise SystemExit


def _deep(*args, **kwargs):
    return _deep(*args, **kwargs)


FUNCTIONS_GONE_WRONG = {
    "raises": (_raises, "stops with RuntimeError: it broke"),
    "leaves": (_stops, "stops with SystemExit"),
    "recursion": (_deep, "stops with RecursionError"),
    "no arguments": (lambda: 5, "stops with TypeError"),
    "returns None": (lambda *_, **__: None, "returns None"),
    "returns a quantity": (lambda *_, **__: Q(5, "MW"), ""),
    "returns nan": (lambda *_, **__: float("nan"), ""),
    "returns a huge int": (lambda *_, **__: 10**400, ""),
    "returns text": (lambda *_, **__: "x" * 10_000, ""),
    "returns a table": (lambda *_, **__: pd.DataFrame({"x": [1, 1]}), ""),
    "returns a table, index twice": (
        lambda *_, **__: pd.DataFrame({"figure": [1]}, index=pd.Index([1], name="figure")),
        "",
    ),
    "returns twins": (lambda *_, **__: pd.Series([1, 2], index=["a", "a"]), ""),
    "returns a generator": (lambda *_, **__: (n for n in range(3)), ""),
    "returns itself": (lambda *_, **__: _raises, ""),
    "returns a class": (lambda *_, **__: Own, ""),
    "returns an object": (lambda *_, **__: Own(), ""),
    "is a class": (Own, ""),
    "is no function": (5, "no longer a function"),
}


@pytest.mark.parametrize(("answer", "word"), FUNCTIONS_GONE_WRONG.values(),
                         ids=FUNCTIONS_GONE_WRONG)  # fmt: skip
def test_functions_that_go_wrong_get_a_kind_message(ask, answer, word):
    for name, _ in FUNCTIONS:
        points, said = ask(name, answer)
        assert points == 0 and word in said
        assert said.startswith(("Not yet", "Not answered yet")) and len(said) < 420


def test_function_without_an_end_is_stopped_by_nbgrader_and_told_so(monkeypatch):
    def endless(*_args, **_kwargs):
        raise KeyboardInterrupt

    for name, _ in FUNCTIONS:
        monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
        with pytest.raises(KeyboardInterrupt):
            check(name, endless)
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
        with pytest.raises(NotYet, match="did not end in time"):
            check(name, endless)


def test_students_own_warnings_cost_nothing_and_stay_out_of_the_check(ask, capsys):
    for name, question in FUNCTIONS:
        own = run_code(question["right"], question["name"])

        def noisy(*args, own=own, **kwargs):
            import sys
            import warnings

            warnings.warn("a warning of my own", stacklevel=2)
            print("words on stderr", file=sys.stderr)
            return own(*args, **kwargs)

        assert ask(name, noisy)[0] == worth(question, 1)
    assert capsys.readouterr().err == ""


# ---- borrowed models -------------------------------------------------------------------------

BORROWED = {
    "by module": "from course.models import power\ndef f(*args): return power.site_power_mw(*args)",
    "by name": "from course.models.power import site_power_mw\n"
    "def f(*args): return site_power_mw(*args)",
    "as it is": "from course.models.power import site_power_mw as f",
    "imported inside": "def f(*args):\n from course.models import power\n return power",
    "through the package": "import course.models.power\n"
    "def f(*args): return course.models.power.site_power_mw(*args)",
    "through a helper": "from course.models import power\n"
    "def help(*args): return power.site_power_mw(*args)\n"
    "def f(*args): return help(*args)",
    "in a partial": "import functools\nfrom course.models import power\n"
    "f = functools.partial(power.site_power_mw, pue=1.2)",
    "in a closure": "from course.models import power\n"
    "def make(model):\n def inner(*args): return model(*args)\n return inner\n"
    "f = make(power.site_power_mw)",
    "in a comprehension": "from course.models import power\n"
    "def f(*args): return sum(power.site_power_mw(a) for a in args)",
}


@pytest.mark.parametrize("code", BORROWED.values(), ids=BORROWED)
def test_function_that_borrows_the_courses_model_is_told_so(ask, code):
    scope = {}
    exec(code, scope)
    for name, _ in FUNCTIONS:
        points, said = ask(name, scope["f"])
        assert points == 0 and "hands the work to the course's own" in said


def test_an_attribute_named_like_a_model_is_not_borrowed():
    scope = {}
    code = "import numpy as np\nfrom course.models import power\ndef f(x): return np.power(x, 2)"
    exec(code, scope)
    assert borrowed(scope["f"]) is None


# ---- key files -------------------------------------------------------------------------------

RIGHT_KEY = """
lesson = "99-made-up"

[[question]]
id = "q1"
kind = "number"
points = 1
asks = "A number"
unit = "MW"
answer = 5
digits = 2
hint = "Count."
also_right = ['Q(5000, "kW")']
slips = [{ answer = 6, says = "One too many." }, { answer = 7, credit = 0.5, says = "Two." }]

[[question]]
id = "q2"
kind = "choice"
points = 1
asks = "A letter"
options = ["a", "b"]
answer = "a"
because = "So."
slips = [{ answer = "b", says = "Think." }]

[[question]]
id = "q3"
kind = "function"
name = "double"
points = 2
hidden_points = 1
hidden_cases = [{ call = "double(3)" }]
asks = "A function"
hint = "Twice."
right = "def double(x): return 2 * x"
cases = [{ call = "double(2)" }]

[[question]]
id = "q4"
kind = "chart"
points = 2
asks = "A chart"
data = "table = 1"
right = "chart = None"
slips = [{ draws = "chart = 1", says = "Which column?" }]

[question.wants]
marks = ["line"]
quantity = { scale = "linear" }
along = { kind = "years" }

[[question]]
id = "q5"
kind = "argument"
points = 5
asks = "Argue"
rubric = [{ criterion = "Claim", points = 5, full = "Says so.", half = "Hints.", none = "No." }]

[[question]]
id = "p1"
kind = "prediction"
points = 1
asks = "A guess"
unit = "MW"
from = 1
to = 500
"""

# What an author may get wrong: (text, instead, the question named, words of the mend).
MISTAKES = {
    "no TOML": ('kind = "number"', "kind = number", "", "mend that place"),
    "other lesson": ("99-made-up", "98-made-up", "", "it must be '99-made-up'"),
    "kind": ('kind = "number"', 'kind = "numeral"', "q1", "one of number, choice"),
    "missing": ('hint = "Count."\n', "", "q1", "hint is missing; write it in"),
    "misspelt": ("digits = 2", "digits = 2\ndigit = 1", "q1", "there are also_right"),
    "points": ("points = 1\nasks = \"A number\"", "points = -1\nasks = \"A number\"", "q1",
               "a number from 0 up"),
    "points text": ("points = 1\nasks = \"A number\"", "points = \"1\"\nasks = \"A number\"", "q1",
                    "a number from 0 up"),
    "answer text": ("answer = 5", 'answer = "5"', "q1", "a number in the unit"),
    "no digits": ("digits = 2", "digits = 0", "q1", 'a whole number from 1 to 12, or "exact"'),
    "digits as text": ("digits = 2", 'digits = "two"', "q1", "a whole number from 1 to 12"),
    "nearly whole": ("digits = 2", "digits = 2\nnearly_credit = 1", "q1", "from 0 to below 1"),
    "slip is right": ("answer = 6", "answer = 5.05", "q1", "raise digits and say so"),
    "slip is text": ("answer = 6", 'answer = "6"', "q1", "a number in the unit"),
    "slips too near": ("answer = 7", "answer = 6.001", "q1", "cannot be told apart"),
    "turned range": ("from = 1", "from = 1000", "p1", "the first the lower"),
    "no range": ("from = 1\n", "", "p1", "from is None"),
    "small": ("from = 1", "from = 1\nsmall = true", "p1", 'small goes with unit = "percent"'),
    "slip says nothing": ('says = "One too many."', 'says = ""', "q1", "what helps the student on"),
    "slip without says": (', says = "One too many."', "", "q1", "says is missing"),
    "slip misspelt": ("credit = 0.5", "credits = 0.5", "q1", "there are answer, credit"),
    "full credit": ("credit = 0.5", "credit = 1", "q1", "from 0 to below 1"),
    "no option": ('answer = "a"', 'answer = "c"', "q2", "there are a, b"),
    "slip lacking": ('[{ answer = "b", says = "Think." }]', "[]", "q2", "one slip of its own"),
    "no case": ('[{ call = "double(2)" }]', "[]", "q3", "at least one call"),
    "case": ('call = "double(2)"', 'call = "double(2)", by = "x"', "q3", "write both or none"),
    "hidden": ("hidden_points = 1", "hidden_points = 3", "q3", "the question's 2 points"),
    "slip of a chart": ('draws = "chart = 1"', 'fault = "mark"', "q4", "draws is missing"),
    "want": ('scale = "linear"', 'scail = "linear"', "q4", "there are rounded, scale"),
    "scale": ('scale = "linear"', 'scale = "pow"', "q4", "must be 'linear' or 'log'"),
    "along": ('kind = "years"', 'kind = "dates"', "q4", "must be 'years' or 'names'"),
    "side": ('kind = "years"', 'kind = "years", side = "z"', "q4", "where either is right"),
    "titles": ('marks = ["line"]', 'marks = ["line"]\ntitles = true', "q4", "units is missing"),
    "rubric": ('"Claim", points = 5', '"Claim", points = 4', "q5", "make them equal"),
    "rubric row": ("full =", "whole =", "q5", "full is missing"),
    "rubric half": ('half = "Hints."', 'half = ""', "q5", "half is ''"),
    "rubric points": ("points = 5, full", "points = 0, full", "q5", "a number above 0"),
    "prediction": ('asks = "A guess"', 'asks = "A guess"\noptions = ["a"]', "p1", "both or none"),
    "twice": ('id = "q2"', 'id = "q1"', "q1", "rename one"),
    "odd": ('lesson = "99', 'lessons = 1\nlesson = "99', "", "there are lesson and [[question]]"),
}  # fmt: skip


def test_right_key_file_loads(tmp_path):
    path = tmp_path / "99-made-up.toml"
    path.write_text(RIGHT_KEY, encoding="utf-8")
    assert len(load_key(path)["question"]) == 6


@pytest.mark.parametrize(("text", "instead", "question", "mend"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_in_a_key_file_is_named_with_its_mend(tmp_path, text, instead, question, mend):
    assert text in RIGHT_KEY
    path = tmp_path / "99-made-up.toml"
    path.write_text(RIGHT_KEY.replace(text, instead, 1), encoding="utf-8")
    with pytest.raises(KeyFileError) as caught:
        load_key(path)
    said = str(caught.value)
    assert said.startswith("99-made-up.toml") and mend in said
    assert f"question '{question}'" in said or not question


def test_empty_key_file_and_empty_folder(tmp_path):
    path = tmp_path / "99-made-up.toml"
    path.write_text('lesson = "99-made-up"', encoding="utf-8")
    with pytest.raises(KeyFileError, match="write the first"):
        load_key(path)
    with pytest.raises(KeyFileError, match=r"no \.toml file"):
        load_keys(tmp_path / "nothing")


def test_a_question_that_is_not_there_is_named():
    with pytest.raises(ValueError, match=r"no question '06-q99'\. Did you mean '06-q9'"):
        check("06-q99", 5)
    with pytest.raises(ValueError, match=r"no question 'q1'\. Write lesson and question"):
        check("q1", 5)


def test_examples_of_the_guide_are_right(tmp_path):
    guide = (KEYS.parent / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    path = tmp_path / "06-megawatts.toml"
    path.write_text("\n".join(['lesson = "06-megawatts"', *examples]), encoding="utf-8")
    kinds = {question["kind"] for question in load_key(path)["question"]}
    assert kinds == {
        "number", "choice", "function", "chart", "structure", "prediction", "argument"
    }  # fmt: skip
    assert sealed(tmp_path)["06-q3"]["cases"][0]["slips"][0]["says"] == (
        "That is the boards alone."
    )
