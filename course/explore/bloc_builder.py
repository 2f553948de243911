"""Lesson 09: one exporter's chips by bloc, with the blocs chosen by the student."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from course import charts, tables
from course.explore.base import Choice, Explorer, Outcome, Prediction, Range, explorer
from course.explore.wording import gap_by_points, percent
from course.models import blocs
from course.slips import called

__all__ = ["bloc_builder"]

_CHINA, _WEST, _LINK = "China bloc", "United States and allies", "connectors"
_ALLIES = ("USA", "JPN", "KOR", "DEU", "NLD", "FRA", "GBR", "ITA", "CAN", "AUS", "ISR", "IRL")
_TRADERS = ("SGP", "MYS", "VNM", "THA", "PHL")
_KOREA = ("KOR",)


@called("explore.bloc_builder")
def bloc_builder(prediction_pct: float | None = None, **start: Any) -> Explorer | None:
    """Place buyers of Taiwan's chips into blocs, and see what becomes of the shares.

    Parameters
    ----------
    prediction_pct : float, optional
        Which percentage you think goes to the China bloc, with the list that the explorer opens
        with. It stays locked without it.
    **start : number or str
        Opening values: ``year`` (2013 to 2024), ``hong_kong``, ``traders`` (Singapore, Malaysia,
        Vietnam, Thailand, the Philippines) and ``korea``: the bloc that each belongs to.

    Returns
    -------
    Explorer or None
        None while locked.

    Raises
    ------
    Slip
        If a value is outside its range or the prediction cannot be read.
    """
    rows = tables.load("taiwan_chip_exports")
    rows = rows[(rows["hs_code"] == "8542") & rows["whole_year"]]
    sold = {year: group.groupby("destination_iso3")["export_value_usd"].sum()
            for year, group in rows.groupby("year")}  # fmt: skip
    first, last = min(sold), max(sold)
    places = (_CHINA, _LINK, _WEST)
    controls = [
        Range(
            "year", "Year", "", first, last, last, step=1, form=".0f", hint="whole years",
            told="{}",
        ),
        Choice(
            "hong_kong", "Hong Kong", places, _CHINA, hint="sells on much of what it buys",
            told="Hong Kong in “{}”",
        ),
        Choice(
            "traders", "Singapore, Malaysia, Vietnam, Thailand, Philippines", places, _LINK,
            hint="assemble, test and sell on", told="Singapore and the others in “{}”",
        ),
        Choice(
            "korea", "South Korea", places, _WEST, hint="an ally with factories in China",
            told="South Korea in “{}”",
        ),
    ]  # fmt: skip

    def outcome(year, hong_kong, traders, korea) -> Outcome:
        bloc_of = dict.fromkeys(_ALLIES, _WEST) | {"CHN": _CHINA, "MAC": _CHINA}
        bloc_of |= {"HKG": hong_kong} | dict.fromkeys(_TRADERS, traders)
        bloc_of |= dict.fromkeys(_KOREA, korea)
        shares = {
            one: blocs.shares_by_bloc(values, bloc_of, other=_LINK) for one, values in sold.items()
        }

        def share(one, bloc):
            return 100 * shares[one].get(bloc, 0.0)

        russia = 100 * sold[year].get("RUS", 0.0) / sold[year].sum()
        small = f"{russia:.2f} %" if russia >= 0.005 else "less than 0.01 %"
        sentence = (
            f"In {year:.0f} {share(year, _CHINA):.0f} % of Taiwan's chip exports go to the China "
            f"bloc, {share(year, _WEST):.0f} % to the United States and allies and "
            f"{share(year, _LINK):.0f} % to connectors and all others; in {first} the China bloc "
            f"had {share(first, _CHINA):.0f} %. Russia has {small}."
        )
        table = pd.DataFrame(
            [
                {
                    "year": one,
                    "bloc": bloc,
                    "share_pct": round(share(one, bloc), 2),
                    "chosen": "yes" if one == year else "no",
                }
                for one in sorted(shares)
                for bloc in places
            ]
        )
        return Outcome(table, sentence, share(year, _CHINA))

    def chart(rows: alt.InlineData, guess: alt.InlineData) -> alt.TopLevelMixin:
        x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0))
        y = alt.Y("share_pct:Q", title="Share of exports, %")
        kind = alt.Color("bloc:N", title=None, legend=alt.Legend(orient="top", columns=3))
        base = alt.Chart(rows)
        lines = base.mark_line().encode(x, y.scale(domain=[0, 100]), kind, alt.StrokeDash("bloc:N"))
        points = base.transform_filter("datum.chosen == 'yes'").mark_point(
            filled=True, size=120, opacity=1, color=charts.COLOURS[6]
        )
        return (lines + points.encode(x, y)).properties(
            width=460,
            height=230,
            title=alt.Title("Taiwan's chips by bloc", subtitle="Source: table taiwan_chip_exports"),
            description="Three lines over the years: the share of Taiwan's chip exports that goes "
            "to the China bloc, to the United States and allies, and to connectors, as the "
            "controls place the buyers; points mark the chosen year. The sentence above has the "
            "numbers.",
        )

    return explorer(
        "explore.bloc_builder",
        Prediction(
            "prediction_pct",
            prediction_pct,
            "percent",
            "Which percentage of Taiwan's chip exports goes to the China bloc?",
            percent,
            gap_by_points,
            high=100,
            drawn=False,
        ),
        controls,
        outcome,
        chart,
        start,
    )
