"""Published totals of the compute strand, derived again from the tables."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from course import tables

HOURS_PER_YEAR = 8.76  # thousand hours, which turns GW into TWh


@pytest.fixture(scope="module")
def load():
    """Load each table once."""
    cache = {}

    def get(name):
        if name not in cache:
            cache[name] = tables.load(name)
        return cache[name]

    return get


CONTINENTS = [
    "North America",
    "Central and South America",
    "Europe",
    "Africa",
    "Middle East",
    "Asia Pacific",
]


class TestDatacentreDemand:
    def world(self, load, year, scenario):
        demand = load("datacentre_demand")
        row = demand[
            (demand.region == "World") & (demand.year == year) & (demand.scenario == scenario)
        ]
        return row.iloc[0]

    def test_headline_of_the_report(self, load):
        # IEA, Energy and AI (April 2025), printed 415 TWh for 2024 and 945 for 2030; the annex has
        # 416 and 946, the same figures rounded otherwise.
        assert abs(self.world(load, 2024, "Historical").demand_twh - 415) <= 1
        assert abs(self.world(load, 2030, "Base").demand_twh - 945) <= 1

    def test_growth_of_about_fifteen_per_cent_a_year(self, load):
        # IEA: demand grows by around 15 % a year from 2024 to 2030.
        start = self.world(load, 2024, "Historical").demand_twh
        end = self.world(load, 2030, "Base").demand_twh
        assert (end / start) ** (1 / 6) - 1 == pytest.approx(0.147, abs=0.001)

    @pytest.mark.parametrize(
        ("scenario", "twh"),
        # IEA annex, world demand of 2030 by case.
        [("Base", 946), ("Lift-Off", 1264), ("High Efficiency", 792), ("Headwinds", 669)],
    )
    def test_cases_of_2030(self, load, scenario, twh):
        assert self.world(load, 2030, scenario).demand_twh == twh

    def test_capacity_times_load_factor_gives_the_world_s_demand(self, load):
        # 97 GW x 0.49 x 8.76 = 416 TWh: the annex agrees with itself, within its rounding.
        row = self.world(load, 2024, "Historical")
        assert row.installed_capacity_gw * row.load_factor_pct / 100 * HOURS_PER_YEAR == (
            pytest.approx(416, abs=0.5)
        )

    def test_capacity_times_load_factor_gives_demand_within_rounding(self, load):
        # Capacity is printed to 1 GW (0.1 for small regions), the load factor to 1 %: no row may
        # miss its TWh by more than what these half steps allow, plus half a step of the TWh.
        demand = load("datacentre_demand")
        capacity, factor = demand.installed_capacity_gw, demand.load_factor_pct / 100
        step = (capacity % 1 > 0).map({True: 0.05, False: 0.5})
        slack = HOURS_PER_YEAR * (step * factor + 0.005 * capacity + step * 0.005) + 0.5
        assert ((capacity * factor * HOURS_PER_YEAR - demand.demand_twh).abs() <= slack).all()

    @pytest.mark.parametrize(
        ("year", "left"),
        # The world less the six continental regions, as noted beside the annex: Eurasia, mostly
        # Russia, which the IEA does not print.
        [(2020, 3.3), (2023, 4.9), (2024, 6.4), (2030, 11.8)],
    )
    def test_what_is_left_for_eurasia(self, load, year, left):
        demand = load("datacentre_demand")
        rows = demand[(demand.year == year) & demand.scenario.isin(["Historical", "Base"])]
        twh = rows.set_index("region").demand_twh
        assert twh["World"] - twh[CONTINENTS].sum() == pytest.approx(left, abs=0.05)

    def test_regions_are_nested(self, load):
        demand = load("datacentre_demand")
        assert set(demand[demand.parent_region == "World"].region) == set(CONTINENTS)
        twh = demand[demand.year == 2024].set_index("region").demand_twh
        # IEA annex, 2024: United States 183 of North America's 187, China 102 of Asia's 150.
        assert (twh["United States"], twh["North America"]) == (183, 187)
        assert (twh["China"], twh["Asia Pacific"]) == (102, 150)


class TestIrelandQuarterly:
    @pytest.mark.parametrize(
        ("year", "gwh", "share"),
        # Central Statistics Office, table MEC02 (7 July 2026): yearly sums and their share of all
        # metered electricity.
        [
            (2015, 1240, 5.04),
            (2020, 3031, 11.20),
            (2022, 5274, 17.68),
            (2023, 6339, 20.73),
            (2024, 6974, 21.86),
            (2025, 7662, 23.23),
        ],
    )
    def test_yearly_sums_and_shares(self, load, year, gwh, share):
        ireland = load("ireland_quarterly")
        rows = ireland[ireland.year == year]
        assert len(rows) == 4
        assert rows.data_centre_gwh.sum() == gwh
        computed = 100 * rows.data_centre_gwh.sum() / rows.all_metered_gwh.sum()
        assert computed == pytest.approx(share, abs=0.006)

    def test_parts_add_up(self, load):
        ireland = load("ireland_quarterly")
        assert (ireland.data_centre_gwh + ireland.other_gwh == ireland.all_metered_gwh).all()

    def test_revisions(self, load):
        # CSO key findings first gave 849 GWh for 2020 Q4 and 1,450 for 2022 Q4; both were revised.
        by_quarter = load("ireland_quarterly").set_index(["year", "quarter"]).data_centre_gwh
        assert by_quarter[2020, 4] == 852
        assert by_quarter[2022, 4] == 1457

    def test_forty_four_quarters_without_a_gap(self, load):
        starts = load("ireland_quarterly").quarter_start
        assert list(starts) == list(pd.date_range("2015-01-01", "2025-10-01", freq="QS"))


class TestDatacentreCapacityRussia:
    def test_the_figures_of_the_sources(self, load):
        low = load("datacentre_capacity_russia").set_index("figure").capacity_low_mw
        assert low["iks-permitted"] == 841  # iKS-Consulting: permitted, commercial
        assert (low["mordor-low"], low["mordor-high"]) == (850, 1210)  # one page, one year
        assert low["hse-in-use"] == 1000  # about 1 GW in use, December 2025
        assert (low["novak-installed"], low["novak-2030"]) == (1800, 4300)  # Novak, June 2026
        assert low["headline-2.6"] == 2600  # "2.6GW of energy"

    def test_ministry_s_range_is_for_ai_alone(self, load):
        # Energy Ministry, January 2026: 2-2.5 GW for AI data centres by 2030.
        row = load("datacentre_capacity_russia").set_index("figure").loc["minenergo-ai-2030"]
        assert (row.capacity_low_mw, row.capacity_high_mw, row.scope) == (2000, 2500, "AI")

    def test_power_of_a_rack(self, load):
        # iKS-Consulting: 6.8 kW a rack, which is 841 MW / 82,500 racks / PUE 1.5.
        row = load("datacentre_capacity_russia").set_index("figure").loc["iks-permitted"]
        assert row.capacity_low_mw * 1000 / row.racks / 1.5 == pytest.approx(6.8, abs=0.05)

    def test_racks_of_moscow_exceed_those_of_russia(self, load):
        # Nikoliers has over 86 thousand racks in the Moscow region, iKS 82.5 thousand in Russia.
        racks = load("datacentre_capacity_russia").set_index("figure").racks
        assert racks["nikoliers-moscow"] > racks["iks-permitted"]

    def test_three_routes_stay_under_one_per_cent(self, load):
        # Each definition of today's capacity x the IEA's 0.48: 3.5 to 10.9 TWh, all under 1 % of
        # Russia's generation of 1,209.3 TWh.
        capacity = load("datacentre_capacity_russia")
        here = (capacity.place == "Russia") & (capacity.scope != "all and mining")
        now = capacity[here & (capacity.as_of <= 2026)]
        twh = now.capacity_low_mw / 1000 * 0.48 * HOURS_PER_YEAR
        assert twh.min() == pytest.approx(3.5, abs=0.05)
        assert twh.max() == pytest.approx(10.9, abs=0.05)
        assert twh.max() / 1209.3 < 0.01


class TestElectricityByCountry:
    def row(self, load, country, year):
        table = load("electricity_by_country")
        return table[(table.country == country) & (table.year == year)].iloc[0]

    def test_russia_2024(self, load):
        # Our World in Data (Ember, Energy Institute): 1,209.3 TWh, 17.8 % nuclear, 446 g/kWh.
        row = self.row(load, "Russia", 2024)
        assert row.generation_twh == pytest.approx(1209.3, abs=0.05)
        assert row.nuclear_share_pct == pytest.approx(17.8, abs=0.05)
        assert row.nuclear_twh / row.generation_twh * 100 == pytest.approx(17.8, abs=0.05)
        assert row.carbon_intensity_g_per_kwh == pytest.approx(445.98)

    def test_world_2024(self, load):
        # Our World in Data: 30,930 TWh; 416 TWh of data centres are 1.35 % of it, while the press's
        # 1.5 % has another denominator.
        world = self.row(load, "World", 2024)
        assert world.generation_twh == pytest.approx(30930.23)
        assert 100 * 416 / world.generation_twh == pytest.approx(1.35, abs=0.01)

    def test_independent_copy_of_russia_2023(self, load):
        # CodeCarbon's table has 1,177.47 TWh for Russia in 2023.
        assert self.row(load, "Russia", 2023).generation_twh == pytest.approx(1177.47, rel=0.001)

    def test_shares_agree_with_parts(self, load):
        table = load("electricity_by_country").dropna(subset=["nuclear_share_pct", "nuclear_twh"])
        computed = 100 * table.nuclear_twh / table.generation_twh
        assert ((computed - table.nuclear_share_pct).abs() < 0.3).all()

    @pytest.mark.parametrize(
        ("year", "gross", "net"),
        # Rosenergoatom, yearly releases: generation at the generators, TWh; IAEA PRIS: net.
        [(2018, 204.28, 191.3), (2019, 208.78, 195.5), (2020, 215.75, 201.8)],
    )
    def test_russia_s_nuclear_series_is_gross_throughout(self, load, year, gross, net):
        nuclear = self.row(load, "Russia", year).nuclear_twh
        assert nuclear == pytest.approx(gross, rel=0.002)
        assert nuclear > 1.06 * net

    @pytest.mark.parametrize(
        ("year", "net"),
        # US EIA, Monthly Energy Review, table 8.1: nuclear net generation, TWh.
        [(2019, 809.41), (2020, 789.88), (2021, 779.64), (2022, 771.54), (2023, 775.35)],
    )
    def test_the_united_states_are_net(self, load, year, net):
        assert self.row(load, "United States", year).nuclear_twh == pytest.approx(net, rel=0.001)

    def test_kind_is_what_the_agency_s_net_figures_show(self, load):
        table = load("electricity_by_country")
        pris = load("load_factors")[["country_iso3", "year", "counted_generation_twh"]]
        both = table.merge(pris, on=["country_iso3", "year"])
        both = both[(both.counted_generation_twh > 0) & (both.nuclear_twh > 0)]
        ratio = (both.nuclear_twh / both.counted_generation_twh).groupby(both.country)
        middle = ratio.median()[ratio.size() >= 10]
        kind = table.groupby("country").generation_kind.first()
        assert (kind[middle.index] == (middle > 1.01).map({True: "gross", False: "net"})).all()
        assert set(kind[kind == "net"].index) == {
            *("Armenia", "Pakistan", "South Africa", "United States"),
        }
        assert (kind.isin(["gross", "net"])).sum() == len(middle) == 30

    def test_aggregates_have_no_code(self, load):
        table = load("electricity_by_country")
        nameless = set(table[table.country_iso3.isna()].country)
        assert nameless == {"World", "European Union (27)"}


class TestAiSites:
    def state(self, load, date="2026-07-31"):
        sites = load("ai_sites")
        return sites[sites.date <= date].sort_values("date").groupby("site").tail(1)

    def test_sum_of_it_power(self, load):
        # Epoch AI, August 2026: 75 sites, 11,862.8 MW of IT power now.
        sites = load("ai_sites")
        assert sites.site.nunique() == 75
        assert self.state(load).it_power_mw.sum() == pytest.approx(11862.8)

    def test_only_later_rows_are_projected(self, load):
        sites = load("ai_sites")
        assert (sites.projected == (sites.date > "2026-07-31")).all()

    def test_countries(self, load):
        # Epoch AI, August 2026: 66 American and 3 Chinese sites, none in Russia.
        count = load("ai_sites").groupby("country_iso3").site.nunique()
        assert (count["USA"], count["CHN"]) == (66, 3)
        assert "RUS" not in count

    def test_colossus_2(self, load):
        # Epoch AI: 946 MW of IT and 1,276 MW of facility power on 1 July 2026.
        row = self.state(load).set_index("site").loc["Colossus 2"]
        assert (row.it_power_mw, row.facility_power_mw) == (946, 1276)

    def test_site_power_exceeds_it_power(self, load):
        sites = load("ai_sites")
        running = sites[sites.it_power_mw > 0]
        assert (running.facility_power_mw > running.it_power_mw).all()


class TestAccelerators:
    @pytest.mark.parametrize(
        ("chip", "tdp", "tflops"),
        # Nvidia's and Huawei's data sheets as Epoch AI lists them: board power, dense FP16.
        [
            ("NVIDIA Tesla V100 SXM2 32 GB", 300, 125),
            ("NVIDIA A100 SXM4 80 GB", 400, 312),
            ("NVIDIA H100 SXM5 80GB", 700, 989.4),
            ("NVIDIA HGX H20", 400, 148),
            ("Huawei Ascend 910C", 700, 800),
            ("NVIDIA B200", 1000, 2250),
        ],
    )
    def test_board_power_and_dense_peak(self, load, chip, tdp, tflops):
        row = load("accelerators").set_index("accelerator").loc[chip]
        assert (row.tdp_w, row.dense_fp16_tflops) == (tdp, tflops)

    @pytest.mark.parametrize(
        ("chip", "tpp"),
        # Total processing performance by the US rule of 2023: A100 4,992, H800 15,832, H20 2,368.
        [("NVIDIA A100", 4992), ("NVIDIA H800 SXM5", 15832), ("NVIDIA HGX H20", 2368)],
    )
    def test_total_processing_performance(self, load, chip, tpp):
        table = load("accelerators").set_index("accelerator")
        assert table.total_processing_performance[chip] == tpp

    def test_h800_computes_like_an_h100(self, load):
        table = load("accelerators").set_index("accelerator").total_processing_performance
        assert table["NVIDIA H800 SXM5"] == table["NVIDIA H100 SXM5 80GB"]

    def test_dense_and_not_sparse(self, load):
        # Nvidia prints 1,979 TFLOP/s FP16 for the H100, with sparsity: twice the dense peak here.
        row = load("accelerators").set_index("accelerator").loc["NVIDIA H100 SXM5 80GB"]
        assert 2 * row.dense_fp16_tflops == pytest.approx(1979, abs=1)


# Numbers that arXiv gave the papers which the list itself names: year and month come first.
PAPERS = {
    "BigSSL": "2109.13226",
    "ContextNet + Noisy Student": "2005.09629",
    "Dropout (CIFAR)": "1207.0580",
    "Dropout (ImageNet)": "1207.0580",
    "Dropout (MNIST)": "1207.0580",
    "Dropout (TIMIT)": "1207.0580",
    "EDSR": "1707.02921",
    "M6-T": "2105.15082",
    "Perceiver IO (optical flow)": "2107.14795",
}


class TestAiModels:
    def test_sets(self, load):
        # Epoch AI, November 2025: 942 notable models, 471 large-scale ones; they overlap.
        models = load("ai_models")
        assert models.in_notable_set.sum() == 942
        assert models.in_large_scale_set.sum() == 471
        assert (models.in_notable_set | models.in_large_scale_set).all()
        assert len(models) == 942 + 471 - 148

    def test_training_computation(self, load):
        # Epoch AI: Grok 4 5e26, Llama 3.1-405B 3.8e25 FLOP and 22.6 MW, YandexGPT 5 Lite 7.4e23.
        models = load("ai_models").set_index("model")
        assert models.training_flop["Grok 4"] == pytest.approx(5e26)
        assert models.training_flop["Llama 3.1-405B"] == pytest.approx(3.8e25)
        assert models.training_power_mw["Llama 3.1-405B"] == pytest.approx(22.62, abs=0.005)
        ratio = models.training_flop["Grok 4"] / models.training_flop["YandexGPT 5 Lite"]
        assert ratio == pytest.approx(680, abs=1)

    def test_a_date_before_its_paper_is_said_to_be_doubtful(self, load):
        models = load("ai_models").set_index("model")
        for model, number in PAPERS.items():
            month = f"20{number[:2]}-{number[2:4]}"
            assert models.date[model] < pd.Timestamp(month)
            assert models.conflicts_with[model] == f"date={month} [arxiv-numbers]"
        assert models.conflicts_with.notna().sum() == len(PAPERS)

    def test_growth_does_not_hang_on_the_doubtful_dates(self, load):
        # The factors a year of lesson 05: two standard errors about a line through the logarithms.
        models = load("ai_models")
        odd = models.conflicts_with.str.extract(r"date=(\d{4}-\d{2})")[0]
        moved = models.assign(date=pd.to_datetime(odd + "-15").fillna(models.date))

        def factors(table):
            table = table[table.in_notable_set].dropna(subset=["training_flop"])
            table = table.sort_values("date", kind="stable")
            day = table.date.dt
            table = table.assign(year=day.year + (day.day_of_year - 1) / 365.25)
            top = table.training_flop.expanding().rank(ascending=False) <= 10
            since = table[table.year >= 2010]
            for rows in (since, since[top[since.index]], table[table.year >= 2018]):
                line = stats.linregress(rows.year, np.log10(rows.training_flop))
                ends = line.slope - 2 * line.stderr, line.slope + 2 * line.stderr
                yield tuple(round(10**end, 1) for end in ends)

        assert list(factors(models)) == list(factors(moved)) == [(3.9, 4.8), (4.6, 5.1), (5.3, 7.9)]

    def test_estimates_that_moved(self, load):
        # Two snapshots nine months apart: 63 of 393 estimates moved by more than 1 %.
        models = load("ai_models").dropna(subset=["training_flop", "training_flop_2025_02"])
        moved = (models.training_flop / models.training_flop_2025_02 - 1).abs() > 0.01
        assert (len(models), moved.sum()) == (393, 63)

    @pytest.mark.parametrize(
        ("model", "flop"),
        # FLOP as the makers' papers print them, or 6 N D with their active N and tokens.
        [
            ("T5-11B", 3.3e22),  # Brown et al. 2020, table D.1
            ("GPT-3 175B (davinci)", 3.14e23),  # the same
            ("Gopher (280B)", 6.31e23),  # Hoffmann et al. 2022
            ("Chinchilla", 5.76e23),  # the same
            ("PaLM (540B)", 2.53e24),  # Chowdhery et al. 2022
            ("OPT-175B", 4.3e23),  # Zhang et al. 2022
            ("BLOOM-176B", 6 * 176e9 * 366e9),  # BigScience 2022
            ("GLaM", 6 * 96.6e9 * 600e9),  # Du et al. 2021
            ("Megatron-Turing NLG 530B", 6 * 530e9 * 270e9),  # Smith et al. 2022
            ("LLaMA-65B", 6 * 65.2e9 * 1.4e12),  # Touvron et al. 2023
            ("Llama 2-70B", 6 * 70e9 * 2e12),  # Touvron et al. 2023
            ("Falcon-180B", 6 * 180e9 * 3.5e12),  # Almazrouei et al. 2023
            ("Nemotron-4 340B", 6 * 340e9 * 9e12),  # Nvidia 2024
            ("Qwen2.5-72B", 6 * 72.7e9 * 18e12),  # Qwen 2024
            ("Llama 3.1-405B", 3.8e25),  # Llama Team 2024
            ("DeepSeek-V3", 6 * 37e9 * 14.8e12),  # DeepSeek 2024
            ("Kimi K2", 6 * 32e9 * 15.5e12),  # Moonshot 2025
        ],
    )
    def test_computation_as_the_makers_papers_give_it(self, load, model, flop):
        listed = load("ai_models").set_index("model").training_flop[model]
        assert listed == pytest.approx(flop, rel=0.1)

    @pytest.mark.parametrize(
        ("model", "flop", "ratio"),
        # Where the list and the paper differ: other tokens counted, or other passes.
        [
            ("BERT-Large", 5.33e20, 0.53),  # Brown et al. 2020, table D.1
            ("RoBERTa Large", 4.26e21, 2.00),  # the same
            ("Llama 3-70B", 6 * 70e9 * 15e12, 1.25),  # Meta 2024; the list goes by chip hours
        ],
    )
    def test_computation_that_differs_from_the_paper(self, load, model, flop, ratio):
        listed = load("ai_models").set_index("model").training_flop[model]
        assert listed / flop == pytest.approx(ratio, abs=0.01)

    def test_russia(self, load):
        # Epoch AI, November 2025: 1 Russian model in the notable set, 4 in the large-scale set.
        models = load("ai_models")
        russia = models[models.country_iso3.fillna("").str.contains("RUS")]
        assert russia.in_notable_set.sum() == 1
        assert russia.in_large_scale_set.sum() == 4
        assert not models.model.str.contains("GigaChat").any()


class TestAiClusters:
    def test_an_estimated_cost_is_one_price_a_chip(self, load):
        # Epoch AI's method: chips times a public price with overheads, in January 2025 dollars.
        clusters = load("ai_clusters")
        rows = clusters[(clusters.chip == "NVIDIA V100") & clusters.cost_usd.notna()]
        each = rows.cost_usd / rows.chip_count
        assert each.between(18_900, 19_900).sum() >= len(rows) - 2
        own = rows.set_index("cluster").loc["IBM DYEUS"]
        assert own.chip_count == 296  # Trusted Reviews, November 2019: 296 V100

    def share(self, rows, iso3):
        known = rows[rows.country_iso3.notna()]
        part = known[known.country_iso3 == iso3].h100_equivalents.sum()
        return 100 * part / known.h100_equivalents.sum()

    def test_russia(self, load):
        # Epoch AI, April 2026: 8 Russian clusters, 1,772 H100 equivalents, 5.7 MW, 0.10 % of the
        # existing ones without possible duplicates.
        clusters = load("ai_clusters")
        russia = clusters[clusters.country_iso3 == "RUS"]
        assert len(russia) == 8
        assert russia.h100_equivalents.sum() == pytest.approx(1772.5)
        assert russia.power_mw.sum() == pytest.approx(5.72, abs=0.005)
        assert set(russia.power_basis.dropna()) == {"calculated"}
        sure = clusters[(clusters.status == "existing") & ~clusters.possible_duplicate]
        part = russia.h100_equivalents.sum() / sure.h100_equivalents.sum()
        assert 100 * part == pytest.approx(0.10, abs=0.005)

    def test_the_filter_changes_the_answer(self, load):
        # 81 and 7 % (standard selection), 78 and 12 % (no duplicates) from the same table ...
        existing = load("ai_clusters").query("status == 'existing' and flag.isna()")
        standard = existing[existing.standard_analysis]
        distinct = existing[~existing.possible_duplicate]
        assert round(self.share(standard, "USA")) == 81
        assert round(self.share(standard, "CHN")) == 7
        assert round(self.share(distinct, "USA")) == 78
        assert round(self.share(distinct, "CHN")) == 12

    def test_published_shares_of_may_2025(self, load):
        # ... and 75 and 15 % as Epoch AI published them in May 2025, for what ran in March 2025.
        clusters = load("ai_clusters").query("status == 'existing'")
        then = clusters[~clusters.possible_duplicate & (clusters.first_operational <= "2025-03-31")]
        assert self.share(then, "USA") == pytest.approx(75, abs=1)
        assert self.share(then, "CHN") == pytest.approx(15, abs=1)

    def test_chips_times_rating_give_the_power_listed(self, load):
        clusters = load("ai_clusters")
        chips = load("accelerators").set_index("accelerator")
        peak = chips.int8_tops.fillna(chips.dense_fp16_tflops)
        # Blackwell Ultra counts here with the 8-bit floating peak, for its INT8 was cut.
        peak["NVIDIA B300 (Blackwell Ultra)"], peak["NVIDIA GB300 (Blackwell Ultra)"] = 4500, 5000
        h100 = peak["NVIDIA H100 SXM5 80GB"]
        per_chip = clusters.h100_equivalents / clusters.chip_count
        ratio = (per_chip / clusters.chip.map(peak / h100)).dropna()
        assert (len(ratio), ratio.between(0.95, 1.05).sum(), (ratio < 0.95).sum()) == (425, 399, 22)
        above = clusters.loc[ratio[ratio > 1.05].index].set_index("cluster_id")
        # Colossus 3 is a mixture of H100, H200 and GB200; Trn1 has an older rating of its chip
        # (420); the other two are flagged.
        assert list(above.index) == ["gc-026", "gc-126", "gc-176", "gc-223"]
        assert list(above.flag.notna()) == [False, False, True, True]

    def test_no_cluster_has_chips_faster_than_the_fastest_there_was(self, load):
        clusters = load("ai_clusters").set_index("cluster_id")
        per_chip = clusters.h100_equivalents / clusters.chip_count
        early = clusters.first_operational < "2024-11-01"  # before the first B200
        whole_wafer = clusters.chip.fillna("").str.contains("Cerebras")
        fast = per_chip[early & ~whole_wafer & clusters.chip.isna() & (per_chip > 1.05)]
        assert list(fast.index) == ["gc-400"] and clusters.flag["gc-400"] == "impossible"
        # The press's 400 petaflops, with sparsity, over the dense 8-bit peak of one H100.
        assert clusters.h100_equivalents["gc-400"] == pytest.approx(400e15 / 1979e12, abs=0.1)

    def test_status(self, load):
        # Snapshot of 24 April 2026: 609 existing, 171 planned, 6 decommissioned.
        status = load("ai_clusters").status.value_counts()
        assert status.to_dict() == {"existing": 609, "planned": 171, "decommissioned": 6}

    def test_one_plan_outweighs_every_cluster_that_exists(self, load):
        clusters = load("ai_clusters")
        largest = clusters.loc[clusters.h100_equivalents.idxmax()]
        assert (largest.status, largest.certainty) == ("planned", "unlikely")
        existing = clusters[clusters.status == "existing"].h100_equivalents.sum()
        assert largest.h100_equivalents > 10 * existing


class TestTop500ByCountry:
    def of(self, load, iso3):
        table = load("top500_by_country")
        return table[table.country_iso3 == iso3].set_index("list")

    def test_each_list_has_five_hundred_systems(self, load):
        lists = load("top500_by_country").groupby("list")
        assert (lists.systems.sum() == 500).all()
        assert ((lists.rmax_share_pct.sum() - 100).abs() < 0.01).all()

    def test_russia_stands_still(self, load):
        # TOP500: 73,715 TFLOP/s on six lists, November 2021 to June 2024, then 71,457 in June 2025;
        # the share falls from 2.43 to 0.52 %.
        russia = self.of(load, "RUS")
        assert (russia.rmax_tflops == 73715).sum() == 6
        assert set(russia.rmax_tflops["2021-11":"2024-06"]) == {73715}
        assert russia.rmax_share_pct["2021-11-01"] == pytest.approx(2.43, abs=0.005)
        assert russia.rmax_share_pct["2025-06-01"] == pytest.approx(0.52, abs=0.005)
        assert russia.rmax_tflops["2025-06-01"] == 71457

    def test_china_and_the_united_states(self, load):
        # TOP500: China 17.45 % in November 2021, 2.03 % in June 2025; United States 48.41 %.
        china = self.of(load, "CHN").rmax_share_pct
        assert china["2021-11-01"] == pytest.approx(17.45, abs=0.006)
        assert china["2025-06-01"] == pytest.approx(2.03, abs=0.005)
        us = self.of(load, "USA").rmax_share_pct
        assert us["2025-06-01"] == pytest.approx(48.41, abs=0.005)

    def test_power_is_stated_by_few(self, load):
        # TOP500, June 2025: 213 of 500 systems state their power, no Russian one.
        table = load("top500_by_country")
        assert table[table.list == "2025-06-01"].systems_with_power.sum() == 213
        assert self.of(load, "RUS").systems_with_power["2025-06-01"] == 0
        assert pd.isna(self.of(load, "RUS").power_stated_kw["2025-06-01"])


class TestTop500Russia:
    def test_sums_agree_with_the_table_by_country(self, load):
        table = load("top500_by_country")
        by_country = table[table.country_iso3 == "RUS"].set_index("list")
        lists = load("top500_russia").groupby("list")
        assert list(lists.size()) == list(by_country.systems)
        assert ((lists.rmax_tflops.sum() - by_country.rmax_tflops).abs() < 0.001).all()
        assert (lists.list_rank.min() == by_country.best_rank).all()

    def test_newest_system_is_of_2021(self, load):
        # TOP500, June 2025: 6 Russian systems, best rank 75, none newer than 2021.
        systems = load("top500_russia")
        last = systems[systems.list == "2025-06-01"]
        assert (len(last), last.list_rank.min()) == (6, 75)
        assert systems.installed_year.max() == 2021

    @pytest.mark.parametrize(
        ("day", "ranks", "systems"),
        # Russoft, 4 December 2015 (seven systems); newsru and abitu.ru on the list of June 2019.
        [("2015-11-01", [35, 94], 7), ("2019-06-01", [93, 364], 2)],
    )
    def test_ranks_that_the_press_of_the_day_printed(self, load, day, ranks, systems):
        table = load("top500_russia")
        found = sorted(table[table.list == day].list_rank)
        assert (found[:2], len(found)) == (ranks, systems)

    def test_chervonenkis(self, load):
        # TOP500, November 2021: Chervonenkis 21.53 PFLOP/s, rank 19.
        systems = load("top500_russia")
        row = systems[systems.list == "2021-11-01"].iloc[0]
        assert (row.system, row.list_rank, row.rmax_tflops) == ("Chervonenkis", 19, 21530)


class TestAiChipsSold:
    def end_of_2025(self, load):
        sold = load("ai_chips_sold")
        return sold[sold.quarter_end == "2025-12-31"].set_index("maker")

    @pytest.mark.parametrize(
        ("maker", "chips", "equivalents"),
        # Epoch AI, AI chip counts, March and April 2026, in million.
        [
            ("Nvidia", 10.48, 13.66),
            ("Google", 6.14, 3.81),
            ("AMD", 0.93, 1.24),
            ("Amazon", 1.86, 1.02),
        ],
    )
    def test_stocks_at_the_end_of_2025(self, load, maker, chips, equivalents):
        row = self.end_of_2025(load).loc[maker]
        assert row.chips / 1e6 == pytest.approx(chips, abs=0.005)
        assert row.h100_equivalents / 1e6 == pytest.approx(equivalents, abs=0.005)

    def test_the_four_makers_together(self, load):
        assert self.end_of_2025(load).h100_equivalents.sum() / 1e6 == pytest.approx(19.74, abs=0.01)

    def test_listed_clusters_are_the_share_of_sold_that_their_compilers_estimate(self, load):
        # Epoch AI says of its clusters: 10-20 % of the world's AI computing. The newest is of July
        # 2025; by the end of June this other table of theirs has what had been sold.
        clusters = load("ai_clusters").query("status == 'existing' and flag.isna()")
        then = clusters[clusters.standard_analysis & (clusters.first_operational <= "2025-06-30")]
        listed = then.h100_equivalents.sum()
        sold = load("ai_chips_sold").set_index("quarter_end").h100_equivalents["2025-06-30"].sum()
        assert 0.10 < listed / sold < 0.20

    def test_another_count_of_another_kind(self, load):
        # TechInsights: 3.76 million data-centre GPUs of all sorts sold by Nvidia in 2023.
        nvidia = load("ai_chips_sold").query("maker == 'Nvidia'").set_index("quarter_end").chips
        sold = (nvidia["2023-12-31"] - nvidia["2022-12-31"]) / 1e6
        assert sold == pytest.approx(1.30, abs=0.005) and sold < 3.76 / 2

    def test_a_bank_s_count_of_tpus(self, load):
        # Morgan Stanley: 7.9 million made in 2023 to 2026, the last year a forecast.
        google = load("ai_chips_sold").query("maker == 'Google'").set_index("quarter_end").chips
        year = google["2025-12-31"] - google["2024-12-31"]
        assert google["2025-12-31"] < 7.9e6 < google["2025-12-31"] + year

    def test_stocks_do_not_fall_and_medians_lie_in_their_intervals(self, load):
        sold = load("ai_chips_sold").sort_values("quarter_end")
        for column in ("chips", "h100_equivalents"):
            assert (sold.groupby("maker")[column].diff().dropna() >= 0).all()
            assert sold[column].between(sold[f"{column}_p5"], sold[f"{column}_p95"]).all()

    def test_only_the_last_quarter_is_incomplete(self, load):
        sold = load("ai_chips_sold")
        assert set(sold[sold.incomplete].quarter_end) == {sold.quarter_end.max()}


class TestWebLanguages:
    def share(self, load, crawl, code):
        table = load("web_languages")
        return table[(table.crawl == crawl) & (table.language_code == code)].share_pct.iloc[0]

    def test_russian(self, load):
        # Common Crawl statistics: 8.9466 % in 2018-34, 6.0444 % in 2024-42, 32 % less in relation.
        then = self.share(load, "CC-MAIN-2018-34", "rus")
        now = self.share(load, "CC-MAIN-2024-42", "rus")
        assert (then, now) == (8.9466, 6.0444)
        assert 100 * (now / then - 1) == pytest.approx(-32, abs=0.5)

    def test_russian_is_still_second(self, load):
        crawl = load("web_languages").query("crawl == 'CC-MAIN-2024-42'")
        order = list(crawl.sort_values("share_pct", ascending=False).language_code)
        assert order[:2] == ["eng", "rus"]

    def test_english(self, load):
        # Common Crawl statistics: 43.8846 % in 2018-34, 41.6958 % in 2026-04.
        assert self.share(load, "CC-MAIN-2018-34", "eng") == 43.8846
        assert self.share(load, "CC-MAIN-2026-04", "eng") == 41.6958

    def test_portuguese_halves_and_returns(self, load):
        # Common Crawl statistics: 2.14 % in 2022-33, 1.1399 % in 2023-23, 2.12 % in 2024-30.
        crawls = ["CC-MAIN-2022-33", "CC-MAIN-2023-23", "CC-MAIN-2024-30"]
        shares = [self.share(load, crawl, "por") for crawl in crawls]
        assert shares == pytest.approx([2.14, 1.1399, 2.12], abs=0.005)

    def test_pages_and_shares_agree_within_a_crawl(self, load):
        table = load("web_languages").dropna(subset=["pages"])
        total = table.pages / table.share_pct * 100
        spread = total.groupby(table.crawl).agg(lambda crawl: crawl.max() / crawl.min())
        assert (spread < 1.02).all()  # shares of the smallest languages have few digits


class TestLanguageShares:
    def share(self, load, language, method, month="2022-03-01"):
        table = load("language_shares")
        rows = table[
            (table.language == language) & (table.method == method) & (table.measured == month)
        ]
        return rows.share_pct.iloc[0]

    @pytest.mark.parametrize(
        ("language", "w3techs", "oblc"),
        # Observatory of Linguistic and Cultural Diversity, version 3.4, March 2022.
        [("English", 62.9, 19.6), ("Russian", 6.1, 3.76), ("Chinese", 1.4, 21.6)],
    )
    def test_two_methods(self, load, language, w3techs, oblc):
        assert self.share(load, language, "W3Techs") == w3techs
        assert self.share(load, language, "OBLC") == oblc

    def test_russian_by_w3techs(self, load):
        # W3Techs through the press: 5.9 % in March 2013, 4.9 in May 2023, 4.0 in September 2024.
        months = ["2013-03-01", "2023-05-01", "2024-09-01"]
        assert [self.share(load, "Russian", "W3Techs", m) for m in months] == [5.9, 4.9, 4.0]


class TestWebDomains:
    def share(self, load, year, domain):
        table = load("web_domains")
        return table[(table.year == year) & (table.domain == domain)].share_pct.iloc[0]

    def test_brazil_halves_and_returns(self, load):
        # Common Crawl statistics: .br 1.05 % in 2022, 0.49 in 2023, 1.41 in 2024.
        shares = [self.share(load, year, ".br") for year in (2022, 2023, 2024)]
        assert shares == pytest.approx([1.05, 0.49, 1.41], abs=0.005)

    def test_russia(self, load):
        # Common Crawl statistics: .ru 6.0598 % in 2018, 4.2843 % in 2025.
        assert (self.share(load, 2018, ".ru"), self.share(load, 2025, ".ru")) == (6.0598, 4.2843)

    def test_no_year_exceeds_the_whole(self, load):
        # The sixteen domains are most of the crawl but never all of it.
        totals = load("web_domains").groupby("year").share_pct.sum()
        assert totals.between(70, 100).all()
