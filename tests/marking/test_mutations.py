"""Broken twins, rewritings and the oracle that tells them apart."""

import pytest

from grading.trial.mutations import twins
from grading.trial.oracle import Oracle
from grading.trial.rewrites import rewritten
from grading.trial.variants import broken_twins, written_otherwise
from tests.marking.made_up import every

SITE = """
def site(chips, pue=1.2):
    if pue < 1:
        raise ValueError("a site draws no less than its computers")
    kept = [kw * pue for kw in chips if kw > 0]
    total = sum(kept)
    return round(total, 6), len(kept)
"""
QUESTION = {
    "kind": "function",
    "name": "site",
    "right": SITE,
    "cases": [{"call": "site([700.0, -1.0, 300.0], 1.5)"}],
}


def named(source=SITE):
    first = {"chips": [700.0, -1.0, 300.0], "pue": 1.5}
    return {twin.what: twin.code for twin in twins(source, "site", first)}


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("operator in line 5: Div", "kw / pue"),
        ("comparison in line 3: LtE", "if pue <= 1:"),
        ("1 moved to 2 in line 3", "if pue < 2:"),
        ("filter dropped in line 5", "[kw * pue for kw in chips]"),
        ("max for sum in line 6", "total = max(kept)"),
        ("prints in line 7", "print((round(total, 6), len(kept)))"),
        ("return dropped in line 7", "    (round(total, 6), len(kept))"),
        ("rounded early in line 5", "[round(kw * pue) for kw in chips if kw > 0]"),
        ("error in line 4 without words", "raise ValueError\n"),
        ("KeyError in line 4", "raise KeyError('a site"),
        ("error in line 4 not raised", "        pass"),
        ("pue hard-wired", "    pue = 1.5\n"),
        ("pue taken from outside", "def site(chips, pue_=1.2)"),
        ("chips grows on the way", "chips.append(0)"),
        ("chips and pue swapped", "chips, pue = (pue, chips)"),
        ("order turned round in line 7", "return (len(kept), round(total, 6))"),
    ],
)
def test_a_function_is_broken_as_students_break_it(what, code):
    assert code in named()[what]


def test_no_two_twins_are_one_and_none_is_the_right_function():
    codes = list(named().values())
    assert len(codes) == len(set(codes)) > 40
    for code in codes:
        compile(code, "twin", "exec")


def differs(code, question=QUESTION):
    return Oracle(question).difference(code)


def test_a_twin_that_the_shown_calls_tell_apart_is_found_there():
    found = differs(SITE.replace("kw * pue", "kw / pue"))
    assert found.at == "visible" and found.call == "site([700.0, -1.0, 300.0], 1.5)"
    assert "1500" in found.right and "666" in found.other


def test_a_twin_that_only_a_bound_tells_apart_is_found_at_the_bound():
    found = differs(SITE.replace("pue < 1", "pue <= 1"))
    assert found.at == "varied" and found.call == "pue=1.0"
    assert differs(SITE.replace("no less", "never less")) is None


@pytest.mark.parametrize("other", ["raise ValueError", "raise KeyError('no')", "return 0"])
def test_an_error_that_is_asked_for_counts_by_kind_and_words(other):
    words = 'raise ValueError("a site draws no less than its computers")'
    assert differs(SITE.replace(words, other)).at == "varied"
    assert differs(SITE.replace(words, 'raise ValueError("impossible")')) is None


def test_what_changes_its_arguments_is_another_function():
    found = differs(SITE.replace("total = sum", "chips.pop()\n    total = sum"))
    assert "changed" in found.other


def test_an_input_on_which_two_right_solutions_differ_is_none_of_the_question():
    twin = SITE.replace("pue < 1", "pue <= 1")
    assert differs(twin, {**QUESTION, "also_right": [twin]}) is None


def test_a_loop_without_an_end_is_no_twin():
    with pytest.raises(RecursionError, match="end"):
        differs("def site(chips, pue):\n    while True:\n        pue += 1")


def test_equivalent_twins_are_counted_and_left_out():
    question = {**QUESTION, "right": "def site(chips, pue):\n    return max(0, sum(chips)) * pue"}
    broken = broken_twins(question)
    assert broken.different
    assert not {twin.code for twin in broken.alike} & {twin.code for twin, _ in broken.different}


@pytest.mark.parametrize(
    ("name", "question"), every("function"), ids=[name for name, _ in every("function")]
)
def test_every_function_of_the_key_is_written_in_twenty_ways(name, question):
    assert len(written_otherwise(question)) >= 20


def test_rewritings_give_the_same():
    oracle = Oracle(QUESTION)
    found = rewritten(SITE, "site", oracle.first, oracle.result(), rounded="round({}, 4)")
    what = {one.what for one in found}
    assert {"a helper", "a lambda around a helper", "loops for comprehensions"} <= what
    assert {"gives a list", "gives an array", "gives its digits", "many names of one's own"} <= what
    unlike = [one for one in found if not oracle.agrees(one.code)]
    assert [one.what for one in unlike if not one.what.startswith("gives")] == []
