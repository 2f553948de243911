"""Measure solved lessons of one checkout: ``python tests/bench_lessons.py CHECKOUT LESSON...``.

Prints JSON: for each lesson the seconds of its first cell, of its first cell with a chart, of the
others with one (median), of loading a table once more, of the whole; and the kB of the saved
notebook and of its outputs alone. It needs nothing of the checkout but its lessons and
its course, so that an older one can be measured by its own environment's Python.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient

_LOADING = """\
import time
from course import tables
tables.load("reactors"), tables.load("chip_exports")
begun = time.perf_counter()
for _ in range(5):
    tables.load("reactors"), tables.load("chip_exports")
print((time.perf_counter() - begun) / 10)
"""


def _seconds(cell: nbformat.NotebookNode) -> float:
    stamps = cell.metadata.execution
    begin, end = (
        datetime.fromisoformat(stamps[f"iopub.status.{state}"]) for state in ("busy", "idle")
    )
    return (end - begin).total_seconds()


def measure(checkout: Path, lesson: str) -> dict[str, float]:
    """Run a solved lesson in a kernel of its own and measure it."""
    path = checkout / "solutions" / lesson / f"{lesson}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    loading = nbformat.v4.new_code_cell(_LOADING)
    notebook.cells.append(loading)
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook, timeout=300, record_timing=True, resources={"metadata": {"path": folder}}
        )
        begun = time.perf_counter()
        client.execute(env={**os.environ, "PYTHONPATH": str(checkout)})
        whole = time.perf_counter() - begun
    notebook.cells.pop()
    ran = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    charts = [_seconds(cell) for cell in ran if "charts.show(" in cell.source]
    first = _seconds(ran[0])
    for cell in ran:
        del cell.metadata["execution"]
    saved = nbformat.writes(notebook)
    for cell in ran:
        cell.outputs, cell.execution_count = [], None
    found = {
        "first cell, s": first,
        "table once more, s": float(loading.outputs[-1].text),
        "whole, s": whole,
        "saved, kB": len(saved) / 1000,
        "outputs, kB": (len(saved) - len(nbformat.writes(notebook))) / 1000,
    }
    if charts:
        found["first chart, s"] = charts[0]
    if charts[1:]:
        found["a chart, s"] = statistics.median(charts[1:])
    return found


if __name__ == "__main__":
    place = Path(sys.argv[1]).resolve()
    print(json.dumps({lesson: measure(place, lesson) for lesson in sys.argv[2:]}))
