"""Marking is tested by answers: no right one is refused and no wrong one passes."""

import csv
import shutil

import nbformat
import pytest

from grading.key import load_key
from grading.marking.released import restored
from grading.trial import __main__ as module
from grading.trial.running import shortfalls, trial
from grading.trial.scoring import Kernel
from grading.trial.variants import variants
from tests.marking.made_up import LESSONS, ROOT

pytestmark = pytest.mark.cycle

#: Answers that are tried of each kind, right and wrong, where the kind allows so many.
ENOUGH = {"number": (20, 40), "choice": (20, 40), "function": (20, 25), "prediction": (20, 10)}


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_right_answer_is_refused_and_no_wrong_one_passes(lesson):
    rows = trial(lesson)
    assert rows
    assert [str(fault) for row in rows for fault in row.faults] == []
    assert sum(row.refused + row.passed for row in rows) == 0
    for row in rows:
        right, wrong = ENOUGH.get(row.kind, (2, 5))
        assert row.right >= right and row.wrong >= wrong, row
        assert 0 < row.specific <= row.wrong
    assert shortfalls(lesson) == []


@pytest.fixture
def small(tmp_path):
    """A lesson of two questions: where its notebooks and keys lie, as `trial` takes them."""
    keys, lesson = tmp_path / "key", "06-megawatts"
    keys.mkdir()
    wanted = ("setup", "w5", "w5-check", "q3", "q3-check", "q3-hidden")
    for room in ("solutions", "notebooks"):
        (tmp_path / room / lesson).mkdir(parents=True)
        book = nbformat.read(ROOT / room / lesson / f"{lesson}.ipynb", as_version=4)
        book.cells = [cell for cell in book.cells if cell.id in wanted]
        nbformat.write(book, tmp_path / room / lesson / f"{lesson}.ipynb")
    text = (ROOT / "grading/key/06-megawatts.toml").read_text(encoding="utf-8")
    parts = text.split("[[question]]\n")
    kept = [part for part in parts if part.startswith(('id = "w5"', 'id = "q3"'))]
    path = keys / "06-megawatts.toml"
    path.write_text("\n[[question]]\n".join([parts[0], *kept]), encoding="utf-8")
    return {
        "solutions": tmp_path / "solutions",
        "keys": keys,
        "notebooks": tmp_path / "notebooks",
    }


def test_a_wrong_answer_listed_as_right_is_named(small):
    path = small["keys"] / "06-megawatts.toml"
    text = path.read_text(encoding="utf-8").replace('answer = "c"', 'answer = "d"')
    text = text.replace('{ answer = "d"', '{ answer = "c"')
    path.write_text(text, encoding="utf-8")
    row = trial("06-megawatts", **small)[0]
    # The letter in all its spellings.
    assert row.refused == row.passed == 20
    assert "right (the letter): 0 of 1" in str(row.faults[0])
    assert "wrong (letter c): 1 of 1" in str(row.faults[20])


def test_hidden_tests_that_pass_everything_are_found(small):
    file = small["solutions"] / "06-megawatts" / "06-megawatts.ipynb"
    book = nbformat.read(file, as_version=4)
    for cell in book.cells:
        if cell.id in ("q3-check", "q3-hidden"):
            cell.source = "True"
    nbformat.write(book, file)
    with pytest.raises(LookupError, match="06-q3"):
        trial("06-megawatts", **small)
    for cell in book.cells:
        if cell.id == "q3-check":
            # The check is named and never called.
            cell.source = "'check(\"06-q3\", site_power)'"
    nbformat.write(book, file)
    row = trial("06-megawatts", **small)[1]
    assert row.passed == row.wrong > 0 and row.refused == 0


def test_what_only_hidden_tests_catch_passes_without_them(small):
    file = small["solutions"] / "06-megawatts" / "06-megawatts.ipynb"
    book = nbformat.read(file, as_version=4)
    next(cell for cell in book.cells if cell.id == "q3-hidden").source = "1"
    nbformat.write(book, file)
    row = trial("06-megawatts", **small)[1]
    assert row.refused == 0
    passed = {fault.what.partition(":")[0] for fault in row.faults}
    # A bound that the shown calls do not try: the key's own twin of the rule, and the machine's.
    assert {"rule 1", "comparison in line 2"} <= passed


def test_marking_runs_the_released_cells_around_the_answers(small):
    file = small["notebooks"] / "06-megawatts" / "06-megawatts.ipynb"
    book = nbformat.read(file, as_version=4)
    next(cell for cell in book.cells if cell.id == "setup").source = "del check"
    nbformat.write(book, file)
    assert all(row.refused == row.right for row in trial("06-megawatts", **small))


def test_a_lesson_that_was_not_released_is_refused(small):
    file = small["notebooks"] / "06-megawatts" / "06-megawatts.ipynb"
    book = nbformat.read(file, as_version=4)
    book.cells = [cell for cell in book.cells if cell.id != "w5"]
    nbformat.write(book, file)
    with pytest.raises(LookupError, match=r"w5 is in .* python -m grading.release 06-megawatts"):
        trial("06-megawatts", **small)


def test_many_at_once_score_as_cell_by_cell(small, tmp_path):
    book = restored("06-megawatts", small["solutions"], small["notebooks"])
    cells = {cell.id: cell for cell in book.cells}
    questions = {
        one["id"]: one for one in load_key(small["keys"] / "06-megawatts.toml")["question"]
    }
    kernel, tried = Kernel(book, tmp_path), 0
    with kernel.running():
        kernel.run(cells["setup"].source)
        for name, variable in (("w5", "answer_w5"), ("q3", "site_power")):
            tests = [cells[one] for one in (f"{name}-check", f"{name}-hidden") if one in cells]
            good, bad, _ = variants(questions[name], variable)
            # What prints, fails, is half right, is no Python at all, and every fifth of the rest.
            odd = ['print("mine")\n1 +', "raise KeyboardInterrupt", f"{variable} = 1 / 0"]
            noisy = f'import sys\nprint("on stderr", file=sys.stderr)\n{good[0].code}'
            codes = [one.code for one in (*good[:3], *bad[:12], *good[3::5], *bad[12::5])]
            answers = [f"{variable} = None\n{code}" for code in (*codes, *odd, noisy)]
            kernel.run(f"{variable} = None")
            many = kernel.many(answers, tests)
            for answer, scores in zip(answers, many, strict=True):
                kernel.run(f"{variable} = None")
                assert kernel.one(answer, tests) == scores, answer
            assert len({tuple(score.earned for score in each) for each in many}) > 1
            tried += len(answers)
    assert tried > 60


def test_an_answer_leaves_nothing_to_the_next(small, tmp_path):
    book = restored("06-megawatts", small["solutions"], small["notebooks"])
    kernel = Kernel(book, tmp_path)
    test = nbformat.v4.new_code_cell("1 / 2 if 'mine' in globals() else 1")
    test.metadata["nbgrader"] = {"grade": True, "solution": False, "points": 1}
    with kernel.running():
        found = kernel.many(["mine = 1", "pass"], [test])
    assert [each[0].earned for each in found] == [0.5, 1]


def test_too_few_answers_are_named(small):
    assert shortfalls("06-megawatts", small["keys"]) == []
    path = small["keys"] / "06-megawatts.toml"
    text = path.read_text(encoding="utf-8")
    start = text.index("also_right")
    end = text.index("[[question.rules]]", start)
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    (said,) = shortfalls("06-megawatts", small["keys"])
    assert "06-megawatts q3: 1 right" in said and "at least 2 and 5" in said


def test_the_command_prints_the_table_and_writes_it(small, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(module, "KEYS", small["keys"])
    monkeypatch.setattr(module, "trial", lambda lesson: trial(lesson, **small))
    table = tmp_path / "trial.csv"
    assert module.main(["06-megawatts", f"--to={table}"]) == 0
    assert "2 questions" in capsys.readouterr().out
    with table.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["question"] for row in rows] == ["w5", "q3"]
    assert {row["refused"] for row in rows} == {row["passed"] for row in rows} == {"0"}
    with pytest.raises(SystemExit):
        module.main(["99-nothing"])
    shutil.rmtree(small["solutions"])
    with pytest.raises(FileNotFoundError):
        module.main([])
