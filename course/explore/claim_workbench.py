"""Lesson 01: the article's 39 claims, counted by kind, checkability and strand."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from course import charts, tables
from course.explore.base import (
    MARK_IN_WORDS,
    Choice,
    Explorer,
    Outcome,
    Prediction,
    explorer,
    prediction_rule,
)
from course.explore.wording import amount, gap_by_count
from course.slips import called

__all__ = ["claim_workbench"]

_ANY = "any"
_ALL = "all 39 claims"
_KINDS = (
    "empirical-past",
    "empirical-present",
    "causal",
    "predictive",
    "conceptual",
    "interpretive",
    "rhetorical",
    "metaphor",
)
# The letter, and what it takes to test such a claim.
_CHECKABILITY = {
    "A": "an open record settles it",
    "B": "a stated proxy is needed",
    "C": "a causal design, a model or later events are needed",
    "D": "it must be rewritten first",
}
_STRANDS = ("institutions", "models", "data", "trade", "energy", "reactors")
_FIRST, _BOTH = "first kind only", "first or second kind"
_WIDTH = 260


@called("explore.claim_workbench")
def claim_workbench(prediction_count: float | None = None, **start: Any) -> Explorer | None:
    """Sort the article's claims, and see how many of a kind could be tested, and how.

    Parameters
    ----------
    prediction_count : float, optional
        How many of the 39 claims you think an open record can settle. The explorer stays locked
        without it.
    **start : str
        Opening values: ``kind``, ``checkability`` (such as ``"A: an open record settles it"``),
        ``strand``, ``counting`` (first kind only, or first or second kind), ``claim`` (``"C01"``
        to ``"C39"``).

    Returns
    -------
    Explorer or None
        None while locked.

    Raises
    ------
    Slip
        If a value is not in its list or the prediction cannot be read.
    """
    claims = tables.load("claims").set_index("claim_id")
    letters = [f"{letter}: {words}" for letter, words in _CHECKABILITY.items()]
    controls = [
        Choice(
            "kind", "Kind of claim", (_ANY, *_KINDS), _ANY,
            hint="the eight kinds explained above", told="the kind “{}”",
        ),
        Choice(
            "checkability", "How it can be tested", (_ANY, *letters), letters[0],
            hint="the course's own grading, open to dispute", told="“{}”",
        ),
        Choice(
            "strand", "Subject", (_ANY, *_STRANDS), _ANY, hint="the first subject of a claim",
            told="the subject “{}”",
        ),
        Choice(
            "counting", "Count a claim by its", (_FIRST, _BOTH), _FIRST,
            hint="15 of the 39 claims are of two kinds",
        ),
        Choice("claim", "Mark one claim", tuple(claims.index), "C01", hint="its row is named"),
    ]  # fmt: skip

    def outcome(kind, checkability, strand, counting, claim) -> Outcome:
        letter = "" if checkability == _ANY else checkability[0]
        met = pd.Series(True, index=claims.index)
        if letter:
            met &= claims["checkability"] == letter
        if strand != _ANY:
            met &= claims["strand"] == strand
        of_kind = {name: _of_kind(claims, name, counting) for name in _KINDS}
        row = claims.loc[claim]
        rows = [(_ALL, int(met.sum()), len(claims), kind == _ANY, "")]
        for name, members in of_kind.items():
            mark = f" · {claim}" if members[claim] else ""
            rows.append((name, int((met & members).sum()), int(members.sum()), name == kind, mark))
        frame = pd.DataFrame(rows, columns=["kind", "count", "of", "chosen", "mark"])
        frame["label"] = [
            f"{count} of {of}{mark}"
            for count, of, mark in frame[["count", "of", "mark"]].itertuples(index=False)
        ]
        frame["group"] = ["chosen" if chosen else "other" for chosen in frame["chosen"]]
        found = frame[frame["chosen"]].iloc[0]
        sentence = _count_in_words(found, kind, letter, strand, counting)
        sentence += (
            f" {claim}, “{row['plain_words'].rstrip('.')}”, is {_kinds_in_words(row)}, "
            f"and {_CHECKABILITY[row['checkability']]} ({row['checkability']})."
        )
        frame["said"] = frame["kind"] + ": " + frame["label"]
        columns = ["kind", "count", "of", "group", "label", "said"]
        return Outcome(frame[columns], sentence, float(found["count"]))

    def chart(rows: alt.InlineData, guess: alt.InlineData) -> alt.TopLevelMixin:
        most = len(claims)
        x = alt.X("count:Q", title="Number of claims").scale(domain=[0, most])
        y = alt.Y("kind:N", title=None, sort=None, axis=alt.Axis(labelLimit=150))
        base = alt.Chart(rows)
        whole = base.mark_bar(color="#dddddd").encode(alt.X("of:Q"), y, **MARK_IN_WORDS)
        group = alt.Color(
            "group:N",
            legend=None,
            scale=alt.Scale(domain=["chosen", "other"], range=charts.COLOURS[:2]),
        )
        bars = base.mark_bar(size=10).encode(x, y, color=group, **MARK_IN_WORDS)
        labels = base.mark_text(align="left", fontSize=12).encode(
            x=alt.value(_WIDTH + 8), y=y, text="label:N"
        )
        return (whole + bars + labels + prediction_rule(guess)).properties(
            width=_WIDTH,
            height=230,
            title=alt.Title(
                "Claims that meet your filters, of all of their kind",
                subtitle="Source: table claims",
            ),
            description="Bars: for all claims and for each of eight kinds, how many meet the "
            "filters, before a pale bar of how many there are; a dashed line marks your "
            "guess. The label of a row names the claim that is marked. The sentence above has "
            "the numbers.",
        )

    return explorer(
        "explore.claim_workbench",
        Prediction(
            "prediction_count",
            prediction_count,
            "",
            "How many of the 39 claims can an open record settle?",
            amount,
            gap_by_count,
            high=len(claims),
        ),
        controls,
        outcome,
        chart,
        start,
    )


def _of_kind(claims: pd.DataFrame, kind: str, counting: str) -> pd.Series:
    """Which claims are of a kind."""
    first = claims["kind"] == kind
    if counting == _FIRST:
        return first
    # A claim may have several further kinds, joined by a bar.
    return first | claims["other_kinds"].fillna("").str.split("|").map(lambda more: kind in more)


def _count_in_words(found: pd.Series, kind: str, letter: str, strand: str, counting: str) -> str:
    """Say how many claims meet the filters."""
    word = "claim" if found["of"] == 1 else "claims"
    whose = "of all 39 claims" if kind == _ANY else f"{word} of the kind {kind}"
    met = []
    if strand != _ANY:
        met.append(f"about {strand}")
    if letter:
        met.append(f"of checkability {letter} ({_CHECKABILITY[letter]})")
    how = "by its first kind" if counting == _FIRST else "by its first and by its second kind"
    if kind == _ANY:
        head = f"{found['count']} {whose} are {' and '.join(met) or 'shown'}"
    else:
        head = f"Of {found['of']} {whose}, {found['count']} are {' and '.join(met) or 'shown'}"
    return f"{head}, each counted {how}."


def _kinds_in_words(row: pd.Series) -> str:
    """Name a claim's first and further kinds."""
    more = row["other_kinds"]
    return row["kind"] if pd.isna(more) else f"{row['kind']} and also {more.replace('|', ', ')}"
