"""Training compute: from parameters and tokens to FLOP, accelerators, days and energy.

``C = 6 N D`` with the parameters that are active for a token. FLOP is an amount, FLOP/s a rate:
``accelerators = C / (time * peak * MFU)``, with the peak of dense arithmetic in the precision
that was used.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course.models import power
from course.models._inputs import ceiling, given, like, number
from course.slips import called

__all__ = [
    "accelerators_needed",
    "growth_years",
    "implied_mfu",
    "training_days",
    "training_energy_gwh",
    "training_flop",
]

# Forward and backward pass: two FLOP and four FLOP for each parameter and token.
_FLOP_PER_PARAMETER_AND_TOKEN = 6
_SECONDS_PER_HOUR = 3600
_SECONDS_PER_DAY = 86_400
_KWH_PER_GWH = 1e6


@called("compute.training_flop")
def training_flop(active_parameters: ArrayLike, tokens: ArrayLike) -> Any:
    """Compute of a training run by the rule of six: 6 FLOP a parameter and token.

    Parameters
    ----------
    active_parameters : array_like
        Parameters that work on a token, above 0: all of a dense model, the active ones of a
        mixture of experts.
    tokens : array_like
        Training tokens, above 0.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        FLOP, an amount.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> f"{training_flop(4.05e11, 1.56e13):.3g}"  # Llama 3.1 405B
    '3.79e+25'
    """
    parameters = number("active_parameters", active_parameters, above=0)
    amount = number("tokens", tokens, above=0)
    return like(_FLOP_PER_PARAMETER_AND_TOKEN * parameters * amount, active_parameters, tokens)


@called("compute.accelerators_needed")
def accelerators_needed(
    flop: ArrayLike,
    days: ArrayLike,
    peak_flop_per_s: ArrayLike | None = None,
    mfu: ArrayLike | None = None,
) -> Any:
    """Accelerators that finish a training run in the days given, rounded up.

    Parameters
    ----------
    flop : array_like
        Compute of the run in FLOP, above 0.
    days : array_like
        Length of the run in days, above 0.
    peak_flop_per_s : array_like, optional
        Dense peak rate of one accelerator in FLOP/s. Default: parameter ``h100_peak_bf16_dense``
        (source ``llama``).
    mfu : array_like, optional
        Share of the peak achieved, above 0 to 1. Default: parameter ``mfu_large_training``
        (source ``llama``).

    Returns
    -------
    int, numpy.ndarray or pandas.Series
        Whole accelerators.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(accelerators_needed(5e26, days=100), -3)
    154000
    """
    amount = number("flop", flop, above=0)
    time = number("days", days, above=0)
    rate = _rate(peak_flop_per_s, mfu)
    count = ceiling("accelerators", amount / (time * _SECONDS_PER_DAY * rate))
    return like(count, flop, days, peak_flop_per_s, mfu)


@called("compute.training_days")
def training_days(
    flop: ArrayLike,
    accelerators: ArrayLike,
    peak_flop_per_s: ArrayLike | None = None,
    mfu: ArrayLike | None = None,
) -> Any:
    """Days that a training run takes on the accelerators given.

    Parameters
    ----------
    flop : array_like
        Compute of the run in FLOP, above 0.
    accelerators : array_like
        Number of accelerators, above 0.
    peak_flop_per_s, mfu : array_like, optional
        As for `accelerators_needed`, with the same defaults.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Days.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(training_days(3.2e24, 1592, peak_flop_per_s=3.12e14, mfu=0.35))
    213
    """
    amount = number("flop", flop, above=0)
    count = number("accelerators", accelerators, above=0)
    days = amount / (count * _rate(peak_flop_per_s, mfu)) / _SECONDS_PER_DAY
    return like(days, flop, accelerators, peak_flop_per_s, mfu)


def _rate(peak_flop_per_s: ArrayLike | None, mfu: ArrayLike | None) -> np.ndarray:
    """FLOP/s that one accelerator achieves."""
    peak = number("peak_flop_per_s", given(peak_flop_per_s, "h100_peak_bf16_dense"), above=0)
    return peak * number("mfu", given(mfu, "mfu_large_training"), above=0, at_most=1)


@called("compute.implied_mfu")
def implied_mfu(
    flop: ArrayLike, accelerator_hours: ArrayLike, peak_flop_per_s: ArrayLike | None = None
) -> Any:
    """Share of the peak rate that a whole run achieved, when FLOP and hours are both known.

    Parameters
    ----------
    flop : array_like
        Compute of the run in FLOP, above 0.
    accelerator_hours : array_like
        Accelerators times hours, above 0.
    peak_flop_per_s : array_like, optional
        Dense peak rate of one accelerator in FLOP/s, in the precision that the share is to be
        stated for. Default: parameter ``h100_peak_bf16_dense`` (source ``llama``).

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Share of the peak. Downtime and other phases lower it; above 1 it cannot be, so then an
        input is wrong (all parameters taken for the active ones, or the peak of another chip).

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(implied_mfu(training_flop(4.05e11, 1.56e13), 30.84e6), 3)
    0.345
    """
    amount = number("flop", flop, above=0)
    time = number("accelerator_hours", accelerator_hours, above=0)
    peak = number("peak_flop_per_s", given(peak_flop_per_s, "h100_peak_bf16_dense"), above=0)
    share = amount / (time * _SECONDS_PER_HOUR * peak)
    return like(share, flop, accelerator_hours, peak_flop_per_s)


@called("compute.training_energy_gwh")
def training_energy_gwh(
    accelerator_hours: ArrayLike, *, pue: ArrayLike, kw_per_accelerator: ArrayLike | None = None
) -> Any:
    """Energy of a training run at the site.

    Parameters
    ----------
    accelerator_hours : array_like
        Accelerators times hours, 0 or more.
    pue : array_like
        Power usage effectiveness, 1 or more; a choice, so without default.
    kw_per_accelerator : array_like, optional
        IT power for one accelerator in kW, before the PUE. Default:
        `course.models.power.kw_per_accelerator` with its parameters (sources ``dgx``,
        ``h100-node``, ``calc``).

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
    >>> round(training_energy_gwh(30.84e6, pue=1.1))  # Llama 3.1 405B
    36
    """
    time = number("accelerator_hours", accelerator_hours, at_least=0)
    ratio = number("pue", pue, at_least=1)
    each = power.kw_per_accelerator() if kw_per_accelerator is None else kw_per_accelerator
    each = number("kw_per_accelerator", each, above=0)
    return like(time * each * ratio / _KWH_PER_GWH, accelerator_hours, pue, kw_per_accelerator)


@called("compute.growth_years")
def growth_years(flop_ratio: ArrayLike, growth_per_year: ArrayLike | None = None) -> Any:
    """Years of growth that a ratio of compute amounts to.

    Parameters
    ----------
    flop_ratio : array_like
        Compute of the larger run over that of the smaller, above 0; below 1 the years are
        negative.
    growth_per_year : array_like, optional
        Factor by which compute grows in a year, above 1: 4.6 is "4.6 times a year", not 4.6 %.
        Default: parameter ``compute_growth`` (source ``e-comp``).

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Years.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> [round(growth_years(156, factor), 1) for factor in (5, 4)]
    [3.1, 3.6]
    """
    ratio = number("flop_ratio", flop_ratio, above=0)
    factor = number("growth_per_year", given(growth_per_year, "compute_growth"), above=1)
    return like(np.log(ratio) / np.log(factor), flop_ratio, growth_per_year)
