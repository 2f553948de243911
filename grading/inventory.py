"""Concept inventory before and after: ``python -m grading.inventory [--to=inventory.csv]``.

The same twelve questions stand at the start (lesson 00) and at the end (lesson 10). This compares
what each student chose, question by question, and gives the normalised gain: the part of what
could still be gained that was gained. No student's code is run.
"""

from __future__ import annotations

import argparse
import ast
import csv
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from grading.key import KEYS, load_key

__all__ = ["CEILING", "Item", "answers", "gains", "main"]

SUBMITTED = Path(__file__).with_name("submitted")
BEFORE, AFTER = "00-start", "10-verdicts"
#: A question that more than this share answer rightly at the start teaches nothing new.
CEILING = 0.85


class Item(NamedTuple):
    """One question: shares are of the students who answered it both times.

    ``gain`` is None where nothing could be gained or nobody answered twice.
    """

    item: str
    asks: str
    before: int
    after: int
    both: int
    right_before: float | None
    right_after: float | None
    gain: float | None
    commonest_wrong: str
    note: str


def answers(notebook: Path) -> dict[str, str]:
    """Read a student's choices out of a notebook, without running it.

    Parameters
    ----------
    notebook : pathlib.Path
        A submitted notebook.

    Returns
    -------
    dict of str to str
        Item (``i1`` ...) to letter; what is unanswered is left out.

    Raises
    ------
    ValueError
        If the file is no notebook.
    """
    try:
        book = nbformat.reads(notebook.read_text(encoding="utf-8"), as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError) as error:
        raise ValueError(f"{notebook.name} is no notebook: {error}") from error
    found = {}
    for cell in book.cells:
        item = cell.metadata.get("nbgrader", {}).get("grade_id", cell.get("id", ""))
        if cell.cell_type == "code" and item[:1] == "i" and item[1:].isdigit():
            letter = _chosen(cell.source, f"inventory_{item[1:]}")
            if letter:
                found[item] = letter
    return found


def _chosen(source: str, name: str) -> str | None:
    """The letter that the last assignment to a name gives, if it is a letter."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    letter = None
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and name in map(ast.unparse, node.targets):
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            letter = value.strip().lower() if isinstance(value, str) else None
    return letter


def _collected(lesson: str, folder: Path, faults: list[str]) -> dict[str, dict[str, str]]:
    found = {}
    for path in sorted(folder.glob(f"*/{lesson}/{lesson}.ipynb")):
        student = path.parts[-3]
        try:
            found[student] = answers(path)
        except ValueError as error:
            faults.append(f"{student}: {error}; ask for it again")
    return found


def gains(folder: Path = SUBMITTED, keys: Path = KEYS) -> tuple[list[Item], list[str]]:
    """Compare the inventory before and after.

    Parameters
    ----------
    folder : pathlib.Path
        nbgrader's folder of submissions, with ``<student>/00-start`` and ``<student>/10-verdicts``.
    keys : pathlib.Path
        Where the marking keys lie; right letters stand in that of lesson 10.

    Returns
    -------
    items : list of Item
        In the order of the questions.
    faults : list of str
        Notebooks that could not be read.

    Notes
    -----
    The normalised gain is (after - before) / (1 - before), of matched students only; below 0 where
    fewer were right afterwards. See Hake (1998), Interactive-engagement versus traditional
    methods, American Journal of Physics 66, 64-74.
    """
    faults: list[str] = []
    before, after = (_collected(lesson, folder, faults) for lesson in (BEFORE, AFTER))
    items = []
    for question in load_key(keys / f"{AFTER}.toml")["question"]:
        if question["kind"] == "choice" and question["id"].startswith("i"):
            items.append(_item(question, before, after))
    return items, faults


def _item(question: dict[str, Any], before: dict, after: dict) -> Item:
    item, right = question["id"], question["answer"]
    first = {name: found[item] for name, found in before.items() if item in found}
    last = {name: found[item] for name, found in after.items() if item in found}
    both = sorted(first.keys() & last.keys())
    wrong = Counter(letter for letter in last.values() if letter != right)
    commonest = wrong.most_common(1)[0][0] if wrong else ""
    counts = (item, question["asks"], len(first), len(last), len(both))
    if not both:
        return Item(*counts, None, None, None, commonest, "nobody answered twice")
    start = sum(first[name] == right for name in both) / len(both)
    end = sum(last[name] == right for name in both) / len(both)
    gain = None if start == 1 else (end - start) / (1 - start)
    note = "replace: known at the start" if start > CEILING else ""
    return Item(*counts, start, end, gain, commonest, note)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f} %"


def main(asked: list[str] | None = None) -> int:
    """Run the command; 1 if nobody answered twice."""
    parser = argparse.ArgumentParser(prog="python -m grading.inventory", description=__doc__)
    parser.add_argument("--to", type=Path, help="write the table to this CSV file as well")
    parser.add_argument("--submitted", type=Path, default=SUBMITTED, help="nbgrader's submissions")
    args = parser.parse_args(asked)
    items, faults = gains(args.submitted)
    for fault in faults:
        print(f"left out: {fault}", file=sys.stderr)
    if not any(item.both for item in items):
        print(
            f"nobody has answered both {BEFORE} and {AFTER} in {args.submitted.name}: collect both "
            "first (nbgrader zip_collect, or nbgrader collect)",
            file=sys.stderr,
        )
        return 1
    line = "{:<5}{:<38}{:>7}{:>7}{:>6}{:>8}{:>8}{:>7}  {:<6}{}"
    print(
        line.format(
            "item", "asks", "before", "after", "both", "right", "right", "gain", "wrong", ""
        )
    )
    for one in items:
        shares = (_percent(one.right_before), _percent(one.right_after), _percent(one.gain))
        print(line.format(*one[:5], *shares, one.commonest_wrong, one.note))
    print("right: share of those who answered twice, before and after; gain: normalised")
    if args.to:
        with args.to.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(Item._fields)
            writer.writerows(items)
    return 0


if __name__ == "__main__":
    sys.exit(main())
