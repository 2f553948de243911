"""Published totals of the reactor strand, derived again from the tables."""

import re
from pathlib import Path

import pandas as pd
import pytest

from course import tables

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12


@pytest.fixture(scope="module")
def load():
    """Load each table once."""
    cache = {}

    def get(name):
        if name not in cache:
            cache[name] = tables.load(name)
        return cache[name]

    return get


def running(reactors, day):
    """Give the reactors in commercial operation on a day."""
    day = pd.Timestamp(day)
    not_closed = reactors.permanent_shutdown.isna() | (reactors.permanent_shutdown > day)
    return reactors[(reactors.commercial_operation < day) & not_closed]


class TestReactors:
    def russia(self, load):
        reactors = load("reactors")
        return reactors[reactors.country_iso3 == "RUS"]

    @pytest.mark.parametrize(
        ("status", "units", "mw"),
        # World Nuclear Association's list of 27 March 2026, in GeoNuclearData: 438 operable units
        # of 390 GWe (design net), 78 building, 125 planned; capacity of one planned unit unknown.
        # One of the 78, Argentina's CAREM-25, stopped in 2024 and stands for itself here.
        [
            ("operational", 438, 390_006),
            ("under_construction", 77, 78_891),
            ("construction_suspended", 1, 25),
            ("planned", 125, 110_582),
            ("shutdown", 224, 111_469),
        ],
    )
    def test_world(self, load, status, units, mw):
        rows = load("reactors").query("status == @status")
        assert len(rows) == units
        assert rows.net_capacity_mw.sum() == mw

    @pytest.mark.parametrize(
        ("status", "units", "mw"),
        # The same list for Russia: 34 operable units of 27.9 GWe, 7 building, 23 planned.
        [("operational", 34, 27_854), ("under_construction", 7, 4_932), ("planned", 23, 21_000)],
    )
    def test_russia_2026(self, load, status, units, mw):
        rows = self.russia(load).query("status == @status")
        assert (len(rows), rows.net_capacity_mw.sum()) == (units, mw)

    def test_russian_units_of_2025(self, load):
        # IAEA, March 2025: 36 Russian reactors in commercial operation.
        assert len(running(self.russia(load), "2025-03-03")) == 36

    def test_russian_fleet_of_2019(self, load):
        # Xinhua, January 2020: 36 units, 30.25 GW (gross).
        fleet = running(self.russia(load), "2020-01-01")
        assert len(fleet) == 36
        assert fleet.gross_capacity_mw.sum() == pytest.approx(30_250, rel=0.01)

    def test_russian_fleet_at_the_start_of_2024(self, load):
        # Draft General Scheme, TASS, August 2024: 29,543 MW of nuclear capacity (gross).
        fleet = running(self.russia(load), "2024-01-01")
        assert fleet.gross_capacity_mw.sum() == pytest.approx(29_543, rel=0.01)

    def test_closures_of_2024(self, load):
        # World Nuclear Association, Performance Report 2025: 4 reactors shut down in 2024.
        assert (load("reactors").permanent_shutdown.dt.year == 2024).sum() == 4

    def test_units_that_run_against_the_agency_s_count(self, load):
        # IAEA PRIS, 19 November 2025: 416 reactors in operation, suspended ones apart.
        operable = load("reactors").query("status == 'operational'")
        still = operable.conflicts_with.fillna("").str.contains("status=suspended_operation")
        assert set(operable[still].country_iso3) == {"JPN", "IND"}
        assert abs(len(operable) - still.sum() - 416) <= 3

    def test_starts_of_2024(self, load):
        # World Nuclear Association, Performance Report 2025: construction of 9 reactors began in
        # 2024. The list has two more, which no other list has.
        begun = load("reactors").query("construction_start.dt.year == 2024")
        alone = begun[begun.note.fillna("").str.startswith("in no other list")]
        assert len(begun) - len(alone) == 9
        assert set(alone.model) == {"HTR-PM600"}

    def test_russia_at_the_end_of_2024(self, load):
        # World Nuclear Association, Russia in 2024: 36 operable reactors of 26,802 MW net, 11
        # closed ones of 4,893 MW. Net now, after uprates, is what the association counts.
        russia = self.russia(load)
        fleet = running(russia, "2024-12-31")
        closed = russia[russia.permanent_shutdown <= "2024-12-31"]
        assert (len(fleet), len(closed)) == (36, 11)
        assert fleet.reference_net_capacity_mw.sum() == pytest.approx(26_802, rel=0.001)
        assert closed.net_capacity_mw.sum() == pytest.approx(4_893, rel=0.003)

    def test_construction_times_to_march_2023(self, load):
        # A compilation of all reactors to March 2023: median 6.3, mean 7.5 years.
        reactors = load("reactors")
        done = reactors[reactors.commercial_operation <= "2023-03-31"]
        years = (done.commercial_operation - done.construction_start).dt.days / DAYS_PER_YEAR
        assert years.median() == pytest.approx(6.3, abs=0.1)
        assert years.mean() == pytest.approx(7.5, abs=0.2)

    def test_kursk(self, load):
        # Rosatom: first concrete 29 April 2018, grid 31 December 2025; the list was a day early.
        row = load("reactors").set_index("reactor").loc["Kursk 2-1"]
        assert row.construction_start == pd.Timestamp("2018-04-29")
        assert row.grid_connection == pd.Timestamp("2025-12-31")
        years = (row.grid_connection - row.construction_start).days / DAYS_PER_YEAR
        assert years == pytest.approx(7.67, abs=0.01)

    def test_three_capacities_of_one_reactor(self, load):
        # Akademik Lomonosov: 30 MW in the list, 32 net and 38 gross in PRIS, 150 MWt.
        row = load("reactors").set_index("reactor").loc["Akademik Lomonosov-1"]
        assert (row.net_capacity_mw, row.reference_net_capacity_mw) == (30, 32)
        assert (row.gross_capacity_mw, row.thermal_capacity_mw) == (38, 150)

    def test_net_is_less_than_gross_is_less_than_heat(self, load):
        known = load("reactors").dropna(subset=["gross_capacity_mw", "thermal_capacity_mw"])
        assert len(known) == 47 and set(known.country_iso3) == {"RUS"}
        assert (known.net_capacity_mw <= known.gross_capacity_mw).all()
        assert (known.reference_net_capacity_mw <= known.gross_capacity_mw).all()
        assert (known.gross_capacity_mw < 0.6 * known.thermal_capacity_mw).all()

    def test_each_capacity_beside_the_design_says_of_which_year_it_is(self, load):
        reactors = load("reactors")
        columns = ["reference_net_capacity_mw", "gross_capacity_mw", "thermal_capacity_mw"]
        assert (reactors[columns].notna().any(axis=1) == reactors.capacity_year.notna()).all()
        year = reactors.groupby("country_iso3").capacity_year.max().dropna()
        assert year.to_dict() == {"RUS": 2015, "USA": 2025}

    def test_american_units_against_their_government(self, load):
        # EIA, Monthly Energy Review, table 8.1: net summer capacity 95.723 GW in February 2024,
        # before Vogtle-4 (1,117 MW) went into service that April.
        rows = load("reactors").query("country_iso3 == 'USA' and status == 'operational'")
        now = rows.reference_net_capacity_mw
        assert now.notna().all()
        assert now.sum() == pytest.approx(95_723 + 1_117, rel=0.003)
        assert rows.net_capacity_mw.sum() < 0.95 * now.sum()
        assert rows.set_index("reactor").reference_net_capacity_mw["Browns Ferry-1"] == 1256

    # IAEA PRIS and Wikipedia's list of January 2024, read beside the world list: each date is in
    # both. For CAREM-25 the World Nuclear Industry Status Report stands beside PRIS, for Kursk
    # Rosatom alone, for Mochovce-3 Wikipedia alone.
    MENDED = """
        Atucha-1 construction_start 1968-06-01
        Carem25 construction_start 2014-02-08
        Greifswald-1 permanent_shutdown 1990-02-14
        Greifswald-4 permanent_shutdown 1990-07-22
        Shimane-3 construction_start 2007-10-12
        Tsuruga-1 construction_start 1966-11-24
        Laguna_Verde-1 construction_start 1976-10-01
        Kursk_2-1 construction_start 2018-04-29
        Mochovce-3 commercial_operation 2023-10-17
        Hanbit-2 construction_start 1981-12-10
        Kori-1 construction_start 1972-04-27
        Kori-2 construction_start 1977-12-04
        Wolsong-2 construction_start 1992-06-22
        Shoreham permanent_shutdown 1989-05-01
        Vogtle-3 construction_start 2013-03-12
    """

    @pytest.mark.parametrize(
        ("unit", "column", "day"), [x.split() for x in MENDED.split("\n") if x.split()]
    )
    def test_dates_mended(self, load, unit, column, day):
        row = load("reactors").set_index("reactor").loc[unit.replace("_", " ")]
        assert row[column] == pd.Timestamp(day)
        assert f"{column}=" in row.conflicts_with and "[geonuclear]" in row.conflicts_with

    # Units of all ages and countries with the day of commercial operation in IAEA PRIS, 2015.
    PRIS = """
        Almaraz-1 1983-09-01, Angra-1 1985-01-01, Armenian-1 1977-10-06, Asco-2 1986-03-31,
        Balakovo-4 1993-12-22, Belleville-1 1988-06-01, Beloyarsk-3 1981-11-01,
        Berkeley-1 1962-06-12, Biblis-A 1975-02-26, Bilibino-2 1975-02-01, Blayais-1 1981-12-01,
        Borssele 1973-10-26, Bruce-1 1977-09-01, Bugey-1 1972-07-01, Caorso 1981-12-01,
        Kalinin-3 2005-11-08, Kola-1 1973-12-28, Rostov-1 2001-12-25, Smolensk-3 1990-10-12
    """

    @pytest.mark.parametrize("fact", [x.strip() for x in PRIS.replace("\n", " ").split(",")])
    def test_days_that_pris_gives(self, load, fact):
        unit, day = fact.rsplit(" ", 1)
        row = load("reactors").set_index("reactor").loc[unit]
        assert row.commercial_operation == pd.Timestamp(day)
        assert "iaea-pris" in row.confirmed_by

    def test_what_another_list_says_differs_from_ours(self, load):
        reactors = load("reactors")
        said = reactors.dropna(subset=["conflicts_with"])
        for _, row in said.iterrows():
            for part in row.conflicts_with.split("; "):
                column, value = part.split(" [")[0].split("=")
                mine = row[column]
                assert str(getattr(mine, "date", lambda m=mine: m)()) != value
                assert not isinstance(mine, float) or mine != float(value)

    def test_only_plans_and_the_newest_units_are_in_one_list_alone(self, load):
        real = load("reactors").query("status != 'planned'")
        alone = real[real.confirmed_columns.isna()]
        assert set(alone.status) == {"under_construction", "operational"}
        assert list(alone[alone.status == "operational"].reactor) == ["Karachi 2"]
        assert (alone[alone.status != "operational"].construction_start >= "2021").all()

    def test_units_of_one_plant_stand_together(self, load):
        # Ten kilometres are 0.09 degrees of latitude; the list had a unit 123 km from its plant.
        place = load("reactors").groupby(["country", "plant"])[["latitude", "longitude"]]
        apart = place.max() - place.min()
        assert apart.latitude.max() < 0.09 and apart.longitude.max() < 0.09

    def test_dates_are_in_order(self, load):
        reactors = load("reactors")
        for first, then in [
            ("construction_start", "grid_connection"),
            ("grid_connection", "commercial_operation"),
            ("commercial_operation", "permanent_shutdown"),
        ]:
            both = reactors.dropna(subset=[first, then])
            assert (both[first] <= both[then]).all()

    def test_status_agrees_with_dates(self, load):
        reactors = load("reactors")
        assert (reactors.permanent_shutdown.notna() == (reactors.status == "shutdown")).all()
        unfinished = ~reactors.status.isin(["operational", "shutdown"])
        assert (reactors.commercial_operation.isna() == unfinished).all()


class TestLoadFactors:
    def row(self, load, code, year):
        table = load("load_factors")
        return table[(table.country_iso3 == code) & (table.year == year)].iloc[0]

    @pytest.mark.parametrize(
        ("country", "twh"),
        # IAEA, Nuclear Power Reactors in the World (2015): electricity supplied in 2014.
        [("USA", 798.6), ("FRA", 418.0), ("RUS", 169.1), ("KOR", 149.2), ("CHN", 123.8)],
    )
    def test_generation_of_2014(self, load, country, twh):
        row = self.row(load, country, 2014)
        assert row.counted_generation_twh == pytest.approx(twh, abs=0.06)

    def test_it_is_not_what_a_country_generated(self, load):
        # Angra-2 came on in 2000: the national series has twice what the unit that ran all year
        # gave. In 2001 both ran, and the two differ by what the plants use themselves.
        national = load("electricity_by_country").query("country_iso3 == 'BRA'")
        national = national.set_index("year").nuclear_twh
        assert self.row(load, "BRA", 2000).counted_generation_twh < 0.6 * national[2000]
        assert self.row(load, "BRA", 2002).counted_generation_twh > 0.9 * national[2002]

    def test_it_is_a_small_extract(self, load):
        table = load("load_factors")
        assert len(table) < 500 and table.year.between(2000, 2014).all()
        known = load("electricity_by_country")
        assert set(table.country_iso3) == set(
            known[known.generation_kind.notna()].country_iso3.dropna()
        )

    def test_load_factors_recomputed(self, load):
        table = load("load_factors")
        mwh = table.counted_generation_twh * 1e6
        computed = 100 * mwh / (table.reference_net_capacity_mw * table.hours_in_year)
        assert ((computed - table.load_factor_pct).abs() < 0.35).all()

    def test_russia_2014(self, load):
        # PRIS: 33 units, 23,643 MW, 169.05 TWh, load factor 81.6 %.
        row = self.row(load, "RUS", 2014)
        assert (row.units, row.reference_net_capacity_mw, row.load_factor_pct) == (33, 23643, 81.6)

    def test_japan_stood_still(self, load):
        # After Fukushima no Japanese reactor ran in 2014, and all 48 still count.
        row = self.row(load, "JPN", 2014)
        assert (row.units, row.counted_generation_twh, row.load_factor_pct) == (48, 0, 0)

    def test_leap_years(self, load):
        table = load("load_factors")
        assert ((table.hours_in_year == 8784) == (table.year % 4 == 0)).all()


class TestPlantOutput:
    def test_no_lesson_calls_the_plant_the_first_afloat(self):
        # US Army Corps of Engineers: the barge Sturgis (MH-1A) gave the Panama Canal Zone 10 MW
        # from 1968 to 1976.
        for path in sorted((Path(__file__).parents[2] / "solutions").glob("*/*.ipynb")):
            assert "first floating" not in path.read_text(encoding="utf-8").lower(), path.name

    def row(self, load, period):
        return load("plant_output").set_index("period").loc[period]

    def share(self, row):
        return 100 * row.generation_gwh * 1000 / (row.installed_capacity_mw * row.hours)

    def test_load_factor_of_2024(self, load):
        # 250 GWh / (70 MW x 8,784 h) = 40.7 %.
        assert self.share(self.row(load, "2024")) == pytest.approx(40.7, abs=0.05)

    def test_first_five_years(self, load):
        # 978 GWh in the first five years = 31.9 %.
        assert self.share(self.row(load, "first five years")) == pytest.approx(31.9, abs=0.05)

    def test_design(self, load):
        # 429 GWh a year by design = 70 %; "70 MW x 83 %" would promise 509 GWh.
        row = self.row(load, "design year")
        assert row.generation_gwh == 429
        assert self.share(row) == pytest.approx(70, abs=0.05)
        assert row.installed_capacity_mw * 0.83 * 8.76 == pytest.approx(509, abs=0.5)

    @pytest.mark.parametrize(
        ("period", "gwh"),
        # The operator, through the press: 127 GWh in 2020, 175 in 2021, 250 in 2024.
        [("2020", 127), ("2021", 175), ("2024", 250)],
    )
    def test_years(self, load, period, gwh):
        assert self.row(load, period).generation_gwh == gwh

    def test_2020_by_december(self, load):
        # Rosenergoatom, through Sightline U3O8: 122.75 GWh from 1 January to 21 December 2020.
        assert 122.75 < self.row(load, "2020").generation_gwh < 122.75 * 366 / 350

    def test_the_five_years_end_before_2024_does(self, load):
        # EastRussia, 19 December 2024, gives 978 and 250: the difference of the two is no
        # sum of whole years, and a sentence that rests on less than a month's output is none.
        for period in ("2024", "first five years"):
            row = self.row(load, period)
            assert "eastrussia-fnpp" in row.confirmed_by
            assert "19 December 2024" in row.note
        month = self.row(load, "2024").generation_gwh / 12
        left = 978 - 127 - 175 - 250
        assert abs(left - self.row(load, "design year").generation_gwh) < month

    def test_2025_is_the_sum_of_the_units(self, load):
        # PRIS 2025, through a public database: 52.7 and 88.8 GWh, net, of 30 MW each.
        assert self.row(load, "2025").generation_gwh == pytest.approx(52.7 + 88.8)

    def test_heat_beside(self, load):
        # TASS, 22 May 2020: 70 MW and 50 Gcal an hour; a Gcal is 4.1868 GJ.
        rows = load("plant_output")
        assert set(rows.installed_capacity_mw) == {70}
        assert set(rows.heat_capacity_mw) == {round(50 * 4.1868e9 / 3600 / 1e6)}

    def test_the_years_fit_within_the_first_five(self, load):
        known = sum(self.row(load, year).generation_gwh for year in ("2020", "2021", "2024"))
        left = self.row(load, "first five years").generation_gwh - known
        assert (known, left) == (552, 426)
        assert 175 < left / 2 < 250


class TestSmrDesigns:
    def test_evidence(self, load):
        # Of a compilation of 59 designs 19 stood on one hand-compiled list and were left out.
        designs = load("smr_designs")
        assert len(designs) == 59 - 19
        assert designs.thermal_capacity_mw.notna().sum() == 20
        alone = designs[designs.source == "smr-evaluation"]
        assert (alone.confirmed_by.notna() | (alone.flag == "doubtful")).all()

    @pytest.mark.parametrize(
        ("design", "mw"),
        # Steigerwald, Weibezahn and others (2023), data of a cost study: electrical capacity, MW.
        [
            ("BWRX-300", 300),
            ("SMR-160", 160),
            ("NuScale VOYGR / US460", 77),
            ("RITM-200M", 53),
            ("KLT-40S", 35),
            ("EM2", 265),
            ("HTR-PM", 210),
            ("ARC-100", 100),
            ("CEFR", 20),
        ],
    )
    def test_sizes_of_a_published_study(self, load, design, mw):
        row = load("smr_designs").set_index("design").loc[design]
        sizes = row[["net_capacity_mw", "gross_capacity_mw", "printed_capacity_mw"]].dropna()
        assert mw in set(sizes)
        assert "smr-mcs" in row.confirmed_by

    def test_carem_does_not_count_as_building(self, load):
        # Buenos Aires Herald, 2024: construction of CAREM-25 halted.
        designs = load("smr_designs").set_index("design")
        assert designs.stage["CAREM-25"] == "suspended"
        firm = designs[designs.evidence_grade != "C"]
        assert set(firm[firm.stage == "under construction"].index) == {
            *("ACP100 (Linglong One)", "BREST-OD-300", "BWRX-300", "Natrium", "RITM-200S"),
        }

    def test_a_size_in_the_name_is_not_the_size_asked_for(self, load):
        # American Nuclear Society, 14 January 2026: two SMR-300 of 340 MWe each at Palisades.
        row = load("smr_designs").set_index("design").loc["SMR-300"]
        assert row.conflicts_with == "printed_capacity_mw=340 [ans-pioneer]"

    def test_ritm_200n(self, load):
        # Rosatom through the press: 190 MWt, 55 MWe, which is 29 %.
        row = load("smr_designs").set_index("design").loc["RITM-200N"]
        assert (row.thermal_capacity_mw, row.printed_capacity_mw) == (190, 55)
        assert 100 * row.printed_capacity_mw / row.thermal_capacity_mw == pytest.approx(29, abs=0.1)

    def test_klt_40s(self, load):
        # PRIS: 32 net, 38 gross, 150 MWt; Rosatom: 35 MW each, two to a plant of 70 MW.
        row = load("smr_designs").set_index("design").loc["KLT-40S"]
        assert (row.net_capacity_mw, row.gross_capacity_mw, row.thermal_capacity_mw) == (
            32,
            38,
            150,
        )
        assert row.printed_capacity_mw * int(row.units_per_plant) == 70

    def test_nuscale_plant(self, load):
        # Reuters, November 2023: six modules of 77 MW, 462 MW.
        row = load("smr_designs").set_index("design").loc["NuScale VOYGR / US460"]
        assert row.gross_capacity_mw * int(row.units_per_plant) == 462

    def test_a_design_that_its_maker_dropped_is_no_design_any_more(self, load):
        # American Nuclear Society, 25 February 2025: from SMR-160 to SMR-300 in late 2023.
        # World Nuclear News, 20 March 2023: Urenco exits U-Battery.
        designs = load("smr_designs").set_index("design")
        assert set(designs.index[designs.stage == "given up"]) == {"SMR-160", "U-Battery"}
        assert designs.stage["SMR-300"] == "licensing"

    def test_what_runs(self, load):
        designs = load("smr_designs")
        runs = set(designs[designs.stage == "operating"].design)
        assert runs == {"KLT-40S", "RITM-200 (icebreaker)", "HTR-PM", "CEFR", "HTR-10"}

    def test_capacities_are_in_order(self, load):
        designs = load("smr_designs")
        both = designs.dropna(subset=["net_capacity_mw", "gross_capacity_mw"])
        assert (both.net_capacity_mw < both.gross_capacity_mw).all()
        columns = ["net_capacity_mw", "gross_capacity_mw", "printed_capacity_mw"]
        share = (designs[columns].max(axis=1) / designs.thermal_capacity_mw).dropna()
        assert len(share) == 19  # the icebreaker's reactor has no electrical capacity
        assert share.between(0.15, 0.55).all()


class TestRussianReactorModels:
    def row(self, load, model):
        return load("russian_reactor_models").set_index("model").loc[model]

    @pytest.mark.parametrize(
        ("model", "net", "gross", "thermal"),
        # PRIS 2015: net, gross and thermal capacity.
        [
            ("EGP-6", 11, 12, 62),
            ("KLT-40S", 32, 38, 150),
            ("BN-600", 560, 600, 1470),
            ("RBMK-1000", 925, 1000, 3200),
            # 3,000 MWt by design; PRIS 2015 gives 3,200 for five units.
            ("VVER-1000/V-320", 950, 1000, 3000),
            ("VVER-1200/V-392M", 1114, 1199, 3200),
            ("VVER-1200/V-491", 1085, 1170, 3200),
            # Rosatom at first concrete; one page has 1,300 gross.
            ("VVER-TOI/V-510", 1200, 1255, 3300),
        ],
    )
    def test_capacities(self, load, model, net, gross, thermal):
        row = self.row(load, model)
        capacities = (row.net_capacity_mw, row.gross_capacity_mw, row.thermal_capacity_mw)
        assert capacities == (net, gross, thermal)

    def test_nineteen_models_from_eleven_to_1200_megawatts(self, load):
        models = load("russian_reactor_models")
        assert len(models) == 19
        assert (models.net_capacity_mw.min(), models.net_capacity_mw.max()) == (11, 1200)

    def test_efficiencies_are_possible(self, load):
        # Steam cycles turn 19 % (Bilibino, which also heats) to 42 % (fast reactors) into power.
        models = load("russian_reactor_models")
        efficiency = (models.gross_capacity_mw / models.thermal_capacity_mw).dropna()
        assert efficiency.between(0.19, 0.43).all()

    def test_net_is_what_the_world_list_gives_by_design(self, load):
        reactors = load("reactors").set_index("reactor")
        models = load("russian_reactor_models").set_index("model")
        for model, unit in [
            ("EGP-6", "Bilibino-2"),
            ("VVER-440/V-179", "Novovoronezh-4"),
            ("VVER-440/V-213", "Kola-3"),
            ("VVER-440/V-230", "Kola-1"),
            ("BN-600", "Beloyarsk-3"),
            ("RBMK-1000", "Smolensk-1"),
            ("VVER-1000/V-187", "Novovoronezh-5"),
            ("VVER-1000/V-320", "Kalinin-4"),
            ("VVER-1000/V-338", "Kalinin-2"),
            ("VVER-1200/V-392M", "Novovoronezh 2-1"),
        ]:
            assert models.net_capacity_mw[model] == reactors.net_capacity_mw[unit]
            assert models.confirmed_by[model].split("|")[0] == "geonuclear"

    def test_gross_figures_from_before_a_model_ran_have_a_later_one_beside_them(self, load):
        # PRIS as read in 2015. The IAEA in December 2018 (NucNet): Leningrad 2-1 has 1,199 gross.
        reactors = load("reactors").set_index("reactor")
        for model, unit in [
            ("VVER-1200/V-491", "Leningrad 2-1"),
            ("VVER-1200/V-392M", "Novovoronezh 2-1"),
        ]:
            row, built = self.row(load, model), reactors.loc[unit]
            assert built.commercial_operation.year > built.capacity_year
            assert built.gross_capacity_mw == row.gross_capacity_mw
            for said in (row.conflicts_with, built.conflicts_with):
                assert "gross_capacity_mw=" in said
        for model, later in [
            ("VVER-1200/V-491", "gross_capacity_mw=1199 [nucnet-leningrad]"),
            # Rosatom: 35 MW a reactor, 70 MW for two; neither net nor gross is said.
            ("KLT-40S", "gross_capacity_mw=35 [fnpp-about]"),
        ]:
            assert later in self.row(load, model).conflicts_with

    def test_every_vver_1000_has_the_heat_of_its_design(self, load):
        # One core, 3,000 MWt, in all of them; where PRIS has more for a unit, its row says so.
        models = load("russian_reactor_models").set_index("model")
        kinds = models[models.index.str.startswith("VVER-1000")]
        assert (kinds.thermal_capacity_mw == 3000).all()
        reactors = load("reactors")
        more = reactors[(reactors.model == "VVER V-320") & (reactors.thermal_capacity_mw > 3120)]
        assert len(more) == 5
        assert more.note.str.contains("3,000").all()

    def test_no_model_has_gross_below_net(self, load):
        models = load("russian_reactor_models")
        both = models.dropna(subset=["net_capacity_mw", "gross_capacity_mw"])
        assert (both.gross_capacity_mw > both.net_capacity_mw).all()

    def test_agrees_with_the_reactors(self, load):
        reactors = load("reactors").set_index("reactor")
        for model, unit in [("RBMK-1000", "Smolensk-1"), ("VVER-1000/V-320", "Balakovo-1")]:
            row = self.row(load, model)
            assert reactors.gross_capacity_mw[unit] == row.gross_capacity_mw
            assert reactors.thermal_capacity_mw[unit] == row.thermal_capacity_mw


class TestAnnouncements:
    def row(self, load, name):
        return load("announcements").set_index("announcement").loc[name]

    def test_kursk(self, load):
        # 29 April 2018 to 31 December 2025 is 7.67 years; planned 4.5; ratio 1.71.
        row = self.row(load, "kursk-2-1")
        years = (row.actual_date - row.construction_start).days / DAYS_PER_YEAR
        assert years == pytest.approx(7.67, abs=0.005)
        assert years / row.planned_duration_years == pytest.approx(1.71, abs=0.01)

    def test_suspended_projects(self, load):
        # Forbes Russia, June 2026: 38 of 128 data-centre projects suspended, 29.7 %.
        row = self.row(load, "dc-128")
        assert row.planned_count == 128
        assert "38 suspended" in row.what_happened
        assert round(100 * 38 / row.planned_count, 1) == 29.7

    def test_fleet_plan_of_2015(self, load):
        # December 2015: 59 reactors by 2030; 35 units in 2025.
        row = self.row(load, "fleet-2015")
        assert (row.planned_count, row.planned_year) == (59, 2030)
        assert row.what_happened.startswith("35 reactors in 2025")

    def test_late_means_after_the_year_planned(self, load):
        late = load("announcements").query("outcome == 'late'").dropna(subset=["actual_year"])
        # And a plan whose year is past is late, part there, changed or not seen: not open.
        assert len(late) == 3
        assert (late.actual_year > late.planned_year).all()

    def test_delay_of_the_floating_plant(self, load):
        # Due 2016, on the grid on 19 December 2019, as in the table of reactors. World Nuclear
        # News, 12 December 2012: the new contract is of 7 December, the old one had 2012; Nuclear
        # Engineering International at the keel: launch in 2010.
        row = self.row(load, "akademik-lomonosov")
        assert row.announced == "2012-12-07"
        for earlier in ("planned_year=2010 [nei-fnpp-2007]", "planned_year=2012 [wnn-fnpp]"):
            assert earlier in row.conflicts_with
        assert row.actual_year - row.planned_year == 3
        unit = load("reactors").set_index("reactor").loc["Akademik Lomonosov-1"]
        assert row.actual_date == unit.grid_connection
        assert row.construction_start == unit.construction_start

    def test_acp100(self, load):
        # World Nuclear News, 25 March 2019: first concrete on 31 December 2019, 65 months,
        # start-up by 31 May 2025. First concrete came on 13 July 2021.
        row = self.row(load, "acp100")
        planned = pd.Timestamp("2025-05-31") - pd.Timestamp("2019-12-31")
        assert planned.days / DAYS_PER_YEAR == pytest.approx(row.planned_duration_years, abs=0.01)
        assert row.planned_duration_years * MONTHS_PER_YEAR == pytest.approx(65, abs=0.1)
        unit = load("reactors").set_index("reactor").loc["Changjiang SMR-1"]
        assert row.construction_start == unit.construction_start
        assert row.outcome == "late"

    def test_open_plans_have_no_outcome_date(self, load):
        plans = load("announcements")
        assert plans[plans.outcome.isin(["open", "not seen"])].actual_date.isna().all()


class TestReactorCosts:
    def value(self, load, project, estimate, measure="capital cost"):
        costs = load("reactor_costs").set_index(["project", "estimate", "measure"])
        return costs.value_low[project, estimate, measure]

    def test_floating_plant(self, load):
        # RUB 6bn to 37bn is x 6.2; USD 232m to 700m is x 3.0; USD 700m / 70 MW = 10,000 USD/kW.
        plant = "Akademik Lomonosov"
        roubles = self.value(load, plant, "2015") / self.value(load, plant, "first")
        dollars = self.value(load, plant, "2015, in dollars") / self.value(
            load, plant, "first, in dollars"
        )
        assert roubles == pytest.approx(6.2, abs=0.05)
        assert dollars == pytest.approx(3.0, abs=0.05)
        assert self.value(load, plant, "2015, in dollars") * 1e6 / 70_000 == 10_000

    def test_yakutia(self, load):
        # RUB 75.4bn / 55 MW at 90 roubles a dollar: 15,200 USD/kW.
        usd_per_kw = self.value(load, "Yakutia, Ust-Kuyga", "plan") * 1e9 / 55_000 / 90
        assert usd_per_kw == pytest.approx(15_200, abs=50)

    def test_nuscale(self, load):
        # Up 53 % from 58 to 89 USD/MWh; 5.3 to 9.3 billion is 11,500 to 20,100 USD/kW of 462 MW.
        price = [self.value(load, "NuScale, Utah", y, "price of power") for y in ("2021", "2023")]
        assert 100 * (price[1] / price[0] - 1) == pytest.approx(53, abs=0.6)
        cost = [self.value(load, "NuScale, Utah", e) * 1e9 / 462_000 for e in ("first", "later")]
        assert cost == pytest.approx([11_500, 20_100], abs=50)

    def test_darlington(self, load):
        # Globe and Mail, May 2025: 20.9 billion CAD for 1,200 MW, 17,400 CAD/kW.
        cost = self.value(load, "Darlington, four units", "budget") * 1e9 / 1_200_000
        assert cost == pytest.approx(17_400, abs=50)

    def test_construction_times_come_from_the_reactors(self, load):
        costs = load("reactor_costs").dropna(subset=["actual_years"])
        reactors = load("reactors").set_index("reactor")
        start = costs.reactor.map(reactors.construction_start)
        end = costs.reactor.map(reactors.commercial_operation)
        years = (end - start).dt.days / DAYS_PER_YEAR
        assert len(costs) == 21
        assert ((years - costs.actual_years).abs() < 0.006).all()

    def test_every_finished_reactor_took_longer_than_planned(self, load):
        costs = load("reactor_costs").dropna(subset=["actual_years"])
        assert (costs.actual_years > costs.planned_years).all()

    def test_olkiluoto(self, load):
        # Planned 5 years, took 17.7: 3.5 times as long.
        costs = load("reactor_costs")
        row = costs[(costs.project == "Olkiluoto-3") & (costs.estimate == "OECD/NEA")].iloc[0]
        assert row.actual_years / row.planned_years == pytest.approx(3.54, abs=0.005)

    def test_hinkley_point_is_an_estimate_of_its_day(self, load):
        # EDF, September 2019: up to 22.5 billion GBP of 2015 for two units; 1.28 USD in 2020.
        each = self.value(load, "Hinkley Point C-1", "thesis data", "capital cost per kW")
        assert 2 * 1630 * each / 1e6 == pytest.approx(22.5 * 1.28, rel=0.05)

    def test_units_fit_currencies(self, load):
        costs = load("reactor_costs")
        assert all(cur in unit for cur, unit in zip(costs.currency, costs.unit, strict=True))


class TestNuclearDeals:
    def test_meta_s_deals_of_january_2026(self, load):
        # The page: up to 6.6 GW with Vistra (2.6), Oklo (1.2) and eight Natrium of 345 MW (2.76).
        deals = load("nuclear_deals")
        meta = deals[deals.announced == "2026-01-09"].set_index("seller").capacity_mw
        assert meta["TerraPower"] == 2 * 345
        total = meta["Vistra"] + meta["Oklo"] + 8 * 345
        assert total == pytest.approx(6600, abs=50)

    @pytest.mark.parametrize(
        ("buyer", "seller", "mw"),
        # A review of 2025: Crane 835, Susquehanna 960, Kairos 500 MW; ANS, June 2025: 1,920 MW.
        [
            ("Microsoft", "Constellation", 835),
            ("Amazon Web Services", "Talen Energy", 960),
            ("Google", "Kairos Power", 500),
            ("Amazon", "Talen Energy", 1920),
        ],
    )
    def test_sizes(self, load, buyer, seller, mw):
        deals = load("nuclear_deals").set_index(["buyer", "seller"])
        assert deals.capacity_mw[buyer, seller] == mw

    def test_summing_counts_twice(self, load):
        deals = load("nuclear_deals")
        once = deals[deals.overlap == "none known"].capacity_mw.sum()
        assert deals.capacity_mw.sum() - once == 960 + 320 + 300
        flagged = deals.set_index("capacity_mw").flag.dropna()
        assert flagged.to_dict() == {960: "superseded", 320: "double_count"}

    def test_each_deal_but_one_is_on_two_pages(self, load):
        deals = load("nuclear_deals")
        alone = deals[deals.confirmed_by.isna()]
        assert list(alone.buyer) == ["Switch"]

    def test_kinds(self, load):
        count = load("nuclear_deals").kind.value_counts()
        assert count.to_dict() == {"new reactors": 9, "existing reactors": 5, "restart": 1}

    def test_the_largest_number_is_a_memorandum(self, load):
        deals = load("nuclear_deals")
        largest = deals.loc[deals.capacity_mw.idxmax()]
        assert (largest.capacity_mw, largest.form) == (12_000, "memorandum")


@pytest.mark.parametrize("text", sorted(SOLUTIONS.glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_no_lesson_calls_the_floating_plant_the_first(text):
    # US Army Corps of Engineers: the MH-1A on the Sturgis fed Panama from 1968 to 1976.
    said = text.read_text(encoding="utf-8")
    assert not re.search(r"first floating|only (country|one) that has (put|ever)", said)
