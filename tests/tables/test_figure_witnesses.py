"""Second witnesses of the parameters, the published figures, the reports and the forecasts.

Where a parameter or a figure stands in another table of the course that comes from another list,
the two are compared row by row. What no other list bears says so in its table's ``second_witness``.
"""

from __future__ import annotations

import pandas as pd
import pytest

from course import tables


def electricity(country: str, year: int, column: str) -> float:
    rows = tables.load("electricity_by_country").set_index(["country", "year"])
    return rows.loc[(country, year), column]


def model(name: str, column: str) -> float:
    return tables.load("ai_models").set_index("model").loc[name, column]


def reactor(name: str, column: str) -> float:
    return tables.load("russian_reactor_models").set_index("model").loc[name, column]


def rating(name: str, column: str) -> float:
    return tables.load("accelerators").set_index("accelerator").loc[name, column]


def building_time() -> float:
    unit = tables.load("reactors").set_index("reactor").loc["Kursk 2-1"]
    return (unit["grid_connection"] - unit["construction_start"]).days / 365.25


def russian_capacity_gw() -> float:
    units = tables.load("reactors").query("country_iso3 == 'RUS' and status == 'operational'")
    return units["net_capacity_mw"].sum() / 1000


def chervonenkis() -> float:
    return tables.load("ai_clusters").set_index("cluster").loc["Yandex Chervonenkis", "chip_count"]


# Parameter, the other table's value, and how far apart the two may be.
PARAMETERS = {
    "a100_peak_bf16_dense": (lambda: rating("NVIDIA A100", "dense_fp16_tflops") * 1e12, 0.001),
    "h100_peak_bf16_dense": (
        lambda: rating("NVIDIA H100 SXM5 80GB", "dense_fp16_tflops") * 1e12,
        0.001,
    ),
    "h100_tdp": (lambda: rating("NVIDIA H100 SXM5 80GB", "tdp_w"), 0.001),
    "llama405b_params": (lambda: model("Llama 3.1-405B", "parameters"), 0.001),
    "deepseekv3_total_params": (lambda: model("DeepSeek-V3", "parameters"), 0.001),
    "frontier_flop_2025": (lambda: model("Grok 4", "training_flop"), 0.001),
    "ru_a100_count": (chervonenkis, 0.001),
    "ru_nuclear_generation_2019": (lambda: electricity("Russia", 2019, "nuclear_twh"), 0.002),
    "ru_electricity_2019": (lambda: electricity("Russia", 2019, "generation_twh"), 0.02),
    "ru_nuclear_capacity_2025": (russian_capacity_gw, 0.025),
    "ritm200n": (lambda: reactor("RITM-200N", "gross_capacity_mw"), 0.001),
    "vver_toi": (lambda: reactor("VVER-TOI/V-510", "gross_capacity_mw"), 0.001),
    "kursk2_1_build": (building_time, 0.002),
}

# Figures of Russia, gross in both lists.
GROSS = {
    "R031": ("nuclear_twh", 2021),
    "R032": ("generation_twh", 2021),
    "R042": ("nuclear_twh", 2019),
    "R043": ("nuclear_twh", 2018),
    "R046": ("nuclear_twh", 2021),
    "R047": ("nuclear_twh", 2015),
}
# Figures of the world: net by the industry's association, gross in the table.
NET = {"R004": 2024, "R014": 2023, "R015": 2022, "R017": 2017}


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_agrees_with_the_other_table(name):
    other, apart = PARAMETERS[name]
    assert tables.parameter(name).central == pytest.approx(other(), rel=apart)


def test_training_of_two_models_by_rule_and_by_list():
    def flop(prefix: str, size: str) -> float:
        sizes = tables.parameter(f"{prefix}_{size}").central
        return 6 * sizes * tables.parameter(f"{prefix}_tokens").central

    assert flop("llama405b", "params") == pytest.approx(
        model("Llama 3.1-405B", "training_flop"), rel=0.01
    )
    assert flop("deepseekv3", "active_params") == pytest.approx(
        model("DeepSeek-V3", "training_flop"), rel=0.05
    )


def test_a_teaching_choice_has_no_witness_and_says_what_it_is():
    kinds = tables.load("parameters").set_index("name")["kind"]
    assert not set(PARAMETERS) & set(kinds.index[kinds == "teaching choice"])


@pytest.mark.parametrize("figure", GROSS)
def test_a_figure_of_russia_agrees_with_the_table_of_electricity(figure):
    column, year = GROSS[figure]
    printed = tables.load("published_figures").set_index("figure_id").loc[figure, "value"]
    assert printed == pytest.approx(electricity("Russia", year, column), rel=0.003)


@pytest.mark.parametrize("figure", NET)
def test_a_figure_of_the_world_is_net_where_the_table_is_gross(figure):
    printed = tables.load("published_figures").set_index("figure_id").loc[figure, "value"]
    assert 1.03 < electricity("World", NET[figure], "nuclear_twh") / printed < 1.045


def test_conflicts_are_told_on_both_sides():
    figures = tables.load("published_figures").set_index("figure_id")["conflicts_with"].dropna()
    named = {one: set(others.split("|")) for one, others in figures.items()}
    for one, others in named.items():
        for other in others:
            assert one in named.get(other, set()), (one, other)


def test_the_day_of_the_speech_is_that_of_the_record():
    reports = tables.load("reports").set_index("report_id")
    assert reports.loc["P27", "published"] == "2025-11-19"
    days = pd.to_datetime(reports["published"].dropna(), format="mixed")
    on_it = days[days >= "2025-11-19"]
    assert (on_it <= "2025-11-23").all()
    assert len(on_it) == 16
