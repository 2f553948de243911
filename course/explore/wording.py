"""How the explorers' sentences and labels write numbers: no exponents, and words for large ones."""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["amount", "gap_by_factor"]

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
