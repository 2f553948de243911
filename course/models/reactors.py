"""Reactors: how many units give firm power, and what average output is worth.

``P(firm) = P(at least k of n units run)`` with ``k = ceil(demand / unit)``, units failing
independently but for a common cause; whether they do is tested by :mod:`course.models.outages`.
Availability (can it run?) is not the capacity factor (how much did it give?).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course.models._inputs import ceiling, given, like, number, scalar
from course.slips import Slip, called

__all__ = [
    "built_per_firm_mw",
    "capacity_factor",
    "firm_probability",
    "generation_gwh",
    "loss_of_load_hours",
    "outage_distribution",
    "simulate_firm_probability",
    "smallest_firm_fleet",
    "units_for_average",
    "units_running_needed",
    "unserved_energy_mwh",
]


_MWH_PER_GWH = 1e3
_SHARE = {"at_least": 0, "at_most": 1}
# A probability that falls short of the reliability by the last digits alone reaches it.
_NOISE = 1e-14


@called("reactors.units_running_needed")
def units_running_needed(demand_mw: ArrayLike, unit_mw: ArrayLike) -> Any:
    """Units that must run at once to cover a demand.

    Parameters
    ----------
    demand_mw : array_like
        Firm demand in MW, above 0.
    unit_mw : array_like
        Electric output of one unit in MW, above 0.

    Returns
    -------
    int, numpy.ndarray or pandas.Series
        ``ceil(demand / unit)``; a division that misses a whole number by rounding alone counts
        as whole.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> units_running_needed(100, 55), units_running_needed(0.1 + 0.2, 0.1)
    (2, 3)
    """
    demand = number("demand_mw", demand_mw, above=0)
    unit = number("unit_mw", unit_mw, above=0)
    return like(ceiling("units", demand / unit), demand_mw, unit_mw)


def _site(
    units: ArrayLike,
    demand_mw: ArrayLike,
    unit_mw: ArrayLike,
    availability: ArrayLike | None,
    common_cause: ArrayLike,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Units, units that must run, availability and common cause, checked."""
    return (
        number("units", units, at_least=1, whole=True),
        np.asarray(units_running_needed(demand_mw, unit_mw)),
        number("availability", given(availability, "unit_availability"), **_SHARE),
        number("common_cause", common_cause, **_SHARE),
    )


@called("reactors.firm_probability")
def firm_probability(
    units: ArrayLike,
    demand_mw: ArrayLike,
    unit_mw: ArrayLike,
    availability: ArrayLike | None = None,
    common_cause: ArrayLike = 0.0,
) -> Any:
    """Probability that enough units run to cover the demand.

    Parameters
    ----------
    units : array_like
        Units built, 1 or more.
    demand_mw : array_like
        Firm demand in MW, above 0.
    unit_mw : array_like
        Electric output of one unit in MW, above 0.
    availability : array_like, optional
        Share of time a unit can run, 0 to 1. Default: parameter ``unit_availability`` (sources
        ``lole`` and ``course``: a teaching choice).
    common_cause : array_like
        Share of time in which one cause stops all units together, 0 to 1. Parameter
        ``common_cause_outage`` holds values to try; 0 takes the units as independent.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        ``(1 - common_cause) * P(Binomial(units, availability) >= k)``.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(firm_probability(2, 100, 55, 0.90), 3)  # "2 x 55 covers 100"
    0.81
    >>> round(firm_probability(7, 100, 55, 0.90, common_cause=0.02), 3)
    0.98
    """
    from scipy.stats import binom

    count, needed, able, common = _site(units, demand_mw, unit_mw, availability, common_cause)
    firm = (1 - common) * binom.sf(needed - 1, count, able)
    return like(firm, units, demand_mw, unit_mw, availability, common_cause)


@called("reactors.smallest_firm_fleet")
def smallest_firm_fleet(
    demand_mw: ArrayLike,
    unit_mw: ArrayLike,
    availability: ArrayLike | None = None,
    reliability: ArrayLike | None = None,
    common_cause: ArrayLike = 0.0,
) -> Any:
    """Fewest units that cover the demand with the reliability asked for.

    Parameters
    ----------
    demand_mw, unit_mw, availability, common_cause : array_like
        As for `firm_probability`; the availability must be above 0.
    reliability : array_like, optional
        Share of time the demand must be covered, above 0 and below 1. Default: parameter
        ``reliability_tier3`` (source ``tiers``), which is promised for a whole data centre with
        its diesels, not for its supply.

    Returns
    -------
    int, numpy.ndarray or pandas.Series
        Units to build.

    Raises
    ------
    ValueError
        If an input is out of range, or a common cause is so frequent that no number of units
        reaches the reliability.

    Notes
    -----
    Units still failing when the k-th runs follow a negative binomial law, whose quantile gives
    the answer without trying fleets one by one.

    Examples
    --------
    >>> smallest_firm_fleet(100, 55, 0.90, reliability=0.99982)
    6
    """
    from scipy.stats import nbinom

    needed = np.asarray(units_running_needed(demand_mw, unit_mw))
    able = number("availability", given(availability, "unit_availability"), above=0, at_most=1)
    asked = number("reliability", given(reliability, "reliability_tier3"), above=0, below=1)
    common = number("common_cause", common_cause, **_SHARE)
    asked, common = np.broadcast_arrays(asked, common)
    if np.any(asked >= 1 - common):
        place = tuple(np.argwhere(asked >= 1 - common)[0])
        raise Slip(
            f"reliability is {asked[place].item():.12g}; it must be a number below "
            f"{1 - common[place].item():g}, because a common cause stops all units for "
            f"{common[place].item():g} of the time"
        )
    spare = nbinom.ppf(asked / (1 - common) * (1 - _NOISE), needed, able)
    fleet = (needed + spare).astype(np.int64)
    return like(fleet, demand_mw, unit_mw, availability, reliability, common_cause)


@called("reactors.loss_of_load_hours")
def loss_of_load_hours(
    units: ArrayLike,
    demand_mw: ArrayLike,
    unit_mw: ArrayLike,
    availability: ArrayLike | None = None,
    common_cause: ArrayLike = 0.0,
    hours: ArrayLike = 8760,
) -> Any:
    """Expected hours in which the demand is not covered (LOLE).

    Parameters
    ----------
    units, demand_mw, unit_mw, availability, common_cause : array_like
        As for `firm_probability`.
    hours : array_like
        Length of the time in hours, above 0; a year by default.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Hours.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(loss_of_load_hours(3, 100, 55, 0.90))
    245
    """
    from scipy.stats import binom

    count, needed, able, common = _site(units, demand_mw, unit_mw, availability, common_cause)
    time = number("hours", hours, above=0)
    # Not 1 - firm_probability, which loses the digits of a small risk.
    short = common + (1 - common) * binom.cdf(needed - 1, count, able)
    return like(time * short, units, demand_mw, unit_mw, availability, common_cause, hours)


@called("reactors.unserved_energy_mwh")
def unserved_energy_mwh(
    units: ArrayLike,
    demand_mw: ArrayLike,
    unit_mw: ArrayLike,
    availability: ArrayLike | None = None,
    common_cause: ArrayLike = 0.0,
    hours: ArrayLike = 8760,
) -> Any:
    """Expected energy that the units fail to deliver (EUE).

    Parameters
    ----------
    units, demand_mw, unit_mw, availability, common_cause : array_like
        As for `firm_probability`.
    hours : array_like
        Length of the time in hours, above 0; a year by default.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        MWh.

    Raises
    ------
    ValueError
        If an input is out of range.

    Notes
    -----
    ``sum over j < k of pmf(j) * (demand - j * unit)`` with ``j * pmf(j; n) = n * a * pmf(j - 1;
    n - 1)``, so that two distribution functions do the sum.

    Examples
    --------
    >>> round(unserved_energy_mwh(3, 100, 55, 0.90))
    11519
    """
    from scipy.stats import binom

    count, needed, able, common = _site(units, demand_mw, unit_mw, availability, common_cause)
    time = number("hours", hours, above=0)
    demand, unit = np.asarray(demand_mw, float), np.asarray(unit_mw, float)
    short = demand * binom.cdf(needed - 1, count, able)
    delivered = unit * count * able * binom.cdf(needed - 2, count - 1, able)
    missing = common * demand + (1 - common) * np.maximum(short - delivered, 0)
    return like(time * missing, units, demand_mw, unit_mw, availability, common_cause, hours)


@called("reactors.built_per_firm_mw")
def built_per_firm_mw(
    demand_mw: ArrayLike,
    unit_mw: ArrayLike,
    availability: ArrayLike | None = None,
    reliability: ArrayLike | None = None,
    common_cause: ArrayLike = 0.0,
) -> Any:
    """MW to build for each firm MW, off the grid.

    Parameters
    ----------
    demand_mw, unit_mw, availability, reliability, common_cause : array_like
        As for `smallest_firm_fleet`.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Capacity of the smallest firm fleet over the demand.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(built_per_firm_mw(100, 55, 0.90), 2)
    3.3
    """
    fleet = smallest_firm_fleet(demand_mw, unit_mw, availability, reliability, common_cause)
    built = np.asarray(fleet) * np.asarray(unit_mw, float) / np.asarray(demand_mw, float)
    return like(built, demand_mw, unit_mw, availability, reliability, common_cause)


@called("reactors.outage_distribution")
def outage_distribution(
    units: int, unit_mw: float, availability: float | None = None, common_cause: float = 0.0
) -> dict[str, np.ndarray]:
    """How likely it is that none, one, two ... of the units run.

    Parameters
    ----------
    units : int
        Units built, 1 or more.
    unit_mw : float
        Electric output of one unit in MW, above 0.
    availability : float, optional
        As for `firm_probability`, with the same default.
    common_cause : float
        As for `firm_probability`.

    Returns
    -------
    dict of numpy.ndarray
        Columns ``units_running``, ``available_mw`` and ``probability``, ready for a DataFrame.

    Raises
    ------
    ValueError
        If an input is out of range or an array.

    Examples
    --------
    >>> outage_distribution(2, 55, 0.90)["probability"].round(2).tolist()
    [0.01, 0.18, 0.81]
    """
    from scipy.stats import binom

    count = int(scalar("units", units, at_least=1, whole=True))
    unit = scalar("unit_mw", unit_mw, above=0)
    able = scalar("availability", given(availability, "unit_availability"), **_SHARE)
    common = scalar("common_cause", common_cause, **_SHARE)
    running = np.arange(count + 1)
    probability = (1 - common) * binom.pmf(running, count, able)
    probability[0] += common
    return {"units_running": running, "available_mw": running * unit, "probability": probability}


@called("reactors.simulate_firm_probability")
def simulate_firm_probability(
    units: int,
    demand_mw: float,
    unit_mw: float,
    availability: float | None = None,
    common_cause: float = 0.0,
    *,
    trials: int = 100_000,
    seed: int,
) -> float:
    """Estimate the probability of firm power by drawing lots, to check `firm_probability`.

    Parameters
    ----------
    units, demand_mw, unit_mw, availability, common_cause : float
        As for `firm_probability`; single values.
    trials : int
        Hours drawn, 1 or more. The standard error is ``sqrt(p * (1 - p) / trials)``.
    seed : int
        Start of the random numbers, 0 or more, so that the estimate can be repeated.

    Returns
    -------
    float
        Share of the hours drawn in which enough units ran.

    Raises
    ------
    ValueError
        If an input is out of range or an array.

    Examples
    --------
    >>> abs(simulate_firm_probability(3, 100, 55, 0.90, seed=1) - 0.972) < 0.002
    True
    """
    count = int(scalar("units", units, at_least=1, whole=True))
    demand = scalar("demand_mw", demand_mw, above=0)
    unit = scalar("unit_mw", unit_mw, above=0)
    able = scalar("availability", given(availability, "unit_availability"), **_SHARE)
    common = scalar("common_cause", common_cause, **_SHARE)
    draws = int(scalar("trials", trials, at_least=1, whole=True))
    lots = np.random.default_rng(int(scalar("seed", seed, at_least=0, whole=True)))
    running = np.zeros(draws, dtype=np.int64)
    for _ in range(count):
        running += lots.random(draws) < able
    spared = lots.random(draws) >= common
    return float(np.mean((running >= units_running_needed(demand, unit)) & spared))


@called("reactors.capacity_factor")
def capacity_factor(energy_gwh: ArrayLike, capacity_mw: ArrayLike, hours: ArrayLike = 8760) -> Any:
    """Energy given over the energy that full power all the time would have given.

    Parameters
    ----------
    energy_gwh : array_like
        Energy in the time, in GWh, 0 or more.
    capacity_mw : array_like
        Capacity in MW, above 0: gross with gross energy, net with net.
    hours : array_like
        Length of the time in hours, above 0; a leap year has 8,784.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Share. Low output may mean low demand, so it is no measure of reliability.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(capacity_factor(250, 70, hours=8784), 3)  # Akademik Lomonosov in 2024
    0.407
    """
    energy = number("energy_gwh", energy_gwh, at_least=0)
    capacity = number("capacity_mw", capacity_mw, above=0)
    time = number("hours", hours, above=0)
    return like(energy * _MWH_PER_GWH / (capacity * time), energy_gwh, capacity_mw, hours)


@called("reactors.generation_gwh")
def generation_gwh(
    capacity_mw: ArrayLike,
    capacity_factor: ArrayLike | None = None,
    hours: ArrayLike = 8760,
) -> Any:
    """Energy that a capacity gives at a capacity factor.

    Parameters
    ----------
    capacity_mw : array_like
        Capacity in MW, 0 or more.
    capacity_factor : array_like, optional
        Share of full power given on average, 0 to 1. Default: parameter
        ``world_capacity_factor`` (source ``wna``).
    hours : array_like
        Length of the time in hours, above 0.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        GWh.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(generation_gwh(70, 0.83))
    509
    """
    capacity = number("capacity_mw", capacity_mw, at_least=0)
    factor = number("capacity_factor", given(capacity_factor, "world_capacity_factor"), **_SHARE)
    time = number("hours", hours, above=0)
    return like(capacity * factor * time / _MWH_PER_GWH, capacity_mw, capacity_factor, hours)


@called("reactors.units_for_average")
def units_for_average(
    load_mw: ArrayLike, unit_mw: ArrayLike, capacity_factor: ArrayLike | None = None
) -> Any:
    """Units whose energy over a year equals an average load, with a grid to even out.

    Parameters
    ----------
    load_mw : array_like
        Average load in MW, above 0.
    unit_mw : array_like
        Electric output of one unit in MW, above 0.
    capacity_factor : array_like, optional
        Share of full power given on average, above 0 to 1. Default: parameter
        ``world_capacity_factor`` (source ``wna``).

    Returns
    -------
    int, numpy.ndarray or pandas.Series
        Units, rounded up.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> units_for_average(2500, 55, 0.83), units_for_average(2500, 1255, 0.83)
    (55, 3)
    """
    load = number("load_mw", load_mw, above=0)
    unit = number("unit_mw", unit_mw, above=0)
    factor = number(
        "capacity_factor", given(capacity_factor, "world_capacity_factor"), above=0, at_most=1
    )
    return like(ceiling("units", load / (unit * factor)), load_mw, unit_mw, capacity_factor)
