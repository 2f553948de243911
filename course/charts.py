"""Charts that everyone can read, in JupyterLab, on a feedback page and without a network.

Importing this module switches on the course's theme and its renderer. A lesson builds an Altair
chart and hands it to `show`, which adds the finding as title, the source, a description in words
and the data as a table.
"""

from __future__ import annotations

import html
import importlib.util
import textwrap
from typing import Any

import altair as alt
import pandas as pd
from IPython.display import HTML, display

from course.tables import files

__all__ = [
    "COLOURS",
    "FIT",
    "binding",
    "describe",
    "details_html",
    "finish",
    "plotted_data",
    "show",
]

# Okabe and Ito's palette, which stays distinct for the common kinds of colour blindness; yellow,
# too pale for lines on white, comes last.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#F0E442"]

_TABLE_ROWS = 60

#: In a narrow window a chart shrinks; otherwise its right side, legend first, would be cut off.
FIT = ".vega-embed{max-width:100%}.vega-embed svg.marks{max-width:100%;height:auto}"

# Quotations, definitions and citations are there to be read whole.
pd.set_option("display.max_colwidth", None)


@alt.theme.register("course", enable=True)
def _theme() -> alt.theme.ThemeConfig:
    axis = {
        "labelFontSize": 12,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
        "gridColor": "#e3e3e3",
        "titlePadding": 8,
    }
    return {
        "config": {
            # A white ground keeps dark text readable in JupyterLab's dark theme as well.
            "background": "#ffffff",
            "padding": 12,
            "font": "system-ui, sans-serif",
            "title": {
                "anchor": "start",
                "fontSize": 16,
                "fontWeight": 600,
                "subtitleFontSize": 12,
                "subtitleColor": "#555555",
                "subtitlePadding": 6,
                "offset": 12,
            },
            "axis": axis,
            "legend": {"labelFontSize": 12, "titleFontSize": 12, "labelLimit": 260},
            "header": {"labelFontSize": 12, "titleFontSize": 12},
            "range": {"category": COLOURS},
            "mark": {"color": COLOURS[0]},
            "line": {"strokeWidth": 2.5},
            "point": {"filled": True, "size": 55},
            "view": {"continuousWidth": 520, "continuousHeight": 280, "stroke": None},
        }
    }


def _render(spec: dict, **_: Any) -> tuple[dict, dict]:
    """Give JupyterLab a live chart and everything else a picture.

    JupyterLab 4.6 draws Vega-Lite 5 by itself; Altair 6 writes Vega-Lite 6, whose specifications
    of our chart kinds it draws as well when they carry the version-5 media type. Altair's own
    ``mimetype`` renderer uses a type without ``+json``, which stops nbclient and nbgrader, and
    its ``html`` renderer wants a network. This renderer goes when JupyterLab knows Vega-Lite 6.
    """
    shown = dict(spec)
    shown["$schema"] = "https://vega.github.io/schema/vega-lite/v5.json"
    words = spec.get("description", "A chart without a description.")
    bundle: dict[str, Any] = {
        "application/vnd.vegalite.v5+json": shown,
        "text/plain": words,
    }
    metadata: dict[str, Any] = {
        "application/vnd.vegalite.v5+json": {"embed_options": {"renderer": "svg", "actions": False}}
    }
    # In the browser's own Python vl-convert does not exist: there the live chart has to do.
    if importlib.util.find_spec("vl_convert"):
        import vl_convert

        bundle["image/png"] = vl_convert.vegalite_to_png(spec, scale=1.5)
        metadata["image/png"] = {"alt": words}
    return bundle, metadata


alt.renderers.register("course", _render)
alt.renderers.enable("course")
# Lessons stay far below this; a table of 5,000 rows is the largest the course has.
alt.data_transformers.enable("default", max_rows=6000)


def finish(chart: Any, title: str, source: str = "", description: str | None = None) -> Any:
    """Give a chart its finding as title, its source line and its description.

    Parameters
    ----------
    chart : altair.TopLevelMixin
        Any Altair chart: single, layered, concatenated or faceted.
    title : str
        The finding in a sentence, such as ``"Taiwan sells Russia almost no chips directly"``.
    source : str, optional
        Names of the tables drawn, separated by commas; their publishers are looked up. A name
        that is no table is shown as it stands (``"your own model"``).
    description : str, optional
        Text for readers who do not see the chart; generated from the data when left out.

    Returns
    -------
    altair.TopLevelMixin
        A copy of the chart, ready to be shown.
    """
    if description is None:
        description = describe(chart, title)
    lines = textwrap.wrap(title, 68)
    credit = textwrap.wrap(_credit(source), 96) if source else []
    return chart.properties(
        title=alt.Title(text=lines, **({"subtitle": credit} if credit else {})),
        description=description,
    )


def show(chart: Any, title: str, source: str = "", description: str | None = None) -> None:
    """Show a chart with its finding, source, description in words and data as a table.

    Parameters
    ----------
    chart, title, source, description
        As for `finish`.
    """
    ready = finish(chart, title, source, description)
    display(ready)
    display(HTML(f"<style>{FIT}</style>{details_html(ready)}"))


# Licences that bind what is made of a table, so that its charts have to name them.
_BINDING = {
    "CC-BY-NC-4.0": "CC BY-NC 4.0, not for commercial use",
    "CC-BY-SA-4.0": "CC BY-SA 4.0, share alike",
    "ODbL-1.0": "ODbL 1.0",
}


def binding(table: str) -> str:
    """Say which licence binds what is made of a table, if one does.

    Parameters
    ----------
    table : str
        Name of the table.

    Returns
    -------
    str
        The licence in words, or nothing.

    Examples
    --------
    >>> binding("supply_shares")
    'CC BY-NC 4.0, not for commercial use'
    >>> binding("claims")
    ''
    """
    names = [licence["name"] for licence in files.resource_of(table)["licenses"]]
    return "; ".join(_BINDING[name] for name in names if name in _BINDING)


def _credit(source: str) -> str:
    names = [name.strip() for name in source.split(",")]
    known = {resource["name"]: resource for resource in files.package()["resources"]}
    parts = []
    for name in names:
        if name in known:
            titles = "; ".join(origin["title"] for origin in known[name]["sources"][:2])
            bound = binding(name)
            parts.append(f"{titles} (table {name}{f'; {bound}' if bound else ''})")
        else:
            parts.append(name)
    return "Source: " + ". ".join(parts)


def details_html(chart: Any) -> str:
    """Write the collapsible description and data table that stand under a chart.

    Parameters
    ----------
    chart : altair.TopLevelMixin
        A chart that has a description (see `finish`).

    Returns
    -------
    str
        An HTML ``<details>`` element.
    """
    spec = chart.to_dict()
    words = html.escape(spec.get("description", describe(chart)))
    data = plotted_data(chart)
    rest = len(data) - _TABLE_ROWS
    note = f"<p>{rest} more rows are left out here.</p>" if rest > 0 else ""
    table = data.head(_TABLE_ROWS).to_html(index=False, border=0, na_rep="not known")
    return (
        '<details class="course-details"><summary>This chart in words and as a table</summary>'
        f'<p>{words}</p><div style="max-height:20em;overflow:auto" tabindex="0" role="region" '
        f'aria-label="Data of the chart">{table}{note}</div></details>'
    )


def _units(chart: Any) -> list[Any]:
    """The single-view charts inside a layered, concatenated or faceted one, in reading order."""
    for part in ("layer", "hconcat", "vconcat", "concat"):
        inside = getattr(chart, part, alt.Undefined)
        if inside is not alt.Undefined:
            return [unit for child in inside for unit in _units(child)]
    spec = getattr(chart, "spec", alt.Undefined)
    if spec is not alt.Undefined:
        return _units(spec)
    return [chart]


def _frame(chart: Any, unit: Any) -> pd.DataFrame:
    for holder in (unit, chart):
        data = getattr(holder, "data", alt.Undefined)
        if isinstance(data, pd.DataFrame):
            return data
    spec = chart.to_dict()
    for rows in spec.get("datasets", {}).values():
        return pd.DataFrame(rows)
    return pd.DataFrame()


def _encoding(chart: Any, unit: Any) -> dict[str, dict]:
    """A unit's channels as compiled, with the types Altair worked out."""
    if getattr(unit, "data", alt.Undefined) is alt.Undefined:
        data = _frame(chart, unit)
        unit = unit.copy(deep=False)
        if not data.empty:
            unit.data = data
    spec = unit.to_dict()
    return {name: part for name, part in spec.get("encoding", {}).items() if isinstance(part, dict)}


def _mark(unit: Any) -> str:
    mark = unit.mark
    return str(mark if isinstance(mark, str) else mark.type)


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
    units = _units(chart)
    for unit in units:
        fields = _fields(_encoding(chart, unit))
        data = _frame(chart, unit)
        if fields and not data.empty:
            drawn = _aggregate(data, fields)
            return drawn.rename(columns={name: title for name, title, *_ in fields})
    return pd.DataFrame()


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
    sentences = [title.rstrip(".") + "."] if title else []
    unit = next(
        (unit for unit in _units(chart) if _fields(_encoding(chart, unit))), _units(chart)[0]
    )
    encoding = _encoding(chart, unit)
    fields = _fields(encoding)
    data = _frame(chart, unit)
    kind = _MARKS.get(_mark(unit), "Chart")
    drawn = _aggregate(data, fields) if fields and not data.empty else pd.DataFrame()
    by_name = {name: (name, text, form, how) for name, text, form, how in fields}

    axes = []
    for channel, word in (("x", "across"), ("y", "up"), ("color", "by colour")):
        part = encoding.get(channel, {})
        if part.get("field") in by_name:
            axes.append(f"{word}, {by_name[part['field']][1]}{_extent(drawn, part['field'])}")
    sentences.append(f"{kind}: " + "; ".join(axes) + "." if axes else f"{kind}.")
    sentences.extend(_reading(drawn, encoding, by_name))
    return " ".join(sentences)


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


def _reading(drawn: pd.DataFrame, encoding: dict, by_name: dict) -> list[str]:
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
