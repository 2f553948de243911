"""Show a chart with its finding, its source, its description and its data."""

from __future__ import annotations

import html
import textwrap
from typing import Any

import altair as alt
import pandas as pd
from IPython.display import HTML, display

from course.charts.describing import Compiled, describe
from course.charts.look import FIT, rendered
from course.slips import Slip, called, kind
from course.tables import files

__all__ = ["binding", "details_html", "finish", "show"]

_TABLE_ROWS = 60


@called("charts.finish")
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

    Raises
    ------
    course.slips.Slip
        If the chart is no chart, or the title or the source no words.
    """
    titled = _titled(chart, title, source)
    said = describe(chart, title) if description is None else description
    return titled.properties(description=said)


def _titled(chart: Any, title: str, source: str) -> Any:
    if not isinstance(chart, alt.TopLevelMixin):
        raise Slip(f"chart is {kind(chart)}; give the Altair chart, as in alt.Chart(table).")
    for name, words in (("title", title), ("source", source)):
        if not isinstance(words, str):
            raise Slip(f"{name} is {kind(words)}; write it in words, in quotation marks.")
    lines = textwrap.wrap(title, 68)
    credit = textwrap.wrap(_credit(source), 96) if source else []
    return chart.properties(title=alt.Title(text=lines, **({"subtitle": credit} if credit else {})))


class _Shown:
    """A compiled chart as the notebook keeps it; in a terminal, its description."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._spec = spec

    def __repr__(self) -> str:
        return self._spec["description"]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict, dict]:
        return rendered(self._spec)


@called("charts.show")
def show(chart: Any, title: str, source: str = "", description: str | None = None) -> None:
    """Show a chart with its finding, source, description in words and data as a table.

    Parameters
    ----------
    chart, title, source, description
        As for `finish`.
    """
    compiled = Compiled(_titled(chart, title, source))
    said = compiled.words(title) if description is None else description
    display(_Shown({**compiled.spec, "description": said}))
    display(HTML(f"<style>{FIT}</style>{_details(said, compiled.rows())}"))


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
    compiled = Compiled(chart)
    return _details(compiled.spec.get("description") or compiled.words(), compiled.rows())


def _details(words: str, data: pd.DataFrame) -> str:
    rest = len(data) - _TABLE_ROWS
    note = f"<p>{rest} more rows are left out here.</p>" if rest > 0 else ""
    table = data.head(_TABLE_ROWS).to_html(index=False, border=0, na_rep="not known")
    return (
        '<details class="course-details"><summary>This chart in words and as a table</summary>'
        f'<p>{html.escape(words)}</p><div style="max-height:20em;overflow:auto" tabindex="0" '
        f'role="region" aria-label="Data of the chart">{table}{note}</div></details>'
    )
