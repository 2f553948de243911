"""A function question's calls, sealed: those that run in a student's notebook and at marking."""

from __future__ import annotations

import math
import numbers
import warnings
from typing import Any

from course.check import seal
from course.check.results import Unlike, flatten, same, shape, written_to
from course.check.trying import namespace
from grading.key import KeyFileError, hidden_cases, rule_calls, visible_cases

__all__ = ["record", "run_code"]

_TOLERANCE_PCT = 0.01
# How far off a value may be, in percent, and still look like one rounded on the way.
_NEAR_PCT = 2
# Rounding to more places than these falls within the tolerance anyway.
_PLACES = 5
_OWN_ERRORS = (
    TypeError, ValueError, KeyError, ZeroDivisionError, AttributeError, IndexError, NameError,
    AssertionError, OverflowError,
)  # fmt: skip


def run_code(code: str, name: str) -> Any:
    """Run a piece of key code in the names a check's calls have, and give one name it defines.

    Parameters
    ----------
    code : str
        Python source, such as the definition of a function.
    name : str
        The name to give back.

    Returns
    -------
    object

    Raises
    ------
    KeyError
        If the code does not define ``name``.
    """
    scope = namespace("_", None)
    exec(code, scope)  # noqa: S102 - the instructor's own key
    return scope[name]


def record(question: dict[str, Any], where: str, salt: str, hidden: bool = False) -> dict[str, Any]:
    """Make what a check of a function needs.

    Parameters
    ----------
    question : dict
        A function question of the key.
    where : str
        Lesson and question, for messages.
    salt : str
        The question's.
    hidden : bool, optional
        Whether the calls of marking are wanted instead of those of the notebook.

    Returns
    -------
    dict

    Raises
    ------
    KeyFileError
        If the right solution fails on a call, or a twin is right on both calls of its rule.
    """
    name = question["name"]
    right = run_code(question["right"], name)
    rules = question.get("rules", [])
    wrong = [(rule, run_code(rule["twin"], name)) for rule in rules]
    wrong += [(slip, run_code(slip["code"], name)) for slip in question.get("slips", [])]
    here, rest = visible_cases(question), hidden_cases(question)
    cases = []
    for case in rest if hidden else here:
        # At a rule's own calls its twin is the likeliest slip.
        own = [one for one in wrong if _own(one[0], case)]
        known = own + [one for one in wrong if one not in own]
        made = _sealed(question, case, right, known, f"{where}, {case['call']}", salt)
        if own and "raises" in case:
            made["slips"] = [{"through": True, **_told(own[0][0])}]
        cases.append(made)
    for rule in rules:
        if bool(rule.get("hidden")) == hidden:
            _caught(question, rule, cases, where)
    return {
        "name": name,
        "cases": cases,
        "hidden": 0 if hidden else len(rest),
        "hint": question["hint"],
        "may_use": question.get("may_use", []),
    }


def _told(slip: dict[str, Any]) -> dict[str, Any]:
    return {"says": slip["says"], "credit": float(slip.get("credit", 0))}


def _caught(question: dict[str, Any], rule: dict, cases: list[dict], where: str) -> None:
    calls = rule_calls(rule)
    twin, right = (
        run_code(rule.get(k) or question[k], question["name"]) for k in ("twin", "right")
    )
    for case in cases:
        if case["call"] in calls:
            both = [_outcome(function, case, question["name"]) for function in (twin, right)]
            if not _equal(*both):
                return
    raise KeyFileError(
        f"{where}, rule {rule['states'][:60]!r}: the twin is right at edge and varied; choose "
        "calls at which breaking the rule makes a difference"
    )


def _outcome(function: Any, case: dict[str, Any], name: str) -> dict[str, Any]:
    """What a function does at a call: its values, the kind of its error, or that it is no value."""
    by, columns = case.get("by"), case.get("columns")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a slip may divide by zero
            result = eval(case["call"], namespace(name, function))  # noqa: S307 - the key's own
    except _OWN_ERRORS as error:
        return {"raises": type(error).__name__, "said": str(error).strip()}
    try:
        return {"values": flatten(result, by, columns, case.get("laid")), "result": result}
    except (Unlike, TypeError, ValueError, KeyError) as error:
        return {"odd": str(error)}


def _equal(one: dict, other: dict) -> bool:
    if "values" in one and "values" in other:
        return same(one["values"], other["values"])
    if "raises" in one and "raises" in other:
        return one["raises"] == other["raises"] and bool(one["said"]) == bool(other["said"])
    return False


def _sealed(
    question: dict[str, Any],
    case: dict[str, Any],
    right: Any,
    wrong: list[tuple[dict, Any]],
    where: str,
    salt: str,
) -> dict[str, Any]:
    name = question["name"]
    good = _outcome(right, case, name)
    done = {key: case[key] for key in ("call", "by", "columns", "raises", "words") if key in case}
    if "says" in case:
        done["says"] = case["says"]
    if "raises" in case:
        _refuses(case, good, where)
    elif "values" not in good:
        told = good.get("odd") or f"it stops with {good['raises']}: {good['said']}"
        raise KeyFileError(f"{where}: right gives no value there ({told}); mend the call or right")
    else:
        done["laid"] = shape(good["result"], case.get("by"))
        pct = case.get("tolerance_pct", question.get("tolerance_pct", _TOLERANCE_PCT))
        done["right"] = {
            label: _seal_value(value, pct, question, case["call"], salt)
            for label, value in good["values"].items()
        }
    done["slips"] = [
        {**told, **_told(slip)}
        for slip, function in wrong
        if (told := _slipped(_outcome(function, done, name), good, _own(slip, case)))
    ]
    return done


def _own(slip: dict[str, Any], case: dict[str, Any]) -> bool:
    """Whether a call is one of the two of a slip that is a rule."""
    return "twin" in slip and case["call"] in rule_calls(slip)


def _refuses(case: dict[str, Any], good: dict[str, Any], where: str) -> None:
    words = case.get("words", [])
    if good.get("raises") != case["raises"]:
        what = f"raises {good['raises']}" if "raises" in good else "gives a value"
        raise KeyFileError(
            f"{where}: right {what} there, the case says raises = {case['raises']!r}; mend one"
        )
    said = good["said"].casefold()
    if not said or (words and not any(word.casefold() in said for word in words)):
        raise KeyFileError(
            f"{where}: right's error says {good['said']!r}; it needs a text with one of words"
        )


def _slipped(bad: dict[str, Any], good: dict[str, Any], own: bool) -> dict[str, Any] | None:
    """What a slip is known by at a call, if it differs there; ``own``: at its own rule's calls."""
    if "values" in bad and not ("values" in good and same(bad["values"], good["values"])):
        return {"values": bad["values"]}
    # Any other error may come from anywhere, but for a rule's own twin; a ValueError is raised on
    # purpose.
    if "values" in good and (bad.get("raises") == "ValueError" or ("raises" in bad and own)):
        return {"raises": bad["raises"]}
    return None


def _seal_value(
    value: Any, tolerance_pct: float, question: dict[str, Any], call: str, salt: str
) -> dict[str, Any] | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return {"truth": seal.seal_text(str(value), salt)}
    if isinstance(value, str):
        # Letters of a text that comes out of what went in are as they went in.
        if value in call:
            return {"text": seal.seal_text(value, salt)}
        return {"word": seal.seal_text(value.casefold(), salt)}
    # A power of ten: a tolerance in proportion to the value would give the value away.
    allowed = max(abs(value) * tolerance_pct / 100, 1e-9)
    tolerance = 10.0 ** math.floor(math.log10(allowed))
    if isinstance(value, numbers.Integral):
        tolerance = min(tolerance, 1e-6)  # a count
        return seal.seal(float(value), tolerance, salt)
    done: dict[str, Any] = seal.seal(value, tolerance, salt)
    wide = 10.0 ** math.floor(math.log10(max(abs(value) * _NEAR_PCT / 100, 1e-9)))
    if wide > tolerance:
        done["near"] = seal.seal(value, wide, salt)
    if "decimals" in question or "digits" in question:
        first, kind = (
            (question["decimals"], "f") if "decimals" in question else (question["digits"] - 1, "e")
        )
        ways = [f".{places}{kind}" for places in range(first, first + _PLACES)]
        done["rounded"] = {way: seal.seal_text(written_to(value, way), salt) for way in ways}
    return done
