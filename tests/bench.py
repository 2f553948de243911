"""Measure the course: ``make bench`` prints one table, all of it measured in one run.

Times depend on the machine, so each row also gives a ratio to the same run's yardstick (importing
pandas, running an empty notebook, or Vega alone), and nothing is asserted.
"""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from upkeep.notebook_form import METADATA

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

LESSONS = sorted(path.stem for path in (ROOT / "solutions").glob("*/*.ipynb"))
MODULES = [
    "pandas",
    "course",
    "course.tables",
    *(
        f"course.models.{path.stem}"
        for path in sorted((ROOT / "course" / "models").glob("[a-z]*.py"))
    ),
    "course.check",
    "course.units",
    "course.charts",
    "course.explore",
]


def import_seconds(module: str, runs: int = 5) -> float:
    """Median wall time of importing a module in a new interpreter, less an empty one's start."""

    def start(code: str) -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        return time.perf_counter() - begun

    start(f"import {module}")  # compiles the bytecode
    empty = statistics.median(start("pass") for _ in range(runs))
    return statistics.median(start(f"import {module}") for _ in range(runs)) - empty


def lesson_seconds(notebook: nbformat.NotebookNode) -> tuple[float, float]:
    """Seconds of the first code cell, and of the whole notebook with its kernel's start."""
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook, timeout=300, record_timing=True, resources={"metadata": {"path": folder}}
        )
        begun = time.perf_counter()
        client.execute()
        whole = time.perf_counter() - begun
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.strip():
            stamps = cell.metadata.execution
            first = _seconds(stamps["iopub.status.busy"], stamps["iopub.status.idle"])
            return first, whole
    return 0.0, whole


def _seconds(begin: str, end: str) -> float:
    from datetime import datetime

    return (datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()


def repaint_ms(lesson: str) -> float:
    """Median milliseconds from a slider's event to the explorer's chart painted anew."""
    from lab import Notebook, running_browser, running_lab
    from test_lessons import explorer_call

    _, source = explorer_call(lesson)
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(f"from course import explore\n{source}")],
        metadata=METADATA,
    )
    with tempfile.TemporaryDirectory() as spare:
        folder = Path(spare) / "work"
        folder.mkdir()
        nbformat.write(notebook, folder / "explorer.ipynb")
        with running_lab(folder, Path(spare) / "home") as address, running_browser() as browser:
            book = Notebook.open(browser, address, "explorer.ipynb")
            book.run_all()
            book.page.locator(".course-explorer svg.marks").first.wait_for()
            times = book.page.evaluate(
                """async () => {
                  const box = document.querySelector('.course-explorer');
                  const slider = box.querySelector('input[type=range]');
                  const chart = box.querySelector('.vega-embed');
                  const times = [];
                  for (let turn = 0; turn < 20; turn++) {
                    const value = Number(slider.value);
                    const next = value < Number(slider.max) ? value + 1 : value - 1;
                    const begun = performance.now();
                    const painted = new Promise((done) => {
                      const eye = new MutationObserver(() => {
                        eye.disconnect();
                        requestAnimationFrame(() => done(performance.now() - begun));
                      });
                      eye.observe(chart, {subtree: true, childList: true, attributes: true});
                      setTimeout(() => done(NaN), 3000);
                    });
                    slider.value = next;
                    slider.dispatchEvent(new Event('input', {bubbles: true}));
                    times.push(await painted);
                    await new Promise((done) => setTimeout(done, 150));
                  }
                  return times;
                }"""
            )
    return statistics.median(one for one in times if one == one)


def autograde_seconds(lesson: str, students: int = 3) -> float:
    """Seconds a submission takes in stock ``nbgrader autograde``."""
    with tempfile.TemporaryDirectory() as spare:
        root = Path(spare) / "course"
        root.mkdir()
        shutil.copy(ROOT / "nbgrader_config.py", root)
        shutil.copytree(ROOT / "solutions" / lesson, root / "solutions" / lesson)
        (root / "grading").mkdir()
        for module in (ROOT / "grading").glob("*.py"):
            shutil.copy(module, root / "grading")

        def nbgrader(*words: str) -> None:
            command = [sys.executable, "-m", "nbgrader", *words]
            subprocess.run(command, cwd=root, check=True, capture_output=True)

        nbgrader("generate_assignment", lesson)
        for number in range(students):
            place = root / "grading" / "submitted" / f"student{number}" / lesson
            place.mkdir(parents=True)
            shutil.copy(root / "solutions" / lesson / f"{lesson}.ipynb", place)
        begun = time.perf_counter()
        nbgrader("autograde", lesson)
        return (time.perf_counter() - begun) / students


def main() -> None:
    """Measure everything and print the table."""
    rows: list[tuple[str, str, str]] = []
    pandas = import_seconds("pandas")
    for module in MODULES:
        seconds = import_seconds(module)
        rows.append((f"import {module}", f"{seconds:.2f} s", f"{seconds / pandas:.2f} x pandas"))
    empty = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("pass")])
    _, yard = lesson_seconds(empty)
    for lesson in LESSONS:
        notebook = nbformat.read(ROOT / "solutions" / lesson / f"{lesson}.ipynb", as_version=4)
        first, whole = lesson_seconds(notebook)
        rows.append((f"{lesson}: first cell", f"{first:.1f} s", f"{first / yard:.1f} x empty"))
        rows.append((f"{lesson}: solved, all", f"{whole:.1f} s", f"{whole / yard:.1f} x empty"))
    for lesson in LESSONS:
        milliseconds = repaint_ms(lesson)
        frames = milliseconds / (1000 / 60)
        rows.append(
            (f"{lesson}: slider to repaint", f"{milliseconds:.0f} ms", f"{frames:.1f} frames")
        )
    for lesson in LESSONS:
        seconds = autograde_seconds(lesson)
        rows.append(
            (f"{lesson}: autograde", f"{seconds:.1f} s each", f"{seconds / yard:.1f} x empty")
        )
    wide = max(len(name) for name, *_ in rows)
    print(f"{'measured':<{wide}}  {'time':>12}  ratio")
    for name, value, ratio in rows:
        print(f"{name:<{wide}}  {value:>12}  {ratio}")


if __name__ == "__main__":
    main()
