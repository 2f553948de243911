"""A guess made beforehand: it counts for being made."""

from __future__ import annotations

from typing import Any

from course import reading
from course.check.call import Verdict

__all__ = ["judge"]


def judge(record: dict, answer: Any) -> Verdict:
    """Note a guess of the kind that was asked for."""
    if reading.blank(answer):
        how = (
            'a letter, such as "a" with its quotation marks,' if _letters(record) else "your guess"
        )
        says = (
            f"No prediction yet. Type {how} in the cell above: it counts for being made, never for "
            "being right."
        )
        return Verdict(0, says, answered=False)
    try:
        if _letters(record):
            return Verdict(1, f"Noted: {reading.letter(answer, record['options'])}.")
        return Verdict(1, _noted(record, answer))
    except reading.Unread as unread:
        return Verdict(0, f"Not yet. {unread}")


def _letters(record: dict) -> bool:
    return record["unit"] == "letter"


def _noted(record: dict, answer: Any) -> str:
    unit, low, high = record["unit"], record["from"], record["to"]
    if unit == "percent":
        read = reading.percentage(answer, small=record["small"], within=(low, high))
    else:
        read = reading.quantity(answer, unit)
    plural = "s" if unit in ("hour", "day", "month", "year") and read.value != 1 else ""
    noted = f"Noted: {reading.shown(read.value)} {unit}{plural}".strip()
    # Where a count is asked, 20 % is noted as 0.2, which is hardly meant.
    if not unit and read.unit == "percent" and high > 2:
        return f"{noted}. That was a percentage. Which plain number do you mean?"
    if low <= read.value <= high:
        return f"{noted}. {read.remark}".strip()
    if unit:
        return f"{noted}. That is hard to believe. Is it the unit, and the size, that you mean?"
    return f"{noted}. That is hard to believe. Is it the number that you mean?"
