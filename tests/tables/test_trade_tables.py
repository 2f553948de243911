"""Trade tables: published totals re-derived, and tables checked against one another."""

import numpy as np
import pytest

from course import tables

BN = 1e9


@pytest.fixture(scope="module")
def exports():
    return tables.load("chip_exports")


@pytest.fixture(scope="module")
def taiwan():
    return tables.load("taiwan_chip_exports")


@pytest.fixture(scope="module")
def armenia():
    return tables.load("armenia_tech_exports")


@pytest.fixture(scope="module")
def codes():
    return tables.load("priority_codes")


@pytest.fixture(scope="module")
def supply():
    return tables.load("supply_shares")


@pytest.fixture(scope="module")
def russia():
    return tables.load("russia_imports")


@pytest.fixture(scope="module")
def monthly():
    return tables.load("eu_exports_monthly")


@pytest.fixture(scope="module")
def members():
    return tables.load("eu_exports_by_member")


@pytest.fixture(scope="module")
def by_code():
    return tables.load("eu_exports_by_code")


@pytest.fixture(scope="module")
def chips_by_member():
    return tables.load("eu_chip_exports_by_member")


@pytest.fixture(scope="module")
def annual():
    return tables.load("eu_exports_annual")


@pytest.fixture(scope="module")
def mirror():
    return tables.load("mirror_trade")


@pytest.fixture(scope="module")
def partners():
    return tables.load("armenia_trade_by_partner")


@pytest.fixture(scope="module")
def machines():
    return tables.load("chip_equipment_trade")


@pytest.fixture(scope="module")
def chips():
    return tables.load("ai_chip_thresholds")


class TestChipExports:
    @staticmethod
    def value(exports, iso3, year):
        row = exports[(exports["reporter_iso3"] == iso3) & (exports["year"] == year)]
        return row["export_value_usd"].item()

    def test_world_sum_of_2021(self, exports):
        # UN Comtrade: reporters together 1,007 bn USD in 2021, of which Hong Kong 211 bn.
        year = exports[exports["year"] == 2021]
        assert year["export_value_usd"].sum() / BN == pytest.approx(1007.4, abs=0.1)
        assert self.value(exports, "HKG", 2021) / BN == pytest.approx(211.1, abs=0.1)

    @pytest.mark.parametrize(
        ("year", "bn"),
        # China Customs (GACC), yearly releases, integrated circuits exported, bn USD.
        [(2021, 153.8), (2022, 153.9), (2023, 136.0), (2024, 159.5)],
    )
    def test_china_as_its_customs_published(self, exports, year, bn):
        assert self.value(exports, "CHN", year) / BN == pytest.approx(bn, rel=0.006)

    def test_missing_is_missing_and_not_zero(self, exports):
        # Russia and Belarus reported nothing to UN Comtrade after 2021.
        for iso3 in ("RUS", "BLR"):
            assert exports.loc[exports["reporter_iso3"] == iso3, "year"].max() == 2021
        assert self.value(exports, "RUS", 2021) / 1e6 == pytest.approx(66.3, abs=0.1)
        # 2024 was incomplete when read: 86 reporters.
        assert (exports["year"] == 2024).sum() == 86

    def test_hubs_near_russia(self, exports):
        # The Wall Street Journal, May 2023 (by way of TVN24): Armenia sent 13 m USD of chips to
        # Russia in 2022; iStories and Der Spiegel: Kazakhstan 18 m USD. The world cannot be less.
        assert 13 <= self.value(exports, "ARM", 2022) / 1e6 < 14
        assert 18 <= self.value(exports, "KAZ", 2022) / 1e6 < 20

    def test_taiwan_agrees_with_its_own_customs(self, exports):
        taiwan = tables.load("taiwan_chip_exports")
        own = taiwan[taiwan["hs_code"] == "8542"].groupby("year")["export_value_usd"].sum()
        said = exports[exports["reporter_iso3"] == "TWN"].set_index("year")["export_value_usd"]
        gap = (own / said - 1).dropna()
        assert list(gap.index) == list(range(2013, 2024))
        assert gap.abs().max() < 0.0062

    def test_each_country_once_a_year(self, exports):
        assert not exports.duplicated(["reporter_iso3", "year"]).any()
        assert exports["reporter_iso3"].nunique() == 180


class TestTaiwanChipExports:
    @pytest.mark.parametrize(
        ("year", "bn"),
        # Ministry of Finance, Taiwan, yearly trade releases: integrated circuits, bn USD.
        [(2021, 155.5), (2022, 184.1), (2023, 166.6), (2024, 165.0)],
    )
    def test_totals_as_the_ministry_published(self, taiwan, year, bn):
        total = taiwan[(taiwan["hs_code"] == "8542") & (taiwan["year"] == year)]
        assert total["export_value_usd"].sum() / BN == pytest.approx(bn, abs=0.1)

    @pytest.mark.parametrize(
        ("year", "musd"),
        # Sums over Taiwan customs' eleven-digit lines, as noted when the extract was made.
        [
            (2013, 34.889),
            (2019, 27.431),
            (2021, 21.649),
            (2022, 10.607),
            (2023, 3.486),
            (2024, 0.619),
        ],
    )
    def test_sales_to_russia(self, taiwan, year, musd):
        row = taiwan[
            (taiwan["destination_iso3"] == "RUS")
            & (taiwan["year"] == year)
            & (taiwan["hs_code"] == "8542")
        ]
        assert row["export_value_usd"].item() / 1e6 == pytest.approx(musd, abs=0.0006)

    def test_subheadings_add_up_to_the_heading(self, taiwan):
        key = ["destination", "year"]
        heading = taiwan[taiwan["hs_code"] == "8542"].set_index(key)["export_value_usd"]
        parts = taiwan[taiwan["hs_code"] != "8542"].groupby(key)["export_value_usd"].sum()
        assert len(parts) > 250
        assert np.allclose(parts, heading.loc[parts.index], rtol=0, atol=0.01)

    def test_parts_only_for_russia_in_2024(self, taiwan):
        lines = taiwan[(taiwan["destination_iso3"] == "RUS") & (taiwan["year"] == 2024)]
        assert set(lines["hs_code"]) == {"8542", "854290"}

    def test_2025_is_marked_as_part_of_a_year(self, taiwan):
        assert set(taiwan.loc[~taiwan["whole_year"], "year"]) == {2025}

    def test_only_the_unnamed_lack_a_code(self, taiwan):
        assert set(taiwan.loc[taiwan["destination_iso3"].isna(), "destination"]) == {"Others"}
        pairs = taiwan[["destination", "destination_iso3"]].drop_duplicates()
        assert pairs["destination_iso3"].dropna().is_unique


class TestArmeniaTechExports:
    @pytest.mark.parametrize(("year", "gap"), [(2022, -0.017), (2023, -0.058)])
    def test_chips_against_the_full_statistic(self, armenia, year, gap):
        # Both UN Comtrade; here only lines with some re-export, so 2-6 % less.
        chips = armenia[
            (armenia["product_group"] == "integrated circuits") & (armenia["year"] == year)
        ]
        full = tables.load("chip_exports")
        full = full[(full["reporter_iso3"] == "ARM") & (full["year"] == year)]
        ratio = chips["export_value_usd"].sum() / full["export_value_usd"].item() - 1
        assert ratio == pytest.approx(gap, abs=0.001)

    def test_chips_from_nothing_to_13_million(self, armenia):
        # The Wall Street Journal, May 2023 (by way of TVN24): 13 m USD in 2022, under 2,000 before.
        chips = armenia[armenia["product_group"] == "integrated circuits"]
        by_year = chips.groupby("year")["export_value_usd"].sum()
        assert 2021 not in by_year.index
        assert by_year[2022] / 1e6 == pytest.approx(13.3, abs=0.05)

    def test_sums_of_all_lines(self, armenia):
        # Sums of the extract as made: 3.66 m USD in 2021, 403 m in 2022, 695 m in 2023.
        by_year = armenia.groupby("year")["export_value_usd"].sum() / 1e6
        assert by_year[2021] == pytest.approx(3.66, abs=0.01)
        assert by_year[2022] == pytest.approx(403.3, abs=0.1)
        assert by_year[2023] == pytest.approx(695.4, abs=0.1)

    def test_tiers_are_those_of_the_priority_list(self, armenia):
        tier = tables.load("priority_codes").set_index("hs_code")["tier"]
        expected = armenia["hs_code"].map(tier)
        assert expected.fillna("-").eq(armenia["priority_tier"].fillna("-")).all()

    def test_re_export_never_exceeds_export(self, armenia):
        assert (armenia["reexport_estimate_usd"] <= armenia["export_value_usd"] + 0.01).all()

    def test_2024_is_marked_as_one_month(self, armenia):
        assert set(armenia.loc[~armenia["whole_year"], "year"]) == {2024}


class TestPriorityCodes:
    def test_tier_counts(self, codes):
        # Bureau of Industry and Security, list of 23 February 2024: fifty codes.
        tiers = {"1": 4, "2": 5, "3.A": 16, "3.B": 9, "4.A": 11, "4.B": 5}
        assert codes["tier"].value_counts().to_dict() == tiers

    def test_every_code_and_tier_as_a_second_reader_has_them(self, codes):
        # TradeSieve, a screening tool: its own reading of the Bureau's page, 11 August 2026.
        second = {
            "1": "854231 854232 854233 854239",
            "2": "851762 852691 853221 853224 854800",
            "3.A": "847150 850440 851769 852589 852910 852990 853669 853690 854110 854121 854129 "
            "854130 854149 854151 854159 854160",
            "3.B": "848210 848220 848230 848250 880730 901310 901380 901420 901480",
            "4.A": "847180 848610 848620 848640 853400 854320 902750 903020 903032 903039 903082",
            "4.B": "845710 845811 845891 845961 846693",
        }
        ours = codes.groupby("tier")["hs_code"].agg(lambda column: " ".join(sorted(column)))
        assert ours.to_dict() == second

    def test_first_tier_is_integrated_circuits(self, codes):
        # Bureau of Industry and Security: tier 1 is 8542.31, .32, .33 and .39.
        first = set(codes.loc[codes["tier"] == "1", "hs_code"])
        assert first == {"854231", "854232", "854233", "854239"}

    def test_where_accelerator_boards_stand(self, codes):
        # US customs ruled the Tesla V100 into 8473.30: not on the list; 8471.50 and .80 are.
        listed = set(codes["hs_code"])
        assert "847330" not in listed
        assert {"847150", "847180"} <= listed

    def test_heading_is_the_codes_own(self, codes):
        assert (codes["heading"] == codes["hs_code"].str[:4]).all()


class TestSupplyShares:
    @pytest.mark.parametrize(
        ("name", "country", "share"),
        # CSET and Emerging Technology Observatory, semiconductor supply chain dataset, 2026.
        [
            ("lithography tools, extreme ultraviolet", "Netherlands", 100),
            ("lithography tools, all", "Netherlands", 81.5),
            ("lithography tools, all", "Japan", 15.0),
            ("deposition tools", "United States", 60.3),
            ("fabrication capacity", "China", 24),
        ],
    )
    def test_published_shares(self, supply, name, country, share):
        row = supply[(supply["input"] == name) & (supply["country"] == country)]
        assert row["share_pct"].item() == share

    def test_inputs_sum_to_a_hundred_as_far_as_the_source_does(self, supply):
        total = supply.groupby("input")["share_pct"].sum().round(1)
        odd = total[(total - 100).abs() > 0.15].to_dict()
        assert odd == {
            "design software (EDA)": 102.0,
            "logic chip design": 101.0,
            "fabrication capacity": 94.0,
        }

    def test_russia_supplies_none_and_belarus_one(self, supply):
        # CSET: Russia in no node with shares; Belarus 6.8 % of manual wire bonders.
        assert "RUS" not in set(supply["country_iso3"])
        row = supply[(supply["country_iso3"] == "BLR") & (supply["input"] == "manual wire bonders")]
        assert row["share_pct"].item() == 6.8

    def test_it_stays_a_small_extract(self, supply):
        # CC BY-NC 4.0: 510 rows of country shares in the full set.
        assert len(supply) < 170


class TestRussiaImports:
    @staticmethod
    def imports(russia, partner, year):
        row = russia[(russia["partner"] == partner) & (russia["year"] == year)]
        return row["import_value_musd"].item()

    def test_world_total_of_2021(self, russia):
        # Federal Customs Service of Russia, February 2022: imports 293 bn USD in 2021.
        assert self.imports(russia, "World", 2021) / 1000 == pytest.approx(293, abs=1)

    @pytest.mark.parametrize(
        ("figure_id", "year", "as_given", "without"),
        # Federal Customs Service of Russia, by way of Agenzia Nova, February 2024.
        [("T148", 2022, 0.063, 0.094), ("T149", 2023, 0.070, 0.113)],
    )
    def test_estimates_lie_further_under_customs_than_they_seem(
        self, russia, figure_id, year, as_given, without
    ):
        customs = tables.load("published_figures").set_index("figure_id").loc[figure_id, "value"]
        odd = russia[(russia["year"] == year) & russia["partner_iso3"].isin(["UGA", "GHA", "CMR"])]
        odd = odd.dropna(subset=["flag"])["import_value_musd"].sum() / 1000
        world = self.imports(russia, "World", year) / 1000
        assert 1 - world / customs == pytest.approx(as_given, abs=0.0005)
        assert 1 - (world - odd) / customs == pytest.approx(without, abs=0.0005)

    def test_what_jumps_past_belief_is_flagged_or_explained(self, russia):
        # The rule that the table's traps state, over both columns.
        explained = {"India", "Hong Kong", "Armenia"}
        open_ = {"Jordan", "Faroe Islands", "Nicaragua", "Saint Lucia", "Ghana"}
        partners = russia[russia["partner"] != "World"].set_index(["partner", "year"])
        seen = set()
        for column in ("import_value_musd", "export_value_musd"):
            wide = partners[column].unstack("year")
            base = wide.loc[:, :2021].max(axis=1)
            late = wide.loc[:, 2022:]
            over = late.gt(4 * base, axis=0) & late.sub(base, axis=0).gt(100)
            seen |= set(over.stack().loc[lambda cell: cell].index)
        flagged = set(partners.index[partners["flag"].notna()])
        assert flagged <= seen
        assert {partner for partner, _ in seen - flagged} == explained | open_
        assert partners.loc[[("Uganda", 2024)], "flag"].item() == "impossible"

    def test_a_world_row_that_holds_flagged_rows_is_flagged(self, russia):
        parts = russia[(russia["partner"] != "World") & russia["flag"].notna()]
        world = russia[(russia["partner"] == "World") & russia["flag"].notna()]
        assert set(world["year"]) == set(parts["year"]) == {2022, 2023, 2024}
        assert set(world["flag"]) == {"not_comparable"}

    def test_uganda_sells_russia_more_than_it_sells_at_all(self, russia):
        # President of Uganda, State of the Nation 2023: goods exports of 4.272 bn USD in 2022.
        assert self.imports(russia, "Uganda", 2022) / 1000 > 4.272

    def test_uzbekistan_stands_at_three_times_its_own_statistics(self, russia):
        # Statistics Agency of Uzbekistan: 9.8 bn USD both ways in 2023.
        row = russia[(russia["partner"] == "Uzbekistan") & (russia["year"] == 2023)].iloc[0]
        both = (row["import_value_musd"] + row["export_value_musd"]) / 1000
        assert both / 9.8 == pytest.approx(3.1, abs=0.05)

    @pytest.mark.parametrize(
        ("year", "bn"),
        # China Customs (GACC): exports to Russia, FOB, bn USD.
        [(2023, 111.0), (2024, 115.5)],
    )
    def test_china_is_its_own_export_times_the_ratio_of_2021(self, russia, year, bn):
        # GACC: 76.12 bn in 2022, 12.8 % more than in 2021, for which Russia still reported.
        then = self.imports(russia, "China", 2021) / 1000 / (76.12 / 1.128)
        now = self.imports(russia, "China", year) / 1000 / bn
        assert now == pytest.approx(1.08, abs=0.01)
        assert now == pytest.approx(then, abs=0.01)

    def test_no_estimate_is_borne_by_the_book_it_was_made_from(self, russia):
        parts = russia[russia["partner"] != "World"]
        assert parts.loc[parts["estimated"], "confirmed_by"].isna().all()

    def test_partners_make_up_the_world(self, russia):
        world = russia[russia["partner"] == "World"].set_index("year")
        parts = russia[russia["partner"] != "World"].groupby("year")
        for column in ("import_value_musd", "export_value_musd"):
            share = parts[column].sum() / world[column]
            assert share.between(0.997, 1.0).all()

    def test_estimated_begins_in_2022(self, russia):
        assert russia.loc[russia["estimated"], "year"].min() == 2022
        assert not russia.loc[russia["year"] == 2021, "estimated"].any()

    def test_missing_partner_is_not_zero(self, russia):
        kazakhstan = russia[russia["partner_iso3"] == "KAZ"]
        assert kazakhstan["year"].max() == 2023


class TestEuExportsMonthly:
    @pytest.mark.parametrize(
        ("partner", "year", "meur"),
        # Eurostat, Comext, all goods, million euros, as noted from the yearly view.
        [
            ("Russia", 2021, 89169),
            ("Russia", 2022, 55008),
            ("Russia", 2023, 38182),
            ("Kyrgyzstan", 2021, 263),
            ("Kyrgyzstan", 2023, 2734),
            ("Armenia", 2023, 2162),
            ("Kazakhstan", 2023, 12110),
        ],
    )
    def test_yearly_totals(self, monthly, partner, year, meur):
        rows = monthly[(monthly["partner"] == partner) & (monthly["month"].dt.year == year)]
        assert len(rows) == 12
        assert rows["export_value_eur"].sum() / 1e6 == pytest.approx(meur, abs=0.6)

    @pytest.mark.parametrize(
        ("partner", "growth"),
        # Berne Union, 1 May 2024, from IMF data in dollars: second half of 2021 to that of 2022.
        [("Kyrgyzstan", 5.37), ("Armenia", 1.78), ("Kazakhstan", 1.16)],
    )
    def test_growth_in_dollars_as_the_berne_union_has_it(self, monthly, partner, growth):
        # European Central Bank, mean of third and fourth quarter: 1.161 and 1.014 USD per EUR.
        rows = monthly[(monthly["partner"] == partner) & (monthly["month"].dt.month > 6)]
        halves = rows.groupby(rows["month"].dt.year)["export_value_eur"].sum()
        got = halves[2022] * 1.014 / (halves[2021] * 1.161) - 1
        assert got == pytest.approx(growth, abs=0.03)

    def test_every_month_is_there(self, monthly):
        assert monthly.groupby("partner").size().eq(68).all()
        assert str(monthly["month"].max().date()) == "2024-08-01"


class TestEuExportsByMember:
    def test_members_add_up_to_the_union_exactly(self, members, monthly):
        # Eurostat: the EU27 is the sum of its members.
        union = monthly.groupby(["partner", monthly["month"].dt.year])["export_value_eur"].sum()
        parts = members.groupby(["partner", "year"])["export_value_eur"].sum()
        assert len(parts) == 36
        assert (parts.to_numpy() == union.to_numpy()).all()

    def test_twenty_seven_members(self, members):
        assert members["reporter_iso3"].nunique() == 27

    def test_germany_leads_before_and_after(self, members):
        # Destatis: Germany's exports to Russia 26.6 bn EUR in 2021, 8.9 bn in 2023.
        german = members[(members["reporter_iso3"] == "DEU") & (members["partner_iso3"] == "RUS")]
        by_year = german.set_index("year")["export_value_eur"] / BN
        assert by_year[2021] == pytest.approx(26.6, rel=0.02)
        assert by_year[2023] == pytest.approx(8.9, rel=0.03)

    def test_2024_ends_in_august(self, members):
        assert members.loc[members["year"] == 2024, "months"].max() == 8


class TestEuExportsByCode:
    @pytest.mark.parametrize(
        ("partner", "heading", "year", "meur"),
        # Eurostat, Comext, the lines of four digits, read in January 2023: million euros.
        [
            ("Russia", "8542", 2020, 560.5),
            ("Russia", "8542", 2021, 622.2),
            ("Russia", "8542", 2022, 119.4),
            ("Russia", "8471", 2021, 1277),
            ("Kazakhstan", "8542", 2022, 14.7),
            ("Kazakhstan", "8471", 2022, 261),
            ("Armenia", "8542", 2022, 4.5),
            ("Kyrgyzstan", "8542", 2022, 1.68),
        ],
    )
    def test_codes_add_up_to_the_heading(self, by_code, partner, heading, year, meur):
        rows = by_code[
            (by_code["partner"] == partner)
            & (by_code["heading"] == heading)
            & (by_code["month"].dt.year == year)
        ]
        assert rows["export_value_eur"].sum() / 1e6 == pytest.approx(meur, rel=0.005)

    def test_shut_within_the_first_three_months_of_2022(self, by_code):
        # Eurostat: 97 m EUR in December 2021, 3.1 m in March 2022, 0.08 m in November 2022.
        rows = by_code[(by_code["partner"] == "Russia") & (by_code["heading"] == "8542")]
        months = rows.groupby("month")["export_value_eur"].sum() / 1e6
        assert months["2021-12-01"] == pytest.approx(97.0, abs=0.05)
        assert months["2022-03-01"] == pytest.approx(3.10, abs=0.005)
        assert months["2022-11-01"] == pytest.approx(0.08, abs=0.005)

    def test_never_more_than_all_goods(self, by_code, monthly):
        whole = monthly.set_index(["partner", "month"])["export_value_eur"]
        parts = by_code.groupby(["partner", "month"])["export_value_eur"].sum()
        share = (parts / whole).dropna()
        assert len(share) == 6 * 35
        assert share.max() < 0.12

    @pytest.mark.parametrize(
        ("partner", "first_eur"),
        # Eurostat, exports of all goods in November 2022 as first published (13 January 2023).
        [
            ("Armenia", 235_605_253),
            ("Georgia", 322_880_837),
            ("Kazakhstan", 1_095_334_824),
            ("Kyrgyzstan", 203_535_554),
            ("Russia", 4_634_786_549),
            ("Uzbekistan", 341_479_955),
        ],
    )
    def test_november_2022_was_provisional(self, monthly, partner, first_eur):
        row = monthly[(monthly["partner"] == partner) & (monthly["month"] == "2022-11-01")]
        assert 0.045 < row["export_value_eur"].item() / first_eur - 1 < 0.095

    def test_tiers_and_groups(self, by_code, codes):
        tier = by_code["hs_code"].map(codes.set_index("hs_code")["tier"])
        assert tier.fillna("-").eq(by_code["priority_tier"].fillna("-")).all()
        heading = {"8471": "computers and servers", "8542": "integrated circuits"}
        for number, group in heading.items():
            rows = by_code["heading"] == number
            assert (rows == (by_code["product_group"] == group)).all()
        assert (by_code["heading"] == by_code["hs_code"].str[:4]).all()

    def test_a_euro_of_chips_is_less_than_a_world_of_them(self, chips_by_member, exports):
        # UN Comtrade: what a member sold the whole world of HS 8542, USD; 1.18 USD per EUR in 2021.
        world = exports[exports["year"] == 2021].set_index("reporter_iso3")["export_value_usd"]
        sent = chips_by_member[
            (chips_by_member["heading"] == "8542") & (chips_by_member["year"] == 2021)
        ]
        sent = sent.groupby("reporter_iso3")["export_value_eur"].sum() * 1.18
        share = (sent / world).dropna()
        assert len(share) >= 24
        # Most of all a neighbour that passes goods on: Lithuania, half of what it sold the world.
        assert share.max() < 0.6


class TestEuChipExportsByMember:
    def test_members_add_up_to_the_codes_exactly(self, chips_by_member, by_code):
        key = ["partner", "heading", "year"]
        rows = by_code[by_code["heading"].isin(["8471", "8542"])]
        rows = rows.assign(year=rows["month"].dt.year)
        union = rows.groupby(key)["export_value_eur"].sum()
        parts = chips_by_member.groupby(key)["export_value_eur"].sum()
        assert len(parts) == 7 * 2 * 3
        assert (parts == union).all()

    @pytest.mark.parametrize(
        ("member", "meur"),
        # Eurostat, chips to Russia in 2021, million euros.
        [("NLD", 317), ("CZE", 109), ("DEU", 91)],
    )
    def test_three_members_of_2021(self, chips_by_member, member, meur):
        row = chips_by_member[
            (chips_by_member["reporter_iso3"] == member)
            & (chips_by_member["partner_iso3"] == "RUS")
            & (chips_by_member["heading"] == "8542")
            & (chips_by_member["year"] == 2021)
        ]
        assert row["export_value_eur"].item() / 1e6 == pytest.approx(meur, abs=0.5)

    def test_never_more_than_all_goods(self, chips_by_member, members):
        key = ["reporter_iso3", "partner_iso3", "year"]
        whole = members.set_index(key)["export_value_eur"]
        parts = chips_by_member.groupby(key)["export_value_eur"].sum()
        share = (parts / whole).dropna()
        assert len(share) > 400
        assert share.max() < 1

    def test_chips_are_a_large_part_of_what_the_netherlands_lost(self, chips_by_member):
        # Statistics Netherlands, February 2023: exports to Russia 3.7 bn EUR in 2022, 38 % less
        # than the year before; semiconductors and chips fell most.
        dutch = chips_by_member[
            (chips_by_member["reporter_iso3"] == "NLD") & (chips_by_member["partner_iso3"] == "RUS")
        ].set_index(["heading", "year"])["export_value_eur"]
        lost = 3.7e9 / 0.62 - 3.7e9
        assert 0.1 < (dutch["8542", 2021] - dutch["8542", 2022]) / lost < 0.2

    def test_2022_is_eleven_months(self, chips_by_member):
        months = chips_by_member.groupby("year")["months_summed"].unique()
        assert {year: list(n) for year, n in months.items()} == {2020: [12], 2021: [12], 2022: [11]}
        assert chips_by_member["reporter_iso3"].nunique() == 27


class TestEuExportsAnnual:
    @pytest.mark.parametrize(
        ("partner", "year", "beur"),
        # Eurostat, news on trade with China and with the United States, bn EUR.
        [("China", 2021, 223.4), ("China", 2023, 223.6), ("United States", 2023, 502.3)],
    )
    def test_known_totals(self, annual, partner, year, beur):
        row = annual[(annual["partner"] == partner) & (annual["year"] == year)]
        assert row["export_value_eur"].item() / BN == pytest.approx(beur, rel=0.004)

    def test_agrees_with_the_months_but_for_one_pair(self, annual, monthly):
        months = monthly.groupby(["partner", monthly["month"].dt.year])["export_value_eur"].sum()
        months.index.names = ["partner", "year"]
        gap = (months - annual.set_index(["partner", "year"])["export_value_eur"]).dropna()
        assert len(gap) == 30
        assert list(gap[gap.abs() > 10].index) == [("Uzbekistan", 2023)]
        assert abs(gap["Uzbekistan", 2023]) < 2e6

    def test_full_rectangle(self, annual):
        assert len(annual) == 29 * 14


class TestMirrorTrade:
    @pytest.mark.parametrize(
        ("year", "sent", "received"),
        # Eurostat, and the National Statistical Committee of the Kyrgyz Republic, million euros.
        [(2021, 263, 245), (2023, 2734, 901)],
    )
    def test_kyrgyzstan_from_both_sides(self, mirror, year, sent, received):
        row = mirror[
            (mirror["exporter"] == "EU27")
            & (mirror["importer_iso3"] == "KGZ")
            & (mirror["year"] == year)
        ]
        assert row["exporter_reported_eur"].item() / 1e6 == pytest.approx(sent, abs=0.6)
        assert row["importer_reported_eur"].item() / 1e6 == pytest.approx(received, abs=0.6)

    def test_union_as_in_the_yearly_table(self, mirror, monthly):
        union = mirror[mirror["exporter"] == "EU27"].set_index(["importer", "year"])
        months = monthly.groupby(["partner", monthly["month"].dt.year])["export_value_eur"].sum()
        for key, value in union["exporter_reported_eur"].items():
            assert value == months[key]

    def test_members_sum_to_the_union_on_both_sides(self, mirror):
        parts = mirror[mirror["exporter"] != "EU27"].groupby(["importer", "year"])
        union = mirror[mirror["exporter"] == "EU27"].set_index(["importer", "year"])
        for side in ("exporter_reported_eur", "importer_reported_eur"):
            short = union[side] - parts[side].sum()
            # Malta says that it sold Uzbekistan nothing in 2021; the importer has 0.37 m from it.
            assert short.drop(("Uzbekistan", 2021)).abs().max() < 1
            assert short["Uzbekistan", 2021] / 1e6 == pytest.approx(
                0.37 if side.startswith("importer") else 0, abs=0.005
            )

    def test_gap_opens_for_kyrgyzstan_only_after_2021(self, mirror):
        union = mirror[(mirror["exporter"] == "EU27") & (mirror["importer_iso3"] == "KGZ")]
        ratio = union.set_index("year")["importer_reported_eur"].div(
            union.set_index("year")["exporter_reported_eur"]
        )
        assert ratio.loc[2019:2021].min() > 0.8
        assert ratio.loc[2023] == pytest.approx(0.33, abs=0.005)


class TestArmeniaTradeByPartner:
    def test_origin_against_consignment(self, partners):
        # Armstat: imports from the Emirates in 2022, 59 m USD by origin, 465 m by consignment.
        row = partners[(partners["partner_iso3"] == "ARE") & (partners["year"] == 2022)].iloc[0]
        assert row["import_by_origin_kusd"] / 1000 == pytest.approx(59, abs=0.5)
        assert row["import_by_consignment_kusd"] / 1000 == pytest.approx(465, abs=0.5)

    @pytest.mark.parametrize(
        ("year", "exports", "imports"),
        # Armstat, first yearly releases, million USD; later revisions move them by up to 4 %.
        [(2021, 3023, 5356), (2022, 5360, 8769), (2023, 8416, 12307)],
    )
    def test_totals_as_first_published(self, partners, year, exports, imports):
        total = partners[partners["year"] == year].sum(numeric_only=True) / 1000
        assert total["export_value_kusd"] == pytest.approx(exports, rel=0.04)
        assert total["import_by_origin_kusd"] == pytest.approx(imports, rel=0.04)

    def test_both_countings_have_nearly_one_total(self, partners):
        total = partners.groupby("year")[
            ["import_by_origin_kusd", "import_by_consignment_kusd"]
        ].sum()
        ratio = total["import_by_origin_kusd"] / total["import_by_consignment_kusd"]
        assert ratio.between(0.998, 1.001).all()

    def test_each_partner_once_a_year(self, partners):
        assert not partners.duplicated(["partner", "year"]).any()
        coded = partners.dropna(subset=["partner_iso3"])
        assert not coded.duplicated(["partner_iso3", "year"]).any()

    def test_russias_book_is_a_witness_until_2020_only(self, partners):
        # IMF, Russia's imports from Armenia, against Armstat's exports to Russia. One ratio to five
        # digits in three years: there the one was made from the other.
        russia = tables.load("russia_imports")
        seen = russia[russia["partner_iso3"] == "ARM"].set_index("year")["import_value_musd"]
        said = partners[partners["partner_iso3"] == "RUS"].set_index("year")["export_value_kusd"]
        ratio = (seen / (said / 1000)).dropna()
        assert ratio.loc[2016:2020].between(0.88, 1.09).all()
        assert ratio.loc[[2021, 2023, 2024]].round(5).nunique() == 1

    @pytest.mark.parametrize(
        ("year", "musd", "share"),
        # ArmInfo, March 2024, from Armstat: exports to the Emirates and Hong Kong together.
        [(2021, 84, 0.028), (2023, None, 0.344)],
    )
    def test_emirates_and_hong_kong_as_the_press_had_them(self, partners, year, musd, share):
        rows = partners[partners["year"] == year]
        both = rows.loc[rows["partner_iso3"].isin(["ARE", "HKG"]), "export_value_kusd"].sum()
        # The table holds revised totals: 8.55 bn USD for the 8.42 of the first release of 2023.
        assert both / rows["export_value_kusd"].sum() == pytest.approx(share, abs=0.008)
        if musd:
            assert both / 1000 == pytest.approx(musd, abs=0.5)

    @pytest.mark.parametrize(
        ("year", "usd_per_eur", "origin", "consigned"),
        # European Central Bank, yearly means; Eurostat, exports to Armenia. Goods made in the EU
        # come by way of others, and goods made elsewhere are sent from the EU.
        [(2021, 1.1827, 1.04, 1.15), (2022, 1.0530, 0.74, 0.89), (2023, 1.0813, 0.80, 0.96)],
    )
    def test_what_the_union_sent(
        self, partners, members, annual, year, usd_per_eur, origin, consigned
    ):
        union = members["reporter_iso3"].unique()
        here = partners[partners["partner_iso3"].isin(union) & (partners["year"] == year)]
        here = here.sum(numeric_only=True) * 1000 / usd_per_eur
        sent = annual[(annual["partner"] == "Armenia") & (annual["year"] == year)]
        sent = sent["export_value_eur"].item()
        assert here["import_by_origin_kusd"] / sent == pytest.approx(origin, abs=0.005)
        assert here["import_by_consignment_kusd"] / sent == pytest.approx(consigned, abs=0.005)


class TestChipEquipmentTrade:
    def test_russia_was_small(self, machines):
        # UN Comtrade: Russia imported 38 to 60 m USD a year of HS 8486.20 in 2016-2019.
        russia = machines[(machines["reporter_iso3"] == "RUS") & (machines["hs_code"] == "848620")]
        musd = russia.set_index("year")["import_value_usd"] / 1e6
        assert list(musd.index) == [2016, 2017, 2018, 2019]
        assert round(musd.min()) == 38 and round(musd.max()) == 60

    def test_world_exports_and_imports_agree(self, machines):
        # The same goods from both sides, FOB against CIF: within a tenth for the makers' line.
        year = machines[machines["hs_code"] == "848620"].groupby("year")
        ratio = year["import_value_usd"].sum() / year["export_value_usd"].sum()
        assert ratio.between(0.9, 1.1).all()

    def test_three_makers_hold_three_quarters(self, machines):
        # SEMI and VLSI Research: Japan, the Netherlands and the United States make most machines.
        rows = machines[(machines["hs_code"] == "848620") & (machines["year"] == 2019)]
        share = rows.set_index("reporter_iso3")["export_value_usd"] / rows["export_value_usd"].sum()
        assert list(share.nlargest(3).index) == ["JPN", "NLD", "USA"]
        assert share[["JPN", "NLD", "USA"]].sum() == pytest.approx(0.75, abs=0.02)


class TestAiChipThresholds:
    @pytest.mark.parametrize(
        ("chip", "tpp"),
        # Nvidia's data sheets: dense peak times bits, 312 x 16, 1,979 x 8, 296 x 8.
        [("Nvidia A100 SXM", 4992), ("Nvidia H800 SXM", 15832), ("Nvidia H20 SXM", 2368)],
    )
    def test_known_performance(self, chips, chip, tpp):
        assert chips.set_index("chip").loc[chip, "total_processing_performance"] == tpp

    def test_density_is_performance_over_area(self, chips):
        got = chips["total_processing_performance"] / chips["die_area_mm2"]
        off = (got - chips["performance_density_tpp_per_mm2"]).abs() > 0.01
        assert list(chips.loc[off, "chip"]) == []

    def test_performance_is_the_best_format(self, chips):
        bits = chips[["fp16_dense_tflops", "fp8_dense_tflops"]] * [16, 8]
        best = bits.max(axis=1)
        below = chips.loc[best < chips["total_processing_performance"] * 0.99, "chip"]
        # B300 and B30A count in four bits; no rate is given for the MI308.
        assert set(below) == {"Nvidia B300", "Nvidia B30A"}
        peaks = chips.set_index("chip")["fp16_dense_tflops"]
        assert peaks["AMD MI300X"] == 1307.4  # AMD's data sheet; press pages have the A100's 312

    def test_no_two_chips_share_a_rating_that_is_another_s(self, chips):
        # 2,368 and 2.91 are the H20's (296 x 8 on 814 mm2): who else has them has copied them.
        twins = chips[chips["total_processing_performance"] == 2368]
        assert list(twins["chip"]) == ["Nvidia H20 SXM"]
        doubtful = chips.set_index("chip")["flag"].dropna()
        assert dict(doubtful) == {"AMD MI308": "doubtful"}

    def test_rows_agree_with_the_table_of_accelerators(self, chips):
        pairs = {
            "AMD MI250X": "AMD Radeon Instinct MI250X",
            "AMD MI300A": "AMD Instinct MI300A",
            "AMD MI300X": "AMD Instinct MI300X",
            "AMD MI325X": "AMD Instinct MI325X",
            "AMD MI350X": "AMD Instinct MI350X",
            "AMD MI355X": "AMD Instinct MI355X",
            "Nvidia A100 SXM": "NVIDIA A100 SXM4 40 GB",
            "Nvidia A800 SXM": "NVIDIA A800 SXM",
            "Nvidia B100": "NVIDIA B100",
            "Nvidia B200": "NVIDIA B200",
            "Nvidia B300": "NVIDIA B300 (Blackwell Ultra)",
            "Nvidia H100 NVL": "NVIDIA H100 NVL",
            "Nvidia H100 SXM": "NVIDIA H100 SXM5 80GB",
            "Nvidia H20 SXM": "NVIDIA HGX H20",
            "Nvidia H200 SXM": "NVIDIA H200 SXM",
            "Nvidia H800 SXM": "NVIDIA H800 SXM5",
        }
        columns = {
            "board_power_w": "tdp_w",
            "memory_bandwidth_gb_s": "memory_bandwidth_gb_per_s",
            "fp16_dense_tflops": "dense_fp16_tflops",
            "total_processing_performance": "total_processing_performance",
        }
        ours = chips.set_index("chip").loc[list(pairs), list(columns)]
        theirs = tables.load("accelerators").set_index("accelerator").loc[list(pairs.values())]
        ratio = ours / theirs[list(columns.values())].set_axis(columns, axis=1).set_axis(ours.index)
        apart = ratio.stack()[lambda r: (r - 1).abs() > 0.03]
        said = chips.set_index("chip")["conflicts_with"].fillna("")
        assert all(f"{column}=" in said[chip] for chip, column in apart.index)
        assert len(apart) == 3  # MI250X and B300 by cooling, B200's bandwidth

    def test_what_the_rule_of_2023_catches(self, chips):
        # Bureau of Industry and Security, 3A090.a: TPP >= 4800, or >= 1600 with density >= 5.92.
        tpp = chips["total_processing_performance"]
        dense = chips["performance_density_tpp_per_mm2"]
        caught = (tpp >= 4800) | ((tpp >= 1600) & (dense >= 5.92))
        assert set(chips.loc[~caught, "chip"]) == {"Nvidia H20 SXM", "AMD MI210"}


class TestPublishedFigures:
    @pytest.fixture(scope="class")
    @staticmethod
    def figures():
        return tables.load("published_figures").set_index("figure_id")

    def test_conflicts_are_mutual(self, figures):
        pairs = {
            (left, right)
            for left, cell in figures["conflicts_with"].dropna().items()
            for right in cell.split("|")
        }
        assert len(pairs) > 100
        assert all((right, left) in pairs for left, right in pairs)
        assert all(left != right for left, right in pairs)

    def test_all_three_strands_are_there(self, figures):
        # 147 figures on trade, 172 on computing, 149 on reactors of which three were twice, at
        # first; those that came later are witnesses of a table.
        own = figures.index.str[0].value_counts()
        assert own["T"] >= 147 and own["K"] >= 172 and own["R"] >= 146
        assert set(figures["strand"]) == {"trade", "compute", "reactors"}

    def test_each_has_a_value_or_words(self, figures):
        assert (figures["value"].notna() | figures["value_text"].notna()).all()
        ranges = figures["hedge"] == "range"
        assert (figures.loc[ranges, "value"] < figures.loc[ranges, "value_high"]).all()
        assert figures.loc[~ranges, "value_high"].isna().all()

    @pytest.mark.parametrize("figure_id", ["T111", "T112", "T113", "T114", "T115", "T116"])
    def test_taiwan_to_russia_as_in_its_table(self, figures, taiwan, figure_id):
        # Taiwan customs, HS 8542 to Russia, million USD.
        figure = figures.loc[figure_id]
        row = taiwan[
            (taiwan["destination_iso3"] == "RUS")
            & (taiwan["year"] == int(figure["period"]))
            & (taiwan["hs_code"] == "8542")
        ]
        assert row["export_value_usd"].item() / 1e6 == pytest.approx(figure["value"], abs=0.0006)

    @pytest.mark.parametrize("number", range(117, 133))
    def test_chip_exports_as_in_their_table(self, figures, exports, number):
        # UN Comtrade, HS 8542 to the world, million USD, two decimals.
        figure = figures.loc[f"T{number}"]
        row = exports[
            (exports["reporter"] == figure["entity"]) & (exports["year"] == int(figure["period"]))
        ]
        assert row["export_value_usd"].item() / 1e6 == pytest.approx(figure["value"], abs=0.0051)

    def test_small_base(self, figures):
        # The Wall Street Journal by way of abachy: Turkey 79 thousand to 3.2 m, China 74 to 179 m.
        value = figures["value"]
        assert value["T046"] / value["T045"] == pytest.approx(40.5, abs=0.1)
        share = (value["T046"] - value["T045"]) / (value["T012"] - value["T011"])
        assert share == pytest.approx(0.030, abs=0.0005)

    def test_value_up_quantity_down(self, figures):
        # Bank of Finland: ball bearings from China, value +76 %, quantity -13 %: unit value x 2.02.
        value = 1 + figures["value"] / 100
        assert value["T084"] / value["T085"] == pytest.approx(2.02, abs=0.005)
        # Prices: +87 % to Russia, +9 % to others: 72 % relative.
        assert value["T082"] / value["T083"] - 1 == pytest.approx(0.72, abs=0.005)

    def test_concentration_has_bounds_only(self, figures):
        # 92 % for China with Hong Kong: between 2 x 46 squared and 92 squared (+ the rest).
        share = figures.loc["X003", "value"]
        assert 2 * (share / 2) ** 2 == 4232
        assert share**2 == 8464

    def test_board_was_ruled_a_computer_part(self, figures):
        # US Customs and Border Protection, letter on the Tesla V100 SXM2.
        assert figures.loc["X001", "value_text"] == "8473.30.1180"
