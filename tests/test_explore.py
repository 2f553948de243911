"""What explorers say, at every end of every control."""

from __future__ import annotations

import pytest

from course import explore
from course.explore.wording import amount, gap_by_factor

EXPLORERS = sorted(explore.__all__)


def opened(name, **start):
    """An explorer with a prediction in place."""
    function = getattr(explore, name)
    prediction = function.__code__.co_varnames[0]
    return function(**{prediction: 50}, **start)


@pytest.mark.parametrize("name", EXPLORERS)
def test_numbers_stay_readable_at_the_ends_of_every_control(name):
    here = opened(name)
    for control in here._controls:
        options = getattr(control, "options", None)
        for end in options or (control.low, control.high):
            now = here._outcome(**here.values() | {control.name: end})
            words = now.rows.select_dtypes(["str", "object"]).astype(str)
            said = [now.sentence, *words.to_numpy().ravel()]
            assert not [text for text in said if "e+" in text or "nan" in text.lower().split()]


def test_a_race_that_takes_longer_is_drawn_to_its_end():
    rows = opened("race", planned=10, overrun=3).outcome().rows
    (end,) = rows.loc[rows["what"] == "real end", "years"]
    assert end == 30 and rows["years"].max() > 30


def test_labels_of_fleets_end_where_the_fleet_is_enough():
    rows = opened("reactor_fleet", unit="floating pair, 106 MW", demand=100).outcome().rows
    labelled = rows[rows["built"] != ""]
    assert list(labelled["fleet"]) == ["too few", "too few", "too few", "enough"]


def test_suppliers_leave_flagged_partners_out_and_say_so():
    def told(rows):
        return opened("chip_suppliers", year=2024, rows=rows).outcome()

    kept, published = told("without flagged ones"), told("as published")
    assert "flagged: Cameroon, Ghana, Uganda, Uzbekistan." in kept.sentence
    assert "Uganda" not in set(kept.rows["part"])
    assert "flagged" not in published.sentence
    assert "Uganda" in set(published.rows["part"])


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 2, "0"),
        (0.0561, 2, "0.056"),
        (9.96, 2, "10"),
        (606.2, 2, "610"),
        (14_880, 5, "14,880"),
        (999_999, 2, "1 million"),
        (4_640_650_289, 3, "4.64 billion"),
        (-3.58e12, 2, "-3.6 trillion"),
    ],
)
def test_amounts_are_written_as_one_says_them(value, digits, text):
    assert amount(value, digits) == text


def test_a_prediction_is_compared_by_factor():
    def write(value):
        return f"{value:g} MW"

    assert gap_by_factor(100, 103, write) == "You predicted 100 MW: within 5 %."
    assert gap_by_factor(50, 100, write) == "You predicted 50 MW: too low, by a factor of 2."
    assert gap_by_factor(100, 50, write) == "You predicted 100 MW: too high, by a factor of 2."
    assert gap_by_factor(0, 50, write) == "You predicted 0."
