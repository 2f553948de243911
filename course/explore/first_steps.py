"""Lesson 00: a warm-up with few sliders, from power and hours to energy."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from course import charts, tables
from course.explore.base import (
    AXIS_NUMBER,
    MARK_IN_WORDS,
    Explorer,
    Outcome,
    Prediction,
    Range,
    explorer,
    prediction_rule,
)
from course.explore.wording import amount, gap_by_factor
from course.models import power
from course.slips import called

__all__ = ["first_steps"]

_HOURS_A_DAY = 24
_KW_PER_MW = 1e3
_KWH_PER_TWH = 1e9
_WIDTH = 260


@called("explore.first_steps")
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
    Slip
        If a value is outside its range or the prediction cannot be read.
    """
    rating = tables.parameter("node_nameplate_8xh100").central
    controls = [
        Range(
            "power_kw", "Power while it is on", "kW", 0.2, 20, rating, step=0.2,
            hint="10.2: a server with eight H100, at most; the range is a teaching choice",
            told="{}", measure="kW",
        ),
        Range(
            "hours", "Hours on, each day", "h", 1, _HOURS_A_DAY, 8, step=1,
            hint="8 is a teaching choice; computing centres seldom rest",
            told="{} a day", measure="hour",
        ),
        Range(
            "days", "Days", "", 1, 31, 7, step=1, hint="a week to begin with",
            told="{} days", measure="day",
        ),
        Range(
            "servers", "Servers", "", 1, 100, 1, step=1, hint="a teaching choice",
            told="{} servers",
        ),
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
            f"{amount(servers, 3)} {'server draws' if one else 'servers draw'} "
            f"{amount(power_kw, 3)} kW{'' if one else ' each'} for {amount(hours)} "
            f"{'hour' if hours == 1 else 'hours'} a day: "
            f"{_kwh(used['one day, as set'])} a day, and {_kwh(whole)} in "
            f"{amount(days)} {'day' if days == 1 else 'days'}. Never switched off, it would be "
            f"{_kwh(used['all days, never off'])}."
        )
        rows = pd.DataFrame(
            {
                "what": used.index,
                "kwh": [float(f"{value:.6g}") for value in used],
                "label": [_kwh(value) for value in used],
            }
        )
        rows["said"] = rows["what"] + ": " + rows["label"]
        return Outcome(rows, sentence, whole)

    def chart(rows: alt.InlineData, guess: alt.InlineData) -> alt.TopLevelMixin:
        axis = alt.Axis(tickCount=4, labelExpr=AXIS_NUMBER)
        x = alt.X("kwh:Q", title="Energy used, kWh", axis=axis)
        y = alt.Y("what:N", title=None, sort=None, axis=alt.Axis(labelLimit=150))
        bars = alt.Chart(rows).mark_bar(color=charts.COLOURS[0]).encode(x, y, **MARK_IN_WORDS)
        labels = (
            alt.Chart(rows)
            .mark_text(align="left", fontSize=12)
            .encode(x=alt.value(_WIDTH + 8), y=y, text="label:N")
        )
        return (bars + labels + prediction_rule(guess)).properties(
            width=_WIDTH,
            height=150,
            title=alt.Title("Power times time is energy", subtitle="Source: table parameters"),
            description="Bars: energy in kWh for one hour, for one day, for all days as set, and "
            "for all days without a pause; a dashed line marks your guess. The sentence "
            "above has the numbers.",
        )

    return explorer(
        "explore.first_steps",
        Prediction(
            "prediction_kwh",
            prediction_kwh,
            "kWh",
            "How many kWh does the server use in seven days of eight hours?",
            _kwh,
            gap_by_factor,
        ),
        controls,
        outcome,
        chart,
        start,
    )


def _kwh(value: float) -> str:
    return f"{amount(value, 5)} kWh"
