"""A threshold as a number and the way it counts from there, and on which side a number lies."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from course import reading

__all__ = ["Limit", "converted", "limits", "side", "worded"]

_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:,\d{3})*(?:\.\d+)?")
_UP = re.compile(r"\b(?:at least|or more|more than|above|over|from|or later|after|exceeds)\b", re.I)
_DOWN = re.compile(
    r"\b(?:at most|or less|or fewer|less than|fewer than|under|below|up to|by|before|or earlier)\b",
    re.I,
)


class Limit(NamedTuple):
    """A threshold as a number: ``way`` is 1 where it counts upwards from it, -1 downwards."""

    value: float
    way: int
    unit: str = ""


def worded(text: str) -> Limit | None:
    """Read words that name one number and one way.

    Parameters
    ----------
    text : str

    Returns
    -------
    Limit or None
        In the unit that stands behind the number; None where the words name no single number or
        no way.

    Examples
    --------
    >>> worded("more than 30 % of the chips")
    Limit(value=30.0, way=1, unit='percent')
    >>> worded("when a narrower phrase is found")
    """
    found, up, down = list(_NUMBER.finditer(text)), _UP.search(text), _DOWN.search(text)
    if len(found) != 1 or bool(up) == bool(down):
        return None
    after = re.match(r"\s*([^\s,;.]+)", text[found[0].end() :])
    try:
        own = reading.amount(f"{found[0][0]} {after[1]}" if after else found[0][0])
    except reading.Unread:  # the next word is no unit
        own = reading.amount(found[0][0])
    return Limit(own.number, 1 if up else -1, own.unit)


def converted(number: float, unit: str, into: str) -> float | None:
    """Give a number in another unit.

    Parameters
    ----------
    number : float
    unit, into : str
        Names of units; empty for none.

    Returns
    -------
    float or None
        None where the two measure different things.
    """
    from course.units import DimensionalityError, Q

    try:
        return float(Q(number, unit).to(into or "dimensionless").magnitude)
    except DimensionalityError:
        return None


def limits(pair: dict[str, Any], unit: str) -> dict[str, Limit | None]:
    """Give both thresholds of a claim as limits, where they are such.

    Parameters
    ----------
    pair : dict
        With ``supports`` and ``undermines``, as :func:`course.threads.thresholds.read` gives them;
        two numbers tell their ways by their order, and one counts against the other's words.
    unit : str
        Of the number that will be held against them; a threshold without a unit is in it.

    Returns
    -------
    dict of str to Limit or None
        None where a threshold is no single number, tells no way or measures something else.

    Examples
    --------
    >>> limits({"supports": "more than 30 %", "undermines": "never"}, "percent")
    {'supports': Limit(value=30.0, way=1, unit='percent'), 'undermines': None}
    """

    def one(given: Any, other: Any) -> Limit | None:
        if isinstance(given, str):
            found = worded(given)
            return found and _in(found.value, found.unit, found.way)
        if not isinstance(given, dict):
            return None
        own = _in(given["number"], given["unit"], 1)
        if isinstance(other, str):
            across = worded(other)
            return own and across and own._replace(way=-across.way)
        far = _in(other["number"], other["unit"], 1) if isinstance(other, dict) else None
        if own is None or far is None or own.value == far.value:
            return None
        return own._replace(way=1 if own.value > far.value else -1)

    def _in(number: float, own: str, way: int) -> Limit | None:
        value = converted(number, own, unit) if own else number
        return None if value is None else Limit(value, way, unit)

    first, second = pair["supports"], pair["undermines"]
    return {"supports": one(first, second), "undermines": one(second, first)}


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
