"""Seals: how ``checks.json`` knows a right answer without saying it.

A number is sealed at its tolerance: the line of numbers is cut into cells as wide as twice the
tolerance, placed so that exactly one cell holds every accepted value; what is kept is where the
cells lie and a salted hash of the right cell's index. A word is kept as a salted hash. The seal
keeps a reader from seeing an answer by accident. It is no secret: with few choices, a patient
reader can try them all. What is said to a letter of a choice is kept in an envelope that the
letter itself opens; all envelopes are of one length, so that the right one looks like the rest.
"""

from __future__ import annotations

import base64
import hashlib
import json
import math

__all__ = ["ENVELOPE", "close", "fits", "fits_word", "open_with", "seal", "seal_text", "seal_word"]

#: Bytes in an envelope: the longest message in UTF-8 with its share, and room to spare.
ENVELOPE = 320

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


def seal_text(text: str, salt: str) -> str:
    """Seal a text of which every sign counts."""
    return _hash(salt, text)


def seal_word(word: str, salt: str) -> str:
    """Seal a word, such as the letter of a choice; case and spaces around it do not count."""
    return _hash(salt, word.strip().lower())


def fits_word(sealed: str, word: str, salt: str) -> bool:
    """Tell whether a word is the sealed one."""
    return seal_word(word, salt) == sealed


def close(said: dict[str, float | str], word: str, salt: str) -> str:
    """Put what is said to an answer into an envelope that the answer itself opens.

    Parameters
    ----------
    said : dict
        What JSON can hold, such as the ``share`` earned and what the check ``says``.
    word : str
        The answer that opens it, such as the letter of a choice.
    salt : str
        Makes the envelopes of different questions look different.

    Returns
    -------
    str
        Of the same length for whatever is inside.

    Raises
    ------
    ValueError
        If it does not fit into an envelope.

    Examples
    --------
    >>> shut = close({"share": 1.0, "says": "Both are powers."}, "b", "06-w9")
    >>> open_with("b", shut, "06-w9")
    {'share': 1.0, 'says': 'Both are powers.'}
    """
    plain = json.dumps(said, ensure_ascii=False).encode()
    if len(plain) > ENVELOPE:
        raise ValueError(
            f"{said!r} takes {len(plain)} bytes, an envelope holds {ENVELOPE}; shorten the message"
        )
    return base64.b85encode(_masked(plain.ljust(ENVELOPE), word, salt)).decode()


def open_with(word: str, envelope: str, salt: str) -> dict[str, float | str]:
    """Open an envelope with the word that it was closed with.

    Parameters
    ----------
    word : str
        The answer; case and spaces around it do not count.
    envelope : str
        What `close` gave for this word.
    salt : str
        The salt it was closed with.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If another word closed it.
    """
    return json.loads(_masked(base64.b85decode(envelope), word, salt))


def _masked(text: bytes, word: str, salt: str) -> bytes:
    """Text under a mask that word and salt make; masked again it is plain."""
    mask = hashlib.shake_256(f"{salt}\0{word.strip().lower()}".encode()).digest(len(text))
    return bytes(one ^ other for one, other in zip(text, mask, strict=True))
