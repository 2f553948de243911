"""Second witnesses of the trade tables: who else bears a row, and how closely."""

from __future__ import annotations

import pytest

from course import tables

# Uzbekistan's statistics office, trade with Germany both ways, m USD: Kursiv, UzA.
UZBEKISTAN_GERMANY = {2020: 829.0, 2022: 1160.0}
# European Central Bank, yearly means of the reference rate, USD per EUR.
USD_PER_EUR = {2019: 1.1195, 2020: 1.1422, 2021: 1.1827}


def figure(figure_id: str) -> float:
    return tables.load("published_figures").set_index("figure_id").loc[figure_id, "value"]


@pytest.fixture(scope="module")
def taiwan():
    rows = tables.load("taiwan_chip_exports").query("hs_code == '8542'")
    return rows.pivot_table("export_value_usd", "year", "destination_iso3", "sum")


@pytest.fixture(scope="module")
def exports():
    return tables.load("chip_exports").set_index(["reporter_iso3", "year"])


class TestRussiaImports:
    @pytest.fixture(scope="class")
    @staticmethod
    def rows():
        return tables.load("russia_imports").dropna(subset=["partner_iso3"])

    def test_rows_with_a_witness_are_those_that_an_exporter_bears(self, rows):
        # Eurostat and Armstat as exporters, from the course's own tables.
        members = tables.load("eu_exports_by_member").query("partner_iso3 == 'RUS'")
        said = {
            (row.reporter_iso3, row.year): row.export_value_eur * USD_PER_EUR[row.year] / 1e6
            for row in members.itertuples()
            if row.year in USD_PER_EUR
        }
        armenia = tables.load("armenia_trade_by_partner").query("partner_iso3 == 'RUS'")
        armenia = armenia.query("year <= 2021").set_index("year")["export_value_kusd"]
        said |= {("ARM", year): value / 1000 for year, value in armenia.items()}
        # General Administration of Customs of China: 76.12 bn USD in 2022, 12.8 % over 2021.
        said[("CHN", 2021)] = 1000 * figure("T172") / (1 + figure("T173") / 100)
        seen = rows.set_index(["partner_iso3", "year"])["import_value_musd"]
        near = {key for key, value in said.items() if 0.8 <= seen.get(key, 0) / value <= 1.25}
        marked = rows.dropna(subset=["confirmed_by"])
        assert set(zip(marked["partner_iso3"], marked["year"], strict=True)) == near
        counts = {"eurostat": 38, "armstat": 6, "gacc-russia-2022": 1}
        assert marked["confirmed_by"].value_counts().to_dict() == counts
        far = [key for key in said if key[0] != "ARM" and key not in near]
        assert len(far) == 43

    def test_after_2021_the_ratio_of_2021_goes_on(self, rows):
        # How the IMF fills a gap (working paper 18/16): the partner's figure, benchmarked on the
        # years that were reported. So 2021 is Russia's own, and 2023 is not.
        book = rows.set_index(["partner_iso3", "year"])["import_value_musd"].unstack()
        members = tables.load("eu_exports_by_member").query("partner_iso3 == 'RUS'")
        sent = members.set_index(["reporter_iso3", "year"])["export_value_eur"].unstack()
        # European Central Bank, yearly means, USD per EUR.
        rate = USD_PER_EUR | {2023: 1.0813}
        ratio = {year: book[year].reindex(sent.index) / sent[year] / rate[year] for year in rate}
        kept = (ratio[2023] / ratio[2021] - 1).abs() < 0.01
        before = (ratio[2020] / ratio[2021] - 1).abs() < 0.01
        assert kept.sum() == 25
        assert before.sum() < 8
        own = tables.load("armenia_trade_by_partner").query("partner_iso3 == 'RUS'")
        part = book.loc["ARM"] / own.set_index("year")["export_value_kusd"]
        assert part[2023] == pytest.approx(part[2021], rel=1e-5)
        assert part[2024] == pytest.approx(part[2021], rel=1e-5)

    def test_world_against_russian_customs(self):
        world = tables.load("russia_imports").query("partner == 'World'").set_index("year")
        imports = world["import_value_musd"] / 1000
        assert imports[2021] == pytest.approx(figure("T090"), rel=0.003)
        assert world.loc[2021, "confirmed_by"] == "fig-fcs-2022"
        for year, value in ((2022, figure("T148")), (2023, figure("T149"))):
            said = world.loc[year, "conflicts_with"]
            assert f"import_value_musd={value * 1000:.0f} [fcs-2023]" in said


class TestChipExports:
    def test_rows_with_a_witness_are_those_compared_here(self, exports):
        marked = exports["confirmed_by"].dropna()
        taiwan = {("TWN", year) for year in range(2013, 2024)}
        assert set(marked.index) == taiwan | {("CHN", year) for year in (2013, 2022, 2023, 2024)}

    def test_taiwan_by_its_own_customs(self, exports, taiwan):
        own = tables.load("taiwan_chip_exports").query("hs_code == '8542'")
        own = own.groupby("year")["export_value_usd"].sum()
        said = exports.loc["TWN", "export_value_usd"]
        assert (own[said.index] / said - 1).abs().max() < 0.007

    def test_china_by_its_statistical_bulletin(self, exports):
        # National Bureau of Statistics: 1,025.4 bn CNY; State Administration of Foreign Exchange,
        # mean rate of 2022: 6.7261 CNY per USD.
        value = figure("T163") / 6.7261
        assert exports.loc[("CHN", 2022), "export_value_usd"] / 1e9 == pytest.approx(
            value, rel=0.015
        )

    def test_china_by_its_customs(self, exports):
        # General Administration of Customs: 159.499 bn USD in 2024, 17.4 % more than in 2023.
        value = exports.loc["CHN", "export_value_usd"] / 1e9
        assert value[2024] == pytest.approx(figure("T169"), rel=0.004)
        assert value[2023] == pytest.approx(figure("T169") / (1 + figure("T170") / 100), rel=0.004)

    def test_china_in_2013_by_its_customs_and_why_it_is_flagged(self, exports):
        # 21IC on Chinese customs: 88.0 bn USD, 63 % more than in 2012, raised by hot money.
        value = exports.loc["CHN", "export_value_usd"] / 1e9
        assert value[2013] == pytest.approx(88.0, rel=0.004)
        assert exports.loc[("CHN", 2013), "flag"] == "doubtful"

    def test_who_loses_a_quarter_of_50_bn_in_a_year_is_flagged_or_explained(self, exports):
        # South Korea, 2019: prices of memory fell; its ministry had chips 26 % down as well.
        value = exports["export_value_usd"].unstack() / 1e9
        large = value.where(value > 50)
        fell = (value.shift(-1, axis=1) / large < 0.75).stack()
        assert set(fell.index[fell]) - {("KOR", 2018)} == set(exports["flag"].dropna().index)
        assert (exports["flag"].isna() == exports["flag_note"].isna()).all()

    def test_another_compilation_knows_a_thirtieth_of_hong_kong(self, exports):
        # Observatory of Economic Complexity, by way of Inspexion: 6.98 bn USD in 2021.
        assert exports.loc[("HKG", 2021), "export_value_usd"] / 1e9 / figure("T171") > 30
        assert "6980000000" in exports.loc[("HKG", 2021), "conflicts_with"]

    def test_a_later_reading_has_two_the_same_and_singapore_higher(self, exports):
        # RIA Novosti on UN Comtrade, 2023, bn USD.
        value = exports["export_value_usd"] / 1e9
        assert value["HKG", 2023] == pytest.approx(figure("T165"), abs=0.06)
        assert value["KOR", 2023] == pytest.approx(figure("T166"), abs=0.06)
        assert figure("T164") / value["SGP", 2023] == pytest.approx(1.32, abs=0.005)
        assert "137900000000" in exports.loc[("SGP", 2023), "conflicts_with"]
        assert exports["conflicts_with"].notna().sum() == 2


class TestTaiwanChipExports:
    @pytest.mark.parametrize(
        ("figure_id", "buyers"),
        # Ministry of Economic Affairs, Taiwan: January to August 2022, percent.
        [("T157", ["CHN", "HKG"]), ("T158", ["SGP"]), ("T159", ["JPN"])],
    )
    def test_buyers_of_2022_as_the_ministry_published_them(self, taiwan, figure_id, buyers):
        share = 100 * taiwan.loc[2022, buyers].sum() / taiwan.loc[2022].sum()
        assert share == pytest.approx(figure(figure_id), abs=0.6)

    def test_growth_of_2022(self, taiwan):
        # Ministry of Finance, Taiwan, by way of Bloomberg.
        growth = 100 * (taiwan.loc[2022].sum() / taiwan.loc[2021].sum() - 1)
        assert growth == pytest.approx(figure("T160"), abs=0.06)

    def test_all_goods_turned_away_from_china_since_2020_as_chips_did(self, taiwan):
        # Ministry of Finance, Taiwan: all goods 43.9 % in 2020, the highest, and 31.7 in 2024.
        share = 100 * taiwan[["CHN", "HKG"]].sum(axis=1) / taiwan.sum(axis=1)
        assert share.idxmax() == 2020
        assert figure("T161") - figure("T162") == pytest.approx(12.2)
        assert share[2020] - share[2024] == pytest.approx(9.6, abs=0.05)


class TestMirrorTrade:
    @pytest.mark.parametrize("year,rate", [(2020, 1.14), (2022, 1.05)])
    def test_uzbekistan_buys_from_germany_most_of_their_trade(self, year, rate):
        rows = tables.load("mirror_trade").query(
            "importer_iso3 == 'UZB' and exporter_iso3 == 'DEU'"
        )
        value = rows.set_index("year").loc[year, "importer_reported_eur"] * rate / 1e6
        # What is left is Uzbekistan's exports: 68 to 89 m USD in these years.
        assert 50 < UZBEKISTAN_GERMANY[year] - value < 110
