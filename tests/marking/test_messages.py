"""What a check may say to a student: short, true to its rules, and never the answer."""

import ast
import inspect
import re
from string import Formatter

import numpy as np
import pandas as pd
import pytest

from course import brief, reading
from course.brief import peer
from course.brief.judging import PARTS
from course.check import standing
from course.check.chart_slips import SLIPS
from course.units import Q
from grading.seal import run_code
from tests.brief import making
from tests.marking.made_up import LESSONS, every, notebook_of

KINDS = ("choice", "structure", "chart", "number", "function", "prediction")
LONGEST = 160
# Words of Python's own, which say nothing to a reader of the lessons.
PYTHON = re.compile(
    r"\b(?:NoneType|dtype|Traceback|ndarray|iterable|kwargs|callable|\w+Error|float64|int64"
    r"|(?:a|an) (?:str|int|float|dict|bool|tuple))\b|<class|<function|object at 0x"
)
_CALL = re.compile(r"\b[a-z_][\w.]*\(")
_WORD = re.compile(r"[a-z]{5,}")
_COMMON = {"about", "after", "other", "their", "there", "these", "those", "where", "which", "would"}

QUESTIONS = [
    pytest.param(name, question, id=name) for kind in KINDS for name, question in every(kind)
]


def said(question):
    """Every message of a question's key with what stands before it on the screen."""
    parts = [("Right. ", question.get("because", "")), ("Not yet: ", question.get("hint", ""))]
    parts += [("Not yet: ", slip["says"]) for slip in question.get("slips", [])]
    parts += [("Not yet: ", rule["says"]) for rule in question.get("rules", [])]
    return [before + text for before, text in parts if text]


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_messages_are_short_and_in_plain_words(name, question):
    for text in said(question):
        assert len(text) <= LONGEST, f"{len(text)} signs: {text}"
        assert not PYTHON.search(text), text
        assert len(_CALL.findall(text)) <= 1, text


def options(name, question):
    """The question's text and what stands at each of its letters."""
    lesson = next(one for one in LESSONS if one.startswith(name[:2]))
    text = "\n\n".join(cell.source for cell in notebook_of(lesson).cells)
    part = text.partition(f"**{question['id']}.")[2]
    found = dict(re.findall(r"(?m)^- \*\*([a-z])\*\* (.+)$", part)[: len(question["options"])])
    return part.partition("- **a**")[0], found


@pytest.mark.parametrize(
    ("name", "question"), [pytest.param(*one, id=one[0]) for one in every("choice")]
)
def test_a_slip_of_a_choice_neither_names_nor_quotes_the_right_option(name, question):
    """Words that only the right option has may not come up again in what is said to the others."""
    asked, found = options(name, question)
    right = question["answer"]
    others = " ".join(text for letter, text in found.items() if letter != right)
    shared = set(_WORD.findall(f"{asked} {others}".lower()))
    own = set(_WORD.findall(found.get(right, "").lower())) - shared - _COMMON
    for slip in question["slips"]:
        text = slip["says"]
        assert not re.search(rf"\b{right}\)|\"{right}\"|'{right}'|\*\*{right}\*\*", text)
        told = own & set(_WORD.findall(text.lower()))
        assert len(told) <= 1, f"{text!r} has {sorted(told)}"


@pytest.mark.parametrize(
    ("name", "question"),
    [pytest.param(*one, id=one[0]) for one in every("number")],
)
def test_no_message_of_a_number_holds_the_answer(name, question):
    """Nor the answer as it would be typed with two digits."""
    answer = float(question["answer"])
    for text in said(question):
        for figure in re.findall(r"-?\d[\d,]*(?:\.\d+)?", text):
            value = float(figure.replace(",", ""))
            assert f"{value:.1e}" != f"{answer:.1e}" or value == 0, text


@pytest.mark.parametrize(
    ("name", "question"),
    [pytest.param(*one, id=one[0]) for one in every("function")],
)
def test_no_message_of_a_function_is_a_line_of_its_solution(name, question):
    codes = [question["right"], *question.get("also_right", [])]
    lines = {
        ast.unparse(node.value).replace(" ", "")
        for code in codes
        for node in ast.walk(ast.parse(code))
        if isinstance(node, (ast.Return, ast.Assign)) and node.value is not None
    }
    for text in said(question):
        bare = text.replace(" ", "").replace("`", "")
        assert not [line for line in lines if len(line) > 5 and line in bare], text


# ---- what the course says of its own ---------------------------------------------------------

LONG = "a word after another " * 40
ODD = [
    None,
    "",
    "x",
    LONG,
    25,
    -1,
    True,
    float("nan"),
    print,
    {},
    [],
    [1, 2, 3],
    Q(3, "MW"),
    object(),
]


def _structures():
    """Plans, cards, forecasts and briefs with one odd thing in each field."""
    for odd in ODD:
        yield "plan", odd
        yield "plan", {"C09": odd, "C99": odd, LONG: odd, **making.plan()}
        for field in ("measure", "supports", "undermines"):
            yield "plan", making.plan(**{field: odd})
        for field in ("claim", *making.fields()):
            yield "card", making.card(**{field: odd})
        for field in ("probability", "by", "resolves"):
            yield "forecasts", making.forecasts(**{field: odd})
        yield "forecasts", [brief.forecast(odd), odd]
        yield "forecasts", [*making.forecasts(), odd]
        yield "card", odd
        yield "brief", odd
    yield "card", making.card(number=lambda gap=1: {}[LONG])
    yield "card", making.card(number=lambda gap=1: LONG)
    yield "plan", making.plan(supports=LONG + "1", undermines=LONG + "2")
    yield "plan", dict.fromkeys(("C15", "C32", "C39", "C01", "C02"), making.plan()["C08"])
    yield "plan", {f"C{n:02}": {} for n in range(1, 40)}
    for _, question in every("structure"):
        for code in [question["right"], *(slip["code"] for slip in question["slips"])]:
            yield question["of"], run_code(code, "answer")


def test_what_is_said_of_a_structure_is_short_and_in_plain_words(monkeypatch, tmp_path):
    from course.check import structure

    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.chdir(tmp_path)
    faults = []
    for of, thing in _structures():
        parts = dict.fromkeys(PARTS[of], 1 / len(PARTS[of]))
        text = structure.judge({"of": of, "parts": parts}, thing).says
        if len(text) > LONGEST or PYTHON.search(text) or len(_CALL.findall(text)) > 1:
            faults.append(f"{len(text)} signs: {text}")
    assert sorted(set(faults)) == []


# ---- standing messages -----------------------------------------------------------------------

TYPICAL = {
    "call": "growth_per_year(table, start=2015, end=2024)",
    "name": "growth_per_year",
    "value": "1,234.5 at place 3",
    "gives": "gives {} where another value is right",
    "hint": "Which of the two periods does each row belong to?",
    "kind": "ZeroDivisionError",
    "words": "division by zero",
    "wanted": "ValueError",
    "what": "table",
    "outer": "exports",
    "parameter": "start",
    "times": 1000,
}
#: Names of errors are asked for in questions on errors, and stand in these alone.
NAMES_ERRORS = {"stops", "other_error", "unclear", "no_words", "went_through"}


@pytest.mark.parametrize("name", sorted(set(standing.__all__) - {"LIMIT", "not_yet"}))
def test_a_standing_message_of_a_function_is_short_and_in_plain_words(name):
    message = getattr(standing, name)
    given = inspect.signature(message).parameters
    for stretch in (1, 12):
        text = message(*(TYPICAL[one] * stretch for one in given))
        assert len(text) <= LONGEST, text
        assert name in NAMES_ERRORS or not re.search(r"NoneType|dtype|\bstr\b|\bint\b", text), text


@pytest.mark.parametrize("name", [name for name, (_, says) in SLIPS.items() if says])
def test_a_standing_message_of_a_chart_is_short_and_in_plain_words(name):
    says = SLIPS[name][1]
    fill = {field: "South Korea, net capacity" for _, field, *_ in Formatter().parse(says) if field}
    text = f"Not yet: {says.format(**fill)}"
    assert len(text) <= LONGEST, f"{len(text)}: {text}"
    assert not PYTHON.search(text), text


UNREADABLE = [*ODD, "1.2.3", "5 kwhh", "five", Q(3, "kg"), (1, 2), {1}, np.array([1, 2]), pd.NA]


@pytest.mark.parametrize("ask", ["quantity", "percentage", "probability", "letter", "span"])
def test_what_cannot_be_read_is_answered_in_a_short_sentence(ask):
    how = {
        "quantity": lambda typed: reading.quantity(typed, "MW"),
        "percentage": reading.percentage,
        "probability": reading.probability,
        "letter": lambda typed: reading.letter(typed, ["a", "b", "c"]),
        "span": lambda typed: reading.span(typed, 5, "MW"),
    }[ask]
    refused = 0
    for typed in UNREADABLE:
        try:
            how(typed)
        except reading.Unread as error:
            refused += 1
            assert len(str(error)) <= LONGEST, error
            assert not PYTHON.search(str(error)), error
    assert refused > 10


def test_what_is_wrong_with_a_review_is_said_in_a_short_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.chdir(tmp_path)
    theirs = brief.write("x", **making.parts()).record
    good = {
        "reviewer": "Bo", "reproduced": Q(3.4, "year"), "how": "From the table",
        "assumption": "gap", "changed_to": 90, "number_then": Q(3, "year"),
        "verdict_then": "mixed", "advice": "Give a range.",
    }  # fmt: skip
    refused = 0
    for field in ("brief", "claim", *good):
        for odd in (*ODD, "Ana Ångström"):
            given = {"brief": theirs, "claim": "C21", **good, field: odd}
            try:
                peer.review(given.pop("brief"), given.pop("claim"), **given)
            except peer.PeerError as error:
                refused += 1
                assert len(str(error)) <= LONGEST, error
                assert not PYTHON.search(str(error)), error
    assert refused > 40
