"""What explorers say, at every end of every control."""

from __future__ import annotations

import inspect
import re

import pytest

from course import explore
from course.explore import base
from course.explore.wording import amount, gap_by_count, gap_by_factor, gap_by_points, percent
from course.slips import Slip
from course.units import Q

EXPLORERS = sorted(explore.__all__)
EXPONENT = re.compile(r"\d[eE][+-]?\d|\b(nan|NaN|inf)\b")


def opened(name, **start):
    """An explorer with a prediction in place."""
    function = getattr(explore, name)
    prediction = next(iter(inspect.signature(function).parameters))
    return function(**{prediction: 30}, **start)


def ends(control):
    """All that a list offers; a slider's ends."""
    return getattr(control, "options", None) or (control.low, control.high)


def move(here, name, value):
    """Move a control as a student does."""
    (place,) = [place for place, one in enumerate(here._controls) if one.name == name]
    widget = here._widgets[place]
    widget.position = widget.values.index(value)


def mark(here):
    """The mark of the prediction as the page has it."""
    for update in here.chart._py_to_js_updates:
        if update["name"] == "guess":
            return update["value"][0]
    raise AssertionError("the picture was told nothing of the prediction")


@pytest.mark.parametrize("name", EXPLORERS)
def test_numbers_are_written_out_at_the_ends_of_every_control(name):
    here = opened(name)
    for widget in here._widgets:
        assert not [words for words in widget.words if EXPONENT.search(words)]
    for control in here._controls:
        for end in ends(control):
            move(here, control.name, end)
            words = here.outcome().rows.select_dtypes(["str", "object"]).astype(str)
            said = [here.reading.sentence, here._details.value, *words.to_numpy().ravel()]
            assert not [text for text in said if EXPONENT.search(text)]
        move(here, control.name, control.value)


@pytest.mark.parametrize("name", EXPLORERS)
def test_a_prediction_is_judged_only_where_it_was_asked_for(name):
    here = opened(name)
    asked, first = here.values(), here.reading.sentence
    assert "You predicted" in first
    for control in here._controls:
        for other in ends(control):
            if other == asked[control.name]:
                continue
            move(here, control.name, other)
            said = here.reading.sentence
            if control.told:
                assert "You predicted" not in said
                assert f"was for {control.asked(asked[control.name])}." in said
            else:
                # The question does not depend on it, so its answer must not either.
                assert "You predicted" in said
                assert here.outcome().value == pytest.approx(here._outcome(**asked).value)
            if here._prediction.drawn:
                assert mark(here)["here"] == (not control.told)
                assert mark(here)["label"].startswith(
                    "your guess was for " if control.told else "your guess"
                )
        move(here, control.name, asked[control.name])
        assert here.reading.sentence == first


def test_a_mark_says_which_year_it_was_for_and_comes_back():
    here = explore.chip_suppliers(30, year=2021)
    move(here, "year", 2024.0)
    assert mark(here)["label"] == "your guess was for 2021"
    move(here, "rows", "as published")
    assert mark(here)["label"] == "your guess was for other settings"
    assert "Your guess, 30 %, was for 2021 and rows without flagged ones." in here.reading.sentence
    move(here, "rows", "without flagged ones")
    move(here, "year", 2021.0)
    assert mark(here)["label"] == "your guess" and mark(here)["here"]


def test_a_mark_beyond_the_axis_says_so():
    here = explore.training_run(prediction_days=Q(1e7, "year"))
    assert here._mark_now()[0]["label"] == "your guess (beyond this axis)"


@pytest.mark.parametrize("name", EXPLORERS)
def test_the_line_of_code_brings_the_state_and_the_question_back(name):
    here = opened(name)
    for control in here._controls[:2]:
        move(here, control.name, here._widgets[here._controls.index(control)].values[-1])
    again = eval(here.code(), {"explore": explore})
    assert again.values() == here.values()
    assert again.reading.sentence == here.reading.sentence


@pytest.mark.parametrize("typed", [30, "30", "30 %", 0.3, Q(30, "percent"), Q(0.3, "")])
def test_a_percentage_is_read_in_each_form(typed):
    assert (
        "You predicted 30 %: 19 points too low." in explore.chip_suppliers(typed).reading.sentence
    )


def test_how_an_ambiguous_number_was_read_is_said():
    said = explore.chip_suppliers(0.3).reading.sentence
    assert 'If you mean 0.3 percent, write Q(0.3, "percent").' in said


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: explore.first_steps(prediction_kwh=Q(20, "kWh")), "You predicted 20 kWh:"),
        (lambda: explore.first_steps(prediction_kwh=Q(0.02, "MWh")), "You predicted 20 kWh:"),
        (lambda: explore.first_steps("20 kWh", power_kw=Q(500, "W")), "server draws 0.5 kW"),
        (lambda: explore.training_run(Q(100, "day")), "You predicted 100 days:"),
        (lambda: explore.training_run(Q(2, "week")), "You predicted 14 days:"),
        (lambda: explore.cluster_power(Q(0.16, "GW"), pue=1.5), "You predicted 160 MW: within 5 %"),
        (
            lambda: explore.cluster_power(160, country="france", use="50 %"),
            "Busy 50 % of the hours",
        ),
        (lambda: explore.uncertain_megawatts("37 %", share=Q(60, "percent")), "within one point"),
    ],
)
def test_quantities_and_texts_are_read(call, words):
    assert words in call().reading.sentence


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: explore.first_steps(Q(20, "MW")), "prediction_kwh: MW measures something else"),
        (lambda: explore.first_steps(prediction_kw=20), "Did you mean 'prediction_kwh'?"),
        (lambda: explore.cluster_power(acelerators=5), "Did you mean 'accelerators'?"),
        (lambda: explore.first_steps(20, 10.2), "takes 1 value"),
        (lambda: explore.race(True), "prediction_times: True says yes or no."),
        (lambda: explore.claim_workbench(45), "prediction_count is 45; it goes from 0 to 39."),
        (lambda: explore.bloc_builder(-3), "prediction_pct is -3 %; it goes from 0 to 100 %."),
        (lambda: explore.chip_suppliers(30, year=2030), "year is 2030; it goes from 2013 to 2024."),
        (lambda: explore.chip_suppliers(30, year=2020.5), "a whole number"),
        (lambda: explore.chip_suppliers(30, rows="as publishd"), "Did you mean 'as published'?"),
        (lambda: explore.did_bench(30).at(evnt=2020), "Did you mean 'event'?"),
    ],
)
def test_what_cannot_be_read_gets_one_sentence(call, words):
    with pytest.raises(Slip) as caught:
        call()
    (said,) = caught.value._render_traceback_()
    assert words in said
    assert len(said) <= 160 and "\n" not in said


def test_the_lock_shows_the_line_that_the_student_wrote(monkeypatch):
    shown = []
    monkeypatch.setattr(base, "display", shown.append)
    assert explore.cluster_power(pue=1.5) is None
    assert "explore.cluster_power(prediction_mw=..., pue=1.5)" in shown[0].data


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


def test_a_prediction_is_compared_by_points_and_by_count():
    assert gap_by_points(30, 49, percent) == "You predicted 30 %: 19 points too low."
    assert gap_by_points(50.2, 49, percent) == "You predicted 50.2 %: 1 point too high."
    assert gap_by_points(49.5, 49, percent) == "You predicted 49.5 %: within one point."
    assert gap_by_count(4, 6, amount) == "You predicted 4: 2 too few."
    assert gap_by_count(4, 4, amount) == "You predicted 4, and so it is."
