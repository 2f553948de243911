"""Uncertainty: from what is not known about the inputs to what is not known about the result.

Draw the inputs many times, compute the result each time, and report its percentiles. A tornado
moves one input at a time; shares of the log variance say which input matters in a product. A story
of several links holds only if each link does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course.models._inputs import number, scalar
from course.slips import Slip, called, kind

__all__ = [
    "Bar",
    "Lognormal",
    "Triangular",
    "draw",
    "log_variance_shares",
    "path_probability",
    "percentiles",
    "tornado",
]


class Lognormal(NamedTuple):
    """A factor of which half lies above and half below the median: its logarithm is normal.

    ``median`` is in the input's own unit, above 0; ``log_sd`` is the standard deviation of the
    natural logarithm, 0 or more.
    """

    median: float
    log_sd: float

    @property
    def central(self) -> float:
        """The median."""
        return self.median

    def sample(self, chance: np.random.Generator, size: int) -> np.ndarray:
        """Draw ``size`` values."""
        median = scalar("median", self.median, above=0)
        return chance.lognormal(math.log(median), scalar("log_sd", self.log_sd, at_least=0), size)


class Triangular(NamedTuple):
    """A value between ``low`` and ``high``, likeliest at ``mode``, in the input's own unit."""

    low: float
    mode: float
    high: float

    @property
    def central(self) -> float:
        """The mode."""
        return self.mode

    def sample(self, chance: np.random.Generator, size: int) -> np.ndarray:
        """Draw ``size`` values."""
        low, mode, high = (scalar(name, one) for name, one in self._asdict().items())
        if not low <= mode <= high or low == high:
            raise Slip(
                f"low, mode, high are {low:g}, {mode:g}, {high:g}; they must rise, with the mode "
                "between the ends"
            )
        return chance.triangular(low, mode, high, size)


class Bar(NamedTuple):
    """One bar of a tornado: the result with one input at its low and its high percentile."""

    name: str
    low: float
    high: float

    @property
    def swing(self) -> float:
        """How far apart the two results lie."""
        return abs(self.high - self.low)


@called("uncertainty.draw")
def draw(
    inputs: Mapping[str, Lognormal | Triangular], samples: int = 200_000, seed: int = 20251119
) -> dict[str, np.ndarray]:
    """Draw every input independently of the others.

    Parameters
    ----------
    inputs : mapping of str to Lognormal or Triangular
        What is known of each input. They are drawn in this order.
    samples : int
        How many times, from 2 up.
    seed : int
        The same seed gives the same draws.

    Returns
    -------
    dict of str to numpy.ndarray
        The draws, each of shape (samples,).

    Raises
    ------
    ValueError
        If there are no inputs, or a distribution or a count cannot be.

    Examples
    --------
    >>> drawn = draw({"pue": Triangular(1.1, 1.25, 1.5)}, samples=1000, seed=1)
    >>> drawn["pue"].shape, bool(drawn["pue"].min() >= 1.1)
    ((1000,), True)
    """
    _mapping("inputs", inputs)
    if not inputs:
        raise Slip("inputs is empty; give at least one distribution")
    size = int(scalar("samples", samples, at_least=2, whole=True))
    chance = np.random.default_rng(int(scalar("seed", seed, at_least=0, whole=True)))
    return {name: one.sample(chance, size) for name, one in inputs.items()}


@called("uncertainty.percentiles")
def percentiles(values: ArrayLike, levels: Sequence[float] = (5, 50, 95)) -> tuple[float, ...]:
    """Values below which given shares of the results lie.

    Parameters
    ----------
    values : array_like
        Results, shape (n,).
    levels : sequence of float
        Shares in percent, from 0 to 100.

    Returns
    -------
    tuple of float
        One value a level, in the unit of ``values``.

    Raises
    ------
    ValueError
        If there is nothing to rank or a level lies outside 0 to 100.

    Examples
    --------
    >>> percentiles([1, 2, 3, 4, 5], levels=(0, 50))
    (1.0, 3.0)
    """
    checked = number("values", values)
    wanted = np.atleast_1d(number("levels", levels, at_least=0, at_most=100))
    return tuple(float(one) for one in np.percentile(checked, wanted))


@called("uncertainty.tornado")
def tornado(
    model: Callable[..., Any],
    inputs: Mapping[str, Lognormal | Triangular],
    drawn: Mapping[str, ArrayLike],
    levels: tuple[float, float] = (5, 95),
) -> list[Bar]:
    """Move one input at a time from its low to its high percentile, the others at the centre.

    Parameters
    ----------
    model : function
        Takes the inputs by name and gives the result.
    inputs : mapping of str to Lognormal or Triangular
        The distributions; their central values are the starting point.
    drawn : mapping of str to array_like
        Draws of the same inputs, such as :func:`draw` gives.
    levels : tuple of float
        The two percentiles.

    Returns
    -------
    list of Bar
        The widest first. Effects that need two inputs at once are not seen.

    Raises
    ------
    ValueError
        If the two mappings do not name the same inputs.

    Examples
    --------
    >>> inputs = {"a": Triangular(1, 2, 3), "b": Triangular(0, 5, 20)}
    >>> bars = tornado(lambda a, b: a + b, inputs, draw(inputs, samples=1000))
    >>> [bar.name for bar in bars]
    ['b', 'a']
    """
    for name, given in (("inputs", inputs), ("drawn", drawn)):
        _mapping(name, given)
    if set(inputs) != set(drawn):
        raise Slip(
            f"inputs name {', '.join(sorted(inputs))} and drawn {', '.join(sorted(drawn))}; they "
            "must name the same"
        )
    centre = {name: one.central for name, one in inputs.items()}
    bars = []
    for name in inputs:
        low, high = percentiles(drawn[name], levels)
        bars.append(Bar(name, *(float(model(**(centre | {name: end}))) for end in (low, high))))
    return sorted(bars, key=lambda bar: -bar.swing)


@called("uncertainty.log_variance_shares")
def log_variance_shares(drawn: Mapping[str, ArrayLike]) -> dict[str, float]:
    """Which factor of a product its uncertainty comes from.

    ``Var ln(x_1 x_2 ...) = Var ln x_1 + Var ln x_2 + ...`` for independent factors, so each factor
    has a share.

    Parameters
    ----------
    drawn : mapping of str to array_like
        Draws of each factor, above 0, shape (n,).

    Returns
    -------
    dict of str to float
        Shares from 0 to 1 that add up to 1.

    Raises
    ------
    ValueError
        If a value is not above 0, or no factor varies.

    Examples
    --------
    >>> log_variance_shares({"a": [1, 10], "b": [5, 5]})
    {'a': 1.0, 'b': 0.0}
    """
    _mapping("drawn", drawn)
    variances = {
        name: float(np.var(np.log(number(name, values, above=0)))) for name, values in drawn.items()
    }
    total = sum(variances.values())
    if total == 0:
        raise Slip("no factor varies, so there is nothing to share out; draw them first")
    return {name: one / total for name, one in variances.items()}


def _mapping(name: str, given: Any) -> None:
    if not isinstance(given, Mapping):
        raise Slip(
            f"{name} is {kind(given)}; it must be a dictionary with an entry for each "
            'input, as in {"pue": ...}'
        )


@called("uncertainty.path_probability")
def path_probability(links: ArrayLike) -> float:
    """Probability that every link of a chain holds, each given the ones before it.

    Parameters
    ----------
    links : array_like
        Conditional probabilities from 0 to 1, shape (n,).

    Returns
    -------
    float
        Their product.

    Raises
    ------
    ValueError
        If a probability lies outside 0 to 1.

    Examples
    --------
    >>> round(path_probability([0.7, 0.7, 0.7, 0.7]), 2)
    0.24
    """
    return float(np.prod(number("links", links, at_least=0, at_most=1)))
