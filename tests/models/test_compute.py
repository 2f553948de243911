"""Training compute: the worked figures of model (b), input checks, arrays and directions."""

import math

import numpy as np
import pandas as pd
import pytest

from course.models import compute, power
from course.tables import parameter


def central(name):
    return parameter(name).central


@pytest.fixture
def llama_flop():
    return compute.training_flop(central("llama405b_params"), central("llama405b_tokens"))


def test_llama_405b(llama_flop):
    # Model (b), worked 1: 3.79e25 FLOP, whole-run MFU 0.345, 78 days of 16,384, about 36 GWh.
    hours = central("llama405b_gpu_hours")
    assert f"{llama_flop:.3g}" == "3.79e+25"
    mfu = compute.implied_mfu(llama_flop, hours)
    assert f"{mfu:.3f}" == "0.345"
    assert f"{compute.training_days(llama_flop, 16_384, mfu=mfu):.0f}" == "78"
    # 36 GWh is printed at measured load, overhead 1.10 and PUE 1.1.
    assert f"{compute.training_energy_gwh(hours, pue=1.1):.0f}" == "36"


def test_deepseek_v3():
    # Model (b), worked 2: 3.29e24; with all 671B parameters 5.96e25, 18 times too much.
    tokens = central("deepseekv3_tokens")
    flop = compute.training_flop(central("deepseekv3_active_params"), tokens)
    too_much = compute.training_flop(central("deepseekv3_total_params"), tokens)
    assert f"{flop:.3g}" == "3.29e+24"
    assert f"{too_much:.3g}" == "5.96e+25"
    assert f"{too_much / flop:.0f}" == "18"
    # MFU 0.33 on the BF16 peak, 0.17 on the FP8 peak (about 1.98e15, from memory).
    hours = central("deepseekv3_gpu_hours")
    assert f"{compute.implied_mfu(flop, hours):.2f}" == "0.33"
    assert f"{compute.implied_mfu(flop, hours, peak_flop_per_s=1.98e15):.2f}" == "0.17"
    # All parameters would give a share of the peak that cannot be.
    assert compute.implied_mfu(too_much, hours) > 1


def test_gigachat_what_if():
    # Model (b), worked 3: D of 5 / 10 / 14.8 / 20 trillion gives 1.1 / 2.2 / 3.2 / 4.3e24.
    tokens = np.array([5e12, 1e13, 1.48e13, 2e13])
    flop = compute.training_flop(central("gigachat3_active_params"), tokens)
    assert [f"{value / 1e24:.1f}" for value in flop] == ["1.1", "2.2", "3.2", "4.3"]
    # With DeepSeek's token count: 156 times short of Grok 4, or 3.1-3.6 years at 5x-4x a year.
    ratio = central("frontier_flop_2025") / flop[2]
    assert f"{ratio:.0f}" == "156"
    assert f"{compute.growth_years(ratio, 5):.1f}" == "3.1"
    assert f"{compute.growth_years(ratio, 4):.1f}" == "3.6"
    # Lesson 5, question 6: 3.4 years at 4.5x.
    assert f"{compute.growth_years(ratio, 4.5):.1f}" == "3.4"


def test_frontier_run():
    # Model (b), worked 4: 5e26 in 100 days at MFU 0.38: 154,000 H100 (197 MW) or 488,000 A100.
    h100 = compute.accelerators_needed(5e26, 100)
    a100 = compute.accelerators_needed(5e26, 100, central("a100_peak_bf16_dense"))
    assert round(h100, -3) == 154_000
    assert f"{power.site_power_mw(h100, pue=1.2):.0f}" == "197"
    assert round(a100, -3) == 488_000
    # 1e27: 308,000 H100, 394 MW.
    twice = compute.accelerators_needed(1e27, 100)
    assert round(twice, -3) == 308_000
    assert f"{power.site_power_mw(twice, pue=1.2):.0f}" == "394"


def test_known_russian_system():
    # Model (b), worked 5: 1,592 A100 at MFU 0.35 need 213 days for 3.2e24.
    count, peak = central("ru_a100_count"), central("a100_peak_bf16_dense")
    assert f"{compute.training_days(3.2e24, count, peak, mfu=0.35):.0f}" == "213"


def test_defaults_are_the_parameters():
    peak, mfu = central("h100_peak_bf16_dense"), central("mfu_large_training")
    assert compute.training_days(1e25, 1000) == compute.training_days(1e25, 1000, peak, mfu)
    assert compute.implied_mfu(1e25, 1e7) == compute.implied_mfu(1e25, 1e7, peak)
    assert compute.growth_years(10) == compute.growth_years(10, central("compute_growth"))
    with pytest.raises(ValueError, match="pue"):
        compute.training_energy_gwh(1e6)


CASES = [
    (compute.training_flop, {"active_parameters": [1e9, 2e10, 3e11], "tokens": [1e12, 2e12, 3]}),
    (compute.accelerators_needed, {"flop": [1e20, 1e24, 5e26], "days": [1, 10, 100]}),
    (compute.training_days, {"flop": [1e20, 1e24, 5e26], "accelerators": [1, 10, 1e5]}),
    (compute.implied_mfu, {"flop": [1e24, 2e24, 3e24], "accelerator_hours": [1e6, 2e6, 3e6]}),
    (compute.training_energy_gwh, {"accelerator_hours": [0, 1e6, 2e6], "pue": [1, 1.2, 1.5]}),
    (compute.growth_years, {"flop_ratio": [0.5, 1, 156], "growth_per_year": [4, 4.6, 5]}),
]


@pytest.mark.parametrize(("model", "inputs"), CASES, ids=lambda one: getattr(one, "__name__", ""))
def test_arrays_equal_loops(model, inputs):
    rows = [dict(zip(inputs, row, strict=True)) for row in zip(*inputs.values(), strict=True)]
    looped = [model(**row) for row in rows]
    kind = int if model is compute.accelerators_needed else float
    assert all(type(value) is kind for value in looped)
    # The last digit of a logarithm may differ between one number and many.
    np.testing.assert_allclose(model(**inputs), looped, rtol=1e-14)
    series = model(**{name: pd.Series(values) for name, values in inputs.items()})
    assert isinstance(series, pd.Series)
    np.testing.assert_allclose(series, looped, rtol=1e-14)


REFUSED = [
    (compute.training_flop, (0, 1), {}, "active_parameters is 0; it must be a number above 0"),
    (compute.training_flop, (1, -1), {}, "tokens is -1; it must be a number above 0"),
    (
        compute.training_flop,
        (1, [1, math.nan]),
        {},
        "tokens[1] is nan; it must be a number above 0",
    ),
    (compute.accelerators_needed, (0, 1), {}, "flop is 0; it must be a number above 0"),
    (compute.accelerators_needed, (1e24, 0), {}, "days is 0; it must be a number above 0"),
    (
        compute.accelerators_needed,
        (1, 1, 0),
        {},
        "peak_flop_per_s is 0; it must be a number above 0",
    ),
    (
        compute.accelerators_needed,
        (1, 1, 1, 0),
        {},
        "mfu is 0; it must be a number above 0 and at most 1",
    ),
    (
        compute.accelerators_needed,
        (1, 1, 1, 38),
        {},
        "mfu is 38; it must be a number above 0 and at most 1",
    ),
    (
        compute.accelerators_needed,
        (1e40, 1),
        {},
        "accelerators would be 3.08e+20; it must be a number below 9.01e+15",
    ),
    (compute.training_days, (-1, 1), {}, "flop is -1; it must be a number above 0"),
    (compute.training_days, (1, 0), {}, "accelerators is 0; it must be a number above 0"),
    (compute.implied_mfu, (0, 1), {}, "flop is 0; it must be a number above 0"),
    (compute.implied_mfu, (1, 0), {}, "accelerator_hours is 0; it must be a number above 0"),
    (compute.implied_mfu, (1, 1, -1), {}, "peak_flop_per_s is -1; it must be a number above 0"),
    (
        compute.training_energy_gwh,
        (-1,),
        {"pue": 1},
        "accelerator_hours is -1; it must be a number of at least 0",
    ),
    (
        compute.training_energy_gwh,
        (1,),
        {"pue": 0.5},
        "pue is 0.5; it must be a number of at least 1",
    ),
    (
        compute.training_energy_gwh,
        (1,),
        {"pue": 1, "kw_per_accelerator": 0},
        "kw_per_accelerator is 0; it must be a number above 0",
    ),
    (compute.growth_years, (0,), {}, "flop_ratio is 0; it must be a number above 0"),
    (compute.growth_years, (2, 1), {}, "growth_per_year is 1; it must be a number above 1"),
]


@pytest.mark.parametrize(
    ("model", "inputs", "named", "message"), REFUSED, ids=[r[3] for r in REFUSED]
)
def test_impossible_input_is_refused_by_name_value_and_range(model, inputs, named, message):
    with pytest.raises(ValueError) as caught:
        model(*inputs, **named)
    assert str(caught.value).startswith(message)


def test_whole_numbers_of_python_may_be_long():
    assert compute.training_days(5 * 10**26, 10**5) == compute.training_days(5e26, 1e5)


def test_directions():
    days = np.arange(1, 400)
    needed = compute.accelerators_needed(5e26, days)
    assert needed.dtype == np.int64
    assert (np.diff(needed) < 0).all()
    # Rounded up, the accelerators finish in time; one fewer would not.
    assert (compute.training_days(5e26, needed) <= days * (1 + 1e-9)).all()
    assert (compute.training_days(5e26, needed - 1) > days).all()
    assert compute.growth_years(0.5) < 0 == compute.growth_years(1) < compute.growth_years(2)
    # The share of the peak, put back in, gives the hours again.
    mfu = compute.implied_mfu(3.79e25, 30.84e6)
    assert compute.training_days(3.79e25, 1000, mfu=mfu) * 24 * 1000 == pytest.approx(30.84e6)
