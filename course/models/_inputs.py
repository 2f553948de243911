"""What every model does with its inputs: look up defaults, refuse the impossible, keep the kind.

A model takes a number, a list, a NumPy array or a pandas Series and gives back the same kind.
Neither pandas nor pint is imported here: a Series is known by its index, a quantity by its
magnitude.
"""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from course.slips import Slip
from course.tables import parameter

__all__ = ["ceiling", "given", "like", "number", "scalar"]

# Above this, floats no longer hold every whole number, so a count would be a guess.
_LARGEST_COUNT = 2**53
# How far a ratio may lie above a whole number and still be that number: (0.1 + 0.2) / 0.1 is 3.
_NOISE = 1e-9


def given(value: Any, name: str) -> Any:
    """Give a value, or the central value of a parameter where the value is None.

    Parameters
    ----------
    value : array_like or None
        What the caller passed.
    name : str
        Name of the parameter in the ``parameters`` table.

    Returns
    -------
    array_like
        ``value`` itself, or the parameter's central value.

    Examples
    --------
    >>> given(None, "node_nameplate_8xh100"), given(5.6, "node_nameplate_8xh100")
    (10.2, 5.6)
    """
    return parameter(name).central if value is None else value


def number(
    name: str,
    value: Any,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
    whole: bool = False,
) -> np.ndarray:
    """Take a number or an array of numbers, all finite and within limits.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : array_like
        Number, list, array or Series of any shape.
    at_least, above, at_most, below : float, optional
        Limits, in the argument's unit; ``above`` and ``below`` exclude the limit itself.
    whole : bool
        Whether only whole numbers make sense.

    Returns
    -------
    numpy.ndarray
        The numbers as floats, of the same shape.

    Raises
    ------
    ValueError
        If anything is not a finite number within the limits; the message names the argument, the
        first such value (and its place) and what is allowed.

    Examples
    --------
    >>> float(number("pue", 1.2, at_least=1))
    1.2
    >>> number("pue", [1.2, 0.9], at_least=1)
    Traceback (most recent call last):
    ...
    course.slips.Slip: pue[1] is 0.9; it must be a number of at least 1
    """
    wanted = _wanted(at_least, above, at_most, below, whole)
    if hasattr(value, "magnitude"):
        raise Slip(
            f"{name} is {value}, a quantity with its unit; it must be {wanted}: pass its "
            ".to(unit).magnitude, in the unit that the function asks for"
        )
    if hasattr(value, "columns"):
        raise Slip(f"{name} is a whole table; it must be {wanted}: pass one of its columns")
    try:
        raw = np.asarray(value)
    except (TypeError, ValueError):  # lists of uneven length, lists of quantities
        raise Slip(f"{name} is {value!r}; it must be {wanted}, or an array of such") from None
    if raw.size == 0:
        raise Slip(f"{name} is empty; it must be {wanted}, or an array of such")

    if raw.dtype.kind == "O":
        # Python's own long integers land here, and so does everything that is no number.
        wrong = np.array([not _is_real(one) for one in raw.flat]).reshape(raw.shape)
    else:
        wrong = np.full(raw.shape, raw.dtype.kind not in "iuf")
    if not wrong.any():
        checked = raw.astype(float)
        wrong = ~np.isfinite(checked)
        for limit, breaks in (
            (at_least, np.less),
            (above, np.less_equal),
            (at_most, np.greater),
            (below, np.greater_equal),
        ):
            if limit is not None:
                wrong |= breaks(checked, limit)
        if whole:
            wrong |= checked != np.floor(checked)
        if not wrong.any():
            return checked

    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    culprit = raw[place]
    culprit = culprit.item() if isinstance(culprit, np.generic) else culprit
    raise Slip(f"{name}{_label(value, place)} is {culprit!r}; it must be {wanted}")


def _is_real(value: Any) -> bool:
    return isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))


def _label(value: Any, place: tuple[int, ...]) -> str:
    """Where in the array or Series the value stands, as one would write it."""
    if not place:
        return ""
    if hasattr(value, "iloc"):
        label = value.index[place[0]]
        return f"[{label.item() if isinstance(label, np.generic) else label!r}]"
    return f"[{', '.join(map(str, place))}]"


def _wanted(
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
    whole: bool = False,
) -> str:
    """Say in words what is allowed."""
    limits = [
        f"{words} {limit:g}"
        for words, limit in (
            ("of at least", at_least),
            ("above", above),
            ("at most", at_most),
            ("below", below),
        )
        if limit is not None
    ]
    return " ".join(["a whole number" if whole else "a number", " and ".join(limits)]).strip()


def scalar(name: str, value: Any, **limits: Any) -> float:
    """Take a single number within limits, where an array makes no sense.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : float
        The number.
    **limits : float or bool
        As for `number`.

    Returns
    -------
    float
        The number.

    Raises
    ------
    ValueError
        If it is an array, or not within the limits.

    Examples
    --------
    >>> scalar("trials", 1000, at_least=1, whole=True)
    1000.0
    """
    checked = number(name, value, **limits)
    if checked.ndim:
        raise Slip(
            f"{name} is an array of shape {checked.shape}; it must be one value, "
            f"{_wanted(**limits)}"
        )
    return float(checked)


def ceiling(name: str, ratio: np.ndarray) -> np.ndarray:
    """Round up to whole things, forgiving the last digits of a division.

    Parameters
    ----------
    name : str
        What is counted, for the message.
    ratio : numpy.ndarray
        How many are needed, with fractions; 0 or more.

    Returns
    -------
    numpy.ndarray of int64
        The next whole number. A ratio that is whole but for a billionth counts as whole.

    Raises
    ------
    ValueError
        If a count is too large to be exact.

    Examples
    --------
    >>> ceiling("units", np.array([(0.1 + 0.2) / 0.1, 1.82])).tolist()
    [3, 2]
    """
    if np.any(ratio >= _LARGEST_COUNT):
        raise Slip(
            f"{name} would be {float(np.max(ratio)):.3g}; it must be a number below "
            f"{_LARGEST_COUNT:.3g} to be counted"
        )
    return np.ceil(ratio * (1 - _NOISE)).astype(np.int64)


def like(result: Any, *inputs: Any) -> Any:
    """Give a result the kind of the inputs it came from.

    Parameters
    ----------
    result : numpy.ndarray or NumPy scalar
        What the model computed.
    *inputs : array_like
        The arguments as the caller passed them.

    Returns
    -------
    float, int, numpy.ndarray or pandas.Series
        A Series with the same index where an input was a Series, a plain number where all inputs
        were single numbers, else an array.

    Raises
    ------
    ValueError
        If two inputs are Series of different index: adding them up by position would mix rows.

    Examples
    --------
    >>> like(np.float64(2.5), 5, 2)
    2.5
    """
    series = [one for one in inputs if hasattr(one, "iloc")]
    if series:
        first = series[0]
        for other in series[1:]:
            if not first.index.equals(other.index):
                raise Slip(
                    f"two Series have different rows, {list(first.index)[:3]} ... and "
                    f"{list(other.index)[:3]} ...; they must have the same index"
                )
        return type(first)(result, index=first.index)
    array = np.asarray(result)
    return array if array.ndim else array.item()
