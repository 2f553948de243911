"""Uncertainty: the worked figures of model (g), properties, and what is refused."""

import numpy as np
import pytest

from course.models import power, uncertainty
from course.models.uncertainty import Lognormal, Triangular
from course.tables import parameter


def inputs():
    """The distributions of the worked example, from the table of parameters."""
    median = parameter("mc_accelerators_median").central
    load, extra, pue = (
        Triangular(*parameter(name)[2:5])
        for name in ("node_load_factor_training", "mc_it_extra", "mc_pue")
    )
    return {
        "accelerators": Lognormal(median, parameter("mc_accelerators_log_sd").central),
        "load": load,
        "overhead": extra,
        "pue": pue,
    }


@pytest.fixture(scope="module")
def drawn():
    return uncertainty.draw(inputs(), samples=200_000, seed=20251119)


def test_worked_1_percentiles_of_the_site_power(drawn):
    assert [f"{one:.0f}" for one in uncertainty.percentiles(power.site_power_mw(**drawn))] == [
        "31", "73", "168"
    ]  # fmt: skip


def test_worked_1_base_case():
    centre = {name: one.central for name, one in inputs().items()}
    assert f"{power.site_power_mw(**centre):.1f}" == "67.8"


def test_worked_1_tornado(drawn):
    bars = uncertainty.tornado(power.site_power_mw, inputs(), drawn)
    assert [(bar.name, f"{bar.low:.0f}-{bar.high:.0f}") for bar in bars] == [
        ("accelerators", "30-154"),
        ("load", "61-77"),
        ("pue", "63-78"),
        ("overhead", "65-76"),
    ]


def test_worked_1_variance_share_of_the_accelerators(drawn):
    shares = uncertainty.log_variance_shares(drawn)
    assert f"{shares['accelerators']:.0%}" == "96%"
    assert sum(shares.values()) == pytest.approx(1)


def test_worked_2_four_links():
    assert f"{uncertainty.path_probability([0.7] * 4):.2f}" == "0.24"
    assert uncertainty.path_probability([1, 0.5, 0]) == 0


def test_same_seed_same_draws_and_another_seed_others():
    first, again = (uncertainty.draw(inputs(), 100, 3) for _ in range(2))
    assert all((first[name] == again[name]).all() for name in first)
    assert (uncertainty.draw(inputs(), 100, 4)["pue"] != first["pue"]).any()


def test_draws_stay_in_their_limits_and_have_their_centre(drawn):
    assert drawn["pue"].min() >= 1.1 and drawn["pue"].max() <= 1.5
    assert np.median(drawn["accelerators"]) == pytest.approx(50_000, rel=0.02)
    assert np.corrcoef(drawn["pue"], drawn["load"])[0, 1] == pytest.approx(0, abs=0.02)


def test_tornado_swing_of_a_falling_model_counts_as_well():
    both = {"a": Triangular(1, 2, 3), "b": Triangular(1, 2, 3)}
    bars = uncertainty.tornado(lambda a, b: a - 5 * b, both, uncertainty.draw(both, 500))
    assert bars[0].name == "b" and bars[0].low > bars[0].high
    assert bars[0].swing == pytest.approx(5 * bars[1].swing, rel=0.1)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: uncertainty.draw({}), "inputs is empty"),
        (lambda: uncertainty.draw(inputs(), samples=1), "samples is 1"),
        (lambda: uncertainty.draw(inputs(), samples=2.5), "samples is 2.5"),
        (lambda: uncertainty.draw(inputs(), seed=-1), "seed is -1"),
        (lambda: uncertainty.draw({"a": Lognormal(0, 0.5)}), "median is 0"),
        (lambda: uncertainty.draw({"a": Lognormal(5, -1)}), "log_sd is -1"),
        (lambda: uncertainty.draw({"a": Triangular(3, 2, 1)}), "low, mode, high are 3, 2, 1"),
        (lambda: uncertainty.draw({"a": Triangular(1, 1, 1)}), "must rise"),
        (lambda: uncertainty.percentiles([]), "values is empty"),
        (lambda: uncertainty.percentiles([1], levels=(101,)), r"levels\[0\] is 101"),
        (lambda: uncertainty.path_probability([0.5, 1.2]), r"links\[1\] is 1.2"),
        (lambda: uncertainty.log_variance_shares({"a": [1, 0]}), r"a\[1\] is 0"),
        (lambda: uncertainty.log_variance_shares({"a": [2, 2]}), "no factor varies"),
        (
            lambda: uncertainty.tornado(max, {"a": Triangular(1, 2, 3)}, {"b": [1, 2]}),
            "must name the same",
        ),
    ],
)
def test_what_cannot_be_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
