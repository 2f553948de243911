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

from course import tables
from course.slips import called
from course.threads import ledger

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["STEPS", "give_verdict", "lock", "reveal", "thresholds", "verdicts"]

#: The five steps of a verdict, from the article's side to the other.
STEPS = ("supported", "leaning for", "mixed", "leaning against", "against")


@called("claims.lock")
def lock(claim_id: str, measure: str, *, supports: Any = None, undermines: Any = None) -> None:
    """Write your threshold for a claim into the ledger, before you look at the data.

    Parameters
    ----------
    claim_id : str
        ``"C01"`` to ``"C39"``.
    measure : str
        What is measured, in words.
    supports, undermines : quantity, number or str
        From where on the claim would be supported, and from where on undermined. While one is
        None nothing is written and a line says what is missing.

    Raises
    ------
    ValueError
        If a threshold is neither a quantity, a finite number nor words.
    course.tables.TableError
        If there is no such claim.
    """
    tables.claim(claim_id)
    given = {"supports": supports, "undermines": undermines}
    value = {name: _stored(name, one) for name, one in given.items()}
    missing = [name for name, one in value.items() if one is None]
    if missing:
        print(
            f"{claim_id}: no threshold yet. Put yours in place of None "
            f"({' and '.join(missing)}) and run the cell again."
        )
        return
    revealed = any(entry.about == claim_id for entry in ledger.read("reveal"))
    if not ledger.add("threshold", claim_id, {"measure": measure, **value}):
        print(f"{claim_id}: {_words(value)}.")
    elif revealed:
        print(f"{claim_id}: written down as {ledger.CHANGED}. {_words(value)}.")
    else:
        print(f"{claim_id}: locked. {_words(value)}.")


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
            "supports": _shown(one.entry.value.get("supports")),
            "undermines": _shown(one.entry.value.get("undermines")),
            "locked": one.entry.when,
            "note": one.note(lambda later: _words(later.value)),
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
    probability: float | None = None,
    low: float | None = None,
    high: float | None = None,
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
    probability : float
        From 0 to 1: how likely it is that the verdict would stand if more were known.
    low, high : float, optional
        Ends of a 90 % interval of what was measured, both or none.
    unit : str
        The interval's unit.
    because : str
        One sentence.

    Raises
    ------
    ValueError
        If the step is none of the five, the probability lies outside 0 to 1, or the interval has
        one end or its ends are turned round.
    """
    tables.claim(claim_id)
    if step is None:
        print(f"{claim_id}: no verdict yet. The steps are {', '.join(STEPS)}.")
        return
    if step not in STEPS:
        raise ValueError(f"step is {step!r}; it is one of {', '.join(STEPS)}")
    value = {"step": step, "probability": probability_of("probability", probability)}
    if (low is None) != (high is None):
        raise ValueError(f"low is {low!r} and high is {high!r}; give both ends or none")
    if low is not None and high is not None:
        value |= {"low": _finite("low", low), "high": _finite("high", high), "unit": unit}
        if value["low"] > value["high"]:
            raise ValueError(f"low is {low!r}, above high, {high!r}; turn them round")
    ledger.add("verdict", claim_id, {**value, "because": because})
    print(f"{claim_id}: {step}, probability {value['probability']:g}.")


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


def _stored(name: str, given: Any) -> dict[str, Any] | str | None:
    """A threshold as the ledger keeps it."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return None
    if isinstance(given, str):
        return given.strip()
    unit = str(getattr(given, "units", ""))
    size = _finite(name, getattr(given, "magnitude", given))
    # Pint shortens year to the symbol a, which few readers know.
    return {"number": size, "unit": "year" if unit == "a" else unit}


def _finite(name: str, given: Any) -> float:
    if not isinstance(given, numbers.Real) or isinstance(given, bool) or not math.isfinite(given):
        raise ValueError(
            f'{name} is {given!r}; it is a number, a quantity such as Q(2, "year"), or words'
        )
    return float(given)


def probability_of(name: str, given: Any) -> float:
    """Check a probability; a ValueError names it and the range."""
    if not isinstance(given, numbers.Real) or isinstance(given, bool) or not 0 <= float(given) <= 1:
        raise ValueError(f"{name} is {given!r}; a probability is a number from 0 to 1")
    return float(given)


def _shown(value: dict[str, Any] | str | None) -> str:
    if isinstance(value, dict):
        return f"{value.get('number', float('nan')):g} {value.get('unit', '')}".strip()
    return value or ""


def _words(value: dict[str, Any]) -> str:
    return (
        f"Supported from {_shown(value.get('supports'))}, "
        f"undermined from {_shown(value.get('undermines'))}"
    )
