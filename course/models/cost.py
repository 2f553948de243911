"""Cost: from a price in roubles to dollars a kilowatt to the cost of a megawatt-hour.

Overnight costs only: interest during construction, decommissioning and sales of heat are left out,
and firmness has no price here. All of one sum must be in prices of one kind, real or nominal, and
the discount rate of the same kind.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course.models._inputs import given, like, number
from course.slips import called

__all__ = ["capital_recovery_factor", "electricity_share", "lcoe", "usd_per_kw"]

# MWh that a kilowatt gives in a year of 8,760 hours.
_MWH_PER_KW_YEAR = 8.76
_KW_PER_MW = 1e3


@called("cost.usd_per_kw")
def usd_per_kw(
    cost_rub: ArrayLike, capacity_mw: ArrayLike, rub_per_usd: ArrayLike | None = None
) -> Any:
    """Cost of a plant in dollars a kilowatt, from its price in roubles.

    Parameters
    ----------
    cost_rub : array_like
        Price of the whole plant, RUB, 0 or more.
    capacity_mw : array_like
        Electric capacity, MW, above 0.
    rub_per_usd : array_like, optional
        Roubles for a dollar; parameter ``rub_per_usd`` (a teaching choice) if left out. The day of
        the rate decides the result.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        USD per kW.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(usd_per_kw(75.4e9, 55), -2), round(usd_per_kw(75.4e9, 55, 75), -2)
    (15200.0, 18300.0)
    """
    rate = given(rub_per_usd, "rub_per_usd")
    dollars = number("cost_rub", cost_rub, at_least=0) / number("rub_per_usd", rate, above=0)
    kilowatts = number("capacity_mw", capacity_mw, above=0) * _KW_PER_MW
    return like(dollars / kilowatts, cost_rub, capacity_mw, rub_per_usd)


@called("cost.capital_recovery_factor")
def capital_recovery_factor(rate: ArrayLike, years: ArrayLike) -> Any:
    """Share of a loan that is paid back each year, with interest, in equal payments.

    ``CRF = i (1 + i)^n / ((1 + i)^n - 1)``, and ``1 / n`` without interest.

    Parameters
    ----------
    rate : array_like
        Discount rate a year as a share, 0 or more.
    years : array_like
        Years of payment, above 0.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Share a year.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(capital_recovery_factor(0.07, 60), 4), capital_recovery_factor(0, 50)
    (0.0712, 0.02)
    """
    interest = number("rate", rate, at_least=0)
    span = number("years", years, above=0)
    interest, span = np.broadcast_arrays(interest, span)
    # 1 - (1 + i)^-n keeps its digits where (1 + i)^n would overflow.
    spread = -np.expm1(-span * np.log1p(interest))
    factor = np.divide(interest, spread, out=np.array(1.0 / span), where=interest > 0)
    return like(factor, rate, years)


@called("cost.lcoe")
def lcoe(
    capex_usd_per_kw: ArrayLike,
    rate: ArrayLike,
    years: ArrayLike,
    capacity_factor: ArrayLike,
    fixed_usd_per_kw: ArrayLike | None = None,
    variable_usd_per_mwh: ArrayLike | None = None,
) -> Any:
    """Levelised cost of electricity: what a megawatt-hour must earn to pay for the plant.

    ``LCOE = (capex * CRF + fixed) / (8.76 * CF) + variable``.

    Parameters
    ----------
    capex_usd_per_kw : array_like
        Overnight cost, USD per kW, 0 or more.
    rate : array_like
        Discount rate a year as a share, 0 or more; real if the costs are real.
    years : array_like
        Years over which the plant is paid off, above 0.
    capacity_factor : array_like
        Share of what it could deliver in a year, above 0 and at most 1.
    fixed_usd_per_kw : array_like, optional
        Fixed operation and maintenance, USD per kW and year; parameter ``fixed_om`` if left out.
    variable_usd_per_mwh : array_like, optional
        Variable operation, maintenance and fuel, USD per MWh; parameter ``variable_om_and_fuel``
        if left out.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        USD per MWh.

    Raises
    ------
    ValueError
        If an input is out of range.

    References
    ----------
    The simple levelised cost of the US National Renewable Energy Laboratory, source key
    ``sam-lcoe``.

    Examples
    --------
    >>> round(lcoe(15_232, 0.07, 60, 0.83))
    178
    """
    fixed = given(fixed_usd_per_kw, "fixed_om")
    variable = given(variable_usd_per_mwh, "variable_om_and_fuel")
    capital = number("capex_usd_per_kw", capex_usd_per_kw, at_least=0)
    yearly = capital * np.asarray(capital_recovery_factor(rate, years))
    yearly = yearly + number("fixed_usd_per_kw", fixed, at_least=0)
    energy = _MWH_PER_KW_YEAR * number("capacity_factor", capacity_factor, above=0, at_most=1)
    cost = yearly / energy + number("variable_usd_per_mwh", variable, at_least=0)
    return like(
        cost,
        capex_usd_per_kw,
        rate,
        years,
        capacity_factor,
        fixed_usd_per_kw,
        variable_usd_per_mwh,
    )


@called("cost.electricity_share")
def electricity_share(
    price_usd_per_mwh: ArrayLike,
    chip_usd: ArrayLike | None = None,
    system_factor: ArrayLike | None = None,
    life_years: ArrayLike | None = None,
    site_kw: ArrayLike | None = None,
    busy: ArrayLike | None = None,
) -> Any:
    """Share of electricity in the cost of an accelerator and its power, over its life.

    Buildings, staff and network outside the system are left out, so of a whole model's cost the
    share is smaller.

    Parameters
    ----------
    price_usd_per_mwh : array_like
        Price of electricity, USD per MWh, 0 or more.
    chip_usd : array_like, optional
        Price of the chip, USD, above 0; parameter ``h100_price`` if left out.
    system_factor : array_like, optional
        Chip and its share of the system over the chip alone; parameter ``system_price_factor``.
    life_years : array_like, optional
        Years of use; parameter ``hardware_life``.
    site_kw : array_like, optional
        Power at the site for one chip, kW; parameter ``h100_site_power``.
    busy : array_like, optional
        Share of hours busy, from 0 to 1; parameter ``busy_share``.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Share from 0 to below 1.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(100 * electricity_share(80), 1)
    6.7
    """
    hardware = number("chip_usd", given(chip_usd, "h100_price"), above=0)
    hardware = hardware * number(
        "system_factor", given(system_factor, "system_price_factor"), at_least=1
    )
    energy = number("site_kw", given(site_kw, "h100_site_power"), at_least=0) * _MWH_PER_KW_YEAR
    energy = energy * number("life_years", given(life_years, "hardware_life"), above=0)
    energy = energy * number("busy", given(busy, "busy_share"), at_least=0, at_most=1)
    power = energy * number("price_usd_per_mwh", price_usd_per_mwh, at_least=0)
    inputs = (price_usd_per_mwh, chip_usd, system_factor, life_years, site_kw, busy)
    return like(power / (power + hardware), *inputs)
