"""Reactors: the worked figures and both tables of model (c), input checks, arrays, directions."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from course.models import outages, programme, reactors
from course.tables import parameter


def central(name):
    return parameter(name).central


# Model (c), worked 1, island site: P = 100 MW, S = 55, a = 0.90.
ISLAND = [
    (2, "0.810", "1,664", "79,716"),
    (3, "0.972", "245", "11,519"),
    (4, "0.9963", "32", "1,507"),
    (5, "0.99954", "4.0", "186"),
    (6, "0.999945", "0.48", "22"),
    (7, "0.999994", "0.06", "2.6"),
]


def digits(printed):
    return len(printed.partition(".")[2])


@pytest.mark.parametrize(("units", "firm", "lole", "eue"), ISLAND)
def test_island_site(units, firm, lole, eue):
    site = (units, 100, 55, 0.90)
    assert f"{reactors.firm_probability(*site):.{digits(firm)}f}" == firm
    assert f"{reactors.loss_of_load_hours(*site):,.{digits(lole)}f}" == lole
    assert f"{reactors.unserved_energy_mwh(*site):,.{digits(eue)}f}" == eue


def test_tiers():
    # Model (c), worked 1: Tier III needs 6 units = 330 MW, Tier IV needs 7 = 385 MW.
    tier3 = reactors.smallest_firm_fleet(100, 55, 0.90, central("reliability_tier3"))
    tier4 = reactors.smallest_firm_fleet(100, 55, 0.90, central("reliability_tier4"))
    assert (tier3, 55 * tier3) == (6, 330)
    assert (tier4, 55 * tier4) == (7, 385)
    # Two units "cover 110 MW" on paper and fail 19 % of the time.
    assert f"{1 - reactors.firm_probability(2, 100, 55, 0.90):.2f}" == "0.19"


# Model (c), worked 2: built MW per firm MW at a = 0.90, r = 99.982 %.
BUILT = {
    100: ["2.45", "3.30", "4.24", "12.0", "48"],
    1000: ["1.44", "1.59", "1.80", "2.70", "4.80"],
    2500: ["1.30", "1.36", "1.48", "1.92", "3.36"],
}


@pytest.mark.parametrize("demand", BUILT)
@pytest.mark.parametrize(("column", "unit"), list(enumerate([35, 55, 106, 300, 1200])))
def test_size_and_scale(demand, column, unit):
    printed = BUILT[demand][column]
    built = reactors.built_per_firm_mw(demand, unit, 0.90, 0.99982)
    assert f"{built:.{digits(printed)}f}" == printed


def test_common_cause():
    # Model (c), worked 3: with a 2 % common cause 7 units give 0.980, not 0.999994.
    common = central("common_cause_outage")
    assert common == 0.02
    assert f"{reactors.firm_probability(7, 100, 55, 0.90, common):.3f}" == "0.980"
    assert f"{reactors.firm_probability(7, 100, 55, 0.90):.6f}" == "0.999994"


def test_akademik_lomonosov():
    # Model (c), worked 4: 250 GWh / (70 MW x 8,784 h) = 40.7 % in 2024.
    mw = central("fnpp_nameplate")
    in_2024 = reactors.capacity_factor(central("fnpp_generation_2024"), mw, hours=8784)
    assert f"{100 * in_2024:.1f}" == "40.7"
    # 978 GWh in the first five years = 31.9 %; design 429 GWh = 70 %.
    assert f"{100 * reactors.capacity_factor(978, mw, hours=5 * 8760):.1f}" == "31.9"
    design = reactors.capacity_factor(central("fnpp_generation_design"), mw)
    assert f"{100 * design:.0f}" == "70"
    # "70 MW x 83 %" would promise 509 GWh.
    assert f"{reactors.generation_gwh(mw, 0.83):.0f}" == "509"
    # Model (c): Russia 2019, 208.784 TWh on 30.25 GW = 0.788.
    russia = reactors.capacity_factor(
        1000 * central("ru_nuclear_generation_2019"), 1000 * central("ru_nuclear_capacity_2019")
    )
    assert f"{russia:.3f}" == "0.788"


def test_plan_against_demand():
    # Model (c), worked 5: +2.5 GW of average load = 55 RITM-200N at CF 0.83, or 3 VVER-TOI.
    demand = central("ru_ai_demand_2030")
    assert reactors.units_for_average(1000 * demand, central("ritm200n"), 0.83) == 55
    assert reactors.units_for_average(1000 * demand, central("vver_toi"), 0.83) == 3
    # It is 8.6 % of a 29 GW programme; 38 units at 28.5 GW = 0.75 GW each.
    programme = parameter("ru_new_nuclear_2042")
    assert f"{100 * demand / programme.high:.1f}" == "8.6"
    assert f"{programme.central / central('units_announced'):.2f}" == "0.75"


def test_extrapolation_trap():
    # Model (c), worked 5: 2.0-2.5 GW x 1.2^12 = 17.8-22.3 GW in 2042, 61-77 % of the programme.
    demand = np.array([2.0, 2.5])
    in_2042 = programme.grow(demand, 0.20, 12)
    assert [f"{value:.1f}" for value in in_2042] == ["17.8", "22.3"]
    assert [f"{100 * value / 29:.0f}" for value in in_2042] == ["61", "77"]
    # At 10 % it is 6.3-7.8 GW.
    assert [f"{value:.1f}" for value in programme.grow(demand, 0.10, 12)] == ["6.3", "7.8"]


def test_gross_and_net():
    # Model (c), worked 6: 29.543 -> 45.841 GW = +16.3 GW (x 1.55), 28.5 GW built, 12.2 GW closed.
    start = central("ru_nuclear_capacity_2024_draft")
    end = central("ru_nuclear_capacity_2042_draft")
    built = central("ru_new_nuclear_2042")
    assert f"{end - start:.1f}" == "16.3"
    assert f"{end / start:.2f}" == "1.55"
    closed = programme.implied_closures(start, built, end)
    assert f"{closed:.1f}" == "12.2"
    assert programme.net_of_closures(start, built, closed) == pytest.approx(end)


def test_heat_and_electricity_of_the_ritm():
    # Model (c), pitfalls: 190 MW thermal and 55 MW electric, 29 %.
    assert f"{100 * central('ritm200n') / 190:.0f}" == "29"


def test_defaults_are_the_parameters():
    able, tier = central("unit_availability"), central("reliability_tier3")
    assert reactors.firm_probability(3, 100, 55) == reactors.firm_probability(3, 100, 55, able)
    assert reactors.smallest_firm_fleet(100, 55) == reactors.smallest_firm_fleet(
        100, 55, able, tier
    )
    factor = central("world_capacity_factor")
    assert reactors.generation_gwh(70) == reactors.generation_gwh(70, factor)
    assert reactors.units_for_average(2500, 55) == reactors.units_for_average(2500, 55, factor)


@pytest.mark.parametrize(
    ("demand", "unit", "needed"),
    [
        (0.1 + 0.2, 0.1, 3),
        (sum(6 * [0.7]), 0.7, 6),
        (100, 55, 2),
        (110, 55, 2),
        (110.01, 55, 3),
        (1, 55, 1),
    ],
)
def test_rounding_noise_needs_no_extra_unit(demand, unit, needed):
    count = reactors.units_running_needed(demand, unit)
    assert count == needed
    assert type(count) is int


def test_smallest_fleet_is_the_first_that_reaches_the_reliability():
    lots = np.random.default_rng(7)
    for _ in range(100):
        demand, unit = lots.uniform(10, 3000), lots.uniform(30, 1300)
        able = lots.uniform(0.5, 0.99)
        common = lots.choice([0, 0.02])
        asked = lots.uniform(0.5, 0.97) if common else lots.choice([0.5, 0.9, 0.99982, 0.9999999])
        fleet = reactors.smallest_firm_fleet(demand, unit, able, asked, common)
        needed = reactors.units_running_needed(demand, unit)
        count = needed
        while reactors.firm_probability(count, demand, unit, able, common) < asked:
            count += 1
        assert fleet == count


@pytest.mark.parametrize(
    ("demand", "able", "asked", "fleet"),
    [
        (50, 0.9, 0.9, 1),  # one unit is exactly as reliable as asked
        (50, 0.9, 0.99, 2),
        (50, 0.9, 0.999, 3),
        (100, 0.9, 0.81, 2),
        (100, 0.9, 0.972, 3),
        (100, 0.85, 0.7225, 2),
        (50, 0.95, 0.9975, 2),
        (100, 1.0, 0.99982, 2),  # units that never fail need no reserve
        (100, 0.9, 1e-13, 2),
    ],
)
def test_smallest_fleet_at_the_edge(demand, able, asked, fleet):
    assert reactors.smallest_firm_fleet(demand, 55, able, asked) == fleet


@pytest.mark.parametrize("common", [0, 0.02, 1])
@pytest.mark.parametrize("units", [1, 2, 7, 40])
@pytest.mark.parametrize("demand", [10, 100, 1000])
def test_risk_is_the_sum_over_the_outage_distribution(units, demand, common):
    table = reactors.outage_distribution(units, 55, 0.9, common)
    assert table["units_running"].tolist() == list(range(units + 1))
    assert table["probability"].sum() == pytest.approx(1)
    short = np.maximum(demand - table["available_mw"], 0)
    site = (units, demand, 55, 0.9, common)
    missing = 8760 * (table["probability"] * short).sum()
    assert reactors.unserved_energy_mwh(*site) == pytest.approx(missing, rel=1e-9, abs=1e-12)
    hours = 8760 * table["probability"][short > 0].sum()
    assert reactors.loss_of_load_hours(*site) == pytest.approx(hours, rel=1e-9)
    assert reactors.firm_probability(*site) == pytest.approx(1 - hours / 8760, abs=1e-12)


def test_outage_distribution_is_binomial():
    table = pd.DataFrame(reactors.outage_distribution(3, 55, 0.9))
    np.testing.assert_allclose(table["probability"], binom.pmf([0, 1, 2, 3], 3, 0.9))
    assert table["available_mw"].tolist() == [0, 55, 110, 165]


@pytest.mark.parametrize("common", [0, 0.02])
def test_simulation_agrees_with_the_binomial(common):
    site = (3, 100, 55, 0.9, common)
    exact = reactors.firm_probability(*site)
    trials = 100_000
    drawn = reactors.simulate_firm_probability(*site, trials=trials, seed=20251119)
    assert type(drawn) is float
    assert abs(drawn - exact) < 4 * np.sqrt(exact * (1 - exact) / trials)
    assert drawn == reactors.simulate_firm_probability(*site, trials=trials, seed=20251119)
    assert drawn != reactors.simulate_firm_probability(*site, trials=trials, seed=1)


SITE = {"units": [2, 4, 7], "demand_mw": [100, 150, 200], "unit_mw": [55, 106, 35.0]}
NEED = {"demand_mw": [100, 1000, 2500], "unit_mw": [55, 106, 1200.0]}
CASES = [
    (reactors.units_running_needed, NEED),
    (
        reactors.firm_probability,
        {**SITE, "availability": [0.8, 0.9, 1], "common_cause": [0, 0.1, 1]},
    ),
    (
        reactors.smallest_firm_fleet,
        {**NEED, "availability": [0.8, 0.9, 1], "reliability": [0.9] * 3},
    ),
    (reactors.loss_of_load_hours, {**SITE, "common_cause": [0, 0.1, 1], "hours": [24, 8760, 8784]}),
    (reactors.unserved_energy_mwh, {**SITE, "common_cause": [0, 0.1, 1], "hours": [24, 8760, 1]}),
    (reactors.built_per_firm_mw, {**NEED, "common_cause": [0, 0.0001, 0.00001]}),
    (reactors.capacity_factor, {"energy_gwh": [0, 250, 429], "capacity_mw": [70, 70, 70]}),
    (reactors.generation_gwh, {"capacity_mw": [0, 70, 55], "capacity_factor": [0, 0.83, 1]}),
    (reactors.units_for_average, {"load_mw": [1, 2500, 2500], "unit_mw": [55, 55, 1255]}),
    (programme.grow, {"value": [0, 2, 2.5], "rate": [-0.5, 0.1, 0.2], "years": [0, 12, 1.5]}),
    (
        programme.net_of_closures,
        {"start_gw": [1, 2, 3], "built_gw": [0, 1, 2], "closed_gw": [1, 0, 5]},
    ),
    (
        programme.implied_closures,
        {"start_gw": [1, 2, 3], "built_gw": [0, 1, 2], "end_gw": [1, 0, 5]},
    ),
]
COUNTS = (
    reactors.units_running_needed,
    reactors.smallest_firm_fleet,
    reactors.units_for_average,
)


@pytest.mark.parametrize(("model", "inputs"), CASES, ids=lambda one: getattr(one, "__name__", ""))
def test_arrays_equal_loops(model, inputs):
    rows = [dict(zip(inputs, row, strict=True)) for row in zip(*inputs.values(), strict=True)]
    looped = [model(**row) for row in rows]
    kind = int if model in COUNTS else float
    assert all(type(value) is kind for value in looped)
    np.testing.assert_allclose(model(**inputs), looped, rtol=1e-13)
    series = model(**{name: pd.Series(values) for name, values in inputs.items()})
    assert isinstance(series, pd.Series)
    np.testing.assert_allclose(series, looped, rtol=1e-13)


def test_broadcasting():
    units = np.arange(2, 8)[:, None]
    table = reactors.firm_probability(units, 100, np.array([35, 55, 106]), 0.9)
    assert table.shape == (6, 3)
    assert table[1, 1] == reactors.firm_probability(3, 100, 55, 0.9)


SHARE = "it must be a number of at least 0 and at most 1"
REFUSED = [
    (reactors.units_running_needed, (0, 1), "demand_mw is 0; it must be a number above 0"),
    (reactors.units_running_needed, (1, 0), "unit_mw is 0; it must be a number above 0"),
    (
        reactors.units_running_needed,
        (1e30, 1),
        "units would be 1e+30; it must be a number below 9.01e+15",
    ),
    (programme.grow, (-1, 0, 1), "value is -1; it must be a number of at least 0"),
    (programme.grow, (1, -1, 1), "rate is -1; it must be a number above -1"),
    (programme.grow, (1, 0.2, -1), "years is -1; it must be a number of at least 0"),
    (reactors.capacity_factor, (-1, 1), "energy_gwh is -1; it must be a number of at least 0"),
    (reactors.capacity_factor, (1, 0), "capacity_mw is 0; it must be a number above 0"),
    (reactors.capacity_factor, (1, 1, 0), "hours is 0; it must be a number above 0"),
    (reactors.generation_gwh, (-1,), "capacity_mw is -1; it must be a number of at least 0"),
    (reactors.generation_gwh, (1, 83), f"capacity_factor is 83; {SHARE}"),
    (reactors.generation_gwh, (1, 1, np.nan), "hours is nan; it must be a number above 0"),
    (reactors.units_for_average, (0, 1), "load_mw is 0; it must be a number above 0"),
    (reactors.units_for_average, (1, -1), "unit_mw is -1; it must be a number above 0"),
    (
        reactors.units_for_average,
        (1, 1, 0),
        "capacity_factor is 0; it must be a number above 0 and at most 1",
    ),
    (programme.net_of_closures, (-1, 1, 0), "start_gw is -1; it must be a number of at least 0"),
    (programme.net_of_closures, (1, -1, 0), "built_gw is -1; it must be a number of at least 0"),
    (programme.net_of_closures, (1, 1, -1), "closed_gw is -1; it must be a number of at least 0"),
    (
        programme.net_of_closures,
        (1, 1, 3),
        "closed_gw is 3; it must be a number of at least 0 and at most 2",
    ),
    (
        programme.implied_closures,
        (1, [1, 2], [1, 5]),
        "end_gw is 5; it must be a number of at least 0 and at most 3",
    ),
    (programme.implied_closures, (1, 1, -1), "end_gw is -1; it must be a number of at least 0"),
    (reactors.smallest_firm_fleet, (0, 55), "demand_mw is 0; it must be a number above 0"),
    (reactors.smallest_firm_fleet, (1, 0), "unit_mw is 0; it must be a number above 0"),
    (
        reactors.smallest_firm_fleet,
        (1, 1, 0),
        "availability is 0; it must be a number above 0 and at most 1",
    ),
    (
        reactors.smallest_firm_fleet,
        (1, 1, 0.9, 1),
        "reliability is 1; it must be a number above 0 and below 1",
    ),
    (
        reactors.smallest_firm_fleet,
        (1, 1, 0.9, 0),
        "reliability is 0; it must be a number above 0 and below 1",
    ),
    (
        reactors.smallest_firm_fleet,
        (1, 1, 0.9, 0.99, 0.02),
        "reliability is 0.99; it must be a number below 0.98, because a common cause",
    ),
    (reactors.built_per_firm_mw, (0, 55), "demand_mw is 0; it must be a number above 0"),
    (
        reactors.built_per_firm_mw,
        (1, 55, 2),
        "availability is 2; it must be a number above 0 and at most 1",
    ),
    (
        reactors.outage_distribution,
        (2.5, 55),
        "units is 2.5; it must be a whole number of at least 1",
    ),
    (
        reactors.outage_distribution,
        ([1, 2], 55),
        "units is an array of shape (2,); it must be one value, a whole number of at least 1",
    ),
    (reactors.outage_distribution, (2, 0), "unit_mw is 0; it must be a number above 0"),
    (
        reactors.outage_distribution,
        (2, 1, [0.9]),
        "availability is an array of shape (1,); it must be one value, a number of at least 0",
    ),
    (reactors.outage_distribution, (2, 1, 0.9, 2), f"common_cause is 2; {SHARE}"),
]
for _model in (
    reactors.firm_probability,
    reactors.loss_of_load_hours,
    reactors.unserved_energy_mwh,
    lambda *site: reactors.simulate_firm_probability(*site, trials=10, seed=1),
):
    REFUSED += [
        (_model, (0, 100, 55), "units is 0; it must be a whole number of at least 1"),
        (_model, (2.5, 100, 55), "units is 2.5; it must be a whole number of at least 1"),
        (_model, (2, -100, 55), "demand_mw is -100; it must be a number above 0"),
        (_model, (2, 100, 0), "unit_mw is 0; it must be a number above 0"),
        (_model, (2, 100, 55, 90), f"availability is 90; {SHARE}"),
        (_model, (2, 100, 55, -0.1), f"availability is -0.1; {SHARE}"),
        (_model, (2, 100, 55, 0.9, 2), f"common_cause is 2; {SHARE}"),
    ]


@pytest.mark.parametrize(("model", "inputs", "message"), REFUSED)
def test_impossible_input_is_refused_by_name_value_and_range(model, inputs, message):
    with pytest.raises(ValueError) as caught:
        model(*inputs)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"hours": 0}, "hours is 0; it must be a number above 0"),
        ({"hours": [1, np.nan]}, "hours[1] is nan; it must be a number above 0"),
    ],
)
def test_hours_are_checked(named, message):
    for model in (reactors.loss_of_load_hours, reactors.unserved_energy_mwh):
        with pytest.raises(ValueError) as caught:
            model(2, 100, 55, **named)
        assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ({"trials": 0, "seed": 1}, "trials is 0; it must be a whole number of at least 1"),
        ({"seed": -1}, "seed is -1; it must be a whole number of at least 0"),
    ],
)
def test_lots_are_checked(named, message):
    with pytest.raises(ValueError) as caught:
        reactors.simulate_firm_probability(2, 100, 55, **named)
    assert str(caught.value).startswith(message)


def test_directions():
    units = np.arange(1, 12)
    firm = reactors.firm_probability(units, 100, 55, 0.9)
    assert (np.diff(firm) > 0).all()
    able = np.linspace(0.05, 1, 50)
    assert (np.diff(reactors.firm_probability(4, 100, 55, able)) > 0).all()
    assert (np.diff(reactors.firm_probability(4, 100, 55, 0.9, np.linspace(0, 1, 50))) < 0).all()
    assert (np.diff(reactors.firm_probability(9, np.arange(10, 500, 55), 55, 0.9)) < 0).all()
    assert (np.diff(reactors.loss_of_load_hours(units, 100, 55, 0.9)) < 0).all()
    assert (np.diff(reactors.unserved_energy_mwh(units, 100, 55, 0.9)) < 0).all()
    asked = np.linspace(0.5, 0.999999, 50)
    assert (np.diff(reactors.smallest_firm_fleet(100, 55, 0.9, asked)) >= 0).all()
    # Reserve is shared: a larger demand needs less built per firm MW (table columns, downwards).
    for unit in (35, 55, 106, 300, 1200):
        assert (np.diff(reactors.built_per_firm_mw([100, 1000, 2500], unit, 0.9)) < 0).all()
    # Off the grid, larger units need more reserve (table rows, left to right).
    for demand in (100, 1000, 2500):
        assert (
            np.diff(reactors.built_per_firm_mw(demand, [35, 55, 106, 300, 1200], 0.9)) > 0
        ).all()
    assert reactors.generation_gwh(70, reactors.capacity_factor(250, 70)) == pytest.approx(250)


def test_a_plan_comes_on_line_evenly_and_late_units_are_not_there():
    args = {"on_time": 0.5, "availability": 0.9}
    assert programme.firm_from_plan_gw(28.5, 12, 12, on_time=1, availability=1) == 28.5
    assert programme.firm_from_plan_gw(28.5, 6, 12, **args) == pytest.approx(28.5 / 2 * 0.45)
    assert programme.firm_from_plan_gw(28.5, 0, 12, **args) == 0
    tenth = programme.firm_from_plan_gw(28.5, 6, 12, **args, share=0.1)
    assert tenth == pytest.approx(0.641, abs=5e-4)
    with pytest.raises(ValueError, match="years is 13"):
        programme.firm_from_plan_gw(28.5, 13, 12, **args)
    with pytest.raises(ValueError, match=r"on_time is 1\.5"):
        programme.firm_from_plan_gw(28.5, 6, 12, on_time=1.5, availability=0.9)


class TestIndependence:
    """Which units were out when, against what chance gives."""

    def test_together_by_hand(self):
        # Two pairs at site A out of three, none at B: 1 + 0 + 0 of 4 weeks, shares 1/2, 1/4, 1/4.
        out = [[1, 1, 0, 0], [1, 0, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0]]
        found = outages.out_together(out, ["A", "A", "A", "B"])
        assert found.pairs == 3
        assert found.seen == pytest.approx(1 / 4 / 3)
        assert found.by_chance == pytest.approx((1 / 8 + 1 / 8 + 1 / 16) / 3)

    def test_independent_units_come_near_to_chance(self):
        out = np.random.default_rng(4).random((20_000, 6)) < 0.2
        found = outages.out_together(out, list("aabbcc"))
        assert found.seen == pytest.approx(found.by_chance, rel=0.05)
        spread = outages.spread_of_outages(out)
        assert spread.seen == pytest.approx(spread.by_chance, rel=0.05)

    def test_a_common_season_spreads_the_number_and_not_the_mean(self):
        draw = np.random.default_rng(5)
        season = np.where(draw.random(20_000) < 0.5, 0.02, 0.18)[:, None]
        out = draw.random((20_000, 50)) < season
        assert out.mean() == pytest.approx(0.1, abs=0.005)
        # Variance within a season, and 50 * 0.08 squared between them.
        spread = outages.spread_of_outages(out)
        assert spread.seen == pytest.approx(50 * (0.0196 + 0.1476) / 2 + 16, rel=0.03)
        assert spread.by_chance == pytest.approx(4.5, rel=0.03)

    def test_american_reactors(self):
        # The audit of the weekly power: 0.40 % of weeks against 0.45 %, 27.5 against 5.4.
        from course import tables

        units = tables.load("us_reactor_units").query("counted").set_index("reactor")
        weeks = pd.date_range("2022-12-30", periods=157, freq="7D")
        out = pd.DataFrame(0, index=weeks, columns=units.index)
        for spell in tables.load("us_reactor_outages").itertuples():
            out.loc[spell.first_week_end : spell.last_week_end, spell.reactor] = 1
        found = outages.out_together(out, units["site"])
        assert (found.pairs, round(100 * found.seen, 2)) == (41, 0.40)
        assert round(100 * found.by_chance, 2) == 0.45
        spread = outages.spread_of_outages(out)
        assert (round(spread.seen, 1), round(spread.by_chance, 1)) == (27.5, 5.4)

    @pytest.mark.parametrize(
        ("out", "groups", "words"),
        [
            ([1, 0, 1], ["A"], "shape"),
            ([[1, 0]], ["A", "A"], "shape"),
            ([[1, 2], [0, 0]], ["A", "A"], "other values than 0 and 1"),
            ([[1, 0], [0, 0]], ["A"], "give one for each"),
            ([[1, 0], [0, 0]], ["A", "B"], "no group of two"),
        ],
    )
    def test_what_is_no_record_is_refused(self, out, groups, words):
        with pytest.raises(ValueError, match=words):
            outages.out_together(out, groups)
