"""The command: ``python -m grading.trial [06-megawatts ...]``."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from grading.key import KEYS
from grading.trial.running import Row, shortfalls, trial

__all__ = ["main"]


def main(asked: list[str] | None = None) -> int:
    """Run the command; 1 if a right answer was refused, a wrong one passed, or answers lack."""
    parser = argparse.ArgumentParser(prog="python -m grading.trial", description=__doc__)
    parser.add_argument("lessons", nargs="*", help="such as 06-megawatts; all if left out")
    parser.add_argument("--to", type=Path, help="write the table to this CSV file as well")
    parser.add_argument("--faults", type=Path, help="write each fault, with its code, to this JSON")
    args = parser.parse_args(asked)
    known = [path.stem for path in sorted(KEYS.glob("*.toml"))]
    unknown = [name for name in args.lessons if name not in known]
    if unknown:
        parser.error(f"there is no lesson {', '.join(unknown)}; there are {', '.join(known)}")
    columns = [name for name in Row._fields if name != "faults"]
    lessons = args.lessons or known
    rows: list[Row] = []
    complaints: list[str] = []
    line = "{:<20} {:<6} {:<11}" + " {:>8}" * 6
    print(line.format(*columns))
    for lesson, found in zip(lessons, _each(lessons), strict=True):
        for row in found:
            rows.append(row)
            complaints += map(str, row.faults)
            print(line.format(*row[:-1]), flush=True)
        complaints += shortfalls(lesson, KEYS)
    totals = [sum(row[i] for row in rows) for i in range(3, 9)]
    print(("{:<39}" + " {:>8}" * 6).format(f"{len(rows)} questions", *totals))
    if args.to:
        with args.to.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(row[:-1] for row in rows)
    if args.faults:
        faults = [fault._asdict() for row in rows for fault in row.faults]
        args.faults.write_text(json.dumps(faults, indent=1, ensure_ascii=False), encoding="utf-8")
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


def _each(lessons: list[str]) -> Iterator[list[Row]]:
    """The rows of each lesson, in order; several lessons are tried by two processes."""
    if len(lessons) == 1:
        yield trial(lessons[0])
        return
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield from pool.map(trial, lessons)


if __name__ == "__main__":
    sys.exit(main())
