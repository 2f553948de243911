"""The forms of chart that the pictures of the tables share."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from course.charts import COLOURS
from upkeep.tables.drawing import tell

__all__ = [
    "SHAPES",
    "WIDTH",
    "bars",
    "crossed",
    "dumbbells",
    "grid",
    "labelled_lines",
    "log_axis",
    "rule",
]

WIDTH = 480
SHAPES = ["circle", "diamond", "square", "triangle-up", "cross"]
GREY = "#6b6b6b"
_DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [10, 5], [4, 2, 1, 2], [1, 3]]
# Where the name of a line stands that ends midway: over its end, to the left.
_BEFORE = {"align": "right", "dx": -6, "dy": -8}


def log_axis(title: str, values: pd.Series) -> dict[str, Any]:
    """Give the axis and scale of a logarithmic quantity, which says so in its title.

    Parameters
    ----------
    title : str
        Title without that word.
    values : pandas.Series
        What will be drawn, to find the range and the few numbers worth a line.

    Returns
    -------
    dict
        Arguments of ``alt.X`` or ``alt.Y``.
    """
    low, high = np.log10(values.min()), np.log10(values.max())
    steps = (1,) if high - low > 2.5 else (1, 3) if high - low > 1.5 else (1, 2, 5)
    marks = [step * 10.0**power for power in range(-9, 30) for step in steps]
    room = max(0.04 * (high - low), 0.02)
    bottom, top = 10 ** (low - room), 10 ** (high + room)
    shown = [float(f"{mark:.6g}") for mark in marks if bottom <= mark <= top]
    return {
        "title": f"{title} (logarithmic)",
        "scale": alt.Scale(type="log", domain=[bottom, top], nice=False),
        "axis": alt.Axis(values=shown, format="~g" if low < 0 else ",~r")
        if high < 7
        else alt.Axis(values=shown, format=".0e"),
    }


def _labels(limit: int = 330) -> alt.Axis:
    return alt.Axis(title=None, labelLimit=limit, ticks=False, domain=False, labelPadding=6)


def _height(rows: int) -> int:
    return max(90, (24 if rows <= 16 else 15) * rows)


def bars(
    frame: pd.DataFrame,
    names: str,
    measure: str,
    title: str,
    label: str | None = None,
    part: str | None = None,
    part_title: str = "",
) -> alt.TopLevelMixin:
    """Draw bars in the order of the rows, each with its value or a given text at its end.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a bar.
    names, measure : str
        Columns with the bar's name and its length.
    title : str
        Title of the length axis, with the unit.
    label : str, optional
        Column with the text at a bar's end; its value when left out.
    part, part_title : str, optional
        Column whose groups are told apart by colour (the label has to name them too).

    Returns
    -------
    altair.LayerChart
    """
    frame = frame.copy()
    whole = pd.api.types.is_integer_dtype(frame[measure])
    if label is None:
        label, frame["label"] = "label", [tell(value) for value in frame[measure]]
    base = alt.Chart(frame).encode(
        x=alt.X(f"{measure}:Q", title=title, axis=alt.Axis(tickMinStep=1 if whole else 0)),
        y=alt.Y(f"{names}:N", sort=list(frame[names]), axis=_labels()),
    )
    bar = base.mark_bar(height={"band": 0.72})
    if part:
        bar = bar.encode(
            color=alt.Color(f"{part}:N", sort=None, title=part_title, legend=_legend())
        )
    text = base.mark_text(align="left", dx=5, fontSize=12).encode(text=f"{label}:N")
    return (bar + text).properties(width=WIDTH, height=_height(len(frame)))


def _legend(columns: int = 2) -> alt.Legend:
    return alt.Legend(orient="top", columns=columns, symbolLimit=20)


def dumbbells(
    frame: pd.DataFrame,
    names: str,
    measures: dict[str, str],
    title: str,
    log: bool = False,
) -> alt.TopLevelMixin:
    """Draw two or more values a row as points of different shape, joined by a line.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a line of the chart, in order.
    names : str
        Column with the row's name.
    measures : dict of str
        Columns with the values, and what the legend calls each.
    title : str
        Title of the axis, with the unit.
    log : bool
        Whether the axis is logarithmic.

    Returns
    -------
    altair.LayerChart
    """
    long = frame[[names, *measures]].rename(columns=measures)
    long = long.melt(id_vars=names, var_name="what", value_name="value").dropna()
    axis = log_axis(title, long["value"]) if log else {"title": title}
    order = list(frame[names])
    points = (
        alt.Chart(long)
        .mark_point(size=80)
        .encode(
            x=alt.X("value:Q", **axis),
            y=alt.Y(f"{names}:N", sort=order, axis=_labels()),
            color=alt.Color("what:N", sort=None, title=None, legend=_legend()),
            shape=alt.Shape("what:N", sort=None, title=None, scale=alt.Scale(range=SHAPES)),
        )
    )
    ends = long.groupby(names, sort=False)["value"].agg(["min", "max"]).reset_index()
    join = (
        alt.Chart(ends)
        .mark_rule(color="#9a9a9a", strokeWidth=1.5)
        .encode(
            x=alt.X("min:Q", **axis), x2="max:Q", y=alt.Y(f"{names}:N", sort=order, axis=_labels())
        )
    )
    # The points come first, so that the description is of them; the line is under their middle.
    return (points + join).properties(width=WIDTH, height=_height(len(frame)))


def crossed(
    frame: pd.DataFrame, across: list[str], up: list[str], columns: tuple[str, str]
) -> pd.DataFrame:
    """Count the rows of each pair of values, for `grid`.

    Parameters
    ----------
    frame : pandas.DataFrame
        The rows.
    across, up : list of str
        Values of the two columns, in the order wanted; pairs without a row count 0.
    columns : tuple of str
        Names of the two columns.

    Returns
    -------
    pandas.DataFrame
        The two columns and ``rows``.
    """
    pairs = pd.MultiIndex.from_product([across, up], names=columns)
    count = frame.groupby(list(columns)).size().reindex(pairs, fill_value=0)
    return count.rename("rows").reset_index()


def grid(
    frame: pd.DataFrame, across: str, up: str, value: str, titles: tuple[str, str | None, str]
) -> alt.TopLevelMixin:
    """Draw a grid of cells with their number written in them, zeros left blank.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a cell, in the order of columns and rows.
    across, up, value : str
        Columns with the cell's place and its number.
    titles : tuple of str
        Titles of the two axes and of the number.

    Returns
    -------
    altair.LayerChart
    """
    columns, rows = list(dict.fromkeys(frame[across])), list(dict.fromkeys(frame[up]))
    base = alt.Chart(frame).encode(
        x=alt.X(
            f"{across}:N",
            sort=columns,
            title=titles[0],
            axis=alt.Axis(orient="top", labelAngle=0, ticks=False, domain=False, labelLimit=200),
        ),
        y=alt.Y(
            f"{up}:N",
            sort=rows,
            title=titles[1],
            axis=alt.Axis(ticks=False, domain=False, labelLimit=430, maxExtent=430),
        ),
    )
    shades = alt.Scale(domain=[0, float(frame[value].max())], range=["#f2f5f8", "#7fb2e5"])
    cells = base.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color(f"{value}:Q", title=titles[2], scale=shades, legend=None)
    )
    numbers = (
        base.transform_filter(f"datum['{value}'] > 0")
        .mark_text(fontSize=13)
        .encode(text=f"{value}:Q")
    )
    wide = min(WIDTH, max(60, 400 // len(columns)) * len(columns))
    return (cells + numbers).properties(width=wide, height=30 * len(rows))


def _apart(ends: pd.Series, low: float, high: float, log: bool, height: float) -> pd.Series:
    """Push the labels at the ends of lines apart until none covers another."""
    flat = np.log10(ends) if log else ends.astype(float)
    bottom, top = (np.log10([low, high]) if log else (low, high)) if high > low else (low, low + 1)
    gap = (top - bottom) * 14.5 / height
    placed = flat.sort_values()
    for _ in range(200):
        moved = False
        for below, above in zip(placed.index, placed.index[1:], strict=False):
            short = gap - (placed[above] - placed[below])
            if short > gap * 1e-6:
                placed[below] -= short / 2
                placed[above] += short / 2
                moved = True
        if not moved:
            break
    for below, above in zip([None, *placed.index], placed.index, strict=False):
        floor = bottom if below is None else placed[below] + gap
        placed[above] = max(placed[above], floor)
    return 10**placed if log else placed


def labelled_lines(
    frame: pd.DataFrame,
    x: str,
    y: str,
    group: str,
    titles: tuple[str, str],
    log: bool = False,
    points: bool = False,
) -> alt.TopLevelMixin:
    """Draw one line a group, told apart by colour and dash, with its name at its end.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a point.
    x, y, group : str
        Columns: a year or date, the value, the name of the line.
    titles : tuple of str
        Titles of the axes, with the unit.
    log : bool
        Whether the axis is logarithmic; else it begins at zero.
    points : bool
        Whether to mark the single points too.

    Returns
    -------
    altair.LayerChart
    """
    data = frame[[x, y, group]].dropna().sort_values(x)
    # The order in which the lines end, from the top: that of the labels and of the description.
    last = data.groupby(group, sort=False)[y].last().sort_values(ascending=False, kind="stable")
    order = list(last.index)
    data = data.sort_values(group, key=lambda names: names.map(order.index), kind="stable")
    dated = pd.api.types.is_datetime64_any_dtype(data[x])
    low, high, height = float(data[y].min()), float(data[y].max()), 300
    low = low if log else min(low, 0.0)
    axis = log_axis(titles[1], data[y]) if log else {"title": titles[1]}
    across = alt.X(
        f"{x}:{'T' if dated else 'Q'}",
        title=titles[0],
        axis=alt.Axis(grid=False, tickCount="year", labelOverlap=True)
        if dated
        else alt.Axis(grid=False, format="d"),
        scale=alt.Undefined if dated else alt.Scale(zero=False, nice=False),
    )
    palette = alt.Scale(domain=order, range=COLOURS[: len(order)])
    dashes = alt.Scale(domain=order, range=_DASHES[: len(order)])
    line = (
        alt.Chart(data)
        .mark_line(point={"size": 30} if points else False)
        .encode(
            x=across,
            y=alt.Y(f"{y}:Q", **axis),
            color=alt.Color(f"{group}:N", scale=palette, title=group, legend=None),
            strokeDash=alt.StrokeDash(f"{group}:N", scale=dashes, legend=None),
        )
    )
    ends = data.groupby(group, sort=False).last().reset_index().assign(name=lambda f: f[group])
    finish, span = data[x].max(), data[x].max() - data[x].min()
    early = (ends[x] < finish) & (ends[x] > finish - span * 0.2)
    until = ends[x].dt.year if dated else ends[x]
    ends.loc[early, "name"] += " (to " + until[early].astype(str) + ")"
    ends.loc[early, x] = finish
    midway = ends[x] < finish
    outer = ends[~midway]
    ends["place"] = _apart(outer[y], low, high, log, height).reindex(ends.index).fillna(ends[y])
    layers = [line]
    for part, side in ((ends[~midway], {"align": "left", "dx": 8}), (ends[midway], _BEFORE)):
        if part.empty:
            continue
        layers.append(
            alt.Chart(part)
            .mark_text(fontSize=12, fontWeight=600, **side)
            .encode(
                x=across,
                y=alt.Y("place:Q", **axis),
                text="name:N",
                color=alt.Color(f"{group}:N", scale=palette, legend=None),
            )
        )
    return alt.layer(*layers).properties(width=WIDTH, height=height)


def rule(value: float, text: str, axis: str = "y", log: bool = False) -> alt.TopLevelMixin:
    """Draw a thin line across a chart at a value, with a word beside it.

    Parameters
    ----------
    value : float
        Where it stands.
    text : str
        The word.
    axis : {"x", "y"}
        The axis on which the value is.
    log : bool
        Whether that axis is logarithmic.

    Returns
    -------
    altair.LayerChart
    """
    data = pd.DataFrame({"at": [value], "text": [text]})
    scale = alt.Scale(type="log") if log else alt.Undefined
    place = {axis: (alt.X if axis == "x" else alt.Y)("at:Q", scale=scale)}
    base = alt.Chart(data).encode(**place)
    words = {"x": {"y": alt.value(-3)}, "y": {"x": alt.value(4)}}[axis]
    shift = {"align": "center" if axis == "x" else "left", "baseline": "bottom", "dy": -2}
    return base.mark_rule(color=GREY, strokeDash=[3, 3], strokeWidth=1) + base.mark_text(
        color=GREY, fontSize=11, **shift
    ).encode(text="text:N", **words)
