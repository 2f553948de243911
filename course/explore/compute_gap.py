"""Lesson 05: from parameters, tokens and chips to the days and megawatts of a training run."""

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
from course.models import compute, power
from course.slips import called

__all__ = ["training_run"]

# Rows of the table of accelerators, from the oldest to the newest.
_CHIPS = (
    "NVIDIA Tesla V100 SXM2 32 GB",
    "NVIDIA A100",
    "NVIDIA H100 SXM5 80GB",
    "NVIDIA HGX H20",
    "Huawei Ascend 910C",
    "NVIDIA B200",
)
_KNOWN = (
    "YandexGPT 5 Lite",
    "DeepSeek-V3",
    "GPT-4",
    "Mistral Large 2",
    "Llama 3.1-405B",
    "Grok 4",
)
_LARGEST = "Grok 4"
_PUE = 1.2
# Ends of the axis in days; what lies beyond is drawn at the edge and told in its label.
_FIRST_DAY, _LAST_DAY = 0.001, 1e6
_DAYS_A_YEAR = 365.25
_WIDTH = 330


@called("explore.training_run")
def training_run(prediction_days: float | None = None, **start: Any) -> Explorer | None:
    """Plan a training run, and see which known runs the same cluster could have done.

    Parameters
    ----------
    prediction_days : float, optional
        How many days you think the run takes that the explorer opens with. It stays locked
        without it.
    **start : number or str
        Opening values: ``active_bn`` (active parameters, billion), ``tokens_tn`` (tokens,
        trillion), ``chip`` (a row of the table ``accelerators``), ``chips`` (how many), ``mfu``
        (share of the dense peak achieved).

    Returns
    -------
    Explorer or None
        None while locked.

    Raises
    ------
    Slip
        If a value is outside its range or the prediction cannot be read.
    """
    accelerators = tables.load("accelerators").set_index("accelerator")
    models = tables.load("ai_models").set_index("model")["training_flop"]
    clusters = tables.load("ai_clusters").set_index("cluster")
    active = tables.parameter("gigachat3_active_params").central / 1e9
    tokens = tables.parameter("gigachat3_tokens").central / 1e12
    controls = [
        Range(
            "active_bn", "Active parameters", "billion", 1, 1000, active, log=True,
            hint="36 stated for GigaChat 3 Ultra, 37 for DeepSeek-V3, 405 for Llama 3.1",
            told="{} active parameters",
        ),
        Range(
            "tokens_tn", "Tokens", "trillion", 1, 40, tokens, step=0.2,
            hint="GigaChat's were not seen: 5 to 20 is a teaching choice; Llama 3.1 had 15.6",
            told="{} tokens",
        ),
        Choice(
            "chip", "Chip", _CHIPS, "NVIDIA A100",
            hint="rows of the table accelerators, with their dense peak", told="{}",
        ),
        Range(
            "chips", "Number of chips", "", 100, 1_000_000,
            clusters.loc["Yandex Chervonenkis", "chip_count"], log=True,
            hint="1,592: the largest Russian cluster listed; 200,000: the largest run listed",
            form=",.0f", told="{} chips",
        ),
        Range(
            "mfu", "MFU: share of the peak achieved", "", 0.15, 0.60, 0.35, step=0.01,
            hint="0.30 to 0.43 for large runs; the rest is a teaching choice", form=".2f",
            told="an MFU of {}",
        ),
    ]  # fmt: skip

    def outcome(active_bn, tokens_tn, chip, chips, mfu) -> Outcome:
        row = accelerators.loc[chip]
        flop = compute.training_flop(active_bn * 1e9, tokens_tn * 1e12)
        runs = pd.Series({"your run": flop} | {name: models[name] for name in _KNOWN})
        days = compute.training_days(runs, chips, row["dense_fp16_tflops"] * 1e12, mfu)
        server_kw = power.node_kw_of_boards(row["tdp_w"])
        site = power.site_power_mw(chips, pue=_PUE, node_kw=server_kw)
        sentence = (
            f"6 × {amount(active_bn, 4)} billion × {amount(tokens_tn, 3)} trillion is "
            f"{_flop(flop)} FLOP. {chips:,.0f} {chip} at {percent(100 * mfu)} of "
            f"{row['dense_fp16_tflops']:,.0f} TFLOP/s need "
            f"{_time(days.iloc[0])} and draw about {_mw(site)} at the site. "
            f"{_LARGEST} is estimated at {_times(models[_LARGEST] / flop)} this run and would "
            f"take them {_time(days[_LARGEST])}."
        )
        rows = pd.DataFrame(
            {
                "run": runs.index,
                "flop": [_flop(value) for value in runs],
                "days": [float(f"{value:.4g}") for value in days],
                "label": [_time(value) for value in days],
                "kind": ["yours"] + ["known"] * len(_KNOWN),
            }
        )
        rows["said"] = rows["run"] + ": " + rows["label"]
        return Outcome(rows, sentence, float(days.iloc[0]))

    def chart(rows: alt.InlineData, guess: alt.InlineData) -> alt.TopLevelMixin:
        axis = alt.Axis(values=[0.01, 1, 100, 10_000, 1_000_000], labelExpr=AXIS_NUMBER, grid=True)
        x = alt.X("days:Q", title="Days on your cluster (logarithmic)", axis=axis).scale(
            type="log", domain=[_FIRST_DAY, _LAST_DAY], clamp=True
        )
        y = alt.Y("run:N", title=None, sort=None, axis=alt.Axis(labelLimit=170))
        # No bars: on a logarithmic axis they would begin nowhere.
        points = (
            alt.Chart(rows)
            .mark_point(filled=True, size=130, opacity=1)
            .encode(
                x,
                y,
                color=alt.Color(
                    "kind:N",
                    legend=None,
                    scale=alt.Scale(domain=["yours", "known"], range=charts.COLOURS[:2]),
                ),
                **MARK_IN_WORDS,
            )
        )
        # Beside the frame, where the prediction's line cannot cross them.
        labels = (
            alt.Chart(rows)
            .mark_text(align="left", fontSize=12)
            .encode(x=alt.value(_WIDTH + 8), y=y, text="label:N")
        )
        return (points + labels + prediction_rule(guess)).properties(
            width=_WIDTH,
            height=220,
            title=alt.Title(
                "Your run, and known runs on your cluster",
                subtitle="Source: tables ai_models, accelerators, parameters",
            ),
            description="Points: days that your run and six known runs would take on the cluster "
            "chosen, on a logarithmic axis; a dashed line marks your guess. The sentence above "
            "has the numbers.",
        )

    return explorer(
        "explore.training_run",
        Prediction(
            "prediction_days",
            prediction_days,
            "day",
            "How many days does the run take on this machine?",
            _time,
            gap_by_factor,
            axis=(_FIRST_DAY, _LAST_DAY),
        ),
        controls,
        outcome,
        chart,
        start,
    )


def _flop(value: float) -> str:
    digits, _, power_of_ten = f"{value:.2e}".partition("e")
    raised = str(int(power_of_ten)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits} × 10{raised}"


def _time(days: float) -> str:
    # Under two years the days read better.
    if days >= 2 * _DAYS_A_YEAR:
        return f"{_short(days / _DAYS_A_YEAR)} years"
    for parts, word in ((1, "days"), (24, "hours"), (1440, "minutes")):
        if days * parts >= 1:
            return f"{_short(days * parts)} {word}"
    return "under a minute"


def _times(ratio: float) -> str:
    return f"{_short(ratio)} times"


def _mw(value: float) -> str:
    return f"{_short(value)} MW"


def _short(value: float) -> str:
    """Write two digits, or those before the point."""
    return amount(value) if value < 9.95 else amount(round(value), 4)
