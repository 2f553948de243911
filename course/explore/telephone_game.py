"""Lesson 02: one event in several reports, and how verb, number and referent change on the way."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt
import pandas as pd

from course import charts, tables
from course.explore.base import (
    IN_ORDER,
    MARK_IN_WORDS,
    Choice,
    Explorer,
    Outcome,
    Prediction,
    explorer,
)
from course.explore.wording import amount, gap_by_count
from course.slips import called

__all__ = ["telephone_game"]

_PARTS = {"verb": "the verb", "number": "the number", "referent": "what it is said of"}
_ALL, _BETTER = "all reports", "without the weak pages"
_ANY, _DATED = "dated or not", "dated ones only"
_NONE = "not given"
# The words of a report: letters to a line, height of a line, room for them.
_LETTERS, _LINE, _WIDTH = 56, 14, 420
_SAME, _OTHER = "as in the first", "other words"


@called("explore.telephone_game")
def telephone_game(prediction_same: float | None = None, **start: Any) -> Explorer | None:
    """Compare what several reports make of one thing that was said.

    Parameters
    ----------
    prediction_same : float, optional
        How many of the later reports you think use the verb of the first. It stays locked without
        it.
    **start : str
        Opening values: ``element`` (what was said), ``part`` (verb, number or referent),
        ``reports`` (with or without weak pages), ``dates`` (dated or not).

    Returns
    -------
    Explorer or None
        None while locked.

    Raises
    ------
    Slip
        If a value is not in its list or the prediction cannot be read.
    """
    table = tables.load("reports")
    grades = tables.sources("reports")["grade"]
    table = table.assign(
        grade=table["source"].map(grades),
        number=[_number(row) for row in table.itertuples()],
        published=table["published"].fillna("no date seen"),
    )
    many = table["element"].value_counts()
    elements = [name for name in table["element"].unique() if many[name] > 2]
    controls = [
        Choice("element", "What was said", tuple(elements), "task force", told="“{}”"),
        Choice("part", "Compare", tuple(_PARTS.values()), _PARTS["verb"], told="{}"),
        Choice(
            "reports", "Reports", (_ALL, _BETTER), _ALL,
            hint="weak pages have the grade W in the table's sources", told="{}",
        ),
        Choice(
            "dates", "Dates", (_ANY, _DATED), _ANY,
            hint="a report without a date is hard to place", told="reports {}",
        ),
    ]  # fmt: skip

    def outcome(element, part, reports, dates) -> Outcome:
        rows = table[table["element"] == element]
        if reports == _BETTER:
            rows = rows[rows["grade"] != "W"]
        if dates == _DATED:
            rows = rows[rows["published"] != "no date seen"]
        column = next(name for name, words in _PARTS.items() if words == part)
        words = rows[column].fillna(_NONE).tolist()
        first = words[0]
        verdicts = [
            _NONE if one == _NONE else _SAME if one == first else _OTHER for one in words[1:]
        ]
        given = [one for one in words[1:] if one != _NONE]
        others = "; ".join(_short(one) for one in given if one != first)
        sentence = (
            f"{rows['outlet'].iloc[0]} comes first here; {part} there: {first}. Other reports: "
            f"{len(verdicts)}. The same in {verdicts.count(_SAME)}, something else in "
            f"{verdicts.count(_OTHER)}{f' ({others})' if others else ''}, not given in "
            f"{verdicts.count(_NONE)}."
        )
        shown = pd.DataFrame(
            {
                "outlet": rows["outlet"].tolist(),
                "published": rows["published"].tolist(),
                "words": words,
                "compared": ["the first", *verdicts],
                "grade": rows["grade"].tolist(),
                "lines": ["\n".join(textwrap.wrap(one, _LETTERS)) for one in words],
            }
        )
        shown["said"] = shown["outlet"] + ", " + shown["compared"] + ": " + shown["words"]
        return Outcome(shown, sentence, float(verdicts.count(_SAME)))

    def chart(rows: alt.InlineData, guess: alt.InlineData) -> alt.TopLevelMixin:
        base = alt.Chart(rows).encode(
            alt.Y("outlet:N", title=None, sort=IN_ORDER, axis=alt.Axis(labelLimit=150))
        )
        kinds = ["the first", _SAME, _OTHER, _NONE]
        points = base.mark_point(filled=True, size=110, opacity=1).encode(
            x=alt.value(8),
            shape=alt.Shape("compared:N", title=None, scale=alt.Scale(domain=kinds)),
            color=alt.Color(
                "compared:N",
                title=None,
                scale=alt.Scale(domain=kinds, range=charts.COLOURS[:4]),
                legend=alt.Legend(orient="top", columns=4),
            ),
            **MARK_IN_WORDS,
        )
        texts = base.mark_text(
            align="left",
            color="black",
            lineBreak="\n",
            lineHeight=_LINE,
            # In the middle of the row, however many lines there are.
            dy=alt.expr(f"-{_LINE / 2} * (length(split(datum.lines, '\\n')) - 1)"),
        ).encode(x=alt.value(22), text="lines:N")
        return (points + texts).properties(
            width=_WIDTH,
            height=alt.Step(50),
            title=alt.Title("From report to report", subtitle="Source: table reports"),
            description="A list of reports, the first on top: for each its words for the part "
            "that is compared, and a mark that says whether they are those of the first. The "
            "sentence above and the table below have the words in full.",
        )

    return explorer(
        "explore.telephone_game",
        Prediction(
            "prediction_same",
            prediction_same,
            "",
            "How many of the later reports use the verb of the first?",
            amount,
            gap_by_count,
            drawn=False,
        ),
        controls,
        outcome,
        chart,
        start,
    )


def _number(row: Any) -> str | None:
    if pd.isna(row.number):
        return None
    ends = [f"{row.number:g}"] + ([] if pd.isna(row.number_high) else [f"{row.number_high:g}"])
    return f"{' to '.join(ends)} {row.unit}"


def _short(words: str) -> str:
    return textwrap.shorten(words, 60, placeholder=" ...")
