"""What a student without this repository has: the wheel and a released notebook."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from grading.kernels import Client

ROOT = Path(__file__).resolve().parents[2]
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*/*.ipynb"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = out.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    site = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(site), str(wheel)], check=True)
    return site


def test_the_wheel_has_the_tables_and_the_checks_and_nothing_of_the_instructors(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    tables = {Path(name).name for name in names if name.startswith("course/datasets/")}
    assert {path.name for path in (ROOT / "datasets").glob("*.csv")} <= tables
    assert "datapackage.json" in tables
    assert "course/check/checks.json" in names
    assert "course/explore/control.js" in names
    assert not [name for name in names if name.startswith(("grading", "solutions", "tests"))]
    assert not [name for name in names if name.endswith((".toml", ".ipynb", ".svg", "README.md"))]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_released_lesson_runs_from_the_wheel_alone_without_a_warning(
    lesson, installed, tmp_path, monkeypatch
):
    notebook = nbformat.read(ROOT / "notebooks" / lesson / f"{lesson}.ipynb", as_version=4)
    notebook.cells.append(
        nbformat.v4.new_code_cell("import course\nprint(course.__file__)", id="where")
    )
    monkeypatch.setenv("PYTHONPATH", str(installed))
    empty = tmp_path / "empty"
    empty.mkdir()
    client = Client(notebook, timeout=120, resources={"metadata": {"path": str(empty)}})
    client.execute(env={**os.environ})
    assert str(installed) in notebook.cells[-1].outputs[0].text
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output for output in outputs if output.get("name") == "stderr"] == []
    said = "\n".join(
        output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs
    )
    assert "✓" not in said, "nothing is right before it is answered"
    assert list(empty.iterdir()) == [], "a lesson that was only run writes nothing"
