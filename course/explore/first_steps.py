"""Lesson 00: a warm-up with few sliders, from power and hours to energy."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from course import charts, tables
from course.explore.base import Explorer, Outcome, Range, explorer, prediction_rule
from course.explore.wording import amount
from course.models import power

__all__ = ["first_steps"]

_HOURS_A_DAY = 24
_KW_PER_MW = 1e3
_KWH_PER_TWH = 1e9
_WIDTH = 260


def first_steps(prediction_kwh: float | None = None, **start: Any) -> Explorer | None:
    """Explore what a server uses in an hour, in a day and in some days.

    Parameters
    ----------
    prediction_kwh : float, optional
        How many kWh you think the server uses in the days that the explorer opens with. It stays
        locked without it.
    **start : number
        Opening values: ``power_kw`` (while it is on), ``hours`` (on, of each day), ``days``,
        ``servers``.

    Returns
    -------
    Explorer or None
        None while locked.

    Raises
    ------
    ValueError
        If a value is outside its range or the prediction is no number from 0 up.
    """
    rating = tables.parameter("node_nameplate_8xh100").central
    controls = [
        Range(
            "power_kw", "Power while it is on", "kW", 0.2, 20, rating, step=0.2,
            hint="10.2: a server with eight H100, at most; the range is a teaching choice",
        ),
        Range(
            "hours", "Hours on, each day", "h", 1, _HOURS_A_DAY, 8, step=1,
            hint="8 is a teaching choice; computing centres seldom rest",
        ),
        Range("days", "Days", "", 1, 31, 7, step=1, hint="a week to begin with"),
        Range("servers", "Servers", "", 1, 100, 1, step=1, hint="a teaching choice"),
    ]  # fmt: skip

    def outcome(power_kw, hours, days, servers) -> Outcome:
        def kwh(share: float, length: float) -> float:
            mw = servers * power_kw / _KW_PER_MW
            return _KWH_PER_TWH * power.energy_twh(mw, use=share, hours=length)

        use = hours / _HOURS_A_DAY
        used = pd.Series(
            {
                "one hour, on": kwh(1, 1),
                "one day, as set": kwh(use, _HOURS_A_DAY),
                "all days, as set": kwh(use, _HOURS_A_DAY * days),
                "all days, never off": kwh(1, _HOURS_A_DAY * days),
            }
        )
        one = servers == 1
        whole = used["all days, as set"]
        sentence = (
            f"{servers:g} {'server draws' if one else 'servers draw'} {power_kw:g} kW"
            f"{'' if one else ' each'} for {hours:g} {'hour' if hours == 1 else 'hours'} a day: "
            f"{amount(used['one day, as set'], 5)} kWh a day, and {amount(whole, 5)} kWh in "
            f"{days:g} {'day' if days == 1 else 'days'}. Never switched off, it would be "
            f"{amount(used['all days, never off'], 5)} kWh. You predicted "
            f"{float(prediction_kwh):,g} kWh."
        )
        rows = pd.DataFrame(
            {
                "what": used.index,
                "kwh": [float(f"{value:.6g}") for value in used],
                "label": [f"{amount(value, 5)} kWh" for value in used],
            }
        )
        return Outcome(rows, sentence)

    def chart(rows: alt.InlineData) -> alt.TopLevelMixin:
        x = alt.X("kwh:Q", title="Energy used, kWh", axis=alt.Axis(tickCount=4))
        y = alt.Y("what:N", title=None, sort=None, axis=alt.Axis(labelLimit=150))
        bars = alt.Chart(rows).mark_bar(color=charts.COLOURS[0]).encode(x, y)
        labels = (
            alt.Chart(rows)
            .mark_text(align="left", fontSize=12)
            .encode(x=alt.value(_WIDTH + 8), y=y, text="label:N")
        )
        guess = prediction_rule(float(prediction_kwh), "your prediction")
        return (bars + labels + guess).properties(
            width=_WIDTH,
            height=150,
            title=alt.Title("Power times time is energy", subtitle="Source: table parameters"),
            description="Bars: energy in kWh for one hour, for one day, for all days as set, and "
            "for all days without a pause; a dashed line marks the prediction. The sentence "
            "above has the numbers.",
        )

    return explorer(
        "explore.first_steps",
        ("prediction_kwh", prediction_kwh),
        "How many kWh does the server use in seven days of eight hours?",
        controls,
        outcome,
        chart,
        start,
    )
