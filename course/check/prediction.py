"""A guess made beforehand: it counts for being made."""

from __future__ import annotations

from typing import Any

from course.check.call import Verdict
from course.check.quantity import in_unit

__all__ = ["judge"]


def judge(record: dict, answer: Any) -> Verdict:
    """Note a guess of the kind that was asked for."""
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        return Verdict(
            0,
            "No prediction yet. Type your guess in the cell above: it counts for being made, "
            "never for being right.",
            answered=False,
        )
    if record["unit"] == "letter":
        if not isinstance(answer, str) or answer.strip().lower() not in record["options"]:
            return Verdict(0, f"Not yet: choose one of {', '.join(record['options'])}.")
        return Verdict(1, f"Noted: {answer.strip().lower()}.")
    value, _ = in_unit(answer, record["unit"])
    if isinstance(value, str):
        return Verdict(0, value)
    return Verdict(1, f"Noted: {value:,.6g}{' ' + record['unit'] if record['unit'] else ''}.")
