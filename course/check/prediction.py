"""A guess made beforehand: it counts for being made."""

from __future__ import annotations

from typing import Any

from course import reading
from course.check.call import Verdict

__all__ = ["judge"]


def judge(record: dict, answer: Any) -> Verdict:
    """Note a guess of the kind that was asked for."""
    if reading.blank(answer):
        return Verdict(
            0,
            "No prediction yet. Type your guess in the cell above: it counts for being made, "
            "never for being right.",
            answered=False,
        )
    try:
        if record["unit"] == "letter":
            return Verdict(1, f"Noted: {reading.letter(answer, record['options'])}.")
        return Verdict(1, _noted(record, answer))
    except reading.Unread as unread:
        return Verdict(0, f"Not yet. {unread}")


def _noted(record: dict, answer: Any) -> str:
    unit, low, high = record["unit"], record["from"], record["to"]
    if unit == "percent":
        read = reading.percentage(answer, small=record["small"], within=(low, high))
    else:
        read = reading.quantity(answer, unit)
    plural = "s" if unit in ("hour", "day", "month", "year") and read.value != 1 else ""
    noted = f"Noted: {reading.shown(read.value)} {unit}{plural}".strip()
    if low <= read.value <= high:
        return f"{noted}. {read.remark}".strip()
    if unit:
        return f"{noted}. That is hard to believe. Is it the unit, and the size, that you mean?"
    return f"{noted}. That is hard to believe. Is it the number that you mean?"
