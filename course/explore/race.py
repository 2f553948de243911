"""Lesson 08: what the largest computers draw by the day on which a plant is finished."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from course import tables
from course.explore.base import AXIS_NUMBER, Explorer, Outcome, Prediction, Range, explorer
from course.explore.wording import amount, gap_by_factor
from course.models import schedule
from course.slips import called

__all__ = ["race"]

_SPAN = 15
# Two cases of one thing, so that they can be compared: power after the chips' progress, as it is
# measured, and what the same computation would draw without that progress.
_LINES = {"demand": "power of the largest run", "bare": "the same run on the chips of today"}


@called("explore.race")
def race(prediction_times: float | None = None, **start: Any) -> Explorer | None:
    """See how much more power the largest runs draw by the day on which a plant is finished.

    Growth of power is measured *after* the progress of chips: the two multiply to the growth of
    computation, and do not race each other.

    Parameters
    ----------
    prediction_times : float, optional
        By which factor you think the power of the largest runs grows during the build that the
        explorer opens with. It stays locked without it.
    **start : number
        Opening values: ``planned`` (years), ``overrun`` (real over planned time), ``doubling``
        (years in which computing per watt doubles), ``growth`` (yearly factor of the power of the
        largest runs).

    Returns
    -------
    Explorer or None
        None while locked.

    Raises
    ------
    Slip
        If a value is outside its range or the prediction cannot be read.
    """
    growth = tables.parameter("frontier_power_growth")
    planned = tables.parameter("plan_kursk2_1_build").central
    real = tables.parameter("kursk2_1_build").central
    leading = schedule.doubling_time(tables.parameter("chip_efficiency_growth_leading").central)
    controls = [
        Range(
            "planned", "Planned building time", "years", 2, 10, planned, step=0.5,
            hint="4.5 for Kursk II-1", told="{} planned", measure="year",
        ),
        Range(
            "overrun", "Overrun: real over planned time", "", 1.0, 3.0,
            round(schedule.overrun_ratio(real, planned), 3), step=0.1, form=".2f",
            hint="1.7 for Kursk II-1; 1 is on time", told="an overrun of {}",
        ),
        Range(
            "growth", "Power of the largest run, a year", "times", 1.0, 2.5, growth.central,
            step=0.1, form=".1f", hint="1.9 to 2.2 measured; the rest is a teaching choice",
            told="{} a year",
        ),
        Range(
            "doubling", "Computing per watt doubles in", "years", 1.0, 5.0, round(leading, 2),
            step=0.1, form=".2f", measure="year",
            hint="2.06 leading chips, 2.6 since 2000, 3.0 a broad set",
        ),
    ]  # fmt: skip

    def outcome(planned, overrun, growth, doubling) -> Outcome:
        built = planned * overrun
        demand = schedule.grown_by(built, growth)
        gain = schedule.efficiency_gain(built, doubling)
        kept = schedule.grown_by(planned, growth)
        sentence = (
            f"Planned for {amount(planned)} years, the plant takes {built:.1f}. By then the "
            f"largest run draws {_times(demand)} the power of today; on the planned day it would "
            f"have been {_times(kept)}. That is with better chips: a watt computes "
            f"{_times(gain)} as much, and the same run on the chips of today would draw "
            f"{_times(demand * gain)}."
        )
        # The axes reach beyond the end of the plant, so that its label has room.
        years = [step / 2 for step in range(2 * max(_SPAN, math.ceil(1.2 * built)) + 1)]
        curves = {
            _LINES["demand"]: schedule.grown_by(years, growth),
            _LINES["bare"]: [
                power * better
                for power, better in zip(
                    schedule.grown_by(years, growth),
                    schedule.efficiency_gain(years, doubling),
                    strict=True,
                )
            ],
        }
        rows = [
            {"what": name, "years": year, "times": float(f"{value:.4g}")}
            for name, values in curves.items()
            for year, value in zip(years, values, strict=True)
        ]
        rows += [
            {"what": "planned end", "years": planned, "times": 1.0},
            {"what": "real end", "years": round(built, 2), "times": 1.0},
        ]
        return Outcome(pd.DataFrame(rows), sentence, float(demand))

    def chart(rows: alt.InlineData, guess: alt.InlineData) -> alt.TopLevelMixin:
        x = alt.X("years:Q", title="Years from today").scale(nice=False)
        y = alt.Y(
            "times:Q",
            title="Power, times that of today",
            axis=alt.Axis(tickCount=6, labelExpr=AXIS_NUMBER),
        )
        y = y.scale(type="log", domainMin=1)
        base = alt.Chart(rows)
        kind = alt.Color(
            "what:N", title=None, legend=alt.Legend(orient="top", columns=2, offset=28)
        )
        lines = (
            base.transform_filter(alt.FieldOneOfPredicate("what", list(_LINES.values())))
            .mark_line(clip=True)
            .encode(x, y, kind, alt.StrokeDash("what:N", title=None))
        )
        ends = base.transform_filter(alt.FieldOneOfPredicate("what", ["planned end", "real end"]))
        rules = ends.mark_rule(color="black", clip=True).encode(x)
        # Above the frame, and one to each side, since the two ends may lie close together.
        words = [
            base.transform_filter(alt.FieldEqualPredicate(field="what", equal=name))
            .mark_text(align=side, dx=aside, dy=-8, baseline="bottom")
            .encode(x, y=alt.value(0), text="what:N")
            for name, side, aside in (("planned end", "right", -3), ("real end", "left", 3))
        ]
        return alt.layer(lines, rules, *words).properties(
            width=420,
            height=230,
            title=alt.Title(
                "What demand draws when the plant is done", subtitle="Source: table parameters"
            ),
            description="Two lines on a logarithmic axis over the years, as multiples of today: "
            "the power of the largest training run, and what the same computation would draw on "
            "the chips of today; two vertical rules mark the planned and the real end. "
            "The sentence above has the numbers.",
        )

    return explorer(
        "explore.race",
        Prediction(
            "prediction_times",
            prediction_times,
            "",
            "By which factor does the power of the largest training runs grow during the build?",
            _times,
            gap_by_factor,
            drawn=False,
        ),
        controls,
        outcome,
        chart,
        start,
    )


def _times(value: float) -> str:
    return f"{amount(value, 3 if value >= 100 else 2)} times"
