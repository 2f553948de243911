"""Lesson 06: from chips to megawatts to a share of a nation's electricity."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from course import charts, tables
from course.explore.base import (
    AXIS_NUMBER,
    MARK_IN_WORDS,
    Choice,
    Explorer,
    Outcome,
    Prediction,
    Range,
    explorer,
    prediction_rule,
)
from course.explore.wording import amount, gap_by_factor, percent
from course.models import power
from course.slips import called

__all__ = ["cluster_power"]

_COUNTRIES = ("Russia", "Ireland", "France", "United States", "China")
_YEAR = 2024
_WIDTH = 260


@called("explore.cluster_power")
def cluster_power(prediction_mw: float | None = None, **start: Any) -> Explorer | None:
    """Explore what a cluster of H100 accelerators draws, link by link.

    Parameters
    ----------
    prediction_mw : float, optional
        What you think the site draws, in MW. The explorer stays locked without it.
    **start : number or str
        Opening values: ``accelerators``, ``pue``, ``load`` (share of the node's rating),
        ``overhead`` (network and storage), ``use`` (share of hours busy), ``country``.

    Returns
    -------
    Explorer or None
        None while locked.

    Raises
    ------
    Slip
        If a value is outside its range or the prediction cannot be read.
    """
    load = tables.parameter("node_load_factor_training")
    overhead = tables.parameter("it_extra_network_storage")
    controls = [
        Range(
            "accelerators", "H100 accelerators", "", 1_000, 1_000_000, 100_000, log=True,
            hint="teaching choice: from a Russian cluster's size to a planned frontier site",
            form=",.0f", told="{} H100",
        ),
        Range(
            "pue", "PUE: site power over IT power", "", 1.05, 2.0, 1.2, step=0.05,
            hint="1.1 new large sites, 1.58 survey mean, 1.5 assumed for Russia", form=".2f",
            told="a PUE of {}",
        ),
        Range(
            "load", "Nodes draw, share of rating", "", load.low, load.high, load.central,
            step=0.01, hint="0.76 measured; the range is a teaching choice", form=".2f",
            told="{} of the rating",
        ),
        Range(
            "overhead", "Network and storage, factor", "", overhead.low, overhead.high,
            overhead.central, step=0.05, hint="1.30 seen; the rest is a teaching choice",
            form=".2f", told="a factor of {} for network and storage",
        ),
        Range(
            "use", "Share of hours busy", "", 0.3, 1.0, 0.9, step=0.05,
            hint="teaching choice; the world's average is about one half", form=".2f",
        ),
        Choice("country", "Compare with", _COUNTRIES, "Russia"),
    ]  # fmt: skip
    generation = (
        tables.load("electricity_by_country")
        .query("year == @_YEAR", local_dict={"_YEAR": _YEAR})
        .set_index("country")["generation_twh"]
    )

    def outcome(accelerators, pue, load, overhead, use, country) -> Outcome:
        boards = power.board_power_mw(accelerators)
        rated = power.it_power_mw(accelerators, load=1.0, overhead=1.0)
        it = power.it_power_mw(accelerators, load=load, overhead=overhead)
        site = power.site_power_mw(accelerators, pue=pue, load=load, overhead=overhead)
        energy = power.energy_twh(site, use=use)
        share = 100 * energy / generation[country]
        sentence = (
            f"{accelerators:,.0f} H100 draw {_mw(site)} at the site, {amount(site / boards)} times "
            f"the {_mw(boards)} of their boards. Busy {percent(100 * use)} of the hours they use "
            f"{amount(energy, 3)} TWh a year: {percent(share)} of what {country} generated in "
            f"{_YEAR}."
        )
        average = site * use
        links = {
            "1 boards alone": (boards, ""),
            "2 nodes, rated": (rated, ""),
            "3 IT, drawn": (it, ""),
            "4 site, training": (site, ""),
            "5 site, year's average": (average, f", {amount(share)} % of {country}"),
        }
        rows = pd.DataFrame(
            {
                "link": list(links),
                "power_mw": [round(value, 3) for value, _ in links.values()],
                "label": [f"{_mw(value)}{more}" for value, more in links.values()],
            }
        )
        rows["said"] = rows["link"] + ": " + rows["label"]
        return Outcome(rows, sentence, site)

    def chart(rows: alt.InlineData, guess: alt.InlineData) -> alt.TopLevelMixin:
        bars = (
            alt.Chart(rows)
            .mark_bar(color=charts.COLOURS[0])
            .encode(
                alt.X(
                    "power_mw:Q",
                    title="Power, MW",
                    axis=alt.Axis(tickCount=5, labelExpr=AXIS_NUMBER),
                ),
                alt.Y("link:N", title=None, axis=alt.Axis(labelLimit=200)),
                **MARK_IN_WORDS,
            )
        )
        # Beside the frame, where the prediction's line cannot cross them.
        labels = (
            alt.Chart(rows)
            .mark_text(align="left", fontSize=12)
            .encode(x=alt.value(_WIDTH + 8), y=alt.Y("link:N", title=None), text="label:N")
        )
        return (bars + labels + prediction_rule(guess)).properties(
            width=_WIDTH,
            height=190,
            title=alt.Title("From boards to site", subtitle="Source: table parameters"),
            description="Bars: power in MW of the boards, the rated nodes, the IT load and the "
            "whole site; a dashed line marks your guess. The sentence above has the numbers.",
        )

    return explorer(
        "explore.cluster_power",
        Prediction(
            "prediction_mw",
            prediction_mw,
            "MW",
            "How many megawatts does the whole site draw?",
            _mw,
            gap_by_factor,
        ),
        controls,
        outcome,
        chart,
        start,
    )


def _mw(value: float) -> str:
    return f"{amount(value, 4)} MW"
