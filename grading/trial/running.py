"""A lesson's trial: what each answer earns.

Every right and every wrong answer that the key foresees, and many that are made from it, go
through the real marking: the lesson's own cells in a real kernel, scored by nbgrader's own rule.
The table says, for each question, how many right answers were refused and how many wrong ones
passed. Both must be 0. A wrong answer passes if it earns all points, or more than its slip's
credit.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from grading.key import KEYS, load_key
from grading.marking.released import NOTEBOOKS, SOLUTIONS, restored
from grading.trial.scoring import Kernel
from grading.trial.variants import Answers, answer_name, variants

__all__ = ["FEWEST_RIGHT", "FEWEST_WRONG", "Row", "shortfalls", "trial"]

#: A function question needs as many solutions written differently, and as many wrong ones.
FEWEST_RIGHT, FEWEST_WRONG = 2, 5


class Fault(NamedTuple):
    """An answer that earned what it should not: what it was, its code, and what was said."""

    lesson: str
    question: str
    meant: str
    what: str
    code: str
    earned: float
    most: float
    said: str

    def __str__(self) -> str:
        """One line for the terminal."""
        return (
            f"{self.lesson} {self.question}, {self.meant} ({self.what}): {self.earned:g} of "
            f"{self.most:g}; the check said: {self.said[:200]}"
        )


class Row(NamedTuple):
    """What a question's answers earned; ``faults`` names each that earned what it should not.

    ``specific`` counts the wrong ones that were told more than the question's general hint,
    ``left_out`` the broken twins that are no different or never end.
    """

    lesson: str
    question: str
    kind: str
    right: int
    refused: int
    wrong: int
    passed: int
    specific: int
    left_out: int
    faults: tuple[Fault, ...] = ()


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
        kernel = Kernel(book, Path(folder))
        with kernel.running():
            for cell in book.cells:
                kernel.run(cell.source) if cell.cell_type == "code" else None
                done = cell.id.removesuffix("-hidden").removesuffix("-check")
                last = f"{done}-hidden" if f"{done}-hidden" in cells else f"{done}-check"
                if cell.id != last or done not in questions:
                    continue
                name = answer_name(book, f"{lesson[:2]}-{done}")
                tests = [cells[one] for one in (f"{done}-check", f"{done}-hidden") if one in cells]
                answers = variants(questions[done], name)
                rows.append(_row(lesson, questions[done], name, answers, kernel, tests))
                kernel.run(cells[done].source)
    return rows


def _row(
    lesson: str,
    question: dict[str, Any],
    name: str,
    answers: Answers,
    kernel: Kernel,
    tests: list[nbformat.NotebookNode],
) -> Row:
    faults = []
    refused = passed = specific = 0
    each = [*((one, True) for one in answers.right), *((one, False) for one in answers.wrong)]
    # As in a student's cell: what fails leaves nothing behind, and Python that is none neither.
    kernel.run(f"{name} = None")
    codes = [f"{name} = None\n{one.code}" for one, _ in each]
    for (variant, good), found in zip(each, kernel.many(codes, tests), strict=True):
        earned, most = sum(one.earned for one in found), sum(one.most for one in found)
        visible = found[0]
        lost = next((one for one in found if one.earned < one.most), visible)
        if not good:
            specific += not _general(question, lost.said)
        if good and earned < most:
            refused += 1
        elif not good and (earned >= most or visible.earned > variant.share * visible.most + 1e-9):
            passed += 1
        else:
            continue
        meant, what = "right" if good else "wrong", variant.what
        faults.append(
            Fault(lesson, question["id"], meant, what, variant.code, earned, most, lost.said)
        )
    counts = (
        len(answers.right), refused, len(answers.wrong), passed, specific, answers.left_out
    )  # fmt: skip
    return Row(lesson, question["id"], question["kind"], *counts, tuple(faults))


def _general(question: dict[str, Any], said: str) -> bool:
    """Whether a message is the question's general hint, which every wrong answer may get."""
    return "hint" in question and question["hint"] in said


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
        bad = sum(len(question.get(name, [])) for name in ("slips", "rules", "also_wrong"))
        if question["kind"] == "function" and (good < FEWEST_RIGHT or bad < FEWEST_WRONG):
            short.append(
                f"{lesson} {question['id']}: {good} right and {bad} wrong answers; write at "
                f"least {FEWEST_RIGHT} and {FEWEST_WRONG} into the key"
            )
    return short
