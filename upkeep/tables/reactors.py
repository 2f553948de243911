"""Pictures of the reactor tables: one small function a table, named after it."""

from __future__ import annotations

import altair as alt
import pandas as pd

from upkeep.tables.drawing import Drawing, finding, picture, tell
from upkeep.tables.forms import (
    WIDTH,
    bars,
    crossed,
    dumbbells,
    grid,
    labelled_lines,
    rule,
)

# "Small" ends here by the agreement that the references of the article quote.
_SMALL_MW = 300


@picture
def reactors(frame: pd.DataFrame) -> Drawing:
    """Sizes of operational reactors, in steps of 100 MW."""
    running = frame[frame["status"] == "operational"]
    small = int((running["net_capacity_mw"] < _SMALL_MW).sum())
    step = (running["net_capacity_mw"] // 100 * 100).astype(int)
    count = step.value_counts().reindex(range(0, step.max() + 1, 100), fill_value=0)
    count = count.rename("units").rename_axis("from_mw").reset_index()
    count["middle"] = count["from_mw"] + 50
    chart = (
        alt.Chart(count)
        .mark_bar(size=24)
        .encode(
            x=alt.X(
                "middle:Q",
                title="design net capacity, MW (middle of a step of 100)",
                scale=alt.Scale(domain=[0, int(count["from_mw"].max()) + 100], nice=False),
                axis=alt.Axis(grid=False),
            ),
            y=alt.Y("units:Q", title="operational units"),
        )
        .properties(width=WIDTH, height=280)
    )
    chart = chart + rule(_SMALL_MW, f"{_SMALL_MW} MW: “small” ends", "x")
    return chart, finding(
        small < len(running) / 10,
        f"{small} of the {len(running)} operational reactors are small, under {_SMALL_MW} MW; "
        f"half have {running['net_capacity_mw'].median():.0f} MW or more",
    )


@picture
def load_factors(frame: pd.DataFrame) -> Drawing:
    """Load factors of the median country, Russia, the United States and Japan."""
    median = frame.groupby("year", as_index=False)["load_factor_pct"].median()
    median["country"] = "median country"
    some = frame[frame["country_iso3"].isin(["RUS", "USA", "JPN"])]
    drawn = pd.concat([median, some[["year", "load_factor_pct", "country"]]])
    level = median.set_index("year")["load_factor_pct"]
    by_country = {code: rows.set_index("year") for code, rows in some.groupby("country_iso3")}
    russia, japan = (by_country[code]["load_factor_pct"] for code in ("RUS", "JPN"))
    chart = labelled_lines(
        drawn, "year", "load_factor_pct", "country", ("year", "load factor of the fleet, %")
    )
    return chart, finding(
        japan[2014] == 0 and russia[2014] > russia[2000] + 5 and level.between(70, 90).all(),
        f"Russia's reactors ran at {russia[2000]:.0f} % of what they could give in 2000 and at "
        f"{russia[2014]:.0f} % in 2014; Japan's stood still after 2011, and the median country "
        f"stayed between {level.min():.0f} and {level.max():.0f} %",
    )


@picture
def plant_output(frame: pd.DataFrame) -> Drawing:
    """Load factor of the floating plant, by year and by design."""
    most = frame["installed_capacity_mw"] * frame["hours"] / 1000
    frame = frame.assign(factor=frame["generation_gwh"] / most * 100)
    frame = frame.sort_values("kind", key=lambda kinds: kinds == "design", kind="stable")
    years = frame[frame["kind"] == "year"]
    design = frame.loc[frame["kind"] == "design", "factor"].item()
    chart = bars(frame, "period", "factor", "load factor, % of the 70 MW installed")
    return chart, finding(
        years["factor"].max() < design and frame["installed_capacity_mw"].eq(70).all(),
        f"Akademik Lomonosov gave {years['factor'].min():.0f} to {years['factor'].max():.0f} % of "
        f"what it could in the years known, against {design:.0f} % by design",
    )


@picture
def russian_reactor_models(frame: pd.DataFrame) -> Drawing:
    """Net and gross capacity of each model."""
    frame = frame.assign(size=frame["gross_capacity_mw"].fillna(frame["net_capacity_mw"]))
    frame = frame.sort_values("size")
    loss = (1 - frame["net_capacity_mw"] / frame["gross_capacity_mw"]).dropna() * 100
    chart = dumbbells(
        frame,
        "model",
        {"net_capacity_mw": "net", "gross_capacity_mw": "gross"},
        "electrical capacity, MW",
        log=True,
    )
    return chart, finding(
        loss.min() > 0,
        f"Russia's reactor models span {tell(frame['size'].min())} to "
        f"{tell(frame['size'].max(), 4)} MW gross; net is {loss.min():.0f} to {loss.max():.0f} % "
        "less",
    )


@picture
def smr_designs(frame: pd.DataFrame) -> Drawing:
    """Designs by stage and by how well they are attested."""
    stages = ["design", "licensing", "under construction", "suspended", "operating"]
    stages += ["shut down", "given up"]
    words = {"A": "A: official", "B": "B: maker, press", "C": "C: weak pages"}
    frame = frame.assign(evidence=frame["evidence_grade"].map(words))
    count = crossed(frame, list(words.values()), stages, ("evidence", "stage"))
    on_paper = int((frame["stage"] == "design").sum())
    operating = int((frame["stage"] == "operating").sum())
    licensing = int((frame["stage"] == "licensing").sum())
    chart = grid(count, "evidence", "stage", "rows", ("evidence", "stage", "designs"))
    return chart, finding(
        on_paper + licensing > len(frame) / 2 > operating,
        f"Of {len(frame)} small-reactor designs {on_paper} are on paper, {licensing} seek a "
        f"licence and {operating} operate",
    )


@picture
def reactor_costs(frame: pd.DataFrame) -> Drawing:
    """Planned and actual construction times of large reactors."""
    built = frame.dropna(subset=["planned_years", "actual_years"]).drop_duplicates("reactor")
    built = built.sort_values("actual_years", ascending=False)
    ratio = built["actual_years"] / built["planned_years"]
    chart = dumbbells(
        built,
        "reactor",
        {"planned_years": "planned", "actual_years": "actual"},
        "years from start of construction to operation",
    )
    return chart, finding(
        ratio.min() > 1,
        f"All {len(built)} large reactors with both figures took longer than planned, "
        f"{ratio.min():.1f} to {ratio.max():.1f} times",
    )


@picture
def nuclear_deals(frame: pd.DataFrame) -> Drawing:
    """Announced capacity, deal by deal, with how firm each is."""
    frame = frame[frame["flag"].isna()]
    frame = frame.assign(
        deal=frame["announced"].dt.strftime("%Y-%m ") + frame["buyer"] + ", " + frame["seller"],
        label=frame["capacity_mw"].map("{:,.0f} MW, ".format) + frame["form"],
    )
    frame = frame.sort_values("capacity_mw", ascending=False)
    new = frame[frame["kind"] == "new reactors"]
    firm = int((new["form"] == "power purchase").sum())
    chart = bars(
        frame, "deal", "capacity_mw", "announced capacity, MW (flagged rows left out)", "label"
    ).properties(width=300)
    return chart, finding(
        firm == 1,
        f"Of {len(new)} announced deals for new reactors only {firm} is a contract to buy power",
    )


@picture
def announcements(frame: pd.DataFrame) -> Drawing:
    """Plans by kind and outcome."""
    outcomes = ["late", "partly", "changed", "cancelled", "not seen", "open"]
    kinds = sorted(frame["kind"].unique())
    count = crossed(frame, outcomes, kinds, ("outcome", "kind"))
    number = frame["outcome"].value_counts()
    chart = grid(count, "outcome", "kind", "rows", ("outcome", "kind of plan", "plans"))
    return chart, finding(
        number["open"] > number["late"] > 0,
        f"Of {len(frame)} plans {number['open']} are open; of the other "
        f"{len(frame) - number['open']}, {number['late']} came late or moved and of "
        f"{number['not seen']} no word was found",
    )


@picture
def us_reactor_outages(frame: pd.DataFrame) -> Drawing:
    """How many American units are out, week by week."""
    first, last = frame["first_week_end"].min(), frame["last_week_end"].max()
    weeks = pd.date_range(first, last, freq="7D", name="week_end")
    out = [
        int(((frame["first_week_end"] <= week) & (frame["last_week_end"] >= week)).sum())
        for week in weeks
    ]
    drawn = pd.DataFrame({"week_end": weeks, "units": out})
    # The rest of the year is neither of the two seasons in which reactors are refuelled.
    season = weeks.month.isin([3, 4, 5, 10, 11])
    chart = (
        alt.Chart(drawn)
        .mark_area(interpolate="step-after", opacity=0.8)
        .encode(
            x=alt.X("week_end:T", title="week that ends on", axis=alt.Axis(grid=False)),
            y=alt.Y("units:Q", title="units out, of 92 watched"),
        )
        .properties(width=WIDTH, height=260)
    )
    in_season, else_out = drawn.loc[season, "units"].mean(), drawn.loc[~season, "units"].mean()
    return chart, finding(
        drawn["units"].min() == 0 and in_season > 3 * else_out,
        f"American reactors rest in spring and autumn: {in_season:.0f} units are out in March to "
        f"May, October and November, {else_out:.0f} in the other months, {max(out)} at most",
    )


@picture
def us_reactor_units(frame: pd.DataFrame) -> Drawing:
    """Weeks out of the units watched for the whole time."""
    whole = frame[frame["counted"]]
    most = whole.loc[whole["weeks_out"].idxmax()]
    count = whole["weeks_out"].value_counts()
    count = count.reindex(range(count.index.max() + 1), fill_value=0)
    count = count.rename("units").rename_axis("weeks_out").reset_index()
    chart = (
        alt.Chart(count)
        .mark_bar(size=8)
        .encode(
            x=alt.X("weeks_out:Q", title="weeks out, of 157", axis=alt.Axis(grid=False)),
            y=alt.Y("units:Q", title="units"),
        )
        .properties(width=WIDTH, height=240)
    )
    half = whole["weeks_out"].median()
    return chart, finding(
        most["weeks_out"] > 4 * half,
        f"Of {len(whole)} American units half were out for {tell(half)} weeks or fewer in three "
        f"years; {most['reactor']} for {most['weeks_out']}",
    )
