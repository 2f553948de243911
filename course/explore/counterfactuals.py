"""Lesson 04: one fall, measured against the control group and the years that one chooses."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from course import charts, tables
from course.explore.base import (
    AXIS_NUMBER,
    GUESS_INK,
    GUESS_OPACITY,
    MARK_IN_WORDS,
    Choice,
    Explorer,
    Outcome,
    Prediction,
    Range,
    explorer,
)
from course.explore.wording import amount, gap_by_points, percent
from course.models import trade
from course.slips import called

__all__ = ["did_bench"]

_NEIGHBOURS = ("Armenia", "Georgia", "Kazakhstan", "Kyrgyzstan", "Uzbekistan")
_DISTANT = ("Israel", "Japan", "Singapore", "South Korea", "Taiwan", "United States")
# Ways by which published figures say that goods went (table published_figures).
_HUBS = ("China", "Hong Kong", "Turkey", "United Arab Emirates")
_CONTROLS = {
    "five neighbours": _NEIGHBOURS,
    "six distant": _DISTANT,
    "four hubs": _HUBS,
    "all fifteen": (*_NEIGHBOURS, *_DISTANT, *_HUBS),
    "Japan alone": ("Japan",),
}
_TREATED = ("Russia", "Turkey", "China", "Kazakhstan")
_EU, _TAIWAN = "EU, all goods", "Taiwan, chips (8542)"
_GOODS = {_EU: "EU exports of all goods", _TAIWAN: "Taiwan's exports of chips"}
_EVENT, _EARLIER_SANCTIONS = 2022, 2014
_FIRST_EVENT, _LAST_YEAR = 2015, 2023
# Years before the event over which the gap is watched for a trend.
_PRE_YEARS = 3
# Ends of the chart's axis; what lies beyond is drawn at the edge.
_LOW, _HIGH = 10, 1000
_WIDTH, _HEIGHT, _LINE = 380, 270, 17


@called("explore.did_bench")
def did_bench(prediction_pct: float | None = None, **start: Any) -> Explorer | None:
    """Measure a change against a control group, and see what the choice of control does.

    Parameters
    ----------
    prediction_pct : float, optional
        By how many percent you think EU exports to Russia ended below the path of its five
        neighbours in 2023. The explorer stays locked without it.
    **start : number or str
        Opening values: ``control`` (a group of partners), ``event`` (year taken for the change;
        it is left out itself), ``treated`` (the partner in question), ``span`` (years averaged on
        each side), ``goods`` (whose exports of what).

    Returns
    -------
    Explorer or None
        None while locked.

    Raises
    ------
    Slip
        If a value is outside its range or the prediction cannot be read.
    """
    logs = {_EU: _eu(), _TAIWAN: _taiwan()}
    controls = [
        Choice(
            "control", "Control group", list(_CONTROLS), "five neighbours",
            hint="the groups are a choice of the course; all fifteen: the first three together",
            told="{}",
        ),
        Range(
            "event", "Year of the change", "", _FIRST_EVENT, _EVENT, _EVENT, step=1, form=".0f",
            hint="left out itself: 2022 was partly before and partly after; earlier: a placebo",
            told="a change in {}",
        ),
        Choice(
            "treated", "Partner in question", _TREATED, "Russia",
            hint="any but Russia is a placebo in space", told="{}",
        ),
        Range(
            "span", "Years averaged on each side", "", 1, 5, 1, step=1, form=".0f",
            hint="as far as the tables reach: to 2023", told="means of {} years",
        ),
        Choice(
            "goods", "Exports of", list(logs), _EU,
            hint="EU years have no product codes; Taiwan sells the neighbours next to nothing",
            told="{}",
        ),
    ]  # fmt: skip

    def outcome(control, event, treated, span, goods) -> Outcome:
        event, span, seen = int(event), int(span), logs[goods]
        before = [year for year in range(event - span, event) if year in seen.index]
        after = [year for year in range(event + 1, event + span + 1) if year <= _LAST_YEAR]
        members = _complete(seen, control, treated, before + after)
        from_goods = _GOODS[goods]
        own = seen[treated]
        if not members:
            sentence = (
                f"{from_goods}: no member of the control, {control}, has a figure in each of the "
                "years compared, and 0 has no logarithm. Choose another."
            )
            return Outcome(_lines({treated: own}, before, after), sentence, None)
        # A mean over other members from year to year would leap without anything happening.
        other = seen[members].mean(axis=1).where(seen[members].notna().all(axis=1))
        corners = [np.exp(path[years].mean()) for path in (own, other) for years in (before, after)]
        delta = trade.diff_in_diff_log(*corners)
        relative = 100 * float(np.expm1(delta))
        sentence = (
            f"{from_goods}, {_years(after)} against {_years(before)}: {treated} "
            f"{_change(corners[0], corners[1])}, control {_change(corners[2], corners[3])} "
            f"({_named(members)}). The difference is {_signed(delta)} log points: {treated} ended "
            f"{abs(relative):.0f} % {'below' if relative < 0 else 'above'} the control's path. "
            f"{_trend(own, other, event)}{_warnings(treated, members, before, after)}"
        )
        rows = _lines({treated: own, "control": other}, before, after)
        path = 100 * float(corners[3] / corners[2])
        return Outcome(rows, sentence, -relative, {"year": after[-1], "path": path})

    def place(value: float, mark: dict[str, Any]) -> dict[str, Any]:
        # A prediction of so many percent below is a point below the control's path.
        index = mark["path"] * (1 - value / 100) if "path" in mark else None
        if index is None:
            return {"index": None, "beyond": False}
        inside = min(max(index, _LOW), _HIGH)
        return {"index": inside, "beyond": inside != index}

    def chart(rows: alt.InlineData, guess: alt.InlineData) -> alt.TopLevelMixin:
        x = alt.X("year:Q", title="Year", axis=alt.Axis(format="d", tickCount=7)).scale(
            domain=[2010, _LAST_YEAR + 1], nice=False
        )
        y = alt.Y(
            "index:Q",
            title="Mean of the years before = 100",
            axis=alt.Axis(values=[10, 20, 50, 100, 200, 500, 1000], labelExpr=AXIS_NUMBER),
        ).scale(type="log", domain=[_LOW, _HIGH], clamp=True)
        who = alt.Color(
            "line:N",
            legend=None,
            sort=None,
            scale=alt.Scale(domain=["treated", "control"], range=charts.COLOURS[:2]),
        )
        dash = alt.StrokeDash(
            "line:N",
            legend=None,
            scale=alt.Scale(domain=["treated", "control"], range=[[1, 0], [6, 3]]),
        )
        base = alt.Chart(rows).encode(x, y)
        paths = base.encode(color=who)
        lines = paths.mark_line().encode(strokeDash=dash)
        inside = paths.transform_filter("datum.compared != ''")
        points = inside.mark_point(filled=True, size=90).encode(
            shape=alt.Shape(
                "compared:N",
                scale=alt.Scale(domain=["before", "after"], range=["circle", "diamond"]),
                # Room between legend and frame for what the cross is.
                legend=alt.Legend(
                    orient="top", title="Years compared", titleOrient="left", offset=26
                ),
            ),
            **MARK_IN_WORDS,
        )
        names = base.transform_filter("datum.name != ''").mark_text(
            align="left", dx=9, dy=alt.expr("datum.shift"), fontSize=12
        )
        known = alt.Chart(guess).transform_filter("isValid(datum.index)")
        words = alt.Description("label:N")
        cross = known.mark_point(
            shape="cross", size=140, filled=True, color=charts.COLOURS[6], opacity=GUESS_OPACITY
        ).encode(x, y, tooltip="label:N", description=words)
        what = known.mark_text(
            align="right", baseline="bottom", dy=-6, fontSize=12, color=GUESS_INK
        ).encode(x=alt.value(_WIDTH), y=alt.value(0), text="cross:N", description=words)
        what = what.transform_calculate(cross="'+ ' + datum.label")
        return (lines + points + cross + names.encode(text="name:N") + what).properties(
            width=_WIDTH,
            height=_HEIGHT,
            title=alt.Title(
                "The control's path, and what came of it",
                subtitle="Source: tables eu_exports_annual, taiwan_chip_exports",
            ),
            description="Two lines over the years, on a logarithmic axis where the years before "
            "are 100: the partner in question, and the mean of the control group, dashed. Larger "
            "points mark the years compared; a cross marks your guess. The sentence above has "
            "the numbers.",
        )

    return explorer(
        "explore.did_bench",
        Prediction(
            "prediction_pct",
            prediction_pct,
            "percent",
            "By how many percent did EU exports to Russia end below the path of its five "
            "neighbours in 2023?",
            percent,
            gap_by_points,
            high=100,
            place=place,
        ),
        controls,
        outcome,
        chart,
        start,
    )


def _eu() -> pd.DataFrame:
    rows = tables.load("eu_exports_annual")
    return _logs(rows.pivot(index="year", columns="partner", values="export_value_eur"))


def _taiwan() -> pd.DataFrame:
    rows = tables.load("taiwan_chip_exports").query("hs_code == '8542' and whole_year")
    wide = rows.pivot(index="year", columns="destination", values="export_value_usd")
    return _logs(wide.loc[:_LAST_YEAR])


def _logs(values: pd.DataFrame) -> pd.DataFrame:
    """Logarithms; a year without a sale has none."""
    return np.log(values.where(values > 0))


def _complete(logs: pd.DataFrame, control: str, treated: str, years: list[int]) -> list[str]:
    """Members of the control with a figure in every year compared, the treated one left out."""
    there = [name for name in _CONTROLS[control] if name in logs.columns and name != treated]
    return [name for name in there if logs.loc[years, name].notna().all()]


def _lines(
    paths: dict[str, pd.Series],
    before: list[int],
    after: list[int],
) -> pd.DataFrame:
    """Rows of the chart: each path where the years before are 100."""
    rows = []
    for line, (name, path) in zip(("treated", "control"), paths.items(), strict=False):
        known = path.dropna()
        index = 100 * np.exp(known - path[before].mean())
        rows += [
            {
                "year": int(year),
                "line": line,
                "index": round(float(value), 2),
                "compared": "before" if year in before else "after" if year in after else "",
                "name": name if year == known.index[-1] else "",
            }
            for year, value in index.items()
        ]
    frame = pd.DataFrame(rows)
    frame["said"] = [
        f"{line}, {year}: {amount(index, 3)}"
        for line, year, index in frame[["line", "year", "index"]].itertuples(index=False)
    ]
    frame["shift"] = _apart(frame)
    return frame


def _apart(frame: pd.DataFrame) -> pd.Series:
    """Pixels by which the names at the lines' ends move, so that none lies on another."""
    shift = pd.Series(0.0, index=frame.index)
    ends = frame[frame["name"] != ""]
    if len(ends) < 2:
        return shift
    inside = ends["index"].clip(_LOW, _HIGH)
    height = _HEIGHT * np.log(inside / _LOW) / np.log(_HIGH / _LOW)
    upper, lower = height.idxmax(), height.idxmin()
    upper, lower = (upper, lower) if upper != lower else (ends.index[0], ends.index[1])
    short = max(0.0, _LINE - (height[upper] - height[lower]))
    shift[upper], shift[lower] = -short / 2, short / 2
    return shift


def _years(years: list[int]) -> str:
    return f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"


def _change(before: float, after: float) -> str:
    return f"{100 * (after / before - 1):+,.0f} %".replace("-", "−")


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _named(members: list[str]) -> str:
    return ", ".join(members) if len(members) < 7 else f"mean of {len(members)}"


def _trend(own: pd.Series, other: pd.Series, event: int) -> str:
    """Say how far treated and control drifted apart in the years before the event."""
    both = (own.notna() & other.notna()).loc[: event - 1]
    years = both.index[both]
    first = max(event - 1 - _PRE_YEARS, years[0])
    if first >= event - 1:
        return ""
    corners = [np.exp(path[year]) for path in (own, other) for year in (first, event - 1)]
    drift = trade.diff_in_diff_log(*corners)
    return f"Trend before, {first} to {event - 1}: {_signed(drift)}. "


def _warnings(treated: str, members: list[str], before: list[int], after: list[int]) -> str:
    """Say what keeps this difference from being an effect of the sanctions of 2022."""
    said = []
    placebo = after[-1] < _EVENT
    if placebo and before[0] <= _EARLIER_SANCTIONS <= after[-1] and treated == "Russia":
        said.append("No placebo: the sanctions of 2014 lie inside.")
    elif placebo:
        said.append("A placebo year: nothing should show.")
    elif treated != "Russia":
        said.append("A placebo in space: any leap here is chance, other causes, or re-routing.")
    elif after[0] < _EVENT:
        said.append(
            "Neither placebo nor test: the years after begin before 2022 and end behind it."
        )
    leaky = [name for name in members if name in (*_NEIGHBOURS, *_HUBS)]
    if leaky and not placebo and treated == "Russia":
        said.append(
            f"Control contaminated: goods bound for Russia may go by way of {_some(leaky)}, "
            "which raises the control and overstates the fall."
        )
    return " ".join([*said, ""])


def _some(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    if len(names) > 3:
        return f"{names[0]}, {names[1]} and {len(names) - 2} more"
    return f"{', '.join(names[:-1])} and {names[-1]}"
