"""Read the two thresholds of a claim, say why they cannot be used, and compare them.

A threshold is kept as words, or as a number with the name of its unit.
"""

from __future__ import annotations

import math
import re
from typing import Any

from course import reading
from course.slips import Slip
from course.threads.limits import converted, worded

__all__ = ["NUMBER", "WORDS", "alike", "read", "shown", "told", "unit_after"]

#: What may be asked for in place of a unit: a plain number (a count, a ratio), or words.
NUMBER, WORDS = "number", "words"
#: The most of a threshold's words that a message shows.
_LONGEST = 40
#: What makes a word no clearer.
_VAGUE = {"a", "at", "fairly", "quite", "rather", "really", "so", "the", "too", "very"}
#: Names of units that are words of English and so have a plural.
_PLURAL = {"second", "minute", "hour", "day", "week", "month", "year", "chip", "token", "reactor"}


def read(
    supports: Any, undermines: Any, unit: str = "", more: str = "", least: float = -math.inf
) -> dict[str, Any]:
    """Read both thresholds as the ledger keeps them.

    Parameters
    ----------
    supports, undermines : quantity, number or str
        None, or nothing but blanks, where there is none yet.
    unit : str, optional
        The unit asked for, :data:`NUMBER` or :data:`WORDS`; anything goes if left out.
    more : str, optional
        Which of the two a larger value speaks for, ``"supports"`` or ``"undermines"``.
    least : float, optional
        What no value can lie below, in the unit.

    Returns
    -------
    dict
        ``supports`` and ``undermines``: words, or a dict of ``number`` and ``unit``; None where
        nothing was given.

    Raises
    ------
    course.slips.Slip
        If one is no threshold, or the two do not fit together.
    """
    pair = {
        side: None if reading.blank(given) else _one(side, given, unit, least)
        for side, given in (("supports", supports), ("undermines", undermines))
    }
    first, second = pair.values()
    if first is None or second is None:
        return pair
    if isinstance(first, dict) and isinstance(second, dict):
        other = _in_unit_of(first, second)
        if more and first["number"] != other and (first["number"] > other) != (more == "supports"):
            way = "larger" if more == "supports" else "smaller"
            raise Slip(
                f"supports is {shown(first)} and undermines is {shown(second)}, but here a {way} "
                "value speaks for the claim. Are the two turned round?"
            )
    if alike(first, second):
        raise Slip(
            f"supports and undermines are both {_cut(shown(first))}. Leave room between them, "
            "where the verdict would be mixed."
        )
    if isinstance(first, str) and isinstance(second, str):
        _refuse_overlap(first, second)
    return pair


def alike(one: Any, other: Any) -> bool:
    """Tell whether two thresholds, as the ledger keeps them, say the same.

    Parameters
    ----------
    one, other : dict, str or None

    Returns
    -------
    bool
        So do 18 months and 1.5 years.
    """
    if not (isinstance(one, dict) and isinstance(other, dict)):
        both_words = isinstance(one, str) and isinstance(other, str)
        return one.casefold() == other.casefold() if both_words else bool(one == other)
    if bool(one.get("unit")) != bool(other.get("unit")):
        return False
    same = converted(other["number"], other.get("unit", ""), one.get("unit", ""))
    return same is not None and math.isclose(one["number"], same, rel_tol=1e-9)


def shown(value: Any) -> str:
    """Write a threshold for a reader.

    Parameters
    ----------
    value : dict, str or None

    Returns
    -------
    str

    Examples
    --------
    >>> shown({"number": 2.0, "unit": "year"}), shown({"number": 20.0, "unit": "percent"})
    ('2 years', '20 %')
    """
    if not isinstance(value, dict):
        return value or ""
    number = value.get("number", math.nan)
    return f"{reading.shown(number)} {unit_after(number, value.get('unit', ''))}".strip()


def unit_after(number: float, unit: str) -> str:
    """Write a unit as it follows a number.

    Parameters
    ----------
    number : float
    unit : str
        By its name; empty for none.

    Returns
    -------
    str

    Examples
    --------
    >>> unit_after(2, "year"), unit_after(1, "year"), unit_after(5, "percent")
    ('years', 'year', '%')
    """
    if unit == "percent":
        return "%"
    return f"{unit}s" if unit in _PLURAL and number != 1 else unit


def told(value: dict[str, Any], more: str = "") -> str:
    """Say both thresholds in a sentence.

    Parameters
    ----------
    value : dict
        With ``supports`` and ``undermines``, as `read` gives them.
    more : str, optional
        As for `read`.

    Returns
    -------
    str
    """
    up, down = (" up", " down") if more else ("", "")
    first, second = (up, down) if more == "supports" else (down, up)
    return (
        f"Supported from {shown(value.get('supports'))}{first}, "
        f"undermined from {shown(value.get('undermines'))}{second}"
    )


def _one(side: str, given: Any, unit: str, least: float) -> dict[str, Any] | str:
    if unit == WORDS:
        return _words(side, given)
    try:
        found = reading.amount(given)
    except reading.Unread as problem:
        if isinstance(given, str) and not unit:
            return _words(side, given)
        raise Slip(f"{side}: {problem}") from None
    if unit:
        try:
            size = reading.quantity(given, "" if unit == NUMBER else unit)
        except reading.Unread as problem:
            raise Slip(f"{side}: {problem}") from None
        if unit != NUMBER and not found.unit and not hasattr(given, "units"):
            raise Slip(
                f"{side} is {reading.short(given)}, without a unit. Write it with one, as in "
                f'Q({found.number:g}, "{unit}").'
            )
        if size.value < least:
            raise Slip(
                f"{side} is {reading.short(given)}, and what is measured cannot be less than "
                f"{least:g}. Which value do you mean?"
            )
        if unit == NUMBER or not found.unit:  # a share, where a percentage is asked
            return {"number": size.value, "unit": "" if unit == NUMBER else unit}
    return {"number": found.number, "unit": found.unit}


def _words(side: str, given: Any) -> str:
    if not isinstance(given, str):
        raise Slip(
            f"{side} is {reading.short(given)}. Say in words, in quotation marks, what you would "
            "have to find."
        )
    text = given.strip()
    said = [word for word in re.findall(r"\w+", text.lower()) if word not in _VAGUE]
    if len(said) < 2 and not re.search(r"\d", text):
        raise Slip(
            f"{side} is {reading.short(text)}: two readers could take it for two things. From "
            "which number on, or what exactly would one see?"
        )
    return text


def _in_unit_of(one: dict[str, Any], other: dict[str, Any]) -> float:
    """The number of the second in the unit of the first."""
    unit, second = one.get("unit", ""), other.get("unit", "")
    if bool(unit) != bool(second):
        bare, named = (one, other) if second else (other, one)
        raise Slip(
            f"One threshold is {shown(named)} and the other {shown(bare)} without a unit. Give "
            "both the same."
        )
    found = converted(other["number"], second, unit)
    if found is None:
        raise Slip(
            f"supports is {shown(one)} and undermines is {shown(other)}: two different kinds of "
            "quantity. What is measured here?"
        )
    return found


def _refuse_overlap(supports: str, undermines: str) -> None:
    """Refuse words that let one number be on both sides."""
    first, second = worded(supports), worded(undermines)
    if first is None or second is None:
        return
    if first.way == second.way:
        way = "up" if first.way > 0 else "down"
        raise Slip(
            f"supports and undermines both count {way}wards. Which of the two is turned round?"
        )
    same = bool(first.unit) == bool(second.unit)
    far = converted(second.value, second.unit, first.unit) if same else second.value
    if far is not None and first.way * (far - first.value) > 0:
        middle = shown({"number": (first.value + far) / 2, "unit": first.unit})
        raise Slip(
            f"{middle} would support and undermine at once. Leave room between the two thresholds."
        )


def _cut(words: str) -> str:
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
