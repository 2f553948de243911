"""Claims, parameters, sources: counts the course states, and figures re-derived from parameters."""

import math

import pytest

from course import tables

LESSONS = [
    "00-start",
    "01-claims",
    "02-sources",
    "03-chip-trade",
    "04-counterfactuals",
    "05-compute-gap",
    "06-megawatts",
    "07-reactor-sizes",
    "08-time-and-cost",
    "09-schism",
    "10-verdicts",
    "11-capstone",
]


@pytest.fixture(scope="module")
def claims():
    return tables.load("claims")


@pytest.fixture(scope="module")
def parameters():
    return tables.load("parameters")


@pytest.fixture(scope="module")
def listed():
    return tables.load("sources")


class TestClaims:
    def test_counts_the_course_states(self, claims):
        assert list(claims["claim_id"]) == [f"C{n:02d}" for n in range(1, 40)]
        # Stated in the syllabus' source notes: main strand of the 39 claims.
        strands = {
            "institutions": 12,
            "models": 8,
            "data": 6,
            "trade": 5,
            "energy": 4,
            "reactors": 4,
        }
        assert claims["strand"].value_counts().to_dict() == strands
        # Stated there too: first letter of checkability.
        letters = {"A": 10, "B": 13, "C": 13, "D": 3}
        assert claims["checkability"].value_counts().to_dict() == letters

    def test_quotes_are_short_and_different(self, claims):
        assert claims["quote"].str.split().str.len().max() <= 25
        assert claims["quote"].is_unique

    def test_known_quotes(self, claims):
        # Words of "The Great Russian AI Gambit", Warwick Economics Summit.
        quote = claims.set_index("claim_id")["quote"]
        assert quote["C37"] == "Can sovereignty coexist with scale?"
        assert quote["C09"].startswith("Sanctions have minimised Russia’s access")
        assert "libraries without books" in quote["C28"]

    def test_every_claim_is_met_in_a_lesson_of_the_syllabus(self, claims):
        of = claims.set_index("claim_id")["lessons"].str.split("|")
        assert {name for names in of for name in names} <= set(LESSONS)
        # Syllabus, column "claims".
        assert [c for c, names in of.items() if "03-chip-trade" in names] == ["C05", "C09", "C29"]
        assert [c for c, names in of.items() if "07-reactor-sizes" in names] == [
            "C12",
            "C13",
            "C14",
        ]
        assert of["C23"] == ["04-counterfactuals"]

    def test_instructors_leads_are_not_here(self, claims):
        assert "leads" not in claims.columns
        text = claims.drop(columns="source").fillna("").agg(" ".join, axis=1)
        assert not text.str.contains(r"\[[a-z0-9.-]+\]").any()

    def test_only_claims_that_cannot_be_tested_as_worded_lack_a_threshold(self, claims):
        bare = claims[claims["would_support"].isna() | claims["would_undermine"].isna()]
        assert list(bare["claim_id"]) == ["C15", "C39"]
        assert set(bare["checkability"]) == {"D"}


class TestParameters:
    def test_low_central_high_are_in_order(self, parameters):
        for low, high in (("low", "central"), ("central", "high"), ("low", "high")):
            both = parameters.dropna(subset=[low, high])
            assert (both[low] <= both[high]).all()

    def test_every_parameter_has_a_value(self, parameters):
        assert parameters[["low", "central", "high"]].notna().any(axis=1).all()

    def test_kind_agrees_with_source(self, parameters):
        own = parameters["source"].str.split("|").map(set)
        choices = parameters["kind"] == "teaching choice"
        assert own[choices].map(lambda keys: "course" in keys).all()
        memory = parameters["kind"] == "from memory"
        assert own[memory].map(lambda keys: "memory" in keys).all()
        seen = parameters["kind"].isin(["measured", "stated"])
        assert own[seen].map(lambda keys: bool(keys - {"course", "memory"})).all()

    def test_training_compute_of_llama(self):
        # Meta's model card, as quoted by [llama]: 3.8e25 FLOP.
        p = tables.parameter
        flop = 6 * p("llama405b_params").central * p("llama405b_tokens").central
        assert flop == pytest.approx(3.8e25, rel=0.005)

    def test_training_compute_of_deepseek(self):
        # Computed in the course's notes: 3.29e24, and 18 times as much with all parameters.
        p = tables.parameter
        active = 6 * p("deepseekv3_active_params").central * p("deepseekv3_tokens").central
        assert active == pytest.approx(3.29e24, rel=0.002)
        ratio = p("deepseekv3_total_params").central / p("deepseekv3_active_params").central
        assert round(ratio) == 18

    def test_capacity_factor_of_russian_fleet(self):
        # 208.784 TWh from 30.25 GW in 2019: Rosenergoatom, as quoted by Sputnik, 1 January 2020.
        p = tables.parameter
        share = p("ru_nuclear_generation_2019").central / (
            p("ru_nuclear_capacity_2019").central * p("hours_per_year").central / 1000
        )
        assert share == pytest.approx(p("ru_capacity_factor_2019").central, abs=0.001)

    def test_capacity_factor_of_the_floating_plant(self):
        # 250 GWh in 2024, a leap year, from 70 MW: 40.7 %; 429 GWh by design: 70 %.
        p = tables.parameter
        mw = p("fnpp_nameplate").central
        got = p("fnpp_generation_2024").central * 1000 / (mw * p("hours_per_year").high)
        assert got == pytest.approx(p("fnpp_capacity_factor").central, abs=0.001)
        design = p("fnpp_generation_design").central * 1000 / (mw * p("hours_per_year").central)
        assert design == pytest.approx(p("fnpp_capacity_factor").high, abs=0.001)

    def test_draft_scheme_grows_by_55_per_cent_net(self):
        # TASS on the draft General Scheme, August 2024: 29,543 MW to 45,841 MW.
        p = tables.parameter
        ratio = (
            p("ru_nuclear_capacity_2042_draft").central
            / p("ru_nuclear_capacity_2024_draft").central
        )
        assert ratio == pytest.approx(1.55, abs=0.005)

    def test_us_projection_implies_half_use(self):
        # Lawrence Berkeley National Laboratory 2024: 325-580 TWh on 74-132 GW in 2028.
        energy, power = tables.parameter("dc_us_2028"), tables.parameter("dc_us_2028_capacity")
        assert energy.low / (power.low * 8.76) == pytest.approx(0.50, abs=0.005)
        assert energy.high / (power.high * 8.76) == pytest.approx(0.50, abs=0.005)

    def test_world_demand_grows_15_per_cent_a_year(self):
        # IEA, Energy and AI, April 2025: "around 15 %" a year from 415 to 945 TWh.
        growth = math.pow(
            tables.parameter("dc_world_2030").central / tables.parameter("dc_world_2024").central,
            1 / 6,
        )
        assert growth - 1 == pytest.approx(0.147, abs=0.001)

    def test_site_power_per_accelerator(self):
        # The course's worked example: 100,000 H100 draw 127.9 MW, so 1.28 kW each.
        p = tables.parameter
        kw = (
            p("node_nameplate_8xh100").central
            * p("node_load_factor_training").central
            * p("it_extra_network_storage").central
            * p("pue_hyperscale").high
            / p("accelerators_per_node").central
        )
        assert kw == pytest.approx(p("h100_site_power").central, abs=0.002)


class TestSources:
    def test_every_key_of_every_table_resolves(self, listed):
        known = set(listed["key"])
        for name in tables.catalogue().index:
            if name != "sources":
                used = {k for cell in tables.load(name)["source"] for k in cell.split("|")}
                assert used <= known, name

    def test_addresses_are_addresses(self, listed):
        for address in listed["address"].dropna():
            for part in address.split(" ; "):
                assert part.startswith(("http://", "https://")) and " " not in part

    def test_only_what_has_no_page_lacks_an_address(self, listed):
        # The customs ruling on the Tesla V100 was seen as a text without an address.
        bare = set(listed.loc[listed["address"].isna(), "key"])
        assert {"course", "memory", "cbp-v100"} <= bare

    def test_grades_of_well_known_sources(self, listed):
        grade = listed.set_index("key")["grade"]
        # P primary, R research, N news, W weak: as the course's notes grade them.
        assert grade["comtrade"] == "P" and grade["kremlin"] == "P"
        assert grade["voxeu"] == "R"
        assert grade["techradar"] == "N"
        assert grade["abachy"] == "W" and grade["memory"] == "W"
