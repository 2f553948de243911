"""Scores of forecasts, and the class's spread, from real bundles on."""

from __future__ import annotations

import random

import numpy as np
import pytest

from course import tables
from course.threads import forecasts, ledger
from grading import class_forecasts


def test_the_ledger_asks_f1_to_f9():
    assert list(forecasts.ledger().index) == [f"F{number}" for number in range(1, 10)]
    assert not set(forecasts.ledger().columns) & {"happened", "outcome", "what_happened"}


OPEN = [f"F{number}" for number in range(10, 19)]


def test_open_questions_are_asked_beside_the_closed_ones_and_say_who_settles_them(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert sorted(forecasts.open_questions().index) == OPEN
    forecasts.give(F10=0.2, F17=0.6)
    said = capsys.readouterr().out
    assert said.startswith("In your ledger: 2 of 9 open forecasts. Not yet: F11, F12, F13")
    shown = forecasts.open_questions()
    assert shown["probability"].dropna().to_dict() == {"F10": 0.2, "F17": 0.6}
    assert shown["settled_by"].str.len().min() > 3
    # They are no part of what lesson 10 scores.
    assert forecasts.ledger()["probability"].isna().all()
    assert forecasts.reveal()["happened"].isna().all()


def test_at_least_six_open_questions_have_a_day_from_2027_to_2030_and_a_public_source():
    questions = tables.load("forecasts").query("open_ended")
    days = questions["resolves_on"]
    assert days.between("2027-01-01", "2030-12-31").sum() >= 6
    keys = set(tables.load("sources")["key"])
    assert all(set(named.split("|")) <= keys for named in questions["resolved_by"])
    closed = tables.load("forecasts").query("not open_ended")
    assert closed["resolved_by"].isna().all()
    assert (closed["resolves_on"] < "2026-11-25").all()


def test_reveal_shows_what_happened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    forecasts.give(**dict.fromkeys([f"F{number}" for number in range(1, 10)], 0.5))
    shown = forecasts.reveal()
    # 38 of 128 projects are 29.7 %: under the threshold of 30 % (dc-38).
    assert shown["happened"].to_dict() == dict(
        zip([f"F{n}" for n in range(1, 10)], [1, 1, 0, 1, 1, 1, 1, 1, 0], strict=True)
    )
    known = set(tables.sources("forecast_outcomes").index)
    assert {key for cell in shown["source"] for key in cell.split("|")} <= known


def test_brier_of_four_forecasts():
    # The worked figure of the course's models: .9 .7 .2 .5 against 1 0 0 1.
    assert forecasts.brier([0.9, 0.7, 0.2, 0.5], [1, 0, 0, 1]) == pytest.approx(0.1975, abs=1e-12)


def test_brier_of_the_certain_and_of_the_undecided():
    assert forecasts.brier([1, 0], [1, 0]) == 0
    assert forecasts.brier([1, 0], [0, 1]) == 1
    assert forecasts.brier([0.5] * 3, [1, 0, 1]) == 0.25


def test_parts_add_up_to_the_score():
    chance = random.Random(7)
    for _ in range(50):
        p = [chance.randrange(11) / 10 for _ in range(30)]
        o = [chance.randrange(2) for _ in range(30)]
        parts = forecasts.brier_parts(p, o)
        assert min(parts) >= 0
        whole = parts.reliability - parts.resolution + parts.uncertainty
        assert whole == pytest.approx(forecasts.brier(p, o), abs=1e-12)


def test_a_calibrated_forecaster_has_no_reliability_term():
    parts = forecasts.brier_parts([0.75] * 4 + [0.25] * 4, [1, 1, 1, 0, 1, 0, 0, 0])
    assert parts.reliability == 0
    assert parts.resolution == pytest.approx(0.0625)


def test_calibration_counts_every_forecast_once():
    p = [0, 0.2, 0.2, 0.39, 0.4, 0.8, 1, 1]
    table = forecasts.calibration(p, [0, 1, 0, 0, 1, 1, 1, 0])
    assert table["n"].tolist() == [1, 3, 1, 3]
    assert table["low"].tolist() == [0, 0.2, 0.4, 0.8]
    assert table["share_happened"].tolist() == pytest.approx([0, 1 / 3, 1, 2 / 3])
    assert table["mean_probability"].iloc[1] == pytest.approx(0.79 / 3)
    assert forecasts.calibration(np.array([0.5]), np.array([1]))["n"].sum() == 1


@pytest.mark.parametrize(
    ("p", "o", "says"),
    [
        ([], [], "no forecasts to score"),
        ([0.5], [1, 0], "1 probabilities and 2 outcomes"),
        ([1.2], [1], "a probability is 1.2"),
        ([0.5], [2], "an outcome is 2"),
        ([None], [1], "a probability is None"),
    ],
)
def test_scores_refuse_what_they_cannot_score(p, o, says):
    for score in (forecasts.brier, forecasts.brier_parts, forecasts.calibration):
        with pytest.raises(ValueError, match=says):
            score(p, o)


@pytest.mark.parametrize("edges", [[0], [0, 0.5], [0.1, 1], [0, 0.5, 0.5, 1], [1, 0]])
def test_calibration_refuses_edges_that_leave_gaps(edges):
    with pytest.raises(ValueError, match="from 0 to 1"):
        forecasts.calibration([0.5], [1], edges)


# ---- the class -------------------------------------------------------------------------------


@pytest.fixture
def submitted(tmp_path, monkeypatch):
    """Ledgers of six students as nbgrader collects them."""
    for number in range(6):
        folder = tmp_path / "submitted" / f"student{number}" / "01-claims"
        folder.mkdir(parents=True)
        monkeypatch.chdir(tmp_path)
        forecasts.give(F1=number / 5, F2=0.5 if number < 4 else None)
        ledger.path().rename(folder / ledger.FILE)
    return tmp_path / "submitted"


def test_class_spread_counts_students_and_names_none(submitted, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert class_forecasts.main(["--submitted", str(submitted)]) == 0
    said = capsys.readouterr()
    assert "F2: 4 students; 5 are needed" in said.err
    table = forecasts.class_distribution()
    assert set(table["forecast_id"]) == {"F1"}
    assert table["students"].sum() == 6
    assert table.loc[table["low"] == 0.9, "students"].item() == 1, "the last group holds 1"
    assert "student" not in (tmp_path / "class-forecasts.csv").read_text().partition("\n")[2]


def test_of_a_students_ledgers_the_latest_counts(submitted, tmp_path, monkeypatch):
    later = submitted / "student0" / "10-verdicts"
    later.mkdir()
    monkeypatch.chdir(tmp_path)
    ledger.bring_in(submitted / "student0" / "01-claims" / ledger.FILE)
    monkeypatch.setattr(ledger, "datetime", Later)
    forecasts.give(F1=0.95)
    ledger.path().rename(later / ledger.FILE)
    rows, _ = class_forecasts.spread(submitted)
    assert {row["low"]: row["students"] for row in rows}[0.9] == 2
    assert sum(row["students"] for row in rows) == 6


class Later:
    """A clock that is far ahead."""

    @staticmethod
    def now(zone):
        from datetime import datetime

        return datetime(2099, 1, 1, tzinfo=zone)


def test_a_damaged_ledger_is_named_and_the_others_count(submitted):
    broken = submitted / "student3" / "01-claims" / ledger.FILE
    broken.write_text("{", encoding="utf-8")
    rows, left_out = class_forecasts.spread(submitted)
    assert sum(row["students"] for row in rows) == 5
    assert left_out[0].startswith("student3, 01-claims: my-ledger.json is no ledger")


def test_no_class_says_what_to_do(tmp_path, capsys):
    assert class_forecasts.main(["--submitted", str(tmp_path)]) == 1
    assert "zip_collect 01-claims" in capsys.readouterr().err


def test_without_the_instructors_file_nothing_breaks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert forecasts.class_distribution() is None
    (tmp_path / forecasts.CLASS_FILE).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ledger.LedgerError, match="it needs forecast_id"):
        forecasts.class_distribution()
