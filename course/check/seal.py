"""Seals: how ``checks.json`` knows a right answer without saying it.

A number is sealed at its tolerance: the line of numbers is cut into cells as wide as twice the
tolerance, placed so that exactly one cell holds every accepted value; what is kept is where the
cells lie and a salted hash of the right cell's index. A word is kept as a salted hash. The seal
keeps a reader from seeing an answer by accident. It is no secret: with few choices, a patient
reader can try them all.
"""

from __future__ import annotations

import hashlib
import math

__all__ = ["fits", "fits_word", "seal", "seal_word"]

# Room for the last binary digit, so that a value exactly at the edge of the tolerance is inside.
_EDGE = 1e-9


def _hash(salt: str, text: str) -> str:
    return hashlib.blake2b(f"{salt}\0{text}".encode(), digest_size=12).hexdigest()


def seal(value: float, tolerance: float, salt: str) -> dict[str, float | str]:
    """Seal a number at its tolerance.

    Parameters
    ----------
    value : float
        The right answer, in the question's unit.
    tolerance : float
        Largest accepted distance from ``value``, in the same unit; above 0.
    salt : str
        Makes equal answers of different questions look different.

    Returns
    -------
    dict
        ``offset`` and ``width`` of the cells and the ``hash`` of the right one.

    Raises
    ------
    ValueError
        If the tolerance is not above 0 or the value is not finite.
    """
    if not tolerance > 0 or not math.isfinite(tolerance):
        raise ValueError(f"tolerance is {tolerance!r}; it must be a number above 0")
    if not math.isfinite(value):
        raise ValueError(f"value is {value!r}; it must be a finite number")
    slack = max(tolerance * _EDGE, abs(value) * 4e-15)
    low = value - tolerance - slack
    width = 2 * (tolerance + slack)
    index = math.floor(low / width)
    offset = low - index * width
    right = round((low - offset) / width)
    return {"offset": offset, "width": width, "hash": _hash(salt, str(right))}


def fits(sealed: dict[str, float | str], value: float, salt: str) -> bool:
    """Tell whether a number lies within the tolerance of the sealed one.

    Parameters
    ----------
    sealed : dict
        What `seal` gave.
    value : float
        The number to try.
    salt : str
        The salt it was sealed with.

    Returns
    -------
    bool
    """
    place = (value - sealed["offset"]) / sealed["width"]
    if not math.isfinite(place):  # nan, infinity, or too large for any cell
        return False
    return _hash(salt, str(math.floor(place))) == sealed["hash"]


def seal_word(word: str, salt: str) -> str:
    """Seal a word, such as the letter of a choice; case and spaces around it do not count."""
    return _hash(salt, word.strip().lower())


def fits_word(sealed: str, word: str, salt: str) -> bool:
    """Tell whether a word is the sealed one."""
    return seal_word(word, salt) == sealed
