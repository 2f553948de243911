"""Thresholds, forecasts and verdicts stay as they were given, travel, and break no lesson."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from course.threads import claims, forecasts, ledger
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
    assert done.stdout.strip() == "['years behind', '2 year', 'less than half a year']"


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
    assert (row["you: supported from"], row["note"]) == ("3 year", "")
    assert "18 months" in row["table: supported if"]


def test_change_after_the_reveal_is_shown_beside_the_first(capsys):
    lock(Q(2, "year"), Q(6, "month"))
    claims.reveal("C21")
    lock(Q(5, "year"), Q(6, "month"))
    assert "changed after the reveal" in capsys.readouterr().out
    row = claims.thresholds().loc["C21"]
    assert row["supports"] == "2 year"
    assert row["note"].startswith("changed after the reveal, to: Supported from 5 year")
    lock(Q(2, "year"), Q(6, "month"))  # back again: that is a change as well
    assert "to: Supported from 2 year" in claims.thresholds().loc["C21", "note"]


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


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), True, [1], Q(float("nan"), "MW")])
def test_a_threshold_is_a_number_a_quantity_or_words(wrong):
    with pytest.raises(ValueError, match="supports is"):
        lock(wrong, 1)
    assert ledger.read() == []


@pytest.mark.parametrize("wrong", [-0.1, 1.1, 60, "0.6", True, float("nan")])
def test_a_probability_lies_from_0_to_1_and_one_wrong_writes_none(wrong):
    with pytest.raises(ValueError, match=r"F2 is .* from 0 to 1"):
        forecasts.give(F1=0.5, F2=wrong)
    assert ledger.read() == []


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
        ({"step": "mixed"}, "probability is None"),
        ({"step": "mixed", "probability": 0.5, "low": 1}, "give both ends"),
        ({"step": "mixed", "probability": 0.5, "low": 2, "high": 1}, "turn them round"),
        ({"step": "mixed", "probability": 0.5, "low": "a", "high": 1}, "low is 'a'"),
    ],
)
def test_a_verdict_is_complete_or_refused(given, says):
    with pytest.raises(ValueError, match=says):
        claims.give_verdict("C21", **given)
    assert claims.verdicts().empty


def test_the_last_verdict_counts_and_changes_are_counted():
    claims.give_verdict("C21", "mixed", probability=0.5)
    claims.give_verdict("C21", "leaning for", probability=0.7, low=1, high=3, unit="year")
    row = claims.verdicts().loc["C21"]
    assert (row["step"], row["high"], row["unit"], row["changes"]) == ("leaning for", 3, "year", 1)
