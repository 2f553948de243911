"""Pictures of the tables of claims, sources and parameters: counts that mean something."""

from __future__ import annotations

import altair as alt
import pandas as pd

from upkeep.tables.drawing import Drawing, finding, picture, tell
from upkeep.tables.forms import (
    SHAPES,
    bars,
    crossed,
    grid,
    log_axis,
)

_GRADES = {
    "P": "P: primary or official",
    "R": "R: research or agency",
    "N": "N: news or trade press",
    "W": "W: weak",
}


@picture
def claims(frame: pd.DataFrame) -> Drawing:
    """Claims by strand and by how they can be checked."""
    how = {"A": "A: on record", "B": "B: by a proxy", "C": "C: by a design", "D": "D: not yet"}
    frame = frame.assign(way=frame["checkability"].map(how))
    strands = list(frame["strand"].value_counts().index)
    count = crossed(frame, list(how.values()), strands, ("way", "strand"))
    ways = frame["checkability"].value_counts()
    chart = grid(count, "way", "strand", "rows", ("how it can be checked", "strand", "claims"))
    return chart, finding(
        len(frame) == ways.sum(),
        f"Of the article's {len(frame)} claims {ways['A']} can be settled from the record, "
        f"{ways['B']} by a proxy; {ways['C']} need a causal design or later events, {ways['D']} "
        "other words",
    )


@picture
def forecasts(frame: pd.DataFrame) -> Drawing:
    """The day each question is settled."""
    frame = frame.assign(
        name=frame["forecast_id"] + "  " + frame["question"].map(lambda text: _short(text, 62)),
        state=frame["open_ended"].map({True: "stays open", False: "settled by mid-2026"}),
    )
    chart = (
        alt.Chart(frame)
        .mark_point(size=80)
        .encode(
            x=alt.X("resolves_on:T", title="settled on"),
            y=alt.Y("name:N", sort=list(frame["name"]), title=None, axis=alt.Axis(labelLimit=420)),
            color=alt.Color("state:N", sort=None, title=None, legend=alt.Legend(orient="top")),
            shape=alt.Shape("state:N", sort=None, title=None, scale=alt.Scale(range=SHAPES)),
        )
        .properties(width=300, height=24 * len(frame))
    )
    settled = frame[~frame["open_ended"]]
    return chart, finding(
        settled["resolves_on"].max() <= pd.Timestamp("2026-06-30"),
        f"{len(settled)} of the {len(frame)} forecast questions are settled by June 2026; the "
        f"last stays open to {frame['resolves_on'].max().year}",
    )


def _short(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip(" ,") + "…"


@picture
def forecast_outcomes(frame: pd.DataFrame) -> Drawing:
    """Answers by the evidence they rest on."""
    frame = frame.assign(answer=frame["outcome"].map({True: "yes", False: "no"}))
    kinds = list(frame["evidence"].value_counts().index)
    count = crossed(frame, ["yes", "no"], kinds, ("answer", "evidence"))
    yes = int(frame["outcome"].sum())
    thin = int((frame["evidence"] != "reported").sum())
    chart = grid(count, "answer", "evidence", "rows", ("answer", "evidence", "questions"))
    return chart, finding(
        thin > 0,
        f"{yes} of {len(frame)} settled questions came out yes; {thin} answers rest on a weak page "
        "or on absence of evidence",
    )


@picture
def number_zoo(frame: pd.DataFrame) -> Drawing:
    """How far printed numbers are from what they should be, as a factor."""
    known = frame.dropna(subset=["printed_value", "checked_low"]).copy()
    known["ratio"] = known["printed_value"] / known["checked_low"]
    known["name"] = known["zoo_id"] + "  " + known["as_printed"].map(lambda text: _short(text, 52))
    known["kind"] = known["is_slip"].map({True: "a slip", False: "looks odd, is right"})
    known = known.sort_values("ratio", ascending=False)
    chart = (
        alt.Chart(known)
        .mark_point(size=80)
        .encode(
            x=alt.X(
                "ratio:Q", **log_axis("printed value as a multiple of the checked", known["ratio"])
            ),
            y=alt.Y("name:N", sort=list(known["name"]), title=None, axis=alt.Axis(labelLimit=380)),
            color=alt.Color("kind:N", sort=None, title=None, legend=alt.Legend(orient="top")),
            shape=alt.Shape("kind:N", sort=None, title=None, scale=alt.Scale(range=SHAPES)),
        )
        .properties(width=300, height=24 * len(known))
    )
    controls = known.loc[~known["is_slip"], "ratio"]
    same = int((known["is_slip"] & (known["ratio"] == 1)).sum())
    return chart, finding(
        known["ratio"].max() >= 1000 and controls.between(0.99, 1.01).all() and same > 0,
        f"Printed numbers are out by up to {tell(known['ratio'].max())} times; {same} slips have "
        "the right number and the wrong words",
    )


@picture
def omissions(frame: pd.DataFrame) -> Drawing:
    """Lessons that take up each omission."""
    frame = frame.assign(name=frame["omission_id"] + "  " + frame["omitted"])
    pairs = frame.assign(lesson=frame["lessons"].str.split("|")).explode("lesson")
    lessons = sorted(pairs["lesson"].unique())
    pairs["lesson"] = pairs["lesson"].str[:2]
    count = crossed(
        pairs, [lesson[:2] for lesson in lessons], list(frame["name"]), ("lesson", "name")
    )
    most = pairs["lesson"].value_counts()
    chart = grid(count, "lesson", "name", "rows", ("lesson", None, "mentions"))
    return chart, finding(
        frame["lessons"].notna().all() and most.iloc[0] > 1,
        f"{len(lessons)} lessons take up the {len(frame)} omissions, each at least one of them",
    )


@picture
def parameters(frame: pd.DataFrame) -> Drawing:
    """Parameters by kind."""
    count = frame["kind"].value_counts().rename_axis("kind").rename("parameters").reset_index()
    kinds = count.set_index("kind")["parameters"]
    return bars(count, "kind", "parameters", "parameters"), finding(
        kinds["teaching choice"] > kinds["measured"],
        f"{kinds['measured']} of the models' {len(frame)} parameters are measured; "
        f"{kinds['teaching choice']} are the course's own choice, open to yours",
    )


@picture
def published_figures(frame: pd.DataFrame) -> Drawing:
    """Published figures by strand, with those that conflict with another."""
    frame = frame.assign(conflict=frame["conflicts_with"].notna())
    count = frame.groupby("strand").agg(figures=("conflict", "size"), conflict=("conflict", "sum"))
    count = count.sort_values("figures", ascending=False).reset_index()
    count["label"] = [f"{row.figures}, {row.conflict} in conflict" for row in count.itertuples()]
    conflict = int(frame["conflict"].sum())
    return bars(count, "strand", "figures", "published figures", "label"), finding(
        conflict > len(frame) / 20,
        f"{conflict} of {len(frame)} published figures conflict with another one: both stand, "
        "with their sources",
    )


@picture
def references(frame: pd.DataFrame) -> Drawing:
    """The article's references by what was found and by what kind of source they are."""
    found = {"yes": "found", "copy": "a copy found", "no": "not found"}
    frame = frame.assign(
        state=frame["found"].map(found), kind=frame["grade"].map(_GRADES), what="references"
    )
    grades = [grade for grade in _GRADES.values() if grade in set(frame["kind"])]
    count = crossed(frame, list(found.values()), grades, ("state", "kind"))
    lost = int((frame["found"] == "no").sum())
    weak = int((frame["grade"] == "W").sum())
    chart = grid(count, "state", "kind", "rows", ("under its title", "source", "references"))
    return chart, finding(
        lost > 0,
        f"{lost} of the article's {len(frame)} references could not be found under their title; "
        f"{weak} are weak sources",
    )


@picture
def reports(frame: pd.DataFrame) -> Drawing:
    """Reports of each part of the speech, and the verbs they use."""
    parts = frame.groupby("element", sort=False).agg(
        outlets=("outlet", "nunique"), verbs=("verb", "nunique")
    )
    parts = parts.sort_values("outlets", ascending=False).reset_index()
    parts["label"] = [
        f"{row.outlets}, {row.verbs} different verbs" if row.verbs > 1 else str(row.outlets)
        for row in parts.itertuples()
    ]
    force = frame[frame["element"] == "task force"]
    verbs = set(force["verb"].dropna())
    return bars(parts, "element", "outlets", "outlets that report it", "label"), finding(
        {"called for", "issued an order formally establishing"} <= verbs,
        f"For one task force {force['outlet'].nunique()} outlets have {len(verbs)} verbs, from "
        "“called for” to “issued an order formally establishing”",
    )


@picture
def sources(frame: pd.DataFrame) -> Drawing:
    """Sources by grade."""
    count = frame["grade"].map(_GRADES).value_counts().reindex(list(_GRADES.values()))
    count = count.rename_axis("grade").rename("sources").reset_index()
    number = frame["grade"].value_counts()
    return bars(count, "grade", "sources", "sources"), finding(
        number["P"] > 0,
        f"{number['P']} of the {len(frame)} sources are primary or official, {number['W']} are "
        "weak: look at the grade before you lean on a figure",
    )


@picture
def countries(frame: pd.DataFrame) -> Drawing:
    """Countries and territories by region."""
    count = frame["region"].value_counts().rename_axis("region").rename("codes").reset_index()
    return bars(count, "region", "codes", "countries and territories"), finding(
        frame["country"].is_unique and len(count) == 5,
        f"{len(frame)} countries and territories have one name each in all tables; "
        f"{count['codes'][0]} are in {count['region'][0]}, {count['codes'][1]} in "
        f"{count['region'][1]}",
    )
