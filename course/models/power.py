"""Power of a cluster of accelerators: from boards to nodes to the site to energy in a year.

``P_IT = (n / g) * p_node * load * overhead`` and ``P_site = P_IT * PUE``. A board is not a
server, a rating is not a draw, and the PUE applies to all of the IT load.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course.models._inputs import given, like, number
from course.slips import called

__all__ = [
    "board_power_mw",
    "energy_twh",
    "growth_per_year",
    "implied_use",
    "it_power_mw",
    "kw_per_accelerator",
    "kw_per_rack",
    "node_kw_of_boards",
    "nodes",
    "site_power_mw",
]

_KW_PER_MW = 1e3
_W_PER_MW = 1e6
_MWH_PER_TWH = 1e6


@called("power.board_power_mw")
def board_power_mw(accelerators: ArrayLike, board_w: ArrayLike | None = None) -> Any:
    """Power rating of the accelerator boards alone, which is not what a site draws.

    Parameters
    ----------
    accelerators : array_like
        Number of accelerators, 0 or more.
    board_w : array_like, optional
        Rating of one board in W. Default: parameter ``h100_tdp`` (source ``dgx``).

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        MW, of the kind of the inputs.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> board_power_mw(100_000)
    70.0
    """
    count = number("accelerators", accelerators, at_least=0)
    board = number("board_w", given(board_w, "h100_tdp"), above=0)
    return like(count * board / _W_PER_MW, accelerators, board_w)


@called("power.nodes")
def nodes(accelerators: ArrayLike, per_node: ArrayLike | None = None) -> Any:
    """Servers that hold the accelerators; a part of a server counts as a part.

    Parameters
    ----------
    accelerators : array_like
        Number of accelerators, 0 or more.
    per_node : array_like, optional
        Accelerators in one server. Default: parameter ``accelerators_per_node`` (source ``dgx``).

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Number of servers.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> nodes(100_000)
    12500.0
    """
    count = number("accelerators", accelerators, at_least=0)
    group = number("per_node", given(per_node, "accelerators_per_node"), at_least=1, whole=True)
    return like(count / group, accelerators, per_node)


@called("power.node_kw_of_boards")
def node_kw_of_boards(board_w: ArrayLike) -> Any:
    """Rated power of a server of eight boards, in proportion to the rating of its boards.

    A teaching choice for servers whose rating is in no table: all the rest of the server (CPUs,
    memory, fans) is taken to grow with its boards, as in a server with eight H100.

    Parameters
    ----------
    board_w : array_like
        Rated power of one board, W, 0 or more.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        kW a server.

    Raises
    ------
    ValueError
        If an input is out of range.

    References
    ----------
    Parameters ``node_nameplate_8xh100`` (kW) and ``h100_tdp`` (W).

    Examples
    --------
    >>> round(node_kw_of_boards(700), 1)  # H100: the rating it starts from
    10.2
    >>> round(node_kw_of_boards(400), 2)  # A100
    5.83
    """
    watts = number("board_w", board_w, at_least=0)
    return like(watts * given(None, "node_nameplate_8xh100") / given(None, "h100_tdp"), board_w)


@called("power.kw_per_accelerator")
def kw_per_accelerator(
    per_node: ArrayLike | None = None,
    node_kw: ArrayLike | None = None,
    load: ArrayLike | None = None,
    overhead: ArrayLike | None = None,
) -> Any:
    """IT power drawn for one accelerator: its part of the server, network and storage included.

    Parameters
    ----------
    per_node : array_like, optional
        Accelerators in one server. Default: parameter ``accelerators_per_node`` (source ``dgx``).
    node_kw : array_like, optional
        Rated maximum power of one server in kW. Default: parameter ``node_nameplate_8xh100``
        (source ``dgx``).
    load : array_like, optional
        Power drawn as a share of that rating, 0 to 1; 1.0 gives nameplate power. Default:
        parameter ``node_load_factor_training`` (source ``h100-node``).
    overhead : array_like, optional
        Factor for network and storage, 1 or more. Default: parameter
        ``it_extra_network_storage`` (sources ``calc`` and ``course``: a teaching choice).

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        kW of IT load for one accelerator. Times the PUE, it is the power at the site.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(kw_per_accelerator() * 1.2, 2)  # at the site, with a PUE of 1.2
    1.28
    """
    group = number("per_node", given(per_node, "accelerators_per_node"), at_least=1, whole=True)
    rating = number("node_kw", given(node_kw, "node_nameplate_8xh100"), above=0)
    share = number("load", given(load, "node_load_factor_training"), at_least=0, at_most=1)
    extra = number("overhead", given(overhead, "it_extra_network_storage"), at_least=1)
    return like(rating * share * extra / group, per_node, node_kw, load, overhead)


@called("power.it_power_mw")
def it_power_mw(
    accelerators: ArrayLike,
    per_node: ArrayLike | None = None,
    node_kw: ArrayLike | None = None,
    load: ArrayLike | None = None,
    overhead: ArrayLike | None = None,
) -> Any:
    """Power drawn by the computers: servers, network and storage, before the building's share.

    Parameters
    ----------
    accelerators : array_like
        Number of accelerators, 0 or more.
    per_node, node_kw, load, overhead : array_like, optional
        As for `kw_per_accelerator`, with the same defaults. ``load=1.0`` gives nameplate power.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        MW of IT load.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(it_power_mw(100_000), 1)
    106.6
    """
    count = number("accelerators", accelerators, at_least=0)
    each_kw = kw_per_accelerator(per_node, node_kw, load, overhead)
    return like(
        count * np.asarray(each_kw) / _KW_PER_MW, accelerators, per_node, node_kw, load, overhead
    )


@called("power.site_power_mw")
def site_power_mw(
    accelerators: ArrayLike,
    pue: ArrayLike,
    per_node: ArrayLike | None = None,
    node_kw: ArrayLike | None = None,
    load: ArrayLike | None = None,
    overhead: ArrayLike | None = None,
) -> Any:
    """Power drawn by the whole site: the IT load times its power usage effectiveness.

    Parameters
    ----------
    accelerators : array_like
        Number of accelerators, 0 or more.
    pue : array_like
        Power usage effectiveness, site power over IT power, 1 or more. It has no default, because
        it is a choice: parameters ``pue_hyperscale``, ``pue_survey_mean`` and ``pue_russia``.
    per_node, node_kw, load, overhead : array_like, optional
        As for `kw_per_accelerator`, with the same defaults. ``load=1.0`` gives nameplate power.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        MW at the site.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(site_power_mw(100_000, pue=1.2), 1)
    127.9
    >>> round(site_power_mw(100_000, pue=1.2, load=1.0), 1)  # at nameplate
    168.3
    """
    ratio = number("pue", pue, at_least=1)
    it_mw = it_power_mw(accelerators, per_node, node_kw, load, overhead)
    return like(np.asarray(it_mw) * ratio, accelerators, pue, per_node, node_kw, load, overhead)


@called("power.energy_twh")
def energy_twh(power_mw: ArrayLike, use: ArrayLike = 1.0, hours: ArrayLike = 8760) -> Any:
    """Energy used over a time, a year unless told otherwise.

    Parameters
    ----------
    power_mw : array_like
        Power in MW, 0 or more.
    use : array_like
        Share of the hours in which it is drawn, 0 to 1. The share of a server's rating is not
        meant here: `site_power_mw` has it already.
    hours : array_like
        Length of the time in hours, above 0; a leap year has 8,784.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        TWh.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(energy_twh(127.9, use=0.9), 2)
    1.01
    """
    power = number("power_mw", power_mw, at_least=0)
    share = number("use", use, at_least=0, at_most=1)
    time = number("hours", hours, above=0)
    return like(power * share * time / _MWH_PER_TWH, power_mw, use, hours)


@called("power.implied_use")
def implied_use(energy_twh: ArrayLike, capacity_gw: ArrayLike, hours: ArrayLike = 8760) -> Any:
    """Average use that an energy and a capacity imply, when a source gives both.

    Parameters
    ----------
    energy_twh : array_like
        Energy used in the time, in TWh, 0 or more.
    capacity_gw : array_like
        Capacity in GW, above 0.
    hours : array_like
        Length of the time in hours, above 0.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Share of the capacity in use on average. Above 1, the two figures are not of one thing.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(implied_use(325, 74), 2)
    0.5
    """
    energy = number("energy_twh", energy_twh, at_least=0)
    capacity = number("capacity_gw", capacity_gw, above=0)
    time = number("hours", hours, above=0)
    return like(energy * 1e3 / (capacity * time), energy_twh, capacity_gw, hours)


@called("power.growth_per_year")
def growth_per_year(start: ArrayLike, end: ArrayLike, years: ArrayLike) -> Any:
    """Steady yearly growth that leads from one value to another.

    Parameters
    ----------
    start, end : array_like
        First and last value, in one unit, above 0.
    years : array_like
        Years between them, above 0.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        Growth as a share: 0.15 is 15 % a year.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(growth_per_year(415, 945, 2030 - 2024), 3)
    0.147
    """
    first = number("start", start, above=0)
    last = number("end", end, above=0)
    time = number("years", years, above=0)
    return like((last / first) ** (1 / time) - 1, start, end, years)


@called("power.kw_per_rack")
def kw_per_rack(capacity_mw: ArrayLike, racks: ArrayLike, pue: ArrayLike) -> Any:
    """IT power that a site's capacity leaves for one rack.

    Parameters
    ----------
    capacity_mw : array_like
        Capacity of the site in MW, above 0.
    racks : array_like
        Number of racks, above 0.
    pue : array_like
        Power usage effectiveness, 1 or more.

    Returns
    -------
    float, numpy.ndarray or pandas.Series
        kW a rack.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(kw_per_rack(841, 82_500, pue=1.5), 1)
    6.8
    """
    capacity = number("capacity_mw", capacity_mw, above=0)
    count = number("racks", racks, above=0)
    ratio = number("pue", pue, at_least=1)
    return like(capacity * _KW_PER_MW / count / ratio, capacity_mw, racks, pue)
