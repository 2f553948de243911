"""Measure the course: ``make bench`` prints one table, all of it measured in one run.

``make bench against=REVISION`` compares lessons with those of an older revision, in the environment
that its own lock file makes: before, now and the ratio, one after the other in one run.

Times depend on the machine, so each row also gives a ratio to the same run's yardstick (importing
pandas or the charts, a lesson's text without outputs, or a frame of the screen), and nothing is
asserted.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import nbformat

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


def lessons_of(python: str, checkout: Path, lessons: list[str]) -> dict[str, dict[str, float]]:
    """Measure solved lessons of a checkout with one environment's Python."""
    command = [python, str(ROOT / "tests" / "bench_lessons.py"), str(checkout), *lessons]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=checkout)
    return json.loads(done.stdout)


def unpacked(revision: str, place: Path) -> Path:
    """Lay out what lessons need of an older revision."""
    parts = ["course", "datasets", "solutions", "requirements.txt"]
    command = ["git", "archive", revision, *parts]
    packed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(place, filter="data")
    return place


def environment(requirements: Path, place: Path) -> str:
    """Make the environment that a lock file describes; give its Python."""
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(place)], check=True)
    python = str(place / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    install = [*uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python]
    subprocess.run([*install, "--requirement", str(requirements)], check=True)
    return python


def compare(revision: str, lessons: list[str]) -> None:
    """Print what lessons took at an older revision and take now."""
    with tempfile.TemporaryDirectory() as spare:
        checkout = unpacked(revision, Path(spare) / "course")
        python = environment(checkout / "requirements.txt", Path(spare) / "environment")
        print(f"{'measured':<42} {'before':>9} {'now':>9}  ratio")
        for lesson in lessons:
            before, now = [], []
            # In turn; the least is what other work on the machine has disturbed least.
            for _ in range(3):
                before.append(lessons_of(python, checkout, [lesson])[lesson])
                now.append(lessons_of(sys.executable, ROOT, [lesson])[lesson])
            for name in now[0]:
                old, new = (min(one[name] for one in runs) for runs in (before, now))
                print(f"{f'{lesson}: {name}':<42} {old:>9.3f} {new:>9.3f}  {old / new:.1f}")


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
    yard = import_seconds("course.charts")
    for lesson, found in lessons_of(sys.executable, ROOT, LESSONS).items():
        for name, value in found.items():
            what, _, unit = name.rpartition(", ")
            text = found["saved, kB"] - found["outputs, kB"]
            other, word = (text, "its text") if unit == "kB" else (yard, "imports")
            ratio = f"{value / other:.2f} x {word}"
            rows.append((f"{lesson}: {what}", f"{value:.2f} {unit}", ratio))
    for lesson in LESSONS:
        milliseconds = repaint_ms(lesson)
        frames = milliseconds / (1000 / 60)
        rows.append(
            (f"{lesson}: slider to repaint", f"{milliseconds:.0f} ms", f"{frames:.1f} frames")
        )
    for lesson in LESSONS:
        seconds = autograde_seconds(lesson)
        rows.append(
            (f"{lesson}: autograde", f"{seconds:.1f} s each", f"{seconds / yard:.1f} x imports")
        )
    wide = max(len(name) for name, *_ in rows)
    print(f"{'measured':<{wide}}  {'time':>12}  ratio")
    for name, value, ratio in rows:
        print(f"{name:<{wide}}  {value:>12}  {ratio}")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    asked.add_argument("--against", metavar="REVISION", help="compare lessons with a revision's")
    asked.add_argument("--lessons", nargs="+", choices=LESSONS, default=LESSONS)
    given = asked.parse_args()
    if given.against:
        compare(given.against, given.lessons)
    else:
        main()
