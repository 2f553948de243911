"""Pictures of the trade tables: one small function a table, named after it."""

from __future__ import annotations

import altair as alt
import numpy as np
import pandas as pd

from upkeep.tables.drawing import Drawing, finding, picture, tell
from upkeep.tables.forms import (
    SHAPES,
    WIDTH,
    bars,
    dumbbells,
    labelled_lines,
    log_axis,
    rule,
)

# The US rule of October 2023, as the traps of ai_chip_thresholds state it.
_TPP, _TPP_DENSE, _DENSITY = 4800, 1600, 5.92


def _top(frame: pd.DataFrame, measure: str, names: str, extra: str, rows: int) -> pd.DataFrame:
    """Take the rows with the largest values, and the row of one more name."""
    largest = frame.nlargest(rows, measure)
    more = frame[(frame[names] == extra) & ~frame[names].isin(largest[names])]
    return pd.concat([largest, more]).sort_values(measure, ascending=False)


def _dots(frame: pd.DataFrame, names: str, measure: str, title: str) -> alt.TopLevelMixin:
    """Draw one value a row on a logarithmic axis, with the value beside its point."""
    frame = frame.assign(label=[tell(value) for value in frame[measure]])
    base = alt.Chart(frame).encode(
        x=alt.X(f"{measure}:Q", **log_axis(title, frame[measure])),
        y=alt.Y(f"{names}:N", sort=list(frame[names]), title=None),
    )
    text = base.mark_text(align="left", dx=9, fontSize=12).encode(text="label:N")
    return (base.mark_point(size=80) + text).properties(width=WIDTH, height=24 * len(frame))


@picture
def chip_exports(frame: pd.DataFrame) -> Drawing:
    """Chip exports of the six largest reporters of 2021, by year, flagged rows left out."""
    frame = frame[frame["flag"].isna()]
    frame = frame.assign(value=frame["export_value_usd"] / 1e9)
    year = frame[frame["year"] == 2021]
    largest = year.nlargest(6, "value")
    first = largest.iloc[0]
    drawn = frame[frame["reporter"].isin(largest["reporter"])]
    chart = labelled_lines(
        drawn, "year", "value", "reporter", ("year", "reported chip exports, billion USD")
    )
    return chart, finding(
        first["reporter_iso3"] == "HKG",
        f"Hong Kong, where goods pass through, reported the largest chip exports of 2021: "
        f"USD {tell(first['value'])} bn of {tell(year['value'].sum(), 4)} bn",
    )


@picture
def taiwan_chip_exports(frame: pd.DataFrame) -> Drawing:
    """Destinations of Taiwan's chips in 2021: the ten largest and Russia."""
    year = frame[(frame["year"] == 2021) & (frame["hs_code"] == "8542")]
    year = year.assign(value=year["export_value_usd"] / 1e6)
    russia = year.loc[year["destination"] == "Russia", "value"].item()
    share = russia / year["value"].sum() * 100
    shown = _top(year, "value", "destination", "Russia", 10)
    return _dots(shown, "destination", "value", "exports in 2021, million USD"), finding(
        share < 0.1,
        f"Taiwan sold Russia USD {tell(russia)} m of chips directly in 2021, "
        f"{tell(share, 2)} % of its chip exports",
    )


@picture
def armenia_tech_exports(frame: pd.DataFrame) -> Drawing:
    """Armenia's exports by group of goods in whole years since 2018."""
    whole = frame[frame["whole_year"] & (frame["year"] >= 2018)]
    groups = {
        "phones and network equipment": "phones, network gear",
        "computers and servers": "computers, servers",
        "integrated circuits": "integrated circuits",
        "semiconductor devices": "semiconductor devices",
        "other priority goods": "other priority goods",
    }
    drawn = whole[whole["product_group"].isin(list(groups))]
    drawn = drawn.assign(group=drawn["product_group"].replace(groups))
    drawn = drawn.groupby(["group", "year"], as_index=False)["export_value_usd"].sum()
    drawn["value"] = drawn["export_value_usd"] / 1e6
    phones = drawn[drawn["group"] == "phones, network gear"].set_index("year")["value"]
    chart = labelled_lines(
        drawn, "year", "value", "group", ("year", "exports to the world, million USD"), log=True
    )
    return chart, finding(
        phones[2023] > 100 * phones[2021],
        f"Armenia's exports of phones and network equipment rose from USD {tell(phones[2021], 2)} m"
        f" in 2021 to {tell(phones[2023])} m in 2023",
    )


@picture
def armenia_trade_by_partner(frame: pd.DataFrame) -> Drawing:
    """Armenia's imports in 2022 by origin and by consignment, ten partners."""
    year = frame[frame["year"] == 2022].assign(
        origin=lambda f: f["import_by_origin_kusd"] / 1e3,
        consigned=lambda f: f["import_by_consignment_kusd"] / 1e3,
    )
    shown = year[year["partner_iso3"] != "RUS"].nlargest(10, "consigned")
    emirates = year[year["partner_iso3"] == "ARE"].iloc[0]
    chart = dumbbells(
        shown,
        "partner",
        {"origin": "by country of origin", "consigned": "by country of consignment"},
        "Armenia's imports in 2022 (Russia, far ahead, not drawn), million USD",
    )
    return chart, finding(
        emirates["consigned"] > 5 * emirates["origin"],
        f"Armenia's imports from the United Arab Emirates in 2022: USD {tell(emirates['origin'])} m"
        f" by origin, {tell(emirates['consigned'])} m by consignment",
    )


@picture
def chip_equipment_trade(frame: pd.DataFrame) -> Drawing:
    """Importers of chip-making machines in 2019: the nine largest and Russia."""
    year = frame[(frame["year"] == 2019) & (frame["hs_code"] == "848620")].dropna(
        subset="import_value_usd"
    )
    year = year.assign(value=year["import_value_usd"] / 1e6)
    shown = _top(year, "value", "reporter", "Russia", 9)
    russia = year.loc[year["reporter"] == "Russia", "value"].item()
    first = shown.iloc[0]
    chart = _dots(shown, "reporter", "value", "imports of HS 848620 in 2019, million USD")
    return chart, finding(
        russia < first["value"] / 100,
        f"Russia imported chip-making machines for USD {tell(russia)} m in 2019, "
        f"{first['reporter']} for {tell(first['value'])} m",
    )


@picture
def mirror_trade(frame: pd.DataFrame) -> Drawing:
    """What three importers record of each hundred euros that the EU27 reports as sent."""
    whole = frame[frame["exporter"] == "EU27"].copy()
    whole["ratio"] = whole["importer_reported_eur"] / whole["exporter_reported_eur"] * 100
    kyrgyz = whole[whole["importer_iso3"] == "KGZ"].set_index("year")["ratio"]
    lines = labelled_lines(
        whole,
        "year",
        "ratio",
        "importer",
        ("year", "recorded by the importer, % of what the EU reports"),
        points=True,
    )
    return lines + rule(100, "both sides agree"), finding(
        kyrgyz[2023] < 40,
        f"Kyrgyzstan recorded {kyrgyz[2023]:.0f} % of what the EU says it sent in 2023, "
        f"and {kyrgyz[2021]:.0f} % in 2021",
    )


@picture
def eu_exports_monthly(frame: pd.DataFrame) -> Drawing:
    """Monthly EU exports to Russia and five neighbours."""
    frame = frame.assign(value=frame["export_value_eur"] / 1e6)
    year = frame["month"].dt.year
    last = frame["month"].max()
    recent = frame[frame["month"] > last - pd.DateOffset(months=12)]
    times = (
        recent.groupby("partner")["value"].sum()
        / frame[year == 2019].groupby("partner")["value"].sum()
    )
    chart = labelled_lines(
        frame, "month", "value", "partner", ("month", "EU exports, million EUR a month"), log=True
    )
    return chart, finding(
        times["Kyrgyzstan"] > 5 and times["Russia"] < 1,
        f"In the twelve months to {last:%B %Y} EU exports to Kyrgyzstan were "
        f"{tell(times['Kyrgyzstan'], 2)} times those of 2019, to Russia {tell(times['Russia'], 2)} "
        "times",
    )


@picture
def eu_exports_annual(frame: pd.DataFrame) -> Drawing:
    """EU exports of 2023 as a multiple of those of 2021, by destination."""
    wide = frame.pivot(index="partner", columns="year", values="export_value_eur")
    times = (wide[2023] / wide[2021]).sort_values(ascending=False).rename("times").reset_index()
    top, low = times.iloc[0], times.iloc[-1]
    axis = log_axis("exports of 2023 as a multiple of those of 2021", times["times"])
    marks = (
        alt.Chart(times)
        .mark_point()
        .encode(
            x=alt.X(
                "times:Q",
                **axis,
            ),
            y=alt.Y("partner:N", sort=list(times["partner"]), title=None),
        )
        .properties(width=WIDTH, height=15 * len(times))
    )
    return marks + rule(1, "unchanged", "x", log=True), finding(
        top["partner"] == "Kyrgyzstan" and low["partner"] == "Russia",
        f"From 2021 to 2023 EU exports grew most to Kyrgyzstan ({tell(top['times'])} times) "
        f"and shrank most to Russia ({tell(low['times'], 2)} times)",
    )


@picture
def eu_exports_by_member(frame: pd.DataFrame) -> Drawing:
    """Exports of EU members to Kyrgyzstan in 2021 and 2023, the twelve largest of 2023."""
    sent = frame[frame["partner_iso3"] == "KGZ"].pivot(
        index="reporter", columns="year", values="export_value_eur"
    )
    sent = sent.div(1e6).sort_values(2023, ascending=False)
    tripled = int((sent[2023] >= 3 * sent[2021]).sum())
    shown = sent.head(12).rename(columns=str).reset_index()
    chart = dumbbells(
        shown,
        "reporter",
        {"2021": "2021", "2023": "2023"},
        "exports of all goods to Kyrgyzstan, million EUR",
        log=True,
    )
    return chart, finding(
        tripled > len(sent) / 2,
        f"{tripled} of {len(sent)} EU members at least tripled their exports to Kyrgyzstan "
        "from 2021 to 2023",
    )


@picture
def eu_exports_by_code(frame: pd.DataFrame) -> Drawing:
    """Monthly EU exports of chips to Russia and to three neighbours together."""
    three, names = "three neighbours", ["Armenia", "Kazakhstan", "Kyrgyzstan"]
    groups = {"Russia": "Russia"} | dict.fromkeys(names, three)
    chips = frame[frame["heading"] == "8542"]
    chips = chips.assign(to=chips["partner"].map(groups))
    drawn = chips.groupby(["to", "month"], as_index=False)["export_value_eur"].sum()
    drawn["value"] = drawn["export_value_eur"] / 1e6
    months = drawn.pivot(index="month", columns="to", values="value")
    top = months.loc["2021", "Russia"].max()
    end, rest = months.loc["2022-03":, "Russia"].max(), months.loc["2022-03":, three].max()
    chart = labelled_lines(
        drawn, "month", "value", "to", ("month", "EU chip exports, million EUR a month"), log=True
    )
    return chart, finding(
        end < top / 20 and rest < top / 20,
        f"EU chip exports to Russia reached EUR {tell(top)} m in a month of 2021; from March 2022 "
        f"on they were at most {tell(end)} m, and to Armenia, Kazakhstan and Kyrgyzstan together "
        f"{tell(rest)} m",
    )


@picture
def eu_chip_exports_by_member(frame: pd.DataFrame) -> Drawing:
    """Chips from EU members to Russia in a month of 2021 and of 2022, the ten largest of 2021."""
    sent = frame[(frame["partner_iso3"] == "RUS") & (frame["heading"] == "8542")]
    monthly = sent["export_value_eur"] / sent["months_summed"] / 1e6
    wide = sent.assign(value=monthly).pivot(index="reporter", columns="year", values="value")
    wide = wide.sort_values(2021, ascending=False)
    half = wide.index[0], wide[2021].iloc[0] / wide[2021].sum()
    shown = wide.head(10).rename(columns=str).reset_index()
    chart = dumbbells(
        shown,
        "reporter",
        {"2021": "2021", "2022": "2022, to November"},
        "chips (HS 8542) to Russia, million EUR a month",
        log=True,
    )
    return chart, finding(
        half[0] == "Netherlands" and half[1] > 0.5,
        f"The {half[0]}, a distribution centre, sent {half[1] * 100:.0f} % of the chips that the "
        f"EU sold to Russia in 2021, EUR {tell(wide[2021].sum() * 12)} m",
    )


@picture
def russia_imports(frame: pd.DataFrame) -> Drawing:
    """Shares in Russia's imports of five partners, by year, without the partners flagged."""
    partners = frame.dropna(subset=["partner_iso3"])
    flagged = sorted(partners.loc[partners["flag"].notna(), "partner"].unique())
    kept = partners[~partners["partner"].isin(flagged)]
    whole = kept.groupby("year")["import_value_musd"].sum()
    names = ["China", "Germany", "Belarus", "United States", "Turkey"]
    drawn = kept[kept["partner"].isin(names)].copy()
    drawn["share"] = drawn["import_value_musd"] / drawn["year"].map(whole) * 100
    share = drawn.set_index(["partner", "year"])["share"]
    first_guess = int(frame.loc[frame["estimated"], "year"].min())
    lines = labelled_lines(
        drawn, "year", "share", "partner", ("year", "share of Russia's imports, %")
    )
    return lines + rule(first_guess - 0.5, "estimated by the IMF from here", "x"), finding(
        share["China", 2024] > 2 * share["China", 2016] and "Uganda" in flagged,
        f"China's share of Russia's imports rose from {share['China', 2016]:.0f} % in 2016 to "
        f"{share['China', 2024]:.0f} % in 2024 ({', '.join(flagged[:-1])} and {flagged[-1]}, whose "
        "rows are flagged, left out)",
    )


@picture
def priority_codes(frame: pd.DataFrame) -> Drawing:
    """Codes of the priority list by tier."""
    count = frame.groupby(["tier", "tier_meaning"]).size().rename("codes").reset_index()
    count["name"] = "tier " + count["tier"] + ": " + count["tier_meaning"]
    chips = int(count.loc[count["tier"] == "1", "codes"].sum())
    return bars(count, "name", "codes", "six-digit codes of the list"), finding(
        chips < len(frame) / 5,
        f"{chips} of the {len(frame)} priority codes are chips: most are parts, tools and "
        "machines with many harmless uses",
    )


@picture
def supply_shares(frame: pd.DataFrame) -> Drawing:
    """The largest supplier of each input to chip-making."""
    first = frame.loc[frame.groupby("input")["share_pct"].idxmax()]
    first = first.sort_values("share_pct", ascending=False)
    first = first.assign(label=first["country"] + ", " + first["share_pct"].map(tell) + " %")
    over = int((first["share_pct"] > 50).sum())
    chart = bars(first, "input", "share_pct", "share of the largest supplier, %", "label")
    return chart + rule(50, "half", "x"), finding(
        over > len(first) / 2 and "RUS" not in set(frame["country_iso3"].dropna()),
        f"In {over} of {len(first)} inputs to chip-making one country supplies more than half; "
        "Russia is among the suppliers of none",
    )


@picture
def ai_chip_thresholds(frame: pd.DataFrame) -> Drawing:
    """Accelerators by the two measures of the US rule of 2023."""
    frame = frame[frame["flag"].isna()]
    tpp, density = frame["total_processing_performance"], frame["performance_density_tpp_per_mm2"]
    known = frame.assign(tpp=tpp, density=density).dropna(subset=["tpp", "density"])
    over = (known["tpp"] >= _TPP) | ((known["tpp"] >= _TPP_DENSE) & (known["density"] >= _DENSITY))
    known["place"] = np.where(over, "over the line of 2023", "under the line of 2023")
    reach = pd.concat([known["tpp"], pd.Series([_TPP_DENSE])])
    marks = (
        alt.Chart(known)
        .mark_point(size=80)
        .encode(
            x=alt.X("tpp:Q", **log_axis("total processing performance, TPP", reach)),
            y=alt.Y("density:Q", **log_axis("performance density, TPP per mm²", known["density"])),
            color=alt.Color("place:N", title=None, legend=alt.Legend(orient="bottom")),
            shape=alt.Shape("place:N", title=None, scale=alt.Scale(range=SHAPES)),
        )
        .properties(width=WIDTH, height=320)
    )
    lines = rule(_TPP, f"TPP {_TPP:,}", "x", log=True) + rule(
        _TPP_DENSE, f"TPP {_TPP_DENSE:,}", "x", log=True
    )
    return marks + lines + rule(_DENSITY, f"density {_DENSITY}", log=True), finding(
        0 < over.sum() < len(known),
        f"{int(over.sum())} of {len(known)} accelerators with both figures known stand over the "
        "line that the US rule of 2023 draws for China",
    )
