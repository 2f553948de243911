"""A brief made up for tests; nothing in it is meant to be true."""

from __future__ import annotations

import functools

import altair as alt
import numpy as np

from course import brief, tables
from course.units import Q

CLAIMS = ("C08", "C09", "C13", "C21", "C31")


def gap_years(gap=156, growth=4.5):
    return Q(np.log(gap) / np.log(growth), "year")


@functools.cache
def chart():
    rows = tables.load("web_languages").query("crawl == 'CC-MAIN-2018-34'").head(8)
    return alt.Chart(rows).mark_bar().encode(alt.X("share_pct:Q", title="Share, %"), y="language:N")


def fields(**changes):
    given = {
        "claim": "C21",
        "number": gap_years,
        "chart": chart(),
        "finding": "The largest of the eight is far from the rest.",
        "tables": "web_languages, parameters",
        "sources": "e-comp, commoncrawl-stats",
        "verdict": "mixed",
        "probability": 0.6,
        "interval": (2.5, 4.5),
        "counter": "What is in no table may be larger than what is.",
    }
    return given | changes


def card(**changes):
    return brief.card(**fields(**changes))


def cards(**changes):
    return [
        card(claim=claim, counter=f"Against {claim} speaks what no table of ours has.", **changes)
        for claim in CLAIMS
    ]


def plan(**changes):
    own = {
        "measure": "Years of growth between the two",
        "supports": Q(3, "year"),
        "undermines": Q(1, "year"),
    }
    return {claim: own | changes for claim in CLAIMS}


def forecasts(**changes):
    given = {"probability": 0.2, "by": "2031-12-31"} | changes
    rule = "Yes if the operator reports it for any day before."
    return [
        brief.forecast(question, **({"resolves": rule} | given))
        for question in ("Will a reactor serve a data centre?", "Will the share be above a tenth?")
    ]


def parts(**changes):
    """Everything that brief.write takes but a name and a folder."""
    given = {
        "title": "Five claims, tested",
        "author": "Ana Ångström",
        "minister": "Wait for next year's figures.\nThey come soon.\n\nUntil then, buy nothing.",
        "plan": plan(),
        "cards": cards(),
        "forecasts": forecasts(),
    }
    return given | changes
