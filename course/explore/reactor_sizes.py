"""Lesson 07: how many units firm power takes, on an island and on a grid."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from course import charts, tables
from course.explore.base import (
    AXIS_NUMBER,
    MARK_IN_WORDS,
    Choice,
    Explorer,
    Outcome,
    Prediction,
    Range,
    explorer,
    prediction_rule,
)
from course.explore.wording import amount, gap_by_count, percent
from course.models import reactors
from course.slips import called

__all__ = ["reactor_fleet"]

# Sizes as the parameters table and the list of Russian models have them.
_UNITS = {
    "KLT-40S, 35 MW": 35,
    "RITM-200N, 55 MW": 55,
    "floating pair, 106 MW": 106,
    "BREST, 300 MW": 300,
    "VVER-TOI, 1,255 MW gross": 1255,
}
# Ticks of the hours short, up to all hours of a year.
_HOURS = [0, 1, 10, 100, 1_000, 8_760]
# So many labels beside points do not cover each other.
_FEW = 4
_CONNECTIONS = ("island, own units only", "grid, which lends the reserve")


@called("explore.reactor_fleet")
def reactor_fleet(prediction_units: float | None = None, **start: Any) -> Explorer | None:
    """Explore how many reactor units cover a demand with a promised reliability.

    Parameters
    ----------
    prediction_units : float, optional
        How many units you think it takes. The explorer stays locked without it.
    **start : number or str
        Opening values: ``demand`` (MW), ``unit`` and ``promise`` (as listed), ``availability``,
        ``common_cause`` (share of time in which all units stand still together), ``connection``.

    Returns
    -------
    Explorer or None
        None while locked.

    Raises
    ------
    Slip
        If a value is outside its range or the prediction cannot be read.
    """
    availability = tables.parameter("unit_availability")
    common = tables.parameter("common_cause_outage")
    promises = {
        "99 %": 0.99,
        "Tier III, 99.982 %": tables.parameter("reliability_tier3").central,
        "Tier IV, 99.995 %": tables.parameter("reliability_tier4").central,
    }
    controls = [
        Range(
            "demand", "Demand of the site", "MW", 20, 2500, 100, log=True,
            hint="teaching choice: from a mine to the ministry's plan for 2030",
            told="{}", measure="MW",
        ),
        Choice("unit", "Kind of unit", tuple(_UNITS), "RITM-200N, 55 MW", told="{}"),
        Choice(
            "promise", "Promised reliability", tuple(promises), "Tier III, 99.982 %",
            hint="tiers are for whole sites with diesels: a yardstick", told="{}",
        ),
        Range(
            "availability", "Availability of a unit", "", availability.low, availability.high,
            availability.central, step=0.01, hint="teaching choice", form=".2f",
            told="an availability of {}",
        ),
        Range(
            "common_cause", "All units down together", "of the time", 0, common.high, 0,
            step=0.005, hint="teaching choice; 0 is independence", form=".1%",
            told="all down together {}",
        ),
        Choice("connection", "Connection", _CONNECTIONS, _CONNECTIONS[0], told="{}"),
    ]  # fmt: skip

    def outcome(demand, unit, promise, availability, common_cause, connection) -> Outcome:
        size, target = _UNITS[unit], promises[promise]
        needed = reactors.units_running_needed(demand, size)
        on_grid = connection == _CONNECTIONS[1]
        reachable = target < 1 - common_cause
        if on_grid:
            enough = reactors.units_for_average(demand, size)
        elif reachable:
            enough = reactors.smallest_firm_fleet(
                demand, size, availability, target, common_cause=common_cause
            )
        else:
            enough = None
        last = max(needed + 5, (enough or 0) + 1)
        units = list(range(needed, last + 1))
        hours = reactors.loss_of_load_hours(units, demand, size, availability, common_cause)
        rows = pd.DataFrame({"units": units, "hours_short": [float(f"{h:.3g}") for h in hours]})
        # Labels stand where there is room for them: on the way down to the fleet that is enough.
        named = {needed, enough} if enough else {needed, last}
        if enough and enough - needed <= _FEW:
            named |= set(range(needed, enough))
        rows["built"] = [f"{n * size:,} MW" if n in named else "" for n in units]
        rows["fleet"] = [
            "enough" if enough is not None and n >= enough else "too few" for n in units
        ]
        sentence = _sentence(
            demand, size, promise, enough, on_grid, needed, availability, common_cause
        )
        rows["said"] = [
            f"{n} units, {amount(n * size, 5)} MW: {amount(h)} hours short a year"
            for n, h in zip(units, hours, strict=True)
        ]
        return Outcome(rows, sentence, None if enough is None else float(enough))

    def chart(rows: alt.InlineData, guess: alt.InlineData) -> alt.TopLevelMixin:
        points = (
            alt.Chart(rows)
            .mark_point(filled=True, size=90)
            .encode(
                alt.X("units:Q", title="Units built", axis=alt.Axis(tickMinStep=1)).scale(
                    zero=False, nice=False, padding=14
                ),
                alt.Y(
                    "hours_short:Q",
                    title="Hours a year short of power",
                    axis=alt.Axis(values=_HOURS, labelExpr=AXIS_NUMBER),
                ).scale(type="symlog", domain=[0, _HOURS[-1]]),
                alt.Shape("fleet:N", title="Fleet").scale(domain=["enough", "too few"]),
                alt.Color("fleet:N", title="Fleet").scale(
                    domain=["enough", "too few"], range=[charts.COLOURS[0], charts.COLOURS[1]]
                ),
                **MARK_IN_WORDS,
            )
        )
        labels = points.mark_text(align="left", dx=8, fontSize=11).encode(
            text="built:N", shape=alt.Undefined, color=alt.value("black")
        )
        # The prediction's line passes behind the labels, and a white rim keeps them readable.
        rim = points.mark_text(
            align="left", dx=8, fontSize=11, stroke="white", strokeWidth=4, strokeJoin="round"
        ).encode(text="built:N", shape=alt.Undefined, color=alt.value("white"))
        return (prediction_rule(guess) + points + rim + labels).properties(
            width=400,
            height=240,
            title=alt.Title(
                "Hours short of power, fleet by fleet",
                subtitle="Source: table parameters, binomial model",
            ),
            description="Points, labelled with the megawatts built: hours a year in which the "
            "site's own units do not cover the demand, by number of units; a dashed line marks "
            "your guess. The sentence above has the numbers.",
        )

    return explorer(
        "explore.reactor_fleet",
        Prediction(
            "prediction_units",
            prediction_units,
            "",
            "How many units does it take?",
            amount,
            gap_by_count,
        ),
        controls,
        outcome,
        chart,
        start,
    )


def _sentence(demand, size, promise, enough, on_grid, needed, availability, common_cause) -> str:
    site = f"{demand:,.0f} MW from units of {size:,} MW"
    if enough is None:
        return (
            f"{site}: no number of units keeps {promise}, because all of them stand still "
            f"together {percent(100 * common_cause)} of the time. {needed} must run at once."
        )
    short = reactors.loss_of_load_hours(enough, demand, size, availability, common_cause)
    energy = reactors.unserved_energy_mwh(enough, demand, size, availability, common_cause)
    built = f"{enough * size:,} MW built, {amount(enough * size / demand)} for each MW used"
    if on_grid:
        return (
            f"{site}: on a grid {enough} units give the energy of a year at the world's capacity "
            f"factor ({built}). Alone they would fall short for {amount(short, 3)} hours a year; "
            f"the grid's other plants are the reserve, so {promise} is the grid's promise to keep."
        )
    return (
        f"{site}: {enough} units keep {promise} ({built}); {needed} must run at once. They fall "
        f"short for {amount(short)} hours and {amount(energy)} MWh a year."
    )
