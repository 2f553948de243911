"""What an evidence brief is made of: cards, forecasts, and the brief itself.

Whether each part is there and works is for :mod:`course.brief.judging`.
"""

from __future__ import annotations

import numbers
import reprlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from course.slips import Slip, called, kind

__all__ = [
    "Brief",
    "BriefError",
    "Card",
    "Forecast",
    "card",
    "forecast",
    "names",
    "short",
]

_SHOWN = reprlib.Repr()
_SHOWN.maxstring = _SHOWN.maxother = 30
_SHOWN.maxlist = _SHOWN.maxtuple = _SHOWN.maxdict = 2
_SHOWN.maxlevel = 1


class BriefError(Slip):
    """Why no brief was written; each line names a field, what stands there and the mend."""


@dataclass(frozen=True, repr=False)
class Card:
    """The evidence on one claim; see `card` for the fields."""

    claim: Any
    number: Any
    chart: Any
    finding: Any
    tables: Any
    sources: Any
    verdict: Any
    probability: Any
    interval: Any
    counter: Any

    def __repr__(self) -> str:
        # Judging knows the parts, and not the other way round but here, to tell what is missing.
        from course.brief.judging import judge

        missing = [part for part in judge("card", self, worked=True).values() if part.share < 1]
        if not missing:
            return f"Card on {short(self.claim)}, complete"
        parts = f"{len(missing)} part{'s' if len(missing) > 1 else ''}"
        return f"Card on {short(self.claim)}, {parts} to mend: {missing[0].says}"


@dataclass(frozen=True)
class Forecast:
    """A forecast with the rule that will decide it; see `forecast` for the fields."""

    question: Any
    probability: Any
    by: Any
    resolves: Any


@dataclass(frozen=True, repr=False)
class Brief:
    """A brief that was set: its files, its pages, and what stands in it.

    ``html`` and ``pdf`` are None while a notebook is being marked, when nothing is written.
    ``record`` is what a peer reviewer reads (see `course.brief.peer`).
    """

    html: Any
    pdf: Any
    pages: int
    minister: str
    cards: list[Card]
    plan: dict[str, dict[str, Any]]
    forecasts: list[Forecast]
    record: dict[str, Any]

    def __repr__(self) -> str:
        files = " and ".join(path.name for path in (self.html, self.pdf) if path is not None)
        pages = f"{self.pages} page{'s' if self.pages != 1 else ''}"
        return f"Brief of {pages}{f': {files}' if files else ', not written'}"


@called("brief.card")
def card(
    claim: str | None = None,
    *,
    number: Callable[..., Any] | None = None,
    chart: Any = None,
    finding: str | None = None,
    tables: str | list[str] | None = None,
    sources: str | list[str] | None = None,
    verdict: str | None = None,
    probability: float | None = None,
    interval: tuple[Any, Any] | None = None,
    counter: str | None = None,
) -> Card:
    """Put together the evidence on one claim.

    Fields may be left out while you work: the check names what is missing.

    Parameters
    ----------
    claim : str
        ``"C01"`` to ``"C39"``.
    number : function
        Computes the number that decides. Its arguments are its assumptions, each with a default,
        so that a reviewer can change one. It returns a quantity, or a plain number for a ratio
        or a count.
    chart : altair.TopLevelMixin
        The exhibit, computed from the tables.
    finding : str
        What the chart shows, as a sentence.
    tables : str or list of str
        Names of the course's tables that were used.
    sources : str or list of str
        Keys of the sources behind the rows you used; titles and grades are looked up.
    verdict : str
        One of `course.threads.claims.STEPS`.
    probability : float
        From 0 to 1: how likely it is that the verdict would stand if more were known.
    interval : pair of numbers or quantities
        Low and high end of your 90 % interval of the number, in its unit.
    counter : str
        The strongest evidence on the other side.

    Returns
    -------
    Card
    """
    return Card(
        claim, number, chart, finding, tables, sources, verdict, probability, interval, counter
    )


@called("brief.forecast")
def forecast(
    question: str | None = None,
    *,
    probability: float | None = None,
    by: str | date | None = None,
    resolves: str | None = None,
) -> Forecast:
    """Put together a forecast.

    Parameters
    ----------
    question : str
        A question with the answers yes and no.
    probability : float
        Of yes, from 0 to 1.
    by : str or datetime.date
        The day on which it is decided, such as ``"2028-12-31"``.
    resolves : str
        The rule: who looks where, and what counts as yes.

    Returns
    -------
    Forecast
    """
    return Forecast(question, probability, by, resolves)


def short(value: Any) -> str:
    """A value for a message, however long it is; what is neither text nor number, by its kind."""
    plain = (str, numbers.Number, date, type(None), list, tuple, dict)
    if isinstance(value, plain) or hasattr(value, "magnitude"):
        return _SHOWN.repr(value)
    return kind(value)


def names(value: Any) -> list[str]:
    """Names given as a list or in one string with commas.

    Examples
    --------
    >>> names("reactors, parameters")
    ['reactors', 'parameters']
    """
    if value is None:
        return []
    listed = value.split(",") if isinstance(value, str) else value
    if not isinstance(listed, (list, tuple, set, frozenset)):
        listed = [listed]
    return [str(name).strip() for name in listed if str(name).strip()]
