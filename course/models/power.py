"""From accelerators to megawatts to terawatt-hours.

The chain: nodes of several accelerators have a rating; they draw a share of it; network and
storage come on top; the site's PUE covers cooling and losses.
"""

from __future__ import annotations

from typing import Any

from course.models._inputs import at_least, default, fraction, plain, positive, within

__all__ = [
    "board_power_mw",
    "energy_twh",
    "growth_per_year",
    "implied_use",
    "it_power_mw",
    "kw_per_rack",
    "site_power_mw",
]

_HOURS = 8760


def board_power_mw(accelerators: Any, board_w: Any = None) -> Any:
    """Rated power of the accelerator boards alone.

    Parameters
    ----------
    accelerators : float or array
        Number of accelerators, 0 or more.
    board_w : float or array, optional
        Rating of one board, W; parameter ``h100_tdp`` (source: dgx) if left out.

    Returns
    -------
    float or array
        Power in MW. A server draws more than its boards.

    Raises
    ------
    ValueError
        If an argument is negative or no number.

    Examples
    --------
    >>> board_power_mw(100_000)
    70.0
    """
    count = at_least("accelerators", accelerators, 0)
    rating = positive("board_w", default(board_w, "h100_tdp"))
    return plain(count * rating / 1e6)


def it_power_mw(
    accelerators: Any,
    per_node: Any = 8,
    node_kw: Any = None,
    load: Any = None,
    overhead: Any = None,
) -> Any:
    """Power that computers, network and storage draw.

    P_IT = (n / g) * p_node * l * x

    Parameters
    ----------
    accelerators : float or array
        Number of accelerators n, 0 or more.
    per_node : float or array, optional
        Accelerators per node g.
    node_kw : float or array, optional
        Rating of one node, kW; parameter ``node_nameplate_8xh100`` (dgx) if left out.
    load : float or array, optional
        Share of the rating that is drawn, above 0 to 1; 1 gives nameplate power; parameter
        ``node_load_factor_training`` (h100-node, measured) if left out.
    overhead : float or array, optional
        Factor for network and storage, 1 or more; parameter ``it_extra_network_storage`` if left
        out.

    Returns
    -------
    float or array
        IT power in MW.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> round(it_power_mw(100_000), 1)
    106.6
    """
    count = at_least("accelerators", accelerators, 0)
    nodes = count / positive("per_node", per_node)
    rating = positive("node_kw", default(node_kw, "node_nameplate_8xh100"))
    share = fraction("load", default(load, "node_load_factor_training"), open_low=True)
    extra = at_least("overhead", default(overhead, "it_extra_network_storage"), 1)
    return plain(nodes * rating * share * extra / 1000)


def site_power_mw(
    accelerators: Any,
    pue: Any,
    per_node: Any = 8,
    node_kw: Any = None,
    load: Any = None,
    overhead: Any = None,
) -> Any:
    """Power that a whole site draws.

    P_site = P_IT * PUE

    Parameters
    ----------
    accelerators, per_node, node_kw, load, overhead
        As for `it_power_mw`.
    pue : float or array
        Power usage effectiveness, site power over IT power, 1 or more.

    Returns
    -------
    float or array
        Site power in MW.

    Raises
    ------
    ValueError
        If an argument is outside its range; a PUE below 1 is impossible.

    Examples
    --------
    >>> round(site_power_mw(100_000, pue=1.2), 1)
    127.9
    """
    factor = at_least("pue", pue, 1)
    return plain(it_power_mw(accelerators, per_node, node_kw, load, overhead) * factor)


def energy_twh(power_mw: Any, use: Any = 1.0, hours: Any = _HOURS) -> Any:
    """Energy that a power draws over time.

    E = P * h * u

    Parameters
    ----------
    power_mw : float or array
        Power, MW.
    use : float or array, optional
        Share of the hours busy, 0 to 1.
    hours : float or array, optional
        Length of the period; a year of 8,760 hours if left out.

    Returns
    -------
    float or array
        Energy in TWh.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> round(energy_twh(127.9, use=0.9), 2)
    1.01
    """
    drawn = at_least("power_mw", power_mw, 0)
    return plain(drawn * positive("hours", hours) * fraction("use", use) / 1e6)


def implied_use(energy_twh: Any, capacity_gw: Any) -> Any:
    """Average use that a yearly energy and a capacity assume together.

    Parameters
    ----------
    energy_twh : float or array
        Energy in a year, TWh.
    capacity_gw : float or array
        Capacity, GW, above 0.

    Returns
    -------
    float or array
        Share of the capacity in use on average. Above 1 the two figures cannot both be right.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> round(implied_use(325, 74), 2)
    0.5
    """
    used = at_least("energy_twh", energy_twh, 0)
    return plain(used / (positive("capacity_gw", capacity_gw) * _HOURS / 1000))


def growth_per_year(start: Any, end: Any, years: Any) -> Any:
    """Constant yearly growth that leads from one value to another.

    Parameters
    ----------
    start, end : float or array
        Values above 0, of the same unit.
    years : float or array
        Years between them, above 0.

    Returns
    -------
    float or array
        Growth a year as a share: 0.147 is 14.7 %.

    Raises
    ------
    ValueError
        If an argument is not above 0.

    Examples
    --------
    >>> round(growth_per_year(415, 945, 6), 3)
    0.147
    """
    ratio = positive("end", end) / positive("start", start)
    return plain(ratio ** (1 / positive("years", years)) - 1)


def kw_per_rack(capacity_mw: Any, racks: Any, pue: Any) -> Any:
    """IT power that stands behind one rack on average.

    Parameters
    ----------
    capacity_mw : float or array
        Power of the sites, MW.
    racks : float or array
        Number of racks, above 0.
    pue : float or array
        Power usage effectiveness, 1 or more.

    Returns
    -------
    float or array
        kW a rack.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> round(kw_per_rack(841, 82_500, 1.5), 1)
    6.8
    """
    site = at_least("capacity_mw", capacity_mw, 0)
    count = within("racks", racks, 0, float("inf"), "above 0", open_low=True)
    return plain(site * 1000 / count / at_least("pue", pue, 1))
