"""Read the marking key: one TOML file a lesson in ``grading/key/``.

``grading/README.md`` shows how a question of each kind is written.
"""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

from course.brief import PARTS
from course.check.digits import EXACT, reach, slip_reach
from grading.chart_key import fault_in

__all__ = ["KEYS", "KeyFileError", "hidden_cases", "load_key", "load_keys", "rule_calls"]
__all__ += ["visible_cases"]

KEYS = Path(__file__).with_name("key")

_NEEDED = {
    "number": {"unit", "answer", "digits", "hint"},
    "choice": {"options", "answer", "because"},
    "function": {"name", "right", "cases", "hidden_points", "hint"},
    "chart": {"wants", "data", "right"},
    "structure": {"of", "parts", "right"},
    "prediction": {"unit"},
    "argument": {"rubric"},
}
_COMMON = {"id", "kind", "points", "asks"}
# Which entries of the number zoo and of the pitfall checklist a question works on.
_THREADS = {"zoo", "pitfalls"}
_CASE = {"call"}
_CASE_OPTIONAL = {"by", "columns", "raises", "words", "says", "tolerance_pct"}
_RULE = {"states", "edge", "varied", "twin", "says"}
# What a rule says of both its calls stands beside them, or inside one of them.
_RULE_OPTIONAL = {"credit", "hidden", *_CASE_OPTIONAL}
# What a message of a check begins with, and the longest message.
_BEGINS, _LONGEST = "Not yet: ", 160
_RUBRIC = {"criterion", "points", "full", "half", "none"}
# What a slip is known by; `says` and `credit` go with each.
_SLIP = {"number": "answer", "choice": "answer", "function": "code", "chart": "draws",
         "structure": "code"}  # fmt: skip
_OPTIONAL = {
    "number": {"slips", "also_right", "nearly_credit"},
    "choice": {"slips"},
    "function": {
        "also_right", "also_wrong", "decimals", "digits", "hidden_cases", "may_use", "rules",
        "slips", "tolerance_pct",
    },
    "chart": {"slips", "also_right"},
    "structure": {"slips", "also_right"},
    "prediction": {"options", "from", "to", "small"},
    "argument": set(),
}  # fmt: skip


class KeyFileError(ValueError):
    """A key file that cannot be used; the message names the file, the question and the mend."""


def load_key(path: Path) -> dict[str, Any]:
    """Read and check the key of one lesson.

    Parameters
    ----------
    path : pathlib.Path
        A file such as ``grading/key/06-megawatts.toml``.

    Returns
    -------
    dict
        ``lesson`` (the assignment's name) and ``question`` (a list of questions).

    Raises
    ------
    KeyFileError
        If the file is no TOML, is named for another lesson, or a question lacks or misspells
        something.
    """
    try:
        key = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise KeyFileError(f"{path.name} is no TOML: {error}; mend that place") from error
    if key.get("lesson") != path.stem:
        raise KeyFileError(
            f"{path.name}: lesson is {key.get('lesson')!r}; it must be {path.stem!r}"
        )
    odd = key.keys() - {"lesson", "question"}
    if odd:
        raise KeyFileError(
            f"{path.name}: {', '.join(sorted(odd))} is not known here; "
            "there are lesson and [[question]]"
        )
    seen = set()
    for question in key.get("question", []):
        _check_question(path.name, question)
        if question["id"] in seen:
            raise KeyFileError(
                f"{path.name}, question {question['id']!r}: the id stands there twice; rename one"
            )
        seen.add(question["id"])
    if not seen:
        raise KeyFileError(f"{path.name}: there is no [[question]]; write the first")
    return key


def _check_question(file: str, question: dict[str, Any]) -> None:
    where = f"{file}, question {question.get('id', '(no id)')!r}"
    kind = question.get("kind")
    if kind not in _NEEDED:
        raise KeyFileError(f"{where}: kind is {kind!r}; it must be one of {', '.join(_NEEDED)}")
    _check_names(where, question, _COMMON | _NEEDED[kind], _OPTIONAL[kind] | _THREADS)
    if not _is_number(question["points"]) or question["points"] < 0:
        raise KeyFileError(f"{where}: points is {question['points']!r}; it is a number from 0 up")
    for number, slip in enumerate(question.get("slips", []), start=1):
        here = f"{where}, slip {number}"
        _check_names(here, slip, {_SLIP[kind], "says"}, {"credit"})
        if not slip["says"]:
            raise KeyFileError(f"{here}: says is empty; write what helps the student on")
        credit = slip.get("credit", 0)
        if not _is_number(credit) or not 0 <= credit < 1:
            raise KeyFileError(f"{here}: credit is {credit!r}; it is a share from 0 to below 1")
    if kind in _CHECKS:
        _CHECKS[kind](where, question)


def _check_names(where: str, table: dict[str, Any], needed: set[str], optional: set[str]) -> None:
    lost, odd = needed - table.keys(), table.keys() - needed - optional
    if lost:
        raise KeyFileError(f"{where}: {', '.join(sorted(lost))} is missing; write it in")
    if odd:
        raise KeyFileError(
            f"{where}: {', '.join(sorted(odd))} is not known here; "
            f"there are {', '.join(sorted(needed | optional))}"
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _check_number(where: str, question: dict[str, Any]) -> None:
    right, digits = question["answer"], question["digits"]
    if not _is_number(right):
        raise KeyFileError(f"{where}: answer is {right!r}; it must be a number in the unit")
    if digits != EXACT and (type(digits) is not int or not 1 <= digits <= 12):
        raise KeyFileError(
            f'{where}: digits is {digits!r}; it is a whole number from 1 to 12, or "{EXACT}" for '
            "what is counted"
        )
    credit = question.get("nearly_credit", 0)
    if not _is_number(credit) or not 0 <= credit < 1:
        raise KeyFileError(f"{where}: nearly_credit is {credit!r}; it is a share from 0 to below 1")
    seen: list[float] = []
    for slip in question.get("slips", []):
        wrong = slip["answer"]
        if not _is_number(wrong):
            raise KeyFileError(f"{where}: a slip's answer is {wrong!r}; it is a number in the unit")
        if abs(wrong - right) <= reach(right, digits):
            raise KeyFileError(
                f"{where}: the slip {wrong} counts as right, for {right} is asked to {digits} "
                "digits; raise digits and say so in the question, or take the slip out"
            )
        for first in seen:
            if abs(wrong - first) <= slip_reach(first, digits) / 10:
                raise KeyFileError(
                    f"{where}: the slips {first} and {wrong} cannot be told apart; take one out"
                )
        seen.append(wrong)


def _check_choice(where: str, question: dict[str, Any]) -> None:
    letters = set(question["options"])
    if question["answer"] not in letters:
        raise KeyFileError(
            f"{where}: answer {question['answer']!r} is not among the options; "
            f"there are {', '.join(question['options'])}"
        )
    slipped = [slip["answer"] for slip in question.get("slips", [])]
    if sorted(slipped) != sorted(letters - {question["answer"]}):
        raise KeyFileError(
            f"{where}: every wrong option needs one slip of its own; slips stand for "
            f"{', '.join(sorted(slipped)) or 'none'}"
        )


def _check_function(where: str, question: dict[str, Any]) -> None:
    if not question["cases"]:
        raise KeyFileError(f"{where}: cases is empty; write at least one call")
    if "decimals" in question and "digits" in question:
        raise KeyFileError(f"{where}: decimals and digits both stand there; keep one of them")
    for number, rule in enumerate(question.get("rules", []), start=1):
        here = f"{where}, rule {number}"
        _check_names(here, rule, _RULE, _RULE_OPTIONAL)
        if f"def {question['name']}(" not in rule["twin"]:
            raise KeyFileError(f"{here}: twin does not define {question['name']}; write it whole")
        credit = rule.get("credit", 0)
        if not _is_number(credit) or not 0 <= credit < 1:
            raise KeyFileError(f"{here}: credit is {credit!r}; it is a share from 0 to below 1")
        if rule.get("hidden") and not question["hidden_points"]:
            raise KeyFileError(f"{here}: hidden = true, and hidden_points is 0; make it visible")
    for case in visible_cases(question) + hidden_cases(question):
        _check_case(f"{where}, case {case.get('call', '(no call)')!r}", question["name"], case)
    if not 0 <= question["hidden_points"] <= question["points"]:
        raise KeyFileError(
            f"{where}: hidden_points is {question['hidden_points']}; "
            f"it lies from 0 to the question's {question['points']} points"
        )
    if bool(hidden_cases(question)) != bool(question["hidden_points"]):
        raise KeyFileError(
            f"{where}: hidden_points is {question['hidden_points']} with "
            f"{len(hidden_cases(question))} hidden calls; points and hidden_cases go together"
        )
    if question.get("also_wrong") and not question["hidden_points"]:
        raise KeyFileError(
            f"{where}: also_wrong is what only hidden tests catch, and hidden_points is 0; "
            "make each a slip"
        )


def _check_case(where: str, name: str, case: dict[str, Any]) -> None:
    _check_names(where, case, _CASE, _CASE_OPTIONAL)
    if ("by" in case) != ("columns" in case):
        raise KeyFileError(f"{where}: by and columns go together; write both or none")
    if f"{name}(" not in case["call"]:
        raise KeyFileError(f"{where}: the call does not call {name}; write {name}(...)")
    if "words" in case and ("raises" not in case or not isinstance(case["words"], list)):
        raise KeyFileError(f'{where}: words is a list and goes with raises = "ValueError"')
    if "says" in case and len(_BEGINS + case["says"]) > _LONGEST:
        raise KeyFileError(
            f"{where}: says has {len(case['says'])} signs; at most {_LONGEST - len(_BEGINS)} fit"
        )


def visible_cases(question: dict[str, Any]) -> list[dict[str, Any]]:
    """The calls of a function question that run in a student's notebook: cases, then rules.

    Parameters
    ----------
    question : dict
        From the key.

    Returns
    -------
    list of dict
        Each with ``call`` and, where they are given, ``by``, ``columns``, ``raises`` and others.
    """
    return [*question.get("cases", []), *_rules_calls(question, hidden=False)]


def hidden_cases(question: dict[str, Any]) -> list[dict[str, Any]]:
    """The calls of a function question that run at marking alone: hidden cases, then rules.

    Parameters
    ----------
    question : dict
        From the key.

    Returns
    -------
    list of dict
        As for :func:`visible_cases`.
    """
    return [*question.get("hidden_cases", []), *_rules_calls(question, hidden=True)]


def rule_calls(rule: dict[str, Any]) -> list[str]:
    """The two calls of a rule: at its edge, and with another argument varied."""
    both = (rule["edge"], rule["varied"])
    return [call["call"] if isinstance(call, dict) else call for call in both]


def _rules_calls(question: dict[str, Any], hidden: bool) -> list[dict[str, Any]]:
    done = []
    for rule in question.get("rules", []):
        if bool(rule.get("hidden")) == hidden:
            both = {key: rule[key] for key in _CASE_OPTIONAL - {"says"} if key in rule}
            for call in (rule["edge"], rule["varied"]):
                own = call if isinstance(call, dict) else {"call": call}
                done.append({**both, **own})
    return done


def _check_chart(where: str, question: dict[str, Any]) -> None:
    if fault := fault_in(question):
        raise KeyFileError(f"{where}: {fault}")


def _check_structure(where: str, question: dict[str, Any]) -> None:
    of, parts = question["of"], question["parts"]
    if of not in PARTS:
        raise KeyFileError(f"{where}: of is {of!r}; it must be one of {', '.join(PARTS)}")
    _check_names(f"{where}, parts", parts, set(PARTS[of]), set())
    odd = [name for name, share in parts.items() if not _is_number(share) or share <= 0]
    if odd or not math.isclose(math.fsum(parts.values()), 1):
        raise KeyFileError(
            f"{where}: the parts are {', '.join(f'{k} {v}' for k, v in parts.items())}; each is a "
            "share above 0, and they add up to 1"
        )


def _check_argument(where: str, question: dict[str, Any]) -> None:
    for row in question["rubric"]:
        _check_names(f"{where}, rubric", row, _RUBRIC, set())
        if not _is_number(row["points"]) or row["points"] <= 0:
            raise KeyFileError(
                f"{where}, rubric: points is {row['points']!r}; it is a number above 0"
            )
        for level in ("criterion", "full", "half", "none"):
            if not isinstance(row[level], str) or not row[level].strip():
                raise KeyFileError(
                    f"{where}, rubric: {level} is {row[level]!r}; say in words what it takes"
                )
    total = sum(row["points"] for row in question["rubric"])
    if total != question["points"]:
        raise KeyFileError(
            f"{where}: the rubric adds up to {total}, the question is worth "
            f"{question['points']}; make them equal"
        )


def _check_prediction(where: str, question: dict[str, Any]) -> None:
    letters = question["unit"] == "letter"
    if letters != bool(question.get("options")):
        raise KeyFileError(f'{where}: options go with unit = "letter"; write both or none')
    ends = [question.get(name) for name in ("from", "to")]
    if letters and any(end is not None for end in ends):
        raise KeyFileError(f"{where}: from and to go with a number; a letter has options")
    if not letters and not (all(map(_is_number, ends)) and ends[0] < ends[1]):
        raise KeyFileError(
            f"{where}: from is {ends[0]!r} and to is {ends[1]!r}; both are numbers in the unit, "
            "the first the lower: outside lies what is hardly meant"
        )
    if question.get("small", False) and question["unit"] != "percent":
        raise KeyFileError(f'{where}: small goes with unit = "percent"; take it out')


_CHECKS = {
    "number": _check_number,
    "choice": _check_choice,
    "function": _check_function,
    "chart": _check_chart,
    "structure": _check_structure,
    "argument": _check_argument,
    "prediction": _check_prediction,
}


def load_keys(folder: Path = KEYS) -> list[dict[str, Any]]:
    """Read the keys of all lessons, in the order of the lessons."""
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise KeyFileError(f"there is no .toml file in {folder}")
    return [load_key(path) for path in paths]
