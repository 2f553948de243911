"""Power chain: the worked figures of model (a), input checks, arrays and directions."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from course.models import power
from course.tables import parameter
from course.units import Q


def test_worked_example_100_000_h100():
    # Model (a), worked: overhead 1.10, PUE 1.2; measured load, nameplate, boards alone, energy.
    site = power.site_power_mw(100_000, pue=1.2)
    assert power.nodes(100_000) == 12_500
    assert f"{site:.1f}" == "127.9"
    assert f"{power.site_power_mw(100_000, pue=1.2, load=1.0):.1f}" == "168.3"
    assert power.board_power_mw(100_000) == 70
    assert f"{power.energy_twh(site, use=0.9):.2f}" == "1.01"


def test_check_on_a_public_tool():
    # Model (a): 10,000 x 0.7 kW x 1.3 x 1.3 = 11.83 MW and 103.6 GWh.
    tool_mw = power.board_power_mw(10_000) * 1.3 * 1.3
    assert f"{tool_mw:.2f}" == "11.83"
    assert f"{1000 * power.energy_twh(tool_mw):.1f}" == "103.6"
    # The node method's 12.8 MW is printed at PUE 1.2 and overhead 1.10, not at the tool's 1.3.
    assert f"{power.site_power_mw(10_000, pue=1.2):.1f}" == "12.8"


def test_check_on_llama_405b():
    # Model (a): 16,384 GPUs. 19.2 MW at measured load and PUE 1.1; 27.6 MW at nameplate, PUE 1.2.
    assert f"{power.site_power_mw(16_384, pue=1.1):.1f}" == "19.2"
    assert f"{power.site_power_mw(16_384, pue=1.2, load=1.0):.1f}" == "27.6"


def test_rack_power():
    # Model (a), pitfalls: 841 MW / 82,500 racks / 1.5 = 6.8 kW.
    assert f"{power.kw_per_rack(841, 82_500, pue=1.5):.1f}" == "6.8"


def test_kw_of_one_h100_at_the_site():
    # Model (f), worked 2, and the parameter h100_site_power: 1.28 kW at PUE 1.2.
    assert f"{power.kw_per_accelerator() * 1.2:.2f}" == "1.28"
    assert parameter("h100_site_power").central == 1.28


def test_sanity_checks_across_models():
    # Cross-model check 1: 325 TWh / 74 GW and 580 TWh / 132 GW both imply a use of 0.50.
    assert f"{power.implied_use(325, 74):.2f}" == "0.50"
    assert f"{power.implied_use(580, 132):.2f}" == "0.50"
    # Cross-model check 2: 4.3 GW at 50-60 % is 19-23 TWh, 1.7-2.1 % of about 1,099 TWh (2019).
    energy = power.energy_twh(4300, use=np.array([0.5, 0.6]))
    assert [f"{value:.0f}" for value in energy] == ["19", "23"]
    shares = 100 * energy / parameter("ru_electricity_2019").central
    assert [f"{value:.1f}" for value in shares] == ["1.7", "2.1"]
    # Cross-model check 3: 415 -> 945 TWh in six years is 14.7 % a year.
    assert f"{100 * power.growth_per_year(415, 945, 6):.1f}" == "14.7"


def test_defaults_are_the_parameters():
    named = {
        "per_node": parameter("accelerators_per_node").central,
        "node_kw": parameter("node_nameplate_8xh100").central,
        "load": parameter("node_load_factor_training").central,
        "overhead": parameter("it_extra_network_storage").central,
    }
    assert power.site_power_mw(1000, 1.5) == power.site_power_mw(1000, 1.5, **named)
    assert power.board_power_mw(1000) == power.board_power_mw(1000, parameter("h100_tdp").central)
    with pytest.raises(ValueError, match="pue"):
        power.site_power_mw(1000)


CASES = [
    (power.board_power_mw, {"accelerators": [0, 10.0, 1e6], "board_w": [350, 700, 1000]}),
    (power.nodes, {"accelerators": [0, 10.0, 1e6], "per_node": [1, 4, 8]}),
    (power.kw_per_accelerator, {"load": [0.5, 0.76, 1.0], "overhead": [1, 1.1, 1.3]}),
    (power.it_power_mw, {"accelerators": [1, 10, 1e6], "load": [0.5, 0.76, 1.0]}),
    (power.site_power_mw, {"accelerators": [1, 10, 1e6], "pue": [1, 1.2, 1.5]}),
    (power.energy_twh, {"power_mw": [1, 10, 100], "use": [0, 0.5, 1], "hours": [24, 8760, 8784]}),
    (power.implied_use, {"energy_twh": [0, 1, 2], "capacity_gw": [1, 2, 3]}),
    (power.growth_per_year, {"start": [1, 2, 3], "end": [3, 2, 1], "years": [1, 2, 0.5]}),
    (power.kw_per_rack, {"capacity_mw": [1, 10, 841], "racks": [1, 10, 82_500], "pue": [1, 2, 3]}),
]


@pytest.mark.parametrize(("model", "inputs"), CASES, ids=lambda one: getattr(one, "__name__", ""))
def test_arrays_equal_loops(model, inputs):
    rows = [dict(zip(inputs, row, strict=True)) for row in zip(*inputs.values(), strict=True)]
    looped = [model(**row) for row in rows]
    assert all(type(value) is float for value in looped)
    whole = model(**{name: np.array(values) for name, values in inputs.items()})
    assert isinstance(whole, np.ndarray)
    # The last digit of a power may differ between one number and many.
    np.testing.assert_allclose(whole, looped, rtol=1e-14)
    np.testing.assert_array_equal(model(**inputs), whole)
    series = model(**{k: pd.Series(v, index=list("abc")) for k, v in inputs.items()})
    assert isinstance(series, pd.Series)
    assert series.to_dict() == dict(zip("abc", whole, strict=True))


def test_broadcasting():
    table = power.site_power_mw(np.array([[1000], [2000]]), pue=np.array([1.1, 1.2, 1.5]))
    assert table.shape == (2, 3)
    assert table[1, 2] == power.site_power_mw(2000, pue=1.5)


REFUSED = [
    (power.board_power_mw, (-1,), "accelerators is -1; it must be a number of at least 0"),
    (power.board_power_mw, (1, 0), "board_w is 0; it must be a number above 0"),
    (power.board_power_mw, (np.nan,), "accelerators is nan; it must be a number of at least 0"),
    (power.board_power_mw, (np.inf,), "accelerators is inf; it must be a number of at least 0"),
    (power.board_power_mw, ([],), "accelerators is empty; it must be a number of at least 0"),
    (power.board_power_mw, ("5",), "accelerators is '5'; it must be a number of at least 0"),
    (power.board_power_mw, (None,), "accelerators is None; it must be a number of at least 0"),
    (power.board_power_mw, (True,), "accelerators is True; it must be a number of at least 0"),
    (
        power.board_power_mw,
        ([[1], [1, 2]],),
        "accelerators is [[1], [1, 2]]; it must be a number of at least 0",
    ),
    (
        power.board_power_mw,
        ([[1, 2], [3, -4]],),
        "accelerators[1, 1] is -4; it must be a number of at least 0",
    ),
    (
        power.board_power_mw,
        ([1, None],),
        "accelerators[1] is None; it must be a number of at least 0",
    ),
    (power.nodes, (8, 2.5), "per_node is 2.5; it must be a whole number of at least 1"),
    (power.nodes, (8, 0), "per_node is 0; it must be a whole number of at least 1"),
    (power.it_power_mw, (8, 8, -1), "node_kw is -1; it must be a number above 0"),
    (
        power.it_power_mw,
        (8, 8, 10, 76),
        "load is 76; it must be a number of at least 0 and at most 1",
    ),
    (power.it_power_mw, (8, 8, 10, 1, 0.9), "overhead is 0.9; it must be a number of at least 1"),
    (power.site_power_mw, (8, 0.9), "pue is 0.9; it must be a number of at least 1"),
    (power.site_power_mw, (8, [1.2, 0.9]), "pue[1] is 0.9; it must be a number of at least 1"),
    (power.energy_twh, (-5,), "power_mw is -5; it must be a number of at least 0"),
    (power.energy_twh, (5, 1.1), "use is 1.1; it must be a number of at least 0 and at most 1"),
    (power.energy_twh, (5, 1, 0), "hours is 0; it must be a number above 0"),
    (power.implied_use, (-1, 5), "energy_twh is -1; it must be a number of at least 0"),
    (power.implied_use, (5, 0), "capacity_gw is 0; it must be a number above 0"),
    (power.implied_use, (5, 1, -1), "hours is -1; it must be a number above 0"),
    (power.growth_per_year, (0, 5, 1), "start is 0; it must be a number above 0"),
    (power.growth_per_year, (5, 0, 1), "end is 0; it must be a number above 0"),
    (power.growth_per_year, (5, 5, 0), "years is 0; it must be a number above 0"),
    (power.kw_per_rack, (0, 5, 1), "capacity_mw is 0; it must be a number above 0"),
    (power.kw_per_rack, (5, 0, 1), "racks is 0; it must be a number above 0"),
    (power.kw_per_rack, (5, 5, 0.99), "pue is 0.99; it must be a number of at least 1"),
]


@pytest.mark.parametrize(("model", "inputs", "message"), REFUSED, ids=[r[2] for r in REFUSED])
def test_impossible_input_is_refused_by_name_value_and_range(model, inputs, message):
    with pytest.raises(ValueError) as caught:
        model(*inputs)
    assert str(caught.value).startswith(message)


def test_a_series_names_its_row():
    with pytest.raises(
        ValueError, match=r"^pue\['CHN'\] is nan; it must be a number of at least 1"
    ):
        power.site_power_mw(1, pd.Series([1.2, np.nan], index=["RUS", "CHN"]))
    with pytest.raises(ValueError, match=r"^pue\[7\] is nan; it must be a number of at least 1"):
        power.site_power_mw(1, pd.Series([1, None], index=[3, 7], dtype="Int64"))


def test_series_of_different_rows_are_not_mixed():
    with pytest.raises(ValueError, match="they must have the same index"):
        power.site_power_mw(pd.Series([1, 2]), pd.Series([1.1, 1.2], index=[1, 2]))


def test_tables_are_refused():
    with pytest.raises(
        ValueError, match="accelerators is a whole table; it must be a number of at least 0"
    ):
        power.board_power_mw(pd.DataFrame({"accelerators": [1, 2]}))


@pytest.mark.parametrize("value", [Q(100, "MW"), Q([1, 2], "MW"), [Q(1, "MW"), Q(2, "MW")]])
def test_quantities_do_not_lose_their_unit_silently(value):
    with pytest.raises(ValueError, match=r"^power_mw is .* it must be a number of at least 0"):
        power.energy_twh(value)


def test_directions():
    many = power.site_power_mw(np.arange(0, 1e6, 1e4), pue=1.2)
    assert (np.diff(many) > 0).all()
    assert (np.diff(power.site_power_mw(1e5, pue=np.linspace(1, 2, 50))) > 0).all()
    assert (np.diff(power.kw_per_accelerator(load=np.linspace(0, 1, 50))) > 0).all()
    assert (np.diff(power.kw_per_rack(841, np.arange(1, 100), 1.5)) < 0).all()
    # Boards draw less than their servers, and servers less than the site.
    assert (
        power.board_power_mw(8) < power.it_power_mw(8, load=1) < power.site_power_mw(8, 1.1, load=1)
    )
    # Energy and the use it implies undo one another; so do growth and its power.
    assert power.implied_use(power.energy_twh(2000, 0.37), 2) == pytest.approx(0.37)
    assert 415 * (1 + power.growth_per_year(415, 945, 6)) ** 6 == pytest.approx(945)


@pytest.mark.parametrize("module", ["compute", "power", "reactors", "trade"])
def test_importing_a_model_loads_nothing_heavy(module):
    code = (
        f"import sys; from course.models import {module}; "
        "print([m for m in ('altair', 'pandas', 'pint', 'scipy', 'IPython') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_server_rating_in_proportion_to_its_boards():
    assert power.node_kw_of_boards(700) == pytest.approx(10.2)  # eight H100, by their maker
    pd.testing.assert_series_equal(
        power.node_kw_of_boards(pd.Series([0.0, 350.0])), pd.Series([0.0, 5.1])
    )
    with pytest.raises(ValueError, match="board_w is -1"):
        power.node_kw_of_boards(-1)
