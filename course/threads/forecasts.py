"""The forecast ledger: probabilities given beforehand, scored when the outcomes are known.

Probabilities are written into the student's ledger (:mod:`course.threads.ledger`) in lesson 1 and
shown beside the outcomes in lesson 10. A good forecaster is not one who is always on the right
side, but one of whose 70 % forecasts about 70 % come true: that is what the Brier score and its
parts measure.

References
----------
Brier, G. W. (1950). Verification of forecasts expressed in terms of probability.
Monthly Weather Review 78, 1-3.
Murphy, A. H. (1973). A new vector partition of the probability score.
Journal of Applied Meteorology 12, 595-600.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from course import reading, tables
from course.slips import Slip, called, meant
from course.threads import ledger as book
from course.threads.claims import probability_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CLASS_FILE",
    "BrierParts",
    "brier",
    "brier_parts",
    "calibration",
    "class_distribution",
    "close",
    "give",
    "ledger",
    "open_questions",
    "reveal",
]

#: What an instructor hands out beside the lessons: how the class's probabilities are spread.
CLASS_FILE = "class-forecasts.csv"


class BrierParts(NamedTuple):
    """Murphy's partition: Brier score = reliability - resolution + uncertainty."""

    reliability: float
    resolution: float
    uncertainty: float


@called("forecasts.give")
def give(**probabilities: Any) -> None:
    """Write your probabilities into the ledger.

    Parameters
    ----------
    **probabilities : quantity, number, str or None
        Such as ``F1=0.6``, ``F1="60 %"`` or ``F1=60``: how likely the answer to the question is
        *yes*. None leaves the question open.

    Raises
    ------
    course.slips.Slip
        If one is no probability, or a question is not one of the ledger's; the others are written
        all the same.
    """
    known = {**_questions(), **_questions(still_open=True)}
    faults, remarks = [], []
    for forecast_id, given in probabilities.items():
        if forecast_id not in known:
            faults.append(_unknown(forecast_id, known))
        elif not reading.blank(given):
            try:
                read = reading.probability(given)
            except reading.Unread as problem:
                faults.append(f"{forecast_id}: {problem}")
                continue
            book.add("forecast", forecast_id, {"probability": read.value})
            if read.remark:
                remarks.append(f"{forecast_id}: {read.remark}")
    held = {entry.about for entry in book.read("forecast")}
    for remark in remarks:
        print(remark)
    for still_open in (False, True):
        asked = _questions(still_open)
        if asked.keys() & probabilities.keys():
            missing = [name for name in asked if name not in held]
            kind = "open forecasts" if still_open else "forecasts"
            print(f"In your ledger: {len(asked) - len(missing)} of {len(asked)} {kind}.", end="")
            print(f" Not yet: {', '.join(missing)}." if missing else "")
    if faults:
        more = f" ({len(faults) - 1} more to mend.)" if len(faults) > 1 else ""
        raise Slip(f"{faults[0]}{more}")


@called("forecasts.ledger")
def ledger() -> pd.DataFrame:
    """Your forecasts, without the outcomes.

    Returns
    -------
    pandas.DataFrame
        Indexed by forecast (F1 to F9): ``question``, ``probability`` (missing where none was
        given), ``given`` (UTC) and ``note``. The probability is the last one before the reveal.
    """
    import pandas as pd

    kept = {
        one.entry.about: (one.entry, one.note(lambda later: f"{later.value['probability']:g}"))
        for one in book.kept("forecast")
    }
    rows = []
    for forecast_id, question in _questions().items():
        entry, note = kept.get(forecast_id, (None, "not given"))
        rows.append(
            {
                "forecast": forecast_id,
                "question": question,
                "probability": entry.value.get("probability") if entry else None,
                "given": entry.when if entry else "",
                "note": note,
            }
        )
    table = pd.DataFrame(rows).set_index("forecast")
    return table.astype({"probability": float})


@called("forecasts.open_questions")
def open_questions() -> pd.DataFrame:
    """Show the questions that nobody can answer yet, with your probabilities.

    Returns
    -------
    pandas.DataFrame
        Indexed by forecast (F10 and on), by the day on which each is settled: ``question``,
        ``resolves_on``, ``settled_by`` (who publishes the figure) and ``probability`` (your last;
        missing where none was given).
    """
    given = {entry.about: entry.value["probability"] for entry in book.read("forecast")}
    table = tables.load("forecasts").query("open_ended").set_index("forecast_id")
    publishers = tables.load("sources").set_index("key")["publisher"]
    named = ["; ".join(publishers[key] for key in keys.split("|")) for keys in table["resolved_by"]]
    mine = [given.get(forecast_id) for forecast_id in table.index]
    table = table.assign(settled_by=named, probability=mine).astype({"probability": float})
    return table[["question", "resolves_on", "settled_by", "probability"]]


@called("forecasts.close")
def close(*forecast_ids: str) -> None:
    """Close questions whose outcome a lesson is about to tell; changes from now on are marked.

    Parameters
    ----------
    *forecast_ids : str
        Such as ``"F2"``. One without a probability stays open.

    Raises
    ------
    ValueError
        If a question is not one of the ledger's.
    """
    known, held = _questions(), {entry.about for entry in book.read("forecast")}
    for forecast_id in forecast_ids:
        if not isinstance(forecast_id, str) or forecast_id not in known:
            raise Slip(_unknown(forecast_id, known))
        if forecast_id in held:
            book.add("reveal", forecast_id, {})
        print(f"{forecast_id}: {'closed' if forecast_id in held else 'no probability yet'}.")


@called("forecasts.reveal")
def reveal() -> pd.DataFrame:
    """Show your forecasts beside the outcomes; changes from now on are marked.

    Returns
    -------
    pandas.DataFrame
        As :func:`ledger`, with ``happened`` (1 or 0), ``what_happened``, ``evidence`` and
        ``source``. These stay missing where you gave no probability: give one first.
    """
    mine = ledger()
    given = mine.index[mine["probability"].notna()]
    for forecast_id in given:
        book.add("reveal", forecast_id, {})
    outcomes = tables.load("forecast_outcomes").set_index("forecast_id").loc[given]
    outcomes = outcomes.assign(happened=outcomes["outcome"].astype("Int64"))
    return mine.join(outcomes[["happened", "what_happened", "evidence", "source"]])


@called("forecasts.brier")
def brier(probabilities: Sequence[float], outcomes: Sequence[int]) -> float:
    """Brier score: the mean squared distance between probability and outcome.

    Parameters
    ----------
    probabilities : sequence of float
        From 0 to 1, shape (n,).
    outcomes : sequence of int
        0 or 1, shape (n,).

    Returns
    -------
    float
        0 is perfect, 0.25 is what 50 % on everything earns, 1 is always certain and wrong.

    Raises
    ------
    ValueError
        If the lengths differ, nothing is given, or a value is out of range.

    References
    ----------
    Brier (1950).

    Examples
    --------
    >>> round(brier([0.9, 0.7, 0.2, 0.5], [1, 0, 0, 1]), 4)
    0.1975
    """
    p, o = _pairs(probabilities, outcomes)
    return sum((one - happened) ** 2 for one, happened in zip(p, o, strict=True)) / len(p)


@called("forecasts.brier_parts")
def brier_parts(probabilities: Sequence[float], outcomes: Sequence[int]) -> BrierParts:
    """Partition the Brier score by the distinct probabilities that were given.

    Parameters
    ----------
    probabilities, outcomes : sequence
        As for :func:`brier`.

    Returns
    -------
    BrierParts
        ``reliability`` (0: each share that came true equals its probability), ``resolution`` (how
        far those shares lie from the base rate; more is better) and ``uncertainty`` (the base
        rate's own variance, which no forecaster can change).

    Raises
    ------
    ValueError
        As for :func:`brier`.

    References
    ----------
    Murphy (1973).

    Examples
    --------
    >>> parts = brier_parts([0.8, 0.8, 0.8, 0.2], [1, 1, 0, 0])
    >>> round(parts.reliability - parts.resolution + parts.uncertainty, 4)
    0.19
    """
    p, o = _pairs(probabilities, outcomes)
    base = sum(o) / len(o)
    reliability = resolution = 0.0
    for value in sorted(set(p)):
        group = [happened for one, happened in zip(p, o, strict=True) if one == value]
        share = sum(group) / len(group)
        reliability += len(group) * (value - share) ** 2 / len(p)
        resolution += len(group) * (share - base) ** 2 / len(p)
    return BrierParts(reliability, resolution, base * (1 - base))


@called("forecasts.calibration")
def calibration(
    probabilities: Sequence[float],
    outcomes: Sequence[int],
    edges: Sequence[float] = (0, 0.2, 0.4, 0.6, 0.8, 1),
) -> pd.DataFrame:
    """Compare probabilities with what came true, group by group.

    Parameters
    ----------
    probabilities, outcomes : sequence
        As for :func:`brier`.
    edges : sequence of float
        Ends of the groups, rising from 0 to 1. A group holds its lower end; the last both ends.

    Returns
    -------
    pandas.DataFrame
        One row a group that holds something: ``low``, ``high``, ``n``, ``mean_probability`` and
        ``share_happened``.

    Raises
    ------
    ValueError
        As for :func:`brier`, or if the edges do not rise from 0 to 1.

    Examples
    --------
    >>> calibration([0.1, 0.9, 0.9], [0, 1, 0], [0, 0.5, 1])["share_happened"].tolist()
    [0.0, 0.5]
    """
    import pandas as pd

    p, o = _pairs(probabilities, outcomes)
    ends = [float(edge) for edge in edges]
    rising = all(low < high for low, high in itertools.pairwise(ends))
    if len(ends) < 2 or ends[0] != 0 or ends[-1] != 1 or not rising:
        raise Slip(f"edges are {list(edges)!r}; they must rise from 0 to 1")
    rows = []
    for low, high in itertools.pairwise(ends):
        group = [
            (one, happened)
            for one, happened in zip(p, o, strict=True)
            if low <= one < high or (high == 1 and one == 1)
        ]
        if group:
            rows.append(
                {
                    "low": low,
                    "high": high,
                    "n": len(group),
                    "mean_probability": sum(one for one, _ in group) / len(group),
                    "share_happened": sum(happened for _, happened in group) / len(group),
                }
            )
    return pd.DataFrame(rows)


@called("forecasts.class_distribution")
def class_distribution() -> pd.DataFrame | None:
    """How the class's probabilities are spread, if the instructor handed that out.

    Returns
    -------
    pandas.DataFrame or None
        ``forecast_id``, ``low`` and ``high`` (ends of a group of probabilities) and ``students``
        (how many). None where there is no file ``class-forecasts.csv`` beside the lessons.

    Raises
    ------
    course.threads.ledger.LedgerError
        If the file is there and has other columns.
    """
    import pandas as pd

    file = book.path().with_name(CLASS_FILE)
    if not file.is_file():
        return None
    table = pd.read_csv(file)
    wanted = ["forecast_id", "low", "high", "students"]
    if list(table.columns) != wanted:
        raise book.LedgerError(
            f"{CLASS_FILE} has the columns {', '.join(map(str, table.columns))}; it needs "
            f"{', '.join(wanted)}: ask your instructor for the file as it was made"
        )
    return table


def _unknown(forecast_id: Any, known: dict[str, str]) -> str:
    names = list(known)
    question = meant(forecast_id, names, otherwise=f"They are {names[0]} to {names[-1]}.")
    return f"There is no forecast {reading.short(forecast_id)} here. {question}"


def _questions(still_open: bool = False) -> dict[str, str]:
    """The questions that are scored in lesson 10, or those that are still open."""
    table = tables.load("forecasts")
    asked = table[table["open_ended"] == still_open].set_index("forecast_id")["question"]
    return {name: asked[name] for name in sorted(asked.index, key=lambda one: int(one[1:]))}


def _row(name: str, given: Any) -> list:
    try:
        return list(given)
    except TypeError:
        pass
    raise Slip(f"{name} is {reading.short(given)}; give a list of numbers, one a forecast.")


def _pairs(probabilities: Sequence[float], outcomes: Sequence[int]) -> tuple[list, list]:
    p = [probability_of("a probability", one) for one in _row("probabilities", probabilities)]
    o = _row("outcomes", outcomes)
    for one in o:
        if one not in (0, 1):
            raise Slip(f"an outcome is {reading.short(one)}; it is 0 or 1")
    if len(p) != len(o):
        raise Slip(f"there are {len(p)} probabilities and {len(o)} outcomes; give as many")
    if not p:
        raise Slip("there are no forecasts to score; give at least one probability")
    return p, [int(one) for one in o]
