"""Building programmes: what a plan adds, net of closures, and what a growing need asks of it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course.models._inputs import like, number, scalar
from course.slips import Slip, called

__all__ = [
    "firm_from_plan_gw",
    "grow",
    "implied_closures",
    "net_of_closures",
]


@called("programme.grow")
def grow(value: ArrayLike, rate: ArrayLike, years: ArrayLike) -> Any:
    """Value after years of steady growth.

    Parameters
    ----------
    value : array_like
        First value, 0 or more, in any unit.
    rate : array_like
        Growth in a year as a share, above -1: 0.20 is 20 %.
    years : array_like
        Years, 0 or more.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        ``value * (1 + rate) ** years``, in the unit of ``value``.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(grow(2.5, 0.20, 12), 1)
    22.3
    """
    first = number("value", value, at_least=0)
    growth = number("rate", rate, above=-1)
    time = number("years", years, at_least=0)
    return like(first * (1 + growth) ** time, value, rate, years)


@called("programme.firm_from_plan_gw")
def firm_from_plan_gw(
    plan_gw: ArrayLike,
    years: ArrayLike,
    years_in_all: float,
    on_time: ArrayLike,
    availability: ArrayLike,
    share: ArrayLike = 1.0,
) -> Any:
    """Average power that a building plan has brought to one kind of customer by a year.

    The plan is taken to come on line evenly, ``plan / years_in_all`` a year. What is late is not
    there. Availability is taken for what the plants deliver, as if all of it were wanted.

    Parameters
    ----------
    plan_gw : array_like
        What is to be built in all, GW, 0 or more.
    years : array_like
        Years since the plan began, from 0 to ``years_in_all``.
    years_in_all : float
        Years in which all is to be built, above 0.
    on_time : array_like
        Share of the plan that is built on time, from 0 to 1.
    availability : array_like
        Share of time a unit can run, from 0 to 1.
    share : array_like
        Share of the new plants that serves this customer, from 0 to 1.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        GW.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(firm_from_plan_gw(28.5, 6, 12, on_time=0.5, availability=0.9), 2)
    6.41
    """
    whole = scalar("years_in_all", years_in_all, above=0)
    done = number("years", years, at_least=0, at_most=whole) / whole
    parts = (("on_time", on_time), ("availability", availability), ("share", share))
    result = number("plan_gw", plan_gw, at_least=0) * done
    for name, value in parts:
        result = result * number(name, value, at_least=0, at_most=1)
    return like(result, plan_gw, years, on_time, availability, share)


@called("programme.net_of_closures")
def net_of_closures(start_gw: ArrayLike, built_gw: ArrayLike, closed_gw: ArrayLike) -> Any:
    """Capacity at the end: what was there, and what was built, less what was closed.

    Parameters
    ----------
    start_gw, built_gw : array_like
        Capacity at the start and capacity built, in GW, 0 or more.
    closed_gw : array_like
        Capacity closed, in GW, from 0 to what there was and was built.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        GW at the end.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(net_of_closures(29.543, 28.5, 12.2), 1)
    45.8
    """
    start = number("start_gw", start_gw, at_least=0)
    built = number("built_gw", built_gw, at_least=0)
    closed = number("closed_gw", closed_gw, at_least=0)
    return like(_rest("closed_gw", start + built, closed), start_gw, built_gw, closed_gw)


@called("programme.implied_closures")
def implied_closures(start_gw: ArrayLike, built_gw: ArrayLike, end_gw: ArrayLike) -> Any:
    """Capacity that must have closed, when the start, the end and what is built are known.

    Parameters
    ----------
    start_gw, built_gw : array_like
        Capacity at the start and capacity built, in GW, 0 or more.
    end_gw : array_like
        Capacity at the end in GW, from 0 to what there was and was built.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        GW closed.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(implied_closures(29.543, 28.5, 45.841), 1)
    12.2
    """
    start = number("start_gw", start_gw, at_least=0)
    built = number("built_gw", built_gw, at_least=0)
    end = number("end_gw", end_gw, at_least=0)
    return like(_rest("end_gw", start + built, end), start_gw, built_gw, end_gw)


def _rest(name: str, whole: np.ndarray, part: np.ndarray) -> np.ndarray:
    """What is left of a whole; a part larger than it is refused."""
    whole, part = np.broadcast_arrays(whole, part)
    if np.any(part > whole):
        place = tuple(np.argwhere(part > whole)[0])
        raise Slip(
            f"{name} is {part[place].item():.12g}; it must be a number of at least 0 and at most "
            f"{whole[place].item():g}, the start and what was built together"
        )
    return whole - part
