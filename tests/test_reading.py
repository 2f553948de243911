"""What a student types is understood wherever it can be, and told how where there was a choice."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pint
import pytest

from course import reading
from course.reading import Unread
from course.units import Q, did_you_mean, units, unknown_unit

elsewhere = pint.UnitRegistry()


@pytest.mark.parametrize(
    "typed",
    [
        Q(70, "MW"),
        Q(0.07, "GW"),
        Q(70_000_000, "J") / Q(1, "second"),
        Q(Decimal("70"), "MW"),
        Q(np.array([70.0]), "MW"),
        [Q(70, "MW")],
        pd.Series([Q(70, "MW")]),
        elsewhere.Quantity(70, "MW"),
        elsewhere.Quantity(1680, "MWh") / elsewhere.Quantity(1, "day"),
        Q(50_000, "chip") * Q(1.4, "kW"),
        "70 MW",
        "70MW",
        " 70,0 MW. ",
        "70 000 kW",
        "70,000 kW",
        "0.07 GW",
        "7 x 10^7 W",
        "~70 megawatts",
    ],
)
def test_a_power_is_read_however_it_is_written(typed):
    found = reading.quantity(typed, "MW")
    assert found.value == pytest.approx(70)
    assert not found.bare
    assert not found.remark


@pytest.mark.parametrize(
    "typed",
    [
        70, 70.0, np.float32(70), np.int64(70), Decimal("70"), Fraction(140, 2), np.array(70),
        np.array([[70.0]]), pd.Series([70], index=["site"]), pd.DataFrame({"mw": [70]}), [70],
        (70,), "70",
    ],
)  # fmt: skip
def test_a_number_without_its_unit_is_read_and_known_to_be_bare(typed):
    found = reading.quantity(typed, "MW")
    assert (found.value, found.bare) == (70, True)
    assert not reading.quantity(typed).bare


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (True, "yes or no"),
        (np.bool_(0), "yes or no"),
        (None, "nothing"),
        ("seventy", "'seventy' is a text"),
        ("70 MW 3", "not one number"),
        ("70 MW/", "not one number"),
        ("9 9**9**9", "not one number"),
        ((0, 5), "Write the decimal point: 0.5"),
        ([1, 2], "2 values"),
        ([], "none"),
        (pd.Series([1, 2]), "2 values"),
        (float("nan"), "divided by zero"),
        (10**400, "divided by zero"),
        (len, "Call it"),
        (units.MW, "without a number"),
        (pd.NA, "missing in the table"),
        (Q(70, "MWh"), "MWh measures something else than MW"),
        (Q(70, ""), "Which unit makes it MW"),
        (datetime.timedelta(hours=1), "measures something else"),
        ("70 mw", "Did you mean MW?"),
        (elsewhere.Quantity(70, "kg"), "kg measures something else"),
        ({"MW": 70}, "here is a dict"),
        ([{70, 71}], "here are 2 values"),
    ],
)
def test_what_cannot_be_read_gets_one_short_sentence_that_helps(typed, says):
    with pytest.raises(Unread) as caught:
        reading.quantity(typed, "MW")
    assert says in str(caught.value)
    assert len(str(caught.value)) <= 150


def test_a_count_with_a_word_behind_it_is_asked_for_without():
    for typed in ("10 claims", "7 projects.", "5 kwhh"):
        with pytest.raises(Unread, match=r"A plain number is asked for\. Leave out the word"):
            reading.quantity(typed)


def test_an_example_is_one_of_what_is_asked_for():
    for read, typed, example in (
        (reading.quantity, "twenty", "5."),
        (reading.quantity, "8 of 39", "5."),
        (reading.percentage, "half", 'Q(5, "percent").'),
        (reading.percentage, "1/4", 'Q(5, "percent").'),
        (reading.probability, "likely", "0.7."),
    ):
        with pytest.raises(Unread) as caught:
            read(typed)
        assert str(caught.value).endswith(f"as in {example}")


def test_a_unit_that_only_another_registry_knows_is_named():
    other = pint.UnitRegistry()
    other.define("zorkmid = [zork]")
    with pytest.raises(Unread, match="no unit 'zorkmid'"):
        reading.quantity(other.Quantity(1, "zorkmid"), "MW")


@pytest.mark.parametrize(
    ("typed", "value", "other"),
    [
        ("70 %", 70, None),
        ("70%", 70, None),
        ("70 percent", 70, None),
        (70, 70, None),
        (0.7, 70, 0.7),
        ("0.7", 70, 0.7),
        (np.array(0.5), 50, 0.5),
        (1, 1, 100),
        (1.0, 1, 100),
        (0, 0, None),
        (-0.3, -30, -0.3),
        (Q(0.7, ""), 70, None),
        (Q(0.7, "percent"), 0.7, None),
        (Q(70, "percent") ** 4, 24.01, None),
        (elsewhere.Quantity(70, "percent") ** 4, 24.01, None),
        (Q(3, "MW") / Q(2, "GW"), 0.15, None),
        ("5 percentage points", 5, None),
        (Q(5, "pp"), 5, None),
    ],
)
def test_percent_share_and_ratio_are_one_thing_and_a_doubt_is_told(typed, value, other):
    found = reading.percentage(typed)
    assert found.value == pytest.approx(value)
    assert found.other == (None if other is None else pytest.approx(other))
    assert bool(found.remark) == (other is not None)
    assert reading.quantity(typed, "percent") == found


def test_the_remark_says_how_to_write_the_other_meaning():
    for typed in (0.7, 1, 0.005, -0.3):
        found = reading.percentage(typed)
        call = found.remark.partition("write ")[2].rstrip(".")
        again = reading.percentage(eval(call))
        assert again.value == pytest.approx(found.other)
        assert again.remark == ""


def test_where_small_percentages_are_likely_half_is_half_a_percent():
    assert reading.percentage(0.5, small=True)[:3] == (0.5, True, 50)
    assert reading.percentage(Q(0.5, ""), small=True).value == 50


@pytest.mark.parametrize("typed", [0.7, "0.7", "70 %", 70, Q(70, "percent"), np.array(0.7)])
def test_a_probability_is_read_in_every_form_the_course_teaches(typed):
    assert reading.probability(typed).value == 0.7


def test_a_bare_percentage_as_probability_is_told():
    assert "25 percent" in reading.probability(25).remark
    assert reading.probability(1) == (1, False, None, "", "")


@pytest.mark.parametrize("typed", [-0.1, 1.5, 101, Q(25, ""), "120 %", "likely", Q(5, "MW"), None])
def test_what_is_no_probability_is_asked_about(typed):
    with pytest.raises(Unread):
        reading.probability(typed)


@pytest.mark.parametrize("typed", ["b", " B ", "(b)", "b)", "b.", "[b]", "'b'", ["b"], "\nb\n"])
def test_a_letter_may_have_brackets_blanks_and_capitals(typed):
    assert reading.letter(typed, ["a", "b"]) == "b"


def test_a_letter_from_a_cyrillic_keyboard_is_the_one_it_looks_like():
    assert reading.letter("\u0441", ["a", "b", "c"]) == "c"


@pytest.mark.parametrize("typed", ["e", "ab", "a, b", 1, None, len, ["a", "b"], {}])
def test_what_is_no_letter_is_told_which_there_are(typed):
    with pytest.raises(Unread, match=r"a, b") as caught:
        reading.letter(typed, ["a", "b"])
    assert len(str(caught.value)) <= 150


def test_turned_ends_are_put_right_and_said():
    assert reading.span("90 MW", Q(60, "MW"), "MW")[:2] == (60, 90)
    assert "turned round" in reading.span(90, 60).remark
    assert reading.span(60, 90).remark == ""
    with pytest.raises(Unread, match="high: "):
        reading.span(60, "much", "MW")


@pytest.mark.parametrize(
    ("typed", "number", "unit"),
    [
        (Q(2, "year"), 2, "year"),
        ("20 %", 20, "percent"),
        (Q(5, "USD") / Q(2, "MWh"), 2.5, "USD/MWh"),
        (Q(3, "TFLOP/s"), 3, "TFLOP/s"),
        (elsewhere.Quantity(3, "MW"), 3, "MW"),
        (3, 3, ""),
    ],
)
def test_an_amount_keeps_its_own_unit_in_a_form_that_q_reads(typed, number, unit):
    found = reading.amount(typed)
    assert found == (number, unit)
    assert reading.amount(Q(found.number, found.unit or "")).number == number


@pytest.mark.parametrize(
    ("mistyped", "meant"),
    [
        ("kwh", "kWh"), ("mw", "MW"), ("MWH", "MWh"), ("KW", "kW"), ("TFLOPS", "TFLOP/s"),
        ("pflops", "PFLOP/s"), ("Megawatt", "megawatt"), ("usd", "USD"), ("USD/mwh", "USD/MWh"),
        ("houres", "hour"), ("gpus", "chip"), ("€", "EUR"),
    ],
)  # fmt: skip
def test_a_mistyped_unit_is_guessed(mistyped, meant):
    assert did_you_mean(mistyped) == meant
    assert f"Did you mean {meant}?" in unknown_unit(mistyped)
    assert Q(1, meant).units


def test_no_unit_is_guessed_out_of_thin_air():
    assert did_you_mean("zorkmid") is None
    assert len(unknown_unit("zorkmid")) <= 160


@pytest.mark.parametrize("typed", [None, ..., "", "  "])
def test_nothing_typed_is_known_as_nothing(typed):
    assert reading.blank(typed)


@pytest.mark.parametrize("typed", [0, False, "0", np.array([]), pd.Series([1, 2])])
def test_a_zero_is_something(typed):
    assert not reading.blank(typed)


def test_a_number_is_shown_without_an_exponent_where_it_has_a_plain_form():
    numbers = (250.0, 1234.5, 4e7, 123456789.0, 4e-5, -4e-5, 0.0, 3.8e25)
    assert [reading.shown(one) for one in numbers] == [
        "250", "1,234.5", "40,000,000", "123,457,000", "0.00004", "-0.00004", "0", "3.8e+25",
    ]  # fmt: skip
