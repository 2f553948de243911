"""A number, with its unit where the question has one."""

from __future__ import annotations

from typing import Any

from course.check import seal
from course.check.call import RECORDED, UNANSWERED, Verdict
from course.check.quantity import in_unit

__all__ = ["judge"]

_POWERS = (3, -3, 6, -6, 9, -9, 2, -2, 1, -1, 12, -12)


def judge(record: dict, answer: Any) -> Verdict:
    """Hold a number against the sealed one, and against the known slips."""
    if answer is None:
        return Verdict(0, UNANSWERED, answered=False)
    unit = record["unit"]
    value, bare = in_unit(answer, unit)
    if isinstance(value, str):
        return Verdict(0, value)
    missing = f'The unit is missing: write it as Q(number, "{unit}").' if bare and unit else ""
    recorded = f"{RECORDED} {missing}".strip()

    def fits(number: float) -> bool:
        return any(seal.fits(one, number, record["salt"]) for one in record["right"])

    if fits(value) and missing:
        return Verdict(0.5, f"The number is right: half the points. {missing}", assessed=recorded)
    if fits(value):
        return Verdict(1, "Right.", assessed=recorded)
    for slip in record["slips"]:
        if abs(value - slip["answer"]) <= slip["tolerance"] * (1 + 1e-9):
            return Verdict(slip["credit"], f"Not yet: {slip['says']}")
    says = f"Not yet. {record['hint']}"
    if fits(-value):
        says = "Not yet: the size is right. Which way does the change go?"
    elif any(fits(value * 10.0**power) for power in _POWERS):
        says = (
            "Not yet: the digits are right and the power of ten is not. Which prefix "
            "(kilo, mega, giga, tera) does each number in your sum carry?"
        )
    return Verdict(0, says, assessed=recorded)
