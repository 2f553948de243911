"""Read a chart's data back, and say in words what it shows."""

from __future__ import annotations

import functools
from typing import Any

import altair as alt
import pandas as pd

__all__ = ["Compiled", "describe", "plotted_data", "single_views"]


def single_views(chart: Any) -> list[Any]:
    """The single-view charts inside a layered, concatenated or faceted one, in reading order."""
    for part in ("layer", "hconcat", "vconcat", "concat"):
        inside = getattr(chart, part, alt.Undefined)
        if inside is not alt.Undefined:
            return [unit for child in inside for unit in single_views(child)]
    spec = getattr(chart, "spec", alt.Undefined)
    if spec is not alt.Undefined:
        return single_views(spec)
    return [chart]


def _single_specs(spec: dict) -> list[dict]:
    """The compiled single views, in the order of `single_views`."""
    for part in ("layer", "hconcat", "vconcat", "concat"):
        if part in spec:
            return [unit for child in spec[part] for unit in _single_specs(child)]
    return _single_specs(spec["spec"]) if "spec" in spec else [spec]


class _View:
    """A single view: its mark, its channels as compiled, and the rows it draws."""

    def __init__(self, spec: dict, data: pd.DataFrame) -> None:
        mark = spec["mark"]
        self.mark = mark if isinstance(mark, str) else mark["type"]
        self.encoding = {
            name: part for name, part in spec.get("encoding", {}).items() if isinstance(part, dict)
        }
        self.fields = _fields(self.encoding)
        self._data = data

    @functools.cached_property
    def drawn(self) -> pd.DataFrame:
        """The columns drawn, one row a drawn record; aggregates are worked out."""
        if not self.fields or self._data.empty:
            return pd.DataFrame()
        return _aggregate(self._data, self.fields)


class Compiled:
    """A chart compiled once, which costs most of what describing it does.

    Parameters
    ----------
    chart : altair.TopLevelMixin
        Any Altair chart.

    Attributes
    ----------
    spec : dict
        Its Vega-Lite specification.
    """

    def __init__(self, chart: Any) -> None:
        self.spec: dict[str, Any] = chart.to_dict()
        pairs = zip(single_views(chart), _single_specs(self.spec), strict=True)
        # The chart's own DataFrames have types that the specification has lost.
        self._views = [_View(spec, self._frame(chart, unit)) for unit, spec in pairs]

    def _frame(self, chart: Any, unit: Any) -> pd.DataFrame:
        for holder in (unit, chart):
            data = getattr(holder, "data", alt.Undefined)
            if isinstance(data, pd.DataFrame):
                return data
        return pd.DataFrame(next(iter(self.spec.get("datasets", {}).values()), None))

    def rows(self) -> pd.DataFrame:
        """What `plotted_data` gives."""
        for view in self._views:
            if not view.drawn.empty:
                return view.drawn.rename(columns={name: title for name, title, *_ in view.fields})
        return pd.DataFrame()

    def words(self, title: str = "") -> str:
        """What `describe` says."""
        sentences = [title.rstrip(".") + "."] if title else []
        view = next((view for view in self._views if view.fields), self._views[0])
        by_name = {field[0]: field for field in view.fields}
        axes = []
        for channel, word in (("x", "across"), ("y", "up"), ("color", "by colour")):
            field = view.encoding.get(channel, {}).get("field")
            if field in by_name:
                axes.append(f"{word}, {by_name[field][1]}{_extent(view.drawn, field)}")
        kind = _MARKS.get(view.mark, "Chart")
        sentences.append(f"{kind}: " + "; ".join(axes) + "." if axes else f"{kind}.")
        sentences.extend(_reading(view.drawn, view.encoding))
        return " ".join(sentences)


def plotted_data(chart: Any) -> pd.DataFrame:
    """Collect the columns that a chart draws, headed by their axis titles.

    Parameters
    ----------
    chart : altair.TopLevelMixin
        Any Altair chart whose data are DataFrames or inline values.

    Returns
    -------
    pandas.DataFrame
        The first layer's drawn columns, one row a drawn record; aggregates are worked out.
    """
    return Compiled(chart).rows()


def _fields(encoding: dict[str, dict]) -> list[tuple[str, str, str, str]]:
    """Column, title, type and aggregate of each channel that draws a column, once a column."""
    order = ("x", "y", "x2", "y2", "color", "shape", "size", "strokeDash", "row", "column", "facet")
    found: dict[str, tuple[str, str, str, str]] = {}
    for channel in order:
        part = encoding.get(channel)
        if part and isinstance(part.get("field"), str):
            name = part["field"]
            title = part.get("title") or (part.get("axis") or {}).get("title") or name
            if isinstance(title, list):
                title = " ".join(title)
            found.setdefault(name, (name, title, part.get("type", ""), part.get("aggregate", "")))
    return list(found.values())


def _aggregate(data: pd.DataFrame, fields: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    names = [name for name, *_ in fields if name in data.columns]
    work = {
        name: how for name, _, _, how in fields if how in ("mean", "sum", "median", "min", "max")
    }
    keys = [name for name in names if name not in work]
    if work and keys:
        return data.groupby(keys, as_index=False, sort=False)[list(work)].agg(work)[names]
    return data[names]


def _number(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, (int, float)) and abs(value) >= 1e15:
        return f"{value:.3g}"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
    if isinstance(value, (int, float)) and 1900 <= value <= 2100 and float(value).is_integer():
        return f"{value:.0f}"
    if isinstance(value, (int, float)):
        return f"{value:,.0f}"
    return str(value)


_MARKS = {
    "line": "Line chart",
    "bar": "Bar chart",
    "point": "Scatter chart",
    "circle": "Scatter chart",
    "area": "Area chart",
    "rect": "Grid of coloured cells",
    "tick": "Strip chart",
    "rule": "Range chart",
    "text": "Labels",
    "boxplot": "Box plot",
}


def describe(chart: Any, title: str = "") -> str:
    """Describe a chart in words, from its data.

    Says what is drawn and on which axes (level 1 of Lundgard and Satyanarayan, 2022), the
    extremes (level 2) and, over an ordered axis, the trend (level 3).

    Parameters
    ----------
    chart : altair.TopLevelMixin
        Any Altair chart.
    title : str, optional
        The finding, put first.

    Returns
    -------
    str
        Two to five sentences.

    References
    ----------
    Lundgard and Satyanarayan (2022), Accessible visualization via natural language descriptions,
    IEEE TVCG 28(1), https://doi.org/10.1109/TVCG.2021.3114770
    """
    return Compiled(chart).words(title)


def _extent(drawn: pd.DataFrame, name: str) -> str:
    column = drawn[name].dropna() if name in drawn else pd.Series(dtype=object)
    if column.empty:
        return ""
    if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return f", from {_number(column.min())} to {_number(column.max())}"
    values = list(dict.fromkeys(column.astype(str)))
    listed = ", ".join(values[:6])
    return f" ({listed}{f' and {len(values) - 6} more' if len(values) > 6 else ''})"


def _spans(drawn: pd.DataFrame, start: str, stop: str, across: str) -> list[str]:
    """Ranges, each with both its ends."""
    rows = drawn.dropna(subset=[start, stop]).head(8)
    parts = [
        f"{_number(row[across])}: {_number(row[start])} to {_number(row[stop])}"
        for _, row in rows.iterrows()
    ]
    return [f"Ranges: {'; '.join(parts)}."] if parts else []


def _reading(drawn: pd.DataFrame, encoding: dict) -> list[str]:
    """Extremes of the measured axis, and the trend over an ordered one."""
    x = encoding.get("x", {}).get("field")
    y = encoding.get("y", {}).get("field")
    for begin, end, other in (("x", "x2", y), ("y", "y2", x)):
        start, stop = (encoding.get(channel, {}).get("field") for channel in (begin, end))
        if start in drawn and stop in drawn and other in drawn:
            return _spans(drawn, start, stop, other)
    if x not in drawn or y not in drawn:
        return []
    measure, across = (y, x) if pd.api.types.is_numeric_dtype(drawn[y]) else (x, y)
    if not pd.api.types.is_numeric_dtype(drawn[measure]):
        return []
    whole = drawn.dropna(subset=[measure])
    if whole.empty:
        return []
    group = encoding.get("color", {}).get("field")
    group = group if group in drawn and group not in (measure, across) else None

    def place(row: pd.Series) -> str:
        return _number(row[across]) + (f", {row[group]}" if group else "")

    top, low = whole.loc[whole[measure].idxmax()], whole.loc[whole[measure].idxmin()]
    said = [
        f"Highest: {_number(top[measure])} ({place(top)}); "
        f"lowest: {_number(low[measure])} ({place(low)})."
    ]
    ordered = pd.api.types.is_numeric_dtype(whole[across]) or pd.api.types.is_datetime64_any_dtype(
        whole[across]
    )
    if ordered and measure == y:
        for name, part in whole.groupby(group, sort=False) if group else [("", whole)]:
            part = part.sort_values(across)
            first, last = part.iloc[0], part.iloc[-1]
            verb = "rises" if last[measure] > first[measure] else "falls"
            if last[measure] == first[measure]:
                verb = "ends where it began,"
            said.append(
                f"{f'{name} ' if name != '' else 'It '}{verb} from {_number(first[measure])} "
                f"({_number(first[across])}) to {_number(last[measure])} ({_number(last[across])})."
            )
            if len(said) > 5:
                break
    return said
