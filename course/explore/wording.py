"""How explorers write numbers, everywhere: no exponents, and words for large ones."""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["amount", "gap_by_count", "gap_by_factor", "gap_by_points", "percent"]

_WORDS = ((1e15, "million billion"), (1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def amount(value: float, digits: int = 2) -> str:
    """Write a number to some significant digits, as one would say it.

    Parameters
    ----------
    value : float
        A finite number.
    digits : int
        Significant digits, 1 or more.

    Returns
    -------
    str
        Such as ``"0.056"``, ``"610"``, ``"14,880"`` or ``"4.6 billion"``.

    Examples
    --------
    >>> amount(1_488_000, 5), amount(606.2), amount(0)
    ('1.488 million', '610', '0')
    """
    if value == 0:
        return "0"
    rounded = round(value, digits - 1 - math.floor(math.log10(abs(value))))
    for size, word in _WORDS:
        if abs(rounded) >= size:
            return f"{amount(rounded / size, digits)} {word}"
    places = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    text = f"{rounded:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(value: float) -> str:
    """Write a percentage.

    Parameters
    ----------
    value : float
        In percent.

    Returns
    -------
    str
        Such as ``"0.374 %"``.
    """
    return f"{amount(value, 3)} %"


def gap_by_factor(prediction: float, value: float, write: Callable[[float], str]) -> str:
    """Say how far a prediction is from a value, as a factor.

    Parameters
    ----------
    prediction, value : float
        In one unit; the value is above 0.
    write : callable
        Writes a number with its unit.

    Returns
    -------
    str
        One sentence.
    """
    if not prediction:
        return "You predicted 0."
    ratio = value / prediction
    if 0.95 <= ratio <= 1.05:
        return f"You predicted {write(prediction)}: within 5 %."
    many = ratio if ratio > 1 else 1 / ratio
    way = "too low" if ratio > 1 else "too high"
    return f"You predicted {write(prediction)}: {way}, by a factor of {amount(many)}."


def gap_by_points(prediction: float, value: float, write: Callable[[float], str]) -> str:
    """Say how far a predicted percentage is from another, in points.

    Parameters
    ----------
    prediction, value : float
        In percent.
    write : callable
        Writes a percentage.

    Returns
    -------
    str
        One sentence.
    """
    points = prediction - value
    if abs(points) < 1:
        return f"You predicted {write(prediction)}: within one point."
    way = "high" if points > 0 else "low"
    word = "point" if round(abs(points)) == 1 else "points"
    return f"You predicted {write(prediction)}: {abs(points):.0f} {word} too {way}."


def gap_by_count(prediction: float, value: float, write: Callable[[float], str]) -> str:
    """Say by how many a predicted count is off.

    Parameters
    ----------
    prediction, value : float
        Counts.
    write : callable
        Writes a count.

    Returns
    -------
    str
        One sentence.
    """
    off = prediction - value
    if not off:
        return f"You predicted {write(prediction)}, and so it is."
    way = "many" if off > 0 else "few"
    return f"You predicted {write(prediction)}: {write(abs(off))} too {way}."
