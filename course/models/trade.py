"""Trade: shares and concentration, two-way trade, mirror reports, and before-after comparisons.

Changes are shares, not percent: +76 % is 0.76, a fall of 13 % is -0.13.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course.models._inputs import given, like, number
from course.slips import Slip, called

__all__ = [
    "PriceDifference",
    "diff_in_diff_log",
    "grubel_lloyd",
    "herfindahl",
    "herfindahl_bounds",
    "mirror_gap",
    "multiple",
    "price_diff_in_diff",
    "share_of_rise",
    "shares",
    "substitution_ratio",
    "unit_value_ratio",
]

# The Herfindahl index of a single supplier, by convention.
_MONOPOLY = 10_000
# Shares add up to 1 but for the last digits of the sum.
_SUM_TOLERANCE = 1e-9


class PriceDifference(NamedTuple):
    """One difference of two price rises, stated in the three ways that get mixed up."""

    points: float
    log: float
    relative: float


@called("trade.shares")
def shares(values: ArrayLike) -> Any:
    """Each value's share of the total.

    Parameters
    ----------
    values : array_like
        Values in one unit, 0 or more, at least one of them above 0. Of a table of more than one
        dimension, each row (last axis) is shared out for itself.

    Returns
    -------
    numpy.ndarray or pandas.Series
        Shares that add up to 1.

    Raises
    ------
    ValueError
        If a value is negative or missing, or the total is 0.

    Examples
    --------
    >>> shares([60, 30, 10]).tolist()
    [0.6, 0.3, 0.1]
    """
    amounts = np.atleast_1d(number("values", values, at_least=0))
    total = amounts.sum(axis=-1, keepdims=True)
    if np.any(total == 0):
        raise Slip("values add up to 0; their sum must be a number above 0 to have shares of")
    return like(amounts / total, values)


@called("trade.herfindahl")
def herfindahl(shares: ArrayLike, partial: bool = False) -> Any:
    """Herfindahl-Hirschman index: 10,000 times the sum of squared shares.

    Parameters
    ----------
    shares : array_like
        Shares from 0 to 1 that add up to 1. Of a table of more than one dimension, each row
        (last axis) has its own index.
    partial : bool
        Take shares that add up to less than 1, when not all suppliers are known. The unknown
        rest then counts as very many very small suppliers, so the index is a lower bound.

    Returns
    -------
    float or numpy.ndarray
        Index from 0 to 10,000, which is a single supplier. It measures concentration, not
        dependence.

    Raises
    ------
    ValueError
        If a share is not from 0 to 1, or the shares do not add up to 1 (with ``partial``: to at
        most 1).

    Examples
    --------
    >>> round(herfindahl([0.5, 0.3, 0.2]))
    3800
    >>> round(herfindahl([0.60, 0.32], partial=True))
    4624
    """
    parts = np.atleast_1d(number("shares", shares, at_least=0, at_most=1))
    total = parts.sum(axis=-1)
    wrong = total > 1 + _SUM_TOLERANCE
    if not partial:
        wrong = wrong | (total < 1 - _SUM_TOLERANCE)
    if np.any(wrong):
        culprit = float(np.atleast_1d(total)[np.atleast_1d(wrong)][0])
        raise Slip(
            f"shares add up to {culprit:.9g}; their sum must be "
            f"{'a number of at most 1' if partial else '1 (partial=True takes less)'}"
        )
    return like(_MONOPOLY * (parts**2).sum(axis=-1))


@called("trade.herfindahl_bounds")
def herfindahl_bounds(top_share: ArrayLike, suppliers: ArrayLike) -> tuple[Any, Any]:
    """Lowest and highest concentration that a joint share of the top suppliers allows.

    Parameters
    ----------
    top_share : array_like
        Share that the named suppliers have together, above 0 to 1.
    suppliers : array_like
        How many suppliers that is, 1 or more.

    Returns
    -------
    low : float, numpy.ndarray or pandas.Series
        The named suppliers have equal shares, and the unknown rest is atomistic: very many very
        small suppliers that add nothing.
    high : float, numpy.ndarray or pandas.Series
        One named supplier has all of the joint share, and the unknown rest is one further
        supplier. The top part alone, as often quoted, is the lower bound of ``suppliers=1``.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> [round(bound) for bound in herfindahl_bounds(0.92, suppliers=2)]
    [4232, 8528]
    >>> round(herfindahl_bounds(0.92, suppliers=1)[0])  # 0.92 squared: the top part alone
    8464
    """
    top = number("top_share", top_share, above=0, at_most=1)
    count = number("suppliers", suppliers, at_least=1, whole=True)
    low = _MONOPOLY * top**2 / count
    high = np.full_like(low, _MONOPOLY * (top**2 + (1 - top) ** 2))
    return like(low, top_share, suppliers), like(high, top_share, suppliers)


@called("trade.grubel_lloyd")
def grubel_lloyd(exports: ArrayLike, imports: ArrayLike) -> Any:
    """Grubel-Lloyd index of two-way trade in a product: ``1 - |X - M| / (X + M)``.

    Parameters
    ----------
    exports, imports : array_like
        Values of one product in one unit, 0 or more, not both 0.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        0 for trade one way, 1 for trade in balance. Pooling products raises it.

    Raises
    ------
    ValueError
        If an input is negative or missing, or both are 0.

    Examples
    --------
    >>> grubel_lloyd([10, 0], [0, 10]).tolist()  # line by line
    [0.0, 0.0]
    >>> grubel_lloyd(10 + 0, 0 + 10)  # the same trade, pooled
    1.0
    """
    out = number("exports", exports, at_least=0)
    into = number("imports", imports, at_least=0)
    total = out + into
    if np.any(total == 0):
        raise Slip("exports and imports are both 0; their sum must be a number above 0")
    return like(1 - np.abs(out - into) / total, exports, imports)


@called("trade.mirror_gap")
def mirror_gap(importer_reported: ArrayLike, exporter_reported: ArrayLike) -> Any:
    """How far the importer's report lies above or below the exporter's, for the same trade.

    Parameters
    ----------
    importer_reported : array_like
        Value the importer recorded, 0 or more; usually with freight and insurance (CIF).
    exporter_reported : array_like
        Value the exporter recorded, above 0, in the same unit; usually without (FOB).

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Gap as a share of the exporter's value. Freight and insurance alone give 0.05 to 0.10
        (parameter ``cif_over_fob``, from memory).

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(mirror_gap(107, 100), 2)
    0.07
    """
    into = number("importer_reported", importer_reported, at_least=0)
    out = number("exporter_reported", exporter_reported, above=0)
    return like((into - out) / out, importer_reported, exporter_reported)


@called("trade.substitution_ratio")
def substitution_ratio(change_non_sanctioning: ArrayLike, change_sanctioning: ArrayLike) -> Any:
    """Part of the trade lost with sanctioning countries that others made up for.

    Parameters
    ----------
    change_non_sanctioning : array_like
        Change of exports from countries without sanctions, in any unit of value or quantity.
    change_sanctioning : array_like
        Change of exports from countries with sanctions, in the same unit; below 0.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        1 is full compensation. It says nothing of what would have happened without sanctions.

    Raises
    ------
    ValueError
        If an input is missing, or nothing was lost.

    Examples
    --------
    >>> substitution_ratio(25, -100)
    0.25
    """
    gained = number("change_non_sanctioning", change_non_sanctioning)
    lost = number("change_sanctioning", change_sanctioning, below=0)
    return like(gained / -lost, change_non_sanctioning, change_sanctioning)


@called("trade.diff_in_diff_log")
def diff_in_diff_log(
    treated_before: ArrayLike,
    treated_after: ArrayLike,
    control_before: ArrayLike,
    control_after: ArrayLike,
) -> Any:
    """Difference in differences of logarithms.

    Parameters
    ----------
    treated_before, treated_after, control_before, control_after : array_like
        Values in one unit, above 0 (zero has no logarithm).

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Log points: ``exp`` of it less 1 is the change relative to the control. It is an effect
        only if trends would have been parallel and nothing spilled over to the control.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(diff_in_diff_log(100, 20, 100, 140), 2)
    -1.95
    """
    treated_0 = number("treated_before", treated_before, above=0)
    treated_1 = number("treated_after", treated_after, above=0)
    control_0 = number("control_before", control_before, above=0)
    control_1 = number("control_after", control_after, above=0)
    delta = np.log(treated_1 / treated_0) - np.log(control_1 / control_0)
    return like(delta, treated_before, treated_after, control_before, control_after)


@called("trade.unit_value_ratio")
def unit_value_ratio(value_change: ArrayLike, quantity_change: ArrayLike) -> Any:
    """Factor by which the unit value moved, from the changes of value and quantity.

    Parameters
    ----------
    value_change, quantity_change : array_like
        Changes as shares, above -1.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        New unit value over the old one.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(unit_value_ratio(0.76, -0.13), 2)
    2.02
    """
    value = number("value_change", value_change, above=-1)
    quantity = number("quantity_change", quantity_change, above=-1)
    return like((1 + value) / (1 + quantity), value_change, quantity_change)


@called("trade.price_diff_in_diff")
def price_diff_in_diff(
    treated_change: ArrayLike | None = None, control_change: ArrayLike | None = None
) -> PriceDifference:
    """Difference of two price rises in points, in logarithms and relative to the control.

    Parameters
    ----------
    treated_change : array_like, optional
        Price rise of the group in question, a share above -1. Default: parameter
        ``bofit_price_ru`` (source ``bofit``: goods from China to Russia).
    control_change : array_like, optional
        Price rise of the comparison group. Default: parameter ``bofit_price_other`` (source
        ``bofit``: the same goods from China to other buyers).

    Returns
    -------
    PriceDifference
        ``points`` in percentage points, ``log`` in log points, ``relative`` as a share.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> found = price_diff_in_diff(0.87, 0.09)
    >>> round(found.points), round(found.log, 2), round(found.relative, 2)
    (78, 0.54, 0.72)
    """
    treated = number("treated_change", given(treated_change, "bofit_price_ru"), above=-1)
    control = number("control_change", given(control_change, "bofit_price_other"), above=-1)
    ratio = (1 + treated) / (1 + control)
    return PriceDifference(
        *(
            like(result, treated_change, control_change)
            for result in (100 * (treated - control), np.log(ratio), ratio - 1)
        )
    )


@called("trade.multiple")
def multiple(start: ArrayLike, end: ArrayLike) -> Any:
    """How many times the first value the last one is.

    Parameters
    ----------
    start : array_like
        First value, above 0.
    end : array_like
        Last value in the same unit, 0 or more.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Last over first. From a small base it is large and says little: see `share_of_rise`.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(multiple(79e3, 3.2e6), 1)
    40.5
    """
    first = number("start", start, above=0)
    last = number("end", end, at_least=0)
    return like(last / first, start, end)


@called("trade.share_of_rise")
def share_of_rise(start: ArrayLike, end: ArrayLike, reference_rise: ArrayLike) -> Any:
    """One rise measured against another, such as a small supplier's against the largest one's.

    Parameters
    ----------
    start, end : array_like
        First and last value, 0 or more.
    reference_rise : array_like
        The rise to compare with, in the same unit, above 0.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        ``(end - start) / reference_rise``; negative for a fall.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(share_of_rise(79e3, 3.2e6, 105e6), 3)
    0.03
    """
    first = number("start", start, at_least=0)
    last = number("end", end, at_least=0)
    rise = number("reference_rise", reference_rise, above=0)
    return like((last - first) / rise, start, end, reference_rise)
