"""Yearly means of wholesale power prices, against those that other publishers printed."""

import pytest

from course import tables

# EUR a MWh, day-ahead, mean of a year.
PRINTED = {
    # Bundesnetzagentur, 3 January 2025
    ("Germany", 2023): 95.18,
    ("Germany", 2024): 78.51,
    # RTE, Bilan électrique 2024
    ("France", 2022): 276,
    ("France", 2023): 97,
    ("France", 2024): 58,
    # ERR News on Nord Pool, January 2025
    ("Estonia", 2020): 33.69,
    ("Estonia", 2021): 86.73,
    ("Estonia", 2022): 192.82,
    ("Estonia", 2023): 90.79,
    ("Estonia", 2024): 87.27,
    ("Finland", 2023): 56.47,
    ("Finland", 2024): 45.57,
    ("Latvia", 2024): 87.43,
    ("Lithuania", 2024): 87.34,
    # FfE from the ENTSO-E transparency platform, 2025
    ("Ireland", 2024): 109,
    ("Italy", 2024): 107,
    ("Sweden", 2024): 36,
}


@pytest.fixture(scope="module")
def prices():
    return tables.load("power_prices").set_index(["country", "year"])


def test_what_other_publishers_printed(prices):
    for place, value in PRINTED.items():
        got = prices.loc[place, "mean_price_eur_per_mwh"]
        assert got == pytest.approx(value, rel=0.02), place


def test_rows_with_a_second_witness_are_those_compared_here(prices):
    assert set(prices.index[prices["confirmed_by"].notna()]) == set(PRINTED)


def test_years_with_missing_months_are_flagged(prices):
    part = prices["months"] < 12
    assert part.sum() == 10
    assert (prices["flag"].notna() == part).all()
    assert (prices["flag_note"].notna() == part).all()


def test_the_mean_lies_between_the_months(prices):
    mean = prices["mean_price_eur_per_mwh"]
    assert (mean >= prices["lowest_month_eur_per_mwh"]).all()
    assert (mean <= prices["highest_month_eur_per_mwh"]).all()


def test_dollar_rates_are_those_of_the_central_bank(prices):
    # European Central Bank, annual averages of the dollar: 1.0530 (2022), 1.0813 (2023),
    # 1.0824 (2024).
    rate = prices.groupby("year")["usd_per_eur"]
    assert (rate.nunique() == 1).all()
    assert rate.first()[[2022, 2023, 2024]].tolist() == [1.053, 1.0813, 1.0824]
