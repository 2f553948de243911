"""Spread of a class's forecasts, for lesson 10: ``python -m grading.class_forecasts``.

Reads the ledgers that came with the students' bundles and writes ``class-forecasts.csv``, which
holds how many students gave which probability, and no name. Hand it out beside the lessons:
lesson 10 then shows it.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import sys
from pathlib import Path
from typing import Any

from course.threads import ledger
from course.threads.forecasts import CLASS_FILE

__all__ = ["FEWEST", "spread", "write"]

SUBMITTED = Path(__file__).with_name("submitted")
#: In a smaller class, one could guess who gave what.
FEWEST = 5
_EDGES = tuple(step / 10 for step in range(11))


def _given(path: Path) -> dict[str, float]:
    """Probabilities that count in one student's ledger."""
    return {
        one.entry.about: float(one.entry.value["probability"])
        for one in ledger.kept("forecast", path)
    }


def spread(folder: Path = SUBMITTED) -> tuple[list[dict[str, Any]], list[str]]:
    """Count the probabilities of a class in ten groups.

    Parameters
    ----------
    folder : pathlib.Path
        nbgrader's folder of submissions: ``<student>/<lesson>/my-ledger.json``.

    Returns
    -------
    rows : list of dict
        ``forecast_id``, ``low``, ``high`` and ``students``; groups that nobody chose are left out.
    left_out : list of str
        Why a ledger or a question was left out.

    Notes
    -----
    Of a student's ledgers the one with the latest entry counts. A group holds its lower end, the
    last one both ends.
    """
    newest: dict[str, tuple[str, Path]] = {}
    left_out = []
    for path in sorted(folder.glob(f"*/*/{ledger.FILE}")):
        student = path.parts[-3]
        try:
            entries = ledger.read("forecast", path)
            _given(path)
        except (ledger.LedgerError, KeyError, TypeError, ValueError) as error:
            left_out.append(f"{student}, {path.parts[-2]}: {error}")
            continue
        if entries:
            newest[student] = max(newest.get(student, ("", path)), (entries[-1].when, path))
    values: dict[str, list[float]] = {}
    for _, path in newest.values():
        for forecast_id, probability in _given(path).items():
            values.setdefault(forecast_id, []).append(probability)
    rows = []
    for forecast_id in sorted(values, key=lambda name: (len(name), name)):
        given = values[forecast_id]
        if len(given) < FEWEST:
            left_out.append(f"{forecast_id}: {len(given)} students; {FEWEST} are needed")
            continue
        for low, high in itertools.pairwise(_EDGES):
            count = sum(low <= one < high or (one == high == 1) for one in given)
            if count:
                rows.append(
                    {"forecast_id": forecast_id, "low": low, "high": high, "students": count}
                )
    return rows, left_out


def write(rows: list[dict[str, Any]], path: Path) -> None:
    """Write the table that lesson 10 reads."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, ["forecast_id", "low", "high", "students"], lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)


def main(asked: list[str] | None = None) -> int:
    """Run the command; 1 if there is nothing to show."""
    parser = argparse.ArgumentParser(prog="python -m grading.class_forecasts", description=__doc__)
    parser.add_argument("--to", type=Path, default=Path(CLASS_FILE), help="file to write")
    parser.add_argument("--submitted", type=Path, default=SUBMITTED, help="nbgrader's submissions")
    args = parser.parse_args(asked)
    rows, left_out = spread(args.submitted)
    for line in left_out:
        print(f"left out: {line}", file=sys.stderr)
    if not rows:
        print(
            f"no forecasts of {FEWEST} students or more in {args.submitted.name}: collect the "
            "bundles of lesson 1 first (nbgrader zip_collect 01-claims)",
            file=sys.stderr,
        )
        return 1
    write(rows, args.to)
    print(f"wrote {args.to}: {len({row['forecast_id'] for row in rows})} forecasts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
