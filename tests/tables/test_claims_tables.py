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
        bare = set(listed.loc[listed["address"].isna(), "key"])
        assert bare == {"course", "memory"}
        assert set(listed.loc[listed["accessed"].isna(), "key"]) == bare

    def test_grades_of_well_known_sources(self, listed):
        grade = listed.set_index("key")["grade"]
        # P primary, R research, N news, W weak: as the course's notes grade them.
        assert grade["comtrade"] == "P" and grade["kremlin"] == "P"
        assert grade["voxeu"] == "R"
        assert grade["techradar"] == "N"
        assert grade["abachy"] == "W" and grade["memory"] == "W"


class TestForecasts:
    def test_ledger_and_answers_lie_apart(self):
        questions, answers = tables.load("forecasts"), tables.load("forecast_outcomes")
        assert not {"outcome", "resolved_on", "what_happened"} & set(questions.columns)
        closed = questions[~questions["open_ended"]]
        assert set(closed["forecast_id"]) == set(answers["forecast_id"])

    def test_asked_before_they_resolve(self):
        questions = tables.load("forecasts")
        # The closed ones are asked on the day of the speech, Wednesday 19 November 2025.
        closed = questions.query("not open_ended")
        assert set(closed["asked_on"].dt.strftime("%A %d %B %Y")) == {"Wednesday 19 November 2025"}
        assert (questions["resolves_on"] > questions["asked_on"]).all()

    def test_no_answer_came_after_its_day(self):
        both = tables.load("forecasts").merge(tables.load("forecast_outcomes"), on="forecast_id")
        assert (both["resolved_on"] <= both["resolves_on"]).all()

    def test_outcomes(self):
        outcome = tables.load("forecast_outcomes").set_index("forecast_id")["outcome"]
        # Forbes Russia, June 2026: 38 of 128 projects, 29.7 %, under the threshold of 30 %.
        assert 38 / 128 < 0.30 and not outcome["F3"]
        # Rosatom: Kursk II-1 on the grid on 31 December 2025.
        assert outcome["F2"]
        # Hermes 2: ground broken on 17 April 2026, no first concrete seen. F9's rule is concrete.
        ninth = tables.load("forecast_outcomes").set_index("forecast_id").loc["F9"]
        assert (
            "first concrete"
            in tables.load("forecasts").set_index("forecast_id").loc["F9", "resolution_rule"]
        )
        assert not ninth["outcome"] and "Hermes 2" in ninth["what_happened"]
        # Seven yes, two no.
        assert outcome.sum() == 7 and len(outcome) == 9


class TestReferences:
    def test_pattern_the_course_states(self):
        found = tables.load("references")["found"].value_counts().to_dict()
        # Nine references: two pages themselves, four as copies, three not found.
        assert found == {"yes": 2, "copy": 4, "no": 3}

    def test_one_grade_for_one_agency(self):
        grades = tables.load("references").query("outlet == 'Reuters'")["grade"]
        assert set(grades) == {"N"}

    def test_three_are_on_cooperation_with_china_or_brics(self):
        titles = tables.load("references").set_index("reference_number")["title_as_printed"]
        named = [n for n, title in titles.items() if "China" in title or "BRICS" in title]
        assert named == [2, 3, 7]

    def test_altered_address_decodes_to_the_one_seen(self):
        from urllib.parse import unquote

        row = tables.load("references").set_index("reference_number").loc[4]
        assert row["address_as_printed"] not in row["address_seen"]
        assert row["address_seen"].endswith(unquote(row["address_as_printed"]))


class TestReports:
    def test_no_report_gives_38_gigawatts(self):
        reports = tables.load("reports")
        assert set(reports.loc[reports["number"] == 38, "unit"]) == {"units"}

    def test_mean_unit_if_38_equal_todays_fleet(self):
        # 28.5 GW in 2025 over 38 units: 0.75 GW each, not small reactors.
        fleet = tables.parameter("ru_nuclear_capacity_2025").central
        units = tables.load("reports").query("element == 'nuclear units' and unit == 'units'")
        assert fleet / units["number"].iloc[0] == pytest.approx(0.75, abs=0.005)

    def test_verbs_of_the_task_force_differ(self):
        rows = tables.load("reports").query("element == 'task force'")
        # Reuters 'called for', TechRadar 'will establish', C114 'issued an order'.
        assert rows["verb"].dropna().nunique() == 4

    def test_the_tripling_has_three_referents(self):
        rows = tables.load("reports").query("element == 'data-centre electricity'")
        assert rows["referent"].nunique() == 3


class TestNumberZoo:
    @pytest.fixture
    def zoo(self):
        return tables.load("number_zoo").set_index("zoo_id")

    def test_sixteen_slips_and_three_controls(self, zoo):
        assert zoo["is_slip"].sum() == 16
        assert list(zoo.index[~zoo["is_slip"]]) == ["OK1", "OK2", "OK3"]

    def test_controls_are_right(self, zoo):
        # 0.7 kW x 8,760 h x 0.61; 10,000 x 0.7 kW x 1.3 x 1.3; 325 TWh on 74 GW.
        got = {"OK1": 0.7 * 8760 * 0.61, "OK2": 10_000 * 0.0007 * 1.69, "OK3": 325 / (74 * 8.76)}
        for zoo_id, value in got.items():
            assert zoo.loc[zoo_id, "printed_value"] == pytest.approx(value, rel=0.003)

    def test_prefix_slips_are_off_by_a_thousand(self, zoo):
        # Tom's Hardware: 450 TFLOPS for 10,000-15,000 H100 at 34 TFLOP/s each.
        slip = zoo.loc["Z2"]
        assert slip["checked_low"] == 10_000 * 34
        assert slip["checked_low"] <= slip["printed_value"] * 1000 <= slip["checked_high"]
        assert zoo.loc["Z16", "printed_value"] / zoo.loc["Z16", "checked_high"] == 1000

    def test_projects_do_not_add_up(self, zoo):
        # Forbes Russia, June 2026: 97 to be commissioned and 38 suspended, of 128.
        assert zoo.loc["Z12", "printed_value"] == 97 + 38 != zoo.loc["Z12", "checked_high"]


class TestOmissions:
    def test_each_names_claims_and_lessons_that_exist(self):
        known = set(tables.load("claims")["claim_id"])
        rows = tables.load("omissions")
        # Eight omissions, O1 to O8.
        assert list(rows["omission_id"]) == [f"O{n}" for n in range(1, 9)]
        assert {c for cell in rows["claims"] for c in cell.split("|")} <= known
        assert {n for cell in rows["lessons"] for n in cell.split("|")} <= set(LESSONS)

    def test_closures_behind_gross_and_net(self):
        # Draft General Scheme: 28.5 GW built, 16.3 GW net, so 12.2 GW closed (O3).
        p = tables.parameter
        net = (
            p("ru_nuclear_capacity_2042_draft").central
            - p("ru_nuclear_capacity_2024_draft").central
        )
        assert p("ru_new_nuclear_2042").central - net == pytest.approx(12.2, abs=0.05)

    def test_one_growth_rate_turns_the_verdict(self):
        # Energy Ministry: 2-2.5 GW in 2030 and 20 % a year, 17.8-22.3 GW in 2042 (O2).
        p = tables.parameter
        need, growth = p("ru_ai_demand_2030"), p("ru_ai_demand_growth_after_2030")
        assert need.low * (1 + growth.high) ** 12 == pytest.approx(17.8, abs=0.1)
        assert need.high * (1 + growth.high) ** 12 == pytest.approx(22.3, abs=0.1)
        assert need.high / p("ru_new_nuclear_2042").central < 0.1
