"""The student's own thresholds and verdicts on the article's claims.

A threshold that is chosen after one has seen the number proves nothing. So a lesson asks for it
first: :func:`lock` writes it into the ledger (:mod:`course.threads.ledger`). At its end
:func:`reveal` shows it beside the thresholds of the claims table. Whoever changes it later may,
and both values stand there. :func:`give_verdict` does the same for verdicts, and the capstone
reads them all.
"""

from __future__ import annotations

import math
import numbers
from typing import TYPE_CHECKING, Any

from course import reading, tables
from course.slips import Slip, called, meant
from course.threads import ledger
from course.threads import thresholds as thresholds_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STEPS", "give_verdict", "is_locked", "lock", "reveal", "thresholds", "verdicts"]

#: The five steps of a verdict, from the article's side to the other.
STEPS = ("supported", "leaning for", "mixed", "leaning against", "against")


@called("claims.lock")
def lock(
    claim_id: str,
    measure: str,
    *,
    unit: str = "",
    more: str = "",
    least: float = -math.inf,
    supports: Any = None,
    undermines: Any = None,
) -> None:
    """Write your threshold for a claim into the ledger, before you look at the data.

    Parameters
    ----------
    claim_id : str
        ``"C01"`` to ``"C39"``.
    measure : str
        What is measured, in words.
    unit : str, optional
        What the thresholds are given in: a unit, ``"number"`` for a count or a ratio, ``"words"``
        for what cannot be counted. Left out, anything goes that fits together.
    more : str, optional
        Which of the two a larger value speaks for: ``"supports"`` or ``"undermines"``.
    least : float, optional
        What no value can lie below.
    supports, undermines : quantity, number or str
        From where on the claim would be supported, and from where on undermined. While one is
        None nothing is written and a line says what is missing.

    Raises
    ------
    course.slips.Slip
        If a threshold cannot be used, the two do not fit together or are turned round.
    course.tables.TableError
        If there is no such claim.
    """
    tables.claim(claim_id)
    if not isinstance(measure, str) or not measure.strip():
        raise Slip(f"measure is {reading.short(measure)}. Say in words what is measured.")
    value = thresholds_of.read(supports, undermines, unit, more, least)
    missing = [name for name, one in value.items() if one is None]
    if missing:
        print(
            f"{claim_id}: no threshold yet. Put yours in place of None "
            f"({' and '.join(missing)}) and run the cell again."
        )
        return
    words = thresholds_of.told(value, more)
    revealed = any(entry.about == claim_id for entry in ledger.read("reveal"))
    last = [entry.value for entry in ledger.read("threshold") if entry.about == claim_id][-1:]
    # Whoever names the measure in other words has not moved the threshold.
    if (last and _same(last[0], value)) or not ledger.add(
        "threshold", claim_id, {"measure": measure.strip(), **value}
    ):
        print(f"{claim_id}: {words}.")
    elif revealed:
        print(f"{claim_id}: written down as {ledger.CHANGED}. {words}.")
    else:
        print(f"{claim_id}: locked. {words}.")


def is_locked(claim_id: str, supports: Any, undermines: Any) -> bool:
    """Tell whether the ledger holds just these thresholds for a claim.

    Parameters
    ----------
    claim_id : str
        ``"C01"`` to ``"C39"``.
    supports, undermines : quantity, number or str
        As for :func:`lock`.

    Returns
    -------
    bool
        Whether the threshold that counts says the same, in whatever unit.
    """
    value = thresholds_of.read(supports, undermines)
    kept = [one.entry.value for one in ledger.kept("threshold") if one.entry.about == claim_id]
    return any(_same(one, value) for one in kept)


@called("claims.reveal")
def reveal(*claim_ids: str) -> pd.DataFrame:
    """Show your thresholds beside those of the claims table; later changes will be marked.

    Parameters
    ----------
    *claim_ids : str
        One or more claims.

    Returns
    -------
    pandas.DataFrame
        One column a claim: your measure, your two thresholds and a note, then the table's two.
    """
    import pandas as pd

    for claim_id in claim_ids:
        tables.claim(claim_id)
    yours = thresholds()
    # Run All may come before the first threshold; that must not mark the threshold as late.
    for claim_id in yours.index.intersection(claim_ids):
        ledger.add("reveal", claim_id, {})
    shown = {}
    for claim_id in claim_ids:
        own = yours.loc[claim_id] if claim_id in yours.index else None
        table = tables.claim(claim_id)
        shown[claim_id] = {
            "your measure": own["measure"] if own is not None else "",
            "you: supported from": own["supports"] if own is not None else "",
            "you: undermined from": own["undermines"] if own is not None else "",
            "note": own["note"] if own is not None else "no threshold of your own",
            "table: supported if": table["would_support"],
            "table: undermined if": table["would_undermine"],
        }
    # One under the other: side by side they would not fit into a narrow window.
    return pd.DataFrame(shown)


@called("claims.thresholds")
def thresholds() -> pd.DataFrame:
    """Your thresholds.

    Returns
    -------
    pandas.DataFrame
        Indexed by claim: ``measure``, ``supports``, ``undermines``, ``locked`` (UTC) and ``note``.
        The threshold is the last one before the reveal; the note tells of later changes.
    """
    import pandas as pd

    rows = [
        {
            "claim": one.entry.about,
            "measure": one.entry.value.get("measure", ""),
            "supports": thresholds_of.shown(one.entry.value.get("supports")),
            "undermines": thresholds_of.shown(one.entry.value.get("undermines")),
            "locked": one.entry.when,
            "note": one.note(lambda later, first=one.entry: _changed(first.value, later.value)),
        }
        for one in ledger.kept("threshold")
    ]
    columns = ["claim", "measure", "supports", "undermines", "locked", "note"]
    return pd.DataFrame(rows, columns=columns).set_index("claim")


@called("claims.give_verdict")
def give_verdict(
    claim_id: str,
    step: str | None,
    *,
    probability: Any = None,
    low: Any = None,
    high: Any = None,
    unit: str = "",
    because: str = "",
) -> None:
    """Write your verdict on a claim into the ledger.

    Parameters
    ----------
    claim_id : str
        ``"C01"`` to ``"C39"``.
    step : str or None
        One of :data:`STEPS`. While it is None nothing is written.
    probability : quantity, number or str
        From 0 to 1, or a percentage: how likely it is that the verdict would stand if more were
        known.
    low, high : quantity, number or str, optional
        Ends of a 90 % interval of what was measured, both or none, in either order.
    unit : str
        The interval's unit.
    because : str
        One sentence.

    Raises
    ------
    ValueError
        If the step is none of the five, the probability lies outside 0 to 1, or the interval has
        one end or an end that is no number.
    """
    tables.claim(claim_id)
    if step is None:
        print(f"{claim_id}: no verdict yet. The steps are {', '.join(STEPS)}.")
        return
    if not isinstance(step, str) or step.strip().lower() not in STEPS:
        otherwise = f"The steps are {', '.join(STEPS)}."
        raise Slip(f"step is {reading.short(step)}. {meant(step, STEPS, otherwise=otherwise)}")
    try:
        likely = reading.probability(probability)
    except reading.Unread as problem:
        raise Slip(f"probability: {problem}") from None
    value = {"step": step.strip().lower(), "probability": likely.value}
    if (low is None) != (high is None):
        lost = "low" if low is None else "high"
        raise Slip(f"{lost} is None and the other end is there. Give both ends, or none.")
    if low is not None and high is not None:
        ends = sorted((_end("low", low, unit), _end("high", high, unit)))
        own = reading.amount(low).unit
        value |= {"low": ends[0], "high": ends[1], "unit": unit or own}
    ledger.add("verdict", claim_id, {**value, "because": because})
    remark = f" {likely.remark}" if likely.remark else ""
    print(f"{claim_id}: {value['step']}, probability {value['probability']:g}.{remark}")


@called("claims.verdicts")
def verdicts() -> pd.DataFrame:
    """Your verdicts, the last one for each claim.

    Returns
    -------
    pandas.DataFrame
        Indexed by claim: ``step``, ``probability``, ``low``, ``high``, ``unit``, ``because``,
        ``given`` (UTC) and ``changes`` (how often it was changed).
    """
    import pandas as pd

    rows: dict[str, dict[str, Any]] = {}
    for entry in ledger.read("verdict"):
        changes = rows[entry.about]["changes"] + 1 if entry.about in rows else 0
        rows[entry.about] = {**entry.value, "given": entry.when, "changes": changes}
    columns = ["step", "probability", "low", "high", "unit", "because", "given", "changes"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("claim")


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(
        thresholds_of.alike(one.get(side), other.get(side)) for side in ("supports", "undermines")
    )


def _changed(first: dict[str, Any], later: dict[str, Any]) -> str:
    """A later threshold in words, with its measure where that is another."""
    named = later.get("measure", "")
    other = f", measured as {named}" if named != first.get("measure", "") else ""
    return f"{thresholds_of.told(later)}{other}"


def _end(name: str, given: Any, unit: str) -> float:
    """An end of an interval; a bare number is in the unit that stands beside it."""
    try:
        found = reading.amount(given)
        return reading.quantity(given, unit).value if unit and found.unit else found.number
    except reading.Unread as problem:
        raise Slip(f"{name}: {problem}") from None


def probability_of(name: str, given: Any) -> float:
    """Check a probability; a slip names it and the range."""
    if not isinstance(given, numbers.Real) or isinstance(given, bool) or not 0 <= float(given) <= 1:
        raise Slip(f"{name} is {reading.short(given)}; a probability is a number from 0 to 1")
    return float(given)
