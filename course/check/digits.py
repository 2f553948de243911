"""How exactly a number has to be given: the one rule of tolerance.

A key asks for N significant digits. Right is what lies within half a unit of the answer's N-th
digit, so that the answer rounded to N digits is right, and whatever is more exact as well.
"""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

__all__ = ["EXACT", "around", "cut", "reach", "rounded", "shorter", "slip_reach"]

#: In place of a number of digits: for what is counted.
EXACT = "exact"


def reach(answer: float, digits: int | str) -> float:
    """How far from an answer a number may lie.

    Parameters
    ----------
    answer : float
    digits : int or ``"exact"``

    Returns
    -------
    float
        Half a unit of the last digit that is asked for; next to nothing for what is exact.

    Examples
    --------
    >>> reach(40.66, 2), reach(153985, 3), reach(-0.076, 2)
    (0.5, 500.0, 0.0005)
    """
    if digits == EXACT or answer == 0:
        return max(abs(answer), 1) * 1e-9
    return float(_unit(answer, digits) / 2)


def around(answer: float, digits: int | str) -> float | None:
    """How far from an answer a number is still near it, though not right.

    Parameters
    ----------
    answer : float
    digits : int or ``"exact"``

    Returns
    -------
    float or None
        One unit of the second digit; nothing for what is exact, or asked to one digit.

    Examples
    --------
    >>> around(12569, 3), around(40.66, 2), around(55, "exact")
    (1000.0, 1.0, None)
    """
    if digits == EXACT or digits < 2 or answer == 0:
        return None
    return 2 * reach(answer, 2)


def slip_reach(wrong: float, digits: int | str) -> float:
    """How far from a foreseen wrong number another one is taken for it.

    Parameters
    ----------
    wrong : float
    digits : int or ``"exact"``
        What the question asks for. Where it counts, a slip may still be a fraction; where one
        digit will do, half a unit of it would take in what is no such slip.

    Returns
    -------
    float

    Examples
    --------
    >>> slip_reach(45.4545, "exact") > 0.01, slip_reach(11.8, 1)
    (True, 0.5)
    """
    if digits == EXACT:
        return reach(wrong, 3 if wrong % 1 else digits)
    return reach(wrong, max(digits, 2))


def rounded(value: float, digits: int) -> float:
    """A number to some significant digits, halves away from zero, as by hand.

    Parameters
    ----------
    value : float
    digits : int

    Returns
    -------
    float

    Examples
    --------
    >>> rounded(12569, 3), rounded(0.125, 2)
    (12600.0, 0.13)
    """
    return _to_digits(value, digits, ROUND_HALF_UP)


def cut(value: float, digits: int) -> float:
    """A number of which the first significant digits are kept and the rest is dropped.

    Parameters
    ----------
    value : float
    digits : int

    Returns
    -------
    float

    Examples
    --------
    >>> cut(12569, 3), cut(-3.697, 2)
    (12500.0, -3.6)
    """
    return _to_digits(value, digits, ROUND_DOWN)


def shorter(answer: float, digits: int | str) -> list[float]:
    """What an answer looks like with too few digits: rounded to fewer, or cut off.

    Parameters
    ----------
    answer : float
    digits : int or ``"exact"``

    Returns
    -------
    list of float
        None of them within reach of the answer.

    Examples
    --------
    >>> shorter(12569, 3), shorter(40.66, 2), shorter(55, "exact")
    ([10000.0, 12000.0, 12500.0, 13000.0], [40.0], [])
    """
    if digits == EXACT or answer == 0:
        return []
    found = {rounded(answer, fewer) for fewer in range(1, digits)}
    found |= {cut(answer, fewer) for fewer in range(max(1, digits - 1), digits + 1)}
    allowed = reach(answer, digits)
    return sorted(one for one in found if abs(one - answer) > allowed)


def _unit(value: float, digits: int) -> Decimal:
    place = math.floor(math.log10(abs(value))) - digits + 1
    return Decimal(1).scaleb(place)


def _to_digits(value: float, digits: int, how: str) -> float:
    if value == 0:
        return 0.0
    unit = _unit(value, digits)
    # By what the number prints as: 0.125 is meant as 0.125, whatever its binary digits say.
    return float((Decimal(repr(float(value))) / unit).quantize(Decimal(1), rounding=how) * unit)
