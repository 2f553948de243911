"""Time: how long things take to build when some are not finished, and what changes meanwhile.

A reactor that is not finished yet is right-censored: it has taken at least as long as it has been
watched. The Kaplan-Meier estimate uses that; leaving such reactors out makes building look faster
than it is.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course.models._inputs import like, number, scalar
from course.slips import Slip, called

__all__ = [
    "BaseRate",
    "Survival",
    "base_rate",
    "doubling_time",
    "efficiency_gain",
    "grown_by",
    "median_years",
    "overrun_ratio",
    "survival",
    "years_between",
]

_DAYS_A_YEAR = 365.25


class Survival(NamedTuple):
    """A Kaplan-Meier curve: after ``years[i]`` the share ``unfinished[i]`` is still being built."""

    years: np.ndarray
    unfinished: np.ndarray


class BaseRate(NamedTuple):
    """How often it happened in a class of cases, and the interval that chance alone allows."""

    share: float
    low: float
    high: float


@called("schedule.years_between")
def years_between(start: Any, end: Any) -> Any:
    """Years from one day to another, of 365.25 days each.

    Parameters
    ----------
    start, end : date, str or Series of dates
        Such as ``"2018-04-29"``; missing dates give missing years.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Years; negative if the end comes first.

    Raises
    ------
    ValueError
        If a text is no date.

    Examples
    --------
    >>> round(years_between("2018-04-29", "2025-12-31"), 2)
    7.67
    """
    days = (_days(end, "end") - _days(start, "start")) / np.timedelta64(1, "D")
    return like(np.asarray(days, dtype=float) / _DAYS_A_YEAR, start, end)


def _days(value: Any, name: str) -> np.ndarray:
    try:
        return np.asarray(value, dtype="datetime64[D]")
    except (TypeError, ValueError):
        raise Slip(f"{name} is {value!r}; it must be a date such as '2018-04-29'") from None


@called("schedule.survival")
def survival(years: ArrayLike, finished: ArrayLike) -> Survival:
    """Kaplan-Meier estimate of the share that is not finished after so many years.

    ``S(t)`` is the product, over all times up to ``t`` at which something was finished, of
    ``1 - finished then / still watched then``.

    Parameters
    ----------
    years : array_like
        Years from start to finish, or to the last look, above 0, shape (n,).
    finished : array_like of bool
        Whether it was finished then; if not, the value is right-censored.

    Returns
    -------
    Survival
        Years at which something was finished, rising, and the share unfinished after each.

    Raises
    ------
    ValueError
        If the lengths differ, nothing is finished, or a value is out of range.

    References
    ----------
    Kaplan and Meier (1958), Nonparametric estimation from incomplete observations, Journal of the
    American Statistical Association 53, 457-481; computed by ``scipy.stats.ecdf``.

    Examples
    --------
    >>> survival([2, 3, 4], [True, False, True]).unfinished.round(2).tolist()
    [0.67, 0.0]
    """
    from scipy import stats

    spans = np.atleast_1d(number("years", years, above=0))
    done = np.atleast_1d(np.asarray(finished))
    if done.dtype != bool:
        raise Slip(f"finished is {finished!r}; it must be True or False for each")
    if spans.shape != done.shape:
        raise Slip(f"years has {spans.size} values and finished {done.size}; give one for each")
    if not done.any():
        raise Slip("finished is False throughout; nothing can be said of the time to finish")
    estimate = stats.ecdf(stats.CensoredData.right_censored(spans, ~done)).sf
    ends = np.isin(estimate.quantiles, spans[done])
    return Survival(estimate.quantiles[ends], estimate.probabilities[ends])


@called("schedule.median_years")
def median_years(years: ArrayLike, finished: ArrayLike) -> float:
    """Time after which half are finished, by Kaplan-Meier.

    Parameters
    ----------
    years, finished : array_like
        As for :func:`survival`.

    Returns
    -------
    float
        Years; infinite if fewer than half were ever seen to finish.

    Raises
    ------
    ValueError
        As for :func:`survival`.

    Examples
    --------
    >>> median_years([2, 3, 4, 9], [True, False, True, False])
    4.0
    """
    curve = survival(years, finished)
    half = curve.years[curve.unfinished <= 0.5 + 1e-12]
    return float(half[0]) if half.size else float("inf")


@called("schedule.base_rate")
def base_rate(happened: int, cases: int, confidence: float = 0.95) -> BaseRate:
    """How often something happened in a reference class, with an interval.

    Parameters
    ----------
    happened : int
        Cases in which it happened, from 0 to ``cases``.
    cases : int
        Cases in all, 1 or more.
    confidence : float
        Of the interval, above 0 and below 1.

    Returns
    -------
    BaseRate
        The share, and the low and high end of Wilson's interval. The interval knows of chance
        only, not of how the cases were picked.

    Raises
    ------
    ValueError
        If an input is out of range.

    References
    ----------
    Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of
    the American Statistical Association 22, 209-212; computed by ``scipy.stats.binomtest``.

    Examples
    --------
    >>> [round(one, 2) for one in base_rate(0, 10)]  # none of ten may still be one in four
    [0.0, 0.0, 0.28]
    """
    from scipy import stats

    total = int(scalar("cases", cases, at_least=1, whole=True))
    count = int(scalar("happened", happened, at_least=0, at_most=total, whole=True))
    level = scalar("confidence", confidence, above=0, below=1)
    test = stats.binomtest(count, total)
    interval = test.proportion_ci(confidence_level=level, method="wilson")
    return BaseRate(count / total, float(interval.low), float(interval.high))


@called("schedule.overrun_ratio")
def overrun_ratio(actual_years: ArrayLike, planned_years: ArrayLike) -> Any:
    """How many times as long as planned something took.

    Parameters
    ----------
    actual_years, planned_years : array_like
        Years, above 0.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        1 is on time, 1.5 half as long again.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(overrun_ratio(7.67, 4.5), 2)
    1.7
    """
    ratio = number("actual_years", actual_years, above=0)
    ratio = ratio / number("planned_years", planned_years, above=0)
    return like(ratio, actual_years, planned_years)


@called("schedule.doubling_time")
def doubling_time(growth: ArrayLike) -> Any:
    """Years in which something doubles that grows by a share each year.

    ``T_d = ln 2 / ln(1 + g)``.

    Parameters
    ----------
    growth : array_like
        Growth a year as a share, above 0: 0.4 for 40 %.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Years.

    Raises
    ------
    ValueError
        If the growth is not above 0.

    Examples
    --------
    >>> round(doubling_time(0.40), 2), round(doubling_time(0.26), 1)
    (2.06, 3.0)
    """
    return like(np.log(2) / np.log1p(number("growth", growth, above=0)), growth)


@called("schedule.efficiency_gain")
def efficiency_gain(years: ArrayLike, doubling_years: ArrayLike) -> Any:
    """How many times as much something gives after some years of steady doubling.

    ``G = 2^(T / T_d)``.

    Parameters
    ----------
    years : array_like
        Years, 0 or more, such as a building time.
    doubling_years : array_like
        Years in which it doubles, above 0.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        A factor from 1 up.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(efficiency_gain(7.67, doubling_time(0.40)))
    13
    """
    exponent = number("years", years, at_least=0)
    exponent = exponent / number("doubling_years", doubling_years, above=0)
    return like(2.0**exponent, years, doubling_years)


@called("schedule.grown_by")
def grown_by(years: ArrayLike, factor: ArrayLike) -> Any:
    """How many times as large something is that grows by a factor each year.

    Parameters
    ----------
    years : array_like
        Years, 0 or more.
    factor : array_like
        Factor a year, above 0: 2.1 is more than a doubling.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        ``factor ** years``.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(grown_by(5, 2))
    32
    """
    spans = number("years", years, at_least=0)
    return like(number("factor", factor, above=0) ** spans, years, factor)
