"""Whether the two thresholds of a claim can tell support from its contrary."""

from __future__ import annotations

import math
import numbers
import re
from typing import Any, NamedTuple

from course.brief.parts import short, shown

__all__ = ["Limit", "limit", "side", "thresholds_fault"]

_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?")
_UP = re.compile(r"\b(?:at least|or more|more than|above|over|from|or later|after|exceeds)\b")
_DOWN = re.compile(
    r"\b(?:at most|or less|or fewer|less than|fewer than|under|below|up to|by|before|or earlier)\b"
)


class Limit(NamedTuple):
    """A threshold as a number: ``way`` is 1 where it counts upwards from it, -1 downwards."""

    value: float
    way: int


def limit(given: Any, other: Any, unit: str) -> Limit | None:
    """Read a threshold as a number and a direction, where it says both.

    Parameters
    ----------
    given, other : quantity, number or str
        The threshold, and that of the other side: two numbers tell their ways by their order.
    unit : str
        Of the number that is held against them.

    Returns
    -------
    Limit or None
        None where words name no single number or no way.

    Examples
    --------
    >>> limit("more than 30 %", "less than 10 %", "percent")
    Limit(value=30.0, way=1)
    >>> limit(3, 1, ""), limit(1, 3, "")
    (Limit(value=3.0, way=1), Limit(value=1.0, way=-1))
    >>> limit("when a narrower phrase is found", "", "")
    """
    if isinstance(given, str):
        found, ways = _NUMBER.findall(given), (bool(_UP.search(given)), bool(_DOWN.search(given)))
        if len(found) != 1 or ways[0] == ways[1]:
            return None
        return Limit(float(found[0]), 1 if ways[0] else -1)
    own, far = _in(given, unit), None if isinstance(other, str) else _in(other, unit)
    if own is None or far is None or own == far:
        return None
    return Limit(own, 1 if own > far else -1)


def _in(given: Any, unit: str) -> float | None:
    import pint

    from course.units import Q

    if not hasattr(given, "magnitude"):
        real = isinstance(given, numbers.Real) and not isinstance(given, bool)
        return float(given) if real else None
    try:
        own = Q(given.magnitude, str(given.units)).to(unit or "dimensionless")
    except (pint.UndefinedUnitError, pint.DimensionalityError):
        return None
    return float(own.magnitude)


def side(value: float, supports: Limit | None, undermines: Limit | None) -> str:
    """Tell on which side of the thresholds a number lies.

    Parameters
    ----------
    value : float
    supports, undermines : Limit or None

    Returns
    -------
    str
        ``"supported"``, ``"undermined"``, or empty where it lies between or cannot be told.

    Examples
    --------
    >>> side(0.5, Limit(3, 1), Limit(1, -1))
    'undermined'
    """
    for name, end in (("supported", supports), ("undermined", undermines)):
        if end is not None and end.way * (value - end.value) >= 0:
            return name
    return ""


def thresholds_fault(supports: Any, undermines: Any) -> str:
    """Say why two thresholds cannot tell the sides apart; empty if they can.

    Parameters
    ----------
    supports, undermines : quantity, number or str
        Neither empty.

    Returns
    -------
    str
        One sentence, without the claim's name.
    """
    pair = (supports, undermines)
    for name, end in zip(("supports", "undermines"), pair, strict=True):
        if not isinstance(end, str):
            size = getattr(end, "magnitude", end)
            real = isinstance(size, numbers.Real) and not isinstance(size, bool)
            if not real or not math.isfinite(size):
                return f"{name} is {short(end)}; write a quantity or words."
        elif not re.search(r"\d", end) and len(end.split()) < 2:
            return f"{name} is {short(end)}; from which value on? Write it as 'at least half'."
    if _of_two_kinds(*pair):
        return (
            f"supports is {_cut(supports)} and undermines {_cut(undermines)}; "
            "measure both in one unit."
        )
    if _equal(*pair):
        return (
            f"supports and undermines are both {_cut(supports)}; leave room between them "
            "for a mixed verdict."
        )
    return _overlap(*pair)


def _cut(end: Any) -> str:
    words = shown(end)
    return words if len(words) <= 30 else f"{words[:29]}…"


def _of_two_kinds(first: Any, second: Any) -> bool:
    if isinstance(first, str) or isinstance(second, str):
        return False
    units = [getattr(end, "dimensionality", None) for end in (first, second)]
    return units[0] != units[1]


def _equal(first: Any, second: Any) -> bool:
    if isinstance(first, str) or isinstance(second, str):
        return shown(first).lower() == shown(second).lower()
    return bool(first == second)


def _overlap(supports: Any, undermines: Any) -> str:
    """Words that let one number be on both sides."""
    if not (isinstance(supports, str) and isinstance(undermines, str)):
        return ""
    one, other = limit(supports, undermines, ""), limit(undermines, supports, "")
    if one is None or other is None:
        return ""
    if one.way == other.way:
        way = "up" if one.way > 0 else "down"
        return f"supports and undermines both count {way}wards; which of the two is turned round?"
    if one.way * (other.value - one.value) > 0:
        middle = (one.value + other.value) / 2
        return f"{middle:g} would support and undermine at once; leave room between the two."
    return ""
