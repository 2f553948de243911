"""Blocs in a trade network: shares within and between, a schism index, modularity.

All of it hangs on the list of blocs. Fix the list before you look, then try others.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course.models._inputs import like, number, scalar
from course.slips import Slip, called

__all__ = [
    "BlocShares",
    "best_partition",
    "bloc_shares",
    "expected_between",
    "modularity",
    "schism_index",
    "shares_by_bloc",
    "tokens",
]


class BlocShares(NamedTuple):
    """Shares of all trade, adding up to 1: within blocs, between them, and with connectors."""

    within: float
    between: float
    connectors: float


def _network(matrix: ArrayLike, blocs: Sequence[Hashable | None] | None) -> np.ndarray:
    flows = number("matrix", matrix, at_least=0)
    if flows.ndim != 2 or flows.shape[0] != flows.shape[1]:
        raise Slip(f"matrix has the shape {flows.shape}; it must be square, one row a country")
    if blocs is not None and len(blocs) != len(flows):
        raise Slip(
            f"blocs names {len(blocs)} countries and matrix has {len(flows)}; name each once"
        )
    # What a country trades with itself is no foreign trade; direction does not matter here.
    both = flows + flows.T
    np.fill_diagonal(both, 0)
    if both.sum() == 0:
        raise Slip("matrix has no trade between countries; there is nothing to share out")
    return both


@called("blocs.bloc_shares")
def bloc_shares(matrix: ArrayLike, blocs: Sequence[Hashable | None]) -> BlocShares:
    """Share of trade within blocs, between blocs, and of what involves a connector.

    Parameters
    ----------
    matrix : array_like
        Trade from row to column, any unit, 0 or more, shape (n, n). The diagonal is left out.
    blocs : sequence
        The bloc of each country, shape (n,); None for a connector, which belongs to none.

    Returns
    -------
    BlocShares
        Three shares that add up to 1.

    Raises
    ------
    ValueError
        If the matrix is not square, has no trade, or the list has another length.

    Examples
    --------
    >>> bloc_shares([[0, 2, 1], [0, 0, 1], [0, 0, 0]], ["a", "a", "b"])
    BlocShares(within=0.5, between=0.5, connectors=0.0)
    """
    both = _network(matrix, blocs)
    total = both.sum()
    connector = np.array([one is None for one in blocs])
    same = np.array([[one is not None and one == other for other in blocs] for one in blocs])
    with_connector = connector[:, None] | connector[None, :]
    within = float(both[same].sum() / total)
    linked = float(both[with_connector].sum() / total)
    return BlocShares(within, float(both[~same & ~with_connector].sum() / total), linked)


@called("blocs.expected_between")
def expected_between(matrix: ArrayLike, blocs: Sequence[Hashable | None]) -> float:
    """Share of trade between blocs under proportional mixing.

    Each pair of countries would trade in proportion to the product of their total trade; a country
    does not trade with itself.

    Parameters
    ----------
    matrix, blocs
        As for :func:`bloc_shares`.

    Returns
    -------
    float
        Share from 0 to 1.

    Raises
    ------
    ValueError
        As for :func:`bloc_shares`.

    Examples
    --------
    >>> round(expected_between([[0, 2, 1], [0, 0, 1], [0, 0, 0]], ["a", "a", "b"]), 3)
    0.571
    """
    both = _network(matrix, blocs)
    size = both.sum(axis=1)
    mixed = np.outer(size, size)
    np.fill_diagonal(mixed, 0)
    return bloc_shares(mixed, blocs).between


@called("blocs.schism_index")
def schism_index(matrix: ArrayLike, blocs: Sequence[Hashable | None]) -> float:
    """How much less the blocs trade with each other than under proportional mixing.

    ``1 - B / B*``: 1 if they do not trade at all, 0 if as much as their sizes suggest, below 0 if
    more.

    Parameters
    ----------
    matrix, blocs
        As for :func:`bloc_shares`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As for :func:`bloc_shares`, or if there are fewer than two blocs.

    Examples
    --------
    >>> round(schism_index([[0, 2, 1], [0, 0, 1], [0, 0, 0]], ["a", "a", "b"]), 3)
    0.125
    """
    expected = expected_between(matrix, blocs)
    if expected == 0:
        raise Slip("blocs names fewer than two blocs that trade; there is nothing between")
    return 1 - bloc_shares(matrix, blocs).between / expected


def _graph(both: np.ndarray) -> Any:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(both)))
    for i, j in zip(*np.nonzero(np.triu(both)), strict=True):
        graph.add_edge(int(i), int(j), weight=float(both[i, j]))
    return graph


@called("blocs.modularity")
def modularity(matrix: ArrayLike, blocs: Sequence[Hashable | None]) -> float:
    """Modularity of a fixed list of blocs; connectors count as one more group.

    ``Q = sum over blocs of (w_in / w - (d / 2w)^2)``. Above 0 the blocs trade more within than
    chance would have it, below 0 less. This chance pairs each country with itself as well: in a
    small network of foreign trade it expects too much within, and Q comes out too low. Where its
    sign and that of :func:`schism_index` differ, that is why.

    Parameters
    ----------
    matrix, blocs
        As for :func:`bloc_shares`.

    Returns
    -------
    float
        From -0.5 to below 1.

    Raises
    ------
    ValueError
        As for :func:`bloc_shares`.

    References
    ----------
    Newman and Girvan (2004), Finding and evaluating community structure in networks, Physical
    Review E 69, 026113; computed by networkx.

    Examples
    --------
    >>> modularity([[0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]], list("aabb"))
    0.5
    """
    import networkx as nx

    both = _network(matrix, blocs)
    groups: dict[Any, set[int]] = {}
    for place, bloc in enumerate(blocs):
        groups.setdefault(("connectors",) if bloc is None else ("bloc", bloc), set()).add(place)
    return float(nx.community.modularity(_graph(both), groups.values(), weight="weight"))


@called("blocs.best_partition")
def best_partition(matrix: ArrayLike, seed: int = 0) -> list[set[int]]:
    """Groups that software finds without being told any.

    Parameters
    ----------
    matrix : array_like
        As for :func:`bloc_shares`.
    seed : int
        The search is partly random; the same seed gives the same groups.

    Returns
    -------
    list of set of int
        Places of the countries, largest group first. A good partition, not surely the best.

    Raises
    ------
    ValueError
        As for :func:`bloc_shares`.

    References
    ----------
    Blondel and others (2008), Fast unfolding of communities in large networks, Journal of
    Statistical Mechanics P10008; computed by networkx.

    Examples
    --------
    >>> best_partition([[0, 9, 0, 1], [0, 0, 0, 0], [0, 0, 0, 9], [0, 0, 0, 0]])
    [{0, 1}, {2, 3}]
    """
    import networkx as nx

    graph = _graph(_network(matrix, None))
    chosen = int(scalar("seed", seed, at_least=0, whole=True))
    found = nx.community.louvain_communities(graph, weight="weight", seed=chosen)
    return sorted((set(one) for one in found), key=lambda one: (-len(one), min(one)))


@called("blocs.shares_by_bloc")
def shares_by_bloc(
    values: Mapping[Hashable, float], blocs: Mapping[Hashable, str], other: str = "other"
) -> dict[str, float]:
    """One exporter's sales by the bloc of the buyer.

    Parameters
    ----------
    values : mapping or Series
        Sales by buyer, any unit, 0 or more.
    blocs : mapping
        Bloc by buyer; buyers not named there count as ``other``.
    other : str
        Name of that group.

    Returns
    -------
    dict of str to float
        Shares from 0 to 1 that add up to 1.

    Raises
    ------
    ValueError
        If nothing was sold or a value is out of range.

    Examples
    --------
    >>> shares_by_bloc({"CHN": 6, "USA": 3, "IND": 1}, {"CHN": "east", "USA": "west"})
    {'east': 0.6, 'west': 0.3, 'other': 0.1}
    """
    names = list(values.keys())
    sold = number(
        "values", list(values.values()) if isinstance(values, dict) else values.to_numpy()
    )
    if (sold < 0).any() or sold.sum() == 0:
        raise Slip("values must be 0 or more, and not all 0: there is nothing to share out")
    shares: dict[str, float] = {}
    for name, value in zip(names, sold, strict=True):
        bloc = blocs.get(name, other)
        shares[bloc] = shares.get(bloc, 0.0) + float(value)
    return {bloc: value / float(sold.sum()) for bloc, value in shares.items()}


@called("blocs.tokens")
def tokens(pages: ArrayLike, share: ArrayLike, tokens_per_page: ArrayLike) -> Any:
    """Pieces of text of one language in a crawl: pages times share times pieces a page.

    Parameters
    ----------
    pages : array_like
        Pages of the crawl, 0 or more.
    share : array_like
        Share of the language, from 0 to 1.
    tokens_per_page : array_like
        Tokens a page, 0 or more.

    Returns
    -------
    float or numpy.ndarray
        Tokens.

    Raises
    ------
    ValueError
        If an input is out of range.

    Examples
    --------
    >>> round(tokens(3e9, 0.06, 1000) / 1e9)
    180
    """
    result = number("pages", pages, at_least=0) * number("share", share, at_least=0, at_most=1)
    result = result * number("tokens_per_page", tokens_per_page, at_least=0)
    return like(result, pages, share, tokens_per_page)
