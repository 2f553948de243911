"""Make ``course/check/checks.json`` from the marking key: ``python -m grading.seal``.

What a student's copy of the course holds: right answers under a seal, slips in clear with what to
say to each. Run it after every change of a key; a test compares the file with the keys.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from course.check import seal
from course.check.digits import around, reach, shorter
from grading.cases import record, run_code
from grading.chart_key import sealed_chart
from grading.key import KEYS, KeyFileError, load_keys

__all__ = ["CHECKS", "run_code", "sealed", "write"]

CHECKS = Path(__file__).parents[1] / "course" / "check" / "checks.json"


def _number(question: dict[str, Any], salt: str) -> dict[str, Any]:
    answer, digits = float(question["answer"]), question["digits"]
    return {
        "unit": question["unit"],
        "digits": digits,
        "right": [seal.seal(answer, reach(answer, digits), salt)],
        "around": seal.seal(answer, near, salt) if (near := around(answer, digits)) else None,
        "near": sorted(seal.seal_word(f"{one:.9g}", salt) for one in shorter(answer, digits)),
        "near_credit": float(question.get("nearly_credit", 0)),
        "hint": question["hint"],
        "slips": [
            {
                "answer": float(slip["answer"]),
                "credit": float(slip.get("credit", 0)),
                "says": slip["says"],
            }
            for slip in question.get("slips", [])
        ],
    }


def _choice(question: dict[str, Any], salt: str) -> dict[str, Any]:
    said = {question["answer"]: {"share": 1.0, "says": f"Right. {question['because']}"}}
    for slip in question["slips"]:
        share = float(slip.get("credit", 0))
        said[slip["answer"]] = {"share": share, "says": f"Not yet: {slip['says']}"}
    return {
        "envelopes": {
            letter: seal.close(said[letter], letter, salt) for letter in question["options"]
        }
    }


def _chart(question: dict[str, Any], salt: str) -> dict[str, Any]:
    try:
        return sealed_chart(question, salt, run_code)
    except ValueError as error:
        raise KeyFileError(f"question {question['id']!r}: {error}") from error


def _prediction(question: dict[str, Any], salt: str) -> dict[str, Any]:
    if question["unit"] == "letter":
        return {"unit": "letter", "options": question["options"]}
    ends = {name: float(question[name]) for name in ("from", "to")}
    return {"unit": question["unit"], **ends, "small": question.get("small", False)}


def _structure(question: dict[str, Any], salt: str) -> dict[str, Any]:
    return {"of": question["of"], "parts": question["parts"]}


_KINDS = {
    "number": _number,
    "choice": _choice,
    "chart": _chart,
    "prediction": _prediction,
    "structure": _structure,
}


def sealed(folder: Path = KEYS) -> dict[str, Any]:
    """Make the content of ``checks.json`` from all keys.

    Parameters
    ----------
    folder : pathlib.Path, optional
        Where the keys lie.

    Returns
    -------
    dict
        Question id (``"06-q1"``) to what its check needs.

    Raises
    ------
    KeyFileError
        If a key cannot be used.
    """
    checks = {}
    for key in load_keys(folder):
        number = key["lesson"].partition("-")[0]
        for question in key["question"]:
            if question["kind"] == "argument":
                continue
            name = f"{number}-{question['id']}"
            salt = f"chips-watts-reactors {name}"
            visible = question["points"] - question.get("hidden_points", 0)
            checks[name] = {
                "kind": question["kind"],
                "points": float(visible),
                "salt": salt,
                **(
                    record(question, f"{key['lesson']}, {question['id']}", salt)
                    if question["kind"] == "function"
                    else _KINDS[question["kind"]](question, salt)
                ),
            }
    return checks


def write(path: Path = CHECKS) -> None:
    """Write ``checks.json``."""
    text = json.dumps(sealed(), indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    try:
        write()
    except KeyFileError as error:
        sys.exit(f"the key is not usable: {error}")
