"""Lesson 10: power that AI needs against power that a building plan brings, both uncertain."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from course import charts, tables
from course.explore.base import (
    AXIS_NUMBER,
    IN_ORDER,
    Explorer,
    Outcome,
    Prediction,
    Range,
    explorer,
)
from course.explore.wording import gap_by_points, percent
from course.models import programme, uncertainty
from course.models.uncertainty import Triangular
from course.slips import called

__all__ = ["uncertain_megawatts"]

_START, _END = 2030, 2042
_SAMPLES = 20_000
_WORDS = {
    "demand": "need in 2030",
    "growth": "growth of the need",
    "plan": "size of the plan",
    "on_time": "share built on time",
    "availability": "availability",
}


@called("explore.uncertain_megawatts")
def uncertain_megawatts(prediction_pct: float | None = None, **start: Any) -> Explorer | None:
    """Compare what AI data centres need with what new reactors bring, by draws.

    Parameters
    ----------
    prediction_pct : float, optional
        In which percentage of the draws you think the reactors cover the need, with the values
        that the explorer opens with. It stays locked without it.
    **start : number
        Opening values: ``year`` (2031 to 2042), ``share`` (of the new plants that serves data
        centres), ``growth`` (likeliest yearly growth of the need after 2030), ``on_time``
        (likeliest share of the plan that is built on time).

    Returns
    -------
    Explorer or None
        None while locked.

    Raises
    ------
    Slip
        If a value is outside its range or the prediction cannot be read.
    """
    need = tables.parameter("ru_ai_demand_2030")
    rate = tables.parameter("ru_ai_demand_growth_after_2030")
    plan = tables.parameter("ru_new_nuclear_2042")
    ready = tables.parameter("unit_availability")
    controls = [
        Range(
            "year", "Year", "", _START + 1, _END, 2036, step=1, form=".0f",
            hint="the plan runs to 2042; it is taken to come on line evenly from 2030 on",
            told="{}",
        ),
        Range(
            "share", "Share of the new plants for data centres", "", 0.05, 1.0, 0.60, step=0.05,
            form=".0%",
            hint="a teaching choice: no plan in our tables names one", told="a share of {}",
        ),
        Range(
            "growth", "Likeliest growth of the need, a year", "", rate.low, rate.high, 0.15,
            step=0.01, form=".0%", hint="0.20 is the ministry's, 0.10 a teaching choice",
            told="a growth of {}",
        ),
        Range(
            "on_time", "Likeliest share of the plan on time", "", 0.3, 1.0, 0.7, step=0.05,
            form=".0%", hint="a teaching choice; drawn between 20 and 100 %",
            told="{} on time",
        ),
    ]  # fmt: skip

    def outcome(year, share, growth, on_time) -> Outcome:
        inputs = {
            "demand": Triangular(need.low, need.central, need.high),
            "growth": Triangular(rate.low, growth, rate.high),
            "plan": Triangular(plan.low, plan.central, plan.high),
            "on_time": Triangular(0.2, on_time, 1.0),
            "availability": Triangular(ready.low, ready.central, ready.high),
        }
        years = year - _START

        def needed(demand, growth):
            return programme.grow(demand, growth, years)

        def firm(plan, on_time, availability):
            return programme.firm_from_plan_gw(
                plan, years, _END - _START, on_time, availability, share
            )

        def surplus(demand, growth, plan, on_time, availability):
            return firm(plan, on_time, availability) - needed(demand, growth)

        drawn = uncertainty.draw(inputs, samples=_SAMPLES)
        wanted = needed(drawn["demand"], drawn["growth"])
        brought = firm(drawn["plan"], drawn["on_time"], drawn["availability"])
        covered = 100 * float(np.mean(brought >= wanted))
        bars = uncertainty.tornado(surplus, inputs, drawn)
        ranges = {
            "needed": uncertainty.percentiles(wanted),
            "from reactors": uncertainty.percentiles(brought),
        }
        low, middle, high = ranges["needed"]
        first, centre, last = ranges["from reactors"]
        sentence = (
            f"In {year:.0f} data centres for AI need {low:.1f} to {high:.1f} GW (middle "
            f"{middle:.1f}), and {100 * share:.0f} % of the plan brings {first:.1f} to {last:.1f} "
            f"GW (middle {centre:.1f}). The reactors cover the need in {covered:.0f} % of the "
            "draws. "
            f"What moves the difference most is the {_WORDS[bars[0].name]}."
        )
        rows = [
            {"part": "ranges", "what": name, "low_gw": low, "mid_gw": middle, "high_gw": high}
            for name, (low, middle, high) in ranges.items()
        ]
        rows += [
            {
                "part": "tornado",
                "what": _WORDS[bar.name],
                "low_gw": min(bar.low, bar.high),
                "mid_gw": None,
                "high_gw": max(bar.low, bar.high),
            }
            for bar in bars
        ]
        return Outcome(pd.DataFrame(rows).round(3), sentence, covered)

    def chart(rows: alt.InlineData, guess: alt.InlineData) -> alt.TopLevelMixin:
        axis = alt.Axis(labelExpr=AXIS_NUMBER, tickCount=6)
        base = alt.Chart(rows).encode(
            alt.Y("what:N", title=None, sort=IN_ORDER, axis=alt.Axis(labelLimit=170)),
        )
        ranges = base.transform_filter("datum.part == 'ranges'")
        bars = ranges.mark_bar(height=16, color=charts.COLOURS[0]).encode(
            alt.X("low_gw:Q", title="Power, GW (bar: 90 % of the draws)", axis=axis),
            alt.X2("high_gw:Q"),
        )
        ticks = ranges.mark_tick(thickness=3, color="black", height=22).encode(alt.X("mid_gw:Q"))
        tornado = (
            base.transform_filter("datum.part == 'tornado'")
            .mark_bar(height=12, color=charts.COLOURS[1])
            .encode(
                alt.X("low_gw:Q", title="Reactors less need, GW (one input moved)", axis=axis),
                alt.X2("high_gw:Q"),
            )
        )
        return alt.vconcat(
            (bars + ticks).properties(width=300, height=70),
            tornado.properties(width=300, height=110),
        ).properties(
            title=alt.Title("Two uncertain powers", subtitle="Source: table parameters"),
            description="Above, two bars in GW: 90 % of the draws of the power needed and of the "
            "power from reactors, with the middle marked. Below, one bar an input: how far it "
            "moves the difference. The sentence above has the numbers.",
        )

    return explorer(
        "explore.uncertain_megawatts",
        Prediction(
            "prediction_pct",
            prediction_pct,
            "percent",
            "In which percentage of the draws do the new reactors cover the need of 2036?",
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
