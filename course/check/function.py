"""A function: called, and its results held against the sealed ones.

What runs in a student's notebook and what runs at marking are cases of one form, judged here.
"""

from __future__ import annotations

import copy
import inspect
import os
import re
from typing import Any, NamedTuple

from course.check import standing
from course.check.borrowing import borrowed
from course.check.call import RECORDED, UNANSWERED, Verdict
from course.check.reaching import outside, unread
from course.check.results import Unlike, factor, flatten, mismatch, rounded_early, same
from course.check.trying import Made, Tried, shown, tried
from course.check.wording import first_line, kind_of
from course.slips import kind

__all__ = ["judge"]

# Right results by a function that spoils what it is given, or leans on its surroundings.
_HALF = 0.5


class _Seen(NamedTuple):
    """A call that was right: what went in, and what came out."""

    made: list[Made]
    values: dict[str, Any]


def judge(record: dict, answer: Any) -> Verdict:
    """Try a function on a record's cases.

    Parameters
    ----------
    record : dict
        ``name``, ``cases``, ``hint``, ``salt``, ``hidden`` (how many calls run at marking alone)
        and ``may_use`` (names of the notebook that are given for use).
    answer : object
        The student's function.

    Returns
    -------
    Verdict
    """
    name = record["name"]
    if answer is None:
        return Verdict(0, UNANSWERED, answered=False)
    if not callable(answer):
        return Verdict(0, f"Not yet: {name} is {kind(answer)}, no longer a function.")
    model = borrowed(answer)
    if model:
        return Verdict(
            0,
            f"Not yet: {name} hands the work to the course's own {model}. "
            "Write the steps yourself; the ready one is for comparing afterwards.",
        )
    seen, cleared = [], set()
    try:
        for case in record["cases"]:
            verdict = _one_case(record, case, answer, seen, cleared)
            if verdict is not None:
                return verdict
    except KeyboardInterrupt:
        # At marking it is nbgrader that stops a cell; in a session the student does.
        if not os.environ.get("NBGRADER_EXECUTION"):
            raise
        call = shown(case["call"], name, [])
        says = standing.not_yet(call, "did not end in time", "", "Is there a loop without an end?")
        return Verdict(0, says)
    outer = outside(answer, frozenset(record.get("may_use", ())))
    if outer:
        return Verdict(_HALF, standing.outside(name, outer))
    ran, rest = len(record["cases"]), record.get("hidden", 0)
    more = f" {ran} of {ran + rest} checks run here; the rest run at marking." if rest else ""
    return Verdict(1, f"Right so far.{more}" if rest else "Right.", assessed=RECORDED)


def _one_case(
    record: dict, case: dict, answer: Any, seen: list[_Seen], cleared: set[str]
) -> Verdict | None:
    """Try one call; nothing is said of a call that is right.

    ``cleared`` holds what is said to slips that an earlier call has shown this function not to
    be. Words and orders of names, of which there are few, would be taken for them by chance.
    """
    name = record["name"]
    done = tried(case["call"], name, answer)
    call = shown(case["call"], name, done.made)
    if _is_error(done.result):
        return Verdict(0, standing.error_returned(call))
    if "raises" in case:
        return _refused(case, done, call)
    empty = [place for place, one in enumerate(done.made) if one.ended and one.result is None]
    if empty and case["right"] != {"": None}:
        call = shown(case["call"], name, done.made, empty[0])
        return _nothing(record, case, answer, done, call)
    if done.error is not None and done.made and all(one.ended for one in done.made):
        # The function ended; what the key's call does with its result failed.
        what = f"gives {kind(done.made[-1].result)}, another kind than asked for"
        return Verdict(0, standing.off(call, what, "", record["hint"]), assessed=RECORDED)
    if done.error is not None:
        stopped = kind_of(done.error)
        for slip in case["slips"]:
            if slip.get("raises") == stopped:
                return Verdict(slip["credit"], f"Not yet: {slip['says']}")
        return Verdict(0, standing.stops(call, stopped, first_line(done.error)))
    try:
        values = flatten(done.result, case.get("by"), case.get("columns"), case.get("laid"))
    except (Unlike, TypeError, ValueError, KeyError) as error:
        says = standing.off(call, "{}", first_line(error), "")
        return Verdict(0, says, assessed=RECORDED)
    wrong = mismatch(case["right"], values, record["salt"])
    if wrong is None:
        cleared |= {slip["says"] for slip in case["slips"] if not _alike(slip, values)}
        return _left_behind(case, answer, name, done, values, call, seen)
    words = all(isinstance(value, (str, bool)) for value in values.values())
    for slip in case["slips"]:
        if _alike(slip, values) and not (words and slip["says"] in cleared):
            return Verdict(slip["credit"], f"Not yet: {slip['says']}")
    if len(done.made) > 1:
        place = _place(wrong.gives)
        call = shown(case["call"], name, done.made, place)
        wrong = wrong._replace(gives=re.sub(r" at place [\d.]+", "", wrong.gives))
    if rounded_early(case["right"], values, record["salt"]):
        return Verdict(0, standing.rounded(call, wrong.gives, wrong.value))
    times = factor(case["right"], values, record["salt"])
    if times is not None:
        says = standing.scaled(call, wrong.gives, wrong.value, times)
        return Verdict(0, says, assessed=RECORDED)
    idle = unread(answer) or _idle(answer, seen, done.made, values)
    if idle:
        return Verdict(0, standing.unused(name, idle))
    outer = outside(answer, frozenset(record.get("may_use", ())))
    if outer:
        return Verdict(0, standing.outside(name, outer))
    if case.get("says") and not wrong.kind:
        return Verdict(0, f"Not yet: {case['says']}", assessed=RECORDED)
    # What is of another kind needs no hint on what to work out.
    hint = "" if wrong.kind else record["hint"]
    return Verdict(0, standing.off(call, wrong.gives, wrong.value, hint), assessed=RECORDED)


def _is_error(result: Any) -> bool:
    return isinstance(result, BaseException) or (
        isinstance(result, type) and issubclass(result, BaseException)
    )


def _alike(slip: dict, values: dict) -> bool:
    return "values" in slip and same(slip["values"], values)


def _place(gives: str) -> int | None:
    number = gives.partition(" at place ")[2].partition(".")[0].partition(",")[0]
    return int(number) - 1 if number.isdigit() else None


def _refused(case: dict, done: Tried, call: str) -> Verdict | None:
    """Judge a call that must stop with an error: its kind, and that it says why."""
    wanted, error = case["raises"], done.error
    if error is None:
        for slip in case["slips"]:
            if slip.get("through"):
                return Verdict(slip["credit"], f"Not yet: {slip['says']}")
            try:
                values = flatten(done.result, case.get("by"), case.get("columns"))
            except (Unlike, TypeError, ValueError, KeyError):
                break
            if _alike(slip, values):
                return Verdict(slip["credit"], f"Not yet: {slip['says']}")
        if case.get("says"):
            return Verdict(0, f"Not yet: {case['says']}")
        how = "prints something and goes on" if done.printed else "goes through"
        return Verdict(0, standing.went_through(call, how, "", wanted))
    stopped = kind_of(error)
    if wanted not in [one.__name__ for one in type(error).__mro__]:
        return Verdict(0, standing.other_error(call, stopped, wanted))
    said = str(error).strip()
    if not said:
        return Verdict(_HALF, standing.no_words(call, wanted))
    words = case.get("words")
    if words and not any(word.casefold() in said.casefold() for word in words):
        return Verdict(_HALF, standing.unclear(call, stopped, first_line(error)))
    return None


def _nothing(record: dict, case: dict, answer: Any, done: Tried, call: str) -> Verdict:
    """Say why a function gives None: it prints, ends early, or is not written yet."""
    if done.printed:
        return Verdict(0, standing.prints(record["name"]))
    others = [one for one in record["cases"] if "raises" not in one]
    tries = [done, *(tried(one["call"], record["name"], answer) for one in others)]
    if any(one.result is not None for each in tries for one in each.made):
        return Verdict(0, standing.one_path(call))
    says = f"Not answered yet: {record['name']} returns None. Does it end with return?"
    return Verdict(0, says, answered=False)


def _left_behind(
    case: dict,
    answer: Any,
    name: str,
    done: Tried,
    values: dict,
    call: str,
    seen: list[_Seen],
) -> Verdict | None:
    """Judge what a right call leaves behind: its arguments, and the next answer."""
    if done.changed:
        return Verdict(_HALF, standing.changes(call, done.changed))
    again = tried(case["call"], name, answer)
    try:
        second = flatten(again.result, case.get("by"), case.get("columns"), case.get("laid"))
    except (Unlike, TypeError, ValueError, KeyError):
        second = {}
    if again.error is not None or not same(values, second):
        return Verdict(_HALF, standing.twice(call))
    seen.append(_Seen(done.made, values))
    return None


def _idle(answer: Any, seen: list[_Seen], made: list[Made], values: dict) -> str | None:
    """The one argument in which this call differs from a right one that gave the same."""
    if len(made) != 1:
        return None
    for before in seen:
        if len(before.made) != 1 or not same(before.values, values):
            continue
        first, second = _bound(answer, before.made[0]), _bound(answer, made[0])
        apart = [name for name in second if repr(first.get(name)) != repr(second[name])]
        if len(apart) == 1 and not _matters(answer, apart[0], [*seen, _Seen(made, values)]):
            return apart[0]
    return None


def _matters(answer: Any, name: str, seen: list[_Seen]) -> bool:
    """Whether some call gives something else once an argument is that of another call."""
    calls = [_bound(answer, one.made[0]) for one in seen if len(one.made) == 1]
    for call in calls:
        found = set()
        for other in calls:
            given = copy.deepcopy({**call, name: other.get(name)})
            try:
                bound = inspect.signature(answer).bind_partial()
                bound.arguments.update(given)
                found.add(repr(answer(*bound.args, **bound.kwargs)))
            except Exception:  # noqa: BLE001 - what stops the student's function is a difference
                return True
        if len(found) > 1:
            return True
    return False


def _bound(answer: Any, made: Made) -> dict[str, Any]:
    try:
        bound = inspect.signature(answer).bind(*made.args, **made.kwargs)
    except (TypeError, ValueError):
        return {}
    bound.apply_defaults()
    return bound.arguments
