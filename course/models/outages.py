"""Outages on record: whether units are out together more often than chance would have it.

The fleets of :mod:`course.models.reactors` fail independently but for a common cause. A record of
which units were out when tells whether that holds, pair by pair and for their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course.slips import Slip, called

__all__ = [
    "out_together",
    "spread_of_outages",
]


class OutTogether(NamedTuple):
    """How often two units of one group are out at once, seen and by chance."""

    pairs: int
    seen: float
    by_chance: float


class Spread(NamedTuple):
    """Variance of the number of units that are out at once, seen and by chance."""

    seen: float
    by_chance: float


def _record(out: ArrayLike) -> np.ndarray:
    """A record of times by units, checked: True where a unit was out."""
    record = np.asarray(out)
    if record.ndim != 2 or record.shape[0] < 2 or record.shape[1] < 2:
        raise Slip(
            f"out has the shape {record.shape}; it must have a row for each of 2 times or more and "
            "a column for each of 2 units or more"
        )
    if not np.isin(record, (0, 1)).all():
        raise Slip("out holds other values than 0 and 1; 1 is out, 0 is in")
    return record.astype(bool)


@called("outages.out_together")
def out_together(out: ArrayLike, groups: Sequence[Any]) -> OutTogether:
    """Compare how often two units of one group are out at once with what chance would give.

    Parameters
    ----------
    out : array_like of bool
        Record of shape (times, units): True or 1 where a unit was out.
    groups : sequence
        The group of each unit, such as its site, shape (units,). A unit alone in its group counts
        in no pair.

    Returns
    -------
    OutTogether
        Number of pairs; the mean over the pairs of the share of times in which both are out; and
        the mean of the product of their own shares, which independent units would come near.

    Raises
    ------
    ValueError
        If the record is no table of 0 and 1, or no group has two units.

    Notes
    -----
    The mean may hide two departures that cancel: outages planned one after the other, which are
    together less often than by chance, and a common cause, which stops both.

    Examples
    --------
    >>> out_together([[1, 1, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0]], ["A", "A", "B"])
    OutTogether(pairs=1, seen=0.25, by_chance=0.125)
    """
    record = _record(out)
    labels = np.asarray(groups)
    if labels.shape != (record.shape[1],):
        raise Slip(
            f"groups has {labels.size} values and out {record.shape[1]} units; give one for each"
        )
    first, second = np.triu_indices(record.shape[1], k=1)
    same = labels[first] == labels[second]
    if not same.any():
        raise Slip("groups has no group of two units or more")
    first, second = first[same], second[same]
    share = record.mean(axis=0)
    seen = (record[:, first] & record[:, second]).mean()
    by_chance = (share[first] * share[second]).mean()
    return OutTogether(int(same.sum()), float(seen), float(by_chance))


@called("outages.spread_of_outages")
def spread_of_outages(out: ArrayLike) -> Spread:
    """Compare how much the number of units out varies with what independent units would give.

    Parameters
    ----------
    out : array_like of bool
        Record of shape (times, units): True or 1 where a unit was out.

    Returns
    -------
    Spread
        Variance of the number out from time to time (of a sample, divided by times - 1), and that
        of the binomial with the mean share out, ``n * p * (1 - p)``.

    Raises
    ------
    ValueError
        If the record is no table of 0 and 1.

    Notes
    -----
    Units that differ in their share out would, if independent, vary a little *less* than the
    binomial, so a larger variance is no effect of their differences.

    Examples
    --------
    >>> spread_of_outages([[1, 1], [0, 0], [1, 1], [0, 0]])  # always both or none
    Spread(seen=1.3333333333333333, by_chance=0.5)
    """
    record = _record(out)
    share = record.mean()
    return Spread(
        float(record.sum(axis=1).var(ddof=1)), float(record.shape[1] * share * (1 - share))
    )
