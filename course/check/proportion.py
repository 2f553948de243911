"""Share, percentage, points, ratio: which of them a number is, where another was asked for."""

from __future__ import annotations

from collections.abc import Callable

from course.check.digits import EXACT

__all__ = ["POINTS", "other_proportion"]

POINTS = (
    "The number is right. Percentage points tell how far apart two percentages are: is that what "
    "is asked for?"
)
_SHARE = (
    "The digits are right. A share, or a percentage? A share of 0.05 is 5 percent: which of the "
    "two is your number?"
)
_REST = "That is the other part of the whole. Which of the two parts is asked for?"
_LEFT = (
    "The new value as a part of the old one, or the change from one to the other? The two lie "
    "{whole} apart."
)
_TURNED = "The division seems turned round. What is to be divided by what?"
#: Larger plain numbers, such as an index of 5,200, are no shares and no ratios.
_LARGEST = 10
_ONE_OFF = "Only just off. Is one counted that should not be, or one left out?"


def other_proportion(
    value: float, unit: str, digits: int | str, fits: Callable[[float], bool]
) -> str | None:
    """Say what a wrong proportion was taken for.

    Parameters
    ----------
    value : float
        What was given, in the question's unit.
    unit : str
        ``"percent"`` or empty; other units have no proportions.
    digits : int or ``"exact"``
        How exactly the question asks; what is counted has no parts.
    fits : callable
        Whether a number is the right one.

    Returns
    -------
    str or None
        A sentence that does not give the right number away.
    """
    if unit not in ("", "percent") or not value:
        return None
    if digits == EXACT:
        return _ONE_OFF if fits(value - 1) or fits(value + 1) else None
    whole = 100 if unit else 1
    for other in (100 * value, value / 100):
        if fits(other) and (unit or min(abs(value), abs(other)) <= _LARGEST):
            return _SHARE
    if not unit and abs(value) > _LARGEST:
        return None
    if fits(whole - value):
        return _REST
    if fits(value - whole) or fits(value + whole):
        return _LEFT.format(whole="100 percent" if unit else "1")
    if fits(whole**2 / value):
        return _TURNED
    return None
