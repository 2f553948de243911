"""Whether the eye tells two colours apart."""

from __future__ import annotations

import re

__all__ = ["alike"]

#: Distance in CIELAB below which two thin lines are taken for one colour; 2.3 is just noticeable
#: on large fields side by side.
_NEAR = 10.0
_WHITE = (0.95047, 1.0, 1.08883)
_TO_XYZ = (
    (0.4124, 0.3576, 0.1805),
    (0.2126, 0.7152, 0.0722),
    (0.0193, 0.1192, 0.9505),
)


def alike(one: str, other: str) -> bool:
    """Tell whether two colours look the same.

    Parameters
    ----------
    one, other : str
        As a picture has them: ``#1f77b4``, ``rgb(31, 119, 180)`` or a name.

    Returns
    -------
    bool
        Two different names are two colours.

    Examples
    --------
    >>> alike("#1f77b4", "#1f78b5"), alike("#1f77b4", "#ff7f0e"), alike("red", "#f00")
    (True, False, False)
    """
    if one == other:
        return True
    first, second = _lab(one), _lab(other)
    if first is None or second is None:
        return False
    return sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) < _NEAR**2


def _lab(colour: str) -> tuple[float, float, float] | None:
    """Lightness and the two colour axes of CIELAB; None for a name."""
    parts = _parts(colour)
    if parts is None:
        return None
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    x, y, z = (
        _curve(sum(a * b for a, b in zip(row, linear, strict=True)) / white)
        for row, white in zip(_TO_XYZ, _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _curve(share: float) -> float:
    return share ** (1 / 3) if share > 0.008856 else 7.787 * share + 16 / 116


def _parts(colour: str) -> list[float] | None:
    plain = colour.strip().lower()
    short = re.fullmatch(r"#([0-9a-f])([0-9a-f])([0-9a-f])", plain)
    if short:
        return [int(2 * digit, 16) / 255 for digit in short.groups()]
    whole = re.fullmatch(r"#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", plain)
    if whole:
        return [int(pair, 16) / 255 for pair in whole.groups()]
    numbers = re.fullmatch(r"rgb\((\d+), *(\d+), *(\d+)\)", plain)
    return [int(number) / 255 for number in numbers.groups()] if numbers else None
