"""Cost: the worked figures of model (f), limits, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from course import tables
from course.models import cost
from course.tables import parameter


def amount(project, estimate):
    """A row's value in the table of costs."""
    rows = tables.load("reactor_costs").set_index(["project", "estimate"])
    return rows.loc[(project, estimate), "value_low"]


def yakutia(rub_per_usd=None):
    return cost.usd_per_kw(1e9 * amount("Yakutia, Ust-Kuyga", "plan"), 55, rub_per_usd)


def test_worked_1_yakutia_in_dollars_hangs_on_the_rate():
    assert round(yakutia(), -2) == 15_200 == parameter("capex_yakutia_usd").central
    assert [round(yakutia(rate), -2) for rate in (105, 75)] == [13_100, 18_300]


def test_worked_1_levelised_cost_by_rate_and_capacity_factor():
    rates = [0.03, 0.07, 0.1425]
    for factor, wanted in ((0.83, [104, 178, 327]), (0.41, [199, 348, 650])):
        found = cost.lcoe(yakutia(), rates, parameter("plant_life").central, factor)
        assert [f"{one:.0f}" for one in found] == [str(one) for one in wanted]


def test_others_in_nominal_money():
    first, later = amount("NuScale, Utah", "first"), amount("NuScale, Utah", "later")
    assert [round(one * 1e6 / 462, -2) for one in (first, later)] == [11_500, 20_100]
    assert round(parameter("capex_kursk2").central, -2) == 3_200
    floating = amount("Akademik Lomonosov", "2015, in dollars")
    assert floating * 1e3 / 70 == 10_000
    roubles = amount("Akademik Lomonosov", "2015") / amount("Akademik Lomonosov", "first")
    dollars = floating / amount("Akademik Lomonosov", "first, in dollars")
    assert (f"{roubles:.1f}", f"{dollars:.1f}") == ("6.2", "3.0")


def test_worked_2_electricity_in_the_cost_of_an_h100():
    shares = 100 * cost.electricity_share([40, 80, 150, 300])
    assert [f"{one:.1f}" for one in shares[:3]] == ["3.5", "6.7", "11.9"]
    assert f"{shares[3]:.0f}" == "21"


def test_recovery_factor_at_its_ends():
    assert cost.capital_recovery_factor(0, 25) == pytest.approx(1 / 25)
    assert cost.capital_recovery_factor(1e-9, 25) == pytest.approx(1 / 25)
    assert cost.capital_recovery_factor(0.05, 1) == pytest.approx(1.05)
    assert cost.capital_recovery_factor(0.07, 10_000) == pytest.approx(0.07)


def test_cost_moves_as_one_would_think():
    base = cost.lcoe(5000, 0.07, 60, 0.83)
    assert cost.lcoe(6000, 0.07, 60, 0.83) > base < cost.lcoe(5000, 0.08, 60, 0.83)
    assert cost.lcoe(5000, 0.07, 30, 0.83) > base < cost.lcoe(5000, 0.07, 60, 0.5)
    assert cost.lcoe(0, 0.07, 60, 1, fixed_usd_per_kw=0, variable_usd_per_mwh=9) == 9
    assert cost.electricity_share(0) == 0 and cost.electricity_share(1e9) < 1


def test_tables_come_back_as_tables():
    rows = pd.Series([3000.0, 15_000.0], index=["a", "b"])
    assert list(cost.lcoe(rows, 0.07, 60, 0.83).index) == ["a", "b"]
    assert isinstance(cost.lcoe(np.array([3000.0]), 0.07, 60, 0.83), np.ndarray)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: cost.usd_per_kw(1e9, 0), "capacity_mw is 0"),
        (lambda: cost.usd_per_kw(1e9, 55, 0), "rub_per_usd is 0"),
        (lambda: cost.usd_per_kw(-1, 55), "cost_rub is -1"),
        (lambda: cost.capital_recovery_factor(-0.01, 10), r"rate is -0\.01"),
        (lambda: cost.capital_recovery_factor(0.05, 0), "years is 0"),
        (lambda: cost.lcoe(5000, 0.07, 60, 83), "capacity_factor is 83"),
        (lambda: cost.lcoe(5000, 0.07, 60, 0), "capacity_factor is 0"),
        (lambda: cost.lcoe(-1, 0.07, 60, 0.8), "capex_usd_per_kw is -1"),
        (lambda: cost.electricity_share(-1), "price_usd_per_mwh is -1"),
        (lambda: cost.electricity_share(80, busy=1.1), r"busy is 1\.1"),
        (lambda: cost.electricity_share(80, system_factor=0.5), r"system_factor is 0\.5"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
