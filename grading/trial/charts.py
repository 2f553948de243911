"""Charts that show what a chart question asks for by another route, and charts that spoil it.

Each is made by machine from what the question's reference chart draws and how it is written, so
that every chart question gets them. A route or a spoiling that a question has no use for (groups
where there is one, dates where there are names) gives nothing.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from course.check.chart_slips import SLIPS
from grading.cases import run_code
from grading.chart_key import chart_of, reference_rows

__all__ = ["Drawn", "right_charts", "spoiled_charts"]


class Drawn(NamedTuple):
    """A chart: how it was made, its code, and for a spoiled one the fault that it has."""

    what: str
    code: str
    fault: str = ""

    @property
    def share(self) -> float:
        """The share of the points that it may earn."""
        return SLIPS[self.fault][0] if self.fault else 1


class _Reference:
    """A question's reference chart in parts: its rows, and its channels by role."""

    def __init__(self, question: dict[str, Any]) -> None:
        chart = chart_of(question, question["right"], run_code)
        spec = chart.to_dict()
        self.wants = question["wants"]
        self.years = self.wants["along"]["kind"] == "years"
        self.log = self.wants["quantity"].get("scale") == "log"
        self.mark = self.wants["marks"][0]
        encoding = spec["encoding"]
        discrete = ("nominal", "ordinal")
        self.a = "x" if encoding["x"].get("type") in discrete else "y"
        self.q = "y" if self.a == "x" else "x"
        self.place, self.value = encoding[self.a]["field"], encoding[self.q]["field"]
        self.sums = encoding[self.q].get("aggregate")
        self.group = encoding["color"]["field"] if "color" in encoding else None
        fields = [name for name in (self.group, self.place, self.value) if name]
        whole = spec["datasets"][spec["data"]["name"]]
        self.raw = [{name: row[name] for name in fields} for row in whole]
        self.rows = []
        for (group, place), value in reference_rows(question, chart).items():
            named = int(place) if self.years else place
            row = {self.place: named, self.value: value}
            self.rows.append({self.group: group, **row} if self.group else row)
        self.groups = sorted({row[self.group] for row in self.rows}) if self.group else []
        self.places = list(dict.fromkeys(row[self.place] for row in self.rows))
        self.top = max(row[self.value] for row in self.rows)
        self.encoding = encoding

    def spec(self, rows: list[dict] | None = None) -> dict[str, Any]:
        """The chart from rows that are summed already; or the reference's own rows, and its sum."""
        encoding = copy.deepcopy(self.encoding)
        if rows is not None:
            encoding[self.q].pop("aggregate", None)
        values = copy.deepcopy(self.raw if rows is None else rows)
        return {
            "data": {"values": values},
            "mark": {"type": self.mark},
            "encoding": encoding,
        }

    def plain(self) -> dict[str, Any]:
        """The chart from rows that are summed already."""
        return self.spec(self.rows)


def _code(spec: dict[str, Any], name: str) -> str:
    text = json.dumps(spec, ensure_ascii=False)
    return f"import json\nimport altair as alt\n{name} = alt.Chart.from_dict(json.loads({text!r}))"


def right_charts(question: dict[str, Any], name: str) -> list[Drawn]:
    """The reference's picture by other routes.

    Parameters
    ----------
    question : dict
        A chart question of the key.
    name : str
        The variable that is checked.

    Returns
    -------
    list of Drawn
    """
    ref = _Reference(question)
    return [Drawn(what, _code(spec, name)) for route in _ROUTES for what, spec in route(ref)]


def spoiled_charts(question: dict[str, Any], name: str) -> list[Drawn]:
    """The reference's picture with one thing spoiled in each.

    Parameters
    ----------
    question, name
        As for :func:`right_charts`.

    Returns
    -------
    list of Drawn
    """
    ref = _Reference(question)
    return [
        Drawn(what, _code(spec, name), fault)
        for spoiling in _SPOILINGS
        for what, fault, spec in spoiling(ref)
    ]


Routes = Iterator[tuple[str, dict[str, Any]]]
Spoilings = Iterator[tuple[str, str, dict[str, Any]]]


# ---- the same picture ------------------------------------------------------------------------


def _same_rows(ref: _Reference) -> Routes:
    yield "as the reference", ref.spec()
    yield "rows summed beforehand", ref.plain()
    yield "rows in another order", ref.spec(ref.rows[::-1])
    yield "columns beside them", ref.spec([{**row, "note": "x", "other": 1} for row in ref.rows])
    spec = ref.spec()
    if ref.sums:
        by = [name for name in (ref.place, ref.group) if name]
        spec["transform"] = [
            {"aggregate": [{"op": ref.sums, "field": ref.value, "as": "total"}], "groupby": by}
        ]
        spec["encoding"][ref.q] = {**spec["encoding"][ref.q], "field": "total"}
        spec["encoding"][ref.q].pop("aggregate")
        yield "summed by a transform", spec
        spec = ref.spec()
        spec["transform"] = [{"window": [{"op": "row_number", "as": "unit"}]}]
        spec["encoding"][ref.q].pop("aggregate")
        spec["encoding"]["detail"] = {"field": "unit", "type": "nominal"}
        yield "rows stacked, each for itself", spec
        spec = ref.spec()
        spec["encoding"][ref.q].pop("aggregate")
        yield "rows stacked end to end", spec
    spec = ref.plain()
    spec["encoding"][ref.q]["aggregate"] = "mean"
    yield "the mean of single rows", spec
    for grid in ref.wants["quantity"].get("rounded", []):
        rounded = [{**r, ref.value: round(r[ref.value] / grid) * grid} for r in ref.rows]
        yield f"rounded to {grid:g}", ref.spec(rounded)


def _other_names(ref: _Reference) -> Routes:
    spec = ref.plain()
    spec["transform"] = [{"calculate": f"datum['{ref.value}']", "as": "shown"}]
    spec["encoding"][ref.q]["field"] = "shown"
    yield "measured column renamed by a transform", spec
    spec = ref.spec([{"where": r.pop(ref.place), **r} for r in copy.deepcopy(ref.rows)])
    spec["encoding"][ref.a]["field"] = "where"
    yield "place column renamed", spec
    spec = ref.plain()
    spec["encoding"][ref.a]["type"] = "ordinal" if not ref.years else "nominal"
    yield "names in order, or years as names", spec
    for unit in ref.wants["quantity"].get("units", []):
        if unit.get("times", 1) != 1 and not unit.get("labels"):
            times = unit["times"]
            spec = ref.spec([{**r, ref.value: r[ref.value] / times} for r in ref.rows])
            spec["encoding"][ref.q]["title"] = f"Measured, {unit['words'][0]}"
            yield f"in {unit['words'][0]}", spec
        elif unit.get("labels"):
            spec = ref.spec([{**r, ref.value: r[ref.value] / 100} for r in ref.rows])
            spec["encoding"][ref.q] |= {"axis": {"format": "%"}, "title": "Share of the whole"}
            yield "a fraction labelled in percent", spec


def _other_dates(ref: _Reference) -> Routes:
    if not ref.years:
        return
    for what, text in (("New Year's days", "{}-01-01"), ("midsummer", "{}-06-21"), ("years", "{}")):
        rows = [{**r, ref.place: text.format(r[ref.place])} for r in ref.rows]
        spec = ref.spec(rows)
        spec["encoding"][ref.a]["type"] = "temporal"
        yield f"dates: {what}", spec
    spec = ref.spec([{**r, ref.place: str(r[ref.place])} for r in ref.rows])
    yield "years as texts", spec
    spec = ref.plain()
    spec["encoding"][ref.a] |= {
        "type": "quantitative",
        "axis": {"format": "d"},
        "scale": {"zero": False},
    }
    yield "years as numbers without a comma", spec


def _other_groups(ref: _Reference) -> Routes:
    if not ref.group:
        return
    by = {"field": ref.group, "type": "nominal"}
    for channel in ("stroke", "strokeDash", "row", "column", "facet"):
        spec = ref.plain()
        spec["encoding"].pop("color")
        spec["encoding"][channel] = by
        yield f"groups by {channel}", spec
    spec = ref.plain()
    spec["encoding"]["strokeDash"] = by
    yield "groups by colour and dashes", spec
    layers = []
    for colour, group in zip(("#d55e00", "#0072b2", "#009e73"), ref.groups, strict=False):
        layer = ref.plain()
        del layer["data"], layer["encoding"]["color"]
        layer["mark"]["color"] = colour
        layer["transform"] = [{"filter": f"datum['{ref.group}'] == '{group}'"}]
        layers.append(layer)
    yield "a layer for each group", {"data": {"values": ref.rows}, "layer": layers}
    spec = ref.plain()
    test = f"datum['{ref.group}'] == '{ref.groups[0]}'"
    spec["encoding"]["color"] = {"condition": {"test": test, "value": "teal"}, "value": "brown"}
    spec["encoding"]["detail"] = by
    yield "a condition for the colour", spec
    spec = ref.plain()
    del spec["encoding"]["color"]
    spec["encoding"]["detail"] = by
    dots = copy.deepcopy(spec)
    dots["mark"] = {"type": "point", "size": 70}
    dots["encoding"]["shape"] = by
    values = spec.pop("data")
    del dots["data"]
    yield "shapes on lines of one colour", {"data": values, "layer": [spec, dots]}


def _beside(ref: _Reference) -> Routes:
    spec = ref.plain()
    if ref.mark == "line":
        spec["mark"]["point"] = True
        yield "points on the line", spec
        spec = ref.plain()
        spec["mark"] |= {"interpolate": "monotone", "strokeWidth": 4}
        yield "a broad and rounded line", spec
        if not ref.group:
            spec = ref.plain()
            spec["mark"]["type"] = "trail"
            yield "a trail", spec
    else:
        spec["mark"] |= {"color": "seagreen", "stroke": "black"}
        yield "bars with an edge", spec
        spec = ref.plain()
        spec["encoding"]["color"] = {"field": ref.place, "type": "nominal", "legend": None}
        yield "a colour for each place", spec
    base = ref.plain()
    values = base.pop("data")
    rule = {"mark": "rule", "encoding": {ref.q: {"datum": ref.top / 2}}}
    yield "a line at one value", {"data": values, "layer": [base, rule]}
    text = copy.deepcopy(base)
    text["mark"] = {"type": "text", "dy": -8}
    text["encoding"]["text"] = {"field": ref.value, "type": "quantitative", "format": ".0f"}
    yield "values as texts", {"data": values, "layer": [copy.deepcopy(base), text]}
    yield "a layer alone", {"data": values, "layer": [copy.deepcopy(base)]}
    dots = copy.deepcopy(base)
    dots["mark"] = {"type": "point", "filled": True}
    yield "points in a layer", {"data": values, "layer": [copy.deepcopy(base), dots]}
    other = {"mark": "tick", "encoding": {"x": {"field": ref.value, "type": "quantitative"}}}
    yield "another view beside it", {"data": values, "hconcat": [copy.deepcopy(base), other]}


def _dressed(ref: _Reference) -> Routes:
    spec = ref.plain()
    spec |= {"width": 520, "height": 380, "title": "What is found"}
    yield "a size and a title", spec
    spec = ref.plain()
    spec["config"] = {"axis": {"labelFontSize": 14, "grid": False}, "view": {"stroke": None}}
    yield "another dress", spec
    spec = ref.plain()
    low = min(row[ref.value] for row in ref.rows)
    spec["encoding"][ref.q]["scale"] = {
        "type": "log" if ref.log else "linear",
        "domain": [low / 1.5 if ref.log else 0, ref.top * 1.3],
    }
    yield "a roomy domain", spec
    spec = ref.plain()
    spec["params"] = [{"name": "grid", "select": "interval", "bind": "scales"}]
    if not ref.log:
        yield "it can be moved", spec
    spec = ref.plain()
    spec["encoding"]["tooltip"] = [{"field": ref.place}, {"field": ref.value}]
    yield "tooltips", spec
    if not ref.years:
        for order in (f"-{ref.q}", ref.q, None, ref.places[::-1]):
            spec = ref.plain()
            spec["encoding"][ref.a]["sort"] = order
            yield f"sorted: {order if isinstance(order, (str, type(None))) else 'a list'}", spec
    if "side" not in ref.wants["along"]:
        spec = ref.plain()
        encoding = spec["encoding"]
        encoding["x"], encoding["y"] = encoding["y"], encoding["x"]
        yield "the other way up", spec


# ---- one thing spoiled -----------------------------------------------------------------------


def _marks(ref: _Reference) -> Spoilings:
    for mark in ("point", "tick", "area", "bar", "line", "square", "text", "rule"):
        if mark not in ref.wants["marks"]:
            spec = ref.plain()
            spec["mark"]["type"] = mark
            area = mark == "area" and "line" in ref.wants["marks"]
            yield f"as {mark}", "area" if area else "mark", spec
    spec = ref.plain()
    spec["mark"]["opacity"] = 0
    yield "clear", "invisible", spec
    if not ref.group:
        spec = ref.plain()
        spec["mark"]["color"] = "white"
        yield "white", "invisible", spec


def _values(ref: _Reference) -> Spoilings:
    """Another measure: the same names, and not the values of the table."""

    def made(change: Callable[[int, float], float]) -> dict[str, Any]:
        rows = [{**r, ref.value: change(i, r[ref.value])} for i, r in enumerate(ref.rows)]
        return ref.spec(rows)

    values = [row[ref.value] for row in ref.rows]
    yield "doubled", "doubled", made(lambda _, v: 2 * v)
    yield "three times", "doubled", made(lambda _, v: 3 * v)
    yield "half", "values", made(lambda _, v: v / 2)
    yield "a little more", "values", made(lambda _, v: 1.05 * v)
    yield "a little more in one place", "values", made(lambda i, v: v * (1.03 if i == 1 else 1))
    yield "turned round", "values", made(lambda i, _: values[-1 - i])
    yield "moved by one", "values", made(lambda i, _: values[i - 1])
    yield "added up along", "values", made(lambda i, _: sum(values[: i + 1]))
    yield "squared", "values", made(lambda _, v: v * v)
    yield "invented", "values", made(lambda i, _: 40 + 7 * i)
    yield "ranks", "values", made(lambda _, v: 1 + sorted(values).index(v))
    spec = ref.spec(ref.rows * 2)
    spec["encoding"][ref.q]["aggregate"] = "sum"
    yield "rows twice, then summed", "doubled", spec


def _rows(ref: _Reference) -> Spoilings:
    yield "no rows", "empty", ref.spec([])
    few, middle = ref.places[: len(ref.places) // 2], ref.places[len(ref.places) // 2]
    for what, kept in (
        ("the first half", few),
        ("without the last", ref.places[:-1]),
        ("without the first", ref.places[1:]),
        ("without one", [p for p in ref.places if p != middle]),
    ):
        yield what, "missing", ref.spec([r for r in ref.rows if r[ref.place] in kept])
    spec = ref.plain()
    spec["transform"] = [{"filter": {"field": ref.place, "oneOf": ref.places[2:]}}]
    yield "filtered in the chart", "missing", spec
    spec = ref.plain()
    spec["transform"] = [{"filter": "false"}]
    yield "all filtered out", "empty", spec
    new = max(ref.places) + 1 if ref.years else "World"
    groups = [{ref.group: group} for group in ref.groups] if ref.group else [{}]
    more = [{**group, ref.place: new, ref.value: ref.top} for group in groups]
    yield "a place too many", "extra", ref.spec(ref.rows + more)
    if ref.sums:
        spec = ref.spec()
        spec["encoding"][ref.q].pop("aggregate")
        spec["encoding"][ref.q]["stack"] = None
        yield "rows on one another", "overlaid", spec
        spec = ref.spec()
        spec["transform"] = [
            {"window": [{"op": "row_number", "as": "unit"}], "groupby": [ref.place]}
        ]
        spec["encoding"][ref.q].pop("aggregate")
        spec["encoding"][f"{ref.a}Offset"] = {"field": "unit", "type": "nominal"}
        yield "rows beside one another", "overlaid", spec


def _confused(ref: _Reference) -> Spoilings:
    if not ref.group:
        return
    turned = dict(zip(ref.groups, ref.groups[::-1], strict=True))
    rows = [{**r, ref.group: turned[r[ref.group]]} for r in ref.rows]
    yield "groups take each other's name", "swapped", ref.spec(rows)
    rows = [r for r in ref.rows if r[ref.group] == ref.groups[0]]
    yield "one group alone", "missing", ref.spec(rows)
    spec = ref.plain()
    del spec["encoding"]["color"]
    yield "one line through all", "together", spec
    spec["encoding"]["detail"] = {"field": ref.group, "type": "nominal"}
    yield "groups alike", "alike", copy.deepcopy(spec)
    spec = ref.plain()
    spec["encoding"]["color"]["type"] = "quantitative"
    yield "groups as numbers", "empty", spec
    spec = ref.plain()
    spec["encoding"]["color"]["scale"] = {"range": ["teal"] * len(ref.groups)}
    yield "one colour for all", "alike", spec
    spec = ref.plain()
    spec["encoding"]["color"] = {"field": ref.place, "type": "nominal"}
    yield "a colour for each place", "broken", spec


def _axes(ref: _Reference) -> Spoilings:
    def changed(channel: str, **parts: Any) -> dict[str, Any]:
        spec = ref.plain()
        spec["encoding"][channel] |= parts
        return spec

    kind = "log" if ref.log else "linear"
    low = min(row[ref.value] for row in ref.rows)
    for what, channel in (("places", ref.a), ("measure", ref.q)):
        yield f"no axis of the {what}", "axis", changed(channel, axis=None)
        yield f"no labels: {what}", "axis", changed(channel, axis={"labels": False})
    turned = {"type": kind, "reverse": True}
    yield "measure turned round", "reversed", changed(ref.q, scale=turned)
    cut = {"type": kind, "domain": [low / 2 if ref.log else 0, (low + ref.top) / 2]}
    yield "cut", "cut", changed(ref.q, scale=cut)
    clipped = changed(ref.q, scale=cut)
    clipped["mark"]["clip"] = True
    yield "cut and clipped", "cut", clipped
    far = {"type": kind, "domain": [ref.top / 1e9 if ref.log else 0, ref.top * 50]}
    yield "far too long an axis", "squeezed", changed(ref.q, scale=far)
    for other in ("linear", "log", "sqrt", "symlog"):
        if other != kind and not (other == "log" and ref.mark == "bar"):
            yield f"a scale of kind {other}", "scale", changed(ref.q, scale={"type": other})
    if not ref.log:
        high = {"domain": [low * 0.9, ref.top * 1.1]}
        yield "not from zero", "zero", changed(ref.q, scale=high)
    for other in ("nominal", "ordinal"):
        spec = changed(ref.q, type=other)
        spec["encoding"][ref.q].pop("scale", None)
        yield f"measure as {other}", "name", spec
    spec = changed(ref.q, bin=True)
    spec["encoding"][ref.q].pop("scale", None)
    yield "measure in bins", "bin", spec
    spec = ref.plain()
    del spec["encoding"][ref.q]
    yield "nothing measured", "nothing", spec
    spec = ref.plain()
    del spec["encoding"][ref.a]
    yield "no places", "along", spec
    yield "another column along", "along", changed(ref.a, field="another")
    few = {"domain": ref.places[:3]}
    yield "few places in the domain", "cut", changed(ref.a, scale=few)


def _times(ref: _Reference) -> Spoilings:
    if not ref.years:
        return

    def changed(**parts: Any) -> dict[str, Any]:
        spec = ref.plain()
        spec["encoding"][ref.a] |= parts
        return spec

    yield "years as seconds", "seconds", changed(type="temporal")
    yield "years as seconds of a year", "seconds", changed(type="temporal", timeUnit="year")
    comma = {"type": "quantitative", "scale": {"zero": False}}
    yield "years with a comma", "thousands", changed(**comma)
    late = {"type": "quantitative", "axis": {"format": "d"}, "scale": {"domain": [0, 2030]}}
    yield "years from zero", "squeezed", changed(**late)
    yield "years in bins", "bin", changed(type="quantitative", bin=True)
    yield "years backwards", "backwards", changed(sort="descending")
    mixed = [*ref.places[1::2], *ref.places[::2]]
    yield "years in a list out of order", "order", changed(sort=mixed)
    spec = ref.spec(sorted(ref.rows, key=lambda r: mixed.index(r[ref.place])))
    spec["encoding"][ref.a]["sort"] = None
    yield "years in the order of rows", "order", spec
    if ref.mark == "line":
        spec = ref.plain()
        spec["transform"] = [{"calculate": f"(7 * datum['{ref.place}']) % 5", "as": "turn"}]
        spec["encoding"]["order"] = {"field": "turn", "type": "quantitative"}
        yield "a line to and fro", "zigzag", spec
    if "side" in ref.wants["along"]:
        spec = ref.plain()
        encoding = spec["encoding"]
        encoding["x"], encoding["y"] = encoding["y"], encoding["x"]
        yield "the other way up", "turned", spec


def _titles(ref: _Reference) -> Spoilings:
    if not ref.wants.get("titles"):
        return
    for channel, title, fault in (
        (ref.q, None, "no-title"),
        (ref.q, "", "no-title"),
        (ref.q, ref.value, "title"),
        (ref.q, "What is measured", "title"),
        (ref.a, None, "along-title"),
        (ref.a, "", "along-title"),
    ):
        spec = ref.plain()
        spec["encoding"][channel]["title"] = title
        yield f"title of {channel}: {title!r}", fault, spec


_ROUTES: list[Callable[[_Reference], Routes]] = [
    _same_rows,
    _other_names,
    _other_dates,
    _other_groups,
    _beside,
    _dressed,
]
_SPOILINGS: list[Callable[[_Reference], Spoilings]] = [
    _marks,
    _values,
    _rows,
    _confused,
    _axes,
    _times,
    _titles,
]
