"""A number, with its unit where the question has one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from course import reading
from course.check import seal
from course.check.call import RECORDED, UNANSWERED, Verdict
from course.check.digits import EXACT, cut, rounded, slip_reach
from course.check.proportion import POINTS, other_proportion

__all__ = ["judge"]

_THOUSANDS = (3, -3, 6, -6, 9, -9, 12, -12)
_ZEROS = tuple(power for power in range(-10, 11) if power % 3)
_NEAR = "near, and not right. Was a step rounded, or a number read a little off?"
_TIMES = (60, 3600, 24, 7, 12, 365, 8760, 86_400, 31_536_000)
#: Units in which hours can be taken for days, or days for years.
_TIMED = re.compile(r"h\b|/s\b|second|minute|hour|day|week|month|year")


def judge(record: dict, answer: Any) -> Verdict:
    """Hold a number against the sealed one, and against the known slips."""
    if reading.blank(answer):
        return Verdict(0, UNANSWERED, answered=False)
    unit, digits = record["unit"], record["digits"]
    try:
        read = reading.quantity(answer, unit)
    except reading.Unread as unread:
        return Verdict(0, f"Not yet. {unread}")
    missing = f'The unit is missing: write it as Q(number, "{unit}").'
    # What may mean two percentages is taken for the one that fits.
    meant = [(read.value, read.bare)]
    if read.other is not None:
        meant.append((read.other, not read.bare))
    recorded = f"{RECORDED} {missing if unit and all(bare for _, bare in meant) else ''}".strip()

    def fits(number: float) -> bool:
        return any(seal.fits(one, number, record["salt"]) for one in record["right"])

    # A percentage may stand for a plain number, but not where the key knows it as a slip.
    if not unit and read.unit == "percent":
        slip = _nearest(100 * read.value, record, _close)
        if slip:
            return Verdict(slip["credit"], f"Not yet: {slip['says']}")
    for value, bare in meant:
        if fits(value) and bare and unit:
            half = ": half the points" if record["points"] else ""
            return Verdict(0.5, f"The number is right{half}. {missing}", assessed=recorded)
        if fits(value) and unit == "percent" and read.unit == "percentage_point":
            return Verdict(0.5, POINTS, assessed=recorded)
        if fits(value):
            return Verdict(1, "Right.", assessed=recorded)
    for value, _ in meant:
        slip = _nearest(value, record, _close)
        if slip:
            return Verdict(slip["credit"], f"Not yet: {slip['says']}")
    for value, bare in meant:
        if seal.seal_word(f"{value:.9g}", record["salt"]) in record["near"]:
            share = 0 if bare and unit else record["near_credit"]
            says = f"Nearly: give {digits} digits, and round at the end alone."
            return Verdict(share, says, assessed=recorded)
    for value, _ in meant:
        slip = _nearest(value, record, _shortened)
        if slip:
            return Verdict(slip["credit"], f"Not yet: {slip['says']}")
    tells = _size(read.value, unit, digits, fits)
    if tells is None and any(
        seal.fits(record["around"], value, record["salt"]) for value, _ in meant if record["around"]
    ):
        tells = _NEAR
    says = f"Not yet: {tells or record['hint']}"
    return Verdict(0, says, assessed=recorded)


def _nearest(
    value: float, record: dict, alike: Callable[[float, float, int | str], bool]
) -> dict | None:
    """The known slip that a number is like; of several the nearest."""
    found = [slip for slip in record["slips"] if alike(value, slip["answer"], record["digits"])]
    return min(found, key=lambda slip: abs(value - slip["answer"]), default=None)


def _close(value: float, wrong: float, digits: int | str) -> bool:
    return abs(value - wrong) <= slip_reach(wrong, digits) * (1 + 1e-9)


def _shortened(value: float, wrong: float, digits: int | str) -> bool:
    """Whether a number is a slip to at least two digits, rounded or cut off."""
    return isinstance(digits, int) and any(
        abs(form - value) <= 1e-9 * abs(value)
        for fewer in range(min(2, digits), digits + 1)
        for form in (rounded(wrong, fewer), cut(wrong, fewer))
    )


def _size(value: float, unit: str, digits: int | str, fits: Callable[[float], bool]) -> str | None:
    """What a wrong number has in common with the right one, if anything."""
    if fits(-value):
        return "the size is right and the sign is not. Which way round was it taken?"
    proportion = other_proportion(value, unit, digits, fits)
    if proportion:
        return proportion
    if any(fits(value * 10.0**power) for power in _THOUSANDS):
        if unit and unit != "percent":
            return (
                "the digits are right, the prefix is not. Is it kilo, mega, giga or tera, in each "
                "number of your sum?"
            )
        return "the digits are right and the size is not. How many zeros has each number?"
    if any(fits(value * 10.0**power) for power in _ZEROS):
        return "the digits are right and the decimal point is not. How many zeros has each number?"
    if _TIMED.search(unit) and any(fits(value * time) or fits(value / time) for time in _TIMES):
        return (
            "that is off by the length of a day, a month or a year. Which stretch of time does "
            "each number stand for?"
        )
    if digits == EXACT and value % 1:
        return "what is counted is whole. What becomes of the part of one in your number?"
    return None
