"""American reactors week by week, against lists that other publishers made."""

import itertools

import numpy as np
import pandas as pd
import pytest

from course import tables

# U.S. Energy Information Administration, Monthly Energy Review, table 8.1: capacity factor of the
# fleet by month, percent, January 2023 to February 2024.
EIA_CAPACITY_FACTOR = {
    "2023-01": 100.7,
    "2023-02": 95.6,
    "2023-03": 89.2,
    "2023-04": 83.2,
    "2023-05": 87.3,
    "2023-06": 95.3,
    "2023-07": 99.1,
    "2023-08": 97.9,
    "2023-09": 95.1,
    "2023-10": 86.2,
    "2023-11": 90.3,
    "2023-12": 96.7,
    "2024-01": 97.1,
    "2024-02": 96.9,
}


@pytest.fixture(scope="module")
def spells():
    return tables.load("us_reactor_outages")


@pytest.fixture(scope="module")
def units():
    return tables.load("us_reactor_units")


@pytest.fixture(scope="module")
def out(spells, units):
    """The matrix of in (0) and out (1): a row a week, a column a unit."""
    weeks = pd.date_range("2022-12-30", "2025-12-26", freq="7D")
    names = units.loc[units["counted"], "reactor"]
    matrix = pd.DataFrame(0, index=weeks, columns=names)
    for spell in spells.itertuples():
        matrix.loc[spell.first_week_end : spell.last_week_end, spell.reactor] += 1
    return matrix


def test_the_matrix_is_whole(out, spells, units):
    assert out.shape == (157, 92)
    assert out.to_numpy().max() == 1, "two spells of one unit overlap"
    by_unit = units.set_index("reactor")["weeks_out"]
    assert (out.sum() == by_unit[out.columns]).all()
    assert out.to_numpy().sum() == spells["weeks"].sum() == 902
    length = (spells["last_week_end"] - spells["first_week_end"]).dt.days // 7 + 1
    assert (length == spells["weeks"]).all()


def test_a_spell_ends_with_a_week_in(spells):
    after = spells.groupby("reactor")["first_week_end"].shift(-1)
    gap = (after - spells["last_week_end"]).dt.days.dropna()
    assert gap.min() > 7


def test_vogtles_commissioning_is_left_aside(spells, units):
    left = units.loc[~units["counted"], "reactor"]
    assert sorted(left) == ["Vogtle-3", "Vogtle-4"]
    assert not spells["reactor"].isin(left).any()


def test_days_of_commercial_operation_are_those_of_the_world_list(units):
    world = tables.load("reactors").set_index("reactor")
    dated = units.dropna(subset="commercial_operation").set_index("reactor")
    assert len(dated) == 93
    assert (dated["commercial_operation"] == world.loc[dated.index, "commercial_operation"]).all()
    operating = world.query("country_iso3 == 'USA' and status == 'operational'").index
    assert set(operating) == set(units["reactor"])


def test_the_months_follow_those_of_the_energy_administration(out):
    share_in = 1 - out.mean(axis=1)
    share_in.index = (share_in.index - pd.Timedelta("3D")).strftime("%Y-%m")
    months = 100 * share_in.groupby(level=0).mean()
    eia = pd.Series(EIA_CAPACITY_FACTOR)
    assert np.corrcoef(months[eia.index], eia)[0, 1] > 0.96
    assert (months[eia.index] - eia).abs().max() < 3


def test_power_times_capacity_is_the_countrys_generation(units):
    world = tables.load("reactors").set_index("reactor")
    capacity = world.loc[units["reactor"], "reference_net_capacity_mw"].to_numpy()
    given = capacity * units["mean_power_pct"] / 100 * units["weeks_seen"] / 157
    national = tables.load("electricity_by_country").query("country_iso3 == 'USA'")
    national = national.set_index("year")["nuclear_twh"].loc[2023:2025]
    assert len(national) == 3
    assert given.sum() * 8766 / 1e6 == pytest.approx(national.mean(), rel=0.02)


def test_both_units_of_prairie_island_stood_still_in_the_winter_of_2023(out):
    # MPR News, 22 November 2023, and Star Tribune, 12 April 2024: both off from October, since
    # cables were cut while the other unit was refuelled; back from January on.
    both = out[["Prairie Island-1", "Prairie Island-2"]].all(axis=1)
    assert both["2023-10-27":"2024-01-26"].all()
    assert both.sum() == 15


def test_seasons_and_sites(out, units):
    site = units.set_index("reactor")["site"]
    pairs = [(a, b) for a, b in itertools.combinations(out.columns, 2) if site[a] == site[b]]
    assert len(pairs) == 41
    share = out.mean()
    together = np.mean([(out[a] & out[b]).mean() for a, b in pairs])
    chance = np.mean([share[a] * share[b] for a, b in pairs])
    assert together == pytest.approx(0.0040, abs=5e-5)
    assert chance == pytest.approx(0.0045, abs=5e-5)
    assert out.sum(axis=1).var() == pytest.approx(27.5, abs=0.05)
    mean = share.mean()
    assert len(share) * mean * (1 - mean) == pytest.approx(5.4, abs=0.05)
