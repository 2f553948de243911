"""Marking is tested by answers: no right one is refused and no wrong one passes."""

import csv
import shutil

import nbformat
import pytest

from grading import trial as module
from grading.trial import shortfalls, trial
from tests.marking.made_up import LESSONS, ROOT

pytestmark = pytest.mark.cycle


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_right_answer_is_refused_and_no_wrong_one_passes(lesson):
    rows = trial(lesson)
    assert rows
    assert [fault for row in rows for fault in row.faults] == []
    assert sum(row.refused + row.passed for row in rows) == 0
    assert all(row.right >= 1 and row.wrong >= 1 for row in rows)
    assert shortfalls(rows) == []


@pytest.fixture
def small(tmp_path):
    """A lesson of two questions, in folders of its own."""
    keys, solutions = tmp_path / "key", tmp_path / "solutions"
    keys.mkdir()
    (solutions / "06-megawatts").mkdir(parents=True)
    book = nbformat.read(ROOT / "solutions/06-megawatts/06-megawatts.ipynb", as_version=4)
    wanted = ("setup", "q2", "q2-check", "q3", "q3-check", "q3-hidden")
    book.cells = [cell for cell in book.cells if cell.id in wanted]
    nbformat.write(book, solutions / "06-megawatts" / "06-megawatts.ipynb")
    text = (ROOT / "grading/key/06-megawatts.toml").read_text(encoding="utf-8")
    parts = text.split("[[question]]\n")
    kept = [part for part in parts if part.startswith(('id = "q2"', 'id = "q3"'))]
    path = keys / "06-megawatts.toml"
    path.write_text("\n[[question]]\n".join([parts[0], *kept]), encoding="utf-8")
    return solutions, path


def test_a_wrong_answer_listed_as_right_is_named(small):
    solutions, path = small
    text = path.read_text(encoding="utf-8").replace('answer = "c"', 'answer = "d"')
    text = text.replace('{ answer = "d"', '{ answer = "c"')
    path.write_text(text, encoding="utf-8")
    row = trial("06-megawatts", solutions, path.parent)[0]
    assert (row.refused, row.passed) == (2, 1)
    assert "right (the letter): 0 of 1" in row.faults[0]
    assert "wrong (letter c): 1 of 1" in row.faults[-1]


def test_hidden_tests_that_pass_everything_are_found(small):
    solutions, path = small
    file = solutions / "06-megawatts" / "06-megawatts.ipynb"
    book = nbformat.read(file, as_version=4)
    for cell in book.cells:
        if cell.id in ("q3-check", "q3-hidden"):
            cell.source = "True"
    nbformat.write(book, file)
    with pytest.raises(LookupError, match="06-q3"):
        trial("06-megawatts", solutions, path.parent)
    for cell in book.cells:
        if cell.id == "q3-check":
            # The check is named and never called.
            cell.source = "'check(\"06-q3\", site_power)'"
    nbformat.write(book, file)
    row = trial("06-megawatts", solutions, path.parent)[1]
    assert row.passed == row.wrong > 0 and row.refused == 0


def test_too_few_answers_are_named(small):
    solutions, path = small
    rows = trial("06-megawatts", solutions, path.parent)
    thin = [row._replace(right=1) if row.kind == "function" else row for row in rows]
    assert shortfalls(rows) == [] and len(shortfalls(thin)) == 1
    assert "write at least 2 and 5" in shortfalls(thin)[0]


def test_the_command_prints_the_table_and_writes_it(small, tmp_path, monkeypatch, capsys):
    solutions, path = small
    monkeypatch.setattr(module, "KEYS", path.parent)
    monkeypatch.setattr(module, "trial", lambda lesson: trial(lesson, solutions, path.parent))
    table = tmp_path / "trial.csv"
    assert module.main(["06-megawatts", f"--to={table}"]) == 0
    assert "2 questions" in capsys.readouterr().out
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["question"] for row in rows] == ["q2", "q3"]
    assert {row["refused"] for row in rows} == {row["passed"] for row in rows} == {"0"}
    with pytest.raises(SystemExit):
        module.main(["99-nothing"])
    shutil.rmtree(solutions)
    with pytest.raises(FileNotFoundError):
        module.main([])
