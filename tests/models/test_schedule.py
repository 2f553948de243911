"""Time: the worked figures of model (e), censoring, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from course.models import schedule
from course.tables import parameter

KURSK = ("2018-04-29", "2025-12-31")  # first concrete and grid of Kursk II-1
# Invented: seven finished, four watched and not finished. The model's toy data in other numbers.
FINISHED = [4.5, 5.3, 6.2, 6.9, 7.67, 8.7, 10.3]
OPEN = [1.9, 3.2, 5.8, 7.1]


def test_worked_1_kursk_took_17_times_as_long_as_planned():
    years = schedule.years_between(*KURSK)
    assert f"{years:.2f}" == "7.67" == f"{parameter('kursk2_1_build').central}"
    planned = parameter("plan_kursk2_1_build").central
    assert f"{schedule.overrun_ratio(years, planned):.2f}" == "1.71"


def test_worked_1_what_chips_gain_and_demand_grows_meanwhile():
    years = schedule.years_between(*KURSK)
    leading, broad = schedule.doubling_time(0.40), schedule.doubling_time(0.26)
    koomey = parameter("koomey_doubling").central
    assert (f"{leading:.2f}", f"{broad:.1f}", koomey) == ("2.06", "3.0", 2.6)
    assert f"{schedule.efficiency_gain(years, leading):.0f}" == "13"
    assert f"{schedule.efficiency_gain(years, broad):.1f}" == "5.9"
    assert f"{schedule.efficiency_gain(years, koomey):.1f}" == "7.7"
    growth = parameter("frontier_power_growth").central
    assert f"{schedule.grown_by(years, growth):.0f}" == "297"


def test_worked_2_dropping_the_unfinished_biases_down():
    years = FINISHED + OPEN
    finished = [True] * len(FINISHED) + [False] * len(OPEN)
    assert np.median(FINISHED) == 6.9
    assert schedule.median_years(years, finished) == 7.67
    assert schedule.median_years(FINISHED, [True] * 7) == 6.9


def test_worked_3_doubling_for_five_years():
    assert f"{300 * schedule.grown_by(5, 2) / 1000:.1f}" == "9.6"


def test_survival_by_hand():
    # Eleven watched; 4.5 falls when nine are still watched, 6.2 when six are.
    curve = schedule.survival(FINISHED + OPEN, [True] * 7 + [False] * 4)
    assert curve.years.tolist() == FINISHED
    steps = [8 / 9, 7 / 8, 5 / 6, 4 / 5, 2 / 3, 1 / 2, 0]
    assert curve.unfinished == pytest.approx(np.cumprod(steps))


def test_survival_falls_from_one_to_nothing_less_than_nothing():
    chance = np.random.default_rng(5)
    for _ in range(30):
        years = chance.integers(1, 12, 20).astype(float)
        done = chance.random(20) < 0.6
        if done.any():
            shares = schedule.survival(years, done).unfinished
            assert (np.diff(shares) <= 0).all() and shares.max() < 1 and shares.min() >= -1e-12


def test_more_of_the_unfinished_never_shortens_the_median():
    fewer = schedule.median_years([*FINISHED, 9.0], [True] * 7 + [False])
    more = schedule.median_years([*FINISHED, 9.0, 9.0, 9.0], [True] * 7 + [False] * 3)
    assert fewer <= more


def test_median_is_infinite_while_half_are_unfinished():
    assert schedule.median_years([1, 5, 5, 5], [True, False, False, False]) == float("inf")


def test_base_rate_agrees_with_wilsons_formula():
    for happened, cases in [(0, 10), (3, 17), (8, 8), (50, 100)]:
        rate = schedule.base_rate(happened, cases)
        p, z = happened / cases, 1.959964
        middle = (p + z**2 / (2 * cases)) / (1 + z**2 / cases)
        reach = z * np.sqrt(p * (1 - p) / cases + z**2 / (4 * cases**2)) / (1 + z**2 / cases)
        assert rate == pytest.approx((p, middle - reach, middle + reach), abs=1e-6)


def test_base_rate_of_more_cases_is_surer_and_mirrors():
    few, many = schedule.base_rate(0, 10), schedule.base_rate(0, 100)
    assert few.share == few.low == many.share == 0 and few.high > many.high > 0
    assert schedule.base_rate(10, 10).low == pytest.approx(1 - few.high)
    assert schedule.base_rate(0, 10, confidence=0.5).high < few.high


def test_dates_of_a_table_and_missing_ones():
    start = pd.Series(pd.to_datetime(["2010-01-01", "2012-07-01"]), index=["a", "b"])
    end = pd.Series(pd.to_datetime(["2020-01-01", None]), index=["a", "b"])
    years = schedule.years_between(start, end)
    assert years["a"] == pytest.approx(10, abs=0.01) and np.isnan(years["b"])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: schedule.years_between("29 April 2018", "2025-12-31"), "start is '29 April 2018'"),
        (lambda: schedule.survival([1, 2], [True]), "years has 2 values and finished 1"),
        (lambda: schedule.survival([1, 2], [1, 0]), "it must be True or False"),
        (lambda: schedule.survival([1, 2], [False, False]), "nothing can be said"),
        (lambda: schedule.survival([0, 2], [True, True]), r"years\[0\] is 0"),
        (lambda: schedule.overrun_ratio(5, 0), "planned_years is 0"),
        (lambda: schedule.doubling_time(0), "growth is 0"),
        (lambda: schedule.efficiency_gain(-1, 2), "years is -1"),
        (lambda: schedule.efficiency_gain(1, 0), "doubling_years is 0"),
        (lambda: schedule.grown_by(1, 0), "factor is 0"),
        (lambda: schedule.base_rate(1, 0), "cases is 0"),
        (lambda: schedule.base_rate(4, 3), "happened is 4"),
        (lambda: schedule.base_rate(0.5, 3), r"happened is 0\.5"),
        (lambda: schedule.base_rate(1, 3, confidence=95), "confidence is 95"),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
