"""The gain by item, from notebooks as students hand them in."""

import csv

import nbformat
import pytest

from grading import inventory
from tests.marking.made_up import key_of, notebook_of

RIGHT = {
    question["id"]: question["answer"]
    for question in key_of("10-verdicts")
    if question["id"].startswith("i")
}


def hand_in(folder, student, lesson, letters):
    """A released notebook with letters written below the stubs, as nbgrader collects it."""
    book = notebook_of(lesson, "notebooks")
    for cell in book.cells:
        if cell.id in letters:
            cell.source += f'\ninventory_{cell.id[1:]} = "{letters[cell.id]}"'
    place = folder / student / lesson
    place.mkdir(parents=True)
    nbformat.write(book, place / f"{lesson}.ipynb")
    return place / f"{lesson}.ipynb"


def other(letter):
    return next(one for one in "abcd" if one != letter)


def test_both_lessons_ask_the_same_twelve_questions():
    texts = [
        {cell.id: cell.source for cell in notebook_of(lesson, "notebooks").cells}
        for lesson in ("00-start", "10-verdicts")
    ]
    assert len(RIGHT) == 12
    for item in RIGHT:
        assert texts[0][f"{item}-ask"] == texts[1][f"{item}-ask"]
    start = {question["id"]: question["kind"] for question in key_of("00-start")}
    assert {start[item] for item in RIGHT} == {"prediction"}, "the start confirms nothing"


def test_gain_by_item(tmp_path):
    wrong = {item: other(letter) for item, letter in RIGHT.items()}
    for number in range(4):  # i1: one of four right before, three after; i2: all right at once
        before = wrong | {"i2": RIGHT["i2"]} | ({"i1": RIGHT["i1"]} if number == 0 else {})
        after = RIGHT | ({"i1": wrong["i1"]} if number == 3 else {})
        hand_in(tmp_path, f"s{number}", "00-start", before)
        hand_in(tmp_path, f"s{number}", "10-verdicts", after)
    hand_in(tmp_path, "only-before", "00-start", RIGHT)
    items, faults = inventory.gains(tmp_path)
    first, second, third = items[:3]
    assert faults == []
    assert (first.before, first.after, first.both) == (5, 4, 4)
    assert (first.right_before, first.right_after) == (0.25, 0.75)
    assert first.gain == pytest.approx(2 / 3)
    assert first.commonest_wrong == wrong["i1"]
    assert second.gain is None and second.note == "replace: known at the start"
    assert (third.right_before, third.gain, third.commonest_wrong) == (0, 1, "")


def test_unanswered_changed_and_odd_cells_are_read_and_never_run(tmp_path):
    path = hand_in(tmp_path, "ana", "00-start", {"i1": "b", "i2": " C "})
    book = nbformat.read(path, as_version=4)
    for cell in book.cells:
        if cell.id == "i1":
            cell.source += '\ninventory_1 = "d"'  # the last word counts
        if cell.id == "i3":
            cell.source = "inventory_3 = open('/tmp/never', 'w')"
        if cell.id == "i4":
            cell.source = "inventory_4 = ("
        if cell.id == "i5":
            cell.source = "inventory_5 = 5"
    nbformat.write(book, path)
    assert inventory.answers(path) == {"i1": "d", "i2": "c"}


def test_a_damaged_notebook_is_named_and_the_others_count(tmp_path, capsys):
    for lesson in ("00-start", "10-verdicts"):
        hand_in(tmp_path, "ana", lesson, RIGHT)
        hand_in(tmp_path, "ben", lesson, RIGHT)
    (tmp_path / "ben" / "00-start" / "00-start.ipynb").write_text("{half", encoding="utf-8")
    assert inventory.main(["--submitted", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "left out: ben: 00-start.ipynb is no notebook" in said.err
    assert "i12" in said.out and "100 %" in said.out


def test_the_table_is_written(tmp_path):
    for lesson in ("00-start", "10-verdicts"):
        hand_in(tmp_path / "in", "ana", lesson, RIGHT)
    table = tmp_path / "gain.csv"
    assert inventory.main(["--submitted", str(tmp_path / "in"), f"--to={table}"]) == 0
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["item"] for row in rows] == list(RIGHT)
    assert rows[0]["right_after"] == "1.0" and rows[0]["gain"] == ""


def test_without_submissions_it_says_what_to_do(tmp_path, capsys):
    assert inventory.main(["--submitted", str(tmp_path)]) == 1
    assert "collect both first" in capsys.readouterr().err
