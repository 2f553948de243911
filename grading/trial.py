"""Try the marking with answers: ``python -m grading.trial [06-megawatts ...]``.

Every right and every wrong answer that the key foresees goes through the real marking: the
lesson's own cells in a real kernel, run as nbgrader runs them and scored by nbgrader's own rule.
The table says, for each question, how many right answers were refused and how many wrong ones
passed. Both must be 0. A wrong answer passes if it earns all points, or more than its slip's
credit.
"""

from __future__ import annotations

import argparse
import csv
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbgrader.utils import determine_grade, is_grade

from grading.kernels import Client
from grading.key import KEYS, load_key
from grading.variants import Variant, answer_name, variants

__all__ = ["FEWEST_RIGHT", "FEWEST_WRONG", "Row", "restored", "shortfalls", "trial"]

SOLUTIONS = Path(__file__).parents[1] / "solutions"
NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
#: A function question needs as many solutions written differently, and as many wrong ones.
FEWEST_RIGHT, FEWEST_WRONG = 2, 5


class Row(NamedTuple):
    """What a question's answers earned; ``faults`` names each that earned what it should not."""

    lesson: str
    question: str
    kind: str
    right: int
    refused: int
    wrong: int
    passed: int
    faults: tuple[str, ...] = ()


def restored(lesson: str, solutions: Path, notebooks: Path) -> nbformat.NotebookNode:
    """Give the notebook that marking runs: as released, right answers and all tests put back.

    Parameters
    ----------
    lesson : str
        Such as ``"06-megawatts"``.
    solutions, notebooks : pathlib.Path
        Where the solved and the released notebooks lie.

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    LookupError
        If solution and release have different cells.
    """
    solved, book = (
        nbformat.read(room / lesson / f"{lesson}.ipynb", as_version=4)
        for room in (solutions, notebooks)
    )
    sources = {cell.id: cell.source for cell in solved.cells}
    apart = sorted(sources.keys() ^ {cell.id for cell in book.cells})
    if apart:
        raise LookupError(
            f"{lesson}: {', '.join(apart)} is in the solution or in the release, not in both; "
            f"run python -m grading.release {lesson}"
        )
    for cell in book.cells:
        if "nbgrader" in cell.metadata:
            cell.source = sources[cell.id]
    return book


def trial(
    lesson: str, solutions: Path = SOLUTIONS, keys: Path = KEYS, notebooks: Path = NOTEBOOKS
) -> list[Row]:
    """Run every answer of a lesson's key through the marking.

    Parameters
    ----------
    lesson : str
        Such as ``"06-megawatts"``.
    solutions, keys, notebooks : pathlib.Path
        Where the solved notebooks, the keys and the released notebooks lie.

    Returns
    -------
    list of Row
        One row a question that is marked automatically or checked without marks.

    Raises
    ------
    grading.key.KeyFileError
        If the key cannot be used.
    LookupError
        If the notebook lacks a question of the key, or was not released as it is.
    """
    questions = {
        one["id"]: one
        for one in load_key(keys / f"{lesson}.toml")["question"]
        if one["kind"] != "argument"
    }
    book = restored(lesson, solutions, notebooks)
    cells = {cell.id: cell for cell in book.cells}
    lost = [name for name in questions if not {name, f"{name}-check"} <= cells.keys()]
    if lost:
        raise LookupError(f"{lesson}: no cell asks or checks {', '.join(lost)}; write it")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        run = _Marking(book, folder)
        with run.client.setup_kernel(env={**os.environ, "NBGRADER_EXECUTION": "autograde"}):
            for cell in book.cells:
                run(cell.source) if cell.cell_type == "code" else None
                done = cell.id.removesuffix("-hidden").removesuffix("-check")
                last = f"{done}-hidden" if f"{done}-hidden" in cells else f"{done}-check"
                if cell.id != last or done not in questions:
                    continue
                name = answer_name(book, f"{lesson[:2]}-{done}")
                tests = [cells[one] for one in (f"{done}-check", f"{done}-hidden") if one in cells]
                both = variants(questions[done], name)
                rows.append(_row(lesson, questions[done], *both, run, tests))
                run(cells[done].source)
    return rows


class _Marking:
    """One kernel that runs cells as nbgrader's marking does."""

    def __init__(self, book: nbformat.NotebookNode, folder: str) -> None:
        # Cells are run one by one; this one takes the place of each.
        self.page = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell()])
        self.page.metadata = book.metadata
        self.client = Client(
            self.page,
            timeout=60,
            interrupt_on_timeout=True,
            allow_errors=True,
            resources={"metadata": {"path": folder}},
        )

    def __call__(self, source: str) -> list[Any]:
        cell = nbformat.v4.new_code_cell(source)
        self.page.cells[0] = cell
        self.client.execute_cell(cell, 0)
        # As in nbgrader_config.py: a warning of the student's code costs nothing.
        return [out for out in cell.outputs if out.get("name") != "stderr"]

    def points(self, test: nbformat.NotebookNode) -> tuple[float, float, str]:
        """Points of a test cell, the most it can give, and what it said."""
        outputs = self(test.source)
        said = " ".join(
            out.get("text") or out.get("evalue") or out.get("data", {}).get("text/plain", "")
            for out in outputs
        ).strip()
        if is_grade(test):
            marked = nbformat.v4.new_code_cell(test.source, outputs=outputs)
            marked.metadata = test.metadata
            earned, most = determine_grade(marked, logging.getLogger(__name__))
            return float(earned or 0), float(most), said
        # A question without marks says what it thinks all the same.
        return float(said.startswith("✓")), 1.0, said


def _row(
    lesson: str,
    question: dict[str, Any],
    right: list[Variant],
    wrong: list[Variant],
    run: _Marking,
    tests: list[nbformat.NotebookNode],
) -> Row:
    faults = []
    refused = passed = 0
    for variant, good in [(one, True) for one in right] + [(one, False) for one in wrong]:
        run(variant.code)
        found = [run.points(test) for test in tests]
        earned, most = sum(one[0] for one in found), sum(one[1] for one in found)
        visible, said = found[0][0], found[0][2]
        if good and earned < most:
            refused += 1
        elif not good and (earned >= most or visible > variant.share * found[0][1] + 1e-9):
            passed += 1
        else:
            continue
        faults.append(
            f"{lesson} {question['id']}, {'right' if good else 'wrong'} ({variant.what}): "
            f"{earned:g} of {most:g}; the check said: {said[:200]}"
        )
    counts = (len(right), refused, len(wrong), passed)
    return Row(lesson, question["id"], question["kind"], *counts, tuple(faults))


def shortfalls(lesson: str, keys: Path = KEYS) -> list[str]:
    """Name function questions for which the key foresees too few answers.

    Parameters
    ----------
    lesson : str
        Such as ``"06-megawatts"``.
    keys : pathlib.Path
        Where the keys lie.

    Returns
    -------
    list of str
        One sentence each, with the mend.
    """
    short = []
    for question in load_key(keys / f"{lesson}.toml")["question"]:
        good = 1 + len(question.get("also_right", []))
        bad = len(question.get("slips", [])) + len(question.get("also_wrong", []))
        if question["kind"] == "function" and (good < FEWEST_RIGHT or bad < FEWEST_WRONG):
            short.append(
                f"{lesson} {question['id']}: {good} right and {bad} wrong answers; write at "
                f"least {FEWEST_RIGHT} and {FEWEST_WRONG} into the key"
            )
    return short


def main(asked: list[str] | None = None) -> int:
    """Run the command; 1 if a right answer was refused, a wrong one passed, or answers lack."""
    parser = argparse.ArgumentParser(prog="python -m grading.trial", description=__doc__)
    parser.add_argument("lessons", nargs="*", help="such as 06-megawatts; all if left out")
    parser.add_argument("--to", type=Path, help="write the table to this CSV file as well")
    args = parser.parse_args(asked)
    known = [path.stem for path in sorted(KEYS.glob("*.toml"))]
    unknown = [name for name in args.lessons if name not in known]
    if unknown:
        parser.error(f"there is no lesson {', '.join(unknown)}; there are {', '.join(known)}")
    columns = [name for name in Row._fields if name != "faults"]
    rows: list[Row] = []
    complaints: list[str] = []
    print(("{:<20} {:<6} {:<11}" + " {:>7}" * 4).format(*columns))
    for lesson in args.lessons or known:
        for row in trial(lesson):
            rows.append(row)
            complaints += row.faults
            print(("{:<20} {:<6} {:<11}" + " {:>7}" * 4).format(*row[:-1]), flush=True)
        complaints += shortfalls(lesson, KEYS)
    totals = [sum(row[i] for row in rows) for i in range(3, 7)]
    print(("{:<39}" + " {:>7}" * 4).format(f"{len(rows)} questions", *totals))
    if args.to:
        with args.to.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(row[:-1] for row in rows)
    for line in complaints:
        print(line, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
