"""A function is told what is wrong with it, in one short sentence, wherever its calls run."""

import linecache
import re

import numpy as np
import pandas as pd
import pytest

import course.check.function
from course.check import NotYet, standing
from course.check.hidden import hidden, packed
from course.units import Q
from grading.cases import record, run_code
from grading.hidden import hidden_record
from grading.key import KeyFileError, load_key
from tests.marking.made_up import LESSONS, every, key_of, notebook_of

FUNCTIONS = every("function")
SALT = "made up"


def question(right, calls, **more):
    """A function question `f`, as a key has it."""
    cases = [call if isinstance(call, dict) else {"call": call} for call in calls]
    return {"name": "f", "right": right, "cases": cases, "hint": "Think.", **more}


def judged(asked, answer):
    sealed = {"salt": SALT, **record(asked, "99, q1", SALT)}
    verdict = course.check.function.judge(sealed, answer)
    assert len(verdict.says) <= standing.LIMIT
    return verdict


def cell(code, name="f", **scope):
    """What a notebook's cell defines, its source where tracebacks look for it."""
    file = f"<cell {abs(hash(code))}>"
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    scope.update(np=np, pd=pd, Q=Q)
    exec(compile(code, file, "exec"), scope)
    return scope[name]


TABLE = "pd.DataFrame({'a': [1.0, 2.0, 3.0]})"
SUM = question("def f(table): return float(table['a'].sum())", [f"f({TABLE})"])
HALF = question(
    "def f(x, y):\n if x < 0: raise ValueError('x is below zero')\n return x / y / 3",
    ["f(2, 4)", "f(2, 5)", {"call": "f(-1, 2)", "raises": "ValueError", "words": ["zero"]}],
)
LIST = question("def f(x): return [x, x + 1]", ["f(5)"])
UNIT = question("def f(q): return q.to('MW').magnitude", ["f(Q(2000, 'kW'))"])
WORD = question(
    "def f(x, y): return 'high' if x >= y else 'mid' if x > 1 else 'low'",
    ["f(5, 3)", "f(2, 3)", "f(0, 3)"],
)
GOES_WRONG = {
    "adds a column": (
        SUM, "def f(t):\n t['b'] = 1\n return t['a'].sum()", 0.5, "changes a table"),
    "renames": (SUM, "def f(t):\n s = t['a'].sum()\n t.columns = ['z']\n return s", 0.5, "changes"),
    "sets an index": (
        SUM, "def f(t):\n s = t['a'].sum()\n t.index = [7, 8, 9]\n return s", 0.5, "changes"),
    "remembers": (
        SUM, "def f(t, kept=[]):\n kept.append(1)\n return t['a'].sum() + len(kept) - 1", 0.5,
        "second time"),
    "leans on a table": (SUM, "def f(t): return fleet['a'].sum()", 0.5, "outside: fleet"),
    "leans on a number": (HALF, "def f(x, y):\n if x < 0: raise ValueError('zero')\n"
                          " return x / y / three", 0.5, "outside: three"),
    "leans through a helper": (
        SUM, "def total():\n return fleet['a'].sum()\ndef f(t): return total()", 0.5, "outside"),
    "never reads y": (HALF, "def f(x, y): return x / 12", 0, "does not use y"),
    "y makes no difference": (HALF, "def f(x, y): return x / (y * 0 + 12)", 0, "does not use y"),
    "prints": (HALF, "def f(x, y): print(x / y / 3)", 0, "prints its answer"),
    "one path": (HALF, "def f(x, y):\n if y == 4: return x / y / 3", 0, "every path"),
    "rounds early": (HALF, "def f(x, y):\n if x < 0: raise ValueError('zero')\n"
                     " return round(x / y, 2) * 0.333", 0, "rounded too early"),
    "the other sign": (HALF, "def f(x, y): return -x / y / 3", 0, "the sign is not"),
    "a hundred times": (HALF, "def f(x, y): return 100 * x / y / 3", 0, "or a percentage?"),
    "a thousandth": (HALF, "def f(x, y): return x / y / 3000", 0, "How many zeros"),
    "an error without words": (
        HALF, "def f(x, y):\n if x < 0: raise ValueError\n return x / y / 3", 0.5,
        "without a word"),
    "an error of other words": (
        HALF, "def f(x, y):\n if x < 0: raise ValueError('no')\n return x / y / 3", 0.5,
        "what is wrong"),
    "returns the error": (
        HALF, "def f(x, y):\n if x < 0: return ValueError\n return x / y / 3", 0, "as if it were"),
    "prints for the error": (
        HALF, "def f(x, y):\n if x < 0: print('impossible')\n else: return x / y / 3", 0,
        "prints something"),
    "goes through": (HALF, "def f(x, y): return x / y / 3", 0, "goes through"),
    "another error": (
        HALF, "def f(x, y):\n if x < 0: raise KeyError('zero')\n return x / y / 3", 0,
        "Which error"),
    "a text": (HALF, "def f(x, y): return str(x / y / 3)", 0, "the text '0.16"),
    "a quantity": (HALF, "def f(x, y): return Q(x / y / 3, 'MW')", 0, "a quantity with a unit"),
    "a set": (LIST, "def f(x): return {x, x + 1}", 0, "gives a set; give the values one behind"),
    "a generator": (LIST, "def f(x): return (x + i for i in (0, 1))", 0, "gives a generator;"),
    "a list in a list": (LIST, "def f(x): return [[x, x + 1]]", 0, "a list within a list"),
    "turns a unit": (
        UNIT, "def f(q):\n q.ito('MW')\n return q.magnitude", 0.5, "changes 2000 kW"),
    "a number for True": (
        question("def f(x): return x > 1", [{"call": "f(0)", "says": "Is it?"}]),
        "def f(x): return int(x > 1)", 0, "f(0) gives 0, not True or False."),
    "few outcomes": (WORD, "def f(x, y): return 'high' if x >= y else 'mid'", 0, "Think."),
    "divides by zero": (HALF, "def f(x, y): return x / 0", 0, "divides by zero"),
    "a lost key": (HALF, "def f(x, y): return {}['p']", 0, "f(2, 4) stops: it finds no 'p'"),
    "a lost column": (
        SUM, "def f(t): return t[['p']].sum()", 0, "stops with KeyError: \"None of"),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "code", "share", "words"), GOES_WRONG.values(), ids=GOES_WRONG)
def test_what_any_function_may_get_wrong_is_named(asked, code, share, words):
    fleet = pd.DataFrame({"a": [1.0, 2.0, 3.0]})
    verdict = judged(asked, cell(code, fleet=fleet, three=3))
    assert verdict.share == share
    assert words in verdict.says


@pytest.mark.parametrize("code", ["return str(x / y / 3)", "return x, y", "return [x / y / 3] * 2"])
def test_a_result_of_another_form_is_not_sent_back_to_the_way(code):
    assert "Think." not in judged(HALF, cell(f"def f(x, y): {code}")).says


FINE = {
    "a constant of the cell": (HALF, "THREE = 3\ndef f(x, y):\n if x < 0: raise ValueError('zero')"
                               "\n return x / y / THREE"),
    "a helper": (SUM, "def total(t): return t['a'].sum()\ndef f(t): return total(t)"),
    "an own copy": (SUM, "def f(t):\n t = t.copy()\n t['b'] = 1\n return t['a'].sum()"),
    "a quantity on the way": (
        HALF, "def f(x, y):\n if x < 0: raise ValueError('zero')\n"
        " return Q(x / y / 3, 'MW').magnitude"),
    "an array of one": (SUM, "def f(t): return np.array([t['a'].sum()])"),
    "a kind of ValueError": (
        HALF, "class Bad(ValueError): pass\ndef f(x, y):\n if x < 0: raise Bad('Zero')\n"
        " return x / y / 3"),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "code"), FINE.values(), ids=FINE)
def test_what_does_no_harm_is_right(asked, code):
    assert judged(asked, cell(code)).share == 1


ALIKE = {
    "places": ("(1.5, 2.5)", ["[1.5, 2.5]", "np.array([1.5, 2.5])", "pd.Series([1.5, 2.5])",
                              "pd.Series({0.05: 1.5, 0.5: 2.5})", "{'a': 1.5, 'b': 2.5}"],
               ["[2.5, 1.5]", "[1.5]", "1.5", "['1.5', 2.5]"]),
    "labels": ("pd.Series({2024: 1.5, 2025: None})",
               ["{2024: 1.5, 2025: float('nan')}", "{2024.0: 1.5, 2025: pd.NA}"],
               ["{2024: 1.5}", "[1.5, None]", "{2024: 1.5, 2025: 0.0}"]),
    "truth": ("True", ["np.True_"], ["'True'", "False"]),
    "words": ("'supported'", ["'Supported'"], ["'supported '", "'mixed'"]),
    "counts": ("100_000", ["100_000.0", "np.int64(100_000)"], ["100_001", "'100000'"]),
}  # fmt: skip


@pytest.mark.parametrize(("right", "alike", "apart"), ALIKE.values(), ids=ALIKE)
def test_results_that_say_the_same_are_the_same(right, alike, apart):
    asked = question(f"def f(): return {right}", ["f()"])
    for code in [right, *alike]:
        assert judged(asked, cell(f"def f(): return {code}")).share == 1, code
    for code in apart:
        assert judged(asked, cell(f"def f(): return {code}")).share == 0, code


def test_letters_of_what_went_in_count():
    asked = question("def f(x): return x.split()", ["f('Sand and Gas')"])
    assert judged(asked, cell("def f(x): return x.split()")).share == 1
    assert judged(asked, cell("def f(x): return x.lower().split()")).share == 0


def test_rounding_at_the_end_to_the_digits_of_the_example_is_right():
    asked = question("def f(x): return x / 3", ["f(2)", "f(1)"], decimals=2)
    for places in (2, 3, 6):
        assert judged(asked, cell(f"def f(x): return round(x / 3, {places})")).share == 1
    for code in ("round(x / 3, 1)", "int(x / 3 * 100) / 100", "x / 3 + 0.004"):
        assert judged(asked, cell(f"def f(x): return {code}")).share == 0, code


def test_a_large_argument_has_a_short_name_and_any_message_fits():
    rows = "pd.DataFrame({'a': range(500), 'long name': ['x' * 500] * 500})"
    asked = question(
        "def f(t, words, n): return n", [f"f({rows}, ['word'] * 300, 5)"], hint="H" * 140
    )
    said = judged(asked, cell("def f(t, words, n): return t['long name'][0] * n")).says
    assert "DataFrame" not in said
    said = judged({**asked, "hint": "Why?"}, cell("def f(t, w, n): return n + len(w + [t])")).says
    assert said.startswith("Not yet: f(a table of 500 rows, a list of 300, 5) gives 306")


FORMS = {
    "a label": ("{'low': 1.0, 'high': 2.0}", "{'Low': 1.0, 'High': 2.0}", "nothing for 'high'"),
    "no labels": ("{'low': 1.0, 'high': 2.0}", "(1.0, 2.0)", "2 values without labels"),
    "a missing value": ("{'low': 1.0}", "{'low': float('nan')}", "a missing value at low"),
    "texts": ("(1.0, 2.0)", "('1.0', 2.0)", "the text '1.0' at place 1, not a number"),
    "lists": ("(1.0, 2.0)", "([1.0, 3.0], [2.0, 4.0])", "a list within a list"),
    "the number of values": ("(1.0, 2.0)", "(1.0,)", "1 value, too few"),
}


@pytest.mark.parametrize(("right", "given", "words"), FORMS.values(), ids=FORMS)
def test_another_form_is_named_and_no_hint_pushes_it_out(right, given, words):
    asked = question(f"def f(): return {right}", ["f()"], hint="How large is it? " * 8)
    said = judged(asked, cell(f"def f(): return {given}")).says
    assert words in said
    assert "How large" not in said


def test_a_slip_that_an_earlier_call_has_ruled_out_is_not_named():
    """An order of two names would be taken for anything."""
    slips = [{"code": "def f(x): return [*x]", "says": "Those stand as they came in."}]
    asked = question(
        "def f(x): return sorted(x)", ["f('bca')", "f('abc')", "f('cab')"], slips=slips
    )
    as_given = cell("def f(x): return [*x]")
    assert judged(asked, as_given).says == "Not yet: Those stand as they came in."
    by_chance = cell("def f(x): return sorted(x) if x[0] != 'c' else list(x)")
    assert "came in" not in judged(asked, by_chance).says
    assert "f('cab') gives" in judged(asked, by_chance).says


def test_one_of_several_calls_is_shown():
    asked = question("def f(x): return x > 1", ["[f(x) for x in (0, 1, 2)]"])
    assert "f(1) gives True." in judged(asked, cell("def f(x): return x > 0.5")).says


# ---- rules -----------------------------------------------------------------------------------

RULES = [(name, one, rule) for name, one in FUNCTIONS for rule in one.get("rules", [])]


def test_some_questions_have_rules():
    assert RULES


@pytest.mark.parametrize(
    ("name", "one", "rule"), RULES, ids=[f"{name} {rule['says'][:30]}" for name, _, rule in RULES]
)
def test_a_rule_stands_in_the_question_and_its_twin_is_told(name, one, rule):
    lesson = next(lesson for lesson in LESSONS if lesson.startswith(name[:2]))
    cells = notebook_of(lesson).cells
    place = next(i for i, part in enumerate(cells) if part.id == one["id"])
    asked = next(part.source for part in cells[place::-1] if part.cell_type == "markdown")
    assert rule["states"] in asked
    salt = f"chips-watts-reactors {name}"
    sealed = {"salt": salt, **record(one, name, salt, hidden=bool(rule.get("hidden")))}
    verdict = course.check.function.judge(sealed, run_code(rule["twin"], one["name"]))
    assert verdict.says == f"Not yet: {rule['says']}"
    assert verdict.share == rule.get("credit", 0)


def test_a_twin_that_no_call_tells_apart_is_refused():
    rule = {"states": "s", "edge": "f(1)", "varied": "f(2)", "says": "Why?"}
    right = "def f(x): return max(x, 0)"
    with pytest.raises(KeyFileError, match="the twin is right at edge and varied"):
        record(question(right, ["f(3)"], rules=[{**rule, "twin": "def f(x): return x"}]), "q", SALT)
    rule["edge"] = "f(-1)"
    record(question(right, ["f(3)"], rules=[{**rule, "twin": "def f(x): return x"}]), "q", SALT)


def test_a_rule_whose_twin_stops_is_told_to_who_stops_likewise():
    rule = {"states": "s", "edge": "f('x')", "varied": "f('y')", "says": "Is that a number?"}
    rule["twin"] = "def f(x): return x + 1"
    right = "def f(x): return x + 1 if isinstance(x, int) else -1"
    verdict = judged(question(right, ["f(1)"], rules=[rule]), lambda x: x + 1.0)
    assert (verdict.share, verdict.says) == (0, "Not yet: Is that a number?")


def test_a_case_on_which_the_right_solution_fails_is_refused():
    for case, words in (
        ({"call": "f(0)"}, "ZeroDivisionError"),
        ({"call": "f(1)", "raises": "ValueError"}, "gives a value"),
        ({"call": "f(-1)", "raises": "ValueError"}, "needs a text"),
    ):
        right = "def f(x):\n if x < 0: raise ValueError\n return 1 / x"
        with pytest.raises(KeyFileError, match=words):
            record(question(right, [case]), "q", SALT)


# ---- hidden tests ----------------------------------------------------------------------------


def test_hidden_calls_give_points_at_marking_and_a_sentence_else(monkeypatch):
    lesson = "01-claims"
    one = next(q for q in key_of(lesson) if q["kind"] == "function")
    text = packed(hidden_record(lesson, one))
    right = run_code(one["right"], one["name"])
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert hidden(text, right) == 1.0 and type(hidden(text, right)) is float
    for wrong in (None, lambda _: None, lambda _: 1 / 0, lambda _: {}["p"], lambda _: _):
        with pytest.raises(NotYet) as caught:
            hidden(text, wrong)
        assert str(caught.value).startswith(("Not yet", "Not answered yet"))
        assert len(str(caught.value)) <= standing.LIMIT
    monkeypatch.delenv("NBGRADER_EXECUTION")
    assert hidden(text, right) is None, "by hand it shows, and gives no points"


@pytest.mark.parametrize(("name", "one"), FUNCTIONS, ids=[name for name, _ in FUNCTIONS])
def test_every_right_function_is_right_at_marking(monkeypatch, name, one):
    lesson = next(lesson for lesson in LESSONS if lesson.startswith(name[:2]))
    text = packed(hidden_record(lesson, one))
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    for code in [one["right"], *one.get("also_right", [])]:
        assert hidden(text, run_code(code, one["name"])) == one["hidden_points"]


MADE = """
lesson = "99-made-up"
[[question]]
id = "q1"
kind = "function"
name = "f"
points = 2
hidden_points = 1
asks = "A function"
hint = "Twice."
right = "def f(x): return 2 * x"
cases = [{ call = "f(2)" }]
hidden_cases = [{ call = "f(3)" }]
[[question.rules]]
states = "So."
edge = "f(0)"
varied = "f(-1)"
twin = "def f(x): return 2 * abs(x)"
says = "Why?"
"""
MISTAKES = {
    "no such call": ('"f(2)"', '"g(2)"', "write f(...)"),
    "words alone": ('"f(2)"', '"f(2)", words = ["a"]', 'raises = "ValueError"'),
    "says too long": ('"f(2)"', f'"f(2)", says = "{"x" * 152}"', "at most 151"),
    "no varied": ('varied = "f(-1)"\n', "", "varied is missing"),
    "other twin": ('twin = "def f', 'twin = "def g', "twin does not define f"),
    "credit": ('says = "Why?"', 'says = "Why?"\ncredit = 1', "below 1"),
    "no hidden calls": ("hidden_cases", "also_right = []\n#", "go together"),
    "both digits": ('hint = "Twice."', 'hint = "T"\ndigits = 2\ndecimals = 2', "keep one of them"),
    "misspelt": ('states = "So."', 'state = "So."', "states is missing"),
}


@pytest.mark.parametrize(("text", "instead", "mend"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_in_a_function_question_is_named_with_its_mend(tmp_path, text, instead, mend):
    path = tmp_path / "99-made-up.toml"
    path.write_text(MADE, encoding="utf-8")
    assert load_key(path)["question"][0]["rules"]
    assert text in MADE
    path.write_text(MADE.replace(text, instead, 1), encoding="utf-8")
    with pytest.raises(KeyFileError, match=re.escape(mend)):
        load_key(path)
