"""Power of data centres: second lists of other publishers, set beside the tables row by row."""

import numpy as np
import pytest

from course import tables


def shown(value, text):
    """Say whether a value, rounded to the digits of a printed text, is that text."""
    places = len(text.partition(".")[2])
    return f"{value:.{places}f}" == text


# Graphic News, from the printed report Energy and AI (IEA, April 2025): TWh in 2024 and in
# 2030, base case.
PRINTED = {
    "United States": (183, 426),
    "China": (102, 277),
    "Europe": (68, 113),
    "Asia Pacific without China": (48, 101),
    "rest of the world": (15, 29),
}
# Summaries of the same report: cases of the world, as printed there.
CASES = {
    ("Historical", 2024): 415,
    ("Base", 2030): 945,
    ("Base", 2035): 1_200,
    ("High Efficiency", 2035): 970,
}


class TestDatacentreDemandHasASecondWitness:
    @pytest.fixture
    def twh(self):
        return tables.load("datacentre_demand").set_index(["region", "scenario", "year"]).demand_twh

    @pytest.mark.parametrize(("at", "case", "year"), [(0, "Historical", 2024), (1, "Base", 2030)])
    def test_ten_values_of_regions(self, twh, at, case, year):
        here = twh.xs((case, year), level=["scenario", "year"]).to_dict()
        big = here["United States"] + here["China"] + here["Europe"]
        asia = here["Asia Pacific"] - here["China"]
        told = {
            **here,
            "Asia Pacific without China": asia,
            "rest of the world": here["World"] - big - asia,
        }
        for name, printed in PRINTED.items():
            assert shown(told[name], str(printed[at])), name

    def test_cases_of_the_world(self, twh):
        for (case, year), printed in CASES.items():
            assert twh["World", case, year] == pytest.approx(printed, rel=0.006)
        assert twh["World", "Lift-Off", 2035] > 1_700  # "over 1 700 TWh"

    def test_growth_that_the_report_prints(self, twh):
        # "Around 12 % a year since 2017", in summaries of the report.
        past = twh["World", "Historical", 2024] / twh["World", "Historical", 2020]
        assert past ** (1 / 4) - 1 == pytest.approx(0.12, abs=0.006)

    def test_rows_say_who_confirms_them(self):
        demand = tables.load("datacentre_demand")
        sure = demand[demand.confirmed_by.notna()]
        assert len(sure) == 8 + 5
        assert set(sure.region) == {"World", "United States", "China", "Europe", "Asia Pacific"}
        assert demand[demand.year < 2024].confirmed_by.isna().all()

    def test_what_the_residual_can_be_is_the_same_by_the_second_list(self, twh):
        # Rest of the world 15 less what is named of it: the residual is 6.4 by both lists.
        here = twh.xs(("Historical", 2024), level=["scenario", "year"])
        named = here[["Central and South America", "Middle East", "Africa"]].sum()
        other_america = here["North America"] - here["United States"]
        assert 15 - named - other_america == pytest.approx(6.4, abs=0.05)


class TestIrelandHasASecondWitness:
    @pytest.mark.parametrize(
        ("year", "quarter", "gwh"),
        # The Irish Times and Business Plus, June 2025, from the office's release of that month:
        # yearly totals and two quarters, in GWh, before the revision of 2026.
        [(2023, None, 6_335), (2024, None, 6_969), (2015, 1, 290), (2024, 4, 1_829)],
    )
    def test_earlier_release_differs_by_revisions_only(self, year, quarter, gwh):
        ireland = tables.load("ireland_quarterly").query("year == @year")
        if quarter:
            ireland = ireland.query("quarter == @quarter")
        assert 0 <= ireland.data_centre_gwh.sum() - gwh <= 5

    def test_all_meters_of_2024(self):
        ireland = tables.load("ireland_quarterly").query("year == 2024")
        assert round(ireland.all_metered_gwh.sum(), -2) == 31_900


class TestSupercomputerPower:
    @pytest.fixture
    def days(self):
        return tables.load("supercomputer_power")

    def test_the_paper_s_own_summary(self, days):
        # Sun et al., Scientific Data 11, 1077: mean of 2023 12.2 MW, PUE 1.05, peak 28.5 MW.
        known = days[days.readings > 0]
        site = np.average(known.site_mean_mw, weights=known.readings)
        computers = np.average(known.computers_mean_mw, weights=known.readings)
        assert shown(site, "12.2")
        assert shown(site / computers, "1.05")
        assert 27 < known.site_highest_hour_mw.max() < 28.5  # a ten-minute peak is higher

    def test_the_readings_are_all_there(self, days):
        # Two descriptions of the deposit: 49,869 rows, 5.1 % of the grid missing.
        assert len(days) == 365
        assert days.readings.sum() == 49_869
        assert shown(100 - 100 * days.readings.sum() / (365 * 144), "5.1")
        assert (days.site_mean_mw.isna() == (days.readings == 0)).all()

    def test_the_year_before_was_of_the_same_size(self, days):
        # ORNL/TM-2023/3218: 100 GWh in 2022.
        mean = np.average(days.dropna().site_mean_mw, weights=days.dropna().readings)
        assert mean * 8.76 == pytest.approx(100, rel=0.1)

    def test_the_whole_draws_more_than_its_computers(self, days):
        known = days.dropna()
        assert (known.site_mean_mw / known.computers_mean_mw).between(1.03, 1.1).all()
        assert (known.site_lowest_hour_mw <= known.site_mean_mw).all()
        assert (known.site_mean_mw <= known.site_highest_hour_mw).all()


class TestDatacentresMapped:
    @pytest.fixture
    def mapped(self):
        return tables.load("datacentres_mapped")

    def test_counts(self, mapped):
        counts = mapped.groupby("country").size()
        assert counts.to_dict() == {"Finland": 30, "Ireland": 86, "Poland": 29, "Russia": 78}

    def test_half_near_moscow_as_consultants_count(self, mapped):
        # Nikoliers: 52 % of centres in the Moscow region. iKS-Consulting: 80 % of the market.
        russia = mapped[mapped.country == "Russia"]
        assert shown(100 * (russia.km_to_capital <= 80).mean(), "53")
        kept = russia[russia.flag.isna()]
        near = 100 * (kept.km_to_capital <= 80).mean()
        assert shown(near, "55")
        figures = tables.load("published_figures").set_index("figure_id").value
        assert abs(near - figures["K181"]) < 5 < figures["K180"] - near

    def test_distance_is_what_the_place_gives(self, mapped):
        capital = {"RUS": (55.76, 37.62), "IRL": (53.35, -6.26)}
        for code, (north, east) in capital.items():
            rows = mapped[mapped.country_iso3 == code]
            a, b = np.radians(rows.latitude), np.radians(north)
            turn = np.radians(rows.longitude - east)
            cosine = np.sin(a) * np.sin(b) + np.cos(a) * np.cos(b) * np.cos(turn)
            km = 6371 * np.arccos(cosine.clip(-1, 1))
            assert (km - rows.km_to_capital).abs().max() < 1.5

    def test_what_is_flagged(self, mapped):
        nameless = mapped.name.isna() & mapped.operator.isna()
        assert (mapped[nameless].flag == "doubtful").all()
        assert mapped.loc[~nameless, "flag"].dropna().unique().tolist() == ["not_comparable"]
        assert (mapped.flag.isna() == mapped.flag_note.isna()).all()


class TestAiSites:
    def test_colossus_has_a_second_witness(self):
        # Pilz et al., arXiv 2504.16026: Colossus 300 MW in March 2025 (parameter colossus_power).
        sites = tables.load("ai_sites")
        then = sites[(sites.site == "Colossus 1") & (sites.date < "2025-04")].iloc[-1]
        assert (
            then.it_power_mw < tables.parameter("colossus_power").central < then.facility_power_mw
        )

    @pytest.mark.parametrize(
        ("site", "announced_mw"),
        # Crusoe and Oracle (Abilene, and 900 MW more for Microsoft), Meta's chief in July 2025
        # (Prometheus, and 2 GW of Hyperion by 2030), utilities (New Carlisle, Michigan).
        [
            ("OpenAI Stargate Abilene", 1_200),
            ("Crusoe Abilene Expansion", 900),
            ("Meta Prometheus", 1_000),
            ("Meta Hyperion", 2_000),
            ("Anthropic-Amazon New Carlisle", 2_250),
            ("OpenAI Stargate Michigan", 1_400),
        ],
    )
    def test_the_planned_size_is_the_one_announced(self, site, announced_mw):
        states = tables.load("ai_sites").query("site == @site").sort_values("date")
        assert states.facility_power_mw.iloc[-1] == pytest.approx(announced_mw, rel=0.15)

    def test_a_site_draws_more_than_its_computers(self):
        sites = tables.load("ai_sites").query("it_power_mw > 0")
        assert (sites.facility_power_mw / sites.it_power_mw).between(1.1, 1.8).all()


class TestPowerParameters:
    def test_maker_s_ratings(self):
        # NVIDIA: H100 SXM up to 700 W, PCIe 350 W; DGX H100 with eight of them 10.2 kW at most.
        board, node = tables.parameter("h100_tdp"), tables.parameter("node_nameplate_8xh100")
        assert (board.low, board.central, node.central) == (350, 700, 10.2)
        rated = tables.load("accelerators").set_index("accelerator").tdp_w
        assert rated["NVIDIA H100 SXM5 80GB"] == board.central

    def test_measured_node(self):
        # Newkirk et al., arXiv 2506.14551: 76 % of 10.2 kW in training. Latif et al., IEEE Access
        # 13 (2025): at most about 8.4 kW, 18 % below the rating.
        load = tables.parameter("node_load_factor_training")
        assert load.central == 0.76
        assert load.central < 8.4 / 10.2 < load.high

    def test_survey_of_pue(self):
        # Uptime Institute, 23 November 2023: 1.58 in 2023, 1.55 to 1.59 since 2020.
        survey = tables.parameter("pue_survey_mean")
        # Operators say it of their largest site: the lesson sets it against one meter.
        assert tables.load("parameters").set_index("name").kind["pue_survey_mean"] == "stated"
        assert survey.central == 1.58
        figures = tables.load("published_figures").set_index("figure_id").value
        assert figures[["K083", "K084", "K085", "K086"]].between(1.55, 1.59).all()

    def test_large_clouds_own_figures(self):
        # Fleets' own reports for 2024 or 2025: Meta 1.08, Google 1.09, Amazon 1.15, Microsoft 1.16.
        large = tables.parameter("pue_hyperscale")
        for pue in (1.08, 1.09, 1.15, 1.16):
            assert large.low <= pue <= large.high
        assert large.central == pytest.approx(np.mean([1.08, 1.09, 1.15, 1.16]), abs=0.01)


class TestPublishedPowerFigures:
    # Second pages, each of another publisher than the row's source.
    SECOND = (
        ("K044", "176", "Energy Department, December 2024, on Berkeley Lab"),
        ("K046", "76", "Energy Department, December 2024, on Berkeley Lab"),
        ("K030", "460", "a law library's copy of Electricity 2024"),
        ("K031", "620", "a law library's copy of Electricity 2024"),
        ("K032", "194", "Masanet and others, Science 367"),
        ("K033", "205", "Masanet and others, Science 367"),
        ("K082", "1.56", "Statista on the survey of 2024"),
        ("K084", "1.57", "Intelligent Data Centres 44, on the survey of 2022"),
        ("K085", "1.55", "Intelligent Data Centres 44, on the survey of 2022"),
        ("K086", "1.58", "Uptime Institute, 23 November 2023"),
        ("K129", "700", "the maker's own page"),
    )

    @pytest.mark.parametrize(("figure", "printed", "where"), SECOND)
    def test_a_second_page_has_it(self, figure, printed, where):
        figures = tables.load("published_figures").set_index("figure_id").value
        assert shown(figures[figure], printed), where

    def test_ranges_of_second_pages(self):
        # Berkeley Lab 325 to 580 TWh in 2028; the IEA 620 to 1,050 TWh in 2026.
        figures = tables.load("published_figures").set_index("figure_id")
        assert figures.loc["K045", ["value", "value_high"]].tolist() == [325, 580]
        assert figures.loc["K031", ["value", "value_high"]].tolist() == [620, 1050]

    def test_figures_of_the_annex_are_those_of_the_table(self):
        figures = tables.load("published_figures").set_index("figure_id")
        demand = tables.load("datacentre_demand")
        now = demand[demand.year == 2024].set_index("region")
        for figure in [f"K{number:03}" for number in range(12, 20)]:
            row = figures.loc[figure]
            assert row.value == now.loc[row.entity, "demand_twh"], figure
        for figure in ("K020", "K021", "K022", "K023"):
            row = figures.loc[figure]
            assert row.value == now.loc[row.entity, "installed_capacity_gw"], figure

    def test_years_of_ireland_are_sums_of_the_table(self):
        figures = tables.load("published_figures").set_index("figure_id")
        ireland = tables.load("ireland_quarterly").groupby("year").data_centre_gwh.sum()
        for number, year in enumerate(range(2015, 2026), start=47):
            assert figures.loc[f"K{number:03}", "value"] == ireland[year]

    def test_mining_alone_is_more_than_the_bank_s_share_said_to_hold_it(self):
        # President of Russia, 17 July 2024, citing the Energy Ministry: 16 TWh, 1.5 % of use.
        figures = tables.load("published_figures").set_index("figure_id")["value"]
        year = tables.load("electricity_by_country").query("country == 'Russia' and year == 2024")
        generated = year["generation_twh"].item()
        assert 100 * figures["X051"] / generated > figures["K091"] / 2.5

    def test_conflicts_are_told_on_both_sides(self):
        figures = tables.load("published_figures").set_index("figure_id")
        for figure, others in figures.conflicts_with.dropna().items():
            for other in others.split("|"):
                assert figure in (figures.conflicts_with[other] or ""), (figure, other)
