"""Thresholds, forecasts and verdicts stay as they were given, travel, and break no lesson."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from course.threads import claims, forecasts, ledger, limits, thresholds
from course.threads.ledger import LedgerError
from course.units import Q


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    """A lesson's folder beside others, as a student has it."""
    folder = tmp_path / "05-compute-gap"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return tmp_path


def lock(supports, undermines, claim="C21"):
    claims.lock(claim, "years behind", supports=supports, undermines=undermines)


# ---- the file --------------------------------------------------------------------------------


def test_lessons_share_one_file_beside_their_folders(place, monkeypatch):
    lock(Q(2, "year"), Q(6, "month"))
    (place / "10-verdicts").mkdir()
    monkeypatch.chdir(place / "10-verdicts")
    forecasts.give(F1=0.6)
    assert [path.name for path in place.iterdir() if path.is_file()] == ["my-ledger.json"]
    assert [entry.about for entry in ledger.read()] == ["C21", "F1"]
    monkeypatch.chdir(place)
    assert ledger.path() == place / "my-ledger.json"


def test_another_python_reads_what_this_one_wrote(place):
    lock(Q(2, "year"), "less than half a year")
    code = "from course.threads import claims; print(claims.thresholds().loc['C21'].tolist()[:3])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['years behind', '2 years', 'less than half a year']"


def test_nothing_is_written_while_a_notebook_is_marked(place, monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    lock(Q(2, "year"), Q(6, "month"))
    forecasts.give(F1=0.6)
    claims.give_verdict("C21", "mixed", probability=0.5)
    claims.reveal("C21")
    forecasts.reveal()
    assert list(place.rglob("*.json")) == []


def test_while_marking_the_ledger_that_was_handed_in_is_read(place, monkeypatch):
    forecasts.give(F1=0.6)
    handed_in = place / "05-compute-gap" / ledger.FILE
    (place / ledger.FILE).rename(handed_in)
    assert ledger.read() == []
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert forecasts.ledger().loc["F1", "probability"] == 0.6


def test_same_entry_again_adds_nothing(place):
    for _ in range(3):
        lock(Q(2, "year"), Q(6, "month"))
        forecasts.give(F1=0.6, F2=None)
        claims.reveal("C21", "C22")
    assert [entry.kind for entry in ledger.read()] == ["threshold", "forecast", "reveal"]


def test_a_folder_that_cannot_be_written_is_said_and_the_lesson_goes_on(monkeypatch, capsys):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(ledger, "_write", refuse)
    forecasts.give(F1=0.6)
    assert "could not be written (Permission denied)" in capsys.readouterr().out
    assert claims.reveal("C21").loc["note", "C21"] == "no threshold of your own"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "damaged in line 1"),
        ('{"entries": [', "damaged in line 1"),
        ("[]", "no list of entries"),
        ('{"entries": {}}', "no list of entries"),
        ('{"entries": [{"when": "x"}]}', "entry 1 is incomplete"),
        ('{"entries": ["a"]}', "entry 1 is incomplete"),
    ],
)
def test_a_damaged_file_is_named_and_never_written_over(place, text, says):
    file = place / ledger.FILE
    file.write_text(text, encoding="utf-8")
    for act in (lambda: forecasts.give(F1=0.6), forecasts.ledger, lambda: lock(1, 2)):
        with pytest.raises(LedgerError, match=says) as error:
            act()
        assert "my-ledger.json" in str(error.value) and "rename" in str(error.value)
    assert file.read_text(encoding="utf-8") == text


# ---- changes are visible ---------------------------------------------------------------------


def test_change_before_the_reveal_counts_and_needs_no_note():
    lock(Q(2, "year"), Q(6, "month"))
    lock(Q(3, "year"), Q(6, "month"))
    row = claims.reveal("C21")["C21"]
    assert (row["you: supported from"], row["note"]) == ("3 years", "")
    assert "18 months" in row["table: supported if"]


def test_change_after_the_reveal_is_shown_beside_the_first(capsys):
    lock(Q(2, "year"), Q(6, "month"))
    claims.reveal("C21")
    lock(Q(5, "year"), Q(6, "month"))
    assert "changed after the reveal" in capsys.readouterr().out
    row = claims.thresholds().loc["C21"]
    assert row["supports"] == "2 years"
    assert row["note"].startswith("changed after the reveal, to: Supported from 5 years")
    lock(Q(2, "year"), Q(6, "month"))  # back again: that is a change as well
    assert "to: Supported from 2 years" in claims.thresholds().loc["C21", "note"]


def test_a_look_before_the_first_threshold_marks_nothing(place):
    shown = claims.reveal("C21")
    assert shown.loc["note", "C21"] == "no threshold of your own"
    assert forecasts.reveal()["happened"].isna().all(), "no outcome before a probability"
    lock(Q(2, "year"), Q(6, "month"))
    forecasts.give(F1=0.5)
    assert claims.thresholds().loc["C21", "note"] == ""
    assert forecasts.reveal()["happened"].dropna().to_dict() == {"F1": 1}


def test_forecast_changed_after_the_reveal_is_scored_as_it_was():
    forecasts.give(F1=0.6)
    forecasts.reveal()
    forecasts.give(F1=1)
    row = forecasts.reveal().loc["F1"]
    assert row["probability"] == 0.6
    assert row["note"] == "changed after the reveal, to: 1"


def test_a_lesson_that_tells_an_outcome_closes_its_forecast_first(capsys):
    forecasts.give(F2=0.3)
    forecasts.close("F2", "F3")
    forecasts.give(F2=1, F3=0.5)
    assert "F2: closed.\nF3: no probability yet." in capsys.readouterr().out
    table = forecasts.ledger()
    assert table.loc["F2", "probability"] == 0.3
    assert table.loc["F2", "note"] == "changed after the reveal, to: 1"
    assert table.loc["F3", "note"] == ""
    with pytest.raises(ValueError, match="F10"):
        forecasts.close("F10")


def test_entry_edited_by_hand_is_marked(place):
    forecasts.give(F1=0.6, F2=0.5)
    file = place / ledger.FILE
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("0.6", "0.99"), encoding="utf-8")
    table = forecasts.ledger()
    assert table.loc["F1", "note"] == "edited outside the course"
    assert table.loc["F2", "note"] == "", "the line after it is as it was"


def test_entry_taken_out_is_noticed_at_the_next(place):
    lock(2, 1)
    forecasts.give(F1=0.6)
    file = place / ledger.FILE
    whole = json.loads(file.read_text(encoding="utf-8"))
    whole["entries"] = whole["entries"][1:]
    file.write_text(json.dumps(whole), encoding="utf-8")
    assert forecasts.ledger().loc["F1", "note"] == "edited outside the course"


# ---- without a ledger ------------------------------------------------------------------------


def test_without_a_ledger_everything_answers(capsys):
    assert claims.thresholds().empty and claims.verdicts().empty
    assert forecasts.ledger()["probability"].isna().all()
    assert list(forecasts.ledger()["note"].unique()) == ["not given"]
    assert ledger.export() is None
    lock(None, None)
    assert "no threshold yet" in capsys.readouterr().out
    forecasts.give(F1=None)
    assert "0 of 9 forecasts" in capsys.readouterr().out
    claims.give_verdict("C21", None)
    assert not ledger.path().exists()


# ---- carrying it -----------------------------------------------------------------------------


def exported():
    """What the download link of `export` gives, as a browser would save it."""
    import base64

    link = re.search(r'href="data:application/json;base64,([^"]+)"', ledger.export().data)
    return base64.b64decode(link[1]).decode("utf-8")


def test_export_and_bring_in_on_another_computer(place, monkeypatch, capsys):
    lock(Q(2, "year"), "under a month — «месяц»")
    forecasts.give(F1=0.6)
    text, before = exported(), ledger.read()
    elsewhere = place / "elsewhere" / "10-verdicts"
    elsewhere.mkdir(parents=True)
    monkeypatch.chdir(elsewhere)
    (elsewhere / "my-ledger.json").write_text(text, encoding="utf-8")
    ledger.bring_in("my-ledger.json")
    assert ledger.read() == before and all(entry.intact for entry in before)
    assert "now has 2 entries" in capsys.readouterr().out
    ledger.bring_in(text)
    assert "Nothing new" in capsys.readouterr().out
    forecasts.give(F2=0.5)
    ledger.bring_in(text)
    assert len(ledger.read()) == 3, "an older copy takes nothing away"


def test_two_ledgers_that_differ_are_not_mixed(place, capsys):
    forecasts.give(F1=0.6)
    mine = exported()
    ledger.path().unlink()
    forecasts.give(F1=0.1)
    with pytest.raises(LedgerError, match="replace=True"):
        ledger.bring_in(mine)
    assert forecasts.ledger().loc["F1", "probability"] == 0.1
    ledger.bring_in(mine, replace=True)
    assert forecasts.ledger().loc["F1", "probability"] == 0.6
    kept = list(place.glob("my-ledger-until-*.json"))
    assert len(kept) == 1 and kept[0].name in capsys.readouterr().out
    assert '"probability": 0.1' in kept[0].read_text(encoding="utf-8")


def test_a_damaged_ledger_can_be_replaced_and_is_kept(place):
    forecasts.give(F1=0.6)
    good = exported()
    ledger.path().write_text("{half", encoding="utf-8")
    with pytest.raises(LedgerError, match="damaged"):
        ledger.bring_in(good)
    ledger.bring_in(good, replace=True)
    assert forecasts.ledger().loc["F1", "probability"] == 0.6
    assert next(place.glob("my-ledger-until-*.json")).read_text(encoding="utf-8") == "{half"


def test_bring_in_names_what_it_cannot_use(place):
    with pytest.raises(LedgerError, match=r"no file 'nowhere\.json'"):
        ledger.bring_in("nowhere.json")
    (place / "05-compute-gap" / "x.json").write_text("{}", encoding="utf-8")
    with pytest.raises(LedgerError, match=r"x\.json is no ledger"):
        ledger.bring_in("x.json")
    assert not ledger.path().exists()


# ---- what may be written ---------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), True, [1, 2], Q(float("nan"), "MW")])
def test_a_threshold_is_a_number_a_quantity_or_words(wrong):
    with pytest.raises(ValueError, match="supports: "):
        lock(wrong, 1)
    assert ledger.read() == []


@pytest.mark.parametrize("wrong", [-0.1, 1.1, 160, "x", True, float("nan"), Q(5, "MW"), [0.1, 0.2]])
def test_one_wrong_probability_is_named_and_the_others_are_written(wrong):
    with pytest.raises(ValueError, match=r"^F2: "):
        forecasts.give(F1=0.5, F2=wrong, F3=0.7)
    assert [entry.about for entry in ledger.read()] == ["F1", "F3"]


def test_two_wrong_ones_are_counted():
    with pytest.raises(ValueError, match=r"no forecast 'f1' here. Did you mean 'F1'\? \(1 more"):
        forecasts.give(f1=0.5, F2=7000, F3=0.7)


@pytest.mark.parametrize("given", [0.7, 70, "70 %", "0.7", Q(70, "percent"), Q(0.7, "")])
def test_a_probability_is_read_however_it_is_written(given):
    forecasts.give(F2=given)
    claims.give_verdict("C21", "Mixed", probability=given)
    assert ledger.read("forecast")[0].value == {"probability": 0.7}
    assert claims.verdicts().loc["C21", ["step", "probability"]].tolist() == ["mixed", 0.7]


def test_unknown_claims_and_forecasts_are_named():
    with pytest.raises(ValueError, match="C99"):
        lock(1, 2, claim="C99")
    with pytest.raises(ValueError, match="F19"):
        forecasts.give(F19=0.5)
    with pytest.raises(ValueError, match="kind is 'x'"):
        ledger.add("x", "C01", {})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"step": "true", "probability": 0.5}, "step is 'true'"),
        ({"step": "mixed"}, "probability: "),
        ({"step": "mixed", "probability": 0.5, "low": 1}, "high is None"),
        ({"step": "mixed", "probability": 0.5, "low": "a", "high": 1}, "low: 'a' is a text"),
        (
            {"step": "mixed", "probability": 0.5, "low": Q(1, "MW"), "high": 2, "unit": "year"},
            "low: MW measures something else",
        ),
    ],
)
def test_a_verdict_is_complete_or_refused(given, says):
    with pytest.raises(ValueError, match=says):
        claims.give_verdict("C21", **given)
    assert claims.verdicts().empty


def test_the_last_verdict_counts_and_changes_are_counted():
    claims.give_verdict("C21", "mixed", probability=0.5)
    claims.give_verdict(
        "C21", "leaning for", probability=0.7, low=Q(36, "month"), high=1, unit="year"
    )
    row = claims.verdicts().loc["C21"]
    assert (row["step"], row["high"], row["unit"], row["changes"]) == ("leaning for", 3, "year", 1)


# ---- thresholds ------------------------------------------------------------------------------


PERCENT = {"unit": "percent", "more": "supports", "least": 0}


@pytest.mark.parametrize(
    ("asked", "supports", "undermines", "says"),
    [
        (PERCENT, Q(20, "MW"), Q(5, "percent"), "supports: MW measures something else"),
        (PERCENT, Q(5, "percent"), Q(50, "percent"), "Are the two turned round"),
        (PERCENT, Q(0.05, ""), "50 %", "Are the two turned round"),
        (PERCENT, Q(5, "percent"), Q(0.05, ""), "are both 5 %"),
        (PERCENT, Q(50, "percent"), Q(-20, "percent"), "cannot be less than 0"),
        (PERCENT, 20, Q(5, "percent"), 'without a unit. Write it with one, as in Q(20, "percent")'),
        (PERCENT, "large", "small", "supports: 'large' is a text"),
        (PERCENT, Q(-20, "percent"), None, "cannot be less than 0"),
        ({**PERCENT, "more": "undermines"}, Q(80, "percent"), Q(30, "percent"), "a smaller value"),
        ({"unit": "year", "more": "supports"}, Q(2, "year"), 1, "undermines is 1, without a unit"),
        ({"unit": "year", "more": "supports"}, Q(6, "month"), Q(2, "year"), "turned round"),
        ({"unit": "number", "least": 0}, 3, -1, "undermines is -1"),
        ({"unit": "number"}, Q(3, "MW"), 1, "supports: A plain number is asked for"),
        ({"unit": "words"}, "large", "not found at all", "two readers"),
        ({"unit": "words"}, 3, "not found at all", "Say in words"),
        ({}, Q(2, "year"), Q(20, "MW"), "two different kinds"),
        ({}, Q(2, "year"), 1, "without a unit. Give both the same"),
        ({}, "large", "small", "two readers"),
        ({}, "very large", 3, "two readers"),
        ({}, "found word for word", "found word for word", "are both found word for word"),
        ({}, 3, 3.0, "are both 3"),
        ({}, "Never found", "never found ", "are both Never found"),
        ({}, "at least 3", "more than 5", "both count upwards"),
        ({"unit": "words"}, "at least 3", "below 5", "4 would support and undermine at once"),
        ({}, "at least 2 GW", "below 3000 MW", "2.5 GW would support"),
    ],
)
def test_a_threshold_that_cannot_be_used_is_named_and_nothing_is_written(
    asked, supports, undermines, says
):
    with pytest.raises(ValueError, match=re.escape(says)) as caught:
        claims.lock("C03", "share", supports=supports, undermines=undermines, **asked)
    assert len(str(caught.value)) <= 160
    assert ledger.read() == []


@pytest.mark.parametrize(
    ("asked", "supports", "undermines", "shown"),
    [
        (PERCENT, Q(50, "percent"), "5 %", ["50 %", "5 %"]),
        (PERCENT, Q(0.5, ""), Q(5, "percent"), ["50 %", "5 %"]),
        ({"unit": "year", "more": "supports"}, "2 years", Q(6, "month"), ["2 years", "6 months"]),
        ({"unit": "number"}, "1.3", 1, ["1.3", "1"]),
        ({"unit": "number", "more": "undermines"}, -500, 200, ["-500", "200"]),
        ({"unit": "words"}, "the exact words", "nothing like it", None),
        ({}, "above 1.3", "below 1.1", None),
        ({}, "at least 2 GW", "below 1500 MW", None),
        ({}, Q(30, "percent"), Q(80, "percent"), ["30 %", "80 %"]),
        ({}, Q(2, "year"), "no lead at all", ["2 years", "no lead at all"]),
    ],
)
def test_a_threshold_that_can_be_used_is_kept(asked, supports, undermines, shown):
    claims.lock("C03", "share", supports=supports, undermines=undermines, **asked)
    row = claims.thresholds().loc["C03"]
    assert [row["supports"], row["undermines"]] == (shown or [supports, undermines])


def test_the_same_values_again_are_no_change_in_other_words_or_units(capsys):
    lock(Q(2, "year"), Q(6, "month"))
    claims.reveal("C21")
    claims.lock("C21", "lead of the frontier", supports=Q(24, "month"), undermines=Q(0.5, "year"))
    assert len(ledger.read("threshold")) == 1
    assert claims.thresholds().loc["C21", "note"] == ""
    assert claims.is_locked("C21", Q(24, "month"), "0.5 years")
    assert not claims.is_locked("C21", Q(24, "month"), "1 year")
    claims.lock("C21", "lead in points", supports=100, undermines=50)
    note = claims.thresholds().loc["C21", "note"]
    assert note.endswith("Supported from 100, undermined from 50, measured as lead in points")


def test_which_way_a_threshold_counts_is_said(capsys):
    claims.lock("C03", "share", supports=Q(50, "percent"), undermines=Q(5, "percent"), **PERCENT)
    assert capsys.readouterr().out == (
        "C03: locked. Supported from 50 % up, undermined from 5 % down.\n"
    )


@pytest.mark.parametrize(
    ("supports", "undermines", "unit", "value", "where"),
    [
        (Q(2, "year"), Q(6, "month"), "year", 3, "supported"),
        (Q(2, "year"), Q(6, "month"), "month", 3, "undermined"),
        (Q(2, "year"), Q(6, "month"), "year", 1, ""),
        (Q(2, "year"), Q(6, "month"), "MW", 3, ""),
        ("20 %", "60 %", "", 0.1, "supported"),
        (20, 60, "percent", 70, "undermined"),
        ("at least 500 MW", "less than 0.1 GW", "GW", 0.6, "supported"),
        ("at least 500 MW", "less than 0.1 GW", "GW", 0.05, "undermined"),
        ("At least 3 of the five", "none at all", "", 4, "supported"),
        ("at least 3 of the five", Q(1, ""), "", 0.5, "undermined"),
        ("found word for word", "not found", "", 4, ""),
    ],
)
def test_a_number_lies_on_the_side_that_its_unit_and_the_words_say(
    supports, undermines, unit, value, where
):
    ends = limits.limits(thresholds.read(supports, undermines), unit)
    assert limits.side(value, ends["supports"], ends["undermines"]) == where
