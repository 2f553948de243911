"""Trade: the worked figures of model (d), input checks, arrays and directions."""

import numpy as np
import pandas as pd
import pytest

from course.models import trade
from course.tables import parameter


def test_hhi_bounds_of_china_and_hong_kong():
    # Model (d), worked: 92 % is 8,464+ if one supplier, 4,624+ if 60/32, at least 4,232 (46/46).
    share = parameter("cn_hk_share_gpu_2021_2024").high
    assert f"{trade.herfindahl_bounds(share, 1)[0]:,.0f}" == "8,464"
    assert f"{trade.herfindahl([0.92], partial=True):,.0f}" == "8,464"
    assert f"{trade.herfindahl([0.60, 0.32], partial=True):,.0f}" == "4,624"
    low, high = trade.herfindahl_bounds(share, 2)
    assert f"{low:,.0f}" == "4,232"
    assert low == trade.herfindahl([0.46, 0.46], partial=True)
    # The printed 8,464 is the top part alone; the rest as one further supplier adds 64.
    assert high == pytest.approx(8464 + 64) == trade.herfindahl([0.92, 0.08])


def test_grubel_lloyd_after_pooling():
    # Model (d): (10, 0) and (0, 10) have GL 0 in each line and 1 pooled.
    exports, imports = np.array([10, 0]), np.array([0, 10])
    assert trade.grubel_lloyd(exports, imports).tolist() == [0, 0]
    assert trade.grubel_lloyd(exports.sum(), imports.sum()) == 1


def test_diff_in_diff():
    # Model (d), worked: treated 100 -> 20, control 100 -> 140 gives -1.95 log points.
    assert f"{trade.diff_in_diff_log(100, 20, 100, 140):.2f}" == "-1.95"


def test_unit_value_of_ball_bearings():
    # Model (d), worked: value +76 %, quantity -13 % gives a unit value x 2.02.
    assert f"{trade.unit_value_ratio(0.76, -0.13):.2f}" == "2.02"


def test_price_diff_in_diff():
    # Model (d), worked: +87 % and +9 %: 78 points, 0.54 log, +72 % relative.
    for found in (trade.price_diff_in_diff(), trade.price_diff_in_diff(0.87, 0.09)):
        assert f"{found.points:.0f}" == "78"
        assert f"{found.log:.2f}" == "0.54"
        assert f"{100 * found.relative:.0f}" == "72"


def test_small_base_of_turkey():
    # Model (d): USD 79 thousand -> 3.2M. Lesson 3 prints x 40.5; model (d) cuts that to x 40.
    assert f"{trade.multiple(79e3, 3.2e6):.1f}" == "40.5"
    # Model (d): 3.0 % of the rise from China (105M).
    assert f"{100 * trade.share_of_rise(79e3, 3.2e6, 105e6):.1f}" == "3.0"


def test_substitution_of_a_quarter_and_two_thirds():
    # Model (d): "at most 1/4 of value" and "2/3" are such ratios.
    assert trade.substitution_ratio(25, -100) == 0.25
    assert trade.substitution_ratio([2, 3], [-3, -3]) == pytest.approx([2 / 3, 1])


def test_freight_makes_the_expected_gap():
    # Model (d): CIF over FOB of 5-10 %.
    limits = parameter("cif_over_fob")
    assert trade.mirror_gap([105, 110], 100) == pytest.approx([limits.low, limits.high])
    assert trade.mirror_gap(30, 90) == pytest.approx(-2 / 3)


def test_shares_and_index_of_groups():
    table = pd.DataFrame({"year": [1, 1, 2, 2], "usd": [1, 3, 2, 2]})
    table["share"] = table.groupby("year")["usd"].transform(trade.shares)
    assert table["share"].tolist() == [0.25, 0.75, 0.5, 0.5]
    assert table.groupby("year")["share"].agg(trade.herfindahl).tolist() == [6250, 5000]
    rows = np.array([[1, 3], [2, 2]])
    assert trade.herfindahl(trade.shares(rows)).tolist() == [6250, 5000]
    named = trade.shares(pd.Series([1, 3], index=["CHN", "TUR"]))
    assert named.to_dict() == {"CHN": 0.25, "TUR": 0.75}
    assert type(trade.herfindahl(named)) is float
    assert trade.shares([5]).tolist() == [1]


CASES = [
    (trade.grubel_lloyd, {"exports": [1, 2, 0], "imports": [1, 0, 5]}),
    (trade.mirror_gap, {"importer_reported": [0, 2, 3], "exporter_reported": [1, 2, 2]}),
    (
        trade.substitution_ratio,
        {"change_non_sanctioning": [-1, 0, 3], "change_sanctioning": [-1, -2, -3]},
    ),
    (
        trade.diff_in_diff_log,
        {
            "treated_before": [100, 1, 2],
            "treated_after": [20, 2, 3],
            "control_before": [100, 1, 5],
            "control_after": [140, 1, 7],
        },
    ),
    (trade.unit_value_ratio, {"value_change": [0.76, 0, -0.5], "quantity_change": [-0.13, 0, 1]}),
    (trade.multiple, {"start": [1, 2, 3], "end": [0, 2, 9]}),
    (trade.share_of_rise, {"start": [1, 2, 0], "end": [0, 2, 9], "reference_rise": [1, 2, 3]}),
]


@pytest.mark.parametrize(("model", "inputs"), CASES, ids=lambda one: getattr(one, "__name__", ""))
def test_arrays_equal_loops(model, inputs):
    rows = [dict(zip(inputs, row, strict=True)) for row in zip(*inputs.values(), strict=True)]
    looped = [model(**row) for row in rows]
    assert all(type(value) is float for value in looped)
    np.testing.assert_allclose(model(**inputs), looped, rtol=1e-14)
    series = model(**{name: pd.Series(values) for name, values in inputs.items()})
    assert isinstance(series, pd.Series)
    np.testing.assert_allclose(series, looped, rtol=1e-14)


def test_pairs_and_triples_keep_the_kind():
    low, high = trade.herfindahl_bounds(0.92, [1, 2, 4])
    assert low.shape == high.shape == (3,)
    for place, suppliers in enumerate([1, 2, 4]):
        one = trade.herfindahl_bounds(0.92, suppliers)
        assert type(one[0]) is type(one[1]) is float
        assert (low[place], high[place]) == one
    prices = trade.price_diff_in_diff(np.array([0.87, 0.1]), 0.09)
    assert prices.log[0] == pytest.approx(trade.price_diff_in_diff(0.87, 0.09).log, rel=1e-14)
    assert type(trade.price_diff_in_diff(0.87, 0.09).points) is float


ONE = "it must be a number of at least 0 and at most 1"
REFUSED = [
    (trade.shares, ([1, -1],), "values[1] is -1; it must be a number of at least 0"),
    (trade.shares, ([1, np.nan],), "values[1] is nan; it must be a number of at least 0"),
    (trade.shares, ([],), "values is empty; it must be a number of at least 0"),
    (trade.shares, ([0, 0],), "values add up to 0; their sum must be a number above 0"),
    (trade.herfindahl, ([0.5, 0.4],), "shares add up to 0.9; their sum must be 1"),
    (trade.herfindahl, ([0.5, 0.6],), "shares add up to 1.1; their sum must be 1"),
    (trade.herfindahl, ([[0.5, 0.5], [0.5, 0.6]],), "shares add up to 1.1; their sum must be 1"),
    (
        trade.herfindahl,
        ([0.5, 0.6], True),
        "shares add up to 1.1; their sum must be a number of at most 1",
    ),
    (trade.herfindahl, ([60, 40],), f"shares[0] is 60; {ONE}"),
    (trade.herfindahl, ([1.2, -0.2],), f"shares[0] is 1.2; {ONE}"),
    (trade.herfindahl, ([],), f"shares is empty; {ONE}"),
    (
        trade.herfindahl_bounds,
        (92, 2),
        "top_share is 92; it must be a number above 0 and at most 1",
    ),
    (trade.herfindahl_bounds, (0, 2), "top_share is 0; it must be a number above 0 and at most 1"),
    (trade.herfindahl_bounds, (0.9, 0), "suppliers is 0; it must be a whole number of at least 1"),
    (
        trade.herfindahl_bounds,
        (0.9, 1.5),
        "suppliers is 1.5; it must be a whole number of at least 1",
    ),
    (trade.grubel_lloyd, (-1, 1), "exports is -1; it must be a number of at least 0"),
    (trade.grubel_lloyd, (1, -1), "imports is -1; it must be a number of at least 0"),
    (
        trade.grubel_lloyd,
        ([1, 0], 0),
        "exports and imports are both 0; their sum must be a number above 0",
    ),
    (trade.mirror_gap, (-1, 1), "importer_reported is -1; it must be a number of at least 0"),
    (trade.mirror_gap, (1, 0), "exporter_reported is 0; it must be a number above 0"),
    (trade.substitution_ratio, (np.nan, -1), "change_non_sanctioning is nan; it must be a number"),
    (trade.substitution_ratio, (1, 0), "change_sanctioning is 0; it must be a number below 0"),
    (trade.diff_in_diff_log, (0, 1, 1, 1), "treated_before is 0; it must be a number above 0"),
    (trade.diff_in_diff_log, (1, 0, 1, 1), "treated_after is 0; it must be a number above 0"),
    (trade.diff_in_diff_log, (1, 1, 0, 1), "control_before is 0; it must be a number above 0"),
    (trade.diff_in_diff_log, (1, 1, 1, 0), "control_after is 0; it must be a number above 0"),
    (trade.unit_value_ratio, (-1, 0), "value_change is -1; it must be a number above -1"),
    (trade.unit_value_ratio, (0, -13), "quantity_change is -13; it must be a number above -1"),
    (trade.price_diff_in_diff, (-1, 0), "treated_change is -1; it must be a number above -1"),
    (trade.price_diff_in_diff, (0, -1), "control_change is -1; it must be a number above -1"),
    (trade.multiple, (0, 1), "start is 0; it must be a number above 0"),
    (trade.multiple, (1, -1), "end is -1; it must be a number of at least 0"),
    (trade.share_of_rise, (-1, 1, 1), "start is -1; it must be a number of at least 0"),
    (trade.share_of_rise, (1, -1, 1), "end is -1; it must be a number of at least 0"),
    (trade.share_of_rise, (1, 1, 0), "reference_rise is 0; it must be a number above 0"),
]


@pytest.mark.parametrize(("model", "inputs", "message"), REFUSED, ids=[r[2] for r in REFUSED])
def test_impossible_input_is_refused_by_name_value_and_range(model, inputs, message):
    with pytest.raises(ValueError) as caught:
        model(*inputs)
    assert str(caught.value).startswith(message)


def test_bounds_hold_for_any_split():
    lots = np.random.default_rng(1)
    for _ in range(200):
        suppliers, others = lots.integers(1, 6), lots.integers(1, 6)
        top = lots.uniform(0.05, 0.95)
        named = top * lots.dirichlet(np.ones(suppliers))
        rest = (1 - top) * lots.dirichlet(np.ones(others))
        low, high = trade.herfindahl_bounds(top, int(suppliers))
        index = trade.herfindahl([*named, *rest])
        assert low - 1e-6 <= index <= high + 1e-6


def test_directions():
    # Moving share from a small to a large supplier raises the index; splitting one lowers it.
    assert trade.herfindahl([0.6, 0.4]) < trade.herfindahl([0.7, 0.3]) < trade.herfindahl([1])
    lows, highs = trade.herfindahl_bounds(0.92, np.arange(1, 20))
    assert (np.diff(lows) < 0).all()
    assert (highs == highs[0]).all()
    assert (np.diff(trade.herfindahl_bounds(np.linspace(0.5, 1, 50), 2)[0]) > 0).all()
    # Grubel-Lloyd is symmetric and rises towards balance.
    imports = np.linspace(0, 10, 50)
    index = trade.grubel_lloyd(10, imports)
    assert (np.diff(index) > 0).all()
    np.testing.assert_array_equal(index, trade.grubel_lloyd(imports, 10))
    # Trade diverted to the control makes the effect look larger.
    deltas = trade.diff_in_diff_log(100, 20, 100, np.array([100, 120, 140]))
    assert (np.diff(deltas) < 0).all()
