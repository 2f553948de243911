"""Charts that everyone can read: descriptions, tables, pictures."""

from __future__ import annotations

import base64
import importlib.util

import altair as alt
import pandas as pd
import pytest
import vl_convert
from IPython.core.formatters import DisplayFormatter

from course import charts, tables
from course.charts import showing
from course.charts.packing import only_drawn, packed

YEARS = pd.DataFrame({"year": [2020, 2021, 2022], "power_gw": [1.0, 3.0, 2.5]})


def line() -> alt.Chart:
    return (
        alt.Chart(YEARS)
        .mark_line()
        .encode(alt.X("year:Q", title="Year"), alt.Y("power_gw:Q", title="Power, GW"))
    )


def test_a_description_says_what_is_drawn_its_extremes_and_its_trend():
    said = charts.describe(line(), "Power peaks in 2021")
    assert said.startswith("Power peaks in 2021. Line chart: across, Year, from 2020 to 2022")
    assert "up, Power, GW, from 1 to 3" in said
    assert "Highest: 3 (2021); lowest: 1 (2020)." in said
    assert "rises from 1 (2020) to 2.5 (2022)" in said


def test_each_group_has_its_trend():
    data = pd.DataFrame(
        {"year": [1, 2, 1, 2], "value": [5.0, 1.0, 2.0, 2.0], "land": ["A", "A", "B", "B"]}
    )
    chart = alt.Chart(data).mark_line().encode(x="year:Q", y="value:Q", color="land:N")
    said = charts.describe(chart)
    assert "A falls from 5 (1) to 1 (2)." in said
    assert "B ends where it began, from 2 (1) to 2 (2)." in said


def test_an_aggregate_is_described_as_drawn():
    data = pd.DataFrame({"land": ["A", "A", "B"], "value": [1.0, 2.0, 5.0]})
    chart = alt.Chart(data).mark_bar().encode(x="sum(value):Q", y="land:N")
    said = charts.describe(chart)
    assert "Highest: 5 (B); lowest: 3 (A)." in said
    assert charts.plotted_data(chart)["value"].tolist() == [3.0, 5.0]


def test_ranges_are_described_with_both_ends():
    data = pd.DataFrame({"route": ["one", "two"], "low": [3.5, 4.0], "high": [10.9, 8.0]})
    chart = alt.Chart(data).mark_bar().encode(alt.X("low:Q"), alt.X2("high:Q"), alt.Y("route:N"))
    assert "Ranges: one: 3.5 to 10.9; two: 4 to 8." in charts.describe(chart)


def test_a_layered_chart_is_described_by_the_layer_that_draws_data():
    rule = alt.Chart(pd.DataFrame({"at": [2.0]})).mark_rule().encode(y="at:Q")
    assert "Line chart" in charts.describe(line() + rule)


def test_the_finding_is_the_title_and_the_source_is_named():
    spec = charts.finish(line(), "Power peaks in 2021", "ireland_quarterly").to_dict()
    assert spec["title"]["text"] == ["Power peaks in 2021"]
    credit = " ".join(spec["title"]["subtitle"])
    assert credit.startswith("Source: ")
    assert "Central Statistics Office" in credit
    assert "ireland_quarterly" in credit
    assert spec["description"].startswith("Power peaks in 2021.")


def test_a_chart_reaches_jupyterlab_live_and_every_other_page_as_a_picture():
    chart = charts.finish(line(), "Power peaks in 2021", "teaching choice")
    data, metadata = DisplayFormatter().format(chart)
    live = data["application/vnd.vegalite.v5+json"]
    assert live["$schema"].endswith("v5.json")
    assert data["image/png"].startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == data["text/plain"] == live["description"]


def test_without_vl_convert_the_live_chart_has_to_do(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    data, _ = DisplayFormatter().format(charts.finish(line(), "A finding", "teaching choice"))
    assert "image/png" not in data
    assert "application/vnd.vegalite.v5+json" in data


def test_the_data_of_a_chart_stand_under_it_as_a_table():
    page = charts.details_html(charts.finish(line(), "A finding", "teaching choice"))
    assert "<summary>" in page
    assert "Power, GW" in page
    assert page.count("<tr") == 4
    assert all(f"<td>{value}</td>" in page for value in YEARS["power_gw"])


def test_a_chart_of_a_table_that_binds_names_the_licence():
    bars = alt.Chart(pd.DataFrame({"a": [1], "b": [2]})).mark_bar().encode(x="a:Q", y="b:Q")
    for table in ("supply_shares", "reactors", "claims"):
        ready = charts.finish(bars, "A finding", f"claims, {table}")
        credit = " ".join(ready.to_dict()["title"]["subtitle"])
        assert charts.binding(table) in credit
        assert ("CC BY-NC 4.0" in credit) == (table == "supply_shares")
    assert charts.binding("claims") == ""


def test_no_table_that_binds_goes_without_a_word():
    ids = {name: set(text.split(", ")) for name, text in tables.catalogue()["licence"].items()}
    for name, licences in ids.items():
        bound = any(mark in one for one in licences for mark in ("-NC", "-SA", "-ND", "ODbL"))
        assert bool(charts.binding(name)) == bound, name


@pytest.fixture
def kept(monkeypatch) -> list[tuple[dict, dict]]:
    """What `charts.show` leaves in the notebook."""
    outputs: list[tuple[dict, dict]] = []
    monkeypatch.setattr(
        showing, "display", lambda shown: outputs.append(DisplayFormatter().format(shown))
    )
    return outputs


def test_a_shown_chart_stays_as_picture_words_and_table(kept):
    charts.show(line(), "Power peaks in 2021", "ireland_quarterly")
    (chart, words), (below, _) = kept
    ready = charts.finish(line(), "Power peaks in 2021", "ireland_quarterly")
    assert chart["image/png"].startswith(b"\x89PNG")
    assert chart["text/plain"] == words["image/png"]["alt"] == ready.description
    live = dict(chart["application/vnd.vegalite.v5+json"])
    assert live.pop("$schema").endswith("v5.json")
    assert live == {key: part for key, part in ready.to_dict().items() if key != "$schema"}
    assert charts.details_html(ready) in below["text/html"]


@pytest.mark.parametrize("layers", [1, 3])
def test_a_chart_is_compiled_once_to_be_shown(layers, kept, monkeypatch):
    compiled, depth = [], [0]
    real = alt.TopLevelMixin.to_dict

    def counted(chart, *args, **more):
        if not depth[0]:
            compiled.append(chart)
        depth[0] += 1  # a layered chart compiles its layers
        try:
            return real(chart, *args, **more)
        finally:
            depth[0] -= 1

    monkeypatch.setattr(alt.TopLevelMixin, "to_dict", counted)
    chart = line() if layers == 1 else alt.layer(*(line() for _ in range(layers)))
    charts.show(chart, "Power peaks in 2021", "teaching choice")
    assert len(kept) == 2
    assert len(compiled) == 1


def test_a_cell_that_is_run_again_draws_no_second_picture(kept, monkeypatch):
    drawn = []
    real = vl_convert.vegalite_to_png

    def counted(spec, **more):
        drawn.append(spec)
        return real(spec, **more)

    monkeypatch.setattr(vl_convert, "vegalite_to_png", counted)
    for title in ("A picture drawn once", "A picture drawn once", "Another picture"):
        charts.show(line(), title, "teaching choice")
    assert len(drawn) == 2
    first, _, again, _, other, _ = [data.get("image/png") for data, _ in kept]
    assert first == again != other


def painted(png: bytes) -> bytes:
    """A picture as vl-convert's own reader sees it."""
    address = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return vl_convert.svg_to_png(
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300">'
        f'<image width="400" height="300" href="{address}"/></svg>'
    )


def test_a_picture_is_packed_without_losing_a_pixel():
    drawn = vl_convert.vegalite_to_png(charts.finish(line(), "A finding", "claims").to_dict())
    assert len(packed(drawn)) < len(drawn) / 4
    assert painted(packed(drawn)) == painted(drawn)
    assert painted(drawn) != painted(vl_convert.vegalite_to_png(line().to_dict()))


def test_a_picture_of_many_colours_keeps_them():
    spread = pd.DataFrame({"x": range(600)})
    colour = alt.Color("x:Q", scale=alt.Scale(scheme="turbo"), legend=None)
    chart = alt.Chart(spread).mark_rule().encode(x="x:Q", color=colour)
    drawn = vl_convert.vegalite_to_png(chart.to_dict())
    assert b"PLTE" not in packed(drawn)
    assert len(packed(drawn)) < len(drawn)
    assert painted(packed(drawn)) == painted(drawn)


def test_a_picture_of_another_make_is_left_as_it_is():
    clear = vl_convert.svg_to_png('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>')
    assert packed(clear) == clear
    palette = packed(vl_convert.vegalite_to_png(line().to_dict()))
    assert packed(palette) == palette


WIDE = YEARS.assign(note="never drawn", **{"per cent.": [1.0, 2.0, 3.0]})


@pytest.mark.parametrize(
    ("chart", "columns"),
    [
        (alt.Chart(WIDE).mark_bar().encode(x="year:O", y="power_gw:Q"), {"year", "power_gw"}),
        (
            alt.Chart(WIDE).mark_bar().encode(x="year:O", y=r"per cent\.:Q"),
            {"year", "per cent."},
        ),
        (
            alt.Chart(WIDE).mark_bar().encode(x=alt.X("year:O").sort(field="power_gw")),
            {"year", "power_gw"},
        ),
        (
            alt.Chart(WIDE)
            .transform_calculate(share="datum['per cent.'] / 100")
            .mark_bar()
            .encode(x="year:O", y="share:Q"),
            {"year", "per cent."},
        ),
        (
            alt.Chart(WIDE).transform_filter("isValid(datum)").mark_bar().encode(x="year:O"),
            set(WIDE.columns),
        ),
        (
            alt.Chart(WIDE).mark_bar(tooltip=alt.TooltipContent("data")).encode(x="year:O"),
            set(WIDE.columns),
        ),
    ],
    ids=["encoded", "escaped", "sorted by", "calculated from", "whole record", "whole tooltip"],
)
def test_a_shown_chart_keeps_the_columns_it_uses(chart, columns):
    spec = chart.to_dict()
    (rows,) = only_drawn(spec)["datasets"].values()
    assert [set(row) for row in rows] == [columns] * 3
    assert vl_convert.vegalite_to_svg(only_drawn(spec)) == vl_convert.vegalite_to_svg(spec)
