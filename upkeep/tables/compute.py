"""Pictures of the tables on energy and computing: one small function a table, named after it."""

from __future__ import annotations

import altair as alt
import pandas as pd

from course.charts import COLOURS
from upkeep.tables.drawing import Drawing, finding, picture, tell
from upkeep.tables.forms import (
    SHAPES,
    WIDTH,
    dumbbells,
    labelled_lines,
    log_axis,
)

_COUNTRIES = {"USA": "United States", "CHN": "China", "RUS": "Russia"}
_MODELS_SHOWN = 10
_RINGS = [10, 20, 40, 80, 160, 320, 640, 1280]  # km
_TOP = alt.Legend(orient="top", columns=5)


def _scale(order: list[str], looks: list[str]) -> alt.Scale:
    return alt.Scale(domain=order, range=looks[: len(order)])


def _dated_points(
    frame: pd.DataFrame,
    date: str,
    measure: str,
    group: str,
    order: list[str],
    titles: tuple[str, str],
) -> alt.TopLevelMixin:
    """Draw points over time on a logarithmic axis, groups told apart by colour and shape."""
    return (
        alt.Chart(frame)
        .mark_point(size=55)
        .encode(
            x=alt.X(f"{date}:T", title=titles[0], axis=alt.Axis(grid=False)),
            y=alt.Y(f"{measure}:Q", **log_axis(titles[1], frame[measure])),
            color=alt.Color(f"{group}:N", scale=_scale(order, COLOURS), title=None, legend=_TOP),
            shape=alt.Shape(f"{group}:N", scale=_scale(order, SHAPES), title=None),
        )
        .properties(width=WIDTH, height=320)
    )


@picture
def accelerators(frame: pd.DataFrame) -> Drawing:
    """Dense 16-bit peaks by release date and maker."""
    frame = frame[frame["flag"].isna()]
    known = frame.dropna(subset=["dense_fp16_tflops", "release_date"])[
        ["accelerator", "maker", "release_date", "dense_fp16_tflops"]
    ].sort_values("release_date")
    named = ["NVIDIA", "AMD", "Google", "Huawei"]
    known["made by"] = known["maker"].where(known["maker"].isin(named), "others")
    early = known[known["release_date"].dt.year <= 2017]
    early = early.loc[early["dense_fp16_tflops"].idxmax()]
    top = known.loc[known["dense_fp16_tflops"].idxmax()]
    chart = _dated_points(
        known,
        "release_date",
        "dense_fp16_tflops",
        "made by",
        [*named, "others"],
        ("release", "dense 16-bit peak, TFLOP/s"),
    )
    times = top["dense_fp16_tflops"] / early["dense_fp16_tflops"]
    return chart, finding(
        times > 2,
        f"The highest dense 16-bit peak of one chip rose {tell(times, 2)} times from "
        f"{early['release_date'].year} to {top['release_date'].year}, "
        f"to {tell(top['dense_fp16_tflops'])} TFLOP/s",
    )


@picture
def ai_chips_sold(frame: pd.DataFrame) -> Drawing:
    """Chips sold so far by four makers, quarter by quarter."""
    whole = frame[~frame["incomplete"]].assign(value=frame["h100_equivalents"] / 1e6)
    last = whole["quarter_end"].max()
    end = whole[whole["quarter_end"] == last].set_index("maker")["value"]
    chart = labelled_lines(
        whole,
        "quarter_end",
        "value",
        "maker",
        ("end of quarter", "million H100 equivalents, medians"),
    )
    share = 100 * end["Nvidia"] / end.sum()
    return chart, finding(
        share > 60,
        f"By the end of {last.year} some {tell(end.sum(), 3)} million H100 equivalents of AI chips "
        f"had been sold, {share:.0f} % of them Nvidia's",
    )


@picture
def ai_clusters(frame: pd.DataFrame) -> Drawing:
    """Shares of countries in computing under three selections of the same table."""
    there = (frame["status"] == "existing") & frame["country"].notna()
    frame = frame[there & frame["flag"].isna()]
    selections = {
        "all existing clusters": frame,
        "without possible duplicates": frame[~frame["possible_duplicate"]],
        "the compilers' own selection": frame[frame["standard_analysis"]],
    }
    rows = []
    for name, part in selections.items():
        share = part.groupby("country")["h100_equivalents"].sum()
        share = share / share.sum() * 100
        rows.append({"selection": name, **share.to_dict()})
    shares = pd.DataFrame(rows)
    chart = dumbbells(
        shares,
        "selection",
        {"China": "China", "United States": "United States"},
        "share of H100 equivalents of existing clusters, %",
    )
    china, america = shares["China"], shares["United States"]
    return chart, finding(
        china.max() > 1.5 * china.min(),
        f"The filter changes the answer: China holds {china.min():.0f} to {china.max():.0f} % of "
        f"the computing listed, the United States {america.min():.0f} to {america.max():.0f} %",
    )


@picture
def ai_models(frame: pd.DataFrame) -> Drawing:
    """Training computation of the ten largest models of each year since 2012, and Russia's."""
    known = frame.dropna(subset="training_flop")
    known = known[known["date"].dt.year >= 2012].copy()
    known["country"] = known["country_iso3"].map(_COUNTRIES).fillna("others or several")
    year = known["date"].dt.year
    largest = known["training_flop"].groupby(year).rank(ascending=False) <= _MODELS_SHOWN
    shown = known[largest | (known["country"] == "Russia")].sort_values(["country", "date"])
    chart = _dated_points(
        shown,
        "date",
        "training_flop",
        "country",
        [*_COUNTRIES.values(), "others or several"],
        ("publication (the ten largest of each year, and Russia's)", "training, FLOP"),
    )
    top = known["training_flop"].max()
    russia = known.loc[known["country"] == "Russia", "training_flop"].max()
    return chart, finding(
        top > 100 * russia,
        f"The largest training run listed took {tell(top / russia, 2)} times the computation of "
        "the largest Russian one listed; not every model is listed",
    )


@picture
def ai_sites(frame: pd.DataFrame) -> Drawing:
    """Power of all watched sites together, quarter by quarter, seen and projected."""
    steps = frame.pivot(index="date", columns="site", values="facility_power_mw").ffill()
    last_seen = frame.loc[~frame["projected"], "date"].max()
    days = pd.date_range("2022-12-31", steps.index.max(), freq="QE").union([last_seen])
    total = steps.reindex(steps.index.union(days)).ffill().loc[days].sum(axis=1) / 1000
    total = total.rename("power").rename_axis("date").reset_index()
    total["kind"] = "seen"
    later = total[total["date"] >= last_seen].assign(kind="projected")
    total = pd.concat([total[total["date"] <= last_seen], later])
    chart = labelled_lines(
        total, "date", "power", "kind", ("end of quarter", "power of the watched sites, GW")
    )
    seen = total.loc[total["kind"] == "seen", "power"].max()
    return chart, finding(
        later["power"].max() > seen,
        f"The {steps.shape[1]} sites watched drew up to {tell(seen, 2)} GW by {last_seen:%B %Y}, "
        f"and are projected to reach {tell(later['power'].max(), 2)} GW",
    )


@picture
def datacentre_capacity_russia(frame: pd.DataFrame) -> Drawing:
    """Every figure for Russia's data centres, from its low to its high end."""
    frame = frame[frame["place"] == "Russia"].copy()
    frame["high"] = frame["capacity_high_mw"].fillna(frame["capacity_low_mw"]).astype(float)
    frame["low"] = frame["capacity_low_mw"].astype(float)
    speaker = frame["said_by"].str.replace(r"\s*\(.*\)", "", regex=True)
    scope = frame["scope"].replace({"all": "all centres", "AI": "AI alone"})
    frame["name"] = (
        frame["as_of"].astype(str) + ", " + speaker + ": " + scope + ", " + frame["measure"]
    )
    frame["name"] += frame.groupby("name").cumcount().map(lambda n: f" ({n + 1})" if n else "")
    frame["when"] = frame["as_of"].map(lambda year: "for 2030" if year >= 2030 else "for now")
    frame = frame.sort_values(["as_of", "low"])
    now = frame[frame["when"] == "for now"]
    base = alt.Chart(frame).encode(
        y=alt.Y("name:N", sort=list(frame["name"]), title=None, axis=alt.Axis(labelLimit=340))
    )
    when = ["for now", "for 2030"]
    low = base.mark_point(size=80).encode(
        x=alt.X("low:Q", title="capacity, MW (by whatever definition)"),
        color=alt.Color("when:N", scale=_scale(when, COLOURS), title=None, legend=_TOP),
        shape=alt.Shape("when:N", scale=_scale(when, SHAPES), title=None),
    )
    span = base.mark_rule(strokeWidth=4, color="#9a9a9a").encode(x="low:Q", x2="high:Q")
    text = (
        base.transform_calculate(label="datum.capacity_high_mw ? '' : 'or more'")
        .mark_text(align="left", dx=8, color="#444444")
        .encode(x="low:Q", text="label:N")
    )
    chart = (low + span + text).properties(width=360, height=24 * len(frame))
    return chart, finding(
        now["high"].max() > 3 * now["low"].min(),
        f"Russia's data centres today: {tell(now['low'].min())} to {tell(now['high'].max())} MW, "
        "depending on who speaks and what is counted",
    )


@picture
def datacentre_demand(frame: pd.DataFrame) -> Drawing:
    """The world's demand in the past and in four scenarios."""
    world = frame[frame["region"] == "World"]
    past = world[world["scenario"] == "Historical"]
    start = past[past["year"] == past["year"].max()]
    ways = world[world["scenario"] != "Historical"]
    ahead = [start.assign(scenario=name) for name in ways["scenario"].unique()]
    # The past goes under one name; its end is where every scenario begins.
    drawn = pd.concat([ways, *ahead, past.assign(scenario="so far")])
    end = ways[ways["year"] == 2035].set_index("scenario")["demand_twh"]
    chart = labelled_lines(
        drawn,
        "year",
        "demand_twh",
        "scenario",
        ("year (2035 is exploratory)", "electricity demand of data centres, TWh"),
        points=True,
    )
    return chart, finding(
        end.max() > 2 * end.min(),
        f"From {tell(start['demand_twh'].item())} TWh in {start['year'].item()} the IEA's "
        f"scenarios lead to anything from {tell(end.min(), 4)} to {tell(end.max(), 4)} TWh in 2035",
    )


@picture
def datacentres_mapped(frame: pd.DataFrame) -> Drawing:
    """Objects and places on the map by distance to the capital, as shares within each distance."""
    kept = frame[frame["flag"].isna() & (frame["country"] == "Russia")]
    places = kept.groupby("place", as_index=False)["km_to_capital"].min()
    near = [
        pd.DataFrame(
            {
                "counted": name,
                "km": _RINGS,
                "share": [100 * (rows["km_to_capital"] <= km).mean() for km in _RINGS],
            }
        )
        for name, rows in (("objects", kept), ("places", places))
    ]
    chart = labelled_lines(
        pd.concat(near),
        "km",
        "share",
        "counted",
        ("within so many kilometres of Moscow", "share of what is on the map, %"),
        points=True,
    )
    objects, sites = (rows.set_index("km").loc[80, "share"] for rows in near)
    return chart, finding(
        sites < objects < 60,
        f"Within 80 km of Moscow the map has {objects:.0f} % of Russia's data centres as objects "
        f"and {sites:.0f} % of their places",
    )


@picture
def electricity_by_country(frame: pd.DataFrame) -> Drawing:
    """Nuclear power's share of generation in six countries."""
    codes = ["FRA", "KOR", "RUS", "USA", "DEU", "CHN"]
    drawn = frame[frame["country_iso3"].isin(codes)]
    last = drawn[drawn["year"] == 2024].set_index("country_iso3")["nuclear_share_pct"]
    chart = labelled_lines(
        drawn,
        "year",
        "nuclear_share_pct",
        "country",
        ("year", "nuclear share of electricity generated, %"),
    )
    return chart, finding(
        abs(last["RUS"] - last["USA"]) < 1,
        f"Nuclear power gave {last['RUS']:.1f} % of Russia's electricity in 2024, as much as "
        f"in the United States; {last['FRA']:.0f} % of France's, {last['CHN']:.1f} % of China's",
    )


@picture
def ireland_quarterly(frame: pd.DataFrame) -> Drawing:
    """Data centres' share of Ireland's metered electricity."""
    frame = frame.assign(
        share=frame["data_centre_gwh"] / frame["all_metered_gwh"] * 100, who="data centres"
    )
    first, last = frame.iloc[0], frame.iloc[-1]
    chart = labelled_lines(
        frame,
        "quarter_start",
        "share",
        "who",
        ("quarter", "share of metered electricity, %"),
        points=True,
    )
    return chart, finding(
        last["share"] > 4 * first["share"],
        f"Data centres took {first['share']:.0f} % of Ireland's metered electricity in early "
        f"{first['year']} and {last['share']:.0f} % at the end of {last['year']}",
    )


@picture
def language_shares(frame: pd.DataFrame) -> Drawing:
    """Ten languages in March 2022 by two methods."""
    month = frame[frame["measured"] == pd.Timestamp("2022-03-01")]
    wide = month.pivot(index="language", columns="method", values="share_pct")
    wide = wide.sort_values("OBLC", ascending=False).head(12).reset_index()
    chart = dumbbells(
        wide,
        "language",
        {"OBLC": "OBLC: contents of the web", "W3Techs": "W3Techs: home pages of sites"},
        "share in March 2022, %",
    )
    english = wide[wide["language"] == "English"].iloc[0]
    russian = wide[wide["language"] == "Russian"].iloc[0]
    return chart, finding(
        english["W3Techs"] > 3 * english["OBLC"],
        f"English was {tell(english['W3Techs'])} or {tell(english['OBLC'])} % of the web in March "
        f"2022, Russian {tell(russian['W3Techs'])} or {tell(russian['OBLC'])} %: by home pages or "
        "by contents",
    )


@picture
def power_prices(frame: pd.DataFrame) -> Drawing:
    """Wholesale prices of the middle country and of four countries, year by year."""
    whole = frame[frame["flag"].isna()].assign(price=frame["mean_price_eur_per_mwh"])
    middle = whole.groupby("year", as_index=False)["price"].median()
    middle["country"] = "middle country"
    some = whole[whole["country_iso3"].isin(["DEU", "FIN", "FRA", "ITA"])]
    drawn = pd.concat([middle, some[["year", "price", "country"]]])
    chart = labelled_lines(
        drawn, "year", "price", "country", ("year", "mean day-ahead price, EUR a MWh")
    )
    level = middle.set_index("year")["price"]
    last = whole[whole["year"] == 2025].set_index("country")["price"]
    return chart, finding(
        level.idxmax() == 2022 and last["Finland"] < last["Italy"] / 2,
        f"Power cost {level[2020]:.0f} euros a MWh in the middle country in 2020, "
        f"{level[2022]:.0f} in 2022 and {level[2025]:.0f} in 2025; {last['Finland']:.0f} in "
        f"Finland and {last['Italy']:.0f} in Italy",
    )


@picture
def supercomputer_power(frame: pd.DataFrame) -> Drawing:
    """Daily mean and range of hours of a supercomputer's power."""
    known = frame.dropna(subset=["site_mean_mw"])
    mean = (known["site_mean_mw"] * known["readings"]).sum() / known["readings"].sum()
    peak = known["site_highest_hour_mw"].max()
    days = alt.Chart(known).encode(x=alt.X("day:T", title=None, axis=alt.Axis(grid=False)))
    span = days.mark_rule(color=COLOURS[1], opacity=0.5).encode(
        y=alt.Y("site_lowest_hour_mw:Q", title="power with cooling, MW"),
        y2="site_highest_hour_mw:Q",
    )
    line = days.mark_line(color=COLOURS[0]).encode(y="site_mean_mw:Q")
    chart = (span + line).properties(width=WIDTH, height=260)
    return chart, finding(
        mean < peak / 2,
        f"A supercomputer of {peak:.1f} MW at its highest hour drew {mean:.1f} MW on average "
        f"in {known['day'].max().year}: {100 * mean / peak:.0f} %",
    )


@picture
def top500_by_country(frame: pd.DataFrame) -> Drawing:
    """Shares of four countries in the speed of the TOP500."""
    drawn = frame[frame["country_iso3"].isin(["USA", "CHN", "JPN", "RUS"])]
    share = drawn.set_index(["country_iso3", "list"])["rmax_share_pct"]
    last = frame["list"].max()
    peak = share["CHN"].idxmax()
    chart = labelled_lines(
        drawn, "list", "rmax_share_pct", "country", ("list", "share of the list's speed, %")
    )
    return chart, finding(
        share["CHN", last] < share["CHN"].max() / 5,
        f"China's share of the TOP500's speed fell from {share['CHN'].max():.0f} % ({peak:%Y}) to "
        f"{share['CHN', last]:.0f} % ({last:%Y}), after it stopped entering machines; Russia's is "
        f"{share['RUS', last]:.1f} %",
    )


@picture
def top500_russia(frame: pd.DataFrame) -> Drawing:
    """Speed of the Russian systems together, list by list."""
    total = frame.groupby("list").agg(speed=("rmax_tflops", "sum")).reset_index()
    total["speed"] /= 1000
    total["who"] = "Russia"
    still = total["speed"].value_counts()
    lists = int(still.iloc[0])
    chart = labelled_lines(
        total,
        "list",
        "speed",
        "who",
        ("list", "Linpack speed of all Russian systems, PFLOP/s"),
        log=True,
        points=True,
    )
    return chart, finding(
        lists >= 5 and still.index[0] == total["speed"].max(),
        f"Russia's total on the TOP500 is {tell(still.index[0])} PFLOP/s on {lists} lists: the "
        f"newest machine was installed in {frame['installed_year'].max()}",
    )


@picture
def web_domains(frame: pd.DataFrame) -> Drawing:
    """Shares of five country domains among crawled pages."""
    drawn = frame[frame["domain"].isin([".ru", ".de", ".br", ".jp", ".pl"])]
    brazil = drawn[drawn["domain"] == ".br"].set_index("year")["share_pct"]
    chart = labelled_lines(
        drawn, "year", "share_pct", "domain", ("year", "share of crawled pages, %")
    )
    return chart, finding(
        brazil[2023] < brazil[2022] / 2 + 0.1 < brazil[2024],
        f"The crawler makes trends: .br fell from {brazil[2022]:.2f} % of pages (2022) to "
        f"{brazil[2023]:.2f} % (2023) and was back at {brazil[2024]:.2f} % (2024)",
    )


@picture
def web_languages(frame: pd.DataFrame) -> Drawing:
    """Shares of six languages among crawled pages, crawl by crawl; English is far above."""
    names = ["Russian", "German", "Chinese", "Japanese", "Spanish", "Portuguese"]
    drawn = frame[frame["language"].isin(names)].copy()
    drawn["when"] = pd.to_datetime(drawn["year"].astype(str) + "-01-01") + pd.to_timedelta(
        7 * (drawn["week"] - 1), unit="D"
    )
    russian = drawn[drawn["language"] == "Russian"].sort_values("when")
    first, last = russian.iloc[0], russian.iloc[-1]
    english = frame.loc[frame["language"] == "English", "share_pct"]
    chart = labelled_lines(
        drawn,
        "when",
        "share_pct",
        "language",
        (
            f"crawl (English, {english.min():.0f} to {english.max():.0f} %, is not drawn)",
            "share of crawled pages, %",
        ),
        points=True,
    )
    before_2020 = russian.loc[russian["year"] < 2020, "share_pct"].iloc[-1]
    fall = first["share_pct"] - last["share_pct"]
    return chart, finding(
        first["share_pct"] - before_2020 > fall / 2 > 0,
        f"Russian fell from {first['share_pct']:.1f} % of crawled pages in {first['year']} to "
        f"{last['share_pct']:.1f} % in {last['year']}, most of it before 2020",
    )
